"""The rules of a register: what each of them takes and what it refuses, to the day and the word."""

from __future__ import annotations

from time import process_time

import pytest

import oracle
import oracle_validity
from conftest import ROOT, SHIPPED, Soc
from generated import register_text
from mutations import reading
from registers import SMALL, update
from socwatch.errors import Problem

GALLERY = ROOT / "tests" / "gallery"


def faults_of(text: str) -> list[Problem]:
    """Every fault of a text."""
    return [fault.problem for fault in reading(text.encode())[1]]


def names_of(text: str) -> list[str]:
    """The names of the faults of a text."""
    return [problem.name for problem in faults_of(text)]


def record(table: str, **fields: str) -> str:
    """A record as a register holds it, each value as it is written there."""
    return "\n".join((f"\n[[{table}]]", *(f"{key} = {value}" for key, value in fields.items()), ""))


def changed(before: str, after: str, text: str = SMALL) -> str:
    """The small register with its first piece like this written otherwise."""
    assert before in text
    return text.replace(before, after, 1)


def test_shipped_register_has_no_fault() -> None:
    """The register that socwatch ships is sound, and so is the one that these tests spoil."""
    assert names_of(SHIPPED.read_text(encoding="utf-8")) == []
    assert names_of(SMALL) == []
    assert names_of(SMALL + "x = 1\n") == ["unknown-field"]


MENDED: dict[str, tuple[tuple[str, str], ...]] = {
    "ambiguous-name": (('"anyshire police"', '"MIDSHIRE POLICE", "any"'),),
    "bad-date": (('"12 March 2025"', "2025-03-12"),),
    "bad-id": (('"Anyshire"', '"1-anyshire-2"'),),
    "bad-url": (("www.", "http://www."),),
    "bracket-missing": (("[bodies]", "[[bodies]]"),),
    "circular-link": (('["cause"]', "[]"),),
    "circular-retraction": (('"retract"', '"note"'), ('update = "u-1"\n', "")),
    "conflict-marks": (
        ("<<<<<<< HEAD\n", ""),
        ("=======\n", "# "),
        (">>>>>>> theirs\n", ""),
    ),
    "count-not-for-kind": (("recommendations_stated", "# recommendations_stated"),),
    "deadline-before-publication": (("2025-01-31", "2025-03-12"),),
    "deadline-not-for-kind": (("deadline", "target"),),
    "duplicate-grade": (('question = "Serious', 'question = "Tackling serious'),),
    "duplicate-id": (('"anyshire"\nname = "Midshire', '"anyshire-2"\nname = "Midshire'),),
    "duplicate-key": (('title = "What Anyshire was told"\n', ""),),
    "duplicate-record": (('phase = "Engage"\n\n', 'phase = "Scan"\n\n'),),
    "earlier-from-later": (("published = 2026-04-01", "published = 2025-03-12"),),
    "empty-list": (
        ("[]", '["anyshire"]'),
        ("[[insp", '[[bodies]]\nid = "anyshire"\nname = "A"\nkind = "force"\n\n[[insp'),
    ),
    "empty-text": (('""', '"."'),),
    "fieldwork-after-publication": (('"2026-03"', '"2025-03"'),),
    "finding-of-other-body": (('bodies = ["anyshire"]', 'bodies = ["anyshire", "midshire"]'),),
    "grade-not-on-scale": (("four-grades", "five-grades"),),
    "hidden-character": (("\\u202E", "\\u00AB"),),
    "implausible-date": (("0225", "1856"),),
    "impossible-date": (("2025-02-30", "2025-02-28"),),
    "left-before-entered": (('"2024-05"', '"2025"'),),
    "missing-field": (("name =", 'kind = "force"\nname ='),),
    "more-than-stated": (("_stated = 1", "_stated = 2"),),
    "no-policing-body": (('kind = "force"', 'kind = "force"\nlocal_policing_body = "Mayor"'),),
    "not-a-force": (('"region"', '"force"'),),
    "not-a-region": (('kind = "force"', 'kind = "region"'),),
    "not-utf-8": (("\ufffd", "é"),),
    "number-too-large": (("9" * 20, "9"),),
    "own-successor": (("superseded", "not-accepted"), ('successor = "cause"\n', "")),
    "parent-elsewhere": (('inspection = "soc-2026"', 'inspection = "soc-2025"'),),
    "parent-not-allowed": (("area-for-improvement", "recommendation"),),
    "parent-of-other-kind": (("area-for-improvement", "cause-of-concern"),),
    "policing-body-not-for-kind": (('"region"', '"force"'),),
    "progress-in-finding": (('status = "done"\n', ""),),
    "region-graded": (('"good"', '"not-graded"'),),
    "region-in-region": (('kind = "region"\nregion', 'kind = "regional-unit"\nregion'),),
    "repeated-value": (('"Anyshire", "Anyshire"', '"Anyshire", "Any shire"'),),
    "response-before-publication": (("2024-03-12", "2025-03-12"),),
    "retracts-other-item": (('finding = "a1"', 'finding = "cause"'),),
    "seen-before-published": (("seen = 2024", "seen = 2025"),),
    "toml-syntax": (("told\n", 'told"\n'),),
    "unknown-body": (("region =", "# region ="),),
    "unknown-field": (("alias", "aliases"),),
    "unknown-finding": (('["cause-2"]', "[]"),),
    "unknown-format": (("2", "1"),),
    "unknown-inspection": (("soc-2024", "soc-2025"),),
    "unknown-source": (('"gazette-2025"', ""),),
    "unknown-table": (("[[body]]", ""),),
    "unknown-update": (('"retract"', '"note"'), ('update = "u-1"\n', "")),
    "unknown-word": (("police-force", "force"),),
    "until-before-on": (("until = 2025-03-31", "until = 2025-04-01"),),
    "update-before-its-day": (("on = 2025-04-03", "on = 2025-04-02"),),
    "update-field-not-allowed": (("deadline = 2025-12-31\n", ""),),
    "update-lacks-field": (("\non =", '\ndeadline = "2025"\non ='),),
    "update-not-allowed": (("on = 2025-05-01", "on = 2025-03-31"),),
    "update-of-other-body": (('"midshire"\nrecorded', '"anyshire"\nrecorded'),),
    "update-without-body": (("\non =", '\nbody = "midshire"\non ='),),
    "wrong-type": (('"Anyshire"\n', '["Anyshire"]\n'),),
}
"""For each fault, the least that has to be written otherwise in its register of the gallery."""


