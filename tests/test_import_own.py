"""`import` of workbooks that socwatch wrote: a register, an owner's items, a template."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

from conftest import SHIPPED, Soc
from socwatch.records import TABLES, Action, Status
from socwatch.store.load import load
from spreadsheets import Cell, fill_in
from test_import import NAME, given, items_of, register_of

OWNER = "Custody Supt"


def test_the_workbook_of_a_register_comes_back_as_the_same_records(soc: Soc) -> None:
    """Into no register it gives every record of every table; again, nothing is written."""
    soc("export", "--records", SHIPPED, "--output", "register.xlsx")
    ran = soc("import", "register.xlsx", "--yes")
    assert "36 updates" in ran.out
    old, new = load(SHIPPED).register, register_of(soc)
    assert old is not None
    for table in TABLES:
        assert getattr(new, table) == getattr(old, table), table
    before = (soc.folder / NAME).read_bytes()
    assert "Nothing to write" in soc("import", "register.xlsx", "--yes").out
    assert (soc.folder / NAME).read_bytes() == before
    assert soc("validate").code == 0


def test_what_differs_from_the_register_is_told_and_not_written(soc: Soc) -> None:
    """A record that the register has otherwise is named."""
    soc("export", "--records", SHIPPED, "--output", "register.xlsx")
    text = SHIPPED.read_text("utf-8")
    soc.write(text.replace('name = "Staffordshire Police"', 'name = "Staffs Police"'))
    ran = soc("import", "register.xlsx", "--yes")
    assert "Not written: staffordshire is otherwise in the register" in ran.out
    assert "Staffs Police" in (soc.folder / NAME).read_text("utf-8")


def owner_workbook(soc: Soc) -> Path:
    """Return an owner's workbook from the register that the clean sample gives."""
    given(soc, "1-clean.xlsx")
    soc("import", "1-clean.xlsx", "--yes")
    soc("export", "--owner", OWNER.lower(), "--output", "lead.xlsx")
    return soc.folder / "lead.xlsx"


def test_an_owner_fills_in_what_is_done_and_only_that_is_recorded(soc: Soc) -> None:
    """Nothing is asked; the update is by the owner, with the evidence; again, nothing changes."""
    lead = owner_workbook(soc)
    assert "Nothing to write" in soc("import", "lead.xlsx", "--yes").out
    filled: dict[str, Cell] = {
        "G2": date(2026, 4, 20),
        "H2": "https://example.org/report",
        "I2": "Nurses in post.",
    }
    fill_in(lead, soc.folder / "lead-back.xlsx", "sheet2", filled)
    old = register_of(soc)
    soc("import", "lead-back.xlsx", "--yes")
    new = register_of(soc)
    first = new.updates[len(old.updates)]
    assert (first.action, first.on, first.by) == (Action.DONE, date(2026, 4, 20), OWNER)
    item = items_of(new, date(2026, 6, 30))["CUS-1"]
    assert (item.status, item.completed) == (Status.DONE, date(2026, 4, 20))
    assert item.updates[-1].evidence == ("https://example.org/report",)
    assert new.findings == old.findings
    assert "Nothing to write" in soc("import", "lead-back.xlsx", "--yes").out
    assert not list(soc.folder.glob("lead*.toml"))


def test_a_start_of_the_sheets_own_date_makes_way_for_an_earlier_end(soc: Soc) -> None:
    """What an import dated by the date of its spreadsheet is taken back, and the rest stays."""
    lead = owner_workbook(soc)
    fill_in(lead, soc.folder / "lead-back.xlsx", "sheet2", {"G2": date(2026, 3, 20)})
    soc("import", "lead-back.xlsx", "--yes")
    new = register_of(soc)
    item = items_of(new, date(2026, 6, 30))["CUS-1"]
    assert (item.status, item.completed) == (Status.DONE, date(2026, 3, 20))
    assert new.updates[-2].action is Action.RETRACT
    assert soc("validate").code == 0


