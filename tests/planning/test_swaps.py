"""A swap: two people exchange their booked stays, both of them or neither, and back again."""

import pytest
from sqlalchemy import select

from placement.brokerage.packs import Giving, give_pack, pack_of
from placement.domain.errors import AlreadyPlaced, Invalid, NotAllowed, OutOfStep
from placement.domain.people import Actor, Role
from placement.domain.states import PlacementState, ReferralState
from placement.planning.swaps import stays_to_swap_with, swap
from placement.records.messages import Message
from placement.records.users import User
from tests.brokerage.worlds import BROKER, RUGBY, story
from tests.builders import a_person, a_placement, a_provider, a_referral, a_report, a_service, a_unit, night
from tests.conftest import NOW
from tests.planning.test_dates import free

DOING = {"by": BROKER, "now": NOW}
RESERVED, CONFIRMED = PlacementState.RESERVED, PlacementState.CONFIRMED


def a_break(session, unit=None, *, start=7, nights=5, kind="respite", person=None, asked=None, **values):
    person = person or a_person(session)
    referral = a_referral(session, kind=kind, person=person, state=ReferralState.PLACED, nights=nights, **(asked or {}))
    where = unit or a_unit(session)
    return a_placement(session, where, referral=referral, person=person, start=start, nights=nights, **values)


def slots(*stays):
    return [(stay.unit_id, stay.start_on, stay.end_on) for stay in stays]


def test_each_gets_the_place_and_the_nights_of_the_other_and_the_provider_is_asked_again(session):
    one, other = a_break(session), a_break(session, start=20, nights=3, state=RESERVED)
    before = slots(one, other)
    swap(session, one, other, **DOING)

    assert slots(one, other) == before[::-1]
    assert (one.state, other.state, one.referral.state) == (RESERVED, RESERVED, ReferralState.PLACED)
    assert one.expires_at > NOW
    assert story(session, one) == story(session, other) == ["swapped a stay with another person"]
    assert (free(session, one.unit, 20, 23), free(session, one.unit, 7, 12), free(session, other.unit, 7, 12)) == (
        0, 1, 0,
    )  # fmt: skip


def test_a_swap_is_undone_by_swapping_back(session):
    one, other = a_break(session), a_break(session, start=20)
    before = slots(one, other)
    swap(session, one, other, **DOING)
    swap(session, other, one, **DOING)
    assert slots(one, other) == before


def test_two_who_are_in_one_full_unit_exchange_their_nights(session):
    unit = a_unit(session)
    one = a_break(session, unit, start=7, nights=5)
    other = a_break(session, unit, start=12, nights=9)
    swap(session, one, other, **DOING)
    assert (one.start_on, other.end_on) == (night(12), night(12))


def test_places_that_the_providers_have_reported_as_taken_meanwhile_are_swapped_all_the_same(session):
    one, other = a_break(session), a_break(session, start=20)
    for stay in (one, other):
        report = a_report(session, stay.unit, maximum=1, reserved=1, accepting=0, counted=1)
        stay.counted_in_id = report.id
    session.flush()
    counted = [one.counted_in_id, other.counted_in_id]
    swap(session, one, other, **DOING)

    assert [one.counted_in_id, other.counted_in_id] == counted[::-1]
    assert (free(session, one.unit, 20, 34), free(session, other.unit, 7, 12)) == (0, 0)


def test_both_providers_are_told_and_details_given_to_one_are_taken_back(session):
    users = []
    for number in (1, 2):
        provider = a_provider(session)
        user = User(name="P", email=f"p{number}@example.org", role=Role.PROVIDER, provider_id=provider.id,
                    password_hash="x", created_at=NOW)  # fmt: skip
        session.add(user)
        users.append((provider, user.email))
    session.flush()
    one, other = (
        a_break(session, a_unit(session, service=a_service(session, provider=provider))) for provider, _ in users
    )
    give_pack(session, one, Giving(last_day=night(30)), **DOING)
    swap(session, one, other, **DOING)

    rows = select(Message.recipient).where(Message.kind == "stay_swapped").order_by(Message.recipient)
    assert session.scalars(rows).all() == [email for _, email in users]
    assert pack_of(session, one) is None


@pytest.mark.parametrize(
    ("unit", "asked", "why"),
    [
        ({"min_age": 70}, {}, "aged"),
        ({"kinds": "crisis"}, {}, "does not take respite"),
        ({}, {"budget_weekly_pence": 100_000}, "over the limit"),
    ],
)
def test_it_is_refused_whole_with_the_reason_where_one_of_them_does_not_fit(session, unit, asked, why):
    one, other = (
        a_break(session, asked=asked),
        a_break(session, a_unit(session, **unit)),
    )
    before = slots(one, other)
    with pytest.raises(Invalid, match=why) as refusal:
        swap(session, one, other, **DOING)
    assert one.referral.reference in str(refusal.value)
    assert (slots(one, other), one.state, story(session, one)) == (before, CONFIRMED, [])


def test_who_is_booked_elsewhere_on_the_others_nights_cannot_swap(session):
    person = a_person(session)
    one, other = a_break(session, person=person), a_break(session, start=20)
    a_break(session, person=person, start=18, nights=4)
    with pytest.raises((Invalid, AlreadyPlaced)), session.begin_nested():
        swap(session, one, other, **DOING)


def test_only_booked_breaks_of_two_people_that_have_not_begun_are_swapped(session):
    one, person = a_break(session), a_person(session)
    for other, error in (
        (a_break(session, state=PlacementState.ACTIVE, start=-1), OutOfStep),
        (a_break(session, start=-1), OutOfStep),
        (a_break(session, kind="crisis"), Invalid),
        (a_break(session, person=one.person, start=40), Invalid),
        (a_break(session, state=PlacementState.RELEASED), OutOfStep),
        (a_break(session, a_unit(session, service=a_service(session, authority=RUGBY))), Invalid),
    ):
        with pytest.raises(error):
            swap(session, one, other, **DOING)
    crises = [a_break(session, kind="crisis", person=each) for each in (person, a_person(session))]
    with pytest.raises(OutOfStep, match="planned breaks"):
        swap(session, *crises, **DOING)
    provider = Actor(user_id=None, name="P", role=Role.PROVIDER)
    with pytest.raises(NotAllowed):
        swap(session, one, a_break(session), by=provider, now=NOW)


def test_stays_are_listed_the_nearest_first_with_what_speaks_against_them(session):
    one = a_break(session)
    later, fits = a_break(session, start=30), a_break(session, start=9)
    wrong = a_break(session, a_unit(session, min_age=70), start=8)
    a_break(session, kind="crisis")
    a_break(session, start=-1)
    found = stays_to_swap_with(session, one, actor=BROKER, now=NOW)

    assert [each.stay for each in found] == [wrong, fits, later]
    assert [bool(each.refused) for each in found] == [True, False, False]
    assert stays_to_swap_with(session, a_break(session, kind="crisis"), actor=BROKER, now=NOW) == []
