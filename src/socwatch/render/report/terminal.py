"""A report on a screen, with rich: columns that fit, or facts below each other where none do."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from rich.console import Console
from rich.text import Text

from socwatch.render.context import Setting, day_words
from socwatch.render.report.text_chart import NARROWEST, drawn
from socwatch.render.text import columns_of, plainly, visible
from socwatch.reports.table import NOTHING, Cell, Chart, Column, Report, Row, Table, Tone

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


def render(report: Report, setting: Setting) -> str:
    """The report as wide as the screen and no wider."""
    console = _console(setting)
    console.print(_text(report.title, "bold", setting))
    console.print(_text(f"{day_words(report)} · {setting.records}", "grey50", setting))
    for table in report.tables:
        if table.shown:
            console.print()
            _print_table(console, table, setting)
    for note in report.notes:
        console.print()
        console.print(_text(note, "grey50", setting))
    file = console.file
    assert isinstance(file, io.StringIO)  # noqa: S101  # this module made it so
    return "\n".join(line.rstrip() for line in file.getvalue().split("\n"))


def _console(setting: Setting) -> Console:
    return Console(
        file=io.StringIO(),
        width=setting.width,
        height=100,  # without a height, TERM=dumb makes rich forget the width
        force_terminal=setting.colour,
        color_system="256" if setting.colour else None,
        no_color=not setting.colour,
        markup=False,
        emoji=False,
        highlight=False,
        legacy_windows=False,
        _environ={},
    )


def _print_table(console: Console, table: Table, setting: Setting) -> None:
    if not table.rows:
        console.print(_text(table.if_empty, "", setting))
        return
    if table.title:
        console.print(_text(table.title, f"bold {STYLES[table.tone]}", setting))
    if table.chart is not None and setting.width >= NARROWEST:
        _print_chart(console, table.chart, setting)
        console.print(_text(table.rest, STYLES[Tone.MUTED], setting))
        return
    rows = table.rows[: table.most]
    columns = [column for column in table.columns if column.heading and _says(column, rows)]
    grid = _fitted(columns, rows, setting.width) if table.layout == "grid" else None
    if grid is None:
        _print_facts(console, columns, rows, setting)
    else:
        _print_grid(console, grid, rows, setting)
        without = ", ".join(c.heading for c in columns if c not in (*grid.widths, *grid.below))
        if without:
            console.print(_text(f"no room for: {without}", STYLES[Tone.MUTED], setting))
    if len(rows) < len(table.rows):
        more = len(table.rows) - len(rows)
        console.print(_text(f"and {more:,} more: {table.rest}", STYLES[Tone.MUTED], setting))


def _print_chart(console: Console, chart: Chart, setting: Setting) -> None:
    for line in drawn(chart, setting.width, unicode=setting.unicode):
        text = Text(overflow="fold")
        for words, tone in line:
            text.append(words if setting.unicode else plainly(words), STYLES[tone])
        console.print(text)


def _says(column: Column, rows: Iterable[Row]) -> bool:
    """Whether a column is worth its place on a screen: it must stand, or says something."""
    texts = (row.cells[column.key].text for row in rows)
    return not column.rank or any(text not in ("", NOTHING) for text in texts)


class _Fitted(NamedTuple):
    """The columns that fit, with their widths, and those whose sentences stand below the row."""

    widths: dict[Column, int]
    below: tuple[Column, ...] = ()

    @property
    def width(self) -> int:
        return _total(self.widths.values())


def _fitted(columns: Sequence[Column], rows: Sequence[Row], width: int) -> _Fitted | None:
    """The columns as they fit best; None where not even the least of them do."""
    beside = _widths(columns, rows, width)
    long = tuple(column for column in columns if column.long)
    squeezed = [
        column
        for column in long
        if beside is None
        or column not in beside
        or beside[column] < min(_SENTENCE, _natural(column, rows))
    ]
    if not squeezed:
        return _Fitted(beside) if beside is not None else None
    short = _widths([column for column in columns if not column.long], rows, width)
    return _Fitted(short, long) if short is not None else None


def _widths(columns: Sequence[Column], rows: Sequence[Row], width: int) -> dict[Column, int] | None:
    """How wide each column that fits is; None where the least of them do not fit.

    Columns go by rank until the rest can be read; then the widest that may be broken gives way.
    """
    natural = {column: _natural(column, rows) for column in columns}
    least = {column: _least(column, rows, natural[column]) for column in columns}
    shown = list(columns)
    while _total(least[column] for column in shown) > width:
        rank = max(column.rank for column in shown)
        if rank == 0:
            return None
        shown = [column for column in shown if column.rank != rank]
    chosen = {column: natural[column] for column in shown}
    while (surplus := _total(chosen.values()) - width) > 0:
        widest = max((c for c in shown if chosen[c] > least[c]), key=lambda c: chosen[c] - least[c])
        chosen[widest] -= min(surplus, max(1, (chosen[widest] - least[widest]) // 2))
    return chosen


def _natural(column: Column, rows: Iterable[Row]) -> int:
    """The width at which nothing in a column is broken."""
    return max(columns_of(text) for text in (column.heading, *_lines(column, rows)))


def _least(column: Column, rows: Iterable[Row], natural: int) -> int:
    """The width below which a column cannot be read: no word of it is broken, if it can be."""
    if not column.narrowest:
        return natural
    words = (word for text in (column.heading, *_lines(column, rows)) for word in text.split())
    longest = max(map(columns_of, words), default=0)
    return min(natural, max(column.narrowest, min(longest, _LONGEST_WORD)))


def _lines(column: Column, rows: Iterable[Row]) -> Iterator[str]:
    for row in rows:
        yield from map(visible, row.cells[column.key].text.split("\n"))


def _total(widths: Iterable[int]) -> int:
    listed = list(widths)
    return sum(listed) + _GAP * (len(listed) - 1)


def _print_grid(console: Console, fitted: _Fitted, rows: Sequence[Row], setting: Setting) -> None:
    headings = (_text(c.heading, STYLES[Tone.MUTED], setting) for c in fitted.widths)
    console.print(_beside(console, fitted.widths, headings, at_foot=True))
    console.print(_text("─" * fitted.width, STYLES[Tone.MUTED], setting))
    for group, members in groupby(rows, key=lambda row: row.group):
        if group:
            console.print(_text(group, "bold underline", setting))
        for row in members:
            cells = (_cell(row.cells[column.key], setting) for column in fitted.widths)
            console.print(_beside(console, fitted.widths, cells))
            for column in fitted.below:
                if row.cells[column.key].text not in ("", NOTHING):
                    console.print(_below(console, _cell(row.cells[column.key], setting)))


def _beside(
    console: Console,
    widths: Mapping[Column, int],
    cells: Iterable[Text],
    *,
    at_foot: bool = False,
) -> Text:
    """Cells beside each other, each broken into lines no wider than its column."""
    broken = [
        _broken(console, cell, width) for cell, width in zip(cells, widths.values(), strict=True)
    ]
    height = max(map(len, broken))
    lines = []
    for number in range(height):
        line = Text(overflow="ignore", no_wrap=True)
        for (column, width), texts in zip(widths.items(), broken, strict=True):
            place = number - (height - len(texts)) if at_foot else number
            part = texts[place] if 0 <= place < len(texts) else Text()
            part.rstrip()
            part.align(column.align, width)
            line.append_text(part).append(" " * _GAP)
        line.rstrip()
        lines.append(line)
    return Text("\n", overflow="ignore", no_wrap=True).join(lines)


def _broken(console: Console, cell: Text, width: int) -> list[Text]:
    """The lines of a cell, none of them wider than its column."""
    if cell.cell_len <= width and "\n" not in cell.plain:  # most do, and wrapping is slow
        return [cell]
    return list(cell.wrap(console, width, overflow="fold"))


def _below(console: Console, text: Text) -> Text:
    """Sentences below what they belong to, set in from it."""
    indent = Text(" " * _INDENT)
    lines = text.wrap(console, max(1, console.width - _INDENT), overflow="fold")
    return Text("\n").join(indent.copy().append_text(line) for line in lines)


def _print_facts(
    console: Console, columns: Sequence[Column], rows: Sequence[Row], setting: Setting
) -> None:
    wide = max(columns_of(column.heading) for column in columns)
    widths = {Column("heading"): wide, Column("value"): max(1, setting.width - wide - _GAP)}
    group = ""
    for number, row in enumerate(rows):
        if number:
            console.print()
        if row.group != group:
            group = row.group
            console.print(_text(group, "bold underline", setting))
        for column in columns:
            shown = row.cells[column.key]
            if shown.text in ("", NOTHING):
                continue
            heading = _text(column.heading, STYLES[Tone.MUTED], setting)
            if setting.width >= _NARROW:
                console.print(_beside(console, widths, (heading, _cell(shown, setting))))
            else:
                console.print(heading)
                console.print(_below(console, _cell(shown, setting)))


def _cell(shown: Cell, setting: Setting) -> Text:
    """The lines of a cell; the first bears its meaning, the others explain it."""
    first, *others = shown.text.split("\n")
    text = _text(first, STYLES[shown.tone], setting)
    for line in others:
        text.append("\n")
        text.append_text(_text(line, STYLES[Tone.MUTED], setting))
    return text


def _text(text: str, style: str, setting: Setting) -> Text:
    shown = visible(text)
    return Text(shown if setting.unicode else plainly(shown), style=style)
