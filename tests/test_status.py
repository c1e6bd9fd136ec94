"""`status`: where every body stands, what is past its deadline, what falls due."""

from __future__ import annotations

from typing import Any

import pytest

from conftest import AS_OF, Soc
from registers import SMALL, update

WARNED_IN_2026 = [
    ("wmp-soc-2018-r1", -3167),
    ("wmp-soc-2024-r1", -690),
    ("wmp-soc-2024-r2", -690),
    ("wmp-soc-2024-r3", -690),
    ("wmp-soc-2024-r4", -690),
    ("wmp-soc-2024-r5", -690),
]


def ids(rows: list[dict[str, Any]]) -> list[str]:
    """The ids of rows, in their order."""
    return [row["id"] for row in rows]


def column(answer: Any, key: str) -> dict[str, Any]:  # noqa: ANN401  # JSON holds anything
    """One field of each body's row, by the body's id."""
    return {row["body"]: row[key] for row in answer["rows"]}


def recommendation(name: str, *more: str, body: str = "norfolk", parent: str = "cause") -> str:
    """A recommendation to one body, as a register holds it."""
    fields = (
        f'id = "{name}"\ninspection = "soc-2024"\nbodies = ["{body}"]\nkind = "recommendation"\n'
        f'part_of = "{parent}"\nsummary = "Do {name}."'
    )
    return "\n".join(("", "[[findings]]", fields, *more, ""))


def test_shipped_register_as_of_2026(shipped: Soc) -> None:
    """Five bodies are graded and the region is not; all six warnings are West Mercia's."""
    answer = shipped.json("status", "--as-of", AS_OF)
    assert column(answer, "grade") == {
        "west-midlands-region": "not-graded",
        "rocuwm": "adequate",
        "staffordshire": "requires-improvement",
        "warwickshire": "requires-improvement",
        "west-mercia": "inadequate",
        "west-midlands-police": "adequate",
    }
    assert set(column(answer, "graded").values()) == {"2024-05-14"}
    west_mercia = next(row for row in answer["rows"] if row["body"] == "west-mercia")
    assert (west_mercia["grade_before"], west_mercia["graded_before"]) == ("good", "2019-09-27")
    assert west_mercia["direction"] == "not-comparable"
    assert (west_mercia["causes_of_concern"], west_mercia["recommendations_stated"]) == (2, 9)
    assert (west_mercia["recommendations"], west_mercia["recommendations_open"]) == (6, 5)
    assert west_mercia["recommendations_in_progress"] == 1
    assert column(answer, "overdue") == {
        "west-midlands-region": 0,
        "rocuwm": 0,
        "staffordshire": 0,
        "warwickshire": 0,
        "west-mercia": 6,
        "west-midlands-police": 0,
    }
    assert column(answer, "areas_for_improvement") == {
        "west-midlands-region": 4,
        "rocuwm": 4,
        "staffordshire": 4,
        "warwickshire": 4,
        "west-mercia": 0,
        "west-midlands-police": 3,
    }
    assert [(row["id"], row["days_left"]) for row in answer["overdue"]] == WARNED_IN_2026
    assert answer["due_soon"] == []
    assert any("9 recommendations, of which 5" in note for note in answer["notes"])


def test_shipped_register_in_words(shipped: Soc) -> None:
    """Warnings speak of a deadline and of the record, never of a breach or of what was not done."""
    out = shipped("status", "--as-of", AS_OF).out
    assert "As of Sun 22 Nov 2026" in out
    assert "690 days past" in out
    assert "3,167 days past" in out
    assert "5 of 9 on record" in out
    assert "6 items with no completion on record" in out
    assert "inadequate; good in 2019, not comparable" in out
    assert "No items are due within 28 days." in out
    lowered = out.lower()
    for never in ("breach", "not done", "failed", "down from", "up from"):
        assert never not in lowered


