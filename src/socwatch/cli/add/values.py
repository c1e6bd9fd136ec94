"""The fields of a record as people give them on the command line, and the values that they mean."""

from __future__ import annotations

from datetime import date
from typing import Any

from socwatch.characters import HIDDEN
from socwatch.cli.filters import one_of
from socwatch.dates import IMMEDIATELY
from socwatch.errors import ChangeInvalid, DateUnclear, DayNotUnderstood, UsageError
from socwatch.fields import FieldSpec, Form
from socwatch.lookup import find_body, find_inspection, find_item, find_source
from socwatch.records import Register
from socwatch.store.syntax import hidden_character
from socwatch.typed_dates import parse_date, parse_day, parse_period


def option_of(field: FieldSpec) -> str:
    """Return the option that gives a field: --part-of."""
    return "--" + field.name.replace("_", "-")


def metavar_of(field: FieldSpec) -> str:
    """Return what stands behind the option of a field in help."""
    if field.form is Form.RECORD:
        return "SOURCE=TEXT"
    if field.refers == "bodies":
        return "BODY"
    return "DATE" if field.form is Form.DAY else field.form.name


def value_of(field: FieldSpec, typed: str, register: Register, today: date) -> Any:  # noqa: ANN401  # a value of TOML's
    """The value of a field, or of one of its several, that a person means: ids in full.

    Raises UsageError, LookupFailed, and ChangeInvalid for text that no register may hold.
    """
    if found := HIDDEN.search(typed):  # said at once, where somebody can be asked again
        raise ChangeInvalid(hidden_character(found[0], ()))
    match field.form:
        case Form.ID if field.refers:
            return _id_of(register, field.refers, typed)
        case Form.WORD:
            return one_of(option_of(field), typed, field.words)
        case Form.NUMBER:
            return _number(field, typed)
        case Form.DAY:
            return parse_day(typed, today=today)
        case Form.DATE | Form.DEADLINE:
            return _date(field, typed, today)
        case Form.RECORD:
            return _pair(field, typed, register)
    return typed


def _id_of(register: Register, table: str, typed: str) -> str:
    match table:
        case "bodies":
            return find_body(register, typed).id
        case "inspections":
            return find_inspection(register, typed).id
        case "findings":
            return find_item(register, typed)[0].id
    return find_source(register, typed).id


def _number(field: FieldSpec, typed: str) -> int:
    try:
        return int(typed)
    except ValueError:
        message = f"{option_of(field)} cannot be {typed!r}"
        raise UsageError(message, remedy="write a whole number") from None


def _date(field: FieldSpec, typed: str, today: date) -> date | str:
    deadlines = field.form is Form.DEADLINE
    if deadlines and typed.strip().lower() == IMMEDIATELY:
        return IMMEDIATELY
    if deadlines and (period := parse_period(typed)):
        return str(period)
    try:
        found = parse_date(typed, today=today)
    except DateUnclear:
        raise
    except DayNotUnderstood:
        message = f"{option_of(field)} cannot be {typed!r}"
        forms = "31/01/2025, 31 Jan 2025, Jan 2025 or 2025"
        more = f'; or "{IMMEDIATELY}" or "6 months", counted from publication' if deadlines else ""
        raise UsageError(message, remedy=f"write a date as {forms}{more}") from None
    return found.first if found.precision == "day" else str(found)


def _pair(field: FieldSpec, typed: str, register: Register) -> dict[str, str]:
    source, between, says = typed.partition("=")
    if not between or not says.strip():
        message = f"{option_of(field)} does not say what the source says: {typed!r}"
        raise UsageError(message, remedy=f'write it as {option_of(field)} "SOURCE=what it says"')
    return {"source": _id_of(register, "sources", source), "says": says.strip()}
