"""Merge copies of a register, record by record.

The law: the merged file reads as if both people had written into one file. A file is a head and a
row of pieces, each piece the lines of one record with the comments right above it. Pieces are
compared by what they say and copied byte for byte; nothing is written that was not on a side.

For copies that only grew, merging is commutative, associative and idempotent, byte for byte.

Example. The common file ends with `r1`. Ann appended `a1` (recorded 9:00) and `a2` (9:20), Ben
appended `b1` (9:10). Both orders of merging give `r1 a1 b1 a2`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from heapq import merge as merge_sorted
from typing import Any, NamedTuple, Protocol, TypeVar

from socwatch.records import TABLES
from socwatch.store.toml import comments, mask_strings_and_comments

_HEADER = re.compile(r"[ \t]*\[\[")
_LONG_TEXT = re.compile("\"\"\"|'''")
_COMMENT = re.compile(r"[ \t]*#")
_HEAD = ("",)
"""The key of a register's head."""
WHEN_WRITTEN = frozenset({"recorded", "change"})
"""The fields that say when and by which command a record was written, and nothing else of it."""

_TOLD_APART_BY = {"grades": ("inspection", "body", "question")}
"""The fields that tell records without an id apart; where none is named, all that they say does."""

Key = tuple[object, ...]
"""The table of a record, and what tells it apart from the others there."""


class NotMergeable(Exception):
    """A register is not written as one header for each record, so it has no pieces to compare."""


class Ordered(Protocol):
    """A record as far as its order in a merged file depends on it."""

    @property
    def key(self) -> Key:
        """What tells it apart from the others of its side."""

    @property
    def recorded(self) -> datetime:
        """When it was recorded."""


class Piece(NamedTuple):
    """The lines of one record, with the comments right above it."""

    key: Key
    text: str
    """All of its lines, the last one ended."""
    row: Mapping[str, Any]
    """Its values, as TOML has them."""
    recorded: datetime

    @property
    def says(self) -> Key:
        """Its values, in a form that can be compared: all but when it was written."""
        return _says(self.row)

    def is_as(self, other: Piece | None) -> bool:
        """Return whether the other has the same lines, whatever ends them."""
        if other is None:
            return False
        return self.text == other.text or _plain(self.text) == _plain(other.text)


_O = TypeVar("_O", bound=Ordered)


class Parts(NamedTuple):
    """A register's text as a head and pieces; put together again they are that text."""

    head: Piece
    """The lines above the first record; they are no record, but have values and comments too."""
    pieces: tuple[Piece, ...]


class Why(Enum):
    """Why a person has to decide about a record."""

    EDITED = "edited differently on both sides"
    ADDED = "added on both sides with different words"
    REMOVED = "removed on one side and edited on the other"
    DIFFERS = "written differently on the two sides"
    """As the two above, where the file that both began from is not known."""
    UPDATE = "changed or removed, and updates are never changed"


class Conflict(NamedTuple):
    """A record about which a person has to decide; at least one of its two sides has it."""

    key: Key
    ours: Piece | None
    theirs: Piece | None
    why: Why


class Merged(NamedTuple):
    """What merging gives: pieces in their order, and conflicts where their records belong."""

    pieces: tuple[Piece | Conflict, ...]
    """The head, then the records."""
    news: tuple[Piece, ...]
    """The pieces of theirs that ours did not have."""

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """The records about which a person has to decide."""
        return tuple(each for each in self.pieces if isinstance(each, Conflict))

    def text(self, *, marker_size: int = 7, ours: str = "ours", theirs: str = "theirs") -> str:
        """The merged file, each conflict between marks as git writes them.

        The reason stands on the closing mark, where git leaves room for words.
        """
        return "".join(self._texts(marker_size, ours, theirs))

    def lines_of_conflicts(self) -> Iterator[tuple[Conflict, int, int]]:
        """Yield each conflict with the numbers of the lines in `text` that hold its marks."""
        line = 1
        for piece, text in zip(self.pieces, self._texts(1, "", ""), strict=True):
            after = line + text.count("\n")
            if isinstance(piece, Conflict):
                yield piece, line, after - 1
            line = after

    def _texts(self, marker_size: int, ours: str, theirs: str) -> Iterator[str]:
        for each in self.pieces:
            if isinstance(each, Piece):
                yield each.text
            else:
                yield "".join(
                    (
                        f"{'<' * marker_size} {ours}\n",
                        each.ours.text if each.ours else "",
                        f"{'=' * marker_size}\n",
                        each.theirs.text if each.theirs else "",
                        f"{'>' * marker_size} {theirs}: {each.why.value}\n",
                    )
                )


