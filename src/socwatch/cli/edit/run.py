"""The edge of editing: the copy, the editor, the questions, and the register's new content."""

from __future__ import annotations

import contextlib
import os
import secrets
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from socwatch.cli.appending import tell_recorded
from socwatch.cli.copies import warn_of_copies_beside
from socwatch.cli.options import RegisterOptions
from socwatch.cli.programs import find_program
from socwatch.cli.registers import register_path
from socwatch.cli.session import command_for, faults_in
from socwatch.cli.streams import supports_unicode, write_out
from socwatch.errors import (
    AppendRefused,
    LocatedProblem,
    Refused,
    SocwatchError,
    UsageError,
)
from socwatch.lookup import find_id, find_record
from socwatch.records import TABLES
from socwatch.render.context import RenderContext
from socwatch.render.problems import render_text
from socwatch.render.text import escape_invisible
from socwatch.reports.table import count
from socwatch.store.append import Candidate, require_writable, write
from socwatch.store.atomic import adjacent_temp_file, read_limited
from socwatch.store.load import MAX_REGISTER_BYTES, Loaded, load, read_content
from socwatch.store.lock import hold_lock
from socwatch.store.system import ON_WINDOWS, split_command

_USUAL_EDITORS = ("notepad",) if ON_WINDOWS else ("nano", "vi")
_PLUS_LINE = frozenset({
    "emacs", "emacsclient", "gvim", "joe", "kak", "mg", "micro", "nano", "ne", "nvim", "pico", "vi",
    "vim",
})  # fmt: skip
"""Editors that begin at a line when told +LINE."""

_GOTO = frozenset({"code", "code-insiders", "codium", "cursor", "vscodium"})
"""Editors that begin at a line when told --goto FILE:LINE, and end at once unless told to wait."""


def edit(register: RegisterOptions, name: str | None) -> None:
    """Have the register edited in an editor; what has no fault then takes its place.

    Raises UsageError, LookupFailed, RegisterError, Refused; then nothing was written.
    """
    path = register_path(register)
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout)):
        message = "edit needs a terminal, and there is none here"
        raise UsageError(message, remedy="edit the file itself, then: socwatch validate")
    before = load(path)
    faults = faults_in(before)
    line = _line_of(before, name) if name is not None else _first_line(faults)
    editor = _editor(path)
    copy = _copy(before)
    try:
        _edit_and_keep(before, editor, copy, line)
    except (SocwatchError, typer.Abort, KeyboardInterrupt) as error:
        _keep_if_edited(error, before, copy)
        raise


def _edit_and_keep(before: Loaded, editor: list[str], copy: Path, line: int | None) -> None:
    while True:
        _run(editor, copy, line)
        after = _read(copy)
        if after.content == before.content:
            _remove(copy)
            write_out(f"Nothing was changed in {escape_invisible(str(before.path))}.\n")
            if not {_editor_name(editor)} & (_PLUS_LINE | _GOTO):
                write_out(
                    f"If {escape_invisible(editor[0])} is open still, its command does not wait "
                    "until you are done: give it the option by which it does.\n"
                )
            return
        faults = faults_in(after)
        if not faults:
            break
        match _ask(after, faults):
            case "k":
                _remove(copy)
                write_out(
                    f"{escape_invisible(str(before.path))} stays as it was; the edits are gone.\n"
                )
                return
            case "b":
                write_out(
                    f"{escape_invisible(str(before.path))} stays as it was; "
                    f"what you edited is in {escape_invisible(str(copy))}.\n"
                )
                return
        line = _first_line(faults)
    with hold_lock(before.path) as target:
        write(Candidate(before, after, ""), target)
    _remove(copy)
    tell_recorded(_confirm(before, after), command_for("validate", before.path))
    warn_of_copies_beside(read_content(before.path, after.content))


def _first_line(faults: tuple[LocatedProblem, ...]) -> int | None:
    return faults[0].position.line if faults else None


def _line_of(loaded: Loaded, name: str) -> int:
    """The line on which a record begins, also in a register that has faults.

    Raises NotFound, Ambiguous.
    """
    places = dict(_places(loaded.syntax.tables))
    if loaded.register is not None:
        found = find_record(loaded.register, name)
    else:
        found = find_id("record", name, places)
    return loaded.syntax.position(places[found]).line


def _places(tables: dict[str, Any]) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    for table in TABLES:
        records = tables.get(table)
        for index, record in enumerate(records if isinstance(records, list) else ()):
            if isinstance(record, dict) and isinstance(record.get("id"), str):
                yield record["id"], (table, index)


def _editor(register: Path) -> list[str]:
    """Return the editor's command in words, its program by absolute path. Raises Refused."""
    for variable in ("VISUAL", "EDITOR"):
        if not (chosen := os.environ.get(variable, "").strip()):
            continue
        try:
            words = split_command(chosen)
        except ValueError as error:
            message = f"{variable} is no command ({str(error).lower()}): {chosen}"
            raise Refused(message, remedy=f"set it to an editor: {variable}=nano") from None
        # A path was typed by whoever set the variable, and a name could be anyone's program.
        is_path = os.path.basename(words[0]) != words[0]  # noqa: PTH119  # Path("./a").name is "a" too
        program = shutil.which(words[0]) if is_path else find_program(words[0], register)
        if program is None:
            message = f"there is no editor {words[0]!r}, which {variable} names"
            raise Refused(message, remedy=f"set it to one that there is: {variable}=nano")
        return [str(Path(program).absolute()), *words[1:]]
    for usual in _USUAL_EDITORS:
        if program := find_program(usual, register):
            return [program]
    message = f"there is no editor: neither VISUAL nor EDITOR is set, and no {_USUAL_EDITORS[0]}"
    raise Refused(message, remedy="set one: VISUAL=…")


