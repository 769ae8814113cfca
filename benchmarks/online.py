"""Ninety days on which nobody knows who will ask tomorrow, lived through by four policies.

- first come: whoever has waited longest is given the best place in the city that is free, for good.
- daily: every day all open needs are planned anew; what starts within `NOTICE` nights is for good.
- priced: the same, and prices of places steer which place; they come from the history of another demand.
- hindsight: nobody can do better than the relaxation of the whole stream, all of it known on the first day.

Nobody is put out of a place. Who has no place in the city when the last start is `NOTICE` nights away goes out of it;
for people in crisis that is the day on which they ask. Streams, history and city are drawn from seeds (see `streams`).
Goals: a fifth fewer out of the city than first come, and three fifths of the way from first come to hindsight.

    .venv/bin/python -m benchmarks.online
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from random import Random
from typing import Any

import numpy as np

from benchmarks.streams import USUAL, a_city, a_stream, other_demand
from placement.matching.budget import Budget
from placement.matching.problem.facts import Current, Need, Price, Span
from placement.matching.problem.instance import Instance
from placement.matching.problem.plan import Plan
from placement.matching.solvers.glop import relax
from placement.matching.solvers.program import NOBODY, Program
from placement.matching.table.arrays import Whole
from placement.matching.table.columns import columns_of
from placement.matching.table.reduction import Reduction
from placement.matching.table.units import UnitTable
from placement.matching.tiers.solving import solve
from placement.matching.worth.first_come import first_come
from placement.matching.worth.futures import Arrival, History
from placement.matching.worth.prices import place_prices

DAYS = 90
HORIZON = 118
"""Nights that a plan looks at: stays that begin on the last days are seen for four weeks."""
NOTICE = 3
PRICED_EVERY = 14
"""Days between two computations of prices; in the product they are made every night."""
HISTORY = 365
SUMMED = ("out_of_city", "crisis_out_of_city", "seconds")
LONGEST_SECONDS = 20.0
"""A day's solve takes a fifth of a second; this is only to end one that never would."""

