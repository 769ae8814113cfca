"""Every sentence of an explanation is checked again by brute force: one unit, one rule, one night at a time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from placement.matching.judging.rules import RULES, refusals
from placement.matching.judging.setting import Setting
from placement.matching.tiers.solving import solve
from tests.exploring import tried
from tests.matching.builders import ELSEWHERE, a_day, a_need, a_small_instance, a_unit, an_instance

seeds = st.integers(0, 10**9)


def a_crowded_day(seed):
    return a_day(seed, needs=15, units=20, nights=20, tight=0.3)


@tried(30)
@given(seeds, st.booleans())
def test_every_cause_counts_the_units_that_it_says(seed, small):
    instance = a_small_instance(seed) if small else a_crowded_day(seed)
    plan, setting = solve(instance), Setting(instance)

    for entry in plan.unmatched:
        counts = {}
        for unit in instance.units:
            if setting.in_city(unit):
                found = refusals(setting.needs[entry.need], unit, setting)
                slug = found[0].slug if found else "outbid"
                counts[slug] = counts.get(slug, 0) + 1
        assert {cause.rule: cause.units for cause in entry.causes} == counts
        order = [*(rule.slug for rule in RULES), "outbid"]
        assert [cause.rule for cause in entry.causes] == sorted(counts, key=order.index)


@tried(30)
@given(seeds)
def test_the_nearest_units_are_refused_by_fewest_rules(seed):
    instance = a_crowded_day(seed)
    plan, setting = solve(instance), Setting(instance)

    for entry in plan.unmatched:
        need = setting.needs[entry.need]
        told = [[rule.slug for rule in refusals(need, setting.units[near.unit], setting)] for near in entry.nearest]
        assert told == [list(near.refused_by) for near in entry.nearest]
        every = [len(refusals(need, unit, setting)) for unit in instance.units if setting.in_city(unit)]
        assert [len(slugs) for slugs in told] == sorted(count for count in every if count)[: len(told)]


def test_lists_who_is_met_out_of_the_city_without_wishing_to_be():
    plan = solve(an_instance([a_unit(authority=ELSEWHERE), a_unit("U2", kinds=frozenset())], [a_need()]))

    assert [(entry.need, entry.met_out_of_city) for entry in plan.unmatched] == [("N1", True)]
    assert [(cause.rule, cause.units) for cause in plan.unmatched[0].causes] == [("kind", 1)]
