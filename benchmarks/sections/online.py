"""Ninety days in which nobody knows who will ask tomorrow: first come, daily solves, and daily solves with prices."""

from __future__ import annotations

from typing import Any

from benchmarks.findings import Findings
from benchmarks.fresh import fresh
from benchmarks.online import measure

STREAMS = 5
POLICIES = (
    ("first_come", "first come"),
    ("daily", "a solve a day, no prices"),
    ("priced", "a solve a day, with prices"),
)


def run(quick: bool) -> Findings:
    """Live five streams of arrivals that the prices have not seen; quick: one."""
    told = fresh(measure, seed=0, streams=1 if quick else STREAMS).value
    found = Findings()
    for slug, words in (("fewer_out_of_city", "fewer out of city"), ("gap_closed", "of the gap to hindsight closed")):
        goal = told["goals"][slug]
        figure = f"{100 * goal['reached']:.1f}% {words} over {len(told['streams'])} streams"
        found.reach("online", figure, goal["reached"] >= goal["wanted"])
    every = {**told["all"], "people": told["people"], "hindsight_out_of_city": told["hindsight_out_of_city"]}
    named = [*((str(number), one) for number, one in enumerate(told["streams"], start=1)), ("all", every)]
    rows = [_row(name, words, one, one[slug]) for name, one in named for slug, words in POLICIES]
    heads = ("stream", "people", "policy", "out of city", "crisis", "in hindsight", "fewer, %", "gap closed, %")
    found.table(f"{told['days']} days, unseen streams", (*heads, "proposals changed, %", "CPU s"), rows)
    found.notes.append(
        "In hindsight: the fewest that anybody could send out of the city who knew the whole stream, by its linear "
        "relaxation. The engine checks each day's plan itself; the outside checker does not see them."
    )
    return found


def _row(name: str, words: str, one: dict[str, Any], policy: dict[str, Any]) -> list[Any]:
    counts = (one["people"], words, policy["out_of_city"], policy["crisis_out_of_city"], one["hindsight_out_of_city"])
    shares = [_hundredth(policy.get(slug)) for slug in ("fewer_out_of_city", "gap_closed", "proposals_changed")]
    return [name, *counts, *shares, round(policy["seconds"], 1)]


def _hundredth(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 1)
