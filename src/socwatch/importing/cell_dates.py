"""Dates as people have them in the cells of a spreadsheet. Nothing is guessed."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple

from socwatch.characters import normalise
from socwatch.dates import IMMEDIATELY, MONTHS, Deadline, PartialDate, Span, format_date, in_london
from socwatch.rules.findings import FIRST_YEAR, LAST_YEAR
from socwatch.store.sheets.cells import CellError, NoResult, Value

Order = Literal["day-first", "month-first"]
"""In which order the numbers of a date such as 03/04/2026 are."""


class Unread(NamedTuple):
    """A cell that is no date: the name of the problem, and what to type in the spreadsheet."""

    name: str
    hint: str


class Words(NamedTuple):
    """A text that is no date, such as TBC; a person says what it means."""

    text: str


class TwoWays(NamedTuple):
    """A date that is another one if its day comes first than if its month does."""

    text: str


class Read(NamedTuple):
    """A date that a cell states, and its words where they say more than the date."""

    deadline: Deadline
    words: str | None = None


_TYPE_A_DATE = "type a date with its year, such as 31 Mar 2026"
_NO_SUCH_DAY = Unread("date-not-understood", f"the calendar has no such day: {_TYPE_A_DATE}")
_NO_YEAR = Unread("date-not-understood", f"its year is missing: {_TYPE_A_DATE}")
_CENTURY = 70
"""The first year of two figures that is of the 20th century."""

_FIRST_DAY = date(1899, 12, 30)
_FIRST_DAY_1904 = date(1904, 1, 1)

_MONTH_NAMES = {
    name: number
    for number, month in enumerate(map(str.lower, MONTHS), start=1)
    for name in (month, month[:3])
} | {"sept": 9}
_MONTH = "(" + "|".join(sorted(_MONTH_NAMES, key=len, reverse=True)) + r")\.?"
_DAY = r"(\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"'?(\d{4}|\d{2})"
_WEEKDAY = (
    r"(?:(?:mon|tue|tues|wed|weds|thu|thur|thurs|fri|sat|sun)(?:day|nesday|sday|rsday|urday)?,? )?"
)
_BY = r"((?:by |on )?(?:the )?(?:end (?:of )?)?)"
_GAP = r"[ ,./-]*"

_ISO = re.compile(
    r"(\d{4}-\d{1,2}-\d{1,2})(?:[t ](\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)(z|[+-]\d{2}:?\d{2})?)?"
)
_NUMBERS = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})")
_NAMED = re.compile(rf"{_BY}{_WEEKDAY}{_DAY}{_GAP}(?:of )?{_MONTH}{_GAP}{_YEAR}")
_AMERICAN = re.compile(rf"{_WEEKDAY}{_MONTH} {_DAY}(?:, ?| )(\d{{4}})")
_MONTH_OF_YEAR = re.compile(rf"{_BY}{_MONTH}{_GAP}{_YEAR}")
_MONTH_NUMBER = re.compile(r"(\d{1,2})/(\d{4})")
_ONLY_YEAR = re.compile(rf"{_BY}(\d{{4}})")
_WITHOUT_YEAR = re.compile(
    rf"{_BY}(?:{_WEEKDAY}{_DAY}{_GAP}(?:of )?)?{_MONTH}|\d{{1,2}}[/.]\d{{1,2}}"
)
_NUMBER_WORDS = {
    word: number
    for number, word in enumerate(
        [
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
        ],
        start=1,
    )
} | {"a": 1, "an": 1}
_SPAN = re.compile(
    rf"(?:within |in )?(\d{{1,3}}|{'|'.join(_NUMBER_WORDS)})[ -](day|week|month|year)s?"
    r"(?: (?:of|from|after) (?:the )?(?:report's )?publication(?: of (?:the|this) report)?)?"
)
_AT_ONCE = frozenset({"immediately", "immediate", "with immediate effect"})


def read_date(
    value: Value, order: Order | None, *, from_1904: bool = False
) -> Read | Words | TwoWays | Unread:
    """Return the date that a cell states, or why it states none. The cell is not empty."""
    match value:
        case CellError():
            return Unread("cell-error", f"the cell holds an error: {_TYPE_A_DATE}, or empty it")
        case NoResult():
            hint = "the file holds no result of this formula: open it in Excel, save it, try again"
            return Unread("formula-without-value", hint)
        case PartialDate():
            return _plausible(value)
        case datetime():
            return _plausible(PartialDate.of_day(value.date()))
        case date():
            return _plausible(PartialDate.of_day(value))
        case str():
            return _text(value, order)
        case bool() | time() | timedelta() | None:
            return Unread("date-not-understood", _TYPE_A_DATE)
    return _number(value, from_1904=from_1904)


def _number(number: float, *, from_1904: bool) -> Read | Unread:
    if number == int(number) and FIRST_YEAR <= number <= LAST_YEAR:
        return Read(PartialDate.of_year(int(number)))
    try:
        day = (_FIRST_DAY_1904 if from_1904 else _FIRST_DAY) + timedelta(days=int(number))
    except OverflowError:
        return Unread("date-not-understood", _TYPE_A_DATE)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        return Unread("date-not-understood", _TYPE_A_DATE)
    hint = (
        f"as a date this number is {format_date(day)}: format the cell as a date, or {_TYPE_A_DATE}"
    )
    return Unread("number-as-date", hint)


def _text(text: str, order: Order | None) -> Read | Words | TwoWays | Unread:
    words = " ".join(text.split())
    plain = normalise(words).strip(" .*")
    try:
        found = _numeric(plain, order) or _worded(plain, words)
    except (ValueError, OverflowError):
        return _NO_SUCH_DAY
    if found is None:
        return _NO_YEAR if _WITHOUT_YEAR.fullmatch(plain) else Words(words)
    return found if isinstance(found, TwoWays) else _plausible(found.deadline, found.words)


def _numeric(plain: str, order: Order | None) -> Read | TwoWays | None:
    """Return the date of a text of numbers. Raises ValueError for one of no calendar."""
    if found := _ISO.fullmatch(plain):
        year, month, day = map(int, found[1].split("-"))
        if found[3]:
            clock = found[2] if found[2].count(":") > 1 else f"{found[2]}:00"
            zone = found[3].replace("z", "+00:00")
            instant = f"{date(year, month, day)}T{clock:0>8}{zone}"
            return Read(PartialDate.of_day(in_london(datetime.fromisoformat(instant)).date()))
        return Read(PartialDate.of_day(date(year, month, day)))
    if found := _YEAR_FIRST.fullmatch(plain):
        return Read(PartialDate.of_day(date(int(found[1]), int(found[2]), int(found[3]))))
    if found := _NUMBERS.fullmatch(plain):
        one, two, year = int(found[1]), int(found[3]), _full_year(found[4])
        if order is None:
            if can_be_both(plain):
                return TwoWays(plain)
            order = "month-first" if two > 12 else "day-first"  # noqa: PLR2004  # no month is later
        day, month = (one, two) if order == "day-first" else (two, one)
        return Read(PartialDate.of_day(date(year, month, day)))
    if found := _MONTH_NUMBER.fullmatch(plain):
        return Read(PartialDate.of_month(int(found[2]), int(found[1])))
    return None


def can_be_both(text: str) -> bool:
    """Return whether a text such as 03/04/2026 is one date or another by the order of its parts."""
    numbers = numbers_of(text)
    return numbers is not None and max(numbers) <= 12  # noqa: PLR2004  # no month is later


def numbers_of(text: str) -> tuple[int, int] | None:
    """Return the first two numbers of a date such as 03/04/2026; None for other texts."""
    found = _NUMBERS.fullmatch(normalise(text).strip(" .*"))
    return (int(found[1]), int(found[3])) if found else None


def _worded(plain: str, words: str) -> Read | None:
    """Return the date of a text with the name of a month, or a span. Raises ValueError."""
    if found := _NAMED.fullmatch(plain):
        day = date(_full_year(found[4]), _MONTH_NAMES[found[3]], int(found[2]))
        return Read(PartialDate.of_day(day), words if found[1] else None)
    if found := _AMERICAN.fullmatch(plain):
        return Read(PartialDate.of_day(date(int(found[3]), _MONTH_NAMES[found[1]], int(found[2]))))
    if found := _MONTH_OF_YEAR.fullmatch(plain):
        month = PartialDate.of_month(_full_year(found[3]), _MONTH_NAMES[found[2]])
        return Read(month, words if found[1] else None)
    if found := _ONLY_YEAR.fullmatch(plain):
        return Read(PartialDate.of_year(int(found[2])), words if found[1] else None)
    if found := _SPAN.fullmatch(plain):
        count = _NUMBER_WORDS.get(found[1]) or int(found[1])
        return Read(Span(count, found[2]), words)  # type: ignore[arg-type]  # only units match
    return Read(IMMEDIATELY, words) if plain in _AT_ONCE else None


def _full_year(figures: str) -> int:
    year = int(figures)
    if len(figures) > 2:  # noqa: PLR2004  # figures
        return year
    return year + (2000 if year < _CENTURY else 1900)


def _plausible(deadline: Deadline, words: str | None = None) -> Read | Unread:
    if isinstance(deadline, PartialDate) and not FIRST_YEAR <= deadline.year <= LAST_YEAR:
        hint = f"its year is not between {FIRST_YEAR} and {LAST_YEAR}: {_TYPE_A_DATE}"
        return Unread("date-not-understood", hint)
    return Read(deadline, words)
