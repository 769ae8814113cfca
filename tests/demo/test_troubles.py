"""What the work list is for: somebody who was to have left, somebody in hospital, and a notice."""

from __future__ import annotations

from sqlalchemy import func, select

from placement.domain.clocks import today
from placement.domain.states import PlacementState
from placement.records.placements import Placement, overdue
from tests.conftest import NOW
from tests.demo.conftest import City


def test_the_demo_shows_an_overdue_stay_somebody_in_hospital_and_a_notice(city: City):
    with city.store.reading() as session:
        count = select(func.count(Placement.id))
        assert session.scalar(count.where(overdue(today(NOW)))) == 1
        assert session.scalar(count.where(Placement.state == PlacementState.AWAY)) == 1
        assert session.scalar(count.where(Placement.state == PlacementState.NOTICE)) == 1
