"""`add`: a command for each kind of record, whose options are the record's fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import Parameter, Signature
from types import MappingProxyType
from typing import Annotated, Any

import typer

from socwatch.cli.add.values import metavar_of, option_of
from socwatch.cli.completion import (
    complete_bodies,
    complete_findings,
    complete_inspections,
    complete_sources,
)
from socwatch.cli.options import RecordsOption
from socwatch.cli.param_types import SpokenCommand, SpokenGroup
from socwatch.cli.record.command import DryRunOption
from socwatch.errors import UsageError
from socwatch.fields import FieldSpec, Form
from socwatch.records import FIELDS, REGISTER

WORDS: Mapping[str, str] = MappingProxyType(
    {
        "finding": "findings",
        "body": "bodies",
        "inspection": "inspections",
        "grade": "grades",
        "source": "sources",
        "response": "responses",
        "monitoring": "monitoring",
    }
)
"""What can be added, by the word for one of it; updates are what other commands append."""

_COMPLETED: Mapping[str, Callable[..., list[str]]] = MappingProxyType(
    {
        "bodies": complete_bodies,
        "findings": complete_findings,
        "inspections": complete_inspections,
        "sources": complete_sources,
    }
)
_NEEDED = "What it needs; on a terminal you are asked for it"
_MORE = "What else it may have"

add_command = typer.Typer(
    name="add",
    cls=SpokenGroup,
    help="Add a finding, body, inspection, grade, source, response or monitoring.\n\n"
    "It is written at the end of the register, if the register is without a fault then. "
    "On a terminal you are asked for what it needs; elsewhere the options must say it.",
    invoke_without_command=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    subcommand_metavar="KIND [OPTIONS]",
)


@add_command.callback()
def _demand_kind(ctx: typer.Context) -> None:
    if ctx.invoked_subcommand is None:
        message = "this does not say what to add"
        raise UsageError(message, remedy=f"socwatch add {', '.join(WORDS)}: name one of these")


def _option(field: FieldSpec) -> Parameter:
    """The parameter that typer makes the option of a field from."""
    help_ = field.described()
    if field.form is Form.RECORD:
        help_ = f"{help_.partition(':')[0]}, and what each says."
    if field.name == "id":
        help_ += " Proposed, if left out."
    if field.many:
        help_ += " Can be repeated."
    target = "sources" if field.form is Form.RECORD else field.refers
    words = _complete_words(field.words) if field.words else None
    declared = typer.Option(
        option_of(field),
        metavar=metavar_of(field),
        help=help_,
        show_default=False,
        rich_help_panel=_NEEDED if field.required else _MORE,
        autocompletion=words or _COMPLETED.get(target),
    )
    taken: Any = list[str] | None if field.many else str | None
    return Parameter(
        field.name, Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[taken, declared]
    )


def _complete_words(words: tuple[str, ...]) -> Callable[[str], list[str]]:
    def complete(incomplete: str) -> list[str]:
        return [word for word in words if word.startswith(incomplete)]

    return complete


def _adding(table: str) -> Callable[..., None]:
    """The function that typer calls to add a record to a table, its parameters the fields."""
    fields = FIELDS[table].values()

    def run(
        ctx: typer.Context,
        *,
        dry_run: bool = False,
        records: Any = None,  # noqa: ANN401  # as its option declares it
        **typed: Any,  # noqa: ANN401  # texts, or lists of them
    ) -> None:
        from socwatch.cli.add.run import add

        add(ctx, table, typed, dry_run=dry_run, records=records)

    shared = (
        Parameter("dry_run", Parameter.KEYWORD_ONLY, default=False, annotation=DryRunOption),
        Parameter("records", Parameter.KEYWORD_ONLY, default=None, annotation=RecordsOption),
    )
    context = Parameter("ctx", Parameter.KEYWORD_ONLY, annotation=typer.Context)
    needed = [_option(field) for field in fields if field.required]
    more = [_option(field) for field in fields if not field.required]
    parameters = (context, *needed, *more, *shared)
    run.__signature__ = Signature(parameters)  # type: ignore[attr-defined]  # what typer reads
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return run


for _word, _table in WORDS.items():
    _article = "an" if _word[0] in "aeiou" else "a"
    _what = "monitoring" if _word == _table else f"{_article} {_word}"
    _meaning = REGISTER[_table].meaning.rstrip(".")
    add_command.command(
        _word,
        cls=SpokenCommand,
        help=f"Add {_what}: {_meaning[:1].lower()}{_meaning[1:]}.",
        context_settings={"help_option_names": ["-h", "--help"]},
    )(_adding(_table))
