"""`import`: each sample spreadsheet gives what is expected of it, row by row."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from conftest import ROOT, Soc
from socwatch.records import Action, Kind, Register
from socwatch.store.load import load
from socwatch.tracking import TrackedItem, replay

DATA = Path(__file__).parent / "data" / "import"
NAME = "recommendations.toml"

SAMPLES: Mapping[str, str] = {
    "1-clean.xlsx": "1-clean",
    "2-messy-corrected.xlsx": "2-messy",
    "3-semicolons-cp1252.csv": "3-semicolons-cp1252",
    "4-ambiguous-dates.csv": "4-ambiguous-dates",
    "5-two-forces.ods": "5-two-forces",
    "6-notes-in-cells.xlsx": "6-notes-in-cells",
}
"""Each spreadsheet, and the name of what is expected of it."""

CORRECTED = {"2-messy": {("P4", "deadline_words")}}
"""What differs because a cell was corrected in the spreadsheet, and not by an answer."""


def given(soc: Soc, name: str, *, answers: str | None = None) -> Path:
    """Put a sample into the folder of a call, with the answers about it."""
    shutil.copy(DATA / name, soc.folder / name)
    kept = DATA / f"{(answers or name).rpartition('.')[0]}.import.toml"
    if kept.exists():
        shutil.copy(kept, soc.folder / f"{name.rpartition('.')[0]}.import.toml")
    return soc.folder / name


def expectation(name: str) -> dict[str, Any]:
    """Return what must come of a sample."""
    found: dict[str, Any] = json.loads((DATA / f"{name}.expected.json").read_text("utf-8"))
    return found


def register_of(soc: Soc) -> Register:
    """Return the register that a call has written."""
    register = load(soc.folder / NAME).register
    assert register is not None
    return register


def items_of(register: Register, as_of: date) -> dict[str, TrackedItem]:
    """Return every item but causes of concern, as the expectations call them."""
    return {
        item.finding.label
        if len(item.finding.bodies) == 1
        else f"{item.finding.label}@{item.body.id}": item
        for item in replay(register, as_of)
        if item.finding.kind is not Kind.CAUSE_OF_CONCERN and item.finding.label is not None
    }


def facts(register: Register, item: TrackedItem) -> Iterator[tuple[str, object]]:
    """Yield what the expectations say of an item."""
    finding = item.finding
    cause = register.finding_by_id.get(finding.part_of or "")

    def text(value: object) -> str | None:
        return str(value) if value is not None else None

    yield "body", item.body.id
    yield "kind", str(finding.kind)
    yield "cause", cause.summary if cause else None
    yield "deadline_written", text(finding.deadline)
    yield "deadline_words", finding.deadline_words
    yield "original_deadline", text(item.original_deadline)
    yield "deadline", text(item.deadline)
    yield "extensions", item.extensions
    yield "target", text(finding.target)
    yield "status", text(item.status)
    yield "completed", text(item.completed)
    yield "outcome", text(item.outcome)
    yield "owner", item.owner
    yield "timing", str(item.timing())


@pytest.mark.parametrize("sample", SAMPLES)
def test_each_sample_gives_its_expectation(soc: Soc, sample: str) -> None:
    """Every item has the deadline, status, owner and notes that its row says, and none is extra."""
    given(soc, sample)
    soc("import", sample, "--yes")
    name = SAMPLES[sample]
    expected = expectation(name)
    register = register_of(soc)
    items = items_of(register, date.fromisoformat(expected["as_at"]))
    assert set(items) == set(expected["then"]["items"])
    for label, says in expected["then"]["items"].items():
        for key, value in facts(register, items[label]):
            if (label, key) not in CORRECTED.get(name, set()):
                assert value == says[key], (label, key)
        actions = {str(update.action) for update in items[label].updates}
        assert actions == set(says["updates"]), label
        notes = [u.note for u in items[label].updates if u.action is Action.NOTE]
        # A cell of notes is one note, where the expectation has one for each dated line.
        assert bool(notes) == bool(says["notes"]), label
        for each in says["notes"]:
            assert each["text"] in (notes[0] or ""), label
    causes = sum(finding.kind is Kind.CAUSE_OF_CONCERN for finding in register.findings)
    assert causes == expected["then"]["causes_of_concern"]
    assert soc("validate").code == 0


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_filled_cell_is_accounted_for(soc: Soc, sample: str) -> None:
    """The figures by what became of them are those expected, and add up to the filled cells."""
    given(soc, sample)
    answer = json.loads(soc("import", sample, "--dry-run", "--format", "json").out)
    expected = expectation(SAMPLES[sample])["cells"]
    cells = answer["cells"]
    assert cells["faulty"] == 0
    more = 1 if sample == "2-messy-corrected.xlsx" else 0  # The reference that was missing.
    less = 1 if sample == "2-messy-corrected.xlsx" else 0  # The error that was emptied.
    assert cells["recorded"] == expected["recorded"] + more - less
    for key in ("kept", "left_out", "headings"):
        assert cells[key] == expected[key], key
    assert cells["outside"] == expected["outside_the_table"] == len(answer["outside"])
    assert sum(cells.values()) == expected["filled"] + more - less
    assert not (soc.folder / NAME).exists()


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_same_spreadsheet_again_writes_nothing(soc: Soc, sample: str) -> None:
    """Not a byte of the register changes, and that is said."""
    given(soc, sample)
    soc("import", sample, "--yes")
    before = (soc.folder / NAME).read_bytes()
    again = soc("import", sample, "--yes")
    assert "Nothing to write" in again.out
    assert "Added" not in again.out
    assert (soc.folder / NAME).read_bytes() == before


def test_next_quarter_adds_only_what_has_changed(soc: Soc) -> None:
    """Twelve updates, one finding and one source, and the row that is gone is told."""
    given(soc, "1-clean.xlsx")
    soc("import", "1-clean.xlsx", "--yes")
    before = (soc.folder / NAME).read_bytes()
    old = register_of(soc)
    shutil.copy(DATA / "1-clean-june.xlsx", soc.folder)
    answers = ("--answers", "1-clean.import.toml", "--sheet-date", "2026-06-30")
    ran = soc("import", "1-clean-june.xlsx", "--yes", *answers)
    assert "1 record of the last spreadsheet not in this one: SOC-6" in ran.out
    assert "6 rows are on record as they are" in ran.out
    assert (soc.folder / NAME).read_bytes().startswith(before)
    new = register_of(soc)
    added = new.updates[len(old.updates) :]
    said = sorted((u.finding.split("-2025-")[1], str(u.action), str(u.on)) for u in added)
    assert said == [
        ("cus-2", "note", "2026-06-30"),
        ("cus-4", "reopen", "2026-06-30"),
        ("cus-4", "start", "2026-06-30"),
        ("cus-5", "assign", "2026-06-30"),
        ("soc-2", "sign-off", "2026-05-08"),
        ("soc-3", "done", "2026-04-10"),
        ("soc-3", "note", "2026-06-30"),
        ("soc-4", "extend", "2026-06-30"),
        ("soc-4", "start", "2026-06-30"),
        ("soc-5", "extend", "2026-06-30"),
        ("soc-5", "note", "2026-06-30"),
        ("soc-7", "assign", "2026-06-30"),
    ]
    assert len(new.findings) == len(old.findings) + 1
    assert len(new.sources) == len(old.sources) + 1
    items = items_of(new, date(2026, 6, 30))
    for label, says in expectation("1-clean-june")["then"]["items"].items():
        for key, value in facts(new, items[label]):
            assert value == says[key], (label, key)
    again = soc("import", "1-clean-june.xlsx", "--yes", "--answers", "1-clean.import.toml")
    assert "Nothing to write" in again.out
    older = soc("import", "1-clean.xlsx", "--yes", "--sheet-date", "2026-03-31", code=5)
    assert "one of 30 Jun 2026 was imported already; nothing was written" in older.err


def test_source_names_the_file_by_its_digest(soc: Soc) -> None:
    """Every record of an import names its source, and the source the SHA-256 of the file."""
    given(soc, "1-clean.xlsx")
    soc("import", "1-clean.xlsx", "--yes")
    register = register_of(soc)
    (source,) = register.sources
    assert expectation("1-clean")["sha256"] in (source.note or "")
    records: list[Any] = [*register.findings, *register.inspections]
    records += [*register.bodies, *register.updates]
    assert all(record.sources == (source.id,) for record in records)


def test_bad_cells_are_listed_all_at_once_and_nothing_is_written(soc: Soc) -> None:
    """Each with its address, a name and what to type; the JSON says the same."""
    given(soc, "2-messy.xlsx", answers="2-messy-corrected.xlsx")
    ran = soc("import", "2-messy.xlsx", "--yes", code=5)
    for line in (
        "PEEL 2025!E9: date-not-understood: '31/02/2026'",
        "PEEL 2025!E15: number-as-date: '45930'",
        "PEEL 2025!E16: cell-error: '#REF!'",
        "PEEL 2025!A17: key-twice: 'P1'",
        "PEEL 2025!A18: key-missing: (empty)",
        "PEEL 2025!E23: formula-without-value: '=EDATE(E22,-1)'",
    ):
        assert line in ran.out
    assert "as a date this number is 30 Sep 2025" in ran.out
    assert "6 cells to correct in 2-messy.xlsx; nothing was written" in ran.out
    assert not (soc.folder / NAME).exists()
    answer = json.loads(soc("import", "2-messy.xlsx", "--yes", "--format", "json", code=5).out)
    found = {f"{each['sheet']}!{each['cell']}": each["name"] for each in answer["problems"]}
    expected = {
        each["cell"]: each["fault"] for each in expectation("2-messy")["faults_before_corrections"]
    }
    assert found == expected
    assert answer["cells"]["faulty"] == 5  # One of the six is empty.
    assert sum(answer["cells"].values()) == expectation("2-messy")["cells"]["filled"]


def test_day_first_finds_the_date_that_no_calendar_has(soc: Soc) -> None:
    """Where the order is answered wrongly, the cell that disproves it is named."""
    given(soc, "4-ambiguous-dates.csv")
    answers = soc.folder / "4-ambiguous-dates.import.toml"
    text = answers.read_text("utf-8")
    answers.write_text(text.replace("month-first", "day-first"), "utf-8")
    ran = soc("import", "4-ambiguous-dates.csv", "--yes", code=5)
    assert "E2: date-not-understood: '02/13/2026'" in ran.out
    assert not (soc.folder / NAME).exists()


def test_without_answers_the_file_with_what_is_missing_is_written(soc: Soc) -> None:
    """Exit code 2; the proposals stand in it, and "?" where nothing can be proposed."""
    shutil.copy(DATA / "3-semicolons-cp1252.csv", soc.folder)
    ran = soc("import", "3-semicolons-cp1252.csv", "--yes", code=2)
    assert "nobody can be asked here; nothing was written" in ran.err
    kept = (soc.folder / "3-semicolons-cp1252.import.toml").read_text("utf-8")
    assert '"Unique ref" = "reference"' in kept
    assert '"Part complete" = "?"' in kept
    assert 'dates = "?"' in kept
    assert '"Part complete" = "?"' in ran.out
    assert not (soc.folder / NAME).exists()


def test_the_walk_in_the_docs_shows_what_is_printed(soc: Soc) -> None:
    """The preview and the problems of docs/import.md are those of the samples."""
    blocks = (ROOT / "docs" / "import.md").read_text("utf-8").split("```\n")[1::2]
    given(soc, "1-clean.xlsx")
    given(soc, "2-messy.xlsx", answers="2-messy-corrected.xlsx")
    printed = soc("import", "1-clean.xlsx", "--dry-run").out
    printed += soc("import", "2-messy.xlsx", "--dry-run", code=5).out
    shown = [block for block in blocks if "Tracker" in block or "date-not-understood" in block]
    assert len(shown) == 3
    for block in shown:
        for line in block.splitlines():
            assert f"{line}\n" in printed, line
