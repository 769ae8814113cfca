"""Asking: the first wave at once, the second when its time has come, and reminders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.brokerage.locks import lock_referral
from placement.brokerage.offers.finding import has_a_yes, locked, under_way
from placement.brokerage.offers.letters import write_to_provider
from placement.domain.errors import Invalid, OutOfStep
from placement.domain.people import SYSTEM, Actor
from placement.domain.states import OPEN, RUNS_OUT, OfferState, ReferralState
from placement.records.events import record
from placement.records.lifecycles import move
from placement.records.offers import Offer
from placement.records.providers import Unit
from placement.records.referrals import Referral
from placement.records.tasks import ask_for, settle_task

CHASED_AFTER = 0.5  # of the time there is to answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """One unit to be asked: its rank in the list that the broker saw, the nights, and when (wave 1: now)."""

    unit: Unit
    rank: int
    start_on: date
    end_on: date | None
    wave: int = 1
    due_at: datetime | None = None


def send_offers(
    session: Session, referral: Referral, askings: Sequence[Asking], *, reply_by: datetime, by: Actor, now: datetime
) -> list[Offer]:
    """Ask providers about a place, those of the first wave at once.

    Raises Invalid if nobody is chosen or the time to answer has passed, OutOfStep if the referral is not being searched
    for or a unit has been asked already.
    """
    if not askings:
        raise Invalid("Choose whom to ask.", field="units")
    if reply_by <= now:
        raise Invalid("Enter a time to answer by that is still to come.", field="reply_by")
    _lock_search(session, referral, by, now)
    known = set(session.scalars(under_way(referral).with_only_columns(Offer.unit_id)))
    offers = []
    for asking in askings:
        if asking.unit.id in known:
            raise OutOfStep(f"{asking.unit.service.name} has been asked already.")
        due_at = asking.due_at or now
        offer = Offer(
            state=OfferState.LATER,
            referral=referral,
            unit=asking.unit,
            rank=asking.rank,
            wave=asking.wave,
            start_on=asking.start_on,
            end_on=asking.end_on,
            made_at=now,
            made_by_id=by.user_id,
            due_at=due_at,
            reply_by=max(reply_by, due_at + (reply_by - now)),
        )
        session.add(offer)
        if due_at <= now:
            _send(session, offer, by=by, now=now)
        offers.append(offer)
    at_once = sum(offer.state is OfferState.SENT for offer in offers)
    record(session, "providers_asked", referral, by=by, now=now, asked=at_once, later=len(offers) - at_once)
    settle_task(session, "nobody_left", referral, by=by, now=now)
    session.flush()
    return offers


def send_due(session: Session, *, by: Actor, now: datetime) -> int:
    """Ask those whose wave has come, unless somebody has said yes meanwhile; return how many were asked."""
    sent = 0
    for offer in locked(session, (Offer.state == OfferState.LATER) & (Offer.due_at <= now)):
        if offer.referral.state in OPEN and not has_a_yes(session, offer.referral_id):
            _send(session, offer, by=by, now=now)
            sent += 1
    return sent


def chase_offers(session: Session, *, by: Actor, now: datetime) -> int:
    """Remind once whoever has not answered when half of the time is over; return how many."""
    waits = Offer.state.in_(RUNS_OUT) & Offer.chased_at.is_(None)
    times = session.execute(select(Offer.id, Offer.sent_at, Offer.reply_by).where(waits))
    slow = [number for number, sent, until in times if sent is not None and now - sent >= CHASED_AFTER * (until - sent)]
    chased = locked(session, waits & Offer.id.in_(slow)) if slow else ()
    for offer in chased:
        offer.chased_at = now
        record(session, "offer_chased", offer, by=by, now=now)
        write_to_provider(session, offer, "offer_chased", now=now, with_link=True)
    return len(chased)


def _send(session: Session, offer: Offer, *, by: Actor, now: datetime) -> None:
    offer.sent_at = now
    # A wave that a yes held up, which then fell away, has as much time to answer as it was to have.
    offer.reply_by = max(offer.reply_by, now + (offer.reply_by - offer.due_at))
    details = {"unit": offer.unit.id, "referral": offer.referral.id, "wave": offer.wave, "rank": offer.rank}
    move(session, offer, "send", by=by, now=now, reply_by=offer.reply_by.isoformat(), **details)
    session.flush()
    if not write_to_provider(session, offer, "offer_sent", now=now, with_link=True):
        ask_for(session, "ring", offer, due_at=now, by=SYSTEM, now=now)


def _lock_search(session: Session, referral: Referral, by: Actor, now: datetime) -> None:
    """Keep everybody else from placing this person; where no option was found, the search goes on with this."""
    lock_referral(session, referral)
    if referral.state not in OPEN:
        raise OutOfStep(f"{referral.reference} is {referral.state.label.lower()} now: nobody is asked.")
    if referral.state is ReferralState.NO_OPTION:
        move(session, referral, "search_on", by=by, now=now)
