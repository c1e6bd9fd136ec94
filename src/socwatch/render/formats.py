"""Reports as text: FORMATS is the one place where a format is added."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from socwatch.render.context import Setting, Told
from socwatch.reports.table import Report

if TYPE_CHECKING:  # every command loads this module, and one of them makes papers
    from socwatch.reports.paper.sections import Paper


class Format(NamedTuple):
    """A form in which reports can be had."""

    name: str
    module: str
    """Where its `render(report, setting)` is; loaded when it is asked for, since rich is slow."""
    suffixes: tuple[str, ...] = ()
    """The ends of a file's name by which --output chooses it, its own first."""
    on_screen: bool = True
    """Whether a terminal can show it."""
    commands: tuple[str, ...] = ()
    """The commands whose reports can be had so; none named means every command."""

    def render(self, report: Report, setting: Setting) -> str:
        """The report as text, its last line ended."""
        draw: Callable[[Report, Setting], str] = import_module(self.module).render
        return draw(report, setting)


FORMATS: tuple[Format, ...] = (
    Format("table", "socwatch.render.report.terminal"),
    Format("plain", "socwatch.render.report.plain", (".txt", ".log")),
    Format("json", "socwatch.render.report.json", (".json",)),
    Format("csv", "socwatch.render.report.csv", (".csv",)),
    Format("markdown", "socwatch.render.report.markdown", (".md", ".markdown")),
    Format("svg", "socwatch.render.report.svg", (".svg",), commands=("trend", "timeline")),
)
"""Every format; on a terminal the first is the default, into a pipe the second."""


class PaperFormat(NamedTuple):
    """A form in which the committee's paper can be had."""

    name: str
    module: str
    """Where its `render(paper, setting, told)` is; loaded when it is asked for."""
    suffixes: tuple[str, ...]
    """The ends of a file's name by which --output chooses it, its own first."""
    on_screen: bool = True
    """Whether a terminal can show it."""

    def render(self, paper: Paper, setting: Setting, told: Told) -> str | bytes:
        """The paper as text, its last line ended, or as a file's content."""
        draw: Callable[[Paper, Setting, Told], str | bytes] = import_module(self.module).render
        return draw(paper, setting, told)


PAPER_FORMATS: tuple[PaperFormat, ...] = (
    PaperFormat("html", "socwatch.render.paper.html", (".html", ".htm"), on_screen=False),
    PaperFormat("docx", "socwatch.render.paper.docx", (".docx",), on_screen=False),
    PaperFormat("markdown", "socwatch.render.paper.markdown", (".md", ".markdown")),
)
"""Every format of the paper; the first is the default."""


def formats_of(command: str) -> tuple[Format, ...]:
    """The formats in which a command's report can be had."""
    return tuple(each for each in FORMATS if not each.commands or command in each.commands)
