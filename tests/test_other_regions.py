"""The register of the other nine regions: bodies, grades, findings and gaps, against a table.

The tables here were written from the research, not from the register.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta

import pytest

from conftest import ROOT, SHIPPED, Soc
from socwatch.dates import last_day
from socwatch.obligations import exemptions, obligations
from socwatch.records import (
    Action,
    Answerer,
    Body,
    BodyKind,
    Finding,
    Grade,
    GradeWord,
    Inspection,
    Kind,
    Monitoring,
    Register,
    Response,
    Source,
    Update,
)
from socwatch.rules import find_problems
from socwatch.store.load import load

OTHER_REGIONS = ROOT / "data" / "other-regions.toml"
LOOKED = date(2026, 11, 28)
QUESTION = "Tackling serious and organised crime"
Sourced = Body | Inspection | Grade | Finding | Monitoring | Response | Update

REGIONS: dict[str, tuple[str | None, str]] = {
    "north-east-region": ("nersou", "cleveland durham northumbria"),
    "east-midlands-region": (
        "emsou",
        "derbyshire leicestershire lincolnshire northamptonshire nottinghamshire",
    ),
    "eastern-region": (
        "ersou",
        "bedfordshire cambridgeshire essex hertfordshire kent norfolk suffolk",
    ),
    "london-region": (None, "metropolitan city-of-london british-transport-police"),
    "north-west-region": (
        "nwrocu",
        "cheshire cumbria greater-manchester lancashire merseyside north-wales",
    ),
    "south-east-region": ("serocu", "hampshire surrey sussex thames-valley"),
    "south-west-region": (
        "swrocu",
        "avon-and-somerset devon-and-cornwall dorset gloucestershire wiltshire",
    ),
    "yorkshire-humber-region": (
        "yhrocu",
        "humberside north-yorkshire south-yorkshire west-yorkshire",
    ),
    "southern-wales-region": ("tarian", "dyfed-powys gwent south-wales"),
}
"""Each region, its unit, its forces."""

OFFICES = {
    "metropolitan": "Mayor of London, through the Mayor's Office for Policing and Crime",
    "city-of-london": "Court of Common Council, through the City of London Police Authority Board",
    "british-transport-police": None,
    "greater-manchester": "Mayor of Greater Manchester",
    "north-yorkshire": "Mayor of York and North Yorkshire",
    "south-yorkshire": "Mayor of South Yorkshire",
    "west-yorkshire": "Mayor of West Yorkshire",
    "northamptonshire": "Police, Fire and Crime Commissioner for Northamptonshire",
    "essex": "Police, Fire and Crime Commissioner for Essex",
    "cumbria": "Police, Fire and Crime Commissioner for Cumbria",
    "leicestershire": "Police and Crime Commissioner for Leicester, Leicestershire and Rutland",
    "hampshire": "Police and Crime Commissioner for Hampshire and the Isle of Wight",
    "devon-and-cornwall": (
        "Police and Crime Commissioner for Devon, Cornwall and the Isles of Scilly"
    ),
}
"""The local policing bodies that are no police and crime commissioner, or bear another area."""

REPORTS: dict[str, tuple[date, str | None, date]] = {
    "soc-north-east-2022": (date(2022, 12, 7), "2022", date(2023, 1, 31)),
    "soc-east-midlands-2023": (date(2023, 3, 2), "2022", date(2023, 4, 26)),
    "soc-eastern-2023": (date(2023, 5, 19), "2022", date(2023, 7, 13)),
    "soc-london-2023": (date(2023, 5, 19), "2022", date(2023, 7, 13)),
    "soc-north-west-2023": (date(2023, 11, 10), "2023", date(2024, 1, 4)),
    "soc-south-east-2024": (date(2024, 8, 30), "2023", date(2024, 10, 24)),
    "soc-south-west-2025": (date(2025, 6, 12), "2024", date(2025, 8, 6)),
    "soc-yorkshire-humber-2025": (date(2025, 12, 18), None, date(2026, 2, 11)),
}
"""Each regional report: its day, its fieldwork, the last day to respond."""

EARLIER = {
    "peel-2021-22-greater-manchester": date(2022, 3, 3),
    "peel-2021-22-durham": date(2021, 10, 27),
    "peel-2018-19-cleveland": date(2019, 9, 27),
    "peel-2018-19-northumbria": date(2019, 9, 27),
    "peel-2016-gloucestershire": date(2017, 3, 2),
    "peel-2016-north-wales": date(2017, 3, 2),
}

GRADES = {
    "soc-north-east-2022": {
        "adequate": "nersou cleveland",
        "outstanding": "durham",
        "good": "northumbria",
    },
    "soc-east-midlands-2023": {
        "inadequate": "emsou",
        "outstanding": "leicestershire",
        "adequate": "northamptonshire nottinghamshire",
    },
    "soc-eastern-2023": {
        "good": "ersou bedfordshire",
        "inadequate": "cambridgeshire",
        "requires-improvement": "norfolk",
    },
    "soc-london-2023": {
        "adequate": "metropolitan british-transport-police",
        "requires-improvement": "city-of-london",
    },
    "soc-north-west-2023": {
        "outstanding": "nwrocu merseyside",
        "good": "greater-manchester lancashire",
        "adequate": "cheshire",
        "requires-improvement": "cumbria",
        "inadequate": "north-wales",
    },
    "soc-south-east-2024": {
        "good": "serocu",
        "inadequate": "hampshire",
        "requires-improvement": "surrey thames-valley",
        "adequate": "sussex",
    },
    "soc-south-west-2025": {
        "adequate": "swrocu",
        "requires-improvement": "avon-and-somerset devon-and-cornwall dorset wiltshire",
        "inadequate": "gloucestershire",
    },
    "soc-yorkshire-humber-2025": {"good": "yhrocu"},
    "peel-2021-22-durham": {"outstanding": "durham"},
    "peel-2018-19-cleveland": {"good": "cleveland"},
    "peel-2018-19-northumbria": {"good": "northumbria"},
    "peel-2016-gloucestershire": {"inadequate": "gloucestershire"},
    "peel-2016-north-wales": {"good": "north-wales"},
}
"""Each report, each grade that it is known to have given, and to whom."""

UNGRADED = (
    "derbyshire",
    "lincolnshire",
    "essex",
    "hertfordshire",
    "kent",
    "suffolk",
    "humberside",
    "north-yorkshire",
    "south-yorkshire",
    "west-yorkshire",
    "tarian",
    "dyfed-powys",
    "gwent",
    "south-wales",
)
"""The forces and the unit whose grade no source gives, or none plainly."""

CAUSES = {
    "emsou-soc-2023": "emsou",
    "cambs-soc-2023": "cambridgeshire",
    "nwp-soc-2023": "north-wales",
    "hants-soc-2024": "hampshire",
    "glos-soc-2025": "gloucestershire",
    "gmp-soc-2022": "greater-manchester",
    "glos-soc-2017": "gloucestershire",
}

RECOMMENDATIONS = {
    "emsou-soc-2023-r1": "emsou-soc-2023",
    "emsou-soc-2023-r2": "emsou-soc-2023",
    "nwp-soc-2023-r1": "nwp-soc-2023",
    "glos-soc-2017-r1": "glos-soc-2017",
}

AREAS = {
    "north-east-region": 1, "nersou": 4, "cleveland": 3, "northumbria": 1,
    "emsou": 8, "nottinghamshire": 1,
    "norfolk": 3,
    "city-of-london": 3, "metropolitan": 1, "british-transport-police": 1,
    "nwrocu": 1, "cheshire": 3, "cumbria": 5, "greater-manchester": 2,
    "south-east-region": 4, "hampshire": 2, "surrey": 5, "sussex": 1, "thames-valley": 2,
    "south-west-region": 4, "swrocu": 2, "dorset": 3,
    "yorkshire-humber-region": 3,
}  # fmt: skip
"""How many areas for improvement each body is reported to have; no other body has any."""

PRACTICE = {
    "leicestershire": ("Orbis Linea",),
    "greater-manchester": ("Vulcan and Avro", "money to victims"),
    "lancashire": ("Operation Genga",),
    "nwrocu": ("county lines",),
    "serocu": ("serious crime prevention orders",),
}

MONITORING = {
    "nottinghamshire": ("2024-03-11", "2025-05-22"),
    "lincolnshire": ("2024-12-06", "None"),
    "gloucestershire": ("2021-12", "2023-09"),
    "wiltshire": ("2022-06", "2024-05"),
    "devon-and-cornwall": ("2022-10", "2025"),
}

STATEMENTS = {
    "nottinghamshire": date(2023, 3, 2),
    "leicestershire": None,
    "cambridgeshire": None,
    "norfolk": None,
    "bedfordshire": date(2023, 5, 19),
    "city-of-london": None,
    "metropolitan": None,
    "north-wales": date(2023, 11, 10),
    "cheshire": date(2023, 11, 13),
    "cumbria": None,
    "hampshire": date(2024, 8, 30),
    "surrey": None,
    "sussex": None,
    "thames-valley": None,
    "gloucestershire": date(2025, 6, 12),
    "avon-and-somerset": date(2025, 6, 12),
}
"""The forces that said something in answer, and on which day, where that was seen."""


@pytest.fixture(scope="module")
def register() -> Register:
    """The register of the other regions, read as the command reads it."""
    loaded = load(OTHER_REGIONS)
    assert loaded.register is not None
    assert loaded.faults(find_problems(loaded.register)) == ()
    return loaded.register


def sourced(register: Register) -> list[Sourced]:
    """Every record that needs a source: all but those of a mere look for evidence."""
    return [
        *register.bodies,
        *register.inspections,
        *register.grades,
        *register.findings,
        *register.monitoring,
        *register.responses,
        *(update for update in register.updates if update.action is not Action.CHECKED),
    ]


def without_sources(register: Register) -> list[Sourced]:
    """The records that name no source."""
    return [record for record in sourced(register) if not record.sources]


def without_address(register: Register) -> list[Source]:
    """The sources that nobody can look up: no address, or no day on which it was read."""
    address = re.compile(r"https?://[a-z0-9-]+(\.[a-z0-9-]+)+/\S*")
    return [
        source
        for source in register.sources
        if source.seen is None or not address.fullmatch(source.url or "")
    ]


def test_valid(soc: Soc) -> None:
    """The command finds no problem in it, and counts what it holds."""
    ran = soc("--records", OTHER_REGIONS, "validate")
    assert re.search(r"is valid: 80 findings for 57 bodies, \d+ updates\.\n$", ran.out)
    assert ran.err == ""


@pytest.mark.parametrize("command", ["status", "list", "grades", "responses"])
def test_reading(soc: Soc, command: str) -> None:
    """Every reading command answers from it, and never makes Lincolnshire inadequate."""
    ran = soc("--records", OTHER_REGIONS, command, "--as-of", "2026-11-28")
    assert "Cambridgeshire" in ran.out
    assert not re.search(r"Lincolnshire Police +(?:\d+ \w+ \d+ +)?inadequate", ran.out)


def test_bodies(register: Register) -> None:
    """Nine regions, eight units and forty forces are there; the West Midlands are not."""
    expected: dict[str, tuple[BodyKind, str | None]] = {}
    for region, (unit, forces) in REGIONS.items():
        expected[region] = (BodyKind.REGION, None)
        if unit is not None:
            expected[unit] = (BodyKind.REGIONAL_UNIT, region)
        for force in forces.split():
            expected[force] = (BodyKind.FORCE, region)
    assert {body.id: (body.kind, body.region) for body in register.bodies} == expected
    assert Counter(str(body.kind) for body in register.bodies) == {
        "region": 9,
        "regional-unit": 8,
        "force": 40,
    }
    assert "west-mercia" not in register.body_by_id


def test_local_policing_bodies(register: Register) -> None:
    """Forces alone have one, all but British Transport Police: a commissioner, save those named."""
    for body in register.bodies:
        if body.kind is not BodyKind.FORCE:
            assert body.local_policing_body is None
        elif body.id in OFFICES:
            assert body.local_policing_body == OFFICES[body.id]
        else:
            area = re.sub(r" (?:Police|Constabulary)$", "", body.name)
            assert body.local_policing_body == f"Police and Crime Commissioner for {area}"


def test_inspections(register: Register) -> None:
    """The eight regional reports have their days, on five grades, and the earlier ones theirs."""
    days = {each.id: each.published for each in register.inspections}
    assert days == {name: day for name, (day, _, _) in REPORTS.items()} | EARLIER
    for name, (_, fieldwork, _) in REPORTS.items():
        report = register.inspection_by_id[name]
        assert (str(report.fieldwork) if report.fieldwork else None) == fieldwork
        assert report.scale == "five-grades"
    four = {each.id for each in register.inspections if each.scale == "four-grades"}
    assert four == {name for name in EARLIER if "2021-22" not in name}


def test_grades(register: Register) -> None:
    """Each grade that was seen is there, and no other."""
    expected = {
        (report, body): grade
        for report, grades in GRADES.items()
        for grade, bodies in grades.items()
        for body in bodies.split()
    }
    given = {
        (grade.inspection, grade.body): str(grade.grade)
        for grade in register.grades
        if grade.grade is not GradeWord.NOT_GRADED
    }
    assert given == expected
    assert {grade.question for grade in register.grades} == {QUESTION}


def test_southern_wales(register: Register) -> None:
    """No report on southern Wales was found: its bodies are there, and nothing is said of them."""
    unit, forces = REGIONS["southern-wales-region"]
    southern = {"southern-wales-region", unit, *forces.split()}
    assert southern <= register.body_by_id.keys()
    told = {grade.body for grade in register.grades}
    told |= {body for finding in register.findings for body in finding.bodies}
    assert not southern & told


def test_no_region_is_graded(register: Register) -> None:
    """Each region that was inspected is on record as not graded; southern Wales is not there."""
    regions = {
        grade.body: grade.grade
        for grade in register.grades
        if register.body_by_id[grade.body].kind is BodyKind.REGION
    }
    assert set(regions) == set(REGIONS) - {"southern-wales-region"}
    assert set(regions.values()) == {GradeWord.NOT_GRADED}
    ungraded = {g.body for g in register.grades if g.grade is GradeWord.NOT_GRADED}
    assert ungraded == set(regions)


@pytest.mark.parametrize("body", UNGRADED)
def test_no_grade_without_a_plain_source(register: Register, body: str) -> None:
    """What no source says plainly is no grade here: Lincolnshire above all, on one muddled line."""
    assert body in register.body_by_id
    assert [grade for grade in register.grades if grade.body == body] == []


def test_causes_of_concern(register: Register) -> None:
    """Each inadequate body of a regional report has one, inferred; two are older."""
    causes = {f.id: f.bodies for f in register.findings if f.kind is Kind.CAUSE_OF_CONCERN}
    assert causes == {name: (body,) for name, body in CAUSES.items()}
    inadequate = {
        grade.body
        for grade in register.grades
        if grade.grade is GradeWord.INADEQUATE and grade.inspection in REPORTS
    }
    assert {
        f.bodies[0]
        for f in register.findings
        if f.kind is Kind.CAUSE_OF_CONCERN and f.inspection in REPORTS
    } == inadequate
    for name in CAUSES:
        cause = register.finding_by_id[name]
        assert cause.recommendations_stated is None
        assert ("inferred" in (cause.note or "")) == (name != "glos-soc-2017")
    assert "lincolnshire" not in {body for f in register.findings for body in f.bodies}


def test_recommendations(register: Register) -> None:
    """Four are known; of Cambridgeshire, Hampshire and Gloucestershire (2025) none was read."""
    held = {f.id: f.part_of for f in register.findings if f.kind is Kind.RECOMMENDATION}
    assert held == RECOMMENDATIONS
    assert register.finding_by_id["glos-soc-2017-r1"].label == "8786"


def test_deadlines(register: Register) -> None:
    """Three are known: 1 September 2023, a year from the North West report, and immediately."""
    last_days = {
        f.id: last_day(f.deadline, published=register.inspection_by_id[f.inspection].published)
        for f in register.findings
        if f.deadline is not None
    }
    assert last_days == {
        "cambs-soc-2023": date(2023, 9, 1),
        "nwp-soc-2023-r1": date(2024, 11, 10),
        "glos-soc-2017-r1": date(2017, 3, 2),
    }
    words = {f.id: f.deadline_words for f in register.findings if f.deadline_words}
    assert words == {
        "cambs-soc-2023": "by September 1 this year",
        "nwp-soc-2023-r1": '"a year" (BBC News)',
        "glos-soc-2017-r1": "immediately",
    }
    assert LOOKED - last_days["cambs-soc-2023"] == timedelta(days=1184)
    assert LOOKED - last_days["nwp-soc-2023-r1"] == timedelta(days=748)


def test_areas_for_improvement(register: Register) -> None:
    """Each body has as many as were reported, each says that its kind is inferred, none is due."""
    areas = [f for f in register.findings if f.kind is Kind.AREA_FOR_IMPROVEMENT]
    assert Counter(body for f in areas for body in f.bodies) == AREAS
    assert len(areas) == 63
    assert all("inferred" in (area.note or "") for area in areas)
    assert all(area.deadline is None and area.target is None for area in areas)
    assert {area.id for area in areas if area.source_term} == {
        "nersou-soc-2022-a1",
        *(f"norfolk-soc-2023-a{number}" for number in range(1, 4)),
        *(f"cumb-soc-2023-a{number}" for number in range(1, 6)),
        "se-soc-2024-a4",
    }


def test_innovative_practice(register: Register) -> None:
    """Six practices are called innovative or promising by a source; other praise has no record."""
    practice = [f for f in register.findings if f.kind is Kind.INNOVATIVE_PRACTICE]
    assert Counter(f.bodies[0] for f in practice) == {
        body: len(words) for body, words in PRACTICE.items()
    }
    for body, phrases in PRACTICE.items():
        summaries = " ".join(f.summary for f in practice if f.bodies == (body,))
        assert all(phrase in summaries for phrase in phrases)
    assert "durham" not in {f.bodies[0] for f in practice}


def test_recurrence(register: Register) -> None:
    """Gloucestershire's cause of 2025 recurs from that of 2017, and nothing else does."""
    recurring = {f.id: f.recurs_from for f in register.findings if f.recurs_from}
    assert recurring == {"glos-soc-2025": ("glos-soc-2017",)}


