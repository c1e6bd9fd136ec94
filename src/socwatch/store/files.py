"""A register's file, read whole: the records that are sound, and the spot of every fault."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from socwatch.errors import (
    LocatedProblem,
    Position,
    Problem,
    RegisterMissing,
    RegisterUnreadable,
)
from socwatch.records import Register
from socwatch.store.shape import Draft, read
from socwatch.store.syntax import Syntax, parse


@dataclass(frozen=True)
class Loaded:
    """A register's file as it was read: its bytes, and as much of it as is sound."""

    path: Path
    content: bytes
    syntax: Syntax
    draft: Draft
    encoding_faults: tuple[LocatedProblem, ...] = ()

    @property
    def register(self) -> Register | None:
        """The records that could be read; None where none could. Faulty unless `faults` is ()."""
        return self.draft.register

    def faults(self, found: Iterable[Problem] = ()) -> tuple[LocatedProblem, ...]:
        """Every fault in the order of the file: those of reading, and those `found` in `register`.

        What is found at a value that could not be read, or for want of a record that could not
        be, is left out: it goes when its cause does.
        """
        read_badly = [problem.place for problem in self.draft.problems]
        unread = self.draft.set_aside | self.syntax.lost
        located = [*self.encoding_faults, *self.syntax.problems]
        located += (self.syntax.locate(problem) for problem in self.draft.problems)
        for problem in found:
            place = self.draft.in_file(problem.place)
            if problem.about in unread or any(_overlap(place, bad) for bad in read_badly):
                continue
            in_file = Problem(problem.name, place, problem.message, problem.remedy)
            located.append(self.syntax.locate(in_file))
        return tuple(sorted(located, key=lambda each: (each.position.line, each.position.column)))


def _overlap(place: tuple[str | int, ...], other: tuple[str | int, ...]) -> bool:
    shorter = min(len(place), len(other))
    return shorter > 1 and place[:shorter] == other[:shorter]


def load(path: Path) -> Loaded:
    """The register at a path, read whole, sound or not.

    Its text is UTF-8, with or without a byte-order mark, with lines that end in LF or CRLF.
    Raises RegisterMissing, RegisterUnreadable.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise RegisterMissing([str(path)]) from None
    except OSError as error:
        raise RegisterUnreadable(str(path), error.strerror or str(error)) from None
    except ValueError as error:  # a NUL in the path
        raise RegisterUnreadable(repr(str(path)), str(error)) from None
    return read_content(path, content)


def read_content(path: Path, content: bytes) -> Loaded:
    """The register that these bytes hold, under the path that messages name."""
    text, faults = _decoded(content)
    syntax = parse(text)
    if syntax.whole:
        draft = read(syntax.tables, syntax.readable)
    else:
        draft = Draft(None, (), {}, frozenset())
    return Loaded(path, content, syntax, draft, faults)


def _decoded(content: bytes) -> tuple[str, tuple[LocatedProblem, ...]]:
    try:
        return content.decode("utf-8-sig"), ()
    except UnicodeDecodeError as error:
        text = content.decode("utf-8-sig", errors="replace")
        line = content.count(b"\n", 0, error.start) + 1
        before = content[content.rfind(b"\n", 0, error.start) + 1 : error.start]
        position = Position(line, len(before.decode("utf-8-sig", errors="replace")) + 1)
        problem = Problem(
            "not-utf-8",
            (),
            f"the byte 0x{content[error.start]:02X} is not UTF-8 text",
            "save the file as UTF-8 in your editor, then look at this line",
        )
        return text, (LocatedProblem(problem, position, text.split("\n")[line - 1]),)
