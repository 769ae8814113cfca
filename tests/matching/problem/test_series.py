"""A series taken apart: a need for each stay, named, linked, and kept apart from whom the person is kept apart from."""

from __future__ import annotations

from placement.matching.problem.facts import FurtherStay, Series
from placement.matching.problem.series import Link, stays_of
from tests.matching.builders import a_need, an_instance

AGAIN = Series(
    take="all", stays=(FurtherStay(earliest=3, latest=4, nights=2), FurtherStay(earliest=7, latest=7, nights=1))
)


def test_each_stay_is_a_need_of_its_own_with_its_window():
    found = stays_of(an_instance([], [a_need("N1", nights=1, weight=7, series=AGAIN)]))

    needs = found.instance.needs
    assert [(each.id, each.earliest, each.latest, each.nights) for each in needs] == [
        ("N1", 0, 0, 1),
        ("N1/2", 3, 4, 2),
        ("N1/3", 7, 7, 1),
    ]
    assert {(each.weight, each.series) for each in needs} == {(7, None)}
    assert found.links == (Link(needs=("N1", "N1/2", "N1/3"), whole=True),)
    assert found.told("N1/3") == ("N1", 3)


def test_whoever_is_kept_apart_from_a_person_is_kept_apart_from_every_stay():
    other = a_need("N2", apart=frozenset({"N1"}))

    found = stays_of(an_instance([], [a_need("N1", nights=1, series=AGAIN), other]))

    assert next(each for each in found.instance.needs if each.id == "N2").apart == {"N1", "N1/2", "N1/3"}


def test_without_a_series_nothing_is_taken_apart():
    instance = an_instance([], [a_need("N1")])

    assert stays_of(instance).instance is instance
    assert stays_of(instance).told("N1") == ("N1", None)
