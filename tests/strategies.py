"""Whole valid registers for hypothesis to make, as the plain values that TOML would give.

Lives are laid out first, each a sequence of updates that its item allows. Then come mistakes that
were taken back, retractions that were themselves taken back, and an order of lines that keeps only
what counts: within one day the lines of an item stand as they happened.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
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
OWNERS = ("A. Officer", "B. Officer")

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

# Made once: hypothesis looks each strategy over before it draws from it for the first time.
DAYS = st.sampled_from(AWKWARD) | st.dates(date(2015, 1, 1), date(2027, 12, 31))
"""Days of the years that inspections and updates are about, awkward ones among them."""
_EITHER = st.booleans()
_ONE_IN_FIVE = st.sampled_from((False, False, False, False, True))
_UP_TO_TWO = st.integers(0, 2)
_FORMS = st.sampled_from(("day", "text", "month", "year", "span", "immediately"))
_SPANS = st.one_of(
    *(
        st.tuples(st.integers(0, most), st.just(unit), st.booleans())
        for unit, most in (("day", 400), ("week", 60), ("month", 30), ("year", 4))
    )
)
_UP_TO_TWO_YEARS = st.integers(0, 700)
_LENGTHS = st.sampled_from((10, 7, 4))
_SCALES = st.sampled_from(tuple(oracle.BEST_FIRST))
_GRADED = st.lists(
    st.tuples(st.sampled_from(("ayle", "bree")), st.sampled_from(QUESTIONS)),
    max_size=3,
    unique=True,
)
_WORDS = {
    scale: st.sampled_from((*words, "not-graded")) for scale, words in oracle.BEST_FIRST.items()
}
_OWNERS = st.sampled_from(OWNERS)
_OUTCOMES = st.sampled_from(("not-accepted", "no-longer-relevant", "superseded"))
_BEGINNINGS = st.sampled_from((-60, -1, 0, 1, 40, 300))
_STEPS = st.integers(1, 6)
_GAPS = st.sampled_from((0, 0, 1, 28, 200))
_NEARBY = st.sampled_from((-400, -28, -1, 0, 0, 1, 90))
_CHAINS = st.sampled_from((1, 1, 3))
_MISTAKES = st.sampled_from(("extend", *FACTS))
_HOLDS = st.sampled_from((0, 1, 90))
_WRITTEN_AT = st.sampled_from(WRITTEN_AT)
_DELAYS = st.sampled_from((-1, 0, 0, 1, 7, 60, 400))


def register_of(rows: Rows) -> Register:
    """The register that holds these values."""
    return Register.of(rows)


@st.composite
def deadlines(draw: st.DrawFn, published: date) -> date | str:
    """A deadline in any of its forms, none of them before the day of publication."""
    form = draw(_FORMS)
    if form == "immediately":
        return form
    if form == "span":
        count, unit, in_words = draw(_SPANS)
        if count == 1 and in_words:
            return f"a {unit}"
        return f"{count} {unit}{'' if count == 1 else 's'}"
    day = published + A_DAY * draw(_UP_TO_TWO_YEARS)
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
    for number in range(2 if draw(_EITHER) else 1):
        inspection: Row = {
            "id": f"report-{number}",
            "title": f"Report {number}",
            "inspectorate": "HMICFRS",
            "published": draw(DAYS),
            "scale": draw(_SCALES),
        }
        rows["inspections"].append(inspection)
        rows["findings"] += draw(_findings(inspection))
    rows["findings"] = draw(st.permutations(rows["findings"]))
    if updated:
        rows["updates"] = draw(_updates(rows))
    return rows


@st.composite
def graded_registers(draw: st.DrawFn) -> Rows:
    """A valid register with grades, and with nothing else that depends on a day."""
    rows: Rows = {"format": 1, "bodies": BODIES, "inspections": [], "grades": []}
    for number in range(draw(_STEPS)):
        inspection: Row = {
            "id": f"report-{number}",
            "title": f"Report {number}",
            "inspectorate": "HMICFRS",
            "published": draw(DAYS),
            "scale": draw(_SCALES),
        }
        rows["inspections"].append(inspection)
        rows["grades"] += [
            {
                "inspection": inspection["id"],
                "body": body,
                "question": question,
                "grade": draw(_WORDS[inspection["scale"]]),
            }
            for body, question in draw(_GRADED)
        ]
    rows["grades"] = draw(st.permutations(rows["grades"]))
    return rows


@st.composite
def _findings(draw: st.DrawFn, inspection: Row) -> list[Row]:
    """A cause of concern with its recommendations, an area for improvement, good practice."""
    number = inspection["id"].removeprefix("report-")

    def finding(name: str, kind: str, bodies: list[str]) -> Row:
        row: Row = {
            "id": f"{name}-{number}",
            "inspection": inspection["id"],
            "bodies": bodies,
            "kind": kind,
            "summary": f"What {name} asks for.",
        }
        if kind in oracle.WITH_DEADLINE and not draw(_ONE_IN_FIVE):
            row["deadline"] = draw(deadlines(inspection["published"]))
        return row

    addressed = draw(_some(ADDRESSED))
    found = [finding("cause", "cause-of-concern", addressed)]
    for index in range(draw(_UP_TO_TWO)):
        recommendation = finding(f"r{index}", "recommendation", draw(_some(addressed)))
        found.append(recommendation | {"part_of": f"cause-{number}"})
    if draw(_EITHER):
        found.append(finding("area", "area-for-improvement", draw(_some(ADDRESSED))))
    if draw(_EITHER):
        found.append(finding("good", "innovative-practice", draw(_some(ADDRESSED))))
    return found


def _some(bodies: Iterable[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(tuple(bodies)), min_size=1, max_size=3, unique=True)


@st.composite
def _updates(draw: st.DrawFn, rows: Rows) -> list[Row]:
    """Lives of a few items, in an order of lines that keeps each item's days as they were."""
    every = [(finding, body) for finding in rows["findings"] for body in finding["bodies"]]
    places = st.sampled_from(range(len(every)))
    happened: list[Row] = []
    for index in draw(st.lists(places, min_size=1, max_size=3, unique=True)):
        happened += draw(_life(rows, *every[index], first=len(happened)))
    return in_order_within_days(draw(st.permutations(happened)), happened)


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
    others = [other["id"] for other in rows["findings"] if other is not finding]
    published = publication_of(finding, rows)
    happened: list[Row] = []

    def add(action: str, on: date, **fields: str) -> Row:
        row = draw(update_rows(finding, body, action, on, published=published, others=others))
        row |= {"id": f"u-{first + len(happened)}", **fields}
        happened.append(row)
        return row

    def near(on: date) -> date:
        return on + A_DAY * draw(_NEARBY)

    on = published + A_DAY * draw(_BEGINNINGS)
    status = "open"
    for _ in range(draw(_STEPS)):
        able = (*OFTEN, *FACTS)
        legal = [a for a in able if oracle.may_follow(finding["kind"], status, a)]
        action = draw(st.sampled_from(legal))
        update = add(action, on)
        status = oracle.MOVES[action][1] or status
        if draw(_ONE_IN_FIVE):
            taken_back = add("retract", near(on), update=update["id"])
            add("retract", near(on), update=taken_back["id"])
        on += A_DAY * draw(_GAPS)
    for _ in range(draw(_UP_TO_TWO)):
        # Any action at all: it is taken back, so it need not have been allowed.
        mistake = add(draw(_MISTAKES), near(on))
        for _ in range(draw(_CHAINS)):
            mistake = add("retract", near(on), update=mistake["id"])
    return happened


