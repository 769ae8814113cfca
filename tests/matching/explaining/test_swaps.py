"""Who got the place, and what a swap would do: counted again by making it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from placement.matching.explaining.explain import explain
from placement.matching.judging.check import limits_broken, worth_of
from placement.matching.judging.occupancy import stay_of
from placement.matching.judging.setting import Setting
from placement.matching.problem.facts import CapFacts
from placement.matching.tiers.solving import solve
from tests.exploring import tried
from tests.matching.builders import a_day, a_need, a_unit, an_instance

seeds = st.integers(0, 10**9)


def a_crowded_day(seed):
    return a_day(seed, needs=15, units=20, nights=20, tight=0.3)


@tried(30)
@given(seeds)
def test_a_swap_does_to_every_tier_what_it_says(seed):
    instance = a_crowded_day(seed)
    plan, setting = solve(instance), Setting(instance)
    stays = [stay_of(setting, match.need, match.unit, match.start) for match in plan.matches]
    before = worth_of(setting, stays)

    for entry in plan.unmatched:
        for outbid in explain(instance, plan, entry.need).outbid:
            kept = [stay for stay in stays if stay.need.id not in (*outbid.displaced, entry.need)]
            swapped = [*kept, stay_of(setting, entry.need, outbid.unit, outbid.start)]
            if not outbid.swap:
                continue
            assert not list(limits_broken(setting, swapped))
            after = worth_of(setting, swapped)
            assert {tier.slug: tier.change for tier in outbid.swap} == {
                slug: after[slug] - before[slug] for slug in after
            }
            assert set(outbid.displaced) <= set(outbid.holders)


def test_names_who_got_the_place():
    instance = an_instance([a_unit()], [a_need("N1"), a_need("N2", weight=200)])
    told = explain(instance, solve(instance), "N1")

    assert [cause.rule for cause in told.causes] == ["outbid"]
    assert told.outbid[0].holders == told.outbid[0].displaced == ("N2",)
    assert {tier.slug: tier.change for tier in told.outbid[0].swap}["in_city"] == -100


def test_a_pool_of_no_places_is_told_as_full_and_nobody_is_said_to_have_the_place():
    cap = CapFacts(id="C1", places=0)
    instance = an_instance([a_unit(shared=frozenset({"C1"}))], [a_need()], shared_caps=(cap,))
    told = explain(instance, solve(instance), "N1")

    assert [cause.rule for cause in told.causes] == ["pool"]
    assert [near.refused_by for near in told.nearest] == [("pool",)]
    assert told.outbid == ()
