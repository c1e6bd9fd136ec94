"""A clock that is behind the register: what it said of past days stays, or nothing is recorded."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta

import pytest

from conftest import AtTime, Soc
from registers import SMALL, update

NAME = "recommendations.toml"
DONE = ("done", "r1", "--by", "A. Officer")


def ahead(soc: Soc, **by: float) -> datetime:
    """Write a register with one update, recorded so much later than this computer's clock says."""
    time = datetime.now(UTC).replace(microsecond=0) + timedelta(**by)
    recorded = f"recorded = {time:%Y-%m-%dT%H:%M:%SZ}"
    soc.write(SMALL + update(1, "a1", "note", "2024-06-01", 'note = "x"', recorded))
    return time


def times(soc: Soc) -> list[datetime]:
    """When the updates of the register were recorded."""
    rows = tomllib.loads((soc.folder / NAME).read_text())["updates"]
    return [row["recorded"] for row in rows]


def line_of_update() -> int:
    """The line on which the update of such a register begins."""
    return SMALL.count("\n") + 2


@pytest.mark.parametrize("hours", [0.1, 23])
def test_a_colleagues_clock_runs_ahead(soc: Soc, hours: float) -> None:
    """Up to a day behind, an update carries the newest time on record, and a warning says so."""
    newest = ahead(soc, hours=hours)
    err = soc(*DONE).err
    assert times(soc) == [newest, newest]
    assert f"u-1 (line {line_of_update()} of {NAME}) was recorded on {newest:%Y-%m-%d %H:%M}" in err
    assert "the later time is used" in err
    assert "nothing was written" not in err


@pytest.mark.parametrize("command", [DONE, ("undo", "--by", "B"), (*DONE, "--dry-run")])
def test_one_of_two_clocks_is_wrong(soc: Soc, command: tuple[str, ...]) -> None:
    """More than a day behind, nothing is recorded, and the newest record is named with its line."""
    newest = ahead(soc, hours=25)
    ran = soc(*command, code=5)
    named = f"u-1 (line {line_of_update()} of {NAME}) was recorded on {newest:%Y-%m-%d %H:%M} UTC"
    assert named in ran.err
    assert "one of the two clocks is wrong; nothing was written" in ran.err
    assert "--clock-is-right" in ran.err
    assert (ran.out, times(soc)) == ("", [newest])


@pytest.mark.parametrize("command", [DONE, ("undo", "--by", "B")])
@pytest.mark.parametrize("hours", [1, 1000])
def test_this_clock_is_right(soc: Soc, command: tuple[str, ...], hours: int) -> None:
    """With --clock-is-right this computer's time is recorded; out of order it is no fault."""
    newest = ahead(soc, hours=hours)
    assert soc(*command, "--clock-is-right").err == ""
    first, second = times(soc)
    assert first == newest
    assert abs(second - datetime.now(UTC)) < timedelta(minutes=10)
    assert "is valid" in soc("validate").out


def test_a_clock_that_is_ahead_or_right(soc: Soc) -> None:
    """A register whose records are all in the past is recorded in without a word."""
    ahead(soc, seconds=-1)
    assert soc(*DONE).err == ""
    first, second = times(soc)
    assert first < second <= datetime.now(UTC)


@pytest.mark.parametrize("time", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"])
def test_a_time_at_the_end_of_the_calendar(soc: Soc, time: str) -> None:
    """A time that UTC has no date for is a problem of the register, and stops nothing."""
    soc.write(SMALL + update(1, "a1", "note", "2024-06-01", 'note = "x"', f"recorded = {time}"))
    for command in (("validate",), ("check",), DONE):
        ran = soc(*command, code=3)
        assert "implausible-date: the year" in ran.out + ran.err
        assert "itself failed" not in ran.err


def test_validate_warns_of_the_future(soc: Soc) -> None:
    """A record of the future is told by `validate` on stderr, and makes no register invalid."""
    newest = ahead(soc, days=400)
    ran = soc("validate")
    assert "is valid" in ran.out
    assert f"u-1 (line {line_of_update()} of {NAME}) was recorded on {newest:%Y-%m-%d}" in ran.err
    assert "in the future by this computer's clock" in ran.err
    assert "other record" not in ran.err
    text = (soc.folder / NAME).read_text()
    soc.write(text + text.removeprefix(SMALL).replace("u-1", "u-2").replace('"x"', '"y"'))
    assert "(and 1 other record too)" in soc("validate", "--format", "json").err
    ahead(soc, days=-1)
    assert soc("validate").err == ""


@pytest.mark.parametrize("instant", ["2025-06-01T10:00:00Z", "1971-01-01T00:00:00Z"])
def test_the_past_stays_on_a_wrong_clock(soc: Soc, at_time: AtTime, instant: str) -> None:
    """What the register said on a past day is the same after a machine without a battery tried."""
    path = soc.write(SMALL + update(1, "a1", "note", "2026-03-01", 'note = "x"'))
    before = path.read_bytes()
    ended = at_time(instant, *DONE, "--on", "2026-02-01")
    assert ended.returncode == 5
    assert "one of the two clocks is wrong" in ended.stderr
    assert path.read_bytes() == before
