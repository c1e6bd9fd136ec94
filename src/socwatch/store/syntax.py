"""TOML with every fault reported: text to plain values, and the spot where each of them stands."""

from __future__ import annotations

import contextlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from socwatch.characters import HIDDEN
from socwatch.errors import LocatedProblem, Location, Position, Problem
from socwatch.fields import DATED
from socwatch.records import FIELDS
from socwatch.store.toml import (
    NotToml,
    ParserRefusal,
    Places,
    line_of,
    loads,
    mask_strings_and_comments,
    tables,
    whole_line,
)

MOST_CLASHES = 40
"""How many records that are sound alone, and clash with others, are looked for one by one."""


_CONFLICT_LINE = re.compile(r"([<|=>])\1{6}(?: .*)?\r?")
_RECORD_BEGINS = re.compile(r"[ \t]*\[\[?[ \t]*[A-Za-z_][\w-]*(?![\w \t-]*\.)")
_FIELD_BEGINS = re.compile(r"[ \t]*[^\s#\[\]{},]")
_HEADER = re.compile(r"[ \t]*(\[{1,2})[ \t]*([A-Za-z_][\w-]*)[ \t]*(\]{0,2})[ \t]*(?:#.*)?")
_FORMAT = re.compile(r"[ \t]*[\"']?format\b")
_TABLE = re.compile(r"[ \t\[]*[\"']?([\w-]+)")
_NAMED = re.compile(
    r"(?:^|[{,])[ \t]*[\"']?(id|finding)\b[\"']?[ \t]*[=:]?[ \t]*[^\w\n]?([\w-]+)"
    r"(?:[\"'”’]|[ \t]*(?:[,}#].*)?$)",
    re.MULTILINE,
)
_UNQUOTED = re.compile(
    r"[ \t]*[\"']?(?P<key>[\w-]+)[\"']?[ \t]*=[ \t]*"
    r"(?P<value>[^\s\"'\[\]{}#][^\"'\[\]{}#]{0,80}?)[ \t]*(?:#|$)"
)
_SHOWN = bytes([*range(0x20, 0x7F), *b"\t\n"])


@dataclass(frozen=True)
class Syntax:
    """What could be read of a text, and what was wrong with it as TOML."""

    text: str
    readable: str
    """The text with everything that could not be read blanked out, line for line."""
    tables: dict[str, Any]
    problems: tuple[LocatedProblem, ...]
    lost: frozenset[str] = frozenset()
    """What is missing only because it could not be read: see `lost_names`."""
    whole: bool = True
    """Whether anything could be read at all."""

    @cached_property
    def _lines(self) -> list[str]:
        return self.text.split("\n")

    def locate(self, problem: Problem) -> LocatedProblem:
        """The fault with its spot: what it is about, else the nearest thing around it."""
        return _locate(problem, self.position(problem.place), self._lines)

    @cached_property
    def _places(self) -> Places:
        return Places(self.readable)

    def position(self, place: Location) -> Position:
        """Return the spot of what is at a place, or of the nearest thing around it."""
        return self._places.position(place) if place else Position(1, 1)


def parse(text: str, spoilt: frozenset[int] = frozenset()) -> Syntax:
    """Everything that can be read of a text, each fault of its TOML at its spot.

    Where the whole cannot be read, each record is read alone: one that is no TOML is reported and
    blanked out, so that no broken line hides another. The marks of a git conflict are named as
    such. `spoilt` are lines whose faults are known: what follows from those is not reported.
    """
    if not spoilt and _shows_all(text) and ("<" not in text or "<<<<<<<" not in text):
        with contextlib.suppress(ParserRefusal):
            return Syntax(text, text, tables(text), ())
    reading = _Reading(text, spoilt)
    reading.strip_hidden_characters()
    reading.take_out_conflict_marks()
    if not ((reading.problems or spoilt) and reading.read()):
        reading.read_records()
        if not reading.read_clashes():
            return Syntax(text, "", {}, tuple(reading.problems), whole=False)
    lost = frozenset(reading.lost)
    return Syntax(text, reading.readable, reading.tables, tuple(reading.problems), lost)


