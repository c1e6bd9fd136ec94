"""A report's chart as one SVG picture that fetches nothing; the same report gives the same bytes.

It is named and described for those who do not see it, no meaning is in its colours alone, and its
ground is white: it can be printed, sent, or set into a page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from html import escape

from socwatch.render.context import RenderContext, format_dates
from socwatch.render.report.text_chart import Axis, new_years, summary
from socwatch.render.text import escape_invisible
from socwatch.reports.table import (
    Chart,
    Counts,
    CountsByName,
    CountsOverTime,
    Lane,
    LanesOverTime,
    Report,
    Tone,
    count,
    format_value,
)

_WIDTH, _LEFT, _RIGHT, _LINE = 760, 60, 20, 20
_HIGHEST = 110
"""The height of the highest count."""
_CIRCLE = 20
"""How wide a circle is; deadlines that are nearer to each other share one."""
_LABEL = 40
"""As wide as a year is written."""
_LABELS = 124
"""The width of the names of lanes."""
_NAMES, _NAME = 225, 28
"""The width of the names of lines, and how many of their characters have room in it."""
_BESIDE = 40
"""The width of the figure beside a bar."""

_COLOURS = {
    Tone.PLAIN: "#1d70b8",
    Tone.STRONG: "#1d70b8",
    Tone.MUTED: "#505a5f",
    Tone.OVERDUE: "#b1240e",
    Tone.DUE_SOON: "#7d5a00",
    Tone.GOOD: "#00703c",
}
"""Each has a contrast of more than 4.5 to the white that it stands on."""
_INK, _FAINT = "#1f2328", "#b1b4b6"


def render(report: Report, context: RenderContext) -> str:
    """The chart of the report's rows as an SVG file."""
    chart, day = report.rows.chart, format_dates(report)
    if chart is None:
        parts = [_text(_LEFT, 2 * _LINE, report.rows.if_empty)]
        text = _picture(report.title, day, report.rows.if_empty, 3 * _LINE, parts)
    else:
        height, parts = _draw(chart, 3 * _LINE)
        text = _picture(report.title, day, describe(chart), height, parts)
    return text if context.unicode else text.encode("ascii", "xmlcharrefreplace").decode()


def inline(chart: Chart | CountsByName, name: str) -> str:
    """A chart for the inside of a page, which gives it its heading; `name` is its own there."""
    height, parts = _draw(chart, 0)
    return "\n".join((*_open(chart.title, describe(chart), height, name), *parts, "</svg>"))


def describe(chart: Chart | CountsByName) -> str:
    """A chart in sentences, for those who do not see it."""
    if isinstance(chart, CountsByName):
        parts: Iterator[str] = (f"{each.label}: {sum(each.values):,}." for each in chart.counts)
    elif isinstance(chart, CountsOverTime):
        parts = (f"{each.label}: {summary(each, chart.days)}." for each in chart.counts)
    else:
        parts = (
            f"{name}: {', '.join(f'{len(lane.days)} {lane.label}' for lane in lanes)}."
            for name, lanes in chart.lanes
        )
    return f"{chart.title}. {' '.join(parts)}"


def _picture(title: str, day: str, description: str, height: int, parts: Sequence[str]) -> str:
    head = (
        *_open(f"{title}. {day}", description, height, "chart"),
        _text(_LEFT - 40, _LINE + 4, title, font_weight="bold"),
        _text(_LEFT - 40, 2 * _LINE + 4, day),
    )
    return "\n".join((*head, *parts, "</svg>")) + "\n"


def _open(title: str, description: str, height: int, name: str) -> Iterator[str]:
    """The beginning of a picture: its size, its name, what it shows, and its ground."""
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" '
        f'viewBox="0 0 {_WIDTH} {height}" role="img" aria-labelledby="{name}-title {name}-desc" '
        f'font-family="system-ui, sans-serif" font-size="14" fill="{_INK}">'
    )
    yield f'<title id="{name}-title">{_escape(title)}</title>'
    yield f'<desc id="{name}-desc">{_escape(description)}</desc>'
    yield f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>'


def _draw(chart: Chart | CountsByName, top: int) -> tuple[int, list[str]]:
    """The height that a chart ends at, and its parts."""
    if isinstance(chart, CountsByName):
        return _bars(chart, top)
    if isinstance(chart, CountsOverTime):
        return _counts(chart, top)
    return _lanes(chart, top)


def _counts(chart: CountsOverTime, top: int) -> tuple[int, list[str]]:
    """Each count as an area under its name, on one scale, over an axis that they share."""
    most = max(1, *(max(each.values) for each in chart.counts))
    wide = (_WIDTH - _LEFT - _RIGHT) / len(chart.days)
    parts, y = [], top
    for each in chart.counts:
        if not any(each.values):
            continue
        y += _LINE
        parts.append(_text(_LEFT, y, each.label, font_weight="bold", fill=_COLOURS[each.tone]))
        y += _LINE
        parts.append(_text(_LEFT, y, summary(each, chart.days)))
        height = max(2.0, max(each.values) * _HIGHEST / most)
        y += round(height) + _LINE // 2
        parts += _area(each, y, wide, _HIGHEST / most)
    years = [(_LEFT + index * wide, str(year)) for index, year in new_years(chart.days)]
    parts += _ticks(years, y)
    return y + 2 * _LINE, parts


