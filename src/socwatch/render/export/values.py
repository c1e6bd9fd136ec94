"""What the formats of a whole register share: how it is written, and its values in plain types."""

from __future__ import annotations

from typing import NamedTuple

from socwatch.reports.export import ExportValue, Pair

EXPORT_SCHEMA_VERSION = 1
"""The version of what programs read: of the lines of JSON and of the database."""


class ExportOptions(NamedTuple):
    """How a book is written, beyond what is in it."""

    records: str
    """The register's file."""
    file: bool = False
    """Whether it goes to a file, where CSV begins with the byte order mark that Excel needs."""


def plain(value: ExportValue) -> str | int | list[str] | list[dict[str, str]] | None:
    """A value in the types that JSON has: days in the form of ISO 8601, pairs as objects."""
    match value:
        case None | str() | int():
            return value
        case tuple():
            return [_of_list(each) for each in value]  # type: ignore[return-value]  # all of one sort
        case _:
            return value.isoformat()


def lines_of(value: tuple[str, ...] | tuple[Pair, ...]) -> list[str]:
    """The members of a list as texts: a pair as "source: what it says"."""
    return [each if isinstance(each, str) else ": ".join(each) for each in value]


def _of_list(each: str | Pair) -> str | dict[str, str]:
    return each if isinstance(each, str) else {"source": each[0], "says": each[1]}
