"""The one place that prints: answers to stdout or a file, errors to stderr."""

from __future__ import annotations

import contextlib
import io
import os
import shlex
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from socwatch.errors import OutputRefused, RegisterInvalid, SocwatchError

_NARROWEST = 20


def prepare_streams() -> None:
    """Let no character that the encoding lacks end a run: it is shown by its number instead."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def speaks_unicode(stream: TextIO | None) -> bool:
    """Whether a stream's encoding has all characters."""
    encoding = getattr(stream, "encoding", None) or "ascii"
    return encoding.lower().replace("-", "").replace("_", "").startswith("utf")


def on_terminal() -> bool:
    """Whether the answer goes to a person's screen."""
    return sys.stdout is not None and sys.stdout.isatty()


def wants_colour() -> bool:
    """Whether the screen is to have colours; see no-color.org."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return bool(os.environ.get("FORCE_COLOR")) or on_terminal()


def screen_width() -> int:
    """The columns of the screen; 80 where there is none, and never fewer than can be used."""
    return max(_NARROWEST, shutil.get_terminal_size((80, 24)).columns)


def write_out(text: str | bytes) -> bool:
    """Print an answer, bytes as they are, and say whether it was taken whole.

    A reader that has gone away wants no more of it, and that is no error. Raises OutputRefused
    where it cannot be written.
    """
    if sys.stdout is None:  # a parent process closed it: nobody is listening
        return False
    try:
        if isinstance(text, bytes):
            sys.stdout.buffer.write(text)
        else:
            sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        unprinted(error)
        return False
    return True


def unprinted(error: OSError) -> None:
    """Give up stdout, quietly where its reader has gone away. Raises OutputRefused elsewhere."""
    _give_up(sys.stdout)
    if not isinstance(error, BrokenPipeError):
        message = f"the answer cannot be printed: {error.strerror}"
        raise OutputRefused(message, remedy="make room, or name another file") from None


def _give_up(stream: TextIO) -> None:
    # Python flushes its streams once more as it ends, and would end with a code of its own then.
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def write_file(path: Path, text: str | bytes, *, register: Path | None) -> None:
    """Write an answer to a file, whole or not at all; never over the register.

    Raises OutputRefused.
    """
    from socwatch.store.atomic import written_beside

    if str(path) == "-" or not path.name.strip():
        message = f"--output {str(path)!r} names no file"
        raise OutputRefused(message, remedy="leave out --output to print the answer")
    try:
        target = Path(os.path.realpath(path))
        if register is not None and (_same_file(target, register) or _beside(target, register)):
            message = f"{path} is the register itself, or stands beside it for writing to it"
            raise OutputRefused(message, remedy="name another file with --output")
        if target.suffix.lower() == ".toml" and target.exists():
            message = f"{path} is there already, and may be a register"
            raise OutputRefused(message, remedy="name another file with --output")
        content = text if isinstance(text, bytes) else text.encode(errors="backslashreplace")
        if path.exists() and not path.is_file():
            path.write_bytes(content)  # a pipe or a device takes it, and stays what it is
        else:
            with written_beside(target, content) as spare:
                spare.replace(target)
    except OSError as error:
        message = f"{path} cannot be written: {error.strerror}"
        raise OutputRefused(message, remedy="check the folder and its permissions") from None


def _beside(path: Path, register: Path) -> bool:
    """Whether a path is the register's lock, or its next state."""
    held = Path(os.path.realpath(register))
    return path.parent == held.parent and path.name.startswith(f".{held.name}.")


def _same_file(path: Path, register: Path) -> bool:
    try:
        return path.samefile(register)
    except OSError:
        return path == Path(os.path.realpath(register))


def folded(lines: Iterable[str]) -> str:
    """Sentences as lines that no screen breaks within a word, and a pipe gets unbroken.

    A line that begins with a blank is to be copied, and stays in one piece.
    """
    from socwatch.render.text import visible  # only for those that answer in sentences

    return "".join(
        f"  {visible(line.strip())}\n" if line.startswith(" ") else f"{fold(visible(line))}\n"
        for line in lines
    )


def fold(line: str, indent: str = "") -> str:
    """A line broken between words where the screen ends; as it is where there is no screen."""
    if not on_terminal():
        return f"{indent}{line}"
    import textwrap  # only for a person

    return textwrap.fill(
        line,
        screen_width(),
        initial_indent=indent,
        subsequent_indent=indent or "    ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def somebody_is_there() -> bool:
    """Whether there is a person to ask: the answer itself may well go to a file."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))


def tell_error(error: SocwatchError, register: str | None) -> None:
    """Say on stderr what went wrong, where, and what to do next, with the register that was named.

    A remedy that names a register itself, or tells how to make one, stays as it is.
    """
    if isinstance(error, RegisterInvalid):
        from socwatch.render.context import Setting  # as above
        from socwatch.render.problems import render_text  # only for a faulty register

        setting = Setting(error.path, unicode=speaks_unicode(sys.stderr))
        _print_error(render_text(error.problems, setting) + "\n")
    remedy = error.remedy
    if register is not None and "--records" not in remedy and "socwatch init" not in remedy:
        remedy = remedy.replace("socwatch ", f"socwatch --records {shlex.quote(register)} ")
    complain(str(error), remedy)


def remark(message: str) -> None:
    """Say on stderr what went wrong beside an answer that stands."""
    complain(message)


def complain(message: str, remedy: str = "") -> None:
    """Say on stderr what is wrong, and below it what to do."""
    from socwatch.render.text import plainly, visible  # only for errors

    text = f"socwatch: {visible(message)}\n"
    if remedy:
        text += f"  {visible(remedy)}\n"
    _print_error(text if speaks_unicode(sys.stderr) else plainly(text))


def _print_error(text: str) -> None:
    if sys.stderr is None:
        return
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:  # there is nobody left to tell
        _give_up(sys.stderr)
