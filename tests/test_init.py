"""`init`: a new register that teaches how to fill it in, written whole and never over another."""

from __future__ import annotations

import errno
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

import socwatch
from conftest import SHIPPED, TIMEOUT, Soc, bare_environment, unmeasured_environment
from socwatch.records import ACTIONS, FIELDS, KINDS, SCALES, TABLES
from socwatch.store.create import create
from socwatch.store.template import empty_register

NAME = "recommendations.toml"


def uncommented(text: str) -> str:
    """A register whose example lines, which begin with # and no blank, are no comments any more."""
    return re.sub(r"^#(?=[^\s#])", "", text, flags=re.MULTILINE)


def comments(text: str) -> str:
    """What a register's comments say, as one line of words."""
    said = (line.removeprefix("#") for line in text.splitlines() if line.startswith("# "))
    return " ".join(" ".join(said).split())


def names(folder: Path) -> list[str]:
    """Everything that is in a folder, hidden or not."""
    return sorted(path.name for path in folder.iterdir())


def test_the_new_register_is_empty_and_valid(soc: Soc) -> None:
    """It holds the format and no record, has no fault, and the answer says what to type next."""
    ran = soc("init")
    assert ran.out == (
        "Wrote recommendations.toml: an empty register.\n"
        "Next, add records from a spreadsheet (socwatch import tracker.xlsx) or one by one "
        "(add --help), and type: socwatch validate\n"
    )
    assert ran.err == ""
    assert names(soc.folder) == [NAME]
    assert tomllib.loads((soc.folder / NAME).read_text("utf-8")) == {"format": 1}
    assert soc("validate").out == f"{NAME} is valid: 0 findings for 0 bodies, 0 updates.\n"
    assert soc.json("list")["rows"] == []


def test_its_text(soc: Soc) -> None:
    """It is UTF-8 without a mark, in lines that end in LF and fit a screen of 100 columns."""
    soc("init")
    content = (soc.folder / NAME).read_bytes()
    assert content.decode("utf-8") == empty_register()
    assert content.endswith(b"\n")
    assert b"\r" not in content
    assert not content.startswith(b"\xef\xbb\xbf")
    assert max(map(len, content.decode().splitlines())) <= 98


def test_its_examples_are_a_valid_register(soc: Soc) -> None:
    """With the # taken away from every example line, the register is valid and can be asked."""
    text = uncommented(empty_register())
    soc.write(text)
    assert "4 findings for 3 bodies, 6 updates" in soc("validate").out
    rows = soc.json("list", "--as-of", "2026-02-01")["rows"]
    by_id = {row["id"]: row for row in rows}
    assert by_id["anyshire-2025-r1"]["timing"] == "overdue"
    assert by_id["anyshire-2025-r1"]["extensions"] == 1
    assert by_id["anyshire-2025-r2@mcrocu"]["status"] == "in-progress"
    assert by_id["anyshire-2021-a1"]["status"] == "closed"
    assert re.search(r"^#[^ \n]", text, re.MULTILINE) is None


@pytest.mark.parametrize("table", TABLES)
def test_its_examples_have_every_field(table: str) -> None:
    """Every field of a table is in an example, is explained, and is marked if it must be there."""
    text = empty_register()
    records = tomllib.loads(uncommented(text))[table]
    fields = FIELDS[table]
    assert {key for record in records for key in record} == set(fields)
    _, _, section = text.partition(f"- {table.capitalize()}\n")
    explained = comments(section.partition(f"#[[{table}]]")[0])
    for name, field in fields.items():
        first, _, rest = field.meaning.partition(".")
        mark = " *" if field.required else ""
        assert f" {name}{mark} {first}" in f" {explained}"
        assert rest in explained
    assert explained.count(" * ") == sum(field.required for field in fields.values())


def test_it_explains_every_word() -> None:
    """Each kind, action and scale has a line of its own, with what it needs and allows."""
    lines = [" ".join(line.split()) for line in empty_register().splitlines()]
    for word in (*KINDS, *ACTIONS, *SCALES):
        assert any(line.startswith(f"# {word} ") for line in lines), word
    assert "# recommendation needs part_of, a cause of concern; may have a deadline" in lines
    assert "# area-for-improvement has no deadline" in lines
    assert "# extend from open or in-progress; needs deadline, note and by" in lines
    assert "# checked at any time" in lines
    assert "# Any update may have by, note and sources." in lines


