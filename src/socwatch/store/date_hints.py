"""Dates in forms that a register does not take: what was meant, and what to write instead.

Nothing is ever read in these forms; a problem of the register names the right one. British dates
come first: 03/04/2026 is 3 April.
"""

from __future__ import annotations

import contextlib
import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime

from socwatch.dates import IMMEDIATELY, MONTHS, Deadline, PartialDate, format_date, parse_span
from socwatch.errors import Location, Problem
from socwatch.fields import DATED, FieldSpec, Form

MAX_TEXT_LENGTH = 60
"""Characters of the longest text that is looked at; no date is longer."""

_NO_DATE = re.compile(
    r"|-|\?|tb[acd]|n/?a|nil|none?|open|pending|rolling|unknown|asap|as soon as possible"
    r"|on[- ]?going|continu(?:ing|ous)|in progress|no (?:date|deadline|target)(?: set)?"
    r"|(?:to be|not|not yet) (?:agreed|announced|applicable|confirmed|decided|determined|known"
    r"|set|specified|stated)"
)
_AT_ONCE = re.compile(
    rf"{IMMEDIATELY}|(?:with )?immediate(?: effect)?|at once|forthwith|straight ?away"
)
_WEEKDAY = re.compile(r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,? ")
_UNTIL = re.compile(
    r"(?:(?:by|on|until|up to|no later than|on or before|in|within) |(?:the )?end (?:of )?|the )+"
)
_FROM_THE_REPORT = re.compile(
    r" (?:of|from|after) (?:the )?(?:date of )?(?:its |this )?(?:publication|report)"
)
_ORDINAL = re.compile(r"(?<=[0-9])(?:st|nd|rd|th)\b")
_COUNTS = {
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "six": "6",
    "seven": "7",
    "eight": "8",
    "nine": "9",
    "ten": "10",
    "eleven": "11",
    "twelve": "12",
    "eighteen": "18",
}
_UNITS = re.compile(r"\b(day|week|wk|month|mth|year|yr)s?\b\.?")
_LONG = {"wk": "week", "mth": "month", "yr": "year"}

_WRITTEN = tuple(
    re.compile(form)
    for form in (
        r"(?P<y>[0-9]{4})[-/. ](?P<m>[0-9]{1,2})[-/. ](?P<d>[0-9]{1,2})(?:[t ][0-9]{2}:.*)?",
        r"(?P<y>(?:18|19|20|21)[0-9]{2})(?P<m>[0-9]{2})(?P<d>[0-9]{2})",
        r"(?P<d>[0-9]{1,2})[-/. ](?P<m>[0-9]{1,2})[-/. ](?P<y>[0-9]{4}|[0-9]{2})",
        r"(?P<d>[0-9]{1,2})[-/., ]*(?:of )?(?P<m>[a-z]{3,9})[-/., ]*(?P<y>[0-9]{4}|[0-9]{2})",
        r"(?P<m>[a-z]{3,9})[. ] ?(?P<d>[0-9]{1,2}),? (?P<y>[0-9]{4})",
        r"(?P<m>[a-z]{3,9})[-/., ]+(?P<y>[0-9]{4})",
        r"(?P<m>[0-9]{1,2})[-/.](?P<y>[0-9]{4})",
        r"(?P<y>[0-9]{4})[-/.](?P<m>[0-9]{1,2})",
        r"(?P<y>[0-9]{4})",
    )
)


def date_problem(
    place: Location, field: FieldSpec, fields: Mapping[str, FieldSpec], value: object
) -> Problem:
    """Return the problem of a value that is none of the dates that a field takes.

    `fields` are those of its record, one of which may hold the source's wording.
    """
    text = str(value) if _is_small_number(value) else value
    meant = None
    if isinstance(text, str) and field.form is not Form.TIME:
        try:
            meant = likely_deadline(text)
        except ValueError:
            message = f"the calendar has no {_shown(text)}"
            remedy = "write a date that exists, such as 2025-01-31"
            return Problem("impossible-date", place, message, remedy)
    if meant is not None:
        message, remedy = _as_meant(field, value, meant)
    elif isinstance(text, str) and states_no_date(text):
        message = f"{field.name} is not a date: {_shown(text)}"
        remedy = _without_date(field, fields)
    else:
        message, remedy = _by_its_kind(field, value)
    return Problem("bad-date", place, message, remedy)


def unquoted_date(field: FieldSpec, fields: Mapping[str, FieldSpec], text: str) -> Problem | None:
    """Return the problem of a date that stands without quotes; None where it is no clear one."""
    with contextlib.suppress(ValueError):
        if not states_no_date(text) and likely_deadline(text) is None:
            return None
    return date_problem((), field, fields, text)


def states_no_date(text: str) -> bool:
    """Return whether a text says that there is no date, or none yet: TBC, ongoing, n/a."""
    return len(text) <= MAX_TEXT_LENGTH and _NO_DATE.fullmatch(_plain(text)) is not None


def likely_deadline(text: str) -> Deadline | None:
    """Return what a text most likely means, whatever its form; None where that is not clear.

    "Before 31 March" is not: it may or may not include that day. Raises ValueError for a day that
    the calendar does not have.
    """
    if len(text) > MAX_TEXT_LENGTH:
        return None
    words = _plain(text)
    if _AT_ONCE.fullmatch(words):
        return IMMEDIATELY
    if (start := _UNTIL.match(words)) is not None:
        words = words[start.end() :]
    words = _ORDINAL.sub("", _WEEKDAY.sub("", words, count=1))
    count, _, rest = _FROM_THE_REPORT.sub("", words).partition(" ")
    unit = _UNITS.fullmatch(rest)
    if unit is not None:
        return parse_span(f"{_COUNTS.get(count, count)} {_LONG.get(unit[1], unit[1])}")
    for form in _WRITTEN:
        if (written := form.fullmatch(words)) is not None:
            return _date(written)
    return None


def _date(written: re.Match[str]) -> PartialDate | None:
    parts = written.groupdict()
    year = int(parts["y"]) + (2000 if len(parts["y"]) == 2 else 0)  # noqa: PLR2004  # digits
    if not 1800 <= year < 2200:  # noqa: PLR2004  # no other year is in a register
        return None
    if parts.get("m") is None:
        return PartialDate.of_year(year)
    month = _month(parts["m"])
    if month is None:
        return None
    if parts.get("d") is not None:
        day = int(parts["d"])
        if month > len(MONTHS) >= day and written.start("y"):  # as written in America
            day, month = month, day
        return PartialDate.of_day(date(year, month, day))
    if not written.start("y") and month == (year + 1) % 100:
        return None  # 2025-26 is a financial year, and so may 2011/12 be
    return PartialDate.of_month(year, month)


def _month(written: str) -> int | None:
    if written.isdecimal():
        return int(written)
    names = [name.lower().startswith(written.removesuffix("t")) for name in MONTHS]
    return names.index(True) + 1 if True in names else None


def _plain(text: str) -> str:
    """Return a text in lower case, with plain hyphens and blanks and no mark around it."""
    text = re.sub(r"[\u2010-\u2015\u2212]", "-", unicodedata.normalize("NFKC", text).lower())
    return " ".join(text.split()).strip(" .,;:()[]'\"")


def _as_meant(field: FieldSpec, value: object, meant: Deadline) -> tuple[str, str]:
    name, shown = field.name, _shown(value)
    written = _in_toml(meant, field.form)
    if written is not None:
        if value == written:
            return f"{name} is a date in quotes", f"write {name} = {written}, without quotes"
        message = f"{name} is not in a form that socwatch reads: {shown}"
        return message, f"write {name} = {written}{_reading(value, meant)}"
    if isinstance(meant, PartialDate):
        message = f"{name} does not name the day: {shown}"
        return message, "write the full date, such as 2025-01-31, without quotes"
    return f"{name} is not a date: {shown}", f"write {DATED[field.form]}"


def _in_toml(meant: Deadline, form: Form) -> str | None:
    """Return how a register holds a date; None where fields of this form take no such one."""
    if isinstance(meant, PartialDate) and meant.precision == "day":
        return str(meant)
    takes = form is Form.DEADLINE or (form is Form.DATE and isinstance(meant, PartialDate))
    return f'"{meant}"' if takes else None


def _reading(value: object, meant: Deadline) -> str:
    """Return which day is meant, where day and month could be taken for each other."""
    numbers = re.fullmatch(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ][0-9]+", _plain(str(value)))
    if numbers is None or not isinstance(meant, PartialDate):
        return ""
    both = len(MONTHS) >= max(int(numbers[1]), int(numbers[2])) and numbers[1] != numbers[2]
    return f", if {format_date(meant.first)} is meant" if both else ""


def _without_date(field: FieldSpec, fields: Mapping[str, FieldSpec]) -> str:
    if field.required:
        return f"write {DATED[field.form]}; {field.name} cannot be left out"
    wording = f"{field.name}_words"
    kept = f"; the source's wording can go in {wording}" if wording in fields else ""
    return f"leave {field.name} out until there is a date{kept}"


def _by_its_kind(field: FieldSpec, value: object) -> tuple[str, str]:
    """Return what is wrong with a time where a day belongs, or a day where a time belongs."""
    name, instant = field.name, value
    if field.form is Form.TIME and isinstance(value, str):
        instant = _instant(value.strip())
        if isinstance(instant, datetime) and instant.tzinfo is not None:
            return f"{name} is a time in quotes", f"write {name} = {value.strip()}, without quotes"
    if isinstance(instant, datetime) and field.form is not Form.TIME:
        return f"{name} has a time of day", f"write {name} = {instant.date()}"
    if isinstance(instant, datetime):
        written = instant.isoformat()
        message = f"{name} does not say in which time zone it is"
        return message, f"write {name} = {written}Z for UTC, or {written}+01:00 in summer time"
    if isinstance(instant, date):
        return (
            f"{name} has no time of day",
            f"write the time too, such as {name} = {instant}T09:15:02Z",
        )
    shown = f": {_shown(value)}" if isinstance(value, str) else ""
    what = "time" if field.form is Form.TIME else "date"
    return f"{name} is not a {what}{shown}", f"write {DATED[field.form]}"


def _instant(text: str) -> date | None:
    for kind in (date, datetime):
        with contextlib.suppress(ValueError):
            return kind.fromisoformat(text)
    return None


def _is_small_number(value: object) -> bool:
    return type(value) is int and 0 <= value < 10**8


def _shown(value: object) -> str:
    text = str(value)
    return repr(text if len(text) <= MAX_TEXT_LENGTH else f"{text[:MAX_TEXT_LENGTH]}…")
