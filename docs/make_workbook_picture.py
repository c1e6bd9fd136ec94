"""Make docs/workbook.svg, the sheet of items of `socwatch export --output register.xlsx`.

    python docs/make_workbook_picture.py [FILE]

It is drawn from the cells of a workbook that is written and read again, of the shipped register
for one day, so that a checkout always gives the same file. The first column stays in sight, as it
does in a spreadsheet, and those beside it are scrolled to. It fetches no font.
"""  # noqa: INP001  # a script, run by its path

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from html import escape
from itertools import accumulate
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from socwatch.dates import format_date

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs" / "workbook.svg"
AS_OF = "2026-11-22"
SHEET = "Items"
ROWS = 14
WIDTHS = {
    "Id": 20, "Kind": 23, "Summary": 54, "Status": 14, "Deadline": 13, "Original deadline": 20,
    "Extensions": 13, "Timing": 13, "Days left": 12,
}  # fmt: skip
"""The columns in sight, and the characters for which each has room."""

CHARACTER, LINE, SIDE = 6.7, 22, 30

FRAME = """\
<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" \
viewBox="0 0 {width} {height}" role="img" aria-labelledby="what">
<title id="what">{title}</title>
<style>
text {{ font: 11px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  fill: #1f2328; white-space: pre }}
.cell {{ fill: #ffffff; stroke: #d1d9e0 }}
.edge {{ fill: #f6f8fa; stroke: #d1d9e0 }}
.head {{ fill: #dde6ef; stroke: #d1d9e0 }}
.bold {{ font-weight: bold }}
.pale {{ fill: #59636e }}
.frozen {{ stroke: #59636e }}
@media (prefers-color-scheme: dark) {{
  text {{ fill: #e6edf3 }}
  .cell {{ fill: #0d1117; stroke: #3d444d }}
  .edge {{ fill: #151b23; stroke: #3d444d }}
  .head {{ fill: #24405c; stroke: #3d444d }}
  .pale {{ fill: #9198a1 }}
  .frozen {{ stroke: #9198a1 }}
}}
</style>
{drawn}
</svg>
"""


def picture() -> str:
    """The picture as the text of an SVG file."""
    sheets, headings, rows = written()
    shown = [headings.index(name) for name in WIDTHS]
    lefts = list(accumulate((n * CHARACTER for n in WIDTHS.values()), initial=float(SIDE)))
    right, below = lefts.pop(), (len(rows) + 2) * LINE
    drawn = [*edges(lefts, shown, len(rows)), *_box("edge", 0, below, right)]
    for number, row in enumerate([headings, *rows]):
        for x, at, room in zip(lefts, shown, WIDTHS.values(), strict=True):
            drawn += cell(x, (number + 1) * LINE, room, row[at], heading=not number)
    drawn.append(f'<path class="frozen" d="M{lefts[1]:.1f} 0V{below}M0 {2 * LINE}H{right:.1f}"/>')
    x = 8.0
    for name in sheets:
        kind = "bold" if name == SHEET else "pale"
        drawn.append(f'<text class="{kind}" x="{x:.1f}" y="{below + 15}">{escape(name)}</text>')
        x += (len(name) + 2) * CHARACTER
    return FRAME.format(
        width=round(right) + 1,
        height=below + LINE + 1,
        title=f"The sheet {SHEET} of a workbook, with {', '.join(WIDTHS)}",
        drawn="\n".join(drawn),
    )


def written() -> tuple[list[str], list[str], list[list[Any]]]:
    """The names of the sheets, the headings of the one shown, and its first rows."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "register.xlsx"
        subprocess.run(  # noqa: S603  # our own command, with these arguments
            (sys.executable, "-m", "socwatch", "export", "--as-of", AS_OF, "--output", file),
            cwd=ROOT,
            check=True,
        )
        book = CalamineWorkbook.from_path(file)
        headings, *rows = book.get_sheet_by_name(SHEET).to_python()
        return book.sheet_names, [str(name) for name in headings], [list(r) for r in rows[:ROWS]]


def edges(lefts: list[float], shown: list[int], rows: int) -> Iterator[str]:
    """The letters above the columns, and the numbers beside the rows."""
    for x, at, room in zip(lefts, shown, WIDTHS.values(), strict=True):
        yield from _box("edge", x, 0, room * CHARACTER)
        yield f'<text class="pale" x="{x + 5:.1f}" y="15">{chr(ord("A") + at)}</text>'
    for number in range(1, rows + 2):
        y = number * LINE
        yield from _box("edge", 0, y, SIDE)
        yield f'<text class="pale" x="{SIDE - 5}" y="{y + 15}" text-anchor="end">{number}</text>'


def cell(x: float, y: int, room: int, value: object, *, heading: bool) -> Iterator[str]:
    """A cell: texts on its left, days and numbers on its right, what has no room is cut."""
    width = room * CHARACTER
    yield from _box("head" if heading else "cell", x, y, width)
    words = said(value)
    words = words if len(words) <= room - 2 else words[: room - 3].rstrip() + "…"
    if heading:
        yield f'<text class="bold" x="{x + 5:.1f}" y="{y + 15}">{escape(words)}</text>'
        yield f'<text class="pale" x="{x + width - 12:.1f}" y="{y + 15}">▾</text>'
    elif isinstance(value, str):
        yield f'<text x="{x + 5:.1f}" y="{y + 15}">{escape(words)}</text>'
    else:
        yield f'<text x="{x + width - 5:.1f}" y="{y + 15}" text-anchor="end">{words}</text>'


def said(value: object) -> str:
    """A value as the workbook's form of its column shows it."""
    match value:
        case date():
            return format_date(value)
        case float():
            return f"{value:.0f}"
        case _:
            return str(value)


def _box(kind: str, x: float, y: int, width: float) -> Iterator[str]:
    yield (
        f'<rect class="{kind}" x="{x + 0.5:.1f}" y="{y + 0.5}" width="{width:.1f}" '
        f'height="{LINE}"/>'
    )


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURE
    target.write_text(picture(), encoding="utf-8", newline="\n")
