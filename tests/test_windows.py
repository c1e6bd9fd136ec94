"""The real commands where the system has only the calls that Windows has (see windows.py)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from conftest import Ran, Soc, bare_environment
from registers import SMALL, update

SCRIPT = Path(__file__).with_name("windows.py")


class Windows(Soc):
    """socwatch in a folder, with the system's calls as Windows has them."""

    def __call__(self, *arguments: str | Path, code: int = 0, **environment: str) -> Ran:  # type: ignore[override]  # no input
        """Run a command and require its exit code."""
        home = {"HOME": str(self.folder)}
        ended = subprocess.run(
            [sys.executable, SCRIPT, *arguments],
            cwd=self.folder, env=bare_environment() | home | environment,
            capture_output=True, check=False,
        )  # fmt: skip
        ran = Ran(ended.stdout.decode(), ended.stderr.decode(), ended.returncode)
        assert "Traceback" not in ran.err, ran.err
        assert ran.code == code, f"ended with {ran.code}, not {code}:\n{ran.out}\n{ran.err}"
        return ran


@pytest.fixture
def on_windows(tmp_path: Path) -> Windows:
    """A folder with a small register, for commands that see the calls of Windows alone."""
    soc = Windows(tmp_path)
    soc.write(SMALL + update(1, "r1", "start", "2024-06-01"))
    return soc


READING = (
    *("status", "check --as-of 2025-01-02 --remind usual"),
    *("list", "show r1", "why r1", "grades", "responses", "log", "trend", "timeline", "validate"),
    *("changes --since 2024-01-01", "paper --since 2024-01-01 --output out.html"),
    *("export --output out.xlsx", "export --output out.db", "calendar --output out.ics"),
)


@pytest.mark.parametrize(
    "words",
    [pytest.param(words, marks=[pytest.mark.slow] * (n > 1)) for n, words in enumerate(READING)],
)
def test_commands_that_read(on_windows: Windows, words: str) -> None:
    """Every command that reads answers, on the screen or in a file."""
    ran = on_windows(*words.split(), code=1 if words.startswith("check") else 0)
    made = list(on_windows.folder.glob("out.*"))
    assert len(made) == words.count("--output")
    assert all(file.stat().st_size > 1000 for file in made)
    assert ran.out or made or words == "validate"
    assert "failed" not in ran.err


def test_commands_that_write(on_windows: Windows) -> None:
    """Updates and records are added, edited and undone, and no lock or temporary file is left."""
    register = on_windows.folder / "recommendations.toml"
    on_windows("done", "r1", "--by", "B", "--on", "2024-06-02")
    assert 'action = "done"' in register.read_text()
    on_windows("undo", "--by", "B")
    assert 'action = "retract"' in register.read_text()
    on_windows("add", "source", "--id", "letter", "--publisher", "P", "--title", "T")
    assert 'id = "letter"' in register.read_text()
    on_windows("init", "new.toml")
    assert not list(on_windows.folder.glob(".*.new"))


def test_a_register_that_is_open_in_another_program(on_windows: Windows) -> None:
    """Where Windows refuses to replace a file that is open, the reason says what to do about it."""
    register = on_windows.folder / "recommendations.toml"
    before = register.read_bytes()
    ran = on_windows("done", "r1", "--by", "B", code=5, SOCWATCH_TEST_IN_USE=str(register))
    assert "it is open in another program, such as Excel; close it there, then try again" in ran.err
    assert "Access is denied" not in ran.err
    assert register.read_bytes() == before
    assert not list(on_windows.folder.glob(".*.new"))


def test_a_workbook_that_is_open_in_excel(on_windows: Windows) -> None:
    """The same for a file that a command writes: the old one stays as it is."""
    workbook = on_windows.folder / "book.xlsx"
    workbook.write_bytes(b"old")
    ran = on_windows("export", "-o", "book.xlsx", code=5, SOCWATCH_TEST_IN_USE=str(workbook))
    assert "book.xlsx cannot be written: it is open in another program" in ran.err
    assert workbook.read_bytes() == b"old"
