"""The TOML parser: a text's tables, or why it has none, in the words of who keeps a register.

`toml_rs` reads a register about thirteen times faster than the standard library's reader, and gives
line and column for every key (bench/README.md). It is called in this module only; what it does not
guard against (nesting that overflows its stack, times that Python has no value for) is met here.
"""

from __future__ import annotations

import io
import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Any

import toml_rs

from socwatch.errors import Location, Position

DEEPEST_NESTING = 16
"""Four times what a register needs; the parser's stack overflows some thousand levels down."""

MAX_DIGITS = 5_000
"""The parser's time grows with the square of a number's digits: a million take some seconds."""

_TEXT_OR_COMMENT = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*+(?:"{3,5}+)?+'
    r"|'''(?:[^']|'(?!''))*+(?:'{3,5}+)?+"
    r'|"(?:[^"\\\n]|\\[^\n])*+"?+'
    r"|'[^'\n]*+'?+"
    r"|#[^\n]*+",
    re.DOTALL,
)
_DOTTED = re.compile(
    rf"(?<![^\s.=,\[\]{{}}])(?:[^\s.=,\[\]{{}}]*+[ \t]*+\.[ \t]*+){{{DEEPEST_NESTING}}}"
)
_BRACKET = re.compile(r"[\[\]{}]")
_CLOSED_BY = {"[": "]", "{": "}"}

_ASSIGNMENT = re.compile(r"[ \t]*[\w-]+[ \t]*=")
_UNREPRESENTABLE = re.compile(r"\b0000-\d\d-\d\d|:60(?!\d)")
_LONG_NUMBER = re.compile(rf"[0-9][0-9_]{{{MAX_DIGITS},}}")
_DIGITS = "0123456789_"
_NO_MARKS = bytes(sorted(set(range(256)) - set(b"[]{}.\n")))

_BAD_BACKSLASH = "in a text in double quotes, a backslash begins a special character"
_TWO_BACKSLASHES = "write the backslash as two: \\\\"
_NO_VALUE = "this is no value: a text stands in double quotes, a date is written as 2025-01-31"
_QUOTE_IT = 'if it is a text, put it in double quotes: key = "text"'
REASONS = (
    (
        "key with no value",
        "there is no = on this line",
        'write key = "text", or # before a comment',
    ),
    ("missing value for key", "there is no = on this line", "write key = value"),
    (
        "unexpected key or value",
        "the line should end here, and goes on",
        'write one field a line, each text in one pair of quotes, a quote inside it as \\"',
    ),
    ("invalid basic string", "this text has no closing quote", 'end it with "'),
    ("invalid literal string", "this text has no closing quote", "end it with '"),
    ("extra `=`", "there is a second = on this line", "put the whole text in double quotes"),
    (
        "unquoted key",
        "a field's name is letters, digits, - and _",
        "write such a name before the =",
    ),
    ("expected key", "a field's name is missing here", "write the line as key = value"),
    ("string values must be quoted", _NO_VALUE, _QUOTE_IT),
    ("invalid float", _NO_VALUE, _QUOTE_IT),
    ("invalid boolean", _NO_VALUE, _QUOTE_IT),
    ("invalid integer", _NO_VALUE, _QUOTE_IT),
    ("leading zero", "a number does not begin with 0", "take the 0 out, or put a text in quotes"),
    ("missing comma", "a comma is missing before this", 'write a list as ["a", "b"]'),
    ("extra comma", "there is a comma too many", "take it out"),
    ("missing opening quote", "a text ends here that never began", "put a quote before it, too"),
    ("unclosed array", "this list is not closed", "end it with ]"),
    ("unclosed inline table", "this { is not closed", "end it with }, on the same line"),
    ("missing array opening", "this closes a list that never began", "begin the list with ["),
    ("missing table open", "this closes a name that never began", "begin the record with [["),
    ("missing inline table opening", "this closes what never began", "begin it with {"),
    ("newlines are unsupported", "the line ends between { and }", "keep { … } on one line"),
    ("inline table", "between { and } stand fields", "write it as { key = value, key = value }"),
    ("missing escaped value", _BAD_BACKSLASH, _TWO_BACKSLASHES),
    ("unicode hexadecimal", _BAD_BACKSLASH, _TWO_BACKSLASHES),
)
"""What the parser's reasons mean to somebody who keeps a register, and what to type."""

