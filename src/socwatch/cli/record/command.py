"""Commands that record what happened to items: each appends updates, and changes nothing else."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from inspect import Parameter, signature
from typing import Annotated, Any

import typer

from socwatch.cli.completion import (
    complete_kinds,
    complete_names,
    complete_regions,
    complete_statuses,
    complete_timings,
    complete_updates,
)
from socwatch.cli.options import BodyOption, InspectionOption, RecordsOption
from socwatch.cli.param_types import days_for, seconds_for
from socwatch.cli.record.update_request import Order
from socwatch.cli.typer_seam import with_parameters

_CHOOSE = "Instead of ids, choose as in list"
_HOW = "How it is recorded"

ByOption = Annotated[
    str | None,
    typer.Option(
        "--by",
        metavar="NAME",
        rich_help_panel=_HOW,
        help="Who says so; if left out, git's user name, else the login name. Who signed it off "
        "(sign-off) or agreed (extend) is never guessed: on a terminal you are asked.",
    ),
]
NoteOption = Annotated[
    str | None,
    typer.Option("--note", metavar="TEXT", rich_help_panel=_HOW, help="What should be known."),
]
DryRunOption = Annotated[
    bool,
    typer.Option(
        "--dry-run", metavar="", rich_help_panel=_HOW, help="Print the lines, and write nothing."
    ),
]
WaitOption = Annotated[
    float,
    typer.Option(
        "--wait",
        metavar="SECONDS",
        parser=seconds_for("--wait"),
        rich_help_panel=_HOW,
        help="How long to wait for somebody else who is writing.",
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
            help="Findings by id, beginning of an id, or another name; finding@body means one "
            "of several bodies.",
        ),
    ] = None,
    body: BodyOption = None,
    region: Annotated[
        list[str] | None,
        typer.Option(
            "--region",
            autocompletion=complete_regions,
            metavar="BODY",
            rich_help_panel=_CHOOSE,
            help="Of this region.",
        ),
    ] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option(
            "--kind",
            autocompletion=complete_kinds,
            metavar="KIND",
            rich_help_panel=_CHOOSE,
            help="Of this kind.",
        ),
    ] = None,
    status: Annotated[
        list[str] | None,
        typer.Option(
            "--status",
            autocompletion=complete_statuses,
            metavar="STATUS",
            rich_help_panel=_CHOOSE,
            help="With this status.",
        ),
    ] = None,
    timing: Annotated[
        list[str] | None,
        typer.Option(
            "--timing",
            autocompletion=complete_timings,
            metavar="TIMING",
            rich_help_panel=_CHOOSE,
            help="With this timing.",
        ),
    ] = None,
    inspection: InspectionOption = None,
    owned_by: Annotated[
        str | None,
        typer.Option(
            "--owned-by", metavar="NAME", rich_help_panel=_CHOOSE, help="With this owner."
        ),
    ] = None,
    text: Annotated[
        str | None,
        typer.Option("--text", metavar="WORDS", rich_help_panel=_CHOOSE, help="With these words."),
    ] = None,
    overdue: Annotated[
        bool,
        typer.Option("--overdue", metavar="", rich_help_panel=_CHOOSE, help="Past its deadline."),
    ] = False,
    due_within: Annotated[
        int | None,
        typer.Option(
            "--due-within",
            metavar="DAYS",
            parser=days_for("--due-within"),
            rich_help_panel=_CHOOSE,
            help="Due in so many days or fewer.",
        ),
    ] = None,
    on: Annotated[
        str | None,
        typer.Option(
            "--on",
            metavar="DAY",
            rich_help_panel=_HOW,
            help="The day on which it happened; today, unless another is named.",
        ),
    ] = None,
    by: ByOption = None,
    note: NoteOption = None,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", metavar="", rich_help_panel=_HOW, help="Do not ask.")
    ] = False,
    dry_run: DryRunOption = False,
    wait: WaitOption = 10,
    records: RecordsOption = None,
) -> Order:
    asked = {
        "body": body,
        "region": region,
        "kind": kind,
        "status": status,
        "timing": timing,
        "inspection": inspection,
        "owner": owned_by,
        "text": text,
        "overdue": overdue or None,
        "due_within": due_within,
    }
    choice = {name: value for name, value in asked.items() if value is not None}
    return Order(ctx, records, tuple(names or ()), choice, on, by, note, yes, dry_run, wait)


def _recording(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the arguments that all of them take, gathered in its first, an Order."""

    @wraps(command)
    def run(**values: Any) -> None:  # noqa: ANN401  # whatever typer parsed
        order = _order(**{name: values.pop(name) for name in signature(_order).parameters})
        command(order, **values)

    return with_parameters(run, partial(_parameters, command))


