"""Files that are read whole, and written whole or not at all: beside their place, then into it."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path

_NO_FILES = (
    (stat.S_ISDIR, errno.EISDIR, "it is a folder"),
    (stat.S_ISCHR, errno.EINVAL, "it is a device, and no file"),
    (stat.S_ISBLK, errno.EINVAL, "it is a device, and no file"),
)
"""What a path can lead to that has no content of its own; a socket cannot be opened at all."""


def read_whole(path: Path, *, most: int) -> bytes:
    """The content of a file, or of a pipe that somebody writes to; one byte over `most` at most.

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
        begun = _begun(descriptor) if stat.S_ISFIFO(mode) else b""
        with open(descriptor, "rb", closefd=False) as file:
            return begun + file.read(most + 1 - len(begun))
    finally:
        os.close(descriptor)


def _begun(pipe: int) -> bytes:
    """The first that a pipe gives, which from then on is waited for. Raises OSError for none."""
    first = None
    with contextlib.suppress(BlockingIOError):  # somebody is there, who has not written yet
        first = os.read(pipe, 4096)
    if first == b"":
        raise OSError(errno.EPIPE, "it is a pipe, and nobody writes to it")
    os.set_blocking(pipe, True)  # the standard library's own form
    return first or b""


@contextlib.contextmanager
def written_beside(target: Path, content: bytes, *, name: str = "") -> Iterator[Path]:
    """A new file in the folder of `target`, with this content safely on the disk.

    Where there is a file at `target`, the new one has its mode and, as far as the system lets
    it, its owner. Whoever asked for it renames or links it; what is left of it is taken away.
    Raises OSError.
    """
    import secrets  # only for those that write, and dear

    spare = target.with_name(name or f".socwatch-{secrets.token_hex(8)}.new")
    try:
        descriptor = os.open(spare, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        with os.fdopen(descriptor, "wb") as file:
            # Before the first byte: at no moment may more people read it than may read the old one.
            _take_after(target, descriptor)
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        yield spare
    finally:
        with contextlib.suppress(OSError):
            spare.unlink(missing_ok=True)


def make_sure_of(folder: Path) -> None:
    """See to it that a new name in a folder outlives a loss of power, where the system can."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _take_after(target: Path, descriptor: int) -> None:
    try:
        held = target.stat()
    except FileNotFoundError:
        return
    if hasattr(os, "fchmod"):  # not on Windows, where the folder rules who may read
        with contextlib.suppress(PermissionError):  # a group gets files from its members
            os.fchown(descriptor, -1, held.st_gid)
        with contextlib.suppress(PermissionError):  # only root gives them away
            os.fchown(descriptor, held.st_uid, -1)
        os.fchmod(descriptor, stat.S_IMODE(held.st_mode))
