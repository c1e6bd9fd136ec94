"""Large valid registers made from a seed, and the same records for other trackers to hold.

The bodies are invented, so that nobody takes a made-up finding for one about a real force.
"""

from __future__ import annotations

import json
import uuid
from calendar import monthrange
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Value = str | int | date | datetime | tuple[str, ...]
Plan = tuple[str, ...]

TABLES = (
    "sources",
    "bodies",
    "inspections",
    "grades",
    "findings",
    "updates",
    "monitoring",
    "responses",
)

PLACES = (
    "Fellside",
    "Saltmarsh",
    "Downland",
    "Fenbank",
    "Heathland",
    "Lakewater",
    "Wealdham",
    "Combe",
    "Strand",
)
POINTS = ("North", "South", "East", "West", "Mid")
FORCES = 43

FIRST_YEAR, LAST_YEAR = 2018, 2025
FIVE_GRADES_FROM = date(2021, 10, 1)
LAST_UPDATE = date(2026, 6, 30)

FOUR = ("outstanding", "good", "requires-improvement", "inadequate")
FIVE = ("outstanding", "good", "adequate", "requires-improvement", "inadequate")

TOPICS = (
    "Serious and organised crime",
    "Crime data integrity",
    "Custody",
    "Child protection",
    "Vetting and counter-corruption",
    "Response to the public",
)

VERBS = ("Make sure that", "Review how", "Put right how", "Agree with partners how", "Set out how")
ACTORS = (
    "lead responsible officers",
    "neighbourhood teams",
    "analysts and researchers",
    "supervisors in the control room",
    "the regional unit and its forces",
    "financial investigators",
)
DEEDS = (
    "write and own plans that set out prevention as well as pursuit",
    "record disruption in one place and learn from what worked",
    "share what they know about people at risk of being drawn into crime",
    "test new threats against the local profile and act on the result",
    "use partners' data in good time",
    "hold regular reviews of the highest harm groups",
)
AFTERTHOUGHTS = ("", "", ", and keep a record of it", ", with enough trained people to do so")

OWNERS = ("Head of Intelligence", "ACC Crime", "Head of Performance", "Superintendent Partnerships")
NOTES = (
    "The board looked at the plan and asked for figures in the next quarter.",
    "Training has begun in two of four areas.",
    "Waiting for partners to sign the information sharing agreement.",
    "Dip sample of twenty cases showed that the change has held.",
)

# Each plan is a legal life from open, by the table of actions; the weights give about three
# updates to every two findings. `retract` takes back the update just before it.
RUNNING: tuple[tuple[int, Plan], ...] = (
    (60, ()),
    (12, ("checked",)),
    (10, ("start",)),
    (7, ("assign", "start")),
    (5, ("start", "checked", "extend")),
    (4, ("extend", "start", "extend", "checked")),
    (4, ("start", "note", "retract")),
    (4, ("start", "done", "retract", "checked")),
    (9, ("start", "done")),
    (3, ("mute", "checked")),
    (3, ("start", "done", "reopen", "start")),
    (3, ("start", "done", "sign-off", "reopen")),
)
ENDED: tuple[tuple[int, Plan], ...] = (
    (18, ("sign-off",)),
    (6, ("done", "sign-off")),
    (4, ("start", "done", "sign-off")),
    (2, ("start", "extend", "done", "sign-off", "checked")),
    (3, ("close",)),
    (1, ("start", "done", "close")),
    (1, ("close", "reopen", "start", "done", "sign-off")),
)
CAUSE_RUNNING: tuple[tuple[int, Plan], ...] = (
    (4, ()),
    (2, ("checked",)),
    (2, ("start",)),
    (1, ("assign", "start", "note")),
)
CAUSE_ENDED: tuple[tuple[int, Plan], ...] = ((1, ("start", "sign-off")), (1, ("sign-off",)))

GIVES = {
    "start": "in-progress",
    "done": "done",
    "sign-off": "signed-off",
    "close": "closed",
    "reopen": "open",
}


@dataclass(frozen=True, slots=True)
class GeneratedItem:
    """One finding for one body, and what a tracker should say of it after all its updates."""

    id: str
    body: str
    kind: str
    summary: str
    published: date
    original_deadline: date | None
    deadline: date | None
    extensions: int
    status: str | None
    """None for innovative practice, which asks nothing of anybody."""

    @property
    def ended(self) -> bool:
        """Whether a plain to-do list would hold it as completed."""
        return self.status in {"done", "signed-off", "closed"}


