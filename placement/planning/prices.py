"""Prices of places in the records: what a computation leaves there for every snapshot to take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib.metadata import version

from sqlalchemy import delete
from sqlalchemy.orm import Session

from placement import __version__
from placement.domain.people import Actor
from placement.matching.problem.facts import Price
from placement.records.events import record
from placement.records.prices import PriceList

KEPT = timedelta(days=60)
"""Long enough to compare; each run keeps the prices that it was solved with for good, in its instance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Computed:
    """The answer of a computation and what it was made from: `arrivals` people in `history_days` days."""

    prices: Sequence[Price]
    first_night: date
    nights: int
    seed: int
    history_days: int
    arrivals: int
    seconds: float


def save_prices(session: Session, computed: Computed, *, by: Actor, now: datetime) -> PriceList:
    """Store prices for every snapshot from now on, and forget those of two months ago."""
    session.execute(delete(PriceList).where(PriceList.computed_at < now - KEPT))
    row = PriceList(
        computed_at=now,
        first_night=computed.first_night,
        nights=computed.nights,
        seed=computed.seed,
        history_days=computed.history_days,
        arrivals=computed.arrivals,
        seconds=round(computed.seconds, 3),
        versions={"placement": __version__} | {name: version(name) for name in ("ortools", "numpy")},
        prices=[[price.unit, price.start, price.end, price.points] for price in computed.prices],
    )
    session.add(row)
    record(session, "prices_computed", row, by=by, now=now, arrivals=row.arrivals, prices=len(row.prices))
    return row
