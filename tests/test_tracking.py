"""What follows from a register as of a day: statuses, deadlines, two clocks, fixed lists."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from oracle import A_DAY, MOVES, Row, Rows
from socwatch.records import (
    ACTIONS,
    FIELDS,
    KINDS,
    MAY_ALWAYS_CARRY,
    SCALES,
    Action,
    Kind,
    Outcome,
    Scale,
    Status,
)
from socwatch.rules import find_problems
from socwatch.tracking import (
    DEADLINE_APPLIES,
    DUE_SOON_DAYS,
    ItemState,
    QueryDates,
    Timing,
    TrackedItem,
    effective_updates,
    group_by_item,
    overdue_since,
    replay,
    transitions,
    updates_recorded_until,
)
from strategies import register_of

PUBLISHED = date(2024, 5, 14)
DEADLINE = date(2025, 1, 1)
FAR = date(2030, 1, 1)


def day(text: str) -> date:
    """A day of the stories below, such as 31 Dec 2024."""
    return datetime.strptime(text, "%d %b %Y").replace(tzinfo=UTC).date()


def finding(name: str, *bodies: str, kind: str = "cause-of-concern", **fields: object) -> Row:
    """A finding of the report: a cause of concern due on 1 January 2025, unless it says more."""
    row: Row = {
        "id": name,
        "inspection": "report",
        "bodies": list(bodies or ("ayle",)),
        "kind": kind,
        "summary": "What it asks for.",
    }
    if kind in {"cause-of-concern", "recommendation"}:
        row["deadline"] = DEADLINE
    return {key: value for key, value in (row | fields).items() if value is not None}


def update(action: str, on: str, *, name: str = "c1", **fields: object) -> Row:
    """An update of c1 written at noon of its day, unless it says otherwise."""
    return {"finding": name, "action": action, "on": day(on), **fields}


def rows_of(*updates: Row, findings: list[Row] | None = None) -> Rows:
    """A register with one report; updates that have no id are called u-1, u-2 as they stand."""
    written = [
        {
            "id": f"u-{number}",
            "recorded": datetime.fromisoformat(f"{row['on']}T12:00:00Z"),
            **row,
        }
        for number, row in enumerate(updates, start=1)
    ]
    return {
        "format": 1,
        "bodies": [
            {"id": "ayle", "name": "Ayle Police", "kind": "force"},
            {"id": "bree", "name": "Bree Police", "kind": "force"},
        ],
        "inspections": [
            {"id": "report", "title": "R", "inspectorate": "HMICFRS", "published": PUBLISHED}
        ],
        "findings": findings or [finding("c1")],
        "updates": written,
    }


def item(rows: Rows, on: str, *, known_on: str | None = None, name: str = "c1") -> TrackedItem:
    """One item of a register, as of a day."""
    recorded_until = day(known_on) if known_on else None
    (found,) = (
        i for i in replay(register_of(rows), day(on), recorded_until=recorded_until) if i.id == name
    )
    return found


# The fixed lists

CARRIED_BY_ACTION = {
    # action: (from, gives, must carry, may carry); what may be left out of every action is not
    # repeated: by, note and sources are welcome on all of them.
    "start": ("open", "in-progress", "", "owner"),
    "done": ("open in-progress", "done", "", "evidence"),
    "sign-off": ("open in-progress done", "signed-off", "by", "evidence"),
    "reopen": ("done signed-off closed", "open", "note", ""),
    "close": ("open in-progress done", "closed", "outcome note", "successor"),
    "extend": ("open in-progress", None, "deadline note by", ""),
    "assign": ("any", None, "owner", ""),
    "note": ("any", None, "note", "evidence"),
    "checked": ("any", None, "", ""),
    "mute": ("any", None, "until note", ""),
    "retract": ("any", None, "update note", ""),
}


def test_every_action_has_its_row() -> None:
    """Each action that an update can say has one row in the table of actions, and no other has."""
    assert set(ACTIONS) == set(Action)
    assert {action.value for action in Action} == CARRIED_BY_ACTION.keys() == MOVES.keys()


@pytest.mark.parametrize("action", Action)
def test_an_action_follows_gives_and_carries_what_the_design_says(action: Action) -> None:
    """From which statuses an action may follow, what it gives and carries is the design's table."""
    after, gives, must, may = CARRIED_BY_ACTION[action]
    spec = ACTIONS[action]
    every = "open in-progress done signed-off closed"
    assert set(spec.allowed_from) == set((every if after == "any" else after).split())
    assert spec.new_status == gives
    assert set(spec.required) == set(must.split())
    assert set(spec.optional) == set(may.split())
    assert MOVES[action] == ({*spec.allowed_from}, spec.new_status)


