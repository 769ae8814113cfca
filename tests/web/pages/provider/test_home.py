from datetime import timedelta

import pytest

from placement.domain.people import Role
from placement.domain.states import PlacementState
from placement.records.providers import Service
from placement.records.vacancies import VacancyReport
from tests.builders import a_provider, a_service, a_unit
from tests.conftest import NOW
from tests.web.pages.provider.conftest import fields, read, stays
from tests.web_client import signed_in


def test_says_that_all_is_up_to_date_and_what_is_due_next(app, store):
    with store.writing() as session:
        provider = a_provider(session)
        a_unit(session, service=a_service(session, provider=provider, name="Spon Street"))
        provider_id = provider.id
    page = read(signed_in(app, Role.PROVIDER, provider_id=provider_id).get("/provider/"))
    assert "Everything is up to date." in page
    assert "confirm the vacancies of Spon Street by 30 November 2026 at 10:00am" in page


def test_a_provider_without_services_has_nothing_to_do(app, store):
    with store.writing() as session:
        provider_id = a_provider(session).id
    assert "Everything is up to date." in read(signed_in(app, Role.PROVIDER, provider_id=provider_id).get("/provider/"))


def test_shows_reservations_first_then_vacancies_then_comings_and_goings(works, store):
    stays(store, works, PlacementState.RESERVED, expires_at=NOW + timedelta(hours=2))
    stays(store, works, PlacementState.CONFIRMED, start=5)
    stays(store, works, PlacementState.ACTIVE, start=-7, nights=9)
    page = read(works.browser.get("/provider/"))
    words = ("Answer a reservation", "2 hours left", "Confirm your vacancies", "8 days ago", "Arriving soon", "Leaving")
    assert [page.find(each) for each in words] == sorted(page.find(each) for each in words)
    assert -1 not in [page.find(each) for each in words]


def test_an_answer_that_is_late_says_so(works, store):
    stays(store, works, PlacementState.RESERVED, expires_at=NOW - timedelta(hours=3))
    assert "3 hours over" in read(works.browser.get("/provider/"))


def test_nothing_has_changed_takes_one_tap_from_the_first_page(works, store, clock):
    page = works.browser.get("/provider/")
    assert page.get_data(as_text=True).count("These numbers are right") == 1
    answer = works.browser.post(works.vacancies, {"step": "right", "seen": fields(page)["seen"]}, page="/provider/")
    assert answer.location == "/provider/"
    page = read(works.browser.get("/provider/"))
    assert "is up to date: nothing has changed" in page
    assert "Confirm your vacancies" not in page
    with store.reading() as session:
        newest = session.query(VacancyReport).order_by(VacancyReport.id.desc()).first()
        assert newest.is_unchanged
        assert newest.reporter == "A provider"


def test_a_unit_that_never_reported_cannot_be_unchanged(works, store):
    with store.writing() as session:
        a_unit(session, service=session.get_one(Service, works.service), accepting=None)
    page = works.browser.get("/provider/")
    assert "Never reported" in read(page)
    assert "These numbers are right" not in read(page)
    answer = works.browser.post(works.vacancies, {"step": "right"}, page="/provider/placements")
    assert answer.status_code == 422
    assert "Enter the numbers of every unit once" in read(answer)


def test_a_service_without_units_asks_for_the_first(app, store):
    with store.writing() as session:
        provider = a_provider(session)
        service_id = a_service(session, provider=provider).id
        provider_id = provider.id
    browser = signed_in(app, Role.PROVIDER, provider_id=provider_id)
    assert "This service has no units yet" in read(browser.get("/provider/"))
    assert "This service has no units yet" in read(browser.get(f"/provider/services/{service_id}/vacancies"))
    assert "no units yet" in read(browser.get("/provider/services"))
    assert "no units yet" in read(browser.get(f"/provider/services/{service_id}/closures"))


@pytest.mark.parametrize("path", ["/provider/", "/provider/services", "/provider/placements"])
def test_other_roles_are_kept_out(app, path):
    assert signed_in(app, Role.BROKER).get(path).status_code == 403


def test_who_should_have_left_is_asked_about_and_still_there_is_told_to_brokerage(works, store):
    stay = stays(store, works, PlacementState.ACTIVE, start=-9, nights=8)
    page = read(works.browser.get("/provider/"))
    assert "Due to have left: still there? (1)" in page
    assert "Leaving soon" not in page

    answer = works.browser.post(f"/provider/placements/{stay}/still-there", page="/provider/")
    assert answer.location == "/provider/"
    assert "You told brokerage on 23 November 2026 that the person is still there" in read(
        works.browser.get("/provider/")
    )
