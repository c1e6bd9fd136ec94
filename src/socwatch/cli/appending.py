"""What every command that appends has in common: the check of the result, and the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from socwatch.cli.session import Opened, faults_in
from socwatch.cli.streams import print_error, write_out
from socwatch.errors import ChangeInvalid, OutputRefused, Problem
from socwatch.store.append import Candidate, TomlRow, candidate_of_tables


def try_append(
    before: Opened, table: str, rows: Sequence[TomlRow]
) -> tuple[Candidate, Problem | None]:
    """Return the register with these records added, and the first fault that it would then have.

    Raises AppendRefused.
    """
    return _try_append(before, {table: rows})


def _try_append(
    before: Opened, added: Mapping[str, Sequence[TomlRow]]
) -> tuple[Candidate, Problem | None]:
    found = candidate_of_tables(before.loaded, added)
    faults = faults_in(found.after)
    return found, faults[0].problem if faults else None


def build_candidate(before: Opened, table: str, rows: Sequence[TomlRow]) -> Candidate:
    """Return the register with these records added. Raises ChangeInvalid if it then has faults."""
    return validated_tables(before, {table: rows})


def validated_tables(before: Opened, added: Mapping[str, Sequence[TomlRow]]) -> Candidate:
    """Return the register with records added to several tables. Raises ChangeInvalid."""
    found, problem = _try_append(before, added)
    if problem is not None:
        raise ChangeInvalid(problem)
    return found


def validated_undo(before: Opened, rows: Sequence[TomlRow]) -> Candidate:
    """Return the register with these retractions added, which may have faults that it had.

    Raises ChangeInvalid if it then has a new fault, or as many as before.
    """
    found = candidate_of_tables(before.loaded, {"updates": rows})
    had, has = (
        {(fault.problem.name, fault.position.line): fault for fault in faults_in(loaded)}
        for loaded in (before.loaded, found.after)
    )
    new = [fault for key, fault in has.items() if key not in had]
    if new or (had and len(has) >= len(had)):
        raise ChangeInvalid([*new, *has.values()][0].problem)
    return found


def tell_recorded(answer: str, see: str) -> None:
    """Print the answer of a run that has written; if that fails, what was written stays written.

    So the run has not failed: a script that gave the command again might record it twice.
    """
    try:
        write_out(answer)
    except OutputRefused as error:
        print_error(f"all of it is recorded, but {error}", f"to see it: {see}")
