"""The commands that record what happened: what they write, what they say, what they refuse."""

from __future__ import annotations

import hashlib
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from conftest import ROOT, Ran, Soc, bare_environment
from registers import SMALL, update
from socwatch.dates import format_date, today_in_london
from terminal import Terminal

NAME = "recommendations.toml"
LOCK = f".{NAME}.lock"
BY = ("--by", "A. Officer")
ON = ("--on", "2024-12-12")


def register(soc: Soc) -> Path:
    """The file that the command works on."""
    return soc.folder / NAME


def updates(soc: Soc) -> list[dict[str, Any]]:
    """The updates that the register holds, read by another reader than socwatch's."""
    found = tomllib.loads(register(soc).read_bytes().decode("utf-8-sig")).get("updates", [])
    assert isinstance(found, list)
    return found


def added(soc: Soc, *arguments: str | Path) -> dict[str, Any]:
    """The one update that a call adds at the end of the register, which stays valid."""
    before, held = register(soc).read_bytes(), updates(soc)
    soc(*arguments)
    assert register(soc).read_bytes().startswith(before)
    now = updates(soc)
    assert now[:-1] == held
    return now[-1]


def refused(soc: Soc, *arguments: str | Path, code: int = 5) -> str:
    """What a call that writes nothing complains of."""
    before = register(soc).read_bytes()
    ran = soc(*arguments, code=code)
    assert register(soc).read_bytes() == before
    assert ran.err.startswith("socwatch: ")
    return ran.err


def status_of(soc: Soc, item: str) -> str:
    """The status of an item, as `list` has it."""
    (status,) = (row["status"] for row in soc.json("list")["rows"] if row["id"] == item)
    assert isinstance(status, str)
    return status


# What is written


@pytest.mark.parametrize(
    ("arguments", "carried", "said"),
    [
        (
            ("start", "r1", "--assign-to", "B. Clerk"),
            {"owner": "B. Clerk"},
            "started; assigned to B. Clerk on 12 Dec 2024",
        ),
        (
            ("done", "r1", "--evidence", "https://a.example/b"),
            {"evidence": ["https://a.example/b"]},
            "reported done on 12 Dec 2024",
        ),
        (("sign-off", "r1", "--note", "Accepted."), {"note": "Accepted."}, "signed off on 12 Dec"),
        (
            ("close", "r1", "--outcome", "not accepted", "--note", "Why."),
            {"outcome": "not-accepted", "note": "Why."},
            "closed: not accepted on 12 Dec 2024",
        ),
        (
            ("close", "r1", "--outcome", "superseded", "--successor", "a1", "--note", "Why."),
            {"outcome": "superseded", "successor": "a1", "note": "Why."},
            "closed: superseded by a1 on 12 Dec 2024",
        ),
        (
            ("extend", "r1", "2025-06", "--note", "Asked for."),
            {"deadline": "2025-06", "note": "Asked for."},
            "deadline moved to Jun 2025 on 12 Dec 2024",
        ),
        (
            ("extend", "r1", "30 Jun 2025", "--note", "Asked for."),
            {"deadline": date(2025, 6, 30), "note": "Asked for."},
            "deadline moved to 30 Jun 2025 on 12 Dec 2024",
        ),
        (
            ("assign", "r1", "B. Clerk"),
            {"owner": "B. Clerk"},
            "assigned to B. Clerk on 12 Dec 2024",
        ),
        (("note", "r1", "--note", "Well."), {"note": "Well."}, "noted on 12 Dec 2024"),
        (("checked", "r1"), {}, "looked at on 12 Dec 2024"),
        (
            ("mute", "r1", "--until", "2025-06-30", "--note", "Known."),
            {"until": date(2025, 6, 30), "note": "Known."},
            "muted until",
        ),
    ],
    ids=lambda value: " ".join(value[:4]) if isinstance(value, tuple) else "",
)
def test_each_command_appends_its_update_once(
    small: Soc, arguments: tuple[str, ...], carried: dict[str, Any], said: str
) -> None:
    """A command appends one update with what was typed; again it writes nothing, and says so."""
    began = datetime.now(UTC).replace(microsecond=0)
    row = added(small, *arguments, *ON, *BY)
    assert began <= row.pop("recorded") <= datetime.now(UTC)
    identity = row.pop("id")
    assert re.fullmatch(r"u-[0-9a-f]{8}", identity)
    assert row == {
        "finding": "r1",
        "action": arguments[0],
        "on": date(2024, 12, 12),
        "by": "A. Officer",
        **carried,
    }
    before = register(small).stat()
    out = small(*arguments, *ON, *BY).out
    assert f"r1: {said}" in out
    assert f"already ({identity}); nothing to write\n" in out
    assert "Norfolk Constabulary: " in out
    after = register(small).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_reopen(soc: Soc) -> None:
    """What was done is open again, with the reason."""
    soc.write(SMALL + update(1, "r1", "done", "2024-10-01"))
    assert added(soc, "reopen", "r1", "--note", "No.", *ON)["note"] == "No."
    assert status_of(soc, "r1") == "open"


def test_what_it_did_and_what_is_now_true(small: Soc) -> None:
    """A command says what it did to each item, then where the body stands now."""
    out = small("done", "r1", *ON).out
    assert out == (
        "r1, Thu 12 Dec 2024: reported done (it was open, and is done)\n"
        "Norfolk Constabulary: 2 recommendations (1 open, 1 reported done); 1 overdue; "
        "no deadlines ahead\n"
    )
    assert "Northumbria" not in out


def test_every_body_that_is_touched_is_told_of(small: Soc) -> None:
    """A finding without a body means all its items: each is told, and each body after them."""
    out = small("sign-off", "r2", "--by", "HMICFRS").out
    assert [line.partition(":")[0] for line in out.splitlines()] == [
        "r2@norfolk",
        "r2@northumbria",
        "Norfolk Constabulary",
        "Northumbria Police",
    ]
    assert [row["body"] for row in updates(small)] == ["norfolk", "northumbria"]


