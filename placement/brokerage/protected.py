"""Places kept for planned breaks: no more people in a crisis at a time than a unit takes, whoever places them.

The rules say so before. Here it is asked under the lock of the unit, so that two crises never take its last place.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.domain.errors import NoLongerVacant
from placement.domain.kinds import UNPLANNED
from placement.domain.periods import Period
from placement.domain.protected import taken_words
from placement.domain.states import HoldState
from placement.records.availability import most_at_once
from placement.records.councils import EVERY_COUNCIL
from placement.records.holds import PlaceHold
from placement.records.placements import Placement, holding_from, nights_held
from placement.records.providers import Unit
from placement.records.referrals import Referral


def require_crisis_place(
    session: Session, referral: Referral, unit: Unit, nights: Period, *, day: date, without: Collection[int] = ()
) -> None:
    """Raise NoLongerVacant where a crisis would have a place that the unit keeps for planned breaks.

    The caller holds the lock of the unit. `without` are ids of stays that are looked past.
    """
    most = limit_reached(session, referral, unit, nights, day=day, without=without)
    if most is not None:
        raise NoLongerVacant(f"{unit.service.name}, {unit.name} {taken_words(most)}.")


def limit_reached(
    session: Session, referral: Referral, unit: Unit, nights: Period, *, day: date, without: Collection[int] = ()
) -> int | None:
    """Return how many people in a crisis a unit takes at a time, where with this person there would be more."""
    if referral.kind not in UNPLANNED:
        return None
    most = session.scalar(select(Unit.crisis_places).where(Unit.id == unit.id))  # as it is now that it is locked
    if most is None:
        return None
    there = [each for each in _crises(session, referral, unit, day, without) if each.overlaps(nights)]
    ends = [min((end for end in (each.end, nights.end) if end), default=None) for each in there]
    spans = [(each.start, end) for each, end in zip(there, ends, strict=True)]
    return most if most_at_once(spans, day=nights.start) >= most else None


def _crises(session: Session, referral: Referral, unit: Unit, day: date, without: Collection[int]) -> Iterator[Period]:
    """Yield the nights of the others who are in a unit in a crisis today or later, or have a place held there."""
    others = (Referral.kind.in_(UNPLANNED), Referral.person_id != referral.person_id)
    stays = (
        select(Placement.state, Placement.start_on, Placement.end_on)
        .join(Placement.referral)
        .where(Placement.unit_id == unit.id, holding_from(day), Placement.id.not_in(without), *others)
    )
    for state, start, end in session.execute(stays, execution_options=EVERY_COUNCIL):
        yield nights_held(state, start, end, day)
    held = (
        select(PlaceHold.start_on, PlaceHold.end_on)
        .join(PlaceHold.referral)
        .where(PlaceHold.unit_id == unit.id, PlaceHold.state == HoldState.HELD, *others)
    )
    for start, end in session.execute(held, execution_options=EVERY_COUNCIL):
        yield Period(start, end)
