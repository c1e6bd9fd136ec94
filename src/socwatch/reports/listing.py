"""Listings: items chosen and sorted, the history of grades, the updates in the order of time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from socwatch.dates import in_london
from socwatch.records import Action, Body, Register, Update, item_id
from socwatch.reports.items import ITEM_COLUMNS, Filter, is_among, item_row, sort_items
from socwatch.reports.status import before_words, grade_tone, grade_words
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
from socwatch.tracking import Asked, Graded, by_item, grades_as_of, known, replay, standing

MOST_ITEMS = 400
"""How many items a screen shows; nobody reads more, and drawing them takes seconds."""

GRADE_COLUMNS: tuple[Column, ...] = (
    Column("body", "Body", narrowest=10),
    Column("published", "Published"),
    Column("grade", "Grade", narrowest=13),
    Column("direction"),
    Column("grade_before"),
    Column("question", "Question", narrowest=16, rank=2),
    Column("inspection", "Inspection", rank=1, narrowest=10),
    Column("scale"),
    Column("sources"),
    Column("contradicted_by"),
    Column("note"),
)

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


def items(
    register: Register,
    asked: Asked,
    chosen: Filter,
    *,
    sort: Iterable[str] = ("body", "deadline"),
    reverse: bool = False,
) -> Report:
    """The items that a filter admits, sorted as asked."""
    tracked = replay(register, asked.as_of, as_known=asked.as_known)
    listed = sort_items(chosen.select(tracked, asked.within), sort)
    if reverse:
        listed = listed[::-1]
    overdue = sum(item.overdue for item in listed)
    title = f"{count(len(listed), 'item')} of {len(tracked):,}"
    practice = sum(item.status is None for item in listed)
    if practice:
        title += f", {practice:,} of them innovative practice, which asks for nothing"
    if overdue and overdue == len(listed):
        title += f", past {'its' if overdue == 1 else 'their'} deadline"
    elif overdue:
        title += f", {overdue:,} past {'its' if overdue == 1 else 'their'} deadline"
    rows = tuple(item_row(item, asked.within) for item in listed)
    table = Table(
        "rows",
        "",
        ITEM_COLUMNS,
        rows,
        if_empty="No item agrees with all of that." if tracked else "No finding by that day.",
        most=MOST_ITEMS,
        rest="add --format plain to see all",
    )
    return Report("list", title, asked, (table,))


def grades(register: Register, asked: Asked, *, bodies: Collection[Body] = ()) -> Report:
    """Every grade of each body, oldest first."""
    chosen = {body.id for body in bodies}
    names = {body.id: body.name for body in register.bodies}
    graded = [
        each
        for each in grades_as_of(register, asked.as_of)
        if is_among(register.body_by_id[each.grade.body], chosen)
    ]
    graded.sort(key=lambda g: (names[g.grade.body].casefold(), g.grade.question))
    rows = tuple(grade_row(register, each) for each in graded)
    title = f"Grades of {count(len({g.grade.body for g in graded}), 'body', 'bodies')}"
    table = Table("rows", "", GRADE_COLUMNS, rows, if_empty="No grade by that day.")
    return Report("grades", title, asked, (table,), tuple(contradictions(graded)))


def grade_row(register: Register, graded: Graded) -> Row:
    """A grade as a row of GRADE_COLUMNS."""
    grade, inspection, before = graded.grade, graded.inspection, graded.before
    words = "\n".join(filter(None, (grade_words(grade.grade), before_words(graded))))
    against = tuple(contradiction.source for contradiction in grade.contradicted_by)
    return Row(
        {
            "body": Cell(grade.body, register.body_by_id[grade.body].name, Tone.STRONG),
            "published": cell(inspection.published),
            "grade": Cell(grade.grade.value, words, grade_tone(grade.grade)),
            "direction": cell(graded.direction.value if graded.direction else None),
            "grade_before": cell(before.grade.grade.value if before else None),
            "question": prose(grade.question),
            "inspection": cell(inspection.id),
            "scale": cell(inspection.scale.value if inspection.scale else None),
            "sources": cell(grade.sources),
            "contradicted_by": cell(against),
            "note": prose(grade.note),
        }
    )


def contradictions(graded: Iterable[Graded]) -> Iterator[str]:
    """What sources say against these grades, a sentence each."""
    for each in graded:
        for contradiction in each.grade.contradicted_by:
            says = " ".join(contradiction.says.split())
            yield f"{each.grade.body}: {contradiction.source} says otherwise: {says}"


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
        case Action.ACKNOWLEDGE:
            return f"acknowledged until {spoken(update.until)}"
        case Action.RETRACT:
            return f"takes back {update.update}"
