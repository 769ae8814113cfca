"""The grid of weeks says of every unit what its night calendar says night by night, and what keeps it from anybody."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from placement.domain.people import SYSTEM
from placement.domain.states import BARRED, Status
from placement.market.closures import close_places
from placement.market.narrowing import WeekFilters
from placement.market.nights import night_calendar
from placement.market.services import set_standing
from placement.market.weeks import NoneFree, part_of, week_grid
from placement.records.providers import SharedCap
from placement.records.referrals import Decline
from tests.brokerage.worlds import BROKER, RUGBY
from tests.builders import TODAY, a_placement, a_referral, a_report, a_service, a_unit, night
from tests.conftest import NOW
from tests.exploring import tried

DOING = {"by": BROKER, "now": NOW}


def grid(session, **filters):
    session.flush()
    return week_grid(session, WeekFilters(**filters), actor=SYSTEM, now=NOW)


def row_of(session, unit, **filters):
    return next(row for row in grid(session, **filters).page.rows if row.unit is unit)


def units(session, **filters):
    return [row.unit for row in grid(session, **filters).page.rows]


def counts(session, name, **filters):
    found = next(facet for facet in grid(session, **filters).facets if facet.name == name)
    return {option.slug: option.count for option in found.options if option.count}


def test_a_week_says_what_is_free_on_all_its_nights_and_on_part_of_them(session):
    unit = a_unit(session, capacity=3, accepting=2)
    a_placement(session, unit, start=0, nights=3)
    a_placement(session, unit, start=9, nights=2)
    for start, nights in ((14, 3), (17, 4), (17, 4)):
        a_placement(session, unit, start=start, nights=nights)
    weeks = row_of(session, unit).weeks
    assert [week.nights.start for week in weeks] == [night(number * 7) for number in range(8)]
    assert [(week.places, week.part_said) for week in weeks[:4]] == [
        (1, "2 from Thu"), (1, "2 from Fri"), (0, "1 until Wed"), (2, ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("nights", "told"),
    [
        ([2, 2, 2, 2, 2, 2, 2], None),
        ([0, 0, 0, 0, 0, 0, 0], None),
        ([0, 0, 0, 2, 2, 3, 3], (2, 3, 7)),
        ([1, 1, 0, 0, 0, 0, 0], (1, 0, 2)),
        ([1, 1, 0, 0, 0, 0, 4], (4, 6, 7)),
        ([0, 0, 3, 2, 0, 0, 0], (2, 2, 4)),
        ([1, 1, 1, 3, 3, 3, 1], None),  # a place is free all week, which is what most ask for
    ],
)
def test_the_part_of_a_week_on_which_more_is_free(nights, told):
    assert part_of(nights) == told


a_week = st.lists(st.integers(0, 3), min_size=7, max_size=7)


@given(a_week)
def test_a_part_is_free_on_each_of_its_nights_and_more_so_than_the_week(nights):
    told = part_of(nights)
    if told is None:
        assert min(nights) or not any(nights)
    else:
        places, first, last = told
        assert min(nights[first:last]) == places > min(nights)


def test_full_closed_unknown_left_and_not_admitting_are_told_apart(session):
    full, silent, shut = a_unit(session, accepting=0), a_unit(session, accepting=None), a_unit(session)
    close_places(session, shut, start_on=night(3), end_on=night(14), places=None, reason="other", **DOING)
    leaving = a_unit(session, service=a_service(session, deregistered_on=night(10)))
    paused = a_unit(session)
    set_standing(session, paused.service.provider, Status.PAUSED, start_on=TODAY, end_on=night(9), reason="x", **DOING)
    assert {(week.places, week.bar, week.part) for week in row_of(session, full).weeks} == {(0, None, None)}
    assert {week.bar for week in row_of(session, silent).weeks} == {NoneFree.NOT_KNOWN}
    told = [(week.places, week.part_said, week.bar) for week in row_of(session, shut).weeks[:3]]
    assert told == [(0, "1 until Wed", None), (0, "", NoneFree.CLOSED), (1, "", None)]
    told = [(week.places, week.part_said, week.bar) for week in row_of(session, leaving).weeks[:3]]
    assert told == [(1, "", None), (0, "1 until Wed", None), (0, "", NoneFree.NOT_REGISTERED)]
    told = [(week.places, week.part_said, week.bar) for week in row_of(session, paused).weeks[:3]]
    assert told == [(0, "", NoneFree.NOT_ADMITTING), (0, "1 from Wed", None), (1, "", None)]


@pytest.mark.parametrize("status", list(Status))
def test_only_a_status_that_bars_keeps_places_from_everybody(session, status):
    unit = a_unit(session)
    set_standing(session, unit.service.provider, status, start_on=TODAY, reason="x", **DOING)
    barred = status in BARRED
    assert {week.bar for week in row_of(session, unit).weeks} == {NoneFree.NOT_ADMITTING if barred else None}
    assert units(session, places="free") == ([] if barred else [unit])


def test_numbers_that_may_be_wrong_are_marked(session):
    fresh, old, doubted = (a_unit(session, accepting=None) for _ in range(3))
    a_report(session, fresh, accepting=1)
    a_report(session, old, accepting=1, reported_at=NOW - timedelta(days=8))
    a_report(session, doubted, accepting=1, reported_at=NOW - timedelta(days=1))
    no = {"reason": "no_vacancy", "declined_by": "S", "declined_at": NOW}
    session.add(Decline(referral=a_referral(session), unit=doubted, **no))
    assert [row_of(session, unit).is_unsure for unit in (fresh, old, doubted)] == [False, True, True]
    assert row_of(session, old).is_due
    assert row_of(session, doubted).doubted_at == NOW


def test_every_filter_narrows_and_every_choice_says_what_it_would_leave(session):
    crisis = a_unit(session, kinds="crisis", gender="women", service=a_service(session, name="Ash"))
    older = a_unit(session, min_age=65, offers=("dementia",), service=a_service(session, name="beech"))
    away = a_unit(session, accepting=0, service=a_service(session, name="Cedar", authority=RUGBY))
    assert units(session) == [crisis, older, away]
    assert units(session, words="EECH") == [older]
    assert units(session, needs=("dementia",)) == [older]
    assert units(session, age=40) == [crisis, away]
    assert units(session, kind="respite") == [older, away]
    assert units(session, where="out") == [away]
    assert units(session, gender="man") == [older, away]
    assert units(session, places="free") == [crisis, older]
    assert units(session, kind="respite", where="in") == [older]
    assert counts(session, "where") == {"": 3, "in": 2, "out": 1}
    assert counts(session, "where", gender="man") == {"": 2, "in": 1, "out": 1}
    assert counts(session, "gender", where="out") == {"": 1, "woman": 1, "man": 1, "other": 1}
    assert counts(session, "kind", places="free")["crisis"] == 2
    assert counts(session, "kind", places="free")["respite"] == 1


def test_a_place_free_for_no_whole_week_is_none_that_is_free_for_a_week(session):
    unit = a_unit(session)
    for start in range(0, 56, 7):
        a_placement(session, unit, start=start + 3, nights=1)
    assert units(session) == [unit]
    assert units(session, places="free") == []


@tried(25, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_the_grid_and_the_night_calendar_agree(shared_store, data):
    with shared_store.write() as session:
        service = a_service(session)
        made = [a_unit(session, capacity=3, accepting=data.draw(st.integers(0, 3)), service=service) for _ in range(2)]
        for unit in made:
            for start, length in data.draw(st.lists(st.tuples(st.integers(-3, 50), st.integers(1, 20)), max_size=3)):
                with session.begin_nested() as step:
                    try:
                        a_placement(session, unit, start=start, nights=length)
                    except Exception:
                        step.rollback()
        close_places(session, made[0], start_on=night(data.draw(st.integers(-5, 40))), end_on=None,
                     places=data.draw(st.sampled_from([None, 1])), reason="other", **DOING)  # fmt: skip
        session.add(SharedCap(service=service, name="Staff", places=data.draw(st.integers(1, 6)), units=made))
        session.flush()
        for unit in made:
            row, calendar = row_of(session, unit), night_calendar(session, unit, actor=SYSTEM, now=NOW)
            for told, nights in zip(row.weeks, calendar.weeks, strict=True):
                assert told.nights.start == nights[0].on
                assert told.places == min(each.free for each in nights)
                assert (told.bar is NoneFree.CLOSED) == all(each.closed >= unit.capacity for each in nights)
                if told.part:
                    there = [each.free for each in nights if told.part.start <= each.on < told.part.end]
                    assert min(there) == told.part.places
                else:
                    assert told.places or not any(each.free for each in nights)
        session.rollback()
