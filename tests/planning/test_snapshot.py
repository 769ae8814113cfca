from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sqlalchemy import event

from placement.brokerage.placements import end
from placement.brokerage.reservations import Decision, reserve
from placement.domain.councils import COVENTRY
from placement.domain.errors import NoLongerVacant
from placement.domain.features import SCARCE, Strength
from placement.domain.kinds import KIND
from placement.domain.people import Gender
from placement.domain.states import LIVE, PlacementState, ProposalState, ReferralState, RunState, Status
from placement.market.closures import close_places
from placement.market.others import expect_departure, keep_places
from placement.market.pools import add_shared_cap
from placement.matching.judging.nights import places_on
from placement.matching.judging.rules import refusals
from placement.matching.judging.setting import Setting
from placement.matching.judging.starts import starts_of
from placement.matching.problem.documents import instance_document, read_instance, write_instance
from placement.matching.problem.facts import CapFacts, Current, Neighbour, Span
from placement.matching.problem.soundness import MOST_NIGHTS
from placement.planning.keys import service_key, unit_id_of, unit_key
from placement.planning.snapshot import instance_of, open_instance
from placement.records import providers
from placement.records.availability import availability
from placement.records.holds import PlaceHold
from placement.records.providers import Standing
from placement.records.referrals import Decline, ReferralNeed
from placement.records.runs import MatchRun, Proposal
from tests.brokerage.worlds import BROKER, RUGBY
from tests.builders import TODAY, a_person, a_placement, a_referral, a_report, a_service, a_unit, night
from tests.conftest import NOW
from tests.exploring import tried

DOING = {"by": BROKER, "now": NOW}


def the_need(session, referral, now=NOW):
    session.flush()
    session.expire(referral, ["avoided", "apart", "declines", "needs"])
    return next(need for need in open_instance(session, now=now).needs if need.id == referral.reference)


def the_unit(session, unit, now=NOW):
    session.flush()
    return next(each for each in open_instance(session, now=now).units if each.id == unit_key(unit.id))


def refused_by(session, referral, unit, now=NOW):
    """Return the slugs of the engine's rules that refuse this pair."""
    session.flush()
    session.expire(referral)
    setting = Setting(open_instance(session, now=now))
    need, place = setting.needs[referral.reference], setting.units[unit_key(unit.id)]
    return [rule.slug for rule in refusals(need, place, setting)]


# The whole


def test_what_is_kept_to_be_free_or_prepared_is_read_as_availability_says_it(session):
    unit = a_unit(session, accepting=None, capacity=4, turnaround_nights=2)
    a_report(session, unit, maximum=4, occupied=2, accepting=2)
    a_placement(session, unit, start=10, nights=5)
    expect_departure(session, unit, places=1, leave_on=night(7), **DOING)
    keep_places(session, unit, purpose="private_client", places=1, start_on=night(20), **DOING)
    other = a_unit(session, accepting=2, service=unit.service)
    add_shared_cap(session, [unit, other], name="Staff", places=3, **DOING)
    a_referral(session)
    found, known = the_unit(session, unit), availability(session, [unit.id], day=TODAY)

    nights = range(60)
    assert [places_on(found.free, n) for n in nights] == [known.free[unit.id].on(night(n)) for n in nights]
    assert [known.free[unit.id].on(night(n)) for n in (0, 8, 9, 16, 17, 20)] == [2, 2, 2, 2, 3, 2]


def test_night_nought_is_today_in_london_and_the_city_is_the_councils_code(session):
    instance = open_instance(session, now=datetime(2026, 7, 1, 23, 30, tzinfo=UTC))

    assert instance.first_night == date(2026, 7, 2)
    assert (instance.city, instance.scarce) == (COVENTRY.code, frozenset(SCARCE))
    assert (instance.nights, instance.units, instance.needs) == (90, (), ())


def test_only_referrals_that_are_searched_for_are_needs_and_only_listed_services_have_units(session):
    made = {state: a_referral(session, state=state) for state in ReferralState}
    unit = a_unit(session)
    a_unit(session, service=a_service(session, is_listed=False))
    a_unit(session, service=a_service(session, deregistered_on=TODAY))
    instance = open_instance(session, now=NOW)

    assert [need.id for need in instance.needs] == [made[state].reference for state in ReferralState if state.is_open]
    assert [each.id for each in instance.units] == [unit_key(unit.id)]


