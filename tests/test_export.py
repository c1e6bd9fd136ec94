"""The export: every format holds the whole register, is read elsewhere as meant, and stays text."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from python_calamine import CalamineWorkbook

from conftest import AS_OF, SHIPPED, TIMEOUT, Soc, bare_environment, loaded_by
from registers import SMALL, update
from socwatch.errors import OutputRefused
from socwatch.records import FIELDS, TABLES
from socwatch.render.export.values import ExportOptions
from socwatch.render.export.xlsx import CUT, MOST_IN_A_CELL, MOST_ROWS, render
from socwatch.render.formats import EXPORT_FORMATS
from socwatch.reports.export import SHEETS, Export, ExportValue, Field, Sheet, build_export, heading
from socwatch.store.load import load
from socwatch.tracking import QueryDates
from test_formats import HOSTILE, hostile_register

MOVED = update(1, "r1", "extend", "2024-12-01", 'deadline = "2025-06"', 'note = "x"', 'by = "HM"')
TAKEN_BACK = update(2, "r1", "note", "2024-12-02", 'note = "wrong"') + update(
    3, "r1", "retract", "2024-12-03", 'update = "u-2"', 'note = "it was"'
)
LATER = update(4, "r1", "start", "2027-01-01")


@pytest.fixture
def updated(soc: Soc) -> Soc:
    """The command beside the small register with some updates."""
    soc.write(SMALL + MOVED + TAKEN_BACK + LATER)
    return soc


@pytest.fixture
def hostile(soc: Soc) -> Soc:
    """The command beside a register of hostile text."""
    soc.write(hostile_register())
    return soc


def exported(soc: Soc, name: str, *options: str) -> Path:
    """A file of the register in the folder."""
    ran = soc("export", "--as-of", AS_OF, "--output", name, *options)
    assert (ran.out, ran.err) == ("", "")
    return soc.folder / name


def lines(soc: Soc, *options: str) -> list[dict[str, Any]]:
    """The objects of JSON Lines."""
    text = soc("export", "--as-of", AS_OF, "--format", "jsonl", *options).out
    return [json.loads(line) for line in text.splitlines()]


def rows(soc: Soc, table: str, *options: str) -> list[dict[str, Any]]:
    """The rows of a table in JSON Lines."""
    found = lines(soc, "--table", table, *options)
    return [row for row in found if row.pop("table") == table]


def shipped_book() -> Export:
    """The shipped register as sheets."""
    register = load(SHIPPED).register
    assert register is not None
    return build_export(register, QueryDates(date.fromisoformat(AS_OF)))


# ------------------------------------------------------------------------------------ what it holds


def test_every_table_is_there(shipped: Soc) -> None:
    """Each table of the register is a sheet with each of its fields, beside those worked out."""
    sheets = {sheet.name: sheet for sheet in shipped_book().sheets}
    assert tuple(sheets) == SHEETS == ("items", "obligations", *TABLES)
    for name, written in FIELDS.items():
        keys = {field.key for field in sheets[name].fields if not field.worked_out}
        assert keys == set(written)
    for sheet in sheets.values():
        assert len({field.key for field in sheet.fields}) == len(sheet.fields)
        assert all(field.meaning for field in sheet.fields)
        assert all(len(row) == len(sheet.fields) for row in sheet.rows)
    assert [row["id"] for row in rows(shipped, "items")] == [row[0] for row in sheets["items"].rows]
    assert "findings.extra" not in sheets


def test_items_are_those_of_list(updated: Soc) -> None:
    """An item is the same as in a listing, with its body's name and a last day beside."""
    listed = {row["id"]: row for row in updated.json("list", "--as-of", AS_OF)["rows"]}
    items = rows(updated, "items")
    for item in items:
        name = item.pop("body_name")
        assert name.startswith(("Norfolk", "Northumbria"))
        assert item.pop("target_last_day") is None
        assert item == listed[item["id"]]
    assert len(items) == len(listed) == 6
    later = updated("export", "--as-of", "2024-05-13", "-f", "jsonl", "--table", "items").out
    assert later.count("\n") == 1


