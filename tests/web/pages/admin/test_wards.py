import io
from dataclasses import replace

import pytest
import shapely
from shapely.affinity import translate

from placement.domain.people import Role
from placement.domain.states import WardSetState
from placement.geography.ward_names import NEW_WARDS, OLD_WARDS
from placement.records.wards import StoredWardSet
from tests.builders import a_service, a_ward_file, drawn
from tests.web_client import signed_in

FIRST = NEW_WARDS.wards[0].code
WEST = {"lat": 52.41, "lon": -1.615, "ward_code": OLD_WARDS.wards[0].code}


def upload(browser, content):
    return browser.post(
        "/admin/wards", {"file": (io.BytesIO(content), "wards.geojson")}, content_type="multipart/form-data"
    )


def text(browser, path):
    return " ".join(browser.get(path).get_data(as_text=True).split())


def code_of(store, service):
    with store.reading() as session:
        return session.get(type(service), service.id).ward_code


@pytest.fixture
def service(store):
    with store.writing() as session:
        return a_service(session, **WEST)


def test_an_uploaded_file_is_looked_at_first_and_changes_nothing(app, store, service):
    browser = signed_in(app, Role.ADMIN)
    page = upload(browser, a_ward_file()).location
    shown = text(browser, page)

    assert "Nothing has changed yet" in shown
    assert "Postcodes that would change ward" in shown
    assert "100% of 9," in shown
    assert "Exact, from an uploaded file" not in text(browser, "/admin/")
    assert code_of(store, service) == WEST["ward_code"]


def test_wards_that_are_used_count_at_once_and_can_be_taken_back_and_used_again(app, store, service):
    browser = signed_in(app, Role.ADMIN)
    page = upload(browser, a_ward_file()).location
    assert browser.post(f"{page}/use").location == "/admin/wards"
    assert "1 services, people and referrals changed ward" in text(browser, "/admin/wards")
    assert "Exact, from an uploaded file" in text(browser, "/admin/")
    assert code_of(store, service) == FIRST

    assert browser.post(f"{page}/undo").location == "/admin/wards"
    assert "Exact, from an uploaded file" not in text(browser, "/admin/")
    before = code_of(store, service)
    assert before in {ward.code for ward in OLD_WARDS.wards}

    browser.post(f"{page}/use")
    assert code_of(store, service) == FIRST


def test_the_same_file_again_leads_to_the_set_in_use_and_changes_nothing(app, store):
    browser = signed_in(app, Role.ADMIN)
    page = upload(browser, a_ward_file()).location
    browser.post(f"{page}/use")

    assert upload(browser, a_ward_file()).location == page
    browser.post(f"{page}/undo")
    assert upload(browser, a_ward_file()).location == page
    assert "Use these wards again" in text(browser, page)
    with store.reading() as session:
        assert session.query(StoredWardSet).count() == 1


def test_a_file_that_was_only_looked_at_gives_way_to_the_next(app, store):
    browser = signed_in(app, Role.ADMIN)
    first = upload(browser, a_ward_file()).location
    upload(browser, a_ward_file(drawn(OLD_WARDS), year="25"))

    with store.reading() as session:
        states = [row.state for row in session.query(StoredWardSet).order_by(StoredWardSet.id)]
    assert states == [WardSetState.UNDONE, WardSetState.PREVIEW]
    assert browser.post(f"{first}/use").status_code == 302  # it is kept


def test_what_is_in_no_state_for_it_is_refused(app):
    browser = signed_in(app, Role.ADMIN)
    page = upload(browser, a_ward_file()).location
    browser.post(f"{page}/undo")

    assert browser.post(f"{page}/undo").status_code == 409
    assert browser.post(f"{page}/use").status_code == 302
    assert browser.post(f"{page}/use").status_code == 409


def test_the_list_says_which_set_is_in_force_on_which_dates_and_which_has_expired(app):
    browser = signed_in(app, Role.ADMIN)
    browser.post(f"{upload(browser, a_ward_file(drawn(OLD_WARDS), year='25')).location}/use")
    shown = text(browser, "/admin/wards")

    assert "Expired on 7 May 2026" in shown
    assert "From 7 May 2026" in shown
    assert shown.count("In force") >= 2
    assert "None: nothing can be put into wards or drawn" in shown
    assert "The wards in use are not those in force today" in shown


def test_much_that_changes_under_the_same_codes_is_told(app):
    browser = signed_in(app, Role.ADMIN)

    assert "although the wards have the same codes" in text(
        browser, upload(browser, a_ward_file(drawn(OLD_WARDS), year="25")).location
    )


def moved(by=0.05):
    return replace(drawn(), wards=tuple(replace(each, outline=translate(each.outline, by)) for each in drawn().wards))


def spiked():
    first, *rest = drawn().wards
    ring = list(first.outline.exterior.coords[:-1])
    out_and_back = (ring[-1][0] + 1e-4, ring[-1][1] - 1e-4)
    return replace(drawn(), wards=(replace(first, outline=shapely.Polygon([*ring, out_and_back, ring[-1]])), *rest))


def invented():
    wards = tuple(replace(each, code=f"E0509{place:04}") for place, each in enumerate(drawn().wards))
    return replace(drawn(), wards=wards)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "This is not a GeoJSON file"),
        (b"\x00\xff", "This is not a GeoJSON file"),
        (b"{}", "it has no features"),
        (a_ward_file(replace(drawn(), wards=drawn().wards[:17])), "this file differs"),
        (a_ward_file(replace(drawn(), wards=drawn().wards + drawn().wards[:1])), "stands in the file twice"),
        (b"[" * 100_000, "This is not a GeoJSON file"),
        (a_ward_file(moved()), "leave out"),
        (a_ward_file(invented(), year="25"), "No ward of Coventry had a code such as E05090000"),
    ],
    ids=["empty", "binary", "no features", "a ward missing", "a ward twice", "deep", "moved", "invented codes"],
)
def test_a_file_that_cannot_be_used_says_why_and_what_to_do_and_changes_nothing(app, store, content, words):
    answer = upload(signed_in(app, Role.ADMIN), content)
    said = answer.get_data(as_text=True)

    assert answer.status_code == 422
    assert words in said
    assert any(advice in said for advice in ("Download", "Keep", "Check that", "Choose"))
    with store.reading() as session:
        assert session.query(StoredWardSet).count() == 0


def test_a_spike_is_mended_and_told(app):
    browser = signed_in(app, Role.ADMIN)

    page = upload(browser, a_ward_file(spiked())).location
    assert "mended without a change of area: Bablake" in text(browser, page)
