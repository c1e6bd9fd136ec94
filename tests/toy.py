"""A small command line for `test_typer_seam.py`, in a module that imports no pytest.

python tests/toy.py ARGUMENT…  # says on stderr what `run_typer` returns, or what it raises
"""

from __future__ import annotations

import errno
import sys
from inspect import Parameter
from typing import Annotated

import typer

from socwatch.cli.typer_seam import Command, run_typer, with_parameters
from socwatch.errors import UsageError

SAID: list[object] = []


def say(
    ctx: typer.Context,
    word: Annotated[str, typer.Argument(metavar="WORD", help="What is said; loudly.")],
    times: Annotated[int, typer.Option("--times", "-t", help="How often.")] = 1,
    also: Annotated[list[str] | None, typer.Option("--also", help="What else.")] = None,
    *,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", metavar="", help="Whisper.")] = False,
) -> None:
    """Say a word.

    In a second paragraph,
    on two lines.
    """
    SAID.append((ctx.info_name, word, times, also, quiet))


def fail(kind: Annotated[str, typer.Argument()]) -> None:
    """Fail."""
    raise {
        "interrupt": KeyboardInterrupt(),
        "abort": typer.Abort(),
        "five": typer.Exit(5),
        "system": OSError(errno.ENOSPC, "No space left on device"),
        "ours": UsageError("ours"),
    }[kind]


def shell(ctx: typer.Context) -> None:
    """Do what a shell does."""
    SAID.append(ctx.invoked_subcommand)


def root(ctx: typer.Context, records: Annotated[str, typer.Option("--records")] = "") -> None:
    """Be the root."""
    ctx.obj = records


MADE: list[str] = []


def made() -> list[Parameter]:
    """Return the parameters of a command, and note that they were asked for."""
    MADE.append("made")
    option = Annotated[str, typer.Option("--given", help="Given.")]
    return [Parameter("given", Parameter.POSITIONAL_OR_KEYWORD, default="no", annotation=option)]


def _take(**values: object) -> None:
    """Take what it is given."""
    SAID.append(values)


def _in_group() -> list[Command]:
    return [Command("inner", with_parameters(_take, made))]


def _commands() -> tuple[Command, ...]:
    return (
        Command("say", say, "Speech"),
        Command("fail", fail),
        Command("group", shell, None, _in_group, "KIND [OPTIONS]"),
    )


TOY = Command("toy", root, commands=_commands)

if __name__ == "__main__":
    sys.exit(repr(run_typer(TOY, sys.argv[1:])))
