"""Records → who lives where: the stays that are not over yet and the places held, with what matters to who may join."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, select
from sqlalchemy.orm import Session, joinedload

from placement.domain.features import Strength
from placement.domain.kinds import UNPLANNED
from placement.domain.likeness import SUPPORT_LEVELS, support_level
from placement.planning.living import LiveStay
from placement.records.availability import held_for_others
from placement.records.councils import EVERY_COUNCIL
from placement.records.holds import PlaceHold
from placement.records.placements import Placement, holding_from, nights_held
from placement.records.providers import Unit
from placement.records.referrals import Person, Referral, ReferralNeed

SAYS_SUPPORT = [slug for known in SUPPORT_LEVELS.values() for slug in known]
ABOUT = (Referral.id, Person.id, Person.gender, Referral.lives_alone, Person.born_on, Referral.kind, ReferralNeed.slug)


def live_stays(session: Session, day: date, without: Collection[int]) -> Iterator[LiveStay]:
    """Yield the stays that hold a night of a day or later, but those of the ids `without`; one question."""
    where = (Placement.unit_id, Unit.service_id, Placement.state, Placement.start_on, Placement.end_on)
    rows = select(*ABOUT, Placement.id, *where).select_from(Placement).join(Placement.person).join(Placement.unit)
    rows = rows.join(Placement.referral).where(holding_from(day), Placement.id.not_in(without))
    found = session.execute(_with_support(rows).order_by(Placement.id), execution_options=EVERY_COUNCIL)
    for _, same in groupby(found, key=lambda row: row[len(ABOUT)]):
        first, about = _told(same)
        unit, service, state, start, end = first[len(ABOUT) + 1 :]
        yield LiveStay(**about, unit=unit, service=service, nights=nights_held(state, start, end, day))


def held_stays(session: Session, referral_ids: Collection[int]) -> Iterator[LiveStay]:
    """A place held for somebody is as good as taken while they decide, for whoever must not live with them too.

    What is held for the referrals of these ids is free to them.
    """
    rows = held_for_others(referral_ids).options(joinedload(PlaceHold.unit))
    held = session.scalars(rows, execution_options=EVERY_COUNCIL).all()
    if not held:
        return
    who = select(*ABOUT).select_from(Referral).join(Referral.person)
    who = who.where(Referral.id.in_([each.referral_id for each in held]))
    found = session.execute(_with_support(who).order_by(Referral.id), execution_options=EVERY_COUNCIL)
    people = {number: _told(same)[1] for number, same in groupby(found, key=lambda row: row[0])}
    for hold in held:
        unit = hold.unit
        yield LiveStay(**people[hold.referral_id], unit=unit.id, service=unit.service_id, nights=hold.period)


def _with_support(rows: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Return rows about referrals, once for each level of support that a person needs or would like, or once."""
    return rows.outerjoin(ReferralNeed, _is_support())


def _is_support() -> ColumnElement[bool]:
    return and_(
        ReferralNeed.referral_id == Referral.id,
        ReferralNeed.slug.in_(SAYS_SUPPORT),
        ReferralNeed.strength != Strength.UNKNOWN,
    )


def _told(same: Iterable[Row[*tuple[Any, ...]]]) -> tuple[Row[*tuple[Any, ...]], dict[str, Any]]:
    """Return the first of some rows about one person, and what they say together."""
    rows = list(same)
    _, person, gender, alone, born_on, kind, *_ = rows[0]
    support = support_level({row[len(ABOUT) - 1] for row in rows})
    known = gender.value if gender else None
    about = {"person": person, "gender": known, "alone": alone, "unplanned": kind in UNPLANNED}
    return rows[0], {**about, "born_on": born_on, "support": support}
