"""What scripts rely on: the keys and types of JSON, the exit codes, the form of every error."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from conftest import AS_OF, Soc
from registers import SMALL, update

STATUSES = {"open", "in-progress", "done", "signed-off", "closed", None}
TIMINGS = {"overdue", "due-soon", "on-track", "no-deadline", "met", "late", "not-applicable"}
DAY = re.compile(r"\d{4}-\d\d-\d\d")

ENVELOPE = {"schema_version", "command", "as_of", "recorded_until", "records", "rows", "notes"}
ITEM: dict[str, type | tuple[type, ...]] = {
    "id": str,
    "finding": str,
    "body": str,
    "kind": str,
    "summary": str,
    "status": (str, type(None)),
    "deadline": (str, type(None)),
    "original_deadline": (str, type(None)),
    "extensions": int,
    "timing": str,
    "days_left": (int, type(None)),
    "owner": (str, type(None)),
    "last_checked": (str, type(None)),
    "inspection": str,
    "published": str,
    "age_days": int,
    "region": (str, type(None)),
    "part_of": (str, type(None)),
    "label": (str, type(None)),
    "target": (str, type(None)),
    "completed": (str, type(None)),
    "outcome": (str, type(None)),
    "successor": (str, type(None)),
    "muted_until": (str, type(None)),
}
STANDING = {
    "body", "name", "kind", "region", "grade", "graded", "grade_before", "graded_before",
    "direction", "causes_of_concern", "causes_of_concern_ended", "recommendations",
    "recommendations_stated", "recommendations_open", "recommendations_in_progress",
    "recommendations_done", "recommendations_signed_off", "recommendations_closed",
    "areas_for_improvement", "areas_for_improvement_ended", "overdue", "due_soon", "next_deadline",
}  # fmt: skip
GRADE = {
    "body", "published", "grade", "direction", "grade_before", "question", "inspection", "scale",
    "sources", "contradicted_by", "note",
}  # fmt: skip
UPDATE = {
    "on", "item", "finding", "body", "action", "what", "by", "note", "update", "recorded",
    "retracted", "deadline", "outcome", "successor", "owner", "until", "retracts", "evidence",
    "sources",
}  # fmt: skip
REASON = {
    "id", "body", "timing", "status", "deadline", "original_deadline", "deadline_words",
    "deadline_sources", "deadline_set_by", "deadline_note", "rule", "counted", "days_left",
    "extensions",
}  # fmt: skip
CONCERN = {
    "matter", "id", "body", "summary", "days_left", "days_waiting", "day", "within", "owner",
    "finding", "kind", "status", "inspection",
}  # fmt: skip
DUTY = {
    "id", "inspection", "published", "body", "local_policing_body", "last_day", "answered",
    "answered_as", "standing", "days_left", "days_early", "sources", "url",
}  # fmt: skip
CHANGE = {
    "on", "change", "item", "finding", "body", "kind", "what", "summary", "from", "to", "moves",
    "by", "note", "recorded", "update",
}  # fmt: skip
FIGURE = {
    "figure", "words", "all", "causes_of_concern", "recommendations", "areas_for_improvement",
    "said_then",
}  # fmt: skip
MONTH = {"on", "open", "in_progress", "overdue", "done", "signed_off", "closed", "all"}
SLIPPAGE = {
    "body", "name", "live", "median_age_days", "oldest_days", "overdue", "done_in_time",
    "done_late", "latest_days", "done_after_original", "moved", "moves", "most_moves",
    "moved_days_most",
}  # fmt: skip
SOURCE = {"id", "publisher", "title", "published", "seen", "url", "note"}

EVERYTHING = (
    SMALL
    + '[[findings]]\nid = "p1"\ninspection = "soc-2024"\nbodies = ["norfolk"]\n'
    + 'kind = "innovative-practice"\nsummary = "Good."\ncontradicted_by = '
    + '[{ source = "paper", says = "Bad." }]\n'
    + '[[monitoring]]\nbody = "norfolk"\nphase = "Engage"\nentered = "2024"\n'
    + '[[responses]]\ninspection = "soc-2024"\nbody = "norfolk"\ndated = 2024-07-09\n'
    + update(1, "r1", "start", "2024-06-01", 'owner = "A. Officer"')
    + update(2, "r2", "done", "2024-06-02", 'body = "norfolk"')
    + update(3, "r2", "close", "2024-06-03", 'body = "norfolk"', 'outcome = "not-accepted"',
             'note = "So."')
    + update(4, "a1", "sign-off", "2024-06-04", 'by = "HMICFRS"')
    + update(5, "r2", "extend", "2024-06-05", 'body = "northumbria"', "deadline = 2025-12-31",
             'note = "So."', 'by = "HMICFRS"')
    + update(6, "cause", "mute", "2024-06-06", 'body = "norfolk"', "until = 2024-12-31",
             'note = "So."')
)  # fmt: skip


def keys(rows: list[dict[str, Any]]) -> set[str]:
    """The keys that all of the rows have, there being at least one row."""
    assert rows
    first = set(rows[0])
    assert all(set(row) == first for row in rows)
    return first


def test_documented_row(shipped: Soc) -> None:
    """`list` gives the row of the design, each key with its value, in its envelope."""
    answer = shipped.json("list", "--as-of", AS_OF)
    rows = {row["id"]: row for row in answer.pop("rows")}
    assert answer == {
        "schema_version": 1,
        "command": "list",
        "as_of": "2026-11-22",
        "recorded_until": None,
        "records": "data/recommendations.toml",
        "notes": [],
    }
    summary = rows["wmp-soc-2024-r1"].pop("summary")
    assert summary.startswith("Work better with partners")
    assert "\n" not in summary
    documented = {
        "id": "wmp-soc-2024-r1",
        "finding": "wmp-soc-2024-r1",
        "body": "west-mercia",
        "kind": "recommendation",
        "status": "open",
        "deadline": "2025-01-01",
        "original_deadline": "2025-01-01",
        "extensions": 0,
        "timing": "overdue",
        "days_left": -690,
        "owner": None,
        "last_checked": "2026-11-22",
    }
    assert {key: rows["wmp-soc-2024-r1"][key] for key in documented} == documented


def test_types_of_an_item(soc: Soc) -> None:
    """Every field of every item has its type, and words out of the documented lists."""
    soc.write(EVERYTHING)
    rows = soc.json("list", "--as-of", AS_OF)["rows"]
    assert ITEM.keys() <= keys(rows)
    for row in rows:
        for key, expected in ITEM.items():
            assert isinstance(row[key], expected), (row["id"], key)
            assert not isinstance(row[key], bool)
        assert row["status"] in STATUSES
        assert row["timing"] in TIMINGS
        for key in ("deadline", "original_deadline", "last_checked", "published", "completed"):
            assert row[key] is None or DAY.fullmatch(row[key])
    by_id = {row["id"]: row for row in rows}
    assert set(by_id) == {
        "cause@norfolk", "cause@northumbria", "r1", "r2@norfolk", "r2@northumbria", "a1", "p1",
    }  # fmt: skip
    assert {row["status"] for row in rows} == STATUSES - {"done"}
    moved = by_id["r2@northumbria"]
    assert (moved["deadline"], moved["original_deadline"]) == ("2025-12-31", "2025-03-31")
    assert (moved["finding"], moved["body"], moved["extensions"]) == ("r2", "northumbria", 1)
    assert (by_id["p1"]["status"], by_id["p1"]["timing"]) == (None, "not-applicable")
    assert by_id["cause@norfolk"]["muted_until"] == "2024-12-31"


@pytest.mark.parametrize(
    ("arguments", "tables"),
    [
        (["status"], {"rows": STANDING, "overdue": set(ITEM), "due_soon": None}),
        (["show", "r2"], {"rows": {"id", "status", "deadline"}, "links": {"link", "id", "summary"},
                          "history": UPDATE, "contradicted_by": None, "sources": None}),
        (["show", "p1"], {"rows": set(), "contradicted_by": {"source", "says"}, "links": None,
                          "history": None, "sources": SOURCE}),
        (["show", "norfolk"], {"rows": {"id", "name", "kind", "region", "local_policing_body"},
                               "grades": GRADE, "items": set(ITEM),
                               "monitoring": {"phase", "entered", "left", "finding", "sources"},
                               "responses": {"body", "answered_by", "dated", "last_day"},
                               "sources": None}),
        (["show", "soc-2024"], {"rows": {"id", "title", "published", "last_response_day"},
                                "grades": GRADE, "items": set(ITEM), "responses": {"dated"},
                                "contradicted_by": None, "sources": SOURCE}),
        (["why", "r2"], {"rows": REASON, "moved": {"on", "item", "from", "to", "by", "note"}}),
        (["grades"], {"rows": GRADE}),
        (["log"], {"rows": UPDATE}),
        (["check"], {"rows": CONCERN, "counts": {"matter", "count"},
                     "suppressed": {"reason", "count"}}),
        (["changes", "--since", "2024-05-13"], {"rows": CHANGE, "figures": FIGURE, "late": None}),
        (["trend"], {"rows": MONTH, "bodies": SLIPPAGE}),
        (["timeline"], {"rows": set(ITEM)}),
    ],
)  # fmt: skip
def test_tables_and_keys(
    soc: Soc, arguments: list[str], tables: dict[str, set[str] | None]
) -> None:
    """Each command's object has its tables, each with its keys; keys are only ever added."""
    soc.write(EVERYTHING)
    command = arguments[0]
    known = "2026-01-31" if command in {"status", "show", "changes"} else None
    options = (
        "--as-of",
        AS_OF,
        "--format",
        "json",
        *(("--recorded-until", known) if known else ()),
    )
    answer = json.loads(soc(*arguments, *options, code=1 if command == "check" else 0).out)
    assert answer["command"] == command
    assert answer["schema_version"] == 1
    assert (answer["as_of"], answer["recorded_until"]) == (AS_OF, known)
    assert set(answer) >= ENVELOPE | set(tables)
    for table, expected in tables.items():
        if expected is None:
            assert isinstance(answer[table], list)
        else:
            assert keys(answer[table]) >= expected


