"""What people see on a screen: nothing wider than it, nothing broken that must not be.

`snapshots/` holds commands as they look at four widths. After a change that is meant, write them
anew and look at what has changed:

    python tests/test_terminal.py
    git diff tests/snapshots
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path

import pyte
import pytest

from conftest import AS_OF, ROOT, SHIPPED, TIMEOUT, Soc, bare_environment
from registers import SMALL
from terminal import Terminal

SNAPSHOTS = Path(__file__).with_name("snapshots")
SNAPSHOT_WIDTHS = (60, 80, 120, 200)
LINES = 600
TWO_FORCES = ROOT / "docs" / "examples" / "two-forces.toml"
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
BAR = re.compile(r"\x1b\[\?25l.*?\x1b\[\?25h\r\x1b\[1A\x1b\[2K", re.DOTALL)
"""From where the cursor is hidden to where it is shown again and the bar is taken away."""
DATE = r"\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4}"
XTERM = {"TERM": "xterm-256color"}


def sent(
    folder: Path, columns: int, *arguments: str, environment: Mapping[str, str] | None = None
) -> str:
    """What the command sends to a terminal of that many columns, with its escape sequences.

    The bar that somebody is shown who waits is left out: whether there is one is a matter of time.
    """
    terminal = Terminal(
        folder,
        *arguments,
        environment=XTERM if environment is None else environment,
        columns=columns,
        lines=LINES,
    )
    text, code = terminal.end()
    assert code == 0, text
    return BAR.sub("", text)


def seen(text: str, columns: int) -> list[str]:
    """The lines of the screen after a text was sent to it, without blanks at their ends."""
    screen = pyte.Screen(columns, LINES)
    pyte.Stream(screen).feed(text)
    return "\n".join(line.rstrip() for line in screen.display).rstrip().split("\n")


def shown(
    folder: Path, columns: int, *arguments: str, environment: Mapping[str, str] | None = None
) -> list[str]:
    """The lines that a person sees; every line that was sent is one line of the screen."""
    text = sent(folder, columns, *arguments, environment=environment)
    lines = seen(text, columns)
    meant = [line.rstrip() for line in COLOURS.sub("", text).rstrip().split("\r\n")]
    assert len(lines) == len(meant), "the terminal had to break a line"
    assert [letters(line) for line in lines] == [letters(line) for line in meant]
    return lines


def letters(line: str) -> str:
    """A line as pyte keeps it: accents joined to their letters, no blank behind wide characters."""
    return unicodedata.normalize("NFC", line.replace(" ", ""))


@pytest.mark.parametrize("columns", [20, 40, *SNAPSHOT_WIDTHS])
def test_status(shipped: Soc, columns: int) -> None:
    """`status` fits any screen and leaves no warning out; from 60 columns on it is its snapshot."""
    lines = shown(shipped.folder, columns, "status", "--as-of", AS_OF)
    words = " ".join(" ".join(lines).split())
    assert words.count("690 days past") == 5
    assert "9 recommendations, of which 5 are on record" in words
    assert "breach" not in words
    assert "…" not in words
    if columns in SNAPSHOT_WIDTHS:
        expected = (SNAPSHOTS / f"status-{columns}.txt").read_text(encoding="utf-8")
        assert "\n".join(lines) + "\n" == expected
        tables = lines[: lines.index("No items are due within 28 days.")]
        for number in range(1, 6):
            assert sum(f"wmp-soc-2024-r{number}" in line for line in tables) == 1
        assert sum("1 Jan 2025" in line for line in lines) == 5
        assert sum("22 Mar 2018" in line for line in lines) == 1


@pytest.mark.parametrize("columns", [20, 40, *SNAPSHOT_WIDTHS])
def test_responses(shipped: Soc, columns: int) -> None:
    """`responses` fits any screen, and breaks no date; from 60 columns on it is its snapshot."""
    lines = shown(shipped.folder, columns, "responses", "--as-of", AS_OF)
    words = " ".join(" ".join(lines).split())
    assert "No response on record” says what this register holds" in words
    assert "did not" not in words
    if columns in SNAPSHOT_WIDTHS:
        expected = (SNAPSHOTS / f"responses-{columns}.txt").read_text(encoding="utf-8")
        assert "\n".join(lines) + "\n" == expected
        assert sum("8 Jul 2024" in line for line in lines) == 4
        assert sum("21 Nov 2019" in line for line in lines) == 1


OVER_TIME: dict[str, tuple[str, ...]] = {
    "changes": ("changes", "--since", "2026-03-31", "--until", "2026-06-30"),
    "trend": ("trend", "--as-of", "2026-06-30"),
    "timeline": ("timeline", "--as-of", "2026-06-30"),
}
"""The commands over a stretch of time, on the register of two made-up forces."""


@pytest.mark.parametrize("columns", [20, 40, *SNAPSHOT_WIDTHS])
@pytest.mark.parametrize("name", OVER_TIME)
def test_commands_over_time(soc: Soc, name: str, columns: int) -> None:
    """They fit any screen; from 60 columns on each is its snapshot, and no date is broken."""
    shutil.copyfile(TWO_FORCES, soc.folder / "recommendations.toml")
    lines = shown(soc.folder, columns, *OVER_TIME[name])
    assert "…" not in "".join(lines)
    assert "otherton" in " ".join(lines).lower()
    if columns not in SNAPSHOT_WIDTHS:
        return
    expected = (SNAPSHOTS / f"{name}-{columns}.txt").read_text(encoding="utf-8")
    assert "\n".join(lines) + "\n" == expected
    for line, following in pairwise(lines):
        above, below = line.rsplit("  ", 1)[-1].strip(), following.rsplit("  ", 1)[-1].strip()
        assert not (above and below and re.fullmatch(DATE, f"{above} {below}")), line


@pytest.mark.parametrize("name", OVER_TIME)
def test_charts_without_unicode(soc: Soc, name: str) -> None:
    """A terminal whose encoding has no blocks is given the same lines in ASCII."""
    shutil.copyfile(TWO_FORCES, soc.folder / "recommendations.toml")
    bare = {**XTERM, "NO_COLOR": "1", "PYTHONIOENCODING": "ascii"}
    text = sent(soc.folder, 80, *OVER_TIME[name], environment=bare)
    assert text.isascii()
    expected = (SNAPSHOTS / f"{name}-80.txt").read_text(encoding="utf-8")
    assert len(seen(text, 80)) == len(expected.splitlines())
    assert not expected.isascii()


WEST_MERCIAS = {
    "wmp-soc-2018",
    "wmp-soc-2018-r1",
    "wmp-soc-2024",
    *(f"wmp-soc-2024-r{number}" for number in range(1, 6)),
}


@pytest.mark.parametrize("columns", [40, 60, 100])
@pytest.mark.parametrize(
    "arguments",
    [("list", "--body", "west-mercia"), ("show", "west-mercia"), ("grades",), ("log", "8929")],
    ids=lambda arguments: arguments[0],
)
def test_every_command_fits(shipped: Soc, columns: int, arguments: tuple[str, ...]) -> None:
    """No line is wider than the screen; from 60 columns on no id and no date is broken."""
    lines = shown(shipped.folder, columns, *arguments, "--as-of", AS_OF)
    assert "As of Sun 22 Nov 2026" in lines[1] or columns == 40
    if columns < 60:
        return
    expected = WEST_MERCIAS if arguments[0] in ("list", "show") else set()
    assert {name for name in expected if not any(name in line for line in lines)} == set()
    for line, following in pairwise(lines):
        # A cell broken over two lines: something at the end of one, and the rest below it.
        above, below = line.rsplit("  ", 1)[-1].strip(), following.rsplit("  ", 1)[-1].strip()
        assert not (above and below and re.fullmatch(DATE, f"{above} {below}")), line


def test_columns_without_room_are_named(shipped: Soc) -> None:
    """What a narrow screen leaves out of a table is named below it, and a wide one has it all."""
    asked = ("list", "--overdue", "--as-of", AS_OF)
    narrow, wide = (shown(shipped.folder, columns, *asked) for columns in (60, 200))
    assert "no room for: Kind, Deadline, Last checked" in narrow
    assert not any("1 Jan 2025" in line for line in narrow)
    assert not any("no room for" in line for line in wide)
    headings = next(line for line in wide if line.startswith("Item"))
    assert all(name in headings for name in ("Kind", "Deadline", "Last checked"))


def test_default_is_a_table_with_colours(shipped: Soc) -> None:
    """A screen gets a table with colours, a pipe plain text without, from the same words."""
    text = sent(shipped.folder, 100, "status", "--as-of", AS_OF)
    assert "\x1b[" in text
    assert "──────" in text
    assert not COLOURS.sub("", text).count("\x1b")  # colours, and no other sequence
    piped = shipped("status", "--as-of", AS_OF).out
    assert "\x1b" not in piped
    assert "─" not in piped


@pytest.mark.parametrize(
    "environment", [{**XTERM, "NO_COLOR": "1"}, {"TERM": "dumb"}], ids=["NO_COLOR", "dumb"]
)
def test_no_colours_where_none_are_wanted(shipped: Soc, environment: dict[str, str]) -> None:
    """NO_COLOR and a dumb terminal get the same table, without one escape sequence."""
    text = sent(shipped.folder, 80, "status", "--as-of", AS_OF, environment=environment)
    assert "\x1b" not in text
    expected = (SNAPSHOTS / "status-80.txt").read_text(encoding="utf-8")
    assert "\n".join(seen(text, 80)) + "\n" == expected


def test_formats_for_machines_on_a_terminal(shipped: Soc) -> None:
    """A format that is asked for is sent to a terminal as it is to a pipe."""
    for form in ("plain", "json"):
        text = sent(shipped.folder, 40, "list", "--as-of", AS_OF, "--format", form)
        assert "\x1b" not in text
        piped = shipped("list", "--as-of", AS_OF, "--format", form).out
        assert text.replace("\r\n", "\n") == piped


STRANGE = SMALL.replace("Employ enough analysts.", "漢字" * 30 + " " + "W" * 150).replace(
    # pyte breaks a line before an accent in its last column, so each word ends in a plain letter.
    "Share what partners know.",
    "e\u0301a\u0300o\u0302x " * 20,
)


@pytest.mark.parametrize("columns", [20, 60, 100])
def test_wide_characters_and_long_words_fit(soc: Soc, columns: int) -> None:
    """Characters of two columns and of none, and words longer than the screen, lose nothing."""
    soc.write(STRANGE)
    text = "".join(shown(soc.folder, columns, "list", "--as-of", AS_OF)).replace(" ", "")
    assert text.count("漢") == 30
    assert text.count("W") == 150
    assert text.count("éàôx") == 2 * 20
    assert "…" not in text


def test_long_listing_on_a_screen(soc: Soc) -> None:
    """A screen is given the first items of a very long list, and what to type for the rest."""
    soc.write(
        SMALL.partition("[[findings]]")[0]
        + "".join(
            f'[[findings]]\nid = "a{n}"\ninspection = "soc-2024"\nbodies = ["norfolk"]\n'
            f'kind = "area-for-improvement"\nsummary = "Do."\n'
            for n in range(450)
        )
    )
    text = sent(soc.folder, 100, "list", "--as-of", AS_OF)
    plain = COLOURS.sub("", text)
    assert "450 items of 450" in plain
    assert "and 50 more: add --format plain to see all" in plain
    assert "a449 " not in plain


@pytest.mark.parametrize("columns", [60, 100])
def test_help_fits(soc: Soc, columns: int) -> None:
    """Help is as wide as the screen and no wider, and no option's name is broken in it."""
    lines = shown(soc.folder, columns, "list", "--help")
    for option in ("--inspection", "--due-within", "--recorded-until", "--reverse"):
        assert any(option in line for line in lines)


