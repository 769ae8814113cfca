"""What a replay reads of the records: who asked when, what became of them, and what was known on which morning."""

from __future__ import annotations

from datetime import timedelta

from placement.domain.states import PlacementState, ReferralState, Status
from placement.planning.replay.history import AHEAD
from placement.planning.replay.living_through import LivedDays
from placement.planning.replay.outcomes import as_it_was, totals
from placement.planning.replay.reading import past_period
from placement.records.others import OtherStay
from placement.records.providers import Standing
from placement.records.referrals import Decline
from placement.records.vacancies import Closure
from tests.brokerage.worlds import RUGBY
from tests.builders import a_placement, a_referral, a_report, a_series, a_service, a_unit, night
from tests.conftest import NOW

FIRST, LAST = -30, -1


def read(session, first=FIRST, last=LAST):
    session.flush()
    return past_period(session, night(first), night(last))


def asked(session, days_ago, **values):
    day = night(-days_ago)
    given = {"kind": "planned", "earliest_on": day, "latest_on": day + timedelta(days=10), "nights": 14}
    return a_referral(session, submitted_at=NOW - timedelta(days=days_ago), **given | values)


def test_the_referrals_of_the_period_are_asked_again_but_drafts_series_and_ways_back(session):
    meant = [asked(session, 30), asked(session, 1)]
    asked(session, 31), asked(session, 0)
    asked(session, 5, state=ReferralState.DRAFT)
    asked(session, 5, kind="return_to_city")
    a_series(session, 3, 31).submitted_at = NOW - timedelta(days=5)
    told = read(session)
    names = [each.reference for each in meant]
    assert [(case.need.id, case.day) for case in told.cases] == list(zip(names, (0, 29), strict=True))
    assert (told.days, told.nights) == (30, 30 + AHEAD)
    assert [(case.need.earliest, case.need.latest) for case in told.cases] == [(0, 10), (29, 39)]


def test_what_became_of_each_is_told_as_it_was(session):
    unit, outside = a_unit(session, accepting=4), a_unit(session, service=a_service(session, authority=RUGBY))
    left, there, away, gone, waits = (asked(session, 20) for _ in range(5))
    a_placement(
        session, unit, referral=left, person=left.person, start=-18, nights=4, state=PlacementState.ENDED,
        weekly_pence=70_000,
    )  # fmt: skip
    a_placement(session, unit, referral=there, person=there.person, start=-10, nights=40, weekly_pence=140_000)
    a_placement(
        session, outside, referral=away, person=away.person, start=-12, nights=None, state=PlacementState.ACTIVE,
        is_in_city=False, out_of_city_reason="no_vacancy", weekly_pence=None,
    )  # fmt: skip
    a_placement(session, unit, referral=gone, person=gone.person, state=PlacementState.RELEASED)
    gone.state, gone.closed_at = ReferralState.WITHDRAWN, NOW - timedelta(days=8)
    session.add(Decline(referral=waits, unit=unit, reason="risk", declined_by="S", declined_at=NOW))
    told = read(session)
    found = {each.case.need.id: each for each in as_it_was(told)}
    went = [found[each.reference].went for each in (left, there, away, gone, waits)]
    assert went == ["in_city", "in_city", "not_by_choice", "nowhere", "still"]
    assert [found[each.reference].pence for each in (left, there, away)] == [40_000, 200_000, 0]
    assert [found[each.reference].waited for each in (left, there, away, gone, waits)] == [2, 10, 8, 13, 20]
    assert (found[away.reference].away, found[left.reference].case.lasted) == (12, 4)
    assert found[waits.reference].case.said == {f"U{unit.id}": False}
    assert found[left.reference].case.said == {f"U{unit.id}": True}
    sums = totals(found.values())
    assert (sums.people, sums.in_city, sums.not_by_choice, sums.still, sums.nowhere) == (5, 2, 1, 1, 1)


def test_what_was_reported_closed_and_barred_is_known_from_the_next_morning(session):
    unit = a_unit(session, accepting=None, capacity=5)
    a_report(session, unit, maximum=5, reported_at=NOW - timedelta(days=40), accepting=1)
    stay = a_placement(session, unit, start=-60, nights=None, state=PlacementState.ACTIVE)
    a_report(session, unit, maximum=5, reported_at=NOW - timedelta(days=10), accepting=2, occupied=2, counted=1)
    session.add(
        Closure(
            unit=unit, start_on=night(-3), end_on=None, places=1, reason="other", created_by="S",
            created_at=NOW - timedelta(days=8), cancelled_at=NOW - timedelta(days=2),
        )
    )  # fmt: skip
    session.add(
        Standing(
            provider_id=unit.service.provider_id, status=Status.SUSPENDED, start_on=night(-6), end_on=night(-4),
            reason="R", decided_by="C", created_at=NOW - timedelta(days=7),
        )
    )  # fmt: skip
    told, key = read(session), f"U{unit.id}"
    assert [(each.day, each.ours, each.spare, each.others) for each in told.reports[key]] == [
        (-9, 1, 5, 0), (21, 3, 4, 1),
    ]  # fmt: skip
    (shut,), (barred,) = told.closures[key], told.standings[f"P{unit.service.provider_id}"]
    assert (shut.day, shut.until, shut.start, shut.end) == (23, 29, 27, None)
    assert (barred.day, barred.start, barred.end, barred.status) == (24, 24, 26, "suspended")
    assert [(each.unit, each.start, each.end) for each in told.fixed] == [(key, -30, None)]
    assert stay.referral.reference not in {case.need.id for case in told.cases}


def test_a_stay_that_is_asked_again_gives_its_place_back_and_another_does_not(session):
    """The place that somebody had in the records is free again to whoever the plan gives it to."""
    unit = a_unit(session, accepting=None, capacity=2)
    a_report(session, unit, maximum=2, reported_at=NOW - timedelta(days=40), accepting=1, occupied=1, counted=1)
    a_placement(session, unit, start=-60, nights=None, state=PlacementState.ACTIVE)
    one = asked(session, 20)
    a_placement(session, unit, referral=one, person=one.person, start=-20, nights=14, state=PlacementState.ENDED)
    asked(session, 20)
    lived = LivedDays(read(session)).live()
    assert [each.stay is not None for each in lived].count(True) >= 1
    assert sum(each.stay is not None and each.stay.start < 14 for each in lived) <= 1


def test_what_is_kept_for_others_takes_nobody_until_a_report_includes_it(session):
    unit = a_unit(session, accepting=None, capacity=4)
    a_report(session, unit, maximum=4, reported_at=NOW - timedelta(days=40), accepting=2)
    counting = a_report(session, unit, maximum=4, reported_at=NOW - timedelta(days=10), accepting=1, reserved=1)
    for days, values in ((20, {"counted_in_id": counting.id}), (15, {"over_at": NOW - timedelta(days=12)}), (5, {})):
        kept = OtherStay(
            unit_id=unit.id, purpose="contract", places=1, start_on=night(-days), end_on=None, created_by="S",
            created_at=NOW - timedelta(days=days), **values,
        )  # fmt: skip
        session.add(kept)
    told = read(session).closures[f"U{unit.id}"]
    assert [(each.day, each.until, each.start, each.places) for each in told] == [
        (11, 21, 10, 1), (16, 19, 15, 1), (26, None, 25, 1),
    ]  # fmt: skip
