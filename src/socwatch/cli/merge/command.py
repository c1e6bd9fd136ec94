"""The options and the help of `socwatch merge`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from socwatch.cli.option_groups import OptionGroup
from socwatch.cli.options import RegisterOptions

_GIT = "With git"


class GitOptions(OptionGroup):
    """The options by which git is set up, and by which it calls."""

    install: Annotated[
        bool,
        typer.Option(
            "--install",
            metavar="",
            rich_help_panel=_GIT,
            help="Set git up in this clone, so that it merges the register record by record.",
        ),
    ] = False
    print_only: Annotated[
        bool,
        typer.Option(
            "--print",
            metavar="",
            rich_help_panel=_GIT,
            help="With --install, print the commands instead of running them.",
        ),
    ] = False
    git: Annotated[
        bool,
        typer.Option(
            "--git",
            metavar="",
            rich_help_panel=_GIT,
            help="What git calls: merge the files BASE OURS THEIRS into OURS.",
        ),
    ] = False
    marker_size: Annotated[
        int,
        typer.Option(
            "--marker-size",
            metavar="N",
            min=1,
            max=200,
            rich_help_panel=_GIT,
            help="With --git, the length of the marks around a conflict.",
        ),
    ] = 7
    name: Annotated[
        str | None,
        typer.Option(
            "--name",
            metavar="PATH",
            show_default=False,
            rich_help_panel=_GIT,
            help="With --git, the name of the register in messages.",
        ),
    ] = None


def merge_command(
    *,
    copies: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="COPY",
            readable=False,  # One that cannot be read is a matter of the store, not of usage.
            show_default=False,
            help="Copies of the register: conflict copies, or a colleague's file.",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", metavar="", help="Print the outcome; write nothing.")
    ] = False,
    options: GitOptions,
    register: RegisterOptions,
) -> None:
    """Add the records that copies of the register have and it lacks.

    Use it when a sync folder has left a conflict copy beside the register, or when a colleague has
    sent their copy: socwatch merge "recommendations (1).toml". Records are added, none is changed
    or removed, and the copy stays as it is. A record that the two have in different words is for
    you to decide: nothing is written, and the exit code is 5.

    If you keep the register in git, run socwatch merge --install once in each clone. Git then
    merges the updates of two people without a conflict.
    """
    files = copies or []
    if options.git:
        from socwatch.cli.merge.run import merge_for_git

        code = merge_for_git(files, options.marker_size, options.name)
        if code:
            raise typer.Exit(code)
    elif options.install:
        from socwatch.cli.merge.install import install
        from socwatch.cli.registers import register_path

        install(register_path(register), print_only=options.print_only)
    else:
        from socwatch.cli.merge.run import merge_copies

        merge_copies(register, files, dry_run=dry_run)
