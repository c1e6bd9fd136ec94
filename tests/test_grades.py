"""Grades: how each compares with the one before it, where the two can be compared at all."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given

import oracle
from oracle import A_DAY, Row, Rows
from socwatch.records import SCALES, GradeWord, Scale
from socwatch.rules import find_problems
from socwatch.tracking import Direction, Graded, grades_as_of
from strategies import graded_registers, register_of

FAR = date(2040, 1, 1)
SOC = "Tackling serious and organised crime"


def inspection(name: str, published: date, scale: str | None = "five-grades") -> Row:
    """A report."""
    row = {"id": name, "title": name, "inspectorate": "HMICFRS", "published": published}
    return row | ({"scale": scale} if scale else {})


def grade(of: str, word: str, body: str = "west-mercia", question: str = SOC) -> Row:
    """A grade that a report gave."""
    return {"inspection": of, "body": body, "question": question, "grade": word}


def rows_of(inspections: list[Row], grades: list[Row]) -> Rows:
    """A register of two forces, their reports and grades."""
    return {
        "format": 1,
        "bodies": [
            {"id": "west-mercia", "name": "West Mercia Police", "kind": "force"},
            {"id": "staffordshire", "name": "Staffordshire Police", "kind": "force"},
        ],
        "inspections": inspections,
        "grades": grades,
    }


def graded(rows: Rows, as_of: date = FAR) -> tuple[Graded, ...]:
    """Every grade as of a day."""
    return grades_as_of(register_of(rows), as_of)


def direction(now: str, before: str, scale: str | None, scale_before: str | None) -> str | None:
    """How a grade compares with the one before it, by the scales on which they were given."""
    rows = rows_of(
        [
            inspection("first", date(2018, 3, 22), scale_before),
            inspection("second", date(2024, 5, 14), scale),
        ],
        [grade("first", before), grade("second", now)],
    )
    first, second = graded(rows)
    assert first.direction is None
    assert second.before is not None
    assert second.before.grade.grade == before
    return second.direction


@pytest.mark.parametrize("scale", Scale)
def test_a_better_grade_stands_nearer_to_outstanding(scale: Scale) -> None:
    """On one scale, any two of its grades are better, worse or the same, by their order on it."""
    words = SCALES[scale]
    for now, word in enumerate(words):
        for before, word_before in enumerate(words):
            expected = "same" if now == before else "better" if now < before else "worse"
            assert direction(word, word_before, scale, scale) == expected


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        ("good", "inadequate", "better"),
        ("good", "adequate", "better"),
        ("adequate", "requires-improvement", "better"),
        ("inadequate", "requires-improvement", "worse"),
        ("adequate", "outstanding", "worse"),
        ("inadequate", "inadequate", "same"),
    ],
)
def test_five_grades_from_outstanding_to_inadequate(now: str, before: str, expected: str) -> None:
    """Outstanding, good, adequate, requires improvement, inadequate: in this order, best first."""
    assert direction(now, before, "five-grades", "five-grades") == expected


@pytest.mark.parametrize("now", ["outstanding", "good", "requires-improvement", "inadequate"])
def test_grades_of_two_scales_are_not_compared(now: str) -> None:
    """The same word before 2021/22 and since is not the same grade, nor a better or worse one."""
    for before in ("outstanding", "good", "requires-improvement", "inadequate"):
        assert direction(now, before, "five-grades", "four-grades") == "not-comparable"
        assert direction(now, before, "four-grades", "five-grades") == "not-comparable"
        assert direction(now, before, "four-grades", "four-grades") != "not-comparable"


def test_what_is_not_graded_is_not_compared() -> None:
    """Where a body was inspected and not graded, nothing got better, worse or stayed the same."""
    for now, before in (
        ("not-graded", "good"),
        ("good", "not-graded"),
        ("not-graded", "not-graded"),
    ):
        assert direction(now, before, "five-grades", "five-grades") == "not-comparable"
    assert GradeWord.NOT_GRADED not in {word for words in SCALES.values() for word in words}


def test_grades_on_no_known_scale_are_not_compared() -> None:
    """A report that does not say which grades it could give leaves nothing to compare."""
    assert direction("not-graded", "not-graded", None, None) == "not-comparable"
    assert direction("good", "not-graded", "five-grades", None) == "not-comparable"


WEST_MERCIA = rows_of(
    [
        inspection("soc-2024", date(2024, 5, 14)),
        inspection("peel-2017", date(2018, 3, 22), "four-grades"),
        inspection("peel-2018", date(2019, 9, 27), "four-grades"),
    ],
    [
        grade("soc-2024", "inadequate"),
        grade("soc-2024", "requires-improvement", "staffordshire"),
        grade("peel-2018", "good"),
        grade("peel-2017", "inadequate"),
    ],
)


def test_a_history_of_grades() -> None:
    """West Mercia went from inadequate to good, and what it got in 2024 cannot be compared."""
    assert list(find_problems(register_of(WEST_MERCIA))) == []
    history = [
        (g.inspection.published.year, g.grade.grade, g.direction)
        for g in graded(WEST_MERCIA)
        if g.grade.body == "west-mercia"
    ]
    assert history == [
        (2018, GradeWord.INADEQUATE, None),
        (2019, GradeWord.GOOD, Direction.BETTER),
        (2024, GradeWord.INADEQUATE, Direction.NOT_COMPARABLE),
    ]


def test_a_grade_is_there_from_publication_on() -> None:
    """The day before a report there are the grades of earlier ones, and on the day its own too."""
    day = date(2019, 9, 27)
    assert [g.inspection.id for g in graded(WEST_MERCIA, day - A_DAY)] == ["peel-2017"]
    assert [g.inspection.id for g in graded(WEST_MERCIA, day)] == ["peel-2017", "peel-2018"]
    assert graded(WEST_MERCIA, date(2018, 3, 21)) == ()


def test_each_body_and_question_has_its_own_history() -> None:
    """The grade before is that of the same body on the same question, and of no other."""
    rows = rows_of(
        [inspection("first", date(2022, 1, 1)), inspection("second", date(2024, 1, 1))],
        [
            grade("first", "good"),
            grade("first", "inadequate", question="Leadership"),
            grade("second", "adequate"),
            grade("second", "inadequate", "staffordshire"),
            grade("second", "good", question="Leadership"),
        ],
    )
    told = [(g.grade.body, g.grade.question, g.direction) for g in graded(rows)]
    assert told == [
        ("west-mercia", SOC, None),
        ("west-mercia", "Leadership", None),
        ("west-mercia", SOC, Direction.WORSE),
        ("staffordshire", SOC, None),
        ("west-mercia", "Leadership", Direction.BETTER),
    ]


def test_the_grade_before_is_the_last_one() -> None:
    """Of three grades, the third is held against the second, which is held against the first."""
    rows = rows_of(
        [inspection(f"r{year}", date(year, 1, 1)) for year in (2022, 2023, 2024)],
        [grade("r2022", "good"), grade("r2023", "inadequate"), grade("r2024", "adequate")],
    )
    *_, last = graded(rows)
    assert last.before is not None
    assert last.before.before is not None
    assert [g.grade.grade for g in (last, last.before, last.before.before)] == [
        GradeWord.ADEQUATE,
        GradeWord.INADEQUATE,
        GradeWord.GOOD,
    ]
    assert last.before.before.before is None
    assert last.direction is Direction.BETTER


@given(rows=graded_registers())
def test_grades_agree_with_the_oracle(rows: Rows) -> None:
    """On any day the grades, their order and their directions are what the rules say."""
    register = register_of(rows)
    assert list(find_problems(register)) == []
    published = {row["published"] for row in rows["inspections"]}
    for day in sorted({day + step * A_DAY for day in published for step in (-1, 0, 1)}):
        told = [_plain(each) for each in grades_as_of(register, day)]
        assert told == oracle.grades(rows, day)


def _plain(each: Graded) -> Row:
    row: Row = {
        "inspection": each.inspection.id,
        "body": each.grade.body,
        "question": each.grade.question,
        "grade": each.grade.grade,
        "scale": each.inspection.scale,
        "before": _plain(each.before) if each.before else None,
    }
    return row | {"direction": each.direction}
