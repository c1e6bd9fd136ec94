"""A server that forks each call of socwatch from a process that has everything imported.

Starting Python and importing is most of a call, and the server does both once. A fork is a process
like any other: it has its own folder, environment, streams, locks and death, runs what
`python -m socwatch` runs, and shares nothing with the others but what was imported before it.

    python tests/forkserver.py                      # a server; it prints the path of its socket
    python -IS tests/forkserver.py SOCKET ARGUMENT… # socwatch, as a command for shells

Each call is a connection. The caller sends stdin, stdout and stderr, and is told the number of the
process that waits; sends the command line, with which the process begins; and is told the code.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import NoReturn, Self

COLD = ("DYLD_", "LANG", "LC_", "LD_", "PYTHON", "_TYPER_COMPLETE_TEST")
"""How the names of variables begin that are read as Python starts, or as a parser is built; others
than the server's mean that a fork becomes a start of Python."""

LAZY = (
    "difflib",
    "docx",
    "encodings.utf_8_sig",
    "icalendar",
    "importlib.metadata",
    "jinja2",
    "pydantic.dataclasses",
    "pydantic.plugin._loader",
    "pydantic.type_adapter",
    "rich._emoji_codes",
    "rich.panel",
    "rich.progress",
    "rich.table",
    "sqlite3",
    "tomli_w",
    "typer._adapters",
    "typer._click.decorators",
    "typer.rich_utils",
    "xlsxwriter",
)
"""What commands import when they come to need it, as far as this version of a library has it."""


class Fork:
    """A process that is to run one command line, and waits for it."""

    def __init__(self, path: str, streams: Sequence[int]) -> None:
        """Let the server at this path fork; stdin, stdout and stderr are given by descriptors."""
        self._server = socket.socket(socket.AF_UNIX)
        self._server.connect(path)
        socket.send_fds(self._server, [b"\0"], streams)
        self.pid = self._receive()

    def begin(
        self,
        arguments: Iterable[str | Path],
        folder: Path | str,
        environment: Mapping[str, str],
        *,
        on_terminal: bool = False,
    ) -> None:
        """Let the process run a command line; the environment is the whole of it.

        On a terminal, stdin, it is the process that Ctrl-C there stops.
        """
        request = [[*map(str, arguments)], str(folder), {**environment}, on_terminal]
        self._server.sendall(json.dumps(request).encode() + b"\n")

    def ends(self, *, within: float) -> bool:
        """Return whether the process ends within so many seconds."""
        return bool(select.select([self._server], [], [], within)[0])

    def wait(self) -> int:
        """Return the exit code once the process has ended; -9 where it was killed."""
        code = self._receive()
        self._server.close()
        return code

    def kill(self) -> None:
        """End the process as a power cut would, if it has not ended."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def _receive(self) -> int:
        told = self._server.recv(4, socket.MSG_WAITALL)
        if len(told) < 4:
            message = "the fork server has ended"
            raise ConnectionError(message)
        return int.from_bytes(told, "big", signed=True)

    def __enter__(self) -> Self:
        """Return the process."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Kill what is left of the process after a failure, and hear no more of it."""
        if kind is not None:
            self.kill()
        self._server.close()


