"""The rules and the points are written over arrays once more; here the two forms are held together."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from placement.matching.judging.objectives import OBJECTIVES
from placement.matching.judging.rules import RULES, refusals
from placement.matching.judging.setting import Setting
from placement.matching.table.columns import columns_of
from placement.matching.table.screening import Screening
from placement.matching.table.screens import SCREENS
from placement.matching.table.units import UnitTable
from tests.exploring import tried
from tests.matching.builders import a_small_instance

seeds = st.integers(0, 10**6)


@tried(150)
@given(seeds)
def test_the_rules_over_arrays_refuse_what_the_rules_refuse(seed):
    instance = a_small_instance(seed)
    table, setting = UnitTable(instance), Setting(instance)

    for need in instance.needs:
        refused = Screening(need, table).refusals()
        for index, unit in enumerate(table.units):
            by_arrays = [rule.slug for rule, refuses in zip(RULES, refused[:, index], strict=True) if refuses]
            assert by_arrays == [rule.slug for rule in refusals(need, unit, setting)]


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
        for start in setting.starts(need, unit)
        if not setting.held_back(need, unit, start)
    }


def test_a_rule_without_arrays_is_still_applied(monkeypatch):
    instance = a_small_instance(7)
    expected = Screening(instance.needs[0], UnitTable(instance)).refusals()
    for rule in RULES:
        monkeypatch.delitem(SCREENS, rule.slug)

    assert (Screening(instance.needs[0], UnitTable(instance)).refusals() == expected).all()
