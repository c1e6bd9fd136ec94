"""The committee's paper as a Word document on A4, with the figures of the page and no charts."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime, time
from typing import Any

from docx import Document
from docx.document import Document as Word
from docx.enum.section import WD_ORIENTATION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from socwatch.render.setting import Setting
from socwatch.render.text import columns_of, visible
from socwatch.reports.sections import Exhibit, Paper, Section
from socwatch.reports.table import Cell, Column

_LONG, _SHORT, _MARGIN = 297, 210, 18
"""A4 on its side, as the page prints: some tables have nine columns. Millimetres."""

_FONT = "Arial"
_INK = RGBColor(0x1F, 0x2F, 0x4A)
_SHADE, _LIGHT_SHADE, _RULE = "DDE6EF", "F2F4F7", "A6AEB8"

_BODY_SIZE, _TABLE_SIZE = 11, 9
_TWIPS = 20
"""To the point."""
_ROOM = (_LONG - 2 * _MARGIN) / 25.4 * 72
"""Points from margin to margin."""
_PADS = 10
"""Points that a cell takes beside its words."""
_UNBROKEN = 130
"""Points beyond which a word, most often an address, may be broken anywhere."""
_TALLEST = 20
"""Lines beyond which a row may go on on the next page, for it may not fit into any."""
_NARROW, _WIDE = frozenset(" ijlft.,:;'|!()[]/-‘’"), frozenset("mwMW%@—…")
"""The characters of the typeface that are narrower and wider than most."""

_FIRST_DAY_OF_ZIP = (1980, 1, 1, 0, 0, 0)


def render(paper: Paper, setting: Setting) -> bytes:  # noqa: ARG001  # a file is no screen
    """The document's file: the same paper gives the same bytes."""
    document: Word = Document()
    _say_what_it_is(document, paper)
    _set_styles(document)
    _set_pages(document, paper)
    document.add_paragraph(_fitting(paper.title), style="Title")
    document.add_paragraph(_fitting(paper.day), style="Subtitle")
    if paper.about:
        document.add_paragraph(_fitting(f"Only about: {paper.about}."))
    tables = 0
    for section in paper.sections:
        tables = _write(document, section, tables)
    return _undated(document)


# ---------------------------------------------------------------------------------------- the words


def _write(document: Word, section: Section, tables: int) -> int:
    """A section below its heading; gives how many tables the document has then."""
    document.add_paragraph(_fitting(section.heading), style="Heading 1")
    for words in section.paragraphs:
        document.add_paragraph(_fitting(words))
    for each in section.headlines:
        line = document.add_paragraph(style="List Bullet")
        line.add_run(f"{each.number:,}").bold = True
        line.add_run(f" {_fitting(each.words)}")
    for exhibit in section.exhibits:
        if exhibit.table.rows:
            tables += 1
            _caption(document, tables, exhibit.table.title)
            _end(document).addprevious(_table(exhibit))
        elif exhibit.table.if_empty:
            document.add_paragraph(_fitting(exhibit.table.if_empty))
    for number, words in enumerate(section.points):
        point = document.add_paragraph(_fitting(words), style="List Bullet")
        if number == 0 and section.exhibits:
            point.paragraph_format.space_before = Pt(8)  # a table leaves no room below itself
    return tables


def _caption(document: Word, number: int, title: str) -> None:
    """A caption whose number Word counts anew where somebody puts in a table of their own."""
    line = document.add_paragraph(style="Caption")
    _add_field(line, "Table ", r"SEQ Table \* ARABIC", str(number))
    line.add_run(f": {_fitting(title)}")


def _add_field(line: Paragraph, before: str, code: str, shown: str) -> None:
    """Words, and behind them what Word itself works out; `shown` until it does."""
    words = _run(shown)
    line.add_run(before).element.addnext(_element("w:fldSimple", words, instr=code))


def _fitting(text: str) -> str:
    """Text that XML can carry, every character of it seen."""
    return visible(text)


# ---------------------------------------------------------------------------------------- the tables


def _table(exhibit: Exhibit) -> Any:  # noqa: ANN401  # lxml says nothing of its elements
    """A table whose heading stands on each of its pages, and whose rows stay in one piece."""
    table = exhibit.table
    columns = [column for column in table.columns if column.heading]
    texts = [[_lines(column, row.cells[column.key]) for column in columns] for row in table.rows]
    sums = exhibit.sums
    last = [[_lines(column, sums.cells[column.key]) for column in columns]] if sums else []
    widths = _widths(columns, [*texts, *last])
    made = _element(
        "w:tbl",
        _element(
            "w:tblPr",
            _element("w:tblStyle", val="TableGrid"),
            _element("w:tblW", w=sum(widths) * _TWIPS, type="dxa"),
            _element("w:tblLayout", type="fixed"),
            _element("w:tblLook", val="0020", firstRow=1, noHBand=1, noVBand=1),
        ),
        _element("w:tblGrid", *(_element("w:gridCol", w=each * _TWIPS) for each in widths)),
        _heading_row(columns, widths),
    )
    group = ""
    for row, words in zip(table.rows, texts, strict=True):
        if row.group != group:
            group = row.group
            made.append(_group_row(group, widths))
        made.append(_row(columns, widths, words))
    for words in last:
        made.append(_row(columns, widths, words, bold=True))
    return made


