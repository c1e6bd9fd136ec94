"""The edge of importing: files, questions, the preview, and the lock."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import typer

from socwatch.cli.appending import tell_recorded, validated_tables
from socwatch.cli.clock import time_to_record
from socwatch.cli.copies import warn_of_copies_beside
from socwatch.cli.filters import one_of
from socwatch.cli.formats import format_names
from socwatch.cli.importing.command import ImportOptions
from socwatch.cli.importing.interview import interview
from socwatch.cli.options import RegisterOptions
from socwatch.cli.progress import progress
from socwatch.cli.registers import register_path
from socwatch.cli.session import Opened, command_for, open_register
from socwatch.cli.streams import can_prompt, write_out
from socwatch.dates import format_date, today_in_london
from socwatch.errors import AnswersMissing, RegisterChanged, RegisterMissing, UsageError
from socwatch.importing.answers import (
    FORMAT,
    UNANSWERED,
    Form,
    Question,
    check_keys,
    example_of,
    proposal_of,
    put,
)
from socwatch.importing.ledger import CellProblem
from socwatch.importing.own import (
    OWNER_SHEET,
    TEMPLATE_SHEET,
    OwnSheet,
    Returned,
    own_sheets,
    read_register,
    template_answers,
    without_example,
)
from socwatch.importing.planning import (
    Added,
    ImportPlan,
    plan,
    slug,
    sources_of_file,
    tracker_sources,
)
from socwatch.importing.reading import Reading, read
from socwatch.importing.returned import owner_of, read_returned
from socwatch.importing.tables import text_of
from socwatch.records import FIELDS, TABLES
from socwatch.render.formats import IMPORT_FORMATS
from socwatch.render.importing import render_json, render_problems
from socwatch.render.text import escape_invisible
from socwatch.store.answers import answers_path, format_answers, load_answers, save_answers
from socwatch.store.append import Candidate, write
from socwatch.store.create import create
from socwatch.store.discovery import USUAL_PLACES
from socwatch.store.load import Loaded, read_content
from socwatch.store.lock import hold_lock
from socwatch.store.sheets.cells import SheetFile
from socwatch.store.sheets.read import read_spreadsheet
from socwatch.store.sheets.text import SEPARATORS
from socwatch.store.template import empty_register
from socwatch.typed_dates import parse_day

_PROBLEMS = 5
_UNANSWERED = 2
"""Exit codes of a run that has printed its answer as JSON."""


class _Target(NamedTuple):
    """The register to which an import adds; it can be a new one."""

    path: Path
    opened: Opened
    is_new: bool


def import_spreadsheet(register: RegisterOptions, request: ImportOptions, file: Path) -> int:
    """Add what a spreadsheet says to the register, all or nothing; return the exit code.

    Raises UsageError, RegisterError, Refused; then nothing was written.
    """
    _is_json(request)  # A format that there is not is refused before anything else.
    today = today_in_london(datetime.now(UTC))
    target = _open_target(register)
    answers_file = request.answers or _find_answers(file)
    answers = load_answers(answers_file) or {}
    check_keys(answers, str(answers_file))
    with progress("Reading") as on_progress:
        on_progress(0, 1)
        book = _read_file(file, answers)
    own = own_sheets(book)
    if OWNER_SHEET in own:
        return _import_returned(request, book, own[OWNER_SHEET], target, today)
    if "findings" in own:
        return _import_register(request, read_register(own, target.opened.register), target)
    if TEMPLATE_SHEET in own and not answers:
        book, answers = _fill_from_template(book, own[TEMPLATE_SHEET], target, today)
    _fill_known(answers, request, book, target.opened, today)
    reading = _answered(request, book, target, answers_file, answers, today)
    if reading is None:
        return _UNANSWERED
    if reading.problems:
        return _report(request, reading, reading.problems, book.name)
    planned = plan(reading, target.opened.register)
    if planned.problems:
        return _report(request, reading, planned.problems, book.name)
    return _finish(request, reading, planned, target)


def write_template(path: Path) -> None:
    """Write a blank spreadsheet to fill in. Raises OutputRefused."""
    from socwatch.cli.streams import write_file
    from socwatch.render.export.template import render_template

    write_file(path, render_template(), registers=())
    write_out(
        f"Wrote {escape_invisible(str(path))}: fill it in, then type: socwatch import {path}\n"
    )


def _import_returned(
    request: ImportOptions, book: SheetFile, own: OwnSheet, target: _Target, today: date
) -> int:
    """Import what an owner has filled in; return the exit code."""
    owner = owner_of(own)
    on = parse_day(request.sheet_date, today=today) if request.sheet_date else today
    answers = {
        "tracker": f"returned-by-{slug(owner)}",
        "title": f"Items of {owner}",
        "by": owner,
        "sheet_date": on,
    }
    reading = read_returned(book, own, target.opened.register, answers, on)
    if reading.problems:
        return _report(request, reading, reading.problems, book.name)
    planned = plan(reading, target.opened.register)
    if planned.problems:
        return _report(request, reading, planned.problems, book.name)
    return _finish(request, reading, planned, target)


def _import_register(request: ImportOptions, returned: Returned, target: _Target) -> int:
    """Import the records of a whole register's workbook; return the exit code."""
    planned = ImportPlan(
        {table: returned.added.get(table, []) for table in TABLES},
        (),
        (),
        returned.differing,
        returned.unchanged,
    )
    return _finish(request, None, planned, target)


