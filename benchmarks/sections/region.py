"""A region, everything undated and at once: the engine beside HiGHS LP, greedy and first come."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from benchmarks.findings import Findings, agreement, times
from benchmarks.fresh import fresh
from benchmarks.highs import climbs
from benchmarks.pieces import baselines, engine

SECONDS = 400.0
FASTER, MOST_MEMORY = 10, 500


def run(quick: bool) -> Findings:
    """Measure 10,000 needs against 4,000 units once; quick: 200 against 80."""
    market: dict[str, Any] = {"builder": "region", "seed": 1}
    market |= {"needs": 200, "units": 80} if quick else {}
    with tempfile.TemporaryDirectory() as folder:
        form = str(Path(folder) / "form.npz")
        ours = fresh(engine, market=market)
        simple = fresh(baselines, market=market, form=form).value
        highs = fresh(climbs, path=form, whole=False, tiers=5, seconds=SECONDS)
    found = Findings()
    found.audit.add(ours.value["audit"])
    found.audit.add(simple["audit"])
    _judge(found, ours.value, highs.value)
    _tell(found, ours.value, simple, highs.value, highs.peak)
    return found


def _judge(found: Findings, ours: dict[str, Any], highs: dict[str, Any]) -> None:
    found.reach("region", f"{ours['status']} on every tier", ours["status"] == "optimal")
    for lap, tiers, words in (("first", 1, "first objective"), ("proven", 5, "all five")):
        theirs = _highs(ours, highs, tiers, "cpu")
        unfinished = "" if _ended(highs, tiers) else " at least (stopped at its limit)"
        figure = f"{words}: HiGHS LP takes {times(theirs, ours[lap]['cpu'])}{unfinished}"
        found.reach("region", figure, theirs >= FASTER * ours[lap]["cpu"])
    over = ours["over_data"]
    found.reach("region", f"{over:.0f} MB over the data", over <= MOST_MEMORY)


def _tell(found: Findings, ours: dict[str, Any], simple: dict[str, Any], highs: dict[str, Any], peak: float) -> None:
    caption = (
        f"A region: {ours['needs']:,} needs, {ours['units']:,} units, {ours['pairs']:,} pairs that no rule refuses"
    )
    people = (ours["not_in_city"], ours["unplaced"])
    rows: list[list[Any]] = [
        ["engine, candidates", *_seconds(ours["candidates"]), None, None, None],
        ["engine, first objective proven", *_seconds(ours["first"]), None, *people],
        ["engine, all five proven", *_seconds(ours["proven"]), None, *people],
        ["engine, whole solve", *_seconds(ours["whole"]), round(ours["over_data"]), *people],
    ]
    for tiers in range(1, len(highs["tiers"]) + 1):
        laps = [round(_highs(ours, highs, tiers, clock), 3) for clock in ("cpu", "wall")]
        ended = "" if _ended(highs, tiers) else ", stopped at its limit"
        rows.append([f"HiGHS LP, {tiers} of 5 objectives{ended}", *laps, round(peak), None, None])
    for name, words in (("best_first", "best-first greedy"), ("first_come", "first come")):
        one = simple[name]
        rows.append([words, *_seconds(one), None, one["not_in_city"], one["unplaced"]])
    rows.append(["reading every pair once", None, float(f"{simple['scan']:.2g}"), None, None, None])
    columns = ("method", "CPU s", "wall s", "memory, MB", "not met in city", "unplaced")
    found.table(caption, columns, rows)
    found.notes.append(
        "Memory of the engine is over the instance in memory, of HiGHS that of its whole process. HiGHS' times include "
        "the engine's candidates and the loading of its arrays, not the writing of them."
    )
    found.notes.append(agreement("HiGHS LP", highs["tiers"], ours["objectives"]))


def _highs(ours: dict[str, Any], highs: dict[str, Any], tiers: int, clock: str) -> float:
    spent = ours["candidates"][clock] + highs["load"][clock]
    return float(spent + sum(tier[clock] for tier in highs["tiers"][:tiers]))


def _ended(highs: dict[str, Any], tiers: int) -> bool:
    climbed = highs["tiers"][:tiers]
    return len(climbed) == tiers and all(tier["status"] == "Optimal" for tier in climbed)


def _seconds(lap: dict[str, Any]) -> list[float]:
    return [round(lap[clock], 3) for clock in ("cpu", "wall")]
