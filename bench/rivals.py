"""Taskwarrior and todoman, where they are installed, holding the records of a register."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from processes import SURROUNDINGS, Command

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from generated import GeneratedItem


@dataclass(frozen=True, slots=True)
class Rival:
    """A tracker that people might use instead: how to fill it, and what to time then."""

    name: str
    program: str
    version: str
    filled: Callable[[str, Path, Sequence[GeneratedItem]], tuple[Command, ...]]

    def holding(self, folder: Path, items: Sequence[GeneratedItem]) -> tuple[Command, ...]:
        """Its listings, of a store inside the folder that holds the items."""
        return self.filled(self.program, folder / self.name, items)


def installed() -> tuple[Rival, ...]:
    """The rivals that are on this machine."""
    known = (
        ("Taskwarrior", "task", r"(\d+\.\d+\.\d+)", taskwarrior),
        ("todoman", "todo", r"todo\S*, version (\S+)", todoman),
    )
    found = []
    for name, program, version, filled in known:
        # Beside this Python first: a virtual environment's scripts need not be on the path.
        beside = Path(sys.executable).parent / program
        path = str(beside) if beside.exists() else shutil.which(program)
        if path is None:
            continue
        said = subprocess.run((path, "--version"), capture_output=True, text=True, check=False)
        # There is more than one program called task.
        if match := re.fullmatch(version, said.stdout.strip()):
            found.append(Rival(name, path, match[1], filled))
    return tuple(found)


def taskwarrior(program: str, folder: Path, items: Sequence[GeneratedItem]) -> tuple[Command, ...]:
    """Imports the items into a new Taskwarrior, and gives its listings."""
    from generated import taskwarrior_json

    folder.mkdir()
    settings = folder / "taskrc"
    # Having read the news, it does not remind of them below every listing.
    settings.write_text(f"data.location={folder}\nconfirmation=no\nnews.version=2.6.0\n")
    tasks = folder / "tasks.json"
    tasks.write_text(taskwarrior_json(items))
    env = {"TASKRC": str(settings)}
    subprocess.run(
        (program, "import", str(tasks)), env=SURROUNDINGS | env, capture_output=True, check=True
    )
    running = sum(not item.ended for item in items)
    return (
        # It breaks ids over several lines, but counts.
        Command("task list", (program, "list"), f"{running} task", env),
        Command("task overdue", (program, "overdue"), env=env),
    )


def todoman(program: str, folder: Path, items: Sequence[GeneratedItem]) -> tuple[Command, ...]:
    """Writes the items as the files of a new todoman, and gives its listing.

    The untimed first run fills todoman's cache, so that what is timed is its everyday speed.
    """
    from generated import calendar_files

    todos = folder / "calendars" / "register"
    todos.mkdir(parents=True)
    for name, content in calendar_files(items):
        (todos / name).write_bytes(content)
    settings = folder / "settings.py"
    settings.write_text(
        f"path = {str(todos.parent / '*')!r}\ncache_path = {str(folder / 'cache.sqlite3')!r}\n"
    )
    first = next(item for item in items if not item.ended)
    return (Command("todo list", (program, "list"), first.id, {"TODOMAN_CONFIG": str(settings)}),)
