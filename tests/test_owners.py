"""Whose items are whose: an owner's name matches whole, in every spelling, and never by a part."""

from __future__ import annotations

import unicodedata

import pytest

from conftest import Soc
from registers import SOUND, update

DAY = ("--as-of", "2025-06-01")
SIAN = "Siân Rhŷs"
DECOMPOSED = unicodedata.normalize("NFD", SIAN)


@pytest.fixture
def soc(soc: Soc) -> Soc:
    """Four items: two of J. Smith and J. Smithson, two of one person in two spellings."""
    soc.write(
        SOUND
        + update(1, "r1", "assign", "2024-06-01", 'owner = "J. Smith"')
        + update(2, "r2", "assign", "2024-06-01", 'owner = "J. Smithson"', 'body = "norfolk"')
        + update(3, "r2", "assign", "2024-06-01", f'owner = "{SIAN}"', 'body = "northumbria"')
        + update(4, "cause", "assign", "2024-06-01", f'owner = "{DECOMPOSED}"', 'body = "norfolk"')
    )
    return soc


def owned(soc: Soc, owner: str) -> list[str]:
    """The ids that `list` shows of an owner."""
    return [row["id"] for row in soc.json("list", "--owner", owner, *DAY)["rows"]]


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("J. Smith", ["r1"]),
        ("j.  smith ", ["r1"]),
        ("J. SMITHSON", ["r2@norfolk"]),
        (SIAN, ["cause@norfolk", "r2@northumbria"]),
        (DECOMPOSED, ["cause@norfolk", "r2@northumbria"]),
        ("SIÂN\u00a0RHŶS", ["cause@norfolk", "r2@northumbria"]),
    ],
)
def test_an_owner_has_all_of_their_items_and_no_others(
    soc: Soc, typed: str, ids: list[str]
) -> None:
    """A name means one person, however it is spelt and whoever else's name contains it."""
    assert sorted(owned(soc, typed)) == ids
    every = {"r1", "r2@norfolk", "r2@northumbria"}
    out = soc("check", "--owner", typed, *DAY, code=1).out
    assert all((name in out) is (name in ids) for name in every)
    events = soc("calendar", "--owner", typed, *DAY).out.replace("\r\n ", "")
    assert all((f"Deadline: {name}" in events) is (name in ids) for name in every)


@pytest.mark.parametrize("command", ["list", "check", "calendar"])
@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        ("Smith", "J. Smith or J. Smithson"),
        ("J. Smit", "J. Smith or J. Smithson"),
        ("J Smith", "J. Smith or J. Smithson"),
        ("Sian Rhys", DECOMPOSED),
        ("Siân", DECOMPOSED),
    ],
)
def test_a_near_miss_is_asked_about(soc: Soc, command: str, typed: str, nearest: str) -> None:
    """A part of a name, or a slip in one, means nobody; the nearest owners are suggested."""
    refused = soc(command, "--owner", typed, *DAY, code=4)
    assert refused.out == ""
    assert f"there is no owner {typed!r} in the register" in refused.err
    assert f"did you mean {nearest}?" in refused.err


def test_a_name_like_no_other_is_no_owner(soc: Soc) -> None:
    """A stranger's name ends with 4, and nothing is suggested for it."""
    refused = soc("list", "--owner", "Zebedee Quux", *DAY, code=4)
    assert "there is no owner 'Zebedee Quux' in the register" in refused.err
    assert "did you mean" not in refused.err


def test_an_owner_of_old_is_still_one(soc: Soc) -> None:
    """Whoever was an owner once may be asked about, on any day, and then has nothing."""
    soc("assign", "r1", "J. Smithson", "--by", "T")
    soc("assign", "r2@norfolk", "A. Clerk", "--by", "T")
    today = soc.json("list", "--owner", "j. smithson")["rows"]
    assert [row["id"] for row in today] == ["r1"]
    assert soc.json("list", "--owner", "J. Smith")["rows"] == []
    assert owned(soc, "A. Clerk") == []


def test_two_spellings_stand_under_one_heading(soc: Soc) -> None:
    """Grouping by owner makes one group of one person, headed as the first line has the name."""
    soc("assign", "r1", "j.\u00a0 SMITHSON", "--by", "T", "--on", "2025-01-02")
    out = soc("check", "--group-by", "owner", *DAY, code=1).out
    heads = [line for line in out.splitlines() if line.startswith("Owner: ")]
    assert len(heads) == len({unicodedata.normalize("NFC", head).casefold() for head in heads})
    smithson = out[out.index("SMITHSON") :].partition("Owner: ")[0]
    assert "r1" in smithson
    assert "r2@norfolk" in smithson
    assert "r2@northumbria" not in smithson


def test_the_same_person_in_another_spelling_is_no_new_owner(soc: Soc) -> None:
    """Neither recording nor `changes` takes another spelling of a name for another person."""
    said = soc("assign", "r2@northumbria", DECOMPOSED.upper(), "--by", "T").out
    assert "already (u-3)" in said
    assert len(soc.json("log")["rows"]) == 4
    text = (soc.folder / "recommendations.toml").read_text()
    respelt = update(5, "r1", "assign", "2024-09-01", 'owner = "j.  smith"')
    soc.write(text + respelt + update(6, "r1", "assign", "2024-10-01", 'owner = "J. Smithson"'))
    changes = soc.json("changes", "--since", "2024-08-01", *DAY)["rows"]
    assert [row["to"] for row in changes if row["change"] == "owner-changed"] == ["J. Smithson"]


def test_the_same_note_in_another_spelling_is_on_record(soc: Soc) -> None:
    """A note, and whose word it is, are known in every spelling; another word is another note."""
    note = ("note", "r1", "--on", "2024-07-01", "--by", "D. O'Neil", "--note")
    soc(*note, "The force's plan came.")
    again = ("note", "r1", "--on", "2024-07-01", "--by", "d. O’Neil", "--note")
    assert "nothing to write" in soc(*again, "The force’s  plan came.").out
    assert len(soc.json("log")["rows"]) == 5
    soc(*again, "The force's plans came.")
    assert len(soc.json("log")["rows"]) == 6