def test_a_key_leads_back_to_its_unit(session):
    unit = a_unit(session)

    assert unit_id_of(unit_key(unit.id)) == unit.id


# A unit, field by field


def test_a_unit_is_translated_field_by_field(session):
    service = a_service(session, lat=52.5, lon=-1.6, authority=RUGBY, quality=3)
    unit = a_unit(
        session, service=service, accepting=2, capacity=5, kinds="crisis respite", min_age=18, max_age=64,
        gender="women", weekly_pence=123456, reply_hours=4, offers=("waking_night", "pbs"),
    )  # fmt: skip
    found = the_unit(session, unit, now=NOW + timedelta(hours=5, minutes=30))

    assert (found.service, found.provider) == (service_key(service.id), f"P{service.provider_id}")
    assert (found.authority, found.lat, found.lon, found.quality) == (RUGBY, 52.5, -1.6, 3)
    assert found.free == (Span(0, 90, 2),)
    assert found.kinds == {"crisis", "respite"}
    assert (found.min_age, found.max_age, found.gender) == (18, 64, "women")
    assert found.offers == {"waking_night", "sleep_in", "shared_hours", "pbs", "supported_living"}
    assert (found.weekly_pence, found.reply_hours, found.status) == (123456, 4, "none")
    assert (found.acceptance, found.age_hours, found.shared) == (None, 5.5, frozenset())


def test_a_unit_without_kinds_takes_all_and_one_that_is_not_rated_or_priced_says_so(session):
    unit = a_unit(session, service=a_service(session, quality=None, lat=None, lon=None), weekly_pence=None)
    found = the_unit(session, unit)

    assert (found.kinds, found.quality, found.weekly_pence, found.lat) == (None, None, None, None)


def test_a_unit_that_never_reported_has_nothing_free_and_reads_like_an_old_report(session):
    found = the_unit(session, a_unit(session, accepting=None))

    assert (found.free, found.age_hours) == ((), 24 * 365)


def test_a_report_from_the_future_of_a_clock_that_was_wrong_is_not_younger_than_new(session):
    assert the_unit(session, a_unit(session), now=NOW - timedelta(hours=3)).age_hours == 0


def test_free_nights_follow_stays_and_closures_night_by_night(session):
    unit = a_unit(session, accepting=2, capacity=2)
    a_placement(session, unit, start=3, nights=4)
    a_placement(session, unit, start=5, nights=2)
    close_places(session, unit, start_on=night(10), end_on=night(12), places=1, reason="other", **DOING)

    assert the_unit(session, unit).free == (
        Span(0, 3, 2), Span(3, 5, 1), Span(7, 10, 2), Span(10, 12, 1), Span(12, 90, 2),
    )  # fmt: skip


def test_a_service_that_leaves_the_register_takes_nobody_who_would_stay_longer_and_says_so(session):
    unit = a_unit(session, service=a_service(session, deregistered_on=night(10)))
    a_week = {"kind": "planned", "nights": 7, "latest_on": night(9)}

    assert the_unit(session, unit).registered_until == 10
    assert refused_by(session, a_referral(session, earliest_on=night(3), **a_week), unit) == []
    assert refused_by(session, a_referral(session, earliest_on=night(4), **a_week), unit) == ["register"]
    assert refused_by(session, a_referral(session, kind="move_on", nights=None), unit) == ["register"]


@pytest.mark.parametrize("status", list(Status))
def test_a_standing_in_force_today_is_the_units_status_and_the_strictest_one_counts(session, status):
    unit = a_unit(session)

    def stand(which, start, end=None):
        told = {"reason": "x", "decided_by": "x", "created_at": NOW}
        session.add(Standing(provider_id=unit.service.provider_id, status=which, start_on=start, end_on=end, **told))

    stand(status, TODAY)
    stand(Status.NONE, TODAY)
    stand(Status.CLOSING, night(1))
    stand(Status.CLOSING, night(-5), TODAY)
    session.flush()

    assert the_unit(session, unit).status == status.value


