"""Asking several providers: who may answer what when, what a yes and a no lead to, and nothing promised twice."""

from __future__ import annotations

import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from placement.brokerage.deadlines import answer_due
from placement.brokerage.offers.answering import (
    Terms,
    answer_question,
    ask_question,
    decline_offer,
    make_offer,
    show_interest,
)
from placement.brokerage.offers.ending import choose_offer, expire_offers, withdraw_offer
from placement.brokerage.offers.finding import first_yes, offer, offers_of, to_answer
from placement.brokerage.offers.letters import write_to_provider
from placement.brokerage.offers.links import link_actor, open_offer, use_link
from placement.brokerage.offers.sending import Asking, chase_offers, send_due, send_offers
from placement.brokerage.referrals import put_on_hold, withdraw_referral
from placement.brokerage.reservations import Decision, reserve
from placement.domain.clocks import deadline_after
from placement.domain.errors import Invalid, NotFound, OutOfStep
from placement.domain.kinds import KIND
from placement.domain.people import SYSTEM, Actor, Role
from placement.domain.reasons import DECLINES
from placement.domain.states import MessageState, OfferState, ReferralState, TaskState
from placement.records.accounts import add_user
from placement.records.events import AuditLine
from placement.records.links import MailLink
from placement.records.messages import Message
from placement.records.offers import Offer
from placement.records.outbox import take_next, was_sent
from placement.records.referrals import Decline
from placement.records.tasks import Task
from tests.brokerage.worlds import BROKER, a_colleague, provider_of, secret_for, story
from tests.builders import a_provider, a_referral, a_service, a_unit, night
from tests.conftest import NOW

BY = NOW + timedelta(hours=2)


def asked(session, units, referral=None, *, now=NOW, reply_by=BY, waves=None):
    referral = referral or a_referral(session)
    askings = [
        Asking(
            unit=unit,
            rank=rank,
            start_on=night(0),
            end_on=night(14),
            wave=waves[rank - 1] if waves else 1,
            due_at=NOW + timedelta(hours=1) if waves and waves[rank - 1] > 1 else None,
        )
        for rank, unit in enumerate(units, start=1)
    ]
    return send_offers(session, referral, askings, reply_by=reply_by, by=BROKER, now=now)


def open_tasks(session, *, rings=False):
    """Return the kinds of all open tasks, those to ring a provider that has no account only where they matter."""
    session.flush()
    kinds = session.scalars(select(Task.kind).where(Task.state == TaskState.OPEN))
    return sorted(kind for kind in kinds if rings or kind != "ring")


def test_providers_are_asked_and_answer_and_the_trail_says_so(session):
    one, two = asked(session, [a_unit(session), a_unit(session)])
    open_offer(session, one, by=provider_of(one), now=NOW)
    show_interest(session, one, by=provider_of(one), now=NOW)
    make_offer(session, two, Terms(weekly_pence=90_000, conditions="After a visit"), by=provider_of(two), now=NOW)

    assert story(session, one) == ["asked about a place", "opened the request", "is interested"]
    assert story(session, two) == ["asked about a place", "offered a place"]
    assert (two.weekly_pence, two.offered_start_on, two.conditions) == (90_000, night(0), "After a visit")
    assert first_yes([two, one]) is one
    assert open_tasks(session) == ["decide_offers"]


def test_nobody_is_asked_twice_nor_for_a_referral_that_is_not_searched_for(session):
    unit, referral = a_unit(session), a_referral(session)
    asked(session, [unit], referral)
    with pytest.raises(OutOfStep, match="asked already"):
        asked(session, [unit], referral)
    put_on_hold(session, referral, by=BROKER, now=NOW)
    with pytest.raises(OutOfStep, match="on hold now"):
        asked(session, [a_unit(session)], referral)


def test_an_empty_list_and_a_time_that_has_passed_are_refused(session):
    with pytest.raises(Invalid, match="Choose whom to ask"):
        asked(session, [])
    with pytest.raises(Invalid, match="still to come"):
        asked(session, [a_unit(session)], reply_by=NOW)