def split(text: str, tables: Mapping[str, Any]) -> Parts:
    """Split the text of a register into its head and the pieces of its records.

    `tables` is what the text holds as TOML. Comment lines right above a header belong to its
    record, and blank lines above those too; a comment with a blank line below it belongs to what
    stands before it. Raises NotMergeable where records are written as one inline list.
    """
    ended = text if text.endswith("\n") or not text else f"{text}\n"
    lines = [f"{line}\n" for line in ended.split("\n")[:-1]]
    # What looks like a header can only stand in a text of several lines. Masking them takes long.
    shown = mask_strings_and_comments(text).split("\n") if _LONG_TEXT.search(text) else lines
    headers = [n for n, line in enumerate(shown) if _HEADER.match(line)]
    starts = [_first_line(lines, number) for number in headers]
    pieces = []
    counted = dict.fromkeys(TABLES, 0)
    for header, start, after in zip(headers, starts, [*starts, len(lines)][1:], strict=True):
        table = _table(lines[header])
        rows = tables.get(table)
        if table not in counted or not isinstance(rows, list) or counted[table] >= len(rows):
            raise NotMergeable(table)
        pieces.append(_piece(table, rows[counted[table]], "".join(lines[start:after])))
        counted[table] += 1
    for table, count in counted.items():
        if count != len(tables.get(table, ())):
            raise NotMergeable(table)
    values = {key: value for key, value in tables.items() if key not in TABLES}
    head = "".join(lines[: starts[0]] if starts else lines)
    return Parts(Piece(_HEAD, head, values, _ALWAYS), tuple(pieces))


def merge(ours: Parts, theirs: Parts, base: Parts | None = None) -> Merged:
    """Merge two copies of a register, with the file that both began from where it is known.

    Without `base`, a record that one side lacks counts as new on the other, never as removed. The
    order is that of ours; between records that both have, new ones stand in the order in which
    they were recorded, each side's own order kept.
    """
    mine, other = _by_key(ours), _by_key(theirs)
    old = _by_key(base) if base is not None else None
    decided: dict[Key, Piece | Conflict | None] = {
        key: _decide(key, mine.get(key), other.get(key), old) for key in {**mine, **other}
    }
    decided[_HEAD] = _decide(_HEAD, ours.head, theirs.head, {_HEAD: base.head} if base else None)
    keys = (_HEAD, *order(ours.pieces, theirs.pieces))
    pieces = tuple(piece for key in keys if (piece := decided[key]) is not None)
    news = tuple(p for p in theirs.pieces if p.key not in mine and decided[p.key] is p)
    return Merged(pieces, news)


def keeps_all(merged: Parts, sides: Iterable[Parts]) -> bool:
    """Return whether a merged file has every record of each side, as it says it, and its comments.

    Comments are compared over the whole file, because one at the end of a side may have come to
    stand above a record of another.
    """
    found = {piece.key: piece for piece in _every(merged)}
    differing = [
        piece
        for side in sides
        for piece in _every(side)
        if (kept := found.get(piece.key)) is None or not kept.is_as(piece)
    ]
    if not all(piece.key in found and found[piece.key].says == piece.says for piece in differing):
        return False
    above = {each for piece in _every(merged) for each in comments(piece.text)} if differing else ()
    return all(each in above for piece in differing for each in comments(piece.text))


def _every(parts: Parts) -> Iterator[Piece]:
    yield parts.head
    yield from parts.pieces


def _first_line(lines: Sequence[str], header: int) -> int:
    """Return the number of the line with which the piece of a header begins."""
    start = header
    while start and _COMMENT.match(lines[start - 1]):
        start -= 1
    if start == 0:
        return header  # comments at the very top are about the file
    while start and not lines[start - 1].strip():
        start -= 1
    return start


@cache
def _table(line: str) -> str:
    name = line.strip().removeprefix("[[").partition("]]")[0].strip()
    return name.strip("\"'")


def key_of(table: str, row: Mapping[str, Any]) -> Key:
    """Return what tells a record of a table apart from the others of a register."""
    if "id" in row:
        return (table, _freeze(row["id"]))
    if table in _TOLD_APART_BY:
        return (table, *(_freeze(row.get(field)) for field in _TOLD_APART_BY[table]))
    return (table, _says(row))


_ALWAYS = datetime.min.replace(tzinfo=UTC)
"""Sorts before every time: a record without a time counts as always known."""


def recorded_at(row: Mapping[str, Any]) -> datetime:
    """Return when a record was recorded; the earliest time of all for one that does not say."""
    recorded = row.get("recorded")
    if not isinstance(recorded, datetime):
        return _ALWAYS
    # A time without its offset is a problem of the register, which can be merged all the same.
    return recorded if recorded.tzinfo is not None else recorded.replace(tzinfo=UTC)


