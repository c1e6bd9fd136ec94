"""git with `socwatch merge --git` as its driver: what becomes of each side."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import ROOT, Soc, bare_environment, shell_command
from registers import SMALL, SOUND, update
from socwatch.cli.merge.install import DRIVER
from transcripts import fenced

NAME = "recommendations.toml"


def note(number: int, finding: str, minute: int) -> str:
    """A note as two people append them, one each minute."""
    recorded = f"recorded = 2026-01-05T09:{minute:02}:00Z"
    return update(number, finding, "note", "2026-01-05", f'note = "Note {number}."', recorded)


FIRST, SECOND, THIRD, FOURTH = (note(n, ("r1", "a1")[n % 2], n) for n in range(1, 5))


class Clone:
    """A clone that holds one register, set up to merge it."""

    def __init__(self, soc: Soc, git: str, name: str = NAME) -> None:
        self.soc, self.git, self.name = soc, git, name
        self.bin = soc.folder / "bin"
        self.bin.mkdir()
        self.set_socwatch(f'exec {shell_command(cold=True)} "$@"')
        self.environment = {
            **bare_environment(),
            "PATH": f"{self.bin}{os.pathsep}{os.environ['PATH']}",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "HOME": str(soc.folder),
        }
        for who in ("AUTHOR", "COMMITTER"):
            self.environment[f"GIT_{who}_NAME"] = "A. Officer"
            self.environment[f"GIT_{who}_EMAIL"] = "officer@example.org"
        self.folder = soc.folder / "clone"
        self.folder.mkdir()
        self.run("init", "-q", "-b", "main")
        self.path = self.folder / name
        self.path.parent.mkdir(exist_ok=True, parents=True)

    def set_socwatch(self, script: str) -> None:
        """Make this what git finds as socwatch."""
        file = self.bin / "socwatch"
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(0o755)

    def run(self, *words: str, code: int = 0) -> str:
        """Run git, and return what it printed."""
        ended = subprocess.run(
            [self.git, *words],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            check=False,
            text=True,
        )
        assert ended.returncode == code, ended.stdout + ended.stderr
        return ended.stdout + ended.stderr

    def install(self) -> str:
        """Set the clone up."""
        ran = self.soc("--records", self.path, "merge", "--install", environment=self.environment)
        return ran.out

    def commit(self, text: str) -> None:
        """Write the register and commit all."""
        self.path.write_text(text)
        self.run("add", "-A")
        self.run("commit", "-q", "-m", "Record")

    def start(self, text: str = SOUND) -> None:
        """Commit a register on main, with what git is set up by."""
        self.path.write_text(text)
        self.install()
        self.commit(text)

    def branch(self, name: str, *texts: str, start: str = "main") -> None:
        """Commit these states of the register on a branch, and go back to main."""
        self.run("checkout", "-q", "-b", name, start)
        for text in texts:
            self.commit(text)
        self.run("checkout", "-q", "main")


MakeClone = Callable[..., Clone]


@pytest.fixture
def clone(soc: Soc, program: Callable[[str], str]) -> MakeClone:
    """Make a clone; these tests need git, and are slow by that."""
    git = program("git")
    return lambda name=NAME: Clone(soc, git, name)


def test_install(clone: MakeClone) -> None:
    """Git reads the whole driver back, and is set up once however often it is done."""
    here = clone()
    (here.folder / ".gitattributes").write_text("*.png binary")
    here.path.write_text(SOUND)
    first, second = here.install(), here.install()
    assert "commit .gitattributes" in first
    assert "commit" not in second
    assert here.run("config", "merge.socwatch.driver") == f"{DRIVER}\n"
    assert (here.folder / ".gitattributes").read_text() == (
        "*.png binary\n/recommendations.toml merge=socwatch\n"
    )
    assert here.run("check-attr", "merge", NAME) == f"{NAME}: merge: socwatch\n"


def test_clone_that_is_not_set_up(clone: MakeClone) -> None:
    """`validate` says so where .gitattributes names the driver and the clone has none."""
    here = clone()
    here.path.write_text(SOUND)
    validate = ("--records", here.path, "validate")
    assert here.soc(*validate, environment=here.environment).err == ""
    here.install()
    assert here.soc(*validate, environment=here.environment).err == ""
    here.run("config", "--unset", "merge.socwatch.driver")
    ran = here.soc(*validate, environment=here.environment)
    assert "merge --install" in ran.err
    assert "is valid" in ran.out


@pytest.mark.parametrize("name", [NAME, "data 1/soc [a]*?.toml", 'for "us"/ä.toml'])
def test_printed_commands(clone: MakeClone, name: str) -> None:
    """What --print prints does the same in a shell, and nothing is written by printing it."""
    here = clone(name)
    here.path.write_text(SOUND)
    printed = here.soc("--records", here.path, "merge", "--install", "--print").out
    assert not (here.folder / ".gitattributes").exists()
    subprocess.run(["sh", "-c", printed], cwd=here.folder, env=here.environment, check=True)
    assert here.run("config", "merge.socwatch.driver") == f"{DRIVER}\n"
    assert here.run("check-attr", "-z", "merge", name).split("\0")[2] == "socwatch"
    assert "commit .gitattributes" not in here.install()


def test_commands_of_the_page(clone: MakeClone) -> None:
    """What docs/two-people.md says to type in a clone sets it up and commits it."""
    here = clone()
    here.path.write_text(SOUND)
    here.run("add", NAME)
    (block,) = fenced((ROOT / "docs" / "two-people.md").read_text(encoding="utf-8"), "text")
    typed = [line.removeprefix("$ ") for line in block.splitlines()]
    assert typed[0] == "socwatch merge --install"
    for words in typed:
        subprocess.run(["sh", "-c", words], cwd=here.folder, env=here.environment, check=True)
    assert ".gitattributes" in here.run("ls-files")
    assert here.run("status", "--porcelain") == ""


def test_outside_a_clone(soc: Soc, program: Callable[[str], str]) -> None:
    """Where the register is in no clone, that is said, and nothing is written."""
    program("git")
    soc.write(SOUND)
    before = sorted(soc.folder.iterdir())
    ceiling = {"GIT_CEILING_DIRECTORIES": str(soc.folder.parent)}
    assert "not a git repository" in soc("merge", "--install", code=2, environment=ceiling).err
    assert sorted(soc.folder.iterdir()) == before


@pytest.mark.parametrize("name", [NAME, "data 1/soc [a]*?.toml", "dat'a/$HOME;x.toml"])
def test_merge(clone: MakeClone, name: str) -> None:
    """Two branches that appended merge without a conflict, and alike from either side."""
    here = clone(name)
    here.start()
    here.branch("ann", SOUND + FIRST + THIRD)
    here.commit(SOUND + SECOND + FOURTH)
    here.run("branch", "ben")
    here.run("merge", "-q", "--no-edit", "ann")
    assert here.path.read_text() == SOUND + FIRST + SECOND + THIRD + FOURTH
    here.run("checkout", "-q", "ann")
    here.run("merge", "-q", "--no-edit", "ben")
    assert here.path.read_text() == SOUND + FIRST + SECOND + THIRD + FOURTH
    here.run("merge", "-q", "--no-edit", "main")


def test_rebase(clone: MakeClone) -> None:
    """Three commits that appended are rebased onto another's without a conflict."""
    here = clone()
    here.start()
    here.branch("ann", SOUND + SECOND, SOUND + SECOND + THIRD, SOUND + SECOND + THIRD + FOURTH)
    here.commit(SOUND + FIRST)
    here.run("checkout", "-q", "ann")
    here.run("rebase", "-q", "main")
    assert here.path.read_text() == SOUND + FIRST + SECOND + THIRD + FOURTH
    assert here.run("rev-list", "--count", "main..ann") == "3\n"


