"""Commands that keep the register: check it, begin one, help editors with it."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from socwatch.cli.completion import complete_formats
from socwatch.cli.options import OutputOption, RecordsOption

if TYPE_CHECKING:
    from socwatch.records import Register


def validate_command(
    ctx: typer.Context,
    format_: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            metavar="plain|json|github",
            rich_help_panel="Output",
            autocompletion=complete_formats,
            help="For people, for scripts, or as annotations that GitHub shows.",
        ),
    ] = "plain",
    evidence: Annotated[
        bool,
        typer.Option(
            "--evidence",
            metavar="",
            help="Look also whether the files that were given as evidence are still there, and "
            "unchanged.",
        ),
    ] = False,
    records: RecordsOption = None,
) -> None:
    """List every fault of the register, with its remedy.

    Each with its place, its name, the line itself and what to type instead. The exit code is 0 if
    there is none, and 3 if the register cannot be used.
    """
    from socwatch.cli.choosing import one_of
    from socwatch.cli.session import faults_of, register_path, to_type
    from socwatch.cli.streams import speaks_unicode, write_out
    from socwatch.errors import RegisterInvalid
    from socwatch.evidence import held, look_again
    from socwatch.render.context import Setting
    from socwatch.render.problems import FAULT_FORMATS
    from socwatch.render.text import visible
    from socwatch.reports.table import count

    chosen = one_of("--format", format_, FAULT_FORMATS)
    path = register_path(ctx, records)
    register, faults = faults_of(path, look_again if evidence else None)
    answer = FAULT_FORMATS[chosen](faults, Setting(str(path), unicode=speaks_unicode(sys.stdout)))
    if chosen == "plain" and faults:
        again = f"{to_type('validate', path)}{' --evidence' if evidence else ''}"
        answer += f"\n{count(len(faults), 'fault')}: mend what is listed, then: {again}\n"
    elif chosen == "plain" and register is not None:
        answer = f"{visible(str(path))} is valid: {_holdings(register)}.\n"
        if evidence:
            files = count(len({file.name for file in held(register)}), "file")
            answer += f"All its evidence is in its place and unchanged: {files}.\n"
    write_out(answer)
    if faults:
        raise typer.Exit(RegisterInvalid.exit_code)


def init_command(
    ctx: typer.Context,
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE",
            show_default=False,
            help="The new register; recommendations.toml in this folder, unless --records or "
            "SOCWATCH_RECORDS names another.",
        ),
    ] = None,
    example: Annotated[
        bool, typer.Option("--example", metavar="", help="Write the register that socwatch ships.")
    ] = False,
    records: RecordsOption = None,
) -> None:
    """Write a new register: empty, or the shipped example.

    The empty one says in its comments what a record is made of, with an example of each. A file
    that is there already is never touched.
    """
    from socwatch.cli.appending import tell_recorded
    from socwatch.cli.session import to_type
    from socwatch.errors import RegisterExists, RegisterMissing
    from socwatch.render.text import visible
    from socwatch.store.create import create
    from socwatch.store.discovery import USUAL_PLACES, VARIABLE, find
    from socwatch.store.template import empty_register, example_register

    variable = os.environ.get(VARIABLE)
    named = file or records or ctx.obj or (Path(variable) if variable else None)
    if named is None:
        with contextlib.suppress(RegisterMissing):  # a second one here might never be looked at
            raise RegisterExists(str(find(None, {}, Path())))
    path = named or USUAL_PLACES[-1]
    create(path, example_register() if example else empty_register().encode())
    if example:
        what, next_ = "the example that socwatch ships", "type"
    else:
        what, next_ = "an empty register", "add records (socwatch add --help), and type"
    follow = to_type("status" if example else "validate", path)
    answer = f"Wrote {visible(str(path))}: {what}.\nNext, {next_}: {visible(follow)}\n"
    tell_recorded(answer, follow)


def schema_command(
    ctx: typer.Context, output: OutputOption = None, records: RecordsOption = None
) -> None:
    """Print the JSON Schema by which editors check a register.

    Save it beside the register with --output recommendations.schema.json, and make
    #:schema ./recommendations.schema.json the first line of the register: editors that use taplo
    or tombi then complete and check it while it is typed.
    """
    from socwatch.cli.session import register_path
    from socwatch.cli.streams import write_file, write_out
    from socwatch.errors import RegisterMissing
    from socwatch.store.schema import schema_text

    if output is None:
        write_out(schema_text())
        return
    try:
        register: Path | None = register_path(ctx, records)
    except RegisterMissing:
        register = None
    write_file(output, schema_text(), register=register)


def _holdings(register: Register) -> str:
    from socwatch.reports.table import count

    findings = count(len(register.findings), "finding")
    bodies = count(len(register.bodies), "body", "bodies")
    return f"{findings} for {bodies}, {count(len(register.updates), 'update')}"
