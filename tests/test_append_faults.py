"""The append under real faults: killed at every step, no room on the disk, many at once.

Faults come from strace, which kills a process on its way into a system call, or makes the call
fail. Only calls about the register, its lock, its temporary file and their folder are counted, so
that a step is the same one in every run; for the same reason what is random is known there.
"""

from __future__ import annotations

import errno
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, date, datetime
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

import pytest

from conftest import TIMEOUT, fork_server, once_let_in, unmeasured_environment
from forkserver import Fork
from registers import SMALL
from socwatch.records import Register
from socwatch.rules import find_problems
from socwatch.store.append import candidate, write
from socwatch.store.load import load
from socwatch.store.lock import hold_lock

NAME = "recommendations.toml"
LOCK = f".{NAME}.lock"
NOT_RANDOM = """
import hashlib, itertools, os
number = itertools.count()
os.urandom = lambda size: hashlib.shake_256(b"%d" % next(number)).digest(size)
"""
"""What makes a process of Python take known bytes for random ones, each time others."""

DONE = ("done", "r1", "r2", "--by", "A. Officer", "--on", "2024-12-12")
CHANGING = frozenset(
    {"openat", "flock", "write", "close", "unlink", "fchown", "fchmod", "fsync", "rename"}
)
"""The calls that change what is on the disk; between any two of the others nothing happens."""

MOMENTS = [(0, 10), *(pytest.param(part, 125, marks=pytest.mark.slow) for part in range(1, 5))]
"""How many moments of death a test tries: a few in the default run, 500 in the slow one."""
RACES = [
    (8, 1),
    *(pytest.param(50, 5, marks=pytest.mark.slow, id=f"part-{n}") for n in range(1, 5)),
]
"""How many processes race in a test, and how often: 50, 20 times over, in the slow run."""

CROWDED = (
    SMALL
    + "".join(
        f"""
[[findings]]
id = "crowd-{number}"
inspection = "soc-2024"
bodies = ["norfolk"]
kind = "area-for-improvement"
summary = "Do what is asked in number {number}."
"""
        for number in range(50)
    )
    + "".join(f"# {number:070}\n" for number in range(300))
)
"""The small register, an item for each of many processes, and much to write."""


class Step(NamedTuple):
    """A system call of the append, as strace names it to meet it again."""

    call: str
    number: int
    """Which of the calls of that name, about those files, it is: 1 for the first."""
    shown: str

    def __str__(self) -> str:
        """The call as a test's name shows it."""
        return f"{self.call} {self.number}"


