"""Commands that look: nothing is changed by any of them."""

from __future__ import annotations

from typing import Annotated

import typer

from socwatch.cli.completion import complete_names
from socwatch.cli.options import (
    AsOf,
    AsOfWithin,
    BodiesArgument,
    FindingArgument,
    NameArgument,
    PositionOptions,
    RegisterOptions,
    ReportOutput,
    StateFilters,
    SubjectFilters,
)


def status_command(
    *,
    bodies: BodiesArgument = None,
    dates: PositionOptions,
    output: ReportOutput,
    register: RegisterOptions,
) -> None:
    """Show where every body stands, and warn of what is overdue.

    A row for each body: its grade and the one before, its causes of concern, recommendations and
    areas for improvement, how many are past their deadline, and the next deadline. Below it, what
    is past its deadline, the longest first, then what falls due soon.
    """
    from socwatch.cli.copies import warn_of_copies
    from socwatch.cli.filters import find_bodies
    from socwatch.cli.session import open_session
    from socwatch.reports.status import status
    from socwatch.store.copies import find_copies

    session = open_session(register, dates)
    chosen = find_bodies(session.register, bodies)
    report = status(session.register, session.dates, bodies=chosen)
    copies = find_copies(session.union.files)
    session.print_report(report, output, copies)
    warn_of_copies(copies)


def list_command(
    *,
    subject: SubjectFilters,
    state: StateFilters,
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
    dates: PositionOptions,
    output: ReportOutput,
    register: RegisterOptions,
) -> None:
    """List items: findings, each for each of its bodies.

    Every choice narrows the list; the same one given twice widens it (--kind A --kind B).
    """
    from socwatch.cli.filters import build_filter, one_of
    from socwatch.cli.session import open_session
    from socwatch.reports.items import SORTS
    from socwatch.reports.list import items

    keys = [one_of("--sort", key, SORTS) for key in sort.split(",")]
    session = open_session(register, dates)
    chosen = build_filter(session.register, subject, state)
    report = items(session.register, session.dates, chosen, sort=keys, reverse=reverse)
    session.print_report(report, output)


def show_command(
    *,
    name: NameArgument,
    dates: PositionOptions,
    output: ReportOutput,
    register: RegisterOptions,
) -> None:
    """Show everything known of a finding, a body or an inspection.

    Of a finding: its words and standing, its links both ways, its history, the sources, and what
    other sources say.
    """
    from socwatch.cli.session import open_session
    from socwatch.lookup import find_any
    from socwatch.records import Body, Finding
    from socwatch.reports import show

    session = open_session(register, dates)
    found, bodies = find_any(session.register, name)
    if isinstance(found, Finding):
        report = show.finding(session.register, found, bodies, session.dates)
    elif isinstance(found, Body):
        report = show.body(session.register, found, session.dates)
    else:
        report = show.inspection(session.register, found, session.dates)
    session.print_report(report, output)


def why_command(
    *,
    name: FindingArgument,
    dates: AsOfWithin,
    output: ReportOutput,
    register: RegisterOptions,
) -> None:
    """Say which date counts for a finding, by which rule, and why.

    The deadline in force, the words that it comes from and who said them, the rule that made a
    day of them, every move of it, and how the days are counted.
    """
    from socwatch.cli.session import open_session
    from socwatch.lookup import find_item
    from socwatch.reports.why import why

    session = open_session(register, dates)
    found, bodies = find_item(session.register, name)
    session.print_report(why(session.register, found, bodies, session.dates), output)


def grades_command(
    *,
    bodies: BodiesArgument = None,
    dates: AsOf,
    output: ReportOutput,
    register: RegisterOptions,
) -> None:
    """Show the history of grades, body by body."""
    from socwatch.cli.filters import find_bodies
    from socwatch.cli.session import open_session
    from socwatch.reports.grades import grades

    session = open_session(register, dates)
    chosen = find_bodies(session.register, bodies)
    session.print_report(grades(session.register, session.dates, bodies=chosen), output)


def responses_command(
    *,
    bodies: BodiesArgument = None,
    dates: AsOfWithin,
    output: ReportOutput,
    register: RegisterOptions,
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

    session = open_session(register, dates)
    chosen = find_bodies(session.register, bodies)
    session.print_report(responses(session.register, session.dates, bodies=chosen), output)


def log_command(
    *,
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ID", autocompletion=complete_names, help="Findings or bodies; none means all."
        ),
    ] = None,
    dates: AsOf,
    output: ReportOutput,
    register: RegisterOptions,
) -> None:
    """Show the updates in the order of time.

    Retracted updates are shown as such: they count no more, and stay on record.
    """
    from socwatch.cli.filters import find_items
    from socwatch.cli.session import open_session
    from socwatch.reports.log import log

    session = open_session(register, dates)
    about = find_items(session.register, names) if names else None
    files = {
        update.id: str(session.union.file_of("updates", place).path)
        for place, update in enumerate(session.register.updates)
    }
    report = log(session.register, session.dates, about=about, files=files)
    session.print_report(report, output)
