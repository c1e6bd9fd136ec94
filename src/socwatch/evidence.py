"""Evidence that lies in files: kept by its path from the register, with the digest of its bytes."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import stat
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from socwatch.characters import normalise
from socwatch.errors import Problem
from socwatch.records import Register
from socwatch.tracking import effective_updates

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+:", re.IGNORECASE)
"""How an address begins: with a scheme of two letters or more, since a disk may have one letter."""

_DIGEST = re.compile(r"(.+)#sha256=([0-9a-f]{64})", re.DOTALL)


MAX_FILE_BYTES = 10**9
"""How many bytes a file of evidence may have."""

MAX_BYTES_IN_ALL = 10**10
"""How many bytes of evidence one run reads, so that it ends whatever a register names."""


class Held(NamedTuple):
    """A file that an update names as evidence, and what it was then."""

    name: str
    digest: str | None
    """The SHA-256 of its bytes; None where a person wrote down the path alone."""
    update: int
    entry: int
    """The places of the update in the register, and of the evidence in the update."""


def evidence_entry(register: Path, entry: str) -> str:
    """Evidence as an update keeps it: an address as it is, a file with the digest of its bytes.

    A file's path is told from the folder of the register's file, behind any links. Raises
    OSError if there is no such file.
    """
    if "://" in entry or (_ADDRESS.match(entry) and not Path(entry).exists()):
        return entry
    files = _Files(Path())
    path = files.find(entry)
    digest = files.digest(path)
    file = os.path.realpath(path)
    with contextlib.suppress(ValueError):  # on Windows, from one disk to another
        file = os.path.relpath(file, _folder(register))
    return f"{Path(file).as_posix()}#sha256={digest}"


def held_files(register: Register) -> Iterator[Held]:
    """The files that are the evidence of the updates that count, in the order of the register."""
    counting = {update.id for update in effective_updates(register.updates)}
    for index, update in enumerate(register.updates):
        if update.id in counting:
            for number, entry in enumerate(update.evidence):
                if found := _DIGEST.fullmatch(entry):
                    yield Held(found[1], found[2], index, number)
                elif not _ADDRESS.match(entry):
                    yield Held(entry, None, index, number)


def look_again(
    register: Register, path: Path, *, most: int = MAX_BYTES_IN_ALL
) -> Iterator[Problem]:
    """Yield a problem for each file of evidence that is missing, changed, or not to be read.

    `most` is how many bytes are read in all.
    """
    files = _Files(_folder(path), most)
    for file in held_files(register):
        place = ("updates", file.update, "evidence", file.entry)
        update = register.updates[file.update].id
        undo = f"take the update back and record it anew: socwatch undo {update}"
        try:
            digest = files.digest(files.find(file.name))
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


class _Files:
    """Files of evidence below a folder: each is read once, and within the limits."""

    def __init__(self, folder: Path, most: int = MAX_BYTES_IN_ALL) -> None:
        self._folder = folder
        self._listings: dict[Path, dict[str, list[str]]] = {}
        self._digests: dict[tuple[int, int], str] = {}
        self._most = self._bytes_left = most

    def find(self, name: str) -> Path:
        """Return the path of a file: as it is written, or as its folder spells it.

        A Mac decomposes the letters of file names, and other programs compose them again.
        """
        path = self._folder / name
        if os.path.lexists(path):
            return path
        found = Path(path.anchor)
        for part in path.relative_to(path.anchor).parts:
            found /= part if os.path.lexists(found / part) else self._respell(found, part)
        return found

    def _respell(self, folder: Path, name: str) -> str:
        """Return the name of the one file in a folder that is spelt another way; else `name`."""
        if folder not in self._listings:
            listing: dict[str, list[str]] = {}
            with contextlib.suppress(OSError, ValueError):
                for each in folder.iterdir():
                    listing.setdefault(normalise(each.name), []).append(each.name)
            self._listings[folder] = listing
        spelt = self._listings[folder].get(normalise(name), [])
        composed = unicodedata.normalize("NFC", name)
        spelt = [each for each in spelt if unicodedata.normalize("NFC", each) == composed] or spelt
        return spelt[0] if len(spelt) == 1 else name

    def digest(self, path: Path) -> str:
        """Return the SHA-256 of a file's bytes. Raises OSError."""
        _demand_file(path.stat())  # before it is opened, which can set a device in motion
        at_once = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        descriptor = os.open(path, os.O_RDONLY | at_once)
        try:
            state = os.fstat(descriptor)
            _demand_file(state)  # another may have taken its place
            identity = (state.st_dev, state.st_ino)
            if identity not in self._digests:
                self._digests[identity] = self._read(descriptor, state.st_size)
            return self._digests[identity]
        finally:
            os.close(descriptor)

    def _read(self, descriptor: int, size: int) -> str:
        if size > MAX_FILE_BYTES:
            raise OSError(errno.EFBIG, f"it is larger than {_in_words(MAX_FILE_BYTES)}")
        if size > self._bytes_left:
            reason = f"with it, the evidence is larger than {_in_words(self._most)} in all"
            raise OSError(errno.EFBIG, reason)
        self._bytes_left -= size
        digest = hashlib.sha256()
        # Files in /proc state no size, and reading some of them waits or changes something.
        while size and (part := os.read(descriptor, min(size, _BYTES_AT_ONCE))):
            digest.update(part)
            size -= len(part)
        return digest.hexdigest()


_BYTES_AT_ONCE = 2**20


def _demand_file(state: os.stat_result) -> None:
    if stat.S_ISDIR(state.st_mode):
        raise OSError(errno.EISDIR, "it is a folder")
    if not stat.S_ISREG(state.st_mode):
        raise OSError(errno.EINVAL, "it is a device or a pipe")


def _in_words(number: int) -> str:
    return f"{number // 10**9:,} GB" if number >= 10**9 else f"{number:,} bytes"
