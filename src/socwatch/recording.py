"""What a command would write down: an update for each item that it moves, or why it may not.

Pure: it takes a register and gives back the updates to append. Nothing is written here, and what
comes of it is still checked as a whole before it is written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from socwatch.dates import PartialDate
from socwatch.errors import MoveNotAllowed
from socwatch.records import ACTIONS, KINDS, Action, Finding, Register, Status, Update, item_id
from socwatch.tracking import by_item, next_status, standing

_LINES = tuple(Update.model_fields)

Item = tuple[str, str]
"""An item by the ids of its finding and its body."""


class Plan(NamedTuple):
    """What is to be appended, and the items of which that was true already."""

    updates: tuple[Update, ...]
    unchanged: tuple[str, ...]
    """The ids of items for which nothing has to be written, in the order asked."""


class Happening(NamedTuple):
    """What happened, and when: all that the updates of one command have in common."""

    action: Action
    on: date
    recorded: datetime
    fields: Mapping[str, Any]
    """What else the updates carry, by the names of the file format."""


def plan(
    register: Register, items: Sequence[Item], what: Happening, new_id: Callable[[], str]
) -> Plan:
    """The updates that record what happened to each of these items.

    An item of which it is true already gets none: doing a thing twice changes nothing. Raises
    MoveNotAllowed if the action may not follow for one of the items; then none gets any.
    """
    history = by_item(register, standing(register.updates))
    taken = {update.id for update in register.updates}
    updates: list[Update] = []
    unchanged: list[str] = []
    for key in dict.fromkeys(items):
        finding = register.finding_by_id[key[0]]
        name = item_id(finding, key[1])
        before = [update for update in history.get(key, ()) if update.on <= what.on]
        _demand_allowed(finding, name, before, what.action)
        if _is_true_already(before, what):
            unchanged.append(name)
            continue
        updates.append(
            # Not validated here: what it makes of the register is checked as a whole.
            Update.model_construct(
                id=_free_id(new_id, taken),
                finding=finding.id,
                body=key[1] if len(finding.bodies) > 1 else None,
                action=what.action,
                on=what.on,
                recorded=what.recorded,
                **what.fields,
            )
        )
    return Plan(tuple(updates), tuple(unchanged))


def status_after(updates: Sequence[Update]) -> Status:
    """The status in which updates leave an item, those that may not follow left out."""
    status = Status.OPEN
    for update in updates:
        status = next_status(status, update.action) or status
    return status


def _demand_allowed(finding: Finding, name: str, before: Sequence[Update], action: Action) -> None:
    kind, spec = KINDS[finding.kind], ACTIONS[action]
    if not kind.tracked and (spec.gives is not None or action is Action.EXTEND):
        reason = f"it is {kind.singular}, which asks nothing of anybody"
        raise MoveNotAllowed(name, action, reason, [Action.NOTE, Action.CHECKED])
    if action is Action.EXTEND and not kind.may_be_overdue:
        reason = f"an {kind.singular} has no deadline"
        raise MoveNotAllowed(name, action, reason, [Action.NOTE, Action.ASSIGN])
    status = status_after(before)
    if status in spec.after or status is spec.gives:
        return
    allowed = [other for other, after in ACTIONS.items() if status in after.after and after.gives]
    raise MoveNotAllowed(name, action, f"it is {status.replace('-', ' ')}", allowed)


def _is_true_already(before: Sequence[Update], what: Happening) -> bool:
    gives = ACTIONS[what.action].gives
    if gives is not None and status_after(before) is not gives:
        return False
    if gives is not None and what.action is not Action.CLOSE:
        return True
    last = next((update for update in reversed(before) if update.action is what.action), None)
    # What is only said along with it (by whom, why) makes no other fact of it.
    telling = {k: v for k, v in what.fields.items() if k not in {"by", "note"}}
    if not telling:
        telling = {"note": what.fields.get("note"), "on": what.on}
    return last is not None and all(getattr(last, k) == v for k, v in telling.items())


def _free_id(new_id: Callable[[], str], taken: set[str]) -> str:
    while (fresh := new_id()) in taken:
        pass
    taken.add(fresh)
    return fresh


def toml_row(update: Update) -> dict[str, Any]:
    """An update's fields as TOML has them, in the order of the file format, without empty ones."""
    row: dict[str, Any] = {}
    for name in _LINES:
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
