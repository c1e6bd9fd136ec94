"""A register as an Excel workbook: a cover, a marked table on each sheet, a list of the columns."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from socwatch.dates import format_date
from socwatch.errors import OutputRefused
from socwatch.render.context import ProgressCallback
from socwatch.render.export.values import ExportOptions, lines_of
from socwatch.render.text import escape_invisible
from socwatch.reports.export import Export, ExportValue, Field, Sheet, heading

MOST_ROWS = 1_048_576
MOST_IN_A_CELL = 32_767
"""Excel's own limits; characters beyond the first 65,536 of Unicode count twice."""

CUT = " … (cut: a cell of Excel holds no more; CSV, JSON Lines and SQLite have all)"
FIRST_DAY = date(1900, 3, 1)
"""Days before it stand as text: Excel has none before 1900, and believes in 29 February 1900."""

NARROWEST, WIDEST, COVER = 8, 60, 100
"""Characters of a column."""

_FIELDS_OF_COLUMNS = tuple(
    Field(key, "text", "")
    for key in ("sheet", "heading", "key", "form", "meaning", "refers_to", "worked_out")
)


def render(export: Export, manner: ExportOptions, on_progress: ProgressCallback) -> bytes:
    """The workbook's file. It bears the day asked about and no other, so it can be made again."""
    total = sum(len(sheet.rows) for sheet in export.sheets)
    content = io.BytesIO()
    workbook = Workbook(content, {"in_memory": True, "default_date_format": "d mmm yyyy"})
    workbook.set_properties(
        {
            "title": export.title,
            "comments": f"As of {_date_words(export.dates.as_of)}",
            "created": datetime.combine(export.dates.as_of, time()),
        }
    )
    _cover(workbook, export, manner)
    done = 0
    for sheet in (*export.sheets, _columns(export.sheets)):
        for row in _sheet(workbook, sheet):
            on_progress(done + row, total)
        done += len(sheet.rows)
    workbook.close()
    return content.getvalue()


def _cover(workbook: Workbook, export: Export, manner: ExportOptions) -> None:
    cover = workbook.add_worksheet("Cover")
    large = workbook.add_format({"bold": True, "font_size": 16})
    bold = workbook.add_format({"bold": True, "valign": "top"})
    text = workbook.add_format({"text_wrap": True, "valign": "top"})
    cover.set_column(0, 0, 26)
    cover.set_column(1, 1, COVER)
    cover.hide_gridlines(2)
    cover.write_string(0, 0, _cut_to_cell(export.title), large)
    dates = export.dates
    known = dates.recorded_until
    facts = [("As of", _date_words(dates.as_of))]
    facts += [("Without what was recorded after", _date_words(known))] if known else []
    facts += [("Register", escape_invisible(manner.records)), ("Made by", "socwatch export")]
    contents = [(s.title, f"{s.meaning} {len(s.rows):,} in all.") for s in export.sheets]
    contents.append(("Columns", "What each column of each sheet holds."))
    row = 2
    for title, lines in (
        ("", facts),
        ("The sheets", contents),
        ("How it is counted", export.notes),
    ):
        if title:
            row += 1
            cover.write_string(row, 0, title, bold)
            row += 1
        for name, says in lines:
            cover.write_string(row, 0, name, text if title else bold)
            cover.write_string(row, 1, _cut_to_cell(says), text)
            cover.set_row(row, _height((says,), (COVER,)))
            row += 1
    cover.fit_to_pages(1, 0)
    _set_up_print(cover)


def _sheet(workbook: Workbook, sheet: Sheet) -> Iterator[int]:
    """Write a sheet; gives the number of each row when it is written."""
    if len(sheet.rows) >= MOST_ROWS:
        message = f"a sheet of Excel cannot hold {len(sheet.rows):,} rows of {sheet.name}"
        raise OutputRefused(message, remedy="name a file that ends in .csv, .jsonl or .db")
    page = workbook.add_worksheet(sheet.title)
    fields = sheet.fields
    widths = [_width(field, (row[at] for row in sheet.rows)) for at, field in enumerate(fields)]
    formats = _formats(workbook, fields, widths)
    for at, width in enumerate(widths):
        page.set_column(at, at, width, formats[at])
    bold = workbook.add_format({"bold": True, "valign": "top", "bottom": 1, "bg_color": "#DDE6EF"})
    page.add_table(
        0,
        0,
        max(len(sheet.rows), 1),  # Excel has no table without a row
        len(fields) - 1,
        {
            "name": sheet.name,
            "style": "Table Style Light 9",
            "columns": [{"header": heading(f.key), "header_format": bold} for f in fields],
        },
    )
    for number, row in enumerate(sheet.rows, start=1):
        for at, value in enumerate(row):
            _write(page, number, at, value, formats[at])
        page.set_row(number, _height(row, widths))
        yield number
    page.freeze_panes(1, 1)
    page.repeat_rows(0)
    page.repeat_columns("A:A")
    _set_up_print(page)


