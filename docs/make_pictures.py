"""Make the pictures in the README and docs/.

    python docs/make_pictures.py

What a terminal shows and the charts that socwatch draws come out the same each time, and a test
compares them. What other programs show of its files (the committee's paper in chromium, the
workbook in LibreOffice, the calendar in khal) depends on their versions and on fonts: of these a
test compares the fingerprint of what they were given, in pictures.sha256.
"""  # noqa: INP001  # a script, run by its path

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from hashlib import sha256
from html import escape
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

DOCS = Path(__file__).parent
FINGERPRINTS = DOCS / "pictures.sha256"
SHIPPED = ("--as-of", "2026-11-22")
TWO_FORCES = ("--records", "docs/examples/two-forces.toml")
QUARTER = ("--since", "2026-03-31", "--as-of", "2026-06-30")

SCREENS = {
    "status.svg": ("status", *SHIPPED),
    "changes.svg": ("changes", "--since", "2026-03-31", "--until", "2026-06-30", *TWO_FORCES),
}
CHARTS = {
    "trend.svg": ("trend", "--as-of", "2026-06-30", *TWO_FORCES),
    "timeline.svg": ("timeline", "--as-of", "2026-06-30", *TWO_FORCES),
}
IN_OTHER_PROGRAMS = {
    "calendar.svg": ("calendar", *SHIPPED, "--remind", "7"),
    "paper.png": ("paper", *QUARTER, *TWO_FORCES),
    "workbook.png": ("export", *SHIPPED, "--table", "items", "--format", "csv"),
}
"""The command whose output stands for what the picture shows."""

COLUMNS = 100
INK, PAGE = (31, 35, 40), (255, 255, 255)
COLOURS = TerminalTheme(
    PAGE, INK, [INK, (207, 45, 56), (26, 127, 55), (154, 103, 0), (9, 105, 218), *[INK] * 3]
)

