"""What this run sets out to write to a register, for a run that is stopped or fails."""

from __future__ import annotations

from pathlib import Path

from socwatch.store.atomic import read_limited

_expected: list[tuple[Path, bytes, bytes]] = []


def expect(path: Path, before: bytes, after: bytes) -> None:
    """Note what a register is and what it will be, before it is written."""
    _expected.append((path, before, after))


def is_recorded() -> bool:
    """Return whether anything that this run set out to write is in its register.

    The file itself is read, since a stop can come between any two steps of the writing.
    """
    return any(is_in_place(*each) for each in _expected)


def is_in_place(path: Path, before: bytes, after: bytes) -> bool:
    """Return whether a register is the new one by now, or the new one and what came after it."""
    try:
        now = read_limited(path, max_bytes=max(len(before), len(after)))
    except OSError:
        return False
    # An edited register can be the beginning of the old one.
    return now.startswith(after) and not (before.startswith(after) and now.startswith(before))