def test_acceptance_is_the_share_of_yes_with_one_of_each_added(session):
    unit, quiet = a_unit(session, accepting=9), a_unit(session)
    for state in (PlacementState.CONFIRMED, PlacementState.ACTIVE, PlacementState.ENDED):
        a_placement(session, unit, state=state)
    a_placement(session, unit, state=PlacementState.RESERVED)
    decline(session, a_referral(session), unit, "staffing")

    assert the_unit(session, unit).acceptance == round(4 / 6, 3)
    assert the_unit(session, quiet).acceptance is None


def decline(session, referral, unit, reason):
    said = {"reason": reason, "declined_by": "x", "declined_at": NOW}
    session.add(Decline(referral_id=referral.id, unit_id=unit.id, **said))
    session.flush()


def test_a_no_of_the_person_or_the_family_is_not_the_units(session):
    unit, referral = a_unit(session), a_referral(session)
    decline(session, referral, unit, "person_declined")
    decline(session, a_referral(session), unit, "family_declined")

    assert the_unit(session, unit).acceptance is None
    assert the_need(session, referral).declined_units == {unit_key(unit.id)}


@pytest.mark.parametrize(
    ("now", "until", "hours"),
    [
        (datetime(2026, 11, 23, 19, 59, tzinfo=UTC), "20:00", 1),
        (datetime(2026, 11, 23, 20, 0, tzinfo=UTC), "20:00", 12),
        (datetime(2026, 11, 23, 22, 30, tzinfo=UTC), "20:00", 9.5),
        (datetime(2026, 11, 24, 2, 0, tzinfo=UTC), "20:00", 6),
        (datetime(2026, 11, 24, 7, 59, 59, tzinfo=UTC), "20:00", 1),
        (datetime(2026, 11, 24, 8, 0, tzinfo=UTC), "20:00", 1),
        (datetime(2026, 11, 24, 2, 0, tzinfo=UTC), None, 1),
        (datetime(2026, 11, 24, 1, 30, tzinfo=UTC), "02:00", 1),
        (datetime(2026, 11, 24, 2, 0, tzinfo=UTC), "02:00", 6),
        # Summer: 20:00 in London is 19:00 UTC. The nights on which the clocks change are 11 and 13 hours long.
        (datetime(2026, 7, 1, 18, 59, tzinfo=UTC), "20:00", 1),
        (datetime(2026, 7, 1, 19, 0, tzinfo=UTC), "20:00", 12),
        (datetime(2026, 3, 28, 20, 0, tzinfo=UTC), "20:00", 11),
        (datetime(2026, 10, 24, 19, 0, tzinfo=UTC), "20:00", 13),
    ],
)
def test_outside_its_hours_for_emergencies_a_unit_answers_in_the_morning(session, now, until, hours):
    assert the_unit(session, a_unit(session, emergencies_until=until), now=now).reply_hours == hours


def test_a_slow_unit_is_not_made_faster_by_its_hours(session):
    unit = a_unit(session, emergencies_until="20:00", reply_hours=48)

    assert the_unit(session, unit, now=datetime(2026, 11, 23, 22, 0, tzinfo=UTC)).reply_hours == 48


@pytest.mark.parametrize(
    ("genders", "now", "takes"),
    [
        ((), None, {"woman", "man", "other", None}),
        ((Gender.WOMAN,), None, {"woman"}),
        ((Gender.MAN, Gender.MAN), None, {"man"}),
        ((Gender.OTHER,), None, {"other"}),
        ((None,), None, set()),
        ((), "women", {"woman"}),
        ((), "men", {"man"}),
    ],
)
def test_a_one_gender_unit_takes_the_gender_of_those_who_are_there_and_says_so(session, genders, now, takes):
    unit = a_unit(session, accepting=9, gender="same", gender_now=now)
    for gender in genders:
        a_placement(session, unit, person=a_person(session, gender=gender))

    for gender in (*Gender, None):
        asked = a_referral(session, person=a_person(session, gender=gender))
        assert refused_by(session, asked, unit) == ([] if gender in takes else ["same_gender"])


