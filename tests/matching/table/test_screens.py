"""The rules are written over arrays once more; here the two forms are held together."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from placement.matching.judging.rules import RULES, refusals
from placement.matching.judging.setting import Setting
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


def test_a_rule_without_arrays_is_still_applied(monkeypatch):
    instance = a_small_instance(7)
    expected = Screening(instance.needs[0], UnitTable(instance)).refusals()
    for rule in RULES:
        monkeypatch.delitem(SCREENS, rule.slug)

    assert (Screening(instance.needs[0], UnitTable(instance)).refusals() == expected).all()
