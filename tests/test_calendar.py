"""The calendar: which days it holds, how it follows the register, and what calendars make of it."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import AS_OF, TIMEOUT, Soc, bare_environment, examples
from oracle import Rows
from registers import SMALL, update
from socwatch.reports.calendar import CalendarOptions, Event, build_calendar
from socwatch.tracking import QueryDates
from strategies import plain_registers, register_of, telling_days
from test_formats import hostile_register

ANSWERED = """
[[responses]]
inspection = "soc-2024"
body = "norfolk"
published = 2024-07-01
"""


class Read(NamedTuple):
    """An event as another program reads it."""

    uid: str
    first: date
    end: date | None
    sequence: int
    status: str
    summary: str
    description: str


def read(text: str) -> list[Read]:
    """The events of a file, in its order, read by a second implementation of the RFC."""
    calendar = vobject.readOne(text)
    return [
        Read(
            event.uid.value,
            event.dtstart.value,
            event.dtend.value if hasattr(event, "dtend") else None,
            int(event.sequence.value),
            event.status.value,
            event.summary.value,
            event.description.value,
        )
        for event in getattr(calendar, "vevent_list", ())
    ]


def calendar(soc: Soc, *options: str, as_of: str = AS_OF) -> list[Read]:
    """The events of the register in the folder."""
    return read(soc("calendar", "--as-of", as_of, *options).out)


def one(soc: Soc, name: str, *options: str, as_of: str = AS_OF) -> Read:
    """The deadline of one item."""
    found = calendar(soc, "--only", "deadlines", *options, as_of=as_of)
    (event,) = (e for e in found if f" {name}," in e.summary and "before" not in e.summary)
    return event


def test_days(small: Soc) -> None:
    """There is a whole day for each deadline and each last day to answer, and none for the rest."""
    events = calendar(small)
    assert [(event.first.isoformat(), event.summary.split(":")[0]) for event in events] == [
        ("2024-07-08", "Last day to answer"),
        ("2025-01-01", "Deadline"),
        ("2025-03-31", "Deadline"),
        ("2025-03-31", "Deadline"),
    ]
    assert "r2@norfolk" in events[2].summary
    assert "r2@northumbria" in events[3].summary
    assert all(event.end == event.first + timedelta(days=1) for event in events)
    assert all(type(event.first) is date for event in events)
    text = small("calendar", "--as-of", AS_OF).out
    assert text.count("DTSTART;VALUE=DATE:") == text.count("TRANSP:TRANSPARENT") == 4
    assert text.count("DTSTAMP:20261122T000000Z") == 4
    assert "Keep better records" not in text
    assert "VALARM" not in text


def test_what_an_event_says(small: Soc) -> None:
    """An event says what was asked, by whose words, by which rule, and what to type for more."""
    event = one(small, "r1")
    assert event.summary == "Deadline: r1, Norfolk Constabulary: Employ enough analysts."
    assert "In the source's words: by 1 January" in event.description
    assert "“How the north tackles organised crime”, published on 14 May 2024" in event.description
    assert "See: socwatch why r1" in event.description
    assert "Only “Mar 2025” is known" in one(small, "r2@norfolk").description
    assert "breach" not in small("calendar", "--as-of", AS_OF).out


def test_calendar_is_to_be_looked_at_again(small: Soc) -> None:
    """The file has its name in both forms, and says how long it is fresh in both."""
    text = small("calendar", "--as-of", AS_OF).out
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT12H\r\n" in text
    assert "X-PUBLISHED-TTL:PT12H\r\n" in text
    assert "NAME:Deadlines of inspections\r\n" in text
    assert "X-WR-CALNAME:Deadlines of inspections\r\n" in text
    assert "METHOD:PUBLISH\r\n" in text
    assert "METHOD:REQUEST" not in text


def test_not_before_publication(small: Soc) -> None:
    """A calendar for a day before the report came out is valid, and empty."""
    assert calendar(small, as_of="2024-05-13") == []
    assert len(calendar(small, as_of="2024-05-14")) == 4


def test_life_of_an_event(small: Soc) -> None:
    """The same event moves, is done, ends and comes back; each time its SEQUENCE rises."""
    register = small.folder / "recommendations.toml"
    seen = [one(small, "r1")]

    def then(*lines: str) -> Read:
        register.write_text(register.read_text() + update(len(seen), "r1", *lines))
        seen.append(one(small, "r1"))
        assert seen[-1].uid == seen[0].uid
        assert seen[-1].sequence > seen[-2].sequence
        return seen[-1]

    moved = then("extend", "2024-11-01", "deadline = 2025-06-30", 'note = "x"', 'by = "HMICFRS"')
    assert moved.first == date(2025, 6, 30)
    assert "Moved 1 time, from 1 Jan 2025." in moved.description
    back = then("retract", "2024-11-02", 'update = "u-1"', 'note = "a mistake"')
    assert (back.first, back.status) == (date(2025, 1, 1), "CONFIRMED")
    done = then("done", "2024-12-01")
    assert (done.summary.split(":")[0], done.status) == ("Said to be done", "CONFIRMED")
    signed = then("sign-off", "2024-12-02", 'by = "HMICFRS"')
    assert (signed.summary.split(":")[0], signed.status) == ("Signed off", "CANCELLED")
    again = then("reopen", "2024-12-03", 'note = "it came back"')
    assert (again.summary.split(":")[0], again.status) == ("Deadline", "CONFIRMED")
    closed = then("close", "2024-12-04", 'outcome = "not-accepted"', 'note = "no"')
    assert (closed.summary.split(":")[0], closed.status) == ("Closed", "CANCELLED")


def test_notes_change_no_event(small: Soc) -> None:
    """What neither moves a date nor changes a status leaves every byte as it was."""
    before = small("calendar", "--as-of", AS_OF).out
    noted = update(1, "r1", "note", "2024-11-01", 'note = "x"')
    owned = update(2, "r1", "assign", "2024-11-01", 'owner = "A. Officer"')
    small.write(SMALL + noted + owned + update(3, "r1", "checked", "2024-11-01"))
    assert small("calendar", "--as-of", AS_OF).out == before
    started = update(4, "r1", "start", "2024-11-01")
    small.write(SMALL + noted + owned + started)
    assert small("calendar", "--as-of", AS_OF).out != before


def test_a_deadline_that_was_taken_back_is_cancelled(small: Soc) -> None:
    """An event for a deadline that only an extension gave is cancelled after its retraction."""
    given = update(1, "cause", "extend", "2024-11-01", "deadline = 2025-05-01", 'note = "x"',
                   'by = "HMICFRS"', 'body = "norfolk"')  # fmt: skip
    small.write(SMALL + given)
    before = one(small, "cause@norfolk")
    assert before.status == "CONFIRMED"
    back = update(2, "cause", "retract", "2024-11-02", 'update = "u-1"', 'note = "No."',
                  'body = "norfolk"')  # fmt: skip
    small.write(SMALL + given + back)
    after = one(small, "cause@norfolk")
    assert after.status == "CANCELLED"
    assert (after.uid, after.sequence) == (before.uid, before.sequence + 1)


@settings(max_examples=examples(40))
@given(plain_registers(), st.data())
def test_sequence_law(rows: Rows, data: st.DataObject) -> None:
    """As lines are added and days pass no SEQUENCE falls, and it rises where an event changes."""
    whole = register_of(rows)
    days = telling_days(rows)
    first = data.draw(st.sampled_from(days))
    steps = [(first, count) for count in range(len(whole.updates) + 1)]
    steps += [(day, len(whole.updates)) for day in sorted(days) if day > first]
    known: dict[str, Event] = {}
    for day, count in steps:
        register = whole.model_copy(update={"updates": whole.updates[:count]})
        events = build_calendar(register, QueryDates(day), CalendarOptions(remind=(28,))).events
        by_uid = {event.uid: event for event in events}
        assert len(by_uid) == len(events)
        assert known.keys() <= by_uid.keys()
        for uid, before in known.items():
            event = by_uid[uid]
            assert event.sequence >= before.sequence
            if seen(event) != seen(before):
                assert event.sequence > before.sequence
        known = by_uid


def seen(event: Event) -> tuple[object, ...]:
    """What a person sees of an event."""
    return event.day, event.cancelled, event.summary, event.description


# -------------------------------------------------------------------------------------- the names


def test_uids(small: Soc, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A UID is the same in every folder and order of the file, and no two events share one."""
    here = {event.summary: event.uid for event in calendar(small, "--remind", "28,7")}
    assert len(set(here.values())) == len(here) == 12
    elsewhere = Soc(tmp_path_factory.mktemp("elsewhere"))
    head, *findings = SMALL.split("[[findings]]")
    turned = head.replace("How the north", "How the far north").replace("Norfolk Con", "The Con")
    elsewhere.write("[[findings]]".join((turned, *(f"{f.rstrip()}\n\n" for f in findings[::-1]))))
    there = [event.uid for event in calendar(elsewhere, "--remind", "7,28")]
    assert sorted(there) == sorted(here.values())
    assert {event.uid for event in calendar(elsewhere)} < set(there)


