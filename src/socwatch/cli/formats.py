"""Which format an answer takes: the one that is named, or the one that its file's name ends in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

from socwatch.cli.filters import did_you_mean, one_of
from socwatch.cli.streams import on_terminal
from socwatch.errors import UsageError
from socwatch.render.formats import Format, formats_of

_Renderer = TypeVar("_Renderer", bound=Callable[..., str | bytes])


class Output(Protocol):
    """The options of a command that say in which format and where to it writes."""

    @property
    def format(self) -> str | None:
        """The format that is named."""

    @property
    def file(self) -> Path | None:
        """The file to write; None to print."""


def choose_format(
    formats: Sequence[Format[_Renderer]],
    output: Output,
    usual: Format[_Renderer] | None,
    *,
    example: str = "answer",
) -> Format[_Renderer]:
    """Return the format named, in any case; otherwise that of the file's ending, or the usual one.

    `example` is the name of a file, without its ending, that a hint suggests. Raises UsageError
    for a name or an ending of no format, if nothing says which, and if a terminal cannot show it.
    """
    if output.format is not None:
        name = one_of("--format", output.format, (each.name for each in formats))
        chosen: Format[_Renderer] | None = next(each for each in formats if each.name == name)
    else:
        chosen = _by_ending(formats, output.file) or usual
    if chosen is None:
        message = "this does not say in which format"
        raise UsageError(message, remedy=_instead(formats, formats[0], example))
    if output.file is None and not chosen.on_screen and on_terminal():
        message = f"a terminal cannot show {chosen.name}"
        raise UsageError(message, remedy=_instead(formats, chosen, example))
    return chosen


def _by_ending(
    formats: Sequence[Format[_Renderer]], output: Path | None
) -> Format[_Renderer] | None:
    if output is None:
        return None
    name = output.name.lower()
    chosen = next((each for each in formats if name.endswith(each.suffixes)), None)
    if chosen is None:
        endings = [each.suffixes[0] for each in formats if each.suffixes]
        refuse_other_endings(output, endings, "say it with --format")
    return chosen


def refuse_other_endings(output: Path, endings: Iterable[str], otherwise: str = "") -> None:
    """Raise UsageError for a file whose name has an ending that is none of these.

    A name without an ending says nothing, nor does that of a pipe or a device, such as /dev/stdout.
    A file that is there already is treated as a new one: what it holds is to be replaced.
    """
    ending = output.suffix.lower()
    if not ending or ending in (endings := [*endings]):
        return
    if output.exists() and not output.is_file():
        return
    choice = ", ".join(endings) + (f", or {otherwise}" if otherwise else "")
    message = f"the ending {output.suffix!r} stands for no format of this command"
    raise UsageError(message, remedy=f"use {choice}{did_you_mean(ending, endings)}")


def _instead(formats: Sequence[Format[_Renderer]], chosen: Format[_Renderer], file: str) -> str:
    shown = next(each.name for each in formats if each.on_screen)
    return f"add --output {file}{chosen.suffixes[0]}, or --format {shown}"


def format_names(command: str) -> list[str]:
    """The names of a command's formats, as --format takes them."""
    return [each.name for each in formats_of(command)]