def _editor_name(editor: list[str]) -> str:
    """The name by which an editor is known, wherever it stands."""
    return Path(editor[0]).name.lower().removesuffix(".exe").removesuffix(".cmd")


def _at_line(editor: list[str], copy: Path, line: int | None) -> list[str]:
    """The whole command, told where to begin where the editor is known to understand it."""
    known = _editor_name(editor)
    if known in _GOTO:
        waiting = [] if {"--wait", "-w"} & {*editor} else ["--wait"]
        return [*editor, *waiting, "--goto", f"{copy}:{line or 1}"]
    foreground = ["-f"] if known == "gvim" else []
    at_line = [f"+{line}"] if known in _PLUS_LINE and line is not None else []
    return [*editor, *foreground, *at_line, str(copy)]


def _copy(before: Loaded) -> Path:
    """A copy beside the register, for an editor to change. Raises AppendRefused."""
    target = Path(os.path.realpath(before.path))
    name = f"{target.stem}.edited-{secrets.token_hex(4)}{target.suffix}"
    try:
        require_writable(before.path, target)
        with adjacent_temp_file(target, before.content) as temp:
            temp.rename(target.with_name(name))
    except OSError as error:
        reason = f"no copy can be made beside it: {error.strerror}"
        raise AppendRefused(str(before.path), reason, "check the folder's permissions") from None
    return (target if before.path.is_symlink() else before.path).with_name(name)


def _run(editor: list[str], copy: Path, line: int | None) -> None:
    """Wait until the editor has ended. Raises Refused if it could not run, or ended in error."""
    # Ctrl-C in the editor is the editor's. A handler, unlike SIG_IGN, is not handed down to it.
    held = signal.signal(signal.SIGINT, lambda _signal, _frame: None)
    try:
        ended = subprocess.run(_at_line(editor, copy, line), check=False)  # noqa: S603  # the user's own editor
    except OSError as error:
        message = f"the editor {editor[0]} cannot be run: {error.strerror}; nothing was written"
        raise Refused(message, remedy="set another: VISUAL=nano") from None
    finally:
        signal.signal(signal.SIGINT, held)
    if ended.returncode != 0:
        message = f"the editor {editor[0]} ended with {ended.returncode}; nothing was written"
        raise Refused(message, remedy="give the same command again")


def _read(copy: Path) -> Loaded:
    try:
        return read_content(copy, read_limited(copy, max_bytes=MAX_REGISTER_BYTES))
    except OSError as error:
        message = f"the edited copy cannot be read ({error.strerror}); nothing was written"
        raise Refused(message, remedy="give the same command again") from None


def _ask(after: Loaded, faults: tuple[LocatedProblem, ...]) -> str:
    context = RenderContext(str(after.path), unicode=supports_unicode(sys.stdout))
    write_out(render_text(faults, context))
    write_out(f"\n{count(len(faults), 'fault')}. What now?\n")
    write_out("  e  edit again\n  k  keep the old file; the edits are thrown away\n")
    write_out("  b  keep both; the edits stay in a file of their own\n")
    while True:
        answer: str = typer.prompt("e, k or b", default="e", show_default=False)
        if (chosen := answer.strip().lower()[:1]) in {"e", "k", "b"}:
            return chosen


def _remove(copy: Path) -> None:
    for left in (copy, copy.with_name(f"{copy.name}~")):  # some editors leave a backup
        with contextlib.suppress(OSError):
            left.unlink(missing_ok=True)


def _keep_if_edited(error: BaseException, before: Loaded, copy: Path) -> None:
    """Whatever came in between, no edit is lost: the copy stays, and it is said where."""
    with contextlib.suppress(OSError):
        edited = read_limited(copy, max_bytes=MAX_REGISTER_BYTES)
        if edited in {before.content, read_limited(before.path, max_bytes=MAX_REGISTER_BYTES)}:
            _remove(copy)
        elif isinstance(error, SocwatchError):
            error.remedy = (
                f"what you edited is in {copy}; to see how it differs: "
                f"diff {shlex.quote(str(before.path))} {shlex.quote(str(copy))}"
            )
        else:
            write_out(f"\nWhat you edited is in {escape_invisible(str(copy))}.\n")


def _confirm(before: Loaded, after: Loaded) -> str:
    """What was saved, and whether facts that were on record are so no more."""
    lines = [f"Saved {escape_invisible(str(before.path))}: it is valid."]
    if before.register is not None and after.register is not None:
        now = after.register.update_by_id
        gone = [update for update in before.register.updates if now.get(update.id) != update]
        if gone:
            verb = "was" if len(gone) == 1 else "were"
            lines.append(
                f"{count(len(gone), 'update')} that stood in it {verb} changed or taken out: "
                "what the register said before can no longer be shown. To take back an update, "
                "use socwatch undo."
            )
    return "".join(f"{line}\n" for line in lines)
