"""The edge of recording: who says so and when, asking first, the lock, and telling what is true."""

from __future__ import annotations

import contextlib
import getpass
import os
import secrets
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import typer

from socwatch.characters import normalise
from socwatch.cli.appending import build_candidate, tell_recorded, validated_undo
from socwatch.cli.clock import time_to_record, warn_if_behind
from socwatch.cli.copies import warn_of_copies_beside
from socwatch.cli.filters import one_of
from socwatch.cli.options import RegisterOptions
from socwatch.cli.programs import find_program
from socwatch.cli.record.selection import file_of_items, first_words, select_items
from socwatch.cli.record.update_request import UpdateRequest
from socwatch.cli.registers import register_path
from socwatch.cli.session import (
    Opened,
    command_for,
    open_register,
    open_to_undo,
)
from socwatch.cli.streams import can_prompt, wrap_lines, write_out
from socwatch.dates import today_in_london
from socwatch.errors import (
    LastRecordNotUpdate,
    LookupFailed,
    NotFound,
    RegisterChanged,
    UsageError,
)
from socwatch.evidence import evidence_entry
from socwatch.lookup import find_recordable, find_recordable_item, find_update
from socwatch.recording import AlreadyRecorded, NewUpdate, Plan, plan, plan_retraction, toml_row
from socwatch.records import (
    ACTIONS,
    Action,
    Outcome,
    Register,
    Update,
    item_id,
)
from socwatch.render.text import escape_invisible
from socwatch.reports.items import STATUS_WORDS
from socwatch.reports.log import update_words
from socwatch.reports.status import left_open_words, standing_words
from socwatch.reports.table import count, format_value
from socwatch.store.append import Candidate, write
from socwatch.store.discovery import expand_home
from socwatch.store.lock import hold_lock
from socwatch.store.syntax import last_table
from socwatch.tracking import ENDED, TrackedItem, replay
from socwatch.typed_dates import parse_date, parse_day, parse_period

_NEEDS = {
    "note": ("--note (the reason)", '--note "reason"'),
    "outcome": (
        "--outcome (superseded, not-accepted or no-longer-relevant)",
        "--outcome not-accepted",
    ),
    "successor": ("--successor (the finding that replaces it)", "--successor ID"),
    "until": ("--until (the last day without alerts)", "--until 2027-03-31"),
}
"""What an action requires: the option with its meaning, and an example of it."""

_WHO = {
    Action.SIGN_OFF: (
        "who in the inspectorate accepted it",
        "Who in the inspectorate accepted it?",
    ),
    Action.EXTEND: ("who agreed to it", "Who agreed to the new deadline?"),
}
"""Whose word an update is that is never taken for the word of whoever records it."""

_BEHIND_IDS = {
    Action.EXTEND: ("to which day", "2027-03-31"),
    Action.ASSIGN: ("to whom", '"A. Officer"'),
}
"""What stands behind the ids, where an action wants more than ids."""


class UpdateFields(NamedTuple):
    """What an update carries beyond that, as it was typed; each action has some of these."""

    owner: str | None = None
    deadline: str | None = None
    outcome: str | None = None
    successor: str | None = None
    until: str | None = None
    evidence: list[str] | None = None


class _Run(NamedTuple):
    """A run that records: what it is asked for, of which register, and on which day."""

    request: UpdateRequest
    action: Action
    path: Path
    today: date
    deadline: str = ""
    """The new deadline as it was typed: a date, or a period."""
    several: bool = False
    """Whether several registers were named, so that the answer says which one was written to."""


