"""Laws of `import`, on spreadsheets that hypothesis makes."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import examples
from socwatch.importing.ledger import Fate
from socwatch.importing.planning import ImportPlan, plan
from socwatch.importing.reading import Reading, read
from socwatch.records import Register
from socwatch.rules import find_problems
from socwatch.store.append import candidate_of_tables
from socwatch.store.load import Loaded, read_content
from socwatch.store.sheets.read import read_spreadsheet
from socwatch.store.template import empty_register
from spreadsheets import Cell, Rows, write_csv, write_ods, write_xlsx

TODAY = date(2026, 11, 28)
ON = date(2026, 3, 31)
HEADINGS = ("Ref", "Recommendation", "Type", "Cause", "Due", "Revised date", "Status", "Done on",
            "Owner", "Comments", "Theme")  # fmt: skip
STATUSES = ("Not started", "In progress", "Complete", "Purple")

ANSWERS: dict[str, Any] = {
    "tracker": "t", "title": "T", "sheet_date": ON, "by": "A. Officer", "agreed_by": "HMICFRS",
    "undated": "sheet-date", "dates": "day-first", "inspectorate": "HMICFRS",
    "reports": {"PEEL": {"published": date(2025, 1, 15)}},
    "words": {"status": {"Purple": "not accepted"}, "deadline": {"TBC": "none"}},
}  # fmt: skip

texts = st.text("abc dé £\n=–", min_size=1, max_size=12).filter(str.strip)
days = st.integers(0, 400).map(lambda n: date(2025, 2, 1) + timedelta(n))
maybe = st.none()


@st.composite
def tables(draw: st.DrawFn, least: int = 1) -> list[list[Cell]]:
    """Return a table of recommendations, each with a reference of its own."""
    rows: list[list[Cell]] = []
    for number in range(draw(st.integers(least, 6))):
        status = draw(st.sampled_from(STATUSES))
        done = draw(st.one_of(maybe, days)) if status in {"Complete", "Purple"} else None
        rows.append(
            [
                f"R{number}",
                f"Do {number} {draw(texts)}",
                draw(st.sampled_from(("Recommendation", "AFI"))),
                draw(st.sampled_from((None, "Too slow.", "Too late."))),
                draw(st.one_of(maybe, days, st.sampled_from(("TBC", "31/12/2025", "Mar 2026")))),
                draw(st.one_of(maybe, days)),
                status,
                min(done, ON) if done else None,
                draw(st.one_of(maybe, st.sampled_from(("ACC", "Det Supt")))),
                draw(st.one_of(maybe, texts)),
                draw(st.one_of(maybe, texts)),
            ]
        )
    return rows


def read_rows(
    rows: Rows,
    register: Register,
    form: str = "xlsx",
    on: date = ON,
    head: Sequence[str] = HEADINGS,
) -> Reading:
    """Return a table as `import` reads it, with every proposal agreed to."""
    whole: Rows = [["A tracker"], head, *rows]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"t.{form}"
        match form:
            case "csv":
                width = len(head)
                padded: Rows = [[*row, *[None] * (width - len(row))] for row in whole]
                write_csv(path, padded)
            case "ods":
                write_ods(path, {"Tracker": whole})
            case _:
                write_xlsx(path, {"Tracker": whole})
        book = read_spreadsheet(path)
    name = book.sheets[0].name
    columns = {heading: PROPOSED[heading] for heading in head}
    sheet = {
        "use": True, "headings": [2], "report": "PEEL", "force": ["Norfolk Constabulary"],
        "columns": columns, "blanks": {"Cause": "empty"},
    }  # fmt: skip
    answers: dict[str, Any] = {**ANSWERS, "sheet_date": on, "sheets": {name: sheet}}
    while True:
        reading = read(book, answers, register, TODAY)
        if reading.inquiry.answers == answers:
            return reading
        answers = reading.inquiry.answers


PROPOSED: Mapping[str, str] = dict(
    zip(
        HEADINGS,
        ("reference", "wording", "kind", "cause of concern", "deadline", "revised deadline",
         "status", "done on", "owner", "note", "keep"),
        strict=True,
    )
)  # fmt: skip


def empty() -> Loaded:
    """Return an empty register."""
    return read_content(Path("r.toml"), empty_register().encode())


def register_in(loaded: Loaded) -> Register:
    """Return the register that a file holds."""
    assert loaded.register is not None
    return loaded.register


def written(loaded: Loaded, planned: ImportPlan) -> Loaded:
    """Return a register with what was planned, which is proved to follow what it held."""
    added: dict[str, list[dict[str, Any]]] = {
        table: [
            {**row, **({"recorded": date_time()} if table == "updates" else {})} for row in rows
        ]
        for table, rows in planned.added.items()
        if rows
    }
    after = candidate_of_tables(loaded, added).after
    assert after.content.startswith(loaded.content)
    assert not [*find_problems(register_in(after))]
    return after


def date_time() -> datetime:
    """Return the time at which everything here is recorded."""
    return datetime(2026, 11, 28, 12, tzinfo=UTC)


def said(loaded: Loaded) -> list[str]:
    """Return what a register says of findings and updates, in no order."""
    register = register_in(loaded)
    findings = [f.model_copy(update={"sources": ()}) for f in register.findings]
    updates = [u.model_copy(update={"sources": (), "id": "u"}) for u in register.updates]
    return sorted([*map(repr, findings), *map(repr, updates)])


@given(tables())
@settings(max_examples=examples(60))
def test_every_filled_cell_has_one_fate(rows: list[list[Cell]]) -> None:
    """The figures add up to the filled cells, and what is outside or faulty is listed."""
    reading = read_rows(rows, register_in(empty()))
    filled = sum(1 for sheet in reading.file.sheets for _ in sheet.filled())
    assert sum(reading.counts.values()) == filled
    assert reading.counts[Fate.OUTSIDE] == len([*reading.outside()]) == 1
    assert reading.counts[Fate.FAULTY] <= len(reading.problems)


@given(tables(), st.data())
@settings(max_examples=examples(60))
def test_the_same_again_adds_nothing_and_the_next_only_what_changed(
    rows: list[list[Cell]], data: st.DataObject
) -> None:
    """File A, file A, file B, file B: the second and the fourth write nothing."""
    first = read_rows(rows, register_in(empty()))
    if first.problems or plan(first, register_in(empty())).problems:
        return
    loaded = written(empty(), plan(first, register_in(empty())))
    again = plan(read_rows(rows, register_in(loaded)), register_in(loaded))
    assert (again.records, again.updates) == (0, 0)
    changed = [row[:] for row in rows]
    row = data.draw(st.sampled_from(changed))
    row[6], row[7] = data.draw(st.sampled_from(STATUSES)), None
    row[9] = data.draw(texts)
    later = ON + timedelta(90)
    second = read_rows(changed, register_in(loaded), on=later)
    planned = plan(second, register_in(loaded))
    if second.problems or planned.problems:
        return
    assert {each.row.reference for each in planned.items if each.drafts} <= {row[0]}
    loaded = written(loaded, planned)
    fourth = plan(read_rows(changed, register_in(loaded), on=later), register_in(loaded))
    assert (fourth.records, fourth.updates) == (0, 0)


@given(tables(least=2), st.randoms(use_true_random=False), st.sampled_from(("csv", "ods", "xlsx")))
@settings(max_examples=examples(60))
def test_neither_order_nor_format_changes_a_record(
    rows: list[list[Cell]], shuffle: random.Random, form: str
) -> None:
    """Rows in any order, columns in any order, xlsx, ods or csv: the same records."""
    register = register_in(empty())
    first = read_rows(rows, register)
    order = [*range(len(HEADINGS))]
    shuffle.shuffle(order)
    other: list[list[Cell]] = [[row[at] for at in order] for row in rows]
    shuffle.shuffle(other)
    second = read_rows(other, register, form, head=[HEADINGS[at] for at in order])
    assert bool(first.problems) == bool(second.problems)
    if first.problems:
        return
    one, two = plan(first, register), plan(second, register)
    assert said(written(empty(), one)) == said(written(empty(), two))


@given(tables(), st.data())
@settings(max_examples=examples(60))
def test_one_cell_of_nonsense_changes_no_other_row(
    rows: list[list[Cell]], data: st.DataObject
) -> None:
    """It is a problem at that cell, or is kept; the other rows give what they gave."""
    register = register_in(empty())
    before = read_rows(rows, register)
    if before.problems:
        return
    at = data.draw(st.integers(0, len(rows) - 1))
    column = data.draw(st.sampled_from((4, 5, 7, 9, 10)))
    spoilt = [row[:] for row in rows]
    spoilt[at][column] = "31/02/2026"
    after = read_rows(spoilt, register)
    others = [
        [row._replace(sheet=before.file.sheets[0]) for row in found.rows if row.row != at + 2]
        for found in (before, after)
    ]
    assert others[0] == others[1]
    if column in {4, 5, 7}:
        assert [problem.cell for problem in after.problems] == [f"{'ABCDEFGHIJK'[column]}{at + 3}"]
    else:
        assert not after.problems
