"""What a report is made of: values for machines, with the words that people read beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, Generic, Literal, NamedTuple, TypeVar

from socwatch.dates import PartialDate, format_date
from socwatch.tracking import QueryDates

_Row = TypeVar("_Row")

Value = str | int | date | PartialDate | None | tuple[str, ...]
"""What a cell holds for JSON and CSV: dates become ISO 8601, None becomes null or nothing."""

EMPTY = "—"
"""What people read where there is no value."""


class Tone(StrEnum):
    """What a cell's words mean, for renderers that have colours; the words say it too."""

    PLAIN = "plain"
    MUTED = "muted"
    STRONG = "strong"
    OVERDUE = "overdue"
    DUE_SOON = "due-soon"
    GOOD = "good"


class Cell(NamedTuple):
    """A value, the words for it, and what they mean. Lines of `text` stand below each other."""

    value: Value
    text: str
    tone: Tone = Tone.PLAIN
    rank: int | None = None
    """The place of its words in the order of their column, where `value` does not give it."""


def rank(group: int, days: int = 0) -> int:
    """Return the place of what is sorted by a group first, then by days."""
    return group * 10**8 + days  # the calendar has fewer than 10**7 days


def cell(value: Value, text: str | None = None, tone: Tone = Tone.PLAIN) -> Cell:
    """A cell whose words follow from its value where none are given."""
    return Cell(value, format_value(value) if text is None else text, tone)


def prose(text: str | None, tone: Tone = Tone.PLAIN) -> Cell:
    """A cell of sentences, which people read as one paragraph however the file breaks them."""
    return cell(text, None if text is None else " ".join(text.split()), tone)


def format_value(value: Value) -> str:
    """A value in words: 1 Jan 2025, "in progress" is left to its report, a list by commas."""
    match value:
        case str():
            return value
        case None:
            return EMPTY
        case PartialDate():
            return value.in_words()
        case date():
            return format_date(value)
        case int():
            return f"{value:,}"
        case tuple():
            return ", ".join(value) or EMPTY


ColumnForm = Literal["text", "texts", "number", "day"] | type[StrEnum]
"""What a column holds: a sort of value, or one word of a fixed list."""


class Column(NamedTuple, Generic[_Row]):
    """A fact about each row of a table, and how it follows from what the row is about."""

    key: str
    """Its key in JSON and CSV."""
    meaning: str
    """What it holds, in a sentence for the docs; "" where no program gets it."""
    read: Callable[[_Row], Value | Cell]
    """Returns its value, if its words follow from that (see `format_value`), or else a cell."""
    form: ColumnForm = "text"
    heading: str = ""
    """Its heading for people; without one only programs see it."""
    align: Literal["left", "right"] = "left"
    min_width: int = 0
    """Characters below which it cannot be read; 0 means that its words must not be broken."""
    drop_order: int = 0
    """A narrow screen leaves out the columns with the highest number first; those of 0 stay."""
    long: bool = False
    """Whether it holds whole sentences, which a narrow screen shows below the rest of the row."""
    link: Literal["", "address", "source"] = ""
    """What a page makes of its values: links to addresses, or to the page's list of sources."""

    def value(self, row: _Row) -> Value:
        """Return what programs get for a row."""
        found = self.read(row)
        return found.value if isinstance(found, Cell) else found

    def cell(self, row: _Row) -> Cell:
        """Return what people get for a row."""
        found = self.read(row)
        return found if isinstance(found, Cell) else cell(found)

    def under(  # noqa: PLR0913  # the fields that say how a table shows it
        self,
        heading: str = "",
        *,
        align: Literal["left", "right"] = "left",
        min_width: int = 0,
        drop_order: int = 0,
        long: bool = False,
        link: Literal["", "address", "source"] = "",
    ) -> Column[_Row]:
        """Return the column as a table shows it to people; without a heading, hidden from them."""
        look = (heading, align, min_width, drop_order, long, link)
        return Column(self.key, self.meaning, self.read, self.form, *look)