def record(
    register: RegisterOptions, request: UpdateRequest, verb: str, fields: UpdateFields
) -> None:
    """Append an update of this action for every item of a request, or none at all.

    Raises UsageError, LookupFailed, RegisterError, Refused; then nothing was written.
    """
    action = Action(verb)
    today = today_in_london(datetime.now(UTC))
    path, several = file_of_items(register, request, today)
    seen = open_register(path)
    # First, because with a clock that is behind, a day of the past may seem to be to come.
    time_to_record(seen, clock_is_right=request.clock_is_right)
    on = _day(request.on, today)
    _demand_ids(request, action, fields, seen.register)
    values = _fields(request, action, fields, today)
    if fields.evidence is not None:
        entries = (_evidence(path, entry) for entry in fields.evidence)
        values["evidence"] = tuple(dict.fromkeys(entries))
    if "by" not in values and action in _WHO:
        select_items(seen.register, request, today)  # Nobody is asked about what is not there.
        values["by"] = _asked_who(action)
    values.setdefault("by", None)
    values["by"] = values["by"] or author(path)

    def make_plan(before: Opened) -> Plan:
        register = before.register
        items = select_items(register, request, today).items
        carried = dict(values)
        if "successor" in values:
            successor = find_recordable_item(register, values["successor"], can_ask=can_prompt())
            carried["successor"] = successor.record.id
        recorded = time_to_record(before, clock_is_right=request.clock_is_right)
        return plan(register, items, NewUpdate(action, on, recorded, carried), _new_id)

    first = make_plan(seen)
    selection = select_items(seen.register, request, today)
    unsure = selection.grouped or (bool(selection.echo) and can_prompt())
    asks = unsure and bool(first.updates) and not (request.yes or request.dry_run)
    if asks and not _ask_to_agree(seen.register, first, len(selection.items), today):
        write_out("Nothing was written.\n")
        return
    run = _Run(request, action, path, today, fields.deadline or "", several)
    _append(run, seen, make_plan, shown=asks, echo=selection.echo)


def _day(typed: str | None, today: date) -> date:
    """Return the date on which something happened, today unless another was typed."""
    on = parse_day(typed, today=today) if typed is not None else today
    if on > today:
        message = f"{on} is still to come, and only what has happened is recorded"
        raise UsageError(message, remedy="name a day up to today with --on")
    return on


def undo(register: RegisterOptions, request: UpdateRequest, named: str | None) -> None:
    """Append a retraction of the last update, or of the one named, and tell what is true again.

    Raises LookupFailed, RegisterError, Refused; then nothing was written.
    """
    today = today_in_london(datetime.now(UTC))
    path = register_path(register)
    seen = open_to_undo(path)
    by = author(path) if request.by is None else _require_text("--by", request.by)
    # Somebody may add an update while this run waits for the lock: that one is not meant.
    meant = _update(seen.register, named).id
    last = last_table(seen.loaded.syntax.text)
    if named is None and last != "updates":
        raise LastRecordNotUpdate(last or "updates", meant, str(path))

    def make_plan(before: Opened) -> Plan:
        target = _update(before.register, meant)
        note = f"Taken back: {update_words(target)}."
        if request.note is not None:
            note = _require_text("--note", request.note)
        recorded = time_to_record(before, clock_is_right=request.clock_is_right)
        what = NewUpdate(Action.RETRACT, today, recorded, {"by": by, "note": note})
        return plan_retraction(before.register, target, what, _new_id)

    _append(_Run(request, Action.RETRACT, path, today), seen, make_plan, shown=False)


def _new_id() -> str:
    return f"u-{secrets.token_hex(4)}"


def _append(
    run: _Run,
    seen: Opened,
    make_plan: Callable[[Opened], Plan],
    *,
    shown: bool,
    echo: Sequence[str] = (),
) -> None:
    path = run.path
    if run.request.dry_run:
        made = make_plan(seen)
        lines = _validate(run, seen, made).block if made.updates else ""
        write_out(lines or wrap_lines(_unchanged_words(seen.register, made, run)))
        return
    with hold_lock(path) as target:
        now = open_to_undo(path) if run.action is Action.RETRACT else open_register(path)
        if shown and now.loaded.content != seen.loaded.content:
            raise RegisterChanged(str(path))
        made = make_plan(now)
        after, written = now.register, now.loaded
        if made.updates:
            found = _validate(run, now, made)
            write(found, target)
            written = found.after
            after = written.register or after
    known = _unchanged_words(after, made, run)
    where = [f"Recorded in {path}."] if run.several and made.updates else []
    answer = wrap_lines([*echo, *known, *_confirm(now.register, after, made, run), *where])
    if made.updates:
        tell_recorded(answer, command_for("log", path))
        warn_if_behind(now, made.updates[0].recorded)
        warn_of_copies_beside(written)
    else:
        write_out(answer)