def _bars(chart: CountsByName, top: int) -> tuple[int, list[str]]:
    """A line for each name; each count has a column of its own, so no colour is needed."""
    most = max(1, *(value for each in chart.counts for value in each.values))
    left = _LEFT - 40
    wide = (_WIDTH - left - _RIGHT - _NAMES) // len(chart.counts)
    y = top + _LINE
    starts = [left + _NAMES + place * wide for place in range(len(chart.counts))]
    parts = [
        _text(x, y + place % 2 * _LINE, each.label, font_weight="bold", fill=_COLOURS[each.tone])
        for place, (x, each) in enumerate(zip(starts, chart.counts, strict=True))
    ]
    y += 2 * _LINE
    for line, name in enumerate(chart.names):
        y += _LINE + 6
        parts.append(_text(left, y, _cut(name)))
        for x, each in zip(starts, chart.counts, strict=True):
            parts += _bar(x, y, each.values[line], (wide - _BESIDE) / most, _COLOURS[each.tone])
    return y + _LINE, parts


def _bar(x: int, y: int, value: int, high: float, colour: str) -> Iterator[str]:
    """A count as a bar from a line on, with its figure; none is only the figure."""
    length = max(2, round(value * high)) if value else 0
    yield f'<path d="M{x} {y - 15}v20" stroke="{_FAINT}"/>'
    if value:
        yield f'<rect x="{x}" y="{y - 13}" width="{length}" height="16" fill="{colour}"/>'
    yield _text(x + length + 6, y, f"{value:,}")


def _cut(name: str) -> str:
    """A name as far as there is room for it; the table beside the chart has all of it."""
    return name if len(name) <= _NAME else f"{name[: _NAME - 1].rstrip()}…"


def _ticks(labels: Sequence[tuple[float, str]], y: int) -> Iterator[str]:
    """Places on an axis, each with its label where there is room before the next."""
    following = [x for x, _ in labels[1:]]
    for (x, label), after in zip(labels, (*following, _WIDTH), strict=True):
        yield f'<path d="M{x:.1f} {y}v6" stroke="{_INK}"/>'
        if after - x >= _LABEL:
            yield _text(x, y + _LINE, label)


def _area(counts: Counts, foot: int, wide: float, high: float) -> Iterator[str]:
    steps = "".join(
        f"V{foot - value * high:.1f}H{_LEFT + (index + 1) * wide:.1f}"
        for index, value in enumerate(counts.values)
    )
    yield f'<path d="M{_LEFT} {foot}{steps}V{foot}Z" fill="{_COLOURS[counts.tone]}"/>'
    yield f'<path d="M{_LEFT} {foot}H{_WIDTH - _RIGHT}" stroke="{_INK}"/>'
    most = max(counts.values)
    yield _text(_LEFT - 8, round(foot - most * high) + 10, f"{most:,}", text_anchor="end")


def _lanes(chart: LanesOverTime, top: int) -> tuple[int, list[str]]:
    """Each lane as circles with figures on a line, under the name that it stands under."""
    days = [day for _, lanes in chart.lanes for lane in lanes for day in lane.days]
    left, right = _LEFT - 40 + _LABELS, _WIDTH - _RIGHT
    axis = Axis.of([chart.today, *days], right - left)
    parts: list[str] = []
    y = top
    for name, lanes in chart.lanes:
        y += _LINE + 6
        parts.append(_text(_LEFT - 40, y, name, font_weight="bold"))
        for lane in lanes:
            y += _LINE + 4
            parts.append(f'<path d="M{left} {y - 5}H{right}" stroke="{_FAINT}"/>')
            parts.append(_text(_LEFT - 30, y, lane.label, fill=_COLOURS[lane.tone]))
            parts += _circles(lane, axis, left, y - 5)
    y += _LINE
    parts.append(f'<path d="M{left} {y}H{right}" stroke="{_INK}"/>')
    parts += _ticks([(left + column, label) for column, label in axis.labels(_LABEL)], y)
    today = left + axis.column(chart.today)
    anchor = "end" if today > _WIDTH // 2 else "start"
    line = f'<path d="M{today} {top + 8}V{y}" stroke="{_INK}" stroke-dasharray="4 3"/>'
    day = _text(today, y + 2 * _LINE, format_value(chart.today), text_anchor=anchor)
    return y + 3 * _LINE, [line, *parts, day]


def _circles(lane: Lane, axis: Axis, left: int, y: int) -> Iterator[str]:
    """A circle at the earliest of some days, with how many they are."""
    shared: list[list[date]] = []
    for day in sorted(lane.days):
        if shared and axis.column(day) - axis.column(shared[-1][0]) < _CIRCLE:
            shared[-1].append(day)
        else:
            shared.append([day])
    for days in shared:
        x = left + axis.column(days[0])
        first, last = format_value(days[0]), format_value(days[-1])
        when = first if first == last else f"{first} to {last}"
        yield (
            f"<g><title>{count(len(days), 'deadline')}, {when}</title>"
            f'<circle cx="{x}" cy="{y}" r="{_CIRCLE // 2}" fill="{_COLOURS[lane.tone]}"/>'
            f'<text x="{x}" y="{y + 4}" text-anchor="middle" font-size="12" fill="#ffffff">'
            f"{len(days)}</text></g>"
        )


def _text(x: float, y: int, words: str, **attributes: str) -> str:
    more = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in attributes.items())
    return f'<text x="{x:g}" y="{y}"{more}>{_escape(words)}</text>'


def _escape(words: str) -> str:
    return escape(escape_invisible(words))
