"""The history of grades, body by body."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from socwatch.characters import normalise
from socwatch.records import Body, GradeWord, Register, Scale
from socwatch.reports.items import is_among, scope
from socwatch.reports.table import Cell, Column, Report, Table, Tone, count, prose
from socwatch.tracking import Direction, Graded, QueryDates, grades_as_of


def grade_columns(bodies: Mapping[str, Body]) -> tuple[Column[Graded], ...]:
    """Return the facts of a grade; `bodies` are those of the register by id."""
    return (
        Column[Graded](
            "body",
            "Id of the body.",
            lambda g: Cell(g.grade.body, bodies[g.grade.body].name, Tone.STRONG),
        ).under("Body", min_width=10),
        *_FACTS,
    )


def _grade_cell(graded: Graded) -> Cell:
    """The grade, below it the one before."""
    grade = graded.grade.grade
    words = "\n".join(filter(None, (grade_words(grade), before_words(graded))))
    return Cell(grade.value, words, grade_tone(grade), grade_rank(grade))


_FACTS = (
    Column[Graded](
        "published", "The day on which it was published.", lambda g: g.inspection.published, "day"
    ).under("Published"),
    Column[Graded](
        "grade", "A grade of the inspection's scale, or `not-graded`.", _grade_cell
    ).under("Grade", min_width=13),
    Column[Graded](
        "direction",
        "How it compares with the grade before; `null` for the first.",
        lambda g: g.direction.value if g.direction else None,
        Direction,
    ),
    Column[Graded](
        "grade_before",
        "The grade before, on the same question.",
        lambda g: g.before.grade.grade.value if g.before else None,
    ),
    Column[Graded]("question", "What was judged.", lambda g: prose(g.grade.question)).under(
        "Question", min_width=16, drop_order=2
    ),
    Column[Graded]("inspection", "Id of the inspection.", lambda g: g.inspection.id).under(
        "Inspection", min_width=10, drop_order=1
    ),
    Column[Graded](
        "scale",
        "The scale of the inspection.",
        lambda g: g.inspection.scale.value if g.inspection.scale else None,
        Scale,
    ),
    Column[Graded]("sources", "Ids of its sources.", lambda g: g.grade.sources, "texts"),
    Column[Graded](
        "contradicted_by",
        "Ids of the sources that disagree.",
        lambda g: tuple(c.source for c in g.grade.contradicted_by),
        "texts",
    ),
    Column[Graded]("note", "What else a reader should know.", lambda g: prose(g.grade.note)),
)


def grades(register: Register, dates: QueryDates, *, bodies: Collection[Body] = ()) -> Report:
    """Every grade of each body, oldest first."""
    graded = by_body(register, grades_of(register, dates, bodies))
    title = f"Grades of {count(len({g.grade.body for g in graded}), 'body', 'bodies')}"
    columns = grade_columns(register.body_by_id)
    table = Table(
        "rows",
        "",
        columns,
        graded,
        if_empty=f"No grades were published on or before that date{scope(bodies)}.",
    )
    return Report("grades", title, dates, (table,), tuple(contradictions(graded)))


def grades_of(
    register: Register, dates: QueryDates, bodies: Collection[Body] = ()
) -> tuple[Graded, ...]:
    """Return the grades of some bodies, oldest first; a region means all inspected with it."""
    chosen = {body.id for body in bodies}
    return tuple(
        graded
        for graded in grades_as_of(register, dates.as_of)
        if is_among(register.body_by_id[graded.grade.body], chosen)
    )


def by_body(register: Register, graded: Iterable[Graded]) -> tuple[Graded, ...]:
    """Return grades sorted by body and question, otherwise in the order given."""
    names = {body.id: normalise(body.name) for body in register.bodies}
    return tuple(sorted(graded, key=lambda g: (names[g.grade.body], g.grade.question)))


def contradictions(graded: Iterable[Graded]) -> Iterator[str]:
    """What sources say against these grades, a sentence each."""
    for each in graded:
        for contradiction in each.grade.contradicted_by:
            says = " ".join(contradiction.says.split())
            yield f"{each.grade.body}: {contradiction.source} says otherwise: {says}"


def grade_words(grade: GradeWord) -> str:
    """A grade as people write it."""
    return grade.value.replace("-", " ")


def before_words(graded: Graded) -> str:
    """The grade before, with the direction where the two scales can be compared."""
    if graded.before is None:
        return ""
    then = f"{grade_words(graded.before.grade.grade)} in {graded.before.inspection.published.year}"
    match graded.direction:
        case Direction.BETTER:
            return f"up from {then}"
        case Direction.WORSE:
            return f"down from {then}"
        case Direction.SAME:
            return f"as in {graded.before.inspection.published.year}"
        case _:
            return f"{then}, not comparable"


def grade_rank(grade: GradeWord) -> int:
    """Return the place of a grade, best first."""
    return tuple(GradeWord).index(grade)


def grade_tone(grade: GradeWord) -> Tone:
    """What a grade means, for renderers with colours."""
    match grade:
        case GradeWord.INADEQUATE:
            return Tone.OVERDUE
        case GradeWord.REQUIRES_IMPROVEMENT:
            return Tone.DUE_SOON
        case GradeWord.GOOD | GradeWord.OUTSTANDING:
            return Tone.GOOD
        case GradeWord.NOT_GRADED:
            return Tone.MUTED
        case _:
            return Tone.PLAIN
