"""The updates in the order of time, and what each says in words."""

from __future__ import annotations

from collections.abc import Collection

from socwatch.dates import in_london
from socwatch.records import Action, Register, Update, item_id
from socwatch.reports.table import (
    Cell,
    Column,
    Report,
    Row,
    Table,
    Tone,
    cell,
    count,
    prose,
    spoken,
)
from socwatch.tracking import Asked, by_item, known, standing

LOG_COLUMNS: tuple[Column, ...] = (
    Column("on", "On"),
    Column("item", "Item"),
    Column("finding"),
    Column("body"),
    Column("action"),
    Column("what", "What", narrowest=14),
    Column("by", "By", narrowest=8, rank=3),
    Column("note", "Note", narrowest=20, long=True),
    Column("update", "Update", rank=1),
    Column("recorded", "Recorded", rank=4),
    Column("retracted"),
    Column("deadline"),
    Column("outcome"),
    Column("successor"),
    Column("owner"),
    Column("until"),
    Column("retracts"),
    Column("evidence"),
    Column("sources"),
)


def log(
    register: Register, asked: Asked, *, about: Collection[tuple[str, str]] | None = None
) -> Report:
    """The updates dated by a day, oldest first, retracted ones marked; `about` names items."""
    rows = log_rows(register, asked, about=about)
    table = Table("rows", "", LOG_COLUMNS, rows, if_empty="No update by that day.")
    return Report("log", count(len(rows), "update"), asked, (table,))


def log_rows(
    register: Register, asked: Asked, *, about: Collection[tuple[str, str]] | None = None
) -> tuple[Row, ...]:
    """Updates as rows of LOG_COLUMNS, in the order of `on`, then of the file."""
    recorded = known(register.updates, asked.as_known)
    counting = {update.id for update in standing(recorded)}
    there = {
        finding.id
        for finding in register.findings
        if register.inspection_by_id[finding.inspection].published <= asked.as_of
    }
    dated = (u for u in recorded if u.on <= asked.as_of and u.finding in there)
    ordered = sorted(dated, key=lambda update: update.on)
    item_of = {
        update.id: key for key, of_item in by_item(register, ordered).items() for update in of_item
    }
    return tuple(
        _log_row(register, update, item_of[update.id], retracted=update.id not in counting)
        for update in ordered
        if about is None or item_of[update.id] in about
    )


def _log_row(register: Register, update: Update, item: tuple[str, str], *, retracted: bool) -> Row:
    finding = register.finding_by_id[item[0]]
    words = update_words(update) + ("\nretracted" if retracted else "")
    return Row(
        {
            "on": cell(update.on),
            "item": cell(item_id(finding, item[1]), tone=Tone.STRONG),
            "finding": cell(finding.id),
            "body": cell(item[1]),
            "action": cell(update.action.value),
            "what": Cell(update_words(update), words, Tone.MUTED if retracted else Tone.PLAIN),
            "by": prose(update.by),
            "note": prose(update.note),
            "update": cell(update.id),
            "recorded": Cell(update.recorded.isoformat(), _recorded_words(update)),
            "retracted": cell("yes" if retracted else "no"),
            "deadline": cell(update.deadline),
            "outcome": cell(update.outcome.value if update.outcome else None),
            "successor": cell(update.successor),
            "owner": prose(update.owner),
            "until": cell(update.until),
            "retracts": cell(update.update),
            "evidence": cell(update.evidence),
            "sources": cell(update.sources),
        }
    )


def _recorded_words(update: Update) -> str:
    recorded = in_london(update.recorded)
    return f"{spoken(recorded.date())} {recorded:%H:%M}"


def update_words(update: Update) -> str:
    """What an update says has happened, in words."""
    match update.action:
        case Action.START:
            return "started" + (f" by {update.owner}" if update.owner else "")
        case Action.DONE:
            return "said to be done"
        case Action.SIGN_OFF:
            return "signed off"
        case Action.REOPEN:
            return "reopened"
        case Action.CLOSE:
            words = f"closed: {str(update.outcome or '').replace('-', ' ')}"
            return words + (f" by {update.successor}" if update.successor else "")
        case Action.EXTEND:
            return f"deadline moved to {update.deadline.spoken() if update.deadline else ''}"
        case Action.ASSIGN:
            return f"given to {update.owner}"
        case Action.NOTE:
            return "noted"
        case Action.CHECKED:
            return "looked at"
        case Action.MUTE:
            return f"muted until {spoken(update.until)}"
        case Action.RETRACT:
            return f"takes back {update.update}"
