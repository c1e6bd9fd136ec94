"""The append by example: the old bytes stay, whatever the file is like, or nothing is written."""

from __future__ import annotations

import codecs
import getpass
import os
import stat
import subprocess
import sys
import tomllib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from conftest import TIMEOUT, Soc, bare_environment
from registers import SMALL, update
from socwatch.errors import AppendRefused, RegisterChanged, RegisterLocked, RegisterMissing
from socwatch.store.append import candidate, write
from socwatch.store.load import load, read_content
from socwatch.store.lock import hold_lock
from socwatch.store.written import is_in_place

NAME = "recommendations.toml"
LOCK = f".{NAME}.lock"
TEMP = f".{NAME}.0123456789abcdef.new"
"""Such a name as a temporary file of another run may have."""
DONE = ("done", "r1", "--by", "A. Officer", "--on", "2024-12-12")

ROW: dict[str, Any] = {
    "id": "u-new",
    "finding": "r1",
    "body": None,
    "action": "done",
    "on": date(2024, 12, 12),
    "note": "One.\nTwo.",
    "evidence": ["a.pdf", "https://a.example"],
    "recorded": datetime(2024, 12, 13, 9, 15, 2, tzinfo=UTC),
}
BLOCK = """
[[updates]]
id = "u-new"
finding = "r1"
action = "done"
on = 2024-12-12
note = "One.\\nTwo."
evidence = ["a.pdf", "https://a.example"]
recorded = 2024-12-13T09:15:02Z
"""

LAST_TABLES = {
    "sources": '[[sources]]\nid = "s"\npublisher = "P"\ntitle = "T"\n',
    "bodies": '[[bodies]]\nid = "b"\nname = "B"\nkind = "region"\n',
    "inspections": '[[inspections]]\nid = "i"\ntitle = "T"\ninspectorate = "H"\n'
    "published = 2024-05-14\n",
    "grades": '[[grades]]\ninspection = "soc-2024"\nbody = "northumbria"\nquestion = "Q"\n'
    'grade = "good"\n',
    "findings": '[[findings]]\nid = "f"\ninspection = "soc-2024"\nbodies = ["norfolk"]\n'
    'kind = "area-for-improvement"\nsummary = "S"\n',
    "updates": update(1, "a1", "start", "2024-06-01").lstrip(),
    "monitoring": '[[monitoring]]\nbody = "norfolk"\nphase = "Engage"\nentered = "2024-06"\n',
    "responses": '[[responses]]\ninspection = "soc-2024"\nbody = "norfolk"\n',
    "a table in a table": "[[findings]]\nid = 'f'\ninspection = 'soc-2024'\nbodies = ['norfolk']\n"
    "kind = 'area-for-improvement'\nsummary = 'S'\n"
    "[[findings.contradicted_by]]\nsource = 'paper'\nsays = 'No.'\n",
    "a list of several lines": '[[findings]]\nid = "f"\ninspection = "soc-2024"\n'
    'kind = "area-for-improvement"\nsummary = "S"\nbodies = [\n  "norfolk", # one\n]\n',
    "a text of several lines": '[[sources]]\nid = "s"\npublisher = "P"\n'
    'title = """\n[[updates]]\n# T"""\n',
}
"""What a register can end with."""


def appended(text: bytes | str, row: dict[str, Any] | None = None) -> bytes:
    """What follows a text when a row is added to its updates; the text itself stays as it is."""
    content = text.encode() if isinstance(text, str) else text
    made = candidate(read_content(Path(NAME), content), "updates", [row or ROW])
    assert made.after.content.startswith(content)
    tail = made.after.content.removeprefix(content)
    assert tail.decode() == made.block
    before, after = (tomllib.loads(c.decode("utf-8-sig")) for c in (content, made.after.content))
    wanted = {key: value for key, value in (row or ROW).items() if value is not None}
    assert after == before | {"updates": [*before.get("updates", []), wanted]}
    return tail


