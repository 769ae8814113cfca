from datetime import date, timedelta

import pytest

from placement.domain.errors import EditedMeanwhile, Invalid
from placement.domain.people import SYSTEM, Actor, Role
from placement.domain.tracker import national_window
from placement.market.national import home, homes, note_keyed
from placement.records.events import AuditLine
from placement.records.tracker import set_category
from tests.builders import TODAY, a_provider, a_report, a_service, a_unit
from tests.conftest import NOW

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def house(store):
    with store.writing() as session:
        service = a_service(session, provider=a_provider(session), service_type="nursing", name="House")
        units = [a_unit(session, service=service, name=name, capacity=8, accepting=None) for name in "ABCD"]
        for unit, occupied in zip(units[:3], (5, 6, 7), strict=True):
            a_report(session, unit, maximum=8, occupied=occupied, reserved=0, accepting=8 - occupied, reported_at=NOW)
        for unit, category in zip(
            (*units[:2], units[3]), ("general_nursing", "general_nursing", "transitional"), strict=True
        ):
            set_category(session, unit, category, by=SYSTEM, now=NOW)
        session.flush()
        session.refresh(service)
        yield session, service, units


def test_the_four_numbers_of_a_category_are_those_of_its_units(house):
    session, service, units = house
    found = home(session, service, on=TODAY)
    (count,) = found.counts
    assert (count.label, count.copied) == ("General nursing", "16\t11\t0\t5")
    assert found.without_category == [units[2]]
    assert found.never_reported == [units[3]]
    assert found.has_changed


def test_what_was_entered_is_kept_and_what_has_changed_since_is_marked(house):
    session, service, units = house
    note_keyed(session, service, seen=home(session, service, on=TODAY).mark, by=SYSTEM, now=NOW, on=TODAY)
    found = home(session, service, on=TODAY)
    assert (found.has_changed, found.keyed_at, found.keyed_by) == (False, NOW, SYSTEM.name)
    a_report(session, units[0], maximum=8, occupied=6, reserved=0, accepting=2, reported_at=LATER)
    found = home(session, service, on=TODAY)
    assert found.has_changed
    assert [found.counts[0].was(name) for name in ("maximum", "occupied", "reserved", "accepting")] == [
        None,
        11,
        None,
        5,
    ]
    assert session.query(AuditLine).filter_by(event="numbers_keyed").one().details == {"units": 2}


def test_numbers_that_are_others_by_now_are_not_noted_as_entered(house):
    session, service, units = house
    seen = home(session, service, on=TODAY).mark
    a_report(session, units[0], maximum=8, occupied=6, reserved=0, accepting=2, reported_at=LATER)
    with pytest.raises(EditedMeanwhile):
        note_keyed(session, service, seen=seen, by=SYSTEM, now=LATER, on=TODAY)
    for unit in units:
        set_category(session, unit, None, by=SYSTEM, now=NOW)
    session.flush()
    with pytest.raises(Invalid):
        note_keyed(session, service, seen=seen, by=SYSTEM, now=LATER, on=TODAY)


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2026, 10, 1), date(2026, 10, 8), date(2026, 10, 14)),
        (date(2026, 11, 30), date(2026, 11, 8), date(2026, 11, 16)),  # the 14th is a Saturday
        (date(2033, 4, 10), date(2033, 4, 8), date(2033, 4, 14)),
        (date(2028, 4, 10), date(2028, 4, 8), date(2028, 4, 18)),  # Good Friday, and Easter Monday after it
    ],
)
def test_the_window_ends_on_the_14th_or_the_next_working_day(day, first, last):
    window = national_window(day)
    assert (window.first, window.last) == (first, last)
    assert window.holds(first)
    assert not window.holds(last + timedelta(days=1))


def test_a_home_is_due_in_the_window_until_it_was_entered(house):
    session, service, _ = house
    day = date(2026, 12, 9)
    assert home(session, service, on=day).is_due(national_window(day), day)
    note_keyed(session, service, seen=home(session, service, on=TODAY).mark, by=SYSTEM, now=NOW, on=TODAY)
    found = home(session, service, on=day)
    assert NOW.date() < national_window(day).first
    assert found.is_due(national_window(day), day)
    assert not found.is_due(national_window(day), date(2026, 12, 20))


def test_only_care_homes_of_the_actor_are_listed(house):
    session, service, _ = house
    a_service(session, provider=service.provider, service_type="homecare")
    a_service(session, provider=a_provider(session), service_type="nursing")
    actor = Actor(user_id=None, name="P", role=Role.PROVIDER, provider_id=service.provider_id)
    assert [each.service.id for each in homes(session, actor=actor, on=TODAY)] == [service.id]
