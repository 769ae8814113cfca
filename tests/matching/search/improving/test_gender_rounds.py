"""Choosing anew within the genders there are: as good as any plan that keeps to them, and always allowed."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from placement.matching.budget import Budget, Watch
from placement.matching.search.improving.gender_rounds import rearranged, stirred
from placement.matching.table.columns import columns_of
from tests.exploring import tried
from tests.matching.brute_force import every_plan
from tests.matching.builders import a_day, a_small_instance
from tests.matching.programs import a_proof, opened, positions, some_plan

seeds = st.integers(0, 10**9)
UNLIMITED = Budget(seconds=None)


def nights_of(open_columns, chosen):
    """Return the gender that each unit's night has in a choice."""
    slot, who = open_columns.gender_nights.nights(chosen)
    return dict(zip(slot.tolist(), open_columns.gender_nights.gender[chosen][who].tolist(), strict=True))


def every_choice(instance):
    """Yield every plan as positions of columns."""
    columns = columns_of(instance)
    position = positions(columns)
    for stays in every_plan(instance):
        yield np.array(sorted(position[stay.need.id, stay.unit.id, stay.start] for stay in stays), np.int64)


@tried(60)
@given(seeds)
@example(seed=467).via("a start that leaves every night of a one-gender unit to nobody")
def test_no_plan_that_keeps_to_the_genders_there_are_is_better(seed):
    instance = a_small_instance(seed)
    open_columns = opened(instance, in_rows=False)
    start = some_plan(open_columns, np.random.default_rng(seed))
    found = rearranged(open_columns, a_proof(open_columns), start, Watch(UNLIMITED))
    had = nights_of(open_columns, start).items()
    keeping = (chosen for chosen in every_choice(instance) if nights_of(open_columns, chosen).items() <= had)

    assert open_columns.allows(found)
    if open_columns.gender_nights.binds:
        assert max(int(open_columns.worth[chosen].sum()) for chosen in keeping) <= int(open_columns.worth[found].sum())


def test_a_day_gets_better_and_keeps_to_the_genders():
    open_columns = opened(a_day(5, needs=60, units=60, nights=30), in_rows=False)
    start = some_plan(open_columns, np.random.default_rng(1))
    found = rearranged(open_columns, a_proof(open_columns), start, Watch(UNLIMITED))
    had, has = nights_of(open_columns, start), nights_of(open_columns, found)

    assert open_columns.gender_nights.binds
    assert open_columns.allows(found)
    assert open_columns.worth[found].sum() > open_columns.worth[start].sum()
    assert had.items() & has.items()
    assert all(has[night] == gender for night, gender in had.items() if night in has)


def test_stirring_never_ends_worse_and_sometimes_better():
    open_columns = opened(a_day(5, needs=60, units=60, nights=30), in_rows=False)
    proof, watch = a_proof(open_columns), Watch(UNLIMITED)
    best = rearranged(open_columns, proof, some_plan(open_columns, np.random.default_rng(1)), watch)
    gains = []
    for seed in range(5):
        found = stirred(open_columns, proof, best, watch, seed=seed)
        assert open_columns.allows(found)
        gains.append(int(open_columns.worth[found].sum() - open_columns.worth[best].sum()))

    assert min(gains) >= 0 < max(gains)


def test_a_limit_of_work_is_kept_by_leaving_the_plan_as_it_is():
    open_columns = opened(a_day(5, needs=60, units=60, nights=30), in_rows=False)
    start = some_plan(open_columns, np.random.default_rng(1))

    proof, watch = a_proof(open_columns), Watch(Budget(seconds=None, work=1.0))

    assert rearranged(open_columns, proof, start, watch) is start
    assert stirred(open_columns, proof, start, watch, seed=1) is start
