"""What a command would write down: an update for each item that it moves, or why it may not.

Pure: it takes a register and gives back the updates to append. Nothing is written here, and what
comes of it is still checked as a whole before it is written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from socwatch.characters import normalise
from socwatch.dates import PartialDate, last_day, spoken_day
from socwatch.errors import MoveNotAllowed
from socwatch.records import (
    ACTIONS,
    FIELDS,
    KINDS,
    Action,
    Finding,
    Register,
    Status,
    Update,
    item_id,
)
from socwatch.tracking import by_item, next_status, standing

Item = tuple[str, str]
"""An item by the ids of its finding and its body."""


class Known(NamedTuple):
    """An item of which that is on record already which was to be recorded."""

    item: Item
    update: Update | None
    """The update that says so; None where it is so without one."""


class Plan(NamedTuple):
    """What is to be appended, and the items of which that was true already."""

    updates: tuple[Update, ...]
    unchanged: tuple[Known, ...]
    """The items for which nothing has to be written, in the order asked."""


class Happening(NamedTuple):
    """What happened, and when: all that the updates of one command have in common."""

    action: Action
    on: date
    recorded: datetime
    fields: Mapping[str, Any]
    """What else the updates carry, by the names of the file format."""


_MARKS: Mapping[Action, str] = MappingProxyType(
    {Action.EXTEND: "deadline", Action.ASSIGN: "owner", Action.MUTE: "until"}
)
"""The field that holds what an action leaves behind, for those that leave the status as it is."""


def plan(
    register: Register, items: Sequence[Item], what: Happening, new_id: Callable[[], str]
) -> Plan:
    """The updates that record what happened to each of these items.

    An item of which it is true already gets none: doing a thing twice changes nothing. Raises
    MoveNotAllowed if the action may not follow for one of the items, or if what is on record
    for later days could not follow from it; then none gets any.
    """
    history = by_item(register, standing(register.updates))
    taken = {update.id for update in register.updates}
    updates: list[Update] = []
    unchanged: list[Known] = []
    for key in dict.fromkeys(items):
        finding = register.finding_by_id[key[0]]
        name = item_id(finding, key[1])
        ours = history.get(key, ())
        before = [update for update in ours if update.on <= what.on]
        _demand_kind(finding, name, what.action)
        if _is_known(register, finding, before, what):
            unchanged.append(Known(key, _last_word(before, what.action)))
            continue
        _demand_status(name, status_after(before), what.action)
        update = _update(
            finding, key[1] if len(finding.bodies) > 1 else None, what, _free_id(new_id, taken)
        )
        if stuck := _first_stuck([*before, update, *ours[len(before) :]]):
            raise MoveNotAllowed(
                name,
                what.action,
                f"{_spoken(stuck)} is on record, and could not follow",
                remedy=f"name a later day with --on, or take that back: socwatch undo {stuck.id}",
            )
        updates.append(update)
    return Plan(tuple(updates), tuple(unchanged))


def plan_retraction(
    register: Register, target: Update, what: Happening, new_id: Callable[[], str]
) -> Plan:
    """The update that takes another one back; none where that counts no more already.

    Raises MoveNotAllowed if what remains on record could not follow without it.
    """
    finding = register.finding_by_id[target.finding]
    item = (finding.id, target.body or finding.bodies[0])
    counting = standing(register.updates)
    if target.id not in {update.id for update in counting}:
        by = next(u for u in counting if u.action is Action.RETRACT and u.update == target.id)
        return Plan((), (Known(item, by),))
    fresh = _free_id(new_id, {update.id for update in register.updates})
    taking_back = what._replace(fields={**what.fields, "update": target.id})
    update = _update(finding, target.body, taking_back, fresh)
    remaining = standing([*register.updates, update])
    if stuck := _first_stuck(by_item(register, remaining)[item]):
        raise MoveNotAllowed(
            item_id(finding, item[1]),
            f"undoing {target.id}",
            f"{_spoken(stuck)} is on record, and could not follow then",
            remedy=f"take that back first: socwatch undo {stuck.id}",
        )
    return Plan((update,), ())


def status_after(updates: Sequence[Update]) -> Status:
    """The status in which updates leave an item, those that may not follow left out."""
    status = Status.OPEN
    for update in updates:
        status = next_status(status, update.action) or status
    return status


def _update(finding: Finding, body: str | None, what: Happening, identity: str) -> Update:
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


def _first_stuck(updates: Sequence[Update]) -> Update | None:
    """The first update that may not follow from the ones before it."""
    status = Status.OPEN
    for update in updates:
        after = next_status(status, update.action)
        if after is None:
            return update
        status = after
    return None


def _spoken(update: Update) -> str:
    return f"{update.action} on {spoken_day(update.on)} ({update.id})"


def _demand_kind(finding: Finding, name: str, action: Action) -> None:
    kind, spec = KINDS[finding.kind], ACTIONS[action]
    if not kind.tracked and (spec.gives is not None or action is Action.EXTEND):
        reason = f"it is {kind.singular}, which asks nothing of anybody"
        raise MoveNotAllowed(name, action, reason, [Action.NOTE, Action.CHECKED])
    if action is Action.EXTEND and not kind.may_be_overdue:
        reason = f"an {kind.singular} has no deadline"
        raise MoveNotAllowed(name, action, reason, [Action.NOTE, Action.ASSIGN])


def _demand_status(name: str, status: Status, action: Action) -> None:
    if status in ACTIONS[action].after:
        return
    reason = f"it is {status.replace('-', ' ')}"
    if status is ACTIONS[action].gives:
        reason += " already, and what is on record stays as it is"
    # Of those that may follow from anywhere, one says enough.
    moves = [move for move, spec in ACTIONS.items() if len(spec.after) < len(Status)]
    allowed = [move for move in moves if status in ACTIONS[move].after]
    raise MoveNotAllowed(name, action, reason, [*allowed, Action.NOTE])


def _is_known(
    register: Register, finding: Finding, before: Sequence[Update], what: Happening
) -> bool:
    """Whether that is on record already of an item; by whom and why makes no other fact of it."""
    action, fields = what.action, what.fields
    gives, mark = ACTIONS[action].gives, _MARKS.get(action)
    last = _last_word(before, action)
    if action is Action.EXTEND:
        return bool(fields["deadline"].last == _deadline(register, finding, last))
    if mark is not None:
        return last is not None and _form(getattr(last, mark)) == _form(fields[mark])
    shown = {_form(entry) for update in before for entry in update.evidence}
    if gives is not None:
        told = {k: v for k, v in fields.items() if k not in {"by", "note", "evidence"}}
        same = all(_form(getattr(last, k, None)) == _form(v) for k, v in told.items())
        return status_after(before) is gives and same and shown.issuperset(_form(_evidence(fields)))
    note, evidence = _form(fields.get("note")), _form(_evidence(fields))
    return any(
        (u.action, u.on, _form(u.note), _form(u.evidence)) == (action, what.on, note, evidence)
        for u in before
    )


def _form(value: Any) -> Any:  # noqa: ANN401  # what fields hold
    """Return a field's value in the form in which two spellings of a text are equal."""
    match value:
        case str():
            return normalise(value)
        case tuple():
            return tuple(map(_form, value))
    return value


def _evidence(fields: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(fields.get("evidence", ()))


def _deadline(register: Register, finding: Finding, last: Update | None) -> date | None:
    """The last day in time that is in force after the last extension."""
    if last is not None and last.deadline is not None:
        return last.deadline.last
    if finding.deadline is None:
        return None
    published = register.inspection_by_id[finding.inspection].published
    return last_day(finding.deadline, published=published)


def _last_word(before: Sequence[Update], action: Action) -> Update | None:
    """The last update that says what this action would: a status, an owner, a day."""
    gives, mark = ACTIONS[action].gives, _MARKS.get(action)
    for update in reversed(before):
        if mark is not None:
            says = getattr(update, mark) is not None
        elif gives is not None:
            says = ACTIONS[update.action].gives is not None
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