@dataclass(frozen=True, slots=True)
class Generated:
    """A register's text, and the items that it holds in the order of their findings."""

    text: str
    items: tuple[GeneratedItem, ...]


def generated(findings: int, *, seed: int = 0) -> Generated:
    """A valid register with exactly that many findings; the same for the same seed."""
    return _Writer(Random(seed)).written(findings)  # noqa: S311  # figures, not secrets


def register_text(findings: int, *, seed: int = 0) -> str:
    """The TOML of a valid register with exactly that many findings."""
    return generated(findings, seed=seed).text


@dataclass(frozen=True, slots=True)
class _Inspection:
    id: str
    published: date
    region: str
    forces: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Deadline:
    written: str | date
    words: str
    day: date


@dataclass(slots=True)
class _Writer:
    random: Random
    tables: dict[str, list[str]] = field(default_factory=dict)
    updates: list[tuple[datetime, int, str]] = field(default_factory=list)
    items: list[GeneratedItem] = field(default_factory=list)
    causes: dict[str, tuple[str, date]] = field(default_factory=dict)
    """The last cause of concern of each body, and its day: a later one may recur from it."""
    engaged: dict[str, date] = field(default_factory=dict)
    """When each force last left monitoring: two stays never overlap."""
    untouched: dict[str, int] = field(default_factory=dict)
    """Where in `items` the last area for improvement of each body is, if it has no update."""

    def written(self, findings: int) -> Generated:
        inspections = self._inspections(findings, self._bodies(findings))
        left = findings
        for number, inspection in enumerate(inspections):
            share = left // (len(inspections) - number)
            self._findings(inspection, share)
            left -= share
        self.tables["updates"] = [text for _, _, text in sorted(self.updates)]
        blocks = [block for table in TABLES for block in self.tables.get(table, ())]
        heading = f'format = 1\ntitle = "A register of {findings} invented findings"\n'
        return Generated("\n".join((heading, *blocks)), tuple(self.items))

    def _row(self, table: str, **fields: Value | None) -> None:
        self.tables.setdefault(table, []).append(_toml(table, fields))

    def _bodies(self, findings: int) -> dict[str, tuple[str, ...]]:
        """Each region with its forces: a few for a small register, at most 9 with 43."""
        places = PLACES[: max(1, min(len(PLACES), findings // 100))]
        forces: dict[str, tuple[str, ...]] = {}
        for place in places:
            low = place.lower()
            region = f"{low}-region"
            self._row("bodies", id=region, name=f"{place} region", kind="region")
            self._row(
                "bodies",
                id=f"{low}-unit",
                name=f"Regional Organised Crime Unit for {place}",
                kind="regional-unit",
                region=region,
                aliases=(f"ROCU {place}",),
            )
            names = POINTS[: FORCES - len(POINTS) * len(forces)]
            for point in names:
                self._row(
                    "bodies",
                    id=f"{point.lower()}-{low}",
                    name=f"{point} {place} Police",
                    kind="force",
                    region=region,
                    local_policing_body=f"{point} {place} Police and Crime Commissioner",
                    aliases=(f"{point} {place}",),
                )
            forces[region] = tuple(f"{point.lower()}-{low}" for point in names)
        return forces

    def _inspections(self, findings: int, forces: dict[str, tuple[str, ...]]) -> list[_Inspection]:
        """Reports in the order of publication, one for about every forty findings."""
        regions = tuple(forces)
        count = max(1, findings // 40)
        days = sorted(
            date(
                self.random.randint(FIRST_YEAR, LAST_YEAR),
                self.random.randint(1, 12),
                self.random.randint(1, 28),
            )
            for _ in range(count)
        )
        inspections = []
        for number, published in enumerate(days, start=1):
            region = regions[number % len(regions)]
            inspection = _Inspection(f"report-{number}", published, region, forces[region])
            self._report(inspection)
            inspections.append(inspection)
        return inspections

    def _report(self, inspection: _Inspection) -> None:
        """The report itself, with its source, its grades and what was answered."""
        published = inspection.published
        topic = self.random.choice(TOPICS)
        place = inspection.region.removesuffix("-region").title()
        title = f"{topic}: an inspection of {place}, {published.year}"
        source = f"source-{inspection.id}"
        self._row(
            "sources",
            id=source,
            publisher="HMICFRS",
            title=title,
            published=published,
            url=f"https://reports.example/{inspection.id}",
        )
        five = published >= FIVE_GRADES_FROM
        self._row(
            "inspections",
            id=inspection.id,
            title=title,
            inspectorate="HMICFRS",
            published=published,
            fieldwork=f"{published - timedelta(days=240):%Y-%m}",
            scale="five-grades" if five else "four-grades",
            sources=(source,),
        )
        for body in (inspection.region.replace("-region", "-unit"), *inspection.forces):
            self._row(
                "grades",
                inspection=inspection.id,
                body=body,
                question=topic,
                grade=self.random.choice(FIVE if five else FOUR),
                sources=(source,),
            )
        for force in inspection.forces:
            if self.random.random() < 0.8:
                answered = published + timedelta(days=self.random.randint(20, 80))
                self._row(
                    "responses",
                    inspection=inspection.id,
                    body=force,
                    answered_by="local-policing-body",
                    dated=answered - timedelta(days=self.random.randint(0, 9)),
                    published=answered,
                    url=f"https://answers.example/{inspection.id}/{force}",
                )

    def _findings(self, inspection: _Inspection, share: int) -> None:
        """Exactly `share` findings of one report."""
        left = share
        number = 0
        while left:
            number += 1
            # A cause of concern always has recommendations: near the end there is no room for one.
            recommendations = self.random.randint(3, 9)
            if left > recommendations and self.random.random() < 0.4:
                self._cause(inspection, number, recommendations)
                left -= recommendations + 1
                continue
            left -= 1
            if self.random.random() < 0.12:
                bodies = (self.random.choice(inspection.forces),)
                self._finding(inspection, f"p{number}", "innovative-practice", bodies, ())
            else:
                self._area(inspection, number)

    def _area(self, inspection: _Inspection, number: int) -> None:
        """An area for improvement, which may take the place of an earlier one."""
        bodies = self._addressed(inspection)
        months = self.random.choice((6, 12, 24))
        target = _months_after(inspection.published, months)
        plans = RUNNING if self.random.random() < 0.7 else ENDED
        lines = len(self.updates)
        finding = self._finding(
            inspection,
            f"a{number}",
            "area-for-improvement",
            bodies,
            plans,
            target=f"{target:%Y-%m}" if self.random.random() < 0.2 else None,
        )
        if len(bodies) > 1:
            return
        older = self.untouched.pop(bodies[0], None)
        if lines == len(self.updates):
            self.untouched[bodies[0]] = len(self.items) - 1
        if older is not None and self.items[older].published < inspection.published:
            self._supersede(older, finding, inspection.published + timedelta(days=10))

    def _supersede(self, older: int, successor: str, on: date) -> None:
        item = self.items[older]
        self.items[older] = replace(item, status="closed")
        fields: dict[str, Value | None] = {
            "outcome": "superseded",
            "successor": successor,
            "note": "The later report takes it up again.",
        }
        self._update((item.id, None), "close", on, fields, datetime.combine(on, time(15), UTC))

    def _addressed(self, inspection: _Inspection) -> tuple[str, ...]:
        if self.random.random() < 0.06:
            count = self.random.randint(2, len(inspection.forces))
            return tuple(sorted(self.random.sample(inspection.forces, count)))
        unit = inspection.region.replace("-region", "-unit")
        return (self.random.choice((*inspection.forces, unit, inspection.region)),)

    def _cause(self, inspection: _Inspection, number: int, recommendations: int) -> None:
        """A cause of concern with its recommendations, all met or still being worked on."""
        count = min(3, len(inspection.forces)) if self.random.random() < 0.08 else 1
        bodies = tuple(sorted(self.random.sample(inspection.forces, count)))
        met = inspection.published.year < LAST_YEAR - 2 and self.random.random() < 0.5
        earlier, its_day = self.causes.get(bodies[0], ("", inspection.published))
        recurs = its_day < inspection.published and self.random.random() < 0.3
        cause = self._finding(
            inspection,
            f"c{number}",
            "cause-of-concern",
            bodies,
            CAUSE_ENDED if met else CAUSE_RUNNING,
            starts_after=timedelta(days=1500 if met else 40),
            # Some reports count one more than is on record.
            recommendations_stated=recommendations + (self.random.random() < 0.1),
            recurs_from=(earlier,) if recurs else (),
        )
        self.causes[bodies[0]] = (cause, inspection.published)
        if met:
            self._monitoring(bodies[0], cause, inspection.published + timedelta(days=40))
        shared = self._deadline(inspection.published)
        for place in range(1, recommendations + 1):
            deadline = shared
            if self.random.random() < 0.25:
                deadline = self._deadline(inspection.published)
            blocked = place > 1 and self.random.random() < 0.05
            self._finding(
                inspection,
                f"c{number}-r{place}",
                "recommendation",
                bodies,
                ENDED if met or self.random.random() < 0.2 else RUNNING,
                deadline=deadline,
                part_of=cause,
                label=str(place),
                blocked_by=(f"{cause}-r{place - 1}",) if blocked else (),
            )

    def _monitoring(self, force: str, cause: str, entered: date) -> None:
        """A stay in a phase of monitoring because of this cause of concern, for some."""
        if self.random.random() > 0.3 or entered <= self.engaged.get(force, date.min):
            return
        left = entered + timedelta(days=self.random.randint(200, 900))
        self.engaged[force] = left + timedelta(days=31)  # beyond the month that is written down
        self._row(
            "monitoring",
            body=force,
            phase="Engage",
            entered=f"{entered:%Y-%m}",
            left=f"{left:%Y-%m}",
            finding=cause,
        )

    def _deadline(self, published: date) -> _Deadline:
        """A deadline in one of the forms that reports use, and the last day that it means."""
        months = self.random.choice((3, 6, 9, 12, 18))
        form = self.random.random()
        if form < 0.08:
            return _Deadline("immediately", "immediately", published)
        # Reports come out by the 28th, so that a span of months never has to be clipped.
        day = _months_after(published, months)
        if form < 0.25:
            return _Deadline(f"{months} months", f"within {months} months", day)
        if form < 0.4:
            last = day.replace(day=monthrange(day.year, day.month)[1])
            return _Deadline(f"{day:%Y-%m}", f"by {day:%B %Y}", last)
        day = day.replace(day=monthrange(day.year, day.month)[1])
        return _Deadline(day, f"by {day.day} {day:%B %Y}", day)

    def _finding(  # noqa: PLR0913  # one parameter for each thing that differs between kinds
        self,
        inspection: _Inspection,
        suffix: str,
        kind: str,
        bodies: tuple[str, ...],
        plans: tuple[tuple[int, Plan], ...],
        *,
        deadline: _Deadline | None = None,
        starts_after: timedelta = timedelta(days=40),
        **fields: Value | None,
    ) -> str:
        """Writes a finding, a life for each of its items, and returns its id."""
        number = inspection.id.removeprefix("report-")
        finding = f"{bodies[0] if len(bodies) == 1 else 'several'}-{number}-{suffix}"
        summary = self._summary()
        self._row(
            "findings",
            id=finding,
            inspection=inspection.id,
            bodies=bodies,
            kind=kind,
            summary=summary,
            deadline=deadline.written if deadline else None,
            deadline_words=deadline.words if deadline else None,
            sources=(f"source-{inspection.id}",),
            **fields,
        )
        for body in bodies:
            status: str | None = None
            extended: list[date] = []
            if plans:
                status, extended = self._life(
                    (finding, body if len(bodies) > 1 else None),
                    inspection.published,
                    inspection.published + starts_after,
                    self._plan(plans, deadline=deadline is not None),
                )
            original = deadline.day if deadline else None
            self.items.append(
                GeneratedItem(
                    finding if len(bodies) == 1 else f"{finding}@{body}",
                    body,
                    kind,
                    summary,
                    inspection.published,
                    original,
                    extended[-1] if extended else original,
                    len(extended),
                    status,
                )
            )
        return finding

    def _plan(self, plans: tuple[tuple[int, Plan], ...], *, deadline: bool) -> Plan:
        weights = [weight for weight, _ in plans]
        (chosen,) = self.random.choices([plan for _, plan in plans], weights)
        return tuple(action for action in chosen if deadline or action != "extend")

    def _life(
        self, about: tuple[str, str | None], published: date, begin: date, plan: Plan
    ) -> tuple[str, list[date]]:
        """Writes the updates of one item; gives its last status and the extended deadlines."""
        statuses = ["open"]
        extended: list[date] = []
        # Some begin before the report is out, since they know what it will say.
        on = begin + timedelta(days=self.random.randint(-60, 120))
        recorded = datetime.combine(published, time(9), UTC)
        last = ""
        for action in plan:
            if on > LAST_UPDATE:
                break
            seconds = self.random.randint(0, 12 * 86_400)
            written = datetime.combine(on, time(8), UTC) + timedelta(seconds=seconds)
            # An item's lines are written in the order in which its updates happened.
            recorded = max(written, recorded + timedelta(seconds=1))
            fields = self._carried(action, on, last)
            if action == "extend":
                # Later than any first deadline, which is at most 18 months and some days away.
                extended.append(_months_after(published, 20 + 6 * len(extended)))
                fields["deadline"] = extended[-1]
            if action == "retract":
                statuses.pop()
            else:
                statuses.append(GIVES.get(action, statuses[-1]))
            last = self._update(about, action, on, fields, recorded)
            on += timedelta(days=self.random.randint(1, 200))
        return statuses[-1], extended

    def _update(
        self,
        about: tuple[str, str | None],
        action: str,
        on: date,
        fields: dict[str, Value | None],
        recorded: datetime,
    ) -> str:
        """Writes one update and returns its id."""
        identity = f"u-{self.random.getrandbits(48):012x}"
        row: dict[str, Value | None] = {"id": identity, "finding": about[0], "body": about[1]}
        text = _toml("updates", row | {"action": action, "on": on, **fields, "recorded": recorded})
        self.updates.append((recorded, len(self.updates), text))
        return identity

    def _carried(self, action: str, on: date, last: str) -> dict[str, Value | None]:
        """What an update with this action carries, but for an extension's deadline."""
        note = self.random.choice(NOTES)
        match action:
            case "start" | "assign":
                return {"owner": self.random.choice(OWNERS)}
            case "done":
                return {"evidence": (f"minutes/{on}.pdf",)}
            case "sign-off":
                return {"by": "HMICFRS force liaison lead", "note": note}
            case "close":
                outcome = self.random.choice(("not-accepted", "no-longer-relevant"))
                return {"outcome": outcome, "note": note}
            case "extend":
                return {"by": "Deputy Chief Constable", "note": note}
            case "mute":
                return {"until": on + timedelta(days=90), "note": note}
            case "retract":
                return {"update": last, "note": "Entered against the wrong finding."}
            case "checked":
                return {}
        return {"note": note}

    def _summary(self) -> str:
        choice = self.random.choice
        return f"{choice(VERBS)} {choice(ACTORS)} {choice(DEEDS)}{choice(AFTERTHOUGHTS)}"


def _toml(table: str, fields: dict[str, Value | None]) -> str:
    lines = [f"{key} = {_value(value)}" for key, value in fields.items() if value not in (None, ())]
    return "\n".join((f"[[{table}]]", *lines, ""))


def _value(value: Value | None) -> str:
    match value:
        case datetime():
            return f"{value:%Y-%m-%dT%H:%M:%SZ}"
        case tuple():
            return f"[{', '.join(map(_value, value))}]"
        case str():
            return f'"{value}"'  # the vocabulary has nothing that TOML would want escaped
    return str(value)


def _months_after(day: date, months: int) -> date:
    """The same day of the month so many months later, for a day that every month has."""
    years, month = divmod(day.month - 1 + months, 12)
    return day.replace(year=day.year + years, month=month + 1)


def taskwarrior_json(items: Iterable[GeneratedItem], *, seed: int = 0) -> str:
    """The items as tasks, in the JSON that `task import` reads."""
    random = Random(seed)  # noqa: S311  # task ids, not secrets
    tasks = []
    for item in items:
        entered = f"{item.published:%Y%m%d}T090000Z"
        task = {
            "uuid": str(uuid.UUID(int=random.getrandbits(128), version=4)),
            "description": f"{item.id} {item.summary}",
            "project": item.body,
            "tags": [item.kind.replace("-", "_")],
            "entry": entered,
            "status": "completed" if item.ended else "pending",
        }
        if item.ended:
            task["end"] = entered
        if item.deadline is not None:
            task["due"] = f"{item.deadline:%Y%m%d}T235959Z"
        tasks.append(task)
    return json.dumps(tasks)


def calendar_files(items: Iterable[GeneratedItem]) -> Iterator[tuple[str, bytes]]:
    """The items as iCalendar to-dos, a name and the content for each: one file a to-do."""
    from icalendar import Calendar, Todo  # slow, and only for another tracker

    for item in items:
        stamp = datetime.combine(item.published, time(9), tzinfo=UTC)
        to_do = Todo()
        to_do.add("uid", item.id)
        to_do.add("dtstamp", stamp)
        to_do.add("created", stamp)
        to_do.add("summary", f"{item.id} {item.summary}")
        to_do.add("categories", [item.body])
        if item.deadline is not None:
            to_do.add("due", item.deadline)
        if item.ended:
            to_do.add("status", "COMPLETED")
            to_do.add("completed", stamp)
        calendar = Calendar()
        calendar.add("version", "2.0")
        calendar.add("prodid", "-//socwatch//generated//EN")
        calendar.add_component(to_do)
        yield f"{item.id}.ics", calendar.to_ical()