def _lines(column: Column, shown: Cell) -> list[str]:
    """The words of a cell, each line by itself; each of several ids and addresses has its own."""
    if column.link and isinstance(shown.value, tuple) and shown.value:
        return [_fitting(each) for each in shown.value]
    return [_fitting(line) for line in shown.text.split("\n")]


def _heading_row(columns: Sequence[Column], widths: Sequence[int]) -> Any:  # noqa: ANN401  # as above
    cells = (
        _cell([column.heading], width, "TableHeading", right=column.align == "right", shade=_SHADE)
        for column, width in zip(columns, widths, strict=True)
    )
    return _element(
        "w:tr", _element("w:trPr", _element("w:cantSplit"), _element("w:tblHeader")), *cells
    )


def _group_row(heading: str, widths: Sequence[int]) -> Any:  # noqa: ANN401  # as above
    cell = _cell(
        [_fitting(heading)], sum(widths), "TableHeading", across=len(widths), shade=_LIGHT_SHADE
    )
    return _element("w:tr", _element("w:trPr", _element("w:cantSplit")), cell)


def _row(
    columns: Sequence[Column],
    widths: Sequence[int],
    texts: Sequence[Sequence[str]],
    *,
    bold: bool = False,
) -> Any:  # noqa: ANN401  # as above
    tall = max(
        sum(1 + int(_points(line) / (width - _PADS)) for line in lines)
        for lines, width in zip(texts, widths, strict=True)
    )
    whole = [_element("w:trPr", _element("w:cantSplit"))] if tall <= _TALLEST else []
    cells = (
        _cell(lines, width, "TableText", right=column.align == "right", bold=bold)
        for column, lines, width in zip(columns, texts, widths, strict=True)
    )
    return _element("w:tr", *whole, *cells)


def _cell(
    lines: Iterable[str],
    width: int,
    style: str,
    *,
    across: int = 1,
    right: bool = False,
    bold: bool = False,
    shade: str = "",
) -> Any:  # noqa: ANN401  # as above
    about = [
        _element("w:tcW", w=width * _TWIPS, type="dxa"),
        *([_element("w:gridSpan", val=across)] if across > 1 else []),
        *([_element("w:shd", val="clear", color="auto", fill=shade)] if shade else []),
    ]
    set_as = [
        _element("w:pStyle", val=style),
        *([_element("w:jc", val="right")] if right else []),
    ]
    words = _element("w:p", _element("w:pPr", *set_as))
    for number, line in enumerate(lines):
        words.append(_run(line, bold=bold, broken=number > 0))
    return _element("w:tc", _element("w:tcPr", *about), words)


def _run(text: str, *, bold: bool = False, broken: bool = False) -> Any:  # noqa: ANN401  # as above
    held = _element("w:t")
    held.text = text
    held.set(qn("xml:space"), "preserve")
    about = [_element("w:rPr", _element("w:b"))] if bold else []
    return _element("w:r", *about, *([_element("w:br")] if broken else []), held)


def _element(name: str, *inner: Any, **attributes: str | int) -> Any:  # noqa: ANN401  # as above
    """An element of Word's, the names of whose attributes have its prefix."""
    made: Any = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), str(value))
    made.extend(inner)
    return made


