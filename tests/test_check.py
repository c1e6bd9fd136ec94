"""`socwatch check`: silent until there is news, and never silent because something broke."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from conftest import AS_OF, ROOT, TIMEOUT, Ran, Soc, bare_environment, call, unmeasured_environment
from registers import SMALL, SOUND, update
from socwatch.cli.check import last_run
from socwatch.dates import today_in_london
from socwatch.reports.check.reminders import LastRun
from transcripts import fenced

QUIET_DAY = "2024-08-01"
"""A day on which nothing of the small register is near, but for the response that is missing."""


def days_of(out: str) -> dict[str, str]:
    """The days of each line, by its id."""
    lines = out.partition("\n\n")[0].splitlines()
    found = {}
    for line in lines:
        if not line.startswith("Owner:"):
            days, name, *_ = (part for part in line.split("  ") if part)
            found[name.strip()] = days
    return found


def report(soc: Soc, *arguments: str | Path) -> Ran:
    """What a call says, with something to say (code 1) or without (code 0)."""
    ended = call(arguments, soc.folder, {**bare_environment(), **soc.environment})
    ran = Ran(ended.stdout.decode(), ended.stderr.decode(), ended.returncode)
    assert ran.code in {0, 1}, ran.err
    assert "Traceback" not in ran.err, ran.err
    return ran


# ------------------------------------------------------------------------------------ what is said


def test_nothing_to_say(sound: Soc) -> None:
    """Where nothing needs attention nothing is printed anywhere, and the code is 0."""
    ran = sound("check", "--as-of", QUIET_DAY)
    assert (ran.out, ran.err, ran.code) == ("", "", 0)


def test_shipped_register_around_its_deadline(shipped: Soc) -> None:
    """The five of 1 January 2025 come 28 days before it, are due on it, and past it on the next."""
    of = ("--kind", "recommendation", "--body", "west-mercia")
    names = {f"wmp-soc-2024-r{number}" for number in range(1, 6)}
    for day, words in (
        ("2024-12-03", None),
        ("2024-12-04", "due in 28 days, on 1 Jan 2025"),
        ("2024-12-31", "due in 1 day, on 1 Jan 2025"),
        ("2025-01-01", "due today, 1 Jan 2025"),
        ("2025-01-02", "1 day past 1 Jan 2025, no completion on record"),
        ("2026-11-22", "690 days past 1 Jan 2025, no completion on record"),
    ):
        found = days_of(shipped("check", *of, "--as-of", day, code=1).out)
        assert next(iter(found)) == "wmp-soc-2018-r1"
        assert found["wmp-soc-2018-r1"].endswith("past 22 Mar 2018, no completion on record")
        said = {name: said for name, said in found.items() if name != "wmp-soc-2018-r1"}
        assert said == (dict.fromkeys(sorted(names), words) if words else {})


def test_a_line_and_what_follows(sound: Soc) -> None:
    """A line has days, id, body and summary; below stand the figures, the day, what to type."""
    out = sound("check", "--as-of", "2025-01-02", code=1).out
    assert out == (
        "1 day past 1 Jan 2025, no completion on record  r1  Norfolk Constabulary  "
        "Employ enough analysts.\n"
        "\n"
        "As of Thu 2 Jan 2025, recommendations.toml: "
        "1 past its deadline with no completion on record.\n"
        "Details: socwatch show r1\n"
        "To record it as done: socwatch done r1\n"
        "To stop alerts until a date: socwatch mute r1 --until DATE --note REASON\n"
    )


def test_what_to_type_names_the_register(sound: Soc) -> None:
    """What is shown to type finds the register from where the command was given."""
    (sound.folder / "elsewhere.toml").write_text(SMALL)
    out = sound("--records", "elsewhere.toml", "check", "--as-of", "2025-01-02", code=1).out
    typed = [line.partition(": ")[2] for line in out.splitlines() if ": socwatch " in line]
    assert len(typed) == 4
    assert all(line.startswith("socwatch --records elsewhere.toml ") for line in typed)
    for line in typed:
        words = line.replace("DATE", "2099-01-02").replace("REASON", "known").split()[1:]
        sound(*words, *([] if "show" in words else ["--dry-run"]))
    assert "as of" not in out


def test_the_nearest_number_of_days_names_the_urgency(sound: Soc) -> None:
    """Of several --within the nearest is given with a thing; what is further off is not said."""
    narrow = ("check", "--as-of", "2024-12-20", "--within", "5")
    assert sound(*narrow).out == ""
    ran = sound("check", "--as-of", "2024-12-20", "--within", "120", "--within", "14", code=1)
    assert days_of(ran.out) == {
        "r1": "due in 12 days, on 1 Jan 2025",
        "r2@norfolk": "due in 101 days, on 31 Mar 2025",
        "r2@northumbria": "due in 101 days, on 31 Mar 2025",
    }
    assert ": 1 due within 14 days; 2 due within 120 days.\n" in ran.out
    rows = json.loads(
        sound("check", "--as-of", "2024-12-20", "--within", "120", "--within", "14", "-f", "json",
              code=1).out
    )["rows"]  # fmt: skip
    assert [row["within"] for row in rows] == [14, 120, 120]


def test_a_month_is_past_when_it_has_ended(sound: Soc) -> None:
    """A deadline of March is due until its last day, and past on the first of April."""
    on_time = days_of(sound("check", "--as-of", "2025-03-31", code=1).out)
    assert on_time["r2@norfolk"] == "due today, 31 Mar 2025"
    late = days_of(sound("check", "--as-of", "2025-04-01", code=1).out)
    assert late["r2@norfolk"] == "1 day past 31 Mar 2025, no completion on record"
    assert "a1" not in late


def test_done_and_not_signed_off(soc: Soc) -> None:
    """What is done is reported only when asked, and once it has waited for that many days."""
    soc.write(SOUND + update(1, "r1", "done", "2024-12-01"))
    asked = ("check", "--awaiting-sign-off", "11", "--within", "0")
    assert soc("check", "--within", "0", "--as-of", "2025-02-01").out == ""
    assert soc(*asked, "--as-of", "2024-12-11").out == ""
    ran = soc(*asked, "--as-of", "2024-12-12", code=1)
    assert days_of(ran.out) == {"r1": "reported done 11 days ago (1 Dec 2024), not signed off"}
    assert "1 reported done and not signed off" in ran.out
    assert "socwatch sign-off r1 --by NAME" in ran.out
    assert "socwatch done" not in ran.out
    muted = update(2, "r1", "mute", "2024-12-05", "until = 2024-12-12", 'note = "Known."')
    soc.write(SOUND + update(1, "r1", "done", "2024-12-01") + muted)
    assert soc(*asked, "--as-of", "2024-12-12").out == ""
    assert "12 days ago" in soc(*asked, "--as-of", "2024-12-13", code=1).out
    signed_off = update(2, "r1", "sign-off", "2024-12-05", 'by = "H"')
    soc.write(SOUND + update(1, "r1", "done", "2024-12-01") + signed_off)
    assert soc(*asked, "--as-of", "2025-02-01").out == ""


def test_responses(soc: Soc) -> None:
    """A response is due until the 56th day, and not on record after it; 8 July is still in time."""
    soc.write(SMALL)
    assert soc("check", "--as-of", "2024-06-09").out == ""
    due = soc("check", "--as-of", "2024-06-10", code=1).out
    assert days_of(due) == {"soc-2024@norfolk": "response due in 28 days, on 8 Jul 2024"}
    today = soc("check", "--as-of", "2024-07-08", code=1).out
    assert days_of(today) == {"soc-2024@norfolk": "response due today, 8 Jul 2024"}
    late = soc("check", "--as-of", "2024-07-09", code=1).out
    assert days_of(late) == {"soc-2024@norfolk": "1 day past 8 Jul 2024, no response on record"}
    assert "add response --inspection soc-2024 --body norfolk --published DATE" in late
    assert "northumbria" not in late
    soc("add", "response", "--inspection", "soc-2024", "--body", "norfolk", "--published",
        "2024-07-01")  # fmt: skip
    assert soc("check", "--as-of", "2024-07-09").out == ""


def test_choices_about_items_leave_responses_out(soc: Soc) -> None:
    """Filters by body and inspection hold for responses; any other leaves them out."""
    soc.write(SMALL)
    asked = ("check", "--as-of", "2024-07-09")
    for choice in (["--body", "norfolk"], ["--body", "north-region"], ["--inspection", "soc"]):
        assert "soc-2024@norfolk" in soc(*asked, *choice, code=1).out
    for choice in (["--body", "northumbria"], ["--kind", "recommendation"]):
        assert soc(*asked, *choice).out == ""


def test_stale(soc: Soc) -> None:
    """No update for so many days or more is an alert; a report's publication is no update."""
    soc.write(SOUND)
    asked = ("check", "--stale-after", "30", "--within", "0")
    assert soc(*asked, "--as-of", "2024-06-12").out == ""
    ran = soc(*asked, "--as-of", "2024-06-13", code=1)
    assert "no update recorded in the 30 days since publication" in ran.out
    assert "No update has been recorded in this register, not even a check." in ran.out
    assert "last:" not in ran.out
    assert "socwatch checked ID" in ran.out
    assert "show" not in ran.out
    soc.write(SOUND + update(1, "a1", "checked", "2024-06-10"))
    assert soc(*asked, "--as-of", "2024-07-09").out == ""
    assert "(last: 10 Jun 2024)" in soc(*asked, "--as-of", "2024-07-10", code=1).out
    norfolk = soc(*asked, "--body", "norfolk", "--as-of", "2024-07-09", code=1).out
    assert "no update recorded in the 56 days since publication" in norfolk
    assert "in the items that match these filters" in norfolk
    # What happens later has not happened yet.
    soc.write(SOUND + update(1, "a1", "checked", "2024-07-11"))
    assert "in the 57 days since publication" in soc(*asked, "--as-of", "2024-07-10", code=1).out
    # Another report that is published later does not make anything more recent.
    later = SOUND + update(1, "a1", "checked", "2024-06-10") + (
        '[[inspections]]\nid = "new"\ntitle = "T"\ninspectorate = "HMICFRS"\n'
        'published = 2024-07-01\n[[findings]]\nid = "n1"\ninspection = "new"\n'
        'bodies = ["norfolk"]\nkind = "area-for-improvement"\nsummary = "S."\n'
    )  # fmt: skip
    soc.write(later)
    said = soc(*asked, "--kind", "area-for-improvement", "--as-of", "2024-07-10", code=1).out
    assert "no update recorded for 30 days (last: 10 Jun 2024)" in said
    (row,) = json.loads(soc(*asked, "--body", "northumbria", "--as-of", "2024-07-10",
                            "--format", "json", code=1).out)["rows"]  # fmt: skip
    assert (row["day"], row["days_waiting"]) == ("2024-06-10", 30)
    # What was found out later about that time is no look at that time; a late record is one now.
    soc.write(SOUND + update(1, "a1", "note", "2024-05-20", 'note = "N."',
                             "recorded = 2024-08-01T12:00:00Z"))  # fmt: skip
    assert "(last: 20 May 2024)" in soc(*asked, "--as-of", "2024-07-09", code=1).out
    assert soc(*asked, "--as-of", "2024-08-20").out == ""


