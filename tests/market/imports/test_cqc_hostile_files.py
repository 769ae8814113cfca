"""Files as they arrive in practice: saved by another program, cut off, slipped or not what they say they are."""

import io
import json
import zipfile
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placement.domain.errors import UnusableFile
from placement.market.imports.cqc import api, cells, directories, tables, terms
from placement.market.imports.cqc.files import read_file, read_paths
from placement.market.imports.cqc.rows import OVERALL

HEADER = (
    "Location ID,Location Name,Service Types,Service users supported,Provider ID,Provider Name,Care homes beds,"
    "Location HSCA start date,Publication Date,Location Latest Overall Rating,Dormant,Location Local Authority"
)
GOOD = "1-{n},{name},Shared Lives,Dementia,1-555555,Acme Ltd,{beds},2020-05-01,1/2/2025 12:00:00 AM,Good,N,Coventry"


def row(n=1000001, name="Elm House", beds="4"):
    return GOOD.format(n=n, name=name, beds=beds)


def read(*lines, header=HEADER, encoding="utf-8"):
    return read_file("\r\n".join([header, *lines, ""]).encode(encoding), name="test.csv")


def names(reading):
    return [each.name for each in reading.locations]


def lost(reading):
    return [(problem.row, problem.reason) for problem in reading.problems if not problem.is_row_used]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_every_usual_encoding_is_read(encoding):
    assert names(read(row(name="Café “Elm” – Ltd"), encoding=encoding)) == ["Café “Elm” – Ltd"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_usual_delimiter_is_read(delimiter):
    reading = read(row().replace(",", delimiter), header=HEADER.replace(",", delimiter))

    assert names(reading) == ["Elm House"]


def test_line_ends_of_any_system_and_explanations_above_the_header_are_read():
    for end in ("\n", "\r\n", "\r"):
        content = end.join(["CQC directory", "", "Correct on 1 May", HEADER, row(), ""]).encode()
        assert names(read_file(content, name="test.csv")) == ["Elm House"]


def test_a_header_in_other_capitals_with_stray_spaces_and_more_columns_is_read():
    reading = read(row() + ",more", header=HEADER.upper().replace(",", " , ") + ",New column")

    assert names(reading) == ["Elm House"]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ('" Elm House "', "Elm House"),
        ('"Elm House, Coventry"', "Elm House, Coventry"),
        ('"""Elm"" House"', '"Elm" House'),
        ('"""Elm House"""', "Elm House"),
        ('Elm "The Tree" House', 'Elm "The Tree" House'),
        ('Elm 5" House', 'Elm 5" House'),
        ('"Elm\nHouse"', "Elm House"),
        ("Elm\x00 House", "Elm House"),
        ("Elm\u2028House\u00a0", "Elm House"),
    ],
)
def test_names_come_out_clean(typed, name):
    reading = read(row(name=typed), row(n=1000002, name="Next"))

    assert names(reading) == [name, "Next"]
    assert not reading.problems


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ("1-1000009", directories.NO_NAME),
        ("cut off", directories.NO_ID),
        (row(n=1000009) + ",slipped", tables.TOO_MANY),
        (row(n=1000009, name='"Never closed'), tables.BROKEN),
        (row(n=1000009, name='"' + "x" * 1_100_000), tables.BROKEN),
        (row(n=1000009, name=""), directories.NO_NAME),
        (row(n=1000009, name=" - "), directories.NO_NAME),
        (row(n="nonsense"), directories.NO_ID),
        (",no id" + "," * 10, directories.NO_ID),
    ],
)
def test_a_bad_row_is_told_and_costs_no_other_row(broken, reason):
    reading = read(row(), broken, *(row(n=1000010 + more, name=f"House {more}") for more in range(40)))

    assert lost(reading) == [(3, reason)]
    assert names(reading) == ["Elm House", *(f"House {more}" for more in range(40))]
    assert reading.rows_read == 42


@pytest.mark.parametrize("kept", range(2, 13))
def test_blank_cells_that_a_spreadsheet_left_out_at_the_end_of_a_row_are_blank(kept):
    cells = row().split(",")
    short, full = ",".join(cells[:kept]), ",".join(cells[:kept] + [""] * (len(cells) - kept))
    reading = read(short, row(n=1000002))

    assert reading.locations == read(full, row(n=1000002)).locations
    assert reading.problems == ()


def test_blank_lines_and_blank_rows_are_not_rows():
    reading = read("", row(), "," * 11, "   ", row(n=1000002))

    assert (reading.rows_read, len(reading.locations), reading.problems) == (2, 2, ())


def test_a_row_with_a_bad_cell_is_used_without_it():
    reading = read(row(beds="many"), row(n=1000002).replace("2020-05-01", "31/31/2020"))

    assert names(reading) == ["Elm House", "Elm House"]
    assert [(each.row, each.is_row_used) for each in reading.problems] == [(2, True), (3, True)]
    assert "Care homes beds" in reading.problems[0].reason
    assert reading.locations[0].beds is None
    assert reading.locations[1].registered_on is None


def test_a_rating_published_on_the_day_of_registration_has_no_date():
    reading = read(row().replace("1/2/2025 12:00:00 AM", "5/1/2020 12:00:00 AM"))

    assert [each.published_on for each in reading.ratings] == [None]


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2025-03-04", date(2025, 3, 4)),
        ("2025-03-04T12:00:00Z", date(2025, 3, 4)),
        ("2024-09-17 15:19:48", date(2024, 9, 17)),
        ("03/04/2025", date(2025, 3, 4)),
        ("1/2/2025 12:00:00 AM", date(2025, 1, 2)),
        ("13/13/2025", None),
        ("2025-02-30", None),
        ("", None),
        (None, None),
        (45000, None),
    ],
)
def test_days_are_read_in_every_way_in_which_cqc_writes_them(cell, day):
    assert cells.day(cell, is_day_first=False) == day


