"""`socwatch init`."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Annotated

import typer

from socwatch.cli.options import RegisterOptions


def init_command(
    *,
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE",
            readable=False,
            show_default=False,
            help="The new register; recommendations.toml in this folder, unless --records or "
            "SOCWATCH_RECORDS names another.",
        ),
    ] = None,
    example: Annotated[
        bool, typer.Option("--example", metavar="", help="Write the register that socwatch ships.")
    ] = False,
    register: RegisterOptions,
) -> None:
    """Write a new register: empty, or the shipped example.

    The empty one says in its comments what a record is made of, with an example of each. A file
    that is there already is never touched.
    """
    from socwatch.cli.appending import tell_recorded
    from socwatch.cli.session import command_for
    from socwatch.errors import RegisterExists, RegisterMissing, UsageError
    from socwatch.render.text import escape_invisible
    from socwatch.store.create import create
    from socwatch.store.discovery import USUAL_PLACES, VARIABLE, find_register
    from socwatch.store.template import empty_register, example_register

    variable = os.environ.get(VARIABLE)
    records = register.named
    if records[1:]:
        message = "init writes one register, and --records names several"
        raise UsageError(message, remedy="name one file: socwatch init FILE")
    named = file or next(iter(records), Path(variable) if variable else None)
    if named is None:
        with contextlib.suppress(RegisterMissing):  # a second one here might never be looked at
            raise RegisterExists(str(find_register(None, {}, Path())))
    path = named or USUAL_PLACES[-1]
    create(path, example_register() if example else empty_register().encode())
    if example:
        what, next_ = "the example that socwatch ships", "type"
    else:
        what = "an empty register"
        start = command_for("import tracker.xlsx", path)
        next_ = f"add records from a spreadsheet ({start}) or one by one (add --help), and type"
    follow = command_for("status" if example else "validate", path)
    words = f"Wrote {path}: {what}.", f"Next, {next_}: {follow}"
    answer = "".join(f"{escape_invisible(line)}\n" for line in words)
    tell_recorded(answer, follow)
