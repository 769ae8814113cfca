import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from placement.brokerage.placements import (
    begin,
    confirm,
    decline,
    end,
    live_placements_of,
    placement,
    placement_counts,
    placement_of,
    placements_page,
    release,
    release_expired,
)
from placement.brokerage.reservations import Decision, insert_placement, reserve
from placement.domain.errors import AlreadyPlaced, Invalid, NoLongerVacant, NotFound, OutOfStep
from placement.domain.people import Actor, Role
from placement.domain.reasons import DECLINES, ENDINGS, OUT_OF_CITY
from placement.domain.states import BARRED, LIVE, PlacementState, ReferralState, Status
from placement.market.numbers import Numbers
from placement.market.vacancies import report_vacancies
from placement.planning.shortlists import shortlist
from placement.records.availability import availability
from placement.records.placements import Placement
from placement.records.providers import SharedCap, Standing
from placement.records.referrals import Referral
from tests.brokerage.worlds import BROKER, RUGBY, provider_of, story
from tests.builders import TODAY, a_person, a_placement, a_provider, a_referral, a_service, a_unit, night
from tests.conftest import NOW

DOING = {"by": BROKER, "now": NOW}


def chosen(start=0, nights=14, **values):
    return Decision(start_on=night(start), end_on=None if nights is None else night(start + nights), **values)


def reserved(session, referral=None, unit=None, choice=None, now=NOW):
    return reserve(
        session, referral or a_referral(session), unit or a_unit(session), choice or chosen(), by=BROKER, now=now
    )


def free(session, unit, start=0, end=1):
    return availability(session, [unit.id], day=TODAY).bookable(
        unit.id, night(start), None if end is None else night(end)
    )


def an_open_ended(session, **values):
    return a_referral(session, kind="move_on", nights=None, **values)


# Reserving


def test_reserving_takes_the_place_and_tells_both_timelines(session):
    referral, unit = a_referral(session), a_unit(session, weekly_pence=180000)
    choice = chosen(reason="Near her mother", rank=2)
    stay = reserve(session, referral, unit, choice, **DOING)

    assert (stay.state, stay.start_on, stay.end_on) == (PlacementState.RESERVED, TODAY, night(14))
    assert (stay.weekly_pence, stay.rank, stay.choice_reason, stay.is_in_city) == (180000, 2, "Near her mother", True)
    assert stay.expires_at == NOW + timedelta(hours=2)
    assert stay.miles == pytest.approx(0)
    assert referral.state is ReferralState.PLACED
    assert (free(session, unit, 0, 14), free(session, unit, 14, 15)) == (0, 1)
    assert (story(session, stay), story(session, referral)) == (["reserved a place"], ["found a place"])


def test_miles_are_not_known_where_either_point_is_missing(session):
    assert reserved(session, a_referral(session, near_lat=None, near_lon=None)).miles is None
    unit = a_unit(session, service=a_service(session, lat=None, lon=None))
    assert reserved(session, unit=unit).miles is None


@pytest.mark.parametrize("state", [state for state in ReferralState if not state.is_open])
def test_only_a_referral_that_is_searched_for_gets_a_place(session, state):
    referral, unit = a_referral(session, state=state), a_unit(session)
    with pytest.raises(OutOfStep):
        reserved(session, referral, unit)
    assert free(session, unit) == 1


@pytest.mark.parametrize(
    ("kind", "start", "nights", "field"),
    [
        ("crisis", -1, 14, "start_on"),
        ("crisis", 0, None, "nights"),
        ("crisis", 0, 43, "nights"),
        ("respite", 5, None, "nights"),
        ("planned", 0, 0, "nights"),
        ("planned", 5, -2, "nights"),
        ("planned", 0, 3651, "nights"),
    ],
)
def test_nights_that_cannot_be_are_refused(session, kind, start, nights, field):
    referral, unit = a_referral(session, kind=kind), a_unit(session)
    with pytest.raises(Invalid) as refusal:
        reserved(session, referral, unit, chosen(start, nights))
    assert refusal.value.field == field
    assert (referral.state, free(session, unit)) == (ReferralState.SEARCHING, 1)