def test_an_unknown_item_and_a_date_that_is_none_are_listed(soc: Soc) -> None:
    """Both at once, by their cells, and nothing is written."""
    lead = owner_workbook(soc)
    before = (soc.folder / NAME).read_bytes()
    fill_in(lead, soc.folder / "back.xlsx", "sheet2", {"G2": "03/04/2026", "G9": date(2026, 4, 1)})
    ran = soc("import", "back.xlsx", "--yes", code=5)
    assert "Owner items!G2: date-not-understood: '03/04/2026'" in ran.out
    assert "Owner items!A9: key-unknown: (empty)" in ran.out
    assert (soc.folder / NAME).read_bytes() == before


def test_a_template_that_is_filled_in_needs_no_question(soc: Soc) -> None:
    """Two rows below the example give two findings; the example gives none."""
    soc("import", "--template", "blank.xlsx")
    head: dict[str, Cell] = {"B1": date(2026, 3, 31), "B2": "Norfolk Constabulary"}
    one: dict[str, Cell] = {
        "A8": "N1", "B8": "Do it.", "C8": "recommendation", "E8": "PEEL 2025",
        "F8": date(2025, 6, 4), "G8": "Norfolk", "H8": date(2026, 3, 31), "J8": "done",
        "L8": date(2026, 3, 1), "O8": "ACC",
    }  # fmt: skip
    two: dict[str, Cell] = {
        "A9": "N2", "B9": "Do that.", "C9": "area for improvement", "E9": "PEEL 2025",
        "F9": date(2025, 6, 4), "G9": "Norfolk", "J9": "open",
    }  # fmt: skip
    filled: dict[str, Cell] = {**head, **one, **two}
    fill_in(soc.folder / "blank.xlsx", soc.folder / "mine.xlsx", "sheet1", filled)
    soc("import", "mine.xlsx", "--yes")
    register = register_of(soc)
    items = items_of(register, date(2026, 3, 31))
    assert set(items) == {"N1", "N2"}
    assert (items["N1"].status, items["N1"].completed) == (Status.DONE, date(2026, 3, 1))
    assert items["N1"].owner == "ACC"
    assert items["N2"].status is Status.OPEN
    assert [body.name for body in register.bodies] == ["Norfolk"]
    assert "Nothing to write" in soc("import", "mine.xlsx", "--yes").out


def test_a_copy_beside_the_register_is_named(soc: Soc) -> None:
    """An import that has written says, as every write does, that a copy holds more."""
    given(soc, "1-clean.xlsx")
    assert "copy" not in soc("import", "1-clean.xlsx", "--yes").err
    soc("note", "CUS-2", "--note", "Asked.", "--by", "Ann", "--on", "2026-04-01")
    (soc.folder / NAME).rename(soc.folder / "recommendations (1).toml")
    err = soc("import", "1-clean.xlsx", "--yes").err
    assert f"the copy recommendations (1).toml holds 1 record that {NAME} lacks" in err


def test_the_figures_of_an_owners_workbook_add_up(soc: Soc) -> None:
    """What was filled in is recorded; what socwatch wrote itself is left out, or is a heading."""
    lead = owner_workbook(soc)
    fill_in(lead, soc.folder / "back.xlsx", "sheet2", {"I2": "Nurses in post."})
    answer = json.loads(soc("import", "back.xlsx", "--dry-run", "--format", "json").out)
    assert answer["cells"]["recorded"] == 1
    assert answer["cells"]["left_out"] == 18
    assert answer["updates"] == 1
    assert answer["problems"] == []


def test_owner_writes_a_workbook_only(soc: Soc) -> None:
    """Another format is refused, and so is a name that nobody has."""
    shutil.copy(SHIPPED, soc.folder / NAME)
    ran = soc("export", "--owner", "ACC", "--output", "lead.csv", code=2)
    assert "--owner writes a workbook of one sheet" in ran.err
    ran = soc("export", "--owner", "Nobody", "--output", "lead.xlsx", code=4)
    assert "there is no owner 'Nobody'" in ran.err
    assert not (soc.folder / "lead.xlsx").exists()
