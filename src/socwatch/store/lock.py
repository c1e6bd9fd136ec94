"""The lock on a register: a file beside it, `.NAME.lock`, which one writer at a time holds.

The lock makes writers wait for each other instead of failing. It is not what keeps an update from
being lost, since the file can be removed, another computer may not see that it is locked, and some
shares have no locks: see `store.append.write`. So where there is no lock, it is done without.
"""

from __future__ import annotations

import contextlib
import getpass
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

from filelock import lock_descriptor, unlock_descriptor

from socwatch.errors import AppendRefused, RegisterLocked, RegisterMissing
from socwatch.store.access import copy_access

WAIT_SECONDS = 10.0
"""How long a command waits for another program that holds the lock."""

_POLL_SECONDS = 0.02
_OWNER = re.compile(rb"([^\n]{1,200}, process [0-9]+)?")
"""What stands in the file of a lock: who holds it, or nothing."""


@contextlib.contextmanager
def hold_lock(path: Path, *, wait: float = WAIT_SECONDS) -> Iterator[Path]:
    """Hold the lock on a register; yield the path of the file itself, behind any links.

    Raises RegisterMissing, AppendRefused, and RegisterLocked if another program holds the lock for
    `wait` seconds.
    """
    target = Path(os.path.realpath(path))
    if not path.exists():  # It may have been deleted since it was read.
        raise RegisterMissing([str(path)])
    if not target.is_file():
        raise AppendRefused(
            str(path), "it is a pipe or a device", "name the file that it comes from"
        )
    lock = target.with_name(f".{target.name}.lock")
    descriptor = None
    try:
        with contextlib.suppress(OSError):  # Shares without locks, and folders without this file.
            descriptor = _acquire(lock, path, wait)
        if descriptor is not None and write_lock_owner(descriptor, _this_process()):
            with contextlib.suppress(OSError):  # Whoever may write to the register may lock it.
                copy_access(target, descriptor)
        yield target
    finally:
        if descriptor is not None:
            write_lock_owner(descriptor, "")
            with contextlib.suppress(OSError):
                unlock_descriptor(descriptor)
            os.close(descriptor)


def _acquire(lock: Path, register: Path, wait: float) -> int:
    """Return a descriptor that holds the lock. Raises RegisterLocked, OSError."""
    deadline = monotonic() + wait
    while True:
        descriptor = _open(lock)
        try:
            _wait_for(descriptor, register, wait, deadline)
            if _is_at(lock, descriptor):
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _wait_for(descriptor: int, register: Path, wait: float, deadline: float) -> None:
    while not lock_descriptor(descriptor, blocking=False):
        if monotonic() >= deadline:
            raise RegisterLocked(str(register), wait, read_lock_owner(descriptor))
        sleep(_POLL_SECONDS)


def _open(lock: Path) -> int:
    """Open the lock's file, which is created if there is none, but never a link. Raises OSError."""
    flags = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        return os.open(lock, os.O_RDWR | flags)
    except PermissionError:  # Most systems lock a file that may only be read.
        return os.open(lock, os.O_RDONLY | flags)
    except FileNotFoundError:
        return os.open(lock, os.O_RDWR | os.O_CREAT | flags, 0o600)


def _is_at(lock: Path, descriptor: int) -> bool:
    """Return whether the file that is locked has not been removed or replaced meanwhile."""
    try:
        return os.path.samestat(os.fstat(descriptor), lock.lstat())
    except FileNotFoundError:
        return False


def write_lock_owner(descriptor: int, owner: str) -> bool:
    """Write in the lock's file who holds it, for the messages of others; return whether it worked.

    A file that socwatch did not make is left alone: anyone who may write to the folder can have
    put it there.
    """
    with contextlib.suppress(OSError):
        held = os.fstat(descriptor)
        is_alone = stat.S_ISREG(held.st_mode) and held.st_nlink == 1
        if is_alone and _OWNER.fullmatch(_read(descriptor)):
            os.ftruncate(descriptor, 0)
            os.lseek(descriptor, 0, os.SEEK_SET)
            os.write(descriptor, owner.encode("utf-8", "replace"))
            return True
    return False


def read_lock_owner(descriptor: int) -> str:
    """Return who holds a lock, as its file says; "" if it does not."""
    with contextlib.suppress(OSError):
        if _OWNER.fullmatch(content := _read(descriptor)):
            return content.decode("utf-8", "replace")
    return ""


def _read(descriptor: int) -> bytes:
    os.lseek(descriptor, 0, os.SEEK_SET)
    return os.read(descriptor, 300)


def _this_process() -> str:
    user = "someone"
    with contextlib.suppress(ImportError, KeyError, OSError):  # A container's user has no name.
        user = getpass.getuser()
    return f"{user}, process {os.getpid()}"
