"""What the council says of providers over time: every standing, those that hold or come first, and ending one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from placement.domain.errors import Invalid
from placement.domain.people import Actor
from placement.domain.states import Status
from placement.records.events import record
from placement.records.providers import Standing
from placement.records.visibility import one

SET_BY_HAND = tuple(status for status in Status if status is not Status.NONE)
"""What can be said of a provider; that nothing is said any more is the end of what was."""


def standing(session: Session, standing_id: int) -> Standing:
    """Return one standing with its provider. Raises NotFound."""
    return one(session, _standings().where(Standing.id == standing_id), "status")


def standings_of_all(session: Session) -> Sequence[Standing]:
    """Return every standing, the newest first."""
    return session.scalars(_standings().order_by(Standing.start_on.desc(), Standing.id.desc())).all()


def end_standing(session: Session, ending: Standing, end_on: date, *, by: Actor, now: datetime) -> None:
    """Say from which day a standing no longer holds. Raises Invalid, naming the field."""
    session.refresh(ending, with_for_update=True)
    if end_on <= ending.start_on:
        raise Invalid("Enter a day after the one on which it began.", field="end_on")
    if ending.end_on == end_on:
        return
    ending.end_on = end_on
    record(session, "standing_ended", ending, by=by, now=now, status=ending.status.value, end=end_on.isoformat())


def _standings() -> Select[Standing]:
    return select(Standing).options(joinedload(Standing.provider))
