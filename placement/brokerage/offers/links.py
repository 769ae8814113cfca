"""Links that open one request without an account: everybody who works for the provider has one of their own."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from placement.brokerage.offers.finding import lock, offer_by_id
from placement.domain.errors import NotFound
from placement.domain.people import Actor
from placement.domain.states import OfferState
from placement.records.events import record
from placement.records.lifecycles import move
from placement.records.links import MailLink, Purpose, link_of, new_link, user_of_link
from placement.records.offers import Offer
from placement.records.telling import users_of_service
from placement.records.users import User

LINK_LASTS = timedelta(days=3)  # longer than a crisis has, and never beyond the time to answer by much


def open_offer(session: Session, offer: Offer, *, by: Actor, now: datetime) -> None:
    """The provider has opened the request; one that was opened before stays as it is."""
    lock(session, offer)
    if offer.state is OfferState.SENT:
        move(session, offer, "open", by=by, now=now)
        offer.opened_at = now


def link_path(session: Session, offer: Offer, user: User, *, now: datetime) -> str:
    """Return where a new link leads that opens this request for one user; the one before opens nothing any more."""
    until = min(offer.reply_by, now + LINK_LASTS) + timedelta(hours=1)
    return f"/answer/link/{new_link(session, Purpose.OFFER, offer.id, user.id, until=until)}"


def offer_of_link(session: Session, secret: str, *, now: datetime) -> Offer:
    """Return the request that a link opens. Raises NotFound for one that is used, over or never was."""
    return offer_by_id(session, link_of(session, Purpose.OFFER, secret, now=now).subject_id)


def use_link(session: Session, secret: str, *, now: datetime) -> MailLink:
    """Open a request by its link, which opens nothing after that. Raises NotFound as `offer_of_link` does."""
    offer = offer_of_link(session, secret, now=now)
    lock(session, offer)
    used = link_of(session, Purpose.OFFER, secret, now=now, lock=True)
    used.used_at = now
    by = link_actor(session, offer, used.user_id)
    record(session, "link_opened", offer, by=by, now=now)
    open_offer(session, offer, by=by, now=now)
    return used


def link_actor(session: Session, offer: Offer, user_id: int) -> Actor:
    """Return who acts through a link: who it was written to, in the market of the council that asks.

    Raises NotFound once they do not act for the service any more.
    """
    user = user_of_link(session, user_id)
    if user not in users_of_service(session, offer.unit.service):
        raise NotFound("This link was somebody's who does not look after this service any more.")
    return replace(user.actor(), name=f"{user.name} (by link)"[:120], council=offer.council)
