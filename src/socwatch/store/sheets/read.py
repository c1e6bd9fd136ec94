"""The one place that opens a spreadsheet's file, of whichever kind."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import python_calamine

from socwatch.dates import PartialDate
from socwatch.errors import SheetRefused
from socwatch.store.atomic import read_limited
from socwatch.store.sheets.cells import Sheet, SheetFile, Value
from socwatch.store.sheets.limits import MAX_BYTES, require_area
from socwatch.store.sheets.ods import look_at_document
from socwatch.store.sheets.package import Look, open_package
from socwatch.store.sheets.text import read_text
from socwatch.store.sheets.xlsx import has_comments, look_at_workbook

_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How .xls begins, and also any workbook that has a password."""

_SAVE_AS = "open it in Excel, save it as .xlsx without a password, and import that file"


def read_spreadsheet(path: Path, separator: str | None = None) -> SheetFile:
    """Return the cells of a spreadsheet: .xlsx, .ods, .csv or .txt. Raises SheetRefused."""
    name = path.name
    try:
        content = read_limited(path, max_bytes=MAX_BYTES)
    except FileNotFoundError:
        raise SheetRefused(str(path), "there is no such file", "check its name") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        remedy = "close it in other programs, check its name, and try again"
        raise SheetRefused(str(path), reason, remedy) from None
    if len(content) > MAX_BYTES:
        reason = f"it is larger than {MAX_BYTES // 1024**2} MiB"
        raise SheetRefused(name, reason, "delete the sheets that are not needed, and save it again")
    sha256 = hashlib.sha256(content).hexdigest()
    if content.startswith(_OLD_WORKBOOK):
        reason = "it is an old workbook (.xls), or has a password"
        raise SheetRefused(name, reason, _SAVE_AS)
    if content.startswith(b"PK"):
        return _read_workbook(name, content, sha256)
    sheet, fitting, remarks = read_text(name, content, separator)
    return SheetFile(name, sha256, (sheet,), remarks=remarks, separators=fitting)


def _read_workbook(name: str, content: bytes, sha256: str) -> SheetFile:
    """Return the sheets of a packed workbook. Raises SheetRefused."""
    package = open_package(name, content)
    parts = set(package.namelist())
    if "xl/workbook.bin" in parts:
        raise SheetRefused(name, "it is a binary workbook (.xlsb)", _SAVE_AS)
    hidden: set[str] = set()
    counts_from_1904 = False
    remarks: tuple[str, ...] = ()
    if "xl/workbook.xml" in parts:
        looks, counts_from_1904 = look_at_workbook(name, package)
        if has_comments(package):
            remarks = ("comments on cells are not read",)
    elif "content.xml" in parts:
        looks, hidden = look_at_document(name, package)
    else:
        raise SheetRefused(name, "it is no spreadsheet", "save it as .xlsx, and import that file")
    for title, look in looks.items():
        require_area(name, title, look.rows, look.columns)
    sheets = _sheets(name, content, looks, hidden)
    return SheetFile(name, sha256, sheets, counts_from_1904, remarks)


def _sheets(
    name: str, content: bytes, looks: Mapping[str, Look], hidden: set[str]
) -> tuple[Sheet, ...]:
    sheets = []
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(content))
        for meta in book.sheets_metadata:
            if meta.typ is not python_calamine.SheetTypeEnum.WorkSheet or meta.name not in looks:
                continue  # a chart, or a dialogue
            values = book.get_sheet_by_name(meta.name).to_python(skip_empty_area=False)
            invisible = meta.visible is not python_calamine.SheetVisibleEnum.Visible
            sheets.append(
                _sheet(meta.name, values, looks[meta.name], invisible or meta.name in hidden)
            )
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        reason = f"it cannot be read ({error})"[:200]
        raise SheetRefused(name, reason, _SAVE_AS) from None
    return tuple(sheets)


def _sheet(name: str, values: list[list[Any]], look: Look, hidden: bool) -> Sheet:  # noqa: FBT001  # as Sheet has it
    """Return a sheet with what the second look tells put in its cells."""
    width = max((len(row) for row in values), default=0)
    width = max([width, *(column + 1 for _, column in look.special)])
    height = max([len(values), *(row + 1 for row, _ in look.special)])
    rows: list[list[Value]] = [
        [_value(value) for value in row] + [None] * (width - len(row)) for row in values
    ]
    rows += [[None] * width for _ in range(height - len(rows))]
    for (row, column), special in look.special.items():
        rows[row][column] = special
    for row, column in look.months:
        day = rows[row][column] if row < len(rows) and column < width else None
        if isinstance(day, date):
            rows[row][column] = PartialDate.of_month(day.year, day.month)
    cells = tuple(map(tuple, rows))
    return Sheet(name, cells, hidden, look.merged, look.hidden_rows, look.hidden_columns)


def _value(value: Any) -> Value:  # noqa: ANN401  # whatever a cell can hold
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        return value.date()
    return value  # type: ignore[no-any-return]  # calamine's own values
