"""The plan document of chosen columns: matches, each objective with its proven bound, and what is to be said of it."""

from __future__ import annotations

from importlib.metadata import version

import numpy as np

from placement import __version__
from placement.matching.budget import Watch
from placement.matching.explaining.explain import explained
from placement.matching.judging.objectives import OBJECTIVES, Objective
from placement.matching.problem.documents import fingerprint
from placement.matching.problem.instance import Instance
from placement.matching.problem.plan import Match, Plan, TierOutcome
from placement.matching.table.arrays import Whole
from placement.matching.table.columns import Columns
from placement.matching.tiers.earlier_plan import Settled
from placement.matching.tiers.ladder import Ladder, Tier

Climber = Ladder | Settled


def answer(
    instance: Instance, columns: Columns, ladders: list[Climber], tiers: dict[Objective, Tier], watch: Watch
) -> Plan:
    """Return the plan that the ladders have come to, explained; `optimal` only if each of them is proven.

    `tiers` are signed so that more is better; values and bounds of the plan are in each objective's own sense and unit.
    """
    chosen = _chosen(ladders)
    plan = Plan(
        instance_sha256=fingerprint(instance),
        status="optimal" if all(ladder.is_proven for ladder in ladders) else "feasible",
        backend="+".join(sorted({ladder.backend for ladder in ladders})) or "none",
        seed=watch.seed,
        seconds=round(watch.elapsed(), 6),
        matches=matches_of(columns, ladders),
        unmatched=(),
        objectives=tuple(_outcome(objective, columns.total(objective.slug, chosen), tiers) for objective in OBJECTIVES),
        versions={"placement": __version__} | {name: version(name) for name in ("ortools", "numpy")},
    )
    return explained(instance, plan, table=columns.table)


def matches_of(columns: Columns, ladders: list[Climber]) -> tuple[Match, ...]:
    """Return the matches that the ladders have come to, without reasons."""
    return tuple(_match(columns, column) for column in _chosen(ladders).tolist())


def _chosen(ladders: list[Climber]) -> Whole:
    return np.sort(np.concatenate([np.empty(0, np.int64), *(ladder.best for ladder in ladders)]))


def _outcome(objective: Objective, value: int, tiers: dict[Objective, Tier]) -> TierOutcome:
    """Return value and bound, the bound never on the wrong side of the value that later tiers left."""
    bound = objective.sign * max(tiers[objective].bound, objective.sign * value)
    return TierOutcome(slug=objective.slug, value=value, bound=bound)


def _match(columns: Columns, column: int) -> Match:
    need, unit = columns.needs[columns.need[column]], columns.table.units[columns.unit[column]]
    name, stay = columns.table.stays.told(need.id)
    start = int(columns.start[column])
    return Match(need=name, stay=stay, unit=unit.id, start=start, ask=tuple(sorted(need.unknown)))
