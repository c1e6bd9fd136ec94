"""The shipped register: what it says of the West Midlands inspection, fact by fact."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import urlsplit

import pytest

from conftest import SHIPPED, Soc
from socwatch.dates import last_response_day
from socwatch.records import (
    Action,
    Body,
    BodyKind,
    Finding,
    Grade,
    Inspection,
    Kind,
    Monitoring,
    Register,
    Response,
    Update,
)
from socwatch.rules import find_problems
from socwatch.store.load import load

FORCES = ("staffordshire", "warwickshire", "west-mercia", "west-midlands-police")
REPORT = "soc-west-midlands-2024"
Sourced = Body | Inspection | Grade | Finding | Monitoring | Response | Update
RECOMMENDATIONS = tuple(f"wmp-soc-2024-r{number}" for number in range(1, 6))


@pytest.fixture(scope="module")
def register() -> Register:
    """The shipped register, read as the command reads it."""
    loaded = load(SHIPPED)
    assert loaded.register is not None
    assert loaded.faults(find_problems(loaded.register)) == ()
    return loaded.register


def of(register: Register, body: str, kind: Kind) -> list[Finding]:
    """The findings of 2024 of one kind for one body."""
    return [
        finding
        for finding in register.findings
        if finding.inspection == REPORT and finding.kind is kind and body in finding.bodies
    ]


def test_valid(shipped: Soc) -> None:
    """The command finds no fault in it, and counts what it holds."""
    ran = shipped("validate")
    assert re.fullmatch(
        r"data/recommendations.toml is valid: 29 findings for 6 bodies, \d+ updates\.\n", ran.out
    )
    assert ran.err == ""


def test_bodies(register: Register) -> None:
    """There are the region, its unit and four forces; a force alone has a local policing body."""
    kinds = {body.id: body.kind for body in register.bodies}
    assert kinds == {
        "west-midlands-region": BodyKind.REGION,
        "rocuwm": BodyKind.REGIONAL_UNIT,
        **dict.fromkeys(FORCES, BodyKind.FORCE),
    }
    for body in register.bodies:
        assert (body.local_policing_body is not None) == (body.id in FORCES)
        expected = None if body.kind is BodyKind.REGION else "west-midlands-region"
        assert body.region == expected
    names = [name.casefold() for body in register.bodies for name in (body.name, *body.aliases)]
    assert "west midlands" not in names
    assert "wmp" not in names
    assert len(set(names)) == len(names)


def test_inspections(register: Register) -> None:
    """The report is of 14 May 2024 on fieldwork of June 2023; the older two have their own days."""
    days = {each.id: (each.published, str(each.fieldwork)) for each in register.inspections}
    assert days == {
        REPORT: (date(2024, 5, 14), "2023-06"),
        "peel-2018-19": (date(2019, 9, 27), "2019-01"),
        "peel-effectiveness-2017": (date(2018, 3, 22), "2017"),
    }
    report = register.inspection_by_id[REPORT]
    assert report.title == (
        "An inspection of the West Midlands regional response to serious and organised crime"
    )
    assert {each.inspectorate for each in register.inspections} == {"HMICFRS"}
    assert [str(each.scale) for each in register.inspections] == [
        "five-grades",
        "four-grades",
        "four-grades",
    ]
    assert {(other.source, "July 2023" in other.says) for other in report.contradicted_by} == {
        ("staffordshire-police-soc-2024", True),
        ("churnet-sound-soc-2024", True),
    }


def test_grades(register: Register) -> None:
    """Five bodies are graded, the region is not; West Mercia was inadequate, good, inadequate."""
    grades = {(grade.body, grade.inspection): str(grade.grade) for grade in register.grades}
    assert grades == {
        ("west-midlands-region", REPORT): "not-graded",
        ("rocuwm", REPORT): "adequate",
        ("staffordshire", REPORT): "requires-improvement",
        ("warwickshire", REPORT): "requires-improvement",
        ("west-mercia", REPORT): "inadequate",
        ("west-midlands-police", REPORT): "adequate",
        ("west-mercia", "peel-2018-19"): "good",
        ("west-mercia", "peel-effectiveness-2017"): "inadequate",
    }
    assert len({grade.question for grade in register.grades}) == 1


def test_the_newspaper_that_grades_the_region(register: Register) -> None:
    """The Express & Star alone is recorded against the region's grade, with what it says."""
    (region,) = (grade for grade in register.grades if grade.body == "west-midlands-region")
    (other,) = region.contradicted_by
    assert other.source == "express-and-star-2024-05-14"
    assert "adequate" in other.says
    assert {grade.body for grade in register.grades if grade.contradicted_by} == {
        "west-midlands-region"
    }


