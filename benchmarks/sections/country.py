"""A country: its councils spread over worker processes, then one pass over the borders; solving beside candidates."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import Any

from benchmarks.audit import Audit
from benchmarks.country import Country, border, left_over
from benchmarks.findings import Findings
from benchmarks.fresh import Lap, fresh, peak
from benchmarks.pieces import solved

WORKERS, MOST_MEMORY = 2, 4_096
SMALL = {"needs": 900, "units": 140, "councils": 9}


def run(quick: bool) -> Findings:
    """Place 100,000 people in 15,000 units of 150 councils; quick: 900 in 140 of 9."""
    told = fresh(placed, size=SMALL if quick else {}).value
    found = Findings()
    found.audit.add(told["audit"])
    parts, last = told["parts"], told["border"]
    candidates = _sum(parts, "candidates", "cpu") + last["candidates"]["cpu"]
    solving = _sum(parts, "proven", "cpu") + last["proven"]["cpu"] - candidates
    figure = f"solving {solving:.1f} s, candidates {candidates:.1f} s of processor time, border pass included"
    found.reach("country", figure, solving <= candidates)
    memory = told["peak"] + WORKERS * max(part["peak"] for part in parts)
    found.reach("country", f"{memory:,.0f} MB at the most over all processes", memory <= MOST_MEMORY)
    found.reach("country", f"{len(parts)} parts over {WORKERS} workers in {told['wall']:.1f} s", len(parts) > WORKERS)
    proven = sum(part["status"] == "optimal" for part in [*parts, last])
    found.notes.append(
        f"{proven} of {len(parts) + 1} parts proven on every tier, each for itself. Solving is until the proof of the "
        "fifth objective less the candidates; the whole solve adds the check and the explanations, which tell every "
        "unplaced person what stands in the way."
    )
    _tell(found, parts, last)
    return found


def placed(size: dict[str, int]) -> dict[str, Any]:
    """Place a country: councils over workers, then the border; a measured piece."""
    country, audit = Country(seed=1, **size), Audit()
    with Lap() as lap, ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        parts = list(pool.map(partial(_council, country), range(country.councils)))
    unplaced = {need for part in parts for need in part.pop("unplaced_needs")}
    left = {unit: places for part in parts for unit, places in part.pop("left").items()}
    instance = border(map(country.council, range(country.councils)), unplaced, left)
    last = solved(instance, None)
    audit.look_at(instance, last.pop("plan"))
    for part in parts:
        audit.add(part["audit"])
    sizes = {"needs": len(instance.needs), "units": len(instance.units)}
    return {"parts": parts, "border": last | sizes, "wall": lap.wall, "peak": peak(), "audit": audit.to_dict()}


def _council(country: Country, index: int) -> dict[str, Any]:
    """Solve one council for itself, in a worker."""
    instance, audit = country.council(index), Audit()
    told = solved(instance, None)
    plan = told.pop("plan")
    audit.look_at(instance, plan)
    unplaced, left = left_over(instance, plan)
    sizes = {"needs": len(instance.needs), "units": len(instance.units), "peak": peak()}
    return {**told, **sizes, "unplaced_needs": unplaced, "left": left, "audit": audit.to_dict()}


def _tell(found: Findings, parts: list[dict[str, Any]], last: dict[str, Any]) -> None:
    columns = (
        "part",
        "needs",
        "units",
        "pairs",
        "candidates, CPU s",
        "to the proof, CPU s",
        "whole, CPU s",
        "unplaced",
    )
    rows = [_row(f"{len(parts)} councils", parts), _row("border pass", [last])]
    found.table("The country, part by part", columns, rows)


def _row(name: str, parts: list[dict[str, Any]]) -> list[Any]:
    counts = [sum(part[key] for part in parts) for key in ("needs", "units", "pairs")]
    laps = [round(_sum(parts, lap, "cpu"), 2) for lap in ("candidates", "proven", "whole")]
    return [name, *counts, *laps, sum(part["unplaced"] for part in parts)]


def _sum(parts: list[dict[str, Any]], lap: str, clock: str) -> float:
    return float(sum(part[lap][clock] for part in parts))
