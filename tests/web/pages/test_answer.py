"""Answering a request: signed in, or by a link that opens it once, and never who the person is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from placement.brokerage.offers.sending import Asking, send_offers
from placement.domain.people import Role
from placement.domain.states import OfferState
from placement.records.offers import Offer
from placement.records.referrals import Decline
from tests.brokerage.worlds import BROKER, secret_for
from tests.builders import a_person, a_provider, a_referral, a_service, a_unit, night
from tests.conftest import NOW
from tests.web.pages.broker.test_matches import text
from tests.web_client import Browser, signed_in

PERSON = {"name": "Person Canary", "case_number": "CASE-CANARY", "postcode": "CV1 9ZZ"}


class Asked:
    """A request, its link and its provider."""

    def __init__(self, store):
        with store.writing() as session:
            provider = a_provider(session)
            unit = a_unit(session, service=a_service(session, provider=provider, name="Canary House"))
            referral = a_referral(session, person=a_person(session, **PERSON), essential=("hoist", "pbs"))
            asking = Asking(unit=unit, rank=1, start_on=night(0), end_on=night(14))
            (offer,) = send_offers(session, referral, [asking], reply_by=NOW + timedelta(hours=2), by=BROKER, now=NOW)
            self.id, self.provider_id, self.reference = offer.id, provider.id, referral.reference
            self.secret = secret_for(session, offer)
        self.store = store

    @property
    def offer(self):
        with self.store.reading() as session:
            found = session.get_one(Offer, self.id)
            session.expunge(found)
            return found


@pytest.fixture
def asked(store):
    return Asked(store)


@pytest.fixture
def provider(app, asked):
    return signed_in(app, Role.PROVIDER, provider_id=asked.provider_id)


@pytest.fixture
def stranger(app):
    return Browser(app)


def test_a_request_stands_on_the_to_do_list_and_opening_it_is_known(provider, asked):
    assert "Answer a request" in text(provider.get("/provider/"))
    page = f"/provider/offers/{asked.id}"
    assert provider.post(page, {"step": "open"}, page="/provider/").location == page
    assert asked.offer.state is OfferState.VIEWED
    shown = text(provider.get(page))
    assert asked.reference in shown
    assert not any(word in shown for word in PERSON.values())
    assert provider.post(page, {"step": "interest"}).location == page
    assert asked.offer.state is OfferState.INTERESTED
    assert "Answer a request" not in text(provider.get("/provider/"))


def test_a_provider_that_asks_is_told_that_its_time_stands_still_and_can_still_answer_late(provider, asked, app, clock):
    page = f"/provider/offers/{asked.id}"
    provider.post(page, {"step": "ask", "words": "Is a hoist used at night?"})
    clock.now = NOW + timedelta(hours=3)
    broker = signed_in(app, Role.BROKER)
    provider = signed_in(app, Role.PROVIDER, provider_id=asked.provider_id, email="colleague@example.org")
    for where in (page, "/provider/"):
        assert "Your question is with brokerage" in text(provider.get(where))
        assert "time to answer is over" not in text(provider.get(where))
    assert "Their time stands still until you answer" in text(broker.get(f"/broker/offers/{asked.id}"))

    assert provider.post(page, {"step": "interest"}).location == page
    assert asked.offer.state is OfferState.INTERESTED


def test_a_wrong_answer_keeps_what_was_typed_and_changes_nothing(provider, asked):
    page = f"/provider/offers/{asked.id}"
    wrong = (
        ({"step": "make", "weekly_price": "", "conditions": "A visit"}, "Enter the price a week", "A visit"),
        ({"step": "make", "weekly_price": "850,50"}, "Enter pounds", "850,50"),
        ({"step": "ask", "words": " "}, "Enter your question", ""),
        ({"step": "decline", "note": "Some note"}, "Choose why", "Some note"),
        ({"step": "decline", "reason": "cannot_meet_need", "note": "Some note"}, "what you cannot meet", "Some note"),
        ({"step": "decline", "reason": "family_declined"}, "There is a problem", ""),
        ({"step": "nonsense"}, asked.reference, ""),
    )
    for form, message, kept in wrong:
        answer = provider.post(page, form)
        assert answer.status_code in (200, 422)
        assert message in text(answer)
        assert kept in answer.get_data(as_text=True)
    assert asked.offer.state is OfferState.SENT


def test_a_no_leads_to_the_to_do_list_and_names_what_cannot_be_met(provider, asked, store):
    form = {"step": "decline", "reason": "cannot_meet_need", "needs": ["pbs"], "note": "No trained staff"}
    assert provider.post(f"/provider/offers/{asked.id}", form).location == "/provider/"
    with store.reading() as session:
        said = session.scalars(select(Decline)).one()
        assert (said.reason, said.needs, said.note) == ("cannot_meet_need", "pbs", "No trained staff")


def test_looking_at_a_link_uses_nothing_up_and_its_button_opens_it_once(stranger, app, asked):
    page = f"/answer/link/{asked.secret}"
    for _ in range(2):
        shown = text(stranger.get(page))
        assert "Read and answer" in shown
        assert "Canary" not in shown
    assert asked.offer.state is OfferState.SENT
    assert stranger.post(page).location == "/answer"
    opened = text(stranger.get("/answer"))
    assert asked.reference in opened
    assert "Canary House" in opened
    assert not any(word in opened for word in PERSON.values())
    assert asked.offer.state is OfferState.VIEWED
    other = Browser(app)
    assert other.get(page).status_code == 404
    assert "This link is over" in text(other.get(page))
    assert other.get("/answer").location == "/answer/over"


def test_a_link_answers_its_own_request_and_reaches_no_other_page(stranger, asked):
    stranger.post(f"/answer/link/{asked.secret}")
    assert stranger.post("/answer", {"step": "make", "weekly_price": "900"}).location == "/answer"
    assert (asked.offer.state, asked.offer.weekly_pence) == (OfferState.OFFERED, 90_000)
    assert "(by link)" in asked.offer.answered_by
    for path in ("/provider/", f"/provider/offers/{asked.id}", "/broker/"):
        assert stranger.get(path).location.startswith("/sign-in")


def test_what_a_link_has_opened_is_over_after_half_a_day(stranger, asked, clock):
    stranger.post(f"/answer/link/{asked.secret}")
    clock.now = NOW + timedelta(hours=12)
    assert stranger.get("/answer").location == "/answer/over"


def test_a_link_whose_time_is_over_opens_nothing(stranger, asked, clock):
    clock.now = asked.offer.reply_by + timedelta(hours=1)
    answer = stranger.get(f"/answer/link/{asked.secret}")
    assert answer.status_code == 404
    assert "ring brokerage" in text(answer)
