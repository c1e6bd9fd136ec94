"""The answer as annotations of GitHub Actions, on the lines of the register."""

from __future__ import annotations

from socwatch.render.annotation import annotation
from socwatch.render.check.answer import Answer
from socwatch.reports.check.alerts import PAST
from socwatch.reports.check.report import days_words


def render(answer: Answer) -> str:
    """An annotation for each concern: an error where a last day is past, else a warning.

    GitHub shows ten of each for each step of a job, and drops the rest without a word: the whole
    list belongs into the step's summary.
    """
    return "".join(
        annotation(
            "error" if concern.matter in PAST else "warning",
            answer.setting.records,
            answer.lines.get(concern.place, 1),
            f"{concern.id or 'register'}: {days_words(concern)}",
            " ".join(concern.summary.split()),
        )
        for concern in answer.attention.concerns
    )
