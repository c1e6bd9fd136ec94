"""One sheet of a register as CSV (RFC 4180), safe to open in a spreadsheet unless asked raw."""

from __future__ import annotations

import csv
import io

from socwatch.render.context import Told
from socwatch.render.export.values import Manner, lines_of, plain
from socwatch.render.report.csv import guarded
from socwatch.reports.export import Book, Value


def render(book: Book, manner: Manner, told: Told) -> bytes:
    """The rows of the book's first sheet under its keys, in UTF-8."""
    sheet = book.sheets[0]
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(field.key for field in sheet.fields)
    for number, row in enumerate(sheet.rows):
        writer.writerow([_field(value, raw=manner.raw) for value in row])
        told(number, len(sheet.rows))
    return text.getvalue().encode("utf-8-sig" if manner.bom else "utf-8")


def _field(value: Value, *, raw: bool) -> str | int:
    if isinstance(value, int):
        return value
    if value is None:
        return ""
    text = "; ".join(lines_of(value)) if isinstance(value, tuple) else str(plain(value))
    return text if raw else guarded(text)
