"""Every form of output: text from a register is shown as text, and files are written whole."""

from __future__ import annotations

import csv
import html
import io
import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from conftest import AS_OF, TIMEOUT, Soc, bare_environment, unmeasured_environment
from registers import SMALL
from socwatch.render.formats import formats_of
from socwatch.render.text import columns_of

LONG = "W" * 300
HOSTILE = {
    "markup": "[red]not red[/red] [/bold] [link=https://example.org]x[/link] [0] \\[x]",
    "emoji-codes": ":warning: :smiley:",
    "formula": "=cmd|' /C calc'!A0",
    "plus": "+1+1",
    "minus": "-2+3",
    "at": "@SUM(A1)",
    "html": '<script>alert("x")</script> <b>bold</b> <!-- gone --> <br>',
    "pipes": "a | b || c",
    "backticks": "`code` ``x`` ```",
    "emphasis": "*em* **strong** _em_ __strong__ ~~gone~~",
    "links": "[a](https://example.org) ![i](x.png) <https://example.org> https://example.org",
    "web": "see www.example.org and https://example.org/a_b_c or mail a@example.org",
    "heading": "# heading #",
    "bullet": "- list",
    "number": "1. item",
    "quote": "> quote",
    "rule": "---",
    "entities": "&lt; &amp; &#65; &copy;",
    "backslashes": "\\* \\n \\",
    "templates": "{{ x }} ${y} %s %d {0}",
    "quotes": "\"double\" 'single' “curly”",
    "literal-escape": "\\u001b[31m and \\x1b",
    "long": LONG,
    "wide": "漢字" * 30,
    "combining": "e\u0301n\u0303 ก็ हिन्दी",
    "emoji": "👍 🇬🇧 ☃",
    "lines": "one\r\ntwo\r\n\r\nthree",
    "blanks": "\ttabbed \t out  ",
}
"""Text that some form of output could take for something else."""

TITLE = f"# {HOSTILE['markup']} {HOSTILE['html']} #"
SAID = {name: " ".join(text.split()) for name, text in HOSTILE.items()}
"""What is to be seen of it: the same characters, breaks and runs of blanks as one blank."""


def quoted(text: str) -> str:
    """The text as a TOML string."""
    return json.dumps(text, ensure_ascii=False)


def hostile_register() -> str:
    """A register with hostile text wherever it takes text."""
    lines = [
        "format = 1",
        f"title = {quoted(TITLE)}",
        "[[sources]]",
        'id = "source"',
        f"publisher = {quoted(HOSTILE['formula'])}",
        f"title = {quoted(HOSTILE['links'])}",
        'url = "https://example.org/?a=b&c=[d]"',
        "[[bodies]]",
        'id = "body"',
        'kind = "force"',
        f"name = {quoted(HOSTILE['html'])}",
        f"local_policing_body = {quoted(HOSTILE['markup'])}",
        f"aliases = [{quoted(HOSTILE['emoji-codes'])}, {quoted(HOSTILE['pipes'])}]",
        "[[inspections]]",
        'id = "inspection"',
        f"title = {quoted(HOSTILE['emphasis'])}",
        f"inspectorate = {quoted(HOSTILE['backticks'])}",
        "published = 2024-05-14",
        'scale = "five-grades"',
        "[[grades]]",
        'inspection = "inspection"',
        'body = "body"',
        f"question = {quoted(HOSTILE['pipes'])}",
        'grade = "good"',
        f"contradicted_by = [{{ source = 'source', says = {quoted(HOSTILE['heading'])} }}]",
    ]
    for name, text in HOSTILE.items():
        lines += [
            "[[findings]]",
            f'id = "{name}"',
            'inspection = "inspection"',
            'bodies = ["body"]',
            'kind = "area-for-improvement"',
            f"summary = {quoted(text)}",
            f"label = {quoted(text)}",
            f"note = {quoted(text)}",
            'sources = ["source"]',
        ]
    lines += [
        "[[updates]]",
        'id = "u-1"',
        'finding = "markup"',
        'action = "start"',
        "on = 2024-06-01",
        f"by = {quoted(HOSTILE['plus'])}",
        f"owner = {quoted(HOSTILE['at'])}",
        f"note = {quoted(HOSTILE['links'])}",
        "recorded = 2024-06-01T12:00:00Z",
    ]
    return "\n".join(lines) + "\n"


