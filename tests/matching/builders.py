"""Instances to test with: plain ones, small random ones that a brute force can solve, and days of a made-up city."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from typing import Any

from placement.matching.problem.facts import (
    CapFacts,
    Current,
    FurtherStay,
    Need,
    Neighbour,
    Nights,
    Price,
    Resident,
    Series,
    ServiceNights,
    Span,
    SupportPrice,
    UnitFacts,
)
from placement.matching.problem.instance import Instance

CITY = "E08000026"
ELSEWHERE = "E08000029"
SLUGS = ("pbs", "autism", "dementia", "waking_night", "ground_floor", "hoist", "wet_room", "trauma_informed")
FIRST_NIGHT = date(2026, 11, 23)


def a_unit(id: str = "U1", **given: Any) -> UnitFacts:
    free = tuple(Span(*span) for span in given.pop("free", [(0, 10, 1)]))
    return UnitFacts(**{"id": id, "service": f"S{id}", "authority": CITY, "free": free, **given})


def a_need(id: str = "N1", **given: Any) -> Need:
    return Need(**{"id": id, "kind": "planned", "earliest": 0, "latest": given.get("earliest", 0), **given})


def an_instance(units: list[UnitFacts], needs: list[Need], **given: Any) -> Instance:
    return Instance(
        **{
            "first_night": FIRST_NIGHT,
            "nights": 10,
            "city": CITY,
            "units": tuple(units),
            "needs": tuple(needs),
            **given,
        }
    )


def a_small_instance(seed: int, *, dated: bool = True, sides: bool = True) -> Instance:
    """Return a crowded instance of at most 5 needs and 4 units over 6 nights, with every feature somewhere."""
    dice = random.Random(seed)
    nights = 6 if dated else 1
    caps = tuple(CapFacts(id=f"C{n}", places=dice.randint(0, 2)) for n in range(dice.randint(0, 2) if sides else 0))
    units = [_a_small_unit(dice, f"U{n}", nights, caps, sides) for n in range(dice.randint(1, 4))]
    ids = [f"N{n}" for n in range(dice.randint(1, 5))]
    needs = [_a_small_need(dice, id, ids, units, nights, sides) for id in ids]
    prices = tuple(
        Price(unit=unit.id, start=0, end=dice.randint(1, nights), points=dice.randint(0, 9))
        for unit in units
        if dice.random() < 0.3
    )
    scarce = frozenset(dice.sample(SLUGS[:3], 1))
    instance = an_instance(units, needs, nights=nights, shared_caps=caps, prices=prices, scarce=scarce)
    return _with_stays(instance, random.Random(f"{seed} stays")) if dated and sides else instance


def with_series(instance: Instance, seed: int) -> Instance:
    """Return a small instance in which up to two needs are for several short stays."""
    dice = random.Random(f"{seed} series")
    nights = instance.nights

    def again(need: Need) -> Need:
        length = dice.randint(1, 2)
        first = replace(need, earliest=0, latest=dice.randint(0, 1), nights=length, current=None)
        stays, over = [], first.latest + length
        while over < nights and len(stays) < 2:
            earliest = dice.randint(over, nights - 1)
            latest = min(nights - 1, earliest + dice.randint(0, 1))
            unit = dice.choice(instance.units).id
            kept = Current(unit=unit, start=earliest) if dice.random() < 0.3 else None
            stays.append(FurtherStay(earliest=earliest, latest=latest, nights=dice.randint(1, 2), current=kept))
            over = latest + stays[-1].nights
        return replace(first, series=Series(take=dice.choice(["all", "most"]), stays=tuple(stays))) if stays else first

    chosen = {need.id for need in dice.sample(instance.needs, min(2, len(instance.needs)))}
    needs = (again(need) if need.id in chosen else need for need in instance.needs[:4])
    kept = [need.id for need in instance.needs[:4]]
    return replace(instance, needs=tuple(replace(need, apart=need.apart & frozenset(kept)) for need in needs))


def _with_stays(instance: Instance, dice: random.Random) -> Instance:
    """Return the instance, in half of all cases, with what depends on the night: pools, people there, the register."""
    if dice.random() < 0.5:
        return instance
    nights = instance.nights

    def span() -> tuple[int, int]:
        start = dice.randint(0, nights - 1)
        return start, dice.randint(start + 1, nights)

    def neighbour() -> Neighbour:
        return Neighbour(*span(), dice.choice([None, 45, 40, 55, 70]), dice.choice([None, "night", "night", "nursing"]))

    def cap(fact: CapFacts) -> CapFacts:
        cut = dice.randint(1, nights - 1)
        free = (Span(0, cut, dice.randint(0, 2)), Span(cut, nights, dice.randint(0, 2)))
        return CapFacts(id=fact.id, free=free[dice.choice([0, 0, 1]) :])

    def prices_of(fact: UnitFacts) -> tuple[SupportPrice, ...]:
        own = random.Random(f"{fact.id} {fact.age_hours} {fact.lat}")  # the other dice fall as they did without it
        levels = own.sample(["night", "nursing"], own.choice([0, 0, 1, 2]))
        return tuple(SupportPrice(level, own.choice([60_000, 120_000, 200_050])) for level in sorted(levels))

    def unit(fact: UnitFacts) -> UnitFacts:
        genders = dice.choices(["woman", "man", "other", None], k=dice.choice([0, 1, 1, 2]))
        return replace(
            fact,
            residents=tuple(Resident(*span(), gender) for gender in genders) if fact.gender == "same" else (),
            registered_until=dice.choice([None, None, None, dice.randint(-1, nights + 2)]),
            places=dice.choice([None, 1, 1, 2]),
            solo=tuple(Nights(*span()) for _ in range(dice.choice([0, 0, 0, 1]))),
            company=tuple(neighbour() for _ in range(dice.choice([0, 1, 2, 3]))),
            crisis_places=dice.choice([None, 0, 1, 1]),
            crises=tuple(Nights(*span()) for _ in range(dice.choice([0, 0, 1]))),
            support_pence=prices_of(fact),
        )

    def there() -> tuple[ServiceNights, ...]:
        return tuple(ServiceNights(f"S{dice.randint(0, 2)}", *span()) for _ in range(dice.choice([0, 0, 1, 2])))

    def booked() -> tuple[int, ...]:
        return tuple(sorted(dice.sample(range(-1, nights + 3), dice.choice([0, 0, 0, 1, 2]))))

    return replace(
        instance,
        shared_caps=tuple(cap(each) if dice.random() < 0.7 else each for each in instance.shared_caps),
        units=tuple(map(unit, instance.units)),
        needs=tuple(
            replace(
                each,
                home_nights=there(),
                apart_nights=there(),
                booked_on=booked(),
                alone=dice.random() < 0.2,
                support=dice.choice([None, "night", "night", "nursing"]),
            )
            for each in instance.needs
        ),
    )


def _a_small_unit(dice: random.Random, id: str, nights: int, caps: tuple[CapFacts, ...], sides: bool) -> UnitFacts:
    cut = dice.randint(1, nights)
    spans = [(0, cut, dice.randint(0, 2))] + ([(cut, nights, dice.randint(0, 2))] if cut < nights else [])
    return a_unit(
        id,
        service=f"S{dice.randint(0, 2)}",
        authority=dice.choice([CITY, CITY, ELSEWHERE]),
        free=spans,
        kinds=dice.choice([None, None, frozenset({"planned", "respite"})]),
        min_age=dice.choice([0, 0, 18]),
        max_age=dice.choice([150, 150, 65]),
        gender=dice.choice(["any", "any", "women", "same", "same"] if sides else ["any", "women", "men"]),
        offers=frozenset(dice.sample(SLUGS[:4], dice.randint(1, 4))),
        weekly_pence=dice.choice([None, 70_000, 150_000, 99_950]),
        quality=dice.choice([None, 0, 1, 2, 3]),
        reply_hours=dice.choice([0, 2, 24]),
        status=dice.choice(["none", "none", "none", "none", "none", "caution", "paused"]),
        acceptance=dice.choice([None, 0.0125, 0.5, 0.9]),
        age_hours=dice.choice([0, 30.5, 900]),
        lat=52.4 + dice.random() / 20,
        lon=-1.5,
        shared=frozenset(cap.id for cap in caps if dice.random() < 0.5),
    )


def _a_small_need(
    dice: random.Random, id: str, ids: list[str], units: list[UnitFacts], nights: int, sides: bool
) -> Need:
    earliest = dice.randint(0, nights - 1)
    known = [unit.id for unit in units]
    others = [other for other in ids if other != id]
    essential = frozenset(dice.sample(SLUGS[:4], dice.choice([0, 0, 0, 1])))
    desirable = frozenset(dice.sample(SLUGS[:4], dice.choice([0, 1, 2]))) - essential
    return a_need(
        id,
        kind=dice.choice(["planned", "respite", "crisis"]),
        earliest=earliest,
        latest=min(nights - 1, earliest + dice.choice([0, 0, 1, 3])),
        nights=dice.choice([None, 1, 2, 3]),
        weight=dice.choice([100, 100, 250, 400]),
        waited_days=dice.choice([0, 0, 10, 999]),
        age=dice.choice([None, 16, 47, 70, 47]),
        gender=dice.choice(["woman", "woman", "man", "other", None]),
        essential=essential,
        desirable=desirable,
        unknown=frozenset(dice.sample(SLUGS[:4], dice.choice([0, 0, 1]))) - essential - desirable,
        **dice.choice([{}, {"lat": 52.4, "lon": -1.5}, {"lat": 52.4, "lon": -1.5}]),
        max_miles=dice.choice([None, None, 2.5]),
        budget_weekly_pence=dice.choice([None, None, None, 120_000]),
        reply_within_hours=dice.choice([None, None, 12]),
        wants_out_of_city=dice.random() < 0.15,
        avoid_services=frozenset(dice.sample(["S0", "S9"], dice.choice([0, 0, 1]))),
        ruled_out=frozenset(dice.sample(SLUGS, dice.choice([0, 0, 0, 1]))) - essential,
        declined_units=frozenset(dice.sample([*known, "U99"], dice.choice([0, 0, 0, 1]))),
        apart=frozenset(dice.sample(others, 1)) if sides and others and dice.random() < 0.3 else frozenset(),
        current=Current(unit=dice.choice(known), start=earliest) if dice.random() < 0.3 else None,
        hold_above=dice.choice([None, None, None, 8]),
        extra_points={dice.choice(known): dice.randint(-30, 30)} if dice.random() < 0.2 else {},
    )


def a_day(
    seed: int, *, needs: int = 60, units: int = 300, nights: int = 90, sides: bool = True, tight: bool = True
) -> Instance:
    """Return one day's open referrals against a made-up city: dated, crowded, and with side rules if asked."""
    dice = random.Random(seed)
    caps = tuple(CapFacts(id=f"C{n}", places=dice.randint(1, 3)) for n in range(units // 20 if sides else 0))
    supply = [_a_day_unit(dice, n, nights, caps, sides, tight) for n in range(units)]
    ids = [f"N{n:03}" for n in range(needs)]
    demand = [_a_day_need(dice, id, nights) for id in ids]
    if sides:
        for _ in range(needs // 10):
            one, other = dice.sample(range(needs), 2)
            demand[one] = replace(demand[one], apart=demand[one].apart | {ids[other]})
    return an_instance(supply, demand, nights=nights, shared_caps=caps, scarce=frozenset({"pbs"}))


def an_undated_day(seed: int, *, needs: int = 60, units: int = 300, sides: bool = False) -> Instance:
    """Return a day on which everything starts now and ends never: no dates to juggle."""
    return a_day(seed, needs=needs, units=units, nights=1, sides=sides)


def _a_day_unit(
    dice: random.Random, number: int, nights: int, caps: tuple[CapFacts, ...], sides: bool, tight: float
) -> UnitFacts:
    service = f"S{number * 2 // 3}"
    places = dice.choice([1, 1, 1, 2, 2, 4]) if dice.random() < tight else 0
    later = dice.randint(0, max(0, nights - 1))
    spans = [(0, later, places)] if later and places else []
    more = dice.choice([0, places, places + 1]) if dice.random() < 2 * tight else 0
    spans += [(later, nights, more)] if more else []
    return a_unit(
        f"U{number:03}",
        service=service,
        authority=CITY if dice.random() < 0.7 else ELSEWHERE,
        free=spans,
        kinds=dice.choice([None, frozenset({"crisis", "respite"}), frozenset({"move_on", "return", "planned"})]),
        min_age=18,
        max_age=dice.choice([65, 120, 120]),
        gender=dice.choice(["any", "any", "women", "men", "same"] if sides else ["any", "any", "women", "men"]),
        offers=frozenset(dice.sample(SLUGS, dice.randint(1, 6))),
        weekly_pence=dice.randint(50_000, 350_000),
        quality=dice.choice([None, 1, 2, 2, 2, 3]),
        reply_hours=dice.choice([2, 24, 48]),
        status=dice.choice(["none"] * 18 + ["caution", "suspended"]),
        acceptance=round(dice.random(), 2),
        age_hours=dice.randint(0, 400),
        lat=52.35 + dice.random() / 8,
        lon=-1.6 + dice.random() / 5,
        shared=frozenset({dice.choice(caps).id}) if caps and dice.random() < 0.2 else frozenset(),
    )


STAYS = {  # kind: weight, widest window, shortest and longest stay
    "crisis": (400, 1, (14, 14)),
    "respite": (100, 60, (2, 14)),
    "move_on": (200, 14, None),
    "return": (150, 30, None),
    "planned": (100, 7, (28, 84)),
}


def _a_day_need(dice: random.Random, id: str, nights: int) -> Need:
    kind = dice.choice(list(STAYS))
    weight, widest, stay = STAYS[kind]
    earliest = 0 if kind == "crisis" else dice.randint(0, max(0, nights // 3 - 1))
    essential = frozenset(dice.sample(SLUGS, dice.choice([0, 1, 1, 2])))
    desirable = frozenset(dice.sample(SLUGS, 2)) - essential
    return a_need(
        id,
        kind=kind,
        weight=weight,
        waited_days=dice.randint(0, 200),
        earliest=earliest,
        latest=min(nights - 1, earliest + dice.randint(min(1, widest), widest)),
        nights=None if stay is None else dice.randint(*stay),
        age=dice.randint(18, 90),
        gender=dice.choice(["woman", "woman", "man", "man", "other", None]),
        essential=essential,
        desirable=desirable,
        unknown=frozenset(dice.sample(SLUGS, dice.choice([0, 0, 1]))) - essential - desirable,
        lat=52.4,
        lon=-1.5 + dice.random() / 20,
        max_miles=dice.choice([None, 5.0, 10.0]),
        budget_weekly_pence=dice.choice([None, None, 200_000]),
        wants_out_of_city=dice.random() < 0.05,
    )


def a_long_horizon(dice: random.Random, kind: str) -> Instance:
    """Return few units over ten years, and needs with windows of thousands of nights."""
    caps = (CapFacts(id="C1", free=tuple(Span(n, n + 60, dice.randint(0, 2)) for n in range(0, 3600, 60))),)
    shared = frozenset({"C1"}) if kind == "pools" else frozenset()
    units = [
        a_unit(
            f"U{n}", free=[(0, 3600, 2)], gender="same" if kind == "one gender" else "any", shared=shared,
            weekly_pence=dice.randint(50_000, 300_000),
        )
        for n in range(6)
    ]  # fmt: skip
    needs = [
        a_need(
            f"N{n}", earliest=0, latest=3000, nights=dice.randint(200, 900), gender=dice.choice(["woman", "man"]),
            waited_days=n,
        )
        for n in range(30)
    ]  # fmt: skip
    return an_instance(units, needs, nights=3600, shared_caps=caps)
