"""The command for cron: it prints nothing until there is news, and an error if it cannot report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from socwatch.cli.completion import complete_formats
from socwatch.cli.options import (
    AsOfOption,
    BodyOption,
    InspectionOption,
    KindOption,
    OutputOption,
    OwnerOption,
    RecordsOption,
)
from socwatch.cli.param_types import days_for

_WATCH = "What to check"
_OFTEN = "How often"
_OUTPUT = "Output"


def _complete_scheduler(incomplete: str) -> Iterator[str]:
    return (name for name in ("cron", "systemd") if name.startswith(incomplete))


def check_command(
    ctx: typer.Context,
    body: BodyOption = None,
    inspection: InspectionOption = None,
    kind: KindOption = None,
    owner: OwnerOption = None,
    within: Annotated[
        list[int] | None,
        typer.Option(
            "--within",
            metavar="DAYS",
            parser=days_for("--within"),
            rich_help_panel=_WATCH,
            help="How many days ahead to look: 28 if left out. Can be repeated: the smallest that "
            "fits labels the item.",
        ),
    ] = None,
    awaiting_sign_off: Annotated[
        int | None,
        typer.Option(
            "--awaiting-sign-off",
            metavar="DAYS",
            parser=days_for("--awaiting-sign-off"),
            rich_help_panel=_WATCH,
            help="Also report items reported done DAYS days ago or more and not signed off.",
        ),
    ] = None,
    stale_after: Annotated[
        int | None,
        typer.Option(
            "--stale-after",
            metavar="DAYS",
            parser=days_for("--stale-after", least=1),
            rich_help_panel=_WATCH,
            help='Also report if no update, not even "checked", is on record for DAYS days or '
            "more.",
        ),
    ] = None,
    check_evidence: Annotated[
        bool,
        typer.Option(
            "--check-evidence",
            metavar="",
            rich_help_panel=_WATCH,
            help="Also report evidence files that are missing or have changed.",
        ),
    ] = False,
    remind: Annotated[
        str | None,
        typer.Option(
            "--remind",
            metavar="DAYS",
            rich_help_panel=_OFTEN,
            help="Report each item only when this many days are left, for example "
            '28,14,7,1,0,-1,-7,-30 (negative: days overdue), or "usual" for these; after the last '
            "of them, every 30 days. Days since the last run count, so nothing is missed. The time "
            "of the last run is stored for each set of options; for a one-off look, leave this "
            "option out.",
        ),
    ] = None,
    group_by: Annotated[
        str | None,
        typer.Option(
            "--group-by",
            metavar="owner",
            rich_help_panel=_OUTPUT,
            help="Group the list by owner.",
        ),
    ] = None,
    format_: Annotated[
        str | None,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            rich_help_panel=_OUTPUT,
            autocompletion=complete_formats,
            help="plain, json, nagios or prometheus; plain if left out.",
        ),
    ] = None,
    output: OutputOption = None,
    print_schedule: Annotated[
        str | None,
        typer.Option(
            "--print-schedule",
            metavar="cron|systemd",
            rich_help_panel=_OUTPUT,
            autocompletion=_complete_scheduler,
            help="Print what runs this check each day. Nothing is installed.",
        ),
    ] = None,
    as_of: AsOfOption = None,
    records: RecordsOption = None,
) -> None:
    """Report items that need attention. Prints nothing if none do.

    Lists overdue items, items due soon and missing responses to reports, most urgent first, and
    exits with 1 if there are any. It is designed for cron, which emails whatever a command prints.
    If the register is missing, invalid or empty, check reports an error instead of printing
    nothing.
    """
    from socwatch.cli.check.run import Wanted, check

    choice = {"body": body, "inspection": inspection, "kind": kind, "owner": owner}
    wanted = Wanted(
        tuple(within or ()),
        awaiting_sign_off,
        stale_after,
        check_evidence,
        remind,
        group_by,
        format_,
        output,
        choice,
        as_of,
    )
    if print_schedule is not None:
        from socwatch.cli.check import schedule

        schedule.print_schedule(ctx, print_schedule, records, wanted)
        return
    code = check(ctx, records, wanted)
    if code:
        raise typer.Exit(code)
