"""Evidence that lies in files: kept by its path from the register, with the digest of its bytes."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from socwatch.errors import Problem
from socwatch.records import Register
from socwatch.tracking import standing

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+:", re.IGNORECASE)
"""How an address begins: with a scheme of two letters or more, since a disk may have one letter."""

_DIGEST = re.compile(r"(.+)#sha256=([0-9a-f]{64})", re.DOTALL)


class Held(NamedTuple):
    """A file that an update names as evidence, and what it was then."""

    name: str
    digest: str | None
    """The SHA-256 of its bytes; None where a person wrote down the path alone."""
    update: int
    entry: int
    """The places of the update in the register, and of the evidence in the update."""


def kept(register: Path, entry: str) -> str:
    """Evidence as an update keeps it: an address as it is, a file with the digest of its bytes.

    A file's path is told from the folder of the register's file, behind any links. Raises
    OSError if there is no such file.
    """
    if "://" in entry or (_ADDRESS.match(entry) and not Path(entry).exists()):
        return entry
    digest = _digest(Path(entry))
    file = os.path.realpath(entry)
    with contextlib.suppress(ValueError):  # on Windows, from one disk to another
        file = os.path.relpath(file, _folder(register))
    return f"{Path(file).as_posix()}#sha256={digest}"


def held(register: Register) -> Iterator[Held]:
    """The files that are the evidence of the updates that count, in the order of the register."""
    counting = {update.id for update in standing(register.updates)}
    for index, update in enumerate(register.updates):
        if update.id in counting:
            for number, entry in enumerate(update.evidence):
                if found := _DIGEST.fullmatch(entry):
                    yield Held(found[1], found[2], index, number)
                elif not _ADDRESS.match(entry):
                    yield Held(entry, None, index, number)


def look_again(register: Register, path: Path) -> Iterator[Problem]:
    """Each file of evidence that is gone, or that is no longer what it was."""
    for file in held(register):
        place = ("updates", file.update, "evidence", file.entry)
        update = register.updates[file.update].id
        undo = f"take the update back and record it anew: socwatch undo {update}"
        try:
            digest = _digest(_folder(path) / file.name)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            message = f"the evidence {file.name} cannot be read: {reason}"
            remedy = f"put the file back in its place, or {undo}"
            yield Problem("evidence-missing", place, message, remedy)
            continue
        if file.digest not in {None, digest}:
            message = f"{file.name} is not what it was when it was given as evidence"
            remedy = f"put the file back as it was, or {undo}"
            yield Problem("evidence-changed", place, message, remedy)


def _folder(register: Path) -> Path:
    return Path(os.path.realpath(register)).parent


def _digest(file: Path) -> str:
    if file.exists() and not (file.is_file() or file.is_dir()):  # it might never end
        raise OSError(errno.EINVAL, "it is no file")
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
