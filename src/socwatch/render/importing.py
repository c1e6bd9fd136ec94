"""What an import would add, for people and for scripts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from socwatch.dates import PartialDate, format_date, parse_partial
from socwatch.importing.item_updates import UNDATED, Draft
from socwatch.importing.ledger import CellProblem, Fate
from socwatch.importing.meanings import Meaning
from socwatch.importing.planning import ImportPlan, ItemPlan
from socwatch.importing.reading import Reading
from socwatch.records import KINDS, Action, Kind
from socwatch.render.text import escape_invisible, in_json
from socwatch.store.sheets.cells import column_letters

_MAX_OUTSIDE = 30
_MAX_WORDS = 60

_NAMES = {
    "sources": ("source", "sources"),
    "bodies": ("body", "bodies"),
    "inspections": ("report", "reports"),
    "updates": ("update", "updates"),
}


def render_problems(problems: Iterable[CellProblem], name: str) -> str:
    """Return the cells to correct, all at once, each with its address and what to type."""
    lines = []
    problems = list(problems)
    for each in problems:
        where = f"{each.sheet}!{each.cell}" if each.sheet else each.cell
        value = f" {_short(each.value)!r}" if each.value else " (empty)"
        lines += [f"{where}: {each.name}:{value}", f"    {each.hint}"]
    number = _count(len(problems), "cell")
    lines.append(f"{number} to correct in {name}; nothing was written")
    return "".join(f"{visible_line(line)}\n" for line in lines)


def render_preview(reading: Reading | None, plan: ImportPlan, register: str) -> str:
    """Return every record and update that would be added, and where each cell went.

    Without a reading, for a workbook of socwatch's own, whose every row is a record.
    """
    lines = [*(_heading(reading) if reading is not None else ()), *_added(plan, register)]
    findings = {row["id"]: row for row in plan.added["findings"]}
    for item in plan.items:
        lines += _item(item, findings)
    if reading is not None:
        lines += _accounts(reading)
    lines += [f"Not written: {print_warning}" for print_warning in plan.remarks]
    undated = [
        item.item
        for item in plan.items
        if any(UNDATED in draft.fields.get("note", "") for draft in item.drafts)
    ]
    if undated and reading is not None:
        day = format_date(reading.inquiry.answers["sheet_date"])
        names = ", ".join(undated)
        number = _count(len(undated), "item")
        lines.append(f"{number} ended without a date: {names}. Recorded for {day}, perhaps late")
    if plan.unchanged:
        verb = "is on record as it is" if plan.unchanged == 1 else "are on record as they are"
        lines.append(f"{_count(plan.unchanged, 'row')} {verb}")
    return "".join(f"{visible_line(line)}\n" for line in lines)


def _heading(reading: Reading) -> Iterator[str]:
    file, answers = reading.file, reading.inquiry.answers
    yield f"{file.name}, as at {format_date(answers['sheet_date'])}"
    used = set()
    for layout in reading.layouts:
        used.add(layout.name)
        sheet = layout.table.sheet
        rows = " and ".join(str(sheet.row_number(row)) for row in layout.table.headings)
        word = "rows" if len(layout.table.headings) > 1 else "row"
        if sheet.lines:
            word = word.replace("row", "line")
        yield f"  {layout.name}: headings in {word} {rows}, {_count(len(layout.table.rows), 'row')}"
        if sheet.hidden_rows:
            shown = ", ".join(str(row + 1) for row in sorted(sheet.hidden_rows)[:9])
            yield f"  {layout.name}: hidden rows are read too: {shown}"
        if sheet.hidden_columns:
            shown = ", ".join(map(column_letters, sorted(sheet.hidden_columns)[:9]))
            yield f"  {layout.name}: hidden columns are read too: {shown}"
    left = [f"{s.name}{' (hidden)' if s.hidden else ''}" for s in file.sheets if s.name not in used]
    if left and reading.layouts:
        yield f"  Sheets left out: {', '.join(left)}"
    yield from (f"  Note: {print_warning}" for print_warning in file.remarks)


def _added(plan: ImportPlan, register: str) -> Iterator[str]:
    parts = [
        _count(len(rows), *_NAMES.get(table, (table, table)))
        for table, rows in plan.added.items()
        if rows and table not in {"findings", "updates"}
    ]
    kinds = [row["kind"] for row in plan.added["findings"]]
    parts += [
        _count(number, KINDS[kind].singular, KINDS[kind].plural)
        for kind in Kind
        if (number := kinds.count(kind.value))
    ]
    if plan.updates:
        parts.append(_count(plan.updates, "update"))
    yield f"To add to {register}: {', '.join(parts) or 'nothing'}"
    for row in plan.added["bodies"]:
        yield f"  new body {row['id']}: {row['name']} ({row['kind']})"
    for row in plan.added["inspections"]:
        published = format_date(row["published"])
        yield f"  new report {row['id']}: {row['title']}, {row['inspectorate']}, {published}"
    for row in plan.added["findings"]:
        if row["kind"] == Kind.CAUSE_OF_CONCERN.value and "label" not in row:
            yield f"  new cause of concern {row['id']}: {row['summary']}"


def _item(item: ItemPlan, findings: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    row = item.row
    if not (item.new or item.drafts):
        return
    head = f"  {item.item}"
    if item.new:
        finding = findings[item.finding]
        head += f": new {KINDS[row.kind].singular} {item.finding}"
        for name in ("deadline", "target"):
            if name in finding:
                head += f", {name} {_date_words(finding[name])} ({row.address(Meaning.DEADLINE)})"
        if "deadline_words" in finding:
            head += f", in the words {finding['deadline_words']!r}"
    else:
        head += f": {item.finding}"
    yield f"{head} ({row.address(Meaning.REFERENCE)})"
    yield f"      {_short(row.wording)}"
    yield from (f"      {_update(draft)} ({_cell(item, draft)})" for draft in item.drafts)


def _update(draft: Draft) -> str:
    fields = draft.fields
    on = format_date(fields["on"])
    match Action(fields["action"]):
        case Action.EXTEND:
            return f"extend to {_date_words(fields['deadline'])} on {on}, by {fields['by']}"
        case Action.ASSIGN:
            return f"assign to {fields['owner']} on {on}"
        case Action.NOTE:
            return f"note on {on}: {_short(fields['note'])}"
        case Action.SIGN_OFF:
            return f"sign off on {on}, by {fields['by']}"
        case Action.RETRACT:
            return f"take back {fields['update']}: {_short(fields['note'])}"
        case Action.CLOSE:
            return f"close on {on}: {fields['outcome']}"
        case action:
            return f"{action} on {on}"


def _cell(item: ItemPlan, draft: Draft) -> str:
    """Return the address of the cell that an update comes from."""
    row = item.row
    own = {**row.columns, **row.items[item.body].columns}
    found = (each for each in (draft.meaning, Meaning.STATUS) if each in own)
    return row.address(next(found, Meaning.REFERENCE), item.body)


def _accounts(reading: Reading) -> Iterator[str]:
    counts = reading.counts
    words = {
        Fate.RECORDED: "recorded",
        Fate.KEPT: "kept in notes of findings",
        Fate.LEFT_OUT: "left out by your answers",
        Fate.HEADINGS: "headings",
        Fate.OUTSIDE: "outside the tables",
        Fate.FAULTY: "to correct",
    }
    parts = ", ".join(f"{counts[fate]} {word}" for fate, word in words.items() if counts[fate])
    yield f"{_count(sum(counts.values()), 'cell')} with something in them: {parts}"
    outside = [f"{where} {_short(text, 30)!r}" for where, text in reading.outside()]
    if outside:
        more = len(outside) - _MAX_OUTSIDE
        shown = "; ".join(outside[:_MAX_OUTSIDE]) + (f"; and {more} more" if more > 0 else "")
        yield f"Outside the tables, and not recorded: {shown}"


def render_json_preview(reading: Reading | None, plan: ImportPlan, _register: str) -> str:
    """Return the figures of what would be added, as JSON."""
    return render_json(reading, plan, ())


def render_json(
    reading: Reading | None, plan: ImportPlan | None, problems: Sequence[CellProblem]
) -> str:
    """Return what an import would add, and what is to be corrected, as JSON."""
    counts = reading.counts if reading is not None else dict.fromkeys(Fate, 0)
    answer: dict[str, Any] = {
        "schema_version": 1,
        "command": "import",
        "cells": {fate.value: number for fate, number in counts.items()},
        "records": plan.records if plan is not None else 0,
        "updates": plan.updates if plan is not None else 0,
        "problems": [each._asdict() for each in problems],
        "remarks": list(plan.remarks) if plan is not None else [],
        "outside": [
            {"cell": where, "value": text}
            for where, text in (reading.outside() if reading is not None else ())
        ],
    }
    return in_json(json.dumps(answer, ensure_ascii=False, indent=2)) + "\n"


def _date_words(value: object) -> str:
    partial = parse_partial(value)
    return partial.in_words() if isinstance(partial, PartialDate) else str(value)


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def _short(text: str, length: int = _MAX_WORDS) -> str:
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[: length - 1]}…"


def visible_line(line: str) -> str:
    """Return a line in which every character is seen, its indent as it is."""
    indent = len(line) - len(line.lstrip(" "))
    return line[:indent] + escape_invisible(line[indent:])