class Strace:
    """The real command under strace, on a register in a folder."""

    def __init__(self, strace: str, folder: Path) -> None:
        """Lay a small register in the folder."""
        self.strace = strace
        self.path = folder / NAME
        self.log = folder.with_suffix(".strace")
        self.path.write_text(SMALL)
        self.shim = folder.with_suffix(".shim")
        self.shim.mkdir()
        (self.shim / "sitecustomize.py").write_text(NOT_RANDOM)
        self.temp = self._temp()
        """The name of the temporary file."""

    def run(self, *options: str) -> tuple[int, str]:
        """The exit code of a call under strace, and what it complains of; -9 if it was killed."""
        running = self.begin(self.log, *options)
        _, err = running.communicate(timeout=TIMEOUT)
        return running.returncode, err

    def begin(self, log: Path, *options: str) -> subprocess.Popen[str]:
        """Begin a call under strace, which writes to that log."""
        about = (self.path, *(self.path.with_name(name) for name in (LOCK, self.temp)))
        paths = [word for path in (*about, self.path.parent) for word in ("-P", str(path))]
        return subprocess.Popen(
            [self.strace, "-f", "-y", "-qq", "-o", log, *paths, *options,
             sys.executable, "-m", "socwatch", *DONE],
            cwd=self.path.parent,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )  # fmt: skip

    def interrupted(self, step: Step, meanwhile: Callable[[], object]) -> tuple[int, str]:
        """The same as `run`, with something done while it is stopped before a system call."""
        log = self.log.with_suffix(".pipe")
        os.mkfifo(log)
        running = self.begin(log, "-e", f"inject={step.call}:signal=STOP:when={step.number}")
        with log.open() as told:
            stopped = next(line for line in told if "stopped by SIGSTOP" in line)
            meanwhile()
            os.kill(int(stopped.split()[0]), signal.SIGCONT)
            told.read()
        log.unlink()
        _, err = running.communicate(timeout=TIMEOUT)
        return running.returncode, err

    def environment(self) -> dict[str, str]:
        """The environment of each run."""
        return quiet_environment() | {"PYTHONPATH": str(self.shim)}

    def _temp(self) -> str:
        """The name that the temporary file has in every run."""
        command = [sys.executable, "-m", "socwatch", *DONE]
        subprocess.run(
            [self.strace, "-f", "-qq", "-e", "trace=rename", "-o", self.log, *command],
            cwd=self.path.parent, env=self.environment(), capture_output=True, check=True,
            timeout=TIMEOUT,
        )  # fmt: skip
        renamed = re.search(rf'/(\.{re.escape(NAME)}\.\w+\.new)"', self.log.read_text())
        assert renamed is not None
        self.begin_anew()
        return renamed[1]

    def inject(self, step: Step, what: str) -> tuple[int, str]:
        """The same, with something done to one system call."""
        # Without stopping at any other call it is faster, and sends no signals.
        only = () if "signal" in what else ("--seccomp-bpf", "-e", f"trace={step.call}")
        return self.run(*only, "-e", f"inject={step.call}:{what}:when={step.number}")

    def names(self) -> set[str]:
        """The files that stand in the folder, but for the lock, which stays."""
        return {path.name for path in self.path.parent.iterdir()} - {LOCK}

    def begin_anew(self) -> None:
        """Make the folder as it was at first: only then is a step the same one again."""
        self.path.write_text(SMALL)
        self.path.with_name(LOCK).unlink(missing_ok=True)


def steps_of(strace: Strace) -> list[Step]:
    """Every call from the taking of the lock on, in a run that nothing happens to."""
    code, err = strace.run()
    assert code == 0, err
    seen: Counter[str] = Counter()
    steps = []
    for line in strace.log.read_text().splitlines():
        shown = line.split(maxsplit=1)[1]
        call = re.match(r"\w+(?=\()", shown)
        if call is not None:
            seen[call[0]] += 1
            steps.append(Step(call[0], seen[call[0]], shown))
    begin = next(n for n, step in enumerate(steps) if LOCK in step.shown)
    return steps[begin:]


