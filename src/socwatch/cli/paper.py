"""The command that writes the committee's paper."""

from __future__ import annotations

from typing import Annotated

import typer

from socwatch.cli.completion import complete_formats
from socwatch.cli.options import (
    DUE_SOON,
    AsOfOption,
    BodyOption,
    OutputOption,
    RecordedUntilOption,
    RecordsOption,
    WithinOption,
)


def paper_command(
    ctx: typer.Context,
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            metavar="DATE",
            rich_help_panel="Dates",
            help="The day of the last paper: what happened after it is new. Three months earlier, "
            "if left out.",
        ),
    ] = None,
    body: BodyOption = None,
    title: Annotated[
        str | None,
        typer.Option("--title", metavar="TEXT", help="Its title, instead of that of the register."),
    ] = None,
    within: WithinOption = DUE_SOON,
    as_of: AsOfOption = None,
    recorded_until: RecordedUntilOption = None,
    format_: Annotated[
        str | None,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            rich_help_panel="Output",
            autocompletion=complete_formats,
            help="html, docx or markdown; by default what the end of the file's name says, else "
            "html.",
        ),
    ] = None,
    output: OutputOption = None,
    records: RecordsOption = None,
) -> None:
    """Write a committee paper as a web page, Word or Markdown.

    --output paper.html gives a page that needs nothing beside it: headline figures, grades with
    their history, A what is live, B what is finished since the last paper, C deadlines moved and
    why, D what is past its deadline, E the statutory responses, charts, sources, what is known to
    be missing, and how every figure was counted. It prints on A4. --output paper.docx gives the
    same paper for Word, and --output paper.md for a wiki or an e-mail, both without the charts.
    """
    from socwatch.cli.filters import find_bodies
    from socwatch.cli.formats import choose_format
    from socwatch.cli.progress import progress
    from socwatch.cli.session import open_session, render_context
    from socwatch.render.formats import PAPER_FORMATS
    from socwatch.reports.paper.paper import paper

    chosen = choose_format(PAPER_FORMATS, format_, output, PAPER_FORMATS[0], file="paper")
    with progress("Writing the paper") as told:
        session = open_session(ctx, records, as_of, recorded_until, within=within, since=since)
        bodies = find_bodies(session.register, body)
        made = paper(session.register, session.asked, bodies=bodies, title=title)
        content = chosen.load()(made, render_context(session.path, output), told)
    session.give(content, output)
