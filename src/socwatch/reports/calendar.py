"""Which days a calendar gets: deadlines in force, last days of the 56, reminders before them.

An event is known to calendars by its UID and brought up to date by its SEQUENCE, so both follow
from what never changes or only grows: the UID from ids, the SEQUENCE from the updates that are on
record, those that were taken back and those that took them back included.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID, uuid5

from socwatch.obligations import Obligation, obligations
from socwatch.records import ACTIONS, KINDS, Action, Register, Status, Update, natural_order
from socwatch.reports.items import STATUS_WORDS, Filter
from socwatch.reports.table import count, format_value
from socwatch.reports.why import rule_words
from socwatch.tracking import (
    ENDED,
    QueryDates,
    TrackedItem,
    group_by_item,
    replay,
    updates_recorded_until,
)

_SPACE = UUID("6f1d8f0e-0d0b-4b62-9d55-6c8a6f3d7a51")
"""The name space of every UID; another one would double every event in people's calendars."""

_WORDS = {Status.DONE: "Said to be done", Status.SIGNED_OFF: "Signed off", Status.CLOSED: "Closed"}
_LONGEST = 100
"""Characters of a summary or title in an event's own summary; its description has them all."""


class Event(NamedTuple):
    """A day in a calendar."""

    uid: str
    day: date
    sequence: int
    """Rises with every move of the date and every change of status, and never falls."""
    cancelled: bool
    """Whether the day has ceased to matter."""
    summary: str
    description: str
    """One or more lines."""
    categories: tuple[str, ...]
    url: str | None
    changed: datetime | None
    """When the last of the updates that SEQUENCE counts was written down."""


class Calendar(NamedTuple):
    """The days of a register, in their order."""

    title: str
    as_of: date
    events: tuple[Event, ...]


class CalendarOptions(NamedTuple):
    """What a calendar is to hold."""

    chosen: Filter = Filter()
    deadlines: bool = True
    responses: bool = True
    remind: tuple[int, ...] = ()
    """Days before its last day on which an event of its own reminds of each."""
    namespace: str = ""
    """A name that tells the events from those of another register with the same ids."""


class _Source(NamedTuple):
    """What an event and its reminders are made from."""

    key: tuple[str, ...]
    published: date
    event: Event
    stopped: bool
    """Whether reminders would mislead: the clock has stopped, though the day may still matter."""
    moved: bool = False
    """Whether it has ever been on another day."""


def build_calendar(register: Register, dates: QueryDates, wanted: CalendarOptions) -> Calendar:
    """Every deadline in force that a filter admits, every last day of the 56, and reminders.

    A duty to answer is about a report and no finding: a filter by anything but bodies and
    inspections leaves all of them out.
    """
    sources: list[_Source] = []
    if wanted.deadlines:
        sources += _deadlines(register, dates, wanted)
    if wanted.responses:
        duties = wanted.chosen.duties(obligations(register, dates.as_of))
        sources += (_last_day_to_answer(duty, wanted.namespace) for duty in duties)
    events = [(each.event.day, each.key, each.event) for each in sources]
    for source in sources:
        events += ((e.day, source.key, e) for e in _reminders(source, wanted))
    events.sort(key=lambda found: (found[0], natural_order("\n".join(found[1]))))
    title = " ".join(register.title.split()) if register.title else "Deadlines of inspections"
    return Calendar(title, dates.as_of, tuple(event for _, _, event in events))


def _deadlines(register: Register, dates: QueryDates, wanted: CalendarOptions) -> Iterator[_Source]:
    recorded = updates_recorded_until(register.updates, dates.recorded_until)
    of_item = group_by_item(register, recorded)
    by_id = {update.id: update for update in recorded}
    tracked = replay(register, dates.as_of, recorded_until=dates.recorded_until)
    for item in wanted.chosen.select(tracked):
        updates = of_item.get(item.key, ())
        # A retraction holds for every day, so it counts as soon as it is on record.
        there = [u for u in updates if u.on <= dates.as_of or u.action is Action.RETRACT]
        day = item.deadline or _taken_back(there)
        if day is None or item.status is None:
            continue
        roots = [_root(update, by_id).action for update in there]
        counted = [
            update
            for update, root in zip(there, roots, strict=True)
            if root is Action.EXTEND or ACTIONS[root].new_status is not None
        ]
        moved = Action.EXTEND in roots
        yield _deadline(item, day, counted, wanted.namespace)._replace(moved=moved)


