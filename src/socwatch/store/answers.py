"""The file that keeps a person's answers about a spreadsheet, beside the spreadsheet."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import tomli_w

from socwatch.errors import UsageError
from socwatch.store.atomic import read_limited, replace_file

MAX_BYTES = 4 * 1024 * 1024

_TOP = (
    "# Answers for socwatch import {name}: how that spreadsheet is read. They are used again for\n"
    '# the next one. What is "?" is not answered yet; socwatch asks for it, or type it here.\n\n'
)


def answers_path(spreadsheet: Path) -> Path:
    """Return where the answers about a spreadsheet are kept."""
    return spreadsheet.with_suffix(".import.toml")


def load_answers(path: Path) -> dict[str, Any] | None:
    """Return the answers of a file; None if there is no such file. Raises UsageError."""
    try:
        content = read_limited(path, max_bytes=MAX_BYTES)
        return tomllib.loads(content[:MAX_BYTES].decode("utf-8-sig"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        message = f"the answers in {path} cannot be read: {reason}"
        remedy = "correct the file, or move it away to be asked again"
        raise UsageError(message, remedy=remedy) from None


def save_answers(
    path: Path, name: str, answers: Mapping[str, Any], notes: Mapping[tuple[str, ...], str]
) -> None:
    """Write answers to their file, with a comment above each that has a note. Raises UsageError."""
    content = _TOP.format(name=name) + format_answers(answers, notes)
    try:
        replace_file(path, content.encode())
    except OSError as error:
        message = f"the answers cannot be kept in {path}: {error.strerror}"
        raise UsageError(message, remedy="name another file with --answers") from None


def format_answers(answers: Mapping[str, Any], notes: Mapping[tuple[str, ...], str]) -> str:
    """Return answers as TOML."""
    return "\n".join(_lines(answers, notes, ())).strip("\n") + "\n"


def _lines(
    table: Mapping[str, Any], notes: Mapping[tuple[str, ...], str], path: tuple[str, ...]
) -> Iterator[str]:
    values = {key: value for key, value in table.items() if not isinstance(value, Mapping)}
    tables = {key: value for key, value in table.items() if isinstance(value, Mapping)}
    if path and values:
        yield ""
        yield f"[{'.'.join(map(_key, path))}]"
    for key, value in values.items():
        if (*path, key) in notes:
            yield f"# {' '.join(notes[*path, key].split())}"
        yield (
            tomli_w.dumps({key: value}).strip()
            if not isinstance(value, list)
            else (f"{_key(key)} = [{', '.join(map(_single, value))}]")
        )
    for key, inner in tables.items():
        yield from _lines(inner, notes, (*path, key))


def _single(value: Any) -> str:  # noqa: ANN401  # what TOML has
    return tomli_w.dumps({"_": value}).removeprefix("_ = ").strip()


def _key(key: str) -> str:
    return tomli_w.dumps({key: 0}).removesuffix(" = 0\n")
