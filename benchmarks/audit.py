"""Every plan of every benchmark goes through both checkers: the engine's own and the outside one."""

from __future__ import annotations

import json
from dataclasses import dataclass

from benchmarks.outside import Market, values, violations
from placement.matching.judging.check import check
from placement.matching.problem.documents import write_instance, write_plan
from placement.matching.problem.instance import Instance
from placement.matching.problem.plan import Plan


@dataclass(slots=True)
class Audit:
    """How many plans were looked at, what was wrong with them, and for how many the two checkers' values differ."""

    plans: int = 0
    violations: int = 0
    differing: int = 0

    def look_at(self, instance: Instance, *plans: Plan) -> None:
        """Add these plans."""
        market = Market(json.loads(write_instance(instance)))
        for plan in plans:
            document, verdict = json.loads(write_plan(plan)), check(instance, plan)
            self.plans += 1
            self.violations += len(verdict.violations) + len(violations(market, document))
            self.differing += values(market, document["matches"]) != verdict.objectives

    def add(self, counted: dict[str, int]) -> None:
        """Add the counts of another process."""
        self.plans += counted["plans"]
        self.violations += counted["violations"]
        self.differing += counted["differing"]

    def to_dict(self) -> dict[str, int]:
        """Return the counts as JSON values."""
        return {"plans": self.plans, "violations": self.violations, "differing": self.differing}
