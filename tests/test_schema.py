"""`schema`: the JSON Schema by which editors complete and check a register while it is typed."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import hypothesis
import jsonschema
import pytest
from pydantic import ValidationError

from conftest import SHIPPED, TIMEOUT, Soc, bare_environment
from oracle import Rows
from registers import SMALL, update
from socwatch.fields import FieldSpec
from socwatch.records import FIELDS, TABLES, Register
from socwatch.store.schema import json_schema
from socwatch.store.template import EXAMPLES, empty_register
from strategies import graded_registers, plain_registers

DIRECTIVE = "#:schema ./recommendations.schema.json\n"
RECORDS: dict[str, Mapping[str, FieldSpec]] = {
    **{model.__name__: FIELDS[table] for table, model in TABLES.items()},
    "Contradiction": FIELDS["grades"]["contradicted_by"].inner,
}
"""The fields of every record by the record's name in the schema."""

FULL = "format = 1\n" + "".join(EXAMPLES.values())
"""A valid register with every field of every table."""

PLAIN_WORDS = {
    "$ref",
    "$schema",
    "additionalProperties",
    "anyOf",
    "default",
    "definitions",
    "description",
    "enum",
    "examples",
    "format",
    "items",
    "maximum",
    "minItems",
    "minimum",
    "pattern",
    "properties",
    "required",
    "title",
    "type",
}
"""What every reader of JSON Schema since draft 7 knows."""


