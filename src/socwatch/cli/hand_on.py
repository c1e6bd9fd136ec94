"""Commands that hand the register on to other programs: calendars, spreadsheets, databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from socwatch.cli.options import (
    DUE_SOON,
    AsKnownOption,
    AsOfOption,
    BodyOption,
    DueWithinOption,
    InspectionOption,
    KindOption,
    OverdueOption,
    OwnerOption,
    RecordsOption,
    RegionOption,
    StatusOption,
    TextOption,
    TimingOption,
    WithinOption,
)

if TYPE_CHECKING:
    from socwatch.render.exports import Export


_DAYS_OF = ("deadlines", "responses")
_FORMATS = ("xlsx", "csv", "jsonl", "db")
FURTHEST = 3660
"""Days before a last day of which a reminder can be asked for: ten years."""


def _complete_days_of(incomplete: str) -> Iterator[str]:
    return (word for word in _DAYS_OF if word.startswith(incomplete))


def _complete_format(incomplete: str) -> Iterator[str]:
    return (name for name in _FORMATS if name.startswith(incomplete))


def _complete_table(incomplete: str) -> Iterator[str]:
    from socwatch.reports.sheets import SHEETS

    return (name for name in SHEETS if name.startswith(incomplete))


def calendar_command(
    ctx: typer.Context,
    remind: Annotated[
        str,
        typer.Option(
            "--remind",
            metavar="DAYS",
            help="Add an event so many days before each last day: 28, or several, 28,7.",
        ),
    ] = "",
    only: Annotated[
        str | None,
        typer.Option(
            "--only",
            metavar="deadlines|responses",
            autocompletion=_complete_days_of,
            help="Only deadlines of findings, or only the last days to answer reports.",
        ),
    ] = None,
    apart: Annotated[
        str,
        typer.Option(
            "--apart",
            metavar="NAME",
            help="Tell these events from those of another register with the same ids.",
        ),
    ] = "",
    body: BodyOption = None,
    region: RegionOption = None,
    kind: KindOption = None,
    status: StatusOption = None,
    timing: TimingOption = None,
    inspection: InspectionOption = None,
    owner: OwnerOption = None,
    text: TextOption = None,
    overdue: OverdueOption = False,
    due_within: DueWithinOption = None,
    within: WithinOption = DUE_SOON,
    as_of: AsOfOption = None,
    as_known: AsKnownOption = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            rich_help_panel="Output",
            help="Write the calendar to this file, such as deadlines.ics, whole or not at all.",
        ),
    ] = None,
    records: RecordsOption = None,
) -> None:
    """Write deadlines, and the last days to answer reports, for a calendar.

    An event of a whole day for each deadline in force, and for each last day of the 56 that a
    local policing body has to answer a report. Written again later, to be followed or to be
    imported once more, it moves and cancels what it gave before, and doubles nothing.
    """
    from socwatch.cli.choosing import filter_of, one_of
    from socwatch.cli.session import open_session
    from socwatch.cli.streams import write_file, write_out
    from socwatch.cli.waiting import waiting
    from socwatch.reports.diary import Wanted, diary

    choice = one_of("--only", only, _DAYS_OF) if only is not None else None
    days = _days_before(remind)
    with waiting("Writing the calendar") as told:
        session = open_session(ctx, records, as_of, as_known, within)
        options = {
            "body": body,
            "region": region,
            "kind": kind,
            "status": status,
            "timing": timing,
            "inspection": inspection,
            "owner": owner,
            "text": text,
            "overdue": overdue,
            "due_within": due_within,
        }
        wanted = Wanted(
            filter_of(session.register, options),
            deadlines=choice != "responses",
            responses=choice != "deadlines",
            remind=days,
            apart=apart,
        )
        from socwatch.render.ics_calendar import render  # slow, and needless for a faulty register

        content = render(diary(session.register, session.asked, wanted), told)
    if output is not None:
        write_file(output, content, register=session.path)
    else:
        write_out(content)


def export_command(
    ctx: typer.Context,
    format_: Annotated[
        str | None,
        typer.Option(
            "--format",
            "-f",
            metavar="|".join(_FORMATS),
            rich_help_panel="Output",
            autocompletion=_complete_format,
            help="A workbook, one table, a line for each row, or a database; by default as the "
            "file's name ends.",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            rich_help_panel="Output",
            help="Write to this file, such as register.xlsx, whole or not at all.",
        ),
    ] = None,
    table: Annotated[
        list[str] | None,
        typer.Option(
            "--table",
            metavar="TABLE",
            autocompletion=_complete_table,
            help="Only this table, such as updates; CSV holds one, by default items.",
        ),
    ] = None,
    raw: Annotated[
        bool,
        typer.Option(
            "--raw",
            metavar="",
            help="Leave CSV's texts as they are, even those that a spreadsheet would run as "
            "formulas.",
        ),
    ] = False,
    bom: Annotated[
        bool,
        typer.Option(
            "--bom", metavar="", help="Begin CSV with the mark by which Excel knows UTF-8."
        ),
    ] = False,
    within: WithinOption = DUE_SOON,
    as_of: AsOfOption = None,
    as_known: AsKnownOption = None,
    records: RecordsOption = None,
) -> None:
    """Write the whole register as a workbook, CSV, JSON Lines or a database.

    The items with their status and timing on the day asked about, who was to answer which report
    within 56 days, and every table of the register as it is written. The same register and day
    give the same file.
    """
    from socwatch.cli.session import open_session
    from socwatch.cli.streams import write_file, write_out
    from socwatch.cli.waiting import waiting
    from socwatch.render.exports import Manner

    chosen = _export(format_, output)
    names = _tables(chosen, table)
    _refuse_needless(chosen, raw=raw, bom=bom)
    with waiting("Exporting") as told:
        session = open_session(ctx, records, as_of, as_known, within)
        from socwatch.reports.sheets import book  # needless for a faulty register

        sheets = book(session.register, session.asked, names)
        content = chosen.render(sheets, Manner(str(session.path), raw=raw, bom=bom), told)
    if output is not None:
        write_file(output, content, register=session.path)
    else:
        write_out(content)


def _export(wanted: str | None, output: Path | None) -> Export:
    """The form that was asked for, by name or by the end of the file's name."""
    from socwatch.cli.choosing import one_of
    from socwatch.cli.streams import on_terminal
    from socwatch.errors import UsageError
    from socwatch.render.exports import EXPORTS

    if wanted is not None:
        name = one_of("--format", wanted, _FORMATS)
        chosen = next(each for each in EXPORTS if each.name == name)
    elif output is None:
        message = "this does not say in which form"
        raise UsageError(message, remedy="name a file: --output register.xlsx; or --format csv")
    else:
        named = [each for each in EXPORTS if output.name.lower().endswith(each.suffixes)]
        if not named:
            message = f"the ending {output.suffix!r} stands for no form of export"
            endings = ", ".join(each.suffixes[0] for each in EXPORTS)
            raise UsageError(message, remedy=f"use {endings}, or say it with --format")
        chosen = named[0]
    if output is None and not chosen.text and on_terminal():
        message = f"a terminal cannot show {chosen.meaning}"
        remedy = f"name a file: --output register{chosen.suffixes[0]}"
        raise UsageError(message, remedy=remedy)
    return chosen