def test_evidence(soc: Soc) -> None:
    """Evidence that is gone or changed is spoken of when asked; what is as it was is not."""
    soc.write(SOUND)
    (soc.folder / "minutes.txt").write_text("agreed")
    soc("done", "r1", "--on", "2024-06-01", "--evidence", "minutes.txt")
    asked = ("check", "--as-of", QUIET_DAY, "--check-evidence")
    assert soc(*asked).out == ""
    (soc.folder / "minutes.txt").write_text("forged")
    assert "minutes.txt is not what it was" in soc(*asked, code=1).out
    (soc.folder / "minutes.txt").unlink()
    state = {"XDG_STATE_HOME": str(soc.folder / "state")}
    soc(*asked, "--remind", "28", code=1, environment=state)
    gone = soc(*asked, "--remind", "28", code=1, environment=state).out
    assert "the evidence minutes.txt cannot be read" in gone
    assert "socwatch validate --check-evidence" in gone
    assert soc("check", "--as-of", QUIET_DAY).out == ""
    assert soc(*asked, "--body", "northumbria").out == ""


def test_muted(soc: Soc) -> None:
    """What is muted is silent on its last day, spoken of on the next, and always counted."""
    soc.write(
        SOUND + update(1, "r1", "mute", "2025-01-05", "until = 2025-04-02", 'note = "Known."')
    )
    assert soc("check", "--as-of", "2025-01-04", code=1).out
    assert soc("check", "--as-of", "2025-01-05").out == ""
    both = soc("check", "--as-of", "2025-04-02", code=1).out
    assert set(days_of(both)) == {"r2@norfolk", "r2@northumbria"}
    assert ": 2 of 3 overdue items listed; 1 muted.\n" in both
    state = {"XDG_STATE_HOME": str(soc.folder / "state")}
    last = soc("check", "--remind", "usual", "--as-of", "2025-04-02", code=1, environment=state).out
    assert last.splitlines()[-1].startswith("No earlier run with these options")
    assert "2 of 3 overdue items listed; 1 muted" in last
    after = soc("check", "--as-of", "2025-04-03", code=1).out
    assert "r1" in days_of(after)
    assert ": 3 past their deadline with no completion on record.\n" in after