def test_the_order_of_day_and_month_is_learnt_from_the_file():
    assert cells.is_day_first(["01/02/2025", "25/12/2025"], default=False)
    assert not cells.is_day_first(["01/02/2025", "12/25/2025"], default=True)
    assert cells.is_day_first(["01/02/2025"], default=True)


@pytest.mark.parametrize(
    ("cell", "number"),
    [("0", 0), ("34", 34), ("34.0", 34), ("1,234", 1234), ("-1", None), ("3.5", None), ("٣", None), ("", None)],
)
def test_beds_are_whole_numbers_or_not_known(cell, number):
    assert cells.count(cell) == number


def test_the_same_row_twice_is_one_location():
    assert len(read(row(), row()).locations) == 1


def test_a_list_keeps_whole_the_words_with_a_comma_in_them():
    illness = "Treatment of disease, disorder or injury"
    transport = "Transport services, triage and medical advice provided remotely"

    assert terms.split_list(f"Dementia,{illness},Dementia, {transport}") == ["Dementia", illness, transport]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "columns are none of these"),
        (b"a,b,c\n1,2,3\n", "columns are none of these"),
        (b"%PDF-1.7", "a PDF"),
        (b"\x89PNG\r\n", "a picture"),
        (b"\xd0\xcf\x11\xe0\xa1", r"old spreadsheet \(.xls\)"),
        (b"\x00" * 5000, "columns are none of these"),
        (b'{"locationId": ', "cannot be read as JSON"),
        (b"[" * 200_000, "cannot be read as JSON"),
        (b"<html><body>Access denied</body></html>", "columns are none of these"),
    ],
)
def test_another_kind_of_file_is_refused_in_words(content, said):
    with pytest.raises(UnusableFile, match=said):
        read_file(content, name="test.csv")


def test_a_spreadsheet_is_refused_with_the_format_to_save_it_in():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")

    with pytest.raises(UnusableFile, match="CSV UTF-8"):
        read_file(packed.getvalue(), name="test.xlsx")


def test_an_unusable_file_in_a_folder_is_a_problem_and_the_rest_is_read(tmp_path):
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7")
    (tmp_path / "b.txt").write_text("\n".join([HEADER, row()]))
    reading = read_paths([tmp_path])

    assert names(reading) == ["Elm House"]
    assert [(each.file, each.row) for each in reading.problems] == [("a.pdf", 0)]


ANSWER = {"locationId": "1-1000001", "name": "Elm House", "registrationStatus": "Registered"}


def read_answer(answer):
    return read_file(json.dumps(answer).encode(), name="answer.json")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ([1], api.NOT_AN_ENTRY),
        ([None, ANSWER], api.NOT_AN_ENTRY),
        ({}, api.NO_ID),
        ({"locationId": 7, "name": "Elm"}, api.NO_ID),
        ({"locationId": "x y", "providerId": "1-1000001", "name": "Elm"}, api.NO_ID),
        ({"locationId": "1-1000001", "name": ["Elm"]}, api.NO_NAME),
        ({"total": 1, "locations": [{"locationId": "1-1000001", "locationName": "Elm"}]}, api.ONLY_LISTED),
    ],
)
def test_an_answer_that_cannot_be_used_is_a_problem(answer, reason):
    assert lost(read_answer(answer)) == [(1, reason)]


@pytest.mark.parametrize("wrong", [None, 1, "x", [], {}, [1], [None], [{}], [{"name": None}], {"a": 1}, True, 1e400])
def test_any_field_of_an_answer_may_be_anything(wrong):
    fields = (
        "gacServiceTypes,specialisms,relationships,currentRatings,assessment,numberOfBeds,postalCode,registrationDate,"
        "careHome,type,localAuthority,postalAddressLine1,registrationStatus,deregistrationDate,dormancy"
    )
    reading = read_answer([ANSWER | {each: wrong} for each in fields.split(",")])

    assert {each.name for each in reading.locations} == {"Elm House"}


def test_service_ratings_of_the_older_form_of_the_api_are_read():
    rated = {
        "name": "Shared Lives",
        "rating": "Requires Improvement",
        "reportDate": "2025-01-02",
        "keyQuestionRatings": [],
    }
    found = read_answer(ANSWER | {"currentRatings": {"serviceRatings": [rated]}}).ratings

    assert [(each.service_group, each.domain, each.quality, each.words) for each in found] == [
        ("shared_lives", OVERALL, 1, "Requires improvement")
    ]


@given(st.binary(max_size=300))
def test_no_bytes_whatever_break_the_reader(content):
    for each in (content, HEADER.encode() + b"\n" + content):
        with suppress(UnusableFile):
            read_file(each, name="any")


@given(st.text(max_size=200))
def test_no_cell_whatever_breaks_a_row(cell):
    quoted = '"' + cell.replace('"', '""').replace("\n", " ").replace("\r", " ") + '"'
    content = "\n".join([HEADER, row(name=quoted), row(n=1000002, name="Next")]).encode("utf-8", "replace")

    assert "Next" in names(read_file(content, name="any"))
