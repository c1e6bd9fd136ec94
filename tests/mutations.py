"""Registers gone wrong, and the law for reading them.

Sound registers' bytes changed by chance, the same way for the same seed; registers that hypothesis
makes, most of them nearly valid. Whatever the bytes, reading them breaks no law: see `breach`.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path
from random import Random

from hypothesis import strategies as st

from oracle_validity import FIELDS, MUST, objections, refused_by_toml
from registers import SMALL, update
from socwatch.errors import LocatedProblem
from socwatch.render.context import RenderContext
from socwatch.render.formats import PROBLEM_FORMATS
from socwatch.rules import find_problems
from socwatch.store.load import Loaded, read_content
from socwatch.tracking import grades_as_of, replay

TOKENS = (
    b"[[",
    b"]]",
    b"[",
    b"]",
    b"{",
    b"}",
    b"=",
    b",",
    b".",
    b"#",
    b'"',
    b"'",
    b'"""',
    b"'''",
    b"\\",
    b"\\u0000",
    b"\\u202e",
    b"\\U00110000",
    b"\\ud800",
    b"\\e",
    b"\x00",
    b"\x1b[31m",
    b"\x7f",
    b"\xff",
    b"\xc3",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    b"\xe2\x80\xae",
    b"\xe2\x80\x8b",
    b"\xc2\xa0",
    b"\r",
    b"\r\n",
    b"\n",
    b"\t",
    b"\xf0\x9f\x9a\x93",
    "é".encode(),
    b"99999999999999999999999999",
    b"-9223372036854775809",
    b"0x7fffffffffffffffffff",
    b"1e999",
    b"nan",
    b"-inf",
    b"2024-02-30",
    b"0000-01-01",
    b"9999-12-31",
    b"0001-01-01",
    b"23:59:60",
    b"2024-05-14T10:00:00",
    b"2024-05-14T10:00:00+23:59",
    b"true",
    b"a.b.c",
    b"[" * 30,
    b"{a=" * 30,
    b"a." * 40,
    b"<<<<<<< HEAD\n",
    b"=======\n",
    b">>>>>>> theirs\n",
    b"\n[findings]\n",
    b"\n[[updates]]\n",
    b"\n[[findings.contradicted_by]]\n",
    b"\n[x]\n",
    b'\n"""\n',
    b"\nupdates = []\n",
    b"\nformat = 2\n",
)
"""What has a meaning in TOML, or none in Python, or ends a terminal."""

VALUES = (
    b'"text"',
    b'""',
    b"'  '",
    b'"""\nlong\n"""',
    b"0",
    b"-1",
    b"1",
    b"99",
    b"1.5",
    b"true",
    b"2024-05-14",
    b"1856-01-01",
    b"1855-12-31",
    b"2199-12-31",
    b"9999-12-31",
    b"0001-01-01",
    b"2024-05-14T10:00:00",
    b"2024-05-14T10:00:00Z",
    b"0001-01-01T00:00:00+14:00",
    b"9999-12-31T23:59:59-12:00",
    b"10:00:00",
    b'"2024"',
    b'"2024-05"',
    b'"2024-13"',
    b'"0000"',
    b'"9999 years"',
    b'"6 months"',
    b'"immediately"',
    b"[]",
    b'["a"]',
    b'["a", "a"]',
    b"[1]",
    b"[[]]",
    b"{}",
    b'{ source = "a", says = "b" }',
    b'[{ source = "a", says = "b" }]',
    b"nan",
    b"99999999999999999999",
    b'"force"',
    b'"region"',
    b'"recommendation"',
    b'"cause-of-concern"',
    b'"area-for-improvement"',
    b'"innovative-practice"',
    b'"done"',
    b'"sign-off"',
    b'"close"',
    b'"extend"',
    b'"retract"',
    b'"reopen"',
    b'"superseded"',
    b'"not-graded"',
    b'"four-grades"',
)
"""Values of every type, near what some field takes and far from it."""

KEYS = (
    b"id kind region sources bodies inspection deadline part_of status aliases note update until "
    b"recorded published on by body finding action successor outcome owner evidence blocked_by "
    b"supersedes recurs_from contradicted_by recommendations_stated target scale format title"
).split()

_ASSIGNMENT = re.compile(rb"^([ \t]*[\w-]+[ \t]*=[ \t]*)(.*?)(\r?)$", re.MULTILINE)
_HEADER = re.compile(rb"^\[\[", re.MULTILINE)
_TEXT = re.compile(rb'"[^"\n]+"')