def test_every_fault_is_mended_here() -> None:
    """There is a mended register for every fault that a register's own text can have."""
    shown = {path.stem for path in GALLERY.glob("*.toml")}
    assert {name for name in shown if not name.startswith("evidence-")} == MENDED.keys()
    assert "evidence-missing" in shown


@pytest.mark.parametrize("name", MENDED)
def test_mended(name: str) -> None:
    """With the least change that its rule asks for, the register of each fault is sound."""
    text = (GALLERY / f"{name}.toml").read_text(encoding="utf-8", errors="replace")
    comment, _, text = text.partition("\n")
    for before, after in MENDED[name]:
        text = changed(before, after, text)
    assert names_of(f"{comment}\n{text}") == []


DONE = update(1, "r1", "done", "2024-06-01")
AGREED = ('by = "A"', 'note = "More time."')
CLOSING = ('outcome = "not-accepted"', 'note = "No."')

SOUND: dict[str, str] = {
    "a deadline on the day of the report": changed("2025-01-01", "2024-05-14"),
    "a deadline in its month": changed("2025-01-01", '"2024-05"'),
    "a deadline in its year": changed("2025-01-01", '"2024"'),
    "a deadline at once": changed("2025-01-01", '"immediately"'),
    "a deadline in the last year": changed("2025-01-01", '"175 years"'),
    "an extension into the month of the report": SMALL
    + update(1, "r1", "extend", "2024-06-01", 'deadline = "2024-05"', *AGREED),
    "an extension to the day of the report": SMALL
    + update(1, "r1", "extend", "2024-06-01", "deadline = 2024-05-14", *AGREED),
    "a deadline at once in the first year": changed("= 2024-05-14", "= 1856-01-01").replace(
        "2025-01-01", '"immediately"'
    ),
    "fieldwork on the day of the report": changed("scale =", "fieldwork = 2024-05-14\nscale ="),
    "a stay of a day": SMALL
    + record(
        "monitoring", body='"norfolk"', phase='"Engage"', entered="2024-06-01", left="2024-06-01"
    ),
    "fieldwork in the month of the report": changed("scale =", 'fieldwork = "2024-05"\nscale ='),
    "a source read on the day": SMALL.replace(
        'title = "What', 'published = 2024-05-14\nseen = 2024-05-14\ntitle = "What'
    ),
    "a source read in the year": SMALL.replace(
        'title = "What', 'published = "2024"\nseen = 2024-01-01\ntitle = "What'
    ),
    "an answer on the day of the report": SMALL
    + record("responses", inspection='"soc-2024"', body='"norfolk"', published="2024-05-14"),
    "a force that answers without a local policing body": SMALL
    + record("responses", inspection='"soc-2024"', body='"northumbria"', answered_by='"force"'),
    "a stay that ends in the month in which it began": SMALL
    + record("monitoring", body='"norfolk"', phase='"Engage"', entered='"2024-06"', left='"2024"'),
    "two stays that differ in a word": SMALL
    + record("monitoring", body='"norfolk"', phase='"Scan"')
    + record("monitoring", body='"norfolk"', phase='"Engage"'),
    "the same grade for another question": SMALL
    + record(
        "grades",
        inspection='"soc-2024"',
        body='"norfolk"',
        question='"Another"',
        grade='"inadequate"',
    ),
    "a region that is not graded": SMALL
    + record(
        "grades",
        inspection='"soc-2024"',
        body='"north-region"',
        question='"Tackling organised crime"',
        grade='"not-graded"',
    ),
    "as many recommendations as are stated": changed("stated = 3", "stated = 2"),
    "a recurrence within a report": changed("deadline =", 'recurs_from = ["a1"]\ndeadline ='),
    "a recommendation to some of the bodies of its cause": changed(
        'bodies = ["norfolk"]', 'bodies = ["northumbria"]'
    ),
    "two that wait for a third": changed(
        "deadline_words", 'blocked_by = ["a1"]\ndeadline_words'
    ).replace('deadline = "2025-03"', 'deadline = "2025-03"\nblocked_by = ["a1", "r1"]'),
    "a source and an update with the ids of others": changed(
        'id = "paper"', 'id = "r1"', SMALL.replace('["paper"]', '["r1"]')
    )
    + update(1, "r1", "checked", "2024-06-01").replace("u-1", "norfolk"),
    "an alias that a finding and a body share": changed(
        'summary = "Keep', 'aliases = ["Norfolk"]\nsummary = "Keep'
    ),
    "an alias that repeats its own name": changed('["Norfolk"]', '["NORFOLK constabulary"]'),
    "an update on the day on which it is recorded": SMALL
    + update(1, "r1", "checked", "2024-06-01", "recorded = 2024-06-01T00:00:00Z"),
    "an update of the morning in London, recorded in UTC": SMALL
    + update(1, "r1", "checked", "2024-06-02", "recorded = 2024-06-01T23:30:00Z"),
    "an update recorded in another zone": SMALL
    + update(1, "r1", "checked", "2024-06-02", "recorded = 2024-06-01T14:00:00-10:00"),
    "an update before the report": SMALL + update(1, "r1", "start", "2024-05-13"),
    "a mute for a day": SMALL
    + update(1, "r1", "mute", "2024-06-01", "until = 2024-06-01", 'note = "Known."'),
    "the only body, named and left out": SMALL
    + update(1, "r1", "start", "2024-06-01", 'body = "norfolk"')
    + update(2, "r1", "retract", "2024-06-02", 'update = "u-1"', 'note = "Not so."'),
    "a retraction of what was recorded later": SMALL
    + update(2, "r1", "retract", "2024-06-01", 'update = "u-3"', 'note = "Not so."')
    + update(3, "r1", "start", "2024-06-02"),
    "what a retraction makes room for": SMALL
    + DONE
    + update(2, "r1", "retract", "2024-06-02", 'update = "u-1"', 'note = "Not so."')
    + update(3, "r1", "start", "2024-06-03"),
    "what the retraction of a retraction takes away again": SMALL
    + DONE
    + update(2, "r1", "retract", "2024-06-02", 'update = "u-1"', 'note = "Not so."')
    + update(3, "r1", "retract", "2024-06-03", 'update = "u-2"', 'note = "So it is."')
    + update(4, "r1", "reopen", "2024-06-04", 'note = "It came back."'),
    "later lines that happened earlier": SMALL + DONE + update(2, "r1", "start", "2024-05-31"),
    "each body on its own": SMALL
    + update(1, "r2", "done", "2024-06-01", 'body = "norfolk"')
    + update(2, "r2", "start", "2024-06-01", 'body = "northumbria"'),
    "closed for a successor": SMALL
    + update(
        1,
        "r1",
        "close",
        "2024-06-01",
        'outcome = "superseded"',
        'successor = "r2"',
        'note = "Taken up."',
    ),
    "an address of the web without a page": changed(
        'title = "What', 'url = "http://example.org"\ntitle = "What'
    ),
    "as many recommendations as a register can count": changed("stated = 3", "stated = 999"),
}
"""Registers that just keep a rule."""


