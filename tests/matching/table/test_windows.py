"""The starts of a window: free where every night has a place, open where they may also be paid for."""

from hypothesis import given
from hypothesis import strategies as st

from placement.matching.judging.setting import Setting
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
            free = window.window[window.free_starts[index]].tolist()
            is_open = window.window[window.open_starts[index]].tolist()
            ends = [setting.end(need, start) for start in window.window.tolist()]

            assert free == setting.starts(need, unit)
            assert is_open == [start for start in free if not setting.held_back(need, unit, start)]
            assert window.ends.tolist() == ends
            assert window.prices[index].tolist() == [
                setting.price(unit, start, end) for start, end in zip(window.window.tolist(), ends, strict=True)
            ]
