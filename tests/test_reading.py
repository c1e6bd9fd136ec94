"""Reading a register's file: every form that TOML allows, and every slip told where it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest

from conftest import Soc
from mutations import LIVED, OF_TOML, reading
from oracle_validity import is_hidden
from registers import SMALL, update
from socwatch.characters import HIDDEN
from socwatch.errors import LocatedProblem
from socwatch.records import Register
from socwatch.render.context import RenderContext
from socwatch.render.problems import render_text


def register_of(text: str | bytes) -> Register:
    """The register that a valid text holds."""
    loaded, faults = reading(text if isinstance(text, bytes) else text.encode())
    assert faults == ()
    assert loaded.register is not None
    return loaded.register


def faults_of(text: str | bytes) -> tuple[LocatedProblem, ...]:
    """Every fault of a text."""
    return reading(text if isinstance(text, bytes) else text.encode())[1]


def told(text: str | bytes) -> list[str]:
    """Every fault of a text as its line and its name."""
    return [f"{fault.position.line} {fault.problem.name}" for fault in faults_of(text)]


def changed(before: str, after: str, text: str = SMALL) -> str:
    """The small register with its first piece like this written otherwise."""
    assert before in text
    return text.replace(before, after, 1)


def line_of(words: str, text: str) -> int:
    """The number of the first line with these words."""
    return text[: text.index(words)].count("\n") + 1


# What may be written in more than one way


WRITTEN: dict[str, Callable[[str], str]] = {
    "a byte-order mark": lambda text: "\ufeff" + text,
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "a byte-order mark and CRLF": lambda text: "\ufeff" + text.replace("\n", "\r\n"),
    "LF and CRLF": lambda text: text.replace("\n", "\r\n", 30),
    "no last newline": lambda text: text.rstrip("\n"),
    "empty lines": lambda text: "\n\n" + text.replace("\n", "\n \t\n") + "\n\n\n",
    "comments": lambda text: "# [[findings]]\n" + text.replace("\n", ' # "]] = é\n'),
    "brackets in comments": lambda text: "#" + "[" * 50_000 + "\n" + text,
    "blanks": lambda text: re.sub(r"^(\w+) = ", r" \t\1\t =  ", text, flags=re.MULTILINE),
    "quoted keys": lambda text: re.sub(r"^(\w+) = ", r'"\1" = ', text, flags=re.MULTILINE),
    "quoted tables": lambda text: text.replace("[[findings]]", "[['findings']]"),
    "tables with blanks": lambda text: text.replace("[[findings]]", " [[ findings ]] "),
    "literal texts": lambda text: re.sub(r'"([^"\n]*)"', r"'\1'", text),
    "long texts": lambda text: re.sub(r'= "([^"\n]*)"', r'= """\n\1"""', text),
    "escapes": lambda text: text.replace('"Norfolk', '"\\u004Eor\\u0066olk'),
    "lists over lines": lambda text: text.replace("[nor", "[\n# who\nnor").replace('"]', '",\n]'),
}


@pytest.mark.parametrize("way", WRITTEN)
def test_written_in_another_way(way: str) -> None:
    """However TOML lets the same thing be written, the register is the same."""
    text = WRITTEN[way](SMALL)
    assert text != SMALL
    assert register_of(text) == register_of(SMALL)


def test_records_inline() -> None:
    """Records may stand in one list; a list that is empty is as good as none."""
    inline = (
        'format = 1\nupdates = []\nbodies = [\n  { id = "a", name = "A", kind = "force" },\n'
        '  # a comment\n  { id = "b", name = "B", kind = "force" },\n]\n'
    )
    register = register_of(inline)
    assert [body.id for body in register.bodies] == ["a", "b"]
    assert register.updates == ()
    assert "grades" not in inline


def test_contradictions_below_their_record() -> None:
    """A contradiction may be a table of its own below its record, or inline."""
    inline = changed(
        'grade = "inadequate"',
        'grade = "inadequate"\ncontradicted_by = [{ source = "paper", says = "Not so." }]',
    )
    below = changed(
        'grade = "inadequate"',
        'grade = "inadequate"\n[[grades.contradicted_by]]\nsource = "paper"\nsays = "Not so."',
    )
    assert register_of(inline) == register_of(below)
    assert register_of(inline) != register_of(SMALL)


def test_every_fault_of_a_contradiction_below_its_record() -> None:
    """A table of its own below a record is part of it, also where another record is no TOML."""
    text = changed(
        'grade = "inadequate"',
        'grade = "inadequate"\n[[grades.contradicted_by]]\nsource = "papers"\nsays = "Not so."',
    )
    broken = changed('title = "What inspectors said"', 'title = "What', text)
    assert told(text) == [f"{line_of('source = ', text)} unknown-source"]
    assert told(broken) == [f"{line_of('title = ', text)} toml-syntax", *told(text)]


@pytest.mark.parametrize("text", ["", "\n", "# nothing\n# yet", "\ufeff", "\r\n\r\n"])
def test_nothing_is_no_register(text: str) -> None:
    """An empty file, or one of comments, lacks its format, and nothing else."""
    (fault,) = faults_of(text)
    assert fault.problem.name == "missing-field"
    assert fault.problem.remedy == "begin the file with: format = 1"
    assert (fault.position.line, fault.position.column) == (1, 1)


@pytest.mark.parametrize("text", [SMALL, LIVED], ids=["small", "lived"])
def test_sound_registers(text: str) -> None:
    """What these tests spoil is sound before."""
    assert told(text) == []
    assert "[[findings]]" in text


# What is no text, or no text that people can see


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_another_encoding(encoding: str) -> None:
    """A file saved as UTF-16 or UTF-32 is told to be so, once, and its other faults beside."""
    text = changed('grade = "inadequate"', 'grade = "bad"').encode(encoding)
    faults = faults_of(text)
    assert [fault.problem.name for fault in faults] == ["not-utf-8", "unknown-word"]
    assert encoding[:6].upper() in faults[0].problem.message
    assert "hidden" not in render_text(faults, RenderContext("r"))


def test_windows_characters() -> None:
    """The first byte of each line that is not UTF-8 is shown, and nothing that follows from it."""
    text = (
        changed('"A Paper"', '"Café – Presse"').replace('id = "r1"', 'id = "r–1"').encode("cp1252")
    )
    faults = faults_of(text)
    assert [fault.problem.name for fault in faults] == ["not-utf-8", "not-utf-8"]
    assert "0xE9" in faults[0].problem.message
    assert "0x96" in faults[1].problem.message
    assert faults[0].position.column == len('publisher = "Caf') + 1
    assert faults[0].excerpt == 'publisher = "Caf\ufffd \ufffd Presse"'


@pytest.mark.parametrize(
    ("character", "words"),
    [
        ("\x00", "U+0000"),
        ("\x1b", "U+001B"),
        ("\x7f", "U+007F"),
        ("\x85", "U+0085"),
        ("\xad", "U+00AD, soft hyphen"),
        ("\u200b", "U+200B, zero width space"),
        ("\u202e", "U+202E, right-to-left override"),
        ("\u2066", "U+2066, left-to-right isolate"),
        ("\ufeff", "U+FEFF, zero width no-break space"),
        ("\U000e0041", "U+E0041, tag latin capital letter a"),
        ("\u034f", "U+034F, combining grapheme joiner"),
        ("\u3164", "U+3164, hangul filler"),
        ("\u2800", "U+2800, braille pattern blank"),
        ("\U0001d173", "U+1D173, musical symbol begin beam"),
    ],
)
def test_hidden_characters(character: str, words: str) -> None:
    """What nobody sees is shown, raw or as an escape, in a text, an id, a key or a comment."""
    raw = changed('"A Paper"', f'"A {character}Paper"')
    (fault,) = faults_of(raw)
    assert fault.problem.name == "hidden-character"
    assert words in fault.problem.message
    assert fault.position.column == len('publisher = "A ') + 1
    escape = f"\\U{ord(character):08X}"
    (fault,) = faults_of(changed('"A Paper"', f'"A {escape}Paper"'))
    assert words in fault.problem.message
    for before, after in (
        ('id = "paper"', f'id = "pa{character}per"'),
        ('part_of = "cause"', f'part_of = "cau{character}se"'),
        ("publisher =", f"publi{character}sher ="),
        ("[[sources]]", f"[[sources]] # {character}"),
        ("[[sources]]", f"[[sour{character}ces]]"),
    ):
        assert told(changed(before, after)) == [f"{line_of(before, SMALL)} hidden-character"]


def test_hidden_characters_in_lists_and_keys() -> None:
    """An escape can hide a character in an entry of a list and in a key: both are told once."""
    text = changed('["Norfolk"]', '["Norfolk", "Nor\\u202Efolk"]')
    (fault,) = faults_of(text)
    assert fault.problem.name == "hidden-character"
    assert fault.excerpt[fault.position.column - 1 :].startswith('"Nor\\u202E')
    names = [each.problem.name for each in faults_of(changed("note", '"no\\u202Ete"', NOTED))]
    assert names == ["hidden-character"]


NOTED = changed("title =", 'note = "x"\ntitle =')


def test_every_character_is_seen_or_hidden() -> None:
    """Hidden is what Unicode lets a program draw as nothing, but not what scripts and emoji need.

    The rule is derived anew from the properties of which Unicode makes it (UAX 44).
    """
    hidden = {code for code in range(0x110000) if HIDDEN.fullmatch(chr(code))}
    derived = {code for code in range(0x110000) if is_hidden(chr(code))}
    assert hidden == derived - {*map(ord, "\t\n")}
    assert not hidden & {0x200C, 0x200D, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)}


def test_joiners_are_no_hidden_characters() -> None:
    """The joiners of some scripts and of emoji are part of how words are written."""
    assert told(changed('"A Paper"', '"A \u0915\u094d\u200d\u0937 Paper"')) == []
    assert told(changed('"A Paper"', '"\u2764\ufe0f\u200d\U0001f525 Paper"')) == []
    assert told(changed('"A Paper"', '"A \u200b Paper"')) != []


def test_many_hidden_characters() -> None:
    """One fault is told for each line, however many characters it hides."""
    assert told(changed('"A Paper"', '"' + "\x00" * 5000 + '"')) == ["5 hidden-character"]
    old_macintosh = faults_of(SMALL.replace("\n", "\r"))
    assert [fault.problem.name for fault in old_macintosh] == ["hidden-character"]


def test_lone_carriage_return() -> None:
    """A carriage return that ends no line is hidden, also at the end of the file."""
    assert told(changed('"A Paper"', '"A \rPaper"')) == ["5 hidden-character"]
    assert told(SMALL + "\r") == [f"{SMALL.count(chr(10)) + 1} hidden-character"]
    assert told(SMALL + "\r\n") == []


# What is TOML, and no register


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("999", None),
        ("0x10", None),
        ("1_0", None),
        ("1000", "wrong-type"),
        ("9223372036854775807", "wrong-type"),
        ("0", "wrong-type"),
        ("-1", "wrong-type"),
        ("-9223372036854775807", "wrong-type"),
        ("-99999999999999999999999999", "number-too-large"),
        ("9223372036854775808", "number-too-large"),
        ("0x" + "f" * 5000, "number-too-large"),
        ("9" * 4300, "number-too-large"),
        ("-" + "9" * 5000, "number-too-large"),
        ("[" + "9" * 20 + "]", "wrong-type"),
        ("{ a = " + "9" * 20 + " }", "wrong-type"),
        ("{ a = " + "9" * 6000 + " }", "number-too-large"),
        ("3.0", "wrong-type"),
        ("1e999", "wrong-type"),
        ("nan", "wrong-type"),
        ("true", "wrong-type"),
        ('"3"', "wrong-type"),
        ("[3]", "wrong-type"),
        ("{ a = 3 }", "wrong-type"),
        ("2025-01-01", "wrong-type"),
    ],
)
def test_numbers(value: str, name: str | None) -> None:
    """A count is a whole number from 1 to 999, and nothing that could be one."""
    written = f"recommendations_stated = {value}"
    text = changed("recommendations_stated = 3", written)
    assert told(text) == ([f"{line_of(written, text)} {name}"] if name else [])


@pytest.mark.parametrize(
    "before",
    [
        'kind = "force"',
        'publisher = "A Paper"',
        "published = 2024-05-14",
        "deadline = 2025-01-01",
        'aliases = ["Norfolk"]',
        "format = 1",
    ],
)
@pytest.mark.parametrize("digits", [20, 4300, 5000])
def test_numbers_where_none_belongs(before: str, digits: int) -> None:
    """A number of more than 64 bits is told where it is, whatever belongs there, and not shown."""
    key = before.partition(" = ")[0]
    text = changed(before, f"{key} = {'9' * digits}")
    (fault,) = faults_of(text)
    assert fault.problem.name == "number-too-large"
    assert fault.position.line == line_of("9999", text)
    assert "99999" not in fault.problem.message + fault.problem.remedy


def test_long_digits_in_texts_and_comments() -> None:
    """A number of many digits is a problem; a text or a comment of as many digits is none."""
    number = "9" * 20_000
    text = changed("recommendations_stated = 3", f"recommendations_stated = {number}")
    assert told(text) == [f"{line_of('recommendations_stated', text)} number-too-large"]
    assert told(changed('publisher = "A Paper"', f'publisher = "{number}"')) == []
    assert told(SMALL + f"# {number}\n") == []


@pytest.mark.parametrize("value", ["2", "9223372036854775807"])
def test_later_formats(value: str) -> None:
    """A later format is told, however large, and nothing else: its records have other rules."""
    text = changed("format = 1", f"format = {value}").replace('"inadequate"', '"bad"')
    assert told(text) == ["1 unknown-format"]


TIMES = ("2024-05-14T10:00:00Z", "2024-05-14 10:00:00.5+01:00", "2024-05-14T10:00:00", "10:00:00")
"""A moment in two ways, a day and a time that lie in no zone, a time of no day."""


@pytest.mark.parametrize("value", TIMES)
def test_times_are_no_days(value: str) -> None:
    """Where a day belongs a time is refused, of whatever kind, at its own line."""
    for before in ("published = 2024-05-14", "deadline = 2025-01-01"):
        text = changed(before, f"{before.split()[0]} = {value}")
        assert told(text) == [f"{line_of(before, SMALL)} bad-date"]


@pytest.mark.parametrize(
    ("value", "sound"), [*zip(TIMES, (1, 1, 0, 0), strict=True), ("2024-06-01", 0)]
)
def test_moments(value: str, sound: int) -> None:
    """A moment says in which zone it lies."""
    text = SMALL + update(1, "r1", "note", "2024-05-14", 'note = "Seen."', f"recorded = {value}")
    assert told(text) == ([] if sound else [f"{line_of('recorded', text)} bad-date"])


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("2024-02-29", None),
        ('"2025-02"', None),
        ('"2025"', None),
        ('"immediately"', None),
        ('"Immediately"', None),
        ('"IMMEDIATELY "', None),
        ('"6 months"', None),
        ("2025-02-29", "impossible-date"),
        ("2025-13-01", "impossible-date"),
        ("0000-01-01", "impossible-date"),
        ("2025-01-01T23:59:60Z", "impossible-date"),
        ("2025-01-01T24:00:00Z", "impossible-date"),
        ('"2025-02-29"', "impossible-date"),
        ('"2025-13"', "impossible-date"),
        ("2025-1-1", "bad-date"),
        ('"1 January 2025"', "bad-date"),
        ('"01/01/2025"', "bad-date"),
        ('"six months"', "bad-date"),
        ("2025", "bad-date"),
        ("01/01/2025", "bad-date"),
        ("1 January 2025", "bad-date"),
        ("31/02/2025", "impossible-date"),
        ("immediately", "bad-date"),
        ("TBC", "bad-date"),
        ("in due course", "toml-syntax"),
        ('"9999 years"', "implausible-date"),
        ("9999-12-31", "implausible-date"),
    ],
)
def test_deadlines(value: str, name: str | None) -> None:
    """A deadline is a day that there is, a month, a year or a span; else its fault is told."""
    text = changed("deadline = 2025-01-01", f"deadline = {value}")
    line = line_of("deadline = ", SMALL)
    early = value == "2024-02-29"
    expected = "deadline-before-publication" if early else name
    assert told(text) == ([f"{line} {expected}"] if expected else [])


NESTED = {
    "lists": lambda depth: "note = " + "[" * depth + "]" * depth,
    "lists without an end": lambda depth: "note = " + "[" * depth,
    "tables": lambda depth: "note = " + "{a = " * depth + "1" + "}" * depth,
    "both": lambda depth: "note = " + "[{a = " * depth + "1" + "}]" * depth,
    "crossed": lambda depth: "note = " + "[{a = " * depth + "1" + "]}" * depth,
    "lists over lines": lambda depth: "note = " + "[[[[\n" * depth + "]]]]\n" * depth,
    "names with dots": lambda depth: "a" + ".a" * depth + " = 1",
    "names with dots in tables": lambda depth: "note = {" + "a." * depth + "a = 1}",
    "names with dots, quoted and apart": lambda depth: '"a"' + ' . "a"' * depth + " = 1",
    "beside a text": lambda depth: 'note = ["]]]]", ' + "[" * depth + "]" * depth + "]",
}


@pytest.mark.parametrize("depth", [40, 3000, 100_000])
@pytest.mark.parametrize("way", NESTED)
def test_deep_nesting(way: str, depth: int) -> None:
    """Depth at which a parser's stack overflows is a fault of its record, told once."""
    text = changed('title = "What inspectors said"', NESTED[way](depth) + '\ntitle = "What"')
    assert [fault.problem.name for fault in faults_of(text)] == ["toml-syntax"]
    assert "deep" in faults_of(text)[0].problem.message
    assert 3 <= faults_of(text)[0].position.line <= line_of("title = ", text)


