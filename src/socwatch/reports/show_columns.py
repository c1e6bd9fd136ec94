"""What `show` says of each sort of record: the columns of its tables."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from socwatch.dates import last_response_day
from socwatch.obligations import exemption
from socwatch.records import (
    Answerer,
    Body,
    BodyKind,
    Contradiction,
    Finding,
    Inspection,
    Monitoring,
    Register,
    Response,
    Scale,
    Source,
)
from socwatch.reports.items import item_columns
from socwatch.reports.table import Cell, Column, Tone, by_key, cell, prose
from socwatch.tracking import TrackedItem

LINKS = (
    ("part_of", "part of", "has the recommendation"),
    ("recurs_from", "recurs from", "recurs as"),
    ("supersedes", "supersedes", "superseded by"),
    ("blocked_by", "blocked by", "blocks"),
)
"""The fields of a finding that name others, each with its words from either end."""


class Link(NamedTuple):
    """How another finding is linked with the one that is shown."""

    words: str
    other: Finding


class Answered(NamedTuple):
    """A response with what it is about."""

    response: Response
    body: Body
    inspection: Inspection

    @property
    def by_local(self) -> bool:
        """Whether a local policing body responded, not the force itself."""
        return self.response.answered_by is Answerer.LOCAL_POLICING_BODY


def _last_response_day(found: Inspection) -> date | None:
    return None if exemption(found) is not None else last_response_day(found.published)


def finding_columns(within: int) -> tuple[Column[TrackedItem], ...]:
    """Return what is known of an item of a finding."""
    of = by_key(item_columns(within))
    return (
        of["id"].under("Item"),
        of["finding"],
        of["body"].under("Body"),
        of["kind"].under("Kind"),
        Column[TrackedItem](
            "source_term",
            "What its source calls it, where that is another kind.",
            lambda i: prose(i.finding.source_term),
        ).under("Called by its source"),
        of["label"].under("Label"),
        of["inspection"].under("Inspection"),
        of["published"].under("Published"),
        of["summary"].under("Summary"),
        of["status"].under("Status"),
        of["timing"].under("Timing"),
        of["deadline"].under("Deadline"),
        of["original_deadline"]
        ._replace(read=_if_moved(lambda i: i.original_deadline))
        .under("Original deadline"),
        of["extensions"]._replace(read=_if_moved(lambda i: i.extensions)).under("Extensions"),
        Column[TrackedItem](
            "deadline_words",
            "The source's own words for the deadline.",
            lambda i: prose(i.finding.deadline_words),
        ).under("In the source's words"),
        Column[TrackedItem](
            "deadline_note",
            "How the date was worked out from them.",
            lambda i: prose(i.finding.deadline_note),
        ).under("How it was worked out"),
        of["target"].under("The body's own target"),
        of["completed"].under("Completed on"),
        of["outcome"].under("Closed as"),
        of["successor"].under("Successor"),
        of["owner"].under("Owner"),
        Column[TrackedItem](
            "recommendations_stated",
            "How many recommendations its source counts for this cause.",
            lambda i: i.finding.recommendations_stated,
            "number",
        ).under("Recommendations stated"),
        Column[TrackedItem](
            "depends_on", "Who else must act first.", lambda i: prose(i.finding.depends_on)
        ).under("Depends on"),
        of["last_checked"].under("Last checked"),
        of["muted_until"].under("Last day muted"),
        Column[TrackedItem](
            "note", "What else a reader should know.", lambda i: prose(i.finding.note)
        ).under("Note"),
        Column[TrackedItem](
            "aliases", "Other names for it.", lambda i: i.finding.aliases, "texts"
        ).under("Also known as"),
        of["days_left"],
        of["age_days"],
        of["region"],
        of["part_of"],
    )


def _if_moved(read: Callable[[TrackedItem], date | int | None]) -> Callable[[TrackedItem], Cell]:
    """Return how to read what people see only of an item whose deadline was moved."""
    return lambda item: cell(read(item), None if item.extensions else "")


_LINK_WORDS = ", ".join(f"`{forth}`, `{back}`" for _, forth, back in LINKS)
LINK_COLUMNS: tuple[Column[Link], ...] = (
    Column[Link]("link", f"{_LINK_WORDS}, `took the place of`.", lambda each: each.words).under(
        "Link", min_width=8
    ),
    Column[Link]("id", "Id of the other finding.", lambda each: each.other.id).under("Finding"),
    Column[Link]("summary", "What it asks for.", lambda each: prose(each.other.summary)).under(
        "Summary", min_width=20, long=True
    ),
)

SOURCE_COLUMNS: tuple[Column[Source], ...] = (
    Column[Source]("id", "Id of the source.", lambda s: s.id).under("Source", min_width=12),
    Column[Source]("publisher", "Who published it.", lambda s: prose(s.publisher)).under(
        "Publisher", min_width=10, drop_order=1
    ),
    Column[Source]("title", "Its title.", lambda s: prose(s.title)).under(
        "Title", min_width=16, long=True
    ),
    Column[Source](
        "published", "The day on which it was published.", lambda s: s.published, "day"
    ).under("Published", drop_order=2),
    Column[Source]("seen", "The day on which it was last read.", lambda s: s.seen, "day").under(
        "Seen", drop_order=3
    ),
    Column[Source]("url", "Its address.", lambda s: s.url).under("Address", drop_order=4),
    Column[Source]("note", "What else a reader should know.", lambda s: prose(s.note)),
)

CONTRADICTION_COLUMNS: tuple[Column[Contradiction], ...] = (
    Column[Contradiction]("source", "Id of the source that disagrees.", lambda c: c.source).under(
        "Source", min_width=12
    ),
    Column[Contradiction]("says", "What it says.", lambda c: prose(c.says)).under(
        "Says otherwise", min_width=20, long=True
    ),
)


def body_columns(register: Register) -> tuple[Column[Body], ...]:
    """Return what is known of a body."""

    def region(body: Body) -> Cell:
        found = register.body_by_id.get(body.region) if body.region else None
        return Cell(body.region, found.name if found else "")

    return (
        Column[Body]("id", "Id of the body.", lambda b: b.id).under("Body"),
        Column[Body]("name", "Its name.", lambda b: prose(b.name, Tone.STRONG)).under("Name"),
        Column[Body](
            "kind",
            "What sort of body it is.",
            lambda b: Cell(b.kind.value, b.kind.replace("-", " ")),
            BodyKind,
        ).under("Kind"),
        Column[Body]("region", "Id of its region.", region).under("Region"),
        Column[Body](
            "local_policing_body", "Who must answer for it.", lambda b: b.local_policing_body
        ).under("Local policing body"),
        Column[Body]("aliases", "Other names for it.", lambda b: b.aliases, "texts").under(
            "Also known as"
        ),
        Column[Body]("note", "What else a reader should know.", lambda b: prose(b.note)).under(
            "Note"
        ),
    )


def monitoring_columns(as_of: date) -> tuple[Column[Monitoring], ...]:
    """Return what is known of a stay in monitoring, as of a day."""

    def left(stay: Monitoring) -> Cell:
        if stay.left is not None and stay.left.first > as_of:
            return cell(None, "not by then")
        return cell(stay.left, None if stay.left else "not known")

    return (
        Column[Monitoring](
            "phase", "The phase, in its source's words.", lambda m: prose(m.phase)
        ).under("Phase", min_width=10),
        Column[Monitoring](
            "entered",
            "The day on which it began.",
            lambda m: cell(m.entered, None if m.entered else "not known"),
            "day",
        ).under("Entered"),
        Column[Monitoring]("left", "The day on which it ended.", left, "day").under("Left"),
        Column[Monitoring](
            "reason", "Why the force was placed in it.", lambda m: prose(m.reason)
        ).under("Reason", min_width=16, drop_order=2),
        Column[Monitoring](
            "finding", "Id of the finding that led to it.", lambda m: m.finding
        ).under("Finding", drop_order=2),
        Column[Monitoring](
            "note", "What else a reader should know.", lambda m: prose(m.note)
        ).under("Note", min_width=20, long=True),
        Column[Monitoring]("sources", "Ids of its sources.", lambda m: m.sources, "texts"),
    )


def _answerer_cell(answered: Answered) -> Cell:
    who = answered.body.local_policing_body if answered.by_local else answered.body.name
    return Cell(answered.response.answered_by.value, who or "local policing body")


def _last_day_to_answer(answered: Answered) -> date | None:
    bound = answered.by_local and answered.body.kind is BodyKind.FORCE
    return _last_response_day(answered.inspection) if bound else None


RESPONSE_COLUMNS: tuple[Column[Answered], ...] = (
    Column[Answered](
        "inspection", "Id of the inspection that is answered.", lambda a: a.inspection.id
    ).under("Inspection", min_width=10, drop_order=2),
    Column[Answered](
        "body", "Id of the force that the answer is about.", lambda a: Cell(a.body.id, a.body.name)
    ).under("About", min_width=10),
    Column[Answered]("answered_by", "Who answered.", _answerer_cell, Answerer).under(
        "Answered by", min_width=10
    ),
    Column[Answered]("dated", "The date that it bears.", lambda a: a.response.dated, "day").under(
        "Dated"
    ),
    Column[Answered](
        "published", "The day on which it was published.", lambda a: a.response.published, "day"
    ).under("Published", drop_order=1),
    Column[Answered]("summary", "What it says.", lambda a: prose(a.response.summary)).under(
        "Summary", min_width=20, long=True
    ),
    Column[Answered](
        "last_day",
        "The last of the [56 days](dates.md#the-56-days), where they apply.",
        _last_day_to_answer,
        "day",
    ).under("Last of the 56 days"),
    Column[Answered](
        "note", "What else a reader should know.", lambda a: prose(a.response.note)
    ).under("Note", min_width=20, long=True),
    Column[Answered]("url", "Its address.", lambda a: a.response.url),
    Column[Answered]("sources", "Ids of its sources.", lambda a: a.response.sources, "texts"),
)


def _scale_cell(found: Inspection) -> Cell:
    return Cell(found.scale.value, found.scale.replace("-", " ")) if found.scale else Cell(None, "")


INSPECTION_COLUMNS: tuple[Column[Inspection], ...] = (
    Column[Inspection]("id", "Id of the inspection.", lambda i: i.id).under("Inspection"),
    Column[Inspection](
        "title", "The title of its report.", lambda i: prose(i.title, Tone.STRONG)
    ).under("Title"),
    Column[Inspection]("inspectorate", "Who inspected.", lambda i: prose(i.inspectorate)).under(
        "Inspectorate"
    ),
    Column[Inspection](
        "published", "The day on which the report was published.", lambda i: i.published, "day"
    ).under("Published"),
    Column[Inspection]("fieldwork", "When inspectors visited.", lambda i: i.fieldwork, "day").under(
        "Fieldwork"
    ),
    Column[Inspection]("scale", "The scale of its grades.", _scale_cell, Scale).under("Scale"),
    Column[Inspection]("url", "The address of the report.", lambda i: i.url).under("Address"),
    Column[Inspection](
        "last_response_day",
        "The last of the [56 days](dates.md#the-56-days), where they apply.",
        _last_response_day,
        "day",
    ).under("Last of the 56 days"),
    Column[Inspection](
        "not_on_record",
        "What its report is known to have said and this register does not hold.",
        lambda i: cell(i.not_on_record, "\n".join(i.not_on_record)),
        "texts",
    ).under("Not on record"),
    Column[Inspection]("note", "What else a reader should know.", lambda i: prose(i.note)).under(
        "Note"
    ),
)
