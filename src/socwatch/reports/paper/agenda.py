"""The tables that a committee goes through: what is live, finished, moved, past its deadline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from socwatch.records import KINDS, Kind, natural_order
from socwatch.reports.change_events import Change, Changed
from socwatch.reports.changes import change_columns
from socwatch.reports.items import age_words, item_columns, sort_items
from socwatch.reports.paper.sections import PaperContext, Section, TableWithChart
from socwatch.reports.table import (
    Cell,
    Column,
    Table,
    Tone,
    by_key,
    cell,
    count,
    format_value,
    prose,
)
from socwatch.tracking import TrackedItem

LIVE = (Kind.CAUSE_OF_CONCERN, Kind.RECOMMENDATION, Kind.AREA_FOR_IMPROVEMENT)
"""The kinds of what can be live, each with a table of its own."""


def item_facts(context: PaperContext) -> dict[str, Column[TrackedItem]]:
    """Return the facts of an item by their keys, under the headings that the paper gives them."""
    of = by_key(item_columns(context.dates.within))
    headings = {
        "id": "Item",
        "body": "Body",
        "status": "Status",
        "deadline": "Deadline",
        "timing": "Timing",
        "published": "Published",
        "owner": "Owner",
        "last_checked": "Last checked",
    }
    shown = {key: of[key].under(heading) for key, heading in headings.items()}
    return {**shown, "summary": of["summary"].under("What it asks for", long=True)}


def change_facts(context: PaperContext, *, late: bool = False) -> dict[str, Column[Changed]]:
    """Return the facts of a change by their keys, under the headings that the paper gives them."""
    of = by_key(change_columns(context.dates, late=late))
    headings = {
        "item": "Item",
        "body": "Body",
        "on": "On",
        "what": "What",
        "from": "From",
        "to": "To",
    }
    shown = {key: of[key].under(heading) for key, heading in headings.items()}
    return {
        **shown,
        "summary": of["summary"].under("What it asks for", long=True),
        "by": of["by"].under("Said by"),
        "note": of["note"].under("Reason or note", long=True),
    }


def by_kind(items: Iterable[TrackedItem]) -> str:
    """How many items there are of each kind: 2 causes of concern, 6 recommendations and 1 …."""
    numbers = Counter(item.finding.kind for item in items)
    *most, last = [count(numbers[kind], KINDS[kind].singular, KINDS[kind].plural) for kind in LIVE]
    return f"{', '.join(most)} and {last}"


def live(context: PaperContext) -> Section:
    """A: what is neither signed off nor closed, kind by kind."""
    live = context.live
    causes, recommendations, areas = (
        [item for item in live if item.finding.kind is kind] for kind in LIVE
    )
    sums = " + ".join(f"{len(each):,}" for each in (causes, recommendations, areas))
    return Section(
        "live",
        "A. What is live",
        (
            (
                f"What is neither signed off nor closed: {by_kind(live)} ({sums} = {len(live):,}). "
                "A recommendation hangs from a cause of concern and has a deadline. An area for "
                "improvement usually has none: it has an age, and is never past a deadline."
            ),
        ),
        tables=tuple(
            TableWithChart(table)
            for table in (
                _causes(context, causes),
                _recommendations(context, recommendations),
                _areas(context, areas),
            )
        ),
    )


def _causes(context: PaperContext, causes: Iterable[TrackedItem]) -> Table[TrackedItem]:
    held = Counter(finding.part_of for finding in context.register.findings)
    of_body = Counter((item.finding.part_of, item.body.id) for item in context.items)
    live = Counter((item.finding.part_of, item.body.id) for item in context.live)

    def recommendations(item: TrackedItem) -> Cell:
        here, stated = held[item.finding.id], item.finding.recommendations_stated
        words = f"{live[item.key]} of {of_body[item.key]} live"
        if stated is not None and here < stated:
            words += f"\n{here} of {stated} on record"
        return Cell(of_body[item.key], words, rank=live[item.key])

    of = item_facts(context)
    columns = (
        of["id"],
        of["body"],
        of["summary"].under("What the concern is", long=True),
        of["status"],
        Column[TrackedItem]("recommendations", "", recommendations).under("Recommendations"),
        of["deadline"],
        of["published"],
        SOURCES,
    )
    rows = tuple(sorted(causes, key=_latest_first))
    title = f"Causes of concern that are live ({len(rows):,})"
    return Table(
        "causes", title, columns, rows, if_empty=f"No cause of concern is live{context.scope}."
    )


SOURCES = Column[TrackedItem]("sources", "", lambda item: item.finding.sources).under(
    "Sources", link="source"
)
"""The sources of an item's finding, which a page links to its list of them."""


def _latest_first(item: TrackedItem) -> tuple[int, object]:
    return (-item.inspection.published.toordinal(), natural_order(item.id))


def _recommendations(context: PaperContext, items: Sequence[TrackedItem]) -> Table[TrackedItem]:
    """The recommendations by cause of concern, the cause that was published last first."""
    register = context.register
    ordered = sorted(
        sort_items(items, ("deadline",)),
        key=lambda item: (
            -item.inspection.published.toordinal(),
            natural_order(item.finding.part_of or ""),
        ),
    )

    def group(item: TrackedItem) -> str:
        cause = register.finding_by_id[item.finding.part_of or item.finding.id]
        return f"{cause.id}: {' '.join(cause.summary.split())}"

    of = item_facts(context)
    keys = ("id", "body", "summary", "status", "deadline", "timing", "owner", "last_checked")
    return Table(
        "recommendations",
        f"Recommendations that are live, by cause of concern ({len(ordered):,})",
        tuple(of[key] for key in keys),
        tuple(ordered),
        group=group,
        if_empty=f"No recommendation is live{context.scope}.",
    )


