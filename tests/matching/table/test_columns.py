"""The points are written over arrays once more; here the two forms are held together."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from placement.matching.judging.objectives import OBJECTIVES
from placement.matching.judging.rules import refusals
from placement.matching.judging.setting import Setting
from placement.matching.judging.starts import starts_of
from placement.matching.table.columns import columns_of
from tests.exploring import tried
from tests.matching.builders import a_small_instance

seeds = st.integers(0, 10**6)


@tried(150)
@given(seeds)
def test_every_column_is_worth_what_the_objectives_say(seed):
    instance = a_small_instance(seed)
    columns, setting = columns_of(instance), Setting(instance)

    for index in range(len(columns)):
        need, unit = columns.needs[columns.need[index]], columns.table.units[columns.unit[index]]
        start = int(columns.start[index])
        assert columns.end[index] == setting.end(need, start)
        for objective in OBJECTIVES:
            counted = columns.value(objective.slug, np.array([index]))[0]
            assert counted == objective.value(need, unit, start, setting), objective.slug


@tried(150)
@given(seeds)
def test_the_columns_are_the_starts_that_no_rule_refuses(seed):
    instance = a_small_instance(seed)
    columns, setting = columns_of(instance), Setting(instance)

    found = {
        (columns.needs[n].id, columns.table.units[u].id, int(start))
        for n, u, start in zip(columns.need, columns.unit, columns.start, strict=True)
    }
    assert found == {
        (need.id, unit.id, start)
        for need in instance.needs
        for unit in instance.units
        if not refusals(need, unit, setting)
        for start in starts_of(need, unit, setting)
    }