def _piece(table: str, row: Mapping[str, Any], text: str) -> Piece:
    return Piece(key_of(table, row), text, row, recorded_at(row))


def _says(values: Mapping[str, Any]) -> Key:
    return tuple(sorted((k, _freeze(v)) for k, v in values.items() if k not in WHEN_WRITTEN))


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n")


def _freeze(value: object) -> object:
    """Return a value of TOML in a form that can be compared, hashed and sorted."""
    match value:
        case list():
            return ("list", *map(_freeze, value))
        case dict():
            return ("table", *sorted((k, _freeze(v)) for k, v in value.items()))
        case _:
            return (type(value).__name__, repr(value))


def _by_key(parts: Parts) -> dict[Key, Piece]:
    found: dict[Key, Piece] = {}
    for piece in parts.pieces:
        if piece.key in found:
            raise NotMergeable(str(piece.key[0]))
        found[piece.key] = piece
    return found


def _decide(
    key: Key, ours: Piece | None, theirs: Piece | None, old: Mapping[Key, Piece] | None
) -> Piece | Conflict | None:
    """Return the piece that stays, None if it was removed, or the conflict about it."""
    before = old.get(key) if old is not None else None
    is_update = key[0] == "updates"
    if ours is None or theirs is None:
        kept = ours or theirs
        if before is None or kept is None:
            return kept
        if is_update:
            return Conflict(key, ours, theirs, Why.UPDATE)
        return None if kept.is_as(before) else Conflict(key, ours, theirs, Why.REMOVED)
    if ours.is_as(theirs):
        return ours
    same = ours.says == theirs.says
    if same or not is_update:
        if ours.is_as(before):
            return theirs
        if theirs.is_as(before):
            return ours
    if same:
        return _recorded_first(ours, theirs)
    if is_update:
        return Conflict(key, ours, theirs, Why.UPDATE)
    why = Why.EDITED if before is not None else Why.ADDED
    return Conflict(key, ours, theirs, why if old is not None else Why.DIFFERS)


def _recorded_first(ours: Piece, theirs: Piece) -> Piece:
    """Return the same record once: as it was recorded first, with the comments of both."""
    first, second = sorted((ours, theirs), key=lambda piece: (piece.recorded, piece.text))
    had = {*comments(first.text)}
    more = "".join(f"{comment}\n" for comment in comments(second.text) if comment not in had)
    if first.key == _HEAD:
        return first._replace(text=first.text + more)
    blank = len(first.text) - len(first.text.lstrip("\r\n"))
    return first._replace(text=first.text[:blank] + more + first.text[blank:])


def order(ours: Sequence[Ordered], theirs: Sequence[Ordered]) -> Iterator[Key]:
    """Yield the key of every record once, in the order in which they stand in the merged file.

    Records that both sides have, in the same order, divide both files into stretches. What one
    side alone has in a stretch is zipped by time.
    """
    in_ours = {piece.key for piece in ours}
    place = {piece.key: n for n, piece in enumerate(ours)}
    shared: list[Key] = []
    for piece in theirs:
        # One that theirs moved ahead of another is no boundary: it stays where ours has it.
        if piece.key in in_ours and (not shared or place[piece.key] > place[shared[-1]]):
            shared.append(piece.key)
    boundaries = frozenset(shared)
    for mine, other in zip(
        _stretches(ours, boundaries), _stretches(theirs, boundaries), strict=True
    ):
        boundary = [piece.key for piece in mine[:1] if piece.key in boundaries]
        yield from boundary
        fresh = [piece for piece in other if piece.key not in in_ours]
        yield from _zip_by_time(mine[len(boundary) :], fresh)


def _stretches(pieces: Sequence[_O], boundaries: frozenset[Key]) -> list[list[_O]]:
    """Divide pieces into those before the first boundary and those from each boundary on."""
    found: list[list[_O]] = [[]]
    for piece in pieces:
        if piece.key in boundaries:
            found.append([])
        found[-1].append(piece)
    return found


def _zip_by_time(ours: Iterable[Ordered], theirs: Iterable[Ordered]) -> Iterator[Key]:
    timed = (list(_pair_with_time(side)) for side in (ours, theirs))
    yield from (key for _, key in merge_sorted(*timed, key=_time_then_name))


def _pair_with_time(pieces: Iterable[Ordered]) -> Iterator[tuple[datetime, Key]]:
    """Yield each piece with the time by which it is zipped.

    A time never counts as earlier than one before it on its side, and a piece without a time stays
    with the one before it: so the order is the same whichever copies are merged first.
    """
    latest = _ALWAYS
    for piece in pieces:
        latest = max(latest, piece.recorded)
        yield latest, piece.key


def _time_then_name(timed: tuple[datetime, Key]) -> tuple[datetime, str]:
    return timed[0], repr(timed[1])
