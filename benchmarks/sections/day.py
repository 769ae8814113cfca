"""One day, undated and dated: the engine beside HiGHS MIP, naive CP-SAT, best-first greedy and first come."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from statistics import mean, median
from typing import Any

from benchmarks.findings import Findings, milliseconds, percent, times
from benchmarks.fresh import fresh
from benchmarks.highs import climbs
from benchmarks.pieces import audited, baselines, engine

SEEDS, NAIVE_SEEDS = 20, 3
SECONDS = 60.0
"""For each tier of HiGHS and of naive CP-SAT."""
FASTER, FEWER = 10, 40


def run(quick: bool) -> Findings:
    """Measure days of 60 needs and 300 services; quick: one small day of each shape."""
    found = Findings()
    for dated in (False, True):
        days = [_day(found, seed, dated, quick) for seed in range(1 if quick else SEEDS)]
        _judge(found, "dated" if dated else "undated", days)
    found.notes.append(
        "Engine and HiGHS get the same columns; the time to find them counts for both. Writing HiGHS' arrays counts "
        "for neither. First objective: until its proof; all: until the proof of the fifth. The whole solve adds the "
        "check and the explanations. One thread each; compared are processor seconds, which other work on the machine "
        "disturbs least. Avoidable: not met in the city, although some place in the city "
        "would take the person if nobody else wanted it."
    )
    return found


def _day(found: Findings, seed: int, dated: bool, quick: bool) -> dict[str, Any]:
    market = {"builder": "day", "seed": seed, "dated": dated}
    if quick:
        market |= {"needs": 12, "services": 60, "nights": 20}
    repeats = 1 if quick else 5
    naive_seconds = SECONDS if seed < NAIVE_SEEDS else None
    with tempfile.TemporaryDirectory() as folder:
        form = str(Path(folder) / "form.npz")
        ours = fresh(engine, market=market, repeats=repeats).value
        simple = fresh(baselines, market=market, form=form, naive_seconds=naive_seconds).value
        highs = fresh(climbs, path=form, whole=True, tiers=5, seconds=SECONDS, repeats=repeats).value
    theirs = fresh(audited, market=market, chosen=highs["chosen"]).value
    for part in (ours, simple, theirs):
        found.audit.add(part["audit"])
    return {"engine": ours, "highs": highs, "highs_plan": theirs, **simple}


def _judge(found: Findings, shape: str, days: list[dict[str, Any]]) -> None:
    engines = [day["engine"] for day in days]
    proven = sum(one["status"] == "optimal" for one in engines)
    found.reach("day", f"{shape}: {proven} of {len(days)} proven on every tier", proven == len(days))
    for lap, tiers, words in (("first", 1, "first objective"), ("proven", 5, "all five")):
        ours = median(one[lap]["cpu"] for one in engines)
        theirs = median(_highs(day, tiers, "cpu") for day in days)
        found.reach("day", f"{shape}, {words}: HiGHS MIP takes {times(theirs, ours)}", theirs >= FASTER * ours)
    equal = sum(day["highs_plan"]["objectives"] == day["engine"]["objectives"] for day in days)
    found.notes.append(f"{shape}: HiGHS reached the engine's five values on {equal} of {len(days)} days.")
    unavoidable = sum(one["unavoidable"] for one in engines)
    ours, served = (sum(part["not_in_city"] for part in parts) for parts in (engines, _of(days, "first_come")))
    fewer = percent(served - ours, served - unavoidable)
    figure = f"{shape}: {fewer}% fewer ({served - unavoidable} → {ours - unavoidable} over {len(days)} days)"
    found.reach("avoidable", figure, fewer >= FEWER)
    found.table(f"A day, {shape} (medians over {len(days)} seeds)", COLUMNS, _rows(days))


COLUMNS = (
    "method",
    "first objective, CPU ms",
    "all, CPU ms",
    "all, wall ms",
    "not met in city (mean)",
    "unplaced (mean)",
)


def _rows(days: list[dict[str, Any]]) -> list[list[Any]]:
    engines = _of(days, "engine")
    rows: list[list[Any]] = [
        ["engine, to the proof", *_laps(engines, ("first", "cpu"), ("proven", "cpu"), ("proven", "wall"))],
        ["engine, whole solve", None, *_laps(engines, ("whole", "cpu"), ("whole", "wall"))],
        ["HiGHS MIP", *(_typical(_highs(day, *lap) for day in days) for lap in ((1, "cpu"), (5, "cpu"), (5, "wall")))],
    ]
    for row, plans in zip(rows, (engines, engines, _of(days, "highs_plan")), strict=True):
        row += _people(plans)
    for name, words in (("naive", "naive CP-SAT"), ("best_first", "best-first greedy"), ("first_come", "first come")):
        there = [day[name] for day in days if name in day]
        laps = [_typical(one[clock] for one in there) for clock in ("cpu", "wall")]
        rows.append([f"{words} ({len(there)} days)", None, *laps, *_people(there)])
    return [*rows, ["reading every pair once", None, _typical(_of(days, "scan")), None, None, None]]


def _laps(engines: list[dict[str, Any]], *laps: tuple[str, str]) -> list[float]:
    return [_typical(one[lap][clock] for one in engines) for lap, clock in laps]


def _typical(seconds: Iterable[float]) -> float:
    return milliseconds(median(seconds))


def _people(parts: list[dict[str, Any]]) -> list[float]:
    return [round(mean(part[name] for part in parts), 2) for name in ("not_in_city", "unplaced")]


def _highs(day: dict[str, Any], tiers: int, clock: str) -> float:
    """Return the seconds that HiGHS takes for the first tiers, with the same candidates as the engine."""
    spent = day["engine"]["candidates"][clock] + day["highs"]["load"][clock]
    return float(spent + sum(tier[clock] for tier in day["highs"]["tiers"][:tiers]))


def _of(days: list[dict[str, Any]], name: str) -> list[Any]:
    return [day[name] for day in days]
