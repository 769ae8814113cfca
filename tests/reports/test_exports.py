import csv
import io

from hypothesis import example, given
from hypothesis import strategies as st

from placement.domain.states import PlacementState
from placement.geography.attribution import ATTRIBUTION
from placement.reports.catalogue import HOW_TOLD, REPORTS, report_file
from placement.reports.exports import Column, csv_file
from tests.builders import a_placement, a_service, a_unit
from tests.reports.markets import a_question

DANGEROUS = tuple("=+-@\t\r\n＝＋－＠")
# A lone surrogate is no text: it can neither come in by a form nor be stored.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.sampled_from(
    [
        "=1+1",
        "'=1+1",
        "''=1+1",
        "+44",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "＝1",
        "＋1",
        "－1",
        "＠1",
        "O'Hara",
        '"a"',
    ]
)
CELLS = TEXTS | st.integers() | st.none()


def read(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def unguarded(text):
    bare = text.lstrip("'")
    return text[1:] if text.startswith("'") and bare.startswith(DANGEROUS) else text


@given(st.lists(st.tuples(CELLS, CELLS), max_size=6))
@example([("'", "=cmd|' /C calc'!A0")])
def test_a_file_gives_back_what_went_in_and_no_text_in_it_begins_like_a_formula(rows):
    columns = (Column("Left", lambda row: row[0]), Column("Right", lambda row: row[1]))
    heading, *lines, last = read(csv_file(columns, rows, last_line="Source: somebody"))

    assert heading == ["Left", "Right"]
    assert last == ["Source: somebody"]
    assert [[unguarded(cell) for cell in line] for line in lines] == [
        ["" if cell is None else str(cell) for cell in row] for row in rows
    ]
    for row, line in zip(rows, lines, strict=True):
        for cell, written in zip(row, line, strict=True):
            assert isinstance(cell, int) or not written.startswith(DANGEROUS)


def test_a_file_begins_with_a_byte_order_mark_so_that_excel_reads_utf_8():
    content = csv_file((Column("Área", lambda row: row),), ["Ω"], last_line="")
    assert content.startswith(b"\xef\xbb\xbf")


def test_every_report_names_its_columns_its_vintage_and_its_sources(store):
    with store.writing() as session:
        home = a_service(session, ward_code=None, authority="E07000222")
        unit = a_unit(session, service=home, accepting=10, capacity=10)
        out = {"is_in_city": False, "out_of_city_reason": "cost", "miles": 9.94}
        for _ in range(10):
            a_placement(session, unit, state=PlacementState.ACTIVE, nights=None, **out)
    for report in REPORTS:
        with store.reading() as session:
            heading, *rows, last = read(report_file(session, report, a_question()))
        assert heading == [column.heading for column in report.columns]
        assert rows
        assert all(len(row) == len(heading) for row in rows)
        assert "Coventry wards to May 2026 (approximate)" in last[0]
        assert all(credit in last[0] for credit in ATTRIBUTION)
        assert HOW_TOLD in last[0]
