"""The runs of `socwatch merge` that merge: copies into the register, and three files for git."""

from __future__ import annotations

import codecs
import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from socwatch.cli.appending import tell_recorded
from socwatch.cli.copies import warn_of_copies_beside
from socwatch.cli.options import RegisterOptions
from socwatch.cli.registers import register_path
from socwatch.cli.session import command_for, faults_in, open_register
from socwatch.cli.streams import print_error, wrap_lines, write_out
from socwatch.errors import (
    AppendRefused,
    CopiesContradict,
    LocatedProblem,
    MergeConflict,
    NotMergeableFile,
    UsageError,
    records_option,
)
from socwatch.records import Update
from socwatch.reports.contradictions import same_day_words
from socwatch.reports.table import count
from socwatch.store.append import Candidate, write
from socwatch.store.atomic import replace_file
from socwatch.store.load import Loaded, load, read_content
from socwatch.store.lock import hold_lock
from socwatch.store.merge import (
    Conflict,
    Key,
    Merged,
    NotMergeable,
    Parts,
    Piece,
    Why,
    keeps_all,
    merge,
    split,
)

CONFLICT = 5
"""The exit code for git: everything of both sides is in the file, and a person must decide."""

_NOUNS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "sources": ("source", "sources"),
        "bodies": ("body", "bodies"),
        "inspections": ("inspection", "inspections"),
        "grades": ("grade", "grades"),
        "findings": ("finding", "findings"),
        "monitoring": ("stay in monitoring", "stays in monitoring"),
        "responses": ("response", "responses"),
        "updates": ("update", "updates"),
    }
)
"""What one record of each table is called, and several."""


def merge_copies(register: RegisterOptions, copies: Sequence[Path], *, dry_run: bool) -> None:
    """Add to the register the records that copies have and it lacks.

    Raises UsageError, RegisterError, MergeConflict, CopiesContradict; then nothing was written.
    """
    if not copies:
        message = "no copy given"
        raise UsageError(message, remedy='name the copy: socwatch merge "recommendations (1).toml"')
    path = register_path(register)
    with hold_lock(path) as target:
        before = after = open_register(path).loaded
        parts = ours = _parts(before, before, str(path))
        sides, news = [ours], list[Piece]()
        for copy in copies:
            theirs = _read_copy(copy, target, before)
            merged = _merge(parts, theirs, str(copy))
            if merged.conflicts:
                records = [_conflict_words(conflict) for conflict in merged.conflicts]
                raise MergeConflict(str(path), str(copy), records)
            parts = _as_parts(merged)
            sides.append(theirs)
            news += merged.news
            after = _read_merged(path, parts, before, sides)
            if faults := faults_in(after):
                raise _contradiction(after, faults[0], path, copy, news)
        changed = after.content != before.content
        if changed and not dry_run:
            write(Candidate(before, after, ""), target)
    summary = _summary(news, path, copies, changed=changed, dry_run=dry_run)
    answer = wrap_lines([summary, *_same_day(after, ours, news)])
    if changed and not dry_run:
        tell_recorded(answer, command_for("log", path))
    else:
        write_out(answer)
    if not dry_run:
        warn_of_copies_beside(after)


def merge_for_git(files: Sequence[Path], marker_size: int, name: str | None) -> int:
    """Merge three files for git into the second of them, and return its exit code.

    Any failure but a conflict ends with another code than 0 and CONFLICT. The driver's line then
    runs git's own merge of text, so that no side is lost (see `install`).

    Raises UsageError, RegisterError.
    """
    match files:
        case [base, ours, theirs]:
            pass
        case _:
            message = "--git needs three files: BASE OURS THEIRS"
            raise UsageError(message, remedy="see: socwatch merge --help")
    shown = name or str(ours)
    before, other = load(ours), load(theirs)
    mine = _parts(before, before, shown)
    try:
        old = _parts(load(base), before, shown)
    except NotMergeableFile:  # It is empty, or holds the marks of an earlier conflict.
        old = None
    merged = _merge(mine, _parts(other, before, shown), shown, old)
    content = _encode(merged.text(marker_size=marker_size), before)
    replace_file(ours, content)
    if merged.conflicts:
        for conflict, first, last in merged.lines_of_conflicts():
            message = f"{shown}, lines {first} to {last}: {_conflict_words(conflict)}"
            print_error(message, f"{_REMEDIES[conflict.why]}, then: git add {shlex.quote(shown)}")
        return CONFLICT
    after = read_content(Path(shown), content)
    faults = faults_in(after)
    if faults:
        known = {_fault(each) for side in (before, other) for each in faults_in(side)}
        faults = tuple(each for each in faults if _fault(each) not in known)
    for each in faults:
        update = _update_at(after, each)
        remedy = each.problem.remedy
        if update is not None:
            remedy = f"undo one of the two: socwatch {records_option(shown)}undo {update.id}"
        print_error(
            f"{shown}:{each.position.line}: everything of both sides is kept, and contradicts: "
            f"{each.problem.message}",
            f"{remedy}, then: git add {shlex.quote(shown)}",
        )
    if faults:
        return CONFLICT
    for line in _same_day(after, mine, merged.news):
        print_error(f"{shown}: {line}")
    return 0


