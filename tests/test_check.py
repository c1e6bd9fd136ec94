"""`socwatch check`: silent until there is news, and never silent because something broke."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from conftest import AS_OF, ROOT, Soc, bare_environment, unmeasured_environment
from registers import SMALL, SOUND, update
from socwatch.cli.check import last_run
from socwatch.dates import today_in_london
from socwatch.reports.check.reminders import Since
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
        "To see more: socwatch show r1\n"
        "If it is done: socwatch done r1\n"
        "If it is known of: socwatch acknowledge r1 --until DAY --note WHY\n"
    )


def test_what_to_type_names_the_register(sound: Soc) -> None:
    """What is shown to type finds the register from where the command was given."""
    (sound.folder / "elsewhere.toml").write_text(SMALL)
    out = sound("--records", "elsewhere.toml", "check", "--as-of", "2025-01-02", code=1).out
    typed = [line.partition(": ")[2] for line in out.splitlines() if ": socwatch " in line]
    assert len(typed) == 4
    assert all(line.startswith("socwatch --records elsewhere.toml ") for line in typed)
    for line in typed:
        words = line.replace("DAY", "2099-01-02").replace("WHY", "known").split()[1:]
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
    """What is done is spoken of only when asked, and once it waits longer than that."""
    soc.write(SOUND + update(1, "r1", "done", "2024-12-01"))
    asked = ("check", "--sign-off-within", "10", "--within", "0")
    assert soc("check", "--within", "0", "--as-of", "2025-02-01").out == ""
    assert soc(*asked, "--as-of", "2024-12-11").out == ""
    ran = soc(*asked, "--as-of", "2024-12-12", code=1)
    assert days_of(ran.out) == {"r1": "said to be done 11 days ago, on 1 Dec 2024"}
    assert "1 said to be done and not signed off" in ran.out
    assert "socwatch sign-off r1 --by NAME" in ran.out
    assert "socwatch done" not in ran.out


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
    assert "add response --inspection soc-2024 --body norfolk --published DAY" in late
    assert "northumbria" not in late
    soc("add", "response", "--inspection", "soc-2024", "--body", "norfolk", "--published",
        "2024-07-01")  # fmt: skip
    assert soc("check", "--as-of", "2024-07-09").out == ""


def test_choices_about_items_leave_responses_out(soc: Soc) -> None:
    """A choice of bodies, regions or inspections holds for responses; any other leaves them out."""
    soc.write(SMALL)
    asked = ("check", "--as-of", "2024-07-09")
    for choice in (["--body", "norfolk"], ["--region", "north-region"], ["--inspection", "soc"]):
        assert "soc-2024@norfolk" in soc(*asked, *choice, code=1).out
    for choice in (["--body", "northumbria"], ["--kind", "recommendation"], ["--overdue"]):
        assert soc(*asked, *choice).out == ""


def test_stale(soc: Soc) -> None:
    """Nobody has looked if nothing was recorded for so many days; any update is a look."""
    soc.write(SOUND)
    asked = ("check", "--stale", "30", "--within", "0")
    assert soc(*asked, "--as-of", "2024-06-12").out == ""
    ran = soc(*asked, "--as-of", "2024-06-13", code=1)
    assert "nobody has looked for 30 days, since 14 May 2024" in ran.out
    assert "socwatch checked ID" in ran.out
    assert "show" not in ran.out
    soc.write(SOUND + update(1, "a1", "checked", "2024-06-10"))
    assert soc(*asked, "--as-of", "2024-07-09").out == ""
    assert "since 10 Jun 2024" in soc(*asked, "--as-of", "2024-07-10", code=1).out
    norfolk = soc(*asked, "--body", "norfolk", "--as-of", "2024-07-09", code=1).out
    assert "since 14 May 2024" in norfolk
    assert "in what is watched here" in norfolk
    # What was found out later about that time is no look at that time; a late record is one now.
    soc.write(SOUND + update(1, "a1", "note", "2024-05-20", 'note = "N."',
                             "recorded = 2024-08-01T12:00:00Z"))  # fmt: skip
    assert "since 20 May 2024" in soc(*asked, "--as-of", "2024-07-09", code=1).out
    assert soc(*asked, "--as-of", "2024-08-20").out == ""


def test_evidence(soc: Soc) -> None:
    """Evidence that is gone or changed is spoken of when asked; what is as it was is not."""
    soc.write(SOUND)
    (soc.folder / "minutes.txt").write_text("agreed")
    soc("done", "r1", "--on", "2024-06-01", "--evidence", "minutes.txt")
    asked = ("check", "--as-of", QUIET_DAY, "--evidence")
    assert soc(*asked).out == ""
    (soc.folder / "minutes.txt").write_text("forged")
    assert "minutes.txt is not what it was" in soc(*asked, code=1).out
    (soc.folder / "minutes.txt").unlink()
    gone = soc(*asked, "--ladder", "28", code=1).out
    assert "the evidence minutes.txt cannot be read" in gone
    assert "socwatch validate --evidence" in gone
    assert soc("check", "--as-of", QUIET_DAY).out == ""
    assert soc(*asked, "--body", "northumbria").out == ""


def test_acknowledged(soc: Soc) -> None:
    """What is acknowledged is silent on its last day, spoken of on the next, and always counted."""
    soc.write(
        SOUND
        + update(1, "r1", "acknowledge", "2025-01-05", "until = 2025-04-02", 'note = "Known."')
    )
    assert soc("check", "--as-of", "2025-01-04", code=1).out
    assert soc("check", "--as-of", "2025-01-05").out == ""
    both = soc("check", "--as-of", "2025-04-02", code=1).out
    assert set(days_of(both)) == {"r2@norfolk", "r2@northumbria"}
    assert both.endswith("Not spoken of: 1 acknowledged until a day to come.\n")
    state = {"XDG_STATE_HOME": str(soc.folder / "state")}
    last = soc("check", "--since", "last", "--as-of", "2025-04-02", code=1, environment=state).out
    assert last.splitlines()[-2].startswith("No last run of this choice is known")
    assert last.splitlines()[-1] == both.splitlines()[-1]
    after = soc("check", "--as-of", "2025-04-03", code=1).out
    assert "r1" in days_of(after)
    assert "Not spoken of" not in after


# ------------------------------------------------------------------------- how it is asked and told


def test_codes_and_silence_that_are_asked_for(sound: Soc) -> None:
    """--exit-zero changes the code alone, --quiet the answer alone; neither hides an error."""
    day = ("--as-of", "2025-01-02")
    told = sound("check", *day, code=1).out
    assert sound("check", *day, "--exit-zero").out == told
    assert sound("check", *day, "--quiet", code=1).out == ""
    assert sound("check", "--quiet", "--exit-zero", *day).out == ""
    sound.write(SOUND.replace('part_of = "cause"', 'part_of = "clause"'))
    for options in ([], ["--quiet"], ["--exit-zero"], ["--quiet", "--exit-zero"]):
        ran = sound("check", *day, *options, code=3)
        assert ran.out == ""
        assert "2 faults, so nothing can be said from it" in ran.err


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
    for choice in (
        ["--text", "analists"],
        ["--kind", "innovative-practice"],
    ):
        ran = soc(*day, *choice, code=4)
        assert (
            "these options choose nothing of recommendations.toml that could need attention"
            in ran.err
        )
        assert ran.out == ""
    for choice in (["--owner", " "], ["--text", ""]):
        assert "which agrees with everything" in soc(*day, *choice, code=2).err
    for choice in (["--owner", "a. officer"], ["--body", "norfolk"], ["--text", "analysts"]):
        assert soc(*day, *choice).out == ""


def test_a_choice_that_is_not_yet_published_is_an_error(soc: Soc) -> None:
    """Nothing can be said of reports before their day, also where others are published."""
    soc.write(
        SOUND
        + '[[inspections]]\nid = "old"\ntitle = "T"\ninspectorate = "HMICFRS"\n'
        + 'published = 2023-01-10\n[[findings]]\nid = "o1"\ninspection = "old"\n'
        + 'bodies = ["northumbria"]\nkind = "area-for-improvement"\nsummary = "S."\n'
    )
    for choice in (["--inspection", "soc-2024"], ["--body", "norfolk"], ["--text", "analysts"]):
        ran = soc("check", *choice, "--as-of", "2024-05-13", code=3)
        assert "these options choose nothing of recommendations.toml that was published" in ran.err
        assert "by 13 May 2024" in ran.err
        assert ran.out == ""
        assert soc("check", *choice, "--as-of", "2024-05-14").out == ""
        said = soc("check", *choice, "--as-of", "2024-05-13", "-f", "nagios", code=3).out
        assert said.startswith("SOCWATCH UNKNOWN - these options choose nothing")
    for choice in ([], ["--body", "northumbria"], ["--inspection", "old", "--overdue"]):
        assert soc("check", *choice, "--as-of", "2024-05-13").out == ""


def test_filters(sound: Soc) -> None:
    """It chooses as `list` does."""
    day = ("--as-of", "2025-04-10")
    for choice in (
        ["--body", "northumbria"],
        ["--kind", "recommendation"],
        ["--text", "partners"],
        ["--overdue"],
        ["--timing", "overdue", "--status", "open"],
        ["--region", "north-region", "--inspection", "soc-2024"],
    ):
        told = {row["id"] for row in json.loads(
            sound("check", *choice, *day, "-f", "json", "--exit-zero").out)["rows"]}  # fmt: skip
        listed = {row["id"] for row in sound.json("list", *choice, "--overdue", *day)["rows"]}
        assert told == listed
        assert told
    assert sound("check", "--due-within", "3", *day).out == ""


def test_a_region_means_all_that_is_inspected_with_it(sound: Soc) -> None:
    """Named as a body it chooses the same in every command, its forces' items among it."""
    day = ("--as-of", "2025-04-10")
    named = ("--body", "north-region")
    rows = sound.json("status", "north-region", *day)["overdue"]
    overdue = {row["id"] for row in rows}
    assert "r1" in overdue
    assert {row["id"] for row in sound.json("list", *named, "--overdue", *day)["rows"]} == overdue
    told = json.loads(sound("check", *named, *day, "-f", "json", "--exit-zero").out)["rows"]
    assert {row["id"] for row in told if row["matter"] == "overdue"} == overdue
    assert sound("calendar", *named, *day).out == sound("calendar", *day).out
    assert sound.json("grades", "north-region", *day)["rows"]
    assert not sound.json("list", "--body", "norfolk", "--text", "a1", *day)["rows"]