@pytest.mark.parametrize("case", SOUND)
def test_sound(case: str) -> None:
    """What just keeps a rule is no fault."""
    assert SOUND[case] != SMALL
    assert names_of(SOUND[case]) == []


FEWEST: dict[str, dict[str, str]] = {
    "sources": {"id": '"new"', "publisher": '"P"', "title": '"T"'},
    "bodies": {"id": '"new"', "name": '"New"', "kind": '"regional-unit"'},
    "inspections": {
        "id": '"new"', "title": '"T"', "inspectorate": '"H"', "published": "2024-05-14"
    },
    "grades": {
        "inspection": '"soc-2024"', "body": '"northumbria"', "question": '"Q"', "grade": '"good"'
    },
    "findings": {
        "id": '"new"', "inspection": '"soc-2024"', "bodies": '["norfolk"]',
        "kind": '"area-for-improvement"', "summary": '"S"',
    },
    "updates": {
        "id": '"new"', "finding": '"a1"', "action": '"checked"', "on": "2024-06-01",
        "recorded": "2024-06-01T12:00:00Z",
    },
    "monitoring": {"body": '"norfolk"', "phase": '"Engage"'},
    "responses": {"inspection": '"soc-2024"', "body": '"norfolk"'},
}  # fmt: skip
"""A record of each table with no field that can be left out."""

