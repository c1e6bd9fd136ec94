"""A register's file, read whole: the records that are sound, and the spot of every fault."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from socwatch.errors import (
    LocatedProblem,
    Location,
    Position,
    Problem,
    RegisterMissing,
    RegisterUnreadable,
)
from socwatch.records import Register
from socwatch.store.atomic import read_limited
from socwatch.store.syntax import Syntax, is_lost, parse
from socwatch.store.validate import Decoded, validate


@dataclass(frozen=True)
class Loaded:
    """A register's file as it was read: its bytes, and as much of it as is sound."""

    path: Path
    content: bytes
    syntax: Syntax
    encoding_faults: tuple[LocatedProblem, ...] = ()

    @cached_property
    def decoded(self) -> Decoded:
        """Its records; a merge compares files of which it never asks for these."""
        if not self.syntax.whole:
            return Decoded(None, (), {}, frozenset())
        return validate(self.syntax.tables, self.syntax.readable)

    @property
    def register(self) -> Register | None:
        """The records that could be read; None where none could. Faulty unless `faults` is ()."""
        return self.decoded.register

    def faults(self, found: Iterable[Problem] = ()) -> tuple[LocatedProblem, ...]:
        """Every fault in the order of the file: those of reading, and those `found` in `register`.

        What may only follow from another fault is left out: it goes when its cause does.
        """
        located = [*self.encoding_faults, *self.syntax.problems]
        located += (self.syntax.locate(problem) for problem in self.decoded.problems)
        located += (self.syntax.locate(problem) for problem in self._causes(found))
        spoilt = {each.position.line for each in located if each.problem.name in _OF_A_LINE}
        causes = [
            each
            for each in located
            if each.problem.name in _OF_A_LINE or each.position.line not in spoilt
        ]
        return tuple(sorted(causes, key=lambda each: (each.position.line, each.position.column)))

    def line(self, place: Location) -> int:
        """Return the line of the file on which a place of `register` begins."""
        return self.syntax.position(self.decoded.in_file(place)).line

    def _causes(self, found: Iterable[Problem]) -> Iterator[Problem]:
        """What is found at no value that could not be read, and for want of no such record."""
        bad = {problem.place for problem in self.decoded.problems}
        around = {place[:length] for place in bad for length in range(2, len(place) + 1)}
        lost = self.decoded.unsure | self.syntax.lost
        for problem in found:
            place = self.decoded.in_file(problem.place)
            inside = (place[:length] in bad for length in range(2, len(place) + 1))
            follows = problem.about and is_lost(problem.about, lost)
            if not (follows or place in around or any(inside)):
                yield Problem(problem.name, place, problem.message, problem.remedy)


_OF_A_LINE = frozenset({"not-utf-8", "hidden-character"})
"""Faults that make nonsense of what else stands on their line."""


MAX_REGISTER_BYTES = 256 * 1024 * 1024
"""The bytes that are read at most: some hundred thousand findings, and no endless device."""


def load(path: Path) -> Loaded:
    """The register at a path, read whole, sound or not.

    Its text is UTF-8, with or without a byte-order mark, with lines that end in LF or CRLF.
    Raises RegisterMissing, RegisterUnreadable.
    """
    try:
        content = read_limited(path, max_bytes=MAX_REGISTER_BYTES)
    except FileNotFoundError:
        raise RegisterMissing([str(path)]) from None
    except OSError as error:
        raise RegisterUnreadable(str(path), error.strerror or str(error)) from None
    except ValueError as error:  # a NUL in the path
        raise RegisterUnreadable(repr(str(path)), str(error)) from None
    if len(content) > MAX_REGISTER_BYTES:
        raise RegisterUnreadable(
            str(path), f"it is larger than {MAX_REGISTER_BYTES // 1024**2} MiB"
        )
    return read_content(path, content)


def read_content(path: Path, content: bytes) -> Loaded:
    """The register that these bytes hold, under the path that messages name."""
    text, faults = _decode(content)
    syntax = parse(text, frozenset(fault.position.line for fault in faults))
    return Loaded(path, content, syntax, faults)


_OTHER_ENCODINGS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""What a file begins with in the encodings that some editors choose, UTF-32 before UTF-16."""


def _decode(content: bytes) -> tuple[str, tuple[LocatedProblem, ...]]:
    encoding = _other_encoding(content)
    if encoding is not None:
        text = content.decode(encoding, errors="replace")
        message = f"this file is saved as {encoding.upper()[:6]}"
        problem = Problem("not-utf-8", (), message, f"{_SAVE}; nothing else needs to change")
        return text, (LocatedProblem(problem, Position(1, 1), text.split("\n", 1)[0].strip()),)
    try:
        return content.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        text = content.decode("utf-8-sig", errors="replace")
        lines = content.removeprefix(codecs.BOM_UTF8).split(b"\n")
        return text, tuple(_not_utf_8(lines, text.split("\n")))


def _other_encoding(content: bytes) -> str | None:
    for mark, name in _OTHER_ENCODINGS:
        if content.startswith(mark):
            return name
    # Without a mark, every second byte of plain words in UTF-16 is 0.
    if len(content) > 1 and content[0] != content[1] and 0 in content[:2]:
        zeros = content[content.index(0) :: 2]
        if zeros.count(0) * 2 > len(zeros):
            return "utf-16-le" if content[1] == 0 else "utf-16-be"
    return None


_SAVE = "save the file as UTF-8 in your editor"


def _not_utf_8(content: list[bytes], text: list[str]) -> Iterator[LocatedProblem]:
    """The first byte of each line that is not UTF-8."""
    for number, (line, shown) in enumerate(zip(content, text, strict=True), start=1):
        try:
            line.decode()
        except UnicodeDecodeError as error:
            message = f"the byte 0x{line[error.start]:02X} is not UTF-8 text"
            problem = Problem("not-utf-8", (), message, f"{_SAVE}, then look at this line")
            position = Position(number, len(line[: error.start].decode()) + 1)
            yield LocatedProblem(problem, position, shown.removesuffix("\r"))
