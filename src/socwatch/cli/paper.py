"""The command that writes the committee's paper."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from socwatch.cli.option_groups import OptionGroup
from socwatch.cli.options import (
    DATES,
    BodyOption,
    OutputOption,
    PositionOptions,
    RegisterOptions,
    format_option,
)

if TYPE_CHECKING:  # slow to import for --help
    from socwatch.tracking import QueryDates


class PaperDates(PositionOptions):
    """The dates of a paper, and that of the last one."""

    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            metavar="DATE",
            rich_help_panel=DATES,
            help="The day of the last paper: what happened after it is new. Three months earlier, "
            "if left out.",
        ),
    ] = None

    def resolve(self, now: datetime, since: str | None = None) -> QueryDates:
        """Return the dates that are meant at an instant, as Position does."""
        return super().resolve(now, since or self.since)


class PaperOutput(OptionGroup):
    """In which format a paper is written, and where to."""

    format: Annotated[
        str | None,
        format_option(
            "html, docx or markdown; by default what the end of the file's name says, else html."
        ),
    ] = None
    file: OutputOption = None


def paper_command(
    *,
    body: BodyOption = None,
    title: Annotated[
        str | None,
        typer.Option("--title", metavar="TEXT", help="Its title, instead of that of the register."),
    ] = None,
    dates: PaperDates,
    output: PaperOutput,
    register: RegisterOptions,
) -> None:
    """Write a committee paper as a web page, Word or Markdown.

    --output paper.html gives a page that needs nothing beside it: headline figures, grades with
    their history, A what is live, B progress since the last paper, C deadlines moved and
    why, D what is past its deadline, E the statutory responses, charts, sources, known gaps,
    and how every figure was counted. It prints on A4. --output paper.docx gives the
    same paper for Word, and --output paper.md for a wiki or an e-mail, both without the charts.
    """
    from socwatch.cli.filters import find_bodies
    from socwatch.cli.formats import choose_format
    from socwatch.cli.progress import progress
    from socwatch.cli.session import open_session, render_context
    from socwatch.render.formats import PAPER_FORMATS
    from socwatch.reports.paper.paper import paper

    chosen = choose_format(PAPER_FORMATS, output, PAPER_FORMATS[0], example="paper")
    with progress("Writing the paper") as on_progress:
        session = open_session(register, dates)
        bodies = find_bodies(session.register, body)
        made = paper(session.register, session.dates, bodies=bodies, title=title)
        content = chosen.load()(made, render_context(session.files.name, output.file), on_progress)
    session.write(content, output.file)
