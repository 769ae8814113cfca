"""Files that nobody sends by accident, and some that somebody does: a row each, with what is said of them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

from placement.sheets.formats import write_sheet
from placement.sheets.ods_writing import _AFTER, _BEFORE
from placement.sheets.xlsx_writing import _BOOK, _BOOK_PARTS, _MAIN

MEGABYTE = 1024 * 1024
_BOMB = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">'
    '<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;">]>'
)
_OUTSIDE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
_SHARED = '<c t="s"><v>0</v></c>'
_TABLE = (
    '<table:table-row><table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    "</table:table-row>"
)


def packed(parts: dict[str, bytes | str], level: int = 6) -> bytes:
    """Return a packed file of these parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as whole:
        for name, content in parts.items():
            whole.writestr(name, content)
    return file.getvalue()


def xlsx(rows: str, before: str = "", **more: bytes | str) -> bytes:
    """Return a workbook of Excel with these rows as they are, and with other parts (`xl__a` is xl/a)."""
    sheet = f'<?xml version="1.0"?>{before}<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    parts = {"xl/workbook.xml": _BOOK, "xl/_rels/workbook.xml.rels": _BOOK_PARTS, "xl/worksheets/sheet1.xml": sheet}
    return packed(parts | {name.replace("__", "/").replace("_dot_", "."): part for name, part in more.items()})


def ods(rows: str, before: str = "", **more: bytes | str) -> bytes:
    """Return a workbook of OpenDocument with these rows as they are."""
    head, rest = _BEFORE.split("\n", 1)
    parts = {"content.xml": f"{head}{before}{rest}{rows}{_AFTER}"}
    return packed(parts | {name.replace("__", "/").replace("_dot_", "."): part for name, part in more.items()})


def words(text: str) -> str:
    """Return a row of Excel with one text."""
    return f'<row><c t="inlineStr"><is><t>{text}</t></is></c></row>'


