"""A year of a city several times as large, replayed: how long it takes, and what it comes to beside its history.

The city is that of a seeded database. Everything in its past year is there so many times: places, closures, stays, and
referrals, each copy a day later than the one before, so that nobody asks at the same moment. Two seeds are replayed at
once, each in a process of its own, for the days of one replay follow each other and cannot be shared out.

    .venv/bin/python -m benchmarks.replays sqlite:////path/placement.db 2025-11-28 2026-11-27
"""

from __future__ import annotations

import json
import multiprocessing
import sys
import time
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from placement.domain.councils import COVENTRY
from placement.planning.replay.history import PastCase, PastPeriod, Stay
from placement.planning.replay.living_through import LivedDays
from placement.planning.replay.outcomes import as_it_was, as_lived, totals
from placement.planning.replay.reading import past_period
from placement.records.sessions import open_url

TIMES = 3
SEEDS = (0, 1)


def larger(history: PastPeriod, times: int) -> PastPeriod:
    """Return a period of a city that is so many times as large."""
    copies = [_later(case, number) for number in range(times) for case in history.cases]
    inside = [case for case in copies if case.day < history.days]
    return replace(
        history,
        units={
            key: replace(
                unit,
                places=unit.places and unit.places * times,
                crisis_places=unit.crisis_places and unit.crisis_places * times,
            )
            for key, unit in history.units.items()
        },
        reports={
            key: tuple(
                replace(each, ours=each.ours * times, spare=each.spare * times, others=each.others * times)
                for each in rows
            )
            for key, rows in history.reports.items()
        },
        closures={
            key: tuple(replace(each, places=each.places and each.places * times) for each in rows)
            for key, rows in history.closures.items()
        },
        caps={cap: places * times for cap, places in history.caps.items()},
        fixed=tuple(stay for stay in history.fixed for _ in range(times)),
        cases=tuple(sorted(inside, key=lambda case: case.day)),
    )


def _later(case: PastCase, days: int) -> PastCase:
    need = case.need
    moved = replace(need, id=f"{need.id}.{days}", earliest=need.earliest + days, latest=need.latest + days)
    return replace(
        case,
        day=case.day + days,
        need=moved,
        gone=None if case.gone is None else case.gone + days,
        happened=case.happened and replace(case.happened, stay=_moved(case.happened.stay, days)),
    )


def _moved(stay: Stay, days: int) -> Stay:
    return replace(stay, start=stay.start + days, end=None if stay.end is None else stay.end + days)


def replayed(given: tuple[PastPeriod, int]) -> dict[str, Any]:
    """Return what a replay with a seed comes to, and the seconds of processor time that it took."""
    history, seed = given
    began = time.process_time()
    sums = totals(as_lived(history, LivedDays(history, seed=seed).live()))
    return {"seed": seed, "processor_seconds": round(time.process_time() - began, 1), **asdict(sums)}


def measure(history: PastPeriod) -> dict[str, Any]:
    """Return what really happened, each replay, and the seconds that all of them took together."""
    began = time.monotonic()
    with multiprocessing.get_context("spawn").Pool(len(SEEDS)) as pool:
        found = pool.map(replayed, [(history, seed) for seed in SEEDS])
    return {
        "referrals": len(history.cases),
        "units": len(history.units),
        "days": history.days,
        "seconds": round(time.monotonic() - began, 1),
        "as_it_was": asdict(totals(as_it_was(history))),
        "replays": found,
    }


if __name__ == "__main__":
    url, first, last = sys.argv[1:]
    with open_url(url).reading(COVENTRY.code) as asking:
        told = past_period(asking, date.fromisoformat(first), date.fromisoformat(last))
    print(json.dumps(measure(larger(told, TIMES)), indent=1))
