"""What a broker writes down while a stay lasts, each from its page and back to it."""

import re

import pytest

from placement.domain.states import PlacementState, ReferralState
from placement.records.placements import Placement
from placement.records.providers import Unit
from placement.records.referrals import Referral
from tests.builders import TODAY, a_placement, a_referral, a_unit, night
from tests.web.pages.broker.test_matches import text
from tests.web.pages.broker.test_placements import a_stay, boxes

HERE = {"state": PlacementState.ACTIVE, "start": -5, "nights": None, "expires_at": None}


def state(store, stay):
    with store.reading() as session:
        return session.get_one(Placement, stay).state


def done(broker, store, stay, step, answers, words):
    page = f"/broker/placements/{stay}"
    answer = broker.post(f"{page}/{step}", answers, page=page)
    assert answer.location == page, text(answer)
    assert words in text(broker.get(page))
    return state(store, stay)


def test_a_place_is_held_for_longer_by_somebody_until_a_time_for_a_reason(broker, market, store):
    stay = a_stay(store, market, state=PlacementState.RESERVED)
    assert broker.post(f"/broker/placements/{stay}/hold", {"longer": "1d"}).status_code == 422
    done(
        broker, store, stay, "hold", {"longer": "1d", "reason": "visit"}, "The person or their family will visit first"
    )

    assert re.search(r"Held By A broker until 26 November 2026", text(broker.get(f"/broker/placements/{stay}")))


def test_a_release_asks_why_and_says_so(broker, market, store):
    stay = a_stay(store, market)
    assert broker.post(f"/broker/placements/{stay}/release", {}).status_code == 422
    words = "Released a place : the person cannot move yet"
    assert done(broker, store, stay, "release", {"reason": "not_ready"}, words) is PlacementState.RELEASED


def test_in_hospital_and_back(broker, market, store):
    stay = a_stay(store, market, **HERE)
    asked = {"since": boxes(TODAY), "back_on": boxes(night(9))}
    assert done(broker, store, stay, "away", asked, "In hospital since 23 November 2026") is PlacementState.AWAY
    assert "Review a place kept for somebody in hospital" in text(broker.get("/broker/tasks"))
    assert done(broker, store, stay, "back", {}, "Came back from hospital") is PlacementState.ACTIVE


def test_notice_and_taken_back(broker, market, store):
    stay = a_stay(store, market, **HERE)
    asked = {"giver": "person", "last_night": boxes(night(9))}
    assert done(broker, store, stay, "notice", asked, "free for others from 3 December 2026") is PlacementState.NOTICE
    assert done(broker, store, stay, "no-notice", {}, "Took a notice back") is PlacementState.ACTIVE


def test_a_day_that_cannot_be_keeps_what_was_typed(broker, market, store):
    stay = a_stay(store, market, **HERE)
    answer = broker.post(f"/broker/placements/{stay}/notice", {"giver": "person", "last_night": boxes(night(-1))})

    assert answer.status_code == 422
    assert "Enter today or a night to come" in text(answer)
    assert f'value="{night(-1):%d}"' in answer.get_data(as_text=True)


def test_a_wrong_tap_is_taken_back(broker, market, store):
    stay = a_stay(store, market)
    done(broker, store, stay, "begin", {}, "The arrival was recorded just now")
    assert done(broker, store, stay, "take-back", {}, "The arrival is taken back") is PlacementState.CONFIRMED


def test_a_person_moves_to_another_unit_and_both_pages_say_so(broker, market, store):
    stay = a_stay(store, market, **HERE)
    with store.writing() as session:
        old = session.get_one(Unit, market.good)
        other = a_unit(session, service=old.service, name="Garden wing", offers=("pbs",)).id
    page = f"/broker/placements/{stay}/transfer"
    assert "Garden wing, same service" in text(broker.get(page))
    answer = broker.post(page, {"unit": str(other), "start_on": boxes(night(2)), "reason": "persons_wish"})

    assert answer.status_code == 302, text(answer)
    assert "Transferred from" in text(broker.get(answer.location))
    assert "Garden wing on 25 November 2026 (reserved)" in text(broker.get(f"/broker/placements/{stay}"))


