"""What cli/typer_seam.py relies on in typer: one test for each fact, which fails if it changes.

A new version of typer is let in by raising its bound in pyproject.toml and running these.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import IO, Annotated, Any

import pytest
import typer

from conftest import ROOT, TIMEOUT, bare_environment
from socwatch.cli import typer_seam
from socwatch.cli.typer_seam import (
    Command,
    TyperCommand,
    TyperGroup,
    parser,
    parsers,
    read,
    run_typer,
)
from socwatch.errors import SystemFailed, UsageError
from toy import MADE, SAID, TOY, root, say


@pytest.fixture(autouse=True)
def _said() -> Iterator[None]:
    SAID.clear()
    yield
    SAID.clear()


# ------------------------------------------------------------------------------------- one seam


def _modules_named(module: Path) -> Iterator[str]:
    """The modules that a module imports, and the parts of typer that it reaches through typer."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        match node:
            case ast.Import():
                yield from (each.name for each in node.names)
            case ast.ImportFrom(module=str(name)):
                yield from (f"{name}.{each.name}" for each in node.names)
            case ast.Attribute(value=ast.Name("typer"), attr=part):
                if isinstance(getattr(typer, part), ModuleType):
                    yield f"typer.{part}"


@pytest.mark.parametrize("folder", ["src", "tests", "docs"])
def test_one_module_knows_the_inside(folder: str) -> None:
    """No other module imports a part of typer, or click, of which typer has a copy of its own."""
    knowing = {
        path.name
        for path in (ROOT / folder).rglob("*.py")
        for name in _modules_named(path)
        if name.partition(".")[0] in {"typer", "click"} and name != "typer"
    }
    assert knowing == ({"typer_seam.py"} if folder == "src" else set())


# ------------------------------------------------------------------------------- building a parser


def test_the_version_is_bounded() -> None:
    """The dependency on typer admits no version whose first two numbers were never tried."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    (bound,) = (each for each in project["dependencies"] if each.startswith("typer"))
    tried = ".".join(typer.__version__.split(".")[:2])
    assert bound == f"typer>={tried},<0.{int(tried.split('.')[1]) + 1}"


def test_one_command_alone_is_no_group() -> None:
    """A typer app of one command gives that command, of the class and with the help it is given."""
    found = dict(parsers(TOY))["say"]
    assert isinstance(found, TyperCommand)
    assert type(found).__module__ == typer_seam.__name__
    assert found.help == "Say a word.\n\nIn a second paragraph, on two lines."
    assert found.short_help == "Say a word."
    assert found.context_settings["help_option_names"] == ["-h", "--help"]


def test_a_callback_makes_a_group() -> None:
    """A typer app with a callback gives a group of the callback's class, also without commands."""
    found = parser(TOY, root=True)
    assert isinstance(found, TyperGroup)
    assert type(found).__module__ == typer_seam.__name__
    assert {*found.commands} == {"say", "fail", "group"}


def test_completion_is_two_options_of_the_root() -> None:
    """Where completion is asked for, the root has the options that install and show it."""
    typed = {option for each in parser(TOY, root=True).params for option in each.opts}
    assert typed == {"--records", "--install-completion", "--show-completion"}
    assert {option for each in parser(TOY).params for option in each.opts} == {"--records"}


def test_typer_reads_the_signature() -> None:
    """Parameters come from `__signature__`, their annotations evaluated, and are given by name."""
    assert run_typer(TOY, ["say", "ho", "-qt", "2", "--also", "hey", "--also", "ha"]) is None
    assert run_typer(TOY, ["say", "ho"]) is None
    assert SAID == [("say", "ho", 2, ["hey", "ha"], True), ("say", "ho", 1, None, False)]


def test_a_parser_is_built_when_its_command_is_called() -> None:
    """Help, and completing the name of a command, ask only for the names and helps of commands."""
    parser.cache_clear()
    MADE.clear()
    found: Any = parser(TOY, root=True)
    context = found.make_context("toy", [], resilient_parsing=True)
    assert [each.value for each in found.shell_complete(context, "g")] == ["group"]
    assert "Speech" in _printed(["--help"])
    assert _printed(["group", "--help"]).index("inner") > 0
    assert MADE == []
    assert run_typer(TOY, ["group", "inner", "--given", "yes"]) is None
    assert SAID == ["inner", {"given": "yes"}]
    assert MADE == ["made"]


