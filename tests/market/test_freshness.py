"""How fresh a service's numbers are: a week, a day where brokerage asks, and in doubt after a “no vacancy”."""

from __future__ import annotations

from datetime import timedelta

import pytest

from placement.market.freshness import freshness, stale
from placement.records.referrals import Decline
from placement.records.reminders import note_chase, note_reminder
from tests.brokerage.test_offers import asked
from tests.builders import a_referral, a_report, a_service, a_unit
from tests.conftest import NOW

WEEK, DAY, HOUR = timedelta(days=7), timedelta(days=1), timedelta(hours=1)


def of(session, unit, at):
    return {row.service.id: row for row in freshness(session, now=at)}[unit.service_id]


@pytest.fixture
def session(store):
    with store.writing() as session:
        yield session


def test_numbers_are_due_after_a_week_and_after_a_day_where_brokerage_asks(session):
    quiet, wanted = a_unit(session), a_unit(session)
    asked(session, [wanted])

    assert not of(session, quiet, NOW + WEEK - HOUR).is_due
    assert of(session, quiet, NOW + WEEK).is_due
    assert not of(session, wanted, NOW + DAY - HOUR).is_due
    assert of(session, wanted, NOW + DAY).is_due


def test_a_service_is_as_fresh_as_the_unit_that_reported_longest_ago(session):
    service = a_service(session)
    first, second = a_unit(session, service=service), a_unit(session, service=service)
    a_report(session, first, reported_at=NOW + DAY)

    assert of(session, first, NOW + DAY).oldest.unit_id == second.id
    a_unit(session, service=service, accepting=None)
    assert of(session, first, NOW + DAY).oldest is None
    assert of(session, first, NOW + DAY).is_due


def test_numbers_in_doubt_are_due_at_once_until_they_are_reported(session):
    unit = a_unit(session)
    said = {"reason": "no_vacancy", "declined_by": "Somebody", "declined_at": NOW + HOUR}
    session.add(Decline(referral=a_referral(session), unit=unit, **said))
    session.flush()

    assert of(session, unit, NOW + HOUR).doubted_at == NOW + HOUR
    assert [row.service.id for row in stale(session, now=NOW + HOUR)] == [unit.service_id]
    a_report(session, unit, reported_at=NOW + 2 * HOUR)
    assert not stale(session, now=NOW + 2 * HOUR)


def test_reminders_stop_after_four_days_and_a_day_later_the_service_is_silent(session):
    unit = a_unit(session)
    for day in range(4):
        assert of(session, unit, NOW + WEEK + day * DAY).is_to_remind
        assert note_reminder(session, unit.service_id, now=NOW + WEEK + day * DAY)
        assert not note_reminder(session, unit.service_id, now=NOW + WEEK + day * DAY + HOUR)  # one a day
        assert of(session, unit, NOW + WEEK + day * DAY + HOUR).is_to_remind, "who else works there hears of it too"
    last = NOW + WEEK + 3 * DAY

    assert of(session, unit, last + DAY - HOUR).silent_since is None
    row = of(session, unit, last + DAY)
    assert (row.reminders, row.is_to_remind, row.silent_since) == (4, False, last + DAY)
    a_report(session, unit, reported_at=last + DAY)
    row = of(session, unit, last + DAY + WEEK)
    assert (row.reminders, row.is_to_remind, row.silent_since) == (0, True, None)


def test_a_word_of_commissioning_reminds_once_more_whatever_was_written_before(session):
    unit = a_unit(session)
    for day in range(4):
        note_reminder(session, unit.service_id, now=NOW + WEEK + day * DAY)
    later = NOW + WEEK + 5 * DAY
    assert not of(session, unit, later).is_to_remind

    note_chase(session, [unit.service_id], "Cora", now=later)
    assert of(session, unit, later).is_to_remind
    note_reminder(session, unit.service_id, now=later)
    assert of(session, unit, later + HOUR).is_to_remind, "the others there, on the same day"
    assert not of(session, unit, later + DAY).is_to_remind