_LOOKALIKES = {
    "“": "a typographic quote",
    "”": "a typographic quote",
    "„": "a typographic quote",
    "‘": "a typographic quote",
    "’": "a typographic quote",
    "\u00a0": "a no-break space",
    "\u202f": "a no-break space",
    "–": "a dash",
    "—": "a dash",
    "\u2212": "a minus sign",
}
"""What word processors write instead of the characters that TOML knows."""


class NotToml(Exception):  # a signal to the reader, not an error of its users
    """A text is no TOML: what is wrong with it, and what to type instead."""

    def __init__(
        self, name: str, message: str, remedy: str, position: Position, open_quotes: str = ""
    ) -> None:
        super().__init__(message)
        self.name, self.message, self.remedy, self.position = name, message, remedy, position
        self.open_quotes = open_quotes
        """The quotes of a text of several lines that has no end."""


class ParserRefusal(Exception):  # a signal as well, and quickly made
    """The parser takes no text of this kind: its reason, and the index at which it stopped."""

    def __init__(self, reason: str, index: int) -> None:
        super().__init__(reason)
        self.reason, self.index = reason, index


def loads(text: str) -> dict[str, Any]:
    """The tables of a text. Raises NotToml, which says what is wrong and what to type."""
    try:
        return tables(text)
    except ParserRefusal as refused:
        raise _not_toml(text, refused.reason, refused.index) from None


def tables(text: str) -> dict[str, Any]:
    """The tables of a text. Raises Refused."""
    if (deepest := _deepest(text)) is not None:
        raise ParserRefusal(_TOO_DEEP, deepest)
    if (number := _long_number(text)) is not None:
        raise ParserRefusal(_TOO_LARGE, number)
    try:
        return toml_rs.loads(text, toml_version="1.0.0")
    except toml_rs.TOMLDecodeError as error:
        # Its own line and column are wrong where characters take more than a byte; `pos` is right.
        index = len(text.encode()[: error.pos].decode(errors="ignore"))
        raise ParserRefusal(str(error.msg).rsplit("\n", 1)[-1], index) from None
    except (ValueError, OverflowError):
        # The parser admits the year 0 and the second 60; Python's dates do not.
        found = _UNREPRESENTABLE.search(mask_strings_and_comments(text))
        raise ParserRefusal(_NO_SUCH_TIME, found.start() if found else 0) from None


_TOO_DEEP = f"brackets, or names with dots, stand in each other more than {DEEPEST_NESTING} deep"
_TOO_LARGE = "a whole number of more than 64 bits"
_NO_SUCH_TIME = "invalid date, expected one that the calendar has"


def _not_toml(text: str, reason: str, index: int) -> NotToml:
    position = _position_at(text, index)
    if reason == _TOO_DEEP:
        return NotToml("toml-syntax", reason, "take the surplus out", position)
    if reason == _TOO_LARGE:
        remedy = "write a smaller number, or a text in double quotes"
        return NotToml("number-too-large", f"this is {reason}", remedy, position)
    if reason == "duplicate key":
        key = re.compile(r"[\w-]*").match(text, index)
        position = _position_at(text, index, len(key[0]) if key is not None else 1)
        message = "this field stands twice in the same record"
        remedy = "keep one of the two, or begin a new record with its [[…]] line"
        return NotToml("duplicate-key", message, remedy, position)
    if reason.startswith(("invalid date", "invalid time", "invalid offset")):
        return _bad_date(text, reason, position)
    if (pending := _endless_text(text)) is not None:
        start, quotes = pending
        message = "this text of several lines has no end"
        remedy = f"end it with {quotes}"
        return NotToml("toml-syntax", message, remedy, _position_at(text, start, 3), quotes)
    if (begun_list := _endless_list(text, index)) is not None:
        message, remedy = "this list is not closed", "end it with ]"
        return NotToml("toml-syntax", message, remedy, _position_at(text, begun_list))
    if (lookalike := _LOOKALIKES.get(text[index : index + 1])) is not None:
        message = f"this is {lookalike}, which only a text in quotes can hold"
        remedy = 'type it anew on the keyboard: key = "text", 2025-01-31'
        return NotToml("toml-syntax", message, remedy, position)
    if "must be quoted" in reason and not text[index : index + 1].strip():
        message, remedy = "there is no value after the =", "write one, or take the line out"
        return NotToml("toml-syntax", message, remedy, position)
    for words, message, remedy in REASONS:
        if words in reason:
            return NotToml("toml-syntax", message, remedy, position)
    message = f"this is not written as TOML is ({reason})"
    return NotToml("toml-syntax", message, "compare it with the records above it", position)


