"""The market: providers, services and units by the table of shapes, with ratings, shared caps and standings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy.orm import Session

from placement.demo.names import place_words, provider_names
from placement.demo.postcodes import Addresses
from placement.demo.services import SHAPES
from placement.demo.shapes import SchemeShape, UnitShape
from placement.domain.claims import Said
from placement.domain.clocks import today
from placement.domain.people import SYSTEM, Actor, Role
from placement.domain.services import SERVICE_TYPE
from placement.domain.states import Status
from placement.market.accepting import AcceptRules, rules_of
from placement.market.closures import close_places
from placement.market.pools import add_shared_cap
from placement.market.services import add_provider, add_service, set_contact, set_standing
from placement.market.units import add_unit, edit_unit, said_by
from placement.records.providers import Provider, Service, Unit

SECTORS = {"ld": 34, "mh": 12, "older": 24}
# CQC, May 2024: Outstanding 3.25%, Good 67.53%, Requires improvement 25.97%, Inadequate 3.25%.
RATING_SHARES = {3: 3.25, 2: 67.53, 1: 25.97, 0: 3.25}
NOT_RATED_YET = 0.06
# Status, sector and place among the sector's providers, days since it began, reason.
STANDINGS = (
    (Status.CAUTION, "ld", 5, 40, "quality", "Two medication errors in a month: improvement plan agreed"),
    (Status.CAUTION, "older", 3, 75, "management", "New registered manager: monthly visits"),
    (Status.CAUTION, "mh", 4, 20, "safeguarding", "Late safeguarding notifications"),
    (Status.RESTRICTED, "ld", 8, 55, "staffing", "No new complex needs until the staff team is complete"),
    (Status.RESTRICTED, "older", 7, 30, "staffing", "At most one admission a week"),
    (
        Status.PAUSED,
        "older",
        10,
        12,
        "staffing",
        "Paused admissions by agreement while it recruits night staff",
    ),
    (Status.SUSPENDED, "mh", 9, 24, "staffing", "Suspended after an inspection: unsafe staffing at night"),
    (Status.CLOSING, "older", 12, 35, "own_decision", "Provider has given notice that it will close"),
)
# Scheme, place among its services, days since it began, nights, places (None: all), reason.
CLOSURES = (
    ("ld_residential", 3, 10, 45, 1, "refurbishment"),
    ("older_residential", 5, 3, 14, None, "infection"),
    ("older_nursing", 2, 20, 60, 4, "staffing"),
    ("mh_residential", 6, 30, 75, 2, "refurbishment"),
    ("ld_respite", 1, 6, 28, 1, "safety"),
    ("shared_house", 9, 15, 40, 1, "refurbishment"),
)
# Scheme, unit, place among its services, people in a crisis at a time.
KEPT = (
    ("older_residential", "Dementia wing", 2, 0),
    ("older_residential", "Dementia wing", 3, 1),
)


NOBODYS_NUMBER = "01632 960"  # numbers that are kept free for stories


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """One unit as the seeding remembers it: which row of the table it came from and what it holds."""

    unit_id: int
    service_id: int
    shape: SchemeShape
    unit_shape: UnitShape
    capacity: int
    in_city: bool
    provider: Actor

    @property
    def vacant(self) -> float:
        """The usual share of free places."""
        return self.unit_shape.vacant[0 if self.in_city else 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """Everything that was added: units by service, and providers by sector, the demo provider first."""

    services: dict[int, tuple[Stock, ...]]
    providers: dict[str, tuple[int, ...]]
    cap_places: dict[int, int]

    @property
    def stock(self) -> dict[int, Stock]:
        """Units by their id."""
        return {each.unit_id: each for units in self.services.values() for each in units}


def provider_actor(provider: Provider) -> Actor:
    """Return a provider's staff as the ones who act."""
    return Actor(user_id=None, name=provider.name, role=Role.PROVIDER, provider_id=provider.id)


def add_market(session: Session, addresses: Addresses, random: Random, *, now: datetime, rated_by: date) -> Market:
    """Add every provider, service and unit at `now`; the CQC rated most of them at some time before `rated_by`."""
    names = iter(provider_names(random, sum(SECTORS.values())))
    providers = {
        sector: [add_provider(session, next(names), by=SYSTEM, now=now) for _ in range(count)]
        for sector, count in SECTORS.items()
    }
    builder = _Builder(session, addresses, random, now, rated_by, providers)
    services = dict(builder.service(shape, number, in_city) for shape, number, in_city in _schemes())
    ids = {sector: tuple(each.id for each in rows) for sector, rows in providers.items()}
    return Market(services=services, providers=ids, cap_places=builder.cap_places)


def add_standings(session: Session, market: Market, *, by: Actor, now: datetime) -> None:
    """Set the statuses in force on the day of `now`; each was decided some weeks before."""
    for status, sector, place, days, cause, reason in STANDINGS:
        provider = session.get_one(Provider, market.providers[sector][place])
        begun = now - timedelta(days=days)
        review_on = today(now) + timedelta(days=14)
        set_standing(
            session, provider, status, start_on=today(begun), cause=cause, reason=reason, review_on=review_on, by=by,
            now=begun,
        )  # fmt: skip


