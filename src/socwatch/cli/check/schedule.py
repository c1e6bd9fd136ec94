"""Lines for cron and units for systemd that run `check` each day.

They are printed, never installed: a person decides who gets the mail, and when.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from textwrap import dedent

import typer

from socwatch.cli.check.request import CheckOutput
from socwatch.cli.check.run import USUAL, CheckRequest, check
from socwatch.cli.filters import one_of
from socwatch.cli.registers import register_files
from socwatch.cli.streams import write_out
from socwatch.errors import UsageError
from socwatch.reports.check.reminders import DEFAULT_SCHEDULE

SCHEDULERS = ("cron", "systemd")
_UNIT = "socwatch-check"


def print_schedule(request: CheckRequest, scheduler: str) -> None:
    """Print what runs `check` each day with the options of this call, on this register.

    What `check` would refuse is refused now, and not by a mail at half past six.

    Raises UsageError, RegisterError, LookupFailed.
    """
    chosen = one_of("--print-schedule", scheduler, SCHEDULERS)
    if request.dates.as_of is not None:
        message = "--as-of would make every run report the position on one date"
        raise UsageError(message, remedy="leave out --as-of")
    check(request, trial=True)
    output = request.output
    options = _options(request.register.ctx)
    if request.remind is None and output.format is None and output.file is None:
        options.append(f"--remind={_reminder_days(request.watch.within or ())}")
    named = register_files(request.register).named
    records = (f"--records={path.absolute()}" for path in named)
    command = (*this_program(), "check", *records, *options)
    write_out(
        systemd_units(command) if chosen == "systemd" else crontab(command, _mail_words(output))
    )


def _mail_words(output: CheckOutput) -> str:
    """Return a sentence that says what cron emails."""
    if output.file is not None:
        return "Cron emails errors only; the report is written to the file given by --output."
    if output.format not in {None, "plain"}:
        return "Cron emails what is printed: with this format, something every day."
    return "Cron emails what is printed; on most days that is nothing."


def _reminder_days(within: Sequence[int]) -> str:
    """Return the usual reminder days; if --within is given, its days replace those ahead."""
    if not within:
        return USUAL
    return ",".join(map(str, DEFAULT_SCHEDULE.ahead_of(within).days))


def this_program() -> tuple[str, ...]:
    """How to call this very socwatch from anywhere: its script, else its interpreter.

    The interpreter's path stays as it is called: resolved, it would leave its environment.
    """
    python = Path(sys.executable)
    script = python.with_name("socwatch")
    if os.access(script, os.X_OK):
        return (str(script),)
    return (str(python), "-P", "-m", "socwatch")  # -P: a file in cron's folder cannot stand in


def _options(ctx: typer.Context) -> list[str]:
    """The options of this call as words, a file by its absolute path."""
    words = []
    for parameter in ctx.command.params:
        value = ctx.params.get(parameter.name or "")
        if parameter.name in {"print_schedule", "records"} or not _is_given(value):
            continue
        option = max(parameter.opts, key=len)
        for each in value if isinstance(value, list | tuple) else (value,):
            each_text = str(each.absolute()) if isinstance(each, Path) else str(each)
            words.append(option if each is True else f"{option}={each_text}")
    return words


def _is_given(value: object) -> bool:
    return value is not None and value is not False and value not in ([], ())


def crontab(command: Sequence[str], mailed: str) -> str:
    """Lines for a crontab: who gets the mail, and the command at half past six each morning.

    Raises UsageError for a word with a backslash, which kinds of cron read differently.
    """
    line = " ".join(shlex.quote(word) for word in _writable(command, "a crontab"))
    line = line.replace("%", r"\%")  # a bare one ends the command, even between quotes
    mail_to = _login()
    mail = f'MAILTO="{mail_to}"' if mail_to else '# MAILTO="somebody"'
    return (
        "# To install: crontab -e, and add these lines. The time is that of the machine's clock.\n"
        f"# {mailed}\n"
        f"{mail}\n"
        'CONTENT_TYPE="text/plain; charset=utf-8"\n'
        f"30 6 * * * {line}\n"
    )


def systemd_units(command: Sequence[str]) -> str:
    """A service and its timer, each below a comment with the file that it is to stand in.

    Raises UsageError for a word with a backslash.
    """
    words = " ".join(_for_systemd(word) for word in _writable(command, "a unit"))
    if "$" in words:
        words = f":{words}"  # no variables
    return dedent(f"""\
        # ~/.config/systemd/user/{_UNIT}.service
        [Unit]
        Description=Ask socwatch what needs attention
        # It exits with 1 if something needs attention and with 3 if it cannot report. Either
        # leaves the service failed, for systemctl --failed and for an OnFailure= of your own.

        [Service]
        Type=oneshot
        ExecStart={{words}}

        # ~/.config/systemd/user/{_UNIT}.timer
        # To install: write both files, then type
        #   systemctl --user daemon-reload
        #   systemctl --user enable --now {_UNIT}.timer
        #   loginctl enable-linger
        # The last keeps it running while you are not logged in.
        [Unit]
        Description=Ask socwatch each morning what needs attention

        [Timer]
        OnCalendar=*-*-* 06:30:00 Europe/London
        Persistent=true

        [Install]
        WantedBy=timers.target
        """).replace("{words}", words)


def _for_systemd(word: str) -> str:
    escaped = word.replace("%", "%%").replace('"', r"\"")
    return f'"{escaped}"' if word != shlex.quote(word) else escaped


def _writable(command: Sequence[str], where: str) -> Sequence[str]:
    for word in command:
        if "\\" in word or not word.isprintable():
            message = f"{word!r} cannot be written safely into {where}"
            remedy = "use a name without backslashes, line ends and other control characters"
            raise UsageError(message, remedy=remedy)
    return command


def _login() -> str | None:
    """The name of whoever calls: cron would mail them anyway."""
    from getpass import getuser  # only for a crontab

    try:
        name = getuser()
    except OSError:  # a container may have no name for its user
        return None
    return name if name.isprintable() and '"' not in name else None
