"""What one more place of each kind is worth: screened by duals, answered by solving again with the place there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from placement.matching.budget import Budget, Cancelled, Watch
from placement.matching.judging.objectives import OBJECTIVES
from placement.matching.problem.documents import instance_document
from placement.matching.problem.facts import UnitFacts
from placement.matching.problem.instance import Instance
from placement.matching.problem.plan import Plan
from placement.matching.tiers.earlier_plan import EarlierPlan, earlier_plan_of
from placement.matching.tiers.solving import solve
from placement.matching.worth.estimates import ESTIMATED, estimates
from placement.matching.worth.new_places import BAND_PENCE, Modeller, PlaceKind, kinds_of_place

FORMAT = "placement-values/1"
STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """What so many places more add to each objective, by slug, in its own sense and unit: the difference of two solves.

    `status` is `optimal` where both are proven; otherwise the difference is one of plans, not of optima.
    """

    places: int
    status: str
    adds: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceValue:
    """A kind of place, the unit with one such place, what its duals promised and what re-solving found."""

    kind: PlaceKind
    unit: UnitFacts
    estimate: dict[str, float]
    gains: tuple[Gain, ...]

    @property
    def agrees(self) -> dict[str, bool]:
        """Whether estimate and re-solve are equal for one place, by slug."""
        return {slug: abs(promised - self.gains[0].adds[slug]) < 0.01 for slug, promised in self.estimate.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """The kinds of place that promised most, best first, against `base`, the plan without them; `kinds` is how many
    kinds were screened."""

    base: Plan
    kinds: int
    places: tuple[PlaceValue, ...]
    seconds: float

    def agreement(self) -> dict[str, dict[str, float | None]]:
        """Return the share of kinds whose estimate equals the re-solve, and the correlation of the two (None where
        either is the same for all), by slug."""
        found: dict[str, dict[str, float | None]] = {}
        for slug in (tier.slug for tier in ESTIMATED) if self.places else ():
            promised = np.array([place.estimate[slug] for place in self.places])
            added = np.array([place.gains[0].adds[slug] for place in self.places])
            varies = bool(np.ptp(promised)) and bool(np.ptp(added))
            found[slug] = {
                "equal": round(float(np.mean([place.agrees[slug] for place in self.places])), 3),
                "correlation": round(float(np.corrcoef(promised, added)[0, 1]), 3) if varies else None,
            }
        return found

    def to_dict(self, instance: Instance) -> dict[str, Any]:
        """Return the values as JSON values; `instance` is the one that they were found for."""
        return {
            "format": FORMAT,
            "instance_sha256": self.base.instance_sha256,
            "status": self.base.status,
            "seconds": self.seconds,
            "band_pence": BAND_PENCE,
            "kinds": self.kinds,
            "objectives": {outcome.slug: outcome.value for outcome in self.base.objectives},
            "agreement": self.agreement(),
            "places": [_document(rank, place, instance) for rank, place in enumerate(self.places, start=1)],
        }


def values(
    instance: Instance,
    *,
    budget: Budget | None = None,
    seed: int = 0,
    top: int = 10,
    cancelled: Cancelled | None = None,
) -> Values:
    """Return what 1, 2 and 5 more places of a kind would add, by solving again with them there.

    Parameters
    ----------
    budget
        For everything together: kinds not answered for every number of places within it are left out.
    seed
        Of every solve.
    top
        How many kinds of place, those whose duals promise most.
    cancelled
        Is looked at between solves and while one runs.

    Returns
    -------
    Values
        Differences of two solves, each objective in its own sense and unit (pounds over the nights planned for `cost`);
        ranked by what one place adds, objective by objective.
    """
    budget = budget or Budget()
    watch = Watch(budget, seed=seed, cancelled=cancelled)
    base = solve(instance, budget=budget, seed=seed, cancelled=cancelled)
    earlier = earlier_plan_of(instance, base)
    modeller = Modeller(instance)
    kinds = kinds_of_place(instance)
    units = [modeller.unit(kind, number, 1) for number, kind in enumerate(kinds, start=1)]
    # What is left of the budget is for places: where the plan itself took all of it, nothing is said of any.
    promised = [] if watch.is_over() else estimates(instance, base, units, watch=watch)
    order = sorted(range(len(promised)), key=lambda index: [-promised[index][tier.slug] for tier in ESTIMATED])
    found = []
    for index in order[:top]:
        gains = _gains(instance, units[index], base, earlier, watch, budget)
        if gains is None:
            break
        found.append(PlaceValue(kind=kinds[index], unit=units[index], estimate=promised[index], gains=gains))
    found.sort(key=_worth)
    return Values(base=base, kinds=len(kinds), places=tuple(found), seconds=round(watch.elapsed(), 6))


def with_places(instance: Instance, unit: UnitFacts, places: int) -> Instance:
    """Return the instance with so many places in a new unit, on all nights."""
    free = tuple(span._replace(places=places) for span in unit.free)
    return replace(instance, units=(*instance.units, replace(unit, free=free)))


def _gains(
    instance: Instance, unit: UnitFacts, base: Plan, earlier: EarlierPlan, watch: Watch, budget: Budget
) -> tuple[Gain, ...] | None:
    """Solve again with more and more places; None where the watch ran out on the way."""
    gains = []
    for places in STEPS:
        if watch.is_over():
            return None
        left = Budget(seconds=watch.seconds_left(), work=budget.work)
        again = solve(with_places(instance, unit, places), budget=left, seed=watch.seed, earlier=earlier)
        status = "optimal" if base.status == again.status == "optimal" else "feasible"
        gains.append(Gain(places=places, status=status, adds=_added(base, again)))
    return tuple(gains)


def _added(before: Plan, after: Plan) -> dict[str, int]:
    pairs = zip(before.objectives, after.objectives, strict=True)
    return {was.slug: now.value - was.value for was, now in pairs}


def _worth(place: PlaceValue) -> tuple[Sequence[int], object]:
    first = place.gains[0].adds
    return [
        -objective.sign * first[objective.slug] for objective in OBJECTIVES if objective.slug != "tie"
    ], place.kind.key


def _document(rank: int, place: PlaceValue, instance: Instance) -> dict[str, Any]:
    alone = instance_document(replace(instance, units=(place.unit,), needs=(), shared_caps=(), prices=()))
    return {
        "rank": rank,
        "offers": sorted(place.kind.offers),
        "area": "city" if place.kind.in_city else "elsewhere",
        "band": None if place.kind.band is None else [place.kind.band * BAND_PENCE, (place.kind.band + 1) * BAND_PENCE],
        "gains": [asdict(gain) for gain in place.gains],
        "estimate": place.estimate,
        "agrees": place.agrees,
        "unit": alone["units"][0],
    }
