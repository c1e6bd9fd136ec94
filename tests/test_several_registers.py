"""Several registers read as one: what is read, what is refused, and where updates go."""

from __future__ import annotations

import codecs
import json
import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given

from conftest import AS_OF, SHIPPED, Soc
from registers import SMALL, SOUND, update
from socwatch.cli import COMMANDS, LOOK, SHARE
from socwatch.rules import find_problems
from socwatch.store.load import read_content
from socwatch.store.merge import merge, split
from socwatch.store.union import Union, unite
from test_command_line import CALLS
from test_merge_laws import BASE, HEAD, appended

SOUTH = (
    SOUND.replace("north", "south")
    .replace("norfolk", "sussex")
    .replace("Norfolk", "Sussex")
    .replace('"cause"', '"s-cause"')
    .replace("soc-2024", "soc-south")
    .replace("South region", "The south")
    .replace("Northumbria", "Southumbria")
    .replace("North region", "South region")
)
for name in ("r1", "r2", "a1"):
    SOUTH = SOUTH.replace(f'"{name}"', f'"s{name}"')
NOTE = update(1, "r1", "note", "2026-01-05", 'note = "Asked."')
SOUTH_NOTE = update(2, "sr1", "note", "2026-01-06", 'note = "Asked too."')


@pytest.fixture
def two(soc: Soc) -> Soc:
    """The command beside a folder with two registers, each with an update."""
    soc.write(SOUND + NOTE, "data/north.toml")
    soc.write(SOUTH + SOUTH_NOTE, "data/south.toml")
    return soc


BOTH = ("--records", "data/north.toml", "--records", "data/south.toml")


@pytest.mark.parametrize("records", [BOTH, ("--records", "data")], ids=["files", "folder"])
def test_read_as_one(two: Soc, records: tuple[str, ...]) -> None:
    """Files named one by one, before or after the command, and their folder give both registers."""
    for words in (("list", *records), (*records, "list")):
        rows = json.loads(two(*words, "-f", "json", "--as-of", AS_OF).out)["rows"]
        assert {"r1", "sr1", "s-cause@sussex"} <= {row["id"] for row in rows}
        assert len(rows) == 12
    status = two(*records, "status", "--as-of", AS_OF).out
    assert "Norfolk" in status
    assert "Sussex" in status
    assert "Sussex" not in two("--records", "data/north.toml", "status", "--as-of", AS_OF).out


def test_records_after_the_command_go_before_those_ahead(two: Soc) -> None:
    """Registers named after the command are read instead of those that are named before it."""
    out = two("--records", "data", "list", "--records", "data/south.toml").out
    assert "sr1" in out
    assert "Norfolk" not in out


LOOKING = [c.name for c in COMMANDS if c.panel in {LOOK, SHARE}]


@pytest.mark.parametrize("command", LOOKING)
def test_every_command_that_reads(two: Soc, command: str) -> None:
    """Each command that only reads takes a folder, and answers about both registers."""
    typed = {**CALLS, "paper": "--format markdown", "show": "sr1", "why": "sr1"}[command].split()
    code = 1 if command == "check" else 0
    out = two("--records", "data", command, *typed, code=code).out
    assert re.search("sr1|[Ss]ussex", out)
    two("--records", "nowhere", command, *typed, code=3)


WRITING = [("add", "source"), ("edit",), ("undo",), ("merge", "x.toml"), ("init",)]


@pytest.mark.parametrize("call", WRITING, ids=lambda call: call[0])
@pytest.mark.parametrize("records", [BOTH, ("--records", "data")], ids=["files", "folder"])
def test_commands_that_write_to_one(
    two: Soc, records: tuple[str, ...], call: tuple[str, ...]
) -> None:
    """Commands that write to a register take one file, and say how to name it."""
    ran = two(*records, *call, code=5 if call == ("init",) and records is not BOTH else 2)
    assert "name a file" in ran.err or "name the file" in ran.err or "name one file" in ran.err
    assert not ran.out
    assert (two.folder / "data" / "north.toml").read_text() == SOUND + NOTE


