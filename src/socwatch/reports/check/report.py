"""What needs attention in words: a line for each thing, the figures, and what to type."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from socwatch.reports.check.alerts import Attention, Concern, Matter, Unsaid
from socwatch.reports.items import status_cell
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

COLUMNS: tuple[Column, ...] = (
    Column("matter", "Days", narrowest=12),
    Column("id", "Item"),
    Column("body", "Body", narrowest=10, rank=2),
    Column("summary", "Summary", narrowest=20, long=True),
    Column("days_left"),
    Column("days_waiting"),
    Column("day"),
    Column("within"),
    Column("owner", "Owner", narrowest=8, rank=3),
    Column("finding"),
    Column("kind"),
    Column("status"),
    Column("inspection"),
)
_COUNTS = (Column("matter"), Column("count"))
_UNSAID = (Column("reason"), Column("count"))

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
    if by_owner:
        owners = list(dict.fromkeys(concern.owner for concern in concerns))
        concerns.sort(key=lambda concern: owners.index(concern.owner))
    rows = tuple(_row(concern, by_owner=by_owner) for concern in concerns)
    counts = tuple(
        Row({"matter": cell(matter.value), "count": cell(answer.count(matter))})
        for matter in Matter
    )
    unsaid = tuple(
        Row({"reason": cell(reason.value), "count": cell(answer.left_unsaid(reason))})
        for reason in Unsaid
    )
    notes: tuple[str, ...] = ()
    if concerns:
        notes = (f"{figures(answer)}.", *_to_type(answer, call), *remarks, *unsaid_words(answer))
    return Report(
        "check",
        "What needs attention",
        answer.asked,
        (
            Table("rows", "", COLUMNS, rows, if_empty="Nothing needs attention."),
            Table("counts", "", _COUNTS, counts),
            Table("suppressed", "", _UNSAID, unsaid),
        ),
        notes,
    )


def _row(concern: Concern, *, by_owner: bool) -> Row:
    item = concern.item
    body = concern.body
    return Row(
        {
            "matter": Cell(concern.matter.value, days_words(concern), _tone(concern)),
            "id": cell(concern.id, tone=Tone.STRONG),
            "body": Cell(body.id, body.name) if body is not None else cell(None),
            "summary": prose(concern.summary),
            "days_left": cell(concern.days_left),
            "days_waiting": cell(concern.days_waiting),
            "day": cell(concern.day),
            "within": cell(concern.within),
            "owner": cell(concern.owner),
            "finding": cell(item.finding.id if item is not None else None),
            "kind": cell(item.finding.kind.value if item is not None else None),
            "status": status_cell(item) if item is not None else cell(None),
            "inspection": cell(concern.inspection.id if concern.inspection is not None else None),
        },
        group=(concern.owner or NO_OWNER) if by_owner else "",
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
        report = worst.inspection.id if worst.inspection is not None else NOTHING
        yield f"Details: {call} show {report if worst.item is None else worst.id}"
    if late := first.get(Matter.OVERDUE) or first.get(Matter.DUE):
        yield f"To record it as done: {call} done {late.id}"
        yield f"To stop alerts until a date: {call} mute {late.id} --until DATE --note REASON"
    if waiting := first.get(Matter.AWAITING_SIGN_OFF):
        yield f"If the inspectorate accepts it: {call} sign-off {waiting.id} --by NAME"
    if unanswered := first.get(Matter.NO_RESPONSE) or first.get(Matter.RESPONSE_DUE):
        report, _, force = (unanswered.id or NOTHING).partition("@")
        about = f"--inspection {report} --body {force}"
        yield f"If there is a response: {call} add response {about} --published DATE"
    if Matter.STALE in first:
        yield f"If someone has checked: {call} checked ID"
    if Matter.EVIDENCE in first:
        yield f"To see each file: {call} validate --check-evidence"
