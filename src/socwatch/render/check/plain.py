"""What needs attention as plain text, for a mail: a line for each thing, then what to type."""

from __future__ import annotations

from collections.abc import Iterator

from socwatch.render.check.answer import Answer
from socwatch.render.context import format_dates
from socwatch.render.report.plain import words
from socwatch.render.text import columns_of, padded, plainly, visible

_GAP = "  "
_SHOWN = ("matter", "id", "body", "summary")


def render(answer: Answer) -> str:
    """Days, id, body and summary of each, nothing cut; below them the figures and their day.

    Nothing at all where nothing needs attention: cron mails whatever is printed.
    """
    if not answer.attention.concerns:
        return ""
    first, *others = answer.report.notes
    about = f"{format_dates(answer.report)}, {answer.context.records}: {first}"
    lines = [*_lines(answer), "", visible(about), *map(visible, others)]
    text = "\n".join(lines) + "\n"
    return text if answer.context.unicode else plainly(text)


def _lines(answer: Answer) -> Iterator[str]:
    table = answer.report.rows
    columns = [table.column(key) for key in _SHOWN]
    cells = [[words(column.cell(row).text) for column in columns] for row in table.rows]
    widths = [max(map(columns_of, texts)) for texts in zip(*cells, strict=True)]
    group = ""
    for number, (row, texts) in enumerate(zip(table.rows, cells, strict=True)):
        if table.group(row) != group:
            group = table.group(row)
            if number:
                yield ""
            yield f"Owner: {visible(group)}"
        yield _GAP.join(padded(*each) for each in zip(texts, widths, strict=True)).rstrip()
