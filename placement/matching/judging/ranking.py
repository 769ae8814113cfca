"""Every unit for one need: first those that no rule refuses, best first, then the others with every refusal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from placement.matching.judging.objectives import OBJECTIVES, standing
from placement.matching.judging.occupancy import Occupancy, stay_of
from placement.matching.judging.points import TERMS
from placement.matching.judging.reasons import reasons
from placement.matching.judging.rules import Rule, refusals
from placement.matching.judging.setting import Setting
from placement.matching.judging.starts import starts_of
from placement.matching.problem.facts import Need, UnitFacts
from placement.matching.problem.instance import Instance
from placement.matching.problem.plan import Match, Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """One labelled term of the fit."""

    slug: str
    label: str
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedUnit:
    """A unit open to the need: its place in the order, the best start and what that start is worth.

    `tiers` holds each objective by slug, `terms` adds up to `fit`. `held_by` names the needs that stand in the way in
    the plan, `is_proposed` marks the unit that the plan gives this need.
    """

    rank: int
    unit: str
    service: str
    in_city: bool
    start: int
    starts: tuple[int, ...]
    miles: float | None
    tiers: dict[str, int]
    terms: tuple[Points, ...]
    why: tuple[str, ...]
    held_by: tuple[str, ...]
    is_proposed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedUnit:
    """A unit that is not open to the need, and the slugs of every rule that refuses it, in order.

    `short` says of each by how much, in words; `is_near` that every one of them might be mended by a call or a little
    more of something.
    """

    unit: str
    service: str
    in_city: bool
    miles: float | None
    refused_by: tuple[str, ...]
    short: tuple[str, ...]
    is_near: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """All units of the instance for one need."""

    need: str
    options: tuple[RankedUnit, ...]
    refused: tuple[RefusedUnit, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the ranking as JSON values."""
        return asdict(self)


def ranked(instance: Instance, need: str, plan: Plan | None = None) -> Ranking:
    """Rank every unit for a need by the objectives for that need alone.

    Parameters
    ----------
    need
        The id of a need of the instance.
    plan
        With one, each open unit says who stands in the way there, and which is proposed.

    Returns
    -------
    Ranking
        The open units best first, each from its best start (a night from the first), with miles and points; then the
        refused, by number of refusals, then by distance, each with every rule that refuses it.

    Raises
    ------
    KeyError
        Where the instance has no such need.
    """
    setting = Setting(instance)
    asked = setting.needs[need]
    matches = () if plan is None else plan.matches
    refused = {unit.id: refusals(asked, unit, setting) for unit in instance.units}
    open_units = [unit for unit in instance.units if not refused[unit.id]]
    closed = [_refused(asked, unit, refused[unit.id], setting) for unit in instance.units if refused[unit.id]]
    closed.sort(key=lambda found: (len(found.refused_by), _far(found.miles), found.unit))
    return Ranking(need=need, options=_options(asked, open_units, setting, matches), refused=tuple(closed))


def _options(need: Need, units: list[UnitFacts], setting: Setting, matches: Iterable[Match]) -> tuple[RankedUnit, ...]:
    occupancy = Occupancy.of(setting, matches)
    best = []
    for unit in units:
        starts = starts_of(need, unit, setting)
        start = max(starts, key=lambda night: standing(need, unit, night, setting))
        best.append((standing(need, unit, start, setting), unit, start, tuple(starts)))
    best.sort(key=lambda entry: (entry[0], entry[1].id), reverse=True)
    return tuple(
        _option(rank, need, unit, start, starts, occupancy)
        for rank, (_, unit, start, starts) in enumerate(best, start=1)
    )


def _option(
    rank: int, need: Need, unit: UnitFacts, start: int, starts: tuple[int, ...], occupancy: Occupancy
) -> RankedUnit:
    setting = occupancy.setting
    stay = stay_of(setting, need.id, unit.id, start)
    proposed = occupancy.of_need.get(need.id)
    return RankedUnit(
        rank=rank,
        unit=unit.id,
        service=unit.service,
        in_city=setting.in_city(unit),
        start=start,
        starts=starts,
        miles=setting.miles(need, unit),
        tiers={objective.slug: objective.value(need, unit, start, setting) for objective in OBJECTIVES},
        terms=tuple(
            Points(slug=term.slug, label=term.label, points=term.points(need, unit, start, setting)) for term in TERMS
        ),
        why=reasons(stay, setting),
        held_by=tuple(other.need.id for other in occupancy.rivals(stay)),
        is_proposed=proposed is not None and proposed.unit.id == unit.id,
    )


def _refused(need: Need, unit: UnitFacts, refused_by: tuple[Rule, ...], setting: Setting) -> RefusedUnit:
    short = [rule.short(need, unit, setting) for rule in refused_by]
    return RefusedUnit(
        unit=unit.id,
        service=unit.service,
        in_city=setting.in_city(unit),
        miles=setting.miles(need, unit),
        refused_by=tuple(rule.slug for rule in refused_by),
        short=tuple(each.words for each in short),
        is_near=all(each.is_near for each in short),
    )


def _far(miles: float | None) -> float:
    return float("inf") if miles is None else miles
