"""The command line: COMMANDS is the one place where a command is added.

A command's module is imported when the command is called, so that `--help` and the shell's
completion load none of them. Where a command is long, its options stand in one module and its run
in another of the same folder: `command.py` and `run.py` of check, record, add and edit.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib import import_module
from inspect import cleandoc
from itertools import pairwise
from typing import Annotated, Any, NamedTuple

import typer
from typer.core import TyperCommand
from typer.main import get_command, get_command_from_info
from typer.models import CommandInfo

from socwatch import __version__
from socwatch.cli.completion import join_words
from socwatch.cli.options import RecordsOption
from socwatch.cli.param_types import SpokenCommand, SpokenGroup
from socwatch.cli.streams import (
    complain,
    failed_to_print,
    prepare_streams,
    tell_error,
    tell_usage_error,
    unprinted,
    write_out,
)
from socwatch.errors import SocwatchError, SystemFailed

LOOK = "See where things stand"
RECORD = "Record"
SHARE = "Share"
MANAGE = "Manage the register"


class Command(NamedTuple):
    """A command by name; its function has the same name in the module, and its help below it."""

    name: str
    module: str
    summary: str
    panel: str


COMMANDS: tuple[Command, ...] = (
    Command(
        "status", "queries", "Show where every body stands, and warn of what is overdue.", LOOK
    ),
    Command("list", "queries", "List items: findings, each for each of its bodies.", LOOK),
    Command(
        "show", "queries", "Show everything known of a finding, a body or an inspection.", LOOK
    ),
    Command("why", "queries", "Say which date counts for a finding, by which rule, and why.", LOOK),
    Command("grades", "queries", "Show the history of grades, body by body.", LOOK),
    Command(
        "responses",
        "queries",
        "Show who was to answer which report in the 56 days, and who has.",
        LOOK,
    ),
    Command("log", "queries", "Show the updates in the order of time.", LOOK),
    Command(
        "check",
        "check.command",
        "Report items that need attention. Prints nothing if none do.",
        LOOK,
    ),
    Command("changes", "history", "Show what has changed since a day, in figures too.", LOOK),
    Command("trend", "history", "Draw how many were open, done and overdue, by month.", LOOK),
    Command("timeline", "history", "Draw deadlines past and to come on one axis, by body.", LOOK),
    Command("start", "record.command", "Record that work on an item has started.", RECORD),
    Command("done", "record.command", "Record that a body reports an item as done.", RECORD),
    Command(
        "sign-off",
        "record.command",
        "Record that the inspectorate has accepted an item as done.",
        RECORD,
    ),
    Command(
        "reopen", "record.command", "Reopen an item that was done, signed off or closed.", RECORD
    ),
    Command(
        "close",
        "record.command",
        "Close an item without sign-off, giving the outcome.",
        RECORD,
    ),
    Command(
        "extend",
        "record.command",
        "Record a new deadline, who agreed it and why.",
        RECORD,
    ),
    Command("assign", "record.command", "Record who is responsible for an item.", RECORD),
    Command(
        "note",
        "record.command",
        "Add a note to an item.",
        RECORD,
    ),
    Command(
        "checked",
        "record.command",
        "Record that someone looked for evidence on an item.",
        RECORD,
    ),
    Command(
        "mute",
        "record.command",
        "Stop alerts about an item until a date. It can still be overdue.",
        RECORD,
    ),
    Command(
        "undo",
        "record.command",
        "Undo the last update, or the one you name.",
        RECORD,
    ),
    Command("paper", "paper", "Write a committee paper as a web page, Word or Markdown.", SHARE),
    Command(
        "calendar",
        "calendar",
        "Write deadlines and response dates to a calendar file.",
        SHARE,
    ),
    Command(
        "export",
        "export",
        "Export the register as a workbook, CSV, JSON Lines or database.",
        SHARE,
    ),
    Command(
        "add",
        "add.command",
        "Add a finding, body, inspection, grade, source, response or monitoring.",
        MANAGE,
    ),
    Command(
        "edit", "edit.command", "Edit the register, and keep what is edited if it is valid.", MANAGE
    ),
    Command("validate", "validate", "List every fault of the register, with its remedy.", MANAGE),
    Command("init", "init", "Write a new register: empty, or the shipped example.", MANAGE),
    Command("schema", "schema", "Print the JSON Schema by which editors check a register.", MANAGE),
)
"""Every command, in the order of the help."""


class Commands(SpokenGroup):
    """The group of all commands, each of them loaded when it is called."""

    def __init__(self, **attributes: Any) -> None:  # noqa: ANN401  # typer's own, passed through
        """Stand in for every command by its name and summary."""
        super().__init__(**attributes)
        for command in COMMANDS:
            self.commands[command.name] = TyperCommand(
                command.name,
                help=command.summary,
                rich_help_panel=command.panel,
                rich_markup_mode=self.rich_markup_mode,
            )

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401  # typer's private types
        """Load the command that is called."""
        called = next((command for command in COMMANDS if command.name in args[:1]), None)
        if called is not None:
            self.commands[called.name] = _load(called, self.rich_markup_mode)
        return super().resolve_command(ctx, args)


def _load(command: Command, markup: Any) -> Any:  # noqa: ANN401  # typer's private types
    function = getattr(
        import_module(f"socwatch.cli.{command.module}"), f"{command.name.replace('-', '_')}_command"
    )
    if isinstance(function, typer.Typer):  # a command that has commands of its own
        return get_command(function)
    paragraphs = cleandoc(function.__doc__ or command.summary).split("\n\n")
    info = CommandInfo(
        name=command.name,
        cls=SpokenCommand,
        callback=function,
        help="\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs),
        short_help=command.summary,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    return get_command_from_info(info, pretty_exceptions_short=False, rich_markup_mode=markup)


app = typer.Typer(
    cls=Commands,
    add_completion=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _tell_version(asked: bool) -> None:  # the form that typer calls
    if asked:
        write_out(f"socwatch {__version__}\n")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def socwatch(
    ctx: typer.Context,
    records: RecordsOption = None,
    version: Annotated[  # noqa: ARG001  # its callback does the work
        bool,
        typer.Option(
            "--version",
            metavar="",
            callback=_tell_version,
            is_eager=True,
            help="Print the version, and end.",
        ),
    ] = False,
) -> None:
    """Track what police inspections found: what was asked of whom, by when, and where it stands."""
    ctx.obj = records
    if ctx.invoked_subcommand is None:
        write_out(f"{ctx.get_help()}\n")


def run(arguments: Sequence[str]) -> int:
    """Run one command line; see docs/exit-codes.md for what the code means."""
    prepare_streams()
    if any("nagios" in word.lower() for word in arguments):
        from socwatch.cli.check import nagios  # only for the systems that ask in their own way

        if nagios.is_asked(arguments, _valued_by_check):
            return nagios.answered(arguments, _run)
    if os.environ.get("_SOCWATCH_COMPLETE") == "complete_bash":
        join_words()
    try:
        code = _run(arguments)
        if code == _INTERRUPTED:  # typer has caught it, and says nothing
            complain("stopped")
    except SocwatchError as error:
        tell_error(error, _register_named(arguments))
        return error.exit_code
    except typer.TyperException as error:
        tell_usage_error(error)
        return 2
    except (typer.Abort, KeyboardInterrupt):
        complain("stopped")
        return _INTERRUPTED
    return code


def _register_named(arguments: Sequence[str]) -> str | None:
    """The register that a command line names with --records."""
    for word, following in pairwise((*arguments, "")):
        if word == "--records" and following:
            return following
        if word.startswith("--records="):
            return word.removeprefix("--records=")
    return None


def _valued_by_check() -> frozenset[str]:
    """The options of `check` that take a value."""
    command = _load(next(each for each in COMMANDS if each.name == "check"), None)
    valued = (each for each in command.params if not getattr(each, "is_flag", False))
    return frozenset(option for each in valued for option in each.opts)


_INTERRUPTED = 130


def _run(arguments: Sequence[str]) -> int:
    try:
        ended: object = get_command(app).main(
            list(arguments), prog_name="socwatch", standalone_mode=False
        )
        write_out("")  # what typer itself has printed (help, completion) goes out here
    except SystemExit:  # how typer ends when the reader of its help has gone away
        unprinted(BrokenPipeError())
        return 0
    except OSError as error:
        if not failed_to_print(error):
            raise SystemFailed(error) from None
        unprinted(error)
        return 0
    return ended if isinstance(ended, int) else 0
