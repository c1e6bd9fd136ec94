"""A calendar as an iCalendar file (RFC 5545, RFC 7986), which calendar programs read."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta

import icalendar
from icalendar import vText

from socwatch.dates import format_date
from socwatch.render.context import ProgressCallback
from socwatch.reports.calendar import Calendar, Event

FRESH_FOR = timedelta(hours=12)
"""After how long a calendar that follows the file had better look again."""

_ADDRESS = re.compile(r"https?://[!-~]+", re.IGNORECASE)
"""What may stand as an address: nothing that could end a line, and no other scheme."""


def render(made: Calendar, on_progress: ProgressCallback) -> bytes:
    """The file, its lines folded and ended as the RFC asks, the same whenever it is made."""
    calendar = icalendar.Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//socwatch//socwatch//EN")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    as_of = format_date(made.as_of)
    described = f"From socwatch's register, as of {as_of}."
    for name, text in (("name", made.title), ("description", described)):
        # The second form is older than RFC 7986, and the only one that many calendars read.
        older = {"name": "x-wr-calname", "description": "x-wr-caldesc"}[name]
        calendar.add(name, vText(text))
        calendar.add(older, vText(text))
    calendar.add("refresh-interval", FRESH_FOR, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", icalendar.vDuration(FRESH_FOR))
    stamp = datetime.combine(made.as_of, time(tzinfo=UTC))
    for number, event in enumerate(made.events):
        calendar.add_component(_event(event, stamp))
        on_progress(number, len(made.events))
    content: bytes = calendar.to_ical()
    return content


def _event(event: Event, stamp: datetime) -> icalendar.Event:
    made = icalendar.Event()
    made.add("uid", event.uid)
    made.add("sequence", event.sequence)
    made.add("dtstamp", stamp)
    if event.changed is not None:
        made.add("last-modified", event.changed.astimezone(UTC).replace(microsecond=0))
    made.add("dtstart", event.day)
    made.add("dtend", event.day + timedelta(days=1))  # the first day that is no part of it
    made.add("summary", event.summary)
    made.add("description", event.description)
    made.add("categories", list(event.categories))
    made.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
    made.add("transp", "TRANSPARENT")
    if event.url is not None and _ADDRESS.fullmatch(event.url):
        made.add("url", event.url)
    return made
