"""Questions about the worth of more places: one at a time, and the newest answer of each period."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from placement.domain.errors import OutOfStep
from placement.domain.people import SYSTEM
from placement.domain.periods import Period
from placement.records.events import timeline
from placement.records.valuations import LOST_AFTER, ask_for_values, last_asked, newest_valuation
from tests.conftest import NOW

QUARTER = Period(date(2026, 7, 1), date(2026, 10, 1))
YEAR = Period(date(2025, 10, 1), date(2026, 10, 1))


def test_one_question_is_worked_on_at_a_time_until_it_is_answered_has_failed_or_is_lost(session):
    first = ask_for_values(session, QUARTER, by=SYSTEM, now=NOW)
    session.flush()
    assert last_asked(session) is first
    assert first.is_under_way(NOW)
    with pytest.raises(OutOfStep, match="worked out already"):
        ask_for_values(session, YEAR, by=SYSTEM, now=NOW)
    first.has_failed = True
    second = ask_for_values(session, YEAR, by=SYSTEM, now=NOW)
    session.flush()
    with pytest.raises(OutOfStep):
        ask_for_values(session, YEAR, by=SYSTEM, now=NOW + LOST_AFTER - timedelta(seconds=1))
    third = ask_for_values(session, YEAR, by=SYSTEM, now=NOW + LOST_AFTER)
    session.flush()
    assert last_asked(session) is third
    assert not second.is_under_way(NOW + LOST_AFTER)
    assert [line.event for line in timeline(session, third, actor=SYSTEM)] == ["values_asked"]


def test_the_newest_answer_of_a_period_is_found_and_no_question_without_one(session):
    assert newest_valuation(session, QUARTER) is None
    rows = []
    for days in range(2):
        row = ask_for_values(session, QUARTER, by=SYSTEM, now=NOW + timedelta(days=days))
        row.finished_at = NOW + timedelta(days=days, minutes=5)
        session.flush()
        rows.append(row)
    ask_for_values(session, QUARTER, by=SYSTEM, now=NOW + timedelta(days=3))
    session.flush()
    assert newest_valuation(session, QUARTER) is rows[1]
    assert newest_valuation(session, YEAR) is None
