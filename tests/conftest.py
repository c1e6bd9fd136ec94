"""What tests share: the real command to call, registers to call it on, programs to look for."""

from __future__ import annotations

import atexit
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from textwrap import dedent
from typing import Any

import hypothesis
import pytest

from forkserver import ForkServer
from registers import SMALL, SOUND

ROOT = Path(__file__).parents[1]
SHIPPED = ROOT / "data" / "recommendations.toml"
AS_OF = "2026-11-22"

TIMEOUT = 300
"""Seconds after which a call is taken to hang; on a busy machine the longest takes some ten."""

# A shell without job control lets what it starts in the background ignore Ctrl-C, and so all that
# is started from there; tests are about what Ctrl-C does.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Examples are found anew each time they are looked for, so that a run depends on nothing before it,
# and on no speed of the machine. The default run tries each law on a tenth of the examples of the
# slow one.
hypothesis.settings.register_profile(
    "all",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.register_profile("few", hypothesis.settings.get_profile("all"), max_examples=10)
hypothesis.settings.load_profile("few")


def examples(count: int) -> int:
    """The examples of a law that needs `count` of them, in this run."""
    return max(5, count * hypothesis.settings().max_examples // 100)


@dataclass(frozen=True)
class Ran:
    """What a call printed, and its exit code."""

    out: str
    err: str
    code: int


@dataclass(frozen=True)
class Soc:
    """The command, called as a shell would: soc("list", "--overdue").

    It runs in a folder of its own with a bare environment. A call that ends with another code
    than `code` fails the test, and so does a traceback. A `cold` one starts Python for itself.
    """

    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    def __call__(
        self,
        *arguments: str | Path,
        code: int = 0,
        environment: Mapping[str, str] | None = None,
        cold: bool = False,
    ) -> Ran:
        """What a call prints and ends with."""
        whole = {**bare_environment(), **self.environment, **(environment or {})}
        ended = call(arguments, self.folder, whole, cold=cold)
        ran = Ran(
            ended.stdout.decode(errors="surrogateescape"),
            ended.stderr.decode(errors="surrogateescape"),
            ended.returncode,
        )
        assert "Traceback" not in ran.err, ran.err
        assert ran.code == code, f"ended with {ran.code}, not {code}:\n{ran.out}\n{ran.err}"
        return ran

    def json(self, *arguments: str | Path) -> Any:  # noqa: ANN401  # JSON holds anything
        """The object that a call with --format json prints."""
        return json.loads(self(*arguments, "--format", "json").out)

    def write(self, text: str, name: str = "recommendations.toml") -> Path:
        """A register in the folder, its text as it stands."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
        return path


def bare_environment() -> dict[str, str]:
    """What a child needs to be measured and found, and nothing that a person has set up."""
    kept = ("PATH", "PYTHONPATH", "SYSTEMROOT", "COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG")
    return {name: os.environ[name] for name in kept if name in os.environ}


def unmeasured_environment() -> dict[str, str]:
    """The same without coverage, whose own modules and system calls a test would see."""
    kept = bare_environment()
    return {name: value for name, value in kept.items() if not name.startswith("COVERAGE")}


def loaded_by(modules: set[str], *calls: tuple[str, ...]) -> tuple[list[str], str]:
    """Which of these modules one process has loaded after these calls, and what they printed."""
    code = (
        "import sys\nfrom socwatch.cli import run\n"
        f"for call in {calls!r}:\n    run(call)\n"
        f"print('loaded:', *sorted({modules!r} & {{*sys.modules}}))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT, env=unmeasured_environment(), capture_output=True, check=True, text=True,
        timeout=TIMEOUT,
    )  # fmt: skip
    printed, _, loaded = ended.stdout.rpartition("loaded:")
    return loaded.split(), printed


@cache
def fork_server() -> ForkServer | None:
    """The server from which calls are forked; None where each is to start Python for itself."""
    if not hasattr(os, "fork") or os.environ.get("SOCWATCH_TESTS") == "cold":
        return None
    server = ForkServer(bare_environment())
    atexit.register(server.close)
    return server


def shell_command(*, cold: bool = False) -> str:
    """The command as words of a shell."""
    server = None if cold else fork_server()
    words = [sys.executable, "-m", "socwatch"] if server is None else server.command()
    return shlex.join(words)


def call(
    arguments: Sequence[str | Path],
    folder: Path,
    environment: Mapping[str, str],
    *,
    cold: bool = False,
) -> subprocess.CompletedProcess[bytes]:
    """A call of the command; the environment is the whole of it."""
    server = None if cold else fork_server()
    command = [sys.executable, "-m", "socwatch", *map(str, arguments)]
    if server is None:
        return subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, check=False, timeout=TIMEOUT
        )
    code, out, err = server.run(arguments, folder, environment, within=TIMEOUT)
    return subprocess.CompletedProcess(command, code, out, err)


def once_let_in(
    call: Callable[[], subprocess.CompletedProcess[str]],
) -> subprocess.CompletedProcess[str]:
    """A call that is made again where others have kept it from the register for 10 seconds."""
    while (ended := call()).returncode == 5 and "gave up after 10 seconds" in ended.stderr:
        pass
    return ended


@pytest.fixture
def soc(tmp_path: Path) -> Soc:
    """The command in an empty folder."""
    return Soc(tmp_path)


@pytest.fixture
def small(soc: Soc) -> Soc:
    """The command beside the small register, which holds no update."""
    soc.write(SMALL)
    return soc


@pytest.fixture
def sound(soc: Soc) -> Soc:
    """The command beside the small register, its response in time."""
    soc.write(SOUND)
    return soc


@pytest.fixture
def shipped(tmp_path: Path) -> Soc:
    """The command in a folder that holds a copy of the shipped register."""
    (tmp_path / "data").mkdir()
    shutil.copyfile(SHIPPED, tmp_path / "data" / "recommendations.toml")
    return Soc(tmp_path)


Surroundings = Callable[[str], dict[str, str]]


@pytest.fixture
def surroundings(tmp_path_factory: pytest.TempPathFactory) -> Surroundings:
    """The environment of a cold call whose system is not as usual: what Python runs first there.

    It stands in for file systems and containers that no test can have, by what they refuse.
    """
    pytest.importorskip("fcntl")

    def of(code: str) -> dict[str, str]:
        folder = tmp_path_factory.mktemp("surroundings")
        (folder / "sitecustomize.py").write_text(f"import errno, fcntl, os\n{dedent(code)}")
        return {"PYTHONPATH": str(folder)}

    return of


def refusing(calls: str, number: str) -> str:
    """What makes these calls, such as "os.chmod = os.fchmod", fail with an error like "EPERM"."""
    return f"""
        def refuse(*_, **__):
            raise OSError(errno.{number}, os.strerror(errno.{number}))
        {calls} = refuse
    """


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a program beyond Python: the default run is to do without."""
    for item in items:
        if "program" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)


@pytest.fixture
def program() -> Callable[[str], str]:
    """The path of a program beyond Python; a test skips with its name where it is missing."""

    def path_of(name: str) -> str:
        found = shutil.which(name)
        if found is None:
            pytest.skip(f"needs {name}")
        return found

    return path_of


AtTime = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def at_time(soc: Soc, program: Callable[[str], str]) -> AtTime:
    """The command at an instant, in an environment that holds nothing but what is given here."""
    library = subprocess.run(
        [program("faketime"), "-f", "@2026-01-01 00:00:00", "printenv", "LD_PRELOAD"],
        env=bare_environment(),
        capture_output=True,
        check=True,
        text=True,
    ).stdout.strip()

    def call(instant: str, *arguments: str, **environment: str) -> Any:  # noqa: ANN401  # see AtTime
        seconds = int(datetime.fromisoformat(instant).timestamp())
        clock = {
            "LD_PRELOAD": library,
            "FAKETIME_FMT": "%s",
            "FAKETIME": str(seconds),  # it stands still
            "NO_FAKE_STAT": "1",
        }
        command = [sys.executable, "-m", "socwatch", *arguments]
        with subprocess.Popen(
            command,
            cwd=soc.folder,
            env={**clock, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        ) as process:
            out, err = process.communicate(timeout=TIMEOUT)
        # socwatch ends before the library has put away what it shares, and process ids come again.
        for left in Path("/dev/shm").glob(f"*faketime_*_{process.pid}"):  # noqa: S108  # as above
            left.unlink()
        assert "Traceback" not in err, err
        return subprocess.CompletedProcess(command, process.returncode, out, err)

    return call