def mutated(content: bytes, seed: int) -> bytes:
    """The content after one mutation, or some, chosen by the seed."""
    random = Random(seed)  # noqa: S311  # chance, not secrets
    for _ in range(random.choice((1, 1, 1, 1, 2, 2, 3, 6))):
        content = random.choice(MUTATIONS)(random, content)
    return content


def _span(random: Random, content: bytes, longest: int) -> tuple[int, int]:
    first = random.randrange(len(content) + 1)
    return first, min(len(content), first + random.randint(1, longest))


def flipped(random: Random, content: bytes) -> bytes:
    """One bit is the other way round."""
    if not content:
        return content
    place = random.randrange(len(content))
    changed = bytes([content[place] ^ (1 << random.randrange(8))])
    return content[:place] + changed + content[place + 1 :]


def without_bytes(random: Random, content: bytes) -> bytes:
    """Some bytes are gone."""
    first, last = _span(random, content, random.choice((1, 1, 5, 200)))
    return content[:first] + content[last:]


def with_bytes_twice(random: Random, content: bytes) -> bytes:
    """Some bytes are there twice."""
    first, last = _span(random, content, random.choice((1, 5, 200)))
    return content[:last] + content[first:last] + content[last:]


def with_token(random: Random, content: bytes) -> bytes:
    """A piece of TOML, or of what TOML does not know, stands anywhere."""
    place, _ = _span(random, content, 1)
    return content[:place] + random.choice(TOKENS) + content[place:]


def with_line(random: Random, content: bytes) -> bytes:
    """A piece stands at the beginning or the end of a line."""
    lines = content.split(b"\n")
    number = random.randrange(len(lines))
    token = random.choice(TOKENS)
    lines[number] = random.choice((token + lines[number], lines[number] + token))
    return b"\n".join(lines)


def without_line(random: Random, content: bytes) -> bytes:
    """A line is gone."""
    lines = content.split(b"\n")
    del lines[random.randrange(len(lines))]
    return b"\n".join(lines)


def with_line_elsewhere(random: Random, content: bytes) -> bytes:
    """A line stands somewhere else too."""
    lines = content.split(b"\n")
    lines.insert(random.randrange(len(lines) + 1), random.choice(lines))
    return b"\n".join(lines)


def _records(content: bytes) -> list[bytes]:
    starts = [0, *(found.start() for found in _HEADER.finditer(content)), len(content)]
    return [content[first:last] for first, last in pairwise(starts)]


def without_record(random: Random, content: bytes) -> bytes:
    """A record is gone."""
    records = _records(content)
    del records[random.randrange(len(records))]
    return b"".join(records)


def with_record_twice(random: Random, content: bytes) -> bytes:
    """A record stands somewhere else too."""
    records = _records(content)
    records.insert(random.randrange(len(records) + 1), random.choice(records))
    return b"".join(records)


def with_records_swapped(random: Random, content: bytes) -> bytes:
    """Two records have changed places."""
    records = _records(content)
    one, other = random.randrange(len(records)), random.randrange(len(records))
    records[one], records[other] = records[other], records[one]
    return b"".join(records)


def cut_short(random: Random, content: bytes) -> bytes:
    """The file ends in its middle."""
    return content[: random.randrange(len(content) + 1)]


def with_value(random: Random, content: bytes) -> bytes:
    """A field has a value out of the list."""
    return _with_value(random, content, random.choice(VALUES))


def with_value_of_another(random: Random, content: bytes) -> bytes:
    """A field has the value of another."""
    found = list(_ASSIGNMENT.finditer(content))
    return _with_value(random, content, random.choice(found)[2]) if found else content


def with_text_of_another(random: Random, content: bytes) -> bytes:
    """A text in quotes, most of which are ids, is that of another place."""
    found = list(_TEXT.finditer(content))
    if not found:
        return content
    one, other = random.choice(found), random.choice(found)
    return content[: one.start()] + other[0] + content[one.end() :]


def _with_value(random: Random, content: bytes, value: bytes) -> bytes:
    found = list(_ASSIGNMENT.finditer(content))
    if not found:
        return content
    place = random.choice(found)
    return content[: place.start(2)] + value + content[place.end(2) :]


def with_field(random: Random, content: bytes) -> bytes:
    """A record has a field more."""
    places = [found.start() for found in _ASSIGNMENT.finditer(content)] or [0]
    place = random.choice(places)
    line = random.choice(KEYS) + b" = " + random.choice(VALUES) + b"\n"
    return content[:place] + line + content[place:]


def with_digit(random: Random, content: bytes) -> bytes:
    """A digit is another: most of them are in dates."""
    found = list(re.finditer(rb"\d", content))
    if not found:
        return content
    place = random.choice(found).start()
    return content[:place] + b"%d" % random.randrange(10) + content[place + 1 :]


