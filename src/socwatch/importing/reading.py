"""One pass over the cells of a spreadsheet: rows of values, questions, problems, and fates.

What is not answered yet becomes a question, what nobody can read becomes a problem with the
address of its cell, and every filled cell ends with exactly one fate.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from socwatch.characters import normalise
from socwatch.dates import Deadline, PartialDate, Span, format_date, last_day
from socwatch.importing.answers import (
    ON_SHEET_DATE,
    REFUSE,
    STATUS_CHOICES,
    Form,
    Inquiry,
    Question,
)
from socwatch.importing.cell_dates import (
    Read,
    read_date,
)
from socwatch.importing.dated_cells import DATED, DatedCells
from socwatch.importing.layout import Layout, blanks_are_as_above, lay_out
from socwatch.importing.ledger import CellProblem, Fate, Ledger
from socwatch.importing.meanings import (
    Meaning,
    Said,
    parse_kind,
    propose_kind,
    propose_status,
)
from socwatch.importing.names import Names
from socwatch.importing.tables import Column, text_of
from socwatch.importing.words import WordList
from socwatch.records import KINDS, Kind, Register
from socwatch.store.sheets.cells import CellError, NoResult, Sheet, SheetFile


class Progress(NamedTuple):
    """What a row says of how far an item is."""

    said: Said | None = None
    word: str = ""
    """The word of the status, as the spreadsheet has it."""
    started: date | None = None
    done: date | None = None
    signed_off: date | None = None
    revised: tuple[PartialDate, ...] = ()
    owner: str = ""
    by: str = ""
    evidence: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    has_status: bool = False
    """Whether the spreadsheet has a column for it at all."""
    has_unread_end: bool = False
    """Whether a cell holds a date of its end that could not be read yet."""
    columns: Mapping[Meaning, int] = MappingProxyType({})
    """The columns that are of this item's body alone."""


class Row(NamedTuple):
    """What a row of a spreadsheet says of a finding."""

    sheet: Sheet
    row: int
    inspection: str
    reference: str
    wording: str
    kind: Kind
    cause: str
    items: Mapping[str, Progress]
    """How far it is, for each body that it is addressed to."""
    deadline: Deadline | None
    deadline_words: str | None
    kept: tuple[str, ...]
    """What goes into the finding's note, a line each."""
    successor: str
    columns: Mapping[Meaning, int]
    """The first column of each meaning, for the addresses of problems."""

    @property
    def place(self) -> tuple[str, int]:
        """Its sheet and its row, by which it is told from others."""
        return self.sheet.name, self.row

    def address(self, meaning: Meaning, body: str = "") -> str:
        """Return the address of its cell of a meaning, for a body where each has its own.

        That of its reference where it has no such cell.
        """
        own = self.items[body].columns if body in self.items else {}
        column = own.get(meaning, self.columns.get(meaning, self.columns[Meaning.REFERENCE]))
        return self.sheet.address(self.row, column)


class Reading(NamedTuple):
    """All that was read from a spreadsheet, with the answers that there are."""

    file: SheetFile
    rows: tuple[Row, ...]
    names: Names
    inquiry: Inquiry
    problems: tuple[CellProblem, ...]
    fates: Mapping[tuple[str, int, int], Fate]
    """The fate of every filled cell, by sheet, row and column."""
    layouts: tuple[Layout, ...]
    undated: tuple[Row, ...]
    """The rows that are complete without a date."""

    @property
    def counts(self) -> Mapping[Fate, int]:
        """How many filled cells had which fate."""
        found = Counter(self.fates.values())
        return {fate: found[fate] for fate in Fate}

    def outside(self) -> Iterator[tuple[str, str]]:
        """Yield the address and the text of each cell outside the tables."""
        for (name, row, column), fate in self.fates.items():
            if fate is Fate.OUTSIDE:
                sheet = self.file.sheet(name)
                yield sheet.address(row, column), text_of(sheet.rows[row][column])


