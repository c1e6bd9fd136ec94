"""The formats of `check`: CHECK_FORMATS is the one place where one is added."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from typing import NamedTuple

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


class CheckFormat(NamedTuple):
    """A format in which `check` answers."""

    name: str
    module: str
    """Where its `render(answer)` is; loaded when the format is used."""
    suffixes: tuple[str, ...] = ()
    """The ends of a file's name by which --output chooses it, its own first."""
    on_screen: bool = True
    """Whether a terminal can show it."""
    for_people: bool = False
    """Whether it prints nothing if nothing needs attention."""
    of_state: bool = False
    """Whether another system reads the whole position from it, so that --remind would hide some."""

    def render(self, answer: Answer) -> str:
        """Return the answer as text, its last line ended."""
        if self.for_people and not answer.attention.concerns:
            return ""
        draw: Callable[[Answer], str] = import_module(self.module).render
        return draw(answer)


CHECK_FORMATS: tuple[CheckFormat, ...] = (
    CheckFormat("plain", "socwatch.render.check.plain", (".txt", ".log"), for_people=True),
    CheckFormat("json", "socwatch.render.check.json", (".json",)),
    CheckFormat("nagios", "socwatch.render.check.nagios", of_state=True),
    CheckFormat("prometheus", "socwatch.render.check.prometheus", (".prom",), of_state=True),
)
"""Every format; the first is the default, on a terminal too."""