def _fill_from_template(
    book: SheetFile, own: OwnSheet, target: _Target, today: date
) -> tuple[SheetFile, dict[str, Any]]:
    """Return a filled template without its example, and the answers about it."""
    filled = without_example(book, own)
    column = own.keys["force"]
    rows = filled.sheet(own.sheet.name).rows[own.headings + 1 :]
    forces = dict.fromkeys(text_of(row[column]) for row in rows if row[column] is not None)
    answers = template_answers(own, forces)
    while True:  # What has an answer of our own words is no question.
        inquiry = read(filled, answers, target.opened.register, today).inquiry
        before, answers = answers, inquiry.answers
        if answers == before:
            return filled, answers


def _is_json(request: ImportOptions) -> bool:
    """Return whether the answer is for a script; nothing is asked then."""
    return one_of("--format", request.format, format_names("import")) == "json"


def _open_target(register: RegisterOptions) -> _Target:
    """Return the register to add to; where there is none and none is named, a new one."""
    try:
        path = register_path(register)
        return _Target(path, open_register(path), is_new=False)
    except RegisterMissing:
        from_environment = [Path(name) for name in (os.environ.get("SOCWATCH_RECORDS"),) if name]
        path = [*register.named, *from_environment, USUAL_PLACES[-1]][0]
    loaded = read_content(path, empty_register().encode())
    assert loaded.register is not None  # noqa: S101  # the template is tested to be valid
    return _Target(path, Opened(loaded, loaded.register), is_new=True)


def _find_answers(file: Path) -> Path:
    """Return where the answers about a spreadsheet are, or those about the one before it."""
    own = answers_path(file)
    if own.exists() or not can_prompt():
        return own
    for other in sorted(file.parent.glob("*.import.toml")):
        text = f"Use the answers that you gave before, in {other.name}?"
        if typer.confirm(escape_invisible(text), default=True, err=True):
            return other
    return own


def _read_file(file: Path, answers: dict[str, Any]) -> SheetFile:
    """Return the spreadsheet; where its separator is not certain, that is asked."""
    separators = {name: mark for mark, name in SEPARATORS.items()}
    given = answers.get("separator")
    book = read_spreadsheet(file, separators.get(given) if isinstance(given, str) else None)
    if len(book.separators) < 2:  # noqa: PLR2004  # two or more are a question
        return book
    fitting = tuple(SEPARATORS[mark] for mark in book.separators)
    question = Question(("separator",), "What separates the values of a line?", choices=fitting)
    if not can_prompt():
        message = f"{book.name} can be read with more than one separator: {', '.join(fitting)}"
        remedy = f'write the right one into {answers_path(file)}: separator = "{fitting[0]}"'
        raise AnswersMissing(message, remedy=remedy)
    from socwatch.cli.importing.interview import ask

    answers["separator"] = ask(question)
    return read_spreadsheet(file, separators[answers["separator"]])


def _fill_known(
    answers: dict[str, Any], request: ImportOptions, book: SheetFile, opened: Opened, today: date
) -> None:
    """Put what is known without asking into the answers. Raises UsageError."""
    stem = Path(book.name).stem
    answers.setdefault("format", FORMAT)
    answers.setdefault("tracker", slug(stem))
    answers.setdefault("title", stem)
    tracker = str(answers["tracker"])
    stored = answers.get("sheet_date")
    if isinstance(stored, str) and stored != UNANSWERED:
        answers["sheet_date"] = parse_day(stored, today=today)
    if request.sheet_date is not None:
        answers["sheet_date"] = parse_day(request.sheet_date, today=today)
    elif same := sources_of_file(opened.register, tracker, book.sha256):
        answers["sheet_date"] = tracker_sources(opened.register, tracker)[same[-1]]
    elif answers.get("sheet_date") in tracker_sources(opened.register, tracker).values():
        answers["sheet_date"] = UNANSWERED  # It is that of the spreadsheet before this one.
    on = answers.get("sheet_date")
    if isinstance(on, date) and on > today:
        message = f"{format_date(on)} is in the future, and a spreadsheet says what has happened"
        raise UsageError(message, remedy="give the date on which it was correct: --sheet-date DATE")


