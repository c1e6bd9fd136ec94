"""One run of `check`: what is watched, what is said about it and to whom, and the last run."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import typer

from socwatch.cli.filters import filter_of
from socwatch.cli.formats import choose_format
from socwatch.cli.session import days_asked, open_register, register_path, setting_of
from socwatch.cli.streams import remark, write_file, write_out
from socwatch.dates import parse_day, today_in_london
from socwatch.errors import UsageError, naming
from socwatch.records import Register
from socwatch.render.check.answer import Answer
from socwatch.render.formats import CHECK_FORMATS, CheckRenderer, Format
from socwatch.reports.check.alerts import (
    Attention,
    Watch,
    attention,
    refuse_to_watch_nothing,
)
from socwatch.reports.check.reminders import USUAL_LADDER, Ladder, Since
from socwatch.reports.check.report import alert
from socwatch.store.load import Loaded
from socwatch.tracking import DUE_SOON_DAYS, Asked

_FIRST_RUN = "No last run of this choice is known, so everything is spoken of."

SOMETHING = 1
"""The exit code where something needs attention."""


class Wanted(NamedTuple):
    """The options of one call, as they were typed."""

    within: tuple[int, ...]
    sign_off_within: int | None
    stale: int | None
    evidence: bool
    ladder: str | None
    since: str | None
    by_owner: bool
    exit_zero: bool
    quiet: bool
    format: str | None
    output: Path | None
    choice: Mapping[str, Any]
    as_of: str | None
    as_known: str | None

    @property
    def since_last(self) -> bool:
        """Whether news is what came after the last run."""
        return self.since is not None and self.since.strip().lower() == "last"


def check(ctx: typer.Context, records: Path | None, wanted: Wanted, *, trial: bool = False) -> int:
    """Answer, keep the run as the last one where that was asked for, and give the exit code.

    On `trial` nothing is printed or written anywhere: only what would be refused is.

    Raises UsageError, RegisterError, LookupFailed, OutputRefused.
    """
    now = datetime.now(UTC)
    chosen = choose_format(CHECK_FORMATS, wanted.format, wanted.output, CHECK_FORMATS[0])
    _refuse_what_nobody_can_mean(wanted, chosen)
    asked = days_asked(now, wanted.as_of, wanted.as_known)
    path = register_path(ctx, records)
    loaded, register = open_register(path)
    watch = _watch(register, wanted)
    refuse_to_watch_nothing(register, str(path), asked, watch.chosen)
    watch, last = _since(watch, wanted, asked, now, path)
    found = attention(register, asked, watch, _evidence(register, path, wanted))
    call = f"socwatch {naming(str(path))}".rstrip()
    remarks = (_FIRST_RUN,) if last is not None and not last.known else ()
    report = alert(found, call=call, by_owner=wanted.by_owner, remarks=remarks)
    setting = setting_of(path, wanted.output)
    lines = _lines(loaded, found) if chosen.name == "github" else {}
    whole = os.path.abspath(path)  # noqa: PTH100  # as it is called: no link is followed
    answer = Answer(found, report, setting, now, _choice_words(wanted), whole, lines)
    text = chosen.load()(answer)
    if trial:
        return _code(found, chosen, wanted)
    given = _give(text, wanted, path)
    if chosen.name == "github":
        _add_to_summary(answer)
    if last is not None and given:
        _remember(last, path, found)
    return _code(found, chosen, wanted)


def _refuse_what_nobody_can_mean(wanted: Wanted, chosen: Format[CheckRenderer]) -> None:
    if chosen.of_state and (wanted.ladder is not None or wanted.since is not None):
        message = f"--format {chosen.name} tells how things stand, which a ladder would hide"
        raise UsageError(message, remedy="leave out --ladder and --since")
    if chosen.name == "nagios" and wanted.exit_zero:
        message = "--exit-zero would tell the monitoring system that all is well"
        raise UsageError(message, remedy="leave out --exit-zero")


def _watch(register: Register, wanted: Wanted) -> Watch:
    ladder = _ladder(wanted.ladder) if wanted.ladder is not None else None
    if ladder is None and wanted.since is not None:
        ladder = USUAL_LADDER.ahead_of(wanted.within) if wanted.within else USUAL_LADDER
    return Watch(
        filter_of(register, wanted.choice),
        tuple(sorted(set(wanted.within))) or (DUE_SOON_DAYS,),
        wanted.sign_off_within,
        wanted.stale,
        ladder,
    )


def _ladder(typed: str) -> Ladder:
    try:
        rungs = [int(part) for part in typed.split(",")]
        # int() also takes 1_0, and the digits of every script.
        written = typed.isascii() and "_" not in typed
        if not written or any(abs(rung) > _MOST_DAYS for rung in rungs):
            raise ValueError  # noqa: TRY301  # told as any other
    except ValueError:
        message = f"--ladder cannot be {typed!r}"
        remedy = "write whole numbers of days, joined by commas: 28,14,7,1,0,-1,-7,-30"
        raise UsageError(message, remedy=remedy) from None
    return Ladder.of(rungs)


_MOST_DAYS = 100_000


class _Last(NamedTuple):
    """Where the last run of this choice is kept, and whether it is known."""

    file: Path | None
    known: bool


def _since(
    watch: Watch, wanted: Wanted, asked: Asked, now: datetime, path: Path
) -> tuple[Watch, _Last | None]:
    """What is watched since when; and the last run, if that is what was asked for.

    Where that is not known, there is no ladder either: more is said, never less.
    """
    if wanted.since_last:
        from socwatch.cli.check import last_run  # only for the runs that remember one

        file = last_run.place(path, _told_apart_by(watch, wanted))
        since = last_run.recall(file, asked.as_of)
        if since is None:
            within = tuple(sorted({*watch.within, watch.reach}))
            return watch._replace(ladder=None, within=within), _Last(file, known=False)
        return watch._replace(since=since), _Last(file, known=True)
    if wanted.since is None:
        return watch, None
    day = parse_day(wanted.since, today=today_in_london(now))
    if day >= asked.as_of:
        message = f"--since {wanted.since} is not before the day asked about"
        raise UsageError(message, remedy="name the day of the last run, or: --since last")
    return watch._replace(since=Since(day)), None


def _told_apart_by(watch: Watch, wanted: Wanted) -> dict[str, object]:
    """What makes two lines of cron different, so that each has a last run of its own."""
    chosen = {
        name: sorted(map(str, value)) if isinstance(value, frozenset) else value
        for name, value in watch.chosen._asdict().items()
    }
    return {
        "chosen": chosen,
        "within": watch.within,
        "ladder": watch.ladder,
        "sign_off_within": watch.sign_off_within,
        "stale": watch.stale,
        "evidence": wanted.evidence,
        "as_known": wanted.as_known,
        "by_owner": wanted.by_owner,
        "quiet": wanted.quiet,
        "format": wanted.format,
        "output": os.path.realpath(wanted.output) if wanted.output is not None else None,
    }


def _evidence(register: Register, path: Path, wanted: Wanted) -> Any:  # noqa: ANN401
    if not wanted.evidence:
        return ()
    from socwatch.evidence import look_again  # it reads every file of evidence

    return tuple(look_again(register, path))


def _lines(loaded: Loaded, found: Attention) -> dict[Any, int]:
    return {concern.place: loaded.line(concern.place) for concern in found.concerns}


def _choice_words(wanted: Wanted) -> str:
    looked_for = {
        **wanted.choice,
        "within": sorted(set(wanted.within)),
        "sign_off_within": wanted.sign_off_within,
        "stale": wanted.stale,
        "evidence": wanted.evidence,
    }
    several = (
        (name.replace("_", "-"), each)
        for name, value in looked_for.items()
        for each in (value if isinstance(value, list) else (value,))
    )
    given = ((name, each) for name, each in several if each is not None and each is not False)
    return " ".join(f"{name}={each}" for name, each in given)


def _give(text: str, wanted: Wanted, path: Path) -> bool:
    """Whether the answer has arrived. A file is replaced also where nothing is to be said."""
    if wanted.output is not None:
        write_file(wanted.output, text, register=path)
        return True
    return wanted.quiet or write_out(text)


def _add_to_summary(answer: Answer) -> None:
    """Put the whole list where GitHub shows it: it drops annotations beyond the tenth."""
    from socwatch.render.report.markdown import render

    name = os.environ.get("GITHUB_STEP_SUMMARY")
    if not name:
        return
    try:
        with Path(name).open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(render(answer.report, answer.setting._replace(unicode=True)) + "\n")
    except OSError as error:
        remark(f"the step's summary {name} cannot be written: {error.strerror}")


def _remember(last: _Last, path: Path, found: Attention) -> None:
    from socwatch.cli.check import last_run

    reason: str | None = "there is no home folder"
    where = "in the user's state folder"
    if last.file is not None:
        where = str(last.file)
        try:
            last_run.remember(last.file, path, found.asked.as_of, found.seen)
        except OSError as error:
            reason = error.strerror
        else:
            return
    remark(f"this run cannot be kept as the last one {where}: {reason}; the next says all again")


def _code(found: Attention, chosen: Format[CheckRenderer], wanted: Wanted) -> int:
    if chosen.name == "nagios":
        from socwatch.render.check.nagios import state

        return state(found)
    return SOMETHING if found.concerns and not wanted.exit_zero else 0
