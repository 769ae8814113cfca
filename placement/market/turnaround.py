"""How many nights a place of a unit needs between two stays."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from placement.domain.errors import Invalid
from placement.domain.limits import MOST_TURNAROUND
from placement.domain.people import Actor
from placement.records.events import record
from placement.records.providers import Unit


def set_turnaround(session: Session, unit: Unit, nights: int, *, by: Actor, now: datetime) -> None:
    """Say for how many nights after a stay a place is not free. Raises Invalid for a number that cannot be.

    Stays that are booked closer together already keep their nights.
    """
    if not 0 <= nights <= MOST_TURNAROUND:
        raise Invalid(f"Enter a number from 0 to {MOST_TURNAROUND}.", field="turnaround_nights")
    if nights != unit.turnaround_nights:
        before, unit.turnaround_nights = unit.turnaround_nights, nights
        record(session, "turnaround_set", unit, by=by, now=now, nights=nights, before=before)
