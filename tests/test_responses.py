"""The 56 days: who was to answer which report, who has, and how many days early or late."""

from __future__ import annotations

from datetime import date

import pytest

from conftest import AS_OF, Soc
from oracle import A_DAY, Row, Rows
from registers import SMALL
from socwatch.obligations import (
    Obligation,
    Standing,
    exemption,
    exemptions,
    obligations,
)
from socwatch.rules import find_problems
from strategies import register_of

PUBLISHED = date(2024, 5, 14)
LAST = date(2024, 7, 8)
LATER = date(2030, 1, 1)

FORCE: Row = {
    "id": "ayle",
    "name": "Ayle Police",
    "kind": "force",
    "local_policing_body": "Ayle Commissioner",
}
GRADE: Row = {"inspection": "report", "body": "ayle", "question": "SOC", "grade": "good"}


def rows_of(*answers: Row, **tables: list[Row]) -> Rows:
    """A report that graded one force, with the answers to it; a table given replaces its own."""
    report = {"id": "report", "title": "R", "inspectorate": "HMICFRS", "published": PUBLISHED}
    return {
        "format": 1,
        "bodies": [FORCE],
        "inspections": [report],
        "grades": [GRADE],
        "responses": [{"inspection": "report", "body": "ayle", **answer} for answer in answers],
        **tables,
    }


def duties(rows: Rows, as_of: date = LATER) -> tuple[Obligation, ...]:
    """The duties as of a day, of a register that has no fault."""
    register = register_of(rows)
    assert not list(find_problems(register))
    return obligations(register, as_of)


def duty(*answers: Row, as_of: date = LATER) -> Obligation:
    """The one duty of the small register with these answers."""
    (found,) = duties(rows_of(*answers), as_of)
    assert found.id == "report@ayle"
    return found


# Which day is the last


def test_on_each_day_there_is_one_day_less() -> None:
    """From day 1 to day 56 an answer is due, with 55 to 0 days left; on day 57 it is past."""
    day, left = PUBLISHED, 55
    while left >= -2:
        found = duty(as_of=day)
        assert (found.days_left, found.last_day) == (left, LAST)
        assert found.standing is (Standing.DUE if left >= 0 else Standing.NOT_ON_RECORD)
        assert found.past == (left < 0)
        assert found.due_within(7) == (0 <= left <= 7)
        day, left = day + A_DAY, left - 1
    assert day == LAST + 3 * A_DAY


def test_an_answer_is_in_time_on_56_days_and_late_after_them() -> None:
    """Counted one at a time, an answer on days 1 to 56 is in time, and on day 57 one day late."""
    day, number = PUBLISHED, 1
    while number <= 60:
        found = duty({"published": day})
        assert found.answered == day
        assert found.days_early == 56 - number
        in_time = number <= 56
        assert found.standing is (Standing.ANSWERED_IN_TIME if in_time else Standing.ANSWERED_LATE)
        assert found.days_left is None
        assert not found.past
        day, number = day + A_DAY, number + 1


# Which answer counts


def test_the_day_of_publication_counts_before_the_date_of_a_letter() -> None:
    """A letter dated in time and published after the last day is late: the Act says publish."""
    found = duty({"dated": LAST, "published": LAST + A_DAY})
    assert (found.answered, found.days_early) == (LAST + A_DAY, -1)
    assert found.standing is Standing.ANSWERED_LATE
    assert not found.by_letter


def test_the_date_of_a_letter_counts_where_nothing_else_is_known() -> None:
    """Where only the date of a letter is on record, it counts and is said to be such."""
    found = duty({"dated": LAST + A_DAY})
    assert (found.answered, found.days_early) == (LAST + A_DAY, -1)
    assert found.by_letter
    assert not duty({"published": LAST}).by_letter
    assert not duty().by_letter


def test_an_answer_of_no_known_day_is_neither_early_nor_late() -> None:
    """An answer without a day is on record, and nothing is said of whether it was in time."""
    for as_of in (PUBLISHED, LATER):
        found = duty({"summary": "It agrees."}, as_of=as_of)
        assert found.standing is Standing.ANSWERED
        assert found.response is not None
        assert (found.answered, found.days_early, found.days_left) == (None, None, None)
        assert not found.past


