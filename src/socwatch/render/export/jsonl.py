"""A register as JSON Lines: an object a line, the first about the export, then one for each row."""

from __future__ import annotations

import json

from socwatch.render.context import ProgressCallback
from socwatch.render.export.values import SCHEMA_VERSION, Manner, plain
from socwatch.render.text import in_json
from socwatch.reports.export import Book


def render(book: Book, manner: Manner, on_progress: ProgressCallback) -> bytes:
    """The lines, each with the name of its table under "table"."""
    asked = book.asked
    about = {
        "table": "about",
        "schema_version": SCHEMA_VERSION,
        "title": book.title,
        "as_of": asked.as_of.isoformat(),
        "recorded_until": asked.as_known.isoformat() if asked.as_known else None,
        "records": manner.records,
    }
    lines = [_line(about)]
    total = sum(len(sheet.rows) for sheet in book.sheets)
    for sheet in book.sheets:
        keys = [field.key for field in sheet.fields]
        for row in sheet.rows:
            values = map(plain, row)
            lines.append(_line({"table": sheet.name, **dict(zip(keys, values, strict=True))}))
            on_progress(len(lines), total)
    return "".join(lines).encode(errors="backslashreplace")


def _line(of: dict[str, object]) -> str:
    return in_json(json.dumps(of, ensure_ascii=False)) + "\n"
