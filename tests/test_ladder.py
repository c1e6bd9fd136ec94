"""The law of the ladder: however cron runs, each rung is spoken of, and of none is spoken twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from oracle import A_DAY, Row, Rows
from socwatch.records import Kind, Register
from socwatch.reports.check.alerts import Attention, CheckOptions, Reason, Suppression, attention
from socwatch.reports.check.reminders import DEFAULT_SCHEDULE, LastRun, ReminderSchedule
from socwatch.reports.items import Filter
from socwatch.tracking import QueryDates, replay
from strategies import plain_registers, register_of, telling_days

RUNGS = st.lists(st.integers(-40, 40), min_size=1, max_size=5)
GAPS = st.lists(st.sampled_from((1, 1, 1, 2, 3, 7, 31, 90)), min_size=1, max_size=12)
"""The days from one run of cron to the next."""


def is_rung(rungs: list[int], days_left: int) -> bool:
    """Whether a number of days is a rung, found by walking down the ladder."""
    if days_left in rungs:
        return True
    step = min(0, *rungs)
    while step > days_left:
        step -= 30
        if step == days_left:
            return True
    return False


@given(rungs=RUNGS, days_left=st.integers(-400, 60), days=st.integers(0, 120))
@example(rungs=[28, 14, 7, 1, 0, -7, -30], days_left=-60, days=1)
@example(rungs=[28, 14], days_left=-30, days=1)
@example(rungs=[5], days_left=0, days=1)
def test_crossing_against_a_walk(rungs: list[int], days_left: int, days: int) -> None:
    """A rung is crossed if one of the last days stood on it, each day having one more left."""
    walked = any(is_rung(rungs, days_left + back) for back in range(days))
    assert ReminderSchedule.of(rungs).is_due(days_left, days) == walked


def test_the_usual_ladder() -> None:
    """It speaks at 28, 14, 7, 1 and 0 days left, at 1, 7 and 30 past, then every 30 days."""
    spoken = [days for days in range(60, -151, -1) if DEFAULT_SCHEDULE.is_due(days)]
    assert spoken == [28, 14, 7, 1, 0, -1, -7, -30, -60, -90, -120, -150]


def runs(first: date, gaps: list[int]) -> list[date]:
    """The days on which cron ran."""
    days = [first]
    for gap in gaps:
        days.append(days[-1] + timedelta(days=gap))
    return days


def answers(
    register: Register, days: list[date], schedule: ReminderSchedule, *, remembering: bool
) -> Iterator[tuple[date, Attention, Attention]]:
    """Each run's day of the last one, its answer, and what it would say without a ladder."""
    watch = CheckOptions(schedule=schedule)
    seen = attention(register, QueryDates(days[0]), watch).snapshot
    for before, day in pairwise(days):
        since = LastRun(before, seen if remembering else None)
        answer = attention(register, QueryDates(day), watch._replace(since=since))
        everything = attention(register, QueryDates(day), CheckOptions(within=(watch.reach,)))
        yield before, answer, everything
        seen = answer.snapshot


def ids(answer: Attention) -> set[tuple[Reason, str | None]]:
    """What an answer speaks of."""
    return {(concern.reason, concern.id) for concern in answer.alerts}


@given(
    rows=plain_registers(updated=False),
    rungs=RUNGS,
    gaps=GAPS,
    data=st.data(),
    remembering=st.booleans(),
)
def test_each_rung_is_spoken_of_once(
    rows: Rows, rungs: list[int], gaps: list[int], data: st.DataObject, *, remembering: bool
) -> None:
    """With no update on record, a run speaks of what touched a rung after the run before it.

    That is held against a walk over each day, and each day lies after one run only: so none is
    lost, and none is told twice. What a report brings with it is told by the run of its day and by
    the next, since it may be put into the register in between.
    """
    register = register_of(rows)
    days = runs(data.draw(st.sampled_from(telling_days(rows))), gaps)
    for before, answer, everything in answers(
        register, days, ReminderSchedule.of(rungs), remembering=remembering
    ):
        expected = set()
        for concern in everything.alerts:
            assert concern.days_left is not None
            passed = (answer.dates.as_of - before).days
            walked = any(is_rung(rungs, concern.days_left + back) for back in range(passed))
            assert concern.inspection is not None
            came = concern.inspection.published >= before
            if walked or came:
                expected.add((concern.reason, concern.id))
        assert ids(answer) == expected
        assert len(answer.alerts) + len(answer.suppressed) == len(everything.alerts)


