"""Which places are thought of: for whom there was none, where they live, and like what the city has."""

from __future__ import annotations

from datetime import date

from placement.domain.periods import Period
from placement.reports.asked import Level
from placement.reports.place_ideas import place_ideas
from tests.matching.builders import ELSEWHERE, a_unit
from tests.planning.replay.histories import a_case as a_past_case
from tests.planning.replay.histories import a_history
from tests.reports.markets import a_question
from tests.reports.test_city_needs import a_case

ASKED = a_question(level=Level.LOCALITY)
SPAN = Period(date(2025, 10, 1), date(2026, 10, 1))


def ideas(people, units, *, most=8, essential=frozenset(), lat=None, lon=None):
    past = [
        a_past_case(f"R{one.referral_id}", essential=one.needs | essential, lat=lat, lon=lon, kind=one.kind)
        for one in people
    ]
    names = {one.referral_id: f"R{one.referral_id}" for one in people}
    return place_ideas(a_history(past, units), people, names, ASKED, SPAN, most=most)


HOME = a_unit("U1", offers=frozenset({"residential", "pbs"}), weekly_pence=90_000, gender="men", max_age=64)


def test_an_idea_is_an_area_a_need_a_kind_and_a_type_those_that_would_serve_most_first():
    people = [a_case(number, needs=("nurse", "dementia"), types=frozenset({"nursing"})) for number in (1, 2)]
    people += [a_case(3, area="west", kind="crisis", needs=("pbs",))]
    found = ideas(people, [HOME])
    assert [(each.area, each.need, each.kind, each.service_type) for each in found] == [
        ("north", "nursing_dementia", "planned", "nursing"),
        ("west", "pbs", "crisis", "residential"),
    ]
    assert [each.area for each in ideas(people, [HOME], most=1)] == ["north"]


def test_the_unit_offers_what_the_people_need_for_every_gender_and_this_kind_amid_them():
    people = [a_case(1, needs=("pbs",), kind="crisis", types=frozenset({"supported_living"}))]
    (found,) = ideas(people, [HOME], essential=frozenset({"hoist"}), lat=52.4, lon=-1.5)
    assert found.model.offers == {"pbs", "hoist", "supported_living"}
    assert (found.model.gender, found.model.kinds, found.model.weekly_pence) == ("any", {"crisis"}, 90_000)
    assert (found.model.lat, found.model.lon) == (52.4, -1.5)


def test_a_cheaper_unit_is_the_model_where_both_would_do_and_one_outside_the_city_never():
    dear = a_unit("U2", offers=frozenset({"residential"}), weekly_pence=150_000)
    outside = a_unit("U3", offers=frozenset({"residential"}), weekly_pence=10_000, authority=ELSEWHERE)
    (found,) = ideas([a_case(1)], [dear, HOME, outside])
    assert found.model.weekly_pence == 90_000
    assert ideas([a_case(1)], [outside, a_unit("U4")]) == ()


def test_whom_the_replay_does_not_know_is_not_thought_of():
    assert place_ideas(a_history([], [HOME]), [a_case(1)], {}, ASKED, SPAN) == ()
