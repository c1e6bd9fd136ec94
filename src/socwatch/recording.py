"""What a command would write down: an update for each item that it moves, or why it may not.

Pure: it takes a register and gives back the updates to append. Nothing is written here, and what
comes of it is still checked as a whole before it is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from socwatch.characters import normalise
from socwatch.dates import PartialDate, Span, format_date
from socwatch.errors import TransitionNotAllowed
from socwatch.records import (
    ACTIONS,
    FIELDS,
    KINDS,
    Action,
    Finding,
    KindSpec,
    Register,
    Status,
    Update,
    item_id,
)
from socwatch.tracking import (
    ENDED,
    TRANSITIONS,
    ItemState,
    Transition,
    applies_to,
    effective_updates,
    group_by_item,
    histories,
    initial_state,
    transitions,
)

Item = tuple[str, str]
"""An item by the ids of its finding and its body."""


class AlreadyRecorded(NamedTuple):
    """An item of which that is on record already which was to be recorded."""

    item: Item
    update: Update | None
    """The update that says so; None where it is so without one."""


class Plan(NamedTuple):
    """What is to be appended, and the items of which that was true already."""

    updates: tuple[Update, ...]
    unchanged: tuple[AlreadyRecorded, ...]
    """The items for which nothing has to be written, in the order asked."""


class NewUpdate(NamedTuple):
    """What happened, and when: all that the updates of one command have in common."""

    action: Action
    on: date
    recorded: datetime
    fields: Mapping[str, Any]
    """What else the updates carry, by the names of the file format."""


_STATE_FIELD: Mapping[Action, str] = MappingProxyType(
    {Action.EXTEND: "deadline", Action.ASSIGN: "owner", Action.MUTE: "until"}
)
"""The field that holds what an action leaves behind, for those that leave the status as it is."""


def plan(
    register: Register, items: Sequence[Item], requested: NewUpdate, new_id: Callable[[], str]
) -> Plan:
    """The updates that record what happened to each of these items.

    An item of which it is true already gets none: doing a thing twice changes nothing. A period
    given as the deadline counts from the deadline of each item on the day of the decision. Raises
    TransitionNotAllowed if the action may not follow for one of the items, or if what is on record
    for later days could not follow from it; then none gets any.
    """
    history_of = histories(register)
    taken = {update.id for update in register.updates}
    updates: list[Update] = []
    unchanged: list[AlreadyRecorded] = []
    for key in dict.fromkeys(items):
        finding = register.finding_by_id[key[0]]
        name = item_id(finding, key[1])
        inspection = register.inspection_by_id[finding.inspection]
        history = history_of.get(key, ())
        before = [each for each in history if each.update.on <= requested.on]
        state = before[-1].after if before else initial_state(finding, inspection)
        kind = KINDS[finding.kind]
        what = _resolve_period(requested, kind, name, state.deadline)
        effective = applies_to(kind, what.action) and _may_be_typed(what.action, kind, state.status)
        if effective and _is_known(state, before, what):
            unchanged.append(AlreadyRecorded(key, _last_word(before, what.action)))
            continue
        _demand_allowed(finding, name, state.status, what.action)
        body = key[1] if len(finding.bodies) > 1 else None
        update = _update(finding, body, what, _free_id(new_id, taken))
        later = [each.update for each in history[len(before) :]]
        if invalid := _first_invalid(finding, state, [update, *later]):
            raise TransitionNotAllowed(
                name,
                what.action,
                f"{_update_words(invalid)} is on record, and could not follow",
                remedy=f"name a later day with --on, or take that back: socwatch undo {invalid.id}",
            )
        updates.append(update)
    return Plan(tuple(updates), tuple(unchanged))


def _resolve_period(
    requested: NewUpdate, kind: KindSpec, name: str, deadline: date | None
) -> NewUpdate:
    """Return what happened with a new deadline that is a date: a period after the current one.

    Raises TransitionNotAllowed if there is no deadline to count from, or no such date.
    """
    period = requested.fields.get("deadline")
    if not isinstance(period, Span) or not applies_to(kind, requested.action):
        return requested
    if deadline is None:
        raise TransitionNotAllowed(
            name,
            requested.action,
            f"it has no deadline from which to count {period}",
            remedy=f"to count from today: socwatch extend {name} 'in {period}'; or give a date",
        )
    try:
        day = PartialDate.of_day(period.after(deadline))
    except OverflowError:
        reason = f"the calendar has no date {period} after {format_date(deadline)}"
        raise TransitionNotAllowed(name, requested.action, reason, remedy="give a date") from None
    return requested._replace(fields={**requested.fields, "deadline": day})


def plan_retraction(
    register: Register, target: Update, what: NewUpdate, new_id: Callable[[], str]
) -> Plan:
    """The update that takes another one back; none where that counts no more already.

    Raises TransitionNotAllowed if what remains on record could not follow without it; what could
    not follow before either is no reason.
    """
    finding = register.finding_by_id[target.finding]
    item = (finding.id, target.body or finding.bodies[0])
    counting = effective_updates(register.updates)
    if target.id not in {update.id for update in counting}:
        by = next(u for u in counting if u.action is Action.RETRACT and u.update == target.id)
        return Plan((), (AlreadyRecorded(item, by),))
    fresh = _free_id(new_id, {update.id for update in register.updates})
    taking_back = what._replace(fields={**what.fields, "update": target.id})
    update = _update(finding, target.body, taking_back, fresh)
    remaining = group_by_item(register, effective_updates([*register.updates, update]))[item]
    before = {
        each.id for each in _invalid(finding, ItemState(), group_by_item(register, counting)[item])
    }
    after = _invalid(finding, ItemState(), remaining)
    if invalid := next((each for each in after if each.id not in before), None):
        raise TransitionNotAllowed(
            item_id(finding, item[1]),
            f"undoing {target.id}",
            f"{_update_words(invalid)} is on record, and could not follow then",
            remedy=f"take that back first: socwatch undo {invalid.id}",
        )
    return Plan((update,), ())


def _update(finding: Finding, body: str | None, what: NewUpdate, identity: str) -> Update:
    # Not validated here: what it makes of the register is checked as a whole.
    return Update.model_construct(
        id=identity,
        finding=finding.id,
        body=body,
        action=what.action,
        on=what.on,
        recorded=what.recorded,
        **what.fields,
    )


def _first_invalid(finding: Finding, start: ItemState, updates: Sequence[Update]) -> Update | None:
    """Return the first update that may not follow the ones before it; None if all may."""
    return next(_invalid(finding, start, updates), None)


def _invalid(finding: Finding, start: ItemState, updates: Sequence[Update]) -> Iterator[Update]:
    """Yield the updates that may not follow the ones before them."""
    found = transitions(finding.kind, start, updates)
    return (each.update for each in found if not each.allowed)


def _update_words(update: Update) -> str:
    return f"{update.action} on {format_date(update.on)} ({update.id})"


def _may_be_typed(action: Action, kind: KindSpec, status: Status) -> bool:
    """Return whether an action that may follow has a command and an effect."""
    if action is Action.MUTE:
        return kind.tracked and status not in ENDED
    return action is not Action.RETRACT  # `undo` is about an update, not about an item


def _demand_allowed(finding: Finding, name: str, status: Status, action: Action) -> None:
    kind, allowed = KINDS[finding.kind], TRANSITIONS[finding.kind][status]
    if action in allowed and _may_be_typed(action, kind, status):
        return
    offered = [each for each in allowed if _may_be_typed(each, kind, status)]
    if not kind.tracked:
        reason = f"it is {kind.singular}, which asks nothing of anybody"
    elif applies_to(kind, action):
        reason = f"it is {status.replace('-', ' ')}"
        if status is ACTIONS[action].new_status:
            reason += " already, and what is on record stays as it is"
    else:
        reason = f"an {kind.singular} has no deadline"
    raise TransitionNotAllowed(name, action, reason, offered)


def _is_known(state: ItemState, before: Sequence[Transition], what: NewUpdate) -> bool:
    """Whether that is on record already of an item; by whom and why makes no other fact of it."""
    action, fields = what.action, what.fields
    new_status = ACTIONS[action].new_status
    match action:
        case Action.EXTEND:
            return bool(fields["deadline"].last == state.deadline)
        case Action.ASSIGN:
            return bool(_form(fields["owner"]) == _form(state.owner))
        case Action.MUTE:
            return bool(fields["until"] == state.muted_until)
    note, evidence = _form(fields.get("note")), _form(tuple(fields.get("evidence", ())))
    if new_status is not None:
        last = _last_word(before, action)
        told = {k: v for k, v in fields.items() if k not in {"by", "note", "evidence"}}
        same = all(_form(getattr(last, k, None)) == _form(v) for k, v in told.items())
        shown = {_form(entry) for each in before for entry in each.update.evidence}
        return state.status is new_status and same and shown.issuperset(evidence)
    return any(
        (u.action, u.on, _form(u.note), _form(u.evidence)) == (action, what.on, note, evidence)
        for u, *_ in before
    )


def _form(value: Any) -> Any:  # noqa: ANN401  # what fields hold
    """Return a field's value in the form in which two spellings of a text are equal."""
    match value:
        case str():
            return normalise(value)
        case tuple():
            return tuple(map(_form, value))
    return value


def _last_word(before: Sequence[Transition], action: Action) -> Update | None:
    """The last update that says what this action would: a status, an owner, a day."""
    new_status, mark = ACTIONS[action].new_status, _STATE_FIELD.get(action)
    for update, *_ in reversed(before):
        if mark is not None:
            says = getattr(update, mark) is not None
        elif new_status is not None:
            says = ACTIONS[update.action].new_status is not None
        else:
            says = update.action is action
        if says:
            return update
    return None


def _free_id(new_id: Callable[[], str], taken: set[str]) -> str:
    while (fresh := new_id()) in taken:
        pass
    taken.add(fresh)
    return fresh


def toml_row(update: Update) -> dict[str, Any]:
    """An update's fields as TOML has them, in the order of the file format, without empty ones."""
    row: dict[str, Any] = {}
    for name in FIELDS["updates"]:
        value = getattr(update, name)
        match value:
            case None | ():
                continue
            case PartialDate():
                row[name] = value.first if value.precision == "day" else str(value)
            case tuple():
                row[name] = list(value)
            case StrEnum():
                row[name] = value.value
            case _:
                row[name] = value
    return row
