"""Dates as people type them on the command line: day first, and never guessed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from oracle import A_DAY
from socwatch.dates import MONTHS, PartialDate, Span, Unit
from socwatch.errors import DateUnclear, DayNotUnderstood, UsageError
from socwatch.typed_dates import FORMS, WEEKDAYS, parse_date, parse_day, parse_period

UNITS = st.sampled_from(("day", "week", "month", "year"))
DAYS = st.dates(date(1856, 1, 1), date(2199, 12, 31))
WIDE = {ord(digit): 0xFF10 + int(digit) for digit in "0123456789"}
ARABIC = {ord(digit): 0x0660 + int(digit) for digit in "0123456789"}
"""Digits of other scripts, which Python takes for digits."""

FRIDAY = date(2027, 1, 29)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2027-03-31", date(2027, 3, 31)),
        ("0001-01-01", date(1, 1, 1)),
        ("9999-12-31", date(9999, 12, 31)),
        ("31 Mar 2027", date(2027, 3, 31)),
        ("31 mar 2027", date(2027, 3, 31)),
        ("31 MARCH 2027", date(2027, 3, 31)),
        ("1 May 2027", date(2027, 5, 1)),
        ("01 May 2027", date(2027, 5, 1)),
        ("9 Sept 2027", date(2027, 9, 9)),
        ("9 Sep 2027", date(2027, 9, 9)),
        ("9 september 2027", date(2027, 9, 9)),
        ("29 Feb 2028", date(2028, 2, 29)),
        ("  31   Mar\t2027 ", date(2027, 3, 31)),
        *((text, date(2027, 4, 3)) for text in ("03/04/2027", "3/4/27", "03.04.2027", "3-4-2027")),
        *((text, date(2027, 4, 3)) for text in ("2027-4-3", "3 Apr 27", "3rd April 2027")),
        *((text, date(2027, 4, 3)) for text in ("3-Apr-2027", "3APR2027", "Sat 3 Apr 2027")),
        *((text, date(2027, 4, 3)) for text in ("Saturday, 3rd april 2027", "sat 03/04/2027")),
        ("30.9.26", date(2026, 9, 30)),
        ("30th September 2026", date(2026, 9, 30)),
        ("last Friday", date(2027, 1, 22)),
        ("next friday", date(2027, 2, 5)),
        ("next Monday", date(2027, 2, 1)),
        ("last mon", date(2027, 1, 25)),
        ("last month", date(2026, 12, 31)),
        ("this month", date(2027, 1, 31)),
        ("next year", date(2028, 12, 31)),
        ("in 2 weeks", date(2027, 2, 12)),
        ("2w", date(2027, 2, 12)),
        ("in 10 d", date(2027, 2, 8)),
        ("1m ago", date(2026, 12, 29)),
        ("today", FRIDAY),
        ("Today", FRIDAY),
        (" today ", FRIDAY),
        ("tomorrow", date(2027, 1, 30)),
        ("yesterday", date(2027, 1, 28)),
        ("2 weeks", date(2027, 2, 12)),
        ("2 WEEKS", date(2027, 2, 12)),
        ("2  weeks", date(2027, 2, 12)),
        ("1 week", date(2027, 2, 5)),
        ("a week", date(2027, 2, 5)),
        ("2 weeks ago", date(2027, 1, 15)),
        ("2 weeks  Ago", date(2027, 1, 15)),
        ("a month", date(2027, 2, 28)),
        ("13 months", date(2028, 2, 29)),
        ("11 months ago", date(2026, 2, 28)),
        ("3 years", date(2030, 1, 29)),
        ("a day ago", date(2027, 1, 28)),
        ("0 days", FRIDAY),
        ("10 days ago", date(2027, 1, 19)),
        ("eow", date(2027, 1, 31)),
        ("eom", date(2027, 1, 31)),
        ("EOQ", date(2027, 3, 31)),
        ("eoy", date(2027, 12, 31)),
    ],
)
def test_a_day_may_be_typed_in_these_forms(text: str, day: date) -> None:
    """Day first in figures or words, ISO dates, periods from today and a few words mean a day."""
    assert parse_day(text, today=FRIDAY) == day


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "\n", "0", "1", "20270331", "now", "later", "never", "eod", "2027/03/31"),
        *("27-03-31", "3-4-27", "0000-01-01", "2027-00-01", "2027-13-01", "2027-02-29"),
        *("10000-01-01", "31 Feb 2027", "29 Feb 2027", "31 Apr 2027", "0 Jan 2027", "31/02/2027"),
        *("32 Jan 2027", "1 Jan 0000", "31 Marc 2027", "31 Mars 2027", "3/4/027", "3.4/2027"),
        *("31 Septe 2027", "31. Mar 2027", "Mar 31 2027", "March 31, 2027", "04/30/2027"),
        *("may", "May", "spring 2027", "Q1 2027", "2027-Q1", "2027-W05", "next week", "last week"),
        *("this week", "end of month", "the 31st", "week", "ago", " ago", "last may", "last day"),
        *("2weeks", "-2 weeks", "+2 weeks", "2.5 weeks", "two weeks", "2 fortnights", "2 ws"),
        *("2 weeks from now", "2 weeks 3 days", "2 weeks ago ago", "today ago", "in 2 weeks ago"),
        *("2027-03-31 ago", "eom ago", "eow + 1", "today + 1", "1e3 days", "1_000 days", "0/0"),
        *(
            "0x2 days",
            "10000 days",
            "9999 years",
            "9999 years ago",
            "8000 years",
            "32/01",
            "00/0000",
        ),
        *("99999999999999999999 weeks", "2027-03-31T00:00", "2027-03-31 12:00", "2027-03-31Z"),
        *("2027-03-31;", "'2027-03-31'", "2027-03-31\x00", "\x1b[31m", "\udcff", "Friday 2 weeks"),
        *("2027-03-31".translate(WIDE), "31 Mar 2027".translate(WIDE), "2 weeks".translate(ARABIC)),
        *(
            "\u202e2027-03-31",
            "2027\u201303\u201331",
            "31 \u041c\u0430\u0440 2027",
            "Friday 13/2027",
        ),
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    """A text in none of the forms means no date, and the refusal shows some that are taken."""
    with pytest.raises(DayNotUnderstood) as refused:
        parse_day(text, today=FRIDAY)
    assert repr(text) in str(refused.value)
    assert "could be" not in str(refused.value)
    assert "30/09/2026" in refused.value.remedy


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("1 Oct", "1 Oct 2026", "1 Oct 2027"),
        ("1st October", "1 Oct 2026", "1 Oct 2027"),
        ("29 Feb", "29 Feb 2024", "29 Feb 2028"),
        ("29 Jan", "29 Jan 2027", "29 Jan 2028"),
        ("03/04", "3 Apr 2026", "3 Apr 2027"),
        ("3.4", "3 Apr 2026", "3 Apr 2027"),
        ("Monday", "25 Jan 2027", "1 Feb 2027"),
        ("sun", "24 Jan 2027", "31 Jan 2027"),
        ("Friday", "29 Jan 2027", "5 Feb 2027"),
        ("Sept 2026", "1 Sep 2026", "30 Sep 2026"),
        ("2027-03", "1 Mar 2027", "31 Mar 2027"),
        ("3/2027", "1 Mar 2027", "31 Mar 2027"),
        ("2027", "1 Jan 2027", "31 Dec 2027"),
    ],
)
def test_what_could_be_two_dates_is_refused_with_both(text: str, first: str, second: str) -> None:
    """A text without its year, or of a month where a day is needed, shows what it could be."""
    with pytest.raises(DateUnclear) as refused:
        parse_day(text, today=FRIDAY)
    assert str(refused.value) == f"{text!r} could be {first} or {second}"
    assert parse_day(first, today=FRIDAY) < parse_day(second, today=FRIDAY)
    assert "in full" in refused.value.remedy


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("31 Feb 2027", "the calendar has no such day"),
        ("2027-02-29", "the calendar has no such day"),
        ("31/02/2027", "the calendar has no such day"),
        ("13/25/2027", "the calendar has no such day"),
        ("04/30/2027", "there is no month 30; the day comes first, then the month"),
        ("March 31, 2027", "the day comes first, then the month"),
        ("Mar 31st 2027", "the day comes first, then the month"),
        ("Monday 31 Mar 2027", "31 Mar 2027 is a Wednesday"),
        ("thu, 31/03/2027", "31 Mar 2027 is a Wednesday"),
        ("9999 years", "the calendar has no such day"),
    ],
)
def test_a_refusal_says_why(text: str, why: str) -> None:
    """What is nearly a date is refused with the reason, month-first dates among them."""
    with pytest.raises(DayNotUnderstood) as refused:
        parse_day(text, today=FRIDAY)
    assert str(refused.value) == f"{text!r} is not a date that socwatch understands: {why}"
    with pytest.raises(DayNotUnderstood) as unlike:
        parse_day("spring 2027", today=FRIDAY)
    assert why not in str(unlike.value)


def test_a_refusal_is_wrong_usage_and_its_examples_work() -> None:
    """The refusal of a date is a fault of usage, and each form that it offers is taken."""
    with pytest.raises(UsageError) as refused:
        parse_day("spring 2027", today=FRIDAY)
    assert refused.value.exit_code == 2
    offered = re.split(r", | or ", refused.value.remedy.removeprefix("write it as "))
    assert len(offered) == 9
    for form in offered:
        assert isinstance(parse_day(form, today=FRIDAY), date)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        *((text, "2026-09") for text in ("Sept 2026", "september 2026", "2026-09", "9/2026")),
        *(("2026", "2026"), ("last month", "2026-12"), ("this month", "2027-01")),
        *(("next month", "2027-02"), ("last year", "2026"), ("next year", "2028")),
        *(("30/09/2026", "2026-09-30"), ("eom", "2027-01-31"), ("2w", "2027-02-12")),
    ],
)
def test_a_month_is_taken_where_a_month_will_do(text: str, meant: str) -> None:
    """Where a date may be known to the month or the year alone, its month or year may be typed."""
    assert str(parse_date(text, today=FRIDAY)) == meant


@pytest.mark.parametrize(
    ("text", "period"),
    [("2 weeks", "2 weeks"), ("2w", "2 weeks"), ("a month", "1 month"), ("1 Y", "1 year")],
)
def test_a_period(text: str, period: str) -> None:
    """A length of time is read in words and in short; what says when it begins is none."""
    assert str(parse_period(text)) == period
    assert parse_period(f"in {text}") is None
    assert parse_period(f"{text} ago") is None


@pytest.mark.parametrize("text", ["tomorrow", "eow", "1 day", "1 month"])
def test_the_calendar_has_a_last_day(text: str) -> None:
    """Near the end of the calendar a day past it is refused like any other that is not there."""
    with pytest.raises(DayNotUnderstood):
        parse_day(text, today=date.max)
    with pytest.raises(DayNotUnderstood):
        parse_day("yesterday", today=date.min)
    assert parse_day("eoy", today=date.max) == date.max


@given(text=st.text(), today=st.dates())
@example(text="9999 weeks", today=date.max)
@example(text="31 feb 2027", today=FRIDAY)
@example(text="2 weeks ago", today=date.min)
def test_any_text_gives_a_day_or_a_refusal(text: str, today: date) -> None:
    """No text, on no day, ends otherwise than in a date or in the refusal of one."""
    day = day_or_none(text, today)
    assert day is None or type(day) is date


def day_or_none(text: str, today: date) -> date | None:
    """The day that a text means; None where it is refused."""
    try:
        return parse_day(text, today=today)
    except DayNotUnderstood:
        return None


PIECES = st.sampled_from(
    [
        *("today", "eom", "eow", "ago", "a", "an", "weeks", "month", "years", "day", "2", "31"),
        *("0", "9999", "2027", "-", "/", "Mar", "Feb", "sept", "2027-03-31", "2027-02-30", "in"),
        *("last", "next", "Friday", "month", "3", "26", ".", "w", "th"),
        "\u0663",
    ]
)


@given(pieces=st.lists(PIECES, max_size=5), glue=st.sampled_from(["", " ", "  ", "-"]), today=DAYS)
def test_near_misses_give_a_day_or_a_refusal(pieces: list[str], glue: str, today: date) -> None:
    """The words of dates, in any order, are a day or refused; blanks around them change nothing."""
    text = glue.join(pieces)
    day = day_or_none(text, today)
    assert day == day_or_none(f" {text}\t", today)
    assert day == day_or_none(text.upper(), today)


@given(day=st.dates(date(1000, 1, 1)), today=st.dates())
def test_a_day_is_read_as_it_is_shown(day: date, today: date) -> None:
    """A day copied from a listing or from JSON means that day, whatever day it is today."""
    shown = PartialDate.of_day(day)
    assert parse_day(str(shown), today=today) == day
    assert parse_day(shown.in_words(), today=today) == day
    whole_name = f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    assert parse_day(whole_name, today=today) == day


@given(today=DAYS, count=st.integers(0, 500), unit=UNITS)
def test_a_span_typed_counts_from_today(today: date, count: int, unit: Unit) -> None:
    """A span means the day so long after today, and with "ago" the day so long before."""
    span = Span(count, unit)
    assert parse_day(str(span), today=today) == span.after(today)
    assert parse_day(f"{span} ago", today=today) == span.before(today)


@given(today=DAYS)
def test_ends_are_the_first_last_days_from_today_on(today: date) -> None:
    """The end of a week, month, quarter and year is the next day with which one ends, or today."""

    def next_day(ends: str) -> date:
        day = today
        while True:
            after = day + A_DAY
            ended = {
                "eow": day.strftime("%a") == "Sun",
                "eom": after.day == 1,
                "eoq": after.day == 1 and after.month in {1, 4, 7, 10},
                "eoy": (after.day, after.month) == (1, 1),
            }
            if ended[ends]:
                return day
            day = after

    for word in ("eow", "eom", "eoq", "eoy"):
        assert parse_day(word, today=today) == next_day(word)


def every_way_of_writing(day: date) -> Iterator[str]:
    """All the forms in which one day is written, put together from its parts."""
    number, month, year = day.day, MONTHS[day.month - 1], day.year
    ending = {1: "st", 2: "nd", 3: "rd"}.get(
        number if number in {11, 12, 13} else number % 10, "th"
    )
    for between in "/.-":
        yield f"{number}{between}{day.month}{between}{year}"
        yield f"{number:02}{between}{day.month:02}{between}{year}"
    for between in "/.":
        yield f"{number}{between}{day.month}{between}{year % 100:02}"
    yield f"{year}-{day.month:02}-{number:02}"
    yield f"{year}-{day.month}-{number}"
    names = [month, month[:3], month.upper(), *(["Sept"] if month == "September" else [])]
    for name in names:
        yield from (f"{number} {name} {year}", f"{number}{ending} {name} {year}")
        yield from (f"{number}-{name}-{year}", f"{number} {name} {year % 100:02}")
    for weekday in (WEEKDAYS[day.weekday()], WEEKDAYS[day.weekday()][:3]):
        yield f"{weekday} {number} {month} {year}"
        yield f"{weekday}, {number:02}/{day.month:02}/{year}"


FOUR_YEARS = [date(2024, 1, 1) + n * A_DAY for n in range(4 * 365 + 1)]


def test_every_form_of_every_day_of_four_years() -> None:
    """Each way of writing a day means that day, and no weekday stands before it but its own."""
    written = 0
    for day in FOUR_YEARS:
        for text in every_way_of_writing(day):
            assert parse_date(text, today=FRIDAY) == PartialDate.of_day(day), text
            written += 1
        with pytest.raises(DayNotUnderstood):
            parse_day(f"{WEEKDAYS[day.weekday() - 1]} {day.isoformat()}", today=FRIDAY)
    assert written > 20 * len(FOUR_YEARS)


def test_relative_forms_on_every_day_of_four_years() -> None:
    """On each day, days near it are those that walking the calendar a day at a time comes to."""

    def walk(day: date, step: int, found: Callable[[date], bool]) -> date:
        day += step * A_DAY
        while not found(day):
            day += step * A_DAY
        return day

    for today in FOUR_YEARS:
        for number, name in enumerate(WEEKDAYS):
            falls = partial(lambda number, day: day.weekday() == number, number)
            assert parse_day(f"last {name}", today=today) == walk(today, -1, falls)
            assert parse_day(f"next {name[:3]}", today=today) == walk(today, 1, falls)
        last = walk(today, -1, lambda day: (day + A_DAY).day == 1)
        assert parse_day("last month", today=today) == last
        following = walk(
            walk(today - A_DAY, 1, lambda day: (day + A_DAY).day == 1), 1, lambda _: True
        )
        assert parse_date("next month", today=today).first == following
        with pytest.raises(DateUnclear) as refused:
            parse_day(f"{today.day}/{today.month}", today=today)
        assert f"could be {PartialDate.of_day(today).in_words()} or " in str(refused.value)


def test_no_text_is_of_two_forms() -> None:
    """Each example is of the form that lists it and of no other, so their order decides nothing."""
    for form in FORMS:
        for text in form.examples:
            assert [each for each in FORMS if each.pattern.fullmatch(text.lower())] == [form]