def test_gloucestershire_2017(register: Register) -> None:
    """Entry 8786 was awaiting review on 2 March 2017, being progressed from 6 April 2018."""
    told = [
        (u.on, u.action)
        for u in register.updates
        if u.finding == "glos-soc-2017-r1" and u.action is not Action.CHECKED
    ]
    assert told == [(date(2017, 3, 2), Action.NOTE), (date(2018, 4, 6), Action.START)]


def test_disagreements(register: Register) -> None:
    """Five records name a source that says otherwise; no grade does."""
    disputed = [
        *((each.id, other) for each in register.inspections for other in each.contradicted_by),
        *((each.id, other) for each in register.findings for other in each.contradicted_by),
        *((stay.body, other) for stay in register.monitoring for other in stay.contradicted_by),
    ]
    assert {(name, other.source) for name, other in disputed} == {
        ("soc-south-west-2025", "avon-and-somerset-police-2025-06-12"),
        ("emsou-soc-2023-a1", "west-bridgford-wire-emsou"),
        ("nwp-soc-2023", "itv-wales-2023-11-10"),
        ("gmp-soc-2023-p1", "manchester-evening-news-copy"),
        ("devon-and-cornwall", "devon-and-cornwall-pcc-alert"),
    }
    says = {name: other.says for name, other in disputed}
    assert "summer 2024" in says["soc-south-west-2025"]
    assert "Only two of the three" in says["nwp-soc-2023"]
    assert "promising" in says["gmp-soc-2023-p1"]
    assert not any(grade.contradicted_by for grade in register.grades)


