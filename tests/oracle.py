"""The rules of tracking once more, plain and slow: what socwatch's own answers are held against.

Written from the rules and not from the code: it takes the plain values of a register, as TOML
gives them, and shares nothing with socwatch. It walks where arithmetic would do.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

Row = dict[str, Any]
Rows = dict[str, Any]
"""The plain values of a register: its tables by name, each a list of rows."""

A_DAY = timedelta(days=1)

RUNNING = {"open", "in-progress"}
UNENDED = {"open", "in-progress", "done"}
STATUSES = {"open", "in-progress", "done", "signed-off", "closed"}

MOVES: dict[str, tuple[set[str], str | None]] = {
    "start": ({"open"}, "in-progress"),
    "done": (RUNNING, "done"),
    "sign-off": (UNENDED, "signed-off"),
    "reopen": ({"done", "signed-off", "closed"}, "open"),
    "close": (UNENDED, "closed"),
    "extend": (RUNNING, None),
    "assign": (STATUSES, None),
    "note": (STATUSES, None),
    "checked": (STATUSES, None),
    "mute": (STATUSES, None),
    "retract": (STATUSES, None),
}
"""From which statuses each action may follow, and the status that it gives, if it gives one."""

WITH_DEADLINE = {"cause-of-concern", "recommendation"}
WITHOUT_STATUS = {"innovative-practice"}

BEST_FIRST = {
    "four-grades": ["outstanding", "good", "requires-improvement", "inadequate"],
    "five-grades": ["outstanding", "good", "adequate", "requires-improvement", "inadequate"],
}


def london_day(instant: datetime) -> date:
    """The day in London: one hour ahead of UTC in summer, which begins and ends at 01:00 UTC."""
    utc = instant.astimezone(UTC)
    begins, ends = (
        datetime(sunday.year, sunday.month, sunday.day, 1, tzinfo=UTC)
        for sunday in (last_sunday(utc.year, 3), last_sunday(utc.year, 10))
    )
    return (utc + timedelta(hours=1) if begins <= utc < ends else utc).date()


@cache
def last_sunday(year: int, month: int) -> date:
    """The last Sunday of a month of 31 days."""
    day = date(year, month, 31)
    while day.strftime("%w") != "0":
        day -= A_DAY
    return day


def last_day_in_time(deadline: date | str, published: date) -> date:
    """The last day that is in time, by a deadline as a register holds it."""
    if isinstance(deadline, date):
        return deadline
    if deadline == "immediately":
        return published
    if deadline[:4].isdigit() and " " not in deadline:
        return last_day_that_begins(deadline)
    number, unit = deadline.removesuffix("s").split(" ")
    steps = 1 if number in {"a", "an"} else int(number)
    day = published
    if unit in {"day", "week"}:
        for _ in range(steps * (7 if unit == "week" else 1)):
            day += A_DAY
        return day
    year, month = published.year, published.month
    for _ in range(steps * (12 if unit == "year" else 1)):
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return same_or_last_day(year, month, published.day)


@cache
def last_day_that_begins(text: str) -> date:
    """The last of all days whose ISO form begins with a text such as 2025, 2025-01, 2025-01-31."""
    day = date.fromisoformat((text + "-01-01")[:10])
    while (day + A_DAY).isoformat().startswith(text):
        day += A_DAY
    return day


def same_or_last_day(year: int, month: int, day: int) -> date:
    """A day of a month, or the month's last one where it is too short."""
    while True:
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1


def recorded_by(rows: Rows, recorded_until: date | None) -> list[Row]:
    """The updates recorded by a day, in the order of the file, with all that they refer to."""
    found = [
        update
        for update in rows.get("updates", [])
        if recorded_until is None or london_day(update["recorded"]) <= recorded_until
    ]
    while True:
        names = {update["id"] for update in found}
        whole = [update for update in found if update.get("update") in {None, *names}]
        if whole == found:
            return found
        found = whole


def counting(rows: Rows, recorded_until: date | None) -> list[Row]:
    """The updates that were known and are not retracted, in the order of the file."""
    known = recorded_by(rows, recorded_until)

    def counts(update: Row) -> bool:
        return not any(
            other["action"] == "retract" and other["update"] == update["id"] and counts(other)
            for other in known
        )

    return [update for update in known if counts(update)]


def may_follow(kind: str, status: str, action: str) -> bool:
    """Whether an action means anything for a finding of that kind, in that status."""
    after, gives = MOVES[action]
    if kind in WITHOUT_STATUS and gives is not None:
        return False
    if kind not in WITH_DEADLINE and action == "extend":
        return False
    return status in after


