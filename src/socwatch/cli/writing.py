"""The edge of recording: who says so and when, asking first, the lock, and telling what is true."""

from __future__ import annotations

import contextlib
import getpass
import hashlib
import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import typer

from socwatch.checks import check
from socwatch.cli.choosing import choose, one_of
from socwatch.cli.order import Order
from socwatch.cli.session import Opened, open_register, register_path
from socwatch.cli.streams import write_out
from socwatch.dates import PartialDate, parse_day, parse_partial, today_in_london
from socwatch.errors import Ambiguous, ChangeInvalid, NotFound, RegisterChanged, UsageError
from socwatch.recording import Happening, Plan, plan, toml_row
from socwatch.records import ACTIONS, Action, Outcome, Register, Update, item_id
from socwatch.reports.items import STATUS_WORDS
from socwatch.reports.listing import update_words
from socwatch.reports.lookup import find_item
from socwatch.reports.status import standing_words
from socwatch.reports.table import count
from socwatch.store.append import Candidate, candidate, locked, write
from socwatch.tracking import Asked, Tracked, replay

_NEEDS = {
    "note": '--note "why"',
    "outcome": "--as superseded, not-accepted or no-longer-relevant",
    "successor": "--successor ID",
    "until": "--until DAY",
    "by": "--by NAME",
}


def record(
    order: Order, verb: str, fields: Mapping[str, Any], evidence: list[str] | None = None
) -> None:
    """Append an update of this action for every item of an order, or none at all.

    Raises UsageError, LookupFailed, RegisterError, Refused; then nothing was written.
    """
    action = Action(verb)
    now = datetime.now(UTC).replace(microsecond=0)
    today = today_in_london(now)
    on = parse_day(order.on, today=today) if order.on else today
    if on > today:
        message = f"{on} is still to come, and only what has happened is recorded"
        raise UsageError(message, remedy="name a day up to today with --on")
    path = register_path(order.ctx, order.records)
    seen = open_register(path)
    items = choose(seen.register, order, today)
    told = _fields(seen.register, order, action, fields, path, today)
    if evidence:
        told["evidence"] = tuple(_evidence(path, entry) for entry in evidence)

    def planned(register: Register) -> Plan:
        return plan(register, items, Happening(action, on, now, told), _new_id)

    first = planned(seen.register)
    if order.choice and first.updates and not order.yes and not order.dry_run:
        _ask(seen.register, first)
    _append(order, path, seen, planned, asked=bool(order.choice), today=today)


def undo(order: Order, named: str | None) -> None:
    """Append a retraction of the last update, or of the one named, and tell what is true again.

    Raises LookupFailed, RegisterError, Refused; then nothing was written.
    """
    now = datetime.now(UTC).replace(microsecond=0)
    today = today_in_london(now)
    path = register_path(order.ctx, order.records)
    seen = open_register(path)
    by = order.by or author(path)

    def planned(register: Register) -> Plan:
        target = _update(register, named)
        note = order.note or f"Taken back: {update_words(target)}."
        update = Update.model_construct(
            id=_new_id(),
            finding=target.finding,
            body=target.body,
            action=Action.RETRACT,
            on=today,
            by=by,
            note=note,
            update=target.id,
            recorded=now,
        )
        return Plan((update,), ())

    _append(order, path, seen, planned, asked=False, today=today)


def _new_id() -> str:
    return f"u-{secrets.token_hex(4)}"


def _append(
    order: Order,
    path: Path,
    seen: Opened,
    planned: Callable[[Register], Plan],
    *,
    asked: bool,
    today: date,
) -> None:
    if order.dry_run:
        made = planned(seen.register)
        write_out(_proved(seen, made).block if made.updates else _unchanged(made))
        return
    with locked(path, wait=order.wait) as target:
        now = open_register(path)
        if asked and now.loaded.content != seen.loaded.content:
            raise RegisterChanged(str(path))
        made = planned(now.register)
        after = now.register
        if made.updates:
            found = _proved(now, made)
            write(found, target)
            after = found.after.register or after
    write_out(_told(now.register, after, made, today))


def _proved(before: Opened, made: Plan) -> Candidate:
    """The register with the plan's updates added. Raises ChangeInvalid if it has faults then."""
    found = candidate(before.loaded, "updates", [toml_row(update) for update in made.updates])
    register = found.after.register
    faults = found.after.faults(check(register) if register is not None else ())
    if faults:
        raise ChangeInvalid(faults[0].problem)
    return found


