"""Options that several commands share, each declared once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

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
from socwatch.cli.param_types import days_for

_OUTPUT = "Output"
_DATES = "Dates"
_FILTERS = "Filters (combine to narrow; repeat an option to widen)"


DUE_SOON = 28
"""The default of --within: tracking.DUE_SOON_DAYS, which would be slow to import for --help."""

RecordsOption = Annotated[
    Path | None,
    typer.Option(
        "--records",
        metavar="FILE",
        readable=False,  # One that cannot be read is a matter of the store, not of usage.
        help="Use this register, instead of the one in this folder or the nearest parent "
        "(env: SOCWATCH_RECORDS).",
    ),
]
AsOfOption = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DATE",
        rich_help_panel=_DATES,
        help="Show the position on DATE instead of today: 2025-03-31, '31 Mar 2025', "
        "'2 weeks ago', eom.",
    ),
]
RecordedUntilOption = Annotated[
    str | None,
    typer.Option(
        "--recorded-until",
        metavar="DATE",
        rich_help_panel=_DATES,
        help="Leave out updates recorded after DATE: what the register said then.",
    ),
]
WithinOption = Annotated[
    int,
    typer.Option(
        "--within",
        metavar="DAYS",
        parser=days_for("--within"),
        rich_help_panel=_DATES,
        help="How many days before its deadline an item is due soon.",
    ),
]
FormatOption = Annotated[
    str | None,
    typer.Option(
        "--format",
        "-f",
        metavar="FORMAT",
        rich_help_panel=_OUTPUT,
        autocompletion=complete_formats,
        help="table, plain, json, csv or markdown; by default table on a terminal, plain in a "
        "pipe.",
    ),
]
DrawnFormatOption = Annotated[
    str | None,
    typer.Option(
        "--format",
        "-f",
        metavar="FORMAT",
        rich_help_panel=_OUTPUT,
        autocompletion=complete_formats,
        help="table, plain, json, csv, markdown or svg; by default table on a terminal, plain in "
        "a pipe.",
    ),
]
OutputOption = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        readable=False,  # An output is not read.
        rich_help_panel=_OUTPUT,
        help="Write to FILE. It is replaced completely or left unchanged.",
    ),
]
BodiesArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="BODY",
        autocompletion=complete_bodies,
        help="Bodies, by id, start of the id, or name; a region means every body inspected with "
        "it. Default: all.",
    ),
]
NameArgument = Annotated[
    str,
    typer.Argument(
        metavar="ID",
        autocompletion=complete_names,
        help="A finding (or finding@body), a body or an inspection, by id, start of the id, or "
        "name.",
    ),
]
FindingArgument = Annotated[
    str,
    typer.Argument(
        metavar="ID",
        autocompletion=complete_findings,
        help="A finding (or finding@body), by id, start of the id, or alias.",
    ),
]
BodyOption = Annotated[
    list[str] | None,
    typer.Option(
        "--body",
        metavar="BODY",
        rich_help_panel=_FILTERS,
        autocompletion=complete_bodies,
        help="Only this body; for a region, every body inspected with it.",
    ),
]
InspectionOption = Annotated[
    list[str] | None,
    typer.Option(
        "--inspection",
        metavar="ID",
        rich_help_panel=_FILTERS,
        autocompletion=complete_inspections,
        help="Only findings of this inspection.",
    ),
]
KindOption = Annotated[
    list[str] | None,
    typer.Option(
        "--kind",
        metavar="KIND",
        rich_help_panel=_FILTERS,
        autocompletion=complete_kinds,
        help="Only this kind, for example recommendation.",
    ),
]
StatusOption = Annotated[
    list[str] | None,
    typer.Option(
        "--status",
        metavar="STATUS",
        rich_help_panel=_FILTERS,
        autocompletion=complete_statuses,
        help="Only this status, for example open.",
    ),
]
OwnerOption = Annotated[
    str | None,
    typer.Option(
        "--owner",
        metavar="NAME",
        rich_help_panel=_FILTERS,
        help="Only items of this owner (the whole name; case does not matter).",
    ),
]
TextOption = Annotated[
    str | None,
    typer.Option(
        "--text",
        metavar="PHRASE",
        rich_help_panel=_FILTERS,
        help="Only items containing this phrase (case does not matter).",
    ),
]
OverdueOption = Annotated[
    bool,
    typer.Option(
        "--overdue", metavar="", rich_help_panel=_FILTERS, help="Only items past their deadline."
    ),
]
DueWithinOption = Annotated[
    int | None,
    typer.Option(
        "--due-within",
        metavar="DAYS",
        parser=days_for("--due-within"),
        rich_help_panel=_FILTERS,
        help="Only items due in this many days or fewer.",
    ),
]
