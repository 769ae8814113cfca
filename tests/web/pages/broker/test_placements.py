"""The pages of a stay: other dates, still there, and a place that was taken away."""

import re

import pytest

from placement.domain.states import PlacementState
from placement.records.placements import Placement, StayConcern
from placement.records.providers import Unit
from tests.builders import TODAY, a_placement, night
from tests.conftest import NOW
from tests.web.pages.broker.test_matches import TONIGHT, accept_page, text


def a_stay(store, market, **values):
    with store.writing() as session:
        return a_placement(session, session.get_one(Unit, market.good), **values).id


def boxes(day):
    return [f"{day:%d}", f"{day:%m}", f"{day:%Y}"]


def dates(start, end):
    return {"start_on": boxes(night(start)), "end_on": boxes(night(end))}


def stored(store, stay_id):
    with store.reading() as session:
        stay = session.get_one(Placement, stay_id)
        return stay.start_on, stay.end_on


def test_the_dates_of_a_stay_are_changed_and_both_timelines_say_so(broker, market, store):
    stay = a_stay(store, market, start=2, nights=5)
    page = f"/broker/placements/{stay}"
    assert "Change the dates" in text(broker.get(page))
    answer = broker.post(f"{page}/dates", dates(4, 11))

    assert answer.location == page
    assert stored(store, stay) == (night(4), night(11))
    assert "Changed the dates of a stay" in text(broker.get(page))


def test_nights_that_are_taken_keep_what_was_typed_and_change_nothing(broker, market, store):
    stay = a_stay(store, market, start=0, nights=3)
    a_stay(store, market, start=3, nights=3)
    answer = broker.post(f"/broker/placements/{stay}/dates", dates(0, 5))

    assert answer.status_code == 409
    assert "has no free place on the nights of 26 to 27 November 2026" in text(answer)
    assert f'value="{night(5):%d}"' in answer.get_data(as_text=True)
    assert stored(store, stay) == (night(0), night(3))


def test_who_has_arrived_keeps_the_first_night(broker, market, store):
    stay = a_stay(store, market, start=-3, nights=5, state=PlacementState.ACTIVE)
    page = broker.get(f"/broker/placements/{stay}/dates")
    assert "the first night stands fast" in text(page)
    answer = broker.post(f"/broker/placements/{stay}/dates", {"end_on": boxes(night(4))})

    assert answer.status_code == 302
    assert stored(store, stay) == (night(-3), night(4))


def test_who_should_have_left_stands_on_the_work_list_and_the_place_is_not_offered(broker, market, store):
    stay = a_stay(store, market, start=-9, nights=8, state=PlacementState.ACTIVE)
    assert re.search(
        r"Stays to look into \(1\).*due to leave on 22 November 2026 ?: still there\?", text(broker.get("/broker/"))
    )
    assert (
        "Good House" not in text(broker.get(f"/broker/referrals/{market.referral}/matches")).partition("not offered")[0]
    )
    assert "still there?" in text(broker.get(f"/broker/placements/{stay}"))

    broker.post(f"/broker/placements/{stay}/end", {"on": boxes(TODAY), "reason": "as_planned"})
    assert "Stays to look into" not in text(broker.get("/broker/"))


def test_a_place_that_was_taken_away_stands_there_until_somebody_has_dealt_with_it(broker, market, store):
    stay = a_stay(store, market)
    with store.writing() as session:
        session.add(StayConcern(placement_id=stay, cause="closure", raised_at=NOW, raised_by="S"))
        session.flush()
        concern = session.query(StayConcern).one().id
    page = f"/broker/placements/{stay}"
    assert "Places are closed on nights of this stay" in text(broker.get("/broker/"))
    settle = f"/broker/concerns/{concern}"
    assert broker.post(settle, {}).status_code == 422
    assert "Stays to look into" in text(broker.get("/broker/"))

    assert broker.post(settle, {"outcome": "stays"}).location == page
    assert "Stays to look into" not in text(broker.get("/broker/"))
    assert "dealt with it on" in text(broker.get(settle))


def test_a_place_outside_what_was_asked_is_reserved_once_that_is_confirmed(broker, market, store):
    path = accept_page(market, market.near)
    later = TONIGHT | {"start_on": boxes(night(7))}
    answer = broker.post(path, later)

    assert answer.status_code == 422
    assert "Nothing has been saved yet" in text(answer)
    assert "The first night would be 30 November 2026" in text(answer)
    keys = re.findall(r'name="confirmed" value="([^"]*)"', answer.get_data(as_text=True))
    placed = broker.post(path, later | {"confirmed": keys})
    assert placed.status_code == 302
    assert "Begins outside the dates asked for" in text(broker.get(placed.location))


@pytest.mark.parametrize("confirmed", ["start-2026-12-24", "", "x" * 5000])
def test_another_question_than_was_asked_confirms_nothing(broker, market, store, confirmed):
    answer = broker.post(
        accept_page(market, market.near), TONIGHT | {"start_on": boxes(night(7)), "confirmed": confirmed}
    )

    assert answer.status_code == 422
    with store.reading() as session:
        assert session.query(Placement).all() == []
