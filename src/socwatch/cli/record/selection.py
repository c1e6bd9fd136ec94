"""Which items a recording command is about, and what to say of those that were not named whole."""

from __future__ import annotations

import textwrap
from datetime import date
from pathlib import Path
from typing import NamedTuple

from socwatch.cli.options import RegisterOptions
from socwatch.cli.record.update_request import UpdateRequest
from socwatch.cli.registers import register_files
from socwatch.cli.session import open_registers
from socwatch.cli.streams import can_prompt
from socwatch.errors import NothingLive, UsageError
from socwatch.lookup import find_recordable
from socwatch.recording import Item
from socwatch.records import Inspection, Kind, Register
from socwatch.tracking import replay


class Selection(NamedTuple):
    """The items that a command is about."""

    items: tuple[Item, ...]
    grouped: bool
    """Whether the id of a report or of a cause of concern stands for some of them."""
    echo: tuple[str, ...]
    """A line for each name that is less than a whole id, which says what it was taken to mean."""


def select_items(register: Register, request: UpdateRequest, today: date) -> Selection:
    """Return the items that the ids of a request mean, in the order of the ids and of the file.

    The id of a report means its live items; that of a cause of concern means the cause and its
    live recommendations. With a body, as in cause@body, it means the cause alone.

    Raises UsageError where there is no id; NotFound, NotAnId, Ambiguous, NothingLive.
    """
    if not request.ids:
        message = "no items given"
        raise UsageError(message, remedy="give one or more ids; to see them: socwatch list")
    items: list[Item] = []
    grouped = False
    echo: list[str] = []
    for name in request.ids:
        found, bodies, exact = find_recordable(register, name, can_ask=can_prompt())
        if isinstance(found, Inspection):
            words = found.title
            live = [
                i.key for i in replay(register, today) if i.live and i.inspection.id == found.id
            ]
            if not live:
                raise NothingLive(found.id)
        else:
            words = found.summary
            items += ((found.id, body) for body in bodies)
            live = []
            if found.kind is Kind.CAUSE_OF_CONCERN and "@" not in name:
                live = [
                    item.key
                    for item in replay(register, today)
                    if item.live and item.finding.part_of == found.id
                ]
        items += live
        grouped = grouped or bool(live)
        if not exact:
            meant = "@".join([found.id, *(bodies if "@" in name else ())])
            echo.append(f"{name!r} means {meant}: {first_words(words)}")
    return Selection(tuple(dict.fromkeys(items)), grouped, tuple(echo))


def file_of_items(
    register: RegisterOptions, request: UpdateRequest, today: date
) -> tuple[Path, bool]:
    """Return the register that holds the items of a request, and whether several were named.

    Raises UsageError where the items are in several registers.
    """
    files = register_files(register)
    if not files.files[1:]:
        return files.files[0], files.files != files.named
    union, whole = open_registers(files)
    place_of = {finding.id: place for place, finding in enumerate(whole.findings)}
    items = select_items(whole, request, today).items
    found = {union.file_of("findings", place_of[finding]).path for finding, _ in items}
    if len(found) > 1:
        message = f"these items are in {len(found)} registers; nothing was written"
        raise UsageError(message, remedy="give the command once for each register")
    return found.pop(), True


def first_words(text: str) -> str:
    """Return what fits on a line of a text, cut between words."""
    return textwrap.shorten(text, 60, placeholder="…")
