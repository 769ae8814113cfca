"""Synthetic markets from a seed: a day, a quarter and a region of one city. No figure here is a measured fact.

People and units fall into client groups, whose features go together; so most pairs are refused, as in real markets,
and the few features that many need and few offer run short in the city.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date

from placement.matching.problem.facts import CapFacts, Need, Span, UnitFacts
from placement.matching.problem.instance import Instance

FIRST_NIGHT = date(2026, 11, 23)
CITY = "E08000026"
ELSEWHERE = ("E08000029", "E07000218", "E07000220")
VACANT = 0.3
"""The share of units with a place on an ordinary day, now or later."""
SCARCE = frozenset({"pbs", "waking_night"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """Where an authority lies: its middle in degrees, and how far from there its people and units are found."""

    authority: str
    lat: float
    lon: float
    reach: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """People with the same kind of needs: their share, ages and features, the most common first."""

    share: float
    ages: tuple[int, int]
    features: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of referral: its share, weight, the latest day that it is asked for ahead, the widest window of starts,
    the shortest and longest stay (None: open-ended) and the hours in which it needs a reply, all inclusive."""

    share: float
    weight: int
    ahead: int
    window: int
    stay: tuple[int, int] | None
    reply_hours: int


HOME = Area(authority=CITY, lat=52.41, lon=-1.51, reach=0.07)
GROUPS = (
    Group(share=0.30, ages=(18, 64), features=("autism", "pbs", "waking_night", "wet_room", "sensory_room")),
    Group(share=0.25, ages=(18, 70), features=("recovery", "trauma_informed", "medication", "waking_night")),
    Group(share=0.30, ages=(60, 95), features=("hoist", "dementia", "ground_floor", "medication", "nursing")),
    Group(share=0.15, ages=(18, 75), features=("ground_floor", "wet_room", "hoist", "nursing", "waking_night")),
)
KINDS = {
    "crisis": Kind(share=0.15, weight=400, ahead=0, window=1, stay=(14, 14), reply_hours=4),
    "respite": Kind(share=0.25, weight=100, ahead=60, window=14, stay=(2, 14), reply_hours=72),
    "move_on": Kind(share=0.20, weight=200, ahead=14, window=28, stay=None, reply_hours=48),
    "return": Kind(share=0.15, weight=150, ahead=28, window=30, stay=None, reply_hours=48),
    "planned": Kind(share=0.25, weight=100, ahead=28, window=14, stay=(28, 84), reply_hours=48),
}
TAKEN = (
    frozenset({"crisis", "respite"}),
    frozenset({"respite", "planned"}),
    frozenset({"move_on", "return"}),
    frozenset({"move_on", "return", "planned"}),
    frozenset({"crisis", "planned"}),
)


