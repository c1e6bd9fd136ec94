"""Whatever the bytes of a register are, reading them breaks no law: see tests/mutations.py.

A hundred thousand more cases: `python bench/soak.py`.
"""

from __future__ import annotations

import subprocess
import sys
from random import Random

import pytest
from hypothesis import given, settings

from conftest import ROOT, SHIPPED, examples
from generated import register_text
from mutations import LIVED, MUTATIONS, breach, documents, mutated, reading
from oracle_validity import objections, refused_by_toml
from registers import SMALL

SOUND = {
    "small": SMALL.encode(),
    "with a life": LIVED.encode(),
    "shipped": SHIPPED.read_bytes(),
    "generated": register_text(25, seed=3).encode(),
}
"""The registers that are spoilt."""


@pytest.mark.parametrize("name", SOUND)
def test_sound_registers_break_no_law(name: str) -> None:
    """What is spoilt here was sound before, by socwatch and by the oracle."""
    assert breach(SOUND[name]) is None
    assert objections(SOUND[name]) == []
    assert reading(SOUND[name])[1] == ()


@pytest.mark.parametrize(
    "batch", [0, *(pytest.param(batch, marks=pytest.mark.slow) for batch in range(1, 8))]
)
def test_mutations_break_no_law(batch: int) -> None:
    """A sound register changed by chance is read without an exception, and judged right."""
    verdicts = set()
    for seed in range(batch * 60, batch * 60 + 60):
        content = mutated(SOUND["with a life" if seed % 8 else "shipped"], seed)
        assert breach(content) is None, f"seed {seed}"
        verdicts.add(bool(reading(content)[1]))
    assert verdicts == {True, False}, "some are to be valid, and some not"


@settings(max_examples=examples(150))
@given(documents())
def test_made_registers_break_no_law(content: bytes) -> None:
    """Registers of roughly the right shape are read without an exception, and judged right."""
    assert breach(content) is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00",
        b"\xff",
        b"\xff\xfe",
        b"\xfe\xff\x00",
        b"\xff\xfe\x00\x00",
        b"\xef\xbb\xbf",
        b"\xef\xbb",
        b"\r",
        b"\r\r\n",
        b"[",
        b"[[",
        b"[[]]",
        b"[[ ]",
        b"=",
        b'"',
        b'"""',
        b"'''",
        b"\\",
        b"format",
        b"format =",
        b"format = 1\nformat = 1",
        b"[format]",
        b"[[format]]",
        b"format = []",
        b"format = true",
        b"format = 1.0",
        b"format = 2025-01-01",
        b"format = 1\n[updates]\n",
        b"format = 1\n[updates.a]\n",
        b"format = 1\nupdates = [1]",
        b"format = 1\nupdates = [[]]",
        b"format = 1\nupdates = [{}]",
        b"format = 1\nupdates = {}",
        b"format = 1\nupdates.id = 1",
        b"format = 1\n[[updates]]\n[[updates.id]]\n",
        b"format = 1\n[[updates]]\n[updates.id.a]\n",
        b'format = 1\n"" = 1',
        b'format = 1\n[""]\n',
        b'format = 1\n[["a.b"]]\n"c d" = 1',
        b"format = 1\n[[key_line]]\nkey_col = 1\nvalue = 2\nvalue_line = 3\n",
        b"format = 1\n[[updates]]\nkey_line = 1\nvalue = { value_line = 1, value_col = 2 }\n",
        b"format = 1\n[value]\nvalue_line = 1\nvalue_col = 2\nkey_line = 3\n",
        b"format = 1\ntitle = 5\n[[bodies]]\n",
        b"<<<<<<< a\n>>>>>>> b",
        b"=======\n" * 1000,
        b"<<<<<<< a\n" * 1000,
        b"[x]\n" * 1000,
        b"]" * 1000,
        b"format = 1\n" * 1000,
        b"[[updates]]\n" * 1000,
        b'a = """' * 500,
        b'"""\n' * 501,
    ],
)
def test_small_and_odd(content: bytes) -> None:
    """Files that are next to nothing, or nothing but marks, break no law either."""
    assert breach(content) is None
    assert objections(content)


def test_every_mutation_is_tried() -> None:
    """No kind of mutation leaves every register as it was, and none fails on an empty one."""
    changed = {mutation.__name__: 0 for mutation in MUTATIONS}
    for seed in range(40):
        random = Random(seed)  # noqa: S311  # chance, not secrets
        for mutation in MUTATIONS:
            changed[mutation.__name__] += mutation(random, SOUND["small"]) != SOUND["small"]
            mutation(random, b"")
    assert all(changed.values()), changed
    assert mutated(SOUND["small"], 7) == mutated(SOUND["small"], 7)


def test_the_oracle_objects() -> None:
    """The oracle takes no register for sound just because it can be read."""
    assert objections(SMALL.replace('"inadequate"', '"bad"').encode())
    assert objections(SMALL.replace('part_of = "cause"', 'part_of = "r2"').encode())
    assert objections(SMALL.replace("format = 1", "format = 2").encode())
    assert refused_by_toml(b"a = ")
    assert not refused_by_toml(SMALL.encode())


@pytest.mark.slow
def test_the_soak_runs() -> None:
    """The soak of the same law runs as many cases as it is asked to, and says so."""
    ended = subprocess.run(
        [sys.executable, ROOT / "bench" / "soak.py", "--cases", "30"],
        capture_output=True,
        check=True,
        text=True,
    )
    assert ended.stdout.startswith("30 cases in ")
    assert ended.stdout.endswith(": 0 broke the law\n")
