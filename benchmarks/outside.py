"""A checker that knows the documents only: it reads the JSON of an instance and of a plan, and nothing of the engine.

Written from the format's text alone (`placement-instance/2`, `placement-plan/1`), so that an error of the engine's own
checker has nowhere to hide: rules, limits, lists and the value of every objective are worked out a second time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from math import atan2, cos, floor, hypot, radians, sin
from typing import Any

Document = dict[str, Any]

SLUGS = ("in_city", "placed", "fit", "cost", "tie")
MAXIMISED = ("in_city", "placed", "fit")
MILES_A_RADIAN = 6371.009 / 1.609344


BY_START = ["nights", "pool", "crises", "register", "home", "booked", "apart", "solo", "same_gender", "hold"]


class Market:
    """An instance document with its entries found by id and its nights counted out."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.nights: int = document["nights"]
        self.units: dict[str, Document] = {unit["id"]: unit for unit in document["units"]}
        self.needs: dict[str, Document] = {need["id"]: need for need in document["needs"]}
        self.caps = {cap["id"]: self._left(cap) for cap in document.get("shared_caps", [])}
        self.free = {name: self._by_night([unit["free"]]) for name, unit in self.units.items()}
        priced: dict[str, list[list[int]]] = {}
        for unit, start, end, points in document.get("prices", []):
            priced.setdefault(unit, []).append([start, end, points])
        self.prices = {name: self._by_night([spans]) for name, spans in priced.items()}

    def _left(self, cap: Document) -> list[int]:
        return [cap["places"]] * self.nights if "places" in cap else self._by_night([cap["free"]])

    def _by_night(self, lists: list[list[list[int]]]) -> list[int]:
        counted = [0] * self.nights
        for spans in lists:
            for start, end, count in spans:
                for night in range(start, end):
                    counted[night] = count
        return counted

    def stay(self, need: Document, start: int) -> range:
        """Return the nights of a stay, cut at the horizon."""
        length = need.get("nights")
        return range(start, self.nights if length is None else min(self.nights, start + length))

    def paid(self, unit: Document, nights: range) -> int:
        """Return the points at which these nights of a place are priced."""
        prices = self.prices.get(unit["id"])
        return 0 if prices is None else sum(prices[night] for night in nights)

    def has_place(self, unit: Document, nights: range) -> bool:
        """Whether a place is free on each of these nights."""
        return all(self.free[unit["id"]][night] >= 1 for night in nights)

    def allows(self, need: Document, unit: Document, nights: range) -> str:
        """Return the first rule about starts that does not allow these nights, empty where all do."""
        leaves, length = unit.get("registered_until"), need.get("nights")
        strange = [
            there
            for start, end, there in unit.get("residents", ())
            if start < nights.stop and nights.start < end and (need.get("gender") is None or need["gender"] != there)
        ]
        answers = {
            "nights": self.has_place(unit, nights),
            "pool": all(self.caps[cap][night] >= 1 for cap in unit.get("shared", ()) for night in nights),
            "crises": not (need["kind"] == "crisis" and unit.get("crisis_places"))
            or all(_crises_there(unit, night) < unit["crisis_places"] for night in nights),
            "register": leaves is None or (length is not None and nights.start + length <= leaves),
            "home": _is_clear(need.get("home_nights", ()), unit, nights),
            "booked": not any(
                nights.start <= night and (length is None or night < nights.start + length)
                for night in need.get("booked_on", ())
            ),
            "apart": _is_clear(need.get("apart_nights", ()), unit, nights),
            "solo": not any(start < nights.stop and nights.start < end for start, end in unit.get("solo", ())),
            "same_gender": unit.get("gender") != "same" or not strange,
            "hold": _payable(self, need, unit, nights),
        }
        return next((slug for slug, passes in answers.items() if not passes), "")

    def window(self, need: Document) -> list[range]:
        """Return the nights of the stay for each start of the need's window."""
        return [self.stay(need, start) for start in range(need["earliest"], need["latest"] + 1)]

    def at_home(self, need: Document, unit: Document) -> bool:
        """Whether this match counts as met in the city."""
        return bool(need.get("wants_out_of_city", False)) or unit["authority"] == self.document["city"]


def miles(need: Document, unit: Document) -> float | None:
    """Return the great-circle miles between the two, by the angle between their directions from the earth's middle."""
    if need.get("lat") is None or unit.get("lat") is None:
        return None
    (ax, ay, az), (bx, by, bz) = _direction(need), _direction(unit)
    across = hypot(ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx)
    return MILES_A_RADIAN * atan2(across, ax * bx + ay * by + az * bz)


def _direction(place: Document) -> tuple[float, float, float]:
    lat, lon = radians(place["lat"]), radians(place["lon"])
    return cos(lat) * cos(lon), cos(lat) * sin(lon), sin(lat)


