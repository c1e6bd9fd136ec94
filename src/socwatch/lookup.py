"""What a person means by an id, a name, or a part of one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, TypeVar

from socwatch.characters import normalise
from socwatch.errors import Ambiguous, NotAnId, NotFound
from socwatch.records import (
    Body,
    Finding,
    Inspection,
    Register,
    Source,
    Update,
    natural_order,
)
from socwatch.spelling import nearest
from socwatch.tracking import effective_updates


class _Id(NamedTuple):
    """A record of which nothing is known but its id."""

    id: str


Named = Body | Finding | Inspection
_Record = Named | Source | Update | _Id
N = TypeVar("N", bound=_Record)
_Step = tuple[Callable[[str, _Record], bool], ...]


def find_body(register: Register, text: str) -> Body:
    """The body that a text names. Raises NotFound, Ambiguous."""
    return _find("body", text, register.bodies)


def find_inspection(register: Register, text: str) -> Inspection:
    """The inspection that a text names. Raises NotFound, Ambiguous."""
    return _find("inspection", text, register.inspections)


def find_source(register: Register, text: str) -> Source:
    """The source that a text names. Raises NotFound, Ambiguous."""
    return _find("source", text, register.sources)


def find_update(register: Register, text: str, *, can_ask: bool) -> Update:
    """Return the update that a text names. Raises NotFound, NotAnId, Ambiguous."""
    return _find_exactly("update", text, register.updates, can_ask=can_ask)[0]


def find_id(what: str, text: str, ids: Iterable[str]) -> str:
    """Return the one of these ids that a text means. Raises NotFound, Ambiguous."""
    return _find(what, text, [_Id(each) for each in ids]).id


def find_item(register: Register, text: str) -> tuple[Finding, tuple[str, ...]]:
    """The finding that a text names, and the ids of the bodies that it means.

    "finding@body" means one of the finding's bodies; the finding alone means all of them.
    Raises NotFound, Ambiguous.
    """
    name, at, body_text = text.partition("@")
    finding = _find("finding", name, register.findings)
    if not at:
        return finding, finding.bodies
    addressed = [register.body_by_id[body] for body in finding.bodies]
    body = _find(f"body of {finding.id}", body_text, addressed)
    return finding, (body.id,)


class Recordable(NamedTuple):
    """What a person means by an id that they type to record something about it."""

    record: Finding | Inspection
    bodies: tuple[str, ...]
    """The ids of the bodies that are meant of a finding."""
    exact: bool
    """Whether the whole id was typed."""


def find_recordable(register: Register, text: str, *, can_ask: bool) -> Recordable:
    """Return the finding or inspection that a text names. Raises NotFound, NotAnId, Ambiguous.

    A name and a part of an id count alike, and where nobody can be asked whether the right one was
    found, only an id or whole parts of one will do.
    """
    if "@" in text:
        return find_recordable_item(register, text, can_ask=can_ask)
    everything: list[Finding | Inspection] = [*register.findings, *register.inspections]
    found, exact = _find_exactly("finding or inspection", text, everything, can_ask=can_ask)
    return Recordable(found, found.bodies if isinstance(found, Finding) else (), exact)


def find_recordable_item(register: Register, text: str, *, can_ask: bool) -> Recordable:
    """Return the finding that a text names, as `find_recordable` does, and never an inspection."""
    name, at, body_text = text.partition("@")
    finding, exact = _find_exactly("finding", name, register.findings, can_ask=can_ask)
    if not at:
        return Recordable(finding, finding.bodies, exact)
    addressed = [register.body_by_id[body] for body in finding.bodies]
    what = f"body of {finding.id}"
    body, exact_body = _find_exactly(what, body_text, addressed, can_ask=can_ask)
    return Recordable(finding, (body.id,), exact and exact_body)


def find_any(register: Register, text: str) -> tuple[Named, tuple[str, ...]]:
    """The finding, body or inspection that a text names, with the bodies meant of a finding.

    Raises NotFound, Ambiguous.
    """
    if "@" in text:
        return find_item(register, text)
    everything: list[Named] = [*register.findings, *register.bodies, *register.inspections]
    found = _find("finding, body or inspection", text, everything)
    return found, found.bodies if isinstance(found, Finding) else ()


def find_record(register: Register, text: str) -> str:
    """Return the id of the record, of whatever table, that a text names.

    Raises NotFound, Ambiguous.
    """
    if "@" in text:
        return find_item(register, text)[0].id
    everything: list[Named | Source | Update] = [
        *register.findings,
        *register.bodies,
        *register.inspections,
        *register.sources,
        *register.updates,
    ]
    return _find("record", text, everything).id


def find_owner(register: Register, text: str) -> str:
    """Return an owner whom the register names, normalised. Raises NotFound.

    A part of a name is never enough: one person's items must not go to another.
    """
    typed = normalise(text)
    owners = dict.fromkeys(
        update.owner for update in effective_updates(register.updates) if update.owner
    )
    spelt = {normalise(owner): owner for owner in owners}
    if typed not in spelt:
        within = [name for name in spelt if typed in name]
        near = dict.fromkeys([*within, *nearest(typed, spelt, most=3)])
        what = "owner"
        raise NotFound(what, text, [spelt[name] for name in near][:3])
    return typed


def _find_exactly(what: str, text: str, records: Sequence[N], *, can_ask: bool) -> tuple[N, bool]:
    """Return the record that a text means when recording, and whether the text is its whole id.

    Raises NotFound, NotAnId, Ambiguous.
    """
    found, typed = _find(what, text, records, _STEPS_TO_RECORD), normalise(text)
    if not (can_ask or _is_id(typed, found) or _is_part_of_id(typed, found)):
        raise NotAnId(what, text, found.id)
    return found, _is_id(typed, found)


def _find(what: str, text: str, records: Sequence[N], steps: Sequence[_Step] = ()) -> N:
    """Return the record that a text means: the first step that finds any decides.

    Raises NotFound, and Ambiguous where that step finds several.
    """
    typed = normalise(text)
    for step in (steps or _STEPS) if typed else ():
        matches = [record for record in records if any(agrees(typed, record) for agrees in step)]
        ids = sorted({record.id for record in matches}, key=natural_order)
        if len(ids) == 1:
            return matches[0]
        if ids:
            raise Ambiguous(text, ids)
    spelt = {name: record.id for record in records for name in (*_names(record), record.id)}
    near = dict.fromkeys(spelt[name] for name in nearest(typed, spelt, most=3))
    there = [r.id for r in records] if what == "inspection" else []  # no listing has them all
    raise NotFound(what, text, [*near], there)


def _is_id(typed: str, record: _Record) -> bool:
    return record.id == typed


def _is_name(typed: str, record: _Record) -> bool:
    return typed in _names(record)


def _is_part_of_id(typed: str, record: _Record) -> bool:
    return f"-{typed}-" in f"-{record.id}-"


def _begins(typed: str, record: _Record) -> bool:
    return any(name.startswith(typed) for name in (record.id, *_names(record)))


def _is_within(typed: str, record: _Record) -> bool:
    return any(typed in name for name in (record.id, *_names(record)))


_STEPS: tuple[_Step, ...] = ((_is_id,), (_is_name,), (_is_part_of_id,), (_begins,), (_is_within,))
"""The ways in which a normalised text may mean a record, in the order in which they are tried."""

_STEPS_TO_RECORD: tuple[_Step, ...] = (
    (_is_id,),
    (_is_name, _is_part_of_id),
    (_begins,),
    (_is_within,),
)
"""The same for recording, where a name of one record that is part of another's id means neither."""


def _names(record: _Record) -> tuple[str, ...]:
    """Return what a record is called beside its id, normalised."""
    names: tuple[str | None, ...] = ()
    match record:
        case Body():
            names = (record.name, *record.aliases)
        case Finding():
            names = (record.label, *record.aliases)
        case Inspection() | Source():
            names = (record.title,)
    return tuple(normalise(name) for name in names if name is not None)
