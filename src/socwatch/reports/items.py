"""Items as rows: one form for every report that lists them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from socwatch.characters import normalise
from socwatch.dates import full_months
from socwatch.errors import join_names
from socwatch.records import (
    KINDS,
    Body,
    BodyKind,
    Finding,
    Kind,
    Outcome,
    Register,
    Status,
    natural_order,
)
from socwatch.reports.table import EMPTY, Cell, Column, Tone, cell, count, format_value, prose, rank
from socwatch.tracking import (
    DEADLINE_APPLIES,
    DUE_SOON_DAYS,
    QueryDates,
    Timing,
    TrackedItem,
    replay,
)

if TYPE_CHECKING:
    from socwatch.obligations import Obligation  # no listing of items works them out

_KIND_RANK = {kind: rank for rank, kind in enumerate(KINDS)}

STATUS_WORDS: Mapping[Status, str] = {
    Status.OPEN: "open",
    Status.IN_PROGRESS: "in progress",
    Status.DONE: "done",
    Status.SIGNED_OFF: "signed off",
    Status.CLOSED: "closed",
}
_STATUS_TONE = {Status.DONE: Tone.GOOD, Status.SIGNED_OFF: Tone.GOOD, Status.CLOSED: Tone.MUTED}

# Cells that many rows share, made once: a register may have 50,000 items.
_STATUS_CELLS = {
    status: Cell(status.value, words, _STATUS_TONE.get(status, Tone.PLAIN), place)
    for place, (status, words) in enumerate(STATUS_WORDS.items())
}
_KIND_CELLS = {kind: Cell(kind.value, spec.singular) for kind, spec in KINDS.items()}


def status_cell(item: TrackedItem) -> Cell:
    """The status of an item in words; a closed one says how it was closed.

    One that is muted says until when, as long as that holds and it runs.
    """
    if item.status is None:
        return Cell(None, EMPTY, Tone.MUTED)
    found = _STATUS_CELLS[item.status]
    if item.outcome is not None and item.status is Status.CLOSED:
        return found._replace(text=f"{found.text}: {item.outcome.replace('-', ' ')}")
    if item.muted and item.status in DEADLINE_APPLIES:
        until = format_value(item.muted_until)
        return found._replace(text=f"{found.text}\nmuted until the end of {until}")
    return found


def _deadline_cell(item: TrackedItem) -> Cell:
    """The deadline in force; one that was moved says from when."""
    words = format_value(item.deadline)
    if item.extensions and item.original_deadline != item.deadline:
        words += (
            f"\nmoved from {format_value(item.original_deadline)}" if item.original_deadline else ""
        )
    return Cell(item.deadline, words)


@lru_cache  # all findings of a report are equally old
def age_words(published: date, as_of: date) -> str:
    """Return an age in full days, full months from two on, or full years from two on."""
    if as_of < published:
        return "not yet published"
    months = full_months(published, as_of)
    if months >= 24:  # noqa: PLR2004  # two years
        return f"{months // 12} years old"
    if months >= 2:  # noqa: PLR2004  # months
        return f"{months} months old"
    return f"{count((as_of - published).days, 'day')} old"


def timing_cell(item: TrackedItem, within: int = DUE_SOON_DAYS) -> Cell:
    """How an item stands to its deadline, in words that count the days."""
    timing = item.timing(within)
    words, tone = _TIMINGS[timing]
    return Cell(timing.value, words(item), tone, _timing_rank(item, timing))


def _timing_rank(item: TrackedItem, timing: Timing) -> int | None:
    """Return the place of a timing: the clock runs, done, no deadline; by days in each."""
    match timing:
        case Timing.OVERDUE | Timing.DUE_SOON | Timing.ON_TRACK:
            return rank(0, item.days_left or 0)
        case Timing.LATE | Timing.MET if item.completed and item.deadline:
            return rank(1, (item.deadline - item.completed).days)
        case Timing.NO_DEADLINE:
            return rank(2, -item.age)
        case _:
            return None


def _days_left_words(item: TrackedItem) -> str:
    return f"{count(item.days_left, 'day')} left" if item.days_left else "due today"


def _late_words(item: TrackedItem) -> str:
    days = (item.completed - item.deadline).days if item.completed and item.deadline else 0
    late = count(days, "day")
    return f"signed off {late} after" if item.only_signed_off else f"{late} late"


_TIMINGS: Mapping[Timing, tuple[Callable[[TrackedItem], str], Tone]] = {
    Timing.OVERDUE: (lambda i: f"{count(-(i.days_left or 0), 'day')} past", Tone.OVERDUE),
    Timing.DUE_SOON: (_days_left_words, Tone.DUE_SOON),
    Timing.ON_TRACK: (_days_left_words, Tone.PLAIN),
    Timing.MET: (lambda _: "in time", Tone.GOOD),
    Timing.LATE: (_late_words, Tone.MUTED),
    Timing.NO_DEADLINE: (
        lambda i: f"no deadline, {age_words(i.inspection.published, i.as_of)}",
        Tone.MUTED,
    ),
    Timing.NOT_APPLICABLE: (lambda _: EMPTY, Tone.MUTED),
}


ITEM_COLUMNS: tuple[Column[TrackedItem], ...] = (
    Column[TrackedItem](
        "id",
        "The finding's id; finding@body where the finding has several bodies.",
        lambda i: cell(i.id, tone=Tone.STRONG),
    ).under("Item"),
    Column[TrackedItem]("finding", "Id of the finding.", lambda i: i.finding.id),
    Column[TrackedItem](
        "body", "Id of the body that it is addressed to.", lambda i: Cell(i.body.id, i.body.name)
    ).under("Body", min_width=10, drop_order=2),
    Column[TrackedItem](
        "kind",
        "What sort of finding it is.",
        lambda i: _KIND_CELLS[i.finding.kind],
        Kind,
    ).under("Kind", min_width=8, drop_order=4),
    Column[TrackedItem]("summary", "What it asks for.", lambda i: prose(i.finding.summary)).under(
        "Summary", min_width=20, long=True
    ),
    Column[TrackedItem](
        "status", "open, in-progress, done, signed-off or closed.", status_cell, Status
    ).under("Status", min_width=6, drop_order=1),
    Column[TrackedItem](
        "deadline", "The last day in time that is in force.", _deadline_cell, "day"
    ).under("Deadline", drop_order=3),
    Column[TrackedItem](
        "original_deadline",
        "The last day in time before it was ever moved.",
        lambda i: i.original_deadline,
        "day",
    ),
    Column[TrackedItem]("extensions", "How often it was moved.", lambda i: i.extensions, "number"),
    Column[TrackedItem](
        "timing",
        "How it stands to its deadline; overdue: past it, no completion on record.",
        timing_cell,
        Timing,
    ).under("Timing", min_width=10),
    Column[TrackedItem](
        "days_left",
        "Days from the day asked about to the deadline, negative past it.",
        lambda i: i.days_left,
        "number",
    ),
    Column[TrackedItem]("owner", "Who sees to it.", lambda i: i.owner).under(
        "Owner", min_width=8, drop_order=5
    ),
    Column[TrackedItem](
        "last_checked",
        "The last day on which somebody looked for evidence.",
        lambda i: i.last_checked,
        "day",
    ).under("Last checked", drop_order=6),
    Column[TrackedItem](
        "inspection", "Id of the inspection that made it.", lambda i: i.finding.inspection
    ),
    Column[TrackedItem](
        "published", "The day on which it was published.", lambda i: i.inspection.published, "day"
    ),
    Column[TrackedItem]("age_days", "Days since then.", lambda i: i.age, "number"),
    Column[TrackedItem]("region", "Id of the body's region.", lambda i: i.body.region),
    Column[TrackedItem](
        "part_of", "Id of the cause of concern that it hangs from.", lambda i: i.finding.part_of
    ),
    Column[TrackedItem](
        "label", "The number or name that its source gives it.", lambda i: i.finding.label
    ),
    Column[TrackedItem](
        "target",
        "A date that the body set itself; never overdue.",
        lambda i: i.finding.target,
        "day",
    ),
    Column[TrackedItem](
        "completed",
        "The day on which it was said to be done, or signed off.",
        lambda i: i.completed,
        "day",
    ),
    Column[TrackedItem](
        "outcome", "How it was closed.", lambda i: i.outcome.value if i.outcome else None, Outcome
    ),
    Column[TrackedItem](
        "successor", "Id of the finding that took its place.", lambda i: i.successor
    ),
    Column[TrackedItem](
        "muted_until",
        "The last day on which its alerts are silent.",
        lambda i: i.muted_until,
        "day",
    ),
)
"""The facts of an item, in their order in JSON and CSV; keys are only ever added."""


def item_columns(within: int) -> tuple[Column[TrackedItem], ...]:
    """Return ITEM_COLUMNS for a number of days ahead in which an item is due soon."""

    def timing(item: TrackedItem) -> Cell:
        return timing_cell(item, within)

    return tuple(c._replace(read=timing) if c.key == "timing" else c for c in ITEM_COLUMNS)


def items_of(
    register: Register, dates: QueryDates, finding: Finding, bodies: Collection[str]
) -> tuple[TrackedItem, ...]:
    """The items of a finding for some of its bodies; none before its publication."""
    tracked = replay(register, dates.as_of, recorded_until=dates.recorded_until)
    return tuple(i for i in tracked if i.finding.id == finding.id and i.body.id in bodies)


def is_among(body: Body, chosen: Collection[str]) -> bool:
    """Whether a body is one of those chosen by id; a region means all that is inspected with it.

    None chosen means every body.
    """
    return not chosen or body.id in chosen or body.region in chosen


def of_bodies(items: Iterable[TrackedItem], chosen: Collection[str]) -> Iterator[TrackedItem]:
    """The items of the bodies that are among those chosen."""
    return (item for item in items if is_among(item.body, chosen))


def title_for(title: str, bodies: Iterable[Body]) -> str:
    """A title that says of whom a report is, where that is not everybody.

    Of a region it is about all that is inspected with it, as `is_among` has it.
    """
    names = ", ".join(_named(bodies))
    return f"{names[:1].upper()}{names[1:]}: {title[:1].lower()}{title[1:]}" if names else title


def scope(bodies: Iterable[Body]) -> str:
    """Return the end of a sentence about some bodies: " for Staffordshire Police"; "" for all."""
    names = [*_named(bodies)]
    return f" for {join_names(names)}" if names else ""


def _named(bodies: Iterable[Body]) -> Iterator[str]:
    for body in bodies:
        yield f"all of {body.name}" if body.kind is BodyKind.REGION else body.name


class Filter(NamedTuple):
    """Which items to list; an empty choice leaves all in, and all choices must agree."""

    bodies: frozenset[str] = frozenset()
    kinds: frozenset[Kind] = frozenset()
    statuses: frozenset[Status] = frozenset()
    inspections: frozenset[str] = frozenset()
    owner: str | None = None
    """A whole name, normalised."""
    text: str | None = None
    """A phrase of what an item says, normalised."""
    overdue: bool = False
    due_within: int | None = None

    def select(self, items: Iterable[TrackedItem]) -> tuple[TrackedItem, ...]:
        """Return the items that match every filter, in the order given."""
        return tuple(item for item in items if self._admits(item))

    def duties(self, obligations: Iterable[Obligation]) -> tuple[Obligation, ...]:
        """The duties to answer a report that agree; none if a choice is of what only items have."""
        bare = self._replace(bodies=frozenset(), inspections=frozenset())
        if bare != Filter():
            return ()
        return tuple(
            duty
            for duty in obligations
            if is_among(duty.body, self.bodies)
            and (not self.inspections or duty.inspection.id in self.inspections)
        )

    def _admits(self, item: TrackedItem) -> bool:
        return (
            is_among(item.body, self.bodies)
            and (not self.kinds or item.finding.kind in self.kinds)
            and (not self.statuses or item.status in self.statuses)
            and (not self.inspections or item.finding.inspection in self.inspections)
            and (self.owner is None or normalise(item.owner or "") == self.owner)
            and (self.text is None or any(self.text in normalise(t) for t in _texts(item)))
            and (not self.overdue or item.overdue)
            and (self.due_within is None or item.due_within(self.due_within))
        )


def _texts(item: TrackedItem) -> tuple[str, ...]:
    finding = item.finding
    optional = (finding.label, finding.note, finding.source_term, finding.deadline_words)
    return (item.id, finding.summary, *filter(None, optional), *finding.aliases)


def _by_deadline(item: TrackedItem) -> tuple[date, int]:
    return (item.deadline or date.max, _KIND_RANK[item.finding.kind])


SORTS: Mapping[str, Callable[[TrackedItem], object]] = {
    "body": lambda item: (normalise(item.body.name), _KIND_RANK[item.finding.kind]),
    "deadline": _by_deadline,
    "days": lambda item: (
        item.as_of + timedelta(days=item.days_left) if item.days_left is not None else date.max
    ),
    "id": lambda _: 0,
    "kind": lambda item: _KIND_RANK[item.finding.kind],
    "status": lambda item: tuple(Status).index(item.status) if item.status else len(Status),
    "published": lambda item: item.inspection.published,
    "owner": lambda item: (item.owner is None, normalise(item.owner or "")),
    "checked": lambda item: item.last_checked or date.max,
}
"""What a listing can be sorted by. Ties are by id, r2 before r10; what has no date stands last."""


def sort_items(items: Iterable[TrackedItem], keys: Iterable[str]) -> tuple[TrackedItem, ...]:
    """The items sorted by several keys, the first of them the most important; ties by id."""
    ordered = sorted(items, key=lambda item: natural_order(item.id))
    for key in reversed(tuple(keys)):
        ordered.sort(key=SORTS[key])  # type: ignore[arg-type]  # each key function gives one type
    return tuple(ordered)
