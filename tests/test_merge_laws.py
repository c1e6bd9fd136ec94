"""The laws of merging copies of a register, on histories that people and socwatch write."""

from __future__ import annotations

import codecs
import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from mutations import mutated
from registers import SOUND
from socwatch.cli.merge.run import merge_for_git
from socwatch.errors import SocwatchError
from socwatch.store.load import read_content
from socwatch.store.merge import Merged, Parts, merge, split

HEAD = "# The register of a force.\nformat = 1\n"
BASE = '[[findings]]\nid = "r1"\nsummary = "Do it."\n'


def record(name: str, minute: int | None, comment: str = "") -> str:
    """Write an update as socwatch appends it, or, without a time, as a person writes it."""
    when = datetime(2026, 1, 1, 9, tzinfo=UTC) + timedelta(minutes=minute or 0)
    recorded = "" if minute is None else f"recorded = {when:%Y-%m-%dT%H:%M:%SZ}\n"
    above = f"# {comment}\n" if comment else ""
    return f'\n{above}[[updates]]\nid = "u-{name}"\nfinding = "r1"\n{recorded}'


def parts(text: str) -> Parts:
    """Split a register."""
    return split(text, tomllib.loads(text))


def merged(ours: str, theirs: str, base: str | None = None) -> Merged:
    """Merge two registers, with the one that both began from if there is one."""
    return merge(parts(ours), parts(theirs), parts(base) if base is not None else None)


def together(ours: str, theirs: str, base: str | None = None) -> str:
    """Merge two registers that have no conflict."""
    made = merged(ours, theirs, base)
    assert not made.conflicts
    return made.text()


def blocks(text: str) -> list[str]:
    """Divide a text at its blank lines: the head, then a record with its comment each."""
    return [block for block in text.strip("\n").split("\n\n") if block]


@st.composite
def appended(draw: st.DrawFn, side: str) -> str:
    """Draw what one person appends: times that do not run backwards, some records without one."""
    minutes = sorted(draw(st.lists(st.integers(0, 5), max_size=4)))
    names = draw(st.permutations(range(len(minutes))))
    comments = draw(st.lists(st.sampled_from(["", "Asked by mail"]), min_size=4, max_size=4))
    return "".join(
        record(f"{side}{name}", None if draw(st.integers(0, 9)) == 0 else minute, comment)
        for name, minute, comment in zip(names, minutes, comments, strict=False)
    )


@given(appended("a"), appended("b"), appended("c"), appended("s"))
def test_order_of_merging_does_not_matter(a: str, b: str, c: str, shared: str) -> None:
    """Copies that only grew give the same bytes, whichever are merged first, and with any base."""
    common = HEAD + "\n" + BASE + shared
    ann, ben, cy = common + a, common + b, common + c
    both = together(ann, ben)
    assert both == together(ben, ann)
    assert both == together(ann, ben, common)
    assert together(both, cy) == together(ann, together(ben, cy))
    assert together(both, ann) == both == together(ann, both) == together(both, both)
    assert sorted(blocks(both)) == sorted({*blocks(ann), *blocks(ben)})
    assert both.startswith(common)


@given(appended("a"), appended("b"))
def test_each_side_keeps_its_order(a: str, b: str) -> None:
    """Each side's records stand in the merged file in the order in which that side has them."""
    common = HEAD + "\n" + BASE
    both = blocks(together(common + a, common + b))
    assert len(both) == len({*blocks(common + a), *blocks(common + b)})
    for side in (a, b):
        places = [both.index(block) for block in blocks(side)]
        assert places == sorted(places)


def expected(sides: Sequence[list[tuple[int, str]]]) -> list[str]:
    """Sort what was appended on all sides by time, then by name: the plain rule of the law."""
    return [name for _, name in sorted(each for side in sides for each in side)]


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 99)), max_size=6, unique_by=lambda x: x[1])
)
def test_reads_as_one_file_written_by_both(writes: list[tuple[int, int]]) -> None:
    """Records that two people append are in the order of time, as if there had been one file."""
    named = sorted((minute, f"{number:02}") for minute, number in writes)
    sides: list[list[tuple[int, str]]] = [named[::2], named[1::2]]
    texts = [
        HEAD + "\n" + BASE + "".join(record(name, minute) for minute, name in side)
        for side in sides
    ]
    found = tomllib.loads(together(*texts)).get("updates", [])
    assert [row["id"] for row in found] == [f"u-{name}" for name in expected(sides)]


