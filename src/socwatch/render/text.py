"""Text made safe to show: nothing in a register reaches a terminal as anything but words."""

from __future__ import annotations

import re
import unicodedata

_OBEYED = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
"""What a terminal obeys or hides instead of showing it."""

_OBEYED_IN_JSON = re.compile(_OBEYED.pattern.replace("\x00-\x1f", ""))
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


def visible(text: str) -> str:
    r"""Text on one line in which every character is seen: ESC as \x1b, a break as a space."""
    if text.isprintable() and "  " not in text:
        return text
    text = re.sub(r"[ \t\r\n]+", " ", text) if text.strip() else text
    return _OBEYED.sub(_escaped, text)


def exactly(text: str) -> str:
    """A line of a file in which every character is seen, its blanks as they are."""
    return _OBEYED.sub(_escaped, text.replace("\t", " "))


def _escaped(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"  # noqa: PLR2004  # one byte


def in_json(text: str) -> str:
    """JSON in which what a terminal obeys is written by its number, as JSON allows."""
    return _OBEYED_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def plainly(text: str) -> str:
    """Text for a screen without Unicode: dashes, quotes and rules in ASCII."""
    return text.translate(_PLAIN)


def columns_of(text: str) -> int:
    """How many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    return sum(_columns_of_character(character) for character in text)


def _columns_of_character(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def padded(text: str, width: int, *, right: bool = False) -> str:
    """A text with blanks up to a width, on its left if it is set to the right."""
    blanks = " " * (width - columns_of(text))
    return blanks + text if right else text + blanks
