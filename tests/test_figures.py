"""What figures mean where a register is unusual: nothing in them can be read as more than it is."""

from __future__ import annotations

import re

from conftest import AS_OF, Soc
from registers import SMALL, update
from test_paper import page_of

SIGNED_OFF = update(1, "r1", "sign-off", "2025-06-30", 'by = "HMICFRS"')
FIRST = update(1, "r3", "extend", "2025-02-01", 'deadline = 2025-09-30\nby = "H"\nnote = "Late."')
WITHOUT_DEADLINE = """
[[findings]]
id = "r3"
inspection = "soc-2024"
bodies = ["norfolk"]
kind = "recommendation"
part_of = "cause"
summary = "Train people."
"""
PRACTICE = """
[[findings]]
id = "good"
inspection = "soc-2024"
bodies = ["norfolk"]
kind = "innovative-practice"
summary = "They share a desk."
"""
LATER = """
[[inspections]]
id = "custody-2025"
title = "Custody"
inspectorate = "HMICFRS"
published = 2025-06-01

[[grades]]
inspection = "custody-2025"
body = "norfolk"
question = "Custody"
grade = "good"
"""


def test_a_cause_counts_the_recommendations_of_its_row(soc: Soc) -> None:
    """Of a cause that several forces share, each row counts what that force was recommended."""
    soc.write(SMALL + update(1, "r2", "sign-off", "2025-02-01", 'by = "H"', 'body = "norfolk"'))
    heading, *rows = page_of(soc, "--as-of", AS_OF).tables["causes"]
    at = heading.index("Recommendations")
    said = {row[0]: row[at].split(" live")[0] for row in rows}
    assert said == {"cause@norfolk": "1 of 2", "cause@northumbria": "1 of 1"}


def test_a_sign_off_alone_makes_nobody_late(soc: Soc) -> None:
    """Where only the sign-off is on record, it is the sign-off that came after the deadline."""
    soc.write(SMALL + SIGNED_OFF)
    listed = soc("list", "--text", "analysts", "--as-of", AS_OF).out
    assert "signed off 180 days after" in listed
    assert "days late" not in listed
    shown = soc("show", "r1", "--as-of", AS_OF).out
    assert "Completed on" in shown
    assert "Done on" not in shown
    why = soc("why", "r1", "--as-of", AS_OF).out
    assert "Signed off on 30 Jun 2025, after it." in why
    assert "The day on which it was said to be done is not on record." in why
    told = "1 of what was done late counts up to the sign-off"
    assert told in soc("trend", "--as-of", AS_OF).out
    soc.write(SMALL + update(2, "r1", "done", "2025-06-29") + SIGNED_OFF)
    assert "179 days late" in soc("list", "--text", "analysts", "--as-of", AS_OF).out
    assert told not in soc("trend", "--as-of", AS_OF).out


def test_a_report_before_a_reopening_is_none_of_the_completion(soc: Soc) -> None:
    """Done, reopened and then signed off on the same day: the sign-off alone came after."""
    done = update(2, "r1", "done", "2025-01-31") + update(
        3, "r1", "reopen", "2025-02-01", 'note = "N."'
    )
    for signed_off, days in (("2025-02-01", 31), ("2025-03-01", 59)):
        soc.write(SMALL + done + SIGNED_OFF.replace("2025-06-30", signed_off))
        listed = soc("list", "--text", "analysts", "--as-of", AS_OF).out
        assert f"signed off {days} days after" in listed
        assert "late" not in listed
        why = soc("why", "r1", "--as-of", AS_OF).out
        assert "The day on which it was said to be done is not on record." in why


def test_a_sign_off_in_time_was_in_time(soc: Soc) -> None:
    """What was signed off by its deadline was done by it, whether or not somebody said so."""
    soc.write(SMALL + SIGNED_OFF.replace("2025-06-30", "2025-01-01"))
    assert "in time" in soc("list", "--text", "analysts", "--as-of", AS_OF).out
    why = soc("why", "r1", "--as-of", AS_OF).out
    assert "Signed off on 1 Jan 2025, in time." in why
    assert "not on record" not in why


