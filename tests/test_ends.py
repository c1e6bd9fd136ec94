"""How a run ends whatever happens to it: in words, with a true exit code, without a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from conftest import Soc, bare_environment, unmeasured_environment
from registers import SMALL, update

STOPPED = "socwatch: stopped; nothing was recorded\n"
RECORDED = "socwatch: stopped; the update was recorded\n  see: socwatch log\n"


def stopped_at_lines(soc: Soc, samples: int, *arguments: str) -> list[dict[str, Any]]:
    """How a command ends that is stopped at lines spread over its run, the imports among them."""
    script = str(Path(__file__).with_name("stop_at_lines.py"))
    ended = subprocess.run(
        [sys.executable, script, str(samples), *arguments],
        cwd=soc.folder, env=unmeasured_environment(), capture_output=True, check=True, text=True,
    )  # fmt: skip
    runs: list[dict[str, Any]] = json.loads(ended.stdout)
    return runs


# A run is stopped at each of many lines in a fork of its own: Windows has none.
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize(
    ("arguments", "samples"),
    [
        pytest.param(["note", "r1", "--note", "x", "--by", "B"], 8, id="note"),
        *(
            pytest.param(words.split(), 100, id=words.split()[0], marks=pytest.mark.slow)
            for words in (
                "done r1 r2@norfolk --by B",
                "undo --by B",
                "add source --id gazette --publisher P --title T",
            )
        ),
    ],
)
def test_ctrl_c_at_any_line(soc: Soc, arguments: list[str], samples: int) -> None:
    """Stopped at whatever line, a run ends with 130, and says truly if the update was recorded."""
    soc.write(SMALL + update(1, "r1", "start", "2024-06-01"))
    runs = stopped_at_lines(soc, samples, *arguments)
    assert len({run["where"].partition(":")[0] for run in runs}) > 5
    told = {(run["code"], run["err"], run["changed"]) for run in runs}
    assert told == {(130, STOPPED, False), (130, RECORDED, True)}


FAULT = (
    "import sys, socwatch.{module} as module; module.{function} = None;"
    "import socwatch.__main__; socwatch.__main__.main()"
)
"""socwatch with a fault of its own: a function that it needs is none."""


def faulty(soc: Soc, module: str, function: str, *arguments: str) -> tuple[int, str, str]:
    """How a command ends, and what it prints, in a socwatch that has a fault."""
    code = FAULT.format(module=module, function=function)
    ended = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=soc.folder, env=bare_environment(), capture_output=True, check=False, text=True,
    )  # fmt: skip
    return ended.returncode, ended.stdout, ended.stderr


ASKS = "  please report this message, what you typed, and what --version prints\n"


@pytest.mark.parametrize(
    "arguments",
    [["status"], ["check"], ["check", "--format", "json"], ["done", "r1"], ["validate"]],
    ids=" ".join,
)
def test_a_fault_of_its_own(small: Soc, arguments: list[str]) -> None:
    """A defect of socwatch ends with 3 and asks to be reported: 1 would read as an alert."""
    code, out, err = faulty(small, "store.load", "read_content", *arguments)
    assert (code, out) == (3, "")
    said, asks = err.splitlines(keepends=True)
    assert said == (
        "socwatch: socwatch itself failed: TypeError: 'NoneType' object is not callable "
        f"(socwatch.store.load, line {line_of('store/load.py', 'read_content(')}); "
        "nothing was recorded\n"
    )
    assert asks == ASKS


def line_of(module: str, words: str) -> int:
    """The last line of a module in which these words are called."""
    import socwatch

    text = Path(socwatch.__path__[0], module).read_text(encoding="utf-8")
    lines = enumerate(text.splitlines(), 1)
    return [number for number, line in lines if words in line and "def " not in line][-1]


def test_a_fault_after_the_update(small: Soc) -> None:
    """Where the update was recorded before the defect showed, that is said: nobody redoes it."""
    code, out, err = faulty(small, "cli.record.run", "tell_recorded", "done", "r1", "--by", "B")
    assert (code, out) == (3, "")
    assert "; the update was recorded\n" in err
    assert 'action = "done"' in (small.folder / "recommendations.toml").read_text()


def test_a_fault_of_what_tells_of_faults(small: Soc) -> None:
    """Even where no error can be told, the code is 3, and stderr has the reason in plain ASCII."""
    (small.folder / "recommendations.toml").write_text("[[")
    code, out, err = faulty(small, "cli.streams", "_print_lines", "status")
    assert (code, out) == (3, "")
    assert err.startswith("socwatch: socwatch itself failed: TypeError: ")
    assert err.endswith(ASKS)
    assert err.isascii()


def test_a_fault_while_a_line_is_completed(small: Soc) -> None:
    """On Tab there is nowhere to complain: nothing is offered, and nothing is said."""
    completing = {"_SOCWATCH_COMPLETE": "complete_bash", "COMP_WORDS": "socwatch show ",
                  "COMP_CWORD": "2"}  # fmt: skip
    ended = subprocess.run(
        [sys.executable, "-c", FAULT.format(module="store.syntax", function="parse")],
        cwd=small.folder, env=bare_environment() | completing, capture_output=True, check=False,
        text=True,
    )  # fmt: skip
    assert (ended.returncode, ended.stdout, ended.stderr) == (3, "", "")


def test_a_long_reason_is_cut(small: Soc) -> None:
    """A message of another library, which may quote a whole register, is not told at length."""
    code = FAULT.format(module="store.load", function="read_content").replace(
        "= None", "= lambda *_: {}['x' * 9999]"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, "status"],
        cwd=small.folder, env=bare_environment(), capture_output=True, check=False, text=True,
    )  # fmt: skip
    assert ended.returncode == 3
    assert "KeyError: 'xxx" in ended.stderr
    assert len(ended.stderr) < 600
