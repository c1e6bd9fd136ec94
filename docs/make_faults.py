"""Make docs/faults.md out of tests/gallery: for each fault, the smallest register that has it.

    python docs/make_faults.py [--refresh] [FOLDER]

With --refresh, what `socwatch validate` says of each register is written beside it anew, first.
"""  # noqa: INP001  # a script, run by its path

from __future__ import annotations

import argparse
import ast
import subprocess
import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
GALLERY = ROOT / "tests" / "gallery"
SOURCE = ROOT / "src" / "socwatch"

SECTIONS = (
    ("The text of the file", ("store/load.py", "store/toml.py", "store/syntax.py")),
    ("What a record holds", ("store/validate.py", "store/date_hints.py")),
    ("Names and links", ("rules/references.py",)),
    ("Inspections and findings", ("rules/findings.py",)),
    ("Updates", ("rules/updates.py", "evidence.py")),
)
"""The sections of the page, and the modules whose faults stand in each."""

INTRODUCTION = """
`socwatch validate` lists every fault of a register at once, in the order of the file. Each has a
place (file, line and column), a name, what is wrong, the line itself with the spot marked, and what
to type. No command answers from a register with a fault: it lists the same faults, and ends with
exit code 3. What only follows from another fault is not listed: it goes when its cause does.

For each name, this is the smallest register that has the fault, and what socwatch says of it.
"""


def page(gallery: Path = GALLERY) -> str:
    """Every fault, section by section, with its register and its answer."""
    lines = [
        "<!-- Made by docs/make_faults.py: change tests/gallery, then run it. -->",
        "# Faults",
        *INTRODUCTION.rstrip().split("\n"),
    ]
    shown: set[str] = set()
    for heading, modules in SECTIONS:
        names = sorted(set(names_in(modules)) - shown)
        shown.update(names)
        lines += ["", f"## {heading}", "", " · ".join(f"[{name}](#{name})" for name in names)]
        for name in names:
            register = (gallery / f"{name}.toml").read_text(encoding="utf-8", errors="replace")
            answer = (gallery / f"{name}.out").read_text(encoding="utf-8")
            lines += ["", f"### {name}", "", *fenced("toml", register)]
            lines += ["", *fenced("text", answer.rpartition("\n1 fault: ")[0])]
    return "\n".join(lines) + "\n"


def names_in(modules: Sequence[str]) -> Iterator[str]:
    """The names of the faults that these modules can find."""
    for module in modules:
        for node in ast.walk(ast.parse((SOURCE / module).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):  # Problem("name", …), or partial(Problem, "name")
                for maker, name in pairwise((node.func, *node.args)):
                    if getattr(maker, "id", "") in FAULTS and isinstance(name, ast.Constant):
                        yield str(name.value)


FAULTS = ("Problem", "NotToml")
"""What a fault is made with; its name comes first."""


def fenced(language: str, text: str) -> Iterator[str]:
    """A block of Markdown that shows a text as it is."""
    yield f"```{language}"
    yield from text.strip("\n").split("\n")
    yield "```"


def refresh(gallery: Path = GALLERY) -> None:
    """Write beside each register what `socwatch validate` says of it."""
    for register in sorted(gallery.glob("*.toml")):
        evidence = ["--check-evidence"] if register.stem.startswith("evidence-") else []
        called = [sys.executable, "-m", "socwatch", "--records", register.name, "validate"]
        ended = subprocess.run(  # noqa: S603  # our own command, on our own files
            [*called, *evidence], cwd=gallery, capture_output=True, check=False
        )
        register.with_suffix(".out").write_bytes(ended.stdout + ended.stderr)


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--refresh", action="store_true")
    asked.add_argument("folder", nargs="?", type=Path, default=ROOT / "docs")
    options = asked.parse_args()
    if options.refresh:
        refresh()
    made = options.folder / "faults.md"
    made.write_text(page(), encoding="utf-8", newline="\n")