def test_cherry_pick(clone: MakeClone) -> None:
    """A commit of another branch is taken; one without the one before it stops."""
    here = clone()
    here.start()
    here.branch("ann", SOUND + FIRST, SOUND + FIRST + THIRD)
    here.commit(SOUND + SECOND)
    here.run("branch", "ben")
    here.run("cherry-pick", "ann~")
    assert here.path.read_text() == SOUND + FIRST + SECOND
    here.run("cherry-pick", "ann")
    assert here.path.read_text() == SOUND + FIRST + SECOND + THIRD
    here.run("checkout", "-q", "ben")
    said = here.run("cherry-pick", "ann", code=1)
    assert "update u-1 was changed or removed, and updates are never changed" in said
    assert all(here.path.read_text().count(each) == 1 for each in (FIRST, SECOND, THIRD))


def test_stash_pop(clone: MakeClone) -> None:
    """An update that was put aside comes back beside one that was committed meanwhile."""
    here = clone()
    here.start()
    here.path.write_text(SOUND + FIRST)
    here.run("stash", "-q")
    here.commit(SOUND + SECOND)
    here.run("stash", "pop", "-q")
    assert here.path.read_text() == SOUND + FIRST + SECOND


def test_criss_cross(clone: MakeClone) -> None:
    """Two branches that have each merged the other's past merge again without a conflict."""
    here = clone()
    here.start()
    here.branch("ann", SOUND + FIRST)
    here.commit(SOUND + SECOND)
    here.run("branch", "ben")
    here.run("merge", "-q", "--no-edit", "ann")
    here.commit(here.path.read_text() + FOURTH)
    here.run("checkout", "-q", "ann")
    here.run("merge", "-q", "--no-edit", "ben")
    here.commit(here.path.read_text() + THIRD)
    assert len(here.run("merge-base", "--all", "ann", "main").split()) == 2
    here.run("merge", "-q", "--no-edit", "main")
    assert here.path.read_text() == SOUND + FIRST + SECOND + THIRD + FOURTH


