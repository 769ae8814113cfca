"""The points for like company are for many stays at once what they are for one."""

import random

import numpy as np
import pytest

from placement.matching.judging.points import TERMS
from placement.matching.problem.facts import Neighbour
from placement.matching.table.company import add_company
from placement.matching.table.units import UnitTable
from tests.matching.builders import a_need, a_unit, an_instance

LIKE = [term for term in TERMS if term.slug in ("like_age", "like_support")]
LEVELS = [None, "night", "nursing", "shared"]


def somebody(dice):
    start = dice.randint(0, 8)
    return Neighbour(start, dice.randint(start + 1, 10), dice.choice([None, 20, 40, 45, 90]), dice.choice(LEVELS))


@pytest.mark.parametrize("seed", range(40))
def test_many_at_once_are_each_what_one_alone_is(seed):
    dice = random.Random(seed)
    units = [a_unit(f"U{n}", company=tuple(somebody(dice) for _ in range(dice.randint(0, 5)))) for n in range(5)]
    needs = [
        a_need(f"N{n}", latest=9, age=dice.choice([None, 18, 38, 44, 51, 94]), support=dice.choice(LEVELS))
        for n in range(6)
    ]
    table = UnitTable(an_instance(units, needs))
    stays = [(need, unit, start) for need in range(6) for unit in range(5) for start in range(10)]
    need, unit, start = np.array(dice.sample(stays, 200), np.int64).T
    points = np.zeros(200, np.int64)
    add_company(points, needs, need, unit, start, table)
    at = zip(need.tolist(), unit.tolist(), start.tolist(), strict=True)
    told = [sum(term.points(needs[n], table.units[u], s, table.setting) for term in LIKE) for n, u, s in at]
    assert points.tolist() == told


def test_nobody_is_looked_at_where_nobody_lives_with_anybody():
    table = UnitTable(an_instance([a_unit(company=(Neighbour(0, 9, 40, None),))], [a_need(age=40)]))
    assert table.company == {}
