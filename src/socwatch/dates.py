"""Days: dates known only in part, deadlines as words, the 56 days, and days as people type them.

Nothing here reads a clock. "Last day" always means the last day that is still in time.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

DAYS_TO_RESPOND = 56
"""Police Act 1996 s.55(5A): comments are due before the end of the period of 56 days
*beginning with* the day on which the report is published. That day is therefore day 1."""

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

Unit = Literal["day", "week", "month", "year"]


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A day, or a month or year whose day is not known; ordered by its first day."""

    first: date
    last: date

    @classmethod
    def of_day(cls, day: date) -> PartialDate:
        """A date that is known to the day."""
        return cls(day, day)

    @classmethod
    def of_month(cls, year: int, month: int) -> PartialDate:
        """A month, of which no day is known: it is past only when it has ended."""
        last = calendar.monthrange(year, month)[1]
        return cls(date(year, month, 1), date(year, month, last))

    @classmethod
    def of_year(cls, year: int) -> PartialDate:
        """A year, of which no day is known: it is past only when it has ended."""
        return cls(date(year, 1, 1), date(year, 12, 31))

    @property
    def year(self) -> int:
        """The year that it lies in."""
        return self.first.year

    @property
    def precision(self) -> Literal["day", "month", "year"]:
        """How exactly the date is known."""
        if self.first == self.last:
            return "day"
        return "month" if self.first.month == self.last.month else "year"

    def __str__(self) -> str:
        """The form in which a register holds it: 2025-01-31, 2025-01 or 2025."""
        return self.first.isoformat()[: {"day": 10, "month": 7, "year": 4}[self.precision]]

    def in_words(self) -> str:
        """The form for a person: 31 Jan 2025, Jan 2025 or 2025."""
        match self.precision:
            case "day":
                return format_date(self.first)
            case "month":
                return f"{MONTHS[self.first.month - 1][:3]} {self.first.year}"
            case "year":
                return str(self.first.year)


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time as a source states it ("6 months"), counted from publication."""

    count: int
    unit: Unit

    def __str__(self) -> str:
        """The form in which a register holds it: "6 months"."""
        return f"{self.count} {self.unit}{'' if self.count == 1 else 's'}"

    def after(self, day: date) -> date:
        """The day that lies this span after `day`.

        Days and weeks are counted. Months and years keep the day of the month, clipped to the
        month's last day: 31 August and 6 months give 28 February. Raises OverflowError past 9999.
        """
        return self._step(day, 1)

    def before(self, day: date) -> date:
        """The day that lies this span before `day`, clipped in the same way."""
        return self._step(day, -1)

    def _step(self, day: date, direction: Literal[1, -1]) -> date:
        count = self.count * direction
        match self.unit:
            case "day":
                return day + timedelta(days=count)
            case "week":
                return day + timedelta(weeks=count)
            case "month":
                return _add_months(day, count)
            case "year":
                return _add_months(day, 12 * count)


def full_months(first: date, last: date) -> int:
    """Return how many whole months of the calendar lie between two days, the second the later.

    A month is full on the same day of the month, or on the last day of one that has no such day:
    31 August to 28 February is 6 months, as `Span` counts them.
    """
    months = (last.year - first.year) * 12 + last.month - first.month
    return months - (_add_months(first, months) > last)


def format_date(day: date) -> str:
    """A day for a person: 31 Jan 2025."""
    return f"{day.day} {MONTHS[day.month - 1][:3]} {day.year}"


IMMEDIATELY: Final = "immediately"
"""The deadline word that means the day of publication itself."""

Deadline = PartialDate | Span | Literal["immediately"]
"""What a source sets as a deadline, before it is resolved to a last day."""


def last_day(deadline: Deadline, *, published: date) -> date:
    """The last day that is in time, for a deadline set in a report published on that day."""
    if isinstance(deadline, PartialDate):
        return deadline.last
    if isinstance(deadline, Span):
        return deadline.after(published)
    return published


def last_response_day(published: date) -> date:
    """The last of the 56 days that the Police Act 1996 s.55(5A) gives a local policing body.

    The day of publication is the first of them, so this is publication + 55:
    14 May 2024 gives 8 July 2024.
    """
    return published + timedelta(days=DAYS_TO_RESPOND - 1)


def in_london(instant: datetime) -> datetime:
    """An instant as clocks and calendars in London show it, whatever the machine's own zone."""
    from zoneinfo import ZoneInfo  # only the runs that need it pay for its tables

    return instant.astimezone(ZoneInfo("Europe/London"))


def today_in_london(instant: datetime) -> date:
    """The date on a calendar in London at an instant."""
    return in_london(instant).date()


_SPAN = re.compile(r"(?:(\d{1,4})|an?)\s+(day|week|month|year)s?", re.ASCII | re.IGNORECASE)
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)


def parse_span(text: str) -> Span | None:
    """The span that a text such as "6 months" or "a year" states; None if it states none."""
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        return None
    unit: Unit = found[2].lower()  # type: ignore[assignment]  # the pattern admits only units
    return Span(int(found[1] or 1), unit)


def parse_partial(value: object) -> PartialDate | None:
    """The partial date that a register's value states; None if it states none.

    A value is a TOML date, or text such as "2025-01-31", "2025-01" or "2017". A date with
    a time of day is not one: nobody may wonder in which zone it was meant.
    """
    if isinstance(value, date):
        return None if isinstance(value, datetime) else PartialDate.of_day(value)
    if not isinstance(value, str):
        return None
    try:
        if found := _ISO_DAY.fullmatch(value):
            return PartialDate.of_day(date(int(found[1]), int(found[2]), int(found[3])))
        if found := _MONTH.fullmatch(value):
            return PartialDate.of_month(int(found[1]), int(found[2]))
        if _YEAR.fullmatch(value):
            return PartialDate.of_year(int(value))
    except ValueError:  # calendar.IllegalMonthError is one too
        return None
    return None


def parse_deadline(value: object) -> Deadline | None:
    """The deadline that a register's value states; None if it states none."""
    partial = parse_partial(value)
    if partial is not None or not isinstance(value, str):
        return partial
    return IMMEDIATELY if value.strip().lower() == IMMEDIATELY else parse_span(value)


def _add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        message = "past the end of the calendar"
        raise OverflowError(message)
    return day.replace(
        year=year, month=month + 1, day=min(day.day, calendar.monthrange(year, month + 1)[1])
    )
