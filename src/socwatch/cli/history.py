"""Commands that look over a stretch of time: nothing is changed by any of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from socwatch.cli.options import (
    AsOfOption,
    BodiesArgument,
    DrawnFormatOption,
    FormatOption,
    OutputOption,
    RecordedUntilOption,
    RecordsOption,
)

if TYPE_CHECKING:  # these would be slow to import for --help
    from socwatch.cli.session import Session
    from socwatch.reports.table import Report


def changes_command(
    ctx: typer.Context,
    since: Annotated[
        str,
        typer.Option(
            "--since",
            metavar="DATE",
            rich_help_panel="Dates",
            help="The day of the last figures, such as that of the last meeting: changes count "
            "from the day after it.",
        ),
    ],
    bodies: BodiesArgument = None,
    until: Annotated[
        str | None,
        typer.Option(
            "--until",
            "--as-of",
            metavar="DATE",
            rich_help_panel="Dates",
            help="The last day on which changes count, itself included; today if left out.",
        ),
    ] = None,
    recorded_until: RecordedUntilOption = None,
    format_: FormatOption = None,
    output: OutputOption = None,
    records: RecordsOption = None,
) -> None:
    """Show what has changed since a day, in figures too.

    --since 2026-03-31 --until 2026-06-30 means after 31 March 2026, up to and including 30 June
    2026. The figures add up: what was live at the end of the first day, what came and what went,
    and what is live at the end of the last. Below them each change: new findings, work started,
    said to be done, signed off, closed, reopened, deadlines moved, newly past their deadline,
    owners, grades. Last, what was recorded since about earlier days: it explains why the figures
    of the last meeting read differently now.
    """
    from socwatch.cli.session import open_session
    from socwatch.reports.changes import changes

    _answer(
        changes,
        lambda: open_session(ctx, records, until, recorded_until, since=since),
        bodies,
        format_,
        output,
    )


def trend_command(
    ctx: typer.Context,
    bodies: BodiesArgument = None,
    as_of: AsOfOption = None,
    format_: DrawnFormatOption = None,
    output: OutputOption = None,
    records: RecordsOption = None,
) -> None:
    """Draw how many were open, done and overdue, by month.

    On the last day of each month from the first inspection on; this month on the day asked about.
    Below it, for each body, how old what is live has become, how late things were done, and how
    often their deadlines were moved.
    """
    from socwatch.cli.session import open_session
    from socwatch.reports.trend import trend

    _answer(trend, lambda: open_session(ctx, records, as_of), bodies, format_, output)


def timeline_command(
    ctx: typer.Context,
    bodies: BodiesArgument = None,
    as_of: AsOfOption = None,
    format_: DrawnFormatOption = None,
    output: OutputOption = None,
    records: RecordsOption = None,
) -> None:
    """Draw deadlines past and to come on one axis, by body.

    Each figure says how many deadlines fall in the days of its column. Formats other than table
    and svg give the deadlines themselves, one a row.
    """
    from socwatch.cli.session import open_session
    from socwatch.reports.timeline import timeline

    _answer(timeline, lambda: open_session(ctx, records, as_of), bodies, format_, output)


def _answer(
    report: Callable[..., Report],
    opened: Callable[[], Session],
    bodies: list[str] | None,
    format_: str | None,
    output: Path | None,
) -> None:
    """Answer with a report on the bodies of these names; a bar shows how far it is."""
    from socwatch.cli.filters import find_bodies
    from socwatch.cli.progress import progress

    steps = 3
    with progress("Working it out") as told:
        session = opened()
        told(1, steps)
        chosen = find_bodies(session.register, bodies)
        made = report(session.register, session.asked, bodies=chosen)
        told(2, steps)
        content = session.drawn(made, format_, output)
        told(3, steps)
    session.give(content, output)