@pytest.mark.parametrize(
    ("kind", "nights"), [("crisis", 1), ("crisis", 42), ("respite", 42), ("planned", None), ("move_on", 3650)]
)
def test_nights_at_the_edge_of_a_kind_are_taken(session, kind, nights):
    assert reserved(session, a_referral(session, kind=kind), choice=chosen(0, nights)).state is PlacementState.RESERVED


@pytest.mark.parametrize("reason", OUT_OF_CITY, ids=lambda reason: reason.slug)
def test_a_place_outside_the_city_needs_a_reason_and_unless_it_is_a_choice_a_manager(session, reason):
    unit = a_unit(session, accepting=3, service=a_service(session, authority=RUGBY))
    with pytest.raises(Invalid) as refusal:
        reserved(session, unit=unit)
    assert refusal.value.field == "out_of_city_reason"
    if not reason.by_choice:
        with pytest.raises(Invalid) as refusal:
            reserved(session, unit=unit, choice=chosen(out_of_city_reason=reason.slug))
        assert refusal.value.field == "manager_id"

    approved_by = "" if reason.by_choice else "Mo Manager"
    choice = chosen(out_of_city_reason=reason.slug, approved_by=approved_by, out_of_city_evidence="Asked five")
    stay = reserved(session, unit=unit, choice=choice)
    assert (stay.is_in_city, stay.out_of_city_reason, stay.approved_by) == (False, reason.slug, approved_by)
    assert stay.out_of_city_evidence == "Asked five"


def test_a_reason_that_is_not_in_the_list_is_refused(session):
    unit = a_unit(session, service=a_service(session, authority=RUGBY))
    with pytest.raises(Invalid) as refusal:
        reserved(session, unit=unit, choice=chosen(out_of_city_reason="nicer", approved_by="Mo Manager"))
    assert refusal.value.field == "out_of_city_reason"


def test_a_place_in_the_city_keeps_no_reason_for_leaving_it(session):
    assert reserved(session, choice=chosen(out_of_city_reason="cost")).out_of_city_reason is None


@pytest.mark.parametrize("status", list(Status))
def test_a_provider_admits_unless_it_is_paused_suspended_or_closing(session, status):
    unit = a_unit(session)
    standing = {"status": status, "reason": "x", "decided_by": "x", "created_at": NOW}
    session.add(Standing(provider_id=unit.service.provider_id, start_on=TODAY, end_on=night(5), **standing))
    session.flush()

    if status in BARRED:
        with pytest.raises(Invalid):
            reserved(session, unit=unit)
        assert reserved(session, unit=unit, choice=chosen(6), now=NOW + timedelta(days=5))
    else:
        assert reserved(session, unit=unit)


def test_a_service_that_has_left_the_register_takes_nobody(session):
    gone = a_unit(session, service=a_service(session, is_listed=False))
    ended = a_unit(session, service=a_service(session, deregistered_on=TODAY))
    ending = a_unit(session, service=a_service(session, deregistered_on=night(5)))
    for unit, start in ((gone, 0), (ended, 0), (ending, 5)):
        with pytest.raises(Invalid, match="register"):
            reserved(session, unit=unit, choice=chosen(start))

    assert reserved(session, unit=ending, choice=chosen(0, 3))


def test_the_last_place_is_given_once(session):
    unit = a_unit(session, accepting=1)
    reserved(session, unit=unit, choice=chosen(5, 5))
    late = a_referral(session)
    for choice in (chosen(9, 1), chosen(0, 6), chosen(5, 5)):
        with pytest.raises(NoLongerVacant):
            reserved(session, late, unit, choice)
    assert late.state is ReferralState.SEARCHING

    assert reserved(session, late, unit, chosen(10, 3))
    assert reserved(session, unit=unit, choice=chosen(0, 5))


def test_nobody_is_reserved_a_place_in_a_unit_that_never_reported(session):
    with pytest.raises(NoLongerVacant):
        reserved(session, unit=a_unit(session, accepting=None))


def test_a_shared_cap_is_full_for_every_unit_behind_it(session):
    service = a_service(session)
    first, second = a_unit(session, service=service), a_unit(session, service=service)
    session.add(SharedCap(service=service, name="Staff", places=1, units=[first, second]))
    reserved(session, unit=first)

    with pytest.raises(NoLongerVacant):
        reserved(session, unit=second)


