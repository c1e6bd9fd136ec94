"""What `store/toml.py` relies on of its parser, which is young: a fact a test, found by name."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from importlib.metadata import requires
from typing import Any

import pytest
import toml_rs

from socwatch.errors import Position
from socwatch.store.toml import (
    DEEPEST_NESTING,
    MAX_DIGITS,
    REASONS,
    NotToml,
    ParserRefusal,
    Places,
    loads,
    tables,
)

INPUTS: dict[str, tuple[str, int]] = {
    "key with no value": ("a\nb = 1", 1),
    "missing value for key": (".", 1),
    "unexpected key or value": ('a = "x" "y"', 8),
    "invalid basic string": ('a = "x\nb = 1', 6),
    "invalid literal string": ("a = 'x\nb = 1", 6),
    "extra `=`": ("a = = 1", 4),
    "unquoted key": ("= 1", 0),
    "expected key": ("}]", 0),
    "string values must be quoted": ("a = word", 4),
    "invalid float": ("a = 1.2.3", 7),
    "invalid boolean": ("a = trueish", 4),
    "invalid integer": ("a = 1_0x", 4),
    "leading zero": ("a = 01", 4),
    "missing comma": ('a = ["x" "y"]', 9),
    "extra comma": ("a = [1,,2]", 7),
    "missing opening quote": ('a = x"', 4),
    "unclosed array": ("a = [1, 2", 9),
    "unclosed inline table": ("a = { b = 1", 11),
    "missing array opening": ("a = ]", 4),
    "missing table open": ("]", 0),
    "missing inline table opening": ("a = }", 4),
    "newlines are unsupported": ("a = { b = 1,\nc = 2 }", 12),
    "inline table": ("a = { 1 }", 8),
    "missing escaped value": ('a = "\\q"', 6),
    "unicode hexadecimal": ('a = "\\uZZZZ"', 7),
}
"""For each reason that is read, a text that has it, and the byte at which the parser stops."""

DATES = {
    "a = 2025-1-01": "invalid date, expected a two-digit month (MM)",
    "a = 2025-02-30": "invalid date, expected day between 01 and 28",
    "a = 2025-13-01": "invalid date, expected month between 01 and 12",
    "a = 24:00:00": "invalid time, expected hour between 00 and 23",
    "a = 10:0:00": "invalid time, expected a two-digit minute (MM)",
    "a = 2025-01-31T10:00:00+1": "invalid offset, expected `:` (HH:MM)",
    "a = 2025-01-31T10:00:00Zx": "invalid datetime",
}
"""Dates that are none, and the reasons of the parser; "between" is of days that do not exist."""


def refusal(text: str) -> tuple[str, int]:
    """The reason of the parser itself against a text, and the byte at which it stopped."""
    with pytest.raises(toml_rs.TOMLDecodeError) as refused:
        toml_rs.loads(text, toml_version="1.0.0")
    return str(refused.value.msg).rsplit("\n", 1)[-1], refused.value.pos


def nodes(text: str) -> dict[str, Any]:
    """The places of all keys and values of a text, as the parser tells them."""
    document = toml_rs.load_with_metadata(io.BytesIO(text.encode()), "1.0.0")
    found: dict[str, Any] = document.meta["nodes"]
    return found


def test_its_version_has_an_upper_bound() -> None:
    """The next minor version is not taken before these tests have passed with it."""
    (wanted,) = (each for each in requires("socwatch") or () if each.startswith("toml-rs"))
    assert re.search(r"<0\.\d+", wanted)
    assert ">=0.4" in wanted


def test_every_reason_that_is_read_is_shown_here() -> None:
    """Each row of REASONS has a text that the parser refuses for it."""
    assert [words for words, _, _ in REASONS] == list(INPUTS)


@pytest.mark.parametrize("words", INPUTS)
def test_reason(words: str) -> None:
    """The last line of the message holds these words, and `pos` is the byte where it stops."""
    text, at = INPUTS[words]
    reason, position = refusal(text)
    assert words in reason
    assert position == at
    assert next(first for first, _, _ in REASONS if first in reason) == words


def test_reason_becomes_words_of_ours() -> None:
    """A reason that is read is told in our words; one that is not is shown in the parser's."""
    with pytest.raises(NotToml, match=r"^a number does not begin with 0$"):
        loads("a = 01")
    with pytest.raises(NotToml, match=r"^this is not written as TOML is \(redundant numeric sign"):
        loads("a = +-1")


def test_duplicate_key() -> None:
    """A key that stands twice is told at the second, in exactly these words."""
    assert refusal("a = 1\na = 2") == ("duplicate key", 6)
    assert refusal("[a]\n[b]\n[a]") == ("duplicate key", 9)


@pytest.mark.parametrize("text", DATES)
def test_dates(text: str) -> None:
    """What is wrong with a date begins with "invalid", and the date's first byte is told."""
    assert refusal(text) == (DATES[text], 4)


