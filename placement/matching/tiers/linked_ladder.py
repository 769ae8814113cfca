"""Parts in which stays belong together: each objective is one exact search by CP-SAT over the columns still open.

The relaxation knows nothing of series, so its bound holds with them too, once the most that stays in one service can
be worth together is added: what it rules out no plan needs. Which stays go together the search alone says.
"""

from __future__ import annotations

import numpy as np
from ortools.sat.python import cp_model

from placement.matching.budget import Watch
from placement.matching.judging.objectives import Objective
from placement.matching.problem.series import TOGETHER, Link
from placement.matching.search.open_columns import OpenColumns
from placement.matching.solvers.certificate import Certificate
from placement.matching.solvers.cp_sat import model_of, solved
from placement.matching.solvers.program import EarlierTier
from placement.matching.table.arrays import Whole
from placement.matching.table.columns import FIT, Columns
from placement.matching.tiers.ladder import Ladder, Tier

Used = list[cp_model.IntVar]


class LinkedLadder(Ladder):
    """A ladder whose tiers are searched whole, for no other search keeps the stays of a series together."""

    backend = "linked"

    def climb(self, objective: Objective, watch: Watch) -> Tier:
        """Take one objective to the best value that the watch leaves time for."""
        if not self.is_proven or watch.is_over():
            self.is_proven = False
            return self._left(objective)
        more = self._most_together(objective)
        open_columns = self._open_columns(self._worth(objective, self.active))
        _, proof = self._proof(open_columns, self._value(objective) - more, watch)
        bound = proof.bound + more
        if self._value(objective) < bound:
            bound = self._searched_whole(objective, open_columns, bound, watch)
        tier = Tier(value=self._value(objective), bound=bound)
        if tier.value < tier.bound:
            self.is_proven = False
            return tier
        self._hold(objective, proof, tier.value - more)
        return tier

    def _hold(self, objective: Objective, proof: Certificate, alone: int) -> None:
        """Hold a proven tier; `alone` is what the columns of any plan that keeps it are worth at least."""
        self._keep(objective, proof, alone)
        self.earlier[-1] = (objective, self._value(objective))

    def _searched_whole(self, objective: Objective, open_columns: OpenColumns, bound: int, watch: Watch) -> int:
        """Put the best choice found in the place of the present one; return the value that none exceeds."""
        model, used = model_of(open_columns.subproblem(np.ones(len(self.active), bool), bound))
        together = self._series(model, used)
        worth = _said(used, open_columns.worth, together if objective.slug == FIT else [])
        for tier, value in self.earlier:
            if tier.slug == FIT:
                model.add(_said(used, self._worth(tier, self.active), together) == value)
        model.add(worth <= bound)
        model.maximize(worth)
        for variable, value in zip(used, np.isin(self.active, self.best).tolist(), strict=True):
            model.add_hint(variable, value)
        status, solver = solved(model, watch)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return bound
        found = self.active[[position for position, variable in enumerate(used) if solver.boolean_value(variable)]]
        if self._worth_of(objective, found) >= self._value(objective):
            self.best = found
        value = self._value(objective)
        return value if status == cp_model.OPTIMAL else min(bound, int(np.floor(solver.best_objective_bound + 1e-6)))

    def _series(self, model: cp_model.CpModel, used: Used) -> Used:
        """Tie the stays of each series together; return numbers that add up to those worth points together."""
        need = self.columns.need[self.active]
        unit = self.columns.unit[self.active]
        number = {each.id: index for index, each in enumerate(self.columns.needs)}
        services = [self.columns.table.units[index].service for index in unit.tolist()]
        together: Used = []
        for link in self._links():
            stays = [np.flatnonzero(need == number[name]).tolist() for name in link.needs]
            for stay in stays[1:] if link.whole else []:
                model.add(_count(used, stay) == _count(used, stays[0]))
            columns = [column for stay in stays for column in stay]
            together += _in_one_service(model, used, columns, services, len(stays))
        return together

    def _links(self) -> list[Link]:
        """Return the series of which stays are in this part: all their stays are."""
        links = self.columns.table.stays.links
        here = np.unique(self.columns.link[self.columns.need[self.first]])
        return [links[index] for index in here[here >= 0].tolist()]

    def _most_together(self, objective: Objective) -> int:
        return sum(link.most_points for link in self._links()) if objective.slug == FIT else 0

    def _open_columns(self, worth: Whole) -> OpenColumns:
        """Return the columns and what binds them. Of the tiers before, the fit is more than columns add up to."""
        earlier = [
            EarlierTier(worth=self._worth(tier, self.active), value=value)
            for tier, value in self.earlier
            if tier.slug != FIT
        ]
        need = self.columns.need[self.active]
        return OpenColumns(
            need=need, must=self.must, rows=self.rows, gender_nights=self.gender_nights, worth=worth, earlier=earlier
        )

    def _left(self, objective: Objective) -> Tier:
        tier = super()._left(objective)
        return Tier(value=tier.value, bound=tier.bound + self._most_together(objective))

    def _value(self, objective: Objective) -> int:
        return self._worth_of(objective, self.best)

    def _worth_of(self, objective: Objective, chosen: Whole) -> int:
        return objective.sign * self.columns.total(objective.slug, chosen)


def _said(used: Used, worth: Whole, together: Used) -> cp_model.LinearExprT:
    """Return what the used columns are worth, and stays together."""
    columns = np.flatnonzero(worth).tolist()
    factors = [*worth[columns].tolist(), *[TOGETHER] * len(together)]
    return cp_model.LinearExpr.weighted_sum([*(used[column] for column in columns), *together], factors)


def _count(used: Used, columns: list[int]) -> cp_model.LinearExprT:
    return cp_model.LinearExpr.sum([used[column] for column in columns])


def _in_one_service(model: cp_model.CpModel, used: Used, columns: list[int], services: list[str], stays: int) -> Used:
    """Return for each service a number that is at most its stays but one, and for all services but one is 0."""
    by_service: dict[str, list[int]] = {}
    for column in columns:
        by_service.setdefault(services[column], []).append(column)
    chosen, counts = [], []
    for _, there in sorted(by_service.items()):
        most, count = model.new_bool_var(""), model.new_int_var(0, stays - 1, "")
        model.add(count <= (stays - 1) * most)
        model.add(count + most <= _count(used, there))
        chosen.append(most)
        counts.append(count)
    if chosen:
        model.add_at_most_one(chosen)
    return counts


def whole_series(columns: Columns, chosen: Whole) -> Whole:
    """Leave out, of each series of which all stays are wanted, what is chosen without the others."""
    there = {columns.needs[need].id for need in columns.need[chosen].tolist()}
    broken = {
        name for link in columns.table.stays.links if link.whole and not there >= set(link.needs) for name in link.needs
    }
    keep = [columns.needs[need].id not in broken for need in columns.need[chosen].tolist()]
    return np.asarray(chosen[np.array(keep, bool)])
