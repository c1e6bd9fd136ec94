"""The committee's paper: which sections, figures and tables it has, in which order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import NamedTuple

from socwatch.dates import Span
from socwatch.records import Body, GradeWord, Register, Status
from socwatch.reports.change_events import Change
from socwatch.reports.changes import figure_table, find_changes, late_table, notes
from socwatch.reports.grades import by_body, contradictions, grade_columns, grades_of
from socwatch.reports.items import STATUS_WORDS, is_among, of_bodies, scope
from socwatch.reports.paper.agenda import (
    SOURCES,
    by_kind,
    change_facts,
    item_facts,
    live,
    moved,
    overdue,
    progress,
)
from socwatch.reports.paper.sections import Headline, Paper, PaperContext, Section, TableWithChart
from socwatch.reports.paper.sources import counting, missing, reading, sources
from socwatch.reports.responses import NOTHING_SAID, duty_columns, duty_table, find_duties
from socwatch.reports.status import grade_cell, positions
from socwatch.reports.table import (
    Cell,
    Column,
    Counts,
    CountsByName,
    Table,
    Tone,
    by_key,
    cell,
    count,
    format_value,
)
from socwatch.reports.timeline import timeline_of
from socwatch.reports.trend import trend_of
from socwatch.tracking import QueryDates, TrackedItem, replay

BETWEEN_PAPERS = Span(3, "month")
"""How long before the day asked about the last paper is taken to have been: a quarter."""


def paper(
    register: Register,
    dates: QueryDates,
    *,
    bodies: Collection[Body] = (),
    title: str | None = None,
) -> Paper:
    """The paper for the end of `dates.as_of`, with what has happened after `dates.since`.

    Without a `since` the last paper is taken to have been three months earlier. A region among
    `bodies` means all that is inspected with it; none means every body.
    """
    if dates.since is None:
        dates = dates._replace(since=_last_paper(dates.as_of))
    context = _context(register, dates, bodies)
    sections = (
        _in_brief(context),
        reading(context),
        _bodies(context),
        _in_figures(context),
        _grades(context),
        live(context),
        progress(context),
        moved(context),
        overdue(context),
        _responses(context),
        _trend(context),
        _timeline(context),
        *_practices(context),
        sources(context),
        missing(context),
        counting(context),
    )
    about = ", ".join(body.name for body in bodies)
    return Paper(title or register.title or "What inspections asked for", dates, about, sections)


def _last_paper(day: date) -> date:
    try:
        return BETWEEN_PAPERS.before(day)
    except OverflowError:  # the calendar has no earlier day
        return date.min


def _context(register: Register, dates: QueryDates, bodies: Collection[Body]) -> PaperContext:
    chosen = {body.id for body in bodies}
    tracked = tuple(
        of_bodies(replay(register, dates.as_of, recorded_until=dates.recorded_until), chosen)
    )
    graded = grades_of(register, dates, bodies)
    return PaperContext(
        register,
        dates,
        tuple(body for body in register.bodies if is_among(body, chosen)),
        scope(bodies),
        tuple(item for item in tracked if item.status is not None),
        tuple(item for item in tracked if item.status is None),
        graded,
        positions(register, tracked, graded, dates.within, bodies),
        find_changes(register, dates, bodies),
        find_duties(register, dates, bodies),
    )


def _in_brief(context: PaperContext) -> Section:
    running, late = context.live, context.overdue
    since = format_value(context.since)
    inadequate = len(_inadequate(context))
    questions = len({graded.grade.question for graded in context.grades})
    silent = sum(duty.past for duty in context.duties.listed)
    soon = sum(item.due_within(context.dates.within) for item in running)
    done = sum(item.status is Status.DONE for item in running)
    said = sum(each.change is Change.DONE for each in context.progress)
    ended, moved = len(context.progress) - said, len(context.changed(Change.DEADLINE))
    within = count(context.dates.within, "day")
    return Section(
        "in-brief",
        "In brief",
        (
            (
                f"{count(len(running), 'item')} {_are(len(running))} live: {by_kind(running)}. "
                f"{count(len(late), 'item')} {_are(len(late))} past "
                f"{'its' if len(late) == 1 else 'their'} deadline with no completion on record."
            ),
        ),
        (
            Headline(len(running), "live: neither signed off nor closed", "live"),
            Headline(
                len(late),
                f"past {'its' if len(late) == 1 else 'their'} deadline, no completion on record",
                "overdue",
                Tone.OVERDUE if late else Tone.PLAIN,
            ),
            Headline(soon, f"due within {within}", "live", Tone.DUE_SOON if soon else Tone.PLAIN),
            Headline(done, "said to be done, not yet signed off", "live"),
            Headline(said, f"reported done after {since}", "progress"),
            Headline(ended, f"signed off or closed after {since}", "progress"),
            Headline(moved, f"{_noun(moved, 'deadline')} moved after {since}", "moved"),
            Headline(
                silent,
                f"{_noun(silent, 'answer')} to a report past the 56 days, none on record",
                "responses",
            ),
            Headline(
                inadequate,
                f"{_noun(inadequate, 'body', 'bodies')} whose latest grade"
                f"{' on a question' if questions > 1 else ''} is inadequate",
                "grades",
            ),
        ),
    )


def _noun(number: int, singular: str, plural: str = "") -> str:
    """A noun for a number that stands elsewhere."""
    return count(number, singular, plural).split(" ", 1)[1]


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _inadequate(context: PaperContext) -> set[str]:
    """The bodies whose latest grade on some question is inadequate."""
    latest = {(g.grade.body, g.grade.question): g.grade.grade for g in context.grades}
    return {body for (body, _), grade in latest.items() if grade is GradeWord.INADEQUATE}


class BodyRow(NamedTuple):
    """How many items of a body, or of all, have which status."""

    name: str
    grade: Cell
    number: int
    by_status: Mapping[Status | None, int]
    overdue: int
    next_deadline: date | None
    of_all: bool = False


def _body_row(name: str, grade: Cell, items: Sequence[TrackedItem]) -> BodyRow:
    return BodyRow(
        name,
        grade,
        len(items),
        Counter(item.status for item in items),
        sum(item.overdue for item in items),
        min((item.deadline_ahead for item in items if item.deadline_ahead), default=None),
    )


def _body_columns() -> Iterator[Column[BodyRow]]:
    """Return how the items of a body stand; all is strong in the row of the sums."""

    def overdue(row: BodyRow) -> Cell:
        return cell(row.overdue, tone=Tone.OVERDUE if row.overdue else Tone.PLAIN)

    for column in (
        Column[BodyRow]("name", "", lambda row: cell(row.name, tone=Tone.STRONG)).under("Body"),
        Column[BodyRow]("grade", "", lambda row: row.grade).under("Latest grade"),
        *map(_number_of, Status),
        Column[BodyRow]("all", "", lambda row: row.number).under("All", align="right"),
        Column[BodyRow]("overdue", "", overdue).under("Past deadline", align="right"),
        Column[BodyRow]("next_deadline", "", lambda row: row.next_deadline).under("Next deadline"),
    ):
        yield column._replace(read=partial(_strong_if_of_all, column))


def _number_of(status: Status) -> Column[BodyRow]:
    column = Column[BodyRow](status.replace("-", "_"), "", lambda row: row.by_status[status])
    return column.under(STATUS_WORDS[status].capitalize(), align="right")


def _strong_if_of_all(column: Column[BodyRow], row: BodyRow) -> Cell:
    shown = column.cell(row)
    return shown._replace(tone=Tone.STRONG) if row.of_all else shown


def _bodies(context: PaperContext) -> Section:
    """A row for each body, its items by status, with the sums of all."""
    rows = tuple(
        _body_row(
            position.body.name,
            grade_cell(position),
            [item for item in position.items if item.status is not None],
        )
        for position in context.positions
    )

    def counted(label: str, tone: Tone, *statuses: Status) -> Counts:
        numbers = (sum(row.by_status[status] for status in statuses) for row in rows)
        return Counts(label, tuple(numbers), tone)

    chart = CountsByName(
        "Items by status and body",
        tuple(row.name for row in rows),
        (
            counted("Open or in progress", Tone.PLAIN, Status.OPEN, Status.IN_PROGRESS),
            Counts("Of these past deadline", tuple(row.overdue for row in rows), Tone.OVERDUE),
            counted("Done", Tone.DUE_SOON, Status.DONE),
            counted("Signed off", Tone.GOOD, Status.SIGNED_OFF),
            counted("Closed", Tone.MUTED, Status.CLOSED),
        ),
    )
    table = Table(
        "bodies",
        "Where each body stands: items by status",
        tuple(_body_columns()),
        rows,
        if_empty="The register holds no bodies.",
    )
    sums = _body_row("All bodies", cell(None), context.items)._replace(of_all=True)
    return Section(
        "bodies",
        "Where each body stands",
        (
            (
                "Causes of concern, recommendations and areas for improvement together. Open, in "
                "progress, done, signed off and closed add up to all; what is past its deadline is "
                "open or in progress, and counted there too."
            ),
        ),
        tables=(TableWithChart(table, chart if rows else None, sums),),
    )


def _in_figures(context: PaperContext) -> Section:
    since, until = format_value(context.since), format_value(context.dates.as_of)
    title = f"How the figures of {since} became those of {until}"
    figures = figure_table(context.changes)._replace(title=title)
    of = change_facts(context, late=True)
    shown = tuple(of[key] for key in ("item", "body", "on", "what", "by", "note"))
    late = late_table(context.changes)._replace(columns=shown)
    return Section(
        "figures",
        f"What has changed since {since}, in figures",
        (
            (
                f"What was live at the end of {since}, what came, what went, and what is live "
                f"at the end of {until}; and the same for what is past its deadline."
            ),
        ),
        tables=(TableWithChart(figures), *([TableWithChart(late)] if late.rows else [])),
        points=tuple(notes(context.changes)),
    )


def _grades(context: PaperContext) -> Section:
    graded = by_body(context.register, context.grades)
    of = by_key(grade_columns(context.register.body_by_id))
    table = Table(
        "grades",
        "Every grade on record, by body and question, oldest first",
        (
            of["body"].under("Body"),
            of["published"].under("Published"),
            of["grade"].under("Grade"),
            of["question"].under("Question"),
            of["inspection"].under("Inspection"),
            of["sources"].under("Sources", link="source"),
        ),
        graded,
        if_empty=f"No grade is on record{context.scope}.",
    )
    return Section(
        "grades",
        "Grades and their history",
        (
            (
                "From best to worst: outstanding, good, adequate, requires improvement, "
                "inadequate. Reports before 2021/22 had no “adequate”; HMICFRS warns that "
                "grades of the two scales cannot be compared. Regions are inspected and not "
                "graded."
            ),
        ),
        tables=(TableWithChart(table),),
        points=tuple(contradictions(graded)),
    )


def _responses(context: PaperContext) -> Section:
    duties = context.duties
    of = by_key(duty_columns(context.dates.within))
    columns = (
        of["body"].under("Force"),
        of["local_policing_body"].under("Local policing body"),
        of["last_day"].under("Last day"),
        of["answered"].under("Answered"),
        of["standing"].under("Standing"),
        of["sources"].under("Sources", link="source"),
        of["url"].under("Address", link="address"),
    )
    table = duty_table(duties, context.scope)._replace(
        key="responses", title=duties.title, columns=columns
    )
    return Section(
        "responses",
        "E. Statutory responses",
        (
            (
                "After a report on a police force its local policing body is to publish "
                "comments within 56 days. “No response on record” says what this register "
                "holds: one may have been published, and the register not know of it."
            ),
        ),
        tables=(TableWithChart(table),),
        points=tuple(note for note in duties.notes if note != NOTHING_SAID),
    )


def _trend(context: PaperContext) -> Section:
    report = trend_of(context.items, context.dates)
    months, ages = report.tables
    months = months._replace(
        key="trend", title="How many items stood how on the last day of each month"
    )
    return Section(
        "trend",
        "Month by month",
        tables=(
            TableWithChart(months, months.chart, folded=True),
            *([TableWithChart(ages._replace(key="ages"))] if ages.rows else []),
        ),
        points=report.notes,
    )


def _timeline(context: PaperContext) -> Section:
    report = timeline_of((*context.items, *context.practices), context.dates)
    of = item_facts(context)
    shown = tuple(of[key] for key in ("id", "deadline", "status", "timing"))
    table = report.rows._replace(key="timeline", title="Each deadline, by body", columns=shown)
    return Section(
        "timeline",
        "Deadlines past and to come",
        ("A deadline that was moved stands at the day in force. What has none is not here.",),
        tables=(TableWithChart(table, table.chart, folded=True),),
    )


def _practices(context: PaperContext) -> Iterator[Section]:
    """What inspectors praised, where there is any."""
    if context.practices:
        of = item_facts(context)
        columns = (of["id"], of["body"], of["summary"].under("What was good", long=True), SOURCES)
        table = Table("practice", "Innovative practice", columns, context.practices)
        yield Section(
            "practice",
            "Innovative practice",
            ("What inspectors, or those who reported on them, praised. Nothing is to be done.",),
            tables=(TableWithChart(table),),
        )