def test_the_earliest_answer_counts() -> None:
    """Of several answers the first by its day counts, and one whose day is known before others."""
    late: Row = {"published": LAST + A_DAY}
    early: Row = {"dated": LAST - A_DAY}
    for first, second, third in ((late, early, {}), ({}, early, late), (early, {}, late)):
        found = duty(first, second, third)
        assert (found.answered, found.standing) == (LAST - A_DAY, Standing.ANSWERED_IN_TIME)
    assert duty({}, late).standing is Standing.ANSWERED_LATE


@pytest.mark.parametrize(
    "answer",
    [{"published": LAST}, {"dated": LAST}, {"dated": PUBLISHED, "published": LAST}],
    ids=["published", "dated", "dated before it was published"],
)
def test_an_answer_counts_from_its_day_on(answer: Row) -> None:
    """As of the day before an answer there is none, and as of its day there is."""
    before = duty(answer, as_of=LAST - A_DAY)
    assert (before.standing, before.response, before.days_left) == (Standing.DUE, None, 1)
    assert duty(answer, as_of=LAST).standing is Standing.ANSWERED_IN_TIME


def test_the_force_cannot_answer_for_its_policing_body() -> None:
    """What the force itself says in answer meets no duty of its local policing body."""
    found = duty({"answered_by": "force", "published": PUBLISHED})
    assert found.response is None
    assert found.standing is Standing.NOT_ON_RECORD


def test_an_answer_to_one_report_answers_no_other() -> None:
    """An answer counts for its own report and force, not for another of either."""
    other = FORCE | {"id": "bree", "name": "Bree Police", "local_policing_body": "Mayor of Bree"}
    reports = [
        {"id": name, "title": name, "inspectorate": "HMICFRS", "published": PUBLISHED}
        for name in ("report", "second")
    ]
    grades = [
        GRADE | {"inspection": name, "body": body}
        for name in ("report", "second")
        for body in ("ayle", "bree")
    ]
    found = duties(
        rows_of({"published": LAST}, bodies=[FORCE, other], inspections=reports, grades=grades)
    )
    assert {each.id: str(each.standing) for each in found} == {
        "report@ayle": "answered-in-time",
        "report@bree": "not-on-record",
        "second@ayle": "not-on-record",
        "second@bree": "not-on-record",
    }
    assert {each.local_policing_body for each in found} == {"Ayle Commissioner", "Mayor of Bree"}


# Who must answer


def finding_of(kind: str, *bodies: str) -> Row:
    """A finding of the report for these bodies."""
    return {
        "id": "f1",
        "inspection": "report",
        "bodies": list(bodies),
        "kind": kind,
        "summary": "What it says.",
    }


@pytest.mark.parametrize(
    "tables",
    [
        {"grades": [GRADE]},
        {"grades": [GRADE | {"grade": "not-graded"}]},
        {"grades": [], "findings": [finding_of("area-for-improvement", "ayle")]},
        {"grades": [], "findings": [finding_of("innovative-practice", "ayle")]},
        {"grades": [], "responses": [{"inspection": "report", "body": "ayle"}]},
    ],
    ids=["graded", "not graded", "a finding", "a good practice", "answered"],
)
def test_a_force_that_a_report_is_about_is_answered_for(tables: dict[str, list[Row]]) -> None:
    """A grade, a finding of any kind or an answer shows that a report is about a force."""
    (found,) = duties(rows_of(**tables))
    assert found.body.id == "ayle"


def test_nobody_answers_for_others() -> None:
    """No duty follows for a force that a report leaves out, a unit, a region, or before the day."""
    bodies: list[Row] = [
        FORCE,
        {"id": "bree", "name": "Bree Police", "kind": "force", "local_policing_body": "B"},
        {"id": "land", "name": "The Land", "kind": "region"},
        {"id": "unit", "name": "The Unit", "kind": "regional-unit", "region": "land"},
    ]
    rows = rows_of(bodies=bodies, findings=[finding_of("area-for-improvement", "unit", "land")])
    assert [each.body.id for each in duties(rows)] == ["ayle"]
    assert duties(rows, PUBLISHED - A_DAY) == ()
    assert len(duties(rows, PUBLISHED)) == 1
    assert exemptions(register_of(rows), LATER) == ()


