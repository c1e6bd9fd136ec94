"""`add`: a record at the end of the register, asked for on a terminal, told by options else."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import SHIPPED, TIMEOUT, Soc, bare_environment, once_let_in
from registers import SMALL
from socwatch.cli import SOCWATCH
from socwatch.cli.add.command import WORDS
from socwatch.cli.add.values import option_of
from socwatch.cli.typer_seam import parsers
from socwatch.records import FIELDS, TABLES, Register
from socwatch.store.load import read_content
from socwatch.suggestions import choices, suggest_id
from terminal import Terminal

NAME = "recommendations.toml"
WAYS = ("--dry-run", "--records")
"""The options of `add` that are no fields."""

EACH: Mapping[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "source": (
        ("--publisher", "Daily Post", "--title", "Graded", "--published", "2024-05"),
        {"id": "daily-post-2024-05", "publisher": "Daily Post", "title": "Graded",
         "published": "2024-05"},
    ),
    "body": (
        ("--name", "Anyshire Police", "--kind", "force", "--region", "north-r",
         "--aliases", "Anyshire", "--aliases", "the county"),
        {"id": "anyshire", "name": "Anyshire Police", "kind": "force", "region": "north-region",
         "aliases": ["Anyshire", "the county"]},
    ),
    "inspection": (
        ("--title", "PEEL: Norfolk", "--inspectorate", "HMICFRS", "--published", "3 Feb 2025",
         "--fieldwork", "2024", "--scale", "Five grades", "--sources", "pap"),
        {"id": "peel-norfolk-2025", "title": "PEEL: Norfolk", "inspectorate": "HMICFRS",
         "published": date(2025, 2, 3), "fieldwork": "2024", "scale": "five-grades",
         "sources": ["paper"]},
    ),
    "grade": (
        ("--inspection", "how the north", "--body", "northu", "--question", "Tackling",
         "--grade", "good", "--contradicted-by", "paper=It says bad = inadequate."),
        {"inspection": "soc-2024", "body": "northumbria", "question": "Tackling", "grade": "good",
         "contradicted_by": [{"source": "paper", "says": "It says bad = inadequate."}]},
    ),
    "finding": (
        ("--inspection", "soc", "--bodies", "Norfolk", "--bodies", "northumbria", "--kind",
         "cause-of-concern", "--summary", "Slow.", "--deadline", "6  Months",
         "--recommendations-stated", "4", "--recurs-from", "r2"),
        {"id": "cause-c2", "inspection": "soc-2024", "bodies": ["norfolk", "northumbria"],
         "kind": "cause-of-concern", "summary": "Slow.", "deadline": "6 months",
         "recommendations_stated": 4, "recurs_from": ["r2"]},
    ),
    "response": (
        ("--inspection", "soc-2024", "--body", "norfolk", "--published", "2024-07-08",
         "--answered-by", "local-policing-body", "--url", "https://example.org/a?b=c#d"),
        {"inspection": "soc-2024", "body": "norfolk", "published": date(2024, 7, 8),
         "answered_by": "local-policing-body", "url": "https://example.org/a?b=c#d"},
    ),
    "monitoring": (
        ("--body", "norfolk", "--phase", "Engage", "--entered", "2024-06", "--finding", "cause"),
        {"body": "norfolk", "phase": "Engage", "entered": "2024-06", "finding": "cause"},
    ),
}  # fmt: skip
"""What can be added: options that say it, and the record that comes of them."""

SPARE = SMALL.replace("recommendations_stated = 3\n", "")


@pytest.fixture
def spare(soc: Soc) -> Soc:
    """The command beside the small register, which does not say how many were stated."""
    soc.write(SPARE)
    return soc


def content(soc: Soc) -> bytes:
    """The register's bytes."""
    return (soc.folder / NAME).read_bytes()


def parsed(held: bytes) -> dict[str, Any]:
    """What the bytes of a register mean to another reader of TOML."""
    return tomllib.loads(held.decode("utf-8-sig"))