def _write(page: Worksheet, row: int, column: int, value: ExportValue, form: Format) -> None:
    match value:
        case None | ():
            return
        case int():
            page.write_number(row, column, value, form)
        case str():
            page.write_string(row, column, _cut_to_cell(value), form)
        case tuple():
            page.write_string(row, column, _cut_to_cell("\n".join(lines_of(value))), form)
        case _ if value < FIRST_DAY:
            page.write_string(row, column, value.isoformat(), form)
        case _:
            page.write_datetime(row, column, datetime.combine(value, time()), form)


def _formats(workbook: Workbook, fields: Iterable[Field], widths: Iterable[int]) -> list[Format]:
    text = workbook.add_format({"valign": "top", "num_format": "@"})
    wrapped = workbook.add_format({"valign": "top", "num_format": "@", "text_wrap": True})
    day = workbook.add_format({"valign": "top", "num_format": "d mmm yyyy", "align": "right"})
    number = workbook.add_format({"valign": "top", "num_format": "0"})
    return [
        {"day": day, "number": number, "list": wrapped, "pairs": wrapped}.get(
            field.form, wrapped if width == WIDEST else text
        )
        for field, width in zip(fields, widths, strict=True)
    ]


def _width(field: Field, values: Iterable[ExportValue]) -> int:
    """The characters that a column needs, with room in its heading for the button of the filter."""
    longest = max((_longest(value) for value in values), default=0)
    return min(max(longest + 1, len(heading(field.key)) + 4, NARROWEST), WIDEST)


def _longest(value: ExportValue) -> int:
    match value:
        case None:
            return 0
        case int():
            return len(str(value))
        case str():
            return max(map(len, value.split("\n")))
        case tuple():
            return max(map(len, lines_of(value)), default=0)
        case _:
            return len("22 Nov 2026")


def _height(row: Iterable[ExportValue], widths: Iterable[int]) -> float:
    """The points that a row needs for its texts to be seen, as far as Excel lets it have them."""
    lines = max((_lines(value, width) for value, width in zip(row, widths, strict=True)), default=1)
    return min(15.0 * lines, 409.0)


def _lines(value: ExportValue, width: int) -> int:
    if value is None or isinstance(value, int | date):
        return 1
    texts = lines_of(value) if isinstance(value, tuple) else [value]
    # Words are not broken, so what does not fit into one line fills each of several rather less.
    return sum(
        1 if len(part) < width else -(-len(part) // (width - 8))
        for text in texts
        for part in text.split("\n")
    )


def _columns(sheets: Sequence[Sheet]) -> Sheet:
    """What each column holds, as a sheet."""
    rows = tuple(
        (
            sheet.title,
            heading(field.key),
            field.key,
            field.form,
            field.meaning,
            heading(field.refers) if field.refers else None,
            "yes" if field.worked_out else "no",
        )
        for sheet in sheets
        for field in sheet.fields
    )
    return Sheet("columns", "", _FIELDS_OF_COLUMNS, rows)


def _set_up_print(page: Worksheet) -> None:
    page.set_landscape()
    page.set_paper(9)  # A4


def _cut_to_cell(text: str) -> str:
    """Text that a cell can hold; Excel would cut a longer one without a word."""
    if len(text) <= MOST_IN_A_CELL // 2 or _units(text) <= MOST_IN_A_CELL:
        return text
    room = MOST_IN_A_CELL - len(CUT)
    return text.encode("utf-16-le")[: 2 * room].decode("utf-16-le", errors="ignore") + CUT


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _date_words(day: date) -> str:
    return format_date(day)
