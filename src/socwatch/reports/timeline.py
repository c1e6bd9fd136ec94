"""Deadlines past and to come, by body, on one axis."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby

from socwatch.records import Body, Register
from socwatch.reports.items import ITEM_COLUMNS, item_row, of_bodies, sort_items, titled
from socwatch.reports.table import Column, Lane, LanesOverTime, Report, Table, Tone, count
from socwatch.tracking import Asked, Tracked, replay

_SHOWN = (
    Column("deadline", "Deadline"),
    Column("id", "Item"),
    Column("status", "Status", narrowest=6, rank=1),
    Column("timing", "Timing", narrowest=10),
    Column("summary", "Summary", narrowest=20, rank=2, long=True),
)
TIMELINE_COLUMNS = _SHOWN + tuple(
    Column(column.key)
    for column in ITEM_COLUMNS
    if column.key not in {shown.key for shown in _SHOWN}
)

NOTE = (
    "A deadline that was moved stands at the day in force. What has no deadline is not drawn; "
    "socwatch trend says how old it is."
)


def timeline(register: Register, asked: Asked, *, bodies: Iterable[Body] = ()) -> Report:
    """The items with a deadline, by body and then by day.

    A region among `bodies` means all that is inspected with it; none means every body.
    """
    bodies = tuple(bodies)
    chosen = {body.id for body in bodies}
    tracked = of_bodies(replay(register, asked.as_of, as_known=asked.as_known), chosen)
    dated = (item for item in tracked if item.deadline is not None)
    items = sorted(sort_items(dated, ("deadline",)), key=_by_body)
    groups = [(each[0].body.name, each) for each in _grouped(items)]
    chart = LanesOverTime(
        "Deadlines, by body",
        asked.as_of,
        tuple((name, tuple(_lanes(members))) for name, members in groups),
    )
    rows = tuple(
        item_row(item, asked.within)._replace(group=name)
        for name, members in groups
        for item in members
    )
    table = Table(
        "rows",
        "",
        TIMELINE_COLUMNS,
        rows,
        if_empty="No finding has a deadline by that day.",
        rest="Each deadline with its day: add --format plain",
        chart=chart if rows else None,
    )
    title = f"{count(len(rows), 'deadline')} of {count(len(groups), 'body', 'bodies')}"
    return Report("timeline", titled(title, bodies), asked, (table,), (NOTE,) if rows else ())


def _by_body(item: Tracked) -> tuple[str, str]:
    return (item.body.name.casefold(), item.body.id)


def _grouped(items: Iterable[Tracked]) -> Iterator[tuple[Tracked, ...]]:
    return (tuple(members) for _, members in groupby(items, key=_by_body))


def _lanes(items: Sequence[Tracked]) -> Iterator[Lane]:
    """A lane for what is past, for what is to come and for what is done, if there is any."""
    for label, tone, belongs in LANES:
        days = tuple(item.deadline for item in items if item.deadline and belongs(item))
        if days:
            yield Lane(label, days, tone)


LANES: tuple[tuple[str, Tone, Callable[[Tracked], bool]], ...] = (
    ("past", Tone.OVERDUE, lambda item: item.overdue),
    ("to come", Tone.STRONG, lambda item: item.deadline_ahead is not None),
    ("done or ended", Tone.GOOD, lambda item: item.days_left is None),
)
"""The lanes of a body: each item with a deadline is in one of them."""