def test_deep_headers() -> None:
    """The names of a header can be as deep, and as little."""
    text = SMALL + "\n[findings" + ".a" * 50_000 + "]\nb = 1\n"
    assert [fault.problem.name for fault in faults_of(text)] == ["toml-syntax"]


@pytest.mark.parametrize("quotes", ['"', "'", '"""', "'''"])
def test_brackets_in_texts(quotes: str) -> None:
    """Brackets and dots in a text are words, however many."""
    words = "[{" * 5000 + "." * 5000
    assert told(changed('"A Paper"', f"{quotes}{words}{quotes}")) == []


# Git


SIDES = '<<<<<<< HEAD\ngrade = "good"\n=======\ngrade = "adequate"\n>>>>>>> theirs'


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_conflict(newline: str) -> None:
    """Both sides of a merge are one fault, at its first mark, which names the lines to delete."""
    text = changed('grade = "inadequate"', SIDES)
    first = line_of("<<<<<<<", text)
    (fault,) = faults_of(text.replace("\n", newline))
    assert fault.problem.name == "conflict-marks"
    assert (fault.position.line, fault.position.column, fault.position.width) == (first, 1, 7)
    assert fault.excerpt == "<<<<<<< HEAD"
    assert f"{first}, {first + 2} and {first + 4}" in fault.problem.remedy