def added(soc: Soc, word: str, *options: str) -> dict[str, Any]:
    """The record that a call adds; the old bytes stay, and the register is valid with it."""
    before = content(soc)
    ran = soc("add", word, *options)
    assert ran.err == ""
    assert ran.out.startswith("Added ")
    after = content(soc)
    assert after.startswith(before)
    assert soc("validate").err == ""
    table = WORDS[word]
    was, now = parsed(before), parsed(after)
    *kept, record = now.pop(table)
    assert kept == was.pop(table, [])
    assert now == was
    assert isinstance(record, dict)
    return record


def refused(soc: Soc, *arguments: str, code: int) -> str:
    """What a call says that is refused, which writes nothing and leaves nothing behind."""
    before, names = content(soc), {path.name for path in soc.folder.iterdir()}
    ran = soc("add", *arguments, code=code)
    assert ran.out == ""
    assert content(soc) == before
    left = {path.name for path in soc.folder.iterdir()} - names
    assert left <= {f".{NAME}.lock"}
    return ran.err


def register_of(text: str) -> Register:
    """The register that a text holds."""
    register = read_content(Path(NAME), text.encode()).register
    assert register is not None
    return register


@pytest.mark.parametrize("word", EACH)
def test_every_kind_of_record(spare: Soc, word: str) -> None:
    """Each kind is added as its options say, ids in full, dates as a register holds them."""
    options, record = EACH[word]
    assert added(spare, word, *options) == record


def test_every_kind_is_shown_here() -> None:
    """All that a register holds can be added but updates, which other commands append."""
    assert set(EACH) == set(WORDS)
    assert set(WORDS.values()) == set(TABLES) - {"updates"}


@pytest.mark.parametrize("word", WORDS)
def test_every_field_is_an_option(word: str) -> None:
    """A record's fields are the options of its command, in the words of FIELDS."""
    command: Any = dict(parsers(SOCWATCH))[f"add {word}"]
    parameters = {parameter.opts[0]: parameter for parameter in command.params}
    fields = FIELDS[WORDS[word]].values()
    assert set(parameters) == {option_of(field) for field in fields} | set(WAYS)
    for field in fields:
        parameter = parameters[option_of(field)]
        assert parameter.help.startswith(field.meaning.partition(":")[0].rstrip("."))
        assert parameter.multiple == field.many


@pytest.mark.parametrize("word", EACH)
def test_dry_run(spare: Soc, word: str) -> None:
    """--dry-run prints exactly the lines that are then written, and writes none."""
    before = content(spare)
    shown = spare("add", word, *EACH[word][0], "--dry-run").out
    assert content(spare) == before
    assert f"[[{WORDS[word]}]]" in shown
    spare("add", word, *EACH[word][0])
    assert content(spare) == before + shown.encode()


def test_how_it_is_written(spare: Soc) -> None:
    """A field a line, in the order of the format; a list on one line while it is short."""
    options = ("--part-of", "cause", "--bodies", "norfolk", "--summary", "Say who leads.")
    more = ("--deadline", "immediately", "--contradicted-by", 'paper=It says "soon".')
    shown = spare("add", "finding", *options, *more, "--dry-run").out
    assert shown == (
        '\n[[findings]]\nid = "r3"\ninspection = "soc-2024"\nbodies = ["norfolk"]\n'
        'kind = "recommendation"\nsummary = "Say who leads."\npart_of = "cause"\n'
        'deadline = "immediately"\n'
        'contradicted_by = [{ source = "paper", says = "It says \\"soon\\"." }]\n'
    )
    aliases = [word for n in range(12) for word in ("--aliases", f"another name {n}")]
    long = spare("add", "finding", *options, *aliases, "--dry-run").out
    assert 'aliases = [\n    "another name 0",\n' in long
    assert max(map(len, long.splitlines())) < 100


