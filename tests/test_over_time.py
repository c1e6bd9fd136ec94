"""`changes`, `trend` and `timeline`, on the register of two made-up forces that the docs show."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import xml.etree.ElementTree as ET
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import ROOT, Soc
from registers import SMALL, update
from socwatch.render.report.text_chart import MIN_WIDTH, draw
from socwatch.render.text import columns_of
from socwatch.reports.table import Chart, Counts, CountsOverTime, Lane, LanesOverTime
from test_formats import hostile_register

TWO_FORCES = ROOT / "docs" / "examples" / "two-forces.toml"
QUARTER = ("--since", "2026-03-31", "--until", "2026-06-30")
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def two(soc: Soc) -> Soc:
    """The command beside the register of two forces."""
    shutil.copyfile(TWO_FORCES, soc.folder / "recommendations.toml")
    return soc


def test_changes_of_a_quarter(two: Soc) -> None:
    """Each change stands once, by sort and then by day, with its day and from what to what."""
    answer = two.json("changes", *QUARTER)
    assert (answer["since"], answer["as_of"]) == ("2026-03-31", "2026-06-30")
    keys = ("change", "on", "item", "from", "to", "moves")
    assert [tuple(row[key] for key in keys) for row in answer["rows"]] == [
        ("new", "2026-05-12", "otherton-2026", None, None, None),
        ("new", "2026-05-12", "otherton-2026-r1", None, None, None),
        ("signed-off", "2026-04-21", "anyshire-2024-a2", "done", "signed-off", None),
        ("closed", "2026-06-22", "middle-2024-a1@anyshire", "open", "closed", None),
        ("reopened", "2026-06-09", "otherton-2024-r4", "signed-off", "open", None),
        ("deadline-moved", "2026-04-14", "otherton-2024-r2", "2025-06-30", "2026-09-30", 1),
        ("deadline-moved", "2026-05-20", "otherton-2024-r1", "2026-05-31", "2026-10-31", 3),
        ("overdue", "2026-05-01", "otherton-2024-r3", None, "2026-04-30", None),
        ("overdue", "2026-06-09", "otherton-2024-r4", None, "2025-01-31", None),
        ("owner-changed", "2026-06-15", "otherton-2024-r1", "Head of Intelligence",
         "Assistant Chief Constable", None),
        ("graded", "2026-05-12", None, "inadequate", "requires-improvement", None),
    ]  # fmt: skip
    group_by_item = {(row["change"], row["item"]): row for row in answer["rows"]}
    moved = group_by_item["deadline-moved", "otherton-2024-r1"]
    assert moved["note"] == "One post is still vacant."
    assert moved["what"].endswith("moved 3 times in all")
    assert moved["by"] == "HMICFRS"
    first = group_by_item["deadline-moved", "otherton-2024-r2"]["what"]
    assert first == "moved to 30 Sep 2026; from 30 Jun 2025; 457 days later; not moved before"


def test_figures_of_a_quarter(two: Soc) -> None:
    """The figures lead from the one day to the other, for all and for each kind."""
    rows = two.json("changes", *QUARTER)["figures"]
    assert {row["figure"]: row["all"] for row in rows} == {
        "live_then": 7, "new": 2, "reopened": 1, "signed_off": -1, "closed": -1, "live_now": 8,
        "overdue_then": 1, "overdue_new": 2, "overdue_gone": -1, "overdue_now": 2,
    }  # fmt: skip
    recommendations = {row["figure"]: row["recommendations"] for row in rows}
    assert (recommendations["live_then"], recommendations["live_now"]) == (3, 5)
    assert recommendations["signed_off"] == 0
    plain = two("changes", *QUARTER).out
    assert "End of 31 Mar 2026" in plain
    assert re.search(r"^Signed off +-1 +0 +0 +-1$", plain, re.MULTILINE)
    assert "outstanding" not in plain


def test_what_was_recorded_late(two: Soc) -> None:
    """What was recorded since about earlier days stands apart, and explains the older figures."""
    answer = two.json("changes", *QUARTER)
    (late,) = answer["late"]
    assert (late["change"], late["on"], late["item"]) == (
        "done", "2026-03-24", "middle-2024-a1@otherton",
    )  # fmt: skip
    assert late["recorded"].startswith("2026-06-02")
    assert not any(row["item"] == late["item"] for row in answer["rows"])
    plain = two("changes", *QUARTER).out
    assert "Recorded after 31 Mar 2026, about that day or earlier" in plain
    # Recorded after the last day, about a day within: shown with the day on which it was recorded.
    lines = {line.split("  ")[1].strip(): line for line in plain.splitlines() if "  " in line}
    assert "recorded 3 Jul 2026" in lines["middle-2024-a1@anyshire"]
    assert "recorded" not in lines["anyshire-2024-a2"]


def test_the_older_figure_is_explained(soc: Soc) -> None:
    """Where what was recorded later changes a figure of the first day, a sentence says both."""
    shutil.copyfile(TWO_FORCES.with_name("committee.toml"), soc.folder / "recommendations.toml")
    arguments = ("changes", "--since", "2023-03-31", "--until", "2023-06-30")
    answer = soc.json(*arguments)
    assert answer["rows"] == []
    (note,) = answer["notes"]
    assert note.startswith("Of 31 Mar 2023: by the updates recorded until then, 5 were live and 3")
    assert note.endswith("recorded later about that day and earlier, it is 5 and 2.")
    said = {row["figure"]: row["said_then"] for row in answer["figures"]}
    assert (said["live_then"], said["overdue_then"], said["overdue_now"]) == (5, 3, None)
    then = soc.json(*arguments, "--recorded-until", "2023-03-31")
    assert (then["late"], then["notes"]) == ([], [])


def test_a_retracted_update_never_happened(two: Soc) -> None:
    """It is no change, and a sentence names it; as known before the retraction, it is one."""
    answer = two.json("changes", *QUARTER)
    assert not any(row["update"] == "u-13" for row in answer["rows"])
    assert answer["notes"] == [
        "1 update from this period was undone and is not counted.",
        "Undone: u-13. See: socwatch log",
    ]
    before = two.json("changes", *QUARTER, "--recorded-until", "2026-06-11")
    assert any(row["update"] == "u-13" for row in before["rows"])
    assert before["notes"] == []


def test_what_was_taken_back_of_earlier_days(two: Soc) -> None:
    """What was on record at the first day and was taken back since is told among what is late."""
    answer = two.json("changes", "--since", "2026-06-11", "--until", "2026-06-30")
    taken = [row for row in answer["late"] if row["change"] == "taken-back"]
    assert [(row["item"], row["on"], row["update"]) for row in taken] == [
        ("otherton-2024-r3", "2026-06-11", "u-14")
    ]
    assert taken[0]["what"] == "taken back; reported done on 11 Jun 2026; recorded 12 Jun 2026"
    assert taken[0]["note"] == "It was r2's training that had ended."
    assert [row["item"] for row in answer["rows"]] == [
        "middle-2024-a1@anyshire", "otherton-2024-r1",
    ]  # fmt: skip
    assert "recorded until then, 9 were live and 1 past their deadline" in answer["notes"][0]


def test_what_counts_again(soc: Soc) -> None:
    """An update whose retraction was itself taken back since is told among what is late."""
    retract = ("retract", "2024-07-02", 'note = "No."')
    soc.write(
        SMALL
        + update(1, "r1", "done", "2024-07-01")
        + update(2, "r1", *retract, 'update = "u-1"')
        + update(3, "r1", *retract, 'update = "u-2"', "recorded = 2024-09-01T12:00:00Z")
    )
    answer = soc.json("changes", "--since", "2024-08-01", "--until", "2024-10-01")
    assert [(row["change"], row["update"]) for row in answer["late"]] == [("done", "u-1")]
    said = answer["late"][0]["what"]
    assert "counts again since 1 Sep 2024: its retraction was taken back" in said
    assert answer["rows"] == []


@pytest.mark.parametrize(
    ("since", "until", "there"),
    [
        ("2026-04-20", "2026-06-30", True),
        ("2026-04-21", "2026-06-30", False),
        ("2026-03-31", "2026-04-20", False),
        ("2026-03-31", "2026-04-21", True),
        ("2026-04-20", "2026-04-21", True),
    ],
)
def test_from_the_day_after_up_to_and_including(
    two: Soc, since: str, until: str, *, there: bool
) -> None:
    """A sign-off of 21 April counts from --since 20 April on, and until --until 21 April."""
    rows = two.json("changes", "--since", since, "--until", until)["rows"]
    assert any(row["change"] == "signed-off" for row in rows) is there


@pytest.mark.parametrize(
    ("since", "until", "there"),
    [
        ("2026-05-11", "2026-05-12", True),
        ("2026-05-12", "2026-06-30", False),
        ("2026-04-30", "2026-05-11", False),
    ],
)
def test_publication_counts_on_its_day(two: Soc, since: str, until: str, *, there: bool) -> None:
    """Findings are new and grades are given on the day of publication, and on no other."""
    rows = two.json("changes", "--since", since, "--until", until)["rows"]
    assert any(row["change"] == "new" for row in rows) is there
    assert any(row["change"] == "graded" for row in rows) is there


def test_the_deadline_day_is_in_time(two: Soc) -> None:
    """What is due on 30 April is newly past on 1 May and not before."""
    on_the_day = two.json("changes", "--since", "2026-04-29", "--until", "2026-04-30")["rows"]
    assert not any(row["change"] == "overdue" for row in on_the_day)
    after = two.json("changes", "--since", "2026-04-30", "--until", "2026-05-01")["rows"]
    assert [(row["change"], row["on"]) for row in after] == [("overdue", "2026-05-01")]


def test_nothing_changed(two: Soc) -> None:
    """Where nothing changed it is said, in words that name both days."""
    out = two("changes", "--since", "2026-01-31", "--until", "2026-02-28").out
    assert "No finding, deadline, status, owner or grade changed after 31 Jan 2026" in out
    assert "What has changed since 31 Jan 2026: nothing" in out
    assert "What changed\n" not in out


@pytest.mark.parametrize(
    ("arguments", "message", "remedy"),
    [
        (("--since", "2026-06-30", "--until", "2026-06-30"), "no day lies after 2026-06-30", ""),
        (("--since", "2026-07-01", "--until", "2026-06-30"), "no day lies after", "an earlier"),
        (("--since", "soon"), "'soon' is not a date", "2 weeks ago"),
        ((), "missing option '--since'", "socwatch changes --help"),
    ],
)
def test_days_that_mean_nothing(
    two: Soc, arguments: tuple[str, ...], message: str, remedy: str
) -> None:
    """A span without a day in it, or without a beginning, is refused, with what to type."""
    ran = two("changes", *arguments, code=2)
    assert message in ran.err
    assert remedy in ran.err
    assert ran.out == ""


def test_a_sign_off_makes_nobody_late(soc: Soc) -> None:
    """What was done in time stays so however long its sign-off takes; done late is told once."""
    soc.write(
        SMALL
        + update(1, "r1", "done", "2025-01-01")
        + update(2, "r1", "sign-off", "2025-03-20", 'by = "HMICFRS"')
        + update(3, "r2", "sign-off", "2025-04-02", 'by = "HMICFRS"', 'body = "norfolk"')
    )
    rows = soc.json("changes", "--since", "2024-12-01", "--until", "2025-05-01")["rows"]
    what = {(row["change"], row["item"]): row["what"] for row in rows}
    assert "in time" in what["done", "r1"]
    assert "deadline" not in what["signed-off", "r1"]
    assert "2 days after its deadline" in what["signed-off", "r2@norfolk"]


def test_changes_of_some_bodies(two: Soc) -> None:
    """A body's changes and figures are its own; a region's are those of all inspected with it."""
    anyshire = two.json("changes", "anyshire", *QUARTER)
    assert {row["body"] for row in anyshire["rows"]} == {"anyshire"}
    assert anyshire["late"] == []
    assert [row["all"] for row in anyshire["figures"]][:6] == [2, 0, 0, -1, -1, 0]
    assert anyshire["notes"] == []
    said = two("changes", "anyshire", *QUARTER).out
    assert said.startswith("Anyshire Police: what has changed since 31 Mar 2026: 2 changes\n")
    assert two("trend", "anyshire").out.startswith("Anyshire Police: how 2 items went")
    assert two("timeline", "otherton").out.startswith("Otherton Constabulary: 5 deadlines")
    region = two.json("changes", "middle", *QUARTER)
    assert region["rows"] == two.json("changes", *QUARTER)["rows"]


def test_changes_for_a_spreadsheet(two: Soc) -> None:
    """CSV gives the changes, not the figures; --as-of is another name of --until."""
    text = two("changes", *QUARTER, "--format", "csv").out
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 11
    assert "figure" not in rows[0]
    again = two("changes", "--since", "2026-03-31", "--as-of", "2026-06-30", "--format", "csv").out
    assert again == text


def test_good_practice_is_new_and_not_live(soc: Soc) -> None:
    """A new innovative practice is a change, and adds nothing to what is live."""
    practice = (
        '[[findings]]\nid = "p1"\ninspection = "soc-2024"\nbodies = ["norfolk"]\n'
        'kind = "innovative-practice"\nsummary = "Good."\n'
    )
    soc.write(SMALL + practice)
    answer = soc.json("changes", "--since", "2024-05-13", "--until", "2024-05-14")
    assert sum(row["change"] == "new" for row in answer["rows"]) == 7
    figures = {row["figure"]: row["all"] for row in answer["figures"]}
    assert (figures["new"], figures["live_now"]) == (6, 6)


def test_work_before_publication_counts_from_it(soc: Soc) -> None:
    """An update dated before its finding was published is a change of the day of publication."""
    soc.write(SMALL + update(1, "r1", "start", "2024-02-01"))
    early = soc.json("changes", "--since", "2024-01-31", "--until", "2024-05-13")
    assert early["rows"] == []
    later = soc.json("changes", "--since", "2024-05-13", "--until", "2024-05-14")["rows"]
    assert [row["on"] for row in later if row["change"] == "started"] == ["2024-02-01"]


def test_trend_by_month(two: Soc) -> None:
    """A row a month from the first publication on, this month on the day asked about."""
    rows = two.json("trend", "--as-of", "2026-06-15")["rows"]
    assert [row["on"] for row in rows][:2] == ["2024-09-30", "2024-10-31"]
    assert rows[-1] == {
        "on": "2026-06-15", "open": 6, "in_progress": 2, "overdue": 2, "done": 1, "signed_off": 1,
        "closed": 0, "all": 10,
    }  # fmt: skip
    by_month = {row["on"]: row for row in rows}
    assert len(by_month) == 22
    assert (by_month["2026-04-30"]["overdue"], by_month["2026-05-31"]["overdue"]) == (0, 1)


def test_trend_of_a_day_far_away(two: Soc) -> None:
    """Of more than 600 months the last are listed, and the answer says what is left out."""
    assert len(two.json("trend", "--as-of", "2074-08-31")["rows"]) == 600
    assert "left out" not in two("trend", "--as-of", "2074-08-31").out
    said = two("trend", "--as-of", "2074-09-01").out
    assert "Only the last 600 months are here; those before 1 Oct 2024 are left out." in said
    rows = two.json("trend", "--as-of", "9999-12-31")["rows"]
    assert [rows[0]["on"], rows[-1]["on"], len(rows)] == ["9950-01-31", "9999-12-31", 600]


def test_trend_by_body(two: Soc) -> None:
    """For each body: how old what is live is, how late what is done was, how often dates moved."""
    rows = {row["body"]: row for row in two.json("trend", "--as-of", "2026-06-30")["bodies"]}
    assert set(rows) == {"anyshire", "otherton"}
    otherton = rows["otherton"]
    published = date(2024, 9, 17)
    assert otherton["oldest_days"] == (date(2026, 6, 30) - published).days
    assert (otherton["moved"], otherton["moves"], otherton["most_moves"]) == (2, 4, 3)
    assert otherton["moved_days_most"] == (date(2026, 10, 31) - date(2025, 3, 31)).days
    assert (rows["anyshire"]["live"], rows["anyshire"]["oldest_days"]) == (0, None)


LATE = (
    SMALL
    + update(1, "r1", "extend", "2024-12-01", "deadline = 2025-02-01", 'by = "HMICFRS"',
             'note = "So."')
    + update(2, "r1", "done", "2025-01-20")
    + update(3, "r2", "sign-off", "2025-04-10", 'body = "norfolk"', 'by = "HMICFRS"')
)  # fmt: skip


def test_how_late_things_were_done(soc: Soc) -> None:
    """In time and late are against the deadline in force; the first deadline is told apart."""
    soc.write(LATE)
    rows = {row["body"]: row for row in soc.json("trend", "--as-of", "2025-06-30")["bodies"]}
    norfolk = rows["norfolk"]
    assert (norfolk["done_in_time"], norfolk["done_late"], norfolk["latest_days"]) == (1, 1, 10)
    assert norfolk["done_after_original"] == 2
    assert rows["northumbria"]["latest_days"] is None


def test_trend_in_a_picture_of_characters(two: Soc) -> None:
    """A screen is given blocks, one without Unicode and plain text ASCII; no colour is needed."""
    blocks = two("trend", "--as-of", "2026-06-30", "--format", "table").out
    assert "█" in blocks
    assert "Of these past their deadline\n2 on 30 Jun 2026, 0 on 30 Jun 2025" in blocks
    bare = {"PYTHONIOENCODING": "ascii"}
    in_ascii = two("trend", "--as-of", "2026-06-30", "--format", "table", environment=bare).out
    assert in_ascii.isascii()
    assert "####" in in_ascii
    plain = two("trend", "--as-of", "2026-06-30").out
    assert "####" in plain
    assert "█" not in plain
    assert len([line for line in plain.splitlines() if line.startswith("30 Jun 20")]) == 2


@pytest.mark.parametrize("command", ["trend", "timeline"])
def test_nothing_to_draw(soc: Soc, command: str) -> None:
    """Before the first publication nothing is drawn, in any format, and it is said."""
    soc.write(SMALL)
    for form in ("table", "plain", "svg", "markdown"):
        out = soc(command, "--as-of", "2024-05-13", "--format", form).out
        assert re.search(r"No (findings were published on|item has a deadline)", out)
        assert "#####" not in out
    assert soc.json(command, "--as-of", "2024-05-13")["rows"] == []


def test_timeline_rows(two: Soc) -> None:
    """Every format but table and svg gives each deadline, by body and then by day."""
    answer = two.json("timeline", "--as-of", "2026-06-30")
    assert [(row["id"], row["deadline"]) for row in answer["rows"]] == [
        ("otherton-2024-r4", "2025-01-31"), ("otherton-2024-r3", "2026-04-30"),
        ("otherton-2024-r2", "2026-09-30"), ("otherton-2024-r1", "2026-10-31"),
        ("otherton-2026-r1", "2026-11-12"),
    ]  # fmt: skip
    plain = two("timeline", "--as-of", "2026-06-30").out
    assert "31 Oct 2026; moved from 31 Mar 2025" in plain
    assert "[Otherton Constabulary]" in plain
    assert "Anyshire" not in plain


def test_timeline_on_a_screen(two: Soc) -> None:
    """Lanes of figures over one axis, the day asked about marked; the figures are all deadlines."""
    out = two("timeline", "--as-of", "2026-06-30", "--format", "table").out
    lanes = re.findall(r"^  (past|to come|done or ended) +([\d│ ]+)$", out, re.MULTILINE)
    assert [name for name, _ in lanes] == ["past", "to come"]
    assert [sum(map(int, re.findall(r"\d", figures))) for _, figures in lanes] == [2, 3]
    assert "▲ 30 Jun 2026" in out
    bare = {"PYTHONIOENCODING": "ascii"}
    in_ascii = two("timeline", "--as-of", "2026-06-30", "--format", "table", environment=bare).out
    assert in_ascii.isascii()
    assert "^ 30 Jun 2026" in in_ascii


def test_a_screen_too_narrow_for_a_chart(two: Soc) -> None:
    """It is given the rows instead, none of them cut."""
    narrow = {"COLUMNS": "30"}
    out = two("timeline", "--as-of", "2026-06-30", "--format", "table", environment=narrow).out
    assert "│" not in out
    assert out.count("otherton-2024-r") == 4
    assert max(map(columns_of, out.splitlines())) <= 30


@pytest.mark.parametrize("command", ["trend", "timeline"])
def test_svg(two: Soc, command: str) -> None:
    """A picture is well-formed, named and described, fetches nothing, and is the same each time."""
    two(command, "--as-of", "2026-06-30", "--output", f"{command}.svg")
    text = (two.folder / f"{command}.svg").read_text(encoding="utf-8")
    assert text == two(command, "--as-of", "2026-06-30", "--format", "svg").out
    root = ET.fromstring(text)  # noqa: S314  # our own output
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    named = {each.get("id"): each for each in root.iter() if each.get("id")}
    told = [named[name] for name in (root.get("aria-labelledby") or "").split()]
    assert [each.tag for each in told] == [f"{SVG}title", f"{SVG}desc"]
    assert "As of Tue 30 Jun 2026" in "".join(told[0].itertext())
    described = "".join(told[1].itertext())
    expected = {"trend": "2 on 30 Jun 2026, 0 on 30 Jun 2025", "timeline": "2 past, 3 to come"}
    assert expected[command] in described
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"<script|<image|<use|<style|url\(|\bon\w+=", text)


def test_svg_of_a_hostile_register(soc: Soc) -> None:
    """Text of a register stays text in a picture, in any encoding."""
    cause = (
        '[[findings]]\nid = "cause"\ninspection = "inspection"\nbodies = ["body"]\n'
        'kind = "cause-of-concern"\nsummary = "So."\ndeadline = 2025-01-01\n'
    )
    before, found, after = hostile_register().partition("[[updates]]")
    soc.write(before + cause + found + after)
    for command in ("trend", "timeline"):
        arguments = (command, "--as-of", "2026-06-30", "--format", "svg")
        out = soc(*arguments).out
        in_ascii = soc(*arguments, environment={"PYTHONIOENCODING": "ascii"}).out
        assert in_ascii.isascii()
        root, same = ET.fromstring(out), ET.fromstring(in_ascii)  # noqa: S314  # our own output
        assert not any(each.tag.endswith("script") for each in root.iter())
        words = "".join(root.itertext())
        assert words == "".join(same.itertext())
        assert (command == "timeline") == ('<script>alert("x")</script> <b>bold</b>' in words)


@pytest.mark.parametrize("command", ["list", "changes", "status"])
def test_pictures_are_of_charts_alone(two: Soc, command: str) -> None:
    """A command without a chart has no svg: not in its help, and refused with what there is."""
    since = ("--since", "2026-03-31") if command == "changes" else ()
    ran = two(command, *since, "--as-of", "2026-06-30", "--format", "svg", code=2)
    assert "--format cannot be 'svg'" in ran.err
    assert "use one of table, plain, json, csv, markdown\n" in ran.err
    ran = two(command, *since, "--as-of", "2026-06-30", "--output", "x.svg", code=2)
    assert "the ending '.svg' stands for no format" in ran.err
    assert "use .txt, .json, .csv, .md," in ran.err
    assert "svg" not in two(command, "--help").out
    assert "svg" in two("trend", "--help").out


DAYS = st.dates(date(2000, 1, 1), date(2040, 12, 31))
TEXTS = st.text(min_size=1, max_size=12)
LANES = st.lists(
    st.builds(Lane, st.sampled_from(("past", "to come")), st.lists(DAYS, min_size=1).map(tuple)),
    min_size=1,
    max_size=3,
).map(tuple)


@st.composite
def counts_over_time(draw: st.DrawFn) -> CountsOverTime:
    """Some counts on the last days of some months."""
    first = draw(DAYS).replace(day=1)
    number = draw(st.integers(1, 400))
    months = [first.year * 12 + first.month + n for n in range(number)]
    days = tuple(date(m // 12, m % 12 + 1, 1) - timedelta(days=1) for m in months)
    most = draw(st.sampled_from((1, 7, 40, 12_000)))
    values = st.lists(st.integers(0, most), min_size=number, max_size=number).map(tuple)
    drawn_counts = draw(
        st.lists(st.builds(Counts, st.just("Open"), values), min_size=2, max_size=3)
    )
    return CountsOverTime("Items", days, tuple(drawn_counts))


CHARTS = counts_over_time() | st.builds(
    LanesOverTime,
    st.just("Deadlines"),
    DAYS,
    st.lists(st.tuples(TEXTS, LANES), min_size=1, max_size=8).map(tuple),
)


@given(chart=CHARTS, width=st.integers(MIN_WIDTH, 200))
def test_drawings_fit(chart: Chart, width: int) -> None:
    """No line of a figure is wider than the screen; without Unicode its own ink is ASCII."""
    names = [name for name, _ in chart.lanes] if isinstance(chart, LanesOverTime) else []
    for unicode in (True, False):
        lines = [
            "".join(words for words, _ in line) for line in draw(chart, width, unicode=unicode)
        ]
        assert len(lines) >= 3
        body = [line for line in lines if line[:1] == " "]
        assert all(columns_of(line) <= width for line in body)
        assert unicode or names or all(line.isascii() for line in lines)


@given(chart=counts_over_time(), width=st.integers(MIN_WIDTH, 200))
def test_what_is_not_nothing_is_seen(chart: CountsOverTime, width: int) -> None:
    """The last column is the day asked about, and it is blank only where its count is 0."""
    lines = ["".join(words for words, _ in line) for line in draw(chart, width, unicode=True)]
    shown = [each for each in chart.counts if any(each.values)]
    feet = [
        line
        for line, below in zip(lines, [*lines[1:], ""], strict=True)
        if "│" in line and "│" not in below
    ]
    assert len(feet) == len(shown)
    for each, foot in zip(shown, feet, strict=True):
        assert (each.values[-1] > 0) == (foot[-1] in "▁▂▃▄▅▆▇█")


def test_figures_of_ten_and_more() -> None:
    """Ten deadlines or more in one place are a #, as the line below the chart says."""
    lanes = (("Ayle", (Lane("past", (date(2025, 1, 1),) * 10 + (date(2025, 12, 1),) * 9),)),)
    chart = LanesOverTime("Deadlines", date(2026, 1, 1), lanes)
    lines = ["".join(words for words, _ in line) for line in draw(chart, 80, unicode=True)]
    assert lines[1].count("#") == 1
    assert lines[1].count("9") == 1
    assert "# is ten or more" in lines[-1]


def test_output_to_a_file_by_its_ending(two: Soc) -> None:
    """An ending chooses the format of these commands too; .svg is one of them."""
    two("trend", "--as-of", "2026-06-30", "--output", "trend.json")
    assert json.loads((two.folder / "trend.json").read_text())["command"] == "trend"
    two("changes", *QUARTER, "--output", "changes.md")
    text = Path(two.folder / "changes.md").read_text(encoding="utf-8")
    assert "| Signed off | -1 | 0 | 0 | -1 |" in text
    assert "After Tue 31 Mar 2026, up to and including Tue 30 Jun 2026" in text


def test_an_age_is_the_same_in_every_output(soc: Soc) -> None:
    """Nothing is eight years old the day before, in `list`, `show`, `trend` or the paper."""
    soc.write(SMALL.replace("published = 2024-05-14", "published = 2016-03-01"))
    for day, age, other in (("2024-02-29", "7 years", "8 y"), ("2024-03-01", "8 years", "7 y")):
        for command in (("list",), ("show", "a1"), ("trend",), ("paper", "--format", "markdown")):
            out = soc(*command, "--as-of", day).out
            assert age in out, command
            assert other not in out, command
