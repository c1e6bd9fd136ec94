"""Why an item stands as it does: which date counts, whose words, which rule, counted how."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from socwatch.dates import Deadline, Span, spoken_day
from socwatch.obligations import obligations
from socwatch.records import KINDS, Action, Finding, Register
from socwatch.reports.items import STATUS_WORDS, item_row, items_of
from socwatch.reports.responses import obligation_words
from socwatch.reports.table import (
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
from socwatch.tracking import Asked, Timing, Tracked, Transition, overdue_since

_COLUMNS: tuple[Column, ...] = (
    Column("id", "Item"),
    Column("body", "Body"),
    Column("timing", "Timing"),
    Column("status", "Status"),
    Column("deadline", "Deadline in force"),
    Column("original_deadline", "Original deadline"),
    Column("deadline_words", "In the source's words"),
    Column("deadline_sources", "Said by"),
    Column("deadline_set_by", "Set by"),
    Column("deadline_note", "How it was worked out"),
    Column("rule", "Rule"),
    Column("counted", "Counted"),
    Column("days_left"),
    Column("extensions"),
)
_EXTENSION_COLUMNS: tuple[Column, ...] = (
    Column("on", "On"),
    Column("item", "Item", rank=1),
    Column("from", "From"),
    Column("to", "To"),
    Column("by", "Agreed by", narrowest=8),
    Column("note", "Reason", narrowest=16, long=True),
    Column("update", "Update", rank=2),
)


def why(
    register: Register,
    found: Finding,
    bodies: Collection[str],
    asked: Asked,
) -> Report:
    """How the deadline of an item and the days to it were arrived at."""
    items = items_of(register, asked, found, bodies)
    tables = (
        Table(
            "rows",
            "",
            _COLUMNS,
            tuple(_row(register, item, asked.within) for item in items),
            layout="facts",
            if_empty=f"{found.id} was not yet published by that day.",
        ),
        Table(
            "moved",
            "How the deadline moved",
            _EXTENSION_COLUMNS,
            tuple(row for item in items for row in _extensions(item)),
        ),
    )
    notes = tuple(_second_clock(register, found, bodies, asked))
    return Report("why", f"Why {found.id} stands as it does", asked, tables, notes)


def _second_clock(
    register: Register, found: Finding, bodies: Collection[str], asked: Asked
) -> Iterator[str]:
    """Beside the deadline of what is asked, the 56 days in which the report is to be answered."""
    for obligation in obligations(register, asked.as_of):
        if obligation.inspection.id == found.inspection and obligation.body.id in bodies:
            yield obligation_words(obligation)


def _row(register: Register, item: Tracked, within: int) -> Row:
    found = item.finding
    cells = item_row(item, within).cells
    said_by = found.deadline_sources or found.sources
    publishers = [f"{register.source_by_id[s].publisher} ({s})" for s in said_by]
    has_deadline = found.deadline is not None
    return Row(
        {
            **{
                key: cells[key]
                for key in ("id", "body", "timing", "status", "deadline", "days_left", "extensions")
            },
            "original_deadline": cells["original_deadline"],
            "deadline_words": cell(found.deadline_words),
            "deadline_sources": Cell(said_by, "; ".join(publishers))
            if has_deadline
            else cell(None),
            "deadline_set_by": Cell(
                found.deadline_set_by.value if has_deadline else None,
                f"the {found.deadline_set_by}" if has_deadline else "",
            ),
            "deadline_note": cell(found.deadline_note),
            "rule": cell(rule_words(item)),
            "counted": cell(_counted(item, within), tone=Tone.STRONG),
        }
    )


def rule_words(item: Tracked) -> str:
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


def _original_rule(deadline: Deadline, item: Tracked) -> str:
    published = spoken_day(item.inspection.published)
    last = spoken(item.original_deadline)
    if isinstance(deadline, str):
        return f"“Immediately” means the day of publication, {published}."
    if isinstance(deadline, Span):
        rule = f"{deadline} from publication on {published} end on {last}"
        if deadline.unit in ("month", "year"):
            rule += ": the same day of the month, or its last day where it has no such day"
        return f"{rule}."
    if deadline.precision == "day":
        return f"The deadline is known to the day, {last}. That day itself is still in time."
    period = deadline.spoken()
    return f"Only “{period}” is known, so it is in time until {period} has ended, on {last}."


def _counted(item: Tracked, within: int) -> str:
    timing = item.timing(within)
    last, day = spoken(item.deadline), spoken(item.as_of)
    match timing:
        case Timing.OVERDUE if item.deadline is not None:
            first = spoken(overdue_since(item))
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
            words = f"Said to be done on {spoken(item.completed)}, {rest}; now {status}."
            if item.only_signed_off:
                words = f"Signed off on {spoken(item.completed)}, {rest}."
                if timing is Timing.LATE:
                    words += " The day on which it was said to be done is not on record."
            return words
        case Timing.NO_DEADLINE:
            published = spoken(item.inspection.published)
            return f"Published on {published}, {count(item.age, 'day')} before {day}."
        case _:
            return "It has ended, or asks nothing of anybody: no days are counted."


def _extensions(item: Tracked) -> Iterator[Row]:
    for transition in item.history:
        if transition.allowed and transition.update.action is Action.EXTEND:
            yield _extension(item, transition)


def _extension(item: Tracked, transition: Transition) -> Row:
    update = transition.update
    return Row(
        {
            "on": cell(update.on),
            "item": cell(item.id),
            "from": cell(transition.before.deadline),
            "to": cell(transition.after.deadline),
            "by": cell(update.by),
            "note": prose(update.note),
            "update": cell(update.id),
        }
    )