def test_a_force_without_a_policing_body_is_left_out_and_named() -> None:
    """No duty is derived for a force such as the transport police, and the register says why."""
    force = {key: value for key, value in FORCE.items() if key != "local_policing_body"}
    rows = rows_of(bodies=[force])
    assert duties(rows) == ()
    ((inspection, body, reason),) = exemptions(register_of(rows), LATER)
    assert (inspection.id, body and body.id) == ("report", "ayle")
    assert reason == "no local policing body on record"


def test_an_exempt_report_exempts_no_other() -> None:
    """Reports after one that the 56 days do not apply to have their duties and their exemptions."""
    old = {"id": "old", "title": "O", "inspectorate": "HMIC", "published": date(2015, 1, 1)}
    (report,) = rows_of()["inspections"]
    other = {"id": "bree", "name": "Bree Police", "kind": "force"}
    grades = [GRADE, GRADE | {"body": "bree"}, GRADE | {"inspection": "old"}]
    rows = rows_of(bodies=[FORCE, other], inspections=[old, report], grades=grades)
    assert [each.id for each in duties(rows)] == ["report@ayle"]
    exempt = exemptions(register_of(rows), LATER)
    assert [(each.inspection.id, each.body and each.body.id) for each in exempt] == [
        ("old", None),
        ("report", "bree"),
    ]


@pytest.mark.parametrize(
    ("inspectorate", "published", "reason"),
    [
        ("HMICFRS", date(2017, 5, 2), None),
        ("HMIC", date(2017, 5, 2), None),
        ("HMICFRS and HM Inspectorate of Prisons", PUBLISHED, None),
        ("His Majesty’s Inspectorate of Constabulary", PUBLISHED, None),
        ("HMICFRS and HMICS", PUBLISHED, None),
        ("HMIC", date(2017, 5, 1), "before the 56 days became law"),
        ("HMICS", PUBLISHED, "does not extend to Scotland"),
        ("HM Inspectorate of Constabulary in Scotland", PUBLISHED, "does not extend to Scotland"),
        ("Internal audit", PUBLISHED, "not a report of the inspectors of constabulary"),
    ],
)
def test_which_reports_have_the_56_days(
    inspectorate: str, published: date, reason: str | None
) -> None:
    """Reports of the inspectors of constabulary have them, from 2 May 2017 on; others are named."""
    report = {
        "id": "report",
        "title": "R",
        "inspectorate": inspectorate,
        "published": published,
        "scale": "five-grades",
    }
    rows = rows_of(inspections=[report])
    register = register_of(rows)
    left_out = exemptions(register, LATER)
    if reason is None:
        assert len(duties(rows)) == 1
        assert left_out == ()
    else:
        assert duties(rows) == ()
        assert reason in (exemption(register.inspections[0]) or "")
        assert [(each.inspection.id, each.body) for each in left_out] == [("report", None)]
    assert exemptions(register, published - A_DAY) == ()


# The command


def test_the_shipped_register(shipped: Soc) -> None:
    """West Mercia's letter is dated on day 57; Warwickshire's day is unknown; two have none."""
    answer = shipped.json("responses", "--as-of", AS_OF)
    newest = [row for row in answer["rows"] if row["inspection"] == "soc-west-midlands-2024"]
    assert answer["rows"][:4] == newest
    assert {row["last_day"] for row in newest} == {"2024-07-08"}
    assert {
        row["body"]: (row["standing"], row["days_left"], row["days_early"]) for row in newest
    } == {
        "staffordshire": ("not-on-record", -867, None),
        "warwickshire": ("answered", None, None),
        "west-mercia": ("answered-late", None, -1),
        "west-midlands-police": ("not-on-record", -867, None),
    }
    (letter,) = (row for row in newest if row["body"] == "west-mercia")
    assert (letter["answered"], letter["answered_as"]) == ("2024-07-09", "dated")
    assert letter["sources"][0] == "west-mercia-pcc-2024-07-09"
    assert letter["url"].startswith("https://www.westmercia-pcc.gov.uk/")
    out = shipped("responses", "--as-of", AS_OF).out
    assert "dated 1 day late" in out
    assert "“No response on record” says what this register holds" in out
    assert "did not" not in out
    assert "rocuwm" not in out