def test_one_write_for_all(small: Soc) -> None:
    """The items of one call share the instant and stand in the order in which they were typed."""
    small("done", "a1", "r1", "r2@norfolk")
    rows = updates(small)
    assert [row["finding"] for row in rows] == ["a1", "r1", "r2"]
    assert len({row["recorded"] for row in rows}) == 1
    assert len({row["id"] for row in rows}) == 3
    assert "3 findings for" not in small("validate").err


def test_none_where_one_refuses(small: Soc) -> None:
    """Where one of several items refuses, none is written, and the message names it."""
    small("sign-off", "a1", "--by", "HMICFRS")
    err = refused(small, "done", "r1", "a1")
    assert "a1: done is not allowed, because it is signed off; nothing was written" in err
    assert "what can follow is: reopen, assign, note, checked\n" in err
    assert "r1" not in err


def test_a_named_register(soc: Soc) -> None:
    """The register that an option or the environment names is the one that is written to."""
    soc.write(SMALL)
    other = soc.write(SMALL, "else/where.toml")
    soc("done", "r1", "--records", "else/where.toml")
    soc("--records", "else/where.toml", "done", "a1")
    soc("done", "r2", environment={"SOCWATCH_RECORDS": str(other)})
    assert register(soc).read_text() == SMALL
    assert other.read_text().count("[[updates]]") == 4


# Twice


def test_what_has_never_been_otherwise(small: Soc) -> None:
    """What was so from the start is known without an update."""
    out = small("reopen", "r1", "--note", "x").out
    assert out.startswith("r1: it is open already; the note was not written")
    out = small("extend", "r1", "2025-01-01", "--note", "x", *BY).out
    assert out.startswith("r1: that is its deadline already; the note was not written")
    assert updates(small) == []


def test_a_note_that_is_not_written_is_not_lost_in_silence(small: Soc) -> None:
    """A new note with what is known already is not written, and the answer says how it can be."""
    small("done", "r1", "--note", "First.")
    out = small("done", "r1", "--note", "Second.").out
    assert "the note was not written\n  to write it: socwatch note r1 --note …\n" in out
    assert "Second" not in register(small).read_text()
    assert "the note" not in small("done", "r1", "--note", "First.").out


@pytest.mark.parametrize(
    ("again", "differs"),
    [
        (("--on", "2025-01-02"), "on 12 Dec 2024, and nothing was written"),
        (("--by", "B. Clerk"), "by A. Officer, and nothing was written"),
        (("--by", "B. Clerk", "--on", "2025-01-02"), "on 12 Dec 2024 and by A. Officer, and"),
    ],
    ids=["on", "by", "both"],
)
def test_what_is_on_record_differs(small: Soc, again: tuple[str, ...], differs: str) -> None:
    """What is on record with another day, or by somebody else, is said with how to correct it."""
    made = added(small, "done", "r1", *ON, *BY)
    before = register(small).read_bytes()
    out = small("done", "r1", *again).out
    assert f"reported done on 12 Dec 2024 already ({made['id']}); on record it is {differs}" in out
    line = next(line for line in out.splitlines() if "to correct it" in line)
    assert line.endswith(
        f"socwatch undo {made['id']}, then: {shlex.join(['socwatch', 'done', 'r1', *again])}"
    )
    assert register(small).read_bytes() == before
    assert "on record it is" not in small("done", "r1").out
    assert "on record it is" not in small("done", "r1", *ON, *BY).out


def test_a_cause_that_ends_before_its_recommendations(small: Soc) -> None:
    """Where a cause of concern ends, those of its recommendations that have not are named."""
    small("sign-off", "r2@northumbria", "--by", "HMICFRS")
    small("done", "r1")
    both = ("cause@norfolk", "cause@northumbria")
    out = small("sign-off", *both, "--by", "HMICFRS").out
    assert (
        "cause@norfolk: 2 recommendations of it have not ended: r1 (done), r2@norfolk (open)\n"
        in out
    )
    assert "cause@northumbria: signed off" in out
    assert "cause@northumbria: 0" not in out
    assert out.count("not ended") == 1
    small("reopen", "cause@norfolk", "--note", "x")
    small("sign-off", "r1", *BY)
    closed = ("close", "cause@norfolk", "--outcome", "no-longer-relevant", "--note", "x")
    assert "1 recommendation of it has not ended: r2@norfolk (open)" in small(*closed).out
    assert "not ended" not in small("note", "cause@norfolk", "--note", "y").out


def test_what_is_muted_is_seen(small: Soc) -> None:
    """As long as an item is muted, lists and warnings say until when; scripts always."""
    out = small("mute", "r1", "--until", "2027-03-01", "--note", "Known.", *ON).out
    assert "r1, Thu 12 Dec 2024: muted until the end of 1 Mar 2027 (it is open)" in out
    wide = Soc(small.folder, {"COLUMNS": "120"})
    for command in (("list", "--overdue"), ("status",)):
        for format_ in ("table", "plain", "markdown"):
            held = wide(*command, "--as-of", "2027-03-01", "--format", format_).out
            assert "muted until the end of 1 Mar 2027" in " ".join(held.split())
            past = small(*command, "--as-of", "2027-03-02", "--format", format_).out
            assert "muted" not in past
    rows = small.json("list", "--overdue", "--as-of", "2027-03-02")["rows"]
    known = {row["id"]: row["muted_until"] for row in rows}
    assert known == {"r1": "2027-03-01", "r2@norfolk": None, "r2@northumbria": None}
    small("done", "r1")
    assert "muted" not in small("list", "--as-of", "2027-03-01").out