_REMEDIES: Mapping[Why, str] = MappingProxyType(
    {
        Why.EDITED: "keep one of the two versions, delete the marks",
        Why.ADDED: "if they are two records, give one another id, in its updates too; if not, keep "
        "one; delete the marks",
        Why.DIFFERS: "keep one of the two versions, delete the marks",
        Why.REMOVED: "keep the record or remove it, and delete the marks",
        Why.UPDATE: "keep the update as it was recorded (to correct it, use socwatch undo), delete "
        "the marks",
    }
)
"""What to do about a conflict in a file that git has merged."""


def _fault(located: LocatedProblem) -> tuple[str, str]:
    """Return what makes a problem the same in two files."""
    return located.problem.name, located.problem.message


def _read_copy(copy: Path, target: Path, like: Loaded) -> Parts:
    """Return the records of a copy. Raises UsageError, RegisterError."""
    if copy.exists() and copy.samefile(target):
        message = f"{copy} is the register itself"
        raise UsageError(message, remedy="name a copy of it")
    return _parts(open_register(copy).loaded, like, str(copy))


def _parts(loaded: Loaded, like: Loaded, name: str) -> Parts:
    """Split a file into records, its newlines those of another. Raises NotMergeableFile."""
    text = loaded.syntax.text
    if loaded.syntax.problems or loaded.encoding_faults or not text.strip():
        raise NotMergeableFile(name, "it is not a valid register")
    if loaded is not like:
        text = text.replace("\r\n", "\n")
        text = text.replace("\n", "\r\n") if "\r\n" in like.syntax.text else text
    try:
        return split(text, loaded.syntax.tables)
    except NotMergeable as table:
        reason = f"its {table} are not written with one [[{table}]] for each record"
        raise NotMergeableFile(name, reason) from None


def _merge(ours: Parts, theirs: Parts, name: str, base: Parts | None = None) -> Merged:
    try:
        return merge(ours, theirs, base)
    except NotMergeable as table:
        raise NotMergeableFile(name, f"two records of its {table} are the same") from None


def _as_parts(merged: Merged) -> Parts:
    head, *pieces = (each for each in merged.pieces if isinstance(each, Piece))
    return Parts(head, tuple(pieces))


def _read_merged(path: Path, parts: Parts, before: Loaded, sides: Iterable[Parts]) -> Loaded:
    """Return the merged register, read and proved to hold every side. Raises AppendRefused."""
    text = "".join(piece.text for piece in (parts.head, *parts.pieces))
    after = read_content(path, _encode(text, before))
    if not keeps_all(_parts(after, after, str(path)), sides):
        reason = "merged, it would not be read back as the two sides write it"
        raise AppendRefused(str(path), reason, "see: socwatch validate")
    return after


def _encode(text: str, like: Loaded) -> bytes:
    mark = codecs.BOM_UTF8 if like.content.startswith(codecs.BOM_UTF8) else b""
    return mark + text.encode()


def _conflict_words(conflict: Conflict) -> str:
    table, *names = conflict.key
    if not table:
        return f"the lines above the first record were {conflict.why.value}"
    shown = " ".join(str(name[1]).strip("'\"") for name in names if isinstance(name, tuple))
    what = f"{_NOUNS[str(table)][0]} {shown}"
    return f"{what} was {conflict.why.value}"


def _contradiction(
    after: Loaded, fault: LocatedProblem, path: Path, copy: Path, news: Sequence[Piece]
) -> CopiesContradict:
    update, remedy = _update_at(after, fault), fault.problem.remedy
    if update is not None:
        file = copy if _key("updates", update.id) in {piece.key for piece in news} else path
        words = command_for(f"undo {update.id}", file)
        remedy = f"undo one of the two, for example with {words}; then merge again"
    return CopiesContradict(str(copy), fault.problem, remedy)


def _update_at(after: Loaded, fault: LocatedProblem) -> Update | None:
    """Return the update that may not follow from what is recorded before it; None for others."""
    match fault.problem.place:
        case ("updates", int(index), *_) if fault.problem.name == "update-not-allowed":
            ids = after.syntax.tables["updates"]
            return after.register.update_by_id.get(ids[index]["id"]) if after.register else None
    return None


def _key(table: str, name: str) -> Key:
    return (table, ("str", repr(name)))


def _same_day(after: Loaded, ours: Parts, news: Iterable[Piece]) -> Iterator[str]:
    """Yield a sentence for each item about which both sides recorded the same on one date."""
    if after.register is not None:
        mine = {piece.key for piece in ours.pieces}
        theirs = {piece.key for piece in news} - mine
        yield from same_day_words(
            after.register, lambda update: _key("updates", update.id) in theirs
        )


def _summary(
    news: Sequence[Piece], path: Path, copies: Sequence[Path], *, changed: bool, dry_run: bool
) -> str:
    shown = " and ".join(str(copy) for copy in copies)
    held, left = ("hold", "were") if copies[1:] else ("holds", "was")
    if not changed:
        return f"{shown} {held} no record that {path} lacks; nothing was written."
    counted = Counter(str(piece.key[0]) for piece in news)
    added = " and ".join(count(number, *_NOUNS[table]) for table, number in counted.items())
    added = added or "no record but comments"
    if dry_run:
        return f"{path} would gain {added} from {shown}; nothing was written."
    return f"{path} gained {added} from {shown}, which {left} left unchanged."
