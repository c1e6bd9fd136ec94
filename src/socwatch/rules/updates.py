"""Rules about updates: each may follow from what came before, and carries what its action needs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from socwatch.dates import today_in_london
from socwatch.errors import Problem
from socwatch.records import (
    ACTIONS,
    FIELDS,
    KINDS,
    MAY_ALWAYS_CARRY,
    Action,
    Finding,
    Outcome,
    Register,
    Status,
    Update,
    item_id,
)
from socwatch.rules.references import in_circles
from socwatch.tracking import TRANSITIONS, Transition, applies_to, histories

_ZONES = 1
"""How many days apart the dates of one moment are, at most, in two places on earth."""

_OF_EVERY_ACTION = frozenset(
    {"body", *MAY_ALWAYS_CARRY, *(f.name for f in FIELDS["updates"].values() if f.required)}
)
_USEFUL = {
    action: _OF_EVERY_ACTION.union(spec.required, spec.optional) for action, spec in ACTIONS.items()
}

_NEEDED = {action: frozenset(spec.required) for action, spec in ACTIONS.items()}


def carried_fields(register: Register) -> Iterator[Problem]:
    """An update carries what its action needs, and nothing that its action has no use for."""
    for index, update in enumerate(register.updates):
        # Only an outcome makes a difference to what an action needs and has a use for.
        carried = update.model_fields_set
        if update.outcome is None and _NEEDED[update.action] <= carried <= _USEFUL[update.action]:
            continue
        superseded = update.outcome is Outcome.SUPERSEDED
        must = ACTIONS[update.action].required + (("successor",) if superseded else ())
        for field in must:
            if getattr(update, field) is None:
                message = f"the action {update.action} needs {field}"
                remedy = f"add to it: {FIELDS['updates'][field].line}"
                yield Problem("update-lacks-field", ("updates", index, field), message, remedy)
        idle = carried - _USEFUL[update.action]
        if "successor" in carried and update.outcome and not superseded:
            idle |= {"successor"}
        for field in sorted(idle):
            message = f"the action {update.action} has no use for {field}"
            fitting = " or ".join(f'"{action}"' for action in Action if field in _USEFUL[action])
            remedy = f"take it out, or write action = {fitting}"
            if field in _USEFUL[update.action]:
                message = f"what is {update.outcome} has no use for {field}"
                remedy = f'take it out, or write outcome = "{Outcome.SUPERSEDED}"'
            yield Problem("update-field-not-allowed", ("updates", index, field), message, remedy)


def addressed_bodies(register: Register) -> Iterator[Problem]:
    """An update names a body that its finding is addressed to, where there are several."""
    only_bodies = register.only_bodies
    for index, update in enumerate(register.updates):
        if update.body is None and update.finding in only_bodies:
            continue
        finding = register.finding_by_id.get(update.finding)
        if finding is None:
            continue
        place = ("updates", index, "body")
        if update.body is None:
            message = f"{finding.id} has {len(finding.bodies)} bodies, and this does not say which"
            remedy = f"add to it: body = {_choice(finding)}"
            yield Problem("update-without-body", place, message, remedy)
        elif update.body in register.body_by_id and not register.is_addressed(
            finding.id, update.body
        ):
            message = f"{finding.id} is not addressed to {update.body!r}"
            remedy = f"write {_choice(finding)}"
            yield Problem("update-of-other-body", place, message, remedy)


_MOST_NAMED = 20
"""Bodies to choose from that a problem names: each update of a finding may have this problem."""


def _choice(finding: Finding) -> str:
    named = " or ".join(f'"{body}"' for body in finding.bodies[:_MOST_NAMED])
    return f"{named} or …" if len(finding.bodies) > _MOST_NAMED else named


def allowed_moves(register: Register) -> Iterator[Problem]:
    """An update may follow from the status in which the ones before it leave the item."""
    refused = [
        (finding, body, transition)
        for (finding, body), history in histories(register).items()
        for transition in history
        if not transition.allowed
    ]
    # By identity, because another update can have the same id.
    index_of = (
        {id(update): index for index, update in enumerate(register.updates)} if refused else {}
    )
    for name, body, transition in refused:
        finding = register.finding_by_id[name]
        place = ("updates", index_of[id(transition.update)], "action")
        message, remedy = _refusal(finding, item_id(finding, body), transition)
        yield Problem("update-not-allowed", place, message, remedy, about=f"life {finding.id}")


def _refusal(finding: Finding, name: str, transition: Transition) -> tuple[str, str]:
    kind, status, update = KINDS[finding.kind], transition.before.status, transition.update
    if not applies_to(kind, update.action):
        lacking = "deadline to extend" if kind.tracked else "status to change"
        message = f"{name} is of the kind {kind.singular}, which has no {lacking}"
        return message, 'take the update out, or write action = "note"'
    rows = TRANSITIONS[finding.kind]
    needed = " or ".join(_words(each) for each in rows if update.action in rows[each])
    choice = ", ".join(action for action in rows[status] if ACTIONS[action].new_status)
    message = (
        f"on {update.on}, the status of {name} was {_words(status)}; "
        f'"{update.action}" is only allowed when it is {needed}'
    )
    return message, f"what may follow is {choice}; mend action or on, or take the update out"


def _words(status: Status) -> str:
    return status.replace("-", " ")


def retractions(register: Register) -> Iterator[Problem]:
    """A retraction takes back another update of the same item, and none takes back itself."""
    named = {u.id: (u.update,) for u in register.updates if u.update is not None}
    circular = in_circles(named)
    for index, update in enumerate(register.updates):
        if update.action is not Action.RETRACT or update.update is None:
            continue
        place = ("updates", index, "update")
        target = register.update_by_id.get(update.update)
        if update.id in circular:
            message = "this retraction takes back itself, directly or by way of others"
            remedy = "name the update that was wrong"
            yield Problem("circular-retraction", place, message, remedy)
        elif target is not None and _item_of(register, target) != _item_of(register, update):
            message = f"{target.id} is about {_item(target)}, and this about {_item(update)}"
            remedy = "write the same finding and body as the update that it takes back"
            yield Problem(
                "retracts-other-item", place, message, remedy, about=f"updates {target.id}"
            )


def _item_of(register: Register, update: Update) -> tuple[str, str | None]:
    """The finding and the body that an update is about, the body being implied where it is one."""
    return update.finding, update.body or register.only_bodies.get(update.finding)


def _item(update: Update) -> str:
    return update.finding if update.body is None else f"{update.finding}@{update.body}"


def successors(register: Register) -> Iterator[Problem]:
    """Nothing is superseded by itself."""
    for index, update in enumerate(register.updates):
        if update.successor is not None and update.successor == update.finding:
            message = f"{update.finding} cannot take its own place"
            remedy = "name the finding that took its place"
            yield Problem("own-successor", ("updates", index, "successor"), message, remedy)


def update_dates(register: Register) -> Iterator[Problem]:
    """An update is written when it has happened; what it sets lies after what it rests on."""
    for index, update in enumerate(register.updates):
        on = update.on
        near = on.toordinal() >= update.recorded.toordinal() - _ZONES
        if near and on > _recorded_day(update):
            message = f"this happened on {on}, and was recorded on {_recorded_day(update)}"
            remedy = "compare on and recorded; what is still to come is not yet an update"
            yield Problem("update-before-its-day", ("updates", index, "on"), message, remedy)
        if update.until is not None and update.until < on:
            message = f"this holds until {update.until}, before it begins on {on}"
            remedy = "write the last day on which it holds"
            yield Problem("until-before-on", ("updates", index, "until"), message, remedy)
        if update.deadline is None:
            continue
        finding = register.finding_by_id.get(update.finding)
        inspection = register.inspection_by_id.get(finding.inspection) if finding else None
        if inspection and update.deadline.last < inspection.published:
            message = f"this deadline is before the report, published on {inspection.published}"
            remedy = "compare both dates with the source"
            place = ("updates", index, "deadline")
            yield Problem("deadline-before-publication", place, message, remedy)


def _recorded_day(update: Update) -> date:
    try:
        return today_in_london(update.recorded)
    except OverflowError:  # at the edges of the calendar; its year is reported as implausible
        return update.recorded.date()
