import re

import pytest

from placement.domain.states import PlacementState
from placement.records.availability import availability
from placement.records.placements import StayConcern
from placement.records.vacancies import Closure
from tests.builders import TODAY, night
from tests.web.pages.provider.conftest import read, stays


def form(works, **answers):
    given = {"unit": str(works.unit), "places": "", "reason": "refurbishment"}
    dates = {"start_on": ["23", "11", "2026"], "end_on": ["", "", ""]}
    return given | dates | answers


def path(works):
    return f"/provider/services/{works.service}/closures"


def close(works, **answers):
    return works.browser.post(path(works), form(works, **answers))


def free(store, works, on):
    with store.reading() as session:
        return availability(session, [works.unit], day=TODAY).bookable(works.unit, night(on), night(on + 1))


def test_closes_some_places_until_a_day_and_lists_them(works, store):
    answer = close(works, places="3", end_on=["3", "12", "2026"])
    assert answer.location == path(works)
    page = read(works.browser.get(path(works)))
    assert "Ground floor: 3 places" in page
    assert "from 23 November 2026, open again on 3 December 2026" in page
    assert (free(store, works, 9), free(store, works, 10)) == (0, 2)


def test_closes_a_whole_unit_with_no_end_and_opens_it_again(works, store):
    close(works)
    assert "Ground floor: the whole unit" in read(works.browser.get(path(works)))
    assert free(store, works, 0) == 0
    with store.reading() as session:
        closure = session.query(Closure).one().id
    reopen = f"/provider/services/closures/{closure}/reopen"
    assert works.browser.post(reopen, page=path(works)).location == path(works)
    assert free(store, works, 0) == 2
    assert "No places are out of service." in read(works.browser.get(path(works)))
    assert works.browser.post(reopen, page=path(works)).status_code == 409


@pytest.mark.parametrize(
    ("wrong", "words", "field"),
    [
        ({"unit": ""}, "Choose a unit", "unit"),
        ({"unit": "x"}, "cannot be chosen any more", "unit"),
        ({"reason": ""}, "Choose why", "reason"),
        ({"reason": "whim"}, "cannot be chosen any more", "reason"),
        ({"places": "0"}, "Enter between 1 and 4 places", "places"),
        ({"places": "5"}, "Enter between 1 and 4 places", "places"),
        ({"places": "9" * 30}, "Enter a whole number", "places"),
        ({"places": "٣"}, "Enter a whole number", "places"),
        ({"start_on": ["", "", ""]}, "Enter the first closed night", "start_on"),
        ({"start_on": ["31", "2", "2026"]}, "Enter a real date", "start_on"),
        ({"start_on": ["1"]}, "Enter a real date", "start_on"),
        ({"start_on": ["1", "1", "2026", "9"]}, "Enter a real date", "start_on"),
        ({"end_on": ["23", "11", "2026"]}, "Enter a date of reopening", "end_on"),
        ({"end_on": ["1", "1", "99999"]}, "Enter a real date", "end_on"),
    ],
)
def test_shows_what_is_wrong_beside_its_question(works, store, wrong, words, field):
    answer = close(works, **wrong)
    assert answer.status_code == 422
    assert words in read(answer)
    assert f'href="#{field}' in answer.get_data(as_text=True)
    with store.reading() as session:
        assert session.query(Closure).count() == 0


def test_a_unit_of_another_provider_cannot_be_closed(works, elsewhere, store):
    assert close(works, unit=str(elsewhere.unit)).status_code == 422
    with store.reading() as session:
        assert session.query(Closure).count() == 0


def test_begins_tonight_unless_it_is_said(works):
    page = works.browser.get(path(works)).get_data(as_text=True)
    assert f'value="{TODAY:%d}"' in page
    assert f'value="{TODAY:%Y}"' in page


def test_a_closure_over_somebodys_stay_is_asked_about_and_brokerage_is_told(works, store):
    stays(store, works, PlacementState.ACTIVE, start=-7, nights=30)
    answer = close(works)
    assert answer.status_code == 422
    assert "Nothing has been saved yet" in read(answer)
    assert "Too few places would be left in Ground floor for 1 person placed by the council" in read(answer)
    assert "No places are out of service." in read(works.browser.get(path(works)))

    (key,) = re.findall(r'name="confirmed" value="([^"]*)"', answer.get_data(as_text=True))
    assert close(works, confirmed=key).location == path(works)
    with store.reading() as session:
        assert [each.cause for each in session.query(StayConcern)] == ["closure"]
