"""From plain values to records: each value of the wrong form is a problem with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from socwatch.characters import HIDDEN, ID_PATTERN
from socwatch.errors import Location, Problem
from socwatch.fields import DATED, FieldSpec, Form
from socwatch.records import FORMAT, REGISTER, TABLES, Register
from socwatch.spelling import Speller
from socwatch.store.salvage import as_id, records_of, salvage
from socwatch.store.syntax import bracket_missing, hidden_character

MAX_NUMBER = 2**63 - 1
"""The largest whole number that TOML 1.0 asks a reader to take."""

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
_ALSO_SAY = {"sign-off": ' --by "…"', "close": ' --outcome not-accepted --note "…"'}
_ESCAPE = re.compile(r"\\[bfruU]")


@dataclass(frozen=True)
class Decoded:
    """As much of a register as could be read, and what was wrong with the rest."""

    register: Register | None
    problems: tuple[Problem, ...]
    kept: Mapping[str, tuple[int, ...]]
    """For each table, the places in the file of the records that were kept."""
    unsure: frozenset[str]
    """The names of the records that had faults: what the rules find of them may be a consequence.

    As `lost_names` in `syntax` has them.
    """

    def in_file(self, place: Location) -> Location:
        """The place in the file of a place in `register`."""
        match place:
            case (str(table), int(index), *rest):
                return (table, self.kept[table][index], *rest)
            case _:
                return place


def validate(tables: dict[str, Any], text: str) -> Decoded:
    """Return the records in plain values, and a problem for each value of another form.

    `text` is what the values were read from: most registers hold no escapes, and then no value
    can hold a character that the text does not show.
    """
    problems: list[Problem] = []
    if "\\" in text and _ESCAPE.search(text):
        problems += (hidden_character(c, place) for place, c in _hidden(tables, ()))
    lone = [table for table in TABLES if isinstance(tables.get(table), dict)]
    problems += (bracket_missing(table, (table,)) for table in lone)
    tables = {**tables, **{table: [tables[table]] for table in lone}}
    everything = {table: tuple(range(len(records_of(tables, table)))) for table in TABLES}
    try:
        return Decoded(Register.of(tables), tuple(problems), everything, frozenset())
    except ValidationError as fault:
        details = fault.errors(include_url=False)
    speller = Speller(_MAX_SEARCHES, cutoff=0.5)
    problems += (_problem(detail, tables, speller) for detail in details)
    if _wrong_format(tables):
        # A file of another version has other rules; its records would only seem to be wrong.
        problems = [p for p in problems if p.place in {(), ("format",)}]
        return Decoded(None, tuple(problems), {}, frozenset())
    left = salvage(tables, [detail["loc"] for detail in details])
    return Decoded(Register.of(left.tables), tuple(problems), left.kept, left.unsure)


_MAX_SEARCHES = 100
"""Wrong names and words for which the right one is looked for."""


def _wrong_format(tables: Mapping[str, Any]) -> bool:
    version = tables.get("format")
    return isinstance(version, int) and not isinstance(version, bool) and version > FORMAT


def _hidden(value: object, place: Location) -> Iterator[tuple[Location, str]]:
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
            remedy = f'write it as "{as_id(str(value))}"'
            message = "an id is lower-case words and numbers joined by hyphens"
            return Problem("bad-id", place, message, remedy)
        case _ if _is_too_large(value):
            message = f"{_last_key(place)} is a whole number of more than 64 bits"
            return Problem("number-too-large", place, message, f"write {_wanted(_field(place))}")
        case "enum":
            return _unknown_word(place, value, _field(place).words, speller)
        case "tuple_type" if place[0] in TABLES and len(place) == 1:
            message = f"{key} is a list of records"
            return Problem("wrong-type", place, message, f"begin each record with [[{key}]]")
        case "tuple_type":
            return _wrong_type(place, 'a list in square brackets, such as ["a", "b"]')
        case _ if (field := _field(place)).form in DATED:
            from socwatch.store.date_hints import (
                date_problem,  # its patterns take a while to compile
            )

            around = [step for step in place if isinstance(step, str)][:-1]
            return date_problem(place, field, _field(tuple(around)).inner, value)
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
            message = f"{key} is out of range"
            return Problem("wrong-type", place, message, f"write {_wanted(_field(place))}")
        case _:
            return _wrong_type(place, _wanted(_field(place)))


def _is_too_large(value: object) -> bool:
    return isinstance(value, int) and not -MAX_NUMBER <= value <= MAX_NUMBER


def _wanted(field: FieldSpec) -> str:
    """Return what to write for a field, or for one of its several values."""
    match field.form:
        case Form.NUMBER:
            return f"a whole number from {field.least} to {field.most}, without quotes"
        case Form.RECORD:
            return "a record as { key = value, … }"
    return DATED.get(field.form, "text in double quotes")


def _missing(place: Location, key: str) -> Problem:
    if place == ("format",):
        message = "the register does not say which format it has"
        return Problem("missing-field", (), message, f"begin the file with: format = {FORMAT}")
    message = f"{_record_words(place)} lacks {key}"
    return Problem("missing-field", place, message, f"add to it: {_field(place).line}")


def _unknown_key(place: Location, key: str, speller: Speller) -> Problem:
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
    place: Location, key: str, value: object, tables: Mapping[str, Any]
) -> Problem:
    word = str(value).lower() if isinstance(value, str | bool) else key
    word = word.replace(" ", "-").replace("_", "-")
    action = _PROGRESS.get(word) or _PROGRESS.get(key.replace("_", "-")) or "done"
    remedy = "take the line out"
    if word not in _NOTHING_YET:
        written = tables["findings"][place[1]].get("id")
        known = isinstance(written, str) and re.fullmatch(ID_PATTERN, written)
        finding = written if known else "ID"
        remedy += f", then: socwatch {action} {finding}{_ALSO_SAY.get(action, '')}"
    message = "how far a finding has come is told by updates, which say since when and who says so"
    return Problem("progress-in-finding", place, message, remedy)


def _unknown_word(
    place: Location, value: object, words: tuple[str, ...], speller: Speller
) -> Problem:
    choice = f"use one of {', '.join(words)}"
    if not isinstance(value, str):
        return Problem("unknown-word", place, f"{place[-1]} is not text in double quotes", choice)
    near = speller.nearest(value.lower().replace(" ", "-"), ", ".join(words), words)
    remedy = f'write "{near}"' if near else choice
    return Problem("unknown-word", place, f"{place[-1]} cannot be {value!r}", remedy)


def _wrong_type(place: Location, wanted: str) -> Problem:
    message = f"{_last_key(place)} is not {wanted.split(',', maxsplit=1)[0]}"
    return Problem("wrong-type", place, message, f"write {wanted}")


def _field(place: Location) -> FieldSpec:
    """Return the field at a place, or in which it is."""
    names = [step for step in place if isinstance(step, str)]
    field = REGISTER[names[0]]
    for name in names[1:]:
        field = field.inner[name]
    return field


def _record_words(place: Location) -> str:
    """Return the words for the record that holds what is at a place."""
    match place:
        case (str(table), int(), _):
            return f"this record of [[{table}]]"
        case (_, _, str(field), *_):
            return field
    return "the register"


def _last_key(place: Location) -> str:
    return next((step for step in reversed(place) if isinstance(step, str)), "this")
