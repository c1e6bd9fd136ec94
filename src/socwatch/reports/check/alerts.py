"""What needs somebody's attention on a day, the worst first, and what is left unsaid."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from socwatch.dates import spoken_day, today_in_london
from socwatch.errors import (
    NothingChosen,
    NothingPublished,
    NothingToWatch,
    Problem,
)
from socwatch.obligations import Obligation, obligations
from socwatch.records import KINDS, Action, Body, Inspection, Register, Status, natural_order
from socwatch.reports.check.reminders import SINCE_IT_BEGAN, Ladder, Since
from socwatch.reports.items import Filter
from socwatch.tracking import DUE_SOON_DAYS, Asked, Tracked, by_item, known, replay


class Matter(StrEnum):
    """Why something needs attention, the worst first."""

    OVERDUE = "overdue"
    DUE = "due"
    AWAITING_SIGN_OFF = "awaiting-sign-off"
    NO_RESPONSE = "no-response"
    RESPONSE_DUE = "response-due"
    STALE = "stale"
    EVIDENCE = "evidence"


PAST = frozenset({Matter.OVERDUE, Matter.NO_RESPONSE})
"""The matters whose last day is over."""

_RANK = {matter: rank for rank, matter in enumerate(Matter)}


class Unsaid(StrEnum):
    """Why an alert is not listed on the as-of date."""

    MUTED = "muted"
    NO_REMINDER_DAY = "not-a-reminder-day"


class Watch(NamedTuple):
    """What is to be looked at, how far ahead, and how often the same is said."""

    chosen: Filter = Filter()
    within: tuple[int, ...] = (DUE_SOON_DAYS,)
    """Each the days before its last day in which something is due; the nearest names it."""
    awaiting_sign_off: int | None = None
    """The days after which an item that is done and not signed off is an alert; None for never."""
    stale_after: int | None = None
    """The days without an update after which that is an alert; None for never."""
    ladder: Ladder | None = None
    since: Since | None = None
    """The last run, where there is a ladder; None is the day before the day asked about."""

    @property
    def reach(self) -> int:
        """The days ahead that are looked at: a ladder may begin before every `within`."""
        rungs = (self.ladder.highest,) if self.ladder is not None else ()
        return max(0, *self.within, *rungs)


class Concern(NamedTuple):
    """One thing that needs attention."""

    matter: Matter
    id: str | None
    """That of an item, or inspection@force for a response; None for the register as a whole."""
    body: Body | None
    summary: str
    owner: str | None
    day: date | None
    """The last day in time; or the day since which it waits."""
    days_left: int | None
    """To that last day, negative past it; None where there is none."""
    days_waiting: int | None
    """Since something was done, or since somebody looked; None for other matters."""
    within: int | None
    """The nearest of the numbers of days asked about within which it is due."""
    item: Tracked | None = None
    inspection: Inspection | None = None


def refuse_to_watch_nothing(
    register: Register, name: str, asked: Asked, chosen: Filter, duties: Iterable[Obligation]
) -> None:
    """Silence means that all is well, so it is no answer where there is nothing to look at.

    `name` is the register's, for the errors; `duties` are those of the day asked about.

    Raises NothingToWatch, NothingPublished, NothingChosen.
    """
    tracked = [each for each in register.findings if KINDS[each.kind].tracked]
    if not tracked:
        raise NothingToWatch(name)
    published = (register.inspection_by_id[each.inspection].published for each in tracked)
    if min(published) > asked.as_of:
        raise NothingToWatch(name, spoken_day(asked.as_of))
    ever = chosen._replace(owner=None)
    if ever == Filter() or ever.duties(duties):
        return
    items = [item for item in ever.select(replay(register, date.max)) if item.status is not None]
    if not items and not ever.duties(obligations(register, date.max)):
        raise NothingChosen(name)
    if all(item.inspection.published > asked.as_of for item in items):
        raise NothingPublished(name, spoken_day(asked.as_of))


class Attention(NamedTuple):
    """An answer: what to speak of, what not and why, and what was looked at."""

    asked: Asked
    concerns: tuple[Concern, ...]
    unsaid: tuple[tuple[Unsaid, Concern], ...]
    watched: tuple[Tracked, ...]
    seen: Mapping[str, str]
    """How each thing in the choice that is not over stands, by its id, for the next run."""

    def count(self, *matters: Matter) -> int:
        """How many things are spoken of for one of these reasons."""
        return sum(concern.matter in matters for concern in self.concerns)

    def left_unsaid(self, reason: Unsaid) -> int:
        """How many things are not spoken of for this reason."""
        return sum(why is reason for why, _ in self.unsaid)


def attention(
    register: Register,
    asked: Asked,
    watch: Watch,
    evidence: Iterable[Problem] = (),
    duties: Iterable[Obligation] | None = None,
) -> Attention:
    """What needs attention, worst first: by matter, then by days, ties by id, r2 before r10.

    `evidence` are the faults of files that updates name. They are of now, whatever day is asked
    about, and a ladder does not silence them: nothing says since when they are there. `duties` are
    those to answer reports, where they are known already.
    """
    tracked = replay(register, asked.as_of, as_known=asked.as_known)
    watched = watch.chosen.select(tracked)
    if duties is None:
        duties = obligations(register, asked.as_of)
    duties = watch.chosen.duties(duties)
    concerns = [
        *_late_and_due(watched, watch),
        *_unanswered(duties, watch),
        *_not_updated(register, asked, watch, tracked),
        *_evidence(register, watch.chosen, tracked, evidence),
    ]
    news = _News(register, asked, watch)
    said, unsaid = [], []
    for concern in sorted(concerns, key=_worst_first):
        reason = news.unsaid(concern)
        if reason is None:
            said.append(concern)
        else:
            unsaid.append((reason, concern))
    seen = {item.id: _mark(item) for item in watched if item.live}
    seen |= {duty.id: duty.last_day.isoformat() for duty in duties if duty.days_left is not None}
    return Attention(asked, tuple(said), tuple(unsaid), watched, seen)


def _mark(item: Tracked) -> str:
    """What makes an item news if it changes between two runs.

    The updates count too: what was done and then reopened stands as it stood before.
    """
    moves = [update.id for update in item.updates if update.action not in _NO_NEWS]
    how = (item.status, item.deadline, item.completed, item.muted_until)
    return " ".join(map(str, (*how, len(moves), *moves[-1:])))


_NO_NEWS = frozenset({Action.ASSIGN, Action.NOTE, Action.CHECKED})
"""The updates that leave the days and the status of an item as they are."""


def _worst_first(concern: Concern) -> tuple[int, int, tuple[str | int, ...]]:
    days = concern.days_left if concern.days_left is not None else -(concern.days_waiting or 0)
    return _RANK[concern.matter], days, natural_order(concern.id or "")


def _nearest(days_left: int, watch: Watch) -> int | None:
    return min((days for days in watch.within if 0 <= days_left <= days), default=None)


def _late_and_due(items: Sequence[Tracked], watch: Watch) -> Iterator[Concern]:
    for item in items:
        waiting = None
        if item.overdue:
            matter = Matter.OVERDUE
        elif item.due_within(watch.reach):
            matter = Matter.DUE
        elif (waiting := _waiting(item, watch.awaiting_sign_off)) is not None:
            matter = Matter.AWAITING_SIGN_OFF
        else:
            continue
        yield Concern(
            matter,
            item.id,
            item.body,
            item.finding.summary,
            item.owner,
            item.completed if waiting is not None else item.deadline,
            item.days_left,
            waiting,
            _nearest(item.days_left, watch) if item.days_left is not None else None,
            item,
            item.inspection,
        )


def _waiting(item: Tracked, least: int | None) -> int | None:
    """Return the days since an item was done, if that many are an alert; otherwise None."""
    if least is None or item.status is not Status.DONE or item.completed is None:
        return None
    days = (item.as_of - item.completed).days
    return days if days >= least else None


def _unanswered(duties: Iterable[Obligation], watch: Watch) -> Iterator[Concern]:
    for duty in duties:
        days = duty.days_left
        if days is not None and days <= watch.reach:
            who = duty.local_policing_body
            yield Concern(
                Matter.NO_RESPONSE if duty.past else Matter.RESPONSE_DUE,
                duty.id,
                duty.body,
                f"Comments due within 56 days from {who} on: {duty.inspection.title}",
                None,
                duty.last_day,
                days,
                None,
                _nearest(days, watch),
                None,
                duty.inspection,
            )


def _not_updated(
    register: Register, asked: Asked, watch: Watch, tracked: Sequence[Tracked]
) -> Iterator[Concern]:
    """Yield the alert that no update has been recorded for too long of all that is watched.

    Every update counts, on its own date and on the date it was recorded. A report's publication is
    no update: where there is none at all, the days count from the first report.
    """
    items = watch.chosen.select(tracked)
    if watch.stale_after is None or not items:
        return
    keys = {item.key for item in items}
    updated: list[date] = []
    for key, updates in by_item(register, known(register.updates, asked.as_known)).items():
        for update in updates if key in keys else ():
            if update.on <= asked.as_of:
                recorded = today_in_london(update.recorded)
                updated += [update.on, *([recorded] if recorded <= asked.as_of else [])]
    last = max(updated, default=None)
    days = (asked.as_of - (last or min(item.inspection.published for item in items))).days
    if days >= watch.stale_after:
        what = "this register" if watch.chosen == Filter() else "the items that match these filters"
        since = " since then" if last is not None else ""
        yield Concern(
            Matter.STALE,
            None,
            None,
            f"No update has been recorded in {what}{since}, not even a check.",
            None,
            last,
            None,
            days,
            None,
        )


def _evidence(
    register: Register, chosen: Filter, tracked: Sequence[Tracked], faults: Iterable[Problem]
) -> Iterator[Concern]:
    items = chosen.select(tracked)
    by_key = {item.key: item for item in items}
    for fault in faults:
        update = register.updates[int(fault.place[1])]
        bodies = (update.body,) if update.body else register.finding_by_id[update.finding].bodies
        item = by_key.get((update.finding, bodies[0]))
        if item is not None:
            yield Concern(
                Matter.EVIDENCE,
                item.id,
                item.body,
                fault.message,
                item.owner,
                None,
                None,
                None,
                None,
                item,
                item.inspection,
            )


_MOVES = frozenset({Action.DONE, Action.REOPEN, Action.EXTEND, Action.RETRACT})
"""What may put an item past a rung without a day on which it stood there."""


class _News:
    """Which matters are spoken of on the day asked about: those that crossed a rung since."""

    def __init__(self, register: Register, asked: Asked, watch: Watch) -> None:
        self.as_of = asked.as_of
        self.ladder = watch.ladder
        self.watch = watch
        self.seen = watch.since.seen if watch.since is not None else None
        self.days = (asked.as_of - watch.since.day).days if watch.since is not None else 1
        self.moved: frozenset[tuple[str, str]] = frozenset()
        if self.ladder is not None and self.days:
            updates = known(register.updates, asked.as_known)
            self.moved = frozenset(
                key
                for key, about in by_item(
                    register, (u for u in updates if u.action in _MOVES)
                ).items()
                if any(
                    self._lately(u.on) or self._lately(today_in_london(u.recorded)) for u in about
                )
            )

    def unsaid(self, concern: Concern) -> Unsaid | None:
        """Why a concern is not spoken of; None if it is."""
        item = concern.item
        until = item.muted_until if item is not None else None
        silenced = concern.matter in {Matter.OVERDUE, Matter.DUE, Matter.AWAITING_SIGN_OFF}
        if silenced and item is not None and item.muted:
            return Unsaid.MUTED
        if self.ladder is None or self._crossed(concern) or self._changed(concern):
            return None
        # A mute that has ended is news, on a reminder day or not.
        if until is not None and 0 <= (self.as_of - until).days - 1 < self.days:
            return None
        return Unsaid.NO_REMINDER_DAY

    def _crossed(self, concern: Concern) -> bool:
        assert self.ladder is not None  # noqa: S101  # asked only where there is one
        if concern.days_left is not None:
            return self.ladder.crossed(concern.days_left, self.days)
        match concern.matter, concern.days_waiting:
            case Matter.AWAITING_SIGN_OFF, int(days):
                return SINCE_IT_BEGAN.crossed((self.watch.awaiting_sign_off or 0) - days, self.days)
            case Matter.STALE, int(days):
                return SINCE_IT_BEGAN.crossed((self.watch.stale_after or 0) - days, self.days)
            case _:
                return True

    def _changed(self, concern: Concern) -> bool:
        """Whether something else than the passing of days has made it what it is since then."""
        item, inspection = concern.item, concern.inspection
        if concern.id is None or inspection is None:
            return False
        if self.seen is not None:
            mark = _mark(item) if item is not None else str(concern.day)
            if self.seen.get(concern.id) != mark:
                return True
        # Whatever is known of the last run, no less is said than if only its day were.
        key = item.key if item is not None else None
        return key in self.moved or self._lately(inspection.published)

    def _lately(self, day: date) -> bool:
        # The day of the last run counts too: what happened on it may have come after the run.
        return 0 <= (self.as_of - day).days <= self.days
