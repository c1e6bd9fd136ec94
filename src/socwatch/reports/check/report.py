"""What needs attention in words: a line for each thing, the figures, and what to type."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from socwatch.characters import normalise
from socwatch.records import Kind, Status
from socwatch.reports.check.alerts import Attention, Concern, Matter, Unsaid
from socwatch.reports.items import status_cell
from socwatch.reports.table import (
    EMPTY,
    Cell,
    Column,
    Report,
    Table,
    Tone,
    cell,
    count,
    prose,
    spoken,
)

NO_OWNER = "no owner on record"

_TONES = {
    Matter.OVERDUE: Tone.OVERDUE,
    Matter.NO_RESPONSE: Tone.OVERDUE,
    Matter.DUE: Tone.DUE_SOON,
    Matter.RESPONSE_DUE: Tone.DUE_SOON,
}


def alert(
    answer: Attention,
    *,
    call: str = "socwatch",
    by_owner: bool = False,
    remarks: Iterable[str] = (),
) -> Report:
    """The answer as rows, with the figures, what to type and what is left unsaid in its notes.

    `call` is how socwatch is called on this register; `remarks` stand before what is left unsaid,
    whose sentence is the last. With `by_owner` the rows of each owner stand
    together, the owner of the worst first, and within them the worst first.
    """
    concerns = list(answer.concerns)
    headings: dict[str, str] = {}
    if by_owner:
        for concern in concerns:
            headings.setdefault(_who(concern), concern.owner or NO_OWNER)
        rank = {owner: place for place, owner in enumerate(headings)}
        concerns.sort(key=lambda concern: rank[_who(concern)])
    listed = Table(
        "rows",
        "",
        ALERT_COLUMNS,
        tuple(concerns),
        group=lambda concern: headings.get(_who(concern), ""),
        if_empty="Nothing needs attention.",
    )
    notes: tuple[str, ...] = ()
    if concerns:
        notes = (f"{figures(answer)}.", *_to_type(answer, call), *remarks, *unsaid_words(answer))
    return Report(
        "check",
        "What needs attention",
        answer.asked,
        (
            listed,
            Table("counts", "", _counts_of(answer), tuple(Matter)),
            Table("suppressed", "", _unsaid_of(answer), tuple(Unsaid)),
        ),
        notes,
    )


def _who(concern: Concern) -> str:
    """Return the form in which two spellings of one owner are equal; "" for no owner."""
    return normalise(concern.owner or "")


ALERT_COLUMNS: tuple[Column[Concern], ...] = (
    Column[Concern](
        "matter",
        "Why it needs attention.",
        lambda c: Cell(c.matter.value, days_words(c), _tone(c)),
        Matter,
    ).under("Days", min_width=12),
    Column[Concern](
        "id",
        "Id of the item, or `inspection@force` for a response; `null` for the whole register.",
        lambda c: cell(c.id, tone=Tone.STRONG),
    ).under("Item"),
    Column[Concern](
        "body", "Id of the body.", lambda c: Cell(c.body.id, c.body.name) if c.body else None
    ).under("Body", min_width=10, drop_order=2),
    Column[Concern](
        "summary",
        "What it asks for, or what is wrong with evidence or the register.",
        lambda c: prose(c.summary),
    ).under("Summary", min_width=20, long=True),
    Column[Concern](
        "days_left",
        "Days to the last day in time, negative past it.",
        lambda c: c.days_left,
        "number",
    ),
    Column[Concern](
        "days_waiting",
        "Days since it was reported done, or since the last update (publication, if none).",
        lambda c: c.days_waiting,
        "number",
    ),
    Column[Concern](
        "day", "The last day in time, or the day since which it waits.", lambda c: c.day, "day"
    ),
    Column[Concern](
        "within",
        "The nearest of the days of `--within` in which it is due.",
        lambda c: c.within,
        "number",
    ),
    Column[Concern]("owner", "Who sees to it.", lambda c: c.owner).under(
        "Owner", min_width=8, drop_order=3
    ),
    Column[Concern](
        "finding", "Id of the finding.", lambda c: c.item.finding.id if c.item else None
    ),
    Column[Concern](
        "kind",
        "What sort of finding it is.",
        lambda c: c.item.finding.kind.value if c.item else None,
        Kind,
    ),
    Column[Concern](
        "status", "The item's status.", lambda c: status_cell(c.item) if c.item else None, Status
    ),
    Column[Concern](
        "inspection", "Id of the inspection.", lambda c: c.inspection.id if c.inspection else None
    ),
)


def _counts_of(answer: Attention) -> tuple[Column[Matter], ...]:
    return (
        Column[Matter]("matter", "A reason why things need attention.", lambda m: m.value, Matter),
        Column[Matter]("count", "How many rows have it.", answer.count, "number"),
    )


def _unsaid_of(answer: Attention) -> tuple[Column[Unsaid], ...]:
    return (
        Column[Unsaid]("reason", "A reason why things are not listed.", lambda u: u.value, Unsaid),
        Column[Unsaid]("count", "How many things have it.", answer.left_unsaid, "number"),
    )


def _tone(concern: Concern) -> Tone:
    return _TONES.get(concern.matter, Tone.PLAIN)


def days_words(concern: Concern) -> str:
    """How long past, how soon or how long waiting, with the day itself."""
    left, day = concern.days_left or 0, spoken(concern.day)
    waiting = count(concern.days_waiting or 0, "day")
    match concern.matter:
        case Matter.OVERDUE:
            return f"{count(-left, 'day')} past {day}, no completion on record"
        case Matter.NO_RESPONSE:
            return f"{count(-left, 'day')} past {day}, no response on record"
        case Matter.DUE | Matter.RESPONSE_DUE:
            what = "due" if concern.matter is Matter.DUE else "response due"
            when = f"in {count(left, 'day')}, on {day}" if left else f"today, {day}"
            return f"{what} {when}"
        case Matter.AWAITING_SIGN_OFF:
            return f"reported done {waiting} ago ({day}), not signed off"
        case Matter.STALE:
            if concern.day is None:
                return f"no update recorded in the {waiting} since publication"
            return f"no update recorded for {waiting} (last: {day})"
        case Matter.EVIDENCE:
            return "evidence missing or changed"


def figures(answer: Attention, order: Iterable[Matter] = Matter) -> str:
    """How many things need attention, by default in the order of the list: "6 past their …"."""
    return "; ".join(figure for matter in order for figure in _figures(answer, matter))


def _figures(answer: Attention, matter: Matter) -> Iterator[str]:
    number = answer.count(matter)
    if not number:
        return
    its = "its" if number == 1 else "their"
    match matter:
        case Matter.OVERDUE:
            yield f"{number:,} past {its} deadline with no completion on record"
        case Matter.DUE:
            yield from _by_nearest(answer)
        case Matter.AWAITING_SIGN_OFF:
            yield f"{number:,} reported done and not signed off"
        case Matter.NO_RESPONSE:
            yield f"{count(number, 'response')} not on record after the 56 days"
        case Matter.RESPONSE_DUE:
            yield f"{count(number, 'response')} due"
        case Matter.STALE:
            yield "no recent update on record"
        case Matter.EVIDENCE:
            yield f"{count(number, 'piece')} of evidence missing or changed"


def _by_nearest(answer: Attention) -> Iterator[str]:
    """Return what is due by the smallest --within that fits; reminder days may lie further off."""
    due = [concern.within for concern in answer.concerns if concern.matter is Matter.DUE]
    for within in sorted({days for days in due if days is not None}):
        words = "today" if within == 0 else f"within {count(within, 'day')}"
        yield f"{due.count(within):,} due {words}"
    if further := due.count(None):
        yield f"{further:,} due later"


def unsaid_words(answer: Attention) -> tuple[str, ...]:
    """Return what is not listed and why, as one sentence or none."""
    words = {
        Unsaid.MUTED: "muted",
        Unsaid.NO_REMINDER_DAY: "not on a reminder day",
    }
    parts = [f"{n:,} {words[why]}" for why in Unsaid if (n := answer.left_unsaid(why))]
    return (f"Not listed: {', '.join(parts)}.",) if parts else ()


def _to_type(answer: Attention, call: str) -> Iterator[str]:
    """What to type about the worst of each sort."""
    first: dict[Matter, Concern] = {}
    for concern in answer.concerns:
        first.setdefault(concern.matter, concern)
    worst = next((c for c in answer.concerns if c.id is not None), None)
    if worst is not None:
        report = worst.inspection.id if worst.inspection is not None else EMPTY
        yield f"Details: {call} show {report if worst.item is None else worst.id}"
    if late := first.get(Matter.OVERDUE) or first.get(Matter.DUE):
        yield f"To record it as done: {call} done {late.id}"
        yield f"To stop alerts until a date: {call} mute {late.id} --until DATE --note REASON"
    if waiting := first.get(Matter.AWAITING_SIGN_OFF):
        yield f"If the inspectorate accepts it: {call} sign-off {waiting.id} --by NAME"
    if unanswered := first.get(Matter.NO_RESPONSE) or first.get(Matter.RESPONSE_DUE):
        report, _, force = (unanswered.id or EMPTY).partition("@")
        about = f"--inspection {report} --body {force}"
        yield f"If there is a response: {call} add response {about} --published DATE"
    if Matter.STALE in first:
        yield f"If someone has checked: {call} checked ID"
    if Matter.EVIDENCE in first:
        yield f"To see each file: {call} validate --check-evidence"
