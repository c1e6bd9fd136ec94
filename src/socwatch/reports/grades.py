"""The history of grades, body by body."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from socwatch.records import Body, Register
from socwatch.reports.items import is_among
from socwatch.reports.status import before_words, grade_tone, grade_words
from socwatch.reports.table import Cell, Column, Report, Row, Table, Tone, cell, count, keyed, prose
from socwatch.tracking import Asked, Graded, grades_as_of

GRADE_COLUMNS: tuple[Column[Row], ...] = (
    keyed("body", "Body", narrowest=10),
    keyed("published", "Published"),
    keyed("grade", "Grade", narrowest=13),
    keyed("direction"),
    keyed("grade_before"),
    keyed("question", "Question", narrowest=16, rank=2),
    keyed("inspection", "Inspection", rank=1, narrowest=10),
    keyed("scale"),
    keyed("sources"),
    keyed("contradicted_by"),
    keyed("note"),
)


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
