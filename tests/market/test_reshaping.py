"""Units that are split, merged and retired: whoever is there stays, and no place comes or goes by it."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sqlalchemy import inspect
from sqlalchemy.exc import IntegrityError

from placement.domain.claims import Said
from placement.domain.errors import Invalid, OutOfStep
from placement.domain.features import Evidence
from placement.domain.people import Actor, Role
from placement.domain.states import PlacementState
from placement.market.closures import close_places
from placement.market.merging import merge_units
from placement.market.numbers import Numbers
from placement.market.others import keep_places
from placement.market.pools import add_shared_cap
from placement.market.retiring import retire_unit, take_up_unit
from placement.market.splitting import OWN, SplitOff, split_unit
from placement.market.vacancies import report_vacancies
from placement.planning.snapshot import open_instance
from placement.records.availability import availability, newest_reports
from placement.records.providers import Unit, UnitFeature
from tests.brokerage.worlds import story
from tests.builders import TODAY, a_placement, a_referral, a_report, a_service, a_unit, night
from tests.conftest import NOW
from tests.exploring import tried

DOING = {"by": Actor(user_id=None, name="Pia", role=Role.PROVIDER), "now": NOW}
NIGHTS = range(30)


def free(session, *units):
    found = availability(session, [unit.id for unit in units], day=TODAY)
    return [[found.bookable(unit.id, night(n), night(n + 1)) for n in NIGHTS] for unit in units]


def numbers(maximum, occupied=0, reserved=0, accepting=0):
    return Numbers(maximum=maximum, occupied=occupied, reserved=reserved, accepting=accepting)


def report(session, unit, *given):
    return report_vacancies(session, unit.service, {unit.id: numbers(*given)}, **DOING)


def share(name="First floor", maximum=1, occupied=0, reserved=0, accepting=0, **more):
    return SplitOff(name=name, numbers=numbers(maximum, occupied, reserved, accepting), **more)


def a_house(session, people=2, coming=0, capacity=4, **values):
    unit = a_unit(session, accepting=capacity, capacity=capacity, offers=("dementia",), **values)
    stays = [a_placement(session, unit, start=-5, nights=90, state=PlacementState.ACTIVE) for _ in range(people)]
    stays += [a_placement(session, unit, start=3, nights=20) for _ in range(coming)]
    report(session, unit, capacity, people, coming, capacity - people - coming)
    return unit, stays


def test_who_goes_along_lives_in_the_new_unit_and_every_place_is_somewhere(store):
    with store.writing() as session:
        unit, (one, other, coming) = a_house(session, coming=1)
        pool = add_shared_cap(session, [unit], name="Waking nights", places=4, **DOING)
        closed = close_places(session, unit, start_on=night(9), end_on=night(20), places=1, reason="other", **DOING)
        kept = keep_places(session, unit, purpose="other", places=1, start_on=night(24), end_on=night(26), **DOING)
        before = free(session, unit)[0]
        with pytest.raises(Invalid, match="must be among its occupied"):
            split_unit(session, unit, share(accepting=1, stays=[other.id]), **DOING)
        added = split_unit(
            session, unit,
            share(maximum=2, occupied=1, accepting=1, stays=[other.id], closures=[closed.id], others=[kept.id]),
            **DOING,
        )  # fmt: skip

        assert [one.unit, other.unit, coming.unit, closed.unit, kept.unit] == [unit, added, unit, added, added]
        assert (unit.capacity, added.capacity, pool.units) == (2, 2, [unit, added])
        assert [(feature.slug, feature.said) for feature in added.features] == [("dementia", Said.YES)]
        alike = [each.key for each in inspect(Unit).column_attrs if each.key not in OWN]
        assert [getattr(added, key) for key in alike] == [getattr(unit, key) for key in alike]
        assert [sum(night) for night in zip(*free(session, unit, added), strict=True)] == before
        newest = newest_reports(session, [unit.id, added.id])
        assert {each.reported_at for each in newest.values()} == {NOW}
        assert story(session, other)[-1:] == ["goes on in another unit of the service"]
        assert story(session, unit)[-1:] == ["split a unit"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"maximum": 5}, "maximum"),
        ({"maximum": 0}, "maximum"),
        ({"maximum": 1, "accepting": 2}, "maximum"),
        ({"maximum": 3}, "maximum"),
        ({"maximum": 1, "occupied": -1}, "occupied"),
        ({"name": " "}, "name"),
        ({"name": "Ground floor"}, "name"),
    ],
)
def test_shares_that_cannot_be_are_refused_at_their_question(store, given, field):
    with store.writing() as session:
        unit, _ = a_house(session, name="Ground floor", capacity=4)
        with pytest.raises(Invalid) as refused:
            split_unit(session, unit, share(**given), **DOING)
        assert refused.value.field == field


def test_a_unit_that_is_split_says_the_same_of_every_need_in_both_parts(store):
    with store.writing() as session:
        unit, _ = a_house(session, people=0, weekly_most_pence=200_000)
        unit.features += [UnitFeature(slug="pets", said=Said.ASK), UnitFeature(slug="smoking", said=Said.NO)]
        session.flush()
        (verified,) = (each for each in unit.features if each.slug == "dementia")
        verified.evidence, verified.evidence_on, verified.evidence_by = Evidence.VERIFIED, TODAY, "Ann Lee"
        added = split_unit(session, unit, share(accepting=1), **DOING)

        assert sorted(added.claims, key=str) == sorted(unit.claims, key=str)
        assert (added.offers, added.asks_first) == ({"dementia"}, {"pets"})
        assert added.weekly_most_pence == 200_000


def test_merging_takes_people_closures_and_what_is_kept_along_and_retires_the_unit(store):
    with store.writing() as session:
        service = a_service(session)
        unit, (stay,) = a_house(session, people=1, capacity=2, service=service)
        into, (other,) = a_house(session, people=1, capacity=2, service=service)
        whole = close_places(session, unit, start_on=night(40), end_on=night(45), places=None, reason="other", **DOING)
        over = a_placement(session, unit, start=-90, nights=30, state=PlacementState.ENDED)
        before = free(session, unit, into)
        merge_units(session, unit, into, **DOING)

        assert (stay.unit, other.unit, over.unit) == (into, into, unit)
        assert (whole.unit, whole.places) == (into, 2), "no more is closed than was"
        assert [into.capacity, unit.capacity, unit.merged_into_id] == [4, 0, into.id]
        assert service.units == [into]
        assert free(session, into)[0] == [sum(each) for each in zip(*before, strict=True)]
        assert free(session, unit)[0] == [0] * len(NIGHTS)
        a_referral(session)
        assert [each.id for each in open_instance(session, now=NOW).units] == [f"U{into.id}"]


def test_a_unit_that_somebody_is_in_is_not_retired_and_the_reason_names_them(store):
    with store.writing() as session:
        unit, (living,) = a_house(session, people=1)
        with pytest.raises(Invalid, match=f"{living.referral.reference} live in .* Record departures first"):
            retire_unit(session, unit, **DOING)
        empty, (coming,) = a_house(session, people=0, coming=1)
        with pytest.raises(Invalid, match=f"{coming.referral.reference} are to come"):
            retire_unit(session, empty, **DOING)
        private = a_unit(session, accepting=None, capacity=2)
        a_report(session, private, maximum=2, occupied=1)
        with pytest.raises(Invalid, match="1 people live"):
            retire_unit(session, private, **DOING)


def test_a_retired_unit_is_taken_up_again_and_has_no_places_until_somebody_says_so(store):
    with store.writing() as session:
        unit = a_unit(session, accepting=2, capacity=2)
        retire_unit(session, unit, **DOING)
        assert (unit.service.units, free(session, unit)[0][0]) == ([], 0)
        with pytest.raises(Invalid, match="retired already"):
            retire_unit(session, unit, **DOING)

        take_up_unit(session, unit, **DOING)
        assert (unit.service.units, free(session, unit)[0][0]) == ([unit], 0)
        report(session, unit, 2, 0, 0, 2)
        assert free(session, unit)[0][0] == 2
        with pytest.raises(OutOfStep):
            take_up_unit(session, unit, **DOING)


def test_units_of_different_pools_are_not_merged(store):
    with store.writing() as session:
        service = a_service(session)
        unit, into = (a_unit(session, accepting=1, service=service) for _ in range(2))
        add_shared_cap(session, [unit], name="Waking nights", places=1, **DOING)
        with pytest.raises(Invalid, match="different pools"):
            merge_units(session, unit, into, **DOING)


@tried(30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    stays=st.lists(st.tuples(st.integers(0, 12), st.one_of(st.none(), st.integers(1, 9)), st.booleans()), max_size=5),
    later=st.lists(st.tuples(st.integers(0, 12), st.integers(1, 9), st.booleans()), max_size=3),
    occupied=st.integers(0, 2),
    shared=st.tuples(st.integers(1, 5), st.integers(0, 2), st.integers(0, 2), st.integers(0, 3)),
    turnaround=st.integers(0, 2),
)
def test_what_is_split_and_merged_again_is_as_it_was_and_meanwhile_nobody_is_promised_more(
    store, stays, later, occupied, shared, turnaround
):
    with store.write() as session:
        unit = a_unit(session, accepting=6, capacity=6, turnaround_nights=turnaround)

        def book(many):
            goes = []
            for start, nights, along in many:
                with suppress(IntegrityError), session.begin_nested():
                    stay = a_placement(session, unit, start=start, nights=nights)
                    goes += [stay.id] if along else []
            return goes

        going = book(stays)
        reserved = min(3, len(stays))
        report(session, unit, 6, occupied, reserved, 6 - occupied - reserved)
        going += book(later)
        before = free(session, unit)[0]
        with suppress(Invalid):
            added = split_unit(session, unit, share("New", *shared, stays=going), **DOING)
            apart = [sum(each) for each in zip(*free(session, unit, added), strict=True)]
            assert all(now <= then for now, then in zip(apart, before, strict=True))
            merge_units(session, added, unit, **DOING)
            assert free(session, unit)[0] == before
            assert session.query(Unit).filter(Unit.retired_at.is_(None)).count() == 1
        session.rollback()
