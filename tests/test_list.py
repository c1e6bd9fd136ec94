"""`list`: items chosen by filters, sorted as asked."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from conftest import AS_OF, Soc
from registers import SMALL, update

LISTED = (
    SMALL
    + """
[[bodies]]
id = "south"
name = "South Police"
kind = "force"

[[inspections]]
id = "vetting-2023"
title = "How the south vets its staff"
inspectorate = "HMICFRS"
published = 2023-02-01

[[findings]]
id = "v10"
inspection = "vetting-2023"
bodies = ["south"]
kind = "area-for-improvement"
summary = "Keep the files tidy."
aliases = ["Tidiness"]

[[findings]]
id = "v2"
inspection = "vetting-2023"
bodies = ["south"]
kind = "area-for-improvement"
label = "Box 7"
source_term = "recommendation"
summary = "Ask the neighbours."

[[findings]]
id = "p1"
inspection = "vetting-2023"
bodies = ["south"]
kind = "innovative-practice"
summary = "A tidy cupboard."
"""
    + update(1, "r1", "start", "2024-07-01", 'owner = "Zoe Officer"')
    + update(2, "r2", "done", "2024-09-01", 'body = "norfolk"')
    + update(3, "a1", "assign", "2024-10-01", 'owner = "B. Clerk"')
    + update(4, "a1", "checked", "2025-10-01")
    + update(5, "v2", "sign-off", "2024-10-02", 'by = "HMICFRS"')
    + update(6, "v10", "checked", "2025-11-01")
)
EVERYTHING = [
    "cause@norfolk",
    "r1",
    "r2@norfolk",
    "cause@northumbria",
    "r2@northumbria",
    "a1",
    "v2",
    "v10",
    "p1",
]


@pytest.fixture
def listed(soc: Soc) -> Soc:
    """The command beside a register with something for every filter."""
    soc.write(LISTED)
    return soc


def ids(soc: Soc, *arguments: str, as_of: str = AS_OF) -> list[str]:
    """The ids that `list` gives."""
    return [row["id"] for row in soc.json("list", *arguments, "--as-of", as_of)["rows"]]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], EVERYTHING),
        (["--body", "Norfolk"], ["cause@norfolk", "r1", "r2@norfolk"]),
        (["--body", "south", "--body", "norf"], [*EVERYTHING[:3], *EVERYTHING[6:]]),
        (["--body", "north-region"], EVERYTHING[:6]),
        (["--kind", "recommendation"], ["r1", "r2@norfolk", "r2@northumbria"]),
        (
            ["--kind", "Area for improvement", "--kind", "innovative_practice"],
            ["a1", "v2", "v10", "p1"],
        ),
        (["--status", "in progress"], ["r1"]),
        (["--status", "done", "--status", "signed-off"], ["r2@norfolk", "v2"]),
        (["--inspection", "vetting"], ["v2", "v10", "p1"]),
        (["--inspection", "vetting-2023", "--inspection", "soc-2024"], EVERYTHING),
        (["--owner", "ZOE  officer"], ["r1"]),
        (["--text", "tidy"], ["v10", "p1"]),
        (["--text", "box  7"], ["v2"]),
        (["--text", "v10"], ["v10"]),
        (["--overdue"], ["r1", "r2@northumbria"]),
        (["--overdue", "--body", "norfolk", "--owner", "zoe officer"], ["r1"]),
        (["--overdue", "--status", "done"], []),
    ],
)
def test_filters(listed: Soc, arguments: list[str], expected: list[str]) -> None:
    """Every filter narrows the list to exactly what agrees; one given twice widens it."""
    assert ids(listed, *arguments) == expected


def test_due_within(listed: Soc) -> None:
    """--due-within takes the last day in, and nothing that is past its deadline."""
    assert ids(listed, "--due-within", "0", as_of="2025-01-01") == ["r1"]
    assert ids(listed, "--due-within", "88", as_of="2025-01-02") == ["r2@northumbria"]
    assert ids(listed, "--due-within", "87", as_of="2025-01-02") == []


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--sort", "id"], ["a1", "cause@norfolk", "cause@northumbria", "p1", "r1",
                            "r2@norfolk", "r2@northumbria", "v2", "v10"]),
        (["--sort", "deadline,id"], ["r1", "r2@norfolk", "r2@northumbria", "cause@norfolk",
                                     "cause@northumbria", "a1", "v2", "v10", "p1"]),
        (["--sort", "days"], ["r1", "r2@northumbria", "a1", "cause@norfolk",
                              "cause@northumbria", "p1", "r2@norfolk", "v2", "v10"]),
        (["--sort", "kind"], ["cause@norfolk", "cause@northumbria", "r1", "r2@norfolk",
                              "r2@northumbria", "a1", "v2", "v10", "p1"]),
        (["--sort", "status"], ["a1", "cause@norfolk", "cause@northumbria", "r2@northumbria",
                                "v10", "r1", "r2@norfolk", "v2", "p1"]),
        (["--sort", "published"], ["p1", "v2", "v10", "a1", "cause@norfolk",
                                   "cause@northumbria", "r1", "r2@norfolk", "r2@northumbria"]),
        (["--sort", "owner"], ["a1", "r1", "cause@norfolk", "cause@northumbria", "p1",
                               "r2@norfolk", "r2@northumbria", "v2", "v10"]),
        (["--sort", "body", "--reverse"], EVERYTHING[::-1]),
    ],
)  # fmt: skip
def test_sorts(listed: Soc, arguments: list[str], expected: list[str]) -> None:
    """Each key sorts as it says; ties go by id, r2 before r10; --reverse turns all of it round."""
    assert ids(listed, *arguments) == expected


def test_sort_by_last_look(listed: Soc) -> None:
    """Sorted by `checked`, the items that were looked at stand in the order of those days."""
    order = ids(listed, "--sort", "checked")
    assert order.index("a1") < order.index("v10")
    assert len(order) == len(EVERYTHING)


def test_natural_order(soc: Soc) -> None:
    """r2 stands before r10, and r10 before r10-1."""
    names = ["r10-1", "r10", "r2", "r1"]
    soc.write(
        SMALL.partition("[[findings]]")[0]
        + "".join(
            f'[[findings]]\nid = "{name}"\ninspection = "soc-2024"\nbodies = ["norfolk"]\n'
            f'kind = "area-for-improvement"\nsummary = "Do."\n'
            for name in names
        )
    )
    assert ids(soc) == ["r1", "r2", "r10", "r10-1"]


def test_words(listed: Soc) -> None:
    """The text says how many of how many, and each item's standing in words."""
    out = listed("list", "--kind", "recommendation", "--as-of", AS_OF).out
    assert out.startswith("3 items of 9, 2 past their deadline\n")
    lines = {line.split()[0]: line for line in out.splitlines() if line.startswith("r")}
    assert "690 days past" in lines["r1"]
    assert "in progress" in lines["r1"]
    assert "Zoe Officer" in lines["r1"]
    assert "in time" in lines["r2@norfolk"]
    assert "past" not in lines["r2@norfolk"]
    one = listed("list", "--overdue", "--body", "norfolk", "--as-of", AS_OF).out
    assert one.startswith("1 item of 9, past its deadline\n")
    nothing = listed("list", "--text", "no such words", "--as-of", AS_OF).out
    assert "No item matches these filters." in nothing
    assert "Summary" not in nothing


