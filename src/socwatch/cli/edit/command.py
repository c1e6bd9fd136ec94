"""`edit`: the register in an editor, checked before it takes the old one's place."""

from __future__ import annotations

from typing import Annotated

import typer

from socwatch.cli.completion import complete_names
from socwatch.cli.options import RegisterOptions


def edit_command(
    *,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="ID",
            autocompletion=complete_names,
            show_default=False,
            help="Where to begin: the id of any record, its name, or a unique part of one. "
            "If left out, the editor opens at the first fault, if there is one.",
        ),
    ] = None,
    register: RegisterOptions,
) -> None:
    """Edit the register, and keep what is edited if it is valid.

    The editor, VISUAL or else EDITOR, opens a copy. Without a fault that takes the register's
    place; with one you choose: edit again, keep the old file, or keep both.
    """
    from socwatch.cli.edit.run import edit

    edit(register, name)
