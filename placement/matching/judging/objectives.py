"""What a plan is judged by, most important first. The position of a row is its priority; no two are ever added up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from placement.matching.judging.points import fit
from placement.matching.judging.setting import Setting
from placement.matching.problem.facts import Need, UnitFacts

TIE_BITS = 20


@dataclass(frozen=True, slots=True)
class Objective:
    """A tier: its word, its sentence, which way is better, and what one match adds to it."""

    slug: str
    sentence: str
    sense: Literal["max", "min"]
    value: Callable[[Need, UnitFacts, int, Setting], int]

    @property
    def sign(self) -> int:
        """1 where more is better, −1 where less is."""
        return 1 if self.sense == "max" else -1


def _in_city(need: Need, unit: UnitFacts, _: int, setting: Setting) -> int:
    return need.worth if setting.met_in_city(need, unit) else 0


def _cost(need: Need, unit: UnitFacts, start: int, setting: Setting) -> int:
    return (unit.price_for(need.support) or 0) * (setting.end(need, start) - start) // 700


def tie(need: str, unit: str, start: int) -> int:
    """Return the first 20 bits of SHA-256 of `need|unit|start`: a fixed lot, so that the optimum is one plan."""
    return int.from_bytes(sha256(f"{need}|{unit}|{start}".encode()).digest()[:3], "big") >> (24 - TIE_BITS)


OBJECTIVES = (
    Objective("in_city", "People met in the city, by weight and waiting", "max", _in_city),
    Objective("placed", "People placed anywhere, by weight and waiting", "max", lambda need, *_: need.worth),
    Objective("fit", "Points of fit", "max", fit),
    Objective("cost", "Cost in whole pounds over the nights planned", "min", _cost),
    Objective("tie", "A fixed lot", "min", lambda need, unit, start, _: tie(need.id, unit.id, start)),
)


def standing(need: Need, unit: UnitFacts, start: int, setting: Setting) -> tuple[int, ...]:
    """Return what one match adds to every tier, signed so that a greater tuple is a better match."""
    return tuple(objective.sign * objective.value(need, unit, start, setting) for objective in OBJECTIVES)