def test_somebody_with_a_place_on_one_of_the_nights_gets_no_second_one(session):
    person = a_person(session)
    a_placement(session, a_unit(session), person=person, start=10, nights=None)

    with pytest.raises(AlreadyPlaced):
        reserved(session, an_open_ended(session, person=person), choice=chosen(0, 11))


def test_two_stays_of_one_person_may_follow_each_other(session):
    person = a_person(session)
    a_placement(session, a_unit(session), person=person, start=0, nights=10)

    assert reserved(session, an_open_ended(session, person=person), choice=chosen(10, None))


def test_the_database_refuses_in_the_same_words_what_the_checks_would_miss(session):
    unit, person = a_unit(session, accepting=1), a_person(session)
    a_placement(session, unit, person=person)

    def unchecked(unit, referral):
        values = {"state": PlacementState.RESERVED, "start_on": TODAY, "end_on": night(1), "expires_at": NOW}
        whom = {"person": referral.person, "referral": referral, "unit": unit}
        with session.begin_nested():
            insert_placement(session, Placement(**values, **whom, is_in_city=True, created_at=NOW))

    other, again = a_referral(session), a_referral(session, person=person)
    with pytest.raises(NoLongerVacant):
        unchecked(unit, other)
    with pytest.raises(AlreadyPlaced):
        unchecked(a_unit(session), again)


# Moving from one place to the next


def a_mover(session, *, nights=None, start=-30, **values):
    """Return somebody's present stay, counted in a report like most, and their referral to move."""
    person, unit = a_person(session), a_unit(session, accepting=1, capacity=1)
    active = {"state": PlacementState.ACTIVE, "expires_at": None}
    home = a_placement(session, unit, person=person, start=start, nights=nights, **active | values)
    report_vacancies(session, unit.service, {unit.id: Numbers(maximum=1, occupied=1, reserved=0, accepting=0)}, **DOING)
    session.refresh(home)
    return home, an_open_ended(session, person=person)


def test_a_move_ends_the_present_stay_on_the_day_of_the_move(session):
    home, referral = a_mover(session)
    with pytest.raises(AlreadyPlaced), session.begin_nested():
        reserved(session, referral, choice=chosen(7, None))

    reserved(session, referral, choice=chosen(7, None, ends_current=True))
    assert (home.end_on, home.state) == (night(7), PlacementState.ACTIVE)
    assert (free(session, home.unit, 6, 7), free(session, home.unit, 7, None)) == (0, 1)
    assert story(session, home) == ["will move on"]


def test_a_move_does_not_touch_a_stay_that_is_over_before_it(session):
    home, referral = a_mover(session, nights=35)
    reserved(session, referral, choice=chosen(5, None, ends_current=True))

    assert (home.end_on, story(session, home)) == (night(5), [])


def test_a_stay_that_begins_with_the_move_is_not_ended_by_it(session):
    person = a_person(session)
    a_placement(session, a_unit(session), person=person, start=7)

    with pytest.raises(AlreadyPlaced):
        reserved(session, an_open_ended(session, person=person), choice=chosen(7, None, ends_current=True))


@pytest.mark.parametrize("nights", [None, 60])
@pytest.mark.parametrize("how", ["declined", "released", "expired"])
def test_a_move_that_comes_to_nothing_gives_the_home_back(session, nights, how):
    """Otherwise a provider's no would end the stay of somebody who has nowhere else to go."""
    home, referral = a_mover(session, nights=nights)
    before = home.end_on
    stay = reserved(session, referral, choice=chosen(7, None, ends_current=True))
    if how == "declined":
        decline(session, stay, reason="staffing", **DOING)
    elif how == "released":
        release(session, stay, reason="not_needed", **DOING)
    else:
        release_expired(session, by=BROKER, now=NOW + timedelta(days=30))

    assert home.end_on == before
    assert free(session, home.unit, 7, 8) == 0
    assert story(session, home) == ["will move on", "stays on"]


def test_a_second_move_after_a_first_that_failed_is_undone_too(session):
    home, referral = a_mover(session)
    for _ in range(2):
        stay = reserved(session, referral, choice=chosen(7, None, ends_current=True))
        decline(session, stay, reason="risk", **DOING)

    assert home.end_on is None