def _validate(run: _Run, before: Opened, made: Plan) -> Candidate:
    rows = [toml_row(update) for update in made.updates]
    if run.action is Action.RETRACT:
        return validated_undo(before, rows)
    return build_candidate(before, "updates", rows)


def _ask_to_agree(register: Register, made: Plan, number: int, today: date) -> bool:
    """Return whether someone who was shown what would be recorded agrees to it.

    Where nobody can be asked, only a single item goes without --yes.
    """
    can_ask = sys.stdin is not None and sys.stdin.isatty()
    if not can_ask and number == 1:
        return True
    lines = [
        f"{_name(register, update)}{_date_words(update, today)}: {update_words(update)} "
        f"({first_words(register.finding_by_id[update.finding].summary)})"
        for update in made.updates
    ]
    lines = [f"  {escape_invisible(line)}" for line in lines]
    write_out("\n".join([f"{count(len(lines), 'update')} to record:", *lines]) + "\n")
    if not can_ask:
        message = "cannot ask for confirmation because this is not a terminal; nothing was written"
        raise UsageError(message, remedy="preview with --dry-run, then add --yes")
    return typer.confirm("Record this?")


def _fields(
    request: UpdateRequest, action: Action, fields: UpdateFields, today: date
) -> dict[str, Any]:
    """What the updates carry, a successor still as it was typed. Raises UsageError."""
    typed = {
        "owner": fields.owner,
        "deadline": fields.deadline,
        "outcome": fields.outcome,
        "successor": fields.successor,
        "until": fields.until,
        "note": request.note,
        "by": request.by,
    }
    values: dict[str, Any] = {
        name: _require_text(_typed_as(action, name), text)
        for name, text in typed.items()
        if text is not None
    }
    must = ACTIONS[action].required
    if "deadline" in values:
        typed_deadline = values["deadline"]
        period = parse_period(typed_deadline)
        values["deadline"] = period or parse_date(typed_deadline, today=today)
    if "until" in values:
        values["until"] = parse_day(values["until"], today=today)
    if "outcome" in values:
        values["outcome"] = Outcome(one_of("--outcome", values["outcome"], Outcome))
        if values["outcome"] is Outcome.SUPERSEDED:
            must = (*must, "successor")
        elif "successor" in values:
            message = f"an item closed as {values['outcome'].replace('-', ' ')} has no successor"
            raise UsageError(message, remedy="leave out --successor, or use --outcome superseded")
    missing = [name for name in must if name not in values]
    if missing and not (missing == ["by"] and can_prompt()):
        needs = [_need(action, name) for name in missing]
        message = f"{action} needs {' and '.join(words for words, _ in needs)}"
        more = " ".join(example for _, example in needs)
        raise UsageError(message, remedy=f"add it: {_typed_so_far()} {more}")
    return values


def _typed_as(action: Action, name: str) -> str:
    """Return the option or argument by which a field is typed."""
    match action, name:
        case Action.ASSIGN, "owner":
            return "OWNER"
        case _, "owner":
            return "--assign-to"
        case _, "deadline":
            return "DATE"
    return f"--{name}"


def _need(action: Action, name: str) -> tuple[str, str]:
    """Return what an action lacks: the option with its meaning, and an example of it."""
    match action, name:
        case Action.NOTE, "note":
            return "--note (the text)", '--note "text"'
        case _, "by":
            return f"--by ({_WHO[action][0]})", "--by HMICFRS"
    return _NEEDS[name]


