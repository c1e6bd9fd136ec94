"""A call of the command on a terminal of its own, and somebody who reads and types there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pexpect
from pexpect.fdpexpect import fdspawn

from conftest import TIMEOUT, bare_environment, fork_server
from forkserver import Fork, ForkServer

CTRL_C = "\x03"
SECONDS_TO_A_SECOND_CTRL_C = 10


class Terminal:
    """A terminal on which one call of the command runs."""

    def __init__(
        self,
        folder: Path,
        *arguments: str,
        environment: Mapping[str, str] | None = None,
        columns: int = 80,
        lines: int = 50,
        cold: bool = False,
    ) -> None:
        """Begin the call; the environment goes on top of the bare one."""
        import pty  # not on every system that imports this module
        import termios

        screen, printer = pty.openpty()
        termios.tcsetwinsize(printer, (lines, columns))
        whole = bare_environment() | {**(environment or {})}
        self._process = _begin(arguments, folder, whole, printer, None if cold else fork_server())
        os.close(printer)
        self._pressed = ""
        self._screen = fdspawn(screen, encoding="utf-8", timeout=TIMEOUT)

    def read_to(self, words: str) -> str:
        """Return what is shown before these words, once they are there."""
        self._screen.expect_exact(words)
        return str(self._screen.before)

    def type(self, keys: str) -> None:
        """Press these keys, and no Enter after them."""
        self._screen.send(keys)
        self._pressed = keys

    def answer(self, text: str) -> None:
        """Type a line."""
        self.type(f"{text}\n")

    def end(self) -> tuple[str, int]:
        """Return what is shown until the call ends, and its exit code.

        Python can miss a Ctrl-C that comes just before it waits for a line, so it is pressed again,
        as a person would.
        """
        if self._pressed == CTRL_C:
            wait = SECONDS_TO_A_SECOND_CTRL_C
            for _ in range(TIMEOUT // wait):
                if self._screen.expect([pexpect.EOF, pexpect.TIMEOUT], timeout=wait) == 0:
                    break
                self.type(CTRL_C)
        else:
            self._screen.expect(pexpect.EOF)
        shown = str(self._screen.before)
        self._screen.close()
        code = self._process.wait()
        assert "Traceback" not in shown
        return shown, code

    def kill(self) -> None:
        """Kill the call as it waits for an answer."""
        self._process.kill()
        assert self.end()[1] == -signal.SIGKILL


def _begin(
    arguments: tuple[str, ...],
    folder: Path,
    environment: Mapping[str, str],
    terminal: int,
    server: ForkServer | None,
) -> Fork | subprocess.Popen[bytes]:
    if server is not None:
        process = server.fork(terminal, terminal, terminal)
        process.begin(arguments, folder, environment, on_terminal=True)
        return process
    import fcntl  # as above
    import termios

    return subprocess.Popen(
        [sys.executable, "-m", "socwatch", *arguments],
        cwd=folder,
        env=environment,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509  # no threads here
    )
