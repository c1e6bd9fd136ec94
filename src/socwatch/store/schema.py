"""The JSON Schema of a register, by which editors complete and check one while it is typed.

It is made from the models, in the words that every reader of JSON Schema since draft 7 has. It
knows the form of each value and no rule across records: those are for `socwatch validate`.
"""

from __future__ import annotations

import json
from typing import Any

from socwatch.records import ACTIONS, TABLES, Contradiction, Record, Register

FILE_NAME = "recommendations.schema.json"
"""The name under which the docs and a new register's comments save it."""

DIRECTIVE = f"#:schema ./{FILE_NAME}"
"""The first line of a register by which taplo and tombi find it."""

_DEFINITIONS = "#/definitions/"
_NULL = {"type": "null"}
_NOT_KEPT = frozenset({"$ref", "anyOf", "description", "title"})


def schema_text() -> str:
    """The schema as the text of a file."""
    return json.dumps(json_schema(), indent=2) + "\n"


def json_schema() -> dict[str, Any]:
    """The schema as JSON's own values."""
    made = Register.model_json_schema(ref_template=_DEFINITIONS + "{model}")
    definitions = made["$defs"]
    models: tuple[type[Record], ...] = (*TABLES.values(), Contradiction)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        **_record(Register, made, definitions),
        "title": "A register of socwatch",
        "definitions": {
            model.__name__: _record(model, definitions[model.__name__], definitions)
            for model in models
        },
    }


def _record(
    model: type[Record], made: dict[str, Any], definitions: dict[str, Any]
) -> dict[str, Any]:
    properties = {
        key: {
            "description": _description(key, field.description, definitions),
            **_field(made["properties"][key], definitions),
        }
        for key, field in model.model_fields.items()
    }
    return {
        "title": made["title"],
        "description": made["description"],
        "type": "object",
        "additionalProperties": False,
        "required": made["required"],
        "properties": properties,
    }


def _description(key: str, written: str | None, definitions: dict[str, Any]) -> str:
    if written is None:  # of a table, its records say what it is for
        description: str = definitions[TABLES[key].__name__]["description"]
        return description
    if key != "action":
        return written
    needs = (
        f"{a} ({', '.join(spec.must_carry)})" for a, spec in ACTIONS.items() if spec.must_carry
    )
    return f"{written} Some actions need more fields: {', '.join(needs)}."


def _field(made: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """A field's schema without what TOML has no use for, its list of words written out in it."""
    plain = {key: value for key, value in made.items() if key not in _NOT_KEPT}
    options = [option for option in made.get("anyOf", ()) if option != _NULL]
    if len(options) == 1:
        plain |= _field(options[0], definitions)
    elif options:
        plain["anyOf"] = options
    if "$ref" in made:
        words = definitions[made["$ref"].removeprefix(_DEFINITIONS)]
        plain |= {"type": "string", "enum": words["enum"]}
    if plain.get("default", ...) in (None, []):
        del plain["default"]
    return plain
