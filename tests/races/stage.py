"""What the races are about: many units with one last place each, and many people who are referred, stored in bulk."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from placement.brokerage.reservations import Decision
from placement.domain.people import Actor, Gender, Role
from placement.domain.states import PlacementState, ReferralState
from placement.records.placements import Placement
from placement.records.providers import Unit
from placement.records.referrals import Person, Referral
from placement.records.vacancies import VacancyReport
from tests.builders import CITY, TODAY, a_provider, a_service, night
from tests.conftest import NOW

BROKER = Actor(user_id=None, name="A broker", role=Role.BROKER)
STAY = Decision(start_on=TODAY, end_on=night(14), reason="The best match")


def last_places(session: Session, number: int, **values: Any) -> list[int]:
    """Store units of one provider, each in a service of its own with one place that is free; return their ids."""
    provider = a_provider(session)
    units = [
        {
            "service_id": a_service(session, provider=provider).id,
            "name": f"Unit {i}",
            "capacity": 1,
            "reply_hours": 1,
        }
        | values
        for i in range(number)
    ]
    ids = list(session.scalars(insert(Unit).returning(Unit.id, sort_by_parameter_order=True), units))
    report = {"reported_at": NOW, "reporter": "Somebody", "maximum": 1, "occupied": 0, "reserved": 0, "accepting": 1}
    session.execute(insert(VacancyReport), [{"unit_id": unit_id} | report for unit_id in ids])
    return ids


def people(session: Session, number: int) -> list[int]:
    """Store people; return their ids."""
    rows = [
        {
            "case_number": f"C{i:06}",
            "name": f"Person {i}",
            "born_on": date(1980, 1, 1),
            "gender": Gender.WOMAN,
            "authority": CITY,
            "created_at": NOW,
        }
        for i in range(number)
    ]
    return list(session.scalars(insert(Person).returning(Person.id, sort_by_parameter_order=True), rows))


def referrals(session: Session, person_ids: list[int], **values: Any) -> list[int]:
    """Store a referral that is being searched for, for each of these people; return their ids."""
    given = {
        "kind": "crisis",
        "state": ReferralState.SEARCHING,
        "earliest_on": TODAY,
        "latest_on": TODAY + timedelta(days=1),
        "nights": 14,
        "created_at": NOW,
        "submitted_at": NOW,
    } | values
    rows = [{"person_id": person_id} | given for person_id in person_ids]
    return list(session.scalars(insert(Referral).returning(Referral.id, sort_by_parameter_order=True), rows))


def reservations(session: Session, unit_ids: list[int]) -> list[int]:
    """Reserve each unit's place; the reservation of unit i runs out i minutes from now. Return their ids."""
    person_ids = people(session, len(unit_ids))
    referral_ids = referrals(session, person_ids, state=ReferralState.PLACED)
    rows = [
        {
            "person_id": person_id,
            "referral_id": referral_id,
            "unit_id": unit_id,
            "state": PlacementState.RESERVED,
            "start_on": TODAY,
            "end_on": night(14),
            "is_in_city": True,
            "created_at": NOW,
            "expires_at": NOW + timedelta(minutes=i),
        }
        for i, (person_id, referral_id, unit_id) in enumerate(zip(person_ids, referral_ids, unit_ids, strict=True))
    ]
    return list(session.scalars(insert(Placement).returning(Placement.id, sort_by_parameter_order=True), rows))


def at(setting: Mapping[str, Any], name: str, number: int) -> int:
    """Return the id that belongs to a round."""
    found: int = setting[name][number]
    return found