def read(file: SheetFile, answers: Mapping[str, Any], register: Register, today: date) -> Reading:
    """Read a spreadsheet with the answers that there are. Raises AnswerRefused."""
    return _Reader(file, Inquiry(answers), register, today).read()


_FINISHED = frozenset(Said) - {Said.OPEN, Said.IN_PROGRESS, Said.NOT_ADDRESSED}
_PUBLISHED_HINT = "type a date on or after the day on which its report was published"


class _Place(NamedTuple):
    """A row of a table, with what stands above it."""

    layout: Layout
    row: int
    section: str
    """The text of the last row of one cell."""
    above: dict[Meaning, str]
    """The last value of each column that can be filled down."""
    defaults: _Defaults

    @property
    def sheet(self) -> Sheet:
        """The sheet that it is in."""
        return self.layout.table.sheet


class _Reader:
    def __init__(self, file: SheetFile, inquiry: Inquiry, register: Register, today: date) -> None:
        self._file, self._inquiry, self._today = file, inquiry, today
        self._register = register
        self._names = Names(register, inquiry)
        self._ledger = Ledger(file)
        self._words = WordList(inquiry)
        self._dates = DatedCells(file, inquiry, self._ledger, self._words)
        self._undated: list[Row] = []
        self._published: dict[str, date] = {}

    def read(self) -> Reading:
        layouts = lay_out(self._file, self._inquiry)
        rows: list[Row] = []
        for layout in layouts:
            self._ledger.enter(layout)
            self._dates.find_swapped(layout)
            rows += self._rows(layout)
        self._dates.ask_for_order()
        self._ask_whose_word(rows)
        self._require_own_keys(rows)
        return Reading(
            self._file,
            tuple(rows),
            self._names,
            self._inquiry,
            self._ledger.problems,
            self._ledger.fates,
            layouts,
            tuple(self._undated),
        )

    # ------------------------------------------------------------------------------- rows

    def _rows(self, layout: Layout) -> Iterator[Row]:
        defaults = _Defaults(layout, self._inquiry)
        above: dict[Meaning, str] = {}
        section = ""
        lone = set(layout.table.lone)
        for row in sorted((*layout.table.rows, *lone)):
            if row in lone:
                section = layout.table.lone_text(row)
                continue
            place = _Place(layout, row, section, above, defaults)
            if (found := self._row(place)) is not None:
                yield found

    def _row(self, place: _Place) -> Row | None:
        """Return what a row says; None where it is no record, or nothing can be made of it."""
        layout, row, sheet = place.layout, place.row, place.sheet
        cell = _Cells(layout, row)
        reference, wording = cell.text(Meaning.REFERENCE), cell.text(Meaning.WORDING)
        self._report_broken(layout, row)
        if not self._has_needed(place, reference, wording):
            return None
        kind = self._kind(place, cell)
        kept = [f"{_short(column.name)}: {text}" for column, text in cell.texts(Meaning.KEEP)]
        cause = self._above(place, Meaning.CAUSE, kind) or place.defaults.cause
        if kind is not None and KINDS[kind].parent is None and cause:
            kept.append(self._keep_cause(layout, row, cause, cell))
            cause = ""
        report = self._above(place, Meaning.REPORT, kind) or place.defaults.report
        inspection = self._inspection(layout, row, report)
        bodies = self._bodies(place, kind)
        items = self._items(layout, row, bodies)
        deadline, words = self._dates.deadline(layout, row)
        if bodies is not None and not items:
            return None
        # What is not answered yet stands empty, so that one pass asks for all that is missing.
        kind, inspection = kind or Kind.RECOMMENDATION, inspection or ""
        if deadline is None and words and not KINDS[kind].may_be_overdue:
            column, _ = layout.meant(Meaning.DEADLINE)[0]
            kept.append(f"{_short(column.name)}: {words}")
        columns = {m.meaning: c.number for c, m in reversed(list(layout.columns.items()))}
        found = Row(
            sheet, row, inspection, reference, wording, kind, cause, items, deadline, words,
            tuple(kept), cell.text(Meaning.SUCCESSOR), columns,
        )  # fmt: skip
        self._check_row(found)
        return found

    def _has_needed(self, place: _Place, reference: str, wording: str) -> bool:
        """Return whether a row has a reference and a wording; report the one that is missing."""
        if reference and wording:
            return True
        name, meaning, hint = (
            ("no-summary", Meaning.WORDING, "type what it asks for")
            if reference
            else (
                "key-missing",
                Meaning.REFERENCE,
                "the row has no reference: type one that no other row has",
            )
        )
        column, _ = place.layout.meant(meaning)[0]
        self._ledger.report(name, place.sheet, place.row, column.number, hint)
        return False

    def _report_broken(self, layout: Layout, row: int) -> None:
        """Report cells with an error, or without a result, wherever a cell is taken as text."""
        sheet = layout.table.sheet
        for column, (meaning, _) in layout.columns.items():
            value = sheet.rows[row][column.number]
            if meaning in DATED or meaning is Meaning.LEAVE_OUT:
                continue
            if isinstance(value, CellError):
                hint = "the cell holds an error: type its text, or empty it"
                self._ledger.report("cell-error", sheet, row, column.number, hint)
            elif isinstance(value, NoResult):
                hint = "the file holds no result of this formula: open it in Excel, and save it"
                self._ledger.report("formula-without-value", sheet, row, column.number, hint)

    def _keep_cause(self, layout: Layout, row: int, cause: str, cell: _Cells) -> str:
        """Return what a note keeps of the cause that a row of another kind names."""
        own = cell.first(Meaning.CAUSE)
        if own is None:
            return f"Under: {cause}"
        where = (layout.name, *layout.table.merged.get((row, own.number), (row, own.number)))
        if where in self._ledger.fates and where[1] == row:
            self._ledger.fates[where] = Fate.KEPT
        return f"{_short(own.name)}: {cause}"

    def _kind(self, place: _Place, cell: _Cells) -> Kind | None:
        layout, row = place.layout, place.row
        column = cell.first(Meaning.KIND)
        if column is None:
            return place.defaults.kind
        text = cell.text(Meaning.KIND)
        if not text:
            hint = "type its kind, such as recommendation or area for improvement"
            self._ledger.report("word-unknown", layout.table.sheet, row, column.number, hint)
            return None
        where = layout.table.sheet.address(row, column.number)
        proposal = propose_kind(text)
        question = Question(
            ("words", "kind", " ".join(text.split())),
            f"Which kind of finding is {text!r} ({where})?",
            Form.KIND,
            tuple(spec.singular for spec in KINDS.values()),
            KINDS[proposal].singular if proposal else None,
        )
        answer = self._words.ask(question)
        return parse_kind(answer) if answer else None

    def _above(self, place: _Place, meaning: Meaning, kind: Kind | None) -> str:
        """Return a cause, report or force: of the row, the rows above it, or their heading."""
        layout, row, above = place.layout, place.row, place.above
        found = layout.meant(meaning)
        if found:
            column, _ = found[0]
            text = text_of(layout.table.value(row, column.number))
            if text:
                above[meaning] = text
                return text
            needs = meaning is not Meaning.CAUSE or kind is Kind.RECOMMENDATION
            if meaning in above and needs and layout.sections is not meaning:
                as_above = blanks_are_as_above(layout, column, row, self._inquiry)
                return above[meaning] if as_above else ""
        return place.section if layout.sections is meaning else ""

    def _inspection(self, layout: Layout, row: int, report: str | None) -> str | None:
        if report is None:
            return None
        sheet = layout.table.sheet
        if not report:
            column, _ = layout.meant(Meaning.REPORT)[0]
            self._ledger.report(
                "report-unknown", sheet, row, column.number, "type the name of its report"
            )
            return None
        published = None
        if found := layout.meant(Meaning.PUBLISHED):
            column, _ = found[0]
            published = self._dates.day(layout, row, column, Meaning.PUBLISHED)
            key = normalise(report)
            before = self._published.get(key)
            if published is not None and before is not None and published != before:
                hint = f"other rows say {format_date(before)} for this report: correct one of them"
                self._ledger.report("published-differs", sheet, row, column.number, hint)
            published = before or published
            if published is not None:
                self._published[key] = published
        return self._names.inspection_of(report, published)

    def _bodies(self, place: _Place, kind: Kind | None) -> tuple[str, ...] | None:
        """Return the bodies that a row is about; None where that is not known yet."""
        layout, row, sheet = place.layout, place.row, place.sheet
        if layout.has(Meaning.BODY):
            text = self._above(place, Meaning.BODY, kind)
            if not text:
                column, _ = layout.meant(Meaning.BODY)[0]
                self._ledger.report("body-unknown", sheet, row, column.number, "type its force")
                return None
            found = layout.meant(Meaning.BODY)
            first = found[0][0].number if found else 0
            return self._names.bodies_of(text, sheet.address(row, first))
        named = dict.fromkeys(m.body for m in layout.columns.values() if m.body)
        if named:
            return self._names.bodies_named(named)
        if place.defaults.bodies is None:
            return None
        return self._names.bodies_named(place.defaults.bodies)

    def _items(
        self, layout: Layout, row: int, bodies: tuple[str, ...] | None
    ) -> Mapping[str, Progress]:
        """Return how far the item of each body is, less those that it is not addressed to."""
        items = {}
        for body in ("",) if bodies is None else bodies:
            progress = self._progress(layout, row, body)
            if progress.said is not Said.NOT_ADDRESSED:
                items[body] = progress
        if bodies and not items:
            column, _ = layout.meant(Meaning.STATUS)[0]
            hint = "it is for none of the forces: correct the status of one of them"
            self._ledger.report("body-unknown", layout.table.sheet, row, column.number, hint)
        return items

    def _progress(self, layout: Layout, row: int, body: str) -> Progress:
        def columns(meaning: Meaning) -> list[Column]:
            return [
                column
                for column, of in layout.meant(meaning)
                if not of or not body or self._names.bodies_named([of]) == (body,)
            ]

        def text(meaning: Meaning) -> str:
            found = (text_of(layout.table.value(row, c.number)) for c in columns(meaning))
            return next(filter(None, found), "")

        def day(meaning: Meaning) -> date | None:
            found = [self._dates.day(layout, row, column, meaning) for column in columns(meaning)]
            return next(filter(None, found), None)

        notes = [(c, text_of(layout.table.value(row, c.number))) for c in columns(Meaning.NOTE)]
        several = len(columns(Meaning.NOTE)) > 1
        revised = (self._dates.revised(layout, row, column) for column in columns(Meaning.REVISED))
        status = columns(Meaning.STATUS)
        word = text(Meaning.STATUS)
        return Progress(
            self._said(layout, row, status[0], word) if status and word else None,
            word,
            day(Meaning.STARTED),
            day(Meaning.DONE),
            day(Meaning.SIGNED_OFF),
            tuple(filter(None, revised)),
            " ".join(text(Meaning.OWNER).split()),
            " ".join(text(Meaning.REPORTED_BY).split()),
            tuple(
                line.strip()
                for column in columns(Meaning.EVIDENCE)
                for line in text_of(layout.table.value(row, column.number)).split("\n")
                if line.strip()
            ),
            tuple(f"{_short(c.name)}: {note}" if several else note for c, note in notes if note),
            bool(status),
            self._has_unread_end(
                layout, row, [*columns(Meaning.DONE), *columns(Meaning.SIGNED_OFF)]
            ),
            {
                m.meaning: c.number
                for c, m in layout.columns.items()
                if m.body and c in columns(m.meaning)
            },
        )

    def _has_unread_end(self, layout: Layout, row: int, columns: Iterable[Column]) -> bool:
        """Return whether a filled cell of these says nothing yet; read it before, with `_day`."""
        filled = (
            self._ledger.fates.get((layout.name, row, column.number))
            for column in columns
            if layout.table.value(row, column.number) is not None
        )
        return any(fate is not Fate.LEFT_OUT for fate in filled)

    def _said(self, layout: Layout, row: int, column: Column, word: str) -> Said | None:
        where = layout.table.sheet.address(row, column.number)
        proposal = propose_status(word)
        question = Question(
            ("words", "status", " ".join(word.split())),
            f"What does the status {word!r} mean ({where})?",
            Form.CHOICE,
            STATUS_CHOICES,
            str(proposal) if proposal else None,
        )
        answer = self._words.ask(question)
        return Said(answer) if answer else None

    # ------------------------------------------------------------------ the file as a whole

    def _ask_whose_word(self, rows: Iterable[Row]) -> None:
        rows = list(rows)
        ask = self._inquiry.ask
        items = [item for row in rows for item in row.items.values()]
        text = "On which date was the spreadsheet correct (its position as at)?"
        ask(Question(("sheet_date",), text, Form.DATE, proposal=self._stated_date()))
        ask(Question(("by",), "Who reports what the spreadsheet says (a force, a team, a person)?"))
        if any(item.revised for item in items):
            ask(Question(("agreed_by",), "Who agreed to the later deadlines?"))
        if any(item.said is Said.SIGNED_OFF for item in items):
            ask(Question(("signed_off_by",), "Who signed off what is signed off?"))
        if self._undated:
            first = self._undated[0].address(Meaning.STATUS)
            number = "1 row" if len(self._undated) == 1 else f"{len(self._undated)} rows"
            text = (
                f"{number} ended without a date, the first in {first}. Record them with the "
                "date of the spreadsheet (they can then read as late), or refuse them?"
            )
            answer = ask(Question(("undated",), text, Form.CHOICE, (ON_SHEET_DATE, REFUSE)))
            if answer == REFUSE:
                for row in self._undated:
                    column = row.columns.get(Meaning.DONE, row.columns[Meaning.STATUS])
                    hint = "type the date on which it was finished"
                    self._ledger.report("completed-without-day", row.sheet, row.row, column, hint)

    def _stated_date(self) -> date | None:
        """Return the date of a title such as "Position as at 31 March 2026"."""
        for (name, row, column), fate in self._ledger.fates.items():
            value = self._file.sheet(name).rows[row][column]
            if fate is not Fate.OUTSIDE or not isinstance(value, str):
                continue
            _, stated, after = normalise(value).partition("as at ")
            found = read_date(after.strip(), self._inquiry.given("dates")) if stated else None
            if isinstance(found, Read) and isinstance(found.deadline, PartialDate):
                day = found.deadline
                return day.first if day.precision == "day" and day.first <= self._today else None
        return None

    def _check_row(self, row: Row) -> None:
        """Report what contradicts itself in a row."""
        until = self._inquiry.given("sheet_date") or self._today
        for item in row.items.values():
            finished = item.said in _FINISHED
            if item.has_status and not finished and (item.done or item.signed_off):
                hint = "the status and the date disagree: correct one of them"
                self._report_meant("status-and-day-disagree", row, Meaning.STATUS, hint)
            elif item.said is Said.OPEN and item.started:
                hint = "the status and the start disagree: correct one of them"
                self._report_meant("status-and-day-disagree", row, Meaning.STATUS, hint)
            ended = item.done or item.signed_off or item.has_unread_end
            if finished and not ended and row not in self._undated[-1:]:
                self._undated.append(row)
            for meaning, day in ((Meaning.DONE, item.done), (Meaning.STARTED, item.started),
                                 (Meaning.SIGNED_OFF, item.signed_off)):  # fmt: skip
                if day is not None and isinstance(until, date) and day > until:
                    hint = f"it is after {format_date(until)}, the date of the spreadsheet"
                    self._report_meant("completed-later", row, meaning, hint)
        self._check_deadlines(row)

    def _check_deadlines(self, row: Row) -> None:
        published = self._names.published(row.inspection) if row.inspection else date.max
        if published == date.max:
            return
        try:
            first = last_day(row.deadline, published=published) if row.deadline else None
        except OverflowError:
            first = None
        if first is not None and first < published and KINDS[row.kind].may_be_overdue:
            self._report_meant(
                "deadline-before-publication", row, Meaning.DEADLINE, _PUBLISHED_HINT
            )
        for item in row.items.values():
            if any(day.last < published for day in item.revised):
                self._report_meant(
                    "deadline-before-publication", row, Meaning.REVISED, _PUBLISHED_HINT
                )

    def _report_meant(self, name: str, row: Row, meaning: Meaning, hint: str) -> None:
        column = row.columns.get(meaning, row.columns[Meaning.REFERENCE])
        self._ledger.report(name, row.sheet, row.row, column, hint)

    def _require_own_keys(self, rows: Iterable[Row]) -> None:
        """Report a reference that two rows of one report have, unless each is for another body."""
        seen: dict[tuple[str, str], list[Row]] = {}
        for row in rows:
            report = row.inspection or f"sheet {row.sheet.name}"
            others = seen.setdefault((report, normalise(row.reference)), [])
            same = [
                other
                for other in others
                if set(other.items) & set(row.items)
                or normalise(other.wording) != normalise(row.wording)
            ]
            if same:
                where = same[0].address(Meaning.REFERENCE)
                hint = f"{where} has it too: give one of the two another reference"
                self._report_meant("key-twice", row, Meaning.REFERENCE, hint)
            others.append(row)


