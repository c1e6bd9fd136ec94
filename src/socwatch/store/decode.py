"""From plain values to records: each value of the wrong form is reported where it stands.

A fault costs as little as it can: a bad optional value is left out, bad words are replaced by a
stand-in, and only a record whose id, kind or references cannot be read is set aside. So one bad
value hides no other fault, and what is set aside is remembered, so that it causes none either.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from socwatch.characters import HIDDEN
from socwatch.dates import parse_partial
from socwatch.errors import Place, Problem
from socwatch.fields import FieldSpec, Form
from socwatch.records import FIELDS, FORMAT, REGISTER, TABLES, Register
from socwatch.spelling import Speller
from socwatch.store.syntax import (
    LIFE,
    UNKNOWN,
    bracket_missing,
    hidden_character,
    lost_names,
)

STAND_IN = "?"
"""What stands for a text that is required and cannot be read: no rule depends on its words."""

_PROGRESS = {
    "in-progress": "start",
    "started": "start",
    "done": "done",
    "complete": "done",
    "completed": "done",
    "signed-off": "sign-off",
    "closed": "close",
}
_PROGRESS_KEYS = frozenset({"status", "done", "completed", "progress", "closed", "signed_off"})
_NOTHING_YET = frozenset({"open", "not-started", "new", "overdue", "due", "false", "no", ""})
_ALSO_SAY = {"sign-off": ' --by "…"', "close": ' --as not-accepted --note "…"'}
_DATES = {
    "partial_date": 'a date such as 2025-01-31, or "2025-01", or "2025"',
    "deadline": 'a date such as 2025-01-31, "2025-01", "immediately" or "6 months"',
    "date_type": "a date such as 2025-01-31, without quotes",
    "datetime_type": "a time such as 2025-01-31T09:15:02Z, without quotes",
    "timezone_aware": "a time such as 2025-01-31T09:15:02Z, without quotes",
}
_ESCAPE = re.compile(r"\\[bfruU]")
_DATE_FORM = re.compile(r"\d{4}-\d{1,2}(-\d{1,2})?")


@dataclass(frozen=True)
class Draft:
    """As much of a register as could be read, and what was wrong with the rest."""

    register: Register | None
    problems: tuple[Problem, ...]
    kept: Mapping[str, tuple[int, ...]]
    """For each table, the places in the file of the records that were kept."""
    unsure: frozenset[str]
    """The names of the records that had faults: what the rules find of them may be a consequence.

    As `lost_names` in `syntax` has them.
    """

    def in_file(self, place: Place) -> Place:
        """The place in the file of a place in the draft's register."""
        match place:
            case (str(table), int(index), *rest):
                return (table, self.kept[table][index], *rest)
            case _:
                return place


def read(tables: dict[str, Any], text: str) -> Draft:
    """The records in a register's plain values, and every value that has not the form it needs.

    `text` is what the values were read from: most registers hold no escapes, and then no value
    can hold a character that the text does not show.
    """
    problems: list[Problem] = []
    if "\\" in text and _ESCAPE.search(text):
        problems += (hidden_character(c, place) for place, c in _hidden(tables, ()))
    lone = [table for table in TABLES if isinstance(tables.get(table), dict)]
    problems += (bracket_missing(table, (table,)) for table in lone)
    tables = {**tables, **{table: [tables[table]] for table in lone}}
    everything = {table: tuple(range(len(_records(tables, table)))) for table in TABLES}
    try:
        return Draft(Register.model_validate(tables), tuple(problems), everything, frozenset())
    except ValidationError as fault:
        details = fault.errors(include_url=False)
    speller = Speller(_MAX_SEARCHES, cutoff=0.5)
    problems += (_problem(detail, tables, speller) for detail in details)
    if _wrong_format(tables):
        # A file of another version has other rules; its records would only seem to be wrong.
        problems = [p for p in problems if p.place in {(), ("format",)}]
        return Draft(None, tuple(problems), {}, frozenset())
    salvaged, kept, unsure = _salvage(tables, [detail["loc"] for detail in details])
    return Draft(Register.model_validate(salvaged), tuple(problems), kept, unsure)


