"""Which local policing bodies were to answer which reports in the 56 days, and which have."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from socwatch.obligations import Answer, Obligation, exemptions, obligations
from socwatch.records import Body, Register
from socwatch.reports.items import is_among
from socwatch.reports.table import (
    EMPTY,
    Cell,
    Column,
    Report,
    Row,
    Table,
    Tone,
    cell,
    count,
    keyed,
    prose,
    spoken,
)
from socwatch.tracking import DUE_SOON_DAYS, Asked

RESPONSE_COLUMNS: tuple[Column[Row], ...] = (
    keyed("id"),
    keyed("inspection"),
    keyed("published"),
    keyed("body", "Force", narrowest=10, rank=2),
    keyed("local_policing_body", "Local policing body", narrowest=16),
    keyed("last_day", "Last day"),
    keyed("answered", "Answered", narrowest=11),
    keyed("answered_as"),
    keyed("standing", "Standing", narrowest=12),
    keyed("days_left"),
    keyed("days_early"),
    keyed("sources", "Sources", narrowest=12, rank=1),
    keyed("url"),
)
NOTHING_SAID = (
    "“No response on record” says what this register holds. One may have been published: look on "
    "the site of the local policing body, then type: socwatch add response"
)
_BY_LETTER = (
    "The Act asks for publication in time. Where only the date of a letter is on record, the days "
    "are counted to that date, and the letter may have been published later."
)


def responses(register: Register, asked: Asked, *, bodies: Collection[Body] = ()) -> Report:
    """A row for each report and local policing body, the last report first.

    A region among `bodies` means the forces that are inspected with it; none means every force.
    """
    chosen = {body.id for body in bodies}
    listed = [o for o in obligations(register, asked.as_of) if is_among(o.body, chosen)]
    listed.sort(key=lambda o: o.local_policing_body.casefold())
    listed.sort(key=lambda o: (o.inspection.published, o.inspection.id), reverse=True)
    table = Table(
        "rows",
        "",
        RESPONSE_COLUMNS,
        tuple(_row(obligation, asked.within) for obligation in listed),
        if_empty="No report by that day that a local policing body was to answer in 56 days.",
    )
    answered = sum(duty.response is not None for duty in listed)
    title = (
        f"{count(len(listed), 'answer')} asked for within 56 days of a report, "
        f"{answered:,} of them on record"
    )
    notes = (*_notes(listed), *_left_out(register, asked, chosen))
    return Report("responses", title, asked, (table,), notes)


def obligation_words(obligation: Obligation, within: int = DUE_SOON_DAYS) -> str:
    """One sentence on a duty to answer, for reports on other things."""
    last = spoken(obligation.last_day)
    tense = "was" if obligation.as_of > obligation.last_day or obligation.response else "is"
    words = standing_cell(obligation, within).text
    if obligation.by_letter:
        words = f"its letter is {words}"
    return (
        f"{' '.join(obligation.local_policing_body.split())} {tense} to answer "
        f"{obligation.inspection.id} by {last}: {words}."
    )


def standing_cell(obligation: Obligation, within: int = DUE_SOON_DAYS) -> Cell:
    """How a duty to answer stands, in words that count the days."""
    words, tone = _standing_words(obligation, within)
    return Cell(obligation.standing.value, words, tone)


def _standing_words(obligation: Obligation, within: int) -> tuple[str, Tone]:
    left, early = obligation.days_left or 0, obligation.days_early or 0
    verb = "dated" if obligation.by_letter else "answered"
    match obligation.standing:
        case Answer.NOT_ON_RECORD:
            return f"no response on record, {count(-left, 'day')} past", Tone.OVERDUE
        case Answer.DUE:
            tone = Tone.DUE_SOON if obligation.due_within(within) else Tone.PLAIN
            return ("due today" if left == 0 else f"{count(left, 'day')} left"), tone
        case Answer.ANSWERED_LATE:
            return f"{verb} {count(-early, 'day')} late", Tone.DUE_SOON
        case Answer.ANSWERED_IN_TIME:
            when = f"{count(early, 'day')} early" if early else "on the last day"
            return f"{verb} {when}", Tone.PLAIN if obligation.by_letter else Tone.GOOD
        case Answer.ANSWERED:
            return "answered, day not known", Tone.MUTED


def _row(obligation: Obligation, within: int) -> Row:
    inspection, response = obligation.inspection, obligation.response
    answered_as = None
    answered = cell(obligation.answered)
    if obligation.by_letter:
        answered_as = "dated"
        answered = cell(obligation.answered, f"{spoken(obligation.answered)}\ndate of the letter")
    elif obligation.answered is not None:
        answered_as = "published"
    elif response is not None:
        answered = Cell(None, "day not known", Tone.MUTED)
    sources = response.sources if response is not None else ()
    return Row(
        {
            "id": cell(obligation.id),
            "inspection": cell(inspection.id),
            "published": cell(inspection.published),
            "body": Cell(obligation.body.id, obligation.body.name),
            "local_policing_body": prose(obligation.local_policing_body, Tone.STRONG),
            "last_day": cell(obligation.last_day),
            "answered": answered,
            "answered_as": cell(answered_as),
            "standing": standing_cell(obligation, within),
            "days_left": cell(obligation.days_left),
            "days_early": cell(obligation.days_early),
            "sources": Cell(sources, "\n".join(sources) or EMPTY),
            "url": cell(response.url if response is not None else None),
        },
        group=f"{' '.join(inspection.title.split())}, published {spoken(inspection.published)}",
    )


def _notes(listed: Iterable[Obligation]) -> Iterator[str]:
    listed = tuple(listed)
    if listed:
        yield (
            "The day of publication is the first of the 56 days (Police Act 1996, section 55(5A))."
        )
    if any(obligation.past for obligation in listed):
        yield NOTHING_SAID
    if any(obligation.by_letter for obligation in listed):
        yield _BY_LETTER


def _left_out(register: Register, asked: Asked, chosen: Collection[str]) -> Iterator[str]:
    for exempt in exemptions(register, asked.as_of):
        if exempt.body is None and not chosen:
            yield f"{exempt.inspection.id} is not listed: {exempt.reason}."
        elif exempt.body is not None and is_among(exempt.body, chosen):
            yield (
                f"{exempt.body.name} is not listed for {exempt.inspection.id}: {exempt.reason}. "
                "If it has one, type: socwatch edit, and add its local_policing_body."
            )
