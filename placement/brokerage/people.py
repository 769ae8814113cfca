"""The people who are referred. A case number is the council's own; the same one is the same person.

Nobody who is on record is written over by what somebody types: a human first says that it is the same person, and what
differs is kept with the draft and counts from its submission on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from placement.domain.clocks import today
from placement.domain.errors import Invalid, Recognised
from placement.domain.names import are_alike
from placement.domain.people import ADULT, OLDEST, Actor, Gender, age_on, birthday
from placement.domain.text import code, plain
from placement.geography.gazetteer import Located
from placement.records.events import record
from placement.records.races import violated
from placement.records.referrals import OF_PERSON, Person, Referral
from placement.records.sections import PersonSection

FURTHEST_START = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonAnswers:
    """The first page of a referral. `home` None: no fixed address."""

    case_number: str
    name: str
    born_on: date
    gender: Gender | None
    home: Located | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """What a human has said of people on record: whom this is (an id, or nobody), and whom it is not."""

    same_as: int | None = None
    other_than: frozenset[int] = frozenset()


NOTHING_SAID = Confirmed()


def person_with(session: Session, case_number: str) -> Person | None:
    """Return the person with a case number, however its letters were typed. Raises Invalid for hidden characters."""
    return session.scalar(select(Person).where(Person.case_number == code(case_number)))


def people_alike(session: Session, answers: PersonAnswers, *, case_number: str) -> Sequence[Person]:
    """Return who was born on this day, has a like name and another case number, and was ever referred."""
    referred = exists().where(Referral.person_id == Person.id)
    born = select(Person).where(Person.born_on == answers.born_on, Person.case_number != case_number, referred)
    return [each for each in session.scalars(born.order_by(Person.id)) if are_alike(each.name, answers.name)]


def people_by_id(session: Session, ids: Sequence[int]) -> Sequence[Person]:
    """Return people by their numbers, to show them to somebody who has been asked about them."""
    return session.scalars(select(Person).where(Person.id.in_(ids)).order_by(Person.id)).all()


def known_person(
    session: Session,
    answers: PersonAnswers,
    *,
    by: Actor,
    now: datetime,
    confirmed: Confirmed = NOTHING_SAID,
    draft: Referral | None = None,
) -> Person:
    """Return the person that the answers are about, added if nobody has the case number.

    A person whom only this `draft` knows takes what is typed, the case number included. Nothing is written where it
    raises: Invalid if an answer is blank, the date of birth cannot be an adult's, or it differs from the one on record
    (two people must not be mixed up by a mistyped case number); Recognised until a human has said who it is.
    """
    number, name = _required(answers, today(now))
    found, own = person_with(session, number), _own(session, draft)
    if found and found is not own and found.born_on != answers.born_on:
        raise Invalid("This case number belongs to somebody with another date of birth.", field="case_number")
    is_same = found is not None and (draft is not None and found.id == draft.person_id)
    if found and not is_same and confirmed.same_as != found.id:
        raise Recognised(known=found.id)
    if not found:
        _require_nobody_alike(session, answers, number, confirmed, own)
    if found and found is not own:
        return found
    return _kept(session, own, answers, number, name, by, now)


def say_of_person(referral: Referral, answers: PersonAnswers) -> None:
    """Keep with a draft what its answers say of a person otherwise than the record does; none of it counts yet.

    A gender that was not said changes none that is on record.
    """
    said = _columns(plain(answers.name), answers.gender or referral.person.gender, answers.home)
    changed = _changed(referral.person, said)
    if not changed:
        referral.person_said = None
        return
    row = referral.person_said or PersonSection()
    row.changed = " ".join(changed)
    for part, names in OF_PERSON.items():
        for column in names:
            setattr(row, column, said[column] if part in changed else None)
    referral.person_said = row


def apply_said(session: Session, referral: Referral, *, by: Actor, now: datetime) -> None:
    """Bring the person up to date with what the referral says, and tell what changed, names and addresses unnamed."""
    session.execute(select(Person.id).where(Person.id == referral.person_id).with_for_update())
    session.refresh(referral.person)
    said = referral.said_of_person
    _change(session, referral.person, said, by, now, referral=referral.id)
    referral.person_said = None


def _required(answers: PersonAnswers, day: date) -> tuple[str, str]:
    number, name = code(answers.case_number), plain(answers.name)
    if not number:
        raise Invalid("Enter the case number: it has a letter or a digit at least.", field="case_number")
    if not name:
        raise Invalid("Enter the person’s name.", field="name")
    require_age(answers.born_on, day)
    return number, name


def require_age(born_on: date, day: date) -> None:
    """Refuse who cannot be 18 on the first night of any stay that can be asked for today."""
    if not 0 <= age_on(born_on, day) <= OLDEST:
        raise Invalid(f"Enter the date of birth of somebody aged {ADULT} to {OLDEST}.", field="born_on")
    grown = birthday(born_on, ADULT)
    if grown > day + FURTHEST_START:
        said = (
            f"This person is {age_on(born_on, day)}. A place is for adults, from the age of {ADULT} on the first "
            f"night, and can be asked for a year before: from {_in_words(grown - FURTHEST_START)}."
        )
        raise Invalid(said, field="born_on")


def require_adult_by(born_on: date, first_night: date) -> None:
    """Raise Invalid unless somebody is 18 on the first possible night of a stay."""
    grown = birthday(born_on, ADULT)
    if first_night < grown:
        said = f"This person is {ADULT} on {_in_words(grown)}. Enter a first date on or after that day."
        raise Invalid(said, field="earliest_on")


def _in_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _own(session: Session, draft: Referral | None) -> Person | None:
    """Return the person of a draft if no other referral knows the person."""
    if draft is None:
        return None
    others = select(Referral.id).where(Referral.person_id == draft.person_id, Referral.id != draft.id)
    return None if session.scalar(others.limit(1)) else draft.person


def _require_nobody_alike(
    session: Session, answers: PersonAnswers, number: str, confirmed: Confirmed, own: Person | None
) -> None:
    alike = [each.id for each in people_alike(session, answers, case_number=number) if each is not own]
    if not confirmed.other_than.issuperset(alike):
        raise Recognised(alike=tuple(alike))


def _kept(
    session: Session, own: Person | None, answers: PersonAnswers, number: str, name: str, by: Actor, now: datetime
) -> Person:
    said = _columns(name, answers.gender, answers.home)
    if own is None:
        own = Person(case_number=number, born_on=answers.born_on, created_at=now, **said)
        session.add(own)
        _store(session)
        record(session, "person_added", own, by=by, now=now)
        return own
    known_by = {"case_number": number, "born_on": answers.born_on}
    _change(session, own, said | known_by, by, now)
    _store(session)
    return own


def _store(session: Session) -> None:
    """Store a person. Where somebody else has just entered the case number, say so beside the question."""
    try:
        session.flush()
    except IntegrityError as error:
        if violated(error) != "uq_person_case_number":
            raise
        said = "Somebody else entered this case number a moment ago. Send this again to compare the two."
        raise Invalid(said, field="case_number") from error


def _change(session: Session, person: Person, said: dict[str, Any], by: Actor, now: datetime, **details: Any) -> None:
    changed = _changed(person, said)
    if not changed:
        return
    if "gender" in changed:
        details |= {"gender": _value(said["gender"]), "gender_before": _value(person.gender)}
    if said["ward_code"] != person.ward_code:
        details |= {"ward": said["ward_code"], "ward_before": person.ward_code}
    for column, value in said.items():
        setattr(person, column, value)
    record(session, "person_updated", person, by=by, now=now, changed=changed, **details)


def _changed(person: Person, said: dict[str, Any]) -> list[str]:
    """Return what is said otherwise than on record; an address is the same if its postcode is."""
    parts = {"name": "name", "gender": "gender", "home": "postcode", "case_number": "case_number", "born_on": "born_on"}
    return [part for part, column in parts.items() if column in said and getattr(person, column) != said[column]]


def _columns(name: str, gender: Gender | None, home: Located | None) -> dict[str, Any]:
    return {
        "name": name,
        "gender": gender,
        "postcode": home.postcode if home else None,
        "lat": home.point.lat if home else None,
        "lon": home.point.lon if home else None,
        "authority": home.authority if home else None,
        "ward_code": home.ward.code if home and home.ward else None,
    }


def _value(gender: Gender | None) -> str | None:
    return gender.value if gender else None