@pytest.mark.parametrize(
    ("day", "overdue", "due_soon"),
    [
        ("2024-12-03", 1, 0),  # 29 days before
        ("2024-12-04", 1, 5),
        ("2025-01-01", 1, 5),
        ("2025-01-02", 6, 0),
    ],
)
def test_deadline_day_is_in_time(shipped: Soc, day: str, overdue: int, due_soon: int) -> None:
    """The five recommendations are due soon up to 1 January 2025, and past it the day after."""
    answer = shipped.json("status", "--as-of", day)
    assert (len(answer["overdue"]), len(answer["due_soon"])) == (overdue, due_soon)
    row = next(row for row in answer["rows"] if row["body"] == "west-mercia")
    assert (row["overdue"], row["due_soon"]) == (overdue, due_soon)
    assert row["next_deadline"] == ("2025-01-01" if day <= "2025-01-01" else None)


def test_days_around_the_deadline_in_words(shipped: Soc) -> None:
    """A deadline is due today on its day, and one day is written without a plural."""
    on_the_day = shipped("status", "--as-of", "1 Jan 2025").out
    assert on_the_day.count("due today") == 5
    assert "wmp-soc-2024-r1" not in on_the_day.partition("Due within")[0]
    day_after = shipped("status", "--as-of", "2 Jan 2025").out
    assert day_after.count("1 day past ") == 5
    assert "1 days" not in day_after
    assert "due today" not in day_after


def test_day_before_publication(shipped: Soc) -> None:
    """On 13 May 2024 nothing of the next day's report is there; the older reports are."""
    answer = shipped.json("status", "--as-of", "2024-05-13")
    grades = column(answer, "grade")
    assert (grades.pop("west-mercia"), set(grades.values())) == ("good", {None})
    assert column(answer, "direction")["west-mercia"] == "better"
    assert set(column(answer, "areas_for_improvement").values()) == {0}
    assert ids(answer["overdue"]) == ["wmp-soc-2018-r1"]
    assert answer["notes"] == []
    before_all = shipped("status", "--as-of", "2018-03-21").out
    assert before_all.count("no grade on record") == 6
    assert "No items are overdue." in before_all
    assert "wmp-soc" not in before_all


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (["west-mercia"], ["west-mercia"]),
        (["west-me"], ["west-mercia"]),
        (["WARKS"], ["warwickshire"]),
        (["west midlands rocu", "Staffordshire Police"], ["rocuwm", "staffordshire"]),
        (
            ["west-midlands-region"],
            [
                "west-midlands-region",
                "rocuwm",
                "staffordshire",
                "warwickshire",
                "west-mercia",
                "west-midlands-police",
            ],
        ),
    ],
)
def test_bodies_by_any_name(shipped: Soc, typed: list[str], meant: list[str]) -> None:
    """A body goes by its id, the beginning of it or another name; a region means all in it."""
    answer = shipped.json("status", *typed, "--as-of", AS_OF)
    assert [row["body"] for row in answer["rows"]] == meant
    assert {row["body"] for row in answer["overdue"]} == {"west-mercia"} & set(meant)


def test_ambiguous_body(shipped: Soc) -> None:
    """West Midlands is a region, a unit and a force: the error lists all three and picks none."""
    ran = shipped("status", "West Midlands", code=4)
    assert ran.out == ""
    assert ran.err.startswith("socwatch: 'West Midlands' could be any of 3: ")
    for body in ("rocuwm", "west-midlands-police", "west-midlands-region"):
        assert body in ran.err
    assert "west-mercia" not in ran.err
    two = shipped("status", "west-midlands", code=4).err
    assert "any of 2: west-midlands-police, west-midlands-region" in two


def test_unknown_body(shipped: Soc) -> None:
    """A body that is not there is an error that suggests the nearest, where there is one."""
    near = shipped("status", "stafordshire", code=4)
    assert near.out == ""
    assert "there is no body 'stafordshire'" in near.err
    assert "did you mean staffordshire?" in near.err
    far = shipped("status", "qqqqqqq", code=4)
    assert "did you mean" not in far.err