def test_dates_known_in_part(updated: Soc) -> None:
    """A date known in part stands as written, and beside it the last day that it can mean."""
    updated.write(
        SMALL.replace("deadline = 2025-01-01", 'deadline = "6 months"\ntarget = "2025"')
        .replace('title = "What', 'published = "2024-05"\ntitle = "What')
        .replace('summary = "Keep', 'target = 2024-12-24\nsummary = "Keep')
        + MOVED
    )
    findings = {row["id"]: row for row in rows(updated, "findings")}
    assert (findings["r1"]["deadline"], findings["r1"]["deadline_last_day"]) == (
        "6 months",
        "2024-11-14",
    )
    assert (findings["r2"]["deadline"], findings["r2"]["deadline_last_day"]) == (
        "2025-03",
        "2025-03-31",
    )
    assert findings["r1"]["target_last_day"] == "2025-12-31"
    assert findings["a1"]["target"] == findings["a1"]["target_last_day"] == "2024-12-24"
    assert findings["cause"]["deadline"] is findings["cause"]["deadline_last_day"] is None
    (source,) = rows(updated, "sources")
    assert (source["published"], source["published_last_day"]) == ("2024-05", "2024-05-31")
    (moved,) = rows(updated, "updates")
    assert (moved["deadline"], moved["deadline_last_day"]) == ("2025-06", "2025-06-30")


def test_updates_say_whether_they_count(updated: Soc) -> None:
    """An update that was taken back or is dated later stands there, and says so."""
    found = {row["id"]: (row["item"], row["counts"]) for row in rows(updated, "updates")}
    assert found == {
        "u-1": ("r1", "yes"),
        "u-2": ("r1", "retracted"),
        "u-3": ("r1", "yes"),
        "u-4": ("r1", "later"),
    }
    assert len(rows(updated, "updates", "--recorded-until", "2024-12-01")) == 1


def test_grades_have_the_one_before(shipped: Soc) -> None:
    """A grade stands with the one before it, and with no direction where scales differ."""
    graded = [row for row in rows(shipped, "grades") if row["body"] == "west-mercia"]
    by_day = sorted(graded, key=lambda row: str(row["published"]))
    assert [row["grade_before"] for row in by_day] == [None, "inadequate", "good"]
    assert [row["direction"] for row in by_day] == [None, "better", "not-comparable"]


def test_obligations(shipped: Soc) -> None:
    """Who was to answer stands with the last of the 56 days, and says what is on record only."""
    found = {row["id"]: row for row in rows(shipped, "obligations")}
    mercia = found["soc-west-midlands-2024@west-mercia"]
    assert (mercia["last_day"], mercia["standing"]) == ("2024-07-08", "answered-late")
    assert (mercia["by_letter"], mercia["days_early"], mercia["days_left"]) == ("yes", -1, None)
    other = found["soc-west-midlands-2024@west-midlands-police"]
    assert (other["standing"], other["answered"]) == ("not-on-record", None)


# ------------------------------------------------------------------------------------ JSON Lines


def test_jsonl(updated: Soc) -> None:
    """Each line is an object that names its table; the first says what and as of when."""
    found = lines(updated)
    assert found[0] == {
        "table": "about",
        "schema_version": 1,
        "title": "A register of inspections",
        "as_of": AS_OF,
        "recorded_until": None,
        "records": "recommendations.toml",
    }
    names = [each["table"] for each in found[1:]]
    assert list(dict.fromkeys(names)) == [name for name in SHEETS if name in names]
    assert names.count("bodies") == 3
    assert "monitoring" not in names
    (norfolk,) = (each for each in found if each.get("id") == "norfolk")
    assert norfolk["aliases"] == ["Norfolk"]


def test_jsonl_of_hostile_text(hostile: Soc) -> None:
    """The text comes back exactly, and nothing in the file is obeyed by a terminal."""
    found = {row["id"]: row["summary"] for row in rows(hostile, "findings")}
    assert found == HOSTILE
    (grade,) = rows(hostile, "grades")
    assert grade["contradicted_by"] == [{"source": "source", "says": HOSTILE["heading"]}]
    text = exported(hostile, "x.jsonl").read_text(encoding="utf-8")
    assert "漢字" in text
    assert not re.search(
        "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]", text
    )


# --------------------------------------------------------------------------------------------- CSV


