from datetime import date

import pytest

from placement.brokerage.people import PersonAnswers, keep_person, person_with
from placement.domain.errors import Invalid
from placement.domain.people import Gender
from tests.brokerage.worlds import BROKER, RUGBY, a_location, story
from tests.conftest import NOW


def answers(**values):
    given = {
        "case_number": "C1",
        "name": "Ann Other",
        "born_on": date(1980, 1, 1),
        "gender": Gender.WOMAN,
        "home": a_location(),
    }
    return PersonAnswers(**given | values)


def kept(session, **values):
    return keep_person(session, answers(**values), by=BROKER, now=NOW)


def test_the_same_case_number_is_the_same_person_however_it_is_typed(session):
    first = kept(session, case_number=" ab-12 ")
    second = kept(session, case_number="AB-12", name="Ann Married")

    assert first is second
    assert person_with(session, "aB-12 ") is first
    assert (first.case_number, first.name) == ("AB-12", "Ann Married")
    assert story(session, first) == ["added a person", "updated a person"]


def test_another_date_of_birth_under_the_same_case_number_is_refused_and_changes_nothing(session):
    person = kept(session)

    with pytest.raises(Invalid) as refusal:
        kept(session, born_on=date(1980, 1, 2), name="Somebody Else")
    assert refusal.value.field == "case_number"
    assert person.name == "Ann Other"


@pytest.mark.parametrize("born_on", [date(2008, 11, 24), date(1905, 11, 23), date(2030, 1, 1)], ids=str)
def test_a_date_of_birth_that_no_adult_has_is_refused(session, born_on):
    with pytest.raises(Invalid) as refusal:
        kept(session, born_on=born_on)
    assert refusal.value.field == "born_on"
    assert person_with(session, "C1") is None


@pytest.mark.parametrize("born_on", [date(2008, 11, 23), date(1905, 11, 24)], ids=str)
def test_somebody_who_turns_eighteen_today_or_is_still_a_hundred_and_twenty_is_taken(session, born_on):
    assert kept(session, born_on=born_on).born_on == born_on


def test_a_home_in_the_city_gives_a_ward_and_one_outside_gives_none(session):
    person = kept(session)
    assert person.ward_code == a_location().ward.code

    kept(session, home=a_location("CV21 2AA", authority=RUGBY))
    assert (person.postcode, person.authority, person.ward_code) == ("CV21 2AA", RUGBY, None)


def test_losing_a_fixed_address_forgets_the_old_one(session):
    person = kept(session)
    kept(session, home=None, gender=None)

    assert {person.postcode, person.lat, person.lon, person.authority, person.ward_code, person.gender} == {None}