# ------------------------------------------------------------------------- how it is asked and told


def test_a_fault_is_never_silent(sound: Soc) -> None:
    """A register with faults is an error in every way of asking, also between reminder days."""
    for options in ([], ["--remind", "usual"], ["--group-by", "owner"], ["-f", "json"]):
        sound.write(SOUND)
        report(sound, "check", "--as-of", "2025-01-02", *options)
        sound.write(SOUND.replace('part_of = "cause"', 'part_of = "clause"'))
        ran = sound("check", "--as-of", "2025-01-02", *options, code=3)
        assert ran.out == ""
        assert "2 faults, so nothing can be said from it" in ran.err


@pytest.mark.parametrize(
    "option",
    ["--status=open", "--text=a", "--overdue", "--due-within=3", "--quiet", "--exit-zero",
     "--recorded-until=2025-01-01", "--since=last", "--ladder=28", "--region=north-region"],
)  # fmt: skip
def test_options_that_it_does_not_have(sound: Soc, option: str) -> None:
    """What would hide something from a watch that is meant to miss nothing is no option of it."""
    name = option.partition("=")[0]
    assert f"no such option: {name}" in sound("check", option, code=2).err


def test_nothing_to_watch_is_a_fault(soc: Soc) -> None:
    """A register without findings, and a day before the first of them, end with 3, not in peace."""
    empty = soc.write("format = 1\n")
    ran = soc("check", code=3)
    assert (ran.out, "holds no finding that asks for anything, so there is" in ran.err) == (
        "",
        True,
    )
    empty.write_text(SMALL)
    ran = soc("check", "--as-of", "2024-05-13", code=3)
    assert "no finding that asks for anything and was published by 13 May 2024" in ran.err
    assert soc("check", "--as-of", "2024-05-14").out == ""
    empty.unlink()
    assert "there is no register" in soc("check", code=3).err


