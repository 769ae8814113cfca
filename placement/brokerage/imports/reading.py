"""A file of referrals as rows of cells, whatever a spreadsheet made of it: a workbook, CSV, or JSON."""

from __future__ import annotations

import json
from typing import Any

from placement.brokerage.imports.columns import COLUMN, COLUMNS
from placement.domain.errors import UnusableFile
from placement.sheets.formats import read_sheet
from placement.sheets.guarding import unguarded
from placement.sheets.limits import LONGEST_CELL, MOST_BYTES, MOST_ROWS, TOO_LARGE, TOO_MANY_ROWS
from placement.sheets.sheet import MEND
from placement.sheets.texts import decoded

Cells = dict[str, str]


def read_rows(content: bytes, *, name: str) -> list[Cells]:
    """Return the rows of a file by the headings of the table. Raises UnusableFile, saying what to mend."""
    if len(content) > MOST_BYTES:
        raise UnusableFile(TOO_LARGE, field="file")
    is_json = name.lower().endswith(".json") or content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"[", b"{")
    return _of_json(decoded(content)) if is_json else _of_sheet(content, name)


def _of_sheet(content: bytes, name: str) -> list[Cells]:
    sheet = read_sheet(content, name=name)
    headings = [cell.strip().casefold().replace(" ", "_") for cell in sheet.headings]
    _require_headings(headings)
    return [dict(zip(headings, map(str.strip, row.cells), strict=False)) for row in sheet.rows]


def _of_json(text: str) -> list[Cells]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnusableFile("This is no sound JSON: a list of referrals is expected.", field="file") from error
    rows = found.get("referrals") if isinstance(found, dict) else found
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise UnusableFile("This JSON holds no list of referrals: [{…}, {…}] is expected.", field="file")
    if not rows:
        raise UnusableFile("This file has no rows. Choose another one.", field="file")
    if len(rows) > MOST_ROWS:
        raise UnusableFile(TOO_MANY_ROWS, field="file")
    _require_headings([key for row in rows for key in row])
    return [{str(key): _plain(value) for key, value in row.items()} for row in rows]


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return " | ".join(map(_plain, value))
    return "" if value is None else unguarded(str(value).strip())[:LONGEST_CELL]


def _require_headings(headings: list[str]) -> None:
    lacking = [column.name for column in COLUMNS if column.is_needed and column.name not in headings]
    if lacking:
        raise UnusableFile(f"These columns are missing: {', '.join(lacking)}. Use the template.", field="file")
    unknown = sorted({heading for heading in headings if heading and heading not in COLUMN and heading != MEND})
    if unknown:
        said = ", ".join(each[:40] for each in unknown[:5])
        raise UnusableFile(f"These columns are not in the template: {said}. Rename or remove them.", field="file")
