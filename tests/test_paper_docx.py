"""`paper --output paper.docx`: the Word document has the Markdown's words, and opens anywhere."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from itertools import pairwise
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.ns import nsdecls, qn
from docx.table import Table as WordTable
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import AS_OF, SHIPPED, TIMEOUT, Soc, bare_environment, examples, loaded_by
from generated import register_text
from oracle import Rows
from registers import SMALL
from socwatch.render.context import RenderContext
from socwatch.render.paper import docx, markdown
from socwatch.render.paper.docx_table import table_xml
from socwatch.render.text import escape_invisible
from socwatch.reports.paper.paper import paper
from socwatch.reports.paper.sections import Paper, Section, TableWithChart
from socwatch.reports.table import Column, Table, Value
from socwatch.store.load import load
from socwatch.tracking import QueryDates
from strategies import plain_registers, register_of, telling_days
from terminal import Terminal
from test_formats import SAID, TITLE, hostile_register
from test_paper import QUARTER, TWO_FORCES

CONTEXT = RenderContext("recommendations.toml")
ROOM = 739
"""The points between the margins of A4 on its side."""
Block = str | list[str]
"""A paragraph, or a row of a table as its cells that hold words."""


def unheard(done: int, of: int) -> None:
    """Nobody waits, and nobody is told how far it is."""


def document_of(soc: Soc, *arguments: str) -> WordDocument:
    """The document that a call writes."""
    soc("paper", *arguments, "--output", "paper.docx")
    return Document(str(soc.folder / "paper.docx"))


def opened(content: bytes) -> WordDocument:
    """The document in a file's content."""
    return Document(io.BytesIO(content))


def made_of(rows: Rows, asked: QueryDates) -> Paper:
    """The paper about a register."""
    return paper(register_of(rows), asked)


def words_of(element: Any) -> str:  # noqa: ANN401  # lxml has no types
    """All words in an element, those of fields too, with a break as a blank."""
    texts = (each.text if each.tag == qn("w:t") else " " for each in element.iter(WORDS, BREAK))
    return "".join(text or "" for text in texts)


WORDS, BREAK = qn("w:t"), qn("w:br")


def cells_of(table: WordTable) -> list[list[str]]:
    """The words of each cell, row by row; a cell across several columns is there once."""
    rows = table._tbl.tr_lst  # noqa: SLF001  # its rows have no cells across columns
    return [[words_of(each) for each in row.tc_lst] for row in rows]


def blocks_of(document: WordDocument) -> Iterator[Block]:
    """What a reader sees, in its order: captions without their numbers."""
    for block in document.iter_inner_content():
        if isinstance(block, WordTable):
            for row in cells_of(block):
                yield plain(row)
        else:
            text = words_of(block._p)  # noqa: SLF001  # its `text` leaves out fields
            caption = block.style is not None and block.style.name == "Caption"
            yield re.sub(r"^Table \d+: ", "", text) if caption else text


def blocks_of_markdown(text: str) -> Iterator[Block]:
    """The same of the Markdown paper."""
    for line in text.splitlines():
        said = re.sub(r"^#+ |^- |\*\*", "", re.sub(r"(?<!\\)<br>", " ", line))
        if re.fullmatch(r"\|( -+:? \|)+", line):
            continue
        if line.startswith("|"):
            yield plain([meant(each.strip()) for each in re.split(r"(?<!\\)\|", said)[1:-1]])
        elif line:
            yield meant(said)


def meant(markdown: str) -> str:
    """Markdown's text without what keeps it text."""
    text = re.sub(r"\\(.)", r"\1", markdown)
    return text.replace("&lt;", "<").replace("&gt;", ">")


def plain(row: list[str]) -> list[str]:
    """The cells that hold words; several ids stand below each other, or behind commas."""
    return [re.sub(r",? +", " ", each).strip() for each in row if each.strip()]


def style_names(document: WordDocument) -> list[str]:
    """The style of each paragraph outside tables, and "table" for each table."""
    return [
        "table" if isinstance(each, WordTable) else str(each.style and each.style.name)
        for each in document.iter_inner_content()
    ]


