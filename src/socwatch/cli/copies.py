"""Copies that other programs have left beside a register, said so that none is forgotten."""

from __future__ import annotations

import shlex
from collections.abc import Iterable

from socwatch.cli.session import command_for
from socwatch.cli.streams import print_error
from socwatch.reports.table import count
from socwatch.store.copies import Copy, find_copies
from socwatch.store.load import Loaded


def warn_of_copies(copies: Iterable[Copy]) -> None:
    """Say on standard error which copies hold records that their register lacks."""
    for copy in copies:
        print_error(words(copy), f"to add them: {command(copy)}")


def warn_of_copies_beside(register: Loaded) -> None:
    """Say the same of a register that this run has written."""
    warn_of_copies(find_copies([register]))


def words(copy: Copy) -> str:
    """Return what a copy holds, as a sentence without its stop."""
    return f"the copy {copy.path} holds {count(copy.records, 'record')} that {copy.register} lacks"


def command(copy: Copy) -> str:
    """Return what to type to add the records of a copy."""
    return command_for(f"merge {shlex.quote(str(copy.path))}", copy.register)
