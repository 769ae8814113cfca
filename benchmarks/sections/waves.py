"""How many providers to ask at once, on simulated crisis referrals: computed waves, one at a time, and all at once.

Each provider has a hidden chance of yes and a hidden rate of answering, drawn for each referral anew; the product sees
only some earlier answers, of which late ones never came. Hidden values are drawn once from what the prior says of the
unknown and once from a market that says no oftener and answers later than the prior thinks, which the product can only
know from that market's earlier answers.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from benchmarks.findings import Findings, percent
from benchmarks.fresh import fresh
from placement.matching.waves.planning import Answers, Prior, Waves, prior_of, waves

REFERRALS, MINUTES, WANTED = 10_000, 120.0, 0.9
EACH_HAS = 40.0
"""Minutes that each has to answer, where one is asked after the other."""
PROVIDERS = 200
"""Of whose answers the market's own averages are made."""
CANDIDATES, EARLIER = (3, 12), (0, 8)
"""How many providers fit a referral, and how many earlier requests each has had."""
MARKETS = {"as the prior thinks": Prior(), "harder than it thinks": Prior(answers=4.0, yes=1.2, minutes=240.0)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one referral: minutes to a yes in time (None: none), its rank, how many were asked, and how many
    said yes, in time or not, without being needed."""

    minutes: float | None
    rank: int | None
    asked: int
    wasted: int


Said = tuple[bool, float]
"""Whether an answer is yes, and the minutes from the request to it."""


def run(quick: bool) -> Findings:
    """Simulate 10,000 crisis referrals in each of two markets; quick: 300."""
    found = Findings()
    for name in MARKETS:
        told = fresh(simulated, market=name, referrals=300 if quick else REFERRALS).value
        rows = [[method, *(told["methods"][method][figure] for figure in FIGURES)] for method in told["methods"]]
        heads = (
            "method",
            "in time, %",
            "minutes to a yes",
            "95%",
            "asked",
            "yeses not needed",
            "rank of the first yes",
        )
        found.table(f"A market {name}: {told['referrals']:,} referrals with 120 minutes each", heads, rows)
        ours, one, every = (told["methods"][method] for method in METHODS)
        gap = round(ours["in_time"] - told["promised"], 1)
        figure = f"{name}: {ours['in_time']}% in time, {told['promised']}% promised"
        found.reach("waves", figure, abs(gap) <= 2)
        figure = f"{name}: one at a time {one['in_time']}% in time"
        found.reach("waves", figure, ours["in_time"] > one["in_time"])
        figure = f"{name}: {ours['wasted']} yeses not needed a referral, {every['wasted']} where all are asked"
        found.reach("waves", figure, ours["wasted"] < every["wasted"])
    found.notes.append(
        "What is promised counts both waves. What is expected of a provider without answers is learnt from 200 others."
    )
    return found


FIGURES = ("in_time", "median", "late", "asked", "wasted", "rank")
METHODS = ("computed waves", "one at a time", "all at once")


def simulated(market: str, referrals: int) -> dict[str, Any]:
    """Simulate so many referrals; a measured piece."""
    dice, promised = random.Random(market), 0.0
    before = [_seen(dice, _provider(dice, MARKETS[market]), dice.randint(*EARLIER)) for _ in range(PROVIDERS)]
    prior = prior_of(before)
    outcomes: dict[str, list[Outcome]] = {method: [] for method in METHODS}
    for _ in range(referrals):
        hidden = [_provider(dice, MARKETS[market]) for _ in range(dice.randint(*CANDIDATES))]
        known = [_seen(dice, one, dice.randint(*EARLIER)) for one in hidden]
        plan = waves(known, MINUTES, wanted=WANTED, prior=prior)
        promised += plan.chance
        said = [_answer(dice, one) for one in hidden]
        for method, asking in zip(METHODS, (_in_waves(plan), _one_by_one, _all_at_once), strict=True):
            outcomes[method].append(asking(said))
    return {
        "referrals": referrals,
        "promised": percent(promised, referrals),
        "methods": {method: _figures(rows) for method, rows in outcomes.items()},
    }


def _provider(dice: random.Random, market: Prior) -> tuple[float, float]:
    return dice.betavariate(market.yes, market.answers - market.yes), dice.gammavariate(
        market.timed, 1 / market.minutes
    )


def _answer(dice: random.Random, hidden: tuple[float, float]) -> Said:
    chance, rate = hidden
    return dice.random() < chance, dice.expovariate(rate)


def _seen(dice: random.Random, hidden: tuple[float, float], requests: int) -> Answers:
    """Return what is known of a provider after some requests, of which it answered those that it could in time."""
    said = [_answer(dice, hidden) for _ in range(requests)]
    came = [(yes, minutes) for yes, minutes in said if minutes <= MINUTES]
    return Answers(
        yes=sum(yes for yes, _ in came),
        no=sum(not yes for yes, _ in came),
        took=tuple(minutes for _, minutes in came),
        waited=(MINUTES,) * (len(said) - len(came)),
    )


def _in_waves(plan: Waves) -> Callable[[Sequence[Said]], Outcome]:
    def asked(said: Sequence[Said]) -> Outcome:
        first = _yeses(said, plan.first, 0.0)
        has_yes = any(minutes <= plan.second_after for minutes, _ in first)
        second = [] if has_yes else _yeses(said, plan.second, plan.second_after)
        return _outcome([*first, *second], len(plan.first) + (0 if has_yes else len(plan.second)))

    return asked


def _all_at_once(said: Sequence[Said]) -> Outcome:
    return _outcome(_yeses(said, range(len(said)), 0.0), len(said))


def _one_by_one(said: Sequence[Said]) -> Outcome:
    """Ask the next when one has said no, or not answered in its time."""
    clock = 0.0
    for rank, (is_yes, minutes) in enumerate(said):
        if clock >= MINUTES:
            return Outcome(minutes=None, rank=None, asked=rank, wasted=0)
        if is_yes and minutes <= EACH_HAS and clock + minutes <= MINUTES:
            return Outcome(minutes=clock + minutes, rank=rank + 1, asked=rank + 1, wasted=0)
        clock += min(minutes, EACH_HAS)
    return Outcome(minutes=None, rank=None, asked=len(said), wasted=0)


def _yeses(said: Sequence[Said], who: Sequence[int], after: float) -> list[tuple[float, int]]:
    found = [(after + said[number][1], number) for number in who if said[number][0]]
    return [each for each in found if each[0] <= MINUTES]


def _outcome(yeses: Sequence[tuple[float, int]], asked: int) -> Outcome:
    if not yeses:
        return Outcome(minutes=None, rank=None, asked=asked, wasted=0)
    minutes, number = min(yeses)
    return Outcome(minutes=minutes, rank=number + 1, asked=asked, wasted=len(yeses) - 1)


def _figures(rows: Sequence[Outcome]) -> dict[str, float]:
    took = sorted(row.minutes for row in rows if row.minutes is not None)
    ranks = [row.rank for row in rows if row.rank is not None]
    return {
        "in_time": percent(len(took), len(rows)),
        "median": round(median(took), 1),
        "late": round(took[int(0.95 * len(took))], 1),
        "asked": round(sum(row.asked for row in rows) / len(rows), 2),
        "wasted": round(sum(row.wasted for row in rows) / len(rows), 2),
        "rank": round(sum(ranks) / len(ranks), 2),
    }