def test_a_choice_of_nothing_is_an_error(soc: Soc) -> None:
    """What could never say anything is refused: an unknown body, a mistyped owner."""
    soc.write(
        SOUND
        + '[[findings]]\nid = "p1"\ninspection = "soc-2024"\nbodies = ["north-region"]\n'
        + 'kind = "innovative-practice"\nsummary = "Good."\n'
        + update(1, "r1", "assign", "2024-06-01", 'owner = "A. Officer"')
        + update(2, "r1", "assign", "2024-06-01", 'owner = "Mistaken"')
        + update(3, "r1", "retract", "2024-06-02", 'update = "u-2"', 'note = "No."')
    )
    day = ("check", "--as-of", QUIET_DAY)
    assert "there is no owner 'Mistaken'" in soc(*day, "--owner", "Mistaken", code=4).err
    assert "did you mean norfolk?" in soc(*day, "--body", "norfok", code=4).err
    mistyped = soc(*day, "--owner", "A. Oficer", code=4)
    assert "there is no owner 'A. Oficer'" in mistyped.err
    assert "did you mean A. Officer?" in mistyped.err
    ran = soc(*day, "--kind", "innovative-practice", code=4)
    assert "these options choose nothing of recommendations.toml that could need attention" in (
        ran.err
    )
    assert ran.out == ""
    assert "which agrees with everything" in soc(*day, "--owner", " ", code=2).err
    for choice in (["--owner", "a. officer"], ["--body", "norfolk"], ["--kind", "recommendation"]):
        assert soc(*day, *choice).out == ""


def test_a_choice_that_is_not_yet_published_is_an_error(soc: Soc) -> None:
    """Nothing can be said of reports before their day, also where others are published."""
    soc.write(
        SOUND
        + '[[inspections]]\nid = "old"\ntitle = "T"\ninspectorate = "HMICFRS"\n'
        + 'published = 2023-01-10\n[[findings]]\nid = "o1"\ninspection = "old"\n'
        + 'bodies = ["northumbria"]\nkind = "area-for-improvement"\nsummary = "S."\n'
    )
    for choice in (
        ["--inspection", "soc-2024"],
        ["--body", "norfolk"],
        ["--kind", "recommendation"],
    ):
        ran = soc("check", *choice, "--as-of", "2024-05-13", code=3)
        assert "these options choose nothing of recommendations.toml that was published" in ran.err
        assert "by 13 May 2024" in ran.err
        assert ran.out == ""
        assert soc("check", *choice, "--as-of", "2024-05-14").out == ""
        said = soc("check", *choice, "--as-of", "2024-05-13", "-f", "nagios", code=3).out
        assert said.startswith("SOCWATCH UNKNOWN - these options choose nothing")
    for choice in ([], ["--body", "northumbria"], ["--inspection", "old"]):
        assert soc("check", *choice, "--as-of", "2024-05-13").out == ""


def test_filters(sound: Soc) -> None:
    """It chooses as `list` does."""
    day = ("--as-of", "2025-04-10")
    for choice in (
        ["--body", "northumbria"],
        ["--kind", "recommendation"],
        ["--body", "north-region", "--inspection", "soc-2024"],
        ["--body", "norfolk", "--body", "northumbria", "--kind", "recommendation"],
    ):
        told = {row["id"] for row in json.loads(
            sound("check", *choice, *day, "-f", "json", code=1).out)["rows"]}  # fmt: skip
        listed = {row["id"] for row in sound.json("list", *choice, "--overdue", *day)["rows"]}
        assert told == listed
        assert told