def test_what_is_resolved_is_run() -> None:
    """The command that `resolve_command` returns is run, in place of the one that was listed."""
    found: Any = parser(TOY, root=True)
    context = found.make_context("toy", [], resilient_parsing=True)
    name, resolved, rest = found.resolve_command(context, ["say", "ho"])
    assert (name, rest) == ("say", ["ho"])
    assert resolved is parser(found.offered["say"])
    assert resolved is not found.commands["say"]
    assert found.resolve_command(context, ["nothing", "more"]) == (None, None, ["more"])


def test_every_parser_is_found() -> None:
    """The walk through the parsers names each by what is typed for it."""
    assert [name for name, _ in parsers(TOY)] == ["", "say", "fail", "group", "group inner"]


def _ran(
    words: list[str],
    stdout: int | IO[bytes] = subprocess.PIPE,
    environment: Mapping[str, str] = MappingProxyType({}),
) -> subprocess.CompletedProcess[str]:
    """A call in a process of its own; stderr says what `run` returns, or what it raises."""
    return subprocess.run(
        [sys.executable, Path(__file__).with_name("toy.py"), *words],
        env={**bare_environment(), "COLUMNS": "80", "PYTHONIOENCODING": "utf-8", **environment},
        stdout=stdout, stderr=subprocess.PIPE, check=False, encoding="utf-8", timeout=TIMEOUT,
    )  # fmt: skip


