"""Whatever becomes of the lock, exit codes are true: 0 is recorded, 5 is not, nothing is lost."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from conftest import TIMEOUT, Soc, Surroundings, bare_environment, refusing
from registers import SMALL
from socwatch.store.lock import hold_lock

NAME = "recommendations.toml"
LOCK = f".{NAME}.lock"
NOT_WRITTEN = "another program changed recommendations.toml while this command was running"


def note(by: str) -> tuple[str, ...]:
    """A note on r1, as a command line."""
    return ("note", "r1", "--note", f"From {by}.", "--by", by)


def authors(soc: Soc) -> list[str]:
    """Who has recorded something, in a register whose old bytes are there."""
    content = (soc.folder / NAME).read_text()
    assert content.startswith(SMALL)
    return [update["by"] for update in tomllib.loads(content).get("updates", [])]


def names(soc: Soc) -> set[str]:
    """The files beside the register."""
    return {path.name for path in soc.folder.iterdir()}


# File systems


@pytest.mark.parametrize("number", ["ENOSYS", "EOPNOTSUPP", "ENOLCK", "EIO", "EBADF", "EINVAL"])
def test_a_share_without_locks(small: Soc, surroundings: Surroundings, number: str) -> None:
    """Where locks are not supported or fail, the update is recorded, and nothing else is said."""
    small(*note("A"))
    without = surroundings(refusing("fcntl.flock", number))
    assert small(*note("B"), environment=without, cold=True).err == ""
    assert authors(small) == ["A", "B"]
    assert names(small) == {NAME, LOCK}


def test_a_rename_that_fails_and_does_not(small: Soc, surroundings: Surroundings) -> None:
    """A share can report the failure of a rename that it has done: the file itself decides."""
    fails = """
        replace = os.replace
        def report(*files):
            replace(*files)
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        os.replace = report
    """
    small(*note("A"), environment=surroundings(fails), cold=True)
    small(*note("B"), environment=surroundings(refusing("os.replace", "EIO")), cold=True, code=5)
    assert authors(small) == ["A"]


@pytest.mark.parametrize("taken", [False, True])
def test_a_new_register_without_links(soc: Soc, surroundings: Surroundings, *, taken: bool) -> None:
    """Without hard links a new register is whole at once all the same, and never over another."""
    path = soc.folder / NAME
    seen = soc.folder / "seen"
    watched = f"""
        {refusing("os.link", "EPERM")}
        fsync = os.fsync
        def note(file):
            with open({str(seen)!r}, "a") as out:
                print(os.path.exists({str(path)!r}), file=out)
            fsync(file)
            if {taken} and not os.path.exists({str(path)!r}):
                open({str(path)!r}, "w").write("theirs")
        os.fsync = note
    """
    soc("init", NAME, environment=surroundings(watched), cold=True, code=5 if taken else 0)
    assert seen.read_text().splitlines()[0] == "False"
    assert (path.read_text() == "theirs") is taken
    assert names(soc) == {NAME, "seen"}


# The lock's own file


@pytest.mark.parametrize(("first", "then"), [(0o600, 0o666), (0o664, 0o600)])
def test_the_lock_has_the_rights_of_the_register(small: Soc, first: int, then: int) -> None:
    """Whoever may write to the register may lock it, also if that has changed."""
    path = small.folder / NAME
    for bits in (first, then):
        path.chmod(bits)
        small(*note("A"))
        assert stat.S_IMODE((small.folder / LOCK).stat().st_mode) == bits


# Only root can make a file of somebody else's.
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root")
def test_a_lock_of_another_user(small: Soc, program: Callable[[str], str]) -> None:
    """A lock that somebody else made for themselves keeps nobody out who may write the register."""
    (small.folder / NAME).chmod(0o666)
    (small.folder / LOCK).touch(0o600)
    os.chown(small.folder / LOCK, 1001, 2001)
    ended = subprocess.run(
        [program("setpriv"), "--bounding-set=-all", "--inh-caps=-all",
         sys.executable, "-m", "socwatch", *note("A")],
        cwd=small.folder, env=bare_environment(), capture_output=True, check=False, text=True,
        timeout=TIMEOUT,
    )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (0, "")
    assert authors(small) == ["A"]


@pytest.mark.parametrize("content", ["my diary\n", "x" * 1000, "A. Officer, process 7\nmore"])
def test_a_file_that_is_no_lock(small: Soc, content: str) -> None:
    """A file that somebody put in the lock's place keeps its content and its rights."""
    lock = small.folder / LOCK
    lock.write_text(content)
    lock.chmod(0o640)
    small(*note("A"))
    assert authors(small) == ["A"]
    assert (lock.read_text(), stat.S_IMODE(lock.stat().st_mode)) == (content, 0o640)


def test_a_lock_of_two_names(small: Soc) -> None:
    """An empty file that has another name as well keeps its rights, and stays empty."""
    lock, other = small.folder / LOCK, small.folder / "other"
    other.touch(0o640)
    lock.hardlink_to(other)
    small(*note("A"))
    assert authors(small) == ["A"]
    assert (other.read_text(), stat.S_IMODE(other.stat().st_mode)) == ("", 0o640)