def test_a_region_means_all_that_is_inspected_with_it(sound: Soc) -> None:
    """Named as a body it chooses the same in every command, its forces' items among it."""
    day = ("--as-of", "2025-04-10")
    named = ("--body", "north-region")
    rows = sound.json("status", "north-region", *day)["overdue"]
    overdue = {row["id"] for row in rows}
    assert "r1" in overdue
    assert {row["id"] for row in sound.json("list", *named, "--overdue", *day)["rows"]} == overdue
    told = json.loads(sound("check", *named, *day, "-f", "json", code=1).out)["rows"]
    assert {row["id"] for row in told if row["matter"] == "overdue"} == overdue
    assert sound("calendar", *named, *day).out == sound("calendar", *day).out
    assert sound.json("grades", "north-region", *day)["rows"]
    assert not sound.json("list", "--body", "norfolk", "--text", "a1", *day)["rows"]


def test_group_by_owner(soc: Soc) -> None:
    """Each owner's lines stand under the owner's name, and --owner leaves the others out."""
    soc.write(
        SOUND
        + update(1, "r2", "assign", "2024-06-01", 'owner = "B. Officer"', 'body = "norfolk"')
        + update(2, "r1", "assign", "2024-06-01", 'owner = "A. Officer"')
    )
    day = ("--as-of", "2025-04-10")
    out = soc("check", "--group-by", "owner", *day, code=1).out
    heads = [line for line in out.splitlines() if line.startswith("Owner: ")]
    assert heads == ["Owner: A. Officer", "Owner: B. Officer", "Owner: no owner on record"]
    one = soc("check", "--owner", "B. Officer", *day, code=1).out
    assert set(days_of(one)) == {"r2@norfolk"}
    assert "Owner:" not in one


def test_reminder_days(cron: Soc) -> None:
    """Between two reminder days it is silent; days since the last run count."""
    line = ("check", "--remind", " 28, 14,7,1,0,-7,-30 ", "--body", "norfolk")
    days = ("2024-12-02", "2024-12-03", "2024-12-04", "2024-12-05", "2024-12-18", "2024-12-19",
            "2024-12-31", "2025-01-01", "2025-01-02", "2025-01-08", "2025-01-09", "2025-01-31",
            "2025-02-01", "2025-03-02")  # fmt: skip
    spoken = [day for day in days if "r1" in days_of(report(cron, *line, "--as-of", day).out)]
    assert spoken == ["2024-12-04", "2024-12-18", "2024-12-31", "2025-01-01", "2025-01-08",
                      "2025-01-31", "2025-03-02"]  # fmt: skip
    far = ("check", "--remind", "90,28", "--as-of")
    assert cron(*far, "2024-10-02").out == ""
    assert days_of(cron(*far, "2024-10-03", code=1).out) == {"r1": "due in 90 days, on 1 Jan 2025"}
    wide = ("check", "--remind", "-7", "--within", "90", "--as-of")
    cron(*wide, "2025-01-07", code=1)
    counted = cron(*wide, "2025-01-08", code=1).out
    assert "0 of 2 items due within 90 days listed; 2 not on a reminder day" in counted
    assert "overdue item" not in counted


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--remind", "28;14"], "invalid value for --remind: '28;14'"),
        (["--remind", ""], "invalid value for --remind: ''"),
        (["--remind=1_0"], "invalid value for --remind: '1_0'"),
        (["--remind=٣"], "invalid value for --remind: '٣'"),
        (["--remind", "7,,1"], "invalid value for --remind: '7,,1'"),
        (["--remind", "1e9"], "invalid value for --remind: '1e9'"),
        (["--remind", "9999999"], "invalid value for --remind: '9999999'"),
        (["--remind", "daily"], "invalid value for --remind: 'daily'"),
        (["--group-by", "body"], "--group-by cannot be 'body'"),
        (["--within", "-1"], "--within"),
        (["--stale-after", "0"], "--stale-after"),
        (["--awaiting-sign-off", "soon"], "--awaiting-sign-off"),
        (["--format", "csv"], "--format cannot be 'csv'"),
        (["--format", "prometheus", "--remind", "28"], "--remind would hide some"),
        (["--format", "nagios", "--remind", "usual", "--format", "prometheus"], "leave out"),
    ],
)
def test_wrong_usage(sound: Soc, options: list[str], message: str) -> None:
    """What has no meaning is refused with 2 and what to write instead, and nothing is printed."""
    ran = sound("check", "--as-of", "2025-01-02", *options, code=2)
    assert message in ran.err
    assert len(ran.err.splitlines()) == 2
    assert ran.out == ""


