"""Why there was no place, from what was recorded: each source by itself, and which of them has the last word."""

from __future__ import annotations

from datetime import timedelta

import pytest

from placement.domain.reasons import DECLINE, OUT_OF_CITY_REASON
from placement.domain.states import ReferralState
from placement.records.referrals import Decline, Referral
from placement.reports.cases import cases
from placement.reports.causes import DECLINED_FOR, OUTSIDE_FOR, causes
from placement.reports.waiting import LACKS
from tests.builders import a_placement, a_referral, a_service, a_unit
from tests.conftest import NOW
from tests.reports.test_waiting import from_foleshill, run


def cause_of(store):
    """Return why the one referral of a city found no place in it."""
    with store.reading() as session:
        found = causes(session, cases(session, Referral.id > 0, now=NOW))
    return next(iter(found.values()), None)


def test_every_reason_that_is_read_exists_and_means_a_lack_and_a_choice_means_none():
    assert set(OUTSIDE_FOR) <= set(OUT_OF_CITY_REASON)
    assert set(DECLINED_FOR) <= set(DECLINE)
    assert {*OUTSIDE_FOR.values(), *DECLINED_FOR.values()} < {lack.slug for lack in LACKS}
    assert not any(OUT_OF_CITY_REASON[slug].by_choice for slug in OUTSIDE_FOR)
    assert not any(DECLINE[slug].by_choice for slug in DECLINED_FOR)


@pytest.mark.parametrize(("reason", "lack"), [*OUTSIDE_FOR.items(), ("emergency", "stale"), ("persons_choice", None)])
def test_a_place_outside_says_for_what_reason_it_was_taken(store, reason, lack):
    with store.writing() as session:
        unit = a_unit(session, service=a_service(session, ward_code=None, authority="E07000220"))
        a_placement(session, unit, is_in_city=False, out_of_city_reason=reason, miles=9.0)

    assert cause_of(store) == lack


def declined(session, referral, reason, days_ago):
    values = {"declined_by": "Home", "declined_at": NOW - timedelta(days=days_ago)}
    session.add(Decline(referral_id=referral.id, unit_id=a_unit(session).id, reason=reason, **values))


def test_the_last_no_of_a_provider_decides_and_one_by_the_person_never(store):
    with store.writing() as session:
        referral = a_referral(session, state=ReferralState.CLOSED)
        for reason, days_ago in (("risk", 9), ("price", 5), ("other", 3), ("person_declined", 1)):
            declined(session, referral, reason, days_ago)

    assert cause_of(store) == "unaffordable"


def test_what_a_match_run_found_goes_before_a_no_and_nothing_recorded_is_not_known(store):
    with store.writing() as session:
        referral = from_foleshill(session, essential=("dementia",))
    assert cause_of(store) == "stale"
    with store.writing() as session:
        declined(session, session.get_one(Referral, referral.id), "price", 3)
    assert cause_of(store) == "unaffordable"

    run(store)

    assert cause_of(store) == "no_service"


def test_who_found_a_place_in_the_city_lacked_none(store):
    with store.writing() as session:
        a_placement(session, a_unit(session))

    assert cause_of(store) is None