def recorded(soc: Soc, path: Path, *arguments: str) -> bytes:
    """What a call of the real command adds to a file."""
    before = path.read_bytes()
    soc("--records", path, *(arguments or DONE))
    after = path.read_bytes()
    assert after.startswith(before)
    assert "is valid" in soc("--records", path, "validate").out
    return after.removeprefix(before)


def names_in(folder: Path) -> list[str]:
    """The names of all files in a folder, in their order."""
    return sorted(path.name for path in folder.iterdir())


def refused(soc: Soc, path: Path, *arguments: str) -> str:
    """What a call is told that is refused with 5, the folder being left as it was."""
    before, names = path.read_bytes(), names_in(path.parent)
    err = soc("--records", path, *(arguments or DONE), code=5).err
    assert path.read_bytes() == before
    assert {*names_in(path.parent)} - {LOCK} == {*names} - {LOCK}
    return err


# What a file is like


@pytest.mark.parametrize("last", LAST_TABLES.values(), ids=LAST_TABLES)
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("end", ["", "\n", "\n\n", " # the end", "\n# the end\n"])
@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8], ids=["plain", "marked"])
def test_whatever_a_file_ends_with(last: str, newline: str, end: str, mark: bytes) -> None:
    """Any last table, with any end, in either newline, with a mark or without, takes an update."""
    text = f"{SMALL}\n{last.rstrip()}{end}".replace("\n", newline)
    tail = appended(mark + text.encode()).decode()
    assert tail == ("" if text.endswith("\n") else newline) + BLOCK.replace("\n", newline)
    assert ("\r" in tail) is (newline == "\r\n")


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("", "\n[[updates]]\n"),
        ("# nothing here yet", "\n\n[[updates]]\n"),
        ("\r\n", "\r\n[[updates]]\r\n"),
        ("format = 1", "\n\n[[updates]]\n"),
        ("# a\r\n# b\n", "\n[[updates]]\n"),
        ("# a\n# b\r\n", "\r\n[[updates]]\r\n"),
        ("# a\r\n" + "# long" * 2000, "\r\n\r\n[[updates]]\r\n"),
        ('a = """\r\n"""\n', "\n[[updates]]\n"),
    ],
)
def test_the_newlines_are_those_of_the_last_line(text: str, begins: str) -> None:
    """New lines end as the last line of the file does, however far away its end is."""
    assert appended(text).decode().startswith(begins)


def test_comments_everywhere(soc: Soc) -> None:
    """A register full of comments keeps every one of them."""
    commented = "".join(f"# above\n{line} # beside\n" for line in SMALL.splitlines() if line)
    path = soc.write(f"#:schema ./x.json\n{commented}# [[updates]]\n# no newline")
    assert recorded(soc, path).startswith(b"\n\n[[updates]]\n")
    assert path.read_text().count("# above") == commented.count("# above") > 50


def test_crlf_and_a_mark_by_the_command(soc: Soc) -> None:
    """A file of an editor on Windows, mark and all, is added to in its own newlines."""
    path = soc.write("")
    path.write_bytes(codecs.BOM_UTF8 + SMALL.rstrip().replace("\n", "\r\n").encode())
    tail = recorded(soc, path)
    assert tail.startswith(b"\r\n\r\n[[updates]]\r\n")
    assert tail.count(b"\n") == tail.count(b"\r\n") == 9


@pytest.mark.parametrize(
    "text",
    [
        SMALL.replace("format = 1\n", "format = 1\nupdates = []\n"),
        SMALL.replace(
            "format = 1\n",
            "format = 1\nupdates = [{ id = 'u-1', finding = 'r1', action = 'start', "
            "on = 2024-06-01, recorded = 2024-06-01T12:00:00Z }]\n",
        ),
    ],
    ids=["empty", "full"],
)
def test_updates_in_one_line(soc: Soc, text: str) -> None:
    """A list of updates in one line can have nothing behind it, and the message says what can."""
    path = soc.write(text)
    assert "is valid" in soc("validate").out
    err = refused(soc, path)
    assert "begin each record with [[updates]] on a line of its own" in err
    assert "take out updates = […]" in err