@given(rows=plain_registers(), rungs=RUNGS, gaps=GAPS, data=st.data(), remembering=st.booleans())
def test_no_rung_is_lost(
    rows: Rows, rungs: list[int], gaps: list[int], data: st.DataObject, *, remembering: bool
) -> None:
    """Whatever moves meanwhile, what stood on a rung on a day since the last run is spoken of.

    Unless it needs no attention any more, or is muted. What moved is spoken of too.
    """
    register = register_of(rows)
    days = runs(data.draw(st.sampled_from(telling_days(rows))), gaps)
    for before, answer, everything in answers(
        register, days, ReminderSchedule.of(rungs), remembering=remembering
    ):
        as_of = answer.dates.as_of
        touched = set()
        for back in range((as_of - before).days):
            for item in replay(register, as_of - back * A_DAY):
                if item.days_left is not None and is_rung(rungs, item.days_left):
                    touched.add(item.id)
        then = {item.id: item for item in replay(register, before)}
        muted = {c.id for why, c in answer.suppressed if why is Suppression.MUTED}
        said = {concern.id for concern in answer.alerts}
        for concern in everything.alerts:
            if concern.item is None or concern.id in muted:
                continue
            old = then.get(concern.item.id)
            moved = (
                old is None
                or old.days_left is None
                or old.deadline != concern.item.deadline
                or (old.muted_until or date.min) >= before
            )
            assert concern.id in said or not (moved or concern.id in touched), concern
        for why, concern in answer.suppressed:
            assert why is Suppression.MUTED or concern.id not in touched


@given(
    then=plain_registers(),
    rungs=RUNGS,
    gap=st.sampled_from((1, 2, 7, 31)),
    data=st.data(),
    chosen=st.builds(Filter, kinds=st.frozensets(st.sampled_from(Kind))),
)
def test_what_is_remembered_never_hides(
    then: Rows, rungs: list[int], gap: int, data: st.DataObject, chosen: Filter
) -> None:
    """Whoever remembers how things stood at the last run says no less than who knows its day."""
    now = {**then}
    kept = data.draw(st.integers(0, len(then.get("updates", []))))
    then = {**then, "updates": then.get("updates", [])[:kept]}
    first = data.draw(st.sampled_from(telling_days(now)))
    watch = CheckOptions(chosen, schedule=ReminderSchedule.of(rungs))
    seen = attention(register_of(then), QueryDates(first), watch).snapshot
    said = [
        attention(
            register_of(now),
            QueryDates(first + gap * A_DAY),
            watch._replace(since=LastRun(first, known)),
        )
        for known in (None, seen)
    ]
    assert ids(said[0]) <= ids(said[1])
    assert said[0].watched == said[1].watched


@given(rows=plain_registers(), data=st.data())
def test_worst_first(rows: Rows, data: st.DataObject) -> None:
    """What is overdue stands before what is due, the longest first; then what waits, and so on."""
    register = register_of(rows)
    as_of = data.draw(st.sampled_from(telling_days(rows)))
    watch = CheckOptions(within=(7, 60), awaiting_sign_off=0, stale_after=1)
    concerns = attention(register, QueryDates(as_of), watch).alerts
    order = list(Reason)
    assert order[:2] == [Reason.OVERDUE, Reason.DUE]
    keys = [
        (order.index(c.reason), c.days_left if c.days_left is not None else -(c.days_waiting or 0))
        for c in concerns
    ]
    assert keys == sorted(keys)
    for concern in concerns:
        left = concern.days_left
        if concern.reason in {Reason.OVERDUE, Reason.NO_RESPONSE}:
            assert left is not None
            assert left < 0
            assert concern.within is None
        elif concern.reason in {Reason.DUE, Reason.RESPONSE_DUE}:
            assert left is not None
            assert 0 <= left <= 60
            assert concern.within == (7 if left <= 7 else 60)
        else:
            assert left is None
            assert concern.days_waiting is not None


@given(rows=plain_registers(), data=st.data())
def test_everything_that_is_late_is_spoken_of_or_counted(rows: Rows, data: st.DataObject) -> None:
    """Without a ladder what is overdue is spoken of, or muted until that day or later."""
    register = register_of(rows)
    as_of = data.draw(st.sampled_from(telling_days(rows)))
    answer = attention(register, QueryDates(as_of), CheckOptions())
    tracked = replay(register, as_of)
    overdue = {item.id for item in tracked if item.overdue}
    said = {c.id for c in answer.alerts if c.reason is Reason.OVERDUE}
    held = {c.id for why, c in answer.suppressed if c.reason is Reason.OVERDUE}
    assert said | held == overdue
    assert not said & held
    for item in tracked:
        if item.id in held:
            assert item.muted_until is not None
            assert item.muted_until >= as_of


ROWS: Rows = {
    "format": 1,
    "bodies": [{"id": "ayle", "name": "Ayle Police", "kind": "force"}],
    "inspections": [
        {"id": "i", "title": "T", "inspectorate": "HMICFRS", "published": date(2024, 5, 14)}
    ],
    "findings": [
        {
            "id": "c", "inspection": "i", "bodies": ["ayle"], "kind": "cause-of-concern",
            "summary": "S", "deadline": date(2025, 1, 1),
        }
    ],
}  # fmt: skip
"""One finding with a deadline."""


