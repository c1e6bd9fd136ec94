"""What two people have both recorded about one item on one date, of which one counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from socwatch.dates import format_date
from socwatch.records import Action, Register, Update, item_id
from socwatch.reports.log import update_words
from socwatch.tracking import effective_updates, group_by_item

_LAST_COUNTS = frozenset({Action.EXTEND, Action.ASSIGN, Action.MUTE})
"""The actions of which the last one counts, whatever came before."""


def same_day_words(register: Register, is_theirs: Callable[[Update], bool]) -> Iterator[str]:
    """Yield a sentence for each pair of updates, one theirs and one not, of which the last counts.

    Two updates of one action, item and date count in the order in which they were recorded.
    """
    for (name, body), updates in group_by_item(
        register, effective_updates(register.updates)
    ).items():
        last: dict[tuple[Action, object], Update] = {}
        for update in updates:
            if update.action not in _LAST_COUNTS:
                continue
            before = last.get((update.action, update.on))
            last[update.action, update.on] = update
            if before is None or is_theirs(before) == is_theirs(update):
                continue
            if update_words(before) != update_words(update):
                item = item_id(register.finding_by_id[name], body)
                yield (
                    f"{item}: {update_words(before)} ({before.id}) and {update_words(update)} "
                    f"({update.id}), both on {format_date(update.on)}; the second was recorded "
                    "later and counts."
                )
