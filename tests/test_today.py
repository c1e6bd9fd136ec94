"""Today is today in London, whatever the machine's zone, locale and environment; days one by one.

`faketime` sets the clock that the real command reads; nothing else of the machine is touched.
"""

from __future__ import annotations

import json
import os
import re
from datetime import date, datetime

import pytest

import oracle
from conftest import AtTime, Soc
from oracle import A_DAY
from registers import SMALL
from socwatch.tracking import Timing, TrackedItem, replay
from strategies import register_of

ZONES = ("UTC", "Pacific/Kiritimati", "America/Los_Angeles")
"""London's own in winter, the first of all zones to begin a day, and one of the last."""

INSTANTS = [
    ("2026-01-31T23:59:59Z", "2026-01-31"),
    ("2026-02-01T00:00:00Z", "2026-02-01"),
    ("2026-07-01T22:59:59Z", "2026-07-01"),
    ("2026-07-01T23:00:00Z", "2026-07-02"),
    ("2026-03-28T23:59:59Z", "2026-03-28"),  # the night in which summer time begins
    ("2026-03-29T00:00:00Z", "2026-03-29"),
    ("2026-03-29T23:00:00Z", "2026-03-30"),
    ("2026-10-24T23:00:00Z", "2026-10-25"),  # the day on which it ends
    ("2026-10-26T00:00:00Z", "2026-10-26"),
    ("2028-02-28T23:59:59Z", "2028-02-28"),
    ("2028-02-29T23:59:59Z", "2028-02-29"),
    ("2028-03-01T00:00:00Z", "2028-03-01"),
]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(("instant", "today"), INSTANTS, ids=[instant for instant, _ in INSTANTS])
def test_today_is_that_of_london(
    soc: Soc, at_time: AtTime, instant: str, today: str, zone: str
) -> None:
    """The day asked about is London's, in the hours around midnight, in summer and in winter."""
    soc.write(SMALL)
    assert oracle.london_day(datetime.fromisoformat(instant)) == date.fromisoformat(today)
    answer = json.loads(at_time(instant, "check", "--format", "json", TZ=zone).stdout)
    assert answer["as_of"] == today


@pytest.mark.parametrize("zone", ZONES)
def test_an_item_is_late_from_midnight_in_london(soc: Soc, at_time: AtTime, zone: str) -> None:
    """What is due on 1 July is due until midnight of British summer time, and late from then on.

    In Kiritimati 2 July began half a day before, and in Los Angeles 1 July goes on.
    """
    soc.write(re.sub(r'deadline = "2025-03"', "deadline = 2026-07-01", SMALL))
    call = ("check", "--body", "northumbria", "--within", "0")
    before = at_time("2026-07-01T22:59:59Z", *call, TZ=zone)
    assert "due today, 1 Jul 2026" in before.stdout
    assert "past" not in before.stdout
    after = at_time("2026-07-01T23:00:00Z", *call, TZ=zone)
    assert "1 day past 1 Jul 2026" in after.stdout
    assert "due today" not in after.stdout
    assert (before.returncode, after.returncode) == (1, 1)


@pytest.mark.parametrize("zone", ZONES)
def test_a_response_is_late_from_midnight_in_london(soc: Soc, at_time: AtTime, zone: str) -> None:
    """8 July 2024 is the last of the 56 days until midnight of British summer time."""
    soc.write(SMALL)
    before = at_time("2024-07-08T22:59:59Z", "responses", TZ=zone).stdout
    after = at_time("2024-07-08T23:00:00Z", "responses", TZ=zone).stdout
    assert "due today" in before
    assert "no response on record, 1 day past" in after
    assert "due today" not in after


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"LC_ALL": "C"},
        {"LANG": "en_GB.UTF-8", "TERM": "dumb", "HOME": "/nonexistent"},
        {"TZ": "No/Such_Zone"},
        {"TZ": ""},
        {"PATH": "/usr/bin:/bin", "SHELL": "/bin/sh", "LOGNAME": "liaison", "HOME": "/"},
    ],
    ids=["nothing", "C", "no home", "no such zone", "empty zone", "as cron"],
)
def test_an_environment_as_bare_as_that_of_cron(
    soc: Soc, at_time: AtTime, environment: dict[str, str]
) -> None:
    """Without HOME, TERM, PATH or a locale the answer is the same, and nothing is complained of."""
    soc.write(SMALL)
    full = {"LC_ALL": "C.UTF-8", "TERM": "xterm", "HOME": str(soc.folder), "PATH": os.defpath}
    instant = "2026-07-01T23:00:00Z"
    expected = at_time(instant, "check", **full)
    found = at_time(instant, "check", **environment)
    assert (found.returncode, found.stderr) == (1, "")
    assert "As of Thu 2 Jul 2026" in found.stdout
    assert found.stdout == expected.stdout


