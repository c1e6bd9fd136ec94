"""Run a command line again and again, stopped by Ctrl-C at another line of socwatch each time.

    python tests/stop_at_lines.py SAMPLES ARGUMENT…

The lines are spread over the run, and lie close together where the register is written. In a
folder with a recommendations.toml, which each run finds as it was. Prints as JSON, for each run,
where it was stopped, its exit code, what it wrote to stderr, and if the register has changed.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
from pathlib import Path
from types import FrameType
from typing import Any

REGISTER = Path("recommendations.toml")
PACKAGE = f"{os.sep}socwatch{os.sep}"


class Stop:
    """Counts the lines of socwatch that are run, and sends SIGINT before one of them."""

    def __init__(self, at: int) -> None:
        self.lines = 0
        self.at = at
        self.where = ""

    def __call__(self, frame: FrameType, event: str, _: object) -> Any:  # noqa: ANN401  # a trace function
        """Trace the functions of socwatch."""
        if PACKAGE not in frame.f_code.co_filename:
            return None
        if event == "line":
            self.lines += 1
            if self.lines == self.at:
                self.where = f"{frame.f_globals['__name__']}:{frame.f_lineno}"
                signal.raise_signal(signal.SIGINT)
        return self


def run(arguments: list[str], at: int) -> dict[str, Any]:
    """Run a command line in a fork, stopped before one of its lines; 0 means never."""
    content = REGISTER.read_bytes()
    told, to_tell = os.pipe()
    with tempfile.TemporaryFile() as complaints:
        child = os.fork()
        if child == 0:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            os.dup2(complaints.fileno(), 2)
            stop = Stop(at)
            end = os._exit

            def ended(code: int) -> None:
                sys.settrace(None)
                os.write(to_tell, json.dumps([stop.lines, stop.where]).encode())
                end(code)

            from socwatch.__main__ import main

            os._exit = ended  # type: ignore[assignment]  # every run ends there
            sys.argv = ["socwatch", *arguments]
            sys.settrace(stop)
            main()
        os.close(to_tell)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        complaints.seek(0)
        err = complaints.read().decode()
    lines, where = json.loads(os.read(told, 1 << 16) or '[0, ""]')
    os.close(told)
    changed = REGISTER.read_bytes() != content
    REGISTER.write_bytes(content)
    return {"lines": lines, "where": where, "code": code, "err": err, "changed": changed}


def runs_around_the_write(arguments: list[str], lines: int) -> list[dict[str, Any]]:
    """Stop where halving the run leads to: just before the register is changed, and just after."""
    ran = []
    before, after = 1, lines  # the last lines are no moment to stop: all is said and Ctrl-C ignored
    while after - before > 1:
        middle = (before + after) // 2
        ran.append(run(arguments, middle))
        before, after = (before, middle) if ran[-1]["changed"] else (middle, after)
    return ran


def main() -> None:
    """Stop at lines that are spread over the whole run: cold, then with everything imported."""
    samples, arguments = int(sys.argv[1]), sys.argv[2:]
    ran = []
    for times in (samples // 4, samples):
        lines = run(arguments, 0)["lines"]
        # The first line is the `try` of main(), which is not entered before the second.
        ran += [run(arguments, 2 + (lines - 2) * n // times) for n in range(times)]
        import socwatch.cli.record.run  # noqa: F401  # from here on only the command itself is run
    ran += runs_around_the_write(arguments, run(arguments, 0)["lines"])
    sys.stdout.write(json.dumps(ran))


if __name__ == "__main__":
    main()