def test_output_file(sound: Soc) -> None:
    """A file holds the answer of today and none of yesterday: it is emptied by good news."""
    file = sound.folder / "news.txt"
    ran = sound("check", "--as-of", "2025-01-02", "--output", file, code=1)
    assert (ran.out, ran.err) == ("", "")
    assert "1 day past 1 Jan 2025" in file.read_text()
    sound("check", "--as-of", QUIET_DAY, "--output", file)
    assert file.read_text() == ""
    sound("check", "--as-of", "2025-01-02", "-f", "json", "-o", "recommendations.toml", code=5)
    assert sound("validate").out


# ----------------------------------------------------------------------------------- cron as it is


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "America/Los_Angeles"])
def test_bare_surroundings(shipped: Soc, zone: str) -> None:
    """With an empty environment, in any zone, it answers the same; today is London's."""
    known = shipped("check", "--as-of", AS_OF, code=1).out
    line = (
        f"env -i TZ={zone} LC_ALL=C PYTHONPATH={os.environ.get('PYTHONPATH', '')} "
        f"{sys.executable} -m socwatch check"
    )
    ended = subprocess.run(
        ["/bin/sh", "-c", f"{line} --as-of {AS_OF}"],
        cwd=shipped.folder, env={}, capture_output=True, check=False, timeout=TIMEOUT,
    )  # fmt: skip
    assert ended.returncode == 1
    assert ended.stderr == b""
    assert ended.stdout.decode().splitlines() == known.splitlines()
    before = today_in_london(datetime.now(UTC))
    ran = shipped("check", "-f", "json", code=1, environment={"TZ": zone})
    after = today_in_london(datetime.now(UTC))
    assert json.loads(ran.out)["as_of"] in {before.isoformat(), after.isoformat()}


def test_ascii(sound: Soc) -> None:
    """A stream without Unicode gets the same lines, no character of them lost."""
    ran = sound("check", "--as-of", "2025-01-02", code=1, environment={"PYTHONIOENCODING": "ascii"})
    assert ran.out.isascii()
    assert "1 day past 1 Jan 2025, no completion on record" in ran.out


def test_no_terminal_library_is_loaded(shipped: Soc) -> None:
    """For its plain answer no part of rich is loaded, and none of what only other formats need."""
    code = (
        "import sys, socwatch.cli; socwatch.cli.run(['check', '--as-of', '2026-11-22']);"
        "print(sorted(name for name in sys.modules"
        " if name.split('.')[0] in {'rich', 'xml', 'platformdirs', 'tomli_w'}))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code],
        cwd=shipped.folder, env=unmeasured_environment(), capture_output=True, text=True,
        check=True, timeout=TIMEOUT,
    )  # fmt: skip
    assert ended.stdout.splitlines()[-1] == "[]"
    assert "690 days past" in ended.stdout


def test_the_crontab_line_of_the_readme(soc: Soc) -> None:
    """Its command runs as it stands, but for the paths: everything at first, then no more of it."""
    (line,) = fenced((ROOT / "README.md").read_text(encoding="utf-8"), "crontab")
    *when, command = line.split(maxsplit=5)
    assert all(re.fullmatch(r"[\d*]+", field) for field in when)
    program, *words = shlex.split(command)
    assert program.endswith("/bin/socwatch")
    register = soc.write(SMALL, "soc.toml")
    words = [str(register) if word.endswith("/soc.toml") else word for word in words]
    state = {"XDG_STATE_HOME": str(soc.folder / "state")}
    first = soc(*words, "--as-of", AS_OF, code=1, environment=state)
    assert days_of(first.out)["r1"] == "690 days past 1 Jan 2025, no completion on record"
    assert soc(*words, "--as-of", AS_OF, environment=state).out == ""


# ------------------------------------------------------------------------------------ the last run


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Where the user's state is kept."""
    return tmp_path / "state"


@pytest.fixture
def cron(sound: Soc, home: Path) -> Soc:
    """The command as cron calls it for a user whose state is kept in a folder of its own."""
    return Soc(sound.folder, {"XDG_STATE_HOME": str(home), "HOME": str(home)})


LAST = ("check", "--remind", "usual")


def files(home: Path) -> list[Path]:
    """What is kept."""
    return sorted(path for path in home.rglob("*") if path.is_file())


