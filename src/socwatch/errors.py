"""What can go wrong: failed requests are exceptions, faults in a register are values."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, ClassVar, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Location = tuple[str | int, ...]
"""Where in a register something stands: ("findings", 3, "deadline"). () is the whole file."""


class Problem(NamedTuple):
    """A fault in a register: its name, where it is, what is wrong, and what to type instead."""

    name: str
    place: Location
    message: str
    remedy: str
    about: str = ""
    """The id whose absence or state is the fault, where there is one."""


class Position(NamedTuple):
    """A spot in a text file; line, column and width count characters, the first being 1."""

    line: int
    column: int
    width: int = 1


class LocatedProblem(NamedTuple):
    """A fault together with the spot in the file and the line as it is written there."""

    problem: Problem
    position: Position
    excerpt: str
    file: str = ""
    """The path of the file, where several are read as one register."""


class SocwatchError(Exception):
    """The root of every failure that a user can cause; str() is the whole sentence."""

    exit_code: ClassVar[int]

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy


class UsageError(SocwatchError):
    """The command line asks for something that has no meaning."""

    exit_code = 2


class DayNotUnderstood(UsageError):
    """A date on the command line is in none of the forms that socwatch takes."""

    def __init__(self, text: str, why: str = "") -> None:
        super().__init__(
            f"{text!r} is not a date that socwatch understands" + (f": {why}" if why else ""),
            remedy="write it as 30/09/2026, 30 Sept 2026, 2026-09-30, today, yesterday, "
            "2 weeks ago, in 2 weeks, last Friday or last month",
        )


class DateUnclear(DayNotUnderstood):
    """A date on the command line could be one of two, and socwatch does not guess."""

    def __init__(self, text: str, choice: tuple[str, ...]) -> None:
        UsageError.__init__(
            self,
            f"{text!r} could be {' or '.join(choice)}",
            remedy="write the date that you mean in full, with its day, month and year",
        )


class AnswerRefused(UsageError):
    """An answer about a spreadsheet is none that its question takes."""


class ColumnMissing(UsageError):
    """A spreadsheet has no column for what an import cannot do without."""


class AnswersMissing(UsageError):
    """Something about a spreadsheet is not answered, where nobody can be asked."""


class RegisterError(SocwatchError):
    """There is no register that an answer could come from."""

    exit_code = 3


class RegisterMissing(RegisterError):
    """No file stands where the register was looked for."""

    def __init__(self, looked_for: Iterable[str]) -> None:
        places = tuple(looked_for)
        where = places[0] if len(places) == 1 else " or ".join(places)
        super().__init__(
            f"there is no register: {where} does not exist",
            remedy="name one with --records FILE, or make one: socwatch init",
        )


class RegisterUnreadable(RegisterError):
    """The register's file is there but its bytes cannot be had."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(
            f"{path} cannot be read: {reason}",
            remedy="check the file's name and its permissions",
        )


class NoRegisterInFolder(RegisterError):
    """A folder that was named has no register in it."""

    def __init__(self, folder: str) -> None:
        super().__init__(
            f"there is no register in the folder {folder}",
            remedy="name a file, or a folder that has one: --records FILE",
        )


Names = str | tuple[str, ...]
"""The path of a register, or the paths of several that are read as one, as they were named."""


def records_option(names: Names) -> str:
    """The options by which a command finds these registers, where it would not by itself."""
    paths = (names,) if isinstance(names, str) else names
    usual = paths in {("data/recommendations.toml",), ("recommendations.toml",)}
    return "" if usual else "".join(f"--records {shlex.quote(path)} " for path in paths)


def joined(names: Names) -> str:
    """Return the paths of registers for a sentence."""
    return names if isinstance(names, str) else " and ".join(names)


class RegisterInvalid(RegisterError):
    """The register has faults; nothing is answered from a register that is wrong."""

    def __init__(self, path: Names, problems: Sequence[LocatedProblem]) -> None:
        count = len(problems)
        super().__init__(
            f"{joined(path)} {'has' if isinstance(path, str) else 'have'} {count} "
            f"{'fault' if count == 1 else 'faults'}, "
            "so nothing can be said from it",
            remedy=f"mend what is listed above, then: socwatch {records_option(path)}validate",
        )
        self.path = joined(path)
        self.names = path
        self.problems = tuple(problems)


