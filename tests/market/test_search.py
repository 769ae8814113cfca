from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from placement.brokerage.reservations import Decision, reserve
from placement.domain.errors import Invalid, NoLongerVacant
from placement.domain.people import Actor, Role
from placement.domain.states import BARRED, Status
from placement.market.closures import close_places
from placement.market.numbers import Numbers
from placement.market.search import Filters, found_units
from placement.market.services import set_standing
from placement.market.vacancies import report_vacancies
from placement.records.providers import SharedCap
from tests.brokerage.worlds import BROKER, RUGBY
from tests.builders import TODAY, a_placement, a_provider, a_referral, a_service, a_unit, night
from tests.conftest import NOW
from tests.exploring import tried

DOING = {"by": BROKER, "now": NOW}


def found(session, actor=BROKER, today=TODAY, **filters):
    return found_units(session, Filters(**filters), actor=actor, today=today).rows


def units(session, **filters):
    return [each.unit for each in found(session, **filters)]


def test_units_with_free_places_come_first_then_by_name(session):
    full = a_unit(session, accepting=0, service=a_service(session, name="Aspen"))
    beech = a_unit(session, accepting=2, service=a_service(session, name="beech"))
    cedar = a_unit(session, service=a_service(session, name="Cedar"))
    never = a_unit(session, accepting=None, service=a_service(session, name="Apple"))

    assert [(each.unit, each.free) for each in found(session)] == [(beech, 2), (cedar, 1), (never, 0), (full, 0)]
    assert found(session)[2].report is None
    assert units(session, only_free=True) == [beech, cedar]


@pytest.mark.parametrize("words", ["elm", "ELM", "lm ho", "cv6 1", "Oak Tr"])
def test_words_are_looked_for_in_the_name_the_postcode_and_the_providers_name(session, words):
    provider = a_provider(session, name="Oak Trust")
    unit = a_unit(session, service=a_service(session, provider=provider, name="Elm House", postcode="CV6 1AA"))
    a_unit(session, service=a_service(session, name="Beech"))

    assert units(session, words=words) == [unit]


@pytest.mark.parametrize("words", ["%", "_", "\\", "50%"])
def test_signs_that_mean_anything_to_a_database_mean_themselves(session, words):
    marked = a_unit(session, service=a_service(session, name=f"The {words} house"))
    a_unit(session)

    assert units(session, words=words) == [marked]


def test_every_need_must_be_offered_and_more_support_serves_who_needs_less(session):
    both = a_unit(session, offers=("pbs", "waking_night"))
    a_unit(session, offers=("pbs",))

    assert units(session, needs=("pbs", "sleep_in")) == [both]
    assert units(session, needs=("pbs", "hoist")) == []


def test_a_type_and_the_city_narrow_the_search(session):
    inside = a_unit(session, service=a_service(session, service_type="nursing"))
    outside = a_unit(session, service=a_service(session, service_type="nursing", authority=RUGBY))
    a_unit(session)

    assert set(units(session, service_type="nursing")) == {inside, outside}
    assert units(session, service_type="nursing", only_in_city=True) == [inside]
    assert {each.unit: each.is_in_city for each in found(session, service_type="nursing")} == {
        inside: True,
        outside: False,
    }


def test_what_has_left_the_register_is_not_found(session):
    a_unit(session, service=a_service(session, is_listed=False))
    a_unit(session, service=a_service(session, deregistered_on=TODAY))
    leaving = a_unit(session, service=a_service(session, deregistered_on=night(1)))

    assert units(session) == [leaving]


@pytest.mark.parametrize("status", list(Status))
def test_a_provider_that_may_not_admit_has_nothing_free(session, status):
    unit = a_unit(session)
    set_standing(session, unit.service.provider, status, start_on=TODAY, end_on=night(1), reason="x", **DOING)

    assert [each.free for each in found(session)] == [0 if status in BARRED else 1]
    assert [each.free for each in found(session, today=night(1))] == [1]


def test_a_provider_finds_its_own_units_only(session):
    own = a_unit(session)
    a_unit(session)
    actor = Actor(user_id=None, name="Own", role=Role.PROVIDER, provider_id=own.service.provider_id)

    assert [each.unit for each in found(session, actor=actor)] == [own]


a_day = st.integers(-5, 5)
a_length = st.one_of(st.none(), st.integers(1, 8))


@tried(30, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_the_search_offers_can_be_booked_and_what_it_shows_as_full_cannot(shared_store, data):
    """On every day of a week, and as often as the number says, by the same action that a person uses."""
    with shared_store.write() as session:
        service = a_service(session, deregistered_on=data.draw(st.sampled_from([None, None, night(3)])))
        made = [a_unit(session, accepting=None, capacity=4, service=service) for _ in range(2)]
        made.append(a_unit(session, accepting=None, capacity=4))
        for unit in made:
            if data.draw(st.booleans(), label="reports"):
                told = dict(zip(("occupied", "reserved", "accepting"), data.draw(st.sampled_from(SUMS)), strict=True))
                report_vacancies(session, unit.service, {unit.id: Numbers(maximum=4, **told)}, **DOING)
            for start, length in data.draw(st.lists(st.tuples(a_day, a_length), max_size=2), label="stays"):
                with session.begin_nested() as step:
                    try:
                        a_placement(session, unit, start=start, nights=length)
                    except Exception:
                        step.rollback()
            for start, length in data.draw(st.lists(st.tuples(a_day, a_length), max_size=1), label="closures"):
                end_on = None if length is None else night(start + length)
                places = data.draw(st.sampled_from([None, 1, 2]))
                when = {"start_on": night(start), "end_on": end_on}
                close_places(session, unit, **when, places=places, reason="other", **DOING)
        if data.draw(st.booleans(), label="cap"):
            places = data.draw(st.integers(0, 8))
            session.add(SharedCap(service=service, name="Staff", places=places, units=made[:2]))
        status = data.draw(st.sampled_from([Status.NONE, Status.NONE, Status.CAUTION, Status.SUSPENDED]))
        set_standing(session, service.provider, status, start_on=night(1), end_on=night(4), reason="x", **DOING)
        session.flush()
        for days in data.draw(st.lists(st.integers(0, 5), min_size=1, max_size=2, unique=True), label="days"):
            now, day = NOW + timedelta(days=days), night(days)
            offered = {each.unit: each.free for each in found(session, today=day)}
            assert set(offered) >= {made[2]}
            for unit in made:
                with session.begin_nested() as step:
                    assert _booked(session, unit, day, now) == offered.get(unit, 0)
                    step.rollback()
        session.rollback()


SUMS = [(0, 0, 4), (1, 1, 2), (2, 0, 1), (4, 0, 0), (0, 0, 2)]


def _booked(session, unit, day, now):
    """Return for how many people in a row a place can be reserved for one night."""
    booked, choice = 0, Decision(start_on=day, end_on=day + timedelta(days=1))
    while booked < 10:
        try:
            reserve(session, a_referral(session, kind="planned"), unit, choice, by=BROKER, now=now)
        except (NoLongerVacant, Invalid):
            return booked
        booked += 1
    return booked
