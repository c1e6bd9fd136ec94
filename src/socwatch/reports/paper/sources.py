"""What a reader of the committee's paper needs to trust it: words, sources, gaps, counting."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from socwatch.records import Contradiction, Inspection, Response
from socwatch.reports.paper.sections import PaperContext, Section, TableWithChart
from socwatch.reports.show import source_table
from socwatch.reports.show_columns import INSPECTION_COLUMNS, SOURCE_COLUMNS
from socwatch.reports.table import Column, Table, by_key, format_value, prose


def reading(context: PaperContext) -> Section:
    """Which day the paper is about, and what its words mean."""
    dates = context.dates
    day = f"{dates.as_of:%A} {format_value(dates.as_of)}"
    known = ""
    if dates.recorded_until is not None:
        known = f", leaving out what was recorded after {format_value(dates.recorded_until)}"
    return Section(
        "reading",
        "How to read this paper",
        (
            (
                f"It says where things stood at the end of {day}, as the register has it "
                f"now{known}. “Since” means after {format_value(context.since)}, up to and "
                f"including {format_value(dates.as_of)}. Inspectors recommend; they cannot order."
            ),
        ),
        points=(
            "Item: one finding for one body. A recommendation to three forces is three items.",
            "Open, in progress: not yet said to be done.",
            "Done: the body says that it has done it.",
            "Signed off: the inspectorate accepts it.",
            "Closed: ended otherwise, as superseded, not accepted or no longer relevant.",
            "Live: open, in progress or done; that is, neither signed off nor closed.",
            "Past its deadline: open or in progress on a day after the deadline in force.",
            "Last checked: when somebody last looked for evidence and recorded it.",
            "AFI: area for improvement.",
        ),
    )


def sources(context: PaperContext) -> Section:
    """The reports and the sources behind what the paper shows, and where sources disagree."""
    inspections = tuple(_inspections(context))
    contradictions = tuple(_contradictions(context, inspections))
    cited = chain(
        *(i.sources for i in inspections),
        *(g.grade.sources for g in context.grades),
        *(i.finding.sources for i in (*context.items, *context.practices)),
        *(i.finding.deadline_sources for i in context.items),
        *(u.sources for i in context.items for u in i.updates),
        *(r.sources for r in _answers(context)),
        (each.contradiction.source for each in contradictions),
    )
    of = by_key(SOURCE_COLUMNS)
    columns = (
        of["id"].under("Source"),
        of["publisher"].under("Publisher"),
        of["title"].under("Title", long=True),
        of["published"].under("Published"),
        of["seen"].under("Last read"),
        of["url"].under("Address", link="address"),
    )
    named = source_table(context.register, cited)._replace(columns=columns)
    return Section(
        "sources",
        "Sources",
        ("Where a source is named in this paper by its id, its title and address stand here.",),
        tables=(
            TableWithChart(
                Table(
                    "inspections",
                    "Reports that this paper is about",
                    _inspection_columns(),
                    inspections,
                    if_empty=f"No report was published on or before that date{context.scope}.",
                )
            ),
            TableWithChart(named),
            TableWithChart(
                Table(
                    "contradictions",
                    "Where sources say otherwise",
                    _CONTRADICTION_COLUMNS,
                    contradictions,
                    if_empty="No source on record says otherwise.",
                )
            ),
        ),
    )


def _inspections(context: PaperContext) -> Iterator[Inspection]:
    """The inspections that the grades and items shown come from, in the order of the file."""
    items = (*context.items, *context.practices)
    named = {item.inspection.id for item in items} | {g.inspection.id for g in context.grades}
    return (each for each in context.register.inspections if each.id in named)


def _inspection_columns() -> tuple[Column[Inspection], ...]:
    of = by_key(INSPECTION_COLUMNS)
    return (
        of["id"].under("Inspection"),
        Column[Inspection]("title", "", lambda i: prose(i.title)).under("Report", long=True),
        of["inspectorate"].under("By"),
        of["published"].under("Published"),
        of["fieldwork"].under("Fieldwork"),
        of["url"].under("Address", link="address"),
    )


def _answers(context: PaperContext) -> Iterator[Response]:
    bodies = {body.id for body in context.bodies}
    return (each for each in context.register.responses if each.body in bodies)


class _Contradicted(NamedTuple):
    """What a source says otherwise about."""

    about: str
    contradiction: Contradiction


_CONTRADICTION_COLUMNS = (
    Column[_Contradicted]("about", "", lambda c: prose(c.about)).under("About"),
    Column[_Contradicted]("source", "", lambda c: c.contradiction.source).under(
        "Source", link="source"
    ),
    Column[_Contradicted]("says", "", lambda c: prose(c.contradiction.says)).under(
        "What it says", long=True
    ),
)


def _contradictions(
    context: PaperContext, inspections: tuple[Inspection, ...]
) -> Iterator[_Contradicted]:
    names = {body.id: body.name for body in context.bodies}
    items = (*context.items, *context.practices)
    findings = {item.finding.id: item.finding for item in items}
    about: list[tuple[str, tuple[Contradiction, ...]]] = [
        *((each.id, each.contradicted_by) for each in inspections),
        *(
            (f"grade of {names[g.grade.body]}: {g.grade.question}", g.grade.contradicted_by)
            for g in context.grades
        ),
        *((finding.id, finding.contradicted_by) for finding in findings.values()),
    ]
    for words, against in about:
        for each in against:
            yield _Contradicted(words, each)


def missing(context: PaperContext) -> Section:
    """What is known to exist and is not in the register."""
    return Section(
        "missing",
        "Known gaps",
        (
            (
                "What a source counts or mentions and this register does not hold. It is in "
                "none of the figures."
            ),
        )
        if context.gaps
        else ("Nothing is known to be missing from what this paper shows.",),
        points=context.gaps,
    )


def counting(_: PaperContext) -> Section:
    """How every figure comes about."""
    return Section(
        "counting",
        "How the figures were counted",
        points=(
            "Every figure is computed from the register when the paper is made; none is typed in.",
            "Each figure counts items, and a finding for several bodies is an item for each.",
            "A finding counts from the day on which its report was published.",
            (
                "An item's status follows from its updates dated up to and including the day "
                "of this paper, in the order of their days. An update that was taken back does "
                "not count."
            ),
            (
                "The deadline in force is that of the last extension, else the one first set. "
                "Its own day is in time. A month or a year without a day is past when it has "
                "ended; “immediately” is the day of publication; a span of time counts from it."
            ),
            "Innovative practice asks nothing of anybody, and is in no figure.",
            (
                "The last day of the 56 for a statutory response is 55 days after publication, "
                "because the day of publication is the first. Responses bear no day of "
                "recording, so a day after which nothing recorded counts does not apply to "
                "them."
            ),
            (
                "An item that was reported done and then signed off is in B twice, and a deadline "
                "that was moved twice is in C twice."
            ),
        ),
    )