def as_csv(content: bytes) -> list[dict[str, str]]:
    """The rows of CSV."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_csv_holds_one_table(updated: Soc) -> None:
    """CSV holds the items, or the table that is named; its lists are joined."""
    items = as_csv(exported(updated, "x.csv").read_bytes())
    assert [row["id"] for row in items][:2] == ["cause@norfolk", "cause@northumbria"]
    assert next(row for row in items if row["id"] == "r1")["days_left"] == "-510"
    findings = as_csv(exported(updated, "y.csv", "--table", "findings").read_bytes())
    assert findings[0]["bodies"] == "norfolk; northumbria"
    assert findings[0]["deadline"] == ""
    assert "days_left" not in findings[0]


def test_csv_of_hostile_text(hostile: Soc) -> None:
    """Every text comes back as it is in the register, also one that begins as a formula does."""
    found = as_csv(exported(hostile, "x.csv", "--table", "findings").read_bytes())
    assert {row["id"]: row["summary"] for row in found} == HOSTILE
    (stays,) = as_csv(exported(hostile, "g.csv", "--table", "grades").read_bytes())
    assert stays["contradicted_by"] == f"source: {HOSTILE['heading']}"


def test_byte_order_mark(updated: Soc) -> None:
    """A file begins with the mark by which Excel knows UTF-8; a pipe and a device do not."""
    piped = updated("export", "--format", "csv", "--as-of", AS_OF).out.encode()
    assert piped.startswith(b"id,")
    assert exported(updated, "x.csv").read_bytes() == b"\xef\xbb\xbf" + piped
    again = updated("export", "-f", "csv", "-o", "/dev/stdout", "--as-of", AS_OF).out.encode()
    assert again == piped


# ------------------------------------------------------------------------------------------ SQLite


@pytest.fixture
def database(shipped: Soc) -> Iterator[sqlite3.Connection]:
    """The shipped register as a database."""
    with closing(sqlite3.connect(exported(shipped, "x.db"))) as connection:
        connection.row_factory = sqlite3.Row
        yield connection


def test_database_is_sound(database: sqlite3.Connection) -> None:
    """Every table is there with its rows, every reference finds its row, and the file is whole."""
    for sheet in shipped_book().sheets:
        found = database.execute(f'SELECT * FROM "{sheet.name}" ORDER BY rowid').fetchall()  # noqa: S608  # our own names
        assert len(found) == len(sheet.rows)
        keys = [field.key for field in sheet.fields]
        for stored, row in zip(found, sheet.rows, strict=True):
            assert list(stored.keys()) == keys
            assert stored[0] == row[0]
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    assert [*database.execute("PRAGMA integrity_check").fetchone()] == ["ok"]
    referring = {row["table"] for row in database.execute("PRAGMA foreign_key_list('findings')")}
    assert referring == {"findings", "inspections"}


@pytest.mark.parametrize(("until", "number"), [("2024-12-20", 0), ("2025-01-10", 2)])
def test_a_database_of_the_past_is_sound(soc: Soc, until: str, number: int) -> None:
    """A retraction that a slow clock dates before its update is there only with that update."""
    soc.write(
        SMALL
        + update(1, "r1", "done", "2024-12-01", "recorded = 2025-01-05T12:00:00Z")
        + update(2, "r1", "retract", "2024-12-05", 'update = "u-1"', 'note = "n"')
    )
    assert soc("validate").code == 0
    path = exported(soc, "x.db", "--recorded-until", until)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("SELECT count(*) FROM updates").fetchone() == (number,)


def test_database_refuses_what_refers_to_nothing(database: sqlite3.Connection) -> None:
    """With foreign keys switched on, a row that refers to nothing is refused."""
    database.execute("PRAGMA foreign_keys = ON")
    database.execute("INSERT INTO finding_bodies VALUES ('wmp-soc-2024', 'staffordshire')")
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        database.execute("INSERT INTO finding_bodies VALUES ('wmp-soc-2024', 'nowhere')")


def test_views(database: sqlite3.Connection, shipped: Soc) -> None:
    """The views hold what `list` says is overdue and open, longest past first."""
    overdue = [row["id"] for row in database.execute("SELECT id FROM overdue")]
    listed = shipped.json("list", "--overdue", "--sort", "days", "--as-of", AS_OF)["rows"]
    assert overdue == [row["id"] for row in listed]
    assert len(overdue) == 6
    status = {row["status"] for row in database.execute("SELECT status FROM open_items")}
    assert status == {"open", "in-progress"}
    assert database.execute("SELECT count(*) FROM due_soon").fetchone()[0] == 0
    standing = {row["standing"] for row in database.execute("SELECT * FROM unanswered")}
    assert standing == {"not-on-record"}


def test_lists_in_the_database(database: sqlite3.Connection) -> None:
    """A list is JSON in its column, and a row each in the tables that refer."""
    cited = "SELECT source FROM citations WHERE record = 'wmp-soc-2024' AND field = 'sources'"
    sources = [row["source"] for row in database.execute(cited)]
    held = "SELECT sources FROM findings WHERE id = 'wmp-soc-2024'"
    assert json.loads(database.execute(held).fetchone()[0]) == sources
    assert len(sources) > 1
    recurs = database.execute("SELECT * FROM finding_links WHERE link = 'recurs_from'").fetchall()
    assert ("wmp-soc-2024", "recurs_from", "wmp-soc-2018") in [tuple(row) for row in recurs]
    about = dict(tuple(row) for row in database.execute("SELECT * FROM about"))
    assert about["as_of"] == AS_OF
    assert "By this day that is so of 6." in about["Past its deadline"]


def test_database_of_hostile_text(hostile: Soc) -> None:
    """Text is a value, whatever it holds."""
    with closing(sqlite3.connect(exported(hostile, "x.db"))) as connection:
        assert dict(connection.execute("SELECT id, summary FROM findings")) == HOSTILE


def test_sqlite3_opens_it(shipped: Soc, program: Callable[[str], str]) -> None:
    """The sqlite3 program opens the file and answers from a view."""
    query = "SELECT count(*) FROM overdue"
    ended = subprocess.run(
        [program("sqlite3"), "-readonly", exported(shipped, "x.db"), query],
        capture_output=True, check=True, text=True, timeout=TIMEOUT,
    )  # fmt: skip
    assert (ended.stdout, ended.stderr) == ("6\n", "")


@pytest.mark.slow
def test_datasette_opens_it(shipped: Soc) -> None:
    """Datasette lists the tables with what refers to what, and answers from a view."""
    file = exported(shipped, "register.db")

    def page(path: str) -> Any:  # noqa: ANN401  # JSON holds anything
        ended = subprocess.run(
            [sys.executable, "-m", "datasette", file, "--get", path],
            cwd=shipped.folder, env=bare_environment(), capture_output=True, check=True,
            timeout=TIMEOUT,
        )  # fmt: skip
        return json.loads(ended.stdout)

    overdue = page("/register/overdue.json?_shape=array")
    assert [row["days_left"] for row in overdue] == [-3167, *[-690] * 5]
    tables = {table["name"]: table for table in page("/register.json")["tables"]}
    assert {key["other_table"] for key in tables["items"]["foreign_keys"]["outgoing"]} >= {
        "bodies", "findings", "inspections",
    }  # fmt: skip
    assert tables["items"]["count"] == 29
    assert not any(table["hidden"] for table in tables.values())


# ---------------------------------------------------------------------------------------- workbook

SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def parts(file: Path) -> dict[str, str]:
    """The texts of which a workbook's file is made."""
    with zipfile.ZipFile(file) as workbook:
        return {name: workbook.read(name).decode() for name in workbook.namelist()}


