"""One run that looks: the register that it opens, the days it is about, the answer it gives."""

from __future__ import annotations

import contextlib
import os
import shlex
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, Protocol

from socwatch.cli.formats import Output, choose_format
from socwatch.cli.options import RegisterOptions
from socwatch.cli.registers import RegisterFiles, register_files
from socwatch.cli.streams import (
    on_terminal,
    screen_width,
    supports_unicode,
    wants_colour,
    write_file,
    write_out,
)
from socwatch.dates import today_in_london
from socwatch.errors import LocatedProblem, RegisterInvalid, RegisterMissing, UsageError
from socwatch.records import Register
from socwatch.render.context import RenderContext
from socwatch.render.formats import REPORT_FORMATS, formats_of
from socwatch.reports.table import Report
from socwatch.rules import find_problems
from socwatch.store.copies import Copy
from socwatch.store.discovery import find_register
from socwatch.store.load import Loaded, load
from socwatch.store.union import Union, unite
from socwatch.tracking import DUE_SOON_DAYS, QueryDates
from socwatch.typed_dates import parse_day


class Session(NamedTuple):
    """A valid register, in one file or several, and the days that are asked about."""

    files: RegisterFiles
    union: Union
    register: Register
    dates: QueryDates

    def print_report(
        self, report: Report, output: Output, copies: tuple[Copy, ...] | None = None
    ) -> None:
        """Print a report, or write it to a file. Raises UsageError, OutputRefused."""
        self.write(self.render(report, output, copies), output.file)

    def render(self, report: Report, output: Output, copies: tuple[Copy, ...] | None = None) -> str:
        """Return a report in the format given, or in the usual one. Raises UsageError."""
        table, plain = REPORT_FORMATS[:2]
        usual = table if output.file is None and on_terminal() else plain
        chosen = choose_format(formats_of(report.command), output, usual)
        context = render_context(self.files.name, output.file, copies)
        text: str = chosen.load()(report, context)
        return text

    def write(self, content: str | bytes, file: Path | None) -> None:
        """Print an answer, or write it to a file. Raises OutputRefused."""
        if file is not None:
            write_file(file, content, registers=self.files.files)
        else:
            write_out(content)


def render_context(
    records: str, output: Path | None, copies: tuple[Copy, ...] | None = None
) -> RenderContext:
    """Where an answer from a register is to be shown: in a file, or on what stdout is."""
    width = screen_width()
    if output is not None:
        return RenderContext(records, width, file=is_file(output), copies=copies)
    unicode = supports_unicode(sys.stdout)
    return RenderContext(records, width, wants_colour(), unicode, copies=copies)


def is_file(output: Path | None) -> bool:
    """Return whether an answer goes to a file: --output can also name a pipe or a device."""
    return output is not None and (output.is_file() or not output.exists())


def command_for(words: str, path: Path) -> str:
    """What to type, from this folder, for a command on the register at a path."""
    with contextlib.suppress(OSError, RegisterMissing):
        if find_register(None, os.environ, Path.cwd()).samefile(path):
            return f"socwatch {words}"
    return f"socwatch --records {shlex.quote(str(path))} {words}"


def command_for_files(words: str, files: RegisterFiles) -> str:
    """Return what to type, from this folder, for a command on the registers of this run."""
    if files.named == files.files and not files.files[1:]:
        return command_for(words, files.files[0])
    return f"{files.call} {words}"


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


def open_registers(files: RegisterFiles) -> tuple[Union, Register]:
    """The registers that a run reads, as one.

    Raises RegisterMissing, RegisterUnreadable, RegisterInvalid.
    """
    union = unite([load(path) for path in files.files])
    register = union.register
    faults = union.faults(find_problems(register) if register is not None else ())
    if faults or register is None:
        raise RegisterInvalid(files.names, faults)
    _OPENED.append(register)
    return union, register


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
    files = register_files(register)
    return Session(files, *open_registers(files), dates.resolve(now))


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
