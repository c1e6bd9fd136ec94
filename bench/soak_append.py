"""Kills the append at every step and at any moment, fails its calls, crowds it: real faults.

    python bench/soak_append.py [--moments 500] [--processes 50] [--rounds 20]

The short forms run with the tests, in tests/test_append_faults.py, which says what must hold; it
needs strace. What does not hold ends the run with exit code 1.
"""

from __future__ import annotations

import argparse
import errno
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import product
from pathlib import Path
from time import perf_counter

# The harness stands with the tests, which share it.
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from generated import generated
from test_append_faults import (
    LOCK,
    NAME,
    SPARE,
    Step,
    Strace,
    called,
    killed,
    old_or_new,
    quiet_environment,
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
    ended = called(folder, "note", "a1", "--note", "x", "--by", "B", "--wait", "0")
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
        if strace.names() == {NAME, SPARE}:
            demand(step.call == "unlink", f"{told}: a spare file stays")
        ends[code] += 1
        strace.begin_anew()
        strace.path.with_name(SPARE).unlink(missing_ok=True)
    return (
        f"{len(chosen)} system calls, failed in {len(FAULTS)} ways: "
        f"{ends[5] + ends[3]} times refused and untouched, {ends[0]} times written all the same"
    )


def any_moment(folder: Path, moments: int) -> str:
    """Kills runs at random moments, half of them counted from the taking of the lock."""
    path = folder / NAME
    made = generated(800, seed=1)
    path.write_text(made.text)
    item = next(each.id for each in made.items if each.status == "open")
    old, begun = path.read_bytes(), len(updates_in(path))
    chance = random.Random(1)  # noqa: S311  # moments, not secrets
    lasts = {False: 0.5, True: 0.1}
    ends: Counter[str] = Counter()
    for number in range(-4, moments):
        from_lock = number % 2 == 0
        # The first few are left to end, to learn how long a run takes here and now.
        after = 60 if number < 0 else chance.uniform(0, 1.2 * lasts[from_lock])
        code, seconds, error = killed(folder, item, from_lock=from_lock, after=after)
        demand(code in {0, -signal.SIGKILL}, f"ended by itself: {error}")
        if code == 0:
            lasts[from_lock] = (lasts[from_lock] + seconds) / 2
        spare = (folder / SPARE).exists()
        now = path.read_bytes()
        demand(now.startswith(old), "the old bytes are gone")
        if now != old:
            demand(len(updates_in(path)) == begun + 1, "half of an update")
        if number >= 0:
            ended = "killed" if code else "ended"
            ends[f"{ended}, {'old' if now == old else 'new'}"] += 1
            ends["spare file left for the next run"] += spare
        path.write_bytes(old)
    called(folder, "note", item, "--note", "x", "--by", "B", "--wait", "0")
    names = {each.name for each in folder.iterdir()}
    demand(names == {NAME, LOCK}, f"this stays behind: {names}")
    return f"{moments} moments: " + "; ".join(f"{n} {what}" for what, n in sorted(ends.items()))


def crowd(folder: Path, processes: int, rounds: int) -> str:
    """Lets many processes mark items of their own at once, a reader beside them."""
    readings = 0
    for number in range(rounds):
        made = generated(processes * 8, seed=number)
        path = folder / NAME
        path.write_text(made.text)
        old = path.read_bytes()
        begun = last = len(updates_in(path))
        items = [item.id for item in made.items if item.status == "open"][:processes]
        demand(len(items) == processes, "too few open items")
        running = [
            subprocess.Popen(
                [sys.executable, "-m", "socwatch", "done", item, "--by", item, "--wait", "500"],
                cwd=folder,
                env=quiet_environment(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            )
            for item in items
        ]
        while any(process.poll() is None for process in running):
            now = len(updates_in(path))
            demand(now >= last, "a reader finds fewer updates than before")
            last = now
            readings += 1
        for process in running:
            complaint = process.communicate()[1].decode()
            demand(process.returncode == 0, complaint)
        rows = tomllib.loads(path.read_text())["updates"]
        written = Counter(row.get("by") for row in rows)
        demand(all(written[item] == 1 for item in items), "an update is lost or doubled")
        demand(len({row["id"] for row in rows}) == begun + processes, "an id is given twice")
        demand(path.read_bytes().startswith(old), "the old bytes are gone")
        updates_in(path)
    return (
        f"{rounds} rounds of {processes} processes at once: {rounds * processes} updates, "
        f"none lost or doubled; {readings} readings beside them, all valid"
    )


def main() -> None:
    """Runs it all, and prints what was seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--moments", type=int, default=500)
    parser.add_argument("--processes", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=20)
    arguments = parser.parse_args()
    program = shutil.which("strace")
    if program is None:
        parser.error("this needs strace")
    with tempfile.TemporaryDirectory(prefix="socwatch-soak-") as name:
        for folder in ("steps", "moments", "crowd"):
            (Path(name) / folder).mkdir()
        strace = Strace(program, Path(name) / "steps")
        steps = steps_of(strace)
        strace.begin_anew()
        parts: tuple[Callable[[], str], ...] = (
            partial(every_step, strace, steps),
            partial(every_fault, strace, steps),
            partial(any_moment, Path(name) / "moments", arguments.moments),
            partial(crowd, Path(name) / "crowd", arguments.processes, arguments.rounds),
        )
        for part in parts:
            began = perf_counter()
            try:
                print(f"{part()} ({perf_counter() - began:.0f} s)", flush=True)
            except (AssertionError, BrokenPromiseError) as broken:
                sys.exit(f"broken: {broken}")


if __name__ == "__main__":
    main()
