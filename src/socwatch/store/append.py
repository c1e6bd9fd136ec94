"""Adding records to a register: the old bytes stay as they are, the new ones follow, or nothing.

The order of the steps is the promise (design: never a changed byte, never half of a write, never
a lost update): lock, read, build the candidate, prove it, write a temporary file, look once more,
replace. A process that dies between any two of them leaves the old file or the new one.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import tomli_w

from socwatch.characters import HIDDEN
from socwatch.errors import AppendRefused, RegisterChanged
from socwatch.store.atomic import (
    adjacent_temp_file,
    fsync_directory,
    read_limited,
    remove_stale_temp,
    why_not_writable,
)
from socwatch.store.load import Loaded, read_content
from socwatch.store.system import replace
from socwatch.store.written import expect, is_in_place

TomlRow = Mapping[str, Any]
"""The fields of a new record as TOML has them; those that are None are left out."""

_LONE_SURROGATES = range(0xD800, 0xE000)
"""What Python makes of bytes on the command line that are not UTF-8."""

_UNSEEN = re.compile(f"{HIDDEN.pattern}|[\ud800-\udfff]")
_LOOK = "check the disk, the folder and its permissions"
_WIDEST_LIST = 80


class Candidate(NamedTuple):
    """A register as it would be with records added: not yet written, and proved sound as TOML."""

    before: Loaded
    after: Loaded
    block: str
    """The lines that are added, in the file's own newlines."""


def candidate(before: Loaded, table: str, rows: Sequence[TomlRow]) -> Candidate:
    """Return the register with these records of one table added at its end, in memory.

    Raises AppendRefused.
    """
    return candidate_of_tables(before, {table: rows})


def candidate_of_tables(before: Loaded, added: Mapping[str, Sequence[TomlRow]]) -> Candidate:
    """Return the register with these records added at its end, table after table, in memory.

    It is parsed anew, and proved to hold exactly what it held and these records. Raises
    AppendRefused where TOML cannot say that at the end of this file.
    """
    for rows in added.values():
        _demand_seen(before.path, rows)
    last_break = before.content.rfind(b"\n")
    newline = "\r\n" if before.content[:last_break].endswith(b"\r") else "\n"
    block = "".join(
        f"\n[[{table}]]\n{_lines(row)}" for table, rows in added.items() for row in rows
    )
    if before.content and not before.content.endswith(b"\n"):
        block = f"\n{block}"
    block = block.replace("\n", newline)
    after = read_content(before.path, before.content + block.encode())
    expected = dict(before.syntax.tables)
    for table, rows in added.items():
        was = expected.get(table, [])
        new = [{key: value for key, value in row.items() if value is not None} for row in rows]
        if not isinstance(was, list) or after.syntax.problems:
            raise _cannot_follow(before.path, table)
        if was or new:
            expected[table] = [*was, *new]
    if after.syntax.tables != expected:
        reason = "what follows its last line would not be read back as it is written"
        raise AppendRefused(str(before.path), reason, "see: socwatch validate")
    return Candidate(before, after, block)


def _cannot_follow(path: Path, table: str) -> AppendRefused:
    reason = f"nothing can follow the way in which it writes {table}"
    remedy = f"begin each record with [[{table}]] on a line of its own, and take out {table} = […]"
    return AppendRefused(str(path), reason, remedy)


def write(found: Candidate, target: Path) -> None:
    """Replace the register with the candidate, or leave it unchanged.

    Two writers cannot both succeed from the same old file, even without a lock. Each creates its
    temporary file, then removes those of all others, then looks at the register, then renames its
    own. If the other one renames after that look, it created its file after this one had removed
    all that there were; so it has removed this one's file since, and this one's rename fails.

    Raises RegisterChanged if the file is no longer what the candidate was built from, and
    AppendRefused if the system does not let it be written.
    """
    path, before = found.before.path, found.before.content
    expect(path, before, found.after.content)
    try:
        require_writable(path, target)
        prefix = f".{target.name}."
        with adjacent_temp_file(target, found.after.content, prefix=prefix) as temp:
            remove_stale_temp(prefix, temp)
            if read_limited(target, max_bytes=len(before)) != before:
                raise RegisterChanged(str(path))
            replace(temp, target)
        fsync_directory(target.parent)
    except OSError as error:
        # A share can report a failure, and rename the file all the same.
        if not is_in_place(target, before, found.after.content):
            if isinstance(error, FileNotFoundError):  # Another writer removed the temporary file.
                raise RegisterChanged(str(path)) from None
            raise AppendRefused(str(path), error.strerror or str(error), _LOOK) from None


def _lines(row: TomlRow) -> str:
    # tomli_w would write a list of tables as one inline list, which at the end of a file belongs
    # to the last record: so the header is ours, and only the single values are its.
    written = ((key, _value(value)) for key, value in row.items() if value is not None)
    return "".join(f"{key} = {value}\n" for key, value in written)


def _value(value: object) -> str:
    """A value as people write it: 2024-12-13T09:15:02Z, ["a", "b"], { key = "text" }."""
    match value:
        case datetime():
            return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        case list():
            entries = [_value(entry) for entry in value]
            line = f"[{', '.join(entries)}]"
            long = "".join(f"    {entry},\n" for entry in entries)
            return line if len(line) <= _WIDEST_LIST else f"[\n{long}]"
        case dict():
            return "{ " + ", ".join(f"{key} = {_value(each)}" for key, each in value.items()) + " }"
        case _:
            return tomli_w.dumps({"_": value}).removeprefix("_ = ").removesuffix("\n")


def _demand_seen(path: Path, rows: Sequence[TomlRow]) -> None:
    for row in rows:
        for key, value in row.items():
            for found in filter(None, map(_UNSEEN.search, _texts(value))):
                code = ord(found[0])
                what = f"U+{code:04X}, a character that no reader can see"
                if code in _LONE_SURROGATES:
                    what = "bytes that are not UTF-8 text"
                remedy = "type the text again; what is pasted can hold more than it shows"
                raise AppendRefused(str(path), f"{key} holds {what}", remedy)


def _texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list() | tuple():
            for entry in value:
                yield from _texts(entry)
        case dict():
            for entry in value.values():
                yield from _texts(entry)


def require_writable(path: Path, target: Path) -> None:
    """Raise AppendRefused if a register is not to be written to."""
    if reason := why_not_writable(target):
        remedy = f"if it is yours, make it writable: chmod u+w {shlex.quote(str(path))}"
        raise AppendRefused(str(path), reason, remedy)
    names = target.stat().st_nlink
    if names > 1:
        reason = f"it has {names} names (hard links), and only one of them would change"
        raise AppendRefused(str(path), reason, "keep one name for it, and links (ln -s) beside it")