class _Cells:
    """The cells of one row, by what their columns mean."""

    def __init__(self, layout: Layout, row: int) -> None:
        self._layout, self._row = layout, row

    def first(self, meaning: Meaning) -> Column | None:
        """Return the first column of a meaning."""
        return next((column for column, _ in self._layout.meant(meaning)), None)

    def text(self, meaning: Meaning) -> str:
        """Return the text of the first column of a meaning, on one line."""
        column = self.first(meaning)
        if column is None:
            return ""
        return " ".join(text_of(self._layout.table.value(self._row, column.number)).split())

    def texts(self, meaning: Meaning) -> Iterator[tuple[Column, str]]:
        """Yield each column of a meaning with its text, where there is one."""
        for column, _ in self._layout.meant(meaning):
            text = text_of(self._layout.table.value(self._row, column.number))
            if text:
                yield column, text


class _Defaults:
    """What holds for all rows of a sheet that has no column for it."""

    def __init__(self, layout: Layout, inquiry: Inquiry) -> None:
        name = layout.name
        self.report: str | None = ""
        self.kind: Kind | None = None
        self.bodies: list[str] | None = None
        self.cause = ""

        def ask(key: str, text: str, form: Form, **more: Any) -> Any:  # noqa: ANN401  # what TOML has
            return inquiry.ask(Question(("sheets", name, key), text, form, **more))

        if not layout.has(Meaning.REPORT):
            text = f"Which report are the findings of {name} from? Its id or title"
            self.report = ask("report", text, Form.TEXT)
        if not layout.has(Meaning.KIND):
            text = f"What are the rows of {name}?"
            choices = tuple(spec.singular for spec in KINDS.values())
            self.kind = parse_kind(
                ask("kind", text, Form.KIND, choices=choices, proposal="recommendation")
            )
        if not layout.has(Meaning.BODY) and not any(m.body for m in layout.columns.values()):
            text = f"Which force are the findings of {name} for? An id or name; several with commas"
            self.bodies = ask("force", text, Form.BODIES)
        if not layout.has(Meaning.CAUSE):
            text = f"Do all rows of {name} belong to one cause of concern? Its wording, or empty"
            self.cause = ask("cause", text, Form.TEXT, optional=True) or ""


def _short(heading: str) -> str:
    """Return a heading without the one above it."""
    return heading.rpartition(": ")[2]


def target_of(deadline: Deadline | None, published: date) -> PartialDate | None:
    """Return the date that an area for improvement has as its target."""
    if deadline is None or isinstance(deadline, PartialDate):
        return deadline
    if isinstance(deadline, Span):
        return PartialDate.of_day(deadline.after(published))
    return PartialDate.of_day(published)
