"""`python -m benchmarks.fingerprints [FILE…]`: one line an instance with the SHA-256 of all that the engine says of it.

Two versions of the engine that print the same lines answer alike. Without files it makes its own instances: small ones
with every rule, a few days, a quarter. It runs on older versions too, whose modules lay flat:
`PYTHONPATH=OLDER python benchmarks/fingerprints.py`.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterator
from dataclasses import asdict
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

SMALL = 200
DAYS = 3
TOLD = 5
"""Needs of each instance that are explained and ranked."""
MOST_VALUED = 20
"""Units up to which an instance is also asked what places are worth: each is solved some ten times again."""
UNSTEADY = {"seconds", "versions"}
"""What is not the same from run to run."""

HOMES = {
    "Arrival": ("worth.futures.Arrival", "futures.Arrival"),
    "Budget": ("budget.Budget", "watch.Budget"),
    "History": ("worth.futures.History", "futures.History"),
    "cheapest": ("worth.cheapest.least_points", "holding.cheapest"),
    "explain": ("explaining.explain.explain", "explain.explain"),
    "first_come": ("worth.first_come.first_come", "first_come.first_come"),
    "instance_document": ("problem.documents.instance_document", "documents.instance_document"),
    "place_prices": ("worth.prices.place_prices", "prices.place_prices"),
    "plan_document": ("problem.documents.plan_document", "documents.plan_document"),
    "ranked": ("judging.ranking.ranked", "ranking.ranked"),
    "read_instance": ("problem.documents.read_instance", "documents.read_instance"),
    "solve": ("tiers.solving.solve", "solving.solve"),
    "stdout_reserved": ("solvers.silence.stdout_reserved", "silence.stdout_reserved"),
    "values": ("worth.values.values", "values.values"),
}
"""Where each name lives: in the wings, and before there were any."""


def engine(name: str) -> Any:
    """Return what the engine calls so, wherever this version of it keeps it."""
    for home in HOMES[name]:
        module, _, there = home.rpartition(".")
        try:
            return getattr(import_module(f"placement.matching.{module}"), there)
        except ModuleNotFoundError as error:
            if not (error.name or "").startswith("placement.matching."):
                raise
    raise ModuleNotFoundError(f"this engine has no {name}")


def fingerprints(instance: Any, *, work: float | None = None) -> dict[str, str]:
    """Return the digest of each answer about an instance, by question.

    `work` limits each call of CP-SAT in its deterministic units and keeps HiGHS out, which knows no work but time.
    """
    plan = engine("solve")(instance, budget=engine("Budget")(seconds=None, work=work), seed=1)
    asked = [need.id for need in sorted(instance.needs, key=lambda need: need.id)[:TOLD]]
    answers = {
        "plan": engine("plan_document")(plan),
        "first come": engine("plan_document")(engine("first_come")(instance)),
        "explanations": [engine("explain")(instance, plan, need).to_dict() for need in asked],
        "rankings": [engine("ranked")(instance, need, plan).to_dict() for need in asked],
    }
    if len(instance.units) <= MOST_VALUED:
        arrivals = tuple(engine("Arrival")(day=0, need=need) for need in instance.needs)
        history = engine("History")(days=instance.nights, arrivals=arrivals)
        answers |= {
            "values": engine("values")(instance, top=2).to_dict(instance),
            "prices": [asdict(price) for price in engine("place_prices")(instance, history, count=2)],
            "cheapest": engine("cheapest")(instance),
        }
    return {question: digest(answer) for question, answer in answers.items()}


def digest(answer: Any) -> str:
    """Return the SHA-256 of JSON values without what is not the same from run to run."""
    kept = {key: value for key, value in answer.items() if key not in UNSTEADY} if isinstance(answer, dict) else answer
    return sha256(json.dumps(kept, sort_keys=True, default=sorted).encode()).hexdigest()


def made() -> Iterator[tuple[str, Any]]:
    """Yield instances by name: small ones, days without and with dates and side rules, and a quarter."""
    from benchmarks.generator import day, quarter

    for seed in range(SMALL):
        small = day(seed, needs=12, services=16, nights=10, dated=seed % 4 != 0, side_rules=seed % 2 == 1)
        yield f"small {seed}", _detailed(small, random.Random(f"detail {seed}"))
    for seed in range(DAYS):
        yield f"undated day {seed}", day(seed, dated=False)
        yield f"dated day {seed}", day(seed)
        yield f"day with side rules {seed}", day(seed, side_rules=True)
    yield "quarter", quarter(0)


def _detailed(instance: Any, dice: random.Random) -> Any:
    """Return the instance with places on more nights, prices and limits on them, former proposals and extra points."""
    document = engine("instance_document")(instance)
    units = [unit["id"] for unit in document["units"]]
    for unit in document["units"]:
        if dice.random() < 0.6:
            unit["free"] = [[0, instance.nights, dice.choice((1, 1, 2, 3))]]
    for need in document["needs"]:
        if dice.random() < 0.3:
            need["current"] = {"unit": dice.choice(units), "start": need["earliest"]}
        need["hold_above"] = dice.choice((None, None, 30))
        need["extra_points"] = {dice.choice(units): dice.randint(-30, 30)} if dice.random() < 0.2 else {}
        need["avoid_services"] = [document["units"][0]["service"]] if dice.random() < 0.2 else []
        need["declined_units"] = [dice.choice(units)] if dice.random() < 0.2 else []
    document["prices"] = [[unit, 0, instance.nights, dice.randint(1, 9)] for unit in units if dice.random() < 0.3]
    return engine("read_instance")(json.dumps(document))


def main(arguments: list[str]) -> None:
    """Print a line for each instance, and at last one for all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fingerprints", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="instance documents instead of made ones")
    parser.add_argument("--work", type=float, help="the work of each search, for instances too hard to be proven")
    parser.add_argument("--no-quarter", action="store_true", help="leave the quarter out, which takes a minute")
    given = parser.parse_args(arguments)
    files = ((path.name, engine("read_instance")(path.read_bytes())) for path in given.files)
    together = sha256()
    with engine("stdout_reserved")() as stdout, open(stdout, "w", closefd=False) as lines:
        for name, instance in files if given.files else made():
            if given.no_quarter and name == "quarter":
                continue
            found = fingerprints(instance, work=given.work)
            together.update(json.dumps([name, found]).encode())
            told = ", ".join(f"{question} {digested[:16]}" for question, digested in found.items())
            print(f"{name}: {told}", file=lines, flush=True)
        print(f"all: {together.hexdigest()}", file=lines)


if __name__ == "__main__":
    main(sys.argv[1:])