@pytest.mark.parametrize(
    ("ended", "words"),
    [
        (("sign-off", "r1", "--by", "HMICFRS"), "it is signed off"),
        (("close", "r1", "--outcome", "not-accepted", "--note", "x"), "it is closed"),
    ],
)
def test_what_has_ended_is_not_muted(small: Soc, ended: tuple[str, ...], words: str) -> None:
    """There are no alerts of it to stop, so the command is refused; what is done is live."""
    small("done", "r1")
    assert (
        "muted until the end of" in small("mute", "r1", "--until", "2099-01-01", "--note", "x").out
    )
    small(*ended)
    err = refused(small, "mute", "r1", "--until", "2099-06-01", "--note", "x")
    assert f"r1: mute is not allowed, because {words}; nothing was written" in err
    assert "what can follow is: reopen, assign, note, checked\n" in err


def test_evidence_that_is_not_written_is_refused(small: Soc) -> None:
    """New evidence with what is known already is refused, and a note is offered for it."""
    small("done", "r1")
    err = refused(small, "done", "r1", "--evidence", "https://new.example")
    assert "it is done already, and what is on record stays as it is" in err
    assert "note" in err.splitlines()[1]


# Reports and causes


def test_the_live_items_of_a_report_are_asked_for(small: Soc) -> None:
    """They are shown; where nobody can answer, nothing is written, and --yes is named."""
    small("sign-off", "a1", "--by", "HMICFRS")
    before = register(small).read_bytes()
    ran = small("start", "soc-2024", code=2)
    assert ran.out.splitlines()[:2] == [
        "5 updates to record:",
        "  cause@norfolk: started (Neither force knows what it faces.)",
    ]
    assert "  r2@northumbria: started (Share what partners know.)" in ran.out
    assert "a1" not in ran.out
    assert "not a terminal; nothing was written" in ran.err
    assert "--yes" in ran.err
    assert register(small).read_bytes() == before


@pytest.mark.parametrize(
    ("ids", "meant"),
    [
        (("soc",), ["cause@norfolk", "cause@northumbria", "r2@norfolk", "r2@northumbria", "a1"]),
        (("cause",), ["cause@norfolk", "cause@northumbria", "r2@norfolk", "r2@northumbria"]),
        (("r2", "cause"), ["r2@norfolk", "r2@northumbria", "cause@norfolk", "cause@northumbria"]),
        (("cause@norfolk",), ["cause@norfolk"]),
    ],
    ids=["report", "cause", "both", "one"],
)
def test_what_a_report_and_a_cause_stand_for(
    soc: Soc, ids: tuple[str, ...], meant: list[str]
) -> None:
    """A report's id means its live items, a cause's the cause and its live recommendations."""
    soc.write(SMALL + update(1, "r1", "sign-off", "2024-10-01", 'by = "HMICFRS"'))
    out = soc("checked", *ids, "--yes").out
    assert [line.partition(":")[0] for line in out.splitlines() if "looked at" in line] == meant


def test_a_report_without_live_items(soc: Soc) -> None:
    """Where all items of a report have ended there is nothing to record, and that is an error."""
    soc.write(SMALL)
    soc("sign-off", "soc-2024", "--by", "HMICFRS", "--yes")
    err = refused(soc, "note", "soc-2024", "--note", "x")
    assert "soc-2024 has no live items; nothing was written" in err
    assert "socwatch list --inspection soc-2024" in err
    assert "cause@norfolk: noted" in soc("note", "cause", "--note", "x").out


def test_one_item_needs_no_yes(soc: Soc) -> None:
    """Where nobody can be asked, an id that stands for a single item is taken as it is."""
    soc.write(SMALL)
    soc("sign-off", "cause@norfolk", "cause@northumbria", "r2", "r1", "--by", "HMICFRS")
    assert soc("done", "soc-2024").out.startswith("a1: reported done")
    assert "already" in soc("done", "soc-2024").out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("done",), "no items given\n  give one or more ids; to see them: socwatch list\n"),
        (("done", "r1", "--overdue"), "no such option: --overdue"),
        (("done", "r1", "--body", "norfolk"), "no such option: --body"),
        (("reopen", "r1"),
         'needs --note (the reason)\n  add it: socwatch reopen r1 --note "reason"\n'),
        (("extend", "r1", "2025-06-30"),
         "--note (the reason) and --by (who agreed to it)\n  add it: socwatch extend r1 2025-"),
        (("extend", "r1", "2025-06-30", "--on", "today"),
         'extend r1 2025-06-30 --on today --note "reason" --by HMICFRS\n'),
        (("extend", "r1"), "to which day to extend r1\n  socwatch extend r1 2027-03-31"),
        (("extend", "r"), "does not say to which day to extend r\n"),
        (("extend", "2025-06-30"), "does not say which finding to extend\n"),
        (("extend",), "extend lacks DATE: the new deadline\n"),
        (("assign", "r1"), 'does not say to whom to assign r1\n  socwatch assign r1 "A. Officer"'),
        (("assign", "B. Clerk"), "which finding to assign\n  socwatch assign ID 'B. Clerk';"),
        (("assign",), "assign lacks OWNER: who is responsible for it from now on\n"),
        (("extend", "r1", "soonish", "--note", "x"), "not a date"),
        (("close", "r1", "--note", "x"), "close needs --outcome (superseded, not-accepted"),
        (("close", "r1", "--outcome", "lost", "--note", "x"), "--outcome cannot be 'lost'"),
        (("close", "r1", "--outcome", "superseded", "--note", "x"), "--successor ID"),
        (("close", "r1", "--outcome", "not-accepted", "--successor", "a1", "--note", "x"),
         "has no successor"),
        (("note", "r1"), 'needs --note (the text)\n  add it: socwatch note r1 --note "text"\n'),
        (("sign-off", "r1", "--evidence", "https://a b"),
         "accepted it)\n  add it: socwatch sign-off r1 --evidence 'https://a b' --by HMICFRS\n"),
        (("note", "r1", "--note", " "), "--note is empty"),
        (("done", "r1", "--by", ""), "--by is empty"),
        (("assign", "r1", ""), "OWNER is empty"),
        (("mute", "r1", "--note", "x"), "--until 2027-03-31"),
        (("done", "r1", "--on", "2999-01-01"), "still to come"),
        (("done", "r1", "--on", ""), "not a date"),
        (("done", "r1", "--evidence", "minutes.pdf"), "minutes.pdf cannot be read: No such file"),
        (("done", "r1", "--evidence", "."), "it is a folder"),
        (("done", "r1", "--evidence", ""), "--evidence is empty"),
        (("start", "r1", "--evidence", "."), "no such option"),
        (("start", "r1", "--assign-to", ""), "--assign-to is empty"),
        (("extend", "r1", "", "--note", "x"), "DATE is empty"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)  # fmt: skip
