"""The return list, as a broker reads it."""

from __future__ import annotations

from placement.domain.people import Role
from placement.domain.states import PlacementState
from tests.builders import a_placement, a_service, a_unit
from tests.conftest import NOW
from tests.web_client import signed_in


def test_the_return_list_says_how_far_somebody_lives_what_it_costs_and_whether_the_host_council_knows(app, store):
    with store.writing() as session:
        house = a_service(session, ward_code=None, authority="E07000220")
        unit = a_unit(session, accepting=2, capacity=2, service=house)
        values = {"state": PlacementState.ACTIVE, "start": -40, "nights": None, "weekly_pence": 1_450_00}
        out = {"is_in_city": False, "out_of_city_reason": "no_vacancy", "miles": 9.94}
        a_placement(session, unit, host_notified_at=NOW, **values, **out)
        a_placement(session, unit, **values, **out)
    page = " ".join(signed_in(app, Role.BROKER).get("/broker/return-list").get_data(as_text=True).split())

    assert page.count("9.9 miles away, £1,450 a week") == 2
    assert "host council told on 23 November 2026" in page
    assert "host council not recorded as told" in page
