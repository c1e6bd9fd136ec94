"""Numbers on the command line, which explain themselves."""

from __future__ import annotations

from collections.abc import Callable

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