def publication_of(finding: Row, rows: Rows) -> date:
    """The day on which a finding was published."""
    (published,) = (
        inspection["published"]
        for inspection in rows["inspections"]
        if inspection["id"] == finding["inspection"]
    )
    assert isinstance(published, date)
    return published


@st.composite
def update_rows(  # noqa: PLR0913  # one parameter for each thing that an update agrees with
    draw: st.DrawFn,
    finding: Row,
    body: str,
    action: str,
    on: date,
    *,
    published: date,
    others: Sequence[str],
) -> Row:
    """An update with what its action must carry, but for its id and what it retracts."""
    row: Row = {"finding": finding["id"], "action": action, "on": on}
    if len(finding["bodies"]) > 1:
        row["body"] = body
    match action:
        case "start" if draw(_EITHER):
            row["owner"] = draw(_OWNERS)
        case "assign":
            row["owner"] = draw(_OWNERS)
        case "sign-off":
            row["by"] = "HMICFRS"
        case "close":
            row["outcome"] = draw(_OUTCOMES) if others else "not-accepted"
            if row["outcome"] == "superseded":
                row["successor"] = draw(st.sampled_from(others))
        case "extend":
            day = max(published, on) + A_DAY * draw(_UP_TO_TWO_YEARS)
            row["deadline"] = day if draw(_EITHER) else day.isoformat()[: draw(_LENGTHS)]
            row["by"] = "HMICFRS"
        case "mute":
            row["until"] = on + A_DAY * draw(_HOLDS)
    if action in {"reopen", "close", "extend", "note", "mute", "retract"}:
        row["note"] = "The reason."
    row["recorded"] = draw(instants_from(on))
    return row


@st.composite
def instants_from(draw: st.DrawFn, on: date) -> datetime:
    """An instant that lies on that day in London, or later."""
    hour, minute, second, zone = draw(_WRITTEN_AT)
    day = on + A_DAY * draw(_DELAYS)
    instant = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=zone)
    while oracle.london_day(instant) < on:
        instant += A_DAY
    return instant


def telling_days(rows: Rows) -> list[date]:
    """The days about which answers may differ: all that are written down, and their neighbours."""
    written = {inspection["published"] for inspection in rows["inspections"]}
    for record in (*rows["findings"], *rows["updates"]):
        if "on" in record:
            written.add(record["on"])
        if "deadline" in record:
            since = record["on"] if "on" in record else publication_of(record, rows)
            written.add(oracle.last_day_in_time(record["deadline"], since))
    return sorted({day + A_DAY * step for day in written for step in (-1, 0, 1)})


def telling_days_of_record(rows: Rows) -> list[date]:
    """The days in London about which what was known may differ."""
    recorded = {oracle.london_day(update["recorded"]) for update in rows["updates"]}
    return sorted({day - step * A_DAY for day in recorded for step in (0, 1)})
