"""In the demo city the gate of one pair says what the ranking of the whole city says of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from placement.matching.judging.ranking import ranked
from placement.planning.eligibility import refusals
from placement.planning.keys import unit_id_of
from placement.planning.snapshot import instance_of
from placement.records.providers import Unit
from placement.records.referrals import Referral
from tests.conftest import NOW
from tests.demo.conftest import City

EVERY = 40  # each referral is tried with every fortieth unit, and not always the same ones


@pytest.mark.parametrize("days", [0, 3])
def test_the_gate_says_of_a_pair_what_the_ranking_of_the_city_says(city: City, days: int):
    now, seen = NOW + timedelta(days=days), set[str]()
    with city.store.reading() as session:
        units = session.scalars(select(Unit).order_by(Unit.id)).all()
        newest = select(Referral).where(Referral.submitted_at.is_not(None)).order_by(Referral.id.desc()).limit(12)
        for referral in session.scalars(newest):
            ranking = ranked(instance_of(session, [referral], now=now), referral.reference or "")
            told = {unit_id_of(each.unit): each.refused_by for each in ranking.refused}
            told |= {unit_id_of(each.unit): () for each in ranking.options}
            for unit in units[referral.id % EVERY :: EVERY]:
                assert tuple(refusals(session, referral, unit, now=now)) == told.get(unit.id, ())
                seen |= set(told.get(unit.id, ("gone",)))

    assert len(seen) >= 5, "many rules had something to say"
