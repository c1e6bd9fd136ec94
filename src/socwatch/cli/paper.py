"""The command that writes the committee's paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from socwatch.cli.completion import complete_formats, complete_regions
from socwatch.cli.options import (
    DUE_SOON,
    AsKnownOption,
    AsOfOption,
    BodyOption,
    OutputOption,
    RecordsOption,
    WithinOption,
)

if TYPE_CHECKING:  # these would be slow to import for --help
    from socwatch.records import Body, Register


def report_command(
    ctx: typer.Context,
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            metavar="DAY",
            rich_help_panel="Days",
            help="The day of the last paper: what happened after it is new. Three months earlier, "
            "if left out.",
        ),
    ] = None,
    body: BodyOption = None,
    region: Annotated[
        list[str] | None,
        typer.Option(
            "--region", autocompletion=complete_regions, metavar="BODY", help="Only of this region."
        ),
    ] = None,
    title: Annotated[
        str | None,
        typer.Option(
            "--title", metavar="WORDS", help="Its title, instead of that of the register."
        ),
    ] = None,
    within: WithinOption = DUE_SOON,
    as_of: AsOfOption = None,
    as_known: AsKnownOption = None,
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
    """Write the committee's paper: a page, Word, or Markdown.

    --output paper.html gives a page that needs nothing beside it: headline figures, grades with
    their history, A what is live, B what is finished since the last paper, C deadlines moved and
    why, D what is past its deadline, E the statutory responses, charts, sources, what is known to
    be missing, and how every figure was counted. It prints on A4. --output paper.docx gives the
    same paper for Word, and --output paper.md for a wiki or an e-mail, both without the charts.
    """
    from socwatch.cli.formats import choose_format
    from socwatch.cli.progress import progress
    from socwatch.cli.session import open_session, setting_of
    from socwatch.render.formats import PAPER_FORMATS
    from socwatch.reports.paper.paper import paper

    chosen = choose_format(PAPER_FORMATS, format_, output, PAPER_FORMATS[0], file="paper")
    with progress("Writing the report") as told:
        session = open_session(ctx, records, as_of, as_known, within, since=since)
        bodies = _bodies(session.register, body, region)
        made = paper(session.register, session.asked, bodies=bodies, title=title)
        content = chosen.load()(made, setting_of(session.path, output), told)
    session.give(content, output)


def _bodies(
    register: Register, body: list[str] | None, region: list[str] | None
) -> tuple[Body, ...]:
    """The bodies that both choices admit; none where there is no choice.

    Raises NotFound, Ambiguous; UsageError where they admit none.
    """
    from socwatch.cli.filters import find_bodies
    from socwatch.errors import UsageError
    from socwatch.lookup import find_region
    from socwatch.reports.items import is_among

    if not (body or region):
        return ()
    named = {each.id for each in find_bodies(register, body)}
    regions = {find_region(register, name).id for name in region or ()}
    both = tuple(
        each for each in register.bodies if is_among(each, named) and is_among(each, regions)
    )
    if not both:
        message = "no body of --body is in a region of --region"
        raise UsageError(message, remedy="leave one of them out")
    return both
