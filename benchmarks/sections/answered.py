"""Ninety days in which providers answer after a time and many say no: first come, the engine alone, and with waves."""

from __future__ import annotations

from typing import Any

from benchmarks.answered import measure
from benchmarks.findings import Findings
from benchmarks.fresh import fresh

STREAMS = 5
POLICIES = (
    ("first_come", "first come, one provider at a time"),
    ("daily", "a solve a day with prices, one provider at a time"),
    ("waves", "a solve a day with prices, asking in waves"),
)
FIGURES = ("out_of_city", "crisis_out_of_city", "nights_waited", "asked", "needless_yeses", "seconds")


def run(quick: bool) -> Findings:
    """Live five streams of arrivals that nobody has seen; quick: one."""
    told = fresh(measure, seed=0, streams=1 if quick else STREAMS).value
    found, every = Findings(), told["all"]
    for slug, beside in (("first_come", "first come"), ("daily", "the engine that asks one at a time")):
        fewer = every[slug]["out_of_city"] - every["waves"]["out_of_city"]
        share = 100 * fewer / max(1, every[slug]["out_of_city"])
        found.reach("answered", f"{share:.1f}% fewer out of city than {beside}", fewer > 0)
    named = [*((str(number), one) for number, one in enumerate(told["streams"], start=1)), ("all", every)]
    rows: list[list[Any]] = [
        [name, one.get("people", told["people"]), words, *(one[slug][figure] for figure in FIGURES)]
        for name, one in named
        for slug, words in POLICIES
    ]
    heads = ("stream", "people", "policy", "out of city", "crisis", "nights waited", "asked", "yeses not needed")
    found.table(f"{told['days']} days with answers, unseen streams", (*heads, "CPU s"), rows)
    found.notes.append(
        "Nights waited: after the first possible start, all of the window for who goes out of the city. Whether a "
        "provider takes somebody, and after how long it answers, is the same for every policy."
    )
    return found