def mixed(size: int) -> str:
    """Return so many characters that do not pack so well that it is seen."""
    return "".join(f"{n * 7919 % 9_999_991:07}" for n in range(size // 7))


def lying() -> bytes:
    """Return a workbook whose directory says that its sheet is small."""
    content = bytearray(xlsx(words("x") + "<row/>" * 4_000_000))
    with zipfile.ZipFile(io.BytesIO(content)) as whole:
        size = whole.getinfo("xl/worksheets/sheet1.xml").file_size
    return bytes(content.replace(size.to_bytes(4, "little"), (2000).to_bytes(4, "little")))


HOSTILE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "a zip bomb, 1000 to 1": ("a.xlsx", lambda: xlsx(words("x") + " " * 60 * MEGABYTE), "too large"),
    "the same as ods": ("a.ods", lambda: ods(_TABLE.format("x") + " " * 60 * MEGABYTE), "too large"),
    "a bomb just under the ratio": (
        "a.xlsx", lambda: xlsx("".join(words(f"{n * 7919 % 10_000_019}") for n in range(400_000))), "5,000 rows"),
    "a directory that lies": ("a.xlsx", lying, "damaged"),
    "a zip in a zip": ("a.xlsx", lambda: packed({"a.xlsx": xlsx(words("x"))}), "packed folder"),
    "a hundred thousand parts": (
        "a.xlsx", lambda: packed({f"p{n}": "" for n in range(100_000)}, level=0), "too large"),
    "billion laughs in xlsx": ("a.xlsx", lambda: xlsx(words("&e;"), _BOMB), "declares things"),
    "billion laughs in ods": ("a.ods", lambda: ods(_TABLE.format("&e;"), _BOMB), "declares things"),
    "billion laughs in shared words": (
        "a.xlsx", lambda: xlsx(words("x"), xl__sharedStrings_dot_xml=f'{_BOMB}<sst xmlns="{_MAIN}"/>'), "declares"),
    "an entity from outside": ("a.ods", lambda: ods(_TABLE.format("&e;"), _OUTSIDE), "declares things"),
    "a million rows, csv": ("a.csv", lambda: b"a\n" + b"1\n" * 1_000_000, "5,000 rows"),
    "a million rows, xlsx": ("a.xlsx", lambda: xlsx(words("x") * 1_000_000), "5,000 rows"),
    "a million rows, ods, said in one": ("a.ods", lambda: ods(
        _TABLE.format("h") + _TABLE.format("x").replace("row>", 'row table:number-rows-repeated="1048575">', 1)),
        "5,000 rows"),
    "four million empty rows": ("a.xlsx", lambda: xlsx(words("x") + "<row/>" * 4_000_000), "too large"),
    "a million empty rows, each with its number": (
        "a.xlsx", lambda: xlsx(words("x") + "".join(f'<row r="{n * 7919 % 1_000_003}"/>' for n in range(1_000_000))),
        "too large"),
    "shared words without end": ("a.xlsx", lambda: xlsx(words("x"), xl__sharedStrings_dot_xml=(
        f'<sst xmlns="{_MAIN}">' + "".join(f"<si><t>{n * 7919 % 1_000_003}</t></si>" for n in range(600_000)))),
        "too large"),
    "16,384 columns, csv": ("a.csv", lambda: b"a," * 16_383 + b"a\n1\n", "200 columns"),
    "16,384 columns, xlsx": (
        "a.xlsx", lambda: xlsx('<row r="1">' + "".join(f"<c><v>{n}</v></c>" for n in range(16_384)) + "</row>"),
        "200 columns"),
    "16,384 columns, ods, said in one": ("a.ods", lambda: ods(
        _TABLE.format("x").replace("cell ", 'cell table:number-columns-repeated="16384" ', 1)), "200 columns"),
    "five million columns": ("a.csv", lambda: b"a,b\n" + b"," * 5_000_000, "characters"),
    "a million columns in quotes": ("a.csv", lambda: b"a,b\n" + b'"\nx",' * 1_500_000, "characters"),
    "one text a million times, ods": ("a.ods", lambda: ods(
        _TABLE.format("x" * 5000).replace("row>", 'row table:number-rows-repeated="5000">', 1).replace(
            "cell ", 'cell table:number-columns-repeated="200" ', 1)), "too large"),
    "one text 200,000 times": ("a.xlsx", lambda: xlsx(
        f"<row>{_SHARED * 100}</row>" * 2000,
        xl__sharedStrings_dot_xml=f'<sst xmlns="{_MAIN}"><si><t>{"x" * 5000}</t></si></sst>'), "too large"),
    "a cell in the last column": ("a.xlsx", lambda: xlsx('<row><c r="XFD1"><v>1</v></c></row>'), "200 columns"),
    "a picture called xlsx": ("a.xlsx", lambda: b"\x89PNG\r\n\x1a\n" + b"x" * 99, "no XLSX file"),
    "a program called csv": ("a.csv", lambda: b"MZ\x90\x00\x03" + bytes(1000), "no CSV file"),
    "a workbook called csv": ("a.csv", lambda: xlsx(words("x")), "no CSV file"),
    "NULs": ("a.csv", lambda: b"a,b\n1,\x002\n", "no CSV file"),
    "UTF-16 without its mark": ("a.csv", lambda: "a,b\n1,2\n".encode("utf-16-le"), "no CSV file"),
    "half of a UTF-16 character": ("a.csv", lambda: b"\xff\xfea\x00\x00\xd8", "no CSV file"),
    "a line of 50 MB": ("a.csv", lambda: b"a" * 50 * MEGABYTE, "too large"),
    "a line of 9 MB": ("a.csv", lambda: b"a,b\n" + b"a" * 9 * MEGABYTE, "characters"),
    "9 MB with one rare sign": (
        "a.csv", lambda: b"a,b\n" + "🏠".encode() + b"abc,d\n" * 1_500_000, "5,000 rows"),
    "a quote that is never closed": ("a.csv", lambda: b'a,b\n"' + b"x,\n" * 3_000_000, "characters"),
    "a text of 15 MB": ("a.xlsx", lambda: xlsx(words(mixed(15 * MEGABYTE))), "characters"),
    "a text of 40 MB": ("a.xlsx", lambda: xlsx(words(mixed(40 * MEGABYTE))), "too large"),
    "an attribute of 15 MB": ("a.ods", lambda: ods(
        f'<table:table-row x="{mixed(15 * MEGABYTE)}"/>'), "too large"),
    "an old .xls, or a password": ("a.xlsx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "a password"),
    "an ods with a password": ("a.ods", lambda: ods(
        _TABLE.format("x"), **{"META-INF__manifest_dot_xml": "<m><encryption-data/></m>"}), "has a password"),
    "a formula": ("a.xlsx", lambda: xlsx("<row r='7'><c><f>1+1</f><v>2</v></c></row>"), "row 7 holds a formula"),
    "a formula, ods": ("a.ods", lambda: ods(
        _TABLE.format("2").replace("cell ", 'cell table:formula="of:=1+1" ', 1)), "row 1 holds a formula"),
    "macros": ("a.xlsx", lambda: xlsx(words("x"), xl__vbaProject_dot_bin=b"x"), "has macros"),
    "macros, ods": ("a.ods", lambda: ods(_TABLE.format("x"), **{"Basic__script-lc_dot_xml": "<x/>"}), "has macros"),
    "links to other files": (
        "a.xlsx", lambda: xlsx(words("x"), xl__externalLinks__externalLink1_dot_xml="<x/>"), "other files"),
    "links to other files, ods": (
        "a.ods", lambda: ods('<table:table-source/>' + _TABLE.format("x")), "other files"),
    "elements in elements": ("a.ods", lambda: ods(
        "".join(f'<table:table-row x="{n * 7919 % 1_000_003}">' for n in range(300_000))), "too large"),
    "cut off": ("a.xlsx", lambda: write_sheet("xlsx", ["a"], [["b"]])[:-60], "damaged"),
    "a part that is not packed as it says": ("a.xlsx", lambda: _spoilt(), "damaged"),
    "nothing": ("a.csv", lambda: b"", "is empty"),
    "nothing but a workbook": ("a.xlsx", lambda: xlsx(""), "is empty"),
    "an end that is no workbook": ("a.xlsm", lambda: xlsx(words("x")), ".xlsm file cannot be read"),
}  # fmt: skip


def _spoilt() -> bytes:
    content = bytearray(write_sheet("xlsx", ["a"] * 50, [[f"text {n}"] * 50 for n in range(200)]))
    middle = len(content) // 2
    content[middle : middle + 40] = b"\xff" * 40
    return bytes(content)
