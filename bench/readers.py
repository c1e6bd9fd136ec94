"""Times the TOML readers that are installed on one file: `python bench/readers.py FILE ROUNDS`.

Prints JSON: for each reader its version and its seconds in each round.
"""

from __future__ import annotations

import gc
import json
import platform
import sys
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

READERS = (
    ("toml_rs", "toml_rs", "loads"),
    ("toml_rs, with the place of every key", "toml_rs", "load_with_metadata"),
    ("rtoml", "rtoml", "loads"),
    ("tomli", "tomli", "loads"),
    ("tomllib", "tomllib", "loads"),
)


def installed() -> dict[str, tuple[str, Callable[[str], Any]]]:
    """The version and the reading function of each reader that is installed."""
    found = {}
    for name, module, function in READERS:
        try:
            read = getattr(import_module(module), function)
        except ImportError:
            continue
        own = platform.python_version() if module == "tomllib" else version(module)
        found[name] = (own, read)
    return found


def main() -> None:
    """Reads the file with each reader in turn, round after round."""
    text = Path(sys.argv[1]).read_text(encoding="utf-8")
    readers = installed()
    expected = readers["tomllib"][1](text)
    seconds: dict[str, list[float]] = {name: [] for name in readers}
    for _ in range(int(sys.argv[2])):
        for name, (_, read) in readers.items():
            gc.collect()
            begin = perf_counter()
            document = read(text)
            seconds[name].append(perf_counter() - begin)
            if getattr(document, "value", document) != expected:
                message = f"{name} reads the file as something else than tomllib does"
                raise SystemExit(message)
            del document
    print(json.dumps({name: [own, seconds[name]] for name, (own, _) in readers.items()}))


if __name__ == "__main__":
    main()