FAULTY: dict[str, tuple[str, tuple[str, ...]]] = {
    "a deadline on the day before the report": (
        changed("2025-01-01", "2024-05-13"),
        ("deadline-before-publication",),
    ),
    "a deadline in the month before": (
        changed("2025-01-01", '"2024-04"'),
        ("deadline-before-publication",),
    ),
    "a deadline after all plausible years": (
        changed("2025-01-01", '"176 years"'),
        ("implausible-date",),
    ),
    "a deadline past the calendar": (changed("2025-01-01", '"9999 years"'), ("implausible-date",)),
    "an extension to a day before the report": (
        SMALL + update(1, "r1", "extend", "2024-06-01", "deadline = 2024-05-13", *AGREED),
        ("deadline-before-publication",),
    ),
    "fieldwork in the month after": (
        changed("scale =", 'fieldwork = "2024-06"\nscale ='),
        ("fieldwork-after-publication",),
    ),
    "an answer dated on the day before": (
        SMALL + record("responses", inspection='"soc-2024"', body='"norfolk"', dated="2024-05-13"),
        ("response-before-publication",),
    ),
    "a stay that ends in the month before": (
        SMALL
        + record(
            "monitoring", body='"norfolk"', phase='"Engage"', entered='"2024-06"', left='"2024-05"'
        ),
        ("left-before-entered",),
    ),
    "an update of the next morning in London": (
        SMALL + update(1, "r1", "checked", "2024-06-03", "recorded = 2024-06-02T22:59:59Z"),
        ("update-before-its-day",),
    ),
    "an update recorded at the end of the calendar": (
        SMALL + update(1, "r1", "checked", "2024-06-03", "recorded = 9999-12-31T23:59:59-12:00"),
        ("implausible-date",),
    ),
    "an update recorded at its beginning": (
        SMALL + update(1, "r1", "checked", "2024-06-03", "recorded = 0001-01-01T00:00:00+14:00"),
        ("update-before-its-day", "implausible-date"),
    ),
    "a body, a finding and an inspection of one id": (
        changed('id = "r1"', 'id = "norfolk"'),
        ("duplicate-id",),
    ),
    "a name that two bodies share": (
        changed('name = "Northumbria Police"', 'name = "NORFOLK Constabulary"'),
        ("ambiguous-name",),
    ),
    "an alias that is the id of another": (
        changed('aliases = ["Norfolk"]', 'aliases = ["Northumbria"]'),
        ("ambiguous-name",),
    ),
    "a circle of three": (
        changed("deadline_words", 'blocked_by = ["r2"]\ndeadline_words')
        .replace('deadline = "2025-03"', 'blocked_by = ["a1"]')
        .replace('summary = "Keep', 'blocked_by = ["r1"]\nsummary = "Keep'),
        ("circular-link",) * 3,
    ),
    "what leads into a circle": (
        changed("deadline_words", 'blocked_by = ["r1", "r2"]\ndeadline_words').replace(
            'summary = "Keep', 'blocked_by = ["r1"]\nsummary = "Keep'
        ),
        ("circular-link",),
    ),
    "what is linked to and leads into a circle": (
        changed("deadline_words", 'recurs_from = ["r2"]\ndeadline_words')
        .replace('deadline = "2025-03"', 'recurs_from = ["a1"]')
        .replace('summary = "Keep', 'recurs_from = ["a2"]\nsummary = "Keep')
        + record("findings", **FEWEST["findings"] | {"id": '"a2"', "recurs_from": '["a1"]'}),
        ("circular-link",) * 2,
    ),
    "a retraction that leads into a circle": (
        SMALL
        + update(1, "r1", "retract", "2024-06-01", 'update = "u-2"', 'note = "A."')
        + update(2, "r1", "retract", "2024-06-02", 'update = "u-1"', 'note = "B."')
        + update(3, "r1", "retract", "2024-06-03", 'update = "u-1"', 'note = "C."'),
        ("circular-retraction",) * 2,
    ),
    "an alias of two findings": (
        SMALL
        + record("findings", **FEWEST["findings"] | {"aliases": '["Box 7"]'})
        + record("findings", **FEWEST["findings"] | {"id": '"a2"', "aliases": '["box 7"]'}),
        ("ambiguous-name",),
    ),
    "the same answer twice": (
        SMALL + 2 * record("responses", **FEWEST["responses"]),
        ("duplicate-record",),
    ),
    "a cause of another report": (
        SMALL
        + record("inspections", **FEWEST["inspections"])
        + record(
            "findings",
            **FEWEST["findings"]
            | {"id": '"r9"', "inspection": '"new"', "kind": '"recommendation"'},
            part_of='"cause"',
        ),
        ("parent-elsewhere",),
    ),
    "a recommendation to a body that its cause is not addressed to": (
        changed('bodies = ["norfolk", "northumbria"]', 'bodies = ["norfolk"]'),
        ("parent-elsewhere",),
    ),
    "retractions of each other": (
        SMALL
        + update(1, "r1", "retract", "2024-06-01", 'update = "u-2"', 'note = "A."')
        + update(2, "r1", "retract", "2024-06-02", 'update = "u-1"', 'note = "B."'),
        ("circular-retraction",) * 2,
    ),
    "a retraction of what is about another body": (
        SMALL
        + update(1, "r2", "start", "2024-06-01", 'body = "norfolk"')
        + update(
            2,
            "r2",
            "retract",
            "2024-06-02",
            'body = "northumbria"',
            'update = "u-1"',
            'note = "A."',
        ),
        ("retracts-other-item",),
    ),
    "superseded by nothing": (
        SMALL + update(1, "r1", "close", "2024-06-01", 'outcome = "superseded"', 'note = "A."'),
        ("update-lacks-field",),
    ),
    "a successor of what was not accepted": (
        SMALL + update(1, "r1", "close", "2024-06-01", *CLOSING, 'successor = "r2"'),
        ("update-field-not-allowed",),
    ),
    "a closing that says nothing": (
        SMALL + update(1, "r1", "close", "2024-06-01"),
        ("update-lacks-field", "update-lacks-field"),
    ),
    "a body that is nobody, in an update": (
        SMALL + update(1, "r1", "start", "2024-06-01", 'body = "norfolks"'),
        ("unknown-body",),
    ),
    "an answer about a region": (
        SMALL + record("responses", inspection='"soc-2024"', body='"north-region"'),
        ("not-a-force",),
    ),
    "an address that runs something": (
        changed('title = "What', 'url = "javascript:alert(1)"\ntitle = "What'),
        ("bad-url",),
    ),
    "contradicted by an unknown source": (
        changed('grade = "in', 'contradicted_by = [{ source = "papr", says = "A" }]\ngrade = "in'),
        ("unknown-source",),
    ),
    "a contradiction that says nothing": (
        changed('grade = "in', 'contradicted_by = [{ source = "paper", says = " " }]\ngrade = "in'),
        ("empty-text",),
    ),
    "a contradiction with a field too many": (
        changed('grade = "in', 'contradicted_by = [{ source = "paper", say = "A" }]\ngrade = "in'),
        ("missing-field", "unknown-field"),
    ),
    "an extension of what has no deadline": (
        SMALL + update(1, "a1", "extend", "2024-06-01", "deadline = 2025-01-01", *AGREED),
        ("update-not-allowed",),
    ),
    "a source twice for a deadline": (
        changed("deadline_words", 'deadline_sources = ["paper", "paper"]\ndeadline_words'),
        ("repeated-value",),
    ),
    "everything at once": (
        changed("2025-01-01", "2024-05-13")
        .replace('grade = "inadequate"', 'grade = "outstandin"')
        .replace('region = "north-region"', 'region = "northumbria"')
        + update(1, "r1", "reopen", "2024-06-01", "until = 2024-06-02"),
        (
            "not-a-region",
            "not-a-region",
            "unknown-word",
            "deadline-before-publication",
            "update-lacks-field",
            "update-not-allowed",
            "update-field-not-allowed",
        ),
    ),
}
"""Registers that just break a rule, and the faults of each in the order of the file."""


