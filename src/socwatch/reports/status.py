"""The position of every body: grade, findings by status, what is past its deadline and next."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from socwatch.characters import normalise
from socwatch.errors import join_names
from socwatch.records import Body, BodyKind, Kind, Register, Status
from socwatch.reports.grades import before_words, grade_rank, grade_tone, grade_words
from socwatch.reports.items import STATUS_WORDS, is_among, item_columns, scope, sort_items
from socwatch.reports.table import (
    EMPTY,
    Cell,
    Column,
    Report,
    Table,
    Tone,
    by_key,
    cell,
    count,
    format_value,
    with_others,
)
from socwatch.tracking import (
    ENDED,
    Direction,
    Graded,
    QueryDates,
    TrackedItem,
    grades_as_of,
    replay,
)

MAX_WARNINGS = 15
"""How many warnings a screen shows before it says what to type for the rest."""

_BODY_ORDER = (BodyKind.REGION, BodyKind.REGIONAL_UNIT, BodyKind.FORCE)


class BodyPosition(NamedTuple):
    """A body with its items and its grades, as of a day."""

    body: Body
    region: Body | None
    items: Sequence[TrackedItem]
    grades: Sequence[Graded]
    """Oldest first."""
    of_kind: Mapping[Kind, Sequence[TrackedItem]]
    by_status: Mapping[Status | None, int]
    """How many of its recommendations have each status."""
    held: Mapping[str | None, int]
    """How many recommendations the register has for each cause of concern."""
    due_soon: int

    @property
    def causes(self) -> Sequence[TrackedItem]:
        """Its causes of concern."""
        return self.of_kind[Kind.CAUSE_OF_CONCERN]

    @property
    def areas(self) -> Sequence[TrackedItem]:
        """Its areas for improvement."""
        return self.of_kind[Kind.AREA_FOR_IMPROVEMENT]

    @property
    def overdue(self) -> int:
        """How many of its items are past their deadline."""
        return sum(item.overdue for item in self.items)

    @property
    def next_deadline(self) -> date | None:
        """The next deadline that is still to come."""
        return min((i.deadline_ahead for i in self.items if i.deadline_ahead), default=None)

    @property
    def latest(self) -> Graded | None:
        """Its latest grade."""
        return self.grades[-1] if self.grades else None

    @property
    def before(self) -> Graded | None:
        """The grade before that, on the same question."""
        return self.grades[-1].before if self.grades else None


def status(register: Register, dates: QueryDates, *, bodies: Iterable[Body] = ()) -> Report:
    """A row for each body by region, then what is past its deadline, then what is due soon.

    A region among `bodies` means all that is inspected with it; none means every body.
    """
    bodies = tuple(bodies)
    within, about = dates.within, scope(bodies)
    tracked = replay(register, dates.as_of, recorded_until=dates.recorded_until)
    graded = grades_as_of(register, dates.as_of)
    found = positions(register, tracked, graded, within, bodies)
    items = [item for position in found for item in position.items]
    overdue = sort_items((item for item in items if item.overdue), ("days",))
    soon = sort_items((item for item in items if item.due_within(within)), ("days",))
    return Report(
        "status",
        register.title or "Where every force stands",
        dates,
        (
            Table(
                "rows",
                "",
                POSITION_COLUMNS,
                found,
                group=_region_name,
                if_empty="The register holds no bodies.",
            ),
            Table(
                "overdue",
                f"Overdue{about}: {count(len(overdue), 'item')} with no completion on record",
                _warning_columns(within),
                overdue,
                if_empty=f"No items are overdue{about}.",
                max_rows=MAX_WARNINGS,
                more_hint="socwatch list --overdue",
                tone=Tone.OVERDUE,
            ),
            Table(
                "due_soon",
                f"Due within {count(within, 'day')}{about}",
                _warning_columns(within),
                soon,
                if_empty=f"No items are due within {count(within, 'day')}{about}.",
                max_rows=MAX_WARNINGS,
                more_hint=f"socwatch list --due-within {within}",
                tone=Tone.DUE_SOON,
            ),
        ),
        (*recurrences(found, overdue), *gaps(found)),
    )


def positions(
    register: Register,
    tracked: Iterable[TrackedItem],
    graded: Iterable[Graded],
    within: int,
    bodies: Iterable[Body] = (),
) -> tuple[BodyPosition, ...]:
    """Return the position of each body by region, from the items and grades of a day.

    `within` is how many days ahead an item is due soon. A region among `bodies` means all that is
    inspected with it; none means every body.
    """
    chosen = {body.id for body in bodies}
    items: defaultdict[str, list[TrackedItem]] = defaultdict(list)
    for item in tracked:
        items[item.body.id].append(item)
    grades: defaultdict[str, list[Graded]] = defaultdict(list)
    for each in graded:
        grades[each.grade.body].append(each)
    held = Counter(finding.part_of for finding in register.findings)
    names = {body.id: body.name for body in register.bodies}

    def order(body: Body) -> tuple[str, int, str]:
        region = body.id if body.kind is BodyKind.REGION else body.region
        rank = _BODY_ORDER.index(body.kind)
        return (normalise(names.get(region or "", "\uffff")), rank, normalise(body.name))

    def position(body: Body) -> BodyPosition:
        mine = items[body.id]
        of_kind: dict[Kind, list[TrackedItem]] = {kind: [] for kind in Kind}
        for item in mine:
            of_kind[item.finding.kind].append(item)
        by_status = Counter(item.status for item in of_kind[Kind.RECOMMENDATION])
        soon = sum(item.due_within(within) for item in mine)
        region = register.body_by_id.get(body.region or body.id)
        return BodyPosition(body, region, mine, grades[body.id], of_kind, by_status, held, soon)

    ordered = sorted(register.bodies, key=order)
    return tuple(position(body) for body in ordered if is_among(body, chosen))


def _region_name(position: BodyPosition) -> str:
    region = position.region
    return region.name if region and region.kind is BodyKind.REGION else "In no region"


def _warning_columns(within: int) -> tuple[Column[TrackedItem], ...]:
    of = by_key(item_columns(within))
    shown = (
        of["timing"].under("Days"),
        of["id"].under("Item"),
        of["body"].under("Body", min_width=12, drop_order=1),
        of["summary"].under("Summary", min_width=20, long=True),
        of["status"].under("Status", min_width=8, drop_order=2),
        of["deadline"].under("Deadline"),
    )
    return with_others(shown, of.values())


# ------------------------------------------------------------------------------ the facts of a body


def grade_cell(position: BodyPosition) -> Cell:
    """Return the latest grade, below it the one before, and those on other questions."""
    latest = position.latest
    if latest is None:
        return Cell(None, "no grade on record", Tone.MUTED)
    beside = {
        g.grade.question: g for g in position.grades if g.grade.question != latest.grade.question
    }
    lines = [grade_words(latest.grade.grade), before_words(latest)]
    lines += [_other_grade_words(other, latest) for other in beside.values()]
    grade = latest.grade.grade
    words = "\n".join(filter(None, lines))
    return Cell(grade.value, words, grade_tone(grade), grade_rank(grade))


def _other_grade_words(other: Graded, latest: Graded) -> str:
    """The latest grade on another question than that of the body's latest grade."""
    words = f"{other.grade.question}: {grade_words(other.grade.grade)}"
    if other.inspection is latest.inspection:
        return words
    return f"{words} in {other.inspection.published.year}"


