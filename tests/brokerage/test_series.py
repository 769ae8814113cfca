"""A referral for several stays: what is asked, and reserving the stays all together or not at all."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from placement.brokerage.answers import DateAnswers, answer_dates
from placement.brokerage.placements import decline, end, release
from placement.brokerage.referrals import withdraw_referral
from placement.brokerage.reservations import Decision
from placement.brokerage.series import ChosenStay, SeriesAnswers, booked_stays, reserve_series
from placement.brokerage.windows import stays_left
from placement.domain.errors import Invalid, NoLongerVacant, OutOfStep
from placement.domain.series import numbered
from placement.domain.states import PlacementState, ReferralState
from placement.records.placements import Placement
from tests.brokerage.worlds import BROKER
from tests.builders import a_placement, a_referral, a_series, a_unit, night
from tests.conftest import NOW

DOING = {"by": BROKER, "now": NOW}
WHY = Decision(start_on=night(0), end_on=night(1), reason="It is the best match for the person")


def windows(*starts, nights=2):
    return numbered([(night(start), night(start), nights) for start in starts], field="listed")


def dates(*starts, nights=2, take="most"):
    stays = windows(*starts, nights=nights)
    first = stays[0]
    return DateAnswers(
        earliest_on=first.earliest_on, latest_on=first.latest_on, nights=nights,
        series=SeriesAnswers(take=take, windows=stays),
    )  # fmt: skip


def chosen(referral, unit, *numbers):
    wanted = {each.number: each for each in referral.windows}
    return [
        ChosenStay(
            number=number, unit=unit, start_on=wanted[number].earliest_on,
            end_on=wanted[number].earliest_on + timedelta(days=wanted[number].nights),
        )
        for number in numbers
    ]  # fmt: skip


def stays_of(session, referral):
    rows = select(Placement).where(Placement.referral_id == referral.id).order_by(Placement.id)
    return session.scalars(rows).all()


def test_the_stays_that_are_answered_are_kept_in_their_order(session):
    referral = a_referral(session, kind="respite", state=ReferralState.DRAFT)
    answer_dates(session, referral, dates(3, 31, 59, take="all"), **DOING)
    session.flush()
    session.expire_all()
    assert referral.series.take == "all"
    assert [each.earliest_on for each in referral.windows] == [night(3), night(31), night(59)]


def test_answering_again_for_one_stay_leaves_no_series(session):
    referral = a_series(session, 3, 31)
    first = DateAnswers(earliest_on=night(5), latest_on=night(9), nights=2)
    answer_dates(session, referral, first, **DOING)
    session.flush()
    session.expire_all()
    assert referral.series is None
    assert len(referral.windows) == 1


def test_a_kind_that_does_not_recur_refuses_a_series(session):
    referral = a_referral(session, kind="planned", state=ReferralState.DRAFT)
    with pytest.raises(Invalid, match="asks for one stay"):
        answer_dates(session, referral, dates(3, 31), **DOING)


def test_a_stay_longer_than_its_kind_allows_is_refused_by_its_number(session):
    referral = a_referral(session, kind="respite", state=ReferralState.DRAFT)
    answers = dates(3, 90)
    longer = replace(answers.series.windows[1], nights=43)
    series = SeriesAnswers(take="most", windows=(answers.series.windows[0], longer))
    with pytest.raises(Invalid, match="Stay 2: enter between 1 and 42 nights"):
        answer_dates(session, referral, replace(answers, series=series), **DOING)


def test_every_stay_becomes_a_reservation_of_its_own_and_the_referral_is_placed(session):
    referral, unit = a_series(session, 3, 31, 59), a_unit(session)
    taken = reserve_series(session, referral, chosen(referral, unit, 1, 2, 3), WHY, **DOING)
    assert [(each.number, each.start_on, each.end_on) for each in taken] == [
        (1, night(3), night(5)), (2, night(31), night(33)), (3, night(59), night(61)),
    ]  # fmt: skip
    assert {each.state for each in taken} == {PlacementState.RESERVED}
    assert referral.state is ReferralState.PLACED


def test_a_referral_goes_on_with_the_stays_that_have_no_place_yet(session):
    referral, unit = a_series(session, 3, 31, 59), a_unit(session)
    reserve_series(session, referral, chosen(referral, unit, 1, 3), WHY, **DOING)
    assert referral.state is ReferralState.SEARCHING
    assert [each.number for each in stays_left(session, [referral])[referral.id]] == [2]
    assert referral.place_by.date() == night(30)  # by the end of the day before the stay that is left
    assert [stay is not None for _, stay in booked_stays(session, referral)] == [True, False, True]

    reserve_series(session, referral, chosen(referral, unit, 2), WHY, **DOING)
    assert referral.state is ReferralState.PLACED


def _reserve_all(store, referral, unit):
    with store.writing() as session:
        kept = session.merge(referral)
        reserve_series(session, kept, chosen(kept, session.merge(unit), 1, 2, 3), WHY, **DOING)


def test_the_whole_is_refused_with_the_stay_whose_place_has_just_gone(store):
    with store.writing() as session:
        referral, unit = a_series(session, 3, 31, 59), a_unit(session, accepting=1)
        a_placement(session, unit, start=32, nights=1)
    with pytest.raises(NoLongerVacant, match="so none of the stays was reserved"):
        _reserve_all(store, referral, unit)
    with store.writing() as session:
        assert stays_of(session, referral) == []
        assert session.merge(referral).state is ReferralState.SEARCHING


def test_a_series_that_is_wanted_whole_is_not_taken_in_part(session):
    referral, unit = a_series(session, 3, 31, take="all"), a_unit(session)
    with pytest.raises(OutOfStep, match="wants all of its stays or none"):
        reserve_series(session, referral, chosen(referral, unit, 1), WHY, **DOING)


def test_a_stay_that_has_a_place_is_not_reserved_twice(session):
    referral, unit = a_series(session, 3, 31), a_unit(session, accepting=2)
    reserve_series(session, referral, chosen(referral, unit, 1), WHY, **DOING)
    with pytest.raises(OutOfStep, match="has a place already"):
        reserve_series(session, referral, chosen(referral, unit, 1), WHY, **DOING)


@pytest.mark.parametrize("lose", [decline, release], ids=["declined", "released"])
def test_a_stay_that_is_lost_is_searched_for_again_and_the_others_stand(session, lose):
    referral, unit = a_series(session, 3, 31, take="all"), a_unit(session)
    first, second = reserve_series(session, referral, chosen(referral, unit, 1, 2), WHY, **DOING)
    lose(session, second, reason="staffing" if lose is decline else "mistake", **DOING)
    assert referral.state is ReferralState.SEARCHING
    assert referral.place_by.date() == night(30)
    assert first.state is PlacementState.RESERVED
    assert [each.number for each in stays_left(session, [referral])[referral.id]] == [2]
    reserve_series(session, referral, chosen(referral, unit, 2), WHY, **DOING)  # one that is lost may be found alone
    assert referral.state is ReferralState.PLACED


def test_a_series_is_closed_when_its_last_stay_ends(session):
    referral, unit = a_series(session, 0, 31), a_unit(session)
    first, second = reserve_series(session, referral, chosen(referral, unit, 1, 2), WHY, **DOING)
    for stay, day in ((first, 2), (second, 33)):
        stay.state = PlacementState.ACTIVE
        assert referral.state is ReferralState.PLACED
        end(session, stay, on=night(day), reason="as_planned", by=BROKER, now=NOW + timedelta(days=day))
    assert referral.state is ReferralState.CLOSED


def test_a_series_with_stays_booked_is_not_withdrawn_over_them(session):
    referral, unit = a_series(session, 3, 31), a_unit(session)
    reserve_series(session, referral, chosen(referral, unit, 1), WHY, **DOING)
    with pytest.raises(OutOfStep, match="Release each of them first"):
        withdraw_referral(session, referral, reason="not_needed", **DOING)
    with pytest.raises(OutOfStep, match="Release each of them first"):
        answer_dates(session, referral, dates(3, 40), **DOING)
