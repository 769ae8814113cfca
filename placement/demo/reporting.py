"""Providers report their vacancies: each in its own rhythm, most of them lately, some long ago, a few never.

Who lives in a place without the council's doing (self-funders, other councils' people) is only a number here. Each
report counts the stays that the council booked and fills the other places up to the usual share of free ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from random import Random

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from placement.demo.supply import Market, Stock
from placement.domain.clocks import today
from placement.domain.states import THERE
from placement.market.numbers import Numbers
from placement.market.vacancies import report_vacancies
from placement.records.placements import Placement, holding_from
from placement.records.providers import Service

STALE, NEVER = 0.09, 0.03
# Some empty places cannot be lived in just now: a hoist that waits for a part, a room for a carer.
IDLE_FROM, IDLE_SHARE = 20, 0.3


@dataclass(frozen=True, slots=True)
class Booked:
    """Live stays of one unit: people who live there, and people who are to come."""

    living: int = 0
    coming: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """When each service reports, as offsets in whole days from the first day; the last is the newest report."""

    days: Mapping[int, frozenset[int]]

    def due(self, first: int, last: int) -> list[int]:
        """Return the services that report on a day in [first, last), in order."""
        return [service for service, days in self.days.items() if any(first <= day < last for day in days)]


def rhythms(market: Market, random: Random, days: int) -> Rhythm:
    """Choose for each service when it reports over so many days."""
    return Rhythm(days={service: _days(units[0], random, days) for service, units in market.services.items()})


def _days(stock: Stock, random: Random, days: int) -> frozenset[int]:
    weeks, luck = stock.shape.weeks, random.random()
    # What is rare is kept fresh: a market whose only crisis flat never reports would show nothing of the product.
    is_rare = stock.shape.in_city + stock.shape.around < 12
    if luck < NEVER and not is_rare:
        return frozenset()
    regular = range(random.randrange(7 * weeks), days - 20, 7 * weeks)
    if luck < NEVER + STALE and not is_rare:
        return frozenset({0, *regular})
    return frozenset({0, *regular, days - random.choice((1, 1, 2, 2, 3, 4, 5, 6))})


def report(session: Session, market: Market, service_ids: Sequence[int], random: Random, *, now: datetime) -> None:
    """Let each of these services report the numbers of its units; one whose numbers cannot add up waits."""
    booked = _booked(session, today(now))
    for service_id in service_ids:
        units = market.services[service_id]
        numbers = {each.unit_id: _numbers(each, booked.get(each.unit_id, Booked()), random) for each in units}
        numbers = _within_cap(numbers, booked, market.cap_places.get(service_id))
        if all(min(each.occupied, each.accepting) >= 0 for each in numbers.values()):
            service = session.get_one(Service, service_id)
            report_vacancies(session, service, numbers, by=units[0].provider, now=now)


def _numbers(stock: Stock, booked: Booked, random: Random) -> Numbers:
    room = stock.capacity - booked.living - booked.coming
    free = int(stock.capacity * stock.vacant + random.random())
    accepting = min(free, room)
    idle = int(stock.capacity >= IDLE_FROM and random.random() < IDLE_SHARE and room > accepting)
    return Numbers(
        maximum=stock.capacity,
        occupied=stock.capacity - booked.coming - accepting - idle,
        reserved=booked.coming,
        accepting=accepting,
    )


def _within_cap(numbers: dict[int, Numbers], booked: Mapping[int, Booked], places: int | None) -> dict[int, Numbers]:
    """Never say that more people live under a shared cap than it has places."""
    over = sum(each.occupied + each.reserved for each in numbers.values()) - (places if places is not None else 10**6)
    for unit_id, each in numbers.items():
        spare = min(over, each.occupied - booked.get(unit_id, Booked()).living)
        if spare > 0:
            numbers[unit_id] = replace(each, occupied=each.occupied - spare)
            over -= spare
    return numbers


def _booked(session: Session, day: date) -> dict[int, Booked]:
    """Count, by unit, the stays that a report of this day accounts for."""
    rows = select(Placement.unit_id, Placement.state, func.count()).where(holding_from(day))
    found: dict[int, Booked] = {}
    for unit_id, state, count in session.execute(rows.group_by(Placement.unit_id, Placement.state)):
        known, is_living = found.get(unit_id, Booked()), state in THERE
        found[unit_id] = Booked(known.living + count * is_living, known.coming + count * (not is_living))
    return found