def _typed_so_far() -> str:
    return f"socwatch {shlex.join(sys.argv[1:])}"


def _asked_who(action: Action) -> str:
    """Whose word it is, by the person at the terminal: nobody is proposed."""
    answer: str = typer.prompt(_WHO[action][1].removesuffix("?"), prompt_suffix="? ", err=True)
    return _require_text("--by", answer)


def _demand_ids(
    request: UpdateRequest, action: Action, fields: UpdateFields, register: Register
) -> None:
    """Raise UsageError where one word was typed for two: extend ID, assign OWNER."""
    if request.ids or action not in _BEHIND_IDS:
        return
    lacking, example = _BEHIND_IDS[action]
    typed = fields.deadline or fields.owner or ""
    try:
        find_recordable(register, typed, can_ask=True)
    except NotFound:
        message = f"this does not say which finding to {action}"
        remedy = f"socwatch {action} ID {shlex.quote(typed)}; to see the ids: socwatch list"
        raise UsageError(message, remedy=remedy) from None
    except LookupFailed:  # it could be several, so it is an id all the same
        pass
    message = f"this does not say {lacking} to {action} {typed}"
    raise UsageError(message, remedy=f"socwatch {action} {shlex.quote(typed)} {example}")


def _require_text(option: str, text: str) -> str:
    """A text as it was typed. Raises UsageError if it says nothing."""
    if not text.strip():
        message = f"{option} is empty"
        raise UsageError(message, remedy="fill it in, or leave it out")
    return text


def _evidence(path: Path, entry: str) -> str:
    try:
        given = _require_text("--evidence", entry)
        return evidence_entry(
            path, str(expand_home(Path(given))) if given.startswith("~") else given
        )
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        message = f"the evidence {entry} cannot be read: {reason}"
        raise UsageError(message, remedy="name a file that is there, or an address") from None


def author(path: Path) -> str:
    """Who is at work: git's user name where the register is, else the login name."""
    if git := find_program("git", path):
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            dates = subprocess.run(  # noqa: S603  # git's own absolute path
                [git, "-C", Path(os.path.realpath(path)).parent, "config", "user.name"],
                capture_output=True,
                encoding="utf-8",
                errors="surrogateescape",
                timeout=5,
                check=False,
            )
            if name := dates.stdout.strip():
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
        raise LookupFailed(message, remedy="to take out what was added: socwatch edit")
    return find_update(register, named, can_ask=can_prompt())


def _name(register: Register, update: Update) -> str:
    finding = register.finding_by_id[update.finding]
    return item_id(finding, update.body or finding.bodies[0])


def _unchanged_words(register: Register, made: Plan, run: _Run) -> list[str]:
    each = (_already_recorded(register, known, run) for known in made.unchanged)
    return [line for lines in each for line in lines]


def _already_recorded(register: Register, known: AlreadyRecorded, run: _Run) -> list[str]:
    """Why nothing is to be recorded of an item, and where to put what is new all the same."""
    name = item_id(register.finding_by_id[known.item[0]], known.item[1])
    update, note = known.update, run.request.note
    if update is None:
        # From the start an item is open, and its deadline is the finding's own.
        so = "that is its deadline" if run.action is Action.EXTEND else "it is open"
        words = f"{name}: {so} already"
    elif update.action is Action.RETRACT:
        words = f"{name}: {update.update} is taken back already, by {update.id}"
    else:
        words = f"{name}: {update_words(update)} on {format_value(update.on)} already ({update.id})"
    if update is not None and (differing := _differing(update, run)):
        undo = command_for(f"undo {update.id}", run.path)
        return [
            f"{words}; on record it is {' and '.join(differing)}, and nothing was written",
            f"  to correct it: {undo}, then: {_typed_so_far()}",
        ]
    lines = [f"{words}; nothing to write"]
    noted = update.note if update is not None else None
    if note is not None and normalise(note) != normalise(noted or ""):
        lines = [
            f"{words}; the note was not written",
            f"  to write it: {command_for(f'note {name} --note …', run.path)}",
        ]
    return lines


