"""What the shell completes: ids out of the register, read as fast as can be.

A completer returns all that could stand there; typer offers those that begin with what is typed.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import typer

from socwatch.characters import ID_PATTERN
from socwatch.cli.typer_seam import without_head
from socwatch.errors import SocwatchError


def complete_names(ctx: typer.Context) -> list[str]:
    """Return the ids of findings, items, bodies and inspections."""
    return _complete(ctx, ("findings", "bodies", "inspections"))


def complete_findings(ctx: typer.Context) -> list[str]:
    """Return the ids of findings and items."""
    return _complete(ctx, ("findings",))


def complete_bodies(ctx: typer.Context) -> list[str]:
    """Return the ids of bodies."""
    return _complete(ctx, ("bodies",))


def complete_formats(ctx: typer.Context) -> list[str]:
    """Return the formats of the command that is typed."""
    from socwatch.cli.formats import format_names

    return format_names(ctx.info_name or "")


def complete_kinds() -> list[str]:
    """Return the kinds of finding."""
    from socwatch.records import Kind

    return [*Kind]


def complete_statuses() -> list[str]:
    """Return the statuses of an item."""
    from socwatch.records import Status

    return [*Status]


def complete_inspections(ctx: typer.Context) -> list[str]:
    """Return the ids of inspections."""
    return _complete(ctx, ("inspections",))


def complete_sources(ctx: typer.Context) -> list[str]:
    """Return the ids of sources."""
    return _complete(ctx, ("sources",))


def complete_updates(ctx: typer.Context) -> list[str]:
    """Return the ids of updates, the last first."""
    return _complete(ctx, ("updates",))[::-1]


_MOST = 64 * 1024 * 1024
"""The bytes of a register that are read while a line is being typed."""


def _complete(ctx: typer.Context, tables: Iterable[str]) -> list[str]:
    named: Any = None
    here: Any = ctx
    while not named and here is not None:  # the option nearest to the word that is typed
        named, here = here.params.get("records"), here.parent
    return without_head(
        dict.fromkeys(
            name
            for values in _tables(named or ())
            for table in tables
            for name in _names(values.get(table))
        )
    )


def _tables(named: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Yield the tables of each register, as far as it can be read.

    While a line is being typed there is nowhere to complain.
    """
    # Imported here because only a Tab on an id needs the store.
    from socwatch.store.atomic import read_limited
    from socwatch.store.discovery import find_register
    from socwatch.store.syntax import parse

    with contextlib.suppress(OSError, ValueError, SocwatchError):
        for each in [*map(Path, named)] or (None,):
            path = find_register(each, os.environ, Path.cwd())
            files = [path]
            if path.is_dir():
                from socwatch.store.folder import registers_in

                files = registers_in(path)
            for file in files:
                text = read_limited(file, max_bytes=_MOST).decode("utf-8-sig", errors="replace")
                yield parse(text).tables


def _names(records: Any) -> Iterator[str]:  # noqa: ANN401  # whatever the file holds
    """Yield what can be typed for records, and no other text: shells run what they complete."""
    for record in records if isinstance(records, list) else ():
        if not isinstance(record, dict) or not _is_id(record.get("id")):
            continue
        yield record["id"]
        bodies = record.get("bodies")
        if isinstance(bodies, list) and len(bodies) > 1:
            yield from (f"{record['id']}@{body}" for body in bodies if _is_id(body))


def _is_id(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(ID_PATTERN, value) is not None
