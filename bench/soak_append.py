"""Kills the append at every system call, and lets each call fail in every way: minutes of it.

    python bench/soak_append.py

The tests, in tests/test_append_faults.py, kill it at those calls that change the disk and at any
moment, and let a few calls fail in the way that is likely. It needs strace. What does not hold
ends the run with exit code 1.
"""

from __future__ import annotations

import errno
import os
import shutil
import signal
import sys
import tempfile
from collections import Counter
from functools import partial
from itertools import product
from pathlib import Path
from time import perf_counter

# The harness stands with the tests, which share it.
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from test_append_faults import (
    LOCK,
    NAME,
    Step,
    Strace,
    called,
    old_or_new,
    steps_of,
    updates_in,
)

FAULTS = ("EACCES", "EDQUOT", "EIO", "EMFILE", "ENOSPC", "EPERM", "EROFS")
FAILING = ("openat", "flock", "write", "fsync", "rename", "fchmod", "fchown", "unlink", "close")


class BrokenPromiseError(Exception):
    """The append has done what it must never do."""


def demand(holds: bool, what: str) -> None:  # noqa: FBT001  # demand(a == b, "...") reads best so
    """Ends the run if something does not hold."""
    if not holds:
        raise BrokenPromiseError(what)


def next_run(folder: Path, old: bytes) -> None:
    """The next run gets through without waiting, and leaves nothing of a dead one."""
    ended = called(folder, "note", "a1", "--note", "x", "--by", "B")
    demand(ended.returncode == 0, f"the next run is stopped: {ended.stderr}")
    names = {path.name for path in folder.iterdir()}
    demand(names == {NAME, LOCK}, f"this stays behind: {names}")
    updates_in(folder / NAME)
    demand((folder / NAME).read_bytes().startswith(old), "the old bytes are gone")


def every_step(strace: Strace, steps: list[Step]) -> str:
    """Kills a run on its way into each call about the register's files."""
    old = strace.path.read_bytes()
    written = 0
    for step in steps:
        code, err = strace.inject(step, "signal=KILL")
        demand(code == -signal.SIGKILL, f"{step} was not reached: {code} {err}")
        written += old_or_new(strace.path, old)
        next_run(strace.path.parent, old)
        strace.begin_anew()
    return f"{len(steps)} system calls, each killed: {written} times new, else old"


def every_fault(strace: Strace, steps: list[Step]) -> str:
    """Lets each call fail in each way."""
    old = strace.path.read_bytes()
    ends: Counter[int] = Counter()
    chosen = [step for step in steps if step.call in FAILING]
    for step, fault in product(chosen, FAULTS):
        code, err = strace.inject(step, f"error={fault}")
        written = old_or_new(strace.path, old)
        told = f"{step} {fault}: {code} {err}"
        demand("Traceback" not in err, told)
        demand(code in {0, 3, 5} and written == (code == 0), told)
        demand(code != 5 or os.strerror(getattr(errno, fault)) in err, told)  # noqa: PLR2004  # refused
        if strace.names() == {NAME, strace.temp}:
            demand(step.call == "unlink", f"{told}: a temporary file stays")
        ends[code] += 1
        strace.begin_anew()
        strace.path.with_name(strace.temp).unlink(missing_ok=True)
    return (
        f"{len(chosen)} system calls, failed in {len(FAULTS)} ways: "
        f"{ends[5] + ends[3]} times refused and untouched, {ends[0]} times written all the same"
    )


def main() -> None:
    """Runs it all, and prints what was seen."""
    program = shutil.which("strace")
    if program is None:
        sys.exit("this needs strace")
    with tempfile.TemporaryDirectory(prefix="socwatch-soak-") as name:
        folder = Path(name) / "register"  # strace's own log stands beside it
        folder.mkdir()
        strace = Strace(program, folder)
        steps = steps_of(strace)
        strace.begin_anew()
        parts = (partial(every_step, strace, steps), partial(every_fault, strace, steps))
        for part in parts:
            began = perf_counter()
            try:
                print(f"{part()} ({perf_counter() - began:.0f} s)", flush=True)
            except (AssertionError, BrokenPromiseError) as broken:
                sys.exit(f"broken: {broken}")


if __name__ == "__main__":
    main()