_MAX_SEARCHES = 100
"""Wrong names and words for which the right one is looked for."""


def _wrong_format(tables: Mapping[str, Any]) -> bool:
    version = tables.get("format")
    return isinstance(version, int) and not isinstance(version, bool) and version > FORMAT


def _salvage(
    tables: dict[str, Any], faults: list[Place]
) -> tuple[dict[str, Any], dict[str, tuple[int, ...]], frozenset[str]]:
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
        for index, record in enumerate(_records(tables, table)):
            faulty = bad.get((table, index), set())
            if faulty:
                unsure |= _names_in(table, record)
            mended = _mended(record, faulty, fields)
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
    return good, kept, frozenset(unsure)


def _mended(
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


def _records(tables: Mapping[str, Any], table: str) -> list[Any]:
    records = tables.get(table)
    return records if isinstance(records, list) else []


def _names_in(table: str, record: object) -> set[str]:
    """The ids that a faulty record can have been meant to have, and whose life it may tell."""
    fields = record if isinstance(record, dict) else {}
    written = fields.get("id")
    ids = {written, _as_id(written), _squeezed(written)} if isinstance(written, str) else ()
    names = lost_names(table, ids)
    if table == "updates":
        finding = fields.get("finding")
        names |= lost_names(LIFE, [finding] if isinstance(finding, str) else [])
    return names


def _hidden(value: object, place: Place) -> Iterator[tuple[Place, str]]:
    match value:
        case str():
            # A line may end in CRLF inside a text of several lines, as the file's lines do.
            if found := HIDDEN.search(value):
                yield place, found[0]
        case list():
            for index, entry in enumerate(value):
                yield from _hidden(entry, (*place, index))
        case dict():
            for key, entry in value.items():
                if found := HIDDEN.search(key):
                    yield (*place, key), found[0]
                yield from _hidden(entry, (*place, key))


def _problem(detail: ErrorDetails, tables: Mapping[str, Any], speller: Speller) -> Problem:
    place = detail["loc"]
    value = detail["input"]
    key = str(place[-1])
    match detail["type"]:
        case "missing":
            return _missing(place, key)
        case "extra_forbidden" if place[0] == "findings" and key in _PROGRESS_KEYS:
            return _progress_in_finding(place, key, value, tables)
        case "extra_forbidden":
            return _unknown_key(place, key, speller)
        case "string_pattern_mismatch" if not str(value).strip():
            return Problem("empty-text", place, "this text is empty", "fill it in, or take it out")
        case "string_pattern_mismatch":
            remedy = f'write it as "{_as_id(str(value))}"'
            message = "an id is lower-case words and numbers joined by hyphens"
            return Problem("bad-id", place, message, remedy)
        case "enum":
            return _unknown_word(place, value, _field(place).words, speller)
        case wrong if wrong in _DATES:
            return _bad_date(place, value, _DATES[wrong])
        case "tuple_type" if place[0] in TABLES and len(place) == 1:
            message = f"{key} is a list of records"
            return Problem("wrong-type", place, message, f"begin each record with [[{key}]]")
        case "model_type" | "model_attributes_type":
            message = "this is no record"
            return Problem("wrong-type", place, message, "write it as { key = value, … }")
        case "too_short":
            return Problem("empty-list", place, "this list is empty", "name at least one id")
        case "less_than_equal" if place == ("format",):
            message = f"the format {value} is newer than this socwatch knows"
            remedy = "upgrade socwatch, for instance: pipx upgrade socwatch"
            return Problem("unknown-format", place, message, remedy)
        case "less_than_equal" | "greater_than_equal":
            field = _field(place)
            remedy = f"write a whole number from {field.least} to {field.most}"
            return Problem("wrong-type", place, f"{key} is out of range", remedy)
        case _:
            return _wrong_type(place, detail)


def _missing(place: Place, key: str) -> Problem:
    if place == ("format",):
        message = "the register does not say which format it has"
        return Problem("missing-field", (), message, f"begin the file with: format = {FORMAT}")
    message = f"{_record_words(place)} lacks {key}"
    return Problem("missing-field", place, message, f"add to it: {_field(place).line}")


def _unknown_key(place: Place, key: str, speller: Speller) -> Problem:
    if len(place) == 1:
        near = speller.nearest(key, "the register", REGISTER)
        message = f"a register has no table or key {key!r}"
        choice = f"[[{near}]]" if near in TABLES else near
        every = ", ".join(REGISTER)
        remedy = f"did you mean {choice}?" if near else f"use one of {every}"
        return Problem("unknown-table", place, message, remedy)
    fields = _field(place[:-1]).inner
    near = speller.nearest(key, f"the fields of {place[0]}, {len(place)} deep", fields)
    message = f"{_record_words(place)} has no field {key!r}"
    remedy = f"did you mean {near}?" if near else f"use one of {', '.join(fields)}"
    return Problem("unknown-field", place, message, remedy)


def _progress_in_finding(
    place: Place, key: str, value: object, tables: Mapping[str, Any]
) -> Problem:
    word = str(value).lower().replace(" ", "-").replace("_", "-")
    action = _PROGRESS.get(word) or _PROGRESS.get(key.replace("_", "-")) or "done"
    remedy = "take the line out"
    if word not in _NOTHING_YET:
        finding = tables["findings"][place[1]].get("id", "ID")
        remedy += f", then: socwatch {action} {finding}{_ALSO_SAY.get(action, '')}"
    message = "how far a finding has come is told by updates, which say since when and who says so"
    return Problem("progress-in-finding", place, message, remedy)


def _unknown_word(place: Place, value: object, words: tuple[str, ...], speller: Speller) -> Problem:
    typed = str(value)
    near = speller.nearest(typed.lower().replace(" ", "-"), ", ".join(words), words)
    message = f"{place[-1]} cannot be {typed!r}"
    remedy = f'write "{near}"' if near else f"use one of {', '.join(words)}"
    return Problem("unknown-word", place, message, remedy)


def _bad_date(place: Place, value: object, allowed: str) -> Problem:
    if isinstance(value, str) and parse_partial(value) is not None:
        message = f"{place[-1]} is a date in quotes"
        return Problem("bad-date", place, message, f"write {allowed}")
    if isinstance(value, str) and _DATE_FORM.fullmatch(value):
        message = f"the calendar has no {value}"
        return Problem("impossible-date", place, message, f"write {allowed}")
    return Problem("bad-date", place, f"{place[-1]} is not a date", f"write {allowed}")


def _wrong_type(place: Place, detail: ErrorDetails) -> Problem:
    wanted = {
        "string_type": "text in double quotes",
        "tuple_type": 'a list in square brackets, such as ["a", "b"]',
        "int_type": "a whole number, without quotes",
    }.get(detail["type"], "a value of another form")
    message = f"{_last_key(place)} is not {wanted.split(',')[0]}"
    return Problem("wrong-type", place, message, f"write {wanted}")


def _field(place: Place) -> FieldSpec:
    """Return the field at a place, or in which it is."""
    names = [step for step in place if isinstance(step, str)]
    field = REGISTER[names[0]]
    for name in names[1:]:
        field = field.inner[name]
    return field


def _record_words(place: Place) -> str:
    return f"this record of [[{place[0]}]]" if len(place) > 1 else "the register"


def _last_key(place: Place) -> str:
    return next((step for step in reversed(place) if isinstance(step, str)), "this")


def _squeezed(text: str) -> str:
    return re.sub(r"[^a-z0-9-]+", "", text.lower())


def _as_id(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", letters.lower())) or "a-new-id"
