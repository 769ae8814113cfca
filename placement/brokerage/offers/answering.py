"""What a provider answers, signed in, by its link or by telephone, and what follows from it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import takewhile

from sqlalchemy.orm import Session

from placement.brokerage.deadlines import answer_due
from placement.brokerage.offers.ending import look_whether_anybody_is_left, look_whether_there_is_a_yes, settle_asked
from placement.brokerage.offers.finding import lock
from placement.brokerage.offers.letters import stop_asking, write_to_broker, write_to_provider
from placement.domain.clocks import held_up, today
from placement.domain.errors import Invalid, OutOfStep
from placement.domain.kinds import KIND
from placement.domain.people import SYSTEM, Actor, Role
from placement.domain.reasons import PROVIDERS_DECLINE
from placement.domain.states import RUNS_OUT, YESES, OfferState
from placement.records.lifecycles import move
from placement.records.offers import Offer, OfferMessage
from placement.records.referrals import Decline
from placement.records.tasks import ask_for, settle_task


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a provider offers: pounds a week in pence, from when, and on which conditions."""

    weekly_pence: int | None = None
    start_on: date | None = None
    conditions: str = ""


def show_interest(session: Session, offer: Offer, *, by: Actor, now: datetime) -> None:
    """The provider says that it would take the person; brokerage chooses."""
    _answer(session, offer, "be_interested", {}, by=by, now=now)


def make_offer(session: Session, offer: Offer, terms: Terms, *, by: Actor, now: datetime) -> None:
    """The provider offers a place at a price, from a day, on its conditions. Raises Invalid, naming the field."""
    if terms.weekly_pence is None or terms.weekly_pence <= 0:
        raise Invalid("Enter the price a week.", field="weekly_price")
    if terms.start_on is not None and terms.start_on < today(now):
        raise Invalid("Enter a first night that is not in the past.", field="start_on")
    start_on = terms.start_on or offer.start_on
    details = {"weekly_pence": terms.weekly_pence, "start": start_on.isoformat()}
    said = {"weekly_pence": terms.weekly_pence, "offered_start_on": start_on, "conditions": terms.conditions}
    _answer(session, offer, "make", said, by=by, now=now, **details)


def decline_offer(
    session: Session,
    offer: Offer,
    *,
    reason: str,
    needs: Collection[str] = (),
    note: str = "",
    by: Actor,
    now: datetime,
) -> None:
    """The provider says no: the pair is not proposed any more, and what it says of itself counts from now on.

    Raises Invalid, naming the field, for a reason that is not the provider's, and where the needs that it cannot meet
    are not named.
    """
    if reason not in PROVIDERS_DECLINE:
        raise Invalid("Choose why you cannot take this person.", field="reason")
    asked = {need.slug for need in offer.referral.needs}
    named = sorted(asked & set(needs)) if reason == "cannot_meet_need" else []
    if reason == "cannot_meet_need" and asked and not named:
        raise Invalid("Choose what you cannot meet.", field="needs")
    details = {"reason": reason} | ({"needs": named} if named else {})
    _answer(session, offer, "decline", {"decline_reason": reason, "note": note}, by=by, now=now, **details)
    session.add(
        Decline(
            referral=offer.referral, unit=offer.unit, reason=reason, needs=" ".join(named), note=note,
            declined_by=by.name, declined_at=now,
        )
    )  # fmt: skip
    look_whether_anybody_is_left(session, offer.referral, now=now)


def ask_question(session: Session, offer: Offer, words: str, *, by: Actor, now: datetime) -> None:
    """The provider needs to know more before it answers."""
    if not words:
        raise Invalid("Enter your question.", field="words")
    _lock_in_time(session, offer, now)
    if offer.state is not OfferState.ASKING:  # a second question before the first is answered joins it
        move(session, offer, "ask", by=by, now=now)
    session.add(OfferMessage(offer=offer, is_providers=True, author=by.name, words=words, said_at=now))
    ask_for(session, "answer_question", offer, due_at=offer.reply_by, by=SYSTEM, now=now)
    write_to_broker(session, offer, now=now)
    look_whether_there_is_a_yes(session, offer.referral, now=now)


def answer_question(session: Session, offer: Offer, words: str, *, by: Actor, now: datetime) -> None:
    """Brokerage answers; the provider can answer the request again, with the time left that it had when it asked."""
    if not words:
        raise Invalid("Enter your answer.", field="words")
    lock(session, offer)
    move(session, offer, "be_told", by=by, now=now)
    offer.reply_by = _answered_by_then(offer, now)
    session.add(OfferMessage(offer=offer, is_providers=False, author=by.name, words=words, said_at=now))
    settle_task(session, "answer_question", offer, by=by, now=now)
    write_to_provider(session, offer, "question_answered", now=now, with_link=True)


def _answered_by_then(offer: Offer, now: datetime) -> datetime:
    """Return by when the provider answers that has been answered now: its time stood still while it waited.

    Who asks when its time is over had said yes before; it is asked again.
    """
    waiting = takewhile(lambda each: each.is_providers, reversed(offer.thread))
    asked_at = min(each.said_at for each in waiting)
    if offer.reply_by <= asked_at:
        return answer_due(offer.referral, now)
    return held_up(offer.reply_by, KIND[offer.referral.kind].reply_within, asked_at, now)


def _answer(
    session: Session,
    offer: Offer,
    verb: str,
    said: Mapping[str, object],
    *,
    by: Actor,
    now: datetime,
    **details: object,
) -> None:
    """Move a request by an answer and keep what was said, by column."""
    _lock_in_time(session, offer, now)
    move(session, offer, verb, by=by, now=now, **details)
    for column, value in {**said, "answered_at": now, "answered_by": by.name}.items():
        setattr(offer, column, value)
    settle_asked(session, offer, by=by, now=now)
    if offer.state is OfferState.DECLINED:
        stop_asking(session, offer, now=now)
    if by.role is Role.PROVIDER:
        write_to_broker(session, offer, now=now)
    if offer.state in YESES:
        ask_for(session, "decide_offers", offer.referral, due_at=offer.referral.place_by or now, by=SYSTEM, now=now)


def _lock_in_time(session: Session, offer: Offer, now: datetime) -> None:
    """Lock a request that waits for an answer. Its time may be over before the schedule has said so."""
    lock(session, offer)
    if offer.state in RUNS_OUT and offer.reply_by <= now:
        raise OutOfStep("The time to answer this is over. Brokerage can ask again.")
