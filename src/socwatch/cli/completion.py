"""What the shell completes: ids out of the register, read as fast as can be."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import typer

from socwatch.errors import SocwatchError


def complete_names(ctx: typer.Context, incomplete: str) -> list[str]:
    """Findings, items, bodies and inspections that begin like this."""
    return _complete(ctx, incomplete, ("findings", "bodies", "inspections"))


def complete_findings(ctx: typer.Context, incomplete: str) -> list[str]:
    """Findings and items that begin like this."""
    return _complete(ctx, incomplete, ("findings",))


def complete_bodies(ctx: typer.Context, incomplete: str) -> list[str]:
    """Bodies that begin like this."""
    return _complete(ctx, incomplete, ("bodies",))


def complete_regions(ctx: typer.Context, incomplete: str) -> list[str]:
    """Regions that begin like this."""
    return _complete(ctx, incomplete, ("bodies",), kind="region")


def complete_kinds(incomplete: str) -> list[str]:
    """Kinds of finding that begin like this."""
    from socwatch.records import Kind

    return [kind for kind in Kind if kind.startswith(incomplete)]


def complete_statuses(incomplete: str) -> list[str]:
    """Statuses that begin like this."""
    from socwatch.records import Status

    return [status for status in Status if status.startswith(incomplete)]


def complete_timings(incomplete: str) -> list[str]:
    """Timings that begin like this."""
    from socwatch.tracking import Timing

    return [timing for timing in Timing if timing.startswith(incomplete)]


def complete_inspections(ctx: typer.Context, incomplete: str) -> list[str]:
    """Inspections that begin like this."""
    return _complete(ctx, incomplete, ("inspections",))


def _complete(
    ctx: typer.Context, incomplete: str, tables: Iterable[str], *, kind: str = ""
) -> list[str]:
    # A faulty register completes what can be read of it, and a missing one nothing: while a
    # line is being typed there is nowhere to complain.
    from socwatch.store.places import find  # only a Tab on an id needs the store
    from socwatch.store.syntax import parse  # as above

    above = ctx.parent.params.get("records") if ctx.parent is not None else None
    named = ctx.params.get("records") or above
    try:
        path = find(Path(named) if named else None, os.environ, Path.cwd())
        text = path.read_bytes().decode("utf-8-sig", errors="replace")
    except (OSError, SocwatchError):
        return []
    values = parse(text).tables
    names = dict.fromkeys(name for table in tables for name in _names(values.get(table), kind))
    return [name for name in names if name.startswith(incomplete)]


def _names(records: Any, kind: str) -> Iterator[str]:  # noqa: ANN401  # whatever the file holds
    for record in records if isinstance(records, list) else ():
        if not isinstance(record, dict) or not isinstance(record.get("id"), str):
            continue
        if kind and record.get("kind") != kind:
            continue
        yield record["id"]
        bodies = record.get("bodies")
        if isinstance(bodies, list) and len(bodies) > 1:
            yield from (f"{record['id']}@{body}" for body in bodies)
