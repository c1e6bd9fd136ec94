"""Files of evidence: found in every spelling, and read so that it ends."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from pathlib import Path

import pytest

from conftest import Soc
from registers import SMALL, SOUND, update
from socwatch.evidence import MAX_FILE_BYTES, look_again
from socwatch.store.load import load

NAME = "Siân’s plan.pdf"
DECOMPOSED = unicodedata.normalize("NFD", NAME)


def with_evidence(*entries: str) -> str:
    """A register with one update that has this evidence."""
    listed = ", ".join(f'"{entry}"' for entry in entries)
    return SOUND + update(1, "r1", "done", "2024-10-01", f"evidence = [{listed}]")


@pytest.mark.parametrize(
    ("written", "on_disk"),
    [
        (NAME, NAME),
        (NAME, DECOMPOSED),
        (DECOMPOSED, NAME),
        (f"Môn/{NAME}", unicodedata.normalize("NFD", f"Môn/{NAME}")),
        ("board – final.PDF", "board - final.pdf"),
        ("a\u00a0b.txt", "a b.txt"),
    ],
)
def test_a_file_is_found_in_every_spelling_of_its_name(
    soc: Soc, written: str, on_disk: str
) -> None:
    """What a Mac has decomposed is in its place, and a change of what it holds is seen."""
    file = soc.folder / on_disk
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(b"minutes")
    digest = hashlib.sha256(b"minutes").hexdigest()
    soc.write(with_evidence(f"{written}#sha256={digest}"))
    assert "unchanged: 1 file." in soc("validate", "--check-evidence").out
    file.write_bytes(b"others")
    assert "evidence-changed" in soc("validate", "--check-evidence", code=3).out
    file.unlink()
    assert "evidence-missing" in soc("validate", "--check-evidence", code=3).out


def test_a_file_may_be_typed_in_another_spelling(soc: Soc) -> None:
    """Evidence that is typed as a keyboard composes it is recorded as its folder has it."""
    soc.write(SMALL)
    (soc.folder / DECOMPOSED).write_bytes(b"x")
    soc("done", "r1", "--evidence", NAME)
    assert f"{DECOMPOSED}#sha256=" in (soc.folder / "recommendations.toml").read_text()
    assert "unchanged: 1 file." in soc("validate", "--check-evidence").out


def test_a_name_that_means_two_files_means_neither(soc: Soc) -> None:
    """The spelling as it is written goes first; of two others none is taken."""
    soc.write(with_evidence("Plan.txt"))
    for name in ("PLAN.txt", "plan.txt"):
        (soc.folder / name).write_text(name)
    if len(list(soc.folder.glob("*.txt"))) == 1:
        pytest.skip("this file system has one file for both")
    assert "evidence-missing" in soc("validate", "--check-evidence", code=3).out
    (soc.folder / "Plan.txt").write_text("as written")
    assert "unchanged: 1 file." in soc("validate", "--check-evidence").out


def test_what_never_ends_is_not_read(soc: Soc) -> None:
    """A device, a pipe, a folder or a file beyond the limit is a problem at once, in words."""
    with (soc.folder / "big").open("wb") as big:
        big.truncate(MAX_FILE_BYTES + 1)
    os.mkfifo(soc.folder / "pipe")
    said = {
        "big": "it is larger than 1 GB",
        "pipe": "it is a device or a pipe",
        "/dev/zero": "it is a device or a pipe",
        "/": "it is a folder",
    }
    soc.write(with_evidence(*said))
    checked = soc("check", "--check-evidence", "--as-of", "2025-01-01", code=1).out
    validated = soc("validate", "--check-evidence", code=3).out
    for name, reason in said.items():
        message = f"the evidence {name} cannot be read: {reason}"
        assert message in checked
        assert message in validated
        typed = ("note", "r1", "--note", "x", "--evidence", name)
        assert message in soc(*typed, code=2).err


def test_evidence_is_read_once_and_within_a_limit_in_all(tmp_path: Path) -> None:
    """A file that is named twice counts once; what goes beyond the limit is said not to be read."""
    for name in ("a", "b", "c"):
        (tmp_path / name).write_bytes(bytes(100))
    path = tmp_path / "recommendations.toml"
    path.write_text(with_evidence("a", "./a", "b", "c"))
    register = load(path).register
    assert register is not None
    assert list(look_again(register, path)) == []
    assert list(look_again(register, path, most=300)) == []
    (problem,) = look_again(register, path, most=299)
    assert problem.place == ("updates", 0, "evidence", 3)
    assert problem.message == (
        "the evidence c cannot be read: with it, the evidence is larger than 299 bytes in all"
    )
