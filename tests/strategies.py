"""Whole valid registers for hypothesis to make, as the plain values that TOML would give.

Lives are laid out first, each a sequence of updates that its item allows. Then come mistakes that
were taken back, retractions that were themselves taken back, and an order of lines that keeps only
what counts: within one day the lines of an item stand as they happened.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone

from hypothesis import strategies as st

import oracle
from oracle import A_DAY, Row, Rows
from socwatch.records import Register

BODIES: list[Row] = [
    {"id": "fen-region", "name": "Fen region", "kind": "region"},
    {"id": "fen-unit", "name": "Fen Unit", "kind": "regional-unit", "region": "fen-region"},
    {"id": "ayle", "name": "Ayle Police", "kind": "force", "region": "fen-region"},
    {"id": "bree", "name": "Bree Police", "kind": "force", "region": "fen-region"},
    {"id": "coln", "name": "Coln Police", "kind": "force"},
]
"""The bodies of every register made here; all are invented."""

ADDRESSED = ("fen-unit", "ayle", "bree", "coln")
QUESTIONS = ("Tackling organised crime", "Leadership")

FIRST, LAST = date(2015, 1, 1), date(2027, 12, 31)
AWKWARD = (
    date(2024, 2, 29),
    date(2023, 2, 28),
    date(2024, 5, 14),
    date(2023, 8, 31),
    date(2024, 8, 31),
    date(2024, 11, 30),
    date(2025, 12, 31),
    date(2026, 1, 1),
)
"""Days at which months, years and leap years begin and end."""

WRITTEN_AT = (
    (12, 0, 0, UTC),
    (0, 0, 0, UTC),
    (22, 59, 59, UTC),
    (23, 30, 0, UTC),
    (0, 30, 0, timezone(timedelta(hours=5, minutes=30))),
    (23, 59, 59, timezone(-timedelta(hours=8))),
)
"""Times of day and offsets; some lie on another day in London than where they were written."""

FACTS = tuple(action for action in oracle.MOVES if action != "retract")
OFTEN = ("done", "extend", "extend", "reopen", "start")
"""What lives are made of above all; the others would crowd them out."""
OWNERS = ("A. Officer", "B. Officer")


def register_of(rows: Rows) -> Register:
    """The register that holds these values."""
    return Register.model_validate(rows)


def days() -> st.SearchStrategy[date]:
    """Days of the years that inspections and updates are about, awkward ones among them."""
    return st.sampled_from(AWKWARD) | st.dates(FIRST, LAST)


@st.composite
def deadlines(draw: st.DrawFn, published: date) -> date | str:
    """A deadline in any of its forms, none of them before the day of publication."""
    form = draw(st.sampled_from(("day", "text", "month", "year", "span", "immediately")))
    if form == "immediately":
        return form
    if form == "span":
        unit, most = draw(
            st.sampled_from((("day", 400), ("week", 60), ("month", 30), ("year", 4)))
        )
        count = draw(st.integers(0, most))
        if count == 1 and draw(st.booleans()):
            return f"a {unit}"
        return f"{count} {unit}{'' if count == 1 else 's'}"
    day = published + A_DAY * draw(st.integers(0, 700))
    if form == "day":
        return day
    return day.isoformat()[: {"text": 10, "month": 7, "year": 4}[form]]


@st.composite
def plain_registers(draw: st.DrawFn, *, updated: bool = True) -> Rows:
    """A valid register; without `updated` nothing has happened yet to any of its findings."""
    rows: Rows = {
        "format": 1,
        "bodies": BODIES,
        "inspections": [],
        "grades": [],
        "findings": [],
        "updates": [],
    }
    for number in range(draw(st.integers(1, 2))):
        inspection = {
            "id": f"report-{number}",
            "title": f"Report {number}",
            "inspectorate": "HMICFRS",
            "published": draw(days()),
            "scale": draw(st.sampled_from(tuple(oracle.BEST_FIRST))),
        }
        rows["inspections"].append(inspection)
        rows["grades"] += draw(_grades(inspection))
        rows["findings"] += draw(_findings(inspection))
    rows["findings"] = draw(st.permutations(rows["findings"]))
    if updated:
        rows["updates"] = draw(_updates(rows))
    return rows


@st.composite
def _grades(draw: st.DrawFn, inspection: Row) -> list[Row]:
    words = (*oracle.BEST_FIRST[inspection["scale"]], "not-graded")
    about = st.tuples(st.sampled_from(("ayle", "bree")), st.sampled_from(QUESTIONS))
    return [
        {
            "inspection": inspection["id"],
            "body": body,
            "question": question,
            "grade": draw(st.sampled_from(words)),
        }
        for body, question in draw(st.lists(about, max_size=3, unique=True))
    ]


@st.composite
def _findings(draw: st.DrawFn, inspection: Row) -> list[Row]:
    """A cause of concern with its recommendations, an area for improvement, good practice."""
    number = inspection["id"].removeprefix("report-")
    published = inspection["published"]

    def finding(name: str, kind: str, bodies: list[str]) -> Row:
        row: Row = {
            "id": f"{name}-{number}",
            "inspection": inspection["id"],
            "bodies": bodies,
            "kind": kind,
            "summary": f"What {name} asks for.",
        }
        if kind in oracle.WITH_DEADLINE and draw(st.integers(0, 4)):
            row["deadline"] = draw(deadlines(published))
        return row

    addressed = draw(_some(ADDRESSED))
    found = [finding("cause", "cause-of-concern", addressed)]
    for index in range(draw(st.integers(0, 2))):
        recommendation = finding(f"r{index}", "recommendation", draw(_some(addressed)))
        found.append(recommendation | {"part_of": f"cause-{number}"})
    if draw(st.booleans()):
        found.append(finding("area", "area-for-improvement", draw(_some(ADDRESSED))))
    if draw(st.booleans()):
        found.append(finding("good", "innovative-practice", draw(_some(ADDRESSED))))
    return found


def _some(bodies: Iterable[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(tuple(bodies)), min_size=1, max_size=3, unique=True)


@st.composite
def _updates(draw: st.DrawFn, rows: Rows) -> list[Row]:
    """Lives of a few of the items, in an order of lines that keeps each item's days as they were."""
    every = [(finding, body) for finding in rows["findings"] for body in finding["bodies"]]
    chosen = draw(st.lists(st.sampled_from(range(len(every))), min_size=1, max_size=3, unique=True))
    happened: list[Row] = []
    for index in chosen:
        happened += draw(_life(rows, *every[index], first=len(happened)))
    lines = draw(st.permutations(happened))
    return in_order_within_days(lines, happened)


