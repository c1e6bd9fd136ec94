"""What a spreadsheet would add to a register: its state compared with the register's.

Not rows but states are compared: what each row says now, with what is on record as of the date of
the spreadsheet. What differs becomes an update. What a person recorded is never overwritten: where
the spreadsheet still says what it said before, or knows less, that is told and nothing is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any, NamedTuple

from socwatch.characters import normalise
from socwatch.dates import PartialDate, format_date
from socwatch.errors import SpreadsheetOlder
from socwatch.importing.item_updates import Draft, ItemPlanner, NewItem, Sheetwise
from socwatch.importing.ledger import CellProblem
from socwatch.importing.meanings import Meaning, Said
from socwatch.importing.reading import Reading, Row, target_of
from socwatch.records import FIELDS, KINDS, Finding, Kind, Register, natural_order
from socwatch.suggestions import words_of_id

Added = Mapping[str, Sequence[Mapping[str, Any]]]
"""The new records of each table, in the values that TOML has."""

TABLES = ("sources", "bodies", "inspections", "findings", "updates")
"""The tables to which an import adds, in the order in which it does."""


_IMPORTED = ", SHA-256 "
"""What the note of a source says that an import has made, before the digest of the file."""


class ItemPlan(NamedTuple):
    """What becomes of one item of a row."""

    row: Row
    item: str
    """What it is called: the reference, with its body where there are several."""
    body: str
    finding: str
    new: bool
    drafts: tuple[Draft, ...]


class ImportPlan(NamedTuple):
    """All that an import would write, what it found to correct, and what it tells."""

    added: Added
    items: tuple[ItemPlan, ...]
    problems: tuple[CellProblem, ...]
    remarks: tuple[str, ...]
    """What differs and is not written, in sentences."""
    unchanged: int
    """The rows that are on record as they are."""

    @property
    def records(self) -> int:
        """How many records other than updates would be added."""
        return sum(len(rows) for table, rows in self.added.items() if table != "updates")

    @property
    def updates(self) -> int:
        """How many updates would be added."""
        return len(self.added["updates"])


def slug(text: str) -> str:
    """Return a text as part of an id."""
    return "-".join(re.findall(r"[a-z0-9]+", normalise(text))) or "x"


def tracker_sources(register: Register, tracker: str) -> Mapping[str, date]:
    """Return the sources that imports of a tracker have made, each with its sheet date."""
    pattern = re.compile(rf"{re.escape(tracker)}-\d{{4}}-\d{{2}}-\d{{2}}(?:-\d+)?")
    return {
        source.id: source.published.first
        for source in register.sources
        if pattern.fullmatch(source.id)
        and source.published is not None
        and _IMPORTED in (source.note or "")
    }


def imported_sources(register: Register) -> frozenset[str]:
    """Return the sources that imports have made, of whatever spreadsheet."""
    return frozenset(s.id for s in register.sources if _IMPORTED in (s.note or ""))


def sources_of_file(register: Register, tracker: str, digest: str) -> list[str]:
    """Return the ids of the sources of a tracker that were made from this very file."""
    known = tracker_sources(register, tracker)
    return [s.id for s in register.sources if s.id in known and digest in (s.note or "")]


def plan(reading: Reading, register: Register) -> ImportPlan:
    """Return what a spreadsheet without a question would add. Raises SpreadsheetOlder."""
    return _Planner(reading, register).plan()


class _Planner:
    def __init__(self, reading: Reading, register: Register) -> None:
        self._reading, self._register = reading, register
        answers = reading.inquiry.answers
        self._answers = answers
        self._tracker: str = answers["tracker"]
        self._date: date = answers["sheet_date"]
        known = tracker_sources(register, self._tracker)
        if any(day > self._date for day in known.values()):
            last = format_date(max(known.values()))
            raise SpreadsheetOlder(reading.file.name, format_date(self._date), last)
        self._known = frozenset(known)
        self._source = _free(f"{self._tracker}-{self._date}", set(register.source_by_id))
        self._findings: dict[str, dict[str, Any]] = {}
        self._problems: list[CellProblem] = []
        self._remarks: list[str] = []
        self._taken = set(register.finding_by_id)
        self._existing = {
            (finding.inspection, normalise(name)): finding
            for finding in register.findings
            for name in (finding.id, *finding.aliases, *([finding.label] if finding.label else []))
        }
        self._causes = {
            (finding.inspection, normalise(name)): finding.id
            for finding in reversed(register.findings)
            if finding.kind is Kind.CAUSE_OF_CONCERN
            for name in (finding.summary, finding.label or "", finding.id, *finding.aliases)
        }
        self._imported = imported_sources(register)
        self._id_of: dict[tuple[str, str], str] = {}
        """The id of the finding of each report and reference."""
        self._named: dict[tuple[str, str], str] = {}
        """The same, with the findings that are on record, by all their names."""
        self._cause_of: dict[tuple[str, str], str] = {}
        """The id of the new cause of concern of each report and wording."""

    def plan(self) -> ImportPlan:
        rows = sorted(
            self._reading.rows, key=lambda row: (row.inspection, natural_order(row.reference))
        )
        for row in rows:
            self._name(row)
        existing = {key: found.id for key, found in self._existing.items()}
        self._named = {**self._id_of, **existing}
        self._add_causes(rows)
        new_rows = [row for row in rows if self._finding(row) is None]
        self._add_findings(new_rows)
        items = [each for row in rows for each in self._plan_items(row)]
        self._report_gone(rows)
        updates = _with_ids((d for item in items for d in item.drafts), self._register)
        added: dict[str, list[Mapping[str, Any]]] = {table: [] for table in TABLES}
        findings = list(self._findings.values())
        if findings or updates:
            named = {f["inspection"] for f in findings}
            bodies = {body for f in findings for body in f["bodies"]}
            names = self._reading.names
            added["sources"] = [self._source_row()]
            added["bodies"] = [self._sourced(b) for i, b in names.bodies.items() if i in bodies]
            added["inspections"] = [
                self._sourced(i) for name, i in names.inspections.items() if name in named
            ]
            added["findings"] = [*findings]
            added["updates"] = [*updates]
        ordered = {
            table: [_in_order(table, row) for row in rows_] for table, rows_ in added.items()
        }
        changed = {item.row.place for item in items if item.new or item.drafts}
        unchanged = len({row.place for row in rows} - changed)
        return ImportPlan(
            ordered, tuple(items), tuple(self._problems), tuple(self._remarks), unchanged
        )

    # --------------------------------------------------------------------------- findings

    def _key(self, row: Row) -> tuple[str, str]:
        return row.inspection, normalise(row.reference)

    def _finding(self, row: Row) -> Finding | None:
        """Return the finding of a row that is on record."""
        return self._existing.get(self._key(row))

    def _name(self, row: Row) -> None:
        """Settle the id of the finding that a row is about."""
        key = self._key(row)
        if (found := self._existing.get(key)) is not None:
            self._id_of[key] = found.id
        elif key not in self._id_of:
            name = _free(f"{row.inspection}-{slug(row.reference)}", self._taken)
            self._taken.add(name)
            self._id_of[key] = name

    def _add_findings(self, rows: Sequence[Row]) -> None:
        """Add the findings that are not on record, one for all rows of a reference."""
        gone = self._gone()
        together: dict[str, list[Row]] = {}
        for row in rows:
            together.setdefault(self._id_of[self._key(row)], []).append(row)
        for name, same in together.items():
            row = same[0]
            renamed = gone.get((row.inspection, normalise(row.wording)))
            if renamed is not None:
                hint = (
                    f"{renamed} has the same words, and its row is gone: "
                    "give the row its old reference, or change its words"
                )
                self._problem("key-changed", row, Meaning.REFERENCE, hint)
            bodies = list(dict.fromkeys(body for each in same for body in each.items))
            self._findings[name] = self._finding_row(name, row, bodies)

    def _finding_row(self, name: str, row: Row, bodies: list[str]) -> dict[str, Any]:
        found: dict[str, Any] = {
            "id": name,
            "inspection": row.inspection,
            "bodies": bodies,
            "kind": row.kind.value,
            "summary": row.wording,
            "label": row.reference,
            "sources": [self._source],
        }
        if row.cause:
            found["part_of"] = self._cause_id(row.inspection, row.cause)
        if KINDS[row.kind].may_be_overdue:
            if row.deadline is not None:
                found["deadline"] = toml_date(row.deadline)
            if row.deadline_words is not None:
                found["deadline_words"] = row.deadline_words
        else:
            published = self._reading.names.published(row.inspection)
            target = target_of(row.deadline, published)
            if target is not None:
                found["target"] = toml_date(target)
        if row.kept:
            found["note"] = "\n".join(row.kept)
        return found

    def _add_causes(self, rows: Sequence[Row]) -> None:
        """Add the causes of concern that rows name by their words, one for each report."""
        named: dict[tuple[str, str], list[Row]] = {}
        for row in rows:
            if row.cause and self._find_cause(row.inspection, row.cause) is None:
                named.setdefault((row.inspection, normalise(row.cause)), []).append(row)
        own = {self._key(row): row for row in rows if row.kind is Kind.CAUSE_OF_CONCERN}
        for key in sorted(named):
            if key in own:
                self._cause_of[key] = self._id_of[key]
                continue
            same = named[key]
            row = same[0]
            name = f"{row.inspection}-c-{'-'.join(words_of_id(row.cause))}"
            if name in self._taken:
                name = f"{name}-{sha256(normalise(row.cause).encode()).hexdigest()[:6]}"
            self._taken.add(name)
            self._cause_of[key] = name
            bodies = list(dict.fromkeys(body for each in same for body in each.items))
            self._findings[name] = {
                "id": name,
                "inspection": row.inspection,
                "bodies": sorted(bodies),
                "kind": Kind.CAUSE_OF_CONCERN.value,
                "summary": row.cause,
                "sources": [self._source],
            }

    def _find_cause(self, inspection: str, words: str) -> str | None:
        """Return the id of a cause on record, by its id, label, alias or wording."""
        return self._causes.get((inspection, normalise(words)))

    def _cause_id(self, inspection: str, words: str) -> str:
        found = self._find_cause(inspection, words)
        return found or self._cause_of[inspection, normalise(words)]

    def _gone(self) -> Mapping[tuple[str, str], str]:
        """Return the findings of this tracker of which no row is left, by report and wording."""
        there = set(self._id_of.values())
        return {
            (f.inspection, normalise(f.summary)): f.label or f.id
            for f in self._register.findings
            if f.id not in there and self._is_of_tracker(f) and f.label is not None
        }

    def _is_of_tracker(self, finding: Finding) -> bool:
        return not self._known.isdisjoint(finding.sources)

    def _report_gone(self, rows: Sequence[Row]) -> None:
        gone = sorted(self._gone().values(), key=natural_order)
        if gone and rows:
            number = "1 record" if len(gone) == 1 else f"{len(gone)} records"
            names = ", ".join(gone)
            self._remarks.append(f"{number} of the last spreadsheet not in this one: {names}")

    # ------------------------------------------------------------------------------ items

    def _plan_items(self, row: Row) -> Iterator[ItemPlan]:
        finding = self._finding(row)
        name = self._id_of[self._key(row)]
        kind = finding.kind if finding is not None else row.kind
        if not KINDS[kind].tracked:
            return
        bodies = finding.bodies if finding is not None else tuple(self._findings[name]["bodies"])
        context = Sheetwise(
            self._date,
            self._known,
            self._imported,
            self._source,
            self._answers,
            self._register,
        )
        for body, progress in row.items.items():
            if body not in bodies:
                self._remarks.append(f"{name} is not addressed to {body}: socwatch edit {name}")
                continue
            label = row.reference if len(bodies) == 1 else f"{row.reference} ({body})"
            item = NewItem(name, body, kind, len(bodies) > 1)
            planner = ItemPlanner(context, finding, item)
            successor = self._successor(row, progress.said)
            drafts = planner.plan(row, progress, successor)
            if planner.contradiction is not None:
                self._problem("cannot-follow", row, Meaning.STATUS, planner.contradiction)
            self._remarks += [f"{label}: {print_warning}" for print_warning in planner.remarks]
            yield ItemPlan(row, label, body, name, finding is None, tuple(drafts))

    def _successor(self, row: Row, said: Said | None) -> str | None:
        """Return the id of what replaces a finding, which a reference of the same report names."""
        if said is not Said.SUPERSEDED:
            return None
        wanted = normalise(row.successor)
        known = self._named
        if (row.inspection, wanted) in known:
            return known[row.inspection, wanted]
        elsewhere = {name for (_, reference), name in known.items() if reference == wanted}
        if len(elsewhere) == 1:
            return elsewhere.pop()
        hint = "type the reference of the finding that replaces it"
        self._problem("no-successor", row, Meaning.SUCCESSOR, hint)
        return None

    def _problem(self, name: str, row: Row, meaning: Meaning, hint: str) -> None:
        column = row.columns.get(meaning, row.columns[Meaning.REFERENCE])
        value = row.sheet.rows[row.row][column]
        sheet = "" if row.sheet.lines else row.sheet.name
        shown = str(value) if value is not None else ""
        self._problems.append(
            CellProblem(name, sheet, row.sheet.cell(row.row, column), shown, hint)
        )

    # ---------------------------------------------------------------------------- records

    def _sourced(self, row: Mapping[str, Any]) -> dict[str, Any]:
        return {**row, "sources": [self._source]}

    def _source_row(self) -> dict[str, Any]:
        file = self._reading.file
        return {
            "id": self._source,
            "publisher": self._answers["by"],
            "title": self._answers["title"],
            "published": self._date,
            "note": f"Imported from {file.name}{_IMPORTED}{file.sha256}.",
        }


def toml_date(value: object) -> object:
    """Return a date or a deadline as TOML has it."""
    if isinstance(value, PartialDate):
        return value.first if value.precision == "day" else str(value)
    return str(value)


def _in_order(table: str, row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in FIELDS[table] if row.get(name) is not None}


def _with_ids(drafts: Iterable[Draft], register: Register) -> list[dict[str, Any]]:
    """Return updates with ids made from what they say, so that two imports make the same ones."""
    taken = set(register.update_by_id)
    rows = []
    for draft in drafts:
        said = repr(sorted((key, str(value)) for key, value in draft.fields.items()))
        number = 0
        while (name := f"u-{sha256(f'{said}{number}'.encode()).hexdigest()[:12]}") in taken:
            number += 1
        taken.add(name)
        rows.append({"id": name, **draft.fields})
    return rows


def _free(name: str, taken: set[str]) -> str:
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    return free