def test_runs_that_were_missed(cron: Soc, home: Path) -> None:
    """The first run says everything; the next says what crossed a rung since, however late."""
    first = report(cron, *LAST, "--as-of", "2024-12-10").out
    assert days_of(first) == {"r1": "due in 22 days, on 1 Jan 2025"}
    assert "No earlier run with these options was found, so everything is listed." in first
    assert len(files(home)) == 1
    assert report(cron, *LAST, "--as-of", "2024-12-10").out == ""
    assert report(cron, *LAST, "--as-of", "2024-12-17").out == ""
    missed = report(cron, *LAST, "--as-of", "2025-01-04").out
    assert days_of(missed) == {"r1": "3 days past 1 Jan 2025, no completion on record"}
    assert "No earlier run" not in missed
    told = report(cron, *LAST, "--as-of", "2025-01-10", "--stale-after", "90").out
    assert told.endswith("so everything is listed.\n")
    assert report(cron, *LAST, "--as-of", "2025-01-05").out == ""
    assert len(files(home)) == 2


def test_what_is_added_or_corrected_is_news(cron: Soc) -> None:
    """After the last run a new finding or a corrected deadline is spoken of, on no rung too."""
    report(cron, *LAST, "--as-of", "2025-02-02")
    assert report(cron, *LAST, "--as-of", "2025-02-03").out == ""
    text = SOUND.replace("deadline = 2025-01-01", "deadline = 2024-12-20")
    cron.write(text)
    assert set(days_of(report(cron, *LAST, "--as-of", "2025-02-04").out)) == {"r1"}
    assert report(cron, *LAST, "--as-of", "2025-02-05").out == ""
    cron.write(text.replace('id = "a1"', 'id = "r3"\ndeadline = 2025-02-26').replace(
        'kind = "area-for-improvement"', 'kind = "recommendation"\npart_of = "cause"'))  # fmt: skip
    assert set(days_of(report(cron, *LAST, "--as-of", "2025-02-06").out)) == {"r3"}


@pytest.mark.parametrize("recorded", ["2025-02-03", "2025-01-20"])
def test_what_was_done_and_reopened_is_news(cron: Soc, recorded: str) -> None:
    """What stands as before is news all the same if it moved meanwhile, also recorded elsewhere.

    That somebody looked is none.
    """
    report(cron, *LAST, "--as-of", "2025-02-02")
    when = f"recorded = {recorded}T12:00:00Z"
    looked = update(1, "r1", "checked", "2025-01-20", when, 'note = "Nothing new."')
    cron.write(SOUND + looked)
    assert report(cron, *LAST, "--as-of", "2025-02-03").out == ""
    moved = (
        update(2, "r1", "done", "2025-01-20", when),
        update(3, "r1", "reopen", "2025-01-20", when, 'note = "Not so."'),
    )
    cron.write(SOUND + looked + "".join(moved))
    told = report(cron, *LAST, "--as-of", "2025-02-04").out
    assert days_of(told) == {"r1": "34 days past 1 Jan 2025, no completion on record"}
    assert "listed;" not in told
    assert report(cron, *LAST, "--as-of", "2025-02-05").out == ""


def test_two_lines_of_cron(cron: Soc, home: Path) -> None:
    """Lines that choose or show otherwise have last runs of their own, and so has each register."""
    day = ("--as-of", "2024-12-10")
    lines: tuple[list[str], ...] = (
        [],
        ["--body", "norfolk"],
        ["--kind", "recommendation"],
        ["--within", "40"],
        ["--remind", "22"],
        ["--format", "json"],
        ["--output", "news.txt"],
        ["--group-by", "owner"],
    )
    for line in lines:
        ran = report(cron, *LAST, *day, *line)
        written = cron.folder / "news.txt"
        assert written.read_text() if "--output" in line else ran.out
    assert len(files(home)) == len(lines)
    assert report(cron, *LAST, *day, "--body", "NORFOLK").out == ""
    cron.write(SOUND, "other.toml")
    assert report(cron, "--records", "other.toml", *LAST, *day).out
    elsewhere = "../" + cron.folder.name + "/other.toml"
    assert report(cron, "--records", elsewhere, *LAST, *day).out == ""
    assert len(files(home)) == len(lines) + 1


