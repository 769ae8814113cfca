"""Who else wanted a place that a plan gives away: those left without one in the city that no rule keeps from it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from placement.matching.explaining.explain import Explainer
from placement.matching.explaining.swaps import TierChange
from placement.matching.judging.rules import OUTBID
from placement.matching.problem.instance import Instance
from placement.matching.problem.plan import Plan

MOST_RIVALS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """A need that wanted the place of another. `swap` is what giving it to them would add to each objective.

    `others` are further needs that would lose their places with the holder.
    """

    need: str
    swap: tuple[TierChange, ...]
    others: tuple[str, ...]


def rivals_of(instance: Instance, plan: Plan) -> dict[str, tuple[Rival, ...]]:
    """Return who else wanted each match's place, by the need that has it: those first whose coming would cost least.

    `plan` is sound and says who is unmatched (`explained`).
    """
    explainer = Explainer(instance, plan.matches)
    outbid = [each.name for each in plan.unmatched if any(cause.rule == OUTBID for cause in each.causes)]
    found: defaultdict[str, list[Rival]] = defaultdict(list)
    for name in outbid:
        for place in explainer.explanation(explainer.setting.needs[name]).outbid:
            for holder in place.displaced:
                others = tuple(need for need in place.displaced if need != holder)
                found[holder].append(Rival(need=name, swap=place.swap, others=others))
    return {
        holder: tuple(sorted(rivals, key=_cost_of_coming)[:MOST_RIVALS]) for holder, rivals in sorted(found.items())
    }


def _cost_of_coming(rival: Rival) -> tuple[int, tuple[int, ...], str]:
    """Less harm to the first objective first; one that takes fewer places with it before one that takes more."""
    return len(rival.others), tuple(-tier.change for tier in rival.swap), rival.need
