"""What a recording command is asked to do, before a register is opened."""

from __future__ import annotations

from typing import Annotated

import typer

from socwatch.cli.completion import complete_names
from socwatch.cli.option_groups import OptionGroup

_DETAILS = "Details to record"

ByOption = Annotated[
    str | None,
    typer.Option(
        "--by",
        metavar="NAME",
        rich_help_panel=_DETAILS,
        help="Who reported it: your git user name if left out, or your login name. For sign-off "
        "(who accepted it) and extend (who agreed it) it is required; on a terminal you are asked.",
    ),
]
NoteOption = Annotated[
    str | None,
    typer.Option(
        "--note",
        metavar="TEXT",
        rich_help_panel=_DETAILS,
        help="Anything else readers should know. Required by note, and by reopen, close, extend "
        "and mute, where it is the reason.",
    ),
]
DryRunOption = Annotated[
    bool,
    typer.Option(
        "--dry-run",
        metavar="",
        rich_help_panel=_DETAILS,
        help="Show the lines that would be added; write nothing.",
    ),
]
ClockOption = Annotated[
    bool,
    typer.Option(
        "--clock-is-right",
        metavar="",
        rich_help_panel=_DETAILS,
        help="Record with this computer's time, although the register has later records.",
    ),
]


class UpdateRequest(OptionGroup):
    """Which items a command is about, and how what happened to them is to be recorded."""

    ids: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ID",
            autocompletion=complete_names,
            show_default=False,
            help="Findings, by id or whole parts of it (r1); where you can be asked, also by "
            "label, alias or a unique part of one. finding@body means one of several bodies. The "
            "id of a report or of a cause of concern stands for its live items.",
        ),
    ] = None
    on: Annotated[
        str | None,
        typer.Option(
            "--on",
            metavar="DATE",
            rich_help_panel=_DETAILS,
            help="Date it happened; today if left out.",
        ),
    ] = None
    by: ByOption = None
    note: NoteOption = None
    yes: Annotated[
        bool,
        typer.Option(
            "--yes",
            "-y",
            metavar="",
            rich_help_panel=_DETAILS,
            help="Do not ask for confirmation.",
        ),
    ] = False
    dry_run: DryRunOption = False
    clock_is_right: ClockOption = False
