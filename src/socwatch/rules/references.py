"""Rules about names: every id is one thing's, every reference finds it, no chain bites its tail."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import chain, count
from operator import attrgetter
from typing import Any

from socwatch.characters import normalise
from socwatch.errors import Location, Problem
from socwatch.fields import FieldSpec, Form, Record
from socwatch.records import EVERY_FIELD, Register
from socwatch.spelling import Speller

_BY_ID: Mapping[str, Callable[[Register], Mapping[str, Record]]] = {
    "sources": attrgetter("source_by_id"),
    "bodies": attrgetter("body_by_id"),
    "inspections": attrgetter("inspection_by_id"),
    "findings": attrgetter("finding_by_id"),
    "updates": attrgetter("update_by_id"),
}
"""The tables whose records have ids, and their records by these."""

_REFERENCES = tuple((table, field) for table, field in EVERY_FIELD if field.refers)
_LISTS = tuple(
    (table, field) for table, field in EVERY_FIELD if field.many and field.form is not Form.RECORD
)
_SHOWN = ("bodies", "inspections", "findings")
"""The tables whose records `show` finds by their ids."""


def duplicate_ids(register: Register) -> Iterator[Problem]:
    """An id names one record of its table."""
    for table, by_id in _BY_ID.items():
        records = getattr(register, table)
        if len(by_id(register)) == len(records):
            continue
        seen: set[str] = set()
        numbers: dict[str, int] = {}  # what is taken stays taken: no number is tried twice
        for index, record in enumerate(records):
            if record.id in seen:
                tried = count(numbers.get(record.id, 2))
                number = next(n for n in tried if f"{record.id}-{n}" not in seen)
                numbers[record.id] = number
                message = f"another record of [[{table}]] has the id {record.id!r} already"
                remedy = f'give this one an id of its own, such as "{record.id}-{number}"'
                yield Problem("duplicate-id", (table, index, "id"), message, remedy)
            seen.add(record.id)


def ids_told_apart(register: Register) -> Iterator[Problem]:
    """An id is not that of a body, an inspection and a finding at once."""
    tables = [_BY_ID[table](register) for table in _SHOWN]
    if len(set().union(*tables)) == sum(map(len, tables)):
        return
    owners: dict[str, str] = {}
    for table in _SHOWN:
        for index, record in enumerate(getattr(register, table)):
            owner = owners.setdefault(record.id, table)
            if owner != table:
                message = f"{record.id!r} is also an id in [[{owner}]], and show could mean either"
                remedy = f'give this one another id, such as "{record.id}-{table.rstrip("s")}"'
                yield Problem("duplicate-id", (table, index, "id"), message, remedy)


def unknown_references(register: Register) -> Iterator[Problem]:
    """A reference names a record that is there."""
    ids = {table: by_id(register) for table, by_id in _BY_ID.items()}
    speller = Speller(_MAX_SEARCHES)
    for table, field in _REFERENCES:
        known = ids[field.refers].keys()
        records = getattr(register, table)
        values = [value for value in map(attrgetter(field.name), records) if value]
        if known >= set(chain.from_iterable(values) if field.many else values):
            continue
        for index, record in enumerate(records):
            for number, name in enumerate(_names(getattr(record, field.name))):
                if name not in known:
                    place: Location = (table, index, field.name)
                    place = (*place, number) if field.many else place
                    own = getattr(record, "id", "")  # no record is meant to refer to itself
                    near = speller.nearest(name, field.refers, known, but=own)
                    yield _unknown(name, field.refers, near, place)
    for place, field, name in inner_values(register, lambda field: bool(field.refers)):
        if name is not None and name not in ids[field.refers]:
            near = speller.nearest(name, field.refers, ids[field.refers])
            yield _unknown(name, field.refers, near, place)


_MAX_SEARCHES = 20
"""Wrong ids for which a nearest one is looked for: each search reads all ids of a table."""


def inner_values(
    register: Register, fits: Callable[[FieldSpec], bool]
) -> Iterator[tuple[Location, FieldSpec, Any]]:
    """Yield the place, field and value of each field that fits, of records within records."""
    for table, outer in EVERY_FIELD:
        if not (fields := [field for field in outer.inner.values() if fits(field)]):
            continue
        for index, record in enumerate(getattr(register, table)):
            for number, within in enumerate(getattr(record, outer.name)):
                for field in fields:
                    place = (table, index, outer.name, number, field.name)
                    yield place, field, getattr(within, field.name)


_UNKNOWN: Mapping[str, Callable[..., Problem]] = {
    "sources": partial(Problem, "unknown-source"),
    "bodies": partial(Problem, "unknown-body"),
    "inspections": partial(Problem, "unknown-inspection"),
    "findings": partial(Problem, "unknown-finding"),
    "updates": partial(Problem, "unknown-update"),
}


def _unknown(name: str, target: str, near: str, place: Location) -> Problem:
    message = f"no record of [[{target}]] has the id {name!r}"
    missing = f"write an id that is there, or add a record of [[{target}]] with this one"
    remedy = f'write "{near}"' if near else missing
    return _UNKNOWN[target](place, message, remedy, about=f"{target} {name}")


def ambiguous_names(register: Register) -> Iterator[Problem]:
    """A name or an alias means one body, or one finding, however it is spelt."""
    for table in ("bodies", "findings"):
        records = getattr(register, table)
        owner = {record.id: record.id for record in records}
        for index, record in enumerate(records):
            if table != "bodies" and not record.aliases:
                continue
            names: dict[Location, str] = {}
            if table == "bodies":
                names[table, index, "name"] = record.name
            for number, alias in enumerate(record.aliases):
                names[table, index, "aliases", number] = alias
            for place, name in names.items():
                other = owner.setdefault(normalise(name), record.id)
                if other != record.id:
                    message = f"{name!r} is already a name of {other}"
                    remedy = "change or drop one of the two, so that people know whom they mean"
                    yield Problem("ambiguous-name", place, message, remedy)


def repeated_values(register: Register) -> Iterator[Problem]:
    """A list names each thing once."""
    for table, field in _LISTS:
        lists: Iterator[tuple[str, ...]] = map(attrgetter(field.name), getattr(register, table))
        for index, values in enumerate(lists):
            if len(values) < 2 or len(set(values)) == len(values):  # noqa: PLR2004  # one cannot repeat
                continue
            first = {value: n for n, value in reversed([*enumerate(values)])}
            number = next(n for n, value in enumerate(values) if first[value] < n)
            message = f"{field.name} names {values[number]!r} twice"
            remedy = "take one of the two out"
            yield Problem("repeated-value", (table, index, field.name, number), message, remedy)


def repeated_records(register: Register) -> Iterator[Problem]:
    """A record that has no id of its own is there once."""
    for table in ("monitoring", "responses"):
        seen: set[Record] = set()
        for index, record in enumerate(getattr(register, table)):
            if record in seen:
                message = f"the same record of [[{table}]] is there already, field for field"
                yield Problem("duplicate-record", (table, index), message, "take one of them out")
            seen.add(record)


_LINKS = {
    "part_of": "hangs from",
    "recurs_from": "recurs from",
    "supersedes": "takes the place of",
    "blocked_by": "waits for",
}


def circular_links(register: Register) -> Iterator[Problem]:
    """No finding hangs from, supersedes, recurs from or waits for itself, however many steps on."""
    for field, words in _LINKS.items():
        links = {
            finding.id: _names(value)
            for finding in register.findings
            if (value := getattr(finding, field))
        }
        # A circle runs through findings that link on and are linked to: mostly there are none.
        linked = {name for after in links.values() for name in after if links.get(name)}
        circular = in_circles({name: links[name] for name in linked})
        for index, finding in enumerate(register.findings):
            if circular and finding.id in circular:
                message = f"{finding.id} {words} itself, directly or by way of others"
                remedy = f"take {field} out of the finding that came first"
                yield Problem("circular-link", ("findings", index, field), message, remedy)


def in_circles(links: Mapping[str, Iterable[str]]) -> frozenset[str]:
    """The names from which the links lead back to the name itself.

    What links to nothing that is left is taken away until nothing more can be, then what nothing
    left links to: the rest are circles, and the bridges between two of them.
    """
    left = {name: set(after) for name, after in links.items()}
    before: dict[str, set[str]] = {}
    for name, after in left.items():
        for other in after:
            before.setdefault(other, set()).add(name)
    for ahead, behind in ((left, before), (before, left)):
        loose = [name for name in {*left, *before} if not ahead.get(name)]
        while loose:
            name = loose.pop()
            for other in behind.pop(name, ()):
                ahead[other].discard(name)
                if not ahead[other]:
                    loose.append(other)
            ahead.pop(name, None)
    return frozenset(left)


def _names(value: str | tuple[str, ...] | None) -> tuple[str, ...]:
    """The names in a field that holds one, several or none."""
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else value
