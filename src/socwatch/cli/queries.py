"""Commands that look: nothing is changed by any of them."""

from __future__ import annotations

from typing import Annotated

import typer

from socwatch.cli.completion import complete_names
from socwatch.cli.options import (
    DUE_SOON,
    AsOfOption,
    BodiesArgument,
    BodyOption,
    DueWithinOption,
    FindingArgument,
    FormatOption,
    InspectionOption,
    KindOption,
    NameArgument,
    OutputOption,
    OverdueOption,
    OwnerOption,
    RecordedUntilOption,
    RecordsOption,
    StatusOption,
    TextOption,
    WithinOption,
)


def status_command(
    ctx: typer.Context,
    bodies: BodiesArgument = None,
    within: WithinOption = DUE_SOON,
    as_of: AsOfOption = None,
    recorded_until: RecordedUntilOption = None,
    format_: FormatOption = None,
    output: OutputOption = None,
    records: RecordsOption = None,
) -> None:
    """Show where every body stands, and warn of what is overdue.

    A row for each body: its grade and the one before, its causes of concern, recommendations and
    areas for improvement, how many are past their deadline, and the next deadline. Below it, what
    is past its deadline, the longest first, then what falls due soon.
    """
    from socwatch.cli.filters import find_bodies
    from socwatch.cli.session import open_session
    from socwatch.reports.status import status

    session = open_session(ctx, records, as_of, recorded_until, within=within)
    chosen = find_bodies(session.register, bodies)
    report = status(session.register, session.asked, bodies=chosen)
    session.answer(report, format_, output)


def list_command(
    ctx: typer.Context,
    body: BodyOption = None,
    kind: KindOption = None,
    status: StatusOption = None,
    inspection: InspectionOption = None,
    owner: OwnerOption = None,
    text: TextOption = None,
    overdue: OverdueOption = False,
    due_within: DueWithinOption = None,
    sort: Annotated[
        str,
        typer.Option(
            "--sort",
            metavar="KEYS",
            help="body, deadline, days, id, kind, status, published, owner, checked; "
            "several are joined by commas.",
        ),
    ] = "body,deadline",
    reverse: Annotated[
        bool, typer.Option("--reverse", metavar="", help="The other way round.")
    ] = False,
    within: WithinOption = DUE_SOON,
    as_of: AsOfOption = None,
    recorded_until: RecordedUntilOption = None,
    format_: FormatOption = None,
    output: OutputOption = None,
    records: RecordsOption = None,
) -> None:
    """List items: findings, each for each of its bodies.

    Every choice narrows the list; the same one given twice widens it (--kind A --kind B).
    """
    from socwatch.cli.filters import filter_of, one_of
    from socwatch.cli.session import open_session
    from socwatch.reports.items import SORTS
    from socwatch.reports.list import items

    keys = [one_of("--sort", key, SORTS) for key in sort.split(",")]
    session = open_session(ctx, records, as_of, recorded_until, within=within)
    options = {
        "body": body,
        "kind": kind,
        "status": status,
        "inspection": inspection,
        "owner": owner,
        "text": text,
        "overdue": overdue,
        "due_within": due_within,
    }
    chosen = filter_of(session.register, options)
    report = items(session.register, session.asked, chosen, sort=keys, reverse=reverse)
    session.answer(report, format_, output)


def show_command(
    ctx: typer.Context,
    name: NameArgument,
    within: WithinOption = DUE_SOON,
    as_of: AsOfOption = None,
    recorded_until: RecordedUntilOption = None,
    format_: FormatOption = None,
    output: OutputOption = None,
    records: RecordsOption = None,
) -> None:
    """Show everything known of a finding, a body or an inspection.

    Of a finding: its words and standing, its links both ways, its history, the sources, and what
    other sources say.
    """
    from socwatch.cli.session import open_session
    from socwatch.lookup import find_any
    from socwatch.records import Body, Finding
    from socwatch.reports import show

    session = open_session(ctx, records, as_of, recorded_until, within=within)
    register, asked = session.register, session.asked
    found, bodies = find_any(register, name)
    if isinstance(found, Finding):
        report = show.finding(register, found, bodies, asked)
    elif isinstance(found, Body):
        report = show.body(register, found, asked)
    else:
        report = show.inspection(register, found, asked)
    session.answer(report, format_, output)


def why_command(
    ctx: typer.Context,
    name: FindingArgument,
    within: WithinOption = DUE_SOON,
    as_of: AsOfOption = None,
    format_: FormatOption = None,
    output: OutputOption = None,
    records: RecordsOption = None,
) -> None:
    """Say which date counts for a finding, by which rule, and why.

    The deadline in force, the words that it comes from and who said them, the rule that made a
    day of them, every move of it, and how the days are counted.
    """
    from socwatch.cli.session import open_session
    from socwatch.lookup import find_item
    from socwatch.reports.why import why

    session = open_session(ctx, records, as_of, within=within)
    found, bodies = find_item(session.register, name)
    session.answer(why(session.register, found, bodies, session.asked), format_, output)


def grades_command(
    ctx: typer.Context,
    bodies: BodiesArgument = None,
    as_of: AsOfOption = None,
    format_: FormatOption = None,
    output: OutputOption = None,
    records: RecordsOption = None,
) -> None:
    """Show the history of grades, body by body."""
    from socwatch.cli.filters import find_bodies
    from socwatch.cli.session import open_session
    from socwatch.reports.grades import grades

    session = open_session(ctx, records, as_of)
    chosen = find_bodies(session.register, bodies)
    session.answer(grades(session.register, session.asked, bodies=chosen), format_, output)


def responses_command(
    ctx: typer.Context,
    bodies: BodiesArgument = None,
    within: WithinOption = DUE_SOON,
    as_of: AsOfOption = None,
    format_: FormatOption = None,
    output: OutputOption = None,
    records: RecordsOption = None,
) -> None:
    """Show who was to answer which report in the 56 days, and who has.

    After a report on a police force its local policing body (a commissioner, a mayor, an
    authority) is to publish comments within 56 days, the day of publication being the first. A
    row for each report and local policing body: the last day, when it answered, how many days
    early or late.
    """
    from socwatch.cli.filters import find_bodies
    from socwatch.cli.session import open_session
    from socwatch.reports.responses import responses

    session = open_session(ctx, records, as_of, within=within)
    chosen = find_bodies(session.register, bodies)
    session.answer(responses(session.register, session.asked, bodies=chosen), format_, output)


def log_command(
    ctx: typer.Context,
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ID", autocompletion=complete_names, help="Findings or bodies; none means all."
        ),
    ] = None,
    as_of: AsOfOption = None,
    format_: FormatOption = None,
    output: OutputOption = None,
    records: RecordsOption = None,
) -> None:
    """Show the updates in the order of time.

    Retracted updates are shown as such: they count no more, and stay on record.
    """
    from socwatch.cli.filters import find_items
    from socwatch.cli.session import open_session
    from socwatch.reports.log import log

    session = open_session(ctx, records, as_of)
    about = find_items(session.register, names) if names else None
    report = log(session.register, session.asked, about=about)
    session.answer(report, format_, output)