def in_order_within_days(lines: Iterable[Row], happened: Iterable[Row]) -> list[Row]:
    """The lines, those of one item and day put back in the order in which they happened."""
    by_day: defaultdict[tuple[str, str | None, date], deque[Row]] = defaultdict(deque)
    for update in happened:
        by_day[_item_and_day(update)].append(update)
    return [by_day[_item_and_day(line)].popleft() for line in lines]


def _item_and_day(update: Row) -> tuple[str, str | None, date]:
    return (update["finding"], update.get("body"), update["on"])


@st.composite
def _life(draw: st.DrawFn, rows: Rows, finding: Row, body: str, first: int) -> list[Row]:
    """What happened to an item, with what was written by mistake and taken back."""
    (published,) = (
        inspection["published"]
        for inspection in rows["inspections"]
        if inspection["id"] == finding["inspection"]
    )
    others = [other["id"] for other in rows["findings"] if other is not finding]
    happened: list[Row] = []

    def add(action: str, on: date, **fields: object) -> Row:
        row = draw(update_rows(finding, body, action, on, published, others))
        row |= {"id": f"u-{first + len(happened)}", **fields}
        happened.append(row)
        return row

    on = published + A_DAY * draw(st.sampled_from((-60, -1, 0, 1, 40, 300)))
    status = "open"
    for _ in range(draw(st.integers(1, 6))):
        able = (*OFTEN, *FACTS)
        legal = [a for a in able if oracle.may_follow(finding["kind"], status, a)]
        action = draw(st.sampled_from(legal))
        update = add(action, on)
        status = oracle.MOVES[action][1] or status
        if draw(st.integers(0, 4)) == 0:
            taken_back = add("retract", draw(_near(on)), update=update["id"])
            add("retract", draw(_near(on)), update=taken_back["id"])
        on += A_DAY * draw(st.sampled_from((0, 0, 1, 28, 200)))
    for _ in range(draw(st.integers(0, 2))):
        # Any action at all: it is taken back, so it need not have been allowed.
        mistake = add(draw(st.sampled_from(("extend", *FACTS))), draw(_near(on)))
        for _ in range(draw(st.sampled_from((1, 1, 3)))):
            mistake = add("retract", draw(_near(on)), update=mistake["id"])
    return happened


