"""A provider's status on a day."""

from __future__ import annotations

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from placement.domain.states import Status
from placement.records.providers import Standing

_WORST = list(Status)


def standings_on(session: Session, day: date) -> dict[int, Standing]:
    """Return the strictest standing in force of each provider that has one; provider id → standing."""
    rows = select(Standing).where(Standing.start_on <= day, or_(Standing.end_on.is_(None), Standing.end_on > day))
    found: dict[int, Standing] = {}
    for standing in session.scalars(rows.order_by(Standing.id)):
        known = found.get(standing.provider_id)
        if known is None or _WORST.index(standing.status) >= _WORST.index(known.status):
            found[standing.provider_id] = standing
    return found


def standing_of(session: Session, provider_id: int, day: date) -> Status:
    """Return one provider's status on a day."""
    standing = standings_on(session, day).get(provider_id)
    return standing.status if standing else Status.NONE