# -------------------------------------------------------------------------------------- its words


@pytest.mark.parametrize(
    ("register", "arguments"),
    [
        (SHIPPED, ("--as-of", AS_OF)),
        (SHIPPED, ("--as-of", AS_OF, "--body", "west-mercia")),
        (TWO_FORCES, QUARTER),
        (None, ("--as-of", AS_OF)),
    ],
    ids=["shipped", "one-body", "two-forces", "hundred"],
)
def test_it_has_the_words_of_the_markdown(
    soc: Soc, register: Path | None, arguments: tuple[str, ...]
) -> None:
    """Each heading, sentence, figure and cell of the Markdown stands in it, and nothing else."""
    soc.write(register_text(100) if register is None else register.read_text(encoding="utf-8"))
    document = document_of(soc, *arguments)
    soc("paper", *arguments, "--output", "paper.md")
    blocks = [*blocks_of(document)]
    markdown = (soc.folder / "paper.md").read_text(encoding="utf-8")
    assert blocks == [*blocks_of_markdown(markdown)]
    assert len(document.tables) > 9
    told = [each for each in blocks if "Only about" in each]
    assert told == (["Only about: West Mercia Police."] if "--body" in arguments else [])


@given(rows=plain_registers(), data=st.data())
@settings(max_examples=examples(25))
def test_any_register_gives_the_words_of_its_markdown(rows: Rows, data: st.DataObject) -> None:
    """Whatever a register holds, and on whatever day, the two have the same words."""
    day = data.draw(st.sampled_from(telling_days(rows)))
    made = made_of(rows, QueryDates(day))
    document = opened(docx.render(made, CONTEXT, unheard))
    assert [*blocks_of(document)] == [*blocks_of_markdown(markdown.render(made, CONTEXT, unheard))]


def test_a_body_alone(shipped: Soc) -> None:
    """--body leaves out the items of every other body."""
    document = document_of(shipped, "--as-of", AS_OF, "--body", "staffordshire")
    words = words_of(document.element.body)
    assert "staffs-soc-2024-a1" in words
    assert "wmp-soc-2024-r1" not in words


def test_an_empty_register(soc: Soc) -> None:
    """A register that holds nothing has a document that says so."""
    soc.write("format = 1\n")
    document = document_of(soc, "--as-of", AS_OF)
    words = words_of(document.element.body)
    assert "No grade is on record." in words
    assert "Every grade on record" not in words
    assert len(document.tables) == 1


# --------------------------------------------------------------------------------------- its form


@pytest.fixture(scope="module")
def document() -> WordDocument:
    """The document about the shipped register."""
    register = load(SHIPPED).register
    assert register is not None
    return opened(docx.render(paper(register, asked()), CONTEXT, unheard))


def asked() -> QueryDates:
    """The day that the other tests of the shipped register ask about."""
    return QueryDates(date.fromisoformat(AS_OF))


def test_styles(document: WordDocument) -> None:
    """A title, headings of one level, and above each table a caption that bears its number."""
    styles = style_names(document)
    assert styles[:3] == ["Title", "Subtitle", "Heading 1"]
    assert styles.count("Title") == 1
    assert {*styles} == {
        "Title", "Subtitle", "Heading 1", "Normal", "List Bullet", "Caption", "table",
    }  # fmt: skip
    above = [before for before, each in pairwise(styles) if each == "table"]
    assert {*above} == {"Caption"}
    captions = [p for p in document.paragraphs if p.style and p.style.name == "Caption"]
    told = [words_of(each._p).split(":")[0] for each in captions]  # noqa: SLF001  # with fields
    assert told == [f"Table {number}" for number in range(1, len(document.tables) + 1)]
    fields = [*document.element.body.iter(qn("w:fldSimple"))]
    assert {each.get(qn("w:instr")) for each in fields} == {"SEQ Table"}
    assert all(words_of(paragraph._p).strip() for paragraph in document.paragraphs)  # noqa: SLF001  # with fields


