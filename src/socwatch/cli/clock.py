"""This computer's clock, compared with the times at which the records of a register were made."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from socwatch.cli.session import Opened
from socwatch.cli.streams import print_warning
from socwatch.errors import ClockBehind, Location
from socwatch.records import TABLES, Register
from socwatch.reports.table import count
from socwatch.store.load import Loaded

_MAX_BEHIND = timedelta(days=1)
"""How far a colleague's clock may run ahead of this one."""


class _Recorded(NamedTuple):
    """When a record was recorded, and where it is."""

    time: datetime
    place: Location
    name: str

    def words(self, loaded: Loaded) -> str:
        """The record as a message names it."""
        line = loaded.syntax.position(loaded.decoded.in_file(self.place)).line
        where = f"line {line} of {loaded.path}"
        return f"{self.name} ({where}) was recorded on {_words(self.time)}"


def time_to_record(before: Opened, *, clock_is_right: bool) -> datetime:
    """Return the time that new records carry: now, or that of the newest record if it is later.

    So `--recorded-until` gives the same answer for a past date for ever. Raises ClockBehind if the
    newest record is more than a day later, unless this computer's clock is known to be right.
    """
    now = datetime.now(UTC).replace(microsecond=0)
    newest = max(_recorded(before.register), default=None)
    if clock_is_right or newest is None or newest.time <= now:
        return now
    if newest.time - now > _MAX_BEHIND:
        raise ClockBehind(newest.words(before.loaded), _words(now))
    return newest.time.astimezone(UTC)


def warn_if_behind(before: Opened, recorded: datetime) -> None:
    """Say that records carry the time of the newest one before them, not this computer's."""
    now = datetime.now(UTC)
    if recorded > now:
        newest = max(_recorded(before.register)).words(before.loaded)
        print_warning(
            f"{newest}, but it is {_words(now)} by this computer's clock: the later time is used"
        )


def warn_of_future(loaded: Loaded, register: Register) -> None:
    """Say which records were recorded in the future, as a clock that is wrong has it."""
    now = datetime.now(UTC)
    future = sorted(each for each in _recorded(register) if each.time > now)
    if future:
        newest, others = future[-1].words(loaded), count(len(future) - 1, "other record")
        more = f" (and {others} too)" if future[1:] else ""
        print_warning(f"{newest}, in the future by this computer's clock{more}")


def _recorded(register: Register) -> Iterator[_Recorded]:
    for table in TABLES:
        for index, record in enumerate(getattr(register, table)):
            if (time := getattr(record, "recorded", None)) is not None:
                name = getattr(record, "id", None) or f"a record of [[{table}]]"
                yield _Recorded(time, (table, index), name)


def _words(time: datetime) -> str:
    try:
        return f"{time.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    except OverflowError:  # within a day of where the calendar ends
        return time.isoformat()
