"""A report as one JSON object, the form that scripts rely on: keys are only ever added."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from socwatch.dates import PartialDate
from socwatch.render.context import RenderContext, copies_in_json
from socwatch.render.text import in_json
from socwatch.reports.table import Report, Table, Value

REPORT_SCHEMA_VERSION = 1


def render(report: Report, context: RenderContext) -> str:
    """The report's values, each table under its key; people's words are left out."""
    dates = report.dates
    envelope = {
        "schema_version": REPORT_SCHEMA_VERSION,
        "command": report.command,
        **({"since": dates.since.isoformat()} if dates.since else {}),
        "as_of": dates.as_of.isoformat(),
        "recorded_until": dates.recorded_until.isoformat() if dates.recorded_until else None,
        "records": context.records,
        **{table.key: _rows(table) for table in report.tables},
        "notes": list(report.notes),
        **copies_in_json(context),
    }
    return in_json(json.dumps(envelope, ensure_ascii=not context.unicode, indent=2)) + "\n"


def _rows(table: Table[Any]) -> list[dict[str, str | int | list[str] | None]]:
    values = [(column.key, column.value) for column in table.columns]
    return [{key: plain_value(value(row)) for key, value in values} for row in table.rows]


def plain_value(value: Value) -> str | int | list[str] | None:
    """A value in the types that JSON has; dates in the form of ISO 8601."""
    match value:
        case date():
            return value.isoformat()
        case PartialDate():
            return str(value)
        case tuple():
            return list(value)
        case _:
            return value