def _taken_back(updates: Sequence[Update]) -> date | None:
    """The deadline that the last extension gave, where nothing else gives one any more.

    Calendars may have an event for it, which is to be cancelled and not forgotten.
    """
    given = [update.deadline.last for update in updates if update.deadline is not None]
    return given[-1] if given else None


def _root(update: Update, by_id: Mapping[str, Update]) -> Update:
    """The update that a retraction, or a retraction of one, is about in the end."""
    while update.action is Action.RETRACT and (before := by_id.get(update.update or "")):
        update = before
    return update


def _deadline(item: TrackedItem, day: date, counted: Sequence[Update], namespace: str) -> _Source:
    finding, report = item.finding, item.inspection
    key = ("deadline", report.id, *item.key)
    status = item.status or Status.OPEN
    says = _paragraph(finding.summary)
    lines = [
        says,
        f"Asked of {_paragraph(item.body.name)} in {_report(report.title, report.published)}",
        rule_words(item) if item.deadline else "The deadline that it was given is taken back.",
    ]
    if finding.deadline_words:
        lines.append(f"In the source's words: {_paragraph(finding.deadline_words)}")
    if item.extensions and item.original_deadline not in {None, day}:
        moved = count(item.extensions, "time")
        lines.append(f"Moved {moved}, from {format_value(item.original_deadline)}.")
    lines += [f"Status on record: {STATUS_WORDS[status]}.", f"See: socwatch why {item.id}"]
    stopped = item.days_left is None
    what = _WORDS.get(status, "Deadline" if item.deadline else "Taken back")
    event = Event(
        _uid(key, namespace),
        day,
        len(counted),
        status in ENDED or item.deadline is None,
        f"{what}: {item.id}, {_short(item.body.name)}: {_short(says)}",
        "\n".join(lines),
        (KINDS[finding.kind].singular, _paragraph(item.body.name)),
        report.url,
        max((update.recorded for update in counted), default=None),
    )
    return _Source(key, report.published, event, stopped)


def _last_day_to_answer(duty: Obligation, namespace: str) -> _Source:
    report, key = duty.inspection, ("response", duty.inspection.id, duty.body.id)
    answered = duty.response is not None
    who = _short(duty.local_policing_body)
    on_record = "Its answer is on record." if answered else "No response on record."
    if duty.answered is not None:
        on_record = f"Its answer on record is of {format_value(duty.answered)}."
    lines = (
        f"To publish comments: {_paragraph(duty.local_policing_body)}",
        f"On {_report(report.title, report.published)}",
        "The Police Act 1996 s.55 gives 56 days, of which the day of publication is the first.",
        on_record,
        f"See: socwatch show {report.id}",
    )
    event = Event(
        _uid(key, namespace),
        duty.last_day,
        int(answered),
        answered,
        f"{'Answered' if answered else 'Last day to answer'}: {who}: {_short(report.title)}",
        "\n".join(lines),
        ("response", _paragraph(duty.body.name)),
        report.url,
        None,
    )
    return _Source(key, report.published, event, answered)


def _reminders(source: _Source, wanted: CalendarOptions) -> Iterator[Event]:
    """An event so many days before a last day, unless that is before the report came out.

    Of a date that was moved, such an event is cancelled: some calendar may have it.
    """
    event = source.event
    for days in wanted.remind:
        early = event.day.toordinal() - days < source.published.toordinal()
        if early and not source.moved:
            continue
        day = max(event.day.toordinal() - days, source.published.toordinal())
        before = "Day before" if days == 1 else f"{days} days before"
        yield event._replace(
            uid=_uid((*source.key, str(days)), wanted.namespace),
            day=date.fromordinal(day),
            cancelled=early or source.stopped,
            summary=f"{'Needless' if early else before}: {event.summary}",
            description=f"The last day is {format_value(event.day)}.\n{event.description}",
            categories=("reminder", *event.categories),
        )


def _uid(key: Iterable[str], namespace: str) -> str:
    """The same for the same ids, on every machine and every day; see docs/calendar.md."""
    return str(uuid5(_SPACE, "\n".join((namespace, *key))))


def _report(title: str, published: date) -> str:
    return f"“{_paragraph(title)}”, published on {format_value(published)}."


def _paragraph(text: str) -> str:
    return " ".join(text.split())


def _short(text: str) -> str:
    words = _paragraph(text)
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1].rstrip()}…"
