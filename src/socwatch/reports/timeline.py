"""Deadlines past and to come, by body, on one axis."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby

from socwatch.characters import normalise
from socwatch.records import Body, Register
from socwatch.reports.items import item_columns, of_bodies, scope, sort_items, title_for
from socwatch.reports.table import (
    Column,
    Lane,
    LanesOverTime,
    Report,
    Table,
    Tone,
    by_key,
    count,
    with_others,
)
from socwatch.tracking import QueryDates, TrackedItem, replay


def timeline_columns(within: int) -> tuple[Column[TrackedItem], ...]:
    """Return the facts of an item as the timeline shows them."""
    of = by_key(item_columns(within))
    shown = (
        of["deadline"].under("Deadline"),
        of["id"].under("Item"),
        of["status"].under("Status", min_width=6, drop_order=1),
        of["timing"].under("Timing", min_width=10),
        of["summary"].under("Summary", min_width=20, drop_order=2, long=True),
    )
    return with_others(shown, of.values())


_NOTE = (
    "A deadline that was moved stands at the day in force. What has no deadline is not drawn; "
    "socwatch trend says how old it is."
)


def timeline(register: Register, dates: QueryDates, *, bodies: Iterable[Body] = ()) -> Report:
    """The items with a deadline, by body and then by day.

    A region among `bodies` means all that is inspected with it; none means every body.
    """
    bodies = tuple(bodies)
    tracked = replay(register, dates.as_of, recorded_until=dates.recorded_until)
    return timeline_of(of_bodies(tracked, {body.id for body in bodies}), dates, bodies)


def timeline_of(
    tracked: Iterable[TrackedItem], dates: QueryDates, bodies: Iterable[Body] = ()
) -> Report:
    """Return the report on items; `bodies` are those that were asked for."""
    bodies = tuple(bodies)
    dated = (item for item in tracked if item.deadline is not None)
    items = sorted(sort_items(dated, ("deadline",)), key=_by_body)
    groups = [(each[0].body.name, each) for each in _group(items)]
    chart = LanesOverTime(
        "Deadlines, by body",
        dates.as_of,
        tuple((name, tuple(_lanes(members))) for name, members in groups),
    )
    table = Table(
        "rows",
        "",
        timeline_columns(dates.within),
        tuple(items),
        group=lambda item: item.body.name,
        if_empty=f"No item has a deadline{scope(bodies)}.",
        more_hint="Each deadline with its day: add --format plain",
        chart=chart if items else None,
    )
    title = f"{count(len(items), 'deadline')} of {count(len(groups), 'body', 'bodies')}"
    return Report("timeline", title_for(title, bodies), dates, (table,), (_NOTE,) if items else ())


def _by_body(item: TrackedItem) -> tuple[str, str]:
    return (normalise(item.body.name), item.body.id)


def _group(items: Iterable[TrackedItem]) -> Iterator[tuple[TrackedItem, ...]]:
    return (tuple(members) for _, members in groupby(items, key=_by_body))


def _lanes(items: Sequence[TrackedItem]) -> Iterator[Lane]:
    """A lane for what is past, for what is to come and for what is done, if there is any."""
    for label, tone, belongs in LANES:
        days = tuple(item.deadline for item in items if item.deadline and belongs(item))
        if days:
            yield Lane(label, days, tone)


LANES: tuple[tuple[str, Tone, Callable[[TrackedItem], bool]], ...] = (
    ("past", Tone.OVERDUE, lambda item: item.overdue),
    ("to come", Tone.STRONG, lambda item: item.deadline_ahead is not None),
    ("done or ended", Tone.GOOD, lambda item: item.days_left is None),
)
"""The lanes of a body: each item with a deadline is in one of them."""
