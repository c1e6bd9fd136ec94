"""`socwatch merge`: copies taken into the register, and what git calls, without git."""

from __future__ import annotations

import shlex
import tomllib
from itertools import product
from pathlib import Path

import pytest

from conftest import Soc
from registers import SMALL, SOUND, update
from socwatch.records import Action
from socwatch.rules import find_problems
from socwatch.store.load import read_content
from socwatch.store.merge import merge, split

COPY = "recommendations (1).toml"
ANN = update(1, "r1", "note", "2026-01-05", 'by = "Ann"', 'note = "Asked."')
BEN = update(2, "a1", "note", "2026-01-06", 'by = "Ben"', 'note = "Asked too."')
OTHER_WORDS = SMALL.replace("Keep better records.", "Keep good records.")


def test_copy_is_taken_in(sound: Soc) -> None:
    """Updates of a copy are added in the order of recording, and the copy is left as it is."""
    register, copy = sound.write(SOUND + BEN), sound.write(SOUND + ANN, COPY)
    ran = sound("merge", COPY)
    assert ran.out == (
        f"recommendations.toml gained 1 update from {COPY}, which was left unchanged.\n"
    )
    assert register.read_text() == SOUND + ANN + BEN
    assert copy.read_text() == SOUND + ANN
    assert "holds no record that recommendations.toml lacks" in sound("merge", COPY).out
    assert register.read_text() == SOUND + ANN + BEN


def test_both_give_the_same_file(sound: Soc) -> None:
    """Two people who each merge the other's copy have the same bytes, so nothing is left to do."""
    sound.write(SOUND + BEN)
    sound.write(SOUND + ANN, "ann.toml")
    sound("merge", "ann.toml")
    sound.write(SOUND + BEN, "ben.toml")
    sound("--records", "ann.toml", "merge", "ben.toml")
    folder = sound.folder
    assert (folder / "ann.toml").read_text() == (folder / "recommendations.toml").read_text()
    assert (folder / "ben.toml").read_text() == SOUND + BEN


def test_several_copies(sound: Soc) -> None:
    """Several copies are taken in by one command, in whichever order they are named."""
    results = []
    for names in (("ann.toml", "ben.toml"), ("ben.toml", "ann.toml")):
        register = sound.write(SOUND)
        sound.write(SOUND + ANN, "ann.toml")
        sound.write(SOUND + BEN, "ben.toml")
        assert "gained 2 updates from" in sound("merge", *names).out
        results.append(register.read_text())
    assert results == [SOUND + ANN + BEN] * 2


def test_dry_run(sound: Soc) -> None:
    """With --dry-run the outcome is printed, and nothing is written."""
    register = sound.write(SOUND)
    sound.write(SOUND + ANN, COPY)
    assert "would gain 1 update" in sound("merge", COPY, "--dry-run").out
    assert register.read_text() == SOUND


def test_copy_in_other_words(sound: Soc) -> None:
    """A finding that the two have in different words is named, and nothing is written."""
    register, copy = sound.write(SMALL), sound.write(OTHER_WORDS + ANN, COPY)
    ran = sound("merge", COPY, code=5)
    assert "finding a1 was written differently on the two sides; nothing was written" in ran.err
    assert "socwatch edit" in ran.err
    assert not ran.out
    assert register.read_text() == SMALL
    assert copy.read_text() == OTHER_WORDS + ANN


def test_contradiction_names_the_update_to_undo(sound: Soc) -> None:
    """Updates that rule each other out are named, and the hint, once typed, lets both be merged."""
    done = update(1, "r1", "done", "2026-01-27", 'by = "Ann"')
    register = sound.write(SOUND + update(2, "r1", "sign-off", "2026-01-20", 'by = "HMICFRS"'))
    before = register.read_text()
    sound.write(SOUND + done, COPY)
    ran = sound("merge", COPY, code=5)
    assert "(update-not-allowed)" in ran.err
    assert register.read_text() == before
    hint = ran.err.partition("for example with ")[2].partition(";")[0]
    assert hint == f"socwatch --records {shlex.quote(COPY)} undo u-1"
    sound(*shlex.split(hint)[1:], "--by", "Ann")
    sound("merge", COPY)
    assert "is valid" in sound("validate").out
    assert done in register.read_text()