def test_registers_are_told_apart(small: Soc) -> None:
    """Other ids give other UIDs, and so does a name by which a register is to be told apart."""
    plain = {event.uid for event in calendar(small)}
    apart = {event.uid for event in calendar(small, "--namespace", "Commissioner's copy")}
    assert len(apart) == len(plain) == 4
    assert not apart & plain
    small.write(SMALL.replace("soc-2024", "soc-2025"))
    assert not {event.uid for event in calendar(small)} & (plain | apart)


# -------------------------------------------------------------------------------------- reminders


def test_reminders(small: Soc) -> None:
    """A reminder is an event of its own, so many days before, that ends when the clock stops."""
    events = calendar(small, "--remind", "28, 7", "--body", "norfolk")
    by_day = {e.first.isoformat(): e for e in events if "r1," in e.summary}
    assert sorted(by_day) == ["2024-12-04", "2024-12-25", "2025-01-01"]
    assert by_day["2024-12-04"].summary.startswith("28 days before: Deadline: r1, ")
    assert "The last day is 1 Jan 2025." in by_day["2024-12-25"].description
    assert {event.status for event in events} == {"CONFIRMED"}
    small.write(SMALL + update(1, "r1", "done", "2024-12-01"))
    for event in calendar(small, "--remind", "28,7", "--body", "norfolk"):
        reminds = "before: Said to be done" in event.summary
        assert (event.status == "CANCELLED") == reminds
    assert "1 day" not in small("calendar", "--as-of", AS_OF, "--remind", "28").out
    assert "Day before: " in small("calendar", "--as-of", AS_OF, "--remind", "1").out