def test_in_tmux(shipped: Soc, program: Callable[[str], str]) -> None:
    """A real terminal of 80 columns shows the snapshot."""
    tmux = program("tmux")
    with tempfile.TemporaryDirectory() as short:  # a socket's path may have some hundred bytes
        server = [tmux, "-S", f"{short}/s", "-f", "/dev/null"]
        line = f"'{sys.executable}' -m socwatch status --as-of {AS_OF}; "
        line += f"'{tmux}' -S '{short}/s' wait-for -S shown; read end"
        environment = {**bare_environment(), "LC_ALL": "C.UTF-8", "SHELL": "/bin/sh"}
        subprocess.run(
            [*server, "new-session", "-d", "-x", "80", "-y", "100", line],
            cwd=shipped.folder, env=environment, check=True, timeout=TIMEOUT,
        )  # fmt: skip
        try:
            subprocess.run(
                [*server, "wait-for", "shown"], env=environment, check=True, timeout=TIMEOUT
            )
            pane = subprocess.run(
                [*server, "capture-pane", "-p"],
                env=environment, capture_output=True, check=True, timeout=TIMEOUT,
            ).stdout.decode()  # fmt: skip
        finally:
            subprocess.run([*server, "kill-server"], env=environment, check=False, timeout=TIMEOUT)
    expected = (SNAPSHOTS / "status-80.txt").read_text(encoding="utf-8")
    assert [line.rstrip() for line in pane.rstrip().splitlines()] == expected.splitlines()


def _write_snapshots() -> None:
    SNAPSHOTS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        data.mkdir()
        shutil.copyfile(SHIPPED, data / "recommendations.toml")
        (Path(folder) / "two").mkdir()
        shutil.copyfile(TWO_FORCES, Path(folder) / "two" / "recommendations.toml")
        every: list[tuple[str, str, tuple[str, ...]]] = [
            ("status", ".", ("status", "--as-of", AS_OF)),
            ("responses", ".", ("responses", "--as-of", AS_OF)),
        ]
        every += [(name, "two", arguments) for name, arguments in OVER_TIME.items()]
        for name, place, arguments in every:
            for columns in SNAPSHOT_WIDTHS:
                path = SNAPSHOTS / f"{name}-{columns}.txt"
                lines = shown(Path(folder) / place, columns, *arguments)
                path.write_text("\n".join(lines) + "\n", encoding="utf-8")
                sys.stdout.write(f"{path.relative_to(ROOT)}\n")


if __name__ == "__main__":
    _write_snapshots()