NAMED = {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
"""With it typer takes the name of a shell, and does not look which one has called."""


def _printed(words: list[str], **environment: str) -> str:
    """What a call prints after which `run` returns 0."""
    ended = _ran(words, environment=environment)
    assert ended.stderr == "0\n"
    assert isinstance(ended.stdout, str)
    return ended.stdout


def test_help_without_types() -> None:
    """An empty metavar, and an argument's own `display_type_rich`, leave the types out of help."""
    said = _printed(["say", "-h"])
    assert "Usage: toy say [OPTIONS] {WORD}" in said
    assert "--times" in said
    assert not {"<int>", "<str>", "<list", "INTEGER", "TEXT"} & set(said.split())
    assert "<" not in said
    assert "Usage: toy group [OPTIONS] KIND [OPTIONS]" in _printed(["group", "-h"])


# ------------------------------------------------------------------------------ running and failing


def test_how_a_command_ends() -> None:
    """Outside of its standalone mode typer returns the code of an Exit, and 0 after help."""
    assert run_typer(TOY, ["say", "ho"]) is None
    assert run_typer(TOY, ["fail", "five"]) == 5
    assert "How often." in _printed(["say", "--help"])
    assert "_toy_completion" in _printed(["--show-completion", "bash"], **NAMED)


def test_ctrl_c() -> None:
    """Typer makes 130 of Ctrl-C and leaves an Abort, as of a prompt, as it is; both are one."""
    for kind in ("interrupt", "abort"):
        with pytest.raises(KeyboardInterrupt):
            run_typer(TOY, ["fail", kind])


def test_our_own_errors_pass() -> None:
    """An exception of a command leaves typer as it was raised."""
    with pytest.raises(UsageError, match=r"^ours$"):
        run_typer(TOY, ["fail", "ours"])
    with pytest.raises(SystemFailed, match="No space left"):
        run_typer(TOY, ["fail", "system"])


@pytest.mark.parametrize(
    ("words", "message", "remedy"),
    [
        (["say", "ho", "--loud"], "no such option: --loud (Possible options: --also)",
         "see: toy say --help"),
        (["say", "ho", "--quit"], "no such option: --quit (Possible options: --quiet)",
         "see: toy say --help"),
        (["say", "ho", "--times"], "option '--times' requires an argument", "see: socwatch --help"),
        (["say", "ho", "hey"], "got unexpected extra argument(s) (hey)", "see: toy say --help"),
        (["sy", "ho"], "no such command 'sy'. Did you mean 'say'?", "see: toy --help"),
        (["say"], "missing argument 'WORD'", "see: toy say --help"),
        (["group", "innr"], "no such command 'innr'. Did you mean 'inner'?",
         "see: toy group --help"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)  # fmt: skip
def test_usage_errors(words: list[str], message: str, remedy: str) -> None:
    """What typer cannot parse, it tells with the command, in a sentence that is used as it is."""
    with pytest.raises(UsageError) as raised:
        run_typer(TOY, words)
    assert str(raised.value) == message
    assert raised.value.remedy == remedy


def test_a_missing_argument_knows_its_help() -> None:
    """The error for a missing argument holds the argument, with its metavar and its help."""
    named = Command("toy", root, commands=lambda: (Command("show", say),))
    with pytest.raises(UsageError) as raised:
        run_typer(named, ["show"])
    assert str(raised.value) == "show lacks WORD: what is said"
    assert raised.value.remedy == "write it as: socwatch show ID"


def test_help_that_nobody_reads() -> None:
    """Where the reader of help is gone typer ends with SystemExit, and that is no failure."""
    reading, writing = os.pipe()
    os.close(reading)
    ended = _ran(["say", "--help"], writing)
    os.close(writing)
    assert ended.stderr == "0\n"


# A device on which every write fails; Linux alone has it.
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_help_that_cannot_be_printed() -> None:
    """What goes wrong as help is printed is raised in a module of typer or of rich."""
    with Path("/dev/full").open("wb") as full:
        ended = _ran(["say", "--help"], full)
    assert ended.stderr.endswith(
        "OutputRefused: the answer cannot be printed: No space left on device\n"
    )


# ---------------------------------------------------------------------- reading what cannot be run


@pytest.mark.parametrize(
    ("words", "command", "options"),
    [
        (["say", "--loud", "-qt", "many", "ho"], "say", {"--quiet": True, "-t": "many"}),
        (["--loud", "--records", "x", "say", "--times=1", "--times", "2"], "say",
         {"--records": "x", "--times": "2"}),
        (["say", "-q", "--times"], "say", {"-q": True}),
        (["say", "--", "--times", "2"], "say", {}),
        (["say", "--also", "--times", "--also", "2"], "say", {"--also": ["--times", "2"]}),
        (["group", "inner", "--given"], "group inner", {}),
        (["group", "oops", "inner", "--given", "x"], "group inner", {"--given": "x"}),
        (["oops", "--records", "x"], "", {}),
        (["--help"], "", {}),
        ([], "", {}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)  # fmt: skip
def test_reading(words: list[str], command: str, options: dict[str, object]) -> None:
    """A parser that is told to be lenient gives what it has read, as it is typed, and runs none."""
    found = read(TOY, words)
    assert found.command == command
    assert options.items() <= found.options.items()
    assert ("--times" in found.options) == any(name in options for name in ("--times", "-t"))
    assert SAID == []


# --------------------------------------------------------------------------------------- completion


def _completed(
    line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> list[str]:
    """What bash is offered for the last word of a line, in the form of its script."""
    words = line.split(" ")
    monkeypatch.setenv("_TOY_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", "\n".join(words))
    monkeypatch.setenv("COMP_CWORD", str(len(words) - 1))
    monkeypatch.setattr(typer_seam, "COMPLETING", "_TOY_COMPLETE")
    assert run_typer(COMPLETED, []) == 0
    return capsys.readouterr().out.split()


def complete(ctx: typer.Context) -> list[str]:
    """Offer names, and the values that are typed already."""
    assert ctx.parent is not None
    typed = [ctx.parent.params["records"], ctx.params["first"], ctx.info_name]
    return ["anna", "anton", "ben", *(f"a={word}" for word in typed)]


def choose(
    first: Annotated[str, typer.Option("--first")] = "none",
    name: Annotated[str, typer.Argument(autocompletion=complete)] = "",
    word: Annotated[str, typer.Option("--word", autocompletion=lambda: ["one", "two"])] = "",
    number: Annotated[int, typer.Option("--number")] = 0,
) -> None:
    """Choose."""
    SAID.append((first, name, word, number))


COMPLETED = Command("toy", root, commands=lambda: (Command("choose", choose),))


def test_what_a_completer_gives(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Typer offers what begins as the word does; a completer knows what is typed so far."""
    for line, offered in (
        ("toy ch", ["choose"]),
        ("toy choose b", ["ben"]),
        ("toy choose an", ["anna", "anton"]),
        ("toy choose a=", ["a=", "a=none", "a=choose"]),
        ("toy --records r choose --number oops --first f a=", ["a=r", "a=f", "a=choose"]),
        ("toy choose --word ", ["one", "two"]),
        ("toy choose --word=t", ["two"]),
        ("toy choose --fi", ["--first"]),
    ):
        assert _completed(line, monkeypatch, capsys) == offered, line
    assert SAID == []


def test_the_scripts_of_the_shells() -> None:
    """The script for bash hands on one word a line, in these variables; the others a whole line."""
    bash, zsh, fish = (
        _printed(["--show-completion", name], **NAMED) for name in ("bash", "zsh", "fish")
    )
    for words in ("local IFS=$'\n'", 'COMP_WORDS="${COMP_WORDS[*]}"', "COMP_CWORD=$COMP_CWORD",
                  "_TOY_COMPLETE=complete_bash"):  # fmt: skip
        assert words in bash
    assert "_TOY_COMPLETE=complete_zsh" in zsh
    assert "_TYPER_COMPLETE_ARGS=" in zsh
    assert "_TOY_COMPLETE=complete_fish" in fish
    assert '--condition "env' in fish


def test_fish_is_told_by_the_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Typer ends with 1 where fish asks whether there is anything to offer, and there is not."""
    monkeypatch.setattr(typer_seam, "COMPLETING", "_TOY_COMPLETE")
    monkeypatch.setenv("_TOY_COMPLETE", "complete_fish")
    monkeypatch.setenv("_TYPER_COMPLETE_FISH_ACTION", "is-args")
    for line, code in (("toy choose b", 0), ("toy choose x", 1)):
        monkeypatch.setenv("_TYPER_COMPLETE_ARGS", line)
        assert run_typer(COMPLETED, []) == code
    assert capsys.readouterr().out == ""


def test_the_environment_that_typer_stumbles_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Typer itself fails where TERMINAL_WIDTH is no number, or a shell asks and gives no line."""
    monkeypatch.setenv("TERMINAL_WIDTH", "wide")
    with pytest.raises(ValueError, match="wide"):
        _fresh_rich_utils()
    monkeypatch.setenv("_TOY_COMPLETE", "complete_bash")
    found: Any = parser(COMPLETED, root=True)
    with pytest.raises(KeyError, match="COMP_WORDS"):
        found.main([], prog_name="toy", standalone_mode=False)


def _fresh_rich_utils() -> None:
    import importlib

    sys.modules.pop("typer.rich_utils", None)
    importlib.import_module("typer.rich_utils")


# ------------------------------------------------------------------------------ parsers of a value


def _days(typed: str) -> int:
    SAID.append(typed)
    if not str(typed).isdigit():
        message = f"{typed} is no number of days"
        raise UsageError(message)
    return int(typed)


def wait(days: Annotated[int, typer.Option("--days", parser=_days)] = 28) -> None:
    """Wait."""
    SAID.append(("waited", days))


def test_a_parser_of_a_value() -> None:
    """It is given what was typed, and the default too; what it raises leaves typer as it is."""
    waiting = Command("toy", root, commands=lambda: (Command("wait", wait),))
    assert run_typer(waiting, ["wait"]) is None
    assert run_typer(waiting, ["wait", "--days", "7"]) is None
    assert SAID == [28, ("waited", 28), "7", ("waited", 7)]
    with pytest.raises(UsageError, match=r"^soon is no number of days$"):
        run_typer(waiting, ["wait", "--days", "soon"])