def test_without_a_home_since_last_says_more(soc: Soc, at_time: AtTime) -> None:
    """Where the last run can be kept nowhere, all is said each time, and stderr says why."""
    soc.write(SMALL)
    environment = {"HOME": "/nonexistent", "XDG_STATE_HOME": "/dev/null/nowhere"}
    runs = [
        at_time("2026-07-01T12:00:00Z", "check", "--remind", "usual", **environment)
        for _ in range(2)
    ]
    for run in runs:
        assert run.returncode == 1
        assert "no completion on record" in run.stdout
        assert "could not save the time of this run" in run.stderr


# Day by day

FIRST, LAST = date(2015, 1, 1), date(2040, 12, 31)


def item_due(deadline: date | str, as_of: date) -> TrackedItem:
    """The one item of a register, published before all of these days."""
    rows: oracle.Rows = {
        "format": 1,
        "bodies": [{"id": "ayle", "name": "Ayle Police", "kind": "force"}],
        "inspections": [
            {"id": "report", "title": "R", "inspectorate": "HMICFRS", "published": date(2014, 1, 1)}
        ],
        "findings": [
            {
                "id": "c1",
                "inspection": "report",
                "bodies": ["ayle"],
                "kind": "cause-of-concern",
                "summary": "What it asks for.",
                "deadline": deadline,
            }
        ],
    }
    (item,) = replay(register_of(rows), as_of)
    return item


def test_days_left_go_down_by_one_each_day() -> None:
    """So it is from 2015 to 2040, over leap days and changes of the clock, to and past 0."""
    deadline = date(2028, 2, 29)
    day, left = deadline, 0
    while day > FIRST:
        day, left = day - A_DAY, left + 1
    seen = 0
    while day <= LAST:
        item = item_due(deadline, day)
        assert item.days_left == left
        assert item.overdue == (left < 0)
        assert (item.timing() is Timing.DUE_SOON) == (0 <= left <= 28)
        day, left, seen = day + A_DAY, left - 1, seen + 1
    assert seen == 26 * 365 + 7  # 2016, 2020, … 2040 are leap years


def test_each_day_as_a_deadline_is_in_time_and_the_next_is_not() -> None:
    """From 2015 to 2040 each day has none left on it, is past on the next, has 7 a week before."""
    deadline = FIRST
    while deadline <= LAST:
        assert item_due(deadline, deadline).days_left == 0
        late = item_due(deadline, deadline + A_DAY)
        assert (late.days_left, late.overdue) == (-1, True)
        week_before = deadline
        for _ in range(7):
            week_before -= A_DAY
        assert item_due(deadline, week_before).days_left == 7
        deadline += A_DAY


def test_each_month_as_a_deadline_lasts_to_its_last_day() -> None:
    """A deadline that is a month is late on the first of the next, in each month of 26 years."""
    months = 0
    day = FIRST
    while day <= LAST:
        first = day
        while day.month == first.month:
            day += A_DAY
        last = day - A_DAY
        assert item_due(f"{first:%Y-%m}", last).days_left == 0
        assert item_due(f"{first:%Y-%m}", day).overdue
        months += 1
    assert months == 26 * 12


@pytest.mark.parametrize(
    "command",
    [
        *(("paper", "-o", f"made.{ending}") for ending in ("html", "docx", "md")),
        *(("export", "-o", f"made.{ending}") for ending in ("xlsx", "csv", "jsonl", "db")),
        ("calendar", "--remind", "28,7", "-o", "made.ics"),
        ("trend", "-o", "made.svg"),
        ("timeline", "-o", "made.svg"),
        ("status", "-o", "made.json"),
    ],
    ids=lambda command: f"{command[0]} {command[-1]}",
)
def test_the_same_bytes_at_any_time(
    shipped: Soc, at_time: AtTime, command: tuple[str, ...]
) -> None:
    """The same register and day give the same file at any time, in any zone and language."""
    made = shipped.folder / command[-1]
    strange = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
    written = []
    for instant, environment in (
        ("2026-11-22T12:00:00Z", {"PYTHONHASHSEED": "1"}),
        ("2031-01-01T03:04:05Z", {"PYTHONHASHSEED": "7", **strange}),
    ):
        assert at_time(instant, *command, "--as-of", "2026-11-22", **environment).returncode == 0
        written.append(made.read_bytes())
    first, second = written
    assert first == second
    assert str(shipped.folder).encode() not in first
    shipped(*command, "--as-of", "2024-12-31")
    assert made.read_bytes() != first
