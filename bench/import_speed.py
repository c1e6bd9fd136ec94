"""How much processor time `import` takes for a large spreadsheet, against calamine alone.

    .venv/bin/python bench/import_speed.py [ROWS]

Processor time, and not the clock, since other programs run on the machine. The spreadsheet has 16
columns. Printed: what python-calamine takes to read the file, and each step of an import as so
many times that.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from datetime import date, datetime, time, timedelta
from pathlib import Path

import python_calamine
from xlsxwriter import Workbook

HEADINGS = (
    "Ref", "Recommendation", "Type", "Cause of concern", "Report", "Report published", "Force",
    "Deadline", "Revised deadline", "Status", "Date completed", "Owner", "Evidence", "Comments",
    "Theme", "Internal",
)  # fmt: skip
ANSWERS = {
    'sheet_date = "?"': "sheet_date = 2026-06-30",
    'by = "?"': 'by = "A. Officer"',
    'agreed_by = "?"': 'agreed_by = "HMICFRS"',
    '"Norfolk Constabulary" = "?"': '"Norfolk Constabulary" = ["Norfolk Constabulary"]',
}
STATUSES = ("Not started", "In progress", "Complete")


def write(path: Path, rows: int) -> None:
    """Write a tracker with so many recommendations."""
    workbook = Workbook(path, {"constant_memory": True, "default_date_format": "dd/mm/yyyy"})
    page = workbook.add_worksheet("Tracker")
    page.write_row(0, 0, HEADINGS)
    for n in range(rows):
        revised = date(2026, 9, 1) + timedelta(n % 100) if n % 3 == 0 else None
        done = date(2026, 1, 1) + timedelta(n % 60) if n % 3 == 2 else None  # noqa: PLR2004  # every third
        values = (
            f"R{n}", f"Do the thing number {n} well.", "Recommendation", f"Cause {n // 10}.",
            f"Report {n // 50}", date(2024, 1, 1) + timedelta(n // 50 % 300),
            "Norfolk Constabulary", date(2025, 6, 1) + timedelta(n % 500), revised,
            STATUSES[n % 3], done, f"Owner {n % 40}", None, f"Note about {n}", "Theme", "x",
        )  # fmt: skip
        for column, value in enumerate(values):
            if isinstance(value, date):
                page.write_datetime(n + 1, column, datetime.combine(value, time()))
            elif value is not None:
                page.write_string(n + 1, column, value)
    workbook.close()


def seconds(folder: Path, *words: str) -> float:
    """Return the processor time of one call, in seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-m", "socwatch", "import", "t.xlsx", *words],
        cwd=folder, check=False, capture_output=True,
    )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Measure and print."""
    from time import process_time

    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder / "t.xlsx", rows)
        start = process_time()
        book = python_calamine.CalamineWorkbook.from_path(str(folder / "t.xlsx"))
        book.get_sheet_by_index(0).to_python()
        alone = process_time() - start
        print(f"{rows:,} rows of {len(HEADINGS)} columns; calamine alone {alone:.2f} s")
        for what in ("looked at", "imported", "the same again"):
            took = seconds(folder, "--yes", "--format", "json")
            print(f"{what}: {took:.2f} s, {took / alone:.0f} times")
            answers = folder / "t.import.toml"
            text = answers.read_text("utf-8")
            for before, after in ANSWERS.items():
                text = text.replace(before, after)
            answers.write_text(text, "utf-8")
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        print(f"at most {peak} MB")


if __name__ == "__main__":
    main()