def test_no_reminder_before_the_report(small: Soc) -> None:
    """No reminder is from before the report came out; one that was moved there is cancelled."""
    far = calendar(small, "--remind", "250", "--only", "deadlines")
    assert [e.first.isoformat() for e in far if "before" in e.summary] == ["2024-07-24"] * 2
    sooner = ("deadline = 2024-06-01", 'note = "x"', 'by = "HMICFRS"')
    small.write(SMALL + update(1, "r2", "extend", "2024-05-20", 'body = "norfolk"', *sooner))
    moved = calendar(small, "--remind", "250", "--only", "deadlines", "--body", "norfolk")
    (reminder,) = (e for e in moved if e.summary.startswith("Needless: "))
    assert (reminder.status, reminder.first) == ("CANCELLED", date(2024, 5, 14))
    assert reminder.uid in {event.uid for event in far}


def test_no_reminder_of_a_deadline_that_was_taken_back(small: Soc) -> None:
    """Where an extension gave the only deadline and was taken back, its reminders go with it."""
    given = ("deadline = 2025-09-30", 'note = "x"', 'by = "HMICFRS"')
    text = SMALL.replace('deadline = "2025-03"\n', "") + update(
        1, "r2", "extend", "2024-06-01", 'body = "norfolk"', *given
    )
    asked = ("--remind", "28", "--only", "deadlines", "--text", "partners", "--body", "norfolk")
    small.write(text)
    assert {e.status for e in calendar(small, *asked)} == {"CONFIRMED"}
    back = ('note = "x"', 'update = "u-1"', 'body = "norfolk"')
    small.write(text + update(2, "r2", "retract", "2024-06-02", *back))
    events = calendar(small, *asked)
    assert [(e.first.isoformat(), e.status) for e in events] == [
        ("2025-09-02", "CANCELLED"), ("2025-09-30", "CANCELLED"),
    ]  # fmt: skip
    assert [e.summary.split(": r2@")[0] for e in events] == [
        "28 days before: Taken back", "Taken back",
    ]  # fmt: skip


def test_an_empty_calendar_is_said_to_be_empty(small: Soc) -> None:
    """If the filters match nothing, that is said when the calendar is written."""
    ran = small("calendar", "--text", "analists", "-o", "none.ics")
    assert "no deadline or response matches these filters, so this calendar is empty" in ran.err
    assert (small.folder / "none.ics").is_file()
    assert small("calendar", "-o", "all.ics").err == ""


@pytest.mark.parametrize("typed", ["x", "0", "7,,28", "-7", "7.5", "99999", "3661", "²", "7;28"])
def test_reminders_that_are_none(small: Soc, typed: str) -> None:
    """What is no number of days is refused, with an example of what is."""
    ran = small("calendar", "--remind", typed, code=2)
    assert ran.out == ""
    assert "--remind cannot be" in ran.err
    assert "such as 28,7" in ran.err


# ---------------------------------------------------------------------------------- the 56 days