def _count_cell(items: Sequence[TrackedItem]) -> Cell:
    ended = _count_ended(items)
    words = f"{len(items) - ended} live, {ended} ended" if ended else f"{len(items)}"
    return Cell(len(items), words, Tone.PLAIN if items else Tone.MUTED)


def _count_ended(items: Iterable[TrackedItem]) -> int:
    return sum(item.status in ENDED for item in items)


def _recommendations_cell(position: BodyPosition) -> Cell:
    number = len(position.of_kind[Kind.RECOMMENDATION])
    shares = [f"{n} {STATUS_WORDS[s]}" for s in Status if (n := position.by_status[s])]
    lines = [", ".join(shares)]
    if len(shares) == 1 and number > 1:
        lines = [f"all {shares[0]}"]
    elif len(shares) > 1:
        lines = [f"{lines[0]}, of {number}"]
    for cause in position.causes:
        stated, held = cause.finding.recommendations_stated, position.held[cause.finding.id]
        if stated is not None and held < stated:
            share = f"{held} of {stated} on record"
            lines.append(share if len(position.causes) == 1 else f"{cause.finding.id}: {share}")
    words = "\n".join(filter(None, lines))
    return Cell(number, words or "none", Tone.PLAIN if words else Tone.MUTED)


def _sum_stated(causes: Iterable[TrackedItem]) -> int | None:
    stated = [cause.finding.recommendations_stated for cause in causes]
    known = [number for number in stated if number is not None]
    return sum(known) if known else None


