import pytest

from placement.domain.people import Role
from placement.records.providers import Service
from tests.builders import a_referral
from tests.conftest import NOW
from tests.web.pages.provider.conftest import fields, read
from tests.web_client import signed_in


def test_a_provider_says_how_it_is_reached_and_what_cannot_be_is_refused(works, store):
    path = f"/provider/services/{works.service}/contact"
    wrong = works.browser.post(path, {"telephone": "ring the bell", "email": "places@example.org"})
    assert wrong.status_code == 422
    assert "Enter a telephone number" in read(wrong)
    assert "places@example.org" in wrong.get_data(as_text=True)
    assert "Enter an e-mail address" in read(works.browser.post(path, {"telephone": "", "email": "nobody"}))
    assert works.browser.post(path, {"telephone": "024 7655 0100", "email": "places@example.org"}).status_code == 302
    with store.reading() as session:
        service = session.get(Service, works.service)
        assert (service.telephone, service.email) == ("024 7655 0100", "places@example.org")


ROW = {"days_1": "weekdays", "start_1": "8:00", "until_1": "20:00", "role_1": "Duty manager", "telephone_1": "024 1 22"}


def hours(works, page=None, **answers):
    path = f"/provider/services/{works.service}/contact/hours"
    return works.browser.post(path, {"shown": fields(page or works.browser.get(path))["shown"]} | answers)


def test_says_whom_to_ring_at_which_hours_and_brokers_read_it_wherever_they_read_the_number(works, app, store, clock):
    row = ROW | {"telephone_1": "024 7655 0111"}
    assert hours(works, **row).location == f"/provider/services/{works.service}/contact"
    page = read(works.browser.get(f"/provider/services/{works.service}/contact"))
    assert "Monday to Friday, 8am to 8pm: Duty manager" in page
    with store.writing() as session:
        referral = a_referral(session).id
    broker = signed_in(app, Role.BROKER)
    for path in (f"/broker/services/{works.service}", f"/broker/referrals/{referral}/matches"):
        assert "Ring now: 024 7655 0111 (Duty manager, until 8pm)" in read(broker.get(path)), path
    clock.now = NOW.replace(hour=21)
    again = read(signed_in(app, Role.BROKER, email="late@example.org").get(f"/broker/services/{works.service}"))
    assert "024 7655 0111 (Duty manager, from 8am on Tuesday)" in again


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"days_1": ""}, "Choose the days"),
        ({"start_1": ""}, "Enter from when"),
        ({"until_1": "24:00"}, "Enter a time such as 20:00"),
        ({"role_1": ""}, "Enter who answers"),
        ({"role_1": "x" * 61}, "Enter at most 60 characters"),
        ({"telephone_1": ""}, "Enter a telephone number"),
        ({"telephone_1": "the office"}, "Enter a telephone number, for example"),
        ({"days_1": "now and then"}, "Not a valid choice"),
    ],
)
def test_a_row_of_hours_is_whole_or_empty(works, store, wrong, words):
    answer = hours(works, **ROW | {"telephone_1": "024 7655 0111"} | wrong)
    assert answer.status_code == 422
    assert words in read(answer)
    with store.reading() as session:
        assert session.get_one(Service, works.service).contact_hours == []


def test_two_who_change_different_rows_are_both_kept_and_a_row_that_is_emptied_goes(works, store):
    page = works.browser.get(f"/provider/services/{works.service}/contact/hours")
    first = ROW | {"telephone_1": "024 7655 0111"}
    second = {name.replace("_1", "_2"): value for name, value in first.items()}
    hours(works, **first)
    assert hours(works, page, **second).status_code == 302
    with store.reading() as session:
        assert len(session.get_one(Service, works.service).contact_hours) == 2
    hours(works, **dict.fromkeys(first, ""), **second)
    with store.reading() as session:
        (left,) = session.get_one(Service, works.service).contact_hours
    assert left == ["weekdays", "08:00", "20:00", "Duty manager", "024 7655 0111"]
