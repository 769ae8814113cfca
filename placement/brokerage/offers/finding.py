"""Which requests there are, and which of them are to be looked at first."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session, selectinload

from placement.domain.people import Actor
from placement.domain.states import ASKED, UNANSWERED, YESES, OfferState
from placement.records.offers import Offer
from placement.records.pages import START, Key, Page, PlaceInList, page_of
from placement.records.providers import Service, Unit
from placement.records.referrals import Referral
from placement.records.visibility import one, visible_offers

UNDER_WAY = (OfferState.LATER, *ASKED)
DEEP = (
    selectinload(Offer.referral).selectinload(Referral.person),
    selectinload(Offer.referral).selectinload(Referral.needs),
    selectinload(Offer.referral).selectinload(Referral.dangers),
    selectinload(Offer.referral).selectinload(Referral.pen),
    selectinload(Offer.unit).selectinload(Unit.service).selectinload(Service.provider),
    selectinload(Offer.thread),
)


def offer(session: Session, offer_id: int, *, actor: Actor) -> Offer:
    """Return one request that an actor may see. Raises NotFound."""
    return one(session, visible_offers(actor).where(Offer.id == offer_id).options(*DEEP), "request")


def offer_by_id(session: Session, offer_id: int) -> Offer:
    """Return the request that a link has opened. Raises NotFound if there is none with this number."""
    return one(session, select(Offer).where(Offer.id == offer_id).options(*DEEP), "request")


def asked_beside(session: Session, offer: Offer) -> int:
    """Return how many others are asked, or have said yes, about the same referral."""
    rows = select(func.count()).where(
        Offer.referral_id == offer.referral_id, Offer.id != offer.id, Offer.state.in_(ASKED)
    )
    return session.scalar(rows) or 0


def offers_of(session: Session, referral: Referral) -> Sequence[Offer]:
    """Return everybody who was asked about a referral, those under way first, then as they were ranked."""
    rows = session.scalars(select(Offer).where(Offer.referral_id == referral.id).options(*DEEP)).all()
    return sorted(rows, key=lambda each: (each.state not in UNDER_WAY, each.wave, each.rank, each.id))


def first_yes(offers: Sequence[Offer]) -> Offer | None:
    """Return the yes that stands first: the best in the ranked list, for a broker to look at first."""
    return min((each for each in offers if each.state in YESES), key=lambda each: (each.rank, each.id), default=None)


def to_answer(session: Session, *, at: PlaceInList = START, actor: Actor) -> Page[Offer]:
    """Return a page of the requests that wait for a provider's answer, the most pressing first."""
    rows = visible_offers(actor).where(Offer.state.in_(UNANSWERED)).options(*DEEP)
    return page_of(session, rows, Key(column=Offer.reply_by), Key(column=Offer.id), at=at)


def under_way(referral: Referral) -> Select[Offer]:
    return select(Offer).where(Offer.referral_id == referral.id, Offer.state.in_(UNDER_WAY))


def has_a_yes(session: Session, referral_id: int) -> bool:
    rows = exists().where(Offer.referral_id == referral_id, Offer.state.in_(YESES))
    return bool(session.scalar(select(rows)))


def lock(session: Session, offer: Offer) -> None:
    """Take the referral's lock before the offer's, as every step does that looks at its other offers."""
    session.execute(select(Referral.id).where(Referral.id == offer.referral_id).with_for_update())
    session.refresh(offer, with_for_update=True)


def locked(session: Session, which: ColumnElement[bool]) -> Sequence[Offer]:
    """Return these requests, locked after their referrals; those that somebody is at work on wait for the next minute.

    Two who end the last requests about a referral at once would not see each other without its lock.
    """
    about = select(Referral.id).where(Referral.id.in_(select(Offer.referral_id).where(which))).order_by(Referral.id)
    held = session.scalars(about.with_for_update(skip_locked=True)).all()
    rows = select(Offer).where(which, Offer.referral_id.in_(held)).order_by(Offer.id)
    return session.scalars(rows.options(*DEEP).with_for_update(skip_locked=True)).all()