def _bad_date(text: str, reason: str, position: Position) -> NotToml:
    rest = text.split("\n")[position.line - 1][position.column - 1 :]
    width = len(re.match(r"[\w:.+-]*", rest)[0]) or 1  # type: ignore[index]  # it matches nothing, too
    spot = Position(position.line, position.column, width)
    if "between" in reason or "calendar" in reason:
        message = "the calendar has no such day, or the clock no such time"
        remedy = "write a day that exists, such as 2025-01-31"
        return NotToml("impossible-date", message, remedy, spot)
    message = "a date is written as year, month and day, with two digits for month and day"
    remedy = "write it as 2025-01-31, or a time as 2025-01-31T09:15:02Z"
    return NotToml("bad-date", message, remedy, spot)


def _endless_text(text: str) -> tuple[int, str] | None:
    """Where a text of several lines begins that has no end, and its quotes."""
    for found in _TEXT_OR_COMMENT.finditer(text):
        quotes = found[0][:3]
        if quotes in {'"""', "'''"} and found.end() == len(text):
            closed = found[0].endswith(quotes, 3)
            return None if closed else (found.start(), quotes)
    return None


def _endless_list(text: str, index: int) -> int | None:
    """Where a list begins that ought to have ended before the line of an index."""
    shown = mask_strings_and_comments(text)
    pending = []
    for found in _BRACKET.finditer(shown, 0, index):
        if found[0] in _CLOSED_BY:
            pending.append(found)
        elif pending and _CLOSED_BY[pending[-1][0]] == found[0]:
            pending.pop()
    if not pending or pending[0][0] != "[":
        return None
    line_start = text.rfind("\n", 0, index) + 1
    if pending[0].start() >= line_start:
        return None
    ended = not shown[index:].strip() or _ASSIGNMENT.match(shown, line_start)
    return pending[0].start() if ended else None


def mask_strings_and_comments(text: str) -> str:
    """A text with its quoted texts and comments blanked out, character for character."""
    return _TEXT_OR_COMMENT.sub(lambda found: re.sub(r"[^\n]", "_", found[0]), text)


def comments(text: str) -> list[str]:
    """Return the comments of a text, each from its # to the end of its line."""
    found = (each[0].rstrip("\r") for each in _TEXT_OR_COMMENT.finditer(text))
    return [each for each in found if each.startswith("#")]


def _deepest(text: str) -> int | None:
    """Where brackets or names go too deep for the parser, whose stack would overflow."""
    # What is left when innermost pairs are taken out again and again bounds the depth from above:
    # cheap, and enough for every file that has no such depth.
    marks = text.encode().translate(None, delete=_NO_MARKS)
    brackets = marks.translate(None, delete=b".\n")
    for _ in range(DEEPEST_NESTING):
        shorter = brackets.replace(b"[]", b"").replace(b"{}", b"")
        if len(shorter) == len(brackets):
            break
        brackets = shorter
    dots = marks.translate(None, delete=b"[]{}")
    if len(brackets) <= DEEPEST_NESTING and b"." * DEEPEST_NESTING not in dots:
        return None
    shown = mask_strings_and_comments(text)
    if (dotted := _DOTTED.search(shown)) is not None:
        return dotted.start()
    pending: list[str] = []
    for found in _BRACKET.finditer(shown):
        if found[0] in _CLOSED_BY:
            pending.append(found[0])
            if len(pending) > DEEPEST_NESTING:
                return found.start()
        elif pending and _CLOSED_BY[pending[-1]] == found[0]:
            pending.pop()
    return None


