"""What Python and the database say of the same row is the same."""

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sqlalchemy import select

from placement.domain.people import SYSTEM
from placement.domain.periods import Period
from placement.domain.states import BARRED, LIVE, PlacementState, Status
from placement.market.services import set_standing
from placement.records.periods import in_force, not_over
from placement.records.placements import Placement, holding_from
from placement.records.providers import Service, registered_on
from placement.records.standings import barred_providers, standings_on
from placement.records.vacancies import Closure
from tests.builders import a_placement, a_provider, a_service, a_unit, night
from tests.conftest import NOW
from tests.exploring import tried

offsets = st.integers(-3, 3)


def fits(session, entity, condition):
    return list(session.scalars(select(entity).where(condition)))


@tried(30, suppress_health_check=list(HealthCheck))
@given(start=offsets, length=st.none() | st.integers(1, 4), day=offsets)
def test_a_period_holds_a_night_in_the_database_as_in_python(shared_store, start, length, day):
    with shared_store.write() as session:
        nights = Period.lasting(night(start), length)
        closure = Closure(
            unit_id=a_unit(session).id, start_on=nights.start, end_on=nights.end, reason="other",
            created_at=NOW, created_by="x",
        )  # fmt: skip
        session.add(closure)
        session.flush()

        assert (closure in fits(session, Closure, not_over(Closure.end_on, night(day)))) != nights.is_over(night(day))
        held = fits(session, Closure, in_force(Closure.start_on, Closure.end_on, night(day)))
        assert (closure in held) == nights.holds(night(day))
        session.rollback()


@tried(30, suppress_health_check=list(HealthCheck))
@given(is_listed=st.booleans(), leaves=st.none() | offsets, day=offsets)
def test_a_service_is_registered_on_a_day_in_the_database_as_in_python(shared_store, is_listed, leaves, day):
    with shared_store.write() as session:
        leaves_on = None if leaves is None else night(leaves)
        service = a_service(session, is_listed=is_listed, deregistered_on=leaves_on)
        session.flush()

        found = service in fits(session, Service, registered_on(night(day)))
        assert found == service.is_registered_on(night(day)) == (is_listed and (leaves is None or day < leaves))
        session.rollback()


@tried(30, suppress_health_check=list(HealthCheck))
@given(state=st.sampled_from(PlacementState), start=offsets, nights=st.none() | st.integers(1, 4), day=offsets)
def test_a_stay_holds_its_place_in_the_database_as_in_python(shared_store, state, start, nights, day):
    with shared_store.write() as session:
        stay = a_placement(session, a_unit(session, capacity=9, accepting=9), start=start, nights=nights, state=state)
        session.flush()

        found = stay in fits(session, Placement, holding_from(night(day)))
        assert found == stay.holds_from(night(day)) == (state in LIVE and (nights is None or day < start + nights))
        session.rollback()


@pytest.mark.parametrize("status", list(Status))
def test_a_provider_is_barred_while_its_status_forbids_it_to_admit(store, status):
    with store.writing() as session:
        provider, other = a_provider(session), a_provider(session)
        set_standing(session, provider, status, start_on=night(1), end_on=night(3), reason="x", by=SYSTEM, now=NOW)

        for day in range(5):
            barred = barred_providers(session, night(day))
            standing = standings_on(session, night(day)).get(provider.id)
            assert (provider.id in barred) == (standing is not None and standing.is_barring)
            assert (provider.id in barred) == (status in BARRED and day in (1, 2))
            assert other.id not in barred
