"""What is written down: the tables of a register, and the fixed lists that they draw on.

Every value is frozen. The text beside a field's type is what the schema, the docs and a new
register's comments say of it: see `fields`.
"""

# Without `from __future__ import annotations`: of words, pydantic would have to make types again,
# on every start.
import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache, cached_property
from types import MappingProxyType
from typing import Annotated, Any, NamedTuple

from pydantic_core import SchemaValidator

from socwatch.fields import (
    BodyId,
    Count,
    Day,
    DeadlineField,
    FieldSpec,
    FindingId,
    Form,
    Id,
    InspectionId,
    Instant,
    Partial,
    Record,
    Shape,
    SourceId,
    Text,
    UpdateId,
    fields_of,
    schema_of,
)

FORMAT = 1
"""The version of the file format that this socwatch reads."""


class BodyKind(StrEnum):
    """Who is inspected."""

    FORCE = "force"
    REGIONAL_UNIT = "regional-unit"
    REGION = "region"


class GradeWord(StrEnum):
    """A graded judgment, best first; a body may also be inspected and not graded."""

    OUTSTANDING = "outstanding"
    GOOD = "good"
    ADEQUATE = "adequate"
    REQUIRES_IMPROVEMENT = "requires-improvement"
    INADEQUATE = "inadequate"
    NOT_GRADED = "not-graded"


class Scale(StrEnum):
    """Which grades an inspection could give; grades of two scales cannot be compared."""

    FOUR_GRADES = "four-grades"
    FIVE_GRADES = "five-grades"


SCALES: Mapping[Scale, tuple[GradeWord, ...]] = MappingProxyType(
    {
        Scale.FOUR_GRADES: (
            GradeWord.OUTSTANDING,
            GradeWord.GOOD,
            GradeWord.REQUIRES_IMPROVEMENT,
            GradeWord.INADEQUATE,
        ),
        Scale.FIVE_GRADES: (
            GradeWord.OUTSTANDING,
            GradeWord.GOOD,
            GradeWord.ADEQUATE,
            GradeWord.REQUIRES_IMPROVEMENT,
            GradeWord.INADEQUATE,
        ),
    }
)
"""The grades of each scale, best first. Four until the PEEL round of 2021/22, five since."""


FIVE_GRADES_SINCE = 2021
"""The year from which on a report that names no scale is taken to have had five grades."""


class Kind(StrEnum):
    """What sort of finding it is."""

    CAUSE_OF_CONCERN = "cause-of-concern"
    RECOMMENDATION = "recommendation"
    AREA_FOR_IMPROVEMENT = "area-for-improvement"
    INNOVATIVE_PRACTICE = "innovative-practice"


class KindSpec(NamedTuple):
    """What follows from a finding's kind."""

    singular: str
    plural: str
    short: str
    tracked: bool
    """Whether it has a status; good practice asks nothing of anybody."""
    may_be_overdue: bool
    """Whether it can have a deadline at all."""
    parent: Kind | None = None
    """The kind of finding that it can be part of."""


KINDS: Mapping[Kind, KindSpec] = MappingProxyType(
    {
        Kind.CAUSE_OF_CONCERN: KindSpec(
            "cause of concern", "causes of concern", "cause", tracked=True, may_be_overdue=True
        ),
        Kind.RECOMMENDATION: KindSpec(
            "recommendation",
            "recommendations",
            "recomm.",
            tracked=True,
            may_be_overdue=True,
            parent=Kind.CAUSE_OF_CONCERN,
        ),
        Kind.AREA_FOR_IMPROVEMENT: KindSpec(
            "area for improvement",
            "areas for improvement",
            "AFI",
            tracked=True,
            may_be_overdue=False,
        ),
        Kind.INNOVATIVE_PRACTICE: KindSpec(
            "innovative practice",
            "innovative practices",
            "practice",
            tracked=False,
            may_be_overdue=False,
        ),
    }
)
"""Every kind of finding, gravest first; listings sort and count in this order."""