def test_criss_cross_of_a_conflict(clone: MakeClone) -> None:
    """Where the ancestors themselves conflict, both sides are in the file all the same."""
    here = clone()
    here.start()
    ours, theirs = (SOUND.replace("Keep better", f"Keep {word}") for word in ("good", "many"))
    here.branch("ann", ours + FIRST)
    here.commit(theirs + SECOND)
    here.run("branch", "ben")
    for branch, other, text in (("main", "ann", ours), ("ann", "ben", theirs)):
        here.run("checkout", "-q", branch)
        here.run("merge", "-q", "--no-edit", other, code=1)
        here.commit(text + FIRST + SECOND)
    here.run("merge", "-q", "--no-edit", "main", code=1)
    text = here.path.read_text()
    assert all(text.count(each) == 1 for each in ("Keep good", "Keep many", FIRST, SECOND))


def test_added_on_both_sides(clone: MakeClone) -> None:
    """A register that two branches added, with no common one before, is merged from both."""
    here = clone()
    here.path.write_text(SOUND)
    here.install()
    here.path.unlink()
    here.run("add", "-A")
    here.run("commit", "-q", "-m", "Set up")
    here.branch("ann", SOUND + FIRST)
    here.commit(SOUND + SECOND)
    here.run("merge", "-q", "--no-edit", "ann")
    assert here.path.read_text() == SOUND + FIRST + SECOND


def test_conflict(clone: MakeClone) -> None:
    """A finding edited on both sides stops the merge; both versions are there, the rest merged."""
    here = clone()
    here.start()
    here.branch("ann", SOUND.replace("Keep better", "Keep good") + FIRST)
    here.commit(SOUND.replace("Keep better", "Keep many") + SECOND)
    said = here.run("merge", "--no-edit", "ann", code=1)
    assert "finding a1 was edited differently on both sides" in said
    text = here.path.read_text()
    assert text.endswith(FIRST + SECOND)
    assert text.count("Keep good") == text.count("Keep many") == 1
    assert here.run("ls-files", "--unmerged")
    before, _, rest = text.partition("\n<<<<<<< ours\n")
    ours, _, rest = rest.partition("=======\n")
    rest = rest.partition("both sides\n")[2]
    here.path.write_text(f"{before}\n{ours}{rest}")
    assert "is valid" in here.soc("--records", here.path, "validate").out


def test_contradiction(clone: MakeClone) -> None:
    """Updates that rule each other out stop the merge until one is undone, as the hint says."""
    here = clone()
    here.start()
    done = update(1, "r1", "done", "2026-01-27")
    here.branch("ann", SOUND + done)
    here.commit(SOUND + update(2, "r1", "sign-off", "2026-01-20", 'by = "HMICFRS"'))
    said = here.run("merge", "--no-edit", "ann", code=1)
    assert "everything of both sides is kept, and contradicts" in said
    assert "undo u-1, then: git add recommendations.toml" in said
    here.soc("--records", here.path, "undo", "u-1", "--by", "Ann")
    here.run("commit", "-q", "-a", "--no-edit")
    assert done in here.path.read_text()
    assert "is valid" in here.soc("--records", here.path, "validate").out


