"""Every relaxation that is offered opens what it says, and no smaller one would."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from placement.matching.explaining.explain import Explainer, explain
from placement.matching.explaining.openings import Openings
from placement.matching.judging.check import limits_broken
from placement.matching.judging.occupancy import stay_of
from placement.matching.judging.rules import refusals
from placement.matching.judging.setting import Setting
from placement.matching.judging.starts import starts_of
from placement.matching.table.screening import Screening
from placement.matching.tiers.solving import solve
from tests.exploring import tried
from tests.matching.builders import a_day, a_need, a_small_instance, a_unit, an_instance

seeds = st.integers(0, 10**9)


def a_crowded_day(seed):
    return a_day(seed, needs=15, units=20, nights=20, tight=0.3)


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


def opens(instance, plan, need, unit):
    """Whether, were the need like this, no rule refused the unit and some start found room beside all other matches."""
    changed = replace(instance, needs=tuple(need if other.id == need.id else other for other in instance.needs))
    setting = Setting(changed)
    kept = [stay_of(setting, match.need, match.unit, match.start) for match in plan.matches if match.need != need.id]
    starts = [] if refusals(need, setting.units[unit], setting) else starts_of(need, setting.units[unit], setting)
    tried = ([*kept, stay_of(setting, need.id, unit, start)] for start in starts)
    return any(not list(limits_broken(setting, stays)) for stays in tried) and setting.in_city(setting.units[unit])
