"""What the committee's paper is made of, and what its sections are made from."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from socwatch.records import Action, Body, Register
from socwatch.reports.change_events import Change, Changed
from socwatch.reports.changes import Changes
from socwatch.reports.items import sort_items
from socwatch.reports.responses import Duties
from socwatch.reports.status import BodyPosition, gaps, recurrences
from socwatch.reports.table import Chart, CountsByName, Table, Tone, format_value
from socwatch.tracking import Graded, QueryDates, TrackedItem


class Headline(NamedTuple):
    """A figure that opens the paper, and the section that shows what it counts."""

    number: int
    words: str
    section: str
    tone: Tone = Tone.PLAIN


class TableWithChart(NamedTuple):
    """A table of the paper, with its chart and the sums of its rows where there are any."""

    table: Table[Any]
    chart: Chart | CountsByName | None = None
    sums: Any = None
    """What the row of the sums is about, as the columns read it; None for no such row."""
    folded: bool = False
    """Whether a page folds the table away below its chart."""


class Section(NamedTuple):
    """A heading with what stands under it: sentences, figures, tables, and sentences again."""

    key: str
    heading: str
    paragraphs: tuple[str, ...] = ()
    headlines: tuple[Headline, ...] = ()
    tables: tuple[TableWithChart, ...] = ()
    points: tuple[str, ...] = ()

    @property
    def length(self) -> int:
        """How many rows its tables have."""
        return sum(len(each.table.rows) for each in self.tables)


class Paper(NamedTuple):
    """The paper as a value: its title, the days that it is about, and its sections."""

    title: str
    dates: QueryDates
    about: str
    """Which bodies it is about, in words; empty for all that the register holds."""
    sections: tuple[Section, ...]

    @property
    def length(self) -> int:
        """How many rows its tables have."""
        return sum(section.length for section in self.sections)

    @property
    def day(self) -> str:
        """The days that it is about, in words."""
        words = f"As of {self.dates.as_of:%A} {format_value(self.dates.as_of)}"
        if self.dates.recorded_until is not None:
            words += f", without what was recorded after {format_value(self.dates.recorded_until)}"
        return words


class PaperContext(NamedTuple):
    """What every section is made from."""

    register: Register
    dates: QueryDates
    bodies: tuple[Body, ...]
    """The bodies that the paper is about."""
    scope: str
    """Which they are, as the end of a sentence; "" for all that the register holds."""
    items: tuple[TrackedItem, ...]
    """Those of the bodies that have a status, in the order of the file."""
    practices: tuple[TrackedItem, ...]
    """The innovative practice of the bodies, which has no status."""
    grades: tuple[Graded, ...]
    positions: tuple[BodyPosition, ...]
    changes: Changes
    duties: Duties

    @property
    def since(self) -> date:
        """The day after whose end things count as new."""
        assert self.dates.since is not None  # noqa: S101  # `paper` sees to it
        return self.dates.since

    @property
    def live(self) -> list[TrackedItem]:
        """The items that are neither signed off nor closed."""
        return [item for item in self.items if item.live]

    @property
    def overdue(self) -> tuple[TrackedItem, ...]:
        """The items that are past their deadline, the longest first."""
        return sort_items((item for item in self.items if item.overdue), ("days",))

    @property
    def gaps(self) -> tuple[str, ...]:
        """What is known to be missing from the register."""
        return tuple(gaps(self.positions))

    @property
    def recurrences(self) -> tuple[str, ...]:
        """Which of the overdue items the same body was asked for once more."""
        return tuple(recurrences(self.positions, self.overdue))

    @property
    def progress(self) -> tuple[Changed, ...]:
        """What was done or has ended since, but for what was reopened after it."""
        found = self.changed(Change.DONE, Change.SIGNED_OFF, Change.CLOSED)
        return tuple(each for each in found if not _is_reopened_after(each))

    def changed(self, *sorts: Change) -> tuple[Changed, ...]:
        """The changes of these sorts."""
        return tuple(each for each in self.changes.listed if each.change in sorts)


def _is_reopened_after(each: Changed) -> bool:
    """Return whether the item of a change was reopened later, so that it is not finished."""
    history = each.item.history if each.item is not None else ()
    later = False
    for transition in history:
        if later and transition.allowed and transition.update.action is Action.REOPEN:
            return True
        later = later or transition.update is each.update
    return False