@pytest.mark.parametrize(
    ("mark", "newline", "last"),
    [(b"", b"\n", b""), (b"", b"\r\n", b"\r\n"), (b"\xef\xbb\xbf", b"\r\n", b""),
     (b"\xef\xbb\xbf", b"\n", b"\n"), (b"", b"\n", b"\n# the end")],
)  # fmt: skip
def test_the_old_bytes_stay(soc: Soc, mark: bytes, newline: bytes, last: bytes) -> None:
    """Whatever its mark, line endings and last line: the old file begins the new one."""
    old = mark + newline.join(SPARE.encode().rstrip(b"\n").split(b"\n")) + last
    (soc.folder / NAME).write_bytes(old)
    record = added(soc, "source", "--publisher", "Post", "--title", "One")
    assert record == {"id": "post", "publisher": "Post", "title": "One"}
    tail = content(soc).removeprefix(old)
    assert tail.count(b"\r") == (tail.count(b"\n") if newline == b"\r\n" else 0)


def test_what_it_says(spare: Soc) -> None:
    """It names what was added, what is true now, and what to type next."""
    ran = spare("add", "finding", "--part-of", "cause", "--bodies", "norfolk", "--summary", "Act.")
    assert ran.out.splitlines()[0] == f"Added the recommendation r3 to {NAME}."
    assert "Norfolk Constabulary: 3 recommendations (3 open)" in ran.out
    assert ran.out.splitlines()[-1] == "Next: socwatch show r3"
    assert "Act." in spare("show", "r3").out


def test_what_to_type_next_in_an_empty_register(soc: Soc) -> None:
    """It leads from a source to a body, an inspection and a finding, each able to be added."""
    assert soc("init").code == 0
    said = [
        soc("add", *options.split()).out.splitlines()[-1]
        for options in (
            "source --publisher Post --title One",
            "body --kind force --name Norfolk --sources post",
            "inspection --inspectorate HMICFRS --title Two --published 2024-05-14",
            "finding --inspection two-2024 --bodies norfolk --kind cause-of-concern --summary Act.",
        )
    ]
    assert said == [
        "Next: socwatch add body --sources post",
        "Next: socwatch add inspection",
        "Next: socwatch add finding --inspection two-2024",
        "Next: socwatch add finding --part-of norfolk-two-2024",
    ]
    assert soc("add", "source", "--publisher", "Sun", "--title", "X").out.endswith(
        "Next: socwatch add finding --sources sun\n"
    )


def test_what_is_odd_is_said(small: Soc) -> None:
    """A day to come, and a force for which nobody is to answer, are recorded and told."""
    words = ("--inspectorate", "HMICFRS", "--published")
    told = small("add", "inspection", "--title", "Next", *words, "2099-01-01").out
    assert "It is published 1 Jan 2099, which is still to come." in told
    assert "to come" not in small("add", "inspection", "--title", "Now", *words, "2024-01-01").out
    force = ("add", "body", "--kind", "force", "--name")
    assert "nobody's 56 days are watched" in small(*force, "Thames Police").out
    answering = ("--local-policing-body", "Thames Commissioner")
    assert "56 days" not in small(*force, "Trent Police", *answering).out


def test_an_inspection_that_is_not_there_names_those_that_are(small: Soc) -> None:
    """No listing has every inspection, so the error does."""
    ran = small("add", "finding", "--inspection", "other", "--bodies", "norfolk", "--kind",
                "recommendation", "--summary", "x", code=4)  # fmt: skip
    assert "there are: soc-2024" in ran.err
    assert "socwatch list" not in ran.err


def test_what_to_type_next_from_elsewhere(spare: Soc) -> None:
    """Where the register is not the one that is found from here, the command names it."""
    (spare.folder / NAME).rename(spare.folder / "my register.toml")
    options = ("--publisher", "Post", "--title", "One", "--records", "my register.toml")
    ran = spare("add", "source", *options)
    assert "Next: socwatch --records 'my register.toml' add finding --sources post\n" in ran.out