def test_an_exit_review_stands_on_the_work_list_with_what_may_follow(broker, market, store):
    stay = a_stay(store, market, start=0, nights=2)
    broker.post(f"/broker/placements/{stay}/begin", {}, page=f"/broker/placements/{stay}")
    listed = text(broker.get("/broker/"))
    assert re.search(r"exit review of a crisis stay, ends on 25 November 2026\. Extend .*Move on .*End", listed)
    page = text(broker.get(f"/broker/placements/{stay}"))
    assert all(words in page for words in ("Extend the stay", "Move on: begin a referral", "End the stay"))

    answer = broker.post(f"/broker/placements/{stay}/move-on", {}, page=f"/broker/placements/{stay}")
    with store.reading() as session:
        new = session.query(Referral).order_by(Referral.id.desc()).first()
        assert (new.kind, new.earliest_on, answer.location) == ("move_on", night(2), f"/broker/referrals/{new.id}")


def test_a_crisis_stay_becomes_longer_than_its_kind_allows_for_a_reason(broker, market, store):
    stay = a_stay(store, market, state=PlacementState.ACTIVE)
    page = f"/broker/placements/{stay}/dates"
    answer = broker.post(page, {"end_on": boxes(night(50))})
    assert answer.status_code == 422
    assert "A crisis stay has 42 nights at most" in text(answer)

    assert broker.post(page, {"end_on": boxes(night(50)), "longer_reason": "not_safe"}).status_code == 302
    assert "It is not safe for the person to go back yet" in text(broker.get(f"/broker/placements/{stay}"))


@pytest.mark.parametrize("nights", [29, 30, 31, 60, None], ids="{} nights".format)
@pytest.mark.parametrize("state", PlacementState)
def test_every_step_has_a_page_that_can_be_read_whenever_it_was_opened(broker, market, store, state, nights):
    """The nights may be over and nobody has recorded the departure, or the stay took another step meanwhile."""
    stay = a_stay(store, market, state=state, start=-30, nights=nights)
    for step in ("hold", "release", "away", "notice", "transfer", "dates", "end", "swap", "details"):
        assert broker.get(f"/broker/placements/{stay}/{step}").status_code == 200, step


@pytest.mark.parametrize("day", [["31", "12", "9999"], ["1", "1", "1"], ["1", "1", "2040"]], ids="-".join)
def test_a_transfer_on_a_day_that_cannot_be_is_refused_in_words(broker, market, store, day):
    stay = a_stay(store, market, **HERE)
    page = f"/broker/placements/{stay}/transfer"
    with store.writing() as session:
        other = a_unit(session, service=session.get_one(Unit, market.good).service).id
    assert broker.post(page, {"unit": str(other), "start_on": day, "reason": "persons_wish"}).status_code == 422


def test_two_people_swap_their_breaks_and_the_page_lists_who_could(broker, store):
    with store.writing() as session:
        stays = []
        for start, ages in ((7, {}), (9, {}), (30, {"min_age": 70})):
            referral = a_referral(session, kind="respite", nights=4, state=ReferralState.PLACED)
            where = a_unit(session, **ages)
            values = {"referral": referral, "person": referral.person, "start": start, "nights": 4}
            stays.append(a_placement(session, where, **values).id)
    one, other, wrong = stays
    assert "Swap with…" in text(broker.get(f"/broker/placements/{one}"))
    page = f"/broker/placements/{one}/swap"
    shown = text(broker.get(page))
    assert "2 December 2026" in shown
    assert "takes people aged 70 to 120" in shown
    assert broker.post(page, {"other": str(wrong)}).status_code == 422
    answer = broker.post(page, {"other": str(other)})

    assert answer.status_code == 302, text(answer)
    assert "both providers are asked" in text(broker.get(answer.location))
    with store.reading() as session:
        assert [session.get_one(Placement, each).start_on for each in (one, other)] == [night(9), night(7)]
    assert "Swap with another stay" in text(broker.get(page))