def test_every_update_says_who_what_and_when() -> None:
    """An update of any action has an id, an item, both its clocks, and may say by whom and why."""
    required = {name for name, field in FIELDS["updates"].items() if field.required}
    assert required == {"id", "finding", "action", "on", "recorded"}
    assert set(MAY_ALWAYS_CARRY) == {"by", "note", "sources"}
    assert not {"body", "owner", "evidence", "deadline", "until"} & {*required, *MAY_ALWAYS_CARRY}


def test_every_kind_has_its_row() -> None:
    """Each kind of finding has one row, and only two kinds can be overdue at all."""
    assert set(KINDS) == set(Kind)
    assert {kind.value for kind, spec in KINDS.items() if spec.may_be_overdue} == {
        "cause-of-concern",
        "recommendation",
    }
    assert {kind.value for kind, spec in KINDS.items() if not spec.tracked} == {
        "innovative-practice"
    }
    assert {kind.value: spec.parent for kind, spec in KINDS.items() if spec.parent} == {
        "recommendation": "cause-of-concern"
    }


def test_kinds_stand_gravest_first() -> None:
    """Causes of concern lead, and good practice comes last; each kind is called what it is."""
    assert [kind.value for kind in KINDS] == [
        "cause-of-concern",
        "recommendation",
        "area-for-improvement",
        "innovative-practice",
    ]
    assert [(spec.singular, spec.plural) for spec in KINDS.values()] == [
        ("cause of concern", "causes of concern"),
        ("recommendation", "recommendations"),
        ("area for improvement", "areas for improvement"),
        ("innovative practice", "innovative practices"),
    ]


def test_every_scale_has_its_grades() -> None:
    """Each scale has its grades, best first; the older one has no adequate."""
    assert set(SCALES) == set(Scale)
    assert " ".join(SCALES[Scale.FOUR_GRADES]) == "outstanding good requires-improvement inadequate"
    assert " ".join(SCALES[Scale.FIVE_GRADES]) == (
        "outstanding good adequate requires-improvement inadequate"
    )


# One life


def test_a_finding_begins_open() -> None:
    """With nothing written about it, a finding is open, with its own deadline and no more."""
    found = item(rows_of(), "14 May 2024")
    assert found.status is Status.OPEN
    assert (found.deadline, found.original_deadline, found.extensions) == (DEADLINE, DEADLINE, 0)
    assert (found.days_left, found.age, found.overdue) == (232, 0, False)
    nothing = (found.completed, found.outcome, found.successor, found.owner, found.last_checked)
    assert nothing == (None,) * 5
    assert found.muted_until is None
    assert found.updates == ()


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("action", Action)
def test_an_action_moves_an_item_where_the_design_says(status: Status, action: Action) -> None:
    """From each status an action leads to the status of its row, or may not follow."""
    after, gives, _, _ = CARRIED_BY_ACTION[action]
    (written,) = register_of(rows_of(update(action, "1 Jun 2024", deadline="2025"))).updates
    start = ItemState(status, DEADLINE, owner="A. Officer")
    (transition,) = transitions(Kind.CAUSE_OF_CONCERN, start, [written])
    assert (transition.update, transition.before) == (written, start)
    assert transition.allowed == (after == "any" or status in after.split())
    if transition.allowed:
        assert transition.after.status == (gives or status)
        assert transition.after.owner == "A. Officer"
    else:
        assert transition.after == start


LIFE = rows_of(
    update("start", "1 Jun 2024", owner="A. Officer"),
    update("extend", "1 Dec 2024", deadline="2025-03", note="More time.", by="HMICFRS"),
    update("assign", "5 Jan 2025", owner="B. Officer"),
    update("checked", "1 Feb 2025"),
    update("done", "31 Mar 2025"),
    update("sign-off", "1 May 2025", by="HMICFRS"),
    update("reopen", "1 Jul 2025", note="It came back."),
    update("mute", "2 Jul 2025", until=date(2025, 8, 1), note="Known."),
    update("checked", "3 Jul 2025"),
    update("close", "1 Sep 2025", outcome="superseded", successor="c2", note="Taken over."),
    findings=[finding("c1"), finding("c2")],
)


