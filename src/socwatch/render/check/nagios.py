"""The answer as one line for monitoring systems, and the exit code that belongs to it."""

from __future__ import annotations

from collections.abc import Iterator

from socwatch.errors import RegisterInvalid, SocwatchError, naming
from socwatch.render.check.answer import Answer
from socwatch.render.text import visible
from socwatch.reports.check.alerts import PAST, Attention, Matter, Unsaid
from socwatch.reports.check.report import figures
from socwatch.reports.table import count

OK, WARNING, CRITICAL, UNKNOWN = range(4)
_WORDS = ("OK", "WARNING", "CRITICAL", "UNKNOWN")


def state(attention: Attention) -> int:
    """Critical once a last day is past, whatever the thresholds; warning for all else."""
    if attention.count(*PAST):
        return CRITICAL
    return WARNING if attention.concerns else OK


def render(answer: Answer) -> str:
    """The state, the figures with the worst by name, then the figures for a graph."""
    attention = answer.attention
    if attention.concerns:
        said = figures(attention, sorted(Matter, key=lambda matter: matter not in PAST))
        past = [concern for concern in attention.concerns if concern.matter in PAST]
        if past:
            worst = min(past, key=lambda concern: concern.days_left or 0)
            said += f"; the longest is {worst.id}, {count(-(worst.days_left or 0), 'day')} past"
    else:
        said = f"nothing needs attention among {count(len(attention.watched), 'item')}"
    if muted := attention.left_unsaid(Unsaid.MUTED):
        said += f" ({muted:,} muted)"
    return line(state(attention), said, " ".join(_performance(attention)))


def unknown(error: SocwatchError) -> str:
    """Return the line for a run that has no answer; a monitoring system shows one line."""
    said = f"{error}; {error.remedy}" if error.remedy else str(error)
    if isinstance(error, RegisterInvalid):  # nothing is listed above one line
        said = str(error)
        for first in error.problems[:1]:
            said += f": {error.path}:{first.position.line}: {first.problem.message}"
        said += f"; for all of it: socwatch {naming(error.path)}validate"
    return line(UNKNOWN, said)


def line(code: int, said: str, performance: str = "") -> str:
    """One line of the plugin's own form: a bar in what is said would begin the figures."""
    text = visible(said).replace("|", "/")
    return f"SOCWATCH {_WORDS[code]} - {text}" + (f" | {performance}" if performance else "") + "\n"


def _performance(attention: Attention) -> Iterator[str]:
    """Each figure as label=value;warning;critical;least, in digits alone."""
    for matter in Matter:
        bounds = ";0" if matter in PAST else "0;"
        yield f"{matter.value.replace('-', '_')}={attention.count(matter)};{bounds};0"
    past = (c.days_left or 0 for c in attention.concerns if c.matter in PAST)
    yield f"worst_days_past={-min(past, default=0)};;;0"
    yield f"muted={attention.left_unsaid(Unsaid.MUTED)};;;0"
    yield f"watched={len(attention.watched)};;;0"