def test_nothing_to_ask_for(spare: Soc) -> None:
    """Without a terminal everything that is missing is named at once, with its option."""
    assert refused(spare, "finding", code=2) == (
        "socwatch: this lacks inspection, bodies, kind and summary\n"
        "  add --inspection ID --bodies BODY --kind WORD --summary TEXT\n"
    )
    ask = refused(spare, "finding", "--kind", "recommendation", "--summary", "Act.", code=2)
    assert "add --inspection ID --bodies BODY --part-of ID\n" in ask
    assert "--kind" not in ask
    assert "this lacks phase\n" in refused(spare, "monitoring", "--body", "norfolk", code=2)


def test_no_kind(spare: Soc) -> None:
    """`add` alone names what can be added; what cannot is an error with the nearest word."""
    err = refused(spare, code=2)
    assert "this does not say what to add" in err
    assert "finding, body, inspection, grade, source, response, monitoring" in err
    assert "finding" in refused(spare, "findng", code=2)
    assert "no such command 'update'" in refused(spare, "update", code=2)


def test_implied_by_the_cause(spare: Soc) -> None:
    """What hangs from a cause is a recommendation of its report; of its body, if that is one."""
    added(spare, "finding", "--inspection", "soc", "--bodies", "norfolk", "--kind",
          "cause-of-concern", "--summary", "Slow.", "--id", "slow")  # fmt: skip
    record = added(spare, "finding", "--part-of", "slow", "--summary", "Be quick.")
    assert record == {
        "id": "slow-r1",
        "inspection": "soc-2024",
        "bodies": ["norfolk"],
        "kind": "recommendation",
        "summary": "Be quick.",
        "part_of": "slow",
    }
    assert "this lacks bodies" in refused(
        spare, "finding", "--part-of", "cause", "--summary", "Act.", code=2
    )


@pytest.mark.parametrize(
    ("code", "said", "options"),
    [
        (5, "duplicate-id", ("source", "--id", "paper", "--publisher", "P", "--title", "T")),
        (5, "bad-id", ("source", "--id", "A Paper", "--publisher", "P", "--title", "T")),
        (5, "empty-text", ("source", "--publisher", "P", "--title", "")),
        (5, "not-a-force", ("monitoring", "--body", "north-region", "--phase", "Engage")),
        (5, "region-graded", ("grade", "--inspection", "soc", "--body", "north-region",
                              "--question", "Q", "--grade", "good")),
        (5, "duplicate-grade", ("grade", "--inspection", "soc", "--body", "norfolk", "--question",
                                "Tackling organised crime", "--grade", "good")),
        (5, "deadline-not-for-kind", ("finding", "--inspection", "soc", "--bodies", "norfolk",
                                      "--kind", "area-for-improvement", "--summary", "S",
                                      "--deadline", "2025-01-01")),
        (5, "deadline-before-publication", ("finding", "--part-of", "cause", "--bodies", "norfolk",
                                            "--summary", "S", "--deadline", "2024-05-13")),
        (5, "wrong-type", ("finding", "--inspection", "soc", "--bodies", "norfolk", "--kind",
                           "cause-of-concern", "--summary", "S", "--recommendations-stated", "0")),
        (5, "repeated-value", ("finding", "--part-of", "cause", "--bodies", "norfolk", "--bodies",
                               "norfolk", "--summary", "S")),
        (5, "no-policing-body", ("response", "--inspection", "soc", "--body", "northumbria")),
        (5, "U+202E", ("source", "--publisher", "P\u202e", "--title", "T")),
        (5, "U+001B", ("source", "--publisher", "P", "--title", "\x1b[31mT")),
        (4, "no body 'kent'", ("monitoring", "--body", "kent", "--phase", "Engage")),
        (4, "could be any of 3", ("monitoring", "--body", "nor", "--phase", "Engage")),
        (4, "no source 'papyrus'", ("body", "--name", "N", "--kind", "force", "--sources",
                                    "papyrus")),
        (4, "no source 'post'", ("grade", "--inspection", "soc", "--body", "norfolk", "--question",
                                 "Q", "--grade", "good", "--contradicted-by", "post=No.")),
        (2, "--kind cannot be 'army'", ("body", "--name", "N", "--kind", "army")),
        (2, "--published cannot be 'soon'", ("source", "--publisher", "P", "--title", "T",
                                             "--published", "soon")),
        (2, "'03/04' could be 3 Apr ", ("inspection", "--title", "T", "--inspectorate", "I",
                                        "--published", "03/04")),
        (2, "--recommendations-stated cannot be 'nine'", ("finding", "--recommendations-stated",
                                                          "nine")),
        (2, "does not say what the source says", ("grade", "--contradicted-by", "paper")),
        (2, "no such option", ("source", "--publsher", "P")),
    ],
)  # fmt: skip
def test_refusals(spare: Soc, code: int, said: str, options: tuple[str, ...]) -> None:
    """What `validate` would find, what is not there and what has no meaning is not written."""
    err = refused(spare, *options, code=code)
    assert said in err
    assert err.count("\n") >= 2, "what is wrong, and what to do next"


