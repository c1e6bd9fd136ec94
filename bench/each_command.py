"""Every command on registers of three sizes: the CPU time it takes, and what each finding adds.

    python bench/each_command.py [--quick]

Time is to grow in proportion: what a finding adds among 10,000 and among 50,000 findings may be at
most a quarter more than what it adds in the step before. It prints a table for bench/README.md and
exits with 1 if a command grows faster. User and system time are counted, not the time that passes,
so that what else the machine does changes little.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median

# The generator stands with the tests, which share it.
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from processes import Command, Timing, cpu_seconds, interleaved
from report import LARGEST, table

from generated import Generated, generated

SIZES = {1_000: 5, 10_000: 5, 50_000: 2}
"""The findings of each register, and the rounds."""
MAX_GROWTH = 1.25
NOISE_SECONDS = 0.04
"""A shorter step says nothing about growth: starting Python differs by as much."""
DATE = ("--as-of", "2026-11-22")


@dataclass(frozen=True)
class Growth:
    """The medians of one command, in seconds, by the number of findings."""

    name: str
    seconds: dict[int, float]

    def per_finding(self) -> list[float]:
        """Return the seconds that a finding adds in each step from one size to the next."""
        sizes = sorted(self.seconds)
        return [
            (self.seconds[after] - self.seconds[before]) / (after - before)
            for before, after in pairwise(sizes)
        ]

    def growth(self) -> float | None:
        """Return how much more a finding adds in the last step than in the one before.

        None where the first step is too short to tell, or there is only one.
        """
        match sorted(self.seconds):
            case [first, second, _] if self.seconds[second] - self.seconds[first] > NOISE_SECONDS:
                earlier, later = self.per_finding()
                return later / earlier
        return None


def commands(socwatch: str, register: Generated, file: Path, folder: Path) -> list[Command]:
    """Every command, as people type it, none of which changes the register."""
    item = next(each for each in register.items if not each.ended and each.kind != "good-practice")
    head = (socwatch, "--records", str(file))

    def command(name: str, *arguments: str, to: str = "", code: int = 0) -> Command:
        output = ("--output", str(folder / f"out{to}")) if to else ()
        return Command(name, (*head, *arguments, *output), code=code)

    return [
        command("status", "status", *DATE),
        command("list", "list", *DATE),
        command("list, JSON", "list", *DATE, "--format", "json"),
        command("show a body", "show", item.body, *DATE),
        command("show a finding", "show", item.id, *DATE),
        command("why", "why", item.id, *DATE),
        command("grades", "grades", *DATE),
        command("responses", "responses", *DATE),
        command("log", "log", *DATE),
        command("check", "check", *DATE, code=1),
        command("check, Prometheus", "check", *DATE, "--format", "prometheus"),
        command("changes", "changes", "--since", "2026-01-01", *DATE),
        command("trend", "trend", *DATE),
        command("timeline", "timeline", *DATE),
        command("paper, page", "paper", *DATE, to=".html"),
        command("paper, Word", "paper", *DATE, to=".docx"),
        command("paper, Markdown", "paper", *DATE, to=".md"),
        command("calendar", "calendar", *DATE, to=".ics"),
        command("export, workbook", "export", *DATE, to=".xlsx"),
        command("export, JSON Lines", "export", *DATE, to=".jsonl"),
        command("export, database", "export", *DATE, to=".db"),
        command("note", "note", item.id, "--note", "x", "--by", "B", "--dry-run"),
        command("undo", "undo", "--yes", "--dry-run", "--note", "x", "--by", "B"),
        command("validate", "validate"),
        Command(
            "completion",
            (socwatch,),
            item.id[:-1],
            {
                "_SOCWATCH_COMPLETE": "complete_bash",
                "COMP_WORDS": f"socwatch --records {file} show {item.id[:-1]}",
                "COMP_CWORD": "4",
            },
        ),
    ]


def measure(socwatch: str, sizes: dict[int, int]) -> list[Growth]:
    """Time every command on a register of each size."""
    found: dict[str, dict[int, Timing]] = {}
    with tempfile.TemporaryDirectory(prefix="socwatch-bench-") as name:
        for findings, rounds in sizes.items():
            register = generated(findings)
            file = Path(name) / f"{findings}.toml"
            file.write_text(register.text, encoding="utf-8")
            timed = interleaved(
                commands(socwatch, register, file, Path(name)), rounds=rounds, measure=cpu_seconds
            )
            for command, timing in timed.items():
                found.setdefault(command, {})[findings] = timing
    return [
        Growth(command, {findings: median(timing.seconds) for findings, timing in timings.items()})
        for command, timings in found.items()
    ]


def told(measured: list[Growth]) -> str:
    """Return the table: milliseconds of each size, what a finding adds, and how that grows."""
    sizes = sorted(measured[0].seconds)
    rows = []
    for each in measured:
        growth = each.growth()
        last = "" if growth is None else f"{growth:.2f}"
        steps = (f"{step * 1e6:.0f}" for step in each.per_finding())
        times = (f"{each.seconds[size] * 1000:.0f}" for size in sizes)
        rows.append((f"`{each.name}`", *times, *steps, last))
    steps_of = (f"µs a finding to {size:,}" for size in sizes[1:])
    return table(("command", *(f"{n:,}, ms" for n in sizes), *steps_of, "growth"), rows)


def main() -> None:
    """Measure, print, and exit with 1 if a command grows faster than in proportion."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="no 50,000 findings")
    parser.add_argument(
        "--socwatch",
        default=str(Path(sys.executable).parent / "socwatch"),
        help="the command to time; by default the one installed beside this Python",
    )
    options = parser.parse_args()
    sizes = {n: rounds for n, rounds in SIZES.items() if not options.quick or n < LARGEST}
    measured = measure(options.socwatch, sizes)
    print(told(measured))
    grown = [each for each in measured if (each.growth() or 0) > MAX_GROWTH]
    for each in grown:
        print(f"GROWS: {each.name}, {each.growth():.2f}, at most {MAX_GROWTH}")
    raise SystemExit(1 if grown else 0)


if __name__ == "__main__":
    main()