def test_monitoring(register: Register) -> None:
    """Five forces were in Engage, none over a finding that is on record here."""
    stays = {stay.body: (str(stay.entered), str(stay.left)) for stay in register.monitoring}
    assert stays == MONITORING
    assert {(stay.phase, stay.finding) for stay in register.monitoring} == {("Engage", None)}


def test_responses(register: Register) -> None:
    """Sixteen forces said something; no local policing body's response was found."""
    assert {r.body: r.published for r in register.responses} == STATEMENTS
    assert len(register.responses) == len(STATEMENTS)
    assert {r.answered_by for r in register.responses} == {Answerer.FORCE}


def test_the_56_days(register: Register) -> None:
    """Each graded force's policing body has the last day that the law gives, and no response."""
    derived = [o for o in obligations(register, LOOKED) if o.inspection.id in REPORTS]
    assert {(o.inspection.id, o.last_day) for o in derived} == {
        (name, last)
        for name, (_, _, last) in REPORTS.items()
        if name != "soc-yorkshire-humber-2025"
    }
    assert {o.response for o in derived} == {None}
    assert len(derived) == 26
    exempt = {each.body.id for each in exemptions(register, LOOKED) if each.body is not None}
    assert exempt == {"british-transport-police"}


def test_what_is_missing(register: Register) -> None:
    """Each report says what of it is not here, and names every grade that was not found."""
    for inspection in register.inspections:
        assert inspection.not_on_record
    for report, names in {
        "soc-east-midlands-2023": ("Lincolnshire", "Derbyshire"),
        "soc-eastern-2023": ("Essex", "Hertfordshire", "Kent", "Suffolk"),
        "soc-yorkshire-humber-2025": ("Humberside", "North York", "South York", "West York"),
    }.items():
        gaps = register.inspection_by_id[report].not_on_record
        for name in names:
            assert any(gap.startswith(f"the grade of {name}") for gap in gaps)
    cambridgeshire = register.inspection_by_id["soc-eastern-2023"].not_on_record[0]
    assert "1 September 2023" in cambridgeshire
    assert register.inspection_by_id["soc-yorkshire-humber-2025"].url is None


