"""Why an item stands as it does: which date counts, whose words, which rule, counted how."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from socwatch.dates import Deadline, Span, format_date
from socwatch.obligations import obligations
from socwatch.records import KINDS, Action, DeadlineSetter, Finding, Register
from socwatch.reports.items import STATUS_WORDS, item_columns, items_of
from socwatch.reports.responses import obligation_words
from socwatch.reports.table import (
    Cell,
    Column,
    Report,
    Table,
    Tone,
    by_key,
    cell,
    count,
    format_value,
    prose,
)
from socwatch.tracking import QueryDates, Timing, TrackedItem, Transition, overdue_since


def why(
    register: Register,
    found: Finding,
    bodies: Collection[str],
    dates: QueryDates,
) -> Report:
    """How the deadline of an item and the days to it were arrived at."""
    items = items_of(register, dates, found, bodies)
    tables = (
        Table(
            "rows",
            "",
            reason_columns(register, dates.within),
            items,
            layout="facts",
            if_empty=f"{found.id} was not yet published by that day.",
        ),
        Table(
            "moved",
            "How the deadline moved",
            MOVE_COLUMNS,
            tuple(
                Move(item, transition)
                for item in items
                for transition in item.history
                if transition.allowed and transition.update.action is Action.EXTEND
            ),
        ),
    )
    notes = tuple(_second_clock(register, found, bodies, dates))
    return Report("why", f"Why {found.id} stands as it does", dates, tables, notes)


def _second_clock(
    register: Register, found: Finding, bodies: Collection[str], dates: QueryDates
) -> Iterator[str]:
    """Beside the deadline of what is asked, the 56 days in which the report is to be answered."""
    for obligation in obligations(register, dates.as_of):
        if obligation.inspection.id == found.inspection and obligation.body.id in bodies:
            yield obligation_words(obligation)


def reason_columns(register: Register, within: int) -> tuple[Column[TrackedItem], ...]:
    """Return the facts of an item that say how its deadline came about."""
    of = by_key(item_columns(within))

    def said_by(item: TrackedItem) -> Cell:
        if item.finding.deadline is None:
            return cell(None)
        sources = item.finding.deadline_sources or item.finding.sources
        publishers = (f"{register.source_by_id[s].publisher} ({s})" for s in sources)
        return Cell(sources, "; ".join(publishers))

    return (
        of["id"].under("Item"),
        of["body"].under("Body"),
        of["timing"].under("Timing"),
        of["status"].under("Status"),
        of["deadline"].under("Deadline in force"),
        of["original_deadline"].under("Original deadline"),
        Column[TrackedItem](
            "deadline_words", "The source's own words for it.", lambda i: i.finding.deadline_words
        ).under("In the source's words"),
        Column[TrackedItem](
            "deadline_sources", "Ids of the sources that say so.", said_by, "texts"
        ).under("Said by"),
        Column[TrackedItem]("deadline_set_by", "Who set it.", _set_by_cell, DeadlineSetter).under(
            "Set by"
        ),
        Column[TrackedItem](
            "deadline_note", "How the date was worked out.", lambda i: i.finding.deadline_note
        ).under("How it was worked out"),
        Column[TrackedItem](
            "rule", "The rule that made a day of it, in a sentence for people.", rule_words
        ).under("Rule"),
        Column[TrackedItem](
            "counted",
            "How the days are counted, in a sentence for people.",
            lambda i: cell(_count_words(i, within), tone=Tone.STRONG),
        ).under("Counted"),
        of["days_left"],
        of["extensions"],
    )


def _set_by_cell(item: TrackedItem) -> Cell:
    if item.finding.deadline is None:
        return Cell(None, "")
    return Cell(item.finding.deadline_set_by.value, f"the {item.finding.deadline_set_by}")


def rule_words(item: TrackedItem) -> str:
    """How the deadline in force follows from what is written down, in sentences."""
    kind = KINDS[item.finding.kind]
    if item.finding.deadline is None:
        if not kind.tracked:
            return f"{kind.singular.capitalize()} asks nothing of anybody, so it has no deadline."
        if not kind.may_be_overdue:
            return f"An {kind.singular} has no deadline: its age is shown, it is never overdue."
        if item.deadline is not None:
            return "Its sources state no deadline; the last extension set the one in force."
        return "Its sources state no deadline, so it cannot be overdue."
    rule = _original_rule(item.finding.deadline, item)
    if item.extensions:
        rule += f" It was moved {count(item.extensions, 'time')}; the last move is in force."
    return rule


def _original_rule(deadline: Deadline, item: TrackedItem) -> str:
    published = format_date(item.inspection.published)
    last = format_value(item.original_deadline)
    if isinstance(deadline, str):
        return f"“Immediately” means the day of publication, {published}."
    if isinstance(deadline, Span):
        rule = f"{deadline} from publication on {published} end on {last}"
        if deadline.unit in ("month", "year"):
            rule += ": the same day of the month, or its last day where it has no such day"
        return f"{rule}."
    if deadline.precision == "day":
        return f"The deadline is known to the day, {last}. That day itself is still in time."
    period = deadline.in_words()
    return f"Only “{period}” is known, so it is in time until {period} has ended, on {last}."


def _count_words(item: TrackedItem, within: int) -> str:
    timing = item.timing(within)
    last, day = format_value(item.deadline), format_value(item.as_of)
    match timing:
        case Timing.OVERDUE if item.deadline is not None:
            first = format_value(overdue_since(item))
            days = count((item.as_of - item.deadline).days, "day")
            reopened = any(update.action is Action.REOPEN for update in item.updates)
            record = "It was reopened, and no" if reopened else "No"
            counted = f"Past since {first}; from {last} to {day} are {days}."
            return f"{counted} {record} completion on record."
        case Timing.DUE_SOON | Timing.ON_TRACK:
            days = count(item.days_left or 0, "day")
            soon = f"; {count(within, 'day')} or fewer count as due soon"
            return f"From {day} to {last} are {days}{soon}."
        case Timing.MET | Timing.LATE:
            status = STATUS_WORDS[item.status] if item.status else ""
            rest = "in time" if timing is Timing.MET else "after it"
            words = f"Said to be done on {format_value(item.completed)}, {rest}; now {status}."
            if item.only_signed_off:
                words = f"Signed off on {format_value(item.completed)}, {rest}."
                if timing is Timing.LATE:
                    words += " The day on which it was said to be done is not on record."
            return words
        case Timing.NO_DEADLINE:
            published = format_value(item.inspection.published)
            return f"Published on {published}, {count(item.age, 'day')} before {day}."
        case _:
            return "It has ended, or asks nothing of anybody: no days are counted."


class Move(NamedTuple):
    """A move of an item's deadline."""

    item: TrackedItem
    transition: Transition


MOVE_COLUMNS: tuple[Column[Move], ...] = (
    Column[Move](
        "on", "The day on which it was moved.", lambda m: m.transition.update.on, "day"
    ).under("On"),
    Column[Move]("item", "Id of the item.", lambda m: m.item.id).under("Item", drop_order=1),
    Column[Move](
        "from", "The last day in time before.", lambda m: m.transition.before.deadline, "day"
    ).under("From"),
    Column[Move](
        "to", "The last day in time since.", lambda m: m.transition.after.deadline, "day"
    ).under("To"),
    Column[Move]("by", "Who agreed.", lambda m: m.transition.update.by).under(
        "Agreed by", min_width=8
    ),
    Column[Move]("note", "The reason.", lambda m: prose(m.transition.update.note)).under(
        "Reason", min_width=16, long=True
    ),
    Column[Move](
        "update", "Id of the update that says so.", lambda m: m.transition.update.id
    ).under("Update", drop_order=2),
)