def subschemas(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A schema and all that it is made of."""
    yield schema
    for inside in (*schema.get("definitions", {}).values(), *schema.get("properties", {}).values()):
        yield from subschemas(inside)
    for inside in (*schema.get("anyOf", ()), *([schema["items"]] if "items" in schema else ())):
        yield from subschemas(inside)


def in_json(value: object) -> Any:  # noqa: ANN401  # JSON holds anything
    """A TOML value as readers of JSON Schema see it: dates and times are strings."""
    match value:
        case dict():
            return {key: in_json(entry) for key, entry in value.items()}
        case list() | tuple():
            return [in_json(entry) for entry in value]
        case datetime() | date():
            return value.isoformat()
        case _:
            return value


def checker() -> jsonschema.Draft7Validator:
    """What checks a register's values, dates and times included."""
    formats = jsonschema.FormatChecker(formats=("date",))
    formats.checks("date-time", raises=ValueError)(
        lambda text: isinstance(text, str) and datetime.fromisoformat(text).tzinfo is not None
    )
    return jsonschema.Draft7Validator(json_schema(), format_checker=formats)


def is_a_register(values: Rows) -> bool:
    """Whether socwatch takes these values, each for itself."""
    try:
        Register.of(values)
    except ValidationError:
        return False
    return True


def test_it_is_printed(soc: Soc) -> None:
    """Without a register in sight it goes to stdout, as JSON of draft 7 in plain ASCII."""
    ran = soc("schema")
    schema = json.loads(ran.out)
    jsonschema.Draft7Validator.check_schema(schema)
    assert schema == json_schema()
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert ran.out.endswith("}\n")
    assert ran.out.isascii()
    assert ran.err == ""


def test_it_is_plain() -> None:
    """It has only words that old readers know, and no null, which TOML has not."""
    used = {word for schema in subschemas(json_schema()) for word in schema}
    assert used == PLAIN_WORDS
    assert all(schema.get("type") != "null" for schema in subschemas(json_schema()))
    assert all("default" not in s or s["default"] for s in subschemas(json_schema()))


@pytest.mark.parametrize("name", RECORDS)
def test_it_has_every_field(name: str) -> None:
    """Each record has its fields with their meanings, the same that must be there, no other."""
    definition = json_schema()["definitions"][name]
    fields = RECORDS[name]
    assert list(definition["properties"]) == list(fields)
    assert definition["required"] == [key for key, field in fields.items() if field.required]
    assert definition["additionalProperties"] is False
    assert definition["description"].endswith(".")
    for key, field in fields.items():
        assert definition["properties"][key]["description"].startswith(field.meaning)


def test_it_has_every_table() -> None:
    """Each table is a list of its records, and says what they are."""
    schema = json_schema()
    assert list(schema["properties"]) == ["format", "title", *TABLES]
    assert schema["required"] == ["format"]
    assert schema["additionalProperties"] is False
    for table, model in TABLES.items():
        listed = schema["properties"][table]
        assert listed["items"] == {"$ref": f"#/definitions/{model.__name__}"}
        assert listed["description"] == model.__doc__
    assert schema["definitions"].keys() == RECORDS.keys()


def test_it_has_every_word() -> None:
    """A field with a fixed list of words offers each of them."""
    definitions = json_schema()["definitions"]
    lists = 0
    for name, fields in RECORDS.items():
        for key, field in fields.items():
            assert definitions[name]["properties"][key].get("enum", []) == list(field.words)
            lists += bool(field.words)
    assert lists == 8


def test_it_says_what_an_action_needs() -> None:
    """What an action must carry beyond the required fields is told where an editor shows it."""
    action = json_schema()["definitions"]["Update"]["properties"]["action"]
    assert "close (outcome, note), extend (deadline, note, by)" in action["description"]
    assert "checked (" not in action["description"]


@pytest.mark.parametrize(
    "text",
    [SHIPPED.read_text("utf-8"), SMALL, FULL, empty_register()],
    ids=["shipped", "small", "examples", "new"],
)
def test_valid_registers_pass(text: str) -> None:
    """What is shipped, taught and tested has no fault for a reader of JSON Schema."""
    assert list(checker().iter_errors(in_json(tomllib.loads(text)))) == []


@hypothesis.given(plain_registers() | graded_registers())
def test_every_valid_register_passes(rows: Rows) -> None:
    """An editor complains of nothing that socwatch takes."""
    assert list(checker().iter_errors(in_json(rows))) == []


@pytest.mark.parametrize("table", TABLES)
def test_it_agrees_with_socwatch(table: str) -> None:
    """Any field that is left out, misspelt or of another type is taken by both or by neither."""
    check = checker()
    refused = 0
    for record in tomllib.loads(FULL)[table]:
        assert is_a_register({"format": 1, table: [record]})
        for key, value in record.items():
            without = {name: entry for name, entry in record.items() if name != key}
            for other in (
                without,
                without | {f"{key}x": value},
                without | {key: True},
                without | {key: 7},
                without | {key: 0},
                without | {key: ""},
                without | {key: []},
                without | {key: [7]},
                without | {key: {"a": "b"}},
                without | {key: "Not an id!"},
                without | {key: "2025-13"},
                without | {key: "2025-02"},
                without | {key: "immediately"},
                without | {key: "six months"},
            ):
                spoilt = {"format": 1, table: [other]}
                taken = check.is_valid(in_json(spoilt))
                assert taken == is_a_register(spoilt), (table, other)
                refused += not taken
    assert refused


@pytest.mark.parametrize(
    ("written", "taken"),
    [
        ("2025-01-01", True),
        ('"2025-01-01"', True),
        ('"2025-01"', True),
        ('"2025"', True),
        ('"immediately"', True),
        ('"6 months"', True),
        ('"a year"', True),
        ('"1 day"', True),
        ('"28 Days"', True),
        ('"An hour"', False),
        ('"Immediately"', True),
        ('"soon"', False),
        ('"six months"', False),
        ('"2025-13"', False),
        ('"2025-00"', False),
        ('"2025-01-32"', False),
        ('"1 January 2025"', False),
        ("2025", False),
        ("2025-01-01T00:00:00Z", False),
    ],
)
def test_deadlines(written: str, taken: bool) -> None:  # noqa: FBT001  # one of two columns
    """A deadline is a date, a month, a year, a span or immediately, for socwatch and editors."""
    values = tomllib.loads(SMALL.replace("deadline = 2025-01-01", f"deadline = {written}"))
    assert checker().is_valid(in_json(values)) is taken
    assert is_a_register(values) is taken


def test_it_is_written_to_a_file(soc: Soc) -> None:
    """`--output` writes what would have been printed, over the schema of an older socwatch too."""
    soc.write("old", "recommendations.schema.json")
    ran = soc("schema", "--output", "recommendations.schema.json")
    assert (ran.out, ran.err) == ("", "")
    written = (soc.folder / "recommendations.schema.json").read_text("utf-8")
    assert written == soc("schema").out
    assert [path.name for path in soc.folder.iterdir()] == ["recommendations.schema.json"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("schema", "-o", "recommendations.toml"),
        ("schema", "-o", "link.toml"),
        ("schema", "--records", "other.toml", "-o", "other.toml"),
        ("--records", "other.toml", "schema", "-o", "other.toml"),
    ],
)
def test_it_never_replaces_the_register(soc: Soc, arguments: tuple[str, ...]) -> None:
    """The register that is found or named is no file to write to, under whatever name."""
    paths = [soc.write(SMALL), soc.write(SMALL, "other.toml")]
    (soc.folder / "link.toml").symlink_to("recommendations.toml")
    assert "would overwrite the register" in soc(*arguments, code=5).err
    assert all(path.read_text("utf-8") == SMALL for path in paths)


def test_it_is_had_beside_a_register_with_faults(soc: Soc) -> None:
    """The schema is no answer from the register, so faults in it are no hindrance."""
    soc.write("format =\n")
    assert json.loads(soc("schema").out)["title"] == "A register of socwatch"
    soc("schema", "-o", "recommendations.schema.json")
    assert (soc.folder / "recommendations.schema.json").is_file()


# Below, the programs that editors use. Neither is let near a network: none of taplo's catalogues
# is asked for, and tombi is told so. Their settings and caches are those of an empty folder.