def test_cause_of_concern(register: Register) -> None:
    """West Mercia has the one cause of concern of 2024: nine recommendations stated, five held."""
    causes = [
        f for f in register.findings if f.kind is Kind.CAUSE_OF_CONCERN and f.inspection == REPORT
    ]
    (cause,) = causes
    assert (cause.id, cause.bodies) == ("wmp-soc-2024", ("west-mercia",))
    assert cause.recommendations_stated == 9
    held = tuple(finding.id for finding in register.findings if finding.part_of == cause.id)
    assert held == RECOMMENDATIONS
    assert cause.recurs_from == ("wmp-soc-2018",)
    assert cause.deadline is None


@pytest.mark.parametrize("name", RECOMMENDATIONS)
def test_recommendations(register: Register, name: str) -> None:
    """Each is due by 1 January 2025, in the words of two newspapers, and has no number of ours."""
    finding = register.finding_by_id[name]
    assert str(finding.deadline) == "2025-01-01"
    assert finding.deadline_words == '"1 January" (BBC News); "by January 2025" (Express & Star)'
    assert finding.deadline_sources == ("bbc-2024-05-14", "express-and-star-2024-05-14")
    assert finding.label is None
    assert finding.bodies == ("west-mercia",)
    assert "west-mercia-pcc-2024-07-09" in finding.sources
    note = finding.deadline_note or ""
    named = name in {"wmp-soc-2024-r1", "wmp-soc-2024-r3", "wmp-soc-2024-r4"}
    assert ("BBC News names this recommendation." in note) == named
    assert ("that it shares the date is inferred" in " ".join(note.split())) != named


def test_what_recurs(register: Register) -> None:
    """What recurs from entry 8929 is what it asked for: partners' data, local profiles, LROs."""
    recurring = {f.id: f.recurs_from for f in register.findings if f.recurs_from}
    assert recurring == {
        "wmp-soc-2024": ("wmp-soc-2018",),
        "wmp-soc-2024-r1": ("wmp-soc-2018-r1",),
        "wmp-soc-2024-r2": ("wmp-soc-2018-r1",),
        "wmp-soc-2024-r4": ("wmp-soc-2018-r1",),
    }


def test_entry_8929(register: Register) -> None:
    """Entry 8929 of 2018 is one recommendation, due immediately, awaiting review, then begun."""
    entry = register.finding_by_id["wmp-soc-2018-r1"]
    assert (entry.label, entry.deadline, entry.deadline_words) == (
        "8929",
        "immediately",
        "immediately",
    )
    assert (entry.inspection, entry.part_of) == ("peel-effectiveness-2017", "wmp-soc-2018")
    told = [(u.on, u.action) for u in register.updates if u.finding == entry.id]
    assert told[:2] == [(date(2018, 3, 22), Action.NOTE), (date(2018, 4, 9), Action.START)]
    older = register.finding_by_id["wmp-soc-2018"]
    assert {(c.source, c.says) for c in older.contradicted_by} == {
        ("bbc-2024-05-14", "It was issued in 2017."),
        ("express-and-star-2024-05-14", "It was issued in 2017."),
    }


@pytest.mark.parametrize(
    ("body", "count", "words"),
    [
        ("west-midlands-region", 4, ("change", "tasking meeting", "closely", "senior investig")),
        ("rocuwm", 4, ("offenders", "disruption", "operations", "intelligence")),
        ("staffordshire", 4, ("staff", "4P plans", "partners", "financial investigators")),
        ("warwickshire", 4, ("communities", "plans", "Learn", "covert")),
        ("west-midlands-police", 3, ("locally", "financial investigators", "planning system")),
        ("west-mercia", 0, ()),
    ],
)
def test_areas_for_improvement(
    register: Register, body: str, count: int, words: tuple[str, ...]
) -> None:
    """Each body has the areas for improvement that the press reports, none with a deadline."""
    areas = of(register, body, Kind.AREA_FOR_IMPROVEMENT)
    assert len(areas) == count
    for word in words:
        assert any(word in area.summary for area in areas)
    assert all(area.deadline is None and area.target is None for area in areas)
    assert all("inferred" in (area.note or "") for area in areas)
    assert all(area.source_term in (None, "recommendation") for area in areas)


def test_innovative_practice(register: Register) -> None:
    """The social media hub and the performance dashboard are the good practice on record."""
    practice = {
        f.bodies[0]: f.summary for f in register.findings if f.kind is Kind.INNOVATIVE_PRACTICE
    }
    assert set(practice) == {"west-midlands-police", "staffordshire"}
    assert "social media hub" in practice["west-midlands-police"]
    assert "dashboard" in practice["staffordshire"]


