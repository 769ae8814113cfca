"""The starts of a window over arrays: what each rule about starts leaves is what it leaves of one pair."""

from hypothesis import given
from hypothesis import strategies as st

from placement.matching.judging.setting import Setting
from placement.matching.judging.starts import STARTS, starts_of
from placement.matching.table.units import UnitTable
from placement.matching.table.windows import Window
from tests.exploring import tried
from tests.matching.builders import a_small_instance


@tried(80)
@given(st.integers(0, 10**9))
def test_starts_and_prices_are_those_of_one_pair(seed):
    instance = a_small_instance(seed)
    table, setting = UnitTable(instance), Setting(instance)
    for need in instance.needs:
        window = Window(need, table)
        for index, unit in enumerate(table.units):
            is_open = window.window[window.open_starts[index]].tolist()
            ends = [setting.end(need, start) for start in window.window.tolist()]

            assert is_open == starts_of(need, unit, setting)
            still = window.window.tolist()
            for slug, allows in STARTS.items():
                still = [start for start in still if allows(need, unit, start, setting)]
                assert window.window[window.left_by[slug][index]].tolist() == still
            assert window.ends.tolist() == ends
            assert window.prices[index].tolist() == [
                setting.price(unit, start, end) for start, end in zip(window.window.tolist(), ends, strict=True)
            ]