def test_conflict_of_three_sides() -> None:
    """The common ancestor that git may show between the two sides is a line to delete, too."""
    text = changed(
        'grade = "inadequate"', SIDES.replace("=====", '|||||||\ngrade = "bad"\n=====', 1)
    )
    first = line_of("<<<<<<<", text)
    (fault,) = faults_of(text)
    assert f"{first}, {first + 2}, {first + 4} and {first + 6}" in fault.problem.remedy


def test_conflict_of_whole_records() -> None:
    """Two updates that two people added are both read: only the marks are a fault."""
    mine = update(1, "r1", "start", "2024-06-01")
    theirs = update(2, "r2", "note", "2024-06-02", 'body = "norfolk"', 'note = "Seen."')
    text = f"{SMALL}\n<<<<<<< HEAD{mine}=======\n{theirs}>>>>>>> theirs\n"
    assert told(text) == [f"{line_of('<<<<<<<', text)} conflict-marks"]
    worse = text.replace('"start"', '"begin"')
    assert told(worse) == [*told(text), f"{line_of('begin', worse)} unknown-word"]


def test_conflicts_and_other_faults() -> None:
    """Every conflict is told, and what is wrong elsewhere."""
    text = changed('grade = "inadequate"', SIDES).replace('title = "What', "title = What")
    text = changed("[[inspections]]", f"{SIDES.replace('grade', 'note')}\n\n[[inspections]]", text)
    names = [entry.split()[1] for entry in told(text)]
    assert names == ["toml-syntax", "conflict-marks", "conflict-marks"]


