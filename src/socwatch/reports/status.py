"""Where every body stands: grade, findings by status, what is past its deadline, what is next."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from socwatch.errors import listed
from socwatch.records import Body, BodyKind, GradeWord, Kind, Register, Status
from socwatch.reports.items import ITEM_COLUMNS, STATUS_WORDS, is_among, item_row, sort_items
from socwatch.reports.table import (
    Cell,
    Column,
    Report,
    Row,
    Table,
    Tone,
    cell,
    count,
    keyed,
    spoken,
)
from socwatch.tracking import ENDED, Asked, Direction, Graded, Tracked, grades_as_of, replay

MOST_WARNINGS = 15
"""How many warnings a screen shows before it says what to type for the rest."""

_BODY_ORDER = (BodyKind.REGION, BodyKind.REGIONAL_UNIT, BodyKind.FORCE)

STATUS_COLUMNS: tuple[Column[Row], ...] = (
    keyed("body"),
    keyed("name", "Body", narrowest=12),
    keyed("kind"),
    keyed("region"),
    keyed("grade", "Grade", narrowest=13),
    keyed("graded"),
    keyed("grade_before"),
    keyed("graded_before"),
    keyed("direction"),
    keyed("causes_of_concern", "Causes", align="right", rank=3),
    keyed("causes_of_concern_ended"),
    keyed("recommendations", "Recommendations", narrowest=15),
    keyed("recommendations_stated"),
    *(keyed(f"recommendations_{status.replace('-', '_')}") for status in Status),
    keyed("areas_for_improvement", "AFIs", align="right", rank=2),
    keyed("areas_for_improvement_ended"),
    keyed("overdue", "Overdue", align="right"),
    keyed("due_soon"),
    keyed("next_deadline", "Next deadline", rank=1, narrowest=8),
)

Held = Mapping[str | None, int]
"""How many recommendations are on record for each cause of concern."""

_WARNING_SHOWN = (
    keyed("timing", "Days"),
    keyed("id", "Item"),
    keyed("body", "Body", narrowest=12, rank=1),
    keyed("summary", "Summary", narrowest=20, long=True),
    keyed("status", "Status", narrowest=8, rank=2),
    keyed("deadline", "Deadline"),
)
_WARNING_COLUMNS = _WARNING_SHOWN + tuple(
    keyed(column.key)
    for column in ITEM_COLUMNS
    if column.key not in {shown.key for shown in _WARNING_SHOWN}
)


class Standing(NamedTuple):
    """A body with its items and its grades, as of a day."""

    body: Body
    items: tuple[Tracked, ...]
    grades: tuple[Graded, ...]


def status(register: Register, asked: Asked, *, bodies: Iterable[Body] = ()) -> Report:
    """A row for each body by region, then what is past its deadline, then what is due soon.

    A region among `bodies` means all that is inspected with it; none means every body.
    """
    within = asked.within
    held = Counter(finding.part_of for finding in register.findings)
    chosen = {body.id for body in bodies}
    standings = [
        standing for standing in _standings(register, asked) if is_among(standing.body, chosen)
    ]
    items = [item for standing in standings for item in standing.items]
    overdue = sort_items((item for item in items if item.overdue), ("days",))
    soon = sort_items((item for item in items if item.due_within(within)), ("days",))
    return Report(
        "status",
        register.title or "Where every force stands",
        asked,
        (
            Table(
                "rows",
                "",
                STATUS_COLUMNS,
                tuple(_row(register, standing, within, held) for standing in standings),
                if_empty="The register holds no bodies.",
            ),
            _overdue_table(overdue, within),
            Table(
                "due_soon",
                f"Due within {count(within, 'day')}",
                _WARNING_COLUMNS,
                tuple(item_row(item, within) for item in soon),
                if_empty=f"Nothing falls due within {count(within, 'day')}.",
                max_rows=MOST_WARNINGS,
                more_hint=f"socwatch list --due-within {within}",
                tone=Tone.DUE_SOON,
            ),
        ),
        (
            *_asked_again(overdue, standings),
            *_missing_recommendations(standings, held),
            *_not_on_record(standings),
        ),
    )


def _standings(register: Register, asked: Asked) -> list[Standing]:
    items: defaultdict[str, list[Tracked]] = defaultdict(list)
    for item in replay(register, asked.as_of, as_known=asked.as_known):
        items[item.body.id].append(item)
    grades: defaultdict[str, list[Graded]] = defaultdict(list)
    for graded in grades_as_of(register, asked.as_of):
        grades[graded.grade.body].append(graded)
    names = {body.id: body.name for body in register.bodies}

    def order(body: Body) -> tuple[str, int, str]:
        region = body.id if body.kind is BodyKind.REGION else body.region
        rank = _BODY_ORDER.index(body.kind)
        return (names.get(region or "", "\uffff").casefold(), rank, body.name.casefold())

    return [
        Standing(body, tuple(items[body.id]), tuple(grades[body.id]))
        for body in sorted(register.bodies, key=order)
    ]


def _row(register: Register, standing: Standing, within: int, held: Held) -> Row:
    body, items = standing.body, standing.items
    region = register.body_by_id.get(body.region or body.id)
    of_kind: dict[Kind, list[Tracked]] = {kind: [] for kind in Kind}
    for item in items:
        of_kind[item.finding.kind].append(item)
    causes, recommendations = of_kind[Kind.CAUSE_OF_CONCERN], of_kind[Kind.RECOMMENDATION]
    areas = of_kind[Kind.AREA_FOR_IMPROVEMENT]
    by_status = Counter(item.status for item in recommendations)
    overdue = sum(item.overdue for item in items)
    soon = sum(item.due_within(within) for item in items)
    following = min((i.deadline_ahead for i in items if i.deadline_ahead), default=None)
    return Row(
        {
            "body": cell(body.id),
            "name": cell(body.name, tone=Tone.STRONG),
            "kind": cell(body.kind.value),
            "region": cell(body.region),
            **_grade_cells(standing.grades),
            "causes_of_concern": _counted(causes),
            "causes_of_concern_ended": cell(_ended(causes)),
            "recommendations": _recommendations_cell(recommendations, causes, held),
            "recommendations_stated": cell(_stated(causes)),
            **{
                f"recommendations_{status.replace('-', '_')}": cell(by_status[status])
                for status in Status
            },
            "areas_for_improvement": _counted(areas),
            "areas_for_improvement_ended": cell(_ended(areas)),
            "overdue": cell(overdue, tone=Tone.OVERDUE if overdue else Tone.MUTED),
            "due_soon": cell(soon),
            "next_deadline": cell(following, tone=Tone.DUE_SOON if soon else Tone.PLAIN),
        },
        group=region.name if region and region.kind is BodyKind.REGION else "In no region",
    )


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


def _grade_cells(grades: Sequence[Graded]) -> dict[str, Cell]:
    if not grades:
        nothing = dict.fromkeys(
            ("graded", "grade_before", "graded_before", "direction"), cell(None)
        )
        return {"grade": Cell(None, "no grade on record", Tone.MUTED), **nothing}
    latest = grades[-1]
    beside = {g.grade.question: g for g in grades if g.grade.question != latest.grade.question}
    words = grade_words(latest.grade.grade)
    lines = [words, before_words(latest)]
    lines += [_beside(other, latest) for other in beside.values()]
    before = latest.before
    return {
        "grade": Cell(
            latest.grade.grade.value,
            "\n".join(filter(None, lines)),
            grade_tone(latest.grade.grade),
        ),
        "graded": cell(latest.inspection.published),
        "grade_before": cell(before.grade.grade.value if before else None),
        "graded_before": cell(before.inspection.published if before else None),
        "direction": cell(latest.direction.value if latest.direction else None),
    }


def _beside(other: Graded, latest: Graded) -> str:
    """The latest grade on another question than that of the body's latest grade."""
    words = f"{other.grade.question}: {grade_words(other.grade.grade)}"
    if other.inspection is latest.inspection:
        return words
    return f"{words} in {other.inspection.published.year}"