def test_whoever_said_no_is_not_proposed_again_and_may_be_asked_again_by_hand(session):
    (one,) = asked(session, [a_unit(session)])
    decline_offer(session, one, reason="no_vacancy", by=provider_of(one), now=NOW)
    session.flush()

    (said,) = session.scalars(select(Decline)).all()
    assert (said.unit_id, said.reason, said.declined_by) == (one.unit_id, "no_vacancy", "Provider")
    assert open_tasks(session) == ["nobody_left"]
    asked(session, [one.unit], one.referral)
    assert open_tasks(session) == []


@pytest.mark.parametrize("reason", [row.slug for row in DECLINES if not row.is_providers] + ["", "nonsense"])
def test_a_provider_does_not_speak_for_the_person(session, reason):
    (one,) = asked(session, [a_unit(session)])
    with pytest.raises(Invalid, match="Choose why you cannot take"):
        decline_offer(session, one, reason=reason, by=provider_of(one), now=NOW)
    assert one.state is OfferState.SENT


def test_a_need_that_cannot_be_met_is_named(session):
    (one,) = asked(session, [a_unit(session)], a_referral(session, essential=("hoist", "pbs")))
    with pytest.raises(Invalid, match="what you cannot meet"):
        decline_offer(session, one, reason="cannot_meet_need", needs=["dementia"], by=provider_of(one), now=NOW)
    decline_offer(session, one, reason="cannot_meet_need", needs=["pbs", "other"], by=provider_of(one), now=NOW)
    session.flush()

    assert session.scalars(select(Decline.needs)).one() == "pbs"


def test_a_question_waits_for_its_answer_and_then_the_request_can_be_answered(session):
    (one,) = asked(session, [a_unit(session)])
    ask_question(session, one, "Is a hoist used at night?", by=provider_of(one), now=NOW)
    ask_question(session, one, "And by day?", by=provider_of(one), now=NOW)
    assert open_tasks(session) == ["answer_question"]
    answer_question(session, one, "By day only.", by=BROKER, now=NOW)
    session.flush()
    session.refresh(one)

    assert [(each.is_providers, each.words) for each in one.thread] == [
        (True, "Is a hoist used at night?"),
        (True, "And by day?"),
        (False, "By day only."),
    ]
    assert open_tasks(session) == []
    with pytest.raises(OutOfStep, match="No question"):
        answer_question(session, one, "Again", by=BROKER, now=NOW)
    show_interest(session, one, by=provider_of(one), now=NOW)


@pytest.mark.parametrize("kind", ["crisis", "respite", "move_on"])
@pytest.mark.parametrize("hours", [0, 1, 5, 70, 1_000], ids="{} hours".format)
def test_a_providers_time_stands_still_while_its_question_waits_for_brokerage(session, kind, hours):
    referral, within = a_referral(session, kind=kind, nights=5), KIND[kind].reply_within
    first = answer_due(referral, NOW)
    (one,) = asked(session, [a_unit(session)], referral, reply_by=first)
    asks, told = NOW + timedelta(minutes=30), NOW + timedelta(minutes=30, hours=hours)
    ask_question(session, one, "Is a hoist used at night?", by=provider_of(one), now=asks)
    ask_question(session, one, "And by day?", by=provider_of(one), now=told)
    session.flush()
    assert expire_offers(session, by=SYSTEM, now=max(told, first)) == 0
    answer_question(session, one, "By day only.", by=BROKER, now=told)
    session.flush()

    assert one.reply_by == deadline_after(NOW, within, [(asks, told)])
    assert one.reply_by > told
    assert expire_offers(session, by=SYSTEM, now=one.reply_by - timedelta(seconds=1)) == 0
    assert expire_offers(session, by=SYSTEM, now=one.reply_by) == 1


