"""Who lives where, and who must not live with whom: the stays that are not over yet, as a snapshot reads them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from placement.domain.periods import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveStay:
    """One person in one unit for some nights."""

    person: int
    gender: str | None
    unit: int
    service: int
    nights: Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Living:
    """The stays of today and later, and the people to keep apart: `apart` holds both directions."""

    of_person: Mapping[int, Sequence[LiveStay]]
    of_unit: Mapping[int, Sequence[LiveStay]]
    apart: Mapping[int, frozenset[int]]

    def homes(self, people: Iterable[int], nights: Period) -> set[int]:
        """Return the services where any of these people stays on one of these nights."""
        stays = (stay for person in people for stay in self.of_person.get(person, ()))
        return {stay.service for stay in stays if stay.nights.overlaps(nights)}

    def genders(self, unit: int) -> set[str | None]:
        """Return the genders of the people who live in a unit or are going to."""
        return {stay.gender for stay in self.of_unit.get(unit, ())}


NOBODY = Living(of_person={}, of_unit={}, apart={})


def living_of(stays: Iterable[LiveStay], apart: Mapping[int, set[int]]) -> Living:
    """Return stays by person and by unit; nobody is kept apart from himself."""
    of_person: defaultdict[int, list[LiveStay]] = defaultdict(list)
    of_unit: defaultdict[int, list[LiveStay]] = defaultdict(list)
    for stay in stays:
        of_person[stay.person].append(stay)
        of_unit[stay.unit].append(stay)
    quarrels = {person: frozenset(others - {person}) for person, others in apart.items()}
    return Living(of_person=of_person, of_unit=of_unit, apart=quarrels)
