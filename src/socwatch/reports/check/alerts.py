"""What needs somebody's attention on a day, the worst first, and what is left unsaid."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from socwatch.dates import format_date, today_in_london
from socwatch.errors import (
    Names,
    NoMatch,
    NothingPublished,
    NothingToWatch,
    Problem,
)
from socwatch.obligations import Obligation, obligations
from socwatch.records import KINDS, Action, Body, Inspection, Register, Status, natural_order
from socwatch.reports.check.reminders import FROM_START, LastRun, ReminderSchedule
from socwatch.reports.items import Filter
from socwatch.tracking import (
    DUE_SOON_DAYS,
    QueryDates,
    TrackedItem,
    group_by_item,
    replay,
    updates_recorded_until,
)


class Reason(StrEnum):
    """Why something needs attention, the worst first."""

    OVERDUE = "overdue"
    DUE = "due"
    AWAITING_SIGN_OFF = "awaiting-sign-off"
    NO_RESPONSE = "no-response"
    RESPONSE_DUE = "response-due"
    STALE = "stale"
    EVIDENCE = "evidence"
    COPY = "copy"


PAST = frozenset({Reason.OVERDUE, Reason.NO_RESPONSE})
"""The reasons whose last day is over."""

_RANK = {reason: rank for rank, reason in enumerate(Reason)}


class Suppression(StrEnum):
    """Why an alert is not listed on the as-of date."""

    MUTED = "muted"
    NO_REMINDER_DAY = "not-a-reminder-day"


class CheckOptions(NamedTuple):
    """What is to be looked at, how far ahead, and how often the same is said."""

    chosen: Filter = Filter()
    within: tuple[int, ...] = (DUE_SOON_DAYS,)
    """Each the days before its last day in which something is due; the nearest names it."""
    awaiting_sign_off: int | None = None
    """The days after which an item that is done and not signed off is an alert; None for never."""
    stale_after: int | None = None
    """The days without an update after which that is an alert; None for never."""
    schedule: ReminderSchedule | None = None
    since: LastRun | None = None
    """The last run, where there is a schedule; None stands for a run on the day before."""

    @property
    def reach(self) -> int:
        """The days ahead that are checked: a schedule may begin before every `within`."""
        days = (self.schedule.highest,) if self.schedule is not None else ()
        return max(0, *self.within, *days)


class Alert(NamedTuple):
    """One thing that needs attention."""

    reason: Reason
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
    """Since something was done, or since somebody looked; None for other reasons."""
    within: int | None
    """The nearest of the numbers of days asked about within which it is due."""
    item: TrackedItem | None = None
    inspection: Inspection | None = None
    command: str = ""
    """What to type about it, where that does not follow from the rest."""


class CopyAlert(NamedTuple):
    """A copy of the register that holds more than it."""

    words: str
    command: str
    """What to type to add its records to the register."""


class Beside(NamedTuple):
    """What is to be said of files beside the register."""

    evidence: tuple[Problem, ...] = ()
    """The faults of files that updates name."""
    copies: tuple[CopyAlert, ...] = ()


def require_something_to_check(
    register: Register,
    names: Names,
    dates: QueryDates,
    chosen: Filter,
    duties: Iterable[Obligation],
) -> None:
    """Silence means that all is well, so it is no answer where there is nothing to look at.

    `names` are the register's, for the errors; `duties` are those of the day asked about.

    Raises NothingToWatch, NothingPublished, NoMatch.
    """
    tracked = [each for each in register.findings if KINDS[each.kind].tracked]
    if not tracked:
        raise NothingToWatch(names)
    published = (register.inspection_by_id[each.inspection].published for each in tracked)
    if min(published) > dates.as_of:
        raise NothingToWatch(names, format_date(dates.as_of))
    ever = chosen._replace(owner=None)
    if ever == Filter() or ever.duties(duties):
        return
    items = [item for item in ever.select(replay(register, date.max)) if item.status is not None]
    if not items and not ever.duties(obligations(register, date.max)):
        raise NoMatch(names)
    if all(item.inspection.published > dates.as_of for item in items):
        raise NothingPublished(names, format_date(dates.as_of))


class Attention(NamedTuple):
    """An answer: what to speak of, what not and why, and what was looked at."""

    dates: QueryDates
    alerts: tuple[Alert, ...]
    suppressed: tuple[tuple[Suppression, Alert], ...]
    watched: tuple[TrackedItem, ...]
    snapshot: Mapping[str, str]
    """How each thing in the choice that is not over stands, by its id, for the next run."""

    def count(self, *matters: Reason) -> int:
        """How many things are spoken of for one of these reasons."""
        return sum(alert.reason in matters for alert in self.alerts)

    def count_suppressed(self, reason: Suppression) -> int:
        """How many things are not spoken of for this reason."""
        return sum(why is reason for why, _ in self.suppressed)

    def total(self, reason: Reason) -> int:
        """Return how many alerts match the filters, listed or not."""
        return self.count(reason) + sum(each.reason is reason for _, each in self.suppressed)


def attention(
    register: Register,
    dates: QueryDates,
    watch: CheckOptions,
    beside: Beside | None = None,
    duties: Iterable[Obligation] | None = None,
) -> Attention:
    """What needs attention, worst first: by matter, then by days, ties by id, r2 before r10.

    What is found `beside` the register is of now, whatever day is asked about, and a schedule does
    not silence it: nothing says since when it is there. `duties` are those to answer reports, where
    they are known already.
    """
    beside = beside or Beside()
    tracked = replay(register, dates.as_of, recorded_until=dates.recorded_until)
    watched = watch.chosen.select(tracked)
    if duties is None:
        duties = obligations(register, dates.as_of)
    duties = watch.chosen.duties(duties)
    alerts = [
        *_late_and_due(watched, watch),
        *_unanswered(duties, watch),
        *_not_updated(register, dates, watch, tracked),
        *_evidence(register, watch.chosen, tracked, beside.evidence),
        *_not_merged(beside.copies),
    ]
    news = _ReminderFilter(register, dates, watch)
    said, suppressed = [], []
    for alert in sorted(alerts, key=_worst_first):
        reason = news.suppression_of(alert)
        if reason is None:
            said.append(alert)
        else:
            suppressed.append((reason, alert))
    snapshot = {item.id: _fingerprint(item) for item in watched if item.live}
    snapshot |= {
        duty.id: duty.last_day.isoformat() for duty in duties if duty.days_left is not None
    }
    return Attention(dates, tuple(said), tuple(suppressed), watched, snapshot)


def _fingerprint(item: TrackedItem) -> str:
    """What makes an item news if it changes between two runs.

    The updates count too: what was done and then reopened stands as it stood before.
    """
    moves = [update.id for update in item.updates if update.action not in _NO_NEWS]
    how = (item.status, item.deadline, item.completed, item.muted_until)
    return " ".join(map(str, (*how, len(moves), *moves[-1:])))


_NO_NEWS = frozenset({Action.ASSIGN, Action.NOTE, Action.CHECKED})
"""The updates that leave the days and the status of an item as they are."""


def _worst_first(alert: Alert) -> tuple[int, int, tuple[str | int, ...]]:
    days = alert.days_left if alert.days_left is not None else -(alert.days_waiting or 0)
    return _RANK[alert.reason], days, natural_order(alert.id or "")


def _nearest(days_left: int, watch: CheckOptions) -> int | None:
    return min((days for days in watch.within if 0 <= days_left <= days), default=None)


def _late_and_due(items: Sequence[TrackedItem], watch: CheckOptions) -> Iterator[Alert]:
    for item in items:
        waiting = None
        if item.overdue:
            reason = Reason.OVERDUE
        elif item.due_within(watch.reach):
            reason = Reason.DUE
        elif (waiting := _waiting(item, watch.awaiting_sign_off)) is not None:
            reason = Reason.AWAITING_SIGN_OFF
        else:
            continue
        yield Alert(
            reason,
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


def _waiting(item: TrackedItem, least: int | None) -> int | None:
    """Return the days since an item was done, if that many are an alert; otherwise None."""
    if least is None or item.status is not Status.DONE or item.completed is None:
        return None
    days = (item.as_of - item.completed).days
    return days if days >= least else None


def _unanswered(duties: Iterable[Obligation], watch: CheckOptions) -> Iterator[Alert]:
    for duty in duties:
        days = duty.days_left
        if days is not None and days <= watch.reach:
            who = duty.local_policing_body
            yield Alert(
                Reason.NO_RESPONSE if duty.past else Reason.RESPONSE_DUE,
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
    register: Register, dates: QueryDates, watch: CheckOptions, tracked: Sequence[TrackedItem]
) -> Iterator[Alert]:
    """Yield the alert that no update has been recorded for too long of all that is watched.

    Every update counts, on its own date and on the date it was recorded. A report's publication is
    no update: where there is none at all, the days count from the first report.
    """
    items = watch.chosen.select(tracked)
    if watch.stale_after is None or not items:
        return
    keys = {item.key for item in items}
    updated: list[date] = []
    for key, updates in group_by_item(
        register, updates_recorded_until(register.updates, dates.recorded_until)
    ).items():
        for update in updates if key in keys else ():
            if update.on <= dates.as_of:
                recorded = today_in_london(update.recorded)
                updated += [update.on, *([recorded] if recorded <= dates.as_of else [])]
    last = max(updated, default=None)
    days = (dates.as_of - (last or min(item.inspection.published for item in items))).days
    if days >= watch.stale_after:
        what = "this register" if watch.chosen == Filter() else "the items that match these filters"
        since = " since then" if last is not None else ""
        yield Alert(
            Reason.STALE,
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
    register: Register, chosen: Filter, tracked: Sequence[TrackedItem], faults: Iterable[Problem]
) -> Iterator[Alert]:
    items = chosen.select(tracked)
    by_key = {item.key: item for item in items}
    for fault in faults:
        update = register.updates[int(fault.place[1])]
        bodies = (update.body,) if update.body else register.finding_by_id[update.finding].bodies
        item = by_key.get((update.finding, bodies[0]))
        if item is not None:
            yield Alert(
                Reason.EVIDENCE,
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


def _not_merged(copies: Iterable[CopyAlert]) -> Iterator[Alert]:
    for copy in copies:
        yield Alert(
            Reason.COPY,
            None,
            None,
            copy.words,
            None,
            None,
            None,
            None,
            None,
            command=copy.command,
        )


_MOVES = frozenset({Action.DONE, Action.REOPEN, Action.EXTEND, Action.RETRACT})
"""The actions that may carry an item past a reminder day that it never had."""


class _ReminderFilter:
    """Decides which alerts are listed: those that had a reminder day since the last run."""

    def __init__(self, register: Register, dates: QueryDates, watch: CheckOptions) -> None:
        self.as_of = dates.as_of
        self.schedule = watch.schedule
        self.watch = watch
        self.snapshot = watch.since.snapshot if watch.since is not None else None
        self.days = (dates.as_of - watch.since.day).days if watch.since is not None else 1
        self.moved: frozenset[tuple[str, str]] = frozenset()
        if self.schedule is not None and self.days:
            updates = updates_recorded_until(register.updates, dates.recorded_until)
            self.moved = frozenset(
                key
                for key, about in group_by_item(
                    register, (u for u in updates if u.action in _MOVES)
                ).items()
                if any(
                    self._is_news(u.on) or self._is_news(today_in_london(u.recorded)) for u in about
                )
            )

    def suppression_of(self, alert: Alert) -> Suppression | None:
        """Return why an alert is not listed; None if it is listed."""
        item = alert.item
        until = item.muted_until if item is not None else None
        silenced = alert.reason in {Reason.OVERDUE, Reason.DUE, Reason.AWAITING_SIGN_OFF}
        if silenced and item is not None and item.muted:
            return Suppression.MUTED
        if self.schedule is None or self._is_reminder_day(alert) or self._has_changed(alert):
            return None
        # A mute that has ended is news, on a reminder day or not.
        if until is not None and 0 <= (self.as_of - until).days - 1 < self.days:
            return None
        return Suppression.NO_REMINDER_DAY

    def _is_reminder_day(self, alert: Alert) -> bool:
        assert self.schedule is not None  # noqa: S101  # asked only where there is one
        if alert.days_left is not None:
            return self.schedule.is_due(alert.days_left, self.days)
        match alert.reason, alert.days_waiting:
            case Reason.AWAITING_SIGN_OFF, int(days):
                return FROM_START.is_due((self.watch.awaiting_sign_off or 0) - days, self.days)
            case Reason.STALE, int(days):
                return FROM_START.is_due((self.watch.stale_after or 0) - days, self.days)
            case _:
                return True

    def _has_changed(self, alert: Alert) -> bool:
        """Whether something else than the passing of days has made it what it is since then."""
        item, inspection = alert.item, alert.inspection
        if alert.id is None or inspection is None:
            return False
        if self.snapshot is not None:
            mark = _fingerprint(item) if item is not None else str(alert.day)
            if self.snapshot.get(alert.id) != mark:
                return True
        # Whatever is known of the last run, no less is said than if only its day were.
        key = item.key if item is not None else None
        return key in self.moved or self._is_news(inspection.published)

    def _is_news(self, day: date) -> bool:
        # The day of the last run counts too: what happened on it may have come after the run.
        return 0 <= (self.as_of - day).days <= self.days
