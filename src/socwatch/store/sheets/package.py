"""The packed XML of a workbook: what python-calamine does not tell of it.

A walk over the elements, before anything else reads the file: it refuses what would fill the
memory, and finds cells with an error, formulas without a result, dates shown as a month, merged
cells, hidden rows and columns. Macros, links and comments are never followed.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from typing import NamedTuple
from xml.parsers import expat

from socwatch.errors import SheetRefused
from socwatch.store.sheets.cells import CellError, Merged, NoResult
from socwatch.store.sheets.limits import MAX_BYTES

_DAMAGED = "open it in the program that made it, save it as .xlsx, and import that file"


class Look(NamedTuple):
    """What was found in a sheet beside its values; rows and columns count from 0."""

    rows: int
    columns: int
    """How far its filled cells reach."""
    special: Mapping[tuple[int, int], CellError | NoResult]
    months: frozenset[tuple[int, int]]
    """The cells that show a month, and no day."""
    merged: tuple[Merged, ...]
    hidden_rows: frozenset[int]
    hidden_columns: frozenset[int]


def open_package(name: str, content: bytes) -> zipfile.ZipFile:
    """Return the packed parts of a workbook. Raises SheetRefused for a damaged or vast one."""
    try:
        package = zipfile.ZipFile(io.BytesIO(content))
        size = sum(part.file_size for part in package.infolist())
    except (zipfile.BadZipFile, ValueError, OSError):
        raise SheetRefused(name, "the file is damaged", _DAMAGED) from None
    if size > MAX_BYTES:
        reason = f"unpacked, it is larger than {MAX_BYTES // 1024**2} MiB"
        raise SheetRefused(name, reason, "delete the sheets that are not needed, and save it again")
    return package


def read_part(name: str, package: zipfile.ZipFile, part: str) -> bytes:
    """Return a part of a workbook, unpacked; b"" where there is none. Raises SheetRefused."""
    try:
        with package.open(part) as opened:
            content = opened.read(MAX_BYTES + 1)
    except KeyError:
        return b""
    # Parts can be cut short, encrypted, misplaced, or packed by an unknown method.
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError, ValueError):
        raise SheetRefused(name, "the file is damaged", _DAMAGED) from None
    except Exception as error:  # zlib.error, and lzma.LZMAError, have no root of their own
        if type(error).__module__ not in {"zlib", "_lzma", "lzma"}:
            raise
        raise SheetRefused(name, "the file is damaged", _DAMAGED) from None
    if len(content) > MAX_BYTES:
        raise SheetRefused(name, "the file unpacks to more than it says", _DAMAGED)
    return content


class Walker:
    """A walk over the elements of a part, by their names without a prefix."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self.text
        self._parser.StartDoctypeDeclHandler = self._refuse_doctype

    def walk(self, name: str, content: bytes) -> None:
        """Visit every element. Raises SheetRefused for what is no XML."""
        if not content:
            return
        try:
            self._parser.Parse(content, True)  # noqa: FBT003  # expat takes it by position
        except (expat.ExpatError, ValueError):
            raise SheetRefused(name, "the file is damaged", _DAMAGED) from None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Begin an element."""

    def end(self, tag: str) -> None:
        """End an element."""

    def text(self, text: str) -> None:
        """Take in text."""

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self.start(tag.rpartition(":")[2], attributes)

    def _end(self, tag: str) -> None:
        self.end(tag.rpartition(":")[2])

    @staticmethod
    def _refuse_doctype(*_: object) -> None:
        message = "a workbook has no document type"  # with one, a few bytes can become gigabytes
        raise ValueError(message)


_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')


def shows_month(code: str) -> bool:
    """Return whether a number format shows a month with its year, and no day."""
    shown = _QUOTED.sub("", code.split(";", maxsplit=1)[0]).lower()
    return "m" in shown and "y" in shown and not set(shown) & set("dhs")
