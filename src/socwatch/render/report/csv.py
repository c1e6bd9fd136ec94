"""A report's rows as CSV (RFC 4180), their values unaltered."""

from __future__ import annotations

import csv
import io

from socwatch.render.context import RenderContext
from socwatch.render.report.json import plain_value
from socwatch.reports.table import Report, Value

_BYTE_ORDER_MARK = "\ufeff"
"""What Excel needs at the start of a file to read it as UTF-8."""


def render(report: Report, context: RenderContext) -> str:
    """Return the rows under the keys of their columns; lists are joined by spaces."""
    table = report.rows
    text = io.StringIO(newline="")
    if context.file:
        text.write(_BYTE_ORDER_MARK)
    writer = csv.writer(text)
    writer.writerow(column.key for column in table.columns)
    for row in table.rows:
        writer.writerow(_field(column.value(row)) for column in table.columns)
    return text.getvalue()


def _field(value: Value) -> str | int:
    plain = plain_value(value)
    if plain is None:
        return ""
    return " ".join(plain) if isinstance(plain, list) else plain
