"""What follows from a register as of a day: status, deadline in force, timing.

Read this module first: it is what socwatch is for. A register holds findings and the dated updates
about them; nothing that changes with the day asked about is stored. `transitions` is the one state
machine: what each update changes of an item, an item being one finding for one body. `replay`
gives each item as of a day, a `TrackedItem`, by the last of its transitions.

Its laws, each held by a property test:

1. An update dated after the day asked about changes nothing about that day. A retraction is no
   fact about a day but takes one back, so it applies to every day; what the register said
   before it is what `recorded_until` gives.
2. The order of lines whose `on` differs does not matter.
3. A retracted update counts as if it had never been written; a retracted retraction too.
4. The answer depends on nothing but the register and the days asked about.
5. The deadline day itself is in time.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from operator import attrgetter
from types import MappingProxyType
from typing import NamedTuple

from socwatch.dates import last_day, today_in_london
from socwatch.records import (
    ACTIONS,
    KINDS,
    SCALES,
    Action,
    Body,
    Finding,
    Grade,
    GradeWord,
    Inspection,
    Kind,
    KindSpec,
    Outcome,
    Register,
    Status,
    Update,
    item_id,
)

DUE_SOON_DAYS = 28
"""How many days before its deadline an item is due soon, unless another number is asked for."""


class QueryDates(NamedTuple):
    """The days that a question is about."""

    as_of: date
    """The day for which it is answered."""
    recorded_until: date | None = None
    """The day in London after whose end nothing that was recorded counts; None for no such day."""
    within: int = DUE_SOON_DAYS
    """How many days before its deadline an item is due soon."""
    since: date | None = None
    """The day after whose end changes count, where changes are asked for."""


DEADLINE_APPLIES = frozenset({Status.OPEN, Status.IN_PROGRESS})
"""The statuses in which an item can be overdue."""

ENDED = frozenset({Status.SIGNED_OFF, Status.CLOSED})
"""The statuses of items that are no longer live; only reopening leads out of them."""


def applies_to(kind: KindSpec, action: Action) -> bool:
    """Return whether an action has a meaning for a kind of finding, whatever the status."""
    if action is Action.EXTEND:
        return kind.may_be_overdue
    return kind.tracked or ACTIONS[action].new_status is None


TRANSITIONS: Mapping[Kind, Mapping[Status, Mapping[Action, Status]]] = MappingProxyType(
    {
        kind: {
            status: {
                action: row.new_status or status
                for action, row in ACTIONS.items()
                if status in row.allowed_from and applies_to(spec, action)
            }
            for status in Status
        }
        for kind, spec in KINDS.items()
    }
)
"""For each kind of finding and each status, the actions that may follow and their new status."""


class ItemState(NamedTuple):
    """What updates change of an item; the defaults are the state of an item without updates."""

    status: Status = Status.OPEN
    deadline: date | None = None
    """The current deadline: the original one, or that of the last extension."""
    extensions: int = 0
    completed: date | None = None
    """The date on which it was reported done or, without a report, signed off; None until then."""
    outcome: Outcome | None = None
    successor: str | None = None
    owner: str | None = None
    last_checked: date | None = None
    muted_until: date | None = None

    def days_left(self, day: date) -> int | None:
        """Return the days from `day` to the deadline: 0 on the deadline, negative after it.

        None if there is no deadline, or if it no longer applies.
        """
        if self.deadline is None or self.status not in DEADLINE_APPLIES:
            return None
        return (self.deadline - day).days


def is_overdue(days_left: int | None) -> bool:
    """Return whether an item with so many days left is past its deadline."""
    return days_left is not None and days_left < 0


class Transition(NamedTuple):
    """An update of an item, with the item's state before and after it."""

    update: Update
    before: ItemState
    after: ItemState
    """Equal to `before` if the update is not allowed."""
    allowed: bool = True
    """Whether it may follow; one that may not can lack an update that was recorded later."""


