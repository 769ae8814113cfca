"""A service that does not answer four reminders is a task for commissioning, once, until numbers come."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from placement.brokerage.tasks import tasks_page
from placement.domain.people import SYSTEM, Actor, Role
from placement.jobs.digests import write_digests
from placement.jobs.silence import watch_silence
from placement.records.accounts import add_user
from placement.records.providers import ServiceCouncil, Unit
from placement.records.tasks import Task, end_task
from tests.builders import a_provider, a_report, a_service, a_unit
from tests.conftest import NOW

DAY = timedelta(days=1)
SILENT = NOW + 11 * DAY  # reminded from the seventh day on, four times, and a day to answer the last
COVENTRY, SOLIHULL = "E08000026", "E08000029"


@pytest.fixture
def unit_id(store, clock):
    """A service that two councils place in, kept by Coventry, whose provider has not answered four reminders."""
    with store.writing(COVENTRY) as session:
        provider = a_provider(session)
        unit = a_unit(session, service=a_service(session, provider=provider))
        session.add(ServiceCouncil(council=SOLIHULL, service_id=unit.service_id))
        for number, role in enumerate((Role.PROVIDER, Role.COMMISSIONER)):
            add_user(
                session, email=f"{number}@example.org", name="Pia", role=role, password="long enough words",
                provider_id=provider.id if role is Role.PROVIDER else None, by=SYSTEM, now=NOW,
            )  # fmt: skip
    with store.writing(SOLIHULL) as session:
        add_user(
            session, email="s@example.org", name="Sol", role=Role.COMMISSIONER, password="long enough words",
            by=SYSTEM, now=NOW, council=SOLIHULL,
        )  # fmt: skip
    for day in range(7, 11):
        clock.now = NOW + day * DAY
        write_digests(store, clock=clock)
    return unit.id


def listed(store, role, council=COVENTRY):
    with store.reading(council) as session:
        return [task.kind for task in tasks_page(session, actor=Actor(user_id=1, name="Cora", role=role)).rows]


def test_commissioning_of_the_council_that_keeps_it_has_one_task_and_brokerage_none(store, clock, unit_id):
    assert watch_silence(store, clock=clock) == 0, "the last reminder has a day to be answered"
    clock.now = SILENT
    assert watch_silence(store, clock=clock) == 1
    assert watch_silence(store, clock=clock) == 0
    assert listed(store, Role.COMMISSIONER) == ["ring_silent"]
    assert listed(store, Role.COMMISSIONER, SOLIHULL) == []
    assert listed(store, Role.BROKER) == []


def test_numbers_end_it(store, clock, unit_id):
    clock.now = SILENT
    watch_silence(store, clock=clock)
    with store.writing() as session:
        a_report(session, session.get_one(Unit, unit_id), reported_at=SILENT)
    watch_silence(store, clock=clock)
    assert listed(store, Role.COMMISSIONER) == []


def test_whoever_has_rung_is_not_asked_again_for_the_same_silence(store, clock, unit_id):
    clock.now = SILENT
    watch_silence(store, clock=clock)
    with store.writing() as session:
        end_task(session, session.scalars(select(Task)).one(), "do", by=SYSTEM, now=SILENT)
    clock.now = SILENT + 30 * DAY
    assert watch_silence(store, clock=clock) == 0