def _ask(register: Register, made: Plan) -> None:
    lines = [f"  {_name(register, update)}: {update_words(update)}" for update in made.updates]
    write_out("\n".join([f"{count(len(lines), 'update')} to record:", *lines]) + "\n")
    if sys.stdin is None or not sys.stdin.isatty():
        message = "nobody is there to confirm this"
        raise UsageError(message, remedy="look at it with --dry-run, then add --yes")
    typer.confirm("Record this?", abort=True)


def _fields(
    register: Register,
    order: Order,
    action: Action,
    fields: Mapping[str, Any],
    path: Path,
    today: date,
) -> dict[str, Any]:
    told: dict[str, Any] = {name: value for name, value in fields.items() if value is not None}
    if "deadline" in told:
        typed = told["deadline"]
        told["deadline"] = parse_partial(typed) or PartialDate.of_day(parse_day(typed, today=today))
    if "until" in told:
        told["until"] = parse_day(told["until"], today=today)
    if "outcome" in told:
        told["outcome"] = Outcome(one_of("--as", told["outcome"], Outcome))
    if "successor" in told:
        told["successor"] = find_item(register, told["successor"])[0].id
    if order.note:
        told["note"] = order.note
    told["by"] = order.by or author(path)
    must = ACTIONS[action].must_carry
    if told.get("outcome") is Outcome.SUPERSEDED:
        must = (*must, "successor")
    missing = [name for name in must if name not in told]
    if missing:
        message = f"{action} needs {' and '.join(missing)}"
        raise UsageError(message, remedy=f"add {' '.join(_NEEDS[name] for name in missing)}")
    return told


def _evidence(path: Path, entry: str) -> str:
    """An address as it is; a file by its path from the register, with the digest of its bytes."""
    if "://" in entry:
        return entry
    try:
        digest = hashlib.sha256(Path(entry).read_bytes()).hexdigest()
    except OSError as error:
        message = f"the evidence {entry} cannot be read: {error.strerror}"
        raise UsageError(message, remedy="name a file that is there, or an address") from None
    folder = Path(os.path.realpath(path)).parent
    relative = os.path.relpath(os.path.realpath(entry), folder)
    return f"{Path(relative).as_posix()}#sha256={digest}"


def author(path: Path) -> str:
    """Who is at work: git's user name where the register is, else the login name."""
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        folder = Path(os.path.realpath(path)).parent
        asked = subprocess.run(
            ["git", "config", "user.name"],  # noqa: S607  # from wherever this machine has it
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=5,
            check=False,
        )
        if name := asked.stdout.strip():
            return name
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container whose user has no name
        message = "nobody knows who you are here"
        raise UsageError(message, remedy="say it: --by NAME") from None


def _update(register: Register, named: str | None) -> Update:
    if named is None:
        if register.updates:
            return register.updates[-1]
        kind = "update"
        raise NotFound(kind, "the last", ())
    matches = [u for u in register.updates if u.id == named]
    matches = matches or [u for u in register.updates if u.id.startswith(named)]
    if len(matches) > 1:
        raise Ambiguous(named, [update.id for update in matches])
    if not matches:
        kind = "update"
        ids = [update.id for update in register.updates]
        raise NotFound(kind, named, get_close_matches(named, ids, n=3))
    return matches[0]


def _name(register: Register, update: Update) -> str:
    finding = register.finding_by_id[update.finding]
    return item_id(finding, update.body or finding.bodies[0])


def _unchanged(made: Plan) -> str:
    return "".join(f"{name}: on record already, nothing to write\n" for name in made.unchanged)


def _told(before: Register, after: Register, made: Plan, today: date) -> str:
    """What was recorded, then what is true now of every body that it touched."""
    were = {item.id: item for item in replay(before, today)}
    are = {item.id: item for item in replay(after, today)}
    lines = []
    for update in made.updates:
        name = _name(after, update)
        lines.append(f"{name}: {update_words(update)}{_moved(were.get(name), are.get(name))}")
    bodies = dict.fromkeys(
        update.body or after.finding_by_id[update.finding].bodies[0] for update in made.updates
    )
    lines += [standing_words(after, body, Asked(today)) for body in bodies]
    return _unchanged(made) + "".join(f"{line}\n" for line in lines)


def _moved(was: Tracked | None, now: Tracked | None) -> str:
    if was is None or now is None or was.status is None or now.status is None:
        return ""
    if was.status is now.status:
        return f" (it is {STATUS_WORDS[now.status]})"
    return f" (it was {STATUS_WORDS[was.status]}, and is {STATUS_WORDS[now.status]})"
