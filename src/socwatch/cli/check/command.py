"""The command for cron: silent until there is news, and never silent because it broke."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from socwatch.cli.completion import complete_formats
from socwatch.cli.options import (
    AsKnownOption,
    AsOfOption,
    BodyOption,
    DueWithinOption,
    InspectionOption,
    KindOption,
    OutputOption,
    OverdueOption,
    OwnerOption,
    RecordsOption,
    RegionOption,
    StatusOption,
    TextOption,
    TimingOption,
)
from socwatch.cli.param_types import days_for

_WATCH = "What to look for"
_AGAIN = "How often to say it"
_SHOW = "Output"


def _complete_scheduler(incomplete: str) -> Iterator[str]:
    return (name for name in ("cron", "systemd") if name.startswith(incomplete))


def check_command(
    ctx: typer.Context,
    within: Annotated[
        list[int] | None,
        typer.Option(
            "--within",
            metavar="DAYS",
            parser=days_for("--within"),
            rich_help_panel=_WATCH,
            help="Say what is due in so many days; 28 if left out. Given several times, the "
            "nearest names the urgency.",
        ),
    ] = None,
    sign_off_within: Annotated[
        int | None,
        typer.Option(
            "--sign-off-within",
            metavar="DAYS",
            parser=days_for("--sign-off-within"),
            rich_help_panel=_WATCH,
            help="Say also what was said to be done more than so many days ago and is not "
            "signed off.",
        ),
    ] = None,
    stale: Annotated[
        int | None,
        typer.Option(
            "--stale",
            metavar="DAYS",
            parser=days_for("--stale", least=1),
            rich_help_panel=_WATCH,
            help="Say also that nothing was recorded for so many days, not even `checked`.",
        ),
    ] = None,
    evidence: Annotated[
        bool,
        typer.Option(
            "--evidence",
            metavar="",
            rich_help_panel=_WATCH,
            help="Say also which files of evidence are gone or have changed.",
        ),
    ] = False,
    ladder: Annotated[
        str | None,
        typer.Option(
            "--ladder",
            metavar="DAYS,DAYS",
            rich_help_panel=_AGAIN,
            help="Speak of a thing only on the days when it has so many days left, such as "
            "28,14,7,1,0,-1,-7,-30, then every 30 days.",
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            metavar="DAY|last",
            rich_help_panel=_AGAIN,
            help="Speak of what crossed a rung after this day, or after the last run that "
            "answered; without --ladder on the usual one, whose days ahead are those of "
            "--within if that is given. To look by hand, leave out `--since last`: it takes the "
            "news that cron would have told.",
        ),
    ] = None,
    by_owner: Annotated[
        bool,
        typer.Option(
            "--by-owner",
            metavar="",
            rich_help_panel=_SHOW,
            help="Put together what one owner sees to.",
        ),
    ] = False,
    exit_zero: Annotated[
        bool,
        typer.Option(
            "--exit-zero",
            metavar="",
            rich_help_panel=_SHOW,
            help="End with 0 where something needs attention; errors keep their codes.",
        ),
    ] = False,
    quiet: Annotated[
        bool,
        typer.Option(
            "--quiet",
            "-q",
            metavar="",
            rich_help_panel=_SHOW,
            help="Print no answer, and leave the exit code; errors are still told.",
        ),
    ] = False,
    format_: Annotated[
        str | None,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            rich_help_panel=_SHOW,
            autocompletion=complete_formats,
            help="plain, table, markdown, json, csv, nagios, prometheus, github or junit; by "
            "default plain, on a terminal too.",
        ),
    ] = None,
    output: OutputOption = None,
    install: Annotated[
        str | None,
        typer.Option(
            "--install",
            metavar="cron|systemd",
            rich_help_panel=_SHOW,
            autocompletion=_complete_scheduler,
            help="Print a crontab line, or a service and its timer, that call this each day on "
            "this register; install nothing.",
        ),
    ] = None,
    body: BodyOption = None,
    region: RegionOption = None,
    kind: KindOption = None,
    status: StatusOption = None,
    timing: TimingOption = None,
    inspection: InspectionOption = None,
    owner: OwnerOption = None,
    text: TextOption = None,
    overdue: OverdueOption = False,
    due_within: DueWithinOption = None,
    as_of: AsOfOption = None,
    as_known: AsKnownOption = None,
    records: RecordsOption = None,
) -> None:
    """Say what needs attention, and nothing if nothing does.

    What is past its deadline, what is due, and responses within the 56 days, the worst first;
    the exit code is 1 if there is any. For cron: where nothing can be said, because the register
    is missing, faulty or empty, that is an error, and never silence.
    """
    from socwatch.cli.check.run import Wanted, check

    choice = {
        "body": body,
        "region": region,
        "kind": kind,
        "status": status,
        "timing": timing,
        "inspection": inspection,
        "owner": owner,
        "text": text,
        "overdue": overdue,
        "due_within": due_within,
    }
    wanted = Wanted(
        tuple(within or ()),
        sign_off_within,
        stale,
        evidence,
        ladder,
        since,
        by_owner,
        exit_zero,
        quiet,
        format_,
        output,
        choice,
        as_of,
        as_known,
    )
    if install is not None:
        from socwatch.cli.check.schedule import print_installation

        print_installation(ctx, install, records, wanted)
        return
    code = check(ctx, records, wanted)
    if code:
        raise typer.Exit(code)
