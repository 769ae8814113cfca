"""What a need is worth and what of it refuses or earns points."""

from dataclasses import FrozenInstanceError

import pytest

from placement.matching.problem.facts import UnitFacts
from tests.matching.builders import a_need, a_unit


def test_what_is_not_known_neither_refuses_nor_earns_points():
    need = a_need(
        essential=frozenset({"pbs", "hoist"}),
        desirable=frozenset({"wet_room", "garden"}),
        unknown=frozenset({"hoist", "garden"}),
    )

    assert (need.must_haves, need.wishes) == ({"pbs"}, {"wet_room"})


@pytest.mark.parametrize(("days", "worth"), [(0, 200), (30, 230), (365, 565), (366, 565), (4000, 565)])
def test_waiting_counts_up_to_a_year(days, worth):
    assert a_need(weight=200, waited_days=days).worth == worth


def test_a_unit_of_which_nothing_else_is_said_restricts_nobody():
    unit = UnitFacts(id="U1", service="S1", authority="E1", free=())

    assert (unit.kinds, unit.min_age, unit.max_age, unit.gender, unit.status) == (None, 0, 150, "any", "none")
    assert not unit.shared | unit.offers


def test_facts_do_not_change():
    with pytest.raises(FrozenInstanceError):
        a_unit().gender = "men"
