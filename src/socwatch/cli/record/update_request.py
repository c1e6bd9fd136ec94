"""What a recording command is asked to do, before a register is opened."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import typer


class Order(NamedTuple):
    """Which items a command is about, and how what happened to them is to be recorded."""

    ctx: typer.Context
    records: Path | None
    names: tuple[str, ...]
    on: str | None
    by: str | None
    note: str | None
    yes: bool
    dry_run: bool
    clock_is_right: bool
