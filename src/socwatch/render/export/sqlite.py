"""A register as an SQLite database: a table for each sheet, what refers to what, and views."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing

from socwatch.render.context import ProgressCallback
from socwatch.render.export.values import EXPORT_SCHEMA_VERSION, ExportOptions, plain
from socwatch.render.text import escape_invisible
from socwatch.reports.export import Export, ExportValue, Field, Sheet

VIEWS = {
    "overdue": "SELECT * FROM items WHERE timing = 'overdue' ORDER BY days_left, id",
    "due_soon": "SELECT * FROM items WHERE timing = 'due-soon' ORDER BY days_left, id",
    "open_items": "SELECT * FROM items WHERE status IN ('open', 'in-progress') ORDER BY id",
    "unanswered": "SELECT * FROM obligations WHERE standing = 'not-on-record' ORDER BY last_day",
}
"""Questions that are asked most. What is overdue was decided when the database was made."""

INDEXED = {"items": ("timing", "status", "deadline"), "updates": ("on",)}
"""Columns that are looked up often, beyond those that refer to other tables."""

_LINKS = {
    "finding_bodies": (
        '"finding" TEXT NOT NULL REFERENCES "findings" ("id")',
        '"body" TEXT NOT NULL REFERENCES "bodies" ("id")',
        'PRIMARY KEY ("finding", "body")',
    ),
    "finding_links": (
        '"finding" TEXT NOT NULL REFERENCES "findings" ("id")',
        '"link" TEXT NOT NULL',
        '"other" TEXT NOT NULL REFERENCES "findings" ("id")',
        'PRIMARY KEY ("finding", "link", "other")',
    ),
    "citations": (
        '"table" TEXT NOT NULL',
        '"record" TEXT NOT NULL',
        '"field" TEXT NOT NULL',
        '"source" TEXT NOT NULL REFERENCES "sources" ("id")',
    ),
}
"""Tables of what stands in lists: bodies of findings, findings of findings, sources of records."""

_TYPES = {"number": "INTEGER"}


def render(export: Export, manner: ExportOptions, on_progress: ProgressCallback) -> bytes:
    """The file of the database. It holds no time, so the same book gives the same bytes."""
    total = sum(len(sheet.rows) for sheet in export.sheets)
    done = 0
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute(f"PRAGMA user_version = {EXPORT_SCHEMA_VERSION}")
        connection.execute("BEGIN")
        for statement in _statements(export.sheets):
            connection.execute(statement)
        about = _about(export, manner)
        connection.executemany('INSERT INTO "about" VALUES (?, ?)', about)
        for sheet in export.sheets:
            insert = _insertion(sheet.name, len(sheet.fields))
            for row in sheet.rows:
                connection.execute(insert, [_store_value(value) for value in row])
                done += 1
                on_progress(done, total)
            for table, values in _link_rows(sheet):
                connection.execute(_insertion(table, len(values)), values)
        connection.execute("COMMIT")
        connection.execute("VACUUM")
        return connection.serialize()


def _statements(sheets: Iterable[Sheet]) -> Iterator[str]:
    yield 'CREATE TABLE "about" ("key" TEXT PRIMARY KEY, "value" TEXT)'
    for sheet in sheets:
        columns = tuple(_column(field) for field in sheet.fields)
        yield f'CREATE TABLE "{sheet.name}" ({", ".join(columns)})'
    for name, columns in _LINKS.items():
        yield f'CREATE TABLE "{name}" ({", ".join(columns)})'
    for sheet in sheets:
        referring = [f.key for f in sheet.fields if f.refers and f.form == "text"]
        for key in (*referring, *INDEXED.get(sheet.name, ())):
            yield f'CREATE INDEX "{sheet.name}_{key}" ON "{sheet.name}" ("{key}")'
    yield 'CREATE INDEX "finding_bodies_body" ON "finding_bodies" ("body")'
    yield 'CREATE INDEX "citations_source" ON "citations" ("source")'
    for name, query in VIEWS.items():
        yield f'CREATE VIEW "{name}" AS {query}'


def _column(field: Field) -> str:
    column = f'"{field.key}" {_TYPES.get(field.form, "TEXT")}'
    if field.key == "id":
        return f"{column} PRIMARY KEY NOT NULL"
    if field.refers and field.form == "text":
        return f'{column} REFERENCES "{field.refers}" ("id")'
    return column


def _insertion(table: str, values: int) -> str:
    return f'INSERT INTO "{table}" VALUES ({", ".join("?" * values)})'  # noqa: S608  # our own names


def _about(export: Export, manner: ExportOptions) -> Iterator[tuple[str, str | None]]:
    dates = export.dates
    yield "title", export.title
    yield "as_of", dates.as_of.isoformat()
    yield "recorded_until", dates.recorded_until.isoformat() if dates.recorded_until else None
    yield "records", escape_invisible(manner.records)
    yield from export.notes


def _store_value(value: ExportValue) -> str | int | None:
    kept = plain(value)
    return json.dumps(kept, ensure_ascii=False) if isinstance(kept, list) else kept


def _link_rows(sheet: Sheet) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The rows of _LINKS that the lists of a sheet give, each with its table."""
    listing = [(at, f) for at, f in enumerate(sheet.fields) if f.form in {"list", "pairs"}]
    has_id = sheet.fields[0].key == "id"
    for number, row in enumerate(sheet.rows, start=1):
        name = str(row[0]) if has_id else str(number)
        for at, field in listing:
            value = row[at]
            # A pair names its source first.
            members = [e if isinstance(e, str) else e[0] for e in value or () if value]  # type: ignore[union-attr]  # a list by its form
            if field.form == "pairs" or field.refers == "sources":
                yield from (("citations", (sheet.name, name, field.key, each)) for each in members)
            elif field.refers == "bodies":
                yield from (("finding_bodies", (name, each)) for each in members)
            elif field.refers == "findings":
                yield from (("finding_links", (name, field.key, each)) for each in members)
