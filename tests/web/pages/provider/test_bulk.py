import re
from io import BytesIO

import pytest

from placement.domain.people import Role
from placement.domain.states import PlacementState
from placement.records.availability import newest_reports
from placement.records.files import FolderStore
from placement.records.providers import Service, Unit
from placement.records.vacancies import VacancyReport
from placement.sheets.formats import SHEET_FORMATS, read_sheet, write_sheet
from tests.builders import a_report, a_service, a_unit
from tests.conftest import NOW
from tests.web.pages.provider.conftest import fields, read, stays
from tests.web_client import signed_in

PAGE = "/provider/services/file"
FORMATS = [each.slug for each in SHEET_FORMATS]
HEADINGS = ["Unit number", "Maximum capacity", "Occupied", "Reserved", "Vacant and accepting"]


def exported(works, ending="csv"):
    """Return the headings and rows of an own export."""
    sheet = read_sheet(works.browser.get(f"{PAGE}/numbers.{ending}").get_data(), name=f"a.{ending}")
    return list(sheet.headings), [list(row.cells) for row in sheet.rows]


def looked_at(works, rows, headings=HEADINGS, ending="csv"):
    content = write_sheet(ending, headings, rows)
    answer = works.browser.post(PAGE, {"file": (BytesIO(content), f"a.{ending}")}, page=PAGE)
    assert answer.status_code == 302, read(answer)
    return answer.location


def confirmed(works, preview, **more):
    page = works.browser.get(preview)
    questions = re.findall(r'name="confirmed" value="([^"]+)"', page.get_data(as_text=True))
    return works.browser.post(f"{preview}/confirm", fields(page) | {"confirmed": questions} | more, page=preview)


def newest(store, *unit_ids):
    with store.reading() as session:
        found = newest_reports(session, unit_ids)
        return [(each.maximum, each.occupied, each.reserved, each.accepting) for each in map(found.get, unit_ids)]


def reports(store):
    with store.reading() as session:
        return session.query(VacancyReport).count()


@pytest.mark.parametrize("ending", FORMATS)
def test_an_own_export_changes_nothing_and_one_changed_number_is_one_change(works, store, ending):
    with store.writing() as session:  # never reported: it goes out without numbers, and comes back as it is
        a_unit(session, service=a_service(session, provider_id=works.provider), name="=New", accepting=None)
    before = reports(store)
    headings, rows = exported(works, ending)
    page = read(works.browser.get(looked_at(works, rows, headings, ending)))
    assert "0 changes" in page
    assert "Without numbers 1, left as they are" in page
    assert reports(store) == before

    row = next(row for row in rows if row[0] == str(works.unit))
    row[5], row[7] = 3, 1
    preview = looked_at(works, rows, headings, ending)
    page = read(works.browser.get(preview))
    assert "1 change " in page
    assert "Occupied 2 → 3" in page
    assert reports(store) == before
    assert confirmed(works, preview).location == "/provider/"
    assert reports(store) == before + 1
    assert newest(store, works.unit, works.other_unit) == [(4, 3, 0, 1), (2, 2, 0, 0)]
    assert "Saved: 1 unit changed." in read(works.browser.get("/provider/"))


def test_what_is_confirmed_is_kept_no_longer(works, app):
    preview = looked_at(works, [[works.unit, 4, 3, 0, 1]])
    files = FolderStore(app.extensions["placement_config"].files)
    key = preview.rsplit("/", 1)[-1]
    assert files.get(key)
    confirmed(works, preview)
    assert files.get(key) is None
    assert works.browser.get(preview).status_code == 404


