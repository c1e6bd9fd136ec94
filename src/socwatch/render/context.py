"""What a renderer is told; it asks nobody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from socwatch.dates import format_date
from socwatch.reports.table import Report
from socwatch.store.copies import Copy


class RenderContext(NamedTuple):
    """Where a report is to be shown, and which register it comes from."""

    records: str
    width: int = 80
    colour: bool = False
    unicode: bool = True
    file: bool = False
    """Whether it goes to a file, where CSV begins with a byte order mark."""
    copies: tuple[Copy, ...] | None = None
    """Copies that hold records which the register lacks; None where nobody has looked for any."""


ProgressCallback = Callable[[int, int], None]
"""Takes how many of how many rows are done, for a person who waits."""


def format_dates(report: Report) -> str:
    """The days that a report answers for."""
    words = f"As of {_date_words(report.dates.as_of)}"
    if report.dates.since is not None:
        since = _date_words(report.dates.since)
        words = f"After {since}, up to and including {_date_words(report.dates.as_of)}"
    if report.dates.recorded_until is not None:
        words += f", without what was recorded after {_date_words(report.dates.recorded_until)}"
    return words


def _date_words(day: date) -> str:
    return f"{day:%a} {format_date(day)}"


def copies_in_json(context: RenderContext) -> dict[str, list[dict[str, str | int]]]:
    """Return the key `copies` of an object, where copies have been looked for."""
    if context.copies is None:
        return {}
    return {
        "copies": [
            {"file": str(copy.path), "register": str(copy.register), "records": copy.records}
            for copy in context.copies
        ]
    }
