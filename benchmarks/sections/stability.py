"""How steady plans are: over the order of the input, and when one part in a hundred of a day changes."""

from __future__ import annotations

import random
from dataclasses import replace
from math import ceil
from typing import Any

from benchmarks.audit import Audit
from benchmarks.findings import Findings, percent
from benchmarks.fresh import fresh
from benchmarks.generator import HOME, a_need, day
from placement.matching.problem.facts import Current, Need, Span, UnitFacts
from placement.matching.problem.instance import Instance
from placement.matching.problem.plan import Plan
from placement.matching.table.columns import columns_of
from placement.matching.tiers.solving import solve

ORDERS, DAYS, MOST_CHANGED = 30, 20, 3.0


def run(quick: bool) -> Findings:
    """Shuffle a day of each shape 30 times and change 1% of 20 days; quick: 3 times, and one small day."""
    size: dict[str, int] = {"needs": 15, "services": 60, "nights": 20} if quick else {}
    orders, days = (3, 1) if quick else (ORDERS, DAYS)
    found = Findings()
    for shape in ({"dated": False}, {"dated": True}, {"side_rules": True}):
        told = fresh(shuffled, orders=orders, given={"seed": 1, **shape, **size}).value
        found.audit.add(told["audit"])
        name = "with side rules" if shape.get("side_rules") else "dated" if shape["dated"] else "undated"
        found.reach(
            "stability", f"{name}: {told['same']} of {orders} orders give the same plan", told["same"] == orders
        )
    # A hundred needs and five hundred units, so that one part in a hundred is a whole number of both.
    told = fresh(changed, days=days, given=size or {"needs": 100, "services": 500}).value
    found.audit.add(told["audit"])
    share = percent(told["moved"], told["kept"])
    figure = f"{share}% of {told['kept']:,} proposals that could stay changed with 1% of the day"
    found.reach("stability", figure, share <= MOST_CHANGED)
    found.notes.append(
        "One in a hundred needs and units changes: a need goes and a new one comes, a unit gains or loses a place. "
        "A proposal could stay if its person is still there and no rule refuses the same start in the same unit."
    )
    return found


def shuffled(orders: int, given: dict[str, Any]) -> dict[str, Any]:
    """Count the shuffles of a day whose plan is that of the day, seconds aside; a measured piece."""
    instance, audit, same = day(**given), Audit(), 0
    plan = solve(instance)
    audit.look_at(instance, plan)
    for order in range(orders):
        dice = random.Random(order)
        again = replace(
            instance,
            units=tuple(dice.sample(instance.units, len(instance.units))),
            needs=tuple(dice.sample(instance.needs, len(instance.needs))),
            shared_caps=tuple(dice.sample(instance.shared_caps, len(instance.shared_caps))),
        )
        same += replace(solve(again), seconds=plan.seconds) == plan
    return {"same": same, "audit": audit.to_dict()}


def changed(days: int, given: dict[str, Any]) -> dict[str, int | dict[str, int]]:
    """Count, over days of which 1% changes, the proposals that could stay and those of them that move."""
    audit, kept, moved = Audit(), 0, 0
    for seed in range(days):
        before = day(seed, **given)
        plan = solve(before)
        after = _with_changes(before, plan, random.Random(f"changes {seed}"))
        again = solve(after)
        audit.look_at(before, plan)
        audit.look_at(after, again)
        now = {match.need: (match.unit, match.start) for match in again.matches}
        could_stay = _still_open(after, plan)
        kept += len(could_stay)
        moved += sum(now.get(need) != place for need, place in could_stay.items())
    return {"kept": kept, "moved": moved, "audit": audit.to_dict()}


def _with_changes(instance: Instance, plan: Plan, dice: random.Random) -> Instance:
    held = {match.need: Current(unit=match.unit, start=match.start) for match in plan.matches}
    needs = [replace(need, current=held.get(need.id)) for need in instance.needs]
    for index in dice.sample(range(len(needs)), ceil(len(needs) / 100)):
        needs[index] = a_need(dice, f"M{index:04}", HOME, 0, instance.nights)
    units = list(instance.units)
    for index in dice.sample(range(len(units)), ceil(len(units) / 100)):
        units[index] = _gained_or_lost(units[index], instance.nights, dice)
    return replace(instance, units=tuple(units), needs=_without(needs, instance.needs))


def _gained_or_lost(unit: UnitFacts, nights: int, dice: random.Random) -> UnitFacts:
    if unit.free and dice.random() < 0.5:
        return replace(unit, free=tuple(Span(start, end, places - 1) for start, end, places in unit.free))
    more = tuple(Span(start, end, places + 1) for start, end, places in unit.free) or (Span(0, nights, 1),)
    return replace(unit, free=more)


def _without(needs: list[Need], before: tuple[Need, ...]) -> tuple[Need, ...]:
    """Return the needs, no longer apart from those who have gone."""
    gone = {need.id for need in before} - {need.id for need in needs}
    return tuple(replace(need, apart=need.apart - gone) for need in needs)


def _still_open(instance: Instance, plan: Plan) -> dict[str, tuple[str, int]]:
    columns = columns_of(instance)
    fields = (columns.need.tolist(), columns.unit.tolist(), columns.start.tolist())
    there = {(columns.needs[n].id, columns.table.units[u].id, start) for n, u, start in zip(*fields, strict=True)}
    proposed = {match.need: (match.unit, match.start) for match in plan.matches}
    return {need: place for need, place in proposed.items() if (need, *place) in there}
