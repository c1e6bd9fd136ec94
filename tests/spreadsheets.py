"""Spreadsheets made for tests: from rows, or from one that socwatch wrote, with cells filled in."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from xml.sax.saxutils import escape

from xlsxwriter import Workbook

Cell = str | float | date | None
Rows = Sequence[Sequence[Cell]]


def write_xlsx(path: Path, sheets: Mapping[str, Rows]) -> Path:
    """Write a workbook with these rows on each sheet."""
    workbook = Workbook(path, {"default_date_format": "dd/mm/yyyy", "strings_to_formulas": False})
    for name, rows in sheets.items():
        page = workbook.add_worksheet(name)
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    page.write_datetime(at, column, datetime.combine(value, time()))
                elif isinstance(value, str):
                    page.write_string(at, column, value)
                elif value is not None:
                    page.write_number(at, column, value)
    workbook.close()
    return path


def write_csv(path: Path, rows: Rows) -> Path:
    """Write a text file with commas, its dates as ISO has them."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(["" if value is None else value for value in row] for row in rows)
    path.write_bytes(text.getvalue().encode())
    return path


def write_ods(path: Path, sheets: Mapping[str, Rows]) -> Path:
    """Write a document as LibreOffice reads it: as much of it as cells need."""
    tables = "".join(
        f'<table:table table:name="{escape(name)}">{"".join(map(_ods_row, rows))}</table:table>'
        for name, rows in sheets.items()
    )
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}>'
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        "</manifest:manifest>"
    )
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", kind)
        package.writestr("META-INF/manifest.xml", manifest)
        package.writestr("content.xml", content)
    return path


def _ods_row(row: Sequence[Cell]) -> str:
    return f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>"


def _ods_cell(value: Cell) -> str:
    match value:
        case None:
            return "<table:table-cell/>"
        case str():
            lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in value.split("\n"))
            return f'<table:table-cell office:value-type="string">{lines}</table:table-cell>'
        case date():
            return (
                f'<table:table-cell office:value-type="date" office:date-value="{value}">'
                f"<text:p>{value}</text:p></table:table-cell>"
            )
    return (
        f'<table:table-cell office:value-type="float" office:value="{value}">'
        f"<text:p>{value}</text:p></table:table-cell>"
    )


def fill_in(source: Path, target: Path, part: str, cells: Mapping[str, Cell]) -> Path:
    """Write a copy of a workbook with these cells of one of its sheets filled in."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == f"xl/worksheets/{part}.xml":
                text = content.decode()
                for address, value in cells.items():
                    text = _with_cell(text, address, value)
                content = text.encode()
            new.writestr(name, content)
    return target


def _with_cell(text: str, address: str, value: Cell) -> str:
    """Return a sheet with a cell that it has empty, or that is the last of its row."""
    row = re.sub(r"\D", "", address)
    value = value.isoformat() if isinstance(value, date) else value  # A date without a format.
    style = re.search(rf'<c r="{address}" s="(\d+)"', text)
    styled = f' s="{style[1]}"' if style else ""
    cell = f'<c r="{address}"{styled}><v>{value}</v></c>'
    if isinstance(value, str):
        cell = f'<c r="{address}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    text = re.sub(rf'<c r="{address}"[^>]*/>', "", text)
    if f'<row r="{row}"' in text:
        return re.sub(rf'(<row r="{row}"[^>]*>.*?)(</row>)', rf"\1{cell}\2", text, count=1)
    return text.replace("</sheetData>", f'<row r="{row}">{cell}</row></sheetData>')
