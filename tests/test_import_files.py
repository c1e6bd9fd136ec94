"""What `import` makes of files: encodings, separators, hidden things, and what it refuses."""

from __future__ import annotations

import shutil
import zipfile
from datetime import date
from pathlib import Path

import pytest

from conftest import Soc
from socwatch.dates import PartialDate
from socwatch.errors import SheetRefused
from socwatch.store.sheets.cells import CellError, NoResult
from socwatch.store.sheets.read import read_spreadsheet
from spreadsheets import write_ods, write_xlsx
from test_import import DATA, NAME, given, items_of, register_of

HEAD = "Ref,Recommendation,Status\n"


def rebuilt(source: Path, target: Path, part: str, before: str, after: str) -> Path:
    """Write a copy of a workbook in which a text of one of its parts is another."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == part:
                assert before in content.decode()
                content = content.decode().replace(before, after, 1).encode()
            new.writestr(name, content)
    return target


def test_the_second_look_finds_what_calamine_does_not_tell() -> None:
    """Errors, formulas without a result, dates that show a month, what is hidden or merged."""
    peel = read_spreadsheet(DATA / "2-messy.xlsx").sheet("PEEL 2025")
    assert peel.rows[15][4] == CellError("#REF!")
    assert peel.rows[22][4] == NoResult("=EDATE(E22,-1)")
    assert peel.rows[6][4] == PartialDate.of_month(2026, 3)
    assert peel.rows[5][8] == date(2025, 12, 15)
    assert [*peel.hidden_rows, *peel.hidden_columns] == [21, 12]
    assert [m.last_row - m.first_row for m in peel.merged if m.first_column == 1] == [3, 1]
    regional = read_spreadsheet(DATA / "5-two-forces.ods").sheet("Regional")
    assert regional.rows[5][3] == PartialDate.of_month(2026, 1)
    assert regional.rows[4][3] == date(2025, 10, 31)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"\xef\xbb\xbfRef,Caf\xc3\xa9\n", "Café"),
        ("Ref,Café\n".encode("utf-16"), "Café"),
        (b"Ref,Caf\xe9 \x96 \xa35\n", "Café – £5"),
        (b"Ref;Caf\xe9\n1;2\n", "Café"),
        (b"Ref\tCaf\xe9\n", "Café"),
    ],
)
def test_text_is_read_by_rule(tmp_path: Path, content: bytes, text: str) -> None:
    """UTF-8 and UTF-16 by their marks, else UTF-8, else Windows text; separators by number."""
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    book = read_spreadsheet(path)
    assert book.sheets[0].rows[0] == ("Ref", text)
    assert bool(book.remarks) == (b"\xe9" in content and not content.startswith(b"\xff\xfe"))


def test_an_old_or_locked_workbook_is_to_be_saved_anew(soc: Soc) -> None:
    """Nothing is written, and the hint says how to save it."""
    (soc.folder / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    ran = soc("import", "old.xls", "--yes", code=5)
    assert "it is an old workbook (.xls), or has a password; nothing was written" in ran.err
    assert "save it as .xlsx" in ran.err
    assert not (soc.folder / NAME).exists()


def test_a_missing_file_is_named(soc: Soc) -> None:
    """Its name is in the message, and no answers file is left behind."""
    ran = soc("import", "none.xlsx", "--yes", code=5)
    assert "none.xlsx cannot be imported: there is no such file" in ran.err
    assert not [*soc.folder.iterdir()]


def test_a_sheet_that_reaches_too_far_is_refused(tmp_path: Path) -> None:
    """One cell in the last row and column would fill the memory; it is refused before that."""
    source = write_xlsx(tmp_path / "a.xlsx", {"S": [["Ref", "Recommendation"], ["1", "x"]]})
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    path = rebuilt(source, tmp_path / "b.xlsx", "xl/worksheets/sheet1.xml", "</sheetData>", far)
    with pytest.raises(SheetRefused, match="1,048,576 rows and 16,384 columns"):
        read_spreadsheet(path)


def test_a_repeated_cell_of_a_document_is_counted_as_often(tmp_path: Path) -> None:
    """A few bytes that stand for a million rows are refused."""
    source = write_ods(tmp_path / "a.ods", {"S": [["Ref", "Recommendation"], ["1", "x"]]})
    path = rebuilt(
        source, tmp_path / "b.ods", "content.xml",
        "<table:table-row>", '<table:table-row table:number-rows-repeated="3000000">',
    )  # fmt: skip
    with pytest.raises(SheetRefused, match="3,000,001 rows and 2 columns"):
        read_spreadsheet(path)


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    """Its parts together may have 64 MiB."""
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", bytes(65 * 1024 * 1024))
    with pytest.raises(SheetRefused, match="larger than 64 MiB"):
        read_spreadsheet(path)


def test_entities_are_refused(tmp_path: Path) -> None:
    """XML with a document type is no workbook: with one, a few bytes can become gigabytes."""
    source = write_xlsx(tmp_path / "a.xlsx", {"S": [["Ref"]]})
    path = rebuilt(
        source, tmp_path / "b.xlsx", "xl/workbook.xml",
        "<workbook", '<!DOCTYPE a [<!ENTITY b "c">]><workbook',
    )  # fmt: skip
    with pytest.raises(SheetRefused, match="the file is damaged"):
        read_spreadsheet(path)


@pytest.mark.parametrize("cut", [30, 200, 2000])
def test_a_damaged_workbook_is_refused(soc: Soc, cut: int) -> None:
    """Whatever is missing of it: no traceback, and nothing is written."""
    content = (DATA / "1-clean.xlsx").read_bytes()
    (soc.folder / "half.xlsx").write_bytes(content[:cut])
    ran = soc("import", "half.xlsx", "--yes", code=5)
    assert "half.xlsx cannot be imported" in ran.err


def test_a_text_that_begins_like_a_formula_is_text(soc: Soc) -> None:
    """It is kept as it stands, and is run by nobody."""
    given(soc, "4-ambiguous-dates.csv")
    path = soc.folder / "4-ambiguous-dates.csv"
    text = path.read_text("utf-8-sig").replace("Publish how many", "=1+1 Publish how many")
    path.write_text(text, "utf-8")
    soc("import", path.name, "--yes")
    assert "=1+1 Publish how many were answered." in (soc.folder / NAME).read_text("utf-8")


def test_an_answer_that_nothing_asks_for_is_refused(soc: Soc) -> None:
    """A key that is mistyped in the answers is named."""
    given(soc, "1-clean.xlsx")
    kept = soc.folder / "1-clean.import.toml"
    kept.write_text('sheetdate = "x"\n' + kept.read_text("utf-8"), "utf-8")
    ran = soc("import", "1-clean.xlsx", "--yes", code=2)
    assert "has a key that socwatch does not know: sheetdate" in ran.err
    assert not (soc.folder / NAME).exists()


def test_a_spreadsheet_of_tomorrow_is_refused(soc: Soc) -> None:
    """It says what has happened, so its date is not in the future."""
    given(soc, "1-clean.xlsx")
    ran = soc("import", "1-clean.xlsx", "--yes", "--sheet-date", "2199-01-01", code=2)
    assert "1 Jan 2199 is in the future" in ran.err


def test_what_a_person_recorded_is_told_and_never_overwritten(soc: Soc) -> None:
    """Their status, owner and deadline stay, though the next spreadsheet says what it said."""
    given(soc, "1-clean.xlsx")
    soc("import", "1-clean.xlsx", "--yes")
    soc("done", "soc-3", "--on", "2026-05-01", "--by", "A. Officer")
    soc("assign", "soc-4", "DCI Lowe", "--on", "2026-05-01")
    soc(
        "extend", "soc-5", "2027-01-31", "--on", "2026-05-01", "--by", "HMICFRS", "--note", "Asked."
    )
    before = register_of(soc)
    shutil.copy(DATA / "1-clean.xlsx", soc.folder / "later.xlsx")
    answers = ("--answers", "1-clean.import.toml", "--sheet-date", "2026-06-30")
    ran = soc("import", "later.xlsx", "--yes", *answers)
    assert "Not written: SOC-3: done in the register, in progress in the spreadsheet" in ran.out
    assert "Not written: SOC-4: assigned to DCI Lowe in the register" in ran.out
    assert "Not written: SOC-5: its deadline is 31 Jan 2027 in the register" in ran.out
    assert "Nothing to write" in ran.out
    after = register_of(soc)
    assert after == before
    assert items_of(after, date(2026, 6, 30))["SOC-3"].completed == date(2026, 5, 1)