def _number_of(status: Status) -> Column[BodyPosition]:
    """Return the column of how many recommendations have a status."""
    words = {Status.DONE: "said to be done"}.get(status, STATUS_WORDS[status])
    key, meaning = f"recommendations_{status.replace('-', '_')}", f"Those that are {words}."
    return Column(key, meaning, lambda p: p.by_status[status], "number")


def _overdue_cell(position: BodyPosition) -> Cell:
    overdue = position.overdue
    return cell(overdue, tone=Tone.OVERDUE if overdue else Tone.MUTED)


def _next_deadline_cell(position: BodyPosition) -> Cell:
    tone = Tone.DUE_SOON if position.due_soon else Tone.PLAIN
    return cell(position.next_deadline, tone=tone)


POSITION_COLUMNS: tuple[Column[BodyPosition], ...] = (
    Column[BodyPosition]("body", "Id of the body.", lambda p: p.body.id),
    Column[BodyPosition]("name", "Its name.", lambda p: cell(p.body.name, tone=Tone.STRONG)).under(
        "Body", min_width=12
    ),
    Column[BodyPosition]("kind", "What sort of body it is.", lambda p: p.body.kind.value, BodyKind),
    Column[BodyPosition]("region", "Id of its region.", lambda p: p.body.region),
    Column[BodyPosition]("grade", "Its latest grade.", grade_cell).under("Grade", min_width=13),
    Column[BodyPosition](
        "graded",
        "The day on which that was published.",
        lambda p: p.latest and p.latest.inspection.published,
        "day",
    ),
    Column[BodyPosition](
        "grade_before",
        "The grade before it, on the same question.",
        lambda p: p.before and p.before.grade.grade.value,
    ),
    Column[BodyPosition](
        "graded_before",
        "The day on which that was published.",
        lambda p: p.before and p.before.inspection.published,
        "day",
    ),
    Column[BodyPosition](
        "direction",
        "How the two compare.",
        lambda p: p.latest and p.latest.direction and p.latest.direction.value,
        Direction,
    ),
    Column[BodyPosition](
        "causes_of_concern", "All of them.", lambda p: _count_cell(p.causes), "number"
    ).under("Causes", align="right", drop_order=3),
    Column[BodyPosition](
        "causes_of_concern_ended",
        "Those that are signed off or closed.",
        lambda p: _count_ended(p.causes),
        "number",
    ),
    Column[BodyPosition](
        "recommendations", "All that are on record.", _recommendations_cell, "number"
    ).under("Recommendations", min_width=15),
    Column[BodyPosition](
        "recommendations_stated",
        "How many their sources count, where they do.",
        lambda p: _sum_stated(p.causes),
        "number",
    ),
    *map(_number_of, Status),
    Column[BodyPosition](
        "areas_for_improvement", "All of them.", lambda p: _count_cell(p.areas), "number"
    ).under("AFIs", align="right", drop_order=2),
    Column[BodyPosition](
        "areas_for_improvement_ended",
        "Those that are signed off or closed.",
        lambda p: _count_ended(p.areas),
        "number",
    ),
    Column[BodyPosition](
        "overdue", "Items past their deadline, of any kind.", _overdue_cell, "number"
    ).under("Overdue", align="right"),
    Column[BodyPosition](
        "due_soon", "Items that fall due within `--within` days.", lambda p: p.due_soon, "number"
    ),
    Column[BodyPosition](
        "next_deadline", "The next that is still to come.", _next_deadline_cell, "day"
    ).under("Next deadline", min_width=8, drop_order=1),
)