def day(
    seed: int, *, needs: int = 60, services: int = 300, nights: int = 90, dated: bool = True, side_rules: bool = False
) -> Instance:
    """Return one day's open referrals against the vacancies of one city: few units have a place, and not for all.

    Undated, everybody starts tonight and stays. With side rules some units hold one gender at a time, some share a
    cap, and some people are to be kept apart.
    """
    dice = random.Random(f"day {seed}")
    nights = nights if dated else 1
    caps = tuple(CapFacts(id=f"C{n}", places=dice.randint(1, 2)) for n in range(services // 20 if side_rules else 0))
    units = []
    for number in range(services):
        unit = a_unit(dice, f"U{number:04}", _area(dice, HOME), _vacancies(dice, nights))
        units.append(_with_side_rules(dice, unit, caps) if side_rules else unit)
    open_now = [a_need(dice, f"N{number:04}", HOME, 0, nights) for number in range(needs)]
    if side_rules:
        open_now = _kept_apart(dice, open_now)
    return _market(units, open_now, nights, caps)


def quarter(seed: int, *, needs: int = 1_500, services: int = 300, nights: int = 90) -> Instance:
    """Return a quarter's referrals, spread over its nights, against places of which some become free on the way."""
    dice = random.Random(f"quarter {seed}")
    units = [
        a_unit(dice, f"U{number:04}", _area(dice, HOME), _turnover(dice, nights, needs / services / 2))
        for number in range(services)
    ]
    asked = [a_need(dice, f"N{number:05}", HOME, dice.randrange(nights), nights) for number in range(needs)]
    return _market(units, asked, nights, ())


def region(seed: int, *, needs: int = 10_000, units: int = 4_000) -> Instance:
    """Return undated needs all at once, four fifths of the units in the city, nearly as many places as people."""
    dice = random.Random(f"region {seed}")
    wide = replace(HOME, reach=0.25)
    supply = [
        a_unit(dice, f"U{number:05}", _area(dice, wide), (Span(0, 1, dice.choice((1, 1, 2, 2, 3, 4, 6))),))
        for number in range(units)
    ]
    return _market(supply, [a_need(dice, f"N{number:05}", wide, 0, 1) for number in range(needs)], 1, ())


def a_unit(dice: random.Random, id: str, area: Area, free: tuple[Span, ...]) -> UnitFacts:
    """Return a unit of one client group somewhere in the area."""
    group = dice.choices(GROUPS, [group.share for group in GROUPS])[0]
    common = len(group.features)
    offers = {slug for rank, slug in enumerate(group.features) if dice.random() < 0.85 - 0.65 * rank / common}
    lat, lon = _point(dice, area)
    return UnitFacts(
        id=id,
        service=f"S{id[1:]}",
        authority=area.authority,
        free=free,
        lat=lat,
        lon=lon,
        kinds=dice.choice(TAKEN),
        min_age=min(group.ages[0], 55),
        max_age=dice.choice((group.ages[1], 120)),
        gender=dice.choices(("any", "women", "men"), (76, 12, 12))[0],
        offers=frozenset(offers),
        weekly_pence=dice.randrange(70_000, 320_000, 500),
        quality=dice.choice((None, 0, 1, 2, 2, 2, 2, 3)),
        reply_hours=dice.choice((2, 4, 24, 48)),
        status=dice.choices(("none", "caution", "suspended"), (93, 4, 3))[0],
        acceptance=round(dice.uniform(0.2, 0.95), 2),
        age_hours=dice.randrange(0, 300),
    )


def a_need(dice: random.Random, id: str, area: Area, asked: int, nights: int, miles: float = 0) -> Need:
    """Return a referral of the area's council made on the night `asked`; `miles` is the least that it will travel."""
    name = dice.choices(list(KINDS), [kind.share for kind in KINDS.values()])[0]
    kind, group = KINDS[name], dice.choices(GROUPS, [group.share for group in GROUPS])[0]
    wanted = dice.sample(group.features[:4], 3)
    essential = dice.choices((0, 1, 2), (15, 45, 40))[0]
    earliest = min(nights - 1, asked + dice.randint(0, kind.ahead))
    lat, lon = _point(dice, area)
    need = Need(
        id=id,
        kind=name,
        weight=kind.weight,
        waited_days=min(400, int(dice.expovariate(1 / 25))),
        age=dice.randint(*group.ages),
        gender=dice.choices(("woman", "man", "other", None), (48, 48, 2, 2))[0],
        essential=frozenset(wanted[:essential]),
        desirable=frozenset(wanted[essential:]),
        unknown=frozenset({dice.choice(group.features)} if dice.random() < 0.1 else ()),
        earliest=earliest,
        latest=min(nights - 1, earliest + dice.randint(kind.window // 2, kind.window)),
        nights=None if kind.stay is None or nights == 1 else dice.randint(*kind.stay),
        lat=lat,
        lon=lon,
        max_miles=miles + dice.choice((5.0, 10.0, 20.0)) if miles or dice.random() < 0.5 else None,
        budget_weekly_pence=dice.choice((None, 160_000, 200_000, 260_000)),
        reply_within_hours=kind.reply_hours,
        wants_out_of_city=dice.random() < 0.03,
    )
    return replace(need, essential=need.must_haves, desirable=need.wishes)  # not known is a strength of its own


def _market(units: list[UnitFacts], needs: list[Need], nights: int, caps: tuple[CapFacts, ...]) -> Instance:
    return Instance(
        first_night=FIRST_NIGHT,
        nights=nights,
        city=CITY,
        units=tuple(units),
        needs=tuple(needs),
        shared_caps=caps,
        scarce=SCARCE,
    )


def _area(dice: random.Random, home: Area) -> Area:
    """Return the city four times in five, and otherwise one of the areas around it."""
    if dice.random() < 0.8:
        return home
    away = dice.choice(ELSEWHERE)
    return Area(authority=away, lat=home.lat + dice.uniform(0.15, 0.3), lon=home.lon, reach=home.reach)


def _point(dice: random.Random, area: Area) -> tuple[float, float]:
    lat = area.lat + area.reach * dice.uniform(-1, 1)
    return round(lat, 5), round(area.lon + 1.6 * area.reach * dice.uniform(-1, 1), 5)


def _vacancies(dice: random.Random, nights: int) -> tuple[Span, ...]:
    """Return what a unit has free on an ordinary day: mostly nothing yet, sometimes a place from some night on."""
    if dice.random() > VACANT:
        return ()
    places = dice.choice((1, 1, 1, 2))
    freed = 0 if nights == 1 or dice.random() < 0.6 else dice.randrange(nights)
    return (Span(freed, nights, places),)


def _turnover(dice: random.Random, nights: int, mean: float) -> tuple[Span, ...]:
    """Return places that fall free one after the other, `mean` of them in a unit over the quarter."""
    freed = sorted(dice.randrange(-nights // 2, nights) for _ in range(1 + int(dice.expovariate(1 / mean))))
    edges = sorted({max(0, night) for night in freed})
    spans = zip(edges, [*edges[1:], nights], strict=True)
    return tuple(Span(start, end, sum(night <= start for night in freed)) for start, end in spans)


def _with_side_rules(dice: random.Random, unit: UnitFacts, caps: tuple[CapFacts, ...]) -> UnitFacts:
    gender = "same" if dice.random() < 0.25 else unit.gender
    more = tuple(Span(start, end, places + (gender == "same")) for start, end, places in unit.free)
    service = f"S{int(unit.id[1:]) // 2:04}"
    shared = frozenset({dice.choice(caps).id}) if caps and dice.random() < 0.3 else frozenset()
    return replace(unit, service=service, gender=gender, free=more, shared=shared)


def _kept_apart(dice: random.Random, needs: list[Need]) -> list[Need]:
    pairs = [dice.sample(range(len(needs)), 2) for _ in range(len(needs) // 8)]
    for one, other in pairs:
        needs[one] = replace(needs[one], apart=needs[one].apart | {needs[other].id})
    return needs
