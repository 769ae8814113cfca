"""Writing a workbook of OpenDocument (1.3, part 3): texts are texts, so that nothing in one runs, also once edited."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from placement.sheets.packing import in_xml, packed
from placement.sheets.sheet import Cell

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_SPACE = "urn:oasis:names:tc:opendocument:xmlns"
_MANIFEST = (
    f'{_HEAD}<manifest:manifest xmlns:manifest="{_SPACE}:manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{_TYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)
# A cell of the style "words" is a text, which stays one when somebody edits it.
_BEFORE = (
    f'{_HEAD}<office:document-content xmlns:office="{_SPACE}:office:1.0" xmlns:table="{_SPACE}:table:1.0" '
    f'xmlns:text="{_SPACE}:text:1.0" xmlns:style="{_SPACE}:style:1.0" xmlns:number="{_SPACE}:datastyle:1.0" '
    'office:version="1.3"><office:automatic-styles>'
    '<number:text-style style:name="N1"><number:text-content/></number:text-style>'
    '<style:style style:name="words" style:family="table-cell" style:data-style-name="N1"/>'
    '</office:automatic-styles><office:body><office:spreadsheet><table:table table:name="Table">'
)
_AFTER = "</table:table></office:spreadsheet></office:body></office:document-content>"
_SIGNS = re.compile("\t|  +|^ | $")  # one blank between two words is kept as it is


def ods_bytes(rows: Sequence[Sequence[Cell]]) -> bytes:
    """Return a workbook with one sheet, of which the first row is the headings."""
    content = "".join((_BEFORE, f'<table:table-column table:number-columns-repeated="{max(map(len, rows))}"/>',
                       *map(_row, rows), _AFTER))  # fmt: skip
    parts = [("mimetype", _TYPE), ("META-INF/manifest.xml", _MANIFEST), ("content.xml", content)]
    return packed(parts, unpacked_first="mimetype")


def _row(cells: Sequence[Cell]) -> str:
    return f"<table:table-row>{''.join(map(_cell, cells)) or '<table:table-cell/>'}</table:table-row>"


def _cell(cell: Cell) -> str:
    if cell is None or cell == "":
        return "<table:table-cell/>"
    if isinstance(cell, int | float):
        return (
            f'<table:table-cell office:value-type="float" office:value="{cell}"><text:p>{cell}</text:p>'
            "</table:table-cell>"
        )
    text = cell.isoformat() if isinstance(cell, date) else cell
    # A paragraph cannot hold a carriage return: then the attribute says what the text is.
    exact = f' office:string-value="{in_xml(text)}"' if "\r" in text else ""
    return (
        f'<table:table-cell table:style-name="words" office:value-type="string"{exact}>{"".join(_paragraphs(text))}'
        "</table:table-cell>"
    )


def _paragraphs(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        places, last = [], 0
        for found in _SIGNS.finditer(line):
            places += [in_xml(line[last : found.start()]), _sign(found[0])]
            last = found.end()
        yield f"<text:p>{''.join(places)}{in_xml(line[last:])}</text:p>"


def _sign(blanks: str) -> str:
    """Return blanks as they are kept: a reader makes one of several, and none of those at the ends."""
    return "<text:tab/>" if blanks == "\t" else f'<text:s text:c="{len(blanks)}"/>'