def _answered(
    request: ImportOptions,
    book: SheetFile,
    target: _Target,
    answers_file: Path,
    answers: dict[str, Any],
    today: date,
) -> Reading | None:
    """Return the spreadsheet as it was read, with no question left.

    None if questions are left and that was printed as JSON. Raises AnswersMissing.
    """

    def read_again(given: Mapping[str, Any]) -> Reading:
        return read(book, given, target.opened.register, today)

    if can_prompt() and not _is_json(request):
        try:
            reading = interview(read_again, answers)
        finally:
            if answers:
                save_answers(answers_file, book.name, answers, {})
        return reading
    reading = read_again(answers)
    questions = reading.inquiry.questions
    if not questions:
        return reading
    notes = _notes(questions)
    save_answers(answers_file, book.name, reading.inquiry.answers, notes)
    if _is_json(request):
        write_out(render_json(reading, None, [*map(_missing, questions), *reading.problems]))
        return None
    if reading.problems:
        write_out(render_problems(reading.problems, book.name))
    missing: dict[str, Any] = {}
    for each in questions:
        put(missing, each.path, proposal_of(each))
    write_out(format_answers(missing, notes))
    unknown = sum(each.proposal is None and not each.optional for each in questions)
    message = (
        f"{len(questions)} answers about {book.name} are missing, {unknown} of them without a "
        "proposal, and nobody can be asked here; nothing was written"
    )
    remedy = f"fill them in, and look over the proposals, in {answers_file}; then type this again"
    raise AnswersMissing(message, remedy=remedy)


def _notes(questions: Sequence[Question]) -> Mapping[tuple[str, ...], str]:
    """Return a comment for each answer that is missing; of a table of columns, only the first."""
    notes = {}
    explained = set()
    for each in questions:
        if each.form is Form.MEANING:
            if each.group in explained:
                continue
            explained.add(each.group)
            notes[each.path] = f"Each column is one of: {example_of(each)}"
        else:
            notes[each.path] = f"{each.text} ({example_of(each)})"
    return notes


def _missing(question: Question) -> CellProblem:
    value = ".".join(question.path)
    return CellProblem("answer-missing", "", "", value, f"{question.text} {example_of(question)}")


def _report(
    request: ImportOptions, reading: Reading, problems: Sequence[CellProblem], name: str
) -> int:
    """Print the cells to correct, and return the exit code."""
    if _is_json(request):
        write_out(render_json(reading, None, problems))
    else:
        write_out(render_problems(problems, name))
    return _PROBLEMS


def _finish(
    request: ImportOptions, reading: Reading | None, planned: ImportPlan, target: _Target
) -> int:
    """Show what would be added, ask, and write it; return the exit code."""
    is_json = _is_json(request)
    nothing = not planned.records and not planned.updates
    chosen = next(each for each in IMPORT_FORMATS if each.name == ("json" if is_json else "plain"))
    write_out(chosen.load()(reading, planned, str(target.path)))
    if nothing:
        if not is_json:
            write_out("Nothing to write: the register has all of it.\n")
        return 0
    if request.dry_run:
        validated_tables(target.opened, _stamped(planned.added, target.opened))
        return 0
    if not request.yes and not _is_agreed(is_json):
        write_out("Nothing was written.\n")
        return 0
    written = _write(target, planned.added)
    follow = command_for("status", target.path)
    answer = f"Added to {escape_invisible(str(target.path))}. Next: {escape_invisible(follow)}\n"
    tell_recorded("" if is_json else answer, follow)
    warn_of_copies_beside(written)
    return 0


def _is_agreed(is_json: bool) -> bool:  # the only thing that it is asked
    if is_json or not can_prompt():
        message = "cannot ask for confirmation because this is not a terminal; nothing was written"
        raise UsageError(message, remedy="preview with --dry-run, then add --yes")
    return typer.confirm("Add these?", err=True)


def _write(target: _Target, added: Added) -> Loaded:
    """Append the records, all or none of them, and return the register. Raises Refused."""
    path = target.path
    with progress("Writing") as on_progress:
        on_progress(0, 1)
        if target.is_new:
            found = _candidate(target.opened, added)
            create(path, found.after.content)
            return found.after
        with hold_lock(path) as real:
            now = open_register(path)
            if now.loaded.content != target.opened.loaded.content:
                raise RegisterChanged(str(path))
            found = _candidate(now, added)
            write(found, real)
            return found.after


def _candidate(opened: Opened, added: Added) -> Candidate:
    return validated_tables(opened, _stamped(added, opened))


def _stamped(added: Added, opened: Opened) -> dict[str, list[dict[str, Any]]]:
    """Return new records with the time at which they are recorded, where their table has it."""
    now = time_to_record(opened, clock_is_right=False)
    stamped = {}
    for table, rows in added.items():
        if rows:
            more = {"recorded": now} if "recorded" in FIELDS[table] else {}
            stamped[table] = [
                {**row, **{k: v for k, v in more.items() if k not in row}} for row in rows
            ]
    return stamped
