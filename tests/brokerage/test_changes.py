from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from placement.brokerage.answers import DateAnswers, answer_dates, answer_funding, answer_needs
from placement.brokerage.changes import last_change, set_limit, take_back
from placement.brokerage.deadlines import place_due
from placement.brokerage.offers.finding import offers_of
from placement.brokerage.placements import decline
from placement.brokerage.referrals import put_on_hold, withdraw_referral
from placement.brokerage.reservations import Decision, reserve
from placement.domain.clocks import deadline
from placement.domain.errors import Invalid, OutOfStep
from placement.domain.features import Strength
from placement.domain.kinds import KIND
from placement.domain.states import ReferralState
from placement.planning.giving_way import way_to
from placement.planning.shortlists import shortlist
from placement.records.events import AuditLine
from placement.records.messages import Message
from tests.brokerage.test_offers import asked
from tests.brokerage.worlds import BROKER, a_colleague, story
from tests.builders import TODAY, a_referral, a_unit, night
from tests.conftest import NOW

DOING = {"by": BROKER, "now": NOW}


def lines(session, referral):
    session.flush()
    rows = select(AuditLine).where(AuditLine.subject == "referral", AuditLine.subject_id == referral.id)
    return [line.details for line in session.scalars(rows.order_by(AuditLine.id))]


def test_what_is_changed_after_the_submission_says_before_and_after(session):
    referral = a_referral(session, essential=("pbs",), budget_weekly_pence=90_000)
    answer_needs(session, referral, {"pbs": Strength.DESIRABLE, "hoist": Strength.ESSENTIAL}, **DOING)
    answer_funding(session, referral, funding="chc", budget_weekly_pence=123_000, **DOING)
    assert story(session, referral) == ["changed a referral", "changed a referral"]
    needs, funding = lines(session, referral)
    assert needs["changes"]["needs"] == [{"pbs": "essential"}, {"hoist": "essential", "pbs": "desirable"}]
    assert funding["changes"]["budget_weekly_pence"] == [90_000, 123_000]
    assert referral.state is ReferralState.SEARCHING


def test_nothing_is_written_where_nothing_was_changed_and_nothing_can_be_when_it_is_over(session):
    referral = a_referral(session, budget_weekly_pence=90_000, funding="chc")
    answer_funding(session, referral, funding="chc", budget_weekly_pence=90_000, **DOING)
    assert lines(session, referral) == []
    put_on_hold(session, referral, **DOING)
    answer_funding(session, referral, funding="chc", budget_weekly_pence=95_000, **DOING)
    withdraw_referral(session, referral, reason="other", **DOING)
    with pytest.raises(OutOfStep):
        answer_funding(session, referral, funding="chc", budget_weekly_pence=1, **DOING)
    with pytest.raises(OutOfStep):
        set_limit(session, referral, "max_miles", 4.0, **DOING)


def test_other_dates_move_the_clock_and_wrong_ones_change_nothing(session):
    referral = a_referral(session, kind="respite", earliest_on=night(10), latest_on=night(20), submitted_at=NOW)
    answer_dates(session, referral, DateAnswers(earliest_on=night(30), latest_on=night(40), nights=5), **DOING)
    assert referral.place_by == datetime(2026, 12, 22, 17, tzinfo=UTC)
    with pytest.raises(Invalid):
        answer_dates(session, referral, DateAnswers(earliest_on=night(-3), latest_on=night(1), nights=5), **DOING)
    assert referral.earliest_on == night(30)


def test_one_change_lets_the_place_be_offered_and_is_taken_back(session):
    unit = a_unit(session, weekly_pence=130_500)
    referral = a_referral(session, budget_weekly_pence=123_000)
    assert shortlist(session, referral, now=NOW).of(unit.id) is None
    way = way_to(session, referral, unit.id, now=NOW)
    assert (way.words, way.value) == ("Raise the limit to £1,305", 130_500)
    set_limit(session, referral, way.column, way.value, **DOING)
    assert shortlist(session, referral, now=NOW).of(unit.id).unit is unit
    assert way_to(session, referral, unit.id, now=NOW) is None

    session.flush()
    change = last_change(session, referral)
    assert change.what == (("budget_weekly_pence", 123_000, 130_500),)
    assert change.can_go_back
    take_back(session, referral, change.line, **DOING)
    assert referral.budget_weekly_pence == 123_000
    with pytest.raises(OutOfStep):
        take_back(session, referral, change.line, **DOING)
    again = last_change(session, referral)
    take_back(session, referral, again.line, **DOING)
    assert referral.budget_weekly_pence == 130_500


