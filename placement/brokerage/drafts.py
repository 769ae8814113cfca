"""Drafts that are thrown away and taken up again, whose they are, and what else is open for the same person.

A discarded draft is kept as withdrawn: nothing typed is lost, and it can be taken up again for as long as it is there.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from placement.brokerage.locks import lock_referral
from placement.domain.errors import OutOfStep
from placement.domain.people import Actor
from placement.domain.states import ReferralState
from placement.records.lifecycles import move
from placement.records.referrals import Referral
from placement.records.visibility import visible_referrals

OVER = (ReferralState.PLACED, ReferralState.WITHDRAWN, ReferralState.CLOSED)
"""States in which nobody looks for a place: every other referral of a person is an open one."""
DISCARDED = "discarded"


def discard_draft(session: Session, referral: Referral, *, by: Actor, now: datetime) -> None:
    """Throw a draft away. Raises OutOfStep for what has been submitted: that is withdrawn, with its reason."""
    lock_referral(session, referral)
    move(session, referral, "discard", by=by, now=now)
    referral.closed_at, referral.closed_reason = now, DISCARDED


def take_up_draft(session: Session, referral: Referral, *, by: Actor, now: datetime) -> None:
    """Go on with a draft that was discarded. Raises OutOfStep for any other referral."""
    lock_referral(session, referral)
    if referral.closed_reason != DISCARDED or referral.submitted_at is not None:
        raise OutOfStep("Only a draft that was discarded can be taken up again.")
    move(session, referral, "take_up", by=by, now=now)
    referral.closed_at = referral.closed_reason = None


def drafts_among(session: Session, ids: Collection[int], *, actor: Actor) -> Sequence[Referral]:
    """Return those of some referrals that are drafts, in their order."""
    rows = visible_referrals(actor).where(Referral.id.in_(ids), Referral.state == ReferralState.DRAFT)
    return session.scalars(rows.order_by(Referral.id)).all()


def own_drafts(session: Session, *, actor: Actor) -> int:
    """Return how many drafts an actor has begun and not finished."""
    rows = select(func.count()).where(Referral.state == ReferralState.DRAFT, Referral.created_by_id == actor.user_id)
    return session.scalar(rows) or 0


def open_beside(
    session: Session, people: Collection[int], *, but_not: int | None = None, actor: Actor
) -> dict[int, list[Referral]]:
    """Return the open referrals of some people by person, the oldest first, without one that is looked at."""
    rows = visible_referrals(actor).where(Referral.person_id.in_(people), Referral.state.not_in(OVER))
    found: dict[int, list[Referral]] = {person: [] for person in people}
    for each in session.scalars(rows.options(selectinload(Referral.person)).order_by(Referral.id)):
        if each.id != but_not:
            found[each.person_id].append(each)
    return found
