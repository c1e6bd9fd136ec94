"""`FIELDS`, read once from the types, says what the design and pydantic say of a field."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

import pytest

import oracle_validity
from conftest import ROOT
from socwatch.fields import ID_PATTERN, MAX_COUNT, FieldSpec, Form, fields_of
from socwatch.records import EVERY_FIELD, FIELDS, FORMAT, REGISTER, TABLES, Register

WRITTEN = {
    Form.TEXT: "text",
    Form.NUMBER: "count",
    Form.DAY: "day",
    Form.DATE: "partial",
    Form.DEADLINE: "deadline",
    Form.TIME: "instant",
    Form.RECORD: "contradictions",
}
"""The oracle's word for each form that needs no other word beside it."""


def as_the_oracle_has_it(field: FieldSpec) -> str:
    """A field in the words of `oracle_validity.FIELDS`, which was written from the design."""
    must = "!" if field.required else ""
    many = "*" if field.many and field.form is Form.ID else ""
    if field.words:
        return " ".join((f"word{must}", *field.words))
    if field.form is Form.ID:
        return f"{field.refers or 'id'}{many}{must}"
    if field.form is Form.TEXT and field.many:
        return f"texts{must}"
    return f"{WRITTEN[field.form]}{must}"


def test_every_field_is_what_the_design_says() -> None:
    """Form, list or not, required or not, what it refers to and its words are the design's."""
    said = {
        table: {name: as_the_oracle_has_it(field) for name, field in fields.items()}
        for table, fields in FIELDS.items()
    }
    assert said == oracle_validity.FIELDS
    assert "text!" in said["findings"].values()
    assert "text!" not in said["updates"].values()


def checked_by_pydantic() -> Iterator[tuple[FieldSpec, bool, dict[str, Any]]]:
    """Each field, whether pydantic requires it, and the schema that pydantic has for its values."""
    made = Register.model_json_schema(mode="serialization")
    definitions = made["$defs"]
    for table, model in TABLES.items():
        definition = definitions[model.__name__]
        for name, field in FIELDS[table].items():
            schema = definition["properties"][name]
            options = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
            if len(options) == 1:
                schema = schema | options[0]
            if "$ref" in schema:
                schema |= definitions[schema["$ref"].rpartition("/")[2]]
            yield field, name in model.model_json_schema()["required"], schema


def test_every_field_is_what_pydantic_checks() -> None:
    """What FIELDS says of a field is what its validator holds every register to."""
    seen = 0
    for field, required, schema in checked_by_pydantic():
        assert field.required == required, field.name
        assert field.many == (schema.get("type") == "array"), field.name
        assert field.least == schema.get("minimum", schema.get("minItems")), field.name
        assert field.most == schema.get("maximum"), field.name
        assert list(field.words) == schema.get("enum", []), field.name
        assert field.default == (schema.get("default") or ""), field.name
        value = schema["items"] if field.many else schema
        assert (value.get("pattern") == ID_PATTERN) == (field.form is Form.ID), field.name
        assert (value.get("type") == "integer") == (field.form is Form.NUMBER), field.name
        assert (value.get("format") == "date-time") == (field.form is Form.TIME), field.name
        seen += 1
    assert seen == len(EVERY_FIELD) > 70


def test_every_field_says_what_it_means() -> None:
    """Each field and each table has a sentence of its own, and its form's word."""
    for _, field in EVERY_FIELD:
        assert field.meaning.endswith("."), field.name
        assert field.meaning == field.meaning.strip()
        assert field.described().startswith(field.meaning.partition(".")[0])
    assert all(REGISTER[table].meaning.endswith(".") for table in TABLES)
    assert len({field.meaning for _, field in EVERY_FIELD}) > len(EVERY_FIELD) / 2


def test_every_number_is_bounded() -> None:
    """No number of a register is without a least and a largest value, far within 64 bits."""
    numbers = [
        f for f in (*REGISTER.values(), *(f for _, f in EVERY_FIELD)) if f.form is Form.NUMBER
    ]
    assert {(field.name, field.least, field.most) for field in numbers} == {
        ("format", 1, FORMAT),
        ("recommendations_stated", 1, MAX_COUNT),
    }


def test_every_reference_finds_its_table() -> None:
    """An id refers to a table whose records have ids; only a record's own id refers to nothing."""
    for table, field in EVERY_FIELD:
        for each in (field, *field.inner.values()):
            if each.form is Form.ID:
                assert (each.refers == "") == (each.name == "id"), (table, each.name)
                assert each.refers == "" or "id" in FIELDS[each.refers]
            else:
                assert each.refers == "", (table, each.name)


@pytest.mark.parametrize(
    ("table", "name", "line"),
    [
        ("findings", "summary", 'summary = "…"  # What it asks for, in your own words.'),
        ("findings", "bodies", 'bodies = ["…"]  # Ids of the bodies that it is addressed to.'),
        ("bodies", "kind", 'kind = "force" or "regional-unit" or "region"  # What it is.'),
        (
            "updates",
            "until",
            "until = 2025-01-31  # The last day on which an acknowledgement holds.",
        ),
        ("findings", "recommendations_stated", "recommendations_stated = 1  # How many"),
        (
            "grades",
            "contradicted_by",
            'contradicted_by = [{ source = "…", says = "…" }]  # Sources',
        ),
    ],
)
def test_line_that_a_record_lacks(table: str, name: str, line: str) -> None:
    """What to type for a field has its form, and says what it means."""
    assert FIELDS[table][name].line.startswith(line)


def test_words_of_a_field_in_a_sentence() -> None:
    """A field is described with every word that it may say, and with the one it has by default."""
    field = FIELDS["findings"]["deadline_set_by"]
    assert field.described() == (
        "Who set the deadline: inspectorate, body. If left out: inspectorate."
    )
    assert "`body`. If left out: `inspectorate`." in field.described("`")
    assert "If left out" not in FIELDS["bodies"]["kind"].described()


def test_only_one_module_reads_annotations() -> None:
    """Beside `fields`, no module asks pydantic or typing what a field is."""
    readers = {"model_fields", "get_args", "get_origin", "get_type_hints", "model_json_schema"}
    found = set()
    for path in (*(ROOT / "src").rglob("*.py"), *(ROOT / "docs").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named = getattr(node, "attr", getattr(node, "id", ""))
            if named in readers:
                found.add(path.name)
    assert found == {"fields.py"}


def test_fields_of_the_register_itself() -> None:
    """The register's own fields are its format, its title and its tables."""
    assert list(fields_of(Register)) == ["format", "title", *TABLES]
    assert [name for name, field in REGISTER.items() if field.required] == ["format"]
    assert REGISTER["updates"].inner is FIELDS["updates"]