def fields_of_form(*forms: str) -> list[tuple[str, str]]:
    """Each field, after its table, that the oracle says has one of these forms."""
    return [
        (table, field)
        for table, fields in oracle_validity.FIELDS.items()
        for field, form in fields.items()
        if form.removesuffix("!") in forms
    ]


def test_the_fewest_fields() -> None:
    """A record of each table may be added with these fields alone."""
    for table, fields in FEWEST.items():
        assert names_of(SMALL + record(table, **fields)) == []


@pytest.mark.parametrize(("table", "field"), fields_of_form("day", "partial", "instant"))
def test_every_date_is_plausible(table: str, field: str) -> None:
    """A year before 1856 or after 2199 is a fault of any field that holds a date."""
    for year, plausible in (("1855", False), ("1856", True), ("2199", True), ("2200", False)):
        value = f"{year}-06-01" + ("T12:00:00Z" if field == "recorded" else "")
        found = faults_of(SMALL + record(table, **FEWEST[table] | {field: value}))
        at = [fault.place for fault in found if fault.name == "implausible-date"]
        assert [(place[0], *place[2:]) for place in at] == ([] if plausible else [(table, field)])


def test_bodies_may_stand_in_any_order() -> None:
    """A recommendation names the bodies of its cause in another order, and hangs from it."""
    bodies = 'bodies = ["norfolk", "northumbria"]'
    assert SMALL.count(bodies) > 1
    assert names_of(SMALL.replace(bodies, 'bodies = ["northumbria", "norfolk"]', 1)) == []


