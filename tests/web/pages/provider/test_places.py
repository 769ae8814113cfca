"""The pages for places that are not simply free: kept, coming free, shared, prepared, split, merged and out of use."""

from __future__ import annotations

import re

from placement.domain.states import PlacementState
from placement.records.availability import availability
from placement.records.others import OtherStay
from placement.records.placements import Placement, StayConcern
from placement.records.providers import SharedCap, Unit
from tests.builders import TODAY, a_report, night
from tests.web.pages.provider.conftest import fields, read, stays


def path(works, more=""):
    return f"/provider/services/{works.service}/places{more}"


def unit_path(works, page):
    return f"/provider/services/units/{works.unit}/{page}"


def free(store, works, *nights):
    with store.reading() as session:
        found = availability(session, [works.unit], day=TODAY)
        return [found.bookable(works.unit, night(n), night(n + 1)) for n in nights]


def boxes(name, day):
    return {name: [str(day.day), str(day.month), str(day.year)] if day else ["", "", ""]}


def keep(works, start=TODAY, end=None, **answers):
    given = {"unit": str(works.unit), "places": "1", "purpose": "contract", "name": "Block 7", "is_counted": "no"}
    return works.browser.post(path(works, "/keep"), given | boxes("start_on", start) | boxes("end_on", end) | answers)


def test_a_place_that_is_kept_stands_on_the_page_and_is_offered_to_nobody(works, store):
    assert keep(works, night(2), night(9)).location == path(works)
    page = read(works.browser.get(path(works)))
    assert "Ground floor: 1 place from 25 November 2026 until 2 December 2026: a contract (Block 7)" in page
    assert free(store, works, 1, 2, 9) == [2, 1, 2]


def test_what_cannot_be_kept_says_why_at_its_question(works, store):
    assert "Enter the name of the contract." in read(keep(works, name=""))
    refused = keep(works, places="3")
    assert refused.status_code == 422
    assert "On every night from 23 November 2026 Ground floor has 2 places that nobody has been promised." in read(
        refused
    )
    assert "0 reserved" in read(keep(works, is_counted="yes"))


def test_who_leaves_makes_a_place_free_once_it_is_said_that_they_have_left(works, store, clock):
    leaving = {"unit": str(works.unit), "places": "1"} | boxes("leave_on", night(3))
    assert works.browser.post(path(works, "/leaving"), leaving).location == path(works)
    assert "1 person who lives there leaves on 26 November 2026" in read(works.browser.get(path(works)))
    assert free(store, works, 2, 3) == [2, 3]
    with store.reading() as session:
        number = session.query(OtherStay).one().id

    later = f"/provider/services/places/{number}"
    page = works.browser.get(later)
    answer = works.browser.post(later, {"shown": fields(page)["shown"]} | boxes("end_on", night(6)))
    assert answer.location == path(works)
    assert free(store, works, 5, 6) == [2, 3]
    assert works.browser.post(f"{later}/free", page=path(works)).location == path(works)
    assert free(store, works, 0) == [3]
    assert "Free since 23 November 2026" in read(works.browser.get(path(works)))
    assert works.browser.post(f"{later}/withdraw", page=path(works)).status_code == 409
    numbers = fields(works.browser.get(works.vacancies))
    assert (numbers[f"occupied-{works.unit}"], numbers[f"accepting-{works.unit}"]) == ("1", "3")


def test_a_mistake_is_taken_back(works, store):
    keep(works)
    with store.reading() as session:
        number = session.query(OtherStay).one().id
    works.browser.post(f"/provider/services/places/{number}/withdraw", page=path(works))
    assert free(store, works, 0) == [2]
    assert "No places are kept for others" in read(works.browser.get(path(works)))


def test_a_pool_is_made_asked_about_changed_and_ended(works, store):
    stay = stays(store, works, PlacementState.ACTIVE, nights=None)
    new = f"/provider/services/{works.service}/pools/new"
    pool = {"name": "Waking nights", "units": [str(works.unit), str(works.other_unit)], "places": "2"}
    assert "Choose two units or more." in read(works.browser.post(new, pool | {"units": [str(works.unit)]}))
    asked = works.browser.post(new, pool)
    assert "With 2 at a time there would be too few places for people who have been promised one" in read(asked)
    keys = re.findall(r'name="confirmed" value="([^"]+)"', asked.get_data(as_text=True))
    assert works.browser.post(new, pool | {"confirmed": keys}).location == path(works)
    with store.reading() as session:
        number = session.query(SharedCap).one().id
        assert session.query(StayConcern).one().placement_id == stay
    words = "Waking nights: at most 2 at a time in Ground floor and First floor together"
    assert words in read(works.browser.get(path(works)))
    assert free(store, works, 0) == [0]

    change = f"/provider/services/pools/{number}"
    shown = fields(works.browser.get(change))["shown"]
    assert works.browser.post(change, pool | {"places": "6", "shown": shown}).location == path(works)
    assert free(store, works, 0) == [1]
    works.browser.post(f"{change}/end", page=path(works))
    assert "These units share nothing" in read(works.browser.get(path(works)))


def test_nights_between_stays_are_said_and_kept(works, store):
    form = unit_path(works, "turnaround")
    shown = fields(works.browser.get(form))["shown"]
    assert "Enter a number from 0 to 28." in read(works.browser.post(form, {"turnaround_nights": "29", "shown": shown}))
    assert works.browser.post(form, {"turnaround_nights": "2", "shown": shown}).location == path(works)
    assert "2 nights between two stays" in read(works.browser.get(path(works)))
    stays(store, works, PlacementState.CONFIRMED, start=3, nights=4)
    assert free(store, works, 0, 1, 8, 9) == [2, 1, 1, 2]


def test_a_unit_is_split_with_who_is_chosen_and_merged_again(works, store):
    stay = stays(store, works, PlacementState.RESERVED, start=5)
    new = {"name": "Garden rooms", "maximum": "2", "occupied": "1", "reserved": "0", "accepting": "1"}
    form = unit_path(works, "split")
    assert "reserved, from 28 November 2026" in read(works.browser.get(form))
    assert "It has no more" not in read(works.browser.post(form, new | {"maximum": "9"}))
    assert works.browser.post(form, new | {"stays": [str(stay)]}).location == works.vacancies
    with store.reading() as session:
        added = session.get_one(Placement, stay).unit
        assert (added.name, added.capacity, session.get_one(Unit, works.unit).capacity) == ("Garden rooms", 2, 2)
        number = added.id

    merge = f"/provider/services/units/{number}/merge"
    assert works.browser.post(merge, {"into": str(works.unit)}).location == works.vacancies
    with store.reading() as session:
        assert session.get_one(Placement, stay).unit_id == works.unit
    assert "Out of use Garden rooms" in read(works.browser.get(path(works)))


def test_a_unit_goes_out_of_use_only_once_it_is_empty_and_comes_back(works, store):
    form = unit_path(works, "retire")
    refused = works.browser.post(form, page=form)
    assert refused.status_code == 422
    assert "By your numbers 2 people live in Ground floor" in read(refused)
    with store.writing() as session:
        a_report(session, session.get_one(Unit, works.unit), accepting=4)
    assert works.browser.post(form, page=form).location == path(works)
    assert "Maximum capacity in Ground floor" not in read(works.browser.get(works.vacancies))
    assert works.browser.post(unit_path(works, "take-up"), page=path(works)).location == works.vacancies
    assert "Ground floor" in read(works.browser.get(works.vacancies))
