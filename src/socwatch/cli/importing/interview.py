"""The questions of an import, asked on a terminal: one by one, or as a table to look over."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import typer

from socwatch.cli.streams import screen_width
from socwatch.dates import format_date
from socwatch.errors import ColumnMissing, UsageError
from socwatch.importing.answers import (
    UNANSWERED,
    Form,
    Question,
    example_of,
    parse_answer,
    put,
)
from socwatch.importing.layout import require_columns
from socwatch.importing.meanings import MEANINGS, ColumnMeaning, parse_meaning
from socwatch.importing.reading import Reading
from socwatch.importing.tables import Column
from socwatch.render.text import escape_invisible

_MAX_WIDTH = 60


def interview(
    read_again: Callable[[Mapping[str, Any]], Reading], answers: dict[str, Any]
) -> Reading:
    """Ask until nothing is left to ask; the answers are put into `answers`."""
    while True:
        try:
            reading = read_again(answers)
        except ColumnMissing as error:
            _complain(error)
            _ask_columns_again(answers)
            continue
        if not reading.inquiry.questions:
            return reading
        first = reading.inquiry.questions[0]
        same = [each for each in reading.inquiry.questions if each.group == first.group]
        if first.form is Form.MEANING:
            _ask_columns(same, answers, reading)
        elif len(same) > 1 and first.group[:1] == ("words",):
            _ask_words(same, answers)
        else:
            put(answers, first.path, ask(first))


def ask(question: Question) -> Any:  # noqa: ANN401  # what TOML has
    """Return the answer to a question, asked until it is one."""
    typer.echo(err=True)
    _print(question.text)
    if question.form in {Form.CHOICE, Form.KIND}:
        _print_rows((choice,) for choice in question.choices)
    shown = _shown(question.proposal) if question.proposal is not None else ""
    while True:
        label = f"Answer [{escape_invisible(shown)}]" if shown else "Answer"
        typed = typer.prompt(label, default="", show_default=False, err=True).strip()
        if not typed and question.proposal is not None:
            return question.proposal
        if not typed and question.optional:
            return ""
        choices = question.choices
        if choices and typed.isdecimal() and 0 < int(typed) <= len(choices):
            typed = choices[int(typed) - 1]
        try:
            if typed:
                return parse_answer(question, " ".join(typed.split()))
        except UsageError:
            _print(f"{typed!r} is not an answer here; type {example_of(question)}", "  ")
            continue
        _print(f"this cannot be left empty: {example_of(question)}", "  ")


def _ask_words(questions: Sequence[Question], answers: dict[str, Any]) -> None:
    """Ask what words mean: those that propose nothing one by one, then all in a table."""
    found = {each.path: each.proposal for each in questions}
    for each in questions:
        if each.proposal is None:
            found[each.path] = ask(each)
    while True:
        _print(f"The words for {questions[0].path[1]}:")
        _print_rows((each.path[-1], _shown(found[each.path])) for each in questions)
        chosen = _pick(len(questions), "word")
        if chosen is None:
            break
        found[questions[chosen].path] = ask(questions[chosen])
    for path, value in found.items():
        put(answers, path, value)


def _ask_columns(questions: Sequence[Question], answers: dict[str, Any], reading: Reading) -> None:
    """Show what each column seems to be, with an example, until a person agrees to all of it."""
    name = questions[0].path[1]
    found = {each.path[-1]: str(each.proposal) for each in questions}
    examples = _examples(reading, name)
    given = answers.get("sheets", {}).get(name, {}).get("columns", {})
    while True:
        _print(f"The columns of {name}:")
        _print_rows((heading, each, examples.get(heading, "")) for heading, each in found.items())
        chosen = _pick(len(found), "column")
        if chosen is None:
            try:
                _require({**given, **found}, name)
            except UsageError as error:
                _complain(error)
                continue
            break
        heading = [*found][chosen]
        _explain_meanings()
        found[heading] = _ask_meaning(questions[chosen])
    for heading, meaning in found.items():
        put(answers, ("sheets", name, "columns", heading), meaning)


def _ask_meaning(question: Question) -> str:
    typed = tuple(map(str, MEANINGS))
    while True:
        answer = typer.prompt(f"{escape_invisible(question.path[-1])} is", err=True).strip()
        if answer.isdecimal() and 0 < int(answer) <= len(typed):
            return typed[int(answer) - 1]
        try:
            return str(parse_answer(question, " ".join(answer.split())))
        except UsageError as error:
            _complain(error)


def _explain_meanings() -> None:
    _print_rows(MEANINGS.items())
    _print('If it is of one force of several: "status for Norfolk"', "  ")


def _require(columns: Mapping[str, str], name: str) -> None:
    """Raise UsageError if columns contradict each other, or one is missing."""
    meant: dict[Column, ColumnMeaning] = {}
    for number, (heading, text) in enumerate(columns.items()):
        if (meaning := parse_meaning(text)) is not None:
            meant[Column(number, heading)] = meaning
    require_columns(name, meant)


def _ask_columns_again(answers: dict[str, Any]) -> None:
    """Forget what the columns of each sheet are, so that they are asked for."""
    for sheet in answers.get("sheets", {}).values():
        sheet.pop("columns", None)
    typer.confirm("Look at the columns again?", default=True, abort=True, err=True)


def _pick(number: int, what: str) -> int | None:
    """Return which line of a table a person wants to change; None if all of it is right."""
    label = f"Is that right? Enter for yes, or the number of the {what} to change"
    while True:
        typed = typer.prompt(label, default="", show_default=False, err=True).strip().lower()
        if typed in {"", "y", "yes"}:
            return None
        if typed.isdecimal() and 0 < int(typed) <= number:
            return int(typed) - 1
        _print(f"type a number from 1 to {number}, or only Enter", "  ")


def _examples(reading: Reading, name: str) -> Mapping[str, str]:
    """Return for each heading of a sheet the first value below it."""
    from socwatch.importing.tables import text_of

    found: dict[str, str] = {}
    for layout in reading.layouts:
        if layout.name != name:
            continue
        for column in layout.table.columns:
            values = (layout.table.sheet.rows[row][column.number] for row in layout.table.rows)
            first = next((text_of(value) for value in values if value is not None), "")
            found[column.name] = " ".join(first.split())
    return found


def _shown(value: Any) -> str:  # noqa: ANN401  # what TOML has
    match value:
        case bool():
            return "yes" if value else "no"
        case date():
            return format_date(value)
        case list():
            return ", ".join(map(str, value))
        case None:
            return UNANSWERED
    return str(value)


def _complain(error: UsageError) -> None:
    _print(str(error), "  ")
    if error.remedy:
        _print(error.remedy, "  ")


def _print_rows(rows: Iterable[Sequence[str]]) -> None:
    """Print numbered rows in columns, each cut to fit on one line."""
    shown = [[escape_invisible(cell) for cell in row] for row in rows]
    widths = [min(max(map(len, cells)), _MAX_WIDTH) for cells in zip(*shown, strict=True)]
    for number, row in enumerate(shown, start=1):
        cells = (f"{_cut(cell, width):<{width}}" for cell, width in zip(row, widths, strict=True))
        line = f"  {number:>2}  {'  '.join(cells)}".rstrip()
        typer.echo(_cut(line, screen_width() - 1), err=True)


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _print(line: str, indent: str = "") -> None:
    text = textwrap.fill(
        escape_invisible(line),
        screen_width() - 1,
        initial_indent=indent,
        subsequent_indent=f"{indent}    " if indent else "",
        break_on_hyphens=False,
        break_long_words=False,
    )
    typer.echo(text, err=True)
