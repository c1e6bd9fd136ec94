"""Files that are read under a limit, and replaced completely or left unchanged."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from socwatch.store.access import copy_access
from socwatch.store.system import make_blocking, replace

_NO_FILES = (
    (stat.S_ISDIR, errno.EISDIR, "it is a folder"),
    (stat.S_ISCHR, errno.EINVAL, "it is a device, and no file"),
    (stat.S_ISBLK, errno.EINVAL, "it is a device, and no file"),
)
"""What a path can lead to that has no content of its own; a socket cannot be opened at all."""

_PRIVATE = 0o600


def read_limited(path: Path, *, max_bytes: int) -> bytes:
    """Return the content of a file, or of a pipe that someone writes to; at most one byte over.

    Nothing is waited for that may never come: a pipe without a writer is an error at once.
    Raises OSError, and ValueError for a path with a NUL in it.
    """
    at_once = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, os.O_RDONLY | at_once)
    try:
        mode = os.fstat(descriptor).st_mode
        for is_one, number, reason in _NO_FILES:
            if is_one(mode):
                raise OSError(number, reason)
        start = _read_start(descriptor) if stat.S_ISFIFO(mode) else b""
        with open(descriptor, "rb", closefd=False) as file:
            return start + file.read(max_bytes + 1 - len(start))
    finally:
        os.close(descriptor)


def _read_start(pipe: int) -> bytes:
    """Return the first bytes of a pipe, which from then on is waited for. Raises OSError."""
    first = None
    with contextlib.suppress(BlockingIOError):  # There is a writer, who has not written yet.
        first = os.read(pipe, 4096)
    if first == b"":
        raise OSError(errno.EPIPE, "it is a pipe, and nobody writes to it")
    make_blocking(pipe)
    return first or b""


def replace_file(target: Path, content: bytes, *, private: bool = False) -> None:
    """Write a file, or replace one completely, keeping who may read it. Raises OSError.

    A private file can be read by its owner only, whatever the old one was.
    """
    with adjacent_temp_file(target, content, private=private) as temp:
        replace(temp, target)
    fsync_directory(target.parent)


@contextlib.contextmanager
def adjacent_temp_file(
    target: Path, content: bytes, *, prefix: str = ".socwatch-", private: bool = False
) -> Iterator[Path]:
    """Write `content` to a temporary file next to `target`, fsync it and yield its path.

    Where there is a file at `target`, the new one is given its rights. The caller renames or links
    it; the temporary file is removed on exit. Raises OSError.
    """
    import secrets  # Imported here because it is slow and only needed when writing.

    temp = target.with_name(f"{prefix}{secrets.token_hex(8)}.new")
    try:
        if private or not os.path.lexists(target):
            _write(temp, content, _PRIVATE if private else 0o666)
        elif not _write(temp, content, _PRIVATE, like=target):
            # Where chmod is refused, a file can still be created with a mode. Its owner and group
            # are now known to be those of the old one, so that nobody else can open it.
            temp.unlink()
            umask = os.umask(0)
            try:
                _write(temp, content, stat.S_IMODE(target.lstat().st_mode), like=target)
            finally:
                os.umask(umask)
        yield temp
    finally:
        with contextlib.suppress(OSError):
            temp.unlink(missing_ok=True)


def _write(temp: Path, content: bytes, mode: int, like: Path | None = None) -> bool:
    """Write a new file, or return False if it must be created with the mode of `like`."""
    with _explain("no file can be created in its folder"):
        descriptor = os.open(temp, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        # The rights come first, so that the new file is never more readable than the old one.
        if like is not None and not copy_access(like, file.fileno()) and mode == _PRIVATE:
            return False
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
        return True


@contextlib.contextmanager
def _explain(words: str) -> Iterator[None]:
    """Say what has failed, where the reason that the system gives is about another file."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, f"{words} ({error.strerror})") from None


def remove_stale_temp(prefix: str, own: Path) -> None:
    """Remove the temporary files with this prefix of all other writers.

    Most are of processes that died. The rename of one that is still running then fails, and it
    knows that it has written nothing. Raises OSError if one cannot be removed.
    """
    name = re.compile(rf"{re.escape(prefix)}[0-9a-f]{{16}}\.new")
    with _explain("its folder cannot be listed"):
        others = [e for e in os.scandir(own.parent) if name.fullmatch(e.name)]
    for entry in others:
        if entry.name != own.name and entry.is_file(follow_symlinks=False):
            with _explain(f"{entry.name} cannot be removed"):
                Path(entry).unlink(missing_ok=True)


def fsync_directory(folder: Path) -> None:
    """Flush a folder to disk so that a rename in it survives a power cut.

    Does nothing where the system does not support it.
    """
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def why_not_writable(file: Path) -> str:
    """Return why a file is not to be replaced, though its folder lets it happen; "" if it is."""
    if not file.stat().st_mode & 0o222:  # This binds root too.
        return "it is read-only"
    if os.access(file, os.W_OK):
        return ""
    try:
        os.close(os.open(file, os.O_WRONLY | getattr(os, "O_NONBLOCK", 0)))
    except OSError as error:
        return f"it cannot be written to ({error.strerror})"
    return ""