@pytest.fixture
def linted(soc: Soc) -> Soc:
    """A folder with the schema, in which no setting of anybody's is found."""
    soc("schema", "--output", "recommendations.schema.json")
    soc.write("", "tombi.toml")
    return soc


def found(name: str) -> str:
    """A program's path, beside this Python or elsewhere; a test skips with its name without it."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    program = shutil.which(name, path=path)
    if program is None:
        pytest.skip(f"needs {name}")
    return program


def lint(soc: Soc, tool: str, text: str, *more: str) -> str:
    """What a tool complains of in a register; "" if nothing."""
    path = soc.write(text)
    arguments = {
        "taplo": ("--no-auto-config", "--colors", "never"),
        "tombi": ("--offline", "--error-on-warnings"),
    }
    home = str(soc.folder / "home")
    ran = subprocess.run(
        [found(tool), "lint", *arguments[tool], *more, str(path)],
        cwd=soc.folder,
        env={**bare_environment(), "NO_COLOR": "1", "HOME": home, "XDG_CACHE_HOME": home},
        capture_output=True,
        check=False,
        text=True,
        timeout=TIMEOUT,
    )
    complaints = [
        line.strip()
        for line in (ran.stdout + ran.stderr).splitlines()
        if re.match(r"\s*(error|Error|Warning):", line)
    ]
    assert bool(complaints) == (ran.returncode != 0), ran.stderr
    return "\n".join(complaints)


both_tools = pytest.mark.parametrize("tool", ["taplo", "tombi"])


@pytest.mark.slow
@both_tools
@pytest.mark.parametrize(
    "text",
    [SHIPPED.read_text("utf-8"), SMALL, FULL, empty_register()],
    ids=["shipped", "small", "examples", "new"],
)
def test_editors_take_valid_registers(linted: Soc, tool: str, text: str) -> None:
    """With the schema named in its first line a valid register has no fault in either tool."""
    assert lint(linted, tool, DIRECTIVE + text) == ""
    assert lint(linted, tool, DIRECTIVE + "formt = 1\n" + text) != ""


@pytest.mark.slow
@both_tools
@pytest.mark.parametrize(
    ("right", "wrong", "complaint"),
    [
        ("question =", "qestion =", "qestion"),
        ("[[grades]]", "[[grade]]", "grade"),
        ('kind = "force"', 'kind = "forse"', '"forse"'),
        ('name = "Norfolk Constabulary"', "name = 7", "7 is not of type|found Integer"),
        ('publisher = "A Paper"\n', "", '"publisher" is (a )?required'),
        ("deadline = 2025-01-01", 'deadline = "soon"', '"soon"'),
        ('deadline = "2025-03"', "deadline = 2025", "2025 is not valid|found Integer"),
        ("published = 2024-05-14", 'published = "May 2024"', '"May 2024"|found String'),
        ('bodies = ["norfolk"]', "bodies = []", "less than 1|at least 1"),
        ('id = "cause"', 'id = "The Cause"', '"The Cause"'),
        ("recommendations_stated = 3", "recommendations_stated = 0", "minimum|value must be [>≥]"),
        ("T12:00:00Z", "T12:00:00", "date-time|found LocalDateTime"),
        ("format = 1", "format = 2", "maximum|value must be [<≤]"),
    ],
    ids=[
        "misspelt field",
        "misspelt table",
        "wrong word",
        "number for text",
        "missing field",
        "bad deadline",
        "number for a deadline",
        "text for a day",
        "empty list",
        "bad id",
        "number too small",
        "time without a zone",
        "newer format",
    ],
)
def test_editors_refuse(linted: Soc, tool: str, right: str, wrong: str, complaint: str) -> None:
    """Either tool names the misspelt key, the wrong word, the wrong type, the missing field."""
    text = SMALL + update(1, "r1", "start", "2024-06-01")
    assert right in text
    assert re.search(complaint, lint(linted, tool, DIRECTIVE + text.replace(right, wrong)))
    assert "fault" in linted("validate", code=3).out


@pytest.mark.slow
def test_a_date_in_quotes(linted: Soc) -> None:
    """A day in quotes is refused by tombi; taplo hands dates on as strings, and cannot see it.

    `socwatch validate` sees it.
    """
    text = SMALL + update(1, "r1", "start", "2024-06-01")
    text = DIRECTIVE + text.replace("on = 2024-06-01", 'on = "2024-06-01"')
    assert "value of type LocalDate, but found String" in lint(linted, "tombi", text)
    assert lint(linted, "taplo", text) == ""
    assert "on is a date in quotes" in linted("validate", code=3).out


@pytest.mark.slow
def test_taplo_takes_the_schema_by_its_address(linted: Soc) -> None:
    """`taplo lint --schema file://…` checks a register whose first line names no schema."""
    schema = (linted.folder / "recommendations.schema.json").as_uri()
    text = SMALL.replace("question =", "qestion =")
    assert "'qestion' was unexpected" in lint(linted, "taplo", text, "--schema", schema)
    assert lint(linted, "taplo", text) == ""
