"""Days: known only in part, deadlines as words, the 56 days, in London, as people type them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracle
from oracle import A_DAY
from socwatch.dates import (
    DAYS_TO_RESPOND,
    IMMEDIATELY,
    PartialDate,
    Span,
    Unit,
    full_months,
    last_day,
    last_response_day,
    parse_deadline,
    parse_partial,
    parse_span,
    today_in_london,
)

UNITS = st.sampled_from(("day", "week", "month", "year"))
DAYS = st.dates(date(1856, 1, 1), date(2199, 12, 31))
PARTIALS = st.one_of(
    st.dates().map(PartialDate.of_day),
    st.builds(PartialDate.of_month, st.integers(1, 9999), st.integers(1, 12)),
    st.builds(PartialDate.of_year, st.integers(1, 9999)),
)

WIDE = {ord(digit): 0xFF10 + int(digit) for digit in "0123456789"}
ARABIC = {ord(digit): 0x0660 + int(digit) for digit in "0123456789"}
"""Digits of other scripts, which Python takes for digits."""
"""The day on which every question here is asked, unless it says otherwise."""


# Dates known in part


@pytest.mark.parametrize(
    ("written", "first", "last", "precision", "spoken"),
    [
        ("2025-01-31", date(2025, 1, 31), date(2025, 1, 31), "day", "31 Jan 2025"),
        ("2025-01", date(2025, 1, 1), date(2025, 1, 31), "month", "Jan 2025"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "month", "Feb 2024"),
        ("2023-02", date(2023, 2, 1), date(2023, 2, 28), "month", "Feb 2023"),
        ("2025-12", date(2025, 12, 1), date(2025, 12, 31), "month", "Dec 2025"),
        ("2017", date(2017, 1, 1), date(2017, 12, 31), "year", "2017"),
    ],
)
def test_a_date_known_in_part_is_past_when_all_of_it_is(
    written: str, first: date, last: date, precision: str, spoken: str
) -> None:
    """A month lasts until its last day, a year until 31 December, and each keeps its precision."""
    partial = parse_partial(written)
    assert partial == PartialDate(first, last)
    assert partial.precision == precision
    assert str(partial) == written
    assert partial.in_words() == spoken


@given(partial=PARTIALS)
def test_a_partial_date_is_read_back_as_it_was_written(partial: PartialDate) -> None:
    """What a partial date is written as means that date, as a partial date and as a deadline."""
    assert parse_partial(str(partial)) == partial
    assert parse_deadline(str(partial)) == partial
    assert str(partial) == str(parse_partial(str(partial)))


@given(year=st.integers(1, 9999), month=st.integers(1, 12))
def test_a_month_has_the_days_of_the_calendar(year: int, month: int) -> None:
    """A month holds its first day and its last, and neither the day before nor the day after."""
    partial = PartialDate.of_month(year, month)
    assert partial.first == date(year, month, 1)
    assert partial.last == oracle.same_or_last_day(year, month, 31)


@given(day=st.dates())
def test_a_toml_date_is_a_day(day: date) -> None:
    """A date as TOML reads it means that day, whether bare or in quotes."""
    assert parse_partial(day) == PartialDate.of_day(day)
    assert parse_deadline(day) == parse_partial(day.isoformat())


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(datetime(2025, 1, 1, 12, tzinfo=UTC), id="a day with a time"),
        pytest.param(datetime(2025, 1, 1), id="a day with a local time"),  # noqa: DTZ001  # TOML has such
        pytest.param(time(12), id="a time"),
        pytest.param(0, id="nought"),
        pytest.param(2025, id="a year as a number"),
        pytest.param(2025.01, id="a month as a number"),
        pytest.param(True, id="a flag"),
        pytest.param(None, id="nothing"),
        pytest.param(["2025-01-01"], id="a list"),
        pytest.param("", id="no text"),
        *("2025-1", "2025-13", "2025-00", "2025-1-1", "25-01-01", "2025-02-29", "2023-04-31"),
        *("0000", "0000-01", "0000-01-01", "20250101", "2025-01-01T00:00:00", "2025/01/01"),
        *("01/01/2025", "01-01-2025", "2025-", "205", "20255", "-2025", "+2025", "2025-Q1"),
        *("2025-W01", "1e3", "NaN", "soon"),
        *("2025".translate(WIDE), "2025-01".translate(WIDE), "2025-01-01".translate(ARABIC)),
        " 2025-01-01",
        "2025-01 ",
        "2025-01-01\n",
        "1 Jan 2025",
    ],
)
def test_a_value_of_another_form_is_no_date(value: object) -> None:
    """A register's dates are ISO 8601, whole or cut after month or year, and nothing like it."""
    assert parse_partial(value) is None
    assert parse_deadline(value) is None