def test_workbook(shipped: Soc) -> None:
    """Each sheet begins with its headings and holds its rows; the cover says what and when."""
    file = exported(shipped, "x.xlsx")
    workbook = CalamineWorkbook.from_path(file)
    sheets = shipped_book().sheets
    assert workbook.sheet_names == ["Cover", *(sheet.title for sheet in sheets), "Columns"]
    for sheet in sheets:
        found = workbook.get_sheet_by_name(sheet.title).to_python(skip_empty_area=False)
        assert found[0] == [heading(field.key) for field in sheet.fields]
        assert len(found) == len(sheet.rows) + 1
        for read, row in zip(found[1:], sheet.rows, strict=True):
            assert read == [in_a_cell(value) for value in row]
    cover = workbook.get_sheet_by_name("Cover").to_python()
    assert cover[0][0] == "West Midlands: serious and organised crime inspection of 14 May 2024"
    assert ["As of", "22 Nov 2026"] in [row[:2] for row in cover]
    columns = workbook.get_sheet_by_name("Columns").to_python()
    assert len(columns) == 1 + sum(len(sheet.fields) for sheet in sheets)


def in_a_cell(value: ExportValue) -> object:
    """What a cell of a sheet holds as another program reads it."""
    match value:
        case None:
            return ""
        case int():
            return float(value)
        case str() | date():
            return value
        case _:
            return "\n".join(each if isinstance(each, str) else ": ".join(each) for each in value)


def test_tables_of_the_workbook(updated: Soc) -> None:
    """Each sheet but the cover has one marked table with a filter, below a frozen heading."""
    found = parts(exported(updated, "x.xlsx"))
    tables = [ET.fromstring(text) for name, text in found.items() if "/tables/" in name]  # noqa: S314  # our own file
    assert [table.get("name") for table in tables] == [*SHEETS, "columns"]
    assert all(table.find(f"{SPREADSHEET}autoFilter") is not None for table in tables)
    assert all(text.count("<pane ") == 1 for n, text in found.items() if is_sheet(n, but=1))
    assert "<pane " not in found["xl/worksheets/sheet1.xml"]


