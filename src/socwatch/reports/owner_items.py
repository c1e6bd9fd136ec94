"""What an owner is responsible for, as a sheet to fill in and send back to `import`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from socwatch.characters import normalise
from socwatch.records import Register
from socwatch.reports.export import Export, ExportValue, Field, Sheet
from socwatch.tracking import QueryDates, TrackedItem, replay

NAME = "owner_items"
"""The name of the sheet, by which `import` knows it."""

_FIELDS = (
    Field("item", "text", "Id of the item, by which it is found again.", worked_out=True),
    Field("reference", "text", "The number or name that its source gives it.", worked_out=True),
    Field("asks_for", "text", "What it asks for.", worked_out=True),
    Field("deadline", "day", "The current deadline.", worked_out=True),
    Field("status", "text", "Its status on this date.", worked_out=True),
    Field("owner", "text", "Who is responsible for it, and fills in the rest.", worked_out=True),
    Field("done_on", "day", "To fill in: the date on which it was done."),
    Field("evidence", "text", "To fill in: an address or file that shows it."),
    Field("note", "text", "To fill in: what else there is to say."),
)


def owner_book(register: Register, dates: QueryDates, owner: str) -> Export:
    """Return the live items of an owner as a book of one sheet; the name is normalised."""
    items = replay(register, dates.as_of, recorded_until=dates.recorded_until)
    mine = [item for item in items if item.live and normalise(item.owner or "") == owner]
    name = mine[0].owner if mine else owner
    notes = (
        ("To fill in", "Done on, Evidence and Note; leave the other columns as they are."),
        ("To send back", "Whoever keeps the register types: socwatch import FILE"),
    )
    sheet = Sheet(NAME, f"The live items of {name}.", _FIELDS, tuple(_rows(mine)))
    return Export(f"Items of {name}", dates, (sheet,), notes)


def _rows(items: Iterable[TrackedItem]) -> Iterator[tuple[ExportValue, ...]]:
    for item in items:
        status = item.status.replace("-", " ") if item.status is not None else None
        finding = item.finding
        yield (
            item.id, finding.label, finding.summary, item.deadline, status, item.owner,
            None, None, None,
        )  # fmt: skip