@pytest.mark.parametrize("mark", ["<<<<<<< HEAD", "=======", ">>>>>>> theirs", "||||||| 1a2b3c"])
def test_mark_that_was_left(mark: str) -> None:
    """A single mark is told as what it is, and costs nothing but its line."""
    text = changed('grade = "inadequate"', f'{mark}\ngrade = "bad"')
    line = line_of(mark, text)
    assert told(text) == [f"{line} conflict-marks", f"{line + 1} unknown-word"]
    assert faults_of(text)[0].problem.remedy == "delete the line"


def test_conflict_within_a_text() -> None:
    """Both sides of a merge are a fault in the middle of a text, too; a line of = is none."""
    text = changed('"A Paper"', '"""\nA\n<<<<<<< HEAD\nB\n=======\nC\n>>>>>>> theirs\n"""')
    assert told(text) == ["7 conflict-marks"]
    assert told(changed('"A Paper"', '"""\nA Paper\n=======\nof the north\n"""')) == []


# Slips in one record, and what becomes of the others


SLIPS: dict[str, Callable[[str, str], str]] = {
    "text without an end": lambda key, words: f'{key} = "{words}',
    "long text without an end": lambda key, words: f'{key} = """\n{words}',
    "long literal without an end": lambda key, words: f"{key} = '''{words}",
    "list without an end": lambda key, words: f'{key} = ["{words}",',
    "empty list without an end": lambda key, _: f"{key} = [",
    "table without an end": lambda key, _: f"{key} = {{ a = 1",
    "no quotes": lambda key, words: f"{key} = {words} so far",
    "typographic quotes": lambda key, words: f"{key} = “{words}”",
    "no =": lambda key, words: f'{key} "{words}"',
    "colon": lambda key, words: f'{key}: "{words}"',
    "no value": lambda key, _: f"{key} =",
    "two fields in a line": lambda key, words: f'{key} = "{words}" note2 = "x"',
    "comma at the end": lambda key, words: f'{key} = "{words}",',
    "free words": lambda key, words: f'{key} = "{words}"\nthis is a thought',
    "twice": lambda key, words: f'{key} = "{words}"\n{key} = "{words}"',
    "quote within": lambda key, words: f'{key} = "{words}" so "to say"',
    "backslash": lambda key, words: f'{key} = "{words}\\Documents"',
    "day that is none": lambda key, words: f'{key} = "{words}"\nx = 2025-02-30',
    "bracket": lambda key, words: f'{key} = "{words}"\n]',
}
"""How one line of a record can be spoilt."""


