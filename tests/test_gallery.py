"""Every fault has a smallest register that shows it, and what socwatch says of that is on file."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from conftest import ROOT, Soc
from mutations import reading

GALLERY = ROOT / "tests" / "gallery"
SHOWN = sorted(path.stem for path in GALLERY.glob("*.toml"))
MAKE_ANEW = "python docs/make_faults.py --refresh makes it anew"

MAKERS = {"Problem", "NotToml"}
"""What a fault is made with, its name first."""


def named_in_source() -> set[str]:
    """The names of all faults that the code can find, read from the code itself."""
    names = set()
    for module in (ROOT / "src" / "socwatch").rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):  # Problem("name", …), or partial(Problem, "name")
                for maker, name in pairwise((node.func, *node.args)):
                    if getattr(maker, "id", "") in MAKERS and isinstance(name, ast.Constant):
                        names.add(str(name.value))
    return names


def test_every_fault_is_shown_and_nothing_else() -> None:
    """For each name there is a register and an answer, and for each of these there is a name."""
    names = named_in_source()
    assert "duplicate-id" in names
    assert "toml-syntax" in names
    answers = {path.stem for path in GALLERY.glob("*.out")}
    assert set(SHOWN) == names
    assert answers == names
    assert {path.suffix for path in GALLERY.iterdir()} == {".toml", ".out"}


@pytest.mark.parametrize("name", SHOWN)
def test_answer(name: str) -> None:
    """The real command says what is on file, of that fault and of no other, with exit code 3."""
    evidence = ["--check-evidence"] if name.startswith("evidence-") else []
    ran = Soc(GALLERY)("--records", f"{name}.toml", "validate", *evidence, code=3)
    said = re.findall(rf"^{name}\.toml:\d+:\d+: ([a-z0-9-]+): ", ran.out, re.MULTILINE)
    assert said == [name]
    assert ran.out == (GALLERY / f"{name}.out").read_text(encoding="utf-8"), MAKE_ANEW
    assert ran.err == ""


@pytest.mark.parametrize("name", SHOWN)
def test_register_begins_with_the_rule(name: str) -> None:
    """The first line of each register says in a sentence which rule it breaks."""
    first, _, rest = (GALLERY / f"{name}.toml").read_bytes().partition(b"\n")
    assert re.fullmatch(r"# [A-Z].*[.]", first.decode())
    assert len(first) <= 110
    assert not rest.startswith(b"#")
    assert rest.count(b"\n") <= 45


def test_page_is_true(tmp_path: Path) -> None:
    """docs/faults.md is what its script makes of the gallery, and shows every fault once."""
    subprocess.run([sys.executable, ROOT / "docs" / "make_faults.py", tmp_path], check=True)
    page = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
    made = (tmp_path / "faults.md").read_text(encoding="utf-8")
    assert made == page, "python docs/make_faults.py makes it anew"
    assert sorted(re.findall(r"^### (.+)$", page, re.MULTILINE)) == SHOWN
    assert "Traceback" not in page


LARGER = {
    "conflict-marks": "both sides of a merge hold something",
    "impossible-date": "a record that is no TOML is read no further: none of its fields is missed",
}
"""Registers that are no smaller than they could be, and why."""


@pytest.mark.parametrize(
    "name", [name for name in SHOWN if name not in LARGER and not name.startswith("evidence-")]
)
def test_register_is_the_smallest(name: str) -> None:
    """Without any one of its lines each register has no fault, or another."""
    lines = (GALLERY / f"{name}.toml").read_bytes().split(b"\n")
    needed = [number for number, line in enumerate(lines) if number and line.strip()]
    assert needed
    for number in needed:
        _, faults = reading(b"\n".join(lines[:number] + lines[number + 1 :]))
        names = [fault.problem.name for fault in faults]
        assert names != [name], lines[number]
