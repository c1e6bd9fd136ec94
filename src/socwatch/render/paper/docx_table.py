"""A table of the paper in Word's own XML, as wide as its words need and a page allows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from html import escape
from typing import Any, NamedTuple

from socwatch.render.text import columns_of, escape_invisible
from socwatch.reports.paper.sections import TableWithChart
from socwatch.reports.table import Cell, Column

TEXT, HEADING = "Table Text", "Table Heading"
"""The styles of its paragraphs."""
SIZE = 9
"""Points of its characters."""
PADDING = 4
"""Points between a rule and the words, on each side."""

_PADS = 2 * PADDING + 2
"""Points that a cell takes beside its words, with some to spare."""
_UNBROKEN = 130
"""Points beyond which a word, most often an address, may be broken anywhere."""
_TALL_ROW = 20
"""Lines beyond which a row may go on on the next page, for it may not fit into any."""
_SHORT_TABLE = 15
"""Lines up to which a table stays in one piece."""
_SHADE, _LIGHT_SHADE = "DDE6EF", "F2F4F7"

_NARROW, _WIDE = frozenset(" ijlft.,:;'|!()[]/-‘’"), frozenset("mwMW%@—…")
"""The characters of the typeface that are narrower and wider than most."""

_Lines = Sequence[str]
"""The words of a cell, each line by itself."""


class _Form(NamedTuple):
    """How a cell looks."""

    style: str = TEXT
    right: bool = False
    bold: bool = False
    keep: bool = False
    """Whether it stays on one page with the row below; a heading does by its style."""
    shade: str = ""
    across: int = 1
    """How many columns it takes."""


def table_xml(shown: TableWithChart, room: int) -> str:
    """A table at most `room` points wide, in elements with the prefix w.

    Its heading stands on each of its pages, and its rows stay in one piece.
    """
    table = shown.table
    columns = [column for column in table.columns if column.heading]
    rows = [*table.rows, *([shown.sums] if shown.sums is not None else [])]
    texts = [[_lines(column, column.cell(row)) for column in columns] for row in rows]
    widths = _widths(columns, texts, room)
    tall = [_height(each, widths) for each in texts]
    short = sum(tall) <= _SHORT_TABLE
    made = [_heading_row(columns, widths)]
    groups = [*map(table.group, table.rows), ""]  # the sums are of no group
    group = ""
    for number, (row, words) in enumerate(zip(rows, texts, strict=True), start=1):
        if groups[number - 1] and groups[number - 1] != group:
            made.append(_group_row(groups[number - 1], widths))
        group = groups[number - 1]
        form = _Form(bold=row is shown.sums, keep=short and number < len(rows))
        cells = (
            _cell(lines, width, form._replace(right=column.align == "right"))
            for column, lines, width in zip(columns, words, widths, strict=True)
        )
        made.append(_row(cells, whole=tall[number - 1] <= _TALL_ROW))
    grid = "".join(f'<w:gridCol w:w="{_twips(width)}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/>'
        f'<w:tblW w:w="{_twips(sum(widths))}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="0620" w:firstRow="1" w:noHBand="1" w:noVBand="1"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(made)}</w:tbl>"
    )


def _lines(column: Column[Any], shown: Cell) -> _Lines:
    """The words of a cell; each of several ids and addresses has a line of its own."""
    if column.link and isinstance(shown.value, tuple) and shown.value:
        return [escape_invisible(each) for each in shown.value]
    return [escape_invisible(line) for line in shown.text.split("\n")]


# ----------------------------------------------------------------------------------- rows and cells


def _heading_row(columns: Sequence[Column[Any]], widths: Sequence[int]) -> str:
    cells = (
        _cell([column.heading], width, _Form(HEADING, column.align == "right", shade=_SHADE))
        for column, width in zip(columns, widths, strict=True)
    )
    return _row(cells, about="<w:tblHeader/>")


def _group_row(heading: str, widths: Sequence[int]) -> str:
    form = _Form(HEADING, shade=_LIGHT_SHADE, across=len(widths))
    return _row([_cell([escape_invisible(heading)], sum(widths), form)])


def _row(cells: Iterable[str], *, whole: bool = True, about: str = "") -> str:
    about = f"{'<w:cantSplit/>' if whole else ''}{about}"
    return f"<w:tr><w:trPr>{about}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(lines: _Lines, width: int, form: _Form) -> str:
    about = f'<w:tcW w:w="{_twips(width)}" w:type="dxa"/>'
    if form.across > 1:
        about += f'<w:gridSpan w:val="{form.across}"/>'
    if form.shade:
        about += f'<w:shd w:val="clear" w:color="auto" w:fill="{form.shade}"/>'
    set_as = f'<w:pStyle w:val="{form.style.replace(" ", "")}"/>'
    if form.keep:
        set_as += "<w:keepNext/>"
    if form.right:
        set_as += '<w:jc w:val="right"/>'
    bold = "<w:rPr><w:b/></w:rPr>" if form.bold else ""
    words = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in lines)
    return (
        f"<w:tc><w:tcPr>{about}</w:tcPr>"
        f"<w:p><w:pPr>{set_as}</w:pPr><w:r>{bold}{words}</w:r></w:p></w:tc>"
    )


def _twips(points: int) -> int:
    return 20 * points


# ----------------------------------------------------------------------------------- how wide it is


def _widths(
    columns: Sequence[Column[Any]], texts: Sequence[Sequence[_Lines]], room: int
) -> list[int]:
    """The points of each column.

    No word is broken where there is room for all, and those of the widest columns first where
    there is not. Beyond that, what is narrow gets what it asks for first, and sentences and
    addresses get twice what others get.
    """
    wanted, widths = [], []
    for at, column in enumerate(columns):
        lines = {line for row in texts for line in row[at]}
        heading = 1.1 * max(map(_points, column.heading.split()))  # bold
        words = {word for line in lines for word in _words(line)}
        longest = min(max(map(_points, words), default=0), _UNBROKEN)
        wanted.append(_PADS + int(max(heading, *map(_points, lines))))
        widths.append(_PADS + int(max(heading, longest)))
    while sum(widths) > room:
        widths[widths.index(max(widths))] -= 1
    for _ in range(room - sum(widths)):
        short = [at for at, width in enumerate(widths) if width < wanted[at]]
        if not short:
            break
        widths[min(short, key=lambda at: widths[at] / _weight(columns[at]))] += 1
    return widths


def _weight(column: Column[Any]) -> int:
    return 2 if column.long or column.link == "address" else 1


def _height(texts: Iterable[_Lines], widths: Iterable[int]) -> int:
    """The lines that a row takes, about."""
    return max(
        sum(1 + int(_points(line) / (width - _PADS)) for line in lines)
        for lines, width in zip(texts, widths, strict=True)
    )


def _words(line: str) -> list[str]:
    """The pieces of a line that Word does not break."""
    return re.split(r"\s+|(?<=-)", line)


def _points(line: str) -> float:
    """How wide a line is, and rather more than less."""
    return SIZE * sum(map(_em, line)) + 1


@cache
def _em(character: str) -> float:
    if character in _NARROW:
        return 0.34
    if character in _WIDE:
        return 1.0
    if not character.isascii():
        return 0.6 * columns_of(character)
    return 0.72 if character.isupper() else 0.56