def slipped(slip: str, line: str) -> str:
    """A line with that slip in it."""
    key, _, value = line.partition(" = ")
    return SLIPS[slip](key, value.strip('"'))


HEADERS = [number for number, line in enumerate(LIVED.split("\n")) if line.startswith("[[")]
"""Where the records of a register with a life begin, counted from 0."""


@pytest.mark.parametrize("slip", SLIPS)
def test_slip_in_one_record(slip: str) -> None:
    """A slip is told once, in its own record, wherever that stands, and no other record suffers."""
    lines = LIVED.split("\n")
    ends = [*HEADERS[1:], len(lines)]
    for begin, end in zip(HEADERS, ends, strict=True):
        fields = [number for number in range(begin + 1, end) if "=" in lines[number]]
        for number in fields:
            spoilt = lines.copy()
            spoilt[number] = slipped(slip, lines[number])
            faults = faults_of("\n".join(spoilt))
            assert len(faults) == 1, (lines[number], faults)
            grown = "\n".join(spoilt).count("\n") - LIVED.count("\n")
            assert begin < faults[0].position.line - 1 < end + grown, lines[number]
            assert faults[0].problem.name in OF_TOML


@pytest.mark.parametrize("slip", SLIPS)
def test_slips_hide_nothing(slip: str) -> None:
    """Slips in two records, a bad value in a third and one in a fourth are all told at once."""
    text = LIVED.replace('grade = "inadequate"', 'grade = "bad"')
    text = text.replace("on = 2024-08-01", 'on = "August"')
    lines = text.split("\n")
    slips = [
        lines.index('title = "What inspectors said"'),
        lines.index('summary = "Keep better records."'),
    ]
    for number in slips:
        lines[number] = slipped(slip, lines[number])
    names = [fault.problem.name for fault in faults_of("\n".join(lines))]
    assert names[1] == "unknown-word"
    assert names[3:] == ["bad-date"]
    assert {names[0], names[2]} <= OF_TOML