def test_tables(document: WordDocument) -> None:
    """The first row of each table, and no other, is its heading; no row is split over pages."""
    for table in document.tables:
        rows = table._tbl.tr_lst  # noqa: SLF001  # python-docx has no words for these marks
        heads = [row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in rows]
        assert heads == [True, *[False] * (len(rows) - 1)]
        assert all(row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in rows)
        width = sum(int(column.get(qn("w:w"))) for column in table._tbl.tblGrid)  # noqa: SLF001
        assert width <= ROOM * 20
        assert table.autofit is False


def test_sums_are_bold(document: WordDocument) -> None:
    """The last row of the table of bodies is set apart, and only that."""
    (table,) = (each for each in document.tables if "All bodies" in words_of(each._tbl))  # noqa: SLF001
    bold = [bool([*row.iter(qn("w:b"))]) for row in table._tbl.tr_lst]  # noqa: SLF001
    assert cells_of(table)[-1][:2] == ["All bodies", "—"]
    assert bold == [*[False] * (len(bold) - 1), True]


def test_pages(document: WordDocument) -> None:
    """A4 on its side, with the day and the number of the page at the foot."""
    (section,) = document.sections
    assert section.page_width is not None
    assert section.page_height is not None
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (297, 210)
    (foot,) = section.footer.paragraphs
    assert words_of(foot._p) == "As of Sunday 22 Nov 2026Page 1 of 1"  # noqa: SLF001  # with fields
    fields = [each.get(qn("w:instr")) for each in foot._p.iter(qn("w:fldSimple"))]  # noqa: SLF001
    assert fields == ["PAGE", "NUMPAGES"]


def test_what_it_says_of_itself(document: WordDocument) -> None:
    """Its properties have its title, its day and its language, and no clock and no person."""
    about = document.core_properties
    assert about.title == "West Midlands: serious and organised crime inspection of 14 May 2024"
    assert about.subject == "As of Sunday 22 Nov 2026"
    assert (about.author, about.last_modified_by, about.comments) == ("socwatch", "socwatch", "")
    assert (
        f"{about.created:%Y-%m-%d %H:%M}" == f"{about.modified:%Y-%m-%d %H:%M}" == f"{AS_OF} 00:00"
    )
    assert about.language == "en-GB"
    root = document.styles.element
    assert {each.get(qn("w:val")) for each in root.iter(qn("w:lang"))} == {"en-GB"}
    fonts = [each.get(qn("w:ascii")) for each in root.iter(qn("w:rFonts")) if each.attrib]
    assert fonts == ["Arial"]


def test_what_its_file_holds(shipped: Soc) -> None:
    """No picture, no macro and no address that Word would follow; its parts bear no time."""
    document_of(shipped, "--as-of", AS_OF)
    with zipfile.ZipFile(shipped.folder / "paper.docx") as file:
        names = file.namelist()
        related = [file.read(name).decode() for name in names if name.endswith(".rels")]
        assert {part.date_time for part in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert names[0] == "[Content_Types].xml"
    assert "word/document.xml" in names
    assert not [name for name in names if re.search(r"jpe?g|png|media|vba|app\.xml", name)]
    assert not [each for each in related if "External" in each]


# ------------------------------------------------------------------------------- text stays text


def test_hostile_text(soc: Soc) -> None:
    """Markup, formulas and addresses of a register are words, and none of them is a link."""
    soc.write(hostile_register())
    document = document_of(soc, "--as-of", AS_OF)
    (table,) = (each for each in document.tables if cells_of(each)[0][4:5] == ["Age"])
    held = {row[0]: row[2] for row in cells_of(table)[1:]}
    assert held == {name: said.strip() for name, said in SAID.items()}
    assert document.paragraphs[0].text == TITLE
    body = document.element.body
    assert not [*body.iter(qn("w:hyperlink"), qn("w:instrText"), qn("w:drawing"))]


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("\x1b[31mred\x07", r"\x1b[31mred\x07"),
        ("\u202egnp.exe", r"\u202egnp.exe"),
        ("\ufffe and \uffff", r"\ufffe and \uffff"),
        ("]]><w:br/>&amp;", "]]><w:br/>&amp;"),
        ("x" * 300, "x" * 300),
    ],
)
def test_characters_that_xml_cannot_carry(shipped: Soc, typed: str, seen: str) -> None:
    """They are shown by their numbers, and the file can be read."""
    document = document_of(shipped, "--as-of", AS_OF, "--title", typed)
    assert document.paragraphs[0].text == seen
    assert document.core_properties.title in {seen, "x" * 254 + "…"}


