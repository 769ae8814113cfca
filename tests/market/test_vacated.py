"""A place that somebody has left is free, being prepared until a day, or kept; never more is offered than is ready."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given
from hypothesis import strategies as st

from placement.market.closures import close_places
from placement.market.numbers import Numbers
from placement.market.organisation import UnitNumbers, report_services
from placement.market.vacated import Becomes, SaidOfPlace, vacated
from placement.records.availability import availability, newest_reports
from placement.records.vacancies import Closure
from tests.brokerage.worlds import BROKER
from tests.builders import TODAY, a_report, a_unit, night
from tests.conftest import NOW
from tests.exploring import tried

DOING = {"by": BROKER, "now": NOW}


def numbers(maximum=6, occupied=4, reserved=0, accepting=1):
    return Numbers(maximum=maximum, occupied=occupied, reserved=reserved, accepting=accepting)


@pytest.mark.parametrize(
    ("given", "places"),
    [
        (numbers(occupied=3), 1),
        (numbers(occupied=2), 2),
        (numbers(occupied=3, accepting=2), 0),
        (numbers(occupied=3, reserved=1), 0),
        (numbers(occupied=3, maximum=5), 0),
        (numbers(occupied=2, accepting=2), 1),
        (numbers(occupied=4, accepting=0), 0),
        (numbers(occupied=5, accepting=0), 0),
        (numbers(), 0),
    ],
)
def test_places_are_left_where_fewer_live_and_no_other_number_says_what_becomes_of_them(given, places):
    assert vacated(numbers(), given) == places
    assert vacated(None, given) == 0


def left(session, unit, before, given, said):
    told = {unit.id: UnitNumbers(before=before, given=given, said=said)}
    report_services(session, [unit.service], told, **DOING)
    free = availability(session, [unit.id], day=TODAY)
    return [free.bookable(unit.id, night(day), night(day + 1)) for day in (0, 6, 7, 30)]


def a_house(session, before):
    unit = a_unit(session, accepting=None, capacity=before.maximum)
    a_report(
        session, unit, maximum=before.maximum, occupied=before.occupied, reserved=before.reserved,
        accepting=before.accepting,
    )  # fmt: skip
    return unit


@pytest.mark.parametrize(
    ("said", "free", "accepting"),
    [
        (SaidOfPlace(becomes=Becomes.FREE), [2, 2, 2, 2], 2),
        (SaidOfPlace(becomes=Becomes.PREPARING, until=night(7)), [1, 1, 2, 2], 2),
        (SaidOfPlace(becomes=Becomes.KEPT, reason="away"), [1, 1, 1, 1], 1),
        (None, [1, 1, 1, 1], 1),
    ],
)
def test_each_answer_is_kept_where_it_belongs(session, said, free, accepting):
    unit = a_house(session, numbers(maximum=5))
    assert left(session, unit, numbers(maximum=5), numbers(maximum=5, occupied=3), said) == free

    report = newest_reports(session, [unit.id])[unit.id]
    assert (report.occupied, report.accepting) == (3, accepting)
    assert report.not_admitting_reason == (said.reason if said else None)
    closed = session.query(Closure).filter_by(unit_id=unit.id).all()
    wanted = [("preparing", night(7), 1)] if said and said.until else []
    assert [(each.reason, each.end_on, each.places) for each in closed] == wanted


def test_why_a_place_is_kept_stands_until_nothing_is_kept_any_more(session):
    before = numbers(maximum=5)
    unit = a_house(session, before)
    kept = numbers(maximum=5, occupied=3)
    left(session, unit, before, kept, SaidOfPlace(becomes=Becomes.KEPT, reason="staffing"))
    for stated, reason in ((kept, "staffing"), (replace(kept, reserved=1), None), (kept, None)):
        last = newest_reports(session, [unit.id])[unit.id]
        now = Numbers(maximum=5, occupied=last.occupied, reserved=last.reserved, accepting=last.accepting)
        left(session, unit, now, stated, None)
        assert newest_reports(session, [unit.id])[unit.id].not_admitting_reason == reason


@tried(60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    before=st.tuples(*[st.integers(0, 4)] * 4),
    fewer=st.integers(1, 3),
    closures=st.lists(st.tuples(st.integers(-3, 9), st.integers(1, 9), st.integers(1, 3)), max_size=3),
)
def test_never_more_is_offered_than_is_ready_and_nothing_that_was_free_is_lost(session, before, fewer, closures):
    occupied, reserved, accepting, idle = before
    assume(occupied >= fewer)
    known = Numbers(
        maximum=occupied + reserved + accepting + idle, occupied=occupied, reserved=reserved, accepting=accepting
    )
    unit = a_house(session, known)
    for start, nights, places in closures:
        close_places(
            session, unit, start_on=night(start), end_on=night(start + nights), reason="other",
            places=min(places, known.maximum), **DOING,
        )  # fmt: skip
    said = SaidOfPlace(becomes=Becomes.PREPARING, until=night(7))
    free = left(session, unit, known, replace(known, occupied=occupied - fewer), said)

    assert all(each <= accepting for each in free[:2]), "what is being prepared is offered to nobody"
    assert free[3] == accepting + fewer, "once it is ready, it is free"
    if not closures:
        assert free == [accepting, accepting, accepting + fewer, accepting + fewer]
