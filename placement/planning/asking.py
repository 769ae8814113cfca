"""Whom to ask about a place, and choosing one that said yes: where the ranked list meets the requests to providers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from placement.brokerage.offers import Asking, send_offers
from placement.brokerage.placements import confirm
from placement.brokerage.reservations import Decision, require_searching
from placement.domain.clocks import deadline
from placement.domain.kinds import KIND
from placement.domain.people import Actor
from placement.domain.states import OfferState
from placement.planning.eligibility import PairJudgement
from placement.planning.shortlists import ListedMatch, accept
from placement.records.lifecycles import move
from placement.records.offers import Offer
from placement.records.placements import Placement
from placement.records.providers import Unit
from placement.records.referrals import Referral


def reply_by(referral: Referral, *, now: datetime) -> datetime:
    """Return until when a provider that is asked now has time to answer."""
    return deadline(now, KIND[referral.kind].reply_within)


def ask(
    session: Session,
    referral: Referral,
    matches: Sequence[ListedMatch],
    *,
    later: Sequence[ListedMatch] = (),
    later_at: datetime | None = None,
    by: Actor,
    now: datetime,
) -> list[Offer]:
    """Ask the providers of these matches, and those of `later` at that instant unless somebody has said yes by then.

    The list was made before the write began; a request promises nothing, so what has changed since only costs a no.
    Raises what `brokerage.offers.send_offers` raises.
    """
    askings = [_asking(session, each, 1, now) for each in matches]
    askings += [_asking(session, each, 2, later_at or now) for each in later]
    return send_offers(session, referral, askings, reply_by=reply_by(referral, now=now), by=by, now=now)


def choose(
    session: Session,
    offer: Offer,
    decision: Decision,
    *,
    by: Actor,
    now: datetime,
    confirmed: Collection[str] | None = None,
    before: PairJudgement | None = None,
) -> Placement:
    """Reserve the place of a provider that has said yes, at its price, and thank the others.

    An offer with a price is the provider's word: its place is confirmed at once. One that is only interested is asked
    to confirm. Raises OutOfStep if the offer is no yes any more, and what `shortlists.accept` raises.
    """
    require_searching(session, offer.referral, by=by)
    session.refresh(offer, with_for_update=True)
    has_offered = offer.state is OfferState.OFFERED
    move(session, offer, "choose", by=by, now=now)
    placement = accept(
        session, offer.referral, offer.unit, decision, by=by, now=now, confirmed=confirmed, before=before
    )
    offer.placement = placement
    if has_offered:
        placement.weekly_pence = offer.weekly_pence
        confirm(session, placement, by=by, now=now)
    return placement


def _asking(session: Session, match: ListedMatch, wave: int, due_at: datetime) -> Asking:
    unit = session.get_one(Unit, match.unit.id)
    return Asking(unit=unit, rank=match.rank, start_on=match.start_on, end_on=match.end_on, wave=wave, due_at=due_at)