@pytest.fixture
def hostile(soc: Soc) -> Soc:
    """The command beside a register of hostile text."""
    soc.write(hostile_register())
    return soc


def unbroken(text: str) -> str:
    """A screen's text without blanks: where lines were broken is no matter."""
    return re.sub(r"\s+", "", text)


def without_controls(text: str) -> bool:
    """Whether a text has nothing that a terminal would obey, line ends apart."""
    return not re.search(
        "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]", text
    )


def test_plain(hostile: Soc) -> None:
    """Plain output has every character of the text, a line for each item, and no escapes."""
    out = hostile("list", "--as-of", AS_OF, "--format", "plain").out
    lines = {line.split()[0]: line for line in out.splitlines() if "area for improvement" in line}
    for name, said in SAID.items():
        assert said in lines[name]
    assert without_controls(out)
    assert "⚠" not in out
    shown = hostile("show", "body", "--as-of", AS_OF, "--format", "plain").out
    assert SAID["markup"] in shown
    assert SAID["pipes"] in shown


def test_table(hostile: Soc) -> None:
    """A screen shows the same text, with colours or without; the only escapes are rich's own."""
    plain = hostile("list", "--as-of", AS_OF, "--format", "table").out
    colours = hostile(
        "list", "--as-of", AS_OF, "--format", "table", environment={"FORCE_COLOR": "1"}
    ).out
    assert without_controls(plain)
    assert "\x1b[" in colours
    without = re.sub(r"\x1b\[[0-9;]*m", "", colours)
    assert [line.rstrip() for line in without.splitlines()] == plain.splitlines()
    seen = unbroken(plain)
    for said in SAID.values():
        assert unbroken(said) in seen
    status = unbroken(hostile("status", "--as-of", AS_OF, "--format", "table").out)
    assert status.startswith(unbroken(TITLE))


def test_json(hostile: Soc) -> None:
    """JSON gives the text exactly, with the breaks and runs of blanks that it has."""
    rows = hostile.json("list", "--as-of", AS_OF)["rows"]
    assert {row["id"]: row["summary"] for row in rows} == HOSTILE
    assert {row["id"]: row["label"] for row in rows} == HOSTILE
    shown = hostile.json("show", "markup", "--as-of", AS_OF)
    assert shown["sources"][0]["publisher"] == HOSTILE["formula"]
    assert shown["rows"][0]["owner"] == HOSTILE["at"]
    in_ascii = hostile(
        "list", "--as-of", AS_OF, "--format", "json", environment={"PYTHONIOENCODING": "ascii"}
    ).out
    assert in_ascii.isascii()
    assert json.loads(in_ascii)["rows"] == rows


def test_csv(hostile: Soc) -> None:
    """Every field of CSV is the text itself, also where it begins as a formula does."""
    text = hostile("list", "--as-of", AS_OF, "--format", "csv").out
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert {row["id"]: row["summary"] for row in rows} == HOSTILE
    by_id = {row["id"]: row for row in rows}
    assert by_id["blanks"]["label"] == HOSTILE["blanks"]
    assert by_id["markup"]["owner"] == "@SUM(A1)"


def test_csv_in_a_file(hostile: Soc) -> None:
    """A file begins with the byte order mark that Excel needs; what a pipe gets does not."""
    piped = hostile("list", "--as-of", AS_OF, "--format", "csv").out.encode()
    hostile("list", "--as-of", AS_OF, "--output", "items.csv")
    assert (hostile.folder / "items.csv").read_bytes() == b"\xef\xbb\xbf" + piped
    assert piped.startswith(b"id,")
    assert not hostile("list", "--as-of", AS_OF, "-f", "json").out.startswith("\ufeff")


def test_csv_keeps_negative_numbers(soc: Soc) -> None:
    """A number is a number: what is past its deadline has fewer days than none left."""
    soc.write(SMALL)
    text = soc("list", "--as-of", AS_OF, "--format", "csv").out
    assert ",overdue,-690," in text


