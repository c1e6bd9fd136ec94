"""The edge of adding: what is asked on a terminal, the lock, and telling what was added."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import typer

from socwatch.cli.add.values import metavar_of, option_of, value_of
from socwatch.cli.appending import build_candidate, tell_recorded, try_append
from socwatch.cli.copies import warn_of_copies_beside
from socwatch.cli.options import RegisterOptions
from socwatch.cli.registers import register_path
from socwatch.cli.session import Opened, command_for, open_register
from socwatch.cli.streams import can_prompt, screen_width, wrap_lines, write_out
from socwatch.dates import today_in_london
from socwatch.errors import (
    ChangeInvalid,
    LookupFailed,
    Problem,
    SocwatchError,
    UsageError,
    join_names,
)
from socwatch.fields import FieldSpec
from socwatch.records import FIELDS, KINDS, BodyKind, Kind, Register
from socwatch.render.text import escape_invisible
from socwatch.reports.status import standing_words
from socwatch.reports.table import format_value
from socwatch.store.append import write
from socwatch.store.lock import hold_lock
from socwatch.suggestions import choices, default_answer, fields_to_ask, fill_implied, suggest_id
from socwatch.tracking import replay

_MOST_CHOICES = 24


def add(
    register: RegisterOptions,
    table: str,
    typed: Mapping[str, str | list[str] | None],
    *,
    dry_run: bool,
) -> None:
    """Append a record to a table of the register, and tell so; or write nothing.

    Raises UsageError, LookupFailed, RegisterError, Refused; then nothing was written.
    """
    today = today_in_london(datetime.now(UTC))
    path = register_path(register)
    seen = open_register(path)
    row = _complete_row(seen, table, typed, today)
    if dry_run:
        write_out(build_candidate(seen, table, [_whole(seen.register, table, row)]).block)
        return
    with hold_lock(path) as target:
        now = open_register(path)
        row = _whole(now.register, table, row)
        found = build_candidate(now, table, [row])
        write(found, target)
    answer = _confirm(found.after.register or now.register, table, row, path, today)
    tell_recorded(answer, command_for("validate", path))
    warn_of_copies_beside(found.after)


def _complete_row(
    seen: Opened, table: str, typed: Mapping[str, str | list[str] | None], today: date
) -> dict[str, Any]:
    """The record as it was typed, and as questions were answered on a terminal."""
    fields = FIELDS[table]
    row = {
        name: _value(fields[name], given, seen.register, today)
        for name, given in typed.items()
        if given is not None and given != []
    }
    row = dict(fill_implied(seen.register, table, row))
    if can_prompt():
        return _Interview(seen, table, fields, row, today).ask_all()
    _demand_complete(table, fields, row)
    return row


def _value(field: FieldSpec, typed: str | list[str], register: Register, today: date) -> Any:  # noqa: ANN401  # a value of TOML's
    if isinstance(typed, str):
        return value_of(field, typed, register, today)
    return [value_of(field, each, register, today) for each in typed]


def _demand_complete(table: str, fields: Mapping[str, FieldSpec], row: Mapping[str, Any]) -> None:
    missing = [q.field for q in fields_to_ask(table, row) if q.must and q.field not in row]
    if missing:
        lacking = f"{', '.join(missing[:-1])} and {missing[-1]}" if missing[1:] else missing[0]
        message = f"this lacks {lacking}"
        options = (f"{option_of(fields[name])} {metavar_of(fields[name])}" for name in missing)
        raise UsageError(message, remedy=f"add {' '.join(options)}")


def _whole(register: Register, table: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """The record in the order of the file format, with an id where it has none so far."""
    names = FIELDS[table]
    known = dict(row)
    if "id" in names and "id" not in known:
        known["id"] = suggest_id(register, table, row)
    return {name: known[name] for name in names if name in known}


class _Interview:
    """The questions that a new record raises, asked one by one until it is sound."""

    def __init__(
        self,
        seen: Opened,
        table: str,
        fields: Mapping[str, FieldSpec],
        row: Mapping[str, Any],
        today: date,
    ) -> None:
        self._seen, self._table, self._fields, self._today = seen, table, fields, today
        self._row = dict(row)
        self._answered: set[str] = set()

    def ask_all(self) -> dict[str, Any]:
        """The record with all answers. Raises ChangeInvalid for what no answer can mend."""
        while True:
            self._ask_for_what_is_missing()
            row = _whole(self._seen.register, self._table, self._row)
            _, problem = try_append(self._seen, self._table, [row])
            if problem is None:
                return row
            field = self._to_mend(problem)
            if field is None:
                raise ChangeInvalid(problem)
            _say(problem.message, problem.remedy)
            del self._row[field]
            self._answered.remove(field)

    def _ask_for_what_is_missing(self) -> None:
        while True:
            open_ = (
                question
                for question in fields_to_ask(self._table, self._row)
                if question.field not in self._row and question.field not in self._answered
            )
            question = next(open_, None)
            if question is None:
                break
            field = self._fields[question.field]
            default = None
            if question.must:  # where nothing may be meant by nothing, nothing is proposed
                default = default_answer(self._seen.register, self._table, field.name, self._row)
            self._ask(field, default, must=question.must)
        if "id" in self._fields and "id" not in self._row:
            proposed = suggest_id(self._seen.register, self._table, self._row)
            self._ask(self._fields["id"], proposed, must=True)

    def _ask(self, field: FieldSpec, default: str | None, *, must: bool) -> None:
        fitting = choices(self._seen.register, self._table, field.name, self._row)
        if must and field.refers and not fitting:
            _demand_some(field.name)
        self._explain(field, fitting, must=must)
        shown = f"{field.name} [{escape_invisible(default)}]" if default else field.name
        while True:
            answer = typer.prompt(shown, default=default or "", show_default=False, err=True)
            try:
                values = self._values(field, answer, fitting, must=must)
            except SocwatchError as error:
                _say(str(error).removeprefix("--"), error.remedy)
                continue
            break
        if values:
            self._row[field.name] = values if field.many else values[0]
        self._answered.add(field.name)

    def _values(
        self, field: FieldSpec, answer: str, fitting: tuple[str, ...], *, must: bool
    ) -> list[Any]:
        parts = [part.strip() for part in (answer.split(",") if field.many else [answer])]
        values = [value_of(field, p, self._seen.register, self._today) for p in parts if p]
        if must and not values:
            message = "this cannot be left empty"
            raise UsageError(message)
        odd = next((value for value in values if fitting and value not in fitting), None)
        if odd is not None:
            message = f"{option_of(field)} cannot be {odd} here"
            raise UsageError(message, remedy=f"use one of {join_names(fitting, _MOST_CHOICES)}")
        return values

    def _explain(self, field: FieldSpec, fitting: tuple[str, ...], *, must: bool) -> None:
        hints = [field.meaning.removesuffix(".")]
        if field.many:
            hints.append("several with commas between them")
        if not must:
            hints.append("may be left empty")
        _print([f"{'; '.join(hints)}."], "")
        if known := field.words or fitting:
            _print([join_names(known, _MOST_CHOICES)], "  ")

    def _to_mend(self, problem: Problem) -> str | None:
        """The field of this very record that was asked for, and is at fault."""
        last = len(getattr(self._seen.register, self._table))
        match problem.place:
            case (self._table, int(index), str(field), *_) if index == last:
                return field if field in self._row and field in self._answered else None
        return None


def _demand_some(field: str) -> None:
    """Raise LookupFailed: the record hangs from one of another table, where none fits."""
    words = {"inspection": "inspection", "part_of": "finding --kind cause-of-concern"}
    kind = words.get(field, "body")
    message = f"the register has nothing yet that {field} could name"
    raise LookupFailed(message, remedy=f"add it first: socwatch add {kind}")


def _say(message: str, remedy: str) -> None:
    _print([message, *([remedy] if remedy else [])], "  ")


def _print(lines: Iterable[str], indent: str) -> None:
    width = screen_width() - 1
    for line in lines:
        typer.echo(
            textwrap.fill(
                escape_invisible(line),
                width,
                initial_indent=indent,
                subsequent_indent=indent,
                break_on_hyphens=False,
                break_long_words=False,
            ),
            err=True,
        )


def _confirm(
    register: Register, table: str, row: Mapping[str, Any], path: Path, today: date
) -> str:
    """What was added, what is true now of the bodies of a finding, and what to type next."""
    lines = [f"Added {_name(table, row)} to {path}."]
    if table == "findings":
        items = replay(register, today)
        bodies = [register.body_by_id[body] for body in row["bodies"]]
        lines += [standing_words(body, items) for body in bodies]
    for field in ("published", "dated"):
        day = row.get(field)
        if isinstance(day, date) and day > today:
            lines.append(f"It is {field} {format_value(day)}, which is still to come.")
    if table == "bodies" and row["kind"] == BodyKind.FORCE and "local_policing_body" not in row:
        lines.append("No local policing body is on record for it, so nobody's 56 days are watched.")
    following = escape_invisible(command_for(_next(register, table, row), path))
    return f"{wrap_lines(lines)}Next: {following}\n"


def _name(table: str, row: Mapping[str, Any]) -> str:
    match table:
        case "findings":
            return f"the {KINDS[Kind(row['kind'])].singular} {row['id']}"
        case "grades":
            return f"the grade {row['grade']} of {row['body']}"
        case "responses":
            return f"a response about {row['body']}"
        case "monitoring":
            return f"a stay of {row['body']} in monitoring"
    words = {"sources": "source", "bodies": "body", "inspections": "inspection"}
    return f"the {words[table]} {row['id']}"


def _next(register: Register, table: str, row: Mapping[str, Any]) -> str:
    """What to type next: a body comes before an inspection of it, and that before a finding."""
    match table:
        case "sources" if not register.bodies:
            return f"add body --sources {row['id']}"
        case "sources" if not register.inspections:
            return f"add inspection --sources {row['id']}"
        case "sources":
            return f"add finding --sources {row['id']}"
        case "bodies" if not register.inspections:
            return "add inspection"
        case "inspections":
            return f"add finding --inspection {row['id']}"
        case "findings" if row["kind"] == Kind.CAUSE_OF_CONCERN:
            return f"add finding --part-of {row['id']}"
        case "grades":
            return f"grades {row['body']}"
    return f"show {row.get('id') or row['body']}"