COMMON = SOUND + record("0", 0).replace(
    '"r1"', '"r1"\naction = "note"\nnote = "First."\non = 2026-01-01'
)
"""What the copies below began from."""

GRADE = """\
[[grades]]
inspection = "soc-2024"
body = "norfolk"
question = "Tackling organised crime"
grade = "inadequate"

"""
EDITS = (
    ("Employ enough analysts.", "Employ many analysts."),
    ("Keep better records.", "Keep records."),
    ('\n[[findings]]\nid = "a1"', '\n# Asked by mail.\n[[findings]]\nid = "a1"'),
    ("deadline = 2025-01-01", "deadline = 2025-01-01 # by the letter"),
    ("format = 1", "# Kept by two.\nformat = 1"),
    (GRADE, ""),
    ('note = "First."', 'note = "Changed."'),
)
"""What people do to a register by hand: edits, comments, a removed record, a changed update."""


@st.composite
def edited(draw: st.DrawFn, side: str) -> bytes:
    """Draw a copy: edits and appended updates, in one of the forms in which editors save files."""
    text = COMMON
    for number in draw(st.sets(st.integers(0, len(EDITS) - 1), max_size=3)):
        old, new = EDITS[number]
        assert old in text
        text = text.replace(old, new.replace("many", f"many ({side})"), 1)
    text += draw(appended(side))
    if draw(st.booleans()):
        text = text.rstrip("\n")
    newline = draw(st.sampled_from(("\n", "\r\n")))
    return draw(st.sampled_from((b"", codecs.BOM_UTF8))) + text.replace("\n", newline).encode()


def in_pieces(content: bytes) -> list[str]:
    """Return the records of a file, whatever ends its lines."""
    loaded = read_content(Path("r.toml"), content)
    assert not loaded.syntax.problems
    found = split(loaded.syntax.text.replace("\r\n", "\n"), loaded.syntax.tables)
    return [piece.text.strip() for piece in (found.head, *found.pieces)]


def merged_for_git(base: bytes, ours: bytes, theirs: bytes) -> tuple[int, str]:
    """Merge files as git does: the exit code, negative for a failure, and the merged file."""
    with TemporaryDirectory() as folder:
        files = [Path(folder, name) for name in "OAB"]
        for file, content in zip(files, (base, ours, theirs), strict=True):
            file.write_bytes(content)
        try:
            code = merge_for_git(files, 7, "r.toml")
        except SocwatchError as error:
            code = -error.exit_code
        assert files[0].read_bytes() == base
        assert files[2].read_bytes() == theirs
        merged_bytes = files[1].read_bytes()
    assert code >= 0 or (code != -5 and merged_bytes == ours)
    text = merged_bytes.decode("utf-8-sig", errors="replace")
    return code, text.replace("\r\n", "\n")


@given(edited("a"), edited("b"))
def test_both_sides_are_whole(ours: bytes, theirs: bytes) -> None:
    """Whatever a side has that the common beginning lacks is in the merged file, byte for byte."""
    code, text = merged_for_git(COMMON.encode(), ours, theirs)
    assert code in {0, 5}
    before = in_pieces(COMMON.encode())
    for side in (ours, theirs):
        for piece in in_pieces(side):
            assert piece in before or is_said(piece, text), piece
    assert (code == 0) == ("<<<<<<< ours" not in text)


def is_said(piece: str, text: str) -> bool:
    """Return whether a text holds a record, or its fields and its comments apart."""
    return all(part in text for line in piece.split("\n") for part in line.split(" # "))


@given(edited("a"), edited("b"), st.integers(0, 2), st.integers(0, 10**6))
def test_damaged_files(ours: bytes, theirs: bytes, which: int, seed: int) -> None:
    """A file that is damaged anywhere is merged whole or not at all."""
    files = [COMMON.encode(), ours, theirs]
    files[which] = mutated(files[which], seed)
    code, text = merged_for_git(files[0], files[1], files[2])
    if code < 0:
        return
    before = files[0].decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
    for side in files[1:]:
        for piece in in_pieces(side):
            assert is_said(piece, before) or is_said(piece, text), piece
