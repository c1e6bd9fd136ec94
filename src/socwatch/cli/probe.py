"""Answers for monitoring systems, to whom every code but 0, 1 and 2 must mean "unknown"."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import typer

from socwatch.cli.streams import write_out
from socwatch.errors import SocwatchError
from socwatch.render.nagios import UNKNOWN, line

_NO_ANSWER = frozenset({"-h", "--help", "--version", "--install-completion", "--show-completion"})


def is_asked(arguments: Sequence[str]) -> bool:
    """Whether a probe is asked for, also where another word of the line is mistyped."""
    words = [word.strip().lower() for word in arguments]
    if any(word in {"--format=nagios", "-fnagios"} for word in words):
        return True
    for before, word in zip(["", *words], words, strict=False):
        if word == "nagios" and (before in {"--format", "-f"} or "check" in words):
            return True
        if "check" in words and word.startswith("-") and word.endswith("nagios"):
            return True
    return False


def answered(arguments: Sequence[str], run: Callable[[Sequence[str]], int]) -> int:
    """Run a command line; whatever stops it is told in the plugin's own line, and ends with 3."""
    try:
        code = run(arguments)
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
