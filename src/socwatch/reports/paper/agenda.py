"""The tables that a committee goes through: what is live, finished, moved, past its deadline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from socwatch.records import KINDS, Kind, natural_order
from socwatch.reports.change_events import Change
from socwatch.reports.items import age_words, item_row, sort_items
from socwatch.reports.paper.sections import Exhibit, Material, Section
from socwatch.reports.table import Cell, Column, Row, Table, Tone, cell, count, prose, spoken
from socwatch.tracking import Tracked

LIVE = (Kind.CAUSE_OF_CONCERN, Kind.RECOMMENDATION, Kind.AREA_FOR_IMPROVEMENT)
"""The kinds of what can be live, each with a table of its own."""

_FINISHED = (Change.DONE, Change.SIGNED_OFF, Change.CLOSED, Change.REOPENED)

_ITEM = Column("id", "Item")
_BODY = Column("body", "Body")
_SUMMARY = Column("summary", "What it asks for", long=True)
_STATUS = Column("status", "Status")
_OWNER = Column("owner", "Owner")
_CHECKED = Column("last_checked", "Last checked")

CAUSE_COLUMNS = (
    _ITEM,
    _BODY,
    Column("summary", "What the concern is", long=True),
    _STATUS,
    Column("recommendations", "Recommendations"),
    Column("deadline", "Deadline"),
    Column("published", "Published"),
    Column("sources", "Sources", link="source"),
)
RECOMMENDATION_COLUMNS = (
    _ITEM,
    _BODY,
    _SUMMARY,
    _STATUS,
    Column("deadline", "Deadline"),
    Column("timing", "Timing"),
    _OWNER,
    _CHECKED,
)
AREA_COLUMNS = (
    _ITEM,
    _BODY,
    _SUMMARY,
    _STATUS,
    Column("age", "Age"),
    Column("published", "Published"),
    _OWNER,
    _CHECKED,
)
FINISHED_COLUMNS = (
    Column("item", "Item"),
    _BODY,
    _SUMMARY,
    Column("on", "On"),
    Column("what", "What"),
    Column("by", "Said by"),
    Column("note", "Note", long=True),
    Column("evidence", "Evidence", link="address"),
)
MOVED_COLUMNS = (
    Column("item", "Item"),
    _BODY,
    _SUMMARY,
    Column("from", "From"),
    Column("to", "To"),
    Column("note", "Reason", long=True),
    Column("by", "Agreed by"),
    Column("on", "On"),
    Column("before", "Moved before", align="right"),
)
OVERDUE_COLUMNS = (
    _ITEM,
    _BODY,
    _SUMMARY,
    _STATUS,
    Column("deadline", "Deadline"),
    Column("past", "Days past", align="right"),
    _OWNER,
    _CHECKED,
    Column("acknowledged", "Acknowledged until"),
)


def by_kind(items: Iterable[Tracked]) -> str:
    """How many items there are of each kind: 2 causes of concern, 6 recommendations and 1 …."""
    numbers = Counter(item.finding.kind for item in items)
    *most, last = [count(numbers[kind], KINDS[kind].singular, KINDS[kind].plural) for kind in LIVE]
    return f"{', '.join(most)} and {last}"


def live(material: Material) -> Section:
    """A: what is neither signed off nor closed, kind by kind."""
    live = material.live
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
        exhibits=tuple(
            Exhibit(table)
            for table in (
                _causes(material, causes),
                _recommendations(material, recommendations),
                _areas(material, areas),
            )
        ),
    )


def _causes(material: Material, causes: Iterable[Tracked]) -> Table:
    held = Counter(finding.part_of for finding in material.register.findings)
    of_body = Counter((item.finding.part_of, item.body.id) for item in material.items)
    live = Counter((item.finding.part_of, item.body.id) for item in material.live)

    def row(item: Tracked) -> Row:
        here, stated = held[item.finding.id], item.finding.recommendations_stated
        words = f"{live[item.key]} of {of_body[item.key]} live"
        if stated is not None and here < stated:
            words += f"\n{here} of {stated} on record"
        more = {
            "recommendations": cell(of_body[item.key], words),
            "sources": cell(item.finding.sources),
        }
        return _with(item_row(item, material.asked.within), **more)

    rows = tuple(row(item) for item in sorted(causes, key=_latest_first))
    title = f"Causes of concern that are live ({len(rows):,})"
    return Table("causes", title, CAUSE_COLUMNS, rows, if_empty="No cause of concern is live.")


def _latest_first(item: Tracked) -> tuple[int, object]:
    return (-item.inspection.published.toordinal(), natural_order(item.id))


def _recommendations(material: Material, items: Sequence[Tracked]) -> Table:
    """The recommendations by cause of concern, the cause that was published last first."""
    register = material.register
    ordered = sorted(
        sort_items(items, ("deadline",)),
        key=lambda item: (
            -item.inspection.published.toordinal(),
            natural_order(item.finding.part_of or ""),
        ),
    )

    def group(item: Tracked) -> str:
        cause = register.finding_by_id[item.finding.part_of or item.finding.id]
        return f"{cause.id}: {' '.join(cause.summary.split())}"

    within = material.asked.within
    rows = tuple(item_row(item, within)._replace(group=group(item)) for item in ordered)
    return Table(
        "recommendations",
        f"Recommendations that are live, by cause of concern ({len(rows):,})",
        RECOMMENDATION_COLUMNS,
        rows,
        if_empty="No recommendation is live.",
    )


def _areas(material: Material, items: Iterable[Tracked]) -> Table:
    """The areas for improvement, the oldest first."""

    def row(item: Tracked) -> Row:
        age = cell(item.age, age_words(item.age))
        return _with(item_row(item, material.asked.within), age=age)

    rows = tuple(row(item) for item in sort_items(items, ("published", "body")))
    return Table(
        "areas",
        f"Areas for improvement that are live, oldest first ({len(rows):,})",
        AREA_COLUMNS,
        rows,
        if_empty="No area for improvement is live.",
    )


def finished(material: Material) -> Section:
    """B: what has been done or has ended since, with who says so and on what evidence."""
    since, updates = spoken(material.since), material.register.update_by_id

    def row(changed: Row) -> Row:
        evidence = updates[str(changed.cells["update"].value)].evidence
        return _with(
            changed, note=_note(changed), evidence=cell(evidence, "\n".join(evidence) or None)
        )

    rows = tuple(row(each) for each in material.changed(*_FINISHED))
    table = Table(
        "finished",
        f"Done, signed off, closed or reopened after {since} ({len(rows):,})",
        FINISHED_COLUMNS,
        rows,
        if_empty=f"Nothing was said to be done, signed off, closed or reopened after {since}.",
    )
    return Section(
        "finished",
        f"B. Finished since {since}",
        (
            (
                "Said to be done is the body's own word. Signed off means that the "
                "inspectorate accepts it. Closed is what ended otherwise: superseded, not "
                "accepted, or no longer relevant. What was reopened stands here too."
            ),
        ),
        exhibits=(Exhibit(table),),
    )


def moved(material: Material) -> Section:
    """C: the deadlines moved since, from when to when, why, and who agreed."""
    since = spoken(material.since)

    def row(changed: Row) -> Row:
        moves = changed.cells["moves"].value
        before = moves - 1 if isinstance(moves, int) else None
        return _with(changed, note=_note(changed), before=cell(before))

    rows = tuple(row(each)._replace(group="") for each in material.changed(Change.DEADLINE))
    table = Table(
        "moved",
        f"Deadlines moved after {since} ({len(rows):,})",
        MOVED_COLUMNS,
        rows,
        if_empty=f"No deadline was moved after {since}.",
    )
    return Section(
        "moved",
        "C. Deadlines moved, and why",
        ("How often it had been moved before counts every earlier move of the same deadline.",),
        exhibits=(Exhibit(table),),
    )


def _with(row: Row, **cells: Cell) -> Row:
    return row._replace(cells={**row.cells, **cells})


def _note(changed: Row) -> Cell:
    """The words of a note, without the word that says which sort of note it is."""
    value = changed.cells["note"].value
    return prose(value if isinstance(value, str) else None)


def overdue(material: Material) -> Section:
    """D: what is past its deadline, the longest first."""

    def row(item: Tracked) -> Row:
        more = {
            "past": cell(-(item.days_left or 0), tone=Tone.OVERDUE),
            "acknowledged": cell(item.acknowledged_until if item.acknowledged else None),
        }
        return _with(item_row(item, material.asked.within), **more)

    rows = tuple(row(item) for item in material.overdue)
    table = Table(
        "overdue",
        f"Past their deadline, no completion on record, the longest first ({len(rows):,})",
        OVERDUE_COLUMNS,
        rows,
        if_empty="Nothing on record is past its deadline.",
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
        exhibits=(Exhibit(table),),
    )