def test_what_cannot_be_meant(small: Soc, arguments: tuple[str, ...], said: str) -> None:
    """What has no meaning ends with 2, and says what to type."""
    assert said in refused(small, *arguments, code=2)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("done", "r"), "could be any of 2: r1, r2"),
        (("done", "r9"), "no finding or inspection 'r9'"),
        (("done", "r1@northumbria"), "no body of r1"),
        (("close", "r1", "--outcome", "superseded", "--successor", "r9", "--note", "x"), "'r9'"),
        (("undo",), "holds no update"),
        (("undo", "u-1"), "no update 'u-1'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)  # fmt: skip
def test_what_is_not_there(small: Soc, arguments: tuple[str, ...], said: str) -> None:
    """What the register does not hold, or holds twice, ends with 4."""
    assert said in refused(small, *arguments, code=4)


def on_terminal(soc: Soc, *arguments: str, columns: int = 200) -> Terminal:
    """The command on a terminal, where it can ask."""
    return Terminal(soc.folder, *arguments, environment={"TERM": "dumb"}, columns=columns)


@pytest.mark.parametrize(
    ("arguments", "question"),
    [
        (("sign-off", "r1"), "Who in the inspectorate accepted it? "),
        (("sign-off", "r1", "--yes"), "Who in the inspectorate accepted it? "),
        (("extend", "r1", "2025-06-30", "--note", "x"), "Who agreed to the new deadline? "),
    ],
    ids=["sign-off", "yes", "extend"],
)
def test_who_is_asked_for_on_a_terminal(
    small: Soc, arguments: tuple[str, ...], question: str
) -> None:
    """Who said it is asked where someone can answer, with --yes too, and no name is proposed."""
    asked = on_terminal(small, *arguments)
    assert "[" not in asked.read_to(question)
    asked.answer("")
    asked.read_to(question)
    asked.answer("H. Inspector")
    assert asked.end()[1] == 0
    assert [row["by"] for row in updates(small)] == ["H. Inspector"]


def test_nobody_is_asked_in_vain(small: Soc) -> None:
    """What would be refused is refused before anything is asked."""
    for arguments, code in (
        (("sign-off", "r9"), 4),
        (("extend", "r1", "2025-06-30"), 2),
        (("sign-off", "r1", "--by", " "), 2),
    ):
        said, ends = on_terminal(small, *arguments).end()
        assert ends == code
        assert "Who" not in said
    assert updates(small) == []


def test_stopped_at_a_question(small: Soc) -> None:
    """Ctrl-C at a question ends with 130, and says that nothing was recorded."""
    for arguments in (("sign-off", "r1"), ("done", "soc-2024")):
        asked = on_terminal(small, *arguments)
        asked.read_to("?")
        asked.type("\x03")
        said, code = asked.end()
        assert code == 130
        assert "socwatch: stopped; nothing was recorded" in said
    assert updates(small) == []


def test_lines_that_a_screen_does_not_break(small: Soc) -> None:
    """On a terminal the answer is broken between words; what is to be copied stays in one piece."""
    note = " ".join(["word"] * 30)
    small("done", "r1", *ON, *BY)
    again = ("done", "r1", "a1", "--on", "2025-01-31", "--note", note)
    said, code = on_terminal(small, *again, columns=60).end()
    lines = said.splitlines()
    assert code == 0
    assert max(len(line) for line in lines if "socwatch" not in line) <= 60
    assert any(line.startswith("    ") for line in lines)
    assert (
        f"  to correct it: socwatch undo {updates(small)[0]['id']}, then: socwatch done r1" in said
    )
    assert note in next(line for line in lines if "to correct it" in line)


@pytest.mark.parametrize(("answer", "written"), [("y", 5), ("n", 0), ("", 0)])
def test_the_answer_decides(small: Soc, answer: str, written: int) -> None:
    """On a terminal what would change is shown and asked about, and only yes writes it."""
    asked = on_terminal(small, "done", "cause")
    asked.read_to("5 updates to record:")
    asked.read_to("r2@norfolk: reported done")
    asked.read_to("Record this?")
    asked.answer(answer)
    said, code = asked.end()
    assert code == 0
    assert ("Nothing was written." in said) is (written == 0)
    assert len(updates(small)) == written


def test_a_register_that_changed_while_it_was_asked(small: Soc) -> None:
    """What was agreed to is written to the register that was shown, or not at all."""
    asked = on_terminal(small, "done", "soc-2024")
    asked.read_to("Record this?")
    edited = SMALL.replace("Employ enough", "Employ more")
    small.write(edited)
    asked.answer("y")
    said, code = asked.end()
    assert code == 5
    assert "another program changed recommendations.toml while this command was running" in said
    assert register(small).read_text() == edited


# By whom and when


def test_the_name_that_git_knows(small: Soc, program: Callable[[str], str]) -> None:
    """Without --by it is git's user name where the register is, wherever one stands."""
    git = program("git")
    subprocess.run([git, "init", "-q", small.folder], check=True, env=bare_environment())
    settings = small.folder / ".git" / "config"
    with settings.open("a") as file:
        file.write('[user]\n\tname = "Ada Löwe"\n')
    elsewhere = Soc(small.folder.parent)
    elsewhere("done", "r1", "--records", register(small))
    assert updates(small)[-1]["by"] == "Ada Löwe"
    assert added(small, "done", "a1", *BY)["by"] == "A. Officer"
    with settings.open("ab") as binary:
        binary.write(b'[user]\n\tname = "L\xf6we"\n')
    assert "by holds bytes that are not UTF-8 text" in refused(small, "done", "r2")


def test_the_login_name(small: Soc) -> None:
    """Where git knows none it is the login name, with no home to look in either."""
    environment = {"LOGNAME": "officer7", "GIT_CONFIG_NOSYSTEM": "1", "PATH": "/nowhere"}
    small("done", "r1", environment=environment)
    assert updates(small)[-1]["by"] == "officer7"


def test_days_as_people_type_them(small: Soc) -> None:
    """--on takes the forms of days that every command takes."""
    assert added(small, "done", "r1", "--on", "12 Dec 2024")["on"] == date(2024, 12, 12)


def test_what_came_later_refuses(soc: Soc) -> None:
    """An earlier day is refused where a later update could not follow, and that one is named."""
    soc.write(SMALL + update(1, "r1", "done", "2024-10-01"))
    err = refused(soc, "sign-off", "r1", "--on", "2024-09-01", *BY)
    assert "sign-off is not allowed, because done on 1 Oct 2024 (u-1) is on record" in err
    assert "socwatch undo u-1" in err
    assert "fault" not in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("extend", "r1", "2024-01-31", "--note", "x"),
            "before the report, published on 2024-05-14",
        ),
        (("mute", "r1", "--until", "2024-12-01", "--note", "x"), "before it begins on"),
    ],
    ids=["extend", "mute"],
)
def test_what_validate_would_refuse(small: Soc, arguments: tuple[str, ...], said: str) -> None:
    """What would be a fault of the register is refused, with the fault and what to do."""
    err = refused(small, *arguments, *ON, *BY)
    assert said in err
    assert "nothing was written" in err


