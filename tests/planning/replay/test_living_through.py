"""A replay promises no place that is not there, knows nothing before its day, and is the same whenever it is told."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placement.domain.errors import Invalid
from placement.domain.scenarios import Verb
from placement.planning.replay.changes import MarketChange
from placement.planning.replay.history import Stay
from placement.planning.replay.living_through import LivedDays, ReplayEnded
from placement.planning.replay.outcomes import as_it_was, as_lived, shifts, totals
from tests.exploring import tried
from tests.matching.builders import ELSEWHERE, a_unit
from tests.planning.replay.histories import a_case, a_history, a_random_history, a_report, cut_after

SEED = st.integers(0, 10**6)


def lived(history, *changes, seed=0):
    return LivedDays(history, changes, seed=seed).live()


def where(results):
    return {each.case.need.id: (each.stay.unit, each.stay.start) if each.stay else None for each in results}


@given(seed=SEED)
@tried(20)
def test_nothing_is_known_before_its_day(seed):
    """What is settled by a day is settled in the same way whatever comes after it."""
    history = a_random_history(seed)
    whole = lived(history)
    for day in (4, 11, 18):
        short = LivedDays(cut_after(history, day))
        short.live()
        early = [each for each in whole if each.until <= day and each.case.day <= day]
        for each in early:
            told = short.lived[each.case.need.id]
            assert (told.until, told.refusals, told.stay and (told.stay.unit, told.stay.start)) == (
                each.until, each.refusals, each.stay and (each.stay.unit, each.stay.start),
            )  # fmt: skip


@given(seed=SEED)
@tried(20)
def test_everybody_has_one_end_and_no_place_is_promised_that_was_not_free_on_that_day(seed):
    """Each place is counted again, naively: by the report and the closures of that day, and who was there by then."""
    history = a_random_history(seed)
    results = lived(history)
    assert [each.case for each in results] == list(history.cases)
    promised = sorted((each for each in results if each.stay), key=lambda each: each.until)
    for each in promised:
        beside = [
            replace(other.stay, end=known_end(other, each.until))
            for other in promised
            if other is not each and other.stay.unit == each.stay.unit and other.until < each.until
        ]
        fixed = [stay for stay in history.fixed if stay.unit == each.stay.unit]
        end = min(history.nights, each.stay.start + (each.case.need.nights or history.nights))
        for night in range(each.stay.start, min(end, each.until + 120)):
            there = sum(stay.start <= night and (stay.end is None or night < stay.end) for stay in (*beside, *fixed))
            assert there < ours_on(history, each.stay.unit, night, each.until), (each.case.need.id, night)
        assert each.case.said.get(each.stay.unit) is not False
        assert each.case.need.earliest <= each.stay.start <= each.case.need.latest


def known_end(other, day):
    """Return the end of a stay as it was known on a day: the planned one until the person has really left."""
    start, nights = other.stay.start, other.case.need.nights
    planned = None if nights is None else start + nights
    gone = None if other.case.lasted is None else start + other.case.lasted
    return gone if gone is not None and max(gone, other.until + 1) <= day else planned


def ours_on(history, unit, night, day):
    report = [each for each in history.reports[unit] if each.day <= day][-1]
    closed = sum(
        report.spare + report.others if each.places is None else each.places
        for each in history.closures.get(unit, ())
        if each.day <= day and (each.until is None or each.until > day)
        and each.start <= night and (each.end is None or night < each.end)
    )  # fmt: skip
    return max(0, min(report.ours, report.spare - closed))


@given(seed=SEED)
@tried(12)
def test_the_same_seed_gives_the_same_days_and_a_change_that_changes_nothing_changes_nothing(seed):
    history = a_random_history(seed)
    assert lived(history) == lived(history)
    same_price = MarketChange(verb=Verb.REPRICE, unit=1, weekly_pence=70_000)
    assert where(lived(history, same_price)) == where(lived(history))


@given(seed=SEED)
@tried(12)
def test_who_gains_and_who_loses_adds_up_to_the_difference(seed):
    history = a_random_history(seed)
    before = as_lived(history, lived(history))
    after = as_lived(history, lived(history, MarketChange(verb=Verb.OPEN, unit=1, places=2)))
    kinds = {"Crisis", "Respite", "Planned"}
    told = [each for each in shifts(before, after) if each.group in kinds]
    well = [Counter(each.went in ("in_city", "by_choice") for each in results)[True] for results in (before, after)]
    assert sum(each.better - each.worse for each in told) == well[1] - well[0]
    assert sum(each.people for each in told) == totals(before).people == len(history.cases)
    for each in (totals(before), totals(after), totals(as_it_was(history))):
        assert each.in_city + each.by_choice + each.not_by_choice + each.still + each.nowhere == each.people


ONE = {"answers": {"U1": (10**6, 0)}}
"""A unit that has said yes a million times says it again, whatever the seed."""


def test_a_place_opens_for_whoever_had_none():
    history = a_history([a_case("N1"), a_case("N2")], [a_unit("U1")], **ONE)
    assert Counter(each.stay is not None for each in lived(history)) == {True: 1, False: 1}
    opened = lived(history, MarketChange(verb=Verb.OPEN, unit=1, places=1))
    assert {each.stay.unit for each in opened} <= {"U1", "U1+1"}
    late = lived(history, MarketChange(verb=Verb.OPEN, unit=1, places=1, night=15))
    assert Counter(each.stay is not None for each in late)[True] == 1


def test_a_closed_place_takes_nobody_from_its_night_on():
    history = a_history([a_case("N1", 0), a_case("N2", 10)], [a_unit("U1")], **ONE)
    assert all(each.stay for each in lived(history))
    assert [bool(each.stay) for each in lived(history, MarketChange(verb=Verb.CLOSE, unit=1, night=8))] == [True, False]
    assert [bool(each.stay) for each in lived(history, MarketChange(verb=Verb.CLOSE, unit=1))] == [False, False]


def test_a_converted_place_takes_whom_it_could_not_and_costs_its_new_price():
    history = a_history([a_case("N1", essential=frozenset({"pbs"}))], [a_unit("U1", weekly_pence=70_000)], **ONE)
    assert lived(history)[0].stay is None
    made = (
        MarketChange(verb=Verb.CONVERT, unit=1, offers=frozenset({"pbs"})),
        MarketChange(verb=Verb.REPRICE, unit=1, weekly_pence=140_000),
    )
    (found,) = as_lived(history, lived(history, *made))
    assert (found.went, found.pence) == ("in_city", 140_000)


def test_nobody_goes_out_of_the_city_before_they_have_to():
    units = [a_unit("U1"), a_unit("U2", authority=ELSEWHERE)]
    reports = {"U1": (a_report(0, 0), a_report(6, 1)), "U2": (a_report(),)}
    case = a_case("N1", latest=10)
    answers = {"answers": {"U1": (10**6, 0), "U2": (10**6, 0)}}
    (back,) = lived(a_history([case], units, reports, **answers))
    assert (back.stay.unit, back.is_in_city) == ("U1", True)
    (out,) = lived(a_history([case], units, reports | {"U1": (a_report(0, 0),)}, **answers))
    assert (out.stay.unit, out.is_in_city, out.until) == ("U2", False, 7)
    wish = replace(case, need=replace(case.need, wants_out_of_city=True))
    assert lived(a_history([wish], units, reports, **answers))[0].until < 7


def test_a_stay_without_an_end_may_begin_in_a_place_that_is_promised_further_ahead_than_a_plan_sees():
    later = Stay(unit="U1", start=130, end=None)
    (found,) = lived(a_history([a_case("N1", nights=None)], [a_unit("U1")], days=140, fixed=[later], **ONE))
    assert found.stay is not None


def test_who_was_told_no_is_planned_again_on_the_same_day():
    units = [a_unit("U1", quality=3), a_unit("U2", quality=1)]
    case = a_case("N1", kind="crisis", latest=1, said={"U1": False, "U2": True})
    (found,) = lived(a_history([case], units))
    assert (found.stay.unit, found.refusals, found.until) == ("U2", 1, 0)


def test_a_replay_says_how_far_it_is_and_can_be_ended():
    days = []

    def on(day):
        days.append(day)
        return day < 5

    with pytest.raises(ReplayEnded):
        LivedDays(a_history([a_case()], [a_unit("U1")])).live(on)
    assert days == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"verb": Verb.CLOSE, "unit": 9}, "Change 1: this unit was not in the register"),
        ({"verb": Verb.CLOSE, "unit": 1, "night": 20}, "outside the period"),
        ({"verb": Verb.OPEN, "unit": 1}, "how many places are opened"),
        ({"verb": Verb.CLOSE, "unit": 1, "places": 0}, "enter between 1 and"),
        ({"verb": Verb.CONVERT, "unit": 1, "offers": frozenset({"helipad"})}, "not in the list of needs: helipad"),
        ({"verb": Verb.REPRICE, "unit": 1}, "a price above 0"),
    ],
)
def test_a_change_that_cannot_be_made_says_why(change, words):
    with pytest.raises(Invalid, match=words):
        LivedDays(a_history([a_case()], [a_unit("U1")]), [MarketChange(**change)])
