"""What a spreadsheet holds, as plain values with the addresses that people see."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from socwatch.dates import PartialDate

CSV = "CSV"
"""The name of the only sheet of a text file, whose own name changes from quarter to quarter."""


class CellError(NamedTuple):
    """A cell that shows an error, such as #REF!."""

    text: str


class NoResult(NamedTuple):
    """A cell with a formula for which the file holds no result."""

    formula: str


Value = (
    str
    | bool
    | float
    | date
    | datetime
    | time
    | timedelta
    | PartialDate
    | CellError
    | NoResult
    | None
)
"""What a cell holds. None is an empty cell; a PartialDate is a date of which the month is shown."""


class Merged(NamedTuple):
    """Cells that are shown as one; rows and columns count from 0, the last ones belong to it."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


class Sheet(NamedTuple):
    """A sheet, its rows counted from 0; every row has the same number of cells."""

    name: str
    rows: tuple[tuple[Value, ...], ...]
    hidden: bool = False
    merged: tuple[Merged, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    lines: tuple[int, ...] = ()
    """For each row of a text file, the line on which it begins; () for a workbook."""

    def filled(self) -> Iterator[tuple[int, int, Value]]:
        """Yield the row, column and value of each cell that is not empty."""
        for row, values in enumerate(self.rows):
            for column, value in enumerate(values):
                if value is not None:
                    yield row, column, value

    def row_number(self, row: int) -> int:
        """Return the number of a row as the program that shows it counts."""
        return self.lines[row] if self.lines else row + 1

    def cell(self, row: int, column: int) -> str:
        """Return the address of a cell, such as E9."""
        return f"{column_letters(column)}{self.row_number(row)}"

    def address(self, row: int, column: int) -> str:
        """Return the address of a cell with its sheet, such as Tracker!E9."""
        return self.cell(row, column) if self.lines else f"{self.name}!{self.cell(row, column)}"


class SheetFile(NamedTuple):
    """A spreadsheet's file as it was read."""

    name: str
    """The file's own name, without its folder."""
    sha256: str
    sheets: tuple[Sheet, ...]
    counts_from_1904: bool = False
    """Whether the numbers of its days count from 1904, as on old Macs."""
    remarks: tuple[str, ...] = ()
    """What a person should know of how it was read."""
    separators: tuple[str, ...] = ()
    """For a text file, every separator that fits it; more than one is a question."""

    def sheet(self, name: str) -> Sheet:
        """Return the sheet of a name. Raises KeyError."""
        for each in self.sheets:
            if each.name == name:
                return each
        raise KeyError(name)


def column_letters(column: int) -> str:
    """Return the letters of a column that is counted from 0: A, B, … Z, AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
