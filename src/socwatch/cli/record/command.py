"""Commands that record what happened to items: each appends updates, and changes nothing else."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from inspect import Parameter, signature
from typing import Annotated, Any

import typer

from socwatch.cli.completion import complete_names, complete_updates
from socwatch.cli.options import RecordsOption
from socwatch.cli.record.update_request import Order
from socwatch.cli.typer_seam import with_parameters

_DETAILS = "Details to record"

OnOption = Annotated[
    str | None,
    typer.Option(
        "--on",
        metavar="DATE",
        rich_help_panel=_DETAILS,
        help="Date it happened; today if left out.",
    ),
]
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
YesOption = Annotated[
    bool,
    typer.Option(
        "--yes", "-y", metavar="", rich_help_panel=_DETAILS, help="Do not ask for confirmation."
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


def _order(
    ctx: typer.Context,
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ID",
            autocompletion=complete_names,
            show_default=False,
            help="Findings, by id, start of the id, or alias. finding@body means one of several "
            "bodies. The id of a report or of a cause of concern stands for its live items.",
        ),
    ] = None,
    on: OnOption = None,
    by: ByOption = None,
    note: NoteOption = None,
    yes: YesOption = False,
    dry_run: DryRunOption = False,
    clock_is_right: ClockOption = False,
    records: RecordsOption = None,
) -> Order:
    return Order(ctx, records, tuple(names or ()), on, by, note, yes, dry_run, clock_is_right)


def _recording(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the arguments that all of them take, gathered in its first, an Order."""

    @wraps(command)
    def run(**values: Any) -> None:  # noqa: ANN401  # whatever typer parsed
        order = _order(**{name: values.pop(name) for name in signature(_order).parameters})
        command(order, **values)

    return with_parameters(run, partial(_parameters, command))


def _parameters(command: Callable[..., None]) -> list[Parameter]:
    """Return what a command takes. What it requires itself stands after the ids: extend ID... DATE.

    Called when its parser is built: to evaluate all these annotations takes time.
    """
    own = list(signature(command, eval_str=True).parameters.values())[1:]
    required = [parameter for parameter in own if parameter.default is Parameter.empty]
    optional = [parameter for parameter in own if parameter.default is not Parameter.empty]
    ctx, names, *rest = signature(_order, eval_str=True).parameters.values()
    return [ctx, names, *required, *optional, *rest]


EvidenceOption = Annotated[
    list[str] | None,
    typer.Option(
        "--evidence",
        metavar="PATH|URL",
        help="File or web address that supports this. Can be repeated.",
    ),
]


@_recording
def start_command(
    order: Order,
    assign_to: Annotated[
        str | None,
        typer.Option("--assign-to", metavar="NAME", help="Who is responsible for it from now on."),
    ] = None,
) -> None:
    """Record that work on an item has started."""
    from socwatch.cli.record.run import record

    record(order, "start", {"owner": assign_to})


@_recording
def done_command(order: Order, evidence: EvidenceOption = None) -> None:
    """Record that a body reports an item as done.

    It stays live until the inspectorate accepts it (see sign-off) or it is closed (see close).
    """
    from socwatch.cli.record.run import record

    record(order, "done", {}, evidence)


@_recording
def sign_off_command(order: Order, evidence: EvidenceOption = None) -> None:
    """Record that the inspectorate has accepted an item as done."""
    from socwatch.cli.record.run import record

    record(order, "sign-off", {}, evidence)


@_recording
def reopen_command(order: Order) -> None:
    """Reopen an item that was done, signed off or closed."""
    from socwatch.cli.record.run import record

    record(order, "reopen", {})


def _complete_outcomes() -> list[str]:
    from socwatch.records import Outcome

    return [*Outcome]


@_recording
def close_command(
    order: Order,
    outcome: Annotated[
        str | None,
        typer.Option(
            "--outcome",
            metavar="OUTCOME",
            autocompletion=_complete_outcomes,
            help="superseded (name the --successor), not-accepted or no-longer-relevant. Required.",
        ),
    ] = None,
    successor: Annotated[
        str | None,
        typer.Option(
            "--successor",
            metavar="ID",
            autocompletion=complete_names,
            help="The finding that replaces it.",
        ),
    ] = None,
) -> None:
    """Close an item without sign-off, giving the outcome."""
    from socwatch.cli.record.run import record

    record(order, "close", {"outcome": outcome, "successor": successor})


@_recording
def extend_command(
    order: Order,
    deadline: Annotated[
        str,
        typer.Argument(
            metavar="DATE",
            help="The new deadline; a period such as '2 weeks' counts from today.",
        ),
    ],
) -> None:
    """Record a new deadline, who agreed it and why."""
    from socwatch.cli.record.run import record

    record(order, "extend", {"deadline": deadline})


@_recording
def assign_command(
    order: Order,
    owner: Annotated[
        str, typer.Argument(metavar="OWNER", help="Who is responsible for it from now on.")
    ],
) -> None:
    """Record who is responsible for an item."""
    from socwatch.cli.record.run import record

    record(order, "assign", {"owner": owner})


@_recording
def note_command(order: Order, evidence: EvidenceOption = None) -> None:
    """Add a note to an item."""
    from socwatch.cli.record.run import record

    record(order, "note", {}, evidence)


@_recording
def checked_command(order: Order) -> None:
    """Record that someone looked for evidence on an item."""
    from socwatch.cli.record.run import record

    record(order, "checked", {})


@_recording
def mute_command(
    order: Order,
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="DATE", help="The last day without alerts. Required."),
    ] = None,
) -> None:
    """Stop alerts about an item until a date. It can still be overdue."""
    from socwatch.cli.record.run import record

    record(order, "mute", {"until": until})


def undo_command(
    ctx: typer.Context,
    update: Annotated[
        str | None,
        typer.Argument(
            metavar="UPDATE",
            autocompletion=complete_updates,
            show_default=False,
            help="The id of an update (see log), or the start of it; the last update if left out.",
        ),
    ] = None,
    by: ByOption = None,
    note: NoteOption = None,
    dry_run: DryRunOption = False,
    clock_is_right: ClockOption = False,
    records: RecordsOption = None,
) -> None:
    """Undo the last update, or the one you name.

    Nothing is deleted: both updates stay on record. An undo can be undone.
    """
    from socwatch.cli.record.run import undo

    order = Order(
        ctx,
        records,
        (),
        None,
        by,
        note,
        yes=True,
        dry_run=dry_run,
        clock_is_right=clock_is_right,
    )
    undo(order, update)