def test_by_owner(soc: Soc) -> None:
    """Each owner's lines stand under the owner's name, and --owner leaves the others out."""
    soc.write(
        SOUND
        + update(1, "r2", "assign", "2024-06-01", 'owner = "B. Officer"', 'body = "norfolk"')
        + update(2, "r1", "assign", "2024-06-01", 'owner = "A. Officer"')
    )
    day = ("--as-of", "2025-04-10")
    out = soc("check", "--by-owner", *day, code=1).out
    heads = [line for line in out.splitlines() if line.startswith("Owner: ")]
    assert heads == ["Owner: A. Officer", "Owner: B. Officer", "Owner: no owner on record"]
    one = soc("check", "--owner", "B. Officer", *day, code=1).out
    assert set(days_of(one)) == {"r2@norfolk"}
    assert "Owner:" not in one


def test_past_and_known_days(soc: Soc) -> None:
    """It answers for any day, and from what the register knew on a day."""
    soc.write(SOUND + update(1, "r1", "done", "2024-12-20", "recorded = 2025-02-01T12:00:00Z"))
    day = ("check", "--as-of", "2025-01-10")
    assert soc(*day).out == ""
    assert "r1" in days_of(soc(*day, "--as-known", "2025-01-10", code=1).out)


def test_ladder_and_since(sound: Soc) -> None:
    """Between two rungs it is silent; --since covers the days on which nobody asked."""
    ladder = (
        "check",
        "--ladder",
        " 28, 14,7,1,0,-7,-30 ",
        "--body",
        "norfolk",
        "--text",
        "analyst",
    )
    spoken = [
        day
        for day in ("2024-12-03", "2024-12-04", "2024-12-05", "2024-12-18", "2024-12-31",
                    "2025-01-01", "2025-01-02", "2025-01-08", "2025-01-31", "2025-02-01",
                    "2025-03-02", "2025-04-01")
        if sound(*ladder, "--as-of", day, "--exit-zero").out
    ]  # fmt: skip
    assert spoken == ["2024-12-04", "2024-12-18", "2024-12-31", "2025-01-01", "2025-01-08",
                      "2025-01-31", "2025-03-02", "2025-04-01"]  # fmt: skip
    later = ("--as-of", "2024-12-20")
    assert sound(*ladder, *later, "--since", "2024-12-18").out == ""
    assert sound(*ladder, *later, "--since", "2024-12-17", code=1).out
    assert sound("check", *later, "--since", "2024-12-17", code=1).out
    assert sound("check", *later, "--since", "2024-12-18").out == ""
    far = sound("check", "--as-of", "2024-10-03", "--ladder", "90,28", code=1).out
    assert days_of(far) == {"r1": "due in 90 days, on 1 Jan 2025"}
    counted = sound("check", "--as-of", "2025-01-08", "--ladder", "-7", "--within", "90", code=1)
    assert counted.out.endswith("Not spoken of: 2 between two rungs of the ladder.\n")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--ladder", "28;14"], "--ladder cannot be '28;14'"),
        (["--ladder", ""], "--ladder cannot be ''"),
        (["--ladder=1_0"], "--ladder cannot be '1_0'"),
        (["--ladder=٣"], "--ladder cannot be '٣'"),
        (["--ladder", "7,,1"], "--ladder cannot be '7,,1'"),
        (["--ladder", "1e9"], "--ladder cannot be '1e9'"),
        (["--ladder", "9999999"], "--ladder cannot be '9999999'"),
        (["--since", "2025-01-02"], "is not before the day asked about"),
        (["--since", "tomorrow"], "is not before the day asked about"),
        (["--since", "lately"], "'lately' is not a day"),
        (["--within", "-1"], "--within"),
        (["--stale", "0"], "--stale"),
        (["--format", "xml"], "--format cannot be 'xml'"),
        (["--format", "prometheus", "--ladder", "28"], "which a ladder would hide"),
        (["--format", "prometheus", "--since", "last"], "which a ladder would hide"),
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
    sound("check", "--as-of", "2025-01-02", "-f", "csv", "-o", "recommendations.toml", code=5)
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
        cwd=shipped.folder, env={}, capture_output=True, check=False, timeout=60,
    )  # fmt: skip
    assert ended.returncode == 1
    assert ended.stderr == b""
    assert ended.stdout.decode().splitlines() == known.splitlines()
    before = today_in_london(datetime.now(UTC))
    ran = shipped("check", "-f", "json", "--exit-zero", environment={"TZ": zone})
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
        check=True, timeout=60,
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


