"""The starts of a window: a rule about starts is asked of those that the rules before it left."""

from hypothesis import given
from hypothesis import strategies as st

from placement.matching.judging.rules import RULES, refusals
from placement.matching.judging.setting import Setting
from placement.matching.judging.starts import STARTS, is_open, narrowed, starts_of
from tests.exploring import tried
from tests.matching import recount
from tests.matching.builders import a_need, a_small_instance, a_unit, an_instance


def test_every_row_is_a_rule_and_the_rules_about_starts_come_last_in_this_order():
    assert [rule.slug for rule in RULES][-len(STARTS) :] == list(STARTS)


@tried(80)
@given(st.integers(0, 10**9))
def test_a_unit_is_open_where_no_other_rule_refuses_it_and_some_start_is(seed):
    instance = a_small_instance(seed)
    setting = Setting(instance)
    for need in instance.needs:
        for unit in instance.units:
            refused = [rule.slug for rule in refusals(need, unit, setting)]
            starts, empty = narrowed(need, unit, setting)

            assert starts == starts_of(need, unit, setting)
            assert (empty is None) == bool(starts)
            assert [slug for slug in refused if slug in STARTS] == ([empty] if empty else [])
            for start in range(need.earliest, need.latest + 1):
                assert is_open(need, unit, start, setting) == (start in starts)
                allowed = recount.may_go(instance, need, unit, start, recount.stay(instance, need, start))
                assert allowed == (start in starts and set(refused) <= set(STARTS))


def test_another_need_of_the_same_name_is_asked_afresh():
    """An explanation asks of a need as it would be with a wider window."""
    setting = Setting(an_instance([a_unit(free=[(3, 10, 1)])], []))
    narrow, wide = a_need(nights=1), a_need(nights=1, latest=4)

    assert starts_of(narrow, setting.units["U1"], setting) == []
    assert starts_of(wide, setting.units["U1"], setting) == [3, 4]
