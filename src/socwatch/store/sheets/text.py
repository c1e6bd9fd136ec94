"""A text file of values with separators between them, as spreadsheets save it."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from typing import TYPE_CHECKING

from socwatch.errors import SheetRefused
from socwatch.store.sheets.cells import CSV, Sheet
from socwatch.store.sheets.limits import require_area

if TYPE_CHECKING:
    from _csv import Reader as _Reader  # the type has no public name

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
"""What can stand between two values, and its name."""

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NUMBERS_FIT = 0.5


def read_text(
    name: str, content: bytes, separator: str | None = None
) -> tuple[Sheet, tuple[str, ...], tuple[str, ...]]:
    """Return the sheet that a text file is, the separators that fit it, and remarks.

    With several that fit, the sheet is read with the first of them. Raises SheetRefused.
    """
    text, remarks = _decode(name, content)
    fitting = (separator,) if separator else _fitting(text)
    if not fitting:
        reason = "it has no columns: no comma, semicolon, tab or vertical bar separates its values"
        raise SheetRefused(name, reason, "save the spreadsheet as .xlsx, and import that file")
    rows, lines = _records(name, text, fitting[0])
    width = max(map(len, rows), default=0)
    require_area(name, CSV, len(rows), width)
    cells = tuple(
        tuple((value if value.strip() else None) for value in row) + (None,) * (width - len(row))
        for row in rows
    )
    return Sheet(CSV, cells, lines=tuple(lines)), fitting, remarks


def _decode(name: str, content: bytes) -> tuple[str, tuple[str, ...]]:
    """Return the text of a file: UTF-8, UTF-16 with a mark, or else Windows text."""
    if content.startswith(_UTF_16):
        return content.decode("utf-16", errors="replace"), ()
    if b"\0" in content:
        reason = "it is neither a workbook nor text"
        raise SheetRefused(name, reason, "save it as .xlsx, and import that file")
    try:
        return content.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1252"), ("it is not UTF-8, so it was read as Windows text",)
    except UnicodeDecodeError:
        reason = "its letters are in an encoding that socwatch does not know"
        raise SheetRefused(name, reason, "save it as .xlsx, and import that file") from None


def _fitting(text: str) -> tuple[str, ...]:
    """Return the separators by which all records have as many values, or else most of them."""
    counts = {each: _counts(text, each) for each in SEPARATORS if each in text}
    uniform = [each for each, found in counts.items() if len(found) == 1 and max(found) > 1]
    if uniform:
        return tuple(uniform)
    return tuple(each for each, found in counts.items() if _mostly_one(found))


def _counts(text: str, separator: str) -> Counter[int]:
    try:
        return Counter(len(row) for row in _reader(text, separator) if any(map(str.strip, row)))
    except csv.Error:
        return Counter()


def _mostly_one(counts: Counter[int]) -> bool:
    if not counts:
        return False
    ((number, times),) = counts.most_common(1)
    return number > 1 and times > _NUMBERS_FIT * counts.total()


def _records(name: str, text: str, separator: str) -> tuple[list[list[str]], list[int]]:
    """Return the records, and the line on which each begins. Raises SheetRefused."""
    reader = _reader(text, separator)
    rows, lines, begins = [], [], 1
    try:
        for row in reader:
            rows.append(row)
            lines.append(begins)
            begins = reader.line_num + 1
    except csv.Error as error:
        reason = f"line {reader.line_num} cannot be read: {error}"
        raise SheetRefused(name, reason, "save it as .xlsx, and import that file") from None
    return rows, lines


def _reader(text: str, separator: str) -> _Reader:
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator)
