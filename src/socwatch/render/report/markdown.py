"""A report as Markdown, for a wiki or an e-mail; a register's text stays text in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from socwatch.render.context import RenderContext, format_dates
from socwatch.render.text import escape_invisible, to_ascii
from socwatch.reports.table import EMPTY, Column, Report, Table

_MEANT = re.compile(r"([\\`*_\[\]<>|~&:@#]|(?<=www)\.)", re.IGNORECASE)
"""What means something within a line: emphasis, links, HTML, tables, and addresses left bare."""
_LINE_BREAK = "<br>"


def render(report: Report, context: RenderContext) -> str:
    """The report with a heading, a paragraph for its day, and a table for each table."""
    lines = [f"# {escape_markdown(report.title)}", "", format_dates(report)]
    for table in report.tables:
        if table.shown:
            lines += ["", *table_lines(table)]
    for note in report.notes:
        lines += ["", escape_markdown(note)]
    text = "\n".join(lines) + "\n"
    return text if context.unicode else to_ascii(text)


def table_lines(table: Table[Any], heading: str = "##") -> Iterator[str]:
    """A table below its title, or what is said where it has no rows."""
    if not table.rows:
        yield escape_markdown(table.if_empty)
        return
    if table.title:
        yield f"{heading} {escape_markdown(table.title)}"
        yield ""
    columns = [column for column in table.columns if column.heading]
    if table.layout == "facts":
        yield from _facts(columns, table.rows)
    else:
        yield from _grid(columns, table)


def _grid(columns: list[Column[Any]], table: Table[Any]) -> Iterator[str]:
    yield f"| {' | '.join(column.heading for column in columns)} |"
    yield f"| {' | '.join('---:' if c.align == 'right' else '---' for c in columns)} |"
    group = ""
    for row in table.rows:
        if table.group(row) != group:
            group = table.group(row)
            yield f"| **{escape_markdown(group)}** |{' |' * (len(columns) - 1)}"
        yield f"| {' | '.join(_cell(column.cell(row).text) for column in columns)} |"


def _facts(columns: list[Column[Any]], rows: tuple[Any, ...]) -> Iterator[str]:
    for number, row in enumerate(rows):
        if number:
            yield ""
        yield "| | |"
        yield "| --- | --- |"
        for column in columns:
            text = column.cell(row).text
            if text and text != EMPTY:
                yield f"| {column.heading} | {_cell(text)} |"


def _cell(text: str) -> str:
    return _LINE_BREAK.join(escape_markdown(line) for line in text.split("\n"))


def escape_markdown(text: str) -> str:
    """Text in which no character means anything to Markdown or HTML, and no address is a link."""
    return _MEANT.sub(r"\\\1", escape_invisible(text)).replace("\\<", "&lt;").replace("\\>", "&gt;")
