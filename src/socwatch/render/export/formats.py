"""Forms in which a whole register is handed on: EXPORTS is the one place where one is added."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Literal, NamedTuple

from socwatch.render.context import Told
from socwatch.reports.export import Book, Pair, Value

SCHEMA_VERSION = 1
"""The version of what programs read: of the lines of JSON and of the database."""


class Manner(NamedTuple):
    """How a book is written, beyond what is in it."""

    records: str
    """The register's file."""
    file: bool = False
    """Whether it goes to a file, where CSV begins with the byte order mark that Excel needs."""


class Export(NamedTuple):
    """A form of a file that holds a register."""

    name: str
    module: str
    """Where its `render(book, manner, told)` is; loaded when it is asked for."""
    suffixes: tuple[str, ...]
    """The ends of a file's name by which --output chooses it, its own first."""
    holds: Literal["one", "any", "all"]
    """How many of the tables it can hold: the tables of a database refer to each other."""
    on_screen: bool = True
    """Whether a terminal can show it."""

    def render(self, book: Book, manner: Manner, told: Told) -> bytes:
        """The file's content, the same for the same book."""
        made: Callable[[Book, Manner, Told], bytes] = import_module(self.module).render
        return made(book, manner, told)


_XLSX, _CSV, _JSONL, _DB = (
    f"socwatch.render.export.{name}" for name in ("xlsx", "csv", "jsonl", "sqlite")
)
EXPORTS: tuple[Export, ...] = (
    Export("xlsx", _XLSX, (".xlsx",), "any", on_screen=False),
    Export("csv", _CSV, (".csv",), "one"),
    Export("jsonl", _JSONL, (".jsonl", ".ndjson"), "any"),
    Export("db", _DB, (".db", ".sqlite", ".sqlite3"), "all", on_screen=False),
)


def plain(value: Value) -> str | int | list[str] | list[dict[str, str]] | None:
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
