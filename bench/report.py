"""What a run of the benchmark found out, told as Markdown: on the screen and in README.md."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from processes import Timing
    from rivals import Rival

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
SMALL, LARGE, LARGEST = 100, 10_000, 50_000
"""The numbers of findings between which growth is judged."""
PAPER = "socwatch paper"
"""The committee's paper as a page, which holds every finding at least once."""
PACKAGES = ("typer", "pydantic", "rich", "toml-rs")


@dataclass(frozen=True, slots=True)
class Target:
    """A ratio, None where it could not be measured, and the most that it may be."""

    name: str
    ratio: float | None
    limit: float

    @property
    def missed(self) -> bool:
        """Whether it was measured and is over its limit."""
        return self.ratio is not None and self.ratio > self.limit


@dataclass(frozen=True, slots=True)
class Size:
    """What was measured on a generated register."""

    findings: int
    file_bytes: int
    peak_bytes: int
    timings: Mapping[str, Timing]

    def grown(self) -> float:
        """How many times as long as on the shipped register `status` takes."""
        return self.timings["socwatch status"].against(self.timings["socwatch status, shipped"])

    def seconds_a_finding(self) -> float:
        """What each finding adds to `status` on the shipped register."""
        mine = self.timings["socwatch status"].seconds
        shipped = self.timings["socwatch status, shipped"].seconds
        pairs = zip(mine, shipped, strict=True)
        return median(longer - shorter for longer, shorter in pairs) / self.findings


@dataclass(slots=True)
class Measured:
    """Everything that one run measured."""

    shipped: Mapping[str, Timing]
    sizes: dict[int, Size] = field(default_factory=dict)
    readers: Mapping[str, tuple[str, Timing]] = field(default_factory=dict)
    """The version of each TOML reader, and its time for the large register."""
    reading: Mapping[str, Timing] = field(default_factory=dict)
    """Processes that each import one reader and read the shipped register."""

    def ratio(self, mine: str, reference: str) -> float | None:
        """How many times as long as the reference; None where that is not installed."""
        if reference not in self.shipped:
            return None
        return self.shipped[mine].against(self.shipped[reference])

    def grown(self, findings: int) -> float | None:
        """How many times as long as on the shipped register `status` takes."""
        return self.sizes[findings].grown() if findings in self.sizes else None

    def growth(self) -> float | None:
        """What a finding adds in the largest register, against what it adds in the large one."""
        if LARGEST not in self.sizes:
            return None
        return self.sizes[LARGEST].seconds_a_finding() / self.sizes[LARGE].seconds_a_finding()

    def paper_growth(self) -> float | None:
        """How many times as long as of the small register the paper of the large one takes."""
        if not {SMALL, LARGE} <= self.sizes.keys():
            return None
        small, large = (self.sizes[n].timings[PAPER].seconds for n in (SMALL, LARGE))
        return median(large) / median(small)

    def memory(self, limit: int) -> float | None:
        """The memory that `status` holds at its peak on the largest register, against a limit."""
        return self.sizes[LARGEST].peak_bytes / limit if LARGEST in self.sizes else None


def report(
    measured: Measured, targets: Sequence[Target], rivals: Sequence[Rival], day: date
) -> str:
    """All of it as Markdown."""
    return "\n\n".join(
        (
            _machine(rivals, day),
            "### Targets",
            table(("target", "ratio", "at most", ""), map(_target, targets)),
            "### The shipped register",
            _timings(measured.shipped, ("import and print", "hello")),
            "### Generated registers",
            _growth(measured.sizes),
            *(
                f"{size.findings:,} findings:\n\n"
                + _timings(size.timings, ("socwatch status, shipped",))
                for size in measured.sizes.values()
            ),
            "### Readers of TOML",
            f"The register of {LARGE:,} findings, in one process:",
            _readers(measured.readers),
            "The shipped register, in a process that imports the reader and reads it:",
            _timings(measured.reading, ("python -c pass",)),
        )
    )


def written_into(page: str, text: str) -> str:
    """The page with what stands between its two marks replaced."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        message = f"the page has no {BEGIN} … {END}"
        raise ValueError(message)
    return f"{before}{begin}\n\n{text}\n\n{end}{after}"


def _machine(rivals: Sequence[Rival], day: date) -> str:
    programs = [f"Python {platform.python_version()}"]
    programs += [f"{package} {version(package)}" for package in PACKAGES]
    programs += [f"{rival.name} {rival.version}" for rival in rivals]
    return (
        f"Measured on {day} on {_processor()}, {os.cpu_count()} cores, {platform.system()}; "
        f"{', '.join(programs)}."
    )


def _processor() -> str:
    told = Path("/proc/cpuinfo")
    if told.exists():
        for line in told.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()


def _target(target: Target) -> tuple[str, ...]:
    if target.ratio is None:
        return target.name, "", f"{target.limit}", "not measured"
    word = "**missed**" if target.missed else "reached"
    return target.name, f"{target.ratio:.2f}", f"{target.limit}", word


def _timings(timings: Mapping[str, Timing], references: tuple[str, ...]) -> str:
    heading = ("command", "least, ms", "median, ms", *(f"/ {name}" for name in references))
    return table(
        heading,
        (
            (
                f"`{name}`",
                f"{timing.least * 1000:.0f}",
                f"{timing.middle * 1000:.0f}",
                *(f"{timing.against(timings[reference]):.2f}" for reference in references),
            )
            for name, timing in timings.items()
        ),
    )


def _growth(sizes: Mapping[int, Size]) -> str:
    heading = ("findings", "file, MB", "`status`, ms", "/ shipped", "µs a finding", "memory, MiB")
    return table(
        heading,
        (
            (
                f"{size.findings:,}",
                f"{size.file_bytes / 1e6:.1f}",
                f"{size.timings['socwatch status'].middle * 1000:.0f}",
                f"{size.grown():.2f}",
                # A small register differs from the shipped one by less than the noise.
                f"{size.seconds_a_finding() * 1e6:.0f}" if size.findings >= LARGE else "",
                f"{size.peak_bytes / 1024**2:.0f}",
            )
            for size in sizes.values()
        ),
    )


def _readers(readers: Mapping[str, tuple[str, Timing]]) -> str:
    reference = readers["tomllib"][1]
    return table(
        ("reader", "version", "least, ms", "median, ms", "/ tomllib"),
        (
            (
                name,
                own,
                f"{timing.least * 1000:.0f}",
                f"{timing.middle * 1000:.0f}",
                f"{timing.against(reference):.2f}",
            )
            for name, (own, timing) in readers.items()
        ),
    )


def table(heading: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Return a table of Markdown, words on the left and figures on the right."""
    lines = [heading, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heading))]
    # Words stand left, figures right.
    rule = ("-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:]))

    def drawn(line: tuple[str, ...]) -> str:
        first, *others = line
        cells = [first.ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)]
        return f"| {' | '.join(cells)} |"

    return "\n".join((drawn(heading), f"| {' | '.join(rule)} |", *map(drawn, lines[1:])))