class Status(StrEnum):
    """How far an item has come, by the last update that says so."""

    OPEN = "open"
    IN_PROGRESS = "in-progress"
    DONE = "done"
    SIGNED_OFF = "signed-off"
    CLOSED = "closed"


class Action(StrEnum):
    """What an update says has happened."""

    START = "start"
    DONE = "done"
    SIGN_OFF = "sign-off"
    REOPEN = "reopen"
    CLOSE = "close"
    EXTEND = "extend"
    ASSIGN = "assign"
    NOTE = "note"
    CHECKED = "checked"
    MUTE = "mute"
    RETRACT = "retract"


class ActionSpec(NamedTuple):
    """From which statuses an action may follow, what it gives, and what its update carries."""

    allowed_from: frozenset[Status]
    new_status: Status | None = None
    """The status that it leads to; None leaves the status as it is."""
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()


_ANY = frozenset(Status)
_RUNNING = frozenset({Status.OPEN, Status.IN_PROGRESS})
_UNENDED = _RUNNING | {Status.DONE}

ACTIONS: Mapping[Action, ActionSpec] = MappingProxyType(
    {
        Action.START: ActionSpec(frozenset({Status.OPEN}), Status.IN_PROGRESS, optional=("owner",)),
        Action.DONE: ActionSpec(_RUNNING, Status.DONE, optional=("evidence",)),
        Action.SIGN_OFF: ActionSpec(
            _UNENDED, Status.SIGNED_OFF, required=("by",), optional=("evidence",)
        ),
        Action.REOPEN: ActionSpec(
            frozenset({Status.DONE, Status.SIGNED_OFF, Status.CLOSED}),
            Status.OPEN,
            required=("note",),
        ),
        Action.CLOSE: ActionSpec(
            _UNENDED, Status.CLOSED, required=("outcome", "note"), optional=("successor",)
        ),
        Action.EXTEND: ActionSpec(_RUNNING, required=("deadline", "note", "by")),
        Action.ASSIGN: ActionSpec(_ANY, required=("owner",)),
        Action.NOTE: ActionSpec(_ANY, required=("note",), optional=("evidence",)),
        Action.CHECKED: ActionSpec(_ANY),
        Action.MUTE: ActionSpec(_ANY, required=("until", "note")),
        Action.RETRACT: ActionSpec(_ANY, required=("update", "note")),
    }
)
"""The life of an item, one row an action."""


class Outcome(StrEnum):
    """How an item ended other than by being signed off."""

    SUPERSEDED = "superseded"
    NOT_ACCEPTED = "not-accepted"
    NO_LONGER_RELEVANT = "no-longer-relevant"


class DeadlineSetter(StrEnum):
    """Who set a deadline."""

    INSPECTORATE = "inspectorate"
    BODY = "body"


class Answerer(StrEnum):
    """Who answers a report: the Police Act 1996 s.55 asks it of the local policing body."""

    LOCAL_POLICING_BODY = "local-policing-body"
    FORCE = "force"


Sources = Annotated[tuple[SourceId, ...], "Ids of the sources that say so, the best first."]
Note = Annotated[Text | None, "Anything else that a reader should know, in your own words."]


class Contradiction(Record):
    """A source that says otherwise, and what it says."""

    source: Annotated[SourceId, "Id of the source that says otherwise."]
    says: Annotated[Text, "What that source says, in your own words."]


Contradictions = Annotated[
    tuple[Contradiction, ...], "Sources that say otherwise: { source = ID, says = TEXT } each."
]


class Source(Record):
    """Where something was read."""

    id: Annotated[Id, "Lower-case words joined by hyphens."]
    publisher: Annotated[Text, "Who published it."]
    title: Annotated[Text, "Its title, as it was seen."]
    published: Annotated[Partial | None, "When it was published, as far as that is known."] = None
    url: Annotated[Text | None, "Its address. Addresses rot: keep title too."] = None
    seen: Annotated[Day | None, "The day on which it was last read."] = None
    note: Note = None


