"""How the figures went month by month, how old things have become, and how late they were done."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import accumulate
from statistics import median
from typing import NamedTuple

from socwatch.dates import PartialDate
from socwatch.records import Body, Register, Status
from socwatch.reports.items import age_words, of_bodies, titled
from socwatch.reports.table import (
    Cell,
    Column,
    Counts,
    CountsOverTime,
    Report,
    Row,
    Table,
    Tone,
    cell,
    count,
)
from socwatch.tracking import Asked, Timing, Tracked, periods, replay

MONTH_COLUMNS: tuple[Column, ...] = (
    Column("on", "On"),
    Column("open", "Open", align="right"),
    Column("in_progress", "In progress", align="right"),
    Column("overdue", "Past their deadline", align="right"),
    Column("done", "Done", align="right"),
    Column("signed_off", "Signed off", align="right"),
    Column("closed", "Closed", align="right"),
    Column("all", "All", align="right"),
)

BODY_COLUMNS: tuple[Column, ...] = (
    Column("body"),
    Column("name", "Body", narrowest=12),
    Column("live", "Live", align="right"),
    Column("median_age_days", "Median age", rank=3, narrowest=9),
    Column("oldest_days", "Oldest", rank=2, narrowest=9),
    Column("overdue", "Overdue", align="right"),
    Column("done_in_time", "Done in time", align="right", narrowest=7),
    Column("done_late", "Done late", align="right", narrowest=5),
    Column("latest_days", "Latest by", narrowest=9, rank=2),
    Column("done_after_original", "After the first deadline", align="right", narrowest=8, rank=3),
    Column("moved", "Moved", align="right", rank=1),
    Column("moves", "Moves", align="right", rank=1),
    Column("most_moves"),
    Column("moved_days_most", "By at most", narrowest=9, rank=4),
)

NOTE = (
    "Live is what is neither signed off nor closed. In time and late count against the deadline "
    "in force. Moved are the items whose deadline was moved, moves how often in all."
)


class OnDays(NamedTuple):
    """How many items stood how on each of some days."""

    days: tuple[date, ...]
    by_status: dict[Status, tuple[int, ...]]
    overdue: tuple[int, ...]


def trend(register: Register, asked: Asked, *, bodies: Iterable[Body] = ()) -> Report:
    """The items by status on the last day of each month, and by body how old and how late.

    From the month of the first publication to the day asked about, which stands for its month. A
    region among `bodies` means all that is inspected with it; none means every body.
    """
    bodies = tuple(bodies)
    chosen = {body.id for body in bodies}
    items = tuple(
        item
        for item in of_bodies(replay(register, asked.as_of, as_known=asked.as_known), chosen)
        if item.status is not None
    )
    counted = count_on(items, month_ends(items, asked.as_of))
    rows = tuple(_month(counted, index) for index in range(len(counted.days)))
    return Report(
        "trend",
        titled(f"How {count(len(items), 'item')} went, month by month", bodies),
        asked,
        (
            Table(
                "rows",
                "",
                MONTH_COLUMNS,
                rows,
                if_empty="No finding by that day.",
                rest="The figures of each month: add --format plain",
                chart=_chart(counted),
            ),
            Table("bodies", "Ages and slippage, by body", BODY_COLUMNS, tuple(_bodies(items))),
        ),
        (NOTE, *_only_signed_off(items)) if items else (),
    )


def _only_signed_off(items: Iterable[Tracked]) -> Iterator[str]:
    late = sum(item.only_signed_off and item.timing() is Timing.LATE for item in items)
    if late:
        yield (
            f"{late:,} of what was done late {'counts' if late == 1 else 'count'} up to the "
            "sign-off: the day on which it was said to be done is not on record."
        )


def month_ends(items: Iterable[Tracked], last: date) -> tuple[date, ...]:
    """The last days of the months from the first publication on, the last being `last` itself."""
    first = min((item.inspection.published for item in items), default=None)
    if first is None:
        return ()
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month - 1)
    ends = (PartialDate.of_month(month // 12, month % 12 + 1).last for month in months)
    return (*ends, last)


def count_on(items: Iterable[Tracked], days: Sequence[date]) -> OnDays:
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


def _month(counted: OnDays, index: int) -> Row:
    numbers = {status: values[index] for status, values in counted.by_status.items()}
    overdue = counted.overdue[index]
    return Row(
        {
            "on": cell(counted.days[index]),
            **{status.replace("-", "_"): cell(number) for status, number in numbers.items()},
            "overdue": cell(overdue, tone=Tone.OVERDUE if overdue else Tone.PLAIN),
            "all": cell(sum(numbers.values())),
        }
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


def _bodies(items: Iterable[Tracked]) -> Iterator[Row]:
    by_body: defaultdict[str, list[Tracked]] = defaultdict(list)
    for item in items:
        by_body[item.body.id].append(item)
    for of_body in sorted(by_body.values(), key=lambda each: each[0].body.name.casefold()):
        yield _body(of_body)


def _body(items: Sequence[Tracked]) -> Row:
    body = items[0].body
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
    overdue = sum(item.overdue for item in items)
    return Row(
        {
            "body": cell(body.id),
            "name": cell(body.name, tone=Tone.STRONG),
            "live": cell(len(ages)),
            "median_age_days": _age(int(median(ages)) if ages else None),
            "oldest_days": _age(max(ages, default=None)),
            "overdue": cell(overdue, tone=Tone.OVERDUE if overdue else Tone.PLAIN),
            "done_in_time": cell(timings.count(Timing.MET)),
            "done_late": cell(len(late)),
            "latest_days": _days(max(late, default=None)),
            "done_after_original": cell(sum(original)),
            "moved": cell(len(moved)),
            "moves": cell(sum(item.moves for item in moved)),
            "most_moves": cell(max((item.moves for item in moved), default=0)),
            "moved_days_most": _moved_by(max(by, key=abs, default=None)),
        }
    )


def _moved_by(days: int | None) -> Cell:
    """By how many days a deadline was moved; people are told if that brought it forward."""
    if days is None:
        return cell(None)
    return Cell(abs(days), count(abs(days), "day") + (" earlier" if days < 0 else ""))


def _age(days: int | None) -> Cell:
    return cell(None) if days is None else Cell(days, age_words(days).removesuffix(" old"))


def _days(days: int | None) -> Cell:
    return cell(None) if days is None else Cell(days, count(days, "day"))
