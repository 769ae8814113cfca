"""Stays that do not go as planned today: somebody who was to have left, somebody in hospital, a notice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from placement.brokerage.absences import go_away
from placement.brokerage.notices import give_notice
from placement.brokerage.taking_back import take_departure_back
from placement.domain.clocks import today
from placement.domain.errors import PlacementError
from placement.domain.people import Actor, Role
from placement.domain.states import PlacementState
from placement.records.placements import Placement

AWAY_SINCE, BACK_IN, LEAVES_IN = timedelta(days=3), timedelta(days=4), timedelta(days=21)
LEFT_WITHIN, STAYS_ON = timedelta(days=2), timedelta(days=60)


def trouble_some(session: Session, *, now: datetime) -> int:
    """Let one person be there still after the last day, one be in hospital, and one provider give notice.

    Return how many of the three there are: a city in which nobody left lately has nobody who is there still.
    """
    day = today(now)
    return sum((_overdue(session, day, now), _in_hospital(session, day, now), _under_notice(session, day, now)))


def _overdue(session: Session, day: date, now: datetime) -> bool:
    """The last departure that was written down is taken back: the person has not left after all."""
    left = and_(Placement.state == PlacementState.ENDED, Placement.ended_reason == "as_planned")
    for stay in _stays(session, left, Placement.end_on <= day, Placement.end_on >= day - LEFT_WITHIN):
        try:
            with session.begin_nested():
                take_departure_back(session, stay, by=_provider(stay), now=now)
        except PlacementError:  # they live elsewhere by now, or their place is somebody else's
            continue
        return True
    return False


def _in_hospital(session: Session, day: date, now: datetime) -> bool:
    for stay in _staying_on(session, day):
        go_away(session, stay, since=day - AWAY_SINCE, back_on=day + BACK_IN, by=_provider(stay), now=now)
        return True
    return False


def _under_notice(session: Session, day: date, now: datetime) -> bool:
    for stay in _staying_on(session, day):
        give_notice(session, stay, last_night=day + LEAVES_IN, giver="provider", by=_provider(stay), now=now)
        return True
    return False


def _staying_on(session: Session, day: date) -> Iterator[Placement]:
    """Yield people who arrived a while ago and stay, the newest first."""
    there = and_(Placement.state == PlacementState.ACTIVE, Placement.start_on <= day - AWAY_SINCE)
    stays_on = Placement.end_on.is_(None) | (Placement.end_on > day + STAYS_ON)
    moves = Placement.ends_for_referral_id.is_not(None)
    yield from _stays(session, there, stays_on, ~moves)


def _stays(session: Session, *where: ColumnElement[bool]) -> Iterator[Placement]:
    rows = select(Placement).where(Placement.is_in_city, *where).order_by(Placement.end_on.desc(), Placement.id.desc())
    yield from session.scalars(rows).all()


def _provider(stay: Placement) -> Actor:
    provider = stay.unit.service.provider
    return Actor(user_id=None, name=provider.name, role=Role.PROVIDER, provider_id=provider.id)