def test_a_lock_that_is_removed_is_made_again(small: Soc) -> None:
    """Whoever comes after the removal of a lock that is held waits for nobody."""
    path = small.folder / NAME
    with hold_lock(path, wait=0) as target:
        (small.folder / LOCK).unlink()
        with hold_lock(path, wait=0) as other:
            assert target == other == path
    assert (small.folder / LOCK).read_text() == ""


# Writers that do not wait for each other


class Paused:
    """A writer that is stopped before a call of the system, and goes on when it is told."""

    def __init__(self, soc: Soc, surroundings: Surroundings, call: str, by: str) -> None:
        """Begin it."""
        self.folder = soc.folder.parent / f"{soc.folder.name}-{by}"
        self.folder.mkdir()
        os.mkfifo(self.folder / "reached")
        os.mkfifo(self.folder / "go")
        paused = f"""
            call = os.{call}
            def wait(*arguments, **more):
                if str(arguments[0]).endswith((".new", {str(soc.folder)!r})):
                    os.{call} = call
                    open({str(self.folder / "reached")!r}, "w").close()
                    open({str(self.folder / "go")!r}).close()
                return call(*arguments, **more)
            os.{call} = wait
        """
        self.process = subprocess.Popen(
            [sys.executable, "-m", "socwatch", "--records", soc.folder / NAME, *note(by)],
            cwd=soc.folder, env={**bare_environment(), **surroundings(paused)},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        (self.folder / "reached").read_bytes()

    def end(self) -> tuple[int, str]:
        """Its exit code and what it complains of."""
        (self.folder / "go").write_bytes(b"")
        _, err = self.process.communicate(timeout=TIMEOUT)
        return self.process.returncode, err


@contextmanager
def without_lock(soc: Soc, how: str) -> Iterator[None]:
    """Take the lock away from whoever holds it."""
    lock = soc.folder / LOCK
    lock.unlink()
    if how == "replaced":
        lock.write_text("")
    yield


@pytest.mark.parametrize(
    ("call", "how"), [("open", "removed"), ("scandir", "replaced"), ("replace", "removed")]
)
def test_another_writes_meanwhile(
    small: Soc, surroundings: Surroundings, call: str, how: str
) -> None:
    """Where the lock goes while one writes, another is recorded, and the first knows it is not."""
    first = Paused(small, surroundings, call, "A")
    with without_lock(small, how):
        small(*note("B"))
    code, err = first.end()
    assert code == 5
    assert f"{NOT_WRITTEN}; nothing was written" in err.replace(str(small.folder) + "/", "")
    assert authors(small) == ["B"]
    assert names(small) == {NAME, LOCK}


def test_two_stand_before_their_last_step(small: Soc, surroundings: Surroundings) -> None:
    """Of two who have both seen the old file and are about to replace it, the later one does."""
    first = Paused(small, surroundings, "replace", "A")
    (small.folder / LOCK).unlink()
    second = Paused(small, surroundings, "replace", "B")
    assert first.end()[0] == 5
    assert authors(small) == []
    assert second.end() == (0, "")
    assert authors(small) == ["B"]
    assert names(small) == {NAME, LOCK}


def test_a_temporary_file_that_stays(small: Soc, surroundings: Surroundings) -> None:
    """One that cannot be removed may be renamed yet, so nothing is written, and it is named."""
    name = f".{NAME}.0123456789abcdef.new"
    (small.folder / name).write_text("half")
    kept = surroundings("""
        unlink = os.unlink
        def refuse(path, **more):
            if str(path).endswith("0123456789abcdef.new"):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
            unlink(path, **more)
        os.unlink = refuse
    """)
    err = small(*note("A"), environment=kept, cold=True, code=5).err
    assert f"{name} cannot be removed (Permission denied); nothing was written" in err
    assert authors(small) == []


@pytest.mark.slow
@pytest.mark.parametrize("number", ["ENOSYS", ""], ids=["no locks", "each host has its own"])
def test_many_without_a_common_lock(small: Soc, surroundings: Surroundings, number: str) -> None:
    """Of many who write at once and do not lock each other out, each one's exit code is true."""
    ours = refusing("fcntl.flock", number) if number else "fcntl.flock = lambda *_: None"
    environment = {**bare_environment(), **surroundings(ours)}
    recorded: list[str] = []
    for number_of_round in range(5):
        running = {
            f"{number_of_round}-{each}": subprocess.Popen(
                [sys.executable, "-m", "socwatch", *note(f"{number_of_round}-{each}")],
                cwd=small.folder, env=environment, stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE, text=True,
            )
            for each in range(12)
        }  # fmt: skip
        for by, process in running.items():
            _, err = process.communicate(timeout=TIMEOUT)
            assert process.returncode in {0, 5}, err
            assert (process.returncode == 0) is (err == "")
            recorded += [by] * (process.returncode == 0)
    assert sorted(authors(small)) == sorted(recorded)
    assert names(small) == {NAME, LOCK}
