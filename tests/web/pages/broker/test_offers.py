"""Asking providers, following what they say, and choosing one: what a broker reads and does."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from placement.brokerage.offers.answering import Terms, ask_question, make_offer, show_interest
from placement.brokerage.offers.sending import Asking, send_offers
from placement.domain.states import OfferState, PlacementState, TaskState
from placement.records.offers import Offer
from placement.records.placements import Placement
from placement.records.providers import Unit
from placement.records.referrals import Referral
from placement.records.tasks import Task
from tests.brokerage.worlds import BROKER, provider_of
from tests.builders import night
from tests.conftest import NOW
from tests.web.pages.broker.test_matches import TONIGHT, text


@pytest.fixture
def here(market):
    return f"/broker/referrals/{market.referral}"


def an_offer(store, market, *, terms=None, question=""):
    with store.writing() as session:
        referral, unit = session.get_one(Referral, market.referral), session.get_one(Unit, market.good)
        asking = Asking(unit=unit, rank=1, start_on=night(0), end_on=night(14))
        (offer,) = send_offers(session, referral, [asking], reply_by=NOW + timedelta(hours=2), by=BROKER, now=NOW)
        if terms:
            make_offer(session, offer, terms, by=provider_of(offer), now=NOW)
        elif question:
            ask_question(session, offer, question, by=provider_of(offer), now=NOW)
        elif terms is None:
            show_interest(session, offer, by=provider_of(offer), now=NOW)
        return offer.id


def stored(store, offer_id):
    with store.reading() as session:
        found = session.get_one(Offer, offer_id)
        session.expunge(found)
        return found


def test_two_clicks_from_the_list_ask_whoever_is_suggested(broker, market, here, store):
    assert "Ask providers" in text(broker.get(f"{here}/matches"))
    form = broker.get(f"{here}/ask")
    ticked = re.findall(r'name="now"[^>]*value="(\d+)"[^>]*checked', form.get_data(as_text=True))
    assert str(market.good) in ticked
    assert "No name, date of birth, case number or address" in text(form)
    assert "nobody has answered such a request yet, so this is a guess" in text(form)
    answer = broker.post(f"{here}/ask", {"now": ticked})

    assert answer.location == f"{here}#asked"
    shown = text(broker.get(here))
    assert "asked." in shown
    assert "Asked about a place" in shown
    with store.reading() as session:
        assert {str(each.unit_id) for each in session.scalars(select(Offer))} == set(ticked)


def test_nobody_chosen_is_told_and_whoever_is_asked_cannot_be_asked_again(broker, market, here, store):
    answer = broker.post(f"{here}/ask", {})
    assert answer.status_code == 422
    assert "Choose whom to ask" in text(answer)
    an_offer(store, market)
    assert f'value="{market.good}"' not in broker.get(f"{here}/ask").get_data(as_text=True)


def test_whoever_was_asked_by_somebody_else_meanwhile_is_told_in_words_and_the_others_stay_ticked(
    broker, market, here, store
):
    an_offer(store, market)
    answer = broker.post(f"{here}/ask", {"now": [str(market.good), str(market.near)]})
    assert answer.status_code == 422
    assert "Something that you chose cannot be chosen any more" in text(answer)
    assert re.findall(r'name="now"[^>]*value="(\d+)"[^>]*checked', answer.get_data(as_text=True)) == [str(market.near)]


def test_who_is_ticked_twice_is_asked_now(broker, market, here, store):
    broker.post(f"{here}/ask", {"now": [str(market.good)], "later": [str(market.good)]})
    with store.reading() as session:
        (offer,) = session.scalars(select(Offer)).all()
        assert (offer.state, offer.wave) == (OfferState.SENT, 1)


def test_a_later_wave_says_when(broker, market, here, store):
    answer = broker.post(f"{here}/ask", {"later": [str(market.good)]})
    assert answer.status_code == 302
    assert "To be asked later" in text(broker.get(here))


def test_an_offer_is_chosen_confirmed_and_its_price_is_the_stays(broker, market, here, store):
    offer_id = an_offer(store, market, terms=Terms(weekly_pence=91_000, conditions="After a visit"))
    assert "£910 a week" in text(broker.get(here))
    assert "After a visit" in text(broker.get(f"/broker/offers/{offer_id}"))
    answer = broker.post(f"{here}/accept/{market.good}?offer={offer_id}", TONIGHT)

    assert answer.status_code == 302
    with store.reading() as session:
        stay = session.scalars(select(Placement).where(Placement.referral_id == market.referral)).one()
        assert (stay.state, stay.weekly_pence) == (PlacementState.CONFIRMED, 91_000)
    assert stored(store, offer_id).state is OfferState.SELECTED
    assert "is confirmed" in text(broker.get(answer.location))


def test_who_is_only_interested_is_asked_to_confirm(broker, market, here, store):
    offer_id = an_offer(store, market)
    broker.post(f"{here}/accept/{market.good}?offer={offer_id}", TONIGHT)
    with store.reading() as session:
        stay = session.scalars(select(Placement).where(Placement.referral_id == market.referral)).one()
        assert stay.state is PlacementState.RESERVED


def test_a_yes_of_another_place_cannot_be_taken(broker, market, here, store):
    offer_id = an_offer(store, market)
    with store.reading() as session:
        other = session.scalars(select(Unit.id).where(Unit.id != market.good)).first()
    assert broker.post(f"{here}/accept/{other}?offer={offer_id}", TONIGHT).status_code in (404, 422)
    assert stored(store, offer_id).state is OfferState.INTERESTED


def test_a_question_is_answered_and_its_task_ends(broker, market, store):
    offer_id = an_offer(store, market, question="Is a hoist used?")
    page = f"/broker/offers/{offer_id}"
    assert "Answer a provider’s question" in text(broker.get("/broker/tasks"))
    assert broker.post(f"{page}/answer", {"words": ""}).status_code == 422
    assert broker.post(f"{page}/answer", {"words": "By day."}).location == page
    assert "By day." in text(broker.get(page))
    assert "Answer a provider’s question" not in text(broker.get("/broker/tasks"))


def test_what_is_said_on_the_telephone_is_written_down_under_the_brokers_name(broker, market, store):
    offer_id = an_offer(store, market, question="Is a hoist used?")
    page = f"/broker/offers/{offer_id}/by-phone"
    wrong = broker.post(page, {"step": "decline", "note": "Full of notes"})
    assert wrong.status_code == 422
    assert "Full of notes" in wrong.get_data(as_text=True)
    assert broker.post(page, {"step": "decline", "reason": "staffing"}).location == f"/broker/offers/{offer_id}"
    found = stored(store, offer_id)
    assert (found.state, found.decline_reason) == (OfferState.DECLINED, "staffing")
    assert found.answered_by != ""


def test_a_request_is_withdrawn(broker, market, here, store):
    offer_id = an_offer(store, market)
    assert broker.post(f"/broker/offers/{offer_id}/withdraw").location == f"{here}#asked"
    assert stored(store, offer_id).state is OfferState.WITHDRAWN
    assert broker.post(f"/broker/offers/{offer_id}/withdraw").status_code == 409


def test_a_follow_up_stands_among_ones_own_tasks_until_it_is_done(broker, market, here, store):
    wrong = broker.post(f"{here}/follow-up", {"words": "Ring the ward", "on": ["1", "1", "2020"]})
    assert wrong.status_code == 422
    assert "a day to come" in text(wrong)
    day = night(3)
    sent = broker.post(f"{here}/follow-up", {"words": "Ring the ward", "on": [f"{day:%d}", f"{day:%m}", f"{day:%Y}"]})
    assert sent.location == here
    assert "Ring the ward" in text(broker.get("/broker/tasks?whose=mine"))
    with store.reading() as session:
        task_id = session.scalars(select(Task.id)).one()
    page = f"/broker/tasks/{task_id}"
    assert broker.post(f"{page}/dismiss", {}).status_code == 422
    assert broker.post(f"{page}/dismiss", {"reason": "not_needed"}).location == page
    assert broker.post(f"{page}/done").status_code == 409
    assert broker.post(f"{page}/reopen").location == page
    assert broker.post(f"{page}/take").location == "/broker/tasks?whose=mine"
    assert broker.post(f"{page}/done").location == page
    with store.reading() as session:
        assert session.get_one(Task, task_id).state is TaskState.DONE