class NotMergeableFile(RegisterError):
    """A file cannot be merged, because it is not a register with one header for each record."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(
            f"{path} cannot be merged: {reason}; nothing was written",
            remedy=f"to see what is wrong: socwatch --records {shlex.quote(path)} validate",
        )


class NothingToWatch(RegisterError):
    """The register holds no finding to watch on that day, so that silence would mean nothing."""

    def __init__(self, path: Names, day: str = "") -> None:
        what = "no finding that asks for anything" + (f" and was published by {day}" if day else "")
        super().__init__(
            f"{joined(path)} holds {what}, so there is nothing to watch",
            remedy=f"to see what it holds: socwatch {records_option(path)}validate",
        )


class NothingPublished(RegisterError):
    """What is chosen was published after that day, so that silence would mean nothing."""

    def __init__(self, path: Names, day: str) -> None:
        super().__init__(
            f"these options choose nothing of {joined(path)} that was published by {day}, "
            "so there is nothing to watch",
            remedy="name a later day with --as-of, or choose something else",
        )


class LookupFailed(SocwatchError):
    """The request names a thing that the register does not hold, or more than one thing."""

    exit_code = 4


MAX_LISTED = 12
"""How many of the things that a name could mean are listed, so that the line can be read."""


def join_names(names: Sequence[str], most: int = MAX_LISTED) -> str:
    """The first of these names, and how many more there are."""
    more = [f"and {len(names) - most} more"] if len(names) > most else []
    return ", ".join([*names[:most], *more])


class NotFound(LookupFailed):
    """Nothing in the register goes by this name."""

    def __init__(
        self, what: str, text: str, nearest: Sequence[str], there: Sequence[str] = ()
    ) -> None:
        listing = {"body": "status", "region": "status", "update": "log"}.get(what, "list")
        remedy = f"see: socwatch {listing}"
        if what == "source":  # no listing has them all
            remedy = "add it first: socwatch add source"
        if there:
            remedy = f"there are: {join_names(there)}"
        if nearest:
            remedy = f"did you mean {' or '.join(nearest)}?"
        super().__init__(f"there is no {what} {text!r} in the register", remedy=remedy)


class NotAnId(LookupFailed):
    """A name, or a part of an id, was typed where nobody can be asked what it means."""

    def __init__(self, what: str, text: str, meant: str) -> None:
        super().__init__(
            f"no {what} has the id {text!r}, and where nobody can be asked only an id, or whole "
            "parts of one, can be recorded about; nothing was written",
            remedy=f"did you mean {meant}?",
        )


class NoMatch(LookupFailed):
    """The request chooses nothing that could need attention, so nothing would ever be said."""

    def __init__(self, path: Names) -> None:
        super().__init__(
            f"these options choose nothing of {joined(path)} that could need attention, "
            "so nothing would ever be said",
            remedy=f"to see what it holds: socwatch {records_option(path)}list",
        )


class Ambiguous(LookupFailed):
    """More than one thing in the register goes by this name."""

    def __init__(self, text: str, matches: Sequence[str]) -> None:
        super().__init__(
            f"{text!r} could be any of {len(matches)}: {join_names(matches)}",
            remedy="type more of the id, until only one is left",
        )


class Refused(SocwatchError):
    """The request is understood, and nothing was written."""

    exit_code = 5


class Interrupted(SocwatchError):
    """Somebody has stopped the run, as by Ctrl-C."""

    exit_code = 130

    def __init__(self, *, recorded: bool) -> None:
        super().__init__(
            f"stopped; {_outcome(recorded=recorded)}",
            remedy="see: socwatch log" if recorded else "",
        )


class InternalError(SocwatchError):
    """socwatch itself has failed, through no fault of the register or of what was typed."""

    exit_code = 3

    def __init__(self, error: BaseException, *, recorded: bool) -> None:
        why = f"{type(error).__name__}: {error}"[:_MAX_REASON]
        module, line = raised_in(error)
        super().__init__(
            f"socwatch itself failed: {why} ({module}, line {line}); {_outcome(recorded=recorded)}",
            remedy="please report this message, what you typed, and what --version prints",
        )


_MAX_REASON = 300
"""Characters of an exception's own message, which can quote a whole register."""


def failure_of(error: BaseException, *, recorded: bool) -> SocwatchError:
    """Return what to say of an exception that has ended a run, whatever it is."""
    if isinstance(error, SocwatchError):
        return error
    if isinstance(error, KeyboardInterrupt):
        return Interrupted(recorded=recorded)
    return InternalError(error, recorded=recorded)