FRAME = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" \
role="img" aria-labelledby="what">
<title id="what">TITLE</title>
<style>
svg {{ color: #1f2328 }}
.page {{ fill: #ffffff; stroke: #d1d9e0 }}
@media (prefers-color-scheme: dark) {{
  svg {{ color: #e6edf3 }}
  .page {{ fill: #0d1117; stroke: #3d444d }}
  .{unique_id}-matrix {{ filter: brightness(1.4) }}
}}
.{unique_id}-matrix {{ font: {char_height}px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", \
monospace; line-height: {line_height}px }}
{styles}
</style>
<rect class="page" width="100%" height="100%" rx="8"/>
<g transform="translate({terminal_x}, 20)" class="{unique_id}-matrix">
{matrix}
</g>
</svg>
"""


def printed(*arguments: str, **environment: str) -> bytes:
    """What a command of socwatch prints."""
    kept = {
        name: os.environ[name]
        for name in ("PATH", "PYTHONPATH", "SYSTEMROOT")
        if name in os.environ
    }
    return subprocess.run(  # noqa: S603  # our own command, with arguments of its own
        (sys.executable, "-m", "socwatch", *arguments),
        cwd=DOCS.parent,
        env={**kept, "PYTHONUTF8": "1", **environment},
        check=True,
        capture_output=True,
    ).stdout


def drawn() -> dict[str, str]:
    """The pictures that come out the same each time, by the names of their files."""
    on_terminal = {"COLUMNS": str(COLUMNS), "FORCE_COLOR": "1", "TERM": "xterm-256color"}
    screens = {
        name: screen(
            f"socwatch {shlex.join(words)}",
            printed(*words, "--format", "table", **on_terminal).decode(),
        )
        for name, words in SCREENS.items()
    }
    charts = {name: printed(*words, "--format", "svg").decode() for name, words in CHARTS.items()}
    return screens | charts


def screen(typed: str, shown: str) -> str:
    """What a terminal shows after a command, with its colours, as an SVG."""
    console = Console(
        record=True, width=COLUMNS, file=io.StringIO(), color_system="truecolor",
        force_terminal=True, legacy_windows=False,
    )  # fmt: skip
    console.print(f"$ {typed}\n", style="dim", highlight=False, markup=False)
    console.print(Text.from_ansi(shown.rstrip()))
    svg = console.export_svg(theme=COLOURS, code_format=FRAME, unique_id="screen")
    svg = re.sub(r' clip-path="[^"]*"', "", svg).replace("TITLE", escape(typed))
    return re.sub("fill: #" + "".join(f"{part:02x}" for part in INK), "fill: currentColor", svg)


def fingerprints() -> str:
    """By which the pictures of other programs are known, a line each, as sha256sum writes them."""
    return "".join(
        f"{fingerprint(printed(*words))}  {name}\n" for name, words in IN_OTHER_PROGRAMS.items()
    )


def fingerprint(shown: bytes) -> str:
    """Of what a picture shows; what made it, and where its lines are folded, is no matter."""
    lines = shown.replace(b"\r\n ", b"").splitlines()
    kept = (line for line in lines if b"Made with" not in line and b"PRODID" not in line)
    return sha256(b"\n".join(kept)).hexdigest()


def draw_paper(folder: Path, picture: Path) -> None:
    """Draw the committee's paper as chromium shows it."""
    from playwright.sync_api import sync_playwright  # what compares pictures needs none

    page = folder / "paper.html"
    page.write_bytes(printed(*IN_OTHER_PROGRAMS[picture.name]))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        tab = browser.new_page(viewport={"width": 1100, "height": 1640})
        tab.goto(page.as_uri())
        tab.screenshot(path=picture)
        browser.close()


OF_ITEMS = ("-f", "2", "-l", "2", "-r", "80", "-x", "0", "-y", "0", "-W", "1900", "-H", "360")
"""The sheet of items follows the cover; the picture ends between two of its columns and rows."""


def draw_workbook(folder: Path, picture: Path) -> None:
    """Draw the beginning of the sheet of items as LibreOffice shows it."""
    printed("export", *SHIPPED, "--output", str(folder / "register.xlsx"))
    whole_sheets = 'pdf:calc_pdf_Export:{"SinglePageSheets":{"type":"boolean","value":"true"}}'
    run(folder, "soffice", "--headless", "--convert-to", whole_sheets, "register.xlsx")
    run(folder, "pdftoppm", "-png", "-singlefile", *OF_ITEMS, "register.pdf", picture.stem)
    picture.write_bytes((folder / picture.name).read_bytes())


KHAL = """\
[calendars]
[[socwatch]]
path = {folder}/events
[locale]
timeformat = %H:%M
dateformat = %d/%m/%Y
longdateformat = %d/%m/%Y
datetimeformat = %d/%m/%Y %H:%M
longdatetimeformat = %d/%m/%Y %H:%M
[view]
agenda_event_format = {{cancelled}}{{title}}
[sqlite]
path = {folder}/cache.db
[default]
default_calendar = socwatch
"""


def draw_calendar(folder: Path, picture: Path) -> None:
    """Draw July 2024 as khal shows it on a terminal."""
    (folder / "events").mkdir()
    (folder / "config").write_text(KHAL.format(folder=folder), encoding="utf-8")
    (folder / "register.ics").write_bytes(printed(*IN_OTHER_PROGRAMS[picture.name]))
    khal = ("khal", "--color", "-c", "config")
    run(folder, *khal, "import", "--batch", "register.ics")
    month = ("calendar", "01/07/2024", "31d")
    shown = screen(shlex.join(("khal", *month)), run(folder, *khal, *month))
    picture.write_text(shown, encoding="utf-8", newline="\n")


def run(folder: Path, *command: str) -> str:
    """Run another program in a folder, at home there, and return what it prints."""
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(folder), "COLUMNS": str(COLUMNS),
        "LC_CTYPE": "C.UTF-8", "LC_TIME": "C",
    }  # fmt: skip
    return subprocess.run(  # noqa: S603  # found by PATH, with arguments of this script
        command, cwd=folder, env=environment, check=True, capture_output=True, encoding="utf-8"
    ).stdout


def main() -> None:
    """Draw every picture, and write down what those of other programs show."""
    for name, text in drawn().items():
        (DOCS / name).write_text(text, encoding="utf-8", newline="\n")
    draw: dict[str, Callable[[Path, Path], None]] = {
        "calendar.svg": draw_calendar,
        "paper.png": draw_paper,
        "workbook.png": draw_workbook,
    }
    for name in IN_OTHER_PROGRAMS:
        with tempfile.TemporaryDirectory() as folder:
            draw[name](Path(folder), DOCS / name)
    FINGERPRINTS.write_text(fingerprints(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