# Trying it out


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_dry_run_prints_the_lines(soc: Soc, newline: str) -> None:
    """--dry-run prints exactly what the same call appends, and leaves the folder as it is."""
    path = soc.write(SMALL.replace("\n", newline))
    before = path.read_bytes()
    call = ("done", "r1", "r2", "--note", 'a "b"\nc', "--evidence", "https://a.example", *BY)
    told = dry_run(soc, *call)
    assert path.read_bytes() == before
    assert list(soc.folder.iterdir()) == [path]
    soc(*call)
    assert settled(told) == settled(path.read_bytes().removeprefix(before))
    assert told.count(b"[[updates]]") == 3


def dry_run(soc: Soc, *arguments: str) -> bytes:
    """The bytes that a dry run prints."""
    return subprocess.run(
        [sys.executable, "-m", "socwatch", *arguments, "--dry-run"],
        cwd=soc.folder,
        env=bare_environment(),
        capture_output=True,
        check=True,
    ).stdout


def settled(block: bytes) -> bytes:
    """Lines without what each run makes anew: ids and instants."""
    return re.sub(rb'"u-[0-9a-f]{8}"|[0-9T:-]{19}Z', b"?", block)


def test_dry_run_asks_nobody(small: Soc) -> None:
    """A dry run of a choice needs no --yes, and one of what is known says so."""
    assert small("done", "soc-2024", "--dry-run").out.count("[[updates]]") == 6
    assert "it is open already" in small("reopen", "r1", "--note", "x", "--dry-run").out
    assert updates(small) == []


def test_dry_run_refuses_as_the_run_would(small: Soc) -> None:
    """What would be refused is refused by its dry run."""
    small("done", "r1")
    assert "it is done" in refused(small, "start", "r1", "--dry-run")


# Undo


def test_undo_the_last(small: Soc) -> None:
    """Undo takes back the last update by one that names it, and says what is true again."""
    made = added(small, "done", "r2@norfolk", *ON)
    ran = small("undo", *BY)
    told, now = ran.out.splitlines()
    assert told == f"r2@norfolk: takes back {made['id']} (it was done, and is open)"
    assert now.startswith("Norfolk Constabulary: 2 recommendations (2 open); 2 overdue")
    back = updates(small)[-1]
    assert {k: v for k, v in back.items() if k not in {"id", "on", "recorded"}} == {
        "finding": "r2",
        "body": "norfolk",
        "action": "retract",
        "by": "A. Officer",
        "note": "Taken back: reported done.",
        "update": made["id"],
    }


@pytest.mark.parametrize("header", ['[["updates"]]', "[[ 'updates' ]]  # [[bodies]]"])
def test_undo_below_a_quoted_header(soc: Soc, header: str) -> None:
    """An update whose header has its name in quotes is undone as any other."""
    written = update(1, "r1", "start", "2024-06-01").replace("[[updates]]", header)
    assert header in written
    soc.write(SMALL + written)
    assert soc("undo", *BY).out
    assert updates(soc)[-1]["update"] == updates(soc)[0]["id"]
    assert "in progress" not in soc("show", "r1").out.partition("History")[0]


def test_undo_of_what_is_no_update(small: Soc) -> None:
    """After an add, undo takes back no innocent update: it refuses, and names what can be typed."""
    made = added(small, "done", "r1", *ON)
    small("add", "source", "--id", "letter", "--publisher", "P", "--title", "T")
    before = register(small).read_bytes()
    ran = small("undo", *BY, code=5)
    assert "what was recorded last stands in [[sources]]" in ran.err
    assert f"undo {made['id']}" in ran.err
    assert register(small).read_bytes() == before
    small("undo", made["id"], *BY)
    assert status_of(small, "r1") == "open"