@pytest.mark.parametrize(
    ("on", "status", "timing", "days_left"),
    [
        ("14 May 2024", "open", "on-track", 232),
        ("31 May 2024", "open", "on-track", 215),
        ("1 Jun 2024", "in-progress", "on-track", 214),
        ("30 Nov 2024", "in-progress", "on-track", 32),
        ("1 Dec 2024", "in-progress", "on-track", 120),
        ("1 Mar 2025", "in-progress", "on-track", 30),
        ("2 Mar 2025", "in-progress", "on-track", 29),
        ("3 Mar 2025", "in-progress", "due-soon", 28),
        ("30 Mar 2025", "in-progress", "due-soon", 1),
        ("31 Mar 2025", "done", "met", None),
        ("1 May 2025", "signed-off", "met", None),
        ("30 Jun 2025", "signed-off", "met", None),
        ("1 Jul 2025", "open", "overdue", -92),
        ("31 Aug 2025", "open", "overdue", -153),
        ("1 Sep 2025", "closed", "not-applicable", None),
    ],
)
def test_a_life_from_day_to_day(on: str, status: str, timing: str, days_left: int | None) -> None:
    """An item has on each day the status, the timing and the days left that its updates give."""
    found = item(LIFE, on)
    assert (found.status, found.timing(), found.days_left) == (status, timing, days_left)
    assert found.overdue == (timing == "overdue")
    assert [u.on for u in found.updates] == sorted(u.on for u in found.updates)
    assert all(u.on <= day(on) for u in found.updates)


def test_what_a_life_leaves_behind() -> None:
    """Owner, checks, mute and end are those of the last update that says so."""
    midway, end = item(LIFE, "30 Jun 2025"), item(LIFE, "1 Sep 2025")
    assert midway.completed == day("31 Mar 2025")
    assert midway.outcome is None
    assert midway.owner == end.owner == "B. Officer"
    assert (midway.last_checked, end.last_checked) == (day("1 Feb 2025"), day("3 Jul 2025"))
    assert (midway.muted_until, end.muted_until) == (None, date(2025, 8, 1))
    assert end.completed is None
    assert (end.outcome, end.successor) == (Outcome.SUPERSEDED, "c2")
    assert (end.deadline, end.original_deadline, end.extensions) == (
        date(2025, 3, 31),
        DEADLINE,
        1,
    )
    assert len(end.updates) == 10
    assert item(LIFE, "1 Sep 2025", name="c2").updates == ()


def test_what_counts_is_when_it_happened() -> None:
    """The days shown are those on which things happened, not on which they were written down.

    Of two mutes, the later one holds, even where it ends sooner.
    """
    written = datetime(2025, 2, 1, tzinfo=UTC)
    rows = rows_of(
        update("checked", "1 Sep 2024", recorded=written),
        update("mute", "2 Sep 2024", until=date(2025, 9, 1), note="Known."),
        update("mute", "3 Sep 2024", until=date(2024, 10, 1), note="Shorter."),
        update("done", "31 Dec 2024", recorded=written),
        update("checked", "5 Jan 2025"),
    )
    then, now = item(rows, "31 Dec 2024"), item(rows, "1 Mar 2025")
    assert (then.last_checked, now.last_checked) == (day("1 Sep 2024"), day("5 Jan 2025"))
    assert then.muted_until == now.muted_until == date(2024, 10, 1)
    assert now.completed == day("31 Dec 2024")
    assert now.timing() is Timing.MET


def test_what_has_ended_is_not_muted() -> None:
    """A mute holds up to its last day while an item is live, whether it is done or not."""
    mute = update("mute", "1 Jun 2024", until=date(2024, 7, 1), note="Known.")
    ends = {
        "done": {},
        "sign-off": {"by": "HMICFRS"},
        "close": {"outcome": "not-accepted", "note": "No."},
    }
    for action, more in ends.items():
        rows = rows_of(mute, update(action, "20 Jun 2024", **more))
        assert item(rows, "19 Jun 2024").muted
        assert item(rows, "1 Jul 2024").muted == (action == "done")
        assert not item(rows, "2 Jul 2024").muted