def test_nothing_is_said_to_be_done(register: Register) -> None:
    """No update says that anything was done, signed off or closed: no public source does."""
    assert {u.action for u in register.updates} == {Action.NOTE, Action.START, Action.CHECKED}
    assert {u.finding for u in register.updates if u.action is Action.START} == {
        "glos-soc-2017-r1",
        "nwp-soc-2023",
        "ches-soc-2023-a1",
        "ches-soc-2023-a3",
    }


def test_every_item_was_looked_for(register: Register) -> None:
    """Public evidence was looked for on one day, for every finding that asks something."""
    looked = {u.finding: u.on for u in register.updates if u.action is Action.CHECKED}
    assert set(looked) == {
        f.id for f in register.findings if f.kind is not Kind.INNOVATIVE_PRACTICE
    }
    assert set(looked.values()) == {LOOKED}


def test_every_record_names_its_sources(register: Register) -> None:
    """No record lacks a source, and each source is named by a record."""
    assert without_sources(register) == []
    named = {
        source for record in (*sourced(register), *register.updates) for source in record.sources
    }
    named |= {source for finding in register.findings for source in finding.deadline_sources}
    disputed: list[Inspection | Finding | Monitoring] = [
        *register.inspections,
        *register.findings,
        *register.monitoring,
    ]
    named |= {other.source for record in disputed for other in record.contradicted_by}
    assert {source.id for source in register.sources} == named