def _counted(items: Sequence[Tracked]) -> Cell:
    ended = _ended(items)
    words = f"{len(items) - ended} live, {ended} ended" if ended else f"{len(items)}"
    return Cell(len(items), words, Tone.PLAIN if items else Tone.MUTED)


def _ended(items: Iterable[Tracked]) -> int:
    return sum(item.status in ENDED for item in items)


def _recommendations_cell(items: Sequence[Tracked], causes: Sequence[Tracked], held: Held) -> Cell:
    by_status = Counter(item.status for item in items)
    shares = [f"{n} {STATUS_WORDS[s]}" for s in Status if (n := by_status[s])]
    lines = [", ".join(shares)]
    if len(shares) == 1 and len(items) > 1:
        lines = [f"all {shares[0]}"]
    elif len(shares) > 1:
        lines = [f"{lines[0]}, of {len(items)}"]
    for cause in causes:
        stated = cause.finding.recommendations_stated
        if stated is not None and held[cause.finding.id] < stated:
            share = f"{held[cause.finding.id]} of {stated} on record"
            lines.append(share if len(causes) == 1 else f"{cause.finding.id}: {share}")
    words = "\n".join(filter(None, lines))
    return Cell(len(items), words or "none", Tone.PLAIN if words else Tone.MUTED)


