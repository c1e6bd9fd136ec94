"""`show`, `why` and `grades`: everything known of one thing, and how its deadline was reached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from conftest import AS_OF, Soc
from registers import SMALL, update


def facts(text: str) -> dict[str, str]:
    """The headings and values of the facts that stand before the first empty line."""
    block = text.split("\n\n")[1].splitlines()
    return {heading: value for heading, _, value in (line.partition("  ") for line in block)}


def links(answer: Any) -> set[tuple[str, str]]:  # noqa: ANN401  # JSON holds anything
    """The links of a shown finding, as their names and the findings they lead to."""
    return {(link["link"], link["id"]) for link in answer["links"]}


def test_shipped_recommendation(shipped: Soc) -> None:
    """A finding shows its words, its standing, both its links and each of its sources."""
    answer = shipped.json("show", "wmp-soc-2024-r1", "--as-of", AS_OF)
    (row,) = answer["rows"]
    assert row["deadline"] == "2025-01-01"
    assert row["days_left"] == -690
    assert row["deadline_words"] == '"1 January" (BBC News); "by January 2025" (Express & Star)'
    assert links(answer) == {("part of", "wmp-soc-2024"), ("recurs from", "wmp-soc-2018-r1")}
    assert [source["id"] for source in answer["sources"]] == [
        "west-mercia-pcc-2024-07-09",
        "bbc-2024-05-14",
        "express-and-star-2024-05-14",
    ]
    assert [update["action"] for update in answer["history"]] == ["checked"]
    out = shipped("show", "wmp-soc-2024-r1", "--as-of", AS_OF).out
    assert "BBC News gives the day without a year" in out
    assert "Flaws exposed in police approach to organised crime" in out
    assert "breach" not in out


def test_shipped_older_entry(shipped: Soc) -> None:
    """Entry 8929 goes by its number, and lists each finding that recurs from it."""
    answer = shipped.json("show", "8929", "--as-of", AS_OF)
    assert answer["rows"][0]["id"] == "wmp-soc-2018-r1"
    assert links(answer) == {
        ("part of", "wmp-soc-2018"),
        ("recurs as", "wmp-soc-2024-r1"),
        ("recurs as", "wmp-soc-2024-r2"),
        ("recurs as", "wmp-soc-2024-r4"),
    }
    days = [(entry["on"], entry["action"]) for entry in answer["history"]]
    assert days == [("2018-03-22", "note"), ("2018-04-09", "start"), ("2026-11-22", "checked")]


def test_shipped_cause_of_concern(shipped: Soc) -> None:
    """A cause of concern lists its recommendations, and what sources say against its date."""
    answer = shipped.json("show", "wmp-soc-2024", "--as-of", AS_OF)
    assert links(answer) == {
        ("recurs from", "wmp-soc-2018"),
        *(("has the recommendation", f"wmp-soc-2024-r{number}") for number in range(1, 6)),
    }
    assert answer["rows"][0]["recommendations_stated"] == 9
    older = shipped.json("show", "wmp-soc-2018", "--as-of", AS_OF)
    assert [(entry["source"], entry["says"]) for entry in older["contradicted_by"]] == [
        ("bbc-2024-05-14", "It was issued in 2017."),
        ("express-and-star-2024-05-14", "It was issued in 2017."),
    ]
    assert ("has the recommendation", "wmp-soc-2018-r1") in links(older)


def test_shipped_body(shipped: Soc) -> None:
    """A body shows its grades, its findings, its monitoring and the answers with their last day."""
    answer = shipped.json("show", "west mercia", "--as-of", AS_OF)
    assert [grade["grade"] for grade in answer["grades"]] == ["inadequate", "good", "inadequate"]
    assert len(answer["items"]) == 8
    (stay,) = answer["monitoring"]
    assert stay["phase"] == "highest bracket of performance monitoring"
    assert (stay["entered"], stay["left"], stay["finding"]) == (None, None, "wmp-soc-2018")
    by_whom = {answer["answered_by"]: answer for answer in answer["responses"]}
    letter = by_whom["local-policing-body"]
    assert (letter["dated"], letter["last_day"]) == ("2024-07-09", "2024-07-08")
    assert by_whom["force"]["last_day"] is None
    out = shipped("show", "west-mercia", "--as-of", AS_OF).out
    assert "West Mercia Police and Crime Commissioner" in out
    assert "Last of the 56 days" in out
    assert "counted with the day of publication as the first" in out  # the response's note
    assert "Staffordshire" not in out


def test_shipped_inspection(shipped: Soc) -> None:
    """An inspection shows its grades, its findings, the last of the 56 days, who says otherwise."""
    answer = shipped.json("show", "soc-west-midlands-2024", "--as-of", AS_OF)
    (row,) = answer["rows"]
    assert row["published"] == "2024-05-14"
    assert row["fieldwork"] == "2023-06"
    assert row["last_response_day"] == "2024-07-08"
    assert len(answer["grades"]) == 6
    assert len(answer["items"]) == 27
    assert {entry["source"] for entry in answer["contradicted_by"]} == {
        "staffordshire-police-soc-2024",
        "churnet-sound-soc-2024",
    }
    assert "8 Jul 2024" in shipped("show", "soc-west", "--as-of", AS_OF).out


LINKED = (
    SMALL
    + """
