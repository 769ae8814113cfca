"""One need against all units: who is refused by which rule, who by none, and how far each is."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from placement.matching.judging.setting import Setting
from placement.matching.table.screening import Screening
from placement.matching.table.units import UnitTable
from tests.exploring import tried
from tests.matching.builders import a_small_instance


@tried(60)
@given(st.integers(0, 10**9))
def test_allowed_are_the_units_that_no_rule_refuses(seed):
    instance = a_small_instance(seed)
    table = UnitTable(instance)
    for need in instance.needs:
        screening = Screening(need, table)

        assert screening.allowed().tolist() == (~screening.refusals().any(axis=0)).tolist()


@tried(60)
@given(st.integers(0, 10**9))
def test_miles_are_those_of_one_pair_and_missing_where_a_point_is(seed):
    instance = a_small_instance(seed)
    table, setting = UnitTable(instance), Setting(instance)
    for need in instance.needs:
        alone = [setting.miles(need, unit) for unit in table.units]

        assert np.allclose(
            Screening(need, table).miles, [np.nan if one is None else one for one in alone], equal_nan=True
        )
