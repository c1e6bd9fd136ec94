"""The answer of `check`, for the formats that only it has."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from socwatch.errors import Place
from socwatch.render.context import Setting
from socwatch.reports.check.alerts import Attention
from socwatch.reports.table import Report


class Answer(NamedTuple):
    """What `check` found, as a report for people and as values for other programs."""

    attention: Attention
    report: Report
    setting: Setting
    ran: datetime
    """When it was found."""
    choice: str = ""
    """The options that say what was looked for, as they were typed; "" where there are none."""
    register: str = ""
    """The register's whole path, from whatever folder it was named."""
    lines: Mapping[Place, int] = {}
    """The line in the register at which each place begins that a format asks for."""
