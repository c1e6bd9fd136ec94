"""Copies that other programs leave beside a register: found, said once, and never touched."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from conftest import Soc
from registers import SMALL, SOUND, update
from socwatch.store.copies import find_copies, is_named_as_copy
from socwatch.store.load import load

ANN = update(1, "r1", "note", "2026-01-05", 'by = "Ann"', 'note = "Asked."')
BEN = update(2, "a1", "note", "2026-01-06", 'by = "Ben"', 'note = "Asked too."')
COPY = "recommendations (1).toml"
REGISTER = "recommendations.toml"

NAMES = (
    "recommendations-LAPTOP-4F2.toml",
    "recommendations-ANN’S PC-2.toml",
    "recommendations (Ann's conflicted copy 2026-11-28).toml",
    "recommendations (Ann Officer's conflicted copy 2026-11-28 (1)).toml",
    "recommendations (conflicted copy 2026-11-28 101500).toml",
    "recommendations_conflict-20261128-101500.toml",
    "recommendations.sync-conflict-20261128-101500-ABCDEFG.toml",
    "recommendations (1).toml",
    "recommendations(1).toml",
    "recommendations (1) (1).toml",
    "recommendations - Copy.toml",
    "recommendations copy 2.toml",
    "Copy of recommendations.toml",
    "Recommendations (1).TOML",
)
OTHER_NAMES = (
    "recommendations.toml",
    "recommendations.import.toml",
    "recommendations (1).import.toml",
    "recommendations2.toml",
    "recommendations (1).txt",
    "recommendations (1)",
    ".recommendations.toml.lock",
    "my-recommendations.toml",
    "recommend.toml",
)


@pytest.mark.parametrize("name", NAMES)
def test_names_of_copies(name: str) -> None:
    """OneDrive, Dropbox, Nextcloud, Syncthing, browsers and file managers name copies so."""
    assert is_named_as_copy(name, REGISTER)


@pytest.mark.parametrize("name", OTHER_NAMES)
def test_names_of_other_files(name: str) -> None:
    """Mappings, working files and files of another ending or name are no copies."""
    assert not is_named_as_copy(name, REGISTER)


@pytest.mark.parametrize("name", NAMES)
def test_copy_that_holds_more_is_found(tmp_path: Path, name: str) -> None:
    """A copy with a record that the register lacks is found, however it is named."""
    (tmp_path / REGISTER).write_text(SOUND + ANN)
    (tmp_path / name).write_text(SOUND + BEN)
    (copy,) = find_copies([load(tmp_path / REGISTER)])
    assert (copy.path.name, copy.records) == (name, 1)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (COPY, SOUND),
        (COPY, SOUND + ANN),
        (COPY, "format = 1\n"),
        (COPY, "no register\n"),
        ("recommendations-north.toml", SOUND.replace("soc-2024", "north").replace('"r', '"n')
         .replace('"a1', '"n9').replace('"cause', '"north-cause')),
        ("recommendations.import.toml", SOUND + BEN),
    ],
)  # fmt: skip
def test_what_is_no_copy_or_holds_nothing_more(tmp_path: Path, name: str, text: str) -> None:
    """A copy that holds nothing more, another register and a mapping are not spoken of."""
    (tmp_path / REGISTER).write_text(SOUND + ANN)
    (tmp_path / name).write_text(text)
    (tmp_path / "recommendations (2).toml").mkdir()
    assert find_copies([load(tmp_path / REGISTER)]) == ()


WARNING = (
    f"socwatch: the copy {COPY} holds 1 record that {REGISTER} lacks\n"
    f"  to add them: socwatch merge {shlex.quote(COPY)}\n"
)


@pytest.mark.parametrize(
    "call",
    [
        ("status",),
        ("validate",),
        ("note", "r1", "--note", "Asked again.", "--by", "Ann"),
        ("undo", "--by", "Ann"),
        ("add", "source", "--id", "gazette", "--publisher", "P", "--title", "T"),
    ],
)
def test_copy_is_said_once(sound: Soc, call: tuple[str, ...]) -> None:
    """These commands say on standard error that a copy holds more, once, and what to type."""
    sound.write(SOUND + ANN)
    copy = sound.write(SOUND + BEN, COPY)
    assert sound(*call).err == WARNING
    assert copy.read_text() == SOUND + BEN
    words = WARNING.partition("to add them: ")[2].strip()
    sound(*shlex.split(words)[1:])
    assert sound("status").err == ""
    assert copy.read_text() == SOUND + BEN


@pytest.mark.parametrize("call", [("list",), ("log",), ("show", "r1"), ("export", "-f", "jsonl")])
def test_other_commands_say_nothing(sound: Soc, call: tuple[str, ...]) -> None:
    """Commands that only look at a part leave it to the others to speak of copies."""
    sound.write(SOUND + BEN, COPY)
    assert sound(*call).err == ""


def test_check_counts_a_copy(sound: Soc) -> None:
    """For `check` a copy is an alert, with any filter and on any reminder day, said once."""
    day = ("--as-of", "2024-07-01")
    assert sound("check", *day).out == ""
    sound.write(SOUND + BEN, COPY)
    ran = sound("check", *day, code=1)
    assert ran.out.startswith("copy not merged")
    assert f"the copy {COPY} holds 1 record that {REGISTER} lacks" in ran.out
    assert f"To add the records of the copy: socwatch merge {shlex.quote(COPY)}\n" in ran.out
    assert "1 copy not merged." in ran.out
    assert ran.err == ""
    assert "copy not merged" in sound("check", *day, "--body", "norfolk", code=1).out
    for _ in range(2):
        reminded = sound("check", *day, "--remind", "usual", code=1)
        assert "copy not merged" in reminded.out
    assert "copy=1;" in sound("check", *day, "--format", "nagios", code=1).out


@pytest.mark.parametrize(("command", "code"), [("status", 0), ("check", 1), ("validate", 0)])
def test_copies_in_json(sound: Soc, command: str, code: int) -> None:
    """In JSON the copies are a list, which is there also where there is none."""
    before = 0 if command == "check" else code
    day = () if command == "validate" else ("--as-of", "2024-07-01")
    assert json.loads(sound(command, *day, "-f", "json", code=before).out)["copies"] == []
    sound.write(SOUND + BEN, COPY)
    answer = json.loads(sound(command, *day, "-f", "json", code=code).out)
    assert answer["copies"] == [{"file": COPY, "register": REGISTER, "records": 1}]
    assert "copies" not in json.loads(sound("list", "-f", "json").out)


def test_copy_in_other_words_is_no_more(sound: Soc) -> None:
    """A copy whose records the register all has, in other words, is not spoken of."""
    sound.write(SMALL)
    sound.write(SMALL.replace("Keep better", "Keep good"), COPY)
    assert sound("status").err == ""


def test_copy_beside_the_file_behind_a_link(sound: Soc) -> None:
    """Where the register is a link, copies are looked for beside the file itself."""
    there = sound.write(SOUND, "shared/soc.toml")
    sound.write(SOUND + BEN, "shared/soc (1).toml")
    (sound.folder / "link.toml").symlink_to(there)
    ran = sound("--records", "link.toml", "status")
    assert "shared/soc (1).toml holds 1 record that link.toml lacks" in ran.err
    sound("--records", "link.toml", "merge", there.with_name("soc (1).toml"))
    assert there.read_text() == SOUND + BEN