def test_reopening_takes_back_the_end() -> None:
    """A closed item that is reopened has no outcome, no successor and no day of completion."""
    rows = rows_of(
        update("done", "1 Jun 2024"),
        update("close", "2 Jun 2024", outcome="superseded", successor="c2", note="Taken over."),
        update("reopen", "3 Jun 2024", note="Too soon."),
        update("done", "4 Feb 2025"),
        findings=[finding("c1"), finding("c2")],
    )
    closed, reopened, late = (item(rows, on) for on in ("2 Jun 2024", "3 Jun 2024", "4 Feb 2025"))
    assert (closed.outcome, closed.successor) == (Outcome.SUPERSEDED, "c2")
    assert (reopened.outcome, reopened.successor, reopened.completed) == (None, None, None)
    assert reopened.timing() is Timing.ON_TRACK
    assert late.completed == day("4 Feb 2025")
    assert late.timing() is Timing.LATE


@pytest.mark.parametrize(
    ("done", "signed_off", "timing"),
    [
        ("31 Dec 2024", "1 Jun 2025", "met"),
        ("1 Jan 2025", "1 Jun 2025", "met"),
        ("2 Jan 2025", "1 Jun 2025", "late"),
        (None, "1 Jan 2025", "met"),
        (None, "2 Jan 2025", "late"),
    ],
)
def test_done_in_time_stays_in_time(done: str | None, signed_off: str, timing: str) -> None:
    """What counts is the day on which it was done, and not the day on which that was accepted."""
    first = [update("done", done)] if done else []
    rows = rows_of(*first, update("sign-off", signed_off, by="HMICFRS"))
    found = item(rows, "1 Jan 2026")
    assert found.status is Status.SIGNED_OFF
    assert found.timing() == timing
    assert found.completed == day(done or signed_off)
    assert not found.overdue
    assert found.days_left is None


def test_an_extension_may_come_after_the_deadline() -> None:
    """An overdue item is so no more once it has more time, and is again when that has run out.

    On the days before the extension was agreed it was overdue, and stays so.
    """
    rows = rows_of(
        update("extend", "10 Jan 2025", deadline="2025-02", note="More time.", by="HMICFRS"),
        update("extend", "1 Mar 2025", deadline=date(2025, 3, 5), note="Again.", by="HMICFRS"),
    )
    overdue = [on for on in _days("31 Dec 2024", "7 Mar 2025") if item(rows, on).overdue]
    assert overdue == [*_days("2 Jan 2025", "9 Jan 2025"), "06 Mar 2025", "07 Mar 2025"]
    end = item(rows, "7 Mar 2025")
    assert (end.extensions, end.original_deadline) == (2, DEADLINE)
    assert overdue_since(end) == day("6 Mar 2025")
    assert overdue_since(item(rows, "9 Jan 2025")) == day("2 Jan 2025")
    assert overdue_since(item(rows, "5 Mar 2025")) is None


def _days(first: str, last: str) -> list[str]:
    on, days = day(first), []
    while on <= day(last):
        days.append(f"{on:%d %b %Y}")
        on += A_DAY
    return days


def test_an_extension_may_bring_the_deadline_forward() -> None:
    """The deadline in force is that of the last extension, even where it is the earlier day."""
    rows = rows_of(
        update("extend", "1 Jun 2024", deadline=date(2025, 6, 1), note="More.", by="HMICFRS"),
        update("extend", "1 Jul 2024", deadline=date(2024, 12, 1), note="Less.", by="HMICFRS"),
    )
    assert item(rows, "30 Jun 2024").deadline == date(2025, 6, 1)
    assert item(rows, "1 Jul 2024").deadline == date(2024, 12, 1)
    assert item(rows, "2 Dec 2024").overdue
    assert not item(rows, "1 Dec 2024").overdue


def test_a_finding_without_a_deadline_gets_one_by_extension() -> None:
    """A cause of concern without a deadline has the one that was agreed later, and no original."""
    extend = update("extend", "1 Jun 2024", deadline="2024", note="A date.", by="HMICFRS")
    rows = rows_of(extend, findings=[finding("c1", deadline=None)])
    before, after = item(rows, "31 May 2024"), item(rows, "1 Jan 2025")
    assert (before.deadline, before.timing()) == (None, Timing.NO_DEADLINE)
    assert (after.deadline, after.original_deadline) == (date(2024, 12, 31), None)
    assert after.overdue