def _widths(columns: Sequence[Column], texts: Sequence[Sequence[Sequence[str]]]) -> list[int]:
    """The points of each column, which fit between the margins together.

    No word is broken where there is room for all. Beyond that, what is narrow gets what it asks
    for first, and sentences and addresses twice what others get.
    """
    wanted, widths = [], []
    for at, column in enumerate(columns):
        lines = {line for row in texts for line in row[at]}
        heads = 1.1 * max(map(_points, column.heading.split()))  # bold
        least = max(min(_points(word), _UNBROKEN) for line in lines for word in _words(line))
        wanted.append(_PADS + int(max(heads, *map(_points, lines))))
        widths.append(_PADS + int(max(heads, least)))
    over = sum(widths) - int(_ROOM)
    if over > 0:
        return [width - -(-over * width // sum(widths)) for width in widths]
    for _ in range(-over):
        short = [at for at, width in enumerate(widths) if width < wanted[at]]
        if not short:
            break
        widths[min(short, key=lambda at: widths[at] / _weight(columns[at]))] += 1
    return widths


def _weight(column: Column) -> int:
    return 2 if column.long or column.link == "address" else 1


def _words(line: str) -> list[str]:
    """The pieces of a line that Word does not break."""
    return re.split(r"\s+|(?<=-)", line)


def _points(line: str) -> float:
    """How wide a line of a table is, and rather more than less."""
    return _TABLE_SIZE * sum(map(_em, line)) + 1


def _em(character: str) -> float:
    if character in _NARROW:
        return 0.34
    if character in _WIDE or not character.isascii():
        return 0.5 * columns_of(character) if columns_of(character) != 1 else 1.0
    return 0.72 if character.isupper() else 0.56


# -------------------------------------------------------------------------------------- the document


def _say_what_it_is(document: Word, paper: Paper) -> None:
    """Its properties, which bear the day asked about and no other."""
    about = document.core_properties
    day = datetime.combine(paper.asked.as_of, time())
    about.title = _property(paper.title)
    about.subject = _property(
        f"{paper.day}. Only about: {paper.about}." if paper.about else paper.day
    )
    about.author = about.last_modified_by = "socwatch"
    about.comments = ""
    about.language = "en-GB"
    about.created = about.modified = day
    # The template brings a picture of an empty page, and says that another program made it.
    parts = document.part.package.rels
    for name, part in [*parts.items()]:
        if part.reltype in {
            RELATIONSHIP_TYPE.THUMBNAIL,
            RELATIONSHIP_TYPE.EXTENDED_PROPERTIES,
        }:
            del parts[name]


def _property(text: str) -> str:
    """Text as a property of a document, which holds no more than 255 characters."""
    seen = _fitting(text)
    return seen if len(seen) <= 255 else f"{seen[:254]}…"  # noqa: PLR2004  # as it says


def _set_styles(document: Word) -> None:
    """One typeface, British English, and the styles by which an office changes the whole."""
    root = document.styles.element
    for fonts in root.iter(qn("w:rFonts")):
        fonts.attrib.clear()  # typefaces of a theme would go before those of a style
    for each in ("ascii", "hAnsi", "cs", "eastAsia"):
        next(root.iter(qn("w:rFonts"))).set(qn(f"w:{each}"), _FONT)
    for language in root.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")
    settings = document.settings.element
    for language in settings.iter(qn("w:themeFontLang")):
        language.set(qn("w:val"), "en-GB")
    for each in settings.iter(qn("w:compatSetting")):
        if each.get(qn("w:name")) == "compatibilityMode":
            each.set(qn("w:val"), "15")  # Word would open the template's as one of an older Word

    _set_style(document, "Normal", _BODY_SIZE, after=6)
    _set_style(document, "Title", 20, after=6, bold=True)
    _set_style(document, "Subtitle", 12, after=6)
    _set_style(document, "Heading 1", 16, before=20, after=6, bold=True)
    _set_style(document, "Caption", 10, before=12, after=4, bold=True, keep=True)
    _set_style(document, "Footer", _TABLE_SIZE)
    for name in ("Table Text", "Table Heading"):
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Normal"]
        heads = name == "Table Heading"
        _set_style(document, name, _TABLE_SIZE, before=1.5, after=1.5, bold=heads, keep=heads)
    grid = document.styles["Table Grid"].element
    for side in grid.find(f".//{qn('w:tblBorders')}"):
        side.set(qn("w:color"), _RULE)
    for side in grid.find(f".//{qn('w:tblCellMar')}"):
        if side.tag in {qn("w:left"), qn("w:right")}:
            side.set(qn("w:w"), str(_PADS * _TWIPS // 2 - 5))


def _set_style(
    document: Word,
    name: str,
    size: int,
    *,
    before: float = 0,
    after: float = 0,
    bold: bool = False,
    keep: bool = False,
) -> None:
    style = document.styles[name]
    assert isinstance(style, ParagraphStyle)  # noqa: S101  # these are
    style.font.size = Pt(size)
    style.font.bold = bold
    style.font.italic = False
    if name not in {"Normal", "Table Text"}:
        style.font.color.rgb = _INK
    form = style.paragraph_format
    form.space_before, form.space_after = Pt(before), Pt(after)
    form.line_spacing = 1.1
    if keep:
        form.keep_with_next = True


def _set_pages(document: Word, paper: Paper) -> None:
    """A4 on its side, and below each page the day and which page it is."""
    (section,) = document.sections
    section.orientation = WD_ORIENTATION.LANDSCAPE
    section.page_width, section.page_height = Mm(_LONG), Mm(_SHORT)
    section.left_margin = section.right_margin = Mm(_MARGIN)
    section.top_margin = section.bottom_margin = Mm(_MARGIN)
    section.header_distance = section.footer_distance = Mm(9)
    (line,) = section.footer.paragraphs
    stops = document.styles["Footer"].paragraph_format.tab_stops
    stops.clear_all()  # those of the template are for another page
    stops.add_tab_stop(Pt(_ROOM), WD_TAB_ALIGNMENT.RIGHT)
    line.add_run(_fitting(paper.day))
    _add_field(line, "\tPage ", "PAGE", "1")
    _add_field(line, " of ", "NUMPAGES", "1")


def _end(document: Word) -> Any:  # noqa: ANN401  # as above
    """What stands behind all that is written: how the pages are set."""
    return document.element.body.sectPr


def _undated(document: Word) -> bytes:
    """The document's file without the day and the machine that it was written on."""
    written, content = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as parts, zipfile.ZipFile(content, "w") as file:
        for name in parts.namelist():
            part = zipfile.ZipInfo(name, _FIRST_DAY_OF_ZIP)
            part.create_system = 0
            part.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(part, parts.read(name))
    return content.getvalue()
