"""What has changed between two days, and how the figures of the one lead to those of the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Literal, NamedTuple

from socwatch.dates import today_in_london
from socwatch.records import ACTIONS, KINDS, Body, Kind, Register, Update, natural_order
from socwatch.reports.change_events import (
    Change,
    Changed,
    Days,
    changes_in,
    days_of,
    recorded_late,
    retractions_in,
)
from socwatch.reports.grades import grade_tone
from socwatch.reports.items import scope, title_for
from socwatch.reports.list import MAX_ITEMS
from socwatch.reports.table import (
    EMPTY,
    Cell,
    Column,
    Report,
    Table,
    Tone,
    cell,
    count,
    format_value,
    prose,
)
from socwatch.tracking import ENDED, QueryDates, TrackedItem

MAX_NAMED = 12
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


class Changes(NamedTuple):
    """What happened between two days, and the items at the end of each."""

    dates: QueryDates
    days: Days
    listed: tuple[Changed, ...]
    """In the order in which they are shown."""
    late: tuple[Changed, ...]
    """What was recorded after the first day, about that day or earlier."""
    undone: tuple[str, ...]
    """The ids of the updates of these days that were taken back."""

    @property
    def headings(self) -> Mapping[Change, str]:
        """What each sort of change stands under, with how many there are."""
        numbers = Counter(each.change for each in self.listed)
        headings = {sort: f"{HEADINGS[sort]} ({n:,})" for sort, n in numbers.items()}
        practices = sum(each.change is Change.NEW and not _is_counted(each) for each in self.listed)
        if practices:
            words = f", {practices:,} of them innovative practice, which is not counted"
            headings[Change.NEW] += words
        return headings


def find_changes(register: Register, dates: QueryDates, bodies: Iterable[Body] = ()) -> Changes:
    """Return what changed after `dates.since`, up to and including `dates.as_of`.

    With what is known now, or was by `dates.recorded_until`: a retracted update never happened. A
    region among `bodies` means all that is inspected with it; none means every body.
    """
    chosen = {body.id for body in bodies}
    days = days_of(register, dates, chosen)
    return Changes(
        dates,
        days,
        tuple(sorted(changes_in(register, days, chosen), key=_order)),
        tuple(sorted(recorded_late(register, dates, days), key=lambda each: each.on)),
        tuple(update.id for update in retractions_in(register, dates, days)),
    )


def changes(register: Register, dates: QueryDates, *, bodies: Iterable[Body] = ()) -> Report:
    """The changes that `find_changes` returns, with the figures that they lead to."""
    bodies = tuple(bodies)
    found = find_changes(register, dates, bodies)
    since, until = format_value(dates.since), format_value(dates.as_of)
    number = count(len(found.listed), "change") if found.listed else "nothing"
    if found.late:
        number += f", and {len(found.late):,} recorded late about earlier days"
    headings = found.headings
    listed = Table(
        "rows",
        "What changed",
        change_columns(dates),
        found.listed,
        group=lambda each: headings[each.change],
        if_empty="No finding, deadline, status, owner or grade changed"
        f"{scope(bodies)} after {since}, up to and including {until}. "
        "Answers to reports: socwatch responses.",
        max_rows=MAX_ITEMS,
        more_hint="add --format plain to see all",
    )
    title = title_for(f"What has changed since {since}: {number}", bodies)
    tables = (figure_table(found), listed, late_table(found))
    return Report("changes", title, dates, tables, (*notes(found), *undone_words(found)))


def late_table(found: Changes) -> Table[Changed]:
    """Return what was recorded late, as a table."""
    return Table(
        "late",
        f"Recorded after {format_value(found.dates.since)}, about that day or earlier",
        change_columns(found.dates, late=True),
        found.late,
        max_rows=MAX_ITEMS,
        more_hint="add --format plain to see all",
    )


def figure_table(found: Changes) -> Table[Figure]:
    """Return the figures of the first day, what came and went, and the figures of the last."""
    figures = tuple(
        figure._replace(group=group)
        for group, figures in (
            ("Live: neither signed off nor closed", _live_figures(found)),
            ("Past their deadline, no completion on record", _overdue_figures(found.days)),
        )
        for figure in figures
    )
    return Table("figures", "In figures", FIGURE_COLUMNS, figures, group=lambda each: each.group)


def _order(each: Changed) -> tuple[int, date, object]:
    name = each.item.id if each.item is not None else each.body.id
    return (tuple(Change).index(each.change), each.on, natural_order(name))


# --------------------------------------------------------------------------- the facts of a change


def change_columns(dates: QueryDates, *, late: bool = False) -> tuple[Column[Changed], ...]:
    """Return the facts of a change; of a late one, people see when it was recorded."""

    def what(each: Changed) -> Cell:
        recorded = _recorded_words(each.update, dates, always=late)
        words = "\n".join(filter(None, (each.words, recorded)))
        return Cell("; ".join(words.split("\n")), words, _tone(each))

    return (
        Column[Changed](
            "on",
            "The day on which it happened; of something overdue, the first day past its deadline.",
            lambda c: c.on,
            "day",
        ).under("On"),
        Column[Changed](
            "change",
            "What sort of change it is; `taken-back` is only in `late`.",
            lambda c: c.change.value,
            Change,
        ),
        Column[Changed]("item", "Id of the item; `null` for a grade.", _item_cell).under("Item"),
        Column[Changed]("finding", "Id of the finding.", lambda c: c.item and c.item.finding.id),
        Column[Changed]("body", "Id of the body.", lambda c: Cell(c.body.id, c.body.name)).under(
            "Body", min_width=10, drop_order=2
        ),
        Column[Changed]("kind", "What sort of finding it is.", _kind_cell, Kind).under(
            "Kind", min_width=8, drop_order=3
        ),
        Column[Changed]("what", "What happened, in words for people.", what).under(
            "What", min_width=20
        ),
        Column[Changed](
            "summary", "What the finding asks for; the question of a grade.", _summary_cell
        ).under("Summary", min_width=20, drop_order=4, long=True),
        Column[Changed]("from", "The status, deadline, owner or grade before.", lambda c: c.before),
        Column[Changed](
            "to",
            "The one since; of something overdue, the deadline that is past.",
            lambda c: c.after,
        ),
        Column[Changed](
            "moves",
            "How often the deadline had been moved, this time included; `null` for other changes.",
            lambda c: c.moves,
            "number",
        ),
        Column[Changed](
            "by", "Who says so, or agreed.", lambda c: prose(c.update.by if c.update else None)
        ).under("By", min_width=8, drop_order=3),
        Column[Changed]("note", "The reason, or what else was written down.", _note_cell).under(
            "Note", min_width=20, drop_order=1, long=True
        ),
        Column[Changed](
            "recorded",
            "When it was written down, with its offset from UTC.",
            lambda c: c.update.recorded.isoformat() if c.update else None,
        ),
        Column[Changed](
            "update",
            "Id of the update that says so; of what was taken back, the one that takes it back.",
            lambda c: c.update.id if c.update else None,
        ),
    )


def _item_cell(each: Changed) -> Cell:
    name = each.item.id if each.item is not None else None
    return Cell(name, name or each.body.id, Tone.STRONG)


def _kind_cell(each: Changed) -> Cell:
    if each.item is None:
        return Cell(None, EMPTY)
    kind = each.item.finding.kind
    return Cell(kind.value, KINDS[kind].singular)


def _summary_cell(each: Changed) -> Cell:
    if each.item is not None:
        return prose(each.item.finding.summary)
    return prose(each.graded.grade.question if each.graded is not None else None)


def _note_cell(each: Changed) -> Cell:
    update = each.update
    if update is None or update.note is None:
        return cell(None)
    word = "Reason" if "note" in ACTIONS[update.action].required else "Note"
    return Cell(update.note, f"{word}: {' '.join(update.note.split())}")


def _tone(each: Changed) -> Tone:
    if each.graded is not None:
        return grade_tone(each.graded.grade.grade)
    return _TONES.get(each.change, Tone.PLAIN)


def _recorded_words(update: Update | None, dates: QueryDates, *, always: bool) -> str:
    """When it was written down, where that is later than a reader would think."""
    if update is None:
        return ""
    day = today_in_london(update.recorded)
    return f"recorded {format_value(day)}" if always or day > dates.as_of else ""


# --------------------------------------------------------------------------- the facts of a figure


class Figure(NamedTuple):
    """A line of the figures: how many items it counts, and what it does to the line above."""

    key: str
    words: str
    number: int
    by_kind: Mapping[Kind, int]
    sign: Literal[-1, 0, 1]
    """0 for what there is on a day, 1 for what came since, -1 for what went."""
    said_then: int | None
    """How many the register counted on that day, by what was recorded until then."""
    group: str = ""
    """The heading that it stands under."""


def _live_figures(found: Changes) -> Iterator[Figure]:
    def counted(change: Change) -> list[TrackedItem]:
        return [c.item for c in found.listed if c.change is change and c.item and _is_counted(c)]

    days = found.days
    begins, ends = (f"End of {format_value(day)}" for day in (days.since, days.until))
    yield _figure("live_then", begins, _live(days.then), 0, _live(days.said_then))
    yield _figure("new", "New", counted(Change.NEW), 1)
    yield _figure("reopened", "Reopened after they had ended", counted(Change.REOPENED), 1)
    yield _figure("signed_off", "Signed off", counted(Change.SIGNED_OFF), -1)
    yield _figure("closed", "Closed", counted(Change.CLOSED), -1)
    yield _figure("live_now", ends, _live(days.now))


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
    begins, ends = (f"End of {format_value(day)}" for day in (days.since, days.until))
    yield _figure("overdue_then", begins, then, 0, said)
    new = [item for item in now if item.id not in was]
    yield _figure("overdue_new", "Past now, and not on the first day", new, 1)
    gone = [item for item in then if item.id not in still]
    yield _figure("overdue_gone", "Past on the first day, and not now", gone, -1)
    yield _figure("overdue_now", ends, now)


def _figure(
    key: str,
    words: str,
    items: Sequence[TrackedItem],
    sign: Literal[-1, 0, 1] = 0,
    said_then: Sequence[TrackedItem] | None = None,
) -> Figure:
    by_kind = Counter(item.finding.kind for item in items)
    said = None if said_then is None else len(said_then)
    return Figure(key, words, len(items), by_kind, sign, said)


def _number(key: str, meaning: str, read: Callable[[Figure], int]) -> Column[Figure]:
    """Return a column of numbers: what came with a plus before it, what went with a minus."""

    def number(figure: Figure) -> Cell:
        value = read(figure)
        if not figure.sign:
            return cell(value, tone=Tone.STRONG)
        value *= figure.sign
        return Cell(value, f"{value:+,}" if value else "0")

    return Column(key, meaning, number, "number")


def _number_of(key: str, kind: Kind) -> Column[Figure]:
    return _number(key, "Of this kind.", lambda figure: figure.by_kind[kind])


def _words_cell(figure: Figure) -> Cell:
    return cell(figure.words, tone=Tone.PLAIN if figure.sign else Tone.STRONG)


FIGURE_COLUMNS: tuple[Column[Figure], ...] = (
    Column[Figure]("figure", "Which of these it is.", lambda f: f.key),
    Column[Figure]("words", "The same in words for people.", _words_cell).under(
        "Items", min_width=18
    ),
    _number("all", "Of all kinds; what went is negative.", lambda f: f.number).under(
        "All", align="right"
    ),
    _number_of("causes_of_concern", Kind.CAUSE_OF_CONCERN).under(
        "Causes", align="right", drop_order=1
    ),
    _number_of("recommendations", Kind.RECOMMENDATION).under(
        "Recommendations", align="right", drop_order=1
    ),
    _number_of("areas_for_improvement", Kind.AREA_FOR_IMPROVEMENT).under(
        "AFIs", align="right", drop_order=1
    ),
    Column[Figure](
        "said_then",
        "What the register said on the first day, of `live_then` and `overdue_then`.",
        lambda f: f.said_then,
        "number",
    ),
)


def _live(items: Mapping[str, TrackedItem]) -> list[TrackedItem]:
    return [item for item in items.values() if item.live]


def _overdue_of(items: Mapping[str, TrackedItem]) -> list[TrackedItem]:
    return [item for item in items.values() if item.overdue]


def notes(found: Changes) -> Iterator[str]:
    """Return what a reader of the figures needs: what else they once were, what was taken back."""
    days, gone = found.days, found.undone
    said = (len(_live(days.said_then)), len(_overdue_of(days.said_then)))
    believed = (len(_live(days.then)), len(_overdue_of(days.then)))
    if said != believed:
        since = format_value(days.since)
        yield (
            f"Of {since}: by the updates recorded until then, {said[0]:,} were live and "
            f"{said[1]:,} past their deadline. With what was recorded later about that day and "
            f"earlier, it is {believed[0]:,} and {believed[1]:,}."
        )
    if gone:
        verbs = ("was", "is") if len(gone) == 1 else ("were", "are")
        yield (
            f"{count(len(gone), 'update')} from this period {verbs[0]} undone and {verbs[1]} "
            "not counted."
        )


def undone_words(found: Changes) -> Iterator[str]:
    """Name the updates that were undone, for whoever can look them up in the register."""
    if gone := found.undone:
        named = ", ".join(gone[:MAX_NAMED]) + (" and others" if len(gone) > MAX_NAMED else "")
        yield f"Undone: {named}. See: socwatch log"
