import random
import string
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from placement.domain.errors import UnusableFile
from placement.sheets.formats import SHEET_FORMATS, read_sheet, write_sheet
from placement.sheets.guarding import guarded, unguarded
from placement.sheets.limits import MOST_COLUMNS, MOST_ROWS
from tests.sheets.hostile import ods, packed, xlsx

FORMATS = [each.slug for each in SHEET_FORMATS]
HARD = [
    "=1+1", "'=1+1", "''=1", "+44", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＠1", "O'Hara", '"a"', 'a"b',
    "0012", "1e5", "2027-03-01", "01/02/2027", "12.0", "1,250", "TRUE", "#REF!", "_x000D_", "_x005F_", "a\r\nb", "a\rb",
    "two\nlines", "  two  blanks  ", "\ta\t", "مركز الرعاية",
    "\u202eabc", "Zoë’s – Haus", "𝔘nicode 🏠", "a,b;c\td", "<b>&amp;", "]]>",
]  # fmt: skip
# What no text of a workbook can hold stands in no record: `plain` refuses it.
CHARACTERS = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff") | st.sampled_from(
    "\t\r\n"
)
TEXTS = st.text(CHARACTERS, max_size=30) | st.sampled_from(HARD)
CELLS = TEXTS | st.integers(-(10**9), 10**9) | st.none() | st.dates()


def as_read(cell):
    """Return a cell as it comes back: text."""
    if cell is None:
        return ""
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def trimmed(row):
    cells = [as_read(cell) for cell in row]
    while cells and not cells[-1].strip():
        cells.pop()
    return tuple(cells)


def back(slug, rows):
    sheet = read_sheet(write_sheet(slug, ["one", "two", "three"], rows), name=f"a.{slug}")
    assert sheet.headings == ("one", "two", "three")
    return [row.cells for row in sheet.rows]


@pytest.mark.parametrize("slug", FORMATS)
@settings(deadline=None, max_examples=200)
@given(rows=st.lists(st.tuples(st.integers(0, 99), CELLS, CELLS), min_size=1, max_size=6))
@example(rows=[(1, hard, hard) for hard in HARD])
def test_what_is_written_comes_back_equal(slug, rows):
    assert back(slug, rows) == [trimmed(row) for row in rows]


def a_name(random_):
    alphabet = string.printable.replace("\x0b", "").replace("\x0c", "") + "éüßøЖ界ع\u202e\u200f’–🏠"
    made = "".join(random_.choices(alphabet, k=random_.randint(1, 24)))
    return random_.choice(
        [made, random_.choice(HARD), f"{random_.choice(HARD)}{made}", f"{random_.randint(0, 999):06}"]
    )


@pytest.mark.parametrize("slug", FORMATS)
def test_ten_thousand_rows_come_back_equal(slug):
    random_ = random.Random(20261127)
    for _ in range(2):  # a file holds five thousand
        rows = [(number, a_name(random_), a_name(random_)) for number in range(MOST_ROWS)]
        assert back(slug, rows) == [trimmed(row) for row in rows]


@pytest.mark.parametrize("slug", FORMATS)
def test_the_same_table_is_the_same_bytes(slug):
    assert write_sheet(slug, ["a"], [["b"]]) == write_sheet(slug, ["a"], [["b"]])


@given(TEXTS)
def test_no_guarded_text_begins_like_a_formula_and_the_guard_is_undone(text):
    assert not guarded(text).startswith(tuple("=+-@\t\r\n＝＋－＠"))
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("slug", FORMATS)
def test_the_most_that_is_read_is_read_and_one_row_more_is_not(slug):
    rows = [[number] * 3 for number in range(MOST_ROWS + 1)]
    assert len(back(slug, rows[1:])) == MOST_ROWS
    with pytest.raises(UnusableFile, match="5,000 rows"):
        back(slug, rows)
    wide = ["x"] * (MOST_COLUMNS + 1)
    assert read_sheet(write_sheet(slug, wide[1:], [wide[1:]]), name=f"a.{slug}").headings == tuple(wide[1:])
    with pytest.raises(UnusableFile, match="200 columns"):
        read_sheet(write_sheet(slug, wide, [wide]), name=f"a.{slug}")