def test_who_is_in_a_one_gender_unit_decides_for_the_nights_of_the_stay_only(session):
    """A woman until Friday does not close the house to a man from Friday on."""
    unit, man = a_unit(session, accepting=9, gender="same"), a_person(session, gender=Gender.MAN)
    a_placement(session, unit, nights=5, person=a_person(session, gender=Gender.WOMAN))
    weekend = {"person": man, "kind": "respite", "nights": 2}

    assert refused_by(session, a_referral(session, latest_on=night(4), **weekend), unit) == ["same_gender"]
    assert refused_by(session, a_referral(session, latest_on=night(5), **weekend), unit) == []


def test_who_has_left_a_one_gender_unit_no_longer_decides_who_comes(session):
    unit = a_unit(session, accepting=9, gender="same")
    for state in set(PlacementState) - set(LIVE):
        a_placement(session, unit, state=state)

    assert the_unit(session, unit).residents == ()


def test_who_lives_in_a_unit_for_anyone_does_not_change_whom_it_takes(session):
    unit = a_unit(session, accepting=9)
    a_placement(session, unit)

    assert (the_unit(session, unit).gender, the_unit(session, unit).residents) == ("any", ())


def test_a_shared_cap_is_what_is_left_night_by_night(session):
    """One stay in January once hid the places of December from the matcher."""
    service = a_service(session)
    first, second = a_unit(session, service=service, accepting=4), a_unit(session, service=service, accepting=4)
    cap = providers.SharedCap(service=service, name="Staff", places=5, units=[first, second])
    session.add(cap)
    a_placement(session, first, start=10, nights=5)
    a_placement(session, second, start=12, nights=5)
    session.flush()
    instance = open_instance(session, now=NOW)

    left = (Span(0, 10, 5), Span(10, 12, 4), Span(12, 15, 3), Span(15, 17, 4), Span(17, 90, 5))
    assert instance.shared_caps == (CapFacts(id=f"C{cap.id}", free=left),)
    assert {unit.shared for unit in instance.units} == {frozenset({f"C{cap.id}"})}


def test_a_cap_behind_a_unit_that_never_reported_is_whole(session):
    unit = a_unit(session, accepting=None)
    session.add(providers.SharedCap(service=unit.service, name="Staff", places=5, units=[unit]))
    session.flush()

    assert [cap.free for cap in open_instance(session, now=NOW).shared_caps] == [(Span(0, 90, 5),)]


def test_who_should_have_left_and_has_not_holds_the_place_until_somebody_says_so(session):
    unit, pooled = a_unit(session), a_unit(session)
    session.add(providers.SharedCap(service=pooled.service, name="Staff", places=1, units=[pooled]))
    stays = [a_placement(session, each, start=-9, nights=8, state=PlacementState.ACTIVE) for each in (unit, pooled)]

    assert the_unit(session, unit).free == the_unit(session, pooled).free == ()
    assert [cap.free for cap in open_instance(session, now=NOW).shared_caps] == [()]
    for stay in stays:
        end(session, stay, on=TODAY, reason="moved_on", **DOING)
    assert the_unit(session, unit).free == the_unit(session, pooled).free == (Span(0, 90, 1),)


# The horizon


def test_the_horizon_reaches_past_the_last_change_and_the_last_end(session):
    assert open_instance(session, now=NOW).nights == 90
    a_placement(session, a_unit(session), start=0, nights=200)
    assert open_instance(session, now=NOW).nights == 201
    a_referral(session, kind="planned", earliest_on=night(100), latest_on=night(150), nights=100)
    assert open_instance(session, now=NOW).nights == 251


def test_a_change_in_a_far_century_stops_no_run_and_is_still_seen(session):
    """A closure to the year 2100 once made every instance too long for the engine."""
    unit, other = a_unit(session, accepting=1), a_unit(session)
    far = date(2100, 1, 1)
    close_places(session, unit, start_on=far, end_on=None, places=None, reason="other", **DOING)
    close_places(session, other, start_on=TODAY, end_on=far, places=None, reason="other", **DOING)
    brief, for_ever = a_referral(session), a_referral(session, kind="move_on", nights=None)
    instance = open_instance(session, now=NOW)

    assert instance.nights == MOST_NIGHTS
    assert the_unit(session, unit).free == (Span(0, MOST_NIGHTS - 1, 1),)
    assert the_unit(session, other).free == ()
    assert refused_by(session, brief, unit) == []
    assert refused_by(session, for_ever, unit) == ["nights"]


