"""What a person who waits is shown: a bar on the terminal's stderr, and nothing anywhere else."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

import pytest

from conftest import TIMEOUT, bare_environment

PROGRAM = """
import sys
from socwatch.cli.progress import progress
with progress("Exporting", float(sys.argv[1])) as told:
    told(1, 4)
    print(sys.stdout is sys.__stdout__)
print("answer")
"""


def on_terminal(patience: str, environment: dict[str, str]) -> tuple[str, str]:
    """What the program prints, and what it shows on a terminal of its own for stderr."""
    screen, printer = pty.openpty()
    try:
        ended = subprocess.run(
            [sys.executable, "-c", PROGRAM, patience],
            env=bare_environment() | {"TERM": "xterm-256color", "COLUMNS": "80"} | environment,
            stdout=subprocess.PIPE, stderr=printer, check=True, text=True, timeout=TIMEOUT,
        )  # fmt: skip
        os.write(printer, b"end")
        shown = b""
        while not shown.endswith(b"end"):  # a terminal hands on what it is given bit by bit
            shown += os.read(screen, 1 << 16)
    finally:
        os.close(printer)
        os.close(screen)
    return ended.stdout, shown.decode().removesuffix("end")


def test_bar_on_a_terminal() -> None:
    """After the time of patience a terminal shows the bar; stdout and the answer are as without."""
    printed, shown = on_terminal("0", {})
    assert "Exporting" in shown
    assert "25%" in shown
    assert shown.rstrip().endswith("\x1b[2K")  # the line is cleared in the end
    assert printed == "True\nanswer\n"


@pytest.mark.parametrize(
    ("patience", "environment"), [("600", {}), ("0", {"TERM": "dumb"})], ids=["quick", "dumb"]
)
def test_no_bar(patience: str, environment: dict[str, str]) -> None:
    """What is quick shows none, nor does a terminal that cannot clear a line."""
    assert on_terminal(patience, environment) == ("True\nanswer\n", "")


def test_no_bar_in_a_pipe() -> None:
    """Where stderr is no terminal nothing is shown, as cron and scripts expect."""
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, "0"],
        env=bare_environment() | {"FORCE_COLOR": "1"},
        capture_output=True, check=True, text=True, timeout=TIMEOUT,
    )  # fmt: skip
    assert (ended.stdout, ended.stderr) == ("True\nanswer\n", "")
