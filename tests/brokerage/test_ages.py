"""Age counts on the first night of a stay: 17 today and 18 then is an adult, 64 today and 65 then is 65."""

from datetime import date

import pytest

from placement.brokerage.anonymised import anonymised_referral
from placement.brokerage.answers import DateAnswers, answer_dates, answer_person
from placement.brokerage.people import PersonAnswers
from placement.brokerage.referrals import start_referral, submit_referral
from placement.domain.errors import Invalid, OutOfStep
from placement.domain.people import Gender
from placement.domain.periods import Period
from placement.planning.eligibility import refusals
from placement.planning.snapshot import instance_of
from tests.brokerage.test_referrals import answered
from tests.brokerage.worlds import BROKER
from tests.builders import TODAY, a_person, a_referral, a_unit, night
from tests.conftest import NOW

DOING = {"by": BROKER, "now": NOW}


def born(age, on):
    """Return the birthday of somebody who reaches an age on a day."""
    return on.replace(year=on.year - age)


def begun(session, born_on, kind="planned"):
    answers = PersonAnswers(case_number="C1", name="Ann Other", born_on=born_on, gender=Gender.WOMAN, home=None)
    return start_referral(session, kind, answers, **DOING)


def test_who_is_18_within_a_year_can_be_referred_and_the_first_date_is_not_before_the_birthday(session):
    draft = begun(session, born(18, night(30)))
    with pytest.raises(Invalid, match="is 18 on 23 December 2026") as refused:
        answer_dates(session, draft, DateAnswers(earliest_on=night(29), latest_on=night(60), nights=None), **DOING)
    assert refused.value.field == "earliest_on"
    answer_dates(session, draft, DateAnswers(earliest_on=night(30), latest_on=night(60), nights=None), **DOING)


@pytest.mark.parametrize(("days", "is_taken"), [(365, True), (366, False)])
def test_who_is_younger_is_told_why_and_from_when(session, days, is_taken):
    if is_taken:
        assert begun(session, born(18, night(days)))
        return
    with pytest.raises(Invalid, match=r"is 16\. A place is for adults.*from 24 November 2026") as refused:
        begun(session, born(18, night(days)))
    assert refused.value.field == "born_on"


def test_a_date_of_birth_that_is_put_right_after_the_dates_is_looked_at_again_on_submission(session):
    draft = answered(session, "planned", earliest=10, latest=20, nights=None)
    right = PersonAnswers(case_number="C1", name="Ann", born_on=born(18, night(11)), gender=None, home=None)
    answer_person(session, draft, right, **DOING)
    with pytest.raises(OutOfStep, match="not 18 yet"):
        submit_referral(session, draft, **DOING)


@pytest.mark.parametrize(
    ("born_on", "first", "age"),
    [
        (born(18, night(10)), 9, 17),
        (born(18, night(10)), 10, 18),
        (born(65, night(10)), 9, 64),
        (born(65, night(10)), 10, 65),
        (date(2008, 2, 29), (date(2027, 2, 28) - TODAY).days, 18),
        (date(2008, 2, 29), (date(2027, 3, 1) - TODAY).days, 19),
    ],
)
def test_the_engine_and_the_provider_see_the_age_of_the_first_night(session, born_on, first, age):
    person = a_person(session, born_on=born_on)
    referral = a_referral(session, person=person, kind="planned", earliest_on=night(first), latest_on=night(first + 9))
    (need,) = instance_of(session, [referral], now=NOW).needs
    assert need.age == age
    band = anonymised_referral(referral, Period.lasting(night(first), 3), day=TODAY).age_band
    assert (band == "under 18") == (age < 18)


def test_a_birthday_within_the_window_counts_once_the_nights_are_chosen(session):
    """The matcher goes by the window's first night; the gate of accepting goes by the night that is chosen."""
    unit = a_unit(session, min_age=18, max_age=64)
    person = a_person(session, born_on=born(65, night(10)))
    referral = a_referral(session, person=person, kind="planned", earliest_on=night(5), latest_on=night(30), nights=3)
    assert "age" not in refusals(session, referral, unit, now=NOW)
    nights = {start: Period.lasting(night(start), 3) for start in (9, 10)}
    chosen = {start: refusals(session, referral, unit, now=NOW, nights=each) for start, each in nights.items()}
    assert "age" not in chosen[9]
    assert "this person is 65" in chosen[10]["age"]
