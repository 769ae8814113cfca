"""Records ↔ engine, the only translator: what a run would solve now, from the units and the needs of the records.

Night 0 is today in London. The horizon is at least 90 nights and reaches past the last known change, so that an
open-ended stay that fits the instance also fits the records for ever. Where that is further than the engine looks, the
last night stands for all nights after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.brokerage.referrals import DEEP
from placement.domain.clocks import today
from placement.domain.features import SCARCE
from placement.domain.states import OPEN
from placement.matching.problem.instance import Instance
from placement.matching.problem.soundness import MOST_NIGHTS
from placement.planning.keys import unit_key
from placement.planning.living import living
from placement.planning.needs import latest_start, needs_of
from placement.planning.prices import prices_on
from placement.planning.units import caps_of, listed_units, units_of
from placement.records.availability import Availability, availability
from placement.records.councils import council_of
from placement.records.referrals import Referral

LEAST_NIGHTS = 90


def open_instance(session: Session, *, now: datetime) -> Instance:
    """Return the problem of all open referrals and all listed units."""
    rows = select(Referral).where(Referral.state.in_(OPEN)).options(*DEEP).order_by(Referral.id)
    return instance_of(session, session.scalars(rows).all(), now=now)


def instance_of(session: Session, referrals: Sequence[Referral], *, now: datetime) -> Instance:
    """Return the problem of some referrals and all listed units, as the records stand."""
    day = today(now)
    units = session.scalars(listed_units(day)).unique().all()
    free = availability(session)
    horizon, there = _horizon(referrals, free, day), living(session, day)
    return Instance(
        first_night=day,
        nights=horizon,
        city=council_of(session).code,
        scarce=frozenset(SCARCE),
        units=units_of(session, units, free, there, horizon, now),
        shared_caps=caps_of(units, free, day, horizon),
        needs=needs_of(session, referrals, there, {unit.id for unit in units}, day),
        prices=prices_on(session, {unit_key(unit.id) for unit in units}, day, horizon),
    )


def _horizon(referrals: Sequence[Referral], free: Availability, day: date) -> int:
    ends = [(latest_start(referral, day) + timedelta(days=(referral.nights or 1) + 1)) for referral in referrals]
    last = max([day, *ends, free.last_change() + timedelta(days=1)])
    return min(MOST_NIGHTS, max(LEAST_NIGHTS, (last - day).days))
