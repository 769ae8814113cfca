"""Hospital bed planning: the six published instances, each scored by a reader of the file that knows no engine.

The files are not part of this repository: the environment's `PAS_INSTANCES` names the folder that holds them.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from benchmarks.findings import Findings
from benchmarks.fresh import fresh
from benchmarks.pas import LINEAR_BOUNDS, tried

FOLDER = "PAS_INSTANCES"
SECONDS, MOST_OVER = 300.0, 3.0


def run(quick: bool) -> Findings:
    """Solve each instance within the time that the goal allows; quick: the first one within 5 s."""
    found = Findings()
    files = sorted(Path(os.environ[FOLDER]).glob("*.txt")) if FOLDER in os.environ else []
    if not files:
        found.notes.append(f"Not measured: {FOLDER} names no folder with the published files.")
        return found
    rows = []
    for path in files[:1] if quick else files:
        ran = fresh(trial, path=str(path), seconds=5.0 if quick else SECONDS)
        told = ran.value
        over = round(100 * told["gap"], 2)
        figure = f"{path.stem}: {over}% over the LP bound, {told['broken']} hard violations"
        found.reach("pas", figure, over <= MOST_OVER and not told["broken"])
        costs = (told["cost"], LINEAR_BOUNDS[path.stem], over, told["bound"])
        rows.append([path.stem, told["patients"], *costs, round(told["cpu"], 1), round(ran.peak)])
    heads = ("instance", "patients", "cost", "LP bound", "over it, %", "bound proven here", "CPU s", "MB")
    found.table(f"Patient admission scheduling, at most {SECONDS:.0f} s each", heads, rows)
    return found


def trial(path: str, seconds: float) -> dict[str, Any]:
    """Solve one file; a measured piece."""
    told = tried(Path(path), seconds=seconds)
    return {
        "patients": told.patients,
        "cost": told.score.cost,
        "broken": len(told.score.broken),
        "bound": told.bound,
        "gap": told.gap,
        "cpu": told.seconds,
    }
