"""A quarter of forgetful providers: what share of the vacancies is true on a random day, reminders off and on."""

from __future__ import annotations

from statistics import fmean
from typing import Any

from benchmarks.findings import Findings
from benchmarks.forgetful import DAYS, PROVIDERS, measure
from benchmarks.fresh import fresh

STREAMS = 2
FIGURES = ("true", "fresh", "mails_a_week", "silent")


def run(quick: bool) -> Findings:
    """Live two streams of each way to answer, twice each; quick: one stream of one."""
    few: dict[str, Any] = {"streams": 1, "answers": ("half of the time",)} if quick else {"streams": STREAMS}
    told, found = fresh(measure, seed=0, **few).value, Findings()
    rows: list[list[Any]] = []
    for name, streams in told.items():
        mean = {
            is_on: {each: fmean(one[is_on][each] for one in streams) for each in FIGURES} for is_on in ("off", "on")
        }
        rows += [[name, is_on, *(round(mean[is_on][each], 2) for each in FIGURES)] for is_on in ("off", "on")]
        more = mean["on"]["true"] - mean["off"]["true"]
        figure = (
            f"answered {name}: {mean['off']['true']:.1f}% true without reminders, {mean['on']['true']:.1f}% with them"
        )
        found.reach("forgetful", figure, more > 0)
    heads = ("a reminder is answered", "reminders", "true on a random day, %", "updated within 7 days, %")
    found.table(
        f"A quarter ({DAYS} days) of {PROVIDERS} forgetful providers, the same streams off and on",
        (*heads, "e-mails a provider a week", "silent at the end"),
        rows,
    )
    found.notes.append(
        "True: the newest report says what is so at noon. How often places change hands, and how often providers "
        "remember and answer, is assumed (`benchmarks/forgetful.py`), not measured in a market."
    )
    return found
