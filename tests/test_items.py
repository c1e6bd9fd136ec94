"""Items as rows: which a filter lets through, and in which order they stand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle import A_DAY, Row, Rows
from socwatch.characters import normalise
from socwatch.records import Kind, Status, natural_order
from socwatch.reports.items import SORTS, Filter, age_words, sort_items, status_cell, timing_cell
from socwatch.rules import find_problems
from socwatch.tracking import Timing, TrackedItem, replay
from strategies import DAYS, plain_registers, register_of

AS_OF = date(2024, 12, 15)


def finding(name: str, kind: str, *bodies: str, **more: object) -> Row:
    """A finding of the report of 2024, unless it names another."""
    row: Row = {
        "id": name,
        "inspection": "soc-2024",
        "bodies": list(bodies),
        "kind": kind,
        "summary": f"Improve {name}.",
    }
    return row | more


def update(number: int, name: str, action: str, on: date, **more: object) -> Row:
    """An update, written at noon of its day."""
    row: Row = {"id": f"u-{number}", "finding": name, "action": action, "on": on}
    recorded = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
    return row | {"recorded": recorded} | more


CAUSE, RECOMMENDATION = "cause-of-concern", "recommendation"
AREA, PRACTICE = "area-for-improvement", "innovative-practice"
OFFICER = "Det Supt  O'Neil"

ROWS: Rows = {
    "format": 1,
    "bodies": [
        {"id": "north-region", "name": "North region", "kind": "region"},
        {"id": "ayle", "name": "Zayle Police", "kind": "force", "region": "north-region"},
        {"id": "bree", "name": "bree Police", "kind": "force", "region": "north-region"},
        {"id": "coln", "name": "Coln Police", "kind": "force"},
    ],
    "inspections": [
        {
            "id": "soc-2024",
            "title": "R",
            "inspectorate": "HMICFRS",
            "published": date(2024, 5, 14),
        },
        {
            "id": "peel-2018",
            "title": "P",
            "inspectorate": "HMICFRS",
            "published": date(2018, 3, 22),
        },
    ],
    "findings": [
        finding("r10", RECOMMENDATION, "ayle", part_of="c", deadline=date(2024, 12, 14)),
        finding("r2", RECOMMENDATION, "ayle", "bree", part_of="c", deadline=date(2025, 1, 12)),
        finding("c", CAUSE, "ayle", "bree", note="Straße to\n the North"),
        finding("a", AREA, "coln", label="Box 7", aliases=["4P plans"]),
        finding("g", PRACTICE, "bree", source_term="Promising practice"),
        finding("n", AREA, "north-region"),
        finding(
            "old",
            CAUSE,
            "coln",
            inspection="peel-2018",
            deadline="immediately",
            deadline_words="at once",
        ),
        finding("r1", RECOMMENDATION, "ayle", part_of="c", deadline=date(2024, 12, 15)),
    ],
    "updates": [
        update(1, "r2", "start", date(2024, 6, 1), body="bree", owner=OFFICER),
        update(2, "r1", "assign", date(2024, 6, 1), owner="a. clerk"),
        update(3, "old", "done", date(2018, 4, 9)),
        update(4, "n", "close", date(2024, 7, 1), outcome="not-accepted", note="No."),
        update(5, "a", "checked", date(2024, 9, 1)),
        update(6, "c", "checked", date(2024, 8, 1), body="ayle"),
    ],
}

EVERY = ["r10", "r2@ayle", "r2@bree", "c@ayle", "c@bree", "a", "g", "n", "old", "r1"]


def items(as_of: date = AS_OF) -> tuple[TrackedItem, ...]:
    """The items above, as of the day before the last of their deadlines."""
    return replay(register_of(ROWS), as_of)


def ids(listed: tuple[TrackedItem, ...]) -> list[str]:
    """The ids of items, in their order."""
    return [item.id for item in listed]


def test_the_items_here_are_of_a_valid_register() -> None:
    """What is filtered and sorted here is what socwatch would answer from, in the file's order."""
    assert list(find_problems(register_of(ROWS))) == []
    assert ids(items()) == EVERY


# Filters


