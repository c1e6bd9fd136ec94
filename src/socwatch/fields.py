"""What a field of a record is: its form, what it refers to, what it may say, what it means.

Each fact is stated once, in the annotation of the field in `records`: its type, which is one of
those here, carries a `Shape`; the text beside it is the field's meaning. Only `fields_of` reads
annotations. Rules, messages, schema, template, docs, `add`, the export, and what pydantic checks
read what it returns, `records.FIELDS`.
"""

# Without `from __future__ import annotations`, for the reason that `records` gives.
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, NamedTuple, get_args, get_origin

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, PydanticCustomError
from pydantic_core.core_schema import (
    CoreConfig,
    date_schema,
    datetime_schema,
    enum_schema,
    int_schema,
    model_field,
    model_fields_schema,
    model_schema,
    no_info_plain_validator_function,
    nullable_schema,
    str_schema,
    tuple_schema,
    with_default_schema,
)

from socwatch.characters import ID_PATTERN
from socwatch.dates import Deadline, PartialDate, parse_deadline, parse_partial
from socwatch.docstrings import docstring

TEXT_PATTERN = r"\S"

MAX_COUNT = 999
"""The largest count; no report of an inspectorate comes near it, so more is a slip of the pen."""


class Form(StrEnum):
    """How a value is written; its value is the word for it in the docs."""

    TEXT = "text"
    ID = "id"
    WORD = "word"
    """One of a fixed list."""
    NUMBER = "number"
    DAY = "day"
    DATE = "day, month or year"
    DEADLINE = "deadline"
    """A day, month or year, a length of time from publication, or immediately."""
    TIME = "time"
    RECORD = "record"
    """A record with fields of its own."""


DATED: Mapping[Form, str] = MappingProxyType(
    {
        Form.DAY: "a date such as 2025-01-31, without quotes",
        Form.DATE: 'a date such as 2025-01-31, or "2025-01", or "2025"',
        Form.DEADLINE: 'a date such as 2025-01-31, "2025-01", "immediately" or "6 months"',
        Form.TIME: "a time such as 2025-01-31T09:15:02Z, without quotes",
    }
)
"""What to write for each form of dates."""


class Shape(NamedTuple):
    """The mark of a type: the form of its values, and what they must be beyond that."""

    form: Form
    refers: str = ""
    """The table whose ids the values are."""
    least: int | None = None
    """The least number."""
    most: int | None = None
    """The largest number."""


Text = Annotated[str, Shape(Form.TEXT)]
Id = Annotated[str, Shape(Form.ID)]
SourceId = Annotated[str, Shape(Form.ID, "sources")]
BodyId = Annotated[str, Shape(Form.ID, "bodies")]
InspectionId = Annotated[str, Shape(Form.ID, "inspections")]
FindingId = Annotated[str, Shape(Form.ID, "findings")]
UpdateId = Annotated[str, Shape(Form.ID, "updates")]
Count = Annotated[int, Shape(Form.NUMBER, least=1, most=MAX_COUNT)]
Day = Annotated[date, Shape(Form.DAY)]
Instant = Annotated[datetime, Shape(Form.TIME)]
Partial = Annotated[PartialDate, Shape(Form.DATE)]
DeadlineField = Annotated[Deadline, Shape(Form.DEADLINE)]