def _areas(context: PaperContext, items: Iterable[TrackedItem]) -> Table[TrackedItem]:
    """The areas for improvement, the oldest first."""
    of = item_facts(context)
    columns = (
        of["id"],
        of["body"],
        of["summary"],
        of["status"],
        Column[TrackedItem](
            "age", "", lambda i: cell(i.age, age_words(i.inspection.published, i.as_of))
        ).under("Age"),
        of["published"],
        of["owner"],
        of["last_checked"],
    )
    rows = sort_items(items, ("published", "body"))
    return Table(
        "areas",
        f"Areas for improvement that are live, oldest first ({len(rows):,})",
        columns,
        rows,
        if_empty=f"No area for improvement is live{context.scope}.",
    )


def progress(context: PaperContext) -> Section:
    """B: what has been done or has ended since, with who says so and on what evidence.

    What was reopened after that is not among it, and has a table of its own.
    """
    since, of = format_value(context.since), change_facts(context)
    columns = (
        of["item"],
        of["body"],
        of["summary"],
        of["on"],
        of["what"],
        of["by"],
        _note_under("Note"),
        Column[Changed]("evidence", "", _evidence_cell).under("Evidence", link="address"),
    )
    rows = context.progress
    numbers = Counter(each.change for each in rows)
    table = Table(
        "progress",
        f"Reported done, signed off or closed after {since} ({len(rows):,})",
        columns,
        rows,
        group=lambda each: f"{_PROGRESS[each.change]} ({numbers[each.change]:,})",
        if_empty=f"No item was reported done, signed off or closed{context.scope} after {since}.",
    )
    reopened = context.changed(Change.REOPENED)
    again = Table("reopened", f"Reopened after {since} ({len(reopened):,})", columns, reopened)
    return Section(
        "progress",
        f"B. Progress since {since}",
        (
            (
                "Reported done is the body's own word. Signed off means that the inspectorate "
                "accepts it. Closed items ended otherwise: superseded, not accepted, or no longer "
                "relevant. An item that was reopened later is only in the table of reopened items."
            ),
        ),
        tables=(TableWithChart(table), *([TableWithChart(again)] if reopened else [])),
    )


_PROGRESS = {
    Change.DONE: "Reported done",
    Change.SIGNED_OFF: "Signed off",
    Change.CLOSED: "Closed",
}
"""The headings of what has been done or has ended, in their order."""


def _note_under(heading: str) -> Column[Changed]:
    """Return the column of notes, without the word that says which sort of note each is."""
    column = Column[Changed]("note", "", lambda c: prose(c.update.note if c.update else None))
    return column.under(heading, long=True)


def _evidence_cell(each: Changed) -> Cell:
    evidence = each.update.evidence if each.update is not None else ()
    return cell(evidence, "\n".join(evidence) or None)


def moved(context: PaperContext) -> Section:
    """C: the deadlines moved since, from when to when, why, and who agreed."""
    since, of = format_value(context.since), change_facts(context)
    columns = (
        of["item"],
        of["body"],
        of["summary"],
        of["from"],
        of["to"],
        _note_under("Reason"),
        of["by"].under("Agreed by"),
        of["on"],
        Column[Changed]("before", "", _moves_before).under("Moved before", align="right"),
    )
    rows = context.changed(Change.DEADLINE)
    table = Table(
        "moved",
        f"Deadlines moved after {since} ({len(rows):,})",
        columns,
        rows,
        if_empty=f"No deadline was moved{context.scope} after {since}.",
    )
    return Section(
        "moved",
        "C. Deadlines moved, and why",
        ("How often it had been moved before counts every earlier move of the same deadline.",),
        tables=(TableWithChart(table),),
    )


def _moves_before(each: Changed) -> int | None:
    return each.moves - 1 if each.moves is not None else None


def overdue(context: PaperContext) -> Section:
    """D: what is past its deadline, the longest first."""
    of = item_facts(context)
    columns = (
        of["id"],
        of["body"],
        of["summary"],
        of["status"],
        of["deadline"],
        Column[TrackedItem]("past", "", _days_past).under("Days past", align="right"),
        of["owner"],
        of["last_checked"],
        Column[TrackedItem]("muted", "", _muted_until).under("Last day muted"),
    )
    rows = context.overdue
    table = Table(
        "overdue",
        f"Past their deadline, no completion on record, the longest first ({len(rows):,})",
        columns,
        rows,
        if_empty=f"No items are overdue{context.scope}.",
    )
    return Section(
        "overdue",
        "D. Past their deadline",
        (
            (
                "The deadline day itself is in time. “No completion on record” says what this "
                "register holds: the body may have finished, and the register not know of it."
            ),
        ),
        tables=(TableWithChart(table),),
        points=context.recurrences,
    )


def _days_past(item: TrackedItem) -> Cell:
    return cell(-(item.days_left or 0), tone=Tone.OVERDUE)


def _muted_until(item: TrackedItem) -> date | None:
    return item.muted_until if item.muted else None
