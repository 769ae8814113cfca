"""How time and memory grow with the size of the market, undated and dated, on log-log plots with their slopes."""

from __future__ import annotations

from typing import Any

from benchmarks.findings import Findings
from benchmarks.fresh import Run, fresh
from benchmarks.pieces import engine
from benchmarks.plot import log_log, slope

REGIONS: tuple[int, ...] = (250, 500, 1_000, 2_000, 4_000, 8_000)
QUARTERS: tuple[int, ...] = (75, 150, 300, 600, 1_200)
SMALL = (40, 80, 160)
LIMIT = 300.0


def run(quick: bool) -> Findings:
    """Solve markets that double in size; quick: three small ones of each shape."""
    found = Findings()
    for shape, sizes in (("undated", REGIONS), ("dated", QUARTERS)):
        chosen = SMALL if quick else sizes
        runs = [fresh(engine, market=_market(shape, size), seconds=LIMIT) for size in chosen]
        for ran in runs:
            found.audit.add(ran.value["audit"])
        _judge(found, shape, runs)
    found.notes.append(
        "Undated: 2 units for every 5 needs. Dated: 1 service for every 5 needs and 90 nights. Time is processor time "
        "until the proof of the fifth objective; memory is that of the whole process, the interpreter and the solver's "
        f"code among it. A solve that is not proven within {LIMIT:.0f} s counts with the time that it took."
    )
    return found


def _market(shape: str, size: int) -> dict[str, Any]:
    if shape == "undated":
        return {"builder": "region", "seed": 1, "needs": size, "units": size * 2 // 5}
    return {"builder": "quarter", "seed": 1, "needs": size, "services": size // 5}


def _judge(found: Findings, shape: str, runs: list[Run]) -> None:
    rows: list[list[Any]] = []
    for ran in runs:
        told = ran.value
        laps = [round(told[lap]["cpu"], 3) for lap in ("candidates", "proven", "whole")]
        rows.append([told["needs"], told["units"], told["columns"], *laps, round(ran.peak), told["status"]])
    heads = ("needs", "units", "columns", "candidates, CPU s", "to the proof, CPU s", "whole, CPU s", "MB", "status")
    found.table(f"Growth, {shape}", heads, rows)
    columns = [row[2] for row in rows]
    series = {
        "to the proof": list(zip(columns, (row[4] for row in rows), strict=True)),
        "candidates": list(zip(columns, (row[3] for row in rows), strict=True)),
    }
    memory = {"whole process": list(zip(columns, (row[6] for row in rows), strict=True))}
    found.plots[f"growth-{shape}-time.svg"] = log_log(f"Time, {shape}", "columns", "CPU seconds", series)
    found.plots[f"growth-{shape}-memory.svg"] = log_log(f"Memory, {shape}", "columns", "MB", memory)
    time, held = slope(series["to the proof"]), slope(memory["whole process"])
    found.reach("growth", f"{shape}: time grows as columns to the {time:.2f}, memory to the {held:.2f}", True)