class Record(BaseModel):
    """One table of a register."""

    # Deferred, the validators of all tables are built once, as parts of the register's.
    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, defer_build=True
    )

    @classmethod
    def __get_pydantic_core_schema__(
        cls, _source: object, _handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Return what is checked of a record that is made by its own name."""
        return schema_of(cls, fields_of(cls))


class FieldSpec(NamedTuple):
    """A field of a record, or of the register itself."""

    name: str
    form: Form
    meaning: str
    """In words for who keeps a register; of records, what one of them is."""
    many: bool
    """Whether it is a list, each of whose values has this form."""
    required: bool
    """Whether it must be there; a list that must be there holds one value at least."""
    default: str = ""
    """The word that it says where it is left out."""
    refers: str = ""
    """The table of whose records it holds an id, or several."""
    words: tuple[StrEnum, ...] = ()
    """All that it may say, where the form is WORD."""
    least: int | None = None
    """The least number."""
    most: int | None = None
    """The largest number."""
    record: type[Record] | None = None
    """What holds its values, where the form is RECORD."""
    inner: Mapping[str, "FieldSpec"] = MappingProxyType({})
    """The fields of its records, where the form is RECORD."""

    def described(self, mark: str = "") -> str:
        """Return its meaning, with all that it may say, each word between these marks."""
        words = [f"{mark}{word}{mark}" for word in self.words]
        first, _, rest = self.meaning.partition(".")
        meaning = f"{first}: {', '.join(words)}.{rest}" if words else self.meaning
        return f"{meaning} If left out: {mark}{self.default}{mark}." if self.default else meaning

    @property
    def example(self) -> str:
        """How a value of it is typed."""
        if self.words:
            return " or ".join(f'"{word}"' for word in self.words)
        if self.inner:
            values = (f"{name} = {field.example}" for name, field in self.inner.items())
            return f"[{{ {', '.join(values)} }}]"
        return '["…"]' if self.many else _EXAMPLES.get(self.form, '"…"')

    @property
    def line(self) -> str:
        """The line that a record without it lacks."""
        return f"{self.name} = {self.example}  # {self.meaning}"


_EXAMPLES = {
    Form.NUMBER: "1",
    Form.DAY: "2025-01-31",
    Form.DATE: "2025-01-31",
    Form.DEADLINE: "2025-01-31",
    Form.TIME: "2025-01-31T09:15:02Z",
}


def fields_of(model: type[Record]) -> Mapping[str, FieldSpec]:
    """Return the fields of a model by name, in the order of the model."""
    return MappingProxyType({n: _field(n, info) for n, info in model.model_fields.items()})


def _field(name: str, info: FieldInfo) -> FieldSpec:
    marks, held, many = list(info.metadata), info.annotation, False
    while inside := get_args(held):  # a list, what may be left out, or a type with its marks
        if get_origin(held) is Annotated:
            marks += inside[1:]
        many = many or get_origin(held) is tuple
        held = inside[0]
    record = held if isinstance(held, type) and issubclass(held, Record) else None
    words = tuple(held) if isinstance(held, type) and issubclass(held, StrEnum) else ()
    form = Form.WORD if record is None else Form.RECORD
    shape = next((mark for mark in marks if isinstance(mark, Shape)), Shape(form))
    meaning = next((mark for mark in marks if isinstance(mark, str)), "")
    return FieldSpec(
        name,
        shape.form,
        meaning or (docstring(record) if record is not None else ""),
        many,
        required=info.is_required(),
        default=info.default if isinstance(info.default, str) else "",
        refers=shape.refers,
        words=words,
        least=shape.least,
        most=shape.most,
        record=record,
        inner=fields_of(record) if record is not None else MappingProxyType({}),
    )


def schema_of(model: type[Record], fields: Mapping[str, FieldSpec]) -> CoreSchema:
    """Return what pydantic checks of a record of these fields.

    Pydantic would make the same of the annotations, but takes three times as long, on each start.
    """
    checks = {name: model_field(_checks(field)) for name, field in fields.items()}
    config = CoreConfig(extra_fields_behavior="forbid", hide_input_in_errors=True)
    held = model_fields_schema(checks, model_name=model.__name__)
    return model_schema(model, held, config=config, frozen=True)


def _checks(field: FieldSpec) -> CoreSchema:
    value = _value_checks(field)
    if field.many:
        value = tuple_schema([value], variadic_item_index=0, min_length=int(field.required))
    if field.required:
        return value
    if field.many or field.default:
        return with_default_schema(value, default=field.default or ())
    return with_default_schema(nullable_schema(value), default=None)


def _value_checks(field: FieldSpec) -> CoreSchema:
    if field.record is not None:
        return schema_of(field.record, field.inner)
    match field.form:
        case Form.TEXT:
            return str_schema(pattern=TEXT_PATTERN)
        case Form.ID:
            return str_schema(pattern=ID_PATTERN)
        case Form.WORD:
            return enum_schema(type(field.words[0]), list(field.words), sub_type="str")
        case Form.NUMBER:
            return int_schema(strict=True, ge=field.least, le=field.most)
        case Form.DAY:
            return date_schema(strict=True)
        case Form.DATE:
            return no_info_plain_validator_function(_partial)
        case Form.DEADLINE:
            return no_info_plain_validator_function(_deadline)
    return datetime_schema(strict=True, tz_constraint="aware")


def _partial(value: object) -> PartialDate:
    partial = parse_partial(value)
    if partial is None:
        error = "partial_date"
        message = "this is not a day, a month or a year"
        raise PydanticCustomError(error, message)
    return partial


def _deadline(value: object) -> Deadline:
    deadline = parse_deadline(value)
    if deadline is None:
        error = "deadline"
        message = "this is not a deadline"
        raise PydanticCustomError(error, message)
    return deadline
