"""What a provider says of a stay, in as few taps as can be, without ever reading a name."""

import pytest
from sqlalchemy import select

from placement.domain.states import PlacementState, TaskState
from placement.records.placements import Placement
from placement.records.tasks import Task
from tests.builders import TODAY, night
from tests.web.pages.provider.conftest import read, stays
from tests.web.pages.provider.test_placements import do, path, state

HERE = {"start": -5, "nights": 9}


def boxes(day):
    return [f"{day:%d}", f"{day:%m}", f"{day:%Y}"]


def open_tasks(store):
    with store.reading() as session:
        return {each.kind for each in session.scalars(select(Task).where(Task.state == TaskState.OPEN))}


def tap(works, placement, action):
    return works.browser.post(path(placement, action), {}, page="/provider/")


def test_the_first_page_lists_who_comes_and_goes_in_two_weeks_with_one_tap_each(works, store):
    stays(store, works, PlacementState.CONFIRMED, start=0)
    stays(store, works, PlacementState.CONFIRMED, start=14)
    stays(store, works, PlacementState.CONFIRMED, start=15)
    stays(store, works, PlacementState.ACTIVE, start=-5, nights=9)
    page = read(works.browser.get("/provider/"))

    assert "Arriving soon (2)" in page
    assert "Leaving soon (1)" in page
    assert (page.count("Has arrived"), page.count("Did not arrive"), page.count("Not as planned")) == (1, 1, 2)


def test_has_arrived_is_one_tap_and_taken_back_in_another(works, store):
    stay = stays(store, works, PlacementState.CONFIRMED)
    tap(works, stay, "arrival")
    assert state(store, stay) is PlacementState.ACTIVE
    assert "Wrong person?" in read(works.browser.get(path(stay)))

    assert do(works, stay, "take-back").location == path(stay)
    assert state(store, stay) is PlacementState.CONFIRMED


def test_did_not_arrive_asks_brokerage_what_follows_and_keeps_the_place(works, store):
    stay = stays(store, works, PlacementState.CONFIRMED)
    assert tap(works, stay, "not-as-planned").location == "/provider/"

    assert (state(store, stay), open_tasks(store)) == (PlacementState.CONFIRMED, {"not_as_planned"})


@pytest.mark.parametrize("values", [{"start": 3}, HERE])
def test_ahead_of_time_it_goes_as_planned_or_does_not(works, store, values):
    stay = stays(store, works, PlacementState.CONFIRMED if values["start"] > 0 else PlacementState.ACTIVE, **values)
    tap(works, stay, "not-as-planned")
    assert open_tasks(store) == {"not_as_planned"}
    tap(works, stay, "as-planned")

    assert open_tasks(store) == set()
    assert "You said on 23 November 2026 that it goes as planned" in read(works.browser.get("/provider/"))


def test_has_left_is_one_tap_on_the_day_and_taken_back_in_another(works, store):
    stay = stays(store, works, PlacementState.ACTIVE, start=-5, nights=5)
    tap(works, stay, "left")
    with store.reading() as session:
        kept = session.get_one(Placement, stay)
        assert (kept.state, kept.end_on, kept.ended_reason) == (PlacementState.ENDED, TODAY, "as_planned")

    do(works, stay, "take-back")
    assert state(store, stay) is PlacementState.ACTIVE


def test_in_hospital_and_back_again(works, store):
    stay = stays(store, works, PlacementState.ACTIVE, **HERE)
    assert do(works, stay, "away", since=boxes(TODAY)).location == path(stay)
    page = read(works.browser.get(path(stay)))
    assert "In hospital since 23 November 2026 The place is kept." in page
    assert "Living there (1)" in read(works.browser.get("/provider/placements"))

    do(works, stay, "back")
    assert state(store, stay) is PlacementState.ACTIVE


def test_notice_is_for_the_provider_the_person_or_the_family_and_not_for_the_council(works, store):
    stay = stays(store, works, PlacementState.ACTIVE, start=-5, nights=None)
    assert do(works, stay, "notice", giver="council", last_night=boxes(night(9))).status_code == 422
    do(works, stay, "notice", giver="provider", last_night=boxes(night(9)))
    assert state(store, stay) is PlacementState.NOTICE
    assert "The person is to leave on 3 December 2026" in read(works.browser.get(path(stay)))
    assert "find_next" in open_tasks(store)

    do(works, stay, "no-notice")
    assert state(store, stay) is PlacementState.ACTIVE