@given(text=st.text(st.characters(exclude_categories=())))
@settings(max_examples=examples(200))
def test_any_text(text: str) -> None:
    """Whatever a text holds, the document is sound and shows it in each of its places."""
    column = Column[Value]("key", "", lambda row: row, heading="Heading", link="address")
    rows: tuple[Value, ...] = (text, (text, text))
    table = Table("t", text, (column,), rows, group=lambda row: text if row is text else "")
    section = Section("key", text, (text,), tables=(TableWithChart(table),))
    made = Paper(text, asked(), text, (section, Section("none", "None", points=(text,))))
    document = opened(docx.render(made, CONTEXT, unheard))
    seen = escape_invisible(text)
    assert [each for each in document.paragraphs if each.text == seen]
    (written,) = document.tables
    last = cells_of(written)[-1]
    assert last == [f"{seen} {seen}"]


TEXTS = st.text("aM ,-漢", max_size=400) | st.sampled_from(["", "W" * 300, "a-" * 90])


@given(
    st.integers(1, 14).flatmap(
        lambda n: st.lists(st.lists(TEXTS, min_size=n, max_size=n), min_size=1, max_size=4)
    )
)
@settings(max_examples=examples(200))
def test_no_table_is_wider_than_the_page(texts: list[list[str]]) -> None:
    """Whatever its cells hold, a table fits between the margins and each column has some room."""
    columns = tuple(
        Column[list[str]](f"k{at}", "", itemgetter(at), heading="Recommendations")
        for at in range(len(texts[0]))
    )
    made = table_xml(TableWithChart(Table("t", "T", columns, tuple(texts))), ROOM)
    widths = [int(each.attrib[qn("w:w")]) for each in tree_of(made).iter(qn("w:gridCol"))]
    assert len(widths) == len(columns)
    assert sum(widths) <= ROOM * 20
    assert min(widths) >= 20 * 40


def tree_of(table: str) -> ET.Element:
    """A table's XML as a tree, its prefix declared as Word's documents declare it."""
    return ET.fromstring(table.replace("<w:tbl>", f"<w:tbl {nsdecls('w')}>", 1))  # noqa: S314  # our own


def two_columns(heading: str, *repeats: int) -> TableWithChart:
    """A table of a number and a sentence, a row for each of these lengths of the sentence."""
    columns = (
        Column[int]("a", "", lambda _: 6, heading=heading, align="right"),
        Column[int]("b", "", lambda n: "so many words " * n, heading="What", long=True),
    )
    return TableWithChart(Table("t", "T", columns, repeats))


def test_a_word_is_not_broken_where_there_is_room() -> None:
    """A heading of one word has the width that it needs beside a column of long sentences."""
    made = table_xml(two_columns("Recommendations", 40), ROOM)
    narrow, wide = re.findall(r'<w:gridCol w:w="(\d+)"/>', made)
    assert int(narrow) > 20 * 75  # as wide as the word in Arial Bold of 9 points
    assert int(wide) == ROOM * 20 - int(narrow)


def test_a_row_longer_than_a_page_may_be_split() -> None:
    """Word cuts off what a page cannot hold of a row in one piece; so that row may be in two."""
    table = tree_of(table_xml(two_columns("Item", 40, 4000), ROOM))
    whole = [[*row.iter(qn("w:cantSplit"))] != [] for row in table.iter(qn("w:tr"))]
    assert whole == [True, True, False]


# ----------------------------------------------------------------------------- files and formats


