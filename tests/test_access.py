"""Who may read and write a file that is replaced: the same people, or fewer, and never others."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from conftest import TIMEOUT, Soc, Surroundings, bare_environment, refusing
from people import ACL, DEFAULT_ACL, access_list
from registers import SMALL

NAME = "recommendations.toml"
NOTE = ("note", "r1", "--note", "Hello.", "--by", "A. Officer")
OWNER, GROUP = 1001, 2001
NOBODYS = 54321
"""A user and a group that nobody is and nobody is in."""

_LETS_IN = ([(2, 7, 1005), (8, 7, 2003)], 7)
"""An access list that lets in a user and a group, and its mask."""

# Only root can give a file to another person, and so make what these tests are about.
needs_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root, which can be anybody"
)


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    """A folder whose file system has access lists and extended attributes."""
    if not hasattr(os, "setxattr"):
        pytest.skip("needs extended attributes")
    try:
        os.setxattr(tmp_path, "user.socwatch", b"1")
        os.setxattr(tmp_path, ACL, access_list(0o755, [(2, 7, NOBODYS)], 7))
        os.removexattr(tmp_path, ACL)
    except OSError as error:
        pytest.skip(f"needs a file system with access lists: {error}")
    return tmp_path


def mode(path: Path) -> int:
    """The mode of a file."""
    return stat.S_IMODE(path.stat().st_mode)


def attributes(path: Path) -> dict[str, bytes]:
    """The extended attributes of a file, access lists among them."""
    return {name: os.getxattr(path, name) for name in os.listxattr(path)}


def recorded(path: Path) -> bool:
    """Whether the note is on record, in a register that is otherwise as it was."""
    content = path.read_text()
    assert content.startswith(SMALL)
    return 'note = "Hello."' in content


# What is kept


WRITTEN: dict[str, tuple[str, ...]] = {
    "the register": NOTE,
    "an output": ("list", "--as-of", "2026-11-22", "-f", "csv", "--output", "out.csv"),
    "a paper": ("export", "--output", "out.db"),
}
"""The commands that replace a file, by what it is."""


def file_of(soc: Soc, command: tuple[str, ...]) -> Path:
    """The file that a command replaces, which is there already."""
    register = soc.write(SMALL)
    if command == NOTE:
        return register
    path = soc.folder / command[-1]
    path.write_text("old")
    return path


@pytest.mark.parametrize("command", WRITTEN.values(), ids=WRITTEN)
@pytest.mark.parametrize("bits", [0o600, 0o604, 0o640, 0o664, 0o777])
def test_the_mode_is_kept(soc: Soc, command: tuple[str, ...], bits: int) -> None:
    """The mode of a file that is replaced stays, whatever the umask."""
    path = file_of(soc, command)
    path.chmod(bits)
    before = path.stat().st_ino
    soc(*command)
    assert path.stat().st_ino != before
    assert mode(path) == bits


@pytest.mark.parametrize("command", WRITTEN.values(), ids=WRITTEN)
def test_access_lists_and_attributes_are_kept(lists: Path, command: tuple[str, ...]) -> None:
    """An access list stays, and its mask becomes no right of the group; attributes stay too."""
    soc = Soc(lists)
    path = file_of(soc, command)
    path.chmod(0o600)
    os.setxattr(path, ACL, access_list(0o600, [(2, 6, NOBODYS), (2, 0, 1)], 6))
    os.setxattr(path, "user.classification", b"official-sensitive")
    before = attributes(path)
    soc(*command)
    assert attributes(path) == before
    assert mode(path) == 0o660, "the bits of the group are the mask of the list"


@pytest.mark.parametrize("command", WRITTEN.values(), ids=WRITTEN)
@pytest.mark.parametrize("bits", [0o600, 0o640, 0o664])
def test_the_folders_list_lets_in_nobody(lists: Path, command: tuple[str, ...], bits: int) -> None:
    """Whoever a folder lets in by default is not let in to a file that had shut them out."""
    soc = Soc(lists)
    path = file_of(soc, command)
    path.chmod(bits)
    os.setxattr(lists, DEFAULT_ACL, access_list(0o777, *_LETS_IN))
    soc(*command)
    assert ACL not in attributes(path)
    assert mode(path) == bits


@needs_root
@pytest.mark.parametrize("command", WRITTEN.values(), ids=WRITTEN)
def test_owner_and_group_are_kept(soc: Soc, command: tuple[str, ...]) -> None:
    """Where the system allows it, the new file belongs to whom the old one did."""
    path = file_of(soc, command)
    os.chown(path, OWNER, GROUP)
    path.chmod(0o2660)
    soc(*command)
    assert (path.stat().st_uid, path.stat().st_gid, mode(path)) == (OWNER, GROUP, 0o2660)


# What the system refuses


REFUSED = {
    "chmod": refusing("os.chmod = os.fchmod", "EPERM"),
    "chmod, not there": refusing("os.chmod = os.fchmod", "ENOSYS"),
    "chmod, a share": refusing("os.chmod = os.fchmod", "ENOTSUP"),
    "chown": refusing("os.chown = os.fchown", "EPERM"),
    "chown, a container": refusing("os.chown = os.fchown", "EINVAL"),
    "chown, not there": refusing("os.chown = os.fchown", "ENOSYS"),
    "attributes": refusing("os.listxattr = os.getxattr = os.setxattr", "ENOTSUP"),
    "all": refusing("os.chmod = os.fchmod = os.chown = os.fchown = os.setxattr", "EPERM"),
}


@pytest.mark.parametrize(
    ("command", "refused"),
    [*((NOTE, each) for each in REFUSED.values()),
     (WRITTEN["an output"], REFUSED["all"]), (WRITTEN["a paper"], REFUSED["all"])],
    ids=[*REFUSED, "an output, all", "a paper, all"],
)  # fmt: skip
def test_what_a_share_or_a_container_refuses(
    soc: Soc, surroundings: Surroundings, command: tuple[str, ...], refused: str
) -> None:
    """Where chmod, chown or attributes are refused, files are written with the rights they had."""
    path = file_of(soc, command)
    path.chmod(0o664)
    before = path.read_bytes()
    ran = soc(*command, environment=surroundings(refused), cold=True)
    assert ran.err == ""
    assert path.read_bytes() != before
    assert mode(path) == 0o664


def test_attributes_that_cannot_be_seen(soc: Soc, surroundings: Surroundings) -> None:
    """Where an access list may be hidden, the mode does not say who may read, so only one may."""
    path = soc.write(SMALL)
    path.chmod(0o664)
    hidden = surroundings(refusing("os.listxattr = os.getxattr", "EPERM"))
    soc(*NOTE, environment=hidden, cold=True)
    assert recorded(path)
    assert mode(path) == 0o600


def test_a_list_that_cannot_be_kept(lists: Path, surroundings: Surroundings) -> None:
    """Without its access list, a file is its owner's alone: the list may shut somebody out."""
    soc = Soc(lists)
    path = soc.write(SMALL)
    path.chmod(0o644)
    os.setxattr(path, ACL, access_list(0o644, [(2, 0, NOBODYS)], 4))
    soc(*NOTE, environment=surroundings(refusing("os.setxattr", "ENOTSUP")), cold=True)
    assert recorded(path)
    assert (ACL in attributes(path), mode(path)) == (False, 0o600)


