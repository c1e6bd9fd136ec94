"""The command line itself: help for every command and option, the version, no surprises."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

from conftest import Soc, bare_environment
from registers import SOUND
from socwatch import __version__
from socwatch.cli import COMMANDS, SOCWATCH, options
from socwatch.cli.formats import format_names
from socwatch.cli.typer_seam import Command, TyperArgument, TyperOption, parsers
from socwatch.records import ACTIONS, Action
from socwatch.tracking import DUE_SOON_DAYS

WIDE = {"COLUMNS": "200"}
HEADING = re.compile(r"Usage: socwatch")


def words(text: str) -> str:
    """A help page's text without the lines that frame it."""
    return " ".join(re.sub(r"[─│╭╮╰╯]", " ", text).split())


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_help_of_a_command(soc: Soc, command: Command) -> None:
    """A command's help begins with its summary, explains its words, and needs no register."""
    text = soc(command.name, "--help", environment=WIDE)
    assert text.err == ""
    assert f"Usage: socwatch {command.name}" in text.out
    lines = [line.strip() for line in text.out.splitlines() if line.strip()]
    assert lines[1] == command.summary
    assert "\\n" not in text.out
    assert "None" not in text.out
    assert not re.search(r"<\w+|list\[|\[x", text.out), "the names of types are for programmers"


def test_every_option_has_help() -> None:
    """Each option and argument of each command says in a sentence what it is for."""
    silent: list[str] = []
    for name, found in parsers(SOCWATCH):
        silent += [
            f"{name} {parameter.name}"
            for parameter in found.params
            if not re.search(r"\w.*[.)]$", getattr(parameter, "help", None) or "", re.DOTALL)
        ]
    assert silent == []


@pytest.mark.parametrize("action", [action for action in Action if action is not Action.RETRACT])
def test_required_options_look_required(soc: Soc, action: Action) -> None:
    """What a command cannot do without stands under "Required" in its help, and nothing else."""
    found = dict(parsers(SOCWATCH))[action.value]
    required = {
        parameter.name
        for parameter in found.params
        if (isinstance(parameter, TyperArgument) and parameter.required)
        or getattr(parameter, "rich_help_panel", None) == "Required"
    }
    assert required == set(ACTIONS[action].required)
    text = words(soc(action.value, "--help", environment=WIDE).out)
    options = required - {"deadline", "owner"}  # these are arguments
    assert len(re.findall(r"\w\. Required\.", text)) == len(options)
    assert (" Required --" in text) == bool(options)


def test_within_means_one_thing() -> None:
    """An item is due soon with so many days or fewer to its deadline, in every command."""
    said = {
        name: parameter.help or ""
        for name, command in parsers(SOCWATCH)
        for parameter in command.params
        if isinstance(parameter, TyperOption) and "--within" in parameter.opts
    }
    assert {"check", "list", "status"} <= set(said)
    meaning = "An item is due soon with DAYS days or fewer to its deadline"
    assert [name for name, words in said.items() if not words.startswith(meaning)] == []


def test_formats_of_the_help() -> None:
    """Every command with --format names in its help the formats that it has, in their order."""
    having = set()
    for name, found in parsers(SOCWATCH):
        for parameter in found.params:
            if isinstance(parameter, TyperOption) and "--format" in parameter.opts:
                having.add(name)
                of_help = (parameter.help or "").partition(";")[0]
                named = of_help if parameter.metavar == "FORMAT" else parameter.metavar
                assert re.findall(r"\b(?!or\b)\w+", named or "") == format_names(name)
    assert having >= {"status", "trend", "check", "paper", "export", "validate"}
    assert "calendar" not in having


def test_format_choices_are_whole(soc: Soc) -> None:
    """At 80 columns the help names every format in one piece."""
    text = words(soc("list", "--help", environment={"COLUMNS": "80"}).out)
    for name in ("table", "plain", "json", "csv", "markdown"):
        assert re.search(rf"\b{name}\b", text)


def test_alone(soc: Soc) -> None:
    """`socwatch` alone prints what `--help` and `-h` print, and ends with 0."""
    alone, long, short = (soc(*given).out for given in ((), ("--help",), ("-h",)))
    assert HEADING.search(alone)
    assert alone.strip() == long.strip() == short.strip()
    said = words(alone)
    for command in COMMANDS:
        assert f"{command.name} {command.summary}" in said