def test_answer_on_record(small: Soc) -> None:
    """An answer cancels the day; before it, and where it is a force's, the day stands."""
    (open_,) = calendar(small, "--only", "responses")
    small.write(SMALL + ANSWERED)
    (answered,) = calendar(small, "--only", "responses")
    assert (open_.status, open_.sequence) == ("CONFIRMED", 0)
    assert (answered.status, answered.sequence, answered.uid) == ("CANCELLED", 1, open_.uid)
    assert "Its answer on record is of 1 Jul 2024." in answered.description
    (earlier,) = calendar(small, "--only", "responses", as_of="2024-06-30")
    assert earlier.status == "CONFIRMED"
    small.write(SMALL + ANSWERED + 'answered_by = "force"\n')
    (by_force,) = calendar(small, "--only", "responses")
    assert by_force.status == "CONFIRMED"


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (("--only", "deadlines"), ["r1", "r2@norfolk", "r2@northumbria"]),
        (("--only", "responses"), ["answer"]),
        (("--body", "northumbria"), ["r2@northumbria"]),
        (("--body", "norfolk"), ["answer", "r1", "r2@norfolk"]),
        (("--body", "north-region"), ["answer", "r1", "r2@norfolk", "r2@northumbria"]),
        (("--inspection", "soc-2024"), ["answer", "r1", "r2@norfolk", "r2@northumbria"]),
        (("--kind", "recommendation", "--body", "norfolk"), ["r1", "r2@norfolk"]),
        (("--text", "partners"), ["r2@norfolk", "r2@northumbria"]),
        (("--status", "done"), []),
        (("--overdue",), ["r1", "r2@norfolk", "r2@northumbria"]),
        (("--due-within", "10"), []),
    ],
    ids=" ".join,
)
def test_filters(small: Soc, options: tuple[str, ...], found: list[str]) -> None:
    """The choices of `list` choose here too; one that is about findings leaves out the 56 days."""
    names = []
    for event in calendar(small, *options):
        word = re.search(r"Deadline: (\S+),", event.summary)
        names.append(word[1] if word else "answer")
    assert sorted(names) == sorted(found)


def test_wrong_choice(small: Soc) -> None:
    """A word that --only does not know is refused with those that it does."""
    ran = small("calendar", "--only", "everything", code=2)
    assert "use one of deadlines, responses" in ran.err
    assert ran.out == ""


# --------------------------------------------------------------------------------------- the file


def test_file_is_the_same_everywhere(small: Soc) -> None:
    """The same register and day give the same bytes, printed or in a file, whatever is set up."""
    asked = ("calendar", "--as-of", AS_OF, "--remind", "7")
    printed = small(*asked, environment={"PYTHONIOENCODING": "ascii"}).out.encode()
    other = {"PYTHONHASHSEED": "7", "TZ": "Pacific/Kiritimati", "PYTHONIOENCODING": "utf-16"}
    other |= {"LC_ALL": "C", "COLUMNS": "20"}
    small(*asked, "-o", "a.ics", environment=other)
    assert (small.folder / "a.ics").read_bytes() == printed
    assert printed.endswith(b"END:VCALENDAR\r\n")
    later = small("calendar", "--as-of", "2026-11-23", "--remind", "7").out.encode()
    assert later != printed


def test_never_over_the_register(small: Soc) -> None:
    """The register is not written over, nor where a link leads to it, and nothing is left."""
    (small.folder / "link.ics").symlink_to("recommendations.toml")
    ran = small("calendar", "-o", "link.ics", code=5)
    assert "would overwrite the register" in ran.err
    assert {path.name for path in small.folder.iterdir()} == {"link.ics", "recommendations.toml"}
    assert (small.folder / "link.ics").is_symlink()
    assert (small.folder / "recommendations.toml").read_text() == SMALL


def lines_of(text: str) -> list[str]:
    """The lines of a file as they stand in it, folded."""
    assert text.endswith("\r\n")
    return text.removesuffix("\r\n").split("\r\n")


def test_hostile_text(soc: Soc) -> None:
    """Text of a register stays text: it begins no event, ends no line, and comes back whole."""
    fake = 'x\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:mine\r\nSUMMARY:a,b;c\\n\\,\tTZID="x":^n'
    text = hostile_register().replace("area-for-improvement", "cause-of-concern")
    text = text.replace(
        "[[findings]]\n",
        f"[[findings]]\ndeadline = 2025-01-01\ndeadline_words = {json.dumps(fake)}\n",
    )
    soc.write(text)
    out = soc("calendar", "--as-of", AS_OF, "--remind", "7").out
    raw = lines_of(out)
    events = 2 * text.count("[[findings]]")  # each with its reminder
    assert raw.count("BEGIN:VEVENT") == raw.count("END:VEVENT") == events
    assert "UID:mine" not in raw
    assert not any("\n" in line or "\r" in line for line in raw)
    assert all(len(line.encode()) <= 75 for line in raw)
    assert not any(line.startswith("URL") for line in raw)
    found = read(out)
    assert len(found) == events
    words = " ".join(fake.split())
    assert all(f"In the source's words: {words}\n" in event.description for event in found)
    assert any("漢字" * 30 in event.description for event in found)


