"""Who was to answer a report in the 56 days of the Police Act 1996 s.55, and who has.

After a report on a police force, its local policing body is to publish comments before the end of
the 56 days that begin with the day of publication. A register holds the reports and the answers;
`obligations` puts them beside each other as of a day. What is not on record may still have
happened: no word here says that nobody answered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from socwatch.characters import normalise
from socwatch.dates import last_response_day
from socwatch.records import Answerer, Body, BodyKind, Inspection, Register, Response

DUTY_SINCE = date(2017, 5, 2)
"""The first day of the 56 days: Policing and Crime Act 2017 s.37, brought into force by S.I.
2017/399 reg. 4(a). Comments on earlier reports had to be published, by no set day."""


class Standing(StrEnum):
    """How a duty to answer stands on the day asked about."""

    NOT_ON_RECORD = "not-on-record"
    """The last day is past, and no response is on record."""
    DUE = "due"
    """No response is on record, and there is still time."""
    ANSWERED_LATE = "answered-late"
    ANSWERED_IN_TIME = "answered-in-time"
    ANSWERED = "answered"
    """A response is on record whose day is not known, so nothing can be said of its time."""


class Obligation(NamedTuple):
    """One local policing body's duty to answer one report, as of a day."""

    inspection: Inspection
    body: Body
    """The force that the report is about."""
    local_policing_body: str
    """Who is to answer for it, as the register names them."""
    as_of: date
    last_day: date
    """The last day in time: publication is day 1 of 56, so this is publication + 55."""
    response: Response | None
    """The answer that counts, the earliest whose day is known; None where none is on record."""

    @property
    def id(self) -> str:
        """The ids of inspection and force: soc-west-midlands-2024@west-mercia."""
        return f"{self.inspection.id}@{self.body.id}"

    @property
    def answered(self) -> date | None:
        """The day of the answer: of its publication, else the date that it bears."""
        return day_of(self.response) if self.response is not None else None

    @property
    def by_letter(self) -> bool:
        """Whether only the date that the answer bears is known, not the day of its publication.

        The Act asks for publication. A letter of that day may have been published later, so one
        that is dated in time may have been late, and one dated late was later still or as late.
        """
        response = self.response
        return response is not None and response.published is None and response.dated is not None

    @property
    def days_left(self) -> int | None:
        """Days from the day asked about to the last day, negative past it; None once answered."""
        return (self.last_day - self.as_of).days if self.response is None else None

    @property
    def days_early(self) -> int | None:
        """Days from the answer to the last day, 0 on it and negative for a late answer.

        None where there is no answer on record, or one whose day is not known.
        """
        return (self.last_day - self.answered).days if self.answered is not None else None

    @property
    def past(self) -> bool:
        """Whether the last day is past and no response is on record."""
        return self.days_left is not None and self.days_left < 0

    @property
    def standing(self) -> Standing:
        """How it stands; the one place where an answer is called late."""
        if self.response is None:
            return Standing.NOT_ON_RECORD if self.past else Standing.DUE
        if self.days_early is None:
            return Standing.ANSWERED
        return Standing.ANSWERED_IN_TIME if self.days_early >= 0 else Standing.ANSWERED_LATE

    def due_within(self, days: int) -> bool:
        """Whether no response is on record and the last day comes in so many days or fewer."""
        return self.days_left is not None and 0 <= self.days_left <= days


class Exempt(NamedTuple):
    """A report, or one force in it, for which no duty is derived."""

    inspection: Inspection
    body: Body | None
    """The force; None where the reason is the report's own."""
    reason: str


def obligations(register: Register, as_of: date) -> tuple[Obligation, ...]:
    """The duty of each local policing body to answer each report published by that day.

    It answers for a force that the report graded, made a finding for, or was answered about. An
    answer whose day is after `as_of` does not count; one whose day is not known does. In the order
    of the file, the forces of a report in that of the bodies.
    """
    answers = _answers(register, as_of)
    found = []
    for inspection, forces in _reports(register, as_of):
        if exemption(inspection) is not None:
            continue
        for body in forces:
            if body.local_policing_body is not None:
                response = min(answers[inspection.id, body.id], key=_by_day, default=None)
                last = last_response_day(inspection.published)
                found.append(
                    Obligation(inspection, body, body.local_policing_body, as_of, last, response)
                )
    return tuple(found)


def exemptions(register: Register, as_of: date) -> tuple[Exempt, ...]:
    """The published reports on forces, and the forces, for which no duty is derived, and why."""
    found = []
    for inspection, forces in _reports(register, as_of):
        reason = exemption(inspection)
        if reason is not None:
            found.append(Exempt(inspection, None, reason))
            continue
        missing = "no local policing body on record"
        found += [Exempt(inspection, b, missing) for b in forces if b.local_policing_body is None]
    return tuple(found)


def exemption(inspection: Inspection) -> str | None:
    """Why the 56 days do not apply to a report; None where they do.

    The duty is about the reports of the inspectors of constabulary for England and Wales (s.54):
    HMICFRS, which was HMIC until July 2017, alone or with others.
    """
    if inspection.published < DUTY_SINCE:
        return "published before the 56 days became law, on 2 May 2017"
    words = normalise(inspection.inspectorate)
    if not ("hmic" in words or "constabulary" in words):
        return "not a report of the inspectors of constabulary"
    if "hmicfrs" not in words and ("hmics" in words or "scotland" in words):
        return "the Act does not extend to Scotland"
    return None


def day_of(response: Response) -> date | None:
    """The day of an answer: of its publication, as the Act asks, else the date that it bears."""
    return response.published or response.dated


def _reports(register: Register, as_of: date) -> Iterator[tuple[Inspection, tuple[Body, ...]]]:
    """Each report published by that day on at least one force, with its forces."""
    about: defaultdict[str, set[str]] = defaultdict(set)
    for grade in register.grades:
        about[grade.inspection].add(grade.body)
    for response in register.responses:
        if _known_by(response, as_of):
            about[response.inspection].add(response.body)
    for finding in register.findings:
        about[finding.inspection].update(finding.bodies)
    forces = tuple(body for body in register.bodies if body.kind is BodyKind.FORCE)
    for report in register.inspections:
        inspected = tuple(force for force in forces if force.id in about[report.id])
        if inspected and report.published <= as_of:
            yield report, inspected


def _answers(register: Register, as_of: date) -> defaultdict[tuple[str, str], list[Response]]:
    """What local policing bodies have answered by that day, by inspection and force."""
    answers: defaultdict[tuple[str, str], list[Response]] = defaultdict(list)
    for response in register.responses:
        by_duty = response.answered_by is Answerer.LOCAL_POLICING_BODY
        if by_duty and _known_by(response, as_of):
            answers[response.inspection, response.body].append(response)
    return answers


def _known_by(response: Response, as_of: date) -> bool:
    """Whether an answer was there by a day; one whose day is not known counts on every day."""
    day = day_of(response)
    return day is None or day <= as_of


def _by_day(response: Response) -> date:
    return day_of(response) or date.max
