"""Writing a workbook of Excel (ECMA-376): texts are texts, so that nothing in one runs, also once it was edited."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from placement.sheets.packing import in_xml, packed
from placement.sheets.sheet import Cell

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_APPLICATION = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_TYPES = (
    f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_APPLICATION}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_APPLICATION}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_APPLICATION}.styles+xml"/></Types>'
)
_ROOT = (
    f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
_BOOK = (
    f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="Table" sheetId="1" r:id="rId1"/>'
    "</sheets></workbook>"
)
_BOOK_PARTS = (
    f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
)
# Style 1 is a text (format 49), which stays one when somebody edits the cell; style 2 the same in bold.
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/><name val="Arial"/></font>'
    '<font><b/><sz val="11"/><name val="Arial"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" quotePrefix="1"/>'
    '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
_TEXT, _HEADING = 1, 2
_WIDTHS = (8, 60)
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)|[\x00-\x08\x0b-\x1f\ufffe\uffff]")


def xlsx_bytes(rows: Sequence[Sequence[Cell]]) -> bytes:
    """Return a workbook with one sheet: the first row is the headings and stays in sight."""
    return packed(
        [
            ("[Content_Types].xml", _TYPES),
            ("_rels/.rels", _ROOT),
            ("xl/workbook.xml", _BOOK),
            ("xl/_rels/workbook.xml.rels", _BOOK_PARTS),
            ("xl/styles.xml", _STYLES),
            ("xl/worksheets/sheet1.xml", "".join(_sheet(rows))),
        ]
    )


def escaped(text: str) -> str:
    """Return a text as a workbook holds it: what XML cannot is written _x000D_, and what looks like that as well."""
    return in_xml(_ESCAPE.sub(lambda found: f"_x{ord(found[0]):04X}_", text))


def _sheet(rows: Sequence[Sequence[Cell]]) -> Iterator[str]:
    yield f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    yield '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>'
    for place, width in enumerate(_widths(rows), start=1):
        yield f'<col min="{place}" max="{place}" width="{width}" customWidth="1"/>'
    yield "</cols><sheetData>"
    for number, row in enumerate(rows, start=1):
        style = _HEADING if number == 1 else _TEXT
        cells = "".join(_cell(cell, f"{_letters(place)}{number}", style) for place, cell in enumerate(row))
        yield f'<row r="{number}">{cells}</row>'
    yield "</sheetData></worksheet>"


def _cell(cell: Cell, reference: str, style: int) -> str:
    if cell is None or cell == "":
        return ""
    if isinstance(cell, int | float):
        return f'<c r="{reference}"><v>{cell}</v></c>'
    text = escaped(cell.isoformat() if isinstance(cell, date) else cell)
    return f'<c r="{reference}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _letters(place: int) -> str:
    found = ""
    place += 1
    while place:
        place, letter = divmod(place - 1, 26)
        found = chr(ord("A") + letter) + found
    return found


def _widths(rows: Sequence[Sequence[Cell]]) -> list[int]:
    least, most = _WIDTHS
    longest = [0] * max(map(len, rows))
    for row in rows:
        for place, cell in enumerate(row):
            longest[place] = max(longest[place], len(str(cell or "")))
    return [min(most, max(least, each + 2)) for each in longest]
