"""The committee's paper: which sections, figures and tables it has, in which order."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date

from socwatch.dates import Span
from socwatch.records import Body, GradeWord, Register, Status
from socwatch.reports.change_events import Change
from socwatch.reports.changes import changes
from socwatch.reports.grades import contradictions, grade_row
from socwatch.reports.items import is_among, item_row, of_bodies
from socwatch.reports.paper.agenda import by_kind, finished, live, moved, overdue
from socwatch.reports.paper.sections import Exhibit, Headline, Material, Paper, Section
from socwatch.reports.paper.sources import counting, missing, reading, sources
from socwatch.reports.responses import NOTHING_SAID, responses
from socwatch.reports.status import status
from socwatch.reports.table import (
    Cell,
    Counts,
    CountsByName,
    Row,
    Table,
    Tone,
    cell,
    count,
    keyed,
    spoken,
)
from socwatch.reports.timeline import timeline
from socwatch.reports.trend import trend
from socwatch.tracking import Asked, Tracked, grades_as_of, replay

BETWEEN_PAPERS = Span(3, "month")
"""How long before the day asked about the last paper is taken to have been: a quarter."""


_ITEM = keyed("id", "Item")
_BODY = keyed("body", "Body")
_STATUS = keyed("status", "Status")
_SOURCES = keyed("sources", "Sources", link="source")

LATE_COLUMNS = (
    keyed("item", "Item"),
    _BODY,
    keyed("on", "On"),
    keyed("what", "What"),
    keyed("by", "Said by"),
    keyed("note", "Reason or note", long=True),
)
BODY_COLUMNS = (
    keyed("name", "Body"),
    keyed("grade", "Latest grade"),
    keyed("open", "Open", align="right"),
    keyed("in_progress", "In progress", align="right"),
    keyed("done", "Done", align="right"),
    keyed("signed_off", "Signed off", align="right"),
    keyed("closed", "Closed", align="right"),
    keyed("all", "All", align="right"),
    keyed("overdue", "Past deadline", align="right"),
    keyed("next_deadline", "Next deadline"),
)

GRADE_COLUMNS = (
    _BODY,
    keyed("published", "Published"),
    keyed("grade", "Grade"),
    keyed("question", "Question"),
    keyed("inspection", "Inspection"),
    _SOURCES,
)
RESPONSE_COLUMNS = (
    keyed("body", "Force"),
    keyed("local_policing_body", "Local policing body"),
    keyed("last_day", "Last day"),
    keyed("answered", "Answered"),
    keyed("standing", "Standing"),
    _SOURCES,
    keyed("url", "Address", link="address"),
)
DEADLINE_COLUMNS = (
    _ITEM,
    keyed("deadline", "Deadline"),
    _STATUS,
    keyed("timing", "Timing"),
)
PRACTICE_COLUMNS = (_ITEM, _BODY, keyed("summary", "What was good", long=True), _SOURCES)


def paper(
    register: Register, asked: Asked, *, bodies: Collection[Body] = (), title: str | None = None
) -> Paper:
    """The paper for the end of `asked.as_of`, with what has happened after `asked.since`.

    Without a `since` the last paper is taken to have been three months earlier. A region among
    `bodies` means all that is inspected with it; none means every body.
    """
    if asked.since is None:
        asked = asked._replace(since=_last_paper(asked.as_of))
    material = _material(register, asked, bodies)
    sections = (
        _in_brief(material),
        reading(material),
        _standing(material),
        _in_figures(material),
        _grades(material),
        live(material),
        finished(material),
        moved(material),
        overdue(material),
        _responses(material),
        _trend(material),
        _timeline(material),
        *_practices(material),
        sources(material),
        missing(material),
        counting(material),
    )
    about = ", ".join(body.name for body in bodies)
    return Paper(title or register.title or "What inspections asked for", asked, about, sections)


def _last_paper(day: date) -> date:
    try:
        return BETWEEN_PAPERS.before(day)
    except OverflowError:  # the calendar has no earlier day
        return date.min


def _material(register: Register, asked: Asked, bodies: Collection[Body]) -> Material:
    chosen = {body.id for body in bodies}
    items = tuple(of_bodies(replay(register, asked.as_of, as_known=asked.as_known), chosen))
    return Material(
        register,
        asked,
        bodies,
        tuple(body for body in register.bodies if is_among(body, chosen)),
        tuple(item for item in items if item.status is not None),
        tuple(item for item in items if item.status is None),
        tuple(
            graded
            for graded in grades_as_of(register, asked.as_of)
            if is_among(register.body_by_id[graded.grade.body], chosen)
        ),
        status(register, asked, bodies=bodies),
        changes(register, asked, bodies=bodies),
    )


def _in_brief(material: Material) -> Section:
    running, late = material.live, material.overdue
    since = spoken(material.since)
    inadequate = len(_inadequate(material))
    questions = len({graded.grade.question for graded in material.grades})
    silent = _unanswered(material)
    soon = sum(item.due_within(material.asked.within) for item in running)
    done = sum(item.status is Status.DONE for item in running)
    said, ended, moved = (
        len(material.changed(*sorts))
        for sorts in ((Change.DONE,), (Change.SIGNED_OFF, Change.CLOSED), (Change.DEADLINE,))
    )
    within = count(material.asked.within, "day")
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
            Headline(said, f"said to be done after {since}", "finished"),
            Headline(ended, f"signed off or closed after {since}", "finished"),
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


def _inadequate(material: Material) -> set[str]:
    """The bodies whose latest grade on some question is inadequate."""
    latest = {(g.grade.body, g.grade.question): g.grade.grade for g in material.grades}
    return {body for (body, _), grade in latest.items() if grade is GradeWord.INADEQUATE}


def _standing(material: Material) -> Section:
    """A row for each body, its items by status, with the sums of all."""
    items: defaultdict[str, list[Tracked]] = defaultdict(list)
    for item in material.items:
        items[item.body.id].append(item)
    rows = [
        _body_row(row.cells["name"], row.cells["grade"], items[str(row.cells["body"].value)])
        for row in material.status.rows.rows
    ]
    sums = _body_row(cell("All bodies"), cell(None), material.items)
    strong = {key: each._replace(tone=Tone.STRONG) for key, each in sums.cells.items()}
    names = tuple(row.cells["name"].text for row in rows)

    def counted(label: str, tone: Tone, *keys: str) -> Counts:
        cells = [[row.cells[key].value for key in keys] for row in rows]
        values = (sum(v for v in each if isinstance(v, int)) for each in cells)
        return Counts(label, tuple(values), tone)

    chart = CountsByName(
        "Items by status and body",
        names,
        (
            counted("Open or in progress", Tone.PLAIN, "open", "in_progress"),
            counted("Of these past deadline", Tone.OVERDUE, "overdue"),
            counted("Done", Tone.DUE_SOON, "done"),
            counted("Signed off", Tone.GOOD, "signed_off"),
            counted("Closed", Tone.MUTED, "closed"),
        ),
    )
    table = Table(
        "bodies",
        "Where each body stands: items by status",
        BODY_COLUMNS,
        tuple(rows),
        if_empty="The register holds no bodies.",
    )
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
        exhibits=(Exhibit(table, chart if rows else None, Row(strong)),),
    )


def _body_row(name: Cell, grade: Cell, items: Sequence[Tracked]) -> Row:
    by_status = Counter(item.status for item in items)
    overdue = sum(item.overdue for item in items)
    ahead = [item.deadline_ahead for item in items if item.deadline_ahead]
    return Row(
        {
            "name": name,
            "grade": grade,
            **{each.replace("-", "_"): cell(by_status[each]) for each in Status},
            "all": cell(len(items)),
            "overdue": cell(overdue, tone=Tone.OVERDUE if overdue else Tone.PLAIN),
            "next_deadline": cell(min(ahead, default=None)),
        }
    )


def _in_figures(material: Material) -> Section:
    since, until = spoken(material.since), spoken(material.asked.as_of)
    figures, _, late = material.changes.tables
    figures = figures._replace(title=f"How the figures of {since} became those of {until}")
    late = late._replace(columns=LATE_COLUMNS)
    return Section(
        "figures",
        f"What has changed since {since}, in figures",
        (
            (
                f"What was live at the end of {since}, what came, what went, and what is live "
                f"at the end of {until}; and the same for what is past its deadline."
            ),
        ),
        exhibits=(Exhibit(figures), *([Exhibit(late)] if late.rows else [])),
        points=material.changes.notes,
    )


def _grades(material: Material) -> Section:
    names = {body.id: body.name for body in material.bodies}
    graded = sorted(
        material.grades, key=lambda g: (names[g.grade.body].casefold(), g.grade.question)
    )
    table = Table(
        "grades",
        "Every grade on record, by body and question, oldest first",
        GRADE_COLUMNS,
        tuple(grade_row(material.register, each) for each in graded),
        if_empty="No grade is on record by that day.",
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
        exhibits=(Exhibit(table),),
        points=tuple(contradictions(graded)),
    )


def _unanswered(material: Material) -> int:
    answers = responses(material.register, material.asked, bodies=material.chosen).rows.rows
    return sum(row.cells["standing"].value == "not-on-record" for row in answers)


def _responses(material: Material) -> Section:
    report = responses(material.register, material.asked, bodies=material.chosen)
    table = report.rows._replace(key="responses", title=report.title, columns=RESPONSE_COLUMNS)
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
        exhibits=(Exhibit(table),),
        points=tuple(note for note in report.notes if note != NOTHING_SAID),
    )


def _trend(material: Material) -> Section:
    report = trend(material.register, material.asked, bodies=material.chosen)
    months, ages = report.tables
    months = months._replace(
        key="trend", title="How many items stood how on the last day of each month"
    )
    return Section(
        "trend",
        "How it went, month by month",
        exhibits=(
            Exhibit(months, months.chart, folded=True),
            *([Exhibit(ages._replace(key="ages"))] if ages.rows else []),
        ),
        points=report.notes,
    )


def _timeline(material: Material) -> Section:
    report = timeline(material.register, material.asked, bodies=material.chosen)
    table = report.rows._replace(
        key="timeline", title="Each deadline, by body", columns=DEADLINE_COLUMNS
    )
    return Section(
        "timeline",
        "Deadlines past and to come",
        ("A deadline that was moved stands at the day in force. What has none is not here.",),
        exhibits=(Exhibit(table, table.chart, folded=True),),
    )


def _practices(material: Material) -> Iterator[Section]:
    """What inspectors praised, where there is any."""
    if material.practices:
        rows = tuple(
            Row({**item_row(item).cells, "sources": cell(item.finding.sources)})
            for item in material.practices
        )
        yield Section(
            "practice",
            "Innovative practice",
            ("What inspectors, or those who reported on them, praised. Nothing is to be done.",),
            exhibits=(Exhibit(Table("practice", "Innovative practice", PRACTICE_COLUMNS, rows)),),
        )
