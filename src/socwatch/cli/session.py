"""One run that looks: the register that it opens, the days it is about, the answer it gives."""

from __future__ import annotations

import contextlib
import os
import shlex
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, Protocol

from socwatch.cli.formats import Output, choose_format
from socwatch.cli.options import RegisterOptions
from socwatch.cli.streams import (
    on_terminal,
    screen_width,
    supports_unicode,
    wants_colour,
    write_file,
    write_out,
)
from socwatch.dates import today_in_london
from socwatch.errors import LocatedProblem, Problem, RegisterInvalid, RegisterMissing, UsageError
from socwatch.records import Register
from socwatch.render.context import RenderContext
from socwatch.render.formats import REPORT_FORMATS, formats_of
from socwatch.reports.table import Report
from socwatch.rules import find_problems
from socwatch.store.discovery import find_register
from socwatch.store.load import Loaded, load
from socwatch.tracking import DUE_SOON_DAYS, QueryDates
from socwatch.typed_dates import parse_day


class Session(NamedTuple):
    """A valid register, and the days that are asked about."""

    path: Path
    register: Register
    dates: QueryDates

    def print_report(self, report: Report, output: Output) -> None:
        """Print a report, or write it to a file. Raises UsageError, OutputRefused."""
        self.write(self.render(report, output), output.file)

    def render(self, report: Report, output: Output) -> str:
        """Return a report in the format given, or in the usual one. Raises UsageError."""
        table, plain = REPORT_FORMATS[:2]
        usual = table if output.file is None and on_terminal() else plain
        chosen = choose_format(formats_of(report.command), output, usual)
        text: str = chosen.load()(report, render_context(self.path, output.file))
        return text

    def write(self, content: str | bytes, file: Path | None) -> None:
        """Print an answer, or write it to a file. Raises OutputRefused."""
        if file is not None:
            write_file(file, content, register=self.path)
        else:
            write_out(content)


def render_context(path: Path, output: Path | None) -> RenderContext:
    """Where an answer from a register is to be shown: in a file, or on what stdout is."""
    width = screen_width()
    if output is not None:
        return RenderContext(str(path), width, file=is_file(output))
    return RenderContext(str(path), width, wants_colour(), supports_unicode(sys.stdout))


def is_file(output: Path | None) -> bool:
    """Return whether an answer goes to a file: --output can also name a pipe or a device."""
    return output is not None and (output.is_file() or not output.exists())


def register_path(register: RegisterOptions) -> Path:
    """Return the path of the register that a run is about. Raises RegisterMissing."""
    try:
        folder = Path.cwd()
    except FileNotFoundError:  # the folder that the shell stands in was deleted
        folder = Path(os.sep)
    return find_register(register.named, os.environ, folder)


def command_for(words: str, path: Path) -> str:
    """What to type, from this folder, for a command on the register at a path."""
    with contextlib.suppress(OSError, RegisterMissing):
        if find_register(None, os.environ, Path.cwd()).samefile(path):
            return f"socwatch {words}"
    return f"socwatch --records {shlex.quote(str(path))} {words}"


_OPENED: list[Register] = []
"""The registers that this run has opened, kept to its end.

To free one takes 2 in 100 of the time of `status`: 90 ms with 50,000 findings.
"""


class Opened(NamedTuple):
    """A register that has no fault, and the file that it was read from."""

    loaded: Loaded
    register: Register


def open_register(path: Path) -> Opened:
    """The register at a path. Raises RegisterMissing, RegisterUnreadable, RegisterInvalid."""
    loaded = load(path)
    faults = faults_in(loaded)
    if faults or loaded.register is None:
        raise RegisterInvalid(str(path), faults)
    _OPENED.append(loaded.register)
    return Opened(loaded, loaded.register)


def open_to_undo(path: Path) -> Opened:
    """The register at a path, valid or made invalid by updates that contradict each other alone.

    Two people may each have recorded what the other's update rules out. Raises as open_register.
    """
    loaded = load(path)
    faults = faults_in(loaded)
    contradict = all(fault.problem.name == "update-not-allowed" for fault in faults)
    if not contradict or loaded.register is None:
        raise RegisterInvalid(str(path), faults)
    return Opened(loaded, loaded.register)


def faults_in(loaded: Loaded) -> tuple[LocatedProblem, ...]:
    """Every fault of a register that was read, in the order of its file."""
    return loaded.faults(find_problems(loaded.register) if loaded.register is not None else ())


def faults_of(
    path: Path, also: Callable[[Register, Path], Iterable[Problem]] | None = None
) -> tuple[Loaded, tuple[LocatedProblem, ...]]:
    """The file at a path with all faults of its register, and with what else is to be looked for.

    Raises RegisterMissing, RegisterUnreadable.
    """
    loaded = load(path)
    register = loaded.register
    found = [*find_problems(register)] if register is not None else []
    if register is not None and also is not None:
        found += also(register, path)
    return loaded, loaded.faults(found)


class Dates(Protocol):
    """The options of a command that say which dates it is about."""

    def resolve(self, now: datetime) -> QueryDates:
        """Return the dates that are meant at an instant."""


def open_session(register: RegisterOptions, dates: Dates) -> Session:
    """Return the valid register, and the dates asked about.

    Raises DayNotUnderstood, RegisterMissing, RegisterUnreadable, RegisterInvalid; UsageError if
    no date lies after --since.
    """
    now = datetime.now(UTC)
    path = register_path(register)
    return Session(path, open_register(path).register, dates.resolve(now))


def resolve_dates(
    now: datetime,
    as_of: str | None,
    recorded_until: str | None = None,
    *,
    within: int = DUE_SOON_DAYS,
    since: str | None = None,
) -> QueryDates:
    """Return the dates that a run is about: by default today in London at `now`.

    Raises DayNotUnderstood; UsageError if no date lies after `since`.
    """
    today = today_in_london(now)
    day = parse_day(as_of, today=today) if as_of is not None else today
    known = parse_day(recorded_until, today=today) if recorded_until is not None else None
    after = parse_day(since, today=today) if since is not None else None
    if after is not None and after >= day:
        message = f"no day lies after {after} and up to {day}, so nothing can have changed"
        raise UsageError(message, remedy="name an earlier day with --since")
    return QueryDates(day, known, within, after)