def test_short_help_of_a_command(soc: Soc) -> None:
    """`-h` and `--help` are the same, also behind other arguments."""
    assert soc("why", "-h").out == soc("why", "--help").out
    assert soc("why", "nonsense", "--records", "gone.toml", "-h").out == soc("why", "-h").out


def test_version(soc: Soc) -> None:
    """`--version` prints the name and the version, and looks at nothing else."""
    assert soc("--version").out == f"socwatch {__version__}\n"
    assert soc("--records", "gone.toml", "--version").out == f"socwatch {__version__}\n"


def test_default_of_within() -> None:
    """What the help calls the default of --within is what tracking calls due soon."""
    assert options.DUE_SOON == DUE_SOON_DAYS


@pytest.mark.parametrize(
    ("typed", "meant"), [("staus", "status"), ("lst", "list"), ("valdate", "validate")]
)
def test_mistyped_command(soc: Soc, typed: str, meant: str) -> None:
    """A command that there is not is code 2, with the nearest one that there is."""
    ran = soc(typed, code=2)
    assert ran.out == ""
    assert ran.err.startswith(f"socwatch: no such command '{typed}'")
    assert meant in ran.err


def test_names_that_begin_with_a_hyphen(soc: Soc) -> None:
    """Behind -- nothing is an option: a name is a name, found or not."""
    soc.write("format = 1\n")
    ran = soc("show", "--", "--help", code=4)
    assert "there is no finding, body or inspection '--help'" in ran.err


CALLS = {
    "status": "", "list": "", "show": "r1", "why": "r1", "grades": "", "responses": "", "log": "",
    "check": "", "changes": "--since 2024-01-01", "trend": "", "timeline": "",
    "paper": "--output paper.html", "calendar": "", "export": "--format jsonl",
    "start": "r1", "done": "r1", "sign-off": "r1 --by HMICFRS", "reopen": "r1 --note why",
    "extend": "r2 2027-01-01 --by HMICFRS --note why",
    "close": "r2 --outcome not-accepted --note why",
    "assign": "a1 B", "note": "a1 --note word", "checked": "a1",
    "mute": "r1@norfolk --until 2100-01-01 --note why", "undo": "",
    "add": "source --id gazette --publisher P --title T", "edit": "", "validate": "",
     "import": "--template blank.xlsx",
     "init": "new.toml", "merge": "new.toml", "schema": "",
}  # fmt: skip
"""A call of each command that gets to its end, but for `edit`, which needs a terminal."""

EACH_CALL = """
import io, json, sys
from socwatch.cli import run
def printed(words):
    sys.stdout, sys.stderr = (io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2))
    code = run(words)
    streams = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__
    for stream in streams:
        stream.flush()
    return code, *(stream.buffer.getvalue().decode() for stream in streams)
calls = json.loads(sys.argv[1])
print(json.dumps([(" ".join(words), *printed(words)) for words in calls]))
"""


@pytest.mark.parametrize(
    "names", [["add", "check", "edit", "schema"], pytest.param([*CALLS], marks=pytest.mark.slow)]
)
def test_without_docstrings(soc: Soc, names: list[str]) -> None:
    """`python -OO` throws away the docstrings that help is made of, and nothing changes by it."""
    assert set(CALLS) == {command.name for command in COMMANDS}
    helps = (name.split() for name, _ in parsers(SOCWATCH))
    calls = json.dumps(
        [[*words, "--help"] for words in helps if not words or words[0] in names]
        + [[name, *CALLS[name].split()] for name in names]
    )
    told = []
    for optimised in ("-B", "-OO"):
        folder = soc.folder / optimised
        Soc(folder).write(SOUND)
        ended = subprocess.run(
            [sys.executable, optimised, "-c", EACH_CALL, calls],
            cwd=folder, env=bare_environment(), capture_output=True, check=False, text=True,
        )  # fmt: skip
        assert (ended.returncode, ended.stderr) == (0, "")
        told.append([
            (call, code, re.sub(r"u-[0-9a-f]{8}", "u-", out), re.sub(r"u-[0-9a-f]{8}", "u-", err))
            for call, code, out, err in json.loads(ended.stdout)
        ])  # fmt: skip
    whole, optimised_away = told
    assert whole == optimised_away
    codes = {call: code for call, code, _, _ in whole}
    assert {call for call, code in codes.items() if code} == {"check", "edit"}
    said = {call: out for call, _, out, _ in whole}
    assert COMMANDS[0].summary in said["--help"]
    assert "Add a finding: what an inspection leaves a body with." in said["add finding --help"]
    assert '"description": "Where something was read."' in said["schema"]
