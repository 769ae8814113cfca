"""Which kind of CQC file is this? Decided by what is in it, never by its name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from placement.domain.errors import UnusableFile
from placement.market.imports.cqc.api import read_api
from placement.market.imports.cqc.directories import read_rows
from placement.market.imports.cqc.layouts import LAYOUTS
from placement.market.imports.cqc.rows import Problem, Reading
from placement.market.imports.cqc.tables import column_name, decode, find_header

CONTRADICTED = (
    "The columns are those of {}, but “{}” beside them says that the file may list what is registered no longer, "
    "and no file of that kind has such a column"
)
MOST_BYTES = 200_000_000  # HSCA active locations are about 35 MB as CSV


def read_file(content: bytes, *, name: str, vintage: date | None = None) -> Reading:
    """Return what one file says; `vintage` is the day it was published or fetched, which no CQC file tells.

    UnusableFile if it is neither JSON of the API nor a delimited file with the columns of a known layout.
    """
    if len(content) > MOST_BYTES:
        raise UnusableFile(f"The file is larger than {MOST_BYTES // 1_000_000} MB")
    text = decode(content)
    if text.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        return read_api(text, file=name, vintage=vintage)
    contradicted = ""
    for layout in LAYOUTS:
        if found := find_header(text, frozenset(map(column_name, layout.wanted))):
            delimiter, header = found
            odd = layout.contradiction(header.cells)
            if not odd:
                return read_rows(text, delimiter, header, layout, file=name, vintage=vintage)
            contradicted = contradicted or CONTRADICTED.format(layout.label, odd)
    known = ", ".join(layout.label for layout in LAYOUTS)
    raise UnusableFile(contradicted or f"The columns are none of these: {known}; and it is not JSON of the CQC API")


def read_paths(paths: Iterable[Path], *, vintage: date | None = None) -> Reading:
    """Return what files and the files in folders, at any depth, say; an unusable file is a problem.

    They are read in order of their paths, once each, so that the order in which they are given does not matter.
    """
    files = {each for path in paths for each in (path.rglob("*") if path.is_dir() else [path]) if each.is_file()}
    return Reading.of(_read_or_report(each, vintage) for each in sorted(files))


def _read_or_report(path: Path, vintage: date | None) -> Reading:
    try:
        return read_file(path.read_bytes(), name=path.name, vintage=vintage)
    except UnusableFile as error:
        return Reading(problems=(Problem(file=path.name, row=0, reason=str(error)),))
    except OSError as error:
        return Reading(problems=(Problem(file=path.name, row=0, reason=f"The file cannot be read: {error.strerror}"),))