def test_within(soc: Soc) -> None:
    """--within sets how near a deadline is due soon, and the headings say so."""
    soc.write(SMALL)
    near = soc.json("status", "--as-of", "2025-03-02", "--within", "29")
    assert ids(near["due_soon"]) == ["r2@norfolk", "r2@northumbria"]
    assert column(near, "due_soon") == {"north-region": 0, "norfolk": 1, "northumbria": 1}
    assert {row["timing"] for row in near["due_soon"]} == {"due-soon"}
    far = soc("status", "--as-of", "2025-03-02").out
    assert "No items are due within 28 days." in far
    assert "29 days left" not in far
    assert "Due within 29 days" in soc("status", "--as-of", "2025-03-02", "--within", "29").out


def test_order_of_warnings(soc: Soc) -> None:
    """What is longest past its deadline stands first; on one day r2 stands before r10."""
    soc.write(
        SMALL.replace("recommendations_stated = 3", "")
        + recommendation("r10", "deadline = 2024-12-31")
        + recommendation("r9", "deadline = 2024-12-31")
        + recommendation("r30", "deadline = 2024-06-01")
    )
    answer = soc.json("status", "--as-of", "2025-06-01")
    assert ids(answer["overdue"]) == ["r30", "r9", "r10", "r1", "r2@norfolk", "r2@northumbria"]
    ahead = soc.json("status", "--as-of", "2024-12-31")
    assert ids(ahead["due_soon"]) == ["r9", "r10", "r1"]
    assert ids(ahead["overdue"]) == ["r30"]


EVERY_ACTION = (
    SMALL.replace("recommendations_stated = 3", "recommendations_stated = 12")
    + "".join(recommendation(f"x{n}", "deadline = 2024-12-01") for n in range(9))
    + update(1, "x0", "start", "2024-06-01", 'owner = "A. Officer"')
    + update(2, "x1", "done", "2024-06-02")
    + update(3, "x2", "sign-off", "2024-06-03", 'by = "HMICFRS"')
    + update(4, "x3", "close", "2024-06-04", 'outcome = "not-accepted"', 'note = "Said so."')
    + update(5, "x4", "done", "2024-06-05")
    + update(6, "x4", "reopen", "2024-06-06", 'note = "Too soon."')
    + update(
        7,
        "x5",
        "extend",
        "2024-06-07",
        "deadline = 2025-12-31",
        'note = "Agreed."',
        'by = "HMICFRS"',
    )
    + update(8, "x6", "assign", "2024-06-08", 'owner = "B. Officer"')
    + update(9, "x6", "note", "2024-06-09", 'note = "Under way."')
    + update(10, "x6", "checked", "2024-06-10")
    + update(11, "x6", "mute", "2024-06-11", "until = 2025-12-31", 'note = "Known."')
    + update(12, "x7", "done", "2024-06-12")
    + update(13, "x7", "retract", "2024-06-13", 'update = "u-12"', 'note = "Wrong one."')
    + update(14, "a1", "sign-off", "2024-06-14", 'by = "HMICFRS"')
    + update(15, "cause", "start", "2024-06-15", 'body = "norfolk"')
    + update(16, "cause", "close", "2024-06-16", 'body = "northumbria"', 'outcome = "not-accepted"',
             'note = "So they say."')
)  # fmt: skip