@pytest.mark.parametrize("kind", ["area-for-improvement", "innovative-practice"])
def test_some_kinds_are_never_overdue(kind: str) -> None:
    """An area for improvement shows its age and no deadline; good practice has no status either.

    A deadline that is written into one is a fault of the register, and is not counted here either.
    """
    rows = rows_of(findings=[finding("c1", kind=kind, deadline=DEADLINE)])
    found = item(rows, "14 May 2034")
    assert found.deadline is None
    assert found.days_left is None
    assert not found.overdue
    assert found.age == 3652
    practice = kind == "innovative-practice"
    assert found.status is (None if practice else Status.OPEN)
    assert found.timing() is (Timing.NOT_APPLICABLE if practice else Timing.NO_DEADLINE)


@pytest.mark.parametrize("kind", ["area-for-improvement", "innovative-practice"])
def test_no_mistake_gives_them_a_deadline(kind: str) -> None:
    """Nor do they get one by an extension written in error, as known before it was taken back."""
    rows = rows_of(
        update("extend", "1 Jun 2024", deadline="2024-07", note="More time.", by="HMICFRS"),
        update("done", "2 Jun 2024"),
        update("retract", "1 Sep 2024", update="u-1", note="It has no deadline."),
        update("retract", "1 Sep 2024", update="u-2", note="Another finding was meant."),
        findings=[finding("c1", kind=kind)],
    )
    assert list(find_problems(register_of(rows))) == []
    for known_on in ("1 Jun 2024", "31 Aug 2024", "1 Sep 2024"):
        found = item(rows, "1 Aug 2024", known_on=known_on)
        assert found.deadline is None
        assert found.extensions == 0
        assert not found.overdue
    if kind == "innovative-practice":
        assert item(rows, "1 Aug 2024", known_on="31 Aug 2024").completed is None


def test_each_body_has_its_own_status() -> None:
    """A finding for three forces is three items, and what one has done says nothing of another."""
    rows = rows_of(
        update("done", "1 Jun 2024", body="bree"),
        update("start", "2 Jun 2024", body="ayle"),
        findings=[finding("c1", "bree", "ayle"), finding("c2", "ayle")],
    )
    items = replay(register_of(rows), day("2 Jun 2024"))
    assert [(i.id, i.body.id, i.status) for i in items] == [
        ("c1@bree", "bree", Status.DONE),
        ("c1@ayle", "ayle", Status.IN_PROGRESS),
        ("c2", "ayle", Status.OPEN),
    ]
    assert [u.id for i in items for u in i.updates] == ["u-1", "u-2"]


def test_an_update_may_name_the_only_body() -> None:
    """A body named where there is but one is that one; none named means the same."""
    for fields in ({}, {"body": "ayle"}):
        assert item(rows_of(update("done", "1 Jun 2024", **fields)), "1 Jun 2024").status == "done"


def test_an_update_that_names_no_item_counts_for_none() -> None:
    """What names no body among several, or no finding, is left out rather than guessed at."""
    rows = rows_of(
        update("done", "1 Jun 2024"),
        update("done", "1 Jun 2024", name="c9"),
        update("start", "1 Jun 2024", body="ayle"),
        findings=[finding("c1", "ayle", "bree")],
    )
    register = register_of(rows)
    assert {
        key: [u.id for u in updates]
        for key, updates in group_by_item(register, register.updates).items()
    } == {("c1", "ayle"): ["u-3"]}


def test_what_may_not_follow_changes_nothing() -> None:
    """An older state of knowledge may hold a reopening of what was not yet known to be done."""
    rows = rows_of(
        update("done", "1 Jun 2024", recorded=datetime(2024, 8, 1, tzinfo=UTC)),
        update("reopen", "2 Jun 2024", note="It came back."),
        update("start", "3 Jun 2024", owner="A. Officer"),
    )
    then, now = (item(rows, "3 Jun 2024", known_on=on) for on in ("31 Jul 2024", "1 Aug 2024"))
    assert then.status is now.status is Status.IN_PROGRESS
    assert [u.id for u in then.updates] == ["u-2", "u-3"]
    assert [u.id for u in now.updates] == ["u-1", "u-2", "u-3"]
    assert item(rows, "2 Jun 2024", known_on="31 Jul 2024").status is Status.OPEN


