"""The night calendar on its pages: names for brokerage alone, references for the provider and on paper."""

import pytest

from placement.domain.people import Role
from tests.builders import a_person, a_placement, a_referral, a_unit
from tests.web.pages.broker.test_questions import text
from tests.web_client import signed_in


@pytest.fixture
def unit(store):
    with store.writing() as session:
        unit = a_unit(session, capacity=2, accepting=2)
        person = a_person(session, name="Canary Nightsson")
        referral = a_referral(session, person=person, reference="RF-CANARY")
        a_placement(session, unit, start=1, nights=2, person=person, referral=referral)
        return unit.id, unit.service_id, unit.service.provider_id


def test_a_broker_sees_who_is_there_and_paper_has_no_name(app, unit):
    broker = signed_in(app, Role.BROKER)
    page = text(broker.get(f"/broker/units/{unit[0]}/nights"))
    assert "Canary Nightsson RF-CANARY , arrives" in page
    assert "1 of 2 free" in page
    assert f"/broker/units/{unit[0]}/nights" in broker.get(f"/broker/services/{unit[1]}").get_data(as_text=True)
    paper = text(broker.get(f"/broker/units/{unit[0]}/nights/print"))
    assert "RF-CANARY" in paper
    assert "Nightsson" not in paper


def test_a_provider_sees_the_nights_of_its_own_units_by_reference(app, unit):
    provider = signed_in(app, Role.PROVIDER, provider_id=unit[2])
    page = text(provider.get(f"/provider/services/units/{unit[0]}/nights"))
    assert "RF-CANARY , arrives" in page
    assert "Nightsson" not in page
    assert f"/services/units/{unit[0]}/nights" in provider.get("/provider/services").get_data(as_text=True)
