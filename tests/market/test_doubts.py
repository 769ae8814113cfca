"""Supply that shrinks under a promise names the stays, asks, and puts them on brokerage's work list."""

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from placement.brokerage.attention import open_concerns
from placement.domain.errors import Invalid, ToConfirm
from placement.domain.periods import Period
from placement.domain.states import PlacementState
from placement.market.closures import close_places
from placement.market.numbers import Numbers
from placement.market.others import expect_departure, keep_places
from placement.market.promises import left_without
from placement.market.vacancies import report_vacancies
from placement.records.placements import Placement
from tests.brokerage.worlds import BROKER, story
from tests.builders import TODAY, a_placement, a_report, a_service, a_unit, night
from tests.conftest import NOW
from tests.exploring import tried

DOING = {"by": BROKER, "now": NOW}


def a_house(session, *, people=0, coming=0, capacity=3, **values):
    unit = a_unit(session, accepting=capacity, capacity=capacity, **values)
    living = [a_placement(session, unit, start=-5, nights=90, state=PlacementState.ACTIVE) for _ in range(people)]
    return unit, [*living, *(a_placement(session, unit, start=3, nights=30) for _ in range(coming))]


def close(session, unit, confirmed=(), **values):
    closing = {"start_on": TODAY, "end_on": None, "places": None, "reason": "other"} | values
    return close_places(session, unit, **closing, **DOING, confirmed=confirmed)


def told(session, unit, maximum, occupied=0, reserved=0, accepting=0, confirmed=()):
    numbers = Numbers(maximum=maximum, occupied=occupied, reserved=reserved, accepting=accepting)
    return report_vacancies(session, unit.service, {unit.id: numbers}, **DOING, confirmed=confirmed)


def asked(action, *args, **values):
    with pytest.raises(ToConfirm) as refused:
        action(*args, **values)
    return refused.value.questions


def at_risk(session):
    return {(each.placement, each.cause) for each in open_concerns(session, actor=BROKER)}


@pytest.mark.parametrize(("people", "coming"), [(1, 0), (0, 1), (2, 1)])
def test_a_whole_unit_closed_over_stays_names_each_and_goes_on_once_that_is_confirmed(session, people, coming):
    unit, stays = a_house(session, people=people, coming=coming)
    (question,) = asked(close, session, unit)

    assert all(stay.referral.reference in question.text for stay in stays)
    assert at_risk(session) == set()
    close(session, unit, confirmed=[question.key])
    assert at_risk(session) == {(stay, "closure") for stay in stays}
    assert all(story(session, stay) == ["took the place of a stay away"] for stay in stays)


def test_a_stay_that_came_meanwhile_is_asked_about_though_the_others_were_confirmed(session):
    unit, _ = a_house(session, people=1)
    (question,) = asked(close, session, unit)
    later = a_placement(session, unit, start=5)
    (again,) = asked(close, session, unit, confirmed=[question.key])

    assert later.referral.reference in again.text


@pytest.mark.parametrize(
    ("closing", "is_asked"),
    [
        ({"places": 1}, False),  # three places, two people
        ({"places": 2}, True),
        ({"start_on": night(90)}, False),  # when they have left
        ({"start_on": night(89)}, True),
        ({"end_on": night(3), "places": 2}, False),  # before the second one comes
        ({"end_on": night(4), "places": 2}, True),
    ],
)
def test_only_a_night_with_fewer_places_than_people_is_asked_about(session, closing, is_asked):
    unit, stays = a_house(session)
    for start in (-5, 3):
        stays.append(a_placement(session, unit, start=start, nights=90 - start, state=PlacementState.CONFIRMED))

    if is_asked:
        assert asked(close, session, unit, **closing)
    else:
        close(session, unit, **closing)
        assert at_risk(session) == set()


def test_people_of_whom_we_keep_no_stay_count_and_so_do_earlier_closures(session):
    unit, _ = a_house(session, people=1)
    a_report(session, unit, maximum=3, occupied=1)
    assert asked(close, session, unit, places=2)

    other, _ = a_house(session, people=1)
    close(session, other, places=2, start_on=night(2))
    assert asked(close, session, other, places=1)


def test_an_earlier_closure_that_ends_before_somebody_comes_takes_no_place_from_them(session):
    unit = a_unit(session, accepting=2, capacity=2)
    a_placement(session, unit, start=5)
    close(session, unit, places=1, end_on=night(4))

    close(session, unit, places=1)
    assert asked(close, session, unit, places=1, start_on=night(6), end_on=night(7))


def test_a_closure_of_another_century_is_refused(session):
    unit, _ = a_house(session)
    with pytest.raises(Invalid, match="within the last year"):
        close(session, unit, start_on=night(-40_000), end_on=night(-39_000))


def test_somebody_who_overstays_is_there_on_the_nights_of_a_closure(session):
    unit = a_unit(session)
    a_placement(session, unit, start=-9, nights=8, state=PlacementState.ACTIVE)

    assert asked(close, session, unit)


