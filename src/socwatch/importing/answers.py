"""The answers that a person has given about a spreadsheet, and the questions that are left.

Answers are plain nested values, as TOML has them. An `Inquiry` goes along with one reading of the
spreadsheet: it gives each answer that there is, and turns each that there is not into a question.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from socwatch.characters import normalise
from socwatch.dates import PartialDate, parse_deadline, parse_partial
from socwatch.errors import AnswerRefused, UsageError, join_names
from socwatch.importing.meanings import MEANINGS, Said, parse_kind, parse_meaning
from socwatch.records import KINDS, BodyKind
from socwatch.typed_dates import parse_day

FORMAT = 1
UNANSWERED = "?"
"""What stands in the answers for what is not answered yet."""

Path = tuple[str, ...]
"""Where in the answers an answer is: ("sheets", "Tracker", "columns", "Ref")."""


class Form(StrEnum):
    """What sort of answer a question takes."""

    TEXT = "text"
    CHOICE = "choice"
    YES_NO = "yes or no"
    DATE = "date"
    DEADLINE = "deadline"
    ROWS = "rows"
    MEANING = "meaning"
    KIND = "kind"
    BODIES = "bodies"


class Question(NamedTuple):
    """Something that no program may guess."""

    path: Path
    text: str
    form: Form = Form.TEXT
    choices: tuple[str, ...] = ()
    proposal: Any = None
    """The answer that seems likely; None where nothing is."""
    optional: bool = False
    """Whether it may be left empty."""

    @property
    def group(self) -> Path:
        """Questions of one group are asked together."""
        return self.path[:-1]


AS_ABOVE, EMPTY = "as above", "empty"
DAY_FIRST, MONTH_FIRST = "day-first", "month-first"
ON_SHEET_DATE, REFUSE = "sheet-date", "refuse"
CAUSE, REPORT, BODY, LEAVE_OUT = "cause of concern", "report", "force", "leave out"
"""What the rows with one cell can be."""

NO_DEADLINE = "none"

_SHEET_KEYS = frozenset(
    {"use", "headings", "ends", "single_cells", "report", "kind", "cause", "force"}
)
_TOP_KEYS = frozenset(
    {"format", "tracker", "title", "sheet_date", "by", "agreed_by", "signed_off_by", "inspectorate"}
    | {"dates", "undated", "separator"}
)
_WORD_KEYS = frozenset({"status", "kind", "force", "deadline", "date"})


class Inquiry:
    """The answers so far; what is asked of them and missing becomes a question."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self.answers: dict[str, Any] = deepcopy(dict(answers))
        """The answers, with proposals, or "?", where there is none yet."""
        self.questions: list[Question] = []

    def ask(self, question: Question) -> Any:  # noqa: ANN401  # what TOML has
        """Return the answer to a question; the proposal, or None, where there is none yet."""
        given = _get(self.answers, question.path)
        if given is not None and given != UNANSWERED:
            answer = check_answer(question, given)
            put(self.answers, question.path, answer)
            return answer
        dates = {each.path for each in self.questions}
        if question.path not in dates:
            self.questions.append(question)
        put(self.answers, question.path, proposal_of(question))
        return question.proposal

    def given(self, *path: str) -> Any:  # noqa: ANN401  # what TOML has
        """Return an answer that is never asked for; None where there is none."""
        found = _get(self.answers, path)
        return None if found == UNANSWERED else found


def proposal_of(question: Question) -> Any:  # noqa: ANN401  # what TOML has
    """Return what stands in the answers until a question is answered."""
    if question.proposal is not None:
        return question.proposal
    return "" if question.optional else UNANSWERED


def _get(answers: Mapping[str, Any], path: Path) -> Any:  # noqa: ANN401  # what TOML has
    """Return the answer at a path; the words of a spreadsheet are found in whatever spelling."""
    found: Any = answers
    for key in path:
        if not isinstance(found, Mapping):
            return None
        if key in found:
            found = found[key]
            continue
        wanted = normalise(key)
        found = next((v for name, v in found.items() if normalise(name) == wanted), None)
    return found


def put(answers: dict[str, Any], path: Path, value: Any) -> None:  # noqa: ANN401  # what TOML has
    """Set the answer at a path."""
    for key in path[:-1]:
        wanted = normalise(key)
        name = next((name for name in answers if normalise(name) == wanted), key)
        answers = answers.setdefault(name, {})
    wanted = normalise(path[-1])
    name = next((name for name in answers if normalise(name) == wanted), path[-1])
    answers[name] = value


def check_answer(question: Question, value: Any) -> Any:  # noqa: ANN401  # what TOML has
    """Return an answer in the form that the reading takes. Raises AnswerRefused."""
    if question.optional and value == "":
        return ""
    match question.form:
        case Form.YES_NO if isinstance(value, bool):
            return value
        case Form.DATE if isinstance(value, date) and not isinstance(value, datetime):
            return value
        case Form.ROWS if isinstance(value, list) and value and _are_rows(value):
            return value
        case Form.BODIES if isinstance(value, list) and value:
            return [str(each) for each in value]
        case Form.DEADLINE if isinstance(value, date):
            return value
    if isinstance(value, str) and (text := " ".join(value.split())):
        return parse_answer(question, text)
    raise _refused(question, value)


