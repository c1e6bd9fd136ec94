"""Where in a sheet the table is: its headings, its columns, its rows, and what stands around it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from socwatch.characters import HIDDEN, normalise
from socwatch.importing.meanings import propose_meaning
from socwatch.store.sheets.cells import (
    CellError,
    NoResult,
    Sheet,
    Value,
    column_letters,
)

_LAST_HEADING_ROW = 40
_MIN_HEADINGS = 2
_TOTAL = re.compile(r"(?:grand |sub-?)?totals?\b", re.IGNORECASE)


class Column(NamedTuple):
    """A column of a table; two columns of one table never have the same name."""

    number: int
    """Where it is in its sheet, counted from 0."""
    name: str


class Table(NamedTuple):
    """A sheet with its rows told apart; rows count from 0."""

    sheet: Sheet
    headings: tuple[int, ...]
    columns: tuple[Column, ...]
    rows: tuple[int, ...]
    """The rows of the table that can be records."""
    lone: tuple[int, ...]
    """The rows with one cell only, which stand above others as their heading."""
    merged: dict[tuple[int, int], tuple[int, int]]
    """For each empty cell of a merged one, the cell that holds its value."""

    def value(self, row: int, column: int) -> Value:
        """Return what a cell holds, or what the merged cell that it belongs to holds."""
        row, column = self.merged.get((row, column), (row, column))
        return self.sheet.rows[row][column]

    def lone_text(self, row: int) -> str:
        """Return the text of a row that has one cell only."""
        return next(text_of(value) for value in self.sheet.rows[row] if value is not None)


def text_of(value: Value) -> str:
    """Return a cell as text: a whole number without ".0", no characters that nobody can see."""
    match value:
        case None:
            return ""
        case str() if value.isascii() and value.isprintable():
            return value.strip()
        case str():
            return HIDDEN.sub("", value.replace("\r\n", "\n").replace("\r", "\n")).strip()
        case bool():
            return "TRUE" if value else "FALSE"
        case float() if value == int(value) and abs(value) < 1e15:  # noqa: PLR2004  # Excel's own digits
            return str(int(value))
        case CellError():
            return value.text
        case NoResult():
            return value.formula
    return str(value)


def find_headings(sheet: Sheet) -> tuple[int, ...]:
    """Return the rows that seem to hold the headings; () if there seem to be none."""
    best, most = -1, _MIN_HEADINGS - 1
    for row, values in enumerate(sheet.rows[:_LAST_HEADING_ROW]):
        texts = [value for value in values if isinstance(value, str)]
        if len(texts) < _MIN_HEADINGS or len(texts) < sum(v is not None for v in values):
            continue
        known = {propose_meaning(_one_line(text)) for text in texts if len(text) < 80} - {None}  # noqa: PLR2004  # a heading is short
        if len(known) > most:
            best, most = row, len(known)
    if best < 0:
        return ()
    if _continues_below(sheet, best):
        return (best, best + 1)
    return (best - 1, best) if best > 0 and _is_group_row(sheet, best - 1) else (best,)


def _is_group_row(sheet: Sheet, row: int) -> bool:
    """Return whether a row holds headings over several columns of the row below it."""
    filled = [column for column, value in enumerate(sheet.rows[row]) if value is not None]
    if not all(isinstance(sheet.rows[row][column], str) for column in filled):
        return False
    spans = [m for m in sheet.merged if m.first_row == row and m.last_column > m.first_column]
    return len(filled) >= _MIN_HEADINGS and (bool(spans) or len(filled) < _filled(sheet, row + 1))


def _continues_below(sheet: Sheet, row: int) -> bool:
    """Return whether headings of a row are merged with the row below it."""
    return any(m.first_row == row and m.last_row == row + 1 for m in sheet.merged)


def _filled(sheet: Sheet, row: int) -> int:
    return sum(value is not None for value in sheet.rows[row])


def find_total(sheet: Sheet, headings: Sequence[int]) -> str | None:
    """Return the words with which a row of totals begins; None if there is none."""
    for row in sheet.rows[max(headings, default=-1) + 1 :]:
        first = next((value for value in row if value is not None), None)
        if isinstance(first, str) and (found := _TOTAL.match(first.strip())):
            return found[0]
    return None


def build_table(sheet: Sheet, headings: Sequence[int], ends: str | None) -> Table:
    """Return the table of a sheet below its headings, up to the row that begins with `ends`."""
    columns = tuple(_columns(sheet, headings))
    merged = dict(_merged_down(sheet, headings))
    names = [text_of(value) for value in sheet.rows[headings[-1]]]
    rows, lone = [], []
    for number in range(headings[-1] + 1, len(sheet.rows)):
        values = sheet.rows[number]
        filled = [column for column, value in enumerate(values) if value is not None]
        if not filled:
            continue
        first = text_of(values[filled[0]])
        if ends and normalise(first).startswith(normalise(ends)):
            break
        if [text_of(value) for value in values] == names:
            continue
        if len(filled) == 1 and _is_lone(
            sheet, number, first, at_left=filled[0] == columns[0].number
        ):
            lone.append(number)
        else:
            rows.append(number)
    return Table(sheet, tuple(headings), columns, tuple(rows), tuple(lone), merged)


def _is_lone(sheet: Sheet, row: int, text: str, *, at_left: bool) -> bool:
    """Return whether a row's only cell is a heading, rather than a record that lacks the rest."""
    spans = any(m.first_row == row and m.last_column > m.first_column for m in sheet.merged)
    return spans or (" " in text and at_left)


