"""The answer as metrics, in the text form that node exporter's textfile collector reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from socwatch.render.check.answer import CheckAnswer
from socwatch.render.text import escape_invisible
from socwatch.reports.check.alerts import Reason, Suppression

_Sample = tuple[Mapping[str, str], int]


def render(answer: CheckAnswer) -> str:
    """Every metric with its help and its type, also where nothing needs attention.

    No sample bears a time of its own, which the collector refuses: the last metric says when.
    """
    attention = answer.attention
    about = {"register": answer.register, "choice": answer.choice}
    lines = [
        *_metric(
            "socwatch_attention",
            "Things that need attention, by the reason.",
            (({**about, "matter": m.value}, attention.count(m)) for m in Reason),
        ),
        *_metric(
            "socwatch_suppressed",
            "Alerts that are not listed, by the reason.",
            (({**about, "reason": r.value}, attention.count_suppressed(r)) for r in Suppression),
        ),
        *_metric(
            "socwatch_days_left",
            "Days to the deadline of each item whose clock runs, negative past it.",
            (
                ({**about, "id": i.id, "body": i.body.id, "owner": i.owner or ""}, i.days_left)
                for i in attention.watched
                if i.days_left is not None
            ),
        ),
        *_metric(
            "socwatch_watched",
            "Items that were looked at.",
            [(about, len(attention.watched))],
        ),
        *_metric(
            "socwatch_last_success_timestamp_seconds",
            "When socwatch last answered; a broken register leaves it as it was.",
            [(about, int(answer.ran.timestamp()))],
        ),
    ]
    text = "\n".join(lines) + "\n"
    return text if answer.context.unicode else text.encode("ascii", "replace").decode("ascii")


def _metric(name: str, meaning: str, samples: Iterable[_Sample]) -> Iterator[str]:
    yield f"# HELP {name} {meaning}"
    yield f"# TYPE {name} gauge"
    for labels, value in samples:
        told = ",".join(f'{label}="{_escape(text)}"' for label, text in labels.items())
        yield f"{name}{{{told}}} {value}"


def _escape(text: str) -> str:
    return escape_invisible(text).replace("\\", r"\\").replace('"', r"\"")
