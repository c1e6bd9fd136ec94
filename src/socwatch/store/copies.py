"""Copies of a register that other programs leave beside it, and what they hold more.

OneDrive, Dropbox, Nextcloud and Syncthing keep both versions of a file that two computers have
changed, the second under a name of its own. Browsers and file managers number their copies.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from unicodedata import normalize

from socwatch.records import TABLES
from socwatch.store.atomic import read_limited
from socwatch.store.load import MAX_REGISTER_BYTES, Loaded

if TYPE_CHECKING:
    from socwatch.store.merge import Key

_ADDED = re.compile(r" ?\([^()]+\)|[-_. ].+", re.DOTALL)
"""What a copy's name has between the register's name and its ending: " (1)", " (Ann's conflicted
copy 2026-11-28)", ".sync-conflict-20261128-101500-ABCDEFG", "-LAPTOP", "_conflict-20261128"."""

_MAPPING = ".import"
"""What the name of the mapping of `socwatch import` has there, which is no copy."""

_HISTORY = ("inspections", "findings", "updates")
"""The tables whose records two registers share only if one was copied from the other."""


class Copy(NamedTuple):
    """A copy of a register that holds records which the register lacks."""

    path: Path
    register: Path
    records: int
    """How many of its records the register lacks."""


def find_copies(registers: Iterable[Loaded]) -> tuple[Copy, ...]:
    """Return the copies beside registers, each once; see `copies_of`."""
    found = {copy.path: copy for register in registers for copy in copies_of(register)}
    return tuple(found.values())


def copies_of(register: Loaded) -> Iterator[Copy]:
    """Yield the copies beside a register that hold records which it lacks.

    A file that shares no inspection, finding or update with the register is another register, and
    one that cannot be read is left out. Where no name is like that of the register, this costs one
    listing of the folder.
    """
    path = register.path
    if path.is_symlink():  # Programs that sync leave a copy beside the file itself.
        path = Path(os.path.realpath(path))
    try:
        names = os.listdir(path.parent)  # noqa: PTH208  # a Path for each would take longer
    except OSError:
        return
    ending = path.suffix.lower()
    likely = sorted(
        name
        for name in names
        if name[-len(ending) :].lower() == ending and is_named_as_copy(name, path.name)
    )
    if not likely:
        return
    own = keys_of(register.syntax.tables)
    for name in likely:
        held = keys_in(path.with_name(name))
        if is_copy(held, own) and (more := len(held - own)):
            yield Copy(path.with_name(name), register.path, more)


def is_named_as_copy(name: str, register: str) -> bool:
    """Return whether a file's name is that of a register with more, as copies have it."""
    stem, dot, ending = _plain(register).rpartition(".")
    other, _, other_ending = _plain(name).rpartition(".")
    if not dot or other_ending != ending or other == stem:
        return False
    if other == f"copy of {stem}":
        return True
    added = other.removeprefix(stem)
    return added != other and bool(_ADDED.fullmatch(added)) and not added.endswith(_MAPPING)


def is_copy(held: frozenset[Key], own: frozenset[Key]) -> bool:
    """Return whether a file with these records was copied from a register with those."""
    histories = [
        frozenset(key for key in keys if key[0] in _HISTORY) or keys for keys in (held, own)
    ]
    return bool(held) and (not own or not histories[0].isdisjoint(histories[1]))


def keys_in(path: Path) -> frozenset[Key]:
    """Return what tells the records of a file apart; nothing for a file that cannot be read."""
    from socwatch.store.syntax import parse  # Mostly there is no copy to read.

    with contextlib.suppress(OSError, ValueError):
        if path.is_file():
            content = read_limited(path, max_bytes=MAX_REGISTER_BYTES)
            return keys_of(parse(content.decode("utf-8-sig", errors="replace")).tables)
    return frozenset()


def keys_of(tables: Mapping[str, Any]) -> frozenset[Key]:
    """Return what tells the records of a register apart."""
    from socwatch.store.merge import key_of  # Mostly there is no copy to compare.

    return frozenset(key_of(table, row) for table in TABLES for row in _rows(tables.get(table)))


def _rows(records: Any) -> Iterable[Mapping[str, Any]]:  # noqa: ANN401  # whatever the file holds
    return [row for row in records if isinstance(row, dict)] if isinstance(records, list) else ()


def _plain(name: str) -> str:
    """Return a file's name in the form in which some file systems compare it."""
    return normalize("NFC", name).casefold()
