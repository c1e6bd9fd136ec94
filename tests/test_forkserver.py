"""A call in a fork is what a start of Python would be, see forkserver.py."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import coverage
import pytest

from conftest import AS_OF, SHIPPED, TIMEOUT, Soc, bare_environment, call
from forkserver import ForkServer
from registers import SMALL
from terminal import Terminal

# Without forks every call is a start of Python, and there is no server to test: see conftest.py.
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")

CALLS: tuple[tuple[str, dict[str, str]], ...] = (
    (f"status --as-of {AS_OF}", {"TZ": "Pacific/Kiritimati"}),
    (f"status --as-of {AS_OF} --recorded-until {AS_OF} -f json", {"TZ": "America/Los_Angeles"}),
    (f"list --as-of {AS_OF} -f table", {"COLUMNS": "60", "FORCE_COLOR": "1"}),
    ("show r9", {"PYTHONUTF8": "0"}),
    (f"list --as-of {AS_OF} -f table", {"LANG": "de_DE.UTF-8", "LC_CTYPE": "tr_TR.UTF-8"}),
    ("validate --records broken.toml -f json", {"PYTHONIOENCODING": "ascii"}),
    ("", {"_SOCWATCH_COMPLETE": "complete_bash", "COMP_WORDS": "socwatch sta", "COMP_CWORD": "1"}),
    ("trend --as-of 2024-12-31", {"PYTHONWARNINGS": "error"}),
    ("list --colour", {}),
    (f"list --as-of {AS_OF} -f table", {"COLUMNS": "200"}),
    (f"list --as-of {AS_OF} -f table", {"LC_ALL": "C"}),
    (f"list --as-of {AS_OF} -f csv", {"SOCWATCH_RECORDS": "other.toml"}),
    (f"--records other.toml list --as-of {AS_OF} -f csv", {}),
    ("validate", {}),
    (f"check --as-of {AS_OF} -f nagios", {}),
)
"""Calls that print no id and no time of their own, each with its part of the environment."""


@pytest.fixture(scope="module")
def server() -> Iterator[ForkServer]:
    """A server of this module's own, so that nothing has been forked from it before."""
    begun = ForkServer(bare_environment())
    yield begun
    begun.close()


@pytest.fixture
def registers(soc: Soc) -> Path:
    """A folder with three registers, one of them broken."""
    soc.write(SMALL.replace("Employ enough analysts.", "Ask the 漢字 desk in Besançon."))
    soc.write(SMALL.replace("summary", "sumary"), "broken.toml")
    shutil.copyfile(SHIPPED, soc.folder / "other.toml")
    return soc.folder


@pytest.mark.parametrize("count", [9, pytest.param(len(CALLS), marks=pytest.mark.slow)])
def test_forks_in_any_order_are_like_cold_starts(
    server: ForkServer, registers: Path, count: int
) -> None:
    """Zones, locales, encodings, warnings, variables and registers of a call are its own."""
    calls = [(shlex.split(line), bare_environment() | set_) for line, set_ in CALLS[:count]]
    started = [call(words, registers, set_, cold=True) for words, set_ in calls]
    expected = [(each.returncode, each.stdout, each.stderr) for each in started]
    for order in (calls, calls[::-1]):
        forked = [server.run(words, registers, set_, within=TIMEOUT) for words, set_ in order]
        assert forked == (expected if order is calls else expected[::-1])
    assert len({out for _, out, _ in expected}) > count / 2
    assert {code for code, _, _ in expected} >= {0, 2, 3, 4}


LOOK = """\
#!{python}
import json, os, signal, sys
from pathlib import Path
umask = os.umask(0)
seen = {{
    "environment": {{**os.environ}},
    "folder": os.getcwd(),
    "leads": os.getppid() == os.getsid(0) == os.tcgetpgrp(0),
    "signals": [str(signal.getsignal(each)) for each in signal.valid_signals()],
    "umask": umask,
}}
Path({seen!r}).write_text(json.dumps(seen))
"""


def test_what_a_call_hands_on_is_the_same(small: Soc) -> None:
    """A program that a call runs sees the same surroundings, whichever way the call began."""
    looking, seen = small.folder / "looking", small.folder / "seen"
    looking.write_text(LOOK.format(python=sys.executable, seen=str(seen)))
    looking.chmod(0o755)
    found = []
    for cold in (True, False):
        set_ = {"VISUAL": str(looking), "TZ": "Asia/Tokyo"}
        assert Terminal(small.folder, "edit", environment=set_, cold=cold).end()[1] == 0
        found.append(json.loads(seen.read_text()))
        seen.unlink()
    assert found[0] == found[1]
    assert found[0]["environment"]["TZ"] == "Asia/Tokyo"
    assert "VIRTUAL_ENV" not in found[0]["environment"]
    assert found[0]["leads"] is True


def test_a_variable_that_python_reads_starts_it(server: ForkServer, small: Soc) -> None:
    """Where the environment changes a start of Python there is one; else there is none."""
    (small.folder / "sitecustomize.py").write_text("print('started')\n")
    changed = {"PYTHONPATH": str(small.folder)}
    for added, said in (({}, False), (changed, True), ({}, False)):
        code, out, err = server.run(
            ("status",), small.folder, bare_environment() | added, within=TIMEOUT
        )
        assert (code, err) == (0, b"")
        assert out.startswith(b"started\n") is said
        assert b"Norfolk Constabulary" in out


def test_in_a_shell(server: ForkServer, small: Soc) -> None:
    """As a command of a shell it has the shell's streams and variables, and gives its code."""
    command = shlex.join(server.command())
    line = f"{command} --records /dev/stdin show r9 < $NAME 2>&1; echo code $?"
    ended = subprocess.run(
        ["sh", "-c", f"cat {os.devnull} | {line}"],
        cwd=small.folder,
        env=bare_environment() | {"NAME": "recommendations.toml"},
        capture_output=True,
        check=True,
        timeout=TIMEOUT,
    )
    assert b"there is no finding" in ended.stdout
    assert ended.stdout.endswith(b"code 4\n")
    assert ended.stderr == b""


def test_a_fork_that_is_killed(server: ForkServer, small: Soc) -> None:
    """A fork can be killed before it begins and while it runs, and its code says so."""
    never_written, kept_open = os.pipe()
    with os.fdopen(never_written), os.fdopen(kept_open), Path(os.devnull).open("w") as nothing:
        for begins in (False, True):
            streams = (never_written, nothing.fileno(), nothing.fileno())
            with server.fork(*streams) as process:
                if begins:
                    reading = ("--records", "/dev/stdin", "status")
                    process.begin(reading, small.folder, bare_environment())
                assert not process.ends(within=0)
                process.kill()
                assert process.wait() == -signal.SIGKILL


def test_a_fork_is_measured(server: ForkServer, small: Soc) -> None:
    """Coverage sees the lines that a fork runs, as it sees those of a start of Python."""
    settings, kept = small.folder / "coveragerc", small.folder / "measured"
    settings.write_text(
        f"[run]\nsource = socwatch\nparallel = true\npatch = _exit\ndata_file = {kept}\n"
    )
    measured = {n: v for n, v in bare_environment().items() if not n.startswith("COVERAGE")}
    measured["COVERAGE_PROCESS_START"] = str(settings)
    assert server.run(("status",), small.folder, measured, within=TIMEOUT)[0] == 0
    (file,) = small.folder.glob("measured.*")
    data = coverage.CoverageData(str(file))
    data.read()
    lines = {"/".join(Path(name).parts[-2:]): data.lines(name) for name in data.measured_files()}
    assert lines["reports/status.py"]
    assert not lines.get("reports/trend.py")
