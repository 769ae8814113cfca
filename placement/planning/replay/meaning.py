"""From what somebody would change to the units that it is about: one, or places of a kind in a part of the city."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from placement.domain.errors import Invalid
from placement.domain.scenarios import Verb
from placement.matching.problem.facts import UnitFacts
from placement.planning.keys import unit_id_of
from placement.planning.replay.changes import MarketChange
from placement.planning.replay.history import PastPeriod


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketWish:
    """A change as somebody wrote it, from a night of the period on.

    It is about the places of one unit, or else about those of the city that offer all of `kind_of`, in one locality or
    ("") anywhere. `places`: how many in all; None: all of them.
    """

    verb: Verb
    night: int
    unit: int | None = None
    locality: str = ""
    kind_of: frozenset[str] = frozenset()
    places: int | None = None
    becomes: frozenset[str] = frozenset()
    weekly_pence: int | None = None


def market_changes(
    wishes: Iterable[MarketWish], history: PastPeriod, localities: Mapping[str, str]
) -> tuple[MarketChange, ...]:
    """Return the changes that the wishes come to; `localities` has the slug of each unit's, by the unit's key.

    Places are opened like those of the largest unit that fits; closed, converted and priced in the largest first.
    Raises Invalid, saying which change, for one that is about no unit, or about more places than there are.
    """
    found: list[MarketChange] = []
    for number, wish in enumerate(wishes, start=1):
        try:
            found += _changes(wish, history, localities)
        except Invalid as error:
            raise Invalid(f"Change {number}: {error}") from error
    return tuple(found)


def _changes(wish: MarketWish, history: PastPeriod, localities: Mapping[str, str]) -> Iterator[MarketChange]:
    units = _meant(wish, history, localities)
    if wish.verb is Verb.OPEN:
        yield _one(wish, units[0], wish.places)
    elif wish.verb is Verb.REPRICE or wish.places is None:
        yield from (_one(wish, unit, None) for unit in units)
    else:
        yield from _spread(wish, units, wish.places)


def _spread(wish: MarketWish, units: Sequence[UnitFacts], places: int) -> Iterator[MarketChange]:
    """Yield changes of so many places in all, the largest units first."""
    left = places
    for unit in units:
        if part := min(left, unit.places or 0):
            yield _one(wish, unit, part)
        left -= part
    if left:
        raise Invalid(f"there are only {places - left} such places.")


def _meant(wish: MarketWish, history: PastPeriod, localities: Mapping[str, str]) -> Sequence[UnitFacts]:
    if wish.unit is not None:
        units = [unit for key, unit in history.units.items() if unit_id_of(key) == wish.unit]
        if not units:
            raise Invalid("this unit was not in the register in the period.")
        return units
    units = [unit for unit in history.units.values() if unit.offers >= wish.kind_of]
    in_city = [unit for unit in units if unit.authority == history.city]
    there = [unit for unit in in_city if wish.locality in ("", localities.get(unit.id))]
    if wish.verb is Verb.OPEN and not there:
        there = in_city  # like the places of another part of the city
    if not there:
        raise Invalid("no unit there offers that. Choose another part of the city, or a unit.")
    return sorted(there, key=lambda unit: (-(unit.places or 0), unit_id_of(unit.id)))


def _one(wish: MarketWish, unit: UnitFacts, places: int | None) -> MarketChange:
    return MarketChange(
        verb=wish.verb, unit=unit_id_of(unit.id), night=wish.night, places=places, offers=wish.becomes,
        weekly_pence=wish.weekly_pence,
    )  # fmt: skip