def test_addresses(small: Soc) -> None:
    """A report's address goes with its events if it is one of the web, and else not at all."""

    def with_url(url: str) -> str:
        head = 'inspectorate = "HMICFRS"\n'
        small.write(SMALL.replace(head, f"{head}url = {json.dumps(url)}\n"))
        return small("calendar", "--as-of", AS_OF).out

    assert "URL:https://example.org/a?b=c\\,d\r\n" not in with_url("https://example.org/a?b=c,d")
    assert with_url("https://example.org/a?b=c,d").count("URL:https://example.org/a?b=c,d\r\n") == 4
    assert "URL" not in with_url("https://example.org/漢字")


def test_long_text(small: Soc) -> None:
    """A summary of a million characters is whole in the description, and short in the summary."""
    long = "漢字 and more; " * 70_000
    small.write(SMALL.replace("Employ enough analysts.", long))
    out = small("calendar", "--as-of", AS_OF, "--only", "deadlines", "--body", "norfolk").out
    assert all(len(line.encode()) <= 75 for line in lines_of(out))
    (event,) = (event for event in read(out) if " r1," in event.summary)
    assert event.description.startswith(long.strip())
    assert len(event.summary) < 200
    assert event.summary.endswith("…")


def test_closed_pipe(small: Soc) -> None:
    """A reader that goes away early is no error."""
    ended = subprocess.run(
        ["sh", "-c", f'"$0" -m socwatch calendar --as-of {AS_OF} | head -c 20', *_python()],
        cwd=small.folder, env=bare_environment(), capture_output=True, check=False, timeout=TIMEOUT,
    )  # fmt: skip
    assert ended.stdout == b"BEGIN:VCALENDAR\r\nVER"
    assert ended.stderr == b""


def _python() -> list[str]:
    import sys

    return [sys.executable]


# -------------------------------------------------------------------------------- a real calendar

KHAL = """\
[calendars]
[[soc]]
path = {folder}/calendar
type = calendar
[locale]
local_timezone = Europe/London
default_timezone = Europe/London
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[sqlite]
path = {folder}/cache.db
[default]
default_calendar = soc
"""


def test_imported_twice(small: Soc, program: Callable[[str], str]) -> None:
    """A real calendar that imports the file again doubles nothing, and moves what has moved."""
    khal = program("khal")
    folder = small.folder / "khal"
    (folder / "calendar").mkdir(parents=True)
    (folder / "config").write_text(KHAL.format(folder=folder))
    environment = bare_environment() | {"HOME": str(folder), "LC_ALL": "C.UTF-8"}
    # A program of the system's own Python: what belongs to that of the tests is nothing to it.
    environment = {k: v for k, v in environment.items() if not k.startswith(("PYTHON", "COV"))}

    def run(*arguments: str) -> str:
        return subprocess.run(
            [khal, "-c", str(folder / "config"), *arguments],
            cwd=small.folder, env=environment, capture_output=True, check=True, timeout=TIMEOUT,
            text=True,
        ).stdout  # fmt: skip

    def imported() -> list[str]:
        small("calendar", "--as-of", AS_OF, "--remind", "7", "-o", "x.ics")
        run("import", "--batch", "-a", "soc", "x.ics")
        shown = "{start-date} {end-date} {status}{title}"
        listed = run("list", "--format", shown, "--day-format", "", "2024-05-01", "500d")
        return [line for line in listed.splitlines() if line.strip()]

    first = imported()
    assert len(first) == 8
    assert "2025-01-01 2025-01-01 CONFIRMED Deadline: r1, Norfolk Constabulary: " in "\n".join(
        first
    )
    assert imported() == first
    assert len(list((folder / "calendar").iterdir())) == 8
    agreed = ("deadline = 2025-02-03", 'note = "x"', 'by = "HMICFRS"')
    small.write(SMALL + update(1, "r1", "extend", "2024-12-01", *agreed))
    moved = imported()
    assert len(moved) == 8
    assert any(line.startswith("2025-02-03 2025-02-03 CONFIRMED Deadline: r1") for line in moved)
    assert not any(line.startswith("2025-01-01") for line in moved)