def last_table(text: str) -> str | None:
    """Return the name of the table that the last header of a text begins; None without a header."""
    masked = mask_strings_and_comments(text).split("\n")
    # The name itself comes from the line as it is written, since it may be in quotes.
    for shown, line in zip(reversed(masked), reversed(text.split("\n")), strict=True):
        if _RECORD_BEGINS.match(shown) and (found := _TABLE.match(line)) is not None:
            return found[1]
    return None


def _shows_all(text: str) -> bool:
    """Whether a text holds no hidden character; for plain ASCII that is told far quicker."""
    if text.isascii() and "\r" not in text:
        return not text.encode().translate(None, delete=_SHOWN)
    return HIDDEN.search(text) is None


def hidden_character(character: str, place: Location) -> Problem:
    """The fault of a character that a reader cannot see."""
    name = unicodedata.name(character, "control character").lower()
    message = f"this holds a character that no reader can see: U+{ord(character):04X}, {name}"
    remedy = "take the character out, or type the text again"
    return Problem("hidden-character", place, message, remedy)


def bracket_missing(table: str, place: Location) -> Problem:
    """The fault of a table that stands alone, where each of its records has a header."""
    message = "a record begins with the name of its table in two pairs of brackets"
    return Problem("bracket-missing", place, message, f"write it as [[{table}]]")


def lost_names(table: str, names: Iterable[str]) -> set[str]:
    """What is lost with a record: its ids in its table, or any id there if it shows none."""
    return {f"{table} {name}" for name in names} or {f"{table} {UNKNOWN}"}


def is_lost(about: str, lost: frozenset[str]) -> bool:
    """Whether something is missing only because what could not be read may hold it."""
    table, _, name = about.partition(" ")
    return not lost.isdisjoint({about, f"{table} {UNKNOWN}", f"{UNKNOWN} {name}"})


UNKNOWN = "*"
HISTORY = "life"
"""With the id of a finding: the updates that say how far it has come."""


