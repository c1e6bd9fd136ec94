"""The command line: COMMANDS is the one place where a command is added.

Help, completion and every call import the modules of all commands, so such a module holds options
and docstrings only. A function imports what it uses; where that is long, it stands in the `run.py`
beside its `command.py`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Annotated

import typer

from socwatch import __version__
from socwatch.cli.add.command import add_command, kinds
from socwatch.cli.calendar import calendar_command
from socwatch.cli.check.command import check_command
from socwatch.cli.edit.command import edit_command
from socwatch.cli.export import export_command
from socwatch.cli.history import changes_command, timeline_command, trend_command
from socwatch.cli.importing.command import import_command
from socwatch.cli.init import init_command
from socwatch.cli.merge.command import merge_command
from socwatch.cli.options import RegisterOptions
from socwatch.cli.paper import paper_command
from socwatch.cli.queries import (
    grades_command,
    list_command,
    log_command,
    responses_command,
    show_command,
    status_command,
    why_command,
)
from socwatch.cli.record.command import (
    assign_command,
    checked_command,
    close_command,
    done_command,
    extend_command,
    mute_command,
    note_command,
    reopen_command,
    sign_off_command,
    start_command,
    undo_command,
)
from socwatch.cli.schema import schema_command
from socwatch.cli.streams import prepare_streams, report_error, write_out
from socwatch.cli.typer_seam import Command, Reading, completing, read, run_typer
from socwatch.cli.validate import validate_command
from socwatch.errors import OutputRefused, SocwatchError, UsageError, failure_of
from socwatch.store.written import is_recorded

LOOK = "See where things stand"
RECORD = "Record"
SHARE = "Share"
MANAGE = "Manage the register"

COMMANDS: tuple[Command, ...] = (
    Command("status", status_command, LOOK),
    Command("list", list_command, LOOK),
    Command("show", show_command, LOOK),
    Command("why", why_command, LOOK),
    Command("grades", grades_command, LOOK),
    Command("responses", responses_command, LOOK),
    Command("log", log_command, LOOK),
    Command("check", check_command, LOOK),
    Command("changes", changes_command, LOOK),
    Command("trend", trend_command, LOOK),
    Command("timeline", timeline_command, LOOK),
    Command("start", start_command, RECORD),
    Command("done", done_command, RECORD),
    Command("sign-off", sign_off_command, RECORD),
    Command("reopen", reopen_command, RECORD),
    Command("close", close_command, RECORD),
    Command("extend", extend_command, RECORD),
    Command("assign", assign_command, RECORD),
    Command("note", note_command, RECORD),
    Command("checked", checked_command, RECORD),
    Command("mute", mute_command, RECORD),
    Command("undo", undo_command, RECORD),
    Command("paper", paper_command, SHARE),
    Command("calendar", calendar_command, SHARE),
    Command("export", export_command, SHARE),
    Command("add", add_command, MANAGE, kinds, "KIND [OPTIONS]"),
    Command("import", import_command, MANAGE),
    Command("edit", edit_command, MANAGE),
    Command("merge", merge_command, MANAGE),
    Command("validate", validate_command, MANAGE),
    Command("init", init_command, MANAGE),
    Command("schema", schema_command, MANAGE),
)
"""Every command, in the order of the help."""


def _print_version(ctx: typer.Context, parsed: bool) -> None:  # the form that typer calls
    if parsed and not ctx.resilient_parsing:
        write_out(f"socwatch {__version__}\n")
        raise typer.Exit


def socwatch(
    register: RegisterOptions,
    version: Annotated[  # noqa: ARG001  # its callback does the work
        bool,
        typer.Option(
            "--version",
            metavar="",
            callback=_print_version,
            is_eager=True,
            help="Print the version, and end.",
        ),
    ] = False,
) -> None:
    """Track what police inspections found: what was asked of whom, by when, and where it stands."""
    ctx = register.ctx
    ctx.obj = register.records
    if ctx.invoked_subcommand is None:
        write_out(f"{ctx.get_help()}\n")


def _commands() -> tuple[Command, ...]:
    return COMMANDS


SOCWATCH = Command("socwatch", socwatch, commands=_commands)
"""The command line as a whole."""


def run(arguments: Sequence[str]) -> int:
    """Run one command line; see docs/exit-codes.md for what the code means."""
    prepare_streams()
    try:
        ended = run_typer(SOCWATCH, arguments)
        write_out("")  # what typer itself has printed (help, completion) goes out here
        return 0 if ended is None else _code(ended, arguments)
    except (KeyboardInterrupt, Exception) as error:  # noqa: BLE001  # a traceback ends with 1
        return _tell(failure_of(error, recorded=is_recorded()), arguments)


def _code(ended: int, arguments: Sequence[str]) -> int:
    """Return the exit code where typer has answered itself, or a command has given a code."""
    if completing() or ended not in {0, 1}:
        return ended
    parsed = read(SOCWATCH, arguments)
    if ended == 1:  # typer also uses it, for a shell for which it cannot complete
        return 1 if parsed.command == "check" else UsageError.exit_code
    if not _is_probe(parsed):
        return 0
    from socwatch.render.check.nagios import UNKNOWN  # slow, and for probes only

    return UNKNOWN  # help was printed, which must not read as "all is well"


def _tell(error: SocwatchError, arguments: Sequence[str]) -> int:
    """Say what went wrong in the form that the caller reads, and return the exit code."""
    if completing():  # while a line is being typed there is nowhere to complain
        return error.exit_code
    parsed = read(SOCWATCH, arguments)
    if _is_probe(parsed):
        from socwatch.render.check.nagios import UNKNOWN, unknown  # slow, and for probes only

        with contextlib.suppress(OutputRefused):
            write_out(unknown(error))
        return UNKNOWN
    report_error(error, parsed.options.get("--records") or ())
    return error.exit_code


def _is_probe(parsed: Reading) -> bool:
    """Return whether a monitoring system asks, to which every code but 0, 1 and 2 is "unknown"."""
    form = parsed.options.get("--format") or ""
    return parsed.command == "check" and form.strip().lower() == "nagios"
