"""`log`: the updates in the order of time, those that were taken back marked."""

from __future__ import annotations

import pytest

from conftest import AS_OF, Soc
from registers import SMALL, update

LOGGED = (
    SMALL
    + update(1, "r1", "start", "2024-09-01", 'owner = "A. Officer"')
    + update(2, "a1", "note", "2024-06-02", 'note = "Began."', "recorded = 2024-06-05T08:00:00Z")
    + update(3, "r2", "done", "2024-07-03", 'body = "norfolk"', 'by = "The force"')
    + update(4, "r2", "extend", "2024-07-03", 'body = "northumbria"', "deadline = 2025-12-31",
             'by = "HMICFRS"', 'note = "Asked for."')
    + update(5, "r2", "retract", "2024-07-09", 'body = "norfolk"', 'update = "u-3"',
             'note = "Too soon."')
    + update(6, "cause", "close", "2024-08-01", 'body = "norfolk"', 'outcome = "superseded"',
             'successor = "r1"', 'note = "Told anew."')
    + update(7, "a1", "sign-off", "2024-10-01", 'by = "HMICFRS"')
    + update(8, "a1", "reopen", "2024-10-02", 'note = "No."')
    + update(9, "a1", "assign", "2024-10-03", 'owner = "B. Clerk"')
    + update(10, "a1", "mute", "2024-10-04", "until = 2025-01-31", 'note = "Known."')
    + update(11, "a1", "checked", "2024-10-05")
)  # fmt: skip


@pytest.fixture
def logged(soc: Soc) -> Soc:
    """The command beside a register with an update of every action."""
    soc.write(LOGGED)
    return soc


def test_order_of_time(logged: Soc) -> None:
    """Updates stand by the day on which they happened, within a day by place in the file."""
    answer = logged.json("log", "--as-of", AS_OF)
    order = [row["update"] for row in answer["rows"]]
    assert order == [f"u-{n}" for n in (2, 3, 4, 5, 6, 1, 7, 8, 9, 10, 11)]
    assert [row["on"] for row in answer["rows"]] == sorted(row["on"] for row in answer["rows"])


def test_every_action_in_words(logged: Soc) -> None:
    """Each action reads as a sentence would say it, with what it carries."""
    out = logged("log", "--as-of", AS_OF).out
    assert out.startswith("11 updates\n")
    for words in (
        "started; assigned to A. Officer",
        "noted",
        "reported done; retracted",
        "deadline moved to 31 Dec 2025",
        "takes back u-3",
        "closed: superseded by r1",
        "signed off",
        "reopened",
        "assigned to B. Clerk",
        "muted until",
        "looked at",
        "Told anew.",
    ):
        assert words in out
    assert out.count("retracted") == 1
    assert "sign-off" not in out


def test_fields_for_scripts(logged: Soc) -> None:
    """A script finds what each update carries under the name that the register uses for it."""
    rows = {row["update"]: row for row in logged.json("log", "--as-of", AS_OF)["rows"]}
    assert [update for update, row in rows.items() if row["retracted"] == "yes"] == ["u-3"]
    assert rows["u-5"]["retracts"] == "u-3"
    assert rows["u-4"]["deadline"] == "2025-12-31"
    assert (rows["u-6"]["outcome"], rows["u-6"]["successor"]) == ("superseded", "r1")
    assert (rows["u-10"]["until"], rows["u-9"]["owner"]) == ("2025-01-31", "B. Clerk")
    assert rows["u-3"]["item"] == "r2@norfolk"
    assert rows["u-2"]["recorded"] == "2024-06-05T08:00:00+00:00"
    assert rows["u-1"]["by"] is None


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["r2"], ["u-3", "u-4", "u-5"]),
        (["r2@northumbria"], ["u-4"]),
        (["Norfolk"], ["u-3", "u-5", "u-6", "u-1"]),
        (["a1", "r1"], ["u-2", "u-1", "u-7", "u-8", "u-9", "u-10", "u-11"]),
        (["soc-2024"], [f"u-{n}" for n in (2, 3, 4, 5, 6, 1, 7, 8, 9, 10, 11)]),
    ],
)  # fmt: skip
def test_names(logged: Soc, names: list[str], expected: list[str]) -> None:
    """A finding, one of its items, a body or an inspection narrows the log to its own."""
    rows = logged.json("log", *names, "--as-of", AS_OF)["rows"]
    assert [row["update"] for row in rows] == expected


def test_two_clocks(logged: Soc) -> None:
    """The log ends with the day asked about; as known before a retraction, it took nothing back."""
    first = logged.json("log", "--as-of", "2024-07-03")["rows"]
    assert [(row["update"], row["retracted"]) for row in first] == [
        ("u-2", "no"),
        ("u-3", "yes"),
        ("u-4", "no"),
    ]
    assert "No update by that day." in logged("log", "--as-of", "2024-06-01").out


def test_day_of_recording_is_londons(soc: Soc) -> None:
    """What was recorded at 23:30 UTC in summer was recorded on the next day in London."""
    soc.write(SMALL + update(1, "a1", "checked", "2024-06-01", "recorded = 2024-06-01T23:30:00Z"))
    for until, checked in (("2024-06-01", None), ("2024-06-02", "2024-06-01")):
        rows = soc.json("list", "--as-of", AS_OF, "--recorded-until", until)["rows"]
        assert [row["last_checked"] for row in rows if row["id"] == "a1"] == [checked]
    assert "2 Jun 2024 00:30" in soc("log", "--as-of", AS_OF).out


def test_shipped_log(shipped: Soc) -> None:
    """The shipped register's log begins in March 2018 and never says that a thing was done."""
    answer = shipped.json("log", "--as-of", AS_OF)
    assert answer["rows"][0]["on"] == "2018-03-22"
    assert {row["action"] for row in answer["rows"]} == {"note", "start", "checked"}
    assert {row["retracted"] for row in answer["rows"]} == {"no"}