@pytest.mark.parametrize(
    ("choice", "admitted"),
    [
        ({}, EVERY),
        ({"bodies": {"bree"}}, ["r2@bree", "c@bree", "g"]),
        ({"bodies": {"bree", "coln"}}, ["r2@bree", "c@bree", "a", "g", "old"]),
        (
            {"bodies": {"north-region"}},
            ["r10", "r2@ayle", "r2@bree", "c@ayle", "c@bree", "g", "n", "r1"],
        ),
        ({"kinds": {Kind.RECOMMENDATION}}, ["r10", "r2@ayle", "r2@bree", "r1"]),
        ({"kinds": {Kind.INNOVATIVE_PRACTICE, Kind.AREA_FOR_IMPROVEMENT}}, ["a", "g", "n"]),
        ({"statuses": {Status.IN_PROGRESS}}, ["r2@bree"]),
        ({"statuses": {Status.DONE, Status.CLOSED}}, ["n", "old"]),
        ({"statuses": set(Status)}, [name for name in EVERY if name != "g"]),
        ({"inspections": {"peel-2018"}}, ["old"]),
        ({"overdue": True}, ["r10"]),
        ({"due_within": 0}, ["r1"]),
        ({"due_within": 27}, ["r1"]),
        ({"due_within": 28}, ["r2@ayle", "r2@bree", "r1"]),
        ({"owner": normalise("det supt O’Neil")}, ["r2@bree"]),
        ({"owner": normalise("A.  Clerk")}, ["r1"]),
        ({"owner": normalise("clerk")}, []),
        ({"owner": normalise("Det Supt O'Neill")}, []),
        ({"text": "improve r"}, ["r10", "r2@ayle", "r2@bree", "r1"]),
        ({"text": "r2@a"}, ["r2@ayle"]),
        ({"text": "box 7"}, ["a"]),
        ({"text": "4p"}, ["a"]),
        ({"text": "promising"}, ["g"]),
        ({"text": "at once"}, ["old"]),
        ({"text": normalise("STRASSE  to the north")}, ["c@ayle", "c@bree"]),
        ({"text": "elsewhere"}, []),
    ],
)
def test_a_filter_admits_what_agrees_with_its_choice(
    choice: dict[str, Any], admitted: list[str]
) -> None:
    """An item is listed if it agrees, left out if it does not, and stays in its place."""
    assert ids(Filter(**choice).select(items())) == admitted


@pytest.mark.parametrize(
    ("published", "as_of", "words"),
    [
        (date(2016, 3, 1), date(2024, 2, 28), "7 years old"),
        (date(2016, 3, 1), date(2024, 2, 29), "7 years old"),
        (date(2016, 3, 1), date(2024, 3, 1), "8 years old"),
        (date(2016, 3, 1), date(2026, 2, 28), "9 years old"),
        (date(2024, 2, 29), date(2026, 2, 28), "2 years old"),
        (date(2022, 5, 14), date(2024, 5, 13), "23 months old"),
        (date(2022, 5, 14), date(2024, 5, 14), "2 years old"),
        (date(2024, 5, 14), date(2025, 5, 13), "11 months old"),
        (date(2024, 5, 14), date(2025, 5, 14), "12 months old"),
        (date(2024, 5, 14), date(2024, 7, 13), "60 days old"),
        (date(2024, 5, 14), date(2024, 7, 14), "2 months old"),
        (date(2024, 12, 31), date(2025, 2, 28), "2 months old"),
        (date(2024, 5, 14), date(2024, 5, 15), "1 day old"),
        (date(2024, 5, 14), date(2024, 5, 14), "0 days old"),
        (date(2024, 5, 14), date(2024, 5, 13), "not yet published"),
    ],
)
def test_ages_are_full_years_and_full_months(published: date, as_of: date, words: str) -> None:
    """Nothing is a year or a month older before that day of the calendar has come."""
    assert age_words(published, as_of) == words


def test_all_choices_must_agree() -> None:
    """Two choices list what agrees with both, and nothing that agrees with one of them only."""
    bree = Filter(bodies=frozenset({"bree"}), kinds=frozenset({Kind.RECOMMENDATION}))
    assert ids(bree.select(items())) == ["r2@bree"]
    neither = Filter(overdue=True, due_within=28)
    assert ids(neither.select(items())) == []