def test_a_home_that_has_been_promised_to_somebody_else_is_not_taken_back(session):
    home, referral = a_mover(session)
    stay = reserved(session, referral, choice=chosen(7, None, ends_current=True))
    reserved(session, unit=home.unit, choice=chosen(20, 10))
    decline(session, stay, reason="staffing", **DOING)

    assert home.end_on == night(7)
    assert story(session, home) == ["will move on", "cannot stay on"]


def test_an_end_that_was_agreed_without_a_move_is_left_alone(session):
    home, referral = a_mover(session, nights=37)
    stay = reserved(session, referral, choice=chosen(7, None, ends_current=True))
    decline(session, stay, reason="staffing", **DOING)

    assert (home.end_on, story(session, home)) == (night(7), [])


# What the provider answers


def test_a_confirmed_place_expires_no_more(session):
    stay = reserved(session)
    confirm(session, stay, **DOING)

    assert (stay.state, stay.expires_at) == (PlacementState.CONFIRMED, None)
    assert release_expired(session, by=BROKER, now=NOW + timedelta(days=365)) == 0
    assert story(session, stay) == ["reserved a place", "confirmed a place"]


def test_a_declined_place_is_free_again_and_the_pair_is_not_proposed_again(session):
    referral, unit = a_referral(session), a_unit(session)
    assert shortlist(session, referral, now=NOW).of(unit.id)
    stay = reserved(session, referral, unit)
    said = decline(session, stay, reason="staffing", note="No night staff", **DOING)

    assert (said.reason, said.note, said.declined_by, said.declined_at) == (
        "staffing",
        "No night staff",
        "Bo Broker",
        NOW,
    )
    assert (stay.state, stay.ended_reason) == (PlacementState.RELEASED, "declined")
    assert (referral.state, free(session, unit)) == (ReferralState.SEARCHING, 1)
    session.expire(referral, ["declines"])
    every = shortlist(session, referral, now=NOW)
    assert every.of(unit.id) is None
    assert [each.rules for each in every.refused if each.unit is unit] == [("declined",)]
    assert shortlist(session, a_referral(session), now=NOW).of(unit.id)
    assert story(session, stay) == ["reserved a place", "declined a place"]
    assert story(session, referral) == ["found a place", "was declined"]


def test_only_coded_reasons_decline(session):
    stay = reserved(session)
    with pytest.raises(Invalid) as refusal:
        decline(session, stay, reason="just because", **DOING)
    assert refusal.value.field == "reason"
    for reason in DECLINES:
        decline(session, reserved(session), reason=reason.slug, **DOING)
        stay = reserved(session)
        if reason.is_providers:
            decline(session, stay, reason=reason.slug, by=provider_of(stay), now=NOW)
        else:
            with pytest.raises(Invalid):  # for the person, the family and the council brokerage speaks
                decline(session, stay, reason=reason.slug, by=provider_of(stay), now=NOW)


def test_a_released_place_is_free_again_and_the_referral_is_searched_for(session):
    for confirmed in (False, True):
        referral, unit = a_referral(session), a_unit(session)
        stay = reserved(session, referral, unit)
        if confirmed:
            confirm(session, stay, **DOING)
        release(session, stay, reason="not_needed", **DOING)

        assert (stay.state, stay.ended_reason) == (PlacementState.RELEASED, "not_needed")
        assert (referral.state, free(session, unit)) == (ReferralState.SEARCHING, 1)
        assert story(session, stay)[-1] == "released a place"
        assert story(session, referral) == ["found a place", "lost its place"]
        assert reserved(session, referral, unit)


def test_a_reservation_expires_at_its_instant_and_not_before(session):
    stay, kept = reserved(session), reserved(session, a_referral(session, kind="respite"))
    assert release_expired(session, by=BROKER, now=stay.expires_at - timedelta(microseconds=1)) == 0
    assert release_expired(session, by=BROKER, now=stay.expires_at) == 1
    assert release_expired(session, by=BROKER, now=stay.expires_at) == 0

    assert (stay.state, stay.ended_reason) == (PlacementState.RELEASED, "expired")
    assert kept.state is PlacementState.RESERVED
    assert (free(session, stay.unit), stay.referral.state) == (1, ReferralState.SEARCHING)
    assert story(session, stay) == ["reserved a place", "released a place"]


# Arriving and leaving


