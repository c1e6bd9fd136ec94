"""The registers in a folder."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from socwatch.errors import NoRegisterInFolder, RegisterUnreadable
from socwatch.records import TABLES
from socwatch.store.atomic import read_limited
from socwatch.store.copies import is_copy, is_named_as_copy, keys_in
from socwatch.store.load import MAX_REGISTER_BYTES

_FORMAT = re.compile(rb"^[ \t]*[\"']?format[\"']?[ \t]*=", re.MULTILINE)
_NAMES = "|".join(TABLES).encode()
_TABLE = re.compile(
    rb"^[ \t]*(?:\[\[?[ \t]*[\"']?(?:%b)\b|[\"']?(?:%b)[\"']?[ \t]*=)" % (_NAMES, _NAMES),
    re.MULTILINE,
)
"""The beginning of a record, or of a table that is written otherwise, however it ends."""


def registers_in(folder: Path) -> list[Path]:
    """Return the registers in a folder, by name, without copies of one another.

    A register has a `format` and one of the tables; whether it is valid makes no difference, since
    one with a problem must not be left out in silence. Raises RegisterUnreadable and
    NoRegisterInFolder.
    """
    try:
        files = [
            path
            for path in sorted(folder.iterdir())
            if path.suffix.lower() == ".toml"
            and not path.name.startswith(".")
            and not path.stem.lower().endswith(".import")
            and _is_register(path)
        ]
    except OSError as error:
        raise RegisterUnreadable(str(folder), error.strerror or str(error)) from None
    found = [path for path in files if not _is_copy(path, files)]
    if not found:
        raise NoRegisterInFolder(str(folder))
    return found


def _is_register(path: Path) -> bool:
    if not path.is_file():
        return False
    content = read_limited(path, max_bytes=MAX_REGISTER_BYTES).removeprefix(codecs.BOM_UTF8)
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        content = content.decode("utf-16", "replace").encode(errors="replace")
    return bool(_FORMAT.search(content) and _TABLE.search(content))


def _is_copy(path: Path, files: list[Path]) -> bool:
    """Return whether a file is named as a copy of another of these, and was copied from it."""
    return any(
        other != path
        and is_named_as_copy(path.name, other.name)
        and is_copy(keys_in(path), keys_in(other))
        for other in files
    )
