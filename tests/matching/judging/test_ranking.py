"""Every unit for one need: the best first, and every refusal of the others."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from placement.matching.judging.ranking import ranked
from placement.matching.judging.rules import refusals
from placement.matching.judging.setting import Setting
from placement.matching.tiers.solving import solve
from tests.exploring import tried
from tests.matching.builders import a_day, a_small_instance

seeds = st.integers(0, 10**9)


def a_crowded_day(seed):
    return a_day(seed, needs=15, units=20, nights=20, tight=0.3)


@tried(20)
@given(seeds)
def test_the_first_option_of_a_need_alone_is_what_the_solver_gives_it(seed):
    instance = a_small_instance(seed, sides=False)
    instance = replace(instance, needs=instance.needs[:1], shared_caps=())
    ranking = ranked(instance, instance.needs[0].id)
    plan = solve(instance)

    first = [(option.unit, option.start) for option in ranking.options[:1]]
    assert first == [(match.unit, match.start) for match in plan.matches]
    assert len(ranking.options) + len(ranking.refused) == len(instance.units)


@tried(20)
@given(seeds)
def test_a_ranking_adds_up_and_names_every_refusal(seed):
    instance = a_crowded_day(seed)
    setting, plan = Setting(instance), solve(instance)
    for need in instance.needs[:5]:
        ranking = ranked(instance, need.id, plan)
        assert [option.rank for option in ranking.options] == list(range(1, len(ranking.options) + 1))
        for option in ranking.options:
            assert sum(term.points for term in option.terms) == option.tiers["fit"]
        for found in ranking.refused:
            slugs = tuple(rule.slug for rule in refusals(need, setting.units[found.unit], setting))
            assert found.refused_by == slugs != ()
        assert ranking.to_dict()["need"] == need.id