def quiet_environment() -> dict[str, str]:
    """An environment in which no run makes other system calls than the one before it."""
    return unmeasured_environment() | {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"}


def called(
    folder: Path, *arguments: str, before: Callable[[], None] | None = None
) -> subprocess.CompletedProcess[str]:
    """A call of the real command in a folder."""
    return subprocess.run(
        [sys.executable, "-m", "socwatch", *arguments],
        cwd=folder,
        env=quiet_environment(),
        capture_output=True,
        check=False,
        timeout=TIMEOUT,
        encoding="utf-8",
        preexec_fn=before,  # no other thread runs in a test that gives one
    )


def valid(path: Path) -> Register:
    """The register at a path, which has no fault."""
    loaded = load(path)
    assert loaded.register is not None
    assert loaded.faults(find_problems(loaded.register)) == ()
    return loaded.register


def updates_in(path: Path) -> list[Mapping[str, object]]:
    """The updates of a register that is valid, as another reader finds them."""
    assert valid(path).format == 1
    rows = tomllib.loads(path.read_text()).get("updates", [])
    assert isinstance(rows, list)
    return rows


def old_or_new(path: Path, old: bytes) -> bool:
    """Whether a call of DONE was written; the file is the old one or the whole new one."""
    now = path.read_bytes()
    if now == old:
        return False
    assert now.startswith(old)
    assert [row["action"] for row in updates_in(path)] == ["done"] * 3
    return True


@pytest.fixture
def strace(tmp_path: Path, program: Callable[[str], str]) -> Strace:
    """The command under strace, beside a small register."""
    folder = tmp_path / "register"
    folder.mkdir()
    return Strace(program("strace"), folder)


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> list[Step]:
    """The steps of the append, which are the same in every folder."""
    program = shutil.which("strace")
    if program is None:
        pytest.skip("needs strace")
    folder = tmp_path_factory.mktemp("steps") / "register"
    folder.mkdir()
    return steps_of(Strace(program, folder))


TEMP = ".new"
"""The end of the name of the temporary file."""


def step_about(steps: list[Step], call: str, name: str) -> Step:
    """The first call of that name about that file."""
    return next(step for step in steps if step.call == call and name in step.shown)


# Killed


def test_killed_at_every_step(strace: Strace, steps: list[Step]) -> None:
    """Killed on the way into any system call of the append, it leaves the old file or the new.

    The next run gets through at once, and leaves nothing of the dead one.
    """
    assert {step.call for step in steps} >= CHANGING
    written = []
    for step in steps:
        code, err = strace.inject(step, "signal=KILL")
        assert code == -signal.SIGKILL, f"{step}: {err}"
        written.append(old_or_new(strace.path, SMALL.encode()))
        assert strace.names() <= {NAME, strace.temp}
        after_death(strace)
    # Nothing until the file has its name, all of it from then on.
    assert written == sorted(written)
    renamed = next(n for n, step in enumerate(steps) if step.call == "rename")
    assert written.index(True) == renamed + 1


def after_death(strace: Strace) -> None:
    """The next writer needs no waiting, and leaves a valid register and nothing else."""
    rows = updates_in(strace.path)
    write_another(strace)
    assert updates_in(strace.path) == [*rows, ANOTHER]
    assert strace.names() == {NAME}
    strace.begin_anew()


ANOTHER = {"id": "next", "finding": "a1", "action": "start", "on": date(2024, 6, 1),
           "recorded": datetime(2024, 6, 1, tzinfo=UTC)}  # fmt: skip


def write_another(strace: Strace) -> None:
    """Record something else, without waiting."""
    with hold_lock(strace.path, wait=0) as target:
        write(candidate(load(strace.path), "updates", [ANOTHER]), target)


def test_another_writes_at_every_step(strace: Strace, steps: list[Step]) -> None:
    """Where the lock is removed before any system call, and another writes, exit codes are true.

    The other one is recorded in any case, and this one exactly if it ends with 0.
    """

    def without_lock() -> None:
        strace.path.with_name(LOCK).unlink(missing_ok=True)
        write_another(strace)

    seen = []
    for step in steps:
        code, err = strace.interrupted(step, without_lock)
        ours = [row for row in updates_in(strace.path) if row != ANOTHER]
        assert ANOTHER in updates_in(strace.path), step
        assert (code, len(ours)) in {(0, 3), (5, 0)}, f"{step}: {err}"
        assert ("nothing was written" in err) is (code == 5), step
        assert strace.names() == {NAME}
        seen.append(code)
        strace.begin_anew()
    assert set(seen) == {0, 5}


@pytest.fixture
def crowded(tmp_path: Path) -> Path:
    """A register for fifty, long enough that writing it takes a while."""
    path = tmp_path / NAME
    path.write_text(CROWDED)
    return path


class Ended(NamedTuple):
    """How calls have ended that began at once."""

    codes: list[int]
    """Their exit codes; -9 for one that was killed."""
    complaints: list[str]
    seconds: float


def at_once(
    folder: Path,
    calls: Sequence[Sequence[str]],
    *,
    kill_after: float | None = None,
    meanwhile: Callable[[Sequence[Fork]], None] | None = None,
) -> Ended:
    """Calls in forks of a server, which are let go together, and perhaps killed together.

    At cold starts two processors let in a few at a time, and much of the time is imports, in which
    nothing is written.
    """
    server = fork_server() or pytest.skip("needs a system that can fork")
    with ExitStack() as opened:
        nothing = opened.enter_context(Path(os.devnull).open("r+b")).fileno()
        complaints = [opened.enter_context(tempfile.TemporaryFile()) for _ in calls]
        waiting = [
            opened.enter_context(server.fork(nothing, nothing, complaint.fileno()))
            for complaint in complaints
        ]
        begun = perf_counter()
        for process, arguments in zip(waiting, calls, strict=True):
            process.begin(arguments, folder, unmeasured_environment())
        if kill_after is not None:
            waiting[0].ends(within=kill_after)
            for process in waiting:
                process.kill()
        if meanwhile is not None:
            meanwhile(waiting)
        codes = [process.wait() for process in waiting]
        seconds = perf_counter() - begun
        for complaint in complaints:
            complaint.seek(0)
        return Ended(codes, [complaint.read().decode() for complaint in complaints], seconds)


@pytest.mark.parametrize(("part", "moments"), MOMENTS)
def test_killed_at_any_moment(crowded: Path, part: int, moments: int) -> None:
    """Killed at any moment, it leaves the old file or the new, and nothing in the way.

    The next run gets through at once and leaves no file of the dead one. Two moments of three lie
    in the last part of a call, where the writing is. A call that ends before its moment shows how
    long calls take at present, and another is tried.
    """
    folder, old = crowded.parent, CROWDED.encode()
    chance = random.Random(part)  # noqa: S311  # moments, not secrets
    last = ended_well(folder, DONE)
    crowded.write_bytes(old)
    seen: Counter[str] = Counter()
    while seen["killed"] < moments:
        after = chance.uniform(0.5 if seen.total() % 3 else 0, 1.1) * last
        (code,), (complaint,), seconds = at_once(folder, [DONE], kill_after=after)
        assert code in {0, -signal.SIGKILL}, complaint
        if code == 0:  # a busy machine is slower at one moment than at the next
            last = (last + seconds) / 2
        written = old_or_new(crowded, old)
        assert written or code != 0
        seen["killed" if code else "ended"] += 1
        ended_well(folder, ("note", "a1", "--note", "x", "--by", "B"))
        assert crowded.read_bytes().startswith(old)
        assert len(updates_in(crowded)) == written * 3 + 1
        assert {each.name for each in folder.iterdir()} == {NAME, LOCK}
        crowded.write_bytes(old)


def ended_well(folder: Path, arguments: Sequence[str]) -> float:
    """How many seconds a call takes that nothing happens to."""
    codes, complaints, seconds = at_once(folder, [arguments])
    assert (codes, complaints) == ([0], [""])
    return seconds


def test_stopped_by_a_person(strace: Strace, steps: list[Step]) -> None:
    """Ctrl-C before the file has its name leaves the old one, and takes the temporary file away."""
    code, err = strace.inject(step_about(steps, "fsync", TEMP), "signal=INT")
    assert (code, err) == (130, "socwatch: stopped; nothing was recorded\n")
    assert strace.path.read_text() == SMALL
    assert strace.names() == {NAME}


def test_stopped_too_late(strace: Strace, steps: list[Step]) -> None:
    """Ctrl-C once the file has its name ends with 130 too, and says that it was recorded."""
    last = [step for step in steps if step.call == "fsync"][-1]
    code, err = strace.inject(last, "signal=INT")
    assert (code, err) == (130, "socwatch: stopped; the update was recorded\n  see: socwatch log\n")
    assert old_or_new(strace.path, SMALL.encode())
    assert strace.names() == {NAME}


def test_stopped_while_it_waits(strace: Strace, steps: list[Step]) -> None:
    """Ctrl-C while it waits for the lock ends with 130, and says that nothing was recorded."""
    step = step_about(steps, "flock", LOCK)
    with hold_lock(strace.path, wait=0):
        code, err = strace.inject(step, "signal=INT")
    assert (code, err) == (130, "socwatch: stopped; nothing was recorded\n")
    assert strace.path.read_text() == SMALL
    assert strace.names() == {NAME}


def test_a_failure_that_is_no_failure_to_print(strace: Strace) -> None:
    """What the system refuses elsewhere is told as what it is, not as an answer unprinted."""
    ended = subprocess.run(
        [strace.strace, "-f", "-o", strace.log, "-e", "inject=getcwd:error=EACCES",
         sys.executable, "-P", "-m", "socwatch", *DONE],
        cwd=strace.path.parent,
        env=quiet_environment(),
        capture_output=True,
        check=False,
        encoding="utf-8",
    )  # fmt: skip
    assert ended.returncode == 5
    assert "the system refuses what this needs: Permission denied" in ended.stderr
    assert "print" not in ended.stderr
    assert "Traceback" not in ended.stderr


# No room, no permission, no luck


@pytest.mark.parametrize(
    ("call", "about", "fault"),
    [
        ("openat", TEMP, "EACCES"),
        ("openat", TEMP, "ENOSPC"),
        ("write", TEMP, "ENOSPC"),
        ("write", TEMP, "EIO"),
        ("fsync", TEMP, "EIO"),
        ("rename", TEMP, "EIO"),
    ],
    ids=lambda value: str(value).removeprefix(f".{NAME}."),
)
def test_a_call_that_fails(
    strace: Strace, steps: list[Step], call: str, about: str, fault: str
) -> None:
    """Whichever call the system refuses, the file is untouched, nothing is left, and 5 says so."""
    code, err = strace.inject(step_about(steps, call, about), f"error={fault}")
    assert code == 5, err
    assert "recommendations.toml cannot be added to: " in err
    assert os.strerror(getattr(errno, fault)) in err
    assert "nothing was written" in err
    assert "Traceback" not in err
    assert strace.path.read_text() == SMALL
    assert strace.names() == {NAME}
    after_death(strace)


@pytest.mark.parametrize(
    ("call", "about", "fault"),
    [
        ("openat", LOCK, "EROFS"),
        ("openat", LOCK, "EACCES"),
        ("flock", LOCK, "ENOLCK"),
        ("flock", LOCK, "EIO"),
        ("write", LOCK, "ENOSPC"),
        ("ftruncate", LOCK, "EIO"),
        ("fchmod", LOCK, "EPERM"),
        ("fchown", TEMP, "EPERM"),
        ("fchmod", TEMP, "EPERM"),
    ],
    ids=lambda value: str(value).removeprefix(f".{NAME}."),
)
def test_a_call_that_may_fail(
    strace: Strace, steps: list[Step], call: str, about: str, fault: str
) -> None:
    """What only makes things better may fail: a lock, its owner's name, a mode given by chmod."""
    code, err = strace.inject(step_about(steps, call, about), f"error={fault}")
    assert (code, err) == (0, "")
    assert old_or_new(strace.path, SMALL.encode())
    assert strace.names() == {NAME}


def test_the_folder_that_cannot_be_synced(strace: Strace, steps: list[Step]) -> None:
    """Once the file has its name it is told as recorded, whatever the folder says."""
    last = [step for step in steps if step.call == "fsync"][-1]
    assert TEMP not in last.shown
    assert strace.inject(last, "error=EIO") == (0, "")
    assert old_or_new(strace.path, SMALL.encode())


@pytest.mark.parametrize("room", [0, 1, len(SMALL) + 100])
def test_a_file_that_may_not_grow(tmp_path: Path, room: int) -> None:
    """Where a file may hold only so many bytes, as on a full disk, the old one stays whole."""
    path = tmp_path / NAME
    path.write_text(SMALL)

    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    ended = called(tmp_path, *DONE, before=limited)
    assert ended.returncode == 5, ended.stderr
    assert "File too large; nothing was written" in ended.stderr
    assert path.read_text() == SMALL
    assert {each.name for each in tmp_path.iterdir()} <= {NAME, LOCK}


def test_an_editor_that_saves_meanwhile(strace: Strace, steps: list[Step]) -> None:
    """What an editor saves while the new file is being written stays, and the update is refused."""
    step = step_about(steps, "fsync", TEMP)
    saved = SMALL + "# saved by an editor\n"
    code, err = strace.interrupted(step, lambda: strace.path.write_text(saved))
    assert code == 5, err
    assert "another program changed recommendations.toml while this command was running" in err
    assert strace.path.read_text() == saved
    assert strace.names() == {NAME}


# Many at once


@pytest.mark.parametrize(("processes", "rounds"), RACES)
def test_many_at_once(crowded: Path, processes: int, rounds: int) -> None:
    """Of many processes that each mark an item of their own at once, no update is lost.

    None is written twice. A reader beside them finds a valid register each time, never fewer
    updates than before, and those of every process that has recorded its own. A process that has
    waited 10 seconds for the others gives up, says so, and is called again.
    """
    folder, old = crowded.parent, CROWDED.encode()
    items = [f"crowd-{number}" for number in range(processes)]
    for _ in range(rounds):
        crowded.write_bytes(old)
        counts: list[int] = []
        calls = [("done", item, "--by", item) for item in items]
        while calls:
            at_end: list[int] = []

            def read(
                waiting: Sequence[Fork], counts: list[int] = counts, at_end: list[int] = at_end
            ) -> None:
                for process in waiting:
                    while not process.ends(within=0.03):
                        counts.append(len(valid(crowded).updates))
                    counts.append(len(valid(crowded).updates))
                    at_end.append(counts[-1])

            codes, complaints, _ = at_once(folder, calls, meanwhile=read)
            before = processes - len(calls)
            for number, (code, complaint) in enumerate(zip(codes, complaints, strict=True)):
                assert code == 0 or (code == 5 and "gave up after 10 seconds" in complaint)
                assert at_end[number] >= before + codes[: number + 1].count(0)
            calls = [call for call, code in zip(calls, codes, strict=True) if code]
        assert counts == sorted(counts)
        assert crowded.read_bytes().startswith(old)
        rows = updates_in(crowded)
        assert sorted(str(row["finding"]) for row in rows) == sorted(items)
        assert all(row["finding"] == row["by"] for row in rows)
        assert len({row["id"] for row in rows}) == len(rows) == processes
        assert {each.name for each in folder.iterdir()} == {NAME, LOCK}


def test_the_same_at_once(tmp_path: Path) -> None:
    """Of many who record the same at once, one writes it, and the others say that it is so."""
    path = tmp_path / NAME
    path.write_text(SMALL)
    with ThreadPoolExecutor(6) as beside:
        ended = list(
            beside.map(lambda _: once_let_in(lambda: called(tmp_path, "done", "r1")), range(6))
        )
    assert [each.returncode for each in ended] == [0] * 6
    assert sorted("already" in each.stdout for each in ended) == [False] + [True] * 5
    assert len(updates_in(path)) == 1


def test_nothing_is_shared_between_registers(tmp_path: Path) -> None:
    """The lock of one register holds up nobody at another."""
    for name in ("one.toml", "two.toml"):
        (tmp_path / name).write_text(SMALL)
    shutil.copyfile(tmp_path / "one.toml", tmp_path / NAME)
    assert called(tmp_path, "--records", "one.toml", *DONE).returncode == 0
    names = {each.name for each in tmp_path.iterdir()}
    assert ".one.toml.lock" in names
    assert not names & {".two.toml.lock", LOCK}
