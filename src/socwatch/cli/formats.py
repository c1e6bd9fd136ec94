"""Which format an answer takes: the one that is named, or the one that its file's name ends in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

from socwatch.cli.filters import did_you_mean, one_of
from socwatch.cli.streams import on_terminal
from socwatch.errors import UsageError
from socwatch.render.formats import Format, formats_of

_Renderer = TypeVar("_Renderer", bound=Callable[..., str | bytes])


def choose_format(
    formats: Sequence[Format[_Renderer]],
    named: str | None,
    output: Path | None,
    usual: Format[_Renderer] | None,
    *,
    file: str = "answer",
) -> Format[_Renderer]:
    """The format that is named, in any case; else that of the file's ending; else the usual one.

    `file` is what a remedy calls a file of this command, without its ending. Raises UsageError for
    a name or an ending of no format, where nothing says which, and where a terminal would get
    what it cannot show.
    """
    if named is not None:
        name = one_of("--format", named, (each.name for each in formats))
        chosen: Format[_Renderer] | None = next(each for each in formats if each.name == name)
    else:
        chosen = _by_ending(formats, output) or usual
    if chosen is None:
        message = "this does not say in which format"
        raise UsageError(message, remedy=_instead(formats, formats[0], file))
    if output is None and not chosen.on_screen and on_terminal():
        message = f"a terminal cannot show {chosen.name}"
        raise UsageError(message, remedy=_instead(formats, chosen, file))
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
