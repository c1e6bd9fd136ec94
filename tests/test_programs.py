"""Programs that socwatch runs are found on the PATH, and never in the folder of a register."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest

from conftest import Soc
from registers import SMALL
from socwatch.cli.programs import find_program
from terminal import Terminal

NAME = "recommendations.toml"


def program(folder: Path, name: str, says: str = "") -> Path:
    """A program that says something and leaves a trace in its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n: > '{folder}/ran'\necho '{says}'\n")
    path.chmod(0o755)
    return path


def by(soc: Soc, folder: Path, path: str) -> str:
    """Who is recorded by a call in a folder that does not say it, with that PATH."""
    register = soc.folder / "there" / NAME
    Soc(folder)("--records", register, "note", "r1", "--note", path, environment={"PATH": path})
    author = tomllib.loads(register.read_text())["updates"][-1]["by"]
    assert isinstance(author, str)
    return author


@pytest.mark.parametrize("here", ["there", "here", "there/below"])
@pytest.mark.parametrize("path", [".", "", "./", "{there}", "{there}/", "{link}", "below/.."])
def test_git_of_a_registers_folder_is_not_run(soc: Soc, here: str, path: str) -> None:
    """Nothing in the folder of a register is run, whatever the PATH calls that folder."""
    there = soc.write(SMALL, f"there/{NAME}").parent
    (there / "below").mkdir()
    (soc.folder / "here").mkdir()
    (soc.folder / "link").symlink_to(there)
    program(there, "git", "Mallory")
    program(soc.folder / "bin", "git", "A. Officer")
    path = path.format(there=there, link=soc.folder / "link")
    assert by(soc, soc.folder / here, f"{path}:{soc.folder / 'bin'}") == "A. Officer"
    assert not (there / "ran").exists()
    assert (soc.folder / "bin" / "ran").exists()


def test_git_of_the_current_folder_is_not_run(soc: Soc) -> None:
    """Nothing in the folder where one stands is run either, even if the PATH names it."""
    soc.write(SMALL, f"there/{NAME}")
    program(soc.folder / "here", "git", "Mallory")
    for path in (".", str(soc.folder / "here")):
        assert by(soc, soc.folder / "here", path) != "Mallory"
    assert not (soc.folder / "here" / "ran").exists()


@pytest.mark.parametrize("variable", ["VISUAL", "EDITOR", None])
def test_an_editor_of_a_registers_folder_is_not_run(small: Soc, variable: str | None) -> None:
    """An editor is found like any program: one beside the register is none."""
    name = "nano" if variable is None else "an-editor"
    program(small.folder, name)
    environment = {"PATH": f".:{small.folder}"} | ({variable: name} if variable else {})
    said, code = Terminal(small.folder, "edit", environment=environment).end()
    assert (code, "there is no editor" in said) == (5, True)
    assert not (small.folder / "ran").exists()


def test_a_program_by_its_absolute_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program is found in the order of the PATH, by an absolute path, if it can be run."""
    register = tmp_path / "there" / NAME
    first, second = tmp_path / "first", tmp_path / "second"
    program(first, "tool").chmod(0o644)
    found = program(second, "tool")
    (tmp_path / "third" / "tool").mkdir(parents=True)
    monkeypatch.setenv("PATH", os.pathsep.join(map(str, (tmp_path / "third", first, second))))
    assert find_program("tool", register) == str(found)
    assert find_program("no-such-tool", register) is None
    assert find_program("tool", second / NAME) is None
    monkeypatch.chdir(second)
    assert find_program("tool", register) is None