def test_the_longest_stay_that_a_referral_can_ask_for_stops_no_run(session):
    a_referral(session, kind="planned", earliest_on=night(365), latest_on=night(730), nights=3650)

    assert open_instance(session, now=NOW).nights == MOST_NIGHTS


# A need, field by field


def test_a_need_is_translated_field_by_field(session):
    person = a_person(session, born_on=date(1980, 11, 24), gender=Gender.MAN)
    referral = a_referral(
        session, person=person, kind="respite", essential=("pbs",), earliest_on=night(5), latest_on=night(9), nights=7,
        submitted_at=NOW - timedelta(days=3), near_lat=52.5, near_lon=-1.6, max_miles=7.5, budget_weekly_pence=99900,
        wants_out_of_city=True,
    )  # fmt: skip
    for slug, strength in (("hoist", Strength.DESIRABLE), ("bsl", Strength.UNKNOWN)):
        referral.needs.append(ReferralNeed(slug=slug, strength=strength))
    need = the_need(session, referral)

    assert (need.kind, need.weight, need.waited_days, need.age, need.gender) == ("respite", 100, 3, 46, "man")
    assert (need.essential, need.desirable, need.unknown) == ({"pbs"}, {"hoist"}, {"bsl"})
    assert (need.earliest, need.latest, need.nights) == (5, 9, 7)
    assert (need.lat, need.lon, need.max_miles, need.budget_weekly_pence) == (52.5, -1.6, 7.5, 99900)
    assert (need.reply_within_hours, need.wants_out_of_city) == (120, True)
    assert (need.avoid_services, need.declined_units, need.apart, need.current) == (set(), set(), set(), None)


@pytest.mark.parametrize("kind", KIND.values(), ids=lambda kind: kind.slug)
def test_a_kind_gives_its_weight_and_its_hours(session, kind):
    need = the_need(session, a_referral(session, kind=kind.slug))

    assert (need.weight, need.reply_within_hours) == (kind.weight, kind.reply_hours)


def test_a_person_whose_gender_is_not_recorded_has_none(session):
    assert the_need(session, a_referral(session, person=a_person(session, gender=None))).gender is None


@pytest.mark.parametrize(
    ("earliest", "latest", "window"),
    [(0, 1, (0, 1)), (3, 3, (3, 3)), (-5, 4, (0, 4)), (-5, 0, (0, 0)), (-5, -1, (0, 1)), (-90, -60, (0, 1))],
)
def test_a_window_that_has_passed_stays_open_for_today_and_tomorrow(session, earliest, latest, window):
    referral = a_referral(session, kind="planned", earliest_on=night(earliest), latest_on=night(latest))
    need = the_need(session, referral)

    assert (need.earliest, need.latest) == window


def test_waiting_counts_london_days_and_never_backwards(session):
    submitted = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)  # 2 July in London
    referral = a_referral(session, submitted_at=submitted)

    assert the_need(session, referral, now=datetime(2026, 7, 3, 22, 30, tzinfo=UTC)).waited_days == 1
    assert the_need(session, referral, now=datetime(2026, 7, 3, 23, 30, tzinfo=UTC)).waited_days == 2
    assert the_need(session, referral, now=submitted - timedelta(days=5)).waited_days == 0


def test_services_to_avoid_and_units_that_declined_are_refused(session):
    avoided, declined, other = a_unit(session), a_unit(session), a_unit(session)
    referral = a_referral(session)
    referral.avoided.append(avoided.service)
    decline(session, referral, declined, "risk")

    assert refused_by(session, referral, avoided) == ["avoid"]
    assert refused_by(session, referral, declined) == ["declined"]
    assert refused_by(session, referral, other) == []


def test_a_move_is_to_another_service_than_the_present_home(session):
    person, home = a_person(session), a_unit(session, accepting=5)
    a_placement(session, home, person=person, state=PlacementState.ACTIVE, nights=None)
    referral = a_referral(session, person=person, kind="move_on", nights=None)

    assert refused_by(session, referral, home) == ["home"]
    assert refused_by(session, a_referral(session), home) == []