def test_broken_memory(cron: Soc, home: Path) -> None:
    """A last run that is lost or broken leads to saying everything, and is then kept anew."""
    report(cron, *LAST, "--as-of", "2024-12-10")
    kept = files(home)[0]
    assert report(cron, *LAST, "--as-of", "2024-12-11").out == ""
    kept.write_bytes(b"{")
    assert "r1" in days_of(report(cron, *LAST, "--as-of", "2024-12-12").out)
    assert report(cron, *LAST, "--as-of", "2024-12-13").out == ""
    kept.unlink()
    assert "r1" in days_of(report(cron, *LAST, "--as-of", "2024-12-15").out)
    assert "r1" in days_of(report(cron, *LAST, "--as-of", "2024-12-14").out)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"version": 2}',
        b'{"version": 2, "as_of": "2024-13-01", "seen": {}}',
        b'{"version": 2, "as_of": "2024-12-11", "seen": []}',
        b'{"version": 2, "as_of": "2024-12-11", "seen": {"r1": 5}}',
        b'{"version": 2, "as_of": 20241211, "seen": {}}',
        b'{"version": 3, "as_of": "2024-12-11", "seen": {}}',
        b'{"version": 2, "as_of": "2024-12-13", "seen": {"r1": "due 2025-01-01"}}',
        b'{"version": 2, "as_of": "9999-12-31", "seen": {"r1": "due 2025-01-01"}}',
    ],
)  # fmt: skip
def test_what_is_no_last_run(tmp_path: Path, content: bytes) -> None:
    """Nothing but a whole record of a day that is not to come is taken for a last run."""
    file = tmp_path / "run.json"
    file.write_bytes(content)
    assert last_run.recall(file, date(2024, 12, 12)) is None
    last_run.remember(file, [tmp_path / "register.toml"], date(2024, 12, 12), {"r1": "due"})
    assert last_run.recall(file, date(2024, 12, 12)) == LastRun(date(2024, 12, 12), {"r1": "due"})
    assert last_run.recall(file, date(2024, 12, 11)) is None


@pytest.mark.parametrize("made", ["pipe", "open pipe", "folder", "device", "endless"])
def test_what_is_no_file_is_no_last_run(cron: Soc, home: Path, made: str) -> None:
    """Where the last run should be there is a pipe or something endless: nothing waits for it."""
    report(cron, *LAST, "--as-of", "2024-12-10")
    kept = files(home)[0]
    kept.unlink()
    match made:
        case "pipe":
            os.mkfifo(kept)
        case "open pipe":
            os.mkfifo(kept)
            os.open(kept, os.O_RDWR)
        case "folder":
            kept.mkdir()
        case "device":
            kept.symlink_to("/dev/zero")
        case _:
            with kept.open("wb") as file:
                file.truncate(2**40)  # a hole, which takes no room
    ran = report(cron, *LAST, "--as-of", "2024-12-11")
    assert "r1" in days_of(ran.out)
    assert "No earlier run with these options was found" in ran.out
    assert ("could not save the time of this run" in ran.err) == (made == "folder")
    again = report(cron, *LAST, "--as-of", "2024-12-12").out
    assert ("r1" in again) == (made == "folder")


def test_memory_that_cannot_be_written(cron: Soc, home: Path) -> None:
    """Where the run cannot be kept, the answer stands, stderr says so, and all is said again."""
    home.mkdir()
    (home / "socwatch").write_text("in the way")
    for _ in range(2):
        ran = report(cron, *LAST, "--as-of", "2024-12-10")
        assert "r1" in days_of(ran.out)
        assert "could not save the time of this run" in ran.err
        assert "the next run will report everything again" in ran.err


def test_memory_without_a_home(sound: Soc) -> None:
    """Where the user has no home nothing is written beside the register; stderr says what follows.

    Cron has neither a HOME nor a name for the number of some users.
    """
    code = (
        "import os, sys, socwatch.cli; os.getuid = lambda: 54321;"
        "sys.exit(socwatch.cli.run(sys.argv[1:]))"
    )
    before = sorted(sound.folder.rglob("*"))
    ended = subprocess.run(
        [sys.executable, "-c", code, *LAST, "--as-of", "2024-12-10"],
        cwd=sound.folder, env=bare_environment(), capture_output=True, text=True, check=False,
        timeout=TIMEOUT,
    )  # fmt: skip
    assert ended.returncode == 1
    assert "r1" in days_of(ended.stdout)
    assert "there is no home folder; the next run will report everything again" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert sorted(sound.folder.rglob("*")) == before


def test_what_was_not_printed_was_not_said(cron: Soc, home: Path) -> None:
    """An error, a full disk or a closed pipe leaves the last run as it was, so nothing is lost."""
    report(cron, *LAST, "--as-of", "2024-12-10")
    kept = files(home)[0].read_bytes()
    read, write = os.pipe()
    os.close(read)
    environment = {**bare_environment(), **cron.environment}
    for stdout in (write, os.open("/dev/full", os.O_WRONLY)):
        subprocess.run(
            [sys.executable, "-m", "socwatch", *LAST, "--as-of", "2024-12-20"],
            cwd=cron.folder, env=environment, stdout=stdout, stderr=subprocess.PIPE, check=False,
            timeout=TIMEOUT,
        )  # fmt: skip
        assert files(home)[0].read_bytes() == kept
    cron.write(SOUND.replace('part_of = "cause"', 'part_of = "clause"'))
    cron(*LAST, "--as-of", "2024-12-20", code=3)
    assert files(home)[0].read_bytes() == kept
    cron.write(SOUND)
    assert "r1" in days_of(report(cron, *LAST, "--as-of", "2024-12-20").out)
    assert files(home)[0].read_bytes() != kept