def transitions(kind: Kind, start: ItemState, updates: Iterable[Update]) -> Iterator[Transition]:
    """Yield the transition that each update of an item makes, in the order given.

    The one place that decides what may follow what, and what an update changes.
    """
    rows, state = TRANSITIONS[kind], start
    for update in updates:
        status = rows[state.status].get(update.action)
        if status is None:
            yield Transition(update, state, state, allowed=False)
            continue
        before, state = state, _apply(state, update, status)
        yield Transition(update, before, state)


def _apply(state: ItemState, update: Update, status: Status) -> ItemState:
    """Return the state after an allowed update, which leads to `status`."""
    _, deadline, extensions, completed, outcome, successor, owner, checked, until = state
    match update.action:
        case Action.SIGN_OFF | Action.DONE:
            completed = completed or update.on
        case Action.START | Action.ASSIGN:
            owner = update.owner or owner
        case Action.CHECKED:
            checked = update.on
        case Action.CLOSE:
            outcome, successor = update.outcome, update.successor
        case Action.EXTEND if update.deadline is not None:
            deadline, extensions = update.deadline.last, extensions + 1
        case Action.REOPEN:
            completed = outcome = successor = None
        case Action.MUTE:
            until = update.until
        case _:
            return state
    return ItemState(
        status, deadline, extensions, completed, outcome, successor, owner, checked, until
    )


class Timing(StrEnum):
    """How an item stands to its deadline on the day asked about."""

    OVERDUE = "overdue"
    DUE_SOON = "due-soon"
    ON_TRACK = "on-track"
    NO_DEADLINE = "no-deadline"
    MET = "met"
    LATE = "late"
    NOT_APPLICABLE = "not-applicable"


class TrackedItem(NamedTuple):
    """One item, a finding for one body, as of a day."""

    finding: Finding
    inspection: Inspection
    body: Body
    as_of: date
    original_deadline: date | None
    status: Status | None
    """None for a finding that asks nothing of anybody; this and the next eight: see ItemState."""
    deadline: date | None
    extensions: int
    completed: date | None
    outcome: Outcome | None
    successor: str | None
    owner: str | None
    last_checked: date | None
    muted_until: date | None
    days_left: int | None
    """The state's `days_left` on the day asked about."""
    overdue: bool
    """Whether the deadline has passed with no completion on record; decided nowhere else."""
    history: tuple[Transition, ...]
    """What the updates up to that day did to it, in the order of replay."""

    @property
    def id(self) -> str:
        """The finding's id, or finding@body where the finding has several bodies."""
        return item_id(self.finding, self.body.id)

    @property
    def key(self) -> tuple[str, str]:
        """The ids of its finding and its body, by which `group_by_item` has its updates."""
        return (self.finding.id, self.body.id)

    @property
    def updates(self) -> tuple[Update, ...]:
        """The updates that count, in the order of replay."""
        return tuple(transition.update for transition in self.history)

    @property
    def live(self) -> bool:
        """Whether it asks for something and has not ended: done still waits for sign-off."""
        return self.status is not None and self.status not in ENDED

    @property
    def moves(self) -> int:
        """How often its deadline was moved: an extension that gave it its first one moved none."""
        return self.extensions - (self.original_deadline is None and self.extensions > 0)

    @property
    def only_signed_off(self) -> bool:
        """Whether it is completed, and no day on which it was said to be done is on record.

        Then `completed` is the day on which the inspectorate accepted it: the body may have done
        it earlier.
        """
        changes = (t for t in reversed(self.history) if t.before.completed != t.after.completed)
        return self.completed is not None and next(changes).update.action is Action.SIGN_OFF

    def due_within(self, days: int) -> bool:
        """Whether its clock runs and its deadline comes in so many days or fewer, or is today."""
        return self.days_left is not None and 0 <= self.days_left <= days

    @property
    def deadline_ahead(self) -> date | None:
        """The deadline in force, if its clock runs and it is that day or a later one."""
        return self.deadline if self.days_left is not None and self.days_left >= 0 else None

    @property
    def muted(self) -> bool:
        """Return whether its alerts are silent on the day asked about, even if it is overdue."""
        until = self.muted_until
        return until is not None and self.as_of <= until and self.live

    @property
    def age(self) -> int:
        """Days since the finding was published, 0 on that day."""
        return (self.as_of - self.inspection.published).days

    def timing(self, within: int = DUE_SOON_DAYS) -> Timing:
        """How it stands to its deadline; due soon means in `within` days or fewer."""
        if self.status is None or self.status is Status.CLOSED:
            return Timing.NOT_APPLICABLE
        if self.deadline is None:
            return Timing.NO_DEADLINE
        if self.completed is not None:
            return Timing.MET if self.completed <= self.deadline else Timing.LATE
        if self.overdue:
            return Timing.OVERDUE
        return Timing.DUE_SOON if self.due_within(within) else Timing.ON_TRACK