def _long_number(text: str) -> int | None:
    """Return where a number begins that takes too long to read; None if there is none."""
    # A run of so many digits has a window in it that begins at a multiple of the window's width.
    width = MAX_DIGITS // 2
    for start in range(0, len(text), width):
        window = text[start : start + width]
        if window[0] in _DIGITS and window[-1] in _DIGITS and not window.strip(_DIGITS):
            found = _LONG_NUMBER.search(mask_strings_and_comments(text))
            return found.start() if found is not None else None
    return None


def _position_at(text: str, index: int, width: int = 1) -> Position:
    begin = text.rfind("\n", 0, index) + 1
    return Position(text.count("\n", 0, index) + 1, index - begin + 1, width)


class Places:
    """Where each key and value of a text is, as the parser tells it.

    Many times slower than `tables`, so only a file with problems pays for it.
    """

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        document = toml_rs.load_with_metadata(io.BytesIO(text.encode()), "1.0.0")
        self._nodes: dict[str, Any] = document.meta["nodes"]

    def position(self, place: Location) -> Position:
        """Return the spot of what is at a place, or of the nearest thing around it."""
        node: Any = self._nodes
        best = Position(1, 1)
        for step in place:
            inside = node
            if isinstance(inside, dict) and (_is_leaf(inside) or "value_line" in inside):
                inside = inside["value"]
            try:
                node = inside[step]
            except (KeyError, IndexError, TypeError):
                if step == 0 and isinstance(node, dict):
                    continue  # a single table where a list of them belongs
                break
            best = self._spot_of(node, str(step)) or best
        return best

    def _spot_of(self, node: Any, name: str) -> Position | None:  # noqa: ANN401  # a node is plain data of three shapes
        """A key with its value, or an entry of a list, from its first to its last character."""
        if not isinstance(node, dict):
            return None
        if not isinstance(node.get("value_col"), tuple | int):
            return self._spot_of_table(node, name)
        first_line, last_line = _both(node["value_line"])
        first, last = _both(node["value_col"])
        if _is_leaf(node):
            first_line, _ = _both(node["key_line"])
            first, _ = _both(node["key_col"])
        line = line_of(self._lines, first_line)
        start = _column(line, first)
        end = _column(line, last) if last_line == first_line else len(line.rstrip())
        return Position(first_line, start, max(1, end - start + 1))

    def _spot_of_table(self, table: dict[str, Any], name: str) -> Position | None:
        """The header of a table to which the parser gives no place, else what it first holds."""
        if _is_leaf(table):
            within, number = None, _both(table["key_line"])[0]
        else:
            within = next((self._spot_of(inner, key) for key, inner in table.items()), None)
            number = within.line if within is not None else 0
        while number and not line_of(self._lines, number).lstrip().startswith("["):
            number -= 1
        named = number and name in line_of(self._lines, number)
        return whole_line(self._lines, number) if named else within


def line_of(lines: Sequence[str], number: int) -> str:
    """Return a line by its number, the first being 1; "" where there is none."""
    return lines[number - 1].removesuffix("\r") if 0 < number <= len(lines) else ""


def whole_line(lines: Sequence[str], number: int) -> Position:
    """Return the spot of all that is written on a line."""
    line = line_of(lines, number)
    words = line.strip()
    return Position(number, line.find(words) + 1, max(1, len(words)))


def _column(line: str, byte_column: int) -> int:
    """The column counted in characters, of one that the parser counts in UTF-8 bytes."""
    if line.isascii():  # one line can hold all records, and be asked about for each of them
        return min(byte_column - 1, len(line)) + 1
    return bisect_right(_byte_columns(line), byte_column)


@lru_cache(maxsize=1)  # problems are mostly told of in the order of the lines
def _byte_columns(line: str) -> list[int]:
    """Return where each character of a line begins and its end, counted in bytes from 1."""
    widths = (len(character.encode()) for character in line)
    return list(accumulate(widths, initial=1))


def _both(spot: int | tuple[int, int]) -> tuple[int, int]:
    return spot if isinstance(spot, tuple) else (spot, spot)


def _is_leaf(node: dict[str, Any]) -> bool:
    # A table that happens to have a key named key_line holds a table there, never a number.
    return isinstance(node.get("key_line"), int)
