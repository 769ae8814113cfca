"""Hospital bed planning: the reader, the outside scorer, and that fit is the cost turned round."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.pas import LINEAR_BOUNDS, PLAIN_FIT, Hospital, cost_of, instance_of, penalty, read_hospital, rooms_of
from placement.matching.tiers.solving import solve

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = Path(os.environ.get("PLACEMENT_SHARED_DATA") or ROOT.parent / "shared" / "data") / "benchmarks" / "pas"

SMALL = """A SMALL HOSPITAL
Rooms: 3
Planning horizon: 5

SPECIALISMS:
1 Heart
2 Bones

DEPARTMENTS:
1 First 0 0 | 1 1
2 Second 18 65 | 1 2 2 1

ROOMPROPERTIES:
1 telemetry
2 oxygen

ROOMS:
1 11 | 1 | 1 | D | 1 1 | 1 0
2 21 | 2 | 2 | D | 1 2 2 1 | 1 1
3 22 | 4 | 2 | F | 3 2 | 0 0

BEDS:
1 1

PATIENTS:
1 Ann 40 F | 0 2 | 1 1 2 | 1 | 1 0 | 1 0
2 Bob 50 M | 1 3 | 1 2 2 | 2 | 0 0 | 0 1
3 Cat 30 F | 2 9 | 2 2 2 1 5 | 2 | 0 0 | 0 1
4 Dan 20 M | 1 1 | 0 | 1 | 0 0 | 0 0

END.
"""


@pytest.fixture(scope="module")
def small() -> Hospital:
    return read_hospital(SMALL)


def test_stays_are_cut_at_the_horizon_and_patients_without_a_night_left_out(small):
    assert [(patient.id, patient.first, patient.last) for patient in small.patients] == [
        ("1", 0, 2),
        ("2", 1, 3),
        ("3", 2, 5),
    ]
    assert small.patients[2].nights == {"2": 2, "1": 1}


def test_penalties_are_those_of_the_published_weights(small):
    ann, bob, cat = small.patients
    first, second, ladies = small.rooms

    assert penalty(ann, first) == 0
    assert penalty(ann, second) == 2 * (8 + 10)  # a room too large, second priority
    assert penalty(bob, first) == 2 * (10 + 20 + 20)  # neither department nor room, no oxygen
    assert penalty(cat, ladies) == 3 * (8 + 20) + 2 * 20 + 1 * 20  # too large, no oxygen, third priority, not the room


def test_the_scorer_names_every_hard_rule_that_is_broken(small):
    score = cost_of(small, {"1": "3", "2": "3"})

    assert score.broken == (
        "patient 3 has no bed",
        "patient 1 in room 3: without required equipment",
        "patient 2 in room 3: of another gender",
    )
    assert cost_of(small, {"1": "2", "2": "2", "3": "2"}).broken == (
        "room 2, night 1: two genders",
        "room 2, night 2: two genders",
    )
    crowded = replace(small, rooms=(replace(small.rooms[0], gender="N", max_age=30), *small.rooms[1:]))
    assert cost_of(crowded, {"1": "2", "2": "1", "3": "1"}).broken == (
        "patient 2 in room 1: of another age",
        "room 1, night 2: 2 people in 1 beds",
    )


def test_cost_is_the_constant_less_the_fit(small):
    for hospital in (small, replace(small, rooms=small.rooms[1:])):
        plan = solve(instance_of(hospital))
        score = cost_of(hospital, rooms_of(plan))
        fit = next(outcome for outcome in plan.objectives if outcome.slug == "fit")

        assert plan.status == "optimal"
        assert len(plan.matches) + len([rule for rule in score.broken if "has no bed" in rule]) == len(
            hospital.patients
        )
        assert len(score.broken) == len(hospital.patients) - len(plan.matches)
        assert score.cost == PLAIN_FIT * len(plan.matches) - fit.value


@pytest.mark.skipif(not PUBLISHED.is_dir(), reason="the published instances are not here")
@pytest.mark.parametrize("name", sorted(LINEAR_BOUNDS))
def test_every_published_instance_is_read_whole(name):
    hospital = read_hospital((PUBLISHED / f"{name}.txt").read_text())
    instance = instance_of(hospital)

    assert len(hospital.rooms) == len(instance.units) > 90
    assert len(instance.needs) > 500
    assert sum(len(need.extra_points) for need in instance.needs) == len(instance.needs) * len(instance.units)
