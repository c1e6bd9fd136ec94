"""The XML of an .xlsx workbook: where its sheets are, and what is remarkable in each."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Mapping

from socwatch.store.sheets.cells import CellError, Merged, NoResult
from socwatch.store.sheets.package import Look, Walker, read_part, shows_month

_BUILT_IN_MONTH = 17
"""The number of Excel's own format mmm-yy."""

_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_PLAIN_PLACE = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"(?: [^>]*[^/>])?>')
_PLAIN_CELL = (
    rb'r="[A-Z]{1,3}[0-9]{1,7}"(?: s="[0-9]+")?(?: t="(?:s|n|b|str|inlineStr)")?>'
    rb"(?:<v>[^<]+</v>|<is><t>[^<]*</t></is>)</c>"
)
"""What follows `<c ` of a cell with a plain value, as Excel, LibreOffice and openpyxl write it."""

_LETTERS = {letter: number for number, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ", start=1)}


def look_at_workbook(name: str, package: zipfile.ZipFile) -> tuple[Mapping[str, Look], bool]:
    """Return what is remarkable in each sheet, and whether its days count from 1904.

    Raises SheetRefused.
    """
    book = _Book()
    book.walk(name, read_part(name, package, "xl/workbook.xml"))
    links = _Links()
    links.walk(name, read_part(name, package, "xl/_rels/workbook.xml.rels"))
    styles = _Styles()
    styles.walk(name, read_part(name, package, "xl/styles.xml"))
    looks = {}
    for title, link in book.sheets.items():
        part = posixpath.normpath(posixpath.join("xl", links.targets.get(link, "")))
        found = _Sheet(styles.months)
        found.walk(name, found.skip_plain_cells(read_part(name, package, part)))
        looks[title] = found.look()
    return looks, book.counts_from_1904


def has_comments(package: zipfile.ZipFile) -> bool:
    """Return whether a workbook has comments."""
    return any("comments" in part.lower() for part in package.namelist())


class _Book(Walker):
    def __init__(self) -> None:
        super().__init__()
        self.sheets: dict[str, str] = {}
        self.counts_from_1904 = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet":
            link = next((v for key, v in attributes.items() if key.endswith(":id")), "")
            self.sheets[attributes.get("name", "")] = link
        elif tag == "workbookPr":
            self.counts_from_1904 = attributes.get("date1904") in {"1", "true"}


class _Links(Walker):
    def __init__(self) -> None:
        super().__init__()
        self.targets: dict[str, str] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship":
            target = attributes.get("Target", "")
            # An absolute target begins at the root of the package.
            target = f"..{target}" if target.startswith("/") else target
            self.targets[attributes.get("Id", "")] = target


class _Styles(Walker):
    def __init__(self) -> None:
        super().__init__()
        self.months: set[str] = set()
        """The numbers of the styles that show a month, as cells name them."""
        self._formats = {str(_BUILT_IN_MONTH)}
        self._inside = False
        self._number = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "numFmt" and shows_month(attributes.get("formatCode", "")):
            self._formats.add(attributes.get("numFmtId", ""))
        elif tag == "cellXfs":
            self._inside = True
        elif tag == "xf" and self._inside:
            if attributes.get("numFmtId") in self._formats:
                self.months.add(str(self._number))
            self._number += 1

    def end(self, tag: str) -> None:
        if tag == "cellXfs":
            self._inside = False


class _Sheet(Walker):
    def __init__(self, months: set[str]) -> None:
        super().__init__()
        self._style_months = months
        self._row = self._column = -1
        self._rows = self._columns = 0
        self._special: dict[tuple[int, int], CellError | NoResult] = {}
        self._months: set[tuple[int, int]] = set()
        self._merged: list[Merged] = []
        self._hidden_rows: set[int] = set()
        self._hidden_columns: set[int] = set()
        self._type = self._style = ""
        self._reading = ""
        self._formula = self._value = ""
        self._has_formula = self._has_value = False

    def look(self) -> Look:
        return Look(
            self._rows,
            self._columns,
            self._special,
            frozenset(self._months),
            tuple(self._merged),
            frozenset(self._hidden_rows),
            frozenset(self._hidden_columns),
        )

    def skip_plain_cells(self, content: bytes) -> bytes:
        """Return the sheet without the cells of which there is nothing to say but their place.

        They are nearly all, and to walk over them takes ten times as long.
        """
        places = _PLAIN_PLACE.findall(content)
        if places:
            self._rows = max(int(row) for _, row in places)
            self._columns = 1 + max(_column(each.decode()) for each in {c for c, _ in places})
        months = b"|".join(style.encode() for style in sorted(self._style_months))
        unless = rb'(?![^>]* s="(?:' + months + rb')")' if months else b""
        return re.sub(b"<c " + unless + _PLAIN_CELL, b"", content)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        match tag:
            case "c":
                self._start_cell(attributes)
            case "v":
                self._reading = "value"
                self._has_value = self._has_value or self._type == "str"
            case "is":
                self._reading, self._has_value = "value", True
            case "f":
                self._reading, self._has_formula = "formula", True
            case "row":
                self._row = _number(attributes.get("r"), self._row + 2) - 1
                self._column = -1
                if attributes.get("hidden") in {"1", "true"}:
                    self._hidden_rows.add(self._row)
            case "col" if attributes.get("hidden") in {"1", "true"}:
                first, last = _number(attributes.get("min"), 1), _number(attributes.get("max"), 1)
                self._hidden_columns.update(range(first - 1, min(last, first + 999)))
            case "mergeCell":
                self._add_merged(attributes.get("ref", ""))

    def _start_cell(self, attributes: dict[str, str]) -> None:
        found = _CELL.fullmatch(attributes.get("r", ""))
        self._column = _column(found[1]) if found else self._column + 1
        if found:
            self._row = int(found[2]) - 1
        self._type, self._style = attributes.get("t", ""), attributes.get("s", "")
        self._formula = self._value = ""
        self._has_formula = self._has_value = False

    def _add_merged(self, ref: str) -> None:
        begin, _, end = ref.partition(":")
        first, last = _CELL.fullmatch(begin), _CELL.fullmatch(end)
        if first and last:
            self._merged.append(
                Merged(int(first[2]) - 1, _column(first[1]), int(last[2]) - 1, _column(last[1]))
            )

    def text(self, text: str) -> None:
        if self._reading == "value":
            self._value += text
            self._has_value = True
        elif self._reading == "formula":
            self._formula += text

    def end(self, tag: str) -> None:
        if tag in {"v", "is", "f"}:
            self._reading = ""
        elif tag == "c" and (self._has_value or self._has_formula):
            place = (self._row, self._column)
            self._rows = max(self._rows, self._row + 1)
            self._columns = max(self._columns, self._column + 1)
            if self._type == "e":
                self._special[place] = CellError(self._value or "#ERROR!")
            elif self._has_formula and not self._has_value:
                self._special[place] = NoResult(f"={self._formula}")
            elif self._style in self._style_months:
                self._months.add(place)


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else otherwise  # noqa: PLR2004  # no row has more digits


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + _LETTERS[letter]
    return number - 1
