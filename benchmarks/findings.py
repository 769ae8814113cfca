"""What a section found, as it goes into its JSON file: figures against goals, tables, notes, plots, plans audited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.audit import Audit
from placement.matching.judging.objectives import OBJECTIVES

Cell = str | int | float | None


@dataclass(slots=True)
class Findings:
    """Everything that one section has to say. `plots` maps a file name to the SVG that belongs in it."""

    figures: list[dict[str, Any]] = field(default_factory=list)
    tables: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    plots: dict[str, str] = field(default_factory=dict)
    audit: Audit = field(default_factory=Audit)

    def reach(self, goal: str, figure: str, met: bool) -> None:
        """Hold a figure against a goal. The figure says by how much the goal is met or missed."""
        self.figures.append({"goal": goal, "figure": figure, "met": bool(met)})

    def table(self, caption: str, columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
        """Add a table."""
        self.tables.append({"caption": caption, "columns": list(columns), "rows": [list(row) for row in rows]})

    def to_dict(self) -> dict[str, Any]:
        """Return the findings as JSON values."""
        return {
            "figures": self.figures,
            "audit": self.audit.to_dict(),
            "tables": self.tables,
            "notes": self.notes,
            "plots": self.plots,
        }


def times(baseline: float, engine: float) -> str:
    """Return how many times longer the baseline takes, in words."""
    ratio = baseline / engine
    return f"{ratio:.1f} times as long" if ratio >= 0.1 else f"{ratio:.3f} times as long"


def percent(part: float, whole: float) -> float:
    """Return the part in per cent of the whole, 0 of nothing."""
    return round(100 * part / whole, 2) if whole else 0.0


def milliseconds(seconds: float) -> float:
    """Return the seconds in milliseconds, to three figures that mean something."""
    return float(f"{1000 * seconds:.3g}")


def agreement(method: str, tiers: Sequence[Mapping[str, Any]], objectives: Mapping[str, int]) -> str:
    """Return how many objectives a solver finished, and on how many of them its value is the engine's.

    `tiers` are signed so that more is better, `objectives` by slug in their own sense.
    """
    mine = [objective.sign * objectives[objective.slug] for objective in OBJECTIVES]
    ended = [round(tier["value"]) for tier in tiers if tier["status"] == "Optimal"]
    equal = sum(value == other for value, other in zip(ended, mine, strict=False))
    return f"{method} finished {len(ended)} of {len(mine)} objectives; on {equal} of them its value is the engine's."
