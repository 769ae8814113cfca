"""A look at what has changed before a later wave goes out: whoever does not fit any more is not asked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.brokerage.offers.ending import withdraw_offer
from placement.domain.people import Actor
from placement.domain.periods import Period
from placement.domain.states import OPEN, OfferState
from placement.planning.eligibility import refusals
from placement.records.offers import Offer
from placement.records.referrals import Referral

HELD_BACK = "hold"
"""What is held back for people still to come, a human may give, and did when the wave was planned."""


def drop_unfit(session: Session, *, by: Actor, now: datetime) -> int:
    """Take back the requests whose wave has come and whose place some rule refuses by now; return how many.

    The provider has not been asked yet, and hears nothing.
    """
    rows = (
        select(Offer)
        .join(Offer.referral)
        .where(Offer.state == OfferState.LATER, Offer.due_at <= now, Referral.state.in_(OPEN))
    )
    dropped = 0
    for offer in session.scalars(rows.order_by(Offer.id)).all():
        nights = Period(offer.start_on, offer.end_on)
        told = refusals(session, offer.referral, offer.unit, now=now, nights=nights)
        if told.keys() - {HELD_BACK}:
            withdraw_offer(session, offer, by=by, now=now)
            dropped += 1
    return dropped