class Body(Record):
    """Who is inspected: a force, a regional organised crime unit, a region."""

    id: Annotated[Id, "Lower-case words joined by hyphens."]
    name: Annotated[Text, "Its full name."]
    kind: Annotated[BodyKind, "What it is."]
    region: Annotated[BodyId | None, "Id of the region that it is inspected with."] = None
    local_policing_body: Annotated[
        Text | None, "Who must answer for a force: a commissioner, a mayor, an authority."
    ] = None
    aliases: Annotated[tuple[Text, ...], "Other names that people type for it."] = ()
    sources: Sources = ()
    note: Note = None


class Inspection(Record):
    """One published report about one or more bodies."""

    id: Annotated[Id, "Lower-case words joined by hyphens."]
    title: Annotated[Text, "The title of its report."]
    inspectorate: Annotated[Text, "Who inspected."]
    published: Annotated[Day, "The day on which the report was published."]
    fieldwork: Annotated[Partial | None, "When inspectors visited, as far as that is known."] = None
    scale: Annotated[
        Scale | None, "Which grades it could give: four before 2021, five since, if left out."
    ] = None
    url: Annotated[Text | None, "The address of the report."] = None
    not_on_record: Annotated[
        tuple[Text, ...], "What it is known to have said and this register does not hold."
    ] = ()
    sources: Sources = ()
    contradicted_by: Contradictions = ()
    note: Note = None

    @property
    def grading(self) -> Scale:
        """The scale of its grades: the one that it names, else the one of its time.

        The last reports without "adequate" (PEEL 2018/19) came out in early 2020, the first with it
        (PEEL 2021/22) after the middle of 2021.
        """
        if self.scale is not None:
            return self.scale
        return Scale.FOUR_GRADES if self.published.year < FIVE_GRADES_SINCE else Scale.FIVE_GRADES


class Grade(Record):
    """A graded judgment of a body on a question."""

    inspection: Annotated[InspectionId, "Id of the inspection that gave it."]
    body: Annotated[BodyId, "Id of the body that was graded."]
    question: Annotated[Text, "What was judged."]
    grade: Annotated[GradeWord, "The grade, as far as the scale has it."]
    sources: Sources = ()
    contradicted_by: Contradictions = ()
    note: Note = None


class Finding(Record):
    """What an inspection leaves a body with."""

    id: Annotated[Id, "Durable, typed by people, never renumbered."]
    inspection: Annotated[InspectionId, "Id of the inspection that made it."]
    bodies: Annotated[tuple[BodyId, ...], "Ids of the bodies that it is addressed to."]
    kind: Annotated[Kind, "What sort of finding it is."]
    summary: Annotated[Text, "What it asks for, in your own words."]
    part_of: Annotated[FindingId | None, "Id of the cause of concern that it hangs from."] = None
    label: Annotated[Text | None, "The number or name that its source gives it."] = None
    source_term: Annotated[Text | None, "What its source calls it, where that is another kind."] = (
        None
    )
    deadline: Annotated[
        DeadlineField | None, "The last day in time: a date, a month, a span, or immediately."
    ] = None
    deadline_words: Annotated[Text | None, "The source's own words for the deadline."] = None
    deadline_set_by: Annotated[DeadlineSetter, "Who set the deadline."] = (
        DeadlineSetter.INSPECTORATE
    )
    deadline_sources: Annotated[
        tuple[SourceId, ...], "Ids of the sources of the deadline, where they are not `sources`."
    ] = ()
    deadline_note: Annotated[Text | None, "How the date was worked out from the words."] = None
    target: Annotated[
        Partial | None, "A date that the body set itself; shown, and never overdue."
    ] = None
    recommendations_stated: Annotated[
        Count | None, "How many recommendations its source counts for this cause."
    ] = None
    recurs_from: Annotated[
        tuple[FindingId, ...], "Ids of earlier findings that said much the same."
    ] = ()
    supersedes: Annotated[
        tuple[FindingId, ...], "Ids of earlier findings that it takes the place of."
    ] = ()
    blocked_by: Annotated[tuple[FindingId, ...], "Ids of findings that must be met first."] = ()
    depends_on: Annotated[Text | None, "Who else must act first, where that is no finding."] = None
    aliases: Annotated[tuple[Text, ...], "Other names that people type for it."] = ()
    sources: Sources = ()
    contradicted_by: Contradictions = ()
    note: Note = None


