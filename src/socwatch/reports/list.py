"""Items, filtered and sorted as asked."""

from __future__ import annotations

from collections.abc import Iterable

from socwatch.records import Register
from socwatch.reports.items import Filter, item_columns, sort_items
from socwatch.reports.table import Report, Table, count
from socwatch.tracking import QueryDates, replay

MAX_ITEMS = 400
"""How many items a screen shows; nobody reads more, and drawing them takes seconds."""


def items(
    register: Register,
    dates: QueryDates,
    chosen: Filter,
    *,
    sort: Iterable[str] = ("body", "deadline"),
    reverse: bool = False,
) -> Report:
    """The items that a filter admits, sorted as asked."""
    tracked = replay(register, dates.as_of, recorded_until=dates.recorded_until)
    listed = sort_items(chosen.select(tracked), sort)
    if reverse:
        listed = listed[::-1]
    overdue = sum(item.overdue for item in listed)
    title = f"{count(len(listed), 'item')} of {len(tracked):,}"
    practice = sum(item.status is None for item in listed)
    if practice:
        title += f", {practice:,} of them innovative practice, which asks for nothing"
    if overdue and overdue == len(listed):
        title += f", past {'its' if overdue == 1 else 'their'} deadline"
    elif overdue:
        title += f", {overdue:,} past {'its' if overdue == 1 else 'their'} deadline"
    table = Table(
        "rows",
        "",
        item_columns(dates.within),
        listed,
        if_empty="No item matches these filters."
        if tracked
        else "No findings were published on or before that date.",
        max_rows=MAX_ITEMS,
        more_hint="add --format plain to see all",
    )
    return Report("list", title, dates, (table,))
