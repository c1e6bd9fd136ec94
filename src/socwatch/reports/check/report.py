"""What needs attention in words: a line for each thing, the figures, and what to type."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from socwatch.characters import normalise
from socwatch.records import Kind, Status
from socwatch.reports.check.alerts import Alert, Attention, Reason, Suppression
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
    format_value,
    prose,
)

NO_OWNER = "no owner on record"

_TONES = {
    Reason.OVERDUE: Tone.OVERDUE,
    Reason.NO_RESPONSE: Tone.OVERDUE,
    Reason.DUE: Tone.DUE_SOON,
    Reason.RESPONSE_DUE: Tone.DUE_SOON,
}


def alert(
    answer: Attention,
    *,
    call: str = "socwatch",
    call_to_add: Callable[[str], str] | None = None,
    by_owner: bool = False,
    remarks: Iterable[str] = (),
) -> Report:
    """The answer as rows, with the figures and what to type in its notes.

    `call` is how socwatch is called on this register, and `call_to_add` returns how it is called to
    add a record about an inspection, where that is not the same. `remarks` are the last notes. With
    `by_owner` the rows of each owner stand together, the owner of the worst first, and within them
    the worst first.
    """
    alerts = list(answer.alerts)
    headings: dict[str, str] = {}
    if by_owner:
        for alert in alerts:
            headings.setdefault(_who(alert), alert.owner or NO_OWNER)
        rank = {owner: place for place, owner in enumerate(headings)}
        alerts.sort(key=lambda alert: rank[_who(alert)])
    listed = Table(
        "rows",
        "",
        ALERT_COLUMNS,
        tuple(alerts),
        group=lambda alert: headings.get(_who(alert), ""),
        if_empty="Nothing needs attention.",
    )
    notes: tuple[str, ...] = ()
    if alerts:
        notes = (f"{figures(answer)}.", *_to_type(answer, call, call_to_add), *remarks)
    return Report(
        "check",
        "What needs attention",
        answer.dates,
        (
            listed,
            Table("counts", "", _counts_of(answer), tuple(Reason)),
            Table("suppressed", "", _unsaid_of(answer), tuple(Suppression)),
        ),
        notes,
    )


def _who(alert: Alert) -> str:
    """Return the form in which two spellings of one owner are equal; "" for no owner."""
    return normalise(alert.owner or "")


ALERT_COLUMNS: tuple[Column[Alert], ...] = (
    Column[Alert](
        "matter",
        "Why it needs attention.",
        lambda c: Cell(c.reason.value, days_words(c), _tone(c)),
        Reason,
    ).under("Days", min_width=12),
    Column[Alert](
        "id",
        "Id of the item, or `inspection@force` for a response; `null` for the whole register.",
        lambda c: cell(c.id, tone=Tone.STRONG),
    ).under("Item"),
    Column[Alert](
        "body", "Id of the body.", lambda c: Cell(c.body.id, c.body.name) if c.body else None
    ).under("Body", min_width=10, drop_order=2),
    Column[Alert](
        "summary",
        "What it asks for, or what is wrong with evidence or the register.",
        lambda c: prose(c.summary),
    ).under("Summary", min_width=20, long=True),
    Column[Alert](
        "days_left",
        "Days to the last day in time, negative past it.",
        lambda c: c.days_left,
        "number",
    ),
    Column[Alert](
        "days_waiting",
        "Days since it was reported done, or since the last update (publication, if none).",
        lambda c: c.days_waiting,
        "number",
    ),
    Column[Alert](
        "day", "The last day in time, or the day since which it waits.", lambda c: c.day, "day"
    ),
    Column[Alert](
        "within",
        "The nearest of the days of `--within` in which it is due.",
        lambda c: c.within,
        "number",
    ),
    Column[Alert]("owner", "Who sees to it.", lambda c: c.owner).under(
        "Owner", min_width=8, drop_order=3
    ),
    Column[Alert]("finding", "Id of the finding.", lambda c: c.item.finding.id if c.item else None),
    Column[Alert](
        "kind",
        "What sort of finding it is.",
        lambda c: c.item.finding.kind.value if c.item else None,
        Kind,
    ),
    Column[Alert](
        "status", "The item's status.", lambda c: status_cell(c.item) if c.item else None, Status
    ),
    Column[Alert](
        "inspection", "Id of the inspection.", lambda c: c.inspection.id if c.inspection else None
    ),
)


def _counts_of(answer: Attention) -> tuple[Column[Reason], ...]:
    return (
        Column[Reason]("matter", "A reason why things need attention.", lambda m: m.value, Reason),
        Column[Reason]("count", "How many rows have it.", answer.count, "number"),
        Column[Reason](
            "total", "How many match the filters, listed or not.", answer.total, "number"
        ),
    )


def _unsaid_of(answer: Attention) -> tuple[Column[Suppression], ...]:
    return (
        Column[Suppression](
            "reason", "A reason why things are not listed.", lambda u: u.value, Suppression
        ),
        Column[Suppression]("count", "How many things have it.", answer.count_suppressed, "number"),
    )


def _tone(alert: Alert) -> Tone:
    return _TONES.get(alert.reason, Tone.PLAIN)


def days_words(alert: Alert) -> str:
    """How long past, how soon or how long waiting, with the day itself."""
    left, day = alert.days_left or 0, format_value(alert.day)
    waiting = count(alert.days_waiting or 0, "day")
    match alert.reason:
        case Reason.OVERDUE:
            return f"{count(-left, 'day')} past {day}, no completion on record"
        case Reason.NO_RESPONSE:
            return f"{count(-left, 'day')} past {day}, no response on record"
        case Reason.DUE | Reason.RESPONSE_DUE:
            what = "due" if alert.reason is Reason.DUE else "response due"
            when = f"in {count(left, 'day')}, on {day}" if left else f"today, {day}"
            return f"{what} {when}"
        case Reason.AWAITING_SIGN_OFF:
            return f"reported done {waiting} ago ({day}), not signed off"
        case Reason.STALE:
            if alert.day is None:
                return f"no update recorded in the {waiting} since publication"
            return f"no update recorded for {waiting} (last: {day})"
        case Reason.EVIDENCE:
            return "evidence missing or changed"
        case Reason.COPY:
            return "copy not merged"


def figures(answer: Attention, order: Iterable[Reason] = Reason) -> str:
    """Return how many alerts there are, by default in the order of the list.

    Each figure counts all that the filters match, and says how many of them are not listed, and
    why: "5 of 6 overdue items listed; 1 not on a reminder day".
    """
    return "; ".join(figure for reason in order for figure in _figures(answer, reason))


def _figures(answer: Attention, reason: Reason) -> Iterator[str]:
    listed = [_nearest(each) for each in answer.alerts if each.reason is reason]
    left_out = [(_nearest(each), why) for why, each in answer.suppressed if each.reason is reason]
    groups = {*listed, *(within for within, _ in left_out)}
    for within in sorted(groups, key=lambda days: (days is None, days)):
        reasons = [why for days, why in left_out if days == within]
        yield _figure(reason, within, listed.count(within), reasons)


def _nearest(alert: Alert) -> int | None:
    """Return the smallest --within that fits an item that is due; None for all other alerts."""
    return alert.within if alert.reason is Reason.DUE else None


def _figure(
    reason: Reason, within: int | None, number: int, left_out: Sequence[Suppression]
) -> str:
    """Return one figure: how many are listed, and for what reasons others are not."""
    if not left_out:
        return _figure_of_all(reason, within, number)
    total = number + len(left_out)
    reasons = ", ".join(
        f"{n:,} {_REASONS[why]}" for why in Suppression if (n := left_out.count(why))
    )
    return f"{number:,} of {_total_words(reason, within, total)} listed; {reasons}"


_REASONS = {Suppression.MUTED: "muted", Suppression.NO_REMINDER_DAY: "not on a reminder day"}


def _figure_of_all(reason: Reason, within: int | None, number: int) -> str:
    match reason:
        case Reason.OVERDUE:
            its = "its" if number == 1 else "their"
            return f"{number:,} past {its} deadline with no completion on record"
        case Reason.DUE:
            return f"{number:,} {_due_words(within)}"
        case Reason.AWAITING_SIGN_OFF:
            return f"{number:,} reported done and not signed off"
        case Reason.STALE:
            return "no recent update on record"
        case _:
            return _total_words(reason, within, number)


def _total_words(reason: Reason, within: int | None, total: int) -> str:
    match reason:
        case Reason.OVERDUE:
            return count(total, "overdue item")
        case Reason.DUE:
            return f"{count(total, 'item')} {_due_words(within)}"
        case Reason.AWAITING_SIGN_OFF:
            return f"{count(total, 'item')} reported done and not signed off"
        case Reason.NO_RESPONSE:
            return f"{count(total, 'response')} not on record after the 56 days"
        case Reason.RESPONSE_DUE:
            return f"{count(total, 'response')} due"
        case Reason.STALE:
            return f"{count(total, 'alert')} about no recent update"
        case Reason.EVIDENCE:
            return f"{count(total, 'piece')} of evidence missing or changed"
        case Reason.COPY:
            return f"{count(total, 'copy', 'copies')} not merged"


def _due_words(within: int | None) -> str:
    """Return when items are due; reminder days may lie further ahead than any --within."""
    if within is None:
        return "due later"
    return "due today" if within == 0 else f"due within {count(within, 'day')}"


def _to_type(
    answer: Attention, call: str, call_to_add: Callable[[str], str] | None
) -> Iterator[str]:
    """What to type about the worst of each sort."""
    first: dict[Reason, Alert] = {}
    for alert in answer.alerts:
        first.setdefault(alert.reason, alert)
    worst = next((c for c in answer.alerts if c.id is not None), None)
    if worst is not None:
        report = worst.inspection.id if worst.inspection is not None else EMPTY
        yield f"Details: {call} show {report if worst.item is None else worst.id}"
    if late := first.get(Reason.OVERDUE) or first.get(Reason.DUE):
        yield f"To record it as done: {call} done {late.id}"
        yield f"To stop alerts until a date: {call} mute {late.id} --until DATE --note REASON"
    if waiting := first.get(Reason.AWAITING_SIGN_OFF):
        yield f"If the inspectorate accepts it: {call} sign-off {waiting.id} --by NAME"
    if unanswered := first.get(Reason.NO_RESPONSE) or first.get(Reason.RESPONSE_DUE):
        report, _, force = (unanswered.id or EMPTY).partition("@")
        about = f"--inspection {report} --body {force}"
        adding = call_to_add(report) if call_to_add is not None else call
        yield f"If there is a response: {adding} add response {about} --published DATE"
    if Reason.STALE in first:
        yield f"If someone has checked: {call} checked ID"
    if Reason.EVIDENCE in first:
        yield f"To see each file: {call} validate --check-evidence"
    if copy := first.get(Reason.COPY):
        yield f"To add the records of the copy: {copy.command}"
