"""What a list of places offers can be had at that moment, in a whole city with shared pools, closures and stays."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from placement.brokerage.reservations import Decision
from placement.domain.errors import Invalid
from placement.domain.people import Actor, Role
from placement.domain.states import OPEN, Status
from placement.matching.table.columns import columns_of
from placement.planning.keys import unit_id_of
from placement.planning.shortlists import accept, shortlist
from placement.planning.snapshot import open_instance
from placement.records.referrals import Referral
from placement.records.standings import standings_on
from tests.conftest import NOW
from tests.demo.conftest import City

EVERY_SO_MANY = 8
"""Referrals that one is taken of: a city has dozens, and each is asked of every service."""
BROKER = Actor(user_id=None, name="Broker", role=Role.BROKER)


def test_every_place_that_is_listed_for_an_open_referral_can_be_reserved_at_that_moment(city: City):
    """But where the provider is restricted, which is shown in the list and decided by a manager."""
    offered, restricted = set(), 0
    with city.store.write() as session:
        standings = standings_on(session, NOW.date())
        rows = select(Referral).where(Referral.state.in_(OPEN)).order_by(Referral.id)
        for referral in session.scalars(rows).all()[::EVERY_SO_MANY]:
            for each in shortlist(session, referral, now=NOW).listed:
                reason = None if each.is_in_city else "no_vacancy"
                choice = Decision(
                    start_on=each.start_on,
                    end_on=each.end_on,
                    out_of_city_reason=reason,
                    approved_by="Duty manager",
                    ends_current=True,
                )
                standing = standings.get(each.unit.service.provider_id)
                if standing is not None and standing.status is Status.RESTRICTED:
                    with pytest.raises(Invalid, match="a manager decides"), session.begin_nested():
                        accept(session, referral, each.unit, choice, by=BROKER, now=NOW)
                    restricted += 1
                    continue
                with session.begin_nested() as step:
                    assert accept(session, referral, each.unit, choice, by=BROKER, now=NOW)
                    step.rollback()
                offered.add((referral.reference, each.unit.id, (each.start_on - NOW.date()).days))
        columns = columns_of(open_instance(session, now=NOW))
        session.rollback()

    assert len(offered) > 25
    assert restricted < len(offered)
    fields = zip(columns.need.tolist(), columns.unit.tolist(), columns.start.tolist(), strict=True)
    known = {(columns.needs[n].id, unit_id_of(columns.table.units[u].id), start) for n, u, start in fields}
    assert offered <= known  # and the matcher may choose every one of them