def replay(
    register: Register, as_of: date, *, recorded_until: date | None = None
) -> tuple[TrackedItem, ...]:
    """Every item as of a day, in the order of the file and of each finding's bodies.

    A finding is there from the day of its inspection's publication on; its updates may be dated
    earlier, since work starts early. With `recorded_until`, updates recorded after that day in
    London (retractions too) are left out: what this register said then about `as_of`.
    """
    published = {i.id: i for i in register.inspections if i.published <= as_of}
    history_of = histories(register, recorded_until)
    body_by_id = register.body_by_id
    items = []
    for finding in register.findings:
        inspection = published.get(finding.inspection)
        if inspection is None:
            continue
        tracked = KINDS[finding.kind].tracked
        new = None
        for name in finding.bodies:
            history = history_of.get((finding.id, name), ())
            if new is None:
                new = history[0].before if history else initial_state(finding, inspection)
            if history and history[-1].update.on > as_of:
                history = tuple(each for each in history if each.update.on <= as_of)
            state = history[-1].after if history else new
            left = state.days_left(as_of)
            body, past = body_by_id[name], is_overdue(left)
            item = TrackedItem(
                finding, inspection, body, as_of, new.deadline, *state, left, past, history
            )
            items.append(item if tracked else item._replace(status=None))
    return tuple(items)


def histories(
    register: Register, recorded_until: date | None = None
) -> Mapping[tuple[str, str], tuple[Transition, ...]]:
    """Return the transitions of each item that has updates, by the ids of finding and body.

    With `recorded_until`, what was recorded after that day in London is left out, as in `replay`.
    """
    found: dict[tuple[str, str], tuple[Transition, ...]]
    found = register.derived.setdefault((histories, recorded_until), {})
    if not found:
        counting = effective_updates(updates_recorded_until(register.updates, recorded_until))
        for (name, body), updates in group_by_item(register, counting).items():
            if register.is_addressed(name, body):
                finding = register.finding_by_id[name]
                inspection = register.inspection_by_id.get(finding.inspection)
                start = initial_state(finding, inspection)
                found[name, body] = tuple(transitions(finding.kind, start, updates))
    return found


def initial_state(finding: Finding, inspection: Inspection | None) -> ItemState:
    """Return the state of a finding's items before any update.

    A deadline that cannot be worked out is a problem of the register, and is none here.
    """
    deadline = finding.deadline
    if deadline is None or inspection is None or not KINDS[finding.kind].may_be_overdue:
        return ItemState()
    try:
        return ItemState(deadline=last_day(deadline, published=inspection.published))
    except OverflowError:
        return ItemState()


def updates_recorded_until(
    updates: Sequence[Update], recorded_until: date | None
) -> Sequence[Update]:
    """Return the updates recorded by the end of that day in London; all of them for None.

    A retraction whose update is left out is left out too, whenever it was recorded.
    """
    if recorded_until is None:
        return updates
    retractions = defaultdict(list)
    for update in updates:
        if update.update is not None:
            retractions[update.update].append(update.id)
    missing = [update.id for update in updates if today_in_london(update.recorded) > recorded_until]
    for name in missing:  # grows while it is walked
        missing += retractions.pop(name, ())
    left_out = frozenset(missing)
    return [update for update in updates if update.id not in left_out]