LISTS = fields_of_form("texts", "sources*", "bodies*", "findings*")


@pytest.mark.parametrize(("table", "field"), LISTS)
def test_no_list_names_a_thing_twice(table: str, field: str) -> None:
    """In any field that holds several texts or ids, one that is there twice is a fault."""
    once, twice = (record(table, **FEWEST[table] | {field: v}) for v in ('["x"]', '["x", "x"]'))
    assert "repeated-value" not in names_of(SMALL + once)
    (fault,) = (f for f in faults_of(SMALL + twice) if f.name == "repeated-value")
    assert (fault.place[0], *fault.place[2:]) == (table, field, 1)


@pytest.mark.parametrize("case", FAULTY)
def test_faulty(case: str) -> None:
    """What just breaks a rule is told, in the order of the file, and nothing else is."""
    text, names = FAULTY[case]
    assert names_of(text) == list(names)
    for problem in faults_of(text):
        assert problem.message
        assert problem.remedy


LEADS_TO = {"in-progress": "start", "done": "done", "signed-off": "sign-off", "closed": "close"}
MOVES = {
    action: [status for status in ("open", *LEADS_TO) if status in after]
    for action, (after, _) in oracle.MOVES.items()
    if action != "retract"
}
"""The statuses from which each action may follow, but for `retract`, which has no status."""

CARRIED = {
    "sign-off": ('by = "HMICFRS"',),
    "reopen": ('note = "It came back."',),
    "close": CLOSING,
    "extend": ("deadline = 2026-01-01", 'by = "HMICFRS"', 'note = "More time."'),
    "assign": ('owner = "A. Officer"',),
    "note": ('note = "Seen."',),
    "mute": ("until = 2025-01-01", 'note = "Known."'),
}
CHANGES = {
    "open": "start, done, sign-off, close",
    "in-progress": "done, sign-off, close",
    "done": "sign-off, reopen, close",
    "signed-off": "reopen",
    "closed": "reopen",
}
"""What may change each status."""


