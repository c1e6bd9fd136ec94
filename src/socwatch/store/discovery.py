"""Where a register is looked for."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path

from socwatch.errors import RegisterMissing

VARIABLE = "SOCWATCH_RECORDS"
"""The environment variable that names the register where no option does."""

USUAL_PLACES = (Path("data", "recommendations.toml"), Path("recommendations.toml"))
"""Where a register stands in a folder, the first that is there being taken."""


def find_register(named: Path | None, environment: Mapping[str, str], folder: Path) -> Path:
    """The register's path: the one named, else the environment's, else in the nearest folder.

    The nearest folder is `folder` or the first of its parents in which one of USUAL_PLACES is a
    file. Raises RegisterMissing.
    """
    chosen = named or (Path(environment[VARIABLE]) if environment.get(VARIABLE) else None)
    if chosen is not None:
        return expand_home(chosen)
    for parent in (folder, *folder.parents):
        for place in USUAL_PLACES:
            if _is_file(parent / place):
                return parent / place if parent != folder else place
    raise RegisterMissing([str(place) for place in USUAL_PLACES])


def expand_home(path: Path) -> Path:
    """Return a path with ~ as its first part replaced by the home folder.

    No shell does so after "=", nor in a variable that is set between quotes. Where there is no
    home folder, the path is unchanged.
    """
    with contextlib.suppress(RuntimeError):
        return path.expanduser()
    return path


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a folder that may not be looked into holds no register of this user's
        return False
