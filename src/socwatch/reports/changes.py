"""What has changed between two days, and how the figures of the one lead to those of the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Literal, NamedTuple

from socwatch.dates import today_in_london
from socwatch.lookup import natural_order
from socwatch.records import ACTIONS, KINDS, Body, Kind, Register, Update
from socwatch.reports.change_events import (
    Change,
    Changed,
    Days,
    changed,
    days_of,
    recorded_late,
    retracted,
)
from socwatch.reports.items import titled
from socwatch.reports.list import MOST_ITEMS
from socwatch.reports.status import grade_tone
from socwatch.reports.table import (
    NOTHING,
    Cell,
    Column,
    Report,
    Row,
    Table,
    Tone,
    cell,
    count,
    prose,
    spoken,
)
from socwatch.tracking import ENDED, Asked, Tracked

MOST_NAMED = 12
"""How many updates that count no more are named in a sentence."""


HEADINGS: Mapping[Change, str] = {
    Change.NEW: "New findings",
    Change.STARTED: "Work started",
    Change.DONE: "Said to be done",
    Change.SIGNED_OFF: "Signed off",
    Change.CLOSED: "Closed",
    Change.REOPENED: "Reopened",
    Change.FIRST_DEADLINE: "Deadlines given",
    Change.DEADLINE: "Deadlines moved",
    Change.OVERDUE: "Past their deadline now and not before, no completion on record",
    Change.OWNER: "Owners changed",
    Change.GRADE: "Grades given",
    Change.TAKEN_BACK: "Taken back",
}
"""What each sort stands under, in the order in which they are shown."""

_TONES = {
    Change.DONE: Tone.GOOD,
    Change.SIGNED_OFF: Tone.GOOD,
    Change.OVERDUE: Tone.OVERDUE,
    Change.DEADLINE: Tone.DUE_SOON,
    Change.REOPENED: Tone.DUE_SOON,
}

CHANGE_COLUMNS: tuple[Column, ...] = (
    Column("on", "On"),
    Column("change"),
    Column("item", "Item"),
    Column("finding"),
    Column("body", "Body", narrowest=10, rank=2),
    Column("kind", "Kind", narrowest=8, rank=3),
    Column("what", "What", narrowest=20),
    Column("summary", "Summary", narrowest=20, rank=4, long=True),
    Column("from"),
    Column("to"),
    Column("moves"),
    Column("by", "By", narrowest=8, rank=3),
    Column("note", "Note", narrowest=20, rank=1, long=True),
    Column("recorded"),
    Column("update"),
)

FIGURE_COLUMNS: tuple[Column, ...] = (
    Column("figure"),
    Column("words", "Items", narrowest=18),
    Column("all", "All", align="right"),
    Column("causes_of_concern", "Causes", align="right", rank=1),
    Column("recommendations", "Recommendations", align="right", rank=1),
    Column("areas_for_improvement", "AFIs", align="right", rank=1),
    Column("said_then"),
)
_COUNTED = {
    "causes_of_concern": Kind.CAUSE_OF_CONCERN,
    "recommendations": Kind.RECOMMENDATION,
    "areas_for_improvement": Kind.AREA_FOR_IMPROVEMENT,
}


def changes(register: Register, asked: Asked, *, bodies: Iterable[Body] = ()) -> Report:
    """What changed after `asked.since`, up to and including `asked.as_of`.

    With what is known now, or was by `asked.as_known`: a retracted update never happened. A region
    among `bodies` means all that is inspected with it; none means every body.
    """
    bodies = tuple(bodies)
    chosen = {body.id for body in bodies}
    days = days_of(register, asked, chosen)
    listed = sorted(changed(register, days, chosen), key=_order)
    late = sorted(recorded_late(register, asked, days), key=lambda each: each.on)
    since, until = spoken(asked.since), spoken(asked.as_of)
    number = count(len(listed), "change") if listed else "nothing"
    if late:
        number += f", and {len(late):,} recorded late about earlier days"
    sorts = Counter(each.change for each in listed)
    headings = {sort: f"{HEADINGS[sort]} ({n:,})" for sort, n in sorts.items()}
    practices = sum(each.change is Change.NEW and not _is_counted(each) for each in listed)
    if practices:
        headings[Change.NEW] += f", {practices:,} of them innovative practice, which is not counted"
    return Report(
        "changes",
        titled(f"What has changed since {since}: {number}", bodies),
        asked,
        (
            Table("figures", "In figures", FIGURE_COLUMNS, tuple(_figures(days, listed))),
            Table(
                "rows",
                "What changed",
                CHANGE_COLUMNS,
                tuple(_row(each, asked, headings[each.change]) for each in listed),
                if_empty=f"No finding, deadline, status, owner or grade changed after {since}, "
                f"up to and including {until}. Answers to reports: socwatch responses.",
                most=MOST_ITEMS,
                rest="add --format plain to see all",
            ),
            Table(
                "late",
                f"Recorded after {since}, about that day or earlier",
                CHANGE_COLUMNS,
                tuple(_row(each, asked) for each in late),
                most=MOST_ITEMS,
                rest="add --format plain to see all",
            ),
        ),
        tuple(_notes(register, asked, days)),
    )


def _order(each: Changed) -> tuple[int, date, object]:
    name = each.item.id if each.item is not None else each.body.id
    return (tuple(Change).index(each.change), each.on, natural_order(name))


def _row(each: Changed, asked: Asked, group: str = "") -> Row:
    item, update, graded = each.item, each.update, each.graded
    kind = item.finding.kind if item else None
    recorded = _recorded_words(update, asked, always=not group)
    words = "\n".join(filter(None, (each.words, recorded)))
    return Row(
        {
            "on": cell(each.on),
            "change": cell(each.change.value),
            "item": Cell(item.id if item else None, item.id if item else each.body.id, Tone.STRONG),
            "finding": cell(item.finding.id if item else None),
            "body": Cell(each.body.id, each.body.name),
            "kind": Cell(kind.value if kind else None, KINDS[kind].singular if kind else NOTHING),
            "what": Cell("; ".join(words.split("\n")), words, _tone(each)),
            "summary": prose(item.finding.summary if item else graded and graded.grade.question),
            "from": cell(each.before),
            "to": cell(each.after),
            "moves": cell(each.moves),
            "by": prose(update.by if update else None),
            "note": _note(update),
            "recorded": cell(update.recorded.isoformat() if update else None),
            "update": cell(update.id if update else None),
        },
        group,
    )


def _tone(each: Changed) -> Tone:
    if each.graded is not None:
        return grade_tone(each.graded.grade.grade)
    return _TONES.get(each.change, Tone.PLAIN)


def _note(update: Update | None) -> Cell:
    if update is None or update.note is None:
        return cell(None)
    word = "Reason" if "note" in ACTIONS[update.action].must_carry else "Note"
    return Cell(update.note, f"{word}: {' '.join(update.note.split())}")


def _recorded_words(update: Update | None, asked: Asked, *, always: bool) -> str:
    """When it was written down, where that is later than a reader would think."""
    if update is None:
        return ""
    day = today_in_london(update.recorded)
    return f"recorded {spoken(day)}" if always or day > asked.as_of else ""


class Figure(NamedTuple):
    """A line of the figures: the items that it counts, and what it does to the line above."""

    key: str
    words: str
    items: Sequence[Tracked]
    sign: Literal[-1, 0, 1] = 0
    """0 for what there is on a day, 1 for what came since, -1 for what went."""
    said_then: Sequence[Tracked] | None = None
    """The items that the register counted on that day, by what was recorded until then."""


def _figures(days: Days, listed: Sequence[Changed]) -> Iterator[Row]:
    """The figures of the first day, what came and what went, and the figures of the last."""
    for group, figures in (
        ("Live: neither signed off nor closed", _live_figures(days, listed)),
        ("Past their deadline, no completion on record", _overdue_figures(days)),
    ):
        for figure in figures:
            yield _figure_row(figure, group)


def _live_figures(days: Days, listed: Sequence[Changed]) -> Iterator[Figure]:
    def counted(change: Change) -> list[Tracked]:
        return [c.item for c in listed if c.change is change and c.item and _is_counted(c)]

    begins, ends = (f"End of {spoken(day)}" for day in (days.since, days.until))
    yield Figure("live_then", begins, _live(days.then), 0, _live(days.said_then))
    yield Figure("new", "New", counted(Change.NEW), 1)
    yield Figure("reopened", "Reopened after they had ended", counted(Change.REOPENED), 1)
    yield Figure("signed_off", "Signed off", counted(Change.SIGNED_OFF), -1)
    yield Figure("closed", "Closed", counted(Change.CLOSED), -1)
    yield Figure("live_now", ends, _live(days.now))


def _is_counted(each: Changed) -> bool:
    """Whether it changes how many are live: not good practice, nor reopening what is only done."""
    if each.item is None or each.item.status is None:
        return False
    if each.change is Change.REOPENED:
        return each.before in ENDED
    return True


def _overdue_figures(days: Days) -> Iterator[Figure]:
    then, now, said = map(_overdue_of, (days.then, days.now, days.said_then))
    was, still = ({item.id for item in items} for items in (then, now))
    begins, ends = (f"End of {spoken(day)}" for day in (days.since, days.until))
    yield Figure("overdue_then", begins, then, 0, said)
    new = [item for item in now if item.id not in was]
    yield Figure("overdue_new", "Past now, and not on the first day", new, 1)
    gone = [item for item in then if item.id not in still]
    yield Figure("overdue_gone", "Past on the first day, and not now", gone, -1)
    yield Figure("overdue_now", ends, now)


def _figure_row(figure: Figure, group: str) -> Row:
    by_kind = Counter(item.finding.kind for item in figure.items)
    tone = Tone.PLAIN if figure.sign else Tone.STRONG

    def number(value: int) -> Cell:
        if not figure.sign or not value:
            return Cell(value, f"{value:,}", tone)
        return Cell(figure.sign * value, f"{figure.sign * value:+,}", tone)

    said = figure.said_then
    return Row(
        {
            "figure": cell(figure.key),
            "words": cell(figure.words, tone=tone),
            "all": number(len(figure.items)),
            **{key: number(by_kind[kind]) for key, kind in _COUNTED.items()},
            "said_then": cell(None if said is None else len(said)),
        },
        group,
    )


def _live(items: Mapping[str, Tracked]) -> list[Tracked]:
    return [item for item in items.values() if item.live]


def _overdue_of(items: Mapping[str, Tracked]) -> list[Tracked]:
    return [item for item in items.values() if item.overdue]


def _notes(register: Register, asked: Asked, days: Days) -> Iterator[str]:
    said = (len(_live(days.said_then)), len(_overdue_of(days.said_then)))
    believed = (len(_live(days.then)), len(_overdue_of(days.then)))
    if said != believed:
        since = spoken(asked.since)
        yield (
            f"Of {since}: by the updates recorded until then, {said[0]:,} were live and "
            f"{said[1]:,} past their deadline. With what was recorded later about that day and "
            f"earlier, it is {believed[0]:,} and {believed[1]:,}."
        )
    gone = [update.id for update in retracted(register, asked, days)]
    if gone:
        named = ", ".join(gone[:MOST_NAMED]) + (" and others" if len(gone) > MOST_NAMED else "")
        were = (
            "was taken back, and counts as if it"
            if len(gone) == 1
            else ("were taken back, and count as if they")
        )
        yield (
            f"{count(len(gone), 'update')} of these days {were} had never been written: {named}. "
            "To see them: socwatch log"
        )
