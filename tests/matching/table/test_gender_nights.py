"""Who may share a night of a unit for one gender at a time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from placement.matching.table import gender_nights as gender_nights
from placement.matching.table.columns import columns_of
from placement.matching.table.gender_nights import gender_nights_of
from tests.exploring import tried
from tests.matching.brute_force import every_plan
from tests.matching.builders import a_need, a_small_instance, a_unit, an_instance
from tests.matching.programs import positions

seeds = st.integers(0, 10**9)


@pytest.fixture
def never_in_rows(monkeypatch):
    """Let no unit for one gender at a time be said in rows, as if each were open to hundreds."""
    monkeypatch.setattr(gender_nights, "MOST_IN_ROWS", -1)


@tried(40)
@given(seeds)
def test_genders_forbid_what_the_checker_forbids(seed):
    instance = a_small_instance(seed)
    columns = columns_of(instance)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(gender_nights, "MOST_IN_ROWS", -1)
        together = gender_nights_of(columns, np.arange(len(columns)))
    position = positions(columns)

    for stays in every_plan(instance):
        assert together.agrees(np.array([position[s.need.id, s.unit.id, s.start] for s in stays], np.int64))


def test_they_part_a_woman_and_a_man_and_whoever_is_not_known(never_in_rows):
    needs = [a_need("N1", gender="woman"), a_need("N2", gender="man"), a_need("N3"), a_need("N4"), a_need("N5")]
    needs[4] = replace(needs[4], gender="woman")
    columns = columns_of(an_instance([a_unit(gender="same", free=[(0, 10, 3)])], needs))
    together = gender_nights_of(columns, np.arange(len(columns)))
    pairs = [(one, other) for one in range(5) for other in range(one) if together.agrees(np.array([other, one]))]

    assert pairs == [(4, 0)]
