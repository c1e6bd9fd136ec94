"""What a recording command is asked to do, before a register is opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer

from socwatch.cli.completion import complete_names
from socwatch.cli.option_groups import OptionGroup

REQUIRED = "Required"
"""The heading in help of the options that a command cannot do without."""

_DETAILS = "Details to record"

ByOption = Annotated[
    str | None,
    typer.Option(
        "--by",
        metavar="NAME",
        rich_help_panel=_DETAILS,
        help="Who reported it: your git user name if left out, or your login name.",
    ),
]
NoteOption = Annotated[
    str | None,
    typer.Option(
        "--note",
        metavar="TEXT",
        rich_help_panel=_DETAILS,
        help="Anything else readers should know.",
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
    by: ByOption = None
    note: NoteOption = None
    on: Annotated[
        str | None,
        typer.Option(
            "--on",
            metavar="DATE",
            rich_help_panel=_DETAILS,
            help="Date it happened; today if left out.",
        ),
    ] = None
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


def required(
    name: str, metavar: str, help_: str, *, complete: Callable[[], list[str]] | None = None
) -> Any:  # noqa: ANN401  # as typer declares an option
    """Return the declaration of an option that a command cannot do without.

    typer does not demand it, because on a terminal socwatch may ask for it.
    """
    return typer.Option(
        name,
        metavar=metavar,
        rich_help_panel=REQUIRED,
        help=f"{help_} Required.",
        autocompletion=complete,
    )


class ReasonRequest(UpdateRequest):
    """A request that says why."""

    note: Annotated[str | None, required("--note", "TEXT", "The reason.")] = None


class TextRequest(UpdateRequest):
    """A request to add a note."""

    note: Annotated[str | None, required("--note", "TEXT", "The text of the note.")] = None


_ASKED = "On a terminal you are asked."


class AcceptedRequest(UpdateRequest):
    """A request that says who accepted it."""

    by: Annotated[
        str | None,
        required("--by", "NAME", f"Who at the inspectorate accepted it. {_ASKED}"),
    ] = None


class AgreedRequest(ReasonRequest):
    """A request that says who agreed to it, and why."""

    by: Annotated[str | None, required("--by", "NAME", f"Who agreed to it. {_ASKED}")] = None
