"""Commands that record what happened to items: each appends updates, and changes nothing else."""

from __future__ import annotations

from typing import Annotated

import typer

from socwatch.cli.completion import complete_names, complete_updates
from socwatch.cli.options import RegisterOptions
from socwatch.cli.record.update_request import (
    AcceptedRequest,
    AgreedRequest,
    ByOption,
    ClockOption,
    DryRunOption,
    NoteOption,
    ReasonRequest,
    TextRequest,
    UpdateRequest,
    required,
)

EvidenceOption = Annotated[
    list[str] | None,
    typer.Option(
        "--evidence",
        metavar="PATH|URL",
        help="File or web address that supports this. Can be repeated.",
    ),
]


def start_command(
    *,
    assign_to: Annotated[
        str | None,
        typer.Option("--assign-to", metavar="NAME", help="Who is responsible for it from now on."),
    ] = None,
    request: UpdateRequest,
    register: RegisterOptions,
) -> None:
    """Record that work on an item has started."""
    from socwatch.cli.record.run import UpdateFields, record

    record(register, request, "start", UpdateFields(owner=assign_to))


def done_command(
    *, evidence: EvidenceOption = None, request: UpdateRequest, register: RegisterOptions
) -> None:
    """Record that a body reports an item as done.

    It stays live until the inspectorate accepts it (see sign-off) or it is closed (see close).
    """
    from socwatch.cli.record.run import UpdateFields, record

    record(register, request, "done", UpdateFields(evidence=evidence))


def sign_off_command(
    *, evidence: EvidenceOption = None, request: AcceptedRequest, register: RegisterOptions
) -> None:
    """Record that the inspectorate has accepted an item as done."""
    from socwatch.cli.record.run import UpdateFields, record

    record(register, request, "sign-off", UpdateFields(evidence=evidence))


def reopen_command(*, request: ReasonRequest, register: RegisterOptions) -> None:
    """Reopen an item that was done, signed off or closed."""
    from socwatch.cli.record.run import UpdateFields, record

    record(register, request, "reopen", UpdateFields())


def _complete_outcomes() -> list[str]:
    from socwatch.records import Outcome

    return [*Outcome]


def close_command(
    *,
    outcome: Annotated[
        str | None,
        required(
            "--outcome",
            "OUTCOME",
            "superseded (name the --successor), not-accepted or no-longer-relevant.",
            complete=_complete_outcomes,
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
    request: ReasonRequest,
    register: RegisterOptions,
) -> None:
    """Close an item without sign-off, giving the outcome."""
    from socwatch.cli.record.run import UpdateFields, record

    record(register, request, "close", UpdateFields(outcome=outcome, successor=successor))


def extend_command(
    *,
    request: AgreedRequest,
    deadline: Annotated[
        str,
        typer.Argument(
            metavar="DATE",
            help="The new deadline; a period such as '2 weeks' counts from the current deadline, "
            "'in 2 weeks' from today.",
        ),
    ],
    register: RegisterOptions,
) -> None:
    """Record a new deadline, who agreed it and why."""
    from socwatch.cli.record.run import UpdateFields, record

    record(register, request, "extend", UpdateFields(deadline=deadline))


def assign_command(
    *,
    request: UpdateRequest,
    owner: Annotated[
        str, typer.Argument(metavar="OWNER", help="Who is responsible for it from now on.")
    ],
    register: RegisterOptions,
) -> None:
    """Record who is responsible for an item."""
    from socwatch.cli.record.run import UpdateFields, record

    record(register, request, "assign", UpdateFields(owner=owner))


def note_command(
    *, evidence: EvidenceOption = None, request: TextRequest, register: RegisterOptions
) -> None:
    """Add a note to an item."""
    from socwatch.cli.record.run import UpdateFields, record

    record(register, request, "note", UpdateFields(evidence=evidence))


def checked_command(*, request: UpdateRequest, register: RegisterOptions) -> None:
    """Record that someone looked for evidence on an item."""
    from socwatch.cli.record.run import UpdateFields, record

    record(register, request, "checked", UpdateFields())


def mute_command(
    *,
    until: Annotated[
        str | None,
        required("--until", "DATE", "The last day without alerts."),
    ] = None,
    request: ReasonRequest,
    register: RegisterOptions,
) -> None:
    """Stop alerts about an item until a date. It can still be overdue."""
    from socwatch.cli.record.run import UpdateFields, record

    record(register, request, "mute", UpdateFields(until=until))


def undo_command(
    *,
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
    register: RegisterOptions,
) -> None:
    """Undo the last update, or the one you name.

    Nothing is deleted: both updates stay on record. An undo can be undone.
    """
    from socwatch.cli.record.run import undo

    request = UpdateRequest(by=by, note=note, dry_run=dry_run, clock_is_right=clock_is_right)
    undo(register, request, update)
