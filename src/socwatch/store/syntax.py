"""TOML with every fault reported: text to plain values, and the spot where each of them stands.

`toml_rs` reads a register five to twenty times faster than the pure Python readers and gives line
and column for every key (see bench/README.md). It is called in this module only; what it does
not guard against (nesting that overflows its stack, times that Python has no value for) is
met here.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

import toml_rs

from socwatch.errors import LocatedProblem, Place, Position, Problem

DEEPEST_NESTING = 64
MOST_SYNTAX_FAULTS = 40
"""A file with more is no register; listing the rest would teach nobody anything."""

HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\r(?!\n)"
)
"""Characters that a reader cannot see and a terminal obeys: controls, and marks that turn the
direction of writing (Unicode UAX #9)."""

_CONFLICT_START, _CONFLICT_END = "<<<<<<<", ">>>>>>>"
_CONFLICT_LINE = re.compile(r"^(?:<{7}|\|{7}|={7}|>{7})(?: .*)?\r?$", re.MULTILINE)
_HEADER = re.compile(r"^[ \t]*\[")
_ID_LINE = re.compile(r"^[ \t]*(?:id|finding)[ \t]*=[ \t]*[\"']([^\"']+)[\"']", re.MULTILINE)
_SHOWN_ASCII = bytes([*range(0x20, 0x7F), *b"\t\n"])
_NOT_BRACKETS = bytes(sorted(set(range(256)) - set(b"[]{}")))
_UNREPRESENTABLE = re.compile(r"\b0000-\d\d-\d\d|:60\b")

_REMEDIES = (
    ("string values must be quoted", 'put text in double quotes: key = "text"'),
    ("key with no value", 'write it as key = "value", or begin the line with # for a comment'),
    ("unexpected key or value", "put each key on a line of its own"),
    ("missing comma", "separate the values by commas, and end the list with ]"),
    ("unclosed array", "end the list with ]"),
    ("unclosed table", "end the table's name with ] (or ]] for a record)"),
    ("newlines are unsupported", "keep { … } on one line"),
    ("missing escaped value", "write a backslash as two, or put the text in 'single quotes'"),
    ("basic string", "end the text with the quotes that it began with, on the same line"),
    ("literal string", "end the text with the quote that it began with, on the same line"),
)


@dataclass(frozen=True)
class Syntax:
    """What could be read of a text, and what was wrong with it as TOML."""

    text: str
    readable: str
    """The text with everything that could not be read blanked out, line for line."""
    tables: dict[str, Any]
    problems: tuple[LocatedProblem, ...]
    lost_ids: frozenset[str] = frozenset()
    """Ids named in what could not be read: to be missing there is a consequence, no fault."""
    whole: bool = True
    """Whether anything could be read at all."""

    @cached_property
    def _lines(self) -> list[str]:
        return self.text.split("\n")

    def locate(self, problem: Problem) -> LocatedProblem:
        """The fault with its spot: the key that it is about, else the nearest thing around it."""
        return self.at(problem, self._position(problem.place))

    def at(self, problem: Problem, position: Position) -> LocatedProblem:
        """The fault with the line at a known spot."""
        return LocatedProblem(problem, position, _line(self._lines, position.line))

    @cached_property
    def _nodes(self) -> dict[str, Any]:
        # Five times slower than reading, so only a file with faults pays for it.
        document = toml_rs.load_with_metadata(io.BytesIO(self.readable.encode()), "1.0.0")
        nodes: dict[str, Any] = document.meta["nodes"]
        return nodes

    def _position(self, place: Place) -> Position:
        node: Any = self._nodes if place else {}
        best = Position(1, 1)
        for step in place:
            inside = node
            if isinstance(inside, dict) and (_is_leaf(inside) or "value_line" in inside):
                inside = inside["value"]
            try:
                node = inside[step]
            except (KeyError, IndexError, TypeError):
                break
            best = self._spot_of(node) or best
        return best

    def _spot_of(self, node: Any) -> Position | None:  # noqa: ANN401  # a node is plain data of three shapes
        if not isinstance(node, dict):
            return None
        if _is_leaf(node):
            line, columns = node["key_line"], node["key_col"]
        elif isinstance(node.get("value_col"), tuple | int):
            line, columns = node["value_line"], node["value_col"]
        else:
            return None
        line = line[0] if isinstance(line, tuple) else line
        first, last = columns if isinstance(columns, tuple) else (columns, columns)
        start = _column(_line(self._lines, line), first)
        return Position(line, start, max(1, _column(_line(self._lines, line), last) - start + 1))


def parse(text: str) -> Syntax:
    """Everything that can be read of a text, each fault of its TOML at its spot.

    A record that is not TOML is reported and blanked out, and the reading goes on, so that one
    broken line hides no other. The marks of a git conflict are named as such.
    """
    problems: list[LocatedProblem] = []
    readable = text
    lines = [] if _shows_all(text) else text.split("\n")
    for found in islice(HIDDEN.finditer(text), MOST_SYNTAX_FAULTS if lines else 0):
        position = _position_at(text, found.start())
        problems.append(
            LocatedProblem(hidden_character(found[0], ()), position, _line(lines, position.line))
        )
    if problems:
        readable = HIDDEN.sub(" ", text)
    conflicts = _conflicts(readable) if _CONFLICT_START in readable else []
    lost: set[str] = set()
    while True:
        try:
            tables = _loads(readable)
        except _NotToml as fault:
            lines = lines or text.split("\n")
            if conflicts and not any(p.problem.name == "conflict-marks" for p in problems):
                problems += [_conflict_problem(lines, *region) for region in conflicts]
                readable = _CONFLICT_LINE.sub(lambda m: " " * len(m[0].rstrip("\r")), readable)
                continue
            position = _within(lines, fault.position)
            if not any(first <= position.line <= last for first, _, last in conflicts):
                problem = Problem(fault.name, (), fault.message, fault.remedy)
                problems.append(LocatedProblem(problem, position, _line(lines, position.line)))
            shorter, cut = _without_record(readable, position.line)
            if shorter == readable or len(problems) >= MOST_SYNTAX_FAULTS:
                return Syntax(text, "", {}, tuple(problems), whole=False)
            lost.update(_ID_LINE.findall(cut))
            readable = shorter
        else:
            return Syntax(text, readable, tables, tuple(problems), frozenset(lost))


def _shows_all(text: str) -> bool:
    """Whether a text surely holds no hidden character; far quicker than to look for one."""
    return text.isascii() and not text.encode().translate(None, delete=_SHOWN_ASCII)


def hidden_character(character: str, place: Place) -> Problem:
    """The fault of a character that a reader cannot see."""
    return Problem(
        "hidden-character",
        place,
        f"this holds U+{ord(character[0]):04X}, a character that no reader can see",
        "take the character out, or type the text again",
    )


class _NotToml(Exception):  # a signal inside this module, not an error of its users
    def __init__(self, name: str, message: str, remedy: str, position: Position) -> None:
        super().__init__(message)
        self.name, self.message, self.remedy, self.position = name, message, remedy, position


def _loads(text: str) -> dict[str, Any]:
    if _too_deep(text):
        line = _deepest_line(text)
        message = f"lists stand in lists more than {DEEPEST_NESTING} deep"
        remedy = "take the surplus brackets out"
        raise _NotToml("toml-syntax", message, remedy, Position(line, 1))
    try:
        return toml_rs.loads(text, toml_version="1.0.0")
    except toml_rs.TOMLDecodeError as error:
        reason = str(error.msg).rsplit("\n", 1)[-1]
        raise _not_toml(text, reason, error.lineno, error.colno) from None
    except ValueError:
        # The parser admits the year 0 and the second 60; Python's dates do not.
        found = _UNREPRESENTABLE.search(text)
        position = _position_at(text, found.start() if found else 0)
        reason = "invalid date, the calendar has no such year or time"
        raise _not_toml(text, reason, position.line, position.column) from None


def _not_toml(text: str, reason: str, line: int, byte_column: int) -> _NotToml:
    lines = text.split("\n")
    position = Position(line, _column(_line(lines, line), byte_column))
    if _CONFLICT_LINE.fullmatch(_line(lines, line)):
        message = "git has left a mark of an unfinished merge here"
        return _NotToml("conflict-marks", message, "delete the line", Position(line, 1, 7))
    if reason == "duplicate key":
        message = "this stands twice in the same record"
        remedy = "keep one of the two, or begin a new record with its [[…]] line"
        return _NotToml("duplicate-key", message, remedy, position)
    if reason.startswith(("invalid date", "invalid time", "invalid offset")):
        message = f"the calendar has no such day or time ({reason})"
        remedy = "write a day that exists, such as 2025-01-31"
        return _NotToml("impossible-date", message, remedy, position)
    remedy = next(
        (remedy for words, remedy in _REMEDIES if words in reason),
        "compare the line with the ones above it",
    )
    return _NotToml("toml-syntax", f"this is not TOML: {reason}", remedy, position)


def _too_deep(text: str) -> bool:
    # The parser's own recursion overflows the stack, and the process dies, some thousands deep.
    # What is left when innermost pairs are taken out again and again bounds the depth from above.
    brackets = text.encode().translate(None, delete=_NOT_BRACKETS)
    for _ in range(DEEPEST_NESTING):
        shorter = brackets.replace(b"[]", b"").replace(b"{}", b"")
        if len(shorter) == len(brackets):
            break
        brackets = shorter
    return len(brackets) > DEEPEST_NESTING


def _deepest_line(text: str) -> int:
    counts = [len(re.findall(r"[\[{]", line)) for line in text.split("\n")]
    return counts.index(max(counts)) + 1


def _conflicts(text: str) -> list[tuple[int, int, int]]:
    """The first, a middle and the last line of every region that git marked as in conflict."""
    regions, start, middle = [], 0, 0
    for number, line in enumerate(text.split("\n"), start=1):
        if not _CONFLICT_LINE.fullmatch(line):
            continue
        if line.startswith(_CONFLICT_START):
            start = middle = number
        elif line.startswith(_CONFLICT_END) and start:
            regions.append((start, middle, number))
            start = 0
        else:
            middle = number
    return regions


def _conflict_problem(lines: list[str], first: int, middle: int, last: int) -> LocatedProblem:
    problem = Problem(
        "conflict-marks",
        (),
        f"git has left both sides of a merge here, in lines {first} to {last}",
        f"keep both sides' records, and delete the lines {first}, {middle} and {last}",
    )
    return LocatedProblem(problem, Position(first, 1, 7), _line(lines, first))


def _without_record(text: str, line: int) -> tuple[str, str]:
    """The text with the record around a line blanked out, and what was blanked."""
    lines = text.split("\n")
    first = line - 1
    while first > 0 and not _HEADER.match(lines[first]):
        first -= 1
    last = max(first + 1, line)
    while last < len(lines) and not _HEADER.match(lines[last]):
        last += 1
    cut = "\n".join(lines[first:last])
    blank = ["\r" if entry.endswith("\r") else "" for entry in lines[first:last]]
    return "\n".join([*lines[:first], *blank, *lines[last:]]), cut


def _within(lines: list[str], position: Position) -> Position:
    if position.line <= len(lines):
        return position
    return Position(len(lines), len(lines[-1]) + 1)


def _line(lines: list[str], number: int) -> str:
    return lines[number - 1].removesuffix("\r") if 0 < number <= len(lines) else ""


def _column(line: str, byte_column: int) -> int:
    """The column counted in characters, of one that the parser counts in UTF-8 bytes."""
    return len(line.encode()[: byte_column - 1].decode(errors="ignore")) + 1


def _position_at(text: str, index: int) -> Position:
    return Position(text.count("\n", 0, index) + 1, index - (text.rfind("\n", 0, index) + 1) + 1)


def _is_leaf(node: dict[str, Any]) -> bool:
    # A table that happens to have a key named key_line holds a table there, never a number.
    return isinstance(node.get("key_line"), int)
