"""A made-up city and the people who ask for a place in it day by day, from a seed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from random import Random

from placement.matching.problem.facts import Need, Span, UnitFacts
from placement.matching.problem.instance import Instance
from placement.matching.worth.futures import Arrival

CITY = "E08000026"
FIRST_NIGHT = date(2026, 11, 23)
NORTH, WEST, SPREAD = 52.41, -1.51, (0.045, 0.07)
SHORT, LONG = frozenset({"crisis", "respite"}), frozenset({"move_on", "return_to_city", "planned"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """A sort of service and the people it is for: what it may offer, and how often it offers each."""

    slug: str
    units: int
    offers: Mapping[str, float]


SORTS = (
    Sort(slug="ld", units=22, offers={"learning_disability": 1, "autism": 0.55, "pbs": 0.35, "low_arousal": 0.3}),
    Sort(slug="mh", units=17, offers={"mental_health": 1, "trauma_informed": 0.4, "substance_misuse": 0.35}),
    Sort(slug="older", units=24, offers={"dementia": 0.7, "hoist": 0.35, "wet_room": 0.5, "nurse": 0.3}),
    Sort(slug="pd", units=9, offers={"physical_disability": 1, "hoist": 0.5, "wet_room": 0.6, "wheelchair": 0.6}),
)
SHARED_OFFERS = {"ground_floor": 0.5, "waking_night": 0.4}
GENERAL = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """How one kind is asked for: people a day, days of notice, width of the start window, nights (None: no end)."""

    weight: int
    a_day: float
    ahead: tuple[int, int]
    window: tuple[int, int]
    nights: tuple[int, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What a stream is drawn from: kinds, and how often people ask for each sort of service and each feature."""

    kinds: Mapping[str, Asking]
    sorts: Mapping[str, float]
    features: Mapping[str, float]


USUAL = Demand(
    kinds={
        "crisis": Asking(weight=400, a_day=1.1, ahead=(0, 0), window=(0, 0), nights=(7, 21)),
        "respite": Asking(weight=100, a_day=1.8, ahead=(7, 42), window=(0, 2), nights=(3, 14)),
        "move_on": Asking(weight=150, a_day=0.45, ahead=(0, 3), window=(7, 14), nights=None),
        "return_to_city": Asking(weight=120, a_day=0.15, ahead=(0, 14), window=(30, 45), nights=None),
        "planned": Asking(weight=80, a_day=0.35, ahead=(7, 28), window=(3, 7), nights=(28, 84)),
    },
    sorts={sort.slug: float(sort.units) for sort in SORTS},
    features={slug: often for sort in SORTS for slug, often in sort.offers.items()},
)


def other_demand(dice: Random) -> Demand:
    """Return a demand that nobody has seen: rates, mix, needs and lengths of stay are all somewhat different."""
    kinds = {
        slug: replace(
            asking,
            a_day=asking.a_day * dice.uniform(0.8, 1.25),
            nights=None if asking.nights is None else _stretched(asking.nights, dice.uniform(0.85, 1.2)),
        )
        for slug, asking in USUAL.kinds.items()
    }
    return Demand(
        kinds=kinds,
        sorts={slug: often * dice.uniform(0.7, 1.4) for slug, often in USUAL.sorts.items()},
        features={slug: min(1.0, often * dice.uniform(0.7, 1.4)) for slug, often in USUAL.features.items()},
    )


def _stretched(nights: tuple[int, int], by: float) -> tuple[int, int]:
    return max(1, round(nights[0] * by)), max(2, round(nights[1] * by))


def a_city(dice: Random, nights: int) -> Instance:
    """Return the city's units with what is free over the nights, and nobody who asks."""
    sorts = [sort for sort in SORTS for _ in range(sort.units)]
    return Instance(
        first_night=FIRST_NIGHT,
        nights=nights,
        city=CITY,
        units=tuple(_a_unit(dice, number, sort, nights) for number, sort in enumerate(sorts)),
        needs=(),
        scarce=frozenset({"pbs", "autism", "trauma_informed", "hoist"}),
    )


