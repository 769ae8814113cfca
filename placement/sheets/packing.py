"""What the two kinds of workbooks are written with: the same bytes for the same table, whenever it is written."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from io import BytesIO
from xml.sax.saxutils import escape

FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def packed(parts: Sequence[tuple[str, str]], *, unpacked_first: str = "") -> bytes:
    """Return a packed file with these parts; one may stand first as it is, as OpenDocument wants its type."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as whole:
        for name, content in parts:
            part = zipfile.ZipInfo(name, FIRST_DAY)
            part.compress_type = zipfile.ZIP_STORED if name == unpacked_first else zipfile.ZIP_DEFLATED
            whole.writestr(part, content)
    return file.getvalue()


def in_xml(text: str) -> str:
    """Return a text as it stands between tags or quotes; what no XML can hold is a question mark in a square."""
    return escape(_NOT_XML.sub("\ufffd", text), {"\r": "&#13;", "\n": "&#10;", "\t": "&#9;", '"': "&quot;"})
