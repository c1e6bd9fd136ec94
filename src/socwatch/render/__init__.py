"""Reports as text: FORMATS is the one place where a format is added."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from socwatch.render.setting import Setting
from socwatch.reports.table import Report

if TYPE_CHECKING:  # every command loads this module, and one of them makes papers
    from socwatch.reports.sections import Paper


class Format(NamedTuple):
    """A form in which reports can be had."""

    name: str
    module: str
    """Where its `render(report, setting)` is; loaded when it is asked for, since rich is slow."""
    meaning: str
    suffix: str = ""
    """The end of a file's name by which --output chooses it."""
    commands: tuple[str, ...] = ()
    """The commands whose reports can be had so; none named means every command."""

    def render(self, report: Report, setting: Setting) -> str:
        """The report as text, its last line ended."""
        draw: Callable[[Report, Setting], str] = import_module(self.module).render
        return draw(report, setting)


FORMATS: tuple[Format, ...] = (
    Format("table", "socwatch.render.terminal", "columns that fit the screen, with colour"),
    Format("plain", "socwatch.render.plain", "a line for each row, nothing cut", ".txt"),
    Format("json", "socwatch.render.json_text", "one object, for scripts", ".json"),
    Format("csv", "socwatch.render.csv_text", "the rows, for spreadsheets", ".csv"),
    Format("markdown", "socwatch.render.markdown", "for a wiki or an e-mail", ".md"),
    Format("svg", "socwatch.render.svg", "a picture of the chart", ".svg", ("trend", "timeline")),
)
"""Every format; on a terminal the first is the default, into a pipe the second."""


class PaperFormat(NamedTuple):
    """A form in which the committee's paper can be had."""

    name: str
    module: str
    """Where its `render(paper, setting)` is; loaded when it is asked for."""
    suffixes: tuple[str, ...]
    """The ends of a file's name by which --output chooses it."""

    def render(self, paper: Paper, setting: Setting) -> str:
        """The paper as text, its last line ended."""
        draw: Callable[[Paper, Setting], str] = import_module(self.module).render
        return draw(paper, setting)


PAPER_FORMATS: tuple[PaperFormat, ...] = (
    PaperFormat("html", "socwatch.render.html_page", (".html", ".htm")),
    PaperFormat("markdown", "socwatch.render.paper_markdown", (".md", ".markdown")),
)
"""Every format of the paper; the first is the default."""


def formats_of(command: str) -> tuple[Format, ...]:
    """The formats in which a command's report can be had."""
    return tuple(each for each in FORMATS if not each.commands or command in each.commands)


def format_named(name: str, command: str) -> Format | None:
    """The format of this name for a command's report; None if there is none."""
    return next((each for each in formats_of(command) if each.name == name), None)


def format_for(file_name: str, command: str) -> Format | None:
    """The format that the end of a file's name stands for; None if it stands for none."""
    name = file_name.lower()
    return next((f for f in formats_of(command) if f.suffix and name.endswith(f.suffix)), None)
