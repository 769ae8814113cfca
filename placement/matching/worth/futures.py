"""What may still be asked for: futures drawn from the needs of the past.

Every kind of need keeps the rate at which it came. Each arrival repeats what somebody of its kind needed, near where
somebody of its kind came from: two draws, so that a year of a few hundred needs gives more than a replay of itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from placement.matching.problem.facts import Need

LOOK_AHEAD = 45
"""Nights that prices are worked out for, unless it is said: the relaxation of twice as many takes ten times as long."""
FUTURES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A need of the past and the day on which it came; its `earliest` and `latest` count from that day."""

    day: int
    need: Need


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """All that was asked for on the days 0 … `days` − 1. Raises ValueError where an arrival lies outside them."""

    days: int
    arrivals: tuple[Arrival, ...]

    def __post_init__(self) -> None:
        if self.days < 1:
            raise ValueError(f"a history has at least one day, not {self.days}")
        for arrival in self.arrivals:
            if not 0 <= arrival.day < self.days:
                raise ValueError(f"{arrival.need.id} came on day {arrival.day} of {self.days}")


def futures(
    history: History, nights: int, *, seed: int = 0, count: int = FUTURES, denser: float = 1.0
) -> tuple[tuple[Need, ...], ...]:
    """Return what may be asked for, drawn from what was.

    Parameters
    ----------
    history
        The needs of the past, in whatever order, by the day on which each came.
    nights
        How many nights each future has, from night 0.
    seed
        The same seed gives the same futures.
    count
        How many futures.
    denser
        Multiplies the rates of the past.

    Returns
    -------
    tuple
        Of futures: for each the needs that start in it, by arrival. Each kind of need is a Poisson stream.
    """
    past: dict[str, list[Need]] = {}
    for arrival in sorted(history.arrivals, key=lambda arrival: (arrival.day, arrival.need.id)):
        past.setdefault(arrival.need.kind, []).append(arrival.need)
    days = history.days / denser
    return tuple(_future(past, days, nights, Random(f"{seed}|{number}")) for number in range(count))


def _future(past: dict[str, list[Need]], days: float, nights: int, dice: Random) -> tuple[Need, ...]:
    coming = [arrival for kind in sorted(past) for arrival in _of_one_kind(past[kind], days, nights, dice)]
    coming.sort(key=lambda arrival: arrival.day)
    return tuple(replace(arrival.need, id=f"future {number}") for number, arrival in enumerate(coming, 1))


def _of_one_kind(known: list[Need], days: float, nights: int, dice: Random) -> Iterator[Arrival]:
    """Yield a Poisson stream at the rate of the past: the gaps between arrivals are exponential."""
    when = dice.expovariate(len(known) / days)
    while when < nights:
        day, need = int(when), _mixed(dice.choice(known), dice.choice(known))
        if day + need.earliest < nights:
            latest = min(day + need.latest, nights - 1)
            yield Arrival(day=day, need=replace(need, earliest=day + need.earliest, latest=latest))
        when += dice.expovariate(len(known) / days)


def _mixed(pattern: Need, home: Need) -> Need:
    """Return somebody who needs what one person of the past needed, near where another came from.

    What bound the first to particular people and places binds nobody else.
    """
    return replace(
        pattern,
        waited_days=0,
        lat=home.lat,
        lon=home.lon,
        max_miles=home.max_miles,
        avoid_services=frozenset(),
        declined_units=frozenset(),
        apart=frozenset(),
        home_nights=(),
        apart_nights=(),
        booked_on=(),
        current=None,
        hold_above=None,
        extra_points={},
    )