def test_who_asks_after_a_yes_whose_time_was_over_is_asked_afresh(session):
    (one,) = asked(session, [a_unit(session)])
    show_interest(session, one, by=provider_of(one), now=NOW)
    late = BY + timedelta(hours=3)
    ask_question(session, one, "Is a hoist used?", by=provider_of(one), now=late)
    answer_question(session, one, "By day only.", by=BROKER, now=late)
    session.flush()
    assert one.reply_by == answer_due(one.referral, late) > late


def test_a_yes_that_turns_into_a_question_leaves_nothing_to_choose(session):
    (one,) = asked(session, [a_unit(session)])
    show_interest(session, one, by=provider_of(one), now=NOW)
    assert open_tasks(session) == ["decide_offers"]
    ask_question(session, one, "Is a hoist used?", by=provider_of(one), now=NOW)
    assert open_tasks(session) == ["answer_question"]
    decline_offer(session, one, reason="staffing", by=provider_of(one), now=NOW)
    assert open_tasks(session) == ["nobody_left"]


def test_a_price_is_needed_for_an_offer_and_no_day_that_has_passed(session):
    (one,) = asked(session, [a_unit(session)])
    for terms in (Terms(), Terms(weekly_pence=0), Terms(weekly_pence=90_000, start_on=night(-1))):
        with pytest.raises(Invalid):
            make_offer(session, one, terms, by=provider_of(one), now=NOW)
    assert one.state is OfferState.SENT


def test_the_second_wave_goes_out_only_if_nobody_has_said_yes(session):
    for says_yes in (False, True):
        one, two = asked(session, [a_unit(session), a_unit(session)], waves=[1, 2])
        session.flush()
        assert two.state is OfferState.LATER
        assert send_due(session, by=SYSTEM, now=NOW + timedelta(minutes=59)) == 0
        if says_yes:
            show_interest(session, one, by=provider_of(one), now=NOW)
            session.flush()
        assert send_due(session, by=SYSTEM, now=NOW + timedelta(hours=1)) == (0 if says_yes else 1)
        assert two.state is (OfferState.LATER if says_yes else OfferState.SENT)
        assert two.reply_by == NOW + timedelta(hours=3)


def test_a_wave_that_a_yes_held_up_has_its_whole_time_to_answer(session):
    one, two = asked(session, [a_unit(session), a_unit(session)], waves=[1, 2])
    a_colleague(session, two)
    show_interest(session, one, by=provider_of(one), now=NOW)
    late = NOW + timedelta(hours=4)  # the second one's time would have been over
    decline_offer(session, one, reason="staffing", by=provider_of(one), now=late)
    session.flush()

    assert send_due(session, by=SYSTEM, now=late) == 1
    assert two.reply_by == late + timedelta(hours=2)
    assert session.scalars(select(MailLink.until).where(MailLink.subject_id == two.id)).one() > two.reply_by
    assert expire_offers(session, by=SYSTEM, now=late) == 0


def test_no_answer_in_time_ends_a_request_and_a_yes_does_not_run_out(session):
    one, two = asked(session, [a_unit(session), a_unit(session)])
    show_interest(session, two, by=provider_of(two), now=NOW)
    session.flush()
    assert expire_offers(session, by=SYSTEM, now=BY - timedelta(seconds=1)) == 0
    assert expire_offers(session, by=SYSTEM, now=BY) == 1

    assert (one.state, two.state) == (OfferState.EXPIRED, OfferState.INTERESTED)
    with pytest.raises(OutOfStep, match="no answer now"):
        show_interest(session, one, by=provider_of(one), now=BY)
    assert open_tasks(session) == ["decide_offers"]


def test_the_time_to_answer_is_over_when_it_is_over_and_not_when_somebody_has_noticed(session):
    one, other = asked(session, [a_unit(session), a_unit(session)])
    show_interest(session, other, by=provider_of(other), now=BY - timedelta(seconds=1))
    said = {"by": provider_of(one), "now": BY}
    for answer in (
        lambda: show_interest(session, one, **said),
        lambda: make_offer(session, one, Terms(weekly_pence=90_000), **said),
        lambda: decline_offer(session, one, reason="staffing", **said),
        lambda: ask_question(session, one, "Does she smoke?", **said),
    ):
        with pytest.raises(OutOfStep, match="time to answer"):
            answer()
    assert one.state is OfferState.SENT
    make_offer(session, other, Terms(weekly_pence=90_000), by=provider_of(other), now=BY)
    assert other.state is OfferState.OFFERED