# The deadline and the day


@pytest.mark.parametrize(
    ("deadline", "last"),
    [
        (date(2025, 1, 1), "1 Jan 2025"),
        ("2025-01-01", "1 Jan 2025"),
        ("2025-01", "31 Jan 2025"),
        ("2025-02", "28 Feb 2025"),
        ("2028-02", "29 Feb 2028"),
        (date(2028, 2, 29), "29 Feb 2028"),
        ("2025", "31 Dec 2025"),
        ("immediately", "14 May 2024"),
        ("6 months", "14 Nov 2024"),
        ("a year", "14 May 2025"),
        ("2 weeks", "28 May 2024"),
        ("56 days", "9 Jul 2024"),
    ],
)
def test_overdue_begins_on_the_day_after_the_deadline(deadline: date | str, last: str) -> None:
    """In whatever form, the last day is in time, with no day left, and the next day is not."""
    rows = rows_of(findings=[finding("c1", deadline=deadline)])
    on_the_day = item(rows, last)
    assert not on_the_day.overdue
    assert on_the_day.days_left == 0
    assert on_the_day.timing() is Timing.DUE_SOON
    day_after = item(rows, f"{day(last) + A_DAY:%d %b %Y}")
    assert day_after.overdue
    assert day_after.days_left == -1
    assert day_after.timing() is Timing.OVERDUE


def test_the_deadline_of_the_shipped_case() -> None:
    """On 22 November 2026 a recommendation due by 1 January 2025 is 690 days past its deadline."""
    found = item(rows_of(), "22 Nov 2026")
    assert found.days_left == -690
    assert found.overdue
    assert found.age == 922


def test_due_soon_is_28_days_unless_asked_otherwise() -> None:
    """An item is due soon 28 days before its deadline, or as many as somebody asks for."""
    assert DUE_SOON_DAYS == 28
    assert QueryDates(FAR).within == 28
    assert item(rows_of(), "3 Dec 2024").timing() is Timing.ON_TRACK
    four_weeks = item(rows_of(), "4 Dec 2024")
    assert four_weeks.timing() is Timing.DUE_SOON
    assert four_weeks.timing(27) is Timing.ON_TRACK
    assert item(rows_of(), "1 Jan 2025").timing(0) is Timing.DUE_SOON
    assert item(rows_of(), "31 Dec 2024").timing(0) is Timing.ON_TRACK
    assert item(rows_of(), "2 Jan 2025").timing(400) is Timing.OVERDUE


def test_the_clock_runs_while_nothing_says_done() -> None:
    """Days are counted for what is open or in progress, and for nothing else."""
    assert {status.value for status in DEADLINE_APPLIES} == {"open", "in-progress"}
    starts = rows_of(update("start", "1 Jun 2024"))
    assert item(starts, "2 Jan 2025").overdue
    assert not item(rows_of(update("done", "2 Jan 2025")), "2 Jan 2025").overdue
    for outcome in ("not-accepted", "no-longer-relevant"):
        closed = rows_of(update("close", "1 Jun 2024", outcome=outcome, note="Why."))
        assert not item(closed, "2 Jan 2025").overdue
        assert item(closed, "2 Jan 2025").outcome == outcome


# Order


def test_updates_of_one_day_keep_the_order_of_the_file() -> None:
    """Of two owners named on one day, the one that stands later in the file has it."""
    early, late = (datetime(2024, month, 1, tzinfo=UTC) for month in (6, 7))
    first = update("assign", "1 Jun 2024", owner="A. Officer", id="u-b", recorded=late)
    second = update("assign", "1 Jun 2024", owner="B. Officer", id="u-a", recorded=early)
    assert item(rows_of(first, second), "1 Jun 2024").owner == "B. Officer"
    assert item(rows_of(second, first), "1 Jun 2024").owner == "A. Officer"


