"""`socwatch validate`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from socwatch.cli.option_groups import OptionGroup
from socwatch.cli.options import RegisterOptions, format_option

if TYPE_CHECKING:
    from socwatch.records import Register


class ProblemOutput(OptionGroup):
    """In which format problems are printed."""

    format: Annotated[
        str,
        format_option(
            "For people, for scripts, or as annotations that GitHub shows.", "plain|json|github"
        ),
    ] = "plain"

    @property
    def file(self) -> None:
        """None: problems are always printed."""


def validate_command(
    *,
    output: ProblemOutput,
    check_evidence: Annotated[
        bool,
        typer.Option(
            "--check-evidence",
            metavar="",
            help="Also report evidence files that are missing or have changed.",
        ),
    ] = False,
    register: RegisterOptions,
) -> None:
    """List every fault of the register, with its remedy.

    Each with its place, its name, the line itself and what to type instead. The exit code is 0 if
    there is none, and 3 if the register cannot be used.
    """
    from socwatch.cli.clock import warn_of_future
    from socwatch.cli.copies import warn_of_copies
    from socwatch.cli.formats import choose_format
    from socwatch.cli.merge.install import lacks_driver
    from socwatch.cli.registers import register_files
    from socwatch.cli.session import command_for, command_for_files
    from socwatch.cli.streams import print_error, supports_unicode, write_out
    from socwatch.errors import RegisterInvalid
    from socwatch.evidence import held_files, look_again
    from socwatch.render.context import RenderContext
    from socwatch.render.formats import PROBLEM_FORMATS
    from socwatch.render.text import escape_invisible
    from socwatch.reports.table import count
    from socwatch.rules import find_problems
    from socwatch.store.copies import find_copies
    from socwatch.store.load import load
    from socwatch.store.union import unite

    chosen = choose_format(PROBLEM_FORMATS, output, None)
    files = register_files(register)
    union = unite([load(path) for path in files.files])
    whole = union.register
    evidence = [
        look_again(loaded.register, loaded.path) if check_evidence and loaded.register else ()
        for loaded in union.files
    ]
    faults = union.faults(find_problems(whole) if whole is not None else (), evidence)
    if chosen.name == "github":
        faults = tuple(
            fault._replace(file=_path_in_repository(Path(fault.file))) for fault in faults
        )
    copies = find_copies(union.files)
    context = RenderContext(files.name, unicode=supports_unicode(sys.stdout), copies=copies)
    answer = chosen.load()(faults, context)
    if chosen.name == "plain" and faults:
        words = f"validate{' --check-evidence' if check_evidence else ''}"
        again = command_for_files(words, files)
        answer += f"\n{count(len(faults), 'fault')}: mend what is listed, then: {again}\n"
    elif chosen.name == "plain" and whole is not None:
        valid = "is valid" if len(files.named) == 1 else "are valid together"
        answer = f"{escape_invisible(files.name)} {valid}: {_holdings(whole)}.\n"
        if check_evidence:
            files_held = count(len({file.name for file in held_files(whole)}), "file")
            answer += f"All its evidence is in its place and unchanged: {files_held}.\n"
    write_out(answer)
    for loaded in union.files:
        if loaded.register is not None:
            warn_of_future(loaded, loaded.register)
        if lacks_driver(loaded.path):
            print_error(
                "git merges this register as text: this clone is not set up for it",
                f"to set it up: {command_for('merge --install', loaded.path)}",
            )
    warn_of_copies(copies)
    if faults:
        raise typer.Exit(RegisterInvalid.exit_code)


def _path_in_repository(path: Path) -> str:
    """Return the path of a file from the root of its repository, where GitHub looks for it.

    Outside a repository, return the whole path.
    """
    whole = Path(os.path.abspath(path))  # noqa: PTH100  # as it is named: no link is followed
    workspace = os.environ.get("GITHUB_WORKSPACE")
    roots = [Path(workspace)] if workspace else []
    roots += (folder for folder in whole.parents if (folder / ".git").exists())
    inside = (root for root in roots if whole.is_relative_to(root))
    root = next(inside, None)
    return whole.relative_to(root).as_posix() if root else str(whole)


def _holdings(register: Register) -> str:
    from socwatch.reports.table import count

    findings = count(len(register.findings), "finding")
    bodies = count(len(register.bodies), "body", "bodies")
    return f"{findings} for {bodies}, {count(len(register.updates), 'update')}"