def test_the_median_is_that_of_all_ages(soc: Soc) -> None:
    """Of an even number of ages it lies between the two in the middle."""
    soc.write(
        SMALL.partition("[[findings]]")[0]
        + LATER
        + WITHOUT_DEADLINE.replace('part_of = "cause"\n', "").replace(
            "recommendation", "area-for-improvement"
        )
        + PRACTICE.replace("soc-2024", "custody-2025").replace(
            "innovative-practice", "area-for-improvement"
        )
    )
    (row,) = soc.json("trend", "--as-of", "2025-06-02")["bodies"]
    assert (row["live"], row["median_age_days"], row["oldest_days"]) == (2, 192, 384)


def test_a_deadline_brought_forward_was_moved_by_days(soc: Soc) -> None:
    """By how many days deadlines were moved is a number of days, and the words say which way."""
    soc.write(
        SMALL
        + update(1, "r1", "extend", "2024-06-01", 'deadline = 2024-12-01\nby = "H"\nnote = "No."')
    )
    (row, _) = soc.json("trend", "--as-of", AS_OF)["bodies"]
    assert row["moved_days_most"] == 31
    assert "31 days earlier" in soc("trend", "--as-of", AS_OF, "--format", "markdown").out


def test_a_first_deadline_is_no_move(soc: Soc) -> None:
    """Who is given a first deadline later has moved none; the next extension moves one."""
    soc.write(SMALL + WITHOUT_DEADLINE + FIRST)
    period = ("--since", "2025-01-31", "--until", "2025-02-01")
    rows = soc.json("changes", *period)["rows"]
    assert [(row["change"], row["what"]) for row in rows if row["item"] == "r3"] == [
        ("deadline-given", "deadline 30 Sep 2025; it had none")
    ]
    assert soc.json("trend", "--as-of", AS_OF)["bodies"][0]["moves"] == 0
    page = page_of(soc, "--since", "2025-01-31", "--as-of", "2025-02-01")
    assert "0 deadlines moved after 31 Jan 2025" in page.text
    assert "moved" not in page.tables
    again = update(2, "r3", "extend", "2025-03-01", 'deadline = 2025-12-31\nby = "H"\nnote = "x"')
    soc.write(SMALL + WITHOUT_DEADLINE + FIRST + again)
    assert soc.json("trend", "--as-of", AS_OF)["bodies"][0]["moves"] == 1
    (moved,) = soc.json("changes", "--since", "2025-02-28", "--until", "2025-03-01")["rows"]
    assert (
        moved["what"] == "moved to 31 Dec 2025; from 30 Sep 2025; 92 days later; not moved before"
    )


def test_a_new_finding_is_news_on_the_next_morning(soc: Soc) -> None:
    """Whoever types a finding in after the morning's run hears of it on the next morning, once."""
    home = Soc(soc.folder, {"XDG_STATE_HOME": str(soc.folder / "state")})
    urgent = SMALL.replace("deadline = 2025-01-01", 'deadline = "20 days"')
    line = ("check", "--remind", "usual", "--kind", "recommendation", "--as-of")
    soc.write(re.sub(r'\[\[findings\]\]\nid = "r1"\n(?:.+\n)*', "", urgent))
    assert home(*line, "2024-05-14").out == ""
    soc.write(urgent)
    assert "r1" in home(*line, "2024-05-15", code=1).out
    assert home(*line, "2024-05-16").out == ""


def test_what_asks_for_nothing_is_named(soc: Soc) -> None:
    """A listing names what other figures leave out: how many items are innovative practice."""
    soc.write(SMALL + PRACTICE)
    title = soc("list", "--as-of", AS_OF).out.splitlines()[0]
    assert title.startswith("7 items of 7, 1 of them innovative practice, which asks for nothing")
    assert "How 6 items went" in soc("trend", "--as-of", AS_OF).out
    assert "innovative" not in soc("list", "--kind", "recommendation", "--as-of", AS_OF).out


def test_a_force_that_answered_for_itself_was_inspected(soc: Soc) -> None:
    """Its own answer shows that the report is about it; the policing body's is still awaited."""
    about = SMALL.partition("[[grades]]")[0]
    own = '[[responses]]\ninspection = "soc-2024"\nbody = "norfolk"\nanswered_by = "force"\n'
    soc.write(about + own + "published = 2024-06-01\n")
    (duty,) = soc.json("responses", "--as-of", AS_OF)["rows"]
    assert (duty["body"], duty["standing"]) == ("norfolk", "not-on-record")
    assert soc.json("responses", "--as-of", "2024-05-31")["rows"] == []


