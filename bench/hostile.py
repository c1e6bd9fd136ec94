"""Every command on registers of 1 MB of every nasty shape: none takes more than 10 s of CPU.

    python bench/hostile.py [--shape WORDS] [--command WORDS] [--bytes N]

It prints the CPU seconds (user and system) of the slowest command on each shape, and exits with 1
if one takes more than it may. CPU time is measured, since a busy machine makes only the other kind
longer, and it is far below the limit on an idle one.
"""

from __future__ import annotations

import argparse
import gc
import os
import resource
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import NamedTuple, NoReturn

from report import table

from socwatch.cli import run

MEGABYTE = 1_000_000
LIMIT_SECONDS = 10
STOPPED_SECONDS = 60
"""The CPU seconds after which a command is stopped, as it will not keep the limit any more."""

HEAD = """format = 1
[[sources]]
id = "s"
publisher = "P"
title = "T"
[[bodies]]
id = "r"
name = "Region"
kind = "region"
[[bodies]]
id = "b"
name = "Force"
kind = "force"
region = "r"
local_policing_body = "Commissioner"
[[inspections]]
id = "i"
title = "Report"
inspectorate = "HMICFRS"
published = 2024-01-01
[[findings]]
id = "f"
inspection = "i"
bodies = ["b"]
kind = "area-for-improvement"
summary = "S"
"""
FINDING = """[[findings]]
id = "{0}"
inspection = "i"
bodies = ["b"]
kind = "area-for-improvement"
summary = "S"
"""
CAUSE = """[[findings]]
id = "c"
inspection = "i"
bodies = ["b"]
kind = "cause-of-concern"
summary = "S"
deadline = "6 months"
"""
RECOMMENDATION = """[[findings]]
id = "{0}"
inspection = "i"
bodies = ["b"]
kind = "recommendation"
part_of = "c"
summary = "S"
deadline = "6 months"
"""
UPDATE = """[[updates]]
id = "u-{0}"
finding = "f"
on = 2024-02-01
recorded = 2024-02-02T00:00:00Z
"""


def repeat(size: int, line: Callable[[int], str]) -> str:
    """Return the lines for 0, 1, 2 and so on, up to a size."""
    lines, length = [], 0
    for number in count():
        lines.append(line(number))
        length += len(lines[-1].encode())
        if length >= size:
            return "".join(lines)
    raise AssertionError  # count() has no end


def records(line: Callable[[int], str]) -> Callable[[int], str]:
    """Return the shape of a register with ever more of these records."""
    return lambda size: HEAD + repeat(size, line)


def updates(lines: Callable[[int], str]) -> Callable[[int], str]:
    """Return the shape of a register with ever more updates of one item."""
    return records(lambda number: UPDATE.format(number) + lines(number))


def field(line: Callable[[int], str]) -> Callable[[int], str]:
    """Return the shape of a finding with a field of that size."""
    return lambda size: HEAD + FINDING.format("g") + line(size)


def labelled(text: Callable[[int], str]) -> Callable[[int], str]:
    """Return the shape of a finding with a label of that size."""
    return field(lambda size: f'label = "{text(size)}"\n')


def names(size: int, prefix: str = "n") -> str:
    """Return a list of different names of a size, in brackets."""
    return "[" + repeat(size, lambda number: f'"{prefix}{number}", ') + "]"


def in_turn(*actions: str) -> Callable[[int], str]:
    """Return the lines of one of these actions after the other."""
    return lambda number: actions[number % len(actions)]


def _note(text: str) -> str:
    return f'{HEAD}{UPDATE.format(0)}action = "note"\nnote = """{text}"""\n'


def _many_bodies(size: int) -> str:
    half = repeat(size, lambda n: f'[[bodies]]\nid = "b{n}"\nname = "Force {n}"\nkind = "force"\n')
    number = half.count("[[bodies]]")
    bodies = ", ".join(f'"b{n}"' for n in range(number))
    return HEAD + half + FINDING.format("g").replace('["b"]', f"[{bodies}]")


def _dense_links(size: int) -> str:
    """Each finding names the 500 before it."""

    def finding(number: int) -> str:
        before = ", ".join(f'"g{n}"' for n in range(max(0, number - 500), number))
        return FINDING.format(f"g{number}") + f"recurs_from = [{before}]\nblocked_by = [{before}]\n"

    return HEAD + repeat(size, finding)