def test_update_goes_to_the_file_that_holds_the_finding(two: Soc) -> None:
    """An update is appended to the register that holds its finding, which is said."""
    ran = two("--records", "data", "done", "sr2@sussex", "--by", "B. Clerk")
    assert "Recorded in data/south.toml.\n" in ran.out
    assert (two.folder / "data" / "north.toml").read_text() == SOUND + NOTE
    south = (two.folder / "data" / "south.toml").read_text()
    assert south.startswith(SOUTH + SOUTH_NOTE)
    assert 'finding = "sr2"' in south
    assert (
        "Recorded in" not in two("--records", "data/south.toml", "note", "sr1", "--note", "x").out
    )


def test_items_of_two_registers(two: Soc) -> None:
    """A command about items of two registers writes nothing."""
    ran = two("--records", "data", "done", "r1", "sr1", "--yes", code=2)
    assert "these items are in 2 registers; nothing was written" in ran.err
    assert (two.folder / "data" / "north.toml").read_text() == SOUND + NOTE
    assert (two.folder / "data" / "south.toml").read_text() == SOUTH + SOUTH_NOTE


def test_same_record_in_both(two: Soc) -> None:
    """What both files have in the same words is there once, whenever each was written."""
    later = NOTE.replace("T12:00", "T13:00")
    two.write(SOUTH + SOUND.removeprefix("format = 1\n").replace(SHARED, "") + later,
              "data/south.toml")  # fmt: skip
    assert (
        "is valid: 8 findings for 6 bodies, 1 update." in two("--records", "data", "validate").out
    )
    (row,) = json.loads(two("--records", "data", "log", "-f", "json").out)["rows"]
    assert (row["recorded"], row["file"]) == ("2026-01-05T12:00:00+00:00", "data/north.toml")


SHARED = SOUND[SOUND.index("[[sources]]") : SOUND.index("[[bodies]]")]


def test_records_that_differ(two: Soc) -> None:
    """A record that two files have in different words is a problem that names both places."""
    two.write(SOUND.replace("Keep better", "Keep good"), "data/other.toml")
    ran = two("--records", "data", "validate", code=3)
    line = SOUND[: SOUND.index('id = "a1"')].count("\n") + 1
    assert f"data/other.toml:{line}:1: duplicate-id: another record of [[findings]]" in ran.out
    assert f"has the id 'a1' in data/north.toml:{line - 1}, and differs" in ran.out
    assert ran.out.count("duplicate-id") == 1
    assert "nothing can be said from it" in two("--records", "data", "status", code=3).err


def test_problems_name_their_file(two: Soc) -> None:
    """Problems, those between files too, have the file in which they are, in every format."""
    two.write(SOUTH + SOUTH_NOTE.replace('"sr1"', '"sr9"'), "data/south.toml")
    line = SOUTH.count("\n") + 4
    plain = two("--records", "data", "validate", code=3).out
    assert f"data/south.toml:{line}:1: unknown-finding" in plain
    assert "data/north.toml" not in plain
    assert "then: socwatch --records data validate" in plain
    (row,) = json.loads(two("--records", "data", "validate", "-f", "json", code=3).out)["rows"]
    assert (row["file"], row["line"]) == ("data/south.toml", line)
    (two.folder / ".git").mkdir()
    github = two("--records", "data", "validate", "-f", "github", code=3).out
    assert f"file=data/south.toml,line={line}" in github
    nagios = two("--records", "data", "check", "-f", "nagios", code=3).out
    assert f"data/south.toml:{line}" in nagios


def test_reference_to_another_file(two: Soc) -> None:
    """A register may refer to what only another one has, where both are read."""
    two.write("format = 1\n" + SOUTH_NOTE.replace('"sr1"', '"r1"'), "data/south.toml")
    assert "is valid" in two("--records", "data", "validate").out
    two("--records", "data/south.toml", "validate", code=3)


def test_log_names_the_file(two: Soc) -> None:
    """`log` says which register has an update; people see it where there are several."""
    out = two("--records", "data", "log").out
    assert re.search(r"Asked too\. .*data/south\.toml", out)
    rows = json.loads(two("--records", "data", "log", "-f", "json").out)["rows"]
    assert [row["file"] for row in rows] == ["data/north.toml", "data/south.toml"]
    assert "data/north.toml" not in two("--records", "data/north.toml", "log").out


