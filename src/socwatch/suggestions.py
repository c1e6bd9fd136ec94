"""What a new record asks of whoever adds it: its fields in order, likely answers, an id to have.

Pure: it takes a register and what is known of the record so far. Nothing is decided here: a
proposal may be turned down, and the record is checked as a whole before it is written.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import count
from types import MappingProxyType
from typing import Any, NamedTuple

from socwatch.characters import normalise
from socwatch.records import FIELDS, KINDS, BodyKind, Finding, Kind, Register

PartialRecord = Mapping[str, Any]
"""What is known of a new record, by the names of its fields, in the values that TOML has."""


class Question(NamedTuple):
    """A field to ask for."""

    field: str
    must: bool
    """Whether the record cannot be without it."""


def fields_to_ask(table: str, row: PartialRecord) -> tuple[Question, ...]:
    """What to ask for in a new record of a table, in the order of its fields.

    That is what it must have, and what it is hardly ever without. An answer may lead to further
    questions. The id is not among them: see suggest_id.
    """
    must, may = _by_kind(table, row)
    return tuple(
        Question(name, must=field.required or name in must)
        for name, field in FIELDS[table].items()
        if name != "id" and (field.required or name in must or name in may)
    )


def fill_implied(register: Register, table: str, row: PartialRecord) -> PartialRecord:
    """The record with what can only be so: what hangs from a cause is of its report and bodies."""
    cause = register.finding_by_id.get(row.get("part_of", "")) if table == "findings" else None
    if cause is None:
        return row
    known = {"kind": Kind.RECOMMENDATION.value, "inspection": cause.inspection}
    only = {"bodies": list(cause.bodies)} if len(cause.bodies) == 1 else {}
    return {**known, **only, **row}


def choices(register: Register, table: str, field: str, row: PartialRecord) -> tuple[str, ...]:
    """The ids that fit a field, in the order of the file; none where it holds no ids."""
    match field:
        case "part_of":
            return _possible_causes(register, row)
        case "region":
            return tuple(body.id for body in register.bodies if body.kind is BodyKind.REGION)
        case "body" if table in {"monitoring", "responses"}:
            return tuple(body.id for body in register.bodies if body.kind is BodyKind.FORCE)
    referred = FIELDS[table][field].refers
    return tuple(record.id for record in getattr(register, referred)) if referred else ()


def default_answer(register: Register, table: str, field: str, row: PartialRecord) -> str | None:
    """The answer that goes without saying: the only one that there is, or the one given last."""
    match table, field:
        case "inspections", "inspectorate" if register.inspections:
            return register.inspections[-1].inspectorate
        case "grades", "question" if register.grades:
            same = [each for each in register.grades if each.inspection == row.get("inspection")]
            return (same or register.grades)[-1].question
    fitting = choices(register, table, field, row)
    return fitting[0] if len(fitting) == 1 else None


def suggest_id(register: Register, table: str, row: PartialRecord) -> str:
    """An id for a new record, made from its words; never one that is taken."""
    taken = _taken_names(register)
    return next(name for name in _PROPOSED[table](register, row) if name not in taken)


def _by_kind(table: str, row: PartialRecord) -> tuple[frozenset[str], frozenset[str]]:
    """The fields that the kind of a record needs, and those that it mostly has."""
    must: frozenset[str] = frozenset()
    match table, row.get("kind"):
        case "sources", _:
            return must, frozenset({"published"})
        case "bodies", BodyKind.FORCE:
            return must, frozenset({"region", "local_policing_body"})
        case "bodies", BodyKind.REGIONAL_UNIT:
            return must, frozenset({"region"})
        case "inspections", _:
            return must, frozenset({"scale"})
        case "findings", str(word):
            kind = KINDS[Kind(word)]
            parent = frozenset({"part_of"} if kind.parent is not None else ())
            return parent, frozenset({"deadline"} if kind.may_be_overdue else ())
        case "monitoring", _:
            return must, frozenset({"entered"})
        case "responses", _:
            return must, frozenset({"published"})
    return must, frozenset()


def _possible_causes(register: Register, row: PartialRecord) -> tuple[str, ...]:
    bodies = set(row.get("bodies", ()))
    return tuple(
        finding.id
        for finding in register.findings
        if finding.kind is Kind.CAUSE_OF_CONCERN
        and row.get("inspection") in {None, finding.inspection}
        and bodies <= {*finding.bodies}
    )


def _taken_names(register: Register) -> frozenset[str]:
    """What no new record may be called: every id, and every other name that people type."""
    tables = (register.sources, register.bodies, register.inspections, register.findings)
    ids = {record.id for table in tables for record in table}
    names = {name for body in register.bodies for name in (body.name, *body.aliases)}
    names |= {name for finding in register.findings for name in finding.aliases}
    return frozenset(ids | {normalise(name) for name in names})


_COMMON_WORDS = frozenset({
    "a", "an", "and", "at", "by", "for", "from", "how", "in", "into", "is", "of", "on", "the", "to",
    "with",
})  # fmt: skip
_GENERIC_WORDS = _COMMON_WORDS | {"constabulary", "force", "inspection", "police", "report"}
_MOST_WORDS = 5
_LETTERS: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.CAUSE_OF_CONCERN: "c",
        Kind.RECOMMENDATION: "r",
        Kind.AREA_FOR_IMPROVEMENT: "a",
        Kind.INNOVATIVE_PRACTICE: "p",
    }
)
"""What stands before the number in the id of a finding of that kind."""

_NUMBERED = re.compile(r"(?P<head>(?:.+-)?[a-z]+)(?P<number>\d{1,4})")
_BELOW = re.compile(r"(?P<stem>.+)-[a-z]+\d{1,4}")


def _words(text: str, without: Iterable[str] = ()) -> list[str]:
    """The words of a text that an id can be made of, as few as tell it apart."""
    text = re.sub(r"'s\b", "", normalise(text).replace("serious and organised crime", "soc"))
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    every = re.findall(r"[a-z0-9]+", letters)
    return [word for word in every if word not in without][:_MOST_WORDS] or every[:_MOST_WORDS]


def words_of_id(text: str) -> list[str]:
    """Return the words of a text that an id can be made of, as few as tell it apart."""
    return _words(text, _COMMON_WORDS)


def _join(*words: object) -> str:
    return "-".join(str(word) for word in words if str(word)) or "new"


def _number_copies(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name}-{number}" for number in count(2))


def _source_ids(_register: Register, row: PartialRecord) -> Iterator[str]:
    return _number_copies(_join(*_words(row["publisher"], _COMMON_WORDS), row.get("published", "")))


def _body_ids(_register: Register, row: PartialRecord) -> Iterator[str]:
    yield _join(*_words(row["name"], _GENERIC_WORDS))
    yield from _number_copies(_join(*_words(row["name"], _COMMON_WORDS)))


def _inspection_ids(_register: Register, row: PartialRecord) -> Iterator[str]:
    words = _words(row["title"], _GENERIC_WORDS)
    year = str(row["published"].year)
    return _number_copies(_join(*words, *({year} - {*words})))


def _finding_ids(register: Register, row: PartialRecord) -> Iterator[str]:
    """As its siblings are numbered; else below its cause, or below body and inspection."""
    kind, below, bodies = Kind(row["kind"]), row.get("part_of"), row["bodies"]
    around = [
        finding
        for finding in register.findings
        if finding.inspection == row["inspection"] and set(finding.bodies) == set(bodies)
    ]
    siblings = [f for f in register.findings if f.part_of == below] if below else around
    found = [_NUMBERED.fullmatch(each.id) for each in siblings if each.kind is kind]
    numbers = [(each["head"], int(each["number"])) for each in found if each is not None]
    first = 1
    if kind is Kind.CAUSE_OF_CONCERN or not numbers:
        only = bodies if len(bodies) == 1 else ()
        head = below or _stem(around) or _join(*only, row["inspection"])
        if kind is Kind.CAUSE_OF_CONCERN:  # mostly the only one, which needs no number
            yield head
            first = 2
        head = f"{head}-{_LETTERS[kind]}"
    else:
        head = Counter(head for head, _ in numbers).most_common(1)[0][0]
        first += max(number for of, number in numbers if of == head)
    yield from (f"{head}{number}" for number in count(first))


def _stem(around: Iterable[Finding]) -> str | None:
    """What the ids of these findings begin with, by the first that says so."""
    for finding in around:
        if finding.kind is Kind.CAUSE_OF_CONCERN:
            return finding.id
        if found := _BELOW.fullmatch(finding.id):
            return found["stem"]
    return None


_PROPOSED: Mapping[str, Callable[[Register, PartialRecord], Iterator[str]]] = MappingProxyType(
    {
        "sources": _source_ids,
        "bodies": _body_ids,
        "inspections": _inspection_ids,
        "findings": _finding_ids,
    }
)
"""For each table whose records have ids, those that a new one could have, the best first."""
