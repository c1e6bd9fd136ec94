"""The forms in which `check` answers: CHECK_FORMATS is the one place where one is added."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from importlib import import_module
from typing import NamedTuple

from socwatch.errors import Place
from socwatch.render.context import Setting
from socwatch.render.formats import FORMATS, Format
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


class CheckFormat(NamedTuple):
    """A form in which `check` answers."""

    name: str
    module: str
    """Where its `render(answer)` is, or, for a form of every command, `render(report, setting)`."""
    suffixes: tuple[str, ...] = ()
    """The ends of a file's name by which --output chooses it, its own first."""
    on_screen: bool = True
    """Whether a terminal can show it."""
    for_people: bool = False
    """Whether it says nothing at all where nothing needs attention."""
    of_state: bool = False
    """Whether it tells how things stand at every run, so that no ladder may silence it."""

    def render(self, answer: Answer) -> str:
        """The answer as text, its last line ended."""
        if self.for_people and not answer.attention.concerns:
            return ""
        draw: Callable[..., str] = import_module(self.module).render
        if self.name in _OF_EVERY_COMMAND:
            return draw(answer.report, answer.setting)
        return draw(answer)


_OF_EVERY_COMMAND: Mapping[str, Format] = {
    each.name: each for each in FORMATS if each.name != "plain"
}


def _also(name: str, *, for_people: bool = False) -> CheckFormat:
    each = _OF_EVERY_COMMAND[name]
    return CheckFormat(each.name, each.module, each.suffixes, each.on_screen, for_people)


CHECK_FORMATS: tuple[CheckFormat, ...] = (
    CheckFormat("plain", "socwatch.render.check.plain", (".txt", ".log"), for_people=True),
    _also("table", for_people=True),
    _also("markdown", for_people=True),
    _also("json"),
    _also("csv"),
    CheckFormat("nagios", "socwatch.render.check.nagios", of_state=True),
    CheckFormat("prometheus", "socwatch.render.check.prometheus", (".prom",), of_state=True),
    CheckFormat("github", "socwatch.render.check.github"),
    CheckFormat("junit", "socwatch.render.check.junit", (".xml",)),
)
"""Every form; the first is the default, on a terminal too."""