def with_newlines(random: Random, content: bytes) -> bytes:
    """Every line ends in another way."""
    newline = random.choice((b"\r\n", b"\r", b"\n\n", b"\r\r\n", b""))
    return content.replace(b"\r\n", b"\n").replace(b"\n", newline)


def with_encoding(random: Random, content: bytes) -> bytes:
    """The text is saved in another encoding, or marked as one."""
    text = content.decode("utf-8", errors="replace")
    encoding = random.choice(("utf-8-sig", "utf-16", "utf-16-be", "utf-32", "cp1252", "utf-7"))
    return text.encode(encoding, errors="replace")


def with_conflict(random: Random, content: bytes) -> bytes:
    """Git has left the marks of a merge, some of them or all."""
    lines = content.split(b"\n")
    marks = (b"<<<<<<< HEAD", b"||||||| base", b"=======", b">>>>>>> theirs")
    for mark in marks:
        if random.random() < 0.7:  # most of them, most of the time
            lines.insert(random.randrange(len(lines) + 1), mark)
    return b"\n".join(lines)


MUTATIONS: tuple[Callable[[Random, bytes], bytes], ...] = (
    flipped,
    without_bytes,
    with_bytes_twice,
    with_token,
    with_line,
    without_line,
    with_line_elsewhere,
    without_record,
    with_record_twice,
    with_records_swapped,
    cut_short,
    with_value,
    with_value,
    with_value_of_another,
    with_text_of_another,
    with_text_of_another,
    with_field,
    with_digit,
    with_newlines,
    with_encoding,
    with_conflict,
)
"""Every kind of mutation; those that leave most registers valid or nearly so are there twice."""


LIVED = SMALL + "".join(
    (
        update(1, "r1", "start", "2024-06-01"),
        update(2, "r1", "done", "2024-07-01"),
        update(3, "r1", "retract", "2024-07-02", 'update = "u-2"', 'note = "Not so."'),
        update(
            4,
            "r2",
            "extend",
            "2024-07-02",
            'body = "norfolk"',
            "deadline = 2025-06-30",
            'note = "More time."',
            'by = "HMICFRS"',
        ),
        update(5, "a1", "close", "2024-08-01", 'outcome = "not-accepted"', 'note = "No."'),
    )
)
"""The small register with a life: most mutations of it have something to break."""

FORMS: dict[str, tuple[str, ...]] = {
    "text": (
        '"words"',
        "'words'",
        '"""\nlong\nwords"""',
        '"caf\\u00e9"',
        '"£ – 日本"',
        "'''[[a]]'''",
    ),
    "texts": (
        '["one"]',
        '["one", "two"]',
        "[]",
        '[\n  "one",\n  "two", # why\n]',
        '["one", "one"]',
    ),
    "day": ("2024-05-14", "2024-05-13", "2024-06-01", "2025-01-01", "2024-02-29", "1990-01-01"),
    "instant": (
        "2025-06-01T12:00:00Z",
        "2025-06-01T00:30:00+01:00",
        "2024-05-31 23:30:00Z",
        "2025-01-01T00:00:00.5-05:00",
        "2026-01-01T00:00:00Z",
    ),
    "partial": ("2024-05-14", '"2024-05-14"', '"2024-05"', '"2024"', "2025-12-31", '"2026"'),
    "deadline": ("2025-01-01", '"2025-01"', '"immediately"', '"6 months"', '"a year"', '"2023"'),
    "count": ("1", "2", "3", "0x9"),
    "contradictions": ('[{ source = "paper", says = "No." }]', "[]"),
    "sources": ('"paper"',),
    "bodies": ('"norfolk"', '"northumbria"', '"norfolk"', '"north-region"'),
    "inspections": ('"soc-2024"',),
    "findings": ('"r1"', '"r2"', '"a1"', '"cause"', '"cause"'),
    "updates": ('"x1"', '"x2"', '"x3"'),
}
"""For each form of a field, as tests/oracle_validity.py names it, values that mostly fit it."""

_PERCENT = st.integers(0, 99)
_TABLES = st.sampled_from(("findings", "updates", "updates", "updates", *FIELDS))
_COMMENTS = st.sampled_from(("", "", "", "  # a comment", " # [[updates]] = é"))
_QUOTES = st.sampled_from(("", "", "", "'", '"'))


@st.composite
def documents(draw: st.DrawFn) -> bytes:
    """The text of a register of roughly the right shape: some are valid, most nearly so."""
    count = draw(st.integers(0, 3))
    text = SMALL + "".join(draw(_made(number)) for number in range(1, count + 1))
    newline = draw(st.sampled_from(("\n", "\n", "\n", "\r\n")))
    mark = draw(st.sampled_from(("", "", "", "\ufeff")))
    return (mark + text.replace("\n", newline)).encode()