@given(first=PARTIALS, second=PARTIALS)
def test_partial_dates_stand_in_the_order_of_their_first_days(
    first: PartialDate, second: PartialDate
) -> None:
    """Dates sort by the first day that they may mean, and then by the last."""
    assert (first < second) == ((first.first, first.last) < (second.first, second.last))


# Deadlines


def test_equal_dates_are_one_key() -> None:
    """Dates and spans that are equal are one key, so two equal records are found."""
    month, year = PartialDate.of_month(2025, 1), PartialDate.of_year(2025)
    assert len({month, PartialDate.of_month(2025, 1), year}) == 2
    assert len({Span(6, "month"), Span(6, "month"), Span(6, "year")}) == 2


@pytest.mark.parametrize(
    ("published", "written", "last"),
    [
        (date(2024, 5, 14), date(2025, 1, 1), date(2025, 1, 1)),
        (date(2024, 5, 14), "2025-01-01", date(2025, 1, 1)),
        (date(2024, 5, 14), "2025-01", date(2025, 1, 31)),
        (date(2024, 1, 14), "2024-02", date(2024, 2, 29)),
        (date(2023, 1, 14), "2023-02", date(2023, 2, 28)),
        (date(2017, 3, 2), "2017", date(2017, 12, 31)),
        (date(2024, 5, 14), "immediately", date(2024, 5, 14)),
        (date(2024, 5, 14), "0 days", date(2024, 5, 14)),
        (date(2024, 5, 14), "1 day", date(2024, 5, 15)),
        (date(2024, 2, 28), "2 days", date(2024, 3, 1)),
        (date(2023, 2, 28), "2 days", date(2023, 3, 2)),
        (date(2024, 5, 14), "a week", date(2024, 5, 21)),
        (date(2024, 12, 24), "2 weeks", date(2025, 1, 7)),
        (date(2024, 5, 14), "6 months", date(2024, 11, 14)),
        (date(2024, 8, 31), "6 months", date(2025, 2, 28)),
        (date(2023, 8, 31), "6 months", date(2024, 2, 29)),
        (date(2024, 11, 30), "3 months", date(2025, 2, 28)),
        (date(2024, 12, 31), "2 months", date(2025, 2, 28)),
        (date(2024, 12, 31), "12 months", date(2025, 12, 31)),
        (date(2024, 2, 29), "a year", date(2025, 2, 28)),
        (date(2024, 2, 29), "4 years", date(2028, 2, 29)),
        (date(2024, 1, 31), "1 month", date(2024, 2, 29)),
    ],
)
def test_the_last_day_that_is_in_time(published: date, written: date | str, last: date) -> None:
    """A deadline ends with its day, its month or its year; a span counts from publication."""
    deadline = parse_deadline(written)
    assert deadline is not None
    assert last_day(deadline, published=published) == last
    assert oracle.last_day_in_time(written, published) == last


@pytest.mark.parametrize(
    "value",
    [
        *("soon", "at once", "immediately.", "6", "months", "6months", "-6 months"),
        *("6.5 months", "six months", "6 fortnights", "6 months ago", "10000 days", "6 monthss"),
        *("1 January", "by 2025-01-01", "ASAP", "2 weeks 3 days", "6 months".translate(ARABIC)),
    ],
)
def test_other_words_are_no_deadline(value: str) -> None:
    """What a source leaves open is no deadline: it is kept as its words, and never guessed at."""
    assert parse_deadline(value) is None


