"""Compute the prices of places in a child process of the worker, as a solve is.

Measured: one second for a city of 285 units and 500 referrals a year, growing faster than the city. It is arithmetic
that holds the interpreter, and the threads of the worker that watch a solve must not wait for it.
"""

from __future__ import annotations

import time

from placement.domain.councils import COVENTRY
from placement.domain.people import SYSTEM
from placement.jobs.child import Say, working
from placement.jobs.claimed import Clock
from placement.matching.problem.facts import Price
from placement.matching.worth.futures import LOOK_AHEAD
from placement.planning.demand import Demand, demand
from placement.planning.prices import Computed, save_prices
from placement.records.accounts import councils_at_work
from placement.records.prices import PriceList
from placement.records.sessions import Store

LONGEST_SECONDS = 30 * 60


def price_places(store: Store, *, clock: Clock) -> None:
    """Compute the prices of today for every council that works here."""
    with store.reading() as session:
        councils = councils_at_work(session)
    for council in councils:
        compute_prices(store, council=council, clock=clock)


def compute_prices(store: Store, *, council: str = COVENTRY.code, clock: Clock, seed: int = 0) -> PriceList:
    """Compute a council's prices of today and store them. If that fails (RuntimeError, TimeoutError) nothing is stored.

    The seed stays the same from night to night, so that prices move with the records and not with the dice.
    """
    with store.reading(council) as session:
        asked = demand(session, now=clock())
    began = time.monotonic()
    prices = _in_a_child(asked, seed)
    computed = Computed(
        prices=prices,
        first_night=asked.instance.first_night,
        nights=min(LOOK_AHEAD, asked.instance.nights),
        seed=seed,
        history_days=asked.history.days,
        arrivals=len(asked.history.arrivals),
        seconds=time.monotonic() - began,
    )
    with store.writing(council) as session:
        return save_prices(session, computed, by=SYSTEM, now=clock())


def _in_a_child(asked: Demand, seed: int) -> tuple[Price, ...]:
    with working(_priced, (asked, seed), called="The process that computed the prices") as child:
        prices: tuple[Price, ...] | None = child.answer(within=LONGEST_SECONDS)
    if prices is None:
        raise TimeoutError("The prices were not there in time, and their computation was ended.")
    return prices


def _priced(given: tuple[Demand, int], _say: Say) -> tuple[Price, ...]:
    from placement.matching.worth.prices import place_prices

    asked, seed = given
    return place_prices(asked.instance, asked.history, seed=seed)
