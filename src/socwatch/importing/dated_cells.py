"""The dates in the cells of a spreadsheet, with what a person answers about them."""

from __future__ import annotations

from datetime import date

from socwatch.characters import normalise
from socwatch.dates import Deadline, PartialDate, parse_deadline
from socwatch.importing.answers import (
    DAY_FIRST,
    MONTH_FIRST,
    NO_DEADLINE,
    Form,
    Inquiry,
    Question,
)
from socwatch.importing.cell_dates import (
    Order,
    Read,
    TwoWays,
    Unread,
    Words,
    can_be_both,
    numbers_of,
    read_date,
)
from socwatch.importing.layout import Layout
from socwatch.importing.ledger import Fate, Ledger
from socwatch.importing.meanings import Meaning
from socwatch.importing.tables import Column, text_of
from socwatch.importing.words import WordList
from socwatch.store.sheets.cells import SheetFile

_PROPOSED_DATES = {
    **dict.fromkeys(
        ("tbc", "tba", "tbd", "n/a", "na", "none", "-", "nil", "not applicable"), "none"
    ),
    **dict.fromkeys(("to be confirmed", "to be agreed", "not set", "ongoing"), "none"),
    "asap": "immediately",
    "as soon as possible": "immediately",
}
DATED = frozenset(
    {
        Meaning.STARTED,
        Meaning.DONE,
        Meaning.SIGNED_OFF,
        Meaning.PUBLISHED,
        Meaning.DEADLINE,
        Meaning.REVISED,
    }
)
"""The meanings of columns that hold dates."""


class DatedCells:
    """Reads the dates of one spreadsheet, all with the same order of day and month."""

    def __init__(self, file: SheetFile, inquiry: Inquiry, ledger: Ledger, words: WordList) -> None:
        self._file, self._inquiry, self._ledger, self._words = file, inquiry, ledger, words
        self._both_ways: list[tuple[str, str]] = []
        self._orders: set[str] = set()
        self._order: Order | None = inquiry.given("dates")

    def _date(self, layout: Layout, row: int, column: Column, words_of: str) -> Read | None:
        """Return the date of a cell; None where it is empty, unanswered or a problem."""
        value = layout.table.value(row, column.number)
        if value is None:
            return None
        sheet = layout.table.sheet
        found = read_date(value, self._order, from_1904=self._file.counts_from_1904)
        if isinstance(value, str) and self._order is None and (numbers := numbers_of(value)):
            if can_be_both(value):
                self._both_ways.append((sheet.address(row, column.number), text_of(value)))
            else:
                self._orders.add(MONTH_FIRST if numbers[1] > numbers[0] else DAY_FIRST)
        match found:
            case Read():
                return found
            case TwoWays():
                return None
            case Unread():
                self._ledger.report(found.name, sheet, row, column.number, found.hint)
                return None
        return self._worded(layout, row, column, words_of, found)

    def _worded(
        self, layout: Layout, row: int, column: Column, words_of: str, words: Words
    ) -> Read | None:
        """Return the date that a person says a text means. A day of no deadline is left out."""
        where = layout.table.sheet.address(row, column.number)
        question = Question(
            ("words", words_of, words.text),
            f"Which {words_of} is {words.text!r} ({where})?",
            Form.DEADLINE,
            proposal=_PROPOSED_DATES.get(normalise(words.text)),
        )
        answer = self._words.ask(question)
        deadline = parse_deadline(answer) if answer not in {None, NO_DEADLINE} else None
        if deadline is not None:
            return Read(deadline, words.text)
        if answer == NO_DEADLINE and words_of != "deadline":
            self._ledger.fates[layout.name, row, column.number] = Fate.LEFT_OUT
        return None

    def deadline(self, layout: Layout, row: int) -> tuple[Deadline | None, str | None]:
        """Return the first deadline, and its words where they say more than the date."""
        found = layout.meant(Meaning.DEADLINE)
        if not found:
            return None, None
        column, _ = found[0]
        read_ = self._date(layout, row, column, "deadline")
        if read_ is not None:
            return read_.deadline, read_.words
        value = layout.table.value(row, column.number)
        if isinstance(value, str) and isinstance(read_date(value, "day-first"), Words):
            return None, " ".join(text_of(value).split())
        return None, None

    def revised(self, layout: Layout, row: int, column: Column) -> PartialDate | None:
        """Return a later deadline; None where there is none, or it is no date."""
        found = self._date(layout, row, column, "deadline")
        if found is None or isinstance(found.deadline, PartialDate):
            if found is None and self._word_means_none(layout, row, column):
                self._ledger.fates[layout.name, row, column.number] = Fate.LEFT_OUT
            return found.deadline if found and isinstance(found.deadline, PartialDate) else None
        hint = "a later deadline is a date: type it, such as 31 Mar 2026"
        self._ledger.report("date-not-understood", layout.table.sheet, row, column.number, hint)
        return None

    def _word_means_none(self, layout: Layout, row: int, column: Column) -> bool:
        text = " ".join(text_of(layout.table.value(row, column.number)).split())
        return bool(self._words.known("deadline", text) == NO_DEADLINE)

    def day(self, layout: Layout, row: int, column: Column, meaning: Meaning) -> date | None:
        """Return a date that must be known to the day; None where there is none."""
        found = self._date(layout, row, column, "date")
        if found is None:
            return None
        if isinstance(found.deadline, PartialDate) and found.deadline.precision == "day":
            return found.deadline.first
        hint = f"only a part of the date is known: type the day, such as 31 Mar 2026 ({meaning})"
        self._ledger.report("date-not-understood", layout.table.sheet, row, column.number, hint)
        return None

    def find_swapped(self, layout: Layout) -> None:
        """Report a column in which Excel has taken dates with the day first for the other order.

        It turns those up to the 12th into other dates, and leaves the rest as texts.
        """
        for column, (meaning, _) in layout.columns.items():
            if meaning not in DATED:
                continue
            cells = [
                (row, layout.table.sheet.rows[row][column.number]) for row in layout.table.rows
            ]
            days = [(row, v) for row, v in cells if isinstance(v, date)]
            texts = [n for _, v in cells if isinstance(v, str) and (n := numbers_of(v))]
            if len(days) < 2 or not texts:  # noqa: PLR2004  # one alone may be so by chance
                continue
            if all(day.day <= 12 for _, day in days) and all(n[0] > 12 for n in texts):  # noqa: PLR2004  # no month is later
                row = days[0][0]
                hint = (
                    "the dates of this column may have day and month swapped, because every real "
                    "date is up to the 12th and every text is after it: type the real ones again "
                    "with the month as a word"
                )
                self._ledger.report("date-swapped", layout.table.sheet, row, column.number, hint)

    def ask_for_order(self) -> None:
        """Ask whether the day or the month comes first, where a date can be read both ways."""
        if not self._both_ways and len(self._orders) < 2:  # noqa: PLR2004  # there are two orders
            return
        where, text = self._both_ways[0] if self._both_ways else ("", "")
        more = len(self._both_ways) - 1
        example = f"{text} in {where}, and {more} more" if where else "31/03/2026 and 03/31/2026"
        question = Question(
            ("dates",),
            f"Does the day or the month come first in dates such as {example}?",
            Form.CHOICE,
            (DAY_FIRST, MONTH_FIRST),
        )
        self._inquiry.ask(question)