def cells(markdown: str) -> tuple[list[str], set[str]]:
    """The words of each table cell and paragraph as a reader of Markdown sees them, and its marks.

    The line breaks that stand between the lines of a cell are left out of the marks.
    """
    words, marks = [], set()
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown):
        marks.add(token.type)
        seen = ""
        for child in token.children or ():
            if child.type == "html_inline" and child.content == "<br>":
                seen += " "
                continue
            marks.add(child.type)
            seen += child.content
        words.append(seen)
    return words, marks


LAYOUT = {
    "heading_open", "heading_close", "paragraph_open", "paragraph_close", "inline", "text",
    "table_open", "table_close", "thead_open", "thead_close", "tbody_open", "tbody_close",
    "tr_open", "tr_close", "th_open", "th_close", "td_open", "td_close", "text_special",
}  # fmt: skip
"""What a report is made of in Markdown: nothing else may come out of a register's text."""


def test_markdown(hostile: Soc) -> None:
    """A reader of Markdown sees the text itself: no link, HTML, emphasis, code or further cell."""
    out = hostile("list", "--as-of", AS_OF, "--format", "markdown").out
    words, marks = cells(out)
    assert marks <= LAYOUT
    assert {said for said in SAID.values() if said not in words} == set()
    assert words.count(SAID["pipes"]) == 1
    shown = hostile("show", "markup", "--as-of", AS_OF, "--format", "markdown").out
    words, marks = cells(shown)
    assert marks <= LAYOUT
    assert {SAID["formula"], SAID["links"], SAID["plus"], SAID["markup"]} <= set(words)
    for command, heading in (
        (["status"], TITLE),
        (["grades"], "Grades of 1 body"),
        (["show", "body"], SAID["html"]),
        (["show", "inspection"], SAID["emphasis"]),
    ):
        answer = hostile(*command, "--as-of", AS_OF, "--format", "markdown").out
        words, marks = cells(answer)
        assert heading in words
        # The group's heading in a table of bodies is the report's own emphasis.
        assert marks - {"strong_open", "strong_close"} <= LAYOUT
        assert "<script" not in html.unescape(re.sub(r"\\.|&lt;", "", answer))


def test_markdown_addresses_are_no_links(hostile: Soc) -> None:
    """GitHub makes a link of every bare www. and https:// that it sees, so none is left bare."""
    for command in (["list"], ["show", "web"]):
        out = hostile(*command, "--as-of", AS_OF, "--format", "markdown").out
        assert "example.org" in out
        assert not re.search(r"(?<![^\s*_~(|])www\.", out)
        assert not re.search(r"https?://", out)


@pytest.mark.parametrize("name", [each.name for each in formats_of("status")])
def test_every_format_of_every_listing(shipped: Soc, name: str) -> None:
    """Each format gives an answer that ends its last line, and names what it is about."""
    for command in (["status"], ["why", "wmp-soc-2024-r1"]):
        out = shipped(*command, "--as-of", AS_OF, "--format", name).out
        assert out.endswith("\n")
        assert not out.endswith("\n\n")
        assert "690" in out or name == "csv"
        assert ("west-mercia" in out) or ("West Mercia" in out)
        assert "None" not in out


HIDDEN = ("\x1b", "\x07", "\x7f", "\x9b", "\u202e", "\u2066", "\u200f", "\u061c", "\x00", "\ufeff")


def test_hidden_characters_cannot_come_in(soc: Soc) -> None:
    """A register with characters that nobody sees is refused, written raw or as an escape."""
    for write in (lambda hidden: hidden, lambda hidden: f"\\u{ord(hidden):04X}"):
        findings = "".join(
            f'[[findings]]\nid = "h{number}"\ninspection = "soc-2024"\nbodies = ["norfolk"]\n'
            f'kind = "area-for-improvement"\nsummary = "See{write(hidden)}this."\n'
            for number, hidden in enumerate(HIDDEN)
        )
        soc.write(SMALL + findings)
        ran = soc("list", code=3)
        assert ran.out == ""
        assert ran.err.count("hidden-character") == len(HIDDEN)
        for hidden in HIDDEN:
            assert f"U+{ord(hidden):04X}" in ran.err
        assert without_controls(ran.err)