def effective_updates(updates: Iterable[Update]) -> list[Update]:
    """The updates that are not retracted, by `on`, and by place in the file within a day.

    A retraction that is itself retracted retracts nothing. Retractions that name each other in a
    circle are a fault of the register; here none of them takes effect.
    """
    updates = list(updates)
    names = {u.id: u.update for u in updates if u.update and u.action is Action.RETRACT}
    undecided = Counter(target for target in names.values() if target in names)
    retracted: set[str] = set()
    decided = [retraction for retraction in names if not undecided[retraction]]
    for retraction in decided:  # grows while it is walked
        target = names[retraction]
        if retraction not in retracted:
            retracted.add(target)
        if target in names:
            undecided[target] -= 1
            if not undecided[target]:
                decided.append(target)
    return sorted((u for u in updates if u.id not in retracted), key=attrgetter("on"))


def group_by_item(
    register: Register, updates: Iterable[Update]
) -> Mapping[tuple[str, str], Sequence[Update]]:
    """The updates of each item, keyed by the ids of finding and body, in the order given.

    An update that leaves out the body means the finding's only one; one that leaves it out of a
    finding with several, or names no finding, is a fault of the register and is left out here.
    """
    only_bodies = register.only_bodies
    items: defaultdict[tuple[str, str], list[Update]] = defaultdict(list)
    for update in updates:
        body = update.body or only_bodies.get(update.finding)
        if body is not None:
            items[update.finding, body].append(update)
    return items


class Period(NamedTuple):
    """Consecutive days on which the state of an item was the same."""

    first: date
    last: date
    state: ItemState

    @property
    def overdue_from(self) -> date | None:
        """The first of its days on which the item was overdue; it was on all that follow."""
        days_left = self.state.days_left(self.last)
        if days_left is None or not is_overdue(days_left):
            return None
        return max(self.first, self.last + timedelta(days=days_left + 1))


def periods(item: TrackedItem) -> Iterator[Period]:
    """Yield the days from an item's publication to its date, by its state at the end of each."""
    first, state = item.inspection.published, ItemState(deadline=item.original_deadline)
    for transition in item.history:
        if transition.update.on > first:
            yield Period(first, transition.update.on - timedelta(days=1), state)
            first = transition.update.on
        state = transition.after
    yield Period(first, item.as_of, state)


def overdue_since(item: TrackedItem) -> date | None:
    """Return the first day of the time that an item has been overdue; None if it is not."""
    since = None
    for period in periods(item):
        start = period.overdue_from
        if start is None or since is None or start > period.first:
            since = start
    return since


class Direction(StrEnum):
    """How a grade compares with the one before it."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "same"
    NOT_COMPARABLE = "not-comparable"


class Graded(NamedTuple):
    """A grade with its inspection, and the grade before it on the same question."""

    grade: Grade
    inspection: Inspection
    before: Graded | None

    @property
    def direction(self) -> Direction | None:
        """How it compares with the one before; None if it is the first.

        HMICFRS warns that grades of the scale before 2021/22 and those since cannot be compared.
        """
        if self.before is None:
            return None
        scale = self.inspection.grading
        words = (self.grade.grade, self.before.grade.grade)
        if scale != self.before.inspection.grading or GradeWord.NOT_GRADED in words:
            return Direction.NOT_COMPARABLE
        now, before = (SCALES[scale].index(word) for word in words)
        if now == before:
            return Direction.SAME
        return Direction.BETTER if now < before else Direction.WORSE


def grades_as_of(register: Register, as_of: date) -> tuple[Graded, ...]:
    """Every grade published by that day, oldest first, each with the one before it."""
    latest: dict[tuple[str, str], Graded] = {}
    graded = []
    dated = [(register.inspection_by_id[grade.inspection], grade) for grade in register.grades]
    for inspection, grade in sorted(dated, key=lambda pair: pair[0].published):
        if inspection.published > as_of:
            break
        key = (grade.body, grade.question)
        latest[key] = Graded(grade, inspection, latest.get(key))
        graded.append(latest[key])
    return tuple(graded)
