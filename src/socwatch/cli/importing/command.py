"""`socwatch import`: its options and its help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from socwatch.cli.option_groups import OptionGroup
from socwatch.cli.options import RegisterOptions, format_option
from socwatch.cli.record.update_request import DryRunOption


class ImportOptions(OptionGroup):
    """What is imported, and how far it goes without asking."""

    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE",
            readable=False,  # One that cannot be read gets its own words.
            show_default=False,
            help="The spreadsheet: .xlsx, .ods, .csv or .txt.",
        ),
    ] = None
    sheet_date: Annotated[
        str | None,
        typer.Option(
            "--sheet-date",
            metavar="DATE",
            help="The date on which the spreadsheet was correct: 2026-03-31 or '31 Mar 2026'.",
        ),
    ] = None
    answers: Annotated[
        Path | None,
        typer.Option(
            "--answers",
            metavar="FILE",
            readable=False,
            help="Use the answers in FILE, and keep new ones there; by default beside the "
            "spreadsheet, in a file whose name ends in .import.toml.",
        ),
    ] = None
    template: Annotated[
        Path | None,
        typer.Option(
            "--template",
            metavar="FILE",
            readable=False,
            help="Write a blank spreadsheet to fill in, instead of importing one.",
        ),
    ] = None
    yes: Annotated[
        bool,
        typer.Option("--yes", "-y", metavar="", help="Do not ask for confirmation."),
    ] = False
    dry_run: DryRunOption = False
    format: Annotated[
        str,
        format_option("For people, or for scripts.", "plain|json"),
    ] = "plain"


def import_command(*, request: ImportOptions, register: RegisterOptions) -> None:
    """Add the recommendations of a spreadsheet, and what has changed since the last one.

    Asks what no program can know: which column is what, what the words of a status mean. Then it
    shows every record and update that it would add, and asks before it adds them, all or none.
    Your answers are kept for the next spreadsheet, from which only the changes are added.

    For example: socwatch import tracker.xlsx
    """
    from socwatch.cli.importing.run import import_spreadsheet, write_template
    from socwatch.errors import UsageError

    if request.template is not None:
        write_template(request.template)
        return
    if request.file is None:
        message = "no spreadsheet given"
        remedy = "name one: socwatch import tracker.xlsx; or get a blank one: --template FILE"
        raise UsageError(message, remedy=remedy)
    code = import_spreadsheet(register, request, request.file)
    if code:
        raise typer.Exit(code)