@pytest.mark.parametrize("text", ["", "\ufeff", "# only a comment"])
def test_a_file_that_is_no_register(soc: Soc, text: str) -> None:
    """A file without a register in it is not made one by an update."""
    path = soc.write(text)
    assert "format" in soc(*DONE, code=3).err
    assert path.read_text() == text
    assert list(soc.folder.iterdir()) == [path]


def test_a_register_with_a_fault_is_not_added_to(soc: Soc) -> None:
    """Nothing is recorded in a register that is wrong."""
    path = soc.write(SMALL + "[[findings]\n")
    assert "mend what is listed" in soc(*DONE, code=3).err
    assert path.read_text() == SMALL + "[[findings]\n"


# What is written


def test_a_megabyte(soc: Soc) -> None:
    """A note of a megabyte is kept to the last letter."""
    note = 'Line "one"\\\n[[updates]]\n' * 45_000
    assert len(note) > 1_000_000
    appended(SMALL, ROW | {"note": note})
    path = soc.write(SMALL)
    with hold_lock(path, wait=0) as target:
        write(candidate(load(path), "updates", [ROW | {"note": note}]), target)
    assert tomllib.loads(path.read_text())["updates"][0]["note"] == note
    assert "is valid" in soc("validate").out


@pytest.mark.parametrize(
    ("character", "named"),
    [("\x00", "U+0000"), ("\x1b", "U+001B"), ("\u2028", "U+2028"), ("\ud800", "not UTF-8")],
)
@pytest.mark.parametrize("field", ["note", "evidence"])
def test_characters_that_no_reader_sees(field: str, character: str, named: str) -> None:
    """NUL and its like are refused wherever they stand, and named."""
    text = f"a{character}b"
    row = ROW | {field: [text] if field == "evidence" else text}
    with pytest.raises(AppendRefused, match=f"{field} holds .*{named.replace('+', '.')}") as no:
        candidate(read_content(Path(NAME), SMALL.encode()), "updates", [row])
    assert character not in str(no.value)


@pytest.mark.parametrize(
    "character", ["\t", "\u200d", "\u00a0", "é", "e\u0301", "\U0001f469", "\\"]
)
def test_characters_that_are_kept(character: str) -> None:
    """What is written by people is kept as it is."""
    appended(SMALL, ROW | {"note": f"a{character}b"})


def test_several_at_once() -> None:
    """Several rows are added in their order, each under a header of its own."""
    before = read_content(Path(NAME), SMALL.encode())
    made = candidate(before, "updates", [ROW, ROW | {"id": "u-2"}])
    assert made.block.count("[[updates]]") == 2
    assert [row["id"] for row in made.after.syntax.tables["updates"]] == ["u-new", "u-2"]
    assert "updates" not in made.before.syntax.tables


def test_what_would_not_be_read_back_is_refused() -> None:
    """What is read back is compared with what was meant: a number that equals nothing differs."""
    before = read_content(Path(NAME), SMALL.encode())
    with pytest.raises(AppendRefused, match="would not be read back as it is written"):
        candidate(before, "updates", [ROW | {"note": float("nan")}])
    assert candidate(before, "updates", [ROW | {"note": 1.5}]).block.count("note = 1.5") == 1


def test_a_time_is_written_in_utc() -> None:
    """A time of another zone is written as the same time in UTC."""
    summer = datetime(2024, 12, 13, 10, 15, 2, tzinfo=timezone(timedelta(hours=1)))
    assert appended(SMALL, ROW | {"recorded": summer}).decode() == BLOCK


