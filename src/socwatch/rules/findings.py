"""Rules about what inspections left: grades on their scales, findings, deadlines, responses."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from operator import attrgetter

from socwatch.dates import Deadline, PartialDate, last_day
from socwatch.errors import Location, Problem
from socwatch.fields import Form
from socwatch.records import (
    EVERY_FIELD,
    KINDS,
    SCALES,
    Answerer,
    BodyKind,
    GradeWord,
    Kind,
    Register,
)
from socwatch.rules.references import inner_values

_WEB_ADDRESS = re.compile(r"https?://[^\s/]\S*")

FIRST_YEAR, LAST_YEAR = 1856, 2199
"""Her Majesty's Inspectors of Constabulary were created by the County and Borough Police Act 1856;
a year of the 23rd century is a slip of the pen."""

_DATED_FORMS = frozenset({Form.DAY, Form.DATE, Form.TIME})
"""The forms of dates; what a finding's deadline means is checked apart."""

_DATED = tuple((table, field.name) for table, field in EVERY_FIELD if field.form in _DATED_FORMS)


def grades_on_their_scale(register: Register) -> Iterator[Problem]:
    """A grade stands on the scale of its inspection."""
    for index, grade in enumerate(register.grades):
        inspection = register.inspection_by_id.get(grade.inspection)
        if inspection is None or grade.grade is GradeWord.NOT_GRADED:
            continue
        if grade.grade not in SCALES[inspection.grading]:
            choice = ", ".join(SCALES[inspection.grading])
            message = (
                f"{inspection.id} graded on the scale {inspection.grading}, without this grade"
            )
            remedy = f"use one of {choice}; if the scale is wrong, write scale into {inspection.id}"
            place = ("grades", index, "grade")
            yield Problem("grade-not-on-scale", place, message, remedy)


def regions_not_graded(register: Register) -> Iterator[Problem]:
    """A region is not graded: its unit and its forces are, as HMICFRS's regional reports say."""
    for index, grade in enumerate(register.grades):
        body = register.body_by_id.get(grade.body)
        graded = grade.grade is not GradeWord.NOT_GRADED
        if body is not None and body.kind is BodyKind.REGION and graded:
            message = f"{body.name} is a region, and regions are not graded"
            remedy = 'write grade = "not-graded", or name the unit or the force that was graded'
            yield Problem("region-graded", ("grades", index, "grade"), message, remedy)


def one_grade_each(register: Register) -> Iterator[Problem]:
    """An inspection grades a body on a question once."""
    seen: set[tuple[str, str, str]] = set()
    for index, grade in enumerate(register.grades):
        key = (grade.inspection, grade.body, grade.question)
        if key in seen:
            message = f"{grade.inspection} has graded {grade.body} on this question already"
            remedy = "keep one; where sources disagree, name the other in contradicted_by"
            yield Problem("duplicate-grade", ("grades", index), message, remedy)
        seen.add(key)


def regions_are_regions(register: Register) -> Iterator[Problem]:
    """A body's region is a body of the kind region, and a region is in none."""
    for index, body in enumerate(register.bodies):
        region = register.body_by_id.get(body.region) if body.region is not None else None
        place = ("bodies", index, "region")
        if body.region is not None and body.kind is BodyKind.REGION:
            message = f"{body.id} is a region, and cannot be in another"
            yield Problem("region-in-region", place, message, "take region out of it")
        elif region is not None and region.kind is not BodyKind.REGION:
            message = f"{region.id} is not a region but a {region.kind}"
            remedy = "name a body whose kind is region"
            yield Problem("not-a-region", place, message, remedy)


def about_forces(register: Register) -> Iterator[Problem]:
    """Monitoring and answers are about forces, and local policing bodies answer for forces."""
    for table in ("monitoring", "responses"):
        for index, record in enumerate(getattr(register, table)):
            body = register.body_by_id.get(record.body)
            if body is not None and body.kind is not BodyKind.FORCE:
                message = f"{body.id} is not a force but a {body.kind}"
                remedy = "name a body whose kind is force"
                yield Problem("not-a-force", (table, index, "body"), message, remedy)
    for index, body in enumerate(register.bodies):
        if body.local_policing_body is not None and body.kind is not BodyKind.FORCE:
            message = f"{body.id} is a {body.kind}, for which no local policing body answers"
            remedy = "take local_policing_body out of it"
            place = ("bodies", index, "local_policing_body")
            yield Problem("policing-body-not-for-kind", place, message, remedy)


