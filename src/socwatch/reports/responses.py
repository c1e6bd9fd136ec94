"""Which local policing bodies were to answer which reports in the 56 days, and which have."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from socwatch.characters import normalise
from socwatch.obligations import Exempt, Obligation, Standing, exemptions, obligations
from socwatch.records import Body, Register
from socwatch.reports.items import is_among, scope, title_for
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
    rank,
)
from socwatch.tracking import DUE_SOON_DAYS, QueryDates

NOTHING_SAID = "“No response on record” says what this register holds. One may have been published."
_HINT_ANSWERED = (
    "To add a response that you find on the local policing body's site: socwatch add response"
)
_HINT_BODY = "To add the local policing body of a force: socwatch edit"
_BY_LETTER = (
    "The Act asks for publication in time. Where only the date of a letter is on record, the days "
    "are counted to that date, and the letter may have been published later."
)


class Duties(NamedTuple):
    """Duties to answer reports, and what a reader of them needs."""

    dates: QueryDates
    listed: tuple[Obligation, ...]
    """The last report first."""
    left_out: tuple[str, ...]
    """Sentences on the reports and forces for which there is no duty."""
    lacking: bool
    """Whether a force is left out because no local policing body is on record for it."""

    @property
    def title(self) -> str:
        """How many there are, and how many are met."""
        answered = sum(duty.response is not None for duty in self.listed)
        return (
            f"{count(len(self.listed), 'answer')} asked for within 56 days of a report, "
            f"{answered:,} of them on record"
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """What these figures mean, and what is not among them."""
        return (*_notes(self.listed), *self.left_out)

    @property
    def hints(self) -> tuple[str, ...]:
        """What to type about them."""
        hints = [_HINT_ANSWERED] if any(duty.past for duty in self.listed) else []
        return (*hints, *([_HINT_BODY] if self.lacking else []))


def find_duties(register: Register, dates: QueryDates, bodies: Collection[Body] = ()) -> Duties:
    """Return the duties to answer reports on some forces.

    A region among `bodies` means the forces that are inspected with it; none means every force.
    """
    chosen = {body.id for body in bodies}
    listed = [o for o in obligations(register, dates.as_of) if is_among(o.body, chosen)]
    listed.sort(key=lambda o: normalise(o.local_policing_body))
    listed.sort(key=lambda o: (o.inspection.published, o.inspection.id), reverse=True)
    left_out = [
        exempt
        for exempt in exemptions(register, dates.as_of)
        if (not chosen if exempt.body is None else is_among(exempt.body, chosen))
    ]
    lacking = any(exempt.body is not None for exempt in left_out)
    return Duties(dates, tuple(listed), tuple(map(_left_out_words, left_out)), lacking)


def responses(register: Register, dates: QueryDates, *, bodies: Collection[Body] = ()) -> Report:
    """A row for each report and local policing body, as `find_duties` returns them."""
    found = find_duties(register, dates, bodies)
    table = duty_table(found, scope(bodies))
    title = title_for(found.title, bodies)
    return Report("responses", title, dates, (table,), (*found.notes, *found.hints))


def duty_table(found: Duties, about: str = "") -> Table[Obligation]:
    """Return the duties as a table, by report; `about` is the scope of the sentence for none."""
    return Table(
        "rows",
        "",
        duty_columns(found.dates.within),
        found.listed,
        group=_report_words,
        if_empty=f"On or before that date, no report required a response within 56 days{about}.",
    )


def _report_words(duty: Obligation) -> str:
    report = duty.inspection
    return f"{' '.join(report.title.split())}, published {format_value(report.published)}"


def duty_columns(within: int) -> tuple[Column[Obligation], ...]:
    """Return the facts of a duty; `within` is how many days ahead one is due soon."""
    return (
        Column[Obligation](
            "id", "The ids of the inspection and the force, joined by `@`.", lambda d: d.id
        ),
        Column[Obligation]("inspection", "Id of the inspection.", lambda d: d.inspection.id),
        Column[Obligation](
            "published",
            "The day on which the report was published.",
            lambda d: d.inspection.published,
            "day",
        ),
        Column[Obligation](
            "body", "Id of the force.", lambda d: Cell(d.body.id, d.body.name)
        ).under("Force", min_width=10, drop_order=2),
        Column[Obligation](
            "local_policing_body",
            "Who is to answer for it.",
            lambda d: prose(d.local_policing_body, Tone.STRONG),
        ).under("Local policing body", min_width=16),
        Column[Obligation](
            "last_day",
            "The last of the [56 days](dates.md#the-56-days).",
            lambda d: d.last_day,
            "day",
        ).under("Last day"),
        Column[Obligation](
            "answered",
            "The day of its publication, or else its date; `null` if neither is known.",
            _answered_cell,
            "day",
        ).under("Answered", min_width=11),
        Column[Obligation](
            "answered_as",
            "Which of these days `answered` is: `published` or `dated`.",
            _answered_as,
        ),
        Column[Obligation](
            "standing",
            "`not-on-record`: the last day is past. `answered`: on a day that is not known.",
            lambda d: standing_cell(d, within),
            Standing,
        ).under("Standing", min_width=12),
        Column[Obligation](
            "days_left",
            "Days to the last day, negative past it; `null` if an answer is on record.",
            lambda d: d.days_left,
            "number",
        ),
        Column[Obligation](
            "days_early",
            "Days from the answer to the last day, negative if it was late.",
            lambda d: d.days_early,
            "number",
        ),
        Column[Obligation](
            "sources", "Ids of the sources of the answer.", _sources_cell, "texts"
        ).under("Sources", min_width=12, drop_order=1),
        Column[Obligation](
            "url", "The address of the answer.", lambda d: d.response.url if d.response else None
        ),
    )


def _answered_cell(duty: Obligation) -> Cell:
    if duty.by_letter:
        return cell(duty.answered, f"{format_value(duty.answered)}\ndate of the letter")
    if duty.answered is None and duty.response is not None:
        return Cell(None, "day not known", Tone.MUTED)
    return cell(duty.answered)


def _answered_as(duty: Obligation) -> str | None:
    if duty.by_letter:
        return "dated"
    return "published" if duty.answered is not None else None


def _sources_cell(duty: Obligation) -> Cell:
    sources = duty.response.sources if duty.response is not None else ()
    return Cell(sources, "\n".join(sources) or EMPTY)


def obligation_words(obligation: Obligation, within: int = DUE_SOON_DAYS) -> str:
    """One sentence on a duty to answer, for reports on other things."""
    last = format_value(obligation.last_day)
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
    return Cell(obligation.standing.value, words, tone, _standing_rank(obligation))


def _standing_rank(obligation: Obligation) -> int:
    """Return the place of a standing: no response, responded, on a day not known; by days."""
    if obligation.days_left is not None:
        return rank(0, obligation.days_left)
    return rank(1, obligation.days_early) if obligation.days_early is not None else rank(2)


def _standing_words(obligation: Obligation, within: int) -> tuple[str, Tone]:
    left, early = obligation.days_left or 0, obligation.days_early or 0
    verb = "dated" if obligation.by_letter else "answered"
    match obligation.standing:
        case Standing.NOT_ON_RECORD:
            return f"no response on record, {count(-left, 'day')} past", Tone.OVERDUE
        case Standing.DUE:
            tone = Tone.DUE_SOON if obligation.due_within(within) else Tone.PLAIN
            return ("due today" if left == 0 else f"{count(left, 'day')} left"), tone
        case Standing.ANSWERED_LATE:
            return f"{verb} {count(-early, 'day')} late", Tone.DUE_SOON
        case Standing.ANSWERED_IN_TIME:
            when = f"{count(early, 'day')} early" if early else "on the last day"
            return f"{verb} {when}", Tone.PLAIN if obligation.by_letter else Tone.GOOD
        case Standing.ANSWERED:
            return "answered, day not known", Tone.MUTED


def _notes(listed: Sequence[Obligation]) -> Iterator[str]:
    if listed:
        yield (
            "The day of publication is the first of the 56 days (Police Act 1996, section 55(5A))."
        )
    if any(obligation.past for obligation in listed):
        yield NOTHING_SAID
    if any(obligation.by_letter for obligation in listed):
        yield _BY_LETTER


def _left_out_words(exempt: Exempt) -> str:
    if exempt.body is None:
        return f"{exempt.inspection.id} is not listed: {exempt.reason}."
    return f"{exempt.body.name} is not listed for {exempt.inspection.id}: {exempt.reason}."
