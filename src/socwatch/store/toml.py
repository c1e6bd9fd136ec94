"""The TOML parser: a text's tables, or why it has none, in the words of who keeps a register.

`toml_rs` reads a register about thirteen times faster than the standard library's reader, and gives
line and column for every key (bench/README.md). It is called in this module only; what it does not
guard against (nesting that overflows its stack, times that Python has no value for) is met here.
"""

from __future__ import annotations

import io
import re
from typing import Any

import toml_rs

from socwatch.errors import Position

DEEPEST_NESTING = 16
"""Four times what a register needs; the parser's stack overflows some thousand levels down."""

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
_NO_MARKS = bytes(sorted(set(range(256)) - set(b"[]{}.\n")))

_BAD_BACKSLASH = "in a text in double quotes, a backslash begins a special character"
_TWO_BACKSLASHES = "write the backslash as two: \\\\"
_NO_VALUE = "this is no value: a text stands in double quotes, a date is written as 2025-01-31"
_QUOTE_IT = 'if it is a text, put it in double quotes: key = "text"'
_SAID = (
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


class Refused(Exception):  # a signal as well, and quickly made
    """The parser takes no text of this kind: its reason, and the index at which it stopped."""

    def __init__(self, reason: str, index: int) -> None:
        super().__init__(reason)
        self.reason, self.index = reason, index


def loads(text: str) -> dict[str, Any]:
    """The tables of a text. Raises NotToml, which says what is wrong and what to type."""
    try:
        return tables(text)
    except Refused as refused:
        raise _not_toml(text, refused.reason, refused.index) from None


def tables(text: str) -> dict[str, Any]:
    """The tables of a text. Raises Refused."""
    if (deepest := _deepest(text)) is not None:
        raise Refused(_TOO_DEEP, deepest)
    try:
        return toml_rs.loads(text, toml_version="1.0.0")
    except toml_rs.TOMLDecodeError as error:
        # Its own line and column are wrong where characters take more than a byte; `pos` is right.
        index = len(text.encode()[: error.pos].decode(errors="ignore"))
        raise Refused(str(error.msg).rsplit("\n", 1)[-1], index) from None
    except (ValueError, OverflowError):
        # The parser admits the year 0 and the second 60; Python's dates do not.
        found = _UNREPRESENTABLE.search(bare(text))
        raise Refused(_NO_SUCH_TIME, found.start() if found else 0) from None


def places(text: str) -> dict[str, Any]:
    """Where each key and value of a text stands, as the parser tells it: a tree as its tables are.

    Many times slower than `tables`, so only a file with faults pays for it.
    """
    document = toml_rs.load_with_metadata(io.BytesIO(text.encode()), "1.0.0")
    nodes: dict[str, Any] = document.meta["nodes"]
    return nodes


_TOO_DEEP = f"brackets, or names with dots, stand in each other more than {DEEPEST_NESTING} deep"
_NO_SUCH_TIME = "invalid date, expected one that the calendar has"


def _not_toml(text: str, reason: str, index: int) -> NotToml:
    position = _position_at(text, index)
    if reason == _TOO_DEEP:
        return NotToml("toml-syntax", reason, "take the surplus out", position)
    if reason == "duplicate key":
        key = re.compile(r"[\w-]*").match(text, index)
        position = _position_at(text, index, len(key[0]) if key is not None else 1)
        message = "this field stands twice in the same record"
        remedy = "keep one of the two, or begin a new record with its [[…]] line"
        return NotToml("duplicate-key", message, remedy, position)
    if reason.startswith(("invalid date", "invalid time", "invalid offset", "extra offset")):
        return _bad_date(text, reason, position)
    if (begun := _endless_text(text)) is not None:
        start, quotes = begun
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
    for words, message, remedy in _SAID:
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
    shown = bare(text)
    begun = []
    for found in _BRACKET.finditer(shown, 0, index):
        if found[0] in _CLOSED_BY:
            begun.append(found)
        elif begun and _CLOSED_BY[begun[-1][0]] == found[0]:
            begun.pop()
    if not begun or begun[0][0] != "[":
        return None
    line_start = text.rfind("\n", 0, index) + 1
    if begun[0].start() >= line_start:
        return None
    ended = not shown[index:].strip() or _ASSIGNMENT.match(shown, line_start)
    return begun[0].start() if ended else None


def bare(text: str) -> str:
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
    shown = bare(text)
    if (dotted := _DOTTED.search(shown)) is not None:
        return dotted.start()
    begun: list[str] = []
    for found in _BRACKET.finditer(shown):
        if found[0] in _CLOSED_BY:
            begun.append(found[0])
            if len(begun) > DEEPEST_NESTING:
                return found.start()
        elif begun and _CLOSED_BY[begun[-1]] == found[0]:
            begun.pop()
    return None


def _position_at(text: str, index: int, width: int = 1) -> Position:
    begin = text.rfind("\n", 0, index) + 1
    return Position(text.count("\n", 0, index) + 1, index - begin + 1, width)