def test_no_text(spare: Soc) -> None:
    """Bytes that are not UTF-8 are refused, and it is said where they are."""
    err = refused(spare, "source", "--publisher", "P\udcff", "--title", "T", code=5)
    assert "publisher holds bytes that are not UTF-8 text" in err


def test_a_register_with_faults(spare: Soc) -> None:
    """Nothing is added to a register that is wrong already; its fault is shown instead."""
    spare.write(SPARE + '[[monitoring]]\nbody = "kent"\nphase = "Engage"\n')
    err = refused(spare, "source", "--publisher", "P", "--title", "T", code=3)
    assert "unknown-body" in err


def test_more_than_stated(soc: Soc) -> None:
    """A fault that the new record makes of another one is refused with that one's remedy."""
    soc.write(SMALL.replace("stated = 3", "stated = 2"))
    err = refused(
        soc, "finding", "--part-of", "cause", "--bodies", "norfolk", "--summary", "S", code=5
    )
    assert "more-than-stated" in err
    assert "recommendations_stated = 3" in err


@pytest.mark.parametrize(
    "text",
    ['"""', "'''", "two\nlines", "# no comment", "[[updates]]", "back\\slash", "{ a = 1 }", "£’é😀",
     "= 1", "x" * 20_000, "tab\tbed", "two\r\nlines", " blanks "],
)  # fmt: skip
def test_any_text_is_kept(spare: Soc, text: str) -> None:
    """What can be read is kept exactly, whatever it means to TOML."""
    options = ("--publisher", text, "--title", text, "--id", "odd", "--note", text)
    record = added(spare, "source", *options)
    assert record == {"id": "odd", "publisher": text, "title": text, "note": text}


@pytest.mark.parametrize(
    ("typed", "held"),
    [("2025-01-31", date(2025, 1, 31)), ("31 January 2025", date(2025, 1, 31)),
     ("03/04/2025", date(2025, 4, 3)), ("Sept 2025", "2025-09"), ("2025-01", "2025-01"),
     ("2025", "2025"), ("Immediately", "immediately"), ("a year", "1 year"), ("2w", "2 weeks")],
)  # fmt: skip
def test_deadlines(spare: Soc, typed: str, held: object) -> None:
    """A deadline is held as a register holds it: as exactly as it is known, and no more."""
    options = ("--part-of", "cause", "--bodies", "norfolk", "--summary", "S")
    assert added(spare, "finding", *options, "--deadline", typed)["deadline"] == held


