"""Times socwatch against references in the same run: `python bench/run.py`, see bench/README.md."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from datetime import UTC, date, datetime
from importlib.util import find_spec
from pathlib import Path

# The generator stands with the tests, which share it.
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from processes import ROOT, SURROUNDINGS, BenchError, Command, Timing, interleaved, peak_memory
from readers import READERS
from report import LARGE, LARGEST, PAPER, SMALL, Measured, Size, Target, report, written_into
from rivals import installed

from generated import GeneratedItem, generated

SHIPPED = ROOT / "data" / "recommendations.toml"
README = ROOT / "bench" / "README.md"
GIBIBYTE = 1024**3

ROUNDS, QUICK_ROUNDS = 40, 10
SIZES, QUICK_SIZES = {SMALL: 20, LARGE: 15, LARGEST: 7}, {SMALL: 5, LARGE: 5}
"""The rounds for each number of findings."""
READER_ROUNDS = 5


def targets(measured: Measured) -> tuple[Target, ...]:
    """What is to be reached: name, the ratio that was measured, the most that it may be."""
    ratio, grown = measured.ratio, measured.grown
    return (
        Target("`--help` / Typer's", ratio("socwatch --help", "hello --help"), 1.15),
        Target("`--version` / Typer hello world", ratio("socwatch --version", "hello"), 1.15),
        Target("completion / Typer's", ratio("socwatch completion", "hello completion"), 1.15),
        Target("`status` / import and print", ratio("socwatch status", "import and print"), 1.3),
        Target(
            "`status` / import and print, both on a terminal",
            ratio("socwatch status, terminal", "import and print, terminal"),
            1.3,
        ),
        Target("`check` / `status`", ratio("socwatch check", "socwatch status"), 1.05),
        Target(
            "`check` / `status`, both on a terminal",
            ratio("socwatch check, terminal", "socwatch status, terminal"),
            1,
        ),
        Target("`status` / todoman's `list`", ratio("socwatch status", "todo list"), 0.5),
        Target("`status`: 10,000 findings / shipped register", grown(LARGE), 3),
        Target("a finding more: among 50,000 / among 10,000", measured.growth(), 1.25),
        Target("`paper`: 10,000 findings / 100", measured.paper_growth(), LARGE / SMALL),
        Target("`status`: memory with 50,000 findings / 1 GiB", measured.memory(GIBIBYTE), 1),
    )


def references() -> tuple[Command, ...]:
    """What no command line made of the same parts can be faster than."""
    python = sys.executable
    hello = (python, str(ROOT / "bench" / "reference_hello.py"))
    table = (python, str(ROOT / "bench" / "reference_table.py"))
    return (
        Command("python -c pass", (python, "-c", "pass")),
        Command("hello", (*hello, "greet"), "hello, world"),
        Command("hello --help", (*hello, "--help"), "Say goodbye."),
        Command("hello completion", hello, "greet", completing("hello", "gr")),
        Command("import and print", table, "Body 6"),
        Command("import and print, terminal", table, "Body 6", terminal=True),
    )


def commands(socwatch: str) -> tuple[Command, ...]:
    """What people and scripts type most, on the shipped register."""
    return (
        Command("socwatch --help", (socwatch, "--help"), "status"),
        Command("socwatch --version", (socwatch, "--version"), "socwatch"),
        Command(
            "socwatch completion",
            (socwatch,),
            "wmp-soc-2024-r1",
            completing("socwatch", "show", "wmp-soc-2024"),
        ),
        Command("socwatch status", (socwatch, "status"), "West Mercia"),
        Command("socwatch status, terminal", (socwatch, "status"), "West Mercia", terminal=True),
        Command("socwatch check", (socwatch, "check"), "wmp-soc-2024-r1", code=1),
        Command(
            "socwatch check, terminal",
            (socwatch, "check"),
            "wmp-soc-2024-r1",
            terminal=True,
            code=1,
        ),
        Command("socwatch list", (socwatch, "list"), "wmp-soc-2024-r1"),
        Command("socwatch validate", (socwatch, "validate")),
    )


def completing(program: str, *words: str) -> dict[str, str]:
    """The environment in which bash asks a Typer program to complete the last word."""
    return {
        f"_{program.upper()}_COMPLETE": "complete_bash",
        "COMP_WORDS": " ".join((program, *words)),
        "COMP_CWORD": str(len(words)),
    }


def shipped_items(socwatch: str) -> list[GeneratedItem]:
    """The items of the shipped register, for other trackers to hold."""
    listing = subprocess.run(
        (socwatch, "list", "--format", "json"),
        capture_output=True,
        check=True,
        cwd=ROOT,
        env=SURROUNDINGS,
    )
    items = []
    for row in json.loads(listing.stdout)["rows"]:
        deadline = date.fromisoformat(row["deadline"]) if row["deadline"] else None
        items.append(
            GeneratedItem(
                id=row["id"],
                body=row["body"],
                kind=row["kind"],
                summary=row["summary"],
                published=date(2024, 5, 14),
                original_deadline=deadline,
                deadline=deadline,
                extensions=row["extensions"],
                status=row["status"],
            )
        )
    return items


def held_by_rivals(folder: Path, items: list[GeneratedItem]) -> tuple[Command, ...]:
    """The listings of every other tracker on this machine, each holding the items."""
    return tuple(command for rival in installed() for command in rival.holding(folder, items))


def measure_size(socwatch: str, findings: int, rounds: int, folder: Path) -> Size:
    """Times listings of a generated register, beside `status` on the shipped one."""
    folder.mkdir()
    register = generated(findings)
    file = folder / "register.toml"
    file.write_text(register.text, encoding="utf-8")
    records = (socwatch, "--records", str(file))
    status = Command("socwatch status", (*records, "status"), "Fellside")
    read = (sys.executable, str(ROOT / "bench" / "reference_read.py"), str(file))
    timings = interleaved(
        (
            Command("socwatch status, shipped", (socwatch, "status"), "West Mercia"),
            Command("read and validate", read, str(findings)),
            status,
            Command("socwatch list", (*records, "list"), register.items[0].id),
            *(() if findings > LARGE else (Command(PAPER, (*records, "paper"), "In brief"),)),
            *held_by_rivals(folder, list(register.items)),
        ),
        rounds=rounds,
    )
    return Size(findings, file.stat().st_size, peak_memory(status), timings)


def measure_readers(file: Path) -> dict[str, tuple[str, Timing]]:
    """The version and the timing of each TOML reader on a file, in a process of their own."""
    script = str(ROOT / "bench" / "readers.py")
    ended = subprocess.run(
        (sys.executable, script, str(file), str(READER_ROUNDS)), capture_output=True, check=True
    )
    return {
        name: (version, Timing(tuple(seconds)))
        for name, (version, seconds) in json.loads(ended.stdout).items()
    }


def reading() -> tuple[Command, ...]:
    """Processes that each import one reader and read the shipped register, and an idle one."""
    code = "import sys, {0}; {0}.{1}(open(sys.argv[1], encoding='utf-8').read())"
    return (
        Command("python -c pass", (sys.executable, "-c", "pass")),
        *(
            Command(name, (sys.executable, "-c", code.format(module, function), str(SHIPPED)))
            for name, module, function in READERS
            if find_spec(module)
        ),
    )


def measure(socwatch: str, *, quick: bool) -> Measured:
    """Everything, the quickest first."""
    rounds, sizes = (QUICK_ROUNDS, QUICK_SIZES) if quick else (ROUNDS, SIZES)
    with tempfile.TemporaryDirectory(prefix="socwatch-bench-") as name:
        folder = Path(name)
        shipped = (
            *references(),
            *commands(socwatch),
            *held_by_rivals(folder, shipped_items(socwatch)),
        )
        measured = Measured(interleaved(shipped, rounds=rounds))
        for findings, times in sizes.items():
            measured.sizes[findings] = measure_size(
                socwatch, findings, times, folder / str(findings)
            )
        measured.readers = measure_readers(folder / str(LARGE) / "register.toml")
        measured.reading = interleaved(reading(), rounds=rounds)
    return measured


def main() -> None:
    """Measures, prints, and exits 1 if a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds, no 50,000 findings")
    parser.add_argument("--write", action="store_true", help="put the figures into README.md")
    parser.add_argument(
        "--socwatch",
        default=str(Path(sys.executable).parent / "socwatch"),
        help="the command to time; by default the one installed beside this Python",
    )
    options = parser.parse_args()
    if options.quick and options.write:
        parser.error("figures that are kept come from a full run: leave out --quick")
    if not Path(options.socwatch).exists():
        parser.error(f"there is no {options.socwatch}: first run `pip install --editable .`")
    try:
        measured = measure(options.socwatch, quick=options.quick)
    except BenchError as failure:
        raise SystemExit(str(failure)) from None
    reached = targets(measured)
    text = report(measured, reached, installed(), datetime.now(UTC).date())
    print(text)
    if options.write:
        README.write_text(written_into(README.read_text(encoding="utf-8"), text), encoding="utf-8")
    if missed := [target for target in reached if target.missed]:
        for target in missed:
            print(f"MISSED: {target.name} is {target.ratio:.2f}, at most {target.limit}")
        raise SystemExit(1)


if __name__ == "__main__":
    main()
