"""What a column can mean, and which headings propose it; what words of a status propose."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from socwatch.characters import normalise
from socwatch.records import Kind, Outcome, Status


class Meaning(StrEnum):
    """What the cells of a column are about."""

    REFERENCE = "reference"
    WORDING = "wording"
    KIND = "kind"
    CAUSE = "cause of concern"
    REPORT = "report"
    PUBLISHED = "report published"
    BODY = "force"
    DEADLINE = "deadline"
    REVISED = "revised deadline"
    STATUS = "status"
    STARTED = "started on"
    DONE = "done on"
    SIGNED_OFF = "signed off on"
    SUCCESSOR = "superseded by"
    OWNER = "owner"
    REPORTED_BY = "reported by"
    EVIDENCE = "evidence"
    NOTE = "note"
    KEEP = "keep"
    LEAVE_OUT = "leave out"


MEANINGS: Mapping[Meaning, str] = MappingProxyType(
    {
        Meaning.REFERENCE: "its number or name, by which it is found again",
        Meaning.WORDING: "what it asks for",
        Meaning.KIND: "whether it is a recommendation or an area for improvement",
        Meaning.CAUSE: "the cause of concern that it belongs to",
        Meaning.REPORT: "the report that made it",
        Meaning.PUBLISHED: "when that report was published",
        Meaning.BODY: "which force it is for",
        Meaning.DEADLINE: "the first deadline",
        Meaning.REVISED: "a later deadline, or the current one",
        Meaning.STATUS: "how far it is",
        Meaning.STARTED: "when work started",
        Meaning.DONE: "when it was done",
        Meaning.SIGNED_OFF: "when the inspectorate accepted it",
        Meaning.SUCCESSOR: "the reference of the finding that replaces it",
        Meaning.OWNER: "who is responsible for it",
        Meaning.REPORTED_BY: "who says that it is done",
        Meaning.EVIDENCE: "an address or file that shows it",
        Meaning.NOTE: "what there is to say of it at this date",
        Meaning.KEEP: "something else: its words go into the finding's note",
        Meaning.LEAVE_OUT: "nothing that should be recorded",
    }
)
"""Each meaning in words."""

REPEATABLE = frozenset(
    {Meaning.REVISED, Meaning.EVIDENCE, Meaning.NOTE, Meaning.KEEP, Meaning.LEAVE_OUT}
)
"""What several columns can mean."""

OF_A_FORCE = frozenset(
    {
        Meaning.STATUS,
        Meaning.STARTED,
        Meaning.DONE,
        Meaning.SIGNED_OFF,
        Meaning.OWNER,
        Meaning.REVISED,
        Meaning.EVIDENCE,
        Meaning.NOTE,
    }
)
"""What a column can mean for one force of several: "status for Norfolk"."""


class ColumnMeaning(NamedTuple):
    """What a column means, and of which force where it is of one."""

    meaning: Meaning
    body: str = ""

    def __str__(self) -> str:
        """Return the form in which it is typed and kept: "status for Norfolk"."""
        return f"{self.meaning} for {self.body}" if self.body else str(self.meaning)


def parse_meaning(text: str) -> ColumnMeaning | None:
    """Return the meaning that a text states; None if it states none."""
    words = " ".join(text.split())
    found = {normalise(each): each for each in Meaning}
    if (meaning := found.get(normalise(words))) is not None:
        return ColumnMeaning(meaning)
    head, of, body = words.partition(" for ")
    meaning = found.get(normalise(head))
    if of and body.strip() and meaning in OF_A_FORCE:
        return ColumnMeaning(meaning, body.strip())
    return None


_DATE = r"(?:date|day|when|on)"
_FINISHED = r"(?:complet\w*|done|closed?|closure|implement\w*|delivered|achieved|discharged)"
_HEADINGS: tuple[tuple[Meaning, str], ...] = (
    (Meaning.SUCCESSOR, r"superseded by|replaced by|successor"),
    (
        Meaning.PUBLISHED,
        (
            r"(?:report )?(?:publish\w*|publication)(?: on| date)?"
            r"|(?:report|inspection) date|date of (?:the )?report"
        ),
    ),
    (
        Meaning.REVISED,
        (
            r"(?:revised|extended|amended|updated|new|current|latest|agreed)\b.*"
            r"\b(?:date|deadline|target|due|timescale)\b.*|revised(?: \d+)?"
            r"|extension\b.*|extended to"
        ),
    ),
    (
        Meaning.SIGNED_OFF,
        rf"{_DATE}? ?sign(?:ed)?[- ]?off(?: {_DATE})?|date signed off|accepted on",
    ),
    (
        Meaning.DEADLINE,
        (
            r".*\b(?:deadline|due|by when|timescales?|timeframe)\b.*|original(?: date)?|target"
            rf"|.*\btarget\b.*\b{_DATE}\b.*|(?:planned|expected|proposed)\b.*\b{_DATE}\b.*"
            r"|to be completed by|complete by|completion by"
        ),
    ),
    (
        Meaning.DONE,
        rf"(?:actual )?{_DATE}\b.*\b{_FINISHED}|{_FINISHED}(?: {_DATE})?|finished(?: {_DATE})?",
    ),
    (Meaning.STARTED, rf"(?:{_DATE} )?(?:started|start|commenced|begun)(?: {_DATE})?"),
    (Meaning.NOTE, r"latest (?:position|progress|update|news|status update)"),
    (Meaning.STATUS, r".*\b(?:status|b?rag|state|position|rating)\b.*"),
    (Meaning.CAUSE, r".*\bcauses?\b.*"),
    (Meaning.KIND, r"(?:finding |recommendation )?(?:type|kind|category)(?: of finding)?"),
    (
        Meaning.REFERENCE,
        (
            r"(?:.*\b)?(?:ref|reference|id|identifier|number|no|num|nr|nos)(?: (?:no|number|id))?"
            r"|#|rec"
        ),
    ),
    (Meaning.EVIDENCE, r".*\bevidence\b.*"),
    (Meaning.REPORTED_BY, r"(?:reported|completed|confirmed|updated) by"),
    (
        Meaning.OWNER,
        r".*\b(?:owner|lead|responsib\w+|accountable|assigned to|sro|who|whom)\b.*",
    ),
    (
        Meaning.NOTE,
        (
            r".*\b(?:comments?|commentary|notes?|progress|updates?|remarks?|narrative)\b.*"
            r"|.*\blatest\b.*"
        ),
    ),
    (Meaning.REPORT, r"(?:name of |title of )?(?:the )?(?:report|inspection)s?(?: title| name)?"),
    (Meaning.BODY, r"(?:police )?forces?|body|bodies|constabulary|organisation|force area"),
    (
        Meaning.WORDING,
        (
            r".*\b(?:recommendations?|wording|text|summary|descriptions?|actions?|findings?|issue"
            r"|requirements?|areas? for improvement|details?|afis?)\b.*|what\b.*"
        ),
    ),
)
"""The headings that propose a meaning, whole and normalised; the first that fits counts."""

_PATTERNS = tuple((meaning, re.compile(pattern)) for meaning, pattern in _HEADINGS)
_PUNCTUATION = re.compile(r"[^\w#&'-]+")


def propose_meaning(heading: str) -> Meaning | None:
    """Return what a heading proposes, by the last part of one over two rows ("Deadlines: First").

    Its first part counts only where it is about deadlines: "Revised deadlines: 2".
    """
    group, _, last = heading.rpartition(": ")
    found = _propose(last)
    if found is None and group:
        found = _propose(f"{group} {last}")
        return found if found in {Meaning.DEADLINE, Meaning.REVISED} else None
    return found


def _propose(words: str) -> Meaning | None:
    plain = " ".join(_PUNCTUATION.sub(" ", normalise(words)).split())
    return next((meaning for meaning, pattern in _PATTERNS if pattern.fullmatch(plain)), None)


class Said(StrEnum):
    """What a word of a status can mean."""

    OPEN = "open"
    IN_PROGRESS = "in progress"
    DONE = "done"
    SIGNED_OFF = "signed off"
    SUPERSEDED = "superseded"
    NOT_ACCEPTED = "not accepted"
    NO_LONGER_RELEVANT = "no longer relevant"
    NOT_ADDRESSED = "not for this force"


STATUS_OF: Mapping[Said, tuple[Status, Outcome | None]] = MappingProxyType(
    {
        Said.OPEN: (Status.OPEN, None),
        Said.IN_PROGRESS: (Status.IN_PROGRESS, None),
        Said.DONE: (Status.DONE, None),
        Said.SIGNED_OFF: (Status.SIGNED_OFF, None),
        Said.SUPERSEDED: (Status.CLOSED, Outcome.SUPERSEDED),
        Said.NOT_ACCEPTED: (Status.CLOSED, Outcome.NOT_ACCEPTED),
        Said.NO_LONGER_RELEVANT: (Status.CLOSED, Outcome.NO_LONGER_RELEVANT),
    }
)
"""The status, and the outcome of what is closed, that a word stands for."""

_STATUS_WORDS: Mapping[str, Said] = MappingProxyType(
    {
        **{str(said): said for said in Said},
        "not started": Said.OPEN,
        "outstanding": Said.OPEN,
        "started": Said.IN_PROGRESS,
        "ongoing": Said.IN_PROGRESS,
        "on going": Said.IN_PROGRESS,
        "in-progress": Said.IN_PROGRESS,
        "under way": Said.IN_PROGRESS,
        "underway": Said.IN_PROGRESS,
        "complete": Said.DONE,
        "completed": Said.DONE,
        "implemented": Said.DONE,
        "signed-off": Said.SIGNED_OFF,
        "not agreed": Said.NOT_ACCEPTED,
        "rejected": Said.NOT_ACCEPTED,
    }
)
"""What plain words of a status propose. Colours propose nothing, nor does "closed"."""

_KIND_WORDS: Mapping[str, Kind] = MappingProxyType(
    {
        "rec": Kind.RECOMMENDATION,
        "recs": Kind.RECOMMENDATION,
        "recommendations": Kind.RECOMMENDATION,
        "afi": Kind.AREA_FOR_IMPROVEMENT,
        "afis": Kind.AREA_FOR_IMPROVEMENT,
        "areas for improvement": Kind.AREA_FOR_IMPROVEMENT,
        "coc": Kind.CAUSE_OF_CONCERN,
        "cause": Kind.CAUSE_OF_CONCERN,
        "good practice": Kind.INNOVATIVE_PRACTICE,
    }
)


def propose_status(text: str) -> Said | None:
    """Return what a word of a status proposes; None for all but the plainest."""
    return _STATUS_WORDS.get(normalise(text))


def propose_kind(text: str) -> Kind | None:
    """Return the kind of finding that a word proposes."""
    return parse_kind(text) or _KIND_WORDS.get(normalise(text))


def parse_kind(text: str) -> Kind | None:
    """Return the kind of finding that a text states, with blanks for its hyphens or with them."""
    wanted = normalise(text).replace(" ", "-")
    return next((kind for kind in Kind if kind == wanted), None)
