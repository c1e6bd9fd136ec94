"""Several registers read as one, by the law of merging.

The same record in two files is one, as it was recorded first. Two records that should be the same
and differ are a problem, with the places of both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from socwatch.errors import LocatedProblem, Problem
from socwatch.records import REGISTER, TABLES, Register
from socwatch.store.load import Loaded

if TYPE_CHECKING:
    from socwatch.store.merge import Key


class Origin(NamedTuple):
    """Where a record of the union stands."""

    file: int
    """The number of its file."""
    place: int
    """Its place in its table of that file's register."""


class Union(NamedTuple):
    """One register or several, read as one."""

    files: tuple[Loaded, ...]
    register: Register | None
    """The records of all files; None where none could be read."""
    origins: Mapping[str, Sequence[Origin]] = {}
    """For each table, where its records stand; empty where there is a single file."""
    clashes: tuple[tuple[int, Problem], ...] = ()
    """Records that differ from another of the same id, by the number of their file."""

    def origin(self, table: str, index: int) -> Origin:
        """Return where a record of `register` stands."""
        return self.origins[table][index] if self.origins else Origin(0, index)

    def file_of(self, table: str, index: int) -> Loaded:
        """Return the file in which a record of `register` stands."""
        return self.files[self.origin(table, index).file]

    def faults(
        self, found: Iterable[Problem] = (), of_files: Sequence[Iterable[Problem]] = ()
    ) -> tuple[LocatedProblem, ...]:
        """Every problem, file by file: those of reading, and those `found` in `register`.

        `of_files` are further ones, found in the register of each file.
        """
        by_file: defaultdict[int, list[Problem]] = defaultdict(list)
        for number, problem in (*self.clashes, *map(self._in_file, found)):
            by_file[number].append(problem)
        for number, problems in enumerate(of_files):
            by_file[number] += problems
        return tuple(
            fault._replace(file=str(loaded.path))
            for number, loaded in enumerate(self.files)
            for fault in loaded.faults(by_file[number])
        )

    def in_union(self, number: int, problems: Iterable[Problem]) -> Iterator[Problem]:
        """Yield problems of the register of a file with their places in `register`.

        A record of which another file's is kept is left out.
        """
        here = {
            (table, *origin): place
            for table, origins in self.origins.items()
            for place, origin in enumerate(origins)
        }
        for problem in problems:
            match problem.place:
                case (str(table), int(there), *rest) if here:
                    place = here.get((table, number, there))
                    if place is not None:
                        yield problem._replace(place=(table, place, *rest))
                case _:
                    yield problem

    def _in_file(self, problem: Problem) -> tuple[int, Problem]:
        match problem.place:
            case (str(table), int(index), *rest):
                number, there = self.origin(table, index)
                return number, problem._replace(place=(table, there, *rest))
        return 0, problem


def unite(files: Sequence[Loaded]) -> Union:
    """Read registers as one."""
    registers = [loaded.register for loaded in files]
    if len(files) == 1:
        return Union(tuple(files), registers[0])
    known = [each for each in registers if each is not None]
    if not known:
        return Union(tuple(files), None)
    origins: dict[str, list[Origin]] = {}
    clashes: list[tuple[int, Problem]] = []
    for table in TABLES:
        origins[table] = _without_repeats(files, table, clashes)
    tables = {
        table: tuple(getattr(registers[each.file], table)[each.place] for each in places)
        for table, places in origins.items()
    }
    register = Register.model_construct(**{**_head(known), **tables})
    return Union(tuple(files), register, origins, tuple(clashes))


def _head(registers: Sequence[Register]) -> dict[str, Any]:
    """Return what stands above the records: what all say, and nothing where they differ."""
    head: dict[str, Any] = {}
    for name, field in REGISTER.items():
        if name not in TABLES:
            values = [getattr(register, name) for register in registers]
            same = all(value == values[0] for value in values)
            head[name] = values[0] if same or field.required else None
    return head


class _Row(NamedTuple):
    """A record of a file, as far as it is compared with those of other files."""

    key: Key
    recorded: datetime
    says: Mapping[str, Any]
    origin: Origin


def _without_repeats(
    files: Sequence[Loaded], table: str, clashes: list[tuple[int, Problem]]
) -> list[Origin]:
    """Return the records of a table in their order, each once, and note those that differ."""
    found: defaultdict[Key, list[_Row]] = defaultdict(list)
    repeated: list[Origin] = []
    sides: list[list[_Row]] = []
    for number, loaded in enumerate(files):
        rows = {}
        for row in _rows(loaded, number, table):
            if row.key in rows:
                repeated.append(row.origin)  # The rules report what one file has twice.
            else:
                rows[row.key] = row
                found[row.key].append(row)
        sides.append([*rows.values()])
    kept = []
    for key in _in_order(sides) if table == "updates" else found:
        first, *others = found[key]
        clashes += (
            (row.origin.file, _clash(files[first.origin.file], table, first, row))
            for row in others
            if row.says != first.says
        )
        same = (row for row in found[key] if row.says == first.says)
        kept.append(min(same, key=lambda row: row.recorded).origin)
    return kept + repeated


def _rows(loaded: Loaded, number: int, table: str) -> Iterator[_Row]:
    """Yield the records of a table in the order of the decoded register."""
    # Only several registers need it.
    from socwatch.store.merge import WHEN_WRITTEN, key_of, recorded_at

    raw = loaded.syntax.tables.get(table, ())
    for place in range(len(getattr(loaded.register, table, ()))):
        row = raw[loaded.decoded.in_file((table, place))[1]]
        says = {name: value for name, value in row.items() if name not in WHEN_WRITTEN}
        yield _Row(key_of(table, row), recorded_at(row), says, Origin(number, place))


def _in_order(sides: Iterable[list[_Row]]) -> Iterable[Key]:
    """Return the keys of all sides in the order in which merging would put them."""
    from socwatch.store.merge import order  # Only several registers need it.

    merged: list[_Row] = []
    for side in sides:
        by_key = {row.key: row for row in (*side, *merged)}
        merged = [by_key[key] for key in order(merged, side)]
    return [row.key for row in merged]


def _clash(other: Loaded, table: str, held: _Row, row: _Row) -> Problem:
    """Return the problem of a record that another file has in other words."""
    where, place = f"{other.path}:{other.line((table, held.origin.place))}", row.origin.place
    if table == "grades":
        graded = f"{row.says.get('inspection')} grades {row.says.get('body')}"
        message = f"{graded} on this question in {where} too, and differs"
        remedy = "make both records the same, or keep one"
        return Problem("duplicate-grade", (table, place), message, remedy)
    name = row.says.get("id")
    message = f"another record of [[{table}]] has the id {name!r} in {where}, and differs"
    remedy = "make both records the same, or give one of them an id of its own"
    return Problem("duplicate-id", (table, place, "id"), message, remedy)
