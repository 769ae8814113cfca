"""The formats that tables come and go in: a row each, told by name and by content."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from placement.domain.errors import UnusableFile
from placement.sheets.limits import MOST_BYTES, TOO_LARGE
from placement.sheets.ods import read_ods
from placement.sheets.ods_writing import ods_bytes
from placement.sheets.sheet import Cell, Gathering, Sheet
from placement.sheets.texts import csv_bytes, read_csv
from placement.sheets.xlsx import read_xlsx
from placement.sheets.xlsx_writing import xlsx_bytes

_ZIP = b"PK\x03\x04"
_LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the older container: .xls, and every workbook with a password


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetFormat:
    """One format: the ending of its names, what it is sent as, and how it is read and written."""

    slug: str
    label: str
    content_type: str
    read: Callable[[bytes, Gathering], None]
    write: Callable[[Sequence[Sequence[Cell]]], bytes]

    @property
    def is_packed(self) -> bool:
        """Whether it is a packed workbook rather than a text."""
        return self.slug != "csv"


CSV = SheetFormat(slug="csv", label="CSV", content_type="text/csv; charset=utf-8", read=read_csv, write=csv_bytes)
XLSX = SheetFormat(
    slug="xlsx",
    label="Excel (.xlsx)",
    content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    read=read_xlsx,
    write=xlsx_bytes,
)
ODS = SheetFormat(
    slug="ods",
    label="OpenDocument (.ods)",
    content_type="application/vnd.oasis.opendocument.spreadsheet",
    read=read_ods,
    write=ods_bytes,
)
SHEET_FORMATS = (XLSX, ODS, CSV)
SHEET_FORMAT = {row.slug: row for row in SHEET_FORMATS}
ALLOWED_SHEETS = "Excel (.xlsx), OpenDocument (.ods) or CSV"


def read_sheet(content: bytes, *, name: str) -> Sheet:
    """Return the table in a file, of a workbook its first sheet. Raises UnusableFile, saying what to mend."""
    if len(content) > MOST_BYTES:
        raise UnusableFile(TOO_LARGE, field="file")
    found = _format(content, name.lower())
    rows = Gathering()
    found.read(content, rows)
    return rows.sheet(found.slug)


def write_sheet(slug: str, headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """Return a file with the headings and the rows, which is read back as it was written."""
    return SHEET_FORMAT[slug].write([headings, *rows])


def _format(content: bytes, name: str) -> SheetFormat:
    if content.startswith(_LOCKED):
        raise UnusableFile(
            "This workbook is an old .xls file or has a password. Save it as .xlsx without a password.", field="file"
        )
    ending = name.rpartition(".")[2]
    if ending in ("xls", "xlsm", "xlsb", "ots", "numbers"):
        raise UnusableFile(f"A .{ending} file cannot be read. Save it as .xlsx, .ods or CSV.", field="file")
    called = SHEET_FORMAT.get(ending, CSV if ending in ("tsv", "txt") else None)
    is_packed = content.startswith(_ZIP)
    if called is not None and called.is_packed != is_packed:
        raise UnusableFile(
            f"This file is called .{ending}, and it is no {called.slug.upper()} file. Open it, save it as one of "
            f"{ALLOWED_SHEETS}, and try again.",
            field="file",
        )
    if called is None:
        called = (ODS if b"opendocument.spreadsheet" in content[:200] else XLSX) if is_packed else CSV
    return called
