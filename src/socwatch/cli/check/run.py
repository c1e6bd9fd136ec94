"""One run of `check`: what is watched, what is reported and how often, and the last run."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from socwatch.cli.check.request import CheckOutput, WatchOptions
from socwatch.cli.copies import command, words
from socwatch.cli.filters import build_filter, one_of
from socwatch.cli.formats import choose_format
from socwatch.cli.options import AsOf, RegisterOptions, StateFilters
from socwatch.cli.registers import RegisterFiles, register_files
from socwatch.cli.session import open_registers, render_context
from socwatch.cli.streams import print_warning, write_file, write_out
from socwatch.errors import Problem, UsageError, joined, records_option
from socwatch.obligations import obligations
from socwatch.records import Register
from socwatch.render.check.answer import CheckAnswer
from socwatch.render.formats import CHECK_FORMATS, CheckRenderer, Format
from socwatch.reports.check.alerts import (
    Attention,
    Beside,
    CheckOptions,
    CopyAlert,
    attention,
    require_something_to_check,
)
from socwatch.reports.check.reminders import DEFAULT_SCHEDULE, ReminderSchedule
from socwatch.reports.check.report import alert
from socwatch.store.copies import find_copies
from socwatch.store.union import Union
from socwatch.tracking import DUE_SOON_DAYS, QueryDates

_FIRST_RUN = "No earlier run with these options was found, so everything is listed."

SOMETHING = 1
"""The exit code if something needs attention."""

USUAL = "usual"
"""The word for the usual reminder days."""

GROUPS = ("owner",)
"""What alerts can be grouped by."""


class CheckRequest(NamedTuple):
    """All that one call asks for: what to watch, how often to report it, and in which form."""

    watch: WatchOptions
    remind: str | None
    """The reminder days, as they were typed."""
    output: CheckOutput
    dates: AsOf
    register: RegisterOptions


def check(request: CheckRequest, *, trial: bool = False) -> int:
    """Report what needs attention, save the time of the run if asked, and return the exit code.

    On `trial` nothing is printed or written: only what would be refused is refused.

    Raises UsageError, RegisterError, LookupFailed, OutputRefused.
    """
    now = datetime.now(UTC)
    output = request.output
    chosen = choose_format(CHECK_FORMATS, output, CHECK_FORMATS[0])
    if chosen.of_state and request.remind is not None:
        message = f"--format {chosen.name} reports the whole position, and --remind would hide some"
        raise UsageError(message, remedy="leave out --remind")
    by_owner = output.group_by is not None and bool(one_of("--group-by", output.group_by, GROUPS))
    dates = request.dates.resolve(now)
    files = register_files(request.register)
    union, register = open_registers(files)
    watch = _watch(register, request)
    duties = obligations(register, dates.as_of)
    require_something_to_check(register, files.names, dates, watch.chosen, duties)
    watch, last = _since_last_run(watch, request, dates, files)
    evidence = _evidence(union) if request.watch.check_evidence else ()
    copies = find_copies(union.files)
    alerts = tuple(CopyAlert(words(copy), command(copy)) for copy in copies)
    found = attention(register, dates, watch, Beside(evidence, alerts), duties)
    remarks = (_FIRST_RUN,) if last is not None and not last.known else ()
    report = alert(
        found,
        call=files.call,
        call_to_add=lambda inspection: _call_to_add(union, inspection),
        by_owner=by_owner,
        remarks=remarks,
    )
    # As they are called: no link is followed.
    whole = joined(tuple(os.path.abspath(path) for path in files.named))  # noqa: PTH100
    context = render_context(files.name, output.file, copies)
    text = chosen.load()(
        CheckAnswer(found, report, context, now, _choice_words(request.watch), whole)
    )
    if trial:
        return _code(found, chosen)
    given = _give(text, output.file, files)
    if last is not None and given:
        _remember(last, files, found)
    return _code(found, chosen)


def _call_to_add(union: Union, inspection: str) -> str:
    """Return how socwatch is called to add a record about an inspection: on its file alone."""
    assert union.register is not None  # noqa: S101  # it is valid
    ids = [each.id for each in union.register.inspections]
    path = union.file_of("inspections", ids.index(inspection)).path
    return f"socwatch {records_option(str(path))}".rstrip()


def _watch(register: Register, request: CheckRequest) -> CheckOptions:
    watch = request.watch
    return CheckOptions(
        build_filter(register, watch, StateFilters()),
        tuple(sorted(set(watch.within or ()))) or (DUE_SOON_DAYS,),
        watch.awaiting_sign_off,
        watch.stale_after,
        _reminder_days(request.remind) if request.remind is not None else None,
    )


def _reminder_days(typed: str) -> ReminderSchedule:
    if typed.strip().lower() == USUAL:
        return DEFAULT_SCHEDULE
    try:
        days = [int(part) for part in typed.split(",")]
        # int() also takes 1_0, and the digits of every script.
        written = typed.isascii() and "_" not in typed
        if not written or any(abs(number) > _MOST_DAYS for number in days):
            raise ValueError  # noqa: TRY301  # told as any other
    except ValueError:
        message = f"invalid value for --remind: {typed!r}"
        remedy = f"use whole numbers of days joined by commas, 28,14,7,1,0,-1,-7,-30, or {USUAL!r}"
        raise UsageError(message, remedy=remedy) from None
    return ReminderSchedule.of(days)


_MOST_DAYS = 100_000


class _Last(NamedTuple):
    """Where the time of the last run with these options is stored, and whether it is known."""

    file: Path | None
    known: bool


def _since_last_run(
    watch: CheckOptions, request: CheckRequest, dates: QueryDates, files: RegisterFiles
) -> tuple[CheckOptions, _Last | None]:
    """Return what is watched since the last run with these options, and that run.

    If no last run is known, the reminder days do not count: more is reported, never less.
    """
    if watch.schedule is None:
        return watch, None
    from socwatch.cli.check import last_run  # only for the runs that remember one

    file = last_run.place(files.named, _choice_key(watch, request))
    since = last_run.recall(file, dates.as_of)
    if since is None:
        within = tuple(sorted({*watch.within, watch.reach}))
        return watch._replace(schedule=None, within=within), _Last(file, known=False)
    return watch._replace(since=since), _Last(file, known=True)


def _choice_key(watch: CheckOptions, request: CheckRequest) -> dict[str, object]:
    """What makes two lines of cron different, so that each has a last run of its own."""
    chosen = {
        name: sorted(map(str, value)) if isinstance(value, frozenset) else value
        for name, value in watch.chosen._asdict().items()
    }
    output = request.output
    return {
        "chosen": chosen,
        "within": watch.within,
        "remind": watch.schedule,
        "awaiting_sign_off": watch.awaiting_sign_off,
        "stale_after": watch.stale_after,
        "check_evidence": request.watch.check_evidence,
        "group_by": output.group_by,
        "format": output.format,
        "output": os.path.realpath(output.file) if output.file is not None else None,
    }


def _evidence(union: Union) -> tuple[Problem, ...]:
    from socwatch.evidence import look_again  # it reads every file of evidence

    return tuple(
        problem
        for number, loaded in enumerate(union.files)
        if loaded.register is not None
        for problem in union.in_union(number, look_again(loaded.register, loaded.path))
    )


def _choice_words(watch: WatchOptions) -> str:
    """Return the filters and thresholds of a call as words, to tell metrics apart."""
    looked_for = {**vars(watch), "within": sorted(set(watch.within or ()))}
    several = (
        (name.replace("_", "-"), each)
        for name, value in looked_for.items()
        for each in (value if isinstance(value, list) else (value,))
    )
    given = ((name, each) for name, each in several if each is not None and each is not False)
    return " ".join(f"{name}={each}" for name, each in given)


def _give(text: str, file: Path | None, files: RegisterFiles) -> bool:
    """Return whether the answer has arrived. A file is replaced even if nothing is reported."""
    if file is not None:
        write_file(file, text, registers=files.files)
        return True
    return write_out(text)


def _remember(last: _Last, files: RegisterFiles, found: Attention) -> None:
    from socwatch.cli.check import last_run

    reason: str | None = "there is no home folder"
    where = "in the user's state folder"
    if last.file is not None:
        where = str(last.file)
        try:
            last_run.remember(last.file, files.named, found.dates.as_of, found.snapshot)
        except OSError as error:
            reason = error.strerror
        else:
            return
    print_warning(
        f"could not save the time of this run {where}: {reason}; "
        "the next run will report everything again"
    )


def _code(found: Attention, chosen: Format[CheckRenderer]) -> int:
    """Return the exit code; a format that another system reads has 0, or codes of its own."""
    match chosen.name:
        case "nagios":
            from socwatch.render.check.nagios import state

            return state(found)
        case "prometheus":
            return 0
        case _:
            return SOMETHING if found.alerts else 0