KILLED = "kill -9 $$"
CRASHES = "exit 1"
CUT_SHORT = "printf 'half' > /dev/null; exit 3"


@pytest.mark.parametrize("script", [None, KILLED, CRASHES, CUT_SHORT])
@pytest.mark.parametrize("style", ["merge", "zdiff3"])
def test_driver_that_fails(clone: MakeClone, script: str | None, style: str) -> None:
    """Where socwatch is missing, is killed or crashes, git leaves both sides between its marks."""
    here = clone()
    here.run("config", "merge.conflictStyle", style)
    here.start()
    here.branch("ann", SOUND + FIRST)
    here.commit(SOUND + SECOND)
    if script is None:
        (here.bin / "socwatch").unlink()
        python = subprocess.run(["sh", "-c", "command -v socwatch"], check=False,
                                env=here.environment, capture_output=True)  # fmt: skip
        if python.returncode == 0:
            here.set_socwatch("exit 127")
    else:
        here.set_socwatch(script)
    here.run("merge", "--no-edit", "ann", code=1)
    text = here.path.read_text()
    assert "<<<<<<< ours" in text
    assert ">>>>>>> theirs" in text
    assert all(f'note = "Note {number}."' in text for number in (1, 2))
    ran = here.soc("--records", here.path, "validate", code=3)
    assert "conflict-marks" in ran.out


def test_driver_killed_after_it_has_written(clone: MakeClone) -> None:
    """Where socwatch is killed between writing and its end, both sides are in the file."""
    here = clone()
    here.start()
    here.branch("ann", SOUND + FIRST)
    here.commit(SOUND + SECOND)
    here.set_socwatch(f'{shell_command(cold=True)} "$@"\n{KILLED}')
    subprocess.run([here.git, "merge", "-q", "--no-edit", "ann"], cwd=here.folder,
                   env=here.environment, capture_output=True, check=False)  # fmt: skip
    text = here.path.read_text()
    assert all(f'note = "Note {number}."' in text for number in (1, 2))


@pytest.mark.parametrize("style", ["merge", "diff3", "zdiff3"])
def test_conflict_styles(clone: MakeClone, style: str) -> None:
    """The style of conflicts that a person has set does not change what is merged."""
    here = clone()
    here.run("config", "merge.conflictStyle", style)
    here.start(SMALL)
    here.branch("ann", SMALL + FIRST)
    here.commit(SMALL + SECOND)
    here.run("merge", "-q", "--no-edit", "ann")
    assert here.path.read_text() == SMALL + FIRST + SECOND


def test_autocrlf(clone: MakeClone) -> None:
    """With core.autocrlf, as on Windows, the merged file has the line ends of the work tree."""
    here = clone()
    here.run("config", "core.autocrlf", "true")
    here.start()
    here.branch("ann", SOUND + FIRST)
    here.commit(SOUND + SECOND)
    here.run("merge", "-q", "--no-edit", "ann")
    assert here.path.read_bytes() == (SOUND + FIRST + SECOND).replace("\n", "\r\n").encode()


def test_crlf_in_the_repository(clone: MakeClone) -> None:
    """A register that is committed with CRLF keeps them."""
    here = clone()
    here.start(SOUND.replace("\n", "\r\n"))
    for name, text in (("ann", SOUND + FIRST), ("ben", SOUND + SECOND)):
        here.run("checkout", "-q", "-b", name, "main")
        here.path.write_bytes(text.replace("\n", "\r\n").encode())
        here.run("commit", "-q", "-am", name)
    here.run("merge", "-q", "--no-edit", "ann")
    assert here.path.read_bytes() == (SOUND + FIRST + SECOND).replace("\n", "\r\n").encode()


def test_nothing_is_left_behind(clone: MakeClone) -> None:
    """After a merge there is no file in the clone that was not there before."""
    here = clone()
    here.start()
    here.branch("ann", SOUND + FIRST)
    here.commit(SOUND + SECOND)
    here.run("merge", "-q", "--no-edit", "ann")
    assert sorted(path.name for path in here.folder.iterdir()) == [
        ".git", ".gitattributes", NAME,
    ]  # fmt: skip
    assert here.run("status", "--porcelain") == ""
    assert Path(here.folder, ".gitattributes").read_text().count("\n") == 1
