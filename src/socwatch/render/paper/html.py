"""The committee's paper as one HTML page that fetches nothing; a register's text stays text."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator
from datetime import date
from hashlib import sha256
from itertools import groupby
from pathlib import PurePath
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from socwatch import __version__
from socwatch.dates import PartialDate
from socwatch.render.context import ProgressCallback, RenderContext
from socwatch.render.report.svg import inline
from socwatch.render.text import escape_invisible
from socwatch.reports.paper.sections import Paper
from socwatch.reports.table import (
    Cell,
    Chart,
    Column,
    CountsByName,
    Table,
    Tone,
    Value,
    format_value,
)

_LINKED = frozenset({"http", "https", "mailto"})
"""The schemes of addresses that become links; any other address stays text."""


def render(paper: Paper, context: RenderContext, on_progress: ProgressCallback) -> str:
    """The page: the same paper gives the same bytes."""
    page = _environment()
    page.filters["grouped"] = _Grouped(on_progress, paper.length)
    loader = page.loader
    assert loader is not None  # noqa: S101  # it was given above
    style, script = (
        Markup(loader.get_source(page, name)[0])  # noqa: S704  # our own files
        for name in ("paper.css", "paper.js")
    )
    text = page.get_template("paper.html.jinja").render(
        paper=paper,
        sources=_source_ids(paper),
        records=PurePath(context.records).name,
        version=__version__,
        style=style,
        script=script,
    )
    return text if context.unicode else text.encode("ascii", "xmlcharrefreplace").decode()


def _environment() -> Environment:
    """Jinja, in which whatever is put into a page is made visible, then escaped."""
    page = Environment(
        loader=PackageLoader("socwatch.render.paper", "page"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        keep_trailing_newline=True,
    )
    page.filters |= {
        "classes": _classes,
        "draw": _draw,
        "fingerprint": _fingerprint,
        "machine_date": _is_machine_date,
        "sort_key": _sort_key,
        "thousands": _thousands,
        "values": _values,
        "web_address": is_web_address,
    }
    return page


def _finalize(value: object) -> object:
    """What stands for a value in the page: every character of a text is seen."""
    return (
        escape_invisible(value)
        if isinstance(value, str) and not isinstance(value, Markup)
        else value
    )


def is_web_address(text: str) -> bool:
    """Whether an address may become a link: of the web or of e-mail, with nothing hidden in it."""
    if text != escape_invisible(text) or any(each in text for each in " \t\"'<>\\`"):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in _LINKED and bool(parts.netloc or parts.scheme == "mailto")


def _source_ids(paper: Paper) -> frozenset[object]:
    """The ids of the sources that the paper lists, which can be linked to."""
    tables = (shown.table for section in paper.sections for shown in section.tables)
    listing = [table for table in tables if table.key == "sources"]
    return frozenset(table.column("id").value(row) for table in listing for row in table.rows)


def _classes(column: Column[Any], shown: Cell | None = None) -> Markup:
    """The class attribute of a cell: how its column is set, and what its words mean."""
    names = [
        *(["n"] if column.align == "right" else []),
        *(["long"] if column.long else []),
        *([column.link] if column.link else []),
        *([shown.tone.value] if shown is not None and shown.tone is not Tone.PLAIN else []),
    ]
    return Markup(' class="{}"').format(" ".join(names)) if names else Markup()


def _draw(chart: Chart | CountsByName, name: str) -> Markup:
    """A chart as SVG, which escapes what it is given itself."""
    return Markup(inline(chart, f"chart-{name}"))  # noqa: S704  # as it says


def _fingerprint(text: str) -> str:
    """By which a browser knows that a style or a script is ours, and runs no other."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


class _Group(NamedTuple):
    heading: str
    rows: Iterable[Any]


class _Grouped:
    """The rows of tables by group, and word of how many of all of them are done."""

    def __init__(self, on_progress: ProgressCallback, total: int) -> None:
        self._on_progress, self._total, self._done = on_progress, total, 0

    def __call__(self, table: Table[Any]) -> Iterator[_Group]:
        groups = groupby(table.rows, key=table.group)
        return (_Group(name, self._each(tuple(of))) for name, of in groups)

    def _each(self, rows: Iterable[Any]) -> Iterator[Any]:
        for row in rows:
            yield row
            self._done += 1
            self._on_progress(self._done, self._total)


def _is_machine_date(shown: Cell) -> bool:
    """Whether a cell begins with its date in words, which a machine can read from an attribute."""
    if not isinstance(shown.value, date | PartialDate):
        return False
    return shown.text.split("\n")[0] == format_value(shown.value)


def _sort_key(shown: Cell) -> Markup:
    """Return the attribute by which the page sorts a cell; none where its words or date do."""
    key: int | str
    match shown:
        case Cell(rank=int(key)) | Cell(value=int(key)):
            pass
        case Cell(value=PartialDate() as partial) if partial.precision != "day":
            key = partial.last.isoformat()
        case Cell(value=None | ()):
            key = ""
        case _:
            return Markup()
    return Markup(' data-sort="{}"').format(key)


def _thousands(number: int) -> str:
    return f"{number:,}"


def _values(value: Value) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else () if value is None else (str(value),)