def test_types_of_a_duty_to_answer(soc: Soc) -> None:
    """Every field of a duty to answer has its type, and words out of the documented lists."""
    soc.write(EVERYTHING)
    answer = soc.json("responses", "--as-of", AS_OF)
    assert set(answer) >= ENVELOPE
    assert keys(answer["rows"]) >= DUTY
    (row,) = answer["rows"]
    assert (row["answered"], row["answered_as"]) == ("2024-07-09", "dated")
    assert (row["standing"], row["days_left"], row["days_early"]) == ("answered-late", None, -1)
    assert row["sources"] == []
    assert row["local_policing_body"] == "Norfolk Commissioner"


LOOKING = (
    ("status",),
    ("list",),
    ("show", "r1"),
    ("why", "r1"),
    ("grades",),
    ("responses",),
    ("log",),
    ("check",),
    ("changes", "--since", "2024-05-13"),
    ("trend",),
    ("timeline",),
)


def told(soc: Soc, *arguments: str | Path, code: int) -> str:
    """The error of a call that answers nothing, held to the one form of errors."""
    ran = soc(*arguments, code=code)
    assert ran.out == ""
    *_, message, remedy = ran.err.splitlines()
    assert re.match(r"socwatch: \S.*[^.]$", message)
    assert re.match(r"  \S", remedy)
    return ran.err