def test_a_stay_on_other_nights_does_not_close_a_service_to_the_same_person(session):
    """Respite once a month in the same house: the weekend in three months must not rule it out for next week."""
    person, house = a_person(session), a_unit(session, accepting=5)
    a_placement(session, house, person=person, start=60, nights=2)
    a_placement(session, house, person=person, start=-5, nights=5)
    weekend = {"person": person, "kind": "respite", "nights": 2}
    soon = a_referral(session, earliest_on=night(5), latest_on=night(12), **weekend)
    then = a_referral(session, earliest_on=night(55), latest_on=night(70), **weekend)
    just_then = a_referral(session, earliest_on=night(59), latest_on=night(61), **weekend)

    assert refused_by(session, soon, house) == []
    assert refused_by(session, then, house) == []
    assert refused_by(session, just_then, house) == ["home"]
    setting = Setting(open_instance(session, now=NOW))
    starts = starts_of(setting.needs[then.reference], setting.units[unit_key(house.id)], setting)
    assert starts == [55, 56, 57, 58, *range(62, 71)]


def test_a_stay_that_is_booked_for_later_is_not_overlapped_by_one_that_begins_before(session):
    """A move ends the stay that somebody is in; what is promised for later has to be released by a person."""
    person, house, other = a_person(session), a_unit(session), a_unit(session)
    a_placement(session, house, person=person, start=10, nights=5)
    a_week = {"person": person, "kind": "planned", "nights": 7}

    assert refused_by(session, a_referral(session, latest_on=night(3), **a_week), other) == []
    assert refused_by(session, a_referral(session, earliest_on=night(4), latest_on=night(10), **a_week), other) == [
        "booked"
    ]
    assert refused_by(session, a_referral(session, earliest_on=night(11), latest_on=night(12), **a_week), other) == []
    assert refused_by(session, a_referral(session, person=person, kind="move_on", nights=None), other) == ["booked"]


def test_people_to_keep_apart_are_named_by_all_their_open_referrals(session):
    one, other = a_person(session), a_person(session)
    referral = a_referral(session, person=one)
    theirs = [a_referral(session, person=other), a_referral(session, person=other, kind="respite")]
    a_referral(session, person=other, state=ReferralState.ON_HOLD)
    referral.apart.append(other)

    assert the_need(session, referral).apart == {each.reference for each in theirs}


def test_nobody_is_proposed_a_home_with_somebody_to_be_kept_apart_from(session):
    """Once one of the two has a place the engine no longer sees both: their home must be avoided, whoever asked."""
    asking, asked = a_person(session), a_person(session)
    referral = a_referral(session, person=asking)
    referral.apart.append(asked)
    unit = a_unit(session, accepting=5)
    a_placement(session, unit, person=asked, nights=None)
    assert refused_by(session, referral, unit) == ["apart"]

    referral.state = ReferralState.PLACED
    home = a_unit(session, accepting=5)
    a_placement(session, home, person=asking, referral=referral, nights=None)
    assert refused_by(session, a_referral(session, person=asked), home) == ["apart"]
    assert refused_by(session, a_referral(session), home) == []


def test_a_person_who_is_named_apart_on_a_mere_draft_is_not_kept_from_anything(session):
    asked = a_person(session)
    draft = a_referral(session, state=ReferralState.DRAFT)
    draft.apart.append(asked)

    assert the_need(session, a_referral(session, person=asked)).apart == set()


def test_a_referral_that_names_its_own_person_stops_no_run(session):
    referral = a_referral(session)
    referral.apart.append(referral.person)

    assert the_need(session, referral).apart == set()


# What was proposed last time


def a_proposal(session, referral, unit, *, start=0, state=ProposalState.PROPOSED, run_state=RunState.FINISHED):
    run = MatchRun(state=run_state, requested_at=NOW, requester="x", budget_seconds=1)
    session.add(run)
    session.flush()
    session.add(Proposal(run=run, referral=referral, unit_id=unit.id, start_on=night(start), state=state))
    session.flush()


@pytest.mark.parametrize("state", list(ProposalState))
def test_what_was_proposed_and_not_decided_is_worth_keeping(session, state):
    referral, unit = a_referral(session), a_unit(session)
    a_proposal(session, referral, unit, start=1, state=state)
    kept = state in (ProposalState.PROPOSED, ProposalState.DEFERRED)

    assert the_need(session, referral).current == (Current(unit=unit_key(unit.id), start=1) if kept else None)