# ------------------------------------------------------------------------------------------ files


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("out.csv", "\ufeffid,finding,body,"),
        ("out.JSON", "{\n"),
        ("out.md", "# 6 items of 6"),
        ("out.txt", "6 items of 6"),
        ("out", "6 items of 6"),
    ],
)
def test_suffix_chooses_the_format(small: Soc, name: str, begins: str) -> None:
    """The end of the file's name chooses the format, and nothing is printed beside."""
    ran = small("list", "--as-of", AS_OF, "--output", name)
    assert (ran.out, ran.err) == ("", "")
    assert (small.folder / name).read_text(encoding="utf-8").startswith(begins)


@pytest.mark.parametrize(
    ("command", "endings"),
    [
        (["list"], "use .txt, .json, .csv, .md, or say it with --format\n"),
        (["trend"], "use .txt, .json, .csv, .md, .svg, or say it with --format\n"),
        (["check"], "use .txt, .json, .prom, or say it with --format\n"),
        (["check", "--print-schedule", "cron"], ".prom"),
        (["paper"], "use .html, .docx, .md, or say it with --format\n"),
        (["export"], "use .xlsx, .csv, .jsonl, .db, or say it with --format\n"),
        (["calendar"], "use .ics\n"),
    ],
    ids=" ".join,
)
def test_ending_of_no_format(small: Soc, command: list[str], endings: str) -> None:
    """Such an ending is refused by every command, also where the file is there already."""
    old = small.folder / "old.foo"
    old.write_text("old")
    for name in ("new.foo", "old.foo"):
        ran = small(*command, "--output", name, code=2)
        assert ran.out == ""
        assert "the ending '.foo' stands for no format of this command" in ran.err
        assert endings in ran.err
    assert old.read_text() == "old"
    assert not (small.folder / "new.foo").exists()


@pytest.mark.parametrize("command", ["list", "check", "paper", "export", "validate"])
def test_names_of_formats_in_any_case(small: Soc, command: str) -> None:
    """A format may be typed in capitals, and one that is mistyped is told which it may be."""
    name = {"paper": "markdown", "export": "jsonl"}.get(command, "json")
    day = () if command == "validate" else ("--as-of", "2024-06-01")
    lower, upper = (small(command, *day, "--format", n).out for n in (name, name.upper()))
    assert lower
    assert upper == lower
    mistyped = small(command, "--format", f"{name}n", code=2)
    assert f"--format cannot be '{name}n'" in mistyped.err
    assert f"; did you mean {name}?" in mistyped.err
    assert mistyped.out == ""


def test_what_has_no_name_of_its_own(small: Soc) -> None:
    """A pipe and a device take the usual format, whatever their names end in."""
    for name in ("/dev/stdout", "/dev/fd/1"):
        printed = small("list", "--as-of", AS_OF, "--output", name).out
        assert printed == small("list", "--as-of", AS_OF, "--format", "plain").out
        assert small("paper", "--as-of", AS_OF, "--output", name).out.startswith("<!DOCTYPE")
        assert small("calendar", "--as-of", AS_OF, "--output", name).out.startswith("BEGIN:VCAL")
    (small.folder / "null.foo").symlink_to("/dev/null")
    for command in ("list", "paper", "calendar"):
        assert small(command, "--as-of", AS_OF, "--output", "null.foo").out == ""
    assert (small.folder / "null.foo").is_symlink()
    refused = small("export", "--as-of", AS_OF, "--output", "/dev/stdout", code=2)
    assert "this does not say in which format" in refused.err


def test_format_goes_before_the_suffix(small: Soc) -> None:
    """A format that is named is taken, whatever the file is called; a screen's has no colours."""
    small(
        "list", "--as-of", AS_OF, "-o", "out.csv", "-f", "table", environment={"FORCE_COLOR": "1"}
    )
    text = (small.folder / "out.csv").read_text(encoding="utf-8")
    assert text.startswith("6 items of 6")
    assert "─" in text
    assert "\x1b" not in text