def test_numbers_that_leave_people_without_a_place_name_them(session):
    unit, stays = a_house(session, people=2, coming=1)
    (question,) = asked(told, session, unit, maximum=0)
    assert all(stay.referral.reference in question.text for stay in stays)

    told(session, unit, maximum=0, confirmed=[question.key])
    assert at_risk(session) == {(stay, "report") for stay in stays}


def test_people_who_live_there_and_are_not_counted_are_asked_about(session):
    unit, stays = a_house(session, people=2, coming=1)
    (question,) = asked(told, session, unit, maximum=3, accepting=1)

    assert "By our records 2 people" in question.text
    told(session, unit, maximum=3, accepting=1, confirmed=[question.key])
    assert at_risk(session) == {(stay, "report") for stay in stays[:2]}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"maximum": 30, "accepting": 1}, "was 3 and would be 30"),
        ({"maximum": 9, "accepting": 1}, "was 3 and would be 9"),
        ({"maximum": 8, "accepting": 1}, None),
        ({"maximum": 3, "accepting": 3}, "by our records at most 2 can be"),
        ({"maximum": 3, "accepting": 2}, None),
    ],
)
def test_numbers_that_jump_far_are_asked_about_and_nothing_else_is(session, given, words):
    unit, _ = a_house(session)
    close(session, unit, places=1)

    if words is None:
        told(session, unit, **given)
    else:
        questions = asked(told, session, unit, **given)
        assert any(words in question.text for question in questions)
        told(session, unit, **given, confirmed=[question.key for question in questions])


def test_twice_as_many_places_as_registered_beds_are_asked_about(session):
    unit = a_unit(session, service=a_service(session, cqc_beds=4), accepting=4, capacity=4)

    assert "registered for 4 beds" in asked(told, session, unit, maximum=8)[0].text
    told(session, unit, maximum=7)


def test_what_stands_on_the_work_list_stands_there_once_and_not_after_the_stay(session):
    unit, (stay,) = a_house(session, people=1)
    for _ in range(2):
        close(session, unit, confirmed=[asked(close, session, unit)[0].key])
    assert len(open_concerns(session, actor=BROKER)) == 1

    stay.state = PlacementState.ENDED
    session.flush()
    assert open_concerns(session, actor=BROKER) == []


@tried(60, suppress_health_check=list(HealthCheck))
@given(
    spans=st.lists(st.tuples(st.integers(-4, 9), st.one_of(st.none(), st.integers(1, 6))), max_size=5),
    start=st.integers(-3, 9),
    length=st.one_of(st.none(), st.integers(1, 9)),
    places=st.integers(0, 3),
    others=st.integers(0, 1),
)
def test_who_is_left_without_a_place_is_who_is_there_on_a_night_with_too_few(spans, start, length, places, others):
    stays = [
        Placement(
            id=number,
            state=PlacementState.CONFIRMED,
            start_on=night(first),
            end_on=None if nights is None else night(first + nights),
        )
        for number, (first, nights) in enumerate(spans)
    ]
    period = Period(night(start), None if length is None else night(start + length))
    wanted = set()
    for offset in range(30):
        there = [stay for stay in stays if stay.period.holds(night(offset))]
        if period.holds(night(offset)) and there and len(there) + others > places:
            wanted |= {stay.id for stay in there}

    assert {stay.id for stay in left_without(stays, TODAY, places={period: places}, others=others)} == wanted


def test_a_closure_says_who_lives_there_and_who_is_to_come(session):
    unit, (one, other, coming) = a_house(session, people=2, coming=1)
    (question,) = asked(close, session, unit)

    names = [stay.referral.reference for stay in (one, other, coming)]
    assert f"{names[0]} and {names[1]} live there; {names[2]} is to come on 26 November 2026" in question.text


def test_what_is_kept_for_others_is_in_the_way_of_a_closure_too_and_who_leaves_is_not(session):
    unit, (stay,) = a_house(session, people=1, capacity=3)
    told(session, unit, 3, occupied=2, accepting=1)
    keep_places(session, unit, purpose="private_client", places=1, start_on=night(5), **DOING)
    assert close(session, unit, start_on=TODAY, end_on=night(5), places=1)
    (question,) = asked(close, session, unit, start_on=night(5), end_on=night(9), places=1)
    assert stay.referral.reference in question.text

    expect_departure(session, unit, places=1, leave_on=night(5), **DOING)
    assert close(session, unit, start_on=night(5), end_on=night(9), places=1)


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ((2, 2, 0, 0), "The maximum capacity of .* was 9 and would be 2"),
        ((9, 2, 0, 7), "6 people lived in .* by your last numbers, and 2 would by these"),
    ],
)
def test_numbers_far_below_the_last_ones_are_asked_about(session, numbers, words):
    unit = a_unit(session, accepting=None, capacity=9)
    a_report(session, unit, maximum=9, occupied=6, accepting=3)
    with pytest.raises(ToConfirm, match=words):
        told(session, unit, *numbers)