def test_only_the_newest_finished_run_counts(session):
    referral, old, new = a_referral(session), a_unit(session), a_unit(session)
    a_proposal(session, referral, old)
    a_proposal(session, referral, new)
    a_proposal(session, referral, old, run_state=RunState.FAILED)

    assert the_need(session, referral).current == Current(unit=unit_key(new.id), start=0)


def test_a_proposal_outside_the_window_of_today_is_forgotten(session):
    referral, unit = a_referral(session), a_unit(session)
    a_proposal(session, referral, unit, start=0)

    assert the_need(session, referral, now=NOW + timedelta(days=1)).current is None


def test_a_proposal_for_a_unit_that_has_left_the_register_stops_no_run(session):
    referral, unit = a_referral(session), a_unit(session)
    a_proposal(session, referral, unit)
    unit.service.is_listed = False

    assert the_need(session, referral).current is None


# The same answer always


def a_market(session):
    service = a_service(session)
    units = [a_unit(session, service=service, accepting=2, offers=("pbs", "hoist")) for _ in range(3)]
    session.add(providers.SharedCap(service=service, name="Staff", places=4, units=units[:2]))
    referrals = [a_referral(session, essential=("pbs",)) for _ in range(4)]
    referrals[0].apart.append(referrals[1].person)
    referrals[2].avoided.append(units[0].service)
    a_placement(session, units[0], start=4, nights=3).referral.state = ReferralState.PLACED
    session.flush()
    return units, referrals


def test_the_same_records_give_the_same_instance_in_any_order(session):
    _, referrals = a_market(session)
    first = instance_document(open_instance(session, now=NOW))
    session.expire_all()
    assert instance_document(open_instance(session, now=NOW)) == first

    turned = instance_of(session, referrals[::-1], now=NOW)
    assert sorted(instance_document(turned)["needs"], key=lambda need: need["id"]) == sorted(
        first["needs"], key=lambda need: need["id"]
    )
    assert instance_document(turned)["units"] == first["units"]


def test_an_instance_survives_being_written_and_read(session):
    a_market(session)
    instance = open_instance(session, now=NOW)

    assert read_instance(write_instance(instance)) == instance


# What fits the instance fits the records, and the other way round


def can_be_reserved(session, referral, unit, choice):
    with session.begin_nested() as step:
        try:
            reserve(session, referral, unit, choice, **DOING)
        except NoLongerVacant:
            return False
        finally:
            if step.is_active:
                step.rollback()
    return True


@tried(20, suppress_health_check=list(HealthCheck))
@given(
    places=st.integers(1, 2),
    stays=st.lists(st.tuples(st.integers(0, 120), st.one_of(st.none(), st.integers(1, 60))), max_size=3),
    closing=st.one_of(st.none(), st.tuples(st.integers(0, 5000), st.one_of(st.none(), st.integers(1, 400)))),
    cap=st.one_of(st.none(), st.integers(1, 3)),
    window=st.tuples(st.integers(0, 30), st.integers(0, 20)),
    nights=st.one_of(st.none(), st.integers(1, 60)),
    counted=st.booleans(),
    overdue=st.booleans(),
)
def test_the_starts_that_are_open_are_just_those_that_can_be_booked(
    shared_store, places, stays, closing, cap, window, nights, counted, overdue
):
    """Open-ended stays above all: what the engine sees up to its horizon must hold for ever."""
    with shared_store.write() as session:
        unit = a_unit(session, accepting=places, capacity=places)
        other = a_unit(session, service=unit.service, accepting=3, capacity=3)
        if cap:
            session.add(providers.SharedCap(service=unit.service, name="Staff", places=cap, units=[unit, other]))
            session.flush()
        if overdue:
            a_placement(session, other, start=-9, nights=8, state=PlacementState.ACTIVE)
        for start, length in stays:
            end = None if length is None else night(start + length)
            choice = Decision(start_on=night(start), end_on=end)
            for where in (unit, other):
                with session.begin_nested() as step:
                    try:
                        reserve(session, a_referral(session, kind="planned"), where, choice, **DOING)
                    except Exception:
                        step.rollback()
        if counted:
            a_report(session, unit, maximum=places + 1, occupied=1, accepting=places)
        if closing:
            start, length = closing
            end_on = None if length is None else night(start + length)
            close_places(session, unit, start_on=night(start), end_on=end_on, places=None, reason="other", **DOING)
        referral = a_referral(
            session, kind="planned", earliest_on=night(window[0]), latest_on=night(sum(window)), nights=nights
        )
        instance = instance_of(session, [referral], now=NOW)
        setting = Setting(instance)
        (need,) = instance.needs
        for where in (unit, other):
            starts = starts_of(need, setting.units[unit_key(where.id)], setting)
            for start in range(window[0], sum(window) + 1):
                choice = Decision(start_on=night(start), end_on=night(start + nights) if nights else None)
                assert can_be_reserved(session, referral, where, choice) == (start in starts)
        session.rollback()