def test_file_is_the_answer_whatever_the_terminal(small: Soc) -> None:
    """A file is UTF-8 and whole, also where the screen has one column and no Unicode."""
    narrow = {"COLUMNS": "1", "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    small("status", "--as-of", AS_OF, "-o", "a.txt", environment=narrow)
    small("status", "--as-of", AS_OF, "-o", "b.txt", environment={"COLUMNS": "200"})
    assert (small.folder / "a.txt").read_bytes() == (small.folder / "b.txt").read_bytes()
    assert "—" in (small.folder / "a.txt").read_text(encoding="utf-8")
    small("status", "--as-of", AS_OF, "-o", "c.txt", "-f", "table", environment=narrow)
    assert "Northumbria" in (small.folder / "c.txt").read_text(encoding="utf-8")


def test_replaced_file_keeps_its_mode(small: Soc) -> None:
    """A file that is there is replaced with its mode kept; a new one has what the umask leaves."""
    old = small.folder / "old.csv"
    old.write_text("x" * 100_000)
    old.chmod(0o640)
    small("list", "--as-of", AS_OF, "-o", "old.csv")
    assert old.read_text(encoding="utf-8").startswith("\ufeffid,")
    assert "xxx" not in old.read_text(encoding="utf-8")
    assert stat.S_IMODE(old.stat().st_mode) == 0o640
    mask = os.umask(0o027)
    try:
        small("list", "--as-of", AS_OF, "-o", "new.csv", cold=True)  # a fork has its server's mask
    finally:
        os.umask(mask)
    assert stat.S_IMODE((small.folder / "new.csv").stat().st_mode) == 0o640
    assert sorted(path.name for path in small.folder.iterdir()) == [
        "new.csv",
        "old.csv",
        "recommendations.toml",
    ]


def test_symlink_is_followed(small: Soc) -> None:
    """Writing to a link changes the file that it leads to, and leaves the link a link."""
    (small.folder / "real.csv").write_text("old")
    (small.folder / "link.csv").symlink_to("real.csv")
    small("list", "--as-of", AS_OF, "-o", "link.csv")
    assert (small.folder / "link.csv").is_symlink()
    assert (small.folder / "real.csv").read_text(encoding="utf-8").startswith("\ufeffid,")


def test_never_over_what_may_be_a_register(small: Soc) -> None:
    """Another TOML file that is there stays as it is; a name of no file is refused."""
    other = small.write(SMALL, "other.toml")
    ran = small("list", "--format", "csv", "--output", "other.toml", code=5)
    assert "other.toml is there already, and may be a register" in ran.err
    assert other.read_text(encoding="utf-8") == SMALL
    for name in ("-", " "):
        ran = small("list", "--format", "csv", "--output", name, code=5)
        assert f"--output {name!r} names no file" in ran.err
        assert "leave out --output to print the answer" in ran.err
        assert not (small.folder / name).exists()


def test_never_over_the_register(small: Soc) -> None:
    """No road leads over the register: its name, a symlink, a hard link, a way round."""
    register = small.folder / "recommendations.toml"
    (small.folder / "link.csv").symlink_to("recommendations.toml")
    os.link(register, small.folder / "hard.csv")
    (small.folder / "sub").mkdir()
    before = (register.read_bytes(), register.stat().st_ino)
    ways = ("recommendations.toml", "link.csv", "hard.csv", "sub/../recommendations.toml", register)
    for way in ways:
        ran = small("list", "--format", "csv", "--output", way, code=5)
        assert ran.out == ""
        assert "would overwrite the register" in ran.err
        assert "choose another file" in ran.err
    named = small("--records", "link.csv", "status", "-f", "csv", "-o", register, code=5)
    assert "would overwrite the register" in named.err
    assert (register.read_bytes(), register.stat().st_ino) == before
    assert (small.folder / "link.csv").is_symlink()


@pytest.mark.parametrize("where", ["no/such/out.csv", "recommendations.toml/out.csv", "sub"])
def test_file_that_cannot_be_written(small: Soc, where: str) -> None:
    """A place where no file can be is code 5 with a remedy, and nothing is left behind."""
    (small.folder / "sub").mkdir()
    ran = small("list", "--as-of", AS_OF, "-o", where, code=5)
    assert ran.out == ""
    assert f"socwatch: {where} cannot be written" in ran.err
    assert "check the folder and its permissions" in ran.err
    assert sorted(path.name for path in small.folder.iterdir()) == ["recommendations.toml", "sub"]


def test_whole_or_not_at_all(small: Soc) -> None:
    """Where there is no room for the whole of a file, the old one stays as it was."""
    old = small.folder / "old.json"
    old.write_text("old")
    bound = 'ulimit -f 1; exec "$0" -m socwatch list --as-of 2026-11-22 -o old.json'
    # What measures coverage would write files of its own under the same limit.
    environment = unmeasured_environment()
    ran = subprocess.run(
        ["sh", "-c", bound, sys.executable],
        cwd=small.folder, env=environment, capture_output=True, text=True, check=False,
        timeout=TIMEOUT,
    )  # fmt: skip
    assert ran.returncode == 5
    assert "old.json cannot be written: File too large" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert old.read_text() == "old"
    assert sorted(path.name for path in small.folder.iterdir()) == [
        "old.json",
        "recommendations.toml",
    ]


def test_what_is_no_file_is_not_replaced(small: Soc) -> None:
    """A pipe or a device named with --output stays what it is: /dev/null becomes no file."""
    pipe = small.folder / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        subprocess.run(
            [sys.executable, "-m", "socwatch", "list", "--as-of", AS_OF, "-o", "pipe"],
            cwd=small.folder, env=bare_environment(), capture_output=True, check=False,
            timeout=TIMEOUT,
        )  # fmt: skip
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_longest_file_name(small: Soc) -> None:
    """Every name that the file system takes can be written to."""
    name = "n" * 251 + ".csv"
    small("list", "--as-of", AS_OF, "-o", name)
    assert (small.folder / name).read_text(encoding="utf-8").startswith("\ufeffid,")


def test_register_whose_name_is_not_utf_8(small: Soc) -> None:
    """A register's name may be any bytes; JSON gives them, printed and in a file."""
    name = os.fsdecode(b"reg\xff.toml")
    (small.folder / name).write_text(SMALL)
    printed = small("--records", name, "list", "--format", "json").out
    assert json.loads(printed)["records"] == name
    small("--records", name, "list", "--as-of", AS_OF, "-o", "out.json")
    assert json.loads(Path(small.folder / "out.json").read_text(encoding="utf-8"))["rows"]


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("Norfolk", 7),
        ("Siân", 4),
        ("Sia\u0302n", 4),
        ("น้ำ", 2),  # a tone above the first letter
        ("กำลังดี", 5),  # two vowels above their letters
        ("หมู่", 2),  # a vowel below and a tone above
        ("हिन्दी", 5),  # two vowels beside their letters, one sign below
        ("क्", 1),
        ("مُحَمَّد", 4),
        ("שָׁלוֹם", 4),
        ("7\u20dd", 1),  # in a circle
        ("漢字", 4),
        ("警\u0301", 2),
    ],
)
def test_marks_take_no_columns(text: str, columns: int) -> None:
    """A mark is drawn on the letter before it, whatever the script, and takes no column itself."""
    assert columns_of(text) == columns


def test_columns_stand_below_each_other(soc: Soc) -> None:
    """In plain text what follows a name of any script begins in the same column of every line."""
    names = ("Norfolk Constabulary", "ตำรวจน้ำกู้ภัย", "दिल्ली पुलिस", "Heddlu Mo\u0302n", "警察")
    bodies = "".join(
        f'[[bodies]]\nid = "b{n}"\nname = "{name}"\nkind = "force"\n\n'
        f'[[findings]]\nid = "a-{n}"\ninspection = "i"\nbodies = ["b{n}"]\n'
        f'kind = "area-for-improvement"\nsummary = "Improve."\n\n'
        for n, name in enumerate(names)
    )
    soc.write(
        'format = 1\n[[inspections]]\nid = "i"\ntitle = "T"\ninspectorate = "HMICFRS"\n'
        f"published = 2024-05-14\n\n{bodies}"
    )
    lines = [line for line in soc("list", "--as-of", AS_OF).out.splitlines() if "Improve." in line]
    assert len(lines) == len(names)
    assert len({columns_of(line[: line.index("Improve.")]) for line in lines}) == 1
    assert len({line.index("Improve.") for line in lines}) > 1
