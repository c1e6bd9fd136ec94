"""A process that has socwatch imported, and forks a child of its own for each call of the command.

Most of a call is the start of Python and the imports: with those done once, a thousand calls take
less time than a hundred. The children are processes like any other. Each opens, locks, writes and
dies by itself, and shares nothing with the others but what was imported before it began.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import IO, Any, NamedTuple, Self

WARMING = ("--note", "x", "--by", "B")


class Ended(NamedTuple):
    """How calls have ended that began at once."""

    codes: list[int]
    """Their exit codes; -9 for one that was killed."""
    complaints: list[str]
    seconds: float


class Warm:
    """The calls of the command in a folder, each in a child that begins at once."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        """Start the process that forks; a register in the folder warms it."""
        self._server = subprocess.Popen(
            [sys.executable, __file__],
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        self._answers = self._server.stdout
        if self._read() != {"ready": True}:
            message = "the process that forks has not begun"
            raise RuntimeError(message)

    def begin(self, *calls: Sequence[str], kill_after: float | None = None) -> None:
        """Begin calls at once, and kill them all after so many seconds."""
        print(
            json.dumps({"calls": calls, "kill_after": kill_after}),
            file=self._server.stdin,
            flush=True,
        )

    def is_over(self, within: float) -> bool:
        """Whether all that was begun ends within so many seconds."""
        return bool(self._answers and select.select([self._answers], [], [], within)[0])

    def end(self) -> Ended:
        """Wait for what was begun."""
        return Ended(**self._read())

    def _read(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self._answers and self._answers.readline()) or "{}")
        return found

    def __enter__(self) -> Self:
        """The process itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the process that forks."""
        self._server.kill()
        self._server.communicate()


def serve() -> None:
    """Answer each line of stdin, which names calls, by a line that says how they ended."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 1)
    with tempfile.TemporaryDirectory() as scratch:
        shutil.copy("recommendations.toml", scratch)
        # What is imported and built at the first use is so once for all children.
        code = call(["--records", f"{scratch}/recommendations.toml", "note", "r1", *WARMING])
    if code:
        sys.exit(code)
    print(json.dumps({"ready": True}), file=answers, flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(begun(asked["calls"], asked["kill_after"])), file=answers, flush=True)


def begun(calls: list[list[str]], kill_after: float | None) -> dict[str, object]:
    """Let a child for each call begin, all of them at one moment, and wait for them."""
    waiting, go = os.pipe()
    children = [child(arguments, waiting, go) for arguments in calls]
    os.close(waiting)
    start = perf_counter()
    os.close(go)
    if kill_after is not None:
        watched = [os.pidfd_open(identity) for identity, _ in children]
        select.select(watched, [], [], kill_after)
        for (identity, _), watching in zip(children, watched, strict=True):
            os.kill(identity, signal.SIGKILL)
            os.close(watching)
    codes = [os.waitstatus_to_exitcode(os.waitpid(identity, 0)[1]) for identity, _ in children]
    seconds = perf_counter() - start
    return {"codes": codes, "complaints": [told(err) for _, err in children], "seconds": seconds}


def child(arguments: list[str], waiting: int, go: int) -> tuple[int, IO[bytes]]:
    """A child that waits for the moment to begin; gives its number, and what it complains to."""
    complaints = tempfile.TemporaryFile()  # noqa: SIM115  # told() closes it
    identity = os.fork()
    if identity:
        return identity, complaints
    code = 70
    try:
        os.close(go)
        os.dup2(complaints.fileno(), 2)
        os.read(waiting, 1)
        code = call(arguments)
    finally:
        os._exit(code)


def told(complaints: IO[bytes]) -> str:
    """What a child has complained of."""
    with complaints:
        complaints.seek(0)
        return complaints.read().decode(errors="replace")


def call(arguments: list[str]) -> int:
    """Run one command line as the console script does, and give its exit code."""
    from socwatch.cli import run

    return run(arguments)


if __name__ == "__main__":
    serve()
