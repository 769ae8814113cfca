"""Who lives outside the city, counted again in SQL, and an attacker who reads every table of a day."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from sqlalchemy import text

from placement.domain.people import SYSTEM
from placement.domain.reasons import OUT_OF_CITY, OUT_OF_CITY_REASON
from placement.domain.states import PlacementState
from placement.records.tasks import ask_for
from placement.reports.living_outside import living_outside, quarters_outside, told_outside
from placement.reports.outside_splits import SPLITS
from placement.reports.placed_people import placed_people
from placement.reports.quarters import quarters_over
from placement.reports.small_numbers import FEWEST, rounded
from tests.builders import TODAY, a_placement, a_service, a_unit
from tests.conftest import NOW

OUT = {"is_in_city": False, "miles": 9.94}


@pytest.fixture
def city(store):
    """Random stays in the city and outside it, in every state, begun within the last 400 days or to come."""
    chance = random.Random(7)
    with store.writing() as session:
        inside = a_unit(session, accepting=200, capacity=200)
        house = a_service(session, ward_code=None, authority="E07000220")
        outside = a_unit(session, accepting=200, capacity=200, service=house)
        for _ in range(150):
            reason = chance.choice([None, *(chance.choice(OUT_OF_CITY).slug for _ in range(2))])
            state = chance.choice([*PlacementState, PlacementState.ACTIVE, PlacementState.ACTIVE])
            values = {"state": state, "weekly_pence": 100 * chance.randint(500_00, 900_00) // 100}
            out = OUT | {"out_of_city_reason": reason} if reason else {}
            a_placement(
                session, outside if reason else inside, start=-chance.randint(-20, 400), nights=500, **values, **out
            )
    return store


def sql(store, statement, **values):
    with store.reading() as session:
        return session.execute(text(statement), values).all()


def is_told(told, count):
    return told is None or (told == rounded(count) and count >= FEWEST)


THERE = "state in ('active', 'away', 'notice')"


def test_people_by_reason_and_what_they_cost_are_what_sql_counts(city):
    with city.reading() as session:
        found = living_outside(session, now=NOW)
    counted = sql(
        city,
        "select out_of_city_reason, count(distinct person_id), sum(weekly_pence) from placement "
        f"where {THERE} and is_in_city = false group by out_of_city_reason",
    )
    of = {OUT_OF_CITY_REASON[slug].label: (count, pence) for slug, count, pence in counted}
    (everybody,) = sql(city, f"select count(distinct person_id) from placement where {THERE}")

    assert found.everybody is not None
    assert found.outside is not None
    assert is_told(found.everybody, everybody[0])
    assert is_told(found.outside, sum(count for count, _ in of.values()))
    assert abs(found.weekly_pence - sum(int(pence) for _, pence in of.values())) <= 2_500_00
    for row in found.tables["reason"]:
        assert is_told(row.people, of[row.label][0])
        assert abs(row.weekly_pence - int(of[row.label][1])) <= 2_500_00
    (council,) = found.tables["council"]
    assert (council.label, council.people) == ("Rugby", found.outside)


def test_the_quarters_are_what_sql_counts(city):
    with city.reading() as session:
        found = quarters_outside(session, now=NOW)

    assert [row.quarter for row in found] == list(reversed(quarters_over(TODAY)))
    assert any(row.outside for row in found)
    for row in found:
        ((begun, outside),) = sql(
            city,
            "select count(distinct person_id), count(distinct case when is_in_city = false then person_id end) "
            "from placement where state in ('confirmed', 'active', 'away', 'notice', 'ended') "
            "and start_on >= :start and start_on < :end",
            start=row.quarter.start,
            end=row.quarter.end,
        )
        assert is_told(row.begun, begun)
        assert is_told(row.outside, outside)


def test_no_row_tells_of_few_people_and_no_two_rows_differ_by_few(city):
    with city.reading() as session:
        everybody = placed_people(session)
    found = told_outside(everybody, now=NOW)
    groups = {"": {who.person_id for who in everybody if not who.is_in_city}}
    for split in SPLITS:
        for row in found.tables[split.slug]:
            groups[split.slug, row.label] = {
                who.person_id for who in everybody if not who.is_in_city and row.label in split.rows_of(who, NOW)
            }
            assert is_told(row.people, len(groups[split.slug, row.label]))
    for one in groups.values():
        for other in groups.values():
            if one < other and len(other - one) < FEWEST:
                assert rounded(len(other)) + 2 - max(FEWEST, rounded(len(one)) - 2) >= FEWEST


def test_a_review_that_is_due_and_a_host_council_that_was_told_are_read(store):
    with store.writing() as session:
        house = a_service(session, ward_code=None, authority="E07000220")
        unit = a_unit(session, accepting=3, capacity=3, service=house)
        stays = [
            a_placement(session, unit, state=PlacementState.ACTIVE, start=-90, nights=None, out_of_city_reason="cost",
                        host_notified_at=told_at, **OUT)
            for told_at in (None, NOW)
        ]  # fmt: skip
        due = NOW - timedelta(days=1)
        ask_for(session, "review_out_of_city", stays[0], due_at=due, by=SYSTEM, now=NOW - timedelta(days=9))
    with store.reading() as session:
        first, second = placed_people(session)
    of = {split.slug: [split.rows_of(who, NOW) for who in (first, second)] for split in SPLITS}

    assert of["host"] == [["Not recorded as told"], ["Told"]]
    assert of["review"] == [["The review is overdue"], ["No review is asked for"]]
    assert of["way_back"] == [["Not looked for"]] * 2
    assert of["distance"] == [["Under 10 miles"]] * 2


def test_a_reservation_is_no_person_who_lives_there(store):
    with store.writing() as session:
        house = a_service(session, ward_code=None, authority="E07000220")
        unit = a_unit(session, accepting=2, capacity=2, service=house)
        a_placement(session, unit, state=PlacementState.RESERVED, out_of_city_reason="cost", **OUT)
    with store.reading() as session:
        assert not placed_people(session)