def _parameters(command: Callable[..., None]) -> list[Parameter]:
    """Return what a command takes. What it requires itself stands after the ids: extend ID... DAY.

    Called when its parser is built: to evaluate all these annotations takes time.
    """
    own = list(signature(command, eval_str=True).parameters.values())[1:]
    required = [parameter for parameter in own if parameter.default is Parameter.empty]
    optional = [parameter for parameter in own if parameter.default is not Parameter.empty]
    ctx, names, *rest = signature(_order, eval_str=True).parameters.values()
    return [ctx, names, *required, *optional, *rest]


EvidenceOption = Annotated[
    list[str] | None,
    typer.Option("--evidence", metavar="PATH|URL", help="What shows it; may be given again."),
]


@_recording
def start_command(
    order: Order,
    owner: Annotated[
        str | None, typer.Option("--owner", metavar="NAME", help="Who sees to it from now on.")
    ] = None,
) -> None:
    """Record that work on an item has begun."""
    from socwatch.cli.record.run import record

    record(order, "start", {"owner": owner})


@_recording
def done_command(order: Order, evidence: EvidenceOption = None) -> None:
    """Record that the body says that it has done an item.

    Only the inspectorate ends it: see sign-off.
    """
    from socwatch.cli.record.run import record

    record(order, "done", {}, evidence)


@_recording
def sign_off_command(order: Order, evidence: EvidenceOption = None) -> None:
    """Record that the inspectorate accepts an item as done."""
    from socwatch.cli.record.run import record

    record(order, "sign-off", {}, evidence)


@_recording
def reopen_command(order: Order) -> None:
    """Record that an item is open again; --note says why."""
    from socwatch.cli.record.run import record

    record(order, "reopen", {})


@_recording
def close_command(
    order: Order,
    as_: Annotated[
        str,
        typer.Option(
            "--as",
            metavar="OUTCOME",
            help="superseded (name the --successor), not-accepted, or no-longer-relevant.",
        ),
    ] = "",
    successor: Annotated[
        str | None,
        typer.Option(
            "--successor",
            metavar="ID",
            autocompletion=complete_names,
            help="The finding that takes its place.",
        ),
    ] = None,
) -> None:
    """Record that an item has ended otherwise than by sign-off; --note says why."""
    from socwatch.cli.record.run import record

    record(order, "close", {"outcome": as_ or None, "successor": successor})


@_recording
def extend_command(
    order: Order,
    deadline: Annotated[
        str,
        typer.Argument(
            metavar="DAY",
            help="The new last day in time; a span such as '2 weeks' counts from today.",
        ),
    ],
) -> None:
    """Record that a deadline was moved; --note says why, --by who agreed."""
    from socwatch.cli.record.run import record

    record(order, "extend", {"deadline": deadline})


@_recording
def assign_command(
    order: Order,
    owner: Annotated[str, typer.Argument(metavar="OWNER", help="Who sees to it from now on.")],
) -> None:
    """Record who sees to an item from now on."""
    from socwatch.cli.record.run import record

    record(order, "assign", {"owner": owner})


@_recording
def note_command(order: Order, evidence: EvidenceOption = None) -> None:
    """Record anything else that should be known of an item; --note says it."""
    from socwatch.cli.record.run import record

    record(order, "note", {}, evidence)


@_recording
def checked_command(order: Order) -> None:
    """Record that somebody has looked for evidence of an item, found or not."""
    from socwatch.cli.record.run import record

    record(order, "checked", {})


@_recording
def acknowledge_command(
    order: Order,
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="DAY", help="The last day on which this holds."),
    ] = None,
) -> None:
    """Record that a late item is known of until a day; --note says why."""
    from socwatch.cli.record.run import record

    record(order, "acknowledge", {"until": until})


def undo_command(
    ctx: typer.Context,
    update: Annotated[
        str | None,
        typer.Argument(
            metavar="UPDATE",
            autocompletion=complete_updates,
            show_default=False,
            help="The id of an update (see log), or the beginning of it; none means the last.",
        ),
    ] = None,
    by: ByOption = None,
    note: NoteOption = None,
    dry_run: DryRunOption = False,
    wait: WaitOption = 10,
    records: RecordsOption = None,
) -> None:
    """Take back the last update, or the one named, by an update that says so.

    Nothing is deleted: both stay on record. An undo can be undone.
    """
    from socwatch.cli.record.run import undo

    order = Order(ctx, records, (), {}, None, by, note, yes=True, dry_run=dry_run, wait=wait)
    undo(order, update)
