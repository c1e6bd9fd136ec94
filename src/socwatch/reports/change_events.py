"""What happened between two days, as values: each change, and what was recorded late."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from socwatch.characters import normalise
from socwatch.dates import today_in_london
from socwatch.records import KINDS, Action, Body, Register, Status, Update, item_id
from socwatch.reports.grades import before_words, grade_words
from socwatch.reports.items import STATUS_WORDS, is_among, of_bodies
from socwatch.reports.log import update_words
from socwatch.reports.table import Value, count, spoken
from socwatch.tracking import (
    Asked,
    Graded,
    State,
    Tracked,
    Turn,
    by_item,
    grades_as_of,
    known,
    overdue_since,
    replay,
    standing,
    turns,
)


class Change(StrEnum):
    """What sort of change it is."""

    NEW = "new"
    STARTED = "started"
    DONE = "done"
    SIGNED_OFF = "signed-off"
    CLOSED = "closed"
    REOPENED = "reopened"
    DEADLINE = "deadline-moved"
    FIRST_DEADLINE = "deadline-given"
    OVERDUE = "overdue"
    OWNER = "owner-changed"
    GRADE = "graded"
    TAKEN_BACK = "taken-back"


_BY_ACTION: Mapping[Action, Change] = {
    Action.START: Change.STARTED,
    Action.DONE: Change.DONE,
    Action.SIGN_OFF: Change.SIGNED_OFF,
    Action.CLOSE: Change.CLOSED,
    Action.REOPEN: Change.REOPENED,
    Action.EXTEND: Change.DEADLINE,
}


class Changed(NamedTuple):
    """One change: when, of what sort, of which item or grade, from what to what."""

    change: Change
    on: date
    body: Body
    words: str
    before: Value = None
    after: Value = None
    item: Tracked | None = None
    update: Update | None = None
    graded: Graded | None = None
    moves: int | None = None
    """How often the deadline had been moved, this time included."""


class Days(NamedTuple):
    """The items of a register at the end of two days, and at the first as it was known then."""

    since: date
    until: date
    then: Mapping[str, Tracked]
    now: Mapping[str, Tracked]
    said_then: Mapping[str, Tracked]


def days_of(register: Register, asked: Asked, chosen: Collection[str] = ()) -> Days:
    """The two days that are asked about, for the bodies that are among those chosen by id."""
    since = asked.since
    assert since is not None  # noqa: S101  # changes are never asked for without
    known_then = min(since, asked.as_known) if asked.as_known else since

    def at(day: date, as_known: date | None) -> dict[str, Tracked]:
        tracked = replay(register, day, as_known=as_known)
        return {item.id: item for item in of_bodies(tracked, chosen)}

    then, now = at(since, asked.as_known), at(asked.as_of, asked.as_known)
    return Days(since, asked.as_of, then, now, at(since, known_then))


def changed(register: Register, days: Days, chosen: Collection[str] = ()) -> Iterator[Changed]:
    """What happened after the first day, up to and including the last.

    A finding that is new brings all that was recorded about it before its publication.
    """
    since = days.since
    for name, item in days.now.items():
        then = days.then.get(name)
        if then is None:
            yield _new(item)
        if item.status is None:  # good practice: nothing can happen to it
            continue
        for turn in turns(item):
            if then is None or turn.update.on > since:
                yield from (_told_early(each) for each in _of_turn(item, turn))
        if item.overdue and not (then is not None and then.overdue):
            yield _overdue(item)
    for graded in grades_as_of(register, days.until):
        body = register.body_by_id[graded.grade.body]
        if graded.inspection.published > since and is_among(body, chosen):
            yield _graded(graded, body)


def _new(item: Tracked) -> Changed:
    words = f"new {KINDS[item.finding.kind].singular}"
    if item.original_deadline is not None:
        words += f"\ndeadline {spoken(item.original_deadline)}"
    return Changed(Change.NEW, item.inspection.published, item.body, words, item=item)


def _of_turn(item: Tracked, turn: Turn) -> Iterator[Changed]:
    update, before, after = turn
    about = (update.on, item.body)
    change = _BY_ACTION.get(update.action)
    if change is Change.DEADLINE and before.deadline is None:
        words = f"deadline {spoken(after.deadline)}\nit had none"
        yield Changed(
            Change.FIRST_DEADLINE, *about, words, None, after.deadline, item, update, moves=0
        )
    elif change is Change.DEADLINE:
        moves = after.extensions - (item.original_deadline is None)
        words = f"moved to {spoken(after.deadline)}\n{_moved_words(before, after, moves)}"
        dates = (before.deadline, after.deadline)
        yield Changed(change, *about, words, *dates, item, update, moves=moves)
    elif change is not None:
        words = update_words(update)
        if change is Change.REOPENED:
            words += f"\nit was {STATUS_WORDS[before.status]}"
        if change in (Change.DONE, Change.SIGNED_OFF) and before.status is not Status.DONE:
            # What was done waits for its sign-off, which makes nobody late.
            words += _lateness(before.deadline, update.on)
        moved = (before.status.value, after.status.value)
        yield Changed(change, *about, words, *moved, item, update)
    if normalise(after.owner or "") != normalise(before.owner or ""):
        words = f"assigned to {after.owner}"
        if before.owner is not None:
            words += f"\nfrom {before.owner}"
        owners = (before.owner, after.owner)
        yield Changed(Change.OWNER, *about, words, *owners, item, update)


def _told_early(each: Changed) -> Changed:
    """A change that is dated before its item's publication says from when it counts."""
    published = each.item.inspection.published if each.item is not None else each.on
    if each.on >= published:
        return each
    return each._replace(words=f"{each.words}\ncounts from publication on {spoken(published)}")