def test_updates_of_different_days_may_stand_in_any_order() -> None:
    """What happened first counts first, even where it was written last."""
    lines = [
        update("reopen", "3 Jun 2024", note="It came back.", id="u-c"),
        update("start", "1 Jun 2024", id="u-a"),
        update("done", "2 Jun 2024", id="u-b"),
    ]
    for rows in (rows_of(*lines), rows_of(*lines[::-1])):
        assert item(rows, "2 Jun 2024").status is Status.DONE
        end = item(rows, "3 Jun 2024")
        assert end.status is Status.OPEN
        assert [u.id for u in end.updates] == ["u-a", "u-b", "u-c"]


# Publication


def test_a_finding_is_not_there_before_its_report() -> None:
    """On the day before publication there is nothing; on the day itself there is every item."""
    register = register_of(rows_of())
    assert replay(register, day("13 May 2024")) == ()
    assert [i.id for i in replay(register, day("14 May 2024"))] == ["c1"]


def test_early_work_counts_from_publication_on() -> None:
    """What was done before the report was out counts on the day of the report, and not before."""
    rows = rows_of(
        update("start", "1 Dec 2023", owner="A. Officer"),
        update("done", "13 May 2024"),
    )
    assert replay(register_of(rows), day("13 May 2024")) == ()
    found = item(rows, "14 May 2024")
    assert (found.status, found.owner) == (Status.DONE, "A. Officer")
    assert found.completed == day("13 May 2024")
    assert found.timing() is Timing.MET


# Two clocks


def test_a_committee_can_be_shown_why_a_number_changed() -> None:
    """What was recorded in June about February changes the answer for March, not what was said."""
    recorded = datetime(2025, 6, 2, 9, 15, tzinfo=UTC)
    rows = rows_of(
        update("done", "20 Feb 2025", recorded=recorded),
        findings=[finding("c1"), finding("c2"), finding("c3")],
    )
    register = register_of(rows)

    def overdue(as_of: str, recorded_until: str | None = None) -> int:
        known_on = day(recorded_until) if recorded_until else None
        return sum(i.overdue for i in replay(register, day(as_of), recorded_until=known_on))

    assert overdue("15 Mar 2025", "15 Mar 2025") == 3
    assert overdue("15 Mar 2025", "1 Jun 2025") == 3
    assert overdue("15 Mar 2025", "2 Jun 2025") == 2
    assert overdue("15 Mar 2025") == 2
    assert overdue("19 Feb 2025") == 3


@pytest.mark.parametrize(
    ("known_on", "left"), [("31 May 2025", ["u-5"]), ("1 Jun 2025", ["u-1", "u-2", "u-3", "u-5"])]
)
def test_a_retraction_goes_with_its_update(known_on: str, left: list[str]) -> None:
    """What was recorded later is left out with all that retracts it, by a slow clock earlier."""
    june, may = (datetime(2025, month, 1, 9, tzinfo=UTC) for month in (6, 5))
    rows = rows_of(
        update("done", "20 Feb 2025", recorded=june),
        update("retract", "1 May 2025", update="u-1", note="n", recorded=may),
        update("retract", "1 May 2025", update="u-2", note="n", recorded=may),
        update("note", "1 Jul 2025", note="n"),
        update("note", "1 May 2025", note="n", recorded=may),
    )
    found = updates_recorded_until(register_of(rows).updates, day(known_on))
    assert [each.id for each in found] == left


@pytest.mark.parametrize(
    ("recorded", "in_london"),
    [
        ("2024-06-30T22:59:59Z", "30 Jun 2024"),
        ("2024-06-30T23:30:00Z", "1 Jul 2024"),
        ("2024-07-01T00:30:00+01:00", "1 Jul 2024"),
        ("2024-07-01T08:30:00+14:00", "30 Jun 2024"),
        ("2024-11-30T23:30:00Z", "30 Nov 2024"),
    ],
)
def test_an_update_is_recorded_on_its_day_in_london(recorded: str, in_london: str) -> None:
    """The day on which a line was written is the one in London, summer or winter, from anywhere."""
    rows = rows_of(update("done", "1 Jun 2024", recorded=datetime.fromisoformat(recorded)))
    day_before = f"{day(in_london) - A_DAY:%d %b %Y}"
    assert item(rows, "1 Jan 2030", known_on=day_before).status is Status.OPEN
    assert item(rows, "1 Jan 2030", known_on=in_london).status is Status.DONE
    register = register_of(rows)
    assert updates_recorded_until(register.updates, day(day_before)) == []
    assert list(updates_recorded_until(register.updates, None)) == list(register.updates)


