"""Large days of the records: the demo city with 1, 5 and 30 times as many open referrals, HiGHS beside it.

The engine solves the city as it is, with places shared between units, units for one gender at a time and people kept
apart. The inventory form that HiGHS is given cannot say these, so both solve the city without them as well.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from benchmarks.city import write_city
from benchmarks.findings import Findings, agreement, percent, times
from benchmarks.fresh import Run, fresh
from benchmarks.highs import climbs
from benchmarks.pieces import audited, baselines, engine
from placement.matching.judging.objectives import OBJECTIVES

COPIES = (1, 5, 30)
SEEDS = (1, 2, 3)
"""Of the repeated needs; the figures are of the slowest."""
LIMIT, HIGHS_LIMIT = 60.0, 120.0
"""Seconds of the engine for a whole solve, and of HiGHS for each objective."""
MOST_SECONDS, MOST_MEMORY, MOST_OVER = 30.0, 500.0, 1.0


def run(quick: bool) -> Findings:
    """Measure the city with 1, 5 and 30 times its needs; quick: once and twice, each with one seed."""
    found = Findings()
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "city.json")
        fresh(write_city, path=path)
        for copies in (1, 2) if quick else COPIES:
            market = {"builder": "city", "path": path, "copies": copies}
            _with_side_rules(found, market, SEEDS[:1] if quick else SEEDS)
            _beside_highs(found, market, str(Path(folder) / "form.npz"), 10.0 if quick else HIGHS_LIMIT)
    return found


def _with_side_rules(found: Findings, market: dict[str, Any], seeds: tuple[int, ...]) -> None:
    ran = [(seed, fresh(engine, market=market | {"seed": seed}, seconds=LIMIT)) for seed in seeds]
    for _, one in ran:
        found.audit.add(one.value["audit"])
    _, slowest = max(ran, key=lambda one: one[1].value["whole"]["wall"])
    worst, memory = max(_over(one) for _, one in ran), max(one.peak for _, one in ran)
    proven = sum(one.value["status"] == "optimal" for _, one in ran)
    seconds, needs = slowest.value["whole"]["wall"], slowest.value["needs"]
    figure = (
        f"{needs:,} open referrals: {proven} of {len(ran)} proven, {worst}% over the bound at the most, "
        f"{seconds:.1f} s, {memory:.0f} MB"
    )
    met = worst <= MOST_OVER and seconds <= MOST_SECONDS and memory <= MOST_MEMORY
    found.reach("records", figure, met)
    rows: list[list[Any]] = [
        [f"seed {seed}", one.value["status"], *_seconds(one.value["whole"]), round(one.peak), *_people(one.value)]
        for seed, one in ran
    ]
    heads = ("solve", "status", "CPU s", "wall s", "memory, MB", "not met in city", "unplaced")
    caption = f"The demo city as it is: {needs:,} open referrals, {slowest.value['units']} units"
    found.table(f"{caption}, {slowest.value['columns']:,} columns", heads, rows)


def _beside_highs(found: Findings, market: dict[str, Any], form: str, seconds: float) -> None:
    bare = market | {"seed": SEEDS[0], "side_rules": False}
    simple = fresh(baselines, market=bare, form=form).value
    ours = fresh(engine, market=bare, seconds=LIMIT)
    whole = fresh(climbs, path=form, whole=True, tiers=len(OBJECTIVES), seconds=seconds)
    theirs = fresh(audited, market=bare, chosen=whole.value["chosen"]).value
    for part in (simple, ours.value, theirs):
        found.audit.add(part["audit"])
    tiers, value = whole.value["tiers"], ours.value
    laps = {clock: sum(one[clock] for one in (value["candidates"], whole.value["load"], *tiers)) for clock in _CLOCKS}
    ended = sum(tier["status"] == "Optimal" for tier in tiers)
    rows: list[list[Any]] = [
        [f"engine ({value['status']})", *_seconds(value["whole"]), round(ours.peak), *_people(value)],
        [f"HiGHS MIP, {ended} of 5 objectives", *_seconds(laps), round(whole.peak), *_people(theirs)],
        ["first come", *_seconds(simple["first_come"]), None, *_people(simple["first_come"])],
    ]
    caption = f"The same without side rules: {value['needs']:,} open referrals, {value['columns']:,} columns"
    found.table(caption, ("method", "CPU s", "wall s", "memory, MB", "not met in city", "unplaced"), rows)
    longer = times(laps["cpu"], value["whole"]["cpu"])
    least = "" if ended == len(OBJECTIVES) else " at least (it stopped at its limit)"
    found.notes.append(
        f"{value['needs']:,} open referrals without side rules: HiGHS MIP takes {longer}{least}. "
        + agreement("It", tiers, value["objectives"])
    )


_CLOCKS = ("cpu", "wall")


def _over(ran: Run) -> float:
    """Return by how many per cent the bound of an objective exceeds its value, at the worst."""
    value, bounds = ran.value["objectives"], ran.value["bounds"]
    return max(percent(abs(bounds[slug] - value[slug]), abs(value[slug])) for slug in value)


def _seconds(lap: dict[str, Any]) -> list[float]:
    return [round(lap[clock], 2) for clock in _CLOCKS]


def _people(part: dict[str, Any]) -> list[int]:
    return [part["not_in_city"], part["unplaced"]]
