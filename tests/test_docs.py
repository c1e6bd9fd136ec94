"""What README.md and docs/ say is what socwatch does: transcripts, keys, codes, options, links."""

from __future__ import annotations

import html
import json
import re
import runpy
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from conftest import AS_OF, ROOT, SHIPPED, Soc, bare_environment
from socwatch.cli import COMMANDS, LOOK, SHARE, SOCWATCH
from socwatch.cli.typer_seam import parsers
from socwatch.dates import last_day, parse_deadline
from socwatch.errors import SocwatchError
from socwatch.obligations import Standing
from socwatch.records import (
    Answerer,
    BodyKind,
    DeadlineSetter,
    Kind,
    Outcome,
    Scale,
    Status,
)
from socwatch.reports.change_events import Change
from socwatch.reports.check.alerts import Reason, Suppression
from socwatch.tracking import Direction, Timing
from socwatch.typed_dates import parse_date
from transcripts import (
    FAULTS,
    LEFT_OUT,
    PAGES,
    Call,
    Printed,
    agrees,
    brought_up_to_date,
    calls,
    fenced,
    prose,
    run,
)

README = ROOT / "README.md"
DOCS = ROOT / "docs"

RUN_COMMAND = "python3 -m venv .venv && .venv/bin/pip install -q . && .venv/bin/socwatch status\n"
TEST_COMMAND = (
    "python3 -m venv .venv && .venv/bin/pip install -q -e '.[test]' && .venv/bin/pytest -q\n"
)


@cache
def text_of(page: Path) -> str:
    """What a page says."""
    return page.read_text(encoding="utf-8")


def by_place(page: Path) -> str:
    """A page's place in the checkout."""
    return str(page.relative_to(ROOT))


def every_call() -> Iterator[Call]:
    """Every command of every transcript."""
    for page in PAGES:
        for block in fenced(text_of(page), "console"):
            yield from calls(block)


TRANSCRIPTS = {
    f"{by_place(page)}-{number}": block
    for page in PAGES
    for number, block in enumerate(fenced(text_of(page), "console"), start=1)
}
"""Every block of commands, by its page and its number there."""


@pytest.mark.parametrize("block", TRANSCRIPTS.values(), ids=TRANSCRIPTS)
def test_transcript(block: str) -> None:
    """Each command prints what its page shows, and says so if it ends with another code than 0."""
    for call, printed in run(block):
        assert agrees(call, printed), "\n".join(
            ("python tests/transcripts.py brings this up to date:", call.command, *printed.lines)
        )
        assert printed.code == 0


def test_transcripts_do_not_depend_on_today() -> None:
    """Every answer about a day names it; a refusal may leave it out, and so may a schedule."""
    looking = {command.name for command in COMMANDS if command.panel in {LOOK, SHARE}}
    answers = [
        call.command
        for call in every_call()
        if looking & set(shlex.split(call.command))
        and not any(words in call.command for words in ("exit code", "--print-schedule"))
    ]
    assert len(answers) > 10
    assert all("--as-of" in command or "--until" in command for command in answers)


def test_how_a_transcript_is_compared() -> None:
    """A "…" stands for one line or more, or for words within one, and for nothing else."""
    printed = Printed(("a", "b 1", "c"), 0)
    for shown in ("a/b 1/c", f"a/{LEFT_OUT}", f"{LEFT_OUT}/c", "a/b …/c"):
        assert agrees(Call("x", tuple(shown.split("/"))), printed), shown
    for shown in ("a/b 1", "a/c", f"a/b 1/c/{LEFT_OUT}", "b …/c", ""):
        assert not agrees(Call("x", tuple(shown.split("/"))), printed), shown


def test_transcripts_are_brought_up_to_date() -> None:
    """One command puts what is printed now into a page, and leaves out what the page left out."""
    stale = (
        "Before\n\n```console\n$ echo a; echo b; echo c\nx\n…\nz\n$ echo u-1\nu-…\n```\n\nAfter\n"
    )
    assert brought_up_to_date(stale) == stale.replace("\nx\n", "\na\n").replace("\nz\n", "\nc\n")
    assert brought_up_to_date("```sh\nexit 1\n```\n") == "```sh\nexit 1\n```\n"