def _are_rows(value: list[Any]) -> bool:
    return all(isinstance(each, int) and each > 0 for each in value)


def parse_answer(question: Question, text: str) -> Any:  # noqa: ANN401, C901  # one case for each form
    """Return the answer that a typed text is. Raises AnswerRefused."""
    match question.form:
        case Form.TEXT:
            return text
        case Form.CHOICE:
            plain = normalise(text)
            found = [each for each in question.choices if normalise(each).startswith(plain)]
            exact = [each for each in found if normalise(each) == plain]
            if exact or len(found) == 1:
                return (exact or found)[0]
        case Form.YES_NO:
            if normalise(text) in {"y", "yes", "true"}:
                return True
            if normalise(text) in {"n", "no", "false"}:
                return False
        case Form.DATE:
            return _parse_day(question, text)
        case Form.ROWS:
            numbers = [part.strip() for part in text.replace("and", ",").split(",")]
            if all(part.isdecimal() and 0 < len(part) < 8 for part in numbers):  # noqa: PLR2004  # no row has more digits
                return sorted(map(int, numbers))
        case Form.MEANING:
            if (meaning := parse_meaning(text)) is not None:
                return str(meaning)
        case Form.KIND:
            if (kind := parse_kind(text)) is not None:
                return KINDS[kind].singular
        case Form.BODIES:
            return [part.strip() for part in text.split(",") if part.strip()]
        case Form.DEADLINE:
            return _parse_deadline(question, text)
    raise _refused(question, text)


def _parse_day(question: Question, text: str) -> date:
    partial = parse_partial(text)
    if partial is not None and partial.precision == "day":
        return partial.first
    try:
        return parse_day(text, today=date.min)
    except UsageError:
        raise _refused(question, text) from None


def _parse_deadline(question: Question, text: str) -> str | date:
    plain = normalise(text)
    if plain == NO_DEADLINE:
        return NO_DEADLINE
    if (deadline := parse_deadline(plain)) is not None:
        is_day = isinstance(deadline, PartialDate) and deadline.precision == "day"
        return deadline.first if is_day and isinstance(deadline, PartialDate) else str(deadline)
    return _parse_day(question, text)


_EXAMPLES: Mapping[Form, str] = {
    Form.YES_NO: "yes or no",
    Form.DATE: "a date such as 2026-03-31 or 31 Mar 2026",
    Form.DEADLINE: "none, immediately, 2026-03-31, 2026-03 (a month), or 6 months",
    Form.ROWS: "the number of the row, or two numbers such as 4, 5",
    Form.MEANING: ", ".join(MEANINGS),
    Form.KIND: ", ".join(spec.singular for spec in KINDS.values()),
    Form.BODIES: "ids or names, with commas between them",
    Form.TEXT: "some words",
}


def example_of(question: Question) -> str:
    """Return what can be answered, for a hint."""
    return ", ".join(question.choices) or _EXAMPLES[question.form]


def _refused(question: Question, value: object) -> AnswerRefused:
    message = f"{'.'.join(question.path)} cannot be {value!r}"
    return AnswerRefused(message, remedy=f"use {example_of(question)}")


def check_keys(answers: Mapping[str, Any], name: str) -> None:
    """Raise AnswerRefused for a key of an answers file that nothing asks for."""
    tables: Iterable[tuple[str, Any, frozenset[str]]] = (
        ("", {k: v for k, v in answers.items() if not isinstance(v, Mapping)}, _TOP_KEYS),
        ("words.", answers.get("words", {}), _WORD_KEYS),
        *(
            (
                f"sheets.{sheet}.",
                {k: v for k, v in keys.items() if not isinstance(v, Mapping)},
                _SHEET_KEYS,
            )
            for sheet, keys in _mapping(answers.get("sheets", {}))
        ),
    )
    for where, found, known in tables:
        odd = sorted(set(found) - known) if isinstance(found, Mapping) else [where.rstrip(".")]
        if odd:
            message = f"{name} has a key that socwatch does not know: {where}{odd[0]}"
            raise AnswerRefused(
                message, remedy=f"take it out; there are: {join_names(sorted(known))}"
            )
    odd = sorted(
        key
        for key, value in answers.items()
        if isinstance(value, Mapping) and key not in {"sheets", "words", "reports", "bodies"}
    )
    if odd:
        message = f"{name} has a table that socwatch does not know: [{odd[0]}]"
        raise AnswerRefused(message, remedy="take it out")
    if answers.get("format", FORMAT) != FORMAT:
        message = f"{name} was written by a newer socwatch"
        raise AnswerRefused(message, remedy="install the newest version of socwatch")


def _mapping(value: Any) -> list[tuple[str, Mapping[str, Any]]]:  # noqa: ANN401  # what TOML has
    if not isinstance(value, Mapping):
        return []
    return [(key, each) for key, each in value.items() if isinstance(each, Mapping)]


STATUS_CHOICES = tuple(map(str, Said))
BODY_KINDS = tuple(map(str, BodyKind))
