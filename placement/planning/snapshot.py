"""What a run would solve now: the records of this moment as the engine reads them. Night 0 is today in London."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.brokerage.holds import held_referrals
from placement.brokerage.referrals import DEEP
from placement.domain.clocks import today
from placement.domain.periods import Period
from placement.domain.states import OPEN
from placement.matching.problem.instance import Instance
from placement.planning.reading import world
from placement.planning.translating import instance_from
from placement.records.councils import council_of
from placement.records.providers import Unit
from placement.records.referrals import Referral


def open_instance(session: Session, *, now: datetime) -> Instance:
    """Return the problem of all listed units and all open referrals, but those for which a place is held."""
    rows = select(Referral).where(Referral.state.in_(OPEN)).options(*DEEP).order_by(Referral.id)
    held = held_referrals(session)
    return instance_of(session, [each for each in session.scalars(rows) if each.id not in held], now=now)


def instance_of(session: Session, referrals: Sequence[Referral], *, now: datetime) -> Instance:
    """Return the problem of some referrals and all listed units, as the records stand."""
    return instance_from(world(session, referrals, today(now)), council=council_of(session), now=now)


def pair_instance(
    session: Session,
    referral: Referral,
    unit: Unit,
    *,
    now: datetime,
    nights: Period | None = None,
    without: Collection[int] = (),
) -> Instance:
    """Return the problem of one referral and one unit; it looks as far ahead as that of the whole city.

    With `nights`, the referral asks for just these. `without` are ids of stays that are looked past.
    """
    read = world(session, [referral], today(now), [unit.id], without=without)
    if nights is not None:
        (asked,) = read.referrals
        just = replace(asked, earliest_on=nights.start, latest_on=nights.start, nights=nights.nights, further=())
        read = replace(read, referrals=(just,))
    return instance_from(read, council=council_of(session), now=now)