@pytest.mark.parametrize("status", ["open", *LEADS_TO])
@pytest.mark.parametrize("action", MOVES)
def test_moves(action: str, status: str) -> None:
    """An action follows from the statuses that the table of actions names, and from no other."""
    first = LEADS_TO.get(status)
    before = update(1, "r1", first, "2024-06-01", *CARRIED.get(first, ())) if first else ""
    text = SMALL + before + update(2, "r1", action, "2024-06-02", *CARRIED.get(action, ()))
    allowed = status in MOVES[action]
    faults = faults_of(text)
    assert [fault.name for fault in faults] == ([] if allowed else ["update-not-allowed"])
    for fault in faults:
        assert f"what may follow is {CHANGES[status]};" in fault.remedy
        words = [each.replace("-", " ") for each in (status, *MOVES[action])]
        assert f"on 2024-06-02, the status of r1 was {words[0]}; " in fault.message
        assert f'"{action}" is only allowed when it is {" or ".join(words[1:])}' in fault.message


@pytest.mark.parametrize("action", MOVES)
def test_moves_of_innovative_practice(action: str) -> None:
    """Good practice has no status to change and no deadline to extend; facts may be noted."""
    text = changed("area-for-improvement", "innovative-practice") + update(
        1, "a1", action, "2024-06-02", *CARRIED.get(action, ())
    )
    allowed = action in {"assign", "note", "checked", "mute"}
    assert names_of(text) == ([] if allowed else ["update-not-allowed"])


@pytest.mark.parametrize("action", MOVES)
def test_fields_of_actions(action: str) -> None:
    """Each action needs what it carries here, and has no use for what another carries."""
    carried = CARRIED.get(action, ())
    opening = SMALL + (DONE if action == "reopen" else "")
    for field in carried:
        others = [other for other in carried if other != field]
        text = opening + update(2, "r1", action, "2024-06-02", *others)
        (fault,) = faults_of(text)
        assert (fault.name, fault.remedy.split()[3:4]) == ("update-lacks-field", field.split()[:1])
    (fault,) = faults_of(
        opening + update(2, "r1", action, "2024-06-02", *carried, 'update = "u-2"')
    )
    assert fault.name == "update-field-not-allowed"
    assert fault.remedy == 'take it out, or write action = "retract"'


@pytest.mark.parametrize(
    ("before", "after", "remedy"),
    [
        ('grade = "inadequate"', 'grade = "inadequat"', 'write "inadequate"'),
        ('grade = "inadequate"', 'grade = "Requires Improvement"', 'write "requires-improvement"'),
        (
            'grade = "inadequate"',
            'grade = "zzz"',
            "use one of outstanding, good, adequate, requires-improvement, inadequate, not-graded",
        ),
        ("deadline = 2025-01-01", "dedline = 2025-01-01", "did you mean deadline?"),
        ("[[grades]]", "[[grade]]", "did you mean [[grades]]?"),
        ("format = 1", "format = 1\ntitel = 'x'", "did you mean title?"),
        ('part_of = "cause"', 'part_of = "causes"', 'write "cause"'),
        ('body = "norfolk"', 'body = "norflok"', 'write "norfolk"'),
        (
            'body = "norfolk"',
            'body = "zzz"',
            "write an id that is there, or add a record of [[bodies]] with this one",
        ),
        ('id = "r1"', 'id = "Recommendation É 1"', 'write it as "recommendation-e-1"'),
        ('id = "r1"', 'id = "!"', 'write it as "a-new-id"'),
        ('id = "northumbria"', 'id = "norfolk"', 'such as "norfolk-2"'),
        ('kind = "force"\n', "", 'add to it: kind = "force" or "regional-unit" or "region"'),
        ("published = 2024-05-14\n", "", "add to it: published = 2025-01-31"),
        ('bodies = ["norfolk"]\n', "", 'add to it: bodies = ["…"]'),
        ('summary = "Employ enough analysts."\n', "", 'add to it: summary = "…"  # What it asks'),
        ("= 2024-05-14", '= "2024-05-14"', "write published = 2024-05-14, without quotes"),
        ("format = 1", "format = 1\nupdates = 5", "begin each record with [[updates]]"),
        ("format = 1", "format = 1\nupdates = [5]", "write it as { key = value, … }"),
        ('["Norfolk"]', '"Norfolk"', "write a list in square brackets"),
        ("deadline_words", "status = 'done'\ndeadline_words", "then: socwatch done r1"),
        ("deadline_words", "status = 'In Progress'\ndeadline_words", "then: socwatch start r1"),
        ("deadline_words", "signed_off = true\ndeadline_words", "then: socwatch sign-off r1 --by"),
        (
            "deadline_words",
            "closed = 2024-06-01\ndeadline_words",
            "then: socwatch close r1 --outcome",
        ),
        ("scale =", "fieldwork = 2023-06\nscale =", 'write fieldwork = "2023-06"'),
    ],
)
def test_remedies(before: str, after: str, remedy: str) -> None:
    """What to type is named, as near as can be to what was meant."""
    remedies = [problem.remedy for problem in faults_of(changed(before, after))]
    assert any(remedy in each for each in remedies), remedies
    assert not any("None" in each for each in remedies)


