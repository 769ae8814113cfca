"""Choosing anew within the genders there are: as good as any plan that keeps to them, and always allowed."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from placement.matching.budget import Budget, Watch
from placement.matching.search.gender_rounds import rearranged, stirred
from placement.matching.table.columns import columns_of
from tests.exploring import tried
from tests.matching.brute_force import every_plan
from tests.matching.builders import a_day, a_small_instance
from tests.matching.test_annealing import a_face, a_proof, some_plan

seeds = st.integers(0, 10**9)
UNLIMITED = Budget(seconds=None)


def nights_of(face, chosen):
    """Return the gender that each unit's night has in a choice."""
    slot, who = face.company.nights(chosen)
    return dict(zip(slot.tolist(), face.company.gender[chosen][who].tolist(), strict=True))


def every_choice(instance):
    """Yield every plan as positions of columns."""
    columns = columns_of(instance)
    position = {
        (columns.needs[n].id, columns.table.units[u].id, int(s)): index
        for index, (n, u, s) in enumerate(zip(columns.need, columns.unit, columns.start, strict=True))
    }
    for stays in every_plan(instance):
        yield np.array(sorted(position[stay.need.id, stay.unit.id, stay.start] for stay in stays), np.int64)


@tried(60)
@given(seeds)
@example(seed=467).via("a start that leaves every night of a one-gender unit to nobody")
def test_no_plan_that_keeps_to_the_genders_there_are_is_better(seed):
    instance = a_small_instance(seed)
    face = a_face(instance, in_rows=False)
    start = some_plan(face, np.random.default_rng(seed))
    found = rearranged(face, a_proof(face), start, Watch(UNLIMITED))
    had = nights_of(face, start).items()
    keeping = (chosen for chosen in every_choice(instance) if nights_of(face, chosen).items() <= had)

    assert face.allows(found)
    if face.company.binds:
        assert max(int(face.worth[chosen].sum()) for chosen in keeping) <= int(face.worth[found].sum())


def test_a_day_gets_better_and_keeps_to_the_genders():
    face = a_face(a_day(5, needs=60, units=60, nights=30), in_rows=False)
    start = some_plan(face, np.random.default_rng(1))
    found = rearranged(face, a_proof(face), start, Watch(UNLIMITED))
    had, has = nights_of(face, start), nights_of(face, found)

    assert face.company.binds
    assert face.allows(found)
    assert face.worth[found].sum() > face.worth[start].sum()
    assert had.items() & has.items()
    assert all(has[night] == gender for night, gender in had.items() if night in has)


def test_stirring_never_ends_worse_and_sometimes_better():
    face = a_face(a_day(5, needs=60, units=60, nights=30), in_rows=False)
    proof, watch = a_proof(face), Watch(UNLIMITED)
    best = rearranged(face, proof, some_plan(face, np.random.default_rng(1)), watch)
    gains = []
    for seed in range(5):
        found = stirred(face, proof, best, watch, seed=seed)
        assert face.allows(found)
        gains.append(int(face.worth[found].sum() - face.worth[best].sum()))

    assert min(gains) >= 0 < max(gains)


def test_a_limit_of_work_is_kept_by_leaving_the_plan_as_it_is():
    face = a_face(a_day(5, needs=60, units=60, nights=30), in_rows=False)
    start = some_plan(face, np.random.default_rng(1))

    proof, watch = a_proof(face), Watch(Budget(seconds=None, work=1.0))

    assert rearranged(face, proof, start, watch) is start
    assert stirred(face, proof, start, watch, seed=1) is start
