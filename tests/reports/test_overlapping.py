"""Whatever filters are combined, no 1 to 7 people can be worked out: an attacker in whole numbers tries it."""

from __future__ import annotations

from itertools import product
from random import Random

from hypothesis import given
from hypothesis import strategies as st
from ortools.sat.python import cp_model

from placement.reports.overlapping import told_together
from placement.reports.small_numbers import rounded
from tests.exploring import tried

MANY = 300


def some_people(seed, most=70):
    chance = Random(seed)
    return [tuple(chance.choice("aabc") for _ in range(3)) for _ in range(chance.randint(0, most))]


def groups_of(people):
    """Return every combination of three filters, each of which may be left out."""
    found = {}
    for number, person in enumerate(people):
        for key in product(*((mark, "") for mark in person)):
            found.setdefault(key, set()).add(number)
    return {key: frozenset(group) for key, group in found.items()}


def attack(told):
    """Return what is known of each sort of people there may be, for whoever reads all that is told."""
    model = cp_model.CpModel()
    sorts = {sort: model.new_int_var(0, MANY, str(sort)) for sort in product("abc", repeat=3)}
    for key, shown in told.items():
        if shown is not None:
            model.add_linear_constraint(in_group(key, sorts), max(8, shown - 2), shown + 2)
    return model, sorts


def in_group(key, sorts):
    return sum(count for sort, count in sorts.items() if all(a in ("", b) for a, b in zip(key, sort, strict=True)))


def ends(told, key):
    """Return the least and the greatest that a group can be."""
    found = []
    for sign in (1, -1):
        model, sorts = attack(told)
        model.minimize(sign * in_group(key, sorts))
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        assert solver.solve(model) == cp_model.OPTIMAL
        found.append(sign * round(solver.objective_value))
    return tuple(found)


@tried(12)
@given(seed=st.integers(0, 10**9))
def test_nobody_can_tell_of_any_small_group_that_it_is_small_from_all_combinations_together(seed):
    groups = groups_of(some_people(seed))
    told = told_together(groups)

    for key, group in groups.items():
        if "" not in key and len(group) < 8:  # the finest: one of them is in whatever else may be looked for
            assert ends(told, key)[1] >= 8, key


@given(seed=st.integers(0, 10**9))
def test_what_is_told_is_the_count_to_the_nearest_5_of_8_or_more(seed):
    groups = groups_of(some_people(seed))

    for key, shown in told_together(groups).items():
        assert shown is None or (shown == rounded(len(groups[key])) and len(groups[key]) >= 8)


@tried(4)
@given(seed=st.integers(0, 10**9))
def test_of_two_days_nobody_can_tell_that_few_came_or_went(seed):
    chance, before = Random(seed), some_people(seed, most=50)
    after = [person for person in before if chance.random() < 0.95] + some_people(seed + 1, most=3)
    days = [told_together(groups_of(people), by_day=True) for people in (before, after)]
    sizes = [groups_of(people) for people in (before, after)]

    for key in set(days[0]) & set(days[1]):
        came = len(sizes[1][key]) - len(sizes[0][key])
        if 0 < abs(came) < 8 and "" in key:
            (low, high), (least, most) = (ends(told, key) for told in days)
            fewest, greatest = (least - high, most - low) if came > 0 else (low - most, high - least)
            assert fewest <= 0 or greatest >= 8, key


def test_the_few_in_one_group_and_not_in_another_are_kept_from_sight():
    everybody, most = frozenset(range(30)), frozenset(range(28))

    assert told_together({("all",): everybody, ("most",): most}) == {("all",): 30, ("most",): None}
    assert told_together({("all",): everybody, ("again",): everybody}) == {("all",): 30, ("again",): 30}


def test_groups_that_have_nothing_to_do_with_each_other_are_all_told():
    groups = {("a",): frozenset(range(8)), ("b",): frozenset(range(8, 25)), ("few",): frozenset(range(90, 93))}

    assert told_together(groups) == {("a",): 10, ("b",): 15, ("few",): None}
    assert told_together({}) == {}
