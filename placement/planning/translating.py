"""Facts → Instance, the only translator, and a pure one.

Night 0 is the day of the facts. The horizon is at least 90 nights and reaches past the last known change, so that an
open-ended stay that fits the instance also fits the records for ever. Where that is further than the engine looks, the
last night stands for all nights after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from placement.domain.councils import Council
from placement.domain.features import SCARCE
from placement.matching.problem.facts import Price
from placement.matching.problem.instance import Instance
from placement.matching.problem.soundness import MOST_NIGHTS
from placement.planning.facts import World
from placement.planning.keys import unit_key
from placement.planning.needs import latest_start, needs_of
from placement.planning.units import caps_of, units_of

LEAST_NIGHTS = 90


def instance_from(world: World, *, council: Council, now: datetime) -> Instance:
    """Return what was read of the records as the problem of a council."""
    horizon = _horizon(world)
    return Instance(
        first_night=world.day,
        nights=horizon,
        city=council.code,
        scarce=frozenset(SCARCE),
        units=units_of(world, council, horizon, now),
        shared_caps=caps_of(world, horizon),
        needs=needs_of(world, horizon),
        prices=tuple(_prices(world, horizon)),
    )


def _horizon(world: World) -> int:
    starts = [(latest_start(each, world.day), each.nights or 1) for each in world.referrals]
    starts += [(stay.latest_on, stay.nights) for each in world.referrals for stay in each.further]
    ends = [start + timedelta(days=nights + 1) for start, nights in starts]
    last = max([world.day, *ends, world.last_change + timedelta(days=1)])
    return min(MOST_NIGHTS, max(LEAST_NIGHTS, (last - world.day).days))


def _prices(world: World, horizon: int) -> Iterator[Price]:
    """The newest prices of these units, their nights counted from this day."""
    if world.prices is None:
        return
    there = {unit_key(unit.id) for unit in world.units}
    gone = (world.day - world.prices.first_night).days
    for unit, start, end, points in world.prices.spans:
        if unit in there and gone < end and start - gone < horizon:
            yield Price(unit=unit, start=max(0, start - gone), end=min(horizon, end - gone), points=points)