def test_nobody_arrives_before_the_first_day_of_the_stay(session):
    stay = reserved(session, choice=chosen(1))
    confirm(session, stay, **DOING)
    with pytest.raises(OutOfStep):
        begin(session, stay, **DOING)

    begin(session, stay, by=BROKER, now=NOW + timedelta(days=1))
    assert stay.state is PlacementState.ACTIVE
    assert story(session, stay)[-1] == "arrived"


def living(session, unit=None, **values):
    stay = reserved(session, unit=unit, **values)
    confirm(session, stay, **DOING)
    begin(session, stay, **DOING)
    return stay


def test_leaving_frees_the_place_at_once_and_closes_the_referral(session):
    unit = a_unit(session)
    stay, later = living(session, unit), NOW + timedelta(days=3)
    end(session, stay, on=night(3), reason="moved_home", by=BROKER, now=later)

    assert (stay.state, stay.end_on, stay.ended_reason) == (PlacementState.ENDED, night(3), "moved_home")
    assert free(session, unit, 3, 14) == 1
    assert (stay.referral.state, stay.referral.closed_at) == (ReferralState.CLOSED, later)
    assert story(session, stay)[-1] == "left"
    assert story(session, stay.referral) == ["found a place", "closed a referral"]


def test_leaving_frees_a_place_that_a_report_had_counted(session):
    unit = a_unit(session, accepting=1)
    stay = living(session, unit)
    report_vacancies(session, unit.service, {unit.id: Numbers(maximum=1, occupied=1, reserved=0, accepting=0)}, **DOING)
    assert free(session, unit) == 0

    end(session, stay, on=TODAY, reason="hospital", **DOING)
    assert free(session, unit, 0, None) == 1


def test_a_departure_lies_between_the_arrival_and_today_and_has_a_coded_reason(session):
    stay = living(session)
    for field, on, reason in (("reason", TODAY, "bored"), ("on", night(1), "died"), ("on", night(-1), "died")):
        with pytest.raises(Invalid) as refusal:
            end(session, stay, on=on, reason=reason, **DOING)
        assert refusal.value.field == field
    assert stay.state is PlacementState.ACTIVE
    for reason in ENDINGS:
        end(session, living(session), on=TODAY, reason=reason.slug, **DOING)


def test_somebody_who_stays_too_long_still_leaves(session):
    unit = a_unit(session)
    stay = living(session, unit, choice=chosen(0, 2))
    reserved(session, unit=unit, choice=chosen(2, 5))
    end(session, stay, on=night(4), reason="other", by=BROKER, now=NOW + timedelta(days=4))

    assert stay.end_on == night(4)


STEPS = {
    "confirm": lambda session, stay: confirm(session, stay, **DOING),
    "decline": lambda session, stay: decline(session, stay, reason="other", **DOING),
    "release": lambda session, stay: release(session, stay, reason="not_needed", **DOING),
    "begin": lambda session, stay: begin(session, stay, **DOING),
    "end": lambda session, stay: end(session, stay, on=TODAY, reason="other", **DOING),
}


@pytest.mark.parametrize(
    ("state", "allowed"),
    [
        (PlacementState.RESERVED, {"confirm", "decline", "release"}),
        (PlacementState.CONFIRMED, {"begin", "release"}),
        (PlacementState.ACTIVE, {"end"}),
        (PlacementState.ENDED, set()),
        (PlacementState.RELEASED, set()),
    ],
)
def test_each_step_is_taken_from_its_own_states_only(session, state, allowed):
    for name, step in STEPS.items():
        stay = a_placement(session, a_unit(session), state=state)
        stay.referral.state = ReferralState.PLACED
        if name in allowed:
            step(session, stay)
            assert stay.state is not state
        else:
            with pytest.raises(OutOfStep):
                step(session, stay)
            assert (stay.state, stay.referral.state) == (state, ReferralState.PLACED)
            assert not story(session, stay)


# Asking


def test_the_newest_placement_of_a_referral_is_the_one_that_was_not_released(session):
    referral = a_referral(session)
    assert placement_of(session, referral) is None
    first = reserved(session, referral)
    release(session, first, reason="not_needed", **DOING)
    assert placement_of(session, referral) is None
    second = reserved(session, referral)

    assert placement_of(session, referral) is second


