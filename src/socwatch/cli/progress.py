"""What a person sees who waits: a bar on the terminal's stderr, after a second of waiting."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

SHOW_AFTER_SECONDS = 1.0
"""Seconds for which nobody needs to be told anything."""

REFRESH_SECONDS = 0.1
"""Seconds between two states of the bar: drawing it takes time of its own."""


@contextmanager
def progress(
    words: str, patience: float = SHOW_AFTER_SECONDS
) -> Iterator[Callable[[int, int], None]]:
    """Something to tell how many of how many are done, and a bar that shows it and then goes.

    Nothing is shown for the seconds of `patience`, nor where stderr is no terminal.
    """
    bar = _Bar(words, patience)
    try:
        yield bar.on_progress
    finally:
        bar.close()


class _Bar:
    def __init__(self, words: str, patience: float) -> None:
        shown = sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._words = words
        self._next = monotonic() + patience if shown else float("inf")
        self._draw: tuple[Progress, TaskID] | None = None

    def on_progress(self, done: int, of: int) -> None:
        now = monotonic()
        if now < self._next:
            return
        self._next = now + REFRESH_SECONDS
        bar, task = self._draw = self._draw or _draw(self._words)
        bar.update(task, completed=done, total=of, refresh=True)

    def close(self) -> None:
        if self._draw is not None:
            self._draw[0].stop()


def _draw(words: str) -> tuple[Progress, TaskID]:
    from rich.console import Console  # only for those who wait
    from rich.progress import Progress  # as above

    bar = Progress(
        console=Console(stderr=True),
        transient=True,
        auto_refresh=False,
        redirect_stdout=False,  # what would stand in for it speaks no Unicode
        redirect_stderr=False,
    )
    bar.start()
    return bar, bar.add_task(words)
