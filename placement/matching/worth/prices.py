"""What a place is worth to people still to come, in points a night: the bid prices of revenue management.

Futures are drawn from what was asked for before, the engine's own relaxation gives out the places to everybody who is
open or still to come, and its duals are averaged over the futures and over the week around each night. As `prices` of
an instance they steer its `fit`: which place somebody gets, never whether. (Talluri & van Ryzin, The Theory and
Practice of Revenue Management, ch. 3; Ahani and others, Operations Research 2024, for refugees and dual prices.)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from typing import TypeVar

import numpy as np

from placement.matching.problem.facts import Need, Neighbour, Nights, Price, Resident, ServiceNights, Span
from placement.matching.problem.instance import Instance
from placement.matching.problem.series import stays_of
from placement.matching.table.arrays import Floats
from placement.matching.worth.duals import place_duals
from placement.matching.worth.futures import FUTURES, LOOK_AHEAD, History, futures

There = TypeVar("There", Nights, Neighbour, Resident, ServiceNights)
WEEK = 7
DENSER = 2.5
"""The relaxation knows its future from the first day and packs it without loss, which nobody can do who decides day by
day. So it is given more people than will come: what is then short is what runs short in practice."""


def place_prices(
    instance: Instance, history: History, *, seed: int = 0, nights: int = LOOK_AHEAD, count: int = FUTURES
) -> tuple[Price, ...]:
    """Return what a place is worth to people still to come.

    Parameters
    ----------
    instance
        The market now; the prices that it has already, and limits on them, do not count. Its order does not matter.
    history
        What was asked for before.
    seed
        Of the futures: the same seed gives the same prices.
    nights
        How many nights from the first have prices.
    count
        How many futures the duals are averaged over.

    Returns
    -------
    tuple
        Of prices of the city's places, in whole points a night, none of them 0, by unit, then night.

    Raises
    ------
    RuntimeError
        If the solver fails.
    """
    seen = _in_sight(instance, min(nights, instance.nights))
    ahead = futures(history, seen.nights, seed=seed, count=count, denser=DENSER)
    duals = sum(place_duals(replace(seen, needs=(*seen.needs, *_competing(coming)))) for coming in ahead) / count
    names = sorted(unit.id for unit in seen.units)
    return tuple(_prices(names, _smoothed(np.asarray(duals))))


def _in_sight(instance: Instance, nights: int) -> Instance:
    """Return the city's units and the open needs that compete for them, cut to the nights looked at."""
    instance = stays_of(instance).instance
    here = [unit for unit in instance.units if unit.authority == instance.city]
    known = sorted(_competing(instance.needs), key=lambda need: need.id)
    return replace(
        instance,
        nights=nights,
        units=tuple(
            replace(
                unit,
                free=tuple(_cut(unit.free, nights)),
                residents=_still(unit.residents, nights),
                solo=_still(unit.solo, nights),
                company=_still(unit.company, nights),
                crises=_still(unit.crises, nights),
            )
            for unit in here
        ),
        shared_caps=tuple(
            replace(cap, free=None if cap.free is None else tuple(_cut(cap.free, nights)))
            for cap in instance.shared_caps
        ),
        needs=tuple(
            replace(
                need,
                id=f"open {number}",
                latest=min(need.latest, nights - 1),
                apart=frozenset(),
                current=None,
                hold_above=None,
                extra_points={},
                home_nights=_still(need.home_nights, nights),
                apart_nights=_still(need.apart_nights, nights),
            )
            for number, need in enumerate(known, 1)
            if need.earliest < nights
        ),
        prices=(),
    )


def _competing(needs: Iterable[Need]) -> Iterator[Need]:
    """Yield those who want a place in the city: who would rather be elsewhere is in nobody's way."""
    return (need for need in needs if not need.wants_out_of_city)


def _cut(free: Iterable[Span], nights: int) -> Iterator[Span]:
    return (Span(start, min(end, nights), places) for start, end, places in free if start < nights)


def _still(there: Iterable[There], nights: int) -> tuple[There, ...]:
    """Return what stands by nights, cut to the nights looked at."""
    return tuple(each._replace(end=min(each.end, nights)) for each in there if each.start < nights)


def _smoothed(duals: Floats) -> Floats:
    """Return the mean over the week around each night, cut where the nights begin and end."""
    nights = duals.shape[1]
    before = np.concatenate([np.zeros((len(duals), 1)), np.cumsum(duals, axis=1)], axis=1)
    first = np.maximum(0, np.arange(nights) - WEEK // 2)
    last = np.minimum(nights, np.arange(nights) + WEEK // 2 + 1)
    return np.asarray((before[:, last] - before[:, first]) / (last - first))


def _prices(names: Iterable[str], nightly: Floats) -> Iterator[Price]:
    """Yield the runs of nights that cost the same, by unit, then night."""
    for name, row in zip(names, np.rint(nightly).astype(np.int64).tolist(), strict=True):
        start = 0
        for points, run in groupby(row):
            end = start + len(list(run))
            if points:
                yield Price(unit=name, start=start, end=end, points=points)
            start = end
