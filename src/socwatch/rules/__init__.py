"""The rules that hold across the records of a register, as pure functions in RULES."""

from collections.abc import Callable, Iterable, Iterator

from socwatch.errors import Problem
from socwatch.records import Register
from socwatch.rules import findings, references, updates

RULES: tuple[Callable[[Register], Iterable[Problem]], ...] = (
    references.duplicate_ids,
    references.ids_told_apart,
    references.unknown_references,
    references.ambiguous_names,
    references.repeated_values,
    references.repeated_records,
    references.circular_links,
    findings.grades_on_their_scale,
    findings.regions_not_graded,
    findings.one_grade_each,
    findings.regions_are_regions,
    findings.about_forces,
    findings.answers,
    findings.monitoring_of_its_body,
    findings.parents,
    findings.stated_counts,
    findings.deadlines,
    findings.plausible_dates,
    findings.dates_in_order,
    findings.recurrences,
    findings.web_addresses,
    updates.carried_fields,
    updates.addressed_bodies,
    updates.allowed_moves,
    updates.retractions,
    updates.successors,
    updates.update_dates,
)
"""Every rule, from those about names to those about what names stand for."""


def find_problems(register: Register) -> Iterator[Problem]:
    """Every fault that the rules find; no rule relies on another one having held."""
    for rule in RULES:
        yield from rule(register)
