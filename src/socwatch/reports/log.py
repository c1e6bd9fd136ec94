"""The updates in the order of time, and what each says in words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from socwatch.dates import in_london
from socwatch.records import Action, Finding, Outcome, Register, Update, item_id
from socwatch.reports.table import (
    Cell,
    Column,
    Report,
    Table,
    Tone,
    cell,
    count,
    format_value,
    prose,
)
from socwatch.tracking import QueryDates, effective_updates, group_by_item, updates_recorded_until


class Entry(NamedTuple):
    """An update as the log shows it."""

    update: Update
    finding: Finding
    body: str
    """The id of the body that it is about."""
    retracted: bool
    file: str | None = None
    """The register that has it, where that is asked for."""


def log(
    register: Register,
    dates: QueryDates,
    *,
    about: Collection[tuple[str, str]] | None = None,
    files: Mapping[str, str] | None = None,
) -> Report:
    """The updates dated by a day, oldest first, retracted ones marked; `about` names items.

    `files` has the file of each update, by its id. People see it where there are several.
    """
    found = tuple(
        entry._replace(file=files.get(entry.update.id) if files else None)
        for entry in entries(register, dates, about=about)
    )
    columns = LOG_COLUMNS
    if files and len({*files.values()}) > 1:
        columns = (*LOG_COLUMNS[:-1], LOG_COLUMNS[-1].under("File", drop_order=2))
    table = Table("rows", "", columns, found, if_empty="No update by that day.")
    return Report("log", count(len(found), "update"), dates, (table,))


def entries(
    register: Register, dates: QueryDates, *, about: Collection[tuple[str, str]] | None = None
) -> tuple[Entry, ...]:
    """Return updates in the order of `on`, then of the file."""
    recorded = updates_recorded_until(register.updates, dates.recorded_until)
    counting = {update.id for update in effective_updates(recorded)}
    there = {
        finding.id
        for finding in register.findings
        if register.inspection_by_id[finding.inspection].published <= dates.as_of
    }
    dated = (u for u in recorded if u.on <= dates.as_of and u.finding in there)
    ordered = sorted(dated, key=lambda update: update.on)
    item_of = {
        update.id: key
        for key, of_item in group_by_item(register, ordered).items()
        for update in of_item
    }
    found = []
    for update in ordered:
        finding, body = item_of[update.id]
        if about is None or (finding, body) in about:
            retracted = update.id not in counting
            found.append(Entry(update, register.finding_by_id[finding], body, retracted))
    return tuple(found)


def update_words(update: Update) -> str:
    """What an update says has happened, in words."""
    match update.action:
        case Action.START:
            return "started" + (f"; assigned to {update.owner}" if update.owner else "")
        case Action.DONE:
            return "reported done"
        case Action.SIGN_OFF:
            return "signed off"
        case Action.REOPEN:
            return "reopened"
        case Action.CLOSE:
            words = f"closed: {str(update.outcome or '').replace('-', ' ')}"
            return words + (f" by {update.successor}" if update.successor else "")
        case Action.EXTEND:
            return f"deadline moved to {update.deadline.in_words() if update.deadline else ''}"
        case Action.ASSIGN:
            return f"assigned to {update.owner}"
        case Action.NOTE:
            return "noted"
        case Action.CHECKED:
            return "looked at"
        case Action.MUTE:
            return f"muted until the end of {format_value(update.until)}"
        case Action.RETRACT:
            return f"takes back {update.update}"


def _what_cell(entry: Entry) -> Cell:
    words = update_words(entry.update)
    if entry.retracted:
        return Cell(words, f"{words}\nretracted", Tone.MUTED)
    return cell(words)


def _recorded_cell(entry: Entry) -> Cell:
    recorded = in_london(entry.update.recorded)
    return Cell(
        entry.update.recorded.isoformat(), f"{format_value(recorded.date())} {recorded:%H:%M}"
    )


LOG_COLUMNS: tuple[Column[Entry], ...] = (
    Column[Entry]("on", "The day on which it happened.", lambda e: e.update.on, "day").under("On"),
    Column[Entry](
        "item", "Id of the item.", lambda e: cell(item_id(e.finding, e.body), tone=Tone.STRONG)
    ).under("Item"),
    Column[Entry]("finding", "Id of the finding.", lambda e: e.finding.id),
    Column[Entry]("body", "Id of the body.", lambda e: e.body),
    Column[Entry](
        "action",
        "An action of the [register](register.md#updates).",
        lambda e: e.update.action.value,
    ),
    Column[Entry]("what", "The same in words for people.", _what_cell).under("What", min_width=14),
    Column[Entry]("by", "Who says so.", lambda e: prose(e.update.by)).under(
        "By", min_width=8, drop_order=3
    ),
    Column[Entry]("note", "What happened.", lambda e: prose(e.update.note)).under(
        "Note", min_width=20, long=True
    ),
    Column[Entry]("update", "The update's own id.", lambda e: e.update.id).under(
        "Update", drop_order=1
    ),
    Column[Entry](
        "recorded", "When it was written down, with its offset from UTC.", _recorded_cell
    ).under("Recorded", drop_order=4),
    Column[Entry](
        "retracted",
        "`yes` if it counts no more, else `no`.",
        lambda e: "yes" if e.retracted else "no",
    ),
    Column[Entry](
        "deadline", "The new last day, of an extension.", lambda e: e.update.deadline, "day"
    ),
    Column[Entry](
        "outcome",
        "How it was closed.",
        lambda e: e.update.outcome.value if e.update.outcome else None,
        Outcome,
    ),
    Column[Entry](
        "successor", "Id of the finding that took its place.", lambda e: e.update.successor
    ),
    Column[Entry]("owner", "Who sees to it from then on.", lambda e: prose(e.update.owner)),
    Column[Entry](
        "until", "The last day on which the item is muted.", lambda e: e.update.until, "day"
    ),
    Column[Entry]("retracts", "Id of the update that it retracts.", lambda e: e.update.update),
    Column[Entry]("evidence", "What shows it.", lambda e: e.update.evidence, "texts"),
    Column[Entry]("sources", "Ids of its sources.", lambda e: e.update.sources, "texts"),
    Column[Entry]("file", "The register that it is in; only `log` says so.", lambda e: e.file),
)