def test_it_names_the_schema_only_in_a_comment() -> None:
    """The line by which editors find the schema is explained, not there: the file is not."""
    text = empty_register()
    assert "socwatch schema --output recommendations.schema.json" in text
    assert "\n#   #:schema ./recommendations.schema.json\n" in text
    assert not any(line.startswith("#:") for line in text.splitlines())


def test_updates_come_last() -> None:
    """What is appended to the file stands below its last heading."""
    headings = re.findall(r"^# -+ (\w+)$", empty_register(), re.MULTILINE)
    assert headings[-1] == "Updates"
    assert sorted(headings) == sorted(table.capitalize() for table in TABLES)


def test_the_example_is_the_shipped_register(soc: Soc) -> None:
    """`--example` writes the shipped register byte for byte, and it can be asked at once."""
    ran = soc("init", "--example")
    assert ran.out == (
        "Wrote recommendations.toml: the example that socwatch ships.\n"
        "Next, type: socwatch status\n"
    )
    assert (soc.folder / NAME).read_bytes() == SHIPPED.read_bytes()
    assert "West Mercia Police" in soc("status").out


def test_an_installed_socwatch_has_its_own_example(soc: Soc, tmp_path: Path) -> None:
    """Where the package carries an example, as a wheel does, it needs no checkout around it."""
    site = tmp_path / "site"
    package = Path(socwatch.__file__).parent
    shutil.copytree(package, site / "socwatch", ignore=shutil.ignore_patterns("__pycache__"))
    (site / "socwatch" / "example.toml").write_bytes(b"format = 1\n# packed\n")
    soc("init", "--example", environment={"PYTHONPATH": str(site)})
    assert (soc.folder / NAME).read_bytes() == b"format = 1\n# packed\n"


@pytest.mark.parametrize("arguments", [(), ("--example",), (NAME,), ("--records", NAME)])
def test_a_file_is_never_overwritten(soc: Soc, arguments: tuple[str, ...]) -> None:
    """Where a file is already it stays as it was, the exit code is 5, and stdout is silent."""
    path = soc.write("# mine\n")
    ran = soc("init", *arguments, code=5)
    assert ran.err == (
        "socwatch: recommendations.toml is there already, and stays as it is\n"
        "  name another file: socwatch init FILE\n"
    )
    assert ran.out == ""
    assert path.read_bytes() == b"# mine\n"
    assert names(soc.folder) == [NAME]


def test_a_folder_gets_no_second_register(soc: Soc) -> None:
    """Beside data/recommendations.toml a new one would not be found: one is made if it is named."""
    soc.write("format = 1\n", f"data/{NAME}")
    ran = soc("init", code=5)
    assert f"{Path('data', NAME)} is there already" in ran.err
    assert names(soc.folder) == ["data"]
    assert "socwatch --records second.toml validate" in soc("init", "second.toml").out


def test_a_register_further_up_is_no_hindrance(soc: Soc) -> None:
    """A folder inside another register's gets its own, and it is the one that is found there."""
    soc.write("format = 1\n")
    inner = soc.folder / "inner"
    inner.mkdir()
    out = Soc(inner)("init").out
    assert out.endswith("and type: socwatch validate\n")
    assert names(inner) == [NAME]


def test_the_folder_is_made(soc: Soc) -> None:
    """A folder that is missing is made, and what is written where it is looked for is found."""
    ran = soc("init", Path("data", NAME))
    assert ran.out.startswith(f"Wrote {Path('data', NAME)}: an empty register.\n")
    assert ran.out.endswith("and type: socwatch validate\n")
    assert names(soc.folder / "data") == [NAME]


def test_the_register_that_is_named(soc: Soc) -> None:
    """The file goes before `--records`, that before the variable, and none else is written."""
    variable = {"SOCWATCH_RECORDS": "variable.toml"}
    soc("--records", "global.toml", "init", "--records", "option.toml", "file.toml")
    assert names(soc.folder) == ["file.toml"]
    soc("--records", "global.toml", "init", "--records", "option.toml", environment=variable)
    assert names(soc.folder) == ["file.toml", "option.toml"]
    soc("--records", "global.toml", "init", environment=variable)
    assert names(soc.folder) == ["file.toml", "global.toml", "option.toml"]
    out = soc("init", environment=variable).out
    assert names(soc.folder) == ["file.toml", "global.toml", "option.toml", "variable.toml"]
    assert out.endswith("and type: socwatch validate\n")


def test_a_name_is_quoted_and_shown(soc: Soc) -> None:
    """The command to type next can be typed, its blanks quoted; no control reaches the screen."""
    assert "type: socwatch --records 'my own.toml' validate\n" in soc("init", "my own.toml").out
    out = soc("init", "a\x1b[31m.toml").out
    assert r"Wrote a\x1b[31m.toml: " in out
    assert "\x1b" not in out


