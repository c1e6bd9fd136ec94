"""Runs whole processes, into a pipe or on a terminal, and says how long and how much they took."""

from __future__ import annotations

import fcntl
import os
import pty
import random
import resource
import struct
import subprocess
import sys
import termios
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ROOT = Path(__file__).resolve().parents[1]
ROWS, COLUMNS = 40, 120

# Nothing of the user's own but where programs are, so that no setting of theirs is measured.
SURROUNDINGS = MappingProxyType(
    {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": os.devnull,
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
    }
)

# A new process counts its parent's memory as its own peak until it becomes another program, so
# what is measured is started by something small.
MEMORY = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
raise SystemExit(code)
"""


class BenchError(Exception):
    """A command failed, or did not do what it was timed for."""


@dataclass(frozen=True, slots=True)
class Command:
    """A process to time, and a text in its output that shows that it did its work."""

    name: str
    argv: tuple[str, ...]
    expects: str = ""
    env: Mapping[str, str] = field(default_factory=dict)
    terminal: bool = False
    code: int = 0
    """The exit code that it is to end with."""


@dataclass(frozen=True, slots=True)
class Timing:
    """The seconds that a command took, a number for each round."""

    seconds: tuple[float, ...]

    @property
    def least(self) -> float:
        """The fastest round."""
        return min(self.seconds)

    @property
    def middle(self) -> float:
        """The median of the rounds."""
        return median(self.seconds)

    def against(self, reference: Timing) -> float:
        """How many times as long as a reference: the median of the rounds' own ratios.

        A slow spell of the machine falls on both commands of a round, and so drops out.
        """
        pairs = zip(self.seconds, reference.seconds, strict=True)
        return median(mine / other for mine, other in pairs)


def interleaved(
    commands: Sequence[Command],
    *,
    rounds: int,
    measure: Callable[[Command], float] | None = None,
) -> dict[str, Timing]:
    """Times each command once a round, in another order each round, after one untimed run each.

    `measure` is `timed`, or else `cpu_seconds` where a busy machine is not to be measured as well.
    """
    measure = measure or timed
    for command in commands:
        measure(command)
    seconds: dict[str, list[float]] = {command.name: [] for command in commands}
    shuffle = random.Random(0).shuffle  # noqa: S311  # an order, not a secret
    for _ in range(rounds):
        order = list(commands)
        shuffle(order)
        for command in order:
            seconds[command.name].append(measure(command))
    return {name: Timing(tuple(each)) for name, each in seconds.items()}


def timed(command: Command) -> float:
    """The seconds from starting a command until it has ended and all its output is read."""
    begin = perf_counter()
    code, output = _on_terminal(command) if command.terminal else _into_pipe(command)
    seconds = perf_counter() - begin
    if code != command.code or command.expects not in output:
        message = f"{command.name}: exit {code}, {command.expects!r} sought in:\n{output[-2000:]}"
        raise BenchError(message)
    return seconds


def cpu_seconds(command: Command) -> float:
    """The seconds that the processor spent on a command, in it and for it in the system."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    timed(command)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def peak_memory(command: Command) -> int:
    """The bytes of memory that a command held at its peak, its output thrown away."""
    argv = (sys.executable, "-c", MEMORY, *command.argv)
    code, output = _into_pipe(Command(command.name, argv, env=command.env))
    if code != 0:
        message = f"{command.name}: exit {code}:\n{output[-2000:]}"
        raise BenchError(message)
    # Linux counts kibibytes, macOS bytes.
    return int(output) * (1 if sys.platform == "darwin" else 1024)


def _into_pipe(command: Command) -> tuple[int, str]:
    ended = subprocess.run(
        command.argv,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=SURROUNDINGS | command.env,
        cwd=ROOT,
        check=False,
    )
    output = ended.stdout if ended.returncode == 0 else ended.stdout + ended.stderr
    return ended.returncode, output.decode()


def _on_terminal(command: Command) -> tuple[int, str]:
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    with subprocess.Popen(
        command.argv,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=SURROUNDINGS | command.env,
        cwd=ROOT,
    ) as process:
        os.close(theirs)
        output = bytearray()
        try:
            while part := os.read(ours, 65_536):
                output += part
        except OSError:
            pass  # how Linux says that the other end of a terminal has closed
        finally:
            os.close(ours)
    return process.returncode, output.decode()
