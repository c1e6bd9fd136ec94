"""Which items a command is about: by name, or by the options that `list` has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import TypeVar, assert_never

from socwatch.characters import normalise
from socwatch.cli.options import StateFilters, SubjectFilters
from socwatch.errors import UsageError
from socwatch.lookup import find_any, find_body, find_inspection, find_owner
from socwatch.recording import Item
from socwatch.records import Body, Finding, Inspection, Kind, Register, Status
from socwatch.reports.items import Filter, is_among
from socwatch.spelling import nearest

_WORD = TypeVar("_WORD", bound=StrEnum)


def build_filter(register: Register, subject: SubjectFilters, state: StateFilters) -> Filter:
    """Return the filter that options state. Raises UsageError, NotFound, Ambiguous."""
    for option, typed in (("--owner", subject.owner), ("--text", state.text)):
        if typed is not None and not typed.strip():
            message = f"{option} is empty, which agrees with everything"
            raise UsageError(message, remedy=f"fill in {option}, or leave it out")
    return Filter(
        bodies=frozenset(body.id for body in find_bodies(register, subject.body)),
        kinds=_words("--kind", subject.kind, Kind),
        statuses=_words("--status", state.status, Status),
        inspections=frozenset(
            find_inspection(register, name).id for name in subject.inspection or ()
        ),
        owner=find_owner(register, subject.owner) if subject.owner is not None else None,
        text=normalise(state.text) if state.text is not None else None,
        overdue=state.overdue,
        due_within=state.due_within,
    )


def find_bodies(register: Register, names: Iterable[str] | None) -> tuple[Body, ...]:
    """The bodies of these names. Raises NotFound, Ambiguous."""
    found = (find_body(register, name) for name in names or ())
    return tuple({body.id: body for body in found}.values())


def find_items(register: Register, names: Sequence[str]) -> frozenset[Item]:
    """The items of these findings, bodies and inspections. Raises NotFound, Ambiguous."""
    return frozenset(item for name in names for item in _items_of(register, name))


def _items_of(register: Register, name: str) -> list[Item]:
    found, bodies = find_any(register, name)
    every = [(finding, body) for finding in register.findings for body in finding.bodies]
    match found:
        case Finding():
            chosen = [(f, b) for f, b in every if f.id == found.id and b in bodies]
        case Body():
            among = {body.id for body in register.bodies if is_among(body, {found.id})}
            chosen = [(f, b) for f, b in every if b in among]
        case Inspection():
            chosen = [(f, b) for f, b in every if f.inspection == found.id]
        case _:
            assert_never(found)
    return [(finding.id, body) for finding, body in chosen]


def _words(option: str, typed: Iterable[str] | None, words: type[_WORD]) -> frozenset[_WORD]:
    return frozenset(words(one_of(option, word, words)) for word in typed or ())


def one_of(option: str, typed: str, words: Iterable[str]) -> str:
    """The one of these words that was typed, in any case, with blanks for hyphens.

    Raises UsageError if it is none of them.
    """
    wanted = normalise(typed).replace(" ", "-").replace("_", "-")
    choice = [str(word) for word in words]
    if wanted not in choice:
        message = f"{option} cannot be {typed!r}"
        remedy = f"use one of {', '.join(choice)}{did_you_mean(wanted, choice)}"
        raise UsageError(message, remedy=remedy)
    return wanted


def did_you_mean(typed: str, words: Iterable[str]) -> str:
    """Return the end of a remedy that asks whether the nearest word was meant, or ""."""
    found = nearest(typed, words, cutoff=0.7)  # svg is not meant for csv
    return "".join(f"; did you mean {word}?" for word in found)
