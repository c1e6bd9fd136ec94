"""The laws of recording: any register, however it is written, and any sequence of commands."""

from __future__ import annotations

import codecs
import tomllib
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

import oracle
from conftest import examples
from oracle import A_DAY, Row, Rows
from oracle_validity import is_hidden
from socwatch.dates import PartialDate
from socwatch.errors import TransitionNotAllowed
from socwatch.recording import Item, NewUpdate, Plan, plan, plan_retraction, toml_row
from socwatch.records import Action, Outcome, Register
from socwatch.rules import find_problems
from socwatch.store.append import candidate, write
from socwatch.store.load import Loaded, load, read_content
from socwatch.store.lock import hold_lock
from strategies import OWNERS, plain_registers, telling_days
from test_tracking_laws import but_for, said_of

NAME = Path("register.toml")
NOW = datetime(2035, 1, 1, 12, 0, tzinfo=UTC)
"""When everything here is recorded: after all that the registers hold."""

MARKS = st.sampled_from((b"", codecs.BOM_UTF8))
NEWLINES = st.sampled_from(("\n", "\r\n"))
ENDS = st.sampled_from(("", "\n", "\n\n", "\n# the end", "\n  # the end\n"))
REMARKS = st.sampled_from(("", "# remark\n", "\n\n", "# [[updates]]\n", "  # \t“é” \\\n"))
TEXTS = st.text(
    st.characters(exclude_categories=["Cs"]).filter(lambda each: not is_hidden(each))
    | st.sampled_from("\n\t\"'#\\"),
    min_size=1,
    max_size=30,
).filter(str.strip)


@st.composite
def written(draw: st.DrawFn, rows: Rows) -> bytes:
    """A register as somebody may have written it: any order of tables, remarks, newlines, end."""
    blocks = [
        f"{draw(REMARKS)}[[{table}]]\n{tomli_w.dumps(row, multiline_strings=draw(st.booleans()))}"
        for table, records in draw(st.permutations(list(rows.items())))
        if isinstance(records, list)
        for row in records
    ]
    text = f"{draw(REMARKS)}format = 1 # of the file\n" + draw(REMARKS).join(blocks)
    text = text.rstrip("\n") + draw(ENDS)
    return draw(MARKS) + text.replace("\n", draw(NEWLINES)).encode()


def opened(content: bytes) -> tuple[Loaded, Register]:
    """A register that has no fault."""
    loaded = read_content(NAME, content)
    assert loaded.register is not None
    assert loaded.faults(find_problems(loaded.register)) == ()
    return loaded, loaded.register


def values_of(content: bytes) -> Rows:
    """The plain values of a file, by another reader than socwatch's."""
    return tomllib.loads(content.decode("utf-8-sig"))


class Step(NamedTuple):
    """One command: what it would do to a register, given ids that are free."""

    about: str
    plan: Callable[[Register, Callable[[], str]], Plan]


@st.composite
def steps(draw: st.DrawFn, rows: Rows) -> Step:
    """A command on one to three items of a register, with anything that its options can hold."""
    every: list[Item] = [(f["id"], body) for f in rows["findings"] for body in f["bodies"]]
    items = draw(st.lists(st.sampled_from(every), min_size=1, max_size=3))
    action = draw(st.sampled_from([a for a in Action if a is not Action.RETRACT]))
    on = draw(st.sampled_from(telling_days(rows)))
    fields: dict[str, Any] = {"by": draw(TEXTS)}
    match action:
        case Action.START if draw(st.booleans()):
            fields["owner"] = draw(st.sampled_from(OWNERS))
        case Action.ASSIGN:
            fields["owner"] = draw(st.sampled_from(OWNERS) | TEXTS)
        case Action.DONE | Action.SIGN_OFF if draw(st.booleans()):
            fields["evidence"] = tuple(draw(st.lists(TEXTS, min_size=1, max_size=3, unique=True)))
        case Action.CLOSE:
            fields["outcome"] = draw(st.sampled_from(Outcome))
            if fields["outcome"] is Outcome.SUPERSEDED:
                fields["successor"] = draw(st.sampled_from([f["id"] for f in rows["findings"]]))
        case Action.EXTEND:
            later = on + A_DAY * draw(st.integers(0, 700))
            forms = PartialDate.of_day(later), PartialDate.of_month(later.year, later.month)
            fields["deadline"] = draw(st.sampled_from(forms))
        case Action.MUTE:
            fields["until"] = on + A_DAY * draw(st.integers(-1, 90))
    if action in {Action.REOPEN, Action.CLOSE, Action.EXTEND, Action.NOTE, Action.MUTE}:
        fields["note"] = draw(TEXTS)
    what = NewUpdate(action, on, NOW, fields)
    return Step(f"{action} on {on} of {items}", lambda held, new: plan(held, items, what, new))


@st.composite
def undos(draw: st.DrawFn, held: Register) -> Step:
    """Taking back any update of a register."""
    target = draw(st.sampled_from(held.updates))
    what = NewUpdate(Action.RETRACT, draw(st.just(target.on)), NOW, {"note": draw(TEXTS)})
    return Step(f"undo {target.id}", lambda held, new: plan_retraction(held, target, what, new))


def answers(held: Register, days: Sequence[date]) -> list[list[Row]]:
    """What socwatch says on each day."""
    return [said_of(held, day) for day in days]


def told(content: bytes, days: Sequence[date]) -> list[list[Row]]:
    """What the oracle says on each day."""
    rows = values_of(content)
    return [oracle.items(rows, day) for day in days]