def test_monitoring(register: Register) -> None:
    """West Mercia was in the highest bracket over the older cause; no date of it is known."""
    (stay,) = register.monitoring
    assert (stay.body, stay.finding) == ("west-mercia", "wmp-soc-2018")
    assert (stay.entered, stay.left) == (None, None)
    assert "two years later" in (stay.note or "")


def test_responses(register: Register) -> None:
    """West Mercia's letter bears day 57, Warwickshire's answer no date; no other is there."""
    answers = {(r.body, str(r.answered_by)): r for r in register.responses}
    assert set(answers) >= {
        ("west-mercia", "local-policing-body"),
        ("warwickshire", "local-policing-body"),
    }
    local = {body for body, by in answers if by == "local-policing-body"}
    assert local == {"west-mercia", "warwickshire"}
    letter = answers["west-mercia", "local-policing-body"]
    assert (letter.dated, letter.published) == (date(2024, 7, 9), None)
    assert last_response_day(register.inspection_by_id[REPORT].published) == date(2024, 7, 8)
    warwickshire = answers["warwickshire", "local-policing-body"]
    assert (warwickshire.dated, warwickshire.published) == (None, None)


def test_nothing_is_said_to_be_done(register: Register) -> None:
    """No update says that anything was done, signed off or closed: no public source does."""
    assert {update.action for update in register.updates} == {
        Action.NOTE,
        Action.START,
        Action.CHECKED,
    }
    started = [u.finding for u in register.updates if u.action is Action.START]
    assert started == ["wmp-soc-2018-r1"]


def test_every_item_was_looked_for(register: Register) -> None:
    """Public evidence was looked for on one day, for every finding that asks something."""
    looked = {u.finding: u.on for u in register.updates if u.action is Action.CHECKED}
    asked = {f.id for f in register.findings if f.kind is not Kind.INNOVATIVE_PRACTICE}
    assert set(looked) == asked
    assert set(looked.values()) == {date(2026, 11, 22)}


def test_dated_notes(register: Register) -> None:
    """What is known by date of the 2024 cause is there: the plan, the meeting, the later report."""
    days = [
        u.on for u in register.updates if u.finding == "wmp-soc-2024" and u.action is Action.NOTE
    ]
    assert days == [
        date(2023, 12, 11),
        date(2024, 5, 14),
        date(2024, 5, 14),
        date(2024, 7, 16),
        date(2024, 7, 16),
        date(2025, 5, 14),
    ]


def test_every_record_names_its_sources(register: Register) -> None:
    """Each record but a look for evidence names a source, and each source is named by a record."""
    records: list[Sourced] = [
        *register.bodies,
        *register.inspections,
        *register.grades,
        *register.findings,
        *register.monitoring,
        *register.responses,
        *(update for update in register.updates if update.action is not Action.CHECKED),
    ]
    assert [record for record in records if not record.sources] == []
    named = {source for record in records for source in record.sources}
    named |= {source for finding in register.findings for source in finding.deadline_sources}
    disputed: list[Inspection | Grade | Finding] = [
        *register.inspections,
        *register.grades,
        *register.findings,
    ]
    named |= {other.source for record in disputed for other in record.contradicted_by}
    assert {source.id for source in register.sources} - named == set()


def test_sources_can_be_found_again(register: Register) -> None:
    """Each source has an address on the public web, a title, and the day on which it was seen."""
    for source in register.sources:
        address = urlsplit(source.url or "")
        assert address.scheme == "https"
        assert re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", address.netloc)
        assert address.netloc.rpartition(".")[2] in {"uk", "com", "net", "org"}
        assert source.seen == date(2026, 11, 22)


def test_the_file_itself() -> None:
    """It is plain text that every editor shows alike, and names no place but public pages."""
    content = SHIPPED.read_bytes()
    text = content.decode("utf-8")
    assert text.isascii()
    assert "\r" not in text
    assert "\t" not in text
    assert text.endswith("\n")
    assert max(map(len, (line for line in text.splitlines() if "url = " not in line))) <= 120
    assert not re.search(r"""(?:^|[\s"'(])(?:/\w|~/|[A-Z]:\\|file://|\.\./)""", text)
    for host in re.findall(r"//([^/\s\"]+)", text):
        assert re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.(uk|com|net|org)", host)
    assert not re.search(r"\b(todo|fixme|xxx|lorem)\b", text, re.IGNORECASE)


def test_teaching_comments() -> None:
    """Comments come before every table and tell a reader how to keep it."""
    text = SHIPPED.read_text(encoding="utf-8")
    for heading in (
        "Sources", "Bodies", "Inspections", "Grades", "Findings", "Monitoring", "Responses",
        "Updates",
    ):  # fmt: skip
        assert re.search(rf"^# -+ {heading}\n# \S", text, re.MULTILINE)
    assert "socwatch validate" in text
    assert text.startswith("# ")