def items(
    rows: Rows, as_of: date, recorded_until: date | None = None, within: int = 28
) -> list[Row]:
    """Every item as of a day, with every field that socwatch gives it, records by their ids."""
    updates = counting(rows, recorded_until)
    inspections = {inspection["id"]: inspection for inspection in rows["inspections"]}
    return [
        item((finding, inspections[finding["inspection"]], body), updates, as_of, within)
        for finding in rows["findings"]
        if inspections[finding["inspection"]]["published"] <= as_of
        for body in finding["bodies"]
    ]


def item(about: tuple[Row, Row, str], updates: list[Row], as_of: date, within: int) -> Row:
    """One finding for one body as of a day: a day at a time, each in the order of the file."""
    finding, inspection, body = about
    kind, published = finding["kind"], inspection["published"]
    original = finding.get("deadline")
    if original is not None:
        original = last_day_in_time(original, published)
    now: Row = {
        "status": "open",
        "deadline": original,
        "extensions": 0,
        "completed": None,
        "only_signed_off": False,
        "outcome": None,
        "successor": None,
        "owner": None,
        "last_checked": None,
        "muted_until": None,
    }
    ours = [u for u in updates if u["finding"] == finding["id"] and u.get("body", body) == body]
    replayed = []
    for day in sorted({update["on"] for update in ours if update["on"] <= as_of}):
        for update in ours:
            if update["on"] == day:
                replayed.append(update["id"])
                if may_follow(kind, now["status"], update["action"]):
                    apply(update, now)
    status = None if kind in WITHOUT_STATUS else now["status"]
    deadline = now["deadline"]
    clock_runs = status in RUNNING and deadline is not None
    days_left = deadline.toordinal() - as_of.toordinal() if clock_runs else None
    return now | {
        "finding": finding["id"],
        "inspection": inspection["id"],
        "body": body,
        "as_of": as_of,
        "status": status,
        "original_deadline": original,
        "updates": replayed,
        "id": finding["id"] + (f"@{body}" if len(finding["bodies"]) > 1 else ""),
        "days_left": days_left,
        "overdue": clock_runs and as_of > deadline,
        "muted": (
            status in UNENDED and now["muted_until"] is not None and as_of <= now["muted_until"]
        ),
        "age": as_of.toordinal() - published.toordinal(),
        "timing": timing(status, deadline, now["completed"], as_of, within),
    }


def apply(update: Row, now: Row) -> None:
    """What one update changes."""
    match update["action"]:
        case "done" | "sign-off":
            if now["completed"] is None:
                now["completed"] = update["on"]
                now["only_signed_off"] = update["action"] == "sign-off"
        case "close":
            now["outcome"] = update["outcome"]
            now["successor"] = update.get("successor")
        case "reopen":
            now["completed"] = now["outcome"] = now["successor"] = None
            now["only_signed_off"] = False
        case "extend":
            now["deadline"] = last_day_in_time(update["deadline"], date.max)
            now["extensions"] += 1
        case "checked":
            now["last_checked"] = update["on"]
        case "mute":
            now["muted_until"] = update["until"]
    if "owner" in update:
        now["owner"] = update["owner"]
    now["status"] = MOVES[update["action"]][1] or now["status"]


def timing(
    status: str | None, deadline: date | None, completed: date | None, as_of: date, within: int
) -> str:
    """How an item stands to its deadline."""
    if status in {None, "closed"}:
        return "not-applicable"
    if deadline is None:
        return "no-deadline"
    if completed is not None:
        return "late" if completed > deadline else "met"
    if as_of > deadline:
        return "overdue"
    return "due-soon" if as_of + within * A_DAY >= deadline else "on-track"


def grades(rows: Rows, as_of: date) -> list[Row]:
    """Every grade published by a day, oldest first, with how it compares to the one before."""
    inspections = {inspection["id"]: inspection for inspection in rows["inspections"]}
    given: list[Row] = []
    for day in sorted({inspection["published"] for inspection in inspections.values()}):
        for grade in rows.get("grades", []):
            inspection = inspections[grade["inspection"]]
            if day > as_of or inspection["published"] != day:
                continue
            about = (grade["body"], grade["question"])
            earlier = [g for g in given if (g["body"], g["question"]) == about]
            before = earlier[-1] if earlier else None
            graded = {
                "inspection": inspection["id"],
                "body": grade["body"],
                "question": grade["question"],
                "grade": grade["grade"],
                "scale": inspection.get("scale"),
                "before": before,
            }
            given.append(graded | {"direction": direction(graded, before)})
    return given


def direction(now: Row, before: Row | None) -> str | None:
    """How a grade compares with the one before it, on the one scale that both were given on."""
    if before is None:
        return None
    if now["scale"] is None or now["scale"] != before["scale"]:
        return "not-comparable"
    if "not-graded" in {now["grade"], before["grade"]}:
        return "not-comparable"
    ranks = BEST_FIRST[now["scale"]]
    step = ranks.index(now["grade"]) - ranks.index(before["grade"])
    return "same" if step == 0 else "better" if step < 0 else "worse"