class _Reading:
    """One reading of a text that may have faults: what is found, and what is left to read."""

    def __init__(self, text: str, spoilt: frozenset[int]) -> None:
        self.text = text
        self.lines = text.split("\n")
        self.left = self.lines.copy()
        """The lines, with what cannot be read blanked out."""
        self.tables: dict[str, Any] = {}
        self.problems: list[LocatedProblem] = []
        self.lost: set[str] = set()
        self._known = set(spoilt)
        """Lines whose faults are reported: what else is wrong there may follow from those."""

    @property
    def readable(self) -> str:
        return "\n".join(self.left)

    def strip_hidden_characters(self) -> None:
        """Report the first hidden character of each line, and read on without any."""
        number, counted = 1, 0
        for found in HIDDEN.finditer(self.text):
            number += self.text.count("\n", counted, found.start())
            counted = found.start()
            if number not in self._known:
                begin = self.text.rfind("\n", 0, counted) + 1
                position = Position(number, counted - begin + 1)
                self._report(hidden_character(found[0], ()), position)
        if counted or self._known:
            self.left = HIDDEN.sub(" ", self.text).split("\n")

    def take_out_conflict_marks(self) -> None:
        """Report every region that git marked as in conflict, and read on as if both were kept."""
        for marks in _conflicts(self.left):
            first, last = marks[0], marks[-1]
            numbers = ", ".join(map(str, marks[:-1]))
            problem = Problem(
                "conflict-marks",
                (),
                f"git has left both sides of a merge here, in lines {first} to {last}",
                f"keep what is right of the two sides, and delete the lines {numbers} and {last}",
            )
            self._report(problem, Position(first, 1, 7))
            for number in marks:
                self.left[number - 1] = _blank(self.left[number - 1])
            self._known.update(range(first, last + 1))

    def read(self) -> bool:
        """Whether the whole can be read."""
        try:
            self.tables = tables(self.readable)
        except ParserRefusal:
            return False
        return True

    def read_records(self) -> None:
        """Read each record alone, and blank out those that are no TOML."""
        starts = _starts(self.left)
        place = 0
        while place < len(starts) - 1:
            after = place + 1
            fault = self._fault(starts[place], starts[after])
            if fault is not None and fault.open_quotes:
                # A text of several lines may hold a line that looks like the start of a record.
                closing = self._closing(fault.open_quotes, starts[after])
                reach = next((n for n in range(after, len(starts)) if starts[n] > closing), None)
                if reach is not None and self._fault(starts[place], starts[reach]) is None:
                    after, fault = reach, None
            if fault is not None:
                self._leave_out(fault, starts[place], starts[after])
            place = after

    def read_clashes(self) -> bool:
        """Blank out records that clash with others though sound alone; whether the rest is read."""
        for _ in range(MOST_CLASHES):
            try:
                self.tables = loads(self.readable)
            except NotToml as clash:
                fault, number = self._blame(clash)
                starts = _starts(self.left)
                place = max(n for n, start in enumerate(starts[:-1]) if start <= number)
                first, after = starts[place], starts[place + 1]
                if not "".join(self.left[first:after]).strip():
                    return False
                self._leave_out(fault, first, after)
            else:
                return True
        return False

    def _fault(self, first: int, after: int) -> NotToml | None:
        try:
            loads("\n".join(self.left[first:after]).removesuffix("\r"))
        except NotToml as fault:
            spot = fault.position
            fault.position = Position(first + spot.line, spot.column, spot.width)
            return self._unquoted_date(fault, first) or fault
        return None

    def _unquoted_date(self, fault: NotToml, first: int) -> NotToml | None:
        """Return the fault of a date without the quotes or the form that it needs, if it is one."""
        from socwatch.store.date_hints import unquoted_date  # its patterns take a while to compile

        header = _TABLE.match(self.left[first])
        found = _UNQUOTED.match(line_of(self.left, fault.position.line))
        fields = FIELDS.get(header[1], {}) if header is not None else {}
        if fault.name == "impossible-date" or found is None:
            return None
        field = fields.get(found["key"])
        if field is None or field.form not in DATED:
            return None
        problem = unquoted_date(field, fields, found["value"])
        if problem is None:
            return None
        spot = Position(fault.position.line, found.start("value") + 1, len(found["value"]))
        return NotToml(problem.name, problem.message, problem.remedy, spot)

    def _closing(self, quotes: str, first: int) -> int:
        """The first line from there on that holds the quotes; the number of lines if none does."""
        numbers = range(first, len(self.left))
        return next((n for n in numbers if quotes in self.left[n]), len(self.left))

    def _leave_out(self, fault: NotToml | None, first: int, after: int) -> None:
        """Report what is wrong among these lines, and blank out no more of them than it spoils."""
        while fault is not None:
            header = _HEADER.fullmatch(self.left[first].removesuffix("\r"))
            if header is not None and (header[1], header[3]) != ("[[", "]]"):
                self._mend_header(first, header[2])
            elif marks := self._marks(fault.position.line - 1, first, after):
                self._take_out(marks)
            else:
                if fault.position.line not in self._known:
                    problem = Problem(fault.name, (), fault.message, fault.remedy)
                    self._report(problem, fault.position)
                self._blank_out(first, after)
                return
            fault = self._fault(first, after)

    def _marks(self, number: int, first: int, after: int) -> list[int]:
        """The lines among these that are marks of git, if this one is."""
        if not (number < len(self.left) and _CONFLICT_LINE.fullmatch(self.left[number])):
            return []
        shown = mask_strings_and_comments("\n".join(self.left[first:after])).split("\n")
        inner = {first + n for n, line in enumerate(shown) if _CONFLICT_LINE.fullmatch(line)}
        return sorted(inner | {number})

    def _take_out(self, marks: list[int]) -> None:
        message = "git has left a mark of an unfinished merge here"
        for number in marks:
            problem = Problem("conflict-marks", (), message, "delete the line")
            self._report(problem, Position(number + 1, 1, 7))
            self.left[number] = _blank(self.left[number])

    def _mend_header(self, number: int, name: str) -> None:
        self._report(bracket_missing(name, ()), whole_line(self.left, number + 1))
        self.left[number] = f"[[{name}]]" + _blank(self.left[number])

    def _blame(self, clash: NotToml) -> tuple[NotToml, int]:
        """What clashes, and its line: where a name has records, what else bears it is wrong."""
        number = min(clash.position.line, len(self.left)) - 1
        header = _HEADER.fullmatch(self.left[number].removesuffix("\r"))
        if header is None or clash.name != "duplicate-key":
            return clash, number
        name = header[2]
        written = re.compile(rf"[ \t]*[\"']?{re.escape(name)}[\"']?[ \t]*=")
        single = re.compile(rf"[ \t]*\[[ \t]*{re.escape(name)}[ \t]*\]")
        in_head = True
        for earlier in range(number):
            line = self.left[earlier]
            in_head = in_head and not _RECORD_BEGINS.match(line)
            if single.match(line):
                return clash, earlier  # a header, which is mended there
            if in_head and written.match(line):
                message = f"{name} stands here as one list, and further down as [[{name}]] records"
                remedy = f"take the list out; write what it holds as [[{name}]] records"
                position = whole_line(self.left, earlier + 1)
                return NotToml("duplicate-key", message, remedy, position), earlier
        return clash, number

    def _blank_out(self, first: int, after: int) -> None:
        cut = "\n".join(self.left[first:after])
        found = _TABLE.match(cut)
        table = found[1] if found is not None else UNKNOWN
        named = _NAMED.findall(cut)
        # The header may be what is wrong, so an id is lost whatever its table.
        ids = {f"{UNKNOWN} {name}" for key, name in named if key == "id"}
        self.lost |= ids or lost_names(table, ())
        if table == "updates":
            self.lost |= lost_names(HISTORY, [name for key, name in named if key == "finding"])
        self.left[first:after] = [_blank(line) for line in self.left[first:after]]
        if _FORMAT.match(cut) and not any(_FORMAT.match(line) for line in self.left):
            self.left[first] = "format = 1" + self.left[first]  # it is there, and not missing

    def _report(self, problem: Problem, position: Position) -> None:
        self._known.add(position.line)
        self.problems.append(_locate(problem, position, self.lines))