def test_a_folders_list_that_cannot_be_removed(lists: Path, surroundings: Surroundings) -> None:
    """A list that comes from the folder and cannot be taken off has no effect."""
    soc = Soc(lists)
    path = soc.write(SMALL)
    path.chmod(0o664)
    os.setxattr(lists, DEFAULT_ACL, access_list(0o777, *_LETS_IN))
    soc(*NOTE, environment=surroundings(refusing("os.removexattr", "EPERM")), cold=True)
    assert recorded(path)
    assert mode(path) == 0o600, "the mask of the list, and all others"


@needs_root
@pytest.mark.parametrize(
    ("command", "bits", "left"),
    [(NOTE, 0o640, 0o600), (NOTE, 0o664, 0o604), (NOTE, 0o604, 0o600),
     (WRITTEN["an output"], 0o640, 0o600)],
)  # fmt: skip
def test_a_group_that_cannot_be_kept(
    soc: Soc, surroundings: Surroundings, command: tuple[str, ...], bits: int, left: int
) -> None:
    """Another group gets no rights, and the old one's members no more than they had."""
    path = file_of(soc, command)
    os.chown(path, 0, NOBODYS)
    path.chmod(bits)
    soc(*command, environment=surroundings(refusing("os.chown = os.fchown", "EPERM")), cold=True)
    assert path.stat().st_gid != NOBODYS
    assert mode(path) == left


@needs_root
@pytest.mark.parametrize("command", [NOTE, WRITTEN["an output"]])
def test_an_owner_who_would_lose_access(
    soc: Soc, surroundings: Surroundings, command: tuple[str, ...]
) -> None:
    """Where the file would become the writer's and its owner could not use it, it stays."""
    path = file_of(soc, command)
    os.chown(path, OWNER, 0)
    path.chmod(0o600)
    before = path.read_bytes()
    refused = surroundings(refusing("os.chown = os.fchown", "EPERM"))
    ran = soc(*command, environment=refused, cold=True, code=5)
    assert f"its owner (user {OWNER}) would lose access to it" in ran.err
    assert path.read_bytes() == before
    assert (path.stat().st_uid, mode(path)) == (OWNER, 0o600)


