"""The committee's paper as a Word document on A4, with the figures of the page and no charts."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime, time
from typing import NamedTuple

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENTATION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import parse_xml
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from socwatch.render.context import ProgressCallback, RenderContext
from socwatch.render.paper import docx_table
from socwatch.render.paper.docx_table import table_xml
from socwatch.render.text import escape_invisible
from socwatch.reports.paper.sections import Paper, Section, TableWithChart

_LONG, _SHORT, _MARGIN = 297, 210, 18
"""A4 on its side, as the page prints, for some tables have nine columns. Millimetres."""
_ROOM = int((_LONG - 2 * _MARGIN) / 25.4 * 72)
"""Points from margin to margin."""

_FONT = "Arial"
_INK, _RULE = RGBColor(0x1F, 0x2F, 0x4A), "A6AEB8"


class _Form(NamedTuple):
    """How a style looks; lengths in points."""

    style: str
    size: int
    before: float = 0
    after: float = 0
    bold: bool = False
    ink: bool = False
    keep: bool = False
    """Whether it stays on one page with what follows."""


_FORMS = (
    _Form("Normal", 11, after=6),
    _Form("Title", 20, after=6, bold=True, ink=True),
    _Form("Subtitle", 12, after=6, ink=True),
    _Form("Heading 1", 16, before=20, after=6, bold=True, ink=True, keep=True),
    _Form("Caption", 10, before=12, after=4, bold=True, ink=True, keep=True),
    _Form("Footer", 9),
    _Form(docx_table.TEXT, docx_table.SIZE, before=1.5, after=1.5),
    _Form(
        docx_table.HEADING, docx_table.SIZE, before=1.5, after=1.5, bold=True, ink=True, keep=True
    ),
)

_EMPTY_TABLE = "<w:tbl/>"
"""What stands in the document for each table; no text can hold it, for its < is written as &lt;."""
_MOST_OF_A_PROPERTY = 255
"""Characters; Word takes a file with more for a broken one."""
_FIRST_DAY_OF_ZIP = (1980, 1, 1, 0, 0, 0)


def render(paper: Paper, context: RenderContext, on_progress: ProgressCallback) -> bytes:  # noqa: ARG001  # a file is no screen
    """The document's file: the same paper gives the same bytes."""
    document = Document()
    _describe(document, paper)
    _set_language(document)
    _set_styles(document)
    _set_pages(document, paper)
    document.add_paragraph(escape_invisible(paper.title), style="Title")
    document.add_paragraph(escape_invisible(paper.day), style="Subtitle")
    if paper.about:
        document.add_paragraph(escape_invisible(f"Only about: {paper.about}."))
    tables: list[str] = []
    done = 0
    for section in paper.sections:
        _write(document, section, tables)
        done += section.length
        on_progress(done, paper.length)
    return _file(document, tables)


# -------------------------------------------------------------------------------------- the words


def _write(document: WordDocument, section: Section, tables: list[str]) -> None:
    """A section below its heading; the XML of its tables is added to `tables`."""
    document.add_paragraph(escape_invisible(section.heading), style="Heading 1")
    for words in section.paragraphs:
        paragraph = document.add_paragraph(escape_invisible(words))
        paragraph.paragraph_format.keep_with_next = bool(section.headlines or section.tables)
    for each in section.headlines:
        line = document.add_paragraph(style="List Bullet")
        line.add_run(f"{each.number:,}").bold = True
        line.add_run(f" {escape_invisible(each.words)}")
    for shown in section.tables:
        if shown.table.rows:
            _write_table(document, shown, tables)
        elif shown.table.if_empty:
            document.add_paragraph(escape_invisible(shown.table.if_empty))
    for number, words in enumerate(section.points):
        point = document.add_paragraph(escape_invisible(words), style="List Bullet")
        if number == 0 and section.tables:
            point.paragraph_format.space_before = Pt(8)  # a table leaves no room below itself


def _write_table(document: WordDocument, shown: TableWithChart, tables: list[str]) -> None:
    """A table below its caption, whose number Word works out anew where tables are put in.

    In the document stands an empty one, for which the file gets the table: as a tree, 50,000 rows
    take gigabytes.
    """
    caption = document.add_paragraph(style="Caption")
    _add_field(caption, "Table ", "SEQ Table", len(tables) + 1)
    caption.add_run(f": {escape_invisible(shown.table.title)}")
    end = document.element.body.sectPr  # how the pages are set stands behind everything
    end.addprevious(parse_xml(_EMPTY_TABLE.replace("/>", f" {nsdecls('w')}/>")))
    tables.append(table_xml(shown, _ROOM))


def _add_field(paragraph: Paragraph, before: str, code: str, shown: int = 1) -> None:
    """Words, and behind them a number that Word works out; `shown` until it does."""
    run = paragraph.add_run(before).element
    shown_run = f"<w:r><w:t>{shown}</w:t></w:r>"
    run.addnext(
        parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="{code}">{shown_run}</w:fldSimple>')
    )


