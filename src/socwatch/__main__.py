"""`python -m socwatch` and the console script."""

from __future__ import annotations

import gc
import os
import sys


def main() -> None:
    """Run the command line and end the process with its exit code."""
    # Pydantic looks through every installed package for plugins, at a cost felt on each Tab.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    try:
        from socwatch.cli import run  # after the setting, which pydantic reads as it is imported
    except KeyboardInterrupt:
        sys.stderr.write("socwatch: stopped\n")
        sys.exit(130)
    # A run makes many small values and keeps them all to its end: looking for garbage finds none.
    gc.disable()
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