def test_the_two_commands_of_the_readme() -> None:
    """One command runs the main job and one the tests, marked; each does all the set-up."""
    readme = text_of(README)
    assert fenced(readme, "sh") == [RUN_COMMAND, TEST_COMMAND]
    assert f"<!-- test-command -->\n```sh\n{TEST_COMMAND}```\n" in readme
    assert readme.count("test-command") == 1
    assert not any(fenced(text_of(page), "sh") for page in PAGES if page != README)


def test_the_main_job_runs_on_the_shipped_register(soc: Soc) -> None:
    """In a checkout `socwatch status` finds the shipped register without being told."""
    (soc.folder / "data").mkdir()
    (soc.folder / "data" / SHIPPED.name).write_bytes(SHIPPED.read_bytes())
    out = soc("status").out
    assert "West Mercia Police" in out
    assert "overdue: 6 items with no completion on record" in out.lower()


def test_completion_is_installed_as_the_readme_says(
    soc: Soc, program: Callable[[str], str]
) -> None:
    """`socwatch --install-completion` sets completion up for the shell that it is typed in."""
    assert "`socwatch --install-completion`" in text_of(README)
    ended = subprocess.run(
        [program("bash"), "-c", f"{sys.executable} -m socwatch --install-completion; exit $?"],
        env={**bare_environment(), "HOME": str(soc.folder)},
        capture_output=True,
        check=True,
        text=True,
    )
    assert ended.stdout.startswith("bash completion installed in ")
    assert "Traceback" not in ended.stderr
    installed = [path for path in soc.folder.rglob("*") if path.is_file()]
    assert any("socwatch" in path.read_text() for path in installed)


FIGURE = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)*(?![\w.])")
NUMBERS = {"two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7"} | {
    "eight": "8",
    "nine": "9",
    "ten": "10",
}


def test_no_figure_of_the_readme_is_made_up() -> None:
    """Each number in its prose, in digits or a word, stands in a transcript or the picture."""
    readme = text_of(README)
    printed = "\n".join(line for block in fenced(readme, "console") for line in block.split("\n"))
    printed += picture_text("status.svg")
    known = set(FIGURE.findall(printed))
    said = re.sub(
        r"<!--.*?-->|`[^`]*`|\]\([^)]*\)|^\| \d .*$", " ", prose(readme), flags=re.MULTILINE
    )
    figures = set(FIGURE.findall(said))
    words = {NUMBERS[word] for word in re.findall(r"[a-z]+", said.lower()) if word in NUMBERS}
    python = tomllib.loads(text_of(ROOT / "pyproject.toml"))["project"]["requires-python"]
    assert python == ">=3.11"
    assert "14" in figures
    assert "9" in words
    assert (figures | words) - known == {"3.11"}


@cache
def options_of_commands() -> dict[str, frozenset[str]]:
    """The options of each command, such as "add finding", and under "" those before any."""
    return {
        name: frozenset(
            word for each in found.params for word in each.opts if word.startswith("--")
        )
        for name, found in parsers(SOCWATCH)
    }


@pytest.mark.parametrize("command", [command.name for command in COMMANDS])
def test_every_command_and_option_is_documented(command: str) -> None:
    """Each stands in the page of commands, below its command's heading."""
    page = text_of(DOCS / "commands.md")
    _, _, shared = page.partition("\n## Options that several commands have\n")
    for name, options in options_of_commands().items():
        if name.split()[:1] != [command]:
            continue
        _, heading, section = page.partition(f"\n### {name}\n")
        assert heading
        section = re.split(r"^##", section, maxsplit=1, flags=re.MULTILINE)[0]
        described = set(re.findall(r"`(--[a-z-]+)", section))
        assert described == options
        once = {option for option in described if f"| `{option}" in section}
        assert all(f"| `{option}" in shared for option in described - once)


def test_commands_that_pages_name_exist() -> None:
    """Wherever a page names a command with options, that command has them."""
    spans = [
        span
        for page in PAGES
        for span in re.findall(r"`(socwatch [^`…\[]*)`", prose(text_of(page)))
        if "COMMAND" not in span
    ]
    typed = [call.command for call in every_call()]
    assert len(spans) > 10
    for line in (*spans, *typed):
        for part in re.split(r"[;|>]", line):
            words = shlex.split(part)
            if words[:1] != ["socwatch"]:
                continue
            options = options_of_commands()
            named = [word for word in words[1:] if word in options]
            known = {
                option
                for name in options
                if name.split()[:1] == named[:1]
                for option in options[name]
            }
            asked = {word.partition("=")[0] for word in words if word.startswith("--")}
            assert asked <= known | options[""] | {"--help"}, line
            assert named or asked, line