Planning = Callable[[Instance], Plan]
Pricing = Callable[[Instance], tuple[Price, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How a day is decided: the plan of what is open, whether all of it is for good, and what prices steer it."""

    plan: Planning
    at_once: bool = False
    prices: Pricing | None = None


@dataclass(slots=True, kw_only=True)
class Tally:
    """What became of everybody: needs by where they went, and how often a proposal of the day before was kept."""

    met: list[Need] = field(default_factory=list)
    out: list[Need] = field(default_factory=list)
    proposals: int = 0
    changed: int = 0
    seconds: float = 0.0

    def told(self) -> dict[str, Any]:
        """Return the counts as plain values."""
        kinds = Counter(need.kind for need in self.out)
        return {
            "in_city": len(self.met),
            "out_of_city": len(self.out),
            "out_of_city_by_kind": dict(sorted(kinds.items())),
            "crisis_out_of_city": kinds["crisis"],
            "proposals_changed": round(self.changed / max(1, self.proposals), 4),
            "seconds": round(self.seconds, 1),
        }


class Ninety:
    """A city on its way through the days of a stream. Nights count from the first day."""

    def __init__(self, city: Instance, stream: Iterable[Arrival], policy: Policy) -> None:
        self.city, self.policy, self.tally = city, policy, Tally()
        table = UnitTable(city)
        self.units, self.position = table.units, table.position
        self.left = table.free.astype(np.int64)
        self.coming: dict[int, list[Need]] = {}
        for arrival in stream:
            self.coming.setdefault(arrival.day, []).append(_dated(arrival))
        self.open: dict[str, Need] = {}
        self.asked_on: dict[str, int] = {}
        self.prices: tuple[Price, ...] = ()

    def live(self) -> Tally:
        """Live through all days; on the last one everything is decided."""
        began = time.process_time()
        for day in range(DAYS):
            for need in self.coming.get(day, []):
                self.open[need.id], self.asked_on[need.id] = need, day
            if self.policy.prices is not None and day % PRICED_EVERY == 0:
                self.prices = tuple(_moved(self.policy.prices(self._instance(day)), day))
            self._decide(self.policy.plan(self._instance(day)), day)
        self.tally.seconds = time.process_time() - began
        return self.tally

    def _instance(self, day: int) -> Instance:
        """Return what is open and free on a day, with the nights counted from it."""
        units = (replace(unit, free=_spans(row[day:])) for unit, row in zip(self.units, self.left, strict=True))
        return replace(
            self.city,
            nights=self.city.nights - day,
            units=tuple(units),
            needs=tuple(self._seen_on(day, need) for need in self.open.values()),
            prices=tuple(_moved(self.prices, -day)),
        )

    def _seen_on(self, day: int, need: Need) -> Need:
        return replace(
            need,
            earliest=max(0, need.earliest - day),
            latest=need.latest - day,
            waited_days=day - self.asked_on[need.id],
            current=need.current and Current(unit=need.current.unit, start=need.current.start - day),
        )

    def _decide(self, plan: Plan, day: int) -> None:
        """Keep for good what begins soon, let those go whose time is up, and remember the rest as proposals."""
        proposed = {match.need: Current(unit=match.unit, start=match.start + day) for match in plan.matches}
        for name, need in list(self.open.items()):
            found = proposed.get(name)
            self._count(need, found)
            is_due = need.latest - NOTICE <= day or day == DAYS - 1
            if found and (is_due or self.policy.at_once or found.start - NOTICE <= day):
                self._place(need, found)
            elif is_due:
                self.tally.out.append(self.open.pop(name))
            else:
                self.open[name] = replace(need, current=found)

    def _count(self, need: Need, found: Current | None) -> None:
        if need.current is not None:
            self.tally.proposals += 1
            self.tally.changed += found != need.current

    def _place(self, need: Need, found: Current) -> None:
        end = self.city.nights if need.nights is None else min(self.city.nights, found.start + need.nights)
        taken = self.left[self.position[found.unit], found.start : end]
        taken -= 1
        if taken.min() < 0:
            raise AssertionError(f"{need.id} was given a place that is not there")
        self.tally.met.append(self.open.pop(need.id))


def _dated(arrival: Arrival) -> Need:
    need, day = arrival.need, arrival.day
    last = HORIZON - 1
    return replace(need, earliest=min(last, need.earliest + day), latest=min(last, need.latest + day))


def _moved(prices: Iterable[Price], nights: int) -> Iterable[Price]:
    return (
        replace(price, start=max(0, price.start + nights), end=price.end + nights)
        for price in prices
        if price.end + nights > 0
    )


def _spans(places: Whole) -> tuple[Span, ...]:
    cuts = [0, *(np.flatnonzero(np.diff(places)) + 1).tolist(), len(places)]
    return tuple(Span(start, end, int(places[start])) for start, end in pairwise(cuts) if places[start])


def fewest_out(city: Instance, stream: Sequence[Arrival]) -> float:
    """Return how many people at least go out of the city, whoever decides: the relaxation of the whole stream."""
    columns = columns_of(replace(city, needs=tuple(map(_dated, stream))))
    met = 0.0
    for part in Reduction(columns).parts():
        one_each = np.ones(len(part.active), np.int64)
        relaxed = relax(
            Program(need=columns.need[part.active], must=NOBODY, rows=part.rows, worth=one_each, earlier=[])
        )
        if relaxed is None:
            raise RuntimeError("the relaxation of the stream gave no answer")
        met += float(relaxed.used.sum())
    return len(stream) - met


def one_stream(seed: int, number: int) -> dict[str, Any]:
    """Live one stream under every policy and return the counts; `hindsight` is a bound, so it may be a fraction."""
    city = a_city(Random(f"{seed}|city|{number}"), HORIZON)
    history = History(days=HISTORY, arrivals=a_stream(USUAL, HISTORY, Random(f"{seed}|history|{number}")))
    dice = Random(f"{seed}|stream|{number}")
    stream = a_stream(other_demand(dice), DAYS, dice)
    policies = {
        "first_come": Policy(plan=first_come, at_once=True),
        "daily": Policy(plan=_planned),
        "priced": Policy(plan=_planned, prices=lambda instance: place_prices(instance, history)),
    }
    told: dict[str, Any] = {name: Ninety(city, stream, policy).live().told() for name, policy in policies.items()}
    best = fewest_out(city, stream)
    for name in ("daily", "priced"):
        told[name] |= _beside(told["first_come"], told[name], best)
    return {"people": len(stream), "hindsight_out_of_city": round(best, 2), **told}


def _planned(instance: Instance) -> Plan:
    return solve(instance, budget=Budget(seconds=LONGEST_SECONDS))


def _beside(usual: dict[str, Any], now: dict[str, Any], best: float) -> dict[str, float]:
    """Return the shares of those under first come who are spared it, and of the way to hindsight."""
    spared, crisis = (usual[what] - now[what] for what in ("out_of_city", "crisis_out_of_city"))
    return {
        "fewer_out_of_city": round(spared / max(1, usual["out_of_city"]), 3),
        "fewer_crisis_out_of_city": round(crisis / max(1, usual["crisis_out_of_city"]), 3),
        "gap_closed": round(spared / max(1e-9, usual["out_of_city"] - best), 3),
    }


def measure(seed: int = 0, streams: int = 5) -> dict[str, Any]:
    """Return each stream's counts and, over all of them, what the goals are about, as plain JSON values.

    `seconds` are of processor time. The shares are of sums over the streams, not means of shares.
    """
    each = [one_stream(seed, number) for number in range(streams)]
    hindsight = sum(told["hindsight_out_of_city"] for told in each)
    sums = {
        name: {key: round(sum(told[name][key] for told in each), 1) for key in SUMMED}
        for name in ("first_come", "daily", "priced")
    }
    for name in ("daily", "priced"):
        changed = float(np.mean([told[name]["proposals_changed"] for told in each]))
        sums[name] |= _beside(sums["first_come"], sums[name], hindsight) | {"proposals_changed": round(changed, 4)}
    return {
        "seed": seed,
        "days": DAYS,
        "people": sum(told["people"] for told in each),
        "hindsight_out_of_city": round(hindsight, 2),
        "all": sums,
        "streams": each,
        "goals": {
            "fewer_out_of_city": {"wanted": 0.2, "reached": sums["priced"]["fewer_out_of_city"]},
            "gap_closed": {"wanted": 0.6, "reached": sums["priced"]["gap_closed"]},
        },
    }


if __name__ == "__main__":
    print(json.dumps(measure(), indent=1))