def test_the_needs_of_all_open_referrals_are_asked_in_few_queries(session):
    """A snapshot of a city must not ask once a referral."""
    for _ in range(3):
        a_market(session)
    session.flush()
    session.expunge_all()
    asked = []

    def note(*told):
        asked.append(told[2])

    event.listen(session.connection(), "before_cursor_execute", note)
    open_instance(session, now=NOW)
    few = len(asked)
    for _ in range(3):
        a_market(session)
    session.flush()
    session.expunge_all()
    asked.clear()
    open_instance(session, now=NOW)

    assert 1 < len(asked) == few <= 32


def test_who_lives_together_is_company_for_others_with_the_band_of_an_age_and_a_level_of_support(session):
    unit, alone = a_unit(session, accepting=9), a_unit(session, accepting=9)
    for born, slugs in ((date(1980, 1, 1), ("sleep_in", "one_to_one", "pbs")), (date(1983, 5, 5), ())):
        person = a_person(session, born_on=born)
        stay = a_referral(session, person=person, essential=slugs, state=ReferralState.PLACED)
        a_placement(session, unit, person=person, referral=stay, start=-3, nights=10)
    a_placement(session, alone)
    a_placement(session, unit, state=PlacementState.ENDED)

    assert the_unit(session, unit).company == (Neighbour(0, 7, 40, None), Neighbour(0, 7, 45, "one_to_one"))
    assert the_unit(session, alone).company == (), "one person alone is no company to be told of"


def test_a_place_that_is_held_is_company_and_what_nobody_knows_is_no_level_of_support(session):
    unit = a_unit(session, accepting=9)
    a_placement(session, unit, start=0, nights=None)
    asked = a_referral(session, essential=("waking_night",), state=ReferralState.SEARCHING)
    asked.needs.append(ReferralNeed(slug="nurse", strength=Strength.UNKNOWN))
    said = {"held_at": NOW, "held_by": "B", "held_until": NOW + timedelta(days=1)}
    session.add(PlaceHold(referral=asked, unit=unit, start_on=night(0), end_on=None, **said))
    other = a_referral(session, essential=("sleep_in",))
    instance = open_instance(session, now=NOW)

    company = next(each for each in instance.units if each.id == f"U{unit.id}").company
    assert {each.support for each in company} == {None, "night"}
    assert {each.id: each.support for each in instance.needs}[other.reference] == "night"


def test_who_is_in_a_unit_in_a_crisis_takes_one_of_its_places_for_crises_on_their_nights(session):
    unit = a_unit(session, accepting=9, crisis_places=1)
    a_placement(session, unit, start=-3, nights=8)
    a_placement(session, unit, referral=a_referral(session, kind="respite"))

    assert (the_unit(session, unit).crisis_places, the_unit(session, unit).crises) == (1, ((0, 5),))
    assert refused_by(session, a_referral(session, latest_on=night(4)), unit) == ["crises"]
    assert refused_by(session, a_referral(session, latest_on=night(5)), unit) == []
    assert refused_by(session, a_referral(session, kind="respite"), unit) == []


def test_a_unit_that_keeps_all_its_places_is_refused_for_a_crisis_whoever_is_there(session):
    unit = a_unit(session, accepting=9, crisis_places=0)
    a_placement(session, unit)

    assert refused_by(session, a_referral(session), unit) == ["kept"]
