"""What becomes of each filled cell, and which cells must be corrected first."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from socwatch.importing.layout import Layout
from socwatch.importing.meanings import Meaning
from socwatch.importing.tables import repeated_headings, text_of
from socwatch.store.sheets.cells import Sheet, SheetFile


class Fate(StrEnum):
    """What became of a filled cell."""

    RECORDED = "recorded"
    KEPT = "kept"
    LEFT_OUT = "left_out"
    HEADINGS = "headings"
    OUTSIDE = "outside"
    FAULTY = "faulty"


class CellProblem(NamedTuple):
    """A cell that must be corrected in the spreadsheet before anything is written."""

    name: str
    sheet: str
    cell: str
    value: str
    hint: str


class Ledger:
    """The fate of every filled cell of a spreadsheet, and the problems found."""

    def __init__(self, file: SheetFile) -> None:
        self.fates = {
            (sheet.name, row, column): Fate.OUTSIDE
            for sheet in file.sheets
            for row, column, _ in sheet.filled()
        }
        """The fate of each cell, by sheet, row and column."""
        self._problems: dict[CellProblem, None] = {}  # In order, and each once.

    @property
    def problems(self) -> tuple[CellProblem, ...]:
        """The cells to correct, each once, in the order in which they were found."""
        return tuple(self._problems)

    def report(self, name: str, sheet: Sheet, row: int, column: int, hint: str) -> None:
        """Note that a cell must be corrected, and what to type there."""
        value = sheet.rows[row][column]
        if value is not None:
            self.fates[sheet.name, row, column] = Fate.FAULTY
        shown = "" if sheet.lines else sheet.name
        self._problems[CellProblem(name, shown, sheet.cell(row, column), text_of(value), hint)] = (
            None
        )

    def enter(self, layout: Layout) -> None:
        """Set the fates of a table's cells by what its columns mean."""
        table, sheet = layout.table, layout.table.sheet
        every = range(len(sheet.rows[0]) if sheet.rows else 0)
        in_column = {
            column.number: {Meaning.KEEP: Fate.KEPT, Meaning.LEAVE_OUT: Fate.LEFT_OUT}.get(
                meaning.meaning, Fate.RECORDED
            )
            for column, meaning in layout.columns.items()
        }
        lone = Fate.LEFT_OUT if layout.sections is None else Fate.RECORDED
        last = table.rows[-1] if table.rows else -1
        for row in (*table.headings, *repeated_headings(table)):
            self._enter_row(sheet, row, dict.fromkeys(every, Fate.HEADINGS))
        for row in table.rows:
            self._enter_row(sheet, row, in_column)
        for row in table.lone:
            if row < last:
                self._enter_row(sheet, row, dict.fromkeys(every, lone))

    def _enter_row(self, sheet: Sheet, row: int, fates: Mapping[int, Fate]) -> None:
        for column, value in enumerate(sheet.rows[row]):
            if value is not None:
                self.fates[sheet.name, row, column] = fates.get(column, Fate.OUTSIDE)