def answers(register: Register) -> Iterator[Problem]:
    """A local policing body answers for a force that has one on record."""
    for index, response in enumerate(register.responses):
        body = register.body_by_id.get(response.body)
        if response.answered_by is not Answerer.LOCAL_POLICING_BODY or body is None:
            continue
        if body.kind is BodyKind.FORCE and body.local_policing_body is None:
            place = ("responses", index, "answered_by")
            message = f"a local policing body answers for {body.id}, which has none on record"
            remedy = f'add to {body.id}: local_policing_body = "…", or write answered_by = "force"'
            yield Problem("no-policing-body", place, message, remedy, about=f"bodies {body.id}")


def monitoring_of_its_body(register: Register) -> Iterator[Problem]:
    """What led to a stay in monitoring was found at that force."""
    for index, stay in enumerate(register.monitoring):
        finding = register.finding_by_id.get(stay.finding) if stay.finding is not None else None
        if finding is not None and stay.body not in finding.bodies:
            message = f"{finding.id} is not addressed to {stay.body!r}"
            remedy = "name a finding that is, or take finding out of it"
            yield Problem(
                "finding-of-other-body", ("monitoring", index, "finding"), message, remedy
            )


def parents(register: Register) -> Iterator[Problem]:
    """Only a recommendation can be part of a cause of concern, and of one of the same report."""
    for index, finding in enumerate(register.findings):
        kind = KINDS[finding.kind]
        place = ("findings", index, "part_of")
        if finding.part_of is None:
            continue
        if kind.parent is None:
            message = f"{finding.id} is of the kind {finding.kind}, which hangs from nothing"
            yield Problem("parent-not-allowed", place, message, "take part_of out of it")
            continue
        parent = register.finding_by_id.get(finding.part_of)
        if parent is None:
            continue
        if parent.kind is not kind.parent:
            message = f"{parent.id} is not a {KINDS[kind.parent].singular}"
            remedy = "name the cause of concern that it hangs from"
            yield Problem("parent-of-other-kind", place, message, remedy)
        elif parent.inspection != finding.inspection:
            message = f"{parent.id} is of another inspection: {parent.inspection}"
            remedy = "name a cause of concern of the same inspection"
            yield Problem("parent-elsewhere", place, message, remedy)
        elif finding.bodies != parent.bodies and (
            not set(finding.bodies) & register.body_by_id.keys() <= {*parent.bodies}
        ):
            message = f"{parent.id} is addressed to {' and '.join(parent.bodies)} only"
            remedy = "name a cause of concern that is addressed to the same bodies"
            yield Problem("parent-elsewhere", place, message, remedy)


def stated_counts(register: Register) -> Iterator[Problem]:
    """Only a cause of concern counts its recommendations, and holds no more than it counts."""
    held = Counter(finding.part_of for finding in register.findings)
    for index, finding in enumerate(register.findings):
        stated = finding.recommendations_stated
        place = ("findings", index, "recommendations_stated")
        if stated is None:
            continue
        if finding.kind is not Kind.CAUSE_OF_CONCERN:
            message = f"{finding.id} is no cause of concern, and has no recommendations"
            remedy = "take recommendations_stated out of it"
            yield Problem("count-not-for-kind", place, message, remedy)
        elif held[finding.id] > stated:
            message = f"{held[finding.id]} recommendations hang from it, and it states {stated}"
            remedy = f"compare with the source, then: recommendations_stated = {held[finding.id]}"
            yield Problem("more-than-stated", place, message, remedy)


def deadlines(register: Register) -> Iterator[Problem]:
    """A deadline is for a kind that can have one, and is not before the report."""
    for index, finding in enumerate(register.findings):
        if finding.deadline is None:
            continue
        place = ("findings", index, "deadline")
        kind = KINDS[finding.kind]
        if not kind.may_be_overdue:
            message = f"{finding.id} is of the kind {finding.kind}, which has no deadline"
            remedy = "take it out; a date that the body set itself is written as target = …"
            yield Problem("deadline-not-for-kind", place, message, remedy)
            continue
        inspection = register.inspection_by_id.get(finding.inspection)
        if inspection is None:
            continue
        last = _resolve(finding.deadline, inspection.published)
        if last is None or not FIRST_YEAR <= last.year <= LAST_YEAR:
            message = f"this deadline ends in no year between {FIRST_YEAR} and {LAST_YEAR}"
            remedy = "compare it with the source"
            yield Problem("implausible-date", place, message, remedy)
        elif last < inspection.published:
            message = f"this deadline is before the report, published on {inspection.published}"
            remedy = "compare both dates with the source"
            yield Problem("deadline-before-publication", place, message, remedy)


