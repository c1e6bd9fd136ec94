"""What this run sets out to write to a register, for a run that is stopped or fails."""

from __future__ import annotations

import contextlib
from pathlib import Path

_expected: list[tuple[Path, bytes]] = []


def expect(path: Path, content: bytes) -> None:
    """Note, before it is written, with which bytes a register begins once it is."""
    _expected.append((path, content))


def is_recorded() -> bool:
    """Return whether anything that this run set out to write is in its register.

    The file itself is read, since a stop can come between any two steps of the writing.
    """
    return any(_begins_with(path, content) for path, content in _expected)


def _begins_with(path: Path, content: bytes) -> bool:
    with contextlib.suppress(OSError):
        return path.read_bytes().startswith(content)
    return False
