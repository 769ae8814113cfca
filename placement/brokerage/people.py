"""The people who are referred. A case number is the council's own; the same one is the same person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.domain.clocks import today
from placement.domain.errors import Invalid
from placement.domain.people import Actor, Gender, age_on
from placement.geography.gazetteer import Located
from placement.records.events import record
from placement.records.referrals import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonAnswers:
    """The first page of a referral. `home` None: no fixed address."""

    case_number: str
    name: str
    born_on: date
    gender: Gender | None
    home: Located | None


def person_with(session: Session, case_number: str) -> Person | None:
    """Return the person with a case number, however its letters were typed."""
    return session.scalar(select(Person).where(Person.case_number == case_number.strip().upper()))


def keep_person(session: Session, answers: PersonAnswers, *, by: Actor, now: datetime) -> Person:
    """Add a person, or bring the one with this case number up to date.

    Raises Invalid if the date of birth cannot be an adult's, or differs from the one on record: two people must not
    be mixed up by a mistyped case number.
    """
    if not 18 <= age_on(answers.born_on, today(now)) <= 120:
        raise Invalid("Enter the date of birth of somebody aged 18 to 120.", field="born_on")
    person = person_with(session, answers.case_number)
    if person and person.born_on != answers.born_on:
        raise Invalid("This case number belongs to somebody with another date of birth.", field="case_number")
    event = "person_updated" if person else "person_added"
    person = person or Person(case_number=answers.case_number.strip().upper(), born_on=answers.born_on, created_at=now)
    person.name, person.gender = answers.name, answers.gender
    _move(person, answers.home)
    session.add(person)
    record(session, event, person, by=by, now=now)
    return person


def _move(person: Person, home: Located | None) -> None:
    person.postcode = home.postcode if home else None
    person.lat, person.lon = (home.point.lat, home.point.lon) if home else (None, None)
    person.authority = home.authority if home else None
    person.ward_code = home.ward.code if home and home.ward else None