def by_key(columns: Iterable[Column[_Row]]) -> dict[str, Column[_Row]]:
    """Return columns by their keys, for a table that arranges them in its own way."""
    return {column.key: column for column in columns}


def with_others(
    shown: Sequence[Column[_Row]], columns: Iterable[Column[_Row]]
) -> tuple[Column[_Row], ...]:
    """Return the columns that people see, then the others for programs alone."""
    keys = {column.key for column in shown}
    return (*shown, *(column.under() for column in columns if column.key not in keys))


class Counts(NamedTuple):
    """How many there were on each day of a chart."""

    label: str
    values: tuple[int, ...]
    tone: Tone = Tone.PLAIN


class CountsOverTime(NamedTuple):
    """A chart of counts, one below the other, on the same days and the same scale."""

    title: str
    days: tuple[date, ...]
    """The last days of months that follow each other; the last of them may be any day."""
    counts: tuple[Counts, ...]


class Lane(NamedTuple):
    """Days that are marked in one line of a chart."""

    label: str
    days: tuple[date, ...]
    tone: Tone = Tone.PLAIN


class LanesOverTime(NamedTuple):
    """A chart of marked days on one axis, in lanes under headings."""

    title: str
    today: date
    """The day that is marked on the axis: the day asked about."""
    lanes: tuple[tuple[str, tuple[Lane, ...]], ...]
    """Headings, each with its lanes; a lane has one day at least."""


Chart = CountsOverTime | LanesOverTime


class CountsByName(NamedTuple):
    """A chart with a line for each name, on which each count has its own place."""

    title: str
    names: tuple[str, ...]
    counts: tuple[Counts, ...]
    """Each has a value for each name."""


def ungrouped(_: object) -> str:
    """Return the heading of rows that stand under none."""
    return ""


class Table(NamedTuple, Generic[_Row]):
    """Rows under columns, in the order in which they are to be read."""

    key: str
    """Its key in JSON; the answer itself has "rows"."""
    title: str
    columns: tuple[Column[_Row], ...]
    rows: tuple[_Row, ...]
    """What each row is about; the columns say what they show of it."""
    group: Callable[[_Row], str] = ungrouped
    """Returns the heading that a row stands under, "" for none."""
    layout: Literal["grid", "facts"] = "grid"
    """A grid has a line for each row; facts are headings and values below each other."""
    if_empty: str = ""
    """What is said where there are no rows; the table is left out where this is empty too."""
    max_rows: int | None = None
    """How many rows a screen shows; a pipe, a file and a program get all."""
    more_hint: str = ""
    """What to type for the rows that a screen does not show; a sentence where it shows none."""
    tone: Tone = Tone.PLAIN
    chart: Chart | None = None
    """What a screen shows in place of the rows, and plain text before them."""

    @property
    def shown(self) -> bool:
        """Whether people see anything of it; what has no heading is for machines alone."""
        return any(column.heading for column in self.columns) and bool(self.rows or self.if_empty)

    def column(self, key: str) -> Column[_Row]:
        """Return the column of a key. Raises StopIteration if there is none."""
        return next(column for column in self.columns if column.key == key)


class Report(NamedTuple):
    """An answer as a value: what was asked, for which days, and the tables that say it."""

    command: str
    title: str
    dates: QueryDates
    tables: tuple[Table[Any], ...]
    """In the order in which people read them; one has the key "rows", the others their own."""
    notes: tuple[str, ...] = ()
    """Sentences that a reader of the figures needs, shown below them."""

    @property
    def rows(self) -> Table[Any]:
        """The table with the key "rows", which is the answer where there is room for only one."""
        return next(table for table in self.tables if table.key == "rows")


def count(number: int, singular: str, plural: str = "") -> str:
    """A number with its noun: 1 day, 690 days."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"