def test_numbers_that_do_not_change_are_confirmed_where_somebody_says_so(works, store):
    before = reports(store)
    preview = looked_at(works, [[works.unit, 4, 3, 0, 1], [works.other_unit, 2, 2, 0, 0]])
    confirmed(works, preview, same="y")
    assert reports(store) == before + 2
    assert "Saved: 1 unit changed, 1 unit confirmed as they were." in read(works.browser.get("/provider/"))
    confirmed(works, looked_at(works, [[works.other_unit, 2, 2, 0, 0]]))
    assert reports(store) == before + 3
    with store.reading() as session:
        assert newest_reports(session, [works.other_unit])[works.other_unit].is_unchanged


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"occupied": "many"}, "Enter a whole number between 0"),
        ({"occupied": "-1"}, "Enter a whole number between 0"),
        ({"maximum": "2001"}, "Enter a whole number between 0 and 2,000"),
        ({"occupied": "4"}, "add up to 6, but the maximum capacity is 4"),
        ({"reserved": ""}, "Fill this in, or leave all four numbers empty"),
        ({"reference": "999999"}, "None of your units has this number"),
        ({"reference": "", "service": ""}, "Enter the unit number, or the CQC location ID"),
        ({"reference": "", "service": "Elsewhere"}, "None of your services has this name"),
        ({"reference": "", "cqc_id": "1-999"}, "None of your services has this CQC location ID"),
        ({"reference": "", "unit": "Cellar"}, "enter which, one of “Ground floor”, “First floor”"),
        ({"unit": "First floor"}, "is called “Ground floor” here"),
    ],
)
def test_a_row_says_what_to_mend_and_comes_back_with_it_in_the_same_format(works, store, row, words):
    before = reports(store)
    headings, rows = exported(works)
    names = [
        "reference",
        "cqc_id",
        "service",
        "unit",
        "maximum",
        "occupied",
        "reserved",
        "accepting",
        "updated",
        "mark",
    ]
    given = next(each for each in rows if each[0] == str(works.unit))
    sent = [row.get(name, cell) for name, cell in zip(names, given, strict=True)]
    preview = looked_at(works, [sent], headings, "ods")
    assert words in read(works.browser.get(preview))
    confirmed(works, preview)
    assert reports(store) == before

    back = read_sheet(works.browser.get(f"{preview}/problems").get_data(), name="a.ods")
    assert back.headings == (*headings, "what_to_mend")
    assert (*back.rows[0].cells[:-1],) == tuple(sent)
    assert words in back.rows[0].cells[-1]
    mended = [[*given, back.rows[0].cells[-1]]]
    assert "0 changes" in read(works.browser.get(looked_at(works, mended, list(back.headings))))


def test_the_same_unit_twice_and_another_providers_unit_are_refused(works, elsewhere, store):
    page = read(works.browser.get(looked_at(works, [[works.unit, 4, 3, 0, 1], [works.unit, 4, 2, 0, 2]])))
    assert "Another row of this file is about the same unit" in page
    preview = looked_at(works, [[elsewhere.unit, 4, 3, 0, 1]])
    assert "None of your units has this number" in read(works.browser.get(preview))
    assert elsewhere.browser.get(preview).status_code == 404
    assert elsewhere.browser.post(f"{preview}/confirm", {"mark": ""}, page=PAGE).status_code == 404


def test_a_file_that_is_older_than_the_newest_numbers_takes_nothing_back_by_accident(works, store):
    headings, rows = exported(works)
    stays(store, works, PlacementState.RESERVED, start=3, nights=20)
    row = next(each for each in rows if each[0] == str(works.unit))
    preview = looked_at(works, rows, headings)
    page = read(works.browser.get(preview))
    assert "were changed after you downloaded the file: they are now maximum capacity 4, occupied 2, reserved 1" in page
    back = read_sheet(works.browser.get(f"{preview}/problems").get_data(), name="a.csv").rows[0].cells
    row[9] = re.search(r"put (\w{8}) in the column", back[-1])[1]
    assert "1 change " in read(works.browser.get(looked_at(works, [row], headings)))


def test_who_confirms_something_else_than_was_shown_is_shown_it_first(works, store):
    preview = looked_at(works, [[works.unit, 4, 3, 0, 1]])
    form = fields(works.browser.get(preview))
    with store.writing() as session:
        a_report(session, session.get_one(VacancyReport, 1).unit, occupied=1, accepting=3, maximum=4, reported_at=NOW)
    before = reports(store)
    answer = works.browser.post(f"{preview}/confirm", form, page=preview)
    assert answer.status_code == 409
    assert "Occupied 1 → 3" in read(answer)
    assert reports(store) == before
    assert works.browser.post(f"{preview}/confirm", fields(answer), page=preview).status_code == 302
    assert reports(store) == before + 1


