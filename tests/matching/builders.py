"""Instances to test with: plain ones, small random ones that a brute force can solve, and days of a made-up city."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

from placement.matching.instance import Current, Instance, Need, Price, SharedCap, Span, Unit

CITY = "E08000026"
ELSEWHERE = "E08000029"
SLUGS = ("pbs", "autism", "dementia", "waking_night", "ground_floor", "hoist", "wet_room", "trauma_informed")
FIRST_NIGHT = date(2026, 11, 23)


def a_unit(id: str = "U1", **given: Any) -> Unit:
    free = tuple(Span(*span) for span in given.pop("free", [(0, 10, 1)]))
    return Unit(**{"id": id, "service": f"S{id}", "authority": CITY, "free": free, **given})


def a_need(id: str = "N1", **given: Any) -> Need:
    return Need(**{"id": id, "kind": "planned", "earliest": 0, "latest": given.get("earliest", 0), **given})


def an_instance(units: list[Unit], needs: list[Need], **given: Any) -> Instance:
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
    caps = tuple(SharedCap(id=f"C{n}", places=dice.randint(0, 2)) for n in range(dice.randint(0, 2) if sides else 0))
    units = [_a_small_unit(dice, f"U{n}", nights, caps, sides) for n in range(dice.randint(1, 4))]
    ids = [f"N{n}" for n in range(dice.randint(1, 5))]
    needs = [_a_small_need(dice, id, ids, units, nights, sides) for id in ids]
    prices = tuple(
        Price(unit=unit.id, start=0, end=dice.randint(1, nights), points=dice.randint(0, 9))
        for unit in units
        if dice.random() < 0.3
    )
    scarce = frozenset(dice.sample(SLUGS[:3], 1))
    return an_instance(units, needs, nights=nights, shared_caps=caps, prices=prices, scarce=scarce)


def _a_small_unit(dice: random.Random, id: str, nights: int, caps: tuple[SharedCap, ...], sides: bool) -> Unit:
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


def _a_small_need(dice: random.Random, id: str, ids: list[str], units: list[Unit], nights: int, sides: bool) -> Need:
    earliest = dice.randint(0, nights - 1)
    known = [unit.id for unit in units]
    others = [other for other in ids if other != id]
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
        essential=frozenset(dice.sample(SLUGS[:4], dice.choice([0, 0, 0, 1]))),
        desirable=frozenset(dice.sample(SLUGS[:4], dice.choice([0, 1, 2]))),
        unknown=frozenset(dice.sample(SLUGS[:4], dice.choice([0, 0, 1]))),
        **dice.choice([{}, {"lat": 52.4, "lon": -1.5}, {"lat": 52.4, "lon": -1.5}]),
        max_miles=dice.choice([None, None, 2.5]),
        budget_weekly_pence=dice.choice([None, None, None, 120_000]),
        reply_within_hours=dice.choice([None, None, 12]),
        wants_out_of_city=dice.random() < 0.15,
        avoid_services=frozenset(dice.sample(["S0", "S9"], dice.choice([0, 0, 1]))),
        declined_units=frozenset(dice.sample([*known, "U99"], dice.choice([0, 0, 0, 1]))),
        apart=frozenset(dice.sample(others, 1)) if sides and others and dice.random() < 0.3 else frozenset(),
        current=Current(unit=dice.choice(known), start=earliest) if dice.random() < 0.3 else None,
        hold_above=dice.choice([None, None, None, 8]),
        extra_points={dice.choice(known): dice.randint(-30, 30)} if dice.random() < 0.2 else {},
    )
