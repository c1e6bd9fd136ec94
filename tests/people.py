"""Replaces files as several people of one system would, and asks the system who may read them.

A script of its own, since it changes who it is: root runs it, and each person is a child of it.
It reads cases and writes what came of them, both as JSON.
"""

from __future__ import annotations

import json
import os
import struct
import sys
import tempfile
from collections.abc import Callable, Sequence
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

from socwatch.store.atomic import replace_file

ACL, DEFAULT_ACL = "system.posix_acl_access", "system.posix_acl_default"
ANY = 0xFFFFFFFF
PEOPLE: dict[int, tuple[int, ...]] = {
    1001: (2001,),
    1002: (2001,),
    1003: (2002,),
    1004: (),
    1005: (),
    1006: (2003,),
    1007: (2001, 2003),
}
"""Users by number, and their groups; this system knows none of them by name."""


def access_list(mode: int, named: Sequence[Sequence[int]], mask: int) -> bytes:
    """A POSIX access list; those named are (2, rights, user) and (8, rights, group)."""
    entries = [
        (1, mode >> 6 & 7, ANY),
        (4, mode >> 3 & 7, ANY),
        (16, mask, ANY),
        (32, mode & 7, ANY),
    ]
    entries += [(tag, rights, number) for tag, rights, number in named]
    return struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *each) for each in sorted(entries))


def as_person(user: int, groups: Sequence[int], act: Callable[[], int]) -> int:
    """What a function gives, from 0 to 255, when that person calls it."""
    child = os.fork()
    if child == 0:
        os.setgroups(groups)
        os.setresgid(*[groups[0] if groups else 9999] * 3)
        os.setresuid(user, user, user)
        os._exit(act())
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def rights(file: Path) -> dict[int, int]:
    """What each person may do to a file: 4 for reading and 2 for writing."""

    def allowed() -> int:
        return 4 * os.access(file, os.R_OK) + 2 * os.access(file, os.W_OK)

    return {user: as_person(user, groups, allowed) for user, groups in PEOPLE.items()}


def tried(folder: Path, case: dict[str, Any]) -> dict[str, Any]:
    """What came of a case."""
    folder.mkdir()
    folder.chmod(0o777)
    file = folder / "register.toml"
    file.write_bytes(b"old")
    os.chown(file, case["owner"], case["group"])
    file.chmod(case["mode"])
    if case["named"]:
        os.setxattr(file, ACL, access_list(case["mode"], case["named"], case["mask"]))
    if case["default"]:
        os.setxattr(folder, DEFAULT_ACL, access_list(0o777, case["default"], 7))
    before = rights(file)

    def replace() -> int:
        try:
            replace_file(file, b"new")
        except OSError:
            return 5
        return 0

    user, groups = case["writer"]
    code = as_person(user, groups, replace)
    return {
        "before": before,
        "after": rights(file),
        "code": code,
        "content": file.read_bytes().decode(),
        "names": sorted(each.name for each in folder.iterdir()),
    }


def main() -> None:
    """Tries every case that is asked for."""
    for module in ("pwd", "secrets"):  # which are imported late, when a person may not read them
        import_module(module)
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        numbers = count()
        json.dump(
            [tried(Path(name, str(next(numbers))), c) for c in json.load(sys.stdin)], sys.stdout
        )


if __name__ == "__main__":
    main()
