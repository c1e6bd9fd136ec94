"""The answer of `check`, for the formats that only it has."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from socwatch.render.context import RenderContext
from socwatch.reports.check.alerts import Attention
from socwatch.reports.table import Report


class CheckAnswer(NamedTuple):
    """What `check` found, as a report for people and as values for other programs."""

    attention: Attention
    report: Report
    context: RenderContext
    ran: datetime
    """When it was found."""
    choice: str = ""
    """The options that say what was looked for, as they were typed; "" where there are none."""
    register: str = ""
    """The register's whole path, from whatever folder it was named."""