LAST = ("check", "--since", "last", "--exit-zero")


def files(home: Path) -> list[Path]:
    """What is kept."""
    return sorted(path for path in home.rglob("*") if path.is_file())


def test_runs_that_were_missed(cron: Soc, home: Path) -> None:
    """The first run says everything; the next says what crossed a rung since, however late."""
    first = cron(*LAST, "--as-of", "2024-12-10").out
    assert days_of(first) == {"r1": "due in 22 days, on 1 Jan 2025"}
    assert "No last run of this choice is known, so everything is spoken of." in first
    assert len(files(home)) == 1
    assert cron(*LAST, "--as-of", "2024-12-10").out == ""
    assert cron(*LAST, "--as-of", "2024-12-17").out == ""
    missed = cron(*LAST, "--as-of", "2025-01-04").out
    assert days_of(missed) == {"r1": "3 days past 1 Jan 2025, no completion on record"}
    assert "No last run" not in missed
    told = cron(*LAST, "--as-of", "2025-01-10", "--stale", "90").out
    assert told.endswith("so everything is spoken of.\n")
    assert cron(*LAST, "--as-of", "2025-01-05").out == ""
    assert len(files(home)) == 2


def test_what_is_added_or_corrected_is_news(cron: Soc) -> None:
    """After the last run a new finding or a corrected deadline is spoken of, on no rung too."""
    cron(*LAST, "--as-of", "2025-02-02")
    assert cron(*LAST, "--as-of", "2025-02-03").out == ""
    text = SOUND.replace("deadline = 2025-01-01", "deadline = 2024-12-20")
    cron.write(text)
    assert set(days_of(cron(*LAST, "--as-of", "2025-02-04").out)) == {"r1"}
    assert cron(*LAST, "--as-of", "2025-02-05").out == ""
    cron.write(text.replace('id = "a1"', 'id = "r3"\ndeadline = 2025-02-26').replace(
        'kind = "area-for-improvement"', 'kind = "recommendation"\npart_of = "cause"'))  # fmt: skip
    assert set(days_of(cron(*LAST, "--as-of", "2025-02-06").out)) == {"r3"}


