"""The answer as one line for monitoring systems, and the exit code that belongs to it."""

from __future__ import annotations

from collections.abc import Iterator

from socwatch.errors import RegisterInvalid, SocwatchError, records_option
from socwatch.render.check.answer import CheckAnswer
from socwatch.render.text import escape_invisible
from socwatch.reports.check.alerts import PAST, Attention, Reason, Suppression
from socwatch.reports.check.report import figures
from socwatch.reports.table import count

OK, WARNING, CRITICAL, UNKNOWN = range(4)
_WORDS = ("OK", "WARNING", "CRITICAL", "UNKNOWN")


def state(attention: Attention) -> int:
    """Critical once a last day is past, whatever the thresholds; warning for all else."""
    if attention.count(*PAST):
        return CRITICAL
    return WARNING if attention.alerts else OK


def render(answer: CheckAnswer) -> str:
    """The state, the figures with the worst by name, then the figures for a graph."""
    attention = answer.attention
    if attention.alerts:
        said = figures(attention, sorted(Reason, key=lambda reason: reason not in PAST))
        past = [alert for alert in attention.alerts if alert.reason in PAST]
        if past:
            worst = min(past, key=lambda alert: alert.days_left or 0)
            said += f"; the longest is {worst.id}, {count(-(worst.days_left or 0), 'day')} past"
    else:
        said = f"nothing needs attention among {count(len(attention.watched), 'item')}"
        if muted := attention.count_suppressed(Suppression.MUTED):
            said += f" ({muted:,} muted)"
    return line(state(attention), said, " ".join(_performance(attention)))


def unknown(error: SocwatchError) -> str:
    """Return the line for a run that has no answer; a monitoring system shows one line."""
    said = f"{error}; {error.remedy}" if error.remedy else str(error)
    if isinstance(error, RegisterInvalid):  # nothing is listed above one line
        said = str(error)
        for first in error.problems[:1]:
            file = first.file or error.path
            said += f": {file}:{first.position.line}: {first.problem.message}"
        said += f"; for all of it: socwatch {records_option(error.names)}validate"
    return line(UNKNOWN, said)


def line(code: int, said: str, performance: str = "") -> str:
    """One line of the plugin's own form: a bar in what is said would begin the figures."""
    text = escape_invisible(said).replace("|", "/")
    return f"SOCWATCH {_WORDS[code]} - {text}" + (f" | {performance}" if performance else "") + "\n"


def _performance(attention: Attention) -> Iterator[str]:
    """Each figure as label=value;warning;critical;least, in digits alone."""
    for reason in Reason:
        bounds = ";0" if reason in PAST else "0;"
        yield f"{reason.value.replace('-', '_')}={attention.count(reason)};{bounds};0"
    past = (c.days_left or 0 for c in attention.alerts if c.reason in PAST)
    yield f"worst_days_past={-min(past, default=0)};;;0"
    yield f"muted={attention.count_suppressed(Suppression.MUTED)};;;0"
    yield f"watched={len(attention.watched)};;;0"
