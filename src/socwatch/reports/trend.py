"""How the figures went month by month, how old things have become, and how late they were done."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import accumulate
from statistics import median
from typing import NamedTuple

from socwatch.characters import normalise
from socwatch.dates import PartialDate, format_date
from socwatch.records import Body, Register, Status
from socwatch.reports.items import STATUS_WORDS, age_words, of_bodies, scope, title_for
from socwatch.reports.table import (
    Cell,
    Column,
    Counts,
    CountsOverTime,
    Report,
    Table,
    Tone,
    cell,
    count,
)
from socwatch.tracking import QueryDates, Timing, TrackedItem, periods, replay

_NOTE = (
    "Live is what is neither signed off nor closed. In time and late count against the deadline "
    "in force. Moved are the items whose deadline was moved, moves how often in all."
)


MOST_MONTHS = 600
"""Fifty years: a day asked about far in the future gives no more than these before it."""


class OnDays(NamedTuple):
    """How many items stood how on each of some days."""

    days: tuple[date, ...]
    by_status: dict[Status, tuple[int, ...]]
    overdue: tuple[int, ...]


def trend(register: Register, dates: QueryDates, *, bodies: Iterable[Body] = ()) -> Report:
    """The items by status on the last day of each month, and by body how old and how late.

    From the month of the first publication to the day asked about, which stands for its month, and
    at most MOST_MONTHS of them. A region among `bodies` means all that is inspected with it; none
    means every body.
    """
    bodies = tuple(bodies)
    tracked = replay(register, dates.as_of, recorded_until=dates.recorded_until)
    items = of_bodies(tracked, {body.id for body in bodies})
    return trend_of((item for item in items if item.status is not None), dates, bodies)


def trend_of(
    items: Iterable[TrackedItem], dates: QueryDates, bodies: Iterable[Body] = ()
) -> Report:
    """Return the report on items that have a status; `bodies` are those that were asked for."""
    items = tuple(items)
    counted = count_on(items, month_ends(items, dates.as_of))
    return Report(
        "trend",
        title_for(f"How {count(len(items), 'item')} went, month by month", bodies),
        dates,
        (
            Table(
                "rows",
                "",
                MONTH_COLUMNS,
                tuple(_months(counted)),
                if_empty=f"No findings were published on or before that date{scope(bodies)}.",
                more_hint="The figures of each month: add --format plain",
                chart=_chart(counted),
            ),
            Table("bodies", "Ages and slippage, by body", BODY_COLUMNS, tuple(_slippages(items))),
        ),
        (_NOTE, *_only_signed_off(items), *_left_out(items, counted.days)) if items else (),
    )


def _only_signed_off(items: Iterable[TrackedItem]) -> Iterator[str]:
    late = sum(item.only_signed_off and item.timing() is Timing.LATE for item in items)
    if late:
        yield (
            f"{late:,} of what was done late {'counts' if late == 1 else 'count'} up to the "
            "sign-off: the day on which it was said to be done is not on record."
        )


def _left_out(items: Iterable[TrackedItem], days: Sequence[date]) -> Iterator[str]:
    first = min(item.inspection.published for item in items)
    begin = days[0].replace(day=1)
    if first < begin:
        yield (
            f"Only the last {MOST_MONTHS} months are here; those before {format_date(begin)} are "
            "left out."
        )


def month_ends(items: Iterable[TrackedItem], last: date) -> tuple[date, ...]:
    """The last days of the months from the first publication on, the last being `last` itself.

    Of more than MOST_MONTHS only the last are given.
    """
    first = min((item.inspection.published for item in items), default=None)
    if first is None:
        return ()
    end = last.year * 12 + last.month - 1
    months = range(max(first.year * 12 + first.month - 1, end - MOST_MONTHS + 1), end)
    ends = (PartialDate.of_month(month // 12, month % 12 + 1).last for month in months)
    return (*ends, last)


def count_on(items: Iterable[TrackedItem], days: Sequence[date]) -> OnDays:
    """How many items stood how on each of these days, which are in order.

    Equals a replay of each day; but each item's updates are walked once, however many the days.
    """
    steps = {status: [0] * (len(days) + 1) for status in Status}
    overdue = [0] * (len(days) + 1)

    def add(to: list[int], first: date, last: date) -> None:
        to[bisect_left(days, first)] += 1
        to[bisect_right(days, last)] -= 1

    for item in items:
        for period in periods(item):
            add(steps[period.state.status], period.first, period.last)
            if period.overdue_from is not None:
                add(overdue, period.overdue_from, period.last)
    by_status = {status: tuple(accumulate(each[:-1])) for status, each in steps.items()}
    return OnDays(tuple(days), by_status, tuple(accumulate(overdue[:-1])))


def _months(counted: OnDays) -> Iterator[Month]:
    for index, day in enumerate(counted.days):
        numbers = {status: values[index] for status, values in counted.by_status.items()}
        yield Month(day, numbers, counted.overdue[index])


class Month(NamedTuple):
    """How many items stood how on a day."""

    on: date
    by_status: Mapping[Status, int]
    overdue: int


def _number_of(status: Status) -> Column[Month]:
    """Return the column of how many items had a status."""
    words = {Status.DONE: "said to be done"}.get(status, STATUS_WORDS[status])
    key, heading = status.replace("-", "_"), STATUS_WORDS[status].capitalize()
    column = Column[Month](
        key, f"Items that were {words}.", lambda m: m.by_status[status], "number"
    )
    return column.under(heading, align="right")


def _overdue_cell(row: Month | Slippage) -> Cell:
    return cell(row.overdue, tone=Tone.OVERDUE if row.overdue else Tone.PLAIN)


MONTH_COLUMNS: tuple[Column[Month], ...] = (
    Column[Month](
        "on", "Its last day; of the last month, the day asked about.", lambda m: m.on, "day"
    ).under("On"),
    _number_of(Status.OPEN),
    _number_of(Status.IN_PROGRESS),
    Column[Month](
        "overdue", "Those of them that were past their deadline.", _overdue_cell, "number"
    ).under("Past their deadline", align="right"),
    _number_of(Status.DONE),
    _number_of(Status.SIGNED_OFF),
    _number_of(Status.CLOSED),
    Column[Month](
        "all",
        "All of them, `overdue` not added again.",
        lambda m: sum(m.by_status.values()),
        "number",
    ).under("All", align="right"),
)


def _chart(counted: OnDays) -> CountsOverTime | None:
    if not counted.days:
        return None
    by_status = counted.by_status
    running = zip(by_status[Status.OPEN], by_status[Status.IN_PROGRESS], strict=True)
    drawn = (
        Counts("Open or in progress", tuple(map(sum, running))),
        Counts("Of these past their deadline", counted.overdue, Tone.OVERDUE),
        Counts("Done, not signed off", by_status[Status.DONE], Tone.DUE_SOON),
        Counts("Signed off", by_status[Status.SIGNED_OFF], Tone.GOOD),
        Counts("Closed otherwise", by_status[Status.CLOSED], Tone.MUTED),
    )
    return CountsOverTime("Items on the last day of each month", counted.days, drawn)


class Slippage(NamedTuple):
    """How old the items of a body have become, and how late they were done."""

    body: Body
    as_of: date
    live: int
    median_age: int | None
    """Days, as are the others that are no count."""
    oldest: int | None
    overdue: int
    done_on_time: int
    done_late: int
    latest: int | None
    done_after_original: int
    moved: int
    moves: int
    max_moves: int
    moved_by: int | None
    """The most days between a first deadline and the one in force; negative for an earlier one."""


def _slippages(items: Iterable[TrackedItem]) -> Iterator[Slippage]:
    by_body: defaultdict[str, list[TrackedItem]] = defaultdict(list)
    for item in items:
        by_body[item.body.id].append(item)
    for of_body in sorted(by_body.values(), key=lambda each: normalise(each[0].body.name)):
        yield _slippage(of_body)


def _slippage(items: Sequence[TrackedItem]) -> Slippage:
    ages = [item.age for item in items if item.live]
    timings = [item.timing() for item in items]
    late = [
        (item.completed - item.deadline).days
        for item, timing in zip(items, timings, strict=True)
        if timing is Timing.LATE and item.completed and item.deadline
    ]
    original = [
        item.completed > item.original_deadline
        for item in items
        if item.completed and item.original_deadline and item.status is not Status.CLOSED
    ]
    moved = [item for item in items if item.moves]
    by = [
        (item.deadline - item.original_deadline).days
        for item in moved
        if item.deadline and item.original_deadline
    ]
    return Slippage(
        body=items[0].body,
        as_of=items[0].as_of,
        live=len(ages),
        median_age=int(median(ages)) if ages else None,
        oldest=max(ages, default=None),
        overdue=sum(item.overdue for item in items),
        done_on_time=timings.count(Timing.MET),
        done_late=len(late),
        latest=max(late, default=None),
        done_after_original=sum(original),
        moved=len(moved),
        moves=sum(item.moves for item in moved),
        max_moves=max((item.moves for item in moved), default=0),
        moved_by=max(by, key=abs, default=None),
    )


def _moved_by(days: int | None) -> Cell:
    """By how many days a deadline was moved; people are told if that brought it forward."""
    if days is None:
        return cell(None)
    words = count(abs(days), "day") + (" earlier" if days < 0 else "")
    return Cell(abs(days), words, rank=days)


def _age(days: int | None, as_of: date) -> Cell:
    if days is None:
        return cell(None)
    return Cell(days, age_words(as_of - timedelta(days=days), as_of).removesuffix(" old"))


def _days(days: int | None) -> Cell:
    return cell(None) if days is None else Cell(days, count(days, "day"))


BODY_COLUMNS: tuple[Column[Slippage], ...] = (
    Column[Slippage]("body", "Id of the body.", lambda s: s.body.id),
    Column[Slippage]("name", "Its name.", lambda s: cell(s.body.name, tone=Tone.STRONG)).under(
        "Body", min_width=12
    ),
    Column[Slippage](
        "live", "Items that are neither signed off nor closed.", lambda s: s.live, "number"
    ).under("Live", align="right"),
    Column[Slippage](
        "median_age_days",
        "Their median age in whole days, from publication.",
        lambda s: _age(s.median_age, s.as_of),
        "number",
    ).under("Median age", min_width=9, drop_order=3),
    Column[Slippage](
        "oldest_days", "The age of the oldest.", lambda s: _age(s.oldest, s.as_of), "number"
    ).under("Oldest", min_width=9, drop_order=2),
    Column[Slippage]("overdue", "Those past their deadline.", _overdue_cell, "number").under(
        "Overdue", align="right"
    ),
    Column[Slippage](
        "done_in_time",
        "Items done or signed off by the deadline in force.",
        lambda s: s.done_on_time,
        "number",
    ).under("Done in time", align="right", min_width=7),
    Column[Slippage](
        "done_late", "Items done or signed off after it.", lambda s: s.done_late, "number"
    ).under("Done late", align="right", min_width=5),
    Column[Slippage](
        "latest_days",
        "Days by which the latest was late; up to the sign-off if no other day is known.",
        lambda s: _days(s.latest),
        "number",
    ).under("Latest by", min_width=9, drop_order=2),
    Column[Slippage](
        "done_after_original",
        "Items done or signed off after the deadline that was first set.",
        lambda s: s.done_after_original,
        "number",
    ).under("After the first deadline", align="right", min_width=8, drop_order=3),
    Column[Slippage]("moved", "Items whose deadline was moved.", lambda s: s.moved, "number").under(
        "Moved", align="right", drop_order=1
    ),
    Column[Slippage]("moves", "How often, in all.", lambda s: s.moves, "number").under(
        "Moves", align="right", drop_order=1
    ),
    Column[Slippage](
        "most_moves", "How often the one that was moved most.", lambda s: s.max_moves, "number"
    ),
    Column[Slippage](
        "moved_days_most",
        "The most days between the first deadline of an item and the one in force.",
        lambda s: _moved_by(s.moved_by),
        "number",
    ).under("By at most", min_width=9, drop_order=4),
)