def _weekly(need: Document, unit: Document) -> int | None:
    known: dict[str | None, int] = dict(unit.get("support_pence", ()))
    price: int | None = known.get(need.get("support"), unit.get("weekly_pence"))
    return price


def refused_by(market: Market, need: Document, unit: Document) -> list[str]:
    """Return the slug of every rule that refuses the unit, in the order of the format's text."""
    answers = {
        "kind": unit.get("kinds") is None or need["kind"] in unit["kinds"],
        "kept": need["kind"] != "crisis" or unit.get("crisis_places") != 0,
        "age": _age(need, unit),
        "gender": _gender(need, unit),
        "essential": set(need.get("essential", ())) - set(need.get("unknown", ())) <= set(unit.get("offers", ())),
        "status": unit.get("status", "none") in ("none", "caution", "restricted"),
        "budget": _within(need.get("budget_weekly_pence"), _weekly(need, unit)),
        "distance": _within(need.get("max_miles"), miles(need, unit)),
        "avoid": unit["service"] not in need.get("avoid_services", ()),
        "type": not set(need.get("ruled_out", ())) & set(unit.get("offers", ())),
        "alone": not need.get("alone", False) or unit.get("places") == 1,
        "declined": unit["id"] not in need.get("declined_units", ()),
        "notice": _within(need.get("reply_within_hours"), unit.get("reply_hours", 0)),
    }
    stopped = [market.allows(need, unit, nights) for nights in market.window(need)]
    # Of the rules about starts the one that stops the last of them refuses.
    last = [] if "" in stopped else [max(stopped, key=BY_START.index)]
    return [*(slug for slug, passes in answers.items() if not passes), *last]


def _crises_there(unit: Document, night: int) -> int:
    return sum(start <= night < end for start, end in unit.get("crises", ()))


def _is_clear(there: Iterable[list[Any]], unit: Document, nights: range) -> bool:
    return not any(
        service == unit["service"] and start < nights.stop and nights.start < end for service, start, end in there
    )


def _age(need: Document, unit: Document) -> bool:
    low, high = unit.get("min_age", 0), unit.get("max_age", 150)
    age = need.get("age")
    return bool((low, high) == (0, 150) if age is None else low <= age <= high)


def _gender(need: Document, unit: Document) -> bool:
    taken = {"women": "woman", "men": "man"}.get(unit.get("gender", "any"))
    return taken is None or need.get("gender") == taken


def _within(limit: float | None, value: float | None) -> bool:
    return limit is None or (value is not None and value <= limit)


def _payable(market: Market, need: Document, unit: Document, nights: range) -> bool:
    limit = need.get("hold_above")
    return limit is None or market.paid(unit, nights) <= limit


def worth(market: Market, need: Document, unit: Document, start: int) -> tuple[int, int, int, int, int]:
    """Return what one match adds to each objective."""
    nights = market.stay(need, start)
    weight = need.get("weight", 100) + min(need.get("waited_days", 0), 365)
    lot = sha256(f"{need['id']}|{unit['id']}|{start}".encode()).hexdigest()[:5]
    return (
        weight if market.at_home(need, unit) else 0,
        weight,
        _points(market, need, unit, nights),
        (_weekly(need, unit) or 0) * len(nights) // 700,
        int(lot, 16),
    )


def _points(market: Market, need: Document, unit: Document, nights: range) -> int:
    offers, unknown = set(unit.get("offers", ())), set(need.get("unknown", ()))
    essential, desirable = set(need.get("essential", ())), set(need.get("desirable", ()))
    quality, acceptance, far = unit.get("quality"), unit.get("acceptance"), miles(need, unit)
    scarce = set(market.document.get("scarce", ()))
    return int(
        20 * len((desirable - unknown) & offers)
        - (0 if far is None else min(200, floor(4 * far)))
        + 10 * (1 if quality is None else quality)
        + round(40 * (0.5 if acceptance is None else acceptance))
        - min(30, floor(unit.get("age_hours", 0) / 24))
        - (3 if need["kind"] == "respite" else 15) * (nights.start - need["earliest"])
        - 5 * len((scarce & offers) - essential - desirable)
        + (80 if need.get("current") == {"unit": unit["id"], "start": nights.start} else 0)
        + _company(need, unit, nights.start)
        + need.get("extra_points", {}).get(unit["id"], 0)
        - market.paid(unit, nights)
    )


