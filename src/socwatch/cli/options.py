"""Options that several commands share, each declared once, and the groups that commands take.

A command takes groups as keyword arguments, in the order in which its help lists their options.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from socwatch.cli.completion import (
    complete_bodies,
    complete_findings,
    complete_formats,
    complete_inspections,
    complete_kinds,
    complete_names,
    complete_statuses,
)
from socwatch.cli.option_groups import OptionGroup
from socwatch.cli.param_types import days_for

if TYPE_CHECKING:  # slow to import for --help
    from socwatch.tracking import QueryDates

OUTPUT = "Output"
DATES = "Dates"

DUE_SOON = 28
"""The default of --within: tracking.DUE_SOON_DAYS, which would be slow to import for --help."""

AsOfOption = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DATE",
        rich_help_panel=DATES,
        help="Show the position on DATE instead of today: 31/03/2025, '31 Mar 2025', "
        "'2 weeks ago', 'last month'.",
    ),
]
RecordedUntilOption = Annotated[
    str | None,
    typer.Option(
        "--recorded-until",
        metavar="DATE",
        rich_help_panel=DATES,
        help="Leave out updates recorded after DATE: what the register said then.",
    ),
]
WithinOption = Annotated[
    int,
    typer.Option(
        "--within",
        metavar="DAYS",
        parser=days_for("--within"),
        rich_help_panel=DATES,
        help="An item is due soon with DAYS days or fewer to its deadline.",
    ),
]
BodiesArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="BODY",
        autocompletion=complete_bodies,
        help="Bodies, by id, name, or a unique part of either; a region means every body "
        "inspected with it. Default: all.",
    ),
]
NameArgument = Annotated[
    str,
    typer.Argument(
        metavar="ID",
        autocompletion=complete_names,
        help="A finding (or finding@body), a body or an inspection, by id, name, or a "
        "unique part of either.",
    ),
]
FindingArgument = Annotated[
    str,
    typer.Argument(
        metavar="ID",
        autocompletion=complete_findings,
        help="A finding (or finding@body), by id, label, alias, or a unique part of one.",
    ),
]


def filter_option(
    name: str,
    metavar: str,
    help_: str,
    *,
    complete: Callable[..., list[str]] | None = None,
    parser: Callable[[str], int] | None = None,
) -> Any:  # noqa: ANN401  # as typer declares an option
    """Return the declaration of an option that filters."""
    return typer.Option(
        name,
        metavar=metavar,
        help=help_,
        rich_help_panel="Filters (combine to narrow; repeat an option to widen)",
        autocompletion=complete,
        parser=parser,
    )


def format_option(help_: str, metavar: str = "FORMAT") -> Any:  # noqa: ANN401  # as above
    """Return the declaration of --format."""
    return typer.Option(
        "--format",
        "-f",
        metavar=metavar,
        help=help_,
        rich_help_panel=OUTPUT,
        autocompletion=complete_formats,
    )


def output_option(help_: str = "Write to FILE.") -> Any:  # noqa: ANN401  # as above
    """Return the declaration of --output."""
    return typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        readable=False,  # An output is not read.
        help=f"{help_} It is replaced completely or left unchanged.",
        rich_help_panel=OUTPUT,
    )


BodyOption = Annotated[
    list[str] | None,
    filter_option(
        "--body",
        "BODY",
        "Only this body; for a region, every body inspected with it.",
        complete=complete_bodies,
    ),
]
OutputOption = Annotated[Path | None, output_option()]


class RegisterOptions(OptionGroup):
    """Which register a command is about."""

    ctx: typer.Context
    records: Annotated[
        list[Path] | None,
        typer.Option(
            "--records",
            metavar="FILE",
            readable=False,  # One that cannot be read is a matter of the store, not of usage.
            help="Use this register, instead of the one in this folder or the nearest parent "
            "(env: SOCWATCH_RECORDS). Commands that only read take a folder too, and the option "
            "can be repeated: several registers are read as one.",
        ),
    ] = None

    @property
    def named(self) -> tuple[Path, ...]:
        """The registers that are named: those after the command go before those ahead of it."""
        before: list[Path] | None = self.ctx.obj
        return tuple(self.records or before or ())


class SubjectFilters(OptionGroup):
    """Filters by what a finding is, whose it is, and who is responsible for it."""

    body: BodyOption = None
    inspection: Annotated[
        list[str] | None,
        filter_option(
            "--inspection",
            "ID",
            "Only findings of this inspection.",
            complete=complete_inspections,
        ),
    ] = None
    kind: Annotated[
        list[str] | None,
        filter_option(
            "--kind",
            "KIND",
            "Only this kind, for example recommendation.",
            complete=complete_kinds,
        ),
    ] = None
    owner: Annotated[
        str | None,
        filter_option(
            "--owner",
            "NAME",
            "Only items of this owner (the whole name; case does not matter).",
        ),
    ] = None


class StateFilters(OptionGroup):
    """Filters by what an item says, its status, and its deadline."""

    status: Annotated[
        list[str] | None,
        filter_option(
            "--status", "STATUS", "Only this status, for example open.", complete=complete_statuses
        ),
    ] = None
    text: Annotated[
        str | None,
        filter_option(
            "--text", "PHRASE", "Only items containing this phrase (case does not matter)."
        ),
    ] = None
    overdue: Annotated[bool, filter_option("--overdue", "", "Only items past their deadline.")] = (
        False
    )
    due_within: Annotated[
        int | None,
        filter_option(
            "--due-within",
            "DAYS",
            "Only items due in this many days or fewer.",
            parser=days_for("--due-within"),
        ),
    ] = None


class AsOf(OptionGroup):
    """The date of an answer."""

    as_of: AsOfOption = None

    def resolve(self, now: datetime) -> QueryDates:
        """Return the dates that are meant at an instant. Raises DayNotUnderstood."""
        from socwatch.cli.session import resolve_dates

        return resolve_dates(now, self.as_of)


class AsOfWithin(AsOf):
    """The date of an answer, and how far ahead of it something is due soon."""

    within: WithinOption = DUE_SOON

    def resolve(self, now: datetime) -> QueryDates:
        """Return the dates that are meant at an instant. Raises DayNotUnderstood."""
        from socwatch.cli.session import resolve_dates

        return resolve_dates(now, self.as_of, within=self.within)


class PositionOptions(AsOfWithin):
    """The date of a position, how far ahead something is due soon, and what was known by when."""

    recorded_until: RecordedUntilOption = None

    def resolve(self, now: datetime, since: str | None = None) -> QueryDates:
        """Return the dates that are meant at an instant.

        Raises DayNotUnderstood; UsageError if no date lies after `since`.
        """
        from socwatch.cli.session import resolve_dates

        known, within = self.recorded_until, self.within
        return resolve_dates(now, self.as_of, known, within=within, since=since)


class ReportOutput(OptionGroup):
    """In which format a report is written, and where to."""

    format: Annotated[
        str | None,
        format_option(
            "table, plain, json, csv or markdown; by default table on a terminal, plain in a pipe."
        ),
    ] = None
    file: OutputOption = None


class ChartOutput(OptionGroup):
    """In which format a report with a chart is written, and where to."""

    format: Annotated[
        str | None,
        format_option(
            "table, plain, json, csv, markdown or svg; by default table on a terminal, plain in a "
            "pipe."
        ),
    ] = None
    file: OutputOption = None
