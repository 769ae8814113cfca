"""In which order rows are locked: person, referral, unit, stay, offer, task; several of a kind by their numbers.

Every step of brokerage begins with the person where it changes more than a request. PostgreSQL would lock the person
all the same, but late: where a row is changed twice in a unit of work, the second change looks again at every row that
the first one names, the person among them, and waits there for whoever holds the person and waits for us.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.domain.states import LIVE
from placement.records.company import kept_apart
from placement.records.placements import Placement
from placement.records.providers import Unit
from placement.records.referrals import Person, Referral


def lock_people(session: Session, person_ids: Collection[int]) -> None:
    """Keep everybody else from deciding about these people, and whom they are kept apart from, until the commit."""
    apart = kept_apart(session, person_ids)
    every = {*person_ids, *(other for person in person_ids for other in apart.get(person, ()))}
    session.execute(select(Person.id).where(Person.id.in_(every)).order_by(Person.id).with_for_update())


def lock_homes(session: Session, person_ids: Collection[int], *, also: Collection[int] = ()) -> None:
    """Lock these people and every unit that they have a place in, before any stay: a report locks in this order too.

    `also` are ids of units that they may get a place in.
    """
    lock_people(session, person_ids)
    homes = select(Placement.unit_id).where(Placement.person_id.in_(person_ids), Placement.state.in_(LIVE))
    wanted = Unit.id.in_(homes) | Unit.id.in_(also) if also else Unit.id.in_(homes)
    session.execute(select(Unit.id).where(wanted).order_by(Unit.id).with_for_update())


def lock_referral(session: Session, referral: Referral) -> None:
    """Lock a referral's person and the referral, and look at it again: somebody may have changed it a moment ago."""
    lock_people(session, [referral.person_id])
    session.refresh(referral, with_for_update=True)


def lock_stay(session: Session, placement: Placement, *, also: Collection[int] = ()) -> None:
    """Lock a stay with its person and homes, and look at it again: somebody may have changed it a moment ago."""
    session.flush()
    lock_homes(session, [placement.person_id], also=also)
    session.refresh(placement, with_for_update=True)
