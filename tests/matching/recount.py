"""The specification once more, in the plainest words: what a set of matches is worth, and whether it is allowed.

Shares nothing with the product but the facts of an instance: no rule, no objective, no checker.
"""

from __future__ import annotations

from hashlib import sha256
from math import asin, cos, floor, radians, sin, sqrt

Matches = dict[str, tuple[str, int]]
EARTH_MILES = 6371.009 / 1.609344


def tiers(instance, matches: Matches) -> tuple[int, ...]:
    """Return the five values, each in its own sense."""
    total = [0, 0, 0, 0, 0]
    for name, (place, start) in matches.items():
        need, unit = facts(instance, name, place)
        worth = need.weight + min(need.waited_days, 365)
        nights = stay(instance, need, start)
        digest = sha256(f"{name}|{place}|{start}".encode()).hexdigest()
        total[0] += worth if unit.authority == instance.city or need.wants_out_of_city else 0
        total[1] += worth
        total[2] += fit(instance, need, unit, start, nights)
        total[3] += floor((weekly(need, unit) or 0) * len(nights) / 700)
        total[4] += int(digest[:5], 16)
    return tuple(total)


def facts(instance, name, place):
    need = next(need for need in instance.needs if need.id == name)
    unit = next(unit for unit in instance.units if unit.id == place)
    return need, unit


def stay(instance, need, start) -> range:
    """Return the nights of a stay, cut at the horizon."""
    return range(start, instance.nights if need.nights is None else min(instance.nights, start + need.nights))


def miles(need, unit):
    if None in (need.lat, need.lon, unit.lat, unit.lon):
        return None
    north, south = radians(need.lat), radians(unit.lat)
    half = sin((north - south) / 2) ** 2
    half += cos(north) * cos(south) * sin(radians(need.lon - unit.lon) / 2) ** 2
    return 2 * EARTH_MILES * asin(sqrt(half))


def price(instance, unit, nights) -> int:
    priced = [price for price in instance.prices if price.unit == unit.id]
    return sum(price.points for price in priced for night in nights if price.start <= night < price.end)


def fit(instance, need, unit, start, nights) -> int:
    wishes, away = need.desirable - need.unknown, miles(need, unit)
    points = 20 * len(wishes & unit.offers)
    points -= 0 if away is None else min(200, floor(4 * away))
    points += 10 * (1 if unit.quality is None else unit.quality)
    points += round(40 * (0.5 if unit.acceptance is None else unit.acceptance))
    points -= min(30, floor(unit.age_hours / 24))
    points -= (3 if need.kind == "respite" else 15) * (start - need.earliest)
    points -= 5 * sum(slug in unit.offers and slug not in need.essential | need.desirable for slug in instance.scarce)
    points += 80 if need.current and (need.current.unit, need.current.start) == (unit.id, start) else 0
    points += company(need, unit, start)
    return points + need.extra_points.get(unit.id, 0) - price(instance, unit, nights)


def company(need, unit, start) -> int:
    """Six points for people of an age within a band of five years or the next, four for those of the same support."""
    points, there = 0, [person for person in unit.company if person.start <= start < person.end]
    ages = [person.age for person in there if person.age is not None]
    levels = [person.support for person in there if person.support is not None]
    if need.age is not None:
        alike = [age for age in ages if age // 5 in (need.age // 5 - 1, need.age // 5, need.age // 5 + 1)]
        points += 6 if len(alike) > 1 and len(alike) >= len(ages) / 2 else 0
    if need.support is not None and levels.count(need.support) > 1:
        points += 4 if levels.count(need.support) >= len(levels) / 2 else 0
    return points


def free(unit, night) -> int:
    return sum(places for start, end, places in unit.free if start <= night < end)


def is_allowed(instance, matches: Matches) -> bool:
    """Whether no rule and no limit is broken."""
    taken: dict[tuple, int] = {}
    present: dict[tuple, list] = {}
    for name, (place, start) in matches.items():
        need, unit = facts(instance, name, place)
        nights = stay(instance, need, start)
        if not may_go(instance, need, unit, start, nights):
            return False
        for night in nights:
            for pool in (("unit", unit.id), *(("cap", cap) for cap in unit.shared)):
                taken[*pool, night] = taken.get((*pool, night), 0) + 1
            if need.kind == "crisis":
                taken["crises", unit.id, night] = taken.get(("crises", unit.id, night), 0) + 1
            present.setdefault(("unit", unit.id, night), []).append(need)
            present.setdefault(("service", unit.service, night), []).append(need)
    return all(count <= places(instance, *at) for at, count in taken.items()) and not any(
        clash(instance, at, one, other)
        for at, there in present.items()
        for one in there
        for other in there
        if one is not other
    )


def places(instance, kind, name, night) -> int:
    if kind == "unit":
        return free(next(unit for unit in instance.units if unit.id == name), night)
    if kind == "crises":
        return for_crises(next(unit for unit in instance.units if unit.id == name), night)
    cap = next(cap for cap in instance.shared_caps if cap.id == name)
    return free(cap, night) if cap.places is None else cap.places


def for_crises(unit, night) -> int:
    if unit.crisis_places is None:
        return 999
    return unit.crisis_places - sum(1 for first, last in unit.crises if first <= night < last)


def clash(instance, at, one, other) -> bool:
    kind, name, _ = at
    if kind == "service":
        return other.id in one.apart
    unit = next(unit for unit in instance.units if unit.id == name)
    return unit.gender == "same" and (one.gender is None or one.gender != other.gender)


def weekly(need, unit):
    """Return the price for the level of support that is needed."""
    return {None: unit.weekly_pence, **dict(unit.support_pence)}.get(need.support, unit.weekly_pence)


def may_go(instance, need, unit, start, nights) -> bool:
    """Whether every rule lets this need start here on this night."""
    takes = {"any": True, "same": True, "women": need.gender == "woman", "men": need.gender == "man"}
    away = miles(need, unit)
    pence, budget = weekly(need, unit), need.budget_weekly_pence
    return all([
        need.earliest <= start <= need.latest,
        unit.kinds is None or need.kind in unit.kinds,
        (unit.min_age, unit.max_age) == (0, 150) if need.age is None else unit.min_age <= need.age <= unit.max_age,
        takes[unit.gender],
        need.essential - need.unknown <= unit.offers,
        unit.status not in ("paused", "suspended", "closing"),
        budget is None or (pence is not None and pence <= budget),
        need.max_miles is None or (away is not None and away <= need.max_miles),
        unit.service not in need.avoid_services,
        not need.ruled_out & unit.offers,
        not need.alone or unit.places == 1,
        need.kind != "crisis" or all(for_crises(unit, night) > 0 for night in nights),
        not any(first <= night < last for first, last in unit.solo for night in nights),
        unit.id not in need.declined_units,
        need.reply_within_hours is None or unit.reply_hours <= need.reply_within_hours,
        all(free(unit, night) > 0 for night in nights),
        all(places(instance, "cap", cap, night) > 0 for cap in unit.shared for night in nights),
        not any(there.service == unit.service and there.start <= night < there.end
                for there in (*need.home_nights, *need.apart_nights) for night in nights),
        not any(start <= night and (need.nights is None or night < start + need.nights) for night in need.booked_on),
        unit.gender != "same" or not any(
            there.start <= night < there.end and (need.gender is None or need.gender != there.gender)
            for there in unit.residents for night in nights),
        unit.registered_until is None or (
            need.nights is not None and start + need.nights <= unit.registered_until),
        need.hold_above is None or price(instance, unit, nights) <= need.hold_above,
    ])  # fmt: skip
