"""The transcripts in README.md and docs/: commands run as a reader would, their output compared.

    python tests/transcripts.py        # writes what the commands print now into the pages

A block of ```console holds commands behind "$ ", each with what it prints on a terminal. A line
"…" stands for lines left out, and within a line "…" stands for words that differ every time. Each
block has a folder of its own, which looks like a checkout with nothing in it but the shipped
register and the registers of docs/examples.
"""

from __future__ import annotations

import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from conftest import ROOT, TIMEOUT, bare_environment, shell_command

COLUMNS = 80
LEFT_OUT = "…"

FAULTS = ROOT / "docs" / "faults.md"
"""It shows registers that are wrong, and is held true by the test of their gallery."""

PAGES = tuple(sorted({ROOT / "README.md", *(ROOT / "docs").glob("*.md")} - {FAULTS}))
"""Every other page for users."""
_FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Call:
    """A command in a page, and the lines that the page shows below it."""

    command: str
    shown: tuple[str, ...]


@dataclass(frozen=True)
class Printed:
    """What a command printed on a terminal, and its exit code."""

    lines: tuple[str, ...]
    code: int


def fenced(page: str, language: str) -> list[str]:
    """The blocks of a page in one language, without their fences."""
    return [block for written, block in _FENCED.findall(page) if written == language]


def prose(page: str) -> str:
    """A page without its blocks."""
    return _FENCED.sub("", page)


def calls(block: str) -> list[Call]:
    """The commands of a ```console block in their order."""
    found: list[Call] = []
    for line in block.rstrip("\n").split("\n"):
        if line.startswith("$ "):
            found.append(Call(line.removeprefix("$ "), ()))
        else:
            last = found.pop()
            found.append(Call(last.command, (*last.shown, line)))
    return found


def run(block: str) -> Iterator[tuple[Call, Printed]]:
    """The commands of a block, each with what it prints when it is run after those before it."""
    with tempfile.TemporaryDirectory() as scratch:
        terminal = _Terminal(Path(scratch))
        for call in calls(block):
            yield call, terminal.run(call.command)


class _Terminal:
    """A terminal without colours in a folder that looks like a checkout."""

    def __init__(self, scratch: Path) -> None:
        self.folder = scratch / "socwatch"
        for copied in ("data/recommendations.toml", "docs/examples"):
            source, target = ROOT / copied, self.folder / copied
            target.parent.mkdir(parents=True, exist_ok=True)
            (shutil.copytree if source.is_dir() else shutil.copyfile)(source, target)
        command = scratch / "bin" / "socwatch"
        command.parent.mkdir()
        command.write_text(f'#!/bin/sh\nexec {shell_command()} "$@"\n')
        command.chmod(0o755)
        bare = bare_environment()
        self.environment = {
            **bare,
            "COLUMNS": str(COLUMNS),
            "HOME": str(scratch),
            "NO_COLOR": "1",
            "PATH": f"{command.parent}{os.pathsep}{bare.get('PATH', os.defpath)}",
            "TERM": "dumb",  # a slow answer shows no bar, which another run would not show
        }

    def run(self, command: str) -> Printed:
        screen, printer = pty.openpty()
        process = subprocess.Popen(
            ["sh", "-c", command],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=printer,
            stderr=printer,
        )
        os.close(printer)
        text = b"".join(_everything(screen)).decode().replace("\r\n", "\n").rstrip("\n")
        os.close(screen)
        return Printed(tuple(text.split("\n")) if text else (), process.wait(timeout=TIMEOUT))


def _everything(screen: int) -> Iterator[bytes]:
    while True:
        try:
            read = os.read(screen, 1 << 16)
        except OSError:  # how Linux says that nobody prints to it any more
            return
        if not read:
            return
        yield read


def agrees(call: Call, printed: Printed) -> bool:
    """Whether a page shows what was printed, but for the lines that it says are left out."""
    pattern = "".join(
        r"(?:.*\n)+?" if line == LEFT_OUT else _as_pattern(line) for line in call.shown
    )
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in printed.lines)) is not None


def _as_pattern(line: str) -> str:
    return ".+".join(map(re.escape, line.split(LEFT_OUT))) + r"\n"


def brought_up_to_date(page: str) -> str:
    """A page whose transcripts show what its commands print now."""

    def rerun(found: re.Match[str]) -> str:
        if found[1] != "console":
            return found[0]
        lines = [
            line
            for call, printed in run(found[2])
            for line in (f"$ {call.command}", *_shortened(call, printed))
        ]
        return "\n".join(("```console", *lines, "```"))

    return _FENCED.sub(rerun, page)


def _shortened(call: Call, printed: Printed) -> tuple[str, ...]:
    """What was printed, with as much left out as the page leaves out.

    As many lines stand before the first "…" and after the last as did before; what stands between
    two of them begins at the same line as before. A command that fails is no transcript.
    """
    if printed.code:
        sys.exit("\n".join((*printed.lines, f"this ended with {printed.code}: {call.command}")))
    if agrees(call, printed):
        return call.shown
    lines = [_with_words_left_out(line, call) for line in printed.lines]
    first, *others = _parts(call.shown)
    if not others:
        return tuple(lines)
    *between, last = others
    kept = lines[: len(first)]
    for part in between:
        if part[0] not in lines:
            sys.exit(f"{call.command}: no line is {part[0]!r} any more; shorten it by hand")
        start = lines.index(part[0])
        kept += [LEFT_OUT, *lines[start : start + len(part)]]
    return (*kept, LEFT_OUT, *lines[len(lines) - len(last) :])


def _with_words_left_out(line: str, call: Call) -> str:
    patterns = {shown: _as_pattern(shown) for shown in call.shown if shown != LEFT_OUT}
    same = (shown for shown, p in patterns.items() if re.fullmatch(p, f"{line}\n"))
    return next(same, line)


def _parts(shown: tuple[str, ...]) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for line in shown:
        if line == LEFT_OUT:
            parts.append([])
        else:
            parts[-1].append(line)
    return parts


if __name__ == "__main__":
    for path in PAGES:
        before = path.read_text(encoding="utf-8")
        after = brought_up_to_date(before)
        if after != before:
            path.write_text(after, encoding="utf-8", newline="\n")
            sys.stdout.write(f"{path.relative_to(ROOT)} is brought up to date\n")