def _conflicts(lines: list[str]) -> list[tuple[int, ...]]:
    """The lines of the marks of every region that git marked as in conflict."""
    regions: list[tuple[int, ...]] = []
    marks: list[int] = []
    for number, line in enumerate(lines, start=1):
        if line[:1] not in "<|=>" or not _CONFLICT_LINE.fullmatch(line):
            continue
        if line[0] == "<":
            marks = [number]
        elif marks:
            marks.append(number)
            if line[0] == ">":
                regions.append(tuple(marks))
                marks = []
    return regions


def _starts(lines: list[str]) -> list[int]:
    """Where each record begins, and before the first record each field; then where all ends."""
    starts, in_head = [0], True
    for number, line in enumerate(lines):
        if _RECORD_BEGINS.match(line):
            in_head = False
        elif not in_head or not _FIELD_BEGINS.match(line):
            continue
        if number:
            starts.append(number)
    return [*starts, len(lines)]


def _blank(line: str) -> str:
    return "\r" if line.endswith("\r") else ""


def _locate(problem: Problem, position: Position, lines: list[str]) -> LocatedProblem:
    line = line_of(lines, position.line)
    room = max(1, len(line) + 1 - position.column)  # a header that was mended may be longer
    spot = Position(position.line, position.column, min(position.width, room))
    return LocatedProblem(problem, spot, line)