def test_where_somebody_lives_comes_soonest_first_without_what_is_over(session):
    person, unit = a_person(session), a_unit(session, accepting=9)
    later = a_placement(session, unit, person=person, start=20, nights=None)
    now = a_placement(session, unit, person=person, start=0, nights=5)
    for state in set(PlacementState) - set(LIVE):
        a_placement(session, unit, person=person, state=state)

    assert list(live_placements_of(session, person.id)) == [now, later]


def test_placements_in_some_states_or_in_all(session):
    unit = a_unit(session, accepting=9)
    made = {state: a_placement(session, unit, state=state, start=n) for n, state in enumerate(PlacementState)}

    for state, stay in made.items():
        assert placements_page(session, state, actor=BROKER).rows == [stay]
    assert placement_counts(session, actor=BROKER) == dict.fromkeys(made, 1)


def test_a_provider_sees_the_placements_in_its_own_services_and_no_others(session):
    stay = a_placement(session, a_unit(session))
    own = Actor(user_id=None, name="Own", role=Role.PROVIDER, provider_id=stay.unit.service.provider_id)
    other = Actor(user_id=None, name="Other", role=Role.PROVIDER, provider_id=a_provider(session).id)
    nobody = Actor(user_id=None, name="Nobody", role=Role.PROVIDER)

    assert placement(session, stay.id, actor=own) is stay
    assert placements_page(session, stay.state, actor=own).rows == [stay]
    assert placement_counts(session, actor=own) == {stay.state: 1}
    for actor in (other, nobody):
        assert not placement_counts(session, actor=actor)
        assert not placements_page(session, stay.state, actor=actor).total
        with pytest.raises(NotFound) as foreign:
            placement(session, stay.id, actor=actor)
        with pytest.raises(NotFound) as missing:
            placement(session, stay.id + 1, actor=actor)
        assert str(foreign.value) == str(missing.value)


# Two at once


def test_of_two_who_reserve_behind_one_cap_at_once_the_second_is_told_that_the_place_is_gone(database):
    """Each looks at another unit, so neither waits at the first lock: the database's own guard decides."""
    from placement.records.sessions import open_url

    store = open_url(database.url)
    with store.writing() as session:
        service = a_service(session)
        units = [a_unit(session, service=service), a_unit(session, service=service)]
        session.add(SharedCap(service=service, name="Staff", places=1, units=units))
        referrals = [a_referral(session), a_referral(session)]
        pairs = [(referral.id, unit.id) for referral, unit in zip(referrals, units, strict=True)]
    outcomes, both_in = [], threading.Barrier(2, timeout=20)

    def book(referral_id, unit_id):
        try:
            with store.writing() as session:
                if database.engine == "postgresql":
                    session.execute(select(1))
                    both_in.wait()
                referral, unit = session.get_one(Referral, referral_id), session.get_one(type(units[0]), unit_id)
                reserve(session, referral, unit, chosen(), **DOING)
            outcomes.append("reserved")
        except NoLongerVacant:
            outcomes.append("gone")

    threads = [threading.Thread(target=book, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    with store.reading() as session:
        stays = session.scalars(select(Placement)).all()
        states = sorted(referral.state for referral in session.scalars(select(Referral)))
    store.engine.dispose()

    assert sorted(outcomes) == ["gone", "reserved"]
    assert (len(stays), states) == (1, [ReferralState.PLACED, ReferralState.SEARCHING])


@pytest.mark.parametrize("is_overdue", [False, True])
def test_an_arrival_is_the_departure_from_where_the_person_was_until_then(session, is_overdue):
    """A planned end frees nothing by itself, so a move would hold both places until somebody remembered the first."""
    home = a_placement(
        session, a_unit(session), start=-30, nights=25 if is_overdue else None, state=PlacementState.ACTIVE
    )
    referral = a_referral(session, kind="move_on", person=home.person, nights=None)
    stay = reserved(session, referral, choice=chosen(0, None, ends_current=True))
    confirm(session, stay, **DOING)
    later = a_placement(session, a_unit(session), start=40, nights=5)
    assert free(session, home.unit, 0, None) == 0
    begin(session, stay, **DOING)

    assert (home.state, home.end_on, home.ended_reason) == (PlacementState.ENDED, night(0), "moved_on")
    assert free(session, home.unit, 0, None) == 1
    assert story(session, home)[-1] == "left"
    assert later.state is PlacementState.CONFIRMED