@pytest.mark.parametrize("word", ["open", "Overdue", "not started", ""])
def test_progress_that_is_none(word: str) -> None:
    """Where nothing has happened yet there is nothing to record: the line is to go."""
    text = changed("deadline_words", f'status = "{word}"\ndeadline_words')
    (problem,) = faults_of(text)
    assert problem.name == "progress-in-finding"
    assert problem.remedy == "take the line out"


def test_a_free_id_is_free() -> None:
    """The id that is offered in the place of one that is taken is that of no other record."""
    again = update(1, "r1", "checked", "2024-06-01")
    taken = again.replace("u-1", "u-1-2")
    remedies = [problem.remedy for problem in faults_of(SMALL + again + taken + again)]
    assert remedies == ['give this one an id of its own, such as "u-1-3"']


def test_no_record_is_its_own_remedy() -> None:
    """The nearest id to a wrong one is not that of the record which names it."""
    text = changed("deadline_words", 'blocked_by = ["r11"]\ndeadline_words')
    (problem,) = faults_of(text)
    assert problem.name == "unknown-finding"
    assert '"r1"' not in problem.remedy


def test_missing_moment_is_asked_for_in_its_form() -> None:
    """An update without the moment of its recording is told how that is written."""
    text = SMALL + update(1, "r1", "start", "2024-06-01").replace("recorded = ", "# ")
    (problem,) = faults_of(text)
    assert "add to it: recorded = 2025-01-31T09:15:02Z" in problem.remedy


def test_many_wrong_names_are_told_soon() -> None:
    """Ten thousand references to nothing take seconds, and the first have their nearest."""
    findings = "".join(
        record(
            "findings",
            id=f'"f{number}"',
            inspection='"soc-2024"',
            bodies='["norfolk"]',
            kind='"area-for-improvement"',
            summary='"Look again."',
            blocked_by=f'["a{number}x"]',
        )
        for number in range(5000)
    )
    begin = process_time()
    faults = faults_of(SMALL + findings)
    assert {fault.name for fault in faults} == {"unknown-finding"}
    assert len(faults) == 5000
    assert faults[1].remedy == 'write "a1"'
    assert faults[-1].remedy.startswith("write an id that is there")
    assert process_time() - begin < 60


def test_long_circles_are_found_soon() -> None:
    """A circle through five thousand findings is no recursion too deep for Python."""
    links = "".join(
        record(
            "findings",
            id=f'"f{number}"',
            inspection='"soc-2024"',
            bodies='["norfolk"]',
            kind='"area-for-improvement"',
            summary='"Look again."',
            blocked_by=f'["f{(number + 1) % 5000}"]',
        )
        for number in range(5000)
    )
    names = names_of(SMALL + links)
    assert set(names) == {"circular-link"}
    assert len(names) == 5000


def test_few_faults_in_a_large_register() -> None:
    """Three faults among thousands of records are found, with nothing beside them."""
    text = register_text(2000)
    text = changed('kind = "recommendation"', 'kind = "recomendation"', text)
    text = text.replace('grade = "good"', "grade = good", 1)
    text += "\n[[updates]]\nid = 5\n"
    names = names_of(text)
    assert "unknown-word" in names
    assert "toml-syntax" in names
    assert set(names) == {"unknown-word", "toml-syntax", "wrong-type", "missing-field"}


def test_other_commands_refuse_a_faulty_register(soc: Soc) -> None:
    """No command answers from a register with a fault: each lists the same ones, exit code 3."""
    soc.write(changed('grade = "inadequate"', 'grade = "bad"') + DONE + DONE)
    told = soc("validate", code=3).out
    assert "unknown-word" in told
    assert "duplicate-id" in told
    for command in (["status"], ["list"], ["show", "r1"], ["why", "r1"], ["grades"], ["log"]):
        ran = soc(*command, code=3)
        assert ran.out == ""
        assert told.rpartition("\n")[0].split("\n\n")[0] in ran.err
        assert ran.err.count("duplicate-id") == told.count("duplicate-id")
