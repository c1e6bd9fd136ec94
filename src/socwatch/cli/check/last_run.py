"""When `check` last answered, kept in the user's state folder for each register and each choice.

What is lost, broken or of a day to come counts as no last run: then everything is said.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from socwatch.reports.check.reminders import LastRun
from socwatch.store.atomic import read_limited, replace_file

_VERSION = 2

_MAX_BYTES = 32 * 1024 * 1024
"""The bytes that are read at most: some hundred for each thing, and no endless file."""


def place(registers: Sequence[Path], choices: Mapping[str, object]) -> Path | None:
    """The file that belongs to registers and to these choices; None where there is no home.

    Two lines of cron that choose otherwise have files of their own: neither silences the other.
    """
    import hashlib

    from platformdirs import user_state_path  # only the runs that remember one pay for it

    try:
        folder = user_state_path("socwatch", appauthor=False)
    except RuntimeError:  # there is neither a HOME nor a user of this number
        return None
    if not folder.is_absolute():  # how older versions of platformdirs say the same
        return None
    key = json.dumps([_whole(registers), choices], sort_keys=True, default=str)
    return folder / "check" / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.json"


def recall(file: Path | None, as_of: date) -> LastRun | None:
    """The last run of that choice; None where there was none that can be relied on."""
    if file is None or file.is_symlink() or not file.is_file():  # A pipe would be waited for.
        return None
    try:
        content = read_limited(file, max_bytes=_MAX_BYTES)
        if len(content) > _MAX_BYTES:
            return None
        kept: Any = json.loads(content)
        day, snapshot = date.fromisoformat(kept["as_of"]), kept["seen"]
        sound = kept["version"] == _VERSION and all(isinstance(m, str) for m in snapshot.values())
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, MemoryError):
        return None
    return LastRun(day, snapshot) if sound and day <= as_of else None


def _whole(registers: Sequence[Path]) -> list[str]:
    return sorted(os.path.realpath(register) for register in registers)


def remember(
    file: Path, registers: Sequence[Path], as_of: date, snapshot: Mapping[str, str]
) -> None:
    """Keep this run as the last one; it is replaced completely or left unchanged. Raises OSError.

    It tells what a register holds, which others may not read.
    """
    umask = os.umask(0o077)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    finally:
        os.umask(umask)
    kept = {
        "version": _VERSION,
        "registers": _whole(registers),
        "as_of": as_of.isoformat(),
        "seen": dict(snapshot),
    }
    replace_file(file, json.dumps(kept).encode(), private=True)
