"""The command line in words: numbers that explain themselves, help without the names of types."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from typer.core import TyperArgument, TyperCommand, TyperGroup

from socwatch.errors import UsageError


def days_for(option: str, *, least: int = 0) -> Callable[[str], int]:
    """What reads the number of days of an option, `least` or more. Raises UsageError."""

    def days(typed: str) -> int:
        text = str(typed).strip()  # a default comes as a number
        if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS and int(text) >= least:
            return int(text)
        number = f"a number of days, {least} or more" if least else "a number of days"
        message = f"{option} takes {number}, and {text!r} is none"
        raise UsageError(message, remedy=f"write a whole number, such as: {option} 28")

    return days


_MOST_DIGITS = 6


class _Spoken:
    """A command whose help leaves out what typer calls its types: <list[str]>, <bool>."""

    def get_params(self, ctx: Any) -> Any:  # noqa: ANN401  # typer's private types
        """All parameters, --help among them."""
        parameters = super().get_params(ctx)  # type: ignore[misc]  # of the command beside it
        for each in parameters:
            if isinstance(each, TyperArgument):
                each.display_type_rich = lambda ctx: ""  # type: ignore[method-assign]  # noqa: ARG005
            elif each.metavar is None:
                each.metavar = ""
        return parameters


class SpokenCommand(_Spoken, TyperCommand):
    """A command that is called."""


class SpokenGroup(_Spoken, TyperGroup):
    """A command that has commands below it."""
