"""Make each mistake of mutants.txt in a copy of the code, and see that its test fails on it.

    python tests/mutants.py [WORD]    # WORD: only those whose module or test holds it

Kept out of the test run for its minutes; `test_mutants.py` keeps the list true to the code.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

TESTS = Path(__file__).parent
SOURCE = TESTS.parent / "src"
FAILED = 1
"""The code with which pytest ends where a test failed; others say that it could not run."""


class Mutant(NamedTuple):
    """A mistake: what takes the place of some text that a module of socwatch holds once."""

    module: str
    before: str
    after: str
    test: str
    """That fails on it, by its file and its name."""

    def text(self) -> str:
        """Return the module with the mistake in it."""
        sound = (SOURCE / "socwatch" / self.module).read_text(encoding="utf-8")
        assert sound.count(self.before) == 1, f"{self.module} has not one {self.before!r}"
        return sound.replace(self.before, self.after)


def mutants() -> Iterator[Mutant]:
    """Yield the mistakes of the list, in its order."""
    lines = (TESTS / "mutants.txt").read_text(encoding="utf-8").splitlines()
    texts: dict[str, str] = {}
    for sign, group in groupby(filter(None, lines), lambda line: line[0]):
        texts[sign] = "\n".join(line[2:] for line in group)
        if sign == "+":
            module, test = texts["@"].split()
            yield Mutant(module, texts["-"], texts["+"], test)


def ends(tests: Iterable[str], mutant: Mutant | None = None) -> int:
    """Return the code with which pytest ends on a copy of the code, with a mistake in it or not."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(SOURCE, folder, dirs_exist_ok=True)
        if mutant:
            (Path(folder) / "socwatch" / mutant.module).write_text(mutant.text(), encoding="utf-8")
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-n0", "-qx", "-p", "no:cacheprovider", *tests],
            cwd=TESTS, env={**os.environ, "PYTHONPATH": folder},
            stdout=subprocess.DEVNULL, check=False,
        ).returncode  # fmt: skip


def main(word: str = "") -> int:
    """Make those whose module or test holds the word; return 1 if one survives, otherwise 0."""
    chosen = [mutant for mutant in mutants() if word in f"{mutant.module} {mutant.test}"]
    assert ends({mutant.test for mutant in chosen}) == 0, "the tests fail without a mistake too"
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        codes = pool.map(lambda mutant: ends([mutant.test], mutant), chosen)
        survivors = [mutant for mutant, code in zip(chosen, codes, strict=True) if code != FAILED]
    told = (f"survives: {mutant}\n" for mutant in survivors)
    sys.stdout.writelines([*told, f"{len(chosen)} tried, {len(chosen) - len(survivors)} killed\n"])
    return min(len(survivors), 1)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
