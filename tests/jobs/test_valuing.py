"""The worth of more places: lived through in a child process, stored once, and said where it fails."""

from __future__ import annotations

import multiprocessing
from datetime import timedelta

import pytest

from placement.domain.people import SYSTEM
from placement.domain.states import ReferralState
from placement.jobs import valuing
from placement.jobs.queue import open_queue
from placement.jobs.valuing import find_values
from placement.planning.replay.more_places import with_more_places
from placement.planning.replay.reading import past_period
from placement.records.events import timeline
from placement.records.valuations import Valuation, ask_for_values
from placement.reports.quarters import quarters
from tests.builders import a_referral, a_unit
from tests.conftest import NOW
from tests.jobs.test_queue import SECRET

SPAN = quarters(NOW.date()).last


@pytest.fixture
def question(store):
    """A quarter in which three people asked for a place that nobody in the city offers, and one that was not there."""
    with store.writing() as session:
        a_unit(session, offers=("pbs",), weekly_pence=90_000)
        for number in range(3):
            asked_at = NOW - timedelta(days=80 + 5 * number)
            a_referral(
                session, essential=("autism",), kind="planned", nights=20, state=ReferralState.WITHDRAWN,
                submitted_at=asked_at, closed_at=NOW - timedelta(days=60),
                earliest_on=asked_at.date(), latest_on=asked_at.date() + timedelta(days=3),
            )  # fmt: skip
        row = ask_for_values(session, SPAN, by=SYSTEM, now=NOW)
        session.flush()
        return row.id


def read(store, number):
    with store.reading() as session:
        row = session.get_one(Valuation, number)
        events = [line.event for line in timeline(session, row, actor=SYSTEM)]
        session.expunge_all()
        return row, events


def test_the_figures_are_those_of_the_replays_and_are_stored_once(store, clock, question):
    assert find_values(store, question, clock=clock)
    assert not find_values(store, question, clock=clock)
    row, events = read(store, question)
    assert (row.finished_at, row.has_failed, row.people, row.done, row.replays) == (NOW, False, 3, 4, 4)
    assert set(row.versions) == {"placement", "ortools", "numpy"}
    (idea,) = row.ideas
    assert (idea["need"], idea["kind"], idea["weekly_pence"]) == ("autism", "planned", 90_000)

    with store.reading() as session:
        history = past_period(session, SPAN.start, SPAN.end - timedelta(days=1))
        row = session.get_one(Valuation, question)
        task, _ = valuing._task(session, row, clock)
    found = with_more_places(history, task.models)
    assert [gain["without"] for gain in idea["gains"]] == [
        found.base.nowhere - each.nowhere for each in found.changed[0]
    ]
    assert idea["gains"][2]["without"] > 0
    assert "values_found" in events
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_queue_does_it_and_what_fails_is_stored_as_failed(store, clock, question, tmp_path, monkeypatch):
    queue = open_queue(tmp_path, secret=SECRET, store=store, clock=clock)
    monkeypatch.setattr(valuing, "_found", None)  # nothing that a child could do
    queue.value(question)
    queue.huey.execute(queue.huey.dequeue())
    row, _ = read(store, question)
    assert (row.has_failed, row.finished_at) == (True, None)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_an_empty_city_has_an_answer_without_places(store, clock):
    with store.writing() as session:
        row = ask_for_values(session, SPAN, by=SYSTEM, now=NOW)
        session.flush()
        number = row.id
    assert find_values(store, number, clock=clock)
    row, _ = read(store, number)
    assert (row.ideas, row.people, row.finished_at) == ([], 0, NOW)
