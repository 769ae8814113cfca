"""Whether one more stay fits beside a plan is what the checker says of both together."""

from hypothesis import given
from hypothesis import strategies as st

from placement.matching.judging.check import limits_broken
from placement.matching.judging.occupancy import Occupancy, stay_of
from placement.matching.judging.setting import Setting
from placement.matching.judging.starts import starts_of
from placement.matching.problem.facts import CapFacts
from placement.matching.problem.plan import Match
from tests.exploring import tried
from tests.matching.brute_force import every_plan
from tests.matching.builders import a_need, a_small_instance, a_unit, an_instance


@tried(60)
@given(st.integers(0, 10**9), st.data())
def test_a_stay_fits_exactly_where_the_checker_passes_it_beside_the_others(seed, data):
    instance = a_small_instance(seed)
    setting = Setting(instance)
    stays = data.draw(st.sampled_from(list(every_plan(instance))[:200]))
    occupancy = Occupancy(setting, stays)
    for need in instance.needs:
        others = [stay for stay in stays if stay.need.id != need.id]
        for unit in instance.units:
            for start in starts_of(need, unit, setting):
                stay = stay_of(setting, need.id, unit.id, start)
                fits = not list(limits_broken(setting, [*others, stay]))
                assert occupancy.fits(stay) == fits
                assert not (occupancy.rivals(stay) and fits)


def test_rivals_are_named_in_order_and_leave_room_when_they_go():
    needs = [a_need("N1"), a_need("N2"), a_need("N3")]
    setting = Setting(an_instance([a_unit(free=[(0, 10, 2)])], needs))
    occupancy = Occupancy.of(setting, [Match(need="N2", unit="U1", start=0), Match(need="N1", unit="U1", start=0)])
    stay = stay_of(setting, "N3", "U1", 0)

    assert [rival.need.id for rival in occupancy.rivals(stay)] == ["N1", "N2"]
    assert not occupancy.fits(stay)
    assert occupancy.fits(stay, without=frozenset({"N1"}))


def test_a_cap_of_no_places_has_no_rivals_and_no_room():
    unit = a_unit(shared=frozenset({"C1"}))
    setting = Setting(an_instance([unit], [a_need()], shared_caps=(CapFacts(id="C1", places=0),)))
    stay = stay_of(setting, "N1", "U1", 0)

    assert Occupancy(setting, ()).rivals(stay) == ()
    assert not Occupancy(setting, ()).fits(stay)