@st.composite
def _made(draw: st.DrawFn, number: int) -> str:
    table = draw(_TABLES)
    fields = FIELDS[table]
    action = draw(st.sampled_from(fields["action"].split()[1:])) if table == "updates" else ""
    chosen = draw(st.sets(st.sampled_from(sorted(fields)), max_size=3))
    left_out = draw(st.sets(st.sampled_from(sorted(fields)), max_size=1))
    lines = []
    for key, form in fields.items():
        needed = "!" in form or key in MUST.get(action, ()) or (action and key == "body")
        if key in chosen or (needed and key not in left_out):
            value = f'"{action}"' if key == "action" else draw(_values(form, number))
            quote = draw(_QUOTES)
            lines.append(f"{quote}{key}{quote} = {value}{draw(_COMMENTS)}\n")
    if draw(st.booleans()):
        lines.reverse()
    return "".join((f"\n[[{table}]]{draw(_COMMENTS)}\n", *lines))


@st.composite
def _values(draw: st.DrawFn, form: str, number: int) -> str:
    if draw(_PERCENT) == 0:
        return draw(st.sampled_from(VALUES)).decode()
    kind, *words = form.replace("!", "").split()
    if kind == "id":
        return f'"x{number}"'
    if kind == "word":
        return f'"{draw(st.sampled_from(words))}"'
    values = st.sampled_from(FORMS[kind.rstrip("*")])
    if not kind.endswith("*"):
        return draw(values)
    return (
        f"[{', '.join(draw(st.lists(values, min_size=1, max_size=2, unique=draw(_PERCENT) > 0)))}]"
    )


OF_TOML = frozenset(
    {
        "bad-date",
        "bracket-missing",
        "conflict-marks",
        "duplicate-key",
        "hidden-character",
        "impossible-date",
        "not-utf-8",
        "toml-syntax",
    }
)
"""The names of what is wrong with a text before it is a register."""


def reading(content: bytes) -> tuple[Loaded, tuple[LocatedProblem, ...]]:
    """These bytes read as a register, and every fault of it."""
    loaded = read_content(Path("register.toml"), content)
    found = find_problems(loaded.register) if loaded.register is not None else ()
    return loaded, loaded.faults(found)


def breach(content: bytes) -> str | None:
    """The law that reading these bytes breaks, in a sentence; None if it breaks none.

    Nothing is raised. Every fault has a name, words, a remedy and a spot in the file, and every
    form of telling faults can tell it. A text that TOML 1.0 refuses is refused as such. There is
    no fault exactly where the oracle has no objection; then what follows from the register can be
    worked out.
    """
    try:
        loaded, faults = reading(content)
        register = loaded.register
        for each in PROBLEM_FORMATS:
            each.load()(faults, RenderContext("register.toml"))
        if not faults and register is not None:
            replay(register, date(2026, 11, 22))
            grades_as_of(register, date(2026, 11, 22))
    except Exception:  # noqa: BLE001  # that there is none is the law
        return f"it raises: {traceback.format_exc(limit=-3)}"
    if not faults and register is None:
        return "there is neither a register nor a fault"
    lines = loaded.syntax.text.split("\n")
    for fault in faults:
        if wrong := _badly_told(fault, lines):
            return f"{fault.problem.name} {wrong}"
    if refused_by_toml(content) and not any(each.problem.name in OF_TOML for each in faults):
        return f"it is no TOML, and the faults are others: {_names(faults)}"
    objected = objections(content)
    if objected and not faults:
        return f"it is said to be valid, and is not: {objected}"
    if faults and not objected:
        return f"it is valid, and is said to have faults: {_names(faults)}"
    return None


def _badly_told(fault: LocatedProblem, lines: list[str]) -> str:
    position = fault.position
    if not (fault.problem.message and fault.problem.remedy):
        return "says nothing, or not what to do"
    if not 1 <= position.line <= len(lines):
        return f"is at line {position.line} of {len(lines)}"
    if fault.excerpt.strip() != lines[position.line - 1].strip():
        return f"shows {fault.excerpt!r} for line {position.line}"
    if not 1 <= position.column <= len(lines[position.line - 1]) + 1:
        return f"is at column {position.column} of {fault.excerpt!r}"
    if position.width > max(1, len(lines[position.line - 1]) + 1 - position.column):
        return f"is {position.width} wide in {fault.excerpt!r}"
    return ""


def _names(faults: tuple[LocatedProblem, ...]) -> list[str]:
    return sorted({f"{each.problem.name} in line {each.position.line}" for each in faults})