@pytest.mark.parametrize(
    "header", ["[sources]", "[[sources]", "[[sources", "[sources", " [ sources ]"]
)
def test_header_with_too_few_brackets(header: str) -> None:
    """A header that lost brackets is told as such, and its record is read as what it is."""
    text = changed("[[sources]]", header)
    assert told(text) == ["3 bracket-missing"]
    worse = changed('publisher = "A Paper"', 'publisher = ""', text)
    assert told(worse) == ["3 bracket-missing", "5 empty-text"]


def test_one_header_of_many_with_too_few_brackets() -> None:
    """Among records with the right header the wrong one is told, first, middle or last."""
    for number in range(3):
        parts = SMALL.split("[[bodies]]")
        text = (
            "[[bodies]]".join(parts[: number + 1])
            + "[bodies]"
            + "[[bodies]]".join(parts[number + 1 :])
        )
        assert told(text) == [
            f"{line_of('[bodies]', text.replace('[[bodies]]', 'x'))} bracket-missing"
        ]


def test_list_and_records_of_one_name() -> None:
    """A list at the head of the file clashes with records below it; the list is told, not they."""
    text = changed("format = 1", "format = 1\nbodies = []")
    assert told(text) == ["2 duplicate-key"]
    assert "[[bodies]]" in faults_of(text)[0].problem.remedy


def test_slips_at_the_head() -> None:
    """A slip before the first record costs its own line: the format is not told to be missing."""
    assert told(changed("format = 1", "format = ")) == ["1 toml-syntax"]
    assert told(changed("format = 1", 'title = "x\nformat = 1')) == ["1 toml-syntax"]
    assert told(changed("format = 1", 'format = 1\ntitle = """x')) == ["2 toml-syntax"]
    assert told(changed("format = 1", "format = 1\nformat = 1")) == ["2 duplicate-key"]
    assert told(changed("format = 1", "format 1\ntitel = 1")) == [
        "1 toml-syntax",
        "2 unknown-table",
    ]