[[sources]]
id = "other-paper"
publisher = "Another Paper"
title = "What it says"
published = "2024"

[[findings]]
id = "b1"
inspection = "soc-2024"
bodies = ["norfolk"]
kind = "area-for-improvement"
summary = "Count what was done."
supersedes = ["b2"]
blocked_by = ["r1"]
depends_on = "the Home Office"
target = "2025-06"
source_term = "recommendation"
aliases = ["Counting"]
sources = ["paper"]
contradicted_by = [{ source = "other-paper", says = "It was asked of Northumbria." }]
note = \"\"\"
A note of
two lines.\"\"\"

[[findings]]
id = "b2"
inspection = "soc-2024"
bodies = ["norfolk"]
kind = "area-for-improvement"
summary = "Count."
"""
    + update(1, "b1", "start", "2024-06-01", 'owner = "A. Officer"', 'sources = ["other-paper"]')
    + update(2, "b1", "done", "2024-07-01", 'evidence = ["https://example.org/minutes"]')
    + update(3, "b1", "retract", "2024-07-02", 'update = "u-2"', 'note = "Another finding."')
    + update(
        4, "b2", "close", "2024-08-01", 'outcome = "superseded"', 'successor = "b1"', 'note = "So."'
    )
)


def test_links_both_ways(soc: Soc) -> None:
    """Each link shows at both its ends, in words that fit the end."""
    soc.write(LINKED)
    assert links(soc.json("show", "b1")) == {
        ("supersedes", "b2"),
        ("blocked by", "r1"),
        ("took the place of", "b2"),
    }
    assert links(soc.json("show", "b2")) == {("superseded by", "b1")}
    assert links(soc.json("show", "r1")) == {("part of", "cause"), ("blocks", "b1")}


def test_everything_known_of_a_finding(soc: Soc) -> None:
    """A finding shows every field that it has, its whole history, and its sources."""
    soc.write(LINKED)
    out = soc("show", "counting", "--as-of", AS_OF).out
    shown = facts(out)
    for heading, value in {
        "Item": "b1",
        "Body": "Norfolk Constabulary",
        "Kind": "area for improvement",
        "Called by its source": "recommendation",
        "Inspection": "soc-2024",
        "Summary": "Count what was done.",
        "Status": "in progress",
        "Timing": "no deadline, 2 years old",
        "The body's own target": "Jun 2025",
        "Owner": "A. Officer",
        "Depends on": "the Home Office",
        "Note": "A note of two lines.",
        "Also known as": "Counting",
    }.items():
        assert shown[heading].strip() == value
    history = out.partition("History")[2].partition("Sources")[0]
    assert "reported done; retracted" in history
    assert "takes back u-2" in history
    assert "started; assigned to A. Officer" in history
    assert history.count("retracted") == 1
    assert "Another Paper" in out  # an update's source is a source too
    assert "It was asked of Northumbria." in out
    answer = soc.json("show", "b1", "--as-of", AS_OF)
    assert [entry["retracted"] for entry in answer["history"]] == ["no", "yes", "no"]
    assert answer["history"][1]["evidence"] == ["https://example.org/minutes"]


def test_finding_of_several_bodies(soc: Soc) -> None:
    """A finding shows each of its items; finding@body shows that one alone."""
    soc.write(SMALL + update(1, "r2", "start", "2024-06-01", 'body = "northumbria"'))
    both = soc.json("show", "r2", "--as-of", AS_OF)
    assert [(row["id"], row["status"]) for row in both["rows"]] == [
        ("r2@norfolk", "open"),
        ("r2@northumbria", "in-progress"),
    ]
    one = soc.json("show", "r2@northumbria", "--as-of", AS_OF)
    assert [row["id"] for row in one["rows"]] == ["r2@northumbria"]
    other = soc.json("show", "r2@norf", "--as-of", AS_OF)
    assert [row["id"] for row in other["rows"]] == ["r2@norfolk"]
    assert other["history"] == []


def test_names_that_are_not_there(shipped: Soc) -> None:
    """A name with two meanings lists both, an unknown one the nearest, both with code 4."""
    two = shipped("show", "wmp-soc-20", code=4)
    assert two.out == ""
    assert "wmp-soc-2018, wmp-soc-2018-r1, wmp-soc-2024," in two.err
    assert "type more of the id" in two.err
    assert shipped.json("show", "wmp-soc-2024")["rows"][0]["id"] == "wmp-soc-2024"
    near = shipped("show", "wmp-soc-2O24-r1", code=4)
    assert "did you mean wmp-soc-2024-r1" in near.err
    elsewhere = shipped("show", "wmp-soc-2024-r1@staffordshire", code=4)
    assert "no body of wmp-soc-2024-r1 'staffordshire'" in elsewhere.err


def test_nothing_is_shown_before_its_day(shipped: Soc) -> None:
    """Answers of later days are left out, and a report that is still to come is said to be so."""
    before = shipped("show", "west-mercia", "--as-of", "2024-07-08").out
    after = shipped("show", "west-mercia", "--as-of", "2024-07-09").out
    assert "9 Jul 2024" in after
    assert "9 Jul 2024" not in before
    early = shipped.json("show", "soc-west-midlands-2024", "--as-of", "2024-05-13")
    assert any("after the day asked about, on 14 May 2024" in note for note in early["notes"])
    assert early["responses"] == []
    due = shipped.json("show", "soc-west-midlands-2024", "--as-of", "2024-05-14")
    assert not any("after the day asked about" in note for note in due["notes"])


def test_day_before_a_finding_was_published(shipped: Soc) -> None:
    """Before its publication a finding has no standing, and `show` and `why` say so."""
    for command in ("show", "why"):
        out = shipped(command, "wmp-soc-2024-r1", "--as-of", "2024-05-13").out
        assert "wmp-soc-2024-r1 was not yet published by that day." in out
        assert "days past" not in out


def dated(deadline: str, *more: str) -> str:
    """A register whose one recommendation has that deadline, in a report of 31 August 2023."""
    finding = SMALL.partition('[[findings]]\nid = "r2"')[0]
    finding = finding.replace("published = 2024-05-14", "published = 2023-08-31")
    line = f"deadline = {deadline}" if deadline else ""
    return finding.replace("deadline = 2025-01-01", line) + "".join(more)


EXTENDED = ("extend", "2023-10-01", "deadline = 2024-06-30", 'note = "Asked."', 'by = "HMICFRS"')


PAST_LEAP_DAY = (
    "Past since 1 Mar 2024; from 29 Feb 2024 to 1 Mar 2024 are 1 day. No completion on record."
)


@dataclass(frozen=True)
class Counted:
    """A deadline as a register holds it, and what `why` makes of it on 1 March 2024."""

    deadline: str
    last: str
    days_left: int
    rule: str
    counted: str


@pytest.mark.parametrize(
    "case",
    [
        Counted(
            "2024-01-10",
            "2024-01-10",
            -51,
            "The deadline is known to the day, 10 Jan 2024. That day itself is still in time.",
            (
                "Past since 11 Jan 2024; from 10 Jan 2024 to 1 Mar 2024 are 51 days. "
                "No completion on record."
            ),
        ),
        Counted(
            '"2024-02"',
            "2024-02-29",
            -1,
            "Only “Feb 2024” is known, so it is in time until Feb 2024 has ended, on 29 Feb 2024.",
            PAST_LEAP_DAY,
        ),
        Counted(
            '"2024"',
            "2024-12-31",
            305,
            "Only “2024” is known, so it is in time until 2024 has ended, on 31 Dec 2024.",
            "From 1 Mar 2024 to 31 Dec 2024 are 305 days; 28 days or fewer count as due soon.",
        ),
        Counted(
            '"immediately"',
            "2023-08-31",
            -183,
            "“Immediately” means the day of publication, 31 Aug 2023.",
            (
                "Past since 1 Sep 2023; from 31 Aug 2023 to 1 Mar 2024 are 183 days. "
                "No completion on record."
            ),
        ),
        Counted(
            '"6 months"',
            "2024-02-29",
            -1,
            (
                "6 months from publication on 31 Aug 2023 end on 29 Feb 2024: the same day of the "
                "month, or its last day where it has no such day."
            ),
            PAST_LEAP_DAY,
        ),
        Counted(
            '"200 days"',
            "2024-03-18",
            17,
            "200 days from publication on 31 Aug 2023 end on 18 Mar 2024.",
            "From 1 Mar 2024 to 18 Mar 2024 are 17 days; 28 days or fewer count as due soon.",
        ),
    ],
    ids=lambda case: case.deadline.strip('"'),
)
def test_why_a_deadline_is_what_it_is(soc: Soc, case: Counted) -> None:
    """`why` gives the last day, the rule that made a day of the words, and how days are counted."""
    soc.write(dated(case.deadline))
    (row,) = soc.json("why", "r1", "--as-of", "2024-03-01")["rows"]
    assert (row["deadline"], row["original_deadline"]) == (case.last, case.last)
    assert row["days_left"] == case.days_left
    assert row["rule"] == case.rule
    assert row["counted"] == case.counted
    assert row["deadline_words"] == "by 1 January"
    assert row["deadline_sources"] == ["paper"]


def test_why_without_a_deadline(soc: Soc) -> None:
    """Where no deadline is stated `why` says that nothing can be overdue, and how old it is."""
    area = '\n[[findings]]\nid = "a1"\ninspection = "soc-2024"\nbodies = ["norfolk"]\n'
    soc.write(dated("", area + 'kind = "area-for-improvement"\nsummary = "Do."\n'))
    stated = facts(soc("why", "r1", "--as-of", "2024-03-01").out)
    assert stated["Rule"].strip() == "Its sources state no deadline, so it cannot be overdue."
    assert stated["Counted"].strip() == "Published on 31 Aug 2023, 183 days before 1 Mar 2024."
    assert "Deadline in force" not in stated
    never = facts(soc("why", "a1", "--as-of", "2024-03-01").out)
    assert "An area for improvement has no deadline" in never["Rule"]


def test_why_after_an_extension(soc: Soc) -> None:
    """The last move of a deadline is in force, and `why` shows each move, who agreed and why."""
    moved = (
        update(1, "r1", *EXTENDED)
        + update(2, "r1", "extend", "2024-06-01", 'deadline = "2024-09"', 'note = "Again."',
                 'by = "The commissioner"')
    )  # fmt: skip
    soc.write(dated("2024-01-10", moved))
    answer = soc.json("why", "r1", "--as-of", "2024-10-01")
    (row,) = answer["rows"]
    assert (row["deadline"], row["original_deadline"]) == ("2024-09-30", "2024-01-10")
    assert (row["extensions"], row["days_left"]) == (2, -1)
    assert "It was moved 2 times; the last move is in force." in row["rule"]
    assert [(m["from"], m["to"], m["by"], m["note"]) for m in answer["moved"]] == [
        ("2024-01-10", "2024-06-30", "HMICFRS", "Asked."),
        ("2024-06-30", "2024-09-30", "The commissioner", "Again."),
    ]
    between = soc.json("why", "r1", "--as-of", "2024-05-31")["rows"][0]
    assert (between["deadline"], between["days_left"]) == ("2024-06-30", 30)
    before = soc.json("why", "r1", "--as-of", "2023-09-30")
    assert (before["rows"][0]["deadline"], before["moved"]) == ("2024-01-10", [])


def test_why_when_only_an_extension_gives_a_deadline(soc: Soc) -> None:
    """A deadline that only an update has set counts, and no rule denies that it is there."""
    soc.write(dated("", update(1, "r1", *EXTENDED)))
    (row,) = soc.json("why", "r1", "--as-of", "2024-07-01")["rows"]
    assert (row["deadline"], row["timing"], row["days_left"]) == ("2024-06-30", "overdue", -1)
    assert "cannot be overdue" not in row["rule"]


def test_why_of_what_is_done(soc: Soc) -> None:
    """Done in time, done late and closed are told apart, and no days are counted."""
    soc.write(
        dated("2024-01-10", update(1, "r1", "done", "2024-01-10"))
        + update(2, "r1", "reopen", "2024-02-01", 'note = "Too soon."')
        + update(3, "r1", "done", "2024-02-02")
        + update(4, "r1", "close", "2024-03-01", 'outcome = "not-accepted"', 'note = "No."')
    )
    counted = {}
    for day in ("2024-01-31", "2024-02-01", "2024-02-29", "2024-03-01"):
        (row,) = soc.json("why", "r1", "--as-of", day)["rows"]
        counted[day] = (row["timing"], row["days_left"], row["counted"])
    said = "Said to be done on"
    assert counted == {
        "2024-01-31": ("met", None, f"{said} 10 Jan 2024, in time; now done."),
        "2024-02-01": ("overdue", -22, counted["2024-02-01"][2]),
        "2024-02-29": ("late", None, f"{said} 2 Feb 2024, after it; now done."),
        "2024-03-01": ("not-applicable", None, counted["2024-03-01"][2]),
    }
    assert "It has ended" in counted["2024-03-01"][2]
    assert "Past since 1 Feb 2024" in counted["2024-02-01"][2]


def test_why_shipped(shipped: Soc) -> None:
    """The shipped deadline names its two newspapers, and the 690 days that they lead to."""
    out = shipped("why", "wmp-soc-2024-r5", "--as-of", AS_OF).out
    assert "BBC News (bbc-2024-05-14); Express & Star (express-and-star-2024-05-14)" in out
    assert "the inspectorate" in out
    assert "that it shares the date is inferred" in out
    assert "from 1 Jan 2025 to 22 Nov 2026 are 690 days. No completion on record." in out
    assert "breach" not in out


def test_why_on_two_clocks(soc: Soc) -> None:
    """An update that was recorded late counts for its day, but not as known before."""
    soc.write(
        dated("2024-01-10")
        + update(1, "r1", "done", "2024-01-05", "recorded = 2024-05-02T09:00:00Z")
    )
    march = ("--as-of", "2024-03-31")
    assert soc.json("why", "r1", *march)["rows"][0]["timing"] == "met"
    shown = soc.json("show", "r1", *march, "--recorded-until", "2024-05-01")
    assert (shown["rows"][0]["status"], shown["history"]) == ("open", [])


def test_grades_of_the_shipped_register(shipped: Soc) -> None:
    """Grades stand body by body, oldest first, with what a newspaper says against one of them."""
    answer = shipped.json("grades", "--as-of", AS_OF)
    west_mercia = [row for row in answer["rows"] if row["body"] == "west-mercia"]
    assert [(row["published"], row["grade"], row["direction"]) for row in west_mercia] == [
        ("2018-03-22", "inadequate", None),
        ("2019-09-27", "good", "better"),
        ("2024-05-14", "inadequate", "not-comparable"),
    ]
    assert len(answer["rows"]) == 8
    (note,) = answer["notes"]
    assert note.startswith("west-midlands-region: express-and-star-2024-05-14 says otherwise")
    out = shipped("grades", "west mercia", "--as-of", "2024-05-13").out
    assert "up from inadequate in 2018" in out
    assert "Grades of 1 body" in out
    assert "14 May 2024" not in out
    assert "express-and-star" not in out
    nothing = shipped("grades", "rocuwm", "--as-of", "2024-05-13").out
    assert "No grades were published on or before that date for " in nothing


def test_text_of_several_lines_reads_as_one(soc: Soc) -> None:
    """Text that a register spreads over lines is shown as its words, whatever ends the lines."""
    text = SMALL.replace(
        'aliases = ["Norfolk"]\n', 'note = """\nServes the county\nof Norfolk.\n"""\n'
    ).replace('title = "What inspectors said"', 'title = """\nWhat inspectors\nsaid"""')
    assert text.count('"""') == 4
    for written in (text, text.replace("\n", "\r\n")):
        soc.write(written)
        body = facts(soc("show", "norfolk", "--as-of", AS_OF).out)
        assert body["Note"].strip() == "Serves the county of Norfolk."
        out = soc("show", "r1", "--as-of", AS_OF).out
        assert "What inspectors said" in out
        assert "\\x0d" not in out