def _stated(causes: Iterable[Tracked]) -> int | None:
    stated = [cause.finding.recommendations_stated for cause in causes]
    known = [number for number in stated if number is not None]
    return sum(known) if known else None


def _overdue_table(overdue: Sequence[Tracked], within: int) -> Table[Row]:
    return Table(
        "overdue",
        f"Past {'its' if len(overdue) == 1 else 'their'} deadline: "
        f"{count(len(overdue), 'item')} with no completion on record",
        _WARNING_COLUMNS,
        tuple(item_row(item, within) for item in overdue),
        if_empty="Nothing on record is past its deadline.",
        max_rows=MOST_WARNINGS,
        more_hint="socwatch list --overdue",
        tone=Tone.OVERDUE,
    )


def _asked_again(overdue: Iterable[Tracked], standings: Iterable[Standing]) -> Iterator[str]:
    """Which of the overdue items the same body was later asked for once more."""
    later: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for standing in standings:
        for item in standing.items:
            for earlier in item.finding.recurs_from:
                later[earlier, item.body.id].append(item.id)
    for item in overdue:
        if again := later.get(item.key):
            yield f"{item.id} recurs as {', '.join(again)}."


def _missing_recommendations(standings: Iterable[Standing], held: Held) -> Iterator[str]:
    causes = {
        item.finding.id: item.finding
        for standing in standings
        for item in standing.items
        if item.finding.recommendations_stated is not None
    }
    for cause in causes.values():
        stated = cause.recommendations_stated or 0
        if held[cause.id] < stated:
            yield (
                f"{cause.id}: its source counts {count(stated, 'recommendation')}, "
                f"of which {held[cause.id]} {'is' if held[cause.id] == 1 else 'are'} on record."
            )


def _not_on_record(standings: Iterable[Standing]) -> Iterator[str]:
    """What the inspections behind these figures said that is not among them, each once."""
    inspections = {
        inspection.id: inspection
        for standing in standings
        for inspection in (
            *(graded.inspection for graded in standing.grades),
            *(item.inspection for item in standing.items),
        )
    }
    for inspection in inspections.values():
        for missing in inspection.not_on_record:
            yield f"{inspection.id}, not on record: {missing}"


def standing_words(body: Body, tracked: Iterable[Tracked]) -> str:
    """One sentence on where a body stands: "3 of 9 recommendations done; next deadline …"."""
    items = [i for i in tracked if i.body.id == body.id]
    recommendations = [i for i in items if i.finding.kind is Kind.RECOMMENDATION]
    counted = recommendations or [i for i in items if i.status is not None]
    noun = "recommendation" if recommendations else "finding"
    done = sum(item.completed is not None for item in counted)
    words = f"{body.name}: {done} of {count(len(counted), noun)} done on record"
    overdue = sum(item.overdue for item in items)
    if overdue:
        what = f"{overdue:,}"
        if overdue > sum(item.overdue for item in counted):
            what = count(overdue, "item")  # more than those that were just counted
        words += f", {what} past {'its' if overdue == 1 else 'their'} deadline"
    ahead = [item.deadline_ahead for item in items if item.deadline_ahead]
    if ahead:
        return f"{words}; next deadline {spoken(min(ahead))}"
    return f"{words}; none ahead" if overdue else f"{words}; no deadline ahead"


def left_open_words(cause: Tracked, tracked: Iterable[Tracked]) -> Iterator[str]:
    """A warning where a cause of concern has ended before all its recommendations have."""
    left = [
        f"{item.id} ({STATUS_WORDS[item.status]})"
        for item in tracked
        if item.finding.part_of == cause.finding.id and item.body.id == cause.body.id
        if item.live and item.status is not None  # the latter follows, which mypy cannot see
    ]
    if left and cause.status in ENDED:
        verb = "has" if len(left) == 1 else "have"
        what = count(len(left), "recommendation")
        yield f"{cause.id}: {what} of it {verb} not ended: {listed(left)}"
