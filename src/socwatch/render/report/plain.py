"""A report as plain text, for pipes: one line a row, nothing cut, no colour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from socwatch.render.context import RenderContext, format_dates
from socwatch.render.report.text_chart import draw
from socwatch.render.text import columns_of, escape_invisible, pad, to_ascii
from socwatch.reports.table import EMPTY, Column, Report, Table

_GAP = "  "
_WIDTH = 80
_WIDEST = 1_000
"""Columns to which cells are filled up: one huge text must not make every line as long as it is."""


def render(report: Report, context: RenderContext) -> str:
    """The report with aligned columns as wide as their widest cell."""
    lines = [escape_invisible(report.title), format_dates(report)]
    for table in report.tables:
        if table.shown:
            lines += ["", *_table(table)]
    if report.notes:
        lines += ["", *map(escape_invisible, report.notes)]
    text = "\n".join(line.rstrip() for line in lines) + "\n"
    return text if context.unicode else to_ascii(text)


def _table(table: Table[Any]) -> Iterator[str]:
    if not table.rows:
        yield escape_invisible(table.if_empty)
        return
    if table.title:
        yield escape_invisible(table.title)
    if table.chart is not None:
        # Always in ASCII and for the same width: a pipe knows of no screen.
        for line in draw(table.chart, _WIDTH, unicode=False):
            yield "".join(words for words, _ in line)
        yield ""
    if table.layout == "facts":
        yield from _facts(table)
    else:
        yield from _grid(table)


def _grid(table: Table[Any]) -> Iterator[str]:
    columns = [column for column in table.columns if column.heading]
    # Row by row, while what a row is about is at hand: with many rows that is quicker.
    rows = [[words(column.cell(row).text) for column in columns] for row in table.rows]
    heading = [column.heading for column in columns]
    shown = map(_align, columns, zip(heading, *rows, strict=True))
    heading_line, *lines = map(_GAP.join, zip(*shown, strict=True))
    yield heading_line
    group = ""
    for row, line in zip(table.rows, lines, strict=True):
        if table.group(row) != group:
            group = table.group(row)
            yield f"[{escape_invisible(group)}]"
        yield line


def _align(column: Column[Any], texts: Sequence[str]) -> list[str]:
    """The texts of a column, as wide as the widest of them."""
    width = min(max(map(columns_of, texts)), _WIDEST)
    right = column.align == "right"
    return [pad(text, width, right=right) for text in texts]


def _facts(table: Table[Any]) -> Iterator[str]:
    columns = [column for column in table.columns if column.heading]
    width = max(columns_of(column.heading) for column in columns)
    for number, row in enumerate(table.rows):
        if number:
            yield ""
        for column in columns:
            text = words(column.cell(row).text)
            if text and text != EMPTY:
                yield f"{pad(column.heading, width)}{_GAP}{text}"


def words(text: str) -> str:
    """The lines of a cell on one line."""
    if "\n" not in text:
        return escape_invisible(text)
    return "; ".join(escape_invisible(line) for line in text.split("\n"))
