"""Packed workbooks: what is in one is looked at before any of it is unpacked, and its XML is read piece by piece.

Nothing is unpacked to the disk, no part is held whole, and no entity is expanded: a workbook has no use for any.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from typing import IO, Any
from xml.parsers import expat

from placement.domain.errors import UnusableFile
from placement.sheets.limits import (
    LONGEST_PIECE,
    MEGABYTE,
    MOST_DEEP,
    MOST_ELEMENTS,
    MOST_PARTS,
    MOST_TIMES,
    MOST_UNPACKED,
    TOO_LARGE,
)

CHUNK = 64 * 1024
BROKEN = "This workbook is damaged. Open it, save it again as .xlsx or .ods, and send that."
PASSWORD = "This workbook has a password. Save it without one."
MACROS = "This workbook has macros. Save it as .xlsx or .ods without macros."
ELSEWHERE = "This workbook takes values from other files. Copy its table and paste it as values into a new workbook."
A_FOLDER = "This is a packed folder and no workbook. Unpack it, and send the table in it."
DECLARES = "This workbook declares things that no spreadsheet writes. Save its table again as .xlsx, .ods or CSV."
FORMULA = "A cell in row {row} holds a formula. Copy the column and paste it as values, then save and send it again."
Attributes = Mapping[str, str]


@contextmanager
def unpacking(content: bytes) -> Iterator[zipfile.ZipFile]:
    """Open a packed file whose directory says that it can be read. Raises UnusableFile for any other."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            _require_small(packed)
            yield packed
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise UnusableFile(BROKEN, field="file") from error
    except Exception as error:
        if type(error).__module__ == "zlib":
            raise UnusableFile(BROKEN, field="file") from error
        raise


def _require_small(packed: zipfile.ZipFile) -> None:
    parts = packed.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > 2 * MOST_UNPACKED:
        raise UnusableFile(TOO_LARGE, field="file")
    for part in parts:
        if part.flag_bits & 0x1:
            raise UnusableFile(PASSWORD, field="file")
        if part.file_size > MEGABYTE and part.file_size > MOST_TIMES * max(1, part.compress_size):
            raise UnusableFile(TOO_LARGE, field="file")


class XmlSteps:
    """Takes the steps through XML: elements by their local names, and their texts. A format says what it does there."""

    def begin(self, name: str, attributes: Attributes) -> None:
        """Come to an element."""

    def end(self, name: str) -> None:
        """Leave an element."""

    def text(self, words: str) -> None:
        """Come to a text, or a piece of one."""


class Parts:
    """The parts of one workbook, of which only so much is read altogether."""

    def __init__(self, packed: zipfile.ZipFile) -> None:
        self._packed = packed
        self._names = {name.lower(): name for name in packed.namelist()}
        self._left = MOST_UNPACKED
        self._elements = MOST_ELEMENTS

    def __contains__(self, name: str) -> bool:
        """Return whether there is a part; systems differ in how they write capitals."""
        return name.lower() in self._names

    def any_in(self, *folders: str) -> bool:
        """Return whether there is any part that begins like one of these."""
        return any(name.startswith(folders) for name in self._names)

    def walk(self, name: str, steps: XmlSteps) -> None:
        """Walk through the XML of a part. Raises UnusableFile."""
        if name not in self:
            raise UnusableFile(BROKEN, field="file")
        with self._packed.open(self._names[name.lower()]) as part:
            try:
                self._walk(part, steps)
            except expat.ExpatError as error:
                raise UnusableFile(BROKEN, field="file") from error

    def _walk(self, part: IO[bytes], steps: XmlSteps) -> None:
        parser = self._parser(steps)
        fed = 0
        while chunk := part.read(CHUNK):
            fed += len(chunk)
            self._left -= len(chunk)
            if self._left < 0:
                raise UnusableFile(TOO_LARGE, field="file")
            parser.Parse(chunk, False)
            if fed - parser.CurrentByteIndex > LONGEST_PIECE:
                raise UnusableFile(TOO_LARGE, field="file")
        parser.Parse(b"", True)

    def _parser(self, steps: XmlSteps) -> Any:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        depth = 0

        def begin(name: str, attributes: dict[str, str]) -> None:
            nonlocal depth
            depth += 1
            self._elements -= 1
            if depth > MOST_DEEP or self._elements < 0:
                raise UnusableFile(TOO_LARGE, field="file")
            steps.begin(_local(name), {_local(key): value for key, value in attributes.items()})

        def end(name: str) -> None:
            nonlocal depth
            depth -= 1
            steps.end(_local(name))

        parser.StartElementHandler, parser.EndElementHandler = begin, end
        parser.CharacterDataHandler = steps.text
        parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _refusing(DECLARES)
        return parser


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _refusing(words: str) -> Callable[..., None]:
    def refuse(*_given: object) -> None:
        raise UnusableFile(words, field="file")

    return refuse
