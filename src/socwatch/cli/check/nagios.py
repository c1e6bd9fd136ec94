"""Answers for monitoring systems, to whom every code but 0, 1 and 2 must mean "unknown"."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

import typer

from socwatch.cli.streams import write_out
from socwatch.errors import RegisterInvalid, SocwatchError, naming
from socwatch.render.check.nagios import UNKNOWN, line

_NO_ANSWER = frozenset({"-h", "--help", "--version", "--install-completion", "--show-completion"})


def is_asked(arguments: Sequence[str], valued: Callable[[], Collection[str]]) -> bool:
    """Whether `check` is to answer as a probe, also where another option of it is mistyped.

    `valued` gives the options of `check` that take the word after them, whatever that word is.
    """
    words = iter(arguments)
    for word in words:
        if word == "--records":
            next(words, None)
        elif not word.startswith("-"):
            return word == "check" and _last_format(words, valued()) == "nagios"
    return False


def _last_format(words: Iterator[str], valued: Collection[str]) -> str:
    found = ""
    for word in words:
        if word == "--":
            break
        option, value = _parted(word)
        if option in valued and value is None:
            value = next(words, "")
        if option in {"--format", "-f"} and value is not None:
            found = value
    return found.strip().lower()


def _parted(word: str) -> tuple[str, str | None]:
    """An option and what is written in the same word with it."""
    if word.startswith("--"):
        option, joined, value = word.partition("=")
        return option, value if joined else None
    letters = word[1:] if word.startswith("-") else ""
    return f"-{letters[:1]}", letters[1:] or None


def answered(arguments: Sequence[str], run: Callable[[Sequence[str]], int]) -> int:
    """Run a command line; whatever stops it is told in the plugin's own line, and ends with 3."""
    try:
        code = run(arguments)
    except RegisterInvalid as error:
        said = str(error)
        for first in error.problems[:1]:
            said += f": {error.path}:{first.position.line}: {first.problem.message}"
        said += f"; for all of it: socwatch {naming(error.path)}validate"
    except SocwatchError as error:
        said = f"{error}; {error.remedy}" if error.remedy else str(error)
    except typer.TyperException as error:
        said = error.format_message()
    except (typer.Abort, KeyboardInterrupt):
        said = "stopped before there was an answer"
    except Exception as error:  # noqa: BLE001  # a traceback ends with 1, which reads as a warning
        said = f"this is a fault of socwatch itself: {type(error).__name__}: {error}"
    else:
        return UNKNOWN if _NO_ANSWER & {*arguments} or code not in range(UNKNOWN) else code
    write_out(line(UNKNOWN, said))
    return UNKNOWN
