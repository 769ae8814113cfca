"""A “no vacancy” puts the numbers before it in doubt, for brokers and for the provider, until there are new ones."""

from __future__ import annotations

from datetime import timedelta

import pytest

from placement.brokerage.offers.answering import decline_offer, show_interest
from placement.brokerage.offers.sending import Asking, send_offers
from placement.domain.people import Actor, Role
from placement.planning.shortlists import shortlist
from placement.records.availability import newest_reports
from placement.records.doubted import doubted, doubted_features
from placement.records.events import record
from tests.brokerage.worlds import BROKER
from tests.builders import a_referral, a_report, a_unit, night
from tests.conftest import NOW
from tests.web.pages.broker.test_matches import text
from tests.web_client import signed_in

LATER = NOW + timedelta(hours=1)


def asked(session, unit):
    asking = Asking(unit=unit, rank=1, start_on=night(0), end_on=night(7))
    (offer,) = send_offers(session, a_referral(session), [asking], reply_by=NOW + timedelta(days=1), by=BROKER, now=NOW)
    return offer


def says_no(session, unit, reason="no_vacancy"):
    offer = asked(session, unit)
    provider = Actor(user_id=None, name="P", role=Role.PROVIDER, provider_id=unit.service.provider_id)
    decline_offer(session, offer, reason=reason, by=provider, now=LATER)
    session.flush()


def cannot_meet(session, unit, *needs):
    asking = Asking(unit=unit, rank=1, start_on=night(0), end_on=night(7))
    referral = a_referral(session, essential=needs)
    (offer,) = send_offers(session, referral, [asking], reply_by=NOW + timedelta(days=1), by=BROKER, now=NOW)
    provider = Actor(user_id=None, name="P", role=Role.PROVIDER, provider_id=unit.service.provider_id)
    decline_offer(session, offer, reason="cannot_meet_need", needs=needs, by=provider, now=LATER)
    session.flush()


def in_doubt(session):
    return doubted(session, newest_reports(session))


def test_numbers_are_in_doubt_from_a_no_until_the_next_report(session):
    unit, other = a_unit(session), a_unit(session)
    says_no(session, unit)
    says_no(session, other, reason="staffing")
    assert in_doubt(session) == {unit.id: LATER}
    a_report(session, unit, reported_at=LATER + timedelta(minutes=1))
    assert in_doubt(session) == {}


def test_a_unit_that_never_reported_has_no_numbers_to_doubt(session):
    says_no(session, a_unit(session, accepting=None))
    assert in_doubt(session) == {}


def test_a_place_in_doubt_ranks_behind_one_that_is_like_it_and_is_not_hidden(session):
    for _ in range(2):
        a_unit(session)
    referral = a_referral(session)
    first, second = (each.unit for each in shortlist(session, referral, now=LATER).listed)
    says_no(session, first)
    listed = shortlist(session, referral, now=LATER).listed
    assert [(each.unit.id, each.doubted_at) for each in listed] == [(second.id, None), (first.id, LATER)]


def test_a_yes_that_was_not_chosen_counts_as_a_yes(session):
    plain, eager = a_unit(session), a_unit(session)
    for _ in range(3):
        provider = Actor(user_id=None, name="P", role=Role.PROVIDER, provider_id=eager.service.provider_id)
        show_interest(session, asked(session, eager), by=provider, now=NOW)
    session.flush()
    listed = shortlist(session, a_referral(session), now=NOW).listed
    assert [each.unit.id for each in listed] == [eager.id, plain.id]


@pytest.fixture
def doubtful(store):
    with store.writing() as session:
        unit = a_unit(session)
        says_no(session, unit)
        return unit.service.provider_id


def test_the_provider_is_asked_for_its_numbers(app, doubtful, clock):
    clock.now = LATER
    provider = signed_in(app, Role.PROVIDER, provider_id=doubtful)
    assert "Brokers doubt these numbers" in text(provider.get("/provider/"))


def test_a_claim_is_in_doubt_from_a_no_that_names_it_until_somebody_has_looked_at_the_unit(session):
    unit = a_unit(session, offers=("hoist", "pbs"))
    a_unit(session, offers=("hoist",))
    cannot_meet(session, unit, "hoist", "peg")
    assert doubted_features(session) == doubted_features(session, [unit.id]) == {unit.id: {"hoist": LATER}}
    listed = shortlist(session, a_referral(session, essential=("hoist",)), now=LATER).listed
    assert {each.unit.id: each.doubted for each in listed}[unit.id] == ("hoist",)
    assert sum(bool(each.doubted) for each in listed) == 1
    plain = shortlist(session, a_referral(session, essential=("pbs",)), now=LATER).listed
    assert [each.doubted for each in plain if each.unit.id == unit.id] == [()], "what is not asked for is not told"
    record(session, "unit_edited", unit, by=BROKER, now=LATER + timedelta(minutes=1))
    session.flush()
    assert doubted_features(session) == {}


def test_the_provider_is_asked_whether_it_still_offers_what_it_has_said_it_cannot(app, store):
    with store.writing() as session:
        unit = a_unit(session, offers=("hoist",))
        cannot_meet(session, unit, "hoist")
        found = unit.id, unit.service.provider_id
    page = text(signed_in(app, Role.PROVIDER, provider_id=found[1]).get(f"/provider/services/units/{found[0]}"))
    assert "You have told brokerage that you cannot offer" in page
