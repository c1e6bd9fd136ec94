"""Which bodies and reports a spreadsheet names: those of the register, or new ones."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from socwatch.characters import normalise
from socwatch.importing.answers import BODY_KINDS, Form, Inquiry, Question
from socwatch.records import BodyKind, Inspection, Register
from socwatch.suggestions import suggest_id

_FORCE = re.compile(r"\b(?:police|constabulary)\b", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:[/&,;+\n]|\band\b)\s*")


class Names:
    """What the names of a spreadsheet stand for, and the new records that they need."""

    def __init__(self, register: Register, inquiry: Inquiry) -> None:
        self._register = register
        self._inquiry = inquiry
        self._body_of = {
            normalise(name): body.id
            for body in register.bodies
            for name in (body.id, body.name, *body.aliases)
        }
        self._inspection_of = {
            normalise(name): inspection.id
            for inspection in register.inspections
            for name in (inspection.id, inspection.title)
        }
        self._asked: dict[str, tuple[str, ...] | None] = {}
        self.bodies: dict[str, dict[str, Any]] = {}
        """The bodies that the register lacks, by their ids."""
        self.inspections: dict[str, dict[str, Any]] = {}
        """The reports that the register lacks, by their ids."""

    def bodies_of(self, text: str, where: str) -> tuple[str, ...] | None:
        """Return the ids of the bodies that a text names; None if that is not answered yet."""
        key = normalise(text)
        if key not in self._asked:
            self._asked[key] = self._find_bodies(text, where)
        return self._asked[key]

    def _find_bodies(self, text: str, where: str) -> tuple[str, ...] | None:
        known = self._all_known([text]) or self._all_known(_BETWEEN.split(text))
        if known is not None:
            return known
        question = Question(
            ("words", "force", " ".join(text.split())),
            f"Which force is {text!r} ({where})? An id or name; several with commas",
            Form.BODIES,
        )
        names = self._inquiry.ask(question)
        return None if names is None else self.bodies_named(names)

    def bodies_named(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return the ids of the bodies that a person has named; those not known are new."""
        return tuple(dict.fromkeys(self._body_named(name) for name in names))

    def _body_named(self, name: str) -> str:
        key = normalise(name)
        if key in self._body_of:
            return self._body_of[key]
        full = str(self._inquiry.given("bodies", name, "name") or name)
        row: dict[str, Any] = {"name": full, "kind": self._kind_of(name)}
        if normalise(row["name"]) != key:
            row["aliases"] = [name]
        given = self._inquiry.given("bodies", name, "id")
        row["id"] = given or _free(suggest_id(self._register, "bodies", row), self.bodies)
        self.bodies[row["id"]] = row
        self._body_of[key] = self._body_of[normalise(row["id"])] = row["id"]
        return str(row["id"])

    def _kind_of(self, name: str) -> str:
        """Return what a new body is: a force, if its name says so, or what is answered."""
        given = self._inquiry.given("bodies", name, "kind")
        if given is None and _FORCE.search(name):
            return str(BodyKind.FORCE)
        question = Question(
            ("bodies", name, "kind"),
            f"{name} is not in the register, and will be added. What is it?",
            Form.CHOICE,
            BODY_KINDS,
            str(BodyKind.FORCE),
        )
        return str(self._inquiry.ask(question))

    def _all_known(self, names: Iterable[str]) -> tuple[str, ...] | None:
        found = [self._body_of.get(normalise(name)) for name in names if name.strip()]
        return tuple(dict.fromkeys(filter(None, found))) if found and all(found) else None

    def inspection_of(self, text: str, published: date | None) -> str:
        """Return the id of the report that a text names, with its date where a column has it."""
        key = normalise(text)
        if key in self._inspection_of:
            return self._inspection_of[key]
        words = " ".join(text.split())
        given = self._inquiry.given("reports", words, "id")
        if self._register.inspections and given is None:
            there = ", ".join(each.id for each in self._register.inspections[-6:])
            question = Question(
                ("reports", words, "id"),
                f"Is {words!r} a report in the register ({there})? Its id, or empty if it is new",
                optional=True,
            )
            given = self._inquiry.ask(question)
        if given and normalise(given) in self._inspection_of:
            self._inspection_of[key] = self._inspection_of[normalise(given)]
            return self._inspection_of[key]
        return self._add_inspection(words, given or "", published)

    def _add_inspection(self, words: str, given: str, published: date | None) -> str:
        day = published or self._inquiry.given("reports", words, "published")
        if not isinstance(day, date):
            text = f"When was the report {words!r} published?"
            day = self._inquiry.ask(Question(("reports", words, "published"), text, Form.DATE))
        title = self._inquiry.given("reports", words, "title") or words
        row: dict[str, Any] = {
            "title": title,
            "inspectorate": self._inspectorate(),
            "published": day or date.max,
        }
        proposed = given or suggest_id(self._register, "inspections", row)
        row["id"] = _free(proposed, self.inspections)
        self.inspections[row["id"]] = row
        self._inspection_of[normalise(words)] = row["id"]
        return str(row["id"])

    def _inspectorate(self) -> str:
        known = self._register.inspections
        usual = known[-1].inspectorate if known else "HMICFRS"
        text = "Which inspectorate made the reports?"
        return str(self._inquiry.ask(Question(("inspectorate",), text, proposal=usual)))

    def published(self, inspection: str) -> date:
        """Return when a report was published, be it in the register or new."""
        if inspection in self.inspections:
            day = self.inspections[inspection]["published"]
            return day if isinstance(day, date) else date.max
        found: Inspection = self._register.inspection_by_id[inspection]
        return found.published


def _free(name: str, taken: Iterable[str]) -> str:
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    return free