def test_dates_as_people_type_them(small: Soc) -> None:
    """A date is taken day first, written as a register holds it, and shown with its weekday."""
    on = ["--on", "Thu 12/12/2024", "--by", "HMICFRS", "--note", "x"]
    out = small("extend", "r1", "31/3/2025", *on).out
    assert "r1, Thu 12 Dec 2024: deadline moved to 31 Mar 2025 (from 1 Jan 2025" in out
    made = updates(small)[-1]
    assert (made["on"], made["deadline"]) == (date(2024, 12, 12), date(2025, 3, 31))
    assert "deadline moved to Jun 2025" in small("extend", "r1", "June 2025", *on).out
    assert updates(small)[-1]["deadline"] == "2025-06"
    before = register(small).read_bytes()
    assert "'1 Oct' could be 1 Oct 2" in small("extend", "r1", "1 Oct", *on, code=2).err
    assert register(small).read_bytes() == before


def test_a_deadline_that_comes_nearer_is_told(small: Soc) -> None:
    """An extension to an earlier day is recorded, and said: a mistyped year is one."""
    nearer = small("extend", "r1", "2024-12-31", "--by", "HMICFRS", "--note", "x", *ON[-2:]).out
    assert "deadline moved to 31 Dec 2024 (from 1 Jan 2025, 1 day earlier)" in nearer
    assert "r1: this is earlier than the deadline before it, 1 Jan 2025" in nearer
    later = small("extend", "r1", "2025-12-31", "--by", "HMICFRS", "--note", "x", *ON[-2:]).out
    assert "(from 31 Dec 2024, 365 days later)" in later
    assert "earlier" not in later


def test_what_happened_before_it_was_asked_for_is_told(small: Soc) -> None:
    """A day before the report's is recorded, and said: a mistyped year is one."""
    said = small("done", "r1", "--on", "1950-01-01", "--by", "A").out
    assert "r1: 1 Jan 1950 is before its report was published, on 14 May 2024" in said
    assert "is before" not in small("done", "a1", "--on", "2024-05-14", "--by", "A").out


def test_a_hint_names_the_register_that_was_named(small: Soc) -> None:
    """What to type next is about the register of this call; one from elsewhere stays as it is."""
    small.write(SMALL, "my own.toml")
    ran = small("--records", "my own.toml", "done", "nowhere", code=4)
    assert "see: socwatch --records 'my own.toml' list" in ran.err
    assert "see: socwatch list" in small("done", "nowhere", code=4).err
    assert "my own" not in small("done", "nowhere", code=4).err


def test_undo_the_undo(small: Soc) -> None:
    """An undo is undone like anything else; the log shows all three."""
    made = added(small, "done", "r1")
    first = added(small, "undo", "--note", "Too soon.")
    assert first["note"] == "Too soon."
    assert status_of(small, "r1") == "open"
    second = added(small, "undo")
    assert second["update"] == first["id"]
    assert status_of(small, "r1") == "done"
    assert [row["update"] for row in small.json("log")["rows"]] == [
        made["id"], first["id"], second["id"]
    ]  # fmt: skip


def test_undo_one_of_many(small: Soc) -> None:
    """An update is named by its id or the whole part of it; twice changes nothing."""
    made = added(small, "done", "r1")
    small("start", "a1")
    assert f"did you mean {made['id']}?" in refused(small, "undo", made["id"][:8], code=4)
    back = added(small, "undo", made["id"].removeprefix("u-"))
    assert (status_of(small, "r1"), status_of(small, "a1")) == ("open", "in-progress")
    before = register(small).read_bytes()
    out = small("undo", made["id"]).out
    assert f"r1: {made['id']} is taken back already, by {back['id']}; nothing to write" in out
    assert register(small).read_bytes() == before


def test_undo_what_others_rest_on(soc: Soc) -> None:
    """What a later update rests on is not taken back before that one."""
    soc.write(
        SMALL
        + update(1, "r1", "done", "2024-10-01")
        + update(2, "r1", "reopen", "2024-10-02", 'note = "No."')
        + update(20, "a1", "start", "2024-10-02")
    )
    err = refused(soc, "undo", "u-1")
    assert "undoing u-1 is not allowed, because reopen on 2 Oct 2024 (u-2) is on record" in err
    assert "take that back first: socwatch undo u-2" in err
    assert "could be any of 3: u-1, u-2, u-20" in refused(soc, "undo", "u-", code=4)
    soc("undo", "u-2")
    soc("undo", "u-1")
    assert status_of(soc, "r1") == "open"


def test_dry_undo(small: Soc) -> None:
    """--dry-run of an undo prints the retraction and writes nothing."""
    made = added(small, "done", "r1")
    out = small("undo", "--dry-run").out
    assert f'update = "{made["id"]}"' in out
    assert len(updates(small)) == 1


# Evidence


def test_evidence_is_kept_by_path_and_digest(soc: Soc) -> None:
    """A file is kept by its path from the register with its SHA-256, an address as it is."""
    soc.write(SMALL, "data/recommendations.toml")
    minutes = soc.folder / "minutes" / "board 12 Dec #3.pdf"
    minutes.parent.mkdir()
    minutes.write_bytes(b"\x00minutes")
    digest = hashlib.sha256(b"\x00minutes").hexdigest()
    soc("done", "r1", "--evidence", minutes, "--evidence", "https://a.example/x",
        "--evidence", "minutes/board 12 Dec #3.pdf", "--evidence", "doi:10.1/2")  # fmt: skip
    held = tomllib.loads((soc.folder / "data" / NAME).read_text())
    assert held["updates"][-1]["evidence"] == [
        f"../minutes/board 12 Dec #3.pdf#sha256={digest}",
        "https://a.example/x",
        "doi:10.1/2",
    ]
    out = soc("validate", "--check-evidence").out
    assert out.endswith("\nAll its evidence is in its place and unchanged: 1 file.\n")
    assert "evidence" not in soc("validate").out


