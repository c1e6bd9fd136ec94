"""`FIELDS`, read once from the types, says what the design says, and is what is checked."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

import oracle_validity
from conftest import ROOT
from socwatch.fields import DATED, MAX_COUNT, FieldSpec, Form, fields_of
from socwatch.records import EVERY_FIELD, FIELDS, FORMAT, REGISTER, TABLES, Register, Source
from socwatch.rules import find_problems
from socwatch.store.template import EXAMPLES

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


def refused(table: str, name: str, value: object) -> set[str]:
    """What is wrong with the fields of a sound record if a field of it has this value."""
    tables = tomllib.loads(FULL)
    record = next(each for each in tables[table] if name in each)
    record[name] = value
    if value is MISSING:
        del record[name]
    try:
        Register.of(tables)
    except ValidationError as fault:
        details = fault.errors(include_url=False)
        assert {detail["loc"][0] for detail in details} == {table}
        return {str(detail["loc"][2]) for detail in details}
    return set()


MISSING = object()
FULL = "format = 1\n" + "".join(EXAMPLES.values())
"""A valid register with every field of every table."""


@pytest.mark.parametrize("table", TABLES)
def test_every_field_is_what_is_checked(table: str) -> None:
    """A record is refused for a field that it lacks, of another form, or no list or one."""
    records = tomllib.loads(FULL)[table]
    for name, field in FIELDS[table].items():
        value = next(record[name] for record in records if name in record)
        assert refused(table, name, value) == set()
        assert refused(table, name, MISSING) == ({name} if field.required else set())
        assert refused(table, name, 1.5) == {name}
        assert refused(table, name, value[0] if field.many else [value]) == {name}
        if field.many:
            assert refused(table, name, []) == ({name} if field.required else set())
            assert refused(table, name, [1.5]) == {name}
        for word in field.words:
            assert refused(table, name, str(word)) == set()
        if field.words or field.form is Form.ID:
            assert refused(table, name, ["No id"] if field.many else "No id") == {name}
        if field.form is Form.NUMBER:
            assert field.least is not None
            assert field.most is not None
            inside = (field.least, field.most)
            assert [refused(table, name, number) for number in inside] == [set(), set()]
            assert refused(table, name, field.least - 1) == {name}
            assert refused(table, name, field.most + 1) == {name}


def test_what_is_left_out_has_its_default() -> None:
    """A field that is left out is nothing, an empty list, or the word that FIELDS names."""
    register = Register.of(tomllib.loads(FULL))
    for table, fields in FIELDS.items():
        made = {name for record in getattr(register, table) for name in record.model_fields_set}
        assert made == set(fields)
    finding = next(f for f in register.findings if "deadline_set_by" not in f.model_fields_set)
    field = FIELDS["findings"]["deadline_set_by"]
    assert (finding.deadline_set_by, finding.label, finding.aliases) == (field.default, None, ())


def test_records_made_by_name_are_checked_alike() -> None:
    """A record that code makes is held to the same as one of a file, and cannot be changed."""
    source = Source(id="paper", publisher="A Paper", title="What it said")
    assert Register.of({"format": 1, "sources": [source]}).sources == (source,)
    with pytest.raises(ValidationError, match="pattern"):
        Source(id="A Paper", publisher="A Paper", title="What it said")
    with pytest.raises(ValidationError, match="frozen"):
        source.title = "Another"  # type: ignore[misc]  # which is the point


def found_with(table: str, name: str, value: Callable[[Any], object]) -> set[tuple[str, str]]:
    """The names and fields of what the rules find if a field of a sound record is changed so."""
    tables = tomllib.loads(FULL)
    record = next(each for each in tables[table] if name in each)
    record[name] = value(record[name])
    index = tables[table].index(record)
    problems = find_problems(Register.of(tables))
    return {(p.name, str(p.place[2])) for p in problems if p.place[:2] == (table, index)}


def test_examples_have_no_problem() -> None:
    """The register that these tests change is sound, and stays so where nothing is changed."""
    assert found_with("findings", "deadline", lambda value: value) == set()


def in_far_future(value: object) -> date:
    """A date or a time as it is, five centuries later; any other value as a date of then."""
    return value.replace(year=2500) if isinstance(value, date) else date(2500, 1, 1)


DATED_FIELDS = [(table, field.name) for table, field in EVERY_FIELD if field.form in DATED]


@pytest.mark.parametrize(("table", "name"), DATED_FIELDS)
def test_every_date_is_in_a_plausible_year(table: str, name: str) -> None:
    """A date in a year of the 26th century is reported, whatever field it is in."""
    assert ("implausible-date", name) in found_with(table, name, in_far_future)


@pytest.mark.parametrize(
    ("table", "name"),
    [(t, f.name) for t, f in EVERY_FIELD if f.many and f.form is not Form.RECORD],
)
def test_every_list_names_a_thing_once(table: str, name: str) -> None:
    """What stands twice in a list is reported, whatever list it is."""
    assert ("repeated-value", name) in found_with(table, name, lambda value: value * 2)


@pytest.mark.parametrize(
    ("table", "name"), [(table, field.name) for table, field in EVERY_FIELD if field.refers]
)
def test_every_reference_is_looked_up(table: str, name: str) -> None:
    """An id that no record has is reported as unknown, in whatever field and table."""
    found = found_with(
        table, name, lambda value: ["nobody"] if isinstance(value, list) else "nobody"
    )
    kind = {"bodies": "body"}.get(FIELDS[table][name].refers, FIELDS[table][name].refers[:-1])
    assert (f"unknown-{kind}", name) in found


@pytest.mark.parametrize("table", ["inspections", "grades", "findings", "monitoring", "responses"])
def test_every_contradiction_names_a_source(table: str) -> None:
    """A source that says otherwise is looked up as well, in whatever table."""
    found = found_with(table, "contradicted_by", lambda _: [{"source": "nobody", "says": "No."}])
    assert ("unknown-source", "contradicted_by") in found


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
            "until = 2025-01-31  # The last day on which the item is muted.",
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
