"""Set up git in a clone, so that it merges registers with `socwatch merge --git`."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path

from socwatch.cli.programs import find_program
from socwatch.cli.streams import write_out
from socwatch.errors import UsageError
from socwatch.render.text import escape_invisible

DRIVER = (
    "socwatch merge --git %O %A %B --marker-size %L --name %P; s=$?; "
    "test $s -eq 0 -o $s -eq 5 && exit $s; "
    "git merge-file --marker-size=%L -L ours -L base -L theirs %A %O %B"
)
"""What git runs, as a line of sh. git takes a driver that fails without having written for a
conflict in which ours alone is left, so where socwatch is missing or fails, git's own merge of text
runs: it leaves both sides in the file. 5 is the only failure in which socwatch has written."""

SETTINGS = (
    ("merge.socwatch.name", "socwatch registers, record by record"),
    ("merge.socwatch.driver", DRIVER),
)
ATTRIBUTE = "merge=socwatch"
_ATTRIBUTES = '"$(git rev-parse --show-toplevel)/.gitattributes"'


def install(path: Path, *, print_only: bool) -> None:
    """Set up git's merge driver for a register in its clone. It is safe to repeat.

    Raises UsageError where there is no git, or the register is in no clone.
    """
    file = path.resolve()
    folder = Path(_git(file.parent, "rev-parse", "--show-toplevel")).resolve()
    pattern = file.relative_to(folder).as_posix()
    line = f"{_quoted(pattern)} {ATTRIBUTE}"
    if print_only:
        commands = [f"git config {key} {shlex.quote(value)}" for key, value in SETTINGS]
        commands.append(f"printf '%s\\n' {shlex.quote(line)} >> {_ATTRIBUTES}")
        write_out("".join(f"{each}\n" for each in commands))
        return
    for key, value in SETTINGS:
        _git(folder, "config", key, value)  # git quotes it: unquoted, a line ends at its first ";"
    attributes = folder / ".gitattributes"
    had = attributes.read_bytes() if attributes.exists() else b""
    added = line.encode() not in had.splitlines()
    if added:
        ended = b"" if not had or had.endswith(b"\n") else b"\n"
        with attributes.open("ab") as opened:
            opened.write(ended + line.encode() + b"\n")
    write_out(
        f"In this clone, git now merges {escape_invisible(pattern)} record by record.\n"
        + ("Next: commit .gitattributes, and " if added else "Next: ")
        + "run socwatch merge --install once in every other clone.\n"
    )


def lacks_driver(path: Path) -> bool:
    """Return whether a register's clone names the driver in .gitattributes, and git has none.

    Git then merges the register as text without a word. Where there is no git, nothing is merged.
    """
    file = Path(os.path.realpath(path))
    root = next((folder for folder in file.parents if (folder / ".git").exists()), None)
    if root is None:
        return False
    try:
        if ATTRIBUTE.encode() not in (root / ".gitattributes").read_bytes():
            return False
        return not _git(root, "config", "--default", "", "merge.socwatch.driver")
    except (OSError, UsageError):
        return False


def _git(folder: Path, *arguments: str) -> str:
    program = find_program("git", folder)
    if program is None:
        message = "git is not installed"
        raise UsageError(
            message, remedy="install git; without it, merge a copy: socwatch merge COPY"
        )
    ended = subprocess.run(  # noqa: S603  # git's own absolute path
        [program, "-C", folder, *arguments],
        capture_output=True,
        check=False,
        encoding="utf-8",
        errors="surrogateescape",
        stdin=subprocess.DEVNULL,
    )
    if ended.returncode:
        reason = ended.stderr.strip().removeprefix("fatal: ").partition("\n")[0]
        message = f"git cannot be set up for {folder}: {reason}"
        raise UsageError(
            message, remedy="name a register in a clone: socwatch --records FILE merge --install"
        )
    return ended.stdout.removesuffix("\n")


def _quoted(pattern: str) -> str:
    """Return a path from the top of a clone as .gitattributes names exactly that file."""
    name = "/" + "".join(f"\\{c}" if c in "\\*?[" else c for c in pattern)
    if any(c.isspace() or c == '"' for c in name):
        return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return name