def test_what_is_unusual_is_asked_about_on_the_page_that_is_confirmed(works, store):
    preview = looked_at(works, [[works.unit, 40, 3, 0, 1]])
    page = works.browser.get(preview)
    assert (
        f"Green Lane House {works.provider}: The maximum capacity of Ground floor was 4 and would be 40. Is that right?"
        in read(page)
    )
    bare = works.browser.post(f"{preview}/confirm", fields(page) | {"confirmed": ""}, page=preview)
    assert bare.status_code == 302
    assert "was left out" in read(works.browser.get("/provider/"))
    confirmed(works, looked_at(works, [[works.unit, 40, 3, 0, 1]]))
    assert newest(store, works.unit) == [(40, 3, 0, 1)]


def test_more_places_than_beds_are_asked_about_by_all_units_of_the_service_and_can_be_confirmed(works, store):
    with store.writing() as session:
        session.get_one(Service, works.service).cqc_beds = 5
    preview = looked_at(works, [[works.unit, 10, 2, 0, 2]])
    assert "is registered for 5 beds, and its units would have 12 places" in read(works.browser.get(preview))
    confirmed(works, preview)
    assert newest(store, works.unit) == [(10, 2, 0, 2)]


def test_newer_numbers_make_a_file_old_only_where_it_says_something_else(works, store):
    headings, rows = exported(works)
    with store.writing() as session:
        unit = session.get_one(Unit, works.unit)
        a_report(session, unit, maximum=4, occupied=2, reserved=0, accepting=2, reported_at=NOW)
    row = next(each for each in rows if each[0] == str(works.unit))
    assert "0 changes" in read(works.browser.get(looked_at(works, [row], headings)))
    row[5], row[7] = 3, 1
    assert "were changed after you downloaded the file" in read(works.browser.get(looked_at(works, [row], headings)))


def test_a_service_that_cannot_be_stored_leaves_the_others_alone(works, store):
    with store.writing() as session:
        service = a_service(session, provider_id=works.provider)
        other = a_unit(session, service=service, name="Else", capacity=4, accepting=2).id
    preview = looked_at(works, [[works.unit, 40, 3, 0, 1], [works.other_unit, 2, 1, 0, 1], [other, 4, 1, 0, 3]])
    form = fields(works.browser.get(preview)) | {"confirmed": ""}
    works.browser.post(f"{preview}/confirm", form, page=preview)
    assert newest(store, works.other_unit, other) == [(2, 2, 0, 0), (4, 1, 0, 3)]


def test_headings_are_known_by_other_words_and_a_service_of_one_unit_needs_no_name(works, store):
    with store.writing() as session:
        service = a_service(session, provider_id=works.provider, name="One Lane", cqc_location_id="1-777")
        unit = a_unit(session, service=service, name="All", capacity=4, accepting=2).id
    headings = ["LOCATION_id", "total BEDS", "used-beds", "Booked", "Vacancies"]
    assert confirmed(works, looked_at(works, [["1-777", 4, 2, 1, 1]], headings)).status_code == 302
    assert newest(store, unit) == [(4, 2, 1, 1)]
    headings[0] = "care home"
    assert confirmed(works, looked_at(works, [["one lane", 4, 3, 0, 1]], headings)).status_code == 302
    assert newest(store, unit) == [(4, 3, 0, 1)]


@pytest.mark.parametrize(
    ("headings", "words"),
    [
        (HEADINGS[:3], "“Reserved”, “Vacant and accepting”"),
        (HEADINGS[1:], "“Unit number” or “Service”"),
        ([*HEADINGS, "vacancies"], "The columns “Vacant and accepting” and “vacancies” mean the same"),
    ],
)
def test_a_file_without_its_columns_says_which(works, headings, words):
    content = write_sheet("xlsx", headings, [[1] * len(headings)])
    answer = works.browser.post(PAGE, {"file": (BytesIO(content), "a.xlsx")}, page=PAGE)
    assert answer.status_code == 422
    assert words in read(answer)


def test_a_broker_has_no_such_page(app):
    assert signed_in(app, Role.BROKER).get(PAGE).status_code in (403, 404)
