"""The command that writes days for a calendar."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from socwatch.cli.options import (
    AsOf,
    RegisterOptions,
    StateFilters,
    SubjectFilters,
    output_option,
)

_DAYS_OF = ("deadlines", "responses")
MAX_REMINDER_DAYS = 3660
"""Days before a last day of which a reminder can be asked for: ten years."""


def _complete_days_of(incomplete: str) -> Iterator[str]:
    return (word for word in _DAYS_OF if word.startswith(incomplete))


def calendar_command(
    *,
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
    namespace: Annotated[
        str,
        typer.Option(
            "--namespace",
            metavar="NAME",
            help="Keep events of two registers with the same ids separate.",
        ),
    ] = "",
    subject: SubjectFilters,
    state: StateFilters,
    dates: AsOf,
    output: Annotated[
        Path | None, output_option("Write the calendar to FILE, for example deadlines.ics.")
    ] = None,
    register: RegisterOptions,
) -> None:
    """Write deadlines and response dates to a calendar file.

    An event of a whole day for each current deadline, and for each last day of the 56 that a
    local policing body has to respond to a report. Written again later, to subscribe to or to
    import again, it moves and cancels earlier events and creates no duplicates.
    """
    from socwatch.cli.filters import build_filter, one_of
    from socwatch.cli.formats import refuse_other_endings
    from socwatch.cli.progress import progress
    from socwatch.cli.session import open_session
    from socwatch.cli.streams import print_warning
    from socwatch.reports.calendar import CalendarOptions, build_calendar

    if output is not None:
        refuse_other_endings(output, [".ics"])
    choice = one_of("--only", only, _DAYS_OF) if only is not None else None
    days = _days_before(remind)
    with progress("Writing the calendar") as on_progress:
        session = open_session(register, dates)
        wanted = CalendarOptions(
            build_filter(session.register, subject, state),
            deadlines=choice != "responses",
            responses=choice != "deadlines",
            remind=days,
            namespace=namespace,
        )
        from socwatch.render.calendar import render  # slow, and needless for a faulty register

        made = build_calendar(session.register, session.dates, wanted)
        content = render(made, on_progress)
    session.write(content, output)
    if not made.events:
        print_warning("no deadline or response matches these filters, so this calendar is empty")


def _days_before(typed: str) -> tuple[int, ...]:
    from socwatch.errors import UsageError

    words = [word.strip() for word in typed.split(",")] if typed.strip() else []
    days = [int(word) for word in words if word.isdecimal() and word.isascii() and len(word) < 5]  # noqa: PLR2004  # digits
    if len(days) < len(words) or any(not 1 <= number <= MAX_REMINDER_DAYS for number in days):
        message = f"--remind cannot be {typed!r}"
        remedy = f"give numbers of days from 1 to {MAX_REMINDER_DAYS}, such as 28,7"
        raise UsageError(message, remedy=remedy)
    return tuple(dict.fromkeys(days))
