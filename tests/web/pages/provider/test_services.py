from placement.domain.people import Role
from tests.builders import a_provider, a_service, a_unit
from tests.web.pages.provider.conftest import read
from tests.web_client import signed_in

LONG = (
    "The Very Long-Named Residential and Nursing Home of Saint Werburgh-upon-the-Sherbourne Incorporating the Rectory"
)


def test_shows_each_units_numbers_and_how_fresh_they_are(works, elsewhere):
    page = read(works.browser.get("/provider/services"))
    assert "Updated 8 days ago by Somebody" in page
    assert "Ground floor 4 2 0 2" in page
    assert page.count("Green Lane House") > 0
    assert f"Green Lane House {elsewhere.provider}" not in page


def test_says_whom_to_ask_when_there_is_no_service(app, store):
    with store.writing() as session:
        provider_id = a_provider(session).id
    page = read(signed_in(app, Role.PROVIDER, provider_id=provider_id).get("/provider/services"))
    assert "You have no services yet." in page


def test_shows_a_hundred_services_and_finds_one_by_name(app, store):
    with store.writing() as session:
        provider = a_provider(session)
        for number in range(100):
            a_unit(session, service=a_service(session, provider=provider, name=f"{LONG} {number:03}"))
        provider_id = provider.id
    browser = signed_in(app, Role.PROVIDER, provider_id=provider_id)
    page = read(browser.get("/provider/services"))
    assert page.count("Update vacancies") == 50
    assert "1 to 50 of 100 services" in page
    found = read(browser.get("/provider/services?name=rectory+042"))
    assert found.count("Update vacancies") == 1
    assert "1 service with “rectory 042”" in found
    assert "No service has this name." in read(browser.get("/provider/services?name=%25_%07"))


def test_marks_where_one_is_in_the_menu(works):
    for path in ("/provider/services", works.vacancies, f"/provider/services/units/{works.unit}"):
        menu = works.browser.get(path).get_data(as_text=True).split("<nav")[1]
        here = menu.split('aria-current="')[1][:200]
        assert "Services" in here
