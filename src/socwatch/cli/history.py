"""Commands that look over a stretch of time: nothing is changed by any of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from socwatch.cli.option_groups import OptionGroup
from socwatch.cli.options import (
    DATES,
    AsOf,
    BodiesArgument,
    ChartOutput,
    RecordedUntilOption,
    RegisterOptions,
    ReportOutput,
)

if TYPE_CHECKING:  # these would be slow to import for --help
    from socwatch.cli.formats import Output
    from socwatch.cli.session import Dates
    from socwatch.reports.table import Report
    from socwatch.tracking import QueryDates


class PeriodOptions(OptionGroup):
    """The dates between which changes count."""

    since: Annotated[
        str,
        typer.Option(
            "--since",
            metavar="DATE",
            rich_help_panel=DATES,
            help="The day of the last figures, such as that of the last meeting: changes count "
            "from the day after it.",
        ),
    ]
    until: Annotated[
        str | None,
        typer.Option(
            "--until",
            "--as-of",
            metavar="DATE",
            rich_help_panel=DATES,
            help="The last day on which changes count, itself included; today if left out.",
        ),
    ] = None
    recorded_until: RecordedUntilOption = None

    def resolve(self, now: datetime) -> QueryDates:
        """Return the dates that are meant at an instant.

        Raises DayNotUnderstood; UsageError if no date lies after --since.
        """
        from socwatch.cli.session import resolve_dates

        return resolve_dates(now, self.until, self.recorded_until, since=self.since)


def changes_command(
    *,
    bodies: BodiesArgument = None,
    dates: PeriodOptions,
    output: ReportOutput,
    register: RegisterOptions,
) -> None:
    """Show what has changed since a day, in figures too.

    --since 2026-03-31 --until 2026-06-30 means after 31 March 2026, up to and including 30 June
    2026. The figures add up: what was live at the end of the first day, what came and what went,
    and what is live at the end of the last. Below them each change: new findings, work started,
    said to be done, signed off, closed, reopened, deadlines moved, newly past their deadline,
    owners, grades. Last, what was recorded since about earlier days: it explains why the figures
    of the last meeting read differently now.
    """
    from socwatch.reports.changes import changes

    _print_report(changes, bodies, dates, output, register)


def trend_command(
    *,
    bodies: BodiesArgument = None,
    dates: AsOf,
    output: ChartOutput,
    register: RegisterOptions,
) -> None:
    """Draw how many were open, done and overdue, by month.

    On the last day of each month from the first inspection on; this month on the day asked about.
    Below it, for each body, how old what is live has become, how late things were done, and how
    often their deadlines were moved.
    """
    from socwatch.reports.trend import trend

    _print_report(trend, bodies, dates, output, register)


def timeline_command(
    *,
    bodies: BodiesArgument = None,
    dates: AsOf,
    output: ChartOutput,
    register: RegisterOptions,
) -> None:
    """Draw deadlines past and to come on one axis, by body.

    Each figure says how many deadlines fall in the days of its column. Formats other than table
    and svg give the deadlines themselves, one a row.
    """
    from socwatch.reports.timeline import timeline

    _print_report(timeline, bodies, dates, output, register)


def _print_report(
    make: Callable[..., Report],
    bodies: list[str] | None,
    dates: Dates,
    output: Output,
    register: RegisterOptions,
) -> None:
    """Print a report on the bodies of these names; a bar shows how far it is."""
    from socwatch.cli.filters import find_bodies
    from socwatch.cli.progress import progress
    from socwatch.cli.session import open_session

    steps = 3
    with progress("Working it out") as on_progress:
        session = open_session(register, dates)
        on_progress(1, steps)
        chosen = find_bodies(session.register, bodies)
        report = make(session.register, session.dates, bodies=chosen)
        on_progress(2, steps)
        content = session.render(report, output)
        on_progress(3, steps)
    session.write(content, output.file)
