"""What a renderer is told; it asks nobody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from socwatch.dates import spoken_day
from socwatch.reports.table import Report


class RenderContext(NamedTuple):
    """Where a report is to be shown, and which register it comes from."""

    records: str
    width: int = 80
    colour: bool = False
    unicode: bool = True
    file: bool = False
    """Whether it goes to a file, where CSV begins with a byte order mark."""


ProgressCallback = Callable[[int, int], None]
"""Takes how many of how many rows are done, for a person who waits."""


def format_dates(report: Report) -> str:
    """The days that a report answers for."""
    words = f"As of {_spoken(report.asked.as_of)}"
    if report.asked.since is not None:
        since = _spoken(report.asked.since)
        words = f"After {since}, up to and including {_spoken(report.asked.as_of)}"
    if report.asked.as_known is not None:
        words += f", without what was recorded after {_spoken(report.asked.as_known)}"
    return words


def _spoken(day: date) -> str:
    return f"{day:%a} {spoken_day(day)}"