def _near(day: date) -> st.SearchStrategy[date]:
    return st.sampled_from((-400, -28, -1, 0, 0, 1, 90)).map(lambda days: day + A_DAY * days)


@st.composite
def update_rows(  # noqa: PLR0913  # one parameter for each thing that an update has to agree with
    draw: st.DrawFn, finding: Row, body: str, action: str, on: date, published: date, others: list[str]
) -> Row:
    """An update with what its action must carry; its id is to be added."""
    row: Row = {"finding": finding["id"], "action": action, "on": on}
    if len(finding["bodies"]) > 1:
        row["body"] = body
    match action:
        case "start" if draw(st.booleans()):
            row["owner"] = draw(st.sampled_from(OWNERS))
        case "assign":
            row["owner"] = draw(st.sampled_from(OWNERS))
        case "sign-off":
            row["by"] = "HMICFRS"
        case "close":
            row["outcome"] = draw(
                st.sampled_from(("not-accepted", "no-longer-relevant", "superseded"))
            )
            if row["outcome"] == "superseded" and others:
                row["successor"] = draw(st.sampled_from(others))
            elif not others:
                row["outcome"] = "not-accepted"
        case "extend":
            day = max(published, on) + A_DAY * draw(st.integers(0, 300))
            form = draw(st.sampled_from((None, 10, 7, 4)))
            row["deadline"] = day.isoformat()[:form] if form else day
            row["by"] = "HMICFRS"
        case "acknowledge":
            row["until"] = on + A_DAY * draw(st.sampled_from((0, 1, 90)))
    if action in {"reopen", "close", "extend", "note", "acknowledge", "retract"}:
        row["note"] = "The reason."
    row["recorded"] = draw(instants_from(on))
    return row


@st.composite
def instants_from(draw: st.DrawFn, on: date) -> datetime:
    """An instant that lies on that day in London, or later."""
    hour, minute, second, zone = draw(st.sampled_from(WRITTEN_AT))
    day = on + A_DAY * draw(st.sampled_from((-1, 0, 0, 1, 7, 60, 400)))
    instant = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=zone)
    while oracle.london_day(instant) < on:
        instant += A_DAY
    return instant


def telling_days(rows: Rows) -> list[date]:
    """The days about which answers may differ: every day that is written down, and its neighbours."""
    written = set()
    for inspection in rows["inspections"]:
        published = inspection["published"]
        written.add(published)
        written |= {
            oracle.last_day_in_time(finding["deadline"], published)
            for finding in rows["findings"]
            if finding["inspection"] == inspection["id"] and "deadline" in finding
        }
    for update in rows["updates"]:
        written.add(update["on"])
        if "deadline" in update:
            written.add(oracle.last_day_in_time(update["deadline"], update["on"]))
    return sorted({day + A_DAY * step for day in written for step in (-1, 0, 1)})


def telling_days_of_record(rows: Rows) -> list[date]:
    """The days in London about which what was known may differ."""
    recorded = {oracle.london_day(update["recorded"]) for update in rows["updates"]}
    return sorted({day - step * A_DAY for day in recorded for step in (0, 1)})