class Update(Record):
    """A dated fact about an item; appended, never changed."""

    id: Annotated[Id, "Unique, such as u-5f0c91d2."]
    finding: Annotated[FindingId, "Id of the finding that it is about."]
    body: Annotated[BodyId | None, "Id of the body; needed where the finding has several."] = None
    action: Annotated[Action, "What happened."]
    on: Annotated[Day, "The day on which it happened."]
    by: Annotated[Text | None, "Who says so, agreed, or signed it off."] = None
    note: Note = None
    owner: Annotated[Text | None, "Who sees to it from now on."] = None
    evidence: Annotated[tuple[Text, ...], "Addresses, or paths beside the register."] = ()
    deadline: Annotated[Partial | None, "The new last day, of an extension."] = None
    outcome: Annotated[Outcome | None, "How it was closed."] = None
    successor: Annotated[FindingId | None, "Id of the finding that took its place."] = None
    until: Annotated[Day | None, "The last day on which the item is muted."] = None
    update: Annotated[UpdateId | None, "Id of the update that is retracted."] = None
    sources: Sources = ()
    recorded: Annotated[Instant, "When this line was written, with its offset from UTC."]


class Monitoring(Record):
    """A stay of a force in a phase of monitoring; it belongs to the force, not to a finding."""

    body: Annotated[BodyId, "Id of the force."]
    phase: Annotated[Text, "The phase, in its source's words."]
    entered: Annotated[Partial | None, "When it began, as far as that is known."] = None
    left: Annotated[Partial | None, "When it ended, as far as that is known."] = None
    reason: Annotated[Text | None, "Why the force was placed in it."] = None
    finding: Annotated[FindingId | None, "Id of the finding that led to it."] = None
    sources: Sources = ()
    contradicted_by: Contradictions = ()
    note: Note = None


class Response(Record):
    """What a local policing body or a force published in answer to an inspection."""

    inspection: Annotated[InspectionId, "Id of the inspection that is answered."]
    body: Annotated[BodyId, "Id of the force that the answer is about."]
    answered_by: Annotated[Answerer, "Who answers."] = Answerer.LOCAL_POLICING_BODY
    dated: Annotated[Day | None, "The date that the answer bears."] = None
    published: Annotated[Day | None, "The day of its publication, where that is known."] = None
    summary: Annotated[Text | None, "What it says, in your own words."] = None
    url: Annotated[Text | None, "Its address."] = None
    sources: Sources = ()
    contradicted_by: Contradictions = ()
    note: Note = None


