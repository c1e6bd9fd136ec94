"""A report on a screen, with rich: columns that fit, or facts below each other where none do."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from rich.console import Console, Group
from rich.text import Text

from socwatch.render.context import RenderContext, format_dates
from socwatch.render.report.text_chart import MIN_WIDTH, draw
from socwatch.render.text import columns_of, escape_invisible, to_ascii
from socwatch.reports.table import EMPTY, Cell, Chart, Column, Report, Table, Tone

_Cells = Mapping[Column[Any], Sequence[Cell]]
"""The cells of each column, a cell for each row."""

_GAP = 2
_INDENT = 4
_SENTENCE = 36
"""Columns below which sentences are better read below their row than beside it."""
_LONGEST_WORD = 24
_NARROW = 50
"""Columns below which a heading stands above its value, not beside it."""

STYLES = {
    Tone.PLAIN: "",
    Tone.MUTED: "grey50",
    Tone.STRONG: "bold",
    Tone.OVERDUE: "bold red3",
    Tone.DUE_SOON: "bold dark_goldenrod",
    Tone.GOOD: "green4",
}
"""Colours of the 256 that are read on a dark and on a light ground alike."""


def render(report: Report, context: RenderContext) -> str:
    """The report as wide as the screen and no wider."""
    console = _console(context)
    console.print(_text(report.title, "bold", context))
    console.print(_text(f"{format_dates(report)} · {context.records}", "grey50", context))
    for table in report.tables:
        if table.shown:
            console.print()
            _print_table(console, table, context)
    for note in report.notes:
        console.print()
        console.print(_text(note, "grey50", context))
    file = console.file
    assert isinstance(file, io.StringIO)  # noqa: S101  # this module made it so
    return "\n".join(line.rstrip() for line in file.getvalue().split("\n"))


def _console(context: RenderContext) -> Console:
    return Console(
        file=io.StringIO(),
        width=context.width,
        height=100,  # without a height, TERM=dumb makes rich forget the width
        force_terminal=context.colour,
        color_system="256" if context.colour else None,
        no_color=not context.colour,
        markup=False,
        emoji=False,
        highlight=False,
        legacy_windows=False,
        _environ={},
    )


def _print_table(console: Console, table: Table[Any], context: RenderContext) -> None:
    if not table.rows:
        console.print(_text(table.if_empty, "", context))
        return
    if table.title:
        console.print(_text(table.title, f"bold {STYLES[table.tone]}", context))
    if table.chart is not None and context.width >= MIN_WIDTH:
        _print_chart(console, table.chart, context)
        console.print(_text(table.more_hint, STYLES[Tone.MUTED], context))
        return
    rows = table.rows[: table.max_rows]
    headed = (column for column in table.columns if column.heading)
    every = {column: [column.cell(row) for row in rows] for column in headed}
    cells = {column: of for column, of in every.items() if _says(column, of)}
    groups = [table.group(row) for row in rows]
    grid = _fit(cells, context.width) if table.layout == "grid" else None
    if grid is None:
        _print_facts(console, cells, groups, context)
    else:
        _print_grid(console, grid, cells, groups, context)
        without = ", ".join(c.heading for c in cells if c not in (*grid.widths, *grid.below))
        if without:
            console.print(_text(f"no room for: {without}", STYLES[Tone.MUTED], context))
    if len(rows) < len(table.rows):
        more = len(table.rows) - len(rows)
        console.print(_text(f"and {more:,} more: {table.more_hint}", STYLES[Tone.MUTED], context))


def _print_chart(console: Console, chart: Chart, context: RenderContext) -> None:
    for line in draw(chart, context.width, unicode=context.unicode):
        text = Text(overflow="fold")
        for words, tone in line:
            text.append(words if context.unicode else to_ascii(words), STYLES[tone])
        console.print(text)


def _says(column: Column[Any], cells: Iterable[Cell]) -> bool:
    """Whether a column is worth its place on a screen: it must stand, or says something."""
    return not column.drop_order or any(cell.text not in ("", EMPTY) for cell in cells)


class _Fitted(NamedTuple):
    """The columns that fit, with their widths, and those whose sentences stand below the row."""

    widths: dict[Column[Any], int]
    below: tuple[Column[Any], ...] = ()

    @property
    def width(self) -> int:
        return _total(self.widths.values())


def _fit(cells: _Cells, width: int) -> _Fitted | None:
    """The columns as they fit best; None where not even the least of them do."""
    beside = _widths(cells, width)
    long = tuple(column for column in cells if column.long)
    squeezed = [
        column
        for column in long
        if beside is None
        or column not in beside
        or beside[column] < min(_SENTENCE, _natural(column, cells[column]))
    ]
    if not squeezed:
        return _Fitted(beside) if beside is not None else None
    short = _widths({c: of for c, of in cells.items() if not c.long}, width)
    return _Fitted(short, long) if short is not None else None


def _widths(cells: _Cells, width: int) -> dict[Column[Any], int] | None:
    """How wide each column that fits is; None where the least of them do not fit.

    Columns are dropped in their order until the rest can be read; then the widest that may be
    broken gives way.
    """
    natural = {column: _natural(column, of) for column, of in cells.items()}
    least = {column: _least(column, of, natural[column]) for column, of in cells.items()}
    shown = list(cells)
    while _total(least[column] for column in shown) > width:
        first = max(column.drop_order for column in shown)
        if first == 0:
            return None
        shown = [column for column in shown if column.drop_order != first]
    chosen = {column: natural[column] for column in shown}
    while (surplus := _total(chosen.values()) - width) > 0:
        widest = max((c for c in shown if chosen[c] > least[c]), key=lambda c: chosen[c] - least[c])
        chosen[widest] -= min(surplus, max(1, (chosen[widest] - least[widest]) // 2))
    return chosen


def _natural(column: Column[Any], cells: Iterable[Cell]) -> int:
    """The width at which nothing in a column is broken."""
    return max(columns_of(text) for text in (column.heading, *_lines(cells)))


def _least(column: Column[Any], cells: Iterable[Cell], natural: int) -> int:
    """The width below which a column cannot be read: no word of it is broken, if it can be."""
    if not column.min_width:
        return natural
    words = (word for text in (column.heading, *_lines(cells)) for word in text.split())
    longest = max(map(columns_of, words), default=0)
    return min(natural, max(column.min_width, min(longest, _LONGEST_WORD)))


def _lines(cells: Iterable[Cell]) -> Iterator[str]:
    for cell in cells:
        yield from map(escape_invisible, cell.text.split("\n"))


def _total(widths: Iterable[int]) -> int:
    listed = list(widths)
    return sum(listed) + _GAP * (len(listed) - 1)


def _print_grid(
    console: Console, fitted: _Fitted, cells: _Cells, groups: Sequence[str], context: RenderContext
) -> None:
    aligned = [(column.align, width) for column, width in fitted.widths.items()]
    headings = (_text(c.heading, STYLES[Tone.MUTED], context) for c in fitted.widths)
    console.print(_side_by_side(console, aligned, headings, at_foot=True))
    console.print(_text("─" * fitted.width, STYLES[Tone.MUTED], context))
    for at, group in enumerate(groups):
        if group and (at == 0 or group != groups[at - 1]):
            console.print(_text(group, "bold underline", context))
        texts = (_cell(cells[column][at], context) for column in fitted.widths)
        console.print(_side_by_side(console, aligned, texts))
        for column in fitted.below:
            if cells[column][at].text not in ("", EMPTY):
                console.print(_below(console, _cell(cells[column][at], context)))


def _side_by_side(
    console: Console,
    aligned: Sequence[tuple[Literal["left", "right"], int]],
    cells: Iterable[Text],
    *,
    at_foot: bool = False,
) -> Group:
    """Cells beside each other, each broken into lines no wider than its column.

    The lines stay apart: rich takes one text of many lines to pieces in time that grows with its
    square.
    """
    broken = [
        _break_cell(console, cell, width) for cell, (_, width) in zip(cells, aligned, strict=True)
    ]
    height = max(map(len, broken))
    lines = []
    for number in range(height):
        line = Text(overflow="ignore", no_wrap=True)
        for (align, width), texts in zip(aligned, broken, strict=True):
            place = number - (height - len(texts)) if at_foot else number
            part = texts[place] if 0 <= place < len(texts) else Text()
            part.rstrip()
            part.align(align, width)
            line.append_text(part).append(" " * _GAP)
        line.rstrip()
        lines.append(line)
    return Group(*lines)


def _break_cell(console: Console, cell: Text, width: int) -> list[Text]:
    """The lines of a cell, none of them wider than its column."""
    if cell.cell_len <= width and "\n" not in cell.plain:  # most do, and wrapping is slow
        return [cell]
    return list(cell.wrap(console, width, overflow="fold"))


def _below(console: Console, text: Text) -> Group:
    """Sentences below what they belong to, set in from it."""
    indent = Text(" " * _INDENT)
    lines = text.wrap(console, max(1, console.width - _INDENT), overflow="fold")
    return Group(*(indent.copy().append_text(line) for line in lines))


def _print_facts(
    console: Console, cells: _Cells, groups: Sequence[str], context: RenderContext
) -> None:
    wide = max(columns_of(column.heading) for column in cells)
    aligned: Sequence[tuple[Literal["left"], int]] = (
        ("left", wide),
        ("left", max(1, context.width - wide - _GAP)),
    )
    group = ""
    for at, following in enumerate(groups):
        if at:
            console.print()
        if following != group:
            group = following
            console.print(_text(group, "bold underline", context))
        for column, of in cells.items():
            shown = of[at]
            if shown.text in ("", EMPTY):
                continue
            heading = _text(column.heading, STYLES[Tone.MUTED], context)
            if context.width >= _NARROW:
                console.print(_side_by_side(console, aligned, (heading, _cell(shown, context))))
            else:
                console.print(heading)
                console.print(_below(console, _cell(shown, context)))


def _cell(shown: Cell, context: RenderContext) -> Text:
    """The lines of a cell; the first bears its meaning, the others explain it."""
    first, *others = shown.text.split("\n")
    text = _text(first, STYLES[shown.tone], context)
    for line in others:
        text.append("\n")
        text.append_text(_text(line, STYLES[Tone.MUTED], context))
    return text


def _text(text: str, style: str, context: RenderContext) -> Text:
    shown = escape_invisible(text)
    return Text(shown if context.unicode else to_ascii(shown), style=style)
