"""The ninety days once more, in which a proposal is no placement: providers answer after a time, and many say no.

- first come: whoever has waited longest, one provider asked at a time, the best place that is free.
- daily: the day's plan, steered by prices, says whom to ask, still one at a time: the engine alone.
- waves: the same plan, and as many providers at once as `waves` says it takes, learning how each answers.

Every policy meets the same people and the same providers: whether a provider takes a person, and after how long it
answers, is settled for the pair before anybody is asked. A place is taken only by a yes that is chosen, and never more
of them than there are; yeses that were not needed are counted. Who is planned for is asked about once the start is
`LEAD` nights nearer than it has to be settled, so that a no leaves time for the next; first come asks at once. Who has
no yes when the last start is `NOTICE` nights away goes out of the city; in a crisis that is after `CRISIS_HOURS`.

    .venv/bin/python -m benchmarks.answered
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

import numpy as np

from benchmarks.online import DAYS, HISTORY, HORIZON, LONGEST_SECONDS, NOTICE, Ninety, Policy
from benchmarks.streams import USUAL, a_city, a_stream, other_demand
from placement.matching.budget import Budget
from placement.matching.problem.facts import Current, Need
from placement.matching.problem.instance import Instance
from placement.matching.problem.plan import Plan
from placement.matching.table.columns import FIT, columns_of
from placement.matching.tiers.solving import solve
from placement.matching.waves.planning import Answers, Prior, prior_of, waves
from placement.matching.worth.first_come import first_come
from placement.matching.worth.futures import Arrival, History
from placement.matching.worth.prices import place_prices

HOUR = 60.0
CRISIS_HOURS, WORKING_DAY = 12.0, 8.0
"""Hours of a day in which somebody is asked and answers: in a crisis providers answer by day and by night."""
YES = (4.0, 2.0)
"""Of the Beta distribution from which each provider's readiness is drawn: two thirds on average, some hardly ever."""
HOURS = {"crisis": 1.5, "other": 10.0}
"""The median of the hours after which a provider answers; each has a pace of its own around it."""
LEAD = 5
LISTED = 12
"""How many of the ranked list are asked at the most."""
WANTED = 0.9

Asks = Callable[["Answering", Need, Sequence[str], float], Sequence[tuple[str, float]]]


@dataclass(slots=True, kw_only=True)
class Heard:
    """What asking cost: requests sent, yeses that were not needed, and the nights that each waited after the first
    possible start; all of the window where nobody took them."""

    asked: int = 0
    needless: int = 0
    waited: list[int] = field(default_factory=list)


class Providers:
    """How each provider answers, settled for every pair before anybody is asked."""

    def __init__(self, city: Instance, seed: str) -> None:
        self.seed = seed
        dice = Random(f"{seed}|providers")
        self.yes = {unit.id: dice.betavariate(*YES) for unit in city.units}
        self.pace = {unit.id: math.exp(dice.gauss(0, 0.5)) for unit in city.units}

    def answer(self, need: Need, unit: str) -> tuple[bool, float]:
        """Return whether a provider takes a person, and after how many minutes it says so."""
        dice = Random(f"{self.seed}|{need.id}|{unit}")
        median = HOURS["crisis" if need.kind == "crisis" else "other"] * HOUR
        return dice.random() < self.yes[unit], median * self.pace[unit] * math.exp(dice.gauss(0, 0.6))


