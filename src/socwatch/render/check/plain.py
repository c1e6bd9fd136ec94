"""What needs attention as plain text, for a mail: a line for each thing, then what to type."""

from __future__ import annotations

from collections.abc import Iterator

from socwatch.render.check.answer import CheckAnswer
from socwatch.render.context import format_dates
from socwatch.render.report.plain import words
from socwatch.render.text import columns_of, escape_invisible, pad, to_ascii

_GAP = "  "
MAX_OCTETS = 998
_SHOWN = ("matter", "id", "body", "summary")


def render(answer: CheckAnswer) -> str:
    """Days, id, body and summary of each, nothing cut; below them the figures and their day.

    Nothing at all where nothing needs attention: cron mails whatever is printed.
    """
    if not answer.attention.alerts:
        return ""
    first, *others = answer.report.notes
    about = f"{format_dates(answer.report)}, {answer.context.records}: {first}"
    lines = [*_lines(answer), "", escape_invisible(about), *map(escape_invisible, others)]
    if not answer.context.unicode:
        lines = [to_ascii(line) for line in lines]
    return "".join(f"{part}\n" for line in lines for part in _fold(line))


def _fold(line: str) -> Iterator[str]:
    """Yield a line in parts that mail servers accept, broken between words where it has any.

    RFC 5322, section 2.1.1: a line has at most 998 octets, its end not counted.
    """
    while len(line.encode(errors="replace")) > MAX_OCTETS:
        # No part has more characters than octets, so this many characters are enough to look at.
        part = line[:MAX_OCTETS].encode(errors="replace")[:MAX_OCTETS].decode(errors="ignore")
        cut = part.rfind(" ", len(_GAP)) if part[len(_GAP) :].strip() else -1
        cut = cut if cut > len(_GAP) else len(part)
        yield line[:cut].rstrip()
        line = _GAP + line[cut:].lstrip()
    yield line


def _lines(answer: CheckAnswer) -> Iterator[str]:
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
            yield f"Owner: {escape_invisible(group)}"
        yield _GAP.join(pad(*each) for each in zip(texts, widths, strict=True)).rstrip()
