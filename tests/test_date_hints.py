"""Dates as people write them: a problem says what a register takes instead, or to leave it out."""

from __future__ import annotations

import calendar
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from conftest import Soc
from mutations import reading
from registers import SMALL
from socwatch.dates import MONTHS, Deadline, PartialDate, Span, parse_deadline
from socwatch.store.date_hints import MAX_TEXT_LENGTH, likely_deadline, states_no_date

DAYS = st.dates(date(1856, 1, 1), date(2199, 12, 31))
DEADLINE = "deadline = 2025-01-01"


def hint(written: str, before: str = DEADLINE) -> tuple[str, str, str]:
    """The name, message and remedy of the one problem of a value that is written otherwise."""
    key = before.partition(" = ")[0]
    assert before in SMALL
    _, (fault,) = reading(SMALL.replace(before, f"{key} = {written}", 1).encode())
    return fault.problem[0], fault.problem[2], fault.problem[3]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-3-1", "2026-03-01"),
        ("2026/03/31", "2026-03-31"),
        ("20260331", "2026-03-31"),
        ("31/03/2026", "2026-03-31"),
        ("31.3.26", "2026-03-31"),
        ("31-03-2026", "2026-03-31"),
        ("03/31/2026", "2026-03-31"),
        ("31 March 2026", "2026-03-31"),
        ("31 Mar 2026", "2026-03-31"),
        ("31-Mar-26", "2026-03-31"),
        ("31st of March 2026", "2026-03-31"),
        ("30 SEPT. 2026", "2026-09-30"),
        ("Tuesday 31 March 2026", "2026-03-31"),
        ("March 31, 2026", "2026-03-31"),
        ("by 31 March 2026", "2026-03-31"),
        ("no later than 31 March 2026", "2026-03-31"),
        ("2026–3–31", "2026-03-31"),
        ("March 2026", '"2026-03"'),
        ("by the end of March 2026", '"2026-03"'),
        ("03/2026", '"2026-03"'),
        ("2026-3", '"2026-03"'),
        ("end of 2026", '"2026"'),
        ("six months", '"6 months"'),
        ("6 mths", '"6 months"'),
        ("within 12 weeks", '"12 weeks"'),
        ("six months from the date of publication", '"6 months"'),
        ("with immediate effect", '"immediately"'),
        ("Forthwith", '"immediately"'),
    ],
)
def test_what_to_write(written: str, meant: str) -> None:
    """Whoever writes a date as people do is told what to type, quoted or not."""
    expected = f"write deadline = {meant}"
    for value in (f'"{written}"', written):
        name, message, remedy = hint(value)
        assert (name, remedy) == ("bad-date", expected)
        assert f"'{written}'" in message
    assert parse_deadline(written) is None


@pytest.mark.parametrize("quotes", ['"', ""])
def test_day_and_month_that_could_be_taken_for_each_other(quotes: str) -> None:
    """The day comes first, as in Britain, and the hint says which day that is."""
    remedy = hint(f"{quotes}03/04/2026{quotes}")[2]
    assert remedy == "write deadline = 2026-04-03, if 3 Apr 2026 is meant"
    assert "if" not in hint(f"{quotes}13/04/2026{quotes}")[2]
    assert "if" not in hint(f"{quotes}04/04/2026{quotes}")[2]


@pytest.mark.parametrize(
    "written",
    ["TBC", "tbc.", "(TBC)", "TBD", "Ongoing", "on-going", "n/a", "N/A", "none", "-", "–", "?", "",
     "To be confirmed", "not yet agreed", "not set", "no deadline", "Pending", "ASAP"],
)  # fmt: skip
def test_no_date(written: str) -> None:
    """Where there is no date the field is left out, and the source's words have a field."""
    assert states_no_date(written)
    name, message, remedy = hint(f'"{written}"')
    assert (name, message) == ("bad-date", f"deadline is not a date: {written!r}")
    assert remedy == (
        "leave deadline out until there is a date; the source's wording can go in deadline_words"
    )
    remedy = hint(f'"{written}"', "published = 2024-05-14")[2]
    assert remedy.endswith("; published cannot be left out")


@pytest.mark.parametrize(
    "written",
    ["before 31 March 2026", "Q1 2026", "spring 2026", "2025/26", "2025-26", "2011/12", "31 March",
     "mid-2026", "early 2026", "in due course", "31/03/0026", "7 mai 2026", "six", "x" * 99],
)  # fmt: skip
def test_what_is_not_clear(written: str) -> None:
    """What could mean several days, or none, is not guessed at."""
    assert likely_deadline(written) is None
    assert not states_no_date(written)
    assert hint(f'"{written}"')[2].startswith("write a date such as 2025-01-31")


@pytest.mark.parametrize(
    "written", ["30/02/2026", "31 April 2026", "2026-02-30", "2026-13-05", "2026-13"]
)
def test_no_such_day(written: str) -> None:
    """A day that the calendar does not have is told as that, not as a matter of form."""
    with pytest.raises(ValueError, match=r"day|month"):
        likely_deadline(written)
    name, message, remedy = hint(f'"{written}"')
    assert (name, message) == ("impossible-date", f"the calendar has no '{written}'")
    assert remedy == "write a date that exists, such as 2025-01-31"
    assert hint(written)[0] == "impossible-date"


