from __future__ import annotations

from datetime import timedelta

import pytest

from placement.domain.errors import Invalid, NotFound, OutOfStep
from placement.domain.people import Actor, Role
from placement.market.others import (
    change_end,
    expect_departure,
    give_back,
    keep_places,
    other_stay,
    others_of,
    withdraw,
)
from placement.records.availability import availability
from tests.brokerage.worlds import BROKER, provider_of, story
from tests.builders import TODAY, a_placement, a_report, a_service, a_unit, night
from tests.conftest import NOW

DOING = {"by": Actor(user_id=None, name="Pia", role=Role.PROVIDER), "now": NOW}


def free(session, unit, *nights, day=TODAY):
    found = availability(session, [unit.id], day=day)
    return [found.bookable(unit.id, night(n), night(n + 1)) for n in nights]


def keep(session, unit, purpose="private_client", start=0, end=None, **values):
    return keep_places(
        session, unit, **{"purpose": purpose, "places": 1, "start_on": night(start),
                          "end_on": None if end is None else night(end)} | values, **DOING,
    )  # fmt: skip


def test_a_place_promised_from_a_day_is_free_until_then(store):
    with store.writing() as session:
        unit = a_unit(session, accepting=1)
        promised = keep(session, unit, start=5)

        assert free(session, unit, 4, 5, 60) == [1, 0, 0]
        assert story(session, promised) == ["kept places for others"]


def test_nobody_keeps_a_place_that_the_council_has_been_promised(store):
    with store.writing() as session:
        unit = a_unit(session, accepting=1)
        stay = a_placement(session, unit, start=8, nights=3)

        with pytest.raises(Invalid, match=f"{stay.referral.reference} is to come"):
            keep(session, unit, start=5)
        keep(session, unit, start=5, end=8)
        assert free(session, unit, 4, 5, 8, 11) == [1, 0, 0, 1]


def test_who_leaves_on_a_day_makes_a_place_free_then_and_no_sooner(store):
    with store.writing() as session:
        unit = a_unit(session, accepting=None, capacity=2)
        a_report(session, unit, maximum=2, occupied=2)
        leaving = expect_departure(session, unit, places=1, leave_on=night(4), **DOING)
        assert free(session, unit, 3, 4) == [0, 1]

        assert free(session, unit, 4, 9, day=night(4)) == [0, 0], "nobody has said that they left"
        later = {"by": DOING["by"], "now": NOW + timedelta(days=4)}
        give_back(session, leaving, **later)
        assert free(session, unit, 4, 9, day=night(4)) == [1, 1]
        assert story(session, leaving) == ["said that somebody is to leave", "gave places back"]


def test_no_more_can_leave_than_live_there_and_are_none_of_the_councils(store):
    with store.writing() as session:
        unit = a_unit(session, accepting=2, capacity=3)
        stay = a_placement(session, unit, state="active", nights=None)
        report = a_report(session, unit, maximum=3, occupied=2, counted=1)
        stay.counted_in_id = report.id
        session.flush()

        with pytest.raises(Invalid, match="1 of the people who live in"):
            expect_departure(session, unit, places=2, leave_on=night(4), **DOING)
        expect_departure(session, unit, places=1, leave_on=night(4), **DOING)
        with pytest.raises(Invalid, match="and 1 of them are to leave already"):
            expect_departure(session, unit, places=1, leave_on=night(9), **DOING)
        with pytest.raises(Invalid, match="a day to come"):
            expect_departure(session, unit, places=1, leave_on=TODAY, **DOING)


def test_reserved_places_are_said_to_be_for_a_purpose_once(store):
    with store.writing() as session:
        unit = a_unit(session, accepting=None, capacity=3)
        a_report(session, unit, maximum=3, reserved=2, accepting=1)
        kept = keep(session, unit, "discharge_team", places=2, end=9, is_counted=True)
        assert free(session, unit, 0, 8, 9) == [1, 1, 3]

        with pytest.raises(Invalid, match="2 reserved: 0 for people placed by the council and 2 kept for others"):
            keep(session, unit, "contract", name="Block contract", is_counted=True)
        change_end(session, kept, end_on=None, **DOING)
        assert free(session, unit, 9) == [1]
        give_back(session, kept, **DOING)
        assert free(session, unit, 0) == [3]


def test_a_departure_that_somebody_counts_on_cannot_be_put_off(store):
    with store.writing() as session:
        unit = a_unit(session, accepting=None, capacity=1)
        a_report(session, unit, maximum=1, occupied=1)
        leaving = expect_departure(session, unit, places=1, leave_on=night(4), **DOING)
        a_placement(session, unit, start=5, nights=None)

        change_end(session, leaving, end_on=night(5), **DOING)
        with pytest.raises(Invalid, match="has 0 places that nobody"):
            change_end(session, leaving, end_on=night(6), **DOING)


def test_what_was_a_mistake_is_taken_back_once(store):
    with store.writing() as session:
        unit = a_unit(session, accepting=1)
        kept = keep(session, unit)
        withdraw(session, kept, **DOING)

        assert free(session, unit, 0) == [1]
        assert others_of(session, [unit], day=TODAY) == []
        with pytest.raises(OutOfStep):
            withdraw(session, kept, **DOING)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"purpose": "resident"}, "purpose"),
        ({"purpose": "contract"}, "name"),
        ({"places": 0}, "places"),
        ({"start_on": night(-1)}, "start_on"),
        ({"start_on": night(999)}, "start_on"),
        ({"end_on": night(0)}, "end_on"),
        ({"start_on": night(1), "is_counted": True}, "is_counted"),
    ],
)
def test_what_cannot_be_is_refused_at_its_question(store, wrong, field):
    with store.writing() as session, pytest.raises(Invalid) as refused:
        keep(session, a_unit(session, accepting=3), **wrong)
    assert refused.value.field == field


def test_another_providers_entries_are_not_there(store):
    with store.writing() as session:
        unit = a_unit(session, accepting=1)
        kept = keep(session, unit)
        session.flush()

        other = Actor(user_id=None, name="P", role=Role.PROVIDER, provider_id=a_service(session).provider_id)
        with pytest.raises(NotFound):
            other_stay(session, kept.id, actor=other)
        mine = Actor(user_id=None, name="P", role=Role.PROVIDER, provider_id=unit.service.provider_id)
        assert other_stay(session, kept.id, actor=mine) is other_stay(session, kept.id, actor=BROKER) is kept
        assert provider_of(kept).provider_id == mine.provider_id
