"""Workflow commands of GitHub Actions, by which it shows a sentence beside a line of a file."""

from __future__ import annotations

from socwatch.render.text import escape_invisible


def annotation(level: str, file: str, line: int, title: str, *said: str, column: int = 0) -> str:
    """One workflow command; each of `said` stands on a line of its own."""
    col = f",col={column}" if column else ""
    text = "%0A".join(_data(escape_invisible(each)) for each in said)
    where = f"file={_property(file)},line={line}{col}"
    return f"::{level} {where},title={_property(escape_invisible(title))}::{text}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