class ForkServer:
    """A running server; it ends with the process that has started it."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        """Start the server in an environment; what Python makes of it at its start is for all."""
        import subprocess  # not for the command for shells, which is to be quick

        # Each fork measures itself; see _run.
        measured = [name for name in environment if name.startswith("COVERAGE")]
        self._process = subprocess.Popen(
            [sys.executable, __file__, *(["coverage"] if measured else [])],
            env={name: value for name, value in environment.items() if name not in measured},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        assert self._process.stdout is not None
        self.path = self._process.stdout.readline().rstrip("\n")
        """Of its socket."""

    def fork(self, *streams: int) -> Fork:
        """Return a new process, with these descriptors as stdin, stdout and stderr."""
        return Fork(self.path, streams)

    def run(
        self,
        arguments: Iterable[str | Path],
        folder: Path | str,
        environment: Mapping[str, str],
        *,
        within: float,
    ) -> tuple[int, bytes, bytes]:
        """Return the code of a call, and what it prints to stdout and to stderr.

        Raises TimeoutError where it does not end within so many seconds.
        """
        out, for_out = os.pipe()
        err, for_err = os.pipe()
        with Path(os.devnull).open("rb") as nothing:
            process = self.fork(nothing.fileno(), for_out, for_err)
        os.close(for_out)
        os.close(for_err)
        with process, os.fdopen(out, "rb"), os.fdopen(err, "rb"):
            process.begin(arguments, folder, environment)
            printed, complained = _read_all((out, err), within)
            return process.wait(), printed, complained

    def command(self) -> list[str]:
        """Return the words that run socwatch in a fork, with the streams that a shell gives."""
        return [sys.executable, "-IS", __file__, self.path]

    def close(self) -> None:
        """End the server."""
        self._process.communicate()


def _read_all(pipes: Sequence[int], within: float) -> list[bytes]:
    read = {pipe: bytearray() for pipe in pipes}
    unread, end = {*pipes}, monotonic() + within
    while unread:
        ready, _, _ = select.select(unread, [], [], max(0, end - monotonic()))
        if not ready:
            message = f"not over within {within} seconds"
            raise TimeoutError(message)
        for pipe in ready:
            some = os.read(pipe, 1 << 16)
            read[pipe] += some
            if not some:
                unread.remove(pipe)
    return [bytes(every) for every in read.values()]


def serve(modules: Iterable[str]) -> None:
    """Import these modules, and fork a process for each connection until stdin ends."""
    import gc
    import tempfile

    _import(modules)
    with (
        tempfile.TemporaryDirectory(prefix="socwatch-") as folder,
        socket.socket(socket.AF_UNIX) as listener,
    ):
        listener.bind(f"{folder}/socket")
        listener.listen(128)
        ended, told = os.pipe()
        os.set_blocking(told, False)
        signal.set_wakeup_fd(told)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # stdin ends where tests are stopped
        gc.collect()
        gc.freeze()
        sys.stdout.write(f"{folder}/socket\n")
        sys.stdout.flush()
        running: dict[int, socket.socket] = {}
        while True:
            ready, _, _ = select.select([0, listener.fileno(), ended], [], [])
            if 0 in ready:
                return
            if ended in ready:
                os.read(ended, 1 << 16)
                _tell_codes(running)
            if listener.fileno() in ready:
                caller, _ = listener.accept()
                pid = _fork(caller)
                running[pid] = caller


def _import(modules: Iterable[str]) -> None:
    from importlib import import_module
    from pkgutil import walk_packages

    import socwatch

    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"  # as __main__.py does before it imports
    for name in modules:
        with suppress(ModuleNotFoundError):
            import_module(name)
    for module in walk_packages(socwatch.__path__, "socwatch."):
        import_module(module.name)
    _build()


def _build() -> None:
    """Build once what each call would build: its parser, and the validator of its register."""
    from socwatch.cli import SOCWATCH
    from socwatch.cli.typer_seam import parsers
    from socwatch.records import FORMAT, Register
    from socwatch.render.text import escape_invisible

    for name, found in parsers(SOCWATCH):
        found.make_context(name, [], resilient_parsing=True)
    Register.of({"format": FORMAT})
    escape_invisible("\0")  # its pattern is compiled at the first text that needs it


def _tell_codes(running: dict[int, socket.socket]) -> None:
    for pid in [*running]:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            code = os.waitstatus_to_exitcode(status)
            with running.pop(pid) as caller, suppress(BrokenPipeError):
                caller.sendall(code.to_bytes(4, "big", signed=True))


def _fork(caller: socket.socket) -> int:
    _, streams, _, _ = socket.recv_fds(caller, 1, 3)
    pid = os.fork()
    if pid == 0:
        try:
            _become_call(caller, streams)
        except BaseException:  # noqa: BLE001  # what Python would do with it, but no more than that
            sys.excepthook(*sys.exc_info())
        finally:
            sys.stderr.flush()
            os._exit(1)
    for stream in streams:
        os.close(stream)
    caller.sendall(pid.to_bytes(4, "big"))
    return pid


def _become_call(caller: socket.socket, streams: Sequence[int]) -> None:
    """Be what a cold start would be, and run the command line that the caller sends."""
    import fcntl  # not on every system that imports this module
    import termios
    import time

    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with caller.makefile("rb") as requests:
        arguments, folder, environment, on_terminal = json.loads(requests.readline() or os._exit(0))
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    os.closerange(3, 1 << 16)
    if on_terminal:
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    os.chdir(folder)
    # A start of Python where no locale is set sets one itself.
    coerced = {name: value for name, value in os.environ.items() if name == "LC_CTYPE"}
    if _read_at_start(coerced | environment) != _read_at_start(os.environ):
        _start_cold(arguments, environment)
    os.environ.clear()
    os.environ.update(coerced | environment)
    time.tzset()
    _open_streams()
    if "COVERAGE_PROCESS_CONFIG" in environment or "COVERAGE_PROCESS_START" in environment:
        from coverage import process_startup  # as its .pth file does in a cold start

        process_startup()
    from socwatch import __main__

    sys.argv = [str(__main__.__file__), *arguments]
    sys.path[0] = folder
    __main__.main()


def _start_cold(arguments: Iterable[str], environment: Mapping[str, str]) -> NoReturn:
    for ignored_by_python in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(ignored_by_python, signal.SIG_DFL)
    command = [sys.executable, "-m", "socwatch", *arguments]
    os.execve(sys.executable, command, environment)  # noqa: S606  # no shell is needed


def _open_streams() -> None:
    """Give Python streams as new as those of a start, with the encoding that this start chose."""
    import io

    for number, name in enumerate(("stdin", "stdout", "stderr")):
        started = getattr(sys, name)
        binary = open(number, "wb" if number else "rb", closefd=False)  # noqa: SIM115  # to its end
        fresh = io.TextIOWrapper(
            binary,
            encoding=started.encoding,
            errors=started.errors,
            newline="\n",
            line_buffering=name == "stderr" or (name == "stdout" and binary.isatty()),
        )
        setattr(sys, name, fresh)
        setattr(sys, f"__{name}__", fresh)


def _read_at_start(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name.startswith(COLD)}


def call(path: str, arguments: Iterable[str]) -> int:
    """Run a command line in a fork with the streams of this process, and return its code."""
    with Fork(path, (0, 1, 2)) as process:
        process.begin(arguments, Path.cwd(), os.environ)
        code = process.wait()
    return code if code >= 0 else 128 - code  # as a shell says that a signal has ended it


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] != "coverage":
        sys.exit(call(sys.argv[1], sys.argv[2:]))
    serve((*LAZY, *sys.argv[1:]))
