"""What a command would write down: one update an item, nothing for what is known, or a refusal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

import oracle
from registers import SMALL, update
from socwatch.dates import PartialDate
from socwatch.errors import TransitionNotAllowed
from socwatch.recording import (
    AlreadyRecorded,
    Item,
    NewUpdate,
    Plan,
    plan,
    plan_retraction,
    toml_row,
)
from socwatch.records import Action, Outcome, Register, Status, Update
from socwatch.rules import find_problems
from socwatch.store.load import read_content
from socwatch.tracking import replay

R1: Item = ("r1", "norfolk")
NORFOLK: Item = ("r2", "norfolk")
NORTHUMBRIA: Item = ("r2", "northumbria")
AREA: Item = ("a1", "northumbria")
RECORDED = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)

LIVES: dict[Status, str] = {
    Status.OPEN: "",
    Status.IN_PROGRESS: update(1, "r1", "start", "2024-06-01"),
    Status.DONE: update(1, "r1", "done", "2024-06-01"),
    Status.SIGNED_OFF: update(1, "r1", "sign-off", "2024-06-01", 'by = "HMICFRS"'),
    Status.CLOSED: update(
        1, "r1", "close", "2024-06-01", 'outcome = "not-accepted"', 'note = "No."'
    ),
}
"""What leaves r1 in each status."""

CARRIED: dict[Action, dict[str, Any]] = {
    Action.SIGN_OFF: {"by": "HMICFRS"},
    Action.REOPEN: {"note": "Why."},
    Action.CLOSE: {"outcome": Outcome.NOT_ACCEPTED, "note": "Why."},
    Action.EXTEND: {"deadline": PartialDate.of_day(date(2027, 1, 1)), "note": "Why.", "by": "X"},
    Action.ASSIGN: {"owner": "A. Officer"},
    Action.NOTE: {"note": "What."},
    Action.MUTE: {"until": date(2027, 1, 1), "note": "Why."},
}
"""What each action must carry."""

GOOD_PRACTICE = """
[[findings]]
id = "p1"
inspection = "soc-2024"
bodies = ["norfolk"]
kind = "innovative-practice"
summary = "A good idea."
"""


def register(*more: str) -> Register:
    """The small register with more at its end; it is valid."""
    loaded = read_content(Path("register.toml"), "".join((SMALL, *more)).encode())
    assert loaded.register is not None
    assert loaded.faults(find_problems(loaded.register)) == ()
    return loaded.register


def ids(*first: str) -> Callable[[], str]:
    """Makes ids: those given, then n-1, n-2 and so on."""
    fresh = iter([*first, *(f"n-{number}" for number in range(1, 50))])
    return lambda: next(fresh)


def happening(action: str, on: str = "2024-07-01", **fields: object) -> NewUpdate:
    """What happened on a day, with what its action must carry unless `fields` has it."""
    carried = CARRIED.get(Action(action), {}) | fields
    return NewUpdate(Action(action), date.fromisoformat(on), RECORDED, carried)


def planned(held: Register, what: NewUpdate, *items: Item) -> Plan:
    """What is to be written, which leaves the register valid."""
    made = plan(held, items or (R1,), what, ids())
    after = with_updates(held, *made.updates)
    assert list(find_problems(after)) == []
    return made


def with_updates(held: Register, *updates: Update) -> Register:
    """A register with updates more, read from their values as a file would give them."""
    read = [Update.model_validate(toml_row(each)) for each in updates]
    return held.model_copy(update={"updates": (*held.updates, *read)})


def status_of(held: Register, item: Item = R1) -> Status | None:
    """The status of an item at the end of all its updates."""
    (tracked,) = (each for each in replay(held, date(2099, 1, 1)) if each.key == item)
    return tracked.status


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("action", [a for a in Action if a is not Action.RETRACT])
def test_every_action_from_every_status(status: Status, action: Action) -> None:
    """From each status each action is written, known already, or refused with what may come."""
    held = register(LIVES[status])
    after, gives = oracle.MOVES[action.value]
    what = happening(action.value)
    if gives == status.value:
        made = planned(held, what)
        assert made.updates == ()
        assert [known.item for known in made.unchanged] == [R1]
    elif status.value in after and not (
        action is Action.MUTE and status.value not in oracle.UNENDED
    ):
        made = planned(held, what)
        assert [each.action for each in made.updates] == [action]
        assert made.unchanged == ()
        assert status_of(with_updates(held, *made.updates)) == (gives or status)
    else:
        with pytest.raises(TransitionNotAllowed) as refused:
            plan(held, [R1], what, ids())
        message, remedy = str(refused.value), refused.value.remedy
        assert message.startswith(f"r1: {action} is not allowed, because it is ")
        assert message.endswith(f"{status.value.replace('-', ' ')}; nothing was written")
        offered = set(remedy.removeprefix("what can follow is: ").split(", "))
        moves = {move for move, (possible, _) in oracle.MOVES.items() if status.value in possible}
        silent = set() if status.value in oracle.UNENDED else {"mute"}
        assert offered == moves - silent - {"retract"}


def test_what_an_update_holds() -> None:
    """An update has its item, its day, its instant and what it carries, and no body of one body."""
    (made,) = planned(register(), happening("done", evidence=("a.pdf",), by="B. Clerk")).updates
    assert toml_row(made) == {
        "id": "n-1",
        "finding": "r1",
        "action": "done",
        "on": date(2024, 7, 1),
        "by": "B. Clerk",
        "evidence": ["a.pdf"],
        "recorded": RECORDED,
    }


def test_the_body_is_named_where_there_are_several() -> None:
    """Each item of a finding for several bodies has an update with its body, in the order asked."""
    made = planned(register(), happening("start"), NORTHUMBRIA, NORFOLK)
    assert [(each.id, each.finding, each.body) for each in made.updates] == [
        ("n-1", "r2", "northumbria"),
        ("n-2", "r2", "norfolk"),
    ]
    assert "body" in toml_row(made.updates[0])


def test_an_item_named_twice_is_one() -> None:
    """An item that is named twice gets one update."""
    assert len(planned(register(), happening("done"), R1, R1, NORFOLK).updates) == 2


def test_ids_that_are_taken_are_passed_over() -> None:
    """A new id is none that the register holds, and none that was just given."""
    held = register(LIVES[Status.DONE])
    made = plan(held, [NORFOLK, NORTHUMBRIA], happening("done"), ids("u-1", "n-1", "n-1", "n-2"))
    assert [each.id for each in made.updates] == ["n-1", "n-2"]


def test_all_or_none() -> None:
    """Where one item refuses, none is written, and the one that refuses is named."""
    held = register(update(1, "r2", "sign-off", "2024-06-01", 'body = "norfolk"', 'by = "H"'))
    with pytest.raises(TransitionNotAllowed, match="r2@norfolk: done is not allowed") as refused:
        plan(held, [R1, NORFOLK, NORTHUMBRIA], happening("done"), ids())
    assert "r2@northumbria" not in str(refused.value)


def test_partial_dates_are_written_as_far_as_they_are_known() -> None:
    """A deadline that is a month is a text, one that is a day is a TOML date."""
    for deadline, written in (
        (PartialDate.of_month(2027, 1), "2027-01"),
        (PartialDate.of_year(2027), "2027"),
        (PartialDate.of_day(date(2027, 1, 1)), date(2027, 1, 1)),
    ):
        (made,) = planned(register(), happening("extend", deadline=deadline)).updates
        assert toml_row(made)["deadline"] == written


# What is known already


def test_the_update_that_says_so_is_named() -> None:
    """What is known comes with the update that says it; what is so from the start with none."""
    held = register(LIVES[Status.DONE])
    assert planned(held, happening("done")).unchanged == (AlreadyRecorded(R1, held.updates[0]),)
    assert planned(register(), happening("reopen")).unchanged == (AlreadyRecorded(R1, None),)


def test_known_and_new_in_one_command() -> None:
    """Of two items of which one is done already, the other alone is written."""
    made = planned(register(LIVES[Status.DONE]), happening("done"), R1, NORFOLK)
    assert [each.finding for each in made.updates] == ["r2"]
    assert [known.item for known in made.unchanged] == [R1]


def test_evidence_is_never_dropped() -> None:
    """Done twice with evidence that is on record is known; with other evidence it is refused."""
    shown = update(1, "r1", "done", "2024-06-01", 'evidence = ["a.pdf", "b.pdf"]')
    assert planned(register(shown), happening("done", evidence=("b.pdf",))).updates == ()
    with pytest.raises(
        TransitionNotAllowed, match="done already, and what is on record stays"
    ) as no:
        plan(register(shown), [R1], happening("done", evidence=("c.pdf",)), ids())
    assert "note" in no.value.remedy
    added = update(2, "r1", "note", "2024-06-02", 'note = "More."', 'evidence = ["c.pdf"]')
    again = planned(register(shown, added), happening("done", evidence=("c.pdf", "a.pdf")))
    assert again.updates == ()


def test_another_outcome_is_refused() -> None:
    """What is closed is not closed again as something else; as the same it is known."""
    held = register(LIVES[Status.CLOSED])
    assert planned(held, happening("close")).updates == ()
    with pytest.raises(TransitionNotAllowed, match=r"r1: close is not allowed.* closed already"):
        plan(held, [R1], happening("close", outcome=Outcome.NO_LONGER_RELEVANT), ids())
    other = happening("close", outcome=Outcome.SUPERSEDED, successor="r2")
    with pytest.raises(TransitionNotAllowed, match="closed already"):
        plan(held, [R1], other, ids())


def test_another_owner_of_what_has_begun_is_refused() -> None:
    """Starting again by the same owner is known; by another it is refused: that is assign."""
    held = register(update(1, "r1", "start", "2024-06-01", 'owner = "A"'))
    assert planned(held, happening("start", owner="A")).updates == ()
    assert planned(held, happening("start")).updates == ()
    with pytest.raises(TransitionNotAllowed, match="in progress already"):
        plan(held, [R1], happening("start", owner="B"), ids())


def test_the_owner_is_who_was_named_last() -> None:
    """Giving an item to its owner is known, however that was told; giving it back is not."""
    began = update(1, "r1", "start", "2024-06-01", 'owner = "A"')
    assert planned(register(began), happening("assign", owner="A")).updates == ()
    assert planned(register(began), happening("assign", owner=" a")).updates == ()
    given = update(2, "r1", "assign", "2024-06-02", 'owner = "B"')
    held = register(began, given)
    assert planned(held, happening("assign", owner="B")).unchanged[0].update == held.updates[1]
    (back,) = planned(held, happening("assign", owner="A")).updates
    assert back.owner == "A"


def test_assigned_then_started_by_another() -> None:
    """An owner who was named by a start in between can be replaced by the one before."""
    first = update(1, "r1", "assign", "2024-06-01", 'owner = "A"')
    began = update(2, "r1", "start", "2024-06-02", 'owner = "B"')
    assert len(planned(register(first, began), happening("assign", owner="A")).updates) == 1


def test_a_deadline_moved_to_itself() -> None:
    """Moving a deadline to the day that is in force is known, to the first and to later ones."""
    own = PartialDate.of_day(date(2025, 1, 1))
    assert planned(register(), happening("extend", deadline=own)).unchanged == (
        AlreadyRecorded(R1, None),
    )
    month = happening("extend", deadline=PartialDate.of_day(date(2025, 3, 31)))
    assert planned(register(), month, NORFOLK).updates == ()
    moved = update(1, "r1", "extend", "2024-06-01", "deadline = 2026-01-31", 'by = "H"',
                   'note = "Why."')  # fmt: skip
    held = register(moved)
    in_force = happening("extend", deadline=PartialDate.of_month(2026, 1))
    assert planned(held, in_force).unchanged == (AlreadyRecorded(R1, held.updates[0]),)
    assert len(planned(held, happening("extend", deadline=own)).updates) == 1


def test_a_first_deadline() -> None:
    """A finding without a deadline gets one by an extension."""
    cause: Item = ("cause", "norfolk")
    assert len(planned(register(), happening("extend"), cause).updates) == 1


def test_notes_are_known_by_their_words() -> None:
    """A note is known if its words, its evidence and its day are on record, last or not."""
    first = update(1, "r1", "note", "2024-07-01", 'note = "What."', 'evidence = ["a.pdf"]')
    second = update(2, "r1", "note", "2024-07-01", 'note = "Else."', 'evidence = ["a.pdf"]')
    held = register(first, second)
    same = happening("note", note="What.", evidence=("a.pdf",))
    assert planned(held, same).updates == ()
    for other in (
        happening("note", note="More.", evidence=("a.pdf",)),
        happening("note", note="What."),
        happening("note", "2024-07-02", note="What.", evidence=("a.pdf",)),
    ):
        assert len(planned(held, other).updates) == 1


def test_looking_again_on_another_day_is_news() -> None:
    """Having looked is known for that day and those words, and new for another day."""
    held = register(update(1, "r1", "checked", "2024-07-01", 'note = "Nothing."'))
    assert planned(held, happening("checked", note="Nothing.")).updates == ()
    assert len(planned(held, happening("checked", note="A page.")).updates) == 1
    assert len(planned(held, happening("checked", "2024-07-02", note="Nothing.")).updates) == 1


def test_a_mute_until_another_day_is_news() -> None:
    """A mute until the day that is on record is known; until another it is written."""
    held = register(update(1, "r1", "mute", "2024-06-01", "until = 2027-01-01", 'note = "Why."'))
    assert planned(held, happening("mute")).updates == ()
    assert len(planned(held, happening("mute", until=date(2027, 2, 1))).updates) == 1


def test_what_was_taken_back_is_not_known() -> None:
    """An item whose done was taken back is done anew."""
    back = update(2, "r1", "retract", "2024-06-02", 'update = "u-1"', 'note = "No."')
    assert len(planned(register(LIVES[Status.DONE], back), happening("done")).updates) == 1


# Days


def test_the_status_is_that_of_the_day() -> None:
    """What happened earlier may follow from the status of then, and comes before the rest."""
    held = register(LIVES[Status.DONE])
    made = planned(held, happening("start", "2024-05-20"))
    assert status_of(with_updates(held, *made.updates)) is Status.DONE


def test_what_came_later_is_the_reason() -> None:
    """An update that a later one could not follow is refused, and the later one is named."""
    held = register(LIVES[Status.DONE])
    with pytest.raises(TransitionNotAllowed) as refused:
        plan(held, [R1], happening("done", "2024-05-20"), ids())
    assert "because done on 1 Jun 2024 (u-1) is on record, and could not follow" in str(
        refused.value
    )
    assert "socwatch undo u-1" in refused.value.remedy
    assert "signed off" not in str(refused.value)


def test_within_a_day_the_new_one_is_last() -> None:
    """On the day of another update the new one follows it."""
    held = register(LIVES[Status.DONE])
    made = planned(held, happening("reopen", "2024-06-01"))
    assert status_of(with_updates(held, *made.updates)) is Status.OPEN
    with pytest.raises(TransitionNotAllowed, match="it is done"):
        plan(held, [R1], happening("start", "2024-06-01"), ids())


# Kinds


def test_an_area_for_improvement_has_no_deadline() -> None:
    """Nobody extends what has no deadline; that such an item is done can be written."""
    with pytest.raises(
        TransitionNotAllowed, match="an area for improvement has no deadline"
    ) as refused:
        plan(register(), [AREA], happening("extend"), ids())
    assert "note" in refused.value.remedy
    assert len(planned(register(), happening("done"), AREA).updates) == 1


@pytest.mark.parametrize("action", ["start", "done", "sign-off", "reopen", "close", "extend"])
def test_good_practice_has_no_status(action: str) -> None:
    """Innovative practice asks nothing of anybody, so that nothing of it is done."""
    held = register(GOOD_PRACTICE)
    with pytest.raises(TransitionNotAllowed, match="asks nothing of anybody"):
        plan(held, [("p1", "norfolk")], happening(action), ids())
    assert len(planned(held, happening("note"), ("p1", "norfolk")).updates) == 1


# Taking back


def retraction(held: Register, named: str) -> Plan:
    """What takes back the update of that id."""
    what = NewUpdate(Action.RETRACT, date(2026, 1, 1), RECORDED, {"note": "Wrong.", "by": "A"})
    return plan_retraction(held, held.update_by_id[named], what, ids())


def test_taking_back() -> None:
    """A retraction names the update and is about the same item; the status is as before."""
    held = register(update(1, "r2", "done", "2024-06-01", 'body = "norfolk"'))
    (made,) = retraction(held, "u-1").updates
    assert (made.action, made.update, made.finding, made.body) == (
        Action.RETRACT,
        "u-1",
        "r2",
        "norfolk",
    )
    after = with_updates(held, made)
    assert list(find_problems(after)) == []
    assert status_of(held, NORFOLK) is Status.DONE
    assert status_of(after, NORFOLK) is Status.OPEN


def test_taking_back_twice_is_known() -> None:
    """What is taken back already is not taken back again, and the retraction is named."""
    held = register(LIVES[Status.DONE])
    once = with_updates(held, *retraction(held, "u-1").updates)
    assert retraction(once, "u-1") == Plan((), (AlreadyRecorded(R1, once.updates[1]),))


def test_taking_back_a_retraction() -> None:
    """With its retraction taken back an update counts again, and can be taken back once more."""
    held = register(LIVES[Status.DONE])
    once = with_updates(held, *retraction(held, "u-1").updates)
    what = NewUpdate(Action.RETRACT, date(2026, 1, 1), RECORDED, {"note": "Right after all."})
    (redo,) = plan_retraction(once, once.updates[1], what, ids("n-2")).updates
    twice = with_updates(once, redo)
    assert status_of(once) is Status.OPEN
    assert status_of(twice) is Status.DONE
    assert len(plan_retraction(twice, twice.updates[0], what, ids("n-3")).updates) == 1


def test_what_others_rest_on_stays() -> None:
    """An update on which a later one rests is not taken back, and that one is named."""
    opened = update(2, "r1", "reopen", "2024-06-02", 'note = "No."')
    held = register(LIVES[Status.DONE], opened)
    with pytest.raises(TransitionNotAllowed) as refused:
        retraction(held, "u-1")
    assert str(refused.value).startswith("r1: undoing u-1 is not allowed")
    assert "reopen on 2 Jun 2024 (u-2) is on record, and could not follow then" in str(
        refused.value
    )
    assert refused.value.remedy == "take that back first: socwatch undo u-2"
    assert len(retraction(held, "u-2").updates) == 1


def test_a_return_that_has_no_room() -> None:
    """A retraction is not taken back where what it took back could not stand again."""
    back = update(2, "r1", "retract", "2024-06-02", 'update = "u-1"', 'note = "No."')
    anew = update(3, "r1", "done", "2024-06-03")
    held = register(LIVES[Status.DONE], back, anew)
    with pytest.raises(TransitionNotAllowed, match=r"done on 3 Jun 2024 \(u-3\)"):
        retraction(held, "u-2")
