"""Requests to providers that are under way today: some not answered yet, some with a question, a yes or a price."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.brokerage.offers.answering import Terms, ask_question, make_offer, show_interest
from placement.brokerage.offers.links import open_offer
from placement.domain.people import Actor, Role
from placement.domain.states import OPEN
from placement.planning.asking import ask, later_at
from placement.planning.shortlists import ListedMatch, shortlist
from placement.records.offers import Offer
from placement.records.referrals import Referral

LOOKED_AT, ABOUT = 30, 8
"""How many open referrals are looked at, the newest first, and about how many of them somebody is asked."""
ASKED_AGO, ANSWERED_AGO = timedelta(minutes=40), timedelta(minutes=15)
AT_ONCE = 2
CONDITIONS = "After a visit, and with the current support plan."
QUESTION = "Is support needed at night, and how often?"

Answer = Callable[[Session, Offer, Actor, datetime], None]


def ask_some(session: Session, first_provider: int, broker: Actor, *, now: datetime) -> int:
    """Ask about places for some open referrals, one of the first provider's among them; return about how many."""
    newest = select(Referral).where(Referral.state.in_(OPEN)).order_by(Referral.id.desc())
    asked_at, asked = now - ASKED_AGO, 0
    for referral in session.scalars(newest).all()[:LOOKED_AT]:
        if asked == ABOUT or referral.submitted_at is None or referral.submitted_at > asked_at:
            continue
        found = [each for each in shortlist(session, referral, now=asked_at).listed if each.is_in_city]
        found.sort(key=lambda each: each.unit.service.provider_id != first_provider)
        if len(found) < AT_ONCE:
            continue
        _ask(session, referral, found, ANSWERS[asked % len(ANSWERS)], broker, asked_at, now - ANSWERED_AGO)
        asked += 1
    return asked


def _ask(
    session: Session,
    referral: Referral,
    found: Sequence[ListedMatch],
    answer: Answer,
    broker: Actor,
    asked_at: datetime,
    answered_at: datetime,
) -> None:
    first, later = found[:AT_ONCE], found[AT_ONCE : 2 * AT_ONCE]
    at = later_at(referral, now=asked_at)
    offers = ask(session, referral, first, later=later, later_at=at, by=broker, now=asked_at)
    answering = offers[AT_ONCE - 1]  # the first stays as it is, so that the demo provider has something to answer
    provider = answering.unit.service.provider
    answer(
        session,
        answering,
        Actor(user_id=None, name=provider.name, role=Role.PROVIDER, provider_id=provider.id, council=referral.council),
        answered_at,
    )


def _offers(session: Session, offer: Offer, by: Actor, at: datetime) -> None:
    make_offer(
        session, offer, Terms(weekly_pence=offer.unit.weekly_pence or 90_000, conditions=CONDITIONS), by=by, now=at
    )


ANSWERS: tuple[Answer, ...] = (
    lambda session, offer, by, at: open_offer(session, offer, by=by, now=at),
    lambda session, offer, by, at: show_interest(session, offer, by=by, now=at),
    lambda session, offer, by, at: ask_question(session, offer, QUESTION, by=by, now=at),
    _offers,
)
