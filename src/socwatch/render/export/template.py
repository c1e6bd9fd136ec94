"""A blank spreadsheet to fill in, whose headings `import` knows."""

from __future__ import annotations

import io

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from socwatch.importing.meanings import MEANINGS, Meaning, Said
from socwatch.importing.own import COLUMNS, EXAMPLE, TEMPLATE_ANSWERS, TEMPLATE_COLUMNS
from socwatch.records import KINDS

_TITLE = "Tracker"
_ROWS = 2000
_WIDE = frozenset({Meaning.WORDING, Meaning.CAUSE, Meaning.REPORT, Meaning.NOTE})
_DATES = frozenset(
    {
        Meaning.PUBLISHED,
        Meaning.DEADLINE,
        Meaning.REVISED,
        Meaning.STARTED,
        Meaning.DONE,
        Meaning.SIGNED_OFF,
    }
)
_EXAMPLE_ROW = {
    Meaning.REFERENCE: EXAMPLE,
    Meaning.WORDING: "Provide enough analysts. (This row is not imported.)",
    Meaning.KIND: "recommendation",
    Meaning.CAUSE: "The force does not know which groups do most harm.",
    Meaning.REPORT: "PEEL 2025: Norfolk Constabulary",
    Meaning.PUBLISHED: "4 Jun 2025",
    Meaning.BODY: "Norfolk Constabulary",
    Meaning.DEADLINE: "31 Mar 2026",
    Meaning.STATUS: "in progress",
    Meaning.STARTED: "1 Sep 2025",
    Meaning.OWNER: "Head of Intelligence",
    Meaning.NOTE: "Two of four posts filled.",
}


def render_template() -> bytes:
    """Return the workbook's file: a sheet to fill in, and one that explains its columns."""
    content = io.BytesIO()
    workbook = Workbook(content, {"in_memory": True})
    page = workbook.add_worksheet(_TITLE)
    bold = workbook.add_format({"bold": True, "bottom": 1, "bg_color": "#DDE6EF"})
    italic = workbook.add_format({"italic": True, "font_color": "#666666", "valign": "top"})
    day = workbook.add_format({"num_format": "d mmm yyyy", "valign": "top", "align": "left"})
    text = workbook.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    for row, words in enumerate(TEMPLATE_ANSWERS.values()):
        page.write_string(row, 0, words)
        page.write_blank(row, 1, None, day if row == 0 else text)
    top = len(TEMPLATE_ANSWERS) + 1
    for at, name in enumerate(TEMPLATE_COLUMNS):
        meaning = Meaning(name)
        width = 40 if meaning in _WIDE else 22
        page.set_column(at, at, width, day if meaning in _DATES else text)
        page.write_string(top, at, name.capitalize(), bold)
        page.write_string(top + 1, at, _EXAMPLE_ROW.get(meaning, ""), italic)
        _offer(page, top + 1, at, meaning)
    page.freeze_panes(top + 1, 1)
    told = workbook.add_worksheet(COLUMNS)
    told.set_column(0, 4, 24)
    for at, head in enumerate(("Sheet", "Heading", "Key", "Form", "Meaning")):
        told.write_string(0, at, head, bold)
    for row, name in enumerate(TEMPLATE_COLUMNS, start=1):
        form = "day" if Meaning(name) in _DATES else "text"
        values = (_TITLE, name.capitalize(), name, form, MEANINGS[Meaning(name)])
        for at, value in enumerate(values):
            told.write_string(row, at, value)
    workbook.close()
    return content.getvalue()


def _offer(page: Worksheet, first: int, column: int, meaning: Meaning) -> None:
    """Offer the words of a column in a drop-down list."""
    words: list[str] = []
    if meaning is Meaning.STATUS:
        words = [str(each) for each in Said if each is not Said.NOT_ADDRESSED]
    elif meaning is Meaning.KIND:
        words = [spec.singular for spec in KINDS.values()]
    if words:
        page.data_validation(
            first, column, first + _ROWS, column, {"validate": "list", "source": words}
        )