def test_immediately_is_the_day_of_publication() -> None:
    """The one word for a deadline means the day of the report, whatever day that is."""
    assert parse_deadline("immediately") == IMMEDIATELY
    assert parse_partial("immediately") is None
    for published in (date(2018, 3, 22), date(2024, 2, 29)):
        assert last_day(IMMEDIATELY, published=published) == published


# Spans


@given(count=st.integers(0, 9999), unit=UNITS)
def test_a_span_is_read_back_as_it_was_written(count: int, unit: Unit) -> None:
    """What a span is written as means that span, with an s for any number but one."""
    span = Span(count, unit)
    assert parse_span(str(span)) == span
    assert str(span).endswith("s") == (count != 1)


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (date(2016, 3, 1), date(2024, 2, 29), 95),
        (date(2016, 3, 1), date(2024, 3, 1), 96),
        (date(2025, 1, 31), date(2025, 2, 27), 0),
        (date(2025, 1, 31), date(2025, 2, 28), 1),
        (date(2022, 8, 31), date(2023, 2, 28), 6),
        (date(2024, 2, 29), date(2025, 2, 28), 12),
        (date(2024, 2, 29), date(2028, 2, 28), 47),
        (date(2024, 12, 31), date(2025, 1, 30), 0),
        (date(2024, 5, 14), date(2024, 5, 14), 0),
    ],
)
def test_a_month_is_full_on_the_same_day_of_the_month(first: date, last: date, months: int) -> None:
    """Months are those of the calendar, and the last day stands for one that a month lacks."""
    assert full_months(first, last) == months


@given(first=st.dates(), days=st.integers(0, 20_000))
def test_full_months_are_the_most_that_fit(first: date, days: int) -> None:
    """So many months after the first day is no later than the last, and one more is."""
    last = first + timedelta(days=min(days, (date.max - first).days - 31))
    months = full_months(first, max(first, last))
    assert Span(months, "month").after(first) <= max(first, last)
    assert Span(months + 1, "month").after(first) > last


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("6 months", Span(6, "month")),
        ("6 month", Span(6, "month")),
        ("a year", Span(1, "year")),
        ("A  Week", Span(1, "week")),
        (" 28 DAYS ", Span(28, "day")),
        ("006 months", Span(6, "month")),
    ],
)
def test_a_span_may_be_written_as_people_do(text: str, span: Span) -> None:
    """Capitals, blanks and "a" for one make no difference to a span."""
    assert parse_span(text) == span


@given(day=DAYS, count=st.integers(0, 600), unit=UNITS)
def test_a_span_ends_where_counting_does(day: date, count: int, unit: Unit) -> None:
    """A span is as long as its days counted one at a time, or its months on the calendar."""
    assert Span(count, unit).after(day) == oracle.last_day_in_time(f"{count} {unit}s", day)


@given(day=DAYS, count=st.integers(0, 600), unit=UNITS)
def test_before_takes_back_what_after_gave(day: date, count: int, unit: Unit) -> None:
    """Going on and back again ends at the same day, but for the days that a month does not have."""
    span = Span(count, unit)
    there_and_back = span.before(span.after(day))
    assert there_and_back <= day
    if unit in {"day", "week"} or day.day <= 28:
        assert there_and_back == day
    else:
        assert (there_and_back.year, there_and_back.month) == (day.year, day.month)
        assert day - there_and_back <= 3 * A_DAY


@pytest.mark.parametrize(
    ("day", "span", "earlier"),
    [
        (date(2025, 8, 31), Span(6, "month"), date(2025, 2, 28)),
        (date(2024, 8, 31), Span(6, "month"), date(2024, 2, 29)),
        (date(2024, 2, 29), Span(1, "year"), date(2023, 2, 28)),
        (date(2024, 3, 1), Span(1, "day"), date(2024, 2, 29)),
        (date(2025, 1, 15), Span(1, "month"), date(2024, 12, 15)),
        (date(2025, 1, 7), Span(2, "week"), date(2024, 12, 24)),
    ],
)
def test_before_clips_as_after_does(day: date, span: Span, earlier: date) -> None:
    """Counting back, too, a day that a month does not have becomes the month's last."""
    assert span.before(day) == earlier