@pytest.mark.parametrize(
    ("content", "cells"),
    [
        ("a;b\r\n1;ü\r\n".encode("cp1252"), ("1", "ü")),
        ("a\tb\n1\tü\n".encode("utf-16"), ("1", "ü")),
        ("\ufeffa,b\n1,ü\n".encode(), ("1", "ü")),
        (b"\n\na,b\n\n1,2\n", ("1", "2")),
    ],
)
def test_csv_is_read_in_every_encoding_and_with_every_delimiter_that_spreadsheets_write(content, cells):
    assert read_sheet(content, name="a.csv").rows[0].cells == cells


def test_a_row_keeps_its_number_in_the_file():
    assert [row.number for row in read_sheet(b"\n\na,b\n\n1,2\n", name="a.csv").rows] == [5]
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="9"><c r="C9"><v>2</v></c></row>'
    assert read_sheet(xlsx(rows), name="a.xlsx").rows[0].number == 9
    empty = '<table:table-row table:number-rows-repeated="7"><table:table-cell/></table:table-row>'
    row = '<table:table-row><table:table-cell office:value-type="float" office:value="1"/></table:table-row>'
    assert read_sheet(ods(row + empty + row), name="a.ods").rows[0].number == 9


def test_a_workbook_of_excel_is_read_as_a_person_sees_it():
    shared = (
        "<sst xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><si><t>plain</t></si>"
        "<si><r><t>ri</t></r><r><t xml:space='preserve'>ch </t></r><rPh><t>said</t></rPh></si></sst>"
    )
    cells = (
        '<c r="A2" t="s"><v>1</v></c><c r="C2" t="b"><v>1</v></c><c r="D2"><v>12.0</v></c><c r="E2"><v>1.2E1</v></c>'
        '<c r="F2"><v>46354.5</v></c><c r="G2" t="str"><v>of a formula once</v></c><c r="H2" t="s"><v>0</v></c>'
    )
    rows = f'<row r="1"><c t="inlineStr"><is><t>h</t></is></c></row><row r="2">{cells}</row>'
    (row,) = read_sheet(xlsx(rows, xl__sharedStrings_dot_xml=shared), name="a.xlsx").rows
    assert row.cells == ("rich ", "", "yes", "12", "12", "46354.5", "of a formula once", "plain")


def test_a_workbook_of_libreoffice_is_read_as_a_person_sees_it():
    cell = "table:table-cell"
    cells = (
        f'<{cell} office:value-type="date" office:date-value="2027-03-01"><text:p>1 March</text:p></{cell}>'
        f'<{cell} table:number-columns-repeated="2" office:value-type="float" office:value="12"/>'
        f'<{cell} office:value-type="boolean" office:boolean-value="true"/><{cell} table:number-columns-repeated="2"/>'
        f"<{cell}><office:annotation><text:p>a note</text:p></office:annotation>"
        f"<text:p>a<text:s/>  <text:span>b</text:span></text:p></{cell}>"
        f'<{cell} table:number-columns-repeated="16000"/>'
    )
    row = f"<table:table-row>{cells}</table:table-row>"
    (found,) = read_sheet(ods(row + row + row.replace(cells, "") * 3), name="a.ods").rows
    assert found.cells == ("2027-03-01", "12", "12", "yes", "", "", "a   b")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", packed({"xl/workbook.xml": "<workbook/>", "xl/_rels/workbook.xml.rels": "<r/>"})),
        ("a.xlsx", xlsx('<row><c t="s"><v>7</v></c></row>')),
        ("a.xlsx", xlsx('<row><c r="7A"><v>7</v></c></row>')),
        ("a.xlsx", xlsx("<row><c>")),
        ("a.ods", ods("<table:table-row>")),
    ],
)
def test_a_workbook_that_does_not_hold_together_is_damaged(name, content):
    with pytest.raises(UnusableFile, match="damaged"):
        read_sheet(content, name=name)