def test_extensions_of_one_date(sound: Soc) -> None:
    """Where both moved a deadline on one date, the merge says which of the two dates counts."""
    lines = ('by = "HMICFRS"', 'note = "Agreed."')
    sound.write(SOUND + update(1, "r1", "extend", "2026-02-10", "deadline = 2026-08-30", *lines))
    later = "recorded = 2026-02-11T09:00:00Z"
    sound.write(
        SOUND + update(2, "r1", "extend", "2026-02-10", "deadline = 2026-09-30", *lines, later),
        COPY,
    )
    out = sound("merge", COPY).out
    assert (
        "r1: deadline moved to 30 Aug 2026 (u-1) and deadline moved to 30 Sep 2026 (u-2), "
        "both on 10 Feb 2026; the second was recorded later and counts." in out
    )
    assert "30 Sep 2026" in sound("why", "r1", "--as-of", "2026-03-01").out


def test_files_that_are_no_copies(sound: Soc) -> None:
    """A file that is missing, not valid, or the register itself is refused with a hint."""
    register = sound.write(SOUND)
    sound.write("format = 1\nbodys = []\n", "bad.toml")
    assert "nope.toml does not exist" in sound("merge", "nope.toml", code=3).err
    assert "bad.toml has" in sound("merge", "bad.toml", code=3).err
    assert "is the register itself" in sound("merge", "./recommendations.toml", code=2).err
    assert "no copy given" in sound("merge", code=2).err
    assert register.read_text() == SOUND


def test_newlines_and_byte_order_mark_of_the_register_stay(sound: Soc) -> None:
    """A register with CRLF and a byte order mark keeps them, also in what it gains."""
    mark = b"\xef\xbb\xbf"
    register = sound.folder / "recommendations.toml"
    register.write_bytes(mark + (SOUND + BEN).replace("\n", "\r\n").encode())
    sound.write(SOUND + ANN, COPY)
    sound("merge", COPY)
    assert register.read_bytes() == mark + (SOUND + ANN + BEN).replace("\n", "\r\n").encode()


def git_merge(soc: Soc, base: str, ours: str, theirs: str, code: int = 0) -> tuple[str, str]:
    """Merge as git calls it; return the merged file and what was printed on standard error."""
    names = [soc.write(text, name).name for text, name in ((base, "O"), (ours, "A"), (theirs, "B"))]
    ran = soc("merge", "--git", *names, "--marker-size", "7", "--name", "a b/soc.toml", code=code)
    assert not ran.out
    assert (soc.folder / "B").read_text() == theirs
    return (soc.folder / "A").read_text(), ran.err


def test_git_merges_what_both_appended(soc: Soc) -> None:
    """Both sides' updates are in the file git has merged, in the order of recording."""
    assert git_merge(soc, SOUND, SOUND + BEN, SOUND + ANN) == (SOUND + ANN + BEN, "")
    assert git_merge(soc, "", SOUND + BEN, SOUND + ANN) == (SOUND + ANN + BEN, "")


def test_git_conflict(soc: Soc) -> None:
    """A finding edited on both sides stands between marks, its lines named; the rest merges."""
    ours = SMALL.replace("Keep better", "Keep best")
    text, err = git_merge(soc, SMALL, ours + BEN, OTHER_WORDS + ANN, code=5)
    lines = text.splitlines()
    first, last = (
        lines.index("<<<<<<< ours") + 1,
        1
        + next(
            n
            for n, line in enumerate(lines)
            if line.startswith(">>>>>>> theirs: edited differently")
        ),
    )
    assert f"a b/soc.toml, lines {first} to {last}: finding a1 was edited differently" in err
    assert "git add 'a b/soc.toml'" in err
    assert "Keep best" in text
    assert "Keep good" in text
    assert text.endswith(ANN + BEN)
    assert text.count("\n=======\n") == 1


def test_git_failure_writes_nothing(soc: Soc) -> None:
    """Where a side is no register, nothing is written, and the code is not that of a conflict."""
    assert git_merge(soc, SOUND, "<<<<<<< x\n", SOUND + ANN, code=3)[0] == "<<<<<<< x\n"
    assert git_merge(soc, SOUND, SOUND + ANN, "nonsense\n", code=3)[0] == SOUND + ANN
    assert "three files" in soc("merge", "--git", "A", "B", code=2).err


def test_git_base_with_marks_counts_as_none(soc: Soc) -> None:
    """A base with the marks of an earlier conflict, as after a criss-cross merge, is left out."""
    base = SMALL + "<<<<<<< ours\n" + ANN + "=======\n>>>>>>> theirs\n"
    assert git_merge(soc, base, SOUND + BEN, SOUND + ANN)[0] == SOUND + ANN + BEN


