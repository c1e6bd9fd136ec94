"""What a field of a record is: its form, what it refers to, what it may say, what it means.

Each fact is stated once, in the annotation of the field in `records`: the type, which is one of
those here, brings form, reference and bounds; the text beside it is the field's meaning. Only
`fields_of` reads annotations. Rules, messages, schema, template, docs, `add` and the export read
what it returns, `records.FIELDS`.
"""

# Without `from __future__ import annotations`, for the reason that `records` gives.
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Any, NamedTuple, get_args, get_origin

from pydantic import AwareDatetime, BaseModel, BeforeValidator, Field, Strict
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from socwatch.dates import Deadline, PartialDate, parse_deadline, parse_partial
from socwatch.docstrings import docstring

ID_PATTERN = r"^[a-z0-9]+(?:-[a-z0-9]+)*$"
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


class Refers(NamedTuple):
    """The mark of a type whose values are ids of the records of a table."""

    table: str


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


Text = Annotated[str, Field(pattern=TEXT_PATTERN), Form.TEXT]
Id = Annotated[str, Field(pattern=ID_PATTERN), Form.ID]
SourceId = Annotated[Id, Refers("sources")]
BodyId = Annotated[Id, Refers("bodies")]
InspectionId = Annotated[Id, Refers("inspections")]
FindingId = Annotated[Id, Refers("findings")]
UpdateId = Annotated[Id, Refers("updates")]
Number = Annotated[int, Strict(), Form.NUMBER]
Count = Annotated[Number, Field(ge=1, le=MAX_COUNT)]
Day = Annotated[date, Strict(), Form.DAY]
Instant = Annotated[AwareDatetime, Strict(), Form.TIME]
Partial = Annotated[PartialDate, BeforeValidator(_partial), Form.DATE]
DeadlineField = Annotated[Deadline, BeforeValidator(_deadline), Form.DEADLINE]


class FieldSpec(NamedTuple):
    """A field of a record, or of the register itself."""

    name: str
    form: Form
    meaning: str
    """In words for who keeps a register; of records, what one of them is."""
    many: bool
    """Whether it is a list, each of whose values has this form."""
    required: bool
    default: str = ""
    """The word that it says where it is left out."""
    refers: str = ""
    """The table of whose records it holds an id, or several."""
    words: tuple[str, ...] = ()
    """All that it may say, where the form is WORD."""
    least: int | None = None
    """The least number, or the least number of values."""
    most: int | None = None
    """The largest number."""
    record: type[BaseModel] | None = None
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


def fields_of(model: type[BaseModel]) -> Mapping[str, FieldSpec]:
    """Return the fields of a model by name, in the order of the model."""
    return MappingProxyType({n: _field(n, info) for n, info in model.model_fields.items()})


def _field(name: str, info: FieldInfo) -> FieldSpec:
    marks, held, many = list(info.metadata), info.annotation, False
    while inside := get_args(held):  # a list, what may be left out, or a type with its marks
        if get_origin(held) is Annotated:
            marks += inside[1:]
        many = many or get_origin(held) is tuple
        held = inside[0]
    record = held if isinstance(held, type) and issubclass(held, BaseModel) else None
    words = tuple(held) if isinstance(held, type) and issubclass(held, StrEnum) else ()
    by_type = {type(mark): mark for mark in marks}
    least, most = _bounds(marks)
    return FieldSpec(
        name,
        Form.RECORD if record is not None else by_type.get(Form, Form.WORD),
        by_type.get(str) or (docstring(record) if record is not None else ""),
        many,
        required=info.is_required(),
        default=info.default if isinstance(info.default, str) else "",
        refers=by_type[Refers].table if Refers in by_type else "",
        words=words,
        least=least,
        most=most,
        record=record,
        inner=fields_of(record) if record is not None else MappingProxyType({}),
    )


def _bounds(marks: Iterable[Any]) -> tuple[int | None, int | None]:
    """Return the least and the largest number, or number of values, that pydantic accepts."""
    least = most = None
    for mark in marks:
        for each in mark.metadata if isinstance(mark, FieldInfo) else (mark,):
            least = getattr(each, "ge", getattr(each, "min_length", least))
            most = getattr(each, "le", most)
    return least, most
