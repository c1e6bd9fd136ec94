"""The answer as JSON, in the form that every command has."""

from __future__ import annotations

from socwatch.render.check.formats import Answer
from socwatch.render.report.json import render as render_report


def render(answer: Answer) -> str:
    """Return one object with a row for each alert, and the totals."""
    return render_report(answer.report, answer.setting)
