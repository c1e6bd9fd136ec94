"""What can be kept of a register some of whose values cannot be read, and what is lost with them.

A problem costs as little as it can: a bad optional value is left out, bad words are replaced by a
stand-in, and only a record whose id, kind or references cannot be read is set aside. So one bad
value hides no other problem, and what is set aside is remembered, so that it causes none either.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from socwatch.errors import Location
from socwatch.fields import FieldSpec, Form
from socwatch.records import FIELDS, FORMAT, REGISTER, TABLES
from socwatch.store.syntax import HISTORY, UNKNOWN, lost_names

STAND_IN = "?"
"""What stands for a text that is required and cannot be read: no rule depends on its words."""


class Salvaged(NamedTuple):
    """The plain values of a register without those that cannot be read."""

    tables: dict[str, Any]
    kept: Mapping[str, tuple[int, ...]]
    """For each table, the places in the file of the records that were kept."""
    unsure: frozenset[str]
    """The names of the records that had problems, as `lost_names` in `syntax` has them."""


def salvage(tables: Mapping[str, Any], faults: Iterable[Location]) -> Salvaged:
    """Return what is left of a register's plain values without what is wrong at these places."""
    bad: dict[tuple[str, int], set[str]] = {}
    for fault in faults:
        match fault:
            case (str(table), int(index), str(key), *_):
                bad.setdefault((table, index), set()).add(key)
            case (str(table), int(index)):
                bad[table, index] = {"id"}
    good: dict[str, Any] = {"format": FORMAT}
    kept: dict[str, tuple[int, ...]] = {}
    unsure: set[str] = set()
    for table, fields in FIELDS.items():
        records = []
        places = []
        for index, record in enumerate(records_of(tables, table)):
            faulty = bad.get((table, index), set())
            if faulty:
                unsure |= _names_in(table, record)
            mended = _repair(record, faulty, fields)
            if mended is not None:
                records.append(mended)
                places.append(index)
        good[table] = records
        kept[table] = tuple(places)
    for key, value in tables.items():
        if key not in REGISTER:
            for record in value if isinstance(value, list) else [value]:
                unsure |= _names_in(UNKNOWN, record)
        elif key in TABLES and not isinstance(value, list):
            unsure |= lost_names(key, ())
    return Salvaged(good, kept, frozenset(unsure))


def _repair(
    record: object, bad: set[str], fields: Mapping[str, FieldSpec]
) -> dict[str, Any] | None:
    if not isinstance(record, dict):
        return None
    if not bad:
        return record
    mended = {key: value for key, value in record.items() if key not in bad}
    for key in bad:
        field = fields.get(key)
        if field is not None and field.required:
            if field.form is not Form.TEXT:
                return None
            mended[key] = STAND_IN
    return mended


def records_of(tables: Mapping[str, Any], table: str) -> list[Any]:
    """Return the records of a table, as far as it is a list."""
    records = tables.get(table)
    return records if isinstance(records, list) else []


def _names_in(table: str, record: object) -> set[str]:
    """The ids that a faulty record can have been meant to have, and whose life it may tell."""
    fields = record if isinstance(record, dict) else {}
    written = fields.get("id")
    ids = {written, as_id(written), _squeeze(written)} if isinstance(written, str) else ()
    names = lost_names(table, ids)
    if table == "updates":
        finding = fields.get("finding")
        names |= lost_names(HISTORY, [finding] if isinstance(finding, str) else [])
    return names


def _squeeze(text: str) -> str:
    return re.sub(r"[^a-z0-9-]+", "", text.lower())


def as_id(text: str) -> str:
    """Return the id that a text was most likely meant to be."""
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", letters.lower())) or "a-new-id"