def test_as_of_and_recorded_until(listed: Soc) -> None:
    """An item is what its updates had made it by the day, as far as they were recorded."""

    def status(*days: str) -> str:
        rows = listed.json("list", "--text", "r1", *days)["rows"]
        return str(rows[0]["status"]) if rows else "not there"

    assert status("--as-of", "2024-05-13") == "not there"
    assert status("--as-of", "2024-06-30") == "open"
    assert status("--as-of", "2024-07-01") == "in-progress"
    assert status("--as-of", AS_OF, "--recorded-until", "2024-06-30") == "open"


def test_late_and_met(soc: Soc) -> None:
    """Done on the deadline day is in time, the day after is a day late, and neither is overdue."""
    soc.write(
        SMALL
        + update(1, "r2", "done", "2025-03-31", 'body = "norfolk"')
        + update(2, "r2", "done", "2025-04-01", 'body = "northumbria"')
    )
    rows = {row["id"]: row for row in soc.json("list", "--as-of", AS_OF)["rows"]}
    assert rows["r2@norfolk"]["timing"] == "met"
    assert rows["r2@northumbria"]["timing"] == "late"
    assert {rows[f"r2@{body}"]["days_left"] for body in ("norfolk", "northumbria")} == {None}
    assert "1 day late" in soc("list", "--as-of", AS_OF).out


def test_csv_is_the_json_rows(listed: Soc) -> None:
    """CSV has the keys and the values of the JSON rows, an empty field standing for null."""
    rows = listed.json("list", "--as-of", AS_OF)["rows"]
    text = listed("list", "--as-of", AS_OF, "--format", "csv").out
    read = list(csv.DictReader(io.StringIO(text, newline="")))
    expected = [
        {key: "" if value is None else str(value) for key, value in row.items()} for row in rows
    ]
    assert read == expected
    assert text.count("\r\n") == len(rows) + 1


def test_every_row_is_in_a_pipe(soc: Soc, tmp_path: Path) -> None:
    """A pipe and a file get every row; only a screen is spared the four hundred and first."""
    count = 450
    soc.write(
        SMALL.partition("[[findings]]")[0]
        + "".join(
            f'[[findings]]\nid = "a{n}"\ninspection = "soc-2024"\nbodies = ["norfolk"]\n'
            f'kind = "area-for-improvement"\nsummary = "Do {"much " * 40}."\n'
            for n in range(count)
        )
    )
    soc("list", "--as-of", AS_OF, "--output", "all.txt")
    text = (tmp_path / "all.txt").read_text(encoding="utf-8")
    assert sum(line.startswith("a") for line in text.splitlines()) == count
    assert text.count("much " * 40) == count
    assert "more:" not in text
