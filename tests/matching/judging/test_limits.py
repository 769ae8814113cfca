"""Each limit over a whole plan is one that the checker tells by its word."""

import pytest

from placement.matching.judging.check import limits_broken
from placement.matching.judging.limits import APART, CAPACITY, CRISES, SAME_GENDER, SHARED_CAP
from placement.matching.judging.setting import Setting
from placement.matching.judging.stays import MatchedStay
from placement.matching.problem.facts import CapFacts
from tests.matching.builders import a_need, a_unit, an_instance

FREE = [(0, 10, 2)]


@pytest.mark.parametrize(
    ("limit", "unit", "need", "caps"),
    [
        (CAPACITY, {"free": [(0, 10, 1)]}, {}, ()),
        (SHARED_CAP, {"free": FREE, "shared": frozenset({"C1"})}, {}, (CapFacts(id="C1", places=1),)),
        (CRISES, {"free": FREE, "crisis_places": 1}, {"kind": "crisis"}, ()),
        (APART, {"free": FREE}, {"apart": frozenset({"N2"})}, ()),
        (SAME_GENDER, {"free": FREE, "gender": "same"}, {"gender": "man"}, ()),
    ],
)
def test_two_people_who_may_not_be_there_together_break_the_limit_that_says_so_and_no_other(limit, unit, need, caps):
    place = a_unit(**unit)
    people = [a_need("N1", **need), a_need("N2", gender="woman", kind=need.get("kind", "planned"))]
    setting = Setting(an_instance([place], people, shared_caps=caps))
    together = [MatchedStay(one, place, 0, 5) for one in people]
    after = [MatchedStay(people[0], place, 0, 5), MatchedStay(people[1], place, 5, 10)]

    assert [violation.slug for violation in limits_broken(setting, together)] == [limit.slug]
    assert not list(limits_broken(setting, after))
