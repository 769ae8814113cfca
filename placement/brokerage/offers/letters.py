"""What providers and brokers are written about a request: a reference and a link, nothing else."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.brokerage.offers.links import link_path
from placement.domain.states import ASKED
from placement.records.messages import send_later
from placement.records.offers import Offer
from placement.records.outbox import drop_waiting
from placement.records.referrals import Referral
from placement.records.telling import users_of_service
from placement.records.users import User

ASKING = ("offer_sent", "offer_chased", "question_answered", "request_changed")
"""Messages that ask for an answer: of no use once nobody waits for one."""


def write_to_provider(session: Session, offer: Offer, kind: str, *, now: datetime, with_link: bool = False) -> int:
    """Write to everybody who looks after the service; return to how many. Their to-do list tells the same.

    `with_link` gives each of them a link of their own that opens the request without an account.
    """
    users = users_of_service(session, offer.unit.service)
    for user in users:
        path = link_path(session, offer, user, now=now) if with_link else f"/provider/offers/{offer.id}"
        _write(session, offer, kind, user.email, now=now, path=path)
    return len(users)


def write_to_broker(session: Session, offer: Offer, *, now: datetime) -> None:
    """Write to the broker who asked, if that is still somebody's account."""
    asked_by = session.get(User, offer.made_by_id) if offer.made_by_id else None
    if asked_by is not None and asked_by.is_active:
        _write(session, offer, "offer_answered", asked_by.email, now=now, path=f"/broker/offers/{offer.id}")


def _write(session: Session, offer: Offer, kind: str, to: str, *, now: datetime, path: str) -> None:
    send_later(
        session,
        kind,
        to=to,
        reference=offer.referral.reference or "",
        path=path,
        until=offer.reply_by,
        now=now,
        council=offer.council or offer.referral.council,
        about=offer,
    )


def tell_change(session: Session, referral: Referral, *, now: datetime) -> None:
    """Write to every provider that can still answer or take its answer back that what is asked for has changed.

    Several changes before it goes out are told in one message.
    """
    asked = select(Offer).where(Offer.referral_id == referral.id, Offer.state.in_(ASKED)).order_by(Offer.id)
    for offer in session.scalars(asked):
        drop_waiting(session, offer, ("request_changed",), now=now)
        write_to_provider(session, offer, "request_changed", now=now)


def stop_asking(session: Session, offer: Offer, *, now: datetime) -> None:
    """Drop what waits to ask for an answer that nobody waits for any more."""
    drop_waiting(session, offer, ASKING, now=now)