def test_hints_name_the_registers(two: Soc) -> None:
    """What `check` says to type works as it stands, for each of its lines."""
    two.write(SOUTH.replace("[[responses]]", "[[grades]]").replace(
        "published = 2024-06-01", 'question = "x"\ngrade = "good"'), "data/south.toml")  # fmt: skip
    out = two(*BOTH, "check", "--as-of", AS_OF, code=1).out
    both = "socwatch --records data/north.toml --records data/south.toml"
    assert f"Details: {both} show r1" in out
    assert f"To record it as done: {both} done r1" in out
    assert "socwatch --records data/south.toml add response --inspection soc-south" in out
    two(*BOTH, "done", "r1", "--by", "B. Clerk")
    ran = two(*BOTH, "show", "r0", code=4)
    assert "socwatch --records" in ran.err or "did you mean" in ran.err


def test_cron_line_over_a_folder(two: Soc) -> None:
    """`check` over a folder is one line of cron, with the folder's whole path."""
    line = two("--records", "data", "check", "--print-schedule", "cron").out
    assert f"--records={two.folder / 'data'}" in line
    assert line.count("--records") == 1


def test_last_run_belongs_to_its_registers(two: Soc) -> None:
    """What was reminded about one register is not taken for reminded about both."""
    state = {"XDG_STATE_HOME": str(two.folder / "state"), "HOME": str(two.folder)}
    remind = ("check", "--remind", "usual", "--as-of", AS_OF)
    two("--records", "data/north.toml", *remind, code=1, environment=state)
    two("--records", "data/north.toml", *remind, environment=state)
    first = two("--records", "data", *remind, code=1, environment=state)
    assert "No earlier run with these options was found" in first.out
    two("--records", "data", *remind, environment=state)


def test_output_never_overwrites_one_of_them(two: Soc) -> None:
    """--output refuses each of the registers that are read."""
    for name in ("north", "south"):
        file = f"data/{name}.toml"
        ran = two("--records", "data", "list", "-f", "csv", "--output", file, code=5)
        assert "would overwrite the register" in ran.err
    assert (two.folder / "data" / "south.toml").read_text() == SOUTH + SOUTH_NOTE


def test_evidence_is_found_beside_its_register(soc: Soc) -> None:
    """Evidence is looked for from the folder of the register that names it."""
    for folder, text in (("a", SOUND), ("b", SOUTH)):
        soc.write(text, f"{folder}/soc.toml")
        (soc.folder / folder / "plan.txt").write_text(folder)
        finding = "sr1" if text is SOUTH else "r1"
        soc("--records", f"{folder}/soc.toml", "note", finding, "--note", "x", "--evidence",
            f"{folder}/plan.txt")  # fmt: skip
    both = ("--records", "a/soc.toml", "--records", "b/soc.toml")
    assert "unchanged: 1 file." in soc(*both, "validate", "--check-evidence").out
    (soc.folder / "b" / "plan.txt").write_text("changed")
    ran = soc(*both, "validate", "--check-evidence", code=3)
    assert re.findall(r"^(\S+):\d+:\d+: (\S+):", ran.out, re.MULTILINE) == [
        ("b/soc.toml", "evidence-changed")
    ]
    alerts = json.loads(soc(*both, "check", "--check-evidence", "-f", "json", code=1).out)["rows"]
    assert [row["id"] for row in alerts if row["matter"] == "evidence"] == ["sr1"]


def test_what_a_folder_leaves_out(two: Soc) -> None:
    """Mappings, other TOML, hidden files and conflict copies are not read; copies are reported."""
    two.write('format = 1\n[[updates]]\nid = "x"\n', "data/north.import.toml")
    two.write("[tool.ruff]\nline-length = 100\n", "data/pyproject.toml")
    two.write("format = 1\n[[updates]]\nbroken", "data/.hidden.toml")
    two.write(SOUND + NOTE + update(3, "a1", "note", "2026-02-01", 'note = "More."'),
              "data/north (1).toml")  # fmt: skip
    ran = two("--records", "data", "validate")
    assert "data is valid: 8 findings for 6 bodies, 2 updates." in ran.out
    assert "the copy data/north (1).toml holds 1 record that data/north.toml lacks" in ran.err
    assert "socwatch --records data/north.toml merge 'data/north (1).toml'" in ran.err


