"""All that socwatch knows of the inside of typer; other modules use what `typer` itself exports.

The inside changes from version to version, so pyproject.toml bounds the version. For each fact
that is relied on here, tests/test_typer_seam.py has a test that fails where it is otherwise.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import Any, NamedTuple, cast

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption
from typer.main import get_command

from socwatch.cli.option_groups import flatten, gather
from socwatch.cli.streams import handle_print_failure
from socwatch.docstrings import docstring
from socwatch.errors import SystemFailed, UsageError, raised_in
from socwatch.store.discovery import expand_home

__all__ = [  # the classes of typer too, for the docs and tests that walk through the parsers
    "Command",
    "Reading",
    "TyperArgument",
    "TyperCommand",
    "TyperGroup",
    "TyperOption",
    "completing",
    "parser",
    "parsers",
    "read",
    "run_typer",
    "with_parameters",
    "without_head",
]


class Command(NamedTuple):
    """A command, or a group of commands. Its help is the docstring of its function."""

    name: str
    function: Callable[..., None]
    panel: str | None = None
    """The heading in the help of its group under which it is listed."""
    commands: Callable[[], Sequence[Command]] | None = None
    """Return the commands of a group. Called when the group itself is called, not before."""
    usage: str | None = None
    """How the usage line of a group names one of its commands."""

    @property
    def summary(self) -> str:
        """The first line of the docstring."""
        return docstring(self.function).partition("\n")[0]

    @property
    def help(self) -> str:
        """The whole docstring, each paragraph on one line."""
        paragraphs = docstring(self.function).split("\n\n")
        return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def with_parameters(
    function: Callable[..., None], make: Callable[[], Iterable[Parameter]]
) -> Callable[..., None]:
    """Give a function the parameters that typer reads. `make` is called when a parser is built."""
    function.make_parameters = make  # type: ignore[attr-defined]  # read by _callback
    return function


def _callback(function: Callable[..., None]) -> Callable[..., None]:
    """Return what typer calls for a command, its groups of options taken apart.

    Its annotations are evaluated once, here; typer would do so four times.
    """
    make = getattr(function, "make_parameters", None)
    taken = [*make()] if make else [*signature(function, eval_str=True).parameters.values()]

    def call(**values: Any) -> None:  # noqa: ANN401  # what typer has parsed
        given = {name: _expanded(value) for name, value in values.items()}
        function(**gather(taken, given))

    keyword_only = [each.replace(kind=Parameter.KEYWORD_ONLY) for each in flatten(taken)]
    call.__signature__ = Signature(keyword_only)  # type: ignore[attr-defined]  # typer reads it
    call.__annotations__ = {}
    return call


def _expanded(value: Any) -> Any:  # noqa: ANN401  # what typer has parsed
    if isinstance(value, list):
        return [_expanded(each) for each in value]
    return expand_home(value) if isinstance(value, Path) else value


class _PlainHelp:
    """A command whose help leaves out what typer calls its types: <list[str]>, <bool>."""

    def get_params(self, ctx: Any) -> Any:  # noqa: ANN401  # typer's private types
        """Return all parameters, --help among them."""
        parameters = super().get_params(ctx)  # type: ignore[misc]  # of the command beside it
        for each in parameters:
            if isinstance(each, TyperArgument):
                each.display_type_rich = _no_type  # type: ignore[method-assign]
            elif each.metavar is None:
                each.metavar = ""
        return parameters


def _no_type(ctx: object) -> str:  # noqa: ARG001  # typer passes it by this name
    return ""


class _Command(_PlainHelp, TyperCommand):
    """A command that is called."""


class _Group(_PlainHelp, TyperGroup):
    """A group, which builds the parser of one of its commands when that one is called."""

    offered: Mapping[str, Command]

    def offer(self, commands: Iterable[Command]) -> None:
        """Hold commands by name and summary, which is all that help and completion ask for."""
        self.offered = {command.name: command for command in commands}
        for each in self.offered.values():
            self.add_command(TyperCommand(each.name, help=each.summary, rich_help_panel=each.panel))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401  # typer's private types
        """Build the parser of the command that is called."""
        name, found, rest = super().resolve_command(ctx, args)
        return name, parser(self.offered[name]) if name else found, rest


@cache
def parser(command: Command, *, root: bool = False) -> TyperCommand | _Group:
    """Return the parser of a command; that of the root also has the options of completion."""
    app = typer.Typer(name=command.name, add_completion=root, pretty_exceptions_enable=False)
    call, settings = _callback(command.function), {"help_option_names": ["-h", "--help"]}
    if command.commands is None:
        declare = app.command(
            command.name,
            cls=_Command,
            help=command.help,
            short_help=command.summary,
            context_settings=settings,
        )
        declare(call)
        return cast("TyperCommand", get_command(app))
    declare = app.callback(
        cls=_Group,
        help=command.help,
        invoke_without_command=True,
        subcommand_metavar=command.usage,
        context_settings=settings,
    )
    declare(call)
    group = cast("_Group", get_command(app))
    group.offer(command.commands())
    return group


def parsers(command: Command) -> Iterator[tuple[str, TyperCommand | TyperGroup]]:
    """Yield every parser by what is typed for it: "" for the root, then "add", "add finding"."""
    yield from _parsers("", parser(command, root=True))


def _parsers(
    typed: str, found: TyperCommand | TyperGroup
) -> Iterator[tuple[str, TyperCommand | TyperGroup]]:
    yield typed, found
    if isinstance(found, _Group):
        for name, command in found.offered.items():
            yield from _parsers(f"{typed} {name}".strip(), parser(command))


def run_typer(command: Command, words: Sequence[str]) -> int | None:
    """Run the command line of a root.

    Returns None where a command has run to its end, and else the exit code with which the command
    or typer has ended: 0 after help, 1 where typer cannot complete for a shell.

    Raises what the command raises, UsageError for what typer cannot parse, KeyboardInterrupt,
    OutputRefused for help that cannot be printed, and SystemFailed.
    """
    _mend_environment()
    if os.environ.get(COMPLETING) == "complete_bash":
        _join_words()
    try:
        ended = parser(command, root=True).main(
            list(words), prog_name=command.name, standalone_mode=False
        )
    except typer.TyperException as error:
        raise _usage_error(error) from None
    except typer.Abort:
        raise KeyboardInterrupt from None
    except SystemExit as ended_by_typer:
        if completing():  # fish learns by the code whether anything is offered
            return int(ended_by_typer.code or 0)
        handle_print_failure(BrokenPipeError())  # the reader of help has gone away
        return 0
    except OSError as error:
        if not _was_printing(error):
            raise SystemFailed(error) from None
        handle_print_failure(error)
        return 0
    if ended == _STOPPED:
        raise KeyboardInterrupt
    return ended if isinstance(ended, int) else None


_STOPPED = 130
"""What typer returns after Ctrl-C, which it catches."""


def _was_printing(error: OSError) -> bool:
    """Return whether typer or rich raised it: help and completions are all that they write."""
    module, _ = raised_in(error)
    return module.partition(".")[0] in {"rich", "typer"}


def _usage_error(error: typer.TyperException) -> UsageError:
    """Return what typer says of a command line, in the form of every other error."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "socwatch"
    message = error.format_message()
    message, remedy = message[:1].lower() + message[1:].rstrip("."), f"see: {command} --help"
    name, lacking = command.rpartition(" ")[2], getattr(error, "param", None)
    if isinstance(lacking, TyperArgument) and message.startswith("missing") and name in _EXAMPLES:
        meaning = (lacking.help or "").partition(";")[0].rstrip(".")
        message = f"{name} lacks {lacking.metavar}: {meaning[:1].lower()}{meaning[1:]}"
        remedy = f"write it as: socwatch {_EXAMPLES[name]}"
    return UsageError(message, remedy=remedy)