# ------------------------------------------------------------------------------------ the document


def _describe(document: WordDocument, paper: Paper) -> None:
    """Give it its properties, which bear the day asked about and no other."""
    about = document.core_properties
    about.title = _property(paper.title)
    about.subject = _property(f"{paper.day}: {paper.about}" if paper.about else paper.day)
    about.author = about.last_modified_by = "socwatch"
    about.comments = ""
    about.language = "en-GB"
    about.created = about.modified = datetime.combine(paper.dates.as_of, time())
    # The template has a picture of an empty page, and the name of the program that drew it.
    needless = {RELATIONSHIP_TYPE.THUMBNAIL, RELATIONSHIP_TYPE.EXTENDED_PROPERTIES}
    related = document.part.package.rels
    for name in [name for name, each in related.items() if each.reltype in needless]:
        del related[name]


def _property(text: str) -> str:
    seen = escape_invisible(text)
    return seen if len(seen) <= _MOST_OF_A_PROPERTY else f"{seen[: _MOST_OF_A_PROPERTY - 1]}…"


def _set_language(document: WordDocument) -> None:
    """British English, and the ways of a Word of today instead of those of the template's."""
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")
    settings = document.settings.element
    for language in settings.iter(qn("w:themeFontLang")):
        language.set(qn("w:val"), "en-GB")
    for each in settings.iter(qn("w:compatSetting")):
        if each.get(qn("w:name")) == "compatibilityMode":
            each.set(qn("w:val"), "15")


def _set_styles(document: WordDocument) -> None:
    """One typeface, and styles by which an office can change how all of it looks."""
    fonts = [*document.styles.element.iter(qn("w:rFonts"))]
    for each in fonts:
        each.attrib.clear()  # the typefaces of a theme go before those that are named
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts[0].set(qn(f"w:{script}"), _FONT)  # the first is that of the whole document

    for name in (docx_table.TEXT, docx_table.HEADING):
        added = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        added.base_style = document.styles["Normal"]
    for form in _FORMS:
        _set_style(_style(document, form.style), form)

    grid = document.styles["Table Grid"].element
    for rule in grid.find(f".//{qn('w:tblBorders')}"):
        rule.set(qn("w:color"), _RULE)
    for side in ("left", "right"):
        grid.find(f".//{qn('w:tblCellMar')}/{qn(f'w:{side}')}").set(
            qn("w:w"), str(20 * docx_table.PADDING)
        )


def _style(document: WordDocument, name: str) -> ParagraphStyle:
    style = document.styles[name]
    assert isinstance(style, ParagraphStyle)  # noqa: S101  # those named here are
    return style


def _set_style(style: ParagraphStyle, form: _Form) -> None:
    font, paragraph = style.font, style.paragraph_format
    font.size, font.bold, font.italic = Pt(form.size), form.bold, False
    if form.ink:
        font.color.rgb = _INK
    paragraph.space_before, paragraph.space_after = Pt(form.before), Pt(form.after)
    paragraph.line_spacing = 1.1
    paragraph.keep_with_next = form.keep or None


def _set_pages(document: WordDocument, paper: Paper) -> None:
    """A4 on its side, and at the foot of each page the day and which page it is."""
    (section,) = document.sections
    section.orientation = WD_ORIENTATION.LANDSCAPE
    section.page_width, section.page_height = Mm(_LONG), Mm(_SHORT)
    section.left_margin = section.right_margin = Mm(_MARGIN)
    section.top_margin = section.bottom_margin = Mm(_MARGIN)
    section.header_distance = section.footer_distance = Mm(_MARGIN / 2)
    stops = _style(document, "Footer").paragraph_format.tab_stops
    stops.clear_all()  # those of the template are for its own page
    stops.add_tab_stop(Pt(_ROOM), WD_TAB_ALIGNMENT.RIGHT)
    (line,) = section.footer.paragraphs
    line.add_run(escape_invisible(paper.day))
    _add_field(line, "\tPage ", "PAGE")
    _add_field(line, " of ", "NUMPAGES")


def _file(document: WordDocument, tables: Sequence[str]) -> bytes:
    """The file with its tables, without the hour and the machine at which it was written."""
    written, content = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as parts, zipfile.ZipFile(content, "w") as file:
        for name in parts.namelist():
            part = zipfile.ZipInfo(name, _FIRST_DAY_OF_ZIP)
            part.create_system = 0
            part.compress_type = zipfile.ZIP_DEFLATED
            with file.open(part, "w") as written_part:
                first, *others = parts.read(name).split(_EMPTY_TABLE.encode())
                written_part.write(first)
                for table, after in zip(tables, others, strict=False):  # only one part has tables
                    written_part.write(table.encode())
                    written_part.write(after)
    return content.getvalue()
