"""The XML of an .ods workbook, as LibreOffice writes it."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping

from socwatch.store.sheets.cells import CellError, Merged, NoResult
from socwatch.store.sheets.package import Look, Walker, read_part

_MAX_REPEAT = 1 << 22


def look_at_document(name: str, package: zipfile.ZipFile) -> tuple[Mapping[str, Look], set[str]]:
    """Return what is remarkable in each sheet, and the names of the hidden ones.

    Raises SheetRefused.
    """
    found = _Document()
    for part in ("styles.xml", "content.xml"):
        walker = _Document(found)
        walker.walk(name, read_part(name, package, part))
        found = walker
    return {each.name: each.look() for each in found.tables}, found.hidden


class _Table:
    """What was found in one sheet so far."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.row = self.column = 0
        self.rows = self.columns = 0
        self.special: dict[tuple[int, int], CellError | NoResult] = {}
        self.months: set[tuple[int, int]] = set()
        self.merged: list[Merged] = []
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.next_column = 0

    def look(self) -> Look:
        return Look(
            self.rows,
            self.columns,
            self.special,
            frozenset(self.months),
            tuple(self.merged),
            frozenset(self.hidden_rows),
            frozenset(self.hidden_columns),
        )


class _Document(Walker):
    def __init__(self, before: _Document | None = None) -> None:
        super().__init__()
        self.tables: list[_Table] = []
        self.hidden: set[str] = set()
        self.months: set[str] = set(before.months) if before else set()
        """The names of the date styles, and then of the cell styles, that show a month."""
        self.off_tables: set[str] = set(before.off_tables) if before else set()
        self._date_style = self._style = ""
        self._parts: set[str] = set()
        self._cell: dict[str, str] = {}
        self._text = ""
        self._repeated_rows = 1

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        short = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        match tag:
            case "date-style":
                self._date_style, self._parts = short.get("name", ""), set()
            case "day" | "month" | "year" | "hours" if self._date_style:
                self._parts.add(tag)
            case "style":
                self._style = short.get("name", "")
                if short.get("data-style-name") in self.months:
                    self.months.add(self._style)
            case "table-properties" if short.get("display") == "false":
                self.off_tables.add(self._style)
            case "table":
                self.tables.append(_Table(short.get("name", "")))
                if short.get("style-name") in self.off_tables:
                    self.hidden.add(short.get("name", ""))
            case _ if self.tables:
                self._start_in_table(self.tables[-1], tag, short)

    def _start_in_table(self, table: _Table, tag: str, short: dict[str, str]) -> None:
        match tag:
            case "table-column":
                number = _repeat(short.get("number-columns-repeated"))
                if short.get("visibility", "visible") != "visible":
                    last = table.next_column + min(number, 1000)
                    table.hidden_columns.update(range(table.next_column, last))
                table.next_column += number
            case "table-row":
                self._repeated_rows = _repeat(short.get("number-rows-repeated"))
                table.column = 0
                if short.get("visibility", "visible") != "visible":
                    table.hidden_rows.update(
                        range(table.row, table.row + min(self._repeated_rows, 1000))
                    )
            case "table-cell" | "covered-table-cell":
                self._cell, self._text = short, ""

    def text(self, text: str) -> None:
        if self._cell:
            self._text += text

    def end(self, tag: str) -> None:
        match tag:
            case "date-style":
                if self._parts == {"month", "year"}:
                    self.months.add(self._date_style)
                self._date_style = ""
            case "table-row" if self.tables:
                self.tables[-1].row += self._repeated_rows
            case "table-cell" | "covered-table-cell" if self.tables:
                self._end_cell(self.tables[-1])

    def _end_cell(self, table: _Table) -> None:
        cell, self._cell = self._cell, {}
        number = _repeat(cell.get("number-columns-repeated"))
        place = (table.row, table.column)
        formula, text = cell.get("formula", ""), self._text.strip()
        if cell.get("value-type") or text or formula:
            table.rows = max(table.rows, table.row + self._repeated_rows)
            table.columns = max(table.columns, table.column + number)
            if text.startswith(("#", "Err:")) and (formula or cell.get("value-type") != "string"):
                table.special[place] = CellError(text)
            elif formula and not text and not cell.get("value-type"):
                table.special[place] = NoResult(formula.removeprefix("of:"))
            elif cell.get("style-name") in self.months:
                table.months.add(place)
        down = _repeat(cell.get("number-rows-spanned"))
        right = _repeat(cell.get("number-columns-spanned"))
        if down > 1 or right > 1:
            table.merged.append(
                Merged(place[0], place[1], place[0] + down - 1, place[1] + right - 1)
            )
        table.column += number


def _repeat(text: str | None) -> int:
    return min(int(text), _MAX_REPEAT) if text and text.isdecimal() and len(text) < 10 else 1  # noqa: PLR2004  # no count has more digits