def _taken_back_late(size: int) -> str:
    def pair(number: int) -> str:
        note = UPDATE.format(f"n{number}") + 'action = "note"\nnote = "N"\n'
        back = UPDATE.format(f"r{number}").replace("2024-02-02T", "2026-02-02T")
        return f'{note}{back}action = "retract"\nupdate = "u-n{number}"\nnote = "N"\n'

    return HEAD + repeat(size, pair)


def _retractions_in_chain(size: int) -> str:
    def update(number: int) -> str:
        if number == 0:
            return UPDATE.format(0) + 'action = "note"\nnote = "N"\n'
        back = f'action = "retract"\nupdate = "u-{number - 1}"\nnote = "N"\n'
        return UPDATE.format(number) + back

    return HEAD + repeat(size, update)


def _near_misses(size: int) -> str:
    long = "a" * 180
    there = repeat(
        size // 2,
        lambda n: f'[[sources]]\nid = "{long}-{n}"\npublisher = "P"\ntitle = "T"\n',
    )
    wrong = repeat(size // 2, lambda n: FINDING.format(f"g{n}") + f'sources = ["{long}x{n}"]\n')
    return HEAD + there + wrong


def _ids_with_endings(size: int) -> str:
    taken = repeat(size // 2, lambda n: FINDING.format(f"x-{n + 2}"))
    return HEAD + FINDING.format("x") + taken + repeat(size // 2, lambda _: FINDING.format("x"))


def _one_line(record: str) -> Callable[[int], str]:
    def shape(size: int) -> str:
        return "format = 1\nfindings = [" + repeat(size, record.format) + "]\n"

    return shape


SOUND: Mapping[str, Callable[[int], str]] = {
    "plain findings": records(lambda n: FINDING.format(f"g{n}")),
    "recommendations of one cause": lambda size: (
        HEAD + CAUSE + repeat(size, lambda n: RECOMMENDATION.format(f"c-r{n}"))
    ),
    "a label of one long word": labelled(lambda size: "x" * size),
    "a note of one long word": lambda size: _note("x" * size),
    "a note of many lines": lambda size: _note("x\n" * (size // 2)),
    "combining marks": lambda size: _note("a" + "\u0301" * (size // 2)),
    "combining marks in a name": lambda size: HEAD.replace(
        "Force", "F" + "\u0301\u0323" * (size // 4)
    ),
    "a long name and many findings": lambda size: (
        HEAD.replace("Force", "x " * (size // 4))
        + repeat(size // 2, lambda n: FINDING.format(f"g{n}"))
    ),
    "a long summary and many others": lambda size: (
        HEAD.replace('"S"', f'"{"x " * (size // 4)}"')
        + repeat(size // 2, lambda n: FINDING.format(f"g{n}"))
    ),
    "wide characters": labelled(lambda size: "\U0001f600" * (size // 4)),
    "apostrophes in names": records(
        lambda n: f'[[bodies]]\nid = "b{n}"\nname = "O’Neil’s ‘{n}’ Force"\nkind = "force"\n'
    ),
    "dots and hyphens in a text": labelled(lambda size: "-." * (size // 2)),
    "digits in ids": records(lambda n: FINDING.format("-".join("1" * 100) + f"-{n}")),
    "long ids": records(lambda n: FINDING.format(f"g{n}-{'x' * 10_000}")),
    "one very long id": lambda size: HEAD + FINDING.format("g-" + "x" * size),
    "aliases": field(lambda size: f"aliases = {names(size)}\n"),
    "aliases of a body": lambda size: (
        HEAD + '[[bodies]]\nid = "b2"\nname = "N"\nkind = "force"\naliases = ' + names(size)
    ),
    "bodies of a finding": _many_bodies,
    "bodies in no finding": records(
        lambda n: f'[[bodies]]\nid = "b{n}"\nname = "N {n}"\nkind = "force"\nregion = "r"\n'
    ),
    "regions": records(lambda n: f'[[bodies]]\nid = "b{n}"\nname = "N {n}"\nkind = "region"\n'),
    "sources": records(lambda n: f'[[sources]]\nid = "s{n}"\npublisher = "P"\ntitle = "T"\n'),
    "reports": records(
        lambda n: (
            f'[[inspections]]\nid = "i{n}"\ntitle = "T"\ninspectorate = "HMICFRS"\n'
            f'published = 2024-01-01\n[[responses]]\ninspection = "i{n}"\nbody = "b"\n'
        )
    ),
    "grades": records(
        lambda n: f'[[grades]]\ninspection = "i"\nbody = "b"\nquestion = "Q{n}"\ngrade = "good"\n'
    ),
    "answers": records(
        lambda n: f'[[responses]]\ninspection = "i"\nbody = "b"\nsummary = "S{n}"\n'
    ),
    "monitoring": records(lambda n: f'[[monitoring]]\nbody = "b"\nphase = "P{n}"\n'),
    "missing parts of a report": lambda size: HEAD.replace(
        "published = 2024-01-01\n", f"published = 2024-01-01\nnot_on_record = {names(size)}\n"
    ),
    "links to many": _dense_links,
    "a chain of findings": records(
        lambda n: FINDING.format(f"g{n}") + (f'recurs_from = ["g{n - 1}"]\n' if n else "")
    ),
    "contradictions": field(
        lambda size: (
            "contradicted_by = ["
            + repeat(size, lambda n: f'{{ source = "s", says = "{n}" }}, ')
            + "]\n"
        )
    ),
    "notes": updates(lambda n: f'action = "note"\nnote = "N{n}"\n'),
    "looks": updates(lambda _: 'action = "checked"\n'),
    "owners": updates(lambda n: f'action = "assign"\nowner = "O’wner {n}"\n'),
    "mutes": updates(lambda _: 'action = "mute"\nuntil = 2026-12-31\nnote = "N"\n'),
    "reopened again and again": updates(
        in_turn('action = "done"\n', 'action = "reopen"\nnote = "N"\n')
    ),
    "extensions": lambda size: (
        HEAD
        + CAUSE
        + repeat(
            size,
            lambda n: (
                UPDATE.format(n).replace('"f"', '"c"')
                + 'action = "extend"\ndeadline = 2027-01-01\nby = "B"\nnote = "N"\n'
            ),
        )
    ),
    "evidence": lambda size: (
        HEAD + UPDATE.format(0) + f'action = "done"\nevidence = {names(size)}\n'
    ),
    "taken back late": _taken_back_late,
    "retractions in a chain": _retractions_in_chain,
    "comments": lambda size: HEAD + "# c\n" * (size // 4),
    "a comment of one line": lambda size: HEAD + "#" * size + "\n",
    "empty lines": lambda size: HEAD + "\n" * size,
}
"""Registers that are valid."""

FAULTY: Mapping[str, Callable[[int], str]] = {
    "one id for all": records(lambda _: FINDING.format("x")),
    "one id for all, its endings taken": _ids_with_endings,
    "near misses": _near_misses,
    "near misses of fields": records(lambda n: FINDING.format(f"g{n}") + f"sumary{n} = 1\n"),
    "near misses of words": records(
        lambda n: FINDING.format(f"g{n}").replace(
            "area-for-improvement", f"area-for-inprovement{n}"
        )
    ),
    "near misses of tables": lambda size: HEAD + repeat(size, lambda n: f"[[finding{n}]]\n"),
    "no field that is known": records(lambda n: f"[[findings]]\na{n} = 1\n"),
    "a name twice in a long list": field(lambda size: f'aliases = {names(size)[:-1]}"n0"]\n'),
    "one name in a long list": field(lambda size: "aliases = [" + '"a", ' * (size // 5) + "]\n"),
    "one alias for all": records(lambda n: FINDING.format(f"g{n}") + 'aliases = ["a"]\n'),
    "circles": records(lambda n: FINDING.format(f"g{n}") + f'blocked_by = ["g{n ^ 1}"]\n'),
    "one large circle": lambda size: (
        HEAD
        + FINDING.format("g0")
        + f'blocked_by = ["g{size // 130}"]\n'
        + "".join(
            FINDING.format(f"g{n}") + f'blocked_by = ["g{n - 1}"]\n'
            for n in range(1, size // 130 + 1)
        )
    ),
    "retractions in a circle": updates(
        lambda n: f'action = "retract"\nupdate = "u-{n ^ 1}"\nnote = "N"\n'
    ),
    "updates that may not follow": updates(lambda _: 'action = "reopen"\nnote = "N"\n'),
    "updates of no finding": records(
        lambda n: UPDATE.format(n).replace('"f"', f'"f{n}"') + 'action = "checked"\n'
    ),
    "updates without a body": lambda size: (
        _many_bodies(size // 2)
        + repeat(
            size // 200, lambda n: UPDATE.format(n).replace('"f"', '"g"') + 'action = "done"\n'
        )
    ),
    "words for dates": records(lambda n: FINDING.format(f"g{n}") + 'deadline = "31 Feb 2026"\n'),
    "British dates": records(lambda n: FINDING.format(f"g{n}") + "deadline = 30/09/2026\n"),
    "days that do not exist": records(
        lambda n: FINDING.format(f"g{n}") + "deadline = 2026-02-31\n"
    ),
    "dates before the report": records(
        lambda n: RECOMMENDATION.format(f"g{n}").replace('"6 months"', "2020-01-01")
    ),
    "large numbers": records(
        lambda n: FINDING.format(f"g{n}") + f"recommendations_stated = {'9' * 4000}\n"
    ),
    "one large number": field(lambda size: f"recommendations_stated = {'9' * size}\n"),
    "status in findings": records(lambda n: FINDING.format(f"g{n}") + 'status = "done"\n'),
    "faulty records in one line": _one_line('{{ id = "g{0}" }}, '),
    "records of no fields in one line": _one_line("{{}}, "),
    "texts in place of records": _one_line('"{0}", '),
    "a line that has no end": field(lambda size: f'label = "{"x" * size}\n'),
    "texts that have no end": records(lambda n: FINDING.format(f"g{n}") + 'note = """x\n'),
    "lines without a value": records(lambda n: FINDING.format(f"g{n}") + "note\n"),
    "headers alone": lambda size: HEAD + "[[findings]]\n" * (size // 13),
    "single headers": lambda size: HEAD + repeat(size, lambda n: f'[findings]\nid = "g{n}"\n'),
    "open brackets": lambda size: HEAD + "x = " + "[" * size,
    "nested brackets": lambda size: HEAD + "x = " + "[" * (size // 2) + "]" * (size // 2) + "\n",
    "nested tables": lambda size: (
        HEAD + "x = " + "{a=" * (size // 4) + "1" + "}" * (size // 4) + "\n"
    ),
    "dots": lambda size: HEAD + "a." * (size // 2) + "a = 1\n",
    "dotted headers": lambda size: HEAD + repeat(size, lambda n: f"[a{n}.b.c.d]\n"),
    "keys of one table": lambda size: "format = 1\n" + repeat(size, lambda n: f"k{n} = 1\n"),
    "one key again and again": lambda size: HEAD + "note = 1\n" * (size // 9),
    "quotes": lambda size: HEAD + '"' * size,
    "apostrophes": lambda size: HEAD + "'" * size,
    "backslashes": labelled(lambda size: "\\" * size),
    "escaped characters": labelled(lambda size: "\\u200b" * (size // 6)),
    "hidden characters": labelled(lambda size: "\u200b" * (size // 3)),
    "lines with hidden characters": lambda size: HEAD + "# \u200b\n" * (size // 6),
    "marks of conflicts": lambda size: (
        HEAD
        + repeat(
            size,
            lambda n: (
                f"<<<<<<< a\n{FINDING.format(f'g{n}')}=======\n{FINDING.format(f'h{n}')}>>>>>>> b\n"
            ),
        )
    ),
    "begun conflicts": lambda size: HEAD + "<<<<<<< a\n" * (size // 10),
    "carriage returns": lambda size: HEAD + "# x\r" * (size // 4),
    "words without meaning": lambda size: HEAD + "word " * (size // 5),
    "grades of a region with a long name": lambda size: (
        HEAD.replace("Region", "x " * (size // 4))
        + repeat(
            size // 2,
            lambda n: (
                f'[[grades]]\ninspection = "i"\nbody = "r"\nquestion = "{n}"\ngrade = "good"\n'
            ),
        )
    ),
    "addresses that are none": records(
        lambda n: f'[[sources]]\nid = "s{n}"\npublisher = "P"\ntitle = "T"\nurl = "x"\n'
    ),
}
"""Registers with faults; every command tells of these, and of nothing else."""


class Slowest(NamedTuple):
    """The command that takes longest on a shape, in CPU seconds."""

    shape: str
    command: str
    seconds: float
    code: int


def commands(folder: Path, *, faulty: bool) -> Iterator[tuple[str, ...]]:
    """The arguments of each command; of those that only tell of faults, one of a kind."""
    date = ("--as-of", "2026-11-22")
    record = ("--note", "x", "--by", "B", "--dry-run")
    yield ("validate",)
    yield ("validate", "--format", "json")
    yield ("validate", "--format", "github")
    yield ("status", *date)
    yield ("note", "f", *record)
    yield ("undo", "--yes", *record)
    yield ("check", *date)
    if faulty:
        return
    yield ("status", *date, "--format", "table")
    yield ("list", *date)
    yield ("list", *date, "--format", "table")
    yield ("list", *date, "--format", "json")
    yield ("list", *date, "--format", "markdown")
    yield ("list", *date, "--text", "zzz")
    yield ("list", *date, "--owner", "nobody in it")
    for name in ("f", "b", "r", "i", "s", "g", "no-such-thing-at-all"):
        yield ("show", name, *date)
    yield ("show", "f", *date, "--format", "table")
    yield ("show", "g", *date, "--format", "table")
    yield ("why", "f", *date)
    yield ("why", "g", *date)
    yield ("grades", *date)
    yield ("responses", *date)
    yield ("log", *date)
    yield ("log", *date, "--format", "table")
    yield ("check", *date, "--check-evidence")
    yield ("check", *date, "--format", "prometheus")
    yield ("changes", "--since", "2025-01-01", *date)
    yield ("trend", *date)
    yield ("timeline", *date)
    for ending in (".html", ".docx", ".md"):
        yield ("paper", *date, "--output", str(folder / f"paper{ending}"))
    yield ("calendar", *date, "--output", str(folder / "out.ics"))
    for ending in (".xlsx", ".jsonl", ".db"):
        yield ("export", *date, "--output", str(folder / f"out{ending}"))
    yield ("checked", "g", "--dry-run")
    yield ("done", "i", *record)


def cpu_seconds(file: Path, arguments: tuple[str, ...]) -> tuple[float, int]:
    """The CPU seconds of a command on a register, and its exit code.

    A fork of this process runs it, which has imported what commands import: what is told of is the
    register, not the start of Python.
    """
    child = os.fork()
    if child == 0:
        _run(["--records", str(file), *arguments])
    _, status, used = os.wait4(child, 0)
    return used.ru_utime + used.ru_stime, os.waitstatus_to_exitcode(status)


def _run(arguments: list[str]) -> NoReturn:
    resource.setrlimit(resource.RLIMIT_CPU, (STOPPED_SECONDS, STOPPED_SECONDS))
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nothing, stream)
    gc.disable()  # as a start of socwatch does
    code = 70
    try:
        code = run(arguments)
        sys.stdout.flush()
    finally:
        os._exit(code)


def main() -> int:
    """Measure, print a row for each shape, and return 1 if a command takes too long."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shape", default="", help="only shapes whose name holds this")
    parser.add_argument("--command", default="", help="only commands whose arguments hold this")
    parser.add_argument("--bytes", type=int, default=MEGABYTE, help="the size of each register")
    options = parser.parse_args()
    shapes = {name: shape for name, shape in {**SOUND, **FAULTY}.items() if options.shape in name}
    found, failed = [], False
    with tempfile.TemporaryDirectory(prefix="socwatch-hostile-") as name:
        folder = Path(name)
        for shape, text in shapes.items():
            file = folder / "register.toml"
            file.write_text(text(options.bytes), encoding="utf-8", newline="")
            slowest = Slowest(shape, "", 0.0, 0)
            for arguments in commands(folder, faulty=shape in FAULTY):
                if options.command not in " ".join(arguments):
                    continue
                seconds, code = cpu_seconds(file, arguments)
                words = " ".join(arguments).replace(f"{folder}{os.sep}", "")
                if seconds > LIMIT_SECONDS:
                    failed = True
                    print(f"SLOW: {words} on {shape}: {seconds:.1f} s, exit {code}", flush=True)
                if seconds > slowest.seconds:
                    slowest = Slowest(shape, words, seconds, code)
            found.append(slowest)
            print(
                f"{shape}: {slowest.command}, {slowest.seconds:.1f} s", file=sys.stderr, flush=True
            )
    rows = ((each.shape, f"`{each.command}`", f"{each.seconds:.1f}") for each in found)
    print(table(("shape", "slowest command", "CPU, s"), rows))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