def _tables(chosen: Export, typed: list[str] | None) -> tuple[str, ...]:
    """The names of the sheets to write."""
    from socwatch.cli.choosing import one_of
    from socwatch.errors import UsageError
    from socwatch.reports.sheets import SHEETS

    names = tuple(dict.fromkeys(one_of("--table", name, SHEETS) for name in typed or ()))
    if chosen.holds == "all" and names:
        message = "a database holds every table, since they refer to each other"
        raise UsageError(message, remedy="leave out --table, or name a file that ends in .csv")
    if chosen.holds == "one" and len(names) > 1:
        message = f"CSV holds one table, not {len(names)}"
        raise UsageError(message, remedy="give one --table, or name a file that ends in .jsonl")
    return names or (SHEETS[:1] if chosen.holds == "one" else SHEETS)


def _refuse_needless(chosen: Export, *, raw: bool, bom: bool) -> None:
    from socwatch.errors import UsageError

    for option, given in (("--raw", raw), ("--bom", bom)):
        if given and chosen.name != "csv":
            message = f"{option} is for CSV alone"
            raise UsageError(message, remedy=f"leave out {option}, or add --format csv")


def _days_before(typed: str) -> tuple[int, ...]:
    from socwatch.errors import UsageError

    words = [word.strip() for word in typed.split(",")] if typed.strip() else []
    days = [int(word) for word in words if word.isdecimal() and word.isascii() and len(word) < 5]  # noqa: PLR2004  # digits
    if len(days) < len(words) or any(not 1 <= number <= FURTHEST for number in days):
        message = f"--remind cannot be {typed!r}"
        remedy = f"give numbers of days from 1 to {FURTHEST}, such as 28,7"
        raise UsageError(message, remedy=remedy)
    return tuple(dict.fromkeys(days))
