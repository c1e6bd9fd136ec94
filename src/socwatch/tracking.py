"""What follows from a register as of a day: status, deadline in force, timing.

Read this module first: it is what socwatch is for. A register holds findings and the dated updates
about them; nothing that changes with the day asked about is stored. `replay` folds the updates into
one `Tracked` for each item, an item being one finding for one body.

Its laws, each held by a property test:

1. An update dated after the day asked about changes nothing about that day. A retraction is no
   fact about a day but takes one back, so it applies to every day; what the register said
   before it is what `as_known` gives.
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


class Asked(NamedTuple):
    """The days that a question is about."""

    as_of: date
    """The day for which it is answered."""
    as_known: date | None = None
    """The day in London after whose end nothing that was recorded counts; None for no such day."""
    within: int = DUE_SOON_DAYS
    """How many days before its deadline an item is due soon."""
    since: date | None = None
    """The day after whose end changes count, where changes are asked for."""


RUNNING = frozenset({Status.OPEN, Status.IN_PROGRESS})
"""The statuses in which the clock of a deadline runs."""

ENDED = frozenset({Status.SIGNED_OFF, Status.CLOSED})
"""The statuses of what nobody need see to any more; only reopening leads out of them."""


class Timing(StrEnum):
    """How an item stands to its deadline on the day asked about."""

    OVERDUE = "overdue"
    DUE_SOON = "due-soon"
    ON_TRACK = "on-track"
    NO_DEADLINE = "no-deadline"
    MET = "met"
    LATE = "late"
    NOT_APPLICABLE = "not-applicable"


class Tracked(NamedTuple):
    """One item, a finding for one body, as of a day."""

    finding: Finding
    inspection: Inspection
    body: Body
    as_of: date
    status: Status | None
    """None for a finding that asks nothing of anybody."""
    deadline: date | None
    """The last day in time that is in force: the original, or that of the last extension."""
    original_deadline: date | None
    extensions: int
    completed: date | None
    """The day on which it was said to be done, or signed off; None until then."""
    outcome: Outcome | None
    successor: str | None
    owner: str | None
    last_checked: date | None
    muted_until: date | None
    days_left: int | None
    """Days from the day asked about to the deadline, 0 on it and negative past it.

    None where no clock runs: there is no deadline, or the item is done or ended.
    """
    updates: tuple[Update, ...]
    """The updates that count, in the order in which they are replayed."""

    @property
    def id(self) -> str:
        """The finding's id, or finding@body where the finding has several bodies."""
        return item_id(self.finding, self.body.id)

    @property
    def key(self) -> tuple[str, str]:
        """The ids of its finding and its body, by which `by_item` has its updates."""
        return (self.finding.id, self.body.id)

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
        said = (u.on for u in self.updates if u.action is Action.DONE)
        return self.completed is not None and self.completed not in said

    @property
    def overdue(self) -> bool:
        """Whether the deadline is past and nothing on record says that the item is done.

        The one place where this is decided, for every colour, count, table and exit code.
        """
        return self.days_left is not None and self.days_left < 0

    def due_within(self, days: int) -> bool:
        """Whether its clock runs and its deadline comes in so many days or fewer, or is today."""
        return self.days_left is not None and 0 <= self.days_left <= days

    @property
    def deadline_ahead(self) -> date | None:
        """The deadline in force, if its clock runs and it is that day or a later one."""
        return self.deadline if self.days_left is not None and self.days_left >= 0 else None

    @property
    def muted(self) -> bool:
        """Whether it runs, and is said to be known of, for that day too.

        It is late all the same if it is late: nothing that counts asks this.
        """
        until = self.muted_until
        return self.status in RUNNING and until is not None and self.as_of <= until

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


def replay(register: Register, as_of: date, *, as_known: date | None = None) -> tuple[Tracked, ...]:
    """Every item as of a day, in the order of the file and of each finding's bodies.

    A finding is there from the day of its inspection's publication on; its updates may be dated
    earlier, since work starts early. With `as_known`, updates recorded after that day in London
    (retractions too) are left out: what this register said then about `as_of`.
    """
    updates_of = by_item(register, standing(known(register.updates, as_known)))
    published = {i.id: i for i in register.inspections if i.published <= as_of}
    body_by_id = register.body_by_id
    return tuple(
        _replay_item(
            finding,
            published[finding.inspection],
            body_by_id[body],
            updates_of.get((finding.id, body), ()),
            as_of,
        )
        for finding in register.findings
        if finding.inspection in published
        for body in finding.bodies
    )


def known(updates: Sequence[Update], as_known: date | None) -> Sequence[Update]:
    """The updates that were recorded by the end of that day in London; all of them for None."""
    if as_known is None:
        return updates
    return [update for update in updates if today_in_london(update.recorded) <= as_known]


def standing(updates: Iterable[Update]) -> list[Update]:
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


