"""Feeds the reader registers gone wrong, case after case: `python bench/soak.py --cases 100000`.

Half of the cases are sound registers changed by chance, half are made by hypothesis; each is held
to the law in tests/mutations.py. They run in processes of their own, so that a crash of the parser
and a case without end are found as well. The bytes of a case that breaks the law are kept, and
`--again FILE` tries them again.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter
from typing import Any

# The mutations stand with the tests, which share them.
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from hypothesis import HealthCheck, Phase, given, seed, settings

from generated import register_text
from mutations import LIVED, breach, documents, mutated

ROOT = Path(__file__).resolve().parents[1]
BATCH = 500
SHIPPED = (ROOT / "data" / "recommendations.toml").read_bytes()
SOUND = (LIVED.encode(), LIVED.encode(), SHIPPED, register_text(25, seed=3).encode())
"""What is mutated in turn: the small one more often, as each change of it tells more."""

Attempt = Callable[[str, bytes], None]


@dataclass(frozen=True)
class Broken:
    """A case that broke the law."""

    name: str
    content: bytes
    law: str


def mutate(first: int, count: int, attempt: Attempt) -> None:
    """Tries the mutations of these seeds."""
    for number in range(first, first + count):
        attempt(f"mutated-{number}", mutated(SOUND[number % len(SOUND)], number))


def make(first: int, count: int, attempt: Attempt) -> None:
    """Tries so many documents of one seed."""
    numbers = iter(range(sys.maxsize))

    @seed(first)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(documents())
    def each(content: bytes) -> None:
        attempt(f"made-{first}-{next(numbers)}", content)

    each()


@dataclass(frozen=True)
class Batch:
    """Cases that one process runs one after the other."""

    cases: Callable[[int, int, Attempt], None]
    first: int
    count: int


def run(batch: Batch, told: Connection) -> None:
    """Tells each case before it is tried, then the law that it broke; at the end, None."""

    def attempt(name: str, content: bytes) -> None:
        told.send((name, content))
        told.send(breach(content))

    batch.cases(batch.first, batch.count, attempt)
    told.send(None)


def watched(batch: Batch, time_out: float) -> tuple[int, list[Broken]]:
    """How many cases a process of its own has run, and those that broke the law.

    What crashes the process or has no end is its last case.
    """
    context = get_context("spawn")
    hears, tells = context.Pipe(duplex=False)
    process = context.Process(target=run, args=(batch, tells))
    process.start()
    tells.close()
    done, broken = 0, []
    name, content = "", b""
    try:
        while (message := _next(hears, time_out)) is not None:
            name, content = message
            done += 1
            if law := _next(hears, time_out):
                broken.append(Broken(name, content, law))
    except TimeoutError:
        broken.append(Broken(name, content, f"it has no end within {time_out} seconds"))
    except EOFError:
        process.join()
        broken.append(Broken(name, content, f"its process ended with {process.exitcode}"))
    process.kill()
    process.join()
    return done, broken


def _next(hears: Connection, time_out: float) -> Any:  # noqa: ANN401  # what `run` tells
    if not hears.poll(time_out):
        raise TimeoutError
    return hears.recv()


def batches(cases: int, first: int) -> Iterator[Batch]:
    """So many cases, mutated and made in turn."""
    for place in range(0, cases, BATCH):
        count = min(BATCH, cases - place)
        yield Batch(mutate if place // BATCH % 2 == 0 else make, first + place, count)


def main() -> int:
    """Runs the cases, and says how many were run and what broke the law."""
    asked = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    asked.add_argument("--cases", type=int, default=100_000)
    asked.add_argument("--first", type=int, default=0, help="the first seed")
    asked.add_argument("--processes", type=int, default=1)
    asked.add_argument("--time-out", type=float, default=30, help="seconds for a case")
    asked.add_argument("--again", type=Path, metavar="FILE", help="try the bytes of a file")
    options = asked.parse_args()
    if options.again is not None:
        law = breach(options.again.read_bytes())
        print(law or "no law is broken")
        return 1 if law else 0
    begin = perf_counter()
    done, broken = 0, 0
    with ThreadPoolExecutor(options.processes) as watchers:
        for count, found in watchers.map(
            lambda batch: watched(batch, options.time_out),
            batches(options.cases, options.first),
        ):
            done += count
            broken += len(found)
            for each in found:
                with tempfile.NamedTemporaryFile(
                    prefix=f"{each.name}-", suffix=".toml", delete=False
                ) as kept:
                    kept.write(each.content)
                shown = f"{each.name}: {each.law}\n  python bench/soak.py --again {kept.name}"
                print(shown, flush=True)
            if sys.stderr.isatty():
                sys.stderr.write(f"\r{done:,} cases, {broken:,} broken")
    print(f"{done:,} cases in {perf_counter() - begin:,.0f} s: {broken:,} broke the law")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
