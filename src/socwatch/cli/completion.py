"""What the shell completes: ids out of the register, read as fast as can be."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import typer

from socwatch.errors import SocwatchError

_HEAD = "_SOCWATCH_COMPLETE_HEAD"
"""What bash has cut off the word that is typed; it wants back what follows, from the @ on."""


def join_words() -> None:
    """Put together what bash has parted: to it @ and = end a word, as they do in a host's name.

    Only the script that typer prints hands on the words so, one a line.
    """
    words, at = os.environ.get("COMP_WORDS", "").split("\n"), os.environ.get("COMP_CWORD", "")
    if not at.isdigit() or not 0 < int(at) < len(words):
        return
    joined: list[str] = []
    for number, word in enumerate(words[: int(at) + 1]):
        if word == "=" and joined[-1].startswith("--"):
            joined += [""] if number == int(at) else []
        elif number and "@" in {word, words[number - 1]}:
            joined[-1] += word
        else:
            joined.append(word)
    if "@" in words[int(at) - 1 : int(at) + 1]:
        os.environ[_HEAD], _, tail = joined[-1].rpartition("@")
        joined[-1] = f"@{tail}"
    os.environ["COMP_WORDS"] = "\n".join(joined)
    os.environ["COMP_CWORD"] = str(len(joined) - 1)


def complete_names(ctx: typer.Context, incomplete: str) -> list[str]:
    """Findings, items, bodies and inspections that begin like this."""
    return _complete(ctx, incomplete, ("findings", "bodies", "inspections"))


def complete_findings(ctx: typer.Context, incomplete: str) -> list[str]:
    """Findings and items that begin like this."""
    return _complete(ctx, incomplete, ("findings",))


def complete_bodies(ctx: typer.Context, incomplete: str) -> list[str]:
    """Bodies that begin like this."""
    return _complete(ctx, incomplete, ("bodies",))


def complete_formats(ctx: typer.Context, incomplete: str) -> list[str]:
    """Formats of the command that is typed that begin like this."""
    from socwatch.cli.formats import format_names

    return [name for name in format_names(ctx.info_name or "") if name.startswith(incomplete)]


def complete_kinds(incomplete: str) -> list[str]:
    """Kinds of finding that begin like this."""
    from socwatch.records import Kind

    return [kind for kind in Kind if kind.startswith(incomplete)]


def complete_statuses(incomplete: str) -> list[str]:
    """Statuses that begin like this."""
    from socwatch.records import Status

    return [status for status in Status if status.startswith(incomplete)]


def complete_inspections(ctx: typer.Context, incomplete: str) -> list[str]:
    """Inspections that begin like this."""
    return _complete(ctx, incomplete, ("inspections",))


def complete_sources(ctx: typer.Context, incomplete: str) -> list[str]:
    """Sources that begin like this."""
    return _complete(ctx, incomplete, ("sources",))


def complete_updates(ctx: typer.Context, incomplete: str) -> list[str]:
    """Updates that begin like this, the last of them first."""
    return _complete(ctx, incomplete, ("updates",))[::-1]


_MOST = 64 * 1024 * 1024
"""The bytes of a register that are read while a line is being typed."""


def _complete(ctx: typer.Context, incomplete: str, tables: Iterable[str]) -> list[str]:
    # A faulty register completes what can be read of it, and a missing one nothing: while a
    # line is being typed there is nowhere to complain.
    from socwatch.store.atomic import read_whole  # as above
    from socwatch.store.discovery import find  # only a Tab on an id needs the store
    from socwatch.store.syntax import parse  # as above

    named: Any = None
    here: Any = ctx
    while named is None and here is not None:  # the option nearest to the word that is typed
        named, here = here.params.get("records"), here.parent
    try:
        path = find(Path(named) if named else None, os.environ, Path.cwd())
        text = read_whole(path, most=_MOST).decode("utf-8-sig", errors="replace")
    except (OSError, ValueError, SocwatchError):
        return []
    values = parse(text).tables
    names = dict.fromkeys(name for table in tables for name in _names(values.get(table)))
    head = os.environ.get(_HEAD, "")
    return [name[len(head) :] for name in names if name.startswith(head + incomplete)]


def _names(records: Any) -> Iterator[str]:  # noqa: ANN401  # whatever the file holds
    for record in records if isinstance(records, list) else ():
        if not isinstance(record, dict) or not isinstance(record.get("id"), str):
            continue
        yield record["id"]
        bodies = record.get("bodies")
        if isinstance(bodies, list) and len(bodies) > 1:
            yield from (f"{record['id']}@{body}" for body in bodies)
