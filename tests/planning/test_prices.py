"""Prices and limits between the records and the engine: what is kept, what enters an instance, what it changes."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from placement.domain.people import SYSTEM
from placement.domain.states import ReferralState
from placement.matching.problem.documents import instance_document
from placement.matching.problem.facts import Price
from placement.planning import runs
from placement.planning.demand import LEAST, arrival_history, demand
from placement.planning.keys import unit_key
from placement.planning.price_limits import costs_now
from placement.planning.prices import KEPT, Computed, save_prices
from placement.planning.shortlists import shortlist
from placement.planning.snapshot import open_instance
from placement.records.events import timeline
from placement.records.prices import FRESH, PriceLimit, PriceList, price_limits, set_price_limits
from tests.brokerage.worlds import BROKER, RUGBY
from tests.builders import TODAY, a_person, a_referral, a_service, a_unit, night
from tests.conftest import NOW

DOING = {"by": SYSTEM, "now": NOW}


def priced(session, *prices, first_night=TODAY, now=NOW):
    """Store prices of units: (unit, from, to, points)."""
    computed = Computed(
        prices=[
            Price(unit=unit_key(unit.id), start=start, end=end, points=points) for unit, start, end, points in prices
        ],
        first_night=first_night,
        nights=90,
        seed=0,
        history_days=365,
        arrivals=700,
        seconds=12.3456,
    )
    return save_prices(session, computed, by=SYSTEM, now=now)


# The arrival history


def test_the_history_is_everything_submitted_in_the_last_year_whatever_became_of_it(session):
    for state in (ReferralState.SEARCHING, ReferralState.PLACED, ReferralState.WITHDRAWN):
        a_referral(session, state=state, submitted_at=NOW - timedelta(days=10))
    a_referral(session, submitted_at=NOW - timedelta(days=400))
    a_referral(session, submitted_at=NOW)
    a_referral(session, state=ReferralState.DRAFT, submitted_at=None)
    history = arrival_history(session, now=NOW)

    assert (history.days, [arrival.day for arrival in history.arrivals]) == (365, [355] * 3)


def test_a_need_of_the_past_counts_from_its_own_day_and_is_as_it_was_then(session):
    asked_on = TODAY - timedelta(days=20)
    referral = a_referral(
        session, kind="respite", essential=("pbs",), nights=5, submitted_at=NOW - timedelta(days=20),
        earliest_on=asked_on + timedelta(days=6), latest_on=asked_on + timedelta(days=9), max_miles=4.5,
        person=a_person(session, born_on=asked_on.replace(year=asked_on.year - 40)),
    )  # fmt: skip
    (arrival,) = arrival_history(session, now=NOW).arrivals

    need = arrival.need
    assert (need.id, need.kind, need.earliest, need.latest, need.nights) == (referral.reference, "respite", 6, 9, 5)
    assert (need.essential, need.age, need.max_miles, need.waited_days) == ({"pbs"}, 40, 4.5, 0)


def test_young_records_are_as_long_as_they_are_and_four_weeks_at_least(session):
    assert (arrival_history(session, now=NOW).days, arrival_history(session, now=NOW).arrivals) == (LEAST.days, ())
    a_referral(session, submitted_at=NOW - timedelta(days=3))
    assert arrival_history(session, now=NOW).days == LEAST.days
    a_referral(session, submitted_at=NOW - timedelta(days=50))
    assert [arrival.day for arrival in arrival_history(session, now=NOW).arrivals] == [47, 0]


def test_demand_is_the_history_and_the_world_as_it_stands(session):
    a_unit(session)
    a_referral(session)
    asked = demand(session, now=NOW)

    assert asked.instance == open_instance(session, now=NOW)
    assert asked.history == arrival_history(session, now=NOW)


# Prices in a snapshot


def test_without_prices_and_limits_an_instance_is_what_it_was(session):
    a_unit(session)
    a_referral(session)
    instance = open_instance(session, now=NOW)

    assert instance.prices == ()
    assert [need.hold_above for need in instance.needs] == [None]


def test_the_newest_prices_enter_an_instance_shifted_to_its_first_night(session):
    unit, gone = a_unit(session), a_unit(session)
    priced(session, (unit, 0, 90, 99))
    priced(session, (unit, 0, 2, 7), (unit, 2, 30, 12), (unit, 60, 90, 5), (gone, 0, 90, 4))
    gone.service.is_listed = False
    later = NOW + timedelta(days=3)

    key = unit_key(unit.id)
    assert open_instance(session, now=later).prices == (
        Price(unit=key, start=0, end=27, points=12),
        Price(unit=key, start=57, end=87, points=5),
    )


def test_old_prices_no_longer_count_and_those_of_months_ago_are_forgotten(session):
    unit = a_unit(session)
    row = priced(session, (unit, 0, 90, 7))
    last = NOW + FRESH - timedelta(days=1)

    assert open_instance(session, now=last).prices
    assert open_instance(session, now=last + timedelta(days=1)).prices == ()
    priced(session, now=NOW + KEPT + timedelta(days=1), first_night=night(61))
    assert session.scalars(select(PriceList.first_night)).all() == [night(61)]
    assert [line.sentence for line in timeline(session, row, actor=SYSTEM)] == ["computed prices of places"]


def test_a_run_keeps_the_prices_that_it_was_solved_with(session):
    unit = a_unit(session)
    a_referral(session)
    priced(session, (unit, 0, 90, 7))
    run = runs.request_run(session, by=BROKER, now=NOW)
    session.flush()
    instance = runs.snapshot_run(session, run.id, runs.claim_run(session, run.id, now=NOW), now=NOW)
    session.execute(PriceList.__table__.delete())

    session.expire_all()
    kept = runs.run(session, run.id, actor=SYSTEM).documents.instance
    assert kept["prices"] == [[unit_key(unit.id), 0, 90, 7]]
    assert kept == instance_document(instance)


def test_prices_order_a_shortlist_and_are_one_of_its_labelled_terms(session):
    service = a_service(session)
    dear, plain = a_unit(session, service=service), a_unit(session, service=service)
    referral = a_referral(session)
    priced(session, (dear, 0, 90, 7))
    first, second = shortlist(session, referral, now=NOW).listed

    assert (first.unit, second.unit) == (plain, dear)
    assert dict(second.terms)["Worth of the nights to people still to come"] == -7 * 14
    assert first.points - second.points == 7 * 14


# PriceLimit back


def test_a_limit_counts_for_its_kind_alone_and_none_takes_it_away(session):
    a_referral(session, kind="crisis")
    a_referral(session, kind="respite", nights=7)
    assert set_price_limits(session, {"respite": 60, "move_on": None}, **DOING) == 1
    assert {need.kind: need.hold_above for need in open_instance(session, now=NOW).needs} == {
        "crisis": None, "respite": 60,
    }  # fmt: skip
    assert set_price_limits(session, {"respite": 60}, **DOING) == 0
    assert set_price_limits(session, {"respite": None}, **DOING) == 1
    assert price_limits(session) == {}


def test_what_costs_more_than_the_limit_is_held_back_and_the_shortlist_says_so(session):
    unit, outside = a_unit(session), a_unit(session, service=a_service(session, authority=RUGBY))
    referral = a_referral(session, kind="respite", nights=7, latest_on=TODAY)
    priced(session, (unit, 0, 90, 10))
    set_price_limits(session, {"respite": 69}, **DOING)
    found = shortlist(session, referral, now=NOW)

    assert [each.unit for each in found.listed] == [outside]
    assert [(each.unit, each.rules) for each in found.refused] == [(unit, ("hold",))]
    assert found.causes() == [("hold", "1 place is held back for people still to come")]
    set_price_limits(session, {"respite": 70}, **DOING)
    assert len(shortlist(session, referral, now=NOW).listed) == 2


def test_a_limit_without_prices_holds_nothing_back(session):
    a_unit(session)
    referral = a_referral(session, kind="respite")
    set_price_limits(session, {"respite": 0}, **DOING)

    assert len(shortlist(session, referral, now=NOW).listed) == 1


def test_a_change_of_a_limit_is_on_the_audit_trail_with_what_it_was(session):
    set_price_limits(session, {"respite": 60}, **DOING)
    set_price_limits(session, {"respite": 0}, **DOING)
    newest, first = timeline(session, session.scalars(select(PriceLimit)).one(), actor=SYSTEM)

    assert first.details == {"kind": "respite", "most_points": 60, "before": None}
    assert newest.details == {"kind": "respite", "most_points": 0, "before": 60}


def test_costs_now_are_of_the_cheapest_place_in_the_city_of_each_open_referral(session):
    dear, cheap = a_unit(session, offers=("pbs",)), a_unit(session)
    a_unit(session, service=a_service(session, authority=RUGBY))
    priced(session, (dear, 0, 90, 10), (cheap, 0, 3, 4))
    for essential in ((), ("pbs",), ("hoist",)):
        a_referral(session, kind="respite", nights=7, latest_on=TODAY, essential=essential)
    a_referral(session, kind="respite", nights=7, latest_on=TODAY + timedelta(days=2))
    set_price_limits(session, {"respite": 5}, **DOING)
    costs = costs_now(session, now=NOW)

    assert costs["respite"].points == (4, 12, 70)
    assert (costs["respite"].usual, costs["move_on"].points) == (12, ())
    assert [costs["respite"].above(limit) for limit in (None, 0, 4, 12, 70)] == [0, 3, 2, 1, 0]
    assert "crisis" not in costs