@pytest.mark.parametrize("recorded", ["2025-02-03", "2025-01-20"])
def test_what_was_done_and_reopened_is_news(cron: Soc, recorded: str) -> None:
    """What stands as before is news all the same if it moved meanwhile, also recorded elsewhere.

    That somebody looked is none.
    """
    cron(*LAST, "--as-of", "2025-02-02")
    when = f"recorded = {recorded}T12:00:00Z"
    looked = update(1, "r1", "checked", "2025-01-20", when, 'note = "Nothing new."')
    cron.write(SOUND + looked)
    assert cron(*LAST, "--as-of", "2025-02-03").out == ""
    moved = (
        update(2, "r1", "done", "2025-01-20", when),
        update(3, "r1", "reopen", "2025-01-20", when, 'note = "Not so."'),
    )
    cron.write(SOUND + looked + "".join(moved))
    told = cron(*LAST, "--as-of", "2025-02-04").out
    assert days_of(told) == {"r1": "34 days past 1 Jan 2025, no completion on record"}
    assert "Not spoken of" not in told
    assert cron(*LAST, "--as-of", "2025-02-05").out == ""


@pytest.mark.parametrize(
    ("choice", "before", "after"),
    [
        (["--overdue"], "2025-01-01", "2025-01-02"),
        (["--timing", "overdue"], "2025-01-01", "2025-01-02"),
        (["--due-within", "20"], "2024-12-11", "2024-12-12"),
    ],
)
@pytest.mark.parametrize("ladder", [[], ["--ladder", "100"]])
def test_what_enters_a_choice_is_news(
    cron: Soc, choice: list[str], before: str, after: str, ladder: list[str]
) -> None:
    """What the choice did not hold at the last run, and holds now, is spoken of once."""
    assert cron(*LAST, *choice, *ladder, "--as-of", before).out == ""
    assert set(days_of(cron(*LAST, *choice, *ladder, "--as-of", after).out)) == {"r1"}
    assert cron(*LAST, *choice, *ladder, "--as-of", after).out == ""