def test_evidence_that_has_changed_or_gone(small: Soc) -> None:
    """`validate --check-evidence` names each file that is not as it was, at its line, with 3."""
    for name in ("same.txt", "other.txt", "gone.txt"):
        (small.folder / name).write_text(name)
    files = [f"--evidence={name}" for name in ("same.txt", "other.txt", "gone.txt")]
    made = added(small, "done", "r1", *files)
    (small.folder / "other.txt").write_text("changed")
    (small.folder / "gone.txt").unlink()
    assert "is valid" in small("validate").out
    ran = small("validate", "--check-evidence", code=3)
    lines = register(small).read_text().splitlines()
    for name, file in (("evidence-changed", "other.txt"), ("evidence-missing", "gone.txt")):
        (number,) = (n for n, line in enumerate(lines, start=1) if f'"{file}#sha256=' in line)
        assert f"{NAME}:{number}:5: {name}: " in ran.out
    assert "same.txt" not in ran.out
    assert f"socwatch undo {made['id']}" in ran.out
    assert ran.out.endswith(
        "\n2 faults: mend what is listed, then: socwatch validate --check-evidence\n"
    )


def test_evidence_of_what_was_taken_back(small: Soc) -> None:
    """What was taken back needs its evidence no more, so that a fault of evidence can be mended."""
    (small.folder / "a.txt").write_text("a")
    small("done", "r1", "--evidence", "a.txt")
    (small.folder / "a.txt").write_text("b")
    small("validate", "--check-evidence", code=3)
    small("undo")
    assert "unchanged: 0 files" in small("validate", "--check-evidence").out
    small("done", "r1", "--evidence", "a.txt")
    assert "unchanged: 1 file." in small("validate", "--check-evidence").out


def test_evidence_that_people_wrote_down(soc: Soc) -> None:
    """A path without a digest is looked for, and may have changed; an address is not."""
    told = 'evidence = ["a.txt", "https://a.example", "mailto:a@b.example"]'
    soc.write(SMALL + update(1, "r1", "done", "2024-10-01", told))
    assert "a.txt cannot be read: No such file" in soc("validate", "--check-evidence", code=3).out
    (soc.folder / "a.txt").write_text("anything")
    assert "unchanged: 1 file." in soc("validate", "--check-evidence").out


def test_evidence_for_scripts(soc: Soc) -> None:
    """Faults of evidence are among the rows that scripts read; other faults stay among them."""
    soc.write(SMALL + update(1, "r9", "done", "2024-10-01", 'evidence = ["a.txt"]'))
    out = soc("validate", "--check-evidence", "--format", "json", code=3).out
    assert '"evidence-missing"' in out
    assert '"unknown-' in out


# Hostile text

KEPT = {
    "lines": "one\ntwo\r\nthree\n",
    "quotes": '""" \'\'\' \\ \\" " \'',
    "header": '"\n\n[[updates]]\nid = "u-evil"\n#',
    "comment": "# not a comment",
    "escapes": "\\u0041 \\x41 \\n \\",
    "braces": "{ } [ ] = , . @",
    "markup": "[bold red]x[/] :smile: <script> =cmd() %s {0}",
    "unicode": "Łódź — naïve “quotes” 漢字 👩‍👩‍👧 ﷽",
    "blanks": "  \t tab and blanks  ",
    "dashes": "--yes -y --help",
    "long": "a long note, " * 9_000,
}
REFUSED = {
    "ansi": ("\x1b[31mred", "U+001B"),
    "bidi": ("\u202egnp.exe", "U+202E"),
    "backspace": ("a\x08b", "U+0008"),
    "carriage-return": ("a\rb", "U+000D"),
    "delete": ("a\x7f", "U+007F"),
    "c1": ("a\x9b31m", "U+009B"),
    "mark": ("\ufeffa", "U+FEFF"),
    "bytes": ("a\udcff\udcfe", "bytes that are not UTF-8 text"),
}


def test_text_is_kept_exactly(small: Soc) -> None:
    """Whatever people type is read back as they typed it, in every option."""
    for text in KEPT.values():
        item = "r1" if len(updates(small)) % 2 else "a1"
        row = added(small, "assign", item, f"--note={text}", f"--by={text}", "--", text)
        assert (row["owner"], row["note"], row["by"]) == (text, text, text)
    assert len(updates(small)) == len(KEPT)
    assert "is valid" in small("validate").out


@pytest.mark.parametrize(("text", "said"), REFUSED.values(), ids=REFUSED)
def test_text_that_nobody_can_see_is_refused(small: Soc, text: str, said: str) -> None:
    """What a reader could not see is not written, and is named by its number."""
    err = refused(small, "done", "r1", f"--note={text}")
    assert f"note holds {said}" in err
    assert text not in err


@pytest.mark.parametrize(("option", "field"), [("assign-to", "owner"), ("by", "by")])
def test_options_that_hold_what_nobody_can_see(small: Soc, option: str, field: str) -> None:
    """Every text is looked at, and the field that is at fault is named."""
    assert f"{field} holds U+202E" in refused(small, "start", "r1", f"--{option}=\u202ea")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("done", "\udcff\x1b[31m"), 4),
        (("done", "r1", "--on", "\x1b[31m\u202e"), 2),
        (("done", "r1", "--evidence", "\udcff\x1b[31m"), 2),
        (("close", "r1", "--note", "x", "--outcome", "\u202e\n"), 2),
        (("undo", '"""\n\x1b[31m\udcff'), 4),
    ],
    ids=["id", "day", "file", "word", "update"],
)
def test_hostile_names(small: Soc, arguments: tuple[str, ...], code: int) -> None:
    """Text in the place of an id, a day, a choice or a file is never found, and never obeyed."""
    before = register(small).read_bytes()
    ran = small(*arguments, code=code)
    assert register(small).read_bytes() == before
    assert "\x1b" not in ran.out + ran.err
    assert "\u202e" not in ran.out + ran.err


