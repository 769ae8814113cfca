"""Nobody is given a place with somebody whom they must not live with: judged once more when the place is taken.

The rules say so before. Here it is asked under the locks of both people and of the unit, so that it holds as well where
two people are given places at the same moment.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.domain.errors import NoLongerVacant
from placement.domain.people import Actor
from placement.domain.periods import Period
from placement.domain.states import HoldState, ReferralState
from placement.records.company import kept_apart
from placement.records.councils import EVERY_COUNCIL
from placement.records.holds import PlaceHold
from placement.records.placements import Placement, holding_from, nights_held
from placement.records.providers import Unit
from placement.records.referrals import Referral


@dataclass(frozen=True, slots=True, kw_only=True)
class Companion:
    """Somebody who is, or is to be, in a service on some nights."""

    person: int
    unit: int
    lives_alone: bool
    nights: Period


def may_read_company(referral: Referral, actor: Actor) -> bool:
    """Return whether somebody may read whom a person is kept apart from.

    Who has the referral, who began it, their team and managers may; of a referral that is nobody's, every broker, for
    somebody has to look at it. A draft is its author's.
    """
    if actor.is_manager or actor.user_id in (referral.assigned_to_id, referral.created_by_id):
        return True
    if referral.team_id is not None:
        return actor.team_id == referral.team_id
    return referral.assigned_to_id is None and referral.state is not ReferralState.DRAFT


def require_company(
    session: Session, referral: Referral, unit: Unit, nights: Period, *, day: date, without: Collection[int] = ()
) -> None:
    """Raise NoLongerVacant where the person may not be with those who are there on these nights, or must live alone.

    The caller holds the locks of the people and of the unit. `without` are ids of stays that are looked past.
    """
    if referral.lives_alone and unit.capacity != 1:
        raise NoLongerVacant("This person must live alone, and this is no place for one person alone.")
    apart = kept_apart(session, [referral.person_id]).get(referral.person_id, set())
    for other in _there(session, unit, day, without):
        if other.person == referral.person_id or not other.nights.overlaps(nights):
            continue
        if other.person in apart:
            raise NoLongerVacant("Somebody is there on these nights who must be kept apart from this person.")
        if other.unit == unit.id and other.lives_alone:
            raise NoLongerVacant("This place does not take anybody else on these nights.")


def _there(session: Session, unit: Unit, day: date, without: Collection[int]) -> Iterator[Companion]:
    """Yield who is in the service of a unit today or later, or has a place held there."""
    here = Unit.service_id == unit.service_id
    stays = (
        select(
            Placement.person_id, Placement.unit_id, Referral.lives_alone,
            Placement.state, Placement.start_on, Placement.end_on,
        )
        .join(Placement.unit)
        .join(Placement.referral)
        .where(here, holding_from(day), Placement.id.not_in(without))
    )  # fmt: skip
    for person, where, alone, state, start, end in session.execute(stays, execution_options=EVERY_COUNCIL):
        nights = nights_held(state, start, end, day)
        yield Companion(person=person, unit=where, lives_alone=alone, nights=nights)
    held = (
        select(Referral.person_id, PlaceHold.unit_id, Referral.lives_alone, PlaceHold.start_on, PlaceHold.end_on)
        .join(PlaceHold.referral)
        .join(PlaceHold.unit)
        .where(here, PlaceHold.state == HoldState.HELD)
    )
    for person, where, alone, start, end in session.execute(held, execution_options=EVERY_COUNCIL):
        yield Companion(person=person, unit=where, lives_alone=alone, nights=Period(start, end))
