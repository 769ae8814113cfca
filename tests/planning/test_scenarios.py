"""Scenarios are written, changed while they are drafts, asked for once, and kept with what reproduces them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from placement.domain.errors import Invalid, NotFound, OutOfStep
from placement.domain.people import SYSTEM, Actor, Role
from placement.domain.scenarios import MOST_CHANGES, Verb
from placement.domain.states import ScenarioState
from placement.planning import scenarios
from placement.planning.replay.living_through import LivedDays
from placement.planning.replay.outcomes import as_lived
from placement.planning.scenarios import SCENARIOS, WrittenChange
from placement.records.events import timeline
from placement.records.scenarios import Scenario
from tests.brokerage.worlds import BROKER
from tests.conftest import NOW
from tests.planning.scenario_worlds import (
    ASKED_MONTH,
    BY,
    COMMISSIONER,
    FIRST,
    LAST,
    a_past_month,
    a_scenario,
    opening,
)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"last_on": FIRST - timedelta(days=1)}, "last_on"),
        ({"last_on": LAST + timedelta(days=1)}, "last_on"),
        ({"first_on": LAST - timedelta(days=366)}, "last_on"),
        ({"seed": -1}, "seed"),
    ],
)
def test_only_a_past_period_of_a_year_at_most_can_be_replayed(session, wrong, field):
    with pytest.raises(Invalid) as refused:
        scenarios.write_scenario(session, replace(ASKED_MONTH, **wrong), **BY)
    assert refused.value.field == field
    scenarios.write_scenario(session, replace(ASKED_MONTH, first_on=LAST - timedelta(days=365)), **BY)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"verb": Verb.OPEN, "kind_of": ("pbs",)}, "places"),
        ({"verb": Verb.CLOSE}, "unit"),
        ({"verb": Verb.CLOSE, "kind_of": ("pbs",), "places": 0}, "places"),
        ({"verb": Verb.CLOSE, "kind_of": ("pbs",), "places": 2001}, "places"),
        ({"verb": Verb.REPRICE, "kind_of": ("pbs",), "weekly_pence": 0}, "weekly_pence"),
        ({"verb": Verb.CONVERT, "kind_of": ("pbs",)}, "becomes"),
        ({"verb": Verb.REPRICE, "kind_of": ("pbs",)}, "weekly_pence"),
        ({"verb": Verb.CLOSE, "kind_of": ("pbs",), "start_on": LAST + timedelta(days=1)}, "start_on"),
    ],
)
def test_a_change_says_what_it_needs(session, wrong, field):
    row = a_scenario(session)
    with pytest.raises(Invalid) as refused:
        scenarios.add_change(session, row, WrittenChange(**wrong), **BY)
    assert refused.value.field == field


def test_a_scenario_has_no_more_changes_than_can_be_read(session):
    row = a_scenario(session, *[opening(a_past_month(session, 0))] * MOST_CHANGES)
    with pytest.raises(Invalid, match="at most"):
        scenarios.add_change(session, row, opening(a_past_month(session, 0)), **BY)


def test_a_draft_is_changed_asked_for_once_and_then_stays_as_it_is(session):
    unit = a_past_month(session)
    row = a_scenario(session, opening(unit), opening(unit, 2))
    scenarios.remove_change(session, row, row.changes[0].id, **BY)
    with pytest.raises(NotFound):
        scenarios.remove_change(session, row, 987654, **BY)
    scenarios.request_scenario(session, row, **BY)
    assert (row.state, [each.places for each in row.changes]) == (ScenarioState.QUEUED, [2])
    for late in (
        lambda: scenarios.request_scenario(session, row, **BY),
        lambda: scenarios.add_change(session, row, opening(unit), **BY),
        lambda: scenarios.remove_change(session, row, row.changes[0].id, **BY),
    ):
        with pytest.raises(OutOfStep, match="Copy it"):
            late()
    told = [line.event for line in timeline(session, row, actor=COMMISSIONER)]
    assert sorted(told) == ["scenario_changed"] * 3 + ["scenario_requested", "scenario_written"]


def test_without_a_change_there_is_nothing_to_ask(session):
    with pytest.raises(Invalid, match="Add a change"):
        scenarios.request_scenario(session, a_scenario(session), **BY)


def test_a_copy_has_the_same_changes_and_those_out_of_its_period_begin_with_it(session):
    unit = a_past_month(session)
    late = replace(opening(unit), start_on=LAST)
    row = a_scenario(session, opening(unit, 3), late)
    copy = scenarios.write_scenario(session, replace(ASKED_MONTH, last_on=FIRST), like=row, **BY)
    session.flush()
    assert [(each.places, each.start_on, each.unit_id) for each in copy.changes] == [
        (3, FIRST, unit.id),
        (10, FIRST, unit.id),
    ]
    again = scenarios.request_again(session, row, **BY)
    assert (again.state, [each.start_on for each in again.changes]) == (ScenarioState.QUEUED, [FIRST, LAST])


def test_nobody_but_commissioners_finds_a_scenario(session):
    row = a_scenario(session)
    assert scenarios.scenario(session, row.id, actor=COMMISSIONER) is row
    assert scenarios.scenarios(session, actor=COMMISSIONER).total == 1
    provider = Actor(user_id=None, name="P", role=Role.PROVIDER, provider_id=1)
    for other in (BROKER, provider):
        assert scenarios.scenarios(session, actor=other).total == 0
        with pytest.raises(NotFound):
            scenarios.scenario(session, row.id, actor=other)


def replayed(session, row):
    """Replay a scenario here and now, as a worker does; return what it came to."""
    scenarios.request_scenario(session, row, **BY)
    token = SCENARIOS.claim(session, row.id, now=NOW)
    found = scenarios.read_scenario(session, row.id)
    scenarios.begin_scenario(session, row.id, token, found)
    same, changed = (
        as_lived(found.history, LivedDays(found.history, made, seed=found.seed).live()) for made in ((), found.changes)
    )
    scenarios.publish_scenario(session, row.id, token, scenarios.result_of(found, same, changed), now=NOW)
    return session.get_one(Scenario, row.id)


def test_a_result_says_who_gains_and_the_same_again_comes_to_the_same(session):
    unit = a_past_month(session)
    first = replayed(session, a_scenario(session, opening(unit)))
    worlds = first.result.worlds
    assert [worlds[each]["people"] for each in ("was", "same", "changed")] == [4, 4, 4]
    assert worlds["was"]["in_city"] == 0
    assert worlds["same"]["in_city"] <= 1 < worlds["changed"]["in_city"]
    (kind,) = [each for each in first.result.shifts if each["by"] == "kind"]
    assert kind["better"] == worlds["changed"]["in_city"] - worlds["same"]["in_city"]
    assert first.result.made == [
        {"verb": "open", "unit": unit.id, "night": 0, "places": 10, "offers": [], "weekly_pence": None}
    ]
    again = replayed(session, scenarios.write_scenario(session, ASKED_MONTH, like=first, **BY))
    assert (again.result.worlds, again.result.shifts) == (worlds, first.result.shifts)
    assert (again.history_sha256, again.versions) == (first.history_sha256, first.versions)
    a_past_month(session, 1)
    other = replayed(session, scenarios.write_scenario(session, ASKED_MONTH, like=first, **BY))
    assert other.history_sha256 != first.history_sha256


def test_places_of_a_kind_are_those_of_the_locality(session):
    north, west = a_past_month(session, ward="E05001223"), a_past_month(session, ward="E05001218")
    for slug, meant in (("north", north), ("west", west)):
        change = WrittenChange(verb=Verb.CLOSE, locality=slug, kind_of=("pbs",))
        found = scenarios.read_scenario(session, a_scenario(session, change).id)
        assert [each.unit for each in found.changes] == [meant.id], slug
    everywhere = WrittenChange(verb=Verb.CLOSE, kind_of=("pbs",))
    found = scenarios.read_scenario(session, a_scenario(session, everywhere).id)
    assert [each.unit for each in found.changes] == [north.id, west.id]


def test_whoever_works_for_everybody_finds_every_scenario(session):
    assert scenarios.scenario(session, a_scenario(session).id, actor=SYSTEM)
