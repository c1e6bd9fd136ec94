"""Which item a recording command means by less than an id, and how it says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import Soc
from test_change import on_terminal, refused, updates

REGISTER = """\
format = 1

[[bodies]]
id = "norfolk"
name = "Norfolk Constabulary"
kind = "force"

[[bodies]]
id = "north-sea"
name = "North Sea Police"
kind = "force"
aliases = ["The harbour"]

[[inspections]]
id = "soc-2024"
title = "How the north tackles organised crime"
inspectorate = "HMICFRS"
published = 2024-05-14
"""
FINDING = """
[[findings]]
id = "{}"
inspection = "soc-2024"
bodies = [{}]
kind = "area-for-improvement"
summary = "{}"
aliases = [{}]
"""
LONG = "Improve how it manages, analyses and shares intelligence about serious and organised crime."


@pytest.fixture
def soc(soc: Soc) -> Soc:
    """Two findings whose ids have parts, with other names, and a third for two forces."""
    soc.write(
        REGISTER
        + FINDING.format("nor-2024-r1", '"norfolk"', LONG, '"the analysts", "r10"')
        + FINDING.format("nor-2024-r10", '"norfolk"', "Train them.", "")
        + FINDING.format("sea-2024-a1", '"norfolk", "north-sea"', "Keep records.", "")
    )
    return soc


SAID = "nor-2024-r1: Improve how it manages, analyses and shares intelligence…"


@pytest.mark.parametrize(
    ("typed", "echo", "items"),
    [
        ("nor-2024-r1", "", [("nor-2024-r1", None)]),
        ("NOR\u20112024-R1", "", [("nor-2024-r1", None)]),
        ("r1", f"'r1' means {SAID}", [("nor-2024-r1", None)]),
        ("2024-r1", f"'2024-r1' means {SAID}", [("nor-2024-r1", None)]),
        (
            "a1@sea",
            "'a1@sea' means sea-2024-a1@north-sea: Keep records.",
            [("sea-2024-a1", "north-sea")],
        ),
        (
            "sea",
            "'sea' means sea-2024-a1: Keep records.",
            [("sea-2024-a1", "norfolk"), ("sea-2024-a1", "north-sea")],
        ),
    ],
)
def test_an_id_or_whole_parts_of_one_where_nobody_can_be_asked(
    soc: Soc, typed: str, echo: str, items: list[tuple[str, str | None]]
) -> None:
    """They are recorded, and less than an id is echoed with the first words of what it means."""
    out = soc("start", typed).out
    assert [(row["finding"], row.get("body")) for row in updates(soc)] == items
    assert out.splitlines()[0].startswith(echo or f"{items[0][0]}: started")
    assert ("means" in out) is bool(echo)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("the analysts", "nor-2024-r1"),
        ("sea-20", "sea-2024-a1"),
        ("ea-2024", "sea-2024-a1"),
        ("sea-2024-a1@The harbour", "north-sea"),
    ],
)
def test_a_name_or_a_beginning_is_not_enough_where_nobody_can_be_asked(
    soc: Soc, typed: str, meant: str
) -> None:
    """Nothing is written, and the id is suggested; for looking they do."""
    said = refused(soc, "done", typed, code=4)
    assert f"did you mean {meant}?" in said
    assert "nothing was written" in said
    successor = ("close", "nor-2024-r10", "--outcome", "superseded", "--note", "x", "--successor")
    assert f"did you mean {meant}?" in refused(soc, *successor, typed, code=4)
    assert meant in soc("show", typed).out or meant == "north-sea"


def test_a_name_of_one_that_is_part_of_another_id_means_neither(soc: Soc) -> None:
    """When recording, a name and a part of an id count alike; for looking, the name goes first."""
    said = refused(soc, "done", "r10", code=4)
    assert "'r10' could be any of 2: nor-2024-r1, nor-2024-r10" in said
    assert "Improve how it manages" in soc("show", "r10").out


def test_a_body_is_nothing_to_record_about(soc: Soc) -> None:
    """A body's name finds nothing that is to be done."""
    for name in ("norfolk", "Norfolk Constabulary", "The harbour"):
        assert "there is no finding or inspection" in refused(soc, "done", name, code=4)


@pytest.mark.parametrize("typed", ["the analysts", "nor-2024-r1@nor", "2024-r1"])
def test_less_than_an_id_is_asked_about_on_a_terminal(soc: Soc, typed: str) -> None:
    """Whoever is there sees the id and the first words, and only a yes records it."""
    before = (soc.folder / "recommendations.toml").read_bytes()
    asked = on_terminal(soc, "start", typed)
    asked.read_to("nor-2024-r1: started (Improve how it manages, analyses and shares")
    asked.read_to("Record this? [y/N]: ")
    asked.answer("n")
    said, code = asked.end()
    assert ("Nothing was written" in said, code) == (True, 0)
    assert Path(soc.folder / "recommendations.toml").read_bytes() == before
    asked = on_terminal(soc, "start", typed)
    asked.read_to("Record this? [y/N]: ")
    asked.answer("y")
    said, code = asked.end()
    assert (f"'{typed}' means nor-2024-r1" in said, code) == (True, 0)
    assert len(updates(soc)) == 1


def test_an_id_is_not_asked_about_on_a_terminal(soc: Soc) -> None:
    """A whole id is recorded at once, and so is less of one with --yes."""
    said, code = on_terminal(soc, "start", "nor-2024-r1").end()
    assert ("means" in said, code) == (False, 0)
    said, code = on_terminal(soc, "done", "the analysts", "--yes").end()
    assert ("means nor-2024-r1" in said, code) == (True, 0)
    assert [row["action"] for row in updates(soc)] == ["start", "done"]