def add_closures(session: Session, market: Market, *, now: datetime) -> None:
    """Close some places for a while."""
    for slug, place, days, nights, places, reason in CLOSURES:
        units = [units for units in market.services.values() if units[0].shape.slug == slug and units[0].in_city]
        stock = units[place][-1]
        begun = now - timedelta(days=days)
        close_places(
            session, session.get_one(Unit, stock.unit_id), start_on=today(begun),
            end_on=today(begun) + timedelta(days=nights), places=places, reason=reason, by=stock.provider, now=begun,
        )  # fmt: skip


def keep_places(session: Session, market: Market, *, now: datetime) -> None:
    """Some providers keep places for planned breaks from now on."""
    for slug, name, place, crisis_places in KEPT:
        units = [units for units in market.services.values() if units[0].shape.slug == slug and units[0].in_city]
        stock = next(stock for stock in units[place] if stock.unit_shape.name == name)
        unit = session.get_one(Unit, stock.unit_id)
        rules = replace(rules_of(unit), crisis_places=crisis_places)
        edit_unit(session, unit, rules=rules, said=said_by(unit), by=stock.provider, now=now)


def _schemes() -> Iterator[tuple[SchemeShape, int, bool]]:
    for shape in SHAPES:
        yield from ((shape, number, True) for number in range(shape.in_city))
        yield from ((shape, number, False) for number in range(shape.around))


class _Builder:
    """Adds one service after another."""

    def __init__(
        self,
        session: Session,
        addresses: Addresses,
        random: Random,
        now: datetime,
        rated_by: date,
        providers: dict[str, list[Provider]],
    ) -> None:
        self._session, self._addresses, self._random, self._now = session, addresses, random, now
        self._rated_by = rated_by
        self._words = iter(place_words(random))
        self._ratings = iter(_ratings(random))
        self._owners = {sector: iter(self._shared_out(sector, rows)) for sector, rows in providers.items()}
        self._first = providers["ld"][0]
        self.cap_places: dict[int, int] = {}

    def service(self, shape: SchemeShape, number: int, in_city: bool) -> tuple[int, tuple[Stock, ...]]:
        """Add one service with its units and shared cap."""
        is_first = shape.sector == "ld" and in_city and number == 0
        provider = self._first if is_first else next(self._owners[shape.sector])
        quality, rated_on = self._rating(shape)
        added = add_service(
            self._session, provider, name=f"{next(self._words)} {shape.endings[number % len(shape.endings)]}",
            service_type=shape.service_type, at=self._addresses.for_service(in_city=in_city), quality=quality,
            rated_on=rated_on, by=SYSTEM, now=self._now,
        )  # fmt: skip
        self._session.flush()
        set_contact(
            self._session, added, telephone=f"{NOBODYS_NUMBER}{added.id % 1000:03}",
            email=f"places-{added.id}@demo.example", by=provider_actor(provider), now=self._now,
        )  # fmt: skip
        units = [self._unit(added, row, number) for row in shape.units]
        if shape.shared:
            places = sum(unit.capacity for unit in units) - shape.shared[1]
            add_shared_cap(
                self._session, units, name=shape.shared[0], places=places, by=provider_actor(provider), now=self._now
            )
            self.cap_places[added.id] = places
        return added.id, tuple(
            Stock(
                unit_id=unit.id, service_id=added.id, shape=shape, unit_shape=row, capacity=unit.capacity,
                in_city=in_city, provider=provider_actor(provider),
            )
            for unit, row in zip(units, shape.units, strict=True)
        )  # fmt: skip

    def _unit(self, service: Service, row: UnitShape, number: int) -> Unit:
        extras = [slugs.split() for share, slugs in row.extras if self._random.random() < share]
        ages = row.ages[number % len(row.ages)]
        rules = AcceptRules(
            kinds=row.kinds.split(), min_age=ages[0], max_age=ages[1], gender=row.genders[number % len(row.genders)],
            weekly_pence=self._random.randrange(*row.pounds, 5) * 100,
            reply_hours=row.reply_hours[number % len(row.reply_hours)],
            emergencies_until=row.emergencies_until[number % len(row.emergencies_until)],
        )  # fmt: skip
        return add_unit(
            self._session, service, name=row.name, capacity=row.capacities[number % len(row.capacities)], rules=rules,
            said=dict.fromkeys([*row.offers.split(), *(slug for slugs in extras for slug in slugs)], Said.YES),
            by=provider_actor(service.provider), now=self._now,
        )  # fmt: skip

    def _rating(self, shape: SchemeShape) -> tuple[int | None, date | None]:
        """What the CQC does not register it does not rate; neither has it rated what is new."""
        if SERVICE_TYPE[shape.service_type].cqc_name is None or self._random.random() < NOT_RATED_YET:
            return None, None
        return next(self._ratings), self._rated_by - timedelta(days=self._random.randrange(30, 1400))

    def _shared_out(self, sector: str, rows: list[Provider]) -> list[Provider]:
        """Every provider runs at least one service; a few run many."""
        count = sum(shape.in_city + shape.around for shape in SHAPES if shape.sector == sector)
        weights = [1 / (place + 1) for place in range(len(rows))]
        owners = rows + self._random.choices(rows, weights, k=count - len(rows))
        self._random.shuffle(owners)
        return owners


def _ratings(random: Random) -> list[int]:
    count = sum(shape.in_city + shape.around for shape in SHAPES)
    ratings = [quality for quality, share in RATING_SHARES.items() for _ in range(round(count * share / 100))]
    ratings += [2] * (count - len(ratings))
    random.shuffle(ratings)
    return ratings