def test_text_that_holds_headers() -> None:
    """Lines in a text that look like records are words, also where another record is no TOML."""
    text = changed('"A Paper"', '"""\nA\n[[findings]]\nid = "r1"\n[[bodies]]\n"""')
    assert told(text) == []
    worse = changed('grade = "inadequate"', "grade = bad", text)
    assert told(worse) == [f"{line_of('grade = bad', worse)} toml-syntax"]


def test_not_toml_at_all() -> None:
    """A file of another sort is told so in few words."""
    for text in (
        "<html><body>",
        "id,name\n1,Norfolk\n",
        "%PDF-1.7\n",
        "{}",
        "[]",
        '"',
        "'''",
        "]]",
    ):
        names = {fault.problem.name for fault in faults_of(text)}
        assert "toml-syntax" in names, text
        assert len(faults_of(text)) <= 3, text


@pytest.mark.parametrize(
    ("before", "after", "name"),
    [
        ('id = "norfolk"', 'id = "Norfolk"', "bad-id"),
        ('id = "norfolk"', "id = 7", "wrong-type"),
        ('kind = "force"', 'kind = "police"', "unknown-word"),
        ('kind = "cause-of-concern"', 'kind = "cause"', "unknown-word"),
        ("published = 2024-05-14", 'published = "May"', "bad-date"),
        ('scale = "five-grades"', 'scale = "five"', "unknown-word"),
        ('id = "cause"', 'id = "Cause"', "bad-id"),
        ('bodies = ["norfolk", "northumbria"]', "bodies = []", "empty-list"),
        ('part_of = "cause"', 'part_of = "The cause"', "bad-id"),
        ('finding = "r1"', "finding = 1", "wrong-type"),
        ('action = "done"', 'action = "finish"', "unknown-word"),
        ("on = 2024-06-01", 'on = "June"', "bad-date"),
        ('update = "u-2"', "update = 2", "wrong-type"),
        ('body = "norfolk"\ndeadline', 'body = ["norfolk"]\ndeadline', "wrong-type"),
        ('outcome = "not-accepted"', 'outcome = "refused"', "unknown-word"),
        ("[[inspections]]", "[[inspection]]", "unknown-table"),
        ("[[sources]]", "[[source]]", "unknown-table"),
        ('id = "paper"', 'id = "paper"\nid2 = "x"', "unknown-field"),
    ],
)
def test_bad_value_has_no_consequences(before: str, after: str, name: str) -> None:
    """What refers to a record with a bad value, or follows from it, is not told beside it."""
    text = changed(before, after, LIVED)
    assert [fault.problem.name for fault in faults_of(text)] == [name]


def test_misspelt_id_has_no_consequences() -> None:
    """Where the key of an id is misspelt, its record is told to lack it, and no reference fails."""
    text = changed('id = "cause"', 'idd = "cause"')
    assert [fault.problem.name for fault in faults_of(text)] == ["missing-field", "unknown-field"]


def test_table_that_is_no_list() -> None:
    """A table of which no record can be read leaves every reference into it in doubt."""
    assert told(changed("format = 1", "format = 1\nupdates = 5")) == ["2 wrong-type"]
    text = "\n\n".join(part for part in SMALL.split("\n\n") if "[[sources]]" not in part)
    assert told(changed("format = 1", 'format = 1\nsources = "paper"', text)) == ["2 wrong-type"]


def test_consequence_and_cause_of_its_own() -> None:
    """What is wrong for another reason is told beside a record that cannot be read."""
    text = changed('id = "cause"', "id = cause").replace('part_of = "cause"', 'part_of = "caus"', 1)
    names = [fault.problem.name for fault in faults_of(text)]
    assert names == ["toml-syntax", "unknown-finding"]


# Where a fault is shown


@pytest.mark.parametrize(
    ("line", "marked"),
    [
        ('grade = "bad"', 'grade = "bad"'),
        ('  grade   =   "bad"   # "x"', 'grade   =   "bad"'),
        ('\tgrade\t= "bad"', 'grade\t= "bad"'),
        ('"grade" = "bad"', '"grade" = "bad"'),
        ("'grade' = 'bad'", "'grade' = 'bad'"),
        ('grade = "schön"', 'grade = "schön"'),
        ('note = "日本語"\nsources = ["日本"]', '"日本"'),
        ('note = "日本語"\nsources = ["paper", "日本", "x"]', '"日本"'),
        ('note = "é"\nsources = [\n  "paper", # é\n  "é",\n]', '"é"'),
        ('contradicted_by = [{ source = "é", says = "x" }]', 'source = "é"'),
        ('contradicted_by = [{ "source" = "paper", says.e = "x" }]', 'e = "x"'),
        ('question2 = """\nlong\nwords"""', 'question2 = """'),
        ("é = 1\n", "é"),
        ('note = "e\u0301" x', "x"),
        ('note = "日本" x', "x"),
    ],
)
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_spot(line: str, marked: str, mark: str, newline: str) -> None:
    """The marks stand under what is wrong, whatever stands before it or is on earlier lines."""
    text = changed(
        'grade = "inadequate"', f'grade = "good"\n{line}' if "grade" not in line else line
    )
    text = changed('"A Paper"', '"Zeitung für 日本, façade"', text)
    faults = faults_of((mark + text).replace("\n", newline))
    fault = faults[0]
    start = fault.position.column - 1
    assert fault.excerpt == text.split("\n")[fault.position.line - 1]
    spot = fault.excerpt[start : start + fault.position.width]
    assert spot == marked or (marked.startswith(spot) and fault.problem.name == "toml-syntax")