# Retractions

RETRACTED = (
    update("done", "1 Jun 2024"),
    update("retract", "1 Aug 2024", update="u-1", note="The wrong finding."),
)


def test_a_retraction_counts_for_every_day() -> None:
    """A retracted update never was, on earlier days too; the retraction itself is on record."""
    rows = rows_of(*RETRACTED)
    for on in ("1 Jun 2024", "31 Jul 2024", "1 Aug 2024"):
        found = item(rows, on)
        assert (found.status, found.completed) == (Status.OPEN, None)
        assert "u-1" not in [u.id for u in found.updates]
    assert [u.id for u in item(rows, "31 Jul 2024").updates] == []
    assert [u.id for u in item(rows, "1 Aug 2024").updates] == ["u-2"]


def test_what_was_said_before_a_retraction_can_still_be_had() -> None:
    """As known before it was taken back the item was done; as known from that day on it was not."""
    rows = rows_of(*RETRACTED)
    assert item(rows, "1 Jun 2024", known_on="31 Jul 2024").status is Status.DONE
    assert item(rows, "1 Jun 2024", known_on="1 Aug 2024").status is Status.OPEN
    assert item(rows, "31 Dec 2024", known_on="31 Jul 2024").status is Status.DONE


def test_a_retraction_can_be_retracted() -> None:
    """A retraction that is taken back takes nothing back, and a third one makes it count again."""
    again = update("retract", "1 Sep 2024", update="u-2", note="It was right after all.")
    rows = rows_of(*RETRACTED, again)
    found = item(rows, "1 Sep 2024")
    assert found.status is Status.DONE
    assert [u.id for u in found.updates] == ["u-1", "u-3"]
    assert item(rows, "1 Jun 2024").status is Status.DONE
    assert item(rows, "1 Jun 2024", known_on="31 Aug 2024").status is Status.OPEN
    third = update("retract", "1 Oct 2024", update="u-3", note="No.")
    rows = rows_of(*RETRACTED, again, third)
    assert item(rows, "1 Jun 2024").status is Status.OPEN
    assert [u.id for u in item(rows, "1 Oct 2024").updates] == ["u-2", "u-4"]


def test_two_retractions_of_one_update_are_as_good_as_one() -> None:
    """An update stays retracted until all that retract it are themselves taken back."""
    second = update("retract", "2 Aug 2024", update="u-1", note="Twice.")
    first_back = update("retract", "3 Aug 2024", update="u-2", note="Back.")
    second_back = update("retract", "4 Aug 2024", update="u-3", note="Back.")
    one_left = rows_of(*RETRACTED, second, first_back)
    none_left = rows_of(*RETRACTED, second, first_back, second_back)
    assert item(one_left, "1 Jun 2024").status is Status.OPEN
    assert item(none_left, "1 Jun 2024").status is Status.DONE


def test_retractions_may_stand_anywhere_in_the_file() -> None:
    """A chain of retractions means the same whichever of its lines stands first."""
    chain = [
        {"id": "u-1", **RETRACTED[0]},
        {"id": "u-2", **RETRACTED[1]},
        update("retract", "1 Sep 2024", update="u-2", note="Back.", id="u-3"),
        update("retract", "1 Oct 2024", update="u-3", note="No.", id="u-4"),
    ]
    for lines in (chain, chain[::-1], [chain[2], chain[0], chain[3], chain[1]]):
        register = register_of(rows_of(*lines))
        assert [u.id for u in effective_updates(register.updates)] == ["u-2", "u-4"]


def test_retractions_in_a_circle_take_nothing_back() -> None:
    """Retractions that name each other, or themselves, end the replay and retract nothing."""
    rows = rows_of(
        update("done", "1 Jun 2024"),
        update("retract", "2 Jun 2024", update="u-3", note="A circle."),
        update("retract", "3 Jun 2024", update="u-2", note="A circle."),
        update("retract", "4 Jun 2024", update="u-4", note="Itself."),
        update("start", "1 Jun 2024", name="c2"),
        update("retract", "5 Jun 2024", name="c2", update="u-5", note="No circle."),
        findings=[finding("c1"), finding("c2")],
    )
    assert item(rows, "5 Jun 2024").status is Status.DONE
    assert item(rows, "5 Jun 2024", name="c2").status is Status.OPEN
