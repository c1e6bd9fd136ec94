"""A report's rows as CSV (RFC 4180), safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io

from socwatch.render.context import Setting
from socwatch.render.report.json import plain_value
from socwatch.reports.table import Report, Value

_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")  # noqa: RUF001  # wide forms count too
"""Beginnings that a spreadsheet takes for a formula, as OWASP lists them (CSV injection)."""


def render(report: Report, setting: Setting) -> str:
    """The rows under the keys of their columns; lists are joined by spaces."""
    del setting  # CSV is for files: it is the same everywhere
    table = report.rows
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(column.key for column in table.columns)
    for row in table.rows:
        writer.writerow(_field(column.value(row)) for column in table.columns)
    return text.getvalue()


def _field(value: Value) -> str | int:
    plain = plain_value(value)
    if plain is None:
        return ""
    if isinstance(plain, int):
        return plain
    return guarded(" ".join(plain) if isinstance(plain, list) else plain)


def guarded(text: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe stands before what is like one.

    The one place where this is decided, for every CSV that socwatch writes. OWASP's rule (CSV
    injection) with blanks before the sign left out of account, as some spreadsheets do.
    """
    begins = text.lstrip()
    formula = begins.startswith(_FORMULA) or text[:1] in {"\t", "\r", "\n"}
    return f"'{text}" if formula else text