def test_a_distance_gives_way_by_a_tenth_of_a_mile_upwards_and_a_must_have_never(session):
    referral = a_referral(session, essential=("pbs",), max_miles=2.0, near_lat=52.407, near_lon=-1.508)
    far = a_unit(session, offers=("pbs",))
    far.service.lat, far.service.lon = 52.45, -1.508
    lacking = a_unit(session)
    session.flush()
    way = way_to(session, referral, far.id, now=NOW)
    assert (way.column, way.words) == ("max_miles", "Look up to 3 miles away")
    set_limit(session, referral, way.column, way.value, **DOING)
    assert shortlist(session, referral, now=NOW).of(far.id)
    assert way_to(session, referral, lacking.id, now=NOW) is None


def test_what_was_changed_again_since_does_not_go_back_over_it(session):
    referral = a_referral(session, budget_weekly_pence=90_000)
    set_limit(session, referral, "budget_weekly_pence", 95_000, **DOING)
    session.flush()
    first = last_change(session, referral)
    set_limit(session, referral, "budget_weekly_pence", 99_000, **DOING)
    with pytest.raises(OutOfStep):
        take_back(session, referral, first.line, **DOING)
    assert referral.budget_weekly_pence == 99_000


def test_nobody_is_late_before_the_window_opens(session):
    soon = a_referral(session, kind="move_on", earliest_on=TODAY, latest_on=night(14))
    assert place_due(soon, NOW) == deadline(NOW, KIND["move_on"].place_within)
    later = a_referral(session, kind="move_on", earliest_on=night(60), latest_on=night(74))
    assert place_due(later, NOW) == datetime(2027, 1, 22, tzinfo=UTC)
    assert place_due(a_referral(session, kind="return_to_city"), NOW) is None


def test_after_a_no_the_next_one_asked_has_the_time_that_the_first_had(session):
    referral, unit = a_referral(session, reply_by=NOW + timedelta(hours=2)), a_unit(session)
    stay = reserve(session, referral, unit, Decision(start_on=TODAY, end_on=night(5)), **DOING)
    later = NOW + timedelta(hours=5)
    decline(session, stay, reason="staffing", by=BROKER, now=later)
    assert referral.reply_by == deadline(later, KIND[referral.kind].reply_within)


def test_who_was_asked_reads_the_referral_as_it_is_now(session):
    (offer,) = asked(session, [a_unit(session)])
    answer_needs(session, offer.referral, {"hoist": Strength.ESSENTIAL}, **DOING)
    (row,) = offers_of(session, offer.referral)
    assert [need.slug for need in row.referral.needs] == ["hoist"]


def test_whoever_is_asked_is_told_once_what_has_changed_of_what_they_read(session):
    """What a provider does not read is not told, and two changes before the mail goes out are one message."""
    referral, unit = a_referral(session, essential=("pbs",)), a_unit(session)
    asked(session, [unit], referral)
    (offer,) = offers_of(session, referral)
    a_colleague(session, offer, "pia@example.org")

    def told():
        rows = select(Message).where(Message.kind == "request_changed").order_by(Message.id)
        return [(row.recipient, row.state.value, row.path) for row in session.scalars(rows)]

    answer_funding(session, referral, funding="chc", budget_weekly_pence=95_000, **DOING)
    assert told() == []
    answer_needs(session, referral, {"pbs": Strength.DESIRABLE}, **DOING)
    answer_needs(session, referral, {"hoist": Strength.ESSENTIAL}, **DOING)
    path = f"/provider/offers/{offer.id}"
    assert told() == [("pia@example.org", "dropped", ""), ("pia@example.org", "waiting", path)]
    withdraw_referral(session, referral, reason="other", **DOING)
    assert [state for _, state, _ in told()] == ["dropped", "dropped"]
