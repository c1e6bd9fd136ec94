"""Items as rows: one form for every report that lists them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from socwatch.records import KINDS, Body, BodyKind, Finding, Kind, Register, Status, natural_order
from socwatch.reports.table import NOTHING, Cell, Column, Row, Tone, cell, count, prose, spoken
from socwatch.tracking import DEADLINE_APPLIES, DUE_SOON_DAYS, Asked, Timing, Tracked, replay

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


def status_cell(item: Tracked) -> Cell:
    """The status of an item in words; a closed one says how it was closed.

    One that is acknowledged says until when, as long as that holds and it runs.
    """
    if item.status is None:
        return Cell(None, NOTHING, Tone.MUTED)
    words = STATUS_WORDS[item.status]
    if item.outcome is not None and item.status is Status.CLOSED:
        words += f": {item.outcome.replace('-', ' ')}"
    if item.acknowledged and item.status in DEADLINE_APPLIES:
        words += f"\nacknowledged until {spoken(item.acknowledged_until)}"
    return Cell(item.status.value, words, _STATUS_TONE.get(item.status, Tone.PLAIN))


def _deadline_cell(item: Tracked) -> Cell:
    """The deadline in force; one that was moved says from when."""
    words = spoken(item.deadline)
    if item.extensions and item.original_deadline != item.deadline:
        words += f"\nmoved from {spoken(item.original_deadline)}" if item.original_deadline else ""
    return Cell(item.deadline, words)


def timing_cell(item: Tracked, within: int = DUE_SOON_DAYS) -> Cell:
    """How an item stands to its deadline, in words that count the days."""
    timing = item.timing(within)
    words, tone = _timing_words(item, timing)
    return Cell(timing.value, words, tone)


def _timing_words(item: Tracked, timing: Timing) -> tuple[str, Tone]:
    days = item.days_left or 0
    match timing:
        case Timing.OVERDUE:
            return f"{count(-days, 'day')} past", Tone.OVERDUE
        case Timing.DUE_SOON:
            return ("due today" if days == 0 else f"{count(days, 'day')} left"), Tone.DUE_SOON
        case Timing.ON_TRACK:
            return f"{count(days, 'day')} left", Tone.PLAIN
        case Timing.MET:
            return "in time", Tone.GOOD
        case Timing.LATE:
            late = (item.completed - item.deadline).days if item.completed and item.deadline else 0
            if item.only_signed_off:
                return f"signed off {count(late, 'day')} after", Tone.MUTED
            return f"{count(late, 'day')} late", Tone.MUTED
        case Timing.NO_DEADLINE:
            return f"no deadline, {age_words(item.age)}", Tone.MUTED
        case Timing.NOT_APPLICABLE:
            return NOTHING, Tone.MUTED


def age_words(days: int) -> str:
    """An age in the unit that people would use for it."""
    if days < 0:
        return "not yet published"
    years = days // 365
    if years >= 2:  # noqa: PLR2004  # below two years, months say more
        return f"{years} years old"
    months = days // 30
    return f"{count(months, 'month')} old" if months >= 2 else f"{count(days, 'day')} old"  # noqa: PLR2004  # as above


_FIELDS: tuple[tuple[Column, Callable[[Tracked, int], Cell]], ...] = (
    (Column("id", "Item"), lambda i, _: cell(i.id, tone=Tone.STRONG)),
    (Column("finding"), lambda i, _: cell(i.finding.id)),
    (
        Column("body", "Body", narrowest=10, rank=2),
        lambda i, _: Cell(i.body.id, i.body.name),
    ),
    (
        Column("kind", "Kind", narrowest=8, rank=4),
        lambda i, _: Cell(i.finding.kind.value, KINDS[i.finding.kind].singular),
    ),
    (
        Column("summary", "Summary", narrowest=20, long=True),
        lambda i, _: prose(i.finding.summary),
    ),
    (Column("status", "Status", narrowest=6, rank=1), lambda i, _: status_cell(i)),
    (Column("deadline", "Deadline", rank=3), lambda i, _: _deadline_cell(i)),
    (Column("original_deadline"), lambda i, _: cell(i.original_deadline)),
    (Column("extensions"), lambda i, _: cell(i.extensions)),
    (Column("timing", "Timing", narrowest=10), timing_cell),
    (Column("days_left"), lambda i, _: cell(i.days_left)),
    (Column("owner", "Owner", narrowest=8, rank=5), lambda i, _: cell(i.owner)),
    (Column("last_checked", "Last checked", rank=6), lambda i, _: cell(i.last_checked)),
    (Column("inspection"), lambda i, _: cell(i.finding.inspection)),
    (Column("published"), lambda i, _: cell(i.inspection.published)),
    (Column("age_days"), lambda i, _: cell(i.age)),
    (Column("region"), lambda i, _: cell(i.body.region)),
    (Column("part_of"), lambda i, _: cell(i.finding.part_of)),
    (Column("label"), lambda i, _: cell(i.finding.label)),
    (Column("target"), lambda i, _: cell(i.finding.target)),
    (Column("completed"), lambda i, _: cell(i.completed)),
    (Column("outcome"), lambda i, _: cell(i.outcome.value if i.outcome else None)),
    (Column("successor"), lambda i, _: cell(i.successor)),
    (Column("acknowledged_until"), lambda i, _: cell(i.acknowledged_until)),
)
_CELLS = {column.key: value for column, value in _FIELDS}


class _ItemCells(Mapping[str, Cell]):
    """The cells of an item, each made when it is shown: most reports show few of many."""

    def __init__(self, item: Tracked, within: int) -> None:
        self.item, self.within = item, within

    def __getitem__(self, key: str) -> Cell:
        return _CELLS[key](self.item, self.within)

    def __iter__(self) -> Iterator[str]:
        return iter(_CELLS)

    def __len__(self) -> int:
        return len(_CELLS)


ITEM_COLUMNS: tuple[Column, ...] = tuple(column for column, _ in _FIELDS)
"""The fields of an item in JSON and CSV, in their order; keys are only ever added."""


def item_row(item: Tracked, within: int = DUE_SOON_DAYS) -> Row:
    """An item as a row of ITEM_COLUMNS."""
    return Row(_ItemCells(item, within))


def items_of(
    register: Register, asked: Asked, finding: Finding, bodies: Collection[str]
) -> tuple[Tracked, ...]:
    """The items of a finding for some of its bodies; none before its publication."""
    tracked = replay(register, asked.as_of, as_known=asked.as_known)
    return tuple(i for i in tracked if i.finding.id == finding.id and i.body.id in bodies)


def is_among(body: Body, chosen: Collection[str]) -> bool:
    """Whether a body is one of those chosen by id; a region means all that is inspected with it.

    None chosen means every body.
    """
    return not chosen or body.id in chosen or body.region in chosen


def of_bodies(items: Iterable[Tracked], chosen: Collection[str]) -> Iterator[Tracked]:
    """The items of the bodies that are among those chosen."""
    return (item for item in items if is_among(item.body, chosen))


def titled(title: str, bodies: Iterable[Body]) -> str:
    """A title that says of whom a report is, where that is not everybody.

    Of a region it is about all that is inspected with it, as `is_among` has it.
    """
    names = ", ".join(
        f"all of {body.name}" if body.kind is BodyKind.REGION else body.name for body in bodies
    )
    return f"{names[:1].upper()}{names[1:]}: {title[:1].lower()}{title[1:]}" if names else title


class Filter(NamedTuple):
    """Which items to list; an empty choice leaves all in, and all choices must agree."""

    bodies: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    kinds: frozenset[Kind] = frozenset()
    statuses: frozenset[Status] = frozenset()
    timings: frozenset[Timing] = frozenset()
    inspections: frozenset[str] = frozenset()
    owner: str | None = None
    text: str | None = None
    overdue: bool = False
    due_within: int | None = None

    def select(self, items: Iterable[Tracked], within: int = DUE_SOON_DAYS) -> tuple[Tracked, ...]:
        """The items that agree with every choice, in the order given.

        `within` is the number of days that makes an item due soon.
        """
        return tuple(item for item in items if self._admits(item, within))

    def duties(self, obligations: Iterable[Obligation]) -> tuple[Obligation, ...]:
        """The duties to answer a report that agree; none if a choice is of what only items have."""
        bare = self._replace(bodies=frozenset(), regions=frozenset(), inspections=frozenset())
        if bare != Filter():
            return ()
        return tuple(
            duty
            for duty in obligations
            if self._admits_body(duty.body)
            and (not self.inspections or duty.inspection.id in self.inspections)
        )

    def _admits_body(self, body: Body) -> bool:
        region = body.region or body.id
        return is_among(body, self.bodies) and (not self.regions or region in self.regions)

    def _admits(self, item: Tracked, within: int) -> bool:
        return (
            self._admits_body(item.body)
            and (not self.kinds or item.finding.kind in self.kinds)
            and (not self.statuses or item.status in self.statuses)
            and (not self.timings or item.timing(within) in self.timings)
            and (not self.inspections or item.finding.inspection in self.inspections)
            and (self.owner is None or contains(item.owner or "", self.owner))
            and (self.text is None or any(contains(t, self.text) for t in _texts(item)))
            and (not self.overdue or item.overdue)
            and (self.due_within is None or item.due_within(self.due_within))
        )


def contains(text: str, wanted: str) -> bool:
    """Whether a text holds another, whatever their case and blanks."""
    return " ".join(wanted.split()).casefold() in " ".join(text.split()).casefold()


def _texts(item: Tracked) -> tuple[str, ...]:
    finding = item.finding
    optional = (finding.label, finding.note, finding.source_term, finding.deadline_words)
    return (item.id, finding.summary, *filter(None, optional), *finding.aliases)


def _by_deadline(item: Tracked) -> tuple[date, int]:
    return (item.deadline or date.max, _KIND_RANK[item.finding.kind])


SORTS: Mapping[str, Callable[[Tracked], object]] = {
    "body": lambda item: (item.body.name.casefold(), _KIND_RANK[item.finding.kind]),
    "deadline": _by_deadline,
    "days": lambda item: (
        item.as_of + timedelta(days=item.days_left) if item.days_left is not None else date.max
    ),
    "id": lambda _: 0,
    "kind": lambda item: _KIND_RANK[item.finding.kind],
    "status": lambda item: tuple(Status).index(item.status) if item.status else len(Status),
    "published": lambda item: item.inspection.published,
    "owner": lambda item: (item.owner is None, (item.owner or "").casefold()),
    "checked": lambda item: item.last_checked or date.max,
}
"""What a listing can be sorted by. Ties are by id, r2 before r10; what has no date stands last."""


def sort_items(items: Iterable[Tracked], keys: Iterable[str]) -> tuple[Tracked, ...]:
    """The items sorted by several keys, the first of them the most important; ties by id."""
    ordered = sorted(items, key=lambda item: natural_order(item.id))
    for key in reversed(tuple(keys)):
        ordered.sort(key=SORTS[key])  # type: ignore[arg-type]  # each key function gives one type
    return tuple(ordered)