def test_whoever_is_slow_is_reminded_once(session):
    (one,) = asked(session, [a_unit(session)])
    session.flush()
    assert chase_offers(session, by=SYSTEM, now=NOW + timedelta(minutes=59)) == 0
    assert chase_offers(session, by=SYSTEM, now=NOW + timedelta(minutes=60)) == 1
    session.flush()
    assert chase_offers(session, by=SYSTEM, now=NOW + timedelta(minutes=61)) == 0
    assert story(session, one)[-1] == "was reminded to answer"


def test_a_place_found_elsewhere_thanks_everybody_and_asks_nobody_more(session):
    one, two, three = asked(session, [a_unit(session) for _ in range(3)], waves=[1, 1, 2])
    show_interest(session, one, by=provider_of(one), now=NOW)
    choice = Decision(start_on=night(0), end_on=night(14))
    reserve(session, one.referral, a_unit(session), choice, by=BROKER, now=NOW)

    assert [each.state.value for each in (one, two, three)] == ["not_selected", "not_selected", "withdrawn"]
    assert open_tasks(session) == []


@pytest.mark.parametrize("end", [put_on_hold, lambda *row, **how: withdraw_referral(*row, reason="other", **how)])
def test_a_referral_that_leaves_the_search_withdraws_its_requests(session, end):
    one, two = asked(session, [a_unit(session), a_unit(session)], waves=[1, 2])
    end(session, one.referral, by=BROKER, now=NOW)
    assert {one.state, two.state} == {OfferState.WITHDRAWN}


def test_withdrawing_the_last_request_tells_brokerage_that_nobody_is_left(session):
    one, two = asked(session, [a_unit(session), a_unit(session)])
    withdraw_offer(session, one, by=BROKER, now=NOW)
    assert open_tasks(session) == []
    withdraw_offer(session, two, by=BROKER, now=NOW)
    assert open_tasks(session) == ["nobody_left"]


def test_a_provider_sees_what_was_sent_to_it_and_nothing_else(session):
    mine, theirs = a_provider(session), a_provider(session)
    units = [a_unit(session, service=a_service(session, provider=each)) for each in (mine, theirs, mine)]
    one, other, later = asked(session, units, waves=[1, 1, 2])
    session.flush()
    actor = provider_of(one)

    assert offer(session, one.id, actor=actor) is one
    for hidden in (other, later):
        with pytest.raises(NotFound):
            offer(session, hidden.id, actor=actor)
    assert [each.id for each in to_answer(session, actor=actor).rows] == [one.id]
    commissioner = Actor(user_id=None, name="C", role=Role.COMMISSIONER)
    with pytest.raises(NotFound):
        offer(session, one.id, actor=commissioner)
    assert [each.id for each in offers_of(session, one.referral)] == [one.id, other.id, later.id]


def letters(session):
    session.flush()
    return [(each.recipient, each.kind) for each in session.scalars(select(Message).order_by(Message.id))]


def test_everybody_at_the_provider_is_written_to_and_a_provider_without_anybody_is_rung(session):
    with_people, without = a_provider(session), a_provider(session)
    for name in ("one", "two"):
        add_user(
            session, email=f"{name}@example.org", name=name, role=Role.PROVIDER, password="long enough words",
            provider_id=with_people.id, by=SYSTEM, now=NOW,
        )  # fmt: skip
    session.flush()
    units = [a_unit(session, service=a_service(session, provider=each)) for each in (with_people, without)]
    one, other = asked(session, units)
    assert letters(session) == [("one@example.org", "offer_sent"), ("two@example.org", "offer_sent")]
    assert open_tasks(session, rings=True) == ["ring"]
    chase_offers(session, by=SYSTEM, now=NOW + timedelta(minutes=60))
    show_interest(session, other, by=BROKER, now=NOW)
    assert open_tasks(session, rings=True) == ["decide_offers"]
    withdraw_offer(session, one, by=BROKER, now=NOW)
    kinds = [kind for to, kind in letters(session) if to == "one@example.org"]
    assert kinds == ["offer_sent", "offer_chased", "offer_withdrawn"]


