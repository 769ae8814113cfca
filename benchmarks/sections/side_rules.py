"""A thousand random tight days with side rules: how long the engine takes on the worst of them."""

from __future__ import annotations

from statistics import median
from typing import Any

from benchmarks.audit import Audit
from benchmarks.findings import Findings
from benchmarks.fresh import Lap, fresh
from benchmarks.generator import day
from placement.matching.budget import Budget
from placement.matching.tiers.solving import solve

DAYS, LONGEST, LIMIT = 1_000, 2.0, 60.0


def run(quick: bool) -> Findings:
    """Solve 1,000 days of 60 needs and 300 services with side rules; quick: 3 small ones."""
    size = {"needs": 15, "services": 60, "nights": 20} if quick else {}
    told = fresh(solved, days=3 if quick else DAYS, size=size).value
    found = Findings()
    found.audit.add(told["audit"])
    cpu, wall = (sorted(told[clock]) for clock in ("cpu", "wall"))
    over = sum(seconds > LONGEST for seconds in cpu)
    figure = f"side rules: longest {cpu[-1]:.2f} s of processor time over {len(cpu):,} days, {over} of them over 2 s"
    found.reach("day", figure, over == 0)
    proven = told["proven"]
    found.reach("day", f"side rules: {proven:,} of {len(cpu):,} proven on every tier", proven == len(cpu))
    rows = [
        [clock, *(round(value, 3) for value in (median(laps), _least(laps, 95), _least(laps, 99), laps[-1]))]
        for clock, laps in (("CPU", cpu), ("wall", wall))
    ]
    found.table("Seconds a day, from instance to explained plan", ("clock", "median", "95%", "99%", "longest"), rows)
    worst = [[f"day {seed}", round(seconds, 3), status] for seconds, seed, status in told["worst"]]
    found.table("The longest", ("seed", "CPU s", "status"), worst)
    return found


def solved(days: int, size: dict[str, Any]) -> dict[str, Any]:
    """Solve so many days one after the other; a measured piece."""
    audit, laps, plans = Audit(), [], []
    for seed in range(days):
        instance = day(seed, side_rules=True, **size)
        with Lap() as lap:
            plan = solve(instance, budget=Budget(seconds=LIMIT))
        audit.look_at(instance, plan)
        laps.append(lap)
        plans.append((lap.cpu, seed, plan.status))
    return {
        "cpu": [lap.cpu for lap in laps],
        "wall": [lap.wall for lap in laps],
        "proven": sum(status == "optimal" for _, _, status in plans),
        "worst": sorted(plans, reverse=True)[:5],
        "audit": audit.to_dict(),
    }


def _least(ordered: list[float], share: int) -> float:
    """Return the least value that this share in per cent does not exceed."""
    return ordered[-(-len(ordered) * share // 100) - 1]