def repeated_headings(table: Table) -> Iterator[int]:
    """Yield the rows below the headings that repeat them, as on each page of a print."""
    names = [text_of(value) for value in table.sheet.rows[table.headings[-1]]]
    for row in range(table.headings[-1] + 1, len(table.sheet.rows)):
        if [text_of(value) for value in table.sheet.rows[row]] == names:
            yield row


def _columns(sheet: Sheet, headings: Sequence[int]) -> Iterator[Column]:
    """Yield the columns with a heading, or with something below it."""
    groups = _group_names(sheet, headings[0]) if len(headings) > 1 else {}
    taken: dict[str, int] = {}
    for index in range(len(sheet.rows[0]) if sheet.rows else 0):
        own = _one_line(text_of(sheet.rows[headings[-1]][index]))
        name = ": ".join(filter(None, (groups.get(index, ""), own)))
        if not own and not any(row[index] is not None for row in sheet.rows[headings[-1] + 1 :]):
            continue
        name = name or f"Column {column_letters(index)}"
        key = normalise(name)
        taken[key] = taken.get(key, 0) + 1
        yield Column(index, name if taken[key] == 1 else f"{name} ({taken[key]})")


def _group_names(sheet: Sheet, row: int) -> dict[int, str]:
    """Return the heading above each column, which spans the cells that it is merged with.

    In a file without merged cells it spans the empty cells to its right.
    """
    ends = {m.first_column: m.last_column for m in sheet.merged if m.first_row == row}
    names: dict[int, str] = {}
    values = sheet.rows[row]
    for column, value in enumerate(values):
        if value is None:
            continue
        last = ends.get(column, column)
        if not ends:
            while last + 1 < len(values) and values[last + 1] is None:
                last += 1
        names.update(dict.fromkeys(range(column, last + 1), _one_line(text_of(value))))
    return names


def _merged_down(
    sheet: Sheet, headings: Sequence[int]
) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Yield each empty cell of one merged over several rows, and the cell with its value."""
    for m in sheet.merged:
        if m.first_row <= headings[-1]:
            continue
        for row in range(m.first_row + 1, min(m.last_row + 1, len(sheet.rows))):
            if any(value is not None for value in sheet.rows[row]):
                yield (row, m.first_column), (m.first_row, m.first_column)


def _one_line(text: str) -> str:
    return " ".join(text.split())
