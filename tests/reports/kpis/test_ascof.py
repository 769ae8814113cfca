from datetime import date

from placement.domain.features import Strength
from placement.records.referrals import ReferralNeed
from placement.reports.kpis.ascof import ascof_tables
from tests.builders import a_person
from tests.reports.kpis.worlds import asked_for, cells_of, placed, units_of


def told(store):
    with store.reading() as session:
        return [cells_of(table) for table in ascof_tables(session, asked_for())]


def test_who_went_into_a_care_home_without_an_end_by_age(store):
    with store.writing() as session:
        nursing, residential, supported, _ = units_of(session)
        for unit, born, nights, people in (
            (nursing, 1940, None, 20),
            (residential, 1990, None, 11),
            (residential, 1990, 14, 30),
            (supported, 1940, None, 13),
        ):
            for _ in range(people):
                stay = placed(session, unit, days_ago=100, person=a_person(session, born_on=date(born, 1, 1)))
                stay.referral.nights = nights
    homes, _ = told(store)

    assert (homes["65 or over", "People"], homes["18 to 64", "People"]) == (20, 10)
    assert homes["All", "People"] == 30, "31"


def test_people_with_a_learning_disability_by_accommodation_up_to_64(store):
    with store.writing() as session:
        nursing, _, supported, _ = units_of(session)
        for unit, born, needs, people in (
            (nursing, 1990, ("learning_disability",), 12),
            (supported, 1990, ("learning_disability",), 36),
            (supported, 1950, ("learning_disability",), 20),
            (supported, 1990, (), 15),
        ):
            for _ in range(people):
                stay = placed(session, unit, days_ago=100, person=a_person(session, born_on=date(born, 1, 1)))
                stay.referral.needs = [ReferralNeed(slug=slug, strength=Strength.ESSENTIAL) for slug in needs]
    _, settled = told(store)

    assert (settled["Settled", "People"], settled["Not settled", "People"]) == (35, 10)
    assert settled["Settled", "Of a hundred"] == 70, "35 of about 50"
