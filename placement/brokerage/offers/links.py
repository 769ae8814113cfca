"""Links that open one request without an account: for one purpose, for a time, and once."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.brokerage.offers.finding import DEEP, lock
from placement.domain.errors import NotFound
from placement.domain.people import Actor, Role
from placement.domain.states import OfferState
from placement.records.events import record
from placement.records.lifecycles import move
from placement.records.offers import Offer

LINK_LASTS = timedelta(days=3)  # longer than a crisis has, and never beyond the time to answer by much


def open_offer(session: Session, offer: Offer, *, by: Actor, now: datetime) -> None:
    """The provider has opened the request; one that was opened before stays as it is."""
    lock(session, offer)
    if offer.state is OfferState.SENT:
        move(session, offer, "open", by=by, now=now)
        offer.opened_at = now


def new_link(offer: Offer, *, now: datetime) -> str:
    """Return a secret that opens this request without an account, once; the one before opens nothing any more."""
    secret = secrets.token_urlsafe(32)
    offer.link_hash, offer.link_used_at = _hash(secret), None
    offer.link_until = min(offer.reply_by, now + LINK_LASTS) + timedelta(hours=1)
    return secret


def offer_of_link(session: Session, secret: str, *, now: datetime) -> Offer:
    """Return the request that a link opens. Raises NotFound for one that is used, over or never was."""
    found = session.scalars(select(Offer).where(Offer.link_hash == _hash(secret)).options(*DEEP)).one_or_none()
    if found is None or found.link_used_at is not None or found.link_until is None or found.link_until <= now:
        raise NotFound("This link has been used already, or its time is over.")
    return found


def use_link(session: Session, secret: str, *, now: datetime) -> Offer:
    """Open a request by its link, which opens nothing after that. Raises NotFound as `offer_of_link` does."""
    offer = offer_of_link(session, secret, now=now)
    lock(session, offer)
    if offer.link_used_at is not None:
        raise NotFound("This link has been used already, or its time is over.")
    offer.link_used_at = now
    record(session, "link_opened", offer, by=link_actor(offer), now=now)
    open_offer(session, offer, by=link_actor(offer), now=now)
    return offer


def link_actor(offer: Offer) -> Actor:
    """Return who acts through a link: the provider, by nobody's account."""
    provider = offer.unit.service.provider
    return Actor(
        user_id=None, name=f"{provider.name} (by link)"[:120], role=Role.PROVIDER, provider_id=provider.id,
        council=offer.council,
    )  # fmt: skip


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