def is_sheet(name: str, *, but: int) -> bool:
    """Whether a part of a workbook is a sheet, other than the one of this number."""
    number = re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", name)
    return number is not None and int(number[1]) != but


def test_workbook_of_hostile_text(hostile: Soc) -> None:
    """Text is text: there is no formula and no link in the file, and it reads back the same."""
    file = exported(hostile, "x.xlsx")
    findings = CalamineWorkbook.from_path(file).get_sheet_by_name("Findings").to_python()
    at = findings[0].index("Summary")
    assert {str(row[0]): row[at] for row in findings[1:]} == HOSTILE
    found = parts(file)
    for name, text in found.items():
        assert "<f>" not in text, name
        assert "<hyperlink" not in text, name
    assert not any("externalLink" in name or "vba" in name for name in found)


def test_long_text_in_a_workbook(updated: Soc) -> None:
    """A text longer than a cell of Excel holds is cut, and says so; other formats have it whole."""
    long = "漢😀" * 20_000
    updated.write(SMALL.replace("Employ enough analysts.", long))
    items = CalamineWorkbook.from_path(exported(updated, "x.xlsx")).get_sheet_by_name("Items")
    (held,) = (str(row[5]) for row in items.to_python() if row[0] == "r1")
    assert held.endswith(CUT)
    assert long.startswith(held.removesuffix(CUT))
    assert MOST_IN_A_CELL - 2 <= len(held.encode("utf-16-le")) / 2 <= MOST_IN_A_CELL
    assert [row["summary"] for row in rows(updated, "items") if row["id"] == "r1"] == [long]


def test_days_that_excel_has_not(updated: Soc) -> None:
    """A day before Excel's calendar begins stands as text, the one after as a day."""
    updated.write(
        SMALL.replace('title = "What', 'seen = 1900-02-28\ntitle = "What')
        + '[[sources]]\nid = "other"\npublisher = "P"\ntitle = "T"\nseen = 1900-03-01\n'
    )
    sources = CalamineWorkbook.from_path(exported(updated, "x.xlsx")).get_sheet_by_name("Sources")
    assert [row[6] for row in sources.to_python()[1:]] == ["1900-02-28", date(1900, 3, 1)]


def test_more_rows_than_excel_has() -> None:
    """What does not fit into a sheet is refused, with the formats into which it does."""
    full = Sheet("items", "", (Field("id", "text", ""),), (("x",),) * MOST_ROWS)
    with pytest.raises(OutputRefused, match="cannot hold 1,048,576 rows") as refused:
        render(
            Export("", QueryDates(date(2026, 11, 22)), (full,), ()),
            ExportOptions("x"),
            lambda _, __: None,
        )
    assert ".csv" in refused.value.remedy


def test_libreoffice_opens_the_workbook(shipped: Soc, program: Callable[[str], str]) -> None:
    """A real spreadsheet program shows on every sheet the register's values, days as days."""
    soffice = program("soffice")
    exported(shipped, "x.xlsx")
    profile = (shipped.folder / "profile").as_uri()
    every_sheet = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,true,false,false,false,-1"
    subprocess.run(
        [soffice, "--headless", f"-env:UserInstallation={profile}", "--convert-to", every_sheet,
         "x.xlsx"],
        cwd=shipped.folder, env={**bare_environment(), "HOME": str(shipped.folder)},
        capture_output=True, check=True, timeout=TIMEOUT,
    )  # fmt: skip
    for sheet in shipped_book().sheets:
        content = (shipped.folder / f"x-{sheet.title}.csv").read_bytes()
        found = list(csv.reader(io.StringIO(content.decode(), newline="")))
        assert found[0] == [heading(field.key) for field in sheet.fields]
        assert found[1:] == [[in_libreoffice(value) for value in row] for row in sheet.rows]
        assert b"Err:" not in content


def in_libreoffice(value: ExportValue) -> str:
    """What LibreOffice writes for a cell; for a day in the form of its own language."""
    match value:
        case None:
            return ""
        case date():
            return f"{value:%m/%d/%Y}"
        case int():
            return str(value)
        case _:
            return str(in_a_cell(value))


# ------------------------------------------------------------------------------------------- files