@pytest.mark.parametrize(
    ("as_of", "west_mercia", "staffordshire"),
    [
        ("2024-06-20", "18 days left", "18 days left"),
        ("2024-07-08", "due today", "due today"),
        ("2024-07-09", "dated 1 day late", "no response on record, 1 day past"),
    ],
)
def test_around_the_last_day(
    shipped: Soc, as_of: str, west_mercia: str, staffordshire: str
) -> None:
    """8 July 2024 is the last day; on 9 July one letter is on record, and one answer is not."""
    lines = shipped("responses", "--as-of", as_of).out.splitlines()
    (mercia,) = (line for line in lines if "West Mercia" in line and "8 Jul 2024" in line)
    (staffs,) = (line for line in lines if "Staffordshire" in line)
    assert west_mercia in mercia
    assert staffordshire in staffs
    assert ("9 Jul 2024" in mercia) == (as_of == "2024-07-09")


def test_bodies_choose_rows(shipped: Soc) -> None:
    """A force gives its own rows, a region those of its forces, and any name of a body will do."""
    one = shipped.json("responses", "staffs", "--as-of", AS_OF)["rows"]
    assert [row["body"] for row in one] == ["staffordshire"]
    region = shipped.json("responses", "west-midlands-region", "--as-of", AS_OF)["rows"]
    assert len(region) == 6
    assert shipped.json("responses", "rocuwm", "--as-of", AS_OF)["rows"] == []
    assert "'nowhere'" in shipped("responses", "nowhere", "--as-of", AS_OF, code=4).err


def test_within_says_what_is_due_soon(shipped: Soc) -> None:
    """`--within` moves the day from which an answer that is due has the colour of a warning."""
    colours = {"FORCE_COLOR": "1"}
    arguments = ("responses", "staffordshire", "--as-of", "2024-06-20", "--format", "table")
    soon = shipped(*arguments, environment=colours).out
    later = shipped(*arguments, "--within", "17", environment=colours).out
    assert "18 days left" in soon
    assert "18 days left" in later
    assert soon != later


OTHERS = (
    SMALL
    + '\n[[inspections]]\nid = "hmic-2016"\ntitle = "Before"\ninspectorate = "HMIC"\n'
    + "published = 2016-03-01\n"
    + '\n[[grades]]\ninspection = "hmic-2016"\nbody = "norfolk"\nquestion = "SOC"\ngrade = "good"\n'
)


def test_what_is_left_out_is_named(soc: Soc) -> None:
    """A report before the 56 days and a force that nobody answers for are named in the notes."""
    soc.write(OTHERS)
    answer = soc.json("responses", "--as-of", AS_OF)
    assert [row["id"] for row in answer["rows"]] == ["soc-2024@norfolk"]
    notes = " ".join(answer["notes"])
    assert "hmic-2016 is not listed: published before the 56 days became law" in notes
    assert "Northumbria Police is not listed for soc-2024: no local policing body" in notes
    of_one = " ".join(soc.json("responses", "norfolk", "--as-of", AS_OF)["notes"])
    assert "Northumbria" not in of_one
    assert (
        "no report required a response within 56 days."
        in soc("responses", "--as-of", "2015-01-01").out
    )
    (old,) = soc.json("show", "hmic-2016", "--as-of", AS_OF)["rows"]
    assert old["last_response_day"] is None


def test_show_and_why_name_the_second_clock(shipped: Soc) -> None:
    """`show` says which answers are not on record, `why` how the answer to the report stands."""
    show = shipped("show", "soc-west-midlands-2024", "--as-of", AS_OF).out
    said = "Staffordshire Commissioner was to answer soc-west-midlands-2024 by 8 Jul 2024: "
    assert f"{said}no response on record, 867 days past." in show
    assert "West Mercia Police and Crime Commissioner was to answer soc-west" not in show
    staffs = shipped("show", "staffordshire", "--as-of", "2024-07-08").out
    assert "Staffordshire Commissioner is to answer soc-west-midlands-2024 by 8 Jul 2024" in staffs
    assert "West Mercia" not in staffs.split("Staffordshire Commissioner is to answer")[1]
    why = shipped("why", "wmp-soc-2024-r1", "--as-of", AS_OF).out
    assert "by 8 Jul 2024: its letter is dated 1 day late." in why
    assert "Staffordshire" not in why
