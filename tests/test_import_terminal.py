"""`import` on a terminal: what it asks, and that the answers give the same as those kept."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from conftest import Soc
from socwatch.records import Kind
from socwatch.store.load import load
from test_import import DATA, NAME, expectation, facts, items_of

pytest.importorskip("pty")  # Windows has none.

YES = ""
"""Only Enter: what is proposed is right."""

MESSY = (
    ("Does the sheet 'Read me' hold recommendations?", YES),
    ("Does the sheet 'PEEL 2025' hold recommendations?", YES),
    ("Which row of PEEL 2025 has the headings?", YES),
    ("Which words does the first row after the table", YES),
    ("number of the column to change", "12"),
    ("Progress: Days late is", "leave out"),
    ("number of the column to change", "13"),
    ("Internal comments is", "20"),
    ("number of the column to change", YES),
    ("Does the sheet 'Custody 2024' hold recommendations?", YES),
    ("Which row of Custody 2024 has the headings?", YES),
    ("number of the column to change", YES),
    ("2 rows with one cell only", YES),
    ("Does the sheet 'Lists' (hidden) hold recommendations?", YES),
    ("Which report are the findings of PEEL 2025 from?", "PEEL 2025: Northmarch Police"),
    ("Which force are the findings of PEEL 2025 for?", "Northmarch Police"),
    ("number of the word to change", YES),
    ("When was the report 'PEEL 2025: Northmarch Police'", "4 June 2025"),
    ("Which inspectorate made the reports?", YES),
    ("What does the status 'On track'", "2"),
    ("What does the status 'Delayed'", "in progress"),
    ("What does the status 'Closed'", "done"),
    ("What does the status 'Blue'", "done"),
    ("What does the status 'Green'", "in prog"),
    ("number of the word to change", YES),
    ("Which deadline is 'Q4 25/26'", "2026-03"),
    ("number of the word to change", YES),
    ("Which report are the findings of Custody 2024 from?", "Custody: Northmarch Police"),
    ("What are the rows of Custody 2024?", YES),
    ("Which force are the findings of Custody 2024 for?", "Northmarch Police"),
    ("When was the report 'Custody: Northmarch Police'", "2024-09-12"),
    ("Does the day or the month come first", "day"),
    ("On which date was the spreadsheet correct", YES),
    ("Who reports what the spreadsheet says", "Northmarch Police"),
    ("Who agreed to the later deadlines?", "HMICFRS"),
    ("ended without a date", "1"),
)
"""What is asked about the messy sample, and what a person answers."""


def folder_with(tmp_path: Path, name: str) -> Path:
    """Return a folder that holds a sample and no answers about it."""
    shutil.copy(DATA / name, tmp_path / name)
    return tmp_path


def test_a_messy_tracker_is_in_by_the_words_of_the_program_alone(tmp_path: Path) -> None:
    """Questions answered at a terminal give the expectation of the sample, and are kept."""
    from terminal import Terminal

    sample = "2-messy-corrected.xlsx"
    terminal = Terminal(folder_with(tmp_path, sample), "import", sample, columns=200)
    for question, answer in MESSY:
        terminal.read_to(question)
        terminal.read_to(": ")
        terminal.answer(answer)
    shown = terminal.read_to("Add these?")
    assert "45 updates" in shown
    assert "Sheets left out: Read me, Lists (hidden)" in shown
    terminal.answer("y")
    rest, code = terminal.end()
    assert code == 0
    assert f"Added to {NAME}" in rest
    register = load(tmp_path / NAME).register
    assert register is not None
    expected = expectation("2-messy")
    items = items_of(register, date.fromisoformat(expected["as_at"]))
    for label, says in expected["then"]["items"].items():
        for key, value in facts(register, items[label]):
            assert value == says[key] or (label, key) == ("P4", "deadline_words"), (label, key)
    assert sum(f.kind is Kind.CAUSE_OF_CONCERN for f in register.findings) == 4
    again = Soc(tmp_path)("import", sample, "--yes")
    assert "Nothing to write" in again.out


def test_no_leaves_everything_as_it_was(tmp_path: Path) -> None:
    """Whoever does not agree to the preview has no register, and has the answers."""
    from terminal import Terminal

    sample = "1-clean.xlsx"
    folder = folder_with(tmp_path, sample)
    shutil.copy(DATA / "1-clean.import.toml", folder)
    terminal = Terminal(folder, "import", sample)
    terminal.read_to("Add these?")
    terminal.answer("n")
    rest, code = terminal.end()
    assert code == 0
    assert "Nothing was written." in rest
    assert not (folder / NAME).exists()


def test_an_answer_that_is_none_is_asked_again(tmp_path: Path) -> None:
    """What is typed is named, with what can be answered; answers given so far are kept."""
    from terminal import Terminal

    sample = "4-ambiguous-dates.csv"
    folder = folder_with(tmp_path, sample)
    terminal = Terminal(folder, "import", sample)
    terminal.read_to("Answer [1]: ")
    terminal.answer("first")
    shown = terminal.read_to("Answer [1]: ")
    assert "'first' is not an answer here" in shown
    terminal.answer("1")
    terminal.read_to("number of the column to change")
    terminal.type("\x03")
    _, code = terminal.end()
    assert code == 130
    assert "headings = [1]" in (folder / "4-ambiguous-dates.import.toml").read_text("utf-8")
    assert not (folder / NAME).exists()
