"""Every fault within an instance is found and told at its place; what is sound has none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placement.domain.people import UNIT_GENDERS, Gender
from placement.domain.states import Status
from placement.matching.problem.errors import MalformedInstance
from placement.matching.problem.facts import CapFacts, Current, FurtherStay, Price, Series, SupportPrice
from placement.matching.problem.soundness import MOST_NIGHTS, faults, refuse_unsound
from tests.exploring import tried
from tests.matching.builders import a_need, a_small_instance, a_unit


def found(units=(), needs=(), caps=(), prices=(), nights=10):
    return [place for place, _ in faults(nights, units, needs, caps, prices)]


def again(nights=2, take="all", stays=((3, 3, 1),)):
    further = tuple(FurtherStay(earliest=first, latest=last, nights=length) for first, last, length in stays)
    return a_need(nights=nights, series=Series(take=take, stays=further))


@tried(50)
@given(st.integers(0, 10**9))
def test_an_instance_that_could_be_made_has_no_fault(seed):
    instance = a_small_instance(seed)

    assert not found(instance.units, instance.needs, instance.shared_caps, instance.prices, instance.nights)


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"units": [a_unit("U1"), a_unit("U1")]}, "units[1].id"),
        ({"needs": [a_need("N1"), a_need("N1")]}, "needs[1].id"),
        ({"caps": [CapFacts(id="C1", places=-1)]}, "shared_caps[0].places"),
        ({"units": [a_unit(lat=91.0, lon=0.0)]}, "units[0].lat"),
        ({"units": [a_unit(lat=52.0)]}, "units[0].lon"),
        ({"units": [a_unit(gender="woman")]}, "units[0].gender"),
        ({"units": [a_unit(status="open")]}, "units[0].status"),
        ({"units": [a_unit(min_age=60, max_age=18)]}, "units[0].min_age"),
        ({"units": [a_unit(shared=frozenset({"C1"}))]}, "units[0].shared"),
        ({"units": [a_unit(support_pence=(SupportPrice("night", -1),))]}, "units[0].support_pence[0]"),
        ({"units": [a_unit(support_pence=(SupportPrice("night", 1),) * 2)]}, "units[0].support_pence[1]"),
        ({"units": [a_unit(crisis_places=-1)]}, "units[0].crisis_places"),
        ({"units": [a_unit(crises=((3, 11),))]}, "units[0].crises[0]"),
        ({"units": [a_unit(free=[(0, 11, 1)])]}, "units[0].free[0]"),
        ({"units": [a_unit(free=[(2, 5, 1), (4, 6, 1)])]}, "units[0].free[1]"),
        ({"needs": [a_need(gender="women")]}, "needs[0].gender"),
        ({"needs": [a_need(earliest=3, latest=2)]}, "needs[0].earliest"),
        ({"needs": [a_need(latest=10)]}, "needs[0].latest"),
        ({"needs": [a_need(apart=frozenset({"N2"}))]}, "needs[0].apart"),
        ({"needs": [a_need(extra_points={"U9": 1})]}, "needs[0].extra_points"),
        ({"needs": [a_need(current=Current(unit="U9", start=0))]}, "needs[0].current.unit"),
        ({"needs": [a_need(weight=0)]}, "needs[0].weight"),
        ({"prices": [Price(unit="U1", start=0, end=1, points=1)]}, "prices[0]"),
        ({"units": [a_unit()], "prices": [Price(unit="U1", start=3, end=3, points=1)]}, "prices[0]"),
        ({"nights": MOST_NIGHTS + 1}, "nights"),
        ({"needs": [again(nights=None)]}, "needs[0].series.stays"),
        ({"needs": [again(take="some")]}, "needs[0].series.take"),
        ({"needs": [again(stays=[])]}, "needs[0].series.stays"),
        ({"needs": [again(stays=[(1, 2, 1)])]}, "needs[0].series.stays[0]"),
        ({"needs": [again(stays=[(3, 10, 1)])]}, "needs[0].series.stays[0]"),
        ({"needs": [again(stays=[(3, 3, 2), (4, 4, 1)])]}, "needs[0].series.stays[1]"),
        ({"needs": [again(stays=[(3, 3, 0)])]}, "needs[0].series.stays[0].nights"),
        ({"needs": [again(), a_need("N1/2")]}, "needs[1].id"),
    ],
)
def test_a_fault_is_told_at_its_place(given, place):
    assert place in found(**given)


def test_the_words_of_the_domain_are_the_words_of_an_instance():
    units = [a_unit(f"U{gender}", gender=gender) for gender in UNIT_GENDERS]
    units += [a_unit(f"V{status}", status=status.value) for status in Status]
    needs = [a_need(f"N{gender}", gender=gender) for gender in (*(each.value for each in Gender), None)]

    assert found(units, needs) == []


def test_the_first_fault_is_raised_with_what_was_found_there():
    with pytest.raises(MalformedInstance, match=r"^needs\[0\]\.weight: .*20000") as caught:
        refuse_unsound(10, [], [a_need(weight=20_000, age=-1)], [], [])
    assert caught.value.place == "needs[0].weight"