def _moved_words(was: State, now: State, times: int) -> str:
    before, after = was.deadline, now.deadline
    lines = [f"from {spoken(before)}"]
    if before is not None and after is not None and before != after:
        days = (after - before).days
        lines.append(f"{count(abs(days), 'day')} {'later' if days > 0 else 'earlier'}")
    lines.append("not moved before" if times == 1 else f"moved {times} times in all")
    return "\n".join(lines)


def _lateness(deadline: date | None, on: date) -> str:
    if deadline is None:
        return ""
    late = (on - deadline).days
    return f"\n{count(late, 'day')} after its deadline" if late > 0 else "\nin time"


def _overdue(item: Tracked) -> Changed:
    since = overdue_since(item)
    assert since is not None  # noqa: S101  # asked of what is overdue only
    words = f"deadline {spoken(item.deadline)}\n{count(-(item.days_left or 0), 'day')} past"
    return Changed(Change.OVERDUE, since, item.body, words, None, item.deadline, item)


def _graded(graded: Graded, body: Body) -> Changed:
    words = "\n".join(filter(None, (grade_words(graded.grade.grade), before_words(graded))))
    before = graded.before.grade.grade.value if graded.before else None
    after, on = graded.grade.grade.value, graded.inspection.published
    return Changed(Change.GRADE, on, body, words, before, after, graded=graded)


def recorded_late(register: Register, asked: Asked, days: Days) -> Iterator[Changed]:
    """What has come to count since about that day or earlier, and what has ceased to count."""
    for name, item in days.then.items():
        if item.status is None:
            continue
        before = {update.id for update in days.said_then[name].updates}
        counting = {update.id for update in item.updates}
        for turn in turns(item):
            if turn.update.id not in before:
                again = _counts_again(register, asked, turn.update, days.since)
                for each in _of_turn(item, turn):
                    yield each._replace(words=each.words + again)
        for turn in turns(days.said_then[name]):
            if turn.update.id not in counting and any(_of_turn(item, turn)):
                yield _taken_back(register, asked, item, turn.update)


def _counts_again(register: Register, asked: Asked, update: Update, since: date) -> str:
    """When the retraction of an update that was recorded by a day was taken back, in words."""
    if today_in_london(update.recorded) > since:
        return ""
    recorded = known(register.updates, asked.as_known)
    retractions = {u.id for u in recorded if u.update == update.id}
    by = next(u for u in standing(recorded) if u.update in retractions)
    day = spoken(today_in_london(by.recorded))
    return f"\ncounts again since {day}: its retraction was taken back"


def _taken_back(register: Register, asked: Asked, item: Tracked, update: Update) -> Changed:
    counting = standing(known(register.updates, asked.as_known))
    by = next(u for u in counting if u.action is Action.RETRACT and u.update == update.id)
    words = f"taken back\n{update_words(update)} on {spoken(update.on)}"
    return Changed(Change.TAKEN_BACK, update.on, item.body, words, item=item, update=by)


def retracted(register: Register, asked: Asked, days: Days) -> Iterator[Update]:
    """The updates dated in these days that were taken back since; retractions are none of them."""
    recorded = known(register.updates, asked.as_known)
    counting = {update.id for update in standing(recorded)}
    for (finding, body), updates in by_item(register, recorded).items():
        about = item_id(register.finding_by_id[finding], body)
        for update in updates if about in days.now else ():
            dated = days.since < update.on <= days.until
            if dated and update.id not in counting and update.action is not Action.RETRACT:
                yield update
