"""What a scenario changes in the market: a row a change. Each says from which night of the period it holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from placement.domain.errors import Invalid
from placement.domain.features import FEATURE
from placement.domain.limits import MOST_PLACES
from placement.domain.scenarios import Verb
from placement.domain.services import SERVICE_TYPE
from placement.matching.problem.facts import UnitFacts
from placement.planning.keys import unit_key


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketChange:
    """One change about one unit, from a night of the period on (0 is its first).

    `places`: how many are opened beside the unit, like its own, or closed or converted in it (None: all). `offers`:
    what its places offer once converted, beside what they are. `weekly_pence`: the new price of a place, or that of the
    places that are opened (None: as in the unit).
    """

    verb: Verb
    unit: int
    night: int = 0
    places: int | None = None
    offers: frozenset[str] = frozenset()
    weekly_pence: int | None = None

    @property
    def makes_unit(self) -> bool:
        """Whether its places are a unit of their own, beside the one that it is about."""
        return self.verb is Verb.OPEN or (self.verb is Verb.CONVERT and self.places is not None)

    @property
    def key(self) -> str:
        """The engine's name of the unit that it is about."""
        return unit_key(self.unit)


def require_sound(changes: Iterable[MarketChange], units: Mapping[str, UnitFacts], nights: int) -> None:
    """Raise Invalid, saying which change, for one that cannot be made in these units over so many nights."""
    for number, change in enumerate(changes, start=1):
        if problem := _problem(change, units, nights):
            raise Invalid(f"Change {number}: {problem}")


def _problem(change: MarketChange, units: Mapping[str, UnitFacts], nights: int) -> str:
    if change.key not in units:
        return "this unit was not in the register in the period."
    if not 0 <= change.night < nights:
        return "it begins outside the period."
    if change.verb is Verb.OPEN and not change.places:
        return "say how many places are opened."
    if change.places is not None and not 1 <= change.places <= MOST_PLACES:
        return f"enter between 1 and {MOST_PLACES} places."
    if change.verb is Verb.CONVERT and (unknown := change.offers - set(FEATURE) - set(SERVICE_TYPE)):
        return f"these are not in the list of needs: {', '.join(sorted(unknown))}."
    if change.verb is Verb.REPRICE and not (change.weekly_pence and change.weekly_pence > 0):
        return "enter a price above 0."
    return ""


def as_changed(unit: UnitFacts, changes: Iterable[MarketChange], night: int) -> UnitFacts:
    """Return a unit as it is on a night under the changes that are about it."""
    for change in changes:
        if change.night > night:
            continue
        if change.verb is Verb.CONVERT and not change.makes_unit:
            unit = converted(unit, change.offers)
        elif change.verb is Verb.REPRICE:
            unit = replace(unit, weekly_pence=change.weekly_pence, support_pence=())
    return unit


def converted(unit: UnitFacts, offers: frozenset[str]) -> UnitFacts:
    """Return a unit that offers something else; its type of service stays where none is named."""
    types = frozenset(SERVICE_TYPE)
    return replace(unit, offers=offers if offers & types else offers | (unit.offers & types))


def places_closed(changes: Iterable[MarketChange], places: int) -> list[tuple[int, int]]:
    """Return from which night how many of a unit's places are closed, or become a unit of their own."""
    gone = (each for each in changes if each.verb is Verb.CLOSE or (each.verb is Verb.CONVERT and each.makes_unit))
    return [(each.night, places if each.places is None else each.places) for each in gone]
