"""From an instance to a plan: work out the columns, split them into parts, climb the objectives, answer, audit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from placement.matching.budget import Budget, Cancelled, Watch
from placement.matching.judging.check import check, matches_broken
from placement.matching.judging.objectives import OBJECTIVES, Objective
from placement.matching.parameters import PARAMETERS, Heuristic, Parameters
from placement.matching.problem.instance import Instance
from placement.matching.problem.plan import Match, Plan
from placement.matching.search.greedy import greedy
from placement.matching.table.arrays import Bools, Whole
from placement.matching.table.columns import Columns, columns_of
from placement.matching.table.reduction import Part, Reduction
from placement.matching.tiers.answer import Climber, answer, matches_of
from placement.matching.tiers.earlier_plan import EarlierPlan, Settled
from placement.matching.tiers.flow_ladder import FlowLadder
from placement.matching.tiers.ladder import Ladder, Tier
from placement.matching.tiers.linked_ladder import LinkedLadder, whole_series


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
    parameters: Parameters = PARAMETERS,
) -> Plan:
    """Return the best plan found, objective before objective, with a proven bound on each.

    Parameters
    ----------
    instance
        The problem. The plan is the same in whatever order it gives its parts.
    budget
        Seconds of wall clock, 60 unless told otherwise, and work for each search. When it is used up, the best plan so
        far comes back, checked, as `feasible`.
    seed
        Of all that is drawn: the same seed and work give the same plan.
    progress
        Is called after every step of every objective.
    cancelled
        Is looked at between steps and while a search runs; a cancelled solve ends like one whose budget is used up.
    earlier
        What is known of an earlier plan: only what a change since then can touch is solved. A proven plan is the same
        as without, sooner.
    parameters
        What the searches are tuned by.

    Returns
    -------
    Plan
        Sound by the checker, explained, with value and bound of each objective in its own unit. Lexicographic order as
        in Manlove and O'Malley (Journal of Experimental Algorithmics 2014), each tier on the optimal face of those
        before it.

    Raises
    ------
    UnsoundPlan
        If the checker rejects the plan: a defect of the engine.
    """
    watch = Watch(budget or Budget(), seed=seed, cancelled=cancelled)
    climb = _climbed_all(instance, watch, earlier or EarlierPlan(), parameters, progress)
    plan = answer(instance, climb.columns, climb.ladders, climb.tiers, watch)
    verdict = check(instance, plan)
    if not verdict.is_sound:
        raise UnsoundPlan("; ".join(str(violation) for violation in verdict.violations[:5]))
    return plan


def placed(instance: Instance, *, budget: Budget, seed: int = 0) -> tuple[Match, ...]:
    """Return the matches of the plan that `solve` finds, and nothing else: no reasons, no fingerprint, no unmet needs.

    For who solves hundreds of instances and shows none of them. Raises UnsoundPlan as `solve` does.
    """
    climb = _climbed_all(instance, Watch(budget, seed=seed), EarlierPlan(), PARAMETERS, None)
    matches = matches_of(climb.columns, climb.ladders)
    if broken := matches_broken(instance, matches):
        raise UnsoundPlan("; ".join(str(violation) for violation in broken[:5]))
    return matches


@dataclass(frozen=True, slots=True, kw_only=True)
class _Climb:
    """All parts of an instance at the top of their ladders."""

    columns: Columns
    ladders: list[Climber]
    tiers: dict[Objective, Tier]


def _climbed_all(
    instance: Instance,
    watch: Watch,
    known: EarlierPlan,
    parameters: Parameters,
    progress: Callable[[Progress], None] | None,
) -> _Climb:
    columns = columns_of(instance)
    reduction, former = Reduction(columns), known.former(columns)
    ladders: list[Climber] = [
        Settled(columns, part.active[former[part.active]])
        if known.knows(columns, part)
        else _ladder(reduction, part, former, parameters)
        for part in reduction.parts()
    ]
    tiers = {objective: _climbed(ladders, objective, watch, progress) for objective in OBJECTIVES}
    return _Climb(columns=columns, ladders=ladders, tiers=tiers)


def _ladder(reduction: Reduction, part: Part, former: Bools, parameters: Parameters) -> Ladder:
    """Return a part at the foot of its ladder: by flows if it is a transport, by relaxations and searches if not.

    Where stays of a series belong together, by one exact search an objective.
    """

    columns = reduction.columns

    def start() -> Whole:
        if not parameters.uses(Heuristic.GREEDY_START):
            return part.active[:0]
        return whole_series(columns, part.active[greedy(reduction, part, former)])

    if len(part.links):
        return LinkedLadder(reduction, part, start, parameters)
    return (FlowLadder if part.is_transport else Ladder)(reduction, part, start, parameters)


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
