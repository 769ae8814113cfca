"""The demo's open referrals compete for what is scarce, so that it matters how places are given out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from placement.domain.kinds import RETURN
from placement.matching.budget import Budget
from placement.matching.judging.setting import Setting
from placement.matching.problem.instance import Instance
from placement.matching.problem.plan import Plan
from placement.matching.table.screening import Screening
from placement.matching.table.units import UnitTable
from placement.matching.tiers.solving import solve
from placement.matching.worth.first_come import first_come, tally
from placement.planning.snapshot import open_instance
from tests.conftest import NOW
from tests.demo.conftest import City


def avoidable(instance: Instance, plan: Plan) -> int:
    """How many people the plan leaves without a place in the city although some place there would suit them."""
    setting, table = Setting(instance), UnitTable(instance)
    met = {
        match.need
        for match in plan.matches
        if setting.met_in_city(setting.needs[match.need], setting.units[match.unit])
    }
    suited = [need for need in instance.needs if (Screening(need, table).allowed() & table.in_city).any()]
    return sum(need.id not in met for need in suited)


def test_first_come_leaves_a_fifth_more_people_without_a_place_in_the_city_than_the_best_plan(
    cities: Callable[[str], City],
):
    with cities("sqlite").store.reading() as session:
        every = open_instance(session, now=NOW)
    # Who is on the return list has a place to be in: what is shown is of the sixty who have none.
    instance = replace(every, needs=tuple(need for need in every.needs if need.kind != RETURN.slug))

    best, usual = solve(instance, budget=Budget(seconds=10)), first_come(instance)
    assert (len(every.needs), len(instance.needs)) == (106, 60)
    assert avoidable(instance, usual) >= 1.2 * avoidable(instance, best) > 0
    assert tally(instance, usual).out_of_city > tally(instance, best).out_of_city
    assert tally(instance, best).unplaced > 0
