"""`add`: a command for each kind of record, whose options are the record's fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from inspect import Parameter
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from socwatch.cli.completion import (
    complete_bodies,
    complete_findings,
    complete_inspections,
    complete_sources,
)
from socwatch.cli.options import RegisterOptions
from socwatch.cli.record.update_request import DryRunOption
from socwatch.cli.typer_seam import Command, with_parameters
from socwatch.errors import UsageError

if TYPE_CHECKING:  # these would be slow to import for --help
    from socwatch.fields import FieldSpec

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
_NEEDED = "Required; on a terminal you are asked"
_MORE = "What else it may have"


def add_command(ctx: typer.Context) -> None:
    """Add a finding, body, inspection, grade, source, response or monitoring.

    It is written at the end of the register, if the register is without a fault then.
    On a terminal you are asked for what it needs; elsewhere the options must say it.
    """
    if ctx.invoked_subcommand is None:
        message = "this does not say what to add"
        raise UsageError(message, remedy=f"socwatch add {', '.join(WORDS)}: name one of these")


def kinds() -> list[Command]:
    """Return a command for each kind of record."""
    return [Command(word, _adding(word, table)) for word, table in WORDS.items()]


def _adding(word: str, table: str) -> Callable[..., None]:
    """Return the function that adds a record to a table; its options are the record's fields."""

    def run(*, dry_run: bool, register: RegisterOptions, **typed: str | list[str] | None) -> None:
        from socwatch.cli.add.run import add

        add(register, table, typed, dry_run=dry_run)

    from socwatch.records import REGISTER

    article = "an" if word[0] in "aeiou" else "a"
    what = "monitoring" if word == table else f"{article} {word}"
    meaning = REGISTER[table].meaning.rstrip(".")
    run.__doc__ = f"Add {what}: {meaning[:1].lower()}{meaning[1:]}."
    return with_parameters(run, partial(_parameters, table))


def _parameters(table: str) -> list[Parameter]:
    """Return the options of a table's fields, those that it needs first, and those of all."""
    from socwatch.records import FIELDS

    fields = FIELDS[table].values()
    return [
        *(_option(field) for field in fields if field.required),
        *(_option(field) for field in fields if not field.required),
        Parameter("dry_run", Parameter.KEYWORD_ONLY, default=False, annotation=DryRunOption),
        Parameter("register", Parameter.KEYWORD_ONLY, annotation=RegisterOptions),
    ]


def _option(field: FieldSpec) -> Parameter:
    """Return the parameter that typer makes the option of a field from."""
    from socwatch.cli.add.values import metavar_of, option_of
    from socwatch.fields import Form

    help_ = field.described()
    if field.form is Form.RECORD:
        help_ = f"{help_.partition(':')[0]}, and what each says."
    if field.name == "id":
        help_ += " Proposed, if left out."
    if field.many:
        help_ += " Can be repeated."
    target = "sources" if field.form is Form.RECORD else field.refers
    declared = typer.Option(
        option_of(field),
        metavar=metavar_of(field),
        help=help_,
        show_default=False,
        rich_help_panel=_NEEDED if field.required else _MORE,
        autocompletion=_completer(field.words) if field.words else _COMPLETED.get(target),
    )
    taken: Any = list[str] | None if field.many else str | None
    return Parameter(
        field.name, Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[taken, declared]
    )


def _completer(words: tuple[str, ...]) -> Callable[[], list[str]]:
    def complete() -> list[str]:
        return [*words]

    return complete
