"""Charts as characters: blocks and rules where the screen has them, else ASCII.

A drawing is lines of words, each with its tone; a renderer that has colours adds them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from socwatch.dates import MONTHS, PartialDate
from socwatch.render.text import escape_invisible
from socwatch.reports.table import Chart, Counts, CountsOverTime, LanesOverTime, Tone, format_value

MIN_WIDTH = 40
"""Columns below which a chart cannot be read, and its rows are shown instead."""

_ROWS = 4
"""Lines of the highest of several counts."""
_WIDEST_COLUMN = 4
_A_YEAR = 12
"""How many months before the last of them it was a year ago."""

Words = tuple[str, Tone]
Line = tuple[Words, ...]


class Glyphs(NamedTuple):
    """The characters to draw with."""

    parts: str
    """A column's last line, from nothing to full."""
    axis: str
    corner: str
    tick: str
    rule: str
    today: str
    mark: str
    """Points at the day asked about, below the axis."""


BLOCKS = Glyphs(" ▁▂▃▄▅▆▇█", "│", "└", "┬", "─", "│", "▲")
ASCII = Glyphs(" .:#", "|", "+", "+", "-", "|", "^")


def draw(chart: Chart, width: int, *, unicode: bool) -> list[Line]:
    """A chart as lines no wider than `width`, which is MIN_WIDTH at least."""
    glyphs = BLOCKS if unicode else ASCII
    if isinstance(chart, CountsOverTime):
        return list(_counts(chart, width, glyphs))
    return list(_lanes(chart, width, glyphs))


class AxisScale(NamedTuple):
    """How counts are drawn, alike for all that stand in one chart."""

    most: int
    """The highest of all, which is as high as a chart can be."""
    gutter: int
    """Columns for figures, left of the axis."""
    wide: int
    """Columns of the screen for one of the chart."""


