"""The options of `check` that say what to watch, and in which form to report it."""

from __future__ import annotations

from typing import Annotated

import typer

from socwatch.cli.option_groups import OptionGroup
from socwatch.cli.options import (
    OUTPUT,
    OutputOption,
    SubjectFilters,
    format_option,
)
from socwatch.cli.param_types import days_for

_WATCH = "What to check"


class WatchOptions(SubjectFilters):
    """What to watch, and from when on it is reported."""

    within: Annotated[
        list[int] | None,
        typer.Option(
            "--within",
            metavar="DAYS",
            parser=days_for("--within"),
            rich_help_panel=_WATCH,
            help="An item is due soon with DAYS days or fewer to its deadline: 28 if left out. "
            "Can be repeated: the smallest that fits labels the item.",
        ),
    ] = None
    awaiting_sign_off: Annotated[
        int | None,
        typer.Option(
            "--awaiting-sign-off",
            metavar="DAYS",
            parser=days_for("--awaiting-sign-off"),
            rich_help_panel=_WATCH,
            help="Also report items reported done DAYS days ago or more and not signed off.",
        ),
    ] = None
    stale_after: Annotated[
        int | None,
        typer.Option(
            "--stale-after",
            metavar="DAYS",
            parser=days_for("--stale-after", least=1),
            rich_help_panel=_WATCH,
            help='Also report if no update, not even "checked", is on record for DAYS days or '
            "more.",
        ),
    ] = None
    check_evidence: Annotated[
        bool,
        typer.Option(
            "--check-evidence",
            metavar="",
            rich_help_panel=_WATCH,
            help="Also report evidence files that are missing or have changed.",
        ),
    ] = False


class CheckOutput(OptionGroup):
    """In which form alerts are written, and where to."""

    group_by: Annotated[
        str | None,
        typer.Option(
            "--group-by",
            metavar="owner",
            rich_help_panel=OUTPUT,
            help="Group the list by owner.",
        ),
    ] = None
    format: Annotated[
        str | None,
        format_option("plain, json, nagios or prometheus; plain if left out."),
    ] = None
    file: OutputOption = None