@pytest.mark.parametrize("command", LOOKING, ids=" ".join)
def test_nothing_is_said_from_a_faulty_register(soc: Soc, command: tuple[str, ...]) -> None:
    """Every looking command lists each fault with its place, answers nothing, and ends with 3."""
    soc.write(SMALL.replace('part_of = "cause"', 'part_of = "clause"').replace("summary", "sumary"))
    err = told(soc, *command, code=3)
    assert err.count("unknown-field") == 4
    assert err.count("no record of [[findings]] has the id 'clause'") == 2
    assert err.count("recommendations.toml:") >= 4
    assert "so nothing can be said from it" in err.splitlines()[-2]
    assert "socwatch validate" in err.splitlines()[-1]


@pytest.mark.parametrize(
    ("arguments", "code", "message", "remedy"),
    [
        (["statuss"], 2, "no such command 'statuss'", "--help"),
        (["list", "--formt", "json"], 2, "no such option: --formt", "see: socwatch list --help"),
        (["show"], 2, "show lacks ID: a finding", "write it as: socwatch show ID"),
        (["why", "r1", "r2"], 2, "r2", "see: socwatch why --help"),
        (["list", "--as-of", "Sept 2027"], 2, "'Sept 2027' could be 1 Sep 2027 or ", "in full"),
        (["list", "--recorded-until", "soon"], 2, "'soon' is not a date", "2 weeks ago"),
        (["list", "--as-of", "2025-02-30"], 2, "the calendar has no such day", "30 Sept 2026"),
        (["status", "--format", "yaml"], 2, "--format cannot be 'yaml'", "use one of table, plain"),
        (["list", "--sort", "deadline,size"], 2, "--sort cannot be 'size'", "use one of body,"),
        (["list", "--kind", "remark"], 2, "--kind cannot be 'remark'", "innovative-practice"),
        (["list", "--status", "finished"], 2, "--status cannot be 'finished'", "signed-off"),
        (["list", "--status", "late-ish"], 2, "--status cannot be 'late-ish'", "in-progress"),
        (["status", "--within", "-1"], 2, "--within takes a number of days", "--within 28"),
        (["list", "--due-within", "many"], 2, "and 'many' is none", "such as: --due-within 28"),
        (["--records", "none.toml", "status"], 3, "none.toml does not exist", "--records FILE"),
        (["--records", "none", "status"], 3, "none does not exist", "--records FILE"),
        (["show", "nowhere"], 4, "there is no finding, body or inspection 'nowhere'", "see: "),
        (["show", "no"], 4, "could be any of 3: norfolk, north-region, northumbria", "more of"),
        (["why", "soc-2024"], 4, "there is no finding 'soc-2024'", ""),
        (["list", "--inspection", "soc-2025"], 4, "no inspection 'soc-2025'", "soc-2024?"),
        (["list", "--output", "no/such/folder.csv"], 5, "cannot be written", "check the folder"),
        (["list", "-o", "recommendations.toml"], 2, "the ending '.toml' stands for no", ".txt"),
        (["list", "-f", "csv", "-o", "recommendations.toml"], 5, "overwrite", "another file"),
    ],
)  # fmt: skip
def test_exit_codes(soc: Soc, arguments: list[str], code: int, message: str, remedy: str) -> None:
    """What cannot be answered has its code, says on stderr what is wrong, and what to do next."""
    register = soc.write(SMALL)
    err = told(soc, *arguments, code=code)
    *_, said, advice = err.splitlines()
    assert message in said
    assert remedy in advice
    assert register.read_text() == SMALL


def test_missing_register(soc: Soc) -> None:
    """Where no register is found the error names the places, and how to make one."""
    err = told(soc, "status", code=3)
    assert "data/recommendations.toml or recommendations.toml does not exist" in err
    assert "socwatch init" in err


def test_answers_are_told_on_stdout_alone(soc: Soc) -> None:
    """An answer ends with 0 and leaves stderr empty, even where much is past its deadline."""
    soc.write(SMALL)
    ran = soc("status", "--as-of", AS_OF)
    assert "690 days past" in ran.out
    assert ran.err == ""
