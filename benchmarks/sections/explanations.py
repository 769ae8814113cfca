"""Explanations: how long the waterfall takes, and whether causes and changes are true, re-checked from outside."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from statistics import median
from typing import Any

from benchmarks.audit import Audit
from benchmarks.findings import Findings
from benchmarks.fresh import Lap, fresh
from benchmarks.generator import day
from benchmarks.outside import Document, Market, broken_limits, refused_by
from placement.matching.explaining.explain import Explainer, explain
from placement.matching.problem.documents import instance_document, plan_document, write_instance
from placement.matching.problem.facts import Need
from placement.matching.problem.instance import Instance
from placement.matching.problem.plan import Plan
from placement.matching.tiers.solving import solve

CAUSES, QUICKLY_MS, REPEATS = 10_000, 0.1, 5
OUTBID = "outbid"


def run(quick: bool) -> Findings:
    """Re-check 10,000 causes and every change of the days that they come from; quick: the first 100 causes."""
    size = {"needs": 15, "services": 60, "nights": 20} if quick else {}
    true = fresh(rechecked, causes=100 if quick else CAUSES, size=size).value
    found = Findings()
    found.audit.add(true["audit"])
    causes, changes = true["causes"], true["changes"]
    found.reach("explanation", f"{true['false_causes']} of {causes:,} causes false", true["false_causes"] == 0)
    figure = f"{true['false_changes']} of {changes:,} opened units are not open"
    found.reach("explanation", figure, true["false_changes"] == 0)
    lap = fresh(waterfalls, days=1 if quick else 10, size=size).value
    milliseconds = 1000 * lap["cpu"]
    figure = f"waterfall: {milliseconds:.3f} ms of processor time a need against {lap['units']} units"
    found.reach("explanation", figure, milliseconds <= QUICKLY_MS)
    found.notes.append(
        f"From {true['days']} days, every other one with side rules. A cause counts the in-city units that a rule "
        "refuses first; it is re-counted pair by pair by the outside checker's rules. A change opens a unit if, with "
        "the person as the change would have it, no rule refuses, and some start adds a stay that breaks no limit."
    )
    return found


def waterfalls(days: int, size: dict[str, Any]) -> dict[str, float]:
    """Return the median seconds of one waterfall over the needs of some days; a measured piece."""
    laps = []
    for seed in range(days):
        instance = day(seed, **size)
        explainer = Explainer(instance, solve(instance).matches)
        for _ in range(REPEATS):
            with Lap() as lap:
                for need in instance.needs:
                    explainer.waterfall(need)
            laps.append(lap.cpu / len(instance.needs))
    return {"cpu": median(laps), "units": len(instance.units)}


def rechecked(causes: int, size: dict[str, Any]) -> dict[str, Any]:
    """Re-check days until so many causes have been; a measured piece."""
    counted: Counter[str] = Counter(false_causes=0, false_changes=0, changes=0, causes=0)
    seed, audit = 0, Audit()
    while counted["causes"] < causes:
        instance = day(seed, **size, side_rules=bool(seed % 2))
        plan = solve(instance)
        audit.look_at(instance, plan)
        counted.update(_of_one_day(instance, plan))
        seed += 1
    return {**counted, "days": seed, "audit": audit.to_dict()}


def _of_one_day(instance: Instance, plan: Plan) -> Counter[str]:
    counted: Counter[str] = Counter()
    market = Market(json.loads(write_instance(instance)))
    matches = plan_document(plan)["matches"]
    explainer = Explainer(instance, plan.matches)
    for need in instance.needs:
        told = {cause.rule: cause.units for cause in explainer.waterfall(need)}
        counted["causes"] += len(told)
        counted["false_causes"] += len(dict(told.items() ^ _counted_again(market, need.id).items()))
    for entry in plan.unmatched:
        for opening in explain(instance, plan, entry.need).change:
            counted["changes"] += len(opening.opens)
            document = _document(instance, opening.need)
            counted["false_changes"] += sum(not _opens(market, document, unit, matches) for unit in opening.opens)
    return counted


def _counted_again(market: Market, name: str) -> dict[str, int]:
    """Return the causes of a need, pair by pair."""
    at_home = [unit for unit in market.units.values() if unit["authority"] == market.document["city"]]
    refusals = (refused_by(market, market.needs[name], unit) for unit in at_home)
    return dict(Counter(refused[0] if refused else OUTBID for refused in refusals))


def _document(instance: Instance, need: Need) -> Document:
    """Return a need that is not in the instance as its JSON."""
    alone = Instance(
        first_night=instance.first_night,
        nights=instance.nights,
        city=instance.city,
        units=instance.units,
        needs=(need, *(other for other in instance.needs if other.id != need.id)),
        shared_caps=instance.shared_caps,
    )
    found: Document = instance_document(alone)["needs"][0]
    return found


def _opens(market: Market, need: Document, unit: str, matches: list[Document]) -> bool:
    """Whether the plan has room for the need, as it would then be, in this unit."""
    before = market.needs[need["id"]]
    market.needs[need["id"]] = need
    others = [match for match in matches if match["need"] != need["id"]]
    try:
        return not refused_by(market, need, market.units[unit]) and any(_with_room(market, need, unit, others))
    finally:
        market.needs[need["id"]] = before


def _with_room(market: Market, need: Document, unit: str, others: list[Document]) -> Iterator[bool]:
    for nights in market.window(need):
        stay = {"need": need["id"], "unit": unit, "start": nights.start}
        if not market.allows(need, market.units[unit], nights):
            yield not any(True for _ in broken_limits(market, [*others, stay]))
