"""One sheet of a register as CSV (RFC 4180), its values unaltered."""

from __future__ import annotations

import csv
import io

from socwatch.render.context import ProgressCallback
from socwatch.render.export.values import ExportOptions, lines_of, plain
from socwatch.reports.export import Export, ExportValue


def render(export: Export, manner: ExportOptions, on_progress: ProgressCallback) -> bytes:
    """Return the rows of the book's first sheet under its keys, in UTF-8."""
    sheet = export.sheets[0]
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(field.key for field in sheet.fields)
    for number, row in enumerate(sheet.rows):
        writer.writerow([_field(value) for value in row])
        on_progress(number, len(sheet.rows))
    return text.getvalue().encode("utf-8-sig" if manner.file else "utf-8")


def _field(value: ExportValue) -> str | int:
    if isinstance(value, int):
        return value
    if value is None:
        return ""
    return "; ".join(lines_of(value)) if isinstance(value, tuple) else str(plain(value))
