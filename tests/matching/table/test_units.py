"""Units as arrays: the same facts in the order of their ids."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from placement.matching.judging.nights import places_by_night
from placement.matching.judging.setting import Setting
from placement.matching.table.units import UnitTable, runs_of
from tests.exploring import tried
from tests.matching.builders import a_small_instance, a_unit, an_instance


@tried(60)
@given(st.integers(0, 10**9))
def test_places_and_prices_are_those_of_each_unit_night_by_night(seed):
    instance = a_small_instance(seed)
    table, setting = UnitTable(instance), Setting(instance)

    assert [unit.id for unit in table.units] == sorted(unit.id for unit in instance.units)
    for unit, free in zip(table.units, table.free.tolist(), strict=True):
        assert free == places_by_night(unit.free, instance.nights)
        if table.paid is not None:
            paid = np.diff(table.paid[table.position[unit.id]]).tolist()
            assert paid == [setting.price(unit, night, night + 1) for night in range(instance.nights)]


def test_a_run_counts_the_nights_with_a_place_from_each_night_on():
    places = np.array([[1, 2, 0, 1, 1]], np.int16)

    assert runs_of(places).tolist() == [[2, 1, 0, 2, 1]]


def test_masks_say_which_units_have_what():
    units = [a_unit("U2", offers=frozenset({"pbs"}), gender="men"), a_unit("U1", status="paused", weekly_pence=5)]
    table = UnitTable(an_instance(units, []))

    assert table.offering["pbs"].tolist() == [False, True]
    assert table.by_gender["men"].tolist() == [False, True]
    assert table.is_open.tolist() == [False, True]
    assert table.pence_for(None).tolist() == [5, -1]
    assert table.pence_for("night").tolist() == [5, -1]


@tried(60)
@given(st.integers(0, 10**9))
def test_the_price_of_a_pair_is_that_of_the_units_facts(seed):
    instance = a_small_instance(seed)
    table, needs = UnitTable(instance), instance.needs
    need, unit = (each.ravel() for each in np.indices((len(needs), len(table.units))))
    known = [table.units[at].price_for(needs[of].support) or 0 for of, at in zip(need, unit, strict=True)]

    assert table.pence_of(needs, need, unit).tolist() == known
