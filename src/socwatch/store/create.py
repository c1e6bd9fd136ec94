"""A new register's file: written whole or not at all, and never over another."""

from __future__ import annotations

import os
from pathlib import Path

from socwatch.errors import OutputRefused, RegisterExists
from socwatch.store.atomic import adjacent_temp_file, fsync_directory
from socwatch.store.written import expect


def create(path: Path, content: bytes) -> None:
    """Write a file where none is, and its folder where that is missing.

    Raises RegisterExists, OutputRefused.
    """
    try:
        if path.is_dir():
            message = f"{path} is a folder"
            raise OutputRefused(
                message, remedy=f"name a file in it, such as {path / 'recommendations.toml'}"
            )
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
    expect(path, b"", content)
    with adjacent_temp_file(path, content) as temp:
        try:
            _give_name(temp, path)
        except FileExistsError:  # Another program was faster.
            raise RegisterExists(str(path)) from None
    fsync_directory(path.parent)


def _give_name(temp: Path, path: Path) -> None:
    try:
        path.hardlink_to(temp)
    except FileExistsError:
        raise
    except OSError:  # A file system without links, as on a memory stick.
        if os.path.lexists(path):
            raise FileExistsError from None
        temp.rename(path)  # On Windows, that is refused if there is a file by now.
