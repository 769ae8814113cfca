"""Which ward each service, person and referral is counted in, brought over to another ward set.

A ward code means nothing without its set: when the set in use changes, codes follow from the positions on record.
Versions are left alone, because nobody's answers change.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session

from placement.geography.distances import Point
from placement.geography.gazetteer import Gazetteer
from placement.records.councils import council_of
from placement.records.providers import Service
from placement.records.referrals import Person, Referral

Move = tuple[int, str]


def recode_wards(session: Session, gazetteer: Gazetteer) -> int:
    """Give everything in the city its code of the gazetteer's ward set; return how many rows changed."""
    people = dict(_moves(session, Person, gazetteer))
    referrals = _referral_moves(session, people)  # before the people's old codes are gone
    services = _moves(session, Service, gazetteer)
    _write(session, Service.__table__, services)
    _write(session, Person.__table__, people.items())
    _write(session, Referral.__table__, referrals)
    session.expire_all()
    return len(services) + len(people) + len(referrals)


def _moves(session: Session, table: type[Service] | type[Person], gazetteer: Gazetteer) -> list[Move]:
    rows = select(table.id, table.lat, table.lon, table.ward_code).where(
        table.authority.in_(council_of(session).authorities)
    )
    found = []
    for row_id, lat, lon, code in session.execute(rows.order_by(table.id)):
        ward = gazetteer.ward_at(Point(lat=lat, lon=lon)) if lat is not None and lon is not None else None
        if ward and ward.code != code:
            found.append((row_id, ward.code))
    return found


def _referral_moves(session: Session, people: dict[int, str]) -> list[Move]:
    """A referral keeps the ward of the home it was made from; it follows where that is still the person's home."""
    rows = select(Referral.id, Referral.person_id).join(Referral.person)
    same_home = rows.where(Referral.ward_code.is_not_distinct_from(Person.ward_code)).order_by(Referral.id)
    return [(row_id, people[person]) for row_id, person in session.execute(same_home) if person in people]


def _write(session: Session, table: object, moves: Iterable[Move]) -> None:
    assert isinstance(table, Table)
    values = [{"row": row_id, "code": code} for row_id, code in moves]
    if values:
        change = update(table).where(table.c.id == bindparam("row")).values(ward_code=bindparam("code"))
        session.connection().execute(change, values)
