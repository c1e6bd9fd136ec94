"""Registers gone wrong: a sound one's bytes changed by chance, the same way for the same seed."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

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
    return [content[first:last] for first, last in zip(starts, starts[1:], strict=False)]


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
        if random.random() < 0.7:  # noqa: PLR2004  # most of them, most of the time
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

FORMS: dict[str, tuple[str, ...]] = {
    "text": ('"words"', "'words'", '"""\nlong\nwords"""', '"caf\\u00e9"', '"£ – 日本"', "'''[[a]]'''"),
    "texts": ('["one"]', '["one", "two"]', "[]", '["one",\n  "two", # why\n]', '["one", "one"]'),
    "day": ("2024-05-14", "2024-05-13", "2024-06-01", "2025-01-01", "2024-02-29", "1990-01-01"),
    "instant": (
        "2024-06-01T12:00:00Z",
        "2024-06-01T00:30:00+01:00",
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


@st.composite
def documents(draw: st.DrawFn) -> bytes:
    """The text of a register of roughly the right shape: some are valid, most nearly so."""
    chance = partial(draw, st.integers(0, 99))
    records = [
        _record(draw, draw(st.sampled_from(MADE)), number)
        for number in range(1, draw(st.integers(0, 5)) + 1)
    ]
    text = SMALL + "".join(records)
    if chance() < 10:  # noqa: PLR2004  # of a hundred
        text = text.replace("\n", "\r\n")
    if chance() < 5:  # noqa: PLR2004  # of a hundred
        text = text.rstrip("\n")
    if chance() < 5:  # noqa: PLR2004  # of a hundred
        text = "\ufeff" + text
    return text.encode()


MADE = ("findings", "updates", "updates", "updates", *FIELDS)
"""The tables that records are made for, the telling ones more often."""


def _record(draw: st.DrawFn, table: str, number: int) -> str:
    lines = [f"\n[[{table}]]{draw(_COMMENTS)}"]
    fields = FIELDS[table]
    extra = draw(st.lists(st.sampled_from(sorted(fields)), max_size=4))
    action = draw(st.sampled_from(fields["action"].split()[1:])) if "action" in fields else ""
    for key, form in fields.items():
        needed = "!" in form or key in MUST.get(action, ())
        if needed == (draw(st.integers(0, 99)) >= 3) or key in extra:  # noqa: PLR2004  # of a hundred
            value = f'"{action}"' if key == "action" else _value(draw, form, number)
            lines.append(f"{draw(_KEYS(key))} = {value}{draw(_COMMENTS)}")
    return "\n".join(draw(_orders(lines))) + "\n"


def _value(draw: st.DrawFn, form: str, number: int) -> str:
    if draw(st.integers(0, 99)) < 2:  # noqa: PLR2004  # of a hundred
        return draw(st.sampled_from(VALUES)).decode()
    kind, *words = form.replace("!", "").split()
    if kind == "id":
        return f'"x{number}"'
    if kind == "word":
        return f'"{draw(st.sampled_from(words))}"'
    value = draw(st.sampled_from(FORMS[kind.rstrip("*")]))
    if not kind.endswith("*"):
        return value
    return f"[{value}]" if draw(st.booleans()) else f"[{value}, {draw(st.sampled_from(FORMS[kind[:-1]]))}]"


_COMMENTS = st.sampled_from(("", "", "", "  # a comment", " # [[updates]] = é"))


def _KEYS(key: str) -> st.SearchStrategy[str]:
    return st.sampled_from((key, key, key, f'"{key}"', f"'{key}'"))


def _orders(lines: list[str]) -> st.SearchStrategy[list[str]]:
    return st.booleans().map(lambda turned: [lines[0], *(lines[:0:-1] if turned else lines[1:])])
