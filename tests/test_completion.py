"""What the shell completes: commands, options, ids out of the register; never a complaint."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest

from conftest import TIMEOUT, Soc, bare_environment
from registers import SMALL, update
from socwatch.cli import COMMANDS
from socwatch.cli.formats import format_names


def completed(soc: Soc, line: str) -> list[str]:
    """What bash is given for the last word of a line; `|` is the cursor behind a blank."""
    words = line.removesuffix("|").split(" ")
    ran = soc(
        environment={
            "_SOCWATCH_COMPLETE": "complete_bash",
            "COMP_WORDS": " ".join(words),
            "COMP_CWORD": str(len(words) - 1),
        }
    )
    assert ran.err == ""
    return ran.out.split()


@pytest.fixture
def updated(soc: Soc) -> Soc:
    """The command beside the small register with two updates."""
    started = update(1, "r1", "start", "2024-06-01")
    soc.write(SMALL + started + update(2, "r1", "done", "2024-07-01"))
    return soc


def test_commands(soc: Soc) -> None:
    """Every command is offered, in any folder."""
    assert completed(soc, "socwatch |") == [command.name for command in COMMANDS]
    assert completed(soc, "socwatch stat") == ["status"]


def test_options(soc: Soc) -> None:
    """A command's options are offered behind a hyphen, and its own only."""
    offered = completed(soc, "socwatch list --")
    assert {"--overdue", "--format", "--recorded-until", "--records"} <= set(offered)
    assert "--overdue" not in completed(soc, "socwatch show --")


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("socwatch show n", ["norfolk", "northumbria", "north-region"]),
        ("socwatch show r", ["r1", "r2", "r2@norfolk", "r2@northumbria"]),
        ("socwatch why r2@", ["r2@norfolk", "r2@northumbria"]),
        ("socwatch show soc", ["soc-2024"]),
        ("socwatch status |", ["north-region", "norfolk", "northumbria"]),
        ("socwatch list --body norf", ["norfolk"]),
        ("socwatch list --inspection |", ["soc-2024"]),
        ("socwatch log r1", ["r1"]),
        ("socwatch show x", []),
        ("socwatch add finding --sources |", ["paper"]),
        ("socwatch add finding --contradicted-by p", ["paper"]),
        ("socwatch add finding --part-of cau", ["cause", "cause@norfolk", "cause@northumbria"]),
        ("socwatch undo |", ["u-2", "u-1"]),
    ],
)  # fmt: skip
def test_names(updated: Soc, line: str, offered: list[str]) -> None:
    """Where an id is wanted, those that begin so are offered, and no others."""
    assert sorted(completed(updated, line)) == sorted(offered)


def test_formats(updated: Soc) -> None:
    """Every format of a command is offered behind --format, and svg where there is a chart."""
    of_their_own = ("check", "export", "paper", "validate")
    for command in ("status", "changes", "trend", "timeline", *of_their_own):
        offered = completed(updated, f"socwatch {command} --format |")
        assert offered == format_names(command)
        assert ("svg" in offered) == (command in ("trend", "timeline"))
        assert ("table" in offered) == (command not in of_their_own)
    assert completed(updated, "socwatch paper --format m") == ["markdown"]


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("socwatch export --format |", ["xlsx", "csv", "jsonl", "db"]),
        ("socwatch export --table o", ["obligations"]),
        ("socwatch calendar --only |", ["deadlines", "responses"]),
        ("socwatch calendar --body norf", ["norfolk"]),
        ("socwatch calendar --kind caus", ["cause-of-concern"]),
    ],
)  # fmt: skip
def test_what_hands_on(updated: Soc, line: str, offered: list[str]) -> None:
    """The words of calendar and export are offered, and no others."""
    assert completed(updated, line) == offered


def test_named_register(updated: Soc) -> None:
    """Ids come from the register that the line names, or the variable."""
    updated.write('format = 1\n[[bodies]]\nid = "elsewhere"\n', "other.toml")
    assert completed(updated, "socwatch --records other.toml show |") == ["elsewhere"]
    assert completed(updated, "socwatch show --records other.toml |") == ["elsewhere"]
    assert completed(updated, "socwatch --records other.toml add grade --body |") == ["elsewhere"]
    assert completed(updated, "socwatch --records other.toml add grade --body nor") == []
    by_variable = Soc(updated.folder, {"SOCWATCH_RECORDS": "other.toml"})
    assert completed(by_variable, "socwatch show |") == ["elsewhere"]
    assert completed(updated, "socwatch show --records gone.toml |") == []


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe\x00[[",
        b"[[[[[[[[",
        b"format = 1\nbodies = 7\nfindings = ['x']\n[[inspections]]\nid = 3\n",
        b"findings = [{ bodies = 2 }, 5]",
        b"",
    ],
    ids=["bytes", "brackets", "shapes", "inline", "empty"],
)
def test_register_that_is_none(soc: Soc, content: bytes) -> None:
    """A file that is no register offers nothing, and there is no noise."""
    (soc.folder / "recommendations.toml").write_bytes(content)
    assert completed(soc, "socwatch show |") == []


