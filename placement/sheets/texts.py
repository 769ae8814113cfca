"""CSV: with commas, semicolons or tabs, in any encoding that spreadsheets write; written for those who open it too."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date

from placement.domain.errors import UnusableFile
from placement.sheets.guarding import guarded, unguarded
from placement.sheets.limits import LONGEST_CELL, LONGEST_LINE, TOO_LONG, TOO_LONG_ROW
from placement.sheets.sheet import Cell, Gathering

DELIMITERS = ",;\t"
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
NO_TEXT = "This is no CSV file. Save it as CSV UTF-8 and try again."


def read_csv(content: bytes, rows: Gathering) -> None:
    """Give the rows of a CSV file. Raises UnusableFile, saying what to mend."""
    text = decoded(content)
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=_delimiter(text), strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            rows.take(number, [unguarded(cell) for cell in cells])
            lines.begin(number + 1)
    except csv.Error as error:
        if "field limit" in str(error):
            raise UnusableFile(TOO_LONG.format(row=number + 1), field="file") from error
        raise UnusableFile(
            f"This is no sound CSV file: in row {number + 1} a quotation mark or the end of a line stands where none "
            "belongs. Open it in a spreadsheet and save it as CSV UTF-8.",
            field="file",
        ) from error


def decoded(content: bytes) -> str:
    """Return a file as text: UTF-8, UTF-16 with its mark, or Windows-1252. Raises UnusableFile for what is no text."""
    encoding = "utf-16" if content.startswith(_UTF_16) else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding == "utf-16":
            raise UnusableFile(NO_TEXT, field="file") from error
        text = content.decode("cp1252", errors="replace")  # what Excel writes as plain CSV
    if "\x00" in text:
        raise UnusableFile(NO_TEXT, field="file")
    return text


def csv_bytes(rows: Sequence[Sequence[Cell]]) -> bytes:
    """Return a CSV file: UTF-8 with a byte-order mark, because Excel takes a file without one for Windows-1252."""
    return "".join(csv_line(row) for row in rows).encode("utf-8-sig")


def csv_line(cells: Sequence[Cell]) -> str:
    """Return one line; texts that begin like a formula are guarded, numbers stay numbers, so that they add up."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow([_written(cell) for cell in cells])
    return text.getvalue()


def _written(cell: Cell) -> str | int | float:
    if cell is None:
        return ""
    if isinstance(cell, int | float):
        return cell
    return guarded(cell.isoformat() if isinstance(cell, date) else cell)


class _Lines:
    """The lines of a text, refused where those of one row are too long together: a quoted cell can have many."""

    def __init__(self, text: str) -> None:
        self._lines = io.StringIO(text, newline="")
        self._length = 0
        self.row = 1

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self._length += len(line)
            if self._length > LONGEST_LINE:
                raise UnusableFile(TOO_LONG_ROW.format(row=self.row), field="file")
            yield line

    def begin(self, row: int) -> None:
        """Begin with another row."""
        self.row, self._length = row, 0


def _delimiter(text: str) -> str:
    start = len(text) - len(text.lstrip("\r\n"))
    end = text.find("\n", start, start + LONGEST_LINE)
    first = text[start : end if end > 0 else start + LONGEST_CELL]
    return max(DELIMITERS, key=first.count)
