"""Which register a run is about: one file, or several that are read as one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from socwatch.cli.options import RegisterOptions
from socwatch.errors import Names, UsageError, joined, records_option
from socwatch.store.discovery import find_register


class RegisterFiles(NamedTuple):
    """The files that a run reads as one register, and how they were named."""

    named: tuple[Path, ...]
    """The files and folders that were named, or the one file that was found."""
    files: tuple[Path, ...]

    @property
    def names(self) -> Names:
        """The paths that were named, for errors and for `naming`."""
        paths = tuple(map(str, self.named))
        return paths if paths[1:] else paths[0]

    @property
    def name(self) -> str:
        """The paths that were named, for a sentence."""
        return joined(self.names)

    @property
    def call(self) -> str:
        """How socwatch is called on these registers."""
        return f"socwatch {records_option(self.names)}".rstrip()


def register_files(register: RegisterOptions) -> RegisterFiles:
    """Return the files that a run reads: a folder stands for the registers in it.

    Raises RegisterMissing, RegisterUnreadable, NoRegisterInFolder.
    """
    folder = _current_folder()
    named = tuple(find_register(each, os.environ, folder) for each in register.named or (None,))
    files: list[Path] = []
    for path in named:
        if path.is_dir():
            from socwatch.store.folder import registers_in  # Only a folder needs it.

            files += registers_in(path)
        else:
            files.append(path)
    once = {os.path.realpath(path): path for path in reversed(files)}
    return RegisterFiles(named, tuple(path for path in files if path in once.values()))


def register_path(register: RegisterOptions) -> Path:
    """Return the file that a run writes to. Raises RegisterMissing; UsageError for several."""
    named = register.named
    path = find_register(named[0] if named else None, os.environ, _current_folder())
    if named[1:] or path.is_dir():
        message = "this command writes to one register, and takes one file"
        raise UsageError(message, remedy="name the file with --records FILE")
    return path


def _current_folder() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError:  # the folder that the shell stands in was deleted
        return Path(os.sep)
