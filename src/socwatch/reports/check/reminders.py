"""On which days something late is spoken of, so that no daily run says the same each day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

DAYS_PAST_THE_LADDER = 30
"""Below the lowest rung another one follows every so many days, without end."""


class Ladder(NamedTuple):
    """Numbers of days left on which something is spoken of; negative ones lie past the last day."""

    rungs: tuple[int, ...]

    @classmethod
    def of(cls, rungs: Iterable[int]) -> Ladder:
        """The ladder of these rungs, in whatever order they are given."""
        return cls(tuple(sorted(set(rungs), reverse=True)))

    def ahead_of(self, days: Iterable[int]) -> Ladder:
        """This ladder past the last day; before it, only rungs at so many days and on the day."""
        return Ladder.of((*days, 0, *(rung for rung in self.rungs if rung < 0)))

    @property
    def highest(self) -> int:
        """The most days left on which it speaks."""
        return max(self.rungs)

    def crossed(self, days_left: int, days: int = 1) -> bool:
        """Whether the last so many days, the day asked about among them, touched a rung.

        `days_left` is that of the day asked about; it was one more the day before.
        """
        before = days_left + days - 1
        if any(days_left <= rung <= before for rung in self.rungs):
            return True
        lowest = min(0, *self.rungs)
        further = max(1, -((before - lowest) // DAYS_PAST_THE_LADDER))
        return days_left <= lowest - further * DAYS_PAST_THE_LADDER <= before


USUAL_LADDER = Ladder.of((28, 14, 7, 1, 0, -1, -7, -30))
"""The ladder where none is named."""

SINCE_IT_BEGAN = Ladder.of((0,))
"""The ladder of what has no last day: its first day, then every 30 days."""


class Since(NamedTuple):
    """The last run, after which news is counted."""

    day: date
    """The day for which it answered; its own news was told by it."""
    seen: Mapping[str, str] | None = None
    """How each thing in the choice stood then, by its id; None where that is not known."""
