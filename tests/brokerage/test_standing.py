"""Where a referral stands between its submission and its place: sent back, with the person, chosen, no option found."""

from __future__ import annotations

from datetime import timedelta

import pytest

from placement.brokerage.choices import WhatWasChosen, record_choice, withdraw_sheet
from placement.brokerage.deadlines import clocks_of, place_due, reply_due
from placement.brokerage.escalating import escalate, escalations
from placement.brokerage.offers.sending import Asking, send_offers
from placement.brokerage.referrals import find_no_option, put_on_hold, resume_referral, search_on, submit_referral
from placement.brokerage.returning import resubmit_referral, return_referral, sent_back
from placement.brokerage.tasks import tasks_about
from placement.domain.choices import NO_TO_ALL, WHY_TAKEN_BACK
from placement.domain.errors import Invalid, NotAllowed, OutOfStep
from placement.domain.people import Actor, Role
from placement.domain.states import OPEN, OfferState, ReferralState
from placement.planning.snapshot import open_instance
from tests.brokerage.sheets import a_given_sheet, an_option
from tests.brokerage.test_offers import asked
from tests.brokerage.test_work import a_broker
from tests.brokerage.worlds import BROKER, story
from tests.builders import TODAY, a_referral, a_unit, night
from tests.conftest import NOW

HOUR = timedelta(hours=1)
DOING = {"by": BROKER, "now": NOW}


def a_draft(session, **values):
    return a_referral(
        session, state=ReferralState.DRAFT, submitted_at=None, near_postcode="CV1 5RR", funding="council", **values
    )


def sent(session, by=BROKER, **values):
    draft = a_draft(session, **values)
    submit_referral(session, draft, by=by, now=NOW)
    return draft


def chosen(position, **values):
    said = {"position": position, "chooser": "person", "way": "visit", "chosen_on": TODAY}
    return WhatWasChosen(**said | {"none_reason": None if position else next(iter(NO_TO_ALL))} | values)


# Sent back


def test_what_is_missing_goes_back_to_who_sent_it_and_nobody_is_asked_meanwhile(session):
    me = a_broker(session, "sender")
    referral = sent(session, by=me.actor())
    (offer,) = send_offers(
        session, referral, [Asking(unit=a_unit(session), rank=1, start_on=TODAY, end_on=night(14))],
        reply_by=NOW + HOUR, **DOING,
    )  # fmt: skip
    return_referral(session, referral, ["risks", "start", "nonsense"], "Which risks?", **DOING)
    session.flush()

    assert referral.state is ReferralState.RETURNED
    assert offer.state is OfferState.WITHDRAWN
    (task,) = tasks_about(session, referral, actor=BROKER)
    assert (task.kind, task.assigned_to_id) == ("complete_missing", me.id)
    back = sent_back(session, referral)
    assert ([each.label for each in back.questions], back.note, back.by) == (
        ["Risks", "First and last start"], "Which risks?", BROKER.name,
    )  # fmt: skip

    resubmit_referral(session, referral, by=me.actor(), now=NOW + HOUR)
    session.flush()
    assert referral.state is ReferralState.SEARCHING
    assert tasks_about(session, referral, actor=BROKER) == []
    assert story(session, referral)[-1] == "sent a completed referral again"


def test_what_nobody_misses_is_not_sent_back_and_what_is_not_searched_for_neither(session):
    referral = sent(session)
    with pytest.raises(Invalid) as refused:
        return_referral(session, referral, ["nonsense"], "", **DOING)
    assert refused.value.field == "questions"
    draft = a_draft(session)
    with pytest.raises(OutOfStep, match="draft now"):
        return_referral(session, draft, ["risks"], "", **DOING)
    with pytest.raises(OutOfStep, match="not sent back"):
        resubmit_referral(session, referral, **DOING)
    provider = Actor(user_id=None, name="P", role=Role.PROVIDER, provider_id=1)
    with pytest.raises(NotAllowed):
        return_referral(session, referral, ["risks"], "", by=provider, now=NOW)
    assert sent_back(session, referral) is None


def test_a_referral_is_not_sent_again_when_its_dates_have_passed(session):
    referral = sent(session)
    return_referral(session, referral, ["start"], "", **DOING)
    with pytest.raises(OutOfStep, match="last start date has passed"):
        resubmit_referral(session, referral, by=BROKER, now=NOW + timedelta(days=4))


# The person's choice


def test_a_referral_stands_where_the_persons_choice_stands(session):
    referral = sent(session, kind="planned", budget_weekly_pence=150_000)
    first = a_given_sheet(session, referral=referral)
    assert referral.state is ReferralState.OPTIONS
    record_choice(session, first, chosen(1), seen=0, by=BROKER, now=NOW + HOUR)
    assert referral.state is ReferralState.CHOSEN
    record_choice(session, first, chosen(None), seen=1, by=BROKER, now=NOW + 2 * HOUR)
    assert referral.state is ReferralState.SEARCHING

    second = a_given_sheet(session, an_option(a_unit(session)), referral=referral, now=NOW + 3 * HOUR)
    assert referral.state is ReferralState.OPTIONS
    record_choice(session, first, chosen(1), seen=2, by=BROKER, now=NOW + 4 * HOUR)
    assert referral.state is ReferralState.CHOSEN, "who has chosen waits for no sheet that is older than the choice"
    withdraw_sheet(session, first, reason=next(iter(WHY_TAKEN_BACK)), by=BROKER, now=NOW + 5 * HOUR)
    assert referral.state is ReferralState.OPTIONS
    withdraw_sheet(session, second, reason=next(iter(WHY_TAKEN_BACK)), by=BROKER, now=NOW + 6 * HOUR)
    assert referral.state is ReferralState.SEARCHING


