"""The days on which an alert is listed, so that a daily run does not repeat itself each day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

REPEAT_INTERVAL_DAYS = 30
"""How many days lie between the reminders that follow the last day of a schedule, without end."""


class ReminderSchedule(NamedTuple):
    """Numbers of days left on which an alert is listed; negative ones lie past the last day."""

    days: tuple[int, ...]

    @classmethod
    def of(cls, days: Iterable[int]) -> ReminderSchedule:
        """Return the schedule of these days, in whatever order they are given."""
        return cls(tuple(sorted(set(days), reverse=True)))

    def ahead_of(self, days: Iterable[int]) -> ReminderSchedule:
        """Return this schedule past the last day; before it, only these days and the day itself."""
        return ReminderSchedule.of((*days, 0, *(day for day in self.days if day < 0)))

    @property
    def highest(self) -> int:
        """The largest number of days left on which an alert is listed."""
        return max(self.days)

    def is_due(self, days_left: int, days: int = 1) -> bool:
        """Return whether one of the last `days` days, the as-of date included, is a reminder day.

        `days_left` is that of the as-of date; it was one more the day before. With reminders at 7
        and 0, an item with 5 days left is due one if `days` is 3 or more: it had 7 left two days
        before.
        """
        before = days_left + days - 1
        if any(days_left <= day <= before for day in self.days):
            return True
        lowest = min(0, *self.days)
        further = max(1, -((before - lowest) // REPEAT_INTERVAL_DAYS))
        return days_left <= lowest - further * REPEAT_INTERVAL_DAYS <= before


DEFAULT_SCHEDULE = ReminderSchedule.of((28, 14, 7, 1, 0, -1, -7, -30))
"""The schedule where none is named."""

FROM_START = ReminderSchedule.of((0,))
"""The schedule of what has no last day: its first day, then every 30 days."""


class LastRun(NamedTuple):
    """An earlier run of the same check; what has happened since then is news."""

    day: date
    """Its as-of date; the news of that day was told by it."""
    snapshot: Mapping[str, str] | None = None
    """The fingerprint that each thing checked had then, by its id; None where that is not known."""
