"""The laws of tracking, on registers that hypothesis makes, and against the oracle."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum

from hypothesis import given, settings
from hypothesis import strategies as st

import oracle
from conftest import examples
from oracle import A_DAY, Row, Rows
from socwatch.records import Body, Finding, Inspection, Register, Update
from socwatch.rules import find_problems
from socwatch.tracking import Timing, TrackedItem, replay
from strategies import (
    DAYS,
    deadlines,
    instants_from,
    plain_registers,
    register_of,
    telling_days,
    telling_days_of_record,
    update_rows,
)

FIELDS = (
    *(name for name in TrackedItem._fields if name != "history"),
    *("updates", "id", "overdue", "muted", "only_signed_off", "age"),
)


def plain(item: TrackedItem) -> Row:
    """Every field of an item and all that is derived from them, records by their ids."""
    row = {name: getattr(item, name) for name in FIELDS} | {"timing": item.timing()}
    return {name: _plain_value(value) for name, value in row.items()}


def _plain_value(value: object) -> object:
    match value:
        case Finding() | Inspection() | Body() | Update():
            return value.id
        case tuple():
            return [_plain_value(each) for each in value]
        case StrEnum():
            return value.value
        case _:
            return value


def said(rows: Rows, as_of: date, recorded_until: date | None = None) -> list[Row]:
    """What socwatch says of every item of these values."""
    return said_of(register_of(rows), as_of, recorded_until)


def said_of(register: Register, as_of: date, recorded_until: date | None = None) -> list[Row]:
    """What socwatch says of every item of a register."""
    return [plain(item) for item in replay(register, as_of, recorded_until=recorded_until)]


def but_for(answers: list[Row], *ids: str) -> list[Row]:
    """Answers without mention of some updates, which change nothing else."""
    return [
        answer | {"updates": [u for u in answer["updates"] if u not in ids]} for answer in answers
    ]


def inserted(rows: Rows, update: Row, place: int) -> Rows:
    """The same values with one more update at that place among the others."""
    updates = rows["updates"]
    return rows | {"updates": [*updates[:place], update, *updates[place:]]}


@given(rows=plain_registers())
def test_registers_made_here_are_valid(rows: Rows) -> None:
    """Every register that the laws are tried on is one that socwatch would answer from."""
    assert list(find_problems(register_of(rows))) == []


@given(rows=plain_registers(), data=st.data())
@settings(max_examples=examples(300))
def test_replay_agrees_with_the_oracle(rows: Rows, data: st.DataObject) -> None:
    """On any day, and as known on any day, every field of every item is what the rules say."""
    register = register_of(rows)
    recorded = st.sampled_from([None, *telling_days_of_record(rows)])
    asked = [*telling_days(rows), data.draw(DAYS)]
    for known in data.draw(st.lists(recorded, min_size=1, max_size=3, unique=True)):
        for day in asked:
            assert said_of(register, day, known) == oracle.items(rows, day, known)


@given(rows=plain_registers(), within=st.integers(0, 400), as_of=DAYS)
def test_due_soon_is_so_many_days_or_fewer(rows: Rows, within: int, as_of: date) -> None:
    """Whatever number of days is asked for, due soon begins that many before the deadline."""
    register = register_of(rows)
    told = [item.timing(within).value for item in replay(register, as_of)]
    assert told == [row["timing"] for row in oracle.items(rows, as_of, within=within)]


@given(rows=plain_registers(), data=st.data())
def test_the_past_stays(rows: Rows, data: st.DataObject) -> None:
    """An update changes no answer about a day before its own, wherever its line stands."""
    finding = data.draw(st.sampled_from(rows["findings"]))
    body = data.draw(st.sampled_from(finding["bodies"]))
    action = data.draw(st.sampled_from([a for a in oracle.MOVES if a != "retract"]))
    asked = telling_days(rows)
    on = data.draw(st.sampled_from(asked)) + A_DAY
    others = [other["id"] for other in rows["findings"] if other is not finding]
    update = data.draw(update_rows(finding, body, action, on, published=on, others=others))
    update["id"] = "later"
    place = data.draw(st.integers(0, len(rows["updates"])))
    known = data.draw(st.sampled_from([None, *telling_days_of_record(rows)]))
    before, after = register_of(rows), register_of(inserted(rows, update, place))
    for day in asked:
        if day < on:
            assert said_of(after, day, known) == said_of(before, day, known)
    about = finding["id"] + (f"@{body}" if len(finding["bodies"]) > 1 else "")
    end = said_of(after, date(2099, 12, 31))
    assert [row["id"] for row in end if update["id"] in row["updates"]] == [about]


@given(rows=plain_registers(), data=st.data())
def test_lines_of_different_days_may_stand_in_any_order(rows: Rows, data: st.DataObject) -> None:
    """Lines may be moved about freely, as long as those of one day keep their order."""
    moved = data.draw(st.permutations(rows["updates"]))
    by_day: dict[date, list[Row]] = {}
    for update in rows["updates"]:
        by_day.setdefault(update["on"], []).append(update)
    known = data.draw(st.sampled_from([None, *telling_days_of_record(rows)]))
    ours = register_of(rows)
    theirs = register_of(rows | {"updates": [by_day[line["on"]].pop(0) for line in moved]})
    for day in telling_days(rows):
        assert said_of(theirs, day, known) == said_of(ours, day, known)


@given(rows=plain_registers(), data=st.data())
def test_what_was_recorded_later_was_not_yet_known(rows: Rows, data: st.DataObject) -> None:
    """As known on a day, the register says what the file of that day would have said."""
    known = data.draw(st.sampled_from(telling_days_of_record(rows)))
    file_then = oracle.recorded_by(rows, known)
    ours, then = register_of(rows), register_of(rows | {"updates": file_then})
    for day in telling_days(rows):
        assert said_of(ours, day, known) == said_of(then, day)


def retraction(of: Row, *, number: int, on: date, recorded: datetime) -> Row:
    """A retraction of an update, about the same item."""
    row = {
        "id": f"retraction-{number}",
        "finding": of["finding"],
        "action": "retract",
        "on": on,
        "recorded": recorded,
        "update": of["id"],
        "note": "By mistake.",
    }
    return row | ({"body": of["body"]} if "body" in of else {})


@given(rows=plain_registers(), data=st.data(), on=DAYS)
@settings(max_examples=examples(50))
def test_a_retraction_unwrites_an_update(rows: Rows, data: st.DataObject, on: date) -> None:
    """Retracting restores every day as if the line had never been; retracting that, as it was.

    What the register said before the retraction was recorded can still be had.
    """
    update = data.draw(st.sampled_from(rows["updates"]))
    last = max(u["recorded"] for u in rows["updates"])
    recorded = max(data.draw(instants_from(on)), last) + timedelta(days=2)
    first = retraction(update, number=1, on=on, recorded=recorded)
    second = retraction(first, number=2, on=on, recorded=recorded + timedelta(days=2))
    places = st.integers(0, len(rows["updates"]))
    unwritten = rows | {"updates": [u for u in rows["updates"] if u is not update]}
    once = inserted(rows, first, data.draw(places))
    twice = inserted(once, second, data.draw(places))
    ours = (first["id"], second["id"])
    known_before = oracle.london_day(recorded) - A_DAY
    known_between = oracle.london_day(recorded)
    as_written, as_unwritten = register_of(rows), register_of(unwritten)
    retracted, restored = register_of(once), register_of(twice)
    for day in {*telling_days(rows), on}:
        never = said_of(as_unwritten, day)
        before = said_of(as_written, day)
        assert but_for(said_of(retracted, day), *ours) == never
        assert but_for(said_of(restored, day), *ours) == before
        assert said_of(retracted, day, known_before) == before
        assert said_of(restored, day, known_before) == before
        assert but_for(said_of(restored, day, known_between), *ours) == never


@given(rows=plain_registers(updated=False))
def test_the_deadline_day_is_in_time_and_the_next_is_not(rows: Rows) -> None:
    """Whatever form a deadline has, its last day is in time, and the day after it is overdue."""
    register = register_of(rows)
    published = {i["id"]: i["published"] for i in rows["inspections"]}
    for finding in rows["findings"]:
        if "deadline" not in finding:
            continue
        last = oracle.last_day_in_time(finding["deadline"], published[finding["inspection"]])
        for step in range(-30, 31):
            day = last + step * A_DAY
            ours = [i for i in replay(register, day) if i.finding.id == finding["id"]]
            assert bool(ours) == (day >= published[finding["inspection"]])
            for item in ours:
                assert item.deadline == last
                assert item.overdue == (day > last)
                assert item.days_left == -step
                assert item.timing() is _timing_without_updates(step)


def _timing_without_updates(step: int) -> Timing:
    if step > 0:
        return Timing.OVERDUE
    return Timing.DUE_SOON if step >= -28 else Timing.ON_TRACK


@given(rows=plain_registers())
def test_timing_and_overdue_agree(rows: Rows) -> None:
    """An item is overdue for its colour, its count and its row, or for none of them."""
    register = register_of(rows)
    for day in telling_days(rows):
        for item in replay(register, day):
            left = item.days_left
            assert item.overdue == (item.timing() is Timing.OVERDUE)
            assert item.overdue == (left is not None and left < 0)
            assert (item.timing() is Timing.DUE_SOON) == (left is not None and 0 <= left <= 28)
            if item.timing() in {Timing.MET, Timing.LATE, Timing.NO_DEADLINE}:
                assert left is None


@given(rows=plain_registers())
def test_what_is_overdue_stays_so_until_something_is_written(rows: Rows) -> None:
    """With no update in between, an overdue item is overdue on every later day."""
    register = register_of(rows)
    before: dict[str, TrackedItem] = {}
    for day in telling_days(rows):
        for item in replay(register, day):
            then = before.get(item.id)
            if then is not None and then.overdue and then.updates == item.updates:
                assert item.overdue
                assert item.days_left is not None
                assert then.days_left is not None
                assert item.days_left < then.days_left
            before[item.id] = item


@given(rows=plain_registers())
def test_the_same_question_has_the_same_answer(rows: Rows) -> None:
    """Nothing but the register and the days asked about matters, asked for once or again."""
    register = register_of(rows)
    asked = telling_days(rows)
    first = [said_of(register, day) for day in asked]
    assert [said(rows, day) for day in reversed(asked)] == first[::-1]


@given(published=DAYS, data=st.data())
def test_extensions_count_from_the_last(published: date, data: st.DataObject) -> None:
    """The deadline in force is that of the last extension, in whatever form it was written."""
    extended = data.draw(st.lists(deadlines(published).filter(_is_partial), max_size=4))
    (item,) = replay(register_of(_extended(published, extended)), published + 10 * A_DAY)
    ends = [oracle.last_day_in_time(deadline, published) for deadline in extended]
    assert item.extensions == len(extended)
    assert item.original_deadline == published
    assert item.deadline == [published, *ends][-1]


def _is_partial(deadline: date | str) -> bool:
    return isinstance(deadline, date) or (" " not in deadline and deadline != "immediately")


def _extended(published: date, deadlines_in_turn: list[date | str]) -> Rows:
    at = datetime.fromisoformat(f"{published}T12:00:00Z")
    return {
        "format": 1,
        "bodies": [{"id": "ayle", "name": "Ayle Police", "kind": "force"}],
        "inspections": [
            {"id": "report", "title": "R", "inspectorate": "HMICFRS", "published": published}
        ],
        "findings": [
            {
                "id": "cause",
                "inspection": "report",
                "bodies": ["ayle"],
                "kind": "cause-of-concern",
                "summary": "What is wrong.",
                "deadline": "immediately",
            }
        ],
        "updates": [
            {
                "id": f"u-{number}",
                "finding": "cause",
                "action": "extend",
                "on": published + number * A_DAY,
                "deadline": deadline,
                "by": "HMICFRS",
                "note": "Agreed.",
                "recorded": at + timedelta(days=number),
            }
            for number, deadline in enumerate(deadlines_in_turn)
        ],
    }
