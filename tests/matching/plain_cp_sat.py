"""The problem as CP-SAT alone would be given it: every stay a Boolean, every limit a night at a time, tier by tier.

Shares the rules with the product, but no array, no reduction, no relaxation and no part.
"""

from __future__ import annotations

from itertools import combinations

from ortools.sat.python import cp_model

from placement.matching.judging.objectives import OBJECTIVES
from placement.matching.judging.rules import refusals
from placement.matching.judging.setting import Setting
from placement.matching.judging.starts import starts_of
from placement.matching.judging.stays import MatchedStay
from placement.matching.problem.instance import Instance


def best_values(instance: Instance) -> tuple[int, ...]:
    """Return the proven value of every tier, in its own sense."""
    setting = Setting(instance)
    model = cp_model.CpModel()
    stays = {stay: model.new_bool_var("") for stay in _stays(instance, setting)}
    _limits(model, stays, instance)
    values = []
    for objective in OBJECTIVES:
        total = sum(used * objective.value(s.need, s.unit, s.start, setting) for s, used in stays.items())
        model.clear_objective()
        model.maximize(objective.sign * total)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        assert solver.solve(model) == cp_model.OPTIMAL
        values.append(round(solver.objective_value) * objective.sign)
        model.add(total == values[-1])
    return tuple(values)


def _stays(instance, setting):
    for need in instance.needs:
        for unit in instance.units:
            if not refusals(need, unit, setting):
                for start in starts_of(need, unit, setting):
                    yield Hashable(MatchedStay(need, unit, start, setting.end(need, start)))


class Hashable:
    """A stay that is only itself: needs hold mappings and have no hash of their own."""

    def __init__(self, stay: MatchedStay) -> None:
        self.need, self.unit, self.start, self.end = stay.need, stay.unit, stay.start, stay.end

    def overlaps(self, other) -> bool:
        return self.start < other.end and other.start < self.end


def _limits(model, stays, instance):
    for need in instance.needs:
        model.add(sum(used for stay, used in stays.items() if stay.need.id == need.id) <= 1)
    for night in range(instance.nights):
        there = {stay: used for stay, used in stays.items() if stay.start <= night < stay.end}
        for unit in instance.units:
            places = sum(count for start, end, count in unit.free if start <= night < end)
            model.add(sum(used for stay, used in there.items() if stay.unit.id == unit.id) <= places)
            if unit.crisis_places is not None:
                left = max(0, unit.crisis_places - sum(first <= night < last for first, last in unit.crises))
                here = [s for s in there if s.unit.id == unit.id and s.need.kind == "crisis"]
                model.add(sum(there[stay] for stay in here) <= left)
        for cap in instance.shared_caps:
            left = sum(count for start, end, count in cap.spans(instance.nights) if start <= night < end)
            model.add(sum(used for stay, used in there.items() if cap.id in stay.unit.shared) <= left)
    for one, other in combinations(stays, 2):
        if one.need.id != other.need.id and one.overlaps(other) and _clash(one, other):
            model.add_bool_or(~stays[one], ~stays[other])


def _clash(one, other) -> bool:
    mixes = one.need.gender is not None and one.need.gender == other.need.gender
    if one.unit.id == other.unit.id and one.unit.gender == "same" and not mixes:
        return True
    apart = other.need.id in one.need.apart or one.need.id in other.need.apart
    return apart and one.unit.service == other.unit.service
