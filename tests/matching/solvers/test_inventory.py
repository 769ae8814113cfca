"""The inventory form: a whole solution is the best plan, and a long stay is as short to write as a short one."""

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st
from ortools.linear_solver.python import model_builder_helper as helper

from placement.matching.judging.objectives import OBJECTIVES
from placement.matching.solvers import inventory as module
from placement.matching.solvers.inventory import inventory, solver_of
from tests.exploring import tried
from tests.matching.brute_force import best_plan
from tests.matching.builders import a_need, a_small_instance, a_unit, an_instance
from tests.matching.programs import opened, subproblem_of


@tried(30)
@given(st.integers(0, 10**9))
def test_in_whole_numbers_it_has_the_best_plan(seed):
    instance = a_small_instance(seed, sides=False)
    program = subproblem_of(instance, 0, [])
    assume(len(program.need))
    model, _ = inventory(program, whole=True)
    solver = solver_of("highs", None)
    solver.solve(model)
    chosen = np.flatnonzero(np.asarray(solver.variable_values())[: len(program.need)] > 0.5)

    assert opened(instance).allows(chosen)
    assert int(program.worth[chosen].sum()) == OBJECTIVES[0].sign * best_plan(instance)[0][0]


def test_a_long_stay_takes_no_more_numbers_than_a_short_one():
    def size(nights):
        needs = [a_need("N1", nights=nights), a_need("N2", nights=nights)]
        model, _ = inventory(subproblem_of(an_instance([a_unit()], needs), 0, []), whole=False)
        return model.num_variables(), model.num_constraints()

    assert size(2) == size(9)


def test_each_earlier_tier_has_a_row_of_its_own_that_keeps_its_value():
    program = subproblem_of(an_instance([a_unit()], [a_need("N1"), a_need("N2")]), 2, [100, 100])
    model, kept = inventory(program, whole=False)

    assert [(model.constraint_lower_bound(row), model.constraint_upper_bound(row)) for row in kept] == [(100, 100)] * 2


class Counted(helper.ModelBuilderHelper):
    """A model that counts the terms looked at while it is written: to set one is to walk its row."""

    looked_at = 0

    def add_term_to_constraint(self, row, column, coefficient):
        self.looked_at += 1
        super().add_term_to_constraint(row, column, coefficient)

    def set_constraint_coefficient(self, row, column, coefficient):
        self.looked_at += 1 + len(self.constraint_var_indices(row))
        super().set_constraint_coefficient(row, column, coefficient)


def test_writing_it_down_looks_at_each_term_once(monkeypatch):
    monkeypatch.setattr(module.helper, "ModelBuilderHelper", Counted)
    units = [a_unit(f"U{index}") for index in range(4)]
    instance = an_instance(units, [a_need(f"N{index}", latest=5, nights=2) for index in range(8)])
    model, _ = inventory(subproblem_of(instance, 2, [800, 800]), whole=False)
    terms = sum(len(model.constraint_var_indices(row)) for row in range(model.num_constraints()))

    assert model.looked_at == terms > 100
