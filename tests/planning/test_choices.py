"""What a person is offered: the yeses, then the ranked list, then what only money, distance or nights speak against."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placement.brokerage.choices import AllTheSame, WhatWasChosen, give_options, record_choice, withdraw_sheet
from placement.brokerage.offers.answering import Terms, make_offer, show_interest
from placement.brokerage.offers.sending import Asking, send_offers
from placement.brokerage.overriding import override
from placement.brokerage.reservations import Decision
from placement.domain.errors import Invalid, NoLongerVacant, ToConfirm
from placement.domain.features import Strength
from placement.domain.overriding import RESTRICTED
from placement.domain.states import Status
from placement.matching.judging.rules import RULE
from placement.planning.asking import choose
from placement.planning.choices import MAY_BE_OFFERED, PLAINLY, chosen_options, possible_options, top_up_pence
from placement.planning.differences import DIFFERENCES
from placement.planning.eligibility import stands_against
from placement.planning.shortlists import accept
from placement.records.referrals import Decline, ReferralNeed
from tests.brokerage.worlds import BROKER, RUGBY, provider_of
from tests.builders import a_placement, a_referral, a_service, a_unit, night
from tests.conftest import NOW
from tests.planning.test_overriding import a_broker, stand

DOING = {"by": BROKER, "now": NOW}
BUDGET = 150_000


def asked(session, **values):
    return a_referral(session, essential=("pbs",), **{"budget_weekly_pence": BUDGET} | values)


def a_place(session, *, lat=52.407, **values):
    return a_unit(session, **{"offers": ("pbs",), "service": a_service(session, lat=lat)} | values)


def possible(session, referral):
    session.flush()
    return possible_options(session, referral, now=NOW)


def facts_of(session, referral, unit):
    return next(each.facts for each in possible(session, referral) if each.unit is unit)


def a_yes(session, referral, unit, terms=None, start=0):
    asking = Asking(unit=unit, rank=1, start_on=night(start), end_on=night(start + 14))
    (offer,) = send_offers(session, referral, [asking], reply_by=NOW + timedelta(hours=2), **DOING)
    if terms:
        make_offer(session, offer, terms, by=provider_of(offer), now=NOW)
    else:
        show_interest(session, offer, by=provider_of(offer), now=NOW)
    return offer


def chosen(session, referral, unit, position=1, **values):
    """Give the person this one place, and record what was chosen."""
    options = chosen_options(possible(session, referral), [unit.id])
    sheet = give_options(session, referral, options, **DOING, **values)
    none = {} if position else {"none_reason": "too_far"}
    said = WhatWasChosen(position=position, chooser="person", way="visit", chosen_on=night(0), **none)
    return record_choice(session, sheet, said, seen=0, **DOING)


def stay(start=0, nights=14):
    return Decision(start_on=night(start), end_on=night(start + nights))


def test_the_yeses_stand_first_then_the_list_then_what_is_too_dear_too_far_or_full(session):
    near, far = a_place(session), a_place(session, lat=52.43)
    dear, full = a_place(session, weekly_pence=BUDGET + 7_500), a_place(session, accepting=0)
    distant = a_place(session, service=a_service(session, lat=52.6, lon=-1.9, authority=RUGBY))
    lacking, no = a_unit(session), a_place(session)
    referral = asked(session, max_miles=5)
    session.add(Decline(referral=referral, unit=no, reason="other", declined_by="S", declined_at=NOW))
    offer = a_yes(session, referral, far)
    found = possible(session, referral)

    assert [each.unit for each in found[:2]] == [far, near]
    assert {each.unit.id for each in found[2:]} == {dear.id, full.id, distant.id}
    assert [each.rank for each in found[2:]] == [None] * 3
    assert [each.is_suggested for each in found] == [True, True, False, False, False]
    assert (found[0].facts.offer_id, found[0].facts.basis, found[1].facts.basis) == (
        offer.id, "interested", "by_numbers",
    )  # fmt: skip
    assert not {lacking.id, no.id} & {each.unit.id for each in found}
    assert set(RULE) | {RESTRICTED} >= MAY_BE_OFFERED


@pytest.mark.parametrize("values", [{"weekly_pence": BUDGET + 1}, {"weekly_pence": None}, {"lat": 52.6}])
def test_a_place_above_the_budget_or_too_far_begins_when_it_is_free_within_the_dates_asked_for(session, values):
    window = {"kind": "planned", "earliest_on": night(1), "latest_on": night(9), "max_miles": 5}
    unit, referral = a_place(session, **values), asked(session, **window)
    a_placement(session, unit, start=0, nights=4)
    found = facts_of(session, referral, unit)
    assert (found.is_available, found.start_on, found.end_on) == (True, night(4), night(18))
    chosen(session, referral, unit, all_the_same=AllTheSame(reason="asked_for"))

    placed = accept(session, referral, unit, stay(4), **DOING)
    assert not {"start", "nights"} & set(placed.differs.split())


def test_four_are_suggested_and_every_yes(session):
    units = [a_place(session, lat=52.407 + step / 100) for step in range(6)]
    referral = asked(session)
    a_yes(session, referral, units[5])
    found = possible(session, referral)

    assert [each.is_suggested for each in found] == [True] * 4 + [False] * 2
    assert found[0].unit is units[5]


@pytest.mark.parametrize(
    ("price", "budget", "top_up", "affordable"),
    [
        (BUDGET, BUDGET, 0, True),
        (BUDGET - 1, BUDGET, 0, True),
        (BUDGET + 1, BUDGET, 1, False),
        (BUDGET, None, None, None),
        (None, BUDGET, None, None),
        (None, None, None, None),
    ],
)
def test_the_price_stands_against_the_budget_and_what_is_not_known_is_said_to_be_so(
    session, price, budget, top_up, affordable
):
    found = facts_of(session, asked(session, budget_weekly_pence=budget), a_place(session, weekly_pence=price))
    assert (found.weekly_pence, found.top_up_pence, found.is_affordable) == (price, top_up, affordable)
    assert found.is_available
    assert found.is_within_reach is (affordable is True)


@given(st.none() | st.integers(1, 10**7), st.none() | st.integers(1, 10**7))
def test_a_top_up_is_never_below_nothing_and_price_is_what_both_pay(price, budget):
    found = top_up_pence(price, budget)
    assert (found is None) == (price is None or budget is None)
    if found is not None:
        assert found >= 0
        assert (found == 0) == (price <= budget)
        assert found == 0 or budget + found == price


def test_what_the_provider_offers_goes_before_the_units_numbers(session):
    unit, referral = a_place(session), asked(session)
    offer = a_yes(
        session, referral, unit, Terms(weekly_pence=BUDGET + 100, start_on=night(1), conditions="After a visit")
    )
    found = facts_of(session, referral, unit)

    assert (found.weekly_pence, found.top_up_pence, found.is_affordable) == (BUDGET + 100, 100, False)
    assert (found.start_on, found.end_on) == (night(1), night(15))
    assert (found.basis, found.conditions, found.offer_id) == ("offered", "After a visit", offer.id)
    assert found.is_available


def test_an_offer_is_judged_on_the_nights_that_it_offers(session):
    unit, referral = a_place(session), asked(session)
    a_yes(session, referral, unit, Terms(weekly_pence=100, start_on=night(1)))
    assert facts_of(session, referral, unit).is_available
    a_placement(session, unit, start=10, nights=9)

    taken = facts_of(session, referral, unit)
    assert not taken.is_available
    assert taken.why_not == ("It has no free place on all of the days that are needed.",)


def test_a_yes_of_a_place_that_must_not_be_taken_is_not_offered(session):
    unit, referral = a_place(session), asked(session)
    a_yes(session, referral, unit)
    unit.max_age = 20
    assert possible(session, referral) == []


def test_a_place_is_told_in_the_words_that_a_person_reads(session):
    service = a_service(session, address="1 High Street", quality=None, rated_on=night(-9), service_type="nursing")
    unit = a_unit(session, service=service, offers=("pbs", "hoist", "two_to_one"))
    referral = asked(session)
    wishes = ("hoist", "garden", "one_to_one")
    referral.needs += [ReferralNeed(slug=slug, strength=Strength.DESIRABLE) for slug in wishes]
    referral.needs.append(ReferralNeed(slug="pets", strength=Strength.UNKNOWN))
    found = facts_of(session, referral, unit)

    assert (found.kind_of_service, found.address, found.rating, found.rated_on) == (
        "Nursing home", "1 High Street", "Not rated", None,
    )  # fmt: skip
    assert found.meets == ("Positive behaviour support (PBS)", "Ceiling hoist", "1:1 for 24 hours")
    assert found.lacks == ("Garden",)


def test_a_chosen_place_over_the_budget_is_accepted_once_the_top_up_is_agreed(session):
    unit, referral = a_place(session, weekly_pence=BUDGET + 7_500), asked(session)
    with pytest.raises(Invalid, match="cannot be chosen"):
        accept(session, referral, unit, stay(), **DOING, confirmed=())
    affordable = a_place(session)
    sheet = give_options(
        session, referral, chosen_options(possible(session, referral), [unit.id, affordable.id]), **DOING
    )
    dear = next(each.position for each in sheet.options if each.unit_id == unit.id)
    said = WhatWasChosen(position=dear, chooser="person", way="visit", chosen_on=night(0))
    record_choice(session, sheet, said, seen=0, **DOING)
    with pytest.raises(ToConfirm, match=r"£75\.00 a week more than the personal budget") as question:
        accept(session, referral, unit, stay(), **DOING, confirmed=())
    keys = [each.key for each in question.value.questions]
    placed = accept(session, referral, unit, stay(), **DOING, confirmed=keys)

    assert placed.differs == "top_up"
    assert set(placed.differs.split()) <= set(DIFFERENCES)


def test_a_place_further_away_than_asked_is_the_persons_to_choose_and_nothing_else_is(session):
    far = a_place(session, lat=52.6)
    referral = asked(session, max_miles=5)
    with pytest.raises(Invalid, match="cannot be chosen"):
        accept(session, referral, far, stay(), **DOING)
    chosen(session, referral, far)
    far.max_age = 20
    with pytest.raises(Invalid, match="cannot be chosen"):
        accept(session, referral, far, stay(), **DOING)
    far.max_age = 99
    assert accept(session, referral, far, stay(), **DOING, confirmed=()).differs == ""


def test_what_was_chosen_and_is_gone_is_gone(session):
    unit, referral = a_place(session), asked(session)
    chosen(session, referral, unit)
    a_placement(session, unit)
    with pytest.raises(NoLongerVacant):
        accept(session, referral, unit, stay(), **DOING)


def test_another_place_than_the_chosen_one_is_asked_about(session):
    unit, other, referral = a_place(session), a_place(session), asked(session)
    choice = chosen(session, referral, unit)
    with pytest.raises(ToConfirm, match="was chosen on 23 November 2026, and this is another place") as question:
        accept(session, referral, other, stay(), **DOING, confirmed=())
    assert [each.key for each in question.value.questions] == [f"choice-{choice.id}"]
    placed = accept(session, referral, other, stay(), **DOING, confirmed=[f"choice-{choice.id}"])
    assert placed.differs == "choice"


def test_a_place_after_none_was_chosen_is_asked_about_and_after_a_withdrawn_sheet_nothing_is(session):
    unit, referral = a_place(session), asked(session)
    choice = chosen(session, referral, unit, position=None)
    with pytest.raises(ToConfirm, match="None of the places that were offered was chosen"):
        accept(session, referral, unit, stay(), **DOING, confirmed=())
    withdraw_sheet(session, choice.sheet, reason="given_by_mistake", **DOING)
    assert accept(session, referral, unit, stay(), **DOING, confirmed=()).differs == ""


def test_a_chosen_offer_above_the_budget_asks_about_its_own_top_up(session):
    unit, referral = a_place(session), asked(session)
    offer = a_yes(session, referral, unit, Terms(weekly_pence=BUDGET + 2_500, start_on=night(0)))
    a_place(session)
    options = [each.facts for each in possible(session, referral)]
    sheet = give_options(session, referral, options, **DOING)
    said = WhatWasChosen(position=1, chooser="person", way="visit", chosen_on=night(0))
    record_choice(session, sheet, said, seen=0, **DOING)
    with pytest.raises(ToConfirm, match=r"£25\.00"):
        choose(session, offer, stay(), **DOING, confirmed=())


@pytest.mark.parametrize("has_said_yes", [False, True])
def test_a_place_of_a_restricted_provider_is_available_only_when_a_manager_has_decided_so(session, has_said_yes):
    """A restriction is asked of every place that a person is offered, as it is at every door."""
    unit, referral = a_place(session), asked(session)
    stand(session, unit, Status.RESTRICTED)
    if has_said_yes:
        a_yes(session, referral, unit)
    facts = facts_of(session, referral, unit)
    assert (facts.is_available, facts.is_within_reach) == (False, False)
    assert facts.why_not == (PLAINLY[RESTRICTED],)
    said = stands_against(session, referral, unit, now=NOW)
    override(session, referral, unit, said, "So", by=a_broker(session, is_manager=True), now=NOW)
    facts = facts_of(session, referral, unit)
    assert (facts.is_available, facts.is_within_reach, facts.why_not) == (True, True, ())
