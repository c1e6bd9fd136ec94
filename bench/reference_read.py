"""Reads a register with socwatch's parser and models, and does nothing else: no check, no answer.

It begins and ends as socwatch does, so `status` on the same file cannot be faster.
"""

import gc
import os
import sys
from pathlib import Path

os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"

import toml_rs
import typer

from socwatch.records import Register

IMPORTED = (typer.Typer,)


def main() -> None:
    """Prints the number of findings in the file that is named."""
    gc.disable()
    tables = toml_rs.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    print(len(Register.of(tables).findings), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main()
