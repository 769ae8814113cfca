"""Whom to ask first and whom next, so that somebody says yes in time and few are asked for nothing.

A provider says yes with a chance that is a Beta distribution over its answers so far, and answers after a time that is
exponential with a Gamma distribution over its rate; both are conjugate, so what is expected of the next answer is exact
(Gelman et al., Bayesian Data Analysis, 3rd ed. 2013, chapter 2). A request that was never answered says how long nobody
answered, which the Gamma takes as it is. Providers answer independently of one another.

The order is the matcher's. Whoever says yes is no placement yet: a person chooses.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LEAST = 0.01
"""Whoever would add less than this to the chance is not asked: it cannot answer in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """What is expected of a provider of whom nothing is known: so many answers of which so many were yes, and so many
    answers that took so many minutes in all."""

    answers: float = 2.0
    yes: float = 1.0
    timed: float = 2.0
    minutes: float = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """How one provider has answered requests of this kind: how many with yes and no, the minutes that each answer took,
    and the minutes that each request waited which nobody answered."""

    yes: int = 0
    no: int = 0
    took: tuple[float, ...] = ()
    waited: tuple[float, ...] = ()

    def yes_chance(self, prior: Prior) -> float:
        """Return the chance that the next answer is yes."""
        return (prior.yes + self.yes) / (prior.answers + self.yes + self.no)

    def by_then(self, minutes: float, prior: Prior) -> float:
        """Return the chance that the next answer, whatever it is, takes at most so many minutes."""
        if minutes <= 0:
            return 0.0
        shape, spent = prior.timed + len(self.took), prior.minutes + sum(self.took) + sum(self.waited)
        return float(-math.expm1(-shape * math.log1p(minutes / spent)))

    def chance(self, minutes: float, prior: Prior) -> float:
        """Return the chance of a yes within so many minutes."""
        return self.yes_chance(prior) * self.by_then(minutes, prior)


def together(several: Iterable[Answers]) -> Answers:
    """Return what is known of one provider from several requests."""
    rows = list(several)
    return Answers(
        yes=sum(each.yes for each in rows),
        no=sum(each.no for each in rows),
        took=tuple(minutes for each in rows for minutes in each.took),
        waited=tuple(minutes for each in rows for minutes in each.waited),
    )


def prior_of(market: Iterable[Answers], *, unknown: Prior | None = None) -> Prior:
    """Return what to expect of a provider of whom nothing is known in a market: what all the others did on average,
    counting for as much as `unknown` does, which stands in for a market of which nothing is known itself."""
    start = unknown or Prior()
    yes, answers, timed, minutes = start.yes, start.answers, start.timed, start.minutes
    for one in market:
        yes, answers = yes + one.yes, answers + one.yes + one.no
        timed, minutes = timed + len(one.took), minutes + sum(one.took) + sum(one.waited)
    return Prior(
        answers=start.answers,
        yes=start.answers * yes / answers,
        timed=start.timed,
        minutes=start.timed * minutes / timed,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Waves:
    """Whom to ask at once, and whom after `second_after` minutes unless somebody has said yes by then: positions in the
    ranked list. With the chance of a yes in time from the first wave alone, from both, and from each if asked now."""

    first: tuple[int, ...]
    second: tuple[int, ...]
    second_after: float
    first_chance: float
    chance: float
    chances: tuple[float, ...]


def waves(
    ranked: Sequence[Answers],
    minutes: float,
    *,
    wanted: float = 0.9,
    second_after: float = 0.5,
    prior: Prior | None = None,
) -> Waves:
    """Return the fewest to ask at once that reach a chance of a yes in time, and the fewest more for later.

    Parameters
    ----------
    ranked
        How each has answered, best match first.
    minutes
        There are until the answer is needed.
    wanted
        The chance to reach; where all together do not reach it, all are asked.
    second_after
        When the second wave goes out, as a share of the minutes. It has as many as bring the chance back to `wanted`,
        if nobody has said yes by then.
    prior
        Of a provider of whom nothing is known.
    """
    known, until = prior or Prior(), minutes * second_after
    chances = tuple(each.chance(minutes, known) for each in ranked)
    able = [number for number, chance in enumerate(chances) if chance >= LEAST]
    first = _fewest(able, chances, wanted, already=0.0)
    # What the first wave still promises, if it has said nothing by then.
    left = [_still(ranked[number], minutes, until, known) for number in first]
    rest = [number for number in able if number not in first]
    later = [each.chance(minutes - until, known) for each in ranked]
    rest = [number for number in rest if later[number] >= LEAST]
    second = _fewest(rest, later, wanted, already=_any(left))
    nobody = (1 - _any([chances[number] for number in first])) * (1 - _any([later[number] for number in second]))
    return Waves(
        first=first,
        second=second,
        second_after=until,
        first_chance=_any([chances[number] for number in first]),
        chance=1 - nobody,
        chances=chances,
    )


def _fewest(able: Sequence[int], chances: Sequence[float], wanted: float, *, already: float) -> tuple[int, ...]:
    """Return the shortest beginning of a list that reaches the chance, all of it where nothing does."""
    nobody = 1 - already
    for count, number in enumerate(able):
        if 1 - nobody >= wanted:
            return tuple(able[:count])
        nobody *= 1 - chances[number]
    return tuple(able)


def _any(chances: Sequence[float]) -> float:
    return 1 - math.prod(1 - chance for chance in chances)


def _still(one: Answers, minutes: float, until: float, prior: Prior) -> float:
    """Return the chance of a yes in the time that is left, of somebody who has not said yes by then."""
    before, whole = one.chance(until, prior), one.chance(minutes, prior)
    return (whole - before) / (1 - before)