def _company(need: Document, unit: Document, start: int) -> int:
    """Six points where most who live there are of about this age, four where most have this support; two at least."""
    there = [each for each in unit.get("company", ()) if each[0] <= start < each[1]]
    ages = [age for _, _, age, _ in there if age is not None]
    levels = [level for _, _, _, level in there if level is not None]
    near = [] if need.get("age") is None else [age for age in ages if abs(age // 5 - need["age"] // 5) < 2]
    same = [level for level in levels if level == need.get("support")]
    return 6 * (1 < len(near) >= len(ages) - len(near)) + 4 * (1 < len(same) >= len(levels) - len(same))


def values(market: Market, matches: list[Document]) -> dict[str, int]:
    """Return the value of every objective over these matches."""
    each = [worth(market, *_parties(market, match), match["start"]) for match in matches]
    return {slug: sum(column[tier] for column in each) for tier, slug in enumerate(SLUGS)}


def _parties(market: Market, match: Document) -> tuple[Document, Document]:
    return market.needs[match["need"]], market.units[match["unit"]]


def violations(market: Market, plan: Document) -> list[str]:
    """Return a sentence for everything wrong with a plan: references, rules, limits, lists, values, bounds."""
    matches = plan["matches"]
    lost = [m["need"] for m in matches if m["need"] not in market.needs or m["unit"] not in market.units]
    if lost:
        return [f"{need}: the match names what is not in the instance" for need in lost]
    return [
        *_wrong_matches(market, matches),
        *broken_limits(market, matches),
        *_wrong_lists(market, plan),
        *_wrong_values(market, plan),
    ]


def _wrong_matches(market: Market, matches: list[Document]) -> Iterator[str]:
    seen: set[str] = set()
    for match in matches:
        need, unit = _parties(market, match)
        if need["id"] in seen:
            yield f"{need['id']}: matched twice"
        seen.add(need["id"])
        for slug in refused_by(market, need, unit):
            yield f"{need['id']} in {unit['id']}: refused by {slug}"
        nights = market.stay(need, match["start"])
        if not need["earliest"] <= match["start"] <= need["latest"]:
            yield f"{need['id']}: starts outside its window"
        elif stopped := market.allows(need, unit, nights):
            yield f"{need['id']} in {unit['id']}: {stopped} does not allow the nights"
        if sorted(match.get("ask", [])) != sorted(need.get("unknown", ())):
            yield f"{need['id']}: does not ask what is not known"


def broken_limits(market: Market, matches: list[Document]) -> Iterator[str]:
    """Yield what these matches break together: places, shared caps, one gender at a time, people kept apart."""
    present: dict[tuple[str, str, int], list[Document]] = {}
    for match in matches:
        need, unit = _parties(market, match)
        for night in market.stay(need, match["start"]):
            present.setdefault(("unit", unit["id"], night), []).append(need)
            present.setdefault(("service", unit["service"], night), []).append(need)
            for cap in unit.get("shared", ()):
                present.setdefault(("cap", cap, night), []).append(need)
    for (what, name, night), people in present.items():
        if what == "unit" and len(people) > market.free[name][night]:
            yield f"{name}: {len(people)} people on night {night}, {market.free[name][night]} places"
        most = market.units[name].get("crisis_places") if what == "unit" else None
        crises = sum(need["kind"] == "crisis" for need in people)
        if most and crises and crises + _crises_there(market.units[name], night) > most:
            yield f"{name}: {crises} more in a crisis on night {night}, at most {most} at a time"
        if what == "unit" and market.units[name].get("gender") == "same" and not _alike(people):
            yield f"{name}: two genders on night {night}"
        if what == "cap" and len(people) > market.caps[name][night]:
            yield f"{name}: {len(people)} people on night {night}, {market.caps[name][night]} places"
        if what == "service":
            names = {need["id"] for need in people}
            yield from (f"{name}: {p['id']} is not kept apart" for p in people if names & set(p.get("apart", ())))


def _alike(people: list[Document]) -> bool:
    genders = {need.get("gender") for need in people}
    return len(people) < 2 or (len(genders) == 1 and None not in genders)


def _wrong_lists(market: Market, plan: Document) -> Iterator[str]:
    home = {m["need"] for m in plan["matches"] if market.at_home(*_parties(market, m))}
    away = {m["need"] for m in plan["matches"]} - home
    listed = [entry["need"] for entry in plan["unmatched"]]
    if sorted(listed) != sorted(market.needs.keys() - home):
        yield "unmatched: does not list exactly those without a place in the city that they wanted"
    if {entry["need"] for entry in plan["unmatched"] if entry.get("met_out_of_city")} != away:
        yield "unmatched: met_out_of_city is not so"


def _wrong_values(market: Market, plan: Document) -> Iterator[str]:
    found = values(market, plan["matches"])
    told = plan["objectives"]
    if tuple(outcome["slug"] for outcome in told) != SLUGS:
        yield "objectives: not the five in their order"
        return
    for outcome in told:
        slug, value, bound = outcome["slug"], found[outcome["slug"]], outcome["bound"]
        if outcome["value"] != value:
            yield f"{slug}: says {outcome['value']} and is {value}"
        if (bound < value) if slug in MAXIMISED else (bound > value):
            yield f"{slug}: the value {value} is beyond the bound {bound}"
        if plan["status"] == "optimal" and bound != value:
            yield f"{slug}: optimal, but the bound is {bound} and not {value}"
