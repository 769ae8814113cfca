"""Who lives where, and who must not live with whom: the stays that are not over yet, as a snapshot reads them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from placement.domain.periods import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveStay:
    """One person in one unit for some nights; `alone`: who must live alone; `unplanned`: who came in a crisis;
    `support`: a level of it, where known."""

    person: int
    gender: str | None
    alone: bool
    unplanned: bool
    born_on: date | None
    support: str | None
    unit: int
    service: int
    nights: Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Living:
    """The stays of today and later, and the people to keep apart: `apart` holds both directions."""

    of_person: Mapping[int, Sequence[LiveStay]]
    of_unit: Mapping[int, Sequence[LiveStay]]
    apart: Mapping[int, frozenset[int]]

    def stays_of(self, people: Iterable[int], nights: Period) -> Iterator[LiveStay]:
        """Yield the stays of any of these people that hold one of these nights."""
        stays = (stay for person in people for stay in self.of_person.get(person, ()))
        return (stay for stay in stays if stay.nights.overlaps(nights))


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