class Answering(Ninety):
    """The ninety days, in which who is proposed is asked, and who says yes first in the list is chosen."""

    def __init__(
        self, city: Instance, stream: Iterable[Arrival], policy: Policy, *, asks: Asks, providers: Providers
    ) -> None:
        super().__init__(city, stream, policy)
        self.asks, self.providers, self.heard = asks, providers, Heard()
        self.answers: dict[tuple[str, str], Answers] = {}
        self.ready_at: dict[tuple[str, str], float] = {}
        self.day = 0

    def _decide(self, plan: Plan, day: int) -> None:
        """Ask about everybody whose time to be asked has come; a yes is a place for good, a no is heard for good."""
        self.day = day
        proposed = {match.need: Current(unit=match.unit, start=match.start + day) for match in plan.matches}
        ranked = self._ranked(day)
        for name, need in sorted(self.open.items(), key=lambda item: (item[1].latest, self.asked_on[item[0]], item[0])):
            found = proposed.get(name)
            starts = ranked.get(name, {})
            if found is not None:
                starts = {found.unit: found.start} | starts
            self._count(need, found)
            if not (self.policy.at_once or self._is_time(need, found)):
                self.open[name] = replace(need, current=found)
                continue
            chosen = self._ask(need, starts) if starts else None
            if chosen is not None:
                self.heard.waited.append(starts[chosen] - need.earliest)
                self._place(self.open[name], Current(unit=chosen, start=starts[chosen]))
            elif need.latest - NOTICE <= day or day == DAYS - 1:
                self.heard.waited.append(need.latest - need.earliest)
                self.tally.out.append(self.open.pop(name))
            else:
                self.open[name] = replace(self.open[name], current=None)

    def _is_time(self, need: Need, found: Current | None) -> bool:
        """Return whether somebody has to be asked about by now: the start is near, or the last one is."""
        start = need.latest if found is None else found.start
        return start - NOTICE - LEAD <= self.day or self.day >= DAYS - 1 - LEAD

    def _ranked(self, day: int) -> dict[str, dict[str, int]]:
        """Return, for every open need, the units in the order of their points, with the first start in each."""
        instance = self._instance(day)
        if not instance.needs:
            return {}
        columns = columns_of(instance)
        order = np.lexsort((columns.start, -columns.value(FIT, np.arange(len(columns)))))
        found: dict[str, dict[str, int]] = defaultdict(dict)
        for at in order:
            name = columns.needs[int(columns.need[at])].id
            unit = columns.table.units[int(columns.unit[at])].id
            found[name].setdefault(unit, int(columns.start[at]) + day)
        return {name: dict(list(units.items())[:LISTED]) for name, units in found.items()}

    def _ask(self, need: Need, starts: dict[str, int]) -> str | None:
        """Ask in one day's time as the policy says; return the unit that is chosen, if anybody says yes."""
        free = [unit for unit, start in starts.items() if self._is_free(need, unit, start)]
        minutes = (CRISIS_HOURS if need.kind == "crisis" else WORKING_DAY) * HOUR
        yeses: list[tuple[float, str]] = []
        nos: set[str] = set()
        chosen_at = minutes
        for unit, sent in self.asks(self, need, free, minutes):
            if yeses and sent > min(at for at, _ in yeses):
                break  # somebody has said yes before this one would have been asked
            takes, after = self._answer(need, unit, sent)
            if sent + after > minutes:
                continue
            self._learn(need, unit, takes, after)
            if takes:
                yeses.append((sent + after, unit))
                chosen_at = min(chosen_at, sent + after)
            else:
                nos.add(unit)
        if nos:
            known = self.open[need.id]
            self.open[need.id] = replace(known, declined_units=known.declined_units | nos)
        if not yeses:
            return None
        self.heard.needless += len(yeses) - 1
        return next(unit for unit in starts if any(unit == said for _, said in yeses))

    def _answer(self, need: Need, unit: str, sent: float) -> tuple[bool, float]:
        """Ask one provider; who was asked on an earlier day and has not answered goes on from there."""
        takes, after = self.providers.answer(need, unit)
        key = (need.id, unit)
        if key not in self.ready_at:
            self.heard.asked += 1
            per_day = (CRISIS_HOURS if need.kind == "crisis" else WORKING_DAY) * HOUR
            self.ready_at[key] = self.day * per_day + sent + after
        per_day = (CRISIS_HOURS if need.kind == "crisis" else WORKING_DAY) * HOUR
        return takes, max(0.0, self.ready_at[key] - self.day * per_day - sent)

    def _learn(self, need: Need, unit: str, takes: bool, after: float) -> None:
        key = (unit, need.kind)
        known = self.answers.get(key, Answers())
        self.answers[key] = replace(
            known, yes=known.yes + takes, no=known.no + (not takes), took=(*known.took, max(1.0, after))
        )

    def _is_free(self, need: Need, unit: str, start: int) -> bool:
        end = self.city.nights if need.nights is None else min(self.city.nights, start + need.nights)
        return bool(self.left[self.position[unit], start:end].min(initial=1) > 0)


