"""A register as JSON Lines: an object a line, the first about the export, then one for each row."""

from __future__ import annotations

import json

from socwatch.render.context import ProgressCallback
from socwatch.render.export.values import EXPORT_SCHEMA_VERSION, ExportOptions, plain
from socwatch.render.text import in_json
from socwatch.reports.export import Export


def render(export: Export, manner: ExportOptions, on_progress: ProgressCallback) -> bytes:
    """The lines, each with the name of its table under "table"."""
    dates = export.dates
    about = {
        "table": "about",
        "schema_version": EXPORT_SCHEMA_VERSION,
        "title": export.title,
        "as_of": dates.as_of.isoformat(),
        "recorded_until": dates.recorded_until.isoformat() if dates.recorded_until else None,
        "records": manner.records,
    }
    lines = [_line(about)]
    total = sum(len(sheet.rows) for sheet in export.sheets)
    for sheet in export.sheets:
        keys = [field.key for field in sheet.fields]
        for row in sheet.rows:
            values = map(plain, row)
            lines.append(_line({"table": sheet.name, **dict(zip(keys, values, strict=True))}))
            on_progress(len(lines), total)
    return "".join(lines).encode(errors="backslashreplace")


def _line(of: dict[str, object]) -> str:
    return in_json(json.dumps(of, ensure_ascii=False)) + "\n"