@given(rows=plain_registers(), as_of=DAYS, within=st.integers(0, 400))
def test_a_row_agrees_with_the_filter_that_lists_it(rows: Rows, as_of: date, within: int) -> None:
    """What is listed as overdue or due soon is what its row, its colour and its count call so."""
    tracked = replay(register_of(rows), as_of)
    filters = {
        Timing.OVERDUE: Filter(overdue=True),
        Timing.DUE_SOON: Filter(due_within=within),
    }
    for timing, chosen in filters.items():
        told = [item for item in tracked if timing_cell(item, within).value == timing]
        assert list(chosen.select(tracked)) == told


def test_every_choice_of_a_filter_is_tried_here() -> None:
    """A choice that is added to the filter is to be tried in this file, and each has a default."""
    assert set(Filter.__annotations__) == {
        *("bodies", "kinds", "statuses", "inspections"),
        *("owner", "text", "overdue", "due_within"),
    }
    assert Filter().select(items()) == items()


# Rows


@pytest.mark.parametrize(
    ("name", "status", "timing"),
    [
        ("r10", "open", "1 day past"),
        ("r2@bree", "in progress", "28 days left"),
        ("r1", "open", "due today"),
        ("n", "closed: not accepted", "—"),
        ("old", "done", "18 days late"),
        ("a", "open", "no deadline, 7 months old"),
        ("g", "—", "—"),
    ],
)
def test_a_row_says_in_words_how_an_item_stands(name: str, status: str, timing: str) -> None:
    """Status and timing are words that need no colour, and count the days from the day asked."""
    (item,) = (item for item in items() if item.id == name)
    assert (status_cell(item).text, timing_cell(item).text) == (status, timing)
    assert "breach" not in timing_cell(item).text


def test_what_is_further_off_is_said_in_days_too() -> None:
    """A deadline beyond what is due soon counts its days, and one that was met says no more."""
    (on_track,) = (item for item in items(date(2024, 11, 1)) if item.id == "r10")
    assert timing_cell(on_track).text == "43 days left"
    assert timing_cell(on_track, within=43).value == "due-soon"
    rows = ROWS | {"updates": [update(1, "r10", "done", date(2024, 12, 14))]}
    (met,) = (item for item in replay(register_of(rows), AS_OF) if item.id == "r10")
    assert timing_cell(met).text == "in time"


# Sorts


@pytest.mark.parametrize(
    ("keys", "order"),
    [
        ("", "a c@ayle c@bree g n old r1 r2@ayle r2@bree r10"),
        ("id", "a c@ayle c@bree g n old r1 r2@ayle r2@bree r10"),
        ("body", "c@bree r2@bree g old a n c@ayle r1 r2@ayle r10"),
        ("kind", "c@ayle c@bree old r1 r2@ayle r2@bree r10 a n g"),
        ("deadline", "old r10 r1 r2@ayle r2@bree c@ayle c@bree a n g"),
        ("days", "r10 r1 r2@ayle r2@bree a c@ayle c@bree g n old"),
        ("status", "a c@ayle c@bree r1 r2@ayle r10 r2@bree old n g"),
        ("published", "old a c@ayle c@bree g n r1 r2@ayle r2@bree r10"),
        ("owner", "r1 r2@bree a c@ayle c@bree g n old r2@ayle r10"),
        ("checked", "c@ayle a c@bree g n old r1 r2@ayle r2@bree r10"),
        ("body,deadline", "c@bree r2@bree g old a n c@ayle r10 r1 r2@ayle"),
        ("kind,body", "c@bree old c@ayle r2@bree r1 r2@ayle r10 a n g"),
        ("kind,deadline", "old c@ayle c@bree r10 r1 r2@ayle r2@bree a n g"),
    ],
)
def test_items_sort_by_what_is_asked_and_then_by_id(keys: str, order: str) -> None:
    """The first key decides, then the next; ties are by id, r2 before r10, in no file's order."""
    asked = keys.split(",") if keys else []
    assert ids(sort_items(items(), asked)) == order.split()
    assert ids(sort_items(items()[::-1], asked)) == order.split()