@pytest.mark.parametrize("name", [each.name for each in EXPORT_FORMATS])
def test_same_bytes(updated: Soc, name: str) -> None:
    """The same register and day give the same file, whatever the zone and the seed of hashes."""
    first = {"PYTHONHASHSEED": "0"}
    other = {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
    updated("export", "--as-of", AS_OF, "-o", f"a.{name}", environment=first)
    updated("export", "--as-of", AS_OF, "-o", f"b.{name}", environment=other)
    content = (updated.folder / f"a.{name}").read_bytes()
    assert (updated.folder / f"b.{name}").read_bytes() == content
    updated("export", "--as-of", "2026-11-23", "-o", f"c.{name}")
    assert (updated.folder / f"c.{name}").read_bytes() != content


def test_workbook_bears_no_clock(updated: Soc) -> None:
    """All times in a workbook are of the day asked about, and those of its parts of no day."""
    file = exported(updated, "x.xlsx")
    with zipfile.ZipFile(file) as workbook:
        assert {part.date_time for part in workbook.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    times = re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", parts(file)["docProps/core.xml"])
    assert times == [f"{AS_OF}T00:00:00Z"] * 2
    assert "T12:00:00" not in parts(file)["docProps/core.xml"]


@pytest.mark.parametrize("name", [each.name for each in EXPORT_FORMATS])
def test_never_over_the_register(updated: Soc, name: str) -> None:
    """No format is written over the register, and nothing is left beside it."""
    before = (updated.folder / "recommendations.toml").read_bytes()
    ran = updated("export", "--format", name, "-o", "recommendations.toml", code=5)
    assert "would overwrite the register" in ran.err
    assert (updated.folder / "recommendations.toml").read_bytes() == before
    assert [path.name for path in updated.folder.iterdir()] == ["recommendations.toml"]


@pytest.mark.parametrize(
    ("arguments", "message", "remedy"),
    [
        ([], "not say in which format", "add --output register.xlsx, or --format csv"),
        (["-o", "x.ods"], "the ending '.ods' stands for no format", "use .xlsx, .csv, .jsonl, .db"),
        (["-o", "x"], "does not say in which format", "--output register.xlsx, or --format csv"),
        (["-f", "ods"], "--format cannot be 'ods'", "use one of xlsx, csv, jsonl, db"),
        (["-f", "csv", "--table", "books"], "--table cannot be 'books'", "use one of items, "),
        (["-f", "csv", "--table", "items", "--table", "grades"], "holds one table, not 2", "jsonl"),
        (["-o", "x.db", "--table", "items"], "a database holds every table", "leave out --table"),
    ],
)  # fmt: skip
def test_what_has_no_meaning(updated: Soc, arguments: list[str], message: str, remedy: str) -> None:
    """What cannot be meant is refused with what to type, and nothing is written."""
    ran = updated("export", *arguments, code=2)
    *_, said, advice = ran.err.splitlines()
    assert message in said
    assert remedy in advice
    assert ran.out == ""
    assert [path.name for path in updated.folder.iterdir()] == ["recommendations.toml"]


def test_some_tables(updated: Soc) -> None:
    """A workbook and JSON Lines can hold some of the tables, in the order of all."""
    file = exported(updated, "x.xlsx", "--table", "updates", "--table", "items")
    assert CalamineWorkbook.from_path(file).sheet_names == ["Cover", "Items", "Updates", "Columns"]
    found = [row["table"] for row in lines(updated, "--table", "bodies")]
    assert found == ["about", *["bodies"] * 3]


def test_files_into_a_pipe(updated: Soc) -> None:
    """A file of bytes goes into a pipe as it is."""
    exported(updated, "x.db")
    ended = subprocess.run(
        [sys.executable, "-m", "socwatch", "export", "--as-of", AS_OF, "--format", "db"],
        cwd=updated.folder, env=bare_environment(), capture_output=True, check=True,
        timeout=TIMEOUT,
    )  # fmt: skip
    assert ended.stdout == (updated.folder / "x.db").read_bytes()
    assert ended.stdout.startswith(b"SQLite format 3\x00")


def test_nothing_slow_is_imported_for_other_commands() -> None:
    """Neither library is imported by a command that needs neither."""
    slow = {"icalendar", "xlsxwriter", "sqlite3", "rich.progress"}
    calls = (("status",), ("calendar", "--help"), ("export", "--help"))
    loaded, printed = loaded_by(slow, *calls)
    assert loaded == []
    assert "Usage" in printed
    assert loaded_by(slow, ("calendar",))[0] == ["icalendar"]