def test_counts_by_status(soc: Soc) -> None:
    """Each recommendation counts once, under the status that its updates lead to."""
    soc.write(EVERY_ACTION)
    answer = soc.json("status", "--as-of", "2025-01-01")
    norfolk = next(row for row in answer["rows"] if row["body"] == "norfolk")
    counts = {
        key.removeprefix("recommendations_"): norfolk[key]
        for key in norfolk
        if key.startswith("recommendations_")
    }
    # open: r1, r2, x4 (reopened), x5 (extended), x6, x7 (its done is taken back), x8
    assert counts == {
        "stated": 12,
        "open": 7,
        "in_progress": 1,
        "done": 1,
        "signed_off": 1,
        "closed": 1,
    }
    assert norfolk["recommendations"] == 11
    # past 1 December: x0, x4, x6, x7, x8; x5 has until the end of 2025
    assert ids(answer["overdue"]) == ["x0", "x4", "x6", "x7", "x8"]
    northumbria = next(row for row in answer["rows"] if row["body"] == "northumbria")
    assert (northumbria["causes_of_concern"], northumbria["causes_of_concern_ended"]) == (1, 1)
    assert northumbria["areas_for_improvement_ended"] == 1
    out = soc("status", "norfolk", "--as-of", "2025-01-01").out
    assert "7 open, 1 in progress, 1 done, 1 signed off, 1 closed, of 11" in out
    assert "11 of 12 on record" in out


def test_two_clocks(soc: Soc) -> None:
    """What the register said in March is had in June, beside what it says of March now."""
    march, june = "2025-03-31", "2025-06-30"
    soc.write(
        SMALL.replace('deadline = "2025-03"', "deadline = 2025-01-31")
        + update(1, "r1", "done", "2024-12-20", "recorded = 2025-05-02T09:00:00Z")
    )
    said_then = soc.json("status", "--as-of", march, "--recorded-until", march)
    assert ids(said_then["overdue"]) == ["r1", "r2@norfolk", "r2@northumbria"]
    assert said_then["recorded_until"] == march
    said_now = soc.json("status", "--as-of", march, "--recorded-until", june)
    assert ids(said_now["overdue"]) == ["r2@norfolk", "r2@northumbria"]
    words = soc("status", "--as-of", march, "--recorded-until", march).out
    assert "As of Mon 31 Mar 2025, without what was recorded after Mon 31 Mar 2025" in words


GRADED = """\
format = 1
""" + "".join(
    f'[[inspections]]\nid = "i{year}"\ntitle = "Round of {year}"\ninspectorate = "HMICFRS"\n'
    f'published = {year}-05-01\nscale = "{scale}"\n'
    for year, scale in ((2019, "four-grades"), (2022, "five-grades"), (2024, "five-grades"))
) + "".join(
    f'[[bodies]]\nid = "{body}"\nname = "{body.capitalize()} Police"\nkind = "force"\n'
    for body in ("ash", "beech", "cedar", "elm", "fir")
) + "".join(
    f'[[grades]]\ninspection = "i{year}"\nbody = "{body}"\nquestion = "{question}"\n'
    f'grade = "{grade}"\n'
    for body, year, question, grade in (
        ("ash", 2022, "SOC", "inadequate"),
        ("ash", 2024, "SOC", "good"),
        ("beech", 2022, "SOC", "outstanding"),
        ("beech", 2024, "SOC", "adequate"),
        ("cedar", 2022, "SOC", "good"),
        ("cedar", 2024, "SOC", "good"),
        ("elm", 2019, "SOC", "good"),
        ("elm", 2022, "SOC", "adequate"),
        ("fir", 2022, "Custody", "good"),
        ("fir", 2024, "SOC", "good"),
        ("fir", 2024, "Custody", "requires-improvement"),
    )
)  # fmt: skip