def test_what_is_begun_enters_the_choice_of_what_is(cron: Soc) -> None:
    """A status that is chosen makes news of what comes to it, and of nothing else."""
    line = (*LAST, "--status", "in-progress")
    assert cron(*line, "--as-of", "2025-02-10").out == ""
    cron.write(SOUND + update(1, "r1", "start", "2025-01-20"))
    assert set(days_of(cron(*line, "--as-of", "2025-02-11").out)) == {"r1"}
    assert cron(*line, "--as-of", "2025-02-12").out == ""


@pytest.mark.parametrize(
    ("within", "spoken"),
    [
        (["--within", "60"], [60, 0, -1]),
        (["--within", "3"], [3, 0, -1]),
        (["--within", "40", "--within", "2"], [40, 2, 0, -1]),
        ([], [28, 14, 7, 1, 0, -1]),
    ],
)
def test_within_names_the_rungs_ahead(cron: Soc, within: list[str], spoken: list[int]) -> None:
    """What is to be known so many days ahead is said then, and nothing of it earlier."""
    last_day = date(2025, 1, 1)
    line = ("check", "--exit-zero", "--text", "analysts", *within)
    cron(*line, "--since", "last", "--as-of", str(last_day - timedelta(days=62)))
    said = []
    for left in sorted({61, 60, 41, 40, 28, 14, 7, 3, 2, 1, 0, -1}, reverse=True):
        day = last_day - timedelta(days=left)
        if cron(*line, "--since", "last", "--as-of", str(day)).out:
            said.append(left)
    assert said == spoken