FIELDS: dict[Action, tuple[str, ...]] = {
    Action.SIGN_OFF: ('by = "HMICFRS"',),
    Action.REOPEN: ('note = "Not so."',),
    Action.CLOSE: ('outcome = "not-accepted"', 'note = "No."'),
    Action.EXTEND: ("deadline = 2027-01-01", 'note = "Agreed."', 'by = "HMICFRS"'),
    Action.ASSIGN: ('owner = "A. Officer"',),
    Action.NOTE: ('note = "Asked."',),
    Action.MUTE: ("until = 2027-01-01", 'note = "Known."'),
    Action.RETRACT: ('update = "u-0"', 'note = "Wrong."'),
}
"""What an update of each action carries here."""

BEFORE = (None, Action.START, Action.DONE, Action.SIGN_OFF, Action.CLOSE)
"""What is recorded of the item before the two sides part."""


def of(number: int, action: Action, on: str) -> str:
    """An update of this action about the same item."""
    return update(number, "r1", action, on, *FIELDS.get(action, ()))


def is_valid(text: str) -> bool:
    """Whether a register has no problem."""
    loaded = read_content(Path("r.toml"), text.encode())
    found = find_problems(loaded.register) if loaded.register is not None else ()
    return loaded.register is not None and not loaded.faults(found)


def test_valid_register_is_valid() -> None:
    """The check that the next test relies on tells a valid register from one that is not."""
    assert is_valid(SOUND)
    assert not is_valid(SOUND + of(1, Action.REOPEN, "2026-01-02"))


PAIRS = [
    pytest.param(None, [Action.DONE], id="sample"),
    *(pytest.param(each, [*Action], id=str(each), marks=pytest.mark.slow) for each in BEFORE),
]


@pytest.mark.parametrize(("before", "actions"), PAIRS)
def test_every_pair_of_actions(soc: Soc, before: Action | None, actions: list[Action]) -> None:
    """Any two actions on one item, one a side, merge; if they contradict, the hint makes it valid.

    The file holds both in either case.
    """
    base = SOUND + (of(0, before, "2026-01-01") if before else "")
    days = ("2026-01-05", "2026-01-09")
    contradict = 0
    for (first, second), turned in product(product(actions, Action), (False, True)):
        one, other = of(1, first, days[turned]), of(2, second, days[not turned])
        if not (is_valid(base + one) and is_valid(base + other)):
            continue
        together = base + (other + one if turned else one + other)
        sides = (split(text, tomllib.loads(text)) for text in (base + one, base + other, base))
        assert merge(*sides).text() == together, (first, second)
        if is_valid(together):
            continue
        contradict += 1
        text, err = git_merge(soc, base, base + one, base + other, code=5)
        assert text == together, (first, second)
        hint = err.partition("undo one of the two: ")[2].partition(", then:")[0]
        assert hint.startswith("socwatch --records 'a b/soc.toml' undo u-"), err
        soc.write(text, "a b/soc.toml")
        soc(*shlex.split(hint)[1:], "--by", "Ann")
        assert "is valid" in soc("--records", "a b/soc.toml", "validate").out
    assert contradict


def test_comments_alone(sound: Soc) -> None:
    """A comment that only the copy has is taken in too, and the answer says so."""
    register = sound.write(SOUND)
    sound.write("# Kept by Ann.\n" + SOUND, COPY)
    assert "gained no record but comments" in sound("merge", COPY).out
    assert "# Kept by Ann.\n" in register.read_text()


def test_undo_of_what_contradicts(sound: Soc) -> None:
    """Where updates contradict each other, and nothing else is wrong, undo may take one back."""
    done, off = of(1, Action.DONE, "2026-01-27"), of(2, Action.SIGN_OFF, "2026-01-20")
    register = sound.write(SOUND + done + off)
    sound("status", code=3)
    sound("note", "a1", "--note", "Asked.", code=3)
    assert register.read_text() == SOUND + done + off
    sound("undo", "u-1", "--by", "Ann")
    assert register.read_text().startswith(SOUND + done + off)
    assert "is valid" in sound("validate").out


def test_undo_that_mends_nothing(sound: Soc) -> None:
    """An undo that leaves the contradiction, or where another fault is left, is refused."""
    contradicting = of(1, Action.DONE, "2026-01-27") + of(2, Action.SIGN_OFF, "2026-01-20")
    more = update(3, "a1", "note", "2026-01-28", 'note = "Asked."')
    register = sound.write(SOUND + contradicting + more)
    assert "update-not-allowed" in sound("undo", "u-3", "--by", "Ann", code=5).err
    assert register.read_text() == SOUND + contradicting + more
    other = sound.write(SOUND + contradicting + update(4, "r9", "note", "2026-01-28", 'note = "x"'))
    before = other.read_text()
    sound("undo", "u-1", "--by", "Ann", code=3)
    assert other.read_text() == before
