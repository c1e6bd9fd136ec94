"""Faults of a register: for people with the line and the remedy, for scripts, for GitHub."""

from __future__ import annotations

import json
from collections.abc import Sequence

from socwatch.errors import LocatedProblem
from socwatch.render.annotation import annotation
from socwatch.render.context import RenderContext, copies_in_json
from socwatch.render.report.json import REPORT_SCHEMA_VERSION
from socwatch.render.text import columns_of, escape_all, escape_invisible, in_json, to_ascii

_WIDEST_EXCERPT = 100
_BEFORE_MARK = 60


def render_text(faults: Sequence[LocatedProblem], context: RenderContext) -> str:
    """Each fault with its place, its name, the line with the spot marked, and what to type."""
    text = "\n".join(_fault(fault, fault.file or context.records) for fault in faults)
    return text if context.unicode else to_ascii(text)


def _fault(fault: LocatedProblem, records: str) -> str:
    problem, position = fault.problem, fault.position
    gutter = str(position.line)
    before, marked, after = _excerpt(fault)
    blanks = " " * columns_of(before)
    marks = "^" * max(1, columns_of(marked))
    return (
        f"{escape_invisible(records)}:{position.line}:{position.column}: "
        f"{problem.name}: {escape_invisible(problem.message)}\n"
        f"  {gutter} | {before}{marked}{after}".rstrip()
        + f"\n  {' ' * len(gutter)} | {blanks}{marks}\n"
        f"  {' ' * len(gutter)} = {escape_invisible(problem.remedy)}\n"
    )


def _excerpt(fault: LocatedProblem) -> tuple[str, str, str]:
    """Return the line before, at and after the spot, shortened and with nothing unseen in it."""
    before, marked, after = _cut(fault)
    return escape_all(before), escape_all(marked), escape_all(after)


def _cut(fault: LocatedProblem) -> tuple[str, str, str]:
    """Return the line before, at and after the spot, shortened where it is long."""
    line = fault.excerpt
    start = min(fault.position.column - 1, len(line))
    end = start + fault.position.width
    # Of a long line only the parts that are shown are copied: it can hold thousands of problems.
    before = line[max(0, start - _BEFORE_MARK) : start]
    if start > _BEFORE_MARK:
        before = f"…{before}"
    marked = line[start : min(end, start + _WIDEST_EXCERPT)]
    room = max(0, _WIDEST_EXCERPT - len(before) - len(marked))
    after = line[end : end + room]
    if len(line) > end + room:
        after += "…"
    return before, marked, after


def render_json(faults: Sequence[LocatedProblem], context: RenderContext) -> str:
    """One object with a row for each fault."""
    rows = [
        {
            "name": fault.problem.name,
            "file": fault.file or context.records,
            "line": fault.position.line,
            "column": fault.position.column,
            "message": fault.problem.message,
            "remedy": fault.problem.remedy,
            # A line can hold thousands of problems, and each would repeat all of it.
            "excerpt": "".join(_cut(fault)),
            "excerpt_column": len(_cut(fault)[0]) + 1,
        }
        for fault in faults
    ]
    envelope = {
        "schema_version": REPORT_SCHEMA_VERSION,
        "command": "validate",
        "records": context.records,
        "valid": not faults,
        "rows": rows,
        **copies_in_json(context),
    }
    return in_json(json.dumps(envelope, ensure_ascii=not context.unicode, indent=2)) + "\n"


def render_github(faults: Sequence[LocatedProblem], context: RenderContext) -> str:
    """A workflow command for each fault, so that GitHub shows it beside its line.

    GitHub shows ten of them for each step of a job, and drops the rest without a word.
    """
    return "".join(
        annotation(
            "error",
            fault.file or context.records,
            fault.position.line,
            fault.problem.name,
            fault.problem.message,
            fault.problem.remedy,
            column=fault.position.column,
        )
        for fault in faults
    )