def test_a_choice_moves_nothing_of_a_referral_that_is_not_searched_for_and_counts_when_it_comes_back(session):
    referral = sent(session, budget_weekly_pence=150_000)
    sheet = a_given_sheet(session, referral=referral)
    put_on_hold(session, referral, **DOING)
    record_choice(session, sheet, chosen(1), seen=0, by=BROKER, now=NOW + HOUR)
    assert referral.state is ReferralState.ON_HOLD
    resume_referral(session, referral, by=BROKER, now=NOW + 2 * HOUR)
    assert referral.state is ReferralState.CHOSEN


@pytest.mark.parametrize("state", OPEN)
def test_whatever_is_open_is_in_every_run_and_can_be_asked_about(session, state):
    referral = a_referral(session, state=state)
    assert [need.id for need in open_instance(session, now=NOW).needs] == [referral.reference]
    (offer,) = asked(session, [a_unit(session)], referral)
    assert offer.referral.state in OPEN


# No option


def test_no_option_is_found_with_its_causes_and_the_search_goes_on_with_the_next_request(session):
    referral = sent(session)
    find_no_option(session, referral, {"nights": 12, "age": 3}, **DOING)
    assert referral.state is ReferralState.NO_OPTION
    assert [need.id for need in open_instance(session, now=NOW).needs] == [referral.reference]
    asked(session, [a_unit(session)], referral)
    assert referral.state is ReferralState.SEARCHING
    with pytest.raises(OutOfStep, match="goes on already"):
        search_on(session, referral, **DOING)
    find_no_option(session, referral, {}, **DOING)
    search_on(session, referral, **DOING)
    assert referral.state is ReferralState.SEARCHING


# A manager


def test_a_manager_is_asked_by_name_with_a_reason_and_the_search_goes_on(session):
    one, other = a_broker(session, "one", is_manager=True), a_broker(session, "other", is_manager=True)
    nobody, referral = a_broker(session, "none"), sent(session)
    for to, reason, field in ((nobody, "risk", "to"), (None, "risk", "to"), (one, "nonsense", "reason")):
        with pytest.raises(Invalid) as refused:
            escalate(session, referral, to, reason=reason, **DOING)
        assert refused.value.field == field
    escalate(session, referral, one, reason="no_time", words="Please ring the ward", **DOING)
    escalate(session, referral, other, reason="risk", **DOING)
    session.flush()
    task = escalations(session, [referral.id])[referral.id]
    assert (task.assigned_to_id, task.words) == (other.id, "Escalated: risk to the person or to others")
    assert referral.state is ReferralState.SEARCHING
    put_on_hold(session, referral, **DOING)
    session.flush()
    assert escalations(session, [referral.id]) == {}
    with pytest.raises(OutOfStep, match="on hold now"):
        escalate(session, referral, one, reason="risk", **DOING)


# Clocks


def test_clocks_stand_still_while_brokerage_waits_and_go_on_after(session):
    referral = sent(session)
    before = referral.reply_by, referral.place_by
    return_referral(session, referral, ["risks"], "", by=BROKER, now=NOW + HOUR)
    session.flush()
    assert clocks_of(session, [referral.id])[referral.id].stopped_at == NOW + HOUR
    resubmit_referral(session, referral, by=BROKER, now=NOW + 6 * HOUR)
    assert (referral.reply_by, referral.place_by) == tuple(each + 5 * HOUR for each in before)
    put_on_hold(session, referral, by=BROKER, now=NOW + 6.5 * HOUR)
    resume_referral(session, referral, by=BROKER, now=NOW + 8 * HOUR)
    assert (referral.reply_by, referral.place_by) == tuple(each + 6.5 * HOUR for each in before)
    assert clocks_of(session, [referral.id])[referral.id].stopped_at is None


def test_going_from_one_wait_to_the_next_stops_once(session):
    referral = sent(session, budget_weekly_pence=150_000)
    due = referral.place_by
    a_given_sheet(session, referral=referral, now=NOW + HOUR)
    return_referral(session, referral, ["risks"], "", by=BROKER, now=NOW + 2 * HOUR)
    resubmit_referral(session, referral, by=BROKER, now=NOW + 3 * HOUR)
    assert referral.state is ReferralState.OPTIONS, "the sheet is still with the person"
    session.flush()
    known = clocks_of(session, [referral.id])[referral.id]
    assert (known.stops, known.stopped_at) == ((), NOW + HOUR), "no time ran between"
    put_on_hold(session, referral, by=BROKER, now=NOW + 4 * HOUR)
    assert referral.place_by == due


def test_a_place_before_a_window_is_due_the_day_before_however_long_somebody_was_waited_for(session):
    referral = sent(session, kind="respite", earliest_on=night(20), latest_on=night(40))
    stops = [(NOW, NOW + timedelta(days=9))]
    assert place_due(referral, NOW, stops) == referral.place_by
    assert reply_due(referral, NOW, stops) > referral.reply_by