def test_what_is_dated_before_publication_says_when_it_counts(soc: Soc) -> None:
    """An update from before the report is new with it, and its row says so."""
    soc.write(SMALL + update(1, "r1", "done", "2024-04-20") + update(2, "a1", "done", "2024-05-14"))
    rows = soc.json("changes", "--since", "2024-04-30", "--until", "2024-06-30")["rows"]
    (done,) = (row for row in rows if row["change"] == "done" and row["item"] == "r1")
    assert done["on"] == "2024-04-20"
    assert done["what"].endswith("counts from publication on 14 May 2024")
    assert sum("counts from publication" in row["what"] for row in rows) == 1


def test_the_line_after_recording_says_what_is_past(soc: Soc) -> None:
    """Where more than recommendations is past its deadline, the number is one of items."""
    soc.write(SMALL)
    assert "2 recommendations (2 open); 2 overdue;" in soc("note", "r1", "--note", "x").out
    soc.write(SMALL.replace("recommendations_stated = 3", "deadline = 2024-12-31"))
    said = soc("note", "r1", "--note", "x").out
    assert "2 recommendations (2 open); 3 items overdue;" in said


def test_what_has_ended_is_said_beside_what_is_live(soc: Soc) -> None:
    """A number of areas for improvement that have ended cannot be read as done of all."""
    soc.write(SMALL + update(1, "a1", "sign-off", "2025-01-01", 'by = "H"'))
    out = soc("status", "--as-of", AS_OF).out
    assert "0 live, 1 ended" in out
    assert "0 of 1" not in out


def test_grades_on_other_questions_stay_in_sight(soc: Soc) -> None:
    """A later grade on another question does not hide the one before it, nor its year."""
    soc.write(SMALL + LATER)
    (row,) = (r for r in soc.json("status", "--as-of", AS_OF)["rows"] if r["body"] == "norfolk")
    assert row["grade"] == "good"
    assert "Tackling organised crime: inadequate in 2024" in soc("status", "--as-of", AS_OF).out
    assert "Custody: good" not in soc("status", "--as-of", AS_OF).out
    page = page_of(soc, "--as-of", AS_OF)
    assert "1 body whose latest grade on a question is inadequate" in page.text
    assert "by body and question, oldest first" in page.text


def test_a_region_means_all_of_it(soc: Soc) -> None:
    """Where a region stands for what is inspected with it, the title says so."""
    soc.write(SMALL)
    said = soc("trend", "north region", "--as-of", AS_OF).out
    assert said.startswith("All of North region: how 6 items went")
    assert soc("trend", "norfolk", "--as-of", AS_OF).out.startswith("Norfolk Constabulary: how 3")


def test_answers_on_record_are_counted(soc: Soc) -> None:
    """The title of the answers says how many of those that were asked for are on record."""
    soc.write(SMALL)
    title = soc("responses", "--as-of", AS_OF).out.splitlines()[0]
    assert title == "1 answer asked for within 56 days of a report, 0 of them on record"


def test_no_figure_adds_what_was_accepted_to_what_was_only_reported(soc: Soc) -> None:
    """After recording, each status is counted by itself, and each other way in which items end."""
    soc.write(
        SMALL.replace('"cause-of-concern"', '"area-for-improvement"')
        .replace("recommendations_stated = 3\n", "")
        .replace('kind = "recommendation"\npart_of = "cause"', 'kind = "area-for-improvement"')
        .replace('deadline = 2025-01-01\ndeadline_words = "by 1 January"\n', "")
        .replace('deadline = "2025-03"\n', "")
    )
    said = soc("start", "r1", "--assign-to", "A. Officer", "--by", "Sgt X").out
    assert "r1: started; assigned to A. Officer (" in said
    assert "started by" not in said
    assert "Norfolk Constabulary: 3 findings (2 open, 1 in progress); no deadlines ahead" in said
    said = soc("done", "r1").out
    assert "3 findings (2 open, 1 reported done);" in said
    soc("sign-off", "r1", "--by", "HMICFRS")
    said = soc("done", "r2@norfolk").out
    assert "3 findings (1 open, 1 reported done, 1 signed off);" in said
    said = soc("close", "r2@norfolk", "--outcome", "no-longer-relevant", "--note", "x").out
    assert "3 findings (1 open, 1 signed off, 1 no longer relevant);" in said
    assert "closed" not in said.splitlines()[-1]
    (started,) = (row for row in soc.json("log")["rows"] if row["action"] == "start")
    assert (started["by"], started["owner"]) == ("Sgt X", "A. Officer")
