"""What a report is made of: values for machines, with the words that people read beside them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Literal, NamedTuple

from socwatch.dates import PartialDate, spoken_day
from socwatch.tracking import Asked

Value = str | int | date | PartialDate | None | tuple[str, ...]
"""What a cell holds for JSON and CSV: dates become ISO 8601, None becomes null or nothing."""

NOTHING = "—"
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


def cell(value: Value, text: str | None = None, tone: Tone = Tone.PLAIN) -> Cell:
    """A cell whose words follow from its value where none are given."""
    return Cell(value, spoken(value) if text is None else text, tone)


def prose(text: str | None, tone: Tone = Tone.PLAIN) -> Cell:
    """A cell of sentences, which people read as one paragraph however the file breaks them."""
    return cell(text, None if text is None else " ".join(text.split()), tone)


def spoken(value: Value) -> str:
    """A value in words: 1 Jan 2025, "in progress" is left to its report, a list by commas."""
    match value:
        case str():
            return value
        case None:
            return NOTHING
        case PartialDate():
            return value.spoken()
        case date():
            return spoken_day(value)
        case int():
            return f"{value:,}"
        case tuple():
            return ", ".join(value) or NOTHING


class Column(NamedTuple):
    """A key for machines and a heading for people; without a heading people do not see it."""

    key: str
    heading: str = ""
    align: Literal["left", "right"] = "left"
    narrowest: int = 0
    """Characters below which it cannot be read; 0 means that its words must not be broken."""
    rank: int = 0
    """A narrow screen leaves out the columns of the highest rank first; those of 0 stay."""
    long: bool = False
    """Whether it holds whole sentences, which a narrow screen shows below the rest of the row."""
    link: Literal["", "address", "source"] = ""
    """What a page makes of its values: links to addresses, or to the page's list of sources."""


class Row(NamedTuple):
    """The cells of one row by column key; a row with a `group` stands under its heading."""

    cells: Mapping[str, Cell]
    group: str = ""


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


class Table(NamedTuple):
    """Rows under columns, in the order in which they are to be read."""

    key: str
    """Its key in JSON; the answer itself has "rows"."""
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    layout: Literal["grid", "facts"] = "grid"
    """A grid has a line for each row; facts are headings and values below each other."""
    if_empty: str = ""
    """What is said where there are no rows; the table is left out where this is empty too."""
    most: int | None = None
    """How many rows a screen shows; a pipe, a file and a program get all."""
    rest: str = ""
    """What to type for the rows that a screen does not show; a sentence where it shows none."""
    tone: Tone = Tone.PLAIN
    chart: Chart | None = None
    """What a screen shows in place of the rows, and plain text before them."""

    @property
    def shown(self) -> bool:
        """Whether people see anything of it; what has no heading is for machines alone."""
        return any(column.heading for column in self.columns) and bool(self.rows or self.if_empty)


class Report(NamedTuple):
    """An answer as a value: what was asked, for which days, and the tables that say it."""

    command: str
    title: str
    asked: Asked
    tables: tuple[Table, ...]
    """In the order in which people read them; one has the key "rows", the others their own."""
    notes: tuple[str, ...] = ()
    """Sentences that a reader of the figures needs, shown below them."""

    @property
    def rows(self) -> Table:
        """The table with the key "rows", which is the answer where there is room for only one."""
        return next(table for table in self.tables if table.key == "rows")


def count(number: int, singular: str, plural: str = "") -> str:
    """A number with its noun: 1 day, 690 days."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"