@pytest.mark.parametrize(
    ("before", "written", "message", "remedy"),
    [
        ("published = 2024-05-14", '"2024-05-14"', "published is a date in quotes",
         "write published = 2024-05-14, without quotes"),
        ("published = 2024-05-14", '"May 2024"', "published does not name the day: 'May 2024'",
         "write the full date, such as 2025-01-31, without quotes"),
        ("published = 2024-05-14", "2024-05-14T10:00:00Z", "published has a time of day",
         "write published = 2024-05-14"),
        ("published = 2024-05-14", '"6 months"', "published is not a date: '6 months'",
         "write a date such as 2025-01-31, without quotes"),
        (DEADLINE, "2025", "deadline is not in a form that socwatch reads: '2025'",
         'write deadline = "2025"'),
        (DEADLINE, "true", "deadline is not a date",
         'write a date such as 2025-01-31, "2025-01", "immediately" or "6 months"'),
        (DEADLINE, "10:00:00", "deadline is not a date",
         'write a date such as 2025-01-31, "2025-01", "immediately" or "6 months"'),
    ],
)  # fmt: skip
def test_by_what_the_field_takes(before: str, written: str, message: str, remedy: str) -> None:
    """What to write is what this field takes: a full day, or a month, or a length of time."""
    assert hint(written, before) == ("bad-date", message, remedy)


@pytest.mark.parametrize(
    ("written", "message", "remedy"),
    [
        ("2024-06-01", "recorded has no time of day", "such as recorded = 2024-06-01T09:15:02Z"),
        ('"2024-06-01"', "recorded has no time of day", "such as recorded = 2024-06-01T09:15:02Z"),
        ('"2024-06-01T10:00:00Z"', "recorded is a time in quotes",
         "write recorded = 2024-06-01T10:00:00Z, without quotes"),
        ("2024-06-01T10:00:00", "recorded does not say in which time zone it is",
         "= 2024-06-01T10:00:00Z for UTC, or 2024-06-01T10:00:00+01:00 in summer time"),
        ('"1 June"', "recorded is not a time: '1 June'", "write a time such as 2025-01-31T09:15"),
        ("7", "recorded is not a time", "write a time such as 2025-01-31T09:15:02Z"),
    ],
)  # fmt: skip
def test_times(written: str, message: str, remedy: str) -> None:
    """A moment needs a day, a time and a zone; what it lacks is named."""
    text = (
        f'{SMALL}\n[[updates]]\nid = "u-1"\nfinding = "r1"\naction = "note"\non = 2024-06-01\n'
        f'note = "Seen."\nrecorded = {written}\n'
    )
    _, (fault,) = reading(text.encode())
    assert (fault.problem.name, fault.problem.message) == ("bad-date", message)
    assert remedy in fault.problem.remedy


def test_spot_of_a_date_without_quotes(soc: Soc) -> None:
    """`validate` marks the date itself, and only where the field takes dates."""
    soc.write(SMALL.replace(DEADLINE, "deadline = 31 March 2026  # as agreed"))
    out = soc("validate", code=3).out
    assert "    | " + " " * 11 + "^" * len("31 March 2026") + "\n" in out.replace("     |", "    |")
    assert "= write deadline = 2026-03-31\n" in out
    soc.write(SMALL.replace('summary = "Keep', 'note = 31 March 2026\nsummary = "Keep', 1))
    out = soc("validate", code=3).out
    assert "toml-syntax" in out
    assert "2026-03-31" not in out


def spoken_forms(day: date) -> list[str]:
    """A day in forms that people in Britain write it."""
    month = MONTHS[day.month - 1]
    return [
        f"{day.day}/{day.month}/{day.year}",
        f"{day.day:02}.{day.month:02}.{day.year}",
        f"{day.year}-{day.month}-{day.day}",
        f"{day.day} {month} {day.year}",
        f"{calendar.day_name[day.weekday()]}, {day.day} {month[:3]} {day.year}",
        f"{month.upper()} {day.day}, {day.year}",
    ]


@given(DAYS, st.integers(0, 5))
def test_every_day_is_understood(day: date, form: int) -> None:
    """A day in any of these forms is taken for itself."""
    assert likely_deadline(spoken_forms(day)[form]) == PartialDate.of_day(day)


@given(
    st.one_of(DAYS.map(PartialDate.of_day), st.builds(Span, st.integers(1, 9999), st.just("week")))
)
def test_what_a_register_takes_is_understood(deadline: Deadline) -> None:
    """What a register takes means the same here."""
    assert likely_deadline(str(deadline)) == deadline


@given(st.text(max_size=MAX_TEXT_LENGTH + 5) | st.from_regex(r"[0-9a-z /.-]{1,20}", fullmatch=True))
@example("1" * 61)
@example("\u2007")
@example("³ May 2026")
@example("\uff12\uff10\uff12\uff16-3-1")
def test_no_text_is_too_odd(text: str) -> None:
    """Any text is understood, or is not, or is a day that there is not; nothing else happens."""
    try:
        found = likely_deadline(text)
    except ValueError:
        found = None
    assert found is None or parse_deadline(str(found)) == found
    assert states_no_date(text) in {True, False}
