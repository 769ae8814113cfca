"""Random small markets, with everything that a plain count needs to know about them."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy.orm import Session

from placement.domain.kinds import KINDS
from placement.domain.states import ReferralState, Status
from placement.geography.localities import ASSUMED_LOCALITIES
from placement.geography.ward_names import NEW_WARDS, OLD_WARDS
from placement.records.providers import SharedCap, Standing
from placement.reports.asked import OUTSIDE, UNPLACED, Asked, Level
from tests import builders
from tests.conftest import NOW

OLD, NEW = OLD_WARDS.wards[4].code, NEW_WARDS.wards[0].code
HOMES = ((OLD_WARDS.wards[0].code, builders.CITY), (OLD, builders.CITY), (NEW, builders.CITY))
HOMES += ((None, builders.CITY), (None, "E07000222"), (None, None))
NEEDS = ("dementia", "nurse", "sleep_in", "waking_night")
COVERED = {"waking_night": {"waking_night", "sleep_in", "shared_hours"}}


@dataclass
class Asker:
    home: tuple[str | None, str | None]
    kind: str
    needs: set[str]
    is_open: bool
    days_ago: int


@dataclass
class Offerer:
    service: int
    home: tuple[str | None, str | None]
    offers: set[str]
    kinds: set[str]
    free: int
    capacity: int
    is_barred: bool
    days_old: int | None


@dataclass
class Market:
    askers: list[Asker] = field(default_factory=list)
    offerers: list[Offerer] = field(default_factory=list)
    caps: dict[int, int] = field(default_factory=dict)  # service → places its units share


def a_question(**values) -> Asked:
    return Asked(**{"now": NOW, "ward_set": OLD_WARDS, "localities": ASSUMED_LOCALITIES} | values)


def a_market(session: Session, seed: int) -> Market:
    chance, market = random.Random(seed), Market()
    for _ in range(chance.randint(0, 15)):
        market.askers.append(_asker(session, chance))
    for _ in range(chance.randint(0, 6)):
        _service(session, chance, market)
    return market


def _asker(session: Session, chance: random.Random) -> Asker:
    home = chance.choice(HOMES)
    asker = Asker(home, chance.choice(KINDS).slug, set(chance.sample(NEEDS, chance.randint(0, 3))), True, 0)
    asker.is_open, asker.days_ago = chance.random() < 0.6, chance.choice([0, 10, 364, 400])
    builders.a_referral(
        session,
        person=builders.a_person(session, ward_code=home[0], authority=home[1]),
        ward_code=home[0],
        kind=asker.kind,
        essential=tuple(sorted(asker.needs)),
        state=ReferralState.SEARCHING if asker.is_open else ReferralState.CLOSED,
        submitted_at=NOW - timedelta(days=asker.days_ago),
    )
    return asker


def _service(session: Session, chance: random.Random, market: Market) -> None:
    ward_code, authority = home = chance.choice(HOMES[:5])
    # One that has nurses: elsewhere a nurse is a claim that waits for the council.
    service = builders.a_service(session, ward_code=ward_code, authority=authority, service_type="nursing")
    is_barred = chance.random() < 0.2
    if is_barred:
        values = {"reason": "Review", "decided_by": "Somebody", "created_at": NOW}
        session.add(
            Standing(provider_id=service.provider_id, status=Status.SUSPENDED, start_on=builders.TODAY, **values)
        )
    units = [_unit(session, chance, service, home, is_barred, market) for _ in range(chance.randint(1, 3))]
    if len(units) > 1 and chance.random() < 0.6:
        market.caps[service.id] = chance.randint(0, 5)
        session.add(SharedCap(service_id=service.id, name="Staff", places=market.caps[service.id], units=units))
    session.flush()


def _unit(session, chance, service, home, is_barred, market):
    offers = set(chance.sample(NEEDS, chance.randint(0, 4)))
    kinds = set(chance.sample([kind.slug for kind in KINDS], chance.choice([0, 2])))
    capacity, days_old = chance.randint(1, 6), chance.choice([None, 0, 6, 7, 30])
    free = 0 if days_old is None else chance.randint(0, capacity)
    unit = builders.a_unit(
        session,
        service=service,
        accepting=None,
        capacity=capacity,
        offers=tuple(sorted(offers)),
        kinds=" ".join(sorted(kinds)),
    )
    if days_old is not None:
        builders.a_report(session, unit, accepting=free, reported_at=NOW - timedelta(days=days_old))
    covered = offers.union(*(COVERED.get(slug, set()) for slug in offers))
    market.offerers.append(Offerer(service.id, home, covered, kinds, free, capacity, is_barred, days_old))
    return unit


def area_of(home: tuple[str | None, str | None], level: Level) -> str:
    ward_code, authority = home
    if ward_code is None:
        return UNPLACED if authority == builders.CITY else OUTSIDE
    if level is Level.LOCALITY:
        return {OLD: "north"}.get(ward_code, "west")
    return UNPLACED if ward_code == NEW else ward_code


def counted(market: Market, asked: Asked) -> dict[str, tuple[int, int, int, int]]:
    """Return demand, supply, capacity and stale units of each area, counted one by one."""
    found: dict[str, list[int]] = {}

    def add(home, place, number):
        found.setdefault(area_of(home, asked.level), [0, 0, 0, 0])[place] += number

    for asker in market.askers:
        if asker.is_open and asked.kind in ("", asker.kind) and asker.needs >= set(asked.needs):
            add(asker.home, 0, 1)
    left = dict(market.caps)
    for each in market.offerers:
        if not (each.offers >= set(asked.needs) and (not asked.kind or not each.kinds or asked.kind in each.kinds)):
            continue
        given = 0 if each.is_barred else min(each.free, left.get(each.service, 99))
        if each.service in left:
            left[each.service] -= given
        add(each.home, 1, given)
        add(each.home, 2, each.capacity)
        add(each.home, 3, int(each.days_old is None or each.days_old >= 7))
    return {code: tuple(numbers) for code, numbers in found.items() if any(numbers)}