def test_a_list_stands_on_one_line_of_80_characters() -> None:
    """A list that would be longer has a line for each of its values."""
    fits, longer = "a" * 72, "a" * 73
    short, long = (appended(SMALL, ROW | {"evidence": [text, ""]}) for text in (fits, longer))
    assert f'evidence = ["{fits}", ""]\n' in short.decode()
    assert f'evidence = [\n    "{longer}",\n    "",\n]\n' in long.decode()


# Links, modes, owners


@pytest.mark.parametrize("link", ["{target}", "../real/recommendations.toml", "hop"])
def test_a_symlink_stays(soc: Soc, link: str) -> None:
    """Through a symlink the file behind it is written, and the link stays a link."""
    path = soc.write(SMALL, f"real/{NAME}")
    (soc.folder / "links").mkdir()
    (soc.folder / "links" / "hop").symlink_to(path)
    named = soc.folder / "links" / "r.toml"
    named.symlink_to(link.format(target=path))
    recorded(soc, named)
    assert named.is_symlink()
    assert path.read_text().startswith(SMALL)
    assert not path.is_symlink()
    assert names_in(soc.folder / "links") == ["hop", "r.toml"]


def test_a_hard_link_is_refused(soc: Soc) -> None:
    """A file of two names is not written, since only one of them would change."""
    path = soc.write(SMALL)
    other = soc.folder / "other.toml"
    other.hardlink_to(path)
    err = refused(soc, path)
    assert "it has 2 names (hard links)" in err
    assert path.samefile(other)