def by_item(
    register: Register, updates: Iterable[Update]
) -> Mapping[tuple[str, str], Sequence[Update]]:
    """The updates of each item, keyed by the ids of finding and body, in the order given.

    An update that leaves out the body means the finding's only one; one that leaves it out of a
    finding with several, or names no finding, is a fault of the register and is left out here.
    """
    only_body = {f.id: f.bodies[0] for f in register.findings if len(f.bodies) == 1}
    items: defaultdict[tuple[str, str], list[Update]] = defaultdict(list)
    for update in updates:
        body = update.body or only_body.get(update.finding)
        if body is not None:
            items[update.finding, body].append(update)
    return items


def next_status(status: Status, action: Action) -> Status | None:
    """The status that an action leads to; None if it may not follow from this one."""
    spec = ACTIONS[action]
    if status not in spec.after:
        return None
    return spec.gives or status


def applies(kind: KindSpec, action: Action) -> bool:
    """Whether an action means anything for a finding of a kind, whatever its status."""
    if action is Action.EXTEND:
        return kind.may_be_overdue
    return kind.tracked or ACTIONS[action].gives is None


MOVES: Mapping[Kind, Mapping[Status, Mapping[Action, Status]]] = MappingProxyType(
    {
        kind: {
            status: {
                action: after
                for action in Action
                if (after := next_status(status, action)) is not None and applies(spec, action)
            }
            for status in Status
        }
        for kind, spec in KINDS.items()
    }
)
"""For each kind of finding and each status, what may happen, and the status that it leads to."""


def _replay_item(
    finding: Finding, inspection: Inspection, body: Body, updates: Sequence[Update], as_of: date
) -> Tracked:
    kind = KINDS[finding.kind]
    moves = MOVES[finding.kind]
    original = None
    if kind.may_be_overdue and finding.deadline is not None:
        original = last_day(finding.deadline, published=inspection.published)
    status, deadline, extensions = Status.OPEN, original, 0
    completed = outcome = successor = owner = last_checked = muted_until = None
    counted = 0
    for update in updates:
        if update.on > as_of:
            break
        counted += 1
        after = moves[status].get(update.action)
        if after is None:
            # Only an older state of knowledge can hold one: a valid register has none.
            continue
        status = after
        match update.action:
            case Action.DONE | Action.SIGN_OFF:
                completed = completed or update.on
            case Action.CLOSE:
                outcome, successor = update.outcome, update.successor
            case Action.REOPEN:
                completed = outcome = successor = None
            case Action.EXTEND if update.deadline is not None:
                deadline, extensions = update.deadline.last, extensions + 1
            case Action.MUTE:
                muted_until = update.until
            case Action.CHECKED:
                last_checked = update.on
        owner = update.owner or owner
    return Tracked(
        finding,
        inspection,
        body,
        as_of,
        status if kind.tracked else None,
        deadline,
        original,
        extensions,
        completed,
        outcome,
        successor,
        owner,
        last_checked,
        muted_until,
        (deadline - as_of).days if deadline is not None and status in RUNNING else None,
        tuple(updates[:counted]),
    )


class State(NamedTuple):
    """What updates can change of an item."""

    status: Status
    deadline: date | None
    extensions: int = 0
    owner: str | None = None


class Turn(NamedTuple):
    """An update that took effect, with the item's state before and after it."""

    update: Update
    before: State
    after: State


class Stretch(NamedTuple):
    """Days in a row on which the state of an item was the same."""

    first: date
    last: date
    state: State

    @property
    def overdue_from(self) -> date | None:
        """The first of its days on which the item was overdue; it was on all that follow.

        The rule of `Tracked.overdue`, for many days at once; a law holds the two together.
        """
        deadline = self.state.deadline
        if deadline is None or deadline >= self.last or self.state.status not in RUNNING:
            return None
        return max(self.first, deadline + timedelta(days=1))


def turns(item: Tracked) -> Iterator[Turn]:
    """How an item came to be as it is: each update that took effect, in the order of replay."""
    kind = KINDS[item.finding.kind]
    state = State(Status.OPEN, item.original_deadline)
    for update in item.updates:
        status = next_status(state.status, update.action)
        if status is None or not applies(kind, update.action):
            continue
        before, owner = state, update.owner or state.owner
        if update.action is Action.EXTEND and update.deadline is not None:
            state = State(status, update.deadline.last, state.extensions + 1, owner)
        else:
            state = state._replace(status=status, owner=owner)
        yield Turn(update, before, state)


def stretches(item: Tracked) -> Iterator[Stretch]:
    """The days from an item's publication to the day asked about, by its state at their end."""
    first, state = item.inspection.published, State(Status.OPEN, item.original_deadline)
    for turn in turns(item):
        if turn.update.on > first:
            yield Stretch(first, turn.update.on - timedelta(days=1), state)
            first = turn.update.on
        state = turn.after
    yield Stretch(first, item.as_of, state)


def overdue_since(item: Tracked) -> date | None:
    """The first day of the time that an item has been overdue; None if it is not."""
    since = None
    for stretch in stretches(item):
        begins = stretch.overdue_from
        if begins is None or since is None or begins > stretch.first:
            since = begins
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
