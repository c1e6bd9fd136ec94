"""What one system does otherwise than another: all calls that Windows lacks or answers differently.

A call that is not there is left out where nothing depends on it, since a new file on Windows has
the rights of its folder, and otherwise says that it is not supported.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shlex
import sys
from collections.abc import Collection
from pathlib import Path

ON_WINDOWS = os.name == "nt"

IN_USE = "it is open in another program, such as Excel; close it there, then try again"
"""Why Windows refuses to replace a file that another program has open."""

_SHARING_ERRORS = frozenset({5, 32, 33})
"""ERROR_ACCESS_DENIED, ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION of winerror.h."""


def replace(temp: Path, target: Path) -> None:
    """Rename a file over another one. Raises OSError, with the reason where that one is in use."""
    try:
        temp.replace(target)
    except PermissionError as error:
        if getattr(error, "winerror", None) in _SHARING_ERRORS:
            raise OSError(error.errno, IN_USE) from None
        raise


def make_blocking(pipe: int) -> None:
    """Let reads from a pipe wait from now on. Python on Windows can do that from 3.12 on."""
    if hasattr(os, "set_blocking"):
        os.set_blocking(pipe, True)  # the standard library's own form


def has_owners() -> bool:
    """Return whether files have an owner and a mode that Python can give them."""
    return hasattr(os, "fchown")


def set_owner(descriptor: int, *, user: int = -1, group: int = -1) -> None:
    """Give a file to a user or a group; -1 leaves it as it is. Raises OSError."""
    if hasattr(os, "fchown"):
        os.fchown(descriptor, user, group)


def set_mode(descriptor: int, mode: int) -> None:
    """Set who may read and write a file. Raises OSError."""
    if hasattr(os, "fchmod"):
        os.fchmod(descriptor, mode)


def attribute_names(file: Path | int) -> list[str]:
    """Return the names of the extended attributes of a file. Raises OSError."""
    return list(os.listxattr(file)) if hasattr(os, "listxattr") else []


def read_attribute(file: Path | int, name: str) -> bytes:
    """Return the value of an extended attribute. Raises OSError."""
    if hasattr(os, "getxattr"):
        return bytes(os.getxattr(file, name))
    raise OSError(errno.ENOTSUP, os.strerror(errno.ENOTSUP))


def set_attribute(descriptor: int, name: str, value: bytes | None) -> None:
    """Set an extended attribute of a file, or remove it for None. Raises OSError."""
    if value is None and hasattr(os, "removexattr"):
        os.removexattr(descriptor, name)
    elif value is not None and hasattr(os, "setxattr"):
        os.setxattr(descriptor, name, value)


def groups_of(user: int) -> Collection[int] | None:
    """Return the groups of a user; None for one whom this system does not know."""
    if sys.platform != "win32":
        with contextlib.suppress(ImportError, KeyError, OSError):
            import pwd  # not there on Windows

            known = pwd.getpwuid(user)
            return os.getgrouplist(known.pw_name, known.pw_gid)
    return None


def user_name(user: int) -> str:
    """Return the name of a user, or their number where this system knows no name."""
    if sys.platform != "win32":
        with contextlib.suppress(ImportError, KeyError):
            import pwd  # not there on Windows

            return pwd.getpwuid(user).pw_name
    return f"user {user}"


def split_command(text: str) -> list[str]:
    r"""Return the words of a command as the system's shell reads them. Raises ValueError.

    On Windows a backslash is part of a path: "C:\Program Files\Notepad++\notepad++.exe" -multiInst.
    """
    words = shlex.split(text, posix=not ON_WINDOWS)
    if not ON_WINDOWS:
        return words
    return [word[1:-1] if word[0] == word[-1] in {'"', "'"} else word for word in words]


def program_endings() -> list[str]:
    """Return how the names of programs may end that are typed without it, "" for no ending."""
    return [*os.environ.get("PATHEXT", ".EXE").split(";"), ""] if ON_WINDOWS else [""]
