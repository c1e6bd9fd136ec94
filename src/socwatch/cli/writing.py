"""The edge of recording: who says so and when, asking first, the lock, and telling what is true."""

from __future__ import annotations

import contextlib
import getpass
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
from socwatch.cli.evidence import kept
from socwatch.cli.order import Order
from socwatch.cli.session import Opened, open_register, register_path
from socwatch.cli.streams import write_out
from socwatch.dates import PartialDate, parse_day, parse_partial, today_in_london
from socwatch.errors import (
    Ambiguous,
    ChangeInvalid,
    LookupFailed,
    NotFound,
    OutputRefused,
    RegisterChanged,
    UsageError,
)
from socwatch.recording import Happening, Known, Plan, plan, plan_retraction, toml_row
from socwatch.records import ACTIONS, Action, Outcome, Register, Update, item_id
from socwatch.render.text import visible
from socwatch.reports.items import STATUS_WORDS
from socwatch.reports.listing import update_words
from socwatch.reports.lookup import find_item
from socwatch.reports.status import standing_words
from socwatch.reports.table import count, spoken
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
    order: Order,
    verb: str,
    fields: Mapping[str, str | None],
    evidence: list[str] | None = None,
) -> None:
    """Append an update of this action for every item of an order, or none at all.

    Raises UsageError, LookupFailed, RegisterError, Refused; then nothing was written.
    """
    action = Action(verb)
    now = datetime.now(UTC).replace(microsecond=0)
    today = today_in_london(now)
    on = parse_day(order.on, today=today) if order.on is not None else today
    if on > today:
        message = f"{on} is still to come, and only what has happened is recorded"
        raise UsageError(message, remedy="name a day up to today with --on")
    path = register_path(order.ctx, order.records)
    seen = open_register(path)
    by = _given("--by", order.by) if order.by is not None else None
    if by is None and "by" not in ACTIONS[action].must_carry:
        by = author(path)  # but nobody else's word is ever given for the one who records it
    told = _fields(order, action, fields, by, today)
    if evidence is not None:
        told["evidence"] = tuple(dict.fromkeys(_evidence(path, entry) for entry in evidence))

    def planned(register: Register) -> Plan:
        items = choose(register, order, today)
        carried = dict(told)
        if "successor" in told:
            carried["successor"] = find_item(register, told["successor"])[0].id
        return plan(register, items, Happening(action, on, now, carried), _new_id)

    first = planned(seen.register)
    asks = bool(order.choice and first.updates) and not (order.yes or order.dry_run)
    if asks and not _agreed(seen.register, first):
        write_out("Nothing was written.\n")
        return
    _append(order, path, seen, planned, shown=asks, today=today)


def undo(order: Order, named: str | None) -> None:
    """Append a retraction of the last update, or of the one named, and tell what is true again.

    Raises LookupFailed, RegisterError, Refused; then nothing was written.
    """
    now = datetime.now(UTC).replace(microsecond=0)
    today = today_in_london(now)
    path = register_path(order.ctx, order.records)
    seen = open_register(path)
    by = author(path) if order.by is None else _given("--by", order.by)
    # Somebody may add an update while this run waits for the lock: that one is not meant.
    meant = _update(seen.register, named).id

    def planned(register: Register) -> Plan:
        target = _update(register, meant)
        note = f"Taken back: {update_words(target)}."
        if order.note is not None:
            note = _given("--note", order.note)
        what = Happening(Action.RETRACT, today, now, {"by": by, "note": note})
        return plan_retraction(register, target, what, _new_id)

    _append(order, path, seen, planned, shown=False, today=today)


def _new_id() -> str:
    return f"u-{secrets.token_hex(4)}"


def _append(
    order: Order,
    path: Path,
    seen: Opened,
    planned: Callable[[Register], Plan],
    *,
    shown: bool,
    today: date,
) -> None:
    if order.dry_run:
        made = planned(seen.register)
        lines = _proved(seen, made).block if made.updates else ""
        write_out(lines or _unchanged(seen.register, made, order))
        return
    with locked(path, wait=order.wait) as target:
        now = open_register(path)
        if shown and now.loaded.content != seen.loaded.content:
            raise RegisterChanged(str(path))
        made = planned(now.register)
        after = now.register
        if made.updates:
            found = _proved(now, made)
            write(found, target)
            after = found.after.register or after
    try:
        write_out(_unchanged(after, made, order) + _told(now.register, after, made, today))
    except OutputRefused as error:
        if not made.updates:
            raise
        message = f"all of it is recorded, but {error}"
        raise OutputRefused(message, remedy="to see it: socwatch log") from None


def _proved(before: Opened, made: Plan) -> Candidate:
    """The register with the plan's updates added. Raises ChangeInvalid if it has faults then."""
    found = candidate(before.loaded, "updates", [toml_row(update) for update in made.updates])
    register = found.after.register
    faults = found.after.faults(check(register) if register is not None else ())
    if faults:
        raise ChangeInvalid(faults[0].problem)
    return found


