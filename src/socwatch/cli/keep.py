"""Commands that keep the register: check it, begin one, help editors with it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from socwatch.cli.options import RecordsOption

if TYPE_CHECKING:
    from socwatch.records import Register

_FAULT_FORMATS = ("plain", "json", "github")


def _complete_fault_format(incomplete: str) -> Iterator[str]:
    return (name for name in _FAULT_FORMATS if name.startswith(incomplete))


def validate_command(
    ctx: typer.Context,
    format_: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            metavar="|".join(_FAULT_FORMATS),
            rich_help_panel="Output",
            autocompletion=_complete_fault_format,
            help="For people, for scripts, or as annotations that GitHub shows.",
        ),
    ] = "plain",
    records: RecordsOption = None,
) -> None:
    """List every fault of the register, with its remedy.

    Each with its place, its name, the line itself and what to type instead. The exit code is 0 if
    there is none, and 3 if the register cannot be used.
    """
    from socwatch.cli.session import faults_of, register_path
    from socwatch.cli.streams import speaks_unicode, write_out
    from socwatch.errors import UsageError
    from socwatch.render.faults import FAULT_FORMATS
    from socwatch.render.setting import Setting
    from socwatch.render.text import visible
    from socwatch.reports.table import count

    if format_ not in FAULT_FORMATS:
        message = f"there is no format {format_!r} of faults"
        raise UsageError(message, remedy=f"use one of {', '.join(FAULT_FORMATS)}")
    path = register_path(ctx, records)
    register, faults = faults_of(path)
    answer = FAULT_FORMATS[format_](faults, Setting(str(path), unicode=speaks_unicode(sys.stdout)))
    if format_ == "plain" and faults:
        answer += f"\n{count(len(faults), 'fault')}: mend what is listed, then: socwatch validate\n"
    elif format_ == "plain" and register is not None:
        answer = f"{visible(str(path))} is valid: {_holdings(register)}.\n"
    write_out(answer)
    if faults:
        from socwatch.errors import RegisterInvalid

        raise typer.Exit(RegisterInvalid.exit_code)


def _holdings(register: Register) -> str:
    from socwatch.reports.table import count

    findings = count(len(register.findings), "finding")
    bodies = count(len(register.bodies), "body", "bodies")
    return f"{findings} for {bodies}, {count(len(register.updates), 'update')}"
