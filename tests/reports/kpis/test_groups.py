from datetime import date

import pytest

from placement.domain.people import Gender
from placement.reports.kpis.groups import AGE, GENDER, NEEDS, WhoIsWho, WhoWas, age_group
from tests.builders import a_person, a_referral


@pytest.mark.parametrize(
    ("age", "words"),
    [(17, ""), (18, "18 to 24"), (24, "18 to 24"), (25, "25 to 44"), (84, "75 to 84"), (99, "85 or over")],
)
def test_ages_by_band(age, words):
    assert age_group(age) == words


def test_everybody_is_in_one_row_of_each_grouping():
    for gender in (*Gender, None):
        for needs in (frozenset(), frozenset({"dementia", "autism"})):
            who = WhoWas(age=40, gender=gender, needs=needs)
            for grouping in (AGE, GENDER, *NEEDS):
                assert grouping.of(who) in {slug for slug, _ in grouping.rows} | {""}


def test_what_is_known_is_of_the_day_and_of_the_referral(store):
    with store.writing() as session:
        person = a_person(session, born_on=date(2000, 6, 1), gender=Gender.MAN)
        first = a_referral(session, person=person, essential=("autism",))
        other = a_referral(session, person=person)
    with store.reading() as session:
        known = WhoIsWho(session)

    assert known.was(person.id, first.id, date(2026, 5, 31)) == WhoWas(
        age=25, gender=Gender.MAN, needs=frozenset({"autism"})
    )
    assert known.was(person.id, other.id, date(2026, 6, 1)).age == 26
    assert known.was(person.id, other.id, date(2026, 6, 1)).needs == frozenset()
