"""`python -m socwatch` and the console script."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line and end the process with its exit code."""
    # Pydantic looks through every installed package for plugins, at a cost felt on each Tab.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # A run makes many small values and keeps them all to its end: looking for garbage finds none.
    gc.disable()
    try:
        from socwatch.cli import run  # after the setting, which pydantic reads as it is imported
    except KeyboardInterrupt:
        sys.stderr.write("socwatch: stopped\n")
        sys.exit(130)
    _end(run(sys.argv[1:]))


def _end(code: int) -> NoReturn:
    """End the process without taking apart, one by one, all the values that die with it."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            with contextlib.suppress(OSError, ValueError):  # an answer's own flush has told of it
                stream.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