@given(data=st.data())
@settings(max_examples=examples(120))
def test_any_sequence_of_commands(data: st.DataObject) -> None:
    """Each command leaves the old bytes as they are, and adds its updates or nothing.

    What is read back is the old records and the new updates; the register stays valid, and every
    answer agrees with the oracle's.
    """
    rows = data.draw(plain_registers())
    content = first = data.draw(written(rows))
    ids = count(1)
    for _ in range(data.draw(st.integers(1, 4))):
        loaded, held = opened(content)
        undoing = held.updates and data.draw(st.integers(0, 3)) == 0
        step = data.draw(undos(held) if undoing else steps(rows))
        try:
            made = step.plan(held, lambda: f"n-{next(ids)}")
        except TransitionNotAllowed:
            continue
        if not made.updates:
            assert made.unchanged
            continue
        new = [toml_row(update) for update in made.updates]
        grown = candidate(loaded, "updates", new)
        if grown.after.register is None or grown.after.faults(find_problems(grown.after.register)):
            continue  # the command refuses what would be a fault
        now = grown.after.content
        before, after = values_of(content), values_of(now)
        assert now.startswith(content)
        assert now.decode("utf-8-sig") == content.decode("utf-8-sig") + grown.block
        assert after == before | {"updates": [*before.get("updates", []), *new]}
        assert grown.after.register.updates[: len(held.updates)] == held.updates
        days = telling_days(after)
        assert answers(grown.after.register, days) == told(now, days)
        content = now
    assert opened(content)[1].findings == opened(first)[1].findings


@given(data=st.data())
@settings(max_examples=examples(80))
def test_undo_restores_every_answer(data: st.DataObject) -> None:
    """After an undo every day has the answers from before; after the undo's undo, those again."""
    rows = data.draw(plain_registers())
    content = data.draw(written(rows))
    ids = count(1)

    def grown(content: bytes, step: Step) -> tuple[bytes, list[str]] | None:
        loaded, held = opened(content)
        try:
            made = step.plan(held, lambda: f"n-{next(ids)}")
        except TransitionNotAllowed:
            return None
        after = candidate(loaded, "updates", [toml_row(update) for update in made.updates]).after
        if (
            not made.updates
            or after.register is None
            or after.faults(find_problems(after.register))
        ):
            return None
        return after.content, [update.id for update in made.updates]

    def taking_back(identity: str) -> Step:
        what = NewUpdate(Action.RETRACT, NOW.date(), NOW, {"note": "No."})
        return Step(
            f"undo {identity}",
            lambda held, new: plan_retraction(held, held.update_by_id[identity], what, new),
        )

    first = grown(content, data.draw(steps(rows)))
    if first is None:
        return
    changed, made = first
    days = [*telling_days(values_of(changed)), date(2099, 12, 31)]
    undone, retractions = changed, []
    for identity in reversed(made):
        step = grown(undone, taking_back(identity))
        assert step is not None
        undone, (retraction,) = step
        retractions.append(retraction)
    again, second = undone, []
    for identity in reversed(retractions):
        step = grown(again, taking_back(identity))
        assert step is not None
        again, (retraction,) = step
        second.append(retraction)

    def to_ascii(content: bytes) -> list[list[Row]]:
        _, held = opened(content)
        return [but_for(said_of(held, day), *retractions, *second) for day in days]

    assert to_ascii(undone) == to_ascii(content)
    assert to_ascii(again) == to_ascii(changed)
    assert undone.startswith(changed)
    assert again.startswith(undone)
    assert told(undone, days) == answers(opened(undone)[1], days)


@given(data=st.data())
@settings(max_examples=examples(60))
def test_twice_is_once(data: st.DataObject) -> None:
    """What was just recorded is on record: the same again writes nothing of it."""
    rows = data.draw(plain_registers())
    content = data.draw(written(rows))
    step = data.draw(steps(rows))
    loaded, held = opened(content)
    ids = count(1)
    try:
        made = step.plan(held, lambda: f"n-{next(ids)}")
    except TransitionNotAllowed:
        return
    after = candidate(loaded, "updates", [toml_row(update) for update in made.updates]).after
    if after.register is None or after.faults(find_problems(after.register)):
        return
    again = step.plan(after.register, lambda: f"n-{next(ids)}")
    assert again.updates == ()
    assert {known.item for known in again.unchanged} >= {known.item for known in made.unchanged}
    recorded = {(update.finding, update.body) for update in made.updates}
    known = [each for each in again.unchanged if each.item in recorded]
    assert all(each.update is not None for each in known)


@given(data=st.data())
@settings(max_examples=examples(30))
def test_what_is_written_is_the_candidate(data: st.DataObject, tmp_path_factory: Any) -> None:  # noqa: ANN401  # pytest's own type is private
    """The file that is put in the register's place is the candidate, byte for byte."""
    folder = tmp_path_factory.mktemp("written")
    path = folder / "register.toml"
    content = data.draw(written(data.draw(plain_registers())))
    path.write_bytes(content)
    row = {"id": "n-1", "finding": data.draw(TEXTS), "note": data.draw(TEXTS), "recorded": NOW}
    with hold_lock(path, wait=0) as target:
        made = candidate(load(path), "updates", [row])
        write(made, target)
    assert path.read_bytes() == made.after.content
    assert values_of(path.read_bytes())["updates"][-1] == row
    assert sorted(each.name for each in folder.iterdir()) == [".register.toml.lock", path.name]
