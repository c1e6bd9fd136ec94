"""Make docs/calendar.svg, a month of `socwatch calendar` as calendars show it.

    python docs/make_calendar_picture.py [FILE]

It is drawn from the events of the shipped register for one day, so that a checkout always gives
the same file. Its words take the ink of the page, light or dark, and it fetches no font.
"""  # noqa: INP001  # a script, run by its path

from __future__ import annotations

import calendar
import sys
from collections.abc import Iterator
from datetime import date
from html import escape
from pathlib import Path

from socwatch.dates import MONTHS
from socwatch.reports.calendar import CalendarOptions, Event, build_calendar
from socwatch.store.load import load
from socwatch.tracking import QueryDates

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs" / "calendar.svg"
YEAR, MONTH = 2024, 7
AS_OF = date(2026, 11, 22)
REMIND = (7,)

WIDTH, HEIGHT, HEAD, LINE = 160, 84, 58, 15
LETTERS = 22
"""As many characters as a day is wide."""

FRAME = """\
<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" \
viewBox="0 0 {width} {height}" role="img" aria-labelledby="what">
<title id="what">{title}: {told}</title>
<style>
text {{ font: 11px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  fill: #1f2328; white-space: pre }}
.head {{ font-size: 15px; font-weight: bold }}
.day {{ fill: #59636e }}
.cell {{ fill: #ffffff; stroke: #d1d9e0 }}
.event {{ fill: #ddf4ff }}
.cancelled {{ text-decoration: line-through }}
@media (prefers-color-scheme: dark) {{
  text {{ fill: #e6edf3 }}
  .day {{ fill: #9198a1 }}
  .cell {{ fill: #0d1117; stroke: #3d444d }}
  .event {{ fill: #1f3a5f }}
}}
</style>
<rect class="cell" x="0.5" y="0.5" width="{inside}" height="{head}"/>
<text class="head" x="5" y="20">{title}</text>
{drawn}
</svg>
"""


def picture() -> str:
    """The picture as the text of an SVG file."""
    weeks = calendar.Calendar().monthdatescalendar(YEAR, MONTH)
    events = [e for e in shown() if (e.day.year, e.day.month) == (YEAR, MONTH)]
    drawn = [
        f'<text class="day" x="{at * WIDTH + 5}" y="{HEAD - 8}">{name}</text>'
        for at, name in enumerate(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))
    ]
    for row, week in enumerate(weeks):
        for at, day in enumerate(week):
            of_day = [event for event in events if event.day == day]
            drawn += cell(at * WIDTH, HEAD + row * HEIGHT, day, of_day)
    return FRAME.format(
        title=f"{MONTHS[MONTH - 1]} {YEAR}",
        told=escape("; ".join(f"{event.day.day}: {said(event)}" for event in events)),
        inside=7 * WIDTH,
        head=HEAD,
        width=7 * WIDTH + 1,
        height=HEAD + len(weeks) * HEIGHT + 1,
        drawn="\n".join(drawn),
    )


def shown() -> tuple[Event, ...]:
    """The events of the shipped register, reminders among them."""
    register = load(ROOT / "data" / "recommendations.toml").register
    assert register is not None  # noqa: S101  # it is valid, as tests hold it
    return build_calendar(register, QueryDates(AS_OF), CalendarOptions(remind=REMIND)).events


def cell(x: int, y: int, day: date, events: list[Event]) -> Iterator[str]:
    """A day with its events below each other."""
    yield f'<rect class="cell" x="{x + 0.5}" y="{y + 0.5}" width="{WIDTH}" height="{HEIGHT}"/>'
    if day.month == MONTH:
        yield f'<text class="day" x="{x + 5}" y="{y + 14}">{day.day}</text>'
    for number, event in enumerate(events):
        top = y + 19 + number * LINE
        yield f'<rect class="event" x="{x + 3}" y="{top}" width="{WIDTH - 5}" height="{LINE - 2}"/>'
        marked = ' class="cancelled"' if event.cancelled else ""
        words = event.summary if len(event.summary) <= LETTERS else event.summary[: LETTERS - 1]
        more = "…" if words != event.summary else ""
        yield f'<text{marked} x="{x + 6}" y="{top + 10}">{escape(words.rstrip())}{more}</text>'


def said(event: Event) -> str:
    """An event in words, one that is struck out saying so."""
    return f"{event.summary}{' (cancelled)' if event.cancelled else ''}"


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURE
    target.write_text(picture(), encoding="utf-8", newline="\n")
