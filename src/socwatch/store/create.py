"""A new register's file: written whole or not at all, and never over another."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from socwatch.errors import OutputRefused, RegisterExists


def create(path: Path, content: bytes) -> None:
    """Write a file where none is, and its folder where that is missing.

    Raises RegisterExists, OutputRefused.
    """
    try:
        if path.is_dir():
            message = f"{path} is a folder"
            raise OutputRefused(message, remedy=f"name a file in it, such as {path / 'soc.toml'}")
        if path.is_symlink() or path.exists():
            raise RegisterExists(str(path))
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, content)
    except OSError as error:
        reason = error.strerror
        if isinstance(error, FileExistsError):  # what mkdir says of a parent that is a file
            reason = f"{path.parent} is no folder"
        message = f"{path} cannot be written: {reason}"
        raise OutputRefused(message, remedy="check the folder and its permissions") from None


def _write(path: Path, content: bytes) -> None:
    spare = path.with_name(f".socwatch-{secrets.token_hex(8)}")
    try:
        with spare.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _give_name(spare, path)
    except FileExistsError:  # somebody else was faster
        raise RegisterExists(str(path)) from None
    finally:
        spare.unlink(missing_ok=True)
    with contextlib.suppress(OSError):  # not every system can make sure of a folder
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _give_name(spare: Path, path: Path) -> None:
    try:
        path.hardlink_to(spare)
    except FileExistsError:
        raise
    except OSError:  # a file system that has no links, as on a memory stick
        path.touch(exist_ok=False)
        spare.replace(path)