@pytest.mark.parametrize("unit", ["day", "week", "month", "year"])
def test_a_span_cannot_leave_the_calendar(unit: Unit) -> None:
    """Past the year 9999, and before the year 1, there is no day; up to there, there is."""
    assert Span(0, unit).after(date.max) == date.max
    assert Span(0, unit).before(date.min) == date.min
    with pytest.raises(OverflowError):
        Span(1, unit).after(date.max)
    with pytest.raises(OverflowError):
        Span(1, unit).before(date.min)


# The 56 days


def test_the_56_days_begin_with_the_day_of_publication() -> None:
    """For a report of 14 May 2024 the last day to answer is 8 July, and not 9 July."""
    assert last_response_day(date(2024, 5, 14)) == date(2024, 7, 8)
    assert DAYS_TO_RESPOND == 56


def test_every_report_can_be_answered_on_exactly_56_days() -> None:
    """Counted one at a time, the day of publication and the last day included, there are 56."""
    published = date(2015, 1, 1)
    while published.year <= 2040:
        last, counted = published, 1
        while counted < 56:
            last, counted = last + A_DAY, counted + 1
        assert last_response_day(published) == last
        published += A_DAY


# Today in London

AROUND_MIDNIGHT = tuple(
    timedelta(hours=hours, seconds=seconds) for hours in (-2, -1, 0, 1, 2) for seconds in (-1, 0)
)


def test_today_in_london_by_the_rule_of_summer_time() -> None:
    """London is an hour ahead from the last Sunday of March to that of October, at 01:00 UTC.

    So it is for each hour around each midnight of 26 years, and the second before it.
    """
    midnight = datetime(2015, 1, 1, tzinfo=UTC)
    ahead = 0
    while midnight.year <= 2040:
        for step in AROUND_MIDNIGHT:
            instant = midnight + step
            today = today_in_london(instant)
            assert today == oracle.london_day(instant)
            ahead += today != instant.date()
        midnight += A_DAY
    assert 26 * 200 * 2 < ahead < 26 * 230 * 2  # two of the instants of each summer's night


@pytest.mark.parametrize(
    ("instant", "today"),
    [
        ("2024-06-30T22:59:59Z", "2024-06-30"),
        ("2024-06-30T23:00:00Z", "2024-07-01"),
        ("2024-12-31T23:59:59Z", "2024-12-31"),
        ("2025-01-01T00:00:00Z", "2025-01-01"),
        ("2024-03-30T23:59:59Z", "2024-03-30"),
        ("2024-03-31T22:59:59Z", "2024-03-31"),
        ("2024-03-31T23:00:00Z", "2024-04-01"),
        ("2024-10-26T23:00:00Z", "2024-10-27"),
        ("2024-10-27T23:30:00Z", "2024-10-27"),
        ("2024-07-01T12:30:00+14:00", "2024-06-30"),
        ("2024-07-01T13:00:00+14:00", "2024-07-01"),
        ("2024-06-30T15:59:59-07:00", "2024-06-30"),
        ("2024-06-30T16:00:00-07:00", "2024-07-01"),
    ],
)
def test_today_in_london_whatever_the_offset(instant: str, today: str) -> None:
    """An instant is on one day in London, however far from there it was written down."""
    assert today_in_london(datetime.fromisoformat(instant)) == date.fromisoformat(today)


@given(
    instant=st.datetimes(datetime(2015, 1, 1), datetime(2040, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001  # the zone is put on
    hours=st.integers(-23, 23),
)
def test_an_instant_has_one_day_in_london(instant: datetime, hours: int) -> None:
    """The same instant, written with any offset, is on the same day in London."""
    elsewhere = instant.astimezone(timezone(timedelta(hours=hours)))
    assert today_in_london(elsewhere) == today_in_london(instant) == oracle.london_day(instant)
