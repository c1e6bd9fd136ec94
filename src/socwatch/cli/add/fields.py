"""The fields of a record as people give them: what each is called, what it takes, what it means.

All of it comes from the models, so that a new field is an option of `add` as soon as it is there.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from types import NoneType
from typing import Annotated, Any, NamedTuple, get_args, get_origin

from socwatch.characters import HIDDEN
from socwatch.cli.filters import one_of
from socwatch.dates import IMMEDIATELY, PartialDate, Span, parse_day, parse_deadline, parse_partial
from socwatch.errors import ChangeInvalid, DayNotUnderstood, UsageError
from socwatch.lookup import find_body, find_inspection, find_item, find_source
from socwatch.records import TABLES, Contradiction, Register
from socwatch.store.syntax import hidden_character
from socwatch.suggestions import REFERS


class Form(StrEnum):
    """What a field takes, as its option and the docs call it."""

    TEXT = "TEXT"
    ID = "ID"
    WORD = "WORD"
    NUMBER = "NUMBER"
    DAY = "DAY"
    DATE = "DATE"
    """A day, a month or a year."""
    DEADLINE = "DEADLINE"
    PAIR = "SOURCE=TEXT"


class Field(NamedTuple):
    """A field of a record."""

    name: str
    form: Form
    meaning: str
    words: tuple[str, ...]
    """What it may say, where that is one of a fixed list."""
    many: bool
    required: bool

    @property
    def option(self) -> str:
        """The option that gives it: --part-of."""
        return "--" + self.name.replace("_", "-")

    @property
    def metavar(self) -> str:
        """What stands behind the option in help."""
        if REFERS.get(self.name) == "bodies":
            return "BODY"
        return "DATE" if self.form is Form.DAY else self.form.value


def fields_of(table: str) -> tuple[Field, ...]:
    """The fields of a table's records, in the order of the file format."""
    return tuple(
        _field(name, info.annotation, info.description or "", required=info.is_required())
        for name, info in TABLES[table].model_fields.items()
    )


def value_of(field: Field, typed: str, register: Register, today: date) -> Any:  # noqa: ANN401  # a value of TOML's
    """The value of a field, or of one of its several, that a person means: ids in full.

    Raises UsageError, LookupFailed, and ChangeInvalid for text that no register may hold.
    """
    if found := HIDDEN.search(typed):  # said at once, where somebody can be asked again
        raise ChangeInvalid(hidden_character(found[0], ()))
    match field.form:
        case Form.ID if field.name in REFERS:
            return _id_of(register, REFERS[field.name], typed)
        case Form.TEXT | Form.ID:
            return typed
        case Form.WORD:
            return one_of(field.option, typed, field.words)
        case Form.NUMBER:
            return _number(field, typed)
        case Form.DAY:
            return parse_day(typed, today=today)
        case Form.DATE | Form.DEADLINE:
            return _date(field, typed, today)
        case Form.PAIR:
            return _pair(field, typed, register)


def _field(name: str, annotation: object, meaning: str, *, required: bool) -> Field:
    types = _types(annotation)
    words = next((tuple(t) for t in types if isinstance(t, type) and issubclass(t, StrEnum)), ())
    if Contradiction in types:
        form = Form.PAIR
    elif Span in types:
        form = Form.DEADLINE
    elif PartialDate in types:
        form = Form.DATE
    elif date in types:
        form = Form.DAY
    elif int in types:
        form = Form.NUMBER
    elif words:
        form = Form.WORD
    else:
        form = Form.ID if name == "id" or name in REFERS else Form.TEXT
    return Field(name, form, meaning, words, tuple in types, required)


def _types(annotation: object) -> set[object]:
    """Every type that an annotation is made of: tuple and str of `tuple[Id, ...] | None`."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _types(inner[0])
    types = {annotation} if origin is None else {origin}
    return types.union(*map(_types, inner)) - {..., NoneType}


def _id_of(register: Register, table: str, typed: str) -> str:
    match table:
        case "bodies":
            return find_body(register, typed).id
        case "inspections":
            return find_inspection(register, typed).id
        case "findings":
            return find_item(register, typed)[0].id
    return find_source(register, typed).id


def _number(field: Field, typed: str) -> int:
    try:
        return int(typed)
    except ValueError:
        message = f"{field.option} cannot be {typed!r}"
        raise UsageError(message, remedy="write a whole number") from None


def _date(field: Field, typed: str, today: date) -> date | str:
    text = " ".join(typed.split())
    deadlines = field.form is Form.DEADLINE
    if deadlines and text.lower() == IMMEDIATELY:
        return IMMEDIATELY
    found = parse_deadline(text) if deadlines else parse_partial(text)
    if isinstance(found, PartialDate):
        return found.first if found.precision == "day" else str(found)
    if found is not None:
        return str(found)
    try:
        return parse_day(text, today=today)
    except DayNotUnderstood:
        message = f"{field.option} cannot be {typed!r}"
        forms = "2025-01-31, 31 Jan 2025, 2025-01 or 2025"
        more = f'; or "{IMMEDIATELY}" or "6 months", counted from publication' if deadlines else ""
        raise UsageError(message, remedy=f"write a date as {forms}{more}") from None


def _pair(field: Field, typed: str, register: Register) -> dict[str, str]:
    source, between, says = typed.partition("=")
    if not between or not says.strip():
        message = f"{field.option} does not say what the source says: {typed!r}"
        raise UsageError(message, remedy=f'write it as {field.option} "SOURCE=what it says"')
    return {"source": _id_of(register, "sources", source), "says": says.strip()}