@pytest.mark.parametrize("value", ["0000-01-01", "2025-01-01T23:59:60Z", "23:59:60"])
def test_times_that_python_lacks(value: str) -> None:
    """The parser takes the year 0 and the second 60, and Python's own error comes through."""
    with pytest.raises(ValueError, match=r"out of range|must be in") as refused:
        toml_rs.loads(f"a = {value}", toml_version="1.0.0")
    assert not isinstance(refused.value, toml_rs.TOMLDecodeError)


def test_bytes_not_characters() -> None:
    """`pos` counts bytes, of which a character may have several; ours counts characters."""
    text = 'a = "日本" x'
    assert refusal(text)[1] == text.encode().index(b"x")
    with pytest.raises(ParserRefusal) as refused:
        tables(text)
    assert refused.value.index == text.index("x")


VALUES: dict[str, object] = {
    '"x"': "x",
    "true": True,
    "2025-01-31": date(2025, 1, 31),
    "10:00:00": time(10),
    "2025-01-31T10:00:00Z": datetime(2025, 1, 31, 10, tzinfo=UTC),
    "1.5": 1.5,
    "0x1f": 31,
    "[1, [2]]": [1, [2]],
    "{ b = 1 }": {"b": 1},
    "9223372036854775808": 2**63,
    "9" * 100: 10**100 - 1,
}


@pytest.mark.parametrize("written", VALUES)
def test_values(written: str) -> None:
    """Values are Python's own; whole numbers of more than 64 bits are taken as they are."""
    found = toml_rs.loads(f"a = {written}", toml_version="1.0.0")["a"]
    assert found == VALUES[written]
    assert type(found) is type(VALUES[written])


def test_long_numbers_do_not_reach_it() -> None:
    """Its time grows with the square of the digits, so a number of too many is refused before."""
    with pytest.raises(ParserRefusal) as refused:
        tables(f"a = 1\nb = {'9' * (MAX_DIGITS + 1)}")
    assert refused.value.index == len("a = 1\nb = ")
    assert tables(f"b = {'9' * 1_000}") == {"b": 10**1_000 - 1}
    assert tables(f"b = '{'9' * 9 * MAX_DIGITS}'")["b"] == "9" * 9 * MAX_DIGITS


def test_nesting() -> None:
    """It takes all the nesting that we let through; deeper nesting does not reach it."""
    deep = "a = " + "[" * DEEPEST_NESTING + "]" * DEEPEST_NESTING
    assert tables(deep)["a"] is not None
    with pytest.raises(ParserRefusal, match="deep"):
        tables(deep.replace("[", "[" * 100).replace("]", "]" * 100))


TEXT = """\
n = "日本"
[[t]]
a = 1
b = ["x", "é"]
c = { d = "two" }
[[t]]
[u]
v = '''x
y'''
"""


def test_places_of_keys_and_values() -> None:
    """A key has its line and column; a value its first and last column, or one if it is one wide.

    Columns count bytes, and begin with 1. What a node holds is its `value`.
    """
    found = nodes(TEXT)
    assert (found["n"]["key_line"], found["n"]["key_col"]) == (1, 1)
    assert (found["n"]["value_line"], found["n"]["value_col"]) == (1, (5, 12))
    first, second = found["t"]["value"]
    assert first["value"]["a"]["value_col"] == 5
    entries = first["value"]["b"]["value"]
    assert [entry["value_col"] for entry in entries] == [(6, 8), (11, 14)]
    assert all("key_line" not in entry for entry in entries)
    assert first["value"]["c"]["value"]["d"]["key_col"] == 7
    assert (second["value"], second["value_line"], second["value_col"]) == ({}, 6, (1, 5))
    assert found["u"]["v"]["value_line"] == (8, 9)
    assert "value_line" not in found["u"]


@pytest.mark.parametrize(
    ("place", "position"),
    [
        (("n",), Position(1, 1, 8)),
        (("t", 0), Position(2, 1, 5)),
        (("t", 0, "a"), Position(3, 1, 5)),
        (("t", 0, "b", 1), Position(4, 11, 3)),
        (("t", 0, "c", "d"), Position(5, 7, 9)),
        (("t", 1), Position(6, 1, 5)),
        (("t", 1, "missing"), Position(6, 1, 5)),
        (("u",), Position(7, 1, 3)),
        (("u", "v"), Position(8, 1, 8)),
        (("missing",), Position(1, 1)),
    ],
)
def test_positions(place: tuple[str | int, ...], position: Position) -> None:
    """A place is a spot in characters: of what is there, else of the nearest thing around it."""
    assert Places(TEXT).position(place) == position


@pytest.mark.parametrize(
    "read",
    [
        lambda text: toml_rs.loads(text, toml_version="1.0.0"),
        lambda text: toml_rs.load_with_metadata(io.BytesIO(text.encode()), "1.0.0"),
    ],
    ids=["loads", "load_with_metadata"],
)
def test_version_of_toml(read: Callable[[str], object]) -> None:
    """TOML 1.0 is asked for and held to: 1.1, which other readers do not know, is refused."""
    read("a = { b = 1 }")
    for newer in ("a = { b = 1, }", "a = 10:00", 'a = "\\e"'):
        with pytest.raises(toml_rs.TOMLDecodeError):
            read(newer)