def raised_in(error: BaseException) -> tuple[str, int]:
    """Return the name of the module, and the line in it, that raised an exception."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "", 0
    return str(trace.tb_frame.f_globals.get("__name__", "")), trace.tb_lineno


def _outcome(*, recorded: bool) -> str:
    return "the update was recorded" if recorded else "nothing was recorded"


class SystemFailed(Refused):
    """The system has refused something that no command can do without."""

    def __init__(self, error: OSError) -> None:
        about = f"{error.filename}: " if error.filename is not None else ""
        super().__init__(
            f"the system refuses what this needs: {about}{error.strerror or error}",
            remedy="check the disk, the folder and its permissions",
        )


class SheetRefused(Refused):
    """A spreadsheet cannot be read, or must not be."""

    def __init__(self, name: str, reason: str, remedy: str) -> None:
        super().__init__(f"{name} cannot be imported: {reason}; nothing was written", remedy=remedy)


class SpreadsheetOlder(Refused):
    """A spreadsheet is older than the last one that was imported from the same tracker."""

    def __init__(self, name: str, day: str, last: str) -> None:
        super().__init__(
            f"{name} is of {day}, and one of {last} was imported already; nothing was written",
            remedy="import the newest spreadsheet, or correct its date with --sheet-date",
        )


class OutputRefused(Refused):
    """An output file cannot be written, or must not be."""


class RegisterExists(Refused):
    """A new register was asked for where a file is already."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path} is there already, and stays as it is",
            remedy="name another file: socwatch init FILE",
        )


class TransitionNotAllowed(Refused):
    """An action may not follow from the status that the item is in."""

    def __init__(
        self, item: str, action: str, reason: str, allowed: Sequence[str] = (), *, remedy: str = ""
    ) -> None:
        super().__init__(
            f"{item}: {action} is not allowed, because {reason}; nothing was written",
            remedy=remedy or f"what can follow is: {', '.join(allowed)}",
        )


class NothingLive(Refused):
    """A report has no live item, so its id stands for nothing that could be recorded."""

    def __init__(self, inspection: str) -> None:
        super().__init__(
            f"{inspection} has no live items; nothing was written",
            remedy=f"to see its items: socwatch list --inspection {inspection}",
        )


class LastRecordNotUpdate(Refused):
    """The newest record is no update, so nothing says what to undo."""

    def __init__(self, table: str, update: str, path: str) -> None:
        super().__init__(
            f"what was recorded last stands in [[{table}]], and undo takes back updates only; "
            "nothing was written",
            remedy=f"to mend it: socwatch {records_option(path)}edit; to take back the last update "
            f"all the same: socwatch {records_option(path)}undo {update}",
        )


class RegisterLocked(Refused):
    """Another program holds the lock on the register, and did not release it in time."""

    def __init__(self, path: str, seconds: float, holder: str) -> None:
        super().__init__(
            f"{path} is locked by {holder or 'another program'}; "
            f"gave up after {seconds:g} seconds; nothing was written",
            remedy="try again in a minute",
        )


class ClockBehind(Refused):
    """A record was made long after the time of this computer's clock, so one of them is wrong."""

    def __init__(self, record: str, now: str) -> None:
        super().__init__(
            f"{record}, but it is {now} by this computer's clock, so one of the two clocks is "
            "wrong; nothing was written",
            remedy="set this computer's clock, or, if it is right, add --clock-is-right",
        )


class RegisterChanged(Refused):
    """The register's file changed while this run was at work on it."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"another program changed {path} while this command was running; nothing was written",
            remedy="save or close the file in your editor, then run the command again",
        )


class AppendRefused(Refused):
    """The register's file cannot be added to."""

    def __init__(self, path: str, reason: str, remedy: str) -> None:
        super().__init__(f"{path} cannot be added to: {reason}; nothing was written", remedy=remedy)


class ChangeInvalid(Refused):
    """What was to be recorded would leave the register with a fault."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(
            f"this would be a fault of the register ({problem.name}): {problem.message}; "
            "nothing was written",
            remedy=problem.remedy,
        )


class MergeConflict(Refused):
    """Two copies of a register have the same record in different words."""

    def __init__(self, register: str, copy: str, records: Sequence[str]) -> None:
        super().__init__(
            f"{register} and {copy} disagree: {'; '.join(records)}; nothing was written",
            remedy="make the record the same in both files (socwatch edit), then merge again",
        )


class CopiesContradict(Refused):
    """Two copies of a register are valid, and together they are not."""

    def __init__(self, copy: str, problem: Problem, remedy: str) -> None:
        super().__init__(
            f"with {copy} the register would have a problem ({problem.name}): {problem.message}; "
            "nothing was written",
            remedy=remedy,
        )
