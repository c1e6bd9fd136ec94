"""The list of mistakes that tests are known to find is true to the code; see mutants.py."""

from __future__ import annotations

from mutants import TESTS, mutants


def test_each_mistake_can_be_made() -> None:
    """Its code is there once, and the test that finds it exists."""
    listed = list(mutants())
    assert len({*listed}) == len(listed) > 100
    for mutant in listed:
        assert mutant.text()
        file, _, name = mutant.test.partition("::")
        assert f"def {name}(" in (TESTS / file).read_text(encoding="utf-8"), mutant
