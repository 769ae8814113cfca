"""Like company: points that choose among places, put nobody out, and tell neither who lives there nor how many."""

import re
from dataclasses import replace

import pytest

from placement.matching.judging.company import is_of_like_age, is_of_like_support
from placement.matching.judging.points import FOR_A_WISH, FOR_LIKE_AGE, FOR_LIKE_SUPPORT
from placement.matching.judging.ranking import ranked
from placement.matching.judging.reasons import reasons
from placement.matching.judging.rules import refusals
from placement.matching.judging.setting import Setting
from placement.matching.judging.stays import MatchedStay
from placement.matching.problem.facts import Neighbour
from placement.matching.tiers.solving import solve
from tests.matching.builders import a_need, a_small_instance, a_unit, an_instance

NIGHT, NURSING = "night", "nursing"


def there(*people, nights=(0, 10)):
    return tuple(Neighbour(*nights, age, level) for age, level in people)


@pytest.mark.parametrize(
    ("ages", "alike"),
    [
        ([47, 41], True), ([47, 41, 80, 81], True), ([47, 41, 80, 81, 82], False), ([47], False), ([], False),
        ([47, None], False), ([47, 54, None, None, None], True), ([47, 55], False),
    ],
)  # fmt: skip
def test_people_of_about_an_age_are_two_at_least_and_half_of_those_known(ages, alike):
    unit = a_unit(company=there(*((age, None) for age in ages)))
    assert is_of_like_age(a_need(age=47), unit, 0) == alike
    assert not is_of_like_age(a_need(age=None), unit, 0)


@pytest.mark.parametrize(
    ("levels", "alike"),
    [([NIGHT, NIGHT], True), ([NIGHT, NIGHT, NURSING, None], True), ([NIGHT, NURSING], False), ([None, None], False)],
)
def test_a_like_level_of_support_is_counted_alike(levels, alike):
    unit = a_unit(company=there(*((None, level) for level in levels)))
    assert is_of_like_support(a_need(support=NIGHT), unit, 0) == alike
    assert not is_of_like_support(a_need(), unit, 0)


def test_only_who_is_there_on_the_first_night_is_company():
    unit = a_unit(company=(*there((47, None), nights=(0, 3)), *there((47, None), nights=(2, 9))))
    assert [is_of_like_age(a_need(age=47, latest=9), unit, start) for start in range(5)] == [0, 0, 1, 0, 0]


def test_company_never_outweighs_a_wish():
    assert 0 < FOR_LIKE_AGE + FOR_LIKE_SUPPORT < FOR_A_WISH
    need = a_need(age=47, support=NIGHT, desirable=frozenset({"pbs"}))
    like, wished = a_unit("U1", company=there((47, NIGHT), (47, NIGHT))), a_unit("U2", offers=frozenset({"pbs"}))
    plan = solve(an_instance([like, wished], [need]))
    assert [match.unit for match in plan.matches] == ["U2"]


def test_among_equal_places_the_one_with_like_company_is_proposed():
    for index in (0, 1):
        units = [a_unit("U1"), a_unit("U2")]
        units[index] = replace(units[index], company=there((47, NIGHT), (48, NIGHT)))
        plan = solve(an_instance(units, [a_need(age=47, support=NIGHT)]))
        assert [match.unit for match in plan.matches] == [units[index].id]


@pytest.mark.parametrize("seed", range(60))
def test_company_decides_where_and_never_whether_somebody_is_placed(seed):
    instance = a_small_instance(seed)
    without = replace(instance, units=tuple(replace(unit, company=()) for unit in instance.units))
    for need in instance.needs:
        for one, other in zip(instance.units, without.units, strict=True):
            refused = [[rule.slug for rule in refusals(need, unit, Setting(of))]
                       for unit, of in ((one, instance), (other, without))]  # fmt: skip
            assert refused[0] == refused[1]
    values = [{each.slug: each.value for each in solve(of).objectives} for of in (instance, without)]
    assert [values[0][slug] for slug in ("in_city", "placed")] == [values[1][slug] for slug in ("in_city", "placed")]


@pytest.mark.parametrize("count", [2, 3, 12])
def test_what_is_said_of_company_holds_no_number_and_nothing_of_anybody(count):
    people = there(*[(46, NURSING), (49, NURSING)] * count)
    need, unit = a_need(age=47, support=NURSING), a_unit(company=people)
    instance = an_instance([unit], [need])
    said = reasons(MatchedStay(need, unit, 0, 1), Setting(instance))[-1]
    option = ranked(instance, need.id).options[0]
    labels = [term.label for term in option.terms if term.slug.startswith("like_")]
    assert said == "people of about this age and with a like level of support live there"
    assert labels == ["People of about this age live there", "People with a like level of support live there"]
    assert not re.search(r"\d|one|two|three|twelve|nurs|46|49", " ".join([said, *labels]))
    assert {term.points for term in option.terms if term.slug.startswith("like_")} == {FOR_LIKE_AGE, FOR_LIKE_SUPPORT}
    assert len({len(reasons(MatchedStay(need, a_unit(company=people[: 2 * n]), 0, 1), Setting(instance)))
                for n in range(1, count + 1)}) == 1, "the words are the same however many live there"  # fmt: skip
