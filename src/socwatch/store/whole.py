"""Files that are written whole or not at all: first beside their place, then into it."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def written_beside(target: Path, content: bytes, *, name: str = "") -> Iterator[Path]:
    """A new file in the folder of `target`, with this content safely on the disk.

    Where there is a file at `target`, the new one has its mode and, as far as the system lets
    it, its owner. Whoever asked for it renames or links it; what is left of it is taken away.
    Raises OSError.
    """
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
