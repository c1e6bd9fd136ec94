"""Where the programs are that socwatch runs: git, and the user's editor."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path

from socwatch.store.system import program_endings


def find_program(name: str, register: Path) -> str | None:
    """Return the absolute path of a program on the PATH; None if there is none.

    Nothing in the folder of a register or in the current folder is run, since others may have put
    it there. So entries of PATH that name one of these or are relative are left out. On Windows,
    `shutil.which(name)` would even look in the current folder first.
    """
    unsafe = {Path(os.path.realpath(register.parent)), Path(os.path.realpath(register)).parent}
    with contextlib.suppress(OSError):  # The current folder may have been deleted.
        unsafe.add(Path.cwd())
    for folder in map(Path, os.get_exec_path()):
        if folder.is_absolute() and Path(os.path.realpath(folder)) not in unsafe:
            for ending in program_endings():
                if found := shutil.which(str(folder / f"{name}{ending}")):
                    return found
    return None
