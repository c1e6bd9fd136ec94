"""`validate`: every fault of a register at once, for people, for scripts, for GitHub."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conftest import Soc
from registers import SMALL, update

FAULTY = SMALL.replace('grade = "inadequate"', 'grade = "inadequat"').replace(
    "deadline =", "dedline ="
)
"""The small register with a word that is no grade and, twice, a field that is none."""

LINES = [
    number
    for number, line in enumerate(FAULTY.splitlines(), start=1)
    if '"inadequat"' in line or line.startswith("dedline =")
]
"""Where its three faults are."""


def test_a_valid_register_is_said_to_be_valid_and_how_much_it_holds(soc: Soc) -> None:
    """One line on stdout names the file and counts what is in it; the exit code is 0."""
    soc.write(SMALL + update(1, "r1", "start", "2024-06-01"))
    ran = soc("validate")
    assert ran.out == "recommendations.toml is valid: 4 findings for 3 bodies, 1 update.\n"
    assert ran.err == ""


def test_a_register_without_records_is_valid(soc: Soc) -> None:
    """Nothing but the format is enough."""
    soc.write("format = 1\n")
    out = soc("validate").out
    assert out == "recommendations.toml is valid: 0 findings for 0 bodies, 0 updates.\n"


def test_the_shipped_register_is_valid(shipped: Soc) -> None:
    """What socwatch ships has no fault, and is left as it is."""
    path = shipped.folder / "data" / "recommendations.toml"
    before = path.read_bytes()
    out = shipped("validate").out
    assert out.startswith(f"{Path('data', 'recommendations.toml')} is valid: ")
    assert "fault" not in out
    assert path.read_bytes() == before


def test_every_fault_is_the_answer(soc: Soc) -> None:
    """All faults go to stdout in the order of the file, counted below; the exit code is 3."""
    soc.write(FAULTY)
    ran = soc("validate", code=3)
    heads = [line for line in ran.out.splitlines() if line.startswith("recommendations.toml:")]
    word = "unknown-word: grade cannot be 'inadequat'"
    field = "unknown-field: this record of [[findings]] has no field 'dedline'"
    assert heads == [
        f"recommendations.toml:{line}:1: {fault}"
        for line, fault in zip(LINES, (word, field, field), strict=True)
    ]
    assert ran.out.count("did you mean deadline?") == 2
    assert ran.out.endswith("\n\n3 faults: mend what is listed, then: socwatch validate\n")
    assert "valid:" not in ran.out
    assert ran.err == ""


def test_one_fault_is_counted_as_one(soc: Soc) -> None:
    """A single fault is not called faults."""
    soc.write("")
    out = soc("validate", code=3).out
    assert out.splitlines()[-1].startswith("1 fault: ")
    assert "missing-field" in out
    assert "faults" not in out


def test_other_commands_refuse_with_the_same_list(soc: Soc) -> None:
    """What `validate` answers is what every other command complains of, on stderr."""
    soc.write(FAULTY)
    listed, _, _ = soc("validate", code=3).out.rpartition("\n3 faults")
    ran = soc("status", code=3)
    assert ran.err.startswith(listed)
    assert "3 faults" in ran.err
    assert ran.out == ""


def test_faults_for_scripts(soc: Soc) -> None:
    """JSON is one object with a row for each fault, its keys those that are promised."""
    soc.write(FAULTY)
    answer = json.loads(soc("validate", "--format", "json", code=3).out)
    rows = answer.pop("rows")
    assert answer == {
        "schema_version": 1,
        "command": "validate",
        "records": "recommendations.toml",
        "valid": False,
        "copies": [],
    }
    assert rows[0] == {
        "name": "unknown-word",
        "file": "recommendations.toml",
        "line": LINES[0],
        "column": 1,
        "message": "grade cannot be 'inadequat'",
        "remedy": 'write "inadequate"',
        "excerpt": 'grade = "inadequat"',
        "excerpt_column": 1,
    }
    assert [row["line"] for row in rows] == LINES


def test_many_faults_of_one_line_for_scripts(soc: Soc) -> None:
    """A line with many problems is not repeated whole for each, and each excerpt has its place."""
    rows = ", ".join(f'{{ id = "s-{n}", colour = "red" }}' for n in range(200))
    soc.write(f"format = 1\nsources = [{rows}]\n")
    answer = soc("validate", "--format", "json", code=3).out
    found = [row for row in json.loads(answer)["rows"] if row["name"] == "unknown-field"]
    assert len(found) == 200
    for row in found:
        assert row["excerpt"][row["excerpt_column"] - 1 :].startswith("colour")
        assert len(row["excerpt"]) < 200
    assert len(answer) < 1_000 * len(json.loads(answer)["rows"])


def test_an_id_that_is_free_is_suggested(soc: Soc) -> None:
    """Where an id and its first endings are taken, each further record is offered the next."""
    source = '\n[[sources]]\nid = "{0}"\npublisher = "P"\ntitle = "T"\n'
    records = "".join(map(source.format, ("s", "s-2", "s", "s-3", "s")))
    soc.write(f"format = 1\n{records}")
    rows = json.loads(soc("validate", "--format", "json", code=3).out)
    offered = [row["remedy"].rpartition(" ")[2] for row in rows["rows"]]
    assert offered == ['"s-3"', '"s-4"']


def test_the_first_repetition_of_a_list_is_marked(soc: Soc) -> None:
    """Of a list that repeats several names, the first value that was there already is told of."""
    body = '[[bodies]]\nid = "b"\nname = "B"\nkind = "force"\naliases = ["x", "y", "z", "y", "x"]\n'
    soc.write(f"format = 1\n{body}")
    rows = json.loads(soc("validate", "--format", "json", code=3).out)
    (row,) = rows["rows"]
    assert row["message"] == "aliases names 'y' twice"
    assert row["column"] == body.split("\n")[4].rindex('"y"') + 1


@pytest.mark.parametrize("before", ["", "é", "\U0001f600"])
def test_columns_are_counted_in_characters(soc: Soc, before: str) -> None:
    """The column of a problem counts characters, however many bytes those before it take."""
    line = f"bodies = [{{ id = 'b', name = '{before}', kind = 'x' }}]"
    soc.write(f"format = 1\n{line}\n")
    rows = json.loads(soc("validate", "--format", "json", code=3).out)
    found = next(row for row in rows["rows"] if row["name"] == "unknown-word")
    assert found["column"] == line.index("kind") + 1


def test_no_fault_for_scripts(soc: Soc) -> None:
    """A valid register gives the same object without a row."""
    soc.write(SMALL)
    answer = soc.json("validate")
    assert answer["valid"] is True
    assert answer["rows"] == []


def test_faults_for_github(soc: Soc) -> None:
    """Each fault is a workflow command of one line, and nothing else is printed."""
    soc.write(FAULTY)
    lines = soc("validate", "-f", "github", code=3).out.splitlines()
    assert len(lines) == 3
    assert lines[0] == (
        f"::error file={soc.folder}/recommendations.toml,line={LINES[0]},col=1,title=unknown-word::"
        "grade cannot be 'inadequat'%0Awrite \"inadequate\""
    )
    assert all(line.startswith("::error ") for line in lines)


@pytest.mark.parametrize("marked", ["variable", "git"])
def test_annotations_name_the_file_from_the_repository(soc: Soc, marked: str) -> None:
    """From a subfolder too, GitHub is told the path from the root of the repository."""
    folder = soc.folder / "tracker" / "west"
    soc.write(FAULTY, "tracker/west/recommendations.toml")
    if marked == "git":
        (soc.folder / ".git").mkdir()
    workspace = {"GITHUB_WORKSPACE": str(soc.folder)} if marked == "variable" else {}
    inside = Soc(folder, workspace)
    printed = inside("validate", "--format", "github", code=3).out
    assert printed.startswith("::error file=tracker/west/recommendations.toml,")
    assert str(soc.folder) not in printed


def test_no_fault_for_github(soc: Soc) -> None:
    """A valid register gets no annotation."""
    soc.write(SMALL)
    assert soc("validate", "--format", "github").out == ""


def test_unknown_format(soc: Soc) -> None:
    """A format that there is none of is wrong usage, and the right ones are named."""
    soc.write(SMALL)
    ran = soc("validate", "--format", "csv", code=2)
    assert "--format cannot be 'csv'" in ran.err
    assert "use one of plain, json, github" in ran.err
    assert ran.out == ""


def test_formats_are_completed(soc: Soc) -> None:
    """The shell completes the forms in which faults are told, and no other."""
    words = {"COMP_WORDS": "socwatch validate --format ", "COMP_CWORD": "3"}
    ran = soc(environment={"_SOCWATCH_COMPLETE": "complete_bash", **words})
    assert ran.out.split() == ["plain", "json", "github"]


@pytest.mark.parametrize("form", ["plain", "json", "github"])
def test_missing_register(soc: Soc, form: str) -> None:
    """Where there is no register there are no faults either: it is an error, which names `init`."""
    ran = soc("validate", "--format", form, code=3)
    assert ran.err.startswith("socwatch: there is no register: ")
    assert "socwatch init" in ran.err
    assert ran.out == ""


def test_unreadable_register(soc: Soc) -> None:
    """A folder without a register is an error, and the answer is not that it has faults."""
    (soc.folder / "folder.toml").mkdir()
    ran = soc("validate", "--records", "folder.toml", code=3)
    assert "no register in the folder folder.toml" in ran.err
    assert ran.out == ""


def test_the_register_that_is_named(soc: Soc) -> None:
    """`--records` names another register, before the command and after it."""
    soc.write(SMALL)
    soc.write("format = 1\nbodys = []\n", "other.toml")
    for arguments in (
        ("--records", "other.toml", "validate"),
        ("validate", "--records", "other.toml"),
    ):
        out = soc(*arguments, code=3).out
        assert out.startswith("other.toml:2:1: unknown-table: ")
        assert "recommendations.toml" not in out


def test_a_name_cannot_attack_the_terminal(soc: Soc) -> None:
    """What a terminal would obey is shown in the name of a valid register too."""
    soc.write(SMALL, "a\x1b[31m.toml")
    out = soc("validate", "--records", "a\x1b[31m.toml").out
    assert out.startswith(r"a\x1b[31m.toml is valid: ")
    assert "\x1b" not in out


def test_a_screen_without_unicode(soc: Soc) -> None:
    """Where stdout has only ASCII, faults are told in ASCII, and JSON still means the same."""
    soc.write(SMALL.replace('"A Paper"', '"A £ Paper"').replace('"paper"', '"päper"'))
    ascii_only = {"PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    plain = soc("validate", code=3, environment=ascii_only).out
    assert "bad-id" in plain
    assert plain.isascii()
    rows = json.loads(soc("validate", "-f", "json", code=3, environment=ascii_only).out)["rows"]
    assert rows[0]["excerpt"] == 'id = "päper"'
