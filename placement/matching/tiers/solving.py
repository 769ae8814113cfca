"""From an instance to a plan: reduce, split, climb the objectives, check, explain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version

import numpy as np

from placement import __version__
from placement.matching.budget import Budget, Cancelled, Watch
from placement.matching.explaining.explain import explained
from placement.matching.judging.check import check
from placement.matching.judging.objectives import OBJECTIVES, Objective
from placement.matching.problem.documents import fingerprint
from placement.matching.problem.instance import Instance
from placement.matching.problem.plan import Match, Plan, TierOutcome
from placement.matching.search.greedy import greedy
from placement.matching.table.arrays import Bools
from placement.matching.table.columns import Columns, columns_of
from placement.matching.table.reduction import Part, Reduction
from placement.matching.tiers.earlier_plan import EarlierPlan, Settled
from placement.matching.tiers.flow_ladder import FlowLadder
from placement.matching.tiers.ladder import Ladder, Tier

Climber = Ladder | Settled


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a solve has come: the objective being worked on, its value and bound so far, seconds since the start."""

    tier: str
    value: int
    bound: int
    seconds: float


class UnsoundPlan(AssertionError):
    """The engine made a plan that the checker rejects: a defect of the engine, never of the instance."""


def solve(
    instance: Instance,
    *,
    budget: Budget | None = None,
    seed: int = 0,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Cancelled | None = None,
    earlier: EarlierPlan | None = None,
) -> Plan:
    """Return the best plan found, tier before tier, with a proven bound on each.

    `progress` is called after every step; `cancelled` is looked at between steps and while a search runs. When the
    budget is used up or the solve is cancelled, the best plan so far comes back, checked, as `feasible`. The plan is
    the same in whatever order the instance gives its parts. With the memory of an earlier plan only what a change can
    touch is solved: a proven plan is the same as without, sooner. Raises UnsoundPlan if the checker rejects the plan.
    """
    watch = Watch(budget or Budget(), seed=seed, cancelled=cancelled)
    columns = columns_of(instance)
    ladders = _ladders(columns, earlier or EarlierPlan())
    tiers = [_climbed(ladders, objective, watch, progress) for objective in OBJECTIVES]
    plan = _plan(instance, columns, ladders, tiers, watch)
    verdict = check(instance, plan)
    if not verdict.is_sound:
        raise UnsoundPlan("; ".join(str(violation) for violation in verdict.violations[:5]))
    return plan


def _ladders(columns: Columns, earlier: EarlierPlan) -> list[Climber]:
    reduction, former = Reduction(columns), earlier.former(columns)
    return [
        Settled(columns, part.active[former[part.active]])
        if earlier.knows(columns, part)
        else _ladder(reduction, part, former)
        for part in reduction.parts()
    ]


def _ladder(reduction: Reduction, part: Part, former: Bools) -> Ladder:
    kind = FlowLadder if part.is_transport else Ladder
    return kind(reduction, part, lambda: part.active[greedy(reduction, part, former)])


def _climbed(
    ladders: list[Climber], objective: Objective, watch: Watch, progress: Callable[[Progress], None] | None
) -> Tier:
    """Take all parts up one objective and add them up."""
    value, bound = 0, 0
    for ladder in ladders:
        tier = ladder.climb(objective, watch)
        value, bound = value + tier.value, bound + tier.bound
        if progress is not None:
            sign = objective.sign
            progress(Progress(tier=objective.slug, value=sign * value, bound=sign * bound, seconds=watch.elapsed()))
    return Tier(value=value, bound=bound)


def _plan(instance: Instance, columns: Columns, ladders: list[Climber], tiers: list[Tier], watch: Watch) -> Plan:
    chosen = np.sort(np.concatenate([ladder.best for ladder in ladders] or [np.empty(0, np.int64)]))
    values = {objective.slug: int(columns.value(objective.slug, chosen).sum()) for objective in OBJECTIVES}
    outcomes = tuple(
        TierOutcome(slug=objective.slug, value=values[objective.slug], bound=_bound(objective, values, tier))
        for objective, tier in zip(OBJECTIVES, tiers, strict=True)
    )
    plan = Plan(
        instance_sha256=fingerprint(instance),
        status="optimal" if all(ladder.is_proven for ladder in ladders) else "feasible",
        backend="+".join(sorted({ladder.backend for ladder in ladders})) or "none",
        seed=watch.seed,
        seconds=round(watch.elapsed(), 6),
        matches=tuple(_match(columns, int(column)) for column in chosen),
        unmatched=(),
        objectives=outcomes,
        versions=_versions(),
    )
    return explained(instance, plan, table=columns.table)


def _bound(objective: Objective, values: dict[str, int], tier: Tier) -> int:
    """Return the bound in the objective's own sense, never on the wrong side of the value that later tiers left."""
    return objective.sign * max(tier.bound, objective.sign * values[objective.slug])


def _match(columns: Columns, column: int) -> Match:
    need, unit = columns.needs[columns.need[column]], columns.table.units[columns.unit[column]]
    return Match(need=need.id, unit=unit.id, start=int(columns.start[column]), ask=tuple(sorted(need.unknown)))


def _versions() -> dict[str, str]:
    return {"placement": __version__} | {name: version(name) for name in ("ortools", "numpy")}
