"""Which word is proposed for a mistyped one, and that no register can make that slow."""

from __future__ import annotations

from collections.abc import Callable
from difflib import SequenceMatcher
from itertools import product

import pytest

from conftest import Soc
from registers import SMALL
from socwatch.spelling import MAX_COMPARED, MAX_WORD_LENGTH, Speller, nearest

WORDS = ("status", "list", "show", "why", "grades", "responses")


@pytest.mark.parametrize(
    ("typed", "near"),
    [("staus", ["status"]), ("lst", ["list"]), ("grade", ["grades"]), ("xyz", []), ("", [])],
)
def test_nearest(typed: str, near: list[str]) -> None:
    """The word that is most like the typed one is found, and none where all are unlike."""
    assert nearest(typed, WORDS) == near


def test_how_many_and_how_like() -> None:
    """No more words than asked for, the most similar first, and none less similar than asked."""
    words = ("anyshire-r1", "anyshire-r2", "anyshire-r10", "wessex-r1")
    assert nearest("anyshire-r1x", words, most=2) == ["anyshire-r1", "anyshire-r10"]
    assert nearest("anyshire-r1x", words, most=9) == ["anyshire-r1", "anyshire-r10", "anyshire-r2"]
    assert nearest("svg", ("csv",)) == ["csv"]
    assert nearest("svg", ("csv",), cutoff=0.7) == []


def test_long_words_are_left_out() -> None:
    """A word that is longer than any that a person types is neither compared nor proposed."""
    fits, long = "a" * MAX_WORD_LENGTH, "a" * (MAX_WORD_LENGTH + 1)
    assert nearest(fits[1:], (long, fits)) == [fits]
    assert nearest(long, (fits, long)) == []


@pytest.fixture
def comparisons(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """How often two words have been compared in full."""
    made: list[object] = []
    ratio = SequenceMatcher.ratio

    def counted(self: SequenceMatcher[str]) -> float:
        made.append(self)
        return ratio(self)

    monkeypatch.setattr(SequenceMatcher, "ratio", counted)
    return lambda: len(made)


def test_many_words(comparisons: Callable[[], int]) -> None:
    """Among 20,000 alike, 200 are compared: those that begin and end like the typed one."""
    alike = ["".join(letters) for letters in product("ab", repeat=14)]
    assert len(alike) > 50 * MAX_COMPARED
    wanted = "abbaabab-abbaabab"
    near = nearest("abbaabab-abbababab", [*alike, wanted])
    assert near == [wanted]
    assert 0 < comparisons() <= 2 * MAX_COMPARED  # difflib compares twice what is alike


def test_a_speller_gives_up(comparisons: Callable[[], int]) -> None:
    """Only so many searches are made; what was found once is known for good."""
    speller = Speller(2)
    assert speller.nearest("staus", "commands", WORDS) == "status"
    assert speller.nearest("lst", "commands", WORDS) == "list"
    made = comparisons()
    assert speller.nearest("grade", "commands", WORDS) == ""
    assert speller.nearest("staus", "commands", WORDS) == "status"
    assert speller.nearest("staus", "commands", WORDS, but="status") == ""
    assert comparisons() == made


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        ("".join(f"{'s' * (n % 40)}ummary{n} = 1\n" for n in range(3000)), "unknown-field"),
        (f"blocked_by = {[f'r{n}x' for n in range(3000)]}\n", "unknown-finding"),
    ],
    ids=["fields", "ids"],
)
def test_a_mistake_on_every_line(
    soc: Soc, lines: str, name: str, comparisons: Callable[[], int]
) -> None:
    """However many mistakes a register has, each is told, and few words are compared."""
    from socwatch.rules import find_problems
    from socwatch.store.load import load

    path = soc.write(SMALL.replace('id = "r1"\n', f'id = "r1"\n{lines}'))
    loaded = load(path)
    found = loaded.faults(find_problems(loaded.register) if loaded.register is not None else ())
    assert sum(each.problem.name == name for each in found) == 3000
    assert 0 < comparisons() <= 100 * len("every field of a finding")