def test_broken_register_in_a_folder_is_not_left_out(two: Soc) -> None:
    """A register in a folder that cannot be read as TOML is reported, not left out."""
    two.write(SOUTH + '\n[[updates]]\nid = "u-9\n', "data/south.toml")
    assert "data/south.toml" in two("--records", "data", "status", code=3).err


@pytest.mark.parametrize(
    "content",
    [SOUTH.encode("utf-16"), b"format = 1\n[[findings]\n", b"format = 1\n[findings\n"],
    ids=["utf-16", "half a header", "half a table"],
)
def test_damaged_register_in_a_folder_is_not_left_out(two: Soc, content: bytes) -> None:
    """However a register is damaged or saved, it is reported and never left out in silence."""
    (two.folder / "data" / "south.toml").write_bytes(content)
    assert "data/south.toml" in two("--records", "data", "status", code=3).err
    (two.folder / "data" / "south.toml").write_bytes(b"name = 1\n")
    assert "south" not in two("--records", "data", "status").err


def test_byte_order_mark_leaves_no_register_out(two: Soc) -> None:
    """A register that an editor saved with a byte order mark is read in a folder as well."""
    south = SOUTH.encode()
    (two.folder / "data" / "south.toml").write_bytes(codecs.BOM_UTF8 + south)
    whole = two("--records", "data", "validate").out
    (two.folder / "data" / "south.toml").write_bytes(south)
    assert two("--records", "data", "validate").out == whole
    assert "data is valid" in whole


def test_folder_without_a_register(soc: Soc) -> None:
    """A folder that holds no register is said to hold none."""
    (soc.folder / "data").mkdir()
    assert (
        "there is no register in the folder data" in soc("--records", "data", "status", code=3).err
    )


def test_folder_by_the_environment(two: Soc) -> None:
    """SOCWATCH_RECORDS can name a folder."""
    assert "sr1" in two("list", environment={"SOCWATCH_RECORDS": "data"}).out


def test_same_file_twice(two: Soc) -> None:
    """A file that is named twice, or by its folder too, is read once."""
    records = ("--records", "data/north.toml", "--records", "./data/north.toml")
    assert "4 findings for 3 bodies, 1 update" in two(*records, "validate").out
    assert "8 findings" in two("--records", "data", "--records", "data/north.toml", "validate").out


def test_shipped_folder(shipped: Soc) -> None:
    """The folder of the shipped register answers as the register does."""
    one = shipped("status", "--as-of", AS_OF).out
    assert SHIPPED.name in {path.name for path in (shipped.folder / "data").iterdir()}
    assert shipped("--records", "data", "status", "--as-of", AS_OF).out == one


def union_of(*texts: str) -> Union:
    """Read registers as one."""
    return unite([read_content(Path(f"{n}.toml"), text.encode()) for n, text in enumerate(texts)])


def whole(text: str) -> str:
    """Return a register of the laws of merging as one that can be read."""
    said = 'finding = "r1"\naction = "note"\nnote = "x"\non = 2026-01-01\n'
    updates = text.removeprefix(HEAD + "\n" + BASE).replace('finding = "r1"\n', said)
    return SMALL + re.sub(
        r"(on = 2026-01-01\n)(?!recorded)", r"\1recorded = 2026-01-01T08:00:00Z\n", updates
    )


@given(appended("a"), appended("b"), appended("s"))
def test_union_follows_the_law_of_merging(a: str, b: str, shared: str) -> None:
    """Two registers read as one hold what they hold once merged, in the same order."""
    texts = [whole(HEAD + "\n" + BASE + shared + side) for side in (a, b)]
    ours, theirs = (split(text, tomllib.loads(text)) for text in texts)
    merged = read_content(Path("m.toml"), merge(ours, theirs).text().encode())
    union = union_of(*texts)
    assert union.register is not None
    assert merged.register is not None
    assert union.register == merged.register
    assert not union.faults(find_problems(union.register)) or merged.faults(
        find_problems(merged.register)
    )
