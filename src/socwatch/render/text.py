"""Text made safe to show: nothing in a register reaches a terminal as anything but words."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from socwatch.characters import CONTROLS, JOINERS, UNSEEN

_SHOWN_BY_NUMBER = f"[\t\n\r{UNSEEN}{JOINERS}\ud800-\udfff\ufffe\uffff]"
"""What a terminal obeys or hides instead of showing it, and what XML cannot carry."""

_WRITTEN_BY_NUMBER = f"[\x7f-\x9f{UNSEEN}{JOINERS}\ud800-\udfff]".replace(CONTROLS, "")
"""The same without the controls, of which JSON itself lets none but its own line breaks stand."""

_PLAIN = str.maketrans(
    {
        "—": "-",
        "–": "-",
        "…": "...",
        "·": "|",
        "\u2018": "'",
        "’": "'",
        "“": '"',
        "”": '"',
        "─": "-",
        "│": "|",
        "£": "GBP ",
        "\u00a0": " ",
    }
)


def escape_invisible(text: str) -> str:
    r"""Text on one line in which every character is seen: ESC as \x1b, a break as a space."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text
    return _visible_letters(text)


@lru_cache(maxsize=256)  # the dash of an empty cell comes back in most rows
def _visible_letters(text: str) -> str:
    text = re.sub(r"[ \t\r\n]+", " ", text) if text.strip() else text
    return re.sub(_SHOWN_BY_NUMBER, _escape, text)


def escape_all(text: str) -> str:
    """A line of a file in which every character is seen, its blanks as they are."""
    return re.sub(_SHOWN_BY_NUMBER, _escape, text.replace("\t", " "))


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x100:  # noqa: PLR2004  # one byte
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"  # noqa: PLR2004  # two bytes


def in_json(text: str) -> str:
    """JSON in which what a terminal obeys is written by its number, as JSON allows."""
    return re.sub(_WRITTEN_BY_NUMBER, _units, text)


def _units(found: re.Match[str]) -> str:
    halves = found[0].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{halves[at : at + 4]}" for at in range(0, len(halves), 4))


def to_ascii(text: str) -> str:
    """Text for a screen without Unicode: dashes, quotes and rules in ASCII."""
    return text.translate(_PLAIN)


_NO_WIDTH = frozenset({"Mn", "Me", "Cf"})
"""The categories of marks drawn on the letter before them, and of signs that only guide drawing.

A mark's combining class does not say so: that of many Thai and Devanagari vowels is 0.
"""


_NO_ASCII = re.compile(r"[^\x00-\x7f]")


def columns_of(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return len(text) if text.isascii() else _columns_of_letters(text)


@lru_cache(maxsize=256)  # as in `visible`
def _columns_of_letters(text: str) -> int:
    # Most are words in ASCII with one dash or ellipsis.
    return len(text) + sum(_columns_of_character(each) - 1 for each in _NO_ASCII.findall(text))


def _columns_of_character(character: str) -> int:
    if unicodedata.category(character) in _NO_WIDTH:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def pad(text: str, width: int, *, right: bool = False) -> str:
    """A text with blanks up to a width, on its left if it is set to the right."""
    blanks = width - columns_of(text) + len(text)
    return text.rjust(blanks) if right else text.ljust(blanks)
