"""How large a spreadsheet may be: a small file can claim to be a very large one."""

from __future__ import annotations

from socwatch.errors import SheetRefused

MAX_BYTES = 64 * 1024 * 1024
"""The bytes that a file may have, packed and unpacked: some 60,000 rows of 16 columns."""

MAX_CELLS = 4_000_000
"""The cells, empty ones too, from the first cell of a sheet to its last."""


def require_area(name: str, sheet: str, rows: int, columns: int) -> None:
    """Raise SheetRefused if a sheet reaches too far down and to the right."""
    if rows * columns > MAX_CELLS:
        raise SheetRefused(
            name,
            f"the sheet {sheet!r} has {rows:,} rows and {columns:,} columns",
            "delete the cells far below and to the right of the table, save it, and try again",
        )
