"""How well a place suits a person: the terms of the `fit` objective, each labelled, in whole points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import floor

from placement.matching.judging.company import is_of_like_age, is_of_like_support
from placement.matching.judging.setting import Setting
from placement.matching.problem.facts import Current, Need, UnitFacts

FOR_A_WISH = 20
FOR_A_QUARTER_MILE = -1
FARTHEST = -200
FOR_QUALITY = 10
NOT_RATED = 1
FOR_ACCEPTANCE = 40
ACCEPTANCE_UNKNOWN = 0.5
OLDEST = 30
FOR_A_NIGHT = {"respite": -3}
FOR_A_NIGHT_OTHERWISE = -15
FOR_SOMETHING_SCARCE = -5
FOR_KEEPING = 80
FOR_LIKE_AGE, FOR_LIKE_SUPPORT = 6, 4
"""[G] Together less than a wish: whom one would live with never outweighs what the person asks for."""


@dataclass(frozen=True, slots=True)
class Term:
    """One term of the fit: its word, its label and its points for a need starting in a unit on a night."""

    slug: str
    label: str
    points: Callable[[Need, UnitFacts, int, Setting], int]


def _distance(need: Need, unit: UnitFacts, _: int, setting: Setting) -> int:
    miles = setting.miles(need, unit)
    return 0 if miles is None else max(FARTHEST, FOR_A_QUARTER_MILE * floor(4 * miles))


def _quality(_: Need, unit: UnitFacts, __: int, ___: Setting) -> int:
    return FOR_QUALITY * (NOT_RATED if unit.quality is None else unit.quality)


def _acceptance(_: Need, unit: UnitFacts, __: int, ___: Setting) -> int:
    return round(FOR_ACCEPTANCE * (ACCEPTANCE_UNKNOWN if unit.acceptance is None else unit.acceptance))


def _scarce(need: Need, unit: UnitFacts, _: int, setting: Setting) -> int:
    return FOR_SOMETHING_SCARCE * len((setting.scarce & unit.offers) - need.essential - need.desirable)


def _prices(need: Need, unit: UnitFacts, start: int, setting: Setting) -> int:
    return -setting.price(unit, start, setting.end(need, start))


TERMS = (
    Term("desirable", "Desirable needs met", lambda need, unit, *_: FOR_A_WISH * len(need.wishes & unit.offers)),
    Term("distance", "Distance", _distance),
    Term("quality", "Quality rating", _quality),
    Term("acceptance", "How often this unit accepts", _acceptance),
    Term("age", "Age of the vacancy", lambda _, unit, *__: -min(OLDEST, floor(unit.age_hours / 24))),
    Term(
        "delay",
        "Nights after the earliest start",
        lambda need, _, start, __: FOR_A_NIGHT.get(need.kind, FOR_A_NIGHT_OTHERWISE) * (start - need.earliest),
    ),
    Term("scarce", "Scarce features left unused", _scarce),
    Term(
        "current",
        "Same as the current proposal",
        lambda need, unit, start, _: FOR_KEEPING if need.current == Current(unit=unit.id, start=start) else 0,
    ),
    Term(
        "like_age",
        "People of about this age live there",
        lambda need, unit, start, _: FOR_LIKE_AGE * is_of_like_age(need, unit, start),
    ),
    Term(
        "like_support",
        "People with a like level of support live there",
        lambda need, unit, start, _: FOR_LIKE_SUPPORT * is_of_like_support(need, unit, start),
    ),
    Term("extra", "Added for this pair", lambda need, unit, *_: need.extra_points.get(unit.id, 0)),
    Term("prices", "Worth of the nights to people still to come", _prices),
)


def fit(need: Need, unit: UnitFacts, start: int, setting: Setting) -> int:
    """Return the points of the match: the sum of all terms."""
    return sum(term.points(need, unit, start, setting) for term in TERMS)
