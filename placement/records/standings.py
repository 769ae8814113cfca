"""A provider's status on a day."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.domain.states import Status
from placement.records.periods import in_force
from placement.records.providers import Standing

_WORST = list(Status)


def standings_on(session: Session, day: date) -> dict[int, Standing]:
    """Return the strictest standing in force of each provider that has one; provider id → standing.

    The one answer to what the council says of a provider: pages, files and rules all ask here.
    """
    rows = select(Standing).where(in_force(Standing.start_on, Standing.end_on, day))
    found: dict[int, Standing] = {}
    for standing in session.scalars(rows.order_by(Standing.id)):
        known = found.get(standing.provider_id)
        if known is None or _WORST.index(standing.status) >= _WORST.index(known.status):
            found[standing.provider_id] = standing
    return found


def barred_providers(session: Session, day: date) -> frozenset[int]:
    """Return the providers whose status on a day forbids them to admit anybody."""
    return frozenset(provider for provider, standing in standings_on(session, day).items() if standing.is_barring)
