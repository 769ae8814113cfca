"""`python -m benchmarks.heuristics SET…`: what each heuristic gives, by solving with and without it.

Seconds are of the processor, in the limits too, for a machine may be shared. Sets: `days` (undated, dated and with side
rules), `quarter`, `pas` (the first two files in PAS_INSTANCES) and instance documents by path, such as what
`flask planning snapshot` writes. Prints a table for each.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path
from time import process_time
from unittest.mock import patch

from benchmarks.generator import day, quarter
from benchmarks.pas import cost_of, instance_of, read_hospital, rooms_of
from placement.matching.budget import Budget
from placement.matching.parameters import PARAMETERS, Heuristic
from placement.matching.problem.documents import read_instance
from placement.matching.problem.instance import Instance
from placement.matching.problem.plan import Match, Plan
from placement.matching.solvers.silence import stdout_reserved
from placement.matching.tiers.solving import solve

DAYS = 20
HOSPITALS = 2


Measure = Callable[[Heuristic | None, float], "Tried"]
"""Takes what to leave out, and the seconds of each solve."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What a set of instances took, in processor seconds, how many plans were proven, the plans and, where others
    published how to count it, what they cost."""

    seconds: float
    proven: int
    plans: tuple[tuple[Match, ...], ...]
    cost: int | None = None


def tried(instances: Iterable[Instance], limit: Budget, without: Heuristic | None) -> Tried:
    """Solve the instances one after the other without a heuristic, or with all."""
    parameters = PARAMETERS if without is None else PARAMETERS.without(without)
    began = process_time()
    plans: list[Plan] = [solve(instance, budget=limit, parameters=parameters) for instance in instances]
    return Tried(
        seconds=process_time() - began,
        proven=sum(plan.status == "optimal" for plan in plans),
        plans=tuple(plan.matches for plan in plans),
    )


def of_days(without: Heuristic | None, seconds: float) -> Tried:
    """Solve days of three sorts."""
    sorts: tuple[dict[str, bool], ...] = ({"dated": False}, {}, {"side_rules": True})
    return tried((day(seed, **sort) for sort in sorts for seed in range(DAYS)), Budget(seconds=seconds), without)


def of_quarter(without: Heuristic | None, seconds: float) -> Tried:
    """Solve one quarter."""
    return tried([quarter(0)], Budget(seconds=seconds), without)


def of_hospitals(without: Heuristic | None, seconds: float) -> Tried:
    """Solve published hospital instances; the cost is by their own rules."""
    files = sorted(Path(os.environ["PAS_INSTANCES"]).glob("testdata*.txt"))[:HOSPITALS]
    hospitals = [read_hospital(path.read_text()) for path in files]
    found = tried(map(instance_of, hospitals), Budget(seconds=seconds), without)
    placed = [rooms_of(_placing(matches)) for matches in found.plans]
    return replace(found, cost=sum(cost_of(one, rooms).cost for one, rooms in zip(hospitals, placed, strict=True)))


def _placing(matches: tuple[Match, ...]) -> Plan:
    given = {"instance_sha256": "", "status": "feasible", "backend": "", "seed": 0, "seconds": 0.0}
    return Plan(**given, matches=matches, unmatched=(), objectives=())  # type: ignore[arg-type]


def of_file(path: Path) -> Measure:
    """Return what solves the instance of a document."""
    instance = read_instance(path.read_bytes())
    return lambda without, seconds: tried([instance], Budget(seconds=seconds), without)


def lines(name: str, measure: Measure, seconds: float, heuristics: Iterable[Heuristic]) -> Iterator[str]:
    """Yield the table of a set, row by row."""
    yield f"| {name} | CPU s | ratio | proven | plans | cost |"
    yield "|---|---|---|---|---|---|"
    usual = measure(None, seconds)
    yield f"| all | {usual.seconds:.2f} | 1 | {usual.proven} of {len(usual.plans)} | | {usual.cost or ''} |"
    for heuristic in heuristics:
        found = measure(heuristic, seconds)
        same = sum(one == other for one, other in zip(usual.plans, found.plans, strict=True))
        row = (f"without {heuristic}", f"{found.seconds:.2f}", f"{found.seconds / usual.seconds:.2f}")
        told = (f"{found.proven} of {len(found.plans)}", f"{same} the same", f"{found.cost or ''}")
        yield f"| {' | '.join((*row, *told))} |"


SETS: dict[str, Measure] = {
    "days": of_days,
    "quarter": of_quarter,
    "pas": of_hospitals,
}


def main(arguments: list[str]) -> None:
    """Print a table for each set that is named."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.heuristics", description=__doc__)
    parser.add_argument("sets", nargs="+", metavar="SET", help=f"{', '.join(SETS)} or an instance document")
    parser.add_argument("--seconds", type=float, default=60.0, help="the limit of each solve")
    parser.add_argument("--only", nargs="+", type=Heuristic, default=list(Heuristic), help="heuristics to leave out")
    given = parser.parse_args(arguments)
    with (
        patch("placement.matching.budget.monotonic", process_time),
        stdout_reserved() as stdout,
        open(stdout, "w", closefd=False) as out,
        redirect_stdout(out),
    ):
        for name in given.sets:
            for line in lines(name, SETS.get(name) or of_file(Path(name)), given.seconds, given.only):
                print(line, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
