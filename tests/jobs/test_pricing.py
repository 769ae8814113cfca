"""The nightly prices: computed in a child process, stored once, and nothing stored when it fails."""

from __future__ import annotations

import multiprocessing
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from placement.jobs import pricing
from placement.jobs.pricing import compute_prices
from placement.jobs.queue import open_queue
from placement.matching.worth.futures import LOOK_AHEAD
from placement.matching.worth.prices import place_prices
from placement.planning.demand import demand
from placement.records.prices import PriceList
from tests.builders import a_referral, a_unit
from tests.conftest import NOW
from tests.jobs.test_queue import SECRET


def a_busy_year(session):
    """Two places, one of which most people need, and somebody who asks every third day."""
    a_unit(session, offers=("pbs",))
    a_unit(session)
    for days in range(1, 360, 3):
        a_referral(session, essential=("pbs",) if days % 2 else (), submitted_at=NOW - timedelta(days=days))


def price_lists(store):
    with store.reading() as session:
        found = session.scalars(select(PriceList)).all()
        session.expunge_all()
        return found


def test_prices_are_those_of_the_records_and_are_stored_with_what_they_were_made_from(store, clock):
    with store.writing() as session:
        a_busy_year(session)
    compute_prices(store, clock=clock, seed=3)

    (found,) = price_lists(store)
    with store.reading() as session:
        asked = demand(session, now=NOW)
    expected = place_prices(asked.instance, asked.history, seed=3)
    assert found.prices == [[price.unit, price.start, price.end, price.points] for price in expected]
    assert len(found.prices) > 0
    assert (found.first_night, found.nights, found.seed) == (asked.instance.first_night, LOOK_AHEAD, 3)
    assert (found.history_days, found.arrivals, found.computed_at) == (358, 120, NOW)
    assert set(found.versions) == {"placement", "ortools", "numpy"}
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_an_empty_city_has_no_prices_and_that_is_no_fault(store, clock):
    assert compute_prices(store, clock=clock).prices == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_computation_that_takes_too_long_is_ended_and_stores_nothing(store, clock, monkeypatch):
    monkeypatch.setattr(pricing, "LONGEST_SECONDS", 0.01)
    with pytest.raises(TimeoutError):
        compute_prices(store, clock=clock)

    assert price_lists(store) == []
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_prices_are_computed_once_a_night_and_not_twice_at_once(store, clock, tmp_path):
    queue = open_queue(tmp_path, secret=SECRET, store=store, clock=clock)
    night = datetime(2026, 11, 23, 3, 30)
    due = {
        minute: {task.name for task in queue.huey.read_periodic(night + timedelta(minutes=minute))}
        for minute in range(1440)
    }
    assert [minute for minute, names in due.items() if "price_places" in names] == [0]

    (task,) = (task for task in queue.huey.read_periodic(night) if task.name == "price_places")
    with queue.huey.lock_task("prices"):
        queue.huey.execute(task)
    assert price_lists(store) == []
    queue.huey.execute(task)
    assert len(price_lists(store)) == 1