def _agreed(register: Register, made: Plan) -> bool:
    """Whether somebody who was shown what would be recorded agrees to it."""
    items = ((_name(register, update), update_words(update)) for update in made.updates)
    lines = [f"  {visible(name)}: {visible(words)}" for name, words in items]
    write_out("\n".join([f"{count(len(lines), 'update')} to record:", *lines]) + "\n")
    if sys.stdin is None or not sys.stdin.isatty():
        message = "nobody is there to confirm this; nothing was written"
        raise UsageError(message, remedy="look at it with --dry-run, then add --yes")
    return typer.confirm("Record this?")


def _fields(
    order: Order, action: Action, fields: Mapping[str, str | None], by: str | None, today: date
) -> dict[str, Any]:
    """What the updates carry, a successor still as it was typed. Raises UsageError."""
    typed = {**fields, "note": order.note, "by": by}
    told: dict[str, Any] = {
        name: _given(f"--{name}", text) for name, text in typed.items() if text is not None
    }
    must = ACTIONS[action].must_carry
    if "deadline" in told:
        day = told["deadline"]
        told["deadline"] = parse_partial(day) or PartialDate.of_day(parse_day(day, today=today))
    if "until" in told:
        told["until"] = parse_day(told["until"], today=today)
    if "outcome" in told:
        told["outcome"] = Outcome(one_of("--as", told["outcome"], Outcome))
        if told["outcome"] is Outcome.SUPERSEDED:
            must = (*must, "successor")
        elif "successor" in told:
            message = f"what is closed as {told['outcome'].replace('-', ' ')} has no successor"
            raise UsageError(message, remedy="take out --successor, or close --as superseded")
    missing = [name for name in must if name not in told]
    if missing:
        message = f"{action} needs {' and '.join(missing)}"
        raise UsageError(message, remedy=f"add {' '.join(_NEEDS[name] for name in missing)}")
    return told


def _given(option: str, text: str) -> str:
    """A text as it was typed. Raises UsageError if it says nothing."""
    if not text.strip():
        message = f"{option} is empty"
        raise UsageError(message, remedy="fill it in, or leave it out")
    return text


def _evidence(path: Path, entry: str) -> str:
    try:
        return kept(path, _given("--evidence", entry))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        message = f"the evidence {entry} cannot be read: {reason}"
        raise UsageError(message, remedy="name a file that is there, or an address") from None


def author(path: Path) -> str:
    """Who is at work: git's user name where the register is, else the login name."""
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        folder = Path(os.path.realpath(path)).parent
        asked = subprocess.run(
            ["git", "config", "user.name"],  # noqa: S607  # from wherever this machine has it
            cwd=folder,
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",
            timeout=5,
            check=False,
        )
        if name := asked.stdout.strip():
            return name
    try:
        return getpass.getuser()
    except (ImportError, KeyError, OSError):  # a container whose user has no name
        message = "nobody knows who you are here"
        raise UsageError(message, remedy="say it: --by NAME") from None


def _update(register: Register, named: str | None) -> Update:
    if named is None:
        if register.updates:
            return register.updates[-1]
        message = "the register holds no update to take back"
        raise LookupFailed(message, remedy="see: socwatch log")
    matches = [u for u in register.updates if u.id == named]
    matches = matches or [u for u in register.updates if named and u.id.startswith(named)]
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


def _unchanged(register: Register, made: Plan, order: Order) -> str:
    return "".join(f"{visible(_known(register, known, order))}\n" for known in made.unchanged)


def _known(register: Register, known: Known, order: Order) -> str:
    """Why nothing is to be recorded of an item, and where to put what is new all the same."""
    name = item_id(register.finding_by_id[known.item[0]], known.item[1])
    update = known.update
    if update is None:
        # From the start an item is open, and its deadline is the finding's own.
        so = "that is its deadline" if order.ctx.info_name == "extend" else "it is open"
        words = f"{name}: {so} already"
    elif update.action is Action.RETRACT:
        words = f"{name}: {update.update} is taken back already, by {update.id}"
    else:
        words = f"{name}: {update_words(update)} on {spoken(update.on)} already ({update.id})"
    if order.note in {None, update.note if update is not None else None}:
        return f"{words}; nothing to write"
    return f"{words}; the note was not written; to write it: socwatch note {name} --note …"


def _told(before: Register, after: Register, made: Plan, today: date) -> str:
    """What was recorded, then what is true now of every body that the command was about."""
    were = {item.id: item for item in replay(before, today)}
    are = {item.id: item for item in replay(after, today)}
    lines = []
    for update in made.updates:
        name = _name(after, update)
        lines.append(f"{name}: {update_words(update)}{_moved(were.get(name), are.get(name))}")
    bodies = [u.body or after.finding_by_id[u.finding].bodies[0] for u in made.updates]
    bodies += [known.item[1] for known in made.unchanged]
    lines += [standing_words(after, body, Asked(today)) for body in dict.fromkeys(bodies)]
    if not lines:
        lines = ["No item agrees with all of that: nothing to write"]
    return "".join(f"{visible(line)}\n" for line in lines)


def _moved(was: Tracked | None, now: Tracked | None) -> str:
    if was is None or now is None or was.status is None or now.status is None:
        return ""
    if was.status is now.status:
        return f" (it is {STATUS_WORDS[now.status]})"
    return f" (it was {STATUS_WORDS[was.status]}, and is {STATUS_WORDS[now.status]})"
