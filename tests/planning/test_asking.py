"""Whom to ask is computed from how each has answered: few where answers are good and quick, all where none come."""

from __future__ import annotations

from datetime import timedelta

import pytest

from placement.brokerage.deadlines import answer_due
from placement.brokerage.offers.answering import decline_offer, show_interest
from placement.brokerage.offers.ending import expire_offers
from placement.brokerage.offers.sending import Asking, send_offers
from placement.domain.people import SYSTEM, Actor, Role
from placement.planning.asking import answers_so_far, later_at, suggested
from placement.planning.shortlists import shortlist
from placement.records.settings import set_numbers
from tests.brokerage.worlds import BROKER, RUGBY
from tests.builders import a_referral, a_service, a_unit, night
from tests.conftest import NOW

LATER = NOW + timedelta(minutes=20)


def asked(session, unit, kind="crisis"):
    asking = Asking(unit=unit, rank=1, start_on=night(0), end_on=night(7))
    until = NOW + timedelta(hours=2)
    (offer,) = send_offers(session, a_referral(session, kind=kind), [asking], reply_by=until, by=BROKER, now=NOW)
    return offer, Actor(user_id=None, name="P", role=Role.PROVIDER, provider_id=unit.service.provider_id)


def says_yes(session, unit, **values):
    offer, by = asked(session, unit, **values)
    show_interest(session, offer, by=by, now=LATER)


def says_no(session, unit):
    offer, by = asked(session, unit)
    decline_offer(session, offer, reason="staffing", by=by, now=LATER)


def suggestion(session, now=NOW):
    referral = a_referral(session, kind="crisis")
    session.flush()
    listed = shortlist(session, referral, now=now).listed
    return suggested(session, referral, listed, now=now)


def test_answers_are_counted_by_kind_with_their_times_and_silence_is_kept_as_silence(session):
    unit, other = a_unit(session), a_unit(session)
    says_yes(session, unit)
    says_yes(session, unit, kind="planned")
    says_no(session, other)
    asked(session, other)
    session.flush()
    expire_offers(session, by=SYSTEM, now=NOW + timedelta(hours=2))
    session.flush()
    found = answers_so_far(session, "crisis")

    assert (found[unit.id].yes, found[unit.id].no, found[unit.id].took) == (1, 0, (20.0,))
    assert (found[other.id].no, found[other.id].took, found[other.id].waited) == (1, (20.0,), (120.0,))


def test_few_are_asked_where_they_answer_yes_and_soon_and_more_where_they_do_not(session):
    units = [a_unit(session) for _ in range(6)]
    unknown = suggestion(session)
    for unit in units:
        for _ in range(8):
            says_yes(session, unit)
    eager = suggestion(session)
    for unit in units:
        for _ in range(40):
            says_no(session, unit)
    tired = suggestion(session)

    assert len(eager.first) < len(unknown.first) <= len(tired.first)
    assert len(eager.first) <= 2
    assert eager.chance >= 0.9
    assert tired.chance < 0.9
    assert eager.answers == 48


def test_an_administrator_sets_with_what_chance_somebody_should_say_yes(session):
    units = [a_unit(session) for _ in range(8)]
    for unit in units:
        says_yes(session, unit)
        says_no(session, unit)
    asked_for = {}
    for chance in (50, 90, 99):
        set_numbers(session, {"chance_of_yes": chance}, by=SYSTEM, now=NOW)
        session.flush()
        asked_for[chance] = suggestion(session)

    assert len(asked_for[50].first) < len(asked_for[90].first) < len(asked_for[99].first)
    assert asked_for[50].chance >= 0.5


def test_they_are_asked_in_the_order_of_the_list_and_nobody_outside_is_suggested(session):
    for _ in range(4):
        a_unit(session)
    a_unit(session, service=a_service(session, authority=RUGBY))
    found = suggestion(session)
    ranks = [each.rank for each in (*found.first, *found.later)]

    assert ranks == sorted(ranks)
    assert all(each.is_in_city for each in (*found.first, *found.later))


def test_nobody_to_ask_suggests_nobody(session):
    found = suggestion(session)
    assert (found.first, found.later, found.chance) == ((), (), 0.0)


@pytest.mark.parametrize("kind", ["crisis", "respite", "move_on", "planned", "return_to_city"])
def test_the_second_wave_goes_out_before_the_first_ones_time_is_over(session, kind):
    referral = a_referral(session, kind=kind)
    assert NOW < later_at(referral, now=NOW) < answer_due(referral, NOW)
