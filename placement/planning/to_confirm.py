"""Whom to ring about numbers: services whose numbers are stale or in doubt, and that would matter to somebody now.

A service matters to an open referral if no rule refuses one of its units but those that the four numbers decide: right
or wrong, its numbers are all that stands between the person and a place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.brokerage.holds import held_referrals
from placement.brokerage.referrals import DEEP
from placement.domain.clocks import today
from placement.domain.states import OPEN
from placement.market.freshness import ServiceFreshness, stale
from placement.matching.judging.rules import RULES
from placement.matching.judging.setting import Setting
from placement.matching.problem.facts import Need, UnitFacts
from placement.matching.problem.series import stays_of
from placement.planning.keys import unit_key
from placement.planning.reading import world
from placement.planning.translating import instance_from
from placement.records.councils import council_of
from placement.records.referrals import Referral

BY_NUMBERS = frozenset({"nights", "pool", "crises"})
"""Rules that other numbers would let pass."""
LATEST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumbersToConfirm:
    """A service to ring, and the open referrals that it would matter to, the soonest first."""

    known: ServiceFreshness
    referrals: tuple[Referral, ...]

    @property
    def place_by(self) -> datetime:
        """When the first of them is to be placed."""
        return self.referrals[0].place_by or LATEST


def to_confirm(session: Session, *, now: datetime) -> list[NumbersToConfirm]:
    """Return whom to ring, whoever matters soonest first, then who matters to most."""
    known, referrals = stale(session, now=now), _searched_for(session)
    if not known or not referrals:
        return []
    matters = _matters(session, known, referrals, now)
    found = [
        NumbersToConfirm(known=row, referrals=tuple(sorted(whose, key=_soonest)))
        for row in known
        if (whose := [each for each in referrals if (row.service.id, each.id) in matters])
    ]
    return sorted(found, key=lambda row: (row.place_by, -len(row.referrals), row.known.service.id))


def _searched_for(session: Session) -> Sequence[Referral]:
    rows = select(Referral).where(Referral.state.in_(OPEN)).options(*DEEP).order_by(Referral.id)
    held = held_referrals(session)
    return [each for each in session.scalars(rows) if each.id not in held]


def _matters(
    session: Session, known: Sequence[ServiceFreshness], referrals: Sequence[Referral], now: datetime
) -> set[tuple[int, int]]:
    """Return which service matters to which referral, by their ids."""
    service_of = {unit_key(unit.id): row.service.id for row in known for unit in row.service.units}
    unit_ids = [unit.id for row in known for unit in row.service.units]
    read = world(session, referrals, today(now), unit_ids)
    apart = stays_of(instance_from(read, council=council_of(session), now=now))
    setting = Setting(apart.instance)
    told = {each.reference: each.id for each in referrals}
    return {
        (service_of[unit.id], told[apart.told(need.id)[0]])
        for need in setting.instance.needs
        for unit in setting.instance.units
        if _could_take(need, unit, setting)
    }


def _could_take(need: Need, unit: UnitFacts, setting: Setting) -> bool:
    return all(rule.slug in BY_NUMBERS or rule.test(need, unit, setting) for rule in RULES)


def _soonest(referral: Referral) -> tuple[datetime, int]:
    return referral.place_by or LATEST, referral.id
