"""What happened between two days, as values: each change, and what was recorded late."""

from __future__ import annotations

from collections import defaultdict
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
from socwatch.reports.table import Value, count, format_value
from socwatch.tracking import (
    Graded,
    ItemState,
    QueryDates,
    TrackedItem,
    Transition,
    effective_updates,
    grades_as_of,
    group_by_item,
    overdue_since,
    replay,
    updates_recorded_until,
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
    item: TrackedItem | None = None
    update: Update | None = None
    graded: Graded | None = None
    moves: int | None = None
    """How often the deadline had been moved, this time included."""


class Days(NamedTuple):
    """The items of a register at the end of two days, and at the first as it was known then."""

    since: date
    until: date
    then: Mapping[str, TrackedItem]
    now: Mapping[str, TrackedItem]
    said_then: Mapping[str, TrackedItem]


def days_of(register: Register, dates: QueryDates, chosen: Collection[str] = ()) -> Days:
    """The two days that are asked about, for the bodies that are among those chosen by id."""
    since = dates.since
    assert since is not None  # noqa: S101  # changes are never asked for without
    known_then = min(since, dates.recorded_until) if dates.recorded_until else since

    def at(day: date, recorded_until: date | None) -> dict[str, TrackedItem]:
        tracked = replay(register, day, recorded_until=recorded_until)
        return {item.id: item for item in of_bodies(tracked, chosen)}

    then, now = at(since, dates.recorded_until), at(dates.as_of, dates.recorded_until)
    return Days(since, dates.as_of, then, now, at(since, known_then))


def changes_in(register: Register, days: Days, chosen: Collection[str] = ()) -> Iterator[Changed]:
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
        for transition in item.history:
            if then is None or transition.update.on > since:
                yield from (_told_early(each) for each in _of_transition(item, transition))
        if item.overdue and not (then is not None and then.overdue):
            yield _overdue(item)
    for graded in grades_as_of(register, days.until):
        body = register.body_by_id[graded.grade.body]
        if graded.inspection.published > since and is_among(body, chosen):
            yield _graded(graded, body)


def _new(item: TrackedItem) -> Changed:
    words = f"new {KINDS[item.finding.kind].singular}"
    if item.original_deadline is not None:
        words += f"\ndeadline {format_value(item.original_deadline)}"
    return Changed(Change.NEW, item.inspection.published, item.body, words, item=item)


def _of_transition(item: TrackedItem, transition: Transition) -> Iterator[Changed]:
    update, before, after, allowed = transition
    if not allowed:
        return
    about = (update.on, item.body)
    change = _BY_ACTION.get(update.action)
    if change is Change.DEADLINE and before.deadline is None:
        words = f"deadline {format_value(after.deadline)}\nit had none"
        yield Changed(
            Change.FIRST_DEADLINE, *about, words, None, after.deadline, item, update, moves=0
        )
    elif change is Change.DEADLINE:
        moves = after.extensions - (item.original_deadline is None)
        words = f"moved to {format_value(after.deadline)}\n{_moved_words(before, after, moves)}"
        deadlines = (before.deadline, after.deadline)
        yield Changed(change, *about, words, *deadlines, item, update, moves=moves)
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
    return each._replace(
        words=f"{each.words}\ncounts from publication on {format_value(published)}"
    )


def _moved_words(was: ItemState, now: ItemState, times: int) -> str:
    before, after = was.deadline, now.deadline
    lines = [f"from {format_value(before)}"]
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


def _overdue(item: TrackedItem) -> Changed:
    since = overdue_since(item)
    assert since is not None  # noqa: S101  # asked of what is overdue only
    words = f"deadline {format_value(item.deadline)}\n{count(-(item.days_left or 0), 'day')} past"
    return Changed(Change.OVERDUE, since, item.body, words, None, item.deadline, item)


def _graded(graded: Graded, body: Body) -> Changed:
    words = "\n".join(filter(None, (grade_words(graded.grade.grade), before_words(graded))))
    before = graded.before.grade.grade.value if graded.before else None
    after, on = graded.grade.grade.value, graded.inspection.published
    return Changed(Change.GRADE, on, body, words, before, after, graded=graded)


def recorded_late(register: Register, dates: QueryDates, days: Days) -> Iterator[Changed]:
    """What has come to count since about that day or earlier, and what has ceased to count."""
    retractions = _Retractions(register, dates)
    for name, item in days.then.items():
        if item.status is None:
            continue
        before = {update.id for update in days.said_then[name].updates}
        counting = {update.id for update in item.updates}
        for transition in item.history:
            # A retraction changes nothing by itself: what it retracts is below.
            late = transition.update.id not in before
            if late and transition.update.action is not Action.RETRACT:
                again = _counts_again(retractions, transition.update, days.since)
                for each in _of_transition(item, transition):
                    yield each._replace(words=each.words + again)
        for transition in days.said_then[name].history:
            if transition.update.id not in counting and any(_of_transition(item, transition)):
                yield _taken_back(retractions, item, transition.update)


class _Retractions:
    """The updates that take others back, as far as they were recorded by a day."""

    def __init__(self, register: Register, dates: QueryDates) -> None:
        recorded = updates_recorded_until(register.updates, dates.recorded_until)
        self._naming: defaultdict[str, list[str]] = defaultdict(list)
        """The ids of the retractions of an update, whether they count or not, by its id."""
        for update in recorded:
            if update.update is not None:
                self._naming[update.update].append(update.id)
        self._counting: dict[str, tuple[int, Update]] = {}
        """The first retraction of an update that counts, and its place among all that count."""
        for place, update in enumerate(effective_updates(recorded)):
            if update.update is not None:
                self._counting.setdefault(update.update, (place, update))

    def of(self, update: Update) -> Update:
        """Return the retraction of an update that does not count."""
        return self._counting[update.id][1]

    def of_retraction_of(self, update: Update) -> Update:
        """Return what took the retraction of an update back."""
        found = (self._counting.get(name) for name in self._naming[update.id])
        return min(each for each in found if each is not None)[1]


def _counts_again(retractions: _Retractions, update: Update, since: date) -> str:
    """When the retraction of an update that was recorded by a day was taken back, in words."""
    if today_in_london(update.recorded) > since:
        return ""
    day = format_value(today_in_london(retractions.of_retraction_of(update).recorded))
    return f"\ncounts again since {day}: its retraction was taken back"


def _taken_back(retractions: _Retractions, item: TrackedItem, update: Update) -> Changed:
    words = f"taken back\n{update_words(update)} on {format_value(update.on)}"
    by = retractions.of(update)
    return Changed(Change.TAKEN_BACK, update.on, item.body, words, item=item, update=by)


def retractions_in(register: Register, dates: QueryDates, days: Days) -> Iterator[Update]:
    """The updates dated in these days that were taken back since; retractions are none of them."""
    recorded = updates_recorded_until(register.updates, dates.recorded_until)
    counting = {update.id for update in effective_updates(recorded)}
    for (finding, body), updates in group_by_item(register, recorded).items():
        about = item_id(register.finding_by_id[finding], body)
        for update in updates if about in days.now else ():
            dated = days.since < update.on <= days.until
            if dated and update.id not in counting and update.action is not Action.RETRACT:
                yield update
