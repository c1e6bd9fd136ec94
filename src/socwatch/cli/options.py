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
    complete_regions,
    complete_statuses,
    complete_timings,
)
from socwatch.cli.param_types import days_for

_SHOW = "Output"
_DAYS = "Days"


DUE_SOON = 28
"""The default of --within: tracking.DUE_SOON_DAYS, which would be slow to import for --help."""

RecordsOption = Annotated[
    Path | None,
    typer.Option(
        "--records",
        metavar="FILE",
        readable=False,  # One that cannot be read is a matter of the store, not of usage.
        help="The register, instead of the one in this folder or its parents "
        "(or set SOCWATCH_RECORDS).",
    ),
]
AsOfOption = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DAY",
        rich_help_panel=_DAYS,
        help="Answer for this day, not for today: 2025-03-31, '31 Mar 2025', '2 weeks ago', eom.",
    ),
]
AsKnownOption = Annotated[
    str | None,
    typer.Option(
        "--as-known",
        metavar="DAY",
        rich_help_panel=_DAYS,
        help="Leave out what was recorded after this day: what the register said then.",
    ),
]
WithinOption = Annotated[
    int,
    typer.Option(
        "--within",
        metavar="DAYS",
        parser=days_for("--within"),
        rich_help_panel=_DAYS,
        help="How many days before its deadline an item is due soon.",
    ),
]
FormatOption = Annotated[
    str | None,
    typer.Option(
        "--format",
        "-f",
        metavar="FORMAT",
        rich_help_panel=_SHOW,
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
        rich_help_panel=_SHOW,
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
        rich_help_panel=_SHOW,
        help="Write the answer to this file, whole or not at all.",
    ),
]
BodiesArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="BODY",
        autocompletion=complete_bodies,
        help="Bodies by id, beginning of an id, or another name; none means all.",
    ),
]
NameArgument = Annotated[
    str,
    typer.Argument(
        metavar="ID",
        autocompletion=complete_names,
        help="A finding (or finding@body), a body or an inspection: its id, the beginning of it, "
        "or another name.",
    ),
]
FindingArgument = Annotated[
    str,
    typer.Argument(
        metavar="ID",
        autocompletion=complete_findings,
        help="A finding (or finding@body): its id, the beginning of it, or another name.",
    ),
]
BodyOption = Annotated[
    list[str] | None,
    typer.Option(
        "--body", metavar="BODY", autocompletion=complete_bodies, help="Only of this body."
    ),
]
InspectionOption = Annotated[
    list[str] | None,
    typer.Option(
        "--inspection",
        metavar="ID",
        autocompletion=complete_inspections,
        help="Only of this inspection.",
    ),
]
RegionOption = Annotated[
    list[str] | None,
    typer.Option(
        "--region", autocompletion=complete_regions, metavar="BODY", help="Only of this region."
    ),
]
KindOption = Annotated[
    list[str] | None,
    typer.Option(
        "--kind",
        autocompletion=complete_kinds,
        metavar="KIND",
        help="Only this kind, such as recommendation.",
    ),
]
StatusOption = Annotated[
    list[str] | None,
    typer.Option(
        "--status",
        autocompletion=complete_statuses,
        metavar="STATUS",
        help="Only with this status, such as open.",
    ),
]
TimingOption = Annotated[
    list[str] | None,
    typer.Option(
        "--timing",
        autocompletion=complete_timings,
        metavar="TIMING",
        help="Only so timed, such as overdue.",
    ),
]
OwnerOption = Annotated[
    str | None, typer.Option("--owner", metavar="NAME", help="Only with this owner.")
]
TextOption = Annotated[
    str | None, typer.Option("--text", metavar="WORDS", help="Only with these words.")
]
OverdueOption = Annotated[
    bool, typer.Option("--overdue", metavar="", help="Only what is past its deadline.")
]
DueWithinOption = Annotated[
    int | None,
    typer.Option(
        "--due-within",
        metavar="DAYS",
        parser=days_for("--due-within"),
        help="Only what is due in so many days or fewer.",
    ),
]