def register_with(*updates: Row) -> Register:
    """The register with these updates."""
    return register_of({**ROWS, "updates": list(updates)})


def update_row(name: str, action: str, on: date, recorded: date, **more: object) -> Row:
    """An update of the one finding, recorded at noon."""
    return {
        "id": name,
        "finding": "c",
        "action": action,
        "on": on,
        "recorded": datetime(recorded.year, recorded.month, recorded.day, 12, tzinfo=UTC),
        **more,
    }


def january(day: int) -> date:
    """A day of the month in which the deadline passes."""
    return date(2025, 1, day)


DONE = update_row("u-1", "done", date(2024, 12, 1), date(2024, 12, 1))


@pytest.mark.parametrize("remembering", [True, False])
@pytest.mark.parametrize("happened", [10, 17, 18])
@pytest.mark.parametrize("recorded", [17, 18])
def test_what_is_recorded_late_is_news(*, remembering: bool, happened: int, recorded: int) -> None:
    """A reopening is spoken of by the next run, also if it is recorded days after it happened.

    So it is on the very day of the last run, which may have come before the record was made.
    """
    watch = CheckOptions(schedule=DEFAULT_SCHEDULE)
    seen = attention(register_with(DONE), QueryDates(january(17)), watch).snapshot
    since = LastRun(january(17), seen if remembering else None)
    reopened = update_row("u-2", "reopen", january(happened), january(recorded), note="Not so.")
    now = register_with(DONE, reopened)
    answer = attention(now, QueryDates(january(18)), watch._replace(since=since))
    assert ids(answer) == {(Reason.OVERDUE, "c")}
    since = LastRun(january(20), answer.snapshot if remembering else None)
    later = attention(now, QueryDates(january(21)), watch._replace(since=since))
    assert ids(later) == set()
    assert [why for why, _ in later.suppressed] == [Suppression.NO_REMINDER_DAY]


@pytest.mark.parametrize(
    "change",
    [
        update_row(
            "u-2", "extend", january(17), january(17), deadline=january(30), note="N.", by="HMICFRS"
        ),
        update_row("u-2", "retract", january(17), january(17), update="u-1", note="Not so."),
    ],
    ids=lambda change: str(change["action"]),
)
@pytest.mark.parametrize("remembering", [True, False])
def test_what_moves_is_news(change: Row, *, remembering: bool) -> None:
    """A deadline that is moved, or a completion taken back, is spoken of between two rungs too."""
    before = [DONE] if change["action"] == "retract" else []
    watch = CheckOptions(schedule=DEFAULT_SCHEDULE)
    seen = attention(register_with(*before), QueryDates(january(17)), watch).snapshot
    since = LastRun(january(17), seen if remembering else None)
    now = register_with(*before, change)
    answer = attention(now, QueryDates(january(18)), watch._replace(since=since))
    assert [concern.id for concern in answer.alerts] == ["c"]
    silent = attention(register_with(*before), QueryDates(january(18)), watch._replace(since=since))
    assert not silent.alerts


@pytest.mark.parametrize("gap", [1, 2, 5])
def test_the_end_of_a_mute_is_news(gap: int) -> None:
    """What is muted until a day is silent on it, and spoken of by the first run after it.

    After that the ladder speaks of it as of anything else.
    """
    held = update_row("u-2", "mute", january(3), january(3), until=january(10), note="N.")
    register, schedule = register_with(held), ReminderSchedule.of((100,))
    spoken = []
    for day in range(4, 30, gap):
        since = LastRun(january(day - gap) if day > gap else date(2024, 12, 31))
        answer = attention(
            register, QueryDates(january(day)), CheckOptions(schedule=schedule, since=since)
        )
        spoken += [day for _ in answer.alerts]
        reasons = [why for why, _ in answer.suppressed]
        assert reasons == ([] if answer.alerts else reasons)
        assert (Suppression.MUTED in reasons) == (day <= 10)
    assert spoken == [next(day for day in range(4, 30, gap) if day > 10)]


def test_waiting_and_staleness_have_rungs_too() -> None:
    """What waits is spoken of when it begins to be too long, and every 30 days from then on."""
    register = register_with(DONE)
    watch = CheckOptions(awaiting_sign_off=11, stale_after=20, schedule=DEFAULT_SCHEDULE)
    said: dict[Reason, list[int]] = {Reason.AWAITING_SIGN_OFF: [], Reason.STALE: []}
    for passed in range(120):
        as_of = date(2024, 12, 1) + passed * A_DAY
        for concern in attention(register, QueryDates(as_of), watch).alerts:
            said[concern.reason].append(passed)
    assert said == {Reason.AWAITING_SIGN_OFF: [11, 41, 71, 101], Reason.STALE: [20, 50, 80, 110]}
