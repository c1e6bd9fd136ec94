"""The dates that people type: day first, as in Britain, and never guessed.

A text that could mean two dates is refused, with both of them to choose from. Where a date is one
of the file format's own, as in a register, `dates.parse_partial` reads it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple

from socwatch.dates import MONTHS, PartialDate, Span, Unit, format_date, parse_span
from socwatch.errors import DateUnclear, DayNotUnderstood

WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_UNITS: dict[str, Unit] = {"d": "day", "w": "week", "m": "month", "y": "year"}
_A_DAY = timedelta(days=1)
_YEARS_TO_A_LEAP_DAY = 8
"""29 February comes back after at most so many years: 1896 and 1904 were leap years, 1900 not."""

_NO_SUCH_DAY = "the calendar has no such day"


class DateForm(NamedTuple):
    """One way of typing a date."""

    pattern: re.Pattern[str]
    """What the text must be as a whole, in lower case and with single spaces."""
    read: Callable[[re.Match[str], date], PartialDate]
    """Return what such a text means on a day. Raises ValueError, OverflowError if nothing."""
    examples: tuple[str, ...]
    """Texts of this form, for help, errors and docs."""


def parse_day(text: str, *, today: date) -> date:
    """Return the day that a person means where one day is needed.

    "last month" is a month, and stands for its last day, as a deadline known to the month does.

    Raises DayNotUnderstood; DateUnclear, which is one, for what could be two days.
    """
    found = parse_date(text, today=today)
    if found.precision == "day" or _RELATIVE_PERIOD.fullmatch(_normal(text)):
        return found.last
    raise DateUnclear(text, (format_date(found.first), format_date(found.last)))


def parse_date(text: str, *, today: date) -> PartialDate:
    """Return the day, month or year that a person means where a month or a year will do.

    Raises DayNotUnderstood; DateUnclear, which is one, for what could be two dates.
    """
    words = _normal(text)
    first, _, rest = words.partition(" ")
    weekday = _weekday(first.rstrip(",")) if rest else None
    if weekday is not None:
        words = rest
    for form in FORMS if weekday is None else WRITTEN:
        if found := form.pattern.fullmatch(words):
            try:
                meant = form.read(found, today)
            except (ValueError, OverflowError):
                raise DayNotUnderstood(text, _why_not(words)) from None
            if weekday is not None and meant.first.weekday() != weekday:
                right = WEEKDAYS[meant.first.weekday()]
                raise DayNotUnderstood(text, f"{meant.in_words()} is a {right}")
            return meant
    choice = tuple(map(format_date, _candidates(words, today)))
    if weekday is None and len(choice) > 1:
        raise DateUnclear(text, choice)
    raise DayNotUnderstood(text, _why_not(words))


def parse_period(text: str) -> Span | None:
    """Return the length of time that "2 weeks", "a month" or "2w" states, or None."""
    words = _normal(text)
    if found := _SHORT_SPAN.fullmatch(words):
        return Span(int(found[1]), _UNITS[found[2]])
    return parse_span(words)


def _normal(text: str) -> str:
    return " ".join(text.split()).lower()


def _why_not(words: str) -> str:
    """Return why a text is no date, if more can be said than that."""
    if any(form.pattern.fullmatch(words) for form in FORMS):
        found = _NUMBERS.fullmatch(words)
        if found and int(found[3]) > len(MONTHS) and int(found[1]) <= len(MONTHS):
            return f"there is no month {int(found[3])}; the day comes first, then the month"
        return _NO_SUCH_DAY
    return "the day comes first, then the month" if _MONTH_FIRST.fullmatch(words) else ""


def _candidates(words: str, today: date) -> Iterator[date]:
    """Yield the dates nearest to today, the earlier first, that a text without a year may mean."""
    if (weekday := _weekday(words)) is not None:
        if today.weekday() != weekday:
            yield _to_weekday(today, weekday, -1)
        else:
            yield today
        yield _to_weekday(today, weekday, 1)
        return
    if found := _DAY_AND_MONTH.fullmatch(words):
        month, day = _month(found[2]), int(found[1])
    elif found := _TWO_NUMBERS.fullmatch(words):
        month, day = int(found[2]), int(found[1])
    else:
        return
    years = range(today.year - _YEARS_TO_A_LEAP_DAY, today.year + _YEARS_TO_A_LEAP_DAY + 1)
    days = [each for year in years if (each := _date_or_none(year, month, day))]
    yield from [each for each in days if each <= today][-1:]
    yield from [each for each in days if each > today][:1]


def _date_or_none(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _weekday(word: str) -> int | None:
    """Return the number of a weekday, Monday being 0, from its name or the first three letters."""
    names = [name.lower() for name in WEEKDAYS]
    return next((n for n, name in enumerate(names) if word in {name, name[:3]}), None)


def _month(word: str) -> int:
    return next(n for n, name in enumerate(MONTHS, 1) if word[:3] == name[:3].lower())


def _to_weekday(today: date, weekday: int, step: int) -> date:
    """Return the nearest such weekday before today (a step of -1) or after it (1), never today."""
    day = today + step * _A_DAY
    while day.weekday() != weekday:
        day += step * _A_DAY
    return day


def _year(digits: str) -> int:
    """Return a year; one of two digits is of this century."""
    return int(digits) + (2000 if len(digits) == 2 else 0)  # noqa: PLR2004  # the form 26


def _read_iso(found: re.Match[str], _: date) -> PartialDate:
    return PartialDate.of_day(date(int(found[1]), int(found[2]), int(found[3])))


def _read_numbers(found: re.Match[str], _: date) -> PartialDate:
    return PartialDate.of_day(date(_year(found[4]), int(found[3]), int(found[1])))


def _read_named_month(found: re.Match[str], _: date) -> PartialDate:
    return PartialDate.of_day(date(_year(found[3]), _month(found[2]), int(found[1])))


def _read_month(found: re.Match[str], _: date) -> PartialDate:
    if found["name"]:
        return PartialDate.of_month(int(found["year"]), _month(found["name"]))
    return PartialDate.of_month(int(found["iso"] or found["last"]), int(found["n"] or found["m"]))


def _read_year(found: re.Match[str], _: date) -> PartialDate:
    return PartialDate.of_year(int(found[0]))


def _read_word(found: re.Match[str], today: date) -> PartialDate:
    return PartialDate.of_day(
        today + {"yesterday": -_A_DAY, "today": 0 * _A_DAY, "tomorrow": _A_DAY}[found[0]]
    )


def _read_period(found: re.Match[str], today: date) -> PartialDate:
    span = parse_period(found["span"] or found["ago"])
    assert span is not None  # noqa: S101  # the pattern is that of parse_period
    return PartialDate.of_day(span.before(today) if found["ago"] else span.after(today))


def _read_near_weekday(found: re.Match[str], today: date) -> PartialDate:
    weekday = _weekday(found[2])
    assert weekday is not None  # noqa: S101  # the pattern admits only names of weekdays
    return PartialDate.of_day(_to_weekday(today, weekday, -1 if found[1] == "last" else 1))


def _read_relative_period(found: re.Match[str], today: date) -> PartialDate:
    step = {"last": -1, "this": 0, "next": 1}[found[1]]
    if found[2] == "year":
        return PartialDate.of_year(today.year + step)
    year, month = divmod(today.year * 12 + today.month - 1 + step, 12)
    return PartialDate.of_month(year, month + 1)


def _read_end(found: re.Match[str], today: date) -> PartialDate:
    match found[0]:
        case "eow":
            return PartialDate.of_day(today + timedelta(days=6 - today.weekday()))
        case "eom":
            return PartialDate.of_day(PartialDate.of_month(today.year, today.month).last)
        case "eoq":
            month = (today.month + 2) // 3 * 3
            return PartialDate.of_day(PartialDate.of_month(today.year, month).last)
    return PartialDate.of_day(date(today.year, 12, 31))


def _pattern(pattern: str) -> re.Pattern[str]:
    months = "|".join(f"{name[:3]}(?:{name[3:]})?" for name in MONTHS).lower()
    days = "|".join(f"{name[:3]}(?:{name[3:]})?" for name in WEEKDAYS).lower()
    named = pattern.replace("MONTH", f"(?:{months}|sept)").replace("WEEKDAY", f"(?:{days})")
    return re.compile(named, re.ASCII)


_DAY = r"(\d{1,2})(?:st|nd|rd|th)?"
_NUMBERS = _pattern(r"(\d{1,2})([/.-])(\d{1,2})\2\d{2,4}")
_SHORT_SPAN = _pattern(r"(\d{1,4}) ?([dwmy])")
_DAY_AND_MONTH = _pattern(rf"{_DAY}[ -]?(MONTH)")
_TWO_NUMBERS = _pattern(r"(\d{1,2})[/.](\d{1,2})")
_MONTH_FIRST = _pattern(r"MONTH \d{1,2}(?:st|nd|rd|th)?,? ?\d{4}")
_RELATIVE_PERIOD = _pattern(r"(last|this|next) (month|year)")

WRITTEN: Final = (
    DateForm(
        _pattern(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})"),
        _read_numbers,
        ("30/09/2026", "3/4/2027", "30.9.2026"),
    ),
    DateForm(_pattern(r"(\d{1,2})([/.])(\d{1,2})\2(\d{2})"), _read_numbers, ("30.9.26",)),
    DateForm(
        _pattern(rf"{_DAY}[ -]?(MONTH)[ -]?(\d{{4}}|\d{{2}})"),
        _read_named_month,
        ("30 Sept 2026", "30th September 2026"),
    ),
    DateForm(_pattern(r"(\d{4})-(\d{1,2})-(\d{1,2})"), _read_iso, ("2026-09-30",)),
)
"""The ways of writing one day in full; only before these may its weekday stand."""

FORMS: Final = (
    *WRITTEN,
    DateForm(
        _pattern(
            r"(?P<name>MONTH) (?P<year>\d{4})|(?P<iso>\d{4})-(?P<n>\d{2})"
            r"|(?P<m>\d{1,2})/(?P<last>\d{4})"
        ),
        _read_month,
        ("Sept 2026", "2026-09", "9/2026"),
    ),
    DateForm(_pattern(r"\d{4}"), _read_year, ("2026",)),
    DateForm(_pattern(r"yesterday|today|tomorrow"), _read_word, ("today", "yesterday", "tomorrow")),
    DateForm(
        _pattern(
            r"(?:in )?(?P<span>(?:\d{1,4}|an?) (?:day|week|month|year)s?|\d{1,4} ?[dwmy])"
            r"|(?P<ago>(?:\d{1,4}|an?) (?:day|week|month|year)s?|\d{1,4} ?[dwmy]) ago"
        ),
        _read_period,
        ("in 2 weeks", "2w", "3 months", "a year ago"),
    ),
    DateForm(
        _pattern(r"(last|next) (WEEKDAY)"), _read_near_weekday, ("last Friday", "next Friday")
    ),
    DateForm(_RELATIVE_PERIOD, _read_relative_period, ("last month", "next year")),
    DateForm(_pattern(r"eow|eom|eoq|eoy"), _read_end, ("eow", "eom", "eoq", "eoy")),
)
"""All the ways of typing a date. No text is of two of them."""
