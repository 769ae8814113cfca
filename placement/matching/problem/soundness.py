"""What must hold within an instance whoever built it: ranges, order, unique names, references that lead somewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from math import isfinite
from typing import Any

from placement.domain.people import UNIT_GENDERS, Gender
from placement.domain.states import Status
from placement.matching.problem.errors import MalformedInstance
from placement.matching.problem.facts import (
    CapFacts,
    Current,
    Need,
    Price,
    Series,
    ServiceNights,
    Span,
    UnitFacts,
    stay_name,
)

Fault = tuple[str, str]

MOST_NIGHTS = 3_660
"""Ten years: a longer horizon is a mistake in the file, and the engine keeps an array of nights a unit."""
MOST_PLACES = 10_000
MOST_PENCE = 100_000_000


# field, least, most; None always passes, for the field's type says whether it may be None.
UNIT_RANGES = (
    ("lat", -90, 90),
    ("lon", -180, 180),
    ("min_age", 0, 150),
    ("max_age", 0, 150),
    ("weekly_pence", 0, MOST_PENCE),
    ("quality", 0, 3),
    ("reply_hours", 0, 100_000),
    ("acceptance", 0, 1),
    ("age_hours", 0, 10_000_000),
    ("registered_until", -10_000_000, 10_000_000),
    ("places", 0, MOST_PLACES),
    ("crisis_places", 0, MOST_PLACES),
)
NEED_RANGES = (
    ("nights", 1, 100_000),
    ("weight", 1, 10_000),
    ("waited_days", 0, 100_000),
    ("age", 0, 150),
    ("lat", -90, 90),
    ("lon", -180, 180),
    ("max_miles", 0, 100_000),
    ("budget_weekly_pence", 0, MOST_PENCE),
    ("reply_within_hours", 0, 100_000),
    ("hold_above", 0, 1_000_000_000),
)
MOST_POINTS = 1_000_000
TAKES = ("all", "most")
MOST_STAYS = 100


def refuse_unsound(
    nights: int,
    units: Sequence[UnitFacts],
    needs: Sequence[Need],
    shared_caps: Sequence[CapFacts],
    prices: Sequence[Price],
) -> None:
    """Raise MalformedInstance for the first fault found."""
    for place, reason in faults(nights, units, needs, shared_caps, prices):
        raise MalformedInstance(place, reason)


def faults(
    nights: int,
    units: Sequence[UnitFacts],
    needs: Sequence[Need],
    shared_caps: Sequence[CapFacts],
    prices: Sequence[Price],
) -> Iterator[Fault]:
    """Yield every fault as the place where it stands and the reason, top level first."""
    if not 1 <= nights <= MOST_NIGHTS:
        yield "nights", f"must be from 1 to {MOST_NIGHTS}, not {_shown(nights)}"
        return
    yield from _repeated("units", (unit.id for unit in units))
    yield from _repeated("needs", (need.id for need in needs))
    yield from _taken_names(needs)
    yield from _repeated("shared_caps", (cap.id for cap in shared_caps))
    for index, cap in enumerate(shared_caps):
        yield from _prefixed(f"shared_caps[{index}]", _cap_faults(cap, nights))
    caps = {cap.id for cap in shared_caps}
    for index, unit in enumerate(units):
        yield from _prefixed(f"units[{index}]", _unit_faults(unit, nights, caps))
    names = _Names(nights, units, needs)
    for index, need in enumerate(needs):
        yield from _prefixed(f"needs[{index}]", _need_faults(need, names))
    yield from _price_faults(prices, nights, names.units)


class _Names:
    """The identifiers that needs may refer to."""

    def __init__(self, nights: int, units: Sequence[UnitFacts], needs: Sequence[Need]) -> None:
        self.nights = nights
        self.units = {unit.id for unit in units}
        self.needs = {need.id for need in needs}


def _support_faults(unit: UnitFacts) -> Iterator[Fault]:
    levels = [row.support for row in unit.support_pence]
    for index, row in enumerate(unit.support_pence):
        if not 0 <= row.weekly_pence <= MOST_PENCE:
            yield f"support_pence[{index}]", f"must cost from 0 to {MOST_PENCE}, not {_shown(row.weekly_pence)}"
        if row.support in levels[:index]:
            yield f"support_pence[{index}]", f"prices {row.support[:60]!r} twice"


def _unit_faults(unit: UnitFacts, nights: int, caps: set[str]) -> Iterator[Fault]:
    yield from _out_of_range(unit, UNIT_RANGES)
    yield from _half_point(unit)
    yield from _not_one_of("gender", unit.gender, tuple(UNIT_GENDERS))
    yield from _not_one_of("status", unit.status, tuple(Status))
    yield from _support_faults(unit)
    if unit.min_age > unit.max_age:
        yield "min_age", f"is above max_age ({unit.min_age} > {unit.max_age})"
    yield from _leading_nowhere("shared", unit.shared, caps, "shared cap")
    yield from _span_faults(unit.free, nights)
    for index, (start, end, gender) in enumerate(unit.residents):
        yield from _outside(f"residents[{index}]", start, end, nights)
        yield from _not_one_of(f"residents[{index}]", gender, (*Gender, None))
    for name in ("solo", "crises"):
        for index, (start, end) in enumerate(getattr(unit, name)):
            yield from _outside(f"{name}[{index}]", start, end, nights)
    for index, (start, end, age, _) in enumerate(unit.company):
        yield from _outside(f"company[{index}]", start, end, nights)
        if age is not None and not 0 <= age <= 150:
            yield f"company[{index}]", f"age must be from 0 to 150, not {_shown(age)}"


def _cap_faults(cap: CapFacts, nights: int) -> Iterator[Fault]:
    if (cap.places is None) == (cap.free is None):
        yield "places", "and 'free' are two ways to say one thing: exactly one of them must be given"
    if cap.places is not None and not 0 <= cap.places <= MOST_PLACES:
        yield "places", f"must be from 0 to {MOST_PLACES}, not {_shown(cap.places)}"
    yield from _span_faults(cap.free or (), nights)


def _span_faults(free: Sequence[Span], nights: int) -> Iterator[Fault]:
    before = 0
    for index, (start, end, places) in enumerate(free):
        place = f"free[{index}]"
        if not 0 <= start < end <= nights:
            yield from _outside(place, start, end, nights)
        elif start < before:
            yield place, f"starts on night {start}, before the one above it ends on {before}"
        if not 0 <= places <= MOST_PLACES:
            yield place, f"places must be from 0 to {MOST_PLACES}, not {_shown(places)}"
        before = end


def _outside(place: str, start: int, end: int, nights: int) -> Iterator[Fault]:
    if not 0 <= start < end <= nights:
        yield place, f"must lie within the nights 0 to {nights}, its start before its end: {_shown([start, end])}"


def _need_faults(need: Need, names: _Names) -> Iterator[Fault]:
    yield from _out_of_range(need, NEED_RANGES)
    yield from _half_point(need)
    yield from _not_one_of("gender", need.gender, (*Gender, None))
    for name in ("earliest", "latest"):
        if not 0 <= getattr(need, name) < names.nights:
            yield name, f"must be a night from 0 to {names.nights - 1}, not {_shown(getattr(need, name))}"
    if need.earliest > need.latest:
        yield "earliest", f"is after latest ({_shown(need.earliest)} > {_shown(need.latest)})"
    for name in ("home_nights", "apart_nights"):
        yield from _stay_faults(name, getattr(need, name), names.nights)
    yield from _leading_nowhere("apart", need.apart, names.needs, "need")
    if need.id in need.apart:
        yield "apart", "names the need itself"
    yield from _leading_nowhere("extra_points", need.extra_points, names.units, "unit")
    for unit, points in sorted(need.extra_points.items()):
        if abs(points) > MOST_POINTS:
            yield f"extra_points.{unit[:60]}", f"must be within {MOST_POINTS} of 0, not {_shown(points)}"
    yield from _current_faults(need.current, names)
    if need.series is not None:
        yield from _prefixed("series", _series_faults(need, need.series, names))


def _current_faults(current: Current | None, names: _Names) -> Iterator[Fault]:
    if current is not None:
        yield from _leading_nowhere("current.unit", [current.unit], names.units, "unit")
        if not 0 <= current.start < names.nights:
            yield "current.start", f"must be a night from 0 to {names.nights - 1}, not {_shown(current.start)}"


def _series_faults(need: Need, series: Series, names: _Names) -> Iterator[Fault]:
    """Yield what is wrong with a series; a person is in one place at a time, so its windows may not touch."""
    yield from _not_one_of("take", series.take, TAKES)
    if not 1 <= len(series.stays) <= MOST_STAYS:
        yield "stays", f"must be from 1 to {MOST_STAYS} further stays, not {len(series.stays)}"
    if need.nights is None:
        yield "stays", "must not follow an open-ended stay: give 'nights'"
        return
    over = need.latest + need.nights
    for index, stay in enumerate(series.stays):
        place = f"stays[{index}]"
        yield from _prefixed(place, _out_of_range(stay, (("nights", 1, 100_000),)))
        if not 0 <= stay.earliest <= stay.latest < names.nights:
            last = names.nights - 1
            yield place, f"must start on a night from 0 to {last}: {_shown([stay.earliest, stay.latest])}"
        if stay.earliest < over:
            yield place, f"may start on night {_shown(stay.earliest)}, before the stay above it is over"
        yield from _prefixed(place, _current_faults(stay.current, names))
        over = stay.latest + stay.nights


def _taken_names(needs: Sequence[Need]) -> Iterator[Fault]:
    """Yield the needs that are called like a stay of another."""
    of_stays = {stay_name(need.id, number + 2): need for need in needs for number in range(_further(need))}
    for index, need in enumerate(needs):
        if need.id in of_stays:
            yield f"needs[{index}].id", f"is the name of a stay of the series {_shown(of_stays[need.id].id)}"


def _further(need: Need) -> int:
    return len(need.series.stays) if need.series else 0


def _stay_faults(name: str, there: Sequence[ServiceNights], nights: int) -> Iterator[Fault]:
    for index, (_, start, end) in enumerate(there):
        yield from _outside(f"{name}[{index}]", start, end, nights)


def _price_faults(prices: Sequence[Price], nights: int, units: set[str]) -> Iterator[Fault]:
    ends: dict[str, list[tuple[int, int, int]]] = {}
    for index, price in enumerate(prices):
        place = f"prices[{index}]"
        yield from _leading_nowhere(place, [price.unit], units, "unit")
        yield from _outside(place, price.start, price.end, nights)
        if not 0 <= price.points <= MOST_POINTS:
            yield place, f"points must be from 0 to {MOST_POINTS}, not {_shown(price.points)}"
        ends.setdefault(price.unit, []).append((price.start, price.end, index))
    for unit, spans in sorted(ends.items()):
        spans.sort()
        for (_, end, _), (start, _, index) in pairwise(spans):
            if start < end:
                yield f"prices[{index}]", f"prices night {start} of unit {unit!r} a second time"


def _out_of_range(fact: Any, ranges: Iterable[tuple[str, int, int]]) -> Iterator[Fault]:
    for name, least, most in ranges:
        value = getattr(fact, name)
        if value is not None and not (isfinite(value) and least <= value <= most):
            yield name, f"must be from {least} to {most}, not {_shown(value)}"


def _half_point(fact: UnitFacts | Need) -> Iterator[Fault]:
    if (fact.lat is None) != (fact.lon is None):
        yield ("lon" if fact.lon is None else "lat"), "is given without the other half of the point"


def _not_one_of(name: str, value: object, words: tuple[object, ...]) -> Iterator[Fault]:
    if value not in words:
        known = ", ".join("null" if word is None else str(word) for word in words)
        yield name, f"must be one of {known}, not {_shown(value)}"


def _leading_nowhere(name: str, named: Iterable[str], known: set[str], noun: str) -> Iterator[Fault]:
    for word in sorted(set(named) - known):
        yield name, f"names no {noun} of this instance: {_shown(word)}"


def _repeated(name: str, ids: Iterable[str]) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, word in enumerate(ids):
        if word in seen:
            yield f"{name}[{index}].id", f"is given twice: {_shown(word)}"
        seen.add(word)


def _prefixed(prefix: str, found: Iterator[Fault]) -> Iterator[Fault]:
    for place, reason in found:
        yield f"{prefix}.{place}", reason


def _shown(value: object, shorten: Callable[[object], str] = repr) -> str:
    """Return the value as a message may quote it: a hostile file must not fill the log."""
    if isinstance(value, int) and abs(value) > 10**30:
        return "a number of over 30 digits"
    text = shorten(value)
    return text if len(text) <= 60 else text[:57] + "…"
