"""The one place that prints: answers to stdout or a file, errors to stderr."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import shlex
import shutil
import stat
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO
from unicodedata import normalize

from socwatch.errors import OutputRefused, RegisterInvalid, SocwatchError

_NARROWEST = 20


def prepare_streams() -> None:
    """Let no character that the encoding lacks end a run: it is shown by its number instead."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def supports_unicode(stream: TextIO | None) -> bool:
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
        handle_print_failure(error)
        return False
    return True


def handle_print_failure(error: OSError) -> None:
    """Give up stdout, quietly where its reader has gone away. Raises OutputRefused elsewhere."""
    _give_up(sys.stdout)
    if not isinstance(error, BrokenPipeError):
        message = f"the answer cannot be printed: {error.strerror}"
        raise OutputRefused(message, remedy="make room, or name another file") from None


def _give_up(stream: TextIO) -> None:
    # Python flushes its streams once more as it ends, and would end with a code of its own then.
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def write_file(path: Path, text: str | bytes, *, registers: Iterable[Path]) -> None:
    """Write an answer to a file, which is replaced completely or left unchanged.

    Raises OutputRefused, also for the registers and their working files.
    """
    from socwatch.store.atomic import replace_file, why_not_writable

    if str(path) == "-" or not path.name.strip():
        message = f"--output {str(path)!r} names no file"
        raise OutputRefused(message, remedy="leave out --output to print the answer")
    try:
        target = Path(os.path.realpath(path))
        if any(_belongs_to(target, register) for register in registers):
            message = f"--output would overwrite the register or one of its working files ({path})"
            raise OutputRefused(message, remedy="choose another file")
        if target.suffix.lower() == ".toml" and target.exists():
            message = f"{path} is there already, and may be a register"
            raise OutputRefused(message, remedy="name another file with --output")
        content = text if isinstance(text, bytes) else text.encode(errors="backslashreplace")
        if path.exists() and not path.is_file():
            _write_into(path, content)
            return
        if target.exists() and (reason := why_not_writable(target)):
            message = f"{path} cannot be written: {reason}"
            raise OutputRefused(message, remedy="choose another file, or make this one writable")
        replace_file(target, content)
    except OSError as error:
        message = f"{path} cannot be written: {error.strerror}"
        raise OutputRefused(message, remedy="check the folder and its permissions") from None


def _write_into(path: Path, content: bytes) -> None:
    """Write to a pipe or a device, which stays what it is. Raises OSError."""
    with os.fdopen(os.open(path, os.O_WRONLY), "wb") as opened:
        if stat.S_ISREG(os.fstat(opened.fileno()).st_mode):  # It was replaced meanwhile.
            raise OSError(errno.EEXIST, os.strerror(errno.EEXIST))
        opened.write(content)


def _belongs_to(path: Path, register: Path) -> bool:
    """Return whether a path is the register, its lock or one of its temporary files."""
    held = Path(os.path.realpath(register))
    with contextlib.suppress(OSError):
        if path.samefile(held):
            return True
    try:
        same_folder = path.parent.samefile(held.parent)
    except OSError:
        same_folder = path.parent == held.parent
    # Some file systems do not tell letters by case, nor accents by how they are written.
    name, own = (normalize("NFC", each.name).casefold() for each in (path, held))
    return same_folder and (name == own or name.startswith(f".{own}."))


def wrap_lines(lines: Iterable[str]) -> str:
    """Sentences as lines that no screen breaks within a word, and a pipe gets unbroken.

    A line that begins with a blank is to be copied, and stays in one piece.
    """
    from socwatch.render.text import escape_invisible  # only for those that answer in sentences

    return "".join(
        f"  {escape_invisible(line.strip())}\n"
        if line.startswith(" ")
        else f"{wrap(escape_invisible(line))}\n"
        for line in lines
    )


def wrap(line: str, indent: str = "") -> str:
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


def can_prompt() -> bool:
    """Whether there is a person to ask: the answer itself may well go to a file."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))


def report_error(error: SocwatchError, registers: Iterable[str]) -> None:
    """Say on stderr what went wrong, where, and what to do next, with the registers named.

    A remedy that names a register itself, or tells how to make one, stays as it is.
    """
    if isinstance(error, RegisterInvalid):
        from socwatch.render.context import RenderContext  # as above
        from socwatch.render.problems import render_text  # only for a faulty register

        context = RenderContext(error.path, unicode=supports_unicode(sys.stderr))
        _print_lines(render_text(error.problems, context) + "\n")
    remedy = error.remedy
    options = "".join(f"--records {shlex.quote(each)} " for each in registers)
    if "--records" not in remedy and "socwatch init" not in remedy:
        remedy = remedy.replace("socwatch ", f"socwatch {options}")
    print_error(str(error), remedy)


def print_warning(message: str) -> None:
    """Say on stderr what went wrong beside an answer that stands."""
    print_error(message)


def print_error(message: str, remedy: str = "") -> None:
    """Say on stderr what is wrong, and below it what to do."""
    from socwatch.render.text import escape_invisible, to_ascii  # only for errors

    text = f"socwatch: {escape_invisible(message)}\n"
    if remedy:
        text += f"  {escape_invisible(remedy)}\n"
    _print_lines(text if supports_unicode(sys.stderr) else to_ascii(text))


def _print_lines(text: str) -> None:
    if sys.stderr is None:
        return
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:  # there is nobody left to tell
        _give_up(sys.stderr)
