"""The updates that lead one item from what is on record to what a row of a spreadsheet says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType, SimpleNamespace
from typing import Any, NamedTuple

from socwatch.characters import normalise
from socwatch.dates import PartialDate, format_date
from socwatch.importing.meanings import STATUS_OF, Meaning, Said
from socwatch.importing.reading import Progress, Row
from socwatch.records import (
    ACTIONS,
    KINDS,
    Action,
    Finding,
    Kind,
    Outcome,
    Register,
    Status,
    Update,
)
from socwatch.tracking import (
    DEADLINE_APPLIES,
    ItemState,
    Transition,
    applies_to,
    histories,
    initial_state,
    transitions,
)

EXTENDED = "As given by the spreadsheet; it does not say when this was agreed."
UNDATED = "The spreadsheet gives no date; it said so by then."
REWORDED = "The spreadsheet now words it: "

_RANK = {
    Status.OPEN: 0,
    Status.IN_PROGRESS: 1,
    Status.DONE: 2,
    Status.SIGNED_OFF: 3,
    Status.CLOSED: 3,
}
_STATUS_WORDS = {
    Status.OPEN: "open",
    Status.IN_PROGRESS: "in progress",
    Status.DONE: "done",
    Status.SIGNED_OFF: "signed off",
    Status.CLOSED: "closed",
}


_CELL_OF: Mapping[Action, Meaning] = MappingProxyType(
    {
        Action.START: Meaning.STARTED,
        Action.DONE: Meaning.DONE,
        Action.SIGN_OFF: Meaning.SIGNED_OFF,
        Action.CLOSE: Meaning.STATUS,
        Action.REOPEN: Meaning.STATUS,
        Action.RETRACT: Meaning.DONE,
        Action.EXTEND: Meaning.REVISED,
        Action.ASSIGN: Meaning.OWNER,
        Action.NOTE: Meaning.NOTE,
    }
)
"""From which cell an update of an action comes, unless another is named."""


class Draft(NamedTuple):
    """An update that has no id yet, as the fields that TOML has."""

    fields: Mapping[str, Any]
    meaning: Meaning
    """What the cell means from which it comes."""


class Sheetwise(NamedTuple):
    """What all items of an import have in common."""

    date: date
    """The date of the spreadsheet."""
    known: frozenset[str]
    """The sources of the earlier spreadsheets of this tracker."""
    imported: frozenset[str]
    """The sources of all earlier spreadsheets, of whichever tracker."""
    source: str
    """The source of this spreadsheet."""
    answers: Mapping[str, Any]
    register: Register


class NewItem(NamedTuple):
    """The item that updates are about, whose finding can be new too."""

    finding: str
    """The id of its finding."""
    body: str
    kind: Kind
    is_one_of_several: bool
    """Whether its finding is addressed to several bodies, so that updates name the body."""


class ItemPlanner:
    """Plans the updates of one item."""

    def __init__(self, context: Sheetwise, finding: Finding | None, item: NewItem) -> None:
        self._context, self._finding, self._item = context, finding, item
        self._kind = item.kind
        self.remarks: list[str] = []
        """What differs and is not written."""
        self.contradiction: str | None = None
        """Why the updates cannot follow what is on record; None if they can."""
        self._drafts: list[dict[str, Any]] = []
        history: tuple[Transition, ...] = ()
        start = ItemState()
        if finding is not None:
            history = histories(context.register).get((finding.id, item.body), ())
            inspection = context.register.inspection_by_id[finding.inspection]
            start = initial_state(finding, inspection)
        self._start = start
        self._all = history
        self._history = [each for each in history if each.update.on <= context.date]
        self._state = self._history[-1].after if self._history else start

    def plan(self, row: Row, progress: Progress, successor: str | None) -> list[Draft]:
        """Return the updates of an item, in the order in which they are appended."""
        self._plan_status(progress, successor)
        status = self._drafts
        self._drafts = []
        self._plan_deadline(row, progress)
        # An extension of the day of completion must precede it.
        self._drafts += status
        self._plan_owner(progress)
        self._plan_notes(row, progress)
        self._check()
        return [Draft(fields, fields.pop("meaning")) for fields in self._drafts]

    # --------------------------------------------------------------- what was said before

    def _is_ours(self, update: Update) -> bool:
        """Return whether an earlier spreadsheet of this tracker said it."""
        return not self._context.known.isdisjoint(update.sources)

    def _said_before(self, action: Action) -> Update | None:
        """Return the last update of an action that this tracker made."""
        return next(
            (t.update for t in reversed(self._all)
             if t.update.action is action and self._is_ours(t.update)),
            None,
        )  # fmt: skip

    def _status_before(self) -> tuple[Status, Outcome | None] | None:
        """Return the status that this tracker last gave; None if it knows nothing of the item."""
        for each in reversed(self._all):
            update = each.update
            new_status = ACTIONS[update.action].new_status
            if new_status is not None and self._is_ours(update):
                return new_status, update.outcome
        finding = self._finding
        if finding is not None and not self._context.known.isdisjoint(finding.sources):
            return Status.OPEN, None
        return None

    def _append(self, action: Action, on: date, **fields: Any) -> None:  # noqa: ANN401  # what TOML has
        meaning = fields.pop("meaning", None) or _CELL_OF[action]
        by = fields.pop("by", None) or self._context.answers["by"]
        given = {key: value for key, value in fields.items() if value}
        self._drafts.append(
            {
                "finding": self._item.finding,
                "body": self._item.body if self._item.is_one_of_several else None,
                "action": action.value,
                "on": on,
                "by": by,
                **given,
                "sources": [self._context.source],
                "meaning": meaning,
            }
        )

    # ----------------------------------------------------------------------------- status

    def _plan_status(self, progress: Progress, successor: str | None) -> None:
        said = progress.said
        if said is None and progress.done and not progress.has_status:
            said = Said.DONE
        if said is None or said is Said.NOT_ADDRESSED:
            if progress.started and self._state.status is Status.OPEN:
                self._append(Action.START, progress.started)
            return
        wanted, outcome = STATUS_OF[said]
        now = (self._state.status, self._state.outcome)
        if now == (wanted, outcome):
            self._compare_dates(progress, wanted)
            return
        before = self._status_before()
        differs = f"{_words(*now)} in the register, {_words(wanted, outcome)} in the spreadsheet"
        if before == (wanted, outcome):
            self.remarks.append(f"{differs}, as before; nothing is written")
            return
        if _RANK[wanted] > _RANK[self._state.status]:
            self._step_forward(wanted, outcome, progress, successor)
            return
        last = next(
            (
                t.update
                for t in reversed(self._all)
                if ACTIONS[t.update.action].new_status is not None
            ),
            None,
        )
        if last is None or not self._is_ours(last):
            self.remarks.append(f"{differs}; a person recorded it, and nothing is written")
            return
        note = f"The spreadsheet no longer says that it is {_words(*now)}."
        if self._state.status is Status.IN_PROGRESS:
            self._retract(last, note)
        else:
            self._append(Action.REOPEN, self._context.date, note=note)
        self._state = self._state._replace(status=Status.OPEN, completed=None, outcome=None)
        self._step_forward(wanted, outcome, progress, successor)

    def _compare_dates(self, progress: Progress, status: Status) -> None:
        """Tell of a date of completion that is another one than that on record."""
        on_record = self._state.completed
        if status in {Status.DONE, Status.SIGNED_OFF} and progress.done and on_record:
            undated = self._said_before(Action.DONE)
            if progress.done != on_record and not (undated and UNDATED in (undated.note or "")):
                self.remarks.append(
                    f"done on {format_date(on_record)} in the register, on "
                    f"{format_date(progress.done)} in the spreadsheet; nothing is written"
                )
            elif progress.done != on_record and undated is not None:
                note = f"The spreadsheet now gives the date {format_date(progress.done)}."
                self._retract(undated, note)
                self._make_way(progress.done)
                self._append(
                    Action.DONE, progress.done, by=progress.by, evidence=list(progress.evidence)
                )

    def _step_forward(
        self, wanted: Status, outcome: Outcome | None, progress: Progress, successor: str | None
    ) -> None:
        """Append the steps that lead from the present status to the one that is wanted."""
        today = self._context.date
        status = self._state.status
        if wanted is Status.OPEN:
            return
        if wanted is Status.IN_PROGRESS:
            self._append(Action.START, progress.started or today)
            return
        finished = progress.done or (progress.signed_off if wanted is Status.SIGNED_OFF else None)
        self._make_way(finished or today)
        if status is Status.OPEN and progress.started:
            self._append(Action.START, progress.started)
        evidence = list(progress.evidence)
        note = None if finished else UNDATED
        match wanted:
            case Status.DONE:
                on = progress.done or today
                self._append(Action.DONE, on, by=progress.by, note=note, evidence=evidence)
            case Status.SIGNED_OFF:
                if progress.done and status is not Status.DONE:
                    self._append(Action.DONE, progress.done, by=progress.by, evidence=evidence)
                by = self._context.answers.get("signed_off_by")
                note = None if progress.signed_off else UNDATED
                self._append(Action.SIGN_OFF, progress.signed_off or today, by=by, note=note)
            case Status.CLOSED:
                said = f"As given by the spreadsheet: {progress.word}"
                said += "" if finished else f". {UNDATED}"
                self._append(
                    Action.CLOSE, progress.done or today, by=progress.by, note=said,
                    outcome=outcome.value if outcome else None, successor=successor,
                )  # fmt: skip

    def _make_way(self, on: date) -> None:
        """Take back what this tracker dated after a day that turns out to be that of the end.

        A start, say, was recorded for the date of the last spreadsheet, since it gave no other.
        """
        for each in self._all:
            update = each.update
            stands_in_the_way = update.action in {Action.START, Action.EXTEND}
            imported = not self._context.imported.isdisjoint(update.sources)
            if update.on > on and stands_in_the_way and imported:
                self._retract(
                    update, f"The spreadsheet now says that it ended on {format_date(on)}."
                )
                if update.action is Action.EXTEND and update.deadline is not None:
                    self._append(
                        Action.EXTEND, on, by=update.by, note=update.note,
                        deadline=_toml(update.deadline),
                    )  # fmt: skip

    def _retract(self, update: Update, note: str) -> None:
        self._append(Action.RETRACT, self._context.date, note=note, update=update.id)

    # --------------------------------------------------------------------------- deadline

    def _plan_deadline(self, row: Row, progress: Progress) -> None:
        chain = self._chain(row, progress)
        if not chain:
            return
        if not applies_to(KINDS[self._kind], Action.EXTEND):
            for each in chain:
                self._note_once(
                    f"The spreadsheet gives a later target: {each.in_words()}.", Meaning.REVISED
                )
            return
        known = {self._start.deadline if self._finding else None}
        known |= {t.update.deadline.last for t in self._all if t.update.deadline is not None}
        current = self._state.deadline
        if self._finding is not None and chain[-1].last == current:
            return
        last = next(
            (t.update for t in reversed(self._all) if t.update.action is Action.EXTEND), None
        )
        if last is not None and not self._is_ours(last):
            self.remarks.append(
                f"its deadline is {format_date(last.deadline.last) if last.deadline else 'open'} "
                f"in the register, and {chain[-1].in_words()} in the spreadsheet; a person "
                "recorded it, and nothing is written"
            )
            return
        if self._finding is not None and self._state.status not in DEADLINE_APPLIES:
            now = f"The spreadsheet now gives the deadline {chain[-1].in_words()}."
            self._note_once(now, Meaning.REVISED)
            return
        ends = [d["on"] for d in self._drafts_of_end(progress)]
        on = min([self._context.date, *ends])
        new = [each for each in chain if each.last not in known or each is chain[-1]]
        for each in new:
            self._append(
                Action.EXTEND, on, by=self._context.answers.get("agreed_by"), note=EXTENDED,
                deadline=_toml(each),
            )  # fmt: skip

    def _drafts_of_end(self, progress: Progress) -> list[dict[str, Any]]:
        ends = [day for day in (progress.done, progress.signed_off) if day is not None]
        return [{"on": day} for day in ends]

    def _chain(self, row: Row, progress: Progress) -> list[PartialDate]:
        """Return the deadlines after the first, as the spreadsheet has them one after another."""
        found: list[PartialDate] = []
        before = row.deadline
        finding = self._finding
        if finding is not None and isinstance(before, PartialDate):
            first = finding.deadline or finding.target
            original = self._start.deadline if first is not None else None
            if original is None and isinstance(finding.target, PartialDate):
                original = finding.target.last
            if before.last != original and not progress.revised:
                found.append(before)
        for each in progress.revised:
            if not isinstance(before, PartialDate) or each.last != before.last:
                found.append(each)
            before = each
        return found

    # -------------------------------------------------------------------- owner and notes

    def _plan_owner(self, progress: Progress) -> None:
        owner = progress.owner
        if not owner or normalise(owner) == normalise(self._state.owner or ""):
            return
        before = self._said_before(Action.ASSIGN)
        if before is not None and normalise(before.owner or "") == normalise(owner):
            self.remarks.append(
                f"assigned to {self._state.owner} in the register, to {owner} in the spreadsheet; "
                "a person recorded it, and nothing is written"
            )
            return
        self._append(Action.ASSIGN, self._context.date, owner=owner)

    def _plan_notes(self, row: Row, progress: Progress) -> None:
        evidence = [each for each in progress.evidence if each not in self._evidence()]
        notes = [new for note in progress.notes if (new := self._new_part(note))]
        if evidence and not notes:
            notes = ["Evidence given by the spreadsheet."]
        for note in notes:
            self._append(Action.NOTE, self._context.date, note=note, evidence=evidence)
            evidence = []
        finding = self._finding
        if finding is None:
            return
        if normalise(row.wording) != normalise(finding.summary):
            self._note_once(f"{REWORDED}{row.wording}", Meaning.WORDING)
        if row.kind is not finding.kind:
            self.remarks.append(
                f"a {KINDS[finding.kind].singular} in the register, a {KINDS[row.kind].singular} "
                "in the spreadsheet; nothing is written"
            )
        kept = "".join(f"\n{text}\n" for text in (finding.note, *self._notes()) if text)
        for line in row.kept:
            if f"\n{line}\n" not in kept:
                self._append(Action.NOTE, self._context.date, note=line, meaning=Meaning.KEEP)

    def _notes(self) -> list[str]:
        """Return the notes of all updates on record."""
        return [each.update.note for each in self._all if each.update.note]

    def _evidence(self) -> set[str]:
        """Return the evidence that is on record, or in a new update."""
        found = {entry for each in self._all for entry in each.update.evidence}
        return found | {entry for draft in self._drafts for entry in draft.get("evidence", ())}

    def _note_once(self, note: str, meaning: Meaning) -> None:
        if all(normalise(each.update.note or "") != normalise(note) for each in self._all):
            self._append(Action.NOTE, self._context.date, note=note, meaning=meaning)

    def _new_part(self, text: str) -> str:
        """Return what a cell of notes says that is not on record.

        A cell that begins with what this tracker said before gives the rest of it.
        """
        if normalise(text) in map(normalise, self._notes()):
            return ""
        rest = text
        for each in self._all:
            note = each.update.note
            if note and self._is_ours(each.update) and rest.startswith(note):
                rest = rest[len(note) :].lstrip()
        return rest

    # ------------------------------------------------------------------------------ check

    def _check(self) -> None:
        """Note why the new updates cannot follow what is on record, if they cannot."""
        retracted = {draft.get("update") for draft in self._drafts}
        existing = [t.update for t in self._all if t.update.id not in retracted]
        new: list[Any] = [_as_update(draft) for draft in self._drafts]
        both: Sequence[Any] = sorted([*existing, *new], key=lambda update: update.on)
        for each in transitions(self._kind, self._start, both):
            if not each.allowed:
                self.contradiction = (
                    f"{each.update.action} on {format_date(each.update.on)} cannot follow, since "
                    f"it is {_STATUS_WORDS[each.before.status]} by then: correct the status or "
                    "the date"
                )
                return


def _as_update(draft: Mapping[str, Any]) -> SimpleNamespace:
    fields = dict.fromkeys(("deadline", "owner", "outcome", "successor", "until"))
    deadline = draft.get("deadline")
    known = {
        **fields,
        **draft,
        "action": Action(draft["action"]),
        "deadline": _partial(deadline) if deadline is not None else None,
    }
    return SimpleNamespace(**known)


def _partial(value: object) -> PartialDate | None:
    from socwatch.dates import parse_partial

    return parse_partial(value)


def _toml(value: PartialDate) -> date | str:
    return value.first if value.precision == "day" else str(value)


def _words(status: Status, outcome: Outcome | None) -> str:
    return outcome.replace("-", " ") if outcome is not None else _STATUS_WORDS[status]