@needs_root
def test_an_owner_who_keeps_access(soc: Soc, surroundings: Surroundings) -> None:
    """An owner who may use the file otherwise, as one of its group or of all, is no obstacle."""
    daemon = pytest.importorskip("pwd").getpwnam("daemon")
    for user, group, bits in ((OWNER, 0, 0o666), (daemon.pw_uid, daemon.pw_gid, 0o660)):
        path = soc.write(SMALL)
        os.chown(path, user, group)
        path.chmod(bits)
        only_groups = """
            fchown = os.fchown
            def refuse(file, user, group):
                if user != -1:
                    raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))
                fchown(file, user, group)
            os.fchown = refuse
        """
        soc(*NOTE, environment=surroundings(only_groups), cold=True)
        assert recorded(path)
        assert (path.stat().st_gid, mode(path)) == (group, bits)
        assert path.stat().st_uid == 0


# The system itself is asked


def outcomes(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What came of cases, see people.py."""
    ended = subprocess.run(
        [sys.executable, Path(__file__).with_name("people.py")],
        input=json.dumps(cases), env=bare_environment(), capture_output=True, check=True,
        text=True, timeout=TIMEOUT,
    )  # fmt: skip
    found = json.loads(ended.stdout)
    assert isinstance(found, list)
    return found


MODES = (0o600, 0o640, 0o660, 0o664, 0o606, 0o604, 0o666, 0o644, 0o620, 0o602)
ACCESS_LISTS: tuple[tuple[list[tuple[int, int, int]], int], ...] = (
    ([], 0),
    ([(2, 6, 1005)], 6),
    ([(2, 0, 1005)], 6),
    ([(8, 6, 2003)], 6),
    ([(2, 4, 1005), (8, 0, 2003)], 4),
    ([(2, 6, OWNER), (8, 6, 2003)], 7),
)
WRITERS: tuple[tuple[int, list[int]], ...] = (
    (0, [0]),
    (OWNER, [GROUP]),
    (OWNER, []),
    (1002, [GROUP]),
    (1004, []),
    (1005, []),
    (1006, [2003]),
    (1007, [GROUP, 2003]),
)


def cases(
    modes: tuple[int, ...], writers: tuple[tuple[int, list[int]], ...]
) -> list[dict[str, Any]]:
    """Files of one owner with all sorts of rights, each replaced by several people."""
    folders: list[list[tuple[int, int, int]]] = [[], _LETS_IN[0]]
    return [
        {"owner": OWNER, "group": GROUP, "mode": bits, "named": named, "mask": mask,
         "default": default, "writer": writer}
        for bits, (named, mask), default, writer in product(modes, ACCESS_LISTS, folders, writers)
    ]  # fmt: skip


def nobody_gains(case: dict[str, Any], outcome: dict[str, Any]) -> None:
    """The promise, for each person of the system but the writer, as the system sees it."""
    writer = str(case["writer"][0])
    before, after = outcome["before"], outcome["after"]
    assert outcome["names"] == ["register.toml"]
    if outcome["code"] == 5:
        assert (outcome["content"], after) == ("old", before)
        assert case["writer"][0] not in {0, OWNER}, "who owns the file, or everything, can write it"
        return
    assert outcome["content"] == "new"
    assert not {user for user in after if after[user] & ~before[user]} - {writer}
    assert not before[str(OWNER)] & ~after[str(OWNER)]
    if case["writer"][0] == 0:
        assert after == before


@needs_root
@pytest.mark.usefixtures("lists")
def test_nobody_gains_access() -> None:
    """Whoever replaces a file, nobody may use it who could not before, and its owner still may."""
    every = cases((0o664, 0o604), ((0, [0]), (OWNER, []), (1007, [GROUP, 2003])))
    some = [case for case in every if case["default"]]
    for case, outcome in zip(some, outcomes(some), strict=True):
        nobody_gains(case, outcome)


@needs_root
@pytest.mark.slow
@pytest.mark.usefixtures("lists")
def test_nobody_gains_access_at_all() -> None:
    """The same for every mode, list and person."""
    every = cases(MODES, WRITERS)
    seen = outcomes(every)
    for case, outcome in zip(every, seen, strict=True):
        nobody_gains(case, outcome)
    assert {outcome["code"] for outcome in seen} == {0, 5}


# The readable moment


def test_never_more_readable_on_the_way(soc: Soc, surroundings: Surroundings) -> None:
    """From its first byte on, the new file lets in nobody whom the old one does not."""
    path = soc.write(SMALL)
    path.chmod(0o640)
    log = soc.folder / "modes"
    watched = f"""
        fsync = os.fsync
        def note(file):
            with open({str(log)!r}, "a") as out:
                print(oct(os.fstat(file).st_mode), os.fstat(file).st_size, file=out)
            fsync(file)
        os.fsync = note
        opened = os.open
        def open_(path, flags, mode=0o777, **more):
            file = opened(path, flags, mode, **more)
            if str(path).endswith(".new"):
                note(file)
            return file
        os.open = open_
    """
    soc(*NOTE, environment=surroundings(watched), cold=True)
    first, full, _ = log.read_text().splitlines()
    assert first == "0o100600 0"
    assert full.startswith("0o100640 ")


# Outputs that are not to be written


@pytest.mark.parametrize("command", [WRITTEN["an output"], WRITTEN["a paper"]])
def test_a_read_only_output_is_refused(small: Soc, command: tuple[str, ...]) -> None:
    """A file that its owner has made read-only is not replaced, whoever asks."""
    path = small.folder / command[-1]
    path.write_text("signed off by the committee")
    path.chmod(0o444)
    ran = small(*command, code=5)
    assert f"{path.name} cannot be written: it is read-only" in ran.err
    assert path.read_text() == "signed off by the committee"


def test_an_output_that_may_not_be_read(small: Soc, program: Callable[[str], str]) -> None:
    """An output is written to, and need not be readable."""
    path = small.folder / "out.csv"
    path.write_text("old")
    path.chmod(0o200)
    powerless = (program("setpriv"), "--bounding-set=-all", "--inh-caps=-all")
    call = [*powerless, sys.executable, "-m", "socwatch", "list", "-f", "csv", "-o", "out.csv"]
    subprocess.run(call, cwd=small.folder, env=bare_environment(), check=True, timeout=TIMEOUT)
    assert mode(path) == 0o200
    path.chmod(0o600)
    assert "norfolk" in path.read_text()


@needs_root
def test_an_output_of_another_user(small: Soc, program: Callable[[str], str]) -> None:
    """A file that one may not write to is not replaced, though the folder would let it happen."""
    path = small.folder / "out.csv"
    path.write_text("theirs")
    os.chown(path, OWNER, GROUP)
    powerless = (program("setpriv"), "--bounding-set=-all", "--inh-caps=-all")
    ended = subprocess.run(
        [*powerless, sys.executable, "-m", "socwatch", "list", "--output", "out.csv"],
        cwd=small.folder, env=bare_environment(), capture_output=True, check=False, text=True,
        timeout=TIMEOUT,
    )  # fmt: skip
    assert ended.returncode == 5
    assert "out.csv cannot be written: it cannot be written to (Permission denied)" in ended.stderr
    assert path.read_text() == "theirs"


OVERWRITES = "would overwrite the register or one of its working files"


@pytest.mark.parametrize(
    "name",
    [NAME, f"./{NAME}", f"x/../{NAME}", "link", "hard", f".{NAME}.lock", f".{NAME}.LOCK",
     f".{NAME}.0123456789abcdef.new"],
)  # fmt: skip
def test_the_register_is_no_output(small: Soc, name: str) -> None:
    """Neither the register nor its working files can be an output, by whatever name."""
    path = small.folder / NAME
    (small.folder / "x").mkdir()
    (small.folder / "link").symlink_to(NAME)
    (small.folder / "hard").hardlink_to(path)
    assert OVERWRITES in small("list", "--format", "csv", "--output", name, code=5).err
    assert path.read_text() == SMALL
    assert path.samefile(small.folder / "hard")


@pytest.mark.parametrize("folder", ["/dev/fd", "/proc/self/fd"])
def test_a_descriptor_of_the_register_is_no_output(small: Soc, folder: str) -> None:
    """The register is not an output either where the process has it open."""
    if not Path(folder).is_dir():
        pytest.skip(f"needs {folder}")
    with (small.folder / NAME).open("rb") as opened:
        ended = subprocess.run(
            [sys.executable, "-m", "socwatch", "list", "--output", f"{folder}/{opened.fileno()}"],
            cwd=small.folder, env=bare_environment(), capture_output=True, check=False, text=True,
            timeout=TIMEOUT, pass_fds=[opened.fileno()],
        )  # fmt: skip
    assert ended.returncode == 5
    assert OVERWRITES in ended.stderr
    assert (small.folder / NAME).read_text() == SMALL


# What is private


def test_the_stored_time_of_a_run_is_private(small: Soc, tmp_path: Path) -> None:
    """The state that `check` keeps is 600 in folders of 700, also where it was not before."""
    state = tmp_path / "state"
    for news in (1, 0):
        small("check", "--remind", "usual", code=news, environment={"XDG_STATE_HOME": str(state)})
        (file,) = state.rglob("*.json")
        assert mode(file) == 0o600
        assert {mode(folder) for folder in (state, file.parent, file.parent.parent)} == {0o700}
        file.chmod(0o644)