def test_every_source_can_be_looked_up(register: Register) -> None:
    """Each source has an address of its own, a title, and the day on which it was read."""
    assert without_address(register) == []
    assert {source.seen for source in register.sources} == {LOOKED}
    addresses = Counter(source.url for source in register.sources)
    assert addresses.most_common(1)[0][1] == 1


def test_a_record_without_its_source_is_noticed(register: Register) -> None:
    """Taken out of any record, its sources are missed; so is an address, and the day of reading."""
    for table in ("bodies", "inspections", "grades", "findings", "monitoring", "responses"):
        first, *rest = getattr(register, table)
        spoilt = register.model_copy(
            update={table: (first.model_copy(update={"sources": ()}), *rest)}
        )
        assert len(without_sources(spoilt)) == 1
    first, *others = register.sources
    for field, value in (("url", None), ("url", "www.example.org"), ("seen", None)):
        spoilt = register.model_copy(
            update={"sources": (first.model_copy(update={field: value}), *others)}
        )
        assert [source.id for source in without_address(spoilt)] == [first.id]


def test_no_id_is_taken_twice(register: Register) -> None:
    """The two shipped registers share no id, so that both can be read as one."""
    shipped = load(SHIPPED).register
    assert shipped is not None
    for table in ("sources", "bodies", "inspections", "findings", "updates"):
        ours = {record.id for record in getattr(register, table)}
        theirs = {record.id for record in getattr(shipped, table)}
        assert ours
        assert ours & theirs == set()


def test_the_file_itself() -> None:
    """It is plain text that every editor shows alike, and names no place but public pages."""
    text = OTHER_REGIONS.read_bytes().decode("ascii")
    assert "\r" not in text
    assert "\t" not in text
    assert text.endswith("\n")
    assert max(map(len, (line for line in text.splitlines() if "url = " not in line))) <= 120
    assert not re.search(r"""(?:^|[\s"'(])(?:/\w|~/|[A-Z]:\\|file://|\.\./)""", text)
    for heading in (
        "Sources", "Bodies", "Inspections", "Grades", "Findings", "Monitoring", "Responses",
        "Updates",
    ):  # fmt: skip
        assert re.search(rf"^# -+ {heading}\n# \S", text, re.MULTILINE)
