"""What an owner has filled in on the sheet that `export --owner` wrote."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from socwatch.characters import normalise
from socwatch.dates import PartialDate, format_date
from socwatch.importing.answers import Inquiry
from socwatch.importing.cell_dates import Read, Unread, read_date
from socwatch.importing.ledger import CellProblem, Fate
from socwatch.importing.meanings import Meaning
from socwatch.importing.names import Names
from socwatch.importing.own import OwnSheet
from socwatch.importing.reading import Progress, Reading, Row
from socwatch.importing.tables import text_of
from socwatch.records import Register, item_id
from socwatch.store.sheets.cells import SheetFile

_FILLED_IN = frozenset({"done_on", "evidence", "note"})
_UNCLEAR = Unread(
    "date-not-understood", "type the date with its month as a word, such as 31 Mar 2026"
)


def owner_of(own: OwnSheet) -> str:
    """Return whose items a sheet holds."""
    return next((text for row in own.rows() if (text := text_of(own.value(row, "owner")))), "")


def read_returned(
    file: SheetFile, own: OwnSheet, register: Register, answers: Mapping[str, Any], today: date
) -> Reading:
    """Return what an owner has filled in, as a reading without a question."""
    inquiry = Inquiry(answers)
    fates = {
        (sheet.name, row, column): Fate.HEADINGS
        for sheet in file.sheets
        for row, column, _ in sheet.filled()
    }
    problems: list[CellProblem] = []
    items = {
        normalise(item_id(finding, body)): (finding, body)
        for finding in register.findings
        for body in finding.bodies
    }
    rows = []
    for number in own.rows():
        for key, column in own.keys.items():
            if own.sheet.rows[number][column] is not None:
                kept = key in _FILLED_IN
                fates[own.sheet.name, number, column] = Fate.RECORDED if kept else Fate.LEFT_OUT
        if all(own.value(number, key) is None for key in _FILLED_IN):
            continue
        name = text_of(own.value(number, "item"))
        if normalise(name) not in items:
            hint = (
                "the register has no such item: type the id that the sheet had, or delete the row"
            )
            problems.append(_problem("key-unknown", own, number, "item", hint))
            fates[own.sheet.name, number, own.keys["item"]] = Fate.FAULTY
            continue
        finding, body = items[normalise(name)]
        done = _day(own, number, today)
        if isinstance(done, Unread):
            problems.append(_problem(done.name, own, number, "done_on", done.hint))
            fates[own.sheet.name, number, own.keys["done_on"]] = Fate.FAULTY
            done = None
        evidence = text_of(own.value(number, "evidence")).split("\n")
        note = text_of(own.value(number, "note"))
        progress = Progress(
            done=done,
            evidence=tuple(line.strip() for line in evidence if line.strip()),
            notes=(note,) if note else (),
        )
        columns = {
            Meaning.REFERENCE: own.keys["item"],
            Meaning.DONE: own.keys["done_on"],
            Meaning.EVIDENCE: own.keys["evidence"],
            Meaning.NOTE: own.keys["note"],
        }
        rows.append(
            Row(
                own.sheet, number, finding.inspection, finding.id, finding.summary, finding.kind,
                "", {body: progress}, None, None, (), "", columns,
            )
        )  # fmt: skip
    return Reading(
        file, tuple(rows), Names(register, inquiry), inquiry, tuple(problems), fates, (), ()
    )


def _day(own: OwnSheet, row: int, today: date) -> date | Unread | None:
    """Return the date of completion that was filled in, or why it is none."""
    value = own.value(row, "done_on")
    if value is None:
        return None
    found = read_date(value, None)
    if isinstance(found, Unread):
        return found
    if not isinstance(found, Read) or not isinstance(found.deadline, PartialDate):
        return _UNCLEAR
    if found.deadline.precision != "day":
        return _UNCLEAR
    day = found.deadline.first
    if day <= today:
        return day
    hint = f"it is after {format_date(today)}, and only what has happened is recorded"
    return Unread("completed-later", hint)


def _problem(name: str, own: OwnSheet, row: int, key: str, hint: str) -> CellProblem:
    column = own.keys[key]
    value = text_of(own.sheet.rows[row][column])
    return CellProblem(name, own.sheet.name, own.sheet.cell(row, column), value, hint)