# ------------------------------------------------------------------------------------- in sentences


def gaps(found: Sequence[BodyPosition]) -> Iterator[str]:
    """Yield what sources mention and the register does not hold, a sentence each."""
    yield from _missing_recommendations(found)
    yield from _not_on_record(found)


def recurrences(found: Iterable[BodyPosition], overdue: Iterable[TrackedItem]) -> Iterator[str]:
    """Yield which of the overdue items the same body was later asked for once more."""
    later: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for position in found:
        for item in position.items:
            for earlier in item.finding.recurs_from:
                later[earlier, item.body.id].append(item.id)
    for item in overdue:
        if again := later.get(item.key):
            yield f"{item.id} recurs as {', '.join(again)}."


def _missing_recommendations(found: Iterable[BodyPosition]) -> Iterator[str]:
    causes = {
        item.finding.id: (item.finding.recommendations_stated, position.held[item.finding.id])
        for position in found
        for item in position.items
        if item.finding.recommendations_stated is not None
    }
    for cause, (stated, held) in causes.items():
        if held < stated:
            yield (
                f"{cause}: its source counts {count(stated, 'recommendation')}, "
                f"of which {held} {'is' if held == 1 else 'are'} on record."
            )


def _not_on_record(found: Iterable[BodyPosition]) -> Iterator[str]:
    """What the inspections behind these figures said that is not among them, each once."""
    inspections = {
        inspection.id: inspection
        for position in found
        for inspection in (
            *(graded.inspection for graded in position.grades),
            *(item.inspection for item in position.items),
        )
    }
    for inspection in inspections.values():
        for missing in inspection.not_on_record:
            yield f"{inspection.id}, not on record: {missing}"


def standing_words(body: Body, tracked: Iterable[TrackedItem]) -> str:
    """Return one sentence on the position of a body, in which no figure adds unlike things.

    For example: "Ayle Police: 3 recommendations (2 open, 1 reported done); 1 overdue; next …".
    """
    items = [i for i in tracked if i.body.id == body.id]
    recommendations = [i for i in items if i.finding.kind is Kind.RECOMMENDATION]
    counted = recommendations or [i for i in items if i.status is not None]
    noun = "recommendation" if recommendations else "finding"
    words = f"{body.name}: {count(len(counted), noun)}"
    if counted:
        words += f" ({status_counts(counted)})"
    if overdue := sum(item.overdue for item in items):
        only = overdue == sum(item.overdue for item in counted)
        words += f"; {overdue:,} overdue" if only else f"; {count(overdue, 'item')} overdue"
    ahead = [item.deadline_ahead for item in items if item.deadline_ahead]
    following = f"next deadline {format_value(min(ahead))}" if ahead else "no deadlines ahead"
    return f"{words}; {following}"


def status_counts(items: Iterable[TrackedItem]) -> str:
    """Return how many of these items have which status, and how those that were closed ended."""
    tracked = [item for item in items if item.status is not None]
    tracked.sort(key=lambda item: (*Status,).index(item.status or Status.OPEN))
    numbers = Counter(map(_position_words, tracked))
    return ", ".join(f"{number:,} {words}" for words, number in numbers.items())


def _position_words(item: TrackedItem) -> str:
    if item.outcome is not None:
        return item.outcome.replace("-", " ")
    if item.status is Status.DONE:
        return "reported done"
    return STATUS_WORDS[item.status] if item.status is not None else EMPTY


def left_open_words(cause: TrackedItem, tracked: Iterable[TrackedItem]) -> Iterator[str]:
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
        yield f"{cause.id}: {what} of it {verb} not ended: {join_names(left)}"
