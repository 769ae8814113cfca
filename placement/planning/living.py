"""Who lives where, and who must not live with whom: what a snapshot reads from the stays that are not over yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.domain.periods import Period
from placement.domain.states import ReferralState
from placement.records.councils import EVERY_COUNCIL
from placement.records.placements import Placement, holding_from
from placement.records.providers import Unit
from placement.records.referrals import Person, Referral, apart_person


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


def living(session: Session, day: date) -> Living:
    """Read the stays that hold a place on a day or later, and who must be kept apart."""
    of_person: defaultdict[int, list[LiveStay]] = defaultdict(list)
    of_unit: defaultdict[int, list[LiveStay]] = defaultdict(list)
    for stay in _stays(session, day):
        of_person[stay.person].append(stay)
        of_unit[stay.unit].append(stay)
    return Living(of_person=of_person, of_unit=of_unit, apart=_apart(session))


def _stays(session: Session, day: date) -> Iterator[LiveStay]:
    columns = select(
        Placement.person_id, Person.gender, Placement.unit_id, Unit.service_id, Placement.start_on, Placement.end_on
    )
    rows = columns.join(Placement.person).join(Placement.unit).where(holding_from(day))
    for person, gender, unit, service, start, end in session.execute(
        rows.order_by(Placement.id), execution_options=EVERY_COUNCIL
    ):
        known = gender.value if gender else None
        yield LiveStay(person=person, gender=known, unit=unit, service=service, nights=Period(start, end))


def _apart(session: Session) -> dict[int, frozenset[int]]:
    """Who said so does not matter, nor whether that referral is still open: the quarrel is."""
    rows = select(Referral.person_id, apart_person.c.person_id).join(
        apart_person, apart_person.c.referral_id == Referral.id
    )
    found: defaultdict[int, set[int]] = defaultdict(set)
    for one, other in session.execute(rows.where(Referral.state != ReferralState.DRAFT)):
        found[one].add(other)
        found[other].add(one)
    return {person: frozenset(others - {person}) for person, others in found.items()}
