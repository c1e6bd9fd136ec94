"""Adding records to a register: the old bytes stay as they are, the new ones follow, or nothing.

The order of the steps is the promise (design: never a changed byte, never half of a write, never
a lost update): lock, read, build the candidate, prove it, write a spare file, look once more,
replace. A process that dies between any two of them leaves the old file or the new one.
"""

from __future__ import annotations

import contextlib
import getpass
import os
import re
import stat
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import tomli_w
from filelock import FileLock, Timeout

from socwatch.characters import HIDDEN
from socwatch.errors import AppendRefused, RegisterChanged, RegisterLocked, RegisterMissing
from socwatch.store.atomic import make_sure_of, written_beside
from socwatch.store.load import Loaded, read_content
from socwatch.store.written import expect

Row = Mapping[str, Any]
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


WAIT_SECONDS = 10.0
"""How long a command waits for another program that holds the lock."""


@contextlib.contextmanager
def locked(path: Path, *, wait: float = WAIT_SECONDS) -> Iterator[Path]:
    """Hold the lock on a register; gives the path of the file itself, behind any links.

    The lock is a file beside it, which stays there: to delete it would let two programs in.
    Raises RegisterMissing, RegisterLocked after `wait` seconds, and AppendRefused where the folder
    takes no lock.
    """
    target = Path(os.path.realpath(path))
    lock_path = target.with_name(f".{target.name}.lock")
    try:
        # Whoever may write the register may lock it, whoever of them made the lock.
        lock = FileLock(lock_path, mode=0o600 | stat.S_IMODE(target.stat().st_mode) & 0o666)
        lock.acquire(timeout=wait, poll_interval=0.02)
    except Timeout:
        raise RegisterLocked(str(path), wait, _holder(lock_path)) from None
    except OSError as error:
        if not path.exists():  # it has gone since it was read
            raise RegisterMissing([str(path)]) from None
        reason = f"its folder takes no file beside it ({error.strerror or error})"
        raise AppendRefused(str(path), reason, _LOOK) from None
    try:
        with contextlib.suppress(OSError):  # only to tell others who is here
            _sign(lock_path, f"{_user()}, process {os.getpid()}")
        _sweep(target)
        yield target
    finally:
        with contextlib.suppress(OSError):
            _sign(lock_path, "")
        with contextlib.suppress(OSError):  # at the latest the end of the run frees it
            lock.release()


def candidate(before: Loaded, table: str, rows: Sequence[Row]) -> Candidate:
    """The register with these records of one table added at its end, in memory.

    It is parsed anew, and proved to hold exactly what it held and these records. Raises
    AppendRefused where TOML cannot say that at the end of this file.
    """
    _demand_seen(before.path, rows)
    last_break = before.content.rfind(b"\n")
    newline = "\r\n" if before.content[:last_break].endswith(b"\r") else "\n"
    block = "".join(f"\n[[{table}]]\n{_lines(row)}" for row in rows)
    if before.content and not before.content.endswith(b"\n"):
        block = f"\n{block}"
    block = block.replace("\n", newline)
    after = read_content(before.path, before.content + block.encode())
    expected = dict(before.syntax.tables)
    was = expected.get(table, [])
    added = [{key: value for key, value in row.items() if value is not None} for row in rows]
    if not isinstance(was, list) or after.syntax.problems:
        reason = f"nothing can follow the way in which it writes {table}"
        remedy = (
            f"begin each record with [[{table}]] on a line of its own, and take out {table} = […]"
        )
        raise AppendRefused(str(before.path), reason, remedy)
    expected[table] = [*was, *added]
    if after.syntax.tables != expected:
        reason = "what follows its last line would not be read back as it is written"
        raise AppendRefused(str(before.path), reason, "see: socwatch validate")
    return Candidate(before, after, block)


def write(found: Candidate, target: Path) -> None:
    """Put the candidate in the register's place, under the lock, whole or not at all.

    Raises RegisterChanged if the file is no longer what the candidate was built from, and
    AppendRefused if the system does not let it be written.
    """
    path = found.before.path
    expect(path, found.after.content)
    try:
        demand_writable(path, target.stat())
        with written_beside(target, found.after.content, name=_spare_name(target)) as spare:
            if target.read_bytes() != found.before.content:
                raise RegisterChanged(str(path))
            spare.replace(target)
        make_sure_of(target.parent)
    except OSError as error:
        raise _refused(path, error) from None


def _lines(row: Row) -> str:
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


def _demand_seen(path: Path, rows: Sequence[Row]) -> None:
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


def demand_writable(path: Path, held: os.stat_result) -> None:
    """Raise AppendRefused if a register is not to be written to."""
    if not held.st_mode & 0o222 or not os.access(path, os.W_OK):
        raise AppendRefused(str(path), "it is read-only", f"make it writable: chmod u+w {path}")
    if held.st_nlink > 1:
        reason = f"it has {held.st_nlink} names (hard links), and only one of them would change"
        raise AppendRefused(str(path), reason, "keep one name for it, and links (ln -s) beside it")


def _spare_name(target: Path) -> str:
    return f".{target.name}.socwatch-new"


def _sweep(target: Path) -> None:
    """Take away the spare file of a run that died: whoever holds the lock is the only writer."""
    with contextlib.suppress(OSError):
        target.with_name(_spare_name(target)).unlink(missing_ok=True)


def _sign(lock_path: Path, text: str) -> None:
    """Say in the lock's file who holds it, if the file is nobody else's under another name."""
    if lock_path.stat().st_nlink == 1:
        lock_path.write_text(text, "utf-8", "replace")


def _holder(lock_path: Path) -> str:
    with contextlib.suppress(OSError, UnicodeDecodeError):
        return lock_path.read_text("utf-8").strip()[:80]
    return ""


def _refused(path: Path, error: OSError) -> AppendRefused:
    reason = error.strerror or str(error)
    return AppendRefused(str(path), reason, _LOOK)


def _user() -> str:
    try:
        return getpass.getuser()
    except (ImportError, KeyError, OSError):  # a container whose user has no name
        return "somebody"
