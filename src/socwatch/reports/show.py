"""Everything that is known of one finding, body or inspection, with links both ways."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import TypeVar

from socwatch.obligations import day_of, obligations
from socwatch.records import (
    Body,
    Contradiction,
    Finding,
    Grade,
    Inspection,
    Monitoring,
    Register,
    Response,
    Source,
)
from socwatch.reports.grades import contradictions, grade_columns
from socwatch.reports.items import item_columns, items_of, sort_items
from socwatch.reports.log import LOG_COLUMNS, entries
from socwatch.reports.responses import obligation_words
from socwatch.reports.show_columns import (
    CONTRADICTION_COLUMNS,
    INSPECTION_COLUMNS,
    LINK_COLUMNS,
    LINKS,
    RESPONSE_COLUMNS,
    SOURCE_COLUMNS,
    Answered,
    Link,
    body_columns,
    finding_columns,
    monitoring_columns,
)
from socwatch.reports.table import (
    Column,
    Report,
    Table,
    count,
    format_value,
)
from socwatch.tracking import QueryDates, TrackedItem, grades_as_of, replay

_Row = TypeVar("_Row")
_Citing = Grade | Monitoring | Response


def finding(
    register: Register,
    found: Finding,
    bodies: Collection[str],
    dates: QueryDates,
) -> Report:
    """A finding for some of its bodies: its words, standing, history, links and sources."""
    items = items_of(register, dates, found, bodies)
    history = entries(register, dates, about={item.key for item in items})
    cited = [*found.sources, *found.deadline_sources, *(c.source for c in found.contradicted_by)]
    cited += [source for item in items for update in item.updates for source in update.sources]
    tables = (
        Table(
            "rows",
            "",
            finding_columns(dates.within),
            items,
            layout="facts",
            if_empty=f"{found.id} was not yet published by that day.",
        ),
        Table("links", "Links", LINK_COLUMNS, tuple(_links(register, found))),
        Table(
            "history",
            "History",
            LOG_COLUMNS if len(items) > 1 else _hide(LOG_COLUMNS, "item"),
            history,
            if_empty="No update on record.",
        ),
        _contradiction_table(found.contradicted_by),
        source_table(register, cited),
    )
    return Report("show", found.id, dates, tables)


def body(
    register: Register,
    found: Body,
    dates: QueryDates,
) -> Report:
    """A body: its grades, its items, its monitoring, what was answered for it."""
    tracked = [
        i
        for i in replay(register, dates.as_of, recorded_until=dates.recorded_until)
        if i.body.id == found.id
    ]
    graded = [g for g in grades_as_of(register, dates.as_of) if g.grade.body == found.id]
    stays = [
        stay
        for stay in register.monitoring
        if stay.body == found.id and (stay.entered is None or stay.entered.first <= dates.as_of)
    ]
    answers = [each for each in _answers(register, dates) if each.body == found.id]
    citing: list[_Citing] = [*(g.grade for g in graded), *stays, *answers]
    cited = [*found.sources, *(source for record in citing for source in record.sources)]
    tables = (
        Table("rows", "", body_columns(register), (found,), layout="facts"),
        Table(
            "grades",
            "Grades",
            _hide(grade_columns(register.body_by_id), "body"),
            tuple(graded),
        ),
        _item_table(tracked, _hide(item_columns(dates.within), "body")),
        Table(
            "monitoring",
            "Monitoring",
            monitoring_columns(dates.as_of),
            tuple(stays),
        ),
        _response_table(register, answers),
        source_table(register, cited),
    )
    notes = (*contradictions(graded), *_unanswered(register, dates, found))
    return Report("show", found.name, dates, tables, notes)


def _answers(register: Register, dates: QueryDates) -> Iterator[Response]:
    """The answers to reports of that day or earlier; one whose day is not known is among them."""
    for answer in register.responses:
        day = day_of(answer) or register.inspection_by_id[answer.inspection].published
        if day <= dates.as_of:
            yield answer


def inspection(
    register: Register,
    found: Inspection,
    dates: QueryDates,
) -> Report:
    """An inspection: its dates, the grades it gave, the findings it left, the answers to it."""
    tracked = [
        i
        for i in replay(register, dates.as_of, recorded_until=dates.recorded_until)
        if i.finding.inspection == found.id
    ]
    graded = [g for g in grades_as_of(register, dates.as_of) if g.inspection.id == found.id]
    answers = [each for each in _answers(register, dates) if each.inspection == found.id]
    against = found.contradicted_by
    cited = [*found.sources, *(contradiction.source for contradiction in against)]
    citing: list[_Citing] = [*(g.grade for g in graded), *answers]
    cited += [source for record in citing for source in record.sources]
    tables = (
        Table("rows", "", INSPECTION_COLUMNS, (found,), layout="facts"),
        Table("grades", "Grades", grade_columns(register.body_by_id), tuple(graded)),
        _item_table(tracked, item_columns(dates.within)),
        _response_table(register, answers),
        _contradiction_table(against),
        source_table(register, cited),
    )
    notes = [*contradictions(graded), *_unanswered(register, dates, found)]
    if found.published > dates.as_of:
        published = format_value(found.published)
        notes.append(f"This report came out after the day asked about, on {published}.")
    return Report("show", found.title, dates, tables, tuple(notes))


def _hide(columns: Iterable[Column[_Row]], key: str) -> tuple[Column[_Row], ...]:
    """Return the columns with one of them left to programs: it is the same in every row."""
    return tuple(column.under() if column.key == key else column for column in columns)


def _item_table(
    tracked: Iterable[TrackedItem], columns: tuple[Column[TrackedItem], ...]
) -> Table[TrackedItem]:
    ordered = sort_items(tracked, ("kind", "deadline"))
    title = count(len(ordered), "finding")
    return Table("items", title, columns, ordered, if_empty="No finding on record.")


def _links(register: Register, found: Finding) -> Iterator[Link]:
    findings = register.finding_by_id
    for field, forth, back in LINKS:
        for name in _linked_ids(found, field):
            yield Link(forth, findings[name])
        for other in register.findings:
            if found.id in _linked_ids(other, field):
                yield Link(back, other)
    for update in register.updates:
        if update.successor == found.id:
            yield Link("took the place of", findings[update.finding])


def _linked_ids(found: Finding, field: str) -> tuple[str, ...]:
    value = getattr(found, field)
    return (value,) if isinstance(value, str) else tuple(value or ())


def source_table(register: Register, cited: Iterable[str]) -> Table[Source]:
    """Return the sources of these ids, each once, in the order given."""
    sources = tuple(register.source_by_id[name] for name in dict.fromkeys(cited))
    return Table("sources", "Sources", SOURCE_COLUMNS, sources, if_empty="No source named.")


def _contradiction_table(contradictions: tuple[Contradiction, ...]) -> Table[Contradiction]:
    title = "Sources that say otherwise"
    return Table("contradicted_by", title, CONTRADICTION_COLUMNS, contradictions)


def _unanswered(register: Register, dates: QueryDates, about: Body | Inspection) -> Iterator[str]:
    for obligation in obligations(register, dates.as_of):
        concerned = {obligation.body.id, obligation.inspection.id}
        if about.id in concerned and obligation.response is None:
            yield obligation_words(obligation)


def _response_table(register: Register, answers: Iterable[Response]) -> Table[Answered]:
    rows = tuple(
        Answered(each, register.body_by_id[each.body], register.inspection_by_id[each.inspection])
        for each in answers
    )
    return Table("responses", "Responses", RESPONSE_COLUMNS, rows)
