"""Whether a register is valid, worked out anew: slowly, plainly, from the bytes and the design.

Nothing of socwatch is used, so that the two can be held against each other. Stages follow each
other as they depend on each other: the first that objects ends the reading.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from oracle import MOVES, WITH_DEADLINE, may_follow

Row = dict[str, Any]

FIELDS: dict[str, dict[str, str]] = {
    "sources": {
        "id": "id!",
        "publisher": "text!",
        "title": "text!",
        "published": "partial",
        "url": "text",
        "seen": "day",
        "note": "text",
    },
    "bodies": {
        "id": "id!",
        "name": "text!",
        "kind": "word! force regional-unit region",
        "region": "bodies",
        "local_policing_body": "text",
        "aliases": "texts",
        "sources": "sources*",
        "note": "text",
    },
    "inspections": {
        "id": "id!",
        "title": "text!",
        "inspectorate": "text!",
        "published": "day!",
        "fieldwork": "partial",
        "scale": "word four-grades five-grades",
        "url": "text",
        "not_on_record": "texts",
        "sources": "sources*",
        "contradicted_by": "contradictions",
        "note": "text",
    },
    "grades": {
        "inspection": "inspections!",
        "body": "bodies!",
        "question": "text!",
        "grade": "word! outstanding good adequate requires-improvement inadequate not-graded",
        "sources": "sources*",
        "contradicted_by": "contradictions",
        "note": "text",
    },
    "findings": {
        "id": "id!",
        "inspection": "inspections!",
        "bodies": "bodies*!",
        "kind": "word! cause-of-concern recommendation area-for-improvement innovative-practice",
        "summary": "text!",
        "part_of": "findings",
        "label": "text",
        "source_term": "text",
        "deadline": "deadline",
        "deadline_words": "text",
        "deadline_set_by": "word inspectorate body",
        "deadline_sources": "sources*",
        "deadline_note": "text",
        "target": "partial",
        "recommendations_stated": "count",
        "recurs_from": "findings*",
        "supersedes": "findings*",
        "blocked_by": "findings*",
        "depends_on": "text",
        "aliases": "texts",
        "sources": "sources*",
        "contradicted_by": "contradictions",
        "note": "text",
    },
    "updates": {
        "id": "id!",
        "finding": "findings!",
        "body": "bodies",
        "action": "word! start done sign-off reopen close extend assign note checked mute retract",
        "on": "day!",
        "by": "text",
        "note": "text",
        "owner": "text",
        "evidence": "texts",
        "deadline": "partial",
        "outcome": "word superseded not-accepted no-longer-relevant",
        "successor": "findings",
        "until": "day",
        "update": "updates",
        "sources": "sources*",
        "recorded": "instant!",
    },
    "monitoring": {
        "body": "bodies!",
        "phase": "text!",
        "entered": "partial",
        "left": "partial",
        "reason": "text",
        "finding": "findings",
        "sources": "sources*",
        "contradicted_by": "contradictions",
        "note": "text",
    },
    "responses": {
        "inspection": "inspections!",
        "body": "bodies!",
        "answered_by": "word local-policing-body force",
        "dated": "day",
        "published": "day",
        "summary": "text",
        "url": "text",
        "sources": "sources*",
        "contradicted_by": "contradictions",
        "note": "text",
    },
}
"""What each field holds: ! for one that must be there, * for a list of ids, a table's name for
the id of one of its records."""

MUST = {
    "sign-off": {"by"},
    "reopen": {"note"},
    "close": {"outcome", "note"},
    "extend": {"deadline", "note", "by"},
    "assign": {"owner"},
    "note": {"note"},
    "mute": {"until", "note"},
    "retract": {"update", "note"},
}
MAY = {"start": {"owner"}, "done": {"evidence"}, "sign-off": {"evidence"}, "note": {"evidence"}}
ALWAYS = {"id", "finding", "body", "action", "on", "recorded", "by", "note", "sources"}

SCALES = {
    "four-grades": {"outstanding", "good", "requires-improvement", "inadequate"},
    "five-grades": {"outstanding", "good", "adequate", "requires-improvement", "inadequate"},
}
SEEN_THOUGH_FORMATS = {
    *(0x200C, 0x200D),  # the joiners, which are part of how some scripts are written
    *(*range(0x0600, 0x0606), 0x06DD, 0x070F, 0x0890, 0x0891, 0x08E2, 0x110BD, 0x110CD),
    *range(0x13430, 0x13441),
}
"""Formats by their category, and drawn: joiners, Prepended_Concatenation_Mark, hieroglyphs."""

UNSEEN_THOUGH_NO_FORMATS = {
    *(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2065, 0x3164, 0xFFA0, *range(0xFFF0, 0xFFF9)),
    *(0xE0000, *range(0xE0002, 0xE0020), *range(0xE0080, 0xE0100), *range(0xE01F0, 0xE1000)),
    *(0x2800, 0x13441, 0x13442, 0x16FE4, 0x1D159),
}
"""Other_Default_Ignorable_Code_Point of PropList.txt, and signs whose drawing is empty."""

ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
ADDRESS = re.compile(r"https?://[^\s/]\S*")
SPAN = re.compile(r"(?:(\d{1,4})|an?)\s+(day|week|month|year)s?", re.ASCII | re.IGNORECASE)
PARTIAL = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)


def objections(content: bytes) -> list[str]:
    """Why these bytes are no valid register, as far as the first stage that objects; else none."""
    try:
        text = content.decode("utf-8").removeprefix("\ufeff")
        tables = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        return [f"cannot be read: {error}"]
    found = [*_hidden(text), *_conflict(text)]
    for stage in (_shapes, _names, _rules):
        found = found or stage(tables)
    return found


def refused_by_toml(content: bytes) -> bool:
    """Whether the text is no UTF-8 or no TOML 1.0, of which Python's own reader is the judge."""
    try:
        tomllib.loads(content.decode("utf-8").removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return True
    return False


def _hidden(text: str) -> list[str]:
    found = []
    for index, character in enumerate(text):
        if character in "\t\n" or text[index : index + 2] == "\r\n":
            continue
        if is_hidden(character):
            found.append(f"hidden: U+{ord(character):04X}")
    return found


def is_hidden(character: str) -> bool:
    """Whether a character draws nothing, and nothing needs it: after UAX 44, part 5.7.4."""
    category, code = unicodedata.category(character), ord(character)
    formats = category == "Cf" and code not in SEEN_THOUGH_FORMATS
    return formats or category in {"Cc", "Zl", "Zp"} or code in UNSEEN_THOUGH_NO_FORMATS


def _conflict(text: str) -> list[str]:
    inside = False
    for line in text.split("\n"):
        mark = re.fullmatch(r"([<>])\1{6}( .*)?\r?", line)
        if mark and mark[1] == ">" and inside:
            return ["both sides of a merge are there"]
        inside = inside or bool(mark and mark[1] == "<")
    return []


def _shapes(tables: Row) -> list[str]:
    found = []
    if type(tables.get("format")) is not int or tables["format"] != 1:
        found.append("format is not 1")
    if "title" in tables and not _fits(tables["title"], "text"):
        found.append("title")
    for name, records in tables.items():
        if name in {"format", "title"}:
            continue
        if name not in FIELDS or not isinstance(records, list):
            found.append(f"no such table: {name}")
            continue
        for number, record in enumerate(records):
            found += [f"{name} {number}: {fault}" for fault in _record(record, FIELDS[name])]
    return found


def _record(record: object, fields: dict[str, str]) -> list[str]:
    if not isinstance(record, dict):
        return ["is no record"]
    found = [f"{key} is unknown" for key in record if key not in fields]
    for key, form in fields.items():
        if key not in record:
            if "!" in form:
                found.append(f"{key} is missing")
        elif not _fits(record[key], form.replace("!", "")):
            found.append(f"{key} cannot be {record[key]!r}")
    # An empty list of bodies is nobody.
    if record.get("bodies") == []:
        found.append("bodies is empty")
    return found


def _fits(value: object, form: str) -> bool:
    kind, *words = form.split()
    match kind:
        case "word":
            return isinstance(value, str) and value in words
        case "text":
            return (
                isinstance(value, str)
                and bool(value.strip())
                and not any(
                    is_hidden(character) and character not in "\t\n\r" for character in value
                )
                and "\r" not in value.replace("\r\n", "")
            )
        case "texts":
            return isinstance(value, list) and all(_fits(each, "text") for each in value)
        case "day":
            return type(value) is date and 1856 <= value.year <= 2199
        case "instant":
            return (
                isinstance(value, datetime)
                and value.tzinfo is not None
                and 1856 <= value.year <= 2199
            )
        case "partial":
            return _spread(value) is not None
        case "deadline":
            at_once = isinstance(value, str) and value.strip().lower() == "immediately"
            return at_once or _spread(value) is not None or _is_span(value)
        case "count":
            return type(value) is int and 1 <= value <= 999
        case "contradictions":
            return isinstance(value, list) and all(
                isinstance(each, dict)
                and each.keys() == {"source", "says"}
                and _fits(each["source"], "id")
                and _fits(each["says"], "text")
                for each in value
            )
    if kind.endswith("*"):
        return isinstance(value, list) and all(_fits(each, "id") for each in value)
    return isinstance(value, str) and ID.fullmatch(value) is not None


def _is_span(value: object) -> bool:
    return isinstance(value, str) and SPAN.fullmatch(value.strip()) is not None


def _spread(value: object) -> tuple[date, date] | None:
    """The first and the last day that a date can mean, in the years that registers know."""
    if type(value) is date:
        days = value, value
    elif isinstance(value, str) and (found := PARTIAL.fullmatch(value)):
        year, month, day = int(found[1]), found[2], found[3]
        try:
            if day:
                days = date(year, int(month), int(day)), date(year, int(month), int(day))
            elif month:
                first = date(year, int(month), 1)
                days = first, _month_end(first)
            else:
                days = date(year, 1, 1), date(year, 12, 31)
        except ValueError:
            return None
    else:
        return None
    return days if 1856 <= days[0].year <= 2199 else None


def _month_end(day: date) -> date:
    if day.month == 12:
        return day.replace(day=31)
    return day.replace(month=day.month + 1, day=1) - timedelta(days=1)


def _last_day(deadline: object, published: date) -> date | None:
    if deadline == "immediately":
        return published
    if spread := _spread(deadline):
        return spread[1]
    found = SPAN.fullmatch(str(deadline).strip())
    if found is None:
        return None
    count, unit = int(found[1] or 1), found[2].lower()
    try:
        if unit in {"day", "week"}:
            day = published + timedelta(days=count * (7 if unit == "week" else 1))
        else:
            months = count * (12 if unit == "year" else 1) + published.month - 1
            first = date(published.year + months // 12, months % 12 + 1, 1)
            day = min(_month_end(first), first + timedelta(days=published.day - 1))
    except (ValueError, OverflowError):
        return None
    return day if 1856 <= day.year <= 2199 else None


def _names(tables: Row) -> list[str]:
    found = []
    ids = {
        name: [record["id"] for record in tables.get(name, [])]
        for name in FIELDS
        if "id" in FIELDS[name]
    }
    for name, taken in ids.items():
        found += [f"{name}: {each} twice" for each, times in Counter(taken).items() if times > 1]
    shown = [*ids["bodies"], *ids["inspections"], *ids["findings"]]
    found += [f"{each} is two things" for each, times in Counter(shown).items() if times > 1]
    for name, fields in FIELDS.items():
        for record in tables.get(name, []):
            for key, form in fields.items():
                target = form.rstrip("!").rstrip("*")
                if target not in ids or key not in record:
                    continue
                named = record[key] if "*" in form else [record[key]]
                found += [f"{key}: no {each}" for each in named if each not in ids[target]]
            for contradiction in record.get("contradicted_by", []):
                if contradiction["source"] not in ids["sources"]:
                    found.append(f"no source {contradiction['source']}")
            for key, value in record.items():
                texts = isinstance(value, list) and all(isinstance(each, str) for each in value)
                if texts and len(set(value)) < len(value):
                    found.append(f"{key} repeats something")
    for name in ("bodies", "findings"):
        found += _shared_names(tables.get(name, []))
    for name in ("monitoring", "responses"):
        records = tables.get(name, [])
        full = [_filled(record) for record in records]
        found += [f"{name} repeats a record" for n, each in enumerate(full) if each in full[:n]]
    return found


def _filled(record: Row) -> Row:
    """A record as it is understood: what is left out, and what means the same, written alike."""
    filled = {key: value for key, value in record.items() if value != []}
    for key in ("entered", "left"):
        if key in filled:
            filled[key] = _spread(filled[key])
    return {"answered_by": "local-policing-body"} | filled


def _shared_names(records: list[Row]) -> list[str]:
    owners: dict[str, set[str]] = {}
    for record in records:
        named = [record["id"], *record.get("aliases", [])]
        if "name" in record:
            named.append(record["name"])
        for name in named:
            owners.setdefault(name.casefold(), set()).add(record["id"])
    return [f"{name} means several" for name, whose in owners.items() if len(whose) > 1]


def _rules(tables: Row) -> list[str]:
    by_id = {
        name: {record["id"]: record for record in tables.get(name, [])}
        for name in FIELDS
        if "id" in FIELDS[name]
    }
    return [
        *_circles(by_id["findings"]),
        *_bodies(tables, by_id),
        *_grades(tables, by_id),
        *_findings(by_id),
        *_dates(tables, by_id),
        *_updates(tables, by_id),
    ]


def _circles(findings: dict[str, Row]) -> list[str]:
    found = []
    for key in ("part_of", "recurs_from", "supersedes", "blocked_by"):
        for name in findings:
            reached: set[str] = set()
            ahead = {name}
            while ahead:
                ahead = {n for each in ahead for n in _listed(findings[each].get(key))} - reached
                reached |= ahead
            if name in reached:
                found.append(f"{key} leads from {name} back to it")
    return found


def _listed(value: object) -> list[str]:
    if value is None:
        return []
    return value if isinstance(value, list) else [str(value)]


def _bodies(tables: Row, by_id: Any) -> list[str]:  # noqa: ANN401  # plain tables
    found = []
    bodies = by_id["bodies"]
    for body in bodies.values():
        if "region" in body and body["kind"] == "region":
            found.append("a region in a region")
        if "region" in body and bodies[body["region"]]["kind"] != "region":
            found.append("a region that is none")
        if "local_policing_body" in body and body["kind"] != "force":
            found.append("a local policing body for what is no force")
    for name in ("monitoring", "responses"):
        for record in tables.get(name, []):
            body = bodies[record["body"]]
            if body["kind"] != "force":
                found.append(f"{name} of what is no force")
            elif (
                name == "responses"
                and record.get("answered_by") != "force"
                and "local_policing_body" not in body
            ):
                found.append("an answer of nobody")
            addressed = by_id["findings"].get(record.get("finding"), {}).get("bodies")
            if addressed is not None and record["body"] not in addressed:
                found.append("monitoring for what was found elsewhere")
    return found


def _grades(tables: Row, by_id: Any) -> list[str]:  # noqa: ANN401  # plain tables
    found = []
    given = Counter(
        (grade["inspection"], grade["body"], grade["question"])
        for grade in tables.get("grades", [])
    )
    found += [f"{each} graded twice" for each, times in given.items() if times > 1]
    for grade in tables.get("grades", []):
        if grade["grade"] == "not-graded":
            continue
        scale = by_id["inspections"][grade["inspection"]].get("scale") or _scale_of_its_time(
            by_id["inspections"][grade["inspection"]]
        )
        if grade["grade"] not in SCALES.get(scale, set()):
            found.append(f"{grade['grade']} is not on the scale {scale}")
        if by_id["bodies"][grade["body"]]["kind"] == "region":
            found.append("a graded region")
    return found


def _findings(by_id: Any) -> list[str]:  # noqa: ANN401  # plain tables
    found = []
    findings = by_id["findings"]
    held = Counter(finding.get("part_of") for finding in findings.values())
    for finding in findings.values():
        cause = findings.get(finding.get("part_of"))
        if finding["kind"] != "recommendation" and cause is not None:
            found.append("a cause of what is no recommendation")
        elif cause is not None and (
            cause["kind"] != "cause-of-concern"
            or cause["inspection"] != finding["inspection"]
            or not set(finding["bodies"]) <= set(cause["bodies"])
        ):
            found.append("a recommendation of another cause")
        stated = finding.get("recommendations_stated")
        if stated is not None and finding["kind"] != "cause-of-concern":
            found.append("a count of what has no recommendations")
        if stated is not None and held[finding["id"]] > stated:
            found.append("more recommendations than are stated")
        published = by_id["inspections"][finding["inspection"]]["published"]
        if "deadline" in finding:
            last = _last_day(finding["deadline"], published)
            if finding["kind"] not in WITH_DEADLINE:
                found.append("a deadline of what has none")
            elif last is None or last < published:
                found.append("a deadline before publication, or after all plausible years")
        for key in ("recurs_from", "supersedes"):
            for name in finding.get(key, []):
                earlier = by_id["inspections"][findings[name]["inspection"]]["published"]
                if earlier > published:
                    found.append(f"{key} names what came later")
    return found


def _dates(tables: Row, by_id: Any) -> list[str]:  # noqa: ANN401  # plain tables
    found = []
    for source in tables.get("sources", []):
        spread = _spread(source.get("published"))
        if spread and "seen" in source and source["seen"] < spread[0]:
            found.append("read before it was published")
    for inspection in tables.get("inspections", []):
        spread = _spread(inspection.get("fieldwork"))
        if spread and spread[0] > inspection["published"]:
            found.append("fieldwork after the report")
    for response in tables.get("responses", []):
        published = by_id["inspections"][response["inspection"]]["published"]
        days = [response[key] for key in ("dated", "published") if key in response]
        found += [f"an answer of {day}, before the report" for day in days if day < published]
    for stay in tables.get("monitoring", []):
        entered, left = _spread(stay.get("entered")), _spread(stay.get("left"))
        if entered and left and left[1] < entered[0]:
            found.append("left before it was entered")
    for name in ("sources", "inspections", "responses"):
        addresses = [record["url"] for record in tables.get(name, []) if "url" in record]
        found += [f"no address: {each}" for each in addresses if not ADDRESS.fullmatch(each)]
    return found


def _updates(tables: Row, by_id: Any) -> list[str]:  # noqa: ANN401  # plain tables
    updates: list[Row] = tables.get("updates", [])
    found = []
    for update in updates:
        finding = by_id["findings"][update["finding"]]
        found += [f"{update['id']}: {fault}" for fault in _update(update, finding, by_id)]
    if found:
        return found
    if any(_taken_back(update, updates, ()) is None for update in updates):
        return ["retractions in a circle"]
    lives: dict[tuple[str, str], list[Row]] = {}
    for update in sorted(updates, key=lambda each: each["on"]):
        if not _taken_back(update, updates, ()):
            only = by_id["findings"][update["finding"]]["bodies"][0]
            lives.setdefault((update["finding"], update.get("body", only)), []).append(update)
    for (name, _), life in lives.items():
        kind = by_id["findings"][name]["kind"]
        status = "open"
        for update in life:
            if not may_follow(kind, status, update["action"]):
                found.append(f"{update['id']}: {update['action']} from {status}")
            status = MOVES[update["action"]][1] or status
    return found


def _update(update: Row, finding: Row, by_id: Any) -> list[str]:  # noqa: ANN401  # plain tables
    found = []
    action = update["action"]
    must = set(MUST.get(action, ()))
    if update.get("outcome") == "superseded":
        must.add("successor")
    found += [f"{key} is missing" for key in sorted(must - update.keys())]
    useful = must | MAY.get(action, set()) | ALWAYS
    found += [f"{key} has no use" for key in sorted(update.keys() - useful)]
    if "body" not in update and len(finding["bodies"]) > 1:
        found.append("which body?")
    if "body" in update and update["body"] not in finding["bodies"]:
        found.append("another body")
    if update.get("successor") == finding["id"]:
        found.append("its own successor")
    written = update["recorded"].astimezone(ZoneInfo("Europe/London")).date()
    if update["on"] > written:
        found.append("not yet")
    if "until" in update and update["until"] < update["on"]:
        found.append("until before on")
    published = by_id["inspections"][finding["inspection"]]["published"]
    spread = _spread(update.get("deadline"))
    if spread and spread[1] < published:
        found.append("a deadline before publication")
    if action == "retract" and "update" in update:
        target = by_id["updates"][update["update"]]
        if target["finding"] != finding["id"]:
            found.append("retracts what is about another finding")
        elif target.get("body", finding["bodies"][0]) != update.get("body", finding["bodies"][0]):
            found.append("retracts what is about another body")
    return found


def _taken_back(update: Row, updates: list[Row], path: tuple[str, ...]) -> bool | None:
    """Whether a retraction that counts names it; None where retractions name each other."""
    if update["id"] in path:
        return None
    path = (*path, update["id"])
    whether = [
        _taken_back(other, updates, path)
        for other in updates
        if other["action"] == "retract" and other["update"] == update["id"]
    ]
    return None if None in whether else False in whether


def _scale_of_its_time(inspection: dict[str, Any]) -> str:
    return "four-grades" if inspection["published"].year < 2021 else "five-grades"