def _a_unit(dice: Random, number: int, sort: Sort, nights: int) -> UnitFacts:
    kinds = dice.choices([SHORT, LONG, None], [0.35, 0.45, 0.2])[0]
    places = dice.choice([1, 1, 2, 3])
    # Somebody lives in most places: short stays end within three weeks, the others some time in four months.
    leaving = sorted(dice.randrange(21 if kinds == SHORT else 120) for _ in range(places))
    free = [(0, 0), *((night, count) for count, night in enumerate(leaving, 1) if night < nights)]
    ends = [*(night for night, _ in free[1:]), nights]
    lat, lon = _a_point(dice)
    return UnitFacts(
        id=f"U{number:03}",
        service=f"S{number:03}",
        authority=CITY,
        lat=lat,
        lon=lon,
        free=tuple(
            Span(night, end, count) for (night, count), end in zip(free, ends, strict=True) if count and night < end
        ),
        kinds=kinds,
        min_age=55 if sort.slug == "older" else 18,
        max_age=120 if sort.slug in ("older", "pd") else 66,
        gender=dice.choices(["any", "women", "men"], [8, 1, 1])[0],
        offers=frozenset(slug for slug, often in {**sort.offers, **SHARED_OFFERS}.items() if dice.random() < often),
        weekly_pence=dice.randrange(80_000, 300_000, 5_000),
        quality=dice.choice([None, 1, 2, 2, 2, 3]),
        acceptance=round(dice.uniform(0.4, 0.95), 2),
        age_hours=dice.randrange(72),
    )


def _a_point(dice: Random) -> tuple[float, float]:
    return round(NORTH + dice.uniform(-1, 1) * SPREAD[0], 5), round(WEST + dice.uniform(-1, 1) * SPREAD[1], 5)


def a_stream(demand: Demand, days: int, dice: Random) -> tuple[Arrival, ...]:
    """Return everybody who asks on the days 0 … `days` − 1, by day; windows count from the day of asking."""
    coming = [arrival for slug in demand.kinds for arrival in _of_one_kind(slug, demand, days, dice)]
    coming.sort(key=lambda arrival: arrival.day)
    return tuple(
        replace(arrival, need=replace(arrival.need, id=f"N{number:04}")) for number, arrival in enumerate(coming)
    )


def _of_one_kind(slug: str, demand: Demand, days: int, dice: Random) -> Iterator[Arrival]:
    asking = demand.kinds[slug]
    when = dice.expovariate(asking.a_day)
    while when < days:
        yield Arrival(day=int(when), need=_a_need(slug, asking, demand, dice))
        when += dice.expovariate(asking.a_day)


def _a_need(slug: str, asking: Asking, demand: Demand, dice: Random) -> Need:
    sort = dice.choices(SORTS, [demand.sorts[sort.slug] for sort in SORTS])[0]
    asked = [slug for slug in (*sort.offers, *SHARED_OFFERS) if dice.random() < demand.features.get(slug, 0.3) / 2]
    essential = frozenset() if dice.random() < GENERAL else frozenset(asked[:2])
    ahead = dice.randint(*asking.ahead)
    lat, lon = _a_point(dice)
    return Need(
        id="drawn",
        kind=slug,
        weight=asking.weight,
        earliest=ahead,
        latest=ahead + dice.randint(*asking.window),
        nights=None if asking.nights is None else dice.randint(*asking.nights),
        age=dice.randint(65, 92) if sort.slug == "older" else dice.randint(18, 64),
        gender=dice.choice(["woman", "man"]),
        essential=essential,
        desirable=frozenset(asked) - essential,
        lat=lat,
        lon=lon,
        max_miles=dice.choice([None, None, 4.0, 6.0]),
    )