@pytest.mark.parametrize(
    ("word", "options", "proposed"),
    [
        ("finding", ("--part-of", "wmp-soc-2024"), "wmp-soc-2024-r6"),
        ("finding", ("--part-of", "wmp-soc-2018"), "wmp-soc-2018-r2"),
        ("finding", ("--inspection", "soc-west", "--bodies", "rocuwm", "--kind",
                     "area-for-improvement"), "rocuwm-soc-2024-a5"),
        ("finding", ("--inspection", "soc-west", "--bodies", "west-mercia", "--kind",
                     "area-for-improvement"), "wmp-soc-2024-a1"),
        ("finding", ("--inspection", "soc-west", "--bodies", "west-mercia", "--kind",
                     "cause-of-concern"), "wmp-soc-2024-c2"),
        ("finding", ("--inspection", "soc-west", "--bodies", "warwickshire", "--kind",
                     "cause-of-concern"), "warks-soc-2024"),
        ("finding", ("--inspection", "soc-west", "--bodies", "west-midlands-police", "--kind",
                     "innovative-practice"), "wmpol-soc-2024-p2"),
        ("finding", ("--inspection", "peel-2018", "--bodies", "staffordshire", "--kind",
                     "area-for-improvement"), "staffordshire-peel-2018-19-a1"),
        ("finding", ("--inspection", "peel-2018", "--bodies", "staffordshire", "--bodies",
                     "warwickshire", "--kind", "area-for-improvement"), "peel-2018-19-a1"),
        ("source", ("--publisher", "BBC", "--title", "T", "--published", "2024-05-14"),
         "bbc-2024-05-14-2"),
        ("source", ("--publisher", "The Ross-on-Wye Gazette’s", "--title", "T"),
         "ross-wye-gazette"),
        ("source", ("--publisher", "警察", "--title", "T"), "new"),
        ("body", ("--name", "Dyfed-Powys Police", "--kind", "force"), "dyfed-powys"),
        ("body", ("--name", "Heddlu Gogledd Cymru – Llandudno’s Môn", "--kind", "force"),
         "heddlu-gogledd-cymru-llandudno-mon"),
        ("body", ("--name", "Staffordshire Constabulary", "--kind", "force"),
         "staffordshire-constabulary"),
        ("inspection", ("--title", "How London tackles serious and organised crime",
                        "--inspectorate", "HMICFRS", "--published", "2025-02-03"),
         "london-tackles-soc-2025"),
        ("inspection", ("--title", "PEEL 2025", "--inspectorate", "HMICFRS", "--published",
                        "2025-02-03"), "peel-2025"),
    ],
)  # fmt: skip
def test_proposed_ids(shipped: Soc, word: str, options: tuple[str, ...], proposed: str) -> None:
    """An id is made of the words given, or as those beside it are numbered; it is never taken."""
    more = ("--summary", "S") if word == "finding" else ()
    held = tomllib.loads(shipped("add", word, *options, *more, "--dry-run").out)
    assert held[WORDS[word]][0]["id"] == proposed
    assert f'id = "{proposed}"' not in SHIPPED.read_text("utf-8")


def test_numbers_go_on_from_the_last(spare: Soc) -> None:
    """The next number is behind the highest, though one below it is free: ids are not reused."""
    spare.write(SPARE.replace('id = "r2"', 'id = "r10"'))
    record = added(spare, "finding", "--part-of", "cause", "--bodies", "norfolk", "--summary", "S")
    assert record["id"] == "r11"


def test_names_are_taken_too(spare: Soc) -> None:
    """An id that is another body's alias is not proposed: `show` could mean either."""
    spare.write(SPARE.replace('aliases = ["Norfolk"]', 'aliases = ["Kent"]'))
    record = added(spare, "body", "--name", "Kent Police", "--kind", "force")
    assert record["id"] == "kent-police"