def test_a_read_only_file_is_refused(soc: Soc) -> None:
    """A file that nobody may write to is not replaced by one, whoever asks."""
    path = soc.write(SMALL)
    path.chmod(0o444)
    assert "it is read-only" in refused(soc, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o444


def test_a_read_only_folder_is_refused(soc: Soc, program: Callable[[str], str]) -> None:
    """In a folder that takes no files nothing is written, and the message says so."""
    path = soc.write(SMALL)
    soc.folder.chmod(0o555)
    powerless = []
    if os.geteuid() == 0:  # what binds everybody else binds root without its capabilities
        powerless = [program("setpriv"), "--bounding-set=-all", "--inh-caps=-all"]
    try:
        ran = subprocess.run(
            [*powerless, sys.executable, "-m", "socwatch", *DONE],
            cwd=soc.folder,
            env=bare_environment(),
            capture_output=True,
            check=False,
            encoding="utf-8",
        )
    finally:
        soc.folder.chmod(0o755)
    assert ran.returncode == 5, ran.stderr
    assert "no file can be created in its folder (Permission denied)" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert list(soc.folder.iterdir()) == [path]
    assert path.read_text() == SMALL


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_the_mode_stays(tmp_path: Path, mode: int) -> None:
    """A register may be read and written by the same people after a write, and so may its lock."""
    path = tmp_path / NAME
    path.write_text(SMALL)
    path.chmod(mode)
    with hold_lock(path, wait=0) as target:
        write(candidate(load(path), "updates", [ROW]), target)
    assert stat.S_IMODE(path.stat().st_mode) == mode
    assert stat.S_IMODE((tmp_path / LOCK).stat().st_mode) == mode


def test_the_owner_stays(tmp_path: Path) -> None:
    """The owner and the group stay as far as the system lets them."""
    path = tmp_path / NAME
    path.write_text(SMALL)
    if os.geteuid() == 0:
        os.chown(path, 12345, 23456)
    before = path.stat()
    with hold_lock(path, wait=0) as target:
        write(candidate(load(path), "updates", [ROW]), target)
    after = path.stat()
    assert (after.st_uid, after.st_gid) == (before.st_uid, before.st_gid)
    assert after.st_ino != before.st_ino


def test_a_pipe_is_no_register(soc: Soc) -> None:
    """A register that comes down a pipe can be read, and not added to."""
    ran = subprocess.run(
        [sys.executable, "-m", "socwatch", "--records", "/dev/stdin", *DONE],
        cwd=soc.folder,
        env=bare_environment(),
        input=SMALL.encode(),
        capture_output=True,
        check=False,
    )
    assert ran.returncode == 5, ran.stderr
    assert b"cannot be added to" in ran.stderr
    assert b"Traceback" not in ran.stderr


# The lock, and who else is there


def test_the_lock_is_waited_for_and_its_holder_named(soc: Soc) -> None:
    """While another program writes, a call waits for 10 seconds, then says who it is."""
    path = soc.write(SMALL)
    source = ("add", "source", "--publisher", "P", "--title", "T")
    with hold_lock(path, wait=0), ThreadPoolExecutor() as beside:
        holder = f"{getpass.getuser()}, process {os.getpid()}"
        for ran in beside.map(lambda call: soc(*call, code=5), (DONE, source)):
            assert f"is locked by {holder}; gave up after 10 seconds; nothing" in ran.err
            assert "try again in a minute" in ran.err
        assert path.read_text() == SMALL
        assert "1 of" not in soc("status").out
    soc(*DONE)
    assert (soc.folder / LOCK).read_text() == ""


def test_a_file_under_the_name_of_the_lock_is_left_alone(soc: Soc) -> None:
    """Where somebody's file has the lock's name too, no word of it is overwritten."""
    path = soc.write(SMALL)
    theirs = soc.write("Minutes of the meeting.\n", "minutes.txt")
    (soc.folder / LOCK).hardlink_to(theirs)
    recorded(soc, path)
    assert theirs.read_text() == "Minutes of the meeting.\n"
    assert theirs.samefile(soc.folder / LOCK)


def waited(strace: str, soc: Soc, path: Path, *arguments: str) -> list[dict[str, Any]]:
    """The updates after a call that had to wait while another program added one to a1.

    strace tells when the call has been refused the lock for the first time.
    """
    tried = soc.folder / "tried"
    os.mkfifo(tried)
    with hold_lock(path, wait=0) as target:
        waiting = subprocess.Popen(
            [
                *(strace, "-f", "-qq", "-e", "trace=flock", "-o", tried),
                *(sys.executable, "-m", "socwatch", *arguments),
            ],
            cwd=soc.folder,
            env=bare_environment(),
            stdout=subprocess.PIPE,
        )
        told = tried.open()
        assert any("EAGAIN" in line for line in told)
        write(candidate(load(path), "updates", [ROW | {"finding": "a1"}]), target)
        written = path.read_bytes()
        assert waiting.poll() is None
    told.read()
    told.close()
    waiting.communicate(timeout=TIMEOUT)
    assert waiting.returncode == 0
    assert path.read_bytes().startswith(written)
    rows = tomllib.loads(path.read_text())["updates"]
    assert isinstance(rows, list)
    return rows


def test_a_call_that_waits_goes_on(soc: Soc, program: Callable[[str], str]) -> None:
    """A call that waits for the lock reads the register anew, and loses nothing."""
    rows = waited(program("strace"), soc, soc.write(SMALL), *DONE)
    assert [row["finding"] for row in rows] == ["a1", "r1"]


def test_an_undo_that_waits_takes_back_what_was_meant(
    soc: Soc, program: Callable[[str], str]
) -> None:
    """What others add while an undo waits is not the last update that was meant by it."""
    path = soc.write(SMALL + update(1, "r1", "start", "2024-06-01"))
    *_, added, back = waited(program("strace"), soc, path, "undo")
    assert added["id"] == "u-new"
    assert back["update"] == "u-1"


def test_two_names_of_a_register_have_one_lock(tmp_path: Path) -> None:
    """Who comes through a symlink waits for who comes by the file's own name."""
    path = tmp_path / NAME
    path.write_text(SMALL)
    link = tmp_path / "link.toml"
    link.symlink_to(path)
    with hold_lock(path, wait=0), pytest.raises(RegisterLocked, match="nothing was written"):
        hold_lock(link, wait=0).__enter__()
    with hold_lock(link, wait=0) as target:
        assert target == path


def test_a_file_that_an_editor_changed(tmp_path: Path) -> None:
    """A file that is no longer what was read is left as it is, and no spare file stays."""
    path = tmp_path / NAME
    path.write_text(SMALL)
    with hold_lock(path, wait=0) as target:
        made = candidate(load(path), "updates", [ROW])
        path.write_text(SMALL + "# edited\n")
        with pytest.raises(RegisterChanged, match="another program changed"):
            write(made, target)
    assert path.read_text() == SMALL + "# edited\n"
    assert names_in(tmp_path) == [LOCK, NAME]


def test_a_register_that_has_gone_is_missing(tmp_path: Path) -> None:
    """One that is deleted before it is locked, as while somebody is asked, is missing."""
    path = tmp_path / NAME
    with pytest.raises(RegisterMissing, match="there is no register"), hold_lock(path, wait=0):
        pass
    assert names_in(tmp_path) == []


def test_a_file_that_has_gone(tmp_path: Path) -> None:
    """A file that was deleted meanwhile is not made anew."""
    path = tmp_path / NAME
    path.write_text(SMALL)
    with hold_lock(path, wait=0) as target:
        made = candidate(load(path), "updates", [ROW])
        path.unlink()
        with pytest.raises(RegisterChanged):
            write(made, target)
    assert names_in(tmp_path) == [LOCK]


def test_what_a_dead_run_left(soc: Soc) -> None:
    """What a run that died left neither stops the next nor stays; no other file is removed."""
    path = soc.write(SMALL)
    (soc.folder / TEMP).write_text("half of a regis")
    (soc.folder / LOCK).write_text("somebody, process 1")
    others = {f"{TEMP}.bak", f".{NAME}.new", TEMP.replace(NAME, "other.toml"), TEMP[1:]}
    for name in others:
        (soc.folder / name).write_text("mine")
    recorded(soc, path, *DONE)
    assert {*names_in(soc.folder)} == {LOCK, NAME, *others}


@pytest.mark.parametrize("name", [LOCK, TEMP])
def test_a_folder_in_the_way(soc: Soc, name: str) -> None:
    """A folder that has the name of a working file stays, and does not keep an update out."""
    path = soc.write(SMALL)
    (soc.folder / name).mkdir()
    recorded(soc, path)
    assert (soc.folder / name).is_dir()


@pytest.mark.parametrize("name", [LOCK, TEMP])
def test_a_link_in_the_way(soc: Soc, name: str) -> None:
    """A link that has the name of a working file leads to no other file."""
    path = soc.write(SMALL)
    other = soc.folder / "other"
    other.write_text("precious")
    other.chmod(0o600)
    (soc.folder / name).symlink_to(other)
    recorded(soc, path)
    assert (soc.folder / name).is_symlink()
    assert stat.S_IMODE(other.stat().st_mode) == 0o600
    assert other.read_text() == "precious"


@pytest.mark.parametrize(
    ("before", "after", "now", "expected"),
    [
        ("a", "ab", "a", False),
        ("a", "ab", "ab", True),
        ("a", "ab", "abc", True),
        ("a", "ab", "ac", False),
        ("ab", "a", "ab", False),
        ("ab", "a", "abc", False),
        ("ab", "a", "a", True),
        ("ab", "a", "ac", True),
        ("", "a", "", False),
    ],
)
def test_whether_a_register_is_the_new_one(
    tmp_path: Path, before: str, after: str, now: str, *, expected: bool
) -> None:
    """What was appended to, or edited down to less, is told from what is as it was."""
    path = tmp_path / NAME
    path.write_text(now)
    assert is_in_place(path, before.encode(), after.encode()) is expected
    path.unlink()
    assert not is_in_place(path, before.encode(), after.encode())