def _resolve(deadline: Deadline, published: date) -> date | None:
    try:
        return last_day(deadline, published=published)
    except OverflowError:
        return None


def plausible_dates(register: Register) -> Iterator[Problem]:
    """Every date lies in a year in which an inspectorate can have written it."""
    for table, field in _DATED:
        values: Iterator[date | PartialDate | None] = map(
            attrgetter(field), getattr(register, table)
        )
        for index, value in enumerate(values):
            if value is not None and not FIRST_YEAR <= value.year <= LAST_YEAR:
                yield _implausible((table, index, field), value)
    for place, _, inner in inner_values(register, lambda field: field.form in _DATED_FORMS):
        if inner is not None and not FIRST_YEAR <= inner.year <= LAST_YEAR:
            yield _implausible(place, inner)


def _implausible(place: Location, value: date | PartialDate) -> Problem:
    message = f"the year {value.year:04} is not between {FIRST_YEAR} and {LAST_YEAR}"
    return Problem("implausible-date", place, message, "compare it with the source")


def dates_in_order(register: Register) -> Iterator[Problem]:
    """Nothing is read, answered or inspected in the wrong order; a stay ends after it began."""
    remedy = "compare both dates with the source"
    for index, source in enumerate(register.sources):
        if source.published and source.seen and source.seen < source.published.first:
            message = f"this was read before it was published: {source.published}"
            yield Problem("seen-before-published", ("sources", index, "seen"), message, remedy)
    for index, inspection in enumerate(register.inspections):
        if inspection.fieldwork is not None and inspection.fieldwork.first > inspection.published:
            message = f"this fieldwork is after the report, published on {inspection.published}"
            place = ("inspections", index, "fieldwork")
            yield Problem("fieldwork-after-publication", place, message, remedy)
    for index, response in enumerate(register.responses):
        answered = register.inspection_by_id.get(response.inspection)
        for field, day in (("dated", response.dated), ("published", response.published)):
            if answered is not None and day is not None and day < answered.published:
                message = f"this answer is before the report, published on {answered.published}"
                place = ("responses", index, field)
                yield Problem("response-before-publication", place, message, remedy)
    for index, stay in enumerate(register.monitoring):
        if (
            stay.entered is not None
            and stay.left is not None
            and stay.left.last < stay.entered.first
        ):
            message = f"this stay ends before it begins: {stay.entered}"
            yield Problem("left-before-entered", ("monitoring", index, "left"), message, remedy)


def recurrences(register: Register) -> Iterator[Problem]:
    """A finding recurs from, and supersedes, what an earlier report found, or the same one."""
    for index, finding in enumerate(register.findings):
        for field in ("recurs_from", "supersedes"):
            for number, name in enumerate(getattr(finding, field)):
                earlier = register.finding_by_id.get(name)
                if earlier is None:
                    continue
                theirs = register.inspection_by_id.get(earlier.inspection)
                ours = register.inspection_by_id.get(finding.inspection)
                if theirs is not None and ours is not None and theirs.published > ours.published:
                    message = f"{name} is of a later report than {finding.id}"
                    remedy = f"write {field} into {name} instead, the other way round"
                    place = ("findings", index, field, number)
                    yield Problem("earlier-from-later", place, message, remedy)


def web_addresses(register: Register) -> Iterator[Problem]:
    """An address begins as the addresses of web pages do, so that it can be followed."""
    for table in ("sources", "inspections", "responses"):
        for index, record in enumerate(getattr(register, table)):
            if record.url is not None and not _WEB_ADDRESS.fullmatch(record.url):
                message = "this is not the address of a web page"
                remedy = "copy it from the browser, as in https://www.example.org/report"
                yield Problem("bad-url", (table, index, "url"), message, remedy)
