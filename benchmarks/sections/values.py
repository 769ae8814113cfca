"""What one more place is worth: every gain that the engine quotes, against two solves of its own."""

from __future__ import annotations

from typing import Any

from benchmarks.audit import Audit
from benchmarks.findings import Findings, percent
from benchmarks.fresh import Lap, fresh
from benchmarks.generator import day
from placement.matching.budget import Budget
from placement.matching.problem.instance import Instance
from placement.matching.problem.plan import Plan
from placement.matching.tiers.solving import solve
from placement.matching.worth.values import values, with_places

DAYS, TOP = 5, 10


def run(quick: bool) -> Findings:
    """Value the ten most promising kinds of place on five days; quick: two kinds on one small day."""
    size = {"needs": 15, "services": 60, "nights": 20} if quick else {}
    told = fresh(compared, days=1 if quick else DAYS, top=2 if quick else TOP, size=size).value
    found = Findings()
    found.audit.add(told["audit"])
    share = percent(told["equal"], told["quoted"])
    figure = f"{told['equal']:,} of {told['quoted']:,} quoted gains ({share}%) are the difference of two fresh solves"
    found.reach("values", figure, told["quoted"] > 0 and told["equal"] == told["quoted"])
    heads = ("day", "kinds screened", "valued", "CPU s to value", "CPU s to solve each afresh", "equal in_city dual")
    found.table("What one more place is worth", heads, told["rows"])
    found.notes.append(
        "A gain is quoted for 1, 2 and 5 more places of a kind and for each objective; fresh solves know nothing of "
        "those before. The last column is the share of kinds whose dual estimate for one place is the re-solve."
    )
    return found


def compared(days: int, top: int, size: dict[str, Any]) -> dict[str, Any]:
    """Value days and solve each quoted gain afresh; a measured piece."""
    audit, quoted, equal, rows = Audit(), 0, 0, []
    for seed in range(days):
        instance = day(seed, **size)
        with Lap() as valuing:
            told = values(instance, budget=Budget(seconds=None), top=top)
        base, afresh = _plan(instance, audit), 0.0
        for place in told.places:
            for gain in place.gains:
                with Lap() as lap:
                    again = _plan(with_places(instance, place.unit, gain.places), audit)
                afresh += lap.cpu
                added = {
                    now.slug: now.value - was.value for was, now in zip(base.objectives, again.objectives, strict=True)
                }
                quoted += len(added)
                equal += sum(gain.adds[slug] == value for slug, value in added.items())
        share = told.agreement().get("in_city", {}).get("equal")
        rows.append([seed, told.kinds, len(told.places), round(valuing.cpu, 2), round(afresh, 2), share])
    return {"quoted": quoted, "equal": equal, "rows": rows, "audit": audit.to_dict()}


def _plan(instance: Instance, audit: Audit) -> Plan:
    plan = solve(instance, budget=Budget(seconds=None))
    audit.look_at(instance, plan)
    return plan