CODE = re.compile(r"^\| (\d+) \|", re.MULTILINE)


def test_every_exit_code_is_documented() -> None:
    """The page has each code that a failure ends with, and the README no other than the page."""
    page = text_of(DOCS / "exit-codes.md")
    listed = {int(code) for code in CODE.findall(page)}
    assert {failure.exit_code for failure in failures()} | {0, 130} <= listed
    assert listed - {0, 1, 2, 3, 4, 5} == {130}
    assert {int(code) for code in CODE.findall(text_of(README))} == {0, 1, 2, 3, 4, 5}


def failures(family: type[SocwatchError] = SocwatchError) -> Iterator[type[SocwatchError]]:
    """Every class of failure."""
    for failure in family.__subclasses__():
        yield failure
        yield from failures(failure)


def test_every_failure_is_documented() -> None:
    """The page of exit codes names each failure with its code, and no failure that there is not."""
    rows = re.findall(r"^\| `(\w+)` \| (\d+) \| \w", text_of(DOCS / "exit-codes.md"), re.MULTILINE)
    assert sorted(rows) == sorted((each.__name__, str(each.exit_code)) for each in failures())


def anchors(page: Path) -> set[str]:
    """The headings of a page as the ends of addresses."""
    headings = re.findall(r"^#+ (.+)$", prose(text_of(page)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize(
    "page", [*PAGES, FAULTS, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"], ids=by_place
)
def test_links_lead_somewhere(page: Path) -> None:
    """Each link to a page or a file finds it, and the heading that it names."""
    links = re.findall(r"\]\(([^)\s]+)\)", prose(text_of(page)))
    for link in links:
        if link.startswith("https://"):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), link
        assert target.is_relative_to(ROOT), link
        if anchor:
            assert anchor in anchors(target), link
    assert "http://" not in text_of(page)


def test_every_page_is_in_the_index() -> None:
    """docs/README.md links to each page beside it, and the README to the index."""
    index = text_of(DOCS / "README.md")
    pages = [page for page in DOCS.glob("*.md") if page.name != "README.md"]
    assert len(pages) >= 6
    assert all(f"({page.name})" in index for page in pages)
    assert "(docs/README.md)" in text_of(README)


@cache
def pictures() -> dict[str, Any]:
    """What the script that makes the pictures defines."""
    return runpy.run_path(str(DOCS / "make_pictures.py"))


def test_pictures_show_what_is_printed() -> None:
    """Each is what socwatch prints or draws now; none fetches or runs anything."""
    drawn: dict[str, str] = pictures()["drawn"]()
    for name, svg in drawn.items():
        assert svg == text_of(DOCS / name), "python docs/make_pictures.py makes it anew"
    assert "West Mercia Police" in picture_text("status.svg")
    assert "West Mercia Police" not in picture_text("changes.svg")
    for svg in map(text_of, DOCS.glob("*.svg")):
        assert re.findall(r"\w+://[^\"]*", svg) == ["http://www.w3.org/2000/svg"]
        assert not re.search(r"<script|<image|<use|@import|url\(", svg)


def test_every_picture_is_of_socwatch_as_it_is() -> None:
    """What other programs show is what they showed when their picture was taken."""
    told = text_of(DOCS / "pictures.sha256")
    assert told == pictures()["fingerprints"](), "python docs/make_pictures.py makes them anew"
    fingerprint = pictures()["fingerprint"]
    assert fingerprint(b"x") != fingerprint(b"y")
    others = {line.split()[1] for line in told.splitlines()}
    there = {path.name for path in DOCS.iterdir() if path.suffix in {".svg", ".png"}}
    assert there == {*pictures()["SCREENS"], *pictures()["CHARTS"], *others}
    pages = "".join(map(text_of, PAGES))
    assert all(re.search(rf"!\[[^]]*\]\((docs/)?{name}\)", pages) for name in there)
    assert picture_text("calendar.svg").count("CANCELLED") == 4


def picture_text(name: str) -> str:
    """The words in a picture that is an SVG."""
    drawn = text_of(DOCS / name).partition("</style>")[2]
    return html.unescape(re.sub(r"<[^>]*>", " ", drawn)).replace("\xa0", " ")


def test_pages_made_from_the_code_are_fresh(tmp_path: Path) -> None:
    """What the pages say of commands, failures, fields and keys is what the code says now."""
    subprocess.run([sys.executable, DOCS / "make_reference.py", tmp_path], check=True)
    made = {page.name: page.read_text(encoding="utf-8") for page in tmp_path.iterdir()}
    assert made.keys() == {"commands.md", "dates.md", "exit-codes.md", "json.md", "register.md"}
    for name, page in made.items():
        assert page == text_of(DOCS / name), "python docs/make_reference.py makes it anew"


@pytest.mark.parametrize("page", PAGES, ids=by_place)
def test_registers_in_pages_are_valid(soc: Soc, page: Path) -> None:
    """A whole register in a page is valid; a single record stands so in the shipped one."""
    for block in fenced(text_of(page), "toml"):
        if "format = 1" in block:
            soc.write(block)
            assert "is valid" in soc("validate").out
        else:
            assert block in SHIPPED.read_text(encoding="utf-8")


def documented(heading: str) -> list[str]:
    """The keys in the table below a heading of the page of machine output."""
    _, found, below = text_of(DOCS / "json.md").partition(f"# {heading}\n")
    assert found, heading
    section = re.split(r"^#", below, maxsplit=1, flags=re.MULTILINE)[0]
    return re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)


def test_every_key_of_machine_output_is_documented(shipped: Soc) -> None:
    """The rows of a command have the keys of their table, in its order, and so has its CSV."""
    keys = documented("An item")
    assert list(shipped.json("list", "--as-of", AS_OF)["rows"][0]) == keys
    assert (
        shipped("list", "--as-of", AS_OF, "--format", "csv").out.splitlines()[0].split(",") == keys
    )
    assert "days_left" in keys
    assert list(shipped.json("trend", "--as-of", AS_OF)["rows"][0]) == documented("A month")


@pytest.mark.parametrize(
    "words",
    [
        *(Kind, Status, Timing, Direction, Standing, Outcome, BodyKind, Scale, Answerer),
        *(DeadlineSetter, Reason, Suppression, Change),
    ],
)
def test_every_word_of_machine_output_is_documented(words: type[StrEnum]) -> None:
    """Each word of a fixed list stands in the page of machine output, in the order of the list."""
    page = text_of(DOCS / "json.md")
    listed = "[^|\n]*".join(f"`{word}`" for word in words)
    assert re.search(listed, page)


def test_the_envelope_is_documented(shipped: Soc) -> None:
    """Every object has the keys of the envelope, in that order."""
    answer = shipped.json("list", "--as-of", AS_OF)
    assert list(answer) == documented("The envelope")


def test_the_object_of_validate_is_documented(soc: Soc) -> None:
    """Its own keys are named, and those of a fault stand in a table."""
    soc.write("format = 1\nbodys = []\n")
    answer = json.loads(soc("validate", "--format", "json", code=3).out)
    _, _, section = text_of(DOCS / "json.md").partition("\n## validate\n")
    named = re.findall(r"`(\w+)`", section.partition("###")[0])
    assert set(answer) == set(named) - {"true", "false", "github"}
    assert list(answer["rows"][0]) == documented("A fault")


def table_of(page: Path, heading: str) -> list[list[str]]:
    """The rows of the table below a heading of a page, without its head."""
    section = text_of(page).partition(f"## {heading}\n")[2].partition("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("|")]
    return rows[2:]


def test_days_that_the_docs_say_are_understood() -> None:
    """Each form of a day in the docs means, on the day that they name, what they say."""
    rows = table_of(DOCS / "dates.md", "The day asked about")
    today = date(2026, 11, 22)
    assert f"{today:%A %d %B %Y}" in text_of(DOCS / "dates.md")
    assert len(rows) > 10
    for typed, meant in rows:
        assert parse_date(typed.strip("`"), today=today).in_words() == meant


def test_deadlines_that_the_docs_say_are_understood() -> None:
    """Each form of a deadline in the docs is one, and none of them is past before publication."""
    rows = table_of(DOCS / "dates.md", "Deadlines in words")
    published = date(2024, 5, 14)
    forms = [form for row in rows for form in re.findall(r'`"?([^`"]+)"?`', row[0])]
    assert {"immediately", "6 months", "2025-01"} <= set(forms)
    for form in forms:
        deadline = parse_deadline(form)
        assert deadline is not None, form
        assert last_day(deadline, published=published) >= published
