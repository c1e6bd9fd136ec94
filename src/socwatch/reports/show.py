"""Everything that is known of one finding, body or inspection, with links both ways."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date

from socwatch.dates import last_response_day
from socwatch.obligations import day_of, exemption, obligations
from socwatch.records import (
    Answerer,
    Body,
    BodyKind,
    Contradiction,
    Finding,
    Grade,
    Inspection,
    Monitoring,
    Register,
    Response,
)
from socwatch.reports.grades import GRADE_COLUMNS, contradictions, grade_row
from socwatch.reports.items import ITEM_COLUMNS, item_row, items_of, sort_items
from socwatch.reports.log import LOG_COLUMNS, log_rows
from socwatch.reports.responses import obligation_words
from socwatch.reports.table import (
    Cell,
    Column,
    Report,
    Row,
    Table,
    Tone,
    cell,
    count,
    prose,
    spoken,
)
from socwatch.tracking import Asked, Tracked, grades_as_of, replay

_Citing = Grade | Monitoring | Response

_LINKS = (
    ("part_of", "part of", "has the recommendation"),
    ("recurs_from", "recurs from", "recurs as"),
    ("supersedes", "supersedes", "superseded by"),
    ("blocked_by", "blocked by", "blocks"),
)
_LINK_COLUMNS = (
    Column("link", "Link", narrowest=8),
    Column("id", "Finding"),
    Column("summary", "Summary", narrowest=20, long=True),
)
_SOURCE_COLUMNS = (
    Column("id", "Source", narrowest=12),
    Column("publisher", "Publisher", narrowest=10, rank=1),
    Column("title", "Title", narrowest=16, long=True),
    Column("published", "Published", rank=2),
    Column("seen", "Seen", rank=3),
    Column("url", "Address", rank=4),
    Column("note"),
)
_CONTRADICTION_COLUMNS = (
    Column("source", "Source", narrowest=12),
    Column("says", "Says otherwise", narrowest=20, long=True),
)
_MONITORING_COLUMNS = (
    Column("phase", "Phase", narrowest=10),
    Column("entered", "Entered"),
    Column("left", "Left"),
    Column("reason", "Reason", narrowest=16, rank=2),
    Column("finding", "Finding", rank=2),
    Column("note", "Note", narrowest=20, long=True),
    Column("sources"),
)
_RESPONSE_COLUMNS = (
    Column("inspection", "Inspection", narrowest=10, rank=2),
    Column("body", "About", narrowest=10),
    Column("answered_by", "Answered by", narrowest=10),
    Column("dated", "Dated"),
    Column("published", "Published", rank=1),
    Column("summary", "Summary", narrowest=20, long=True),
    Column("last_day", "Last of the 56 days"),
    Column("note", "Note", narrowest=20, long=True),
    Column("url"),
    Column("sources"),
)


def finding(
    register: Register,
    found: Finding,
    bodies: Collection[str],
    asked: Asked,
) -> Report:
    """A finding for some of its bodies: its words, standing, history, links and sources."""
    items = items_of(register, asked, found, bodies)
    history = log_rows(register, asked, about={item.key for item in items})
    cited = [*found.sources, *found.deadline_sources, *(c.source for c in found.contradicted_by)]
    cited += [source for item in items for update in item.updates for source in update.sources]
    tables = (
        Table(
            "rows",
            "",
            _FINDING_FACTS,
            tuple(_finding_facts(item, asked.within) for item in items),
            layout="facts",
            if_empty=f"{found.id} was not yet published by that day.",
        ),
        Table("links", "Links", _LINK_COLUMNS, tuple(_links(register, found))),
        Table(
            "history",
            "History",
            LOG_COLUMNS if len(items) > 1 else _without_heading(LOG_COLUMNS, "item"),
            history,
            if_empty="No update on record.",
        ),
        _contradiction_table(found.contradicted_by),
        source_table(register, cited),
    )
    return Report("show", found.id, asked, tables)


_FINDING_FACTS: tuple[Column, ...] = (
    Column("id", "Item"),
    Column("finding"),
    Column("body", "Body"),
    Column("kind", "Kind"),
    Column("source_term", "Called by its source"),
    Column("label", "Label"),
    Column("inspection", "Inspection"),
    Column("published", "Published"),
    Column("summary", "Summary"),
    Column("status", "Status"),
    Column("timing", "Timing"),
    Column("deadline", "Deadline"),
    Column("original_deadline", "Original deadline"),
    Column("extensions", "Extensions"),
    Column("deadline_words", "In the source's words"),
    Column("deadline_note", "How it was worked out"),
    Column("target", "The body's own target"),
    Column("completed", "Completed on"),
    Column("outcome", "Closed as"),
    Column("successor", "Successor"),
    Column("owner", "Owner"),
    Column("recommendations_stated", "Recommendations stated"),
    Column("depends_on", "Depends on"),
    Column("last_checked", "Last checked"),
    Column("muted_until", "Muted until"),
    Column("note", "Note"),
    Column("aliases", "Also known as"),
    *(
        Column(c.key)
        for c in ITEM_COLUMNS
        if c.key in {"days_left", "age_days", "region", "part_of"}
    ),
)


def _finding_facts(item: Tracked, within: int) -> Row:
    found = item.finding
    cells = dict(item_row(item, within).cells)
    for key in ("source_term", "deadline_words", "deadline_note", "depends_on", "note"):
        cells[key] = prose(getattr(found, key))
    cells["recommendations_stated"] = cell(found.recommendations_stated)
    cells["aliases"] = cell(found.aliases)
    if not item.extensions:
        cells["original_deadline"] = Cell(item.original_deadline, "")
        cells["extensions"] = Cell(0, "")
    return Row(cells)


def body(
    register: Register,
    found: Body,
    asked: Asked,
) -> Report:
    """A body: its grades, its items, its monitoring, what was answered for it."""
    tracked = [
        i for i in replay(register, asked.as_of, as_known=asked.as_known) if i.body.id == found.id
    ]
    graded = [g for g in grades_as_of(register, asked.as_of) if g.grade.body == found.id]
    region = register.body_by_id.get(found.region) if found.region else None
    facts = Row(
        {
            "id": cell(found.id),
            "name": prose(found.name, Tone.STRONG),
            "kind": Cell(found.kind.value, found.kind.replace("-", " ")),
            "region": Cell(found.region, region.name if region else ""),
            "local_policing_body": cell(found.local_policing_body),
            "aliases": cell(found.aliases),
            "note": prose(found.note),
        }
    )
    stays = [
        stay
        for stay in register.monitoring
        if stay.body == found.id and (stay.entered is None or stay.entered.first <= asked.as_of)
    ]
    answers = [each for each in _answers(register, asked) if each.body == found.id]
    citing: list[_Citing] = [*(g.grade for g in graded), *stays, *answers]
    cited = [*found.sources, *(source for record in citing for source in record.sources)]
    tables = (
        Table("rows", "", _facts(facts, _BODY_HEADINGS), (facts,), layout="facts"),
        Table(
            "grades",
            "Grades",
            _without_heading(GRADE_COLUMNS, "body"),
            tuple(grade_row(register, g) for g in graded),
        ),
        _item_table(tracked, asked.within, _without_heading(ITEM_COLUMNS, "body")),
        Table(
            "monitoring",
            "Monitoring",
            _MONITORING_COLUMNS,
            tuple(
                Row(
                    {
                        "phase": prose(stay.phase),
                        "entered": cell(stay.entered, None if stay.entered else "not known"),
                        "left": _left(stay, asked),
                        "reason": prose(stay.reason),
                        "finding": cell(stay.finding),
                        "note": prose(stay.note),
                        "sources": cell(stay.sources),
                    }
                )
                for stay in stays
            ),
        ),
        _response_table(register, answers),
        source_table(register, cited),
    )
    notes = (*contradictions(graded), *_unanswered(register, asked, found))
    return Report("show", found.name, asked, tables, notes)


_BODY_HEADINGS = {
    "id": "Body",
    "name": "Name",
    "kind": "Kind",
    "region": "Region",
    "local_policing_body": "Local policing body",
    "aliases": "Also known as",
    "note": "Note",
}


def _answers(register: Register, asked: Asked) -> Iterator[Response]:
    """The answers to reports of that day or earlier; one whose day is not known is among them."""
    for answer in register.responses:
        day = day_of(answer) or register.inspection_by_id[answer.inspection].published
        if day <= asked.as_of:
            yield answer


def _left(stay: Monitoring, asked: Asked) -> Cell:
    if stay.left is not None and stay.left.first > asked.as_of:
        return cell(None, "not by then")
    return cell(stay.left, None if stay.left else "not known")


def inspection(
    register: Register,
    found: Inspection,
    asked: Asked,
) -> Report:
    """An inspection: its dates, the grades it gave, the findings it left, the answers to it."""
    tracked = [
        i
        for i in replay(register, asked.as_of, as_known=asked.as_known)
        if i.finding.inspection == found.id
    ]
    graded = [g for g in grades_as_of(register, asked.as_of) if g.inspection.id == found.id]
    answers = [each for each in _answers(register, asked) if each.inspection == found.id]
    scale = found.scale.replace("-", " ") if found.scale else ""
    facts = Row(
        {
            "id": cell(found.id),
            "title": prose(found.title, Tone.STRONG),
            "inspectorate": prose(found.inspectorate),
            "published": cell(found.published),
            "fieldwork": cell(found.fieldwork),
            "scale": Cell(found.scale.value if found.scale else None, scale),
            "url": cell(found.url),
            "last_response_day": cell(_last_response_day(found)),
            "not_on_record": cell(found.not_on_record, "\n".join(found.not_on_record)),
            "note": prose(found.note),
        }
    )
    against = found.contradicted_by
    cited = [*found.sources, *(contradiction.source for contradiction in against)]
    citing: list[_Citing] = [*(g.grade for g in graded), *answers]
    cited += [source for record in citing for source in record.sources]
    tables = (
        Table("rows", "", _facts(facts, _INSPECTION_HEADINGS), (facts,), layout="facts"),
        Table("grades", "Grades", GRADE_COLUMNS, tuple(grade_row(register, g) for g in graded)),
        _item_table(tracked, asked.within),
        _response_table(register, answers),
        _contradiction_table(against),
        source_table(register, cited),
    )
    notes = [*contradictions(graded), *_unanswered(register, asked, found)]
    if found.published > asked.as_of:
        published = spoken(found.published)
        notes.append(f"This report came out after the day asked about, on {published}.")
    return Report("show", found.title, asked, tables, tuple(notes))


_INSPECTION_HEADINGS = {
    "id": "Inspection",
    "title": "Title",
    "inspectorate": "Inspectorate",
    "published": "Published",
    "fieldwork": "Fieldwork",
    "scale": "Scale",
    "url": "Address",
    "last_response_day": "Last of the 56 days",
    "not_on_record": "Not on record",
    "note": "Note",
}


def _facts(row: Row, headings: dict[str, str]) -> tuple[Column, ...]:
    return tuple(Column(key, headings[key]) for key in row.cells)


def _without_heading(columns: tuple[Column, ...], key: str) -> tuple[Column, ...]:
    """The columns with one of them left to machines: it says the same in every row."""
    return tuple(Column(key) if column.key == key else column for column in columns)


def _item_table(
    tracked: Iterable[Tracked], within: int, columns: tuple[Column, ...] = ITEM_COLUMNS
) -> Table:
    ordered = sort_items(tracked, ("kind", "deadline"))
    rows = tuple(item_row(item, within) for item in ordered)
    title = f"{count(len(rows), 'finding')}"
    return Table("items", title, columns, rows, if_empty="No finding on record.")


def _links(register: Register, found: Finding) -> Iterator[Row]:
    for field, forth, back in _LINKS:
        for name in _linked(found, field):
            yield _link(register, forth, name)
        for other in register.findings:
            if found.id in _linked(other, field):
                yield _link(register, back, other.id)
    for update in register.updates:
        if update.successor == found.id:
            yield _link(register, "took the place of", update.finding)


def _linked(found: Finding, field: str) -> tuple[str, ...]:
    value = getattr(found, field)
    return (value,) if isinstance(value, str) else tuple(value or ())


def _link(register: Register, link: str, other: str) -> Row:
    summary = prose(register.finding_by_id[other].summary)
    return Row({"link": cell(link), "id": cell(other), "summary": summary})


def source_table(register: Register, cited: Iterable[str]) -> Table:
    """The sources of these ids, each once, in the order given."""
    rows = []
    for name in dict.fromkeys(cited):
        source = register.source_by_id[name]
        rows.append(
            Row(
                {
                    "id": cell(source.id),
                    "publisher": prose(source.publisher),
                    "title": prose(source.title),
                    "published": cell(source.published),
                    "seen": cell(source.seen),
                    "url": cell(source.url),
                    "note": prose(source.note),
                }
            )
        )
    return Table("sources", "Sources", _SOURCE_COLUMNS, tuple(rows), if_empty="No source named.")


def _contradiction_table(contradictions: Iterable[Contradiction]) -> Table:
    rows = tuple(
        Row({"source": cell(each.source), "says": prose(each.says)}) for each in contradictions
    )
    title = "Sources that say otherwise"
    return Table("contradicted_by", title, _CONTRADICTION_COLUMNS, rows)


def _last_response_day(found: Inspection) -> date | None:
    return None if exemption(found) is not None else last_response_day(found.published)


def _unanswered(register: Register, asked: Asked, about: Body | Inspection) -> Iterator[str]:
    for obligation in obligations(register, asked.as_of):
        concerned = {obligation.body.id, obligation.inspection.id}
        if about.id in concerned and obligation.response is None:
            yield obligation_words(obligation)


def _response_table(register: Register, answers: Iterable[Response]) -> Table:
    rows = []
    for answer in answers:
        about = register.body_by_id[answer.body]
        local = answer.answered_by is Answerer.LOCAL_POLICING_BODY
        who = about.local_policing_body if local else about.name
        last = _last_response_day(register.inspection_by_id[answer.inspection])
        bound = local and about.kind is BodyKind.FORCE
        rows.append(
            Row(
                {
                    "inspection": cell(answer.inspection),
                    "body": Cell(answer.body, about.name),
                    "answered_by": Cell(answer.answered_by.value, who or "local policing body"),
                    "dated": cell(answer.dated),
                    "published": cell(answer.published),
                    "summary": prose(answer.summary),
                    "last_day": cell(last if bound else None),
                    "note": prose(answer.note),
                    "url": cell(answer.url),
                    "sources": cell(answer.sources),
                }
            )
        )
    return Table("responses", "Responses", _RESPONSE_COLUMNS, tuple(rows))
