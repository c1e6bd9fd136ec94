"""A whole register as sheets of plain values: what follows from it as of a day, then its tables.

The register's own tables hold what is written down, whatever the day asked about; the sheets that
are worked out (`items`, `obligations`) hold what follows from it as of that day.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from socwatch.dates import Deadline, PartialDate, last_day
from socwatch.fields import FieldSpec, Form, Record
from socwatch.obligations import Obligation, obligations
from socwatch.records import (
    EVERY_FIELD,
    FIELDS,
    REGISTER,
    TABLES,
    Contradiction,
    Grade,
    Register,
    Update,
    item_id,
)
from socwatch.reports.items import item_columns
from socwatch.tracking import (
    Graded,
    QueryDates,
    TrackedItem,
    effective_updates,
    grades_as_of,
    group_by_item,
    replay,
    updates_recorded_until,
)

Pair = tuple[str, str]
ExportValue = str | int | date | None | tuple[str, ...] | tuple[Pair, ...]
"""What a sheet holds. Pairs are a source and what it says."""

CellForm = Literal["text", "number", "day", "list", "pairs"]

LAST_DAY = "_last_day"
"""The end of the key of the day that a date known in part, or a span, comes to."""


class Field(NamedTuple):
    """A column of a sheet."""

    key: str
    form: CellForm
    meaning: str
    refers: str = ""
    """The sheet whose id, or ids, it holds."""
    worked_out: bool = False
    """Whether it follows from the register, and is not written in it."""


class Sheet(NamedTuple):
    """Rows under fields, a value for each field, in the order of the file."""

    name: str
    meaning: str
    fields: tuple[Field, ...]
    rows: tuple[tuple[ExportValue, ...], ...]

    @property
    def title(self) -> str:
        """Its name for people."""
        return heading(self.name)


class Export(NamedTuple):
    """All that is exported."""

    title: str
    dates: QueryDates
    sheets: tuple[Sheet, ...]
    notes: tuple[Pair, ...]
    """How it was counted, a heading and a sentence each."""


SHEETS = ("items", "obligations", *TABLES)
"""The name of every sheet, in their order."""


def build_export(register: Register, dates: QueryDates, names: Collection[str] = SHEETS) -> Export:
    """What a register holds and what follows from it as of a day, in the sheets of these names."""
    tracked = replay(register, dates.as_of, recorded_until=dates.recorded_until)

    def made(name: str) -> Sheet:
        match name:
            case "items":
                return _items(tracked, dates)
            case "obligations":
                return _obligations(obligations(register, dates.as_of))
            case _:
                return _table(register, name, dates)

    return Export(
        " ".join(register.title.split()) if register.title else "A register of inspections",
        dates,
        tuple(made(name) for name in SHEETS if name in names),
        _notes(tracked, dates),
    )


def heading(key: str) -> str:
    """A key as people read it: Original deadline."""
    return key.replace("_", " ").capitalize()


def _notes(tracked: tuple[TrackedItem, ...], dates: QueryDates) -> tuple[Pair, ...]:
    overdue = sum(item.overdue for item in tracked)
    return (
        (
            "Items",
            (
                "An item is one finding for one body: asked of three forces, it is three items. "
                f"By this day there are {len(tracked):,}."
            ),
        ),
        (
            "Past its deadline",
            (
                "The timing is overdue from the day after the deadline on, where no completion is "
                "on record; the deadline day is in time. By this day that is so of "
                f"{overdue:,}. The record may be silent where the body has acted."
            ),
        ),
        ("Due soon", f"The deadline is {dates.within} or fewer days ahead, or is this day."),
        (
            "Done, signed off",
            (
                "Done is what the body says; signed off is what the inspectorate accepts. Closed "
                "items have ended otherwise."
            ),
        ),
        (
            "Dates known in part",
            (
                "A date stands twice: as it is written (2025-01, or 6 months), and as the last day "
                "that it can mean (31 January 2025), which is the one that counts."
            ),
        ),
        (
            "56 days",
            (
                "A local policing body is to publish comments within 56 days, of which the day of "
                "publication is the first (Police Act 1996 s.55). Not on record means that the "
                "last day is past and the register holds no answer; there may be one."
            ),
        ),
        ("Empty cells", "Nothing is on record."),
        (
            "The register's own tables",
            "All but items and obligations hold what is written in the register, whatever the day.",
        ),
    )


# ---------------------------------------------------------------------------------- worked out

_REFERS = {field.name: field.refers for _, field in EVERY_FIELD if field.refers}
"""The table whose ids a name stands for, in whatever table it is a field."""


def _items(tracked: Iterable[TrackedItem], dates: QueryDates) -> Sheet:
    columns = item_columns(dates.within)
    fields: list[Field] = []
    for column in columns:
        key = column.key
        form: CellForm = "text"
        if column.form in ("number", "day") and key != "target":  # which may be known in part
            form = column.form
        fields.append(Field(key, form, column.meaning, _REFERS.get(key, ""), worked_out=True))
        if key == "body":
            fields.append(_BODY_NAME)
        if key == "target":
            fields.append(_last_day_of(key))

    def row(item: TrackedItem) -> Iterator[ExportValue]:
        for column in columns:
            if column.key == "target":
                yield from _in_part(item.finding.target, item.finding.target)
            else:
                yield _plain(column.value(item))
            if column.key == "body":
                yield item.body.name

    return Sheet(
        "items",
        "Every finding for each of its bodies, and how it stood on this day.",
        tuple(fields),
        tuple(tuple(row(item)) for item in tracked),
    )


_BODY_NAME = Field("body_name", "text", "The body's full name.", worked_out=True)

_OBLIGATION_FIELDS: tuple[tuple[Field, Callable[[Obligation], ExportValue]], ...] = (
    (Field("id", "text", "The ids of inspection and force."), lambda d: d.id),
    (
        Field("inspection", "text", "Id of the inspection to be answered.", "inspections"),
        lambda d: d.inspection.id,
    ),
    (Field("body", "text", "Id of the force that it is about.", "bodies"), lambda d: d.body.id),
    (_BODY_NAME, lambda d: d.body.name),
    (
        Field("local_policing_body", "text", "Who is to answer for the force."),
        lambda d: d.local_policing_body,
    ),
    (
        Field("published", "day", "The day on which the report was published."),
        lambda d: d.inspection.published,
    ),
    (Field("last_day", "day", "The last of the 56 days."), lambda d: d.last_day),
    (
        Field("standing", "text", "Whether an answer is on record, and was in time."),
        lambda d: d.standing.value,
    ),
    (
        Field("answered", "day", "The day of the answer: of its publication, else its date."),
        lambda d: d.answered,
    ),
    (
        Field("by_letter", "text", "yes if only the date that the answer bears is known."),
        lambda d: "yes" if d.by_letter else "no",
    ),
    (
        Field("days_left", "number", "Days to the last day while there is no answer."),
        lambda d: d.days_left,
    ),
    (
        Field("days_early", "number", "Days from the answer to the last day, negative if late."),
        lambda d: d.days_early,
    ),
)


def _obligations(duties: Iterable[Obligation]) -> Sheet:
    return Sheet(
        "obligations",
        "Who was to answer which report within 56 days, and whether an answer was on record.",
        tuple(field._replace(worked_out=True) for field, _ in _OBLIGATION_FIELDS),
        tuple(tuple(value(duty) for _, value in _OBLIGATION_FIELDS) for duty in duties),
    )


# --------------------------------------------------------------------------- the register's own

_IN_PART = frozenset({Form.DATE, Form.DEADLINE})
"""The forms of what has a second column: the last day that it can mean."""

_More = tuple[tuple[Field, ...], Callable[[Any], tuple[ExportValue, ...]]]
"""Fields that are worked out beside those of a table, and their values for a record."""


def _table(register: Register, name: str, dates: QueryDates) -> Sheet:
    written = tuple(FIELDS[name].values())
    fields: list[Field] = []
    for field in written:
        fields.append(Field(field.name, _form(field), field.meaning, field.refers))
        if field.form in _IN_PART:
            fields.append(_last_day_of(field.name))
    more, values = _more(register, name, dates)

    def row(record: Record) -> Iterator[ExportValue]:
        for field in written:
            value = getattr(record, field.name)
            if field.form in _IN_PART:
                yield from _in_part(value, _resolve(register, record, value))
            else:
                yield _plain(value)
        yield from values(record)

    records = getattr(register, name)
    if name == "updates":
        records = updates_recorded_until(register.updates, dates.recorded_until)
    meaning = REGISTER[name].meaning.split("\n")[0]
    rows = tuple(tuple(row(record)) for record in records)
    return Sheet(name, f"Each row: {meaning[:1].lower()}{meaning[1:]}", (*fields, *more), rows)


def _more(register: Register, name: str, dates: QueryDates) -> _More:
    if name == "grades":
        return _GRADE_MORE, _grade_values(register)
    if name == "updates":
        return _UPDATE_MORE, _update_values(register, dates)
    return (), lambda _: ()


_GRADE_MORE = (
    _BODY_NAME,
    Field("published", "day", "The day on which it was published.", worked_out=True),
    Field("grade_before", "text", "The grade before on the same question.", worked_out=True),
    Field("direction", "text", "How the two compare, where they can.", worked_out=True),
)


def _grade_values(register: Register) -> Callable[[Grade], tuple[ExportValue, ...]]:
    graded: dict[tuple[str, str, str], Graded] = {
        (each.grade.inspection, each.grade.body, each.grade.question): each
        for each in grades_as_of(register, date.max)
    }

    def values(grade: Grade) -> tuple[ExportValue, ...]:
        found = graded[grade.inspection, grade.body, grade.question]
        return (
            register.body_by_id[grade.body].name,
            found.inspection.published,
            found.before.grade.grade.value if found.before else None,
            found.direction.value if found.direction else None,
        )

    return values


_UPDATE_MORE = (
    Field("item", "text", "Id of the item that it is about.", worked_out=True),
    Field(
        "counts",
        "text",
        "yes; or why it does not: retracted, or later than this day.",
        worked_out=True,
    ),
)


def _update_values(
    register: Register, dates: QueryDates
) -> Callable[[Update], tuple[ExportValue, ...]]:
    recorded = updates_recorded_until(register.updates, dates.recorded_until)
    counting = {update.id for update in effective_updates(recorded)}
    item_of = {
        update.id: item_id(register.finding_by_id[finding], body)
        for (finding, body), updates in group_by_item(register, recorded).items()
        for update in updates
    }

    def values(update: Update) -> tuple[ExportValue, ...]:
        counts = "later" if update.on > dates.as_of else "yes"
        return item_of.get(update.id), counts if update.id in counting else "retracted"

    return values


def _form(field: FieldSpec) -> CellForm:
    """Return the form of a column that holds a field as it is written."""
    if field.form is Form.RECORD:
        return "pairs"
    if field.many:
        return "list"
    return _FORMS.get(field.form, "text")


_FORMS: Mapping[Form, CellForm] = MappingProxyType({Form.NUMBER: "number", Form.DAY: "day"})


def _last_day_of(key: str) -> Field:
    meaning = f"The last day that {key} can mean."
    return Field(f"{key}{LAST_DAY}", "day", meaning, worked_out=True)


def _resolve(register: Register, record: Record, value: Deadline | None) -> Deadline | None:
    """A date that is counted from publication as the day that it comes to."""
    inspection = getattr(record, "inspection", None)
    if value is None or isinstance(value, PartialDate) or inspection is None:
        return value
    published = register.inspection_by_id[inspection].published
    return PartialDate.of_day(last_day(value, published=published))


def _in_part(
    written: Deadline | None, resolved: Deadline | None
) -> tuple[ExportValue, ExportValue]:
    """A date as it is written, and the last day that it can mean."""
    last = resolved.last if isinstance(resolved, PartialDate) else None
    return (str(written) if written is not None else None), last


def _plain(value: object) -> ExportValue:
    match value:
        case datetime():
            return value.isoformat()
        case None | int() | date():
            return value
        case tuple():
            if all(isinstance(each, Contradiction) for each in value):
                return tuple((each.source, each.says) for each in value)
            return tuple(str(each) for each in value)
        case _:
            return str(value)