def test_evidence_with_a_hostile_name(small: Soc) -> None:
    """A file whose name can be written is kept by it, one whose name cannot is refused."""
    good = small.folder / 'a "b"\n[[updates]] #.txt'
    good.write_text("x")
    row = added(small, "done", "r1", "--evidence", good)
    assert row["evidence"][0].startswith('a "b"\n[[updates]] #.txt#sha256=')
    assert "unchanged: 1 file." in small("validate", "--check-evidence").out
    bad = small.folder / "a\udcff.txt"
    bad.write_text("x")
    assert "evidence holds bytes" in refused(small, "note", "a1", "--note", "x", "--evidence", bad)


# Telling it


def test_recorded_but_not_printed(small: Soc) -> None:
    """Where the answer cannot be printed, it is recorded: 0 says so to scripts, words to people."""
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "socwatch", "done", "r1"],
            cwd=small.folder,
            env=bare_environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            encoding="utf-8",
        )
    assert ran.returncode == 0
    assert "all of it is recorded, but the answer cannot be printed" in ran.stderr
    assert "nothing was written" not in ran.stderr
    assert len(updates(small)) == 1


def test_not_printed_and_not_recorded(small: Soc) -> None:
    """Where nothing was to be recorded, an answer that cannot be printed is a failure."""
    for arguments in (("reopen", "r1", "--note", "x"), ("done", "r1", "--dry-run")):
        with Path("/dev/full").open("w", encoding="utf-8") as full:
            ran = subprocess.run(
                [sys.executable, "-m", "socwatch", *arguments],
                cwd=small.folder,
                env=bare_environment(),
                stdout=full,
                stderr=subprocess.PIPE,
                check=False,
                encoding="utf-8",
            )
        assert ran.returncode == 5
        assert "recorded" not in ran.stderr
    assert updates(small) == []


def test_the_shipped_register(shipped: Soc) -> None:
    """The shipped register takes updates as it is, and all its evidence is where it says."""
    before = (ROOT / "data" / NAME).read_bytes()
    ran: Ran = shipped("done", "wmp-soc-2024-r1", "--on", "2024-12-12")
    assert (
        "West Mercia Police: 6 recommendations (4 open, 1 in progress, 1 reported done)" in ran.out
    )
    assert (shipped.folder / "data" / NAME).read_bytes().startswith(before)
    assert "is valid" in shipped("validate", "--check-evidence").out


# ----------------------------------------------------------------------------- a period as deadline


AGREED = ("--by", "HMICFRS", "--note", "Agreed.")
FAR_AHEAD = "2099-01-01"


@pytest.mark.parametrize(
    ("typed", "deadline", "counted"),
    [
        (("r1", "2 weeks"), "2025-01-15", "2 weeks counted from the deadline before it, 1 Jan"),
        (("r1", "2 weeks", "--on", "2024-06-01"), "2025-01-15", "deadline before it, 1 Jan 2025"),
        (("r1", "a month"), "2025-02-01", "1 month counted from the deadline before it"),
        (("r2@norfolk", "1 month"), "2025-04-30", "deadline before it, 31 Mar 2025"),
        (("r1", "2025-02-20"), "2025-02-20", ""),
    ],
)
def test_extend_by_a_period(
    small: Soc, typed: tuple[str, ...], deadline: str, counted: str
) -> None:
    """A period counts from the deadline, of a month from its last day; --on changes nothing."""
    out = small("extend", *typed, *AGREED).out
    rows = {row["id"]: row for row in small.json("list", "--as-of", FAR_AHEAD)["rows"]}
    row = rows[typed[0]]
    assert (row["deadline"], row["extensions"]) == (deadline, 1)
    assert counted in out
    assert ("counted from" in out) == bool(counted)


def test_extend_by_a_period_from_the_deadline_of_the_decision(small: Soc) -> None:
    """Each item has its own deadline to count from: that on the day of the decision."""
    small("extend", "r1", "2025-03-01", *AGREED, "--on", "2024-07-01")
    small("extend", "r1", "r2@norfolk", "1 week", *AGREED, "--on", "2024-08-01", "--yes")
    rows = {row["id"]: row["deadline"] for row in small.json("list", "--as-of", FAR_AHEAD)["rows"]}
    assert (rows["r1"], rows["r2@norfolk"]) == ("2025-03-08", "2025-04-07")
    assert rows["r2@northumbria"] == "2025-03-31"


def test_extend_from_today(small: Soc) -> None:
    """A period after "in" counts from today, and the command says so."""
    first = today_in_london(datetime.now(UTC))
    out = small("extend", "r1", "in 2 weeks", *AGREED).out
    days = {first, today_in_london(datetime.now(UTC))}  # midnight may pass meanwhile
    (row,) = (
        row for row in small.json("list", "--as-of", "2099-01-01")["rows"] if row["id"] == "r1"
    )
    assert row["deadline"] in {str(day + timedelta(days=14)) for day in days}
    assert any(f"r1: 2 weeks counted from today, {format_date(day)}" in out for day in days)


@pytest.mark.parametrize(
    ("deadline", "typed", "message", "hint"),
    [
        ("", "2 weeks", "it has no deadline from which to count 2 weeks", "extend r1 'in 2 weeks'"),
        ("deadline = 2025-01-01\n", "9000 years", "no date 9000 years after 1 Jan 2025", "a date"),
    ],
)
def test_extend_by_a_period_that_leads_nowhere(
    small: Soc, deadline: str, typed: str, message: str, hint: str
) -> None:
    """Without a deadline a period is refused, with what to type, and nothing is written."""
    register = small.write(SMALL.replace("deadline = 2025-01-01\n", deadline))
    before = register.read_bytes()
    refused = small("extend", "r1", typed, *AGREED, code=5).err
    assert message in refused
    assert "nothing was written" in refused
    assert hint in refused
    assert register.read_bytes() == before