@pytest.mark.parametrize(
    ("line", "marks"),
    [
        ('grade = "bad"', "^^^^^^^^^^^^^"),
        ('\tgrade = "bad"', " ^^^^^^^^^^^^^"),
        ('"grade" = "日本"', "^^^^^^^^^^^^^^^^"),
        ('grade = "e\u0301"', "^^^^^^^^^^^"),
        ('note = "日本" x', "              ^"),
        ('note = "e\u0301" x', "           ^"),
        ('note = "a\x1bb"', "         ^^^^"),
    ],
)
def test_marks(line: str, marks: str) -> None:
    """On a screen the marks take the columns of what they stand under: wide, joined or shown."""
    text = changed(
        'grade = "inadequate"', f'grade = "good"\n{line}' if "grade" not in line else line
    )
    shown = render_text(faults_of(text)[:1], RenderContext("r.toml")).split("\n")
    gutter = shown[1].index("|") + 2
    assert shown[2][gutter:] == marks
    assert shown[2][: gutter - 2].strip() == ""
    assert "\t" not in shown[1]
    assert "\x1b" not in shown[1]


def test_marks_in_a_long_line() -> None:
    """A long line is cut on both sides of the spot, and the marks still stand under it."""
    text = changed('"A Paper"', f'"{"é" * 300}" x # {"y" * 300}')
    _, line, marks, *_ = render_text(faults_of(text), RenderContext("r.toml")).split("\n")
    assert len(line) < 120
    assert line.count("…") == 2
    assert line[marks.index("^")] == "x"


def test_missing_field_is_shown_at_its_record() -> None:
    """What is missing has no spot of its own: the header of its record is shown."""
    (fault,) = faults_of(changed('publisher = "A Paper"\n', ""))
    assert fault.excerpt == "[[sources]]"
    (fault,) = faults_of(
        changed('publisher = "A Paper"\n', "").replace("[[sources]]", " [[sources]] # x")
    )
    assert (fault.position.line, fault.position.column, fault.position.width) == (3, 2, 11)


def test_misspelt_table_is_shown_at_its_first_record() -> None:
    """An unknown table is shown where it is first written."""
    (fault,) = faults_of(SMALL.replace("[[findings]]", "[[finding]]"))
    assert fault.excerpt == "[[finding]]"
    assert fault.position.line == line_of("[[findings]]", SMALL)


def test_faults_come_in_the_order_of_the_file() -> None:
    """Whatever found them, faults are told from the first line to the last."""
    text = LIVED.replace('id = "paper"', 'id = "Paper"').replace(
        'grade = "inadequate"', "grade = x"
    )
    text = text.replace("deadline = 2025-01-01", "deadline = 2020-01-01").replace(
        'action = "done"', 'action = "reopen"'
    )
    lines = [fault.position.line for fault in faults_of(text)]
    assert len(lines) >= 4
    assert lines == sorted(lines)


def test_the_command_reads_as_these_tests_do(soc: Soc) -> None:
    """`validate` shows the same, from a file with a byte-order mark, CRLF and two slips."""
    text = changed('grade = "inadequate"', "grade = inadequate").replace('"paper"', '"päper"', 1)
    soc.write(("\ufeff" + text).replace("\n", "\r\n"))
    out = soc("validate", code=3).out
    heads = re.findall(r"^recommendations\.toml:(\d+):\d+: ([a-z-]+): ", out, re.MULTILINE)
    assert heads == [
        (str(line_of("päper", text)), "bad-id"),
        (str(line_of("grade = ", text)), "toml-syntax"),
    ]
    assert "\r" not in out
    assert "2 faults" in out


def test_dates_are_read_as_written() -> None:
    """A day is a day, in whatever zone the reader is."""
    assert register_of(SMALL).inspections[0].published == date(2024, 5, 14)
    assert register_of(SMALL).inspections[0].published != date(2024, 5, 13)