@given(
    st.sampled_from(["sources", "bodies", "inspections"]),
    st.text(min_size=1, max_size=40),
    st.integers(0, 3),
)
def test_any_words_make_an_id(table: str, text: str, again: int) -> None:
    """Whatever the words, what is proposed is an id, and is not taken."""
    register = register_of(SPARE)
    row = {"publisher": text, "name": text, "title": text, "published": date(2024, 5, 14)}
    record: Any
    for _ in range(again):
        name = suggest_id(register, table, row)
        record = getattr(register, table)[0].model_copy(update={"id": name})
        register = Register.model_construct(
            **{**dict(register), table: (*getattr(register, table), record)}
        )
    with_ids = [name for name, fields in FIELDS.items() if "id" in fields]
    ids = {each.id for name in with_ids for each in getattr(register, name)}
    proposed = suggest_id(register, table, row)
    assert proposed not in ids
    assert proposed.strip("-") == proposed
    assert set(proposed) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


def test_choices() -> None:
    """Only what can be right is offered: the causes of a report, forces, regions."""
    register = register_of(SPARE)
    row = {"inspection": "soc-2024", "bodies": ["norfolk"]}
    assert choices(register, "findings", "part_of", row) == ("cause",)
    assert choices(register, "findings", "part_of", {"inspection": "other"}) == ()
    assert choices(register, "monitoring", "body", {}) == ("norfolk", "northumbria")
    assert choices(register, "bodies", "region", {}) == ("north-region",)
    assert choices(register, "findings", "summary", {}) == ()


HOLDER = """
import sys
from pathlib import Path
from socwatch.store.lock import hold_lock
with hold_lock(Path(sys.argv[1]), wait=5):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_another_writer(spare: Soc) -> None:
    """While another program holds the lock a dry run works; afterwards the record is added."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, spare.folder / NAME],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=bare_environment(),
    )
    assert holder.stdin is not None
    assert holder.stdout is not None
    with holder:
        assert holder.stdout.readline() == b"held\n"
        options = ("source", "--publisher", "P", "--title", "T")
        spare("add", *options, "--dry-run")
        holder.stdin.close()
    assert added(spare, *options)["id"] == "p"


def test_two_at_once(spare: Soc) -> None:
    """Of many that add at once each gets an id of its own, and none is lost."""
    command = [sys.executable, "-m", "socwatch", "add", "source", "--publisher", "Post", "--title"]

    def add(number: int) -> int:
        return once_let_in(
            lambda: subprocess.run(
                [*command, f"No. {number}"], cwd=spare.folder, env=bare_environment(),
                stdin=subprocess.DEVNULL, capture_output=True, check=False, text=True,
                timeout=TIMEOUT,
            )
        ).returncode  # fmt: skip

    with ThreadPoolExecutor() as beside:
        assert [*beside.map(add, range(3))] == [0, 0, 0]
    sources = parsed(content(spare))["sources"][1:]
    assert {source["title"] for source in sources} == {f"No. {number}" for number in range(3)}
    assert {source["id"] for source in sources} == {"post", "post-2", "post-3"}
    spare("validate")


class Questions:
    """`add` on a terminal, and somebody who answers."""

    def __init__(self, soc: Soc, *arguments: str) -> None:
        """Begin it."""
        self.terminal = Terminal(soc.folder, "add", *arguments, environment={"TERM": "xterm"})

    def answer(self, field: str, text: str, *, default: str = "") -> str:
        """The words before a question about a field, which is then answered."""
        before = self.terminal.read_to(f"{field} [{default}]: " if default else f"\n{field}: ")
        self.terminal.answer(text)
        assert all(len(line) < 80 for line in before.split("\r\n")), before
        return " ".join(before.split())

    def ended(self, code: int = 0) -> str:
        """What is said at the end, with that exit code."""
        said, ended = self.terminal.end()
        assert ended == code, said
        return said