class Register(Record):
    """All that one file holds, in the order of the file."""

    format: Annotated[
        int, Shape(Form.NUMBER, least=1, most=FORMAT), "The version of the file format: 1."
    ]
    title: Annotated[Text | None, "What this register is about."] = None
    sources: tuple[Source, ...] = ()
    bodies: tuple[Body, ...] = ()
    inspections: tuple[Inspection, ...] = ()
    grades: tuple[Grade, ...] = ()
    findings: tuple[Finding, ...] = ()
    monitoring: tuple[Monitoring, ...] = ()
    responses: tuple[Response, ...] = ()
    updates: tuple[Update, ...] = ()

    @classmethod
    def of(cls, tables: Mapping[str, Any]) -> "Register":
        """Return the register that these plain values are. Raises ValidationError."""
        register: Register = _validator().validate_python(tables)
        return register

    @cached_property
    def derived(self) -> dict[object, Any]:
        """What functions have worked out from this register, so that it is worked out once."""
        return {}

    def __copy__(self) -> "Register":
        """Return a copy of the fields alone: `model_copy` may change one of them."""
        return Register.model_construct(**{name: getattr(self, name) for name in REGISTER})

    @cached_property
    def source_by_id(self) -> Mapping[str, Source]:
        """Each source by its id."""
        return {source.id: source for source in self.sources}

    @cached_property
    def body_by_id(self) -> Mapping[str, Body]:
        """Each body by its id."""
        return {body.id: body for body in self.bodies}

    @cached_property
    def inspection_by_id(self) -> Mapping[str, Inspection]:
        """Each inspection by its id."""
        return {inspection.id: inspection for inspection in self.inspections}

    @cached_property
    def finding_by_id(self) -> Mapping[str, Finding]:
        """Each finding by its id."""
        return {finding.id: finding for finding in self.findings}

    @cached_property
    def only_bodies(self) -> Mapping[str, str]:
        """The body of each finding that is addressed to one alone, by the id of the finding."""
        return {f.id: f.bodies[0] for f in self.finding_by_id.values() if len(f.bodies) == 1}

    @cached_property
    def _shared(self) -> frozenset[tuple[str, str]]:
        """Each finding of several bodies with each of these, by the ids of both."""
        several = (f for f in self.finding_by_id.values() if len(f.bodies) > 1)
        return frozenset((finding.id, body) for finding in several for body in finding.bodies)

    def is_addressed(self, finding: str, body: str) -> bool:
        """Return whether a finding is addressed to a body, both by their ids."""
        return self.only_bodies.get(finding) == body or (finding, body) in self._shared

    @cached_property
    def update_by_id(self) -> Mapping[str, Update]:
        """Each update by its id."""
        return {update.id: update for update in self.updates}


@cache
def _validator() -> SchemaValidator:
    # `model_validate` would build the same and more, a serializer too, in five times the time.
    return SchemaValidator(schema_of(Register, REGISTER))


REGISTER = fields_of(Register)
"""What a register holds: its format, its title, and its tables, what is appended to last."""

TABLES: Mapping[str, type[Record]] = MappingProxyType(
    {name: field.record for name, field in REGISTER.items() if field.record is not None}
)
"""The records of each table, in the order of a new register."""

FIELDS: Mapping[str, Mapping[str, FieldSpec]] = MappingProxyType(
    {table: REGISTER[table].inner for table in TABLES}
)
"""The fields of each table by name, in the order in which a record is written."""

EVERY_FIELD = tuple((table, field) for table in TABLES for field in FIELDS[table].values())
"""Each field of each table, after the table's name."""

_OF_SOME_ACTION = {name for a in ACTIONS.values() for name in (*a.required, *a.optional)}
MAY_ALWAYS_CARRY = tuple(
    field.name
    for field in FIELDS["updates"].values()
    if field.name in {"by", "note"}
    or not (field.required or field.name == "body" or field.name in _OF_SOME_ACTION)
)
"""What any update may carry: who says so, a note, and all that the row of no action names."""


def item_id(finding: Finding, body: str) -> str:
    """The id of an item: the finding's own, or finding@body where it has several bodies."""
    return finding.id if len(finding.bodies) == 1 else f"{finding.id}@{body}"


_DIGITS = re.compile(r"(\d+)")


def natural_order(name: str) -> tuple[str | int, ...]:
    """A sort key by which r2 stands before r10; numbers are compared by length, then as text."""
    begin, *rest = _DIGITS.split(name)
    key: list[str | int] = [begin]
    for digits, words in zip(rest[::2], rest[1::2], strict=True):
        number = digits.lstrip("0")
        key += (len(number), number, digits, words)
    return tuple(key)
