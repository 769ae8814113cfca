"""Why a need has the place it has, or none: causes, what came nearest, what would change it, and who was preferred."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from placement.matching.explaining.openings import Opening, Openings
from placement.matching.explaining.swaps import Outbid, swap
from placement.matching.judging.objectives import standing
from placement.matching.judging.occupancy import Occupancy, stay_of
from placement.matching.judging.reasons import reasons
from placement.matching.judging.rules import OUTBID, PART_OF_SERIES, RULES
from placement.matching.judging.setting import Setting
from placement.matching.judging.stays import MatchedStay
from placement.matching.problem.facts import Need, UnitFacts
from placement.matching.problem.instance import Instance
from placement.matching.problem.plan import Cause, Match, Nearest, Plan, Unmatched
from placement.matching.table.arrays import Bools
from placement.matching.table.screening import Screening
from placement.matching.table.screens import passes
from placement.matching.table.units import UnitTable, runs_of

MOST_NEAREST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Everything that a plan can say about one need. `match` is None where it has no place anywhere."""

    need: str
    match: Match | None
    is_met: bool
    met_out_of_city: bool
    causes: tuple[Cause, ...]
    nearest: tuple[Nearest, ...]
    change: tuple[Opening, ...]
    outbid: tuple[Outbid, ...]
    ask: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the explanation as JSON values."""
        told = asdict(replace(self, change=()))
        return {**told, "change": [asdict(opening.relaxation) for opening in self.change]}


class Explainer:
    """An instance and the matches of a plan, ready to explain one need after the other."""

    def __init__(self, instance: Instance, matches: Iterable[Match], *, table: UnitTable | None = None) -> None:
        self.table = table or UnitTable(instance)
        self.setting = self.table.setting
        self.matches = {match.name: match for match in matches}
        self.occupancy = Occupancy.of(self.setting, self.matches.values())
        self.spare = runs_of(_left(self.table, self.occupancy.of_need.values()))

    def waterfall(self, need: Need) -> tuple[Cause, ...]:
        """Count the in-city units by the first rule that refuses each, in the order of the rules, then the outbid."""
        return _causes((passes(rule, need, self.table) for rule in RULES), self.table.in_city)

    def unmatched(self, need: Need) -> Unmatched:
        """Return why this need has no place in the city."""
        screening = Screening(need, self.table)
        refused = screening.refusals()
        causes = self._told(_causes(~refused, self.table.in_city), screening, refused)
        name, number = self.setting.stays.told(need.id)
        return Unmatched(
            need=name,
            stay=number,
            causes=causes,
            nearest=_nearest(screening, refused),
            change=tuple(opening.relaxation for opening in self._changes(screening, refused, causes)),
            met_out_of_city=need.id in self.matches,
        )

    def explanation(self, need: Need) -> Explanation:
        """Return everything about this need."""
        screening = Screening(need, self.table)
        refused = screening.refusals()
        match = self.matches.get(need.id)
        met = match is not None and self.setting.met_in_city(need, self.setting.units[match.unit])
        causes = self._told(_causes(~refused, self.table.in_city), screening, refused)
        return Explanation(
            need=need.id,
            match=match,
            is_met=met,
            met_out_of_city=match is not None and not met,
            causes=tuple(cause for cause in causes if not (met and cause.rule == OUTBID)),
            nearest=_nearest(screening, refused),
            change=() if met else self._changes(screening, refused, causes),
            outbid=() if met else self._outbid(screening, refused),
            ask=tuple(sorted(need.unknown)),
        )

    def _told(self, causes: tuple[Cause, ...], screening: Screening, refused: Bools) -> tuple[Cause, ...]:
        """Return the causes with units that still have room told apart from those that others got.

        There are such units only for a stay of a series of which all stays are wanted: another stay has no place.
        """
        need = screening.need
        if need.id in self.matches or not any(need.id in link.needs for link in self.setting.stays.links if link.whole):
            return causes
        rooms = sum(
            any(
                self.occupancy.fits(stay_of(self.setting, need.id, self.table.units[index].id, start))
                for start in screening.window[screening.open_starts[index]].tolist()
            )
            for index in np.flatnonzero(~refused.any(axis=0) & self.table.in_city).tolist()
        )
        ruled = tuple(cause for cause in causes if cause.rule != OUTBID)
        outbid = sum(cause.units for cause in causes if cause.rule == OUTBID) - rooms
        told = ((OUTBID, outbid), (PART_OF_SERIES, rooms))
        return (*ruled, *(Cause(rule=rule, units=units) for rule, units in told if units))

    def _changes(self, screening: Screening, refused: Bools, causes: tuple[Cause, ...]) -> tuple[Opening, ...]:
        """Return what would open a place; nothing for a stay that has one, but for the others of its series."""
        if any(cause.rule == PART_OF_SERIES for cause in causes):
            return ()
        return tuple(Openings(screening, refused, self.occupancy, self.spare).found())

    def told(self, match: Match) -> Match:
        """Return the match with its reasons and its questions."""
        stay = stay_of(self.setting, match.name, match.unit, match.start)
        return replace(match, ask=tuple(sorted(stay.need.unknown)), why=reasons(stay, self.setting))

    def _outbid(self, screening: Screening, refused: Bools) -> tuple[Outbid, ...]:
        """Return the units that were open, the best for this need first."""
        found = []
        for index in np.flatnonzero(~refused.any(axis=0) & self.table.in_city).tolist():
            starts = screening.window[screening.open_starts[index]].tolist()
            unit = self.table.units[index]
            stays = [stay_of(self.setting, screening.need.id, unit.id, start) for start in starts]
            best = max(stays, key=lambda stay: _standing(stay, self.setting))
            found.append((_standing(best, self.setting), swap(best, self.occupancy)))
        return tuple(outbid for _, outbid in sorted(found, key=lambda entry: entry[0], reverse=True))


def _left(table: UnitTable, stays: Iterable[MatchedStay]) -> NDArray[np.int16]:
    """Return the places that these stays leave, units by nights."""
    places = table.free.copy()
    for stay in stays:
        places[table.position[stay.unit.id], stay.start : stay.end] -= 1
    return places


def explain(instance: Instance, plan: Plan, need: str) -> Explanation:
    """Explain what the plan does with a need.

    Parameters
    ----------
    plan
        A sound plan for the instance.
    need
        The id of a need of the instance; of a further stay of a series, `N1/3`.

    Returns
    -------
    Explanation
        Its match if it has one; in-city units counted by the first rule that refuses each; the nearest; what would open
        one; and who has the places that no rule refuses, with what a swap would do to each objective.

    Raises
    ------
    KeyError
        Where the instance has no such need.
    """
    explainer = Explainer(instance, plan.matches)
    return explainer.explanation(explainer.setting.needs[need])


def first_refusals(need: Need, table: UnitTable) -> dict[str, tuple[UnitFacts, ...]]:
    """Return the in-city units by the first rule that refuses each: the units that a waterfall counts."""
    left, found = table.in_city.copy(), {}
    for rule in RULES:
        passed = passes(rule, need, table)
        if (fallen := np.flatnonzero(left & ~passed)).size:
            found[rule.slug] = tuple(table.units[index] for index in fallen.tolist())
        left &= passed
    return found


def explained(instance: Instance, plan: Plan, *, table: UnitTable | None = None) -> Plan:
    """Return the plan with reasons for its matches and the list of those whom it leaves without a place in the city."""
    explainer = Explainer(instance, plan.matches, table=table)
    setting = explainer.setting
    by_place = setting.stays.place
    needs = sorted(setting.needs.values(), key=lambda need: by_place(need.id))
    missing = [need for need in needs if not _is_met(need, explainer)]
    return replace(
        plan,
        matches=tuple(explainer.told(match) for match in sorted(plan.matches, key=lambda match: by_place(match.name))),
        unmatched=tuple(explainer.unmatched(need) for need in missing),
    )


def _is_met(need: Need, explainer: Explainer) -> bool:
    match = explainer.matches.get(need.id)
    return match is not None and explainer.setting.met_in_city(need, explainer.setting.units[match.unit])


def _causes(passing: Iterable[Bools], in_city: Bools) -> tuple[Cause, ...]:
    """Count the in-city units at the first rule that they do not pass; `passing` gives, rule by rule, which ones do."""
    causes, left, many = [], in_city.copy(), int(np.count_nonzero(in_city))
    for rule, passed in zip(RULES, passing, strict=True):
        left &= passed
        still = int(np.count_nonzero(left))
        if still < many:
            causes.append(Cause(rule=rule.slug, units=many - still))
        many = still
        if not many:
            break
    return (*causes, Cause(rule=OUTBID, units=many)) if many else tuple(causes)


def _nearest(screening: Screening, refused: Bools) -> tuple[Nearest, ...]:
    """Return the refused in-city units with fewest refusals, the closest first among equals."""
    count = refused.sum(axis=0)
    candidates = np.flatnonzero(screening.table.in_city & (count > 0))
    miles = np.nan_to_num(screening.miles[candidates], nan=np.inf)
    order = candidates[np.lexsort((candidates, miles, count[candidates]))][:MOST_NEAREST]
    return tuple(
        Nearest(
            unit=screening.table.units[index].id,
            refused_by=tuple(rule.slug for rule, refuses in zip(RULES, refused[:, index], strict=True) if refuses),
        )
        for index in order.tolist()
    )


def _standing(stay: MatchedStay, setting: Setting) -> tuple[int, ...]:
    return standing(stay.need, stay.unit, stay.start, setting)
