"""Which known word a mistyped one was meant to be: "did you mean …?"."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import partial
from heapq import nlargest

MAX_WORD_LENGTH = 60
"""Characters of a word that is compared, because the time for two words grows with their square."""

MAX_COMPARED = 200
"""Words that are compared in full, at a third of a millisecond each where they are long."""


def nearest(typed: str, words: Iterable[str], *, most: int = 1, cutoff: float = 0.6) -> list[str]:
    """Return the words most similar to the one that was typed, the most similar first.

    `cutoff` is the least similarity, from 0 (any word) to 1 (the same word). Only MAX_COMPARED
    words are compared, none longer than MAX_LENGTH, so that no register can make an error slow: of
    more words, those with the longest beginnings and ends in common with the typed one.
    """
    if len(typed) > MAX_WORD_LENGTH:
        return []
    from difflib import get_close_matches  # Imported here because only a mistake needs it.

    short = [word for word in words if len(word) <= MAX_WORD_LENGTH]
    if len(short) > MAX_COMPARED:
        short = nlargest(MAX_COMPARED, short, key=partial(_ends_in_common, typed))
    return get_close_matches(typed, short, n=most, cutoff=cutoff)


def _ends_in_common(typed: str, word: str) -> int:
    return _beginning_in_common(typed, word) + _beginning_in_common(typed[::-1], word[::-1])


def _beginning_in_common(one: str, other: str) -> int:
    for length, (mine, theirs) in enumerate(zip(one, other, strict=False)):
        if mine != theirs:
            return length
    return min(len(one), len(other))


class Speller:
    """A search for nearest words that remembers what it found, and stops after so many searches.

    A register can have a mistake on every line: the first of them get a suggestion, and so does
    each that was made before.
    """

    def __init__(self, searches: int, cutoff: float = 0.6) -> None:
        self._left = searches
        self._cutoff = cutoff
        self._found: dict[tuple[str, str], list[str]] = {}

    def nearest(self, typed: str, among: str, words: Collection[str], *, but: str = "") -> str:
        """Return the nearest of these words other than `but`, or "" where none is near.

        `among` names the words: those of one name are always the same.
        """
        if (typed, among) not in self._found and self._left:
            self._left -= 1
            self._found[typed, among] = nearest(typed, words, most=2, cutoff=self._cutoff)
        return next((word for word in self._found.get((typed, among), ()) if word != but), "")
