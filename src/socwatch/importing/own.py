"""Workbooks that socwatch itself has written: they need no answers.

They are known by their sheet *Columns*, which says of every column which field it holds. That of
`export` comes back as the same records, that of `export --owner` as what an owner has filled in,
that of `import --template` as a spreadsheet whose answers are known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from socwatch.characters import normalise
from socwatch.fields import FieldSpec, Form
from socwatch.importing.answers import REFUSE
from socwatch.importing.meanings import MEANINGS
from socwatch.importing.tables import text_of
from socwatch.records import FIELDS, TABLES, Register
from socwatch.store.sheets.cells import Sheet, SheetFile, Value

COLUMNS = "Columns"
"""The sheet that tells what the columns of the others hold."""

_HEAD = ("Sheet", "Heading", "Key")

OWNER_SHEET = "owner_items"
"""The name of the sheet that an owner fills in, as `reports.owner_items` has it."""

TEMPLATE_SHEET = "tracker"
"""The name of the sheet of a template."""

TEMPLATE_ANSWERS = {
    "sheet_date": "Position as at",
    "by": "Reported by",
    "agreed_by": "Deadline changes agreed by",
    "signed_off_by": "Signed off by",
}
"""What stands above the table of a template: the answer that it is, and its words."""

EXAMPLE = "EXAMPLE"
"""The reference of the row in a template that shows how it is filled in."""


class OwnSheet(NamedTuple):
    """A sheet that socwatch has written: its name, and the key of each of its columns."""

    name: str
    sheet: Sheet
    headings: int
    """The row of the headings, counted from 0."""
    keys: Mapping[str, int]
    """For each key the column that holds it."""

    def rows(self) -> Iterator[int]:
        """Yield the rows below the headings that hold anything."""
        for row in range(self.headings + 1, len(self.sheet.rows)):
            if any(value is not None for value in self.sheet.rows[row]):
                yield row

    def value(self, row: int, key: str) -> Value:
        """Return what a row holds under a key; None if it has no such column."""
        column = self.keys.get(key)
        return None if column is None else self.sheet.rows[row][column]


def own_sheets(file: SheetFile) -> dict[str, OwnSheet]:
    """Return the sheets of a workbook that socwatch wrote, by name; {} for any other."""
    try:
        told = file.sheet(COLUMNS)
    except KeyError:
        return {}
    if not told.rows or tuple(map(text_of, told.rows[0][: len(_HEAD)])) != _HEAD:
        return {}
    keys: dict[str, dict[str, str]] = {}
    for row in told.rows[1:]:
        title, head, key, *_ = map(text_of, row)
        keys.setdefault(title, {})[normalise(head)] = key
    found = {}
    for sheet in file.sheets:
        if sheet.name in keys and (own := _own_sheet(sheet, keys[sheet.name])) is not None:
            found[own.name] = own
    return found


def _own_sheet(sheet: Sheet, keys: Mapping[str, str]) -> OwnSheet | None:
    for number, row in enumerate(sheet.rows):
        heads = [normalise(text_of(value)) for value in row]
        if set(keys) <= set(heads):
            columns = {keys[head]: at for at, head in enumerate(heads) if head in keys}
            return OwnSheet(sheet.name.lower().replace(" ", "_"), sheet, number, columns)
    return None


# ------------------------------------------------------------------------------- the register


class Returned(NamedTuple):
    """What a workbook of a whole register adds, and what of it differs from the register."""

    added: dict[str, list[dict[str, Any]]]
    differing: tuple[str, ...]
    """The records that the register has otherwise; nothing is written of them."""
    unchanged: int


def read_register(sheets: Mapping[str, OwnSheet], register: Register) -> Returned:
    """Return the records of a workbook that `export` has written, less those on record."""
    added: dict[str, list[dict[str, Any]]] = {}
    differing, unchanged = [], 0
    for table in TABLES:
        if table not in sheets:
            continue
        on_record = [_plain_record(table, record) for record in getattr(register, table)]
        by_id = {row["id"]: row for row in on_record if "id" in row}
        new = []
        for row in _records(table, sheets[table]):
            if row in on_record:
                unchanged += 1
            elif row.get("id") in by_id:
                differing.append(f"{row['id']} is otherwise in the register")
            else:
                new.append(row)
        added[table] = new
    return Returned(added, tuple(differing), unchanged)


def _records(table: str, own: OwnSheet) -> Iterator[dict[str, Any]]:
    for number in own.rows():
        row = {}
        for name, field in FIELDS[table].items():
            value = _toml_value(field, own.value(number, name))
            if value not in (None, [], field.default or None):
                row[name] = value
        yield row


def _plain_record(table: str, record: Any) -> dict[str, Any]:  # noqa: ANN401  # a record of any table
    """Return a record as TOML has it, as `_records` gives it."""
    row = {}
    for name, field in FIELDS[table].items():
        value = getattr(record, name)
        if isinstance(value, tuple):
            value = [
                {"source": each.source, "says": each.says}
                if field.record is not None
                else str(each)
                for each in value
            ]
        elif field.form in {Form.DATE, Form.DEADLINE} and value is not None:
            value = _date(str(value))
        elif isinstance(value, str):
            value = str(value)
        if value not in (None, [], field.default or None):
            row[name] = value
    return row


def _toml_value(field: FieldSpec, value: Value) -> Any:  # noqa: ANN401  # what TOML has
    if value is None:
        return None
    if field.many:
        lines = [line for line in text_of(value).split("\n") if line.strip()]
        return [_member(field, line) for line in lines]
    match field.form:
        case Form.NUMBER if isinstance(value, float):
            return int(value)
        case Form.DAY | Form.DATE | Form.DEADLINE:
            return value if isinstance(value, date) else _date(text_of(value))
        case Form.TIME:
            return datetime.fromisoformat(text_of(value))
    return text_of(value)


def _member(field: FieldSpec, line: str) -> Any:  # noqa: ANN401  # what TOML has
    if field.record is None:
        return line
    source, _, says = line.partition(": ")
    return {"source": source, "says": says}


def _date(text: str) -> str | date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


# ------------------------------------------------------------------------------- the template


def template_answers(own: OwnSheet, forces: Iterable[str]) -> dict[str, Any]:
    """Return the answers about a template that was filled in, as far as it gives them."""
    answers: dict[str, Any] = {
        "tracker": TEMPLATE_SHEET,  # The same from quarter to quarter, whatever the file's name.
        "title": own.sheet.name,
        "inspectorate": "HMICFRS",
        "undated": REFUSE,
    }
    words = {normalise(text): key for key, text in TEMPLATE_ANSWERS.items()}
    for row in own.sheet.rows[: own.headings]:
        filled = [value for value in row if value is not None]
        if len(filled) > 1 and (key := words.get(normalise(text_of(filled[0])))):
            answers[key] = filled[1] if isinstance(filled[1], date) else text_of(filled[1])
    answers["sheets"] = {
        own.sheet.name: {
            "use": True,
            "headings": [own.headings + 1],
            "ends": "",
            "cause": "",
            "columns": {
                text_of(own.sheet.rows[own.headings][at]): key for key, at in own.keys.items()
            },
        },
        COLUMNS: {"use": False},
    }
    answers["words"] = {"force": {force: [force] for force in forces}}
    return answers


def without_example(file: SheetFile, own: OwnSheet) -> SheetFile:
    """Return a template without its example row."""
    reference = own.keys["reference"]
    empty = (None,) * len(own.sheet.rows[0])
    rows = tuple(empty if text_of(row[reference]) == EXAMPLE else row for row in own.sheet.rows)
    sheets = tuple(
        sheet._replace(rows=rows) if sheet.name == own.sheet.name else sheet
        for sheet in file.sheets
        if sheet.name != COLUMNS
    )
    return file._replace(sheets=sheets)


TEMPLATE_COLUMNS = tuple(
    str(meaning) for meaning in MEANINGS if meaning not in {"keep", "leave out"}
)
"""The columns of a template: what a column can mean."""