def _counts(chart: CountsOverTime, width: int, glyphs: Glyphs) -> Iterator[Line]:
    """Each count as columns above its name, on one scale, over an axis that they share."""
    most = max(1, *(max(each.values) for each in chart.counts))
    gutter = len(f"{most:,}") + 1
    room = width - gutter - 1
    months = -(-len(chart.days) // room)
    # Counted from the end: the last column is the day asked about.
    shown = range((len(chart.days) - 1) % months, len(chart.days), months)
    scale = AxisScale(most, gutter, max(1, min(_WIDEST_COLUMN, room // len(shown))))
    words = "" if months == 1 else f"; each column is the last of {months}"
    yield ((chart.title + words, Tone.MUTED),)
    for each in chart.counts:
        if not any(each.values):
            continue
        yield ()
        yield ((each.label, each.tone),)
        yield ((summary(each, chart.days), Tone.MUTED),)
        yield from _panel(each, shown, scale, glyphs)
    days = [chart.days[i] for i in shown]
    yield ((" " * gutter + _axis(days, scale.wide, glyphs), Tone.MUTED),)
    yield ((" " * (gutter + 1) + _years(days, scale.wide, room), Tone.MUTED),)


def summary(counts: Counts, days: Sequence[date]) -> str:
    """The last of the counts, that of a year before, and the highest where that is another."""
    values = counts.values
    words = f"{values[-1]:,} on {format_value(days[-1])}"
    if len(values) > _A_YEAR:
        words += f", {values[-1 - _A_YEAR]:,} on {format_value(days[-1 - _A_YEAR])}"
    if max(values) > values[-1]:
        month = PartialDate.of_month(*_month(days[values.index(max(values))]))
        words += f", at most {max(values):,} at the end of {month.in_words()}"
    return words


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month


def _panel(
    counts: Counts, shown: Sequence[int], scale: AxisScale, glyphs: Glyphs
) -> Iterator[Line]:
    """Columns of whole lines and a part of one; what is not 0 can be seen."""
    whole = len(glyphs.parts) - 1
    heights = [-(-counts.values[i] * _ROWS * whole // scale.most) for i in shown]
    lines = max(1, -(-max(heights) // whole))
    for line in reversed(range(lines)):
        label = f"{max(counts.values):,}" if line == lines - 1 else ""
        parts = (glyphs.parts[min(whole, max(0, each - line * whole))] for each in heights)
        drawn = "".join(part * scale.wide for part in parts)
        yield ((f"{label:>{scale.gutter}}{glyphs.axis}", Tone.MUTED), (drawn, counts.tone))


def _axis(days: Sequence[date], wide: int, glyphs: Glyphs) -> str:
    years = {index for index, _ in new_years(days)}
    cells = (
        (glyphs.tick if i in years else glyphs.rule) + glyphs.rule * (wide - 1)
        for i in range(len(days))
    )
    return glyphs.corner + "".join(cells)


def new_years(days: Sequence[date]) -> Iterator[tuple[int, int]]:
    """The columns in which a year begins, each with the year; the first column among them."""
    year = None
    for index, day in enumerate(days):
        if day.year != year:
            year = day.year
            yield index, year


def _years(days: Sequence[date], wide: int, room: int) -> str:
    labels = [(index * wide, str(year)) for index, year in new_years(days)]
    if len(labels) > 1 and days[0].month > 1 and labels[1][0] <= len(labels[0][1]):
        labels = labels[1:]
    return _place(labels, room)


def _place(labels: Iterable[tuple[int, str]], room: int) -> str:
    """Labels at their places in a line; one for which there is no room is left out."""
    line = ""
    for place, label in labels:
        free = not line or place > len(line)
        if free and place + len(label) <= room:
            line = line.ljust(place) + label
    return line


_MOST_IN_A_FIGURE = 9
_SLOT = 2
"""A figure and a blank: two figures side by side would be read as one number."""
_LABEL = 3
"""As many slots as a year and a blank take."""
_FAR_APART = 5
"""More bodies than this, and the axis stands above them too."""
_STEPS = (1, 3, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12000, 24000, 120000)
"""How many months may lie between two labels of an axis."""


class Axis(NamedTuple):
    """Whole months laid over columns."""

    first: date
    days: int
    room: int

    @classmethod
    def of(cls, days: Sequence[date], room: int) -> Axis:
        """The axis from the month of the earliest day to the month of the last."""
        last = PartialDate.of_month(*_month(max(days))).last
        first = min(days).replace(day=1)
        return cls(first, (last - first).days + 1, room)

    def column(self, day: date) -> int:
        """The column that a day falls in."""
        return (day - self.first).days * self.room // self.days

    def labels(self, apart: int) -> list[tuple[int, str]]:
        """The columns at which years begin, or quarters or months where they are so far apart."""
        step = next(s for s in _STEPS if self.room * s * 30 >= self.days * apart or s == _STEPS[-1])
        found, month = [], self.first.year * 12 + self.first.month - 1
        for _ in range(self.days // 28 + 1):
            year, index = divmod(month, 12)
            if month % step == 0 and year <= date.max.year:
                begins = date(year, index + 1, 1)
                if (begins - self.first).days < self.days:
                    label = str(year) if index == 0 else MONTHS[index][:3]
                    found.append((self.column(begins), label))
            month += 1
        return found


def _lanes(chart: LanesOverTime, width: int, glyphs: Glyphs) -> Iterator[Line]:
    """Each lane as figures on a line, under the name that it stands under."""
    lanes = [lane for _, each in chart.lanes for lane in each]
    gutter = max(len(lane.label) for lane in lanes) + 3
    days = [chart.today, *(day for lane in lanes for day in lane.days)]
    axis = Axis.of(days, (width - gutter) // _SLOT)
    today = axis.column(chart.today)
    if len(chart.lanes) > _FAR_APART:
        yield from _scale(axis, gutter, glyphs)
    for name, members in chart.lanes:
        yield ((escape_invisible(name), Tone.STRONG),)
        for lane in members:
            counts = Counter(axis.column(day) for day in lane.days)
            yield (
                (f"  {lane.label}".ljust(gutter), Tone.MUTED),
                *_figures(counts, axis.room, today, lane.tone, glyphs),
            )
    yield from _scale(axis, gutter, glyphs)
    words = f"{glyphs.mark} {format_value(chart.today)}"
    place = gutter + today * _SLOT
    if place + len(words) > width:
        words = f"{format_value(chart.today)} {glyphs.mark}"
        place -= len(words) - 1
    yield ((" " * place + words, Tone.MUTED),)
    yield (("A figure counts the deadlines of its column's days; # is ten or more.", Tone.MUTED),)


def _figures(
    counts: Counter[int], room: int, today: int, tone: Tone, glyphs: Glyphs
) -> Iterator[Words]:
    for column in range(room):
        number = counts[column]
        if number:
            figure = str(number) if number <= _MOST_IN_A_FIGURE else "#"
            yield (figure.ljust(_SLOT), tone)
        else:
            yield ((glyphs.today if column == today else "").ljust(_SLOT), Tone.MUTED)


def _scale(axis: Axis, gutter: int, glyphs: Glyphs) -> Iterator[Line]:
    labels = axis.labels(_LABEL)
    starts = {column for column, _ in labels}
    line = "".join(
        (glyphs.tick if column in starts else glyphs.rule).ljust(_SLOT, glyphs.rule)
        for column in range(axis.room)
    )
    yield ((" " * gutter + line, Tone.MUTED),)
    placed = _place([(column * _SLOT, label) for column, label in labels], len(line))
    yield ((" " * gutter + placed, Tone.MUTED),)
