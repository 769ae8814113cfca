"""How a request ends without the provider: chosen, withdrawn, thanked, over; and whether anybody is left to say yes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from placement.brokerage.offers.finding import has_a_yes, lock, locked, under_way
from placement.brokerage.offers.letters import stop_asking, write_to_provider
from placement.domain.people import SYSTEM, Actor
from placement.domain.states import ASKED, OPEN, RUNS_OUT, OfferState
from placement.records.lifecycles import move
from placement.records.links import Purpose, end_links
from placement.records.offers import Offer
from placement.records.referrals import Referral
from placement.records.tasks import ask_for, settle_task, settle_tasks

OF_A_SEARCH = ("decide_offers", "nobody_left", "new_place", "hold_over", "escalated", "override")
"""The tasks that nobody has any more when a referral is not searched for."""
ENDED = {"thank": "offer_not_chosen", "withdraw": "offer_withdrawn"}
"""What the provider is written when a request ends by this verb."""


def choose_offer(session: Session, offer: Offer, *, by: Actor, now: datetime) -> bool:
    """Brokerage takes this yes; return whether it named a price. `planning.asking` reserves the place.

    Raises OutOfStep if it is no yes any more.
    """
    session.refresh(offer, with_for_update=True)
    has_offered = offer.state is OfferState.OFFERED
    move(session, offer, "choose", by=by, now=now)
    stop_asking(session, offer, now=now)
    return has_offered


def withdraw_offer(session: Session, offer: Offer, *, by: Actor, now: datetime) -> None:
    """Brokerage does not ask any more."""
    lock(session, offer)
    end_offer(session, offer, "withdraw", by=by, now=now)
    look_whether_anybody_is_left(session, offer.referral, now=now)


def end_offers(session: Session, referral: Referral, *, by: Actor, now: datetime, verb: str = "withdraw") -> None:
    """Nobody needs to answer any more. `verb` is what becomes of who was asked: `thank` where another was chosen."""
    rows = under_way(referral).order_by(Offer.id).with_for_update()
    for offer in session.scalars(rows.execution_options(populate_existing=True)):
        end_offer(session, offer, verb if offer.state in ASKED else "withdraw", by=by, now=now)
    settle_tasks(session, OF_A_SEARCH, referral, by=by, now=now)


def expire_offers(session: Session, *, by: Actor, now: datetime) -> int:
    """End every request not answered in time; return how many. Who waits for brokerage's answer is in time."""
    ended = locked(session, Offer.state.in_(RUNS_OUT) & (Offer.reply_by <= now))
    for offer in ended:
        end_offer(session, offer, "expire", by=by, now=now)
    for referral in {offer.referral_id: offer.referral for offer in ended}.values():
        look_whether_anybody_is_left(session, referral, now=now)
    return len(ended)


def end_offer(session: Session, offer: Offer, verb: str, *, by: Actor, now: datetime) -> None:
    """End a request that is locked by the caller; the provider hears of it if it had been asked."""
    move(session, offer, verb, by=by, now=now)
    end_links(session, Purpose.OFFER, offer.id, now=now)
    settle_asked(session, offer, by=by, now=now)
    stop_asking(session, offer, now=now)
    if offer.sent_at is not None and verb in ENDED:
        write_to_provider(session, offer, ENDED[verb], now=now)


def settle_asked(session: Session, offer: Offer, *, by: Actor, now: datetime) -> None:
    """Nobody needs to ring, or to answer a question, about this request any more."""
    settle_tasks(session, ("answer_question", "ring"), offer, by=by, now=now)


def look_whether_anybody_is_left(session: Session, referral: Referral, *, now: datetime) -> None:
    """Tell brokerage when nobody who was asked can say yes any more."""
    look_whether_there_is_a_yes(session, referral, now=now)
    left = session.scalar(select(func.count()).select_from(under_way(referral).subquery()))
    if not left and referral.state in OPEN:
        ask_for(session, "nobody_left", referral, due_at=now, by=SYSTEM, now=now)


def look_whether_there_is_a_yes(session: Session, referral: Referral, *, now: datetime) -> None:
    """Nobody is to choose among yeses where there is none any more."""
    session.flush()
    if not has_a_yes(session, referral.id):
        settle_task(session, "decide_offers", referral, by=SYSTEM, now=now)
