"""The formats of every command: the one place where a format is added."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:  # a Tab on --format needs the names alone
    from collections.abc import Sequence

    from socwatch.errors import LocatedProblem
    from socwatch.importing.planning import ImportPlan
    from socwatch.importing.reading import Reading
    from socwatch.render.check.answer import CheckAnswer
    from socwatch.render.context import ProgressCallback, RenderContext
    from socwatch.render.export.values import ExportOptions
    from socwatch.reports.export import Export
    from socwatch.reports.paper.sections import Paper
    from socwatch.reports.table import Report

ReportRenderer = Callable[["Report", "RenderContext"], str]
CheckRenderer = Callable[["CheckAnswer"], str]
PaperRenderer = Callable[["Paper", "RenderContext", "ProgressCallback"], str | bytes]
ExportRenderer = Callable[["Export", "ExportOptions", "ProgressCallback"], bytes]
ProblemRenderer = Callable[["Sequence[LocatedProblem]", "RenderContext"], str]
ImportRenderer = Callable[["Reading | None", "ImportPlan", str], str]

_Renderer = TypeVar("_Renderer", bound=Callable[..., str | bytes])


class Format(NamedTuple, Generic[_Renderer]):
    """A format in which a command prints what it found."""

    name: str
    """The word that --format accepts."""
    load: Callable[[], _Renderer]
    """Imports and returns its renderer: some need libraries that are slow to import."""
    suffixes: tuple[str, ...] = ()
    """The endings of a file's name by which --output selects it, the usual one first."""
    on_screen: bool = True
    """Whether a terminal can show it."""
    of_state: bool = False
    """Whether another system reads the whole position from it: --remind would hide a part of it."""


def _terminal() -> ReportRenderer:
    from socwatch.render.report.terminal import render

    return render


def _plain() -> ReportRenderer:
    from socwatch.render.report.plain import render

    return render


def _json() -> ReportRenderer:
    from socwatch.render.report.json import render

    return render


def _csv() -> ReportRenderer:
    from socwatch.render.report.csv import render

    return render


def _markdown() -> ReportRenderer:
    from socwatch.render.report.markdown import render

    return render


def _svg() -> ReportRenderer:
    from socwatch.render.report.svg import render

    return render


REPORT_FORMATS: tuple[Format[ReportRenderer], ...] = (
    Format("table", _terminal),
    Format("plain", _plain, (".txt", ".log")),
    Format("json", _json, (".json",)),
    Format("csv", _csv, (".csv",)),
    Format("markdown", _markdown, (".md", ".markdown")),
)
"""The formats of most commands; on a terminal the first is the default, in a pipe the second."""

CHART_FORMATS: tuple[Format[ReportRenderer], ...] = (
    *REPORT_FORMATS,
    Format("svg", _svg, (".svg",)),
)
"""The formats of the commands that draw a chart."""


def _check_plain() -> CheckRenderer:
    from socwatch.render.check.plain import render

    return render


def _check_nagios() -> CheckRenderer:
    from socwatch.render.check.nagios import render

    return render


def _check_prometheus() -> CheckRenderer:
    from socwatch.render.check.prometheus import render

    return render


def _check_json() -> CheckRenderer:
    from socwatch.render.report.json import render

    return lambda answer: render(answer.report, answer.context)


CHECK_FORMATS: tuple[Format[CheckRenderer], ...] = (
    Format("plain", _check_plain, (".txt", ".log")),
    Format("json", _check_json, (".json",)),
    Format("nagios", _check_nagios, of_state=True),
    Format("prometheus", _check_prometheus, (".prom",), of_state=True),
)
"""The formats of `check`; the first is the default, on a terminal too."""


def _paper_html() -> PaperRenderer:
    from socwatch.render.paper.html import render

    return render


def _paper_docx() -> PaperRenderer:
    from socwatch.render.paper.docx import render

    return render


def _paper_markdown() -> PaperRenderer:
    from socwatch.render.paper.markdown import render

    return render


PAPER_FORMATS: tuple[Format[PaperRenderer], ...] = (
    Format("html", _paper_html, (".html", ".htm"), on_screen=False),
    Format("docx", _paper_docx, (".docx",), on_screen=False),
    Format("markdown", _paper_markdown, (".md", ".markdown")),
)
"""The formats of the committee's paper; the first is the default."""


def _export_xlsx() -> ExportRenderer:
    from socwatch.render.export.xlsx import render

    return render


def _export_csv() -> ExportRenderer:
    from socwatch.render.export.csv import render

    return render


def _export_jsonl() -> ExportRenderer:
    from socwatch.render.export.jsonl import render

    return render


def _export_sqlite() -> ExportRenderer:
    from socwatch.render.export.sqlite import render

    return render


EXPORT_FORMATS: tuple[Format[ExportRenderer], ...] = (
    Format("xlsx", _export_xlsx, (".xlsx",), on_screen=False),
    Format("csv", _export_csv, (".csv",)),
    Format("jsonl", _export_jsonl, (".jsonl", ".ndjson")),
    Format("db", _export_sqlite, (".db", ".sqlite", ".sqlite3"), on_screen=False),
)
"""The formats of a whole register; none is the default."""


def _problems_plain() -> ProblemRenderer:
    from socwatch.render.problems import render_text

    return render_text


def _problems_json() -> ProblemRenderer:
    from socwatch.render.problems import render_json

    return render_json


def _problems_github() -> ProblemRenderer:
    from socwatch.render.problems import render_github

    return render_github


PROBLEM_FORMATS: tuple[Format[ProblemRenderer], ...] = (
    Format("plain", _problems_plain),
    Format("json", _problems_json),
    Format("github", _problems_github),
)
"""The formats in which `validate` lists problems; the first is the default."""


def _import_plain() -> ImportRenderer:
    from socwatch.render.importing import render_preview

    return render_preview


def _import_json() -> ImportRenderer:
    from socwatch.render.importing import render_json_preview

    return render_json_preview


IMPORT_FORMATS: tuple[Format[ImportRenderer], ...] = (
    Format("plain", _import_plain),
    Format("json", _import_json),
)
"""The formats in which `import` shows what it would add; the first is the default."""

_BY_COMMAND: Mapping[str, tuple[Format[Any], ...]] = {
    "check": CHECK_FORMATS,
    "export": EXPORT_FORMATS,
    "import": IMPORT_FORMATS,
    "paper": PAPER_FORMATS,
    "timeline": CHART_FORMATS,
    "trend": CHART_FORMATS,
    "validate": PROBLEM_FORMATS,
}


def formats_of(command: str) -> tuple[Format[Any], ...]:
    """Return the formats of a command."""
    return _BY_COMMAND.get(command, REPORT_FORMATS)