def one_at_a_time(world: Answering, need: Need, ranked: Sequence[str], minutes: float) -> Sequence[tuple[str, float]]:
    """Ask the next one when the one before has said no; nobody is asked who could not answer in time any more."""
    found, at = [], 0.0
    for unit in ranked:
        if at >= minutes:
            break
        found.append((unit, at))
        takes, after = world.providers.answer(need, unit)
        waits = world.ready_at.get((need.id, unit))
        at += after if waits is None else max(0.0, after)
        if takes:
            break
    return found


def in_waves(world: Answering, need: Need, ranked: Sequence[str], minutes: float) -> Sequence[tuple[str, float]]:
    """Ask as many at once as it takes, and as many more half-way."""
    known = [world.answers.get((unit, need.kind), Answers()) for unit in ranked]
    market = [answers for (_, kind), answers in world.answers.items() if kind == need.kind]
    start = Prior(minutes=2 * HOUR * HOURS["crisis" if need.kind == "crisis" else "other"])
    until = minutes if need.kind == "crisis" else max(minutes, (need.latest - NOTICE - world.day) * WORKING_DAY * HOUR)
    planned = waves(known, until, wanted=WANTED, prior=prior_of(market, unknown=start))
    later = [(ranked[at], planned.second_after) for at in planned.second if planned.second_after < minutes]
    return [*((ranked[at], 0.0) for at in planned.first), *later]


def one_stream(seed: int, number: int) -> dict[str, Any]:
    """Live one stream under every policy and return the counts."""
    city = a_city(Random(f"{seed}|city|{number}"), HORIZON)
    dice = Random(f"{seed}|stream|{number}")
    stream = a_stream(other_demand(dice), DAYS, dice)
    providers = Providers(city, f"{seed}|{number}")
    history = History(days=HISTORY, arrivals=a_stream(USUAL, HISTORY, Random(f"{seed}|history|{number}")))
    priced = Policy(plan=_planned, prices=lambda instance: place_prices(instance, history))
    policies: dict[str, tuple[Policy, Asks]] = {
        "first_come": (Policy(plan=first_come, at_once=True), one_at_a_time),
        "daily": (priced, one_at_a_time),
        "waves": (priced, in_waves),
    }
    told: dict[str, Any] = {}
    for name, (policy, asks) in policies.items():
        world = Answering(city, stream, policy, asks=asks, providers=providers)
        told[name] = world.live().told() | {
            "asked": world.heard.asked,
            "needless_yeses": world.heard.needless,
            "nights_waited": sum(world.heard.waited),
        }
    return {"people": len(stream), **told}


def _planned(instance: Instance) -> Plan:
    return solve(instance, budget=Budget(seconds=LONGEST_SECONDS))


def measure(seed: int = 0, streams: int = 5) -> dict[str, Any]:
    """Return each stream's counts and their sums, as plain JSON values."""
    each = [one_stream(seed, number) for number in range(streams)]
    summed = ("out_of_city", "crisis_out_of_city", "nights_waited", "asked", "needless_yeses", "seconds")
    sums = {
        name: {key: round(sum(told[name][key] for told in each), 1) for key in summed}
        for name in ("first_come", "daily", "waves")
    }
    return {"seed": seed, "days": DAYS, "people": sum(told["people"] for told in each), "all": sums, "streams": each}


if __name__ == "__main__":
    print(json.dumps(measure(), indent=1))
