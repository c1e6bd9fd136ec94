"""The committee's paper as Markdown, with the figures of the page and without its charts."""

from __future__ import annotations

from collections.abc import Iterator

from socwatch.render.context import ProgressCallback, RenderContext
from socwatch.render.report.markdown import escape_markdown, table_lines
from socwatch.render.text import to_ascii
from socwatch.reports.paper.sections import Paper, Section, TableWithChart


def render(paper: Paper, context: RenderContext, on_progress: ProgressCallback) -> str:
    """The paper with a heading for each section and each table."""
    lines = [f"# {escape_markdown(paper.title)}", "", escape_markdown(paper.day)]
    if paper.about:
        lines += ["", f"Only about: {escape_markdown(paper.about)}."]
    done = 0
    for section in paper.sections:
        lines += ["", *_section(section)]
        done += section.length
        on_progress(done, paper.length)
    text = "\n".join(lines) + "\n"
    return text if context.unicode else to_ascii(text)


def _section(section: Section) -> Iterator[str]:
    yield f"## {escape_markdown(section.heading)}"
    for paragraph in section.paragraphs:
        yield ""
        yield escape_markdown(paragraph)
    if section.headlines:
        yield ""
        yield from (
            f"- **{each.number:,}** {escape_markdown(each.words)}" for each in section.headlines
        )
    for shown in section.tables:
        yield ""
        yield from _table(shown)
    if section.points:
        yield ""
        yield from (f"- {escape_markdown(point)}" for point in section.points)


def _table(shown: TableWithChart) -> Iterator[str]:
    """A table with its sums as the last row."""
    table = shown.table
    sums = (shown.sums,) if shown.sums is not None and table.rows else ()
    yield from table_lines(table._replace(rows=(*table.rows, *sums)), heading="###")