def test_direction_of_grades(soc: Soc) -> None:
    """A grade is up, down or the same on one scale, and not comparable across two."""
    soc.write(GRADED)
    answer = soc.json("status", "--as-of", AS_OF)
    assert column(answer, "direction") == {
        "ash": "better",
        "beech": "worse",
        "cedar": "same",
        "elm": "not-comparable",
        "fir": "worse",
    }
    assert column(answer, "graded")["elm"] == "2022-05-01"
    out = soc("status", "--as-of", AS_OF).out
    lines = {line.split()[0]: line for line in out.splitlines() if "Police" in line}
    assert "good; up from inadequate in 2022" in lines["Ash"]
    assert "adequate; down from outstanding in 2022" in lines["Beech"]
    assert "good; as in 2022" in lines["Cedar"]
    assert "adequate; good in 2019, not comparable" in lines["Elm"]
    assert "requires improvement; down from good in 2022; SOC: good" in lines["Fir"]
    earlier = soc.json("status", "--as-of", "2022-05-01")
    assert column(earlier, "grade")["ash"] == "inadequate"
    assert column(earlier, "direction")["ash"] is None


def test_groups_by_region(soc: Soc) -> None:
    """Under a region stand the region, its unit, its forces; bodies in none come last."""
    soc.write(
        SMALL
        + '[[bodies]]\nid = "an-island"\nname = "An Island Police"\nkind = "force"\n'
        + '[[bodies]]\nid = "unit"\nname = "Unit of the North"\nkind = "regional-unit"\n'
        + 'region = "north-region"\n'
    )
    out = soc("status", "--as-of", AS_OF).out
    starts = ["[North region]", "North region", "Unit", "Norfolk", "Northumbria", "[In no", "An Is"]
    table = out.split("\n\n")[1].splitlines()[1:]
    assert [line.startswith(start) for line, start in zip(table, starts, strict=True)] == [True] * 7


def test_recommendations_that_are_not_on_record(soc: Soc) -> None:
    """A cause with no recommendation on record shows how many its source counts."""
    text = SMALL.partition('[[findings]]\nid = "r1"')[0]
    soc.write(text)
    answer = soc.json("status", "--as-of", AS_OF)
    assert column(answer, "recommendations_stated")["norfolk"] == 3
    assert column(answer, "recommendations")["norfolk"] == 0
    assert any("3 recommendations, of which 0" in note for note in answer["notes"])
    assert "0 of 3 on record" in soc("status", "--as-of", AS_OF).out


def test_what_an_inspection_said_and_nobody_wrote_down(soc: Soc) -> None:
    """What is known to be missing is said below the figures of the inspection, from its day on."""
    soc.write(SMALL.replace("scale =", 'not_on_record = ["two areas for improvement."]\nscale ='))
    said = "soc-2024, not on record: two areas for improvement."
    assert soc.json("status", "--as-of", "2024-05-14")["notes"][-1] == said
    assert said not in soc("status", "--as-of", "2024-05-13").out
    (row,) = soc.json("show", "soc-2024", "--as-of", AS_OF)["rows"]
    assert row["not_on_record"] == ["two areas for improvement."]


def test_what_is_overdue_and_was_asked_again(shipped: Soc) -> None:
    """What is past its deadline names what it recurs as, from the later report's day on."""
    words = "wmp-soc-2018-r1 recurs as wmp-soc-2024-r1, wmp-soc-2024-r2, wmp-soc-2024-r4."
    assert words in shipped("status", "--as-of", AS_OF).out
    assert words in shipped("status", "west mercia", "--as-of", "2024-05-14").out
    assert "recurs as" not in shipped("status", "--as-of", "2024-05-13").out
    assert "recurs as" not in shipped("status", "staffordshire", "--as-of", AS_OF).out


def test_share_of_a_cause_of_several_bodies(soc: Soc) -> None:
    """Two of the three recommendations are on record, whichever of the two forces asks."""
    soc.write(SMALL)
    out = soc("status", "--as-of", AS_OF).out
    assert "of which 2 are on record" in out
    assert "1 of 3 on record" not in out


def test_register_without_bodies(soc: Soc) -> None:
    """A register that holds nothing yet is an answer, and says so."""
    soc.write("format = 1\n")
    out = soc("status", "--as-of", AS_OF).out
    assert "The register holds no bodies." in out
    assert "Recommendations" not in out