def test_a_folder_is_no_file(soc: Soc) -> None:
    """The name of a folder is refused with the name of a file in it."""
    (soc.folder / "data").mkdir()
    ran = soc("init", "data", code=5)
    assert "data is a folder" in ran.err
    assert str(Path("data", NAME)) in ran.err
    assert names(soc.folder / "data") == []


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("file/new.toml", "file is no folder"),
        ("file/data/new.toml", "Not a directory"),
        ("n" * 300, "File name too long"),
    ],
)
def test_what_cannot_be_written(soc: Soc, name: str, reason: str) -> None:
    """A place that takes no file is refused with the reason, and nothing is left behind."""
    soc.write("", "file")
    ran = soc("init", name, code=5)
    assert f"{name} cannot be written: {reason}" in ran.err
    assert ran.out == ""
    assert names(soc.folder) == ["file"]


def called(soc: Soc, *before: str) -> subprocess.CompletedProcess[str]:
    """`init new.toml`, called through another program; nothing else of Python's is written."""
    kept = unmeasured_environment()
    return subprocess.run(
        [*before, sys.executable, "-m", "socwatch", "init", "new.toml"],
        cwd=soc.folder,
        env={**kept, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        check=False,
        text=True,
        timeout=TIMEOUT,
    )


def test_a_folder_that_is_read_only(soc: Soc, program: Callable[[str], str]) -> None:
    """A folder into which this user may not write is refused with exit code 5."""
    soc.folder.chmod(0o500)
    # The administrator may write everywhere, so the test gives that up.
    before = () if os.geteuid() else (program("setpriv"), "--bounding-set=-all")
    ran = called(soc, *before)
    soc.folder.chmod(0o700)
    assert ran.returncode == 5
    assert ran.stderr == (
        "socwatch: new.toml cannot be written: no file can be created in its folder "
        "(Permission denied)\n"
        "  check the folder and its permissions\n"
    )
    assert names(soc.folder) == []


def test_a_disk_that_is_full(soc: Soc) -> None:
    """What does not fit leaves neither half a register nor anything else."""
    ran = called(soc, "sh", "-c", 'ulimit -f 4; exec "$@"', "sh")
    assert ran.returncode == 5
    assert "new.toml cannot be written: File too large" in ran.stderr
    assert names(soc.folder) == []


def test_its_mode_is_the_users(soc: Soc) -> None:
    """A new register may be read by those whom the user's mask lets read new files."""
    assert called(soc, "sh", "-c", 'umask 027; exec "$@"', "sh").returncode == 0
    assert (soc.folder / "new.toml").stat().st_mode & 0o777 == 0o640


def test_a_link_that_leads_nowhere(soc: Soc) -> None:
    """A symbolic link is a file that is there, and nothing is written where it leads."""
    (soc.folder / "link.toml").symlink_to("target.toml")
    assert "link.toml is there already" in soc("init", "link.toml", code=5).err
    assert names(soc.folder) == ["link.toml"]


def test_a_linked_folder(soc: Soc) -> None:
    """A folder that is a symbolic link is a folder like any other."""
    (soc.folder / "real").mkdir()
    (soc.folder / "link").symlink_to("real")
    soc("init", "link/new.toml")
    assert names(soc.folder / "real") == ["new.toml"]


def test_of_many_at_once_one_writes(soc: Soc) -> None:
    """Of calls that run at the same time one writes the whole file, and the others are refused."""
    command = [sys.executable, "-m", "socwatch", "init", "new.toml"]
    running = [
        subprocess.Popen(
            [*command, *option],
            cwd=soc.folder,
            env=bare_environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for option in ([], ["--example"]) * 3
    ]
    assert sorted(process.wait(timeout=TIMEOUT) for process in running) == [0, 5, 5, 5, 5, 5]
    written = (soc.folder / "new.toml").read_bytes()
    assert written in (empty_register().encode(), SHIPPED.read_bytes())
    assert names(soc.folder) == ["new.toml"]


def test_a_disk_without_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system on which a file has only one name gets the whole file all the same."""

    def no_links(*_: object, **__: object) -> NoReturn:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", no_links)
    create(tmp_path / "new.toml", b"format = 1\n")
    assert (tmp_path / "new.toml").read_bytes() == b"format = 1\n"
    assert names(tmp_path) == ["new.toml"]
