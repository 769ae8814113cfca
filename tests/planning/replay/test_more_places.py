"""What more places would have done: the difference to a city that is planned by trying everything."""

from __future__ import annotations

from itertools import product
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from placement.planning.replay.living_through import LivedDays
from placement.planning.replay.more_places import STEPS, with_more_places
from placement.planning.replay.outcomes import as_lived, totals
from tests.exploring import tried
from tests.matching.builders import ELSEWHERE, a_unit
from tests.planning.replay.histories import a_case, a_history, a_random_history, a_report

SEED = st.integers(0, 10**6)
NEW = "U0+1"
SKILLS = ("pbs", "autism")


def a_crowded_morning(seed):
    """Return a history in which everybody asks on the first day for that night and every unit says yes, and a model."""
    dice = Random(seed)
    keys = [f"U{number}" for number in range(1, dice.randint(1, 3) + 1)]
    units = [a_unit(key, offers=some(dice), authority=dice.choice([*["E08000026"] * 2, ELSEWHERE])) for key in keys]
    reports = {key: (a_report(ours=dice.randint(0, 2)),) for key in keys}
    said = dict.fromkeys([*keys, NEW], True)
    cases = [
        a_case(f"N{number}", latest=0, nights=dice.randint(1, 9), essential=some(dice), said=said)
        for number in range(dice.randint(1, 5))
    ]
    return a_history(cases, units, reports, days=12), a_unit("U9", offers=some(dice))


def some(dice):
    return frozenset(skill for skill in SKILLS if dice.random() < 0.5)


def best(history, extra, places):
    """Return how many at most are in the city, and then how many anywhere: every way to share out the places."""
    units = {key: (unit.offers, unit.authority == history.city, history.reports[key][0].ours)
             for key, unit in history.units.items()}  # fmt: skip
    units[NEW] = (extra.offers, True, places)
    options = [
        [None, *(key for key, (offers, _, _) in units.items() if case.need.essential <= offers)]
        for case in history.cases
    ]
    found = []
    for plan in product(*options):
        if all(plan.count(key) <= free for key, (_, _, free) in units.items()):
            placed = [key for key in plan if key]
            found.append((sum(units[key][1] for key in placed), len(placed)))
    return max(found)


@given(seed=SEED)
@tried(12)
def test_values_are_the_differences_of_plans_found_by_trying_everything(seed):
    history, model = a_crowded_morning(seed)
    found = with_more_places(history, [model])
    (changed,) = found.changed
    for places, sums in ((0, found.base), *zip(STEPS, changed, strict=True)):
        inside, placed = best(history, model, places)
        assert sums.in_city == inside
        assert sums.in_city + sums.not_by_choice == placed
        assert sums.nowhere == len(history.cases) - placed


@given(seed=SEED)
@tried(3)
def test_without_a_new_place_the_period_is_what_a_replay_says_and_each_step_is_told(seed):
    history = a_random_history(seed)
    steps = []
    found = with_more_places(history, [a_unit("U9")], seed=3, progress=lambda done, of: steps.append((done, of)))
    assert found.base == totals(as_lived(history, LivedDays(history, seed=3).live()))
    assert steps == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert all(sums.people == found.base.people for sums in found.changed[0])
    assert found == with_more_places(history, [a_unit("U9")], seed=3)


def test_a_model_gives_no_place_by_itself_and_its_history_counts_for_nothing():
    history = a_history(
        [a_case("N1", said={NEW: True}, reply_within_hours=4)], [a_unit("U1")], {"U1": (a_report(ours=0),)}
    )
    model = a_unit("U1", provider="P1", free=[(0, 10, 5)], reply_hours=900, registered_until=1)
    found = with_more_places(history, [model])
    assert (found.base.in_city, [sums.in_city for sums in found.changed[0]]) == (0, [1, 1, 1])
