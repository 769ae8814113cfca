"""First come, first served: how places go without a plan. Only to compare with; nothing is proposed from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from placement.matching.explaining.explain import explained
from placement.matching.judging.check import worth_of
from placement.matching.judging.objectives import OBJECTIVES, Objective
from placement.matching.judging.occupancy import Occupancy, stay_of
from placement.matching.judging.setting import Setting
from placement.matching.judging.stays import MatchedStay
from placement.matching.problem.documents import fingerprint
from placement.matching.problem.instance import Instance
from placement.matching.problem.plan import Match, Plan, TierOutcome
from placement.matching.table.columns import FIT, Columns, columns_of
from placement.matching.table.reduction import ranks_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Where a plan leaves people: `out_of_city` counts those placed there without wishing to be."""

    placed: int
    out_of_city: int
    unplaced: int
    objectives: dict[str, int]


def first_come(instance: Instance) -> Plan:
    """Give each need in turn, longest waiting first, the best place still free.

    Returns
    -------
    Plan
        Sound and explained, status `feasible`. Nothing is proven: a bound is what all needs together would add if none
        stood in another's way, in the objective's own unit.
    """
    setting = Setting(instance)
    columns = columns_of(instance)
    stays: list[MatchedStay] = []
    by_need = np.split(np.argsort(ranks_of(columns)), np.searchsorted(columns.need, np.arange(1, len(columns.needs))))
    order = sorted(range(len(columns.needs)), key=lambda index: (-columns.needs[index].waited_days, index))
    occupancy = Occupancy(setting, ())
    for index in order:
        for column in by_need[index].tolist():
            unit = columns.table.units[columns.unit[column]]
            stay = stay_of(setting, columns.needs[index].id, unit.id, int(columns.start[column]))
            if occupancy.fits(stay):
                stays.append(stay)
                occupancy.add(stay)
                break
    return _plan(instance, setting, columns, _without_parts_of_series(setting, stays))


def _without_parts_of_series(setting: Setting, stays: list[MatchedStay]) -> list[MatchedStay]:
    """Leave out the stays of whoever wanted all of a series and got only some; nobody comes after them for those."""
    there = {stay.need.id for stay in stays}
    broken = {
        name for link in setting.stays.links if link.whole and not there >= set(link.needs) for name in link.needs
    }
    return [stay for stay in stays if stay.need.id not in broken]


def tally(instance: Instance, plan: Plan) -> Tally:
    """Count a sound plan's placements."""
    setting = Setting(instance)
    stays = [stay_of(setting, match.name, match.unit, match.start) for match in plan.matches]
    return Tally(
        placed=len(stays),
        out_of_city=sum(not setting.met_in_city(stay.need, stay.unit) for stay in stays),
        unplaced=len(setting.needs) - len(stays),
        objectives=worth_of(setting, stays),
    )


def _plan(instance: Instance, setting: Setting, columns: Columns, stays: list[MatchedStay]) -> Plan:
    values = worth_of(setting, stays)
    outcomes = tuple(
        TierOutcome(slug=objective.slug, value=values[objective.slug], bound=_unrivalled(columns, objective))
        for objective in OBJECTIVES
    )
    plan = Plan(
        instance_sha256=fingerprint(instance),
        status="feasible",
        backend="first_come",
        seed=0,
        seconds=0.0,
        matches=tuple(_match(setting, stay) for stay in stays),
        unmatched=(),
        objectives=outcomes,
    )
    return explained(instance, plan)


def _match(setting: Setting, stay: MatchedStay) -> Match:
    need, number = setting.stays.told(stay.need.id)
    return Match(need=need, stay=number, unit=stay.unit.id, start=stay.start)


def _unrivalled(columns: Columns, objective: Objective) -> int:
    """Return what all needs together would add if none stood in another's way, or stayed away where that is better."""
    worth = objective.sign * columns.value(objective.slug, np.arange(len(columns)))
    best = np.zeros(len(columns.needs), np.int64)
    np.maximum.at(best, columns.need, worth)
    together = sum(link.most_points for link in columns.table.stays.links) if objective.slug == FIT else 0
    return objective.sign * int(best.sum()) + together