def test_into_a_pipe(shipped: Soc) -> None:
    """A pipe gets the bytes of the file."""
    document_of(shipped, "--as-of", AS_OF)
    ended = subprocess.run(
        [sys.executable, "-m", "socwatch", "paper", "--as-of", AS_OF, "--format", "docx"],
        cwd=shipped.folder, env=bare_environment(), capture_output=True, check=True,
        timeout=TIMEOUT,
    )  # fmt: skip
    assert ended.stdout == (shipped.folder / "paper.docx").read_bytes()
    assert ended.stdout.startswith(b"PK")


def test_a_terminal_cannot_show_it(shipped: Soc) -> None:
    """A terminal is told to name a file, and gets no byte of it."""
    told, code = Terminal(shipped.folder, "paper", "--format", "docx").end()
    assert code == 2
    assert "a terminal cannot show docx" in told
    assert "add --output paper.docx, or --format markdown" in told
    assert "PK" not in told


def test_never_over_the_register(shipped: Soc) -> None:
    """No document takes the place of the register that it is made from."""
    register = shipped.folder / "data" / "recommendations.toml"
    before = register.read_bytes()
    ran = shipped("paper", "--format", "docx", "--output", str(register), code=5)
    assert "would overwrite the register" in ran.err
    assert register.read_bytes() == before


def test_word_is_loaded_for_word_alone() -> None:
    """Neither the page nor the help loads what makes Word documents."""
    word = {"docx", "lxml"}
    loaded, printed = loaded_by(word, ("paper", "--help"), ("paper", "--format", "html"))
    assert loaded == []
    assert "<html" in printed


# ---------------------------------------------------------------------------- another program


@pytest.fixture
def pages_of(soc: Soc, program: Callable[[str], str]) -> Callable[[str, str], list[str]]:
    """The pages that LibreOffice makes of a document about a register, as text."""
    soffice = program("soffice")
    if not (Path(soffice).resolve().parents[1] / "share" / "registry" / "writer.xcd").exists():
        pytest.skip("needs LibreOffice Writer")
    to_text, info = program("pdftotext"), program("pdfinfo")

    def pages(register: str, *arguments: str) -> list[str]:
        soc.write(register)
        soc("paper", *arguments, "-o", "paper.docx")
        profile = (soc.folder / "profile").as_uri()
        subprocess.run(
            [soffice, "--headless", f"-env:UserInstallation={profile}", "--convert-to", "pdf",
             "paper.docx"],
            cwd=soc.folder, env={**bare_environment(), "HOME": str(soc.folder)},
            capture_output=True, check=True, timeout=TIMEOUT,
        )  # fmt: skip
        pdf = soc.folder / "paper.pdf"
        told = subprocess.run([info, pdf], capture_output=True, check=True, text=True).stdout
        assert re.search(r"Page size: .*\(A4\)", told)
        text = subprocess.run(
            [to_text, "-layout", pdf, "-"], capture_output=True, check=True, text=True
        ).stdout
        return text.split("\f")[:-1]

    return pages


def test_libreoffice_opens_it(pages_of: Callable[..., list[str]]) -> None:
    """Another program shows the figures, numbers the pages, and repeats headings of tables."""
    pages = pages_of(SHIPPED.read_text(encoding="utf-8"), "--as-of", AS_OF)
    first, last = pages[0], pages[-1]
    assert re.search(r"27 live: neither signed off nor closed", first)
    assert re.search(r"6 past their deadline, no completion on record", first)
    assert f"Page 1 of {len(pages)}" in first
    assert f"Page {len(pages)} of {len(pages)}" in last
    sources = [each for each in pages if "justiceinspectorates" in each and "22 Nov 2026" in each]
    assert len([each for each in sources if "Publisher" in each]) > 1
    assert "Error" not in "".join(pages)


def test_a_row_longer_than_a_page(pages_of: Callable[..., list[str]]) -> None:
    """A note that no page can hold goes on on the next one, and nothing of it is lost."""
    pages = pages_of(
        SMALL.replace("Employ enough analysts.", "Employ enough analysts. " * 700),
        "--as-of", "2024-12-01",
    )  # fmt: skip
    told = " ".join(" ".join(pages).split()).count("Employ")
    assert told == 700
    assert len([each for each in pages if each.count("Employ") > 20]) > 2
