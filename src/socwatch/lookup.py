"""What a person means by an id, the beginning of one, or another name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from typing import TypeVar

from socwatch.errors import Ambiguous, NotFound
from socwatch.records import (
    Body,
    BodyKind,
    Finding,
    Inspection,
    Register,
    Source,
)

Named = Body | Finding | Inspection
N = TypeVar("N", bound=Named | Source)


def find_body(register: Register, text: str) -> Body:
    """The body that a text names. Raises NotFound, Ambiguous."""
    return _find("body", text, register.bodies)


def find_region(register: Register, text: str) -> Body:
    """The region that a text names. Raises NotFound, Ambiguous."""
    return _find("region", text, [b for b in register.bodies if b.kind is BodyKind.REGION])


def find_inspection(register: Register, text: str) -> Inspection:
    """The inspection that a text names. Raises NotFound, Ambiguous."""
    return _find("inspection", text, register.inspections)


def find_source(register: Register, text: str) -> Source:
    """The source that a text names. Raises NotFound, Ambiguous."""
    return _find("source", text, register.sources)


def find_item(register: Register, text: str) -> tuple[Finding, tuple[str, ...]]:
    """The finding that a text names, and the ids of the bodies that it means.

    "finding@body" means one of the finding's bodies; the finding alone means all of them.
    Raises NotFound, Ambiguous.
    """
    name, at, body_text = text.partition("@")
    finding = _find("finding", name, register.findings)
    if not at:
        return finding, finding.bodies
    addressed = [register.body_by_id[body] for body in finding.bodies]
    body = _find(f"body of {finding.id}", body_text, addressed)
    return finding, (body.id,)


def find_any(register: Register, text: str) -> tuple[Named, tuple[str, ...]]:
    """The finding, body or inspection that a text names, with the bodies meant of a finding.

    Raises NotFound, Ambiguous.
    """
    if "@" in text:
        return find_item(register, text)
    everything: list[Named] = [*register.findings, *register.bodies, *register.inspections]
    found = _find("finding, body or inspection", text, everything)
    return found, found.bodies if isinstance(found, Finding) else ()


def _find(what: str, text: str, records: Sequence[N]) -> N:
    typed = text.strip().casefold()
    ways: tuple[Callable[[N], Iterable[str]], ...] = (lambda r: (r.id,), _other_names)
    for agrees in (str.__eq__, str.startswith):
        for names in ways:
            matches = [
                record
                for record in records
                if typed and any(agrees(name.casefold(), typed) for name in names(record))
            ]
            if len(matches) == 1:
                return matches[0]
            if matches:
                ids = sorted((record.id for record in matches), key=natural_order)
                raise Ambiguous(text, ids)
    spelt = {name.casefold(): r.id for r in records for name in (*_other_names(r), r.id)}
    nearest = [spelt[name] for name in get_close_matches(typed, spelt, n=3)]
    there = [r.id for r in records] if what == "inspection" else []  # no listing has them all
    raise NotFound(what, text, list(dict.fromkeys(nearest)), there)


def _other_names(record: Named | Source) -> tuple[str, ...]:
    match record:
        case Body():
            return (record.name, *record.aliases)
        case Finding():
            return record.aliases
        case Inspection() | Source():
            return (record.title,)


_DIGITS = re.compile(r"(\d+)")


def natural_order(name: str) -> tuple[str | int, ...]:
    """A sort key by which r2 stands before r10; numbers are compared by length, then as text."""
    begin, *rest = _DIGITS.split(name)
    key: list[str | int] = [begin]
    for digits, words in zip(rest[::2], rest[1::2], strict=True):
        number = digits.lstrip("0")
        key += (len(number), number, digits, words)
    return tuple(key)