def test_no_message_holds_anything_of_the_person(session):
    provider = a_provider(session)
    add_user(
        session, email="one@example.org", name="One", role=Role.PROVIDER, password="long enough words",
        provider_id=provider.id, by=SYSTEM, now=NOW,
    )  # fmt: skip
    referral = a_referral(session)
    person = referral.person
    person.name, person.case_number, person.postcode = "Canary Name", "CANARY-1", "CV9 9ZZ"
    (one,) = asked(session, [a_unit(session, service=a_service(session, provider=provider))], referral)
    ask_question(session, one, "Is Canary Name mobile?", by=provider_of(one), now=NOW)
    answer_question(session, one, "Canary Name is.", by=BROKER, now=NOW)
    chase_offers(session, by=SYSTEM, now=NOW + timedelta(minutes=60))
    put_on_hold(session, referral, by=BROKER, now=NOW)
    session.flush()
    rows = session.scalars(select(Message)).all()
    held = " ".join(str(getattr(row, column.key)) for row in rows for column in Message.__table__.columns).lower()

    assert len(rows) >= 4
    assert not any(word in held for word in ("canary", "cv9 9zz", person.born_on.isoformat()))


def test_a_link_opens_one_request_once_until_its_time_is_over(session):
    (one,) = asked(session, [a_unit(session)])
    user = a_colleague(session, one)
    first, second = secret_for(session, one, user), secret_for(session, one, user)
    kept = session.scalars(select(MailLink)).one()
    assert second not in (kept.hash, None)
    for secret in (first, "", "ü" * 40, kept.hash):
        with pytest.raises(NotFound, match="used already"):
            use_link(session, secret, now=NOW)
    with pytest.raises(NotFound):
        use_link(session, second, now=kept.until)
    assert use_link(session, second, now=NOW) is kept
    assert story(session, one)[1:] == ["opened the link of the request", "opened the request"]
    with pytest.raises(NotFound):
        use_link(session, second, now=NOW)


def test_everybody_who_works_for_the_provider_has_a_link_of_their_own(session):
    """Whoever is quicker leaves the others' links as they are, and what is done by a link is done by its reader."""
    unit = a_unit(session)
    pia, pat = (a_colleague(session, SimpleNamespace(unit=unit), email) for email in ("pia@x.org", "pat@x.org"))
    pat.name = "Pat Provider"
    (one,) = asked(session, [unit])
    session.flush()
    mails = {row.recipient: row.path for row in session.scalars(select(Message))}
    assert set(mails) == {"pia@x.org", "pat@x.org"}
    assert len(set(mails.values())) == 2

    for user in (pia, pat):
        used = use_link(session, mails[user.email].rpartition("/")[2], now=NOW)
        assert (used.user_id, link_actor(session, one, used.user_id).name) == (user.id, f"{user.name} (by link)")
    opened = session.scalars(select(AuditLine).where(AuditLine.event == "link_opened"))
    assert [line.actor_id for line in opened] == [pia.id, pat.id]


def test_a_link_of_somebody_who_has_left_or_changed_sides_opens_nothing(session):
    (one,) = asked(session, [a_unit(session)])
    left, moved = a_colleague(session, one), a_colleague(session, one)
    links = [secret_for(session, one, user) for user in (left, moved)]
    left.is_active, moved.provider_id = False, a_provider(session).id
    session.flush()
    for secret, user in zip(links, (left, moved), strict=True):
        with pytest.raises(NotFound, match="any more"):
            use_link(session, secret, now=NOW)
        with pytest.raises(NotFound, match="any more"):
            link_actor(session, one, user.id)
    assert one.state is OfferState.SENT


