"""Which sheets hold recommendations, where their tables are, and what each column means."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from socwatch.errors import AnswerRefused, ColumnMissing
from socwatch.importing.answers import (
    AS_ABOVE,
    BODY,
    CAUSE,
    EMPTY,
    LEAVE_OUT,
    REPORT,
    Form,
    Inquiry,
    Question,
)
from socwatch.importing.meanings import (
    MEANINGS,
    OF_A_FORCE,
    REPEATABLE,
    ColumnMeaning,
    Meaning,
    parse_meaning,
    propose_meaning,
)
from socwatch.importing.tables import Column, Table, build_table, find_headings, find_total, text_of
from socwatch.store.sheets.cells import Sheet, SheetFile

_FOR_SECTIONS: Mapping[str, Meaning] = {
    CAUSE: Meaning.CAUSE,
    REPORT: Meaning.REPORT,
    BODY: Meaning.BODY,
}


class Layout(NamedTuple):
    """A table, with what its columns and its rows of one cell mean."""

    table: Table
    columns: Mapping[Column, ColumnMeaning]
    sections: Meaning | None
    """What a row with one cell is for the rows below it; None leaves it out."""
    by_meaning: Mapping[Meaning, Sequence[tuple[Column, str]]]
    """The columns of each meaning, each with the force that it is of, or ""."""

    @property
    def name(self) -> str:
        """The name of its sheet."""
        return self.table.sheet.name

    def meant(self, meaning: Meaning) -> Sequence[tuple[Column, str]]:
        """Return the columns of a meaning, each with the force that it is of, or ""."""
        return self.by_meaning.get(meaning, ())

    def has(self, meaning: Meaning) -> bool:
        """Return whether a column, or a row above the others, has this meaning."""
        return bool(self.meant(meaning)) or self.sections is meaning


def lay_out(file: SheetFile, inquiry: Inquiry) -> tuple[Layout, ...]:
    """Return the tables of a file, as far as the answers go."""
    found = []
    for sheet in file.sheets:
        if not any(value is not None for row in sheet.rows for value in row):
            continue
        table = _find_table(sheet, inquiry)
        if table is not None and (columns := _columns(table, inquiry)):
            by_meaning: dict[Meaning, list[tuple[Column, str]]] = {}
            for column, (meaning, body) in columns.items():
                by_meaning.setdefault(meaning, []).append((column, body))
            sections = _sections(table, columns, inquiry)
            found.append(Layout(table, columns, sections, by_meaning))
    return tuple(found)


def _find_table(sheet: Sheet, inquiry: Inquiry) -> Table | None:
    """Return the table of a sheet; None if it is left out or its headings are not known yet."""
    rows = find_headings(sheet)
    path = ("sheets", sheet.name)
    hidden = " (hidden)" if sheet.hidden else ""
    text = f"Does the sheet {sheet.name!r}{hidden} hold recommendations?"
    likely = bool(rows) and not sheet.hidden and _proposes_needed(sheet, rows)
    if sheet.lines:  # A text file has no other sheet.
        used = True
    else:
        used = inquiry.ask(Question((*path, "use"), text, Form.YES_NO, proposal=likely))
    if not used:
        return None
    proposal = [sheet.row_number(row) for row in rows] or None
    text = f"Which row of {sheet.name} has the headings? If they take up two rows, both"
    if rows:
        words = [text_of(value) for value in sheet.rows[rows[-1]] if value is not None]
        text += f". They seem to be: {', '.join(words)[:200]}"
    numbers = inquiry.ask(Question((*path, "headings"), text, Form.ROWS, proposal=proposal))
    if numbers is None:
        return None
    headings = [row for row in range(len(sheet.rows)) if sheet.row_number(row) in numbers]
    if len(headings) != len(numbers):
        message = f"{sheet.name} has no row {max(numbers)}"
        raise AnswerRefused(message, remedy="name the rows of the headings as the program counts")
    total = find_total(sheet, headings)
    ends = inquiry.given(*path, "ends")
    if total is not None and ends is None:
        text = f"Which words does the first row after the table of {sheet.name} start with?"
        ends = inquiry.ask(Question((*path, "ends"), text, proposal=total, optional=True))
    return build_table(sheet, headings, ends or None)


def _proposes_needed(sheet: Sheet, rows: Sequence[int]) -> bool:
    """Return whether the headings of a sheet propose what no table can be without."""
    meant = {propose_meaning(text_of(value)) for row in rows for value in sheet.rows[row] if value}
    return meant >= {Meaning.REFERENCE, Meaning.WORDING}


def _columns(table: Table, inquiry: Inquiry) -> Mapping[Column, ColumnMeaning]:
    """Return what each column means, as far as that is answered or proposed."""
    name = table.sheet.name
    found: dict[Column, ColumnMeaning] = {}
    proposals = _propose(table)
    for column in table.columns:
        likely = proposals[column]
        path = ("sheets", name, "columns", column.name)
        text = f"What is the column {column.name!r} of {name}?"
        given = inquiry.ask(Question(path, text, Form.MEANING, proposal=str(likely)))
        meaning = parse_meaning(given)
        if meaning is not None:
            found[column] = meaning
    dates = {question.path[:2] for question in inquiry.questions if len(question.path) > 3}  # noqa: PLR2004  # the path of a column
    if ("sheets", name) not in dates:
        require_columns(name, found)
        return found
    meant = {meaning.meaning for meaning in found.values()}
    return found if meant >= {Meaning.REFERENCE, Meaning.WORDING} else {}


def _propose(table: Table) -> Mapping[Column, ColumnMeaning]:
    """Return what the headings propose. What two propose is of the force that each names."""
    likely = {column: propose_meaning(column.name) or Meaning.KEEP for column in table.columns}
    times = Counter(likely.values())
    found: dict[Column, ColumnMeaning] = {}
    for column, meaning in likely.items():
        group = column.name.rpartition(": ")[0] or column.name.rpartition(" – ")[0]
        again = times[meaning] > 1 and meaning not in REPEATABLE
        if again and meaning in OF_A_FORCE and group:
            found[column] = ColumnMeaning(meaning, group)
        elif again and ColumnMeaning(meaning) in found.values():
            found[column] = ColumnMeaning(Meaning.KEEP)
        else:
            found[column] = ColumnMeaning(meaning)
    return found


def require_columns(name: str, columns: Mapping[Column, ColumnMeaning]) -> None:
    """Raise AnswerRefused if columns mean the same, or if one that is needed is missing."""
    seen: dict[ColumnMeaning, str] = {}
    for column, meaning in columns.items():
        if meaning.meaning not in REPEATABLE and meaning in seen:
            message = f"two columns of {name} are the {meaning}: {seen[meaning]!r}, {column.name!r}"
            remedy = (
                f'say of which force each is, such as "{meaning.meaning} for Norfolk", or keep one'
            )
            raise AnswerRefused(message, remedy=remedy)
        seen[meaning] = column.name
    meant = {meaning.meaning for meaning in columns.values()}
    for needed in (Meaning.REFERENCE, Meaning.WORDING):
        if needed not in meant:
            message = f"no column of {name} is the {needed} ({MEANINGS[needed]})"
            remedy = f'say which is, with "{needed}"; if there is none, add a column to the sheet'
            raise ColumnMissing(message, remedy=remedy)


def _sections(
    table: Table, columns: Mapping[Column, ColumnMeaning], inquiry: Inquiry
) -> Meaning | None:
    """Return what the rows with one cell are for those below them."""
    above = [row for row in table.lone if table.rows and row < table.rows[-1]]
    if not above:
        return None
    sheet = table.sheet
    first = table.lone_text(above[0])
    text = (
        f"{sheet.name} has {len(above)} rows with one cell only, the first in row "
        f"{sheet.row_number(above[0])} ({first[:60]!r}). What are they for the rows below them?"
    )
    meant = {meaning.meaning for meaning in columns.values()}
    likely = CAUSE if Meaning.CAUSE not in meant else LEAVE_OUT
    choices = (CAUSE, REPORT, BODY, LEAVE_OUT)
    path = ("sheets", sheet.name, "single_cells")
    given = inquiry.ask(Question(path, text, Form.CHOICE, choices, likely))
    return _FOR_SECTIONS.get(given)


def blanks_are_as_above(layout: Layout, column: Column, row: int, inquiry: Inquiry) -> bool:
    """Return whether an empty cell of a column means the same as the cell above it."""
    where = layout.table.sheet.address(row, column.number)
    text = f"{column.name!r} has empty cells, the first in {where}. What do they mean?"
    path = ("sheets", layout.name, "blanks", column.name)
    question = Question(path, text, Form.CHOICE, (AS_ABOVE, EMPTY))
    return bool(inquiry.ask(question) == AS_ABOVE)
