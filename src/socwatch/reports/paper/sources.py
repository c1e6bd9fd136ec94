"""What a reader of the committee's paper needs to trust it: words, sources, gaps, counting."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from socwatch.records import Contradiction, Inspection, Response
from socwatch.reports.paper.sections import Exhibit, Material, Section
from socwatch.reports.show import source_table
from socwatch.reports.table import Row, Table, cell, keyed, prose, spoken

INSPECTION_COLUMNS = (
    keyed("id", "Inspection"),
    keyed("title", "Report", long=True),
    keyed("inspectorate", "By"),
    keyed("published", "Published"),
    keyed("fieldwork", "Fieldwork"),
    keyed("url", "Address", link="address"),
)
SOURCE_COLUMNS = (
    keyed("id", "Source"),
    keyed("publisher", "Publisher"),
    keyed("title", "Title", long=True),
    keyed("published", "Published"),
    keyed("seen", "Last read"),
    keyed("url", "Address", link="address"),
)
CONTRADICTION_COLUMNS = (
    keyed("about", "About"),
    keyed("source", "Source", link="source"),
    keyed("says", "What it says", long=True),
)


def reading(material: Material) -> Section:
    """Which day the paper is about, and what its words mean."""
    asked = material.asked
    day = f"{asked.as_of:%A} {spoken(asked.as_of)}"
    known = ""
    if asked.as_known is not None:
        known = f", leaving out what was recorded after {spoken(asked.as_known)}"
    return Section(
        "reading",
        "How to read this paper",
        (
            (
                f"It says where things stood at the end of {day}, as the register has it "
                f"now{known}. “Since” means after {spoken(material.since)}, up to and including "
                f"{spoken(asked.as_of)}. Inspectors recommend; they cannot order."
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


def sources(material: Material) -> Section:
    """The reports and the sources behind what the paper shows, and where sources disagree."""
    inspections = tuple(_inspections(material))
    contradictions = tuple(_contradictions(material, inspections))
    cited = chain(
        *(i.sources for i in inspections),
        *(g.grade.sources for g in material.grades),
        *(i.finding.sources for i in (*material.items, *material.practices)),
        *(i.finding.deadline_sources for i in material.items),
        *(u.sources for i in material.items for u in i.updates),
        *(r.sources for r in _answers(material)),
        (str(row.cells["source"].value) for row in contradictions),
    )
    reports = tuple(_inspection_row(each) for each in inspections)
    named = source_table(material.register, cited)._replace(
        key="sources", title="Sources", columns=SOURCE_COLUMNS
    )
    return Section(
        "sources",
        "Sources",
        ("Where a source is named in this paper by its id, its title and address stand here.",),
        exhibits=(
            Exhibit(
                Table(
                    "inspections",
                    "Reports that this paper is about",
                    INSPECTION_COLUMNS,
                    reports,
                    if_empty="No report by that day.",
                )
            ),
            Exhibit(named),
            Exhibit(
                Table(
                    "contradictions",
                    "Where sources say otherwise",
                    CONTRADICTION_COLUMNS,
                    contradictions,
                    if_empty="No source on record says otherwise.",
                )
            ),
        ),
    )


def _inspections(material: Material) -> Iterator[Inspection]:
    """The inspections that the grades and items shown come from, in the order of the file."""
    items = (*material.items, *material.practices)
    named = {item.inspection.id for item in items} | {g.inspection.id for g in material.grades}
    return (each for each in material.register.inspections if each.id in named)


def _inspection_row(inspection: Inspection) -> Row:
    return Row(
        {
            "id": cell(inspection.id),
            "title": prose(inspection.title),
            "inspectorate": prose(inspection.inspectorate),
            "published": cell(inspection.published),
            "fieldwork": cell(inspection.fieldwork),
            "url": cell(inspection.url),
        }
    )


def _answers(material: Material) -> Iterator[Response]:
    bodies = {body.id for body in material.bodies}
    return (each for each in material.register.responses if each.body in bodies)


def _contradictions(material: Material, inspections: tuple[Inspection, ...]) -> Iterator[Row]:
    names = {body.id: body.name for body in material.bodies}
    items = (*material.items, *material.practices)
    findings = {item.finding.id: item.finding for item in items}
    about: list[tuple[str, tuple[Contradiction, ...]]] = [
        *((each.id, each.contradicted_by) for each in inspections),
        *(
            (f"grade of {names[g.grade.body]}: {g.grade.question}", g.grade.contradicted_by)
            for g in material.grades
        ),
        *((finding.id, finding.contradicted_by) for finding in findings.values()),
    ]
    for words, against in about:
        for each in against:
            yield Row(
                {"about": prose(words), "source": cell(each.source), "says": prose(each.says)}
            )


def missing(material: Material) -> Section:
    """What is known to exist and is not in the register."""
    return Section(
        "missing",
        "What is known to be missing",
        (
            (
                "What a source counts or mentions and this register does not hold. It is in "
                "none of the figures."
            ),
        )
        if material.status.notes
        else ("Nothing is known to be missing from what this paper shows.",),
        points=material.status.notes,
    )


def counting(_: Material) -> Section:
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
            "In B and C a thing that happened twice is shown twice.",
        ),
    )