def test_missing_register(soc: Soc) -> None:
    """Where there is no register, or only a folder of its name, nothing is offered."""
    assert completed(soc, "socwatch show |") == []
    (soc.folder / "recommendations.toml").mkdir()
    assert completed(soc, "socwatch status |") == []


def test_half_a_register(soc: Soc) -> None:
    """While a record is being typed, the ids of the others are still offered."""
    soc.write(SMALL + '[[findings]]\nid = "half\n')
    assert completed(soc, "socwatch show r1") == ["r1"]


@pytest.mark.parametrize(
    "hostile",
    ["x$(touch PWNED)", "x\\\\$(touch PWNED)", "x`id`", "x;id", "x y", "X", "-x", "x'", "x\\n"],
)
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_only_ids_are_offered(soc: Soc, hostile: str, shell: str) -> None:
    """Text that is no id is offered to no shell, as an id or as a body, from a faulty register."""
    soc.write(
        SMALL
        + f'[[findings]]\nid = "{hostile}"\n'
        + f'[[findings]]\nid = "good-1"\nbodies = ["norfolk", "{hostile}"]\n'
    )
    line = "socwatch show "
    ran = soc(
        environment={
            "_SOCWATCH_COMPLETE": f"complete_{shell}",
            "_TYPER_COMPLETE_ARGS": line,
            "_TYPER_COMPLETE_FISH_ACTION": "get-args",
            "COMP_WORDS": line,
            "COMP_CWORD": "2",
        }
    )
    assert "good-1@norfolk" in ran.out
    assert "touch" not in ran.out
    assert hostile.replace("\\\\", "\\") not in ran.out.split()


def test_in_bash(updated: Soc, program: Callable[[str], str], tmp_path: Path) -> None:
    """In a real bash, Tab completes a command and an id."""
    bash = program("bash")
    command = tmp_path / "bin" / "socwatch"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m socwatch "$@"\n')
    command.chmod(0o755)
    environment = bare_environment()
    environment |= {"PATH": f"{command.parent}:{environment['PATH']}", "TERM": "dumb", "PS1": "$ "}
    shell = pexpect.spawn(
        bash, ["--norc", "--noprofile", "-i"], cwd=str(updated.folder), env=environment,
        dimensions=(40, 200), encoding="utf-8", timeout=TIMEOUT,
    )  # fmt: skip
    try:
        shell.sendline("bind 'set enable-bracketed-paste off'; bind 'set bell-style none'")
        shell.sendline('eval "$(socwatch --show-completion bash)"; echo is"-"ready')
        shell.expect("is-ready")
        shell.send("socwatch stat\t")
        shell.expect_exact("socwatch status ")
        shell.send("northu\t")
        shell.expect_exact("northumbria ")
        for typed, whole in (
            ("show r2@norf", "show r2@norfolk"),
            ("done r2@", "done r2@nor"),
            ("show 'r2@norf", "show r2@norfolk"),
            ("log r2@norfolk --body=northu", "log r2@norfolk --body=northumbria"),
            ("--records=recommendations.toml list --body=norf",
             "--records=recommendations.toml list --body=norfolk"),
        ):  # fmt: skip
            shell.send(f"\x15socwatch {typed}\t\x01echo is: \n")
            shell.expect_exact(f"\nis: socwatch {whole}\r")
    finally:
        shell.close(force=True)


def test_every_shell_has_a_script(soc: Soc) -> None:
    """For each usual shell its own script is printed; bash and zsh find no fault in it."""
    named = {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}  # the shell is not looked for
    for name in ("bash", "zsh", "fish"):
        script = soc("--show-completion", name, environment=named).out
        assert f"_SOCWATCH_COMPLETE=complete_{name}" in script
        if name != "fish" and shutil.which(name):
            checked = subprocess.run(
                [name, "-n"],
                input=script.encode(),
                capture_output=True,
                check=False,
                timeout=TIMEOUT,
            )
            assert (checked.returncode, checked.stderr) == (0, b"")


def test_a_shell_without_a_script(soc: Soc) -> None:
    """Where the shell has no completion, that is code 2, since 1 belongs to `check` alone."""
    typed = f"{sys.executable} -m socwatch --show-completion; exit $?"
    ended = subprocess.run(
        ["sh", "-c", typed],
        cwd=soc.folder, env=bare_environment(), capture_output=True, check=False, text=True,
    )  # fmt: skip
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == "Shell sh not supported.\n"


def test_fish_is_told_whether_anything_is_offered(updated: Soc) -> None:
    """Fish asks first whether there is anything; where there is not, it offers names of files."""
    for line, code in (("socwatch show nor", 0), ("socwatch show x", 1)):
        asking = {
            "_SOCWATCH_COMPLETE": "complete_fish",
            "_TYPER_COMPLETE_FISH_ACTION": "is-args",
            "_TYPER_COMPLETE_ARGS": line,
        }
        ran = updated(environment=asking, code=code)
        assert (ran.out, ran.err) == ("", "")
