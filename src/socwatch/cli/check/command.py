"""The command for cron: it prints nothing until there is news, and an error if it cannot report."""

from __future__ import annotations

from typing import Annotated

import typer

from socwatch.cli.check.request import CheckOutput, WatchOptions
from socwatch.cli.options import OUTPUT, AsOf, RegisterOptions


def _complete_scheduler() -> list[str]:
    return ["cron", "systemd"]


def check_command(
    *,
    watch: WatchOptions,
    remind: Annotated[
        str | None,
        typer.Option(
            "--remind",
            metavar="DAYS",
            rich_help_panel="How often",
            help="Report each item only when this many days are left, for example "
            '28,14,7,1,0,-1,-7,-30 (negative: days overdue), or "usual" for these; after the last '
            "of them, every 30 days. Days since the last run count, so nothing is missed. The time "
            "of the last run is stored for each set of options; for a one-off look, leave this "
            "option out.",
        ),
    ] = None,
    output: CheckOutput,
    print_schedule: Annotated[
        str | None,
        typer.Option(
            "--print-schedule",
            metavar="cron|systemd",
            rich_help_panel=OUTPUT,
            autocompletion=_complete_scheduler,
            help="Print what runs this check each day, with --remind usual unless --remind, "
            "--format or --output is given. Nothing is installed.",
        ),
    ] = None,
    dates: AsOf,
    register: RegisterOptions,
) -> None:
    """Report items that need attention. Prints nothing if none do.

    Lists overdue items, items due soon and missing responses to reports, most urgent first, and
    exits with 1 if there are any. It is designed for cron, which emails whatever a command prints.
    If the register is missing, invalid or empty, check reports an error instead of printing
    nothing.
    """
    from socwatch.cli.check.run import CheckRequest, check

    request = CheckRequest(watch, remind, output, dates, register)
    if print_schedule is not None:
        from socwatch.cli.check import schedule

        schedule.print_schedule(request, print_schedule)
        return
    code = check(request)
    if code:
        raise typer.Exit(code)
