"""Every sentence of an explanation is checked again by brute force: one unit, one rule, one night at a time."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from placement.matching.explaining.explain import Explainer, explain
from placement.matching.explaining.openings import Openings
from placement.matching.judging.check import limits_broken, worth_of
from placement.matching.judging.occupancy import stay_of
from placement.matching.judging.ranking import ranked
from placement.matching.judging.rules import RULES, refusals
from placement.matching.judging.setting import Setting
from placement.matching.problem.facts import CapFacts
from placement.matching.table.screening import Screening
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


@tried(30)
@given(seeds, st.booleans())
def test_every_change_really_opens_what_it_says(seed, small):
    instance = a_small_instance(seed) if small else a_crowded_day(seed)
    plan = solve(instance)
    explainer = Explainer(instance, plan.matches)

    for entry in plan.unmatched:
        screening = Screening(explainer.setting.needs[entry.need], explainer.table)
        found = list(Openings(screening, screening.refusals(), explainer.occupancy, explainer.spare).found())
        assert [opening.relaxation for opening in found] == list(entry.change)
        for relaxation in found:
            assert relaxation.opens
            for unit in relaxation.opens:
                assert opens(instance, plan, relaxation.need, unit)


def opens(instance, plan, need, unit):
    """Whether, were the need like this, no rule refused the unit and some start found room beside all other matches."""
    changed = replace(instance, needs=tuple(need if other.id == need.id else other for other in instance.needs))
    setting = Setting(changed)
    kept = [stay_of(setting, match.need, match.unit, match.start) for match in plan.matches if match.need != need.id]
    starts = [] if refusals(need, setting.units[unit], setting) else setting.starts(need, setting.units[unit])
    tried = ([*kept, stay_of(setting, need.id, unit, start)] for start in starts)
    return any(not list(limits_broken(setting, stays)) for stays in tried) and setting.in_city(setting.units[unit])


@tried(20)
@given(seeds)
def test_no_smaller_change_of_dates_would_have_opened_anything(seed):
    instance = a_crowded_day(seed)
    plan = solve(instance)

    for need in (need for need in instance.needs if need.id in {entry.need for entry in plan.unmatched}):
        found = explain(instance, plan, need.id).change
        dates = [relaxation.need for relaxation in found if relaxation.rule == "nights"]
        shift = max(dates[0].latest - need.latest, need.earliest - dates[0].earliest) if dates else instance.nights
        setting = Setting(instance)
        alone = [u.id for u in instance.units if [r.slug for r in refusals(need, u, setting)] == ["nights"]]
        for less in range(1, min(shift, 8)):
            wider = replace(
                need, earliest=max(0, need.earliest - less), latest=min(instance.nights - 1, need.latest + less)
            )
            assert not any(opens(instance, plan, wider, unit) for unit in alone if setting.in_city(setting.units[unit]))


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


def test_says_so_when_a_cap_of_no_places_is_in_the_way_and_nobody_else():
    cap = CapFacts(id="C1", places=0)
    instance = an_instance([a_unit(shared=frozenset({"C1"}))], [a_need()], shared_caps=(cap,))
    told = explain(instance, solve(instance), "N1")

    assert told.outbid[0].holders == ()
    assert told.outbid[0].swap == ()


def test_lists_who_is_met_out_of_the_city_without_wishing_to_be():
    plan = solve(an_instance([a_unit(authority=ELSEWHERE), a_unit("U2", kinds=frozenset())], [a_need()]))

    assert [(entry.need, entry.met_out_of_city) for entry in plan.unmatched] == [("N1", True)]
    assert [(cause.rule, cause.units) for cause in plan.unmatched[0].causes] == [("kind", 1)]


def test_offers_the_smallest_single_changes():
    point = {"lat": 52.4, "lon": -1.5}
    units = [
        a_unit("U1", offers=frozenset({"pbs"}), **point),
        a_unit("U2", offers=frozenset({"pbs", "hoist"}), lat=52.5, lon=-1.5, weekly_pence=100),
        a_unit("U3", offers=frozenset({"pbs", "hoist"}), weekly_pence=90_050, **point),
        a_unit("U4", offers=frozenset({"pbs", "hoist"}), weekly_pence=100, free=[(3, 10, 1)], **point),
    ]
    units[0] = replace(units[0], weekly_pence=100)
    need = a_need(essential=frozenset({"pbs", "hoist"}), max_miles=2, budget_weekly_pence=80_000, **point)
    changes = {change.rule: change for change in solve(an_instance(units, [need])).unmatched[0].change}

    assert {slug: change.opens for slug, change in changes.items()} == {
        "nights": ("U4",), "distance": ("U2",), "essential": ("U1",), "budget": ("U3",),
    }  # fmt: skip
    assert [change.say for change in changes.values()] == [
        "start three nights later",
        "accept 7 miles instead of 2",
        "count hoist as desirable, not essential",
        "raise the weekly budget from £800 to £900.50",
    ]


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