_EXAMPLES = {
    "extend": 'extend ID 2027-03-31 --by HMICFRS --note "why"',
    "assign": 'assign ID "A. Officer"',
    "show": "show ID",
    "why": "why ID",
}
"""The commands that cannot be without an argument, as they are typed."""


class Reading(NamedTuple):
    """A command line as far as it can be read."""

    command: str
    """Such as "check" or "add finding"; "" where none is named."""
    options: Mapping[str, Any]
    """The text or texts given for each option that is typed, True for a flag: by its names."""


def read(command: Command, words: Sequence[str]) -> Reading:
    """Read a command line that has failed, with nothing run: what cannot be read is passed over."""
    return _read(parser(command, root=True), list(words), None)


def _read(found: Any, words: list[str], parent: typer.Context | None) -> Reading:  # noqa: ANN401  # typer's private types
    context = typer.Context(
        found, parent, found.name, resilient_parsing=True, ignore_unknown_options=True
    )
    typed, rest, _ = found.make_parser(context).parse_args(words)
    options = {
        option: typed[each.name]
        for each in found.params
        for option in each.opts
        if each.name in typed
    }
    while isinstance(found, TyperGroup) and rest:
        name, below, rest = found.resolve_command(context, rest)
        if below is not None:
            inner = _read(below, rest, context)
            return Reading(f"{name} {inner.command}".rstrip(), {**options, **inner.options})
    return Reading("", options)


# --------------------------------------------------------------------------------------- completion

COMPLETING = "_SOCWATCH_COMPLETE"
"""The variable by which a shell's script asks for completions: complete_bash, complete_zsh, …"""

_HEAD = "_SOCWATCH_COMPLETE_HEAD"
"""The variable that holds what bash has cut off the word being typed; it wants back the rest."""


def completing() -> bool:
    """Return whether a shell asks for completions, so that no person reads what is printed."""
    return COMPLETING in os.environ


def _mend_environment() -> None:
    """Take out of the environment what typer would stumble over."""
    if not os.environ.get("TERMINAL_WIDTH", "0").isdigit():
        del os.environ["TERMINAL_WIDTH"]
    asks = os.environ.get(COMPLETING, "")
    if asks.startswith("complete_") and not {"COMP_WORDS", "_TYPER_COMPLETE_ARGS"} & {*os.environ}:
        del os.environ[COMPLETING]


def _join_words() -> None:
    """Put together what bash has parted: to it @ and = end a word, as they do in a host's name.

    Only the script that typer prints hands on the words so, one a line.
    """
    words, at = os.environ.get("COMP_WORDS", "").split("\n"), os.environ.get("COMP_CWORD", "")
    if not at.isdigit() or not 0 < int(at) < len(words):
        return
    joined: list[str] = []
    for number, word in enumerate(words[: int(at) + 1]):
        if word == "=" and joined[-1].startswith("--"):
            joined += [""] if number == int(at) else []
        elif number and "@" in {word, words[number - 1]}:
            joined[-1] += word
        else:
            joined.append(word)
    if "@" in words[int(at) - 1 : int(at) + 1]:
        os.environ[_HEAD], _, tail = joined[-1].rpartition("@")
        joined[-1] = f"@{tail}"
    os.environ["COMP_WORDS"] = "\n".join(joined)
    os.environ["COMP_CWORD"] = str(len(joined) - 1)


def without_head(names: Iterable[str]) -> list[str]:
    """Return the rest of each name that begins with what bash has cut off; mostly all of it.

    typer leaves out those that do not begin with what is typed.
    """
    head = os.environ.get(_HEAD, "")
    return [name.removeprefix(head) for name in names if name.startswith(head)]