def test_a_request_that_is_over_ends_the_links_of_everybody(session):
    (one,) = asked(session, [a_unit(session)])
    links = [secret_for(session, one, a_colleague(session, one)) for _ in range(2)]
    withdraw_offer(session, one, by=BROKER, now=NOW)
    for secret in links:
        with pytest.raises(NotFound):
            use_link(session, secret, now=NOW)


def test_answers_and_an_end_at_one_instant_have_one_outcome(store):
    """Each round one provider says yes and no in the last second, while the time runs out."""
    for _ in range(6):
        with store.writing() as session:
            (one,) = asked(session, [a_unit(session)])
            session.flush()
            offer_id, referral_id, actor = one.id, one.referral_id, provider_of(one)
        last = BY - timedelta(seconds=1)
        wrong = []

        def at_once(step, wrong=wrong):
            try:
                with store.writing() as session:
                    step(session)
            except OutOfStep:
                pass
            except Exception as error:
                wrong.append(error)

        steps = [
            lambda s, i=offer_id, a=actor, t=last: show_interest(s, s.get_one(Offer, i), by=a, now=t),
            lambda s: expire_offers(s, by=SYSTEM, now=BY),
            lambda s, i=offer_id, a=actor, t=last: decline_offer(
                s, s.get_one(Offer, i), reason="staffing", by=a, now=t
            ),
        ]
        threads = [threading.Thread(target=at_once, args=(step,)) for step in steps]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with store.reading() as session:
            one = session.get_one(Offer, offer_id)
            declines = session.scalars(select(Decline).where(Decline.referral_id == referral_id)).all()
            assert wrong == []
            assert one.state in (OfferState.INTERESTED, OfferState.EXPIRED, OfferState.DECLINED)
            assert len(declines) == (one.state is OfferState.DECLINED)
            assert one.referral.state is ReferralState.SEARCHING


def waiting(session, offer):
    rows = select(Message).where(Message.about == "offer", Message.about_id == offer.id, Message.state == "waiting")
    return [(row.recipient.partition("@")[0], row.kind) for row in session.scalars(rows.order_by(Message.id))]


def test_what_waits_to_ask_for_an_answer_is_not_sent_once_nobody_waits_for_one(session):
    (request,) = asked(session, [unit := a_unit(session)])
    a_colleague(session, request, "told@example.org")
    a_colleague(session, request, "untold@example.org")
    write_to_provider(session, request, "offer_sent", now=NOW, with_link=True)
    told = session.scalars(select(Message).where(Message.recipient == "told@example.org")).one()
    was_sent(session, take_next(session, now=NOW), by=SYSTEM, now=NOW)
    assert told.state is MessageState.SENT
    chase_offers(session, by=SYSTEM, now=NOW + timedelta(hours=1))
    assert waiting(session, request) == [
        ("untold", "offer_sent"), ("told", "offer_chased"), ("untold", "offer_chased"),
    ]  # fmt: skip

    withdraw_offer(session, request, by=BROKER, now=NOW + timedelta(hours=1))
    assert waiting(session, request) == [("told", "offer_withdrawn"), ("untold", "offer_withdrawn")]
    (other,) = asked(session, [unit])
    assert waiting(session, other) == [("told", "offer_sent"), ("untold", "offer_sent")]


@pytest.mark.parametrize("end", ["expire", "decline", "choose"])
def test_a_request_that_ends_in_any_way_asks_for_no_answer_any_more(session, end):
    unit = a_unit(session)
    a_colleague(session, SimpleNamespace(unit=unit), "pia@example.org")
    (request,) = asked(session, [unit])
    assert waiting(session, request) == [("pia", "offer_sent")]
    if end == "expire":
        expire_offers(session, by=SYSTEM, now=BY)
    elif end == "decline":
        decline_offer(session, request, reason="no_vacancy", by=provider_of(request), now=NOW)
    else:
        show_interest(session, request, by=provider_of(request), now=NOW)
        choose_offer(session, request, by=BROKER, now=NOW)
    assert waiting(session, request) == []
