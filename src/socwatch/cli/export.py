"""The command that writes the whole register for other programs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from socwatch.cli.option_groups import OptionGroup
from socwatch.cli.options import PositionOptions, RegisterOptions, format_option, output_option

if TYPE_CHECKING:
    from socwatch.render.formats import ExportRenderer, Format


def _complete_table(incomplete: str) -> Iterator[str]:
    from socwatch.reports.export import SHEETS

    return (name for name in SHEETS if name.startswith(incomplete))


class ExportOutput(OptionGroup):
    """In which format a register is exported, and where to."""

    format: Annotated[
        str | None,
        format_option(
            "A workbook, one table, a line for each row, or a database; by default as the "
            "file's name ends.",
            "xlsx|csv|jsonl|db",
        ),
    ] = None
    file: Annotated[Path | None, output_option("Write to FILE, for example register.xlsx.")] = None


def export_command(
    *,
    output: ExportOutput,
    table: Annotated[
        list[str] | None,
        typer.Option(
            "--table",
            metavar="TABLE",
            autocompletion=_complete_table,
            help="Only this table, such as updates; CSV holds one, by default items.",
        ),
    ] = None,
    owner: Annotated[
        str | None,
        typer.Option(
            "--owner",
            metavar="NAME",
            help="Only this owner's live items, as a workbook to fill in and to import again (the "
            "whole name; case does not matter).",
        ),
    ] = None,
    dates: PositionOptions,
    register: RegisterOptions,
) -> None:
    """Export the register as a workbook, CSV, JSON Lines or database.

    Contains the items with their status and timing on the as-of date, who had to respond to which
    report within 56 days, and every table of the register as it is written. The same register and
    date produce the same file. For Excel, use a workbook: --output register.xlsx.
    """
    from socwatch.cli.formats import choose_format
    from socwatch.cli.progress import progress
    from socwatch.cli.session import is_file, open_session
    from socwatch.errors import UsageError
    from socwatch.render.export.values import ExportOptions
    from socwatch.render.formats import EXPORT_FORMATS

    chosen = choose_format(EXPORT_FORMATS, output, None, example="register")
    names = _tables(chosen, table)
    if owner is not None and (chosen.name != "xlsx" or table):
        message = "--owner writes a workbook of one sheet"
        raise UsageError(message, remedy="name a file that ends in .xlsx, and leave out --table")
    with progress("Exporting") as on_progress:
        session = open_session(register, dates)
        # Needless for a faulty register.
        from socwatch.lookup import find_owner
        from socwatch.reports.export import build_export
        from socwatch.reports.owner_items import owner_book

        if owner is None:
            sheets = build_export(session.register, session.dates, names)
        else:
            name = find_owner(session.register, owner)
            sheets = owner_book(session.register, session.dates, name)
        content = chosen.load()(
            sheets, ExportOptions(session.files.name, file=is_file(output.file)), on_progress
        )
    session.write(content, output.file)


def _tables(chosen: Format[ExportRenderer], typed: list[str] | None) -> tuple[str, ...]:
    """The names of the sheets to write."""
    from socwatch.cli.filters import one_of
    from socwatch.errors import UsageError
    from socwatch.reports.export import SHEETS

    names = tuple(dict.fromkeys(one_of("--table", name, SHEETS) for name in typed or ()))
    if chosen.name == "db" and names:
        message = "a database holds every table, since they refer to each other"
        raise UsageError(message, remedy="leave out --table, or name a file that ends in .csv")
    if chosen.name == "csv" and len(names) > 1:
        message = f"CSV holds one table, not {len(names)}"
        raise UsageError(message, remedy="give one --table, or name a file that ends in .jsonl")
    return names or (SHEETS[:1] if chosen.name == "csv" else SHEETS)
