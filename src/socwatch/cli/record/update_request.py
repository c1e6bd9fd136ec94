"""What a recording command is asked to do, before a register is opened."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import typer


class Order(NamedTuple):
    """Which items a command is about, and how what happened to them is to be recorded."""

    ctx: typer.Context
    records: Path | None
    names: tuple[str, ...]
    choice: Mapping[str, Any]
    """The options of `list` that were given; empty where ids were."""
    on: str | None
    by: str | None
    note: str | None
    yes: bool
    dry_run: bool
    clock_is_right: bool
    wait: float
