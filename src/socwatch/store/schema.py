"""The JSON Schema of a register, by which editors complete and check one while it is typed.

It is made from `records.FIELDS`, in the words that every reader of JSON Schema since draft 7 has.
It knows the form of each value and no rule across records: those are for `socwatch validate`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from socwatch.characters import ID_PATTERN
from socwatch.dates import IMMEDIATELY
from socwatch.docstrings import docstring
from socwatch.fields import TEXT_PATTERN, FieldSpec, Form, Record
from socwatch.records import ACTIONS, REGISTER, Register

FILE_NAME = "recommendations.schema.json"
"""The name under which the docs and a new register's comments save it."""

DIRECTIVE = f"#:schema ./{FILE_NAME}"
"""The first line of a register by which taplo and tombi find it."""

# Some editors hand a TOML date to JSON Schema as a string, others as a type of its own: both know
# it by this format.
_DAY = {"format": "date", "type": "string"}
_PARTIAL = {
    "examples": ["2025-01", "2025"],
    "pattern": "^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$",
    "type": "string",
}
_AT_ONCE = [IMMEDIATELY, IMMEDIATELY.capitalize()]
# "6 MONTHS" is read as well, but an editor shows its user this pattern, who should understand it.
_SPAN = {
    "examples": ["6 months", "28 days"],
    "pattern": "^([0-9]{1,4}|[Aa]n?) +([Dd]ay|[Ww]eek|[Mm]onth|[Yy]ear)s?$",
    "type": "string",
}
_VALUES: Mapping[Form, Mapping[str, Any]] = MappingProxyType(
    {
        Form.TEXT: {"pattern": TEXT_PATTERN, "type": "string"},
        Form.ID: {"pattern": ID_PATTERN, "type": "string"},
        Form.NUMBER: {"type": "integer"},
        Form.DAY: _DAY,
        Form.DATE: {"anyOf": [_DAY, _PARTIAL]},
        Form.DEADLINE: {"anyOf": [_DAY, _PARTIAL, {"enum": _AT_ONCE, "type": "string"}, _SPAN]},
        Form.TIME: {"format": "date-time", "type": "string"},
    }
)


def schema_text() -> str:
    """Return the schema as the text of a file."""
    return json.dumps(json_schema(), indent=2) + "\n"


def json_schema() -> dict[str, Any]:
    """Return the schema as JSON's own values."""
    records = _records(REGISTER)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        **_record(Register, REGISTER),
        "title": "A register of socwatch",
        "definitions": {
            model.__name__: _record(model, fields) for model, fields in records.items()
        },
    }


def _records(
    fields: Mapping[str, FieldSpec],
) -> dict[type[Record], Mapping[str, FieldSpec]]:
    """Return every record below these fields, those that others hold after them."""
    found = {each.record: each.inner for each in fields.values() if each.record is not None}
    for inner in tuple(found.values()):
        found |= _records(inner)
    return found


def _record(model: type[Record], fields: Mapping[str, FieldSpec]) -> dict[str, Any]:
    return {
        "title": model.__name__,
        "description": docstring(model),
        "type": "object",
        "additionalProperties": False,
        "required": [name for name, field in fields.items() if field.required],
        "properties": {name: _property(field) for name, field in fields.items()},
    }


def _property(field: FieldSpec) -> dict[str, Any]:
    described: dict[str, Any] = {"description": _description(field)}
    if field.default:
        described["default"] = field.default
    value = _value(field)
    if field.many:
        least = {"minItems": 1} if field.required else {}
        return {**described, "items": value, **least, "type": "array"}
    bounds = {"maximum": field.most, "minimum": field.least}
    return {**described, **{k: v for k, v in bounds.items() if v is not None}, **value}


def _value(field: FieldSpec) -> Mapping[str, Any]:
    if field.record is not None:
        return {"$ref": f"#/definitions/{field.record.__name__}"}
    if field.words:
        return {"type": "string", "enum": list(field.words)}
    return _VALUES[field.form]


def _description(field: FieldSpec) -> str:
    if field.name != "action":
        return field.meaning
    needs = (f"{a} ({', '.join(spec.required)})" for a, spec in ACTIONS.items() if spec.required)
    return f"{field.meaning} Some actions need more fields: {', '.join(needs)}."