def test_asked_on_a_terminal(spare: Soc) -> None:
    """What is missing is asked for, a question each, with the answers that there are."""
    before = content(spare)
    questions = Questions(spare, "finding", "--summary", "Say who leads.")
    asked = questions.answer("inspection", "", default="soc-2024")
    assert "Id of the inspection that made it." in asked
    asked = questions.answer("bodies", "Norfolk, northu")
    assert "north-region, norfolk, northumbria" in asked
    assert "several with commas between them" in asked
    asked = questions.answer("kind", "recomendation")
    assert "area-for-improvement" in asked
    asked = questions.answer("kind", "recommendation")
    assert "kind cannot be 'recomendation'" in asked
    asked = questions.answer("part_of", "r1", default="cause")
    assert "cause of concern" in asked
    asked = questions.answer("part_of", "", default="cause")
    assert "part-of cannot be r1 here use one of cause" in asked
    asked = questions.answer("deadline", "sometime")
    assert "may be left empty" in asked
    asked = questions.answer("deadline", "2024-04")
    assert "deadline cannot be 'sometime'" in asked
    asked = questions.answer("id", "", default="r3")
    assert "never renumbered" in asked
    asked = questions.answer("deadline", "2025-06")
    assert "this deadline is before the report, published on 2024-05-14" in asked
    said = questions.ended()
    assert "Added the recommendation r3" in said
    assert "summary:" not in said
    after = content(spare)
    assert after.startswith(before)
    assert parsed(after)["findings"][-1] == {
        "id": "r3",
        "inspection": "soc-2024",
        "bodies": ["norfolk", "northumbria"],
        "kind": "recommendation",
        "summary": "Say who leads.",
        "part_of": "cause",
        "deadline": "2025-06",
    }


def test_left_empty(spare: Soc) -> None:
    """What must be there is asked for again until it is; what need not be is left out."""
    questions = Questions(spare, "source")
    questions.answer("publisher", "")
    assert "this cannot be left empty" in questions.answer("publisher", "The Post")
    questions.answer("title", "Soft\u00adly")
    assert "U+00AD" in questions.answer("title", "Softly")
    questions.answer("published", "")
    questions.answer("id", "paper", default="post")
    asked = questions.answer("id", "", default="post")
    assert "another record of [[sources]] has the id 'paper' already" in asked
    assert "Added the source post" in questions.ended()
    assert parsed(content(spare))["sources"][-1] == {
        "id": "post",
        "publisher": "The Post",
        "title": "Softly",
    }


def test_nothing_to_choose_from(soc: Soc) -> None:
    """Where there is nothing yet that a record could belong to, it is said what to add first."""
    soc.write("format = 1\n")
    assert "socwatch add inspection" in Questions(soc, "grade").ended(4)
    assert content(soc) == b"format = 1\n"


def test_nothing_left_to_ask(spare: Soc) -> None:
    """On a questions, too, only what is missing is asked for; --dry-run writes nothing then."""
    before = content(spare)
    said = Questions(spare, "monitoring", "--body", "norfolk", "--phase", "Engage", "--entered",
                    "2024", "--dry-run").ended()  # fmt: skip
    assert '[[monitoring]]\r\nbody = "norfolk"' in said
    assert "phase:" not in said
    assert content(spare) == before


def test_no_answer_mends_it(spare: Soc) -> None:
    """A fault of what an option said is refused, and is not asked for again."""
    before = content(spare)
    questions = Questions(spare, "monitoring", "--body", "north-region", "--phase", "Engage")
    questions.answer("entered", "")
    assert "not-a-force" in questions.ended(5)
    assert content(spare) == before


@pytest.mark.parametrize("key", ["\x03", "\x04"])
def test_stopped(spare: Soc, key: str) -> None:
    """Ctrl-C and Ctrl-D end the questions, and nothing was written."""
    before = content(spare)
    questions = Questions(spare, "body")
    questions.answer("name", "Kent Police")
    questions.terminal.read_to("kind: ")
    questions.terminal.type(key)
    assert "socwatch: stopped" in questions.ended(130)
    assert content(spare) == before