def test_two_lines_of_cron(cron: Soc, home: Path) -> None:
    """Lines that choose or show otherwise have last runs of their own, and so has each register."""
    day = ("--as-of", "2024-12-10")
    lines: tuple[list[str], ...] = (
        [],
        ["--body", "norfolk"],
        ["--text", "analysts"],
        ["--within", "40"],
        ["--ladder", "22"],
        ["--format", "json"],
        ["--output", "news.txt"],
        ["--by-owner"],
    )
    for line in lines:
        ran = cron(*LAST, *day, *line)
        written = cron.folder / "news.txt"
        assert written.read_text() if "--output" in line else ran.out
    assert len(files(home)) == len(lines)
    assert cron(*LAST, *day, "--body", "NORFOLK").out == ""
    cron.write(SOUND, "other.toml")
    assert cron("--records", "other.toml", *LAST, *day).out
    assert cron("--records", "../" + cron.folder.name + "/other.toml", *LAST, *day).out == ""
    assert len(files(home)) == len(lines) + 1


def test_broken_memory(cron: Soc, home: Path) -> None:
    """A last run that is lost or broken leads to saying everything, and is then kept anew."""
    cron(*LAST, "--as-of", "2024-12-10")
    kept = files(home)[0]
    assert cron(*LAST, "--as-of", "2024-12-11").out == ""
    kept.write_bytes(b"{")
    assert "r1" in days_of(cron(*LAST, "--as-of", "2024-12-12").out)
    assert cron(*LAST, "--as-of", "2024-12-13").out == ""
    kept.unlink()
    assert "r1" in days_of(cron(*LAST, "--as-of", "2024-12-15").out)
    assert "r1" in days_of(cron(*LAST, "--as-of", "2024-12-14").out)


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
    last_run.remember(file, tmp_path / "register.toml", date(2024, 12, 12), {"r1": "due"})
    assert last_run.recall(file, date(2024, 12, 12)) == Since(date(2024, 12, 12), {"r1": "due"})
    assert last_run.recall(file, date(2024, 12, 11)) is None


@pytest.mark.parametrize("made", ["pipe", "open pipe", "folder", "device", "endless"])
def test_what_is_no_file_is_no_last_run(cron: Soc, home: Path, made: str) -> None:
    """Where the last run should be there is a pipe or something endless: nothing waits for it."""
    cron(*LAST, "--as-of", "2024-12-10")
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
    ran = cron(*LAST, "--as-of", "2024-12-11")
    assert "r1" in days_of(ran.out)
    assert "No last run of this choice is known" in ran.out
    assert ("cannot be kept" in ran.err) == (made == "folder")
    again = cron(*LAST, "--as-of", "2024-12-12").out
    assert ("r1" in again) == (made == "folder")


def test_memory_that_cannot_be_written(cron: Soc, home: Path) -> None:
    """Where the run cannot be kept, the answer stands, stderr says so, and all is said again."""
    home.mkdir()
    (home / "socwatch").write_text("in the way")
    for _ in range(2):
        ran = cron(*LAST, "--as-of", "2024-12-10")
        assert "r1" in days_of(ran.out)
        assert "this run cannot be kept as the last one" in ran.err
        assert "the next says all again" in ran.err


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
        cwd=sound.folder, env=bare_environment(), capture_output=True, text=True, check=True,
        timeout=60,
    )  # fmt: skip
    assert "r1" in days_of(ended.stdout)
    assert "there is no home folder; the next says all again" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert sorted(sound.folder.rglob("*")) == before


def test_what_was_not_printed_was_not_said(cron: Soc, home: Path) -> None:
    """An error, a full disk or a closed pipe leaves the last run as it was, so nothing is lost."""
    cron(*LAST, "--as-of", "2024-12-10")
    kept = files(home)[0].read_bytes()
    read, write = os.pipe()
    os.close(read)
    environment = {**bare_environment(), **cron.environment}
    for stdout in (write, os.open("/dev/full", os.O_WRONLY)):
        subprocess.run(
            [sys.executable, "-m", "socwatch", *LAST, "--as-of", "2024-12-20"],
            cwd=cron.folder, env=environment, stdout=stdout, stderr=subprocess.PIPE, check=False,
            timeout=60,
        )  # fmt: skip
        assert files(home)[0].read_bytes() == kept
    cron.write(SOUND.replace('part_of = "cause"', 'part_of = "clause"'))
    cron(*LAST, "--as-of", "2024-12-20", code=3)
    assert files(home)[0].read_bytes() == kept
    cron.write(SOUND)
    assert "r1" in days_of(cron(*LAST, "--as-of", "2024-12-20").out)
    assert files(home)[0].read_bytes() != kept