@given(
    rows=plain_registers(),
    as_of=DAYS,
    keys=st.lists(st.sampled_from(sorted(SORTS)), max_size=3),
)
def test_sorting_loses_nothing_and_needs_no_order(rows: Rows, as_of: date, keys: list[str]) -> None:
    """Every item is there once, in an order that does not depend on the one it came in."""
    tracked = replay(register_of(rows), as_of)
    listed = sort_items(tracked, keys)
    assert sorted(ids(listed)) == sorted(ids(tracked))
    assert sort_items(tracked[::-1], keys) == listed


@given(rows=plain_registers(), as_of=DAYS)
def test_what_is_longest_overdue_stands_first(rows: Rows, as_of: date) -> None:
    """By days, the longest overdue leads, then what is due next; what has no clock stands last."""
    left = [item.days_left for item in sort_items(replay(register_of(rows), as_of), ["days"])]
    running = [days for days in left if days is not None]
    assert left == [*sorted(running), *[None] * (len(left) - len(running))]


@given(rows=plain_registers(), as_of=DAYS)
def test_what_has_no_deadline_stands_last(rows: Rows, as_of: date) -> None:
    """By deadline, the earliest day leads, graver kinds first within a day."""
    listed = sort_items(replay(register_of(rows), as_of), ["deadline"])
    dated = [item.deadline for item in listed if item.deadline is not None]
    assert [item.deadline for item in listed] == [
        *sorted(dated),
        *[None] * (len(listed) - len(dated)),
    ]
    kinds = tuple(Kind)
    for one, following in pairwise(listed):
        if one.deadline == following.deadline:
            assert kinds.index(one.finding.kind) <= kinds.index(following.finding.kind)


# The natural order of ids


def test_r2_stands_before_r10() -> None:
    """Numbers within ids sort as numbers, before letters, wherever in the id they stand."""
    order = "1 2 10 r r1 r2 r2-a r2-b9 r2-b10 r007 r10 r10@a s1 soc-2018-r9 soc-2024-r1".split()  # noqa: SIM905  # a line of ids reads as one
    by_letters = sorted(order)
    assert by_letters != order
    assert sorted(by_letters, key=natural_order) == order


@given(
    before=st.from_regex(r"[a-z]{0,3}-?", fullmatch=True),
    numbers=st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)),
    after=st.from_regex(r"(-[a-z0-9]{1,3})?", fullmatch=True),
)
def test_ids_that_differ_in_a_number_sort_by_it(
    before: str, numbers: tuple[int, int], after: str
) -> None:
    """Of two ids that differ in one number, the smaller number stands first."""
    first, second = (natural_order(f"{before}{number}{after}") for number in numbers)
    assert (first < second) == (numbers[0] < numbers[1])
    assert (first == second) == (numbers[0] == numbers[1])


NAMES = st.text("ab019-@", max_size=6)


@given(one=NAMES, other=NAMES)
def test_only_the_same_id_sorts_the_same(one: str, other: str) -> None:
    """Any two names have an order, and only one name and itself have none."""
    keys = natural_order(one), natural_order(other)
    assert (keys[0] == keys[1]) == (one == other)
    assert (keys[0] < keys[1]) + (keys[1] < keys[0]) == (one != other)
    assert natural_order("r01") != natural_order("r1")


def test_a_number_may_be_as_long_as_it_likes() -> None:
    """An id of 5,000 digits is a valid id, and has its place among the others."""
    long, longer = "1" * 5000, "1" * 5001
    assert sorted([f"r{longer}", f"r{long}", "r2"], key=natural_order) == [
        "r2",
        f"r{long}",
        f"r{longer}",
    ]
    numbered = [row | {"id": long} if row["id"] == "n" else row for row in ROWS["findings"]]
    made = register_of(ROWS | {"findings": numbered, "updates": []})
    assert list(find_problems(made)) == []
    assert ids(sort_items(replay(made, AS_OF), ["id"]))[0] == long
    assert replay(made, AS_OF - 300 * A_DAY)