def _differing(update: Update, run: _Run) -> list[str]:
    """What was typed otherwise than it stands on record: the day, and whose word it is."""
    differing = []
    on, by = run.request.on, run.request.by
    if on is not None and parse_day(on, today=run.today) != update.on:
        differing.append(f"on {format_value(update.on)}")
    if by is not None and normalise(by) != normalise(update.by or ""):
        differing.append(f"by {update.by}" if update.by is not None else "by nobody")
    return differing


def _confirm(before: Register, after: Register, made: Plan, run: _Run) -> list[str]:
    """What was recorded, then what is true now of every body that the command was about."""
    were = {item.id: item for item in replay(before, run.today)}
    are = {item.id: item for item in replay(after, run.today)}
    lines = []
    for update in made.updates:
        name = _name(after, update)
        moved = _deadline_moved_words(were.get(name), are.get(name))
        lines.append(f"{name}{_date_words(update, run.today)}: {update_words(update)}{moved}")
        lines += _counted_from(name, update, are, run)
        lines += _brought_forward(name, update, were, are)
        lines += _before_publication(name, update, after)
        if name in are and ACTIONS[update.action].new_status in ENDED:
            lines += left_open_words(are[name], are.values())
    bodies = [u.body or after.finding_by_id[u.finding].bodies[0] for u in made.updates]
    bodies += [known.item[1] for known in made.unchanged]
    touched = (after.body_by_id[body] for body in dict.fromkeys(bodies))
    lines += [standing_words(body, are.values()) for body in touched]
    return lines


def _date_words(update: Update, today: date) -> str:
    """Return the date of an update with its weekday, so that a mistyped one is seen."""
    return "" if update.on == today else f", {update.on:%a} {format_value(update.on)}"


def _counted_from(
    name: str, update: Update, are: Mapping[str, TrackedItem], run: _Run
) -> Iterator[str]:
    """Say from which date a period was counted that was typed as the new deadline."""
    if update.action is not Action.EXTEND:
        return
    if period := parse_period(run.deadline):
        for each in are[name].history if name in are else ():
            if each.update.id == update.id:
                was = format_value(each.before.deadline)
                yield f"{name}: {period} counted from the deadline before it, {was}"
    elif period := parse_period(run.deadline.strip().lower().removeprefix("in ")):
        yield f"{name}: {period} counted from today, {format_value(run.today)}"


def _brought_forward(
    name: str, update: Update, were: Mapping[str, TrackedItem], are: Mapping[str, TrackedItem]
) -> Iterator[str]:
    """A warning where an extension leaves less time than there was, as a mistyped year does."""
    was, now = (items[name].deadline if name in items else None for items in (were, are))
    if update.action is Action.EXTEND and was is not None and now is not None and now < was:
        yield f"{name}: this is earlier than the deadline before it, {format_value(was)}"


def _before_publication(name: str, update: Update, register: Register) -> Iterator[str]:
    """A warning where something happened before it was asked for, as with a mistyped year."""
    inspection = register.inspection_by_id[register.finding_by_id[update.finding].inspection]
    if update.on < inspection.published:
        published = format_value(inspection.published)
        day = format_value(update.on)
        yield f"{name}: {day} is before its report was published, on {published}"


def _deadline_moved_words(was: TrackedItem | None, now: TrackedItem | None) -> str:
    """What is otherwise with an item than it was, for whoever mistyped it to see."""
    if was is None or now is None or was.status is None or now.status is None:
        return ""
    before, after = was.deadline, now.deadline
    if before is not None and after is not None and before != after:
        days = (after - before).days
        later = "later" if days > 0 else "earlier"
        return f" (from {format_value(before)}, {count(abs(days), 'day')} {later})"
    if was.status is now.status:
        return f" (it is {STATUS_WORDS[now.status]})"
    return f" (it was {STATUS_WORDS[was.status]}, and is {STATUS_WORDS[now.status]})"
