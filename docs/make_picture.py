"""Make the pictures in the README and docs/.

    python docs/make_picture.py [FOLDER]

Most are drawn from what a command prints on a terminal with colours, on a register that does not
change and for one day, so that a checkout always gives the same file. Their words take the ink of
the page, light or dark, and they fetch no font. A chart is what socwatch itself draws.
"""  # noqa: INP001  # a script, run by its path

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from rich.color import Color
from rich.console import Console
from rich.style import Style
from rich.text import Text

ROOT = Path(__file__).parents[1]
TWO_FORCES = ("--records", "docs/examples/two-forces.toml")
SCREENS = {
    "status.svg": ("status", "--as-of", "2026-11-22"),
    "changes.svg": ("changes", "--since", "2026-03-31", "--until", "2026-06-30", *TWO_FORCES),
}
CHARTS = {
    "trend.svg": ("trend", "--as-of", "2026-06-30", *TWO_FORCES),
    "timeline.svg": ("timeline", "--as-of", "2026-06-30", *TWO_FORCES),
}
COLUMNS = 100

CHARACTER, LINE, FONT = 8.4, 19, 14
MARGIN, BAR = 22, 34
LIGHTER = 0.3  # of white: on a dark page a terminal's red is hard to read

FRAME = """\
<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" \
viewBox="0 0 {width} {height}" role="img" aria-labelledby="what">
<title id="what">{title}</title>
<style>
text {{ font: {font}px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  fill: #1f2328; white-space: pre }}
.page {{ fill: #ffffff; stroke: #d1d9e0 }}
.edge, .rule {{ stroke: #d1d9e0 }}
.typed {{ fill: #59636e }}
.bold {{ font-weight: bold }}
.underline {{ text-decoration: underline }}
@media (prefers-color-scheme: dark) {{
  text {{ fill: #e6edf3 }}
  .page {{ fill: #0d1117; stroke: #3d444d }}
  .edge, .rule {{ stroke: #3d444d }}
  .typed {{ fill: #9198a1 }}
}}
{colours}
@media (prefers-color-scheme: dark) {{
{lighter}
}}
</style>
<rect class="page" x="0.5" y="0.5" width="{inner_width}" height="{inner_height}" rx="8"/>
<text class="typed" x="{margin}" y="23">$ socwatch {title}</text>
<path class="edge" d="M0.5 {bar}.5H{inner_width}"/>
{lines}
</svg>
"""


def picture(arguments: Sequence[str]) -> str:
    """What a command shows on a screen, as the text of an SVG file."""
    console = Console(width=COLUMNS)
    lines = Text.from_ansi(printed(*arguments, "--format", "table")).split("\n")
    while not lines[-1].plain.strip():
        lines.pop()
    drawn, colours = [], set()
    for number, line in enumerate(lines):
        y = BAR + MARGIN + LINE * number + FONT // 2
        for column, words, style in runs(line, console):
            if style.color is not None:
                colours.add(style.color)
            drawn.append(drawing(column, y, words, style))
    width = round(2 * MARGIN + COLUMNS * CHARACTER)
    height = BAR + 2 * MARGIN + LINE * len(lines) - LINE // 2
    return FRAME.format(
        title=escape(" ".join(arguments)),
        width=width,
        height=height,
        inner_width=width - 1,
        inner_height=height - 1,
        margin=MARGIN,
        bar=BAR,
        font=FONT,
        colours="\n".join(sorted(rule(colour) for colour in colours)),
        lighter="\n".join(sorted(f"  {rule(colour, LIGHTER)}" for colour in colours)),
        lines="\n".join(drawn),
    )


def printed(*arguments: str) -> str:
    """What a command prints on a terminal with colours."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    terminal = {"COLUMNS": str(COLUMNS), "FORCE_COLOR": "1", "TERM": "xterm-256color"}
    return subprocess.run(  # noqa: S603  # our own command, with arguments of its own
        [sys.executable, "-m", "socwatch", *arguments],
        cwd=ROOT,
        env={**kept, **terminal, "PYTHONUTF8": "1"},
        capture_output=True,
        check=True,
        encoding="utf-8",
    ).stdout


def runs(line: Text, console: Console) -> Iterator[tuple[int, str, Style]]:
    """The words of a line that stand together in one style, each with its column."""
    column = 0
    for segment in line.render(console):
        for found in re.finditer(r"\S+(?: \S+)*", segment.text):
            yield column + found.start(), found[0], segment.style or Style.null()
        column += len(segment.text)


def drawing(column: int, y: int, words: str, style: Style) -> str:
    """The words at their place; a rule is drawn, since fonts join its dashes or do not."""
    x, length = MARGIN + column * CHARACTER, len(words) * CHARACTER
    if not words.strip("─"):
        return f'<path class="rule" d="M{x:.1f} {y - FONT // 3}.5h{length:.1f}"/>'
    classes = [word for word, on in (("bold", style.bold), ("underline", style.underline)) if on]
    if style.color is not None:
        classes.append(name(style.color))
    styled = f' class="{" ".join(classes)}"' if classes else ""
    return f'<text{styled} x="{x:.1f}" y="{y}" textLength="{length:.1f}">{escape(words)}</text>'


def rule(colour: Color, lighter: float = 0) -> str:
    """How words in a colour are drawn, with a share of white in it."""
    parts = (round(part + (255 - part) * lighter) for part in colour.get_truecolor())
    return f".{name(colour)} {{ fill: #{''.join(f'{part:02x}' for part in parts)} }}"


def name(colour: Color) -> str:
    """The class of the words in a colour: that colour's name on the terminal."""
    return f"c{colour.number}"


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs"
    made = {file: picture(arguments) for file, arguments in SCREENS.items()}
    made |= {file: printed(*arguments, "--format", "svg") for file, arguments in CHARTS.items()}
    for file, text in made.items():
        (folder / file).write_text(text, encoding="utf-8", newline="\n")
