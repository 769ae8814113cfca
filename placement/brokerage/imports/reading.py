"""A file of referrals as rows of cells, whatever a spreadsheet made of it: CSV with commas or semicolons, or JSON."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

from placement.brokerage.imports.columns import COLUMN, COLUMNS
from placement.domain.errors import UnusableFile

MOST_ROWS = 5000
LONGEST_CELL = 5000
# A leading apostrophe that only keeps a spreadsheet from running a text as a formula: ours, when a file comes back.
_GUARD = re.compile(r"^'(?='*[=+\-@\t\r\n＝＋－＠])")
Cells = dict[str, str]


def read_rows(content: bytes, *, name: str) -> list[Cells]:
    """Return the rows of a file by the headings of the table. Raises UnusableFile, saying what to mend."""
    text = _decoded(content)
    if not text.strip():
        raise UnusableFile("This file is empty. Choose another one.", field="file")
    is_json = name.lower().endswith(".json") or text.lstrip()[:1] in "[{"
    rows = _of_json(text) if is_json else _of_csv(text)
    if not rows:
        raise UnusableFile("This file has no rows under its headings.", field="file")
    if len(rows) > MOST_ROWS:
        raise UnusableFile(f"This file has more than {MOST_ROWS:,} rows. Split it and send the parts.", field="file")
    return rows


def _decoded(content: bytes) -> str:
    if b"\x00" in content:
        raise UnusableFile("This is no CSV or JSON file. Save it as CSV UTF-8 and try again.", field="file")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")  # what Excel writes as plain CSV


def _of_csv(text: str) -> list[Cells]:
    first = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        table = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise UnusableFile(f"This is no sound CSV file: {error}. Save it as CSV UTF-8.", field="file") from error
    filled = [row for row in table if any(cell.strip() for cell in row)]
    headings = [cell.strip().casefold().replace(" ", "_") for cell in filled[0]]
    _require_headings(headings)
    return [dict(zip(headings, map(_cell, row), strict=False)) for row in filled[1:]]


def _of_json(text: str) -> list[Cells]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnusableFile("This is no sound JSON: a list of referrals is expected.", field="file") from error
    rows = found.get("referrals") if isinstance(found, dict) else found
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise UnusableFile("This JSON holds no list of referrals: [{…}, {…}] is expected.", field="file")
    _require_headings([key for row in rows for key in row])
    return [{str(key): _plain(value) for key, value in row.items()} for row in rows]


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return " | ".join(map(_plain, value))
    return "" if value is None else _cell(str(value))


def _cell(text: str) -> str:
    return _GUARD.sub("", text.strip())[:LONGEST_CELL]


def _require_headings(headings: list[str]) -> None:
    lacking = [column.name for column in COLUMNS if column.is_needed and column.name not in headings]
    if lacking:
        raise UnusableFile(f"These columns are missing: {', '.join(lacking)}. Use the template.", field="file")
    unknown = sorted({heading for heading in headings if heading and heading not in COLUMN and heading != MEND})
    if unknown:
        said = ", ".join(each[:40] for each in unknown[:5])
        raise UnusableFile(f"These columns are not in the template: {said}. Rename or remove them.", field="file")


MEND = "what_to_mend"
"""The last column of the file of rows with problems: it is left out when that file comes back."""
